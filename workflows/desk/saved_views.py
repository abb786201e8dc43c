"""Saved searches: a person's own, and those that a desk's reviewers share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from models.base import table
from models.database import reading, transaction
from models.errors import ForbiddenError, InputError, NotFoundError
from models.search import SavedView
from models.sql import Sql, bind, insert_into, rows_of, update_of
from models.vocabulary import Role
from workflows.clocks.due import current
from workflows.record.acting import Actor, refreshed
from workflows.record.verb import made_as, query, verb
from workflows.rules.calendar import local_date
from workflows.rules.search_values import Today
from workflows.rules.search_words import parse

if TYPE_CHECKING:
    from models.database import Store

MOST, LONGEST = 40, 40
_V = table(SavedView).c
_HELD = rows_of(SavedView, _V.holder == bind("holder", _V.holder), order=(_V.name, _V.id))
_BY_ID = rows_of(SavedView, _V.id == bind("id", _V.id))
_INSERT = insert_into(SavedView)
_UPDATE = update_of(SavedView, "words", "account_id", "at")
_DELETE: Sql[None] = Sql(sa.delete(table(SavedView)).where(_V.id == bind("id", _V.id)))


@verb("save-view")
def save_view(actor: Actor, *, name: str, words: str, desk: str | None = None, key: str | None = None) -> SavedView:
    """Keep a search under a name: for oneself, or with `desk` for all reviewers of that desk.

    The same name again takes the new words. Raises InputError for words that cannot be read ("search_..."),
    "view_name" and "views_full"; ForbiddenError("not_your_desk").
    """
    kept = name.strip()
    if not 0 < len(kept) <= LONGEST:
        raise InputError("view_name", field="name", most=LONGEST)
    with transaction() as store:
        who = refreshed(store, actor)
        parse(words, Today(local_date(store.now), current()))
        holder, made = _holder(who, desk), made_as(who, key)
        if (again := store.first(_BY_ID, id=made)) is not None:
            return again  # the same click again
        held = {view.name: view for view in store.all(_HELD, holder=holder)}
        if kept in held:
            store.run(_UPDATE, words=words, account_id=who.id, at=store.now, old_id=held[kept].id)
            return _view(store, held[kept].id)
        if len(held) >= MOST:
            raise InputError("views_full", field="name", most=MOST)
        store.run(_INSERT, id=made, holder=holder, name=kept, words=words, account_id=who.id, at=store.now)
        return _view(store, made)


@verb("drop-view")
def drop_view(actor: Actor, view_id: str, *, key: str | None = None) -> list[SavedView]:
    """Drop a saved search of one's own, or of a desk one reviews at; answers what is left. Raises NotFoundError."""
    with transaction() as store:
        who = refreshed(store, actor)
        row = store.first(_BY_ID, id=view_id)
        if row is None and key:
            return _views(store, who)  # the same click again
        if row is None or not (row.holder == who.id or who.sits(row.holder, Role.REVIEWER)):
            raise NotFoundError("not_found", thing="view", given=view_id)
        store.run(_DELETE, id=view_id)
        return _views(store, who)


@query("views")
def views(actor: Actor) -> list[SavedView]:
    """The saved searches one has: one's own by name, then those of each desk one reviews at."""
    with reading() as store:
        return _views(store, refreshed(store, actor))


def _holder(who: Actor, desk: str | None) -> str:
    if desk is None:
        return who.id
    if not who.sits(desk, Role.REVIEWER):
        raise ForbiddenError("not_your_desk")
    return desk


def _views(store: Store, who: Actor) -> list[SavedView]:
    return [view for holder in (who.id, *who.places(Role.REVIEWER)) for view in store.all(_HELD, holder=holder)]


def _view(store: Store, view_id: str) -> SavedView:
    row = store.first(_BY_ID, id=view_id)
    if row is None:
        raise NotFoundError("not_found", thing="view", given=view_id)
    return row
