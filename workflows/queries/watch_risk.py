"""What is about to be overdue: cases for which their desk, at its own pace, will be too late (rules/throughput.py)."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from functools import lru_cache
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from models.account import Account
from models.application import Application
from models.base import table
from models.database import reading
from models.deadline import OverdueDay
from models.errors import InputError
from models.lists import listed, of_list
from models.organization import Organization
from models.sql import Sql, bind
from models.vocabulary import DeadlineKind
from workflows.clocks import due
from workflows.queries.watch_late import BEGIN, PAGE
from workflows.queries.watch_scope import PLACES, desks_of, scope_of
from workflows.record.verb import query
from workflows.rules import throughput
from workflows.rules.calendar import ends_at, last_day_of, local_date

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from models.database import Store
    from workflows.queries.watch_scope import Scope
    from workflows.record.acting import Actor

Place = tuple[datetime, str, int]  # when due, at which desk, at which place of its queue
_P, _O, _Y, _A = (table(m).c for m in (Application, Organization, OverdueDay, Account))


class AtRisk(NamedTuple):
    """A case that will be late: its place in the queue, the working days its desk needs for that many, those left.

    `needs` is None where the desk's pace is not known: then less than a third of its time is left.
    """

    id: str
    receipt: str | None
    subject: str
    desk: str
    desk_name: str
    handler: str | None
    due_at: datetime
    place: int
    needs: int | None
    left: int

    @property
    def stands(self) -> str:
        """Where it stands in the list, for the next page to begin behind."""
        return f"{self.due_at.isoformat()}|{self.desk}|{self.place}"


class RiskyDesk(NamedTuple):
    """A desk with cases that will be late: how many, and how many it settled in the last 20 working days."""

    desk: str
    desk_name: str
    n: int
    settled: int


class Risks(NamedTuple):
    """How many cases will be late, at which desks, and a page of 100 of them, the next due first."""

    total: int
    desks: list[RiskyDesk]
    lines: list[AtRisk]


class _Bucket(NamedTuple):
    """Cases of a desk due at one moment, as the driver has it; None: those overdue already."""

    desk: str
    name: str
    raw: Any
    n: int


class _Row(NamedTuple):
    """A case of a queue, without its words."""

    id: str
    desk: str
    due_at: datetime
    entered_at: datetime
    programme: str
    handler_id: str | None


class _Words(NamedTuple):
    """What a case is called, and whose it is."""

    id: str
    receipt: str | None
    subject: str
    handler: str | None


def _buckets(*here: Any) -> Sql[_Bucket]:
    """How many of each desk's cases are late already, and how many are due when."""
    n, now = sa.func.count().label("n"), bind("now", _P.due_at)
    counts = sa.union_all(
        sa.select(_P.desk, sa.cast(sa.null(), _P.due_at.type).label("due_at"), n)
        .where(_P.desk.is_not(None), _P.due_at <= now, *here)
        .group_by(_P.desk),
        sa.select(_P.desk, _P.due_at, n)
        .where(_P.desk.is_not(None), _P.due_at > now, _P.due_at <= bind("until", _P.due_at), *here)
        .group_by(_P.desk, _P.due_at),
    ).subquery("counts")
    # A few moments come many thousand times: each is read once (see `_moment`).
    return Sql(
        sa.select(counts.c.desk, _O.name, sa.type_coerce(counts.c.due_at, sa.String).label("due_at"), counts.c.n)
        .join_from(counts, table(Organization), _O.code == counts.c.desk)
        .where(*PLACES),
        _Bucket,
    )


# Over the whole nation the index is read from end to end, elsewhere from desk to desk.
_BUCKETS = {True: _buckets(), False: _buckets(_P.desk.in_(desks_of(_P.desk)))}
_newest = sa.select(sa.func.max(_Y.day)).where(_Y.day >= bind("since", _Y.day)).scalar_subquery()
_PACE: Sql[tuple[str, int]] = Sql(
    sa.select(_Y.desk, _Y.pace)
    .join_from(table(OverdueDay), table(Organization), _O.code == _Y.desk)
    .where(_Y.day == _newest, ~_Y.below, _Y.pace > sa.literal_column("0"), *PLACES)
)


_ROWS = of_list(
    lambda desks: Sql(
        sa.select(*(_P[name] for name in _Row._fields))
        .where(_P.desk.in_(desks), _P.due_at > bind("now", _P.due_at), _P.due_at <= bind("until", _P.due_at))
        .order_by(_P.desk, _P.due_at, _P.id),
        _Row,
    )
)
_CALLED = of_list(
    lambda ids: Sql(
        sa.select(_P.id, _P.receipt, _P.subject, _A.name.label("handler"))
        .outerjoin_from(table(Application), table(Account), _A.id == _P.handler_id)
        .where(_P.id.in_(ids)),
        _Words,
    )
)


@query("at-risk")
def at_risk(
    actor: Actor, *, root: str, organization_code: str = "", tier: str = "", programme: str = "", person: str = "",
    kind: str = "", after: str = "",
) -> Risks:  # fmt: skip
    """The cases due within ten working days for which their desk will be too late, and by which numbers.

    A case is at risk when its place in the desk's queue, divided by what the desk settled a working day in the
    last 20 of them, is more than the working days left; where nothing was settled, when less than a third of
    its time is left. `after` is what the last line seen says where it stands. Raises as `scope_of`.
    """
    with reading() as store:
        scope = scope_of(store, actor, root, organization_code=organization_code, tier=tier, programme=programme,
                         person=person, kind=kind)  # fmt: skip
        if kind not in ("", DeadlineKind.REVIEW):
            return Risks(0, [], [])
        return _Forecast(store, scope).told(after)


class _Forecast:
    """What the desks of a scope will be late with, looked up once."""

    def __init__(self, store: Store, scope: Scope) -> None:
        self._store, self._scope, self._calendar = store, scope, due.current()
        self._today = local_date(store.now)
        self._until = ends_at(throughput.working_day(self._today, throughput.HORIZON, self._calendar))
        since = throughput.working_day(self._today, -throughput.WINDOW, self._calendar)
        self._pace = dict(store.all(_PACE, **scope.places, since=since))
        self._queues: dict[str, list[_Bucket]] = {}
        for one in store.all(_BUCKETS[scope.is_national], **scope.places, now=store.now, until=self._until):
            self._queues.setdefault(one.desk, []).append(one)
        self._left: dict[datetime, int] = {}

    def told(self, after: str) -> Risks:
        """How many at which desks, and the page that begins behind a line."""
        late = {desk: found for desk, buckets in self._queues.items() if (found := self._late(buckets))}
        unpaced = [desk for desk in self._queues if desk not in self._pace]
        begin = _place_of(after)
        if self._scope.programme or self._scope.person or unpaced:
            # Here the rows themselves must be looked at: whose they are, and since when they wait.
            lines = sorted(self._lines([*late, *unpaced], self._until), key=_order)
            counts = Counter(line.desk for line in lines)
        else:
            counts = Counter({desk: sum(found.values()) for desk, found in late.items()})
            desks, until = _next(late, begin)
            lines = sorted(self._lines(desks, until), key=_order)
        page = [line for line in lines if _order(line) > begin][:PAGE]
        desks_ = [RiskyDesk(desk, self._queues[desk][0].name, n, self._pace.get(desk, 0)) for desk, n in counts.items()]
        most = sorted(desks_, key=lambda desk: (-desk.n, desk.desk))[:PAGE]
        return Risks(counts.total(), most, self._called(page))

    def _late(self, buckets: list[_Bucket]) -> dict[datetime, int]:
        """How many of a desk's cases come too late, by when they are due; {} where its pace is not known."""
        pace, before = self._pace.get(buckets[0].desk, 0), 0
        found: dict[datetime, int] = {}
        for due_at, n in sorted((_moment(one.raw) or BEGIN, one.n) for one in buckets) if pace else ():
            room = throughput.capacity(pace, self._days(due_at)) if due_at > BEGIN else before + n
            if late := throughput.too_late(before, n, room):
                found[due_at] = late
            before += n
        return found

    def _lines(self, desks: Iterable[str], until: datetime) -> Iterator[AtRisk]:
        """The cases of desks that will be late, due until a moment, without their words."""
        rows = self._store.all(_ROWS[self._store.dialect.name], ids=listed(desks), now=self._store.now, until=until)
        for desk, queue in groupby(rows, key=attrgetter("desk")):
            before = sum(one.n for one in self._queues[desk] if one.raw is None)
            for place, row in enumerate(queue, start=before + 1):
                if self._is_asked_for(row) and self._is_late(row, place):
                    yield self._line(row, place)

    def _is_asked_for(self, row: _Row) -> bool:
        scope = self._scope
        return scope.programme in ("", row.programme.partition("@")[0]) and scope.person in ("", row.handler_id)

    def _is_late(self, row: _Row, place: int) -> bool:
        if (pace := self._pace.get(row.desk)) is None:
            return throughput.is_hurried(row.entered_at, row.due_at, self._store.now)
        return place > throughput.capacity(pace, self._days(row.due_at))

    def _line(self, row: _Row, place: int) -> AtRisk:
        pace = self._pace.get(row.desk)
        return AtRisk(row.id, None, "", row.desk, self._queues[row.desk][0].name, None, row.due_at, place,
                      throughput.needed(place, pace) if pace else None, self._days(row.due_at))  # fmt: skip

    def _called(self, lines: list[AtRisk]) -> list[AtRisk]:
        """The lines with their words."""
        found = self._store.all(_CALLED[self._store.dialect.name], ids=listed(line.id for line in lines))
        words = {one.id: one for one in found}
        return [
            line._replace(receipt=(one := words[line.id]).receipt, subject=one.subject, handler=one.handler)
            for line in lines
        ]

    def _days(self, due_at: datetime) -> int:
        """The working days left until a moment."""
        if due_at not in self._left:
            self._left[due_at] = throughput.left(self._today, last_day_of(due_at), self._calendar)
        return self._left[due_at]


@lru_cache(maxsize=256)
def _moment(raw: Any) -> datetime | None:
    """A moment as the driver has it: SQLite keeps the text of a UTC one."""
    return datetime.fromisoformat(raw).replace(tzinfo=UTC) if isinstance(raw, str) else raw


def _order(line: AtRisk) -> Place:
    return (line.due_at, line.desk, line.place)


def _place_of(after: str) -> Place:
    """Where a page begins. Raises InputError("watch_filter")."""
    if not after:
        return (BEGIN, "", 0)
    try:
        moment, desk, place = after.split("|")
        return (datetime.fromisoformat(moment).astimezone(UTC), desk, int(place))
    except ValueError as error:
        raise InputError("watch_filter", field="after", given=after[:40], known=[]) from error


def _next(late: dict[str, dict[datetime, int]], begin: Place) -> tuple[list[str], datetime]:
    """The desks whose late cases fill the page that begins at a place, and until which moment."""
    found = sorted((moment, desk, n) for desk, by in late.items() for moment, n in by.items()
                   if (moment, desk) >= begin[:2])  # fmt: skip
    desks, sum_of, until = [], 0, begin[0]
    for moment, desk, n in found:
        # The first may have been shown already in part.
        if sum_of > PAGE + found[0][2]:
            break
        desks.append(desk)
        sum_of, until = sum_of + n, moment
    return list(dict.fromkeys(desks)), until
