"""A rehearsal's script: a TOML file an officer can read, checked strictly before anything is played."""

from __future__ import annotations

import difflib
import re
import tomllib
from typing import TYPE_CHECKING, Any

from pydantic import Field, ValidationError

from models.errors import InputError
from workflows import table
from workflows.record.verb import QUERIES, VERBS
from workflows.rehearsing import setting
from workflows.rehearsing.setting import Moment, Strict

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

MACROS = ("apply", "bring", "recommend", "name")
SIGHTS = ("now", "deadlines", "letters", "marks")
# Acts of the clock, of several people, or of whoever watches the rehearsal.
_NOBODY = ("sweep", "bring", "now", "deadlines", "marks")
_STEP = re.compile(r"^\s*\[\[\s*step\s*\]\]")
# What a step may add to its act, beside who, when and what comes of it.
_USES = {"do": ["on", "with"], "ask": ["on", "with"], "play": ["with"], "look": ["on"], "sweep": []}
_MOMENTS = ("at", "opens", "closes", "ends")
# What pydantic calls the branches of a choice is nothing that stands in the file.
_SHAPES = (
    "int",
    "str",
    "NewUnion",
    "Places",
    "list[Places]",
    "list[Enterprises]",
    "function-before[moment(), datetime]",
)
_MOST = 1000


class Step(Strict):
    """One line of the script: a moment, somebody, an act, and what is to come of it."""

    at: Moment | None = None
    who: str = Field(default="", alias="as")
    do: str | None = None
    ask: str | None = None
    play: str | None = None
    look: str | None = None
    sweep: bool = False
    on: str | None = None
    given: dict[str, Any] = Field(default={}, alias="with")
    save: str | None = None
    repeat: int = Field(default=1, gt=0, le=_MOST)
    expect: Any = None
    refused: str | None = None
    details: dict[str, Any] | None = None
    note: str = ""

    @property
    def acts(self) -> list[tuple[str, str]]:
        """What the step does, as kind and name: exactly one in a right script."""
        named = {"do": self.do, "ask": self.ask, "play": self.play, "look": self.look}
        return [(k, v) for k, v in named.items() if v] + ([("sweep", "sweep")] if self.sweep else [])

    @property
    def written(self) -> set[str]:
        """The keys that stand in the file, by their names there."""
        return {type(self).model_fields[name].alias or name for name in self.model_fields_set}

    def times(self, **values: Any) -> Step:
        """The step with some parts changed, for one of its repetitions."""
        return self.model_copy(update=values)


class Script(Strict):
    """A whole scenario."""

    title: str
    source: str
    about: str = ""
    world: setting.World
    programme: dict[str, Any] = Field(default={})
    step: list[Step] = Field(min_length=1)


class Source(Strict):
    """A script with the file it was read from, and the line on which each step begins."""

    path: str
    lines: tuple[int | None, ...]
    script: Script


def read(path: Path) -> Source:
    """Read and check a script. Raises InputError naming the file, and the step, line and key."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError("rehearsal_not_utf8", file=path.name, byte=error.start) from error
    except OSError as error:
        raise InputError("rehearsal_no_file", file=str(path)) from error
    try:
        content = tomllib.loads(text)
    except ValueError as error:  # TOML's own error, or a date such as 2026-02-30
        raise InputError("rehearsal_toml", file=path.name, reason=str(error)) from error
    lines = _lines(text, content)
    try:
        script = Script.model_validate(content)
    except ValidationError as error:
        raise _wrong(path.name, lines, _first(error)) from error
    for number, step in enumerate(script.step, start=1):
        _require_act(step, {"file": path.name, "step": number, "line": lines[number - 1]})
    return Source(path=str(path), lines=lines, script=script)


def _lines(text: str, content: Mapping[str, Any]) -> tuple[int | None, ...]:
    """The line of each `[[step]]`; unknown when the text shows another number of them."""
    found = [n for n, line in enumerate(text.splitlines(), start=1) if _STEP.match(line)]
    steps = content.get("step", [])
    count = len(steps) if isinstance(steps, list) else 0
    return tuple(found) if len(found) == count else (None,) * count


def _first(error: ValidationError) -> Any:
    """The fault to tell: a misspelt key explains what else is said to be wrong."""
    faults = error.errors()
    return next((fault for fault in faults if fault["type"] == "extra_forbidden"), faults[0])


def _wrong(file: str, lines: tuple[int | None, ...], fault: Mapping[str, Any]) -> InputError:
    place = [part for part in fault["loc"] if part not in _SHAPES]
    where: dict[str, Any] = {"file": file}
    if place[0] == "step" and len(place) > 1 and isinstance(place[1], int):
        where |= {"step": place[1] + 1, "line": lines[place[1]]}
    return explained(fault, place, _known(place[:-1]), where)


def explained(fault: Mapping[str, Any], place: list[Any], known: list[str], where: dict[str, Any]) -> InputError:
    """A fault of the form in our words: a key too many or too few, a moment, another value."""
    key, given = ".".join(str(part) for part in place), str(fault["input"])[:60]
    match fault["type"]:
        case "extra_forbidden":
            near = difflib.get_close_matches(str(place[-1]), known, n=1)
            return InputError("rehearsal_key", **where, key=key, near=near[0] if near else None, known=known)
        case "missing":
            return InputError("rehearsal_missing", **where, key=key)
        case _ if place[-1] in _MOMENTS:
            return InputError("rehearsal_moment", **where, key=key, given=given, expected="2026-03-03 09:00")
        case _:
            return InputError("rehearsal_value", **where, key=key, given=given, reason=fault["msg"])


def _known(place: list[Any]) -> list[str]:
    """The keys that may stand in one part of the script."""
    models: dict[str, type[Strict]] = {
        "step": Step, "world": setting.World, "round": setting.Window, "people": setting.Person,
        "unions": setting.NewUnion, "enterprises": setting.Enterprises, "quotas": setting.Places,
        "titles": setting.Earlier,
    }  # fmt: skip
    parts = [models[part] for part in place if part in models]
    fields = (parts[-1] if parts else Script).model_fields
    return sorted(field.alias or name for name, field in fields.items())


def _require_act(step: Step, where: dict[str, Any]) -> None:
    acts = step.acts
    if len(acts) != 1:
        raise InputError("rehearsal_one_act", **where, given=[kind for kind, _ in acts])
    kind, name = acts[0]
    known, code = _catalogue(kind)
    if name not in known:
        near = difflib.get_close_matches(name, known, n=1)
        raise InputError(code, **where, given=name, near=near[0] if near else None, known=sorted(known))
    if unused := [key for key in ("with", "on") if key in step.written and key not in _USES[kind]]:
        raise InputError("rehearsal_key", **where, key=unused[0], near=None, known=_USES[kind])
    if not step.who and name not in _NOBODY:
        raise InputError("rehearsal_missing", **where, key="as")
    if not step.on and kind == "look" and name != "letters":
        raise InputError("rehearsal_missing", **where, key="on")
    if step.details is not None and step.refused is None:
        raise InputError("rehearsal_missing", **where, key="refused")


def _catalogue(kind: str) -> tuple[list[str], str]:
    """What there is of a kind, and the code for what there is not."""
    table.load()
    match kind:
        case "do":
            return list(VERBS), "unknown_verb"
        case "ask":
            return list(QUERIES), "unknown_question"
        case "play":
            return list(MACROS), "rehearsal_macro"
        case "look":
            return list(SIGHTS), "rehearsal_sight"
        case _:
            return ["sweep"], ""
