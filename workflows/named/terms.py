"""How long a title holds: to the same day of the month, some whole years on; a re-confirmation adds as many."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from models import writing
from models.vocabulary import AssessmentKind, DeadlineKind
from workflows.clocks import due
from workflows.record.moves import Due
from workflows.rules.calendar import ends_at, months_after

if TYPE_CHECKING:
    from datetime import date

    from models.programme import Programme
    from models.title import Title


class Term(NamedTuple):
    """A title's last day and the deadline it sets; neither where the programme sets no term."""

    until: date | None = None
    due: Due | None = None


def term(rules: Programme, start: date, decider: str) -> Term:
    """The term of a title from a day on: `title.years` whole years (Civil Code arts. 201, 202).

    It lies on the deciding union's desk: the clock ends a title only if nothing of it is open.
    """
    if rules.title.years is None:
        return Term()
    found = months_after(start, 12 * rules.title.years)
    return Term(found.last_day, due.on(DeadlineKind.TITLE_END, found, desk=decider))


def until(day: date | None, decider: str) -> Due | None:
    """What the last day of a term that is on record already makes due; None without one."""
    return Due(DeadlineKind.TITLE_END, ends_at(day), f"有效期至{writing.day(day)}", desk=decider) if day else None


def confirmed(rules: Programme, title: Title, kind: AssessmentKind) -> tuple[dict[str, Any], Due | None]:
    """What a passed assessment changes of a title's term: a re-confirmation goes on from its last day."""
    if kind is not AssessmentKind.RECONFIRMATION or title.valid_until is None:
        return {}, None
    further = term(rules, title.valid_until, title.decider)
    return {"valid_until": further.until or title.valid_until}, further.due
