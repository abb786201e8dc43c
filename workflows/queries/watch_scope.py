"""Which part of the work an administrator watches: a union with all below it, and filters that every question takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from models.account import Account
from models.base import table
from models.errors import ForbiddenError, InputError
from models.organization import Organization
from models.round import ProgrammeVersion
from models.sql import Sql, bind, rows_of
from models.vocabulary import DeadlineKind, Role, Tier
from workflows.people.organizations import GOVERNED, NATION, organization, under
from workflows.record.acting import Actor, refreshed

if TYPE_CHECKING:
    from models.database import Store

_O, _V, _A = (table(m).c for m in (Organization, ProgrammeVersion, Account))


UNDER = GOVERNED
# Whose administrators keep the installation (`workflows.clocks.keepers` writes to the same).
KEEPERS = (Tier.PROVINCE, Tier.NATION)
# The filters: each empty word lets everything through. Texts, so that an empty word is none of a vocabulary's.
PLACES = (UNDER, under("within"), sa.or_(bind("tier", _V.code) == sa.literal("", sa.String),
                                         sa.type_coerce(_O.tier, sa.String) == bind("tier", _V.code)))  # fmt: skip


def steps_of(desk: sa.ColumnElement[Any], *where: Any) -> sa.CTE:
    """The desks that stand in an index, one step of it for each, however many rows it has."""
    found = sa.select(sa.func.min(desk).label("desk")).where(desk.is_not(None), *where).cte("step", recursive=True)
    after = sa.select(sa.func.min(desk)).where(desk > found.c.desk, *where).correlate(found).scalar_subquery()
    return found.union_all(sa.select(after).where(found.c.desk.is_not(None)))


def desks_of(desk: sa.ColumnElement[Any], *where: Any) -> sa.Select[Any]:
    """Those of them that lie in the scope."""
    step = steps_of(desk, *where)
    return sa.select(_O.code).join_from(step, table(Organization), _O.code == step.c.desk).where(*PLACES)


def of_programme(column: Any) -> sa.ColumnElement[bool]:
    """Whether a row is of a version of the programme asked for."""
    versions = sa.select(_V.id).where(_V.code == bind("programme", _V.code)).scalar_subquery()
    return sa.or_(bind("programme", _V.code) == sa.literal("", sa.String), column.in_(versions))


def of_person(column: Any) -> sa.ColumnElement[bool]:
    """Whether a row lies in the hands of the person asked for."""
    return sa.or_(bind("person", _A.id) == sa.literal("", sa.String), column == bind("person", _A.id))


def of_kind(column: Any) -> sa.ColumnElement[bool]:
    """Whether a row is of the kind asked for."""
    said = bind("kind", _V.code)
    return sa.or_(said == sa.literal("", sa.String), sa.type_coerce(column, sa.String) == said)


_BY_EMAIL = rows_of(Account, _A.email == bind("email", _A.email))
_IS_UNDER: Sql[int] = Sql(sa.select(sa.literal(1)).where(_O.code == bind("of", _O.code), UNDER))


class Scope(NamedTuple):
    """What is watched, as the parameters of a statement."""

    root: str
    within: str
    tier: str
    programme: str
    person: str
    kind: str

    @property
    def values(self) -> dict[str, Any]:
        """The parameters of the conditions here."""
        return self._asdict()

    @property
    def is_national(self) -> bool:
        """Whether it is the whole nation."""
        return self.within == NATION

    @property
    def is_whole(self) -> bool:
        """Whether it is the whole nation without a filter."""
        return self.is_national and not (self.tier or self.programme or self.person or self.kind)

    @property
    def places(self) -> dict[str, Any]:
        """Those that tell of the place alone."""
        return {"root": self.root, "within": self.within, "tier": self.tier}


def scope_of(
    store: Store, actor: Actor, root: str, *, organization_code: str = "", tier: str = "", programme: str = "",
    person: str = "", kind: str = "",
) -> Scope:  # fmt: skip
    """The scope somebody asks for. `person` is an address or an account's id, `programme` a code without its version.

    Raises ForbiddenError as `require_administrator`, InputError("watch_filter") for words that are none.
    """
    require_administrator(store, actor, root)
    for given, field, words in ((tier, "tier", Tier), (kind, "kind", DeadlineKind)):
        if given and given not in list(words):
            raise InputError("watch_filter", field=field, given=given[:40], known=list(words))
    if organization_code and store.first(_IS_UNDER, of=organization_code, root=root) is None:
        raise InputError("watch_filter", field="organization_code", given=organization_code[:40], known=[root])
    if "@" in person:
        found = store.first(_BY_EMAIL, email=person.strip().casefold())
        person = found.id if found else "-"
    return Scope(root, organization_code or root, tier, programme.partition("@")[0], person, kind)


def level_of(store: Store, code: str) -> str:
    """Into which regions the work under a union falls: the tier right below it that has divisions of its own."""
    tier = organization(store, code).tier
    return {Tier.NATION: "province", Tier.JOINT: "province", Tier.PROVINCE: "city"}.get(tier, "county")


def require_keeper(store: Store, actor: Actor, root: str) -> Actor:
    """The actor with today's seats; for what tells of the whole installation, every province's people among it.

    Raises ForbiddenError as `require_administrator`, ("not_keeper") where `root` is no province and not the nation.
    """
    who = require_administrator(store, actor, root)
    if organization(store, root).tier not in KEEPERS:
        raise ForbiddenError("not_keeper", organization=root)
    return who


def require_administrator(store: Store, actor: Actor, root: str) -> Actor:
    """The actor with today's seats. Raises ForbiddenError unless they administer `root` or the nation."""
    who = refreshed(store, actor)
    if not (who.sits(root, Role.ADMINISTRATOR) or who.sits(NATION, Role.ADMINISTRATOR)):
        raise ForbiddenError("not_administrator", organization=root)
    return who
