"""What the clock does at the end of a title's time: it ends what nothing holds, and gives notice of what is owed.

It revokes nothing (decision 0008): a title with something open waits with a due date on its decider's desk.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from models import clock
from models.base import table
from models.deadline import Deadline
from models.letter import Letter
from models.sql import bind
from models.title import Assessment, Title
from models.vocabulary import Act, AssessmentState, DeadlineKind, EndCause, LetterKind, Thing, TitleState
from workflows.clocks import aside, due
from workflows.deciding import gates
from workflows.named.holders import tell_holders
from workflows.programmes import programme_of
from workflows.record.acting import SYSTEM
from workflows.record.journal import move_all
from workflows.record.moves import Change
from workflows.rules.calendar import local_date

if TYPE_CHECKING:
    from models.database import Store

_T, _A, _D, _L = (table(m).c for m in (Title, Assessment, Deadline, Letter))
DAYS_TO_DECIDE = 20
REMINDERS = ("deadline_before", "deadline_at", "deadline_overdue")
WRITTEN = "assessment_written_notice"
_LEAST = 2
_EXPIRED = aside.line(
    "titles_ended",
    Title,
    sa.select(table(Title))
    .where(_T.state == TitleState.VALID, _T.valid_until < bind("today", _T.named_on))
    .order_by(_T.programme, _T.id)
    .with_for_update(key_share=True, skip_locked=True),
    Thing.TITLE,
)
# What an office had sent again is no further reminder.
_told = sa.select(sa.func.count(_L.created_at.distinct())).where(_L.thing_id == _A.id, _L.asked_by.is_(None))
_decision_due = sa.exists().where(_D.thing_id == _T.id, _D.kind == DeadlineKind.DECISION, _D.closed_at.is_(None))
_UNHEARD = aside.line(
    "decisions_due",
    Title,
    sa.select(table(Title))
    .join(table(Assessment), _A.title_id == _T.id)
    .where(
        _T.state == TitleState.ASSESSMENT_DUE,
        _A.state == AssessmentState.DUE,
        ~_decision_due,
        _told.where(_L.template == WRITTEN).scalar_subquery() > sa.literal_column("0"),
        _told.where(_L.template.in_(REMINDERS)).scalar_subquery() >= sa.literal_column(str(_LEAST)),
    )
    .order_by(_T.id)
    .with_for_update(key_share=True, skip_locked=True, of=table(Title)),
    Thing.TITLE,
)
# A successor was to be proposed by now; the deadline still lies on the unit's desk.
_NO_SUCCESSOR = aside.line(
    "successions_lapsed",
    Title,
    sa.select(table(Title))
    .join(table(Deadline), (_D.thing_id == _T.id) & (_D.desk == _T.organization))
    .where(
        _D.kind == DeadlineKind.SUCCESSION,
        _D.closed_at.is_(None),
        _D.due_at <= bind("now", _D.due_at),
        _T.state.not_in((TitleState.REVOKED, TitleState.ENDED)),
    )
    .order_by(_T.id)
    .with_for_update(key_share=True, skip_locked=True, of=table(Title)),
    Thing.TITLE,
)


def end_expired() -> int:
    """End titles whose term is out and of which nothing is open: no ban follows, the holders are told."""
    return aside.in_batches(_EXPIRED, _end, today=local_date(clock.now()))


def give_notice() -> int:
    """Make a decision due on every title with no report after two reminders and a written notice (domain: 7.8).

    What counts are the letters that were written: where a clock slept, the reminders were not given.
    """
    return aside.in_batches(_UNHEARD, _warn)


def lapse_successions() -> int:
    """Pass to the decider's desk every title whose unit proposed no successor in time."""
    return aside.in_batches(_NO_SUCCESSOR, _lapse)


def _end(store: Store, rows: list[Title]) -> int:
    for programme in dict.fromkeys(row.programme for row in rows):
        changes = [
            Change(row, {"ended_at": store.now, "end_cause": EndCause.EXPIRED, "end_reason": "有效期满"},
                   body={"cause": EndCause.EXPIRED.value, "valid_until": row.valid_until.isoformat()})
            for row in rows if row.programme == programme and row.valid_until is not None
        ]  # fmt: skip
        ended = move_all(store, SYSTEM, Act.END, changes)
        gates.after_end(store, SYSTEM, programme_of(store, programme), ended, "有效期满")
        tell_holders(store, ended, "title_expired", told=lambda title: {"until_on": str(title.valid_until)})
    return len(rows)


def _warn(store: Store, rows: list[Title]) -> int:
    moved = move_all(store, SYSTEM, Act.WARN, [
        Change(row, due=due.within(DeadlineKind.DECISION, DAYS_TO_DECIDE, store.now, row.decider)) for row in rows
    ])  # fmt: skip
    tell_holders(store, moved, "decision_due", LetterKind.INFORMATION, told=lambda _: {})
    return len(rows)


def _lapse(store: Store, rows: list[Title]) -> int:
    moved = move_all(store, SYSTEM, Act.LAPSE, [
        Change(row, due=due.within(DeadlineKind.SUCCESSION, DAYS_TO_DECIDE, store.now, row.decider)) for row in rows
    ])  # fmt: skip
    tell_holders(store, moved, "no_successor", told=lambda _: {})
    return len(rows)
