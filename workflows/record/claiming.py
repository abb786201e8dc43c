"""The first half of every verb: held, visible, fresh, permitted - in this order."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import sqlalchemy as sa

from models.account import Account
from models.base import table
from models.errors import ForbiddenError, InputError, NotFoundError, StaleError
from models.journal import Event
from models.merit import Sheet
from models.organization import Organization
from models.sql import Sql, bind, rows_of
from models.things import MODELS
from models.vocabulary import Act, Role, Thing
from workflows.record.acting import PUBLIC, SYSTEM, refreshed
from workflows.rules import permissions
from workflows.rules.office_words import acted

if TYPE_CHECKING:
    from datetime import datetime

    from models.database import Store
    from workflows.record.acting import Actor

T = TypeVar("T")

# What an objector does to an objection.
_OBJECTORS = frozenset({Act.OBJECT, Act.ATTACH, Act.WITHDRAW})
_THING = {model: thing for thing, model in MODELS.items()}
_ID = {m: table(m).c.id == bind("id", table(m).c.id) for m in MODELS.values()}
_HOLD = {m: rows_of(m, _ID[m], lock=True) for m in MODELS.values()}
_LOOK = {m: rows_of(m, _ID[m]) for m in MODELS.values()}
_E, _A, _O, _X = (table(m).c for m in (Event, Account, Organization, Sheet))


class LastTouch(NamedTuple):
    """Who did what last, and when: what a stale click is told."""

    key: str | None
    account_id: str
    who: str | None
    desk: str | None
    office: str | None
    act: Act
    at: datetime
    for_whom: str | None = None


_principal = table(Account).alias("principal")
_LAST: Sql[LastTouch] = Sql(
    sa.select(
        *(_E.key, _E.account_id, _A.name.label("who"), _E.desk, _O.name.label("office"), _E.act, _E.at),
        _principal.c.name.label("for_whom"),
    )
    .outerjoin_from(table(Event), table(Account), _A.id == _E.account_id)
    .outerjoin(_principal, _principal.c.id == _E.on_behalf)
    .outerjoin(table(Organization), _O.code == _E.desk)
    .where(_E.thing_id == bind("id", _E.thing_id), _E.thing == bind("thing", _E.thing))
    .order_by(_E.version.desc()),
    LastTouch,
)


_NAME: Sql[str] = Sql(sa.select(_A.name).where(_A.id == bind("id", _A.id)))
_STOOD_BACK: Sql[str] = Sql(
    sa.select(_X.id).where(
        _X.application_id == bind("of", _X.application_id), _X.account_id == bind("who", _X.account_id), _X.recused
    )
)


class AlreadyDoneError(Exception):
    """The same click came again: not a fault; `workflows.record.verb` answers it."""


def row_of(store: Store, thing: Thing, thing_id: str) -> Any:
    """A thing as it is now."""
    return store.first(_LOOK[MODELS[thing]], id=thing_id)


def look(store: Store, model: type[T], thing_id: str) -> T:
    """A row without holding it. Raises NotFoundError."""
    row: T | None = store.once(("look", model, thing_id), partial(store.first, _LOOK[model], id=thing_id))
    if row is None:
        raise NotFoundError("not_found", thing=_THING[model].value, given=thing_id)
    return row


def hold(store: Store, model: type[T], thing_id: str) -> T:
    """A row held until the transaction ends. Raises NotFoundError."""
    row: T | None = store.first(_HOLD[model], id=thing_id)
    if row is None:
        raise NotFoundError("not_found", thing=_THING[model].value, given=thing_id)
    return row


def claim(
    store: Store, actor: Actor, act: Act, model: type[T], thing_id: str, *,
    seen: int | None, key: str | None,
) -> tuple[T, Actor]:  # fmt: skip
    """The row, held, and the actor with today's seats.

    Raises NotFoundError (also for what the actor may not see), StaleError with who changed it,
    ForbiddenError with the rule's code; AlreadyDoneError when this very click has acted.
    """
    row: Any = hold(store, model, thing_id)
    who = refreshed(store, actor)
    thing = _THING[model]
    if not visible(who, thing, row):
        raise NotFoundError("not_found", thing=thing.value, given=thing_id)
    require_fresh(store, who, thing, row, seen=seen, key=key)
    require_permitted(store, who, act, thing, row)
    return row, who


def require_permitted(store: Store, who: Actor, act: Act, thing: Thing, row: Any) -> None:
    """Refuse what the rules or a colleague's recusal forbid. Raises ForbiddenError, naming whose case it is."""
    if (code := permissions.refusal(who, act, thing, row)) is not None:
        named = {"who": store.first(_NAME, id=row.handler_id)} if code == "in_other_hands" else {}
        raise ForbiddenError(code, act=act.value, thing=thing.value, **named)
    # Who stood back from a case does not act on it by another's hand (domain: 7.7).
    principal = permissions.for_whom(who, act, thing, row) if thing is Thing.APPLICATION else None
    if principal is not None and store.first(_STOOD_BACK, of=row.id, who=principal) is not None:
        raise ForbiddenError("recused", act=act.value, receipt=row.receipt)


def require_fresh(store: Store, who: Actor, thing: Thing, row: Any, *, seen: int | None, key: str | None) -> None:
    """Refuse an act on a thing that changed since it was looked at.

    Raises InputError, StaleError with who changed it; AlreadyDoneError when this very click has acted.
    """
    if seen is None:
        raise InputError("seen_missing", field="seen", version=row.version)
    if row.version != seen:
        raise _stale(store, who, thing, row, seen, key)


def take(store: Store, actor: Actor, act: Act, model: type[T], thing_id: str) -> tuple[T, Actor]:
    """As `claim`, for acts that add to a thing and change nothing that anybody looked at.

    Raises NotFoundError and ForbiddenError; there is no version to be stale.
    """
    row: Any = hold(store, model, thing_id)
    who = refreshed(store, actor)
    thing = _THING[model]
    if not visible(who, thing, row):
        raise NotFoundError("not_found", thing=thing.value, given=thing_id)
    require_permitted(store, who, act, thing, row)
    return row, who


def seen_of(given: Any) -> int:
    """The version somebody looked at, from an item of a list. Raises InputError."""
    try:
        return int(str(given))
    except ValueError as error:
        raise InputError("argument", field="seen", given=str(given)[:60], expected="int") from error


def visible(who: Actor, thing: Thing, row: Any) -> bool:
    """Whether the actor may know of this thing."""
    match thing:
        case Thing.APPLICATION:
            return permissions.sees(who, row)
        case Thing.SLATE:
            return permissions.serves(who, row.organization) or permissions.serves(who, row.sent_to)
        case Thing.OBJECTION:
            return who.sits(row.organization, Role.REVIEWER) or who.sits(row.investigator, Role.REVIEWER)
        case Thing.EXPERT:
            return who.sits(row.organization, Role.ADMINISTRATOR, Role.REVIEWER)
        case Thing.PANEL | Thing.MEETING:
            return who.sits(row.desk, Role.ADMINISTRATOR, Role.REVIEWER, Role.EXPERT)
        case Thing.ASSESSMENT | Thing.SUBSIDY:
            return permissions.serves(who, row.organization) or permissions.serves(who, row.decider)
        case _:
            return True


def _stale(store: Store, who: Actor, thing: Thing, row: Any, seen: int, key: str | None) -> Exception:
    touches = store.all(_LAST, id=row.id, thing=thing)
    if key is not None and any(t.key == key and t.account_id == who.id for t in touches):
        return AlreadyDoneError()
    last = touches[0]
    return StaleError("stale", thing=thing.value, seen=seen, version=row.version,
                      who=_shown(who, thing, row, last), act=last.act.value, at=last.at.isoformat())  # fmt: skip


def _shown(who: Actor, thing: Thing, row: Any, last: LastTouch) -> str:
    """Who touched it last, as this reader may know: applicants are told the office, not the person.

    Who entered an objection or brought evidence for it is for the receiving union alone (domain: 7.6), who sits on a
    panel for its office (7.7).
    """
    if thing is Thing.OBJECTION and last.act in _OBJECTORS and not who.sits(row.organization, Role.REVIEWER):
        return PUBLIC.name
    if thing in (Thing.PANEL, Thing.MEETING) and not who.sits(row.desk, Role.REVIEWER, Role.ADMINISTRATOR):
        return last.office or ""
    own = thing is Thing.APPLICATION and permissions.is_own_case(who, row.organization, row.applicant_id)
    if own and last.desk not in (None, row.organization):
        return last.office or ""
    if last.who and last.for_whom:
        return acted(last.who, last.for_whom)
    return last.who or (PUBLIC.name if last.account_id == PUBLIC.id else SYSTEM.name)
