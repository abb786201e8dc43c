"""What a message says that holds several letters."""

from functools import partial

from models.vocabulary import LetterKind
from workflows.post.phrases import Template

_ACTION = partial(Template, LetterKind.ACTION)
_INFORM = partial(Template, LetterKind.INFORMATION)

DIGEST_LETTERS: dict[str, Template] = {
    "digest": _INFORM(
        ("每日汇总：共{{ count }}项", "以下{{ count }}项供您知悉，无需办理：{{ items }}"),
        ("Daily digest: {{ count }} letters", "For your information, {{ count }} letters:{{ items }}"),
    ),
    "digest_action": _ACTION(
        ("共{{ count }}项办理提醒", "以下{{ count }}项到期或将到期，请逐项办理：{{ items }}"),
        ("{{ count }} reminders", "{{ count }} things are due or will be soon. Please act on each:{{ items }}"),
    ),
}
