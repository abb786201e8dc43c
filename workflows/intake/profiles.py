"""Profiles: what was typed once for a unit or a person is offered in every other form (domain: 6)."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from sqlalchemy.dialects import postgresql

from models.base import table
from models.database import reading
from models.errors import NotFoundError
from models.fact import Profile
from models.sql import Sql, bind, rows_of
from models.vocabulary import Channel, Role
from workflows.people.organizations import governed, organization
from workflows.record.acting import refreshed
from workflows.record.verb import query
from workflows.rules.forms import APPLICANT, fault_of, is_asked, leader_key
from workflows.rules.privacy import mask

if TYPE_CHECKING:
    from collections.abc import Mapping

    from models.database import Store
    from models.programme import FieldRule, Programme
    from workflows.record.acting import Actor

_C = table(Profile).c
_KEPT = rows_of(Profile, (_C.owner == bind("unit", _C.owner)) | (_C.owner == bind("person", _C.owner)))
_OF_UNIT = rows_of(Profile, _C.owner == bind("unit", _C.owner), order=(_C.name,))
_FRESH = postgresql.insert(table(Profile)).values({c.key: bind(c.key, c) for c in _C})
# SQLite's compiler reads PostgreSQL's clause: the two spell it the same way.
_KEEP: Sql[None] = Sql(
    _FRESH.on_conflict_do_update(
        index_elements=["owner", "name"],
        set_={name: _FRESH.excluded[name] for name in ("value", "account_id", "at")},
    )
)
_NOBODY = "-"  # no owner has this name


class Owners(dict[str, str]):
    """Whose profile a field belongs to, by the field's `profile`: "unit" for who files for it, "person" once known."""


def owners(
    rules: Programme, *, organization_code: str, applicant_id: str, channel: Channel, answers: Mapping[str, Any]
) -> Owners:
    """Whose profiles an application reads and writes.

    The unit's is known by its code. A worker who files is the person, and neither reads nor writes what
    the unit keeps; a union files for others, so the person is the leader, known to this unit alone by
    the identity number.
    """
    if channel is Channel.SELF:
        return Owners(person=applicant_id)
    found = Owners(unit=organization_code)
    if identity := answers.get(rules.leader_id or ""):
        told = f"{organization_code} {leader_key(identity)}"
        found["person"] = hashlib.sha256(told.encode()).hexdigest()[:32]
    return found


def offered(
    store: Store, rules: Programme, whose: Owners, answers: Mapping[str, Any], only: str | None = None
) -> dict[str, Any]:
    """The kept answers for fields that are still empty, in one read; those that no longer fit are left.

    `only` looks at one of "unit" and "person".
    """
    empty = [f for f in rules.fields if f.profile in whose and only in (None, f.profile) if _is_empty(f, answers)]
    if not empty:
        return {}
    kept = {
        (row.owner, row.name): row.value
        for row in store.all(_KEPT, unit=whose.get("unit", _NOBODY), person=whose.get("person", _NOBODY))
    }
    found = {f.name: kept.get((whose[str(f.profile)], f.name)) for f in empty}
    return {f.name: held["value"] for f in empty if (held := found[f.name]) is not None and _fits(f, held)}


def keep(store: Store, who: Actor, rules: Programme, whose: Owners, typed: Mapping[str, Any]) -> None:
    """Keep what was just typed into fields of a profile, in one batch; an emptied field takes nothing away."""
    store.run_many(_KEEP, (
        {"owner": whose[str(f.profile)], "name": f.name, "account_id": who.id, "at": store.now,
         "value": {"value": typed[f.name], "kind": f.kind, "private": f.private, "label": f.label.model_dump()}}
        for f in rules.fields if f.profile in whose and typed.get(f.name) is not None
    ))  # fmt: skip


@query("profile")
def profile(actor: Actor, *, organization_code: str) -> dict[str, Any]:
    """What is kept of a unit, field by field, for its own people and the unions over it.

    Others than its own people read private answers masked. Raises NotFoundError for anybody else.
    """
    with reading() as store:
        who, unit = refreshed(store, actor), organization(store, organization_code)
        own = who.sits(organization_code, Role.CLERK)
        if not own and not governed(store, who, unit):
            raise NotFoundError("not_found", thing="organization", given=organization_code)
        kept = store.all(_OF_UNIT, unit=organization_code)
        return {row.name: mask(row.value["value"]) if row.value["private"] and not own else row.value["value"]
                for row in kept}  # fmt: skip


def _is_empty(field: FieldRule, answers: Mapping[str, Any]) -> bool:
    """Whether a field of the applicant's waits for its first answer."""
    return field.by == APPLICANT and is_asked(field, answers) and answers.get(field.name) in (None, "")


def _fits(field: FieldRule, kept: Mapping[str, Any]) -> bool:
    return bool(kept["kind"] == field.kind) and fault_of(field, kept["value"]) is None
