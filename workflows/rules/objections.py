"""Whether an objection is heard: signed, in time by its postmark, and about something open to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.vocabulary import Ground
from workflows.rules.calendar import local_date

if TYPE_CHECKING:
    from datetime import date, datetime


# Why something stands among the leads, as a reviewer may put it there; and what no reviewer may admit.
LEADS = frozenset({"anonymous", "grade_not_open", "not_identified", "no_evidence", "objection_withdrawn"})
TOO_LATE = frozenset({"late", "too_late"})
WITHDRAWN = "objection_withdrawn"
# A typing error somebody points at: for the corrections, and no dispute (a society's award rules 2018).
CORRECTION = "correction"
# How the outcome of one begins that was right in something, but in nothing that strikes a name.
PARTLY = "部分成立，不影响资格："


def inadmissible(
    *,
    ground: Ground,
    signed: bool,
    objector: str,
    received_at: datetime,
    postmarked_on: date | None,
    ends_at: datetime,
    last_day: date,
    by_postmark: bool,
) -> str | None:
    """Why an objection is not heard but kept as a lead, as a code; None when it is heard.

    Anonymous or unsigned ones are not (national science award rules 2011), nor those about the
    grade of the prize (2018); a letter counts by its postmark (Yingkou notice).
    """
    if not signed or not objector.strip():
        return "anonymous"
    if ground is Ground.GRADE:
        return "grade_not_open"
    if received_at <= ends_at:
        return None
    in_post = by_postmark and postmarked_on is not None
    if in_post and postmarked_on is not None and postmarked_on <= min(last_day, local_date(received_at)):
        return None
    return "late"
