"""When each letter is written, and to whom: what the handbook and the page of words tell. In the handbook's order."""

from __future__ import annotations

from typing import NamedTuple


class Occasion(NamedTuple):
    """What happened, and who hears of it; in Chinese and in English."""

    when_zh: str
    when_en: str
    whom_zh: str
    whom_en: str


_APPLICANT = ("申报人", "the applicant")
_DESK = ("收到申报的单位的审核员及其代理人", "reviewers of the desk that has the case, and their deputies")
_OWNER = ("负责办理的人或单位；按规定也告知管理员", "who owes it; as the ladder says, the administrators as well")
_ABOVE = ("上一级工会的审核员", "reviewers of the tier above")
_UNION = ("名单所属工会的审核员", "reviewers of the union whose list it is")
_PLACES = ("收到或失去名额的工会的审核员", "reviewers of the union whose places change")
_HOLDER = ("称号所属单位的申报员", "clerks of the unit that holds the title")
_DECIDER = ("命名工会的审核员", "reviewers of the union that gave the title")
_JUDGE = ("该专家", "the judge")
_ONE = ("所指的同事", "the colleague concerned")
_OFFICE = ("批次主办工会的管理员", "administrators of the union that holds the round")
_KEEPERS = ("全国和省级工会的管理员", "administrators of the provinces and the nation")
_SELF = ("该账号本人", "the account's owner")
_RECEIVER = ("处理异议的工会的审核员", "reviewers of the union that deals with it")

OCCASIONS: dict[str, Occasion] = {
    # An application.
    "submitted": Occasion("申报提交", "an application is submitted", *_APPLICANT),
    "arrived": Occasion("申报到达本单位", "an application arrives at a desk", *_DESK),
    "checked": Occasion("审核通过", "an application passes the check", *_APPLICANT),
    "returned": Occasion("退回补正", "an application is returned for correction", *_APPLICANT),
    "resubmitted": Occasion("补正后重新提交", "a corrected application is submitted again", *_DESK),
    "refused": Occasion("不予受理", "an application is refused", *_APPLICANT),
    "lapsed": Occasion("逾期失效", "an application lapses", *_APPLICANT),
    "withdrawn": Occasion("申报撤回", "an application is withdrawn", *_DESK),
    "undone": Occasion("批量办理被撤销", "acts of a batch are undone", *_APPLICANT),
    "recommended": Occasion("推荐上报", "an application is recommended", *_APPLICANT),
    "reserve": Occasion("列为备选", "an application is placed in reserve", *_APPLICANT),
    "promoted": Occasion("备选递补", "an application moves up from the reserve", *_APPLICANT),
    "sent_down": Occasion("上级退回推荐单位", "the tier above sends an application back down", *_APPLICANT),
    "announced": Occasion("公布比赛成绩", "scores of a contest are announced", *_APPLICANT),
    "appeal_filed": Occasion("对成绩提出申诉", "somebody appeals against scores", *_DESK),
    "appeal_ruled": Occasion("申诉裁决", "an appeal is ruled on", *_APPLICANT),
    "noticed": Occasion("列入公示", "an application enters the public notice", *_APPLICANT),
    "contested": Occasion("公示期间收到异议", "an objection stops an application", *_APPLICANT),
    "objection_settled": Occasion("异议处理完毕", "an objection is settled", *_APPLICANT),
    "struck": Occasion("异议成立", "an objection is upheld", *_APPLICANT),
    "named": Occasion("命名", "a title is conferred", *_APPLICANT),
    "not_selected": Occasion("未入选", "a round ends without a naming", *_APPLICANT),
    # The desk.
    "case_transferred": Occasion("转办", "a case is transferred", *_ONE),
    "case_delegated": Occasion("委派", "a case is delegated", *_ONE),
    "case_passed_on": Occasion("不再经办", "a case is in other hands now", *_ONE),
    "case_fell_back": Occasion("经办人离岗", "who dealt with a case left the desk", *_DESK),
    "desk_handed_over": Occasion("工作移交", "a desk is handed over", *_ONE),
    "case_held": Occasion("挂起", "a case is put on hold", *_APPLICANT),
    "hold_ended": Occasion("挂起期满", "a hold is over", *_DESK),
    "sign_asked": Occasion("请会签", "a signature is asked for", *_ONE),
    "countersign_closed": Occasion("无需再签", "a signature is no longer needed", *_ONE),
    "countersign_settled": Occasion("会签有结论", "a countersign is settled", *_ONE),
    "case_chased": Occasion("催办", "somebody asks to hurry", *_DESK),
    "question_asked": Occasion("申报人提问", "an applicant asks the office", *_DESK),
    "question_answered": Occasion("提问已答复", "a question is answered", *_APPLICANT),
    "case_copied": Occasion("抄送", "a case is pointed out to somebody", *_ONE),
    "deputy_named": Occasion("指定代理人", "a deputy is named", *_ONE),
    "deputy_acts": Occasion("有了代理人", "somebody gets a deputy", *_ONE),
    "deputy_ended": Occasion("代理结束", "a deputyship ends", *_ONE),
    # Lists and places between tiers.
    "slate_arrived": Occasion("推荐名单到达", "a slate arrives", *_ABOVE),
    "slate_recalled": Occasion("推荐名单撤回", "a slate is recalled", *_ABOVE),
    "slate_accepted": Occasion("名单被接收", "a list is accepted", *_UNION),
    "slate_sent_down": Occasion("名单被退回", "names of a list are sent down", *_UNION),
    "first_list_arrived": Occasion("初审名单到达", "a first list arrives", *_ABOVE),
    "first_list_answered": Occasion("初审名单答复", "a first list is answered", *_UNION),
    "cut_off_extended": Occasion("上报截止延长", "a tier's cut-off is extended", *_UNION),
    "confirmation_asked": Occasion(
        "联合名单待确认",
        "a joint list awaits its members",
        "联合会议成员的审核员",
        "reviewers of the joint meeting's members",
    ),
    "places_split": Occasion("分配名额", "places are split to a union below", *_PLACES),
    "places_reclaimed": Occasion("收回名额", "places are taken back", *_PLACES),
    "places_lent": Occasion("借给名额", "places are lent", *_PLACES),
    "places_given_back": Occasion("归还名额", "lent places come back", *_PLACES),
    # Panels.
    "panel_called": Occasion("抽取评审专家", "a panel is drawn", *_JUDGE),
    "cases_assigned": Occasion("分派评分", "cases are assigned", *_JUDGE),
    "recusal_asked": Occasion("申请回避", "a recusal is asked for", *_DESK),
    "recusal_settled": Occasion(
        "回避申请答复", "a request for recusal is answered", "提出申请的人", "who asked for it"
    ),
    "slot_planned": Occasion("排定考察（答辩）时间", "a visit or pitch has its time", *_APPLICANT),
    "meeting_planned": Occasion("排定评审会", "a meeting is planned", "评审组成员", "the members of the panel"),
    # The public notice.
    "objection_received": Occasion("收到异议", "an objection is received", *_RECEIVER),
    "correction_asked": Occasion("收到更正申请", "a correction is asked for", *_RECEIVER),
    "notice_ended": Occasion("公示期满", "a public notice ends", *_RECEIVER),
    # Titles.
    "assessment_due": Occasion("年度考核开始", "a yearly assessment begins", *_HOLDER),
    "single_due": Occasion("验收或重新确认开始", "an acceptance or re-confirmation begins", *_HOLDER),
    "assessment_written_notice": Occasion("逾期未报送材料", "a report is overdue after the reminders", *_HOLDER),
    "decision_due": Occasion("称号提请会议研究", "an overdue title comes before the meeting", *_HOLDER),
    "assessment_graded": Occasion("年度考核评定", "a yearly assessment is graded", *_HOLDER),
    "single_graded": Occasion("验收或重新确认评定", "an acceptance or re-confirmation is graded", *_HOLDER),
    "assessment_classed": Occasion("分级评定", "an assessment is graded by class", *_HOLDER),
    "rectify": Occasion("要求整改", "a title is to be rectified", *_HOLDER),
    "rechecked": Occasion("整改复核", "a rectification is checked", *_HOLDER),
    "revoked": Occasion("撤销称号", "a title is revoked", *_HOLDER),
    "batch_withdrawn": Occasion("整批撤回命名", "a whole naming is withdrawn", *_HOLDER),
    "title_ended": Occasion("称号终止", "a title ends", *_HOLDER),
    "title_expired": Occasion("称号期满", "a title's term is over", *_HOLDER),
    "title_corrected": Occasion("命名决定更正", "a naming decision is corrected", *_HOLDER),
    "departure_reported": Occasion("登记领衔人离任", "a leader's departure is reported", *_HOLDER),
    "departure_late": Occasion("离任报告逾期", "a departure is reported late", *_HOLDER),
    "bar_ended": Occasion("限制期满，可再申报", "a bar is over", *_HOLDER),
    "leader_left": Occasion("领衔人离任", "a leader has left", *_DECIDER),
    "successor_proposed": Occasion("提出接任人选", "a successor is proposed", *_DECIDER),
    "leader_changed": Occasion("更换领衔人", "the leader changes", *_HOLDER),
    "successor_declined": Occasion("接任人选未获同意", "a successor is declined", *_HOLDER),
    "no_successor": Occasion("逾期未提出接任人选", "no successor was proposed in time", *_HOLDER),
    # Subsidies.
    "subsidy_open": Occasion("可以申请补助", "a subsidy may be requested", *_HOLDER),
    "subsidy_requested": Occasion("申请补助", "a subsidy is requested", *_DECIDER),
    "subsidy_approved": Occasion("补助核准", "a subsidy is approved", *_DECIDER),
    "subsidy_returned": Occasion("补助材料退回", "a subsidy's papers are returned", *_HOLDER),
    "subsidy_paid": Occasion("补助拨付", "a subsidy is paid", *_HOLDER),
    "subsidy_reported": Occasion("报告补助使用", "the use of a subsidy is reported", *_DECIDER),
    "subsidy_closed": Occasion("补助办结", "a subsidy is closed", *_HOLDER),
    "subsidy_recovered": Occasion("收回补助", "a subsidy comes back", *_HOLDER),
    "subsidy_cancelled": Occasion("取消补助", "a subsidy is cancelled", *_HOLDER),
    "subsidy_flagged": Occasion("称号撤销后补助待核查", "a title is revoked after it was paid", *_DECIDER),
    "subsidy_account": Occasion("称号终止后报告结余", "a title ends with money unspent", *_HOLDER),
    # Reminders and rounds.
    "deadline_before": Occasion("期限临近", "a deadline is near", *_OWNER),
    "deadline_at": Occasion("期限已到", "a deadline has arrived", *_OWNER),
    "deadline_overdue": Occasion("已逾期", "a deadline has passed", *_OWNER),
    "deadline_escalated": Occasion("下级逾期", "an office below is overdue", *_ABOVE),
    "deadline_postponed": Occasion("期限顺延", "a deadline is postponed", *_OWNER),
    "date_recounted": Occasion("日历更新后期限重算", "an official calendar changes a date", *_OWNER),
    "round_opened": Occasion("批次开始", "a round opens", *_OFFICE),
    "round_closing": Occasion("批次截止", "a round closes", *_OFFICE),
    # The house.
    "account_opened": Occasion("开通账号", "an account is opened", *_SELF),
    "invited": Occasion("开通账号，尚无密码", "an account is opened without a password", *_SELF),
    "password_reset": Occasion("申请重设密码", "a new password is asked for", *_SELF),
    "password_changed": Occasion("密码修改", "a password is changed", *_SELF),
    "register_confirm": Occasion("自行注册", "somebody registers", "填写的邮箱", "the address typed"),
    "register_known": Occasion("用已有账号的邮箱注册", "an address that is known registers", *_SELF),
    "seat_asked": Occasion(
        "申请任职", "a seat is asked for", "单位或上级工会管理员", "administrators of the unit or above"
    ),
    "seat_granted": Occasion("同意任职申请", "a seat is granted", *_SELF),
    "seat_refused": Occasion("不同意任职申请", "a seat is refused", *_SELF),
    "identity_linked": Occasion("关联统一认证", "an identity is linked", *_SELF),
    "address_changed": Occasion("收信地址更改", "an address is changed", *_SELF),
    "digest": Occasion("每日汇总", "the daily digest", "选择每日汇总的人", "who chose the digest"),
    "digest_action": Occasion("同时有多项提醒", "many reminders wait for one person", "被提醒的人", "who is reminded"),
    "examination_given_up": Occasion(
        "体检多次没有完成", "an examination breaks off again and again and is given up", *_KEEPERS
    ),
    "doctor_found": Occasion("夜间自检发现问题", "the nightly examination finds something", *_KEEPERS),
    "clock_alarm": Occasion("自动办理停顿", "the clocks stand still", *_KEEPERS),
    "set_aside": Occasion("自动办理搁置一项", "the clocks set something aside", *_KEEPERS),
    "wording_failed": Occasion("自拟文本无法套用", "own words cannot be filled in", "拟写人", "who wrote them"),
}
# Messages that hold letters, and are none themselves: they leave in our words.
NOT_WORDED = frozenset({"digest", "digest_action"})
