"""What the linter says of a programme file: what is wrong, and what to do; here of its text, its ladder and its titles.

Four texts a code: the reason in Chinese and in English, then the advice in both. Details as in
`models/sentences.py`. `PROGRAMME` holds every code of the linter and of the reverse calendar.
"""

from collections.abc import Mapping

from models.sentences_programme_form import FORMS
from models.sentences_programme_merit import MERIT

Told = tuple[str, str, str, str]

FILE: Mapping[str, Told] = {
    "file_too_big": (
        "文件有{size}字节，超过上限{most}字节。",
        "The file has {size} bytes; the limit is {most}.",
        "项目文件只写规则，请把附件、名单等内容移出去。",
        "A programme file holds rules only: take lists and papers out of it.",
    ),
    "not_utf8": (
        "文件不是 UTF-8 编码（第{byte}字节起无法读取）。",
        "The file is not UTF-8 (it cannot be read from byte {byte} on).",
        "请用“另存为”选 UTF-8 编码保存后再试。",
        "Save it again with the encoding UTF-8.",
    ),
    "toml_syntax": (
        "这一行不符合 TOML 写法（{why}）。",
        "This line is not TOML ({why}).",
        "请对照示例改正引号、括号和等号。",
        "Compare quotes, brackets and equals signs with the example.",
    ),
    "toml_equals": (
        "这一行缺少等号：每一项写成“键 = 值”。",
        "An equals sign is missing: an entry is written key = value.",
        "请在键名后补上“=”和值；键名只用小写字母、数字、下划线。",
        "Write “=” and a value after the key; a key has lower-case letters, digits and underscores.",
    ),
    "toml_value": (
        "等号后面的值写法不对。",
        "What stands after the equals sign is no value.",
        "文字加双引号，日期写 2026-12-31，是否写 true 或 false。",
        "Texts stand in double quotes, a day is 2026-12-31, yes or no is true or false.",
    ),
    "toml_unclosed": (
        "引号或括号没有配对。",
        "A quote or a bracket is not closed.",
        "请从这一行往前找，补上缺少的引号或括号。",
        "Look upwards from this line and close it.",
    ),
    "toml_one_a_line": (
        "一行写了不止一项。",
        "There is more than one entry on this line.",
        "请每行只写一项；同一张表的多项写在花括号里时用逗号隔开。",
        "Write one entry a line; inside curly brackets separate them by commas.",
    ),
    "toml_statement": (
        "这一行读不懂。",
        "This line cannot be read.",
        "一行应是“键 = 值”、⟦表名⟧、⟦⟦表名⟧⟧或以 # 开头的说明。",
        "A line is key = value, ⟦table⟧, ⟦⟦table⟧⟧, or a remark that begins with #.",
    ),
    "toml_date": (
        "日期或时刻不存在。",
        "There is no such day or hour.",
        "请写真实的日期，如 2026-02-28；时刻如 17:30:00。",
        "Write a real day, such as 2026-02-28, or an hour such as 17:30:00.",
    ),
    "duplicate_key": (
        "这一项在同一张表里写了两次。",
        "This entry is written twice in the same table.",
        "请只留一处；多个同类的表用⟦⟦双括号⟧⟧。",
        "Keep one of them; several tables of one kind use ⟦⟦double brackets⟧⟧.",
    ),
    "too_deep": (
        "一层套一层超过{most}层，没有项目需要这么多。",
        "More than {most} levels stand inside each other; no programme needs so many.",
        "请检查括号和点号，改成普通的表。",
        "Check brackets and dots, and write plain tables.",
    ),
    "number_too_big": (
        "数字大得不可能（上限{most}）。",
        "The number is beyond all use (limit {most}).",
        "请核对位数。",
        "Check its digits.",
    ),
    "character_bad": (
        "含有看不见的控制字符，无法保存。",
        "It holds an invisible control character that cannot be kept.",
        "请删去后重新输入这段文字。",
        "Remove it and type the text again.",
    ),
    "too_many": (
        "共有{count}处问题，只列出前{most}处。",
        "There are {count} findings; the first {most} are listed.",
        "请先改正列出的，再检查一次。",
        "Correct these first and check again.",
    ),
    "unknown_key": (
        "没有“{key}”这一项。[您要的是不是“{near}”？]",
        "There is no key “{key}”.[ Did you mean “{near}”?]",
        "[请改成下列之一：{known}；或]删去这一行。",
        "[Use one of: {known}; or ]remove the line.",
    ),
    "missing_key": (
        "缺少必填项“{key}”。",
        "The key “{key}” is missing.",
        "请在这张表里补上“{key} = …”，写法见参考手册。",
        "Add “{key} = …” to this table; the reference shows how.",
    ),
    "wrong_type": (
        "“{key}”应为{expected:kind}，现为“{given}”。",
        "“{key}” must be {expected:kind}, not “{given}”.",
        "请按参考手册的写法改正。",
        "Write it as the reference shows.",
    ),
    "not_one_of": (
        "“{key}”不能是“{given}”。[您要的是不是“{near}”？]",
        "“{key}” cannot be “{given}”.[ Did you mean “{near}”?]",
        "可选：{known}。",
        "It is one of: {known}.",
    ),
    "out_of_range": (
        "“{key}”是{given}，应{limit}。",
        "“{key}” is {given}; it must be {limit}.",
        "请填写范围内的数。",
        "Give a number within the limits.",
    ),
    "wrong_form": (
        "“{key}”的写法不对：“{given}”。",
        "“{key}” is not written right: “{given}”.",
        '代码用小写字母、数字、连字符，栏目名用下划线，每年的日子写 "01-31"，证书编号以 ⦃year⦄ 和 ⦃serial:04d⦄ 写成。',
        'Codes have lower-case letters, digits, hyphens (field names underscores); a day of any year is "01-31".',
    ),
    "too_few": (
        "“{key}”至少要有{least}项。",
        "“{key}” needs at least {least}.",
        "请补足。",
        "Add what is missing.",
    ),
    "bands_from_zero": (
        "分数段没有从0分起，低分没有等次。",
        "The bands do not begin at 0: a low score would have no grade.",
        "请加一段 at_least = 0。",
        "Add a band with at_least = 0.",
    ),
}

LADDER: Mapping[str, Told] = {
    "step_twice": (
        "“{rung}”这一级写了两次，同一家单位会审两遍。",
        "The step “{rung}” stands twice: the same union would review twice.",
        "请只留一级。",
        "Keep one of them.",
    ),
    "step_unreached": (
        "没有哪一条渠道经过“{rung}”这一级，它永远不会有申报。",
        "No line or channel reaches the step “{rung}”: nothing would ever come there.",
        "请改它的 skip_on 或 channels，或删去这一级。",
        "Change its skip_on or channels, or remove the step.",
    ),
    "joint_without_table": (
        "有“联合评审”这一级，却没有⟦joint⟧说明由谁联合，这一级无人办理。",
        "There is a joint step but no ⟦joint⟧ that says who decides together: nobody would own it.",
        "请补上⟦joint⟧：联席单位代码、名称、成员和份额。",
        "Add ⟦joint⟧: the meeting's code, its name, members and shares.",
    ),
    "joint_not_in_ladder": (
        "写了⟦joint⟧，但推荐阶梯里没有“joint”这一级。",
        "There is a ⟦joint⟧, but the ladder has no step “joint”.",
        '请在阶梯最后加 desk = "joint"，或删去⟦joint⟧。',
        'Add desk = "joint" at the end of the ladder, or remove ⟦joint⟧.',
    ),
    "industry_without_step": (
        "接受产业渠道，但阶梯里没有产业工会能办的一级（city-or-industry）。",
        "Applications by the industry line are taken, but no step (city-or-industry) belongs to an industry union.",
        '请加这一级，或写 lines = ⟦"region"⟧。',
        'Add the step, or write lines = ⟦"region"⟧.',
    ),
    "decider_skipped": (
        "走“{line}”渠道（{channel}）的申报到不了命名的一级“{rung}”，永远没有结果。",
        "Applications by {line} ({channel}) never reach the deciding step “{rung}”: they would never end.",
        "请让最后一级不被跳过。",
        "Let no line or channel skip the last step.",
    ),
    "no_way_out": (
        "申报到了“{rung}”这一级就再也走不动：后面的一级不比它高。",
        "An application that reaches “{rung}” can never leave it: the next step is not above it.",
        "请把各级从低到高排列。",
        "Order the steps from the lowest to the highest.",
    ),
    "step_unknown": (
        "推荐阶梯里没有“{rung}”这一级。",
        "The ladder has no step “{rung}”.",
        "请改成阶梯里有的一级。",
        "Name a step of the ladder.",
    ),
    "share_of_nobody": (
        "“{given}”有份额，却不是成员。",
        "“{given}” has a share but is no member.",
        "请把它加进 members，或删去它的份额。",
        "Add it to members, or remove its share.",
    ),
    "share_missing": (
        "成员“{given}”没有份额。",
        "The member “{given}” has no share.",
        "请为每个成员写明份额，没有名额的写0。",
        "Give each member its share, 0 for none.",
    ),
    "shares_sum": (
        "各成员份额合计{total}，与总名额{cap}不等。",
        "The members' shares come to {total}, not to the cap of {cap}.",
        "请使份额合计等于 approval.cap。",
        "Make the shares add up to approval.cap.",
    ),
    "reserved_code": (
        "“{given}”是系统保留的代码。",
        "“{given}” is a code of the system itself.",
        "请换一个代码；联席单位的代码须含字母。",
        "Choose another; the code of a joint meeting has letters in it.",
    ),
}

LIVES: Mapping[str, Told] = {
    "title_endless": (
        "称号没有年限、没有年度考核、也没有终止情形，永远不会结束。",
        "The title has neither years nor an assessment nor a cause that ends it: it would never end.",
        "请写 title.years、⟦assessment⟧或 title.ends_when 之一。",
        "Give title.years, an ⟦assessment⟧ or title.ends_when.",
    ),
    "assessment_never": (
        "没有写“{key}”，这项考核永远不会开始。",
        "Without “{key}” this assessment would never begin.",
        "请补上“{key}”。",
        "Add “{key}”.",
    ),
    "succession_missing": (
        "领衔人离开既不终止称号，也没有写怎样更换。",
        "When the leader leaves, the title neither ends nor is there a way to replace him.",
        '请加⟦title.succession⟧，或在 ends_when 里写 "leader_left"。',
        'Add ⟦title.succession⟧, or write "leader_left" into ends_when.',
    ),
}

PROGRAMME: Mapping[str, Told] = {**FILE, **LADDER, **LIVES, **FORMS, **MERIT}
