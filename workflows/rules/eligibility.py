"""Eligibility: which clauses fail, where they are written, and when they clear by themselves."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from models.programme import Eligibility, Programme

Failure = dict[str, Any]


class Record(NamedTuple):
    """What is already known of the leader and the unit: `(number, name)` of titles held, and bars."""

    titles: Sequence[tuple[str, str]] = ()
    barred_until: date | None = None


class Verdict(NamedTuple):
    """Eligible when nothing failed. `earliest`: the first day on which all of it clears, if ever."""

    failed: tuple[Failure, ...]
    earliest: date | None

    @property
    def eligible(self) -> bool:
        """Whether every clause holds."""
        return not self.failed


def verdict(programme: Programme, answers: Mapping[str, Any], record: Record, today: date) -> Verdict:
    """Check every clause of the programme on a day."""
    failed = [f for clause in programme.eligibility if (f := _failure(clause, answers, record, today))]
    dates = [f["clears_on"] for f in failed]
    earliest = max(dates) if dates and None not in dates else None
    return Verdict(tuple(failed), earliest)


def _failure(clause: Eligibility, answers: Mapping[str, Any], record: Record, today: date) -> Failure | None:
    clears, more = _check(clause, answers.get(clause.field or ""), record, today)
    if clears is today:
        return None
    source = clause.source.model_dump() if clause.source else None
    return {"clause": clause.clause, "zh": clause.message.zh, "en": clause.message.en, "source": source,
            "clears_on": clears, **more}  # fmt: skip


def _check(clause: Eligibility, value: Any, record: Record, today: date) -> tuple[date | None, dict[str, Any]]:
    """The day the clause holds from (`today` itself when it holds), and what the words need."""
    match clause.rule:
        case "minimum":
            holds = value is not None and int(value) >= (clause.minimum or 0)
            return (today if holds else None), {"given": value, "least": clause.minimum}
        case "one_of":
            return (today if value in clause.values else None), {"given": value}
        case "age_years":
            return _age(value, clause.minimum or 0, today)
        case "no_title":
            return (None if record.titles else today), {"held": [list(t) for t in record.titles]}
        case "not_barred":
            until = record.barred_until
            barred = until is not None and until >= today
            return (until + timedelta(days=1) if until and barred else today), {"until": until}
        case "tier":
            return (today if value in clause.values else None), {"given": value}


def _years_after(day: date, years: int) -> date:
    """The same day some years later; 29 February falls on the 28th (Civil Code art. 202)."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 2, 28)


def _age(value: Any, years: int, today: date) -> tuple[date | None, dict[str, Any]]:
    if value is None:
        return None, {"given": None, "least": years}
    full = _years_after(date.fromisoformat(str(value)), years)
    return max(today, full), {"given": value, "least": years}
