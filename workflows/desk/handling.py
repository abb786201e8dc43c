"""In whose hands a case is: passed on for good, delegated and taken back, or anybody's again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from models.account import Account, Seat
from models.application import Application
from models.base import table
from models.database import transaction
from models.errors import RefusedError
from models.office import Countersign
from models.sql import Sql, bind, rows_of
from models.vocabulary import Act, CountersignState, LetterKind, Role, Thing
from workflows.clocks import aside
from workflows.desk import colleagues
from workflows.post import letters
from workflows.programmes import programme_of
from workflows.record.acting import SYSTEM
from workflows.record.claiming import claim, look
from workflows.record.journal import move, move_all
from workflows.record.moves import Change
from workflows.record.verb import verb
from workflows.rules import office_words, permissions
from workflows.rules.privacy import masked

if TYPE_CHECKING:
    from models.database import Store
    from models.journal import Event
    from workflows.record.acting import Actor

_P, _S, _A, _C = (table(m).c for m in (Application, Seat, Account, Countersign))
_WHO, _DESK = bind("who", _P.handler_id), bind("desk", _P.desk)
_IN_HAND = rows_of(
    Application, (_P.handler_id == _WHO) | (_P.delegated_by == _WHO), _P.desk == _DESK, order=(_P.id,), lock=True
)
# Whose case it becomes, theirs become the countersigns that run in it.
PASS_ON: Sql[None] = Sql(
    sa.update(table(Countersign))
    .where(
        _C.application_id == bind("of", _C.application_id),
        _C.state == sa.literal_column(f"'{CountersignState.OPEN.value}'", sa.String),
    )
    .values(opened_by=bind("who", _C.opened_by))
)


class _Hand(NamedTuple):
    """Somebody with a case in hand at a desk."""

    who: str
    desk: str


_reviewer = sa.exists().where(
    _S.account_id == _P.handler_id,
    _S.account_id == _A.id,
    _A.disabled_at.is_(None),
    _S.organization == _P.desk,
    _S.role == Role.REVIEWER,
    _S.starts_at <= bind("now", _S.starts_at),
    _S.ends_at.is_(None) | (_S.ends_at > bind("now", _S.starts_at)),
)
_UNSEATED: Sql[_Hand] = Sql(
    sa.select(_P.handler_id, _P.desk).where(_P.handler_id.is_not(None), ~_reviewer).distinct().order_by(_P.handler_id),
    _Hand,
)


def as_read(store: Store, event: Event) -> Application:
    """The application of an event as its desk reads it: private answers hidden."""
    return shown(store, look(store, Application, event.thing_id))


def shown(store: Store, row: Application) -> Application:
    """An application as its desk reads it."""
    return masked(programme_of(store, row.programme), row)


@verb("transfer", answer=as_read)
def transfer(
    actor: Actor, application_id: str, *, to: str, reason: str, seen: int, key: str | None = None
) -> Application:
    """Pass a case on to another reviewer of the same desk (an address, or an account's id), with the reason.

    From then on only they, their deputy or an administrator of the organisation move it. Raises
    RefusedError("with_them_already", "not_a_colleague"), ForbiddenError("handlers_own_case").
    """
    kept = office_words.reason(Act.TRANSFER, reason)
    with transaction() as store:
        row, who = claim(store, actor, Act.TRANSFER, Application, application_id, seen=seen, key=key)
        heir = _heir(store, row, to, row.handler_id)
        after = _given(store, who, Act.TRANSFER, row, heir.id, None, kept, key)
        _tell(store, after, [heir.id], "case_transferred", kept)
        if row.handler_id is not None:
            gone = [one for one in (row.handler_id, row.delegated_by) if one not in (None, who.id)]
            _tell(store, after, gone, "case_passed_on", kept, LetterKind.INFORMATION)
        return shown(store, after)


@verb("delegate", answer=as_read)
def delegate(
    actor: Actor, application_id: str, *, to: str, reason: str, seen: int, key: str | None = None
) -> Application:
    """Let a colleague of the desk deal with a case for a time; whoever delegates it may take it back.

    It cannot be delegated on, and ends when the case leaves the desk. Raises as `transfer`.
    """
    kept = office_words.reason(Act.DELEGATE, reason)
    with transaction() as store:
        row, who = claim(store, actor, Act.DELEGATE, Application, application_id, seen=seen, key=key)
        giver = row.handler_id or permissions.for_whom(who, Act.DELEGATE, Thing.APPLICATION, row) or who.id
        heir = _heir(store, row, to, giver)
        after = _given(store, who, Act.DELEGATE, row, heir.id, giver, kept, key)
        _tell(store, after, [heir.id], "case_delegated", kept)
        return shown(store, after)


@verb("take-back", answer=as_read)
def take_back(actor: Actor, application_id: str, *, seen: int, reason: str = "", key: str | None = None) -> Application:
    """Take a delegated case back into one's own hands, at any time."""
    kept = office_words.reason(Act.TAKE_BACK, reason)
    with transaction() as store:
        row, who = claim(store, actor, Act.TAKE_BACK, Application, application_id, seen=seen, key=key)
        after = _given(store, who, Act.TAKE_BACK, row, row.delegated_by, None, kept, key)
        _tell(store, after, [row.handler_id] if row.handler_id else [], "case_passed_on", kept, LetterKind.INFORMATION)
        return shown(store, after)


def fall_back(store: Store, who: Actor, account_id: str, desk: str, why: str) -> list[Application]:
    """What somebody who no longer sits at a desk had in hand there: back to who delegated it, else anybody's.

    The desk is told; nothing is left without an owner.
    """
    rows = store.all(_IN_HAND, who=account_id, desk=desk)
    changes = [_fallen(store, row, account_id, why) for row in rows]
    after = move_all(store, who, Act.HAND_OVER, changes)
    told = [(row.head[:32], desk, _params(row, why), row.id) for row in after if row.handler_id is None]
    letters.to_desks(store, told, "case_fell_back", LetterKind.ACTION)
    return after


def fall_back_unseated() -> int:
    """What lies in the hands of people whose seat has ended goes back to its desk; a clock's step."""
    with transaction() as store:
        lost = store.all(_UNSEATED, now=store.now)
    return aside.each("hands_emptied", lost, _fall_back_one, Thing.ACCOUNT)


def _fall_back_one(hand: _Hand) -> int:
    who, desk = hand
    with transaction() as store:
        return 0 if colleagues.is_seated(store, who, desk) else len(fall_back(store, SYSTEM, who, desk, "seat_ended"))


def _fallen(store: Store, row: Application, account_id: str, why: str) -> Change:
    """Out of the hands of somebody who left, or out of the reach of who delegated it."""
    if row.handler_id != account_id:
        return Change(row, {"delegated_by": None}, body={"handler": row.handler_id, "why": why})
    back = row.delegated_by if row.delegated_by and colleagues.is_seated(store, row.delegated_by, row.desk) else None
    return Change(row, {"handler_id": back, "delegated_by": None},
                  body={"handler": back, "before": account_id, "why": why})  # fmt: skip


def _heir(store: Store, row: Application, to: str, holder: str | None) -> Account:
    heir = colleagues.handler(store, row, to)
    if heir.id == holder:
        raise RefusedError("with_them_already", name=heir.name)
    return heir


def _given(
    store: Store, who: Actor, act: Act, row: Application, heir: str | None, giver: str | None, reason: str,
    key: str | None,
) -> Application:  # fmt: skip
    after = move(store, who, act, row, key=key, handler_id=heir, delegated_by=giver,
                 body={"handler": heir, "before": row.handler_id, "reason": reason})  # fmt: skip
    store.run(PASS_ON, of=row.id, who=heir)
    return after


def _tell(
    store: Store, row: Application, people: list[str], template: str, reason: str,
    kind: LetterKind = LetterKind.ACTION,
) -> None:  # fmt: skip
    letters.to_people(store, row.head[:32], colleagues.reached(store, people, row.desk), template,
                      _params(row, reason), kind, row.id)  # fmt: skip


def _params(row: Application, reason: str) -> dict[str, Any]:
    due = row.due_at.isoformat() if row.due_at else None
    return {"receipt": row.receipt, "subject": row.subject, "organization": row.desk, "due_at": due,
            "reason": reason or "—"}  # fmt: skip
