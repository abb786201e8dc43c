"""Rounds opening and closing by their dates, and applications that ran out of time."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import sqlalchemy as sa

from models.application import Application
from models.base import table
from models.database import reading, transaction
from models.deadline import Deadline
from models.notice import Notice
from models.round import Round
from models.slate import Slate
from models.sql import Sql, bind, rows_of
from models.vocabulary import REVIEW_OF, REVIEWS, Act, Role, RoundState, Rung, SlateState, State, Thing
from workflows.clocks import aside, due
from workflows.listing import leaving
from workflows.post import letters
from workflows.programmes import programme_of
from workflows.record.acting import SYSTEM
from workflows.record.claiming import hold, look
from workflows.record.journal import move, move_all
from workflows.record.moves import Change
from workflows.rules import cut_offs, routes
from workflows.rules.calendar import local_date

if TYPE_CHECKING:
    from models.database import Store

_R, _P, _SL, _D, _N = (table(m).c for m in (Round, Application, Slate, Deadline, Notice))
BATCH = aside.BATCH
LAPSED, PASSED_OVER = "lapsed", "passed_over"
_NOW = bind("now", _R.opens_at)
_TO_OPEN = aside.line(
    "rounds_opened",
    Round,
    sa.select(table(Round))
    .where(_R.state == RoundState.PLANNED, _R.opens_at <= _NOW)
    .order_by(_R.id)
    .with_for_update(key_share=True),
    Thing.ROUND,
)
_TO_CLOSE = aside.line(
    "rounds_closed",
    Round,
    sa.select(table(Round))
    .where(_R.state == RoundState.OPEN, _R.closes_at <= _NOW)
    .order_by(_R.id)
    .with_for_update(key_share=True),
    Thing.ROUND,
)
_ROUND_OVER = sa.exists().where(_R.id == _P.round_id, _R.closes_at <= _NOW)
_DRAFTS_OVER = aside.line(
    LAPSED,
    Application,
    sa.select(table(Application))
    .where(_P.state == State.DRAFT, _ROUND_OVER)
    .order_by(_P.id)
    .with_for_update(key_share=True, skip_locked=True),
    Thing.APPLICATION,
)
_CORRECTIONS_OVER: Sql[str] = Sql(
    sa.select(_P.id)
    .where(_P.state == State.RETURNED, _P.due_at <= _NOW, aside.free(LAPSED, _P.id))
    .order_by(_P.due_at, _P.id)
    .limit(BATCH)
)
_RUNNING = rows_of(Round, _R.state.in_([RoundState.OPEN, RoundState.REVIEWING]), order=(_R.id,))
# At the tier's desk since before its cut-off (whom an objection kept below till then is not to blame),
# or in the tier's own notice on a list that has not gone up.
_UNSENT: Sql[str] = Sql(
    sa.select(_P.id)
    .outerjoin(table(Slate), _SL.id == _P.slate_id)
    .where(
        _P.round_id == bind("round", _P.round_id),
        ((_P.state == bind("state", _P.state)) & _P.desk.is_not(None) & (_P.entered_at < bind("before", _P.entered_at)))
        | (
            (_P.state == State.PUBLIC_NOTICE)
            & (_SL.rung == bind("rung", _SL.rung))
            & (_SL.state == SlateState.IN_NOTICE)
        ),
        aside.free(LAPSED, _P.id),
    )
    .order_by(_P.id)
    .limit(BATCH)
)
_UNDECIDED = aside.line(
    PASSED_OVER,
    Application,
    sa.select(table(Application))
    .join(table(Round), _R.id == _P.round_id)
    .where(
        _R.state == RoundState.FINISHED,
        _P.state.in_([*sorted(REVIEWS), State.RETURNED]),
    )
    .order_by(_P.id)
    .with_for_update(key_share=True, skip_locked=True, of=table(Application)),
    Thing.APPLICATION,
)
_LEFT_OPEN = aside.line(
    PASSED_OVER,
    Slate,
    sa.select(table(Slate))
    .join(table(Round), _R.id == _SL.round_id)
    .where(_R.state == RoundState.FINISHED, _SL.state != SlateState.DECIDED)
    .order_by(_SL.id)
    .with_for_update(key_share=True, skip_locked=True, of=table(Slate)),
    Thing.SLATE,
)


_FORGET_NOTICES: Sql[None] = Sql(
    sa.update(table(Deadline))
    .where(
        _D.thing == Thing.NOTICE,
        _D.closed_at.is_(None),
        _D.thing_id.in_(sa.select(_N.id).where(_N.slate_id == bind("slate", _N.slate_id))),
    )
    .values(closed_at=bind("closed_at", _D.closed_at))
)


def open_rounds() -> int:
    """Open the rounds whose day has come, and tell their unions' administrators."""
    return aside.in_batches(_TO_OPEN, partial(_turn, act=Act.OPEN, template="round_opened"))


def close_rounds() -> int:
    """Close the filing windows that are over."""
    return aside.in_batches(_TO_CLOSE, partial(_turn, act=Act.CLOSE, template="round_closing"))


def lapse_overdue() -> int:
    """Drafts of a closed round and corrections past their limit are treated as given up.

    So is what a tier has not sent up by its cut-off, where the programme says `late = "lapse"`.
    """
    done = aside.in_batches(_DRAFTS_OVER, _lapse_drafts)
    done += aside.each(LAPSED, _overdue_corrections(), _lapse_correction, Thing.APPLICATION)
    return done + aside.each(LAPSED, _running(), _lapse_past_cut_offs, Thing.ROUND)


def pass_over_finished() -> int:
    """What a finished round did not name is told so; its open slates end."""
    done = aside.in_batches(_UNDECIDED, _pass_over)
    aside.in_batches(_LEFT_OPEN, _end_slates)
    return done


def _turn(store: Store, rounds: list[Round], *, act: Act, template: str) -> int:
    return sum(_told(store, row, act, template) for row in rounds)


def _told(store: Store, row: Round, act: Act, template: str) -> int:
    after = move(store, SYSTEM, act, row)
    words = {"round": row.name, "opens_at": row.opens_at.isoformat(), "closes_at": row.closes_at.isoformat()}
    letters.to_desk(store, after.head[:32], row.organization, template, words, thing_id=row.id,
                    role=Role.ADMINISTRATOR)  # fmt: skip
    return 1


def _lapse_drafts(store: Store, rows: list[Application]) -> int:
    body = {"why": "round_closed", "letter": {"reason": "round_closed"}}
    return len(move_all(store, SYSTEM, Act.LAPSE, [Change(row, body=body) for row in rows]))


def _overdue_corrections() -> list[str]:
    with transaction() as store:
        return store.all(_CORRECTIONS_OVER, now=store.now)


def _lapse_correction(application_id: str) -> int:
    """One at a time: each may free places and let reserve names rise."""
    with transaction() as store:
        slates = leaving.hold_slates(store, application_id)
        row = hold(store, Application, application_id)
        if row.state is not State.RETURNED or row.due_at is None or row.due_at > store.now:
            return 0
        body = {"why": "correction_over", "letter": {"reason": "correction_over"}}
        move(store, SYSTEM, Act.LAPSE, row, body=body)
        leaving.release(store, SYSTEM, row, slates, Act.LAPSE)
        return 1


def _running() -> list[str]:
    with reading() as store:
        return [window.id for window in store.all(_RUNNING)]


def _lapse_past_cut_offs(round_id: str) -> int:
    rungs = dict(_past_cut_offs(round_id))
    return aside.each(LAPSED, rungs, lambda one: _lapse_unsent(one, rungs[one]), Thing.APPLICATION)


def _past_cut_offs(round_id: str) -> list[tuple[str, Rung]]:
    """What still lies at a tier after the cut-off by which it was to go up: application and rung."""
    found: list[tuple[str, Rung]] = []
    with reading() as store:
        window = look(store, Round, round_id)
        rules = programme_of(store, window.programme)
        limits = cut_offs.cut_offs(rules, local_date(window.opens_at), due.current())
        for step in rules.ladder[:-1]:
            limit = limits.get(step.desk)
            if step.late == "lapse" and limit is not None and limit.at <= store.now:
                at_tier = {"round": window.id, "state": REVIEW_OF[step.desk], "rung": step.desk,
                           "before": limit.at, "now": store.now}  # fmt: skip
                found += [(one, step.desk) for one in store.all(_UNSENT, **at_tier)]
    return found


def _lapse_unsent(application_id: str, rung: Rung) -> int:
    """One at a time, as each gives its places back; no reserve name rises, for it could not be sent either."""
    with transaction() as store:
        slates = leaving.hold_slates(store, application_id)
        row = hold(store, Application, application_id)
        if routes.stop(row, row.step).rung is not rung or row.state not in (REVIEW_OF[rung], State.PUBLIC_NOTICE):
            return 0
        body = {"why": "past_cut_off", "letter": {"reason": "past_cut_off"}}
        move(store, SYSTEM, Act.LAPSE, row, body=body)
        leaving.release(store, SYSTEM, row, slates, Act.LAPSE, rise=False)
        if row.state is State.PUBLIC_NOTICE and row.notice_id is not None:
            leaving.end_if_done(store, SYSTEM, look(store, Notice, row.notice_id))
        return 1


def _pass_over(store: Store, rows: list[Application]) -> int:
    body = {"why": "round_finished", "letter": {"reason": "round_finished"}}
    return len(move_all(store, SYSTEM, Act.PASS_OVER, [Change(row, body=body) for row in rows]))


def _end_slates(store: Store, rows: list[Slate]) -> int:
    return len(move_all(store, SYSTEM, Act.END, [_ended(store, row) for row in rows]))


def _ended(store: Store, row: Slate) -> Change:
    store.run(_FORGET_NOTICES, slate=row.id, closed_at=store.now)
    # The columns of a sent slate stay true; `decided` only says that nothing is open any more.
    return Change(row, {"sealed_at": row.sealed_at or store.now, "sent_to": None, "opened_at": None})
