"""Who is at the same form, and at which field: a hint for whoever writes it together, and no lock.

Nothing here is journaled and nothing waits for it: a field is kept from being overwritten by its stored value
(`ui/components/saving.py`), not by anybody's presence.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from models.account import Account
from models.application import Application
from models.attention import Presence
from models.base import table
from models.database import transaction
from models.errors import NotFoundError
from models.sql import Sql, bind, rows_of
from models.vocabulary import Thing
from workflows.record.acting import refreshed
from workflows.record.claiming import look
from workflows.rules import permissions

if TYPE_CHECKING:
    from models.database import Store
    from workflows.record.acting import Actor

LASTS = timedelta(seconds=45)  # three of the form's own beats
_BEAT = timedelta(seconds=10)  # what is younger and the same is not written again
_OLD = timedelta(days=1)
PATIENCE = 0.5  # seconds: a form is filled in, whoever is told of it
_N, _A = table(Presence).c, table(Account).c
_HERE = (_N.application_id == bind("of", _N.application_id), _N.account_id == bind("who", _N.account_id))
_MINE = rows_of(Presence, *_HERE)
_FRESH = postgresql.insert(table(Presence)).values({c.key: bind(c.key, c) for c in _N})
# SQLite's compiler reads PostgreSQL's clause: the two spell it the same way.
_NOTE: Sql[None] = Sql(
    _FRESH.on_conflict_do_update(
        index_elements=["application_id", "account_id"],
        set_={name: _FRESH.excluded[name] for name in ("field", "seen_at")},
    )
)
_FORGET: Sql[None] = Sql(
    sa.delete(table(Presence)).where(
        _N.application_id == bind("of", _N.application_id), _N.seen_at < bind("before", _N.seen_at)
    )
)
_LEAVE: Sql[None] = Sql(sa.delete(table(Presence)).where(*_HERE))


class Beside(NamedTuple):
    """Somebody else at the same form; `field` is the one they saved last, empty when none lately."""

    name: str
    field: str


_OTHERS: Sql[Beside] = Sql(
    sa.select(_A.name, _N.field)
    .join_from(table(Presence), table(Account), _A.id == _N.account_id)
    .where(
        _N.application_id == bind("of", _N.application_id),
        _N.account_id != bind("who", _N.account_id),
        _N.seen_at > bind("since", _N.seen_at),
    )
    .order_by(_A.name, _A.id)
    .limit(20),
    Beside,
)


def note(actor: Actor, application_id: str, field: str = "") -> list[Beside]:
    """Say that somebody is at a form, at which field; answers who else was there in the last 45 seconds.

    Only whoever may fill it in is noted, or told of others. Raises NotFoundError for strangers, BusyError soon.
    """
    with transaction(patience=PATIENCE) as store:
        if not _fills_in(store, actor, application_id):
            return []
        mine = store.first(_MINE, of=application_id, who=actor.id)
        if mine is None:
            store.run(_FORGET, of=application_id, before=store.now - _OLD)
        if mine is None or mine.field != field or mine.seen_at <= store.now - _BEAT:
            store.run(_NOTE, application_id=application_id, account_id=actor.id, field=field, seen_at=store.now)
        return store.all(_OTHERS, of=application_id, who=actor.id, since=store.now - LASTS)


def leave(actor: Actor, application_id: str) -> None:
    """Somebody is done with a form: nobody is told any more that they are there. Raises BusyError soon."""
    with transaction(patience=PATIENCE) as store:
        store.run(_LEAVE, of=application_id, who=actor.id)


def _fills_in(store: Store, actor: Actor, application_id: str) -> bool:
    """Whether this is one of those who bring the application in. Raises NotFoundError."""
    row, who = look(store, Application, application_id), refreshed(store, actor)
    if not permissions.sees(who, row):
        raise NotFoundError("not_found", thing=Thing.APPLICATION.value, given=application_id)
    return permissions.brings(who, row)
