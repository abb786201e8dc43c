"""What other systems of this kind lost or leaked, one named test each (product.md, last section)."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Any

import pytest

from models import clock, labels
from models.base import changed
from models.database import together
from models.errors import ConflictError, ForbiddenError, InputError, RefusedError
from models.vocabulary import CountersignRule, CountersignState, Role, State, Vote
from tests.judging import at_desk, experts, judged_round, scored
from tests.worlds import (
    CLOSES,
    COUNTY,
    ENDS,
    NOW,
    PROVINCE,
    World,
    also,
    answers,
    application,
    at_county,
    checked,
    due,
    events,
    everything,
    in_notice,
    letters,
    person,
    photo,
    quota,
    refused,
    round_of,
    rows,
    sent,
    submitted,
    unit,
)
from workflows import table
from workflows.batches.applying import apply
from workflows.batches.undoing import undo_batch
from workflows.clocks.sweep import sweep
from workflows.desk.countersigning import countersign, sign
from workflows.desk.handling import transfer
from workflows.desk.reviews import check, refuse, send_back
from workflows.intake.applications import draft, resubmit, revise, submit, withdraw
from workflows.intake.attachments import attach
from workflows.listing.slates import rank, seal
from workflows.post import letters as post
from workflows.post.carriers import deliver
from workflows.queries import judges, judging, watch
from workflows.queries.applications import application as whole
from workflows.queries.queue import queue_counts
from workflows.record.acting import Actor
from workflows.rounds import finish

FAULTS = [{"field": "topics", "words": "请写明"}]


def limits(application_id: str) -> list[tuple[str, Any]]:
    """The kinds and moments of what is due for a case."""
    told = "SELECT kind, due_at FROM deadline WHERE thing_id = :id AND closed_at IS NULL ORDER BY kind"
    return [(kind, str(at)) for kind, at in rows(told, id=application_id)]


def fates(application_id: str) -> list[tuple[str, str]]:
    """The letters to a case's applicant, in their order, and what became of each."""
    told = rows(
        "SELECT l.template, l.sent_at, l.error FROM letter l JOIN application a ON a.id = l.thing_id"
        " AND a.applicant_id = l.account_id WHERE l.thing_id = :id ORDER BY l.created_at, l.template",
        id=application_id,
    )  # fmt: skip
    return [(template, "sent" if at else error) for template, at, error in told]


@pytest.mark.parametrize("how", ["resubmitted", "undone"])
def test_a_case_that_was_returned_and_comes_back_has_a_time_limit_again(world: World, how: str) -> None:
    row = submitted(world)
    before = limits(row.id)

    with clock.at(NOW + timedelta(hours=1)):
        done = apply(world.county, rows=[{"cases": row.id, "act": "return", "arguments": {"faults": FAULTS}}])
        assert due(row.id) == ["correction"]
        if how == "undone":
            undo_batch(world.county, done.batch.id, reason="误操作")
        else:
            revise(world.clerks[0], row.id, answers={"topics": "新课题"}, seen=application(row.id).version)
            resubmit(world.clerks[0], row.id, seen=application(row.id).version)

    # On the same day the tier has the same working days: the same moment, and one deadline.
    assert limits(row.id) == before
    assert str(application(row.id).due_at)[:16] == before[0][1][:16]


def test_a_correction_never_runs_past_the_close_however_often_a_case_is_returned(world: World) -> None:
    row = submitted(world)
    for n in range(3):
        with clock.at(CLOSES - timedelta(days=2, hours=3 - n)):
            send_back(world.county, row.id, faults=FAULTS, opinion="仍不清楚", seen=application(row.id).version)
            assert application(row.id).due_at == CLOSES
            resubmit(world.clerks[0], row.id, seen=application(row.id).version)


def test_a_double_click_decides_once(world: World) -> None:
    first, second = submitted(world, 0), submitted(world, 1)
    plan: dict[str, Any] = {"rows": [{"cases": second.id, "act": "refuse", "arguments": {"reason": "材料不实"}}]}
    refuse(world.county, first.id, reason="材料不实", seen=first.version, key="one form")
    apply(world.county, **plan, key="one form")
    before = everything()

    assert refuse(world.county, first.id, reason="材料不实", seen=first.version, key="one form").state is State.REFUSED
    assert not apply(world.county, **plan, key="one form").is_new
    assert everything() == before
    assert [[e[0] for e in events(one.id, since=one.version)] for one in (first, second)] == [["refuse"], ["refuse"]]


def test_one_refusal_in_a_countersign_leaves_the_desk_able_to_act(world: World) -> None:
    signers = [person(f"signer{n}", COUNTY, Role.REVIEWER) for n in range(3)]
    ids = [submitted(world, n).id for n in range(4)]
    for one in ids:
        countersign(world.county, one, rule=CountersignRule.ALL, signers=[s.email for s in signers],
                    seen=application(one).version)  # fmt: skip
        sign(signers[0], one, vote=Vote.DISAGREE, words="证据不足")

    # It is settled at once, nobody waits for the others; the case is on the desk, with its own term.
    assert rows("SELECT DISTINCT state FROM countersign") == [(CountersignState.FAILED.value,)]
    assert {tuple(due(one)) for one in ids} == {("review",)}
    for one in ids:
        with refused("countersign_failed", RefusedError):
            check(world.county, one, seen=application(one).version)
    send_back(world.county, ids[0], faults=FAULTS, seen=application(ids[0]).version)
    refuse(world.county, ids[1], reason="会签未通过", seen=application(ids[1]).version)
    transfer(world.county, ids[2], to=signers[1].email, reason="请你办", seen=application(ids[2]).version)
    countersign(world.county, ids[3], rule=CountersignRule.ANY, signers=[signers[1].email], reason="补充了证据",
                seen=application(ids[3]).version)  # fmt: skip
    sign(signers[1], ids[3], vote=Vote.AGREE)
    assert check(world.county, ids[3], seen=application(ids[3]).version).checked


@pytest.mark.parametrize("how", ["return", "refuse", "withdraw"])
def test_a_return_leaves_no_task_of_another_signer_open(world: World, how: str) -> None:
    signers = [person(f"signer{n}", COUNTY, Role.REVIEWER) for n in range(2)]
    row = submitted(world)
    countersign(world.county, row.id, rule=CountersignRule.ALL, signers=[s.email for s in signers], seen=row.version)
    sign(signers[0], row.id, vote=Vote.AGREE)
    seen = application(row.id).version
    if how == "refuse":
        # The desk does not refuse while it asks: that would decide over the signers' heads.
        with refused("countersign_open", RefusedError):
            refuse(world.county, row.id, reason="材料不实", seen=seen)
        return

    if how == "return":
        send_back(world.county, row.id, faults=FAULTS, seen=seen)
    else:
        withdraw(world.clerks[0], row.id, seen=seen)

    assert rows("SELECT state FROM countersign") == [("called_off",)]
    assert "countersign" not in due(row.id)
    with pytest.raises((RefusedError, ForbiddenError, ConflictError)):
        sign(signers[1], row.id, vote=Vote.AGREE)


def test_a_place_is_free_again_when_a_name_is_withdrawn(world: World) -> None:
    ids = at_county(world, 4)
    sent(world, COUNTY, ids[:3])
    assert quota(world, COUNTY) == (3, 0, 3)

    withdraw(world.clerks[0], ids[0], seen=application(ids[0]).version)

    assert quota(world, COUNTY) == (3, 0, 2)
    second = rank(world.county, round_id=world.round_id, organization_code=COUNTY, main=[ids[3]])
    seal(world.county, second.id, seen=second.version, minutes="会议纪要")
    assert quota(world, COUNTY) == (3, 1, 2)


def test_withdrawing_and_coming_back_is_no_way_around_a_limit(world: World) -> None:
    first = submitted(world)
    withdraw(world.clerks[0], first.id, seen=first.version)
    for verb in ("resubmit", "submit", "withdraw", "check"):
        # What was withdrawn stays so: whoever comes back files anew, and is judged as of that day.
        with pytest.raises((ConflictError, ForbiddenError)):
            table.do(verb, world.clerks[0] if verb != "check" else world.county,
                     {"application_id": first.id, "seen": first.version + 1})  # fmt: skip

    second = submitted(world)
    assert (second.receipt != first.receipt, second.checked, second.id != first.id) == (True, False, True)
    with pytest.raises(RefusedError, match="leader_twice"):
        _filed(world, world.clerks[1], 1, answers(0, studio_name="另一工作室"))
    withdraw(world.clerks[0], second.id, seen=second.version)
    with clock.at(CLOSES + timedelta(hours=1)), pytest.raises(RefusedError, match="round_closed"):
        _filed(world, world.clerks[0], 0, answers(0))


def _filed(w: World, clerk: Actor, n: int, given: dict[str, Any]) -> Any:
    row = draft(clerk, round_id=w.round_id, organization_code=unit(n), answers=given)
    attach(clerk, row.id, slot="honour_proof", filename="证书.png", content=photo(), seen=row.version)
    return submit(clerk, row.id, seen=row.version + 1)


def test_no_letter_leaves_before_what_it_tells_of_is_kept(world: World) -> None:
    row = submitted(world)
    before = letters(row.id)

    class CutShortError(Exception):
        pass

    def cut_short() -> None:
        with together():
            refuse(world.county, row.id, reason="材料不实", seen=row.version)
            # Nobody else sees the letter while the act may still come to nothing.
            assert letters(row.id) == before
            raise CutShortError

    with pytest.raises(CutShortError):
        cut_short()
    deliver()

    assert letters(row.id) == before
    assert ("refused", "sent") not in fates(row.id)


@pytest.mark.parametrize(("acts", "told"), [
    (("check", "refuse"), [("checked", "superseded"), ("refused", "sent")]),
    (("check", "return"), [("checked", "superseded"), ("returned", "sent")]),
])  # fmt: skip
def test_of_a_yes_and_a_no_that_follows_it_only_one_letter_is_carried(
    world: World, acts: tuple[str, ...], told: list[tuple[str, str]]
) -> None:
    row = submitted(world)
    deliver()
    given: dict[str, dict[str, Any]] = {"check": {}, "refuse": {"reason": "复核不符"}, "return": {"faults": FAULTS}}

    for hour, act in enumerate(acts, start=1):
        with clock.at(NOW + timedelta(hours=hour)):
            seen = application(row.id).version
            table.do(act, world.county, {"application_id": row.id, "seen": seen, **given[act]})
    with clock.at(NOW + timedelta(hours=9)):
        deliver()

    assert fates(row.id)[-2:] == told


def test_a_no_that_waits_is_not_carried_after_the_yes(world: World) -> None:
    row = submitted(world)
    deliver()
    with clock.at(NOW + timedelta(hours=1)):
        send_back(world.county, row.id, faults=FAULTS, seen=row.version)
        resubmit(world.clerks[0], row.id, seen=application(row.id).version)
    with clock.at(NOW + timedelta(hours=2)):
        check(world.county, row.id, seen=application(row.id).version)
        deliver()

    assert fates(row.id)[-2:] == [("returned", "superseded"), ("checked", "sent")]


def test_an_empty_list_of_recipients_is_nobody_and_never_everyone(world: World) -> None:
    submitted(world)
    before = everything()

    with together() as store:
        post.to_people(store, "e" * 32, [], "submitted", {})
        post.to_desk(store, "e" * 32, None, "slate_arrived", {})
        post.to_desk(store, "e" * 32, "", "slate_arrived", {})
        post.to_desk(store, "e" * 32, "330999", "slate_arrived", {})
        post.to_desks(store, [], "slate_arrived")
    assert everything() == before
    nothing: tuple[Any, ...] = ("", [], None, "  ")
    for cases in nothing:
        with refused("cases_missing", InputError):
            apply(world.county, rows=[{"cases": cases, "act": "chase"}])
    with refused("empty_selection", InputError):
        apply(world.county, rows=[{"cases": "查无此人的工作室", "act": "chase"}])


class _Garbled(dict[Any, tuple[str, str]]):
    """Labels that all read the same."""

    def __init__(self, kind: type[StrEnum]) -> None:
        super().__init__(dict.fromkeys(kind, ("同一个词", "the same word")))


@pytest.fixture
def garbled(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Make every word of the trade read the same, in both languages."""

    def go() -> None:
        known: Mapping[type[StrEnum], Any] = dict(labels.LABELS)
        for kind in known:
            monkeypatch.setitem(labels.LABELS, kind, _Garbled(kind))

    return go


def test_no_meaning_is_read_out_of_labels(
    worlds: Any, enter: Callable[[str], None], garbled: Callable[[], None]
) -> None:
    make, there = worlds
    told = []
    for spoil in (None, garbled):
        if spoil is not None:
            spoil()
        enter(make())
        with clock.at(NOW):
            in_notice(there, 2)
            row = submitted(there, 2)
            apply(there.county, rows=[{"cases": row.receipt, "act": "return", "arguments": {"faults": FAULTS}}])
            told.append((
                rows("SELECT thing, act, source, target, count(*) FROM journal_event"
                     " GROUP BY thing, act, source, target ORDER BY thing, act, source, target"),
                rows("SELECT template, count(*) FROM letter GROUP BY template ORDER BY template"),
                rows("SELECT kind, count(*) FROM deadline GROUP BY kind ORDER BY kind"),
                rows("SELECT organization, places, reserved, used FROM quota ORDER BY organization"),
            ))  # fmt: skip

    assert told[0] == told[1]
    with pytest.raises(InputError, match="not_in_bulk"):
        apply(there.county, rows=[{"cases": "2026-AAAAAAAA", "act": "退回修改"}])


def test_what_was_overdue_in_a_round_that_is_over_is_not_counted_as_overdue_now(world: World) -> None:
    admin = also(world.admin, COUNTY, Role.ADMINISTRATOR)
    submitted(world, 0)
    checked(world, COUNTY, submitted(world, 1).id)

    with clock.at(ENDS - timedelta(days=1)):
        assert queue_counts(world.county, desk=COUNTY).overdue == 2
        assert [(c.desk, c.n) for c in watch.overdue_by_desk(admin, root=COUNTY)] == [(COUNTY, 2)]
    with clock.at(ENDS + timedelta(days=1)):
        sweep()
        finish(world.admin, world.round_id, seen=round_of(world).version)
        sweep()
        counts = queue_counts(world.county, desk=COUNTY)
        assert (counts.waiting, counts.overdue) == (0, 0)
        assert watch.overdue(admin, root=COUNTY) == []
        assert watch.overdue_by_desk(admin, root=COUNTY) == []


@pytest.fixture
def judged(world: World) -> World:
    """The province's own round, with scores."""
    return judged_round(world, scoring={"step": "province"})


def test_a_hidden_reviewer_is_not_to_be_inferred_from_what_one_may_count(judged: World) -> None:
    one, _other = at_desk(judged, 2)
    panel = experts(3)
    scored(one, panel[:1], 90)
    before = _seen(judged, one, panel[0])

    scored(one, panel[1:], 40, 10)

    assert _seen(judged, one, panel[0]) == before


def _seen(w: World, one: str, judge: Actor) -> tuple[Any, Any]:
    """All that an applicant and a judge are answered about a case."""
    applicant = (whole(w.clerks[0], one), judging.sheets(w.clerks[0], one))
    to_score = judges.to_score(judge, desk=PROVINCE, round_id=w.round_id)
    return applicant, (judging.sheets(judge, one), to_score, whole(judge, one))


def test_colleagues_who_sign_are_not_to_be_inferred_by_the_applicant(world: World) -> None:
    signers = [person(f"signer{n}", COUNTY, Role.REVIEWER) for n in range(2)]
    row = submitted(world)
    before = whole(world.clerks[0], row.id)
    countersign(world.county, row.id, rule=CountersignRule.ALL, signers=[s.email for s in signers], seen=row.version)
    sign(signers[0], row.id, vote=Vote.AGREE)
    transfer(world.county, row.id, to=signers[1].email, reason="请你办", seen=application(row.id).version)

    after = whole(world.clerks[0], row.id)

    # The version is the handle of its own acts, and counts acts of whatever kind.
    hidden = {"version": 0, "head": ""}
    assert changed(after.application, **hidden) == changed(before.application, **hidden)
    assert [h.act for h in after.history] == [h.act for h in before.history]
    assert (after.deadlines, after.letters, after.reviews) == (before.deadlines, before.letters, before.reviews)
