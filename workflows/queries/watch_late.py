"""Overdue work, counted and listed: by tier, region and stage, organisation, programme and person.

A sweep marks what is past its moment, and an index holds the marked rows only, with all that is asked of
them; what the next sweep has yet to mark is added. So the counts are right to the row at any moment, and
cost as much as there is overdue, however much there is in all (docs/decisions/0021).
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from models.account import Account
from models.application import Application
from models.base import table
from models.database import reading
from models.deadline import Deadline
from models.organization import Organization
from models.sql import Sql, bind
from models.vocabulary import DeadlineKind, Thing, Tier
from workflows.programmes import programme_of
from workflows.queries.watch_scope import PLACES, desks_of, level_of, of_kind, of_person, of_programme, scope_of
from workflows.record.verb import query

if TYPE_CHECKING:
    from workflows.record.acting import Actor

_D, _O, _P, _A = (table(m).c for m in (Deadline, Organization, Application, Account))
PAGE = 100
BEGIN = datetime(1, 1, 2, tzinfo=UTC)


def _late_by(due_at: Any) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        _D.closed_at.is_(None), _D.desk.is_not(None), due_at <= bind("now", _D.due_at),
        of_kind(_D.kind), of_programme(_D.programme), of_person(_D.handler_id),
    )  # fmt: skip


_LATE = _late_by(_D.due_at)
# The marked ones and those no sweep has marked yet, apart: each has an index of its own.
_MARKS = (_D.fired_at.is_not(None), _D.fired_at.is_(None))


class Overdue(NamedTuple):
    """One thing past its moment, and whose desk it lies on; an application also by its receipt, name and handler."""

    id: str
    thing: Thing
    thing_id: str
    kind: DeadlineKind
    desk: str | None
    desk_name: str | None
    due_at: datetime
    derivation: str
    receipt: str | None
    subject: str | None
    handler: str | None
    programme: str | None


class DeskCount(NamedTuple):
    """How much is overdue at a desk, and since when."""

    desk: str
    desk_name: str
    n: int
    oldest: datetime


class Share(NamedTuple):
    """A part of what is overdue: of a tier, a programme's code or a person (`key`; empty: of none), and since when."""

    key: str
    name: str
    n: int
    oldest: datetime


class Cell(NamedTuple):
    """What is overdue of one kind at one tier of a region."""

    region: str
    region_name: str
    tier: Tier
    kind: DeadlineKind
    n: int


class Board(NamedTuple):
    """All that is overdue in a scope: how much, since when, and where. Desks and people: the 100 with most.

    `level` is the tier whose divisions the regions of the cells are.
    """

    total: int
    oldest: datetime | None
    tiers: list[Share]
    desks: list[DeskCount]
    programmes: list[Share]
    people: list[Share]
    cells: list[Cell]
    level: str


def _counted(mark: sa.ColumnElement[bool], *here: Any) -> sa.Select[Any]:
    keys = (_D.desk, sa.type_coerce(_D.kind, sa.String).label("kind"), _D.programme, _D.handler_id)
    n, oldest = sa.func.count().label("n"), sa.func.min(_D.due_at).label("oldest")
    return sa.select(*keys, n, oldest).where(*_LATE, mark, *here).group_by(*keys)


def _cells(*here: Any) -> sa.CTE:
    """Overdue work of the scope by desk, kind, programme and person, with where the desk is."""
    marked, fresh = _MARKS
    counted = sa.union_all(_counted(marked, *here), _counted(fresh)).subquery("counted")
    level = sa.bindparam("level", value="", type_=sa.String)
    region = sa.case((level == sa.literal("province", sa.String), _O.province),
                     (level == sa.literal("city", sa.String), _O.city), else_=_O.county)  # fmt: skip
    return (
        sa.select(*counted.c, _O.name, sa.type_coerce(_O.tier, sa.String).label("tier"),
                  sa.func.coalesce(region, bind("within", _O.code)).label("region"))
        .join_from(counted, table(Organization), _O.code == counted.c.desk)
        .where(*PLACES)
        .cte("cell")
    )  # fmt: skip


class _Part(NamedTuple):
    """A row of a part of the board: what it counts by, in words of its part."""

    part: str
    key: str | None
    name: str | None
    tier: str | None
    kind: str | None
    n: int
    oldest: datetime


def _board(*here: Any) -> Sql[_Part]:
    cell, region, none = _cells(*here), table(Organization).alias("region"), sa.cast(sa.null(), sa.String)
    n, oldest = sa.cast(sa.func.sum(cell.c.n), sa.Integer).label("n"), sa.func.min(cell.c.oldest).label("oldest")

    def part(name: str, *columns: Any, most: bool = False) -> sa.Select[Any]:
        filled: list[Any] = [*columns, *[none] * (4 - len(columns))]
        key, called, tier, kind = filled
        found = sa.select(sa.literal(name, sa.String).label("part"), key.label("key"), called.label("name"),
                          tier.label("tier"), kind.label("kind"), n, oldest)  # fmt: skip
        found = found.group_by(*columns)
        return found.order_by(n.desc(), key).limit(PAGE) if most else found

    desks = part("desk", cell.c.desk, cell.c.name, most=True).subquery()
    people = (part("person", cell.c.handler_id, _A.name, most=True)
              .outerjoin_from(cell, table(Account), _A.id == cell.c.handler_id).subquery())  # fmt: skip
    cells = part("cell", cell.c.region, region.c.name, cell.c.tier, cell.c.kind).outerjoin_from(
        cell, region, region.c.code == cell.c.region
    )
    parts = (cells, sa.select(desks), part("programme", cell.c.programme), sa.select(people))
    return Sql(sa.union_all(*parts), _Part)


_OPEN = (_D.closed_at.is_(None), _D.fired_at.is_not(None))
# Over the whole nation the index is read from end to end, elsewhere from desk to desk.
_BOARD = {True: _board(), False: _board(_D.desk.in_(desks_of(_D.desk, *_OPEN)))}


def _after(due_at: Any) -> sa.ColumnElement[bool]:
    return sa.tuple_(due_at, _D.id) > sa.tuple_(bind("after_due", _D.due_at), bind("after", _D.id))


def _found(*here: Any, most: int | None = None) -> sa.Select[Any]:
    """What is overdue at these desks, the marked and the unmarked, found in the indexes alone; `most`: a page of it."""
    marked, fresh = _MARKS
    # Written so, the moment is no reason to walk the index of moments, each of whose rows would be looked at.
    due_at = sa.func.coalesce(_D.due_at, _D.due_at)
    known = sa.select(_D.id, due_at.label("due_at")).where(*_late_by(due_at), marked, *here)
    more = sa.select(_D.id, _D.due_at).join_from(table(Deadline), table(Organization), _O.code == _D.desk)
    more = more.where(*_LATE, fresh, *PLACES)
    if most:
        known, more = known.where(_after(due_at)), more.where(_after(_D.due_at))
    late = known.union_all(more).subquery("late")
    return sa.select(late.c.id).order_by(late.c.due_at, late.c.id).limit(most)


def _overdue(found: sa.Select[Any]) -> sa.Select[Any]:
    """What was found, in words."""
    page = found.subquery("page")
    return (
        sa.select(
            _D.id, _D.thing, _D.thing_id, _D.kind, _D.desk, _O.name.label("desk_name"), _D.due_at, _D.derivation,
            _P.receipt, _P.subject, _A.name.label("handler"), _D.programme,
        )
        .join_from(page, table(Deadline), _D.id == page.c.id)
        .join(table(Organization), _O.code == _D.desk)
        .outerjoin(table(Application), _P.id == _D.thing_id)
        .outerjoin(table(Account), _A.id == _D.handler_id)
        .order_by(_D.due_at, _D.id)
    )  # fmt: skip


_desk_by_desk = _D.desk.in_(desks_of(_D.desk, *_OPEN))
# Of all desks or of some; for a file all of it.
_PAGE: dict[bool, Sql[Overdue]] = {
    True: Sql(_overdue(_found(most=PAGE)), Overdue),
    False: Sql(_overdue(_found(_desk_by_desk, most=PAGE)), Overdue),
}
OVERDUE: Sql[Overdue] = Sql(_overdue(_found(_desk_by_desk)), Overdue)
# Of the whole nation without a filter: the oldest of all, one after the other.
_OLDEST: Sql[Overdue] = Sql(
    _overdue(
        sa.select(_D.id)
        .where(_D.closed_at.is_(None), _D.desk.is_not(None), _D.due_at <= bind("now", _D.due_at), _after(_D.due_at))
        .order_by(_D.due_at, _D.id)
        .limit(PAGE)
    ),
    Overdue,
)


@query("overdue")
def overdue(
    actor: Actor, *, root: str, organization_code: str = "", tier: str = "", programme: str = "", person: str = "",
    kind: str = "", due_at: datetime | None = None, after: str = "",
) -> list[Overdue]:  # fmt: skip
    """What is past its moment at desks of a province or city (or the one desk), oldest first, a page of 100.

    `due_at` and `after` (its id) are those of the last line seen. Raises as `scope_of`.
    """
    with reading() as store:
        scope = scope_of(store, actor, root, organization_code=organization_code, tier=tier, programme=programme,
                         person=person, kind=kind)  # fmt: skip
        begin = {"now": store.now, "after_due": due_at or BEGIN, "after": after}
        if scope.is_whole:
            return store.all(_OLDEST, **begin)
        return store.all(_PAGE[scope.is_national and not tier], **scope.values, **begin)


@query("overdue-board")
def board(
    actor: Actor, *, root: str, organization_code: str = "", tier: str = "", programme: str = "", person: str = "",
    kind: str = "",
) -> Board:  # fmt: skip
    """How much is overdue, right to the row: in all, by tier, desk, programme and person, by region and stage.

    Regions are the divisions right below `organization_code` (or `root`); what lies with itself stands under its own
    code. Raises as `scope_of`.
    """
    with reading() as store:
        scope = scope_of(store, actor, root, organization_code=organization_code, tier=tier, programme=programme,
                         person=person, kind=kind)  # fmt: skip
        level = level_of(store, scope.within)
        rows = store.all(_BOARD[scope.is_national], **scope.values, now=store.now, level=level)
        versions = sorted({row.key for row in rows if row.part == "programme" and row.key})
        called = {one.partition("@")[0]: programme_of(store, one).name.in_(actor.language) for one in versions}
        return _told(rows, level, called)


@query("overdue-by-desk")
def overdue_by_desk(actor: Actor, *, root: str) -> list[DeskCount]:
    """How much is overdue at each desk below a province or city, most first, at most 100 desks."""
    return board(actor, root=root).desks


def _told(found: list[_Part], level: str, called: dict[str, str]) -> Board:
    cells = [row for row in found if row.part == "cell"]
    desks = [DeskCount(row.key or "", row.name or "", row.n, row.oldest) for row in found if row.part == "desk"]
    people = [Share(row.key or "", row.name or "", row.n, row.oldest) for row in found if row.part == "person"]
    programmes = _summed(((row.key or "").partition("@")[0], row) for row in found if row.part == "programme")
    return Board(
        sum(row.n for row in cells), min((row.oldest for row in cells), default=None),
        _summed((row.tier or "", row) for row in cells), desks,
        [one._replace(name=called.get(one.key, "")) for one in programmes], people,
        [Cell(row.key or "", row.name or "", Tier(row.tier or ""), DeadlineKind(row.kind or ""), row.n)
         for row in cells], level,
    )  # fmt: skip


def _summed(rows: Any) -> list[Share]:
    """Rows of one key together, most first."""
    sums: dict[str, Share] = {}
    for key, row in rows:
        was = sums.get(key, Share(key, key, 0, row.oldest))
        sums[key] = was._replace(n=was.n + row.n, oldest=min(was.oldest, row.oldest))
    return sorted(sums.values(), key=lambda share: (-share.n, share.key))
