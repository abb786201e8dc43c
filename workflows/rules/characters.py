"""Which characters a text may hold, all but those that no database keeps; and how many of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from models.errors import InputError

# NUL, which PostgreSQL refuses, and halves of a pair, which are no characters (RFC 3629, section 3).
_NO_TEXT = re.compile("[\x00\ud800-\udfff]")


def require_characters(field: str, given: Any) -> None:
    """Read a value to its end, however deeply it nests.

    Raises InputError("character", field=...) for a text in it, or a name, that no database keeps.
    """
    if isinstance(given, str) and not _NO_TEXT.search(given) and not _NO_TEXT.search(field):
        return
    left = [field, given]
    while left:
        match left.pop():
            case str(text) if _NO_TEXT.search(text):
                raise InputError("character", field=_NO_TEXT.sub("?", field))
            case Mapping() as inner:
                left += [*inner.keys(), *inner.values()]
            case list() | tuple() | set() | frozenset() as inner:
                left += inner


def within(field: str, words: str, most: int) -> str:
    """The words without blanks around them. Raises InputError("too_long"): what somebody wrote is never cut short."""
    kept = words.strip()
    if len(kept) > most:
        raise InputError("too_long", field=field, length=len(kept), most=most)
    return kept


def beginning(words: str, most: int) -> str:
    """The words, or as many as there is room for and a mark that more was said; for a copy of what is kept whole."""
    kept = words.strip()
    return kept if len(kept) <= most else f"{kept[: most - 1]}…"
