"""The clauses a programme may ask, one by one: what fails, with its numbers, and when it clears."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from models.programme_file.common import text_of
from models.vocabulary import TitleState
from workflows.rules.forms import yuan

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from models.programme import Eligibility

Failure = dict[str, Any]
_DAY = timedelta(days=1)
_OVER = (TitleState.REVOKED, TitleState.ENDED)
_STANDING = (TitleState.VALID, TitleState.ASSESSMENT_DUE)


class Held(NamedTuple):
    """A title on record of the leader (`leader`), of the unit (`unit`), or of the very subject (`same`)."""

    number: str
    name: str
    programme: str
    state: TitleState
    named_on: date
    valid_until: date | None = None
    barred_until: date | None = None
    leader: bool = True
    unit: bool = False
    same: bool = False


class Happened(NamedTuple):
    """A fact on record of the leader or of the unit; `until` is the last day it holds, if not for good."""

    kind: str
    happened_on: date
    until: date | None = None
    document: str = ""
    leader: bool = False
    unit: bool = True


class Record(NamedTuple):
    """What is known of an applicant beside the form: titles, facts, where the unit stands, the round's year."""

    titles: Sequence[Held] = ()
    facts: Sequence[Happened] = ()
    tier: str = ""
    areas: frozenset[str] = frozenset()
    year: int | None = None


class Case(NamedTuple):
    """One clause before one applicant: the answer it reads, and the days it is asked on."""

    clause: Eligibility
    value: Any
    record: Record
    today: date
    filed: date
    own: str
    unit: int  # what the clause's numbers are multiplied by: fen of a yuan, or 1


def years_after(day: date, years: int) -> date:
    """The same day some years later; 29 February falls on the 28th (Civil Code art. 202)."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 2, 28)


def _minimum(case: Case) -> Failure | None:
    least = case.clause.minimum or 0
    holds = case.value is not None and int(case.value) >= least * case.unit
    return None if holds else {"given": _given(case), "least": least}


def _maximum(case: Case) -> Failure | None:
    most = case.clause.maximum or 0
    holds = case.value is not None and int(case.value) <= most * case.unit
    return None if holds else {"given": _given(case), "most": most}


def _given(case: Case) -> Any:
    return case.value if case.unit == 1 or case.value is None else yuan(case.value)


def _one_of(case: Case) -> Failure | None:
    holds = case.value is not None and text_of(case.value) in case.clause.values
    return None if holds else {"given": case.value}


def _none_of(case: Case) -> Failure | None:
    holds = case.value is None or text_of(case.value) not in case.clause.values
    return None if holds else {"given": case.value}


def _is_true(case: Case) -> Failure | None:
    return None if case.value is True else {"given": case.value}


def _is_false(case: Case) -> Failure | None:
    return None if case.value is False else {"given": case.value}


def _age_years(case: Case) -> Failure | None:
    years = case.clause.minimum or 0
    if case.value is None:
        return {"given": None, "least": years}
    full = years_after(date.fromisoformat(str(case.value)), years)
    return None if full <= case.today else {"given": case.value, "least": years, "clears_on": full}


def _within_years(case: Case) -> Failure | None:
    """At most so many years before the day of submission, and not after it."""
    years = case.clause.maximum or 0
    if case.value is None:
        return {"given": None, "most": years}
    day = date.fromisoformat(str(case.value))
    if day > case.filed:
        return {"given": case.value, "most": years, "clears_on": day}
    return None if case.filed <= years_after(day, years) else {"given": case.value, "most": years}


def _tier(case: Case) -> Failure | None:
    return None if case.record.tier in case.clause.values else {"given": case.record.tier}


def _area(case: Case) -> Failure | None:
    return None if case.record.areas.intersection(case.clause.values) else {"areas": list(case.clause.values)}


def _no_title(case: Case) -> Failure | None:
    ways = [(title, _in_the_way_through(title, case.clause.years)) for title in _titles(case)]
    found = [(title, last) for title, last in ways if last is not None and last >= case.today]
    if not found:
        return None
    until = max(last for _, last in found)
    held = [[title.number, title.name] for title, _ in found]
    return {"held": held, "clears_on": None if until == date.max else until + _DAY}


def _in_the_way_through(title: Held, years: int | None) -> date | None:
    """The last day a title stands in the way: while it is held, or for `years` years from its naming."""
    if title.state is TitleState.REVOKED:
        return None
    if years is not None:
        return years_after(title.named_on, years)
    return None if title.state in _OVER else title.valid_until or date.max


def _holds_title(case: Case) -> Failure | None:
    """Held, for full `years` years, in force and neither rectifying nor suspended (domain: scenario 22)."""
    held = [t for t in _titles(case) if t.state not in _OVER and (t.valid_until or date.max) >= case.today]
    sound = [(t, years_after(t.named_on, case.clause.years or 0)) for t in held if t.state in _STANDING]
    if any(ready <= case.today for _, ready in sound):
        return None
    days = [ready for title, ready in sound if ready <= (title.valid_until or date.max)]
    return {"held": [[t.number, t.name] for t in held], "why": hindrance(held), "years": case.clause.years,
            "clears_on": min(days, default=None)}  # fmt: skip


def hindrance(held: Sequence[Held]) -> str | None:
    """What keeps the titles held from opening the way, as a code."""
    states = {title.state for title in held}
    if not held:
        return "title_missing"
    if states.intersection(_STANDING):
        return "title_too_young"
    return "title_rectifying" if TitleState.RECTIFYING in states else "title_suspended"


def _no_fact(case: Case) -> Failure | None:
    """Nothing of the kinds runs: for `years` years from the event, or, without them, while it holds.

    The last barred day is the event's own day so many years later (domain: scenario 21); `years`
    of 0 bars the rounds of the event's year.
    """
    found = [(fact, _barred_through(case, fact)) for fact in _facts(case)]
    running = [(fact, last) for fact, last in found if last is not None and last >= case.today]
    if not running:
        return None
    until = max(last for _, last in running)
    return {"facts": [_shown(fact) for fact, _ in running], "until": None if until == date.max else until,
            "clears_on": None if until == date.max else until + _DAY}  # fmt: skip


def _barred_through(case: Case, fact: Happened) -> date | None:
    years = case.clause.years
    if years is None:
        return fact.until or date.max
    if years > 0:
        return years_after(fact.happened_on, years)
    year = case.record.year or case.today.year
    return max(date(year, 12, 31), case.today) if fact.happened_on.year == year else None


def _has_fact(case: Case) -> Failure | None:
    """At least `minimum` facts of the kinds that still hold, in the last `years` if they are given."""
    least, years = case.clause.minimum or 1, case.clause.years
    year = case.record.year or case.today.year
    found = [
        fact for fact in _facts(case)
        if (fact.until or date.max) >= case.today
        if years is None or (years_after(fact.happened_on, years) >= case.filed if years else
                             fact.happened_on.year == year)
    ]  # fmt: skip
    return None if len(found) >= least else {"given": len(found), "least": least}


def _not_barred(case: Case) -> Failure | None:
    bars = [title.barred_until for title in _titles(case) if title.barred_until is not None]
    until = max(bars, default=None)
    if until is None or until < case.today:
        return None
    return {"until": until, "clears_on": until + _DAY}


def _titles(case: Case) -> list[Held]:
    """The titles a clause looks at: of its programmes (this one when it names none), and of whom."""
    of = case.clause.of or (case.own,)
    whose: dict[str, Callable[[Held], bool]] = {
        "leader": lambda t: t.leader, "unit": lambda t: t.unit, "either": lambda t: t.leader or t.same,
    }  # fmt: skip
    return [title for title in case.record.titles if title.programme in of and whose[case.clause.who](title)]


def _facts(case: Case) -> list[Happened]:
    whose: dict[str, Callable[[Happened], bool]] = {
        "leader": lambda f: f.leader, "unit": lambda f: f.unit, "either": lambda f: f.leader or f.unit,
    }  # fmt: skip
    return [fact for fact in case.record.facts if fact.kind in case.clause.of and whose[case.clause.who](fact)]


def _shown(fact: Happened) -> dict[str, Any]:
    """A fact as a refusal shows it; what was noted about it beside stays with the unions."""
    return {"kind": fact.kind, "happened_on": fact.happened_on, "until": fact.until, "document": fact.document}


RULES: dict[str, Callable[[Case], Failure | None]] = {
    "minimum": _minimum, "maximum": _maximum, "one_of": _one_of, "none_of": _none_of, "is_true": _is_true,
    "is_false": _is_false, "age_years": _age_years, "within_years": _within_years, "tier": _tier, "area": _area,
    "no_title": _no_title, "holds_title": _holds_title, "no_fact": _no_fact, "has_fact": _has_fact,
    "not_barred": _not_barred,
}  # fmt: skip
