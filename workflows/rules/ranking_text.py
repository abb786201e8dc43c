"""A ranking as text that people edit: printed with its ties in sight, read with every mistake by its line.

    [main]
    1 = 2026-ABCD2345 王师傅创新工作室 (某公司) [92.50]
    = 2026-EFGH2345 李师傅创新工作室 [92.50]
    3 = 2026-JKLM2345 赵师傅创新工作室
    [reserve]
    4 = 2026-NPQR2345 钱师傅创新工作室

A place is a number or, equal to the one before it, `=` alone or the same number again. What stands
between the receipt and the score is for the eye only. `#` begins a remark.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from workflows.rules.ranking import hundredths

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MAIN, RESERVE, OUT = "main", "reserve", "out"
_NAMES = {MAIN: ("正式推荐", "main"), RESERVE: ("备选", "reserve"), OUT: ("不列入", "not listed")}
_SECTIONS = {name: part for part, names in _NAMES.items() for name in names}
_SECTION = re.compile(r"\[\s*([^\[\]]+?)\s*\]")
_LINE = re.compile(r"(?P<place>\d{1,6})?\s*=\s*(?P<receipt>[0-9A-Za-z-]+)(?P<rest>.*)")
_LOOSE = re.compile(r"(?P<receipt>\d{4}-[0-9A-Za-z]{8})(?P<rest>(\s.*)?)")
_SCORE = re.compile(r"\[\s*(?P<score>[^\[\]]*?)\s*\]\s*")
_LONGEST = 400_000
_HARMLESS = str.maketrans("#[]［］", "＃〔〕〔〕")


class Row(NamedTuple):
    """One name of a ranking: where it stands, and its score in hundredths.

    `tied`: it stands equal with the one before it. `called` is its subject and unit, for the eye.
    """

    receipt: str
    part: str
    score: int | None = None
    tied: bool = False
    called: str = ""


class Mistake(NamedTuple):
    """What is wrong in a line (from 1): a code with its details, said as `faults` are."""

    line: int
    code: str
    details: dict[str, Any]


def printed(rows: Iterable[Row], language: str = "zh") -> str:
    """A ranking as text: the parts in their order, equal places with `=`, those not listed without a place."""
    tongue = int(language == "en")
    listed = list(rows)
    lines: list[str] = []
    place = 0
    for part in (MAIN, RESERVE, OUT):
        lines += [*([""] if lines else []), f"[{_NAMES[part][tongue]}]"]
        for row in listed:
            if row.part != part:
                continue
            place += part != OUT
            lines.append(_printed(row, place))
    return "\n".join(lines) + "\n"


def parsed(text: str) -> tuple[list[Row], list[Mistake]]:
    """A ranking read from text, with all its mistakes: the rows are in order, main before reserve.

    The numbers say the order, wherever their lines stand; of equal ones that in the text. Mistakes:
    "ranking_line", "ranking_section", "ranking_place", "ranking_score", "ranking_twice", "ranking_tie"
    for equal places whose scores are not the same, "ranking_across" for a tie over the line of the places.
    """
    if len(text) > _LONGEST:
        return [], [Mistake(1, "ranking_long", {"most": _LONGEST})]
    reading = _Reading()
    for n, line in enumerate(text.splitlines(), start=1):
        reading.take(n, unicodedata.normalize("NFKC", line.split("#")[0]).strip())
    return reading.rows(), sorted([*reading.mistakes, *reading.ties()], key=lambda one: (one.line, one.code))


class _Read(NamedTuple):
    """A line as it was read; `place` 0: not listed."""

    line: int
    place: int
    row: Row


class _Reading:
    """The lines read so far."""

    def __init__(self) -> None:
        self.part = MAIN
        self.read: list[_Read] = []
        self.mistakes: list[Mistake] = []
        self.known: dict[str, int] = {}

    def take(self, n: int, line: str) -> None:
        """Read one line, without its remark."""
        if not line:
            return
        if (section := _SECTION.fullmatch(line)) is not None:
            self._begin(n, section[1])
            return
        found = _LINE.fullmatch(line) or (_LOOSE.fullmatch(line) if self.part == OUT else None)
        if found is None:
            self._wrong(n, "ranking_line", given=line[:60])
            return
        receipt = found["receipt"].upper()
        if receipt in self.known:
            self._wrong(n, "ranking_twice", given=receipt, first=self.known[receipt])
            return
        self.known[receipt] = n
        place = self._place(n, found.groupdict().get("place"))
        called, score = self._score(n, found["rest"])
        if place is not None:
            self.read.append(_Read(n, place, Row(receipt, self.part, score, tied=False, called=called)))

    def rows(self) -> list[Row]:
        """The names in order; equal places keep the order of their lines."""
        found: list[Row] = []
        for part in (MAIN, RESERVE, OUT):
            before = 0
            for one in self._of(part):
                found.append(one.row._replace(tied=one.place == before and part != OUT))
                before = one.place
        return found

    def ties(self) -> list[Mistake]:
        """Equal places with other scores, and one place on both sides of the line."""
        found = []
        for part in (MAIN, RESERVE):
            order = self._of(part)
            found += [
                Mistake(lower.line, "ranking_tie", {"place": lower.place})
                for upper, lower in pairwise(order)
                if upper.place == lower.place and (upper.row.score is None or upper.row.score != lower.row.score)
            ]
        last = max((one.place for one in self._of(MAIN)), default=0)
        return found + [
            Mistake(one.line, "ranking_across", {"place": one.place, "last": last})
            for one in self._of(RESERVE) if one.place <= last
        ]  # fmt: skip

    def _of(self, part: str) -> Sequence[_Read]:
        return sorted((one for one in self.read if one.row.part == part), key=lambda one: (one.place, one.line))

    def _begin(self, n: int, name: str) -> None:
        if (part := _SECTIONS.get(name.casefold())) is None:
            self._wrong(n, "ranking_section", given=name[:60], known=[names[0] for names in _NAMES.values()])
        else:
            self.part = part

    def _place(self, n: int, given: str | None) -> int | None:
        if self.part == OUT:
            return 0
        if given is not None and int(given) > 0:
            return int(given)
        before = self.read[-1] if self.read and self.read[-1].row.part == self.part else None
        if given is not None or before is None:
            self._wrong(n, "ranking_place")
            return None
        return before.place

    def _score(self, n: int, rest: str) -> tuple[str, int | None]:
        found = _SCORE.search(rest)
        while found is not None and found.end() != len(rest):
            found = _SCORE.search(rest, found.end())
        if found is None:
            return rest.strip(), None
        try:
            return rest[: found.start()].strip(), hundredths(found["score"])
        except ValueError:
            self._wrong(n, "ranking_score", given=found["score"][:20])
            return "", None

    def _wrong(self, n: int, code: str, **details: Any) -> None:
        self.mistakes.append(Mistake(n, code, details))


def _printed(row: Row, place: int) -> str:
    called = " ".join(_clean(row.called).split())
    score = "" if row.score is None else f" [{row.score // 100}.{row.score % 100:02d}]"
    at = "" if row.part == OUT else "= " if row.tied else f"{place} = "
    return f"{at}{row.receipt} {called}".rstrip() + score


def _clean(called: str) -> str:
    """A subject without what means something in this text."""
    return called.translate(_HARMLESS)
