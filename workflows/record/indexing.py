"""The text index kept beside the rows: what can be found of each application, and by whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import WeakKeyDictionary

import sqlalchemy as sa

from models.application import Application
from models.base import table
from models.database import engine, transaction
from models.lists import listed, of_list
from models.organization import Organization
from models.round import ProgrammeVersion
from models.search import Document, Reach, indexed, marks_of, public_fields, text_of
from models.sql import Sql, bind
from models.vocabulary import Thing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.engine import Engine

    from models.database import Store
    from workflows.record.moves import Moved

_P, _O, _V, _D, _R = (table(m).c for m in (Application, Organization, ProgrammeVersion, Document, Reach))
_AT_ONCE = 1000
_TOLD = ("subject", "leader_name", "receipt", "organization", "answers")


class _Unit(NamedTuple):
    code: str
    name: str


_OF = bind("of", _D.application_id)
_UNITS = of_list(lambda ids: Sql(sa.select(_O.code, _O.name).where(_O.code.in_(ids)), _Unit))
_KNOWN = of_list(lambda ids: Sql(sa.select(table(Document)).where(_D.application_id.in_(ids)), Document))
_FORM: Sql[Any] = Sql(sa.select(_V.content).where(_V.id == bind("id", _V.id)))
_WORDS = {name: bind(name, _D[name]) for name in ("marks", "text", "words")}
_INSERT: Sql[None] = Sql(sa.insert(table(Document)).values(application_id=_OF, **_WORDS))
_UPDATE: Sql[None] = Sql(sa.update(table(Document)).where(_D.application_id == _OF).values(**_WORDS))
_COME: Sql[None] = Sql(
    sa.insert(table(Reach)).from_select(
        ["mark", "number", "application_id"],
        sa.select(bind("mark", _R.mark), _D.number, _D.application_id).where(_D.application_id == _OF),
    )
)
_GONE: Sql[None] = Sql(
    sa.delete(table(Reach)).where(
        _R.mark == bind("mark", _R.mark),
        _R.number == sa.select(_D.number).where(_D.application_id == _OF).scalar_subquery(),
    )
)
# SQLite's index keeps no content of its own: what goes out must be said as it came in.
_FTS_IN: Sql[None] = Sql(
    sa.text(
        "INSERT INTO search_fts (rowid, words) SELECT number, :words FROM search_document WHERE application_id = :of"
    )
)
_FTS_OUT: Sql[None] = Sql(
    sa.text(
        "INSERT INTO search_fts (search_fts, rowid, words)"
        " SELECT 'delete', number, :words FROM search_document WHERE application_id = :of"
    )
)
_FTS_EMPTY: Sql[None] = Sql(sa.text("INSERT INTO search_fts (search_fts) VALUES ('delete-all')"))
_EMPTY = (Sql[None](sa.delete(table(Reach))), Sql[None](sa.delete(table(Document))))
_BATCH = Sql(
    sa.select(table(Application)).where(_P.id > bind("after", _P.id)).order_by(_P.id).limit(_AT_ONCE), Application
)
# A version never changes, so each database's forms are read once.
_public: WeakKeyDictionary[Engine, dict[str, frozenset[str]]] = WeakKeyDictionary()


def follow(store: Store, thing: Thing, moved: Sequence[Moved]) -> None:
    """Bring the index to where the rows are now, in a fixed number of batches; most acts change nothing in it."""
    if thing is not Thing.APPLICATION:
        return
    if begun := [m.after for m in moved if m.before is None]:
        take_in(store, begun)
    if changed := [m for m in moved if m.before is not None and _differs(m)]:
        _renew(store, changed)


def rebuild() -> int:
    """Make the index anew from the rows, in one transaction; answers how many applications it holds."""
    with transaction() as store:
        if store.dialect.name == "sqlite":
            store.run(_FTS_EMPTY)
        for empty in _EMPTY:
            store.run(empty)
        done, after = 0, ""
        while rows := store.all(_BATCH, after=after):
            take_in(store, rows)
            done, after = done + len(rows), rows[-1].id
        return done


def found_in(store: Store, rows: Sequence[Application]) -> dict[str, tuple[str, str]]:
    """What the index should hold of applications: id -> marks, text."""
    units = {u.code: u.name for u in store.all(_UNITS[store.dialect.name], ids=listed(r.organization for r in rows))}
    return {
        row.id: (marks_of(row), text_of(row, units[row.organization], public_of(store, row.programme))) for row in rows
    }


def _differs(moved: Moved) -> bool:
    return _text_differs(moved) or marks_of(moved.before) != marks_of(moved.after)


def _text_differs(moved: Moved) -> bool:
    return any(getattr(moved.before, name) != getattr(moved.after, name) for name in _TOLD)


def take_in(store: Store, rows: Sequence[Application]) -> None:
    """Put applications into the index that are not in it yet."""
    made = found_in(store, rows)
    store.run_many(_INSERT, (_row(store, one, *found) for one, found in made.items()))
    store.run_many(_COME, ({"of": one, "mark": mark} for one, (marks, _) in made.items() for mark in marks.split()))
    _put_in(store, made)


def _renew(store: Store, changed: Sequence[Moved]) -> None:
    ids = listed(m.after.id for m in changed)
    known = {d.application_id: d for d in store.all(_KNOWN[store.dialect.name], ids=ids)}
    if lost := [m.after for m in changed if m.after.id not in known]:
        # The doctor tells of it (I25); nobody's work stops for the sake of an index.
        take_in(store, lost)
        changed = [m for m in changed if m.after.id in known]
    made = found_in(store, [m.after for m in changed if _text_differs(m)])
    for m in changed:
        made.setdefault(m.after.id, (marks_of(m.after), known[m.after.id].text))
    if store.dialect.name == "sqlite":
        store.run_many(_FTS_OUT, ({"of": d.application_id, "words": indexed(d.marks, d.text, "sqlite")}
                                  for d in known.values()))  # fmt: skip
    store.run_many(_UPDATE, (_row(store, one, *found) for one, found in made.items()))
    _put_in(store, made)
    before = {(one, mark) for one, d in known.items() for mark in d.marks.split()}
    after = {(one, mark) for one, (marks, _) in made.items() for mark in marks.split()}
    store.run_many(_GONE, ({"of": one, "mark": mark} for one, mark in sorted(before - after)))
    store.run_many(_COME, ({"of": one, "mark": mark} for one, mark in sorted(after - before)))


def _put_in(store: Store, made: dict[str, tuple[str, str]]) -> None:
    if store.dialect.name == "sqlite":
        store.run_many(_FTS_IN, ({"of": one, "words": indexed(*found, "sqlite")} for one, found in made.items()))


def _row(store: Store, one: str, marks: str, text: str) -> dict[str, Any]:
    """A document's columns; PostgreSQL keeps the words beside the text, SQLite in its own table."""
    name = store.dialect.name
    return {"of": one, "marks": marks, "text": text, "words": None if name == "sqlite" else indexed(marks, text, name)}


def public_of(store: Store, programme_id: str) -> frozenset[str]:
    """The fields of a programme's form that may be searched."""
    known = _public.setdefault(engine(), {})
    if programme_id not in known:
        content: Any = store.first(_FORM, id=programme_id)
        known[programme_id] = public_fields(content["fields"])
    return known[programme_id]
