"""Putting a case on hold until a day, and taking it up again: never silent, never longer than its tier has."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from models.application import Application
from models.base import table
from models.database import transaction
from models.deadline import Deadline
from models.errors import InputError, RefusedError
from models.journal import Event
from models.round import Round
from models.sql import Sql, bind, rows_of
from models.vocabulary import Act, DeadlineKind, Thing
from workflows.clocks import aside, due
from workflows.desk import countersigning, cut_offs
from workflows.desk.handling import as_read, shown
from workflows.post import letters
from workflows.programmes import programme_of
from workflows.record.acting import SYSTEM
from workflows.record.claiming import claim, hold, look
from workflows.record.journal import move
from workflows.record.moves import Due
from workflows.record.verb import verb
from workflows.rules import calendar, office_words, routes

if TYPE_CHECKING:
    from datetime import date, datetime

    from models.database import Store
    from workflows.record.acting import Actor
    from workflows.rules.cut_offs import CutOff

_D, _E = table(Deadline).c, table(Event).c
_RUNNING = rows_of(
    Deadline, _D.thing_id == bind("of", _D.thing_id), _D.kind == DeadlineKind.REVIEW, _D.closed_at.is_(None)
)
_OVER: Sql[str] = Sql(
    sa.select(_D.thing_id)
    .where(_D.kind == DeadlineKind.HOLD_END, _D.closed_at.is_(None), _D.due_at <= bind("now", _D.due_at))
    .order_by(_D.due_at, _D.id)
)
_HELD = rows_of(
    Event,
    _E.thing == Thing.APPLICATION,
    _E.thing_id == bind("of", _E.thing_id),
    _E.act == Act.HOLD,
    order=(_E.version.desc(),),
)
_INSTANT = timedelta(microseconds=1)


@verb("hold", answer=as_read)
def hold_case(
    actor: Actor, application_id: str, *, until: date, reason: str, seen: int, key: str | None = None
) -> Application:
    """Put a case on hold through a day, with the reason its people will read; the desk does nothing to it meanwhile.

    The day becomes what is promised; its people may still withdraw. Raises InputError("hold_over"),
    RefusedError("hold_past_cut_off", "hold_past_round", "countersign_open", "on_a_list", "no_term_to_hold").
    """
    kept = office_words.reason(Act.HOLD, reason)
    with transaction() as store:
        row, who = claim(store, actor, Act.HOLD, Application, application_id, seen=seen, key=key)
        countersigning.require_none_open(store, row)
        if row.slate_id is not None:
            raise RefusedError("on_a_list", receipt=row.receipt)
        end = _end(store, row, until)
        left = _left(store, row)
        told = f"挂起至{until.isoformat()}：{kept[:200]}；审核期限还剩{left}个工作日，恢复办理后接续计算"
        after = move(store, who, Act.HOLD, row, key=key, on_hold=True,
                     due=Due(DeadlineKind.HOLD_END, end, told, desk=row.desk),
                     body={"reason": kept, "until": until.isoformat(), "left": left})  # fmt: skip
        letters.to_people(store, after.head[:32], [row.applicant_id], "case_held",
                          {"receipt": row.receipt, "subject": row.subject, "organization": row.desk,
                           "until_on": until.isoformat(), "reason": kept}, thing_id=row.id)  # fmt: skip
        return shown(store, after)


@verb("release", answer=as_read)
def release(actor: Actor, application_id: str, *, seen: int, reason: str = "", key: str | None = None) -> Application:
    """Take a case up again before its hold ends: the working days that were left run on from today.

    Raises RefusedError("not_on_hold").
    """
    kept = office_words.reason(Act.RELEASE, reason)
    with transaction() as store:
        row, who = claim(store, actor, Act.RELEASE, Application, application_id, seen=seen, key=key)
        if not row.on_hold:
            raise RefusedError("not_on_hold", receipt=row.receipt)
        return shown(store, _released(store, who, row, kept, key))


def end_holds() -> int:
    """Take up again every case whose hold is over; a clock's step, one case at a time."""
    with transaction() as store:
        over = store.all(_OVER, now=store.now)
    return aside.each("holds_ended", over, _end_one, Thing.APPLICATION)


def _end_one(application_id: str) -> int:
    with transaction() as store:
        row = hold(store, Application, application_id)
        if not row.on_hold or row.due_at is None or row.due_at > store.now:
            return 0
        _released(store, SYSTEM, row, "hold_ended", None)
        letters.to_desk(store, hold(store, Application, row.id).head[:32], row.desk, "hold_ended",
                        {"receipt": row.receipt, "subject": row.subject}, thing_id=row.id)  # fmt: skip
        return 1


def _released(store: Store, who: Actor, row: Application, why: str, key: str | None) -> Application:
    again = _again(store, row)
    return move(store, who, Act.RELEASE, row, key=key, on_hold=False, due=again,
                body={"why": why, "until": again.at.isoformat()})  # fmt: skip


def _end(store: Store, row: Application, until: date) -> datetime:
    """The moment a hold through this day ends, if it may last that long."""
    end = calendar.ends_at(until)
    if until <= calendar.local_date(store.now):
        raise InputError("hold_over", field="until", given=until.isoformat())
    limit = _cut_off(store, row)
    if limit is not None and limit.at < end:
        raise RefusedError("hold_past_cut_off", until=until.isoformat(), due_at=limit.at.isoformat())
    window = look(store, Round, row.round_id)
    if window.ends_at < end:
        raise RefusedError("hold_past_round", until=until.isoformat(), ends_at=window.ends_at.isoformat())
    return end


def _cut_off(store: Store, row: Application) -> CutOff | None:
    """The tier's cut-off while it is still to come, extensions counted."""
    stop = routes.stop(row, row.step)
    limit = cut_offs.of(store, programme_of(store, row.programme), row.round_id, stop.rung, stop.desk)
    return limit if limit is not None and store.now < limit.at else None


def _left(store: Store, row: Application) -> int:
    """How many working days of its term a case has left, today not counted; none when it is overdue."""
    running = store.first(_RUNNING, of=row.id)
    if running is None:
        raise RefusedError("no_term_to_hold", receipt=row.receipt)
    today, last = calendar.local_date(store.now), calendar.local_date(running.due_at - _INSTANT)
    return max(0, calendar.working_days_between(today, last, calendar=due.current()))


def _again(store: Store, row: Application) -> Due:
    """The review's term again: the days that were left, from the day the hold ended, within the tier's cut-off."""
    event = store.first(_HELD, of=row.id)
    left = int(event.body["left"]) if event is not None else 0
    end = row.due_at or store.now
    start = min(calendar.local_date(store.now), calendar.local_date(end - _INSTANT))
    found = due.span(start, left) if left else None
    at = calendar.ends_at(found.last_day) if found else calendar.ends_at(max(start, calendar.local_date(store.now)))
    told = f"挂起结束，接续剩余的{left}个工作日"
    basis = {**found.basis, "hour": "24:00", "told": f"{told}："} if found else None
    words = f"{told}：{found.derivation}" if found else f"{told}，当日办结"
    again = Due(DeadlineKind.REVIEW, at, words, bool(found and found.provisional), row.desk, basis=basis)
    limit = _cut_off(store, row)
    return again if limit is None else due.capped(again, limit, "本级截止", tell=False)
