"""A plan of acts on many cases, as it is written: its rows read, hashed and fingerprinted."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
import zlib
from typing import TYPE_CHECKING, Any, NamedTuple

from models.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

MOST_CASES = 2000
APPLY = "apply"
COLUMNS = ("cases", "act", "arguments", "seen")
# What may be done to many at once, by the verb's own name: to cases, and to lists.
CASE_ACTS = frozenset({
    "check", "return", "refuse", "withdraw", "transfer", "delegate", "take-back", "hold", "release", "chase", "copy",
    "consult", "countersign", "call-off",
})  # fmt: skip
SLATE_ACTS = frozenset({"rank-text", "seal", "send-up", "recall"})
_GIVEN_BY_PLAN = frozenset({"seen", "key", "application_id", "slate_id", "applications", "round_id"})
_NAME = re.compile(r"[0-9a-f]{32}|\d{4}-[2-9A-HJ-NP-Z]{8}", re.IGNORECASE)
_BETWEEN = re.compile(r"[\s,;，；、]+")
_PAIRS = re.compile(r"[;；\n]")


class Row(NamedTuple):
    """One row: its line in the file, the names of cases or else a search, the act, and what it is told.

    `seen` holds the versions that were looked at, by id, where the row comes from a dry run.
    """

    line: int
    names: tuple[str, ...]
    search: str
    act: str
    arguments: dict[str, Any]
    seen: dict[str, int]

    @property
    def is_on_slates(self) -> bool:
        """Whether the row is about lists, not cases."""
        return self.act in SLATE_ACTS


def acts_in(verb: str, arguments: Mapping[str, Any]) -> set[str]:
    """What a call does, by the names of verbs: a plan does its rows' acts as well. Says nothing of a broken plan."""
    rows = arguments.get("rows") if verb == APPLY else None
    told = rows if isinstance(rows, list | tuple) else ()
    return {verb, *(str(row.get("act") or "").strip() for row in told if isinstance(row, dict))}


def read(rows: Sequence[Mapping[str, Any]]) -> list[Row]:
    """The rows of a plan, each with its line.

    Raises InputError with the line: "plan_empty", "plan_column", "not_in_bulk", "cases_missing", "case_name",
    "slates_by_id", "plan_pair", "plan_json", "plan_argument", "plan_seen".
    """
    if not rows:
        raise InputError("plan_empty", field="rows")
    return [_row(int(row.get("line") or n), row) for n, row in enumerate(rows, start=2)]


def _row(line: int, given: Mapping[str, Any]) -> Row:
    if unknown := sorted(set(given) - {*COLUMNS, "line"}):
        raise InputError("plan_column", field="rows", line=line, given=unknown[0], known=list(COLUMNS))
    act = str(given.get("act") or "").strip()
    if act not in CASE_ACTS | SLATE_ACTS:
        raise InputError("not_in_bulk", field="act", line=line, given=act[:40], known=sorted(CASE_ACTS | SLATE_ACTS))
    names, search = _cases(line, given.get("cases"))
    if search and act in SLATE_ACTS:
        raise InputError("slates_by_id", field="cases", line=line, given=search[:60])
    return Row(line, names, search, act, _arguments(line, given.get("arguments")), _seen(line, given.get("seen")))


def _cases(line: int, given: Any) -> tuple[tuple[str, ...], str]:
    """Receipts and ids in their order, each once; or the words of a search. Nothing is never everything."""
    listed = [str(one).strip() for one in given] if isinstance(given, list | tuple) else None
    text = " ".join(listed) if listed is not None else str(given or "").strip()
    parts = [part for part in _BETWEEN.split(text) if part]
    if not parts:
        raise InputError("cases_missing", field="cases", line=line)
    if all(_NAME.fullmatch(part) for part in parts):
        return tuple(dict.fromkeys(p.upper() if "-" in p else p.lower() for p in parts)), ""
    if listed is not None:
        raise InputError("case_name", field="cases", line=line, given=next(p for p in parts if not _NAME.fullmatch(p)))
    return (), text


def _arguments(line: int, given: Any) -> dict[str, Any]:
    """`name=value` pairs between semicolons, a value being JSON where it looks so; or one JSON object."""
    if isinstance(given, dict):
        read_ = {str(k).replace("-", "_"): v for k, v in given.items()}
    elif (text := str(given or "").strip()).startswith("{"):
        read_ = _json(line, text)
    else:
        read_ = dict(_pair(line, pair) for pair in _PAIRS.split(text) if pair.strip())
    if taken := sorted(set(read_) & _GIVEN_BY_PLAN):
        raise InputError("plan_argument", field="arguments", line=line, given=taken[0])
    return read_


def _pair(line: int, text: str) -> tuple[str, Any]:
    name, sign, value = (part.strip() for part in text.partition("="))
    if not sign or not name:
        raise InputError("plan_pair", field="arguments", line=line, given=text.strip()[:60])
    return name.replace("-", "_"), _json(line, value) if value[:1] in ("[", "{") else value


def _json(line: int, text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise InputError("plan_json", field="arguments", line=line, given=text[:60]) from error


def _seen(line: int, given: Any) -> dict[str, int]:
    """Versions by id, as a dry run writes them."""
    if given in (None, "", {}):
        return {}
    read_ = _json(line, given) if isinstance(given, str) else given
    if not isinstance(read_, dict) or not all(str(v).isdigit() for v in read_.values()):
        raise InputError("plan_seen", field="seen", line=line, given=str(given)[:60])
    return {str(k): int(v) for k, v in read_.items()}


def digest(rows: Iterable[Row]) -> str:
    """What tells one plan from another: what it says, not when it was looked at (SHA-256, hex)."""
    said = [[sorted(row.names), row.search, row.act, row.arguments] for row in rows]
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def fingerprint(sha256: str, seen: Iterable[tuple[str, int]]) -> str:
    """What a dry run saw: the plan, its cases in order, and the version of each."""
    seen = list(seen)
    what = hashlib.sha256("\x1f".join([sha256, *(one for one, _ in seen)]).encode()).hexdigest()[:16]
    versions = zlib.compress(" ".join(str(version) for _, version in seen).encode(), 9)
    return f"{what}-{base64.urlsafe_b64encode(versions).decode().rstrip('=')}"


def changed(given: str, sha256: str, seen: Sequence[tuple[str, int]]) -> list[str] | None:
    """The ids whose version is another than in the fingerprint; None when it is of other cases altogether.

    Raises InputError("fingerprint") for what is none.
    """
    what, _, packed = given.strip().partition("-")
    if not packed:
        raise InputError("fingerprint", field="fingerprint", given=given[:40])
    try:
        unpacked = zlib.decompressobj().decompress(base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)), 10**6)
        versions = [int(v) for v in unpacked.decode().split()]
    except (ValueError, binascii.Error, zlib.error) as error:
        raise InputError("fingerprint", field="fingerprint", given=given[:40]) from error
    if what != fingerprint(sha256, seen).partition("-")[0] or len(versions) != len(seen):
        return None
    return [one for (one, now), was in zip(seen, versions, strict=True) if now != was]
