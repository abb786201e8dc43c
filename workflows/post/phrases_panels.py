"""What the letters about panels, recusals and meetings say. Nobody outside learns who judges."""

from functools import partial

from models.vocabulary import LetterKind
from workflows.post.phrases import Template

_ACTION = partial(Template, LetterKind.ACTION)
_INFORM = partial(Template, LetterKind.INFORMATION)

PANEL_LETTERS: dict[str, Template] = {
    "panel_called": _ACTION(
        (
            "您被抽为评审专家，请签署承诺书",
            "您被抽为{{ organization }}的评审专家，请登录签署承诺书。名单在批次结束前保密。",
        ),
        (
            "You were drawn as a judge: please accept the undertaking",
            "You were drawn as a judge for {{ organization }}. Please accept the undertaking; who judges is secret.",
        ),
    ),
    "cases_assigned": _ACTION(
        ("有新的申报待评分", "{{ organization }}的申报已分派给您，请登录查看并评分。"),
        ("Cases await your scores", "Cases of {{ organization }} were assigned to you. Please sign in and score them."),
    ),
    "recusal_asked": _ACTION(
        ("有回避申请待答复", "申报单位就申报{{ receipt }}申请有关人员回避，请答复并说明理由。"),
        (
            "A request for recusal awaits your answer",
            "The unit of application {{ receipt }} asks that somebody stand back. Please answer, with your reason.",
        ),
    ),
    "recusal_settled": _INFORM(
        ("回避申请已答复", "关于申报{{ receipt }}的回避申请已答复：{{ reason }}"),
        ("Your request for recusal was answered", "On your request about application {{ receipt }}: {{ reason }}"),
    ),
    "slot_planned": _ACTION(
        (
            "现场考察（答辩）时间已定",
            "申报{{ receipt }}由{{ organization }}安排在{{ starts_at }}，共{{ minutes }}分钟。顺序由抽签决定。",
        ),
        (
            "Your visit or pitch has its time",
            (
                "{{ organization }} hears application {{ receipt }} at {{ starts_at }}, {{ minutes }} minutes; the "
                "order was drawn by lot."
            ),
        ),
    ),
    "meeting_planned": _INFORM(
        ("评审会时间已定", "{{ organization }}的评审会于{{ starts_at }}开始，共{{ count }}项。"),
        ("A meeting of your panel is planned", "{{ organization }} hears {{ count }} cases from {{ starts_at }} on."),
    ),
}
