"""A score pack that comes back: whose it is, and what each line says, before anybody asks the store."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from models import secret
from models.errors import InputError, RefusedError
from workflows.importing.reading import lines_in
from workflows.packs import layout

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.programme_file.merit import Scoring
    from workflows.packs.layout import Line, Plate


class Given(NamedTuple):
    """A line of the file by its number there, as it came back."""

    number: int
    line: Line
    signature: str

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written on it."""
        return not any(self.line.points) and not self.line.words


class Opened(NamedTuple):
    """A file that is a score pack: its plate, the labels of its columns, its lines."""

    plate: Plate
    labels: tuple[str, ...]
    given: list[Given]


def opened(filename: str, content: bytes) -> Opened:
    """The pack in a file, with a workbook's size looked at before it is opened.

    Raises InputError("pack_file") for what is none, and what `lines_in` raises.
    """
    lines = lines_in(filename, content)
    if len(lines) < layout.FIRST or lines[layout.PLATE - 1][:1] != [layout.MARK]:
        raise InputError("pack_file", field="content", given=filename)
    plate = _cells(lines[layout.PLATE - 1], 1 + len(layout.Plate._fields))[1:]
    labels = [cell for cell in lines[layout.HEADER - 1][len(layout.IDENTITY) :] if cell]
    before, asked = len(layout.IDENTITY), len(labels) - 1
    given = []
    for number, line in enumerate(lines[layout.FIRST - 1 :], layout.FIRST):
        cells = _cells(line, before + asked + 1)
        if any(cells):
            given.append(_given(number, cells, before, asked))
    return Opened(layout.Plate(*plate), tuple(labels), given)


def require_ours(pack: Opened, rule: Scoring, expected: Plate) -> None:
    """Refuse a pack for somebody or something else, and one that was edited where it is locked.

    `expected` is whose pack it must be, its signature empty. Raises RefusedError("pack_other_round",
    "pack_other_desk", "pack_other_judge", "pack_other_programme", "pack_edited" with the lines,
    "pack_cases_differ"), InputError("pack_columns").
    """
    others = (
        ("round_id", "pack_other_round"), ("desk", "pack_other_desk"), ("judge", "pack_other_judge"),
        ("programme", "pack_other_programme"),
    )  # fmt: skip
    for name, code in others:
        if getattr(pack.plate, name) != getattr(expected, name):
            raise RefusedError(code)
    asked = layout.questions(rule)
    known = [{one.label.zh, one.label.en} for one in asked]
    if len(pack.labels) != len(asked) + 1 or any(
        label not in names for label, names in zip(pack.labels, known, strict=False)
    ):
        raise InputError("pack_columns", field="content", known=[one.label.zh for one in asked])
    edited = [one for one in pack.given if not _is_signed(pack.plate, one)]
    if edited:
        rows = [{"line": one.number, "receipt": one.line.receipt, "subject": one.line.subject,
                 "code": "pack_line_edited", "details": {}} for one in edited]  # fmt: skip
        raise RefusedError("pack_edited", count=len(edited), rows=rows)
    cases = [(one.line.id, one.line.version) for one in pack.given]
    if pack.plate.signature != layout.pack_signature(pack.plate, rule, cases):
        raise RefusedError("pack_cases_differ", count=len(cases))


def _is_signed(plate: Plate, one: Given) -> bool:
    line = one.line
    return secret.is_signed(one.signature, layout.CASE, *plate[:4], line.id, str(line.version), line.receipt,
                            line.subject)  # fmt: skip


def _given(number: int, cells: Sequence[str], before: int, asked: int) -> Given:
    case, version, signature, receipt, subject, organization = cells[:before]
    points, words = cells[before : before + asked], cells[before + asked]
    # A version that is no number is an edited one: its signature cannot be right.
    line = layout.Line(case, int(version) if version.isdecimal() else -1, receipt, subject, organization,
                       tuple(points), words)  # fmt: skip
    return Given(number, line, signature)


def _cells(line: Sequence[str], width: int) -> list[str]:
    return [*line[:width], *[""] * (width - len(line))]
