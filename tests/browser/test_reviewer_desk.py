"""What a reviewer's browser does by itself: evidence shown in the page, keys, and words typed and not sent."""

from io import BytesIO

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfWriter

from models import clock
from models.application import Application
from tests import factories
from tests.browser.conftest import Desk, SignIn
from tests.factories import FILED, PASSWORD, World, unit
from ui.cookies import session_cookie
from workflows.desk import reviews
from workflows.intake.applications import draft, submit
from workflows.intake.attachments import attach
from workflows.people import sessions
from workflows.queries import applications


@pytest.fixture
def there(database: str) -> World:
    return factories.world(3)


def document() -> bytes:
    """A real document of one page."""
    writer, file = PdfWriter(), BytesIO()
    writer.add_blank_page(595, 842)
    writer.write(file)
    return file.getvalue()


def with_both(there: World) -> Application:
    """An application with a picture and a document beside it."""
    clerk = there.clerks[0]
    with clock.at(FILED):
        row = draft(clerk, round_id=there.round_id, organization_code=unit(0), answers=factories.answers(0))
        for n, (slot, name, content) in enumerate((
            ("honour_proof", "证书.png", factories.certificate()), ("results_proof", "成果.pdf", document()),
        )):  # fmt: skip
            attach(clerk, row.id, slot=slot, filename=name, content=content, seen=row.version + n)
        return submit(clerk, row.id, seen=row.version + 2)


def violations(page: Page) -> list[str]:
    """What the browser's console says against our policy, from now on."""
    told: list[str] = []
    page.on("console", lambda one: told.append(one.text) if "Content Security Policy" in one.text else None)
    return told


def ended(desk: Desk) -> None:
    """End the session of a browser, as a time-out or an administrator does."""
    [token] = [one["value"] for one in desk.page.context.cookies() if one["name"] == session_cookie()]
    sessions.sign_out(token)


def test_evidence_is_shown_keys_work_and_typed_words_outlive_the_session(there: World, sign_in: SignIn) -> None:
    row = with_both(there)
    desk = sign_in(there.county)
    told = violations(desk.page)
    desk.go(f"review-case?id={row.id}")

    # "?" opens the sheet; while somebody types it is a question mark, and a letter is a letter.
    with desk.brings(desk.dialog.get_by_text("打开本说明")):
        desk.page.keyboard.press("?")
    desk.page.keyboard.press("Escape")
    expect(desk.dialog).to_have_count(0)
    desk.press("审核通过", shows=desk.dialog)
    opinion = desk.page.get_by_label("审核意见").first
    opinion.click()
    desk.page.keyboard.type("An opinion? /B")
    expect(opinion).to_have_value("An opinion? /B")

    # The session ends under the hand: after signing in again the same form has the same words.
    ended(desk)
    with desk.brings(desk.heading("会话已失效")):
        desk.page.keyboard.press("Control+Enter")
    expect(desk.dialog).to_have_count(0)
    desk.page.get_by_role("link", name="登录").click()
    desk.page.locator("[name=email]").fill(there.county.email)
    desk.page.locator("[name=password]").fill(PASSWORD)
    desk.page.locator("[name=password]").press("Enter")
    expect(desk.heading(row.subject)).to_be_visible()
    desk.drawn()
    desk.press("审核通过", shows=desk.dialog)
    expect(opinion).to_have_value("An opinion? /B")
    with desk.brings("本级已审核通过"):
        desk.page.keyboard.press("Control+Enter")
    assert [r.opinion for r in applications.application(there.county, row.id).reviews] == ["An opinion? /B"]

    # The picture and the document, in the page and under its policy.
    first, second = desk.page.get_by_text("在此查看").all()
    picture, document = (desk.main.locator(f"{tag}[src*='/files/']") for tag in ("img", "iframe"))
    with desk.brings(picture):
        first.click()
    expect(picture).to_have_js_property("naturalWidth", 8)
    with desk.brings(document):
        second.click()
    viewer = document.content_frame.locator("embed, iframe, body").first
    expect(viewer).to_be_attached()
    assert told == []

    # In the queue "/" goes to the search box.
    desk.go("review")
    desk.page.keyboard.press("/")
    expect(desk.page.locator(".st-key-queue-words input")).to_be_focused()
    assert told == []


def test_a_ranking_that_is_not_saved_outlives_a_reload_in_its_table_and_as_text(there: World, sign_in: SignIn) -> None:
    for n in range(2):
        row = factories.submitted(there, n)
        reviews.check(there.county, row.id, seen=row.version)
    desk = sign_in(there.county)
    desk.go("review-slate")
    desk.edit(0, 2, "88.5")
    desk.page.get_by_text("以文字编辑排序").click()
    text = desk.page.get_by_label("排序文字")
    text.click()
    desk.page.keyboard.press("Control+End")
    desk.page.keyboard.type("\n# 待议")
    typed = text.input_value()

    desk.page.reload()
    desk.drawn()

    expect(desk.table().get_by_test_id("glide-cell-2-0")).to_contain_text("88.5")
    desk.page.get_by_text("以文字编辑排序").click()
    expect(text).to_have_value(typed)
    assert typed.endswith("# 待议")
