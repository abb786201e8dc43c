"""The OpenAPI 3.1 document of the API, made once from the two tables."""

from __future__ import annotations

import inspect
import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ui.api import schemas
from workflows import table
from workflows.people.tokens import NEVER, WEIGHTY
from workflows.record.verb import QUERIES, VERBS

if TYPE_CHECKING:
    from collections.abc import Callable

_PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "code", "details"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string", "description": "the sentence a person would read"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "details": {"type": "object"},
    },
}
_STATUSES = {
    "401": "no token, or one that is no longer good",
    "403": "not within the token's scopes, or not allowed to its owner",
    "404": "not there, or not for you to see",
    "405": "the wrong method",
    "409": "a rule says no, or somebody else was first",
    "413": "too long",
    "422": "bad input; also an unknown verb or question",
    "429": "too many tries",
    "500": "broken",
    "503": "busy; try again",
}
_DRY_RUN = {
    "name": "dry_run", "in": "query", "required": False, "schema": {"type": "boolean", "default": False},
    "description": "answer what would happen (the question `plan`), and do nothing",
}  # fmt: skip
_CLICK = {
    "name": "Idempotency-Key", "in": "header", "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 64, "pattern": "^[!-~]+$"},
    "description": "the same key with the same arguments acts once",
}  # fmt: skip
_INTRODUCTION = (
    "Every verb and question of shenbao. A token (`make-token`) acts for its owner and never further than its scopes:"
    " `ask`, `do`, `ask:NAME`, `do:NAME`; weighty verbs must be named. Money is in fen, moments are ISO 8601."
)


@lru_cache(maxsize=1)
def document() -> str:
    """The document as JSON text."""
    table.load()
    paths = {f"/ask/{name}": {"get": _question(name, QUERIES[name])} for name in sorted(QUERIES)}
    paths |= {f"/do/{name}": {"post": _verb(name, VERBS[name])} for name in sorted(set(VERBS) - NEVER)}
    told = {
        "openapi": "3.1.0",
        "info": {"title": "shenbao 申报", "version": "1", "description": _INTRODUCTION},
        "servers": [{"url": "/api/v1"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {"Problem": _PROBLEM},
            "responses": {"Problem": {
                "description": "a refusal",
                "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
            }},
        },
    }  # fmt: skip
    return json.dumps(told, ensure_ascii=False)


def _question(name: str, function: Callable[..., Any]) -> dict[str, Any]:
    form = schemas.arguments(function)
    needed = form.get("required", [])
    return {
        **_told(name, function),
        "tags": ["questions"],
        "parameters": [
            {"name": key, "in": "query", "required": key in needed, **_as_parameter(schema, form.get("$defs", {}))}
            for key, schema in form["properties"].items()
        ],
        "responses": _responses(function),
    }


def _verb(name: str, function: Callable[..., Any]) -> dict[str, Any]:
    form = schemas.arguments(function)
    has_key = "key" in form["properties"]
    return {
        **_told(name, function),
        "tags": ["weighty verbs" if name in WEIGHTY else "verbs"],
        "parameters": [_DRY_RUN, *([_CLICK] if has_key else [])],
        "requestBody": {
            "required": bool(form.get("required")), "content": {"application/json": {"schema": _inlined(form)}},
        },
        "responses": _responses(function, dry=True),
    }  # fmt: skip


def _told(name: str, function: Callable[..., Any]) -> dict[str, Any]:
    text = inspect.cleandoc(function.__doc__ or "")
    return {"operationId": name, "summary": text.split("\n", 1)[0][:120], "description": text}


def _as_parameter(schema: dict[str, Any], shared: dict[str, Any]) -> dict[str, Any]:
    """A plain value as it is typed; a list or an object as JSON text."""
    inlined = _resolved(schema, shared)
    if "array" in json.dumps(inlined) or "object" in json.dumps(inlined):
        return {"content": {"application/json": {"schema": inlined}}}
    return {"schema": inlined}


def _inlined(form: dict[str, Any]) -> dict[str, Any]:
    shared = form.get("$defs", {})
    kept = {key: value for key, value in form.items() if key not in ("$defs", "properties")}
    return {**kept, "properties": {name: _resolved(one, shared) for name, one in form["properties"].items()}}


def _resolved(schema: Any, shared: dict[str, Any]) -> Any:
    if isinstance(schema, list):
        return [_resolved(one, shared) for one in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _resolved(shared[schema["$ref"].rpartition("/")[2]], shared)
    return {key: _resolved(value, shared) for key, value in schema.items()}


def _responses(function: Callable[..., Any], *, dry: bool = False) -> dict[str, Any]:
    told = schemas.answer(function)
    shown = {"anyOf": [told, schemas.answer(QUERIES["plan"])]} if dry and told else told
    problem = {"$ref": "#/components/responses/Problem"}
    return {
        "200": {"description": "done", "content": {"application/json": {"schema": shown}}},
        **dict.fromkeys(_STATUSES, problem),
    }
