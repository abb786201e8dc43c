"""What anybody may read and send without signing in, over HTTP."""

import re
from collections.abc import Iterator

import pytest

from models.notice import Notice
from models.vocabulary import Ground, ObjectionState
from tests import living
from tests.factories import identity
from tests.living import Living
from tests.ui.web import Web, serving
from workflows.queries import lists
from workflows.queries.docket import receipt_of


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


def hidden(page: str, name: str) -> str:
    """A hidden field of a form."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None
    return found[1]


def sent(web: Web, notice: Notice, **given: str) -> tuple[int, str]:
    """Fill in the form to object to the first name, and send it."""
    path = f"/notices/{notice.id}/objection?line=1"
    page = web.http.get(path)
    data = {"csrf": hidden(page.text, "csrf"), "key": hidden(page.text, "key"), **given}
    answer = web.http.post(path, data=data)
    return answer.status_code, answer.text


def test_a_stranger_reads_the_list_and_one_notice(web: Web, notice: Notice) -> None:
    listing, page = web.http.get("/notices"), web.http.get(f"/notices/{notice.id}")

    assert (listing.status_code, page.status_code) == (200, 200)
    assert f'href="/notices/{notice.id}?lang=zh"' in listing.text
    for told in (
        "焊接机器人创新工作室",
        "张建国",
        "杭州焊接机器人有限公司",
        "杭州市总工会",
        notice.snapshot_hash,
    ):
        assert told in page.text
    assert page.headers["cache-control"] == "public, max-age=60"
    assert "set-cookie" not in page.headers


def test_a_notice_shows_nothing_that_is_private(there: Living, web: Web, notice: Notice) -> None:
    text = web.http.get(f"/notices/{notice.id}").text

    for secret in (identity(0), notice.snapshot[0]["application"], "clerk0", "周丽"):
        assert secret not in text


def test_the_pages_are_english_where_the_address_says_so(web: Web, notice: Notice) -> None:
    text = web.http.get(f"/notices/{notice.id}?lang=en").text

    assert '<html lang="en">' in text
    for told in ("Published by", "Recommended by", "Object"):
        assert told in text
    assert "公示单位" not in text


def test_a_notice_that_is_not_there_is_said_to_be_missing(web: Web) -> None:
    for path in ("/notices/nothing", "/notices/nothing/objection?line=1"):
        answer = web.http.get(path)
        assert (answer.status_code, "没有找到这份公示。" in answer.text) == (404, True)


def test_a_signed_objection_is_heard_and_gets_a_number(there: Living, web: Web, notice: Notice) -> None:
    status, page = sent(
        web, notice, ground="deeds", words="专利不属于本人", objector="王五", contact="13800000000", signed="1"
    )  # fmt: skip

    (made,) = lists.objections(there.province, desk="330000")
    found = (made.ground, made.words, made.objector, made.contact, made.state, made.signed)
    assert found == (
        Ground.DEEDS, "专利不属于本人", "王五", "13800000000", ObjectionState.INVESTIGATING, True,
    )  # fmt: skip
    assert status == 200
    assert (receipt_of(made.id) in page, made.id in page) == (True, False)
    assert "已受理" in page


def test_an_unsigned_objection_is_kept_as_a_lead_and_says_so(there: Living, web: Web, notice: Notice) -> None:
    status, page = sent(web, notice, ground="deeds", words="专利不属于本人")

    (made,) = lists.objections(there.province, desk="330000")
    assert (status, made.state, made.inadmissible) == (200, ObjectionState.LEAD, "anonymous")
    assert "未署真实姓名的反映作为线索留存" in page


def test_the_same_form_sent_twice_is_one_objection(there: Living, web: Web, notice: Notice) -> None:
    path = f"/notices/{notice.id}/objection?line=1"
    page = web.http.get(path).text
    data = {
        "csrf": hidden(page, "csrf"),
        "key": hidden(page, "key"),
        "ground": "deeds",
        "words": "不实",
    }

    first, second = (web.http.post(path, data=data) for _ in range(2))

    (made,) = lists.objections(there.province, desk="330000")
    assert (receipt_of(made.id) in first.text, receipt_of(made.id) in second.text) == (True, True)


def test_what_is_refused_keeps_every_word_and_says_why(there: Living, web: Web, notice: Notice) -> None:
    status, page = sent(web, notice, ground="deeds", words="", objector="<b>王五</b>", contact="电话")

    assert status == 422
    assert 'value="&lt;b&gt;王五&lt;/b&gt;"' in page
    assert "“内容”还没有文字说明，请填写。" in page
    assert lists.objections(there.province, desk="330000") == []


def test_a_form_that_is_not_ours_enters_nothing_but_keeps_the_words(there: Living, web: Web, notice: Notice) -> None:
    path = f"/notices/{notice.id}/objection?line=1"

    answer = web.http.post(path, data={"csrf": "guess", "ground": "deeds", "words": "不实"})

    assert answer.status_code == 403
    assert ">不实</textarea>" in answer.text
    assert lists.objections(there.province, desk="330000") == []


def test_a_name_too_long_for_its_column_is_refused_in_words(web: Web, notice: Notice) -> None:
    status, page = sent(web, notice, ground="deeds", words="不实", objector="王" * 61)

    assert (status, "“异议人”最多60个字，现有61个字，请精简。" in page) == (422, True)


def test_a_flood_of_objections_is_stopped(web: Web, notice: Notice) -> None:
    answers = [sent(web, notice, ground="grade", words=f"第{n}次")[0] for n in range(11)]

    assert answers == [200] * 10 + [429]


def test_everything_else_still_asks_who_is_there(web: Web) -> None:
    for path in ("/rounds", "/files/1", "/noticesx", "/objectionsx", "/decisionsx"):
        assert web.http.get(path, headers={"accept": "text/html"}).status_code == 303
