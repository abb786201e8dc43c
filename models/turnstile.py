"""A queue before a SQLite file: its own busy handler polls, and so starves whoever waits longest."""

from __future__ import annotations

import fcntl
import os
from concurrent.futures import Future
from contextlib import contextmanager
from threading import Thread
from typing import TYPE_CHECKING

from models.errors import BrokenError, BusyError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def turn(file: Path, seconds: float) -> Iterator[None]:
    """Be the one who may write, among all processes; a dead one's turn ends with it.

    Raises BusyError when the turn does not come in time; BrokenError("cannot_write").
    """
    handle = _queued(_opened(file), seconds)
    try:
        yield
    finally:
        os.close(handle)


def _opened(file: Path) -> int:
    try:
        return os.open(f"{file}-turn", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise BrokenError("cannot_write", folder=str(file.parent), reason=error.strerror) from error


def _queued(handle: int, seconds: float) -> int:
    """The handle, with the lock.

    Only the kernel's queue is fair, and waiting in it knows no limit: so a thread waits there, and
    whoever gives up leaves it behind to let the lock go again. Nobody waits: no thread.
    """
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        coming: Future[int] = Future()
        Thread(target=_wait, args=(handle, coming), daemon=True).start()
        return _come(coming, seconds)
    return handle


def _wait(handle: int, coming: Future[int]) -> None:
    fcntl.flock(handle, fcntl.LOCK_EX)
    if coming.set_running_or_notify_cancel():
        coming.set_result(handle)
    else:
        os.close(handle)


def _come(coming: Future[int], seconds: float) -> int:
    try:
        return coming.result(seconds)
    except TimeoutError as error:
        if coming.cancel():
            raise BusyError("database_busy") from error
        return coming.result()
    except BaseException:
        # Interrupted by a signal: the turn must not stay taken.
        if not coming.cancel():
            os.close(coming.result())
        raise
