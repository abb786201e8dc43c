"""A letter as its reader sees it: in words, with names for the codes of organisations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol
from weakref import WeakKeyDictionary

from models.base import table
from models.database import engine
from models.letter import LetterText
from models.organization import Organization
from models.sql import bind, rows_of
from workflows.post.wording import UNWRITABLE, render

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.engine import Engine

    from models.database import Store
    from models.vocabulary import LetterKind

_O, _T = table(Organization).c, table(LetterText).c
_NAME = rows_of(Organization, _O.code == bind("code", _O.code))
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
    words = words_of(store, letter.text_id)
    try:
        subject, body = render(letter.template, named(store, letter.params), language, words=words)
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
    codes = {key: str(params[key]) for key in ("organization", "next") if params.get(key)}
    units = {key: store.first(_NAME, code=code) for key, code in codes.items()}
    return {**params, **{key: unit.name for key, unit in units.items() if unit is not None}}
