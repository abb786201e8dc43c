"""A page run as a signed-in person sees it, without a browser."""

from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

from tests.factories import PASSWORD
from workflows.people import sessions
from workflows.record.acting import Actor

ROOT = Path(__file__).parent.parent.parent


def opened(page: str, who: Actor, **about: str) -> AppTest:
    """The page of a file in `ui/views`, run once; `about` stands in its address."""
    token = sessions.sign_in(who.email, PASSWORD, "127.0.0.1")
    shown = AppTest.from_file(str(ROOT / "ui" / "views" / f"{page}.py"), default_timeout=60)
    shown.user["sid"] = sessions.sid_of(token)
    for name, value in about.items():
        shown.query_params[name] = value
    return ran(shown)


def ran(shown: AppTest) -> AppTest:
    """The page after another run; a page that broke fails the test."""
    shown.run()
    assert [error.message for error in shown.exception] == []
    return shown


def texts(shown: AppTest, *kinds: str) -> list[str]:
    """What elements of these kinds say, in the order of the kinds."""
    return [str(element.value) for kind in kinds for element in getattr(shown, kind)]


def press(shown: AppTest, label: str) -> AppTest:
    """Press the button with this label."""
    next(button for button in shown.button if button.label == label).click()
    return ran(shown)


def keyed(elements: Any, ending: str) -> Any:
    """The element whose key ends so."""
    return next(element for element in elements if str(element.key).endswith(ending))
