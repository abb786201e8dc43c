"""Facts: what happened to a unit or a person, recorded by the unions over it, never edited, only voided."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

import sqlalchemy as sa

from models.base import table
from models.database import reading, transaction
from models.errors import ForbiddenError, InputError, NotFoundError
from models.fact import Fact, ImportRun
from models.round import ProgrammeVersion
from models.sql import Sql, bind, insert_into, rows_of
from models.title import Title
from models.vocabulary import Role
from workflows.intake.records import areas_of
from workflows.people.organizations import NATION, governed, organization, queue_at, require_governing
from workflows.programmes import programme_of
from workflows.record.acting import refreshed
from workflows.record.verb import made_as, query, verb
from workflows.rules import permissions
from workflows.rules.calendar import local_date
from workflows.rules.forms import leader_key
from workflows.rules.forms import person_id as identity_number

if TYPE_CHECKING:
    from datetime import date

    from models.database import Store
    from workflows.record.acting import Actor

_F = table(Fact).c
_BY_ID = rows_of(Fact, _F.id == bind("id", _F.id))
_HOLD = rows_of(Fact, _F.id == bind("id", _F.id), lock=True)
_INSERT = insert_into(Fact)
_VOID: Sql[None] = Sql(
    sa.update(table(Fact))
    .where(_F.id == bind("of", _F.id))
    .values(
        voided_at=bind("voided_at", _F.voided_at),
        void_reason=bind("void_reason", _F.void_reason),
        voided_by=bind("voided_by", _F.voided_by),
    )
)
_SAME = rows_of(
    Fact,
    _F.kind == bind("kind", _F.kind),
    _F.happened_on == bind("happened_on", _F.happened_on),
    _F.voided_at.is_(None),
    (_F.organization == bind("organization", _F.organization)) | (_F.person_key == bind("person_key", _F.person_key)),
)
_ABOUT = rows_of(
    Fact,
    (_F.organization == bind("organization", _F.organization)) | (_F.person_key == bind("person_key", _F.person_key)),
    order=(_F.happened_on.desc(), _F.id),
)
_T, _I = table(Title).c, table(ImportRun).c
_HELD_BY: Sql[str] = Sql(sa.select(_T.organization).where(_T.id == bind("id", _T.id)))
_NAMED_BY: Sql[str] = Sql(sa.select(_T.decider).where(_T.id == bind("id", _T.id)))
_BROUGHT_BY: Sql[str] = Sql(sa.select(_I.organization).where(_I.id == bind("id", _I.id)))
_VERSIONS: Sql[str] = Sql(sa.select(table(ProgrammeVersion).c.id).order_by(table(ProgrammeVersion).c.id))


@verb("record-fact")
def record_fact(
    actor: Actor, *, kind: str, happened_on: date, organization_code: str, person_id: str | None = None,
    person_name: str = "", until: date | None = None, amount: int | None = None, words: str = "",
    document: str = "", key: str | None = None,
) -> Fact:  # fmt: skip
    """Put on record what happened to a unit, or with `person_id` to a person of it.

    `kind` is a name that some published programme asks for; `until` the last day it holds, if not
    for good; `amount` points or a level; `document` where it is written. The same again changes
    nothing. Raises ForbiddenError unless the actor administers a union over the unit, InputError for
    an unknown kind, a wrong identity number or a day to come.
    """
    person_key = leader_key(_identity(person_id)) if person_id else None
    with transaction() as store:
        unit = organization(store, organization_code)
        require_governing(store, actor, unit)
        _require_kind(store, kind)
        if happened_on > local_date(store.now) or (until is not None and until < happened_on):
            raise InputError("fact_day", field="happened_on", given=happened_on, until=until)
        queue_at(store, unit.code)  # the same twice at once: the second finds the first
        made_id = made_as(actor, key)
        if (again := store.first(_BY_ID, id=made_id)) is not None:
            return again  # the same click again, even where the fact was voided since
        told = {"kind": kind, "happened_on": happened_on, "organization": None if person_key else unit.code,
                "person_key": person_key, "until": until, "amount": amount, "words": words.strip(),
                "document": document.strip()}  # fmt: skip
        if (known := _same(store, told)) is not None:
            return known
        desk = next(iter(governed(store, actor, unit)), None)
        store.run(_INSERT, **told, id=made_id, person_name=person_name.strip() if person_key else "", desk=desk,
                  account_id=actor.id, at=store.now)  # fmt: skip
        return _fact(store, made_id)


@verb("void-fact")
def void_fact(actor: Actor, *, fact_id: str, reason: str, key: str | None = None) -> Fact:  # noqa: ARG001 -- twice is once
    """Void a fact that was recorded wrongly: it stays on record with the reason, and counts no more.

    Raises NotFoundError, InputError without a reason, ForbiddenError unless the actor administers the
    union that recorded it or one over it, and is none of the unit's people it is about (domain: 7.7).
    """
    if not reason.strip():
        raise InputError("reason_missing", field="reason")
    with transaction() as store:
        row = store.first(_HOLD, id=fact_id)
        if row is None:
            raise NotFoundError("not_found", thing="fact", given=fact_id)
        require_governing(store, actor, organization(store, _place(store, row)))
        if refreshed(store, actor).sits(_about(store, row)):
            raise ForbiddenError("own_case", fact=row.id)
        if row.voided_at is None:
            store.run(_VOID, of=row.id, voided_at=store.now, void_reason=reason.strip(), voided_by=actor.id)
        return _fact(store, row.id)


@query("facts")
def facts(actor: Actor, *, organization_code: str, person_id: str | None = None) -> list[Fact]:
    """What is on record of a unit, and of a person if one is named, newest first, voided ones too.

    For the unit's own people and the unions over it; persons for the reviewers and administrators of
    those unions only: an identity number opens nobody's record to a stranger. Raises NotFoundError for anybody else.
    """
    key = leader_key(_identity(person_id)) if person_id else None
    with reading() as store:
        who, unit = refreshed(store, actor), organization(store, organization_code)
        allowed = areas_of(unit) - ({unit.code} if key else set())
        reads = _reviews if key else permissions.serves
        if not any(reads(who, code) for code in allowed):
            raise NotFoundError("not_found", thing="organization", given=organization_code)
        return store.all(_ABOUT, organization=unit.code, person_key=key)


@query("fact-kinds")
def fact_kinds(actor: Actor) -> list[str]:
    """The kinds of facts that published programmes ask for or leave, for an administrator to choose from."""
    with reading() as store:
        return known_kinds(store) if refreshed(store, actor).places(Role.ADMINISTRATOR) else []


def known_kinds(store: Store) -> list[str]:
    """The names of facts in all published programmes."""
    found: set[str] = set()
    for programme_id in store.all(_VERSIONS):
        rules = programme_of(store, programme_id)
        found |= {name for c in rules.eligibility if c.rule in ("no_fact", "has_fact") for name in c.of}
        found |= {feed.fact for feed in rules.feeds}
    return sorted(found)


def _require_kind(store: Store, kind: str) -> None:
    """A misspelt kind would bar nobody, and say nothing."""
    known = known_kinds(store)
    if kind not in known:
        near = difflib.get_close_matches(kind, known, n=1)
        raise InputError("unknown_fact", field="kind", given=kind[:60], near=near[0] if near else None, known=known)


def _identity(typed: str) -> str:
    try:
        return identity_number(typed)
    except ValueError as error:
        raise InputError("not_a_person_id", field="person_id") from error


def _place(store: Store, row: Fact) -> str:
    """The union that recorded a fact: by hand, with a file, or by the naming that left it."""
    return row.desk or store.first(_BROUGHT_BY, id=row.import_id) or store.first(_NAMED_BY, id=row.title_id) or NATION


def _about(store: Store, row: Fact) -> str | None:
    """The unit a fact is about; of a fact that a naming left, the title's holder."""
    return row.organization or store.first(_HELD_BY, id=row.title_id)


def _reviews(who: Actor, code: str) -> bool:
    return who.sits(code, Role.REVIEWER, Role.ADMINISTRATOR)


def _same(store: Store, told: dict[str, object]) -> Fact | None:
    """A fact of the very same content that is on record already."""
    asked = {name: told[name] for name in ("kind", "happened_on", "organization", "person_key")}
    return next((row for row in store.all(_SAME, **asked) if all(getattr(row, k) == v for k, v in told.items())), None)


def _fact(store: Store, fact_id: str) -> Fact:
    row = store.first(_BY_ID, id=fact_id)
    if row is None:
        raise NotFoundError("not_found", thing="fact", given=fact_id)
    return row
