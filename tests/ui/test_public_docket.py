"""Receipts, evidence, corrections, frozen lists and decisions, as anybody meets them over HTTP."""

import hashlib
import re
from collections.abc import Iterator

import pytest

from models import clock
from models.notice import Notice
from models.vocabulary import ObjectionState
from tests import living
from tests.factories import identity
from tests.living import Living
from tests.ui.test_public import hidden
from tests.ui.web import Web, serving
from tests.worlds import photo, rows
from workflows.deciding.decisions import decide
from workflows.deciding.errata import correct_decision
from workflows.hearing.notices import close
from workflows.queries import lists
from workflows.queries.docket import docket
from workflows.rules.calendar import local_date

PROVINCE = "330000"
PNG = ("evidence", ("王五的证据.png", photo(), "image/png"))


@pytest.fixture
def there(database: str) -> Living:
    """Answer a round that is open today."""
    return living.living()


@pytest.fixture
def notice(there: Living) -> Notice:
    """Answer a public notice of one name."""
    return living.in_notice(there)


@pytest.fixture
def web(notice: Notice) -> Iterator[Web]:
    """Yield the site with a notice on it."""
    with serving() as site:
        yield site


def objected(web: Web, notice: Notice, files: list[object] | None = None, **given: str) -> str:
    """Fill in the form to object to the first name, with files, and send it; the page that answers."""
    path = f"/notices/{notice.id}/objection?line=1"
    page = web.http.get(path).text
    fields = {"csrf": hidden(page, "csrf"), "key": hidden(page, "key"), "ground": "deeds", "words": "专利不属于本人",
              "objector": "王五", "contact": "13800000000", "signed": "1", **given}  # fmt: skip
    return web.http.post(path, data=fields, files=files or [("evidence", ("", b"", "application/octet-stream"))]).text  # type: ignore[arg-type]


def receipt_on(page: str) -> str:
    """The receipt that a page tells."""
    found = re.search(r"\d{4}-\d{4}-\d{4}-\d{4}", page)
    assert found is not None
    return found[0]


def looked_up(web: Web, receipt: str) -> str:
    """The page of a receipt."""
    return web.http.post("/objections", data={"receipt": receipt}).text


def act(web: Web, page: str, path: str, **given: str) -> str:
    """Send one of the forms of a receipt's page."""
    names = ("csrf", "key", "receipt")
    return web.http.post(path, data={name: hidden(page, name) for name in names} | given).text


def test_an_objection_with_evidence_is_looked_up_by_its_receipt_alone(there: Living, web: Web, notice: Notice) -> None:
    page = objected(web, notice, [PNG])

    [case] = docket(there.province, desk=PROVINCE)
    hidden = f"****-****-****-{receipt_on(page)[-4:]}"
    assert (case.receipt, [p.filename for p in case.papers]) == (hidden, ["王五的证据.png"])
    shown = looked_up(web, receipt_on(page).replace("-", ""))
    assert "已受理，正在核查。" in shown
    for secret in ("王五", "13800000000", "张建国", "焊接", "专利不属于本人", case.objection.id, identity(0)):
        assert secret not in shown


def test_a_receipt_page_is_kept_by_nobody_and_its_number_stands_in_no_address(web: Web, notice: Notice) -> None:
    receipt = receipt_on(objected(web, notice))
    answer = web.http.post("/objections", data={"receipt": receipt})

    assert answer.headers["cache-control"] == "no-store"
    assert f"/objections?receipt={receipt}" not in answer.text
    assert web.http.get("/objections", params={"receipt": receipt}).text.count(receipt) == 0


@pytest.mark.parametrize("receipt", ["", "1234", "0000-0000-0000-0018", "<b>"])
def test_a_wrong_receipt_is_told_so_and_guessing_is_stopped(web: Web, receipt: str) -> None:
    answers = [web.http.post("/objections", data={"receipt": receipt}) for _ in range(11)]

    assert [answer.status_code for answer in answers] == [404] * 10 + [429]
    assert "没有查到这个回执编号" in answers[0].text
    assert "<b>" not in answers[0].text


def test_evidence_is_added_and_an_objection_taken_back_by_the_receipt(there: Living, web: Web, notice: Notice) -> None:
    page = looked_up(web, receipt_on(objected(web, notice)))
    fields = {name: hidden(page, name) for name in ("csrf", "key", "receipt")}

    added = web.http.post("/objections/evidence", data=fields, files=[PNG]).text

    assert "证据已收到。" in added
    [case] = docket(there.province, desk=PROVINCE)
    assert len(case.papers) == 1
    assert "请先勾选" in act(web, added, "/objections/withdrawal")
    assert "异议已撤回。" in act(web, added, "/objections/withdrawal", sure="1")
    [case] = docket(there.province, desk=PROVINCE)
    assert (case.objection.state, case.objection.inadmissible) == (ObjectionState.LEAD, "objection_withdrawn")


def test_a_form_that_is_not_ours_adds_and_withdraws_nothing(there: Living, web: Web, notice: Notice) -> None:
    receipt = receipt_on(objected(web, notice))

    for path in ("/objections/evidence", "/objections/withdrawal"):
        answer = web.http.post(path, data={"receipt": receipt, "csrf": "guess", "key": "k", "sure": "1"})
        assert answer.status_code == 403
    [case] = docket(there.province, desk=PROVINCE)
    assert (case.objection.state, case.papers) == (ObjectionState.INVESTIGATING, ())


def test_a_file_that_will_not_do_enters_nothing_and_keeps_every_word(there: Living, web: Web, notice: Notice) -> None:
    page = objected(web, notice, [("evidence", ("脚本.png", b"MZ\x90\x00", "image/png"))], words="专利不属于本人")

    assert lists.objections(there.province, desk=PROVINCE) == []
    assert ">专利不属于本人</textarea>" in page
    assert 'value="王五"' in page


def test_more_files_than_allowed_enter_nothing(there: Living, web: Web, notice: Notice) -> None:
    objected(web, notice, [PNG] * 6)

    assert lists.objections(there.province, desk=PROVINCE) == []


def test_a_typing_error_pointed_at_by_the_same_form_is_no_dispute(there: Living, web: Web, notice: Notice) -> None:
    page = objected(web, notice, ground="typing", field="leader_name", value="张健国", words="“健”误作“建”")

    [case] = docket(there.province, desk=PROVINCE)
    assert (case.objection.state, case.field, case.value) == (ObjectionState.LEAD, "leader_name", "张健国")
    assert "不按异议处理" in page
    assert rows("SELECT state FROM application WHERE id = :a", a=case.about.application_id) == [("public_notice",)]
    assert "更正申请正在核对。" in looked_up(web, receipt_on(page))


def test_anybody_computes_the_hash_of_the_published_list_again(web: Web, notice: Notice) -> None:
    path = f"/notices/{notice.id}/list.json"
    answer = web.http.get(path)

    assert hashlib.sha256(answer.content).hexdigest() == notice.snapshot_hash
    assert answer.json() == notice.snapshot
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert f'href="{path}"' in web.http.get(f"/notices/{notice.id}").text
    again = web.http.get(path, headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert web.http.get("/notices/nothing/list.json").status_code == 404


def test_a_decision_is_read_by_anybody_by_area_with_what_puts_it_right(there: Living, web: Web, notice: Notice) -> None:
    with clock.at(notice.ends_at):
        close(there.province, notice.id, seen=notice.version)
        number = f"浙总工〔{clock.now().year}〕15号"
        slate = lists.slates(there.province, desk=PROVINCE)[0][0]
        made = decide(there.province, slate.id, number=number, meeting_on=local_date(clock.now()), seen=slate.version)
    web.http.cookies.clear()
    page = web.http.get(f"/decisions/{made.id}").text

    assert number in web.http.get("/decisions").text
    for told in (number, "<h2>杭州市总工会（1项）</h2>", "张建国", made.annex_hash, "浙江省总工会"):
        assert told in page, told
    for secret in (identity(0), "clerk0", made.account_id):
        assert secret not in page
    [title] = lists.titles(there.province, organization_code=PROVINCE)
    with clock.at(notice.ends_at):
        item: dict[str, object] = {"title": title.id, "field": "leader_name", "value": "张健国", "seen": title.version}
        again = correct_decision(there.province, made.id, titles=[item], number=number.replace("15", "16"),
                                 meeting_on=local_date(clock.now()), reason="打印有误")  # fmt: skip
    assert "已由后文更正" in web.http.get(f"/decisions/{made.id}").text
    corrected = web.http.get(f"/decisions/{again.id}?lang=en").text
    for told in ("Puts right", number, "张建国", "张健国"):
        assert told in corrected, told
    assert web.http.get("/decisions/nothing").status_code == 404
