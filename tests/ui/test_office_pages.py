"""The pages of a desk's people as a script sees them: whose case it is, deputies, signatures, holds."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import structlog

from models import clock
from models.vocabulary import CountersignRule, Role, Vote
from tests import factories
from tests.factories import COUNTY, World
from tests.ui.test_review_pages import errors, fill, opened, press, row_of
from workflows.desk.countersigning import countersign
from workflows.desk.deputies import depute
from workflows.desk.handling import transfer
from workflows.desk.holding import hold_case
from workflows.queries.colleagues import deputies_of
from workflows.queries.office import office_card
from workflows.record.acting import Actor

CASE, COLLEAGUES, STATUS = "views/review_case.py", "views/colleagues.py", "views/application_status.py"


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    with structlog.testing.capture_logs():
        yield


@pytest.fixture
def there(database: str) -> World:
    return factories.world(2)


def second(name: str = "second", called: str = "王芳", role: Role = Role.REVIEWER) -> Actor:
    """One more at the county."""
    return factories.person(name, called, COUNTY, role)


def said(at: object) -> str:
    """Everything the page tells."""
    kinds = ("info", "warning", "caption", "markdown", "text", "error")
    return "\n".join(one.value for kind in kinds for one in getattr(at, kind)).replace("\\", "")


def test_a_case_in_other_hands_greys_the_desks_acts_and_says_whose(there: World) -> None:
    other, row = second(), factories.submitted(there)
    transfer(there.county, row.id, to=other.email, reason="分工", seen=row.version)

    at = opened(there.county, CASE, id=row.id)

    [check] = [one for one in at.button if one.label == "审核通过"]
    assert check.disabled
    assert "王芳" in check.help
    assert "由王芳办理" in said(at)


def test_a_case_is_transferred_by_its_dialog(there: World) -> None:
    other, row = second(), factories.submitted(there)
    at = press(opened(there.county, CASE, id=row.id), "转办")
    [box] = [one for one in at.selectbox if one.label == "接办人"]
    box.set_value(other.id)
    fill(at, "理由", "工作分工")

    press(at, "转办", inside="转办")

    assert row_of(there.county, row).handler_id == other.id
    assert [one.value for one in at.toast] == ["已转办"]


def test_a_refusal_in_the_dialog_keeps_the_typed_words(there: World) -> None:
    row = factories.submitted(there)
    at = press(opened(there.county, CASE, id=row.id), "转办")
    fill(at, "理由", "工作分工")

    press(at, "转办", inside="转办")

    assert "没有找到" in errors(at)
    assert [one.value for one in at.text_area if one.label.startswith("理由")] == ["工作分工"]


def test_a_deputy_reads_in_whose_name_they_act(there: World) -> None:
    vice, row = second("vice", "李强", Role.EXPERT), factories.submitted(there)
    until = clock.now() + timedelta(days=7)
    depute(there.county, deputy=vice.email, organization_code=COUNTY, reason="休假", ends_at=until)

    at = opened(vice, CASE, id=row.id)
    press(press(at, "审核通过"), "审核通过", inside="审核通过")

    assert "您正代理周丽办理" in said(at)
    assert row_of(there.county, row).checked
    assert "李强 代 周丽" in at.dataframe[-1].value["办理人"].tolist()


def test_a_signer_agrees_on_the_page(there: World) -> None:
    other, row = second(), factories.submitted(there)
    countersign(there.county, row.id, rule=CountersignRule.ALL, signers=[other.email], seen=row.version)

    at = opened(other, COLLEAGUES)
    assert row.subject in "".join(one.label for one in at.expander).replace("\\", "")
    press(at, "同意")

    card = office_card(there.county, row.id)
    assert card is not None
    assert [s.vote for s in card.countersigns[0].signers] == [Vote.AGREE]
    assert "没有待签的申报" in said(at)


def test_while_signers_are_asked_the_check_is_grey_and_says_why(there: World) -> None:
    other, row = second(), factories.submitted(there)
    countersign(there.county, row.id, rule=CountersignRule.ANY, signers=[other.email], seen=row.version)

    at = opened(there.county, CASE, id=row.id)

    [check] = [one for one in at.button if one.label == "审核通过"]
    assert check.disabled
    assert "正在会签" in check.help
    assert "待签1" in said(at)


def test_a_held_case_says_until_when_and_is_taken_up_again(there: World) -> None:
    row = factories.submitted(there)
    with clock.at(factories.FILED + timedelta(hours=1)):
        until = (factories.FILED + timedelta(days=5)).date()
        hold_case(there.county, row.id, until=until, reason="等待鉴定", seen=row.version)

    at = opened(there.county, CASE, id=row.id)
    assert "挂起原因：等待鉴定" in said(at)
    press(press(at, "恢复办理"), "恢复办理", inside="恢复办理")

    assert not row_of(there.county, row).on_hold


def test_an_applicant_asks_to_hurry_and_reads_no_persons_name(there: World) -> None:
    other, row = second(), factories.submitted(there)
    transfer(there.county, row.id, to=other.email, reason="分工", seen=row.version)

    at = opened(there.clerks[0], STATUS, id=row.id)
    press(at, "催办")

    assert [one.value for one in at.toast] == ["已催办"]
    assert not {"王芳", "周丽", "转办"} & set(said(at).split())
    assert "王芳" not in said(at)
    press(at, "催办")
    assert "每3个工作日可催办一次" in errors(at)


def test_a_deputy_is_named_and_relieved_on_the_page(there: World) -> None:
    vice = second("vice", "李强", Role.EXPERT)
    at = opened(there.county, COLLEAGUES)
    fill(at, "代理人", vice.email)
    [reason, *_] = [one for one in at.text_area if one.label.startswith("理由")]
    reason.set_value("休假")

    press(at, "指定代理")
    assert [(one.deputy, one.principal) for one in deputies_of(there.county, desk=COUNTY)] == [("李强", "周丽")]

    press(at, "解除代理")
    assert deputies_of(there.county, desk=COUNTY) == []


def test_handing_over_is_shown_before_it_is_done(there: World) -> None:
    other, row = second(), factories.submitted(there)
    transfer(there.county, row.id, to=there.county.email, reason="专人办理", seen=row.version)
    at = opened(there.county, COLLEAGUES)
    [to] = [one for one in at.selectbox if one.label == "接办人"]
    to.set_value(other.id)
    [*_, reason] = [one for one in at.text_area if one.label.startswith("理由")]
    reason.set_value("调离")

    press(at, "试算")
    assert "将移交1件申报" in said(at)
    assert row_of(there.county, row).handler_id == there.county.id

    press(at, "移交")
    assert row_of(there.county, row).handler_id == other.id
