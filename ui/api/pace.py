"""How often one token may call in a minute: counted in this process alone, for a call must not cost a write.

Several web faces each allow as much. What is kept is bounded: the windows of the tokens that called last.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from datetime import datetime, timedelta
from threading import Lock

from models import clock
from models.errors import TooManyError
from models.settings import settings

WINDOW = timedelta(minutes=1)
MOST = 10_000  # tokens; the one that called longest ago is forgotten first
_windows: OrderedDict[str, tuple[datetime, int]] = OrderedDict()
_lock = Lock()


def count(token_id: str) -> None:
    """Count a call of a token. Raises TooManyError with the seconds until its minute is over."""
    now = clock.now()
    with _lock:
        since, calls = _windows.pop(token_id, (now, 0))
        if not since <= now < since + WINDOW:
            since, calls = now, 0
        _windows[token_id] = (since, calls + 1)
        if len(_windows) > MOST:
            _windows.popitem(last=False)
    if calls >= settings().token_calls_a_minute:
        left = (since + WINDOW - now).total_seconds()
        raise TooManyError("too_many_tries", seconds=max(1, math.ceil(left)))
