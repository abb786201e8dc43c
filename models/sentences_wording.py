"""What is said when a union's own words for a letter cannot be kept."""

from collections.abc import Mapping

from models.labels import Pair

WORDINGS: Mapping[str, Pair] = {
    "wording_syntax": (
        "“{field}”第{line}行的写法有误，请检查花括号和if是否成对。",
        "Line {line} of the {field} cannot be read. Please check that braces and ifs are closed.",
    ),
    "wording_deep": (
        "“{field}”第{line}行的if套得太深，最多{most}层，请简化。",
        "The ifs at line {line} of the {field} go too deep, {most} levels at most. Please simplify.",
    ),
    "wording_word": (
        "“{field}”第{line}行用了信件里没有的写法（{given}）。只能写名称、if，以及date、moment、money、list，请改写。",
        (
            "Line {line} of the {field} uses what letters do not know ({given}). Only names, if, and date, moment, "
            "money and list are there. Please write it otherwise."
        ),
    ),
    "wording_filter": (
        "“{field}”第{line}行的“{given}”不是可用的写法，可用的有：{known}。请改写。",
        "“{given}” at line {line} of the {field} is not known. There are: {known}. Please choose one.",
    ),
    "wording_name": (
        "“{field}”第{line}行的“{given}”不是这封信知道的内容[，是否应为“{near}”]。可用的名称：{known}。",
        (
            "This letter knows no “{given}” (line {line} of the {field})[; was “{near}” meant]. "
            "The names it knows: {known}."
        ),
    ),
    "wording_brace": (
        "“{field}”第{line}行的“{given}”只有一对花括号，不会被替换。请用两对花括号括起名称。",
        "“{given}” at line {line} of the {field} has single braces and would stay as it is. Please double them.",
    ),
    "wording_lacks": (
        "“{field}”里须写出“{given}”，任何情况下都要让收信人看到，请补上。",
        "The {field} must say “{given}” whatever the case: its reader needs it. Please put it in.",
    ),
    "wording_lines": (
        "“{field}”只能有一行，请去掉换行。",
        "The {field} is one line. Please take the line break out.",
    ),
    "wording_markup": (
        "信件是纯文本，“{field}”第{line}行的“{given}”会原样显示，请去掉。",
        "Letters are plain text: “{given}” at line {line} of the {field} would be shown as it is. Please take it out.",
    ),
    "wording_character": (
        "“{field}”第{line}行有看不见的字符（{given}），请删去。",
        "Line {line} of the {field} holds a character that cannot be seen ({given}). Please delete it.",
    ),
    "wording_language": (
        "信件只有zh（中文）和en（英文）两种文本，没有“{given}”，请改选。",
        "Letters are in zh (Chinese) and en (English); “{given}” is neither. Please choose one.",
    ),
    "wording_tier": (
        "信件文本由全国、省级或市级工会拟定，“{name}”不是，请由上级工会拟定。",
        "Words of letters are the affair of the nation's, a province's or a city's union; {name} is none.",
    ),
    "wording_changed": (
        "您打开之后，{who}于{at}改过这份文本[，现为第{version}版]。您写的内容没有丢，请对照后再保存。",
        (
            "{who} changed these words at {at}, after you opened them[; version {version} holds now]. "
            "Nothing you wrote is lost: please compare, then save."
        ),
    ),
    "letter_not_yours": (
        "没有找到这封信（{given}），或收信人不在本单位之下。请换一封。",
        "This letter ({given}) could not be found, or its reader does not sit below the union. Please take another.",
    ),
    "wording_unreadable": (
        "文本无法套用到这封信[（{given}）]，请修改文本。",
        "The words could not be filled in for a letter[ ({given})]. Please mend them.",
    ),
}
