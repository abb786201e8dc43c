"""What is said when the words of a search cannot be read, or a saved one cannot be kept."""

from collections.abc import Mapping

from models.labels import Pair

SEARCHES: Mapping[str, Pair] = {
    "search_long": (
        "查询语句有{length}个字，最多{most}个字，请缩短后重试。",
        "The search has {length} characters, {most} at most. Please make it shorter.",
    ),
    "search_quote": (
        "第{position}个字的引号没有配对，请补上另一个引号。",
        "The quotation mark at character {position} has no partner. Please close it.",
    ),
    "search_bracket": (
        "第{position}个字的括号没有配对，请补上或去掉。",
        "The bracket at character {position} has no partner. Please close or remove it.",
    ),
    "search_dangling": (
        "第{position}个字处缺少要查的内容：“或”“非”和括号旁边都要有条件。",
        "Something to look for is missing at character {position}: OR, NOT and brackets need a condition beside them.",
    ),
    "search_deep": (
        "第{position}个字处括号套得太深，最多{most}层，请简化。",
        "The brackets at character {position} go too deep, {most} levels at most. Please simplify.",
    ),
    "search_nothing": (
        "第{position}个字处的“{given}”没有可查的文字，请输入文字或数字。",
        "“{given}” at character {position} holds nothing to look for. Please type letters or digits.",
    ),
    "search_field": (
        (
            "第{position}个字处的“{given}”不是可查的字段[，是否要查“{near}”]。可查的有：{known}。"
            "如要查这几个字本身，请加引号。"
        ),
        (
            "“{given}” at character {position} is not a field[; did you mean “{near}”]. The fields are: {known}. "
            "To look for the text itself, put it in quotation marks."
        ),
    ),
    "search_value": (
        "“{of:whole}”后面（第{position}个字处）缺少内容，请补上。",
        "A value is missing after “{of:whole}”, at character {position}. Please add one.",
    ),
    "search_sign": (
        "“{of:whole}”不能用“{given}”（第{position}个字处），请用冒号。",
        "“{of:whole}” cannot be compared with “{given}” (character {position}). Please use a colon.",
    ),
    "search_word": (
        "“{of:whole}”没有“{given}”这个词（第{position}个字处）[，是否要写“{near}”]。可用的有：{known}。",
        "“{of:whole}” does not know “{given}” (character {position})[; did you mean “{near}”]. It knows: {known}.",
    ),
    "search_order": (
        "排序（第{position}个字处）只能写一次，不能放在括号里，也不能取反。",
        "The order (character {position}) is given once, outside brackets, and not after NOT.",
    ),
    "search_day": (
        "“{of:whole}”后面的“{given}”不是日期（第{position}个字处）。可以写：{expected:whole}。",
        "“{given}” after “{of:whole}” is no day (character {position}). Write for instance: {expected:whole}.",
    ),
    "search_days": (
        "“{of:whole}”后面的“{given}”不是天数（第{position}个字处）。请写如5wd（工作日）或7d（天），最多{most}。",
        (
            "“{given}” after “{of:whole}” is no number of days (character {position}). "
            "Write 5wd for working days or 7d for days, {most} at most."
        ),
    ),
    "search_number": (
        "“{of:whole}”后面的“{given}”不是分数（第{position}个字处）。请写数字，最多两位小数。",
        "“{given}” after “{of:whole}” is no score (character {position}). Write a number of at most two decimals.",
    ),
    "search_too_many": (
        "查到的申报超过{most}份，一次办不了。请加上条件，缩小范围。",
        "The search finds more than {most} applications, too many at once. Please narrow it.",
    ),
    "search_after": (
        "翻页位置“{given}”无法识别，请从第一页重新查起。",
        "The place “{given}” to go on from is not one. Please begin at the first page again.",
    ),
    "compare_count": (
        "选了{count}份申报。并排比较可选{least}至{most}份，请增减后重试。",
        "{count} applications were chosen. {least} to {most} can stand side by side. Please choose again.",
    ),
    "view_name": (
        "请给保存的查询起个名称，1至{most}个字。",
        "Please give the saved search a name of 1 to {most} characters.",
    ),
    "views_full": (
        "这里已保存了{most}个查询，请先删去不用的。",
        "There are {most} saved searches here already. Please drop one that is not needed.",
    ),
}
