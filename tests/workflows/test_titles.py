"""Titles: suspended, resumed to what they owed, ended, or revoked by a numbered document."""

from datetime import date, timedelta
from typing import Any

import pytest

from models import clock
from models.errors import ForbiddenError, IllegalMoveError, InputError, StaleError
from models.programme import shipped
from models.vocabulary import AssessmentState, DecisionKind, Role, TitleState
from tests.worlds import (
    CLOSES,
    ENDS,
    NEW_YEAR,
    NOTICE_OVER,
    NOW,
    PLACES,
    PROVINCE,
    World,
    also,
    assessment,
    closed,
    due,
    events,
    everything,
    letters,
    named,
    refused,
    slate,
    title,
    to_assess,
)
from workflows.deciding.decisions import decide
from workflows.named.assessments import assess, recheck, rectify, report
from workflows.named.titles import end_title, resume, revoke, suspend
from workflows.programmes import publish
from workflows.record.acting import SYSTEM
from workflows.rounds import issue, plan_round

NUMBER = "浙总工〔2026〕99号"
DAY = date(2026, 3, 10)


def revoked(w: World, *titles: Any, **other: Any) -> Any:
    """The province revokes titles on the day they were named."""
    items = [{"title": t.id, "seen": t.version} for t in titles]
    given: dict[str, Any] = {"titles": items, "number": NUMBER, "meeting_on": DAY, "reason": "弄虚作假", **other}
    with clock.at(NOTICE_OVER + timedelta(hours=2)):
        return revoke(w.province, **given)


def test_a_revocation_ends_all_its_titles_by_one_document(world: World) -> None:
    titles = named(world, 2)

    made = revoked(world, *titles)

    assert (made.kind, made.number, made.reason) == (DecisionKind.REVOCATION, NUMBER, "弄虚作假")
    assert sorted(line["title"] for line in made.annex) == sorted(t.id for t in titles)
    for n, t in enumerate(titles):
        now = title(t.id)
        assert (now.state, now.revoked_by, now.end_reason) == (TitleState.REVOKED, made.id, "弄虚作假")
        assert events(t.id)[-1] == ("revoke", "valid", "revoked", "province")
        assert letters(t.id) == [("revoked", f"clerk{n}")]


def test_a_revocation_is_all_or_nothing(world: World) -> None:
    titles = named(world, 2)
    with clock.at(NOTICE_OVER + timedelta(hours=1)):
        suspend(world.province, titles[1].id, reason="核查", seen=titles[1].version)

    with refused("stale", StaleError, thing="title", who="province", act="suspend"):
        revoked(world, *titles)


@pytest.mark.parametrize(("given", "code", "field"), [
    ({"reason": " "}, "reason_missing", "reason"),
    ({"titles": []}, "reason_missing", "titles"),
    ({"titles": [{"title": "x"}]}, "unknown_field", "titles"),
    ({"titles": [{"title": "x", "seen": "soon"}]}, "argument", "seen"),
    ({"number": "99"}, "decision_number", "number"),
    ({"meeting_on": date(2026, 3, 11)}, "meeting_ahead", "meeting_on"),
    ({"number": "浙总工〔2026〕15号"}, "number_used", "number"),
])  # fmt: skip
def test_a_revocation_that_cannot_be_read_is_refused(
    world: World, given: dict[str, Any], code: str, field: str
) -> None:
    titles = named(world)

    with refused(code, InputError, field=field):
        revoked(world, *titles, **given)


def test_a_title_is_listed_once(world: World) -> None:
    [one] = named(world)

    with refused("listed_twice", InputError, given=one.id):
        revoked(world, one, one)


def test_a_click_sent_twice_revokes_once_and_answers_with_the_document(world: World) -> None:
    titles = named(world, 2)
    made = revoked(world, *titles, key="k")
    before = everything()

    assert revoked(world, *titles, key="k") == made
    assert everything() == before


def test_only_the_deciding_union_acts_on_a_title_and_nobody_for_their_own_unit(world: World) -> None:
    [one] = named(world)
    own = also(world.clerks[0], PROVINCE, Role.REVIEWER)

    for actor, code in ((world.city, "not_your_desk"), (world.admin, "not_your_desk"), (own, "own_case")):
        with refused(code, ForbiddenError):
            suspend(actor, one.id, reason="核查", seen=one.version)
        with refused(code, ForbiddenError), clock.at(NOTICE_OVER):
            revoke(actor, titles=[{"title": one.id, "seen": one.version}], number=NUMBER, meeting_on=DAY, reason="x")


def test_a_suspended_title_is_resumed_and_one_in_force_is_not(world: World) -> None:
    [one] = named(world)
    with refused("illegal_move", IllegalMoveError, act="resume", state="valid"):
        resume(world.province, one.id, reason="核查完毕", seen=one.version)

    one = suspend(world.province, one.id, reason="核查", seen=one.version)
    done = resume(world.province, one.id, reason="核查完毕", seen=one.version)

    assert done == title(one.id)
    assert events(one.id) == [
        ("name", None, "valid", "province"), ("suspend", "valid", "suspended", "province"),
        ("resume", "suspended", "valid", "province"),
    ]  # fmt: skip


def test_hand_acts_say_why(world: World) -> None:
    [one] = named(world)

    for act in (suspend, resume, end_title):
        with refused("reason_missing", InputError, field="reason"):
            act(world.province, one.id, reason=" ", seen=one.version)


def test_a_suspension_settles_no_report_that_was_owed(world: World) -> None:
    [row] = to_assess(world)
    with clock.at(NEW_YEAR):
        one = title(row.title_id)
        one = suspend(world.province, one.id, reason="核查", seen=one.version)
        one = resume(world.province, one.id, reason="核查完毕", seen=one.version)
        assert one.state is TitleState.ASSESSMENT_DUE

        row = report(world.clerks[0], row.id, text="总结", seen=row.version)
        [graded] = assess(world.province, results=[{"assessment": row.id, "seen": row.version, "score": 80}])

    assert (graded.state, title(one.id).state) == (AssessmentState.GRADED, TitleState.VALID)


@pytest.mark.parametrize("failed", [False, True])
def test_a_suspension_is_no_way_round_a_rectification(world: World, *, failed: bool) -> None:
    [row] = to_assess(world)
    with clock.at(NEW_YEAR):
        row = rectify(world.province, row.id, reason="未报送", seen=row.version)
        if failed:
            row = recheck(world.province, row.id, score="10", seen=row.version)
        one = title(row.title_id)
        one = suspend(world.province, one.id, reason="核查", seen=one.version)

        done = resume(world.province, one.id, reason="核查完毕", seen=one.version)

    assert done.state is TitleState.RECTIFYING


def test_an_ended_title_owes_nothing_and_bars_nobody(world: World) -> None:
    [row] = to_assess(world)
    with clock.at(NEW_YEAR):
        one = title(row.title_id)
        done = end_title(world.province, one.id, reason="单位注销", seen=one.version)

    assert (done.state, done.barred_until, done.ended_at) == (TitleState.ENDED, None, NEW_YEAR)
    assert due(row.id) == []
    assert ("title_ended", "clerk0") in letters(one.id)


def test_a_revocation_closes_the_assessment_of_the_year(world: World) -> None:
    [row] = to_assess(world)
    one = title(row.title_id)

    with clock.at(NEW_YEAR):
        revoke(world.province, titles=[{"title": one.id, "seen": one.version}], number="浙总工〔2027〕1号",
               meeting_on=date(2027, 1, 4), reason="弄虚作假")  # fmt: skip

    now = assessment(row.id)
    assert (now.state, now.grade, due(row.id), due(one.id)) == (AssessmentState.FAILED, "revoked", [], [])


def test_a_resumed_title_that_failed_twice_is_due_for_its_decision_again(world: World) -> None:
    [row] = to_assess(world)
    with clock.at(NEW_YEAR):
        row = rectify(world.province, row.id, reason="未报送", seen=row.version)
        recheck(world.province, row.id, score="10", seen=row.version)
        one = title(row.title_id)
        assert due(one.id) == ["decision"]
        one = suspend(world.province, one.id, reason="核查", seen=one.version)
        assert due(one.id) == []

        resume(world.province, one.id, reason="核查完毕", seen=one.version)

    assert due(one.id) == ["decision"]


@pytest.mark.parametrize("state", ["due", "reported", "rectifying"])
def test_a_resumed_title_that_has_not_failed_waits_for_its_assessment_alone(world: World, state: str) -> None:
    [row] = to_assess(world)
    with clock.at(NEW_YEAR):
        if state == "reported":
            report(world.clerks[0], row.id, text="总结", seen=row.version)
        if state == "rectifying":
            rectify(world.province, row.id, reason="未报送", seen=row.version)
        owed, one = due(row.id), title(row.title_id)
        one = suspend(world.province, one.id, reason="核查", seen=one.version)
        resume(world.province, one.id, reason="核查完毕", seen=one.version)

    # A rectification is followed by the re-check that the deciding union owes.
    assert (len(owed), due(one.id), due(row.id)) == (2 if state == "rectifying" else 1, [], owed)


def test_one_document_revokes_titles_of_one_programme(world: World) -> None:
    [one] = named(world)
    rules = shipped("provincial-studio")
    number = rules.title.model_copy(update={"number": "浙创二{year}-{serial:04d}"})
    version = publish(SYSTEM, rules.model_copy(update={"code": "second-studio", "title": number}))
    made = plan_round(world.admin, programme=version.id, organization_code=PROVINCE, year=2026, closes_at=CLOSES,
                      opens_at=NOW - timedelta(days=1), ends_at=ENDS)  # fmt: skip
    for code, places in PLACES.items():
        issue(world.admin, round_id=made.id, organization_code=code, places=places)
    (two,), notice = closed(world._replace(round_id=made.id), 1)
    with clock.at(NOTICE_OVER):
        decide(world.province, notice.slate_id, number="浙总工〔2026〕16号", meeting_on=DAY,
               seen=slate(notice.slate_id).version)  # fmt: skip
    other = title(application_id=two)
    assert (one.decider, one.programme_code, other.programme_code) == (
        other.decider, "provincial-studio", "second-studio",
    )  # fmt: skip

    with refused("one_decider", InputError, field="titles"):
        revoked(world, one, other)
    revoked(world, other)

    assert [title(t.id).state for t in (one, other)] == [TitleState.VALID, TitleState.REVOKED]
