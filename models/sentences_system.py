"""What is said of the installation: database, ports, files, letters."""

from collections.abc import Mapping

from models.labels import Pair

SYSTEM: Mapping[str, Pair] = {
    "broken": (
        "系统出了问题，本次操作没有生效。请稍后重试；仍不行，请联系系统管理员。",
        "Something went wrong and nothing was changed. Try again, or ask an administrator.",
    ),
    # The past of a thing.
    "as_of_kind": (
        "只能查看申报、推荐名单和批次的历史状态。",
        "Only cases, slates and rounds can be looked at as they stood.",
    ),
    "as_of_before": (
        "那时还没有记录，最早的一条在 {first}。请选更晚的日期。",
        "Nothing was on record then; the first event is of {first}. Please choose a later day.",
    ),
    # Database.
    "database": (
        "数据库出错：{reason}。请联系系统管理员。",
        "The database reports an error: {reason}. Please ask an administrator.",
    ),
    "database_busy": (
        "系统正忙，本次操作没有生效，请稍后重试。",
        "The system is busy and nothing was changed. Please try again in a moment.",
    ),
    "database_unreachable": (
        "暂时连接不上数据库，请稍后重试；仍不行，请联系系统管理员。",
        "The database cannot be reached. Try again in a moment, or ask an administrator.",
    ),
    "disk_full": (
        "服务器磁盘空间不足，本次操作没有生效。请联系系统管理员。",
        "The server's disk is full and nothing was changed. Please ask an administrator.",
    ),
    "database_kind": (
        "不支持“{given}”数据库，请使用 sqlite 或 postgresql。",
        "“{given}” is not supported. Please use sqlite or postgresql.",
    ),
    "unknown_schema": (
        "数据库的版本（{found}）比本程序（{known}）新，请升级程序后再启动。",
        ("The database (revision {found}) is newer than this program ({known}). Please upgrade the program."),
    ),
    "schema_behind": (
        "数据库的版本（{found}）落后于本程序（{known}），请先运行 shenbao init。",
        "The database (revision {found}) is behind this program ({known}). Run shenbao init first.",
    ),
    # Starting.
    "port_taken": (
        "端口 {port} 已被占用，请换一个（{choice}）。",
        "Port {port} is in use. Please choose another one ({choice}).",
    ),
    "cannot_listen": (
        "不能监听 {host}:{port}：{reason}。请检查 --host / SHENBAO_WEB_HOST 与 {choice}。",
        "Cannot listen on {host}:{port}: {reason}. Check --host / SHENBAO_WEB_HOST and {choice}.",
    ),
    "cannot_write": (
        "数据目录 {folder} 不可写：{reason}。请检查 SHENBAO_DATA_DIR。",
        "The data folder {folder} cannot be written: {reason}. Check SHENBAO_DATA_DIR.",
    ),
    "already_up": (
        "数据目录 {folder} 已有一个 shenbao up 在运行（进程 {pid}），请先停止它。",
        "Another shenbao up (process {pid}) runs on the data folder {folder}. Stop it first.",
    ),
    "demo_unfinished": (
        "上一次生成演示数据时中断了，请删除数据目录 {folder} 并清空数据库后重试。",
        "Making the demo province was cut short. Remove {folder}, empty the database, try again.",
    ),
    # Attachments.
    "file_missing": (
        "附件的文件在服务器上找不到了（{sha256}），请联系系统管理员从备份恢复。",
        "The attachment's file is gone from the server ({sha256}). Restore it from a backup.",
    ),
    "attachment_missing": (
        "附件 {id} 的文件在服务器上找不到了，请联系系统管理员从备份恢复。",
        "The file of attachment {id} is gone from the server. Restore it from a backup.",
    ),
    # Letters.
    "account_disabled": (
        "收件人的账号已停用，这封通知不再发送。",
        "The reader's account is disabled, so this letter is not sent.",
    ),
    "letter_template": (
        "没有名为“{template}”的通知，请联系系统管理员。",
        "There is no letter named “{template}”. Please ask an administrator.",
    ),
    "letter_field": (
        "通知“{template}”缺少“{field:name}”，请联系系统管理员。",
        "The letter “{template}” lacks “{field:name}”. Please ask an administrator.",
    ),
    "checkpoint_broken": (
        "检查点文件 {file} 的最后一行无法读取，请用另存的副本核对。",
        "The last line of the checkpoint file {file} cannot be read. Compare it with another copy.",
    ),
    "step_failed": (
        "程序没能办理这一项（{kind}：{reason}），已搁置，稍后自动再试。其他事项照常办理。",
        "The program could not deal with this ({kind}: {reason}). It was set aside and is tried again by itself.",
    ),
}
