"""Accounts and seats: who can sign in, where they sit, as what and how long."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from models.account import Account, Seat
from models.base import new_id, table
from models.database import DuplicateError, reading, transaction
from models.errors import ForbiddenError, InputError, NotFoundError
from models.sql import Sql, bind, insert_into, rows_of
from models.vocabulary import AccountState, Act, LetterKind, LinkKind, Role, Tier
from workflows.desk import colleagues, handling
from workflows.people import links, passwords, seat_ends, sessions
from workflows.people.organizations import entering, organization, require_entering
from workflows.post import letters
from workflows.record.acting import SYSTEM
from workflows.record.claiming import hold
from workflows.record.journal import found, move
from workflows.record.verb import not_done_yet, verb
from workflows.rules.address import normal

if TYPE_CHECKING:
    from datetime import datetime

    from models.database import Store
    from models.organization import Organization
    from workflows.record.acting import Actor

_A, _S = table(Account).c, table(Seat).c
_BY_EMAIL = rows_of(Account, _A.email == bind("email", _A.email), lock=True)
_LOOK = rows_of(Account, _A.email == bind("email", _A.email))
_SEAT = rows_of(Seat, _S.id == bind("id", _S.id), lock=True)
_SEATS_OF = rows_of(Seat, _S.account_id == bind("account", _S.account_id))
_SIT = insert_into(Seat)
_TERM: Sql[None] = Sql(
    sa.update(table(Seat)).where(_S.id == bind("of", _S.id)).values(ends_at=bind("ends_at", _S.ends_at))
)
LANGUAGES = ("zh", "en")
# A city's union and an industry's stand side by side.
_HEIGHT = {Tier.NATION: 0, Tier.JOINT: 1, Tier.PROVINCE: 2, Tier.CITY: 3, Tier.INDUSTRY: 3, Tier.COUNTY: 4,
           Tier.TOWNSHIP: 5, Tier.ENTERPRISE: 6}  # fmt: skip


@verb("open-account")
def open_account(
    actor: Actor, *, email: str, name: str, organization_code: str, role: Role,
    language: str = "zh", password: str | None = None, ends_at: datetime | None = None, key: str | None = None,
) -> Account:  # fmt: skip
    """Open an account with its first seat. Raises InputError for a bad or known address.

    `ends_at` is when the seat's term ends; without it the seat is held until further notice.
    """
    if password:
        passwords.check(password, normal(email))
    secret = passwords.hashed(password) if password else None
    return open_with_hash(actor, secret, email=email, name=name, organization_code=organization_code,
                          role=role, language=language, ends_at=ends_at, key=key)  # fmt: skip


def open_with_hash(
    actor: Actor, secret: str | None, *, email: str, name: str, organization_code: str, role: Role,
    language: str = "zh", ends_at: datetime | None = None, key: str | None = None,
) -> Account:  # fmt: skip
    """Open an account whose password was hashed already: the demo's many share one. No verb.

    Raises as `open_account`.
    """
    address = normal(email)
    if not name.strip():
        raise InputError("argument_missing", field="name", expected="str")
    if language not in LANGUAGES:
        raise InputError("unknown_language", field="language", given=language[:40], known=list(LANGUAGES))
    with transaction() as store:
        require_entering(store, actor, organization(store, organization_code))
        not_done_yet(store, actor, key)
        body = {"organization": organization_code, "role": role.value}
        try:
            made = found(store, actor, Act.ENROL, Account, body=body, key=key, email=address, name=name.strip(),
                         language=language, state=AccountState.ACTIVE, created_at=store.now,
                         password_hash=secret)  # fmt: skip
        except DuplicateError as error:
            raise InputError("email_known", field="email", given=address) from error
        _sit(store, made.id, organization_code, role, ends_at)
        _welcome(store, made, has_password=secret is not None)
        return made


def _welcome(store: Store, made: Account, *, has_password: bool) -> None:
    """Who was given no password is sent the way to one, which is good for a week and once."""
    if has_password:
        letters.to_people(store, made.id, [made.id], "account_opened", {"email": made.email})
        return
    params = {"email": made.email, **links.make(store, LinkKind.INVITATION, made.id)}
    letters.to_people(store, made.id, [made.id], "invited", params, LetterKind.ACTION)


@verb("seat")
def seat(
    actor: Actor, *, email: str, organization_code: str, role: Role, ends_at: datetime | None = None,
    key: str | None = None,
) -> Account:  # fmt: skip
    """Give an account one more seat, or one it holds another term; the same again changes nothing.

    Raises NotFoundError for an unknown address, ForbiddenError("seated_above") for somebody who
    sits at a higher tier than the actor administers: a seat below would shut them out of its cases.
    """
    with transaction() as store:
        place = organization(store, organization_code)
        return give_seat(store, actor, normal(email), place, role, ends_at=ends_at, key=key)


def give_seat(
    store: Store, actor: Actor, address: str, place: Organization, role: Role, *,
    ends_at: datetime | None = None, key: str | None = None,
) -> Account:  # fmt: skip
    """The verb `seat` inside a transaction that is open already; raises as it does."""
    require_entering(store, actor, place)
    account = _account(store, address)
    not_done_yet(store, actor, key)
    _refuse_above(store, actor, account, place)
    if not _sit(store, account.id, place.code, role, ends_at):
        return account
    body = {"organization": place.code, "role": role.value}
    return move(store, actor, Act.SEAT, account, body=body, key=key)


def appoint(email: str, organization_code: str, role: str, *, name: str = "", password: str | None = None) -> Account:
    """Appoint somebody in the name of the system: for the machine's operator, who holds its database.

    Opens the account when there is none (`name` is needed then) and sets the password if given.
    Raises InputError for an unknown role or a missing name.
    """
    if role not in set(Role):
        raise InputError("unknown_role", field="role", given=role[:40], known=[r.value for r in Role])
    with reading() as store:
        known = store.first(_LOOK, email=normal(email))
    if known is None:
        if not name.strip():
            raise InputError("argument_missing", field="name", expected="str")
        return open_account(SYSTEM, email=email, name=name, organization_code=organization_code,
                            role=Role(role), password=password)  # fmt: skip
    seated = seat(SYSTEM, email=email, organization_code=organization_code, role=Role(role))
    if password:
        sessions.set_password(known.email, password)
    return seated


@verb("vacate", answer=lambda store, event: store.first(_SEAT, id=event.body["seat"]))
def vacate(actor: Actor, *, seat_id: str, key: str | None = None) -> Seat:
    """End a seat now; it lends no power from this moment on."""
    with transaction() as store:
        held = store.first(_SEAT, id=seat_id)
        if held is None:
            raise NotFoundError("not_found", thing="seat", given=seat_id)
        require_entering(store, actor, organization(store, held.organization))
        # A term lasts a moment at least, even where it is ended in the moment it began.
        end = max(store.now, held.starts_at + timedelta(microseconds=1))
        if held.ends_at is None or held.ends_at > end:
            store.run(_TERM, of=seat_id, ends_at=end)
            seat_ends.follow(store, seat_id, held.account_id, held.organization, None)
            body = {"organization": held.organization, "role": held.role.value, "seat": seat_id}
            move(store, actor, Act.VACATE, hold(store, Account, held.account_id), body=body, key=key)
            _empty_hands(store, actor, held.account_id, [held.organization])
        return store.first(_SEAT, id=seat_id) or held


@verb("disable-account")
def disable_account(actor: Actor, *, email: str, organization_code: str, key: str | None = None) -> Account:
    """Shut an account out at once, open pages included."""
    with transaction() as store:
        require_entering(store, actor, organization(store, organization_code))
        account = _account(store, normal(email))
        not_done_yet(store, actor, key)
        _require_governing_all(store, actor, account, organization_code)
        sessions.end_all(store, account.id)
        after = move(store, actor, Act.DISABLE, account, key=key, disabled_at=store.now)
        _empty_hands(store, actor, account.id, [seat.organization for seat in store.all(_SEATS_OF, account=account.id)])
        return after


def _empty_hands(store: Store, actor: Actor, account_id: str, places: list[str]) -> None:
    """Cases in the hands of somebody who no longer reviews there go back to their desks."""
    for place in sorted(set(places)):
        if not colleagues.is_seated(store, account_id, place):
            handling.fall_back(store, actor, account_id, place, "seat_ended")


def _require_governing_all(store: Store, actor: Actor, account: Account, code: str) -> None:
    """Whoever shuts somebody out governs every place they sit in, not just one they gave them."""
    seats = store.all(_SEATS_OF, account=account.id)
    if code not in {held.organization for held in seats}:
        raise NotFoundError("not_found", thing="account", given=account.email)
    for held in _in_force(store, account.id):
        require_entering(store, actor, organization(store, held.organization))


def _account(store: Store, address: str) -> Account:
    row = store.first(_BY_EMAIL, email=address)
    if row is None:
        raise NotFoundError("not_found", thing="account", given=address)
    return row


def _sit(store: Store, account_id: str, code: str, role: Role, ends_at: datetime | None) -> bool:
    """Seat somebody; answers whether that changed anything. One seat is never two rows in force."""
    if ends_at is not None and ends_at <= store.now:
        raise InputError("term_over", field="ends_at", given=ends_at.isoformat())
    same = [s for s in _in_force(store, account_id) if (s.organization, s.role) == (code, role)]
    if any(held.ends_at == ends_at for held in same):
        return False
    if same:
        store.run(_TERM, of=same[0].id, ends_at=ends_at)
        seat_ends.follow(store, same[0].id, account_id, code, ends_at)
        return True
    row: dict[str, Any] = {"id": new_id(), "account_id": account_id, "organization": code, "role": role,
                           "starts_at": store.now, "ends_at": ends_at}  # fmt: skip
    store.run(_SIT, **row)
    seat_ends.follow(store, row["id"], account_id, code, ends_at)
    return True


def _in_force(store: Store, account_id: str) -> list[Seat]:
    """The seats an account holds now."""
    seats = store.all(_SEATS_OF, account=account_id)
    return [held for held in seats if held.ends_at is None or held.ends_at > store.now]


def _refuse_above(store: Store, actor: Actor, account: Account, place: Organization) -> None:
    """Nobody is seated by who governs only what is below them."""
    if actor.id == SYSTEM.id:
        return
    tiers = {organization(store, code).tier for code in entering(store, actor, place)}
    highest = min(map(_HEIGHT.__getitem__, tiers))
    for held in _in_force(store, account.id):
        if _HEIGHT[organization(store, held.organization).tier] < highest:
            raise ForbiddenError("seated_above", email=account.email, organization=held.organization)
