"""No verb keeps a text of any length, whichever face it comes by: each is refused in words past a known number."""

import inspect
import typing
from typing import Any

import pytest

from models.errors import InputError
from workflows import table
from workflows.record.acting import SYSTEM
from workflows.record.verb import VERBS
from workflows.rules import lengths
from workflows.rules.lengths import CEILING, SHORTEST, most, require_length

table.load()
# Whole files as text: read line by line, and bounded by more than a hundred thousand characters.
FILES = {("publish-programme", "text"), ("rank-text", "text")}


def texts_of(verb: str) -> dict[str, Any]:
    """The arguments of a verb that hold text, with their types."""
    fields = table.form_of(VERBS[verb]).model_fields
    return {name: f.annotation for name, f in fields.items() if _holds_text(f.annotation)}


def _holds_text(kind: Any) -> bool:
    if kind is str or kind is Any or kind is object:
        return True
    return typing.get_origin(kind) is not typing.Literal and any(map(_holds_text, typing.get_args(kind)))


def _shaped(kind: Any, text: str) -> Any:
    """A text where the type of an argument has one."""
    inner = [one for one in typing.get_args(kind) if one is not type(None)]
    match typing.get_origin(kind):
        case None:
            return text
        case origin if origin is list:
            return [_shaped(inner[0], text)]
        case origin if origin is dict:
            return {"words": _shaped(inner[1], text), text: 1}
        case _:
            return _shaped(next(one for one in inner if _holds_text(one)), text)


ALL = [(verb, argument, kind) for verb in sorted(VERBS) for argument, kind in texts_of(verb).items()]


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_somebody_has_said_how_long_every_text_of_a_verb_may_be(verb: str) -> None:
    assert [name for name in texts_of(verb) if not lengths.is_known(verb, name)] == []


def test_a_hundred_thousand_characters_are_refused_by_every_verb_that_takes_no_file() -> None:
    for verb, argument, kind in ALL:
        if (verb, argument) in FILES:
            assert most(verb, argument) == 1_000_000
            continue
        with pytest.raises(InputError) as refused:
            VERBS[verb](SYSTEM, **{argument: _shaped(kind, "长" * 100_000)})
        told = refused.value
        assert (told.code, told.details["most"]) == ("too_long", most(verb, argument)), (verb, argument)


@pytest.mark.parametrize(("verb", "argument", "longest"), [
    ("recall", "reason", 500), ("seal", "reason", 500), ("seal", "tie", 500), ("assess", "tie", 500),
    ("withdraw", "reason", 500), ("suspend", "reason", 500), ("admit", "reason", 500), ("take-up", "reason", 500),
    ("retire-expert", "reason", 500), ("return-subsidy", "reason", 500), ("extend-answer", "reason", 500),
    ("plan-round", "reason", 500), ("return", "faults", 500), ("settle", "reason", 2000), ("object", "words", 4000),
    ("report-back", "finding", 4000), ("draft", "answers", CEILING), ("draft", "round_id", CEILING),
    ("no-verb", "no_argument", SHORTEST),
])  # fmt: skip
def test_a_verb_takes_as_many_characters_as_its_page(verb: str, argument: str, longest: int) -> None:
    assert most(verb, argument) == longest


def test_blanks_around_a_text_are_not_counted_and_a_text_within_another_is_called_by_its_own_name() -> None:
    require_length("recall", "reason", " " * 999 + "长" * 500)
    with pytest.raises(InputError) as refused:
        require_length("return", "faults", [{"field": "topics", "words": "短"}, {"field": "x", "words": "长" * 501}])

    assert (refused.value.code, refused.value.details) == (
        "too_long", {"field": "words", "length": 501, "most": 500},
    )  # fmt: skip


def test_what_is_no_text_has_no_length() -> None:
    for given in (None, 10**300, True, b"x" * 100_000, 1.5, [1, None, {"places": 3}]):
        require_length("split", "shares", given)


def test_every_argument_in_the_tables_belongs_to_a_verb() -> None:
    known = {name for verb in VERBS for name in inspect.signature(inspect.unwrap(VERBS[verb])).parameters}
    named = lengths._LOOKED_FOR | set(lengths._WRITTEN) | {argument for _, argument in lengths._OF}  # noqa: SLF001

    assert sorted(named - known) == []
    assert [verb for verb, _ in lengths._OF if verb not in VERBS] == []  # noqa: SLF001
