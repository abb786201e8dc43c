"""Putting a due date off: with a reason, by who asks for it or is above, never by who owes it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from models.application import Application
from models.base import table
from models.database import reading, transaction
from models.deadline import Deadline
from models.errors import ForbiddenError, InputError, NotFoundError, RefusedError, StaleError
from models.notice import Objection
from models.round import Round
from models.sql import bind, rows_of
from models.vocabulary import Act, DeadlineKind, LetterKind, Thing
from workflows.clocks import deadlines, due
from workflows.clocks.recounting import THINGS, Anew, mirrored, told
from workflows.desk import cut_offs
from workflows.people.organizations import NATION, organization
from workflows.post import letters
from workflows.post.audience import Owed, audience, people
from workflows.post.ladders import Rung
from workflows.programmes import programme_of
from workflows.record.acting import refreshed
from workflows.record.claiming import hold, look, row_of, visible
from workflows.record.journal import move
from workflows.record.moves import Due
from workflows.record.verb import not_done_yet, query, verb
from workflows.rules import permissions, postponing, routes
from workflows.rules.calendar import ends_at, local_date
from workflows.rules.characters import within

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date, datetime

    from models.database import Store
    from workflows.record.acting import Actor

_D, _B = table(Deadline).c, table(Objection).c
_LOOK = rows_of(Deadline, _D.id == bind("id", _D.id))
_OPEN = rows_of(
    Deadline, _D.thing_id == bind("of", _D.thing_id), _D.closed_at.is_(None), order=(_D.id,), lock=True
)  # fmt: skip
_ABOUT = rows_of(Objection, _B.application_id == bind("of", _B.application_id), order=(_B.id,), lock=True)
_OF_A_CASE = (Thing.APPLICATION, Thing.OBJECTION)
_OF_A_UNIT = (Thing.APPLICATION, Thing.TITLE, Thing.ASSESSMENT, Thing.SUBSIDY)
_LONGEST = 500
_INSTANT = timedelta(microseconds=1)
_RUNG = Rung(0, "deadline_postponed")


class Postponable(NamedTuple):
    """Whether the asker may put a date off, and why not as a code; `due_at` is what they then bring as seen."""

    deadline_id: str
    kind: DeadlineKind
    due_at: datetime
    may: bool
    code: str | None


@verb("postpone", answer=lambda store, event: _deadline(store, event.body["deadline"]))
def postpone(
    actor: Actor, deadline_id: str, *, until: date, reason: str, seen_due: datetime, key: str | None = None
) -> Deadline:
    """Put a due date off to the end of a working day, with the reason; who owes it hears of it, its reminders anew.

    By reviewers and administrators of the union it is owed to, or above it; what a union owes itself only by
    who is above it. `seen_due`: the moment as it was shown. Raises RefusedError("not_postponable",
    "deadline_closed", "postpone_past_cut_off", "postpone_past_round"), InputError("reason_missing",
    "postpone_backwards", "postpone_day_off"), ForbiddenError("own_promise", "not_above", "own_case"), StaleError.
    """
    if not reason.strip():
        raise InputError("reason_missing", field="reason")
    with transaction() as store:
        not_done_yet(store, actor, key)
        who = refreshed(store, actor)
        rows = _held(store, _deadline(store, deadline_id))
        line = _deadline(store, deadline_id)
        _require_permitted(store, who, line, rows[0])
        if line.due_at != seen_due:
            raise StaleError("due_moved", seen=seen_due.isoformat(), due_at=line.due_at.isoformat())
        at = _until(store, line, rows[0], until)
        return _put_off(store, who, line, rows, at, within("reason", reason, _LONGEST), key)


@query("postponable")
def postponable(actor: Actor, deadline_id: str) -> Postponable:
    """Whether the asker may put this date off. Raises NotFoundError for what they may not know of."""
    with reading() as store:
        who, line = refreshed(store, actor), _deadline(store, deadline_id)
        row = row_of(store, line.thing, line.thing_id)
        code = may(store, who, line, row)
        if code is not None and not visible(who, line.thing, row):
            raise NotFoundError("not_found", thing="deadline", given=deadline_id)
        return Postponable(line.id, line.kind, line.due_at, code is None, code)


def may(store: Store, who: Actor, line: Deadline, row: Any) -> str | None:
    """Why somebody may not put a deadline of a row off, as a code; None when they may."""
    if line.kind not in postponing.POSTPONABLE:
        return "not_postponable"
    if line.closed_at is not None:
        return "deadline_closed"
    return _forbidden(store, who, line, row)


def _forbidden(store: Store, who: Actor, line: Deadline, row: Any) -> str | None:
    asks = _asks(line, row)
    above = _above(store, asks)
    case = look(store, Application, row.application_id) if line.thing is Thing.OBJECTION else row
    if line.thing in _OF_A_CASE and permissions.is_own_case(who, case.organization, case.applicant_id, asks):
        return "own_case"
    if line.thing in (*_OF_A_CASE, *_OF_A_UNIT) and any(
        permissions.is_principals_case(who, case.organization, getattr(case, "applicant_id", ""), code)
        for code in (asks, *above)
    ):
        return "own_case"
    unit = row.organization if line.thing in _OF_A_UNIT else None
    code = postponing.refusal(who, owing=line.desk, asks=asks, above=above, unit=unit)
    return "own_promise" if code is None and line.account_id == who.id else code


def _asks(line: Deadline, row: Any) -> str:
    """The union that a date is kept for: the desk itself for its own promises, the deciding one after a naming."""
    match line.thing:
        case Thing.APPLICATION:
            return line.desk or routes.stop(row, row.step).desk
        case Thing.TITLE | Thing.ASSESSMENT | Thing.SUBSIDY:
            return str(row.decider)
        case Thing.PANEL:
            return str(row.desk)
        case _:
            return str(row.organization)


def _above(store: Store, code: str) -> list[str]:
    """The unions over one, from the nearest up."""
    one = organization(store, code)
    line = (one.parent, one.county, one.city, one.industry, one.province, NATION)
    return [above for above in dict.fromkeys(line) if above and above != code]


def _held(store: Store, line: Deadline) -> list[Any]:
    """The thing of a deadline, held, and with a contested application the objections that have its date."""
    if line.kind not in postponing.POSTPONABLE:
        raise RefusedError("not_postponable", kind=line.kind.value)
    if line.thing is Thing.OBJECTION:
        of = look(store, Objection, line.thing_id).application_id
        application = hold(store, Application, of)
        found = store.all(_ABOUT, of=of)
        return [*(one for one in found if one.id == line.thing_id), application,
                *(one for one in found if one.id != line.thing_id)]  # fmt: skip
    row = hold(store, THINGS[line.thing], line.thing_id)
    together = line.thing is Thing.APPLICATION and line.kind is DeadlineKind.SETTLEMENT
    return [row, *(store.all(_ABOUT, of=row.id) if together else [])]


def _require_permitted(store: Store, who: Actor, line: Deadline, row: Any) -> None:
    """Who is above a desk may give it time before a case has come so far that they see it."""
    if (code := _forbidden(store, who, line, row)) is not None:
        if not visible(who, line.thing, row):
            raise NotFoundError("not_found", thing="deadline", given=line.id)
        raise ForbiddenError(code, act=Act.POSTPONE.value, thing=line.thing.value)
    if line.closed_at is not None:
        raise RefusedError("deadline_closed", kind=line.kind.value)


def _until(store: Store, line: Deadline, row: Any, until: date) -> datetime:
    """The end of the new day: a working day, later than the date and than now, within the tier's cut-off."""
    at = ends_at(until)
    if at <= max(line.due_at, store.now) or until <= local_date(store.now):
        raise InputError("postpone_backwards", field="until", given=until, due_at=line.due_at.isoformat())
    if due.rolled(until).last_day != until:
        raise InputError("postpone_day_off", field="until", given=until, next=due.rolled(until).last_day)
    if line.thing is Thing.APPLICATION and line.kind in (DeadlineKind.REVIEW, DeadlineKind.CORRECTION):
        _require_within(store, row, at)
    return at


def _require_within(store: Store, row: Application, at: datetime) -> None:
    window, stop = look(store, Round, row.round_id), routes.stop(row, row.step)
    limit = cut_offs.of(store, programme_of(store, row.programme), row.round_id, stop.rung, stop.desk)
    if limit is not None and store.now < limit.at < at:
        raise RefusedError("postpone_past_cut_off", due_at=limit.at.isoformat())
    if window.ends_at < at:
        raise RefusedError("postpone_past_round", ends_at=window.ends_at.isoformat())


def _put_off(
    store: Store, who: Actor, line: Deadline, rows: Sequence[Any], at: datetime, reason: str, key: str | None
) -> Deadline:
    """The date of the thing put off, and the same promise where it is kept twice."""
    words = f"经批准顺延：{reason}"
    for n, row in enumerate(rows):
        for one in store.all(_OPEN, of=row.id):
            if (one.kind, one.due_at) != (line.kind, line.due_at) or (n == 0 and one.id != line.id):
                continue
            new = Due(one.kind, at, words, desk=one.desk, account_id=one.account_id)
            values = mirrored(row, one, Anew(one, new, local_date(at)))
            body = {"deadline": one.id, "kind": one.kind.value, "before": one.due_at.isoformat(),
                    "until": at.isoformat(), "reason": reason}  # fmt: skip
            after = move(store, who, Act.POSTPONE, row, key=key if n == 0 else None, body=body, **values)
            deadlines.set_anew(store, [(one, new, 0), *_following(store, one, at)])
            if n == 0:
                _tell(store, one, after, new, reason)
    return _deadline(store, line.id)


def _following(store: Store, line: Deadline, at: datetime) -> Iterator[tuple[Deadline, Due, int]]:
    """What is counted from the date that is put off: the re-check after a rectification, never earlier than it was."""
    if line.kind is not DeadlineKind.RECTIFICATION:
        return
    end = due.rolled(local_date(at - _INSTANT)).basis
    for one in store.all(_OPEN, of=line.thing_id):
        if one.kind is DeadlineKind.RECHECK and one.basis is not None and "after" in one.basis:
            basis = {**one.basis, "after": {**end, "hour": "24:00"}}
            found = due.again(basis)
            if found.at > one.due_at:
                yield one, Due(one.kind, found.at, found.derivation, found.provisional, one.desk, basis=basis), 0


def _tell(store: Store, line: Deadline, row: Any, new: Due, reason: str) -> None:
    """Whoever owes it hears of it, and an applicant whose case will take longer."""
    owed = Owed(*(getattr(line, name) for name in Owed._fields))
    known = audience(store, _RUNG, [owed])
    heard = people(known, _RUNG, owed)
    if line.thing is Thing.APPLICATION:
        heard = list(dict.fromkeys([*heard, row.applicant_id]))
    params = {**told(line, new), "reason": reason}
    letters.to_people(store, row.head[:32], heard, _RUNG.template, params, LetterKind.INFORMATION, line.thing_id)


def _deadline(store: Store, deadline_id: str) -> Deadline:
    found = store.first(_LOOK, id=deadline_id)
    if found is None:
        raise NotFoundError("not_found", thing="deadline", given=deadline_id)
    return found
