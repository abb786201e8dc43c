"""What reaches the database: the statements that are run, a batch being one, and the rows that are read."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from models.database import Store
from models.sql import Sql

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def statements(patch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The texts of the statements that are run meanwhile; a batch without rows reaches nobody."""
    run: list[str] = []
    execute, run_many = Store._execute, Store.run_many  # noqa: SLF001 -- the two places all statements pass

    def one(store: Store, compiled: Any, values: Any) -> int:
        run.append(compiled.text)
        return execute(store, compiled, values)

    def many(store: Store, sql: Any, given: Any) -> int:
        rows = list(given)
        run.extend([sql.on(store.dialect).text] if rows else [])
        return run_many(store, sql, rows)

    with patch.context() as inner:
        inner.setattr(Store, "_execute", one)
        inner.setattr(Store, "run_many", many)
        yield run


@contextmanager
def counted() -> Iterator[list[int]]:
    """How many statements are run meanwhile, and how many rows are read; in force when it is left."""
    spent, make = [0, 0], Sql.rows

    def read(sql: Any, compiled: Any, fetched: Any) -> list[Any]:
        found = make(sql, compiled, fetched)
        spent[1] += len(found)
        return found

    with pytest.MonkeyPatch.context() as patch, statements(patch) as run:
        patch.setattr(Sql, "rows", read)
        yield spent
        spent[0] = len(run)
