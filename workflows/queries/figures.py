"""The figures of an office: how far cases came, how long they wait, what desks do in a week, what quotas hold.

Each is counted in an index alone, or from what the clocks noted, so that it costs little however many applications
there are, and is right to the row (docs/decisions/0027).
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from models.application import Application
from models.base import table
from models.database import reading
from models.deadline import OverdueDay
from models.errors import NotFoundError
from models.organization import Organization
from models.round import Quota, Round
from models.slate import Entry, Slate
from models.sql import Sql, bind
from models.vocabulary import REVIEWS, QuotaKind, Rung, SlateState, State, Thing, Tier
from workflows.clocks import due
from workflows.people.organizations import NATION
from workflows.programmes import programme_of
from workflows.queries.watch_scope import PLACES, UNDER, desks_of, require_administrator, scope_of, steps_of
from workflows.record.claiming import look
from workflows.record.verb import query
from workflows.rules import places, waits
from workflows.rules.calendar import ends_at, local_date

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.database import Store
    from workflows.record.acting import Actor

_P, _O, _R, _Q, _Y, _SL, _EN = (table(m).c for m in (Application, Organization, Round, Quota, OverdueDay, Slate, Entry))
WEEKS = 12
MOST_DESKS, MOST_ROUNDS, PAGE = 100, 60, 100
# A case that stands in its last tier's notice, or stood there: a notice always comes before a naming.
_NOTICED = (State.PUBLIC_NOTICE, State.CONTESTED, State.NAMED, State.STRUCK)


class Held(NamedTuple):
    """A round that an office may look at: its own, of a union below, or one in which it has places.

    `is_whole`: the round is decided by the office or below it, so that all of its cases may be counted.
    """

    id: str
    name: str
    organization: str
    year: int
    is_whole: bool


class Stage(NamedTuple):
    """How many cases came so far, and how many of them are under review there now.

    `stage` is `applied`, a rung of the programme's ladder, `recommended`, `noticed` or `named`.
    """

    stage: str
    n: int
    here: int


class Wait(NamedTuple):
    """How many cases have waited where they are for so many working days, at desks of one tier.

    `until` None: longer than the last band.
    """

    tier: Tier
    since: int
    until: int | None
    n: int


class Done(NamedTuple):
    """What a desk dealt with in a week, Monday to Sunday; `below`: with all desks under it."""

    desk: str
    desk_name: str
    below: bool
    week: date
    n: int


class Used(NamedTuple):
    """The places of a union in a round, pool by pool, with the pool's name in both languages.

    `free` is None where the number of places is not bounded.
    """

    organization: str
    organization_name: str
    tier: Tier
    pool: str
    pool_label: dict[str, str]
    issued: int
    reserved: int
    used: int
    free: int | None


_decided_here = sa.exists().where(_O.code == _R.organization, UNDER).correlate(table(Round))
_held = (_Q.round_id == _R.id, _Q.organization == bind("root", _Q.organization))
_has_places = sa.exists().where(*_held).correlate(table(Round))
_ROUNDS: Sql[Held] = Sql(
    sa.select(_R.id, _R.name, _R.organization, _R.year, _decided_here.label("is_whole"))
    .where(_decided_here | _has_places)
    .order_by(_R.year.desc(), _R.opens_at.desc(), _R.id)
    .limit(MOST_ROUNDS),
    Held,
)
_IS_UNDER: Sql[int] = Sql(sa.select(sa.literal(1).label("one")).where(_O.code == bind("of", _O.code), UNDER))
_HOLDS: Sql[int] = Sql(sa.select(sa.literal(1).label("one")).where(_R.id == bind("round", _R.id), _has_places))
_CAME: Sql[tuple[Rung, State, int]] = Sql(
    sa.select(_P.rung, _P.state, sa.func.count().label("n"))
    .where(_P.round_id == bind("round", _P.round_id), _P.rung.is_not(None))
    .group_by(_P.rung, _P.state)
)
_RECOMMENDED: Sql[int] = Sql(
    sa.select(sa.func.count().label("n"))
    .select_from(table(Slate))
    .join(table(Entry), _EN.slate_id == _SL.id)
    .where(_SL.round_id == bind("round", _SL.round_id), _SL.organization == bind("decider", _SL.organization),
           _SL.state != SlateState.DRAFTING, _EN.reserve.is_(False))
)  # fmt: skip


@query("figure-rounds")
def rounds(actor: Actor, *, root: str) -> list[Held]:
    """The newest 60 rounds that an office may look at. Raises ForbiddenError as `require_administrator`."""
    with reading() as store:
        require_administrator(store, actor, root)
        return [row._replace(is_whole=bool(row.is_whole)) for row in store.all(_ROUNDS, root=root)]


@query("funnel")
def funnel(actor: Actor, *, root: str, round_id: str) -> list[Stage]:
    """How many of a round's cases were handed in, came to each tier, were recommended, put in notice and named.

    A case came to a tier when it stands there, or stood there last, or further up its programme's ladder; one that
    was sent back down stands lower again, one that skips a tier has passed it. Recommended are the main names of the
    deciding union's sealed lists, noticed those in its notice or beyond. `here` counts those under review at a tier
    now. Raises ForbiddenError, NotFoundError for a round that is not decided under `root`.
    """
    with reading() as store:
        window = _round(store, actor, root, round_id, whole=True)
        ladder = [step.desk for step in programme_of(store, window.programme).ladder]
        return _stages(ladder, store.all(_CAME, round=window.id),
                       store.first(_RECOMMENDED, round=window.id, decider=window.organization) or 0)  # fmt: skip


def _stages(ladder: Sequence[Rung], came: Sequence[tuple[Rung, State, int]], recommended: int) -> list[Stage]:
    at = {rung: n for n, rung in enumerate(ladder)}
    last = len(ladder) - 1
    told = [Stage("applied", sum(n for _, _, n in came), 0)]
    for rung in ladder:
        reached = sum(n for one, _, n in came if at[one] >= at[rung])
        here = sum(n for one, state, n in came if one is rung and state in REVIEWS)
        told.append(Stage(rung.value, reached, here))
    noticed = [(state, n) for one, state, n in came if at[one] == last and state in _NOTICED]
    hanging = sum(n for state, n in noticed if state in (State.PUBLIC_NOTICE, State.CONTESTED))
    named = sum(n for _, state, n in came if state is State.NAMED)
    return [*told, Stage("recommended", recommended, 0), Stage("noticed", sum(n for _, n in noticed), hanging),
            Stage("named", named, 0)]  # fmt: skip


# The index's own order of desks; from when a case has waited longer than each band, as one moment each.
_CUTS = [bind(f"cut{n}", _P.entered_at) for n in range(len(waits.BANDS))]
_BAND = sa.case(*((_P.entered_at > cut, n) for n, cut in enumerate(_CUTS)), else_=len(_CUTS))


def _ageing(*here: Any) -> Sql[tuple[Tier, int, int]]:
    counted = (
        sa.select(_P.desk, _BAND.label("band"), sa.func.count().label("n"))
        .where(_P.desk.is_not(None), *here)
        .group_by(_P.desk, sa.literal_column("2"))
        .subquery("counted")
    )
    return Sql(
        sa.select(_O.tier, counted.c.band, sa.cast(sa.func.sum(counted.c.n), sa.Integer).label("n"))
        .join_from(counted, table(Organization), _O.code == counted.c.desk)
        .where(*PLACES)
        .group_by(_O.tier, counted.c.band)
    )


# Over the whole nation the index is read from end to end, elsewhere from desk to desk.
_AGEING = {True: _ageing(), False: _ageing(_P.desk.in_(desks_of(_P.desk, _P.desk.is_not(None))))}


@query("ageing")
def ageing(actor: Actor, *, root: str, organization_code: str = "") -> list[Wait]:
    """How many cases wait at the desks of each tier, by the working days since they came there; today not counted.

    The tiers in the order of the union tree, all bands of each, also those with none. Raises as `scope_of`.
    """
    with reading() as store:
        scope = scope_of(store, actor, root, organization_code=organization_code)
        cuts = waits.cuts(local_date(store.now), due.current())
        begin = {f"cut{n}": ends_at(day - timedelta(days=1)) - timedelta(microseconds=1) for n, day in enumerate(cuts)}
        found = {(tier, band): n for tier, band, n in store.all(_AGEING[scope.is_national], **scope.places, **begin)}
    tiers = {tier for tier, _ in found}
    return [
        Wait(tier, since, until, found.get((tier, band), 0))
        for tier in Tier if tier in tiers for band, (since, until) in enumerate(waits.spans())
    ]  # fmt: skip


_step = steps_of(_Y.desk)
_days = (_Y.day >= bind("since", _Y.day), _Y.day < bind("today", _Y.day), _Y.settled > sa.literal_column("0"))
# Of a province or less, each desk by itself; of the nation, each province with all below it.
_ONES = (~_Y.below, *PLACES)
_PROVINCES = (
    (_Y.below & (sa.type_coerce(_O.tier, sa.String) == sa.literal("province", sa.String)))
    | (~_Y.below & _O.province.is_(None)),
    *PLACES,
)  # fmt: skip


def _throughput(*here: Any) -> Sql[tuple[str, str, bool, date, int]]:
    return Sql(
        sa.select(_Y.desk, _O.name, _Y.below, _Y.day, _Y.settled)
        .join_from(_step, table(Organization), _O.code == _step.c.desk)
        .join(table(OverdueDay), _Y.desk == _O.code)
        .where(*_days, *here)
    )


_THROUGHPUT = {True: _throughput(*_PROVINCES), False: _throughput(*_ONES)}


@query("throughput")
def throughput(actor: Actor, *, root: str, organization_code: str = "") -> list[Done]:
    """What each desk dealt with in each of the last 12 weeks (Monday to Sunday, this one included), up to last night.

    As the clocks noted it: cases that an act of the desk itself took from there. The 100 desks with most, most first,
    their weeks in order, all 12 of each. Of the whole nation each province stands for all desks in it. Raises as
    `scope_of`.
    """
    with reading() as store:
        scope = scope_of(store, actor, root, organization_code=organization_code)
        today = local_date(store.now)
        weeks = waits.weeks(today, WEEKS)
        rows = store.all(_THROUGHPUT[scope.is_national], **scope.places, since=weeks[0], today=today)
    sums: dict[tuple[str, str, bool], dict[date, int]] = {}
    for desk, name, below, day, n in rows:
        of = sums.setdefault((desk, name, bool(below)), dict.fromkeys(weeks, 0))
        of[waits.monday(day)] += n
    most = sorted(sums, key=lambda desk: (-sum(sums[desk].values()), desk))[:MOST_DESKS]
    return [Done(*desk, week, n) for desk in most for week, n in sums[desk].items()]


_QUOTAS: Sql[tuple[str, str, Tier, str, QuotaKind, int, int, int]] = Sql(
    sa.select(_Q.organization, _O.name, _O.tier, _Q.pool, _Q.kind, _Q.places, _Q.reserved, _Q.used)
    .join_from(table(Quota), table(Organization), _O.code == _Q.organization)
    .where(
        _Q.round_id == bind("round", _Q.round_id),
        UNDER | (bind("root", _O.code) == bind("decider", _O.code)),
        sa.tuple_(_Q.organization, _Q.pool) > sa.tuple_(bind("after", _Q.organization), bind("pool", _Q.pool)),
    )
    .order_by(_Q.organization, _Q.pool)
    .limit(PAGE)
)


@query("quota-use")
def quota_use(actor: Actor, *, root: str, round_id: str, after: str = "", pool: str = "") -> list[Used]:
    """The places of each union under `root` in a round: issued, held by sealed lists, used, free; a page of 100.

    By their codes; `after` and `pool` are those of the last line seen. The deciding union sees those of the members
    of a joint meeting as well. Raises ForbiddenError; NotFoundError for a round in which `root` has no part.
    """
    with reading() as store:
        window = _round(store, actor, root, round_id)
        rule = programme_of(store, window.programme).quota
        rows = store.all(_QUOTAS, round=round_id, root=root, decider=window.organization, after=after, pool=pool)
    return [
        Used(code, name, tier, of, places.label_of(rule, of), issued, reserved, used,
             None if kind is QuotaKind.FREE else issued - reserved - used)
        for code, name, tier, of, kind, issued, reserved, used in rows
    ]  # fmt: skip


def _round(store: Store, actor: Actor, root: str, round_id: str, *, whole: bool = False) -> Round:
    """A round that an office may look at, as `rounds` lists them."""
    require_administrator(store, actor, root)
    window = look(store, Round, round_id)
    is_part = not whole and store.first(_HOLDS, round=round_id, root=root) is not None
    if root != NATION and not is_part and store.first(_IS_UNDER, of=window.organization, root=root) is None:
        raise NotFoundError("not_found", thing=Thing.ROUND.value, given=round_id[:60])
    return window
