"""What is said when a person's place, somebody else's act or a rule of filing stands in the way.

A pair is Chinese, the source, and English. `{name}` stands for a detail, `{name:Kind}` says how to
read it; `[...]` is left out when a detail in it is missing. `SENTENCES` holds every code.
"""

from collections.abc import Mapping

from models.labels import Pair
from models.sentences_access import ACCESS
from models.sentences_api import APIS
from models.sentences_backup import BACKUPS
from models.sentences_bulk import BULKS
from models.sentences_deadlines import DEADLINES
from models.sentences_docket import DOCKET
from models.sentences_form import FORMS
from models.sentences_import import IMPORTS
from models.sentences_input import INPUT
from models.sentences_ledger import LEDGERS
from models.sentences_merit import MERITS
from models.sentences_money import MONEY
from models.sentences_office import OFFICES
from models.sentences_panels import PANELS
from models.sentences_papers import PAPERS
from models.sentences_path import PATHS
from models.sentences_post import POST
from models.sentences_quota import QUOTAS
from models.sentences_rehearsal import REHEARSALS
from models.sentences_scores import SCORES
from models.sentences_search import SEARCHES
from models.sentences_slate import SLATES
from models.sentences_system import SYSTEM
from models.sentences_titles import TITLES
from models.sentences_ways import WAYS
from models.sentences_wording import WORDINGS

ACTS: Mapping[str, Pair] = {
    # Who may.
    "signed_out": (
        "您还没有登录，或登录已过期。请登录后再操作。",
        "You are not signed in, or your session has ended. Please sign in.",
    ),
    "wrong_credentials": (
        "邮箱或密码不正确，请核对后重试。",
        "The email or the password is not right. Please try again.",
    ),
    "too_many_tries": (
        "尝试次数过多，请在{seconds}秒后再试。",
        "Too many tries. Please try again in {seconds} seconds.",
    ),
    "unknown_account": (
        "没有这个账号，或账号已停用。请联系管理员。",
        "There is no such account, or it is disabled. Please ask an administrator.",
    ),
    "not_found": (
        "没有找到所要的内容[：{thing}][“{given}”]，或您无权查看。请核对后重试。",
        "This could not be found[: {thing}][ “{given}”], or is not yours to see. Please check.",
    ),
    "not_yours": (
        "只有申报人或本单位的申报员可以这样做。",
        "Only the applicant or a clerk of the applying unit may do this.",
    ),
    "not_your_desk": (
        "[“{act}”]这一步不由您办理，请由负责单位的相应人员办理。",
        "This step[ (“{act}”)] belongs to the responsible union. Its people can take it.",
    ),
    "own_case": (
        "涉及本人或本单位的申报，您应当回避，请由其他人员办理。",
        "This concerns you or your own unit. Please let somebody else take this step.",
    ),
    "not_in_review": (
        "这份申报目前不在审核环节，暂时无需审核。",
        "This application is not under review now, so there is nothing to review.",
    ),
    "not_by_hand": (
        "这一步由推荐名单或系统统一办理，不能对单个申报单独操作。",
        "This step happens through the slate or by itself, not on a single application.",
    ),
    "examined_lately": (
        "刚刚体检过，结果见本页；{minutes}分钟后可以再次体检。",
        "It was examined a moment ago; see what was found. It can be asked for again after {minutes} minutes.",
    ),
    "not_administrator": (
        "只有[该工会（{organization}）的]管理员可以这样做，请联系管理员。",
        "Only an administrator[ of {organization}] may do this. Please ask one.",
    ),
    "not_keeper": (
        "体检读取整个系统的记录，由省级和全国总工会的管理员要求和查看。",
        (
            "An examination reads the whole installation: administrators of a province or the nation "
            "ask for it and see it."
        ),
    ),
    # What came in between.
    "stale": (
        "这份{thing}在您查看之后已有变化[：{who}于{at}进行了“{act}”]。请刷新后再办理。",
        ("This {thing} changed after you looked at it[: “{act}” by {who} on {at}]. Please refresh and look again."),
    ),
    "illegal_move": (
        "这份{thing}现为“{state}”，不能进行“{act}”。请刷新，查看现在可以办理的事项。",
        "This {thing} is now “{state}”, so “{act}” is not possible. Refresh to see what is.",
    ),
    "moved_meanwhile": (
        "{thing}刚刚发生了变化，请刷新后重试。",
        "The {thing} has just changed. Please refresh and try again.",
    ),
    "duplicate": (
        "同样的内容已经有了，不能重复登记。请刷新后查看。",
        "The same is already recorded. Please refresh and look.",
    ),
    # Filing.
    "round_not_open_yet": (
        "本批次尚未开始申报，申报时间为{opens_at}至{closes_at}。",
        "This round is not open yet. It takes applications from {opens_at} to {closes_at}.",
    ),
    "round_closed": (
        "本批次申报已于{closes_at}截止，请关注下一批次。",
        "This round closed on {closes_at}. Please watch for the next one.",
    ),
    "field_not_open": (
        "“{field}”不在本次补正范围内，可以修改的有：{open:fields}。",
        "“{field}” is not among the fields to correct. You can change: {open:fields}.",
    ),
    "correction_over": (
        "补正期限（{due_at}）已过，不能再提交。如有疑问，请联系退回的工会。",
        "The time for corrections ended on {due_at}. Please ask the union that returned it.",
    ),
    "not_eligible": ("目前不符合申报条件：", "The conditions are not met yet:"),
    "leader_twice": (
        ("领衔人{leader}在本批次已有申报[（受理编号{other}）]，一人只能申报一项。请更换领衔人，或先撤回另一项。"),
        (
            "{leader} already leads an application in this round[ ({other})], and nobody may lead two. "
            "Choose another leader, or withdraw the other one first."
        ),
    ),
    "other_line": (
        ("领衔人{leader}已通过“{line}”申报（受理编号{other}），不能再走另一渠道。如要改换渠道，请先撤回原申报。"),
        (
            "{leader} has already applied {line} ({other}), so the other line is closed. "
            "To change, withdraw that application first."
        ),
    ),
    "no_line": (
        "本单位不能走“{line}”这一渠道，请改选另一渠道，或先登记所属产业工会。",
        "This unit cannot apply {line}. Choose the other line, or register its industry union.",
    ),
    "no_route": (
        "找不到本单位（{organization}）的上级工会，无法逐级推荐。请联系管理员补登上级工会。",
        "No union above this unit ({organization}) could be found. Ask an administrator to add it.",
    ),
    # Reviewing.
    "checked_already": (
        "申报{receipt}已经审核通过，无需重复审核。",
        "Application {receipt} has already been checked. Nothing more is needed.",
    ),
    "same_fault_again": (
        "“{field}”此前已退回过一次，再次退回须填写审核意见说明原因。",
        "“{field}” was returned once before. To return it again, write an opinion that says why.",
    ),
    "on_sealed_slate": (
        "这份申报所在的推荐名单现为“{state:SlateState}”。请先撤回推荐名单，再办理。",
        "This application stands on a slate that is “{state:SlateState}”. Recall the slate first.",
    ),
}

PARTS = (
    SEARCHES, BACKUPS, BULKS, ACTS, SLATES, INPUT, PATHS, SYSTEM, REHEARSALS, QUOTAS, IMPORTS, MONEY, MERITS, TITLES,
    OFFICES, FORMS, LEDGERS, PANELS, PAPERS, DOCKET, SCORES, APIS, POST, WORDINGS, WAYS, DEADLINES, ACCESS,
)  # fmt: skip
SENTENCES: Mapping[str, Pair] = {code: pair for part in PARTS for code, pair in part.items()}
