"""`shenbao up`: nothing starts too early, nothing stays dead, nothing stays behind."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from models import schema
from models.errors import BrokenError
from models.settings import settings
from models.text import sentence
from tests.ui.trees import ROOT, Running, fetch, free_port, listens, python, running, until
from ui import children, up
from ui.children import Child, Leash, Plan

SUPERVISOR = """
import json, sys
from pathlib import Path
from ui.children import Plan
from ui.supervisor import Tree
plans = [Plan(**{**plan, "command": tuple(plan["command"])}) for plan in json.loads(sys.argv[1])]
say = lambda code, **details: print(code, json.dumps(details, default=str), flush=True)
sys.exit(Tree(plans, Path(sys.argv[2]), say).run())
"""
# A child with a child of its own that turns a deaf ear to SIGTERM and leaves a last word.
CHILD = """
import pathlib, signal, subprocess, sys, threading
name, diary = sys.argv[1], pathlib.Path(sys.argv[2])
deaf = "import signal, threading; signal.signal(15, signal.SIG_IGN); threading.Event().wait()"
subprocess.Popen([sys.executable, "-c", deaf, "-".join(("grandchild", name))])
def end(*_):
    with diary.open("a") as page: page.write(name + " ends\\n")
    sys.exit(0)
signal.signal(signal.SIGTERM, end)
with diary.open("a") as page: page.write(name + " begins\\n")
print("hello from", name, flush=True)
while True: signal.pause()
"""
DOOR = """
import http.server, sys
class Door(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if __import__("pathlib").Path(sys.argv[3]).exists() else 503)
        self.end_headers()
    def log_message(self, *_): pass
http.server.HTTPServer(("127.0.0.1", int(sys.argv[2])), Door).serve_forever()
"""
DEAF = """
import signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("deaf", flush=True)
while True: signal.pause()
"""
UP = """
import sys
from models import schema
from ui.up import up
sys.exit(up(prepare=schema.ensure))
"""

UP_BY_NAME = "from ui.cli import main; main(['up'])"
POOL = "import sys; from workflows.flows.serve import main; sys.exit(main(['--pool', 'shenbao']))"

Tend = Callable[..., AbstractContextManager[Running]]


@pytest.fixture
def tend(tmp_path: Path) -> Tend:
    """Supervise these plans in a process of their own."""

    def start(*plans: dict[str, Any]) -> AbstractContextManager[Running]:
        return running(*python(SUPERVISOR, json.dumps(plans), str(tmp_path / "logs")))

    return start


@pytest.fixture
def diary(tmp_path: Path) -> Path:
    file = tmp_path / "diary"
    file.touch()
    return file


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A fresh data folder and free ports, in the settings of this process."""
    monkeypatch.setenv("SHENBAO_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("SHENBAO_WEB_PORT", str(free_port()))
    monkeypatch.setenv("SHENBAO_PREFECT_PORT", str(free_port()))
    settings.cache_clear()
    yield tmp_path / "data"
    settings.cache_clear()


def a_child(name: str, diary: Path, **more: Any) -> dict[str, Any]:
    return {"name": name, "command": python(CHILD, name, str(diary)), **more}


def test_a_child_waits_until_the_one_before_it_works(tend: Tend, diary: Path, tmp_path: Path) -> None:
    port, key = free_port(), tmp_path / "key"
    door = {
        "name": "door",
        "command": python(DOOR, "door", str(port), str(key)),
        "ready_url": f"http://127.0.0.1:{port}/",
    }

    with tend(door, a_child("guest", diary, after="door"), a_child("free", diary)) as tree:
        until(lambda: tree.said("hello from free") and listens(port))
        early = diary.read_text()
        key.touch()
        until(lambda: tree.said('ready {"name": "guest"}'))

    assert early == "free begins\n"
    assert [line for line in tree.lines if line.startswith("ready")] == [
        'ready {"name": "free"}',
        'ready {"name": "door"}',
        'ready {"name": "guest"}',
    ]


def test_sigterm_ends_the_children_in_reverse_and_their_children_too(tend: Tend, diary: Path) -> None:
    with tend(*(a_child(name, diary) for name in ("one", "two", "three"))) as tree:
        until(lambda: all(tree.said(f"hello from {name}") for name in ("one", "two", "three")))
        until(lambda: len(tree.of("grandchild-")) == 3)

        tree.signal(signal.SIGTERM)

        assert tree.ended() == 0
        assert tree.alive() == {}
    assert diary.read_text().splitlines()[3:] == ["three ends", "two ends", "one ends"]
    assert tree.lines[-2:] == ["stopping {}", "stopped {}"]


def test_ctrl_c_ends_it_as_well(tend: Tend, diary: Path) -> None:
    with tend(a_child("one", diary)) as tree:
        until(lambda: tree.said("hello from one"))

        tree.signal(signal.SIGINT)

        assert tree.ended() == 0
        assert tree.alive() == {}


def test_a_child_that_will_not_end_is_killed(tend: Tend) -> None:
    with tend({"name": "deaf", "command": python(DEAF), "patience": 0.3}) as tree:
        until(lambda: tree.said("deaf"))

        tree.signal(signal.SIGTERM)

        assert tree.ended() == 0
        assert tree.alive() == {}


def test_a_killed_child_is_noticed_and_restarted_without_its_old_children(tend: Tend, diary: Path) -> None:
    with tend(a_child("one", diary), a_child("two", diary)) as tree:
        old = until(lambda: tree.of("grandchild-two"))
        until(lambda: tree.said("hello from two"))
        [number] = [pid for pid in tree.of(str(diary)) if os.getpgid(pid) == os.getpgid(old[0])]

        os.kill(number, signal.SIGKILL)

        until(lambda: tree.count("hello from two") == 2)
        until(lambda: tree.of("grandchild-two") not in ([], old))
        assert set(old).isdisjoint(tree.alive())
        assert tree.count("died") == 1
        assert '"name": "two", "status": -9, "pause": 0.5' in tree.said("died")
        assert tree.count("hello from one") == 1


def test_a_killed_supervisor_leaves_no_orphan(tend: Tend, diary: Path) -> None:
    with tend(a_child("one", diary), a_child("two", diary)) as tree:
        until(lambda: len(tree.of("grandchild-")) == 2)
        until(lambda: diary.read_text().count("begins") == 2)

        tree.signal(signal.SIGKILL)

        until(lambda: tree.alive() == {})
        assert "ends" not in diary.read_text()


def test_a_killed_guardian_is_replaced_and_knows_whom_to_guard(tend: Tend, diary: Path) -> None:
    with tend(a_child("one", diary)) as tree:
        until(lambda: tree.of("grandchild-one"))
        [first] = tree.of("guardian.py")
        os.kill(first, signal.SIGKILL)
        until(lambda: tree.of("guardian.py") not in ([], [first]))

        tree.signal(signal.SIGKILL)

        until(lambda: tree.alive() == {})


def test_all_ends_when_a_vital_child_never_works(tend: Tend, diary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hopeless = {
        "name": "web",
        "command": python("import sys; sys.exit(3)"),
        "ready_url": f"http://127.0.0.1:{free_port()}/",
        "vital": True,
    }

    with tend(hopeless, a_child("other", diary)) as tree:
        assert tree.ended(40) == 1
        assert tree.alive() == {}

    assert [json.loads(line[5:])["pause"] for line in tree.lines if line.startswith("died")] == [
        0.5,
        1.0,
        2.0,
        4.0,
        8.0,
    ]


def test_the_pause_before_a_restart_is_bounded(tmp_path: Path) -> None:
    child = Child(Plan("web", ()), tmp_path / "web.log", Leash())

    pauses = [child.postpone() for _ in range(2000)]

    assert (pauses[0], pauses[6], pauses[-1]) == (0.5, 32.0, 60.0)


def test_a_long_log_is_turned_and_no_line_is_repeated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children, "LARGEST_LOG", 10)
    log = tmp_path / "web.log"
    child = Child(Plan("web", ()), log, Leash())
    log.write_text("first line\n\nunfinish")
    heard = child.news()
    child.trim()
    log.write_text("after\n")

    assert (heard, child.news(), child.news()) == (["first line"], ["after"], [])
    assert (tmp_path / "web.log.1").read_text() == "first line\n\nunfinish"


@contextmanager
def taken(port: int) -> Iterator[None]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        yield


@pytest.mark.parametrize(
    ("language", "which", "sentence"),
    [
        ("zh", "WEB", "端口 {} 已被占用；请换一个（--port / SHENBAO_WEB_PORT）\n"),
        ("en", "PREFECT", "port {} is in use; choose another one (SHENBAO_PREFECT_PORT)\n"),
    ],
)
def test_a_taken_port_is_told_before_anything_starts(
    home: Path, monkeypatch: pytest.MonkeyPatch, language: str, which: str, sentence: str
) -> None:
    monkeypatch.setenv("SHENBAO_LANGUAGE", language)
    port = int(os.environ[f"SHENBAO_{which}_PORT"])

    with taken(port), running(*python(UP)) as tree:
        assert tree.ended() == 2

    assert tree.lines == [sentence.format(port).strip()]
    assert not (home / "shenbao.db").exists()


@pytest.mark.parametrize("program", [UP_BY_NAME, "from ui.serve import main; main()", POOL])
def test_nothing_starts_on_the_schema_of_a_newer_program_and_it_is_said_what_to_do(
    home: Path, sqlite_template: Path, program: str
) -> None:
    home.mkdir()
    shutil.copyfile(sqlite_template, home / "shenbao.db")
    with closing(sqlite3.connect(home / "shenbao.db")) as file, file:
        file.execute("UPDATE alembic_version SET version_num = '9999'")

    with running(*python(program)) as tree:
        assert tree.ended(60) == 1
        assert tree.alive() == {}

    error = BrokenError("unknown_schema", found="9999", known=schema.head())
    assert tree.lines == [sentence(error, "zh")]
    assert not list((home / "logs").glob("*"))


def test_a_web_face_alone_asks_for_the_tables_that_are_missing(home: Path) -> None:
    with running(*python("from ui.serve import main; main()")) as tree:
        assert tree.ended(60) == 1

    assert tree.lines == [sentence(BrokenError("schema_behind", found="-", known=schema.head()), "zh")]


def test_a_second_up_on_the_same_folder_is_refused(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home.mkdir()
    with (home / "up.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.write("4711\n")
        lock.flush()

        status = up.up()

    assert status == 5
    assert capsys.readouterr().out == f"数据目录 {home} 已有一个 shenbao up 在运行（进程 4711）\n"


def test_a_folder_that_cannot_be_made_is_told_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("SHENBAO_DATA_DIR", str(tmp_path / "file" / "data"))
    settings.cache_clear()

    assert up.up() == 2
    assert capsys.readouterr().out == (
        f"数据目录 {tmp_path}/file/data 不可写：Not a directory；请检查 SHENBAO_DATA_DIR\n"
    )


def test_an_address_of_another_machine_is_told_in_a_sentence(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert up.up(host="192.0.2.1", port=8600) == 2
    assert capsys.readouterr().out == (
        "不能监听 192.0.2.1:8600：Cannot assign requested address；"
        "请检查 --host / SHENBAO_WEB_HOST 与 --port / SHENBAO_WEB_PORT\n"
    )


def test_only_the_face_leaves_loopback_and_only_when_told_so(home: Path) -> None:
    web, prefect, clocks = up.plans(home, "0.0.0.0", 8600, 8601)  # noqa: S104 -- given on purpose

    assert web.command[-4:] == ("--host", "0.0.0.0", "--port", "8600")  # noqa: S104 -- as above
    assert web.ready_url == "http://127.0.0.1:8600/healthz"
    assert prefect.command[-4:] == ("--host", "127.0.0.1", "--port", "8601")
    assert clocks.environment["PREFECT_API_URL"] == "http://127.0.0.1:8601/api"
    assert clocks.after == prefect.name


# What each program of the tree takes no memory for: what it needs seldom, or never.
SELDOM = {"alembic", "highspy", "pypdf", "xlsxwriter", "mako"}
LIBRARIES = {*SELDOM, "prefect", "streamlit", "fastapi", "httpx"}
IDLE = {
    "ui.tending": {*LIBRARIES, "pydantic", "sqlalchemy", "ssl", "urllib.request"},
    "ui.up": LIBRARIES,
    "ui.serve": {"prefect", "alembic", "pypdf", "highspy"},
    "workflows.flows.serve": {*SELDOM, "streamlit", "pandas", "pyarrow", "numpy", "typst", "fontTools", "uvicorn"},
    "workflows.flows.prefect_server": {*(SELDOM - {"mako", "alembic"}), "streamlit", "pandas", "numpy", "models", "ui"},
}


@pytest.mark.parametrize("program", IDLE)
def test_no_program_of_the_tree_imports_what_it_needs_seldom(program: str) -> None:
    asked = f"import sys, {program}; print(sorted({sorted(IDLE[program])} & sys.modules.keys()))"
    told = subprocess.run(python(asked), cwd=ROOT, check=True, capture_output=True, text=True)

    assert told.stdout == "[]\n"


def becoming(tmp_path: Path, *, first: str = "") -> tuple[str, ...]:
    """What becomes the tending program and is asked to end in that very moment; `first` is done before all else."""
    return python(
        f"import os, signal; {first}\n"
        "from pathlib import Path\n"
        "from ui import tending\n"
        "before = os.execve\n"
        "def told(*given):\n"
        "    os.kill(os.getpid(), signal.SIGTERM)\n"
        "    before(*given)\n"
        "os.execve = told\n"
        f"folder = Path({str(tmp_path)!r})\n"
        "lock = (folder / 'up.lock').open('a+')\n"
        "tending.become(tending.Order([], folder / 'logs', {}, 'en', lock.fileno()), os.environ)\n"
    )


def test_who_asks_it_to_end_while_it_is_only_becoming_is_heard(tmp_path: Path) -> None:
    with running(*becoming(tmp_path)) as tree:
        assert tree.ended() == 0

    assert tree.lines == ["stopping ...", "everything has stopped"]


def test_a_closed_console_is_not_told_to_the_lock(tmp_path: Path) -> None:
    # The first file opened then has the console's number.
    with running(*becoming(tmp_path, first="os.close(1)")) as tree:
        assert tree.ended() == 0

    assert (tmp_path / "up.lock").read_text() == ""
    assert tree.lines == []


def test_the_whole_tree_sweeps_whatever_is_killed_and_leaves_nothing(home: Path) -> None:
    chosen = settings()
    web, prefect = chosen.web_port, chosen.prefect_port
    runs = f"http://127.0.0.1:{prefect}/api/flow_runs/filter"
    completed = {"flow_runs": {"state": {"type": {"any_": ["COMPLETED"]}}}}

    with running(*python(UP), SHENBAO_SWEEP_SECONDS="10") as tree:
        until(lambda: fetch(f"http://127.0.0.1:{web}/healthz"), 60)
        assert "shenbao" in until(lambda: fetch(runs, completed), 90)[0]["tags"]
        [clocks] = tree.of("workflows.flows.serve")
        os.kill(clocks, signal.SIGKILL)
        until(lambda: tree.said("clocks 退出（状态 -9），0.5 秒后重启"))
        until(lambda: tree.of("workflows.flows.serve") not in ([], [clocks]))

        tree.signal(signal.SIGKILL)

        until(lambda: tree.alive() == {})
        until(lambda: not listens(web) and not listens(prefect))
        assert "database is locked" not in (home / "logs" / "prefect.log").read_text(encoding="utf-8")

    with running(*python(UP), SHENBAO_SWEEP_SECONDS="10") as tree:
        until(lambda: tree.said(f"Prefect 页面已就绪：http://127.0.0.1:{prefect}"), 60)
        before = len(fetch(runs, completed))
        until(lambda: len(fetch(runs, completed)) > before, 60)
        [server] = tree.of("flows.prefect_server")
        os.kill(server, signal.SIGKILL)
        until(lambda: tree.count("Prefect 页面已就绪") == 2, 60)
        before = len(fetch(runs, completed))
        until(lambda: len(fetch(runs, completed) or []) > before, 60)
        assert not tree.said("clocks 退出")

        tree.signal(signal.SIGTERM)

        assert tree.ended(30) == 0
        assert tree.alive() == {}
        assert tree.said(f"网页已就绪：http://127.0.0.1:{web}")
        until(lambda: not listens(web) and not listens(prefect))
