"""What each letter says, in Chinese and in English; `{{ name }}` stands for a param of the letter."""

from functools import partial
from typing import NamedTuple

from models.vocabulary import LetterKind


class Template(NamedTuple):
    """A subject and a body in each language, and whether the letter asks for something."""

    kind: LetterKind
    zh: tuple[str, str]
    en: tuple[str, str]


_ACTION = partial(Template, LetterKind.ACTION)
_INFORM = partial(Template, LetterKind.INFORMATION)

TEMPLATES: dict[str, Template] = {
    "doctor_found": _ACTION(
        ("系统自检发现问题", "夜间自检发现{{ count }}处问题：{{ names }}。请在服务器上运行 shenbao doctor 查看明细。"),
        (
            "The nightly examination found something",
            "{{ count }} violations were found at night: {{ names }}. Please run shenbao doctor on the server.",
        ),
    ),
    "examination_given_up": _ACTION(
        (
            "系统体检没有完成",
            (
                "体检试了{{ count }}次都没有完成，已经放弃，记录是否完整目前不得而知。"
                "原因见服务器数据文件夹中logs下的日志，排除后请在“办理记录”页面重新体检。"
            ),
        ),
        (
            "An examination was given up",
            (
                "The examination never came to its end in {{ count }} tries and was given up, so nobody knows whether "
                "the journal is whole. The logs in the data folder tell why; once that is mended, please have it made "
                "again on the page Journal."
            ),
        ),
    ),
    "submitted": _INFORM(
        ("申报已提交", "申报已提交并进入审核。审核意见应于{{ due_at }}前作出，进展将另行告知。"),
        (
            "Application submitted",
            "Your application was submitted and is being reviewed. An answer is due by {{ due_at }}.",
        ),
    ),
    "arrived": _ACTION(
        ("有新的申报待审核", "收到{{ organization }}报送的申报，请于{{ due_at }}前审核。"),
        (
            "An application awaits your review",
            "An application from {{ organization }} has arrived. Please review it by {{ due_at }}.",
        ),
    ),
    "checked": _INFORM(
        ("申报材料审核通过", "申报材料已审核通过，等待推荐排序。"),
        (
            "Application checked",
            "Your application was checked and found in order. It now awaits ranking.",
        ),
    ),
    "returned": _ACTION(
        (
            "申报被退回，请补正",
            "申报材料需要补正，请于{{ due_at }}前修改并重新提交。需补正的内容：{{ faults }}",
        ),
        (
            "Application returned for correction",
            "Please correct your application and submit it again by {{ due_at }}. To correct: {{ faults }}",
        ),
    ),
    "resubmitted": _ACTION(
        ("补正后的申报待审核", "申报单位已补正并重新提交，请审核。"),
        (
            "A corrected application awaits your review",
            "The application was corrected and submitted again. Please review it.",
        ),
    ),
    "refused": _INFORM(
        ("申报未通过审核", "申报未通过审核。理由：{{ reason }}"),
        ("Application refused", "Your application was refused. Reason: {{ reason }}"),
    ),
    "lapsed": _INFORM(
        ("申报已逾期失效", "申报因逾期已失效。原因：{{ reason }}"),
        (
            "Application lapsed",
            "Your application has lapsed because a time limit passed. Reason: {{ reason }}",
        ),
    ),
    "withdrawn": _INFORM(
        ("申报已撤回", "申报单位已撤回申报，无需再办理。"),
        (
            "Application withdrawn",
            "The applicant has withdrawn the application. Nothing more is to be done.",
        ),
    ),
    "announced": _INFORM(
        (
            "比赛成绩已公布（暂定）",
            "成绩：{{ score }}，名次：第{{ rank }}名。成绩为暂定，如有异议，请于{{ due_at }}前书面提出申诉。",
        ),
        (
            "Contest scores announced (provisional)",
            (
                "Score: {{ score }}, rank: {{ rank }}. They are provisional: an appeal must be filed in writing by "
                "{{ due_at }}."
            ),
        ),
    ),
    "appeal_filed": _ACTION(
        ("有比赛申诉待裁决", "参赛单位对公布的成绩提出申诉，请尽快裁决。"),
        (
            "An appeal awaits a ruling",
            "A competitor has appealed against the scores. Please rule on it soon.",
        ),
    ),
    "appeal_ruled": _INFORM(
        ("申诉裁决结果", "申诉已裁决：{{ outcome }}。理由：{{ reason }}"),
        ("Ruling on the appeal", "The appeal was ruled on: {{ outcome }}. Reason: {{ reason }}"),
    ),
    "recommended": _INFORM(
        ("申报已获推荐", "{{ organization }}已推荐该申报，下一步由{{ next }}审核。"),
        (
            "Application recommended",
            "{{ organization }} has recommended your application. Next it goes to {{ next }}.",
        ),
    ),
    "reserve": _INFORM(
        (
            "申报列入备选",
            "{{ organization }}已将该申报列为备选；如有名额空出，将按顺序递补，届时另行告知。",
        ),
        (
            "Application placed in reserve",
            "{{ organization }} placed your application in reserve. You will be told if it moves up.",
        ),
    ),
    "promoted": _INFORM(
        ("备选申报已递补", "该申报已由备选递补为正式推荐。"),
        (
            "Application moved up from the reserve",
            "Your application has moved up from the reserve and is now recommended.",
        ),
    ),
    "slate_arrived": _ACTION(
        (
            "有新的推荐名单待办理",
            "收到{{ organization }}报送的推荐名单，共{{ count }}项，请于{{ due_at }}前办理。",
        ),
        (
            "A slate awaits you",
            "{{ organization }} has sent up a slate of {{ count }}. Please act on it by {{ due_at }}.",
        ),
    ),
    "slate_recalled": _INFORM(
        ("推荐名单已撤回", "{{ organization }}已撤回推荐名单，无需再办理。原因：{{ reason }}"),
        (
            "Slate recalled",
            "{{ organization }} has recalled its slate. Nothing more is to be done. Reason: {{ reason }}",
        ),
    ),
    "noticed": _INFORM(
        ("申报进入公示", "该申报已列入公示，公示期为{{ first_on }}至{{ last_on }}。"),
        (
            "Application in public notice",
            "Your application is in public notice from {{ first_on }} to {{ last_on }}.",
        ),
    ),
    "contested": _INFORM(
        (
            "公示情况核实通知",
            "公示期间收到有关反映，现按程序核实，其间该申报暂缓办理。结果将另行告知。",
        ),
        (
            "Public notice: facts under verification",
            "A matter raised in the notice is being verified. Your application is paused for now.",
        ),
    ),
    "objection_received": _ACTION(
        ("有异议待核查", "公示期间收到异议，请核查并于{{ answer_due_at }}前报告核查结果。"),
        (
            "An objection awaits investigation",
            "An objection was received. Please investigate it and report back by {{ answer_due_at }}.",
        ),
    ),
    "correction_asked": _ACTION(
        ("有更正申请待核对", "公示期间有人指出名单中的错字，请核对后更正或答复。"),
        (
            "A correction was asked for",
            "Somebody points at a typing error in the notice. Please check it, and put it right or answer.",
        ),
    ),
    "objection_settled": _INFORM(
        ("公示情况核实完毕", "公示期间反映的情况已核实完毕，结论：{{ outcome }}。该申报继续办理。"),
        (
            "Public notice: verification finished",
            "The matter raised in the notice is settled: {{ outcome }}. Your application goes on.",
        ),
    ),
    "struck": _INFORM(
        ("申报不再列入推荐", "经按程序核查，该申报不再列入本批次推荐名单。"),
        (
            "Application struck from the list",
            "After investigation, your application was struck from this round's list.",
        ),
    ),
    "named": _INFORM(
        ("命名通知", "经研究决定予以命名，称号编号为{{ number }}，依据文件为{{ decision }}。"),
        ("Named", "The title was conferred by decision {{ decision }}. Its number is {{ number }}."),
    ),
    "not_selected": _INFORM(
        ("申报未入选", "该申报未入选本批次命名名单。原因：{{ reason }}。感谢参与，欢迎下一批次继续申报。"),
        (
            "Application not selected",
            "Your application was not selected in this round. Reason: {{ reason }}. You are welcome in the next one.",
        ),
    ),
    "notice_ended": _ACTION(
        ("公示期满，请办理命名", "公示“{{ notice }}”已期满，请按程序办理后续命名事宜。"),
        (
            "A public notice has ended",
            "The public notice “{{ notice }}” has ended. Please proceed to the decision.",
        ),
    ),
    "round_opened": _INFORM(
        ("批次开始申报", "本批次已开始受理申报，请在截止时间前提交。"),
        (
            "A round has opened",
            "Applications are now accepted. Please submit before the round closes.",
        ),
    ),
    "round_closing": _INFORM(
        ("批次申报即将截止", "本批次申报即将截止，逾期不再受理。"),
        (
            "A round is about to close",
            "The round closes soon. Later applications cannot be accepted.",
        ),
    ),
    "assessment_due": _ACTION(
        ("请报送年度考核材料", "请于{{ due_at }}前报送{{ year }}年度考核材料。"),
        (
            "Yearly assessment: report due",
            "Please hand in the report for the {{ year }} assessment by {{ due_at }}.",
        ),
    ),
    "assessment_written_notice": _ACTION(
        (
            "逾期未报送书面告知",
            "{{ year }}年“{{ what }}”已逾期，现书面告知，请立即报送；仍不报送的，该称号将提请会议研究。",
        ),
        (
            "A report is overdue: written notice",
            (
                "“{{ what }}” ({{ year }}) is overdue. Please hand it in now; without it the title comes before the "
                "meeting."
            ),
        ),
    ),
    "assessment_graded": _INFORM(
        ("年度考核结果", "{{ year }}年度考核结果：{{ grade }}。"),
        ("Yearly assessment: result", "The result of the {{ year }} assessment: {{ grade }}."),
    ),
    "rectify": _ACTION(
        ("请限期整改", "考核要求整改，请于{{ due_at }}前完成整改并报送复核材料。"),
        (
            "Rectification required",
            "The assessment requires rectification. Please finish it and report by {{ due_at }}.",
        ),
    ),
    "rechecked": _INFORM(
        ("整改复核结果", "整改复核结果：{{ grade }}。"),
        ("Re-check: result", "The result of the re-check: {{ grade }}."),
    ),
    "revoked": _INFORM(
        ("称号已撤销", "经研究决定撤销称号，依据文件为{{ decision }}。理由：{{ reason }}"),
        ("Title revoked", "The title was revoked by decision {{ decision }}. Reason: {{ reason }}"),
    ),
    "title_ended": _INFORM(
        ("称号已终止", "该称号已终止。原因：{{ reason }}"),
        ("Title ended", "The title has ended. Reason: {{ reason }}"),
    ),
    "account_opened": _INFORM(
        ("账号已开通", "申报系统账号已开通，登录邮箱为{{ email }}。"),
        ("Account opened", "Your account was opened. Sign in with {{ email }}."),
    ),
}
