"""The form and its conditions: choices, limits, and answers that some other chapter waits for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from models.vocabulary import Tier
from workflows.linting.finding import Raw, error, nearest, warning
from workflows.linting.names import conditions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.programme import Eligibility, FieldRule, Programme
    from workflows.linting.finding import Path

_AREA = re.compile(r"\d{2}|\d{4}|\d{6}")
_TEXTS = ("text", "long")
_NUMBERS = ("number", "money", "year")


class Needs(NamedTuple):
    """What a rule of eligibility reads, and of which kind its field is."""

    keys: tuple[str, ...]
    kinds: tuple[str, ...] = ()


_NEEDS = {
    "minimum": Needs(("field", "minimum"), _NUMBERS),
    "maximum": Needs(("field", "maximum"), _NUMBERS),
    "one_of": Needs(("field", "values")),
    "none_of": Needs(("field", "values")),
    "is_true": Needs(("field",), ("yes_no",)),
    "is_false": Needs(("field",), ("yes_no",)),
    "age_years": Needs(("field", "minimum"), ("date", "year")),
    "within_years": Needs(("field", "maximum"), ("date", "year")),
    "tier": Needs(("values",)),
    "area": Needs(("values",)),
    "holds_title": Needs(("of",)),
    "no_fact": Needs(("of",)),
    "has_fact": Needs(("of",)),
}


def findings(programme: Programme) -> Iterator[Raw]:
    """What is wrong with fields, conditions and the answers they wait for."""
    for n, field in enumerate(programme.fields):
        yield from _field(("fields", n), field)
    for n, clause in enumerate(programme.eligibility):
        yield from _clause(programme, ("eligibility", n), clause)
    for path, name, values in _waited_for(programme):
        yield from _values(programme.field(name), path, values)
    for n, feed in enumerate(programme.feeds):
        if feed.field and feed.amounts:
            yield from (
                raw._replace(path=("feeds", n, "amounts"))
                for raw in _values(programme.field(feed.field), ("feeds", n, "amounts"), tuple(feed.amounts))
            )


def _field(path: Path, field: FieldRule) -> Iterator[Raw]:
    if field.kind == "choice" and not field.choices:
        yield error(path, "choices_missing", given=field.name)
    if field.kind != "choice" and field.choices:
        yield warning((*path, "choices"), "choices_unused", given=field.name)
    if field.choices and len(field.choice_labels) != len(field.choices):
        key = "choice_labels" if field.choice_labels else "choices"
        yield error((*path, key), "labels_count", labels=len(field.choice_labels), choices=len(field.choices))
    for n, choice in enumerate(field.choices):
        if choice in field.choices[:n]:
            yield error((*path, "choices", n), "twice", given=choice)
    yield from _limits(path, field)


def _limits(path: Path, field: FieldRule) -> Iterator[Raw]:
    for least, most, kinds in (("min_length", "max_length", _TEXTS), ("minimum", "maximum", _NUMBERS)):
        low, high = getattr(field, least), getattr(field, most)
        if low is not None and high is not None and low > high:
            yield error((*path, least), "limits_backwards", given=field.name, least=low, most=high)
        for key in (least, most):
            if getattr(field, key) is not None and field.kind not in kinds:
                yield warning((*path, key), "limit_unused", given=field.name, key=key)


def _clause(programme: Programme, path: Path, clause: Eligibility) -> Iterator[Raw]:
    needs = _NEEDS.get(clause.rule, Needs(()))
    for key in needs.keys:
        if getattr(clause, key) in (None, ()):
            yield error(path, "clause_incomplete", clause=clause.clause, rule=clause.rule, key=key)
    field = programme.field(clause.field) if clause.field else None
    if clause.field and field is None:
        names = [f.name for f in programme.fields]
        yield error((*path, "field"), "field_unknown", given=clause.field, near=nearest(clause.field, names))
    if field is not None and needs.kinds and field.kind not in needs.kinds:
        yield error((*path, "field"), "kind_wrong", given=field.name, kind_now=field.kind, known=list(needs.kinds))
    if field is not None and not _can_be_met(clause, field):
        yield error(path, "never_met", clause=clause.clause)
    if clause.rule == "tier":
        known = [tier.value for tier in Tier]
        yield from _strangers((*path, "values"), clause.values, known)
    if clause.rule == "area":
        yield from (error((*path, "values", n), "area_unknown", given=value)
                    for n, value in enumerate(clause.values) if not _AREA.fullmatch(value))  # fmt: skip


def _can_be_met(clause: Eligibility, field: FieldRule) -> bool:
    """Whether any answer that the form takes meets the clause."""
    match clause.rule:
        case "minimum":
            return clause.minimum is None or field.maximum is None or clause.minimum <= field.maximum
        case "maximum":
            return clause.maximum is None or field.minimum is None or clause.maximum >= field.minimum
        case "none_of":
            return field.kind != "choice" or not field.choices or not set(field.choices) <= set(clause.values)
        case _:
            return True


def _waited_for(programme: Programme) -> Iterator[tuple[Path, str, tuple[str, ...]]]:
    for path, condition in conditions(programme):
        yield (*path, "values"), condition.field, condition.values
    for n, clause in enumerate(programme.eligibility):
        if clause.rule in ("one_of", "none_of") and clause.field:
            yield ("eligibility", n, "values"), clause.field, clause.values
    for n, rule in enumerate(programme.composition):
        yield ("composition", n, "values"), rule.field, rule.values
    for n, pool in enumerate(programme.quota.pools):
        if programme.quota.pool_field:
            yield ("quota", "pools", n, "values"), programme.quota.pool_field, pool.values


def _values(field: FieldRule | None, path: Path, values: tuple[str, ...]) -> Iterator[Raw]:
    """Answers waited for that the field's form never takes."""
    if field is None:
        return
    if field.kind == "yes_no":
        yield from _strangers(path, values, ["true", "false"])
    elif field.kind == "choice" and field.choices:
        yield from _strangers(path, values, list(field.choices))


def _strangers(path: Path, values: Any, known: list[str]) -> Iterator[Raw]:
    for n, value in enumerate(values):
        if value not in known:
            yield error((*path, n), "value_unknown", given=value, near=nearest(value, known), known=known)
