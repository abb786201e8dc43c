"""What the linter has to say: where in the file, how grave, which code, with which details."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import Any, Literal, NamedTuple

from models.text import programme_words

Path = tuple[str | int, ...]
Severity = Literal["error", "warning"]


class Raw(NamedTuple):
    """A finding at a key of the file, before its line is known."""

    path: Path
    code: str
    severity: Severity
    details: Mapping[str, Any]


class Finding(NamedTuple):
    """A finding with its line (from 1) and its key in words, such as `ladder.cut_off`."""

    line: int
    severity: Severity
    code: str
    where: str
    details: Mapping[str, Any]

    def reason(self, language: str = "zh") -> str:
        """What is wrong, in a sentence."""
        return programme_words(self.code, self.details, language)[0]

    def advice(self, language: str = "zh") -> str:
        """What to do about it, in a sentence."""
        return programme_words(self.code, self.details, language)[1]

    def told(self) -> dict[str, Any]:
        """The finding as plain JSON: its words in both languages, its details left out."""
        reasons = {tongue: self.reason(tongue) for tongue in ("zh", "en")}
        return {
            "line": self.line,
            "severity": self.severity,
            "code": self.code,
            "where": self.where,
            "reason": reasons,
            "todo": {tongue: self.advice(tongue) for tongue in ("zh", "en")},
        }


class Known(NamedTuple):
    """What stands outside the file: the programmes' codes, and the kinds of facts on record.

    `codes`: of the catalogue and of the folder beside the file; `facts`: kinds that some programme's
    feeds leave.
    """

    codes: frozenset[str] = frozenset()
    facts: frozenset[str] = frozenset()


def error(path: Path, code: str, **details: Any) -> Raw:
    """Something that would refuse, hang or mislead: the file cannot be published so."""
    return Raw(path, code, "error", details)


def warning(path: Path, code: str, **details: Any) -> Raw:
    """Something that works but is hardly meant so."""
    return Raw(path, code, "warning", details)


def nearest(given: str, known: Iterable[str]) -> str | None:
    """The known name that somebody who wrote `given` most likely meant."""
    found = difflib.get_close_matches(given[:60], sorted(known)[:400], n=1)
    return found[0] if found else None
