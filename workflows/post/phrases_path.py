"""What the letters about cut-offs, first lists and joint decisions say."""

from functools import partial

from models.vocabulary import LetterKind
from workflows.post.phrases import Template

_ACTION = partial(Template, LetterKind.ACTION)
_INFORM = partial(Template, LetterKind.INFORMATION)

PATH_LETTERS: dict[str, Template] = {
    "cut_off_extended": _INFORM(
        ("上报截止时间已延长", "本级的上报截止时间延长至{{ due_at }}。理由：{{ reason }}"),
        ("Your cut-off was extended", "Your list may be sent up until {{ due_at }}. Reason: {{ reason }}"),
    ),
    "confirmation_asked": _ACTION(
        ("联合审定名单请确认", "{{ organization }}的名单已经拟定，请核对并确认；名单如有变动，须重新确认。"),
        (
            "A joint list awaits your confirmation",
            "The list of {{ organization }} is drawn up. Please look at it and confirm it; if it changes, do so again.",
        ),
    ),
    "first_list_arrived": _ACTION(
        ("有初审名单待答复", "收到{{ organization }}报送的初审名单，共{{ count }}项，请逐项答复。"),
        (
            "A first list awaits your answer",
            "{{ organization }} has handed in a first list of {{ count }}. Please answer each name.",
        ),
    ),
    "first_list_answered": _INFORM(
        ("初审名单已答复", "初审名单已答复，通过{{ count }}项。正式名单只能列入通过的申报。"),
        (
            "Your first list was answered",
            "Names cleared on your first list: {{ count }}. Only these may stand on the formal list.",
        ),
    ),
}
