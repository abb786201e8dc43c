"""`shenbao backup` and `shenbao restore`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from ui.answers import as_json, as_lines

Json = Annotated[bool, typer.Option("--json", help="一行 JSON / one line of JSON")]


def backup(file: Path, as_json_: Json = False) -> None:  # noqa: FBT002 -- Typer's way
    """备份数据库、附件和检查点，不必停机 / back up database, attachments and checkpoints while everything runs."""
    from models import schema  # noqa: PLC0415 -- slow import
    from workflows.record.backups import backup as take  # noqa: PLC0415 -- slow import

    schema.check()
    _tell(take(file), as_json_)


def restore(file: Path, as_json_: Json = False) -> None:  # noqa: FBT002 -- Typer's way
    """在空库上恢复备份，然后全面检查；有问题时退出码为1 / restore into an empty installation, then examine it."""
    from workflows import doctor  # noqa: PLC0415 -- slow import
    from workflows.record.backups import restore as bring_back  # noqa: PLC0415 -- slow import

    done = bring_back(file)
    found = doctor.check(files=True)
    _tell({**done._asdict(), "ok": not found, "violations": found}, as_json_)
    raise typer.Exit(1 if found else 0)


def _tell(value: Any, is_json: bool) -> None:  # noqa: FBT001 -- one of two ways to print
    typer.echo(as_json(value) if is_json else "\n".join(as_lines(value)))
