"""Every page as everybody: what the menu holds, what an address opens, and that no button promises too much."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import pytest
import structlog
from streamlit.testing.v1 import AppTest

from models.database import together
from models.errors import ForbiddenError, NotFoundError, RefusedError, ShenbaoError
from tests.ui import faces
from tests.ui.faces import Eyes, Faces, Stage, eyes, stage, there
from ui.components import proof
from ui.views import PAGES

__all__ = ["eyes", "stage", "there"]

APP = "ui/app.py"
ANYBODY = {"", "my-letters", "account"}
APPLICANTS = {"my-applications", "apply", "my-application"}
DESK = {
    "review", "review-case", "compare", "questions", "bulk", "review-slate", "review-notice", "review-titles",
    "review-subsidies", "colleagues",
}  # fmt: skip
JUDGES = {"score", "meeting"}
OFFICE = {
    "panels", "figures", "questions", "rounds", "programmes", "overdue", "letters", "wording", "clocks", "journal",
    "colleagues", "people", "facts", "imports",
}  # fmt: skip
# Who has which pages, written down apart from the code that decides it.
HAVE: dict[str, set[str]] = {
    "clerk1": APPLICANTS | {"my-titles"}, "worker": APPLICANTS, "county": DESK, "city": DESK, "industry": DESK,
    # A programme of the province has its own desk score: its reviewers judge, and draw the panels.
    "province": DESK | JUDGES | {"panels"}, "expert0": JUDGES, "administrator": OFFICE, "county_administrator": OFFICE,
    "next_city": DESK, "next_province": DESK, "foreign_administrator": OFFICE, "unseated": set(),
}  # fmt: skip
# The pages of one thing, and the things that each may be about.
ABOUT = {
    "review-case": ("case", "noticed", "scored", "draft"), "my-application": ("case", "noticed", "draft"),
    "apply": ("case", "draft"),
}  # fmt: skip
BY_PATH = {page.path: page for page in PAGES}
WORDS = "说明"
# Who has pages with something on them to press.
PRESSING = ("clerk1", "county", "city", "province", "administrator", "county_administrator")
# Some of the verbs that the presses must come to: presses that reach nothing would prove nothing.
REACHED = {"depute", "hand_over", "seat", "transfer", "delegate", "copy"}
SHORTEST_REASON = 4  # characters


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    with structlog.testing.capture_logs():
        yield


class Seen(NamedTuple):
    """One page before one person."""

    who: str
    path: str
    thing: str | None
    page: AppTest


@pytest.fixture(scope="module")
def everything(stage: Stage, eyes: Eyes) -> Callable[[], list[Seen]]:
    """Answer every page of everybody, drawn once for the module, when first asked."""
    drawn: list[Seen] = []

    def seen() -> list[Seen]:
        if not drawn:
            drawn.extend(
                Seen(who, path, thing, eyes.open(who, BY_PATH[path].file, thing).page)
                for who, have in HAVE.items() for path in sorted(ANYBODY | have) for thing in ABOUT.get(path, (None,))
            )  # fmt: skip
        return drawn

    assert stage.there
    return seen


def menu(who: str, eyes: Eyes) -> AppTest:
    """The first page of the whole program, with its menu."""
    app = AppTest.from_file(str(faces.ROOT / APP), default_timeout=60)
    app.user["sid"] = eyes.sid(who)
    return eyes.run(app).page


@pytest.mark.parametrize("who", HAVE)
def test_the_menu_holds_the_pages_of_the_seats_and_an_address_opens_no_other(
    there: Faces, eyes: Eyes, who: str
) -> None:
    actor = there.people[who]
    own = {page.path for page in PAGES if page.shown(actor)}

    assert own == ANYBODY | HAVE[who]
    app = menu(who, eyes)
    for page in PAGES:
        if page.path in own:
            app.switch_page(page.file.removeprefix("ui/"))
        else:
            with pytest.raises(ValueError, match=page.file.rpartition("/")[2].removesuffix(".py")):
                app.switch_page(page.file.removeprefix("ui/"))


@pytest.mark.parametrize("who", ["disabled", "nobody"])
def test_who_is_not_let_in_has_no_page_at_all(there: Faces, eyes: Eyes, who: str) -> None:
    app = AppTest.from_file(str(faces.ROOT / APP), default_timeout=60)
    app.user["sid"] = eyes.sid(who) if who in there.people else "0" * 64
    app = eyes.run(app).page

    assert [one.value for one in app.title] == ["会话已失效"]
    assert list(app.button) == []
    with pytest.raises(ValueError, match="home"):
        app.switch_page("views/home.py")


def test_a_button_that_cannot_be_pressed_says_why(there: Faces, everything: Callable[[], list[Seen]]) -> None:
    grey = [(one, button) for one in everything() for button in one.page.button if button.disabled]

    mute = {(one.path, button.label) for one, button in grey if len(button.help or "") < SHORTEST_REASON}
    assert there
    assert len({(one.path, button.label) for one, button in grey}) > 10
    assert mute == set()


class Tried(NamedTuple):
    """A verb that a press came to, and with what."""

    verb: Callable[..., Any]
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]


@pytest.fixture
def tried(monkeypatch: pytest.MonkeyPatch) -> list[Tried]:
    """Answer the verbs that pages come to; the press goes as far as the verb, and no further."""
    found: list[Tried] = []

    def require(verb: Callable[..., Any], kwargs: Mapping[str, Any]) -> None:
        args = sys._getframe(1).f_locals["args"]  # noqa: SLF001 -- `attempt` hands on the verb, and not its arguments
        found.append(Tried(verb, args, dict(kwargs)))
        raise RefusedError("already_done")

    monkeypatch.setattr(proof, "require", require)
    return found


def test_no_button_that_can_be_pressed_is_one_that_its_verb_forbids(
    there: Faces, everything: Callable[[], list[Seen]], tried: list[Tried], eyes: Eyes
) -> None:
    """A press may lack a word or come at the wrong time: that is said then. It is never somebody else's to do."""
    forbidden, reached = set(), set()
    for one in everything():
        if one.who not in PRESSING or one.path in ANYBODY:
            continue
        for label in sorted({button.label for button in one.page.button if not button.disabled}):
            tried.clear()
            pressed(one.page, label, eyes)
            reached |= {held.verb.__name__ for held in tried}
            forbidden |= {(one.who, one.path, label, held.verb.__name__, no) for held in tried if (no := told(held))}

    assert there
    assert forbidden == set()
    assert reached >= REACHED


def pressed(page: AppTest, label: str, eyes: Eyes) -> None:
    """Press a button; when that opens a dialog, fill in what it asks for and press every button of it."""
    known = {button.key for button in page.button}
    click(page, label)
    eyes.press(page)
    for inner in [button for button in page.button if button.key not in known and not button.disabled]:
        for field in [*page.text_area, *page.text_input]:
            if not field.value:
                field.set_value(WORDS)
        click(page, label)
        click(page, inner.label, last=True)
        eyes.press(page)


def click(page: AppTest, label: str, *, last: bool = False) -> None:
    """Press the first button with these words that can be pressed; the last one is that of an open dialog."""
    found = [button for button in page.button if button.label == label and not button.disabled]
    if found:
        found[-1 if last else 0].click()


def told(held: Tried) -> str | None:
    """The code with which a verb says that this is not for this person to do; None when it says something else."""
    try:
        with together(keep=False):
            held.verb(*held.args, **held.kwargs)
    except NotFoundError as error:
        # What was typed in names nobody; the thing of the page must be there.
        return error.code if error.details.get("given") in held.args else None
    except ForbiddenError as error:
        return error.code
    except ShenbaoError:
        return None
    return None
