"""The text index of applications: what it holds of each, and who may find it; and searches that were saved."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlmodel import Field, SQLModel

from models.vocabulary import Role, State

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

# SQLite keeps the words in a virtual table of these, PostgreSQL in the column `words` with an index.
# Alembic neither makes nor drops them: revision 0006 is written by hand.
SHADOWS = ("search_fts", "search_vocab")
HAND_MADE = frozenset({"search_document", "search_reach"})
WORDS_INDEX = "ix_search_document_words"
LONGEST = 6000  # characters of an application that can be found
_TEXTS = ("text", "long")


class Document(SQLModel, table=True):
    """What can be found of an application: its public words.

    `number` grows in the order in which applications were begun. `words`, on PostgreSQL only: the marks of
    its whole way (`marks_on_the_way`) and the pairs of neighbouring characters of `text`.
    """

    __tablename__ = "search_document"

    number: int | None = Field(default=None, primary_key=True)
    application_id: str = Field(foreign_key="application.id", max_length=32, unique=True)
    text: str = Field(sa_type=sa.Text, description="folded: no case, no punctuation")
    words: str | None = Field(default=None, sa_type=sa.Text().with_variant(postgresql.TSVECTOR(), "postgresql"))


class Reach(SQLModel, table=True):
    """One mark of one application: walking a mark's rows is walking all that its bearer may see."""

    __tablename__ = "search_reach"

    mark: str = Field(primary_key=True, max_length=60)
    number: int = Field(primary_key=True, foreign_key="search_document.number")
    application_id: str = Field(max_length=32)


class SavedView(SQLModel, table=True):
    """A search kept under a name, by a person for themselves or for a desk's reviewers.

    `holder` is the account's id, or the desk's code.
    """

    __tablename__ = "saved_view"
    __table_args__ = (sa.UniqueConstraint("holder", "name"),)

    id: str = Field(primary_key=True, max_length=32)
    holder: str = Field(max_length=32)
    name: str = Field(max_length=40)
    words: str = Field(max_length=500)
    account_id: str = Field(foreign_key="account.id", max_length=32)
    at: datetime


def is_shadow(kind: str, name: str | None) -> bool:
    """Whether a table or index is part of the text index that no model tells of."""
    return name == WORDS_INDEX or (kind == "table" and str(name).startswith(SHADOWS))


def staff_mark(code: str) -> str:
    """The mark of whoever works for a union or unit."""
    return "s" + _plain(code)


def worker_mark(code: str, account_id: str) -> str:
    """The mark of one worker of a unit."""
    return f"w{_plain(code)}x{_plain(account_id)}"


def governor_mark(code: str) -> str:
    """The mark of a deciding union's administrators."""
    return "g" + _plain(code)


@lru_cache(maxsize=1 << 16)
def _plain(code: str) -> str:
    """A code in letters and digits alone: the index cuts words at everything else."""
    return "".join(c if c.isascii() and c.isalnum() else f"u{ord(c):x}u" for c in code.casefold())


def marks_of(row: Any) -> frozenset[str]:
    """The marks of those who may find an application now, as `workflows.rules.permissions.sees` says.

    But experts: they are given their cases by the desk, and search for none.
    """
    found = _own_marks(row)
    if row.state != State.DRAFT and row.route:
        found |= {staff_mark(desk) for _, desk in row.route[: row.step + 1]}
        found.add(governor_mark(row.route[-1][1]))
    return frozenset(found)


def marks_on_the_way(row: Any) -> frozenset[str]:
    """The marks of all who may ever find an application on its route: a climb leaves them as they are.

    The words of the index hold these, to narrow a search; who may find it now is asked of `Reach`.
    """
    found = _own_marks(row)
    if row.route:
        found |= {staff_mark(desk) for _, desk in row.route}
        found.add(governor_mark(row.route[-1][1]))
    return frozenset(found)


def _own_marks(row: Any) -> set[str]:
    return {staff_mark(row.organization), worker_mark(row.organization, row.applicant_id)}


def marks_borne(account_id: str, seats: Iterable[Any]) -> list[str]:
    """The marks that somebody bears by the seats they hold now."""
    found = set()
    for seat in seats:
        if seat.role == Role.WORKER:
            found.add(worker_mark(seat.organization, account_id))
            continue
        if seat.role == Role.EXPERT:
            continue
        found.add(staff_mark(seat.organization))
        if seat.role == Role.ADMINISTRATOR:
            found.add(governor_mark(seat.organization))
    return sorted(found)


def public_fields(fields: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """The fields of a form that may be searched: text that is not private."""
    return frozenset(
        field["name"] for field in fields if field.get("kind", "text") in _TEXTS and not field.get("private")
    )


def text_of(row: Any, unit: str, public: Collection[str]) -> str:
    """What can be found of an application, folded, with its unit's name; never a private answer."""
    told = [row.subject, row.leader_name, row.receipt or "", unit]
    told += [str(value) for name, value in sorted(row.answers.items()) if name in public and value is not None]
    return folded(" ".join(told))[:LONGEST]


def folded(text: str) -> str:
    """A text without case, width and punctuation: words with one space between."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return " ".join("".join(c if c.isalnum() else " " for c in plain).split())


def pairs(text: str) -> set[str]:
    """The pairs of neighbouring characters in a folded text."""
    return {a + b for word in text.split() for a, b in pairwise(word)}


def indexed(marks: Iterable[str], text: str, dialect: str) -> str:
    """Marks and pairs as the index of a database takes them.

    SQLite's tokenizer does not know the newer characters, so there each pair is spelt in hexadecimal.
    """
    return " ".join([*sorted(marks), *sorted(spelt(pair, dialect) for pair in pairs(text))])


def spelt(pair: str, dialect: str) -> str:
    """A pair of characters as one word of a database's index."""
    return "".join(f"{ord(c):06x}" for c in pair) if dialect == "sqlite" else pair
