"""Which reserve name rises into a free place: the first with whom the list is made up as it must be (7.2, 7.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from models.application import Application
from models.base import table
from models.organization import Organization
from models.slate import Entry
from models.sql import Sql, bind, rows_of
from workflows.rules import composition
from workflows.rules.composition import Name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from models.database import Store
    from models.programme import Programme
    from models.slate import Slate

_EN, _P = (table(m).c for m in (Entry, Application))
_ON_IT = sa.select(_EN.application_id).where(_EN.slate_id == bind("slate", _EN.slate_id))
_ENTRIES = rows_of(Entry, _EN.slate_id == bind("slate", _EN.slate_id), order=(_EN.rank,))
_MEMBERS = rows_of(Application, _P.id.in_(_ON_IT))
_UNITS: Sql[Organization] = Sql(
    sa.select(table(Organization)).where(
        table(Organization).c.code.in_(sa.select(_P.organization).where(_P.id.in_(_ON_IT)))
    ),
    Organization,
)


def next_up(store: Store, rules: Programme, slate: Slate, pool: str) -> Entry | None:
    """The first reserve name of a pool that may rise on this list; None when nobody may.

    Passed by are names of other pools, of units that have their places already, and those with whom a
    strict floor or ceiling would be missed; where it is missed without them too, by no fewer than that.
    """
    entries = store.all(_ENTRIES, slate=slate.id)
    waiting = [entry for entry in entries if entry.reserve]
    if not waiting:
        return None
    members = {row.id: row for row in store.all(_MEMBERS, slate=slate.id)}
    units = {unit.code: unit for unit in store.all(_UNITS, slate=slate.id)} if rules.composition else {}
    names = [_name(members[e.application_id]) for e in entries if not e.reserve and not e.outside]
    for entry in waiting:
        row = members[entry.application_id]
        if row.pool == pool and _fits(rules, slate, names, _name(row), units):
            return entry
    return None


def _name(row: Application) -> Name:
    return Name(row.organization, row.answers)


def _fits(rules: Programme, slate: Slate, names: Sequence[Name], one: Name, units: Mapping[str, Organization]) -> bool:
    if composition.crowded(rules.quota, [*(n for n in names if n.organization == one.organization), one]):
        return False
    before = _missing(rules, slate, names, units)
    after = _missing(rules, slate, [*names, one], units)
    return all(n == 0 or n < before.get(rule, 0) for rule, n in after.items())


def _missing(
    rules: Programme, slate: Slate, names: Sequence[Name], units: Mapping[str, Organization]
) -> dict[tuple[str, bool], int]:
    """By how many names each strict floor or ceiling is missed."""
    counted = composition.counts(rules.composition, slate.rung, names, units)
    return {(count.name, count.floor): count.swap for count in counted if count.strict}
