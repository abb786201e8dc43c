"""A contest's scores are provisional while they can be appealed against, and nobody sees them before."""

from datetime import timedelta
from typing import Any

import pytest

from models import clock
from models.errors import ConflictError, ForbiddenError, InputError, NotFoundError, RefusedError
from models.merit import Announcement
from models.vocabulary import AppealState, NoticeState, Role, State
from tests.counting import statements
from tests.judging import CRITERIA, SCORING, at_desk, experts, judged_round, listed, receipts, scored, sealed
from tests.own_rounds import ranked, sealed_as
from tests.rounds_of import in_round
from tests.worlds import (
    CITY,
    COUNTY,
    NOTICE_OVER,
    NOW,
    NUMBER,
    PROVINCE,
    World,
    also,
    application,
    at_county,
    checked,
    due,
    events,
    everything,
    letters,
    notice_of,
    person,
    refused,
    rows,
    slate,
    submitted,
    unit,
)
from workflows.deciding.decisions import decide
from workflows.hearing.notices import close, publish
from workflows.intake.applications import withdraw
from workflows.judging.appeals import appeal, rule_on_appeal
from workflows.judging.contests import announce
from workflows.judging.scoring import recuse, score
from workflows.listing.sending import recall, send_up
from workflows.listing.slates import seal
from workflows.queries.judging import contest
from workflows.record.acting import Actor

SOURCE = {"document": "竞赛规程", "clause": "第六条"}
STEPS = {"criteria": [{"by": "minutes", "lowest": True}, "practice", "theory"], "last": "equal_rank"}
PRIZES = [
    {"name": "first", "label": {"zh": "一等奖", "en": "first prize"}, "from_rank": 1, "to_rank": 1, "yuan": 5000},
    {"name": "second", "label": {"zh": "二等奖", "en": "second prize"}, "from_rank": 2, "to_rank": 3, "yuan": 3000},
    {"name": "school", "label": {"zh": "组织奖", "en": "organising prize"}, "from_rank": 4, "to_rank": 9,
     "outside": True},
]  # fmt: skip
CARDS = (  # theory, practice, minutes
    (85, 90, "55"), (85, 90, "50"), (95, 95, "60"), (85, 90, "55"), (60, 60, "40"),
)  # fmt: skip
LATER = NOW + timedelta(hours=3)


def contested(w: World, **rule: Any) -> World:
    """A round that is a contest with two hours for appeals."""
    return judged_round(
        w, scoring={**SCORING, "criteria": CRITERIA}, tie=STEPS,
        contest={"appeal_hours": 2, "prizes": PRIZES, "source": SOURCE, **rule},
    )  # fmt: skip


def competed(w: World, judge: Actor, n: int = 5) -> list[str]:
    """`n` competitors with their scores."""
    ids = at_desk(w, n)
    for one, (theory, practice, minutes) in zip(ids, CARDS, strict=False):
        scored(one, [judge], {"theory": theory, "practice": practice, "minutes": minutes})
    return ids


def announced(w: World, **more: Any) -> Announcement:
    """The scores, announced."""
    return announce(w.province, round_id=w.round_id, organization_code=PROVINCE, **more)


def lines(made: Announcement, *names: str) -> list[tuple[Any, ...]]:
    """Columns of the results, in their order."""
    return [tuple(line[name] for name in names) for line in made.results]


def test_ranks_prizes_and_money_follow_score_time_practice_theory_and_equal_rank(world: World) -> None:
    w = contested(world)
    ids = competed(w, experts(1)[0])

    made = announced(w)

    assert lines(made, "application", "rank", "score", "prize", "fen", "outside") == [
        (ids[2], 1, 9500, "first", 500_000, False), (ids[1], 2, 8850, "second", 300_000, False),
        (ids[0], 3, 8850, "second", 300_000, False), (ids[3], 3, 8850, "second", 300_000, False),
        (ids[4], 5, 6000, "school", 0, True),
    ]  # fmt: skip
    assert (made.announced_at, made.ends_at, made.version) == (NOW, NOW + timedelta(hours=2), 1)


def test_every_competitor_is_told_rank_score_and_until_when(world: World) -> None:
    w = contested(world)
    ids = competed(w, experts(1)[0], 2)

    announced(w)

    assert events(ids[1])[-1] == ("announce", "provincial_review", "provincial_review", "province")
    assert ("announced", "clerk1") in letters(ids[1])
    # The tier's own term runs on beside the appeal hours.
    assert due(ids[1]) == ["appeal_end", "review"]
    assert application(ids[1]).due_at is not None


def test_team_points_and_the_order_of_teams(world: World) -> None:
    points = {"team_field": "leader_honour", "team_points": [10, 9, 8, 7, 6, 5, 4, 4, 4, 4], "points_below": 1}
    w = contested(world, **points)
    [judge] = experts(1)
    [one] = at_desk(w, 1)
    two, three = checked(w, PROVINCE, *(submitted(w, n, leader_honour="city_model").id for n in (1, 2)))
    for name, practice in ((one, 95), (two, 90), (three, 60)):
        scored(name, [judge], {"theory": 80, "practice": practice, "minutes": "50"})

    made = announced(w)

    assert made.teams == [
        {"name": "city_model", "rank": 1, "points": 17, "ranks": [2, 3]},
        {"name": "craftsman", "rank": 2, "points": 10, "ranks": [1]},
    ]
    assert lines(made, "team", "points") == [("craftsman", 10), ("city_model", 9), ("city_model", 8)]


def test_too_few_competitors_cancel_the_event(world: World) -> None:
    w = contested(world, minimum_field=3)
    competed(w, experts(1)[0], 2)

    with refused("too_few", RefusedError, count=2, minimum=3, source=SOURCE):
        announced(w)


def test_who_has_no_sheet_did_not_compete(world: World) -> None:
    w = contested(world)
    ids = at_desk(w, 2)
    scored(ids[0], experts(1), {"theory": 80, "practice": 80, "minutes": "50"})

    assert lines(announced(w), "application", "rank") == [(ids[0], 1)]


def test_announcing_is_for_reviewers_of_a_contest_with_whole_panels(world: World) -> None:
    w = judged_round(world, scoring=SCORING, contest={"source": SOURCE}, panel={"size": 3, "source": SOURCE})
    [one], judges = at_desk(w, 1), experts(3)
    scored(one, judges[:1], 90)

    with refused("panel_incomplete", RefusedError, size=3):
        announced(w)
    for actor in (judges[0], w.admin, w.clerks[0]):
        with refused("not_your_desk", ForbiddenError):
            announce(actor, round_id=w.round_id, organization_code=PROVINCE)
    scored(one, judges[1:], 90, 90)
    colleague = also(person("colleague", PROVINCE, Role.REVIEWER), unit(0), Role.CLERK)
    with refused("own_case", ForbiddenError, application=one):
        announce(colleague, round_id=w.round_id, organization_code=PROVINCE)
    plain = judged_round(world, scoring=SCORING)
    with refused("no_contest", RefusedError):
        announced(plain)


def test_scores_are_announced_once_and_sheets_stand_from_then_on(world: World) -> None:
    w = contested(world)
    judges = experts(2)
    ids = competed(w, judges[0], 2)
    made = announced(w, key="k")

    with refused("announced_already", RefusedError, ends_at=made.ends_at.isoformat()):
        announced(w)
    with refused("announced_already", RefusedError):
        score(judges[1], ids[0], scores={"theory": 1, "practice": 1, "minutes": "1"})
    with refused("announced_already", RefusedError):
        recuse(w.province, ids[0], judges[0].id, reason="亲属")
    before = everything()
    assert announced(w, key="k") == made
    assert everything() == before


def test_announcing_writes_all_competitors_in_one_set(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    few, many = contested(world), contested(world)
    [judge] = experts(1)
    competed(few, judge, 1)
    with statements(monkeypatch) as one:
        announced(few)
    for n in range(1, 6):
        [other] = checked(many, PROVINCE, submitted(many, n).id)
        scored(other, [judge], {"theory": 80, "practice": 80, "minutes": "50"})
    with statements(monkeypatch) as five:
        announced(many)

    assert len(one) == len(five)


@pytest.mark.parametrize(("minutes", "taken"), [(115, True), (120, False), (125, False)])
def test_an_appeal_is_taken_within_the_hours_and_refused_after_them(world: World, minutes: int, taken: bool) -> None:  # noqa: FBT001
    w = contested(world)
    [one] = competed(w, experts(1)[0], 1)
    made = announced(w)
    with clock.at(NOW + timedelta(minutes=minutes)):
        if not taken:
            with refused("appeal_over", RefusedError, ends_at=made.ends_at.isoformat(), source=SOURCE):
                appeal(w.clerks[0], one, words="计时有误")
            return
        case = appeal(w.clerks[0], one, words="计时有误", key="k")

        assert (case.state, case.application_id, case.words) == (AppealState.OPEN, one, "计时有误")
        assert appeal(w.clerks[0], one, words="计时有误", key="k") == case
        assert ("appeal_filed", "province") in letters(one)
        with refused("appeal_open", RefusedError, receipt=application(one).receipt):
            appeal(w.clerks[0], one, words="又一次")


def test_only_a_competitors_own_people_appeal_against_announced_scores(world: World) -> None:
    w = contested(world)
    ids = competed(w, experts(1)[0], 1)
    with refused("not_announced", RefusedError):
        appeal(w.clerks[0], ids[0], words="计时有误")
    announced(w)

    with refused("words_missing", InputError, field="words"):
        appeal(w.clerks[0], ids[0], words=" ")
    with refused("not_found", NotFoundError):
        appeal(w.clerks[1], ids[0], words="计时有误")
    with refused("not_yours", ForbiddenError):
        appeal(w.province, ids[0], words="计时有误")


def test_a_ruling_is_final_and_its_words_go_to_the_competitor(world: World) -> None:
    w = contested(world)
    [one] = competed(w, experts(1)[0], 1)
    announced(w)
    case = appeal(w.clerks[0], one, words="计时有误")
    with refused("words_missing", InputError, field="words"):
        rule_on_appeal(w.province, case.id, outcome="rejected", words="")
    with refused("not_your_desk", ForbiddenError):
        rule_on_appeal(w.admin, case.id, outcome="rejected", words="计时无误")
    with refused("not_found", NotFoundError, given="0" * 32):
        rule_on_appeal(w.province, "0" * 32, outcome="rejected", words="计时无误")

    done = rule_on_appeal(w.province, case.id, outcome="rejected", words="计时无误", key="k")

    assert (done.state, done.ruling, done.ruled_at) == (AppealState.REJECTED, "计时无误", NOW)
    assert rule_on_appeal(w.province, case.id, outcome="rejected", words="计时无误", key="k") == done
    assert ("appeal_ruled", "clerk0") in letters(one)
    with refused("appeal_ruled", RefusedError, receipt=application(one).receipt):
        rule_on_appeal(w.province, case.id, outcome="accepted", words="改判")
    with refused("appeal_ruled", RefusedError):
        appeal(w.clerks[0], one, words="再申诉")


def test_an_appeal_that_is_right_opens_the_wrong_sheets_and_the_scores_are_announced_anew(world: World) -> None:
    w = contested(world)
    [judge] = experts(1)
    ids = competed(w, judge, 2)
    made = announced(w)
    case = appeal(w.clerks[0], ids[0], words="计时有误")
    with refused("appeal_pending", RefusedError):
        announced(w, seen=made.version)
    with refused("not_found", NotFoundError, thing="sheet"):
        rule_on_appeal(w.province, case.id, outcome="accepted", words="计时有误", void=[w.province.id])

    with clock.at(NOW + timedelta(minutes=30)):
        rule_on_appeal(w.province, case.id, outcome="accepted", words="计时有误", void=[judge.id])
        # The judge has not stood back: the sheet is written anew.
        score(judge, ids[0], scores={"theory": 85, "practice": 90, "minutes": "45"})
        for seen in (0, 2):
            with refused("announced_meanwhile", ConflictError, version=1):
                announced(w, seen=seen)
        again = announced(w, seen=made.version)

    assert (again.id, again.version, again.ends_at) == (made.id, 2, NOW + timedelta(hours=2, minutes=30))
    assert lines(made, "application", "rank") == [(ids[1], 1), (ids[0], 2)]
    assert lines(again, "application", "rank") == [(ids[0], 1), (ids[1], 2)]
    assert [e[0] for e in events(ids[0])[-4:]] == ["announce", "appeal", "rule", "announce"]
    assert rows("SELECT count(*) FROM sheet WHERE application_id = :a", a=ids[0]) == [(2,)]


def test_nothing_is_published_or_decided_before_the_scores_are_final(world: World) -> None:
    w = contested(world)
    ids = competed(w, experts(1)[0], 2)
    row = sealed(w, [ids[1], ids[0]])

    def published() -> Any:
        return publish(w.province, row.id, seen=slate(row.id).version)

    with refused("not_announced", RefusedError, source=SOURCE):
        published()
    made = announced(w)
    with refused("appeals_running", RefusedError, ends_at=made.ends_at.isoformat()):
        published()
    case = appeal(w.clerks[0], ids[0], words="计时有误")
    with clock.at(LATER):
        with refused("appeal_pending", RefusedError, source=SOURCE):
            published()
        rule_on_appeal(w.province, case.id, outcome="rejected", words="计时无误")
        notice = published()
    with clock.at(NOTICE_OVER + timedelta(days=1)):
        close(w.province, notice.id, seen=notice_of(notice.id).version)
        decide(w.province, row.id, number=NUMBER, meeting_on=(NOTICE_OVER + timedelta(days=1)).date(),
               seen=slate(row.id).version)  # fmt: skip
    assert notice_of(notice.id).state is NoticeState.CLOSED
    assert {application(one).state for one in ids} == {State.NAMED}


def test_a_list_sealed_on_scores_that_were_announced_otherwise_is_recalled(world: World) -> None:
    w = contested(world)
    [judge] = experts(1)
    ids = competed(w, judge, 2)
    row = sealed(w, [ids[1], ids[0]])
    announced(w)
    case = appeal(w.clerks[0], ids[0], words="计时有误")
    rule_on_appeal(w.province, case.id, outcome="accepted", words="评分有误", void=[judge.id])
    with clock.at(LATER), refused("announce_again", RefusedError):
        publish(w.province, row.id, seen=slate(row.id).version)

    with refused("on_sealed_slate", RefusedError):
        score(judge, ids[0], scores={"theory": 99, "practice": 99, "minutes": "45"})
    recall(w.province, row.id, reason="申诉成立", seen=slate(row.id).version)
    score(judge, ids[0], scores={"theory": 99, "practice": 99, "minutes": "45"})
    announced(w, seen=1)
    again = listed(w, ids, seen=slate(row.id).version)
    again = seal(w.province, again.id, seen=again.version)
    with clock.at(LATER):
        assert publish(w.province, again.id, seen=again.version).state is NoticeState.OPEN


def test_scores_are_provisional_for_competitors_and_hidden_from_the_public_until_they_are_final(world: World) -> None:
    w = contested(world)
    ids = competed(w, experts(1)[0], 2)
    with refused("not_found", NotFoundError):
        contest(w.province, round_id=w.round_id, desk=PROVINCE)
    made = announced(w)

    def board(actor: Actor | None) -> Any:
        return contest(actor, round_id=w.round_id, desk=PROVINCE)

    assert board(w.province)[1:4] == (1, made.ends_at, False)
    assert len(board(w.province).results) == 2
    own = board(w.clerks[0])
    assert (own.provisional_until, own.is_final, [line["application"] for line in own.results]) == (
        made.ends_at, False, [ids[0]],
    )  # fmt: skip
    for actor in (None, w.clerks[5], w.stranger):
        with refused("not_found", NotFoundError):
            board(actor)
    with clock.at(LATER):
        final = board(None)
        assert (final.provisional_until, final.is_final) == (None, True)
        assert [(line["rank"], line["subject"], line["score"]) for line in final.results] == [
            (1, "工作室1", 8850), (2, "工作室0", 8850),
        ]  # fmt: skip
        assert not {"application", "receipt", "applicant"} & set(final.results[0])
    assert receipts(*ids) == [line["receipt"] for line in sorted(made.results, key=lambda line: line["application"])]


def test_an_open_appeal_keeps_scores_provisional_past_the_hours(world: World) -> None:
    w = contested(world)
    [one] = competed(w, experts(1)[0], 1)
    announced(w)
    appeal(w.clerks[0], one, words="计时有误")

    with clock.at(LATER):
        board = contest(w.province, round_id=w.round_id, desk=PROVINCE)
        assert (board.is_final, [case.state for case in board.appeals]) == (False, [AppealState.OPEN])
        with refused("not_found", NotFoundError):
            contest(None, round_id=w.round_id, desk=PROVINCE)


def test_a_lower_tiers_contest_is_final_before_its_list_goes_up(world: World) -> None:
    w = in_round(
        world, scoring={"step": "county", "criteria": CRITERIA}, tie=STEPS,
        contest={"appeal_hours": 2, "source": SOURCE},
    )  # fmt: skip
    ids = at_county(w, 1)
    judge = person("examiner", COUNTY, Role.EXPERT)
    scored(ids[0], [judge], {"theory": 80, "practice": 80, "minutes": "50"})
    row = ranked(w, COUNTY, ids)
    row = sealed_as(w, COUNTY, row)
    with refused("not_announced", RefusedError, source=SOURCE):
        send_up(w.county, row.id, seen=row.version)
    announce(w.county, round_id=w.round_id, organization_code=COUNTY)
    with refused("appeals_running", RefusedError):
        send_up(w.county, row.id, seen=row.version)

    with clock.at(LATER):
        assert send_up(w.county, row.id, seen=row.version).sent_to == CITY


def test_an_award_beyond_the_quota_needs_no_score(world: World) -> None:
    award = {"name": "organising", "label": {"zh": "组织奖", "en": "organising prize"}, "most": 1}
    w = judged_round(world, scoring=SCORING, quota={"outside": [award]})
    ids = at_desk(w, 2)
    scored(ids[0], experts(1), 90)

    row = listed(w, [ids[0], {"application": ids[1], "outside": "organising"}])
    assert seal(w.province, row.id, seen=row.version).state == "sealed"


def test_the_appeal_of_whoever_has_left_holds_nobody_up(world: World) -> None:
    w = contested(world)
    ids = competed(w, experts(1)[0], 2)
    row = sealed(w, [ids[1], ids[0]])
    announced(w)
    appeal(w.clerks[0], ids[0], words="计时有误")
    withdraw(w.clerks[0], ids[0], reason="放弃", seen=application(ids[0]).version)

    with clock.at(LATER):
        assert contest(None, round_id=w.round_id, desk=PROVINCE).is_final
        assert publish(w.province, row.id, seen=slate(row.id).version).state is NoticeState.OPEN


def test_an_appeal_that_was_right_opens_only_its_own_sheets(world: World) -> None:
    w = contested(world)
    judge, other = experts(2)
    ids = competed(w, judge, 2)
    announced(w)
    case = appeal(w.clerks[0], ids[0], words="计时有误")
    rule_on_appeal(w.province, case.id, outcome="accepted", words="计时有误", void=[judge.id])
    card = {"theory": 80, "practice": 80, "minutes": "50"}

    with refused("announced_already", RefusedError):
        score(other, ids[1], scores=card)
    assert score(judge, ids[0], scores=card).voided_at is None
