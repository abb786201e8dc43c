"""A desk looks at its line once all sheets are in: whom chance, another mean or another quota would move."""

from typing import Any

from models.errors import ForbiddenError, InputError, NotFoundError, RefusedError
from models.vocabulary import Role
from tests.judging import SCORING, at_desk, experts, judged_round, listed, scored, sealed
from tests.worlds import (
    PROVINCE,
    World,
    also,
    application,
    person,
    refused,
    unit,
)
from workflows.judging.assigning import assign
from workflows.judging.drawing import accept_undertaking, draw_panel
from workflows.judging.experts import enrol_expert
from workflows.judging.scoring import recuse, score
from workflows.queries.cut_lines import CutLine, Lean, cut_line_of
from workflows.queries.judging import standings
from workflows.record.acting import Actor
from workflows.rules.cut_line import Change

TRIMMED = {**SCORING, "method": "trimmed", "half_points": True}
# Judge 0 gives two points more than the panel, judge 2 two fewer.
LEAN = (2, 0, -2)


def judged(w: World, worths: list[int], n: int = 3) -> tuple[list[str], list[Any]]:
    """Cases of these worths at the desk, scored by judges of known leniencies."""
    ids, judges = at_desk(w, len(worths)), experts(n)
    for one, worth in zip(ids, worths, strict=True):
        scored(one, judges, *(worth + lean for lean in LEAN[:n]))
    return ids, judges


def asked(w: World, **more: Any) -> CutLine:
    """What the province is told of its desk."""
    return cut_line_of(w.province, round_id=w.round_id, desk=PROVINCE, **more)


def test_a_desk_sees_ranks_numbers_beside_them_and_how_firm_they_are(world: World) -> None:
    w = judged_round(world, scoring=SCORING, panel={"size": 3})
    ids, _ = judged(w, [90, 80, 70, 79])

    found = asked(w, line=2)

    assert [(one.application_id, one.rank, one.score, one.side, one.n, one.spread, one.deviation)
            for one in found.lines] == [
        (ids[0], 1, 9000, "in", 3, 400, 163), (ids[1], 2, 8000, "in", 3, 400, 163),
        (ids[3], 3, 7900, "out", 3, 400, 163), (ids[2], 4, 7000, "out", 3, 400, 163),
    ]  # fmt: skip
    # One panel for all: whoever is drawn judges all of them, so nothing moves.
    assert (found.percent, {one.percent for one in found.lines}, found.resamples) == (100, {100}, 1000)
    assert found.seed == f"{w.round_id}/{PROVINCE}/"


def test_severity_is_told_beside_the_scores_and_whose_it_is_only_once_sheets_are_open(world: World) -> None:
    w = judged_round(world, scoring=SCORING, panel={"size": 3})
    ids, judges = judged(w, [90, 80, 70])

    found = asked(w, line=2)
    assert found.judges == [Lean(None, 200, 3), Lean(None, 0, 3), Lean(None, -200, 3)]
    assert (found.anchors, found.residual, found.why) == (3, 0, None)
    assert [(one.score, one.adjusted, one.rank, one.adjusted_rank) for one in found.lines] == [
        (9000, 9000, 1, 1), (8000, 8000, 2, 2), (7000, 7000, 3, 3),
    ]  # fmt: skip

    row = sealed(w, ids)
    found = cut_line_of(w.province, slate_id=row.id)
    assert [one.account_id for one in found.judges] == [judge.id for judge in judges]
    assert found.line == 3


def test_a_panel_with_strangers_to_one_another_is_not_compared(world: World) -> None:
    w = judged_round(world, scoring=SCORING)
    ids, judges = at_desk(w, 2), experts(2)
    for one, judge, points in zip(ids, judges, (90, 80), strict=True):
        scored(one, [judge], points)

    found = asked(w, line=1)

    assert (found.judges, found.why) == ([], {"code": "severity_few_cases", "count": 0, "least": 3})
    assert {one.adjusted for one in found.lines} == {None}


def test_only_anchors_tell_of_severity_where_cases_are_marked_as_such(world: World) -> None:
    w = judged_round(world, scoring=SCORING, panel={"size": 3})
    ids = at_desk(w, 4)
    judges = drawn(w, ids[:3])
    for one, worth in zip(ids[:3], (90, 80, 70), strict=True):
        scored(one, judges, *(worth + lean for lean in LEAN))
    scored(ids[3], judges, 10, 50, 90)

    found = asked(w, line=2)

    assert [one.leniency for one in found.judges] == [200, 0, -200]
    assert found.anchors == 3


def drawn(w: World, anchors: list[str]) -> list[Actor]:
    """Three judges, drawn, who have given their undertaking and judge everything; some of it as anchors."""
    judges = experts(3)
    for judge in judges:
        enrol_expert(w.admin, organization_code=PROVINCE, email=judge.email, fields=["机械"])
    row = draw_panel(w.province, round_id=w.round_id, organization_code=PROVINCE, seed="2026", seed_source="福彩")
    for judge in judges:
        row = accept_undertaking(judge, row.id)
    assign(w.province, row.id, anchors=anchors, seen=row.version)
    return judges


def test_another_mean_and_one_place_more_or_fewer_are_told_by_name(world: World) -> None:
    w = judged_round(world, scoring=TRIMMED, panel={"size": 5})
    ids, judges = at_desk(w, 2), experts(5)
    scored(ids[0], judges, 70, 70, 70, 70, 100)
    scored(ids[1], judges, 75, 75, 75, 75, 75)

    variants = {one.kind: set(one.changes) for one in asked(w, line=1).variants}

    assert variants["mean"] == {Change(ids[0], "out", "in"), Change(ids[1], "in", "out")}
    assert variants["median"] == set()
    assert variants["one_more"] == {Change(ids[0], "out", "in")}


def test_a_list_has_its_line_after_its_main_names(world: World) -> None:
    w = judged_round(world, scoring=SCORING, panel={"size": 3}, reserve={"percent": 100})
    ids, _ = judged(w, [90, 80, 70])

    row = listed(w, ids[:2], ids[2:])

    assert cut_line_of(w.province, slate_id=row.id).line == 2
    assert [one.side for one in cut_line_of(w.province, slate_id=row.id).lines] == ["in", "in", "out"]


def test_nothing_is_told_while_a_sheet_is_missing(world: World) -> None:
    w = judged_round(world, scoring=SCORING, panel={"size": 3})
    ids, judges = at_desk(w, 2), experts(3)
    with refused("scores_not_open", RefusedError, count=2):
        asked(w, line=1)
    scored(ids[0], judges, 90, 80, 70)
    scored(ids[1], judges[:2], 90, 80)

    with refused("scores_not_open", RefusedError, count=1, receipts=[application(ids[1]).receipt]):
        asked(w, line=1)
    scored(ids[1], judges[2:], 70)
    assert len(asked(w, line=1).lines) == 2


def test_only_the_desks_reviewers_are_told_and_not_in_their_own_case(world: World) -> None:
    w = judged_round(world, scoring=SCORING)
    [one], [judge] = at_desk(w, 1), experts(1)
    scored(one, [judge], 90)
    row = listed(w, [one])

    for who in (judge, w.city, w.admin, w.clerks[0]):
        with refused("not_your_desk", ForbiddenError):
            cut_line_of(who, round_id=w.round_id, desk=PROVINCE, line=1)
    for who in (judge, w.city):
        with refused("not_found", NotFoundError):
            cut_line_of(who, slate_id=row.id)
    own = also(person("own", PROVINCE, Role.REVIEWER), unit(0), Role.CLERK)
    with refused("own_case", ForbiddenError):
        cut_line_of(own, slate_id=row.id)


def test_a_line_that_nobody_names_is_after_the_places_left(world: World) -> None:
    w = judged_round(world, scoring=SCORING, approval={"cap": 3})
    [one], [judge] = at_desk(w, 1), experts(1)
    scored(one, [judge], 90)

    assert asked(w).line == 3


def test_a_line_that_nobody_names_is_asked_for_and_an_empty_desk_says_so(world: World) -> None:
    w = judged_round(world, scoring=SCORING, approval={"cap": None})
    with refused("nothing_scored", RefusedError):
        asked(w, line=1)
    [one], [judge] = at_desk(w, 1), experts(1)
    scored(one, [judge], 90)

    with refused("argument_missing", InputError, field="line"):
        asked(w)
    bare = judged_round(world)
    with refused("no_scoring", RefusedError):
        asked(bare, line=1)


def test_a_recusal_takes_the_judge_out_of_the_line_as_well(world: World) -> None:
    """Scenario 16: the void sheet counts for nothing, neither in the mean nor in severity nor in a resample."""
    w = judged_round(world, scoring=SCORING, panel={"size": 3})
    ids, judges = judged(w, [90, 80, 70, 60])
    recuse(w.province, ids[0], judges[0].id, reason="亲属")

    found = asked(w, line=2)

    assert [(one.score, one.n, one.adjusted) for one in found.lines] == [
        (8900, 2, 9000), (8000, 3, 8000), (7000, 3, 7000), (6000, 3, 6000),
    ]  # fmt: skip


def test_who_can_read_a_score_writes_no_sheet_any_more(world: World) -> None:
    w = judged_round(world, scoring=SCORING, panel={"size": 3})
    [one], judges = at_desk(w, 1), experts(4)
    scored(one, judges[:3], 90, 80, 70)
    [line] = standings(w.province, round_id=w.round_id, desk=PROVINCE)
    assert (line.score, line.n, line.missing, line.spread, line.deviation) == (8000, 3, 0, 2000, 816)

    with refused("scores_open", RefusedError, receipt=application(one).receipt):
        score(w.province, one, scores={"total": 0})
    assert score(judges[3], one, scores={"total": 60}).total == 6000
