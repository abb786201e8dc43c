"""Money on the pages: a unit asks for it and accounts for it, a union approves and pays it, two hands."""

from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import NamedTuple

import pytest
import structlog
from streamlit.testing.v1 import AppTest

from models.vocabulary import Role, SubsidyState
from tests import factories
from tests.factories import CITY, COUNTY, PASSWORD, PROVINCE, World, unit
from tests.money import ACCOUNT, NAMING, SECOND, paying
from tests.ui.pages import token_of
from tests.ui.test_leaks_through_faces import answered
from tests.ui.test_leaks_through_faces import opened as looked_into
from tests.ui.web import serving
from tests.worlds import rows
from workflows import table
from workflows.people import sessions
from workflows.purse import payments
from workflows.purse.subsidies import DAYS_TO_REQUEST
from workflows.queries.exports import LISTINGS
from workflows.queries.money import Money, subsidies_at
from workflows.record.acting import Actor

APP = Path(__file__).parent.parent.parent / "ui" / "app.py"
MINE, DESK = "views/my_titles.py", "views/review_subsidies.py"


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    with structlog.testing.capture_logs():
        yield


@pytest.fixture
def there(database: str, monkeypatch: pytest.MonkeyPatch) -> World:
    made = factories.world(2)
    paying(monkeypatch, NAMING, SECOND)
    factories.named(made)
    return made


def opened(actor: Actor, page: str) -> AppTest:
    """A page as this person sees it."""
    at = AppTest.from_file(APP, default_timeout=30)
    at.user = {"sid": sessions.sid_of(sessions.sign_in(actor.email, PASSWORD, "127.0.0.1"))}
    at.run().switch_page(page)
    at.run()
    assert not at.exception
    return at


def press(at: AppTest, said: str, *, inside: str = "") -> AppTest:
    """Press the button with these words on it; `inside` names the one that opened its dialog."""
    [*_, found] = [one for one in at.button if one.label == said]
    assert not found.disabled, found.help
    if inside:
        next(one for one in at.button if one.label == inside).click()
    at = found.click().run()
    assert not at.exception
    return at


def fill(at: AppTest, label: str, text: str) -> None:
    """Type into the field with this label."""
    [field] = [one for one in [*at.text_area, *at.text_input] if one.label.startswith(label)]
    field.set_value(text)


def choose(at: AppTest, *rows: int) -> AppTest:
    """Select rows of the list."""
    [key] = [k for k in at.session_state if str(k).startswith(f"subsidies:{PROVINCE}:")]
    at.session_state[key] = {"selection": {"rows": list(rows), "columns": [], "cells": []}}
    return at.run()


def of(there: World, n: int) -> Money:
    """The n-th unit's money."""
    [found] = [one for one in subsidies_at(there.province, desk=PROVINCE) if one.row.organization == unit(n)]
    return found


def asked(there: World, n: int) -> None:
    """The n-th unit has asked for its money."""
    row = of(there, n).row
    payments.request_subsidy(there.clerks[n], row.id, seen=row.version, **ACCOUNT)


def accepted(there: World, n: int) -> None:
    """And the province has approved it."""
    asked(there, n)
    row = of(there, n).row
    payments.approve_subsidy(there.province, row.id, seen=row.version)


def test_a_title_shows_its_money_what_to_do_and_by_when(there: World) -> None:
    at = opened(there.clerks[0], MINE)

    said = [one.value for one in at.text]
    assert "首期补助　10万元　可申请" in said
    assert [line for line in said if line.startswith("二期补助　5万元　2027年4月17日起可申请")] != []
    assert [one.value for one in at.warning if "请申请拨付，期限：2025年" in one.value] != []
    assert DAYS_TO_REQUEST == 30


PRIVATE = (ACCOUNT["bank"], ACCOUNT["account_number"].replace(" ", ""))


class Reader(NamedTuple):
    """Somebody who takes things home, and whether the account is theirs to know."""

    actor: Actor
    knows: bool


def readers(there: World) -> dict[str, Reader]:
    """Everybody about a title; of them its own clerk and the deciding union's reviewers know where it is paid."""
    known = {"own clerk": there.clerks[0], "province": there.province}
    others = {"other clerk": there.clerks[1], "county": there.county, "administrator": there.administrator}
    return {name: Reader(who, name in known) for name, who in (known | others).items()}


def addresses() -> Iterator[str]:
    """All that can be taken home about the titles of the province: lists, papers and the files of the record."""
    values = {"words": "", "root": PROVINCE, "year": "2025", "round": rows("SELECT id FROM round")[0][0]}
    for name, desk, form in product(LISTINGS, (COUNTY, CITY, PROVINCE), ("csv", "xlsx")):
        wanted = (f"{one}={(values | {'desk': desk})[one]}" for one in LISTINGS[name].needs)
        yield f"/export/{name}.{form}?{'&'.join(wanted)}"
    title, application = rows("SELECT id, application_id FROM title WHERE organization = :u", u=unit(0))[0]
    yield from (f"/papers/certificate/{title}", f"/papers/form/{application}", f"/print/{application}")
    for kind, held in (("summary", "slate"), ("notice", "notice"), ("decision", "decision")):
        yield from (f"/papers/{kind}/{one}?form=xlsx" for (one,) in rows(f"SELECT id FROM {held}"))  # noqa: S608 -- ours


def test_where_money_is_paid_is_in_no_download_and_in_no_answer_but_to_its_clerk_and_the_decider(there: World) -> None:
    asked(there, 0)
    leaks: set[tuple[str, str]] = set()
    with serving() as web:
        for name, (actor, knows) in readers(there).items():
            cookie = {"cookie": f"shenbao={token_of(actor)}"}
            for path in addresses():
                answer = web.http.get(path, headers=cookie)
                assert answer.status_code < 500, (name, path)
                said = looked_into(answer.content)
                leaks |= {(name, path) for private in PRIVATE if private.encode() in said}
            told = b"".join(
                answered(lambda: table.ask(question, actor, given))  # noqa: B023 -- called at once
                for question, given in (("subsidies-at", {"desk": PROVINCE}), ("my-subsidies", {}))
            )
            leaks |= {(name, "ask") for private in PRIVATE if private.encode() in told and not knows}
            assert all(private.encode() in told for private in PRIVATE) is knows, name

    assert leaks == set()


def test_the_unit_asks_for_its_money_on_its_title(there: World) -> None:
    at = press(opened(there.clerks[0], MINE), "申请拨付")
    given = {"收款单位": "企业0", "开户银行": "工商银行", "银行账号": "6222 0212 0201", "收据号": "7"}
    for label, text in given.items():
        fill(at, label, text)

    press(at, "申请拨付", inside="申请拨付")

    row = of(there, 0).row
    assert (row.state, row.account_number, row.receipt) == (SubsidyState.REQUESTED, "622202120201", "7")


def test_a_union_sees_what_waits_and_approves_one(there: World) -> None:
    asked(there, 0)
    at = opened(there.province, DESK)
    table = at.dataframe[0].value
    assert sorted(zip(table["金额"], table["状态"], strict=True)) == [("10万元", "可申请"), ("10万元", "已申请")]

    first = list(table["状态"]).index("已申请")
    at = press(choose(at, first), "核准")
    fill(at, "会同财政", "会签单3号")
    press(at, "核准", inside="核准")

    assert of(there, 0).row.state is SubsidyState.APPROVED


def test_one_voucher_pays_the_chosen_ones_and_not_by_the_hand_that_approved(there: World) -> None:
    for n in range(2):
        accepted(there, n)
    at = choose(opened(there.province, DESK), 0, 1)
    [grey] = [one for one in at.button if one.label == "拨付"]
    assert (grey.disabled, "须由另一人拨付" in grey.help) == (True, True)

    cashier = factories.person("cashier", "赵会计", PROVINCE, Role.REVIEWER)
    at = press(choose(opened(cashier, DESK), 0, 1), "拨付")
    fill(at, "凭证号", "2026-88")
    press(at, "拨付", inside="拨付")

    rows = [of(there, n).row for n in range(2)]
    assert [(row.state, row.voucher) for row in rows] == [(SubsidyState.PAID, "2026-88")] * 2


def test_the_unit_accounts_for_what_it_spent(there: World) -> None:
    accepted(there, 0)
    row = of(there, 0).row
    cashier = factories.person("cashier", "赵会计", PROVINCE, Role.REVIEWER)
    payments.pay(cashier, row.id, voucher="2026-88", seen=row.version)
    at = opened(there.clerks[0], MINE)
    [key] = [k for k in at.session_state if str(k).startswith("spent:")]
    cells = {0: {"use": "设备", "yuan": "80000", "words": "示波器两台"}}
    at.session_state[key] = {"edited_rows": cells, "added_rows": [], "deleted_rows": []}

    press(at.run(), "报告使用情况")

    assert of(there, 0).row.spent == [{"use": "设备", "fen": 8_000_000, "words": "示波器两台"}]


def test_what_came_back_and_what_is_cancelled_say_why(there: World) -> None:
    at = opened(there.province, DESK)
    at = press(choose(at, 0), "取消")
    fill(at, "取消的理由", "单位放弃")
    press(at, "取消", inside="取消")

    states = [one.row.state for one in subsidies_at(there.province, desk=PROVINCE, state=SubsidyState.CANCELLED)]
    assert states == [SubsidyState.CANCELLED]


def test_totals_speak_english_to_those_who_do(there: World) -> None:
    reader = factories.person("ann", "Ann", PROVINCE, Role.REVIEWER, language="en")

    at = opened(reader, DESK)

    assert at.title[0].value == "Subsidies"
    [totals] = [one.value for one in at.dataframe if "Programme" in one.value]
    assert (list(totals["Number"]), list(totals["Sum"])) == ([2], ["200,000 yuan"])
