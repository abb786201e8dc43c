"""`shenbao up --demo` killed in mid-work: what was answered stands, and the next one serves at once."""

import re
import signal
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from models.application import Application
from models.base import table
from models.database import connect, disconnect, reading
from models.settings import settings
from models.sql import rows_of
from models.vocabulary import State
from tests.faults.acts import edit
from tests.faults.lives import acked, complaints, goes_on, here, killed, lines, lost, started
from tests.ui.trees import fetch, free_port, python, running, until
from workflows.record.acting import actor_by_id

UP = "from ui.cli import main; main(['up', '--demo'])"
_DRAFTS = rows_of(Application, table(Application).c.state == State.DRAFT)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a demo on free ports, in a folder of its own; nothing listens there yet."""
    port = free_port()
    monkeypatch.setenv("SHENBAO_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("SHENBAO_WEB_PORT", str(port))
    monkeypatch.setenv("SHENBAO_PREFECT_PORT", str(free_port()))
    settings.cache_clear()
    yield f"http://127.0.0.1:{port}"
    disconnect()
    settings.cache_clear()


def signed_in(site: str) -> httpx.Client:
    """A browser in which the demo's applicant has signed in."""
    browser = httpx.Client(base_url=site, trust_env=False, timeout=30)
    page = browser.get("/login")
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text))
    fields |= {"email": "applicant@zj.example.cn", "password": "zhejiang-demo"}
    answer = browser.post("/login", data=fields, headers={"origin": site})
    assert (answer.status_code, "shenbao" in browser.cookies) == (303, True), answer.text
    return browser


def test_a_killed_demo_comes_up_again_with_everything_it_had_answered(site: str) -> None:
    with running(*python(UP)) as tree:
        until(lambda: fetch(f"{site}/healthz"), 90)
        browser = signed_in(site)
        url = settings().database
        connect(url)
        with reading() as store:
            one = store.all(_DRAFTS)[0]
            clerk = actor_by_id(store, one.applicant_id)
        place = here(url)
        client = started(edit, place, clerk, one.id, one.version)
        goes_on(place)

        tree.signal(signal.SIGKILL)

        until(lambda: tree.alive() == {})
        goes_on(place)
    with closing(browser), running(*python(UP)) as tree:
        until(lambda: fetch(f"{site}/healthz"), 60)
        ready = browser.get("/readyz")
        inside = browser.get("/", follow_redirects=False)
        goes_on(place)
        killed(client)

        tree.signal(signal.SIGTERM)

        assert tree.ended(30) == 0
        assert tree.alive() == {}
    assert (ready.status_code, ready.json()["trouble"], inside.status_code) == (200, [], 200)
    assert (lost(place), [line for line in lines(place) if "verb" not in line]) == ([], [])
    assert len(acked(place)) > 2
    assert complaints() == []
