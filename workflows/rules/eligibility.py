"""Eligibility: which clauses fail, where they are written, and when they clear by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from workflows.rules.clauses import RULES, Case, Failure, Happened, Held, Record, years_after
from workflows.rules.forms import APPLICANT, FEN, counting

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date

    from models.programme import Condition, Eligibility, FieldRule, Programme

__all__ = ["Failure", "Happened", "Held", "Record", "Verdict", "verdict", "years_after"]


class Verdict(NamedTuple):
    """Eligible when nothing failed. `earliest`: the first day on which all of it clears, if ever.

    `open`: the clauses that wait for an answer of the form; only a partial verdict has any.
    """

    failed: tuple[Failure, ...]
    earliest: date | None
    open: tuple[str, ...] = ()

    @property
    def eligible(self) -> bool:
        """Whether no clause fails."""
        return not self.failed


def verdict(
    programme: Programme, answers: Mapping[str, Any], record: Record, today: date, *,
    filed: date | None = None, final: bool = False, partial: bool = False, rungs: Collection[str] | None = None,
) -> Verdict:  # fmt: skip
    """Check every clause of the programme on a day.

    `filed`: the day of submission (today by default), from which `within_years` looks back: nobody
    loses by the unions' own time. `final`: at the decision, where what tiers fill in is there too;
    of them only those on the application's route, its `rungs` (all of the ladder by default).
    `partial`: a clause whose field has no answer yet is open, not failed.
    """
    known, failed, waiting = counting(programme, answers), [], []
    for clause in programme.eligibility:
        field = programme.field(clause.field or "")
        if not _applies(clause, field, known, final=final, partial=partial, rungs=rungs):
            continue
        if partial and any(known.get(name) is None for name in _reads(clause)):
            waiting.append(clause.clause)
            continue
        case = Case(clause, known.get(clause.field or ""), record, today, filed or today, programme.code,
                     FEN if field and field.kind == "money" else 1)  # fmt: skip
        if (found := RULES[clause.rule](case)) is not None:
            failed.append(_told(case, found))
    dates = [f["clears_on"] for f in failed]
    earliest = max(dates) if dates and None not in dates else None
    return Verdict(tuple(failed), earliest, tuple(waiting))


def _reads(clause: Eligibility) -> list[str]:
    """The fields whose answers a clause needs."""
    return [name for name in (clause.field, clause.when and clause.when.field) if name]


def _applies(
    clause: Eligibility, field: FieldRule | None, known: Mapping[str, Any], *, final: bool, partial: bool,
    rungs: Collection[str] | None,
) -> bool:  # fmt: skip
    """Whether a clause is asked: by its own condition, and by that of the field it reads.

    A field that a tier fills in, or that opens after the first list, is judged once it has an answer;
    that of a tier the application never climbed to is not asked for.
    """
    if _is_off(clause.when, known, partial=partial):
        return False
    if field is None:
        return True
    if _is_off(field.when, known, partial=partial):
        return False
    later = field.by != APPLICANT or field.stage == "formal"
    comes = final and (field.by == APPLICANT or rungs is None or field.by in rungs)
    return comes or not later or known.get(field.name) is not None


def _is_off(condition: Condition | None, known: Mapping[str, Any], *, partial: bool) -> bool:
    """Whether a condition keeps a clause from being asked; one that waits for its answer does not yet."""
    if condition is None or condition.holds(known):
        return False
    return not (partial and known.get(condition.field) is None)


def _told(case: Case, found: Failure) -> Failure:
    clause = case.clause
    source = clause.source.model_dump() if clause.source else None
    return {"clause": clause.clause, "rule": clause.rule, "zh": clause.message.zh, "en": clause.message.en,
            "source": source, "clears_on": None, **found}  # fmt: skip
