"""What is said about slates, places, public notices, objections, decisions and titles."""

from collections.abc import Mapping

from models.labels import Pair

SLATES: Mapping[str, Pair] = {
    # Slates and quotas.
    "not_foreseen": (
        "“{given}”要读取文件或者抽签，不能试算，请直接办理。",
        "“{given}” reads a file or draws lots, and cannot be tried first. Please do it directly.",
    ),
    "slate_empty": (
        "名单是空的，请先列入至少一项。",
        "The list is empty. Please put at least one on it first.",
    ),
    "no_draft_slate": (
        "当前没有拟定中的推荐名单，请刷新后重新拟定。",
        "There is no slate being drafted. Please refresh and begin a new one.",
    ),
    "not_at_desk": (
        "申报“{given}”不在本级审核，不能列入名单。请刷新后重新选择。",
        "Application “{given}” is not at your desk and cannot be listed. Refresh and choose again.",
    ),
    "not_checked": (
        "申报“{subject}”（{receipt}）尚未审核通过，请先审核再排序。",
        "Application “{subject}” ({receipt}) has not been checked. Check it before ranking.",
    ),
    "round_finished": (
        "“{name}”已经结束，不能再公示。",
        "“{name}” is finished; nothing can be published in it any more.",
    ),
    "own_desk": (
        "本单位就是这条推荐线上的审核单位，不能向自己申报。",
        "This unit is itself a reviewing desk on this route and cannot apply to itself.",
    ),
    "title_over": (
        "称号{number}已终止或撤销，不再报送年度报告。",
        "Title {number} has ended or been revoked; no yearly report is due any more.",
    ),
    "one_decider": (
        "一次只能办理同一单位、同一项目的称号，请分开办理。",
        "One list may only hold titles of one programme given by one union. Please split it.",
    ),
    "on_other_slate": (
        "申报{receipt}已列入另一份推荐名单，请先从那份名单中移出。",
        "Application {receipt} stands on another slate. Take it off that one first.",
    ),
    "order_against_scores": (
        "第{place}位的分数高于排在其前的一位，名次与分数不一致。请调整顺序或分数。",
        "Place {place} scores higher than the one before it. Please change the order or a score.",
    ),
    "tie_at_line": (
        (
            "第{first}至第{last}位同为{score}分，正好跨越第{line}位的界线。"
            "请[先按“{criteria:fields}”比较，再]由会议研究确定顺序，并填写同分处理说明。"
        ),
        (
            "Places {first} to {last} all score {score}, across the line at place {line}. "
            "[Compare them by {criteria:fields}. ]Let the meeting settle it, and write down how."
        ),
    ),
    "deciding_tier": (
        "本级就是审定单位，不再上报，请发布公示。",
        "This is the deciding tier: there is nowhere to send up to. Please publish the notice.",
    ),
    "not_deciding_tier": (
        "“{rung:Rung}”这一级不是审定单位，不能命名，请上报。",
        "This tier ({rung:Rung}) does not decide, so it cannot name. Please send the slate up.",
    ),
    "wrong_decider": (
        "{organization}不是本项目的审定层级，批次应由该层级的工会制定：{known}。",
        "{organization} does not decide this programme. Its rounds are planned by: {known}.",
    ),
    "seated_above": (
        "该人员在上级工会（{organization}）任职，不能由下级安排任职，请联系其上级管理员。",
        "This person sits in a union above yours ({organization}). Please ask its administrator.",
    ),
    "nothing_to_send": (
        "没有可以上报的申报[，异议处理中的有：{contested}]。请先处理异议。",
        "There is nothing to send up[; still contested: {contested}]. Settle the objections first.",
    ),
    "two_ways_up": (
        "申报{receipt}的上级不是{to}，与名单中其他申报不同。请分开拟定名单。",
        "Application {receipt} does not go to {to} like the others. Please use a slate of its own.",
    ),
    "notice_required": (
        "本级须先公示，公示期满后才能上报。",
        "This tier must hold a public notice first, and may send up once it is over.",
    ),
    "acted_above": (
        "上级已开始办理申报{receipt}，名单不能再撤回。如需调整，请联系上级工会。",
        "The upper tier has acted on {receipt}, so the slate cannot be recalled. Please ask them.",
    ),
    "no_quota": (
        "本批次没有给该工会（{organization}）下达[“{pool}”类]名额，请联系下达名额的工会。",
        "No places[ of “{pool}”] were issued to {organization} in this round. Please ask the issuing union.",
    ),
    "quota_spent": (
        "[“{pool}”类]名额不足：共{places}个，剩余{left}个，本次需要{asked}个。请减少正式推荐，或改列备选。",
        (
            "Not enough places[ of “{pool}”]: {places} in all, {left} left, {asked} asked for. "
            "Please list fewer, or move some to the reserve."
        ),
    ),
    "reserve_full": (
        "[“{pool}”类]备选最多{allowed}个（名额{places}个的{percent}%），现有{asked}个。请减少备选。",
        (
            "At most {allowed} reserve names[ of “{pool}”] are allowed ({percent}% of {places}); given: {asked}. "
            "Please list fewer."
        ),
    ),
    "below_minimum": (
        "[“{pool}”类]推荐数不少于{minimum}个，现为{asked}个。请补足，或填写未达到的理由。",
        "At least {minimum}[ of “{pool}”] are expected, and there are {asked}. Add some, or give a reason.",
    ),
    "below_used": (
        "[{organization}的]名额不能减到{asked}个：已用{used}个，另占用{reserved}个。",
        "Places[ of {organization}] cannot go down to {asked}: {used} are used and {reserved} are reserved.",
    ),
    "over_cap": (
        "名额{asked}个超过批准的上限{cap}个，请减少。",
        "{asked} places are more than the approved {cap}. Please issue fewer.",
    ),
    "approval_expired": (
        "项目的批准文件（{document}）有效期至{until}，不能再开设批次。请先取得新的批准。",
        "The approval {document} was valid until {until}. A round needs a new approval first.",
    ),
    "programme_code_taken": (
        "代码“{given}”已由另一命名层级或联席会议的项目使用。请为本项目另取代码。",
        "The code “{given}” belongs to a programme that another tier or joint meeting decides. Please choose another.",
    ),
    "version_taken": (
        "“{programme}”这一版本已发布，内容不能改动。请提高版本号后再发布。",
        "“{programme}” is already published and never changes. Please raise the version number.",
    ),
    # Notices and objections.
    "no_notice_here": (
        "本项目在“{rung:Rung}”这一级不公示，请直接上报。",
        "This programme holds no public notice at this tier ({rung:Rung}). Please send up.",
    ),
    "nothing_to_publish": (
        "名单中没有可以公示的正式推荐，请核对名单。",
        "The slate has no main name that could be published. Please check the slate.",
    ),
    "notice_running": (
        "公示要到{ends_at}才期满，请在期满后办理。",
        "The public notice runs until {ends_at}. Please come back after that.",
    ),
    "anonymous": (
        "未署真实姓名的反映作为线索留存，不影响公示。如需按异议处理，请署名提出。",
        "Unsigned objections are kept as leads and stop nothing. To be heard, sign it.",
    ),
    "grade_not_open": (
        "对评定等次的意见不作为异议处理，已作为线索留存。",
        "The grade itself is not open to objections. Yours is kept as a lead.",
    ),
    "late": (
        "异议在公示期满后才收到，已作为线索留存，由审定单位决定是否调查。",
        "The objection came after the notice ended. It is kept as a lead for the deciding union.",
    ),
    "too_late": (
        "申报[{receipt}]已不在公示阶段，不能再按异议处理。",
        "The application[ {receipt}] is past its public notice, so no objection can be heard.",
    ),
    "not_reported": (
        "调查单位（{investigator}）还没有报告调查结果，请待其报告后再作处理。",
        "The investigating union ({investigator}) has not reported yet. Settle it once it has.",
    ),
    # Decisions and titles.
    "nothing_to_decide": (
        (
            "没有可以命名的申报[，异议处理中的有：{contested}][，已不符合申报条件的有：{unfit}]。"
            "请先发布公示并等待期满，或先处理异议，并核实申报条件。"
        ),
        (
            "Nothing can be named[; still contested: {contested}][; no longer eligible: {unfit}]. "
            "Finish the public notice, or settle the objections, first, and check the conditions."
        ),
    ),
    "undecided": (
        "申报{receipt}现为“{state}”，还没有审定结果。请先审定或处理异议，再结束批次。",
        "Application {receipt} is “{state}” and undecided. Decide it before ending the round.",
    ),
    "meeting_before_notice_end": (
        "会议日期{meeting_on}早于公示末日{last_day}，请在公示期满后开会审定。",
        ("The meeting of {meeting_on} was before the notice's last day, {last_day}. Please hold it afterwards."),
    ),
    "no_assessment": (
        "称号{number}所属项目没有年度考核，无需办理。",
        "The programme of title {number} has no yearly assessment. Nothing is to be done.",
    ),
    "not_reported_yet": (
        "这项考核现为“{state:AssessmentState}”，材料“已报送”的才能评定。请核对名单。",
        ("This assessment is “{state:AssessmentState}”; only reported ones can be graded. Please check the list."),
    ),
    "anonymous_refused": (
        "本项目不受理匿名异议，请署真实姓名并签字。",
        "This programme takes no anonymous objections. Please sign with your real name.",
    ),
    "no_extension": (
        "本项目的异议核查期限不能延长。",
        "This programme gives no extension for looking into an objection.",
    ),
    "extended_already": (
        "这件异议的核查已延长过一次，不能再延。",
        "The time to look into this objection was extended once already.",
    ),
}
