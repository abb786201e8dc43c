"""Which rounds I could enter: those that are open and those to come, each with whether I may and since when not.

Only what stands in records is judged here, of a unit and not yet of a leader: what hangs on an answer of the form
is told as open, and judged in the form itself (`eligible`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

import sqlalchemy as sa

from models.application import Application
from models.base import table
from models.database import reading
from models.organization import Organization
from models.round import Round
from models.sql import Sql, bind, rows_of
from models.vocabulary import Channel, Role, RoundState, State, Tier
from workflows.intake import entering, records
from workflows.people.organizations import NATION, above, organization
from workflows.programmes import programme_of
from workflows.queries.mine import leads_to
from workflows.record.acting import Actor, refreshed
from workflows.record.verb import query
from workflows.rules import forms, routes
from workflows.rules.calendar import last_day_of, local_date
from workflows.rules.eligibility import verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date, datetime

    from models.database import Store
    from models.programme import Programme
    from models.vocabulary import Line
    from workflows.intake.records import Known
    from workflows.rules.eligibility import Failure, Verdict

Verdicts = Literal["may", "not_yet", "may_not"]
_R, _P, _O = (table(m).c for m in (Round, Application, Organization))
_ORDER: dict[Verdicts, int] = {"may": 0, "not_yet": 1, "may_not": 2}
_TO_DO = (State.DRAFT, State.RETURNED)
_COMES = (_R.state.in_((RoundState.OPEN, RoundState.PLANNED)), _R.closes_at > bind("now", _R.closes_at))
# Whoever decides a round stands over the unit, or is a joint meeting of provinces.
_ROUNDS = rows_of(
    Round,
    *_COMES,
    sa.or_(
        *(_R.organization == bind(name, _R.organization)
          for name in ("unit", "parent", "county", "city", "industry", "province", "nation")),
        _R.organization.in_(sa.select(_O.code).where(_O.tier == Tier.JOINT)),
    ),
    order=(_R.closes_at, _R.id),
)  # fmt: skip


class Own(NamedTuple):
    """What one has in a round by one way already: how many count, the newest still to be worked on, the newest."""

    round_id: str
    line: Line
    channel: Channel
    live: int
    to_do: str | None
    newest: str


def _own(*whose: sa.ColumnElement[bool]) -> Sql[Own]:
    counted = sa.cast(sa.func.sum(sa.case((_P.live, 1), else_=0)), sa.Integer)
    to_do = sa.func.max(sa.case((_P.state.in_(_TO_DO), _P.id), else_=None))
    return Sql(
        sa.select(_P.round_id, _P.line, _P.channel, counted.label("live"), to_do.label("to_do"),
                  sa.func.max(_P.id).label("newest"))
        .where(*whose, _P.round_id.in_(sa.select(_R.id).where(*_COMES)))
        .group_by(_P.round_id, _P.line, _P.channel),
        Own,
    )  # fmt: skip


_OF_UNIT = _own(_P.organization == bind("unit", _P.organization))
_OF_PERSON = _own(_P.applicant_id == bind("who", _P.applicant_id), _P.organization == bind("unit", _P.organization),
                  _P.channel == Channel.SELF)  # fmt: skip


class Found(NamedTuple):
    """A round that a unit could enter by one line and channel.

    `verdict`: may; not yet, from the day `since` on; may not, and if ever by itself, from `since` (then too late
    for this round). `failed` tells the clauses with document and clause, `open` those that wait for the form.
    `full`: how many the unit may enter, when it has. `places`: of the round, None for as many as are fit.
    `materials`: the files to have at hand, each in Chinese and English. `to_do` is the application to go on with,
    `newest` the last one made; `another` says whether one more may be begun beside it.
    """

    round_id: str
    round_name: str
    programme: str
    called: tuple[str, str]
    opens_at: datetime
    closes_at: datetime
    is_open: bool
    unit: str
    unit_name: str
    line: Line
    channel: Channel
    verdict: Verdicts
    since: date | None
    failed: tuple[Failure, ...]
    open: tuple[str, ...]
    full: int | None
    places: int | None
    materials: tuple[tuple[str, str], ...]
    to_do: str | None
    newest: str | None
    another: bool


class _Seat(NamedTuple):
    """One unit of mine, as what I apply there, what is known of it, and what I may know of its applications."""

    unit: Organization
    channel: Channel
    over: Mapping[Tier, str]
    known: Known
    own: list[Own]

    def of(self, round_id: str, line: Line) -> Own | None:
        """What there is by this way already."""
        wanted = (round_id, line, self.channel)
        return next((one for one in self.own if (one.round_id, one.line, one.channel) == wanted), None)


@query("rounds-for-me")
def rounds_for_me(actor: Actor, *, programme: str = "", words: str = "") -> list[Found]:
    """Every open or coming round that a unit of mine could enter, with whether it may, why not, and from when.

    `programme`: only of a programme, by its code; `words`: only those with each of these words in the name of the
    round or the programme. What one may enter now comes first, then what one may later.
    """
    sought = words.casefold().split()
    with reading() as store:
        who = refreshed(store, actor)
        found: dict[tuple[str, str, Line, Channel], Found] = {}
        for seat in _seats(store, who):
            for row in store.all(_ROUNDS, now=store.now, nation=NATION, **_over(seat.unit)):
                rules = programme_of(store, row.programme)
                if programme not in ("", rules.code) or not _is_named(row, rules, sought):
                    continue
                for one in _by_line(store, seat, row, rules):
                    found[one.round_id, one.unit, one.line, one.channel] = one
    return sorted(found.values(), key=lambda one: (
        _ORDER[one.verdict], one.closes_at if one.is_open else one.opens_at, one.round_name, one.unit, one.line,
    ))  # fmt: skip


def _seats(store: Store, who: Actor) -> Iterator[_Seat]:
    """The units I apply for, or of whose workers I am one: a worker is told of their own applications only."""
    units = {code: organization(store, code) for code in who.places(*entering.SEAT.values())}
    known = {code: records.known_of(store, _Nobody(code)) for code in units}
    over = {code: above(store, unit) for code, unit in units.items()}
    for channel, role in entering.SEAT.items():
        for code in who.places(role):
            own = (store.all(_OF_UNIT, unit=code, now=store.now) if role is Role.CLERK
                   else store.all(_OF_PERSON, who=who.id, unit=code, now=store.now))  # fmt: skip
            yield _Seat(units[code], channel, over[code], known[code], own)


class _Nobody(NamedTuple):
    """A unit that applies for nobody in particular yet."""

    organization: str
    leader_key: str | None = None
    subject: str = ""


def _over(unit: Organization) -> dict[str, str | None]:
    """The unions that may decide a round for a unit."""
    return {"unit": unit.code, "parent": unit.parent, "county": unit.county, "city": unit.city,
            "industry": unit.industry, "province": unit.province}  # fmt: skip


def _is_named(row: Round, rules: Programme, sought: list[str]) -> bool:
    names = f"{row.name} {rules.name.zh} {rules.name.en} {rules.code}".casefold()
    return all(word in names for word in sought)


def _by_line(store: Store, seat: _Seat, row: Round, rules: Programme) -> Iterator[Found]:
    """A round once for each line by which the unit's way leads to the union that decides it."""
    if seat.channel not in rules.entry.channels:
        return
    today, opens, last = local_date(store.now), local_date(row.opens_at), last_day_of(row.closes_at)
    is_open = row.state is RoundState.OPEN and row.opens_at <= store.now
    record = records.record_of(rules, _Nobody(seat.unit.code), seat.known, row.year)
    # Whatever clears before the round opens does not stand in the way.
    judged = verdict(rules, {}, record, max(today, opens), partial=True)
    full = _full(seat, row, rules)
    said, since = _verdict(judged, opens=None if is_open else opens, last=last, full=full)
    for line in routes.lines(rules, seat.unit, seat.over):
        if not leads_to(row.organization, routes.route(rules, line, seat.unit, seat.over, seat.channel)):
            continue
        own = seat.of(row.id, line)
        yield Found(
            row.id, row.name, rules.code, (rules.name.zh, rules.name.en), row.opens_at, row.closes_at, is_open,
            seat.unit.code, seat.unit.name, line, seat.channel, said, since, judged.failed, judged.open, full,
            rules.approval.cap, _materials(rules), own.to_do if own else None, own.newest if own else None,
            own is not None and is_open and said == "may",
        )  # fmt: skip


def _full(seat: _Seat, row: Round, rules: Programme) -> int | None:
    """The number a unit may enter, when it has; what colleagues entered is no business of a worker."""
    most = rules.entry.per_unit
    if most is None or seat.channel is Channel.SELF:
        return None
    return most if sum(own.live for own in seat.own if own.round_id == row.id) >= most else None


def _verdict(judged: Verdict, *, opens: date | None, last: date, full: int | None) -> tuple[Verdicts, date | None]:
    """Whether one may now, later in this round, or not in this one; and from which day on."""
    if full is not None:
        return "may_not", None
    if judged.eligible:
        return ("may", None) if opens is None else ("not_yet", opens)
    if judged.earliest is None or judged.earliest > last:
        return "may_not", judged.earliest
    return "not_yet", judged.earliest


def _materials(rules: Programme) -> tuple[tuple[str, str], ...]:
    """The files that an applicant must bring when handing in, whatever they answer; the workplace's papers too."""
    steps = rules.workplace
    owed = (steps.minutes_slot, steps.notice_slot) if steps else ()
    asked = [
        slot for slot in rules.slots
        if (slot.required or slot.name in owed) and slot.when is None and slot.by == forms.APPLICANT
        if slot.stage == "first"
    ]  # fmt: skip
    return tuple((slot.label.zh, slot.label.en) for slot in asked)
