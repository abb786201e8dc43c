"""One field of a programme's form: as a widget, as it is sent, and as it is read."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import streamlit as st

from models import text
from ui.components import words
from ui.components.words import t
from workflows.rules.forms import yuan

if TYPE_CHECKING:
    from collections.abc import Callable

    from models.programme import FieldRule, Programme

_FIRST_DAY, _LAST_DAY = date(1900, 1, 1), date(2100, 12, 31)
_LINES_FROM = 200  # characters; longer fields get a higher box
_YES = "yes"
_CHOSEN = ("number", "year", "choice")  # kinds whose widget holds nothing while it is empty
# Not the plain asterisk: Markdown reads it, and a label is also what a screen reader says.
MUST = "＊"


def label(rule: FieldRule) -> str:
    """What the field is called, in which unit; an asterisk marks one that must be filled in."""
    unit = t("（元）", " (yuan)") if rule.kind == "money" else ""
    return words.plain(rule.label.in_(words.spoken()) + unit) + (MUST if rule.required else "")


def labels(rules: Programme) -> dict[str, str]:
    """What the fields and the places for files are called, by name."""
    spoken = words.spoken()
    named = {rule.name: rule.label.in_(spoken) for rule in rules.fields}
    return named | {slot.name: slot.label.in_(spoken) for slot in rules.slots}


def draw(rule: FieldRule, key: str, on_change: Callable[..., None] | None, *args: Any) -> None:
    """The widget; inside a form it has no `on_change`.

    Nothing is cut off here: what is too long is said, and stays to be shortened.
    """
    tip = words.plain(rule.help.in_(words.spoken())) if rule.help else None
    common: dict[str, Any] = {"key": key, "on_change": on_change, "args": args, "help": tip}
    name, none = label(rule), t("请选择", "Please choose")
    match rule.kind:
        case "long":
            tall = 220 if (rule.max_length or 0) > _LINES_FROM * 5 else 120
            st.text_area(name, height=tall, **common)
        case "number" | "year":
            st.number_input(name, step=1, **common)
        case "date":
            st.date_input(name, min_value=_FIRST_DAY, max_value=_LAST_DAY, format="YYYY-MM-DD", **common)
        case "choice":
            st.selectbox(
                name,
                rule.choices,
                format_func=lambda choice: choice_label(rule, choice),
                placeholder=none,
                **common,
            )
        case "yes_no":
            st.segmented_control(
                name, [_YES, "no"], format_func=lambda c: t("是", "Yes") if c == _YES else t("否", "No"),
                **common,
            )  # fmt: skip
        case _:
            st.text_input(name, **common)


def as_shown(rule: FieldRule, stored: Any) -> Any:
    """A stored answer as its widget holds it."""
    if rule.kind == "date":
        return date.fromisoformat(stored) if stored else None
    if rule.kind == "yes_no":
        return None if stored is None else (_YES if stored else "no")
    if rule.kind == "money":
        return "" if stored is None else yuan(stored)
    return stored if rule.kind in _CHOSEN else stored or ""


def as_sent(held: Any) -> str:
    """What a widget holds as the verbs read it."""
    if held is None:
        return ""
    return held.isoformat() if isinstance(held, date) else str(held)


def as_read(rule: FieldRule, stored: Any) -> str:
    """A stored answer in words."""
    if stored is None or stored == "":
        return t("（未填写）", "(empty)")
    if rule.kind == "choice":
        return choice_label(rule, str(stored))
    if rule.kind == "yes_no":
        return t("是", "Yes") if stored else t("否", "No")
    if rule.kind == "money":
        return text.yuan(stored)
    return words.day(date.fromisoformat(stored)) if rule.kind == "date" else str(stored)


def choice_label(rule: FieldRule, choice: str) -> str:
    """What one of the choices is called."""
    if choice not in rule.choices or len(rule.choice_labels) != len(rule.choices):
        return choice
    return rule.choice_labels[rule.choices.index(choice)].in_(words.spoken())
