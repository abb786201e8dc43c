"""What a new version of a programme changes, in words: "公示由5个工作日改为7个工作日"."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from models.labels import Pair
from models.programme import Counting, Words
from models.text import day, label
from models.words_programme import UNITS, key_of
from models.words_programme_after import VALUES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from models.programme import Programme
    from models.words_programme_after import Key

# What tells the items of a list from each other, and what an item is called.
_NAMED_BY = ("desk", "clause", "stage", "fact", "grade", "name")
_TITLES = ("label", "message", "words")
_CHANGED: Pair = ("{what}由{before}改为{after}", "{what} changes from {before} to {after}")
_ADDED: Pair = ("新增{what}", "{what} is new")
_GONE: Pair = ("删去{what}", "{what} is removed")
_ORDERED: Pair = ("{what}的次序有调整", "the order of {what} changes")
_NOTHING: Pair = ("无", "none")
_QUIET = ("code", "version")
_LONGEST = 60


def changes(before: Programme, after: Programme) -> list[Pair]:
    """Every difference between two versions, in the order of the file; the version number is not one."""
    return [
        said
        for key in type(after).model_fields
        if key not in _QUIET
        for said in _differing(getattr(before, key), getattr(after, key), ((type(after).__name__, key),), ())
    ]


Way = tuple[tuple[str, str], ...]
Item = tuple[Pair, ...]


def _differing(before: Any, after: Any, way: Way, items: Item) -> Iterator[Pair]:
    if before == after:
        return
    if isinstance(before, Counting) and isinstance(after, Counting):
        yield from _counted(before, after, way, items)
    elif isinstance(before, BaseModel) and type(before) is type(after) and not isinstance(before, Words):
        for key in type(before).model_fields:
            inner = (*way, (type(before).__name__, key))
            yield from _differing(getattr(before, key), getattr(after, key), inner, items)
    elif _is_list(before) and _is_list(after) and (before or after) and _is_named([*before, *after]):
        yield from _lists(before, after, way, items)
    else:
        unit = key_of(*way[-1])
        yield _said(_CHANGED, _place(way, items), before=_value(before, unit), after=_value(after, unit))


def _counted(before: Counting, after: Counting, way: Way, items: Item) -> Iterator[Pair]:
    """A period is said whole: five working days, the first counted."""
    plain = Counting.model_fields
    if any(getattr(before, key) != getattr(after, key) for key in plain if key != "source"):
        counts = before.first_day_counts != after.first_day_counts
        yield _said(_CHANGED, _place(way, items), before=_period(before, counts=counts),
                    after=_period(after, counts=counts))  # fmt: skip
    for key in type(before).model_fields:
        if key not in plain or key == "source":
            inner = (*way, (type(before).__name__, key))
            yield from _differing(getattr(before, key), getattr(after, key), inner, items)


def _period(rule: Counting, *, counts: bool) -> Pair:
    zh, en = (text.format(n=rule.days) for text in UNITS["working days" if rule.working else "days"])
    if not rule.working:
        zh = zh.replace("天", "个自然日")
    if not counts:
        return zh, en
    first = (
        ("首日计入", "the first day counted") if rule.first_day_counts else ("首日不计", "the first day not counted")
    )
    return f"{zh}（{first[0]}）", f"{en} ({first[1]})"


def _lists(before: Sequence[Any], after: Sequence[Any], way: Way, items: Item) -> Iterator[Pair]:
    old, new = ({_name(item): item for item in side} for side in (before, after))
    for name, item in old.items():
        if name in new:
            yield from _differing(item, new[name], way, (*items, _title(item)))
        else:
            yield _said(_GONE, _place(way, (*items, _title(item))))
    yield from (_said(_ADDED, _place(way, (*items, _title(item)))) for name, item in new.items() if name not in old)
    if [name for name in old if name in new] != [name for name in new if name in old]:
        yield _said(_ORDERED, _place(way, items))


def _is_list(value: Any) -> bool:
    return isinstance(value, tuple)


def _is_named(items: Sequence[Any]) -> bool:
    return all(isinstance(item, BaseModel) and _name(item) is not None for item in items)


def _name(item: Any) -> Any:
    key = next((key for key in _NAMED_BY if key in type(item).model_fields), None)
    # A step is known by its desk; a band by its grade and its name.
    return None if key is None else (getattr(item, key), getattr(item, "name", None))


def _title(item: Any) -> Pair:
    """What an item is called: its label, else the word it is known by."""
    words = next((getattr(item, key) for key in _TITLES if key in type(item).model_fields), None)
    if isinstance(words, Words):
        return f"“{words.zh}”", f"“{words.en}”"
    name = _name(item)[0]
    return f"“{label(name)}”", f"“{label(name, 'en')}”"


def _place(way: Way, items: Item) -> Pair:
    """Where something changed: the chapter, the item, the key."""
    keys = [key_of(*step) for step in way]
    zh, en = keys[0].zh, keys[0].en
    if items:
        zh, en = zh + "".join(item[0] for item in items), " ".join([en, *(item[1] for item in items)])
    inner = [key for key in keys[1:] if not items or key is keys[-1]]
    if inner:
        zh, en = f"{zh}的{inner[-1].zh}", f"{inner[-1].en} of {en}"
    return zh, en


def _said(pair: Pair, what: Pair, **values: Pair) -> Pair:
    zh = pair[0].format(what=what[0], **{key: value[0] for key, value in values.items()})
    en = pair[1].format(what=what[1], **{key: value[1] for key, value in values.items()})
    return zh, en[:1].upper() + en[1:]


def _value(value: Any, key: Key) -> Pair:
    match value:
        case None | "" | ():
            return _NOTHING
        case tuple():
            parts = [_value(item, key) for item in value]
            return "、".join(part[0] for part in parts), ", ".join(part[1] for part in parts)
        case dict():
            return _mapping(value, key)
        case Words():
            return f"“{_cut(value.zh)}”", f"“{_cut(value.en)}”"
        case BaseModel():
            return _mapping({k: v for k, v in value if v not in (None, (), "")}, key)
        case _:
            return _scalar(value, key)


def _scalar(value: Any, key: Key) -> Pair:
    match value:
        case bool():
            return ("是", "yes") if value else ("否", "no")
        case StrEnum():
            return label(value), label(value, "en")
        case int() | Decimal():
            zh, en = (text.format(n=f"{value:f}" if isinstance(value, Decimal) else value) for text in UNITS[key.unit])
            return zh, en
        case time():
            return (f"{value:%H:%M}",) * 2 if value != time() else ("24:00",) * 2
        case date():
            return day(value), day(value, "en")
    return VALUES.get(value) or (f"“{_cut(str(value))}”",) * 2


def _mapping(value: dict[str, Any], key: Key) -> Pair:
    parts = [(name, _value(item, key)) for name, item in value.items()]
    return "、".join(f"{n} {v[0]}" for n, v in parts) or "无", ", ".join(f"{n} {v[1]}" for n, v in parts) or "none"


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
