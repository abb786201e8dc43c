"""What the questions of one page share."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from models.store import Store


class View:
    """The reading transaction that questions share: opened by the first, anew after a writing or a failure."""

    def __init__(self, read: Callable[[], AbstractContextManager[Store]]) -> None:
        self._read = read
        self._open = ExitStack()
        self._store: Store | None = None
        self._depth, self._is_over = 0, False

    @contextmanager
    def asked(self) -> Iterator[Store]:
        """The store of one question; one that was interrupted leaves the next a new one."""
        if self._store is None or (self._is_over and not self._depth):
            self.end()
            self._store, self._is_over = self._open.enter_context(self._read()), False
            self._store.memory = {}
        self._depth += 1
        try:
            yield self._store
        except BaseException:
            self._is_over = True
            raise
        finally:
            self._depth -= 1

    def end(self) -> None:
        """Let go of the connection, unless a question is in the midst of using it."""
        self._is_over = True
        if self._store is not None and self._store.memory:
            self._store.memory.clear()
        if not self._depth:
            self._store = None
            self._open.close()
