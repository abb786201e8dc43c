"""Eligibility: every failed clause at once, and the first day on which all of them clear."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.programme import Programme, parse, shipped
from models.vocabulary import TitleState
from workflows.rules.clauses import Happened, Held, Record, years_after
from workflows.rules.eligibility import verdict

PROGRAMME = shipped("provincial-studio")
GOOD: dict[str, Any] = {"leader_honour": "craftsman", "team_size": 3, "founded_on": "2020-01-01"}
TODAY = date(2026, 3, 3)
NONE = Record()


def title(programme: str = "provincial-studio", **other: Any) -> Held:
    """A title of the leader's."""
    given = {"state": TitleState.VALID, "named_on": date(2024, 5, 12), **other}
    return Held("浙劳创2024-0001", "工作室", programme, **given)


def ruled(*clauses: dict[str, Any], fields: tuple[dict[str, Any], ...] = (), **other: Any) -> Programme:
    """The shipped programme with other clauses, and with more fields."""
    content = PROGRAMME.model_dump(mode="json")
    words = {"zh": "须符合", "en": "Must hold"}
    told = [{"clause": f"clause{n}", "message": words, **clause} for n, clause in enumerate(clauses)]
    more = [{"label": words, **field} for field in fields]
    return parse({**content, "eligibility": told, "fields": [*content["fields"], *more], **other})


def judged(
    clause: dict[str, Any], answers: dict[str, Any] | None = None, record: Record = NONE, today: date = TODAY,
    *, fields: tuple[dict[str, Any], ...] = (), **how: Any,
) -> Any:  # fmt: skip
    """Whether a clause holds; if not, the day it clears, or None."""
    found = verdict(ruled(clause, fields=fields), answers or {}, record, today, **how)
    return found.eligible or found.failed[0]["clears_on"]


def failed(answers: dict[str, Any], record: Record = NONE, today: date = TODAY) -> list[tuple[str, date | None]]:
    """The clauses that fail, and when each clears."""
    return [(f["clause"], f["clears_on"]) for f in verdict(PROGRAMME, {**GOOD, **answers}, record, today).failed]


def test_who_meets_every_clause_is_eligible() -> None:
    found = verdict(PROGRAMME, GOOD, NONE, TODAY)

    assert (found.eligible, found.failed, found.earliest) == (True, (), None)


@pytest.mark.parametrize(("answers", "clauses"), [
    ({"team_size": 2}, [("team", None)]),
    ({"team_size": None}, [("team", None)]),
    ({"leader_honour": "none"}, [("leader_level", None)]),
    ({"leader_honour": None}, [("leader_level", None)]),
    ({"founded_on": None}, [("running", None)]),
    ({"founded_on": "2025-03-03"}, []),
    ({"founded_on": "2025-03-04"}, [("running", date(2026, 3, 4))]),
    ({"founded_on": "2030-01-01"}, [("running", date(2031, 1, 1))]),
    ({"team_size": 1, "leader_honour": "none"}, [("leader_level", None), ("team", None)]),
])  # fmt: skip
def test_a_clause_fails_by_its_own_measure(answers: dict[str, Any], clauses: list[tuple[str, date | None]]) -> None:
    assert failed(answers) == clauses


def test_a_studio_founded_on_29_february_is_a_year_old_on_the_28th() -> None:
    assert failed({"founded_on": "2024-02-29"}, today=date(2025, 2, 27)) == [("running", date(2025, 2, 28))]
    assert failed({"founded_on": "2024-02-29"}, today=date(2025, 2, 28)) == []


def test_a_title_held_is_named_and_never_clears() -> None:
    found = verdict(PROGRAMME, GOOD, Record([title()]), TODAY)

    [failure] = found.failed
    assert (failure["clause"], failure["held"]) == ("no_repeat", [["浙劳创2024-0001", "工作室"]])
    assert found.earliest is None


@pytest.mark.parametrize(("until", "clears"), [
    (TODAY - timedelta(days=1), None), (TODAY, TODAY + timedelta(days=1)), (date(2027, 3, 3), date(2027, 3, 4)),
])  # fmt: skip
def test_a_bar_holds_through_its_last_day(until: date, clears: date | None) -> None:
    barred = title(state=TitleState.REVOKED, barred_until=until)

    assert failed({}, Record([barred])) == ([] if clears is None else [("not_barred", clears)])


@given(st.dates(date(2024, 1, 1), date(2027, 12, 31)), st.dates(date(2024, 1, 1), date(2027, 12, 31)))
def test_on_the_earliest_day_and_not_before_it_everything_clears(founded: date, barred: date) -> None:
    answers = {**GOOD, "founded_on": founded.isoformat()}
    record = Record([title(state=TitleState.REVOKED, barred_until=barred)])

    earliest = verdict(PROGRAMME, answers, record, TODAY).earliest

    if earliest is not None:
        assert verdict(PROGRAMME, answers, record, earliest).eligible
        assert not verdict(PROGRAMME, answers, record, earliest - timedelta(days=1)).eligible


def test_a_failure_says_where_it_is_written_in_both_languages() -> None:
    [failure] = verdict(PROGRAMME, {**GOOD, "team_size": 2}, NONE, TODAY).failed

    assert failure["source"] == {"document": "南湖区2017年申报通知（通行做法）", "clause": "申报条件"}
    assert (failure["zh"], failure["en"]) == ("团队须有3人以上", "The team must have three members or more")
    assert (failure["given"], failure["least"]) == (2, 3)


@pytest.mark.parametrize(("clause", "value", "holds"), [
    ({"rule": "maximum", "field": "team_size", "maximum": 5}, 5, True),
    ({"rule": "maximum", "field": "team_size", "maximum": 5}, 6, None),
    ({"rule": "maximum", "field": "team_size", "maximum": 5}, None, None),
    ({"rule": "none_of", "field": "leader_honour", "values": ["none"]}, "craftsman", True),
    ({"rule": "none_of", "field": "leader_honour", "values": ["none"]}, "none", None),
    ({"rule": "is_true", "field": "team_size"}, True, True),
    ({"rule": "is_true", "field": "team_size"}, False, None),
    ({"rule": "is_true", "field": "team_size"}, None, None),
    ({"rule": "is_false", "field": "team_size"}, False, True),
    ({"rule": "is_false", "field": "team_size"}, None, None),
    ({"rule": "one_of", "field": "team_size", "values": ["3"]}, 3, True),
    ({"rule": "within_years", "field": "founded_on", "maximum": 2}, "2024-03-03", True),
    ({"rule": "within_years", "field": "founded_on", "maximum": 2}, "2024-03-02", None),
    ({"rule": "within_years", "field": "founded_on", "maximum": 2}, "2026-03-04", date(2026, 3, 4)),
])  # fmt: skip
def test_a_clause_asks_an_answer(clause: dict[str, Any], value: Any, holds: Any) -> None:
    assert judged(clause, {clause["field"]: value}) == holds


def test_the_unions_own_time_makes_no_result_too_old() -> None:
    clause = {"rule": "within_years", "field": "founded_on", "maximum": 2}

    assert judged(clause, {"founded_on": "2024-03-03"}, today=date(2026, 9, 1), filed=TODAY) is True


def test_a_sum_of_money_is_asked_in_yuan() -> None:
    money = {"name": "budget", "kind": "money"}
    clause = {"rule": "minimum", "field": "budget", "minimum": 50_000}

    assert judged(clause, {"budget": 5_000_000}, fields=(money,)) is True
    found = verdict(ruled(clause, fields=(money,)), {"budget": 4_999_999}, NONE, TODAY)
    assert (found.failed[0]["given"], found.failed[0]["least"]) == ("49999.99", 50_000)


@pytest.mark.parametrize(("clause", "record", "holds"), [
    ({"rule": "tier", "values": ["enterprise"]}, Record(tier="enterprise"), True),
    ({"rule": "tier", "values": ["county"]}, Record(tier="enterprise"), None),
    ({"rule": "area", "values": ["330100"]}, Record(areas=frozenset({"330100", "330000"})), True),
    ({"rule": "area", "values": ["330200"]}, Record(areas=frozenset({"330100", "330000"})), None),
])  # fmt: skip
def test_a_clause_asks_where_the_unit_stands(clause: dict[str, Any], record: Record, holds: Any) -> None:
    assert judged(clause, record=record) == holds


def test_a_bar_of_three_years_runs_from_the_event_and_through_its_last_day() -> None:
    bar = {"rule": "no_fact", "of": ["accident"], "years": 3}
    record = Record(facts=[Happened("accident", date(2024, 5, 12)), Happened("praise", date(2026, 1, 1))])

    assert judged(bar, record=record, today=date(2024, 5, 12)) == date(2027, 5, 13)
    assert judged(bar, record=record, today=date(2027, 5, 12)) == date(2027, 5, 13)
    assert judged(bar, record=record, today=date(2027, 5, 13)) is True


def test_a_bar_of_the_year_is_a_bar_of_the_rounds_year() -> None:
    bar = {"rule": "no_fact", "of": ["unpaid"], "years": 0}
    facts = [Happened("unpaid", date(2026, 1, 5))]

    assert judged(bar, record=Record(facts=facts, year=2026)) == date(2027, 1, 1)
    assert judged(bar, record=Record(facts=facts, year=2027), today=date(2027, 1, 1)) is True


def test_a_bar_without_years_runs_while_the_fact_holds() -> None:
    bar = {"rule": "no_fact", "of": ["listed"]}

    assert judged(bar, record=Record(facts=[Happened("listed", date(2020, 1, 1))])) is None
    until = Record(facts=[Happened("listed", date(2020, 1, 1), date(2026, 6, 30))])
    assert judged(bar, record=until) == date(2026, 7, 1)
    assert judged(bar, record=until, today=date(2026, 7, 1)) is True


@pytest.mark.parametrize(("who", "leaders", "holds"), [
    ("leader", True, None), ("leader", False, True), ("unit", True, True), ("unit", False, None),
    ("either", True, None), ("either", False, None),
])  # fmt: skip
def test_a_clause_says_whose_record_it_looks_at(who: str, leaders: bool, holds: Any) -> None:  # noqa: FBT001 -- a case
    bar = {"rule": "no_fact", "of": ["penalty"], "who": who}

    assert judged(bar, record=Record(facts=[Happened("penalty", TODAY, leader=leaders, unit=not leaders)])) == holds


def test_enough_facts_of_a_kind_are_asked_for() -> None:
    clause = {"rule": "has_fact", "of": ["prize"], "minimum": 2, "years": 2}
    prize = Happened("prize", date(2024, 3, 3))

    assert judged(clause, record=Record(facts=[prize, prize])) is True
    assert judged(clause, record=Record(facts=[prize, prize._replace(happened_on=date(2024, 3, 2))])) is None
    assert judged(clause, record=Record(facts=[prize, prize._replace(until=date(2026, 3, 2))])) is None


@pytest.mark.parametrize(("held", "today", "holds", "why"), [
    ([], TODAY, None, "title_missing"),
    ([title("city-studio")], date(2026, 5, 11), date(2026, 5, 12), "title_too_young"),
    ([title("city-studio")], date(2026, 5, 12), True, None),
    ([title("other")], date(2026, 5, 12), None, "title_missing"),
    ([title("city-studio", state=TitleState.RECTIFYING)], date(2026, 5, 12), None, "title_rectifying"),
    ([title("city-studio", state=TitleState.SUSPENDED)], date(2026, 5, 12), None, "title_suspended"),
    ([title("city-studio", state=TitleState.REVOKED)], date(2026, 5, 12), None, "title_missing"),
    ([title("city-studio", state=TitleState.ASSESSMENT_DUE)], date(2026, 5, 12), True, None),
    ([title("city-studio", valid_until=date(2026, 5, 11))], date(2026, 5, 12), None, "title_missing"),
    ([title("city-studio", valid_until=date(2026, 5, 11))], date(2026, 5, 11), None, "title_too_young"),
])  # fmt: skip
def test_a_title_must_be_in_force_and_old_enough(held: list[Held], today: date, holds: Any, why: str | None) -> None:
    clause = {"rule": "holds_title", "of": ["city-studio"], "years": 2}

    assert judged(clause, record=Record(held), today=today) == holds
    found = verdict(ruled(clause), {}, Record(held), today).failed
    assert [f["why"] for f in found] == ([why] if why else [])


@pytest.mark.parametrize(("of", "years", "held", "holds"), [
    ([], None, title(), None),
    ([], None, title("other"), True),
    (["other"], None, title("other"), None),
    ([], None, title(state=TitleState.ENDED), True),
    ([], None, title(valid_until=date(2026, 12, 31)), date(2027, 1, 1)),
    ([], None, title(leader=False, unit=True), True),
    ([], None, title(leader=False, unit=True, same=True), None),
    ([], 3, title(), date(2027, 5, 13)),
    ([], 1, title(), True),
    ([], 3, title(state=TitleState.ENDED), date(2027, 5, 13)),
    ([], 3, title(state=TitleState.REVOKED), True),
])  # fmt: skip
def test_a_title_stands_in_the_way_while_it_is_held_or_for_so_many_years(
    of: list[str], years: int | None, held: Held, holds: Any
) -> None:
    assert judged({"rule": "no_title", "of": of, "years": years}, record=Record([held])) == holds


def test_a_clause_is_asked_only_when_its_condition_holds() -> None:
    clause = {"rule": "minimum", "field": "team_size", "minimum": 10,
              "when": {"field": "leader_honour", "values": ["none"]}}  # fmt: skip

    assert judged(clause, {"team_size": 3, "leader_honour": "craftsman"}) is True
    assert judged(clause, {"team_size": 3, "leader_honour": "none"}) is None
    assert judged(clause, {"team_size": 3}) is True


def test_a_field_that_is_not_asked_is_not_judged_and_a_tiers_field_once_it_is_filled() -> None:
    patents = {"name": "patents", "kind": "number", "when": {"field": "leader_honour", "values": ["none"]}}
    opinion = {"name": "agreed", "kind": "yes_no", "by": "county"}
    least = {"rule": "minimum", "field": "patents", "minimum": 1}
    agreed = {"rule": "is_true", "field": "agreed"}

    assert judged(least, {"leader_honour": "craftsman"}, fields=(patents,)) is True
    assert judged(agreed, {}, fields=(opinion,)) is True
    assert judged(agreed, {"agreed": False}, fields=(opinion,)) is None
    assert judged(agreed, {}, fields=(opinion,), final=True) is None


def test_a_field_of_a_tier_off_the_route_is_not_asked_at_the_decision() -> None:
    opinion = {"name": "agreed", "kind": "yes_no", "by": "county"}
    agreed = {"rule": "is_true", "field": "agreed"}

    def at_the_end(*rungs: str) -> Any:
        return judged(agreed, {}, fields=(opinion,), final=True, rungs=rungs)

    assert at_the_end("county", "province") is None
    assert at_the_end("city-or-industry", "province") is True


def test_a_question_before_the_form_leaves_open_what_waits_for_an_answer() -> None:
    found = verdict(PROGRAMME, {"team_size": 2}, NONE, TODAY, partial=True)

    assert ([f["clause"] for f in found.failed], found.open) == (["team"], ("leader_level", "running"))


@given(
    st.lists(st.dates(date(2015, 1, 1), date(2026, 3, 3)), max_size=4), st.integers(1, 10),
    st.lists(st.dates(date(2015, 1, 1), date(2026, 3, 3)), max_size=3),
)  # fmt: skip
def test_on_the_earliest_day_bars_and_titles_clear_and_not_before(
    events: list[date], years: int, named: list[date]
) -> None:
    rules = ruled({"rule": "no_fact", "of": ["accident"], "years": years},
                  {"rule": "no_title", "years": years})  # fmt: skip
    record = Record([title(named_on=day) for day in named], [Happened("accident", day) for day in events])

    found = verdict(rules, {}, record, TODAY)

    assert found.eligible == all(years_after(day, years) < TODAY for day in events + named)
    if found.earliest is not None:
        assert verdict(rules, {}, record, found.earliest).eligible
        assert not verdict(rules, {}, record, found.earliest - timedelta(days=1)).eligible
