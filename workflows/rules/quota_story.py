"""A union's ledger told line by line: who moved how many places, when, why, and what stood then."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from models.text import label
from models.vocabulary import Act, Bucket
from models.writing import moment

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime


class Line(NamedTuple):
    """One line of the ledger as it was kept; `own` False: the line of a union below that got it from here.

    `other`: the union on the other side of a split or a loan; `receipt`: the application it was for.
    """

    at: datetime
    who: str | None
    act: Act
    source: Bucket
    target: Bucket
    n: int
    own: bool
    other: str | None
    receipt: str | None
    why: str | None


class Told(NamedTuple):
    """A line in words, and the union's places right after it; `left` counts without regard to the kind."""

    at: datetime
    zh: str
    en: str
    places: int
    reserved: int
    used: int
    left: int
    allotted: int


_FLOWS: dict[tuple[Bucket, Bucket], tuple[str, str]] = {
    (Bucket.ISSUER, Bucket.AVAILABLE): ("下达{n}个", "{n} issued"),
    (Bucket.AVAILABLE, Bucket.ISSUER): ("核减{n}个", "{n} taken off"),
    (Bucket.AVAILABLE, Bucket.RESERVED): ("占用{n}个", "{n} held"),
    (Bucket.AVAILABLE, Bucket.USED): ("使用{n}个", "{n} used"),
    (Bucket.RESERVED, Bucket.USED): ("占用转为已用{n}个", "{n} held became used"),
    (Bucket.RESERVED, Bucket.AVAILABLE): ("退回占用的{n}个", "{n} held given back"),
    (Bucket.USED, Bucket.AVAILABLE): ("退回已用的{n}个", "{n} used given back"),
}
_IN, _OUT = Bucket.AVAILABLE, Bucket.ISSUER
# What passes between unions says with whom: by the act, where it went, and whose line it is.
_BETWEEN: dict[tuple[Act, Bucket, bool], tuple[str, str]] = {
    (Act.SPLIT, _IN, True): ("{other}分配来{n}个", "{n} split to it by {other}"),
    (Act.SPLIT, _IN, False): ("向{other}分配{n}个", "{n} split to {other}"),
    (Act.RECLAIM, _OUT, True): ("被{other}收回{n}个", "{n} taken back by {other}"),
    (Act.RECLAIM, _OUT, False): ("从{other}收回{n}个", "{n} taken back from {other}"),
    (Act.LEND, _IN, True): ("向{other}借入{n}个", "{n} borrowed from {other}"),
    (Act.LEND, _OUT, True): ("借给{other}{n}个", "{n} lent to {other}"),
    (Act.GIVE_BACK, _IN, True): ("{other}归还{n}个", "{n} given back by {other}"),
    (Act.GIVE_BACK, _OUT, True): ("归还{other}{n}个", "{n} given back to {other}"),
}
_LINE = (
    "{at}，{who}：{what}{about}{why}。余额：共{places}个，已用{used}，占用{held}，剩余{left}{split}。",
    "{at}, {who}: {what}{about}{why}. Now {places} in all: {used} used, {held} held, {left} left{split}.",
)
_ACT = ("（{act}）", " ({act})")
_ABOUT = ("，{receipt}", ", {receipt}")
_WHY = ("，事由：{why}", ", because: {why}")
_SPLIT = ("，已分配{n}", ", {n} split")
_TONGUES = ("zh", "en")
_NOBODY = ("系统", "the system")


def story(lines: Iterable[Line]) -> list[Told]:
    """Every line in the order of the ledger with the running balance; moments in Beijing time."""
    balance = dict.fromkeys(Bucket, 0)
    allotted, told = 0, []
    for line in lines:
        if line.own:
            balance[line.source] -= line.n
            balance[line.target] += line.n
        else:
            allotted += line.n if line.act is Act.SPLIT else -line.n
        left, held, used = (balance[b] for b in (Bucket.AVAILABLE, Bucket.RESERVED, Bucket.USED))
        numbers = {"places": left + held + used, "held": held, "used": used, "left": left}
        zh, en = (_said(line, numbers, allotted, tongue) for tongue in (0, 1))
        told.append(Told(line.at, zh, en, left + held + used, held, used, left, allotted))
    return told


def _said(line: Line, numbers: dict[str, int], allotted: int, tongue: int) -> str:
    between = _BETWEEN.get((line.act, line.target, line.own))
    what = (between or _FLOWS[line.source, line.target])[tongue].format(n=line.n, other=line.other or "-")
    if between is None and line.act is not Act.ISSUE:
        what += _ACT[tongue].format(act=label(line.act, _TONGUES[tongue]))
    return _LINE[tongue].format(
        at=moment(line.at, _TONGUES[tongue]), who=line.who or _NOBODY[tongue], what=what, **numbers,
        about=_ABOUT[tongue].format(receipt=line.receipt) if line.receipt else "",
        why=_WHY[tongue].format(why=line.why) if line.why else "",
        split=_SPLIT[tongue].format(n=allotted) if allotted else "",
    )  # fmt: skip
