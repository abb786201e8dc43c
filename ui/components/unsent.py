"""Cells of tables that were typed and not sent: kept for their writer in files that outlive the process."""

from __future__ import annotations

import json
import os
from collections import OrderedDict
from hashlib import sha256
from threading import Lock
from typing import TYPE_CHECKING, Any

import structlog

from models import clock
from models.base import new_id
from models.settings import settings
from ui.components.words import spoken

if TYPE_CHECKING:
    from pathlib import Path

Cells = dict[str, dict[str, Any]]  # what was typed, by the id of its row and the name of its column

_MOST = 2000  # tables of all people that this process keeps in memory, where no file can be written
_DAY = 24 * 3600  # seconds
_LASTS = 14 * _DAY  # for which a file waits for its writer
_log = structlog.get_logger(__name__)


class Kept:
    """The cells of everybody's tables; nobody's but their own are asked for.

    They lie in files below the data folder, and are read anew each time: a process that begins anew finds them, and
    two that share the folder answer alike, whichever of them was typed into or sent from. Where no file can be
    written, memory alone keeps them: nobody is stopped from typing.
    """

    def __init__(self) -> None:
        self._unwritten: OrderedDict[str, Cells] = OrderedDict()
        self._lock = Lock()
        self._tidied = 0.0

    def of(self, account_id: str, key: str) -> Cells:
        """What this person typed into this table in the language that they read now."""
        place = _place(account_id, key)
        with self._lock:
            kept = self._unwritten[place] if place in self._unwritten else _read(place)
            return {one: dict(cells) for one, cells in kept.items()}

    def put(self, account_id: str, key: str, cells: Cells) -> None:
        """Keep these cells in place of those before; none: they are sent."""
        place = _place(account_id, key)
        with self._lock:
            if (now := clock.now().timestamp()) - self._tidied > _DAY:
                self._tidied = now
                _tidy()
            self._unwritten.pop(place, None)
            if not _write(place, cells):
                self._unwritten[place] = cells
            while len(self._unwritten) > _MOST:
                self._unwritten.popitem(last=False)


def folder() -> Path:
    """Where the files lie."""
    return settings().data_dir / "unsent"


def _place(account_id: str, key: str) -> str:
    """The file's name. A word that was chosen is a word of the language it was chosen in."""
    return sha256(json.dumps([account_id, key, spoken()]).encode()).hexdigest()


def _read(place: str) -> Cells:
    try:
        return dict(json.loads((folder() / place).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        _log.warning("unsent_not_read", file=place, error=type(error).__name__)
        return {}


def _write(place: str, cells: Cells) -> bool:
    """Put the cells into their file, whole or not at all; answers whether they are there."""
    file = folder() / place
    try:
        if not cells:
            file.unlink(missing_ok=True)
            return True
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = file.with_name(f"{place}.{new_id()}")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
            json.dump(cells, out, ensure_ascii=False)
        fresh.replace(file)
    except (OSError, TypeError) as error:
        _log.warning("unsent_not_kept", file=place, error=type(error).__name__)
        return False
    return True


def _tidy() -> None:
    """Forget what nobody came back for; once a day, when something new is kept."""
    try:
        for file in folder().glob("*"):
            if clock.now().timestamp() - file.stat().st_mtime > _LASTS:
                file.unlink(missing_ok=True)
    except OSError as error:
        _log.warning("unsent_not_tidied", error=type(error).__name__)
