"""Bad text, and how a verb takes it: kept whole, refused in words, cut short or broken."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from models.database import together
from models.errors import BrokenError, ShenbaoError
from models.store import Store

END = "尾𠮷"
BEGIN = "=1+1<b>"
BAD = f"{BEGIN}![x](//evil.cn/x):red[甲]\u202e\u200b{END}"


def longer(size: int) -> str:
    """Bad text of so many characters."""
    return BEGIN + "长" * (size - len(BEGIN) - len(END)) + END


HUGE = longer(10_000)


def came_to(call: Callable[[str], Any], text: str) -> str:
    """How a call took a text, in a dry run: "kept", "cut", "broke", or the code of its refusal; empty: not written."""
    sent: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        _listen(patch, sent)
        try:
            with together(keep=False):
                call(text)
        except BrokenError:
            return "broke"
        except ShenbaoError as error:
            return error.code
    typed = [one for one in sent if BEGIN in one]
    whole = [one for one in typed if text in one or ("…" in one and any(text in other for other in sent))]
    return ("kept" if len(whole) == len(typed) else "cut") if typed else ""


def _listen(patch: pytest.MonkeyPatch, sent: list[str]) -> None:
    """Keep every text that is sent to the database."""
    execute, many = Store._execute, Store.run_many  # noqa: SLF001 -- the two places all writes pass

    def run(self: Store, compiled: Any, values: Any) -> int:
        sent.extend(_texts(dict(values)))
        return execute(self, compiled, values)

    def run_many(self: Store, sql: Any, rows: Any) -> int:
        given = [dict(row) for row in rows]
        sent.extend(_texts(given))
        return many(self, sql, given)

    patch.setattr(Store, "_execute", run)
    patch.setattr(Store, "run_many", run_many)


def _texts(given: Any) -> Iterator[str]:
    match given:
        case str():
            yield given
        case dict():
            for one in given.values():
                yield from _texts(one)
        case list() | tuple():
            for one in given:
                yield from _texts(one)
