"""Whom the rungs of a batch of deadlines tell, found in a handful of questions however many deadlines there are."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from models.account import Account, Seat
from models.base import table
from models.lists import listed, of_list
from models.office import Countersign, Deputy, Signer
from models.organization import Organization
from models.sql import Sql, bind
from models.vocabulary import CountersignState, DeadlineKind, Role
from workflows.post.ladders import REPORTS, Whom

if TYPE_CHECKING:
    from datetime import datetime

    from models.database import Store
    from models.vocabulary import Thing
    from workflows.post.ladders import Rung

_O, _K, _G, _S, _P, _X = (table(m).c for m in (Organization, Countersign, Signer, Seat, Account, Deputy))


class Owed(NamedTuple):
    """An open deadline whose rung is reached."""

    id: str
    thing: Thing
    thing_id: str
    kind: DeadlineKind
    desk: str | None
    account_id: str | None
    due_at: datetime
    first_due_at: datetime | None = None


class _Held(NamedTuple):
    """Who sits at a desk, or stands in there, in a role."""

    organization: str
    role: Role
    account_id: str


class _Signs(NamedTuple):
    """Who has not signed yet what is countersigned."""

    application_id: str
    account_id: str


class _Above(NamedTuple):
    """The desk right above a desk."""

    code: str
    parent: str | None


class Audience(NamedTuple):
    """Who sits at the desks of a batch, which desks lie above, who has still to sign."""

    sitting: dict[tuple[str | None, Role], list[str]]
    above: dict[str | None, str]
    signing: dict[str, list[str]]


# What a title's holder owes, and what lies on its desk or on the deciding union's in turn.
_HOLDERS = (*REPORTS, DeadlineKind.RECTIFICATION)
_IN_TURN = (
    DeadlineKind.SUCCESSION, DeadlineKind.SUBSIDY_STAGE, DeadlineKind.SUBSIDY_STEP, DeadlineKind.SUBSIDY_REPORT,
)  # fmt: skip
_UNIT_CODE = 18
_TO_SIGN = of_list(
    lambda ids: Sql(
        sa.select(_K.application_id, _G.account_id)
        .join_from(table(Signer), table(Countersign), _K.id == _G.countersign_id)
        .where(
            _K.application_id.in_(ids),
            _K.state == CountersignState.OPEN,
            _G.vote.is_(None),
            _G.dropped_at.is_(None),
        )
        .order_by(_G.account_id),
        _Signs,
    )
)
_ABOVE = of_list(lambda ids: Sql(sa.select(_O.code, _O.parent).where(_O.code.in_(ids)), _Above))
_NOW = bind("now", _S.starts_at)
_in_office = (_S.starts_at <= _NOW) & (_S.ends_at.is_(None) | (_S.ends_at > _NOW)) & _P.disabled_at.is_(None)
_lent = (
    (_X.principal_id == _S.account_id)
    & (_X.organization == _S.organization)
    & (_X.role == _S.role)
    & (_X.starts_at <= _NOW)
    & (_X.ends_at > _NOW)
    & _X.ended_at.is_(None)
)
# Whoever holds a role there, and whoever acts for them now: a letter to somebody absent is read.
_SITTING = of_list(
    lambda ids: Sql(
        sa.union(
            sa.select(_S.organization, _S.role, _S.account_id)
            .join_from(table(Seat), table(Account), _P.id == _S.account_id)
            .where(_S.organization.in_(ids), _in_office),
            sa.select(_S.organization, _S.role, _X.deputy_id)
            .join_from(table(Seat), table(Account), _P.id == _S.account_id)
            .join(table(Deputy), _lent)
            .where(_S.organization.in_(ids), _in_office),
        ),
        _Held,
    )
)


def audience(store: Store, rung: Rung, rows: list[Owed]) -> Audience:
    """Everybody whom a rung may tell of these deadlines, seated or standing in now; accounts shut out are nobody."""
    above = _parents(store, rows) if Whom.ABOVE in rung.to else {}
    return Audience(_sitting(store, {row.desk for row in rows if row.desk} | set(above.values())), above,
                    _signing(store, rows))  # fmt: skip


def people(known: Audience, rung: Rung, row: Owed) -> list[str]:
    """Whom a rung tells of one deadline, each once."""
    return list(dict.fromkeys(one for whom in rung.to for one in _people(known, whom, row)))


def _people(known: Audience, whom: Whom, row: Owed) -> list[str]:
    head = known.sitting.get((row.desk, Role.ADMINISTRATOR), [])
    if whom is Whom.ABOVE:
        return known.sitting.get((known.above.get(row.desk), Role.REVIEWER), [])
    if whom is Whom.HEAD:
        return head
    if row.kind is DeadlineKind.COUNTERSIGN:
        # The signers owe it, wherever they sit.
        return known.signing.get(row.thing_id, [])
    if row.account_id:
        # What a person owes is theirs: the desk they sit at is no party to it.
        return [row.account_id]
    desk = known.sitting.get((row.desk, Role.CLERK if _is_the_holders(row) else Role.REVIEWER), [])
    # Where nobody sits who could do it, the head of the house hears of it.
    return desk or head


def _parents(store: Store, rows: list[Owed]) -> dict[str | None, str]:
    desks = (row.desk for row in rows if row.desk)
    found = store.all(_ABOVE[store.dialect.name], ids=listed(desks))
    return {one.code: one.parent for one in found if one.parent}


def _sitting(store: Store, desks: set[str]) -> dict[tuple[str | None, Role], list[str]]:
    found: dict[tuple[str | None, Role], list[str]] = defaultdict(list)
    if desks:
        for one in sorted(store.all(_SITTING[store.dialect.name], ids=listed(desks), now=store.now)):
            found[one.organization, one.role].append(one.account_id)
    return found


def _signing(store: Store, rows: list[Owed]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    asked = {row.thing_id for row in rows if row.kind is DeadlineKind.COUNTERSIGN}
    if asked:
        for one in store.all(_TO_SIGN[store.dialect.name], ids=listed(asked)):
            found[one.application_id].append(one.account_id)
    return found


def _is_the_holders(row: Owed) -> bool:
    """Whether a unit owes it: its clerks are told, not reviewers."""
    return row.kind in _HOLDERS or (row.kind in _IN_TURN and len(row.desk or "") == _UNIT_CODE)
