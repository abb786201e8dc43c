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
from workflows.organizations import NATION
from workflows.rules.calendar import local_date

if TYPE_CHECKING:
    from datetime import date, datetime

    from models.database import Store

_O, _A, _S, _T, _F, _V = (table(m).c for m in (Organization, Account, Seat, Title, Fact, ProgrammeVersion))


class Unit(NamedTuple):
    """What an import needs to know of an organisation."""

    code: str
    name: str
    tier: Tier
    province: str | None
    city: str | None
    county: str | None
    industry: str | None


_UNITS: Sql[Unit] = Sql(sa.select(_O.code, _O.name, _O.tier, _O.province, _O.city, _O.county, _O.industry), Unit)
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
    programmes: dict[str, str] = {}  # noqa: RUF012 -- never written to

    @property
    def today(self) -> date:
        """The day of the import in Beijing."""
        return local_date(self.now)

    def unit(self, code: str) -> Unit | None:
        """An organisation by its code, however it is typed."""
        return self.units.get(code.strip().upper())

    def within(self, unit: Unit) -> bool:
        """Whether the organisation is the union's own or stands below it."""
        line = (unit.code, unit.county, unit.city, unit.industry, unit.province)
        return self.root == NATION or self.root in line

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
            versions = {v.code: v.id for v in store.all(_VERSIONS, **{"from": 0})}
            return found._replace(numbers=frozenset(store.all(_NUMBERS)), programmes=versions)
        case ImportKind.FACTS:
            return found._replace(facts=frozenset(tuple(fact) for fact in store.all(_FACTS)))
    return found
