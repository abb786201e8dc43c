"""Coming by oneself: an account asked for on the public page, proven by a letter's link, and seated by an office.

Only the seats of an applying unit can be asked for. Whether an address has an account is told to nobody but its
owner: the page answers everybody alike, and the letter differs.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa
from limits import RateLimitItemPerDay, RateLimitItemPerHour, RateLimitItemPerMinute

from models.account import Account
from models.base import new_id, table
from models.database import DuplicateError, reading, transaction
from models.errors import InputError, RefusedError
from models.organization import Organization
from models.registration import Registration
from models.secret import is_signed
from models.settings import settings
from models.sql import Sql, bind, insert_into, rows_of, update_of
from models.vocabulary import AccountState, Act, Role, Tier
from workflows.people import passwords, rate, seat_requests
from workflows.people.organizations import NATION, organization
from workflows.post import letters
from workflows.post.doorway import PURPOSE
from workflows.record.acting import PUBLIC
from workflows.record.journal import found
from workflows.rules.address import normal

if TYPE_CHECKING:
    from models.database import Store

LIFE = timedelta(days=2)  # of the link
# Who asks is refused by their place alone, or a stranger would shut an address's owner out. An address gets few letters
# a day; a link that stands in one of them serves what is asked for after that. Looking units up costs a read.
A_DAY, AN_HOUR = RateLimitItemPerDay(5, 1, "register"), RateLimitItemPerHour(20, 1, "register-from")
LOOKS = RateLimitItemPerMinute(60, 1, "register-look")
LONGEST_NAME, MOST_UNITS, LEAST_WORDS, MOST_WISHES = 60, 20, 2, 10
ROLES = seat_requests.ROLES

_A, _O, _R = (table(m).c for m in (Account, Organization, Registration))
_INSERT = insert_into(Registration)
_BY_ID = rows_of(Registration, _R.id == bind("id", _R.id))
_HELD = rows_of(Registration, _R.id == bind("id", _R.id), lock=True)
_PROVEN = update_of(Registration, "proven_at", "account_id", "letter_at")
_AGAIN = update_of(Registration, "ends_at", "letter_at", "attempts", "language")
_AT: Sql[Registration] = Sql(
    sa.select(table(Registration))
    # As the partial index is written: with other words it is not found.
    .where(_R.email == bind("email", _R.email), sa.text("proven_at IS NULL"), _R.ends_at > bind("now", _R.ends_at))
    .order_by(_R.made_at.desc(), _R.id.desc())
    .limit(MOST_WISHES),
    Registration,
)
_BY_EMAIL = rows_of(Account, _A.email == bind("email", _A.email))
_REGIONS = (Tier.PROVINCE, Tier.CITY, Tier.COUNTY)
_BELOW = rows_of(Organization, _O.parent == bind("of", _O.code), _O.tier.in_(_REGIONS), _O.active, order=(_O.code,))
_AREA = rows_of(Organization, _O.code == bind("code", _O.code), _O.tier.in_((Tier.NATION, *_REGIONS)))


def _named(column: sa.ColumnElement[str | None]) -> Sql[Organization]:
    """Applying units of an area whose name holds some words: one statement for each tier, so that an index serves."""
    clauses = (column == bind("area", _O.code), _O.name.like(bind("like", _O.name)), _O.active)
    found = sa.select(table(Organization)).where(*clauses, _O.tier == Tier.ENTERPRISE)
    return Sql(found.order_by(_O.name, _O.code).limit(MOST_UNITS), Organization)


_UNITS = {Tier.PROVINCE: _named(_O.province), Tier.CITY: _named(_O.city), Tier.COUNTY: _named(_O.county)}


class Wish(NamedTuple):
    """What somebody types who has no account: who they are, where they wish to sit, as what."""

    email: str
    name: str
    organization: str
    role: Role
    note: str = ""
    language: str = "zh"


class Asked(NamedTuple):
    """What a link was sent for, and until when it is good; `fell`: its unit was struck off since."""

    email: str
    name: str
    organization_name: str
    role: Role
    ends_at: datetime
    note: str
    fell: bool = False


class Area(NamedTuple):
    """A region in which units are looked for: itself, what it lies in, what lies in it."""

    code: str
    name: str
    over: str | None
    below: list[tuple[str, str]]


def is_open() -> bool:
    """Whether this installation lets people register by themselves (`SHENBAO_REGISTRATION`)."""
    return settings().registration == "open"


def area(code: str) -> Area:
    """A region and those right below it; the whole country for an unknown code."""
    with reading() as store:
        row = store.first(_AREA, code=code) or store.first(_AREA, code=NATION)
        if row is None:
            return Area(NATION, "", None, [])
        return Area(row.code, row.name, row.parent, [(one.code, one.name) for one in store.all(_BELOW, of=row.code)])


def units(area_code: str, words: str, address: str) -> list[Organization]:
    """Up to 20 applying units of a region with these words in their name; none for fewer than two characters.

    Names of organisations are for everybody (docs/security.md). `address`: where it is asked from, on the network.
    Raises TooManyError.
    """
    like = "".join(c for c in words.strip()[:LONGEST_NAME] if c.isprintable() and c not in "%_\\")
    if len(like) < LEAST_WORDS:
        return []
    rate.spend(LOOKS, rate.place_of(address))
    with reading() as store:
        row = store.first(_AREA, code=area_code)
        statement = _UNITS.get(row.tier) if row else None
        return store.all(statement, area=area_code, like=f"%{like}%") if statement else []


def unit(code: str) -> Organization:
    """An applying unit one can ask to sit in, by its unified code. Raises InputError("unit_unknown")."""
    with reading() as store:
        return seat_requests.applying(store, code)


def ask(wish: Wish, address: str) -> None:
    """Ask for an account; nothing tells whether the address has one. `address`: of the network.

    The same wish again is the one that waits, and its letter leaves again. Raises RefusedError("registration_closed"),
    InputError for what is typed wrongly, TooManyError for a place of the network that asks for many.
    """
    _require_open()
    known_as, name, note = normal(wish.email.strip()), seat_requests.named(wish.name), seat_requests.noted(wish.note)
    wish = wish._replace(email=known_as, name=name, note=note, role=seat_requests.role_of(wish.role),
                         language=wish.language if wish.language in ("zh", "en") else "zh")  # fmt: skip
    rate.spend(AN_HOUR, rate.place_of(address))
    with transaction() as store:
        place = seat_requests.applying(store, wish.organization)
        account = store.first(_BY_EMAIL, email=known_as)
        if account is None:
            _wait(store, wish._replace(organization=place.code))
        elif account.disabled_at is None and rate.spare(store, A_DAY, known_as):
            letters.to_people(store, new_id(), [account.id], "register_known", {})


def look(given: str) -> Asked:
    """What a link with its proof is for; uses nothing up.

    Raises InputError("link_over"), ("unit_gone") where its unit was struck off, RefusedError("registration_closed")
    wherever its letter has got to by then.
    """
    with reading() as store:
        return _standing(_asked(store, _row(store, given)))


def wishes(given: str) -> dict[str, Asked]:
    """What waits for the address that a link proves, by its id: the link's own, and the newest asked for besides.

    Whoever knows an address may ask in its name, so its owner says which is theirs. A wish whose unit was struck
    off (`fell`) stands beside the others; raises as `look` where no other is left.
    """
    with reading() as store:
        row = _row(store, given)
        rows = {one.id: one for one in [*store.all(_AT, email=row.email, now=store.now), row]}
        found = {one.id: _asked(store, one) for one in rows.values()}
        if all(one.fell for one in found.values()):
            _standing(found[row.id])
        return found


def confirm(given: str, password: str, wish_id: str = "") -> str:
    """Open the account of a link with this password, and ask the office for its seat; answers the address.

    `wish_id` chooses among `wishes`, where there are several. Raises as `look`; InputError for a poor
    password, "wish_unknown", and "registration_known" when the address got an account meanwhile.
    """
    email = next(iter(wishes(given).values())).email
    passwords.check(password, email)
    kept = passwords.hashed(password)
    with transaction() as store:
        row = _chosen(store, _row(store, given, lock=True), wish_id)
        _standing(_asked(store, row))
        body = {"organization": row.organization, "role": row.role.value, "registration": row.id}
        try:
            made = found(store, PUBLIC, Act.ENROL, Account, body=body, email=row.email, name=row.name,
                         language=row.language, state=AccountState.ACTIVE, created_at=store.now,
                         password_hash=kept)  # fmt: skip
        except DuplicateError as error:
            raise InputError("registration_known") from error
        store.run(_PROVEN, old_id=row.id, proven_at=store.now, account_id=made.id, letter_at=None)
        seat_requests.tell_office(store, row)
    return email


def _require_open() -> None:
    if not is_open():
        raise RefusedError("registration_closed")


def _wait(store: Store, wish: Wish) -> None:
    """Keep a wish until its address is proven; its letter leaves unless the address got enough of them today."""
    told = {"language": wish.language, "ends_at": store.now + LIFE}
    # The note as well: nobody changes the words that somebody else's wish goes to the office with.
    waiting = (wish.organization, wish.role, wish.name, wish.note)
    same = (row for row in store.all(_AT, email=wish.email, now=store.now)
            if (row.organization, row.role, row.name, row.note) == waiting)  # fmt: skip
    row = next(same, None)
    if row is not None and row.letter_at is not None:
        return  # it is on its way
    is_sent = rate.spare(store, A_DAY, wish.email)
    if row is None:
        made = {"id": new_id(), "email": wish.email, "name": wish.name, "role": wish.role, "made_at": store.now}
        letter = {"organization": wish.organization, "note": wish.note, "letter_at": store.now if is_sent else None}
        store.run(_INSERT, **{**seat_requests.BLANK, **made, **told, **letter})
    elif is_sent:
        store.run(_AGAIN, old_id=row.id, letter_at=store.now, attempts=0, **told)


def _asked(store: Store, row: Registration) -> Asked:
    place = organization(store, row.organization)
    fell = not (place.active and place.tier is Tier.ENTERPRISE)
    return Asked(row.email, row.name, place.name, row.role, row.ends_at, row.note, fell)


def _standing(one: Asked) -> Asked:
    if one.fell:
        raise InputError("unit_gone", field="wish", organization=one.organization_name)
    return one


def _chosen(store: Store, row: Registration, wish_id: str) -> Registration:
    """Which of the wishes at a link's address it is for; of several one has to be named. Raises InputError."""
    others = {one.id for one in store.all(_AT, email=row.email, now=store.now)} - {row.id}
    if wish_id in ("", row.id) and not (others and not wish_id):
        return row
    # What was typed may be no id at all.
    chosen = store.first(_HELD, id=wish_id[:32]) if wish_id.isalnum() else None
    if chosen is None or chosen.email != row.email or _is_over(store, chosen):
        raise InputError("wish_unknown", field="wish")
    return chosen


def _is_over(store: Store, row: Registration) -> bool:
    return row.proven_at is not None or row.ends_at <= store.now


def _row(store: Store, given: str, *, lock: bool = False) -> Registration:
    _require_open()
    one, _, proof = given.partition(".")
    row = store.first(_HELD if lock else _BY_ID, id=one[:32]) if is_signed(proof, PURPOSE, one) else None
    if row is None or _is_over(store, row):
        raise InputError("link_over")
    return row
