"""A letter as its reader sees it: in words, with names for the codes of organisations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol
from weakref import WeakKeyDictionary

import sqlalchemy as sa

from models.base import table
from models.database import engine
from models.letter import LetterText
from models.lists import listed, of_list
from models.organization import Organization
from models.sql import Sql, bind, rows_of
from workflows.post.wording import UNWRITABLE, render

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.engine import Engine

    from models.database import Store
    from models.vocabulary import LetterKind

_O, _T = table(Organization).c, table(LetterText).c
_NAMES = of_list(lambda ids: Sql(sa.select(_O.code, _O.name).where(_O.code.in_(ids))))
_TEXT = rows_of(LetterText, _T.id == bind("id", _T.id))
# A version of a union's words never changes, so each is fetched once.
_texts: WeakKeyDictionary[Engine, dict[str, tuple[str, str]]] = WeakKeyDictionary()


class Written(Protocol):
    """A letter of the outbox, as far as its words need it."""

    @property
    def template(self) -> str:
        """Which phrases."""

    @property
    def params(self) -> dict[str, Any]:
        """What they are filled with."""

    @property
    def kind(self) -> LetterKind:
        """Whether it asks for something."""

    @property
    def created_at(self) -> datetime:
        """When it was written."""

    @property
    def text_id(self) -> str | None:
        """The version of a union's own words that it left in."""


class Read(NamedTuple):
    """A letter in its reader's words."""

    subject: str
    body: str
    kind: LetterKind
    at: datetime


def read_letter(store: Store, letter: Written, language: str) -> Read:
    """A letter put into words, those of a union where it left in them; without a template, its name."""
    return read_letters(store, [(letter, language)])[0]


def read_letters(store: Store, letters: Sequence[tuple[Written, str]]) -> list[Read]:
    """Letters put into words, each in its language; the names in all of them are fetched at once."""
    codes = {code for letter, _ in letters for code in _codes(letter.params).values()}
    names = dict(store.all(_NAMES[store.dialect.name], ids=listed(codes))) if codes else {}
    return [_read(store, letter, language, names) for letter, language in letters]


def _read(store: Store, letter: Written, language: str, names: Mapping[str, str]) -> Read:
    words = words_of(store, letter.text_id)
    try:
        subject, body = render(letter.template, _with(names, letter.params), language, words=words)
    except UNWRITABLE:
        subject, body = letter.template, ""
    return Read(subject, body, letter.kind, letter.created_at)


def words_of(store: Store, text_id: str | None) -> tuple[str, str] | None:
    """The subject and body of the version of a union's words that a letter left in; None for ours."""
    known = _texts.setdefault(engine(), {})
    if text_id and text_id not in known and (found := store.first(_TEXT, id=text_id)) is not None:
        known[text_id] = (found.subject, found.body)
    return known.get(text_id or "")


def named(store: Store, params: dict[str, Any]) -> dict[str, Any]:
    """The params of a letter with names for the codes of organisations."""
    codes = _codes(params)
    found = store.all(_NAMES[store.dialect.name], ids=listed(codes.values())) if codes else []
    return _with(dict(found), params)


def _codes(params: Mapping[str, Any]) -> dict[str, str]:
    return {key: str(params[key]) for key in ("organization", "next") if params.get(key)}


def _with(names: Mapping[str, str], params: dict[str, Any]) -> dict[str, Any]:
    return {**params, **{key: names[code] for key, code in _codes(params).items() if code in names}}
