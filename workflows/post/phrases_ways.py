"""What a letter says about where letters go."""

from functools import partial

from models.vocabulary import LetterKind
from workflows.post.phrases import Template

_INFORM = partial(Template, LetterKind.INFORMATION)

WAY_LETTERS: dict[str, Template] = {
    "address_changed": _INFORM(
        ("邮箱已更改", "管理员已将您的邮箱改为{{ email }}，今后请用它登录；此前没有送达的信件将重新寄来。"),
        (
            "Address changed",
            (
                "An administrator changed your address to {{ email }}. Please sign in with it from now on; letters "
                "that did not arrive are sent again."
            ),
        ),
    ),
}
