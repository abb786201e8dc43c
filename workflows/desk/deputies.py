"""Standing deputies: somebody acts for a colleague in one seat, for a term, and the record says for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from models.account import Account
from models.base import changed, new_id, table
from models.database import transaction
from models.errors import ForbiddenError, InputError, NotFoundError, RefusedError
from models.office import Deputy
from models.sql import Sql, bind, insert_into, row_from, rows_of
from models.vocabulary import Act, Role
from workflows.desk import colleagues
from workflows.people.organizations import governed, organization
from workflows.post import letters
from workflows.record.acting import refreshed
from workflows.record.claiming import hold
from workflows.record.journal import move
from workflows.record.verb import not_done_yet, verb
from workflows.rules import office_words

if TYPE_CHECKING:
    from datetime import datetime

    from models.database import Store
    from models.journal import Event
    from workflows.record.acting import Actor

_D = table(Deputy).c
# Judging is personal, and who administers is seated, not stood in for.
LENDABLE = (Role.REVIEWER, Role.CLERK)
BY_ID = rows_of(Deputy, _D.id == bind("id", _D.id), lock=True)
NAME = insert_into(Deputy)
END: Sql[None] = Sql(
    sa.update(table(Deputy))
    .where(_D.id == bind("of", _D.id), _D.ended_at.is_(None))
    .values(ended_at=bind("now", _D.ended_at))
)
# Every deputyship at a place that touches a term and one of two people.
_MEETING = rows_of(
    Deputy,
    _D.organization == bind("at", _D.organization),
    _D.role == bind("role", _D.role),
    _D.ended_at.is_(None),
    _D.starts_at < bind("until", _D.starts_at),
    _D.ends_at > bind("since", _D.starts_at),
    _D.principal_id.in_([bind("one", _D.principal_id), bind("other", _D.principal_id)])
    | _D.deputy_id.in_([bind("one", _D.principal_id), bind("other", _D.principal_id)]),
)  # fmt: skip
# Who acted for whom at a place, at any time since a moment: they count as one person there.
_PARTNERS = rows_of(
    Deputy,
    _D.organization == bind("at", _D.organization),
    (_D.principal_id == bind("who", _D.principal_id)) | (_D.deputy_id == bind("who", _D.principal_id)),
    _D.starts_at <= bind("now", _D.starts_at),
    sa.func.coalesce(_D.ended_at, _D.ends_at) > bind("since", _D.starts_at),
)


def by_event(store: Store, event: Event) -> Deputy | None:
    """The deputyship an event tells of."""
    return store.first(BY_ID, id=event.body["deputy"])


@verb("depute", answer=by_event)
def depute(
    actor: Actor, *, deputy: str, organization_code: str, ends_at: datetime, reason: str, role: Role = Role.REVIEWER,
    principal: str = "", starts_at: datetime | None = None, key: str | None = None,
) -> Deputy:  # fmt: skip
    """Name who acts for somebody (oneself, unless `principal` is named) in one seat until `ends_at` (UTC).

    By the principal or an administrator of the organisation or one over it; the deputy sits in that
    organisation too, and passes nothing on. Raises RefusedError("not_lendable", "no_such_seat",
    "not_a_colleague", "deputy_overlaps", "deputy_chain"), InputError("term_over", "own_deputy").
    """
    kept = office_words.reason(Act.DEPUTE, reason)
    with transaction() as store:
        not_done_yet(store, actor, key)
        who = refreshed(store, actor)
        absent = colleagues.person(store, principal or actor.id)
        other = colleagues.person(store, deputy)
        begin = max(starts_at or store.now, store.now)
        _require_naming(store, who, absent, organization_code)
        _require_term(absent, other, begin, ends_at)
        _require_seats(store, absent, other, organization_code, role)
        _require_alone(store, absent, other, organization_code, role, begin, ends_at)
        made = {"id": new_id(), "principal_id": absent.id, "deputy_id": other.id, "organization": organization_code,
                "role": role, "starts_at": begin, "ends_at": ends_at, "reason": kept, "named_by": who.id,
                "named_at": store.now}  # fmt: skip
        store.run(NAME, **made)
        after = move(store, who, Act.DEPUTE, hold(store, Account, absent.id), key=key,
                     body={"deputy": made["id"], "to": other.id, "organization": organization_code,
                           "role": role.value, "until": ends_at.isoformat(), "reason": kept})  # fmt: skip
        for person, about in ((other, absent), (absent, other)):
            letters.to_people(store, after.head[:32], [person.id], "deputy_named" if person is other else "deputy_acts",
                              {"who": about.name, "organization": organization_code, "starts_at": begin.isoformat(),
                               "ends_at": ends_at.isoformat(), "reason": kept})  # fmt: skip
        return row_from(Deputy, made)


@verb("relieve", answer=by_event)
def relieve(actor: Actor, deputy_id: str, *, reason: str = "", key: str | None = None) -> Deputy:
    """End a deputyship now; by the principal, the deputy, or an administrator. Raises RefusedError("deputy_over")."""
    kept = office_words.reason(Act.RELIEVE, reason)
    with transaction() as store:
        not_done_yet(store, actor, key)
        who = refreshed(store, actor)
        found = store.first(BY_ID, id=deputy_id)
        own = found is not None and who.id in (found.principal_id, found.deputy_id)
        if found is None or not (own or governed(store, who, organization(store, found.organization))):
            raise NotFoundError("not_found", thing="deputy", given=deputy_id)
        if found.ended_at is not None or found.ends_at <= store.now:
            raise RefusedError("deputy_over")
        end(store, who, found, kept, key=key)
        return changed(found, ended_at=store.now)


def end(store: Store, who: Actor, found: Deputy, why: str, *, key: str | None = None) -> None:
    """End a deputyship that is held; both are told."""
    store.run(END, of=found.id, now=store.now)
    after = move(store, who, Act.RELIEVE, hold(store, Account, found.principal_id), key=key,
                 body={"deputy": found.id, "organization": found.organization, "reason": why})  # fmt: skip
    known = colleagues.names(store, found.principal_id, found.deputy_id)
    for one, about in ((found.deputy_id, found.principal_id), (found.principal_id, found.deputy_id)):
        letters.to_people(store, after.head[:32], [one], "deputy_ended",
                          {"who": known.get(about, ""), "organization": found.organization})  # fmt: skip


def follow(store: Store, who: Actor, before: Deputy, heir: Account, why: str) -> None:
    """Somebody else stands in for the rest of a deputyship that ended, where neither is in another one then."""
    begin = max(before.starts_at, store.now)
    met = store.all(_MEETING, at=before.organization, role=before.role, one=before.principal_id, other=heir.id,
                    since=begin, until=before.ends_at)  # fmt: skip
    if met:
        return
    made = {"id": new_id(), "principal_id": before.principal_id, "deputy_id": heir.id, "role": before.role,
            "organization": before.organization, "starts_at": begin, "ends_at": before.ends_at, "reason": why,
            "named_by": who.id, "named_at": store.now}  # fmt: skip
    store.run(NAME, **made)
    move(store, who, Act.DEPUTE, hold(store, Account, before.principal_id),
         body={"deputy": made["id"], "to": heir.id, "organization": before.organization, "role": before.role.value,
               "until": before.ends_at.isoformat(), "reason": why})  # fmt: skip


def one_hand(store: Store, account: str, organization_code: str, since: datetime) -> set[str]:
    """Everybody who counts as one person with somebody there since a moment: they, and whom they stood in for.

    Money's four eyes are two people's (reliability: I16).
    """
    met = store.all(_PARTNERS, who=account, at=organization_code, since=since, now=store.now)
    return {account, *(one.principal_id for one in met), *(one.deputy_id for one in met)}


def _require_naming(store: Store, who: Actor, absent: Account, code: str) -> None:
    """For themselves anybody, for a colleague an administrator over the organisation; a deputy for nobody."""
    if who.id not in (absent.id, "system") and not governed(store, who, organization(store, code)):
        raise ForbiddenError("not_administrator", organization=code)


def _require_term(absent: Account, other: Account, begin: datetime, end_at: datetime) -> None:
    if absent.id == other.id:
        raise InputError("own_deputy", field="deputy", given=other.name)
    if end_at <= begin:
        raise InputError("term_over", field="ends_at", given=end_at.isoformat())


def _require_seats(store: Store, absent: Account, other: Account, code: str, role: Role) -> None:
    if role not in LENDABLE:
        raise RefusedError("not_lendable", role=role.value)
    if not colleagues.is_seated(store, absent.id, code, role):
        raise RefusedError("no_such_seat", name=absent.name, organization=code, role=role.value)
    if not colleagues.acting(store, other).sits(code):
        raise RefusedError("not_a_colleague", name=other.name, organization=code)


def _require_alone(
    store: Store, absent: Account, other: Account, code: str, role: Role, begin: datetime, end_at: datetime
) -> None:
    """No two deputies of one person at a time, and no deputy of a deputy."""
    met = store.all(_MEETING, at=code, role=role, one=absent.id, other=other.id, since=begin, until=end_at)
    if overlap := next((one for one in met if one.principal_id == absent.id), None):
        raise RefusedError("deputy_overlaps", name=absent.name, until=overlap.ends_at.isoformat())
    if any(one.principal_id == other.id or one.deputy_id == absent.id for one in met):
        raise RefusedError("deputy_chain", name=absent.name, other=other.name)
