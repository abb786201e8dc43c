"""A letter as its reader sees it: in words, with names for the codes of organisations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from models.base import table
from models.errors import InputError
from models.organization import Organization
from models.sql import bind, rows_of
from workflows.post.wording import render

if TYPE_CHECKING:
    from datetime import datetime

    from models.database import Store
    from models.vocabulary import LetterKind

_O = table(Organization).c
_NAME = rows_of(Organization, _O.code == bind("code", _O.code))


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


class Read(NamedTuple):
    """A letter in its reader's words."""

    subject: str
    body: str
    kind: LetterKind
    at: datetime


def read_letter(store: Store, letter: Written, language: str) -> Read:
    """A letter put into words; one whose template is gone is told by the template's name."""
    try:
        subject, body = render(letter.template, _named(store, letter.params), language)
    except InputError:
        subject, body = letter.template, ""
    return Read(subject, body, letter.kind, letter.created_at)


def _named(store: Store, params: dict[str, Any]) -> dict[str, Any]:
    codes = {key: str(params[key]) for key in ("organization", "next") if params.get(key)}
    units = {key: store.first(_NAME, code=code) for key, code in codes.items()}
    return {**params, **{key: unit.name for key, unit in units.items() if unit is not None}}
