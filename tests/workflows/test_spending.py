"""What became of the money: accounted for by its uses, closed, brought back, or cancelled before it was paid."""

from datetime import date
from typing import Any

import pytest

from models import clock
from models.errors import ForbiddenError, IllegalMoveError, InputError, NotFoundError, RefusedError
from models.vocabulary import SubsidyState
from tests.money import LATER, NAMING, SOURCE, approved, now, one_title, paid, reported, subsidy
from tests.worlds import World, due, events, everything, letters, refused, rows, title
from workflows.named.titles import revoke
from workflows.purse.spending import account_for, cancel_subsidy, close_subsidy, recover

LINE = {"use": "设备", "yuan": "80000", "words": "示波器两台"}


def test_the_unit_accounts_for_what_it_spent_and_the_decider_is_asked_to_look(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = reported(world, one_title(world, monkeypatch))

    assert (row.state, row.spent) == (SubsidyState.REPORTED, [{"use": "设备", "fen": 8_000_000, "words": "示波器两台"}])
    [(body,)] = rows("SELECT body FROM journal_event WHERE thing_id = :id AND act = 'account-for'", id=row.id)
    assert ("8000000" in str(body), "2000000" in str(body)) == (True, True)
    assert due(row.id) == ["subsidy_step"]
    assert {("subsidy_reported", "province"), ("subsidy_reported", "cashier")} <= set(letters(row.id))


@pytest.mark.parametrize(("spent", "code", "kind"), [
    ([], "account_empty", InputError),
    ([{**LINE, "use": "聚餐"}], "unknown_use", InputError),
    ([{**LINE, "yuan": "80000.001"}], "money", InputError),
    ([LINE, {**LINE, "yuan": "20000.01"}], "overspent", RefusedError),
])  # fmt: skip
def test_uses_and_the_sum_paid_bound_an_account(
    world: World, monkeypatch: pytest.MonkeyPatch, spent: list[dict[str, Any]], code: str, kind: type[InputError]
) -> None:
    row = paid(world, one_title(world, monkeypatch))

    with refused(code, kind):
        account_for(world.clerks[0], row.id, spent=spent, seen=row.version)


def test_only_the_units_clerk_accounts_and_only_for_what_was_paid(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = approved(world, one_title(world, monkeypatch))

    with refused("illegal_move", IllegalMoveError, act="account-for", state="approved"):
        account_for(world.clerks[0], row.id, spent=[LINE], seen=row.version)
    with refused("not_your_desk", ForbiddenError):
        account_for(world.province, row.id, spent=[LINE], seen=row.version)
    with refused("not_found", NotFoundError):
        account_for(world.clerks[1], row.id, spent=[LINE], seen=row.version)


def test_a_subsidy_is_closed_after_its_report(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    row = reported(world, one_title(world, monkeypatch))

    row = close_subsidy(world.province, row.id, words="账实相符", seen=row.version)

    assert (row.state, due(row.id)) == (SubsidyState.CLOSED, [])
    assert events(row.id)[-1] == ("end", "reported", "closed", "province")
    assert ("subsidy_closed", "clerk0") in letters(row.id)


def test_report_months_refuses_to_close_before_the_report(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    row = paid(world, one_title(world, monkeypatch))

    with refused("report_first", RefusedError, source=SOURCE):
        close_subsidy(world.province, row.id, seen=row.version)


def test_without_report_months_a_paid_one_may_be_closed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    row = paid(world, one_title(world, monkeypatch, {**NAMING, "report_months": None}))

    assert close_subsidy(world.province, row.id, seen=row.version).state is SubsidyState.CLOSED


def test_at_most_what_is_unspent_comes_back(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    row = reported(world, one_title(world, monkeypatch))

    with refused("too_much_back", RefusedError, asked=2_000_001, most=2_000_000, source=SOURCE):
        recover(world.province, row.id, yuan="20000.01", reason="结余", seen=row.version)
    row = recover(world.province, row.id, yuan="20000", reason="结余", seen=row.version)

    assert (row.state, row.recovered_fen, due(row.id)) == (SubsidyState.RECOVERED, 2_000_000, [])
    assert ("subsidy_recovered", "clerk0") in letters(row.id)


def test_all_of_it_comes_back_after_a_revocation_even_when_closed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = one_title(world, monkeypatch)
    with clock.at(LATER):
        row = reported(world, one)
        row = close_subsidy(world.province, row.id, seen=row.version)
        revoke(world.province, titles=[{"title": one.id, "seen": title(one.id).version}], number="浙总工〔2026〕99号",
               meeting_on=date(2026, 3, 10), reason="弄虚作假")  # fmt: skip
        row = now(row.id)
        assert (row.flag, due(row.id)) == ("弄虚作假", ["subsidy_step"])

        row = recover(world.province, row.id, yuan="100,000", reason="撤销称号", seen=row.version)

    assert (row.state, row.recovered_fen) == (SubsidyState.RECOVERED, 10_000_000)


def test_recover_not_set_asks_nothing_back(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    row = paid(world, one_title(world, monkeypatch, {**NAMING, "recover": False}))

    with refused("no_recovery", RefusedError, source=SOURCE):
        recover(world.province, row.id, yuan="1", reason="结余", seen=row.version)


def test_what_comes_back_has_a_sum_and_a_reason(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    row = paid(world, one_title(world, monkeypatch))

    for change, code in (({"yuan": "0"}, "money"), ({"reason": " "}, "reason_missing")):
        given: dict[str, Any] = {"yuan": "1", "reason": "结余", **change}
        with refused(code, InputError):
            recover(world.province, row.id, seen=row.version, **given)


def test_a_stage_that_is_cancelled_says_why_and_does_not_come_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = subsidy(one_title(world, monkeypatch))

    with refused("reason_missing", InputError, field="reason"):
        cancel_subsidy(world.province, row.id, reason="", seen=row.version)
    row = cancel_subsidy(world.province, row.id, reason="单位放弃", seen=row.version, key="k")

    before = everything()
    assert (row.state, due(row.id)) == (SubsidyState.CANCELLED, [])
    assert ("subsidy_cancelled", "clerk0") in letters(row.id)
    assert cancel_subsidy(world.province, row.id, reason="单位放弃", seen=row.version - 1, key="k") == row
    assert everything() == before


def test_nothing_paid_is_cancelled(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    row = paid(world, one_title(world, monkeypatch))

    with refused("illegal_move", IllegalMoveError, act="cancel", state="paid"):
        cancel_subsidy(world.province, row.id, reason="误付", seen=row.version)
