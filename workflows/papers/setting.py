"""Setting a paper: a template, its words and the fonts become a PDF, the same bytes from the same record."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

import typst

from models.errors import InputError
from models.settings import settings
from workflows.papers import fonts
from workflows.papers.sheet import clean

if TYPE_CHECKING:
    from workflows.papers.sheet import Sheet

TEMPLATES = Path(__file__).parent / "templates"
STYLE = "style"


def can_print() -> bool:
    """Whether a font that shows Chinese is at hand."""
    return bool(fonts.found().faces)


def pdf(sheet: Sheet) -> bytes:
    """A paper as PDF. Raises RefusedError("glyphs_missing"), InputError("template") for a faulty template."""
    return _set(sheet, "pdf")[0]


def pictures(sheet: Sheet, ppi: int = 72) -> list[bytes]:
    """A paper's pages as PNG, to look at. Raises as `pdf`."""
    return _set(sheet, "png", ppi)


def source(name: str) -> str:
    """A template's text: the office's own, where its folder has one of this name, or ours."""
    own = _own(name)
    return (own or TEMPLATES / f"{name}.typ").read_text(encoding="utf-8")


def _own(name: str) -> Path | None:
    folder = settings().papers_dir
    file = folder / f"{name}.typ" if folder else None
    return file if file is not None and file.is_file() else None


def _set(sheet: Sheet, kind: Literal["pdf", "png"], ppi: int = 72) -> list[bytes]:
    words = clean(sheet.words)
    fonts.require(words, sheet.name)
    found = fonts.found()
    text = f"{source(STYLE)}\n{source(sheet.template)}"
    try:
        made = typst.compile(
            text.encode(), font_paths=found.fonts, ignore_system_fonts=True, format=kind, ppi=float(ppi),
            root=str((settings().papers_dir or TEMPLATES).absolute()), timestamp=int(sheet.at.timestamp()),
            sys_inputs={"words": _told(sheet, words, found.families)},
        )  # fmt: skip
    except typst.TypstError as error:
        raise InputError("template", field=f"{sheet.template}.typ", reason=error.message[:200]) from error
    return cast("list[bytes]", made if isinstance(made, list) else [made])


def _told(sheet: Sheet, words: dict[str, Any], families: dict[str, list[str]]) -> str:
    """What a template reads: the paper's words, the file's name and moment, the fonts for each purpose."""
    at = sheet.at
    moment = [at.year, at.month, at.day, at.hour, at.minute, at.second]
    return json.dumps({**words, "name": sheet.name, "moment": moment, "fonts": families}, ensure_ascii=False)
