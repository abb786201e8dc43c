"""Answers that a programme's form accepts, for rehearsals whose point is not the form."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any

from PIL import Image
from pypdf import PdfWriter
from stdnum.cn import ric

from workflows.rules.forms import is_asked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.programme import Eligibility, FieldRule, Programme, Slot

_USUAL_NUMBER, _USUAL_YEARS = 8, 6
_LATELY, _NOTICE = timedelta(days=30), (timedelta(days=24), timedelta(days=3))
_LEAP_DAY = 29


def plausible(rules: Programme, number: int, today: date) -> dict[str, Any]:
    """Answers to every required field, another leader and subject for every number."""
    given: dict[str, Any] = {}
    own = _own(rules, number, today)
    for field in rules.fields:
        # The formal part opens only after the first list; where there is none, it is asked at once.
        if field.required and is_asked(field, given, formal=not rules.entry.first_list_due):
            given[field.name] = own.get(field.name) or usual(rules, field, number, today)
    return given


def identity(number: int) -> str:
    """A citizen's identity number (GB 11643) that passes its check; nobody has it."""
    base = f"110101{1960 + number // 999 % 40}0101{number % 999 + 1:03d}"
    return base + str(ric.calc_check_digit(base + "0"))


def paper(slot: Slot) -> tuple[str, bytes]:
    """A file that a slot accepts, with its name: a page where it may be one, else a picture."""
    if "pdf" in slot.kinds:
        return f"{slot.label.zh}.pdf", page()
    kind = "png" if "png" in slot.kinds else "jpg"
    return f"{slot.label.zh}.{kind}", _picture("PNG" if kind == "png" else "JPEG")


@lru_cache(maxsize=2)
def _picture(kind: str) -> bytes:
    file = BytesIO()
    Image.new("RGB", (8, 8), "white").save(file, kind)
    return file.getvalue()


@lru_cache(maxsize=1)
def page() -> bytes:
    """A real PDF of one blank page."""
    writer, file = PdfWriter(), BytesIO()
    writer.add_blank_page(595, 842)
    writer.write(file)
    return file.getvalue()


def _own(rules: Programme, number: int, today: date) -> dict[str | None, str]:
    own: dict[str | None, str] = {
        rules.subject_name: f"第{number}号{rules.name.zh}"[:30],
        rules.leader_id: identity(number),
        rules.leader_name: f"职工{number}",
    }
    if (place := rules.workplace) is not None:
        first, last = (today - back for back in _NOTICE)
        own |= {place.notice_from: first.isoformat(), place.notice_to: last.isoformat()}
    return own


def usual(rules: Programme, field: FieldRule, number: int, today: date) -> Any:
    """An answer to one field that its own rules and the clauses accept."""
    clauses = [clause for clause in rules.eligibility if clause.field == field.name]
    match field.kind:
        case "choice":
            return _choice(rules, field, clauses, number)
        case "number":
            return _number(field, clauses)
        case "year":
            return today.year
        case "money":
            return str(max(100_000, *(clause.minimum or 0 for clause in clauses), 0))
        case "date":
            return _date(clauses, today).isoformat()
        case "yes_no":
            return "true" if _yes(rules, field, clauses) else "false"
        case "email":
            return f"worker{number}@rehearsal.example.cn"
        case "phone":
            return f"1380000{number % 10_000:04d}"
        case _:
            return _text(field)


def _choice(rules: Programme, field: FieldRule, clauses: Sequence[Eligibility], number: int) -> str:
    """One that no clause forbids; the pools of a quota get theirs in turn."""
    fit = [c.values for c in clauses if c.rule == "one_of"]
    never = {value for c in clauses if c.rule == "none_of" for value in c.values}
    wanted = [choice for choice in field.choices if choice not in never and all(choice in v for v in fit)]
    if field.name == rules.quota.pool_field:
        return wanted[(number - 1) % len(wanted)]
    return wanted[0]


def _number(field: FieldRule, clauses: Sequence[Eligibility]) -> int:
    least = max([c.minimum or 0 for c in clauses if c.rule == "minimum"] + [field.minimum or 0])
    most = [c.maximum for c in clauses if c.rule == "maximum" and c.maximum is not None]
    tops = [*most, *([field.maximum] if field.maximum is not None else [])]
    return min([max(least, _USUAL_NUMBER), *tops])


def _date(clauses: Sequence[Eligibility], today: date) -> date:
    if any(c.rule == "within_years" for c in clauses):
        return today - _LATELY
    years = max([c.minimum or 0 for c in clauses if c.rule == "age_years"] + [_USUAL_YEARS])
    return today.replace(year=today.year - years, day=min(today.day, _LEAP_DAY - 1))


def _yes(rules: Programme, field: FieldRule, clauses: Sequence[Eligibility]) -> bool:
    """As the clauses want it; otherwise yes, unless a list may hold few of those who say so."""
    asked = {c.rule for c in clauses}
    if asked & {"is_true", "is_false"}:
        return "is_true" in asked
    return not any(c.field == field.name and c.ceiling is not None and "true" in c.values for c in rules.composition)


def _text(field: FieldRule) -> str:
    words = field.label.zh
    short = field.min_length or 0
    return (words * (short // len(words) + 1))[: field.max_length]
