"""Composition: floors, ceilings, places per unit and awards outside the quota of a list (domain: 7.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from models.base import table
from models.errors import QuotaError, RefusedError
from models.slate import Entry
from models.sql import bind, rows_of
from workflows.places import quotas
from workflows.rules import composition, places

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from models.application import Application
    from models.database import Store
    from models.organization import Organization
    from models.programme import Programme
    from models.slate import Slate
    from models.vocabulary import Rung
    from workflows.rules.composition import Count, Crowded
    from workflows.rules.places import Listed


_EN = table(Entry).c
_OUTSIDE = rows_of(Entry, _EN.slate_id == bind("slate", _EN.slate_id), _EN.outside != sa.literal_column("''"))


class Composed(NamedTuple):
    """How a list is made up: every floor and ceiling counted, and the units with too many names."""

    counts: list[Count]
    crowded: list[Crowded]


def composed(
    rules: Programme, rung: Rung, entries: Iterable[Listed], members: Mapping[str, Application],
    units: Mapping[str, Organization],
) -> Composed:  # fmt: skip
    """How the names that take a place are made up; the reserve and awards outside the quota are not."""
    names = [
        composition.Name(members[e.application_id].organization, members[e.application_id].answers)
        for e in entries if not e.reserve and not e.outside
    ]  # fmt: skip
    return Composed(composition.counts(rules.composition, rung, names, units), composition.crowded(rules.quota, names))


def broken(rules: Programme, found: Composed, units: Mapping[str, Organization]) -> list[dict[str, Any]]:
    """Everything for which a list cannot be sealed, as codes with their numbers."""
    return [count_said(count) for count in found.counts if count.strict and not count.holds] + [
        _crowded_said(rules, one, units) for one in found.crowded
    ]


def warnings(found: Composed) -> list[dict[str, Any]]:
    """The floors and ceilings that are broken but only warned of, as codes with their numbers."""
    return [count_said(count) for count in found.counts if not count.strict and not count.holds]


def count_said(count: Count) -> dict[str, Any]:
    """A floor or ceiling with its numbers, as what `models.text.explain` puts into words."""
    return {
        "code": ("composition_floor" if count.floor else "composition_ceiling"), "name": count.name,
        "label": count.label, "percent": count.percent, "have": count.have, "need": count.bound, "of": count.of,
        "swap": count.swap, "more": count.more, "source": count.source,
    }  # fmt: skip


def with_awards(
    store: Store, rules: Programme, slate_id: str, lines: Iterable[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """The lines of a public list, those of an award beyond the quota with its name as `outside`."""
    entries = store.all(_OUTSIDE, slate=slate_id) if rules.quota.outside else []
    called = {award.name: award.label.model_dump() for award in rules.quota.outside}
    awards = {entry.application_id: {"outside": called[entry.outside]} for entry in entries}
    return [{**line, **awards.get(line["application"], {})} for line in lines]


def require(
    store: Store, rules: Programme, slate: Slate, entries: Mapping[str, Entry], members: Sequence[Application],
    units: Mapping[str, Organization],
) -> list[dict[str, Any]]:  # fmt: skip
    """Refuse a list that breaks a strict floor or ceiling, or gives one unit too many places.

    Answers with what is only warned of. Raises RefusedError("composition") with every broken rule at
    once, "unit_places" when that is all, QuotaError("outside_full").
    """
    found = composed(rules, slate.rung, entries.values(), {m.id: m for m in members}, units)
    refuse(rules, found, units)
    if any(entry.outside for entry in entries.values()):
        standing = quotas.standing(store, slate.round_id, slate.organization)
        if (no := places.outside_refusal(rules.quota, entries.values(), standing)) is not None:
            raise QuotaError(no[0], **no[1], **rules.quota.cited)
    return warnings(found)


def refuse(rules: Programme, found: Composed, units: Mapping[str, Organization]) -> None:
    """Raise RefusedError for whatever is broken, all of it at once."""
    faults = broken(rules, found, units)
    if faults and len(faults) == len(found.crowded):
        raise RefusedError("unit_places", **{name: said for name, said in faults[0].items() if name != "code"})
    if faults:
        raise RefusedError("composition", broken=faults, count=len(faults))


def _crowded_said(rules: Programme, one: Crowded, units: Mapping[str, Organization]) -> dict[str, Any]:
    unit = units.get(one.organization)
    return {
        "code": "unit_places", "organization": unit.name if unit else one.organization,
        "organization_code": one.organization, "have": one.have, "most": one.most,
        "source": rules.quota.cited.get("source"),
    }  # fmt: skip
