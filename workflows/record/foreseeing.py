"""What an act would do, by name, before it is done: the verb itself, in a transaction never kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from models.account import Account
from models.application import Application
from models.base import table
from models.database import together
from models.errors import InputError, ShenbaoError
from models.journal import Event
from models.letter import Letter
from models.organization import Organization
from models.round import Quota
from models.sql import Sql, bind
from models.vocabulary import Act, Bucket, Role, Thing
from workflows.record.acting import refreshed
from workflows.record.claiming import row_of, visible
from workflows.record.verb import query
from workflows.rules import permissions

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from models.database import Store
    from workflows.record.acting import Actor

Rows = list[tuple[str, "Mapping[str, Any]"]]
_P, _A, _Q, _O, _E, _L = (table(m).c for m in (Application, Account, Quota, Organization, Event, Letter))
_OFFICE = (Role.REVIEWER, Role.ADMINISTRATOR)
# Verbs that read a file outside their transaction cannot be tried without effect; and a lot that may be tried is none.
_NOT_FORESEEN = frozenset({
    "add-evidence", "attach", "attach-proof", "attach-minutes", "load-import", "draw-panel", "plan-meeting",
    "replace-member", "try-way",
})  # fmt: skip


class Step(NamedTuple):
    """One move: which thing, by receipt and subject where it is an application, and where to."""

    thing: Thing
    thing_id: str
    receipt: str | None
    subject: str
    act: Act
    source: str | None
    target: str


class Post(NamedTuple):
    """One letter: by which template, to whom (nobody, where the asker may not know), about which thing."""

    template: str
    to: str
    thing_id: str
    account_id: str


class Shift(NamedTuple):
    """Places that would go from one bucket of a union's quota to another."""

    organization: str
    name: str
    pool: str
    source: Bucket
    target: Bucket
    n: int


class Term(NamedTuple):
    """A deadline that would be set."""

    thing_id: str
    kind: str
    due_at: datetime
    derivation: str


class Foreseen(NamedTuple):
    """Every consequence of an act, or why it would be refused: `refused` is `(code, details)`."""

    steps: list[Step]
    letters: list[Post]
    places: list[Shift]
    terms: list[Term]
    refused: tuple[str, dict[str, Any]] | None


class _Named(NamedTuple):
    id: str
    receipt: str | None
    subject: str


class _Held(NamedTuple):
    id: str
    organization: str
    name: str
    pool: str


_SUBJECT: Sql[_Named] = Sql(sa.select(_P.id, _P.receipt, _P.subject).where(_P.id == bind("id", _P.id)), _Named)
# Letters to a desk are written by a SELECT: they are found by what they are about, and when.
_POSTS: Sql[Post] = Sql(
    sa.select(_L.template, _A.name.label("to"), _L.thing_id, _L.account_id)
    .join_from(table(Event), table(Letter), _L.thing_id == _E.thing_id)
    .join(table(Account), _A.id == _L.account_id)
    .where(_E.at == bind("now", _E.at), _L.created_at == bind("now", _L.created_at))
    .group_by(_L.id, _L.template, _A.name, _L.thing_id, _L.account_id)
    .order_by(_L.template, _A.name, _L.id),
    Post,
)
# Letters that are sent again are about no event of now.
_AGAIN: Sql[Post] = Sql(
    sa.select(_L.template, _A.name.label("to"), sa.func.coalesce(_L.thing_id, "").label("thing_id"), _L.account_id)
    .join_from(table(Letter), table(Account), _A.id == _L.account_id)
    .where(_L.asked_by == bind("who", _L.asked_by), _L.created_at == bind("now", _L.created_at))
    .order_by(_L.template, _A.name, _L.id),
    Post,
)
_QUOTA: Sql[_Held] = Sql(
    sa.select(_Q.id, _Q.organization, _O.name, _Q.pool)
    .join_from(table(Quota), table(Organization), _O.code == _Q.organization)
    .where(_Q.id == bind("id", _Q.id)),
    _Held,
)


@query("plan")
def plan(actor: Actor, *, verb: str, arguments: dict[str, Any]) -> Foreseen:
    """What a verb would do with these arguments, or why it would be refused; nothing is changed.

    Raises InputError for a verb that cannot be tried, and for unknown names and wrong values.
    """
    from workflows import table as verbs  # noqa: PLC0415 -- the table imports this module's question

    if verb in _NOT_FORESEEN:
        raise InputError("not_foreseen", field="verb", given=verb)
    with together(keep=False) as store:
        try:
            who = refreshed(store, actor)
            verbs.do(verb, actor, {**arguments, "key": None} if "key" in arguments else arguments)
        except InputError:
            raise
        except ShenbaoError as error:
            return Foreseen([], [], [], [], (error.code, error.details))
        return told(store, who)


def told(store: Store, who: Actor) -> Foreseen:
    """What a dry run has done so far, by name, as far as whoever asks (refreshed) may know of it.

    What happens to others' things is left out. To whom letters go and whose places move is told to who acts for an
    office, and not in their own case: its own people are told offices, never persons.
    """
    rows = list(store.written or [])
    events = _of(rows, "journal_event")
    shown = {one["thing_id"] for one in events if _is_shown(store, who, one)}
    office = any(_is_office(store, who, one) for one in events)
    posts = store.all(_POSTS, now=store.now)
    # By their administrator, who may read each of them.
    again = store.all(_AGAIN, who=who.id, now=store.now) if _is_asking(store) else []
    return Foreseen(
        _steps(store, [one for one in events if one["thing_id"] in shown]),
        [*again, *(posts if office else [_nameless(who, post) for post in posts if post.thing_id in shown])],
        _places(store, _of(rows, "quota_entry")) if office else [],
        [Term(r["thing_id"], str(r["kind"]), r["due_at"], r["derivation"])
         for r in _of(rows, "deadline") if office or r["thing_id"] in shown],
        None,
    )  # fmt: skip


def _is_asking(store: Store) -> bool:
    """Whether letters were written to be sent again, which is done by a SELECT."""
    return any("batch" in row for name, row in store.written or [] if name == "letter")


def _nameless(who: Actor, post: Post) -> Post:
    return post if post.account_id == who.id else post._replace(to="")


def _is_shown(store: Store, who: Actor, event: Mapping[str, Any]) -> bool:
    """Whether this is done where the asker sits, or to what they see."""
    if event["desk"] is not None and who.sits(event["desk"]):
        return True
    row = row_of(store, event["thing"], event["thing_id"])
    return row is not None and visible(who, event["thing"], row)


def _is_office(store: Store, who: Actor, event: Mapping[str, Any]) -> bool:
    """Whether the asker does this for a union, to what is not their own."""
    if event["thing"] in (Thing.ROUND, Thing.ACCOUNT):  # places and people: of a union, and no column says which
        return bool(who.places(*_OFFICE))
    row = row_of(store, event["thing"], event["thing_id"])
    if event["thing"] is Thing.SLATE and who.sits(row.sent_to, *_OFFICE):
        return True
    if not who.sits(event["desk"], *_OFFICE):
        return False
    is_case = event["thing"] is Thing.APPLICATION
    return not (is_case and permissions.is_own_case(who, row.organization, row.applicant_id, event["desk"]))


def _of(rows: Rows, name: str) -> list[Mapping[str, Any]]:
    return [row for table_name, row in rows if table_name == name]


def _steps(store: Store, events: Iterable[Mapping[str, Any]]) -> list[Step]:
    known: dict[str, _Named | None] = {}
    steps = []
    for event in events:
        about = event["thing_id"]
        if event["thing"] is Thing.APPLICATION and about not in known:
            known[about] = store.first(_SUBJECT, id=about)
        named = known.get(about) or _Named(about, None, "")
        steps.append(Step(event["thing"], about, named.receipt, named.subject, event["act"], event["source"],
                          event["target"]))  # fmt: skip
    return steps


def _places(store: Store, lines: Iterable[Mapping[str, Any]]) -> list[Shift]:
    return [
        Shift(held.organization, held.name, held.pool, line["source"], line["target"], line["n"])
        for line in lines
        if (held := store.first(_QUOTA, id=line["quota_id"])) is not None
    ]
