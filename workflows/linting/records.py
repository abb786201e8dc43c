"""Prerequisites: a title or a fact that some programme really issues, or that is known to be brought in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflows.linting.finding import Known, Raw, error, nearest, warning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.programme import Programme

# Kinds of facts that offices enter or bring in from files (domain: 7.1, 5.9, 5.12): no programme issues them.
IMPORTED: frozenset[str] = frozenset({
    "accident", "fatal_accident", "serious_accident", "safety_accident", "occupational_harm", "mass_incident",
    "unpaid_wages", "social_insurance_arrears", "wage_arrears", "no_union", "no_congress",
    "no_collective_contract", "poor_relations", "labour_dispute", "pollution_breach", "pollution_penalty",
    "energy_breach", "penalty",
    "administrative_penalty", "criminal_record", "discipline_record", "dishonesty", "fraud", "plagiarism",
    "failed_assessment", "barred", "national_model_worker", "provincial_model_worker", "city_model_worker",
    "model_worker", "may_day_medal", "may_day_award", "national_may_day_medal", "provincial_may_day_medal",
    "skills_award", "national_skills_award", "technical_expert", "government_allowance", "craftsman", "prize",
    "contest_prize", "government_award", "government_project", "science_award", "patent", "skill_grade",
    "points", "first_place", "five_smalls_award", "union_member",
})  # fmt: skip


def findings(programme: Programme, known: Known) -> Iterator[Raw]:
    """Clauses that ask for what nobody issues, and feeds that leave nothing to ask for."""
    codes = known.codes | {programme.code}
    facts = known.facts | IMPORTED | {feed.fact for feed in programme.feeds}
    for n, clause in enumerate(programme.eligibility):
        wanted = {"holds_title": codes, "no_title": codes, "no_fact": facts, "has_fact": facts}.get(clause.rule)
        for i, name in enumerate(clause.of if wanted is not None else ()):
            if name not in (wanted or ()):
                code = "title_of_nobody" if clause.rule.endswith("title") else "fact_of_nobody"
                yield error(("eligibility", n, "of", i), code, given=name, near=nearest(name, wanted or ()))
    yield from _feeds(programme)


def _feeds(programme: Programme) -> Iterator[Raw]:
    for n, feed in enumerate(programme.feeds):
        if feed.amounts and feed.field is None:
            yield error(("feeds", n, "amounts"), "amounts_without_field", given=feed.fact)
        if feed.field is not None and not feed.amounts:
            yield error(("feeds", n, "field"), "field_without_amounts", given=feed.fact)
        if feed.amounts and feed.amount is not None:
            yield warning(("feeds", n, "amount"), "amount_twice", given=feed.fact)
