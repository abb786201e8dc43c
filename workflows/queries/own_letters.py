"""Letters as their readers and a case's desk see them: one's own, and those about one case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from models.account import Account, Seat
from models.base import table
from models.database import reading
from models.letter import Letter
from models.sql import Sql, bind
from models.vocabulary import LetterKind, Role
from workflows.post.fates import fate
from workflows.post.mail import in_words
from workflows.queries.applications import seen_by
from workflows.queries.reading import Read, read_letters
from workflows.record.acting import Actor, refreshed
from workflows.record.verb import query
from workflows.rules import permissions

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

PAGE = 50
_ABOUT = 300
_L, _A, _S = (table(m).c for m in (Letter, Account, Seat))


class Mine(NamedTuple):
    """One of my letters: what it says, and whether mail took it; `state` is one of `fates.FATES`."""

    id: str
    read: Read
    state: str
    thing_id: str | None


class About(NamedTuple):
    """One letter about a case: to whom, what, when, and what became of it.

    `side` is `applicant`, or `desk` for who sits at the asker's; `trouble` says in words why it did not leave yet,
    or did not arrive.
    """

    id: str
    side: str
    name: str
    subject: str
    kind: LetterKind
    written_at: datetime
    state: str
    at: datetime
    trouble: str


class _Row(NamedTuple):
    id: str
    account_id: str
    template: str
    params: dict[str, Any]
    kind: LetterKind
    thing_id: str | None
    created_at: datetime
    not_before: datetime
    attempts: int
    sent_at: datetime | None
    dead_at: datetime | None
    bounced_at: datetime | None
    error: str
    text_id: str | None
    name: str


_COLUMNS = (
    _L.id, _L.account_id, _L.template, _L.params, _L.kind, _L.thing_id, _L.created_at, _L.not_before, _L.attempts,
    _L.sent_at, _L.dead_at, _L.bounced_at, _L.error, _L.text_id, _A.name,
)  # fmt: skip
_LETTER = sa.select(*_COLUMNS).join_from(table(Letter), table(Account), _A.id == _L.account_id)
_TO_ME: Sql[_Row] = Sql(
    _LETTER.where(_L.account_id == bind("who", _L.account_id), _L.created_at < bind("before", _L.created_at))
    .order_by(_L.created_at.desc(), _L.id.desc()).limit(PAGE),
    _Row,
)  # fmt: skip
_OF_CASE: Sql[_Row] = Sql(
    _LETTER.where(_L.thing_id == bind("of", _L.thing_id)).order_by(_L.created_at.desc(), _L.id.desc()).limit(_ABOUT),
    _Row,
)
_SEATED: Sql[tuple[str, str]] = Sql(
    sa.select(_S.account_id, _S.organization).distinct()
    .join_from(table(Letter), table(Seat), _S.account_id == _L.account_id)
    .where(
        _L.thing_id == bind("of", _L.thing_id), _S.role != Role.CLERK, _S.role != Role.WORKER,
        _S.ends_at.is_(None) | (_S.ends_at > bind("now", _S.starts_at)),
    )
)  # fmt: skip


@query("my-letters")
def my_letters(actor: Actor, *, before: datetime | None = None) -> list[Mine]:
    """My own letters, newest first, a page of 50; `before` is the moment of the last one seen."""
    with reading() as store:
        who = refreshed(store, actor)
        found = store.all(_TO_ME, who=who.id, before=before or store.now.replace(year=store.now.year + 1, day=1))
        said = read_letters(store, [(row, who.language) for row in found])
        return [Mine(row.id, read, fate(row, store.now), row.thing_id) for row, read in zip(found, said, strict=True)]


@query("letters-about")
def letters_about(actor: Actor, application_id: str, *, language: str = "zh") -> list[About]:
    """Letters about a case and what became of each, newest first, 300 at most. Raises NotFoundError.

    Its own people see only those to themselves; a desk those to its own people and to the applicant.
    """
    with reading() as store:
        row, who = seen_by(store, actor, application_id)
        found = store.all(_OF_CASE, of=row.id)
        if permissions.is_own_case(who, row.organization, row.applicant_id):
            sides = {who.id: "applicant" if who.id == row.applicant_id else "desk"}
        else:
            mine = _colleagues(who, store.all(_SEATED, of=row.id, now=store.now))
            sides = {**dict.fromkeys(mine, "desk"), who.id: "desk", row.applicant_id: "applicant"}
        told = [one for one in found if one.account_id in sides]
        said = read_letters(store, [(one, language) for one in told])
        return [
            About(one.id, sides[one.account_id], one.name, read.subject, one.kind, one.created_at,
                  fate(one, store.now), _moment(one), in_words(one.error, language))
            for one, read in zip(told, said, strict=True)
        ]  # fmt: skip


def _colleagues(who: Actor, seated: Iterable[tuple[str, str]]) -> set[str]:
    """Who of the addressees sits where the asker works, and nowhere else: letters to another desk are none of ours."""
    mine = {seat: who.sits(seat[1], Role.REVIEWER, Role.ADMINISTRATOR) for seat in seated}
    return {account for account, _ in mine} - {account for (account, _), here in mine.items() if not here}


def _moment(row: _Row) -> datetime:
    """When it came to what it is: sent, came back or given up; else when it is tried next."""
    return row.bounced_at or row.sent_at or row.dead_at or row.not_before
