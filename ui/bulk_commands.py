"""`shenbao apply`: a plan of many acts from a file, tried or done."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from models.errors import InputError
from models.settings import settings
from ui import outlook
from ui.answers import as_json

if TYPE_CHECKING:
    from workflows.batches.applying import Applied

Who = Annotated[str, typer.Option("--as", help="以谁的身份（邮箱） / as whom, by email")]
Json = Annotated[bool, typer.Option("--json", help="一行 JSON / one line of JSON")]


def apply(
    file: Annotated[Path, typer.Argument(help="计划文件 csv 或 xlsx / the plan")],
    who: Who,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只试运行，不改动 / try it, change nothing")] = False,  # noqa: FBT002 -- Typer's way
    fingerprint: Annotated[str, typer.Option(help="试运行给出的指纹 / of the dry run")] = "",
    skip: Annotated[bool, typer.Option("--skip", help="略过不能办理的 / leave out what is impossible")] = False,  # noqa: FBT002 -- Typer's way
    again: Annotated[bool, typer.Option("--again", help="同一计划再办一次 / the same plan once more")] = False,  # noqa: FBT002 -- Typer's way
    as_json_: Json = False,  # noqa: FBT002 -- Typer's way
) -> None:
    """按计划文件批量办理，整体生效、整体撤销 / act on many cases by a file, all of it or nothing."""
    from workflows.batches import applying  # noqa: PLC0415 -- slow import

    actor = _actor(who)
    rows = applying.rows_of_file(file.name, _content(file))
    if dry_run:
        told = applying.batch_plan(actor, rows=rows)
        said = [*outlook.lines(told, settings().language), f"fingerprint: {told.fingerprint}"]
        typer.echo(as_json(told) if as_json_ else "\n".join(said))
        raise typer.Exit(3 if told.impossible else 0)
    called = file.name[: applying.LONGEST_WORDS]
    done = applying.apply(actor, rows=rows, words=called, fingerprint=fingerprint, skip=skip, again=again)
    typer.echo(as_json(done) if as_json_ else _done(done))


def _done(done: Applied) -> str:
    return (outlook.applied if done.is_new else outlook.known)(done.batch, settings().language)


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise InputError("file_unreadable", field="file", given=str(file)[:60]) from error


def _actor(email: str) -> Any:
    from models import database, schema  # noqa: PLC0415 -- slow import
    from workflows.record.acting import actor_of  # noqa: PLC0415 -- slow import

    database.engine()
    schema.check()
    return actor_of(email)
