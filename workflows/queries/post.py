"""The outbox as an office sees it: letters to its people, and what became of each."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from models.account import Account
from models.base import table
from models.database import reading
from models.errors import InputError
from models.letter import Letter
from models.sql import Sql
from models.vocabulary import LetterKind
from workflows.post.fates import BELOW, FATE, FATES, MEANT, UNREACHED
from workflows.queries.reading import Read, read_letters
from workflows.queries.watch import require_administrator
from workflows.record.acting import Actor
from workflows.record.verb import query
from workflows.rules.calendar import ends_at

if TYPE_CHECKING:
    from datetime import date, datetime

_A, _L = table(Account).c, table(Letter).c
PAGE = 100
_EVER = timedelta(days=36500)


class Sent(NamedTuple):
    """A letter as the office sees it; `state` is one of `fates.FATES`, `error` as its row keeps it.

    `settled` says how somebody dealt with its not arriving.
    """

    id: str
    state: str
    email: str
    name: str
    read: Read
    attempts: int
    not_before: datetime
    sent_at: datetime | None
    error: str
    template: str
    settled: str


class Stuck(NamedTuple):
    """How many letters wait, how many never arrived with nobody having dealt with it, and how many people those are."""

    waiting: int
    dead: int
    people: int = 0


class _Row(NamedTuple):
    id: str
    template: str
    params: dict[str, Any]
    kind: LetterKind
    created_at: datetime
    not_before: datetime
    attempts: int
    sent_at: datetime | None
    error: str
    settled_words: str | None
    text_id: str | None
    email: str
    name: str
    language: str
    state: str


_LETTERS: Sql[_Row] = Sql(
    sa.select(
        *(_L.id, _L.template, _L.params, _L.kind, _L.created_at, _L.not_before, _L.attempts, _L.sent_at, _L.error),
        *(_L.settled_words, _L.text_id, _A.email, _A.name, _A.language, FATE.label("state")),
    )
    .join(table(Account), _A.id == _L.account_id)
    .where(MEANT, BELOW)
    .order_by(_L.created_at.desc(), _L.id.desc())
    .limit(PAGE),
    _Row,
)
_WAITING: Sql[int] = Sql(
    sa.select(sa.func.count()).select_from(table(Letter)).where(_L.sent_at.is_(None), _L.dead_at.is_(None), BELOW)
)
_LOST: Sql[tuple[int, int]] = Sql(
    sa.select(sa.func.count().label("n"), sa.func.count(_L.account_id.distinct()).label("people"))
    .select_from(table(Letter))
    .where(UNREACHED, BELOW, _L.account_id.in_(sa.select(_A.id).where(_A.disabled_at.is_(None))))
)


@query("letters")
def letters(
    actor: Actor, *, root: str, state: str = "", template: str = "", person: str = "", since: date | None = None
) -> list[Sent]:
    """The newest 100 letters to people who sit below a union, in their readers' language.

    Narrowed by state (`waiting`, `held`, `sent`, `back`, `dead`, `withdrawn`), template, person (address or
    account) and the first day they were written. Raises InputError("letter_state"), ForbiddenError.
    """
    if state and state not in FATES:
        raise InputError("letter_state", field="state", given=state[:40], known=list(FATES))
    with reading() as store:
        require_administrator(store, actor, root)
        start = store.now - _EVER if since is None else ends_at(since - timedelta(days=1))
        found = store.all(_LETTERS, root=root, now=store.now, state=state, template=template,
                          person=person.strip().casefold(), since=start)  # fmt: skip
        said = read_letters(store, [(row, row.language) for row in found])
        return [
            Sent(row.id, row.state, row.email, row.name, read, row.attempts, row.not_before, row.sent_at, row.error,
                 row.template, row.settled_words or "")
            for row, read in zip(found, said, strict=True)
        ]  # fmt: skip


@query("stuck-letters")
def stuck(actor: Actor, *, root: str) -> Stuck:
    """How many letters to people below a union wait, and how many never arrived, to how many people."""
    with reading() as store:
        require_administrator(store, actor, root)
        dead, people = store.first(_LOST, root=root) or (0, 0)
        return Stuck(store.first(_WAITING, root=root) or 0, dead, people)
