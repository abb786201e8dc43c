"""`shenbao import`: templates, checks and loads of files, from the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from models.errors import InputError
from models.vocabulary import ImportKind
from ui.answers import as_json

app = typer.Typer(help="导入文件 / bring files in", no_args_is_help=True)
Who = Annotated[str, typer.Option("--as", help="谁来办理（邮箱） / who acts (email)")]
Union = Annotated[str, typer.Option("--union", help="哪个工会的数据（代码） / whose data (code)")]
Json = Annotated[bool, typer.Option("--json", help="以 JSON 输出 / answer in JSON")]


@app.command("template")
def write_template(kind: ImportKind, file: Path) -> None:
    """写出空模板 / write the empty workbook."""
    from workflows.importing import template  # noqa: PLC0415 -- slow import

    try:
        file.write_bytes(template(kind))
    except OSError as error:
        raise InputError("file_unreadable", field="file", given=str(file)[:60]) from error
    typer.echo(str(file))


@app.command("check")
def check(kind: ImportKind, file: Path, who: Who, union: Union, as_json_: Json = False) -> None:  # noqa: FBT002 -- Typer's way
    """逐行检查，不写入；有问题的行退出码为 3 / tell every row's fate, write nothing; exit 3 with faults."""
    from models.text import explain  # noqa: PLC0415 -- slow import
    from workflows.importing import check_import  # noqa: PLC0415 -- slow import

    checked = check_import(_actor(who), **_given(kind, file, union))
    rows = [fate._asdict() | {"columns": None} for fate in checked.rows]
    if as_json_:
        typer.echo(as_json({"counts": checked.counts, "rows": rows}))
    for fate in () if as_json_ else checked.rows:
        if fate.faults:
            typer.echo(f"{fate.row}  {fate.what}  {' '.join(explain(f['code'], f) for f in fate.faults)}")
    if not as_json_:
        typer.echo("新增 {new}，已有 {known}，有问题 {bad}".format(**checked.counts))
    raise typer.Exit(3 if checked.counts["bad"] else 0)


@app.command("load")
def load(
    kind: ImportKind, file: Path, who: Who, union: Union,
    skip_bad: Annotated[bool, typer.Option("--skip-bad", help="跳过有问题的行 / leave bad rows out")] = False,  # noqa: FBT002 -- Typer's way
    as_json_: Json = False,  # noqa: FBT002 -- Typer's way
) -> None:  # fmt: skip
    """导入；再次导入同一文件不会重复 / load a file; the same file again changes nothing."""
    from workflows.importing import load_import  # noqa: PLC0415 -- slow import

    run = load_import(_actor(who), **_given(kind, file, union), skip_bad=skip_bad)
    told = {"state": run.state.value, "rows": run.all_rows, **run.counts}
    typer.echo(as_json(told) if as_json_ else "新增 {new}，已有 {known}，跳过 {bad}".format(**run.counts))


def _actor(email: str) -> Any:
    from models import database, schema  # noqa: PLC0415 -- slow import
    from workflows.record.acting import actor_of  # noqa: PLC0415 -- slow import

    database.engine()
    schema.check()
    return actor_of(email)


def _given(kind: ImportKind, file: Path, union: str) -> dict[str, Any]:
    try:
        content = file.read_bytes()
    except OSError as error:
        raise InputError("file_unreadable", field="file", given=str(file)[:60]) from error
    return {"kind": kind, "organization_code": union, "filename": file.name, "content": content}
