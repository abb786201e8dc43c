"""A score pack as an xlsx file: texts only, locked but for the scores, limits checked while typing."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_rowcol_to_cell

from workflows.packs import layout
from workflows.rules import scoring

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.programme_file.merit import Criterion, Scoring
    from workflows.packs.layout import Line, Plate

_HEADINGS = ("申报", "版本", "校验", "受理编号", "名称", "申报单位")
_WORDS = "评语（可不填）"
_WIDTHS = (4, 4, 4, 18, 36, 28)
_POINTS_WIDE, _WORDS_WIDE, _LIMITS_HIGH = 16, 48, 60
MOST_WORDS = 2000
# Whatever a cell begins with, it is a text: no formula, no link, no number.
_ALWAYS = datetime(2026, 1, 1, tzinfo=UTC)
_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def workbook(plate: Plate, rule: Scoring, title: str, lines: Sequence[Line], language: str = "zh") -> bytes:
    """The pack of these cases; the same cases and scores give the same cells."""
    out = BytesIO()
    with Workbook(out, _OPTIONS) as book:
        # The moment it is made would make the same pack another file.
        book.set_properties({"title": title, "created": _ALWAYS})
        sheet = book.add_worksheet("评分表")
        open_, bold, wrap = (book.add_format(f) for f in (
            {"locked": False, "num_format": "@", "border": 1}, {"bold": True},
            {"text_wrap": True, "font_size": 9, "valign": "top"},
        ))  # fmt: skip
        _text(sheet, layout.TITLE, [title], bold)
        _text(sheet, layout.PLATE, [layout.MARK, *plate])
        asked = layout.questions(rule)
        _text(sheet, layout.HEADER, [*_HEADINGS, *(c.label.in_(language) for c in asked), _WORDS], bold)
        _text(sheet, layout.LIMITS, [*[""] * len(_HEADINGS), *(limits(rule, c, language) for c in asked), ""], wrap)
        for n, line in enumerate(lines, layout.FIRST):
            told = [line.id, str(line.version), layout.case_signature(plate, line), line.receipt, line.subject,
                    line.organization_name]  # fmt: skip
            _text(sheet, n, told)
            _text(sheet, n, [*line.points, line.words], open_, first=len(told))
        _shape(sheet, rule, asked, layout.FIRST, layout.FIRST + len(lines) - 1)
    return out.getvalue()


def limits(rule: Scoring, one: Criterion, language: str) -> str:
    """What may be typed in a column: its points and steps, its bands with both limits."""
    if layout.asks_yes_or_no(rule):
        return "是／否" if language == "zh" else "yes / no"
    bands = [
        f"[{band.at_least}, {one.most if band.below is None else band.below}{']' if band.below is None else ')'} "
        f"{band.mark.words.in_(language)}"
        for band in scoring.ranges(one)
    ]
    step = scoring.step_of(rule, one)
    return "\n".join([f"0–{one.most}（{step}）", *bands])


def _text(sheet: Any, line: int, cells: Sequence[str], form: Any = None, first: int = 0) -> None:
    for column, cell in enumerate(cells, first):
        sheet.write_string(line - 1, column, cell, form)


def _shape(sheet: Any, rule: Scoring, asked: Sequence[Criterion], first: int, last: int) -> None:
    """Hides what is for the machine, locks what is not to be typed, and checks what is."""
    for column, wide in enumerate(_WIDTHS):
        sheet.set_column(column, column, wide, None, {"hidden": column < layout.HIDDEN})
    before = len(_WIDTHS)
    sheet.set_column(before, before + len(asked) - 1, _POINTS_WIDE)
    sheet.set_column(before + len(asked), before + len(asked), _WORDS_WIDE)
    sheet.set_row(layout.PLATE - 1, None, None, {"hidden": True})
    sheet.set_row(layout.LIMITS - 1, _LIMITS_HIGH)
    sheet.freeze_panes(layout.FIRST - 1, before)
    for column, one in enumerate(asked, before):
        allowed: dict[str, Any] = {"validate": "list", "source": ["是", "否"]} if layout.asks_yes_or_no(rule) else {
            # Cells are texts, so that nothing is rounded on the way: the check reads them as numbers.
            "validate": "custom", "value": _within(column, first, one),
        }  # fmt: skip
        told = {"error_title": "评分", "error_message": limits(rule, one, "zh")[:250]}
        sheet.data_validation(first - 1, column, last - 1, column, {**allowed, **told})
    sheet.data_validation(first - 1, before + len(asked), last - 1, before + len(asked), {
        "validate": "length", "criteria": "<=", "value": MOST_WORDS, "error_title": "评语",
        "error_message": f"至多{MOST_WORDS}字",
    })  # fmt: skip
    sheet.protect("", {"format_columns": True, "format_rows": True, "sort": True, "autofilter": True})


def _within(column: int, first: int, one: Criterion) -> str:
    cell = xl_rowcol_to_cell(first - 1, column)
    return f"=AND(ISNUMBER(VALUE({cell})),VALUE({cell})>=0,VALUE({cell})<={one.most})"
