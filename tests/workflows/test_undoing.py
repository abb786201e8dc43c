"""A batch undone as a unit: back to where everything was, until somebody else has acted."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from models import clock
from models.errors import ConflictError, InputError, NotFoundError, RefusedError
from models.vocabulary import Act, CountersignRule, Role, SlateState, State, Vote
from tests.judging import office
from tests.rounds_of import in_round
from tests.worlds import (
    CITY,
    COUNTY,
    NOW,
    World,
    also,
    answers,
    application,
    at_city,
    at_county,
    due,
    events,
    person,
    photo,
    places_on,
    quota,
    refused,
    rows,
    sent,
    slate,
    submitted,
    unit,
)
from workflows import table
from workflows.batches.applying import apply, batch_plan
from workflows.batches.undoing import undo_batch
from workflows.desk.countersigning import countersign, sign
from workflows.desk.reviews import check, send_back
from workflows.desk.screening import consult
from workflows.intake.applications import draft, revise, submit
from workflows.intake.attachments import attach
from workflows.listing.first_lists import propose
from workflows.listing.slates import open_slate, rank
from workflows.people.accounts import vacate
from workflows.post.carriers import deliver
from workflows.queries.applications import application as whole
from workflows.queries.batches import batch
from workflows.record import audit
from workflows.record.acting import SYSTEM
from workflows.rounds import issue

LATER = NOW + timedelta(hours=1)
FAULTS = [{"field": "topics", "words": "请写明"}]
# What a case is made of, but for its history.
KEPT = ("state", "step", "desk", "checked", "slate_id", "handler_id", "on_hold", "faults", "due_at", "live", "ended_at")


@pytest.fixture
def later(world: World) -> Iterator[World]:
    """Stand in the province an hour after it was made ready."""
    with clock.at(LATER):
        yield world


def ready(w: World, n: int) -> list[Any]:
    with clock.at(NOW):
        return [submitted(w, i) for i in range(n)]


def a_row(act: str, *cases: Any, **arguments: Any) -> dict[str, Any]:
    return {"cases": [getattr(c, "receipt", c) for c in cases], "act": act, "arguments": arguments}


def kept(*ids: str) -> list[tuple[Any, ...]]:
    """What cases are made of now."""
    return [tuple(getattr(application(one), name) for name in KEPT) for one in ids]


def waiting(thing_id: str) -> list[tuple[str, str]]:
    """The letters about a thing: their template and their fate."""
    ordered = "SELECT template, sent_at, dead_at, error FROM letter WHERE thing_id = :id ORDER BY created_at, template"
    told = rows(ordered, id=thing_id)
    return [(t, "sent" if s else error or "dead" if d else "waits") for t, s, d, error in told]


@pytest.mark.parametrize("plan", [
    {"act": "check", "arguments": {"opinion": "齐全"}},
    {"act": "return", "arguments": {"faults": FAULTS}},
    {"act": "refuse", "arguments": {"reason": "材料不实"}},
])  # fmt: skip
def test_what_was_done_is_undone_and_everything_is_as_it_was(later: World, plan: dict[str, Any]) -> None:
    ids = [row.id for row in ready(later, 2)]
    before = (kept(*ids), due(ids[0]), rows("SELECT due_at, kind, derivation, desk FROM deadline WHERE thing_id = :i"
              " AND closed_at IS NULL", i=ids[0]), quota(later, COUNTY))  # fmt: skip
    done = apply(later.county, rows=[{"cases": ids, **plan}]).batch

    undone = undo_batch(later.county, done.id, reason="选错了附件")

    assert (undone.undone_at, undone.undone_by, undone.undo_reason) == (LATER, later.county.id, "选错了附件")
    assert (kept(*ids), due(ids[0]), rows("SELECT due_at, kind, derivation, desk FROM deadline WHERE thing_id = :i"
            " AND closed_at IS NULL", i=ids[0]), quota(later, COUNTY)) == before  # fmt: skip
    assert [e[0] for e in events(ids[0])][-2:] == [plan["act"], "undo"]
    assert whole(later.county, ids[0]).reviews == []
    assert batch(later.county, done.id).batch == undone


def test_a_plan_that_was_undone_may_be_applied_again(later: World) -> None:
    [row] = ready(later, 1)
    plan = [a_row("return", row, faults=FAULTS)]
    first = apply(later.county, rows=plan).batch
    undo_batch(later.county, first.id, reason="误操作")

    with clock.at(LATER + timedelta(hours=1)):
        # Of the undone return nothing is held against the next: no opinion is asked for.
        second = apply(later.county, rows=plan)

    assert (second.is_new, second.batch.take, application(row.id).state) == (True, 2, State.RETURNED)


def test_a_batch_is_undone_once(later: World) -> None:
    [row] = ready(later, 1)
    done = apply(later.county, rows=[a_row("check", row)]).batch
    undo_batch(later.county, done.id, reason="误操作")

    with refused("batch_undone", ConflictError):
        undo_batch(later.county, done.id, reason="误操作")


def test_once_the_applicant_has_acted_nothing_is_undone_and_the_case_is_named(later: World) -> None:
    first, second = ready(later, 2)
    done = apply(later.county, rows=[a_row("return", first, second, faults=FAULTS)]).batch
    row = application(second.id)
    revise(later.clerks[1], row.id, answers={"topics": "新课题"}, seen=row.version)

    with refused("batch_moved_on", ConflictError, count=1, of=2) as error:
        undo_batch(later.county, done.id, reason="误操作")

    [told] = error.details["rows"]
    assert (told["receipt"], told["code"], told["details"]["who"], told["details"]["act"]) == (
        second.receipt, "stale", "clerk1", "revise",
    )  # fmt: skip
    assert [s.moved_on for s in batch(later.county, done.id).steps] == [False, True]


def test_what_was_ranked_since_is_not_unchecked(later: World) -> None:
    first, second = ready(later, 2)
    done = apply(later.county, rows=[a_row("check", first, second)]).batch
    rank(later.county, round_id=later.round_id, organization_code=COUNTY, main=[first.id])

    with refused("batch_moved_on", ConflictError, count=1) as error:
        undo_batch(later.county, done.id, reason="误操作")

    assert [(r["receipt"], r["code"]) for r in error.details["rows"]] == [(first.receipt, "listed_since")]


def test_a_list_is_recalled_until_the_upper_tier_opens_it(later: World) -> None:
    with clock.at(NOW):
        ids = at_county(later, 2)
        listed = rank(later.county, round_id=later.round_id, organization_code=COUNTY, main=ids)
    plan = [a_row("seal", listed.id, minutes="会议纪要"), a_row("send-up", listed.id)]
    before = (kept(*ids), quota(later, COUNTY), places_on(listed.id))
    done = apply(later.county, rows=plan).batch

    undo_batch(later.county, done.id, reason="漏了一项")
    assert (slate(listed.id).state, kept(*ids), quota(later, COUNTY), places_on(listed.id)) == (
        SlateState.DRAFTING, *before,
    )  # fmt: skip

    done = apply(later.county, rows=plan).batch
    open_slate(later.city, listed.id, seen=slate(listed.id).version)
    with refused("batch_moved_on", ConflictError) as error:
        undo_batch(later.county, done.id, reason="漏了一项")
    assert [(r["code"], r["details"]["act"]) for r in error.details["rows"]] == [("stale", "open")]


def test_a_refusal_above_gives_back_its_place_below_and_takes_it_again(later: World) -> None:
    with clock.at(NOW):
        ids, below = at_city(later, 3)
    before = (kept(*ids), places_on(below.id), quota(later, COUNTY))
    done = apply(later.city, rows=[a_row("refuse", *ids[:2], reason="材料不实")]).batch
    assert (places_on(below.id), quota(later, COUNTY)) == ([(ids[2], 1, False)], (3, 0, 1))

    undo_batch(later.city, done.id, reason="误操作")

    assert (kept(*ids), places_on(below.id), quota(later, COUNTY)) == before


def test_a_return_from_a_draft_list_is_undone_with_its_place_unless_the_list_changed(later: World) -> None:
    with clock.at(NOW):
        ids = at_county(later, 3)
        listed = rank(later.county, round_id=later.round_id, organization_code=COUNTY, main=ids[:2])
    before = (kept(*ids), places_on(listed.id))
    plan = [a_row("return", ids[0], faults=FAULTS)]

    undo_batch(later.county, apply(later.county, rows=plan).batch.id, reason="误操作")
    assert (kept(*ids), places_on(listed.id)) == before

    with clock.at(LATER + timedelta(hours=1)):
        done = apply(later.county, rows=plan).batch
        rank(later.county, round_id=later.round_id, organization_code=COUNTY, main=[ids[2]],
             seen=slate(listed.id).version)  # fmt: skip
        undo_batch(later.county, done.id, reason="误操作")
    assert (application(ids[0]).slate_id, places_on(listed.id)) == (None, [(ids[2], 1, False)])


@pytest.mark.parametrize("acts", [["seal"], ["seal", "send-up"]])
def test_a_name_returned_before_its_list_was_sealed_comes_back_to_the_list_that_is_drafted_again(
    later: World, acts: list[str]
) -> None:
    with clock.at(NOW):
        ids = at_county(later, 3)
        listed = rank(later.county, round_id=later.round_id, organization_code=COUNTY, main=ids)
    before = (kept(*ids[:2]), places_on(listed.id), quota(later, COUNTY))
    plan = [a_row("return", ids[1], faults=FAULTS), a_row("return", ids[0], faults=FAULTS),
            *(a_row(act, listed.id) for act in acts)]  # fmt: skip
    done = apply(later.county, rows=plan).batch

    undo_batch(later.county, done.id, reason="误操作")

    assert (kept(*ids[:2]), places_on(listed.id), quota(later, COUNTY)) == before


def test_a_place_that_a_reserve_name_rose_into_is_not_taken_back(later: World) -> None:
    with clock.at(NOW):
        issue(later.admin, round_id=later.round_id, organization_code=COUNTY, places=5)
        ids = at_county(later, 4)
        listed = sent(later, COUNTY, ids[:3], ids[3:])
        open_slate(later.city, listed.id, seen=slate(listed.id).version)
    done = apply(later.city, rows=[a_row("refuse", ids[0], reason="材料不实")]).batch
    assert application(ids[3]).state is State.CITY_REVIEW

    with refused("batch_moved_on", ConflictError) as error:
        undo_batch(later.city, done.id, reason="误操作")

    assert [r["code"] for r in error.details["rows"]] == ["reserve_risen"]


def test_a_leader_who_applied_anew_meanwhile_keeps_the_refusal_standing(later: World) -> None:
    [row] = ready(later, 1)
    done = apply(later.county, rows=[a_row("refuse", row, reason="材料不实")]).batch
    second = draft(later.clerks[1], round_id=later.round_id, organization_code=unit(1),
                   answers=answers(0, studio_name="另一工作室"))  # fmt: skip
    attach(later.clerks[1], second.id, slot="honour_proof", filename="证书.png", content=photo(),
           seen=second.version)  # fmt: skip
    submit(later.clerks[1], second.id, seen=second.version + 1)

    with refused("batch_moved_on", ConflictError) as error:
        undo_batch(later.county, done.id, reason="误操作")

    assert [r["code"] for r in error.details["rows"]] == ["leader_twice"]


def test_a_no_that_was_not_carried_yet_is_withdrawn_and_not_answered(later: World) -> None:
    [row] = ready(later, 1)
    deliver()
    done = apply(later.county, rows=[a_row("refuse", row, reason="材料不实")]).batch
    # A batch's "no" is held back for a while.
    assert deliver()["sent"] == 0

    undo_batch(later.county, done.id, reason="误操作")

    with clock.at(LATER + timedelta(hours=1)):
        assert deliver()["sent"] == 0
    assert waiting(row.id)[-1] == ("refused", "superseded")


def test_who_may_have_read_the_no_is_told_that_it_was_undone(later: World) -> None:
    [row] = ready(later, 1)
    done = apply(later.county, rows=[a_row("refuse", row, reason="材料不实")]).batch
    with clock.at(LATER + timedelta(minutes=11)):
        deliver()

        undo_batch(later.county, done.id, reason="误操作")
        deliver()

    assert waiting(row.id)[-2:] == [("refused", "sent"), ("undone", "sent")]


def test_only_the_desk_undoes_and_others_do_not_know_of_it(later: World) -> None:
    [row] = ready(later, 1)
    done = apply(later.county, rows=[a_row("check", row)]).batch
    colleague = person("colleague", COUNTY, Role.REVIEWER)
    own = also(person("own", COUNTY, Role.REVIEWER), unit(0), Role.CLERK)

    for stranger in (later.city, later.clerks[0], later.admin, later.stranger):
        with refused("not_found", NotFoundError, thing="batch"):
            undo_batch(stranger, done.id, reason="误操作")
        with pytest.raises(NotFoundError):
            batch(stranger, done.id)
    with refused("batch_moved_on", ConflictError) as error:
        undo_batch(own, done.id, reason="误操作")
    assert [r["code"] for r in error.details["rows"]] == ["own_case"]
    assert undo_batch(colleague, done.id, reason="误操作").undone_by == colleague.id


def test_a_reason_is_asked_for(later: World) -> None:
    [row] = ready(later, 1)
    done = apply(later.county, rows=[a_row("check", row)]).batch

    with refused("reason_missing", InputError):
        undo_batch(later.county, done.id, reason=" ")


def test_what_cannot_be_undone_is_said_before_and_after(later: World) -> None:
    [row] = ready(later, 1)
    plan = [{"cases": row.id, "act": "withdraw", "arguments": {}}]

    assert batch_plan(later.clerks[0], rows=plan).lasting == ["withdraw"]
    done = apply(later.clerks[0], rows=plan).batch
    with refused("not_undoable", RefusedError, acts=["withdraw"]):
        undo_batch(later.clerks[0], done.id, reason="误操作")


def test_an_undo_is_reserved_for_batches(later: World) -> None:
    [row] = ready(later, 1)
    send_back(later.county, row.id, faults=FAULTS, seen=row.version)

    with pytest.raises(InputError, match="unknown_verb"):
        table.do("undo", later.county, {"application_id": row.id})
    with pytest.raises(NotFoundError):
        undo_batch(later.county, row.id, reason="误操作")


@pytest.mark.parametrize(("act", "arguments"), [
    ("transfer", {"to": "colleague@example.cn", "reason": "请你办"}),
    ("delegate", {"to": "colleague@example.cn", "reason": "出差"}),
    ("hold", {"until": "2026-03-05", "reason": "等待补充核实"}),
    ("countersign", {"rule": "all", "signers": ["colleague@example.cn"]}),
])  # fmt: skip
def test_what_was_arranged_among_colleagues_is_undone(later: World, act: str, arguments: dict[str, Any]) -> None:
    person("colleague", COUNTY, Role.REVIEWER)
    ids = [row.id for row in ready(later, 2)]
    before = (kept(*ids), due(ids[0]), application(ids[0]).delegated_by)
    done = apply(later.county, rows=[{"cases": ids, "act": act, "arguments": arguments}]).batch

    undo_batch(later.county, done.id, reason="误操作")

    assert (kept(*ids), due(ids[0]), application(ids[0]).delegated_by) == before
    assert [h.act for h in whole(later.clerks[0], ids[0]).history if h.act is Act.UNDO] == []


def test_a_reminder_stays_said_and_the_rest_is_undone(later: World) -> None:
    colleague = person("colleague", COUNTY, Role.REVIEWER)
    [row] = ready(later, 1)
    done = apply(later.county, rows=[a_row("check", row), a_row("copy", row, to=[colleague.email])])

    undo_batch(later.county, done.batch.id, reason="误操作")

    assert not application(row.id).checked


def test_an_undo_is_no_way_around_signers_who_were_asked(later: World) -> None:
    colleague = person("colleague", COUNTY, Role.REVIEWER)
    [row] = ready(later, 1)
    countersign(later.county, row.id, rule=CountersignRule.ALL, signers=[colleague.email], seen=row.version)
    done = apply(later.county, rows=[a_row("return", row, faults=FAULTS)]).batch

    with refused("batch_moved_on", ConflictError) as error:
        undo_batch(later.county, done.id, reason="误操作")

    assert [r["code"] for r in error.details["rows"]] == ["countersign_ended"]


def test_what_the_signers_settled_is_settled_still_after_an_undo(later: World) -> None:
    colleague = person("colleague", COUNTY, Role.REVIEWER)
    [row] = ready(later, 1)
    countersign(later.county, row.id, rule=CountersignRule.ALL, signers=[colleague.email], seen=row.version)
    sign(colleague, row.id, vote=Vote.DISAGREE, words="证据不足")
    with clock.at(LATER + timedelta(hours=1)):
        done = apply(later.county, rows=[a_row("return", row, faults=FAULTS)]).batch
        undo_batch(later.county, done.id, reason="误操作")

        with refused("countersign_failed", RefusedError):
            check(later.county, row.id, seen=application(row.id).version)


def test_who_left_the_desk_reads_no_more_of_the_cases_in_their_batch(later: World) -> None:
    [row] = ready(later, 1)
    with clock.at(NOW):
        gone = person("second", COUNTY, Role.REVIEWER)
    done = apply(gone, rows=[a_row("check", row)]).batch
    assert [step.thing_id for step in batch(gone, done.id).steps] == [row.id]

    [(seat,)] = rows("SELECT id FROM seat WHERE account_id = :who", who=gone.id)
    trouble = {"line": 2, "receipt": None, "subject": "", "code": "not_found",
               "details": {"thing": "application", "given": row.id}}  # fmt: skip
    with clock.at(LATER + timedelta(hours=1)):
        vacate(SYSTEM, seat_id=seat)
        send_back(later.county, row.id, faults=FAULTS, seen=application(row.id).version)

        assert batch(gone, done.id).steps == []
        with refused("batch_moved_on", ConflictError, rows=[trouble]):
            undo_batch(gone, done.id, reason="误操作")
    assert [step.thing_id for step in batch(later.county, done.id).steps] == [row.id]


def test_what_ran_beside_the_review_runs_again_after_an_undo(world: World) -> None:
    w = in_round(world, entry={"first_list_due": "03-06", "source": {"document": "评选通知", "clause": "四"}})
    ids, _ = at_city(w, 1)
    before = due(ids[0])
    with clock.at(LATER):
        done = apply(w.city, rows=[a_row("return", application(ids[0]), faults=FAULTS)]).batch
    with clock.at(LATER + timedelta(hours=1)):
        undo_batch(w.city, done.id, reason="误操作")

    assert (before, due(ids[0])) == (["first_list", "review"], ["first_list", "review"])


def test_departments_still_owe_their_answers_after_an_undo_and_the_record_is_whole(world: World) -> None:
    source = {"document": "评选办法", "clause": "第九条"}
    screening = {"step": "city-or-industry", "days": 10, "departments": [office("safety")], "source": source}
    w = in_round(world, screening=screening)
    ids, _ = at_city(w, 1)
    consult(w.city, round_id=w.round_id, organization_code=CITY)
    before = due(ids[0])
    with clock.at(LATER):
        done = apply(w.city, rows=[a_row("return", application(ids[0]), faults=FAULTS)]).batch
    with clock.at(LATER + timedelta(hours=1)):
        undo_batch(w.city, done.id, reason="误操作")

    assert (before, due(ids[0])) == (["review", "screening"], ["review", "screening"])
    assert audit.verify().ok


def test_a_first_list_handed_in_meanwhile_is_not_owed_again_after_an_undo(world: World) -> None:
    w = in_round(world, entry={"first_list_due": "03-06", "source": {"document": "评选通知", "clause": "四"}})
    ids, _ = at_city(w, 2)
    with clock.at(LATER):
        done = apply(w.city, rows=[a_row("return", application(ids[0]), faults=FAULTS)]).batch
    with clock.at(LATER + timedelta(hours=1)):
        propose(w.city, round_id=w.round_id, organization_code=CITY, applications=ids[1:])
        undo_batch(w.city, done.id, reason="误操作")

    assert due(ids[0]) == ["review"]
