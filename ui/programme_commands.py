"""The command line's part about programme files: judged, drawn, planned backwards, cloned, compared."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from models.settings import settings
from models.text import day, label, programme_words
from ui.answers import as_json

if TYPE_CHECKING:
    from models.programme import Programme
    from workflows.linting import Report
    from workflows.rules.reverse_calendar import Plan, Stop, Trouble

programme_app = typer.Typer(no_args_is_help=True, help="项目文件 programmes as files")

Json = Annotated[bool, typer.Option("--json", help="一行 JSON / one line of JSON")]
Which = Annotated[str, typer.Argument(help="文件，或项目代码，或 代码@版本 / file, code or code@version")]
_WORST = 2
_INFEASIBLE = 3


@programme_app.command("check")
def programme_check(file: Path, as_json_: Json = False) -> None:  # noqa: FBT002 -- Typer's way
    """检查项目文件，列出全部问题；有错误时退出码为2 / every finding about a programme file; exit 2 on any error."""
    report = _examined(file)
    found = report.findings
    errors = len(report.errors)
    if as_json_:
        whole = {"ok": not errors, "programme": report.programme.id if report.programme else None, "errors": errors}
        typer.echo(as_json({**whole, "warnings": len(found) - errors, "findings": [one.told() for one in found]}))
    else:
        for line in _lines(report):
            typer.echo(line)
    raise typer.Exit(_WORST if errors else 0)


@programme_app.command("diagram")
def programme_diagram(code: Which) -> None:
    """以 Mermaid 画出状态图，只含该项目的层级 / the chart as Mermaid, pruned to the ladder."""
    from workflows.linting.drawing import drawn  # noqa: PLC0415 -- slow import

    typer.echo(drawn(_rules(code)))


@programme_app.command("plan")
def programme_plan(
    code: Which,
    decision_by: Annotated[datetime, typer.Option("--decision-by", formats=["%Y-%m-%d"], help="决定日 / decided by")],
    opens: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="申报开始日 / filing opens")] = None,
    as_json_: Json = False,  # noqa: FBT002 -- Typer's way
) -> None:
    """由决定日倒排各级最迟日期；排不开时退出码为3 / each tier's latest days, counted back; exit 3 if impossible."""
    from workflows.queries.programmes import planned  # noqa: PLC0415 -- slow import

    made = planned(_rules(code), decision_by.date(), opens.date() if opens else None)
    if as_json_:
        typer.echo(as_json({**made._asdict(), "feasible": made.feasible}))
    else:
        for line in plan_lines(made, settings().language):
            typer.echo(line)
    raise typer.Exit(0 if made.feasible else _INFEASIBLE)


@programme_app.command("clone")
def programme_clone(
    code: Which, year: Annotated[int, typer.Option(help="新版启用年度 / the year it is valid from")]
) -> None:
    """输出下一版的文件：日期顺延，说明保留 / the text of the next version: days moved on, remarks kept."""
    from workflows.linting.next_version import next_version  # noqa: PLC0415 -- slow import

    typer.echo(next_version(_text(code), year), nl=False)


@programme_app.command("diff")
def programme_diff(before: Which, after: Which, as_json_: Json = False) -> None:  # noqa: FBT002 -- Typer's way
    """用文字说明两版的差别 / what changes from one version to another, in words."""
    from workflows.queries.programmes import changes  # noqa: PLC0415 -- slow import

    found = changes(_rules(before), _rules(after))
    if as_json_:
        typer.echo(as_json([{"zh": zh, "en": en} for zh, en in found]))
    for pair in () if as_json_ else found:
        typer.echo(pair[settings().language == "en"])


def plan_lines(made: Plan, language: str) -> list[str]:
    """A plan as lines a person can read."""
    english = language == "en"
    close = ("Filing closes by", "最迟截止申报")[not english]
    lines = [f"{close} {day(made.closes_by, language)}"]
    lines += [line for stop in made.stops for line in _stop_lines(stop, language)]
    lines.append(f"{('最迟决定', 'Decided by')[english]} {day(made.decision_by, language)}")
    lines += [f"✗ {_told(trouble, language)}" for trouble in made.troubles]
    if made.provisional:
        lines.append(
            ("? 含尚未公布放假安排的年份，日期可能变动", "? holds days of a year whose list is not out yet")[english]
        )
    return lines


def _stop_lines(stop: Stop, language: str) -> list[str]:
    english = language == "en"
    words = ("{rung}：{a}起，{b}前审完", "{rung}: from {a}, reviewed by {b}")[english]
    said = words.format(rung=label(stop.rung, language), a=day(stop.starts_by, language),
                        b=day(stop.reviewed_by, language))  # fmt: skip
    if stop.notice_from and stop.notice_to:
        notice = ("，公示{a}至{b}", ", notice {a} to {b}")[english]
        said += notice.format(a=day(stop.notice_from, language), b=day(stop.notice_to, language))
    said += ("，{a}前交出", ", handed on by {a}")[english].format(a=day(stop.hands_over_by, language))
    return [said, *(f"  ✗ {_told(trouble, language)}" for trouble in stop.troubles)]


def _told(trouble: Trouble, language: str) -> str:
    return (" " if language == "en" else "").join(programme_words(trouble.code, trouble.details, language))


def _lines(report: Report) -> list[str]:
    language = settings().language
    english = language == "en"
    if not report.findings:
        return [("没有发现问题。", "Nothing was found.")[english]]
    grave = {"error": ("错误", "error"), "warning": ("提醒", "warning")}
    place = ("第{n}行 {grave} {code}：", "Line {n} {grave} {code}: ")[english]
    return [
        place.format(n=one.line, grave=grave[one.severity][english], code=one.code)
        + one.reason(language) + " " * english + one.advice(language)
        for one in report.findings
    ]  # fmt: skip


def _examined(file: Path) -> Report:
    from workflows.desk import examining  # noqa: PLC0415 -- slow import

    return examining.examine(examining.text_of(file), folder=file.parent)


def _rules(given: str) -> Programme:
    """The rules of a file without errors, of a published version, or of the catalogue."""
    from models.programme import shipped  # noqa: PLC0415 -- slow import
    from workflows.desk import examining  # noqa: PLC0415 -- slow import
    from workflows.queries.programmes import rules_of  # noqa: PLC0415 -- slow import

    if Path(given).is_file():
        return examining.require(_examined(Path(given)))
    if "@" in given:
        _ready()
        return rules_of(given)
    return shipped(given)


def _text(given: str) -> str:
    from workflows import programmes  # noqa: PLC0415 -- slow import
    from workflows.desk import examining  # noqa: PLC0415 -- slow import
    from workflows.queries.programmes import programme  # noqa: PLC0415 -- slow import
    from workflows.record.acting import PUBLIC  # noqa: PLC0415 -- slow import

    if Path(given).is_file():
        _rules(given)
        return examining.text_of(Path(given)).decode("utf-8-sig")
    if "@" in given:
        _ready()
        return programme(PUBLIC, code=given).text
    return programmes.shipped_text(given)


def _ready() -> None:
    from models import database, schema  # noqa: PLC0415 -- slow import

    database.engine()
    schema.check()
