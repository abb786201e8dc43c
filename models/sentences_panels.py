"""What is said about pools of experts, drawn panels, recusals, assignments and meetings."""

from collections.abc import Mapping

from models.labels import Pair

PANELS: Mapping[str, Pair] = {
    # The pool.
    "expert_known": (
        "{given}已在专家库中，请修改原有信息。",
        "{given} is in the pool already. Please change the entry there is.",
    ),
    "fields_missing": (
        "请至少填写一个专业领域。",
        "Please give at least one field of expertise.",
    ),
    "unit_code": (
        "“{given}”不是单位代码，请填写统一社会信用代码或工会代码。",
        "“{given}” is no code of a unit. Please give its credit code, or a union's code.",
    ),
    "person_number": (
        "身份证号有误，请核对18位号码。",
        "That is no identity number. Please check all 18 characters.",
    ),
    # The draw.
    "seed_source_missing": (
        "种子与其来源应一并填写（例如某期彩票的开奖号码）；都不填则由系统生成。",
        "Give the seed together with its source (such as the numbers of a lottery), or neither: one is made then.",
    ),
    "panel_round_over": (
        "批次“{name}”已结束，不能再抽取专家。",
        "The round “{name}” is over. No panel can be drawn for it.",
    ),
    "panel_wrong_tier": (
        "本项目由“{rung:Rung}”这一级评分，请由该级抽取专家。",
        "In this programme another tier scores ({rung:Rung}). Its union draws the panel.",
    ),
    "panel_small": (
        "评委不得少于{size}人，现为{given}人。请增加。",
        "A panel has at least {size} judges; asked for: {given}. Please ask for more.",
    ),
    "panel_even_size": (
        "评审组人数应为奇数，现为{given}人。请加减一人。",
        "A panel has an odd number of members; asked for: {given}. Please take one more or one less.",
    ),
    "strata_over": (
        "各领域合计要求{asked}人，超过评审组的{size}人。请调整。",
        "The fields ask for {asked} members, and the panel has {size}. Please ask for fewer.",
    ),
    "pool_too_small": (
        "专家库中现有{count}位可抽取的专家，不足{size}位。请先充实专家库。",
        "The pool has {count} experts who can be drawn, and {size} are needed. Please enrol more first.",
    ),
    "pool_short_of_field": (
        "专家库中“{field}”领域可抽取的专家只有{count}位。请减少要求，或先充实专家库。",
        "Of the field “{field}” the pool has only {count} who can be drawn. Ask for fewer, or enrol more first.",
    ),
    "panel_drawn_already": (
        "本批次在本级已抽取评审组，不能重抽。如确有必要，请先写明理由解散。",
        "A panel was drawn for this round here, and none is drawn twice. If it must be, dissolve it first.",
    ),
    "not_panel_member": (
        "此人不是评审组成员，请核对名单。",
        "This person is no member of the panel. Please check the list.",
    ),
    "draw_used_up": (
        "抽签顺序中的{count}位专家都不能递补。请先充实专家库，解散后重抽。",
        "None of the {count} experts of the draw can take the seat. Enrol more, dissolve the panel and draw again.",
    ),
    "panel_has_scored": (
        "评审组已写下{count}份评分表，不能解散。请逐人更换。",
        "The panel has written {count} sheets and cannot be dissolved. Please replace members one by one.",
    ),
    "panel_secret": (
        "评审组名单在本批次结束前不公开。请在批次结束后查看。",
        "Who judges is secret until the round ends. Please look again then.",
    ),
    # Judging on a drawn panel.
    "not_on_panel": (
        "本批次已抽取评审组，您不在其中，不能评分。",
        "A panel was drawn for this round and you are not on it, so you do not score here.",
    ),
    "undertaking_missing": (
        "请先签署评审承诺书，再评分。",
        "Please accept the judges' undertaking first, then score.",
    ),
    # Assignment.
    "nothing_to_assign": (
        "目前没有待分派的申报，无需办理。",
        "Every case here has its judges. Nothing is to be done.",
    ),
    "unknown_form_field": (
        "申报表中没有“{given}”这一项。可填：{known}。",
        "The form has no field “{given}”. Known are: {known}.",
    ),
    "case_not_here": (
        "“{given}”现在不在本级审核，请从名单中去掉。",
        "“{given}” is not under review here now. Please leave it out.",
    ),
    "anchor_conflict": (
        "有{count}项共评件（{receipts}）有评委应当回避，不能由全体评委评审。请换用其他申报。",
        "From {count} of the anchor cases ({receipts}) a member must stand back. Please choose others.",
    ),
    "assignment_short": (
        "有{count}项申报（{receipts}）凑不足评委，共缺{judges}人次：回避和评审上限所致。请更换成员、增加评委或提高上限。",
        (
            "{count} cases ({receipts}) lack judges, {judges} in all: recusals and limits leave too few. "
            "Please replace members, draw a larger panel or raise the limit."
        ),
    ),
    "not_judging": (
        "此人没有分到这份申报，或已不再评审。请刷新后核对。",
        "This person does not judge the case, or no longer does. Please refresh and check.",
    ),
    "judge_conflict": (
        "此人应当回避这份申报：{rule:Recusal}。请选择其他成员。",
        "This person must stand back from the case: {rule:Recusal}. Please choose another member.",
    ),
    # Requests.
    "not_requested": (
        "本项目不受理申请回避，请联系评审组织单位。",
        "In this programme units do not ask for a recusal. Please ask the office that holds the panel.",
    ),
    "settled_already": (
        "这项回避申请已于{at}答复，不能更改。",
        "This request was answered at {at} and cannot be changed.",
    ),
    # Meetings.
    "starts_in_past": (
        "开始时间{given}已过，请填写以后的时间。",
        "The meeting cannot begin at {given}: that is past. Please give a later time.",
    ),
    "slot_too_long": (
        "每项时间应为1至{most}分钟，现为{given}分钟。请改正。",
        "A turn has 1 to {most} minutes; given: {given}. Please correct it.",
    ),
    "nobody_to_hear": (
        "没有待安排的申报：都已排入其他会议，或不在本级审核。",
        "There is nobody left to hear: every case is planned in another meeting, or not here. Nothing is to be done.",
    ),
    "called_already": (
        "申报{given}已排入另一场会议。请从名单中去掉，或先结束那场会议。",
        "Application {given} has its turn in another meeting. Leave it out, or close that one first.",
    ),
    "not_the_chair": (
        "只有主持人可以推进会议，请由主持人操作。",
        "Only the chair moves the meeting on. Please leave it to the chair.",
    ),
    "nobody_left": (
        "{count}项都已进行，请结束会议。",
        "All {count} were called. Please close the meeting.",
    ),
}
