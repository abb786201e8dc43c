"""What the linter says of a programme file's days, names, form and places."""

from collections.abc import Mapping

Told = tuple[str, str, str, str]

DAYS: Mapping[str, Told] = {
    "no_such_day": (
        "不是每年都有“{given}”这一天。",
        "Not every year has the day “{given}”.",
        '请写“月-日”，如 "02-28"。',
        'Write month and day, such as "02-28".',
    ),
    "window_backwards": (
        "批准期截止{given}，早于开始{start}。",
        "The approval ends on {given}, before it begins on {start}.",
        "请核对 valid_from 和 valid_until。",
        "Check valid_from and valid_until.",
    ),
    "approval_over": (
        "批准期已于{given}结束，不能再开新批次。",
        "The approval ended on {given}: no new round can open.",
        "请换用新的批准文件，改 valid_until。",
        "Name the new approval and its valid_until.",
    ),
    "cycle_never": (
        "批准期内没有哪一年轮到开批次（自{first}年起每{every}年一次）。",
        "No year of the approval has a round (every {every} years from {first}).",
        "请核对 first_year 和 cycle_years。",
        "Check first_year and cycle_years.",
    ),
    "cut_off_backwards": (
        "这一级的截止日{given}不在下级截止日{before}之后的半年之内，次序颠倒。",
        "This cut-off {given} does not follow the one below it ({before}) within half a year: it runs backwards.",
        "请使各级截止日由低到高逐级推后。",
        "Let each cut-off come after the one below it.",
    ),
    "first_list_late": (
        "初步名单的截止日{given}不在正式名单截止日{cut_off}之前。",
        "The first list is due on {given}, not before the formal list ({cut_off}).",
        "请把 first_list_due 提前。",
        "Put first_list_due earlier.",
    ),
    "cut_off_outside": (
        "到批准期截止（{until}）也等不到截止日{given}。",
        "The approval ends ({until}) before the cut-off {given} ever comes.",
        "请改截止日，或核对批准期。",
        "Change the cut-off, or check the approval's days.",
    ),
    "notice_too_long": (
        "公示{days}个工作日，而下级截止（{before}）到本级截止（{after}）之间只有{left}个工作日。",
        "The notice takes {days} working days, but only {left} lie between the cut-off below ({before}) and {after}.",
        "请推后本级截止日，或缩短公示。",
        "Move this cut-off later, or shorten the notice.",
    ),
    "notice_past_approval": (
        "从{start}起公示{days}天，结束时批准期（{until}）已过。",
        "A notice of {days} days from {start} ends after the approval does ({until}).",
        "请提前截止日，或核对批准期。",
        "Put the cut-offs earlier, or check the approval's days.",
    ),
    "step_too_short": (
        "两级截止日之间只有{left}个工作日，不够办理{days}天加公示{notice}天。",
        "Only {left} working days lie between the cut-offs: too few for {days} of review and {notice} of notice.",
        "请推后截止日，或减少办理天数。",
        "Move the cut-off later, or give fewer days.",
    ),
}

NAMES: Mapping[str, Told] = {
    "twice": (
        "“{given}”出现了两次。",
        "“{given}” stands twice.",
        "请改名或删去一个。",
        "Rename or remove one of them.",
    ),
    "field_unknown": (
        "申报表里没有栏目“{given}”。[您要的是不是“{near}”？]",
        "The form has no field “{given}”.[ Did you mean “{near}”?]",
        "请改成 fields 里有的名字，或补上这个栏目。",
        "Name a field of the form, or add the field.",
    ),
    "kind_wrong": (
        "栏目“{given}”的类型是 {kind_now}，这里用不上。",
        "The field “{given}” is of the kind {kind_now}, which does not serve here.",
        "请改用类型为 {known} 的栏目。",
        "Use a field of the kind {known}.",
    ),
    "slot_unknown": (
        "没有附件栏“{given}”。[您要的是不是“{near}”？]",
        "There is no place for files “{given}”.[ Did you mean “{near}”?]",
        "请改成 slots 里有的名字，或补上这个附件栏。",
        "Name one of the slots, or add it.",
    ),
    "unit_fact_unknown": (
        "系统不掌握单位的“{given}”。",
        "The system does not know “{given}” of a unit.",
        "可用：{known}；其他情况请设栏目来问。",
        "There is: {known}. Ask for anything else by a field.",
    ),
    "criterion_unknown": (
        "既没有评分项也没有栏目叫“{given}”。[您要的是不是“{near}”？]",
        "Neither a criterion nor a field is called “{given}”.[ Did you mean “{near}”?]",
        "请改成评分项或数字栏目的名字。",
        "Name a criterion of the scoring, or a number field.",
    ),
    "tie_without_order": (
        "栏目“{given}”不是数，比不出高低，只能提示会议。",
        "The field “{given}” is no number, so it cannot tell who is ahead; the meeting is only shown it.",
        "要由它区分同分，请改用评分项或数字栏目。",
        "To let it decide, use a criterion or a number field.",
    ),
    "clause_unknown": (
        "申报条件里没有条款“{given}”。[您要的是不是“{near}”？]",
        "There is no clause “{given}”.[ Did you mean “{near}”?]",
        "请改成 eligibility 里有的条款代码。",
        "Name a clause of the conditions.",
    ),
    "leader_half": (
        "写了领衔人的姓名或身份证号之一，缺“{key}”。",
        "The leader's name or identity number is given without “{key}”.",
        "请两项都写，或都不写（对象没有领衔人时）。",
        "Give both, or none where the subject has no leader.",
    ),
    "leader_missing": (
        "申报对象是“{given}”，却没有写哪一栏是姓名、哪一栏是身份证号。",
        "The subject is “{given}”, but no field holds the person's name and identity number.",
        "请补上 leader_name 和 leader_id，否则查不出一人多报。",
        "Add leader_name and leader_id, or nobody sees that one person applies twice.",
    ),
    "not_always_asked": (
        "栏目“{given}”不是每个申报人一开始都必须填的。",
        "Not everybody has to fill in “{given}” from the start.",
        "请去掉它的 when、by、stage，并使 required = true。",
        "Remove its when, by and stage, and let it be required.",
    ),
    "identity_not_private": (
        "身份证号栏目“{given}”没有标为私人信息。",
        "The identity number “{given}” is not marked private.",
        "请写 private = true。",
        "Write private = true.",
    ),
    "private_shown": (
        "公示会显示私人信息“{given}”。",
        "The public notice would show the private field “{given}”.",
        "请不要公示它；若本非私人信息，去掉 private。",
        "Do not publish it, or unmark it if it is not private.",
    ),
    "default_unknown": (
        "没有“{given}”这个键。",
        "There is no key “{given}”.",
        '请写“表.键”，如 "ladder.days"。',
        'Write table.key, such as "ladder.days".',
    ),
    "when_circle": (
        "栏目“{given}”要等它自己的答案才会出现，永远不会被问到。",
        "The field “{given}” waits for its own answer: it would never be asked.",
        "请改或去掉 when。",
        "Change or remove its when.",
    ),
}

FORM: Mapping[str, Told] = {
    "choices_missing": (
        "选择栏“{given}”没有选项。",
        "The choice “{given}” has nothing to choose from.",
        "请补上 choices 和 choice_labels。",
        "Add choices and choice_labels.",
    ),
    "choices_unused": (
        "“{given}”不是选择栏，choices 不起作用。",
        "“{given}” is no choice, so its choices do nothing.",
        '请写 kind = "choice"，或删去 choices。',
        'Write kind = "choice", or remove the choices.',
    ),
    "labels_count": (
        "有{choices}个选项，却有{labels}个选项名称。",
        "There are {choices} choices and {labels} labels.",
        "请使 choice_labels 与 choices 一一对应。",
        "Give one label for each choice.",
    ),
    "limits_backwards": (
        "“{given}”的下限{least}大于上限{most}。",
        "“{given}”: the least ({least}) is above the most ({most}).",
        "请核对两个数。",
        "Check the two numbers.",
    ),
    "limit_unused": (
        "“{given}”的类型用不上“{key}”。",
        "“{key}” does nothing for a field like “{given}”.",
        "请删去，或核对栏目的 kind。",
        "Remove it, or check the field's kind.",
    ),
    "value_unknown": (
        "“{given}”不是这一栏的选项，永远不会有这个答案。[您要的是不是“{near}”？]",
        "“{given}” is not among the field's choices: nobody can answer it.[ Did you mean “{near}”?]",
        "可选：{known}。",
        "The choices are: {known}.",
    ),
    "clause_incomplete": (
        "条款“{clause}”按“{rule}”判断，却没有写“{key}”。",
        "The clause “{clause}” is judged by “{rule}” but lacks “{key}”.",
        "请补上“{key}”。",
        "Add “{key}”.",
    ),
    "never_met": (
        "任何能填的答案都不符合条款“{clause}”。",
        "No answer that the form takes could meet the clause “{clause}”.",
        "请核对条款的数和栏目的上下限、选项。",
        "Compare the clause with the field's limits and choices.",
    ),
    "area_unknown": (
        "“{given}”不是行政区划代码（2、4或6位数字）。",
        "“{given}” is no division code (2, 4 or 6 digits).",
        '请写区划代码，如 "3301"。',
        'Write a division code, such as "3301".',
    ),
}

PLACES: Mapping[str, Told] = {
    "pool_field_missing": (
        "名额分了类，却没有写按哪一栏分（pool_field）。",
        "There are pools, but no pool_field says by which answer.",
        "请补上 quota.pool_field。",
        "Add quota.pool_field.",
    ),
    "pools_missing": (
        "写了 pool_field，却没有一类名额。",
        "There is a pool_field but no pool.",
        "请补上⟦⟦quota.pools⟧⟧，或删去 pool_field。",
        "Add pools, or remove pool_field.",
    ),
    "pools_over_cap": (
        "各类名额合计{total}，超过总名额{cap}。",
        "The pools come to {total}, more than the cap of {cap}.",
        "请减少各类名额，或核对 approval.cap。",
        "Give the pools fewer places, or check approval.cap.",
    ),
    "value_in_two_pools": (
        "“{given}”同时属于两类名额（另一类是“{other}”）。",
        "“{given}” belongs to two pools (the other is “{other}”).",
        "请只留在一类里。",
        "Keep it in one of them.",
    ),
    "value_in_no_pool": (
        "“{given}”不属于任何一类名额，这样的申报没有名额可用。",
        "“{given}” belongs to no pool: such applications would have no places.",
        "请把它归入一类。",
        "Put it into a pool.",
    ),
    "factors_sum": (
        "分配因素的权重合计{total}%，应为100%。",
        "The factors come to {total} %, not to 100 %.",
        "请调整各因素的 percent。",
        "Change the factors' percent.",
    ),
    "composition_empty": (
        "结构要求“{given}”既没有下限也没有上限。",
        "“{given}” has neither a floor nor a ceiling.",
        "请写 floor 或 ceiling，或删去这一项。",
        "Give a floor or a ceiling, or remove it.",
    ),
    "floor_over_ceiling": (
        "下限{floor}%高于上限{ceiling}%，没有名单能满足。",
        "The floor of {floor} % is above the ceiling of {ceiling} %: no list can meet both.",
        "请核对这两个比例。",
        "Check both numbers.",
    ),
    "floors_over_whole": (
        "互不相容的几类下限合计{total}%，超过100%。",
        "Floors that exclude each other come to {total} %.",
        "请降低下限，使合计不超过100%。",
        "Lower them to 100 % at most.",
    ),
    "ceilings_under_whole": (
        "全部选项的上限合计只有{total}%，名单永远凑不满。",
        "The ceilings on every choice come to {total} % only: a list could never be full.",
        "请提高上限，使合计不低于100%。",
        "Raise them to 100 % at least.",
    ),
    "cap_too_small": (
        "总名额只有{cap}个：按进一计算至少要{least}个，而最多只能{most}个。",
        "With {cap} places the floors ask for {least} (rounded up), and only {most} are possible.",
        "请增加名额或放宽比例。",
        "Give more places, or relax the percentages.",
    ),
}

FORMS: Mapping[str, Told] = {**DAYS, **NAMES, **FORM, **PLACES}
