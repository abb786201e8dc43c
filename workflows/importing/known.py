"""What is on record already, read once for a whole file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from models.account import Account, Seat
from models.base import table
from models.fact import Fact
from models.organization import Organization
from models.round import ProgrammeVersion
from models.sql import Sql, bind
from models.title import Title
from models.vocabulary import ImportKind, Role, Tier
from workflows.intake.facts import known_kinds
from workflows.people.organizations import NATION
from workflows.programmes import programme_of
from workflows.rules.calendar import local_date
from workflows.rules.routes import deciders

if TYPE_CHECKING:
    from datetime import date, datetime

    from models.database import Store
    from models.programme import Programme

_O, _A, _S, _T, _F, _V = (table(m).c for m in (Organization, Account, Seat, Title, Fact, ProgrammeVersion))


class Unit(NamedTuple):
    """What an import needs to know of an organisation."""

    code: str
    name: str
    tier: Tier
    parent: str | None
    province: str | None
    city: str | None
    county: str | None
    industry: str | None


_UNITS: Sql[Unit] = Sql(sa.select(*(_O[name] for name in Unit._fields)), Unit)
_EMAILS: Sql[str] = Sql(sa.select(_A.email))


class _Sat(NamedTuple):
    email: str
    organization: str
    role: Role


_SEATS: Sql[_Sat] = Sql(sa.select(_A.email, _S.organization, _S.role).join(table(Seat), _S.account_id == _A.id), _Sat)
_NUMBERS: Sql[str] = Sql(sa.select(_T.number))


class _Told(NamedTuple):
    kind: str
    organization: str | None
    person_key: str | None
    happened_on: date
    words: str


_FACTS: Sql[_Told] = Sql(
    sa.select(_F.kind, _F.organization, _F.person_key, _F.happened_on, _F.words).where(_F.voided_at.is_(None)), _Told
)


class _Version(NamedTuple):
    code: str
    id: str


_VERSIONS: Sql[_Version] = Sql(
    sa.select(_V.code, _V.id).where(_V.version >= bind("from", _V.version)).order_by(_V.version), _Version
)


class Known(NamedTuple):
    """The record as an import of one union sees it; `root` is that union."""

    root: str
    now: datetime
    units: dict[str, Unit]
    emails: frozenset[str] = frozenset()
    seats: frozenset[tuple[str, str, Role]] = frozenset()
    numbers: frozenset[str] = frozenset()
    facts: frozenset[Any] = frozenset()
    kinds: tuple[str, ...] = ()
    programmes: dict[str, Programme] = {}  # noqa: RUF012 -- never written to

    @property
    def today(self) -> date:
        """The day of the import in Beijing."""
        return local_date(self.now)

    def unit(self, code: str) -> Unit | None:
        """An organisation by its code, however it is typed."""
        return self.units.get(code.strip().upper())

    def within(self, unit: Unit) -> bool:
        """Whether the organisation is the union's own or stands below it."""
        line = (unit.code, unit.parent, unit.county, unit.city, unit.industry, unit.province)
        return self.root == NATION or self.root in line

    def decides(self, rules: Programme) -> bool:
        """Whether the union is one of those that name by this programme; of a joint one, the meeting itself."""
        if rules.joint is not None:
            return self.root == rules.joint.organization
        return self.root in self.units and self.units[self.root].tier in deciders(rules)

    def names(self, rules: Programme, unit: Unit) -> bool:
        """Whether the organisation stands below the union, or lies in a province that the meeting joins."""
        return unit.province in rules.joint.members if rules.joint is not None else self.within(unit)

    def has(self, kind: ImportKind, columns: dict[str, Any]) -> bool:
        """Whether this row's thing is on record already."""
        match kind:
            case ImportKind.ORGANIZATIONS:
                return columns["code"] in self.units
            case ImportKind.PERSONS:
                return (columns["email"], columns["organization"], columns["role"]) in self.seats
            case ImportKind.TITLES:
                return columns["number"] in self.numbers
            case ImportKind.FACTS:
                return tuple(columns[name] for name in _Told._fields) in self.facts


def known(store: Store, kind: ImportKind, root: str) -> Known:
    """Read what an import of this kind compares with: a few reads, however long the file is."""
    found = Known(root, store.now, {unit.code: unit for unit in store.all(_UNITS)})
    match kind:
        case ImportKind.PERSONS:
            seats = frozenset((s.email, s.organization, s.role) for s in store.all(_SEATS))
            return found._replace(emails=frozenset(store.all(_EMAILS)), seats=seats)
        case ImportKind.TITLES:
            # The newest version of each programme stands last.
            versions = {v.code: programme_of(store, v.id) for v in store.all(_VERSIONS, **{"from": 0})}
            return found._replace(numbers=frozenset(store.all(_NUMBERS)), programmes=versions)
        case ImportKind.FACTS:
            facts = frozenset(tuple(fact) for fact in store.all(_FACTS))
            return found._replace(facts=facts, kinds=tuple(known_kinds(store)))
    return found
