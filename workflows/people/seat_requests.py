"""Seats that are asked for: by whom, at whose office they lie, and what the office answers."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa
from stdnum.cn import uscc

from models.account import Account, Seat
from models.base import new_id, table
from models.database import reading, transaction
from models.errors import ConflictError, InputError, NotFoundError, RefusedError
from models.organization import Organization
from models.registration import Registration
from models.sql import Sql, bind, insert_into, rows_of, update_of
from models.vocabulary import LetterKind, Role, Tier
from workflows.people import accounts
from workflows.people.organizations import GOVERNED, NATION, governed, governing, organization
from workflows.post import letters
from workflows.queries.watch_scope import require_administrator
from workflows.record.acting import Actor, refreshed
from workflows.record.verb import query, verb

if TYPE_CHECKING:
    from models.database import Store

# Power over others' cases is given from above, and never asked for.
ROLES = (Role.CLERK, Role.WORKER)
LONGEST_NAME, LONGEST_NOTE, LONGEST_REASON = 60, 500, 500
MOST_OPEN, PAGE, NEWEST = 3, 100, 10
BLANK: dict[str, Any] = {"proven_at": None, "account_id": None, "settled_at": None, "settled_by": None,
                         "is_granted": None, "reason": "", "letter_at": None, "attempts": 0}  # fmt: skip


class Request(NamedTuple):
    """Somebody who wishes to sit in a unit, and whose address is proven; `asked_at` is when that was."""

    id: str
    name: str
    email: str
    organization: str
    organization_name: str
    role: Role
    note: str
    asked_at: datetime


class Wished(NamedTuple):
    """One's own wish for a seat: at whose office it lies and since when, or what came of it."""

    id: str
    organization: str
    organization_name: str
    role: Role
    asked_at: datetime
    office: str
    office_name: str
    settled_at: datetime | None
    is_granted: bool | None
    reason: str


class _Mine(NamedTuple):
    id: str
    organization: str
    organization_name: str
    role: Role
    asked_at: datetime
    settled_at: datetime | None
    is_granted: bool | None
    reason: str


_R, _O, _S, _A = (table(m).c for m in (Registration, Organization, Seat, Account))
_INSERT = insert_into(Registration)
_HELD = rows_of(Registration, _R.id == bind("id", _R.id), lock=True)
_SETTLE = update_of(Registration, "settled_at", "settled_by", "is_granted", "reason")
_UNIT = rows_of(Organization, _O.code == bind("code", _O.code), _O.tier == Tier.ENTERPRISE, _O.active)
_ACCOUNT = rows_of(Account, _A.id == bind("id", _A.id))
_TURN = rows_of(Account, _A.id == bind("id", _A.id), lock=True)
# As the partial index is written: with other words it is not found.
_OPEN = sa.text("registration.settled_at IS NULL AND registration.proven_at IS NOT NULL")
_WAITING: Sql[Request] = Sql(
    sa.select(
        *(_R.id, _R.name, _R.email, _R.organization, _O.name.label("organization_name"), _R.role, _R.note),
        _R.proven_at.label("asked_at"),
    )
    .join_from(table(Registration), table(Organization), _O.code == _R.organization)
    .where(_OPEN, GOVERNED)
    .order_by(_R.proven_at, _R.id)
    .limit(PAGE),
    Request,
)
_wished = sa.select(
    *(_R.id, _R.organization, _O.name.label("organization_name"), _R.role, _R.proven_at.label("asked_at")),
    *(_R.settled_at, _R.is_granted, _R.reason),
).join_from(table(Registration), table(Organization), _O.code == _R.organization)
_MINE: Sql[_Mine] = Sql(
    _wished.where(_R.account_id == bind("account", _R.account_id))
    .order_by(_R.proven_at.desc(), _R.id.desc())
    .limit(NEWEST),
    _Mine,
)
_ONE: Sql[_Mine] = Sql(_wished.where(_R.id == bind("id", _R.id)), _Mine)
_IN_FORCE = (_S.starts_at <= bind("now", _S.starts_at)) & (
    _S.ends_at.is_(None) | (_S.ends_at > bind("now", _S.starts_at))
)
_RUN: Sql[str] = Sql(
    sa.select(_S.id)
    .where(_S.organization == bind("of", _S.organization), _S.role == Role.ADMINISTRATOR, _IN_FORCE)
    .limit(1)
)


@verb("ask-seat")
def ask_seat(actor: Actor, *, organization_code: str, role: Role, note: str = "") -> Wished:
    """Ask for a seat as a clerk or worker of an applying unit; its office answers. The same wish again is that wish.

    Raises InputError for another role, an unknown unit or a long note; RefusedError("seat_held"), and "seats_asked"
    for a fourth that waits.
    """
    chosen, words = role_of(role), noted(note)
    with transaction() as store:
        who = refreshed(store, actor).alone()
        place = applying(store, organization_code)
        if who.sits(place.code, chosen):
            raise RefusedError("seat_held", organization=place.name)
        store.first(_TURN, id=who.id)
        waiting = [one for one in store.all(_MINE, account=who.id) if one.settled_at is None]
        known = next((one.id for one in waiting if (one.organization, one.role) == (place.code, chosen)), None)
        if known is None and len(waiting) >= MOST_OPEN:
            raise RefusedError("seats_asked", most=MOST_OPEN)
        made = known or new_id()
        if known is None:
            store.run(_INSERT, **{**BLANK, "id": made, "email": who.email, "name": who.name, "role": chosen,
                                  "language": who.language, "organization": place.code, "note": words,
                                  "made_at": store.now, "ends_at": store.now, "proven_at": store.now,
                                  "account_id": who.id})  # fmt: skip
            tell_office(store, store.first(_HELD, id=made))
        return _one(store, made)


@verb("settle-registration")
def settle_registration(
    actor: Actor, registration_id: str, *, is_granted: bool, reason: str = "", key: str | None = None,
) -> Wished:  # fmt: skip
    """Give somebody the seat they asked for, or refuse it with a reason; a letter tells them. Once.

    By who may give that seat (`seat`): administrators of the unit or of a union over it; for anybody else it is not
    there. Raises NotFoundError, InputError without a reason, ConflictError("registration_settled"), and as `seat`.
    """
    with transaction() as store:
        row = store.first(_HELD, id=registration_id)
        place = organization(store, row.organization) if row is not None else None
        if row is None or place is None or row.account_id is None or not governed(store, actor, place):
            raise NotFoundError("not_found", thing="registration", given=registration_id[:32])
        account = store.first(_ACCOUNT, id=row.account_id)
        if row.settled_at is not None:
            _require_mine(store, actor, row, is_granted=is_granted)
        elif account is not None:
            words = _reasoned(reason, is_granted=is_granted)
            store.run(_SETTLE, old_id=row.id, settled_at=store.now, settled_by=actor.id, is_granted=is_granted,
                      reason=words)  # fmt: skip
            if is_granted:
                accounts.give_seat(store, actor, account.email, place, row.role, key=key)
            template = "seat_granted" if is_granted else "seat_refused"
            letters.to_people(store, row.id, [account.id], template, {"organization": place.name, "reason": words})
        return _one(store, row.id)


@query("registrations")
def registrations(actor: Actor, *, root: str) -> list[Request]:
    """Who waits for a seat below a union, the longest first, up to 100: for its administrators."""
    with reading() as store:
        require_administrator(store, actor, root)
        return store.all(_WAITING, root=root)


@query("my-seat-requests")
def my_seat_requests(actor: Actor) -> list[Wished]:
    """One's own wishes for seats, the newest first, up to 10."""
    with reading() as store:
        return [_told(store, one) for one in store.all(_MINE, account=refreshed(store, actor).id)]


def tell_office(store: Store, row: Registration | None) -> None:
    """A letter to the administrators where a wish lies."""
    if row is not None:
        place = organization(store, row.organization)
        params = {"who": row.name, "organization": place.name, "link": "/people"}
        letters.to_desk(store, row.id, office_of(store, place), "seat_asked", params, LetterKind.ACTION,
                        role=Role.ADMINISTRATOR)  # fmt: skip


def office_of(store: Store, place: Organization) -> str:
    """Who answers for a unit: itself, where somebody administers it, or the nearest union over it that is so."""
    runs = (code for code in governing(place) if store.first(_RUN, of=code, now=store.now) is not None)
    return next(runs, NATION)


def applying(store: Store, code: str) -> Organization:
    """An applying unit, by its unified code however it is typed. Raises InputError("unit_unknown")."""
    row = store.first(_UNIT, code=uscc.compact(code).upper()[:18])
    if row is None:
        raise InputError("unit_unknown", field="organization_code", given=code[:40])
    return row


def role_of(role: Role) -> Role:
    """A role that can be asked for. Raises InputError("role_not_asked")."""
    if role not in ROLES:
        raise InputError("role_not_asked", field="role", given=str(role)[:40])
    return Role(role)


def named(name: str) -> str:
    """A person's name, in one line. Raises InputError for none or a long one."""
    clean = " ".join("".join(c for c in name if c.isprintable()).split())
    if not clean:
        raise InputError("argument_missing", field="name", expected="str")
    return _short(clean, "name", LONGEST_NAME)


def noted(note: str) -> str:
    """What somebody adds to a wish. Raises InputError for a long one."""
    return _short("".join(c for c in note if c.isprintable() or c == "\n").strip(), "note", LONGEST_NOTE)


def _short(text: str, field: str, most: int) -> str:
    if len(text) > most:
        raise InputError("too_long", field=field, most=most, length=len(text))
    return text


def _reasoned(reason: str, *, is_granted: bool) -> str:
    if not is_granted and not reason.strip():
        raise InputError("reason_missing", field="reason")
    return _short(reason.strip(), "reason", LONGEST_REASON)


def _require_mine(store: Store, actor: Actor, row: Registration, *, is_granted: bool) -> None:
    """The same answer by the same hand is a click told twice."""
    if (row.settled_by, row.is_granted) != (actor.id, is_granted):
        by = store.first(_ACCOUNT, id=row.settled_by or "")
        raise ConflictError("registration_settled", name=by.name if by else "—")


def _one(store: Store, wish_id: str) -> Wished:
    return next(_told(store, one) for one in store.all(_ONE, id=wish_id))


def _told(store: Store, one: _Mine) -> Wished:
    office = office_of(store, organization(store, one.organization)) if one.settled_at is None else ""
    name = organization(store, office).name if office else ""
    return Wished(*one[:5], office, name, *one[5:])
