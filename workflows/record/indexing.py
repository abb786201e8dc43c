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
from models.search import Document, Reach, indexed, marks_of, marks_on_the_way, public_fields, text_of
from models.sql import Sql, bind
from models.vocabulary import Thing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy.engine import Engine

    from models.database import Store
    from workflows.record.moves import Moved

_P, _O, _V, _D, _R = (table(m).c for m in (Application, Organization, ProgrammeVersion, Document, Reach))
_AT_ONCE = 1000
_TOLD = frozenset({
    "subject", "leader_name", "receipt", "organization", "answers", "route", "applicant_id", "programme",
})  # fmt: skip
_REACHING = _TOLD | {"state", "step"}


class _Unit(NamedTuple):
    code: str
    name: str


class Entry(NamedTuple):
    """What the index holds of an application: the marks of its whole way, and its text."""

    way: frozenset[str]
    text: str


_OF = bind("of", _D.application_id)
_UNITS = of_list(lambda ids: Sql(sa.select(_O.code, _O.name).where(_O.code.in_(ids)), _Unit))
_KNOWN = of_list(lambda ids: Sql(sa.select(_D.application_id).where(_D.application_id.in_(ids))))
_HELD = of_list(lambda ids: Sql(sa.select(table(Document)).where(_D.application_id.in_(ids)), Document))
_FORM: Sql[Any] = Sql(sa.select(_V.content).where(_V.id == bind("id", _V.id)))
_WORDS = {name: bind(name, _D[name]) for name in ("text", "words")}
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
    reach = {m.after.id: marks for m in moved if m.before is not None and (marks := _marks_of(m)) is not None}
    if changed := [m for m in moved if m.before is not None and (m.after.id in reach or _text_differs(m))]:
        _renew(store, changed, reach)


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


def entries_of(store: Store, rows: Sequence[Application]) -> dict[str, Entry]:
    """What the index should hold of applications, by id."""
    units = {u.code: u.name for u in store.all(_UNITS[store.dialect.name], ids=listed(r.organization for r in rows))}
    return {row.id: Entry(marks_on_the_way(row),
                          text_of(row, units[row.organization], public_of(store, row.programme)))
            for row in rows}  # fmt: skip


def take_in(store: Store, rows: Sequence[Application]) -> None:
    """Put applications into the index that are not in it yet."""
    made = entries_of(store, rows)
    store.run_many(_INSERT, (_row(store, one, entry) for one, entry in made.items()))
    store.run_many(_COME, ({"of": row.id, "mark": mark} for row in rows for mark in sorted(marks_of(row))))
    _put_in(store, made)


def public_of(store: Store, programme_id: str) -> frozenset[str]:
    """The fields of a programme's form that may be searched."""
    known = _public.setdefault(engine(), {})
    if programme_id not in known:
        content: Any = store.first(_FORM, id=programme_id)
        known[programme_id] = public_fields(content["fields"])
    return known[programme_id]


def _marks_of(m: Moved) -> tuple[frozenset[str], frozenset[str]] | None:
    """Who could find a case before a move and who can after it; None where they are the same."""
    if not _differs(m, _REACHING):
        return None
    before, after = marks_of(m.before), marks_of(m.after)
    return None if before == after else (before, after)


def _text_differs(m: Moved) -> bool:
    return _differs(m, _TOLD)


def _differs(m: Moved, columns: frozenset[str]) -> bool:
    """Whether a move changed any of these columns; it names those that it may have."""
    return any(getattr(m.before, name) != getattr(m.after, name) for name in columns.intersection(m.names))


def _renew(store: Store, changed: Sequence[Moved], reach: Mapping[str, tuple[frozenset[str], frozenset[str]]]) -> None:
    """A climb changes who may find a case, which is a row for each mark; its words stay as they are."""
    known = set(store.all(_KNOWN[store.dialect.name], ids=listed(m.after.id for m in changed)))
    if lost := [m.after for m in changed if m.after.id not in known]:
        # The doctor tells of it (I25); nobody's work stops for the sake of an index.
        take_in(store, lost)
        changed = [m for m in changed if m.after.id in known]
    _reword(store, [m for m in changed if _text_differs(m)])
    marks = [(m.after.id, *reach[m.after.id]) for m in changed if m.after.id in reach]
    store.run_many(_GONE, _marks((one, before - after) for one, before, after in marks))
    store.run_many(_COME, _marks((one, after - before) for one, before, after in marks))


def _reword(store: Store, changed: Sequence[Moved]) -> None:
    if not changed:
        return
    if store.dialect.name == "sqlite":
        held = {d.application_id: d.text for d in store.all(_HELD["sqlite"], ids=listed(m.after.id for m in changed))}
        gone = {m.after.id: indexed(marks_on_the_way(m.before), held[m.after.id], "sqlite") for m in changed}
        store.run_many(_FTS_OUT, ({"of": one, "words": words} for one, words in gone.items()))
    made = entries_of(store, [m.after for m in changed])
    store.run_many(_UPDATE, (_row(store, one, entry) for one, entry in made.items()))
    _put_in(store, made)


def _marks(of_each: Iterable[tuple[str, frozenset[str]]]) -> Iterable[dict[str, str]]:
    return ({"of": one, "mark": mark} for one, marks in of_each for mark in sorted(marks))


def _put_in(store: Store, made: dict[str, Entry]) -> None:
    if store.dialect.name == "sqlite":
        store.run_many(_FTS_IN, ({"of": one, "words": indexed(*entry, "sqlite")} for one, entry in made.items()))


def _row(store: Store, one: str, entry: Entry) -> dict[str, Any]:
    """A document's columns; PostgreSQL keeps the words beside the text, SQLite in its own table."""
    name = store.dialect.name
    return {"of": one, "text": entry.text, "words": None if name == "sqlite" else indexed(*entry, name)}
