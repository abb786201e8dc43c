"""Rounds: planned under the programme's approval, opened and closed by their dates, finished by hand."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from models.application import Application
from models.base import table
from models.database import DuplicateError, transaction
from models.errors import ForbiddenError, InputError, RefusedError
from models.notice import Notice
from models.round import Round
from models.sql import bind, rows_of
from models.vocabulary import Act, NoticeState, QuotaKind, RoundState, Rung, State, Thing
from workflows.clocks import due
from workflows.people.organizations import organization, queue_at
from workflows.places import quotas
from workflows.programmes import programme_of
from workflows.record.acting import refreshed
from workflows.record.claiming import claim, hold, look
from workflows.record.journal import found, move
from workflows.record.verb import made_as, not_done_yet, verb
from workflows.rules import calendar, permissions
from workflows.rules.calendar import local_date
from workflows.rules.routes import deciders

if TYPE_CHECKING:
    from models.database import Store
    from models.organization import Organization
    from models.programme import Programme
    from models.round import Quota
    from workflows.record.acting import Actor

_N, _P = table(Notice).c, table(Application).c
_RUNNING = rows_of(Notice, _N.round_id == bind("round", _N.round_id), _N.state == NoticeState.OPEN)
_UNDECIDED = rows_of(
    Application,
    _P.round_id == bind("round", _P.round_id),
    _P.state.in_([State.PUBLIC_NOTICE, State.CONTESTED]),
)
_LONG_AFTER = timedelta(days=180)
_YEARS = (2000, 2100)
_ALL_YEAR = "常年受理，年末截止"


class Window(NamedTuple):
    """When a round takes applications and when it ends (UTC), and how its close was found."""

    closes_at: datetime
    ends_at: datetime
    derivation: str


@verb("plan-round")
def plan_round(
    actor: Actor, *, programme: str, organization_code: str, year: int, opens_at: datetime,
    closes_at: datetime | None = None, ends_at: datetime | None = None, name: str | None = None, reason: str = "",
    key: str | None = None,
) -> Round:  # fmt: skip
    """Plan a year's round of a published programme; its clock opens it at `opens_at` (UTC).

    A close on a day off moves to the next working day; a rolling programme's round closes with the
    year unless `closes_at` is given. The deciding union gets the approved cap as its places, members
    of a joint meeting their shares. Raises RefusedError("approval_expired", "not_this_year") outside
    the programme's approval, ("wrong_decider") for a union that does not decide it, ("lead_time") for
    a close too near without a `reason`; InputError for a year or a window that cannot be.
    """
    _require_between("year", year, *_YEARS)
    with transaction() as store:
        # The same click twice at once: the second waits here, and then finds what the first did.
        queue_at(store, organization_code)
        not_done_yet(store, actor, key)
        rules = programme_of(store, programme)
        decider, who = organization(store, organization_code), refreshed(store, actor)
        _require_decider(who, rules, decider)
        window = _window(rules, opens_at, closes_at, ends_at)
        _refuse_year(rules, year)
        _refuse_haste(rules, local_date(store.now), window, reason)
        body = {"closes": window.derivation, **({"reason": reason.strip()} if reason.strip() else {})}
        state = RoundState.OPEN if opens_at <= store.now < window.closes_at else RoundState.PLANNED
        try:
            made = found(
                store, who, Act.START, Round, key=key, body=body, programme=programme, organization=decider.code,
                year=year, name=name or f"{year}年{rules.name.zh}", state=state, opens_at=opens_at,
                closes_at=window.closes_at, ends_at=window.ends_at,
            )  # fmt: skip
        except DuplicateError as error:
            raise InputError("round_known", field="year", given=year) from error
        quotas.issue_approved(store, who, made.id, decider.code, rules)
        if rules.joint is not None:
            shares = {member: rules.joint.shares.get(member, 0) for member in rules.joint.members}
            quotas.issue_all(store, who, made.id, shares, QuotaKind.MAXIMUM)
        return made


def _require_decider(who: Actor, rules: Programme, decider: Organization) -> None:
    """The programme's rounds are run by the union of its last rung, through its administrators."""
    if not permissions.governs(who, decider.code):
        raise ForbiddenError("not_administrator", organization=decider.code)
    joint = rules.joint.organization if rules.joint and rules.ladder[-1].desk is Rung.JOINT else None
    if decider.tier not in (tiers := deciders(rules)) or joint not in (None, decider.code):
        raise RefusedError("wrong_decider", organization=decider.code, known=sorted(tiers))


def _window(rules: Programme, opens_at: datetime, closes_at: datetime | None, ends_at: datetime | None) -> Window:
    """The round's window, its close moved off a day off; a rolling one ends with its year."""
    if closes_at is None and not rules.entry.rolling:
        raise InputError("argument_missing", field="closes_at", expected="datetime")
    whole_year = calendar.ends_at(date(local_date(opens_at).year, 12, 31))
    _refuse_window(rules, opens_at, closes_at or whole_year)
    closes, derivation = _rolled(closes_at) if closes_at else (whole_year, _ALL_YEAR)
    if ends_at is not None and ends_at < closes:
        raise InputError("window", field="ends_at", opens_at=closes.isoformat())
    return Window(closes, ends_at or closes + _LONG_AFTER, derivation)


def _refuse_year(rules: Programme, year: int) -> None:
    """Rounds are held every so many years, counted from the first (domain: 2.1, biennial rounds)."""
    rule = rules.approval
    first, cycle = rule.first_year or rules.valid_from.year, rule.cycle_years
    if (past := (year - first) % cycle) or year < (rule.first_year or year):
        following = max(first, year + cycle - past if past else year)
        raise RefusedError("not_this_year", year=year, cycle=cycle, next=following, **rule.cited)


def _refuse_haste(rules: Programme, today: date, window: Window, reason: str) -> None:
    """Applicants are given `lead_days` calendar days at least, the day of planning not counted (domain: 7.11)."""
    last, least = local_date(window.closes_at - timedelta(microseconds=1)), rules.entry.lead_days
    if (last - today).days < least and not reason.strip():
        raise RefusedError("lead_time", days=least, given=(last - today).days,
                           earliest=(today + timedelta(days=least)).isoformat(), **rules.entry.cited)  # fmt: skip


def _require_between(field: str, given: int, least: int, most: int) -> None:
    if given < least:
        raise InputError("too_small", field=field, given=given, least=least)
    if given > most:
        raise InputError("too_big", field=field, given=given, most=most)


def _refuse_window(rules: Programme, opens_at: datetime, closes_at: datetime) -> None:
    if closes_at <= opens_at:
        raise InputError("window", field="closes_at", opens_at=opens_at.isoformat())
    until = rules.approval.valid_until
    if local_date(opens_at) > until or local_date(opens_at) < rules.valid_from:
        raise RefusedError("approval_expired", document=rules.approval.document, until=until.isoformat())


@verb("issue")
def issue(
    actor: Actor, *, round_id: str, organization_code: str, places: int,
    kind: QuotaKind | None = None, minimum: int = 0, pool: str = "", key: str | None = None,
) -> Quota:  # fmt: skip
    """Issue a union its places in a round, or change their number.

    Without `kind` they are of the programme's usual kind; `pool` names one of the programme's pools,
    without it they are for what belongs to none. Raises QuotaError when fewer are issued than already
    reserved and used, InputError for a number, minimum or pool that cannot be, RefusedError("over_cap").
    """
    with transaction() as store:
        row = hold(store, Round, round_id)
        who = refreshed(store, actor)
        if (code := permissions.refusal(who, Act.ISSUE, Thing.ROUND, row)) is not None:
            raise ForbiddenError(code, act=Act.ISSUE.value)
        organization(store, organization_code)
        line = made_as(who, key)
        if (again := quotas.of_line(store, line)) is not None:
            return again  # the same click again
        rules = programme_of(store, row.programme)
        kind = kind or rules.quota.kind
        quotas.require_issuable(rules, row, {organization_code: places}, kind, minimum, pool)
        return quotas.issue(store, who, round_id, organization_code, places, kind, minimum, pool, line=line)


@verb("finish")
def finish(actor: Actor, round_id: str, *, seen: int, key: str | None = None) -> Round:
    """End a round: what was not named is told so by the next sweep.

    Raises RefusedError("notice_running", "undecided") while a notice is open or was not decided.
    """
    with transaction() as store:
        row, who = claim(store, actor, Act.END, Round, round_id, seen=seen, key=key)
        _require_settled(store, round_id)
        return move(store, who, Act.END, row, key=key)


def _rolled(closes_at: datetime) -> tuple[datetime, str]:
    """A cut-off printed for a day off moves to the next working day, its hour kept (Civil Code art. 203)."""
    printed = local_date(closes_at - timedelta(microseconds=1))
    last = calendar.roll(printed, calendar=due.current())
    return closes_at + (last.last_day - printed), last.derivation


def _require_settled(store: Store, round_id: str) -> None:
    """No notice runs, and nobody who stood in one is left without a decision."""
    if running := store.all(_RUNNING, round=round_id):
        raise RefusedError("notice_running", notice=running[0].id, ends_at=running[0].ends_at.isoformat())
    if (left := store.first(_UNDECIDED, round=round_id)) is not None:
        raise RefusedError("undecided", receipt=left.receipt, state=left.state.value)


def opened(store: Store, round_id: str) -> Round:
    """A round that takes applications now. Raises RefusedError with its window."""
    row = look(store, Round, round_id)
    if not row.opens_at <= store.now < row.closes_at:
        code = "round_not_open_yet" if store.now < row.opens_at else "round_closed"
        raise RefusedError(code, opens_at=row.opens_at.isoformat(), closes_at=row.closes_at.isoformat())
    return row
