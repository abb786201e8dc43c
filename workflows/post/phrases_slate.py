"""What the letters about places between unions, and about lists sent down and accepted, say."""

from functools import partial

from models.vocabulary import LetterKind
from workflows.post.phrases import Template

_ACTION = partial(Template, LetterKind.ACTION)
_INFORM = partial(Template, LetterKind.INFORMATION)

SLATE_LETTERS: dict[str, Template] = {
    "places_split": _INFORM(
        ("收到分配的名额", "{{ organization }}向本级分配名额{{ count }}个。说明：{{ reason }}"),
        ("Places were split to you", "{{ organization }} has passed {{ count }} places on to you. Words: {{ reason }}"),
    ),
    "places_reclaimed": _INFORM(
        ("名额被收回", "{{ organization }}收回本级未用的名额{{ count }}个。理由：{{ reason }}"),
        ("Places were taken back", "{{ organization }} has taken back {{ count }} unused places. Reason: {{ reason }}"),
    ),
    "places_lent": _INFORM(
        ("收到借给的名额", "{{ organization }}借给本级名额{{ count }}个，用不完请归还。理由：{{ reason }}"),
        (
            "Places were lent to you",
            "{{ organization }} has lent you {{ count }} places. Give back what is left. {{ reason }}",
        ),
    ),
    "places_given_back": _INFORM(
        ("借用的名额已归还", "{{ organization }}归还名额{{ count }}个，已记入双方账目。"),
        ("Lent places were given back", "{{ organization }} gave back {{ count }} places; both ledgers say so."),
    ),
    "slate_sent_down": _ACTION(
        (
            "名单被退回，请办理",
            "{{ organization }}退回本级上报的名单中的{{ count }}项，请更正后补报或另行处理。理由：{{ reason }}",
        ),
        (
            "A list was sent down to you",
            (
                "{{ organization }} has sent down {{ count }} names of your list. Correct them and list them again. "
                "{{ reason }}"
            ),
        ),
    ),
    "slate_accepted": _INFORM(
        ("名单已接收", "{{ organization }}已接收本级上报的名单。意见：{{ reason }}"),
        ("Your list was accepted", "{{ organization }} has accepted your list. Words: {{ reason }}"),
    ),
    "sent_down": _INFORM(
        ("申报退回推荐单位", "上级工会已将申报退回推荐单位重新办理，目前无需操作。原因：{{ reason }}"),
        (
            "Application sent back to the recommending union",
            (
                "The union above sent your application back to the one that recommended it. You need do nothing. "
                "{{ reason }}"
            ),
        ),
    ),
}
