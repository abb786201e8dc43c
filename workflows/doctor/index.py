"""I25: what can be found of an application, and by whom, is what its row says now."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from models.application import Application
from models.base import table
from models.organization import Organization
from models.search import Document, Reach, indexed, marks_of, marks_on_the_way, text_of
from models.sql import Sql
from workflows.doctor.violation import Found, Violation
from workflows.record import indexing
from workflows.record.streaming import stream

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.database import Store

_P, _O, _D, _R = (table(m).c for m in (Application, Organization, Document, Reach))
_MOST_TOLD = 20


class _Row(NamedTuple):
    """An application's columns that matter to the index, what the index keeps of it, and how far it is counted."""

    id: str
    state: Any
    route: Any
    step: int
    organization: str
    applicant_id: str
    subject: str
    leader_name: str
    receipt: str | None
    answers: Any
    programme: str
    unit: str
    text: str | None
    marks: str | None
    rung: str | None


class _Word(NamedTuple):
    """A word of the index, and how many applications hold it."""

    word: str
    n: int


_HELD = sa.select(sa.func.aggregate_strings(_R.mark, " ")).where(_R.number == _D.number).correlate(table(Document))
_ROWS: Sql[_Row] = Sql(
    sa.select(*(_P[name] for name in _Row._fields[:11]), _O.name, _D.text, _HELD.scalar_subquery(), _P.rung)
    .join_from(table(Application), table(Organization), _O.code == _P.organization)
    .outerjoin(table(Document), _D.application_id == _P.id),
    _Row,
)
_STRANGE: Sql[Found] = Sql(
    sa.select(_R.application_id, _R.mark)
    .outerjoin_from(table(Reach), table(Document), (_D.number == _R.number) & (_D.application_id == _R.application_id))
    .where(_D.number.is_(None)),
    Found,
)
_WORDS: dict[str, Sql[_Word]] = {
    "sqlite": Sql(sa.text("SELECT term, doc FROM search_vocab"), _Word),
    "postgresql": Sql(sa.text("SELECT word, ndoc FROM ts_stat('SELECT words FROM search_document')"), _Word),
}


def index_agrees(store: Store) -> Iterator[Violation]:
    """Each application stands in the index as its row is, with the marks of those who may see it.

    And its rung, by which figures count how far it came, is that of its place on its route.
    """
    words: Counter[str] = Counter()
    for row in stream(store, _ROWS):
        if row.rung != (row.route[row.step][0] if row.route else None):
            yield Violation("I25", "rung_differs", str(row.rung or "-"), f"application {row.id}")
        marks, text = marks_of(row), text_of(row, row.unit, indexing.public_of(store, row.programme))
        if row.text != text:
            yield Violation("I25", "index_differs", "text", f"application {row.id}")
        elif strange := marks ^ set((row.marks or "").split()):
            yield Violation("I25", "reach_differs", " ".join(sorted(strange)), f"application {row.id}")
        if row.text is not None:
            words.update(indexed(marks_on_the_way(row), row.text, store.dialect.name).split())
    for found in stream(store, _STRANGE):
        yield Violation("I25", "reach_differs", found.detail, f"application {found.subject}")
    yield from _words_differ(store, words)


def _words_differ(store: Store, words: Counter[str]) -> Iterator[Violation]:
    held = {word.word: word.n for word in stream(store, _WORDS[store.dialect.name])}
    differing = sorted(word for word in held.keys() | words.keys() if held.get(word, 0) != words[word])
    for word in differing[:_MOST_TOLD]:
        yield Violation("I25", "words_differ", f"{held.get(word, 0)} <> {words[word]}", f"index {word}")
