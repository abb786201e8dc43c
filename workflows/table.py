"""Every verb and question by name, with arguments read and checked from text or JSON."""

from __future__ import annotations

import difflib
import importlib
import inspect
import pkgutil
import sys
import typing
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import ConfigDict, ValidationError, create_model
from pydantic_core import PydanticUndefined

import workflows
from models import vocabulary
from models.account import Account, Seat
from models.application import Application
from models.attachment import Attachment
from models.errors import InputError
from models.fact import ImportRun
from models.notice import Notice, Objection
from models.organization import Organization
from models.round import ProgrammeVersion, Quota, Round
from models.slate import Slate
from models.subsidy import Subsidy
from models.title import Assessment, Decision, Title
from workflows.record.acting import Actor
from workflows.record.verb import QUERIES, VERBS
from workflows.rules.characters import require_characters

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import BaseModel

_ACTOR = "actor"
# Prefect's folder is started and never imported; the others play with the verbs.
_NO_VERBS = ("workflows.flows.", "workflows.demo.", "workflows.rehears", "workflows.table")
_SHANGHAI = ZoneInfo("Asia/Shanghai")
_FIRST_YEAR, _LAST_YEAR = 2000, 2100
# What annotations mention and modules import for the type checker only.
_NAMES: dict[str, Any] = {
    **vars(vocabulary),
    **{m.__name__: m for m in (Application, Assessment, Attachment, Decision, Notice, Objection, Organization,
                               Account, Seat, ProgrammeVersion, Quota, Round, Slate, Subsidy, Title)},
    "date": date, "datetime": datetime, "Literal": Literal, "Actor": Actor, "Path": Path, "ImportRun": ImportRun,
}  # fmt: skip


@lru_cache(maxsize=1)
def load() -> None:
    """Import every module that holds verbs or questions, so that both tables are full."""
    for module in pkgutil.walk_packages(workflows.__path__, "workflows."):
        if not (module.ispkg or module.name.startswith(_NO_VERBS)):
            importlib.import_module(module.name)


def do(name: str, actor: Actor, arguments: Mapping[str, Any]) -> Any:
    """Call a verb by name. Raises InputError for an unknown verb or argument, or a wrong value."""
    return _call("verb", VERBS, name, actor, arguments)


def ask(name: str, actor: Actor, arguments: Mapping[str, Any]) -> Any:
    """Ask a question by name. Raises as `do`."""
    return _call("question", QUERIES, name, actor, arguments)


def arguments_of(name: str) -> dict[str, str]:
    """A verb's or question's arguments: name to type in words, required ones marked with *."""
    load()
    function = VERBS.get(name) or QUERIES[name]
    fields = form_of(function).model_fields
    return {n: f"{_type_name(f.annotation)}{'*' if f.is_required() else ''}" for n, f in fields.items()}


def catalogue() -> dict[str, dict[str, dict[str, str]]]:
    """Every verb and question with its arguments."""
    load()
    known = {"do": sorted(VERBS), "ask": sorted(QUERIES)}
    return {kind: {name: arguments_of(name) for name in names} for kind, names in known.items()}


def require(kind: Literal["verb", "question"], name: str) -> None:
    """Raise InputError for an unknown verb or question, with the nearest known one."""
    load()
    known = VERBS if kind == "verb" else QUERIES
    if name not in known:
        near = difflib.get_close_matches(name, known, n=1)
        code = "unknown_verb" if kind == "verb" else "unknown_question"
        raise InputError(code, given=name, near=near[0] if near else None, known=sorted(known))


def _call(
    kind: Literal["verb", "question"], known: Mapping[str, Callable[..., Any]], name: str, actor: Actor,
    arguments: Mapping[str, Any],
) -> Any:  # fmt: skip
    require(kind, name)
    return known[name](actor, **_read(known[name], arguments))


def _read(function: Callable[..., Any], arguments: Mapping[str, Any]) -> dict[str, Any]:
    for name, given in arguments.items():
        require_characters(name, given)
    form = form_of(function)
    if unknown := sorted(set(arguments) - set(form.model_fields)):
        raise InputError("unknown_argument", field=unknown[0], known=sorted(form.model_fields))
    try:
        read = form.model_validate(dict(arguments))
    except ValidationError as error:
        first = error.errors()[0]
        if first["type"] == "missing":
            missing = str(first["loc"][0])
            expected = arguments_expected(form, missing)
            raise InputError("argument_missing", field=missing, expected=expected) from error
        field = ".".join(map(str, first["loc"]))
        expected = arguments_expected(form, str(first["loc"][0]))
        raise InputError("argument", field=field, given=str(first["input"])[:60], expected=expected,
                         reason=first["type"]) from error  # fmt: skip
    return {name: _in_zone(name, getattr(read, name)) for name in read.model_fields_set}


def _in_zone(name: str, value: Any) -> Any:
    """A moment typed without a zone is Beijing time. Raises InputError far from our own days."""
    if isinstance(value, date) and not _FIRST_YEAR <= value.year <= _LAST_YEAR:
        raise InputError("moment_out_of_range", field=name, given=str(value), first=_FIRST_YEAR, last=_LAST_YEAR)
    if isinstance(value, datetime) and value.tzinfo is None:
        return value.replace(tzinfo=_SHANGHAI)
    return value


def arguments_expected(form: type[BaseModel], field: str) -> str:
    """What an argument is to look like, in a word or two."""
    return _type_name(form.model_fields[field].annotation)


@cache
def form_of(function: Callable[..., Any]) -> type[BaseModel]:
    """A pydantic model of a function's arguments, made of its own signature."""
    inner = inspect.unwrap(function)
    hints = typing.get_type_hints(inner, names_for(inner))
    fields: dict[str, Any] = {}
    for name, parameter in inspect.signature(inner).parameters.items():
        if name != _ACTOR:
            default = parameter.default
            fields[name] = (hints[name], PydanticUndefined if default is parameter.empty else default)
    config = ConfigDict(coerce_numbers_to_str=True, extra="forbid")
    return create_model(f"{inner.__name__}_arguments", __config__=config, **fields)


def names_for(told: Any) -> dict[str, Any]:
    """What the annotations of a function or class may mention, for `typing.get_type_hints`."""
    return _NAMES | vars(sys.modules[told.__module__])


def _type_name(annotation: Any) -> str:
    name = getattr(annotation, "__name__", None)
    return str(name if name and not typing.get_args(annotation) else annotation).replace("typing.", "")
