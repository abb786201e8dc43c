"""The printed papers, made from the record alone: what stands on paper never differs from what was done.

A paper is written in three steps: a module here reads the record as its asker may see it and puts it into words
(`Sheet`), `fonts` refuses characters that no font can show, and `setting` has typst set the template with the words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.errors import InputError, RefusedError
from workflows.papers import certificate, decision, form, notice, report, setting, summary, tables
from workflows.papers.setting import can_print
from workflows.papers.sheet import Paper

if TYPE_CHECKING:
    from collections.abc import Callable

    from workflows.papers.sheet import Sheet
    from workflows.record.acting import Actor

__all__ = ["KINDS", "TABLES", "Paper", "can_print", "paper"]

_WRITTEN: dict[str, Callable[[Actor | None, str], Sheet]] = {
    "form": form.written,
    "summary": summary.written,
    "report": report.written,
    "notice": notice.written,
    "decision": decision.written,
    "certificate": certificate.written,
}
KINDS = tuple(_WRITTEN)
# What an office also wants as a table to work with.
TABLES = ("summary", "notice", "decision")


def paper(actor: Actor | None, kind: str, thing_id: str, form: str = "pdf") -> Paper:
    """One paper of the record as a file: `pdf`, or `xlsx` for those of `TABLES`. The same record gives the same bytes.

    `thing_id` is an application (form), a slate (summary, report), a notice, a decision or a title (certificate).
    Raises NotFoundError for what the asker may not see, RefusedError("glyphs_missing", "no_chinese_font"),
    InputError for an unknown kind or form, or a faulty template of one's own.
    """
    if kind not in _WRITTEN:
        raise InputError("not_a_choice", field="kind", given=kind[:60], known=list(KINDS))
    known = ["pdf", "xlsx"] if kind in TABLES else ["pdf"]
    if form not in known:
        raise InputError("not_a_choice", field="form", given=form[:60], known=known)
    sheet = _WRITTEN[kind](actor, thing_id)
    if form == "xlsx":
        return Paper(f"{sheet.name}.xlsx", tables.XLSX, tables.workbook(sheet))
    if not can_print():
        raise RefusedError("no_chinese_font")
    return Paper(f"{sheet.name}.pdf", "application/pdf", setting.pdf(sheet))
