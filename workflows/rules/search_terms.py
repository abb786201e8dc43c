"""One term of a search, such as `due<+3wd`: its field, its sign and what stands after it."""

from __future__ import annotations

import difflib
import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from models.errors import InputError
from workflows.rules import search_values
from workflows.rules.search_fields import (
    FIELD_OF,
    FIELDS,
    FLAG_OF,
    FLAGS,
    ORDER_OF,
    ORDERS,
    STATES_OF,
    STATES_OF_TIER,
    STATES_SHOWN,
    TIERS,
    Field,
)
from workflows.rules.search_nodes import Days, Flag, Has, Node, Score, Some, States

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from models.vocabulary import State
    from workflows.rules.search_values import Today

# Chinese keyboards give these; each stands for one character, so that places stay what they are.
WIDE = str.maketrans("：（）＞＜＝“”「」＂－＋，、｜　", ':()><="""""-+,,| ')
_DAY = timedelta(days=1)
_TERM = re.compile(r"([^:<>=≤≥]+)(:?(?:<=|>=|<|>|=|≤|≥)|:)(.*)", re.DOTALL)
_SAME = {"≤": "<=", "≥": ">=", "=": ":"}


class Term(NamedTuple):
    """A field, as it was called, its sign and its value."""

    field: Field
    name: str
    sign: str
    value: str
    at: int
    today: Today

    def options(self) -> list[str]:
        """The values, any of which will do. Raises InputError for none, and for a sign that is not `:`."""
        if self.sign != ":":
            raise InputError("search_sign", field="words", position=self.at, of=self.name, given=self.sign)
        found = [part.strip() for part in self.value.split(",") if part.strip()]
        if not found:
            raise InputError("search_value", field="words", position=self.at, of=self.name)
        return found


def term(text: str, at: int, today: Today) -> Term | None:
    """A term that stands at a place of the words; None for a free word. Raises InputError."""
    match = _TERM.fullmatch(text)
    if match is None:
        return None
    name, sign, value = match[1].lower(), match[2].removeprefix(":") or ":", match[3].strip()
    if (field := FIELD_OF.get(name)) is None:
        near = _nearest(name, FIELD_OF)
        known = [_pair(f.names) for f in FIELDS.values()]
        raise InputError("search_field", field="words", position=at, given=match[1], known=known, near=near)
    if not value:
        raise InputError("search_value", field="words", position=at + match.end(2), of=name)
    return Term(field, name, _SAME.get(sign, sign), value, at + match.end(2), today)


def node(term: Term) -> Node:
    """What a term asks. Raises InputError."""
    return _TAKES[term.field.takes](term)


def order(term: Term) -> tuple[str, bool]:
    """What a term sorts by, and whether the other way round. Raises InputError."""
    value = ",".join(term.options())
    name = value.removeprefix("-").lower()
    if name not in ORDER_OF:
        raise _unknown(term, value, (word.names for word in ORDERS.values()))
    return ORDER_OF[name], value.startswith("-")


def _either(parts: list[Node]) -> Node:
    return parts[0] if len(parts) == 1 else Some(tuple(parts))


def _pair(names: Sequence[str]) -> dict[str, str]:
    """A word by its Chinese and its English name."""
    return {"zh": names[1], "en": names[0]}


def _unknown(term: Term, given: str, known: Iterable[Sequence[str]]) -> InputError:
    words = [tuple(names) for names in known]
    near = _nearest(given.lower(), [name for names in words for name in names])
    return InputError("search_word", field="words", position=term.at, of=term.name, given=given,
                      known=[_pair(names) for names in words], near=near)  # fmt: skip


def _nearest(given: str, names: Iterable[str]) -> str | None:
    """The name that was probably meant: spelt alike, or one that holds what was typed."""
    known = list(names)
    alike = difflib.get_close_matches(given, known, n=1) or [name for name in known if given in name or name in given]
    return alike[0] if alike else None


def _flag(term: Term) -> Node:
    for name in term.options():
        if name.lower() not in FLAG_OF:
            raise _unknown(term, name, (word.names for word in FLAGS.values()))
    return _either([Flag(FLAG_OF[name.lower()]) for name in term.options()])


def _states(term: Term, known: dict[str, frozenset[State]], shown: Iterable[Sequence[str]]) -> Node:
    plain = {name.translate(WIDE).lower(): states for name, states in known.items()}
    options = term.options()
    found: set[State] = set()
    for name in [term.value] if term.value.lower() in plain else options:
        if name.lower() not in plain:
            raise _unknown(term, name, shown)
        found |= plain[name.lower()]
    return States(frozenset(found))


def _state(term: Term) -> Node:
    return _states(term, STATES_OF, STATES_SHOWN)


def _tier(term: Term) -> Node:
    return _states(term, STATES_OF_TIER, TIERS.values())


def _has(term: Term) -> Node:
    return _either([Has(term.field.names[0], value) for value in term.options()])


def _days(term: Term) -> Node:
    field, value, sign = term.field.names[0], term.value, term.sign

    def read(text: str) -> date:
        return search_values.day(text, term.today, term.at, term.name)

    if sign == ":":
        first, dots, last = value.partition("..")
        ends = (first, last) if dots else (value, value)
        return Days(field, *(read(end) if end else None for end in ends))
    return Days(field, *_between(sign, read(value), _DAY))


def _between(sign: str, value: date, step: timedelta) -> tuple[date | None, date | None]:
    match sign:
        case "<":
            return None, value - step
        case "<=":
            return None, value
        case ">":
            return value + step, None
        case _:
            return value, None


def _waited(term: Term) -> Node:
    n, working = search_values.waited(term.value, term.at, term.name)

    def came(days: int) -> date:
        return search_values.last_day_waiting(term.today, days, working=working)

    match term.sign:
        case ">":
            return Days("entered", None, came(n + 1))
        case ">=":
            return Days("entered", None, came(n))
        case "<":
            return Days("entered", came(n) + _DAY, None)
        case "<=":
            return Days("entered", came(n + 1) + _DAY, None)
        case _:
            return Days("entered", came(n + 1) + _DAY, came(n))


def _number(term: Term) -> Node:
    def read(text: str) -> int:
        return search_values.hundredths(text, term.at, term.name)

    least, most = 0, 10**9
    if term.sign == ":":
        first, dots, last = term.value.partition("..")
        if not dots:
            return Score(read(first), read(first))
        return Score(read(first) if first else least, read(last) if last else most)
    value = read(term.value)
    match term.sign:
        case "<":
            return Score(least, value - 1)
        case "<=":
            return Score(least, value)
        case ">":
            return Score(value + 1, most)
        case _:
            return Score(value, most)


_TAKES: dict[str, Callable[[Term], Node]] = {
    "flag": _flag, "state": _state, "tier": _tier, "text": _has, "desk": _has, "day": _days, "days": _waited,
    "number": _number,
}  # fmt: skip
