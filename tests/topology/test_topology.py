"""F1 to F4 where shenbao has outgrown one machine: every process started from the files of docs/deploy, and killed."""

from __future__ import annotations

import re
import ssl
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest
from playwright.sync_api import Browser
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect as websocket

from models.database import connect, disconnect
from models.settings import settings
from models.vocabulary import State
from tests import living, postgres
from tests.browser.conftest import SLOW, STILL, TOASTS, Desk, chromium
from tests.factories import PASSWORD
from tests.faults.acts import edit_on
from tests.faults.lives import acked, complaints, goes_on, here, killed, lines, lost, started
from tests.living import Living
from tests.topology.machine import HOST, NGINX, PREFECT, WEB, WORKERS, Machine, crash, listens, made, revive
from tests.ui.trees import fetch, until
from tests.ui.web import hidden_fields
from tests.worlds import rows
from workflows.queries import applications, mine
from workflows.record.acting import Actor

__all__ = ["chromium"]  # pytest finds the fixture here

LONG_OPEN, LATE = 60, 25  # days: what was handed in then is overdue in any year, and not too old to be told of
SLOWLY = 120  # seconds: a worker's run is a fresh interpreter, on a machine that others use as well
# Letters leave at once at any hour, and what is due is found soon.
QUICK = {
    "SHENBAO_SWEEP_SECONDS": "20", "SHENBAO_LETTER_SECONDS": "1", "SHENBAO_LETTER_HOLD_SECONDS": "0",
    "SHENBAO_QUIET_FROM": "00:00", "SHENBAO_QUIET_UNTIL": "00:00", "PREFECT_WORKER_QUERY_SECONDS": "2",
}  # fmt: skip
_LATE = "SELECT id, fired_at, rung FROM deadline WHERE thing_id = :of AND closed_at IS NULL"
_LETTERS = "SELECT id, sent_at, dead_at FROM letter"
_MESSAGES = "SELECT DISTINCT coalesce(carried_with, id) FROM letter WHERE sent_at IS NOT NULL"


Come = Callable[[], "Visitor"]


class Site(NamedTuple):
    """The machine, PostgreSQL's folder, and what was there before the first visitor."""

    machine: Machine
    socket: str
    there: Living
    late: str  # an application at the county's desk since long


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Everything of docs/operations.md's numbered steps, in their order."""
    if (binaries := postgres.binaries()) is None:
        pytest.skip("no PostgreSQL server on this machine: on Debian, apt-get install postgresql")
    if not Path(NGINX).exists():
        pytest.skip("no nginx on this machine: on Debian, apt-get install nginx-light")
    with postgres.cluster(binaries, lasting=True) as address:
        socket_folder = address.split("host=")[1]
        machine = Machine(tmp_path_factory.mktemp("machine"), socket_folder, **QUICK)
        made(socket_folder)
        try:
            machine.once("shenbao-setup")
            machine.start(PREFECT)
            for name in WEB:
                machine.start(name)
            machine.door()
            with _inside(machine):
                there = living.living(days=LONG_OPEN)
                late = living.submitted(there, 1, days_ago=LATE)
            for name in WEB:
                until(lambda name=name: fetch(f"http://{HOST}:{machine.port(name)}/healthz"), SLOWLY)  # type: ignore[misc]
            for name in WORKERS:
                machine.start(name)
            yield Site(machine, socket_folder, there, late.id)
        finally:
            machine.stop_all()


@pytest.fixture
def there(site: Site) -> Iterator[Living]:
    """Stand in the database of that machine; the doctor sees it afterwards."""
    with _inside(site.machine):
        yield site.there
        assert complaints() == []


@contextmanager
def _inside(machine: Machine) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in machine.settings().items():
            if name.startswith("SHENBAO_"):
                patch.setenv(name, value)
        settings.cache_clear()
        connect()
        yield
        disconnect()
    settings.cache_clear()


class Visitor:
    """A browser without a window, that comes through nginx and believes its certificate."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.http = httpx.Client(base_url=self.machine.site, verify=False, trust_env=False, timeout=30)  # noqa: S501 -- the test's own

    def sign_in(self, who: Actor) -> None:
        """By the form, as a person does."""
        fields = hidden_fields(self.http.get("/login").text)
        fields |= {"email": who.email, "password": PASSWORD}
        answer = self.http.post("/login", data=fields, headers={"origin": self.machine.site})
        assert (answer.status_code, "__Host-shenbao" in self.http.cookies) == (303, True), answer.text

    @property
    def cookie(self) -> str:
        """What the browser sends along."""
        return f"__Host-shenbao={self.http.cookies['__Host-shenbao']}"

    def stream(self, *, cookie: str | None = None) -> int:
        """The status of Streamlit's WebSocket through nginx."""
        trusting = ssl.create_default_context()
        trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
        headers = {"origin": self.machine.site, "cookie": self.cookie if cookie is None else cookie}
        address = f"{self.machine.site.replace('https', 'wss')}/_stcore/stream"
        try:
            with websocket(address, ssl=trusting, additional_headers=headers, proxy=None):
                return 101
        except InvalidStatus as refused:
            return refused.response.status_code

    def at(self, unit: str, path: str) -> httpx.Response:
        """Ask one web face past nginx, with the same session."""
        address = f"http://{HOST}:{self.machine.port(unit)}{path}"
        return httpx.get(address, headers={"cookie": self.cookie}, trust_env=False, timeout=30)

    def served_by(self, path: str) -> list[str]:
        """The web faces that have answered this path so far, the last one last."""
        ports = {str(self.machine.port(unit)): unit for unit in WEB}
        return [ports[port] for port, _, asked in self.machine.answered() if asked == path and port in ports]


@pytest.fixture
def come(site: Site) -> Iterator[Come]:
    """Come as a visitor, as often as a test wants."""
    with ExitStack() as held:

        def arrive() -> Visitor:
            visitor = Visitor(site.machine)
            held.callback(visitor.http.close)
            return visitor

        yield arrive


def runs(machine: Machine, *states: str) -> list[dict[str, Any]]:
    """Prefect's runs in the pool that are in one of these states."""
    body = {"flow_runs": {"state": {"type": {"any_": list(states)}}}, "work_pools": {"name": {"any_": ["shenbao"]}}}
    return fetch(f"http://{HOST}:{machine.ports['8601']}/api/flow_runs/filter", {**body, "limit": 200}) or []


def swept(machine: Machine) -> int:
    """How many sweeps have completed."""
    return sum(run["name"].startswith("deadline-sweep") for run in runs(machine, "COMPLETED"))


def test_the_door_lets_people_in_and_keeps_what_is_the_houses_own(there: Living, come: Come) -> None:
    visitor = come()
    visitor.sign_in(there.county)

    closed = ["/metrics", "/internal/alarm", "/_stcore/metrics", "/readyz"]
    assert [visitor.http.get(path).status_code for path in closed] == [404] * 4
    assert (visitor.stream(), visitor.stream(cookie="__Host-shenbao=made-up")) == (101, 403)
    for _ in range(6):
        assert visitor.http.get("/review", headers={"accept": "text/html"}).status_code == 200
    assert len(set(visitor.served_by("/review"))) == 1
    assert visitor.http.post("/login", content=b"x" * (26 << 20)).status_code == 413
    plain = httpx.get(f"http://{HOST}:{visitor.machine.ports['80']}/review", trust_env=False)
    assert (plain.status_code, plain.headers["location"].startswith("https://")) == (301, True)


def test_what_is_handed_in_at_one_web_face_is_read_at_the_other(
    site: Site, there: Living, chromium: Browser, come: Come
) -> None:
    clerk = there.clerks[0]
    row = living.drafted(there)
    context = chromium.new_context(locale="zh-CN", reduced_motion="reduce", ignore_https_errors=True)
    context.set_default_timeout(SLOW)
    context.add_init_script(STILL + TOASTS)
    desk = Desk(context.new_page(), site.machine.site)
    desk.page.goto(f"{desk.site}/login?next=/apply%3Fid={row.id}")
    desk.page.locator("[name=email]").fill(clerk.email)
    desk.page.locator("[name=password]").fill(PASSWORD)
    desk.page.locator("[name=password]").press("Enter")
    desk.drawn()
    with desk.brings("证书.pdf（1 KB）"):
        box = desk.page.locator("input[type=file]").first
        box.set_input_files({"name": "证书.pdf", "mimeType": "application/pdf", "buffer": living.pdf()})
    desk.press("提交申报", shows=desk.dialog)
    desk.confirm("确认提交", shows=desk.heading("申报已提交"))
    [token] = [c["value"] for c in context.cookies() if c.get("name") == "__Host-shenbao"]
    context.close()

    (case,) = mine.my_cases(clerk)
    [file] = applications.application(clerk, case.id).files
    visitor = come()
    visitor.http.cookies.set("__Host-shenbao", token)
    stood = visitor.served_by("/_stcore/stream")
    found = [visitor.at(unit, f"/files/{file.id}") for unit in WEB]
    pages = [visitor.at(unit, f"/print/{case.id}").text for unit in WEB]
    assert case.state is State.COUNTY_REVIEW
    assert stood
    assert [(answer.status_code, answer.content) for answer in found] == [(200, living.pdf())] * 2
    assert [str(case.receipt) in page for page in pages] == [True, True]
    assert list(site.machine.folder.glob("lib*/attachments/*")) == []


def test_tries_to_sign_in_count_at_both_web_faces_and_by_the_visitors_address(
    site: Site, there: Living, come: Come
) -> None:
    visitor = come()
    login = visitor.http.get("/login")
    crumbs = "; ".join(f"{name}={value}" for name, value in login.cookies.items())

    def tried(unit: str) -> int:
        address = f"http://{HOST}:{site.machine.port(unit)}/login"
        given = {**hidden_fields(login.text), "email": "nobody@example.cn", "password": "wrong"}
        told = {"cookie": crumbs, "x-forwarded-for": "192.0.2.9"}
        return httpx.post(address, data=given, headers=told, trust_env=False, timeout=30).status_code

    answers = Counter(tried(WEB[n % 2]) for n in range(12))

    assert answers == {401: 10, 429: 2}
    visitor.sign_in(there.city)


def test_the_workers_do_what_is_due_once(site: Site, there: Living) -> None:
    machine = site.machine
    until(lambda: swept(machine) >= 2, SLOWLY)

    [(_, fired_at, rung)] = rows(_LATE, of=site.late)
    assert (fired_at is not None, rung > 0) == (True, True)
    until(lambda: all(sent or dead for _, sent, dead in rows(_LETTERS)), SLOWLY)
    known = fetch(f"http://{HOST}:{machine.ports['8601']}/api/work_pools/shenbao/workers/filter", {})
    assert sorted(worker["name"] for worker in known) == ["one", "two"]


def test_whatever_is_killed_under_load_what_was_answered_stands_and_is_done_once(
    site: Site, there: Living, come: Come
) -> None:
    machine, visitor = site.machine, come()
    visitor.sign_in(there.county)
    places = [here(settings().database, f"client{n}") for n in range(2)]
    drafts = [living.drafted(there) for _ in range(2)]
    clients = [started(edit_on, place, there.clerks[0], row.id) for place, row in zip(places, drafts, strict=True)]

    def works() -> None:
        for place in places:
            goes_on(place)

    with reading_on(visitor) as seen:
        works()
        stood = visitor.served_by("/review")[-1]
        machine.kill(stood)
        works()
        until(seen.goes_on, SLOWLY)
        assert (set(seen.answers), visitor.stream()) == ({200}, 101)
        assert seen.cut <= 1
        machine.start(stood)
    for gone in (_a_worker_is_gone, _prefect_is_gone, _the_database_is_gone):
        gone(site)
        works()
        before = swept(machine)
        until(lambda before=before: swept(machine) > before, SLOWLY)  # type: ignore[misc]
    machine.start(WORKERS[0])
    until(lambda: visitor.http.get("/review", headers={"accept": "text/html"}).status_code == 200)
    for client in clients:
        killed(client)

    assert [line for place in places for line in lines(place) if "raw" in line] == []
    assert [line for place in places for line in lost(place)] == []
    assert len([line for place in places for line in acked(place)]) > 10
    _all_once(site)


def _a_worker_is_gone(site: Site) -> None:
    """One machine is lost with everything that ran on it; the other worker goes on alone."""
    site.machine.kill(WORKERS[0])


def _prefect_is_gone(site: Site) -> None:
    site.machine.kill(PREFECT)
    until(lambda: not listens(int(site.machine.ports["8601"])))
    site.machine.start(PREFECT)
    until(lambda: fetch(f"http://{HOST}:{site.machine.ports['8601']}/api/health"), SLOWLY)


def _the_database_is_gone(site: Site) -> None:
    """Both databases, in the middle of everything."""
    crash(site.socket)
    revive(site.socket)


class Reading:
    """Somebody who asks for a page again and again, and the status of each answer."""

    def __init__(self, visitor: Visitor) -> None:
        self.answers: Counter[int] = Counter()
        self.cut = 0  # answers that a kill cut off in their middle: a browser loads the page again
        self.over = threading.Event()
        self._visitor = visitor

    def goes_on(self) -> bool:
        """Whether there are a few answers more than at the last question."""
        before = self.answers.total()
        self.over.wait(1)
        return self.answers.total() > before

    def run(self) -> None:
        """Until told to end."""
        while not self.over.is_set():
            try:
                answer = self._visitor.http.get("/review", headers={"accept": "text/html"})
            except httpx.RemoteProtocolError:
                self.cut += 1
                continue
            self.answers[answer.status_code] += 1


@contextmanager
def reading_on(visitor: Visitor) -> Iterator[Reading]:
    """Read on in another thread while things are killed here."""
    reader = Reading(visitor)
    thread = threading.Thread(target=reader.run)
    thread.start()
    until(lambda: reader.answers.total() > 2)
    try:
        yield reader
    finally:
        reader.over.set()
        thread.join()


def _all_once(site: Site) -> None:
    """Each letter has left, alone or in a digest; no carrier was killed between the folder and its mark."""
    until(lambda: all(sent or dead for _, sent, dead in rows(_LETTERS)), SLOWLY)
    left = Counter(_message_id(file) for file in (site.machine.folder / "lib" / "mail" / "new").iterdir())
    assert len(left) == len(rows(_MESSAGES))
    assert set(left.values()) == {1}


def _message_id(file: Path) -> str:
    found = re.search(rb"^Message-ID:\s*(\S+)", file.read_bytes(), re.MULTILINE | re.IGNORECASE)
    assert found is not None
    return found[1].decode()
