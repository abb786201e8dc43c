"""Forms: answers as typed into values of the programme's fields, with every fault at once."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from datetime import date
from decimal import Decimal
from types import NoneType
from typing import TYPE_CHECKING, Any

from stdnum.cn import ric

from models.errors import InputError
from workflows.rules.address import normal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from models.programme import FieldRule, Programme, Slot
    from models.vocabulary import Rung

Fault = dict[str, Any]
FEN = 100  # fen of a yuan
_ID_LENGTH = 18
_TYPED = (str, int, float, bool, NoneType)  # what one can type; a list or an object is no answer
_YES = {"yes": True, "true": True, "是": True, "1": True, "no": False, "false": False, "否": False, "0": False}
_MONEY = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,2})?")
# A mobile, a line with its area code and extension, a service number, or one of another country.
_PHONE = re.compile(
    r"(\+?86-?)?(1[3-9][0-9]{9}|0[0-9]{2,3}-?[2-9][0-9]{6,7}(-[0-9]{1,6})?)|[48]00-?[0-9]{3}-?[0-9]{4}|\+[1-9][0-9]{5,14}"
)
APPLICANT = "applicant"


def value_of(rule: FieldRule, raw: Any) -> tuple[Any, Fault | None]:
    """A typed answer as the field's value, or the fault it has. Empty answers become None.

    Money is typed in yuan and its value is in fen. A text that is still too short is no fault
    here: it is saved while it grows, and `faults` tells of it when the form is handed in.
    """
    if not isinstance(raw, _TYPED):
        return None, {"field": rule.name, "code": "not_a_text"}
    text = str(raw).strip() if raw is not None else ""
    if not text:
        return None, None
    try:
        value = _read(rule, text)
    except (ValueError, KeyError):
        return None, {"field": rule.name, "code": f"not_a_{rule.kind}", "given": text[:60]}
    return value, _bounds(rule, value)


def fault_of(rule: FieldRule, value: Any) -> Fault | None:
    """What is wrong with a stored value, the length that is asked at least included."""
    if rule.kind == "money" and type(value) is int:
        return _bounds(rule, value)
    value, fault = value_of(rule, value)
    if fault is None and isinstance(value, str) and len(value) < (rule.min_length or 0):
        return {"field": rule.name, "code": "too_short", "length": len(value), "least": rule.min_length}
    return fault


def counting(programme: Programme, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers that count: without those of fields whose condition does not hold.

    An answer that does not count meets no condition either, so one may take others with it.
    """
    kept = dict(answers)
    ruled = [rule for rule in programme.fields if rule.when is not None]
    while gone := [r.name for r in ruled if r.name in kept and not (r.when and r.when.holds(kept))]:
        for name in gone:
            del kept[name]
    return kept


def parts(programme: Programme) -> tuple[FieldRule | Slot, ...]:
    """Everything a form asks for: its fields, then its places for files."""
    return (*programme.fields, *programme.slots)


def is_asked(
    part: FieldRule | Slot, answers: Mapping[str, Any], *, by: Rung | str = APPLICANT, formal: bool = False
) -> bool:
    """Whether a field or a place for files is asked of somebody now, by the answers that count.

    `by`: the applicant, or the tier whose review it is. `formal`: the first list was cleared.
    """
    now = formal or part.stage == "first"
    return part.by == by and now and (part.when is None or part.when.holds(answers))


def faults(
    programme: Programme, answers: Mapping[str, Any], files: Mapping[str, int], *,
    by: Rung | str = APPLICANT, formal: bool = False,
) -> list[Fault]:  # fmt: skip
    """Everything that keeps a form from going on: empty fields, wrong values, empty slots.

    `files` counts the files of each slot; only what is asked of `by` now is looked at.
    """
    known = counting(programme, answers)
    found: list[Fault] = []
    for rule in programme.fields:
        if is_asked(rule, known, by=by, formal=formal):
            value = known.get(rule.name)
            fault = fault_of(rule, value)
            if fault is not None:
                found.append(fault)
            elif value in (None, "") and rule.required:
                found.append(_empty(rule, by))
    asked = [s for s in programme.slots if s.required and is_asked(s, known, by=by, formal=formal)]
    return found + [{"field": s.name, "code": "file_required"} for s in asked if not files.get(s.name)]


def person_id(text: str) -> str:
    """A citizen's identity number (GB 11643): length, date and check digit. Raises ValueError.

    The place is not looked up: a number keeps the code of a county that was renamed or merged.
    """
    number = str(ric.compact(text))
    if len(number) != _ID_LENGTH or not number[:-1].isdigit() or ric.calc_check_digit(number) != number[-1]:
        raise ValueError(text)
    ric.get_birth_date(number)  # its InvalidComponent is a ValueError
    return number


def leader_key(identity: str) -> str:
    """What one leader is known by in all applications and titles, without keeping the number in sight."""
    return hashlib.sha256(f"leader {identity}".encode()).hexdigest()


def fen(text: str) -> int:
    """An amount typed in yuan, such as "1,234.50", in fen. Raises ValueError."""
    plain = _narrow(text).replace(",", "").removeprefix("¥").removesuffix("元")
    if not _MONEY.fullmatch(plain):
        raise ValueError(text)
    return int(Decimal(plain) * FEN)


def yuan(amount: int) -> str:
    """An amount in fen as it is typed: in yuan, with its decimals if it has any."""
    whole = Decimal(amount) / FEN
    return str(whole.quantize(Decimal(1))) if amount % FEN == 0 else f"{whole:.2f}"


def _empty(rule: FieldRule, by: Rung | str) -> Fault:
    if by == APPLICANT:
        return {"field": rule.name, "code": "required"}
    return {"field": rule.name, "code": "tier_field"}


def _narrow(text: str) -> str:
    """A text without spaces, its full-width characters as plain ones."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def _read(rule: FieldRule, text: str) -> Any:
    match rule.kind:
        case "number" | "year":
            return int(text)
        case "money":
            return fen(text)
        case "date":
            return date.fromisoformat(text).isoformat()
        case "yes_no":
            return _YES[text.lower()]
        case "person_id":
            return person_id(text)
        case "email":
            return _email(text)
        case "phone":
            return _phone(text)
        case _:
            return text


def _email(text: str) -> str:
    try:
        return normal(text)
    except InputError as error:
        raise ValueError(text) from error


def _phone(text: str) -> str:
    number = _narrow(text).replace("(", "").replace(")", "-")
    if not _PHONE.fullmatch(number):
        raise ValueError(text)
    return number


def _bounds(rule: FieldRule, value: Any) -> Fault | None:
    if rule.choices and value not in rule.choices:
        return {"field": rule.name, "code": "not_a_choice", "given": str(value)[:60], "known": list(rule.choices)}
    if isinstance(value, str) and rule.max_length is not None and len(value) > rule.max_length:
        return {"field": rule.name, "code": "too_long", "length": len(value), "most": rule.max_length}
    if isinstance(value, int) and not isinstance(value, bool):
        return _range(rule, value)
    return None


def _range(rule: FieldRule, value: int) -> Fault | None:
    """Bounds of a number; those of money are written in yuan."""
    unit, given = (FEN, yuan(value)) if rule.kind == "money" else (1, value)
    if rule.minimum is not None and value < rule.minimum * unit:
        return {"field": rule.name, "code": "too_small", "given": given, "least": rule.minimum}
    if rule.maximum is not None and value > rule.maximum * unit:
        return {"field": rule.name, "code": "too_big", "given": given, "most": rule.maximum}
    return None
