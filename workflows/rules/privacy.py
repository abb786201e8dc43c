"""What stays private in a form: an identity number keeps only its ends in strangers' sight."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from models.base import changed

if TYPE_CHECKING:
    from models.application import Application
    from models.programme import Programme

_ENDS = 4
_SHOWN = 3
# Between the digits of a number people put a blank, a dash or a dot or two.
_GAP = r"[\s\-–—·.]{0,2}"
_DAY = rf"(?:0{_GAP}[1-9]|1{_GAP}[0-2]){_GAP}(?:0{_GAP}[1-9]|[12]{_GAP}\d|3{_GAP}[01])"


def _digits(n: int) -> str:
    return rf"\d(?:{_GAP}\d){{{n - 1}}}"


_NUMBERS = re.compile(
    r"(?<!\d)(?:"
    + "|".join((
        rf"{_digits(6)}{_GAP}(?:1{_GAP}9|2{_GAP}0){_GAP}{_digits(2)}{_GAP}{_DAY}{_GAP}{_digits(3)}{_GAP}[\dXx]",
        rf"{_digits(6)}{_GAP}{_digits(2)}{_GAP}{_DAY}{_GAP}{_digits(3)}",  # of fifteen digits, until 1999
        rf"(?:8{_GAP}6{_GAP})?1{_GAP}[3-9]{_GAP}{_digits(9)}",
        rf"0{_GAP}{_digits(2)}{_GAP}(?:\d{_GAP})?[2-8]{_GAP}{_digits(6)}(?:{_GAP}\d)?",
    ))
    + r")(?!\d)"
)  # fmt: skip
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


def masked(programme: Programme, row: Application) -> Application:
    """An application as others than its own people read it: private answers masked."""
    private = private_fields(programme)
    return changed(row, answers={k: mask(v) if k in private else v for k, v in row.answers.items()})


def private_fields(programme: Programme) -> frozenset[str]:
    """The fields a programme calls private."""
    return frozenset(field.name for field in programme.fields if field.private)


def mask(value: Any) -> Any:
    """A value with its first and last four characters left; short ones vanish altogether."""
    if value is None:
        return None
    text = str(value)
    if len(text) <= 2 * _ENDS:
        return "*" * len(text)
    return f"{text[:_ENDS]}{'*' * (len(text) - 2 * _ENDS)}{text[-_ENDS:]}"


def public(text: str) -> str:
    """A text as the public may read it: identity numbers, telephones and addresses of mail are masked (domain: 7.5).

    Years, patents and the numbers of certificates stay, for they have another shape.
    """
    plain = "".join(str(int(c)) if c.isdecimal() else "X" if c in "Ｘｘ" else c for c in text)
    for found in _NUMBERS.finditer(plain):
        first, last = found.span()
        text = text[: first + _SHOWN] + "*" * (last - first - _SHOWN) + text[last:]
    return _EMAIL.sub("***", text)
