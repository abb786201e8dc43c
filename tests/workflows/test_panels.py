"""Panels: drawn by lot from a union's pool, replayable, with recusals by rule, by declaration and by request."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from models import clock
from models.database import together
from models.errors import ForbiddenError, InputError, NotFoundError, RefusedError, StaleError
from models.vocabulary import Role
from tests.judging import SCORING, at_desk, judged_round, listed, scored
from tests.tampering import unsealed
from tests.worlds import (
    NOW,
    PROVINCE,
    World,
    also,
    application,
    checked,
    due,
    identity,
    letters,
    person,
    refused,
    rows,
    submitted,
    unit,
)
from workflows.clocks.postponing import postponable
from workflows.clocks.sweep import sweep
from workflows.desk.reviews import send_back
from workflows.doctor.panels import nobody_judges_against_the_rule, nobody_judges_too_many
from workflows.doctor.panels import panels_are_as_drawn as check_panels
from workflows.intake.applications import resubmit, withdraw
from workflows.judging.assigning import assign, reassign
from workflows.judging.drawing import accept_undertaking, dissolve_panel, draw_panel, replace_member
from workflows.judging.experts import Enrolled, enrol_expert, retire_expert, revise_expert
from workflows.judging.requesting import ask_recusal, settle_recusal
from workflows.judging.scoring import recuse, score
from workflows.listing.slates import seal
from workflows.queries import applications
from workflows.queries.benches import (
    assignments,
    late_sheets,
    my_panels,
    panel_conflicts,
    recusal_requests,
)
from workflows.queries.judges import panels_of, to_score
from workflows.queries.judging import standings
from workflows.queries.panels import drawn_panels, experts, panel_verify
from workflows.queries.search import search
from workflows.record.acting import Actor, actor_of

THREE: dict[str, Any] = {"size": 3, "recuse": ["same_unit", "declared", "requested"]}
SOURCE = "浙江风采20选5 第2026045期"


def pooled(w: World, n: int, **more: Any) -> list[Enrolled]:
    """`n` experts in the province's pool, invited by their address."""
    return [expert(w, i, **more) for i in range(n)]


def expert(w: World, i: int, **more: Any) -> Enrolled:
    """One of the pool."""
    given: dict[str, Any] = {"fields": ["机械"], "name": f"专家{i}", **more}
    return enrol_expert(w.admin, organization_code=PROVINCE, email=f"pool{i}@example.cn", **given)


def drawn(w: World, **more: Any) -> Any:
    """The province's panel, by a public seed."""
    return draw_panel(w.province, round_id=w.round_id, organization_code=PROVINCE,
                      **{"seed": "0714", "seed_source": SOURCE, **more})  # fmt: skip


def members(w: World) -> list[Any]:
    """Who sits on the panel now, in the order drawn."""
    [found] = drawn_panels(w.province, round_id=w.round_id, desk=PROVINCE)
    return sorted((one for one in found.members if one.left_at is None), key=lambda one: one.place)


def sworn(w: World, panel: Any) -> list[Actor]:
    """The members as actors, each with the undertaking accepted."""
    found = []
    for one in members(w):
        [(email,)] = rows("SELECT email FROM account WHERE id = :id", id=one.account_id)
        accept_undertaking(actor_of(email), panel.id)
        found.append(actor_of(email))
    return found


def now_at(panel: Any) -> Any:
    """A panel's version now."""
    return rows("SELECT version FROM panel WHERE id = :id", id=panel.id)[0][0]


def ready(world: World, cases: int = 2, pool: int = 6, **more: Any) -> tuple[World, list[str], Any, list[Actor]]:
    """Cases at the province, a panel of three that has sworn, and everything assigned."""
    w = judged_round(world, scoring=SCORING, panel={**THREE, **more})
    ids = at_desk(w, cases)
    pooled(w, pool)
    panel = drawn(w)
    judges = sworn(w, panel)
    panel = assign(w.province, panel.id, seen=now_at(panel))
    return w, ids, panel, judges


# The pool.


def test_an_invited_expert_gets_an_account_with_a_seat_for_the_term(world: World) -> None:
    ends = date(2026, 12, 31)
    made = expert(world, 0, unit=unit(0), ends_on=ends, kin=[identity(5)], person_id=identity(9))

    assert (made.name, made.fields, made.unit, made.kin, made.ends_on) == ("专家0", ["机械"], unit(0), 1, ends)
    who = actor_of("pool0@example.cn")
    assert who.sits(PROVINCE, Role.EXPERT)
    assert [one.id for one in experts(world.province, organization_code=PROVINCE)] == [made.id]
    with clock.at(NOW + timedelta(days=400)):
        assert not actor_of("pool0@example.cn").seats


def test_kin_and_identity_numbers_are_never_shown_nor_kept(world: World) -> None:
    made = expert(world, 0, kin=[identity(5)], person_id=identity(9))

    [shown] = experts(world.admin, organization_code=PROVINCE)
    assert shown == made
    told = str(shown) + str(rows("SELECT body FROM journal_event WHERE thing_id = :id", id=made.id))
    kept = str(rows("SELECT * FROM expert"))
    for number in (identity(5), identity(9)):
        assert number not in told + kept
    [(kin,)] = rows("SELECT kin FROM expert")
    assert str(kin).strip("[]\"'") not in told
    with refused("not_your_desk", ForbiddenError):
        experts(world.county, organization_code=PROVINCE)


def test_what_is_wrong_with_an_expert_is_said(world: World) -> None:
    expert(world, 0)

    for change, code in (
        ({"fields": [" "]}, "fields_missing"), ({"unit": "!"}, "unit_code"), ({"kin": ["123"]}, "person_number"),
        ({"ends_on": date(2026, 3, 1)}, "term_over"), ({}, "expert_known"),
    ):  # fmt: skip
        with refused(code, InputError):
            expert(world, 0, **change)
    with refused("not_administrator", ForbiddenError):
        enrol_expert(world.county, organization_code=PROVINCE, email="x@example.cn", name="x", fields=["机械"])


def test_a_retired_expert_and_one_out_of_term_are_not_drawn(world: World) -> None:
    w = judged_round(world, scoring=SCORING, panel=THREE)
    pool = [*pooled(w, 3), expert(w, 3, starts_on=date(2026, 4, 1))]
    gone = retire_expert(w.admin, pool[0].id, reason="届满", seen=1)

    assert (gone.state, gone.version) == ("retired", 2)
    with refused("pool_too_small", RefusedError, count=2, size=3):
        drawn(w)
    expert(w, 4)
    assert set(drawn(w).order) == {pool[1].id, pool[2].id, expert_id(4)}


def expert_id(i: int) -> str:
    """The id of the i-th expert of the pool."""
    found = "SELECT e.id FROM expert e JOIN account a ON a.id = e.account_id WHERE a.email = :m"
    return str(rows(found, m=f"pool{i}@example.cn")[0][0])


# The draw.


def test_a_panel_is_drawn_once_and_can_be_drawn_again_from_its_record(world: World) -> None:
    w = judged_round(world, scoring=SCORING, panel=THREE)
    pooled(w, 7)

    panel = drawn(w)

    assert (panel.size, panel.seed, panel.seed_source, len(panel.snapshot)) == (3, "0714", SOURCE, 7)
    found = panel_verify(w.province, panel.id)
    assert (found.ok, found.differs, found.members) == (True, [], panel.order[:3])
    assert [one.expert_id for one in members(w)] == panel.order[:3]
    assert [template for template, _ in letters(panel.id)] == ["panel_called"] * 3
    with refused("panel_drawn_already", RefusedError):
        drawn(w)


def test_the_same_click_draws_once_and_a_seed_can_be_made_here(world: World) -> None:
    w = judged_round(world, scoring=SCORING, panel=THREE)
    pooled(w, 4)
    given: dict[str, Any] = {"round_id": w.round_id, "organization_code": PROVINCE, "key": "k"}

    made = draw_panel(w.province, **given)

    assert draw_panel(w.province, **given) == made
    assert (len(made.seed), made.seed_source) == (32, "")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"size": 1}, "panel_small"), ({"size": 4}, "panel_even_size"), ({"fields": {"机械": 4}}, "strata_over"),
        ({"fields": {"信息": 1}}, "pool_short_of_field"), ({"size": 9}, "pool_too_small"),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn_is_refused(world: World, change: dict[str, Any], code: str) -> None:
    w = judged_round(world, scoring=SCORING, panel=THREE)
    pooled(w, 5)

    with refused(code, RefusedError):
        drawn(w, **change)


def test_only_the_desks_reviewers_draw_and_a_seed_names_its_source(world: World) -> None:
    w = judged_round(world, scoring=SCORING, panel=THREE)
    pooled(w, 5)

    with refused("seed_source_missing", InputError):
        drawn(w, seed_source="")
    with refused("not_your_desk", ForbiddenError):
        draw_panel(w.admin, round_id=w.round_id, organization_code=PROVINCE)
    with refused("panel_wrong_tier", RefusedError):
        draw_panel(w.city, round_id=w.round_id, organization_code="330100")


def test_fields_asked_for_are_on_the_panel(world: World) -> None:
    w = judged_round(world, scoring=SCORING, panel=THREE)
    for i in range(6):
        expert(w, i, fields=["信息"] if i < 2 else ["机械"])

    panel = drawn(w, fields={"信息": 2})

    assert sorted(one.stratum for one in members(w)) == ["", "信息", "信息"]
    assert panel_verify(w.province, panel.id).ok


@pytest.mark.parametrize("what", ["seed = 'other'", "snapshot_hash = 'x'", "size = 5"])
def test_a_record_that_was_changed_does_not_verify(world: World, what: str) -> None:
    w = judged_round(world, scoring=SCORING, panel=THREE)
    pooled(w, 7)
    panel = drawn(w)
    with together(keep=False) as store:
        unsealed(store, "panel")
        store.connection.cursor().execute(f"UPDATE panel SET {what}")  # noqa: S608 -- ours

        assert not panel_verify(w.province, panel.id).ok
        assert [one.name for one in check_panels(store)] == ["panel_differs"]


# Who sits on it is secret until the round ends.


def test_who_judges_is_secret_to_applicants_and_lower_tiers_until_the_round_ends(world: World) -> None:
    w, _ids, panel, _judges = ready(world)

    for stranger in (w.clerks[0], w.county, w.city, w.stranger):
        with refused("panel_secret", ForbiddenError):
            drawn_panels(stranger, round_id=w.round_id, desk=PROVINCE)
        with refused("not_found", NotFoundError):
            panel_verify(stranger, panel.id)
        with refused("not_found", NotFoundError):
            assignments(stranger, panel.id)
        assert my_panels(stranger) == []


# Judging on a drawn panel.


def test_only_a_member_with_the_undertaking_scores_what_was_assigned(world: World) -> None:
    w = judged_round(world, scoring=SCORING, panel=THREE)
    [one] = at_desk(w, 1)
    pooled(w, 5)
    panel = drawn(w)
    outsider = person("outsider", PROVINCE, Role.EXPERT)
    [first, *_] = [actor_of(rows("SELECT email FROM account WHERE id = :i", i=m.account_id)[0][0]) for m in members(w)]

    with refused("not_found", NotFoundError):
        score(outsider, one, scores={"total": 90})
    reviewing = also(outsider, PROVINCE, Role.REVIEWER)
    with refused("not_on_panel", ForbiddenError):
        score(reviewing, one, scores={"total": 90})
    with refused("undertaking_missing", RefusedError):
        score(first, one, scores={"total": 90})
    with refused("not_found", NotFoundError):
        accept_undertaking(outsider, panel.id)
    judges = sworn(w, panel)
    with refused("not_assigned", ForbiddenError):
        score(first, one, scores={"total": 90})
    assert [(p.undertaken, p.left) for p in my_panels(first)] == [(True, 0)]
    panel = assign(w.province, panel.id, seen=now_at(panel))
    assert [(p.undertaken, p.left) for p in my_panels(first)] == [(True, 1)]
    scored(one, judges, 90, 91, 92)
    assert standings(w.province, round_id=w.round_id, desk=PROVINCE)[0].score == 9100


def test_an_expert_reads_what_their_panel_hears_and_nothing_else_of_the_desk(world: World) -> None:
    w, ids, panel, judges = ready(world)
    outsider = person("outsider", PROVINCE, Role.EXPERT)
    scored(ids[0], judges[:1], 90)

    def read(actor: Actor) -> tuple[list[str], list[str]]:
        listed = [one.id for one in to_score(actor, desk=PROVINCE, round_id=w.round_id).cases]
        return [one for one in ids if _reads(actor, one)], listed

    assert read(judges[0]) == (ids, [one.id for one in to_score(judges[0], desk=PROVINCE, round_id=w.round_id).cases])
    assert read(outsider) == ([], [])
    assert (panels_of(outsider), search(outsider, words="").lines) == ([], [])
    with refused("not_found", NotFoundError):
        score(outsider, ids[0], scores={"total": 90})
    replace_member(w.province, panel.id, account=judges[2].id, reason="因病", seen=now_at(panel))
    assert read(judges[2]) == ([], [])

    row = application(ids[0])
    send_back(w.province, row.id, faults=[{"field": "topics", "words": "请写明"}], seen=row.version)
    # What left the desk is read by who wrote a sheet of it, and by no other member of the panel.
    assert [_reads(one, ids[0]) for one in judges[:2]] == [True, False]


def test_of_cases_that_were_given_out_a_member_reads_their_own(world: World) -> None:
    w = judged_round(world, scoring=SCORING, panel=THREE)
    ids = at_desk(w, 4)
    pooled(w, 6)
    panel = drawn(w, size=5)
    judges = sworn(w, panel)
    # Before the cases are given out, every member may look at all of them.
    assert [[_reads(one, case) for case in ids] for one in judges] == [[True] * 4] * 5

    assign(w.province, panel.id, seen=now_at(panel))

    given = {(one.account_id, one.application_id) for one in assignments(w.province, panel.id)}
    assert len(given) == 12
    for one in judges:
        own = [case for case in ids if (one.id, case) in given]
        assert [case for case in ids if _reads(one, case)] == own
        assert sorted(case.id for case in to_score(one, desk=PROVINCE, round_id=w.round_id).cases) == sorted(own)
    # What came later is nobody's yet, and the office's alone.
    [late] = checked(w, PROVINCE, submitted(w, 4).id)
    assert ([_reads(one, late) for one in judges], _reads(w.province, late)) == ([False] * 5, True)


def test_an_expert_reads_nothing_of_a_programme_that_is_not_scored_where_they_sit(world: World) -> None:
    w = judged_round(world)
    [one] = at_desk(w, 1)
    judge = person("judge", PROVINCE, Role.EXPERT)

    assert not _reads(judge, one)
    assert search(judge, words="").lines == []


def _reads(actor: Actor, application_id: str) -> bool:
    try:
        return applications.application(actor, application_id).application.id == application_id
    except NotFoundError:
        return False


def test_accepting_the_undertaking_twice_changes_nothing(world: World) -> None:
    _w, _ids, panel, judges = ready(world)

    assert accept_undertaking(judges[0], panel.id).version == now_at(panel)


def test_sheets_are_due_and_who_is_late_is_told_never_what_was_given(world: World) -> None:
    w, ids, panel, judges = ready(world)
    scored(ids[0], judges[:2], 90, 91)
    scored(ids[1], judges[:1], 92)

    # The first has written all of theirs; two still owe sheets.
    assert due(panel.id) == ["panel", "panel"]
    found = late_sheets(w.province, panel.id)
    assert [(one.account_id, one.left, one.overdue) for one in sorted(found, key=lambda one: one.left)] == [
        (judges[1].id, 1, False), (judges[2].id, 2, False),
    ]  # fmt: skip
    with clock.at(NOW + timedelta(days=20)):
        sweep()
        assert {one.overdue for one in late_sheets(w.province, panel.id)} == {True}
        late = sorted((t, n) for t, n in letters(panel.id) if t == "deadline_overdue")
        assert late == sorted(("deadline_overdue", judge.name) for judge in judges[1:])


def test_a_judge_who_reviews_at_the_desk_gives_others_time_and_never_themselves(world: World) -> None:
    w, _ids, panel, judges = ready(world)
    both = also(judges[0], PROVINCE, Role.REVIEWER)
    told = rows("SELECT account_id, id FROM deadline WHERE thing_id = :of AND kind = 'panel'", of=panel.id)
    ids = {str(account): str(deadline) for account, deadline in told}

    assert postponable(both, ids[judges[0].id]).code == "own_promise"
    assert postponable(both, ids[judges[1].id]).code is None
    assert postponable(w.province, ids[judges[0].id]).code is None


def test_nothing_is_due_of_a_case_that_left_the_desk_until_it_comes_back(world: World) -> None:
    w, [one], panel, _judges = ready(world, cases=1)
    row = application(one)
    send_back(w.province, one, faults=[{"field": "topics", "words": "请写明"}], seen=row.version)
    sweep()
    assert due(panel.id) == []

    row = resubmit(w.clerks[0], one, seen=application(one).version)
    assert sweep()["sheets_followed"] == 1
    assert due(panel.id) == ["panel"] * 3

    withdraw(w.clerks[0], one, seen=row.version)
    assert (sweep()["sheets_followed"], due(panel.id), sweep()["sheets_followed"]) == (1, [], 0)


# Recusal by rule.


def test_the_rule_finds_who_must_not_judge(world: World) -> None:
    w = judged_round(world, scoring=SCORING, panel=THREE)
    ids = at_desk(w, 4)
    told = {
        "same_unit": expert(w, 0, unit=unit(0)), "same_alliance": expert(w, 1, alliances=[unit(1)]),
        "kin": expert(w, 2, kin=[identity(2)]), "own_filing": expert(w, 3, person_id=identity(3)),
    }  # fmt: skip
    panel = drawn(w, size=3)

    found = {(one.expert_id, one.application_id): one.rule for one in panel_conflicts(w.province, panel.id)}

    sitting = {one.expert_id for one in members(w)}
    # Who led one of the cases has filed with that unit as well; the first rule that holds is told.
    assert found == {
        (one.id, ids[i]): rule for i, (rule, one) in enumerate(told.items()) if one.id in sitting
    }  # fmt: skip
    assert len(found) == 3


def test_a_case_is_never_assigned_against_the_rule(world: World) -> None:
    w = judged_round(world, scoring=SCORING, panel={**THREE, "size": 1, "odd": True})
    ids = at_desk(w, 2)
    barred, free = expert(w, 0, unit=unit(0)), expert(w, 1)
    other = expert(w, 2)
    panel = drawn(w, size=3)
    assign(w.province, panel.id, judges=2, seen=panel.version)

    own = {one.account_id for one in assignments(w.province, panel.id) if one.application_id == ids[0]}
    assert own == {free.account_id, other.account_id}
    # The other case may be theirs: nothing stands between them.
    assert barred.account_id not in own
    assert len(assignments(w.province, panel.id)) == 4


def test_a_member_who_must_not_judge_is_replaced_by_the_next_of_the_draw(world: World) -> None:
    w = judged_round(world, scoring=SCORING, panel=THREE)
    at_desk(w, 2)
    pool = pooled(w, 6)
    panel = drawn(w)
    revise_expert(w.admin, panel.order[1], unit=unit(0), seen=1)
    with refused("assignment_short", RefusedError, count=1, judges=1):
        assign(w.province, panel.id, seen=panel.version)

    gone = next(one for one in members(w) if one.expert_id == panel.order[1])
    panel = replace_member(w.province, panel.id, gone.account_id, reason="同一集团", seen=panel.version)

    assert [one.expert_id for one in members(w)] == [panel.order[i] for i in (0, 2, 3)]
    assert panel_verify(w.province, panel.id).ok
    assert len(pool) == 6
    assign(w.province, panel.id, seen=panel.version)
    with refused("not_panel_member", RefusedError):
        replace_member(w.province, panel.id, gone.account_id, reason="再换", seen=now_at(panel))


def test_a_replacement_takes_the_cases_not_scored_and_who_could_not_is_passed_over(world: World) -> None:
    w, ids, panel, judges = ready(world, pool=5)
    scored(ids[0], judges[:1], 90)
    revise_expert(w.admin, panel.order[3], unit=unit(1), seen=1)

    panel = replace_member(w.province, panel.id, judges[0].id, reason="调离", seen=panel.version)

    assert [one.expert_id for one in members(w)] == [panel.order[i] for i in (1, 2, 4)]
    came = members(w)[-1]
    assert (came.passed_over, came.assigned) == ([[panel.order[3], "same_unit"]], 1)
    # What was scored stands, and is not judged again.
    own = sorted((one.application_id, one.account_id) for one in assignments(w.province, panel.id))
    assert (ids[0], judges[0].id) in own
    assert (ids[1], came.account_id) in own
    assert panel_verify(w.province, panel.id).ok


def test_a_conflict_that_is_learned_later_voids_the_sheet(world: World) -> None:
    w, ids, panel, judges = ready(world, cases=1)
    scored(ids[0], judges, 90, 91, 95)
    row = next(one for one in members(w) if one.account_id == judges[2].id)

    revise_expert(w.admin, row.expert_id, kin=[identity(0)], seen=1)

    [line] = standings(w.province, round_id=w.round_id, desk=PROVINCE)
    assert (line.score, line.n, line.missing) == (9050, 2, 0)
    assert (ids[0], judges[2].id) not in [(o.application_id, o.account_id) for o in assignments(w.province, panel.id)]
    with refused("recused", ForbiddenError):
        score(judges[2], ids[0], scores={"total": 95})


# By declaration.


def test_who_declares_before_scoring_is_replaced_for_that_case_only(world: World) -> None:
    w, ids, panel, judges = ready(world)

    recuse(judges[0], ids[0], judges[0].id, reason="师生关系")

    by_case = {one: {a.account_id for a in assignments(w.province, panel.id) if a.application_id == one} for one in ids}
    assert judges[0].id in by_case[ids[1]]
    came = members(w)[-1]
    assert by_case[ids[0]] == {judges[1].id, judges[2].id, came.account_id}
    assert (came.expert_id, came.replaces is not None) == (panel.order[3], True)
    assert panel_verify(w.province, panel.id).ok
    with refused("recused", ForbiddenError):
        score(judges[0], ids[0], scores={"total": 90})


def test_where_nobody_of_the_draw_is_left_the_case_stays_short(world: World) -> None:
    w, ids, panel, judges = ready(world, cases=1, pool=3)

    recuse(judges[0], ids[0], judges[0].id, reason="亲属")

    assert len(assignments(w.province, panel.id)) == 2


# By request.


def test_a_unit_asks_and_the_desk_answers_with_its_reason(world: World) -> None:
    w, ids, panel, judges = ready(world)
    asked = ask_recusal(w.clerks[0], ids[0], name=judges[0].name, reason="曾有纠纷")
    assert ask_recusal(w.clerks[0], ids[0], name=judges[0].name, reason="曾有纠纷") == asked

    assert [one.id for one in recusal_requests(w.province, desk=PROVINCE)] == [asked.id]
    done = settle_recusal(w.province, asked.id, granted=True, reason="情况属实", account=judges[0].id)

    assert (done.state, done.ruling, done.account_id) == ("granted", "情况属实", judges[0].id)
    assert judges[0].id not in {
        one.account_id for one in assignments(w.province, panel.id) if one.application_id == ids[0]
    }
    # The unit reads the answer, and not who stood back.
    [told] = recusal_requests(w.clerks[0], application_id=ids[0])
    assert (told.state, told.ruling, told.account_id, told.settled_by) == ("granted", "情况属实", None, None)
    assert recusal_requests(w.clerks[1], desk=PROVINCE) == []
    again = settle_recusal(w.province, asked.id, granted=True, reason="情况属实", account=judges[0].id)
    assert again == recusal_requests(w.province, desk=PROVINCE)[0]
    with refused("settled_already", RefusedError):
        settle_recusal(w.province, asked.id, granted=False, reason="再想想")


def test_a_request_is_only_the_units_own_and_only_where_the_programme_has_it(world: World) -> None:
    w = judged_round(world, scoring=SCORING, panel={"size": 1, "recuse": ["declared"]})
    [one] = at_desk(w, 1)

    with refused("not_requested", RefusedError):
        ask_recusal(w.clerks[0], one, name="某人", reason="亲属")
    with refused("not_found", NotFoundError):
        ask_recusal(w.clerks[1], one, name="某人", reason="亲属")
    with refused("not_yours", ForbiddenError):
        ask_recusal(w.province, one, name="某人", reason="亲属")
    with refused("reason_missing", InputError):
        ask_recusal(w.clerks[0], one, name="某人", reason=" ")


# Assignment.


def test_each_pair_is_explained_and_loads_are_even(world: World) -> None:
    w = judged_round(world, scoring=SCORING, panel={**THREE, "size": 1})
    at_desk(w, 4)
    pooled(w, 5)
    panel = drawn(w, size=3)

    assign(w.province, panel.id, judges=1, seen=panel.version)

    found = assignments(w.province, panel.id)
    assert {one.reason["way"] for one in found} == {"optimal"}
    loads = [one.assigned for one in members(w)]
    assert (sum(loads), max(loads) <= 3) == (4, True)


def test_who_knows_the_field_of_a_case_judges_it(world: World) -> None:
    w = judged_round(world, scoring=SCORING, panel={**THREE, "size": 1})
    first = at_desk_of(w, 0, "craftsman")
    second = at_desk_of(w, 1, "national_model")
    knows = {"craftsman": expert(w, 0, fields=["craftsman"]), "other": expert(w, 1, fields=["national_model"])}
    expert(w, 2, fields=["机械"])
    panel = drawn(w, size=3)

    assign(w.province, panel.id, judges=1, field="leader_honour", seen=panel.version)

    found = {one.application_id: (one.account_id, one.reason["field"]) for one in assignments(w.province, panel.id)}
    assert found == {
        first: (knows["craftsman"].account_id, "craftsman"), second: (knows["other"].account_id, "national_model"),
    }  # fmt: skip
    with refused("unknown_form_field", InputError):
        assign(w.province, panel.id, field="nothing", seen=now_at(panel))


def at_desk_of(w: World, n: int, honour: str) -> str:
    """The n-th unit's application at the province, with the honour of its leader."""
    return checked(w, PROVINCE, submitted(w, n, leader_honour=honour).id)[0]


def test_anchor_cases_go_to_everybody(world: World) -> None:
    w = judged_round(world, scoring=SCORING, panel={**THREE, "size": 1})
    ids = at_desk(w, 3)
    pooled(w, 5)
    panel = drawn(w, size=3)

    assign(w.province, panel.id, judges=1, anchors=ids[:1], seen=panel.version)

    found = assignments(w.province, panel.id)
    assert sorted(one.application_id for one in found) == sorted([*ids[:1] * 3, *ids[1:]])
    assert {one.application_id for one in found if one.anchor} == set(ids[:1])
    with refused("nothing_to_assign", RefusedError):
        assign(w.province, panel.id, seen=now_at(panel))


def test_cases_that_come_later_are_dealt_out_without_touching_the_others(world: World) -> None:
    w, ids, panel, _ = ready(world, cases=1)
    before = assignments(w.province, panel.id)
    more = at_desk_of(w, 3, "craftsman")

    assign(w.province, panel.id, seen=panel.version)

    found = assignments(w.province, panel.id)
    assert [one for one in found if one.application_id == ids[0]] == before
    assert len([one for one in found if one.application_id == more]) == 3


def test_limits_are_kept(world: World) -> None:
    w = judged_round(world, scoring=SCORING, panel={**THREE, "most_cases": 1})
    at_desk(w, 2)
    pooled(w, 5)
    panel = drawn(w)

    with refused("assignment_short", RefusedError):
        assign(w.province, panel.id, seen=panel.version)


def test_a_case_is_given_to_another_by_hand_or_by_the_draw(world: World) -> None:
    w = judged_round(world, scoring=SCORING, panel={**THREE, "size": 1})
    [one] = at_desk(w, 1)
    pooled(w, 5)
    panel = drawn(w, size=3)
    panel = assign(w.province, panel.id, seen=panel.version)
    [given] = assignments(w.province, panel.id)
    other = next(m.account_id for m in members(w) if m.account_id != given.account_id)

    panel = reassign(w.province, panel.id, one, given.account_id, to=other, reason="出差", seen=panel.version)
    assert [(a.account_id, a.reason["way"]) for a in assignments(w.province, panel.id)] == [(other, "by_hand")]
    with refused("not_judging", RefusedError):
        reassign(w.province, panel.id, one, given.account_id, reason="再换", seen=panel.version)
    panel = reassign(w.province, panel.id, one, other, reason="出差", seen=panel.version)
    [last] = assignments(w.province, panel.id)
    assert (last.account_id not in (other, given.account_id), last.reason["way"]) == (True, "replaced")


@pytest.mark.parametrize("act", ["score", "recuse"])
def test_who_gives_a_case_to_another_judge_waits_for_the_sheet_of_the_first(
    postgresql_worlds: Any, enter: Callable[[str], None], act: str
) -> None:
    make, there = postgresql_worlds
    enter(make())
    with clock.at(NOW):
        _w, [one], _panel, [judge, *_] = ready(there, cases=1)
        free = "SELECT id FROM panel FOR UPDATE SKIP LOCKED"
        assert len(rows(free)) == 1

        with together():
            scored(one, [judge], 90) if act == "score" else recuse(judge, one, judge.id, reason="相识")
            assert rows(free) == []


# The end of a panel.


def test_a_panel_is_dissolved_with_a_reason_before_anybody_scored(world: World) -> None:
    w, ids, panel, judges = ready(world)
    with refused("reason_missing", InputError):
        dissolve_panel(w.province, panel.id, reason=" ", seen=panel.version)

    gone = dissolve_panel(w.province, panel.id, reason="抽取时名单有误", seen=panel.version)

    assert (gone.state, due(panel.id), assignments(w.province, panel.id)) == ("dissolved", [], [])
    # Without a panel everybody of the desk judges, as before; or another is drawn.
    scored(ids[0], judges[:1], 90)
    assert drawn(w).id != panel.id


def test_a_panel_that_has_scored_is_not_dissolved(world: World) -> None:
    w, ids, panel, judges = ready(world)
    scored(ids[0], judges[:1], 90)

    with refused("panel_has_scored", RefusedError, count=1):
        dissolve_panel(w.province, panel.id, reason="重抽", seen=panel.version)


def test_a_drawn_panel_scores_to_a_sealed_list(world: World) -> None:
    w, ids, _panel, judges = ready(world)
    for one in ids:
        scored(one, judges, 90, 91, 92)
    row = listed(w, [*ids])

    assert seal(w.province, row.id, seen=row.version, tie="会议", minutes="会议纪要").state == "sealed"


@pytest.mark.parametrize(
    ("what", "found"),
    [
        ("UPDATE expert SET unit = '{unit}'", "judge_conflicts"),
        ("UPDATE expert SET most_cases = 1", "judge_overloaded"),
        ("UPDATE assignment SET account_id = '{stranger}' WHERE account_id = '{first}'", "assigned_stranger"),
        ("UPDATE panel_member SET place = 0, expert_id = '{last}' WHERE place = 1", "panel_differs"),
    ],
)
def test_the_doctor_sees_who_judges_against_the_rules(world: World, what: str, found: str) -> None:
    w, _ids, panel, judges = ready(world)
    told = {"unit": unit(0), "stranger": w.province.id, "first": judges[0].id, "last": panel.order[-1]}
    checks = (check_panels, nobody_judges_against_the_rule, nobody_judges_too_many)

    with together(keep=False) as store:
        unsealed(store, "assignment", "panel_member")
        store.connection.cursor().execute(what.format(**told))

        assert {one.name for check in checks for one in check(store)} == {found}


def test_a_stale_page_tells_no_expert_who_sits_on_the_panel(world: World) -> None:
    w = judged_round(world, scoring=SCORING, panel=THREE)
    pooled(w, 4)
    panel = drawn(w)
    sworn(w, panel)
    seated = {one.account_id for one in members(w)}
    others = rows(
        "SELECT email FROM account WHERE email LIKE 'pool%' AND id NOT IN (SELECT account_id FROM panel_member)"
    )
    [(office,)] = rows("SELECT name FROM organization WHERE code = :code", code=PROVINCE)
    assert (len(seated), len(others)) == (3, 1)

    for who, told in ((actor_of(others[0][0]), office), (w.province, "专家")):
        with pytest.raises(StaleError) as caught:
            replace_member(who, panel.id, next(iter(seated)), reason="看看", seen=0)
        assert caught.value.details["who"].rstrip("0123") == told


def test_nobody_has_a_hand_in_who_judges_their_own_units_case_nor_reads_it(world: World) -> None:
    w, ids, panel, judges = ready(world)
    kin = also(person("kin", PROVINCE, Role.REVIEWER), unit(0), Role.CLERK)
    [own] = [one for one in ids if rows("SELECT organization FROM application WHERE id = :a", a=one) == [(unit(0),)]]
    again = {"reason": "回避", "seen": now_at(panel)}

    acts: tuple[Callable[[], Any], ...] = (
        lambda: draw_panel(kin, round_id=w.round_id, organization_code=PROVINCE),
        lambda: reassign(kin, panel.id, own, judges[0].id, **again),
        lambda: replace_member(kin, panel.id, judges[0].id, **again),
    )
    for act in acts:
        with refused("own_case", ForbiddenError, application=own):
            act()
    assert {one.application_id for one in assignments(kin, panel.id)} == set(ids) - {own}
    assert {one.application_id for one in assignments(w.province, panel.id)} == set(ids)
    panel = reassign(kin, panel.id, next(one for one in ids if one != own), judges[0].id, **again)
    dissolve_panel(w.province, panel.id, reason="重抽", seen=panel.version)
    panel = drawn(w)
    with refused("own_case", ForbiddenError, application=own):
        assign(kin, panel.id, seen=panel.version)
