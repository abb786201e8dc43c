"""Forms: answers as typed into values of the programme's fields, with every fault at once."""

from __future__ import annotations

import hashlib
from datetime import date
from types import NoneType
from typing import TYPE_CHECKING, Any

from stdnum.cn import ric

if TYPE_CHECKING:
    from collections.abc import Mapping

    from models.programme import FieldRule, Programme

Fault = dict[str, Any]
_ID_LENGTH = 18
_TYPED = (str, int, float, bool, NoneType)  # what one can type; a list or an object is no answer
_YES = {"yes": True, "true": True, "是": True, "1": True, "no": False, "false": False, "否": False, "0": False}


def value_of(rule: FieldRule, raw: Any) -> tuple[Any, Fault | None]:
    """A typed answer as the field's value, or the fault it has. Empty answers become None."""
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


def faults(programme: Programme, answers: Mapping[str, Any], files: Mapping[str, int]) -> list[Fault]:
    """Everything that keeps a form from being submitted: empty fields, wrong values, empty slots."""
    found: list[Fault] = []
    for rule in programme.fields:
        value, fault = value_of(rule, answers.get(rule.name))
        if fault is not None:
            found.append(fault)
        elif value is None and rule.required:
            found.append({"field": rule.name, "code": "required"})
    empty = [slot.name for slot in programme.slots if slot.required and not files.get(slot.name)]
    return found + [{"field": name, "code": "file_required"} for name in empty]


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


def _read(rule: FieldRule, text: str) -> Any:
    match rule.kind:
        case "number" | "year":
            return int(text)
        case "date":
            return date.fromisoformat(text).isoformat()
        case "yes_no":
            return _YES[text.lower()]
        case "person_id":
            return person_id(text)
        case _:
            return text


def _bounds(rule: FieldRule, value: Any) -> Fault | None:
    if rule.choices and value not in rule.choices:
        return {"field": rule.name, "code": "not_a_choice", "given": str(value)[:60], "known": list(rule.choices)}
    if isinstance(value, str) and rule.max_length is not None and len(value) > rule.max_length:
        return {"field": rule.name, "code": "too_long", "length": len(value), "most": rule.max_length}
    if isinstance(value, int) and not isinstance(value, bool):
        if rule.minimum is not None and value < rule.minimum:
            return {"field": rule.name, "code": "too_small", "given": value, "least": rule.minimum}
        if rule.maximum is not None and value > rule.maximum:
            return {"field": rule.name, "code": "too_big", "given": value, "most": rule.maximum}
    return None
