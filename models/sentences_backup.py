"""What is said about backups and restoring them."""

from collections.abc import Mapping

from models.labels import Pair

BACKUPS: Mapping[str, Pair] = {
    "file_exists": (
        "文件 {given} 已经存在，请换一个文件名。",
        "{given} is there already. Please choose another name.",
    ),
    "restore_not_empty": (
        "这里（{folder}）已有数据，不能恢复备份。请在空的数据文件夹和空的数据库上恢复。",
        "There are data here already ({folder}). Restore into an empty data folder and an empty database.",
    ),
    "backup_broken": (
        "备份文件 {file} 不完整或已损坏（{part}），没有恢复任何数据。",
        "The backup {file} is incomplete or damaged ({part}). Nothing was restored.",
    ),
    "backup_kind": (
        "这份备份来自 {given}，而当前数据库是 {wanted}。请在 {given} 上恢复。",
        "This backup was taken from {given}, and the database here is {wanted}. Restore it on {given}.",
    ),
    "backup_tool": (
        "没有找到 {tool} 或运行失败[（{reason}）]。请安装 postgresql-client 后重试。",
        "{tool} was not found or failed[ ({reason})]. Install postgresql-client and try again.",
    ),
}
