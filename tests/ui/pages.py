"""A page run as a signed-in person sees it, without a browser."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

from models.base import new_token
from models.database import transaction
from models.settings import settings
from workflows.people import sessions
from workflows.record.acting import Actor

ROOT = Path(__file__).parent.parent.parent


def opened(page: str, who: Actor, **about: str) -> AppTest:
    """The page of a file in `ui/views`, run once; `about` stands in its address."""
    shown = AppTest.from_file(str(ROOT / "ui" / "views" / f"{page}.py"), default_timeout=60)
    shown.user["sid"] = session_of(who)
    for name, value in about.items():
        shown.query_params[name] = value
    return ran(shown)


def session_of(who: Actor) -> str:
    """The id of a session of somebody."""
    return sessions.sid_of(token_of(who))


def token_of(who: Actor) -> str:
    """What the cookie of somebody holds, without their password: to hash it is slow on purpose."""
    token = new_token()
    with transaction() as store:
        sid, now = sessions.sid_of(token), store.now
        store.run(sessions._OPEN, id=sid, account_id=who.id, created_at=now, seen_at=now,  # noqa: SLF001 -- see above
                  ends_at=now + timedelta(hours=settings().session_hours), address="127.0.0.1", agent="")  # fmt: skip
    return token


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
