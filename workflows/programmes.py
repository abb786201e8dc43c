"""Programmes: publishing a version, and reading the one a round is pinned to."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import sqlalchemy as sa

from models.base import table
from models.database import engine, reading, transaction
from models.errors import ForbiddenError, InputError, NotFoundError, RefusedError
from models.programme import FOLDER, Programme, catalogue, parse, shipped
from models.round import ProgrammeVersion
from models.sql import Sql, bind, insert_into, rows_of
from models.vocabulary import Role, Tier
from workflows.desk import examining
from workflows.linting.writing import as_toml
from workflows.people.organizations import ensure_joint, organization
from workflows.record.acting import SYSTEM, refreshed
from workflows.record.journal import canonical
from workflows.record.verb import verb
from workflows.rules.routes import deciders

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.engine import Engine

    from models.database import Store
    from workflows.record.acting import Actor

_V = table(ProgrammeVersion).c
_BY_ID = rows_of(ProgrammeVersion, _V.id == bind("id", _V.id))
_IDS: Sql[str] = Sql(sa.select(_V.id).order_by(_V.published_at.desc(), _V.id))
_LATEST: Sql[str] = Sql(sa.select(_V.id).where(_V.code == bind("code", _V.code)).order_by(_V.version.desc()).limit(1))
_INSERT = insert_into(ProgrammeVersion)


@verb("publish-programme")
def publish_programme(
    actor: Actor, *, code: str | None = None, text: str | None = None, key: str | None = None,  # noqa: ARG001 -- twice is once
) -> ProgrammeVersion:  # fmt: skip
    """Publish a programme: of the catalogue by its `code`, or the `text` of a file; rounds keep their version.

    The file is judged first: an error in it raises InputError("programme_faults") with every finding,
    and nothing that runs is touched. Otherwise as `publish`.
    """
    if (code is None) == (text is None):
        raise InputError("programme_source", field="text")
    if actor.id != SYSTEM.id and not actor.places(Role.ADMINISTRATOR):
        raise ForbiddenError("not_administrator", organization="")
    whole = text if code is None else shipped_text(code)
    return publish(actor, examining.require(examining.examine(str(whole), others=published())), str(whole))


def publish(actor: Actor, programme: Programme, text: str = "") -> ProgrammeVersion:
    """Publish a programme. The same content again changes nothing; another one is refused.

    `text`: the file as its office wrote it; without it, one is written. Raises ForbiddenError unless
    the actor administers a union that could decide its rounds, or the nation's; RefusedError for a
    version whose content differs ("version_taken"), or a code of another decider's ("programme_code_taken").
    """
    content = programme.model_dump(mode="json")
    sha256 = hashlib.sha256(canonical(content).encode()).hexdigest()
    with transaction() as store:
        who = refreshed(store, actor)
        _require_decider(store, who, programme)
        if who.id != SYSTEM.id:
            _require_own_code(store, programme)
        known = store.first(_BY_ID, id=programme.id)
        if known is not None and known.sha256 != sha256:
            raise RefusedError("version_taken", programme=programme.id)
        if known is None:
            if programme.joint is not None:
                ensure_joint(store, programme.joint)
            store.run(_INSERT, id=programme.id, code=programme.code, version=programme.version, content=content,
                      text=text or as_toml(programme), sha256=sha256, published_at=store.now)  # fmt: skip
        return version(store, programme.id)


def _require_decider(store: Store, who: Actor, programme: Programme) -> None:
    if who.id != SYSTEM.id and not publishes(store, who)(programme):
        raise ForbiddenError("not_administrator", organization="")


def publishes(store: Store, who: Actor) -> Callable[[Programme], bool]:
    """Which programmes somebody may publish: those decided at the tier of a union they administer, all at the nation's.

    A joint meeting is entered by its first programme, so one of its members publishes that.
    """
    places = set(who.places(Role.ADMINISTRATOR))
    tiers = {organization(store, code).tier for code in places}

    def may(programme: Programme) -> bool:
        member = programme.joint is not None and not places.isdisjoint(programme.joint.members)
        return member or not tiers.isdisjoint(deciders(programme) | {Tier.NATION})

    return may


def _require_own_code(store: Store, programme: Programme) -> None:
    """A code stays with the tier and the joint meeting that decided its latest version."""
    latest = store.first(_LATEST, code=programme.code)
    if latest is None and programme.code not in catalogue():
        return
    before = programme_of(store, latest) if latest else shipped(programme.code)
    if _root(before) != _root(programme):
        raise RefusedError("programme_code_taken", given=programme.code)


def _root(programme: Programme) -> tuple[object, ...]:
    joint = programme.joint
    return (programme.ladder[-1].desk, joint and (joint.organization, frozenset(joint.members)))


def version(store: Store, programme_id: str) -> ProgrammeVersion:
    """A published version. Raises NotFoundError."""
    row = store.first(_BY_ID, id=programme_id)
    if row is None:
        raise NotFoundError("not_found", thing="programme", given=programme_id)
    return row


def published() -> list[Programme]:
    """Every published version, newest first."""
    with reading() as store:
        return [programme_of(store, programme_id) for programme_id in store.all(_IDS)]


def shipped_text(code: str) -> str:
    """The file of a programme of the catalogue. Raises InputError for an unknown one."""
    if code not in catalogue():
        raise InputError("unknown_programme", given=code, known=catalogue())
    return examining.text_of(FOLDER / f"{code}.toml").decode("utf-8-sig")


# A version never changes, so each database's versions are parsed once.
_parsed: WeakKeyDictionary[Engine, dict[str, Programme]] = WeakKeyDictionary()


def programme_of(store: Store, programme_id: str) -> Programme:
    """The programme a round or an application is pinned to. Raises NotFoundError."""
    known = _parsed.setdefault(engine(), {})
    if programme_id not in known:
        known[programme_id] = parse(version(store, programme_id).content)
    return known[programme_id]
