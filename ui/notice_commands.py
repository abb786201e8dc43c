"""The command line's part about public notices: a published list checked against its hash."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Annotated

import typer

from models.errors import InputError
from models.settings import settings
from models.text import explain
from ui.answers import as_json

notice_app = typer.Typer(no_args_is_help=True, help="公示 public notices")

Json = Annotated[bool, typer.Option("--json", help="一行 JSON / one line of JSON")]
_DIFFERS = 2


@notice_app.callback()
def _notices() -> None:
    """A group of its own: `shenbao notice verify`."""


@notice_app.command("verify")
def verify(
    notice_id: Annotated[str, typer.Argument(help="公示编号 / the notice's id")],
    file: Annotated[Path | None, typer.Argument(help="名单原文文件 / the list as a file")] = None,
    as_json_: Json = False,  # noqa: FBT002 -- Typer's way
) -> None:
    """重算公示名单的指纹，可核对名单文件 / hash a published list anew, or a file of it; exit 2 if it differs."""
    from models import database, schema  # noqa: PLC0415 -- slow import
    from workflows.queries.public import notice_verify  # noqa: PLC0415 -- slow import

    database.engine()
    schema.check()
    told = notice_verify(None, notice_id)
    given = hashlib.sha256(_content(file)).hexdigest() if file else told.computed
    same = given == told.snapshot_hash
    if as_json_:
        typer.echo(as_json({"ok": same, "notice": told.notice_id, "hash": told.snapshot_hash, "given": given}))
    else:
        details = {"given": given, "expected": told.snapshot_hash}
        typer.echo(told.snapshot_hash if same else explain("hash_differs", details, settings().language))
    raise typer.Exit(0 if same else _DIFFERS)


def _content(file: Path) -> bytes:
    """A file's bytes, without the line end that some tools add. Raises InputError."""
    try:
        return file.read_bytes().rstrip(b"\r\n")
    except OSError as error:
        raise InputError("file_unreadable", field="file", given=str(file)[:60]) from error
