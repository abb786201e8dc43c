"""A real PostgreSQL for the tests: a throw-away cluster that only this machine can reach."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_SAFE = "-c max_connections=200"
# A crash of the server alone loses nothing that the system was given to write.
_LASTING = f"-c fsync=off -c full_page_writes=off {_SAFE}"
# What a crash would lose is thrown away anyway.
_FAST = f"-c synchronous_commit=off {_LASTING}"


def binaries() -> Path | None:
    """The folder of the newest PostgreSQL server on this machine, or None."""
    if (found := shutil.which("initdb")) is not None:
        return Path(found).resolve().parent
    debian = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    return max((f.parent for f in debian), key=lambda f: int(f.parent.name), default=None)


@contextmanager
def cluster(server: Path, *, durable: bool = False, lasting: bool = False) -> Iterator[str]:
    """Run `server` on a socket of its own; yields an address with a place for the `{name}`.

    `durable` is for benchmarks: on disk, and every commit waits for it. `lasting` is for `crash`
    and `revive`: what was committed outlives the server.
    """
    place = "/tmp" if durable else _quickest()  # noqa: S108 -- the folder made in it is private
    speed = _SAFE if durable else _LASTING if lasting else _FAST
    with tempfile.TemporaryDirectory(prefix="shenbao-", dir=place) as folder:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        initdb = ["initdb", "-U", "shenbao", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"]
        _run(server, folder, *initdb, "data")
        _start(server, folder, speed)
        try:
            yield f"postgresql+psycopg://shenbao@/{{name}}?host={folder}"
        finally:
            crash(server, folder)


def crash(server: Path, folder: str) -> None:
    """End a cluster as a power cut does: nothing is written out, every connection is cut."""
    _run(server, folder, "pg_ctl", "stop", "-D", "data", "-m", "immediate")


def revive(server: Path, folder: str) -> None:
    """Start a lasting cluster again after a crash."""
    _start(server, folder, _LASTING)


def _start(server: Path, folder: str, speed: str) -> None:
    where = f"-c listen_addresses= -c unix_socket_directories={folder}"
    _run(server, folder, "pg_ctl", "start", "-D", "data", "-l", "log", "-o", f"{speed} {where}")


def _quickest() -> str:
    """Memory if there is room: copying a database's 300 files there takes 20 ms, not 300.

    Both names are short, because the path of a socket may hold no more than 107 bytes.
    """
    memory = "/dev/shm"  # noqa: S108 -- the folder made in it is private
    roomy = os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 1 << 30
    return memory if roomy else "/tmp"  # noqa: S108 -- the folder made in it is private


def _run(server: Path, folder: str, program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs, which refuse to be run by root."""
    as_postgres = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    command = [*as_postgres, str(server / program), *arguments]
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
