"""Titles: suspended, resumed to what they owed, ended, or revoked by a numbered document."""

from datetime import date, timedelta
from typing import Any

import pytest

from models import clock
from models.errors import ForbiddenError, IllegalMoveError, InputError, StaleError
from models.vocabulary import AssessmentState, DecisionKind, Role, TitleState
from tests.worlds import (
    NEW_YEAR,
    NOTICE_OVER,
    PROVINCE,
    World,
    also,
    assessment,
    due,
    events,
    everything,
    letters,
    named,
    refused,
    title,
    to_assess,
)
from workflows.assessments import assess, recheck, rectify, report
from workflows.titles import end_title, resume, revoke, suspend

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
