"""What stands where in a score pack, and what its signatures are over."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from models import secret
from workflows.rules import scoring

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.programme_file.merit import Criterion, Scoring

MARK = "shenbao-score-pack/1"
# Lines, from 1: whose pack it is in words, the same for the machine, the columns, their limits; then the cases.
TITLE, PLATE, HEADER, LIMITS, FIRST = 1, 2, 3, 4, 5
# Columns before the criteria: for the machine (hidden), then for the eye. All of them are locked.
IDENTITY = ("id", "version", "signature", "receipt", "subject", "organization_name")
HIDDEN = 3
CASE, PACK = "score-pack-case", "score-pack"


class Plate(NamedTuple):
    """Whose pack it is: round, desk, judge and programme version by id, and the signature over all of it."""

    round_id: str
    desk: str
    judge: str
    programme: str
    signature: str


class Line(NamedTuple):
    """One case in a pack: which, in which version, as people know it, and what was written of it so far."""

    id: str
    version: int
    receipt: str
    subject: str
    organization_name: str
    points: tuple[str, ...]
    words: str


def questions(rule: Scoring) -> tuple[Criterion, ...]:
    """What has a column: the criteria, or one yes or no where the judges vote."""
    if rule.method == "vote":
        rule = rule.model_copy(update={"method": "ratio", "criteria": ()})
    return scoring.criteria_of(rule)


def asks_yes_or_no(rule: Scoring) -> bool:
    """Whether its cells hold a yes or no instead of points."""
    return rule.method in ("vote", "ratio")


def shown(text: str) -> str:
    """A text as it comes back from a file: without what nobody can see."""
    return "".join(c for c in text if c.isprintable() or c == "\n").strip()


def criteria_told(rule: Scoring) -> str:
    """The criteria with their limits, as the signature holds them."""
    return "|".join([rule.method, *(f"{c.name}:{c.most}:{c.decimals}:{c.weight}" for c in questions(rule))])


def case_signature(plate: Plate, line: Line) -> str:
    """What makes a case's locked columns tamper-evident."""
    return secret.signature(CASE, *plate[:4], line.id, str(line.version), line.receipt, line.subject)


def pack_signature(plate: Plate, rule: Scoring, cases: Sequence[tuple[str, int]]) -> str:
    """What makes the pack as a whole tamper-evident: no case may be added or left out; their order is free."""
    told = [f"{case}@{version}" for case, version in sorted(cases)]
    return secret.signature(PACK, *plate[:4], criteria_told(rule), *told)
