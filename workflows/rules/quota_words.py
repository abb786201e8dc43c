"""How a union's places came about and where they went, in Chinese and in English."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from models.text import label
from models.vocabulary import Act, Bucket

if TYPE_CHECKING:
    from collections.abc import Iterable

    from models.round import Quota
    from workflows.rules.allotment import Share


class Flow(NamedTuple):
    """How many places of a quota one kind of act moved from one bucket to another."""

    quota_id: str
    source: Bucket
    target: Bucket
    act: Act
    n: int


class Told(NamedTuple):
    """What became of a union's places in one pool: the numbers, and the lines that explain them.

    Held and used are what stands now; `returned` is all that was ever given back.
    """

    pool: str
    issued: int
    held: int
    used: int
    left: int | None
    returned: int
    zh: list[str]
    en: list[str]


_BACK = (Bucket.RESERVED, Bucket.USED)
_FLOWS: dict[tuple[Bucket, Bucket], tuple[str, str]] = {
    (Bucket.ISSUER, Bucket.AVAILABLE): ("下达{n}个", "{n} issued"),
    (Bucket.AVAILABLE, Bucket.ISSUER): ("收回{n}个", "{n} taken back"),
    (Bucket.AVAILABLE, Bucket.RESERVED): ("占用{n}个（{act}）", "{n} held ({act})"),
    (Bucket.AVAILABLE, Bucket.USED): ("使用{n}个（{act}）", "{n} used ({act})"),
    (Bucket.RESERVED, Bucket.USED): ("占用转为已用{n}个（{act}）", "{n} held became used ({act})"),
    (Bucket.RESERVED, Bucket.AVAILABLE): ("退回占用的{n}个（{act}）", "{n} held given back ({act})"),
    (Bucket.USED, Bucket.AVAILABLE): ("退回已用的{n}个（{act}）", "{n} used given back ({act})"),
}
_TOTAL = (
    "共{places}个：已用{used}个，占用{held}个，剩余{left}个",
    "{places} in all: {used} used, {held} held, {left} left",
)
_TOTAL_FREE = ("不限名额：已用{used}个，占用{held}个", "No limit: {used} used, {held} held")
_PART = ("{label}{number}/{total}×{percent}%", "{label} {number}/{total} × {percent}%")
_SHARE = (
    "{parts}，应得{exact}个：整数{whole}个，余数{remainder}{up}，共{places}个",
    "{parts}: {exact} of {all}; {whole} whole, remainder {remainder}{up}: {places} in all",
)
_UP = (("", "，余数居前，加1个"), ("", ", among the largest, so one more"))
_JOIN = ("＋", " + ")


def told(quota: Quota, flows: Iterable[Flow]) -> Told:
    """A union's ledger in one pool: each kind of movement in a line, and what stands now."""
    own = [flow for flow in flows if flow.quota_id == quota.id]
    issued = sum(flow.n * ((flow.target == "available") - (flow.source == "available"))
                 for flow in own if "issuer" in (flow.source, flow.target))  # fmt: skip
    returned = sum(flow.n for flow in own if flow.source in _BACK and flow.target == "available")
    left = None if quota.kind == "free" else quota.places - quota.reserved - quota.used
    lines = [[_flow(flow, tongue) for flow in own] + [_total(quota, left, tongue)] for tongue in (0, 1)]
    return Told(quota.pool, issued, quota.reserved, quota.used, left, returned, *lines)


def derivation(share: Share, places: int) -> tuple[str, str]:
    """How a union's places follow from its numbers, in both languages."""
    said = []
    for tongue, language in enumerate(("zh", "en")):
        parts = _JOIN[tongue].join(
            _PART[tongue].format(**{**part._asdict(), "label": part.label[language]}) for part in share.parts
        )
        said.append(_SHARE[tongue].format(
            parts=parts, exact=share.exact, whole=share.whole, remainder=share.remainder, places=share.places,
            up=_UP[tongue][share.rounded_up], all=places,
        ))  # fmt: skip
    return said[0], said[1]


def _flow(flow: Flow, tongue: int) -> str:
    said = _FLOWS[flow.source, flow.target][tongue]
    return said.format(n=flow.n, act=label(flow.act, ("zh", "en")[tongue]))


def _total(quota: Quota, left: int | None, tongue: int) -> str:
    said = (_TOTAL if left is not None else _TOTAL_FREE)[tongue]
    return said.format(places=quota.places, used=quota.used, held=quota.reserved, left=left)
