"""Who acts: an account with the seats it holds at this moment, and those lent to it for a term."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from models.account import Account, Seat
from models.base import table
from models.database import reading
from models.errors import SignedOutError
from models.merit import Sheet
from models.office import Deputy
from models.organization import Organization
from models.panel import Assignment, Member, Panel
from models.round import ProgrammeVersion, Round
from models.sql import Sql, bind, rows_of
from models.vocabulary import PanelState, Role, RoundState
from workflows.rules.routes import RUNGS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.database import Store

_A, _S, _D, _R, _N, _M, _X, _G, _O, _V = (
    table(m).c for m in (Account, Seat, Deputy, Round, Panel, Member, Sheet, Assignment, Organization, ProgrammeVersion)
)


class Sitting(NamedTuple):
    """One seat: in which organisation, as what."""

    organization: str
    role: Role


class Lent(NamedTuple):
    """A colleague's seat that somebody acts in as the deputy: whose it is, and the units that colleague sits in."""

    organization: str
    role: Role
    principal: str
    name: str
    units: tuple[str, ...] = ()


class Actor(NamedTuple):
    """Somebody who acts. Verbs read the seats afresh, so an old copy lends no power.

    `seats` are this person's own; `lent` those they act in as a deputy, none while they choose to act for
    themselves alone (`is_alone`). Of an expert, `hears` holds the rounds and desks (in pairs) whose cases they
    judge, `dealt` those of them where the panel's cases were given out, `given` the cases that they got there,
    `judged` the cases they wrote a sheet of there or stood back from.
    """

    id: str
    email: str
    name: str
    language: str = "zh"
    seats: tuple[Sitting, ...] = ()
    lent: tuple[Lent, ...] = ()
    is_alone: bool = False
    hears: frozenset[tuple[str, str | None]] = frozenset()
    judged: frozenset[str] = frozenset()
    dealt: frozenset[tuple[str, str | None]] = frozenset()
    given: frozenset[str] = frozenset()

    def sits(self, organization: str | None, *roles: Role) -> bool:
        """Whether this person holds one of the roles (any, if none is named) there, or acts in it as a deputy."""
        return any(s.organization == organization and (not roles or s.role in roles) for s in self._held())

    def places(self, *roles: Role) -> list[str]:
        """The organisations this person holds one of the roles in, or acts in as a deputy."""
        return sorted({s.organization for s in self._held() if not roles or s.role in roles})

    def _held(self) -> Iterator[Sitting | Lent]:
        yield from self.seats
        yield from self.lent

    def alone(self) -> Actor:
        """This person without what is lent to them."""
        return self._replace(lent=()) if self.lent else self

    def lenders(self, organization: str | None, *roles: Role) -> list[Lent]:
        """The seats there that this person acts in only as a deputy, holding none such of their own."""
        return [
            one for one in self.lent
            if one.organization == organization and (not roles or one.role in roles)
            if not any((s.organization, s.role) == (organization, one.role) for s in self.seats)
        ]  # fmt: skip


SYSTEM = Actor("system", "", "系统")
PUBLIC = Actor("public", "", "公众")

_IN_OFFICE = (_S.starts_at <= bind("now", _S.starts_at)) & (
    _S.ends_at.is_(None) | (_S.ends_at > bind("now", _S.starts_at))
)
_ME, _NOW = bind("account", _A.id), bind("now", _S.starts_at)


class _Held(NamedTuple):
    """A seat with whose it is, when it is lent."""

    organization: str | None
    role: Role
    principal: str | None
    name: str | None


# A seat is lent for its term while its holder holds it and is in force, and the deputy sits in that house too.
_own = table(Seat).alias("own")
_lent = (
    (_D.deputy_id == _ME)
    & (_D.starts_at <= _NOW)
    & (_D.ends_at > _NOW)
    & _D.ended_at.is_(None)
    & (_S.account_id == _D.principal_id)
    & (_S.organization == _D.organization)
    & _IN_OFFICE
    & sa.exists().where(
        _own.c.account_id == _D.deputy_id,
        _own.c.organization == _D.organization,
        _own.c.starts_at <= _NOW,
        _own.c.ends_at.is_(None) | (_own.c.ends_at > _NOW),
    )
)
# An account in force without a seat is one row of nothing; one shut out or unknown is no row.
_SEATS: Sql[_Held] = Sql(
    sa.union_all(
        sa.select(_S.organization, _S.role, sa.null().label("principal"), sa.null().label("name"))
        .select_from(table(Account))
        .outerjoin(table(Seat), (_S.account_id == _A.id) & _IN_OFFICE)
        .where(_A.id == _ME, _A.disabled_at.is_(None)),
        sa.select(_D.organization, _D.role, _D.principal_id, _A.name)
        .join_from(table(Deputy), table(Account), (_A.id == _D.principal_id) & _A.disabled_at.is_(None))
        .join(table(Seat), _lent & (_S.role == _D.role)),
    ),
    _Held,
)
# Where the colleagues sit whose seats are lent: what they are recused from, their deputy is.
_UNITS: Sql[tuple[str, str]] = Sql(
    sa.select(_D.principal_id, _S.organization)
    .join_from(table(Deputy), table(Seat), _S.account_id == _D.principal_id)
    .where(_D.deputy_id == _ME, _D.starts_at <= _NOW, _D.ends_at > _NOW, _D.ended_at.is_(None), _IN_OFFICE)
    .distinct()
)


class _Heard(NamedTuple):
    """What somebody reads as an expert: a round at a desk, or one case of it; how they come to it."""

    id: str
    desk: str | None
    how: str


# A panel that was drawn hears its round's cases, and no other expert of the desk does; where none was, all of those
# do who sit where the programme has its cases scored. Of cases that were given out a member has their own alone.
_is_mine = (_S.account_id == _ME) & (_S.role == Role.EXPERT) & _IN_OFFICE
_drawn = (_N.round_id == _R.id) & (_N.desk == _S.organization) & (_N.state == PanelState.DRAWN)
_runs = _R.state.in_([RoundState.OPEN, RoundState.REVIEWING])
_is_scored_here = _V.content[("scoring", "step")].as_string() == sa.case(
    {tier.value: rung.value for tier, rung in RUNGS.items()}, value=sa.cast(_O.tier, sa.String)
)
_on_panel = (
    sa.select(_N.round_id, _N.desk)
    .join_from(table(Panel), table(Member), (_M.panel_id == _N.id) & (_M.account_id == _ME) & _M.left_at.is_(None))
    .join(table(Seat), _is_mine & (_S.organization == _N.desk))
    .join(table(Round), (_R.id == _N.round_id) & _runs)
    .where(_N.state == PanelState.DRAWN)
)
_HEARD: Sql[_Heard] = Sql(
    sa.union_all(
        sa.select(_R.id, _S.organization.label("desk"), sa.literal("hears").label("how"))
        .join_from(table(Seat), table(Organization), _is_mine & (_O.code == _S.organization))
        .join(table(Round), _runs)
        .join(table(ProgrammeVersion), (_V.id == _R.programme) & _is_scored_here)
        .where(~sa.exists().where(_drawn)),
        _on_panel.add_columns(sa.literal("hears")),
        _on_panel.add_columns(sa.literal("dealt")).where(sa.exists().where(_G.panel_id == _N.id)),
        sa.select(_G.application_id, sa.null(), sa.literal("given"))
        .join_from(table(Assignment), table(Panel), (_N.id == _G.panel_id) & (_N.state == PanelState.DRAWN))
        .where(_G.account_id == _ME, _G.ended_at.is_(None)),
        sa.select(_X.application_id, sa.null(), sa.literal("judged"))
        .join_from(table(Sheet), table(Seat), _is_mine & (_X.desk == _S.organization))
        .where(_X.account_id == _ME),
    ),
    _Heard,
)
_BY_EMAIL = rows_of(Account, _A.email == bind("email", _A.email))
_BY_ID = rows_of(Account, _A.id == bind("id", _A.id))


def refreshed(store: Store, actor: Actor) -> Actor:
    """The actor with the seats held now. Raises SignedOutError for an account shut out meanwhile."""
    if actor.id in ("system", "public"):
        return actor
    seats, lent = store.once(("seats", actor.id, actor.is_alone), partial(_seats_of, store, actor))
    known = actor._replace(seats=seats, lent=lent)
    if not any(seat.role is Role.EXPERT for seat in seats):
        return known._replace(hears=frozenset(), judged=frozenset(), dealt=frozenset(), given=frozenset())
    found = store.once(("heard", actor.id), partial(store.all, _HEARD, account=actor.id, now=store.now))
    hears, dealt = (frozenset((one.id, one.desk) for one in found if one.how == how) for how in ("hears", "dealt"))
    given, judged = (frozenset(one.id for one in found if one.how == how) for how in ("given", "judged"))
    return known._replace(hears=hears, judged=judged, dealt=dealt, given=given)


def _seats_of(store: Store, actor: Actor) -> tuple[tuple[Sitting, ...], tuple[Lent, ...]]:
    found = store.all(_SEATS, account=actor.id, now=store.now)
    if not found:
        raise SignedOutError("unknown_account")
    own = tuple(Sitting(s.organization, s.role) for s in found if s.organization is not None and s.principal is None)
    return own, () if actor.is_alone else _lent_to(store, actor.id, found)


def _lent_to(store: Store, account: str, found: list[_Held]) -> tuple[Lent, ...]:
    """The seats lent to somebody, with where their holders sit."""
    if not any(s.principal for s in found):
        return ()
    units: dict[str, tuple[str, ...]] = {}
    for principal, unit in store.all(_UNITS, account=account, now=store.now):
        units[principal] = (*units.get(principal, ()), unit)
    return tuple(
        Lent(s.organization, s.role, s.principal, s.name or "", units.get(s.principal, ()))
        for s in found if s.principal is not None and s.organization is not None
    )  # fmt: skip


def _actor(store: Store, account: Account | None) -> Actor:
    if account is None or account.disabled_at is not None:
        raise SignedOutError("unknown_account")
    return refreshed(store, Actor(account.id, account.email, account.name, account.language))


def actor_of(email: str) -> Actor:
    """The actor with this address. Raises SignedOutError when there is none or it is disabled."""
    with reading() as store:
        return _actor(store, store.first(_BY_EMAIL, email=email.strip().casefold()))


def actor_by_id(store: Store, account_id: str) -> Actor:
    """The actor of an account. Raises SignedOutError when there is none or it is disabled."""
    return _actor(store, store.first(_BY_ID, id=account_id))
