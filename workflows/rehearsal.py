"""Rehearsals: scenarios played on a scratch database under a clock of their own, and judged."""

from __future__ import annotations

import json
import os
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from models import clock, database, schema
from models.base import seeded, table
from models.errors import InputError, ShenbaoError
from models.organization import Organization
from models.settings import settings
from models.sql import Sql
from models.text import explain, sentence
from workflows import doctor
from workflows.clocks.sweep import sweep
from workflows.rehearsing import macros, script, world
from workflows.rehearsing.values import differences, filled, numbered

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from workflows.rehearsing.script import Source, Step
    from workflows.rehearsing.stage import Stage

_DATA, _DATABASE = "SHENBAO_DATA_DIR", "SHENBAO_DATABASE_URL"
_ANY: Sql[str] = Sql(sa.select(table(Organization).c.code).limit(1))
# Acts take a second each, so a moment just past is not a script that runs backwards.
_SLACK = 3600


@dataclass(frozen=True)
class Fault:
    """Where a rehearsal went another way than its script; `message` says it in plain words."""

    file: str
    step: int
    line: int | None
    code: str
    what: str
    expected: str
    came: str
    message: str


@dataclass(frozen=True)
class Result:
    """What became of one script: `steps` were played, and nothing is wrong when it is `ok`."""

    path: str
    title: str
    ok: bool
    steps: int
    faults: list[Fault]


def rehearse(paths: Sequence[Path], *, url: str | None = None) -> list[Result]:
    """Play scripts, each on a scratch database of its own; the configured one is not touched.

    `url` is an empty database to play one script on instead. All files are read before anything is
    played. Raises InputError for a wrong file, naming the step, line and key.
    """
    sources = [script.read(path) for path in paths]
    if url is not None and len(sources) > 1:
        raise InputError("rehearsal_one_database", files=len(sources))
    with TemporaryDirectory(prefix="shenbao-rehearsal-") as folder:
        return [_rehearsed(s, Path(folder), n, url) for n, s in enumerate(sources)]


def _rehearsed(source: Source, folder: Path, number: int, url: str | None) -> Result:
    own = folder / str(number)
    own.mkdir()
    scratch = url or f"sqlite:///{own / 'rehearsal.db'}"
    with _installation(own / "data", scratch), database.elsewhere(scratch):
        if url is None:
            _migrate(folder / "empty.db", own / "rehearsal.db")
        schema.ensure()
        _require_empty()
        with seeded(1):
            play = _Play(source)
            play.all()
    return Result(source.path, source.script.title, not play.faults, play.steps, play.faults)


@contextmanager
def _installation(data: Path, url: str) -> Iterator[None]:
    """Let the settings speak of the scratch: files, letters and checkpoints stay in its folder."""
    before = {name: os.environ.get(name) for name in (_DATA, _DATABASE)}
    os.environ |= {_DATA: str(data), _DATABASE: url}
    settings.cache_clear()
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
        settings.cache_clear()


def _migrate(empty: Path, to: Path) -> None:
    """Migrate once, and give every script a copy."""
    if not empty.exists():
        with database.elsewhere(f"sqlite:///{empty}"):
            schema.upgrade()
    shutil.copyfile(empty, to)


def _require_empty() -> None:
    with database.reading() as store:
        if store.first(_ANY) is not None:
            raise InputError("rehearsal_not_empty")


class _Play:
    """One script being played: its stage, the step it is at, and what went wrong."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.steps = 0
        self.faults: list[Fault] = []
        self._step = 0

    def all(self) -> None:
        """Play every step, up to one whose outcome the rest cannot do without; then ask the doctor."""
        told = self.source.script
        stage = self._build()
        for number, step in enumerate(told.step, start=1):
            self._step = number
            if not all(self._play(stage, step, i) for i in range(1, step.repeat + 1)):
                break
            self.steps += 1
        with clock.at(stage.now):
            for broken in doctor.check():
                came = f"{broken.subject}: {broken.detail}"
                self._fault("rehearsal_violation", f"{broken.invariant} {broken.name}", "", came)

    def _build(self) -> Stage:
        path = Path(self.source.path)
        try:
            return world.build(self.source.script, path.parent, clock.at)
        except ShenbaoError as error:
            error.details.setdefault("file", path.name)
            raise

    def _play(self, stage: Stage, step: Step, number: int) -> bool:
        """Play a step once; False when nothing after it makes sense."""
        try:
            self._set_clock(stage, step.at)
            step = _written_out(step, number)
            given = filled(step.given, stage.saved)
            answer = _act(stage, step, given)
        except ShenbaoError as error:
            return self._refused(stage, step, error)
        if step.refused is not None:
            self._fault("rehearsal_not_refused", _said(step), step.refused, "")
            return False
        if step.save:
            stage.save(step.save, answer)
        return self._compare(stage, step.expect, answer)

    def _set_clock(self, stage: Stage, at: datetime | None) -> None:
        if at is None:
            return
        if (stage.now - at).total_seconds() > _SLACK:
            raise InputError("rehearsal_time_back", at=at.isoformat(), now_at=stage.now.isoformat())
        stage.now = max(stage.now, at)

    def _refused(self, stage: Stage, step: Step, error: ShenbaoError) -> bool:
        if error.code == step.refused:
            return self._compare(stage, step.details, error.details)
        self._fault(
            "rehearsal_refused",
            _said(step),
            step.refused or "",
            error.code,
            sentence(error, _language()),
        )
        return False

    def _compare(self, stage: Stage, expected: Any, came: Any) -> bool:
        if expected is None:
            return True
        try:
            wanted = filled(expected, stage.saved)
        except InputError as error:
            return self._refused(stage, self.source.script.step[self._step - 1], error)
        for found in differences(wanted, came):
            self._fault("rehearsal_differs", found.what, _json(found.expected), _json(found.came))
        return True

    def _fault(self, code: str, what: str, expected: str, came: str, why: str = "") -> None:
        line = self.source.lines[self._step - 1]
        file = Path(self.source.path).name
        told = {"file": file, "step": self._step, "line": line, "what": what, "expected": expected,
                "came": came, "why": why}  # fmt: skip
        message = explain(code, told, _language())
        self.faults.append(Fault(file, self._step, line, code, what, expected, came, message))


def _written_out(step: Step, number: int) -> Step:
    """The step as it reads in its `number`th repetition."""
    texts = ("who", "on", "given", "save", "expect", "details", "note")
    return step.times(**{name: numbered(getattr(step, name), "i", number) for name in texts})


def _act(stage: Stage, step: Step, given: dict[str, Any]) -> Any:
    [(kind, name)] = step.acts
    if kind == "sweep":
        with clock.at(stage.now):
            return sweep()
    if kind == "play":
        return macros.play(stage, name, step.who, given)
    if kind == "look":
        return _look(stage, step, name)
    arguments = stage.on(name, given, filled(f"${step.on}", stage.saved)) if step.on else given
    who = stage.person(step.who)
    if name == "publish-programme" and "changes" in arguments:
        arguments = {"text": world.next_text(stage.rules, arguments["changes"])}
    return stage.do(name, who, arguments) if kind == "do" else stage.ask(name, who, arguments)


def _look(stage: Stage, step: Step, name: str) -> Any:
    """What no question answers: a thing as it is, what is due, who was told, a union's marks."""
    thing: Any = filled(f"${step.on}", stage.saved) if step.on else None
    match name:
        case "now":
            return stage.thing(thing)
        case "deadlines":
            return stage.deadlines(thing.id)
        case "marks":
            return stage.marks(str(thing))
        case _:
            return stage.letters(stage.person(step.who), thing.id if step.on else None)


def _said(step: Step) -> str:
    """A step in a few words: who does what to what."""
    [(kind, name)] = step.acts
    return " ".join(part for part in (step.who, kind, name, step.on or "") if part)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def _language() -> str:
    return settings().language
