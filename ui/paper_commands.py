"""`shenbao print` and `shenbao export`: papers and lists as files, from the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from models.errors import InputError

As = Annotated[str, typer.Option("--as", help="以谁的身份（邮箱） / as whom, by email")]
Words = Annotated[str | None, typer.Option("--words", help="搜索词（applications） / search words")]
Language = Annotated[str, typer.Option("--language", help="表头的语言：zh 或 en / language of the headings")]


def print_paper(kind: str, thing_id: Annotated[str, typer.Argument(metavar="ID")], out: Path, who: As = "") -> None:
    """打印文书：form、summary、report、notice、decision、certificate；.pdf 或 .xlsx / print a paper of the record."""
    from workflows import papers  # noqa: PLC0415 -- slow import

    made = papers.paper(_actor(who), kind, thing_id, out.suffix.removeprefix(".") or "pdf")
    try:
        out.write_bytes(made.content)
    except OSError as error:
        raise InputError("file_unwritable", field="file", given=str(out)[-60:]) from error
    typer.echo(str(out))


def export_list(
    name: Annotated[str, typer.Argument(metavar="LIST")],
    out: Path,
    pairs: Annotated[list[str] | None, typer.Argument(help="name=value，如 desk=330106")] = None,
    who: As = "",
    words: Words = None,
    language: Language = "zh",
) -> None:
    """导出列表为 .csv 或 .xlsx：shenbao export queue OUT.xlsx desk=330106 / export a list."""
    from workflows.batches import exporting  # noqa: PLC0415 -- slow import

    given: dict[str, str] = {} if words is None else {"words": words}
    for pair in pairs or []:
        key, sign, value = pair.partition("=")
        if not sign or not key:
            raise InputError("pair", given=pair[:60])
        given[key] = value
    n = exporting.export(_actor(who), name, out, given, language=language)
    typer.echo(f"{out}  {n}")


def _actor(email: str) -> Any:
    from models import database, schema  # noqa: PLC0415 -- slow import
    from workflows.record.acting import PUBLIC, actor_of  # noqa: PLC0415 -- slow import

    database.engine()
    schema.check()
    return actor_of(email) if email else PUBLIC
