"""Asking a desk to hurry, and pointing a case out to colleagues: rows and letters, and nothing about it changes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from models.application import Application
from models.base import new_id, table
from models.database import transaction
from models.errors import ForbiddenError, InputError, NotFoundError, RefusedError
from models.office import CaseCopy, Chase
from models.settings import settings
from models.sql import bind, insert_into, row_from, rows_of
from models.vocabulary import Act, LetterKind, Role, State, Thing
from workflows.clocks import due
from workflows.desk import colleagues
from workflows.people.organizations import governed, organization
from workflows.post import letters
from workflows.record.acting import refreshed
from workflows.record.claiming import hold
from workflows.record.verb import verb
from workflows.rules import office_words, permissions
from workflows.rules.calendar import local_date

if TYPE_CHECKING:
    from datetime import datetime

    from models.database import Store
    from workflows.record.acting import Actor

_C, _Y = table(Chase).c, table(CaseCopy).c
CHASES = rows_of(
    Chase,
    _C.application_id == bind("of", _C.application_id),
    _C.at >= bind("since", _C.at),
    order=(_C.at.desc(), _C.id.desc()),
)
COPIES = rows_of(CaseCopy, _Y.application_id == bind("of", _Y.application_id), order=(_Y.at, _Y.id))
_CHASE, _COPY = insert_into(Chase), insert_into(CaseCopy)
_MOST_COPIES = 20


@verb("chase")
def chase(actor: Actor, application_id: str, *, words: str = "", key: str | None = None) -> Chase:
    """Ask whoever has a case to hurry: by its unit, an upper tier of its route, or an administrator over the desk.

    One reminder in some working days (`SHENBAO_CHASE_DAYS`), whoever sends it. Raises
    RefusedError("chased_already") with the next possible moment, ("nobody_to_chase") for a case at no desk.
    """
    kept = office_words.reason(Act.CHASE, words)
    with transaction() as store:
        row, who = hold(store, Application, application_id), refreshed(store, actor)
        side = _side(store, who, row)
        sent = store.all(CHASES, of=row.id, since=row.entered_at)
        if again := next((one for one in sent if key and (one.key, one.account_id) == (key, who.id)), None):
            return again
        if row.desk is None:
            raise RefusedError("nobody_to_chase", receipt=row.receipt, state=row.state.value)
        if sent and store.now < (free := next_chase(sent[0].at)):
            raise RefusedError("chased_already", receipt=row.receipt, at=sent[0].at.isoformat(),
                               next_at=free.isoformat(), days=settings().chase_days)  # fmt: skip
        made: dict[str, Any] = {"id": new_id(), "application_id": row.id, "desk": row.desk, "organization": side,
                "account_id": who.id, "on_behalf": _for_whom(who, side), "words": kept, "at": store.now,
                "key": key}  # fmt: skip
        store.run(_CHASE, **made)
        _hurry(store, row, made)
        return row_from(Chase, made)


@verb("copy")
def copy(
    actor: Actor, application_id: str, *, to: list[str], words: str = "", key: str | None = None
) -> list[CaseCopy]:
    """Point a case out to people (addresses or ids) who may see it already; it shows nobody anything new.

    By the desk's reviewers. Raises InputError("copies", "signer_twice"), RefusedError("may_not_see").
    """
    kept = office_words.reason(Act.COPY, words)
    if not 1 <= len(to) <= _MOST_COPIES:
        raise InputError("copies", field="to", most=_MOST_COPIES)
    with transaction() as store:
        row, who = hold(store, Application, application_id), refreshed(store, actor)
        _require_desk(who, row)
        before = [one for one in store.all(COPIES, of=row.id) if key and (one.key, one.account_id) == (key, who.id)]
        if before:
            return before
        people = {found.id: found for found in (colleagues.person(store, one) for one in to)}
        for one in people.values():
            if not permissions.sees(colleagues.acting(store, one), row):
                raise RefusedError("may_not_see", name=one.name)
        told = {"application_id": row.id, "desk": row.desk, "account_id": who.id, "words": kept, "at": store.now,
                "on_behalf": permissions.lender(who, row), "key": key}  # fmt: skip
        made: list[dict[str, Any]] = [{**told, "id": new_id(), "to_id": one} for one in people]
        store.run_many(_COPY, made)
        letters.to_people(store, made[0]["id"], people, "case_copied", _params(row, row.desk, kept),
                          LetterKind.INFORMATION, row.id)  # fmt: skip
        return [row_from(CaseCopy, one) for one in made]


def next_chase(last: datetime) -> datetime:
    """The moment from which a case may be chased again: some working days after the last time, at the same hour."""
    day = local_date(last)
    return last + timedelta(days=(due.span(day, settings().chase_days).last_day - day).days)


def _side(store: Store, who: Actor, row: Application) -> str:
    """On whose side somebody may ask: the unit's, an upper tier's, or an administrator's over the desk.

    Raises NotFoundError for whoever may not know of it, ForbiddenError("not_a_chaser") for the desk itself.
    """
    if permissions.brings(who, row):
        return row.organization
    upper = [desk for _, desk in row.route[row.step + 1 :]] if row.state is not State.DRAFT else []
    staff = next((desk for desk in upper if who.sits(desk, Role.REVIEWER, Role.ADMINISTRATOR)), None)
    if staff is None and row.desk is not None:
        staff = next(iter(governed(store, who, organization(store, row.desk))), None)
    if staff is not None:
        return str(staff)
    if not permissions.sees(who, row):
        raise NotFoundError("not_found", thing=Thing.APPLICATION.value, given=row.id)
    raise ForbiddenError("not_a_chaser", act=Act.CHASE.value)


def _for_whom(who: Actor, side: str) -> str | None:
    return next((one.principal for one in who.lenders(side)), None)


def _require_desk(who: Actor, row: Application) -> None:
    if not permissions.sees(who, row):
        raise NotFoundError("not_found", thing=Thing.APPLICATION.value, given=row.id)
    if (code := permissions.may_not_copy(who, row)) is not None:
        raise ForbiddenError(code, act=Act.COPY.value, thing=Thing.APPLICATION.value)


def _hurry(store: Store, row: Application, made: dict[str, Any]) -> None:
    """A letter to whose case it is, or to everybody at the desk."""
    params = _params(row, made["organization"], made["words"])
    if row.handler_id is None:
        letters.to_desk(store, made["id"], row.desk, "case_chased", params, LetterKind.ACTION, row.id)
        return
    people = colleagues.reached(store, [row.handler_id], row.desk)
    letters.to_people(store, made["id"], people, "case_chased", params, LetterKind.ACTION, row.id)


def _params(row: Application, organization_code: str | None, words: str) -> dict[str, Any]:
    due_at = row.due_at.isoformat() if row.due_at else None
    return {"receipt": row.receipt, "subject": row.subject, "organization": organization_code, "words": words or "—",
            "due_at": due_at}  # fmt: skip
