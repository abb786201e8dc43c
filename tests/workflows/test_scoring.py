"""Judges score blind and once, stand back from their own, and a list takes its scores from their sheets."""

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from models.database import engine, transaction
from models.errors import FaultsError, ForbiddenError, InputError, NotFoundError, RefusedError
from models.vocabulary import InspectionKind, Role
from tests.counting import statements
from tests.judging import CRITERIA, SCORING, at_desk, experts, judged_round, listed, receipts, scored, sealed
from tests.worlds import (
    COUNTY,
    PROVINCE,
    World,
    also,
    answers,
    application,
    checked,
    events,
    everything,
    person,
    photo,
    refused,
    rows,
    submitted,
    unit,
)
from workflows.desk.inspecting import inspect
from workflows.intake.applications import draft, submit
from workflows.intake.attachments import attach
from workflows.judging.panels import VOID
from workflows.judging.scoring import recuse, score
from workflows.listing.slates import seal
from workflows.people.organizations import enrol
from workflows.queries.judging import inspections, sheets, standings
from workflows.queries.review import seal_outlook
from workflows.record.acting import SYSTEM

SOURCE = {"document": "评审细则", "clause": "第三条"}
TRIMMED = {**SCORING, "method": "trimmed", "half_points": True, "source": SOURCE}
FIVE = {"size": 5, "source": SOURCE}


def scores_on(slate_id: str) -> list[int | None]:
    """The scores of a list in its order, in hundredths."""
    return [row[0] for row in rows("SELECT score FROM slate_entry WHERE slate_id = :s ORDER BY rank", s=slate_id)]


def test_a_sheet_keeps_points_and_total_and_leaves_the_application_as_it_was(world: World) -> None:
    w = judged_round(world, scoring={**SCORING, "criteria": CRITERIA})
    [one], [judge] = at_desk(w, 1), experts(1)
    before = application(one)

    made = score(judge, one, scores={"theory": 85, "practice": "90", "minutes": "41.5"}, words="扎实")

    assert made.scores == {"theory": "85", "practice": "90", "minutes": "41.5"}
    assert (made.total, made.words) == (8850, "扎实")
    assert (made.account_id, made.desk, made.voided_at) == (judge.id, PROVINCE, None)
    assert application(one) == before


def test_a_judge_writes_one_sheet_and_never_changes_it(world: World) -> None:
    w = judged_round(world, scoring=SCORING)
    [one], [judge] = at_desk(w, 1), experts(1)
    made = score(judge, one, scores={"total": 88}, key="k")
    before = everything()

    with refused("sheet_exists", RefusedError, receipt=application(one).receipt):
        score(judge, one, scores={"total": 90})
    assert score(judge, one, scores={"total": 88}, key="k") == made
    assert everything() == before


@pytest.mark.tampers
def test_the_database_itself_keeps_sheets_as_they_were_written(world: World) -> None:
    w = judged_round(world, scoring=SCORING)
    [one], [judge] = at_desk(w, 1), experts(1)
    made = score(judge, one, scores={"total": 88})

    for change in ("UPDATE sheet SET total = 9900", "DELETE FROM sheet", "UPDATE sheet SET account_id = 'x'"):
        with pytest.raises(sa.exc.DBAPIError, match="sealed sheet refuses"), engine().begin() as connection:
            connection.execute(sa.text(f"{change} WHERE id = :id"), {"id": made.id})
    recuse(judge, one, judge.id, reason="亲属")
    with pytest.raises(sa.exc.DBAPIError, match="sealed sheet refuses"), engine().begin() as connection:
        connection.execute(sa.text("UPDATE sheet SET voided_at = NULL, void_reason = '', voided_by = NULL"))


def test_all_that_is_wrong_on_a_sheet_is_told_at_once(world: World) -> None:
    w = judged_round(world, scoring={**SCORING, "criteria": CRITERIA})
    [one], [judge] = at_desk(w, 1), experts(1)

    with refused("faults", FaultsError, count=3) as told:
        score(judge, one, scores={"theory": 101, "practice": "80.5"})

    assert [(f["field"], f["code"]) for f in told.details["faults"]] == [
        ("theory", "points_over"), ("practice", "points_step"), ("minutes", "points_missing"),
    ]  # fmt: skip


def test_only_judges_of_the_desk_score_where_the_programme_scores(world: World) -> None:
    w = judged_round(world, scoring=SCORING)
    [one] = at_desk(w, 1)

    with refused("not_your_desk", ForbiddenError):
        score(w.admin, one, scores={"total": 1})
    with refused("not_found", NotFoundError):
        score(w.stranger, one, scores={"total": 1})
    assert score(w.province, one, scores={"total": 90}).total == 9000
    [unjudged] = at_desk(judged_round(world), 1)
    with refused("no_scoring", RefusedError):
        score(w.province, unjudged, scores={"total": 1})
    [early] = at_desk(judged_round(world, scoring={"step": "city-or-industry", "source": SOURCE}), 1)
    with refused("other_rung", RefusedError, rung="city-or-industry", here="province", source=SOURCE):
        score(w.province, early, scores={"total": 1})


def test_a_vote_is_a_yes_or_a_no(world: World) -> None:
    w = judged_round(world, scoring={**SCORING, "method": "vote", "vote_percent": 60})
    ids, judges = at_desk(w, 2), experts(3)
    with refused("argument_missing", InputError, field="vote"):
        score(judges[0], ids[0], scores={"total": 1})
    for judge, first, second in zip(judges, (True, True, False), (True, False, False), strict=True):
        score(judge, ids[0], vote=first)
        score(judge, ids[1], vote=second)

    assert [line.score for line in standings(w.province, round_id=w.round_id, desk=PROVINCE)] == [6667, 3333]
    row = listed(w, ids)
    with refused("below_pass_mark", RefusedError, mark="60%", receipts=receipts(ids[1])):
        seal(w.province, row.id, seen=row.version)


def test_a_list_takes_its_scores_from_the_sheets(world: World) -> None:
    w = judged_round(world, scoring=TRIMMED, panel=FIVE)
    ids, judges = at_desk(w, 2), experts(5)
    scored(ids[0], judges, "88", "92.5", "90", "75", "97")
    scored(ids[1], judges, "80", "80", "80", "80", "80")

    row = listed(w, [{"application": ids[0], "score": "90.17"}, ids[1]])

    assert scores_on(row.id) == [9017, 8000]
    assert seal(w.province, row.id, seen=row.version).state == "sealed"


def test_a_typed_score_must_agree_with_the_sheets(world: World) -> None:
    w = judged_round(world, scoring=SCORING)
    ids, [judge] = at_desk(w, 2), experts(1)
    scored(ids[0], [judge], 90)

    with refused("sheets_differ", RefusedError, receipt=application(ids[0]).receipt, given="90.50", score="90.00"):
        listed(w, [{"application": ids[0], "score": "90.5"}])
    with refused("sheets_differ", RefusedError, given="80.00", score=None):
        listed(w, [{"application": ids[1], "score": "80"}])


def test_ranking_and_sealing_read_all_sheets_at_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    w = judged_round(world, scoring=SCORING)
    ids, [judge] = at_desk(w, 5), experts(1)
    for one in ids:
        scored(one, [judge], 90)
    row = listed(w, ids[:1])
    with statements(monkeypatch) as few:
        row = listed(w, ids[:1], seen=row.version)
    with statements(monkeypatch) as many:
        row = listed(w, ids, seen=row.version)

    assert len(few) == len(many)
    with statements(monkeypatch) as sealing:
        seal(w.province, row.id, seen=row.version)
    assert sum("sheet" in statement for statement in sealing) == 1


def test_an_unscored_name_is_not_sealed(world: World) -> None:
    w = judged_round(world, scoring={**SCORING, "source": SOURCE})
    ids, [judge] = at_desk(w, 2), experts(1)
    scored(ids[0], [judge], 90)
    row = listed(w, ids)

    with refused("unscored", RefusedError, receipts=receipts(ids[1]), count=1, source=SOURCE):
        seal(w.province, row.id, seen=row.version)


def test_a_name_below_the_pass_mark_is_not_sealed_even_in_reserve(world: World) -> None:
    w = judged_round(world, scoring={**SCORING, "pass_mark": 60, "source": SOURCE})
    ids, [judge] = at_desk(w, 2), experts(1)
    scored(ids[0], [judge], 60)
    scored(ids[1], [judge], 59)
    row = listed(w, ids[:1], ids[1:])

    with refused("below_pass_mark", RefusedError, receipts=receipts(ids[1]), mark="60", source=SOURCE):
        seal(w.province, row.id, seen=row.version)
    again = listed(w, ids[:1], seen=row.version)
    assert seal(w.province, again.id, seen=again.version).state == "sealed"


def test_a_panel_is_whole_and_odd_before_its_list_is_sealed(world: World) -> None:
    w = judged_round(world, scoring=SCORING, panel={"size": 3, "source": SOURCE})
    [one], judges = at_desk(w, 1), experts(5)
    scored(one, judges[:2], 90, 91)
    row = listed(w, [one])
    with refused("panel_incomplete", RefusedError, size=3, count=1, receipts=receipts(one), source=SOURCE):
        seal(w.province, row.id, seen=row.version)
    scored(one, judges[2:4], 92, 93)

    row = listed(w, [one], seen=row.version)
    with refused("panel_even", RefusedError, size=3, source=SOURCE):
        seal(w.province, row.id, seen=row.version)
    scored(one, judges[4:], 94)
    row = listed(w, [one], seen=row.version)
    assert seal(w.province, row.id, seen=row.version).state == "sealed"
    assert scores_on(row.id) == [9200]


def test_a_sheet_after_the_ranking_asks_for_another_ranking(world: World) -> None:
    w = judged_round(world, scoring=SCORING)
    [one], judges = at_desk(w, 1), experts(2)
    scored(one, judges[:1], 90)
    row = listed(w, [one])
    scored(one, judges[1:], 80)

    with refused("score_moved", RefusedError, receipts=receipts(one)):
        seal(w.province, row.id, seen=row.version)


def test_a_judge_takes_no_more_cases_than_the_panel_allows(world: World) -> None:
    w = judged_round(world, scoring=SCORING, panel={"size": 1, "most_cases": 2, "source": SOURCE})
    ids, judges = at_desk(w, 3), experts(2)
    scored(ids[0], judges[:1], 90)
    scored(ids[1], judges[:1], 90)

    with refused("judge_full", RefusedError, most=2, source=SOURCE):
        score(judges[0], ids[2], scores={"total": 90})
    recuse(w.province, ids[0], judges[0].id, reason="师徒")
    assert score(judges[0], ids[2], scores={"total": 90}).total == 9000


def test_a_judge_of_the_same_unit_or_group_is_recused(world: World) -> None:
    group, sister = unit(70), unit(71)
    enrol(SYSTEM, code=group, name="集团", parent=COUNTY)
    enrol(SYSTEM, code=sister, name="集团子公司", parent=group)
    w = judged_round(world, scoring=SCORING)
    ids, judges = at_desk(w, 1), experts(4)
    colleague = also(judges[0], unit(0), Role.CLERK)
    neighbour = also(judges[1], unit(1), Role.CLERK)
    ours = person("sister", sister, Role.CLERK)

    with refused("recused", ForbiddenError):
        score(colleague, ids[0], scores={"total": 100})
    # The county's union stands over both units, and is nobody's group.
    assert score(neighbour, ids[0], scores={"total": 90}).total == 9000
    case = _of(w, ours, sister)
    for member in (also(judges[2], group, Role.CLERK), also(judges[3], sister, Role.CLERK)):
        with refused("recused", ForbiddenError):
            score(member, case, scores={"total": 100})


def _of(w: World, clerk: Any, code: str) -> str:
    """An application of another unit, at the province."""
    row = draft(clerk, round_id=w.round_id, organization_code=code, answers=answers(300))
    attach(clerk, row.id, slot="honour_proof", filename="证书.png", content=photo(), seen=row.version)
    return submit(clerk, row.id, seen=row.version + 1).id


def test_without_the_rule_only_ones_own_unit_stands_back(world: World) -> None:
    w = judged_round(world, scoring=SCORING, panel={"size": 1, "recuse": ["requested"], "source": SOURCE})
    [one], judges = at_desk(w, 1), experts(2)

    with refused("not_declared", RefusedError, source=SOURCE):
        recuse(judges[0], one, judges[0].id, reason="亲属")
    colleague = also(judges[1], unit(0), Role.CLERK)
    with refused("recused", ForbiddenError):
        score(colleague, one, scores={"total": 100})
    assert recuse(w.province, one, judges[0].id, reason="申报人请求").recused


def test_a_recusal_voids_the_sheet_and_the_mean_is_counted_anew_without_trimming(world: World) -> None:
    w = judged_round(world, scoring=TRIMMED, panel=FIVE)
    [one], judges = at_desk(w, 1), experts(5)
    scored(one, judges, "88", "92.5", "90", "75", "97")
    row = listed(w, [one])
    assert scores_on(row.id) == [9017]

    done = recuse(judges[4], one, judges[4].id, reason="亲属关系")

    assert (done.recused, done.void_reason, done.voided_by, done.total) == (True, "亲属关系", judges[4].id, 9700)
    # Four sheets are left of five: the plain mean, and the panel is not asked for another (scenario 16).
    [line] = standings(w.province, round_id=w.round_id, desk=PROVINCE)
    assert (line.score, line.n, line.missing, line.spread) == (8638, 4, 0, 1750)
    with refused("score_moved", RefusedError):
        seal(w.province, row.id, seen=row.version)
    again = listed(w, [one], seen=row.version)
    assert scores_on(again.id) == [8638]
    assert seal(w.province, again.id, seen=again.version).state == "sealed"
    with refused("on_sealed_slate", RefusedError, state="sealed"):
        recuse(w.province, one, judges[0].id, reason="亲属")


def test_who_stood_back_before_scoring_is_replaced_and_never_scores(world: World) -> None:
    w = judged_round(world, scoring=SCORING, panel={"size": 3})
    [one], judges = at_desk(w, 1), experts(4)
    gone = recuse(w.province, one, judges[0].id, reason="同一集团", key="k")
    scored(one, judges[1:3], 90, 91)
    row = listed(w, [one])

    assert (gone.scores, gone.total, gone.voided_at is not None) == ({}, 0, True)
    assert recuse(w.province, one, judges[0].id, reason="同一集团", key="k") == gone
    with refused("recused", ForbiddenError, receipt=application(one).receipt):
        score(judges[0], one, scores={"total": 99})
    with refused("panel_incomplete", RefusedError, size=3):
        seal(w.province, row.id, seen=row.version)
    scored(one, judges[3:], 92)
    again = listed(w, [one], seen=row.version)
    assert seal(w.province, again.id, seen=again.version).state == "sealed"


def test_only_the_judge_or_a_reviewer_enters_a_recusal_with_a_reason(world: World) -> None:
    w = judged_round(world, scoring=SCORING)
    [one], judges = at_desk(w, 1), experts(2)

    with refused("reason_missing", InputError, field="reason"):
        recuse(w.province, one, judges[0].id, reason=" ")
    with refused("not_your_desk", ForbiddenError):
        recuse(judges[0], one, judges[1].id, reason="亲属")
    with refused("not_found", NotFoundError, thing="account"):
        recuse(w.province, one, "0" * 32, reason="亲属")


def test_a_judge_sees_only_own_sheets_until_the_list_is_sealed(world: World) -> None:
    w = judged_round(world, scoring=SCORING, panel={"size": 3})
    [one], judges = at_desk(w, 1), experts(3)
    written = scored(one, judges[:2], 90, 70)

    assert sheets(judges[0], one) == written[:1]
    assert (sheets(judges[2], one), sheets(w.province, one), sheets(w.clerks[0], one)) == ([], [], [])
    # Nor does the mean tell of them before the last one is written.
    [line] = standings(w.province, round_id=w.round_id, desk=PROVINCE)
    assert (line.n, line.missing, line.score, line.spread, line.passed) == (2, 1, None, None, None)
    written += scored(one, judges[2:], 80)
    assert standings(w.province, round_id=w.round_id, desk=PROVINCE)[0].score == 8000
    assert standings(judges[0], round_id=w.round_id, desk=PROVINCE) == []
    sealed(w, [one])
    for reader in (*judges, w.province):
        assert sorted(s.id for s in sheets(reader, one)) == sorted(s.id for s in written)
    assert sheets(w.clerks[0], one) == []


def test_a_sealed_list_takes_no_sheet(world: World) -> None:
    w = judged_round(world, scoring=SCORING)
    [one], judges = at_desk(w, 1), experts(2)
    scored(one, judges[:1], 90)
    row = sealed(w, [one])

    with refused("on_sealed_slate", RefusedError, slate=row.id, state="sealed"):
        score(judges[1], one, scores={"total": 10})


def test_result_words_follow_the_score(world: World) -> None:
    results = [{"name": n, "label": {"zh": n, "en": n}, "at_least": at} for n, at in (("recommend", 85), ("refer", 60))]
    w = judged_round(world, scoring={**SCORING, "results": results})
    ids, [judge] = at_desk(w, 3), experts(1)
    for one, points in zip(ids, (85, 84, 59), strict=True):
        scored(one, [judge], points)

    found = standings(w.province, round_id=w.round_id, desk=PROVINCE)

    assert [(line.score, line.result) for line in found] == [(8500, "recommend"), (8400, "refer"), (5900, None)]


# Ties: what the programme's steps break is never asked of the meeting, nor of the clock.


def tied(w: World, ids: list[str], judges: list[Any], *sheets_: dict[str, Any]) -> None:
    """One sheet each."""
    for one, points in zip(ids, sheets_, strict=True):
        scored(one, judges[:1], points)


def card(theory: int, practice: int, minutes: str) -> dict[str, Any]:
    """A sheet of a contest."""
    return {"theory": theory, "practice": practice, "minutes": minutes}


STEPS = {"criteria": [{"by": "minutes", "lowest": True}, "practice", "theory"], "source": SOURCE}


def test_ties_are_broken_by_the_programmes_steps_before_the_meeting_is_asked(world: World) -> None:
    w = judged_round(world, scoring={**SCORING, "criteria": CRITERIA}, tie=STEPS)
    ids, judges = at_desk(w, 2), experts(1)
    tied(w, ids, judges, card(90, 90, "50"), card(90, 90, "45"))
    row = listed(w, ids[:1], ids[1:])

    with refused("order_against_scores", RefusedError, place=2, source=SOURCE):
        seal(w.province, row.id, seen=row.version)
    row = listed(w, ids[1:], ids[:1], seen=row.version)
    assert seal(w.province, row.id, seen=row.version).state == "sealed"


def test_number_fields_of_the_form_break_ties_without_any_sheet(world: World) -> None:
    w = judged_round(world, tie={"criteria": ["team_size"]})
    small, large = at_desk(w, 1)[0], at_desk_with(w, 1, team_size=9)
    row = listed(w, [{"application": small, "score": 90}], [{"application": large, "score": 90}])

    with refused("order_against_scores", RefusedError, place=2):
        seal(w.province, row.id, seen=row.version)
    row = listed(w, [{"application": large, "score": 90}], [{"application": small, "score": 90}], seen=row.version)
    assert seal(w.province, row.id, seen=row.version).state == "sealed"


def at_desk_with(w: World, n: int, **answers: Any) -> str:
    """One more application, with some answers of its own."""
    return checked(w, PROVINCE, submitted(w, n, **answers).id)[0]


def test_what_the_steps_leave_equal_goes_to_the_meeting(world: World) -> None:
    w = judged_round(world, scoring={**SCORING, "criteria": CRITERIA}, tie=STEPS)
    ids, judges = at_desk(w, 2), experts(1)
    tied(w, ids, judges, card(90, 90, "45"), card(90, 90, "45"))
    row = listed(w, ids[:1], ids[1:])

    with refused("tie_at_line", RefusedError, first=1, last=2, line=1, criteria=["minutes", "practice", "theory"]):
        seal(w.province, row.id, seen=row.version)
    assert seal(w.province, row.id, seen=row.version, tie="会议投票").state == "sealed"


def test_equal_ranks_are_both_named_while_the_places_suffice(world: World) -> None:
    w = judged_round(world, scoring={**SCORING, "criteria": CRITERIA}, tie={**STEPS, "last": "equal_rank"})
    ids, judges = at_desk(w, 2), experts(1)
    tied(w, ids, judges, card(90, 90, "45"), card(90, 90, "45"))
    row = listed(w, ids[:1], ids[1:])

    with refused("equal_ranks", RefusedError, first=1, last=2, line=1, left=70, source=SOURCE):
        seal(w.province, row.id, seen=row.version, tie="会议投票")
    row = listed(w, ids, seen=row.version)
    assert seal(w.province, row.id, seen=row.version).state == "sealed"


def test_equal_ranks_over_the_places_go_to_the_meeting(world: World) -> None:
    tie = {**STEPS, "last": "equal_rank"}
    w = judged_round(world, scoring={**SCORING, "criteria": CRITERIA}, tie=tie, approval={"cap": 1},
                     reserve={"percent": 100})  # fmt: skip
    ids, judges = at_desk(w, 2), experts(1)
    tied(w, ids, judges, card(90, 90, "45"), card(90, 90, "45"))
    row = listed(w, ids[:1], ids[1:])

    with refused("tie_at_line", RefusedError, first=1, last=2, line=1):
        seal(w.province, row.id, seen=row.version)
    assert seal(w.province, row.id, seen=row.version, tie="会议投票").state == "sealed"


# Visits and pitches.


def test_a_visit_is_written_down_before_the_list_is_sealed(world: World) -> None:
    w = judged_round(world, site_visit={"step": "province", "source": SOURCE})
    ids = at_desk(w, 2)
    row = listed(w, ids)
    inspect(w.province, ids[0], kind=InspectionKind.SITE_VISIT, held_on=date(2026, 3, 2), words="现场属实", key="k")
    with refused("not_visited", RefusedError, receipts=receipts(ids[1]), count=1, source=SOURCE):
        seal(w.province, row.id, seen=row.version)

    made = inspect(w.province, ids[1], kind=InspectionKind.SITE_VISIT, held_on=date(2026, 3, 3), words="现场属实")

    assert seal(w.province, row.id, seen=row.version).state == "sealed"
    assert events(ids[1])[-1] == ("inspect", "provincial_review", "provincial_review", "province")
    assert inspections(w.province, ids[1]) == [made]
    assert [one.words for one in inspections(w.clerks[1], ids[1])] == [""]


def test_a_pitch_is_held_before_the_list_is_sealed(world: World) -> None:
    w = judged_round(world, pitch={"step": "province", "minutes": 8, "source": SOURCE})
    [one] = at_desk(w, 1)
    row = listed(w, [one])
    with refused("not_pitched", RefusedError, receipts=receipts(one), source=SOURCE):
        seal(w.province, row.id, seen=row.version)

    given: dict[str, Any] = {"kind": InspectionKind.PITCH, "held_on": date(2026, 3, 3), "words": "答辩", "key": "k"}
    made = inspect(w.province, one, **given)

    assert inspect(w.province, one, **given) == made
    assert seal(w.province, row.id, seen=row.version).state == "sealed"


def test_what_is_no_visit_is_refused(world: World) -> None:
    w = judged_round(world, site_visit={"step": "province"})
    [one] = at_desk(w, 1)
    given: dict[str, Any] = {"kind": InspectionKind.SITE_VISIT, "held_on": date(2026, 3, 3), "words": "属实"}

    for change, code, kind in (
        ({"words": " "}, "words_missing", InputError), ({"held_on": date(2026, 3, 4)}, "held_ahead", InputError),
        ({"kind": InspectionKind.PITCH}, "no_visit", RefusedError),
    ):  # fmt: skip
        with refused(code, kind):
            inspect(w.province, one, **{**given, **change})
    with refused("not_your_desk", ForbiddenError):
        inspect(w.admin, one, **given)
    [early] = at_desk(judged_round(world, site_visit={"step": "city-or-industry"}), 1)
    with refused("other_rung", RefusedError, rung="city-or-industry", here="province"):
        inspect(w.province, early, **given)


def test_what_sealing_would_mean_knows_which_ties_are_broken_already(world: World) -> None:
    w = judged_round(world, scoring={**SCORING, "criteria": CRITERIA}, tie=STEPS)
    ids, judges = at_desk(w, 2), experts(1)
    tied(w, ids, judges, card(90, 90, "50"), card(90, 90, "45"))
    wrong = listed(w, ids[:1], ids[1:])
    ahead = seal_outlook(w.province, wrong.id)
    assert (ahead.tie, ahead.disorder) == (None, 2)

    right = listed(w, ids[1:], ids[:1], seen=wrong.version)

    ahead = seal_outlook(w.province, right.id)
    assert (ahead.tie, ahead.disorder) == (None, None)


def test_while_sheets_are_missing_a_list_has_no_score(world: World) -> None:
    w = judged_round(world, scoring=SCORING, panel={"size": 3, "source": SOURCE})
    [one], judges = at_desk(w, 1), experts(3)
    scored(one, judges[:2], 90, 91)

    with refused("sheets_differ", RefusedError, given="90.50", score=None):
        listed(w, [{"application": one, "score": "90.5"}])
    row = listed(w, [one])
    assert scores_on(row.id) == [None]

    scored(one, judges[2:], 92)
    assert scores_on(listed(w, [one], seen=row.version).id) == [9100]


def test_a_sheet_that_a_ruling_voided_is_missing_until_it_is_written_anew(world: World) -> None:
    w = judged_round(world, scoring=SCORING, panel={"size": 3})
    [one], judges = at_desk(w, 1), experts(3)
    wrong = scored(one, judges, 80, 81, 82)[0]
    with transaction() as store:
        store.run(VOID, old_id=wrong.id, voided_at=store.now, void_reason="计时有误", voided_by=w.province.id,
                  recused=False)  # fmt: skip

    def state() -> tuple[int, int]:
        [line] = standings(w.province, round_id=w.round_id, desk=PROVINCE)
        return line.n, line.missing

    assert state() == (2, 1)
    scored(one, judges[:1], 85)
    assert state() == (3, 0)


def test_most_of_the_panel_must_have_scored_however_many_stood_back(world: World) -> None:
    w = judged_round(world, scoring=SCORING, panel={"size": 3})
    [one], judges = at_desk(w, 1), experts(3)
    scored(one, judges, 80, 81, 82)
    for judge, missing in zip(judges[:2], (0, 1), strict=True):
        recuse(w.province, one, judge.id, reason="亲属")
        [line] = standings(w.province, round_id=w.round_id, desk=PROVINCE)
        assert line.missing == missing
