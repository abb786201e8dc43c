"""Facts: recorded by who governs the unit, voided with a reason, and asked by the clauses of a programme."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from models import clock
from models.errors import ForbiddenError, InputError, NotEligibleError, NotFoundError, RefusedError
from models.vocabulary import Role, SlateState, State, TitleState
from tests.counting import statements
from tests.rounds_of import in_round, published
from tests.rules_of import programme
from tests.worlds import (
    COUNTY,
    NOTICE_OVER,
    NOW,
    NUMBER,
    PROVINCE,
    World,
    also,
    answers,
    application,
    closed,
    drafted,
    events,
    identity,
    in_notice,
    letters,
    named,
    person,
    places_on,
    quota,
    refused,
    rows,
    slate,
    submitted,
    title,
    unit,
)
from workflows import doctor
from workflows.deciding.decisions import decide
from workflows.hearing.notices import close
from workflows.intake.applications import submit
from workflows.intake.facts import fact_kinds, facts, record_fact, void_fact
from workflows.named.titles import suspend
from workflows.people.organizations import enrol
from workflows.queries.eligible import eligible
from workflows.record.acting import SYSTEM
from workflows.rounds import plan_round

SOURCE = {"document": "全国工人先锋号评选管理办法", "clause": "第九条"}
BAR = {
    "clause": "no_accident", "rule": "no_fact", "of": ["accident"], "years": 3, "source": SOURCE,
    "message": {"zh": "三年内未发生安全生产责任事故", "en": "No accident at work in the last three years"},
}  # fmt: skip
ACCIDENT = date(2024, 5, 12)


def barring(w: World, *more: dict[str, Any]) -> World:
    """A round whose programme bars units for three years after an accident."""
    return in_round(w, eligibility=[BAR, *more])


def accident(w: World, n: int = 0, **other: Any) -> Any:
    """An accident of the n-th unit's, recorded by the province."""
    given = {"kind": "accident", "happened_on": ACCIDENT, "organization_code": unit(n), **other}
    return record_fact(w.admin, **given)


def test_a_fact_is_recorded_by_who_governs_the_unit_and_read_by_its_people(world: World) -> None:
    w = barring(world)

    made = accident(w, document="调查报告〔2024〕3号", words="一死一伤")

    assert (made.kind, made.organization, made.person_key, made.happened_on, made.desk, made.account_id) == (
        "accident", unit(0), None, ACCIDENT, "330000", w.admin.id,
    )  # fmt: skip
    for actor in (w.clerks[0], w.county, w.admin):
        assert facts(actor, organization_code=unit(0)) == [made]
    with refused("not_found", NotFoundError):
        facts(w.stranger, organization_code=unit(0))


def test_the_same_fact_again_changes_nothing_and_another_day_is_another_fact(world: World) -> None:
    w = barring(world)

    made = accident(w)

    assert accident(w) == made
    assert accident(w, happened_on=date(2024, 5, 13)) != made
    assert len(rows("SELECT id FROM fact")) == 2


def test_nobody_else_records_or_voids(world: World) -> None:
    w = barring(world)
    made = accident(w)
    elsewhere = person("elsewhere", "330200", Role.ADMINISTRATOR)

    for actor in (w.clerks[0], w.province, elsewhere):
        with refused("not_administrator", ForbiddenError):
            record_fact(actor, kind="accident", happened_on=ACCIDENT, organization_code=unit(1))
        with refused("not_administrator", ForbiddenError):
            void_fact(actor, fact_id=made.id, reason="不属实")


def test_a_fact_is_voided_by_the_union_that_recorded_it_and_never_by_its_unit(world: World) -> None:
    w = barring(world)
    made = accident(w)
    county = person("xihu-admin", COUNTY, Role.ADMINISTRATOR)
    own = also(w.admin, unit(0), Role.CLERK)

    with refused("not_administrator", ForbiddenError, organization=PROVINCE):
        void_fact(county, fact_id=made.id, reason="不属实")
    with refused("own_case", ForbiddenError):
        void_fact(own, fact_id=made.id, reason="不属实")
    theirs = accident(w._replace(admin=county), n=1)
    assert (theirs.desk, void_fact(county, fact_id=theirs.id, reason="不属实").void_reason) == (COUNTY, "不属实")


def test_a_persons_facts_are_read_by_reviewers_and_administrators_only(world: World) -> None:
    w = barring(world)
    made = accident(w, person_id=identity(0))
    expert, clerk = person("expert", COUNTY, Role.EXPERT), person("county-clerk", COUNTY, Role.CLERK)

    for actor in (w.county, w.admin):
        assert facts(actor, organization_code=unit(0), person_id=identity(0)) == [made]
    for actor in (expert, clerk):
        with refused("not_found", NotFoundError):
            facts(actor, organization_code=unit(0), person_id=identity(0))


@pytest.mark.parametrize(("given", "code"), [
    ({"kind": "acident"}, "unknown_fact"), ({"happened_on": date(2026, 3, 4)}, "fact_day"),
    ({"until": date(2024, 5, 11)}, "fact_day"), ({"person_id": "330106198001010019"}, "not_a_person_id"),
])  # fmt: skip
def test_a_wrong_fact_is_said_to_be_wrong(world: World, given: dict[str, Any], code: str) -> None:
    w = barring(world)

    with refused(code, InputError):
        accident(w, **given)


def test_a_misspelt_kind_is_told_the_nearest_one(world: World) -> None:
    w = barring(world)

    with refused("unknown_fact", InputError, given="acident", near="accident"):
        accident(w, kind="acident")
    assert "accident" in fact_kinds(w.admin)
    assert fact_kinds(w.clerks[0]) == []


def test_a_fact_of_a_person_is_read_by_the_unions_and_not_by_whoever_knows_a_number(world: World) -> None:
    w = barring(world)

    made = accident(w, person_id=identity(0), person_name="领衔人0")

    assert (made.organization, made.person_name) == (None, "领衔人0")
    assert facts(w.county, organization_code=unit(0), person_id=identity(0)) == [made]
    assert facts(w.county, organization_code=unit(0)) == []
    with refused("not_found", NotFoundError):
        facts(w.clerks[0], organization_code=unit(0), person_id=identity(0))


def test_bar_by_event_runs_through_its_last_day_and_the_day_after_is_free(world: World) -> None:
    # Three years from 12 May 2024: barred through 12 May 2027, free from the 13th (domain: scenario 21).
    last = datetime(2027, 5, 12, 2, tzinfo=UTC)
    rules = published(eligibility=[BAR], approval={"valid_until": "2027-12-31"})
    made = plan_round(world.admin, programme=rules, organization_code=PROVINCE, year=2027,
                      opens_at=last - timedelta(days=30), closes_at=last + timedelta(days=30))  # fmt: skip
    w = world._replace(round_id=made.id)
    accident(w)
    with clock.at(last):
        row = drafted(w)
        with refused("not_eligible", NotEligibleError, earliest="2027-05-13") as told:
            submit(w.clerks[0], row.id, seen=row.version)
    [failure] = told.details["failed"]
    assert (failure["clause"], failure["source"], failure["clears_on"]) == ("no_accident", SOURCE, date(2027, 5, 13))
    assert failure["facts"] == [{"kind": "accident", "happened_on": ACCIDENT, "until": None, "document": ""}]

    with clock.at(last + timedelta(days=1)):
        assert submit(w.clerks[0], row.id, seen=row.version).state is State.COUNTY_REVIEW


def test_a_fact_of_the_leader_bars_every_unit_and_a_voided_one_nobody(world: World) -> None:
    w = barring(world)
    made = accident(w, n=1, person_id=identity(0))
    row = drafted(w)

    with refused("not_eligible", NotEligibleError):
        submit(w.clerks[0], row.id, seen=row.version)
    with refused("reason_missing", InputError):
        void_fact(w.admin, fact_id=made.id, reason=" ")
    voided = void_fact(w.admin, fact_id=made.id, reason="责任认定变更")

    assert (voided.void_reason, voided.voided_by, voided.voided_at) == ("责任认定变更", w.admin.id, NOW.astimezone(UTC))
    assert void_fact(w.admin, fact_id=made.id, reason="再来一次") == voided
    assert submit(w.clerks[0], row.id, seen=row.version).state is State.COUNTY_REVIEW
    assert accident(w, n=1, person_id=identity(0)).id != made.id


def test_at_the_decision_who_does_not_meet_a_clause_any_more_is_passed_over_with_its_words(world: World) -> None:
    w = barring(world)
    ids, notice = closed(w, 3)
    accident(w, n=1, happened_on=date(2026, 3, 2))

    with clock.at(NOTICE_OVER):
        decide(w.province, notice.slate_id, number=NUMBER, meeting_on=date(2026, 3, 10),
               seen=slate(notice.slate_id).version)  # fmt: skip

    assert [application(one).state for one in ids] == [State.NAMED, State.NOT_SELECTED, State.NAMED]
    assert events(ids[1])[-1] == ("pass-over", "public_notice", "not_selected", "province")
    [body] = rows("SELECT body FROM journal_event WHERE thing_id = :id AND act = 'pass-over'", id=ids[1])[0]
    assert "no_accident" in str(body)
    assert ("not_selected", "clerk1") in letters(ids[1])


def decided(w: World, slate_id: str) -> Any:
    """The province decides, on the morning after the notice."""
    with clock.at(NOTICE_OVER):
        return decide(w.province, slate_id, number=NUMBER, meeting_on=date(2026, 3, 10), seen=slate(slate_id).version)


def test_a_name_passed_over_gives_its_place_back_and_the_reserve_rises(world: World) -> None:
    w = barring(world)
    ids, notice = in_notice(w, 2, reserve=1)
    with clock.at(NOTICE_OVER):
        close(w.province, notice.id, seen=notice.version)
    accident(w, n=0, happened_on=date(2026, 3, 2))

    made = decided(w, notice.slate_id)

    assert [line["application"] for group in made.annex for line in group["names"]] == [ids[1]]
    assert [application(one).state for one in ids] == [State.NOT_SELECTED, State.NAMED, State.PROVINCIAL_REVIEW]
    assert places_on(notice.slate_id) == [(ids[1], 1, False), (ids[2], 2, False)]
    assert (slate(notice.slate_id).state, quota(w, PROVINCE)) == (SlateState.IN_NOTICE, (70, 1, 1))
    assert ("promoted", "clerk2") in letters(ids[2])
    assert doctor.check() == []


def test_without_a_reserve_the_place_of_a_name_passed_over_is_free_again(world: World) -> None:
    w = barring(world)
    ids, notice = closed(w, 3)
    for n in (0, 1):
        accident(w, n=n, happened_on=date(2026, 3, 2))

    decided(w, notice.slate_id)

    assert places_on(notice.slate_id) == [(ids[2], 1, False)]
    assert (slate(notice.slate_id).state, quota(w, PROVINCE)) == (SlateState.DECIDED, (70, 0, 1))
    assert doctor.check() == []


def test_no_document_is_written_for_nobody(world: World) -> None:
    w = barring(world)
    ids, notice = closed(w, 1)
    accident(w, n=0, happened_on=date(2026, 3, 2))

    with refused("nothing_to_decide", RefusedError, unfit=[application(ids[0]).receipt]):
        decided(w, notice.slate_id)


def test_a_decision_reads_the_record_of_its_list_at_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    counts = []
    for number, names in (("15", 1), ("16", 3)):
        w = barring(world)
        _, notice = closed(w, names)
        with clock.at(NOTICE_OVER), statements(monkeypatch) as run:
            decide(w.province, notice.slate_id, number=f"浙总工〔2026〕{number}号", meeting_on=date(2026, 3, 10),
                   seen=slate(notice.slate_id).version)  # fmt: skip
        counts.append(sum("FROM title" in text or "FROM fact" in text for text in run))

    assert counts[0] == counts[1] > 0


HOLDS = {
    "clause": "base", "rule": "holds_title", "of": ["provincial-studio"], "years": 2,
    "message": {"zh": "须持有省级工作室称号满2年", "en": "The provincial title must have been held for two years"},
}  # fmt: skip


def test_prerequisite_a_young_title_says_from_when_and_a_suspended_one_that_it_is(world: World) -> None:
    named(world)
    w = in_round(world, eligibility=[HOLDS])
    asked: dict[str, Any] = {
        "round_id": w.round_id,
        "organization_code": unit(0),
        "leader_id": identity(0),
        "subject": "工作室0",
    }

    with clock.at(NOTICE_OVER):
        young = eligible(w.clerks[0], **asked)
        held = title(application_id=rows("SELECT application_id FROM title")[0][0])
        suspend(w.province, held.id, reason="停工", seen=held.version)
        stopped = eligible(w.clerks[0], **asked)

    assert (young.eligible, young.earliest, young.failed[0]["why"]) == (False, date(2028, 3, 10), "title_too_young")
    assert (stopped.eligible, stopped.earliest, stopped.failed[0]["why"]) == (False, None, "title_suspended")
    assert title(held.id).state is TitleState.SUSPENDED


def test_eligible_answers_for_a_draft_and_names_the_other_rounds_that_would_take_it(world: World) -> None:
    w = barring(world)
    accident(w)
    row = drafted(w)

    found = eligible(w.clerks[0], application_id=row.id)

    assert (found.eligible, [f["clause"] for f in found.failed], found.earliest) == (
        False, ["no_accident"], date(2027, 5, 13),
    )  # fmt: skip
    [other] = found.others
    assert (other.round_id, other.open) == (world.round_id, ())
    assert [o.round_id for o in eligible(world.clerks[1], application_id=drafted(world, 1).id).others] == [w.round_id]


def test_eligible_before_a_form_tells_what_waits_for_an_answer(world: World) -> None:
    found = eligible(world.clerks[0], round_id=world.round_id, organization_code=unit(0), leader_id=identity(0))

    assert (found.eligible, found.failed, found.open) == (True, (), ("leader_level", "team", "running"))
    typed = eligible(
        world.clerks[0], round_id=world.round_id, organization_code=unit(0), answers=answers(0, team_size=2)
    )
    assert [f["clause"] for f in typed.failed] == ["team"]


def test_eligible_is_answered_to_the_units_people_and_who_governs_it(world: World) -> None:
    for actor in (world.clerks[1], world.stranger):
        with refused("not_found", NotFoundError):
            eligible(actor, round_id=world.round_id, organization_code=unit(0))
    with refused("argument_missing", InputError, field="organization_code"):
        eligible(world.admin, round_id=world.round_id)
    assert eligible(world.admin, round_id=world.round_id, organization_code=unit(0)).eligible


def test_a_clause_asks_where_the_unit_lies(world: World) -> None:
    area = {"clause": "area", "rule": "area", "values": ["330100"],
            "message": {"zh": "限杭州市", "en": "Hangzhou only"}}  # fmt: skip
    w = in_round(world, eligibility=[area])
    enrol(SYSTEM, code=unit(88), name="宁波企业", parent="330203")
    clerk = person("ningbo", unit(88), Role.CLERK)

    assert eligible(w.clerks[0], round_id=w.round_id, organization_code=unit(0)).eligible
    assert not eligible(clerk, round_id=w.round_id, organization_code=unit(88)).eligible
    assert programme(eligibility=[area]).eligibility[0].rule == "area"


def test_another_studio_of_the_same_unit_may_apply(world: World) -> None:
    named(world)
    with clock.at(NOW + timedelta(days=10)):
        row = submitted(world, 0, leader_id=identity(50), leader_name="另一人", studio_name="第二工作室")

    assert row.state is State.COUNTY_REVIEW
