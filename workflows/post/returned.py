"""Letters that did not arrive as tasks of a desk: whom nobody reached, a new address, or told by other means."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from models.account import Account, Seat
from models.base import new_id, table
from models.database import DuplicateError, reading, transaction
from models.deadline import Deadline
from models.errors import ForbiddenError, InputError, NotFoundError, RefusedError
from models.letter import Letter
from models.sql import Sql, bind, rows_of
from models.vocabulary import Act, LetterKind, LinkKind, Role
from workflows.people import identities, links
from workflows.people.organizations import NATION, governed, organization, queue_at
from workflows.post import letters
from workflows.post.fates import BELOW, ON_PURPOSE, UNREACHED
from workflows.post.linking import SECRET
from workflows.post.resending import again, settling
from workflows.record.acting import refreshed
from workflows.record.journal import move
from workflows.record.verb import not_done_yet, query, verb
from workflows.rules.address import normal

if TYPE_CHECKING:
    from datetime import datetime

    from models.database import Store
    from models.journal import Event
    from workflows.record.acting import Actor

PAGE = 100
STILL = timedelta(days=30)
LONGEST = 150
_L, _A, _S, _D = (table(m).c for m in (Letter, Account, Seat, Deadline))


class Unreached(NamedTuple):
    """Somebody whom letters did not reach: how many, since when, and the last trouble as its row keeps it."""

    account_id: str
    email: str
    name: str
    n: int
    since: datetime
    error: str


class Readdressed(NamedTuple):
    """Somebody under a new address, and how many letters were sent there again."""

    account_id: str
    email: str
    n: int


class Settled(NamedTuple):
    """How many letters nobody need look at any more."""

    n: int


_FAILED_AT = sa.func.coalesce(_L.bounced_at, _L.dead_at)
_last = table(Letter).alias("last")
_LAST_ERROR = (
    sa.select(_last.c.error)
    .where(
        _last.c.account_id == _A.id, _last.c.settled_at.is_(None),
        _last.c.dead_at.is_not(None) | _last.c.bounced_at.is_not(None), _last.c.error.not_in(ON_PURPOSE),
    )
    .order_by(sa.func.coalesce(_last.c.bounced_at, _last.c.dead_at).desc(), _last.c.id.desc())
    .limit(1).correlate(table(Account)).scalar_subquery()
)  # fmt: skip
_UNREACHED: Sql[Unreached] = Sql(
    sa.select(
        _A.id.label("account_id"), _A.email, _A.name, sa.func.count().label("n"),
        sa.func.min(_FAILED_AT).label("since"), _LAST_ERROR.label("error"),
    )
    .join_from(table(Letter), table(Account), _A.id == _L.account_id)
    .where(UNREACHED, BELOW, _A.disabled_at.is_(None))
    .group_by(_A.id, _A.email, _A.name)
    .order_by(sa.func.min(_FAILED_AT), _A.id)
    .limit(PAGE),
    Unreached,
)  # fmt: skip
_MINE = _L.account_id == bind("of", _L.account_id)
# What asks for something matters while its thing still waits for something; the old way in is written anew.
_MATTERS = (
    (_L.kind == LetterKind.INFORMATION)
    | _L.thing_id.is_(None)
    | sa.exists().where(_D.thing_id == _L.thing_id, _D.closed_at.is_(None))
) & _L.template.not_in(sorted({"account_opened", *SECRET}))
_AGAIN = again(UNREACHED, _MINE, _MATTERS, _L.created_at >= bind("since", _L.created_at))
_SETTLE = settling(UNREACHED, _MINE)
_ANY_BELOW: Sql[str] = Sql(sa.select(_L.id).where(UNREACHED, _MINE, BELOW).limit(1))
_BY_EMAIL = rows_of(Account, _A.email == bind("email", _A.email), lock=True)
_BY_ID = rows_of(Account, _A.id == bind("id", _A.id), lock=True)
_SEATS: Sql[Any] = Sql(
    sa.select(_S.organization, _S.role).distinct().where(
        _S.account_id == bind("of", _S.account_id),
        _S.ends_at.is_(None) | (_S.ends_at > bind("now", _S.starts_at)),
    )
)  # fmt: skip


def _as_it_is(store: Store, event: Event) -> Readdressed:
    row = store.first(_BY_ID, id=event.thing_id)
    return Readdressed(event.thing_id, row.email if row else "", 0)


@query("undelivered")
def undelivered(actor: Actor, *, root: str) -> list[Unreached]:
    """Whom below a union letters did not reach, one row a person, the longest waiting first.

    For its reviewers and administrators. Raises ForbiddenError.
    """
    with reading() as store:
        _require_office(store, actor, root)
        return store.all(_UNREACHED, root=root)


@verb("readdress", answer=_as_it_is)
def readdress(actor: Actor, *, email: str, to: str, key: str | None = None) -> Readdressed:
    """Give somebody another address, by which they sign in as well, and send again what did not arrive.

    Sent again is what was given up or came back in the last 30 days and still matters: all that tells, and what
    asks while its thing waits for something. Links sent to the old address open nothing any more, nor do
    identities linked till now. By who administers every place the person sits in; a fellow administrator's, by one
    from above. Raises InputError for a bad (`email_invalid`, `email_idn`), known (`email_known`) or the same address
    (`address_same`); NotFoundError.
    """
    address = normal(to)
    with transaction() as store:
        who = refreshed(store, actor)
        row = store.first(_BY_EMAIL, email=email.strip().casefold())
        not_done_yet(store, who, key)
        if row is None or not _governs(store, who, row):
            raise NotFoundError("not_found", thing="account", given=email)
        if row.email == address:
            raise InputError("address_same", field="to", given=address)
        try:
            move(store, who, Act.CORRECT, row, body={"field": "email"}, key=key, email=address)
        except DuplicateError as error:
            raise InputError("email_known", field="email", given=address) from error
        identities.forget(store, who, row.id)  # the old address may have led a stranger in
        _welcome(store, row, address)
        given = {"of": row.id, "who": who.id, "now": store.now}
        n = store.run(_AGAIN, **given, batch=new_id(), since=store.now - STILL)
        store.run(_SETTLE, **given, words="readdressed")
        return Readdressed(row.id, address, n)


@verb("settle-undelivered")
def settle_undelivered(actor: Actor, *, root: str, account_id: str, reason: str) -> Settled:
    """Put down that somebody was told by other means, by phone say: their lost letters are nobody's task any more.

    By a reviewer or administrator of `root`. Raises InputError without a reason or with too long a one,
    RefusedError("nothing_undelivered"), ForbiddenError, NotFoundError.
    """
    words = " ".join(reason.split())
    if not words:
        raise InputError("reason_missing", field="reason")
    if len(words) > LONGEST:
        raise InputError("too_long", field="reason", length=len(words), most=LONGEST)
    with transaction() as store:
        who = _require_office(store, actor, root)
        queue_at(store, root)
        row = store.first(_BY_ID, id=account_id)
        if row is None:
            raise NotFoundError("not_found", thing="account", given=account_id)
        if store.first(_ANY_BELOW, of=account_id, root=root) is None:
            raise RefusedError("nothing_undelivered", name=row.name)
        return Settled(store.run(_SETTLE, of=account_id, who=who.id, now=store.now, words=words))


def _welcome(store: Store, row: Account, address: str) -> None:
    """Tell somebody under their new address how to come in."""
    if row.password_hash is None:
        params = {"email": address, **links.make(store, LinkKind.INVITATION, row.id)}
        letters.to_people(store, new_id(), [row.id], "invited", params, LetterKind.ACTION)
        return
    links.void(store, row.id)
    letters.to_people(store, new_id(), [row.id], "address_changed", {"email": address})


def _require_office(store: Store, actor: Actor, root: str) -> Actor:
    """Raise ForbiddenError unless the actor reviews or administers at `root`, or administers the nation."""
    who = refreshed(store, actor)
    if not (who.sits(root, Role.ADMINISTRATOR, Role.REVIEWER) or who.sits(NATION, Role.ADMINISTRATOR)):
        raise ForbiddenError("not_administrator", organization=root)
    return who


def _governs(store: Store, who: Actor, row: Account) -> bool:
    """Whether somebody administers every place a person sits in now, and there is one.

    Where that person administers themselves, it takes somebody from above: a new address is a way into an account.
    """
    seats = store.all(_SEATS, of=row.id, now=store.now)
    places, ruled = {s.organization for s in seats}, {s.organization for s in seats if s.role is Role.ADMINISTRATOR}
    over = {code: set(governed(store, who, organization(store, code))) for code in places}
    return bool(places) and all(over[code] - ({code} & ruled - {NATION}) for code in places)
