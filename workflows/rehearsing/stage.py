"""The stage of a rehearsal: its moment, its people, and what their acts have brought about."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from models.application import Application
from models.base import table as table_of
from models.database import reading
from models.deadline import Deadline
from models.errors import InputError
from models.letter import Letter
from models.merit import Announcement
from models.notice import Mark, Notice, Objection
from models.panel import Expert, Meeting, Panel
from models.round import Round
from models.slate import Slate
from models.sql import Sql, bind, rows_of
from models.subsidy import Subsidy
from models.title import Assessment, Title
from models.vocabulary import SlateState
from workflows import table
from workflows.record.acting import PUBLIC, SYSTEM, Actor, actor_by_id, actor_of
from workflows.record.claiming import look
from workflows.rehearsing.values import filled

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from contextlib import AbstractContextManager
    from datetime import datetime
    from pathlib import Path

    from models.programme import Programme

_MODELS: dict[str, Any] = {
    "application_id": Application, "slate_id": Slate, "notice_id": Notice, "objection_id": Objection,
    "title_id": Title, "assessment_id": Assessment, "round_id": Round,
    "subsidy_id": Subsidy, "expert_id": Expert, "panel_id": Panel, "meeting_id": Meeting,
}  # fmt: skip
# Lists of things that are each to be named with the version their reader saw.
_INNER = {"titles": ("title", Title), "results": ("assessment", Assessment), "items": ("subsidy", Subsidy)}
_SL, _D, _L, _M, _N = (table_of(m).c for m in (Slate, Deadline, Letter, Mark, Announcement))
_DRAFT = rows_of(
    Slate,
    _SL.round_id == bind("round", _SL.round_id),
    _SL.organization == bind("desk", _SL.organization),
    _SL.state == SlateState.DRAFTING,
)
_ANNOUNCED = rows_of(Announcement, _N.round_id == bind("round", _N.round_id), _N.desk == bind("desk", _N.desk))
# What a desk has one of in a round: nothing seen yet is version 0.
_OF_DESK: dict[str, Sql[Any]] = {"rank": _DRAFT, "announce": _ANNOUNCED}
_DEADLINES = rows_of(
    Deadline,
    _D.thing_id == bind("of", _D.thing_id),
    _D.closed_at.is_(None),
    order=(_D.due_at, _D.id),
)
_LETTERS = rows_of(Letter, _L.account_id == bind("who", _L.account_id), order=(_L.created_at, _L.id))
_MARKS = rows_of(Mark, _M.organization == bind("of", _M.organization), order=(_M.at, _M.id))
SECOND = timedelta(seconds=1)


@dataclass
class Stage:
    """What a script can name. `pretend` makes a moment the present one; only the rehearsal has it."""

    now: datetime
    pretend: Callable[[datetime], AbstractContextManager[None]]
    folder: Path
    rules: Programme
    people: dict[str, Actor] = field(default_factory=dict)
    saved: dict[str, Any] = field(default_factory=dict)
    filed: int = 0

    def person(self, name: str) -> Actor:
        """Who acts: a person of the script, an address, an account saved, `system` or `public`. Raises InputError."""
        if name in self.people:
            return self.people[name]
        if name in ("system", "public"):
            return SYSTEM if name == "system" else PUBLIC
        if "@" in name:
            return actor_of(name)
        if name.startswith("$"):
            with reading() as store:
                return actor_by_id(store, str(filled(name, self.saved)))
        raise InputError("rehearsal_person", given=name, known=sorted(self.people))

    def do(self, name: str, who: Actor, arguments: Mapping[str, Any]) -> Any:
        """Call a verb at the stage's moment; the next act is a second later."""
        with self.pretend(self.now):
            self.now += SECOND
            return table.do(name, who, self._complete(name, who, arguments))

    def ask(self, name: str, who: Actor, arguments: Mapping[str, Any]) -> Any:
        """Ask a question at the stage's moment."""
        with self.pretend(self.now):
            return table.ask(name, who, self._placed(name, who, arguments))

    def save(self, name: str, answer: Any) -> None:
        """Keep an answer under a name; of a list also each item, as `name1`, `name2` and so on."""
        self.saved[name] = answer
        if isinstance(answer, list):
            self.saved |= {f"{name}{number}": item for number, item in enumerate(answer, start=1)}

    def row(self, model: type[Any], thing_id: str) -> Any:
        """A thing as it is now, whoever may see it."""
        with reading() as store:
            return look(store, model, thing_id)

    def thing(self, known: Any) -> Any:
        """Something saved, as it is now; for what has no life of its own, as it was saved."""
        model = next((m for m in _MODELS.values() if m.__name__ == type(known).__name__), None)
        return known if model is None else self.row(model, known.id)

    def deadlines(self, thing_id: str) -> list[Deadline]:
        """What is due for a thing, soonest first."""
        with reading() as store:
            return store.all(_DEADLINES, of=thing_id)

    def marks(self, organization: str) -> list[Mark]:
        """The remarks left on a union, oldest first."""
        with reading() as store:
            return store.all(_MARKS, of=organization)

    def letters(self, who: Actor, thing_id: str | None) -> list[Letter]:
        """The letters to somebody, oldest first; about one thing only when it is named."""
        with reading() as store:
            found = store.all(_LETTERS, who=who.id)
        return [letter for letter in found if thing_id in (None, letter.thing_id)]

    def on(self, name: str, given: dict[str, Any], thing: Any) -> dict[str, Any]:
        """The arguments with what the step is `on`: the first thing the verb or question names."""
        wanted = next((a for a in table.arguments_of(name) if a in _MODELS and a not in given), None)
        if wanted is None or not hasattr(thing, "id"):
            raise InputError("rehearsal_on", given=str(thing)[:60], act=name)
        return {**given, wanted: thing.id}

    def _complete(self, name: str, who: Actor, given: Mapping[str, Any]) -> dict[str, Any]:
        """The arguments with the file read, the round and desk put in, and the present version seen."""
        arguments = self._placed(name, who, given)
        if "file" in arguments and name == "attach":
            path = self.folder / str(arguments.pop("file"))
            if not path.is_file():
                raise InputError("rehearsal_no_file", file=str(path))
            arguments |= {
                "filename": arguments.get("filename", path.name),
                "content": path.read_bytes(),
            }
        for key, (inner, model) in _INNER.items():
            if isinstance(items := arguments.get(key), list):
                arguments[key] = [self._seen_inside(item, inner, model) for item in items]
        if "seen" in table.arguments_of(name):
            arguments.setdefault("seen", self._version(name, arguments))
        return {key: value for key, value in arguments.items() if value is not None}

    def _placed(self, name: str, who: Actor, given: Mapping[str, Any]) -> dict[str, Any]:
        known = table.arguments_of(name)
        usual = {"round_id": getattr(self.saved.get("round"), "id", None)}
        if who.seats:
            usual |= {
                "organization_code": who.seats[0].organization,
                "desk": who.seats[0].organization,
            }
        needed = {key: value for key, value in usual.items() if known.get(key, "").endswith("*")}
        return {**{key: value for key, value in needed.items() if value is not None}, **given}

    def _version(self, name: str, arguments: Mapping[str, Any]) -> int | None:
        if (of_desk := _OF_DESK.get(name)) is not None:
            place = {"round": arguments.get("round_id"), "desk": arguments.get("organization_code")}
            with reading() as store:
                found_there = store.first(of_desk, **place)
            return found_there.version if found_there else 0
        found = next((key for key in table.arguments_of(name) if key in _MODELS and key in arguments), None)
        if found is None:
            return None
        return int(self.row(_MODELS[found], str(arguments[found])).version)

    def _seen_inside(self, item: Any, key: str, model: type[Any]) -> Any:
        if not isinstance(item, dict) or "seen" in item or key not in item:
            return item
        return {**item, "seen": self.row(model, str(item[key])).version}
