"""How applications come in: channels, applications per unit, and the own union's quota."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.application import Application
from models.base import table
from models.errors import RefusedError
from models.sql import bind, rows_of
from models.vocabulary import Channel, QuotaKind, Role, Rung
from workflows.people.organizations import queue_at
from workflows.places import quotas
from workflows.rules import places

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.database import Store
    from models.programme import Programme
    from models.round import Round
    from workflows.record.acting import Actor
    from workflows.rules.routes import Desk

_P = table(Application).c
_OTHERS = rows_of(
    Application,
    _P.round_id == bind("round", _P.round_id),
    _P.organization == bind("unit", _P.organization),
    _P.live,
    _P.id != bind("but", _P.id),
    order=(_P.submitted_at, _P.id),
)
# Who may draft by which channel.
SEAT = {Channel.UNION: Role.CLERK, Channel.SELF: Role.WORKER}


def require(store: Store, rules: Programme, row: Application, window: Round) -> None:
    """Refuse an application over its unit's number, or by a channel the programme does not have.

    Raises RefusedError("no_channel", "unit_full"), the latter with the unit's other applications.
    """
    require_channel(rules, row.channel)
    most = rules.entry.per_unit
    if most is None:
        return
    # Of two of a unit's applications at once, the second counts the first.
    queue_at(store, row.organization)
    others = store.all(_OTHERS, round=window.id, unit=row.organization, but=row.id)
    if len(others) >= most:
        listed = [f"{other.receipt} {other.subject}" for other in others]
        raise RefusedError("unit_full", most=most, given=len(others), others=listed, **rules.entry.cited)


def require_channel(rules: Programme, channel: Channel) -> None:
    """Refuse a channel that the programme does not have. Raises RefusedError("no_channel")."""
    if channel not in rules.entry.channels:
        known = list(rules.entry.channels)
        raise RefusedError("no_channel", channel=channel.value, known=known, **rules.entry.cited)


def begin_at(store: Store, who: Actor, rules: Programme, window: Round, route: Sequence[Desk]) -> None:
    """An enterprise's own union, where it is the first of several desks, may seal as many as are fit.

    Nobody issues it places beforehand; an administrator who wants fewer still can.
    """
    first = route[0]
    if first.rung is not Rung.ENTERPRISE or len(route) == 1 or quotas.of_union(store, window.id, first.desk):
        return
    queue_at(store, first.desk)
    if not quotas.of_union(store, window.id, first.desk):
        for pool in places.pools_of(rules.quota):
            quotas.issue(store, who, window.id, first.desk, 0, QuotaKind.FREE, pool=pool)
