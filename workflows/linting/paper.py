"""What stands on paper: the document's number and its pattern, the certificate's number, every word shown."""

from __future__ import annotations

import re
import warnings
from importlib import import_module
from string import Formatter
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from models.programme import Words
from workflows.linting.finding import Raw, error, warning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.programme import Programme
    from workflows.linting.finding import Path

RESERVED = frozenset({"all", "any", "new", "none", "null", "public", "system", "unit"})
_LONGEST = 200  # characters of a pattern
_LONGEST_NUMBER = 60  # characters of a number: no pattern ever meets a longer one
_MOST_WAYS = 300_000  # to read one number, three endless repeats' worth; more are tried for minutes
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_PARSER: Any = import_module("re._parser")  # the only reader of patterns there is; no type checker knows it
_REPEATS = ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT")


def findings(programme: Programme) -> Iterator[Raw]:
    """What is wrong with numbers, codes and words."""
    yield from _decision(programme)
    yield from _certificate(programme.title.number)
    if programme.code in RESERVED:
        yield error(("code",), "reserved_code", given=programme.code)
    yield from _words(programme)


def _decision(programme: Programme) -> Iterator[Raw]:
    rule = programme.decision
    path: Path = ("decision", "number")
    if len(rule.number) > _LONGEST:
        yield error(path, "pattern_long", most=_LONGEST)
        return
    compiled, why = compiled_of(rule.number)
    if compiled is None:
        yield error(path, "pattern_invalid", given=rule.number, why=why)
    elif is_slow(rule.number):
        yield error(path, "pattern_slow", given=rule.number)
    elif len(rule.example) > _LONGEST_NUMBER or not compiled.fullmatch(rule.example):
        where = "example" if {"example"} & rule.model_fields_set else "number"
        yield error(("decision", where), "example_differs", given=rule.example, pattern=rule.number)


def compiled_of(pattern: str) -> tuple[re.Pattern[str] | None, str]:
    """A pattern ready for use, or None and why not."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return re.compile(pattern), ""
    except (re.error, OverflowError, RecursionError) as found:
        return None, str(found)


def is_slow(pattern: str) -> bool:
    """Whether a text that nearly matches could keep a pattern busy for ever: repeats inside repeats.

    A repeat is variable when it may take more or less, however small its bound: `?` and `{0,19}` too.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        parsed = _PARSER.parse(pattern)
    ways, nested = _repeats(parsed, again=False, varied=False)
    return nested or ways > _MOST_WAYS


def _repeats(parsed: Any, *, again: bool, varied: bool) -> tuple[int, bool]:
    """How many ways there are to read a number, at most, and whether a repeat stands inside another.

    `again`: what is looked at is repeated; `varied`: however often. What varies inside what is repeated
    counts as standing inside, and so does a choice, or anything repeated inside what varies.
    """
    ways, nested = 1, False
    for operation, argument in parsed:
        name = str(operation)
        least, most = (int(argument[0]), int(argument[1])) if name in _REPEATS else (1, 1)
        ways *= max(1, min(most, _LONGEST_NUMBER) - least + 1)
        ways *= len(argument[1]) if name == "BRANCH" else 1
        nested = nested or (again and (most > least or name in ("BRANCH", "GROUPREF"))) or (varied and most > 1)
        for part in _inner(argument):
            inside = (again or most > 1, varied or most > max(least, 1))
            more, deeper = _repeats(part, again=inside[0], varied=inside[1])
            ways, nested = ways * more, nested or deeper
    return ways, nested


def _inner(argument: Any) -> Iterator[Any]:
    """The patterns inside an operation of a parsed pattern."""
    if hasattr(argument, "data"):
        yield argument
    elif isinstance(argument, tuple | list):
        for part in argument:
            if isinstance(part, tuple | list) or hasattr(part, "data"):
                yield from _inner(part)


def _certificate(number: str) -> Iterator[Raw]:
    try:
        parts = [(name, spec) for _, name, spec, how in Formatter().parse(number) if name is not None or how]
    except ValueError:
        parts = [("?", "")]
    strange = [name for name, spec in parts if (name, spec) not in (("year", ""), ("serial", "04d"))]
    if strange or [name for name, _ in parts].count("serial") != 1:
        yield error(("title", "number"), "number_form", given=number)


def _words(programme: Programme) -> Iterator[Raw]:
    """Every text that an applicant reads is there in both languages."""
    left: list[tuple[Path, Any]] = [((), programme)]
    while left:
        path, value = left.pop()
        if isinstance(value, Words):
            empty = [tongue for tongue in ("zh", "en") if not getattr(value, tongue).strip()]
            yield from (error((*path, tongue), "words_empty", language=tongue) for tongue in empty)
            if _CHINESE.search(value.en):
                yield warning((*path, "en"), "words_untranslated", given=value.en)
        elif isinstance(value, BaseModel):
            left += [((*path, key), getattr(value, key)) for key in type(value).model_fields]
        elif isinstance(value, tuple):
            left += [((*path, n), item) for n, item in enumerate(value)]
    for path, text in _plain_texts(programme):
        if not text.strip():
            yield error(path, "words_empty", language="zh")


def _plain_texts(programme: Programme) -> list[tuple[Path, str]]:
    return [
        (("approval", "document"), programme.approval.document),
        (("approval", "authority"), programme.approval.authority),
        (("decision", "body"), programme.decision.body),
    ]
