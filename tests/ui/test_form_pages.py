"""What a programme's own form shows: counters, conditions, profiles, early warnings, tiers' parts, print."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from models import clock
from models.programme import parse, shipped
from models.vocabulary import State
from tests import living
from tests.factories import COUNTY, PASSWORD, PROVINCE, certificate, unit
from tests.living import Living
from tests.ui.pages import keyed, opened, press, ran, texts
from tests.ui.web import Web, serving
from workflows.desk.reviews import check
from workflows.intake import applications
from workflows.intake.attachments import attach
from workflows.people import sessions
from workflows.programmes import publish
from workflows.queries import applications as asked
from workflows.record.acting import SYSTEM
from workflows.rounds import issue, plan_round

WORDS = {"zh": "栏", "en": "Field"}
FIELDS = [
    {"name": "budget", "kind": "money", "label": {"zh": "经费", "en": "Budget"}, "required": False},
    {"name": "deeds", "label": WORDS, "min_length": 5, "max_length": 20, "required": False},
    {"name": "grade", "label": {"zh": "技能等级", "en": "Grade"},
     "when": {"field": "leader_honour", "values": ["craftsman"]}},
    {"name": "address", "label": {"zh": "单位地址", "en": "Address"}, "profile": "unit", "required": False},
    {"name": "tax_paid", "label": {"zh": "依法纳税", "en": "Taxes paid"}, "kind": "yes_no", "by": "county"},
]  # fmt: skip


@pytest.fixture
def there(database: str) -> Living:
    """Answer a round that is open today, of a programme with a form of its own."""
    made = living.living()
    known = shipped("provincial-studio").model_dump(mode="json")
    approval = {**known["approval"], "valid_until": "2099-12-31"}
    rules = parse({**known, "version": 900, "approval": approval, "fields": [*known["fields"], *FIELDS]})
    now = clock.now()
    row = plan_round(
        made.administrator, programme=publish(SYSTEM, rules).id, organization_code=PROVINCE, year=now.year,
        opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=30),
    )  # fmt: skip
    issue(made.administrator, round_id=row.id, organization_code=COUNTY, places=3)
    return made._replace(round_id=row.id)


def now(there: Living, application_id: str) -> Any:
    """An application as it is."""
    return asked.application(there.clerks[0], application_id).application


def handed_in(there: Living) -> Any:
    """An application at the county's desk."""
    row = living.drafted(there)
    attach(there.clerks[0], row.id, slot="honour_proof", filename="证书.png", content=certificate(), seen=row.version)
    return applications.submit(there.clerks[0], row.id, seen=row.version + 1)


def test_money_is_typed_in_yuan_and_shown_in_yuan(there: Living) -> None:
    row = living.drafted(there, budget="12000.50")
    shown = opened("application_form", there.clerks[0], id=row.id)

    box = keyed(shown.text_input, ":budget")
    assert (box.label, box.value) == ("经费（元）", "12000.50")
    box.set_value("8000")
    ran(shown)

    assert now(there, row.id).answers["budget"] == 800_000


def test_a_counter_tells_how_many_characters_are_still_missing(there: Living) -> None:
    row = living.drafted(there, deeds="四个字了")
    shown = opened("application_form", there.clerks[0], id=row.id)

    assert [said for said in texts(shown, "caption") if said.startswith("4 / 20 字（至少 5 字） · 已保存 ")] != []


def test_a_field_that_another_answer_asks_for_appears_at_once_and_goes_again(there: Living) -> None:
    row = living.drafted(there, leader_honour="city_model")
    shown = opened("application_form", there.clerks[0], id=row.id)
    labels = [box.label for box in shown.text_input]
    assert "技能等级＊" not in labels

    keyed(shown.selectbox, ":leader_honour").set_value("craftsman")
    ran(shown)
    assert "技能等级＊" in [box.label for box in shown.text_input]
    keyed(shown.selectbox, ":leader_honour").set_value("city_model")
    ran(shown)

    assert [box.label for box in shown.text_input] == labels


def test_an_answer_from_the_profile_says_so_until_it_is_typed_anew(there: Living) -> None:
    living.drafted(there, address="文三路1号")
    row = living.drafted(there, studio_name="第二工作室")
    shown = opened("application_form", there.clerks[0], id=row.id)

    assert keyed(shown.text_input, ":address").value == "文三路1号"
    assert [said for said in texts(shown, "caption") if "取自单位档案" in said] != []
    keyed(shown.text_input, ":address").set_value("文三路2号")
    ran(shown)

    assert [said for said in texts(shown, "caption") if "取自单位档案" in said] == []


def test_what_stands_in_the_way_is_told_while_it_can_still_be_mended(there: Living) -> None:
    row = living.drafted(there, team_size=2)

    shown = opened("application_form", there.clerks[0], id=row.id)

    [warning] = [said for said in texts(shown, "warning") if "申报条件" in said]
    assert "团队须有3人以上" in warning
    assert now(there, row.id).state is State.DRAFT


def test_a_tiers_own_field_is_asked_in_its_check_and_not_of_the_applicant(there: Living) -> None:
    row = handed_in(there)
    assert now(there, row.id).state is State.COUNTY_REVIEW
    shown = opened("review_case", there.county, id=row.id)

    press(shown, "审核通过")
    [held] = [key for key in shown.session_state if str(key).startswith("own:tax_paid")]
    shown.session_state[held] = "yes"
    opener, *_, sender = [button for button in shown.button if button.label == "审核通过"]
    opener.click()
    sender.click()
    ran(shown)

    after = now(there, row.id)
    assert (after.checked, after.answers["tax_paid"]) == (True, True)


@pytest.fixture
def web(there: Living) -> Iterator[Web]:
    """The site with its gate."""
    with serving() as site:
        yield site


def cookie(email: str) -> dict[str, str]:
    """A signed-in browser's header."""
    return {"cookie": f"shenbao={sessions.sign_in(email, PASSWORD, '127.0.0.1')}"}


def test_a_printed_draft_is_marked_and_a_printed_form_holds_the_tiers_words(there: Living, web: Web) -> None:
    draft = living.drafted(there, studio_name="焊接<创新>工作室", budget="12000.50")
    row = handed_in(there)
    check(there.county, row.id, seen=row.version, opinion="同意推荐", answers={"tax_paid": "是"})

    own, review = (cookie(actor.email) for actor in (there.clerks[0], there.county))
    first = web.http.get(f"/print/{draft.id}", headers=own).text
    second = web.http.get(f"/print/{row.id}", headers=review).text

    assert "草稿，未提交" in first
    assert "焊接&lt;创新&gt;工作室" in first
    assert "¥12,000.50" in first
    assert "草稿" not in second
    marks = ("同意推荐", "西湖区总工会意见", str(row.receipt), now(there, row.id).content_hash)
    assert [mark for mark in marks if mark not in second] == []
    assert "同意推荐" not in web.http.get(f"/print/{row.id}", headers=own).text
    foreign = web.http.get(f"/print/{row.id}", headers=cookie(there.clerks[1].email))
    assert (foreign.status_code, unit(0) in foreign.text) == (404, False)
