"""What is said of files that are brought in."""

from collections.abc import Mapping

from models.labels import Pair

IMPORTS: Mapping[str, Pair] = {
    "import_file": (
        "“{given}”不是能读取的 xlsx 或 csv 文件，请用本系统的模板填写后另存。",
        "“{given}” is no xlsx or csv file that can be read. Please fill in this system's template and save it.",
    ),
    "import_too_big": (
        "文件有{size:megabytes}，上限为{most:megabytes}，请分成几个文件。",
        "The file has {size:megabytes}; the limit is {most:megabytes}. Please split it.",
    ),
    "import_too_many": (
        "共{count}行，一次最多{most}行，请分成几个文件。",
        "{count} rows; at most {most} at once. Please split it.",
    ),
    "import_too_wide": (
        "工作表用到了第{count}列，最多{most}列。请删去右边多余的列和格式，或使用模板。",
        "The sheet reaches column {count}; at most {most}. Please delete what is to the right, or use the template.",
    ),
    "import_empty": ("“{given}”里没有数据行。", "“{given}” has no rows of data."),
    "import_column": (
        "没有“{given}”这一列[，是否为“{near}”]？请对照模板修改表头。",
        "There is no column “{given}”[; did you mean “{near}”]? Please see the template's header.",
    ),
    "import_column_twice": (
        "表头中“{given}”出现了两次，请删去一列。",
        "“{given}” stands twice in the header. Please remove one.",
    ),
    "import_column_missing": (
        "缺少必填的列：{known}。请使用模板。",
        "Required columns are missing: {known}. Please use the template.",
    ),
    "import_bad_rows": (
        "有{count}行不能导入（第{rows}行），整个文件都没有导入。请改正后重新上传，或选择跳过有问题的行。",
        "{count} rows cannot be loaded (rows {rows}), so nothing was. Please correct them, or choose to skip them.",
    ),
    "import_twice": ("与第{first}行重复。", "The same as row {first}."),
    "import_not_yours": (
        "“{field}”{given}不在本级工会之下，或尚未登记。",
        "“{field}” {given} does not stand below this union, or is not enrolled yet.",
    ),
    "import_email_known": (
        "{given}已有账号，请在人员页面给他安排任职。",
        "{given} has an account already. Please give a seat on the people page.",
    ),
    "import_programme": (
        "没有发布过代码为“{given}”的项目。",
        "No programme with the code “{given}” has been published.",
    ),
    "import_ahead": ("“{field}”{given}是将来的日期。", "“{field}” {given} is a day yet to come."),
    "import_not_decider": (
        "“{given}”不由本级工会命名，请由命名它的工会导入。",
        "Titles of “{given}” are not decided by this union. Please let the deciding union import them.",
    ),
}
