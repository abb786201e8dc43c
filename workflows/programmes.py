"""Programmes: publishing a version, and reading the one a round is pinned to."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from models.base import table
from models.database import engine, transaction
from models.errors import ForbiddenError, NotFoundError, RefusedError
from models.programme import Programme, parse, shipped
from models.round import ProgrammeVersion
from models.sql import bind, insert_into, rows_of
from models.vocabulary import Role, Tier
from workflows.acting import refreshed
from workflows.journal import canonical
from workflows.organizations import organization
from workflows.rules.routes import deciders
from workflows.verb import verb

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine

    from models.database import Store
    from workflows.acting import Actor

_V = table(ProgrammeVersion).c
_BY_ID = rows_of(ProgrammeVersion, _V.id == bind("id", _V.id))
_INSERT = insert_into(ProgrammeVersion)


@verb("publish-programme")
def publish_programme(actor: Actor, *, code: str) -> ProgrammeVersion:
    """Publish a programme of the catalogue; its rounds keep this version for good."""
    return publish(actor, shipped(code))


def publish(actor: Actor, programme: Programme) -> ProgrammeVersion:
    """Publish a programme. The same content again changes nothing; another one is refused.

    Raises ForbiddenError unless the actor administers a union that could decide its rounds, or
    the nation's.
    """
    content = programme.model_dump(mode="json")
    sha256 = hashlib.sha256(canonical(content).encode()).hexdigest()
    with transaction() as store:
        _require_decider(store, refreshed(store, actor), programme)
        known = store.first(_BY_ID, id=programme.id)
        if known is not None and known.sha256 != sha256:
            raise RefusedError("version_taken", programme=programme.id)
        if known is None:
            store.run(_INSERT, id=programme.id, code=programme.code, version=programme.version,
                      content=content, sha256=sha256, published_at=store.now)  # fmt: skip
        return version(store, programme.id)


def _require_decider(store: Store, who: Actor, programme: Programme) -> None:
    tiers = {organization(store, code).tier for code in who.places(Role.ADMINISTRATOR)}
    if who.id != "system" and tiers.isdisjoint(deciders(programme) | {Tier.NATION}):
        raise ForbiddenError("not_administrator", organization="")


def version(store: Store, programme_id: str) -> ProgrammeVersion:
    """A published version. Raises NotFoundError."""
    row = store.first(_BY_ID, id=programme_id)
    if row is None:
        raise NotFoundError("not_found", thing="programme", given=programme_id)
    return row


# A version never changes, so each database's versions are parsed once.
_parsed: WeakKeyDictionary[Engine, dict[str, Programme]] = WeakKeyDictionary()


def programme_of(store: Store, programme_id: str) -> Programme:
    """The programme a round or an application is pinned to. Raises NotFoundError."""
    known = _parsed.setdefault(engine(), {})
    if programme_id not in known:
        known[programme_id] = parse(version(store, programme_id).content)
    return known[programme_id]
