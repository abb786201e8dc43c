"""A whole database as one file, consistent while others write: SQLite by itself, PostgreSQL by its own tools."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from models import database
from models.database import engine, file_of
from models.errors import BrokenError

if TYPE_CHECKING:
    from sqlalchemy.engine import URL

NAMES = {"sqlite": "database.sqlite", "postgresql": "database.dump"}
_DEBIAN = Path("/usr/lib/postgresql")


def write(folder: Path) -> Path:
    """Dump the connected database into a folder. Raises BrokenError("backup_tool")."""
    kind = engine().dialect.name
    made = folder / NAMES[kind]
    if kind == "sqlite":
        with engine().connect() as connection:
            connection.exec_driver_sql("VACUUM INTO ?", (str(made),))
    else:
        _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={made}")
    return made


def read(dump: Path) -> None:
    """Bring a dump into the connected database, which is empty. Raises BrokenError("backup_tool")."""
    if engine().dialect.name == "sqlite":
        file = file_of(engine().url)
        database.disconnect()
        dump.replace(str(file))
    else:
        _run("pg_restore", "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction",
             f"--dbname={engine().url.database}", str(dump))  # fmt: skip


def _run(tool: str, *arguments: str) -> None:
    """Run a tool of PostgreSQL; the password goes by the environment, where no other user reads it."""
    found = _tool(tool)
    if found is None:
        raise BrokenError("backup_tool", tool=tool)
    done = subprocess.run([found, "--no-password", *arguments], env=_address(engine().url), capture_output=True,
                          text=True, check=False)  # fmt: skip
    if done.returncode != 0:
        raise BrokenError("backup_tool", tool=tool, reason=done.stderr.strip()[-300:])


def _tool(name: str) -> str | None:
    """The newest of its kind: a newer tool reads an older server, not the other way round."""
    debian = sorted(_DEBIAN.glob(f"*/bin/{name}"), key=lambda f: int(f.parent.parent.name))
    return str(debian[-1]) if debian else shutil.which(name)


def _address(url: URL) -> dict[str, str]:
    said = {"PGHOST": url.query.get("host") or url.host, "PGPORT": url.port, "PGUSER": url.username,
            "PGPASSWORD": url.password, "PGDATABASE": url.database}  # fmt: skip
    return {**os.environ, **{name: str(value) for name, value in said.items() if value}}
