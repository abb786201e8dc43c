"""Conditions offered while somebody writes a search: each whole, with what it means, and put where it belongs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from workflows.rules.search_fields import FIELD_OF, FIELDS, FLAGS, ORDERS, SHORT, TIERS
from workflows.rules.search_terms import WIDE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from models.labels import Pair

_PLAIN = re.compile(r"[^\s()\"|,:<>=≤≥-]+")
_NAME = re.compile(r"([^:<>=≤≥]+)[:<>=≤≥]")
_ZH, _EN = 0, 1
_DAYS: tuple[tuple[str, str, Pair], ...] = (
    ("due", "<=+3wd", ("三个工作日内到期", "due within three working days")),
    ("due", ":today", ("今天到期", "due today")),
    ("since", ">5wd", ("已等了五个工作日以上", "waiting for more than five working days")),
    ("entered", ":today", ("今天到达", "came today")),
    ("submitted", ":>=-5wd", ("近五个工作日提交", "submitted within five working days")),
)
_HANDS: tuple[tuple[str, str, Pair], ...] = (
    ("me", "我", ("由我承办", "in my hands")),
    ("none", "无", ("还没有人承办", "in nobody's hands")),
)


class Hint(NamedTuple):
    """A condition as it is written, and what it means in the reader's language."""

    words: str
    meaning: str


def hints(language: str, known: Mapping[str, Sequence[tuple[str, str]]] | None = None) -> list[Hint]:
    """Every condition that can be offered; `known`: by field, the values there are and what each is called.

    Values of `known` are given as they are stored, and written here so that they can be read again.
    """
    at = _EN if language == "en" else _ZH
    found = [Hint(f"is:{_called(w.names, at)}", w.meaning[at]) for w in FLAGS.values()]
    found += [Hint(f"{_field('state', at)}:{state.value if at else short}", short if not at else state.value)
              for state, short in SHORT.items()]  # fmt: skip
    found += [Hint(f"{_field('tier', at)}:{_called(names, at)}", FIELDS["tier"].meaning[at]) for names in _tiers()]
    found += [Hint(f"{_field(field, at)}{value}", meaning[at]) for field, value, meaning in _DAYS]
    found += [Hint(f"{_field('handler', at)}:{(zh, en)[at]}", meaning[at]) for en, zh, meaning in _HANDS]
    for field, values in (known or {}).items():
        found += [Hint(f"{_field(field, at)}:{_written(value)}", called) for value, called in values]
    for word in ORDERS.values():
        name, turned = f"{_field('sort', at)}:", ("，倒排", ", the other way round")[at]
        found += [Hint(f"{name}{_called(word.names, at)}", word.meaning[at]),
                  Hint(f"{name}-{_called(word.names, at)}", word.meaning[at] + turned)]  # fmt: skip
    return found


def sorted_for(words: str, found: Iterable[Hint]) -> list[Hint]:
    """The hints with those first that go on from what was typed last."""
    last = _last(words).lower()
    if not last:
        return list(found)

    def distance(hint: Hint) -> tuple[bool, bool]:
        return not _goes_on(last, hint), last not in f"{hint.words} {hint.meaning}".lower()

    return sorted(found, key=distance)


def put(words: str, condition: str) -> str:
    """The search with a condition more: for what was begun of it, for an order that it had, or at its end."""
    last = _last(words)
    kept = words.rstrip()
    if last and _goes_on(last.lower(), Hint(condition, "")):
        kept = kept[: len(kept) - len(last)].rstrip()
    if _field_of(condition) == "sort":
        kept = " ".join(part for part in kept.split() if _field_of(part) != "sort")
    return f"{kept} {condition}".strip()


def _goes_on(last: str, hint: Hint) -> bool:
    """Whether what was typed last is the beginning of a condition, or of one on the same field without its value."""
    name, begun = _field_of(last), last.translate(WIDE).lower()
    if name is not None:
        value = begun[len(_NAME.match(begun)[0]) :]  # type: ignore[index]  # it has a field
        return name == _field_of(hint.words) and value in hint.words.lower()
    either = hint.words.lower(), hint.words.lower().partition(":")[2]
    return any(one.startswith(begun) for one in either) or any(
        other.startswith(begun) for other, field in FIELD_OF.items() if field.names[0] == _field_of(hint.words)
    )


def _last(words: str) -> str:
    """The word that is being written; nothing after a blank."""
    return "" if not words or words[-1].isspace() else words.rsplit(maxsplit=1)[-1].removeprefix("-")


def _field_of(word: str) -> str | None:
    match = _NAME.match(word.translate(WIDE))
    field = FIELD_OF.get(match[1].lower()) if match else None
    return field.names[0] if field else None


def _field(name: str, at: int) -> str:
    return _called(FIELDS[name].names, at)


def _called(names: Sequence[str], at: int) -> str:
    return names[0] if at or len(names) == 1 else names[1]


def _tiers() -> list[tuple[str, ...]]:
    return list(dict.fromkeys(TIERS.values()))


def _written(value: str) -> str:
    """A value as it is read again: in quotation marks where it holds what the language reads as its own."""
    return value if _PLAIN.fullmatch(value.translate(WIDE)) else '"' + value.replace('"', "") + '"'
