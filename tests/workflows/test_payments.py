"""A subsidy is asked for by the unit, approved by one hand, paid by another: once, and while nothing is open."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
import sqlalchemy as sa

from models import clock
from models.base import new_id, table
from models.database import reading, transaction
from models.deadline import Deadline
from models.errors import (
    ForbiddenError,
    IllegalMoveError,
    InputError,
    NotFoundError,
    RefusedError,
    ShenbaoError,
    StaleError,
)
from models.sql import Sql, bind, insert_into
from models.subsidy import Subsidy, Succession
from models.vocabulary import Role, SubsidyState
from tests.counting import statements
from tests.money import (
    ACCOUNT,
    LATER,
    NAMING,
    SOURCE,
    approved,
    cashier,
    now,
    one_title,
    paid,
    paying,
    reported,
    requested,
    subsidy,
)
from tests.tampering import by_hand
from tests.worlds import (
    NEW_YEAR,
    NOTICE_OVER,
    NOW,
    NUMBER,
    PROVINCE,
    World,
    also,
    due,
    events,
    everything,
    in_notice,
    letters,
    named,
    objected,
    refused,
    rows,
    slate,
    title,
)
from workflows import doctor
from workflows.clocks.sweep import sweep
from workflows.deciding.decisions import decide
from workflows.hearing.notices import close
from workflows.hearing.objections import report_back, settle
from workflows.named.assessments import rectify
from workflows.named.titles import suspend
from workflows.purse.payments import approve_subsidy, pay, pay_many, request_subsidy, return_subsidy
from workflows.queries import watch

_LEFT = insert_into(Succession)
_D = table(Deadline).c
_DUE: Sql[datetime] = Sql(sa.select(_D.due_at).where(_D.thing_id == bind("of", _D.thing_id), _D.closed_at.is_(None)))


def test_a_request_says_where_to_pay_and_waits_for_approval(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    one = one_title(world, monkeypatch)

    row = requested(world, one)

    assert row == now(row.id)
    assert (row.state, row.payee, row.bank, row.account_number, row.receipt) == (
        SubsidyState.REQUESTED, "企业0", "工商银行西湖支行", "6222021202013344", "00123",
    )  # fmt: skip
    assert (due(row.id), events(row.id)[-1]) == (["subsidy_step"], ("request", "eligible", "requested", "clerk0"))
    assert letters(row.id) == [("subsidy_open", "clerk0"), ("subsidy_requested", "province")]


def test_the_journal_keeps_no_bank_details(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    row = requested(world, one_title(world, monkeypatch))

    told = str(watch.journal(world.admin, root=PROVINCE))
    assert "6222********3344" in told
    assert [word for word in ("6222021202013344", "工商银行西湖支行", row.salt) if word in told] == []


def test_a_request_may_be_mended_until_it_is_approved(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    row = requested(world, one_title(world, monkeypatch))

    row = request_subsidy(world.clerks[0], row.id, seen=row.version, **{**ACCOUNT, "account_number": "1" * 8})
    row = approve_subsidy(world.province, row.id, seen=row.version)

    assert row.account_number == "1" * 8
    with refused("illegal_move", IllegalMoveError, act="request", state="approved", thing="subsidy"):
        request_subsidy(world.clerks[0], row.id, seen=row.version, **ACCOUNT)


@pytest.mark.parametrize(("change", "code", "field"), [
    ({"payee": " "}, "words_missing", "payee"),
    ({"bank": ""}, "words_missing", "bank"),
    ({"receipt": ""}, "words_missing", "receipt"),
    ({"account_number": "1234567"}, "account_number", "account_number"),
    ({"payee": "长" * 121}, "too_long", "payee"),
])  # fmt: skip
def test_a_request_that_cannot_be_read_is_refused(
    world: World, monkeypatch: pytest.MonkeyPatch, change: dict[str, Any], code: str, field: str
) -> None:
    row = subsidy(one_title(world, monkeypatch))

    with refused(code, InputError, field=field):
        request_subsidy(world.clerks[0], row.id, seen=row.version, **{**ACCOUNT, **change})


def test_the_units_clerk_asks_and_the_deciding_union_approves_and_pays(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = subsidy(one_title(world, monkeypatch))
    own = also(world.clerks[0], PROVINCE, Role.REVIEWER)

    with refused("not_your_desk", ForbiddenError, act="request", thing="subsidy"):
        request_subsidy(world.province, row.id, seen=row.version, **ACCOUNT)
    for actor in (world.clerks[1], world.city, world.stranger):
        with refused("not_found", NotFoundError, thing="subsidy", given=row.id):
            request_subsidy(actor, row.id, seen=row.version, **ACCOUNT)
    row = requested(world, title(row.title_id))
    for who, code in ((own, "own_case"), (world.admin, "not_your_desk")):
        with refused(code, ForbiddenError, act="approve"):
            approve_subsidy(who, row.id, seen=row.version)
        with refused(code, ForbiddenError, act="pay"):
            pay(who, row.id, voucher="1", seen=row.version)


def test_an_approval_keeps_who_and_the_words_of_the_finance_department(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = requested(world, one_title(world, monkeypatch))

    row = approve_subsidy(world.province, row.id, with_finance="浙财行〔2026〕3号", seen=row.version)

    assert (row.state, row.approved_by, due(row.id)) == (SubsidyState.APPROVED, world.province.id, ["subsidy_step"])
    [(body,)] = rows("SELECT body FROM journal_event WHERE thing_id = :id AND act = 'approve'", id=row.id)
    assert "浙财行〔2026〕3号" in str(body)
    assert ("subsidy_approved", "province") in letters(row.id)


def test_with_finance_refuses_an_approval_without_the_words_of_consent(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = requested(world, one_title(world, monkeypatch, {**NAMING, "with_finance": True}))

    with refused("finance_missing", RefusedError, source=SOURCE):
        approve_subsidy(world.province, row.id, seen=row.version)
    assert approve_subsidy(world.province, row.id, with_finance="会签单", seen=row.version).state == "approved"


@pytest.mark.parametrize("far", [False, True])
def test_what_will_not_do_goes_back_to_the_unit(world: World, monkeypatch: pytest.MonkeyPatch, *, far: bool) -> None:
    one = one_title(world, monkeypatch)
    row = approved(world, one) if far else requested(world, one)

    with refused("reason_missing", InputError, field="reason"):
        return_subsidy(world.province, row.id, reason=" ", seen=row.version)
    row = return_subsidy(world.province, row.id, reason="账号与户名不符", seen=row.version)

    assert (row.state, row.approved_by, due(row.id)) == (SubsidyState.ELIGIBLE, "", ["subsidy_stage"])
    assert ("subsidy_returned", "clerk0") in letters(row.id)


def test_an_account_of_the_spending_goes_back_as_well(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    row = reported(world, one_title(world, monkeypatch))

    row = return_subsidy(world.province, row.id, reason="缺发票号", seen=row.version)

    assert (row.state, due(row.id)) == (SubsidyState.PAID, ["subsidy_report"])


def test_a_payment_is_written_down_with_its_voucher_and_sets_the_report_due(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = one_title(world, monkeypatch)
    with clock.at(LATER):
        row = paid(world, one)

    assert (row.state, row.voucher, row.paid_at) == (SubsidyState.PAID, "2026-88", LATER)
    assert due(row.id) == ["subsidy_report"]
    assert events(row.id)[-1] == ("pay", "approved", "paid", "cashier")
    assert ("subsidy_paid", "clerk0") in letters(row.id)
    # A year on, to the same day of the month.
    [(at,)] = rows("SELECT due_at FROM deadline WHERE thing_id = :id AND closed_at IS NULL", id=row.id)
    assert str(at)[:10] == "2027-03-10"


def test_without_report_months_nothing_is_due_after_the_payment(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    row = paid(world, one_title(world, monkeypatch, {**NAMING, "report_months": None}))

    assert due(row.id) == []


def test_a_payment_has_a_voucher(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    row = approved(world, one_title(world, monkeypatch))

    with refused("words_missing", InputError, field="voucher"):
        pay(world.province, row.id, voucher=" ", seen=row.version)


def test_whoever_approved_may_not_pay(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    row = approved(world, one_title(world, monkeypatch))

    with refused("same_hand", ForbiddenError, subsidy=row.id, number=title(row.title_id).number):
        pay(world.province, row.id, voucher="2026-88", seen=row.version)


def test_a_stage_is_paid_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    one = one_title(world, monkeypatch)
    by = cashier()
    before = approved(world, one)
    row = pay(by, before.id, voucher="2026-88", seen=before.version, key="k")
    after = everything()

    assert pay(by, before.id, voucher="2026-88", seen=before.version, key="k") == row
    assert everything() == after
    with refused("stale", StaleError, thing="subsidy", act="pay", who="cashier"):
        pay(by, row.id, voucher="2026-89", seen=before.version)
    with refused("illegal_move", IllegalMoveError, act="pay", state="paid"):
        pay(by, row.id, voucher="2026-89", seen=row.version)


def test_of_eight_payments_at_once_one_is_made(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    row, by, together = approved(world, one_title(world, monkeypatch)), cashier(), Barrier(8)

    def press(n: int) -> str:
        together.wait(60)
        with clock.at(LATER):
            try:
                return pay(by, row.id, voucher=f"2026-{n}", seen=row.version).voucher
            except ShenbaoError as error:
                return error.code

    with ThreadPoolExecutor(8) as pool:
        told = [*pool.map(press, range(8))]

    assert sorted(told)[1:] == ["stale"] * 7
    assert (now(row.id).voucher, [what for what, *_ in events(row.id)].count("pay")) == (min(told), 1)


def test_a_payment_is_held_while_the_title_is_suspended(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    one = one_title(world, monkeypatch)
    row, by = approved(world, one), cashier()
    suspend(world.province, one.id, reason="核查", seen=one.version)

    with refused("payment_held", RefusedError, hold="suspension", number=one.number, source=SOURCE):
        pay(by, row.id, voucher="2026-88", seen=row.version)


def test_a_payment_is_held_while_a_rectification_is_open(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    one = one_title(world, monkeypatch)
    row, by = approved(world, one), cashier()
    with clock.at(NEW_YEAR):
        sweep()
        [(year, seen)] = rows("SELECT id, version FROM assessment")
        rectify(world.province, year, reason="未报送", seen=seen)

    with refused("payment_held", RefusedError, hold="rectification"):
        pay(by, row.id, voucher="2026-88", seen=row.version)


def test_a_payment_is_held_while_an_objection_about_its_leader_is_open(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    paying(monkeypatch)
    ids, notice = in_notice(world, 2)
    heard = objected(world, notice, ids[1])
    with clock.at(NOTICE_OVER):
        notice = close(world.province, notice.id, seen=notice.version)
        decide(world.province, notice.slate_id, number=NUMBER, meeting_on=NOTICE_OVER.date(),
               seen=slate(notice.slate_id).version)  # fmt: skip
    one = title(application_id=ids[0])
    row, by = approved(world, one), cashier()
    # The leader of the one objected to leads the titled studio as well.
    by_hand("UPDATE title SET leader_key = (SELECT leader_key FROM application WHERE id = :a)", a=ids[1])

    with refused("payment_held", RefusedError, hold="objection", number=one.number):
        pay(by, row.id, voucher="2026-88", seen=row.version)
    heard = report_back(world.city, heard.id, finding="查无实据", seen=heard.version)
    settle(world.province, heard.id, outcome="dismissed", reason="查无实据", seen=heard.version)
    assert pay(by, row.id, voucher="2026-88", seen=row.version).state is SubsidyState.PAID


def test_a_payment_is_held_while_the_change_of_leader_is_not_settled(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = one_title(world, monkeypatch)
    row, by = approved(world, one), cashier()
    with transaction() as store:
        store.run(_LEFT, id=new_id(), title_id=one.id, left_on=NOW.date(), reason="退休", reported_at=NOW,
                  old_name=one.name, old_leader=one.leader_name, account_id=world.clerks[0].id)  # fmt: skip

    with refused("payment_held", RefusedError, hold="succession"):
        pay(by, row.id, voucher="2026-88", seen=row.version)


def many(w: World, patch: pytest.MonkeyPatch, n: int) -> list[Subsidy]:
    """The approved subsidies of `n` titles."""
    paying(patch)
    return [approved(w, one, i) for i, one in enumerate(named(w, n))]


def listed(items: list[Subsidy]) -> list[dict[str, Any]]:
    return [{"subsidy": row.id, "seen": row.version} for row in items]


def test_one_voucher_pays_many_and_a_second_click_pays_nobody_twice(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    items, by = many(world, monkeypatch, 3), cashier()

    done = pay_many(by, items=listed(items), voucher="2026-90", key="k")

    assert {(row.id, row.state, row.voucher) for row in done} == {(r.id, SubsidyState.PAID, "2026-90") for r in items}
    assert done == [now(row.id) for row in done]
    assert ("subsidy_paid", "clerk2") in letters(items[2].id)
    before = everything()
    assert pay_many(by, items=listed(items), voucher="2026-90", key="k") == done
    assert everything() == before


def test_many_are_paid_all_or_none(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    items, by = many(world, monkeypatch, 3), cashier()
    held = title(items[1].title_id)
    suspend(world.province, held.id, reason="核查", seen=held.version)

    with refused("payment_held", RefusedError, subsidy=items[1].id, number=held.number, hold="suspension"):
        pay_many(by, items=listed(items), voucher="2026-90")
    with refused("same_hand", ForbiddenError):
        pay_many(world.province, items=listed(items[:1]), voucher="2026-90")
    stale = [listed(items)[0], {"subsidy": items[2].id, "seen": 1}]
    with refused("stale", StaleError, thing="subsidy", act="approve"):
        pay_many(by, items=stale, voucher="2026-90")
    waiting = subsidy(title(items[0].title_id))
    assert waiting.state is SubsidyState.APPROVED


@pytest.mark.parametrize(("given", "code", "kind"), [
    ([], "slate_empty", InputError),
    ([{"subsidy": "x"}], "unknown_field", InputError),
    ([{"subsidy": "x", "seen": 1}, {"subsidy": "x", "seen": 1}], "listed_twice", InputError),
    ([{"subsidy": "x", "seen": "soon"}], "argument", InputError),
    ([{"subsidy": "x", "seen": 1}], "not_found", NotFoundError),
])  # fmt: skip
def test_a_list_of_payments_that_cannot_be_read_is_refused(
    world: World, given: list[dict[str, Any]], code: str, kind: type[InputError]
) -> None:
    with refused(code, kind):
        pay_many(world.province, items=given, voucher="2026-90")


@pytest.mark.parametrize("n", [2, 3])
def test_a_longer_list_is_paid_in_as_many_statements(world: World, monkeypatch: pytest.MonkeyPatch, n: int) -> None:
    items, by = many(world, monkeypatch, n), cashier()

    with statements(monkeypatch) as run:
        pay_many(by, items=listed(items), voucher="2026-90")

    # Titles, subsidies, seats, what is open, deputies; rows, events, deadlines closed and set, letters.
    assert len(run) == 10


def test_money_that_is_late_is_reminded_of_at_the_desk_it_lies_on(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    paying(monkeypatch)
    first, second = named(world, 2)
    waiting, asked = subsidy(first), requested(world, second, 1)

    for row in (asked, waiting):
        with reading() as store:
            [at] = store.all(_DUE, of=row.id)
        with clock.at(at + timedelta(days=1)):
            sweep()

    assert [at for at in letters(asked.id) if at[0] == "deadline_overdue"] == [("deadline_overdue", "province")]
    assert [at for at in letters(waiting.id) if at[0] == "deadline_overdue"] == [("deadline_overdue", "clerk0")]


_PROVINCE = "SELECT id FROM account WHERE name = 'province'"
TAMPERED = [
    ("I16 payee_changed", "UPDATE subsidy SET account_number = '999999999999'"),
    ("I16 paid_otherwise", "UPDATE subsidy SET fen = fen + 100"),
    ("I16 paid_otherwise", "UPDATE subsidy SET voucher = '1'"),
    ("I16 spent_too_much", "UPDATE subsidy SET spent = '[{\"use\": \"x\", \"fen\": 99000000, \"words\": \"x\"}]'"),
    ("I16 one_hand", f"UPDATE journal_event SET account_id = ({_PROVINCE}) WHERE act = 'pay'"),  # noqa: S608 -- from this file
]  # fmt: skip


@pytest.mark.parametrize(("name", "statement"), TAMPERED)
def test_the_doctor_names_what_is_wrong_with_money(
    worlds: Any, enter: Any, monkeypatch: pytest.MonkeyPatch, name: str, statement: str
) -> None:
    make, there = worlds
    enter(make())
    with clock.at(NOW):
        row = paid(there, one_title(there, monkeypatch))
        assert doctor.check() == []
        by_hand(statement)

        found = {f"{v.invariant} {v.name}" for v in doctor.check() if v.subject == f"subsidy {row.id}"}

    assert name in found
