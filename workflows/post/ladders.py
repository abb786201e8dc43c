"""The ladders of reminders: which letter goes out how many days before or after a deadline, and to whom."""

from __future__ import annotations

from enum import StrEnum
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from models.vocabulary import AssessmentKind, DeadlineKind

if TYPE_CHECKING:
    from models.programme import AssessmentRule


class Whom(StrEnum):
    """Whom a rung tells; whoever stands in for them hears it as well."""

    OWNER = "owner"
    """Who owes it: the person, the reviewers of the desk, or the clerks of the unit; where nobody sits, the head."""
    HEAD = "head"
    """The administrators of the organisation that owes it."""
    ABOVE = "above"
    """The reviewers of the desk right above."""


class Rung(NamedTuple):
    """A letter some calendar days before (negative) or after the due moment, and whom it goes to."""

    days: int
    template: str
    to: tuple[Whom, ...] = (Whom.OWNER,)


_HEAD = Rung(2, "deadline_overdue", (Whom.HEAD,))
_ABOVE = Rung(3, "deadline_escalated", (Whom.ABOVE,))
_USUAL = (Rung(-2, "deadline_before"), Rung(0, "deadline_at"), Rung(1, "deadline_overdue"), _HEAD, _ABOVE)
_BOTH = (Whom.OWNER, Whom.HEAD)
LADDERS: dict[DeadlineKind, tuple[Rung, ...]] = {
    DeadlineKind.SUBMISSION: (Rung(-7, "deadline_before"), Rung(-1, "deadline_before")),
    DeadlineKind.CORRECTION: (Rung(-1, "deadline_before"),),
    DeadlineKind.RESERVE_END: (),
    DeadlineKind.NOTICE_END: (Rung(0, "notice_ended"), Rung(3, "deadline_overdue")),
    DeadlineKind.REVIEW: _USUAL,
    DeadlineKind.OBJECTION_ANSWER: _USUAL,
    DeadlineKind.SETTLEMENT: _USUAL,
    DeadlineKind.NOTICE_DUE: _USUAL,
    DeadlineKind.DECISION: _USUAL,
    DeadlineKind.ASSESSMENT_GRADE: _USUAL,
    DeadlineKind.RECTIFICATION: _USUAL,
    DeadlineKind.RECHECK: _USUAL,
    DeadlineKind.SUCCESSION: _USUAL,
    DeadlineKind.SCREENING: _USUAL,
    DeadlineKind.FIRST_LIST: _USUAL,
    DeadlineKind.MEETING: _USUAL,
    DeadlineKind.APPEAL_END: (),
    DeadlineKind.PANEL: (Rung(-2, "deadline_before"), Rung(0, "deadline_at"), Rung(1, "deadline_overdue")),
    # Who has not signed is reminded, then the desk's head and the desk above are told; silence is nobody's yes.
    DeadlineKind.COUNTERSIGN: (
        Rung(-1, "deadline_before"),
        Rung(0, "deadline_at"),
        Rung(1, "deadline_overdue"),
        _HEAD,
        _ABOVE,
    ),
    # The sweep ends a hold on its day.
    DeadlineKind.HOLD_END: (Rung(-2, "deadline_before"),),
    DeadlineKind.SUBSIDY_STAGE: _USUAL,
    DeadlineKind.SUBSIDY_STEP: _USUAL,
    DeadlineKind.SUBSIDY_REPORT: _USUAL,
    DeadlineKind.TITLE_END: (Rung(-30, "deadline_before"), Rung(3, "deadline_overdue")),
    DeadlineKind.SEAT_END: (Rung(-30, "deadline_before", _BOTH), Rung(-7, "deadline_before", _BOTH)),
    DeadlineKind.BAR_END: (),
}
# What a report is asked for with: its ladder stands in the programme.
REPORTS = {
    DeadlineKind.ASSESSMENT_REPORT: AssessmentKind.YEARLY,
    DeadlineKind.ACCEPTANCE: AssessmentKind.ACCEPTANCE,
    DeadlineKind.RECONFIRMATION: AssessmentKind.RECONFIRMATION,
}


def ladder_of(rule: AssessmentRule) -> tuple[Rung, ...]:
    """The reminders of a report as the programme has them: before, after, the written notice, the tier above.

    Days are calendar days from the due moment (`remind_before`, `remind_after`, `written_notice_after`).
    """
    before = [Rung(-days, "deadline_before") for days in rule.remind_before]
    after = [Rung(days, "deadline_overdue") for days in rule.remind_after]
    written = rule.written_notice_after
    last = [Rung(written, "assessment_written_notice"), _ABOVE._replace(days=written + 1)]
    return tuple(sorted(chain(before, after, last), key=lambda rung: rung.days))
