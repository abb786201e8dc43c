"""Whom a question to the office is for: the people of the desk where the case lies, wherever it goes meanwhile."""

from __future__ import annotations

from hashlib import sha256
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from models.account import Account, Seat
from models.attention import Question
from models.base import table
from models.lists import listed, of_list
from models.sql import Sql, bind
from models.vocabulary import LetterKind, Role, Thing
from workflows.clocks import due
from workflows.desk import colleagues
from workflows.post import letters
from workflows.rules.calendar import ends_at, local_date

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from models.application import Application
    from models.database import Store
    from workflows.record.moves import Change, Moved

DAYS = 5  # working days for an answer
OFFICE = (Role.REVIEWER, Role.ADMINISTRATOR)
_Q, _S, _A = (table(m).c for m in (Question, Seat, Account))
_PEOPLE: Sql[str] = Sql(
    sa.select(_S.account_id)
    .join_from(table(Seat), table(Account), (_A.id == _S.account_id) & _A.disabled_at.is_(None))
    .where(
        _S.organization == bind("desk", _S.organization),
        _S.role.in_(OFFICE),
        _S.starts_at <= bind("now", _S.starts_at),
        _S.ends_at.is_(None) | (_S.ends_at > bind("now", _S.starts_at)),
    )
    .distinct()
    .order_by(_S.account_id)
)


class Waiting(NamedTuple):
    """A question that waits for its answer."""

    id: str
    application_id: str
    desk: str
    asked_at: datetime
    text: str


_WAITING = of_list(
    lambda ids: Sql(
        sa.select(_Q.id, _Q.application_id, _Q.desk, _Q.asked_at, _Q.text)
        .where(_Q.application_id.in_(ids), _Q.answered_at.is_(None))
        .order_by(_Q.asked_at, _Q.id),
        Waiting,
    )
)
_GO: Sql[None] = Sql(
    sa.update(table(Question))
    .where(_Q.application_id == bind("of", _Q.application_id), _Q.answered_at.is_(None))
    .values(desk=bind("to", _Q.desk))
)
# What stands in place of an answer once the case was taken back; whoever reads it does so in their language.
WITHDRAWN = ("申报已撤回，提问不再答复。", "The application was withdrawn, so this is not answered any more.")
_CLOSE: Sql[None] = Sql(
    sa.update(table(Question))
    .where(_Q.application_id == bind("of", _Q.application_id), _Q.answered_at.is_(None))
    .values(answer=sa.literal(WITHDRAWN[0], _Q.answer.type), answered_at=bind("at", _Q.answered_at))
)


def due_at(asked_at: datetime) -> datetime:
    """By when a question is to be answered: the end (UTC) of the fifth working day after its own."""
    return ends_at(due.span(local_date(asked_at), DAYS).last_day)


def tell(store: Store, row: Application, desk: str, one: Waiting, event: str) -> None:
    """The letter about a question to the desk that owes the answer: to whoever has the case in hand, else to all.

    Whoever is away is read for by their deputy there.
    """
    in_hand = row.handler_id is not None and row.desk == desk
    people = [row.handler_id] if in_hand and row.handler_id else store.all(_PEOPLE, desk=desk, now=store.now)
    addressed = _addressed(row, one, event, colleagues.reached(store, people, desk))
    letters.to_each(store, addressed, "question_asked", LetterKind.ACTION)


def following(store: Store, thing: Thing, changes: Sequence[Change]) -> dict[str, list[Waiting]]:
    """The questions that go with applications on their way to another desk, by application; usually none is asked."""
    if thing is not Thing.APPLICATION:
        return {}
    going = {c.row.id: c.values["desk"] for c in changes if c.values.get("desk") not in (None, c.row.desk)}
    found: dict[str, list[Waiting]] = {}
    for one in store.all(_WAITING[store.dialect.name], ids=listed(going)) if going else ():
        if one.desk != going[one.application_id]:
            found.setdefault(one.application_id, []).append(one)
    return found


def named(change: Change, waiting: dict[str, list[Waiting]]) -> Change:
    """The move as its event tells of it: with the questions that go along."""
    if (asked := waiting.get(change.row.id)) is None:
        return change
    return change._replace(body={**change.body, "questions": [one.id for one in asked]})


def follow(store: Store, moved: Sequence[Moved], waiting: dict[str, list[Waiting]]) -> None:
    """Ask the desk where the case now lies, and write to it; who had the case owes no answer any more.

    The day by which the asker is to have an answer stays.
    """
    if not waiting:
        return
    gone = [m for m in moved if m.after.id in waiting]
    store.run_many(_GO, ({"of": m.after.id, "to": m.after.desk} for m in gone))
    people = {desk: store.all(_PEOPLE, desk=desk, now=store.now) for desk in {m.after.desk for m in gone}}
    reached = {desk: colleagues.reached(store, them, desk) for desk, them in people.items()}
    letters.to_each(store, chain.from_iterable(
        _addressed(m.after, one, sha256(f"{m.event['id']} {one.id}".encode()).hexdigest()[:32], reached[m.after.desk])
        for m in gone for one in waiting[m.after.id]
    ), "question_asked", LetterKind.ACTION)  # fmt: skip


def close(store: Store, application_id: str) -> None:
    """End what was asked about a case that was taken back: a desk that has it no more owes no answer."""
    store.run(_CLOSE, of=application_id, at=store.now)


def _addressed(
    row: Application, one: Waiting, event: str, people: Sequence[str]
) -> Iterator[tuple[str, str, dict[str, Any], str | None]]:
    """The letter about a question, once for each of these people."""
    params: dict[str, Any] = {"receipt": row.receipt, "subject": row.subject, "organization": row.organization,
                              "question": one.text, "due_at": due_at(one.asked_at).isoformat(),
                              "link": "/questions"}  # fmt: skip
    about: str | None = row.id
    if row.receipt is None:
        # What was never handed in has no name upstream.
        about, params = None, {**params, "subject": ""}
    yield from ((event, person, params, about) for person in people)
