"""The figures of an office as lists to take home, with the same numbers as the page shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from models.vocabulary import Rung
from workflows.queries import figures
from workflows.rules.cells import Column, Listing, text, when, word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.database import Store
    from workflows.queries.figures import Done, Stage, Used, Wait
    from workflows.record.acting import Actor

# What each stage of the funnel is called, in a few words that fit beside a bar.
STAGES: dict[str, tuple[str, str]] = {
    "applied": ("已申报", "Handed in"),
    Rung.ENTERPRISE: ("到达企业", "Reached the enterprise"),
    Rung.TOWNSHIP: ("到达乡镇", "Reached the township"),
    Rung.COUNTY: ("到达县级", "Reached the county"),
    Rung.CITY: ("到达市级（产业）", "Reached city or industry"),
    Rung.PROVINCE: ("到达省级", "Reached the province"),
    Rung.JOINT: ("到达联席", "Reached the joint meeting"),
    Rung.NATION: ("到达全国", "Reached the nation"),
    "recommended": ("列入推荐名单", "Recommended"),
    "noticed": ("进入公示", "In public notice"),
    "named": ("已命名", "Named"),
}


def band(one: Wait, language: str) -> str:
    """A band of working days in words: 6–10 working days, 41 or more."""
    n = f"{one.since}–{one.until}" if one.until is not None else f"{one.since}"
    if language == "en":
        return n if one.until is not None else f"{n} or more"
    return f"{n}日" if one.until is not None else f"{n}日以上"


def union(one: Used, language: str) -> str:
    """A union, with the pool whose places are told of."""
    pool = one.pool_label.get(language, one.pool)
    return f"{one.organization_name} · {pool}" if pool else one.organization_name


# What a page of the questions says is asked again here, each of them of its own moment: numbers, never rows of cases.
def _funnel(_store: Store, who: Actor, *, root: str, round: str) -> Iterator[Stage]:  # noqa: A002 -- the argument people type
    return iter(figures.funnel(who, root=root, round_id=round))


def _ageing(_store: Store, who: Actor, *, root: str) -> Iterator[Wait]:
    return iter(figures.ageing(who, root=root))


def _throughput(_store: Store, who: Actor, *, root: str) -> Iterator[Done]:
    return iter(figures.throughput(who, root=root))


def _quota_use(_store: Store, who: Actor, *, root: str, round: str) -> Iterator[Used]:  # noqa: A002 -- as above
    after = pool = ""
    while rows := figures.quota_use(who, root=root, round_id=round, after=after, pool=pool):
        yield from rows
        after, pool = rows[-1].organization, rows[-1].pool
        if len(rows) < figures.PAGE:
            return


def _left(row: Any, language: str) -> str:
    return {"zh": "不限", "en": "no bound"}[language] if row.free is None else str(row.free)


FIGURES: dict[str, Listing] = {
    "funnel": Listing(("root", "round"), (
        Column("环节", "Stage", lambda row, language: STAGES[row.stage][language == "en"]),
        text("件数", "Cases", "n"), text("目前在此办理", "There now", "here"),
    ), _funnel),
    "ageing": Listing(("root",), (
        word("级别", "Tier", "tier"), Column("已等待工作日", "Working days waited", band), text("件数", "Cases", "n"),
    ), _ageing),
    "throughput": Listing(("root",), (
        text("单位代码", "Desk", "desk"), text("单位", "Desk name", "desk_name"), when("周（周一）", "Week of", "week"),
        text("办结数", "Dealt with", "n"),
    ), _throughput),
    "quota-use": Listing(("root", "round"), (
        text("单位代码", "Union", "organization"), Column("单位", "Union name", union), word("级别", "Tier", "tier"),
        text("名额", "Issued", "issued"), text("占用", "Held", "reserved"), text("已用", "Used", "used"),
        Column("剩余", "Free", _left),
    ), _quota_use),
}  # fmt: skip
