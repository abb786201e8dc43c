"""What is said about titles after the naming: terms, assessments, leaders who leave, batches withdrawn."""

from collections.abc import Mapping

from models.labels import Pair

TITLES: Mapping[str, Pair] = {
    # Rubrics and re-checks.
    "criterion_unknown": (
        "评分标准里没有“{field}”，有的是：{known}。请核对评分表。",
        "The rubric has no “{field}”; it has: {known}. Please check the score sheet.",
    ),
    "criterion_missing": (
        "“{field}”还没有打分，请给每个评分项都打分。",
        "“{field}” has no points yet. Please score every criterion.",
    ),
    "criterion_points": (
        "“{field}”的分数须在0到{most}之间[，填写的是“{given}”]。",
        "“{field}” takes 0 to {most} points[; got “{given}”].",
    ),
    "score_differs": (
        "总分“{given}”与各评分项合计{added}不一致，请核对，或只填各项分数。",
        "The score “{given}” is not the sum of the criteria, {added}. Please check, or give the criteria only.",
    ),
    "no_rechecks": (
        "称号{number}所属项目不设复查，不能责令整改；如不合格，请提请会议研究撤销。",
        "The programme of title {number} gives no re-check. Bring a revocation before the meeting instead.",
    ),
    "no_spot_check": (
        "{programme}的“{kind:AssessmentKind}”不设抽查，无需抽取。",
        "The {kind:AssessmentKind} of {programme} has no spot checks; nothing is to be drawn.",
    ),
    "snapshot_changed": (
        "抽查名册已有变化（原为{given}，现为{snapshot}），无法重现当时的抽取。",
        "The list drawn from has changed (it was {given}, now {snapshot}), so that draw cannot be repeated.",
    ),
    # Ends.
    "cause_not_in_rules": (
        "本项目没有规定因“{cause:EndCause}”终止称号，可选的有：{known:EndCause}。",
        "This programme ends no title for “{cause:EndCause}”. It names: {known:EndCause}.",
    ),
    "term_runs": (
        "称号{number}的有效期尚未届满[（至{until}）]，不能按期满终止。",
        "The term of title {number} is not over[ (it runs until {until})], so it cannot end for that.",
    ),
    "not_a_naming": (
        "文件{number}不是命名决定，不能整批撤回。请选择原命名文件。",
        "Document {number} named nothing, so it cannot be withdrawn as a batch. Choose the naming decision.",
    ),
    "nothing_to_withdraw": (
        "文件{number}命名的称号均已撤销或终止，无需再撤回。",
        "Every title that document {number} named is over already; nothing is left to withdraw.",
    ),
    "return_before_meeting": (
        "交回日期{given}早于会议日期{meeting_on}，请核对。",
        "The return day {given} lies before the meeting of {meeting_on}. Please check.",
    ),
    "bar_years": (
        "限制申报年限须在0到{most}年之间[，填写的是{given}]。",
        "A ban lasts 0 to {most} years[; got {given}].",
    ),
    # Leaders who leave.
    "no_succession": (
        "称号{number}所属项目没有更换领衔人的规定，请联系命名单位。",
        "The programme of title {number} knows no change of leader. Please ask the union that gave it.",
    ),
    "left_ahead": (
        "离任日期{given}还没有到，请在离任后报告。",
        "The day of leaving, {given}, is still to come. Please report it afterwards.",
    ),
    "departure_reported": (
        "称号{number}的领衔人离任（{left_on}）已经报告，请提出接任人选。",
        "The leader of title {number} was already reported as leaving on {left_on}. Please propose a successor.",
    ),
    "succession_declined": (
        "称号{number}的接任人选未获同意，由命名单位终止称号，不能再报告离任。",
        "The successor for title {number} was declined; the union that gave it will end the title.",
    ),
    "no_departure": (
        "称号{number}没有待办的领衔人离任，请先报告离任。",
        "No leader of title {number} is on record as leaving. Please report the departure first.",
    ),
    "no_successor": (
        "称号{number}还没有提出接任人选，请待单位提出；逾期未提出的，可终止称号。",
        "No successor was proposed for title {number} yet. Wait for one, or end the title once the time is over.",
    ),
    "unspent": (
        "“{field}”须是不小于0的金额，单位为元[；填写的是“{given}”]。没有结余请填0。",
        "“{field}” must be a sum in yuan, not below 0[; got “{given}”]. Write 0 if nothing is left.",
    ),
}
