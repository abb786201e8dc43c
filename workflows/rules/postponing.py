"""Which due dates may be put off by hand, and by whom: never by whoever owes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.vocabulary import DeadlineKind, Role

if TYPE_CHECKING:
    from collections.abc import Collection

    from workflows.rules.permissions import Who

# What somebody owes and may be given more time for. Every other date has a rule of its own: a notice and the time to
# appeal are counted by the programme, an inquiry has `extend-answer`, a tier's cut-off `extend`, a hold `release`.
POSTPONABLE = frozenset({
    DeadlineKind.REVIEW, DeadlineKind.CORRECTION, DeadlineKind.SETTLEMENT, DeadlineKind.NOTICE_DUE,
    DeadlineKind.DECISION, DeadlineKind.ASSESSMENT_REPORT, DeadlineKind.ASSESSMENT_GRADE, DeadlineKind.RECTIFICATION,
    DeadlineKind.RECHECK, DeadlineKind.ACCEPTANCE, DeadlineKind.RECONFIRMATION, DeadlineKind.SUCCESSION,
    DeadlineKind.PANEL, DeadlineKind.SUBSIDY_STAGE, DeadlineKind.SUBSIDY_STEP, DeadlineKind.SUBSIDY_REPORT,
})  # fmt: skip
_OFFICE = (Role.REVIEWER, Role.ADMINISTRATOR)


def refusal(who: Who, *, owing: str | None, asks: str, above: Collection[str], unit: str | None) -> str | None:
    """Why somebody may not put a date off, as a code; None when they may.

    `owing`: the organisation that owes it, None for a person; `asks`: the one it is owed to, and `above` those over
    that one. Who asks may give time; for what it owes itself only who is above it (nobody lengthens their own
    promise, reliability: I4). `unit`: whose case it is: its own people have no say.
    """
    if unit is not None and unit != asks and who.sits(unit):
        return "own_case"
    given = [*above] if owing == asks else [asks, *above]
    if any(who.sits(code, *_OFFICE) for code in given):
        return None
    return "own_promise" if owing == asks and who.sits(asks, *_OFFICE) else "not_above"
