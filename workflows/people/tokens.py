"""Tokens: with one, another program asks and acts for somebody, within what it was given for and no further."""

from __future__ import annotations

import difflib
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from models.account import Account
from models.base import new_token, table
from models.database import reading, transaction
from models.errors import ForbiddenError, InputError, NotFoundError, SignedOutError
from models.sql import Sql, bind, insert_into, rows_of, update_of
from models.token import Token
from models.vocabulary import Act
from workflows.people.sessions import sid_of
from workflows.record.acting import Actor, actor_by_id, refreshed
from workflows.record.claiming import hold
from workflows.record.journal import move
from workflows.record.verb import QUERIES, VERBS, query, verb
from workflows.rules import plans
from workflows.rules.characters import within

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from models.database import Store

ASK, DO = "ask", "do"
MARK = "sbt_"  # so that a token that got lost is known for one
LONGEST_DAYS, MOST = 365, 20
USED_EVERY = timedelta(hours=1)
# No token makes another one: that takes somebody who is signed in.
NEVER = frozenset({"make-token"})
# What binds an office, moves money or gives power, and what words letters or leads them elsewhere, is in no token that
# does not name it.
WEIGHTY = frozenset({
    "add-way", "apply", "approve-subsidy", "confirm", "correct-decision", "decide", "depute", "disable-account",
    "draw-panel", "enrol", "hand-over", "issue", "open-account", "pay", "pay-many", "publish", "publish-programme",
    "readdress", "recover", "revoke", "seal", "seat", "send-up", "settle", "settle-registration", "split",
    "undo-batch", "unlink-identity", "vacate", "withdraw-decision", "word-letter",
})  # fmt: skip

_T = table(Token).c
_LONGEST_NAME = 60
_INSERT = insert_into(Token)
_BY_ID = rows_of(Token, _T.id == bind("id", _T.id))
_OF = rows_of(Token, _T.account_id == bind("account", _T.account_id), order=(_T.made_at.desc(), _T.id))
_STANDING: Sql[int] = Sql(
    sa.select(sa.func.count())
    .select_from(table(Token))
    .where(_T.account_id == bind("account", _T.account_id), _T.ended_at.is_(None), _T.ends_at > bind("now", _T.ends_at))
)
_END = update_of(Token, "ended_at")
_USED = update_of(Token, "used_at")


class Made(NamedTuple):
    """A new token; `token` is told this once and kept nowhere."""

    id: str
    token: str
    name: str
    scopes: list[str]
    ends_at: datetime


class Held(NamedTuple):
    """One's own token: what it is for, until when, when it was used last (to the hour)."""

    id: str
    name: str
    scopes: list[str]
    made_at: datetime
    ends_at: datetime
    used_at: datetime | None
    ended_at: datetime | None


class Bearer(NamedTuple):
    """Whom a program acts for, and what it was given for."""

    actor: Actor
    scopes: frozenset[str]

    def require(self, kind: str, name: str, arguments: Mapping[str, Any] | None = None) -> None:
        """Raise ForbiddenError("token_scope") unless the token reaches this question (`ask`) or verb (`do`).

        Weighty acts in a plan's rows must be named as well.
        """
        self._require(kind, name)
        for inner in sorted(plans.acts_in(name, arguments or {}) & WEIGHTY - {name}) if kind == DO else ():
            self._require(kind, inner)

    def _require(self, kind: str, name: str) -> None:
        is_plain = kind == ASK or name not in WEIGHTY | NEVER
        if f"{kind}:{name}" in self.scopes or (is_plain and kind in self.scopes):
            return
        raise ForbiddenError("token_scope", scope=f"{kind}:{name}")


@verb("make-token")
def make_token(actor: Actor, *, name: str, scopes: list[str], days: int = 90) -> Made:
    """A token for a program of one's own, for at most 365 days; the answer alone holds it.

    `scopes`: `ask` (every question), `do` (every verb that is not weighty), `ask:NAME`, `do:NAME`. It never does
    more than its owner may. Raises InputError for a name, scope or term that will not do, and for a 21st token.
    """
    if not name.strip():
        raise InputError("argument_missing", field="name", expected="str")
    if not 1 <= days <= LONGEST_DAYS:
        raise InputError("token_days", field="days", given=days, most=LONGEST_DAYS)
    known = sorted(set(scopes))
    _require_known(known)
    with transaction() as store:
        who = refreshed(store, actor)
        if (store.first(_STANDING, account=who.id, now=store.now) or 0) >= MOST:
            raise InputError("token_many", most=MOST)
        token = MARK + new_token()
        made = Made(sid_of(token), token, within("name", name, _LONGEST_NAME), known, store.now + timedelta(days=days))
        store.run(_INSERT, account_id=who.id, made_at=store.now,
                  **{n: v for n, v in made._asdict().items() if n != "token"})  # fmt: skip
        body = {"token": made.id[:8], "scopes": known}
        move(store, actor, Act.GRANT_TOKEN, hold(store, Account, who.id), body=body)
        return made


@verb("end-token")
def end_token(actor: Actor, *, token_id: str) -> Held:
    """End one's own token now; ended already, nothing changes. Raises NotFoundError for another's."""
    with transaction() as store:
        who = refreshed(store, actor)
        row = store.first(_BY_ID, id=token_id)
        if row is None or row.account_id != who.id:
            raise NotFoundError("not_found", thing="token", given=token_id[:64])
        if row.ended_at is None:
            store.run(_END, old_id=row.id, ended_at=store.now)
            move(store, actor, Act.END_TOKEN, hold(store, Account, who.id), body={"token": row.id[:8]})
        return _held(store.first(_BY_ID, id=token_id) or row)


@query("my-tokens")
def my_tokens(actor: Actor) -> list[Held]:
    """One's own tokens, the newest first, ended ones too."""
    with reading() as store:
        return [_held(row) for row in store.all(_OF, account=refreshed(store, actor).id)]


def bearer(token: str) -> Bearer:
    """Whom a token stands for. Raises SignedOutError("token_refused") alike for unknown, ended and shut out."""
    with reading() as store:
        row = store.first(_BY_ID, id=sid_of(token))
        if row is None or row.ended_at is not None or row.ends_at <= store.now:
            raise SignedOutError("token_refused")
        actor = _owner(store, row)
        is_stale = row.used_at is None or store.now - row.used_at >= USED_EVERY
    if is_stale:
        with transaction() as store:
            store.run(_USED, old_id=row.id, used_at=store.now)
    return Bearer(actor, frozenset(row.scopes))


def _owner(store: Store, row: Token) -> Actor:
    try:
        return actor_by_id(store, row.account_id)
    except SignedOutError as error:
        raise SignedOutError("token_refused") from error


def _require_known(scopes: Iterable[str]) -> None:
    from workflows import table as names  # noqa: PLC0415 -- the table imports this module's verbs

    names.load()
    known = {ASK, DO, *(f"{ASK}:{n}" for n in QUERIES), *(f"{DO}:{n}" for n in VERBS if n not in NEVER)}
    strange = sorted(set(scopes) - known)
    if strange or not scopes:
        given = strange[0][:60] if strange else ""
        near = difflib.get_close_matches(given, known, n=1)
        raise InputError("token_scopes", field="scopes", given=given, near=near[0] if near else None)


def _held(row: Token) -> Held:
    return Held(*(getattr(row, name) for name in Held._fields))
