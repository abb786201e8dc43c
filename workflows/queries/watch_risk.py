"""What is about to be overdue: cases for which their desk, at its own pace, will be too late (rules/throughput.py)."""

from __future__ import annotations

import heapq
import json
from collections import Counter
from datetime import UTC, datetime
from functools import lru_cache
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from models.database import reading
from models.errors import InputError
from models.lists import listed
from models.vocabulary import DeadlineKind
from workflows.clocks import due
from workflows.queries import watch_queues
from workflows.queries.watch_late import BEGIN
from workflows.queries.watch_queues import PAGE
from workflows.queries.watch_scope import scope_of
from workflows.record.verb import query
from workflows.rules import throughput
from workflows.rules.calendar import ends_at, last_day_of, local_date

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from models.database import Store
    from workflows.queries.watch_queues import Bucket, Counted, Line
    from workflows.queries.watch_scope import Scope
    from workflows.record.acting import Actor

_MOST = 2**31 - 1  # the greatest number that the databases count with here
Place = tuple[datetime, str, int]  # when due, at which desk, at which place of its queue


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


class _Late(NamedTuple):
    """Cases of a desk due at one moment that come too late: how many of those asked for, and which.

    `ahead` cases of the desk are due before them, the first `in_time` of their own are dealt with in time; where no
    pace is known, those are late that entered before `before`.
    """

    desk: str
    due_at: datetime
    raw: Any
    n: int
    ahead: int
    in_time: int
    before: datetime | None


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
        self._asked = {"programme": scope.programme, "person": scope.person}
        self._left: dict[datetime, int] = {}
        since = throughput.working_day(self._today, -throughput.WINDOW, self._calendar)
        # Over the whole nation the index is read from end to end, elsewhere from desk to desk.
        desks = watch_queues.PACED if self._is_whole else watch_queues.STANDING
        self._desks = {desk.code: desk for desk in store.all(desks, **scope.places, since=since)}

    @property
    def _is_whole(self) -> bool:
        return self._scope.is_national and not self._scope.person

    def told(self, after: str) -> Risks:
        """How many at which desks, and the page that begins behind a line."""
        begin, late = _place_of(after), list(self._late())
        counts: Counter[str] = Counter()
        for one in late:
            counts[one.desk] += one.n
        most = heapq.nsmallest(PAGE, counts.items(), key=lambda item: (-item[1], item[0]))
        desks = [RiskyDesk(code, (desk := self._desks[code]).name, n, desk.pace or 0) for code, n in most]
        return Risks(counts.total(), desks, self._page(late, begin))

    def _late(self) -> Iterator[_Late]:
        """Where there are cases asked for that come too late."""
        unsure, unpaced = [], []
        for one, is_whole in self._possible():
            if one.before is not None:
                unpaced.append(one)
            elif is_whole:
                yield one
            else:
                unsure.append(one)
        yield from self._counted(unsure)
        yield from self._hurried(unpaced)

    def _possible(self) -> Iterator[tuple[_Late, bool]]:
        """Where there may be some, and whether the counts say how many: all of a bucket are late, or asked for."""
        queues: dict[str, list[tuple[datetime, Bucket]]] = {}
        for one in self._buckets():
            queues.setdefault(one.desk, []).append((_moment(one.due_at), one))
        if unknown := queues.keys() - self._desks.keys():
            named = watch_queues.NAMED[self._store.dialect.name]
            found = self._store.all(named, ids=listed(unknown), **self._scope.places)
            self._desks.update((desk.code, desk) for desk in found)
        for desk in queues.keys() & self._desks.keys():
            yield from self._of_desk(self._desks[desk].pace, sorted(queues[desk], key=itemgetter(0)))

    def _buckets(self) -> list[Bucket]:
        """How many cases are due when, in the scope's desks or more."""
        name, scope = self._store.dialect.name, self._scope
        until = ends_at(throughput.working_day(self._today, throughput.HORIZON, self._calendar))
        if self._is_whole:
            asked = {"programme": scope.programme} if scope.programme else {}
            return self._store.all(watch_queues.OF_ALL[bool(asked)], until=until, **asked)
        desks = set(self._desks)
        if scope.person:
            hands = self._store.all(watch_queues.HANDS, person=scope.person)
            desks &= set(hands)
        asked = self._asked if scope.programme or scope.person else {}
        return self._store.all(watch_queues.OF_DESKS[bool(asked)][name], ids=listed(desks), until=until, **asked)

    def _of_desk(self, pace: int | None, queue: list[tuple[datetime, Bucket]]) -> Iterator[tuple[_Late, bool]]:
        ahead = 0
        for due_at, (desk, raw, n, asked) in queue:
            if asked and due_at > self._store.now:
                if pace is None:
                    before = throughput.hurried_before(due_at, self._store.now)
                    yield _Late(desk, due_at, raw, 0, ahead, 0, before), False
                elif late := throughput.too_late(ahead, n, throughput.capacity(pace, self._days(due_at))):
                    yield _Late(desk, due_at, raw, min(asked, late), ahead, n - late, None), n in (late, asked)
            ahead += n

    def _counted(self, unsure: list[_Late]) -> Iterator[_Late]:
        """Those of which some come too late and some were asked for: who both is, the rows themselves must say."""
        if unsure:
            sql = watch_queues.COUNTED[self._store.dialect.name]
            yield from _with_counts(unsure, self._store.all(sql, buckets=_given(unsure), **self._asked))

    def _hurried(self, unpaced: list[_Late]) -> Iterator[_Late]:
        """Those of desks whose pace is not known: since when each case waits, the rows themselves must say."""
        if unpaced:
            sql, moments = watch_queues.HURRIED[self._store.dialect.name], {one.due_at: one for one in unpaced}
            found = self._store.all(sql, ids=listed(one.desk for one in unpaced), buckets=_given(moments.values()),
                                    **self._asked)  # fmt: skip
            yield from _with_counts(unpaced, found)

    def _page(self, late: list[_Late], begin: Place) -> list[AtRisk]:
        """The page of lines that begins behind a place, with their words."""
        buckets = {(one.desk, one.due_at): one for one in _next(late, begin)}
        if not buckets:
            return []
        sql = watch_queues.LINES[self._store.dialect.name]
        found = self._store.all(sql, buckets=_given(buckets.values()), **self._asked)
        return [self._line(line, buckets[line.desk, line.due_at].ahead + line.place) for line in found]

    def _line(self, line: Line, place: int) -> AtRisk:
        desk = self._desks[line.desk]
        needs = throughput.needed(place, desk.pace) if desk.pace else None
        return AtRisk(line.id, line.receipt, line.subject, line.desk, desk.name, line.handler, line.due_at, place,
                      needs, self._days(line.due_at))  # fmt: skip

    def _days(self, due_at: datetime) -> int:
        """The working days left until a moment."""
        if due_at not in self._left:
            self._left[due_at] = throughput.left(self._today, last_day_of(due_at), self._calendar)
        return self._left[due_at]


@lru_cache(maxsize=256)
def _moment(raw: Any) -> datetime:
    """A moment as the driver has it: SQLite keeps the text of a UTC one."""
    return datetime.fromisoformat(raw).replace(tzinfo=UTC) if isinstance(raw, str) else raw


def _given(buckets: Iterable[_Late]) -> str:
    """Buckets as the one parameter of a statement, their moments as the driver has them."""
    return json.dumps([(one.desk, _text(one.raw), one.in_time, one.before and _text(one.before, like=one.raw))
                       for one in buckets])  # fmt: skip


def _text(moment: Any, like: Any = None) -> str:
    if isinstance(moment, str):
        return moment
    return str(moment.strftime("%Y-%m-%d %H:%M:%S.%f") if isinstance(like, str) else moment.isoformat())


def _with_counts(late: Iterable[_Late], found: Iterable[Counted]) -> Iterator[_Late]:
    """Each with as many as were found; where there were none, it is left out."""
    counts = {(one.desk, one.due_at): one.n for one in found}
    return (one._replace(n=n) for one in late if (n := counts.get((one.desk, one.raw))))


def _place_of(after: str) -> Place:
    """Where a page begins. Raises InputError("watch_filter")."""
    if not after:
        return (BEGIN, "", 0)
    try:
        moment, desk, place = after.split("|")
        return (datetime.fromisoformat(moment).astimezone(UTC), desk, min(int(place), _MOST))
    except (ValueError, OverflowError) as error:
        raise InputError("watch_filter", field="after", given=after[:40], known=[]) from error


def _next(late: list[_Late], begin: Place) -> Iterator[_Late]:
    """What fills the page that begins at a place; of what it begins in, only what comes behind it."""
    found, room = (one for one in late if (one.due_at, one.desk) >= begin[:2]), PAGE
    for one in heapq.nsmallest(PAGE + 1, found, key=attrgetter("due_at", "desk")):
        if (one.due_at, one.desk) == begin[:2]:
            yield one._replace(in_time=max(one.in_time, begin[2] - one.ahead))
        elif room > 0:
            yield one
            room -= one.n
