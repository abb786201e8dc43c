"""The command line: every verb and question, the clocks, the checks, and the whole product at once."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from models import database, logs
from models.errors import InputError, ShenbaoError
from models.settings import settings
from models.text import sentence
from ui import backup_commands, bulk_commands, import_commands, pack_commands, panel_commands, paper_commands
from ui.answers import as_json, as_lines
from ui.calendar_told import calendar_told
from ui.notice_commands import notice_app
from ui.programme_commands import programme_app

if TYPE_CHECKING:
    from collections.abc import Sequence

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, help="申报 shenbao")
audit_app = typer.Typer(no_args_is_help=True, help="日志核验 the journal, verified")
config_app = typer.Typer(no_args_is_help=True, help="设置 settings")
app.add_typer(programme_app, name="programme")
app.add_typer(notice_app, name="notice")
app.add_typer(audit_app, name="audit")
app.add_typer(config_app, name="config")
app.add_typer(import_commands.app, name="import")
app.add_typer(panel_commands.app, name="panel")
app.command("score-pack")(pack_commands.write)
app.command()(bulk_commands.apply)
app.command("print")(paper_commands.print_paper)
app.command("export")(paper_commands.export_list)
app.command()(backup_commands.backup)
app.command()(backup_commands.restore)

UNLOGGED = (["demo"], ["rehearse"], ["up"])
Json = Annotated[bool, typer.Option("--json", help="一行 JSON / one line of JSON")]
As = Annotated[str, typer.Option("--as", help="以谁的身份（邮箱） / as whom, by email")]
Pairs = Annotated[list[str] | None, typer.Argument(help="name=value，值可为 JSON；name=@文件（读入文件）")]


@app.command()
def up(
    demo: Annotated[bool, typer.Option("--demo", help="没有数据时先建示范省 / make the demo province")] = False,  # noqa: FBT002 -- Typer's way
    host: Annotated[str | None, typer.Option(help="监听地址 / address")] = None,
    port: Annotated[int | None, typer.Option(help="端口 / port")] = None,
) -> None:
    """启动全部：网页、Prefect、时钟 / start the web face, Prefect and the clocks."""
    from ui.up import first  # noqa: PLC0415 -- slow import
    from ui.up import up as start  # noqa: PLC0415 -- slow import

    raise typer.Exit(start(host=host, port=port, prepare=first("demo" if demo else "init")))


@app.command()
def init() -> None:
    """建库或升级，写入全国组织树 / make or upgrade the database and seed the union tree."""
    from models import schema  # noqa: PLC0415 -- slow import
    from workflows.clocks import calendars  # noqa: PLC0415 -- slow import
    from workflows.people import organizations  # noqa: PLC0415 -- slow import

    calendars.current()  # a calendar file nobody can count by is told of before anything starts
    schema.ensure()
    organizations.seed()


@app.command("demo")
def make_demo(
    seed: Annotated[int, typer.Option(help="同一种子同一数据 / same seed, same data")] = 7,
    as_json_: Json = False,  # noqa: FBT002 -- Typer's way
) -> None:
    """建示范省（无库则建库） / make the demo province, and the database if there is none."""
    _answer(_demo(seed), as_json_)


@app.command()
def appoint(
    email: Annotated[str, typer.Argument(help="邮箱 / email")],
    organization: Annotated[str, typer.Argument(help="单位代码，如 330000 / organisation's code")],
    role: Annotated[str, typer.Option(help="clerk, reviewer, administrator")] = "administrator",
    name: Annotated[str, typer.Option(help="姓名（新账号必填） / name, for a new account")] = "",
    password_stdin: Annotated[bool, typer.Option("--password-stdin", help="口令由标准输入读取")] = False,  # noqa: FBT002 -- Typer's way
    as_json_: Json = False,  # noqa: FBT002 -- Typer's way
) -> None:
    """本机操作员任命（首位管理员由此产生） / appoint somebody from this machine: the first administrator comes so."""
    from workflows.people.accounts import appoint as give  # noqa: PLC0415 -- slow import

    init()
    secret = sys.stdin.readline().rstrip("\n") if password_stdin else None
    _answer(give(email, organization, role, name=name, password=secret), as_json_)


@app.command("do")
def do_verb(verb: str, pairs: Pairs = None, as_: As = "", as_json_: Json = False) -> None:  # noqa: FBT002 -- Typer's way
    """执行一个动作 / call a verb: shenbao do submit --as EMAIL application_id=... seen=3."""
    from workflows import table  # noqa: PLC0415 -- slow import

    table.require("verb", verb)
    _ready()
    _answer(table.do(verb, _actor(as_), _arguments(pairs or [])), as_json_)


@app.command("ask")
def ask_question(question: str, pairs: Pairs = None, as_: As = "", as_json_: Json = False) -> None:  # noqa: FBT002 -- Typer's way
    """提出一个查询 / ask a question: shenbao ask queue --as EMAIL desk=330106."""
    from workflows import table  # noqa: PLC0415 -- slow import

    table.require("question", question)
    _ready()
    _answer(table.ask(question, _actor(as_), _arguments(pairs or [])), as_json_)


@app.command()
def verbs(as_json_: Json = False) -> None:  # noqa: FBT002 -- Typer's way
    """列出全部动作与查询及其参数 / list all verbs and questions with their arguments."""
    from workflows import table  # noqa: PLC0415 -- slow import

    _answer(table.catalogue(), as_json_)


@app.command()
def sweep(as_json_: Json = False) -> None:  # noqa: FBT002 -- Typer's way
    """处理到期事项并发信，不需 Prefect（可由 cron 调用） / do what is due and send letters, without Prefect."""
    from workflows.clocks.examining import asked  # noqa: PLC0415 -- slow import
    from workflows.clocks.sweep import sweep as sweep_once  # noqa: PLC0415 -- slow import
    from workflows.clocks.tallying import note_day  # noqa: PLC0415 -- slow import
    from workflows.clocks.turns import seal  # noqa: PLC0415 -- slow import
    from workflows.post.bounces import read  # noqa: PLC0415 -- slow import
    from workflows.post.carriers import deliver  # noqa: PLC0415 -- slow import

    _ready()
    told = {"sweep": {**sweep_once(), **note_day()}, "letters": deliver(), "checkpoint": seal()}
    told |= {"returned_mail": found} if (found := read()) else {}
    told |= {"examination": made} if (made := asked()) else {}
    _answer(told, as_json_)


@app.command()
def days(
    start: Annotated[str | None, typer.Argument(help="起始日 YYYY-MM-DD / start")] = None,
    count: Annotated[str | None, typer.Argument(help="天数 / days")] = None,
    roll: Annotated[str | None, typer.Option("--roll", help="顺延某日 / roll a date")] = None,
    counting_first: Annotated[bool, typer.Option("--counting-first", help="首日计入 / count the first day")] = False,  # noqa: FBT002 -- Typer's way
    calendar_days: Annotated[bool, typer.Option("--calendar-days", help="按自然日 / calendar days")] = False,  # noqa: FBT002 -- Typer's way
    as_json_: Json = False,  # noqa: FBT002 -- Typer's way
) -> None:
    """工作日计算，含调休 / working days, make-up days included."""
    from workflows.clocks.due import current  # noqa: PLC0415 -- slow import
    from workflows.rules.calendar import answer  # noqa: PLC0415 -- slow import

    _answer(answer(start, count, roll, counting_first=counting_first, calendar_days=calendar_days,
                   calendar=current()), as_json_)  # fmt: skip


@app.command()
def rehearse(files: list[Path], as_json_: Json = False) -> None:  # noqa: FBT002 -- Typer's way
    """在临时库上演练剧本 / play scenarios on a scratch database."""
    from workflows.rehearsal import rehearse as play  # noqa: PLC0415 -- slow import

    results = play(files)
    if as_json_:
        _answer(results, as_json_)
    for result in () if as_json_ else results:
        typer.echo(f"{'✓' if result.ok else '✗'} {result.path}  {result.title}")
        for fault in result.faults:
            typer.echo(f"  {fault.message}")
    raise typer.Exit(0 if all(result.ok for result in results) else 3)


@app.command()
def doctor(
    files: Annotated[bool, typer.Option("--files", help="连同附件文件 / attachments too")] = False,  # noqa: FBT002 -- Typer's way
    as_json_: Json = False,  # noqa: FBT002 -- Typer's way
) -> None:
    """检查全部不变量 / check every invariant; exit 1 when one is broken."""
    from workflows import doctor as invariants  # noqa: PLC0415 -- slow import
    from workflows.papers import fonts  # noqa: PLC0415 -- slow import

    _ready()
    found = invariants.check(files=files)
    told = {"ok": not found, "violations": found, "fonts": fonts.state(), "calendar": calendar_told()}
    _answer(told, as_json_)
    raise typer.Exit(1 if found else 0)


@app.command()
def reindex(as_json_: Json = False) -> None:  # noqa: FBT002 -- Typer's way
    """重做查询索引 / make the search index anew from the applications."""
    from workflows.record import indexing  # noqa: PLC0415 -- slow import

    _ready()
    _answer({"applications": indexing.rebuild()}, as_json_)


@audit_app.command("verify")
def audit_verify(
    checkpoints: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="别处保存的检查点 / a copy kept elsewhere")
    ] = None,
    as_json_: Json = False,  # noqa: FBT002 -- Typer's way
) -> None:
    """核验日志链与检查点 / verify the journal's chains and checkpoints; exit 1 when broken."""
    from workflows.record import audit  # noqa: PLC0415 -- slow import

    _ready()
    report = audit.verify(checkpoints)
    _answer(report, as_json_)
    raise typer.Exit(0 if report.ok else 1)


@config_app.command("show")
def config_show(as_json_: Json = False) -> None:  # noqa: FBT002 -- Typer's way
    """显示现行设置（密码隐去） / the settings in force, secrets masked."""
    from workflows.papers import fonts  # noqa: PLC0415 -- slow import

    _answer({**settings().shown(), "fonts": fonts.state(), "calendar": calendar_told()}, as_json_)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; errors become a sentence and the exit code of their kind.

    What it did goes into the log as well, on standard error, unless a person sits before it or it only plays.
    """
    if arguments is None and not sys.stderr.isatty() and sys.argv[1:2] not in UNLOGGED:
        logs.configure("cli", sys.stderr)
    try:
        app(args=list(arguments) if arguments is not None else None)
    except ShenbaoError as error:
        _complain(error)
        raise SystemExit(error.exit_code) from error


def _complain(error: ShenbaoError) -> None:
    words = sentence(error, settings().language)
    if "--json" in sys.argv:
        typer.echo(as_json({"error": error.code, "details": error.details, "message": words}))
    else:
        typer.echo(words, err=True)


def _ready() -> None:
    from models import schema  # noqa: PLC0415 -- slow import

    database.engine()
    schema.check()


def _demo(seed: int) -> Any:
    from workflows import demo  # noqa: PLC0415 -- slow import

    init()
    return demo.ensure(seed)


def _actor(email: str) -> Any:
    from workflows.record.acting import PUBLIC, actor_of  # noqa: PLC0415 -- slow import

    return actor_of(email) if email else PUBLIC


def _arguments(pairs: Sequence[str]) -> dict[str, Any]:
    """`name=value` pairs: JSON where it looks like JSON, a file's bytes after @, else text."""
    read: dict[str, Any] = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if not sign or not name:
            raise InputError("pair", given=pair[:60])
        read[name.replace("-", "_")] = _value(name, value)
    return read


def _value(name: str, value: str) -> Any:
    import json  # noqa: PLC0415 -- slow import

    if value.startswith("@"):
        try:
            return Path(value[1:]).read_bytes()
        except OSError as error:
            raise InputError("file_unreadable", field=name, given=value[1:61]) from error
    if value[:1] in "[{" and value:
        try:
            return json.loads(value)
        except ValueError as error:
            raise InputError("json", field=name, given=value[:60]) from error
    return value


def _answer(value: Any, is_json: bool) -> None:  # noqa: FBT001 -- one of two ways to print
    typer.echo(as_json(value) if is_json else "\n".join(as_lines(value)))


if __name__ == "__main__":
    main()
