"""What is said of a rehearsal's script, and of where a rehearsal went another way."""

from collections.abc import Mapping

from models.labels import Pair

REHEARSALS: Mapping[str, Pair] = {
    "rehearsal_no_file": (
        "读不到文件 {file}，请检查路径和权限。",
        "The file {file} cannot be read. Please check its path and permissions.",
    ),
    "rehearsal_not_utf8": (
        "剧本 {file} 不是 UTF-8 编码（第{byte}字节），请另存为 UTF-8。",
        "The script {file} is not UTF-8 (at byte {byte}). Please save it as UTF-8.",
    ),
    "rehearsal_toml": (
        "剧本 {file} 不是有效的 TOML：{reason}。请改正后重试。",
        "The script {file} is not valid TOML: {reason}. Please correct it and try again.",
    ),
    "rehearsal_key": (
        ("剧本[ {file} ][第{step}步][（第{line}行）]没有“{key}”这一项。[您要的是不是“{near}”？]可用的有：{known}。"),
        (
            "The script[ {file}][, step {step}][ (line {line})]"
            " has no key “{key}”. [Did you mean “{near}”? ]The keys are: {known}."
        ),
    ),
    "rehearsal_missing": (
        "剧本[ {file} ][第{step}步][（第{line}行）]缺少“{key}”，请补上。",
        "The script[ {file}][, step {step}][ (line {line})] lacks “{key}”. Please add it.",
    ),
    "rehearsal_moment": (
        ("剧本[ {file} ][第{step}步][（第{line}行）]的“{key}”应为时间，如 {expected}，现为“{given}”。"),
        (
            "The script[ {file}][, step {step}][ (line {line})]"
            ": “{key}” must be a moment such as {expected}, not “{given}”."
        ),
    ),
    "rehearsal_value": (
        ("剧本[ {file} ][第{step}步][（第{line}行）]的“{key}”不能是“{given}”：{reason}。请改正后重试。"),
        (
            "The script[ {file}][, step {step}][ (line {line})]"
            ": “{key}” cannot be “{given}”: {reason}. Please correct it."
        ),
    ),
    "rehearsal_one_act": (
        ("剧本[ {file} ][第{step}步][（第{line}行）]须有且只有一个 do、ask、play、look 或 sweep[，现有：{given}]。"),
        (
            "The script[ {file}][, step {step}][ (line {line})]"
            " needs exactly one do, ask, play, look or sweep[; it has: {given}]."
        ),
    ),
    "rehearsal_macro": (
        "没有名为“{given}”的连续步骤。[您要的是不是“{near}”？]可用的有：{known}。",
        ("There is nothing to play named “{given}”. [Did you mean “{near}”? ]There are: {known}."),
    ),
    "rehearsal_sight": (
        "没有名为“{given}”的查看项。[您要的是不是“{near}”？]可用的有：{known}。",
        ("There is nothing to look at named “{given}”. [Did you mean “{near}”? ]There are: {known}."),
    ),
    "rehearsal_person": (
        "剧本中没有“{given}”这个人，有：{known}。",
        "The script has nobody named “{given}”. It has: {known}.",
    ),
    "rehearsal_union": (
        "剧本中没有“{given}”这家工会，有：{known}。",
        "The script has no union named “{given}”. It has: {known}.",
    ),
    "rehearsal_reference": (
        "前面没有存下“{given}”，已存下的有：{known}。请用 save 先存下。",
        "Nothing was saved as “{given}”. Saved so far: {known}. Please save it first.",
    ),
    "rehearsal_on": (
        "“{act:name}”不能用在“{given}”上，请核对 on 所指的内容。",
        "“{act:name}” cannot be done on “{given}”. Please check what “on” names.",
    ),
    "rehearsal_span": (
        "“{given}”不是有效的范围，应如 {expected}。",
        "“{given}” is not a span. It should look like {expected}.",
    ),
    "rehearsal_stranded": (
        "有一项申报（{state}）没有办理单位，到不了{to}。请检查前面的步骤。",
        ("An application ({state}) is at no desk and cannot reach {to}. Check the steps before."),
    ),
    "rehearsal_time_back": (
        "时间不能倒退：这一步在{at}，而剧本已到{now_at}。请调整步骤的先后。",
        ("Time cannot run back: this step is at {at}, and it is {now_at} already. Please reorder."),
    ),
    "rehearsal_one_database": (
        "指定数据库时只能演练一个剧本，现有{files}个。",
        "With a database given, only one script can be played; there are {files}.",
    ),
    "rehearsal_not_empty": (
        "演练用的数据库不是空的，请换一个空的数据库。",
        "The database for the rehearsal is not empty. Please give an empty one.",
    ),
    "rehearsal_refused": (
        (
            "剧本[ {file} ][第{step}步][（第{line}行）]"
            "“{what:whole}”被拒绝（预期：{expected:whole}，实际：{came:whole}）[：{why:whole}]"
        ),
        (
            "The script[ {file}][, step {step}][ (line {line})]"
            ": “{what:whole}” was refused (expected: {expected:whole}, came: {came:whole})[: {why:whole}]"
        ),
    ),
    "rehearsal_not_refused": (
        ("剧本[ {file} ][第{step}步][（第{line}行）]“{what:whole}”本应被拒绝（{expected:whole}），却办成了。"),
        (
            "The script[ {file}][, step {step}][ (line {line})]"
            ": “{what:whole}” should have been refused ({expected:whole}), and was done."
        ),
    ),
    "rehearsal_differs": (
        (
            "剧本[ {file} ][第{step}步][（第{line}行）]"
            "的“{what:whole}”与预期不同：预期 {expected:whole}，实际 {came:whole}。"
        ),
        (
            "The script[ {file}][, step {step}][ (line {line})]"
            ": “{what:whole}” differs: expected {expected:whole}, came {came:whole}."
        ),
    ),
    "rehearsal_violation": (
        ("剧本[ {file} ][第{step}步][（第{line}行）]之后，数据不符合约定“{what:whole}”：{came:whole}。"),
        ("The script[ {file}][, step {step}][ (line {line})]: afterwards the rows break “{what:whole}”: {came:whole}."),
    ),
}
