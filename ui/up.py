"""`shenbao up`: what runs, on which ports, in which surroundings, and why it cannot start."""

from __future__ import annotations

import errno
import fcntl
import os
import socket
import subprocess
import sys
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING

from models.errors import ConflictError, InputError, ShenbaoError
from models.settings import settings
from ui.children import Plan
from ui.tending import Order, Teller, become, say

if TYPE_CHECKING:
    from collections.abc import Callable

WEB, PREFECT, CLOCKS = "web", "prefect", "clocks"
LOOPBACK = "127.0.0.1"
WEB_CHOICE = "--port / SHENBAO_WEB_PORT"
PREFECT_CHOICE = "SHENBAO_PREFECT_PORT"
INTERRUPTED = 130

REFUSALS = {
    "port_taken": (
        "端口 {port} 已被占用；请换一个（{choice}）",
        "port {port} is in use; choose another one ({choice})",
    ),
    "cannot_listen": (
        "不能监听 {host}:{port}：{reason}；请检查 --host / SHENBAO_WEB_HOST 与 {choice}",
        "cannot listen on {host}:{port}: {reason}; check --host / SHENBAO_WEB_HOST and {choice}",
    ),
    "cannot_write": (
        "数据目录 {folder} 不可写：{reason}；请检查 SHENBAO_DATA_DIR",
        "the data folder {folder} cannot be written: {reason}; check SHENBAO_DATA_DIR",
    ),
    "already_up": (
        "数据目录 {folder} 已有一个 shenbao up 在运行（进程 {pid}）",
        "another shenbao up (process {pid}) is running on the data folder {folder}",
    ),
}


def up(
    *,
    host: str | None = None,
    port: int | None = None,
    prepare: Callable[[], None] | None = None,
) -> int:
    """Run web face, Prefect's server and the clocks until asked to end; answers an exit code.

    `prepare` is called once ports and folder are known to be free, before any child starts. Then this
    process becomes `ui/tending.py`, with which it ends: only what keeps it from starting is answered.
    0: ended when asked. 1: the web face cannot work. 2: cannot listen or write. 5: already up.
    """
    chosen = settings()
    host, port = host or chosen.web_host, port or chosen.web_port
    folder = chosen.data_dir.absolute()
    with ExitStack() as held, suppress(KeyboardInterrupt):
        try:
            lock = held.enter_context(_locked(folder))
            _require_free(host, port, WEB_CHOICE)
            _require_free(LOOPBACK, chosen.prefect_port, PREFECT_CHOICE)
        except ShenbaoError as refusal:
            say(REFUSALS[refusal.code][chosen.language == "en"].format(**refusal.details))
            return refusal.exit_code
        if prepare is not None:
            prepare()
        logs, urls = folder / "logs", {WEB: address(host, port), PREFECT: address(LOOPBACK, chosen.prefect_port)}
        Teller(urls, chosen.language)("starting", logs=logs)
        order = Order(plans(folder, host, port, chosen.prefect_port), logs, urls, chosen.language, lock.fileno())
        become(order, {**os.environ, **_python_environment()})
    return INTERRUPTED  # by ctrl-C while preparing; later the tree listens for it


def first(*command: str) -> Callable[[], None]:
    """What `prepare` may be: a `shenbao` command in a process of its own, which says itself what is wrong.

    Whatever it imports would else stay in the supervisor's memory for as long as all runs. Raises
    SystemExit with its status unless that is 0.
    """

    def run() -> None:
        surroundings = {**os.environ, **_python_environment()}
        done = subprocess.run(_python("ui.cli", *command), env=surroundings, stdout=subprocess.DEVNULL, check=False)
        if done.returncode:
            raise SystemExit(done.returncode)

    return run


def plans(folder: Path, host: str, port: int, prefect_port: int) -> list[Plan]:
    """The three children in starting order: people first, then the machinery of the clocks."""
    common = _python_environment() | {
        "SHENBAO_DATA_DIR": str(folder),
        "SHENBAO_WEB_HOST": host,
        "SHENBAO_WEB_PORT": str(port),
        "SHENBAO_PREFECT_PORT": str(prefect_port),
        # Else each of glibc's many arenas keeps what its threads once needed.
        "MALLOC_ARENA_MAX": "2",
    }
    machinery = common | prefect_environment(folder / "prefect", prefect_port)
    server = ("workflows.flows.prefect_server", "--host", LOOPBACK, "--port", str(prefect_port))
    return [
        Plan(
            WEB,
            _python("ui.serve", "--host", host, "--port", str(port)),
            common,
            ready_url=f"{address(host, port)}/healthz",
            vital=True,
        ),
        Plan(
            PREFECT,
            _python(*server),
            machinery,
            ready_url=f"{address(LOOPBACK, prefect_port)}/api/health",
            aloud=False,
        ),
        Plan(CLOCKS, _python("workflows.flows.serve", "--heal"), machinery, after=PREFECT),
    ]


def prefect_environment(home: Path, port: int) -> dict[str, str]:
    """Prefect on one machine: silent towards the outside, its memory bounded, on loopback.

    Whoever outgrows one machine starts Prefect's server apart, on a PostgreSQL of its own
    (`PREFECT_SERVER_DATABASE_CONNECTION_URL`), and `workflows.flows.serve` beside it.
    """
    api = f"http://{LOOPBACK}:{port}/api"
    return {
        "PREFECT_HOME": str(home),
        "PREFECT_PROFILE": "ephemeral",
        "PREFECT_API_URL": api,
        "PREFECT_UI_API_URL": api,
        "PREFECT_API_KEY": "",
        "PREFECT_SERVER_EPHEMERAL_ENABLED": "false",
        "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": f"http://{LOOPBACK}:{port},http://localhost:{port}",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        # The second page asks a foreign host for its settings, whatever analytics are set to.
        "PREFECT_SERVER_UI_V2_ENABLED": "false",
        # In memory they are lost in a crash, and a limit then stays taken for ever.
        "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": ("prefect.server.concurrency.lease_storage.filesystem"),
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": str(14 * 24 * 3600),
        # Runs are made an hour ahead by default: with short intervals that is much to rewrite.
        "PREFECT_SERVER_SERVICES_SCHEDULER_MIN_SCHEDULED_TIME": "PT10M",
        "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "60",
        "PREFECT_LOGGING_LEVEL": "WARNING",
        "PREFECT_LOGGING_COLORS": "false",
        "PREFECT_CLI_PROMPT": "false",
    }


def address(host: str, port: int) -> str:
    """Where a browser on this machine finds a face that listens on `host`."""
    reachable = {"0.0.0.0": LOOPBACK, "::": "::1", "": LOOPBACK}.get(host, host)  # noqa: S104
    return f"http://[{reachable}]:{port}" if ":" in reachable else f"http://{reachable}:{port}"


def _locked(folder: Path) -> IO[str]:
    """The folder's lock, held until closed. Raises ConflictError when another `up` holds it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / "up.lock").open("a+")
    except OSError as error:
        raise InputError("cannot_write", folder=folder, reason=error.strerror) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        with lock:
            lock.seek(0)
            holder = lock.read().strip() or "?"
        raise ConflictError("already_up", folder=folder, pid=holder) from error
    lock.truncate(0)
    lock.write(f"{os.getpid()}\n")
    lock.flush()
    return lock


def _require_free(host: str, port: int, choice: str) -> None:
    """Raise InputError unless one can listen there now."""
    try:
        family, kind, protocol, _, where = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            # Else the connections of an `up` that has just ended would count as a listener.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(where)
            probe.listen(1)
    except OSError as error:
        code = "port_taken" if error.errno == errno.EADDRINUSE else "cannot_listen"
        reason = error.strerror or str(error)
        raise InputError(code, host=host, port=port, reason=reason, choice=choice) from error


def _python(module: str, *arguments: str) -> tuple[str, ...]:
    # -P: a folder named ui or models where the user happens to stand must not be imported.
    return (sys.executable, "-P", "-m", module, *arguments)


def _python_environment() -> dict[str, str]:
    """For children: our own package found from any folder, lines unbuffered, loopback direct."""
    root = Path(__file__).resolve().parents[1]
    paths = [os.environ.get("PYTHONPATH", "")]
    if root.name not in {"site-packages", "dist-packages"}:
        paths.insert(0, str(root))
    direct = [os.environ.get("NO_PROXY") or os.environ.get("no_proxy", ""), LOOPBACK, "localhost"]
    no_proxy = ",".join(filter(None, direct))
    return {
        "PYTHONPATH": os.pathsep.join(filter(None, paths)),
        "PYTHONUNBUFFERED": "1",
        "NO_PROXY": no_proxy,
        "no_proxy": no_proxy,
    }
