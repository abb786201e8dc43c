"""A plan of many acts: tried by name, applied as one or not at all, and once."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from models import clock
from models.errors import ConflictError, InputError, RefusedError
from models.text import sentence
from models.vocabulary import Act, Bucket, SlateState, State
from tests.counting import statements
from tests.worlds import (
    COUNTY,
    NOW,
    World,
    application,
    at_county,
    drafted,
    everything,
    refused,
    slate,
    submitted,
)
from workflows.batches import applying
from workflows.batches.applying import apply, batch_plan, rows_of_file
from workflows.desk.reviews import check, refuse
from workflows.listing.slates import rank
from workflows.queries.batches import batch, batches
from workflows.rules import plans

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def later(world: World) -> Iterator[World]:
    """Stand in the province an hour after it was made ready."""
    with clock.at(LATER):
        yield world


def ready(w: World, n: int) -> list[Any]:
    """`n` applications at the county's desk, filed an hour ago."""
    with clock.at(NOW):
        return [submitted(w, i) for i in range(n)]


def a_row(act: str, *cases: Any, **arguments: Any) -> dict[str, Any]:
    return {"cases": [getattr(c, "receipt", c) for c in cases], "act": act, "arguments": arguments}


def test_a_dry_run_names_every_consequence_and_changes_nothing(later: World) -> None:
    first, second, third = ready(later, 3)
    before = everything()

    told = batch_plan(later.county, rows=[
        a_row("check", first, second, opinion="材料齐全"), a_row("refuse", third, reason="材料不实"),
    ])  # fmt: skip

    assert everything() == before
    assert [(c.line, c.act, c.receipt, c.seen) for c in told.cases] == [
        (2, "check", first.receipt, first.version), (2, "check", second.receipt, second.version),
        (3, "refuse", third.receipt, third.version),
    ]  # fmt: skip
    assert [(s.receipt, s.act, s.target) for s in told.foreseen.steps] == [
        (first.receipt, Act.CHECK, "county_review"), (second.receipt, Act.CHECK, "county_review"),
        (third.receipt, Act.REFUSE, "refused"),
    ]  # fmt: skip
    assert (told.letters, told.impossible, told.places, told.lasting, told.known) == (
        {"checked": 2, "refused": 1}, [], [], [], None,
    )  # fmt: skip


def test_a_plan_is_applied_as_a_unit_and_kept_by_name(later: World) -> None:
    first, second = ready(later, 2)

    done = apply(later.county, words="周三", rows=[a_row("check", first, second)])

    assert done.is_new
    assert [application(one.id).checked for one in (first, second)] == [True, True]
    assert (done.batch.counts, done.batch.desk, done.batch.words, done.batch.at) == (
        {"cases": 2, "skipped": 0, "acts": {"check": 2}}, COUNTY, "周三", LATER,
    )  # fmt: skip
    assert [(line.id, line.who, line.undone_at) for line in batches(later.county, desk=COUNTY)] == [
        (done.batch.id, "county", None)
    ]
    whole = batch(later.county, done.batch.id)
    assert [(s.line, s.act, s.receipt, s.state, bool(s.moved_on)) for s in whole.steps] == [
        (2, "check", first.receipt, "county_review", False), (2, "check", second.receipt, "county_review", False),
    ]  # fmt: skip
    assert whole.is_undoable


def test_one_impossible_row_changes_nothing_and_every_one_is_named(later: World) -> None:
    first, second, third = ready(later, 3)
    check(later.county, second.id, seen=second.version)
    plan = [a_row("check", first, second), a_row("return", third, faults=[]), a_row("check", "2026-AAAAAAAA")]

    with refused("plan_impossible", RefusedError, count=3, of=4) as error:
        apply(later.county, rows=plan)

    told = [(row["line"], row["receipt"], row["code"]) for row in error.details["rows"]]
    assert sorted(told, key=str) == [
        (2, second.receipt, "checked_already"), (3, third.receipt, "faults_missing"), (4, None, "not_found"),
    ]  # fmt: skip
    assert f"第2行 {second.receipt} 工作室1：申报{second.receipt}已经审核通过" in sentence(error)
    assert [i.code for i in batch_plan(later.county, rows=plan).impossible] == [
        "not_found", "checked_already", "faults_missing",
    ]  # fmt: skip


def test_impossible_rows_are_left_out_only_when_asked_and_never_all(later: World) -> None:
    first, second = ready(later, 2)
    check(later.county, second.id, seen=second.version)

    done = apply(later.county, rows=[a_row("check", first, second)], skip=True)

    assert done.batch.counts == {"cases": 1, "skipped": 1, "acts": {"check": 1}}
    assert application(first.id).checked
    with refused("plan_impossible", RefusedError, count=1, of=1):
        apply(later.county, rows=[a_row("check", second)], skip=True)


def test_an_empty_selection_is_an_error_and_never_everyone(later: World) -> None:
    ready(later, 2)

    for cases in ("", "  ", [], [""], None, " ,;、 "):
        with refused("cases_missing", InputError, line=2):
            apply(later.county, rows=[{"cases": cases, "act": "check", "arguments": ""}])
    with refused("empty_selection", InputError, line=2, given="没有这样的工作室"):
        apply(later.county, rows=[{"cases": "没有这样的工作室", "act": "check"}])
    with refused("plan_empty", InputError):
        apply(later.county, rows=[])


def test_a_search_selects_the_cases_and_a_dry_run_freezes_them(later: World) -> None:
    first, second = ready(later, 2)

    told = batch_plan(later.county, rows=[{"cases": "工作室", "act": "check", "arguments": "opinion=齐全"}])
    assert told.rows == [{"line": 2, "cases": [c.id for c in told.cases], "act": "check",
                          "arguments": {"opinion": "齐全"}, "seen": {c.id: c.seen for c in told.cases}}]  # fmt: skip
    assert {c.id for c in told.cases} == {first.id, second.id}
    check(later.county, second.id, seen=second.version)

    with refused("plan_impossible", RefusedError, count=1, of=2) as error:
        apply(later.county, rows=told.rows)

    [told_of] = error.details["rows"]
    assert (told_of["receipt"], told_of["code"], told_of["details"]["who"], told_of["details"]["act"]) == (
        second.receipt, "stale", "county", "check",
    )  # fmt: skip


def test_the_fingerprint_of_a_dry_run_names_the_cases_that_changed_since(later: World) -> None:
    first, second = ready(later, 2)
    plan = [a_row("check", first, second)]
    mark = batch_plan(later.county, rows=plan).fingerprint
    refuse(later.county, second.id, reason="不符", seen=second.version)

    with refused("plan_stale", ConflictError, count=1, receipts=[second.receipt]):
        apply(later.county, rows=plan, fingerprint=mark)
    with refused("plan_selects_otherwise", ConflictError, count=1):
        apply(later.county, rows=[a_row("check", first)], fingerprint=mark)
    with refused("fingerprint", InputError):
        apply(later.county, rows=plan, fingerprint="abc")

    plan = [a_row("check", first)]
    assert apply(later.county, rows=plan, fingerprint=batch_plan(later.county, rows=plan).fingerprint).is_new


def test_the_same_plan_twice_is_done_once_and_said_so(later: World) -> None:
    [row] = ready(later, 1)
    plan = [a_row("check", row)]
    done = apply(later.county, rows=plan, key="k")
    before = everything()

    again = apply(later.county, rows=plan, key="k2")

    assert (again.batch, again.is_new) == (done.batch, False)
    assert everything() == before
    assert batch_plan(later.county, rows=plan).known == done.batch
    with refused("plan_impossible", RefusedError):
        apply(later.county, rows=plan, again=True)


def test_the_same_plan_at_the_same_moment_is_answered_with_the_batch_that_came_first(
    later: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    [row] = ready(later, 1)
    plan = [a_row("check", row)]
    done = apply(later.county, rows=plan)
    standing: Callable[[Any], Any] = getattr(applying, "_standing")  # noqa: B009 -- private to all but this race
    unknown_yet = [None]

    def at_first_unknown(batches: Any) -> Any:
        return unknown_yet.pop() if unknown_yet else standing(batches)

    monkeypatch.setattr(applying, "_standing", at_first_unknown)

    again = apply(later.county, rows=plan)

    assert (again.batch, again.is_new) == (done.batch, False)


def test_a_list_is_sealed_and_sent_up_by_a_plan_with_the_places_it_takes(later: World) -> None:
    with clock.at(NOW):
        ids = at_county(later, 2)
        listed = rank(later.county, round_id=later.round_id, organization_code=COUNTY, main=ids)
    plan = [a_row("seal", listed.id, minutes="会议纪要"), a_row("send-up", listed.id)]

    told = batch_plan(later.county, rows=plan)

    assert [(u.organization, u.uses, u.taken, u.places) for u in told.places] == [(COUNTY, 2, 2, 3)]
    assert {(p.source, p.target, p.n) for p in told.foreseen.places} == {
        (Bucket.AVAILABLE, Bucket.RESERVED, 2), (Bucket.RESERVED, Bucket.USED, 2),
    }  # fmt: skip
    assert apply(later.county, rows=plan).is_new
    assert slate(listed.id).state is SlateState.SENT_UP
    assert [application(one).state for one in ids] == [State.CITY_REVIEW] * 2


def test_a_case_may_be_dealt_with_twice_in_one_plan(later: World) -> None:
    [row] = ready(later, 1)

    apply(later.county, rows=[a_row("check", row), a_row("refuse", row, reason="复核不符")])

    assert application(row.id).state is State.REFUSED


def test_what_the_reader_may_not_see_is_told_as_if_it_were_not(later: World) -> None:
    with clock.at(NOW):
        hidden = drafted(later)

    for one in (hidden.id, "0" * 32):
        told = batch_plan(later.county, rows=[a_row("check", one)])
        assert [tuple(i) for i in told.impossible] == [
            (2, one, None, "", "not_found", {"thing": "application", "given": one})
        ]


@pytest.mark.parametrize(("row", "code", "given"), [
    ({"act": "decide"}, "not_in_bulk", "decide"),
    ({"act": "审核通过"}, "not_in_bulk", "审核通过"),
    ({"arguments": "opinion"}, "plan_pair", "opinion"),
    ({"arguments": "{x"}, "plan_json", "{x"),
    ({"arguments": "seen=3"}, "plan_argument", "seen"),
    ({"seen": "[]"}, "plan_seen", "[]"),
    ({"colour": "red"}, "plan_column", "colour"),
    ({"act": "seal", "cases": "工作室"}, "slates_by_id", "工作室"),
    ({"cases": ["2026-AAAAAAAA", "x y"]}, "case_name", "x"),
])  # fmt: skip
def test_a_row_that_cannot_be_read_is_refused_with_its_line(row: dict[str, Any], code: str, given: str) -> None:
    with pytest.raises(InputError) as caught:
        plans.read([{"cases": "2026-AAAAAAAA", "act": "check", "line": 7, **row}])

    assert (caught.value.code, caught.value.details["line"], caught.value.details["given"]) == (code, 7, given)


def test_an_argument_that_the_verb_does_not_know_is_told_with_the_row(later: World) -> None:
    [row] = ready(later, 1)

    [told] = batch_plan(later.county, rows=[a_row("check", row, colour="red")]).impossible

    assert (told.code, told.details["field"]) == ("unknown_argument", "colour")


def test_more_than_two_thousand_cases_are_refused(later: World) -> None:
    names = [f"{n:032x}" for n in range(2001)]

    with refused("plan_too_long", RefusedError, most=2000):
        apply(later.county, rows=[a_row("check", *names)])


def test_a_file_is_read_with_its_lines_and_never_cut(later: World) -> None:
    text = 'cases,act,arguments\n"2026-AAAAAAAA 2026-BBBBBBBB",check,opinion=齐全; x=[1]\n,,\nis:overdue,chase,\n'

    found = rows_of_file("计划.csv", text.encode())

    assert found == [
        {"line": 2, "cases": "2026-AAAAAAAA 2026-BBBBBBBB", "act": "check", "arguments": "opinion=齐全; x=[1]"},
        {"line": 4, "cases": "is:overdue", "act": "chase"},
    ]
    assert [r.arguments for r in plans.read(found)] == [{"opinion": "齐全", "x": [1]}, {}]
    with pytest.raises(InputError, match="cell_too_long"):
        rows_of_file("a.csv", f"cases,act\n{'2026-AAAAAAAA ' * 400},check\n".encode())
    for header in ("case,act", "cases", "cases,act,cases"):
        with pytest.raises(InputError, match="plan_column"):
            rows_of_file("a.csv", f"{header}\nx,check,y\n".encode())


def test_a_longer_plan_takes_a_constant_few_statements_a_case(
    worlds: Any, enter: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    make, there = worlds
    counts = []
    for n in (1, 3, 5):
        enter(make())
        with clock.at(LATER):
            cases = ready(there, n)
            with statements(monkeypatch) as run:
                apply(there.county, rows=[a_row("check", *cases)])
            counts.append(len(run))

    assert counts[2] - counts[1] == counts[1] - counts[0] <= 2 * 14
