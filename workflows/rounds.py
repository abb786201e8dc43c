"""Rounds: planned under the programme's approval, opened and closed by their dates, finished by hand."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from models.application import Application
from models.base import table
from models.database import DuplicateError, transaction
from models.errors import ForbiddenError, InputError, RefusedError
from models.notice import Notice
from models.round import Round
from models.sql import bind, rows_of
from models.vocabulary import Act, NoticeState, QuotaKind, RoundState, State, Thing
from workflows import due, quotas
from workflows.acting import refreshed
from workflows.claiming import claim, hold, look
from workflows.journal import found, move
from workflows.organizations import organization, queue_at
from workflows.programmes import programme_of
from workflows.rules import calendar, permissions
from workflows.rules.calendar import local_date
from workflows.rules.routes import deciders
from workflows.verb import not_done_yet, verb

if TYPE_CHECKING:
    from datetime import datetime

    from models.database import Store
    from models.programme import Programme
    from models.round import Quota
    from workflows.acting import Actor

_N, _P = table(Notice).c, table(Application).c
_RUNNING = rows_of(Notice, _N.round_id == bind("round", _N.round_id), _N.state == NoticeState.OPEN)
_UNDECIDED = rows_of(
    Application,
    _P.round_id == bind("round", _P.round_id),
    _P.state.in_([State.PUBLIC_NOTICE, State.CONTESTED]),
)
_LONG_AFTER = timedelta(days=180)
_YEARS = (2000, 2100)
_MOST_PLACES = 100_000


@verb("plan-round")
def plan_round(
    actor: Actor, *, programme: str, organization_code: str, year: int, opens_at: datetime,
    closes_at: datetime, ends_at: datetime | None = None, name: str | None = None, key: str | None = None,
) -> Round:  # fmt: skip
    """Plan a year's round of a published programme; its clock opens it at `opens_at` (UTC).

    A close on a day off moves to the next working day; the deciding union gets the approved cap
    as its places. Raises RefusedError("approval_expired") outside the programme's approval,
    RefusedError("wrong_decider") for a union of another tier than the ladder's last, InputError
    for a year nobody lives in or a window that ends before it begins.
    """
    _require_between("year", year, *_YEARS)
    with transaction() as store:
        # The same click twice at once: the second waits here, and then finds what the first did.
        queue_at(store, organization_code)
        not_done_yet(store, actor, key)
        rules = programme_of(store, programme)
        decider = organization(store, organization_code)
        who = refreshed(store, actor)
        if not permissions.governs(who, decider.code):
            raise ForbiddenError("not_administrator", organization=decider.code)
        if decider.tier not in (tiers := deciders(rules)):
            raise RefusedError("wrong_decider", organization=decider.code, known=sorted(tiers))
        _refuse_window(rules, opens_at, closes_at)
        closes_at, moved = _rolled(closes_at)
        if ends_at is not None and ends_at < closes_at:
            raise InputError("window", field="ends_at", opens_at=closes_at.isoformat())
        state = RoundState.OPEN if opens_at <= store.now < closes_at else RoundState.PLANNED
        try:
            made = found(
                store, who, Act.START, Round, key=key, body={"closes": moved}, programme=programme,
                organization=decider.code, year=year, name=name or f"{year}年{rules.name.zh}", state=state,
                opens_at=opens_at, closes_at=closes_at, ends_at=ends_at or closes_at + _LONG_AFTER,
            )  # fmt: skip
        except DuplicateError as error:
            raise InputError("round_known", field="year", given=year) from error
        quotas.issue(store, who, made.id, decider.code, rules.approval.cap, QuotaKind.MAXIMUM)
        return made


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
    kind: QuotaKind = QuotaKind.FIXED, minimum: int = 0,
) -> Quota:  # fmt: skip
    """Issue a union its places in a round, or change their number.

    Raises QuotaError when fewer are issued than already reserved and used.
    """
    # The places of a free quota bound nothing, so they do not bound its minimum either.
    if places < 0 or minimum < 0 or (minimum > places and kind is not QuotaKind.FREE):
        raise InputError("places", field="places", given=places)
    _require_between("places", places, 0, _MOST_PLACES)
    _require_between("minimum", minimum, 0, _MOST_PLACES)
    with transaction() as store:
        row = hold(store, Round, round_id)
        who = refreshed(store, actor)
        if (code := permissions.refusal(who, Act.ISSUE, Thing.ROUND, row)) is not None:
            raise ForbiddenError(code, act=Act.ISSUE.value)
        organization(store, organization_code)
        cap = programme_of(store, row.programme).approval.cap
        if organization_code == row.organization and places > cap:
            raise RefusedError("over_cap", cap=cap, asked=places)
        return quotas.issue(store, who, round_id, organization_code, places, kind, minimum)


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
