"""How often one may try to sign in: counted in the database, so that all processes count as one."""

from __future__ import annotations

import hashlib
import ipaddress
import math
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import Storage
from limits.strategies import FixedWindowRateLimiter
from sqlalchemy.dialects.postgresql import insert

from models.account import Window
from models.base import table
from models.database import Store, transaction
from models.errors import ShenbaoError, TooManyError
from models.sql import Sql, bind, rows_of

ADDRESS = RateLimitItemPerMinute(30, 1, "ip")
PERSON = RateLimitItemPerMinute(10, 5, "user")
EVERYBODY = RateLimitItemPerMinute(1000, 5, "all")
KEEP = timedelta(hours=1)  # past windows stay a while, so that cleaning never meets counting
IPV6_HOUSEHOLD = 64  # bits: who has one IPv6 address has all those of its network

_W = table(Window).c
_OVER = _W.expires_at <= bind("now", _W.expires_at)


def _counting() -> Sql[int]:
    fresh = insert(table(Window)).values(
        key=bind("key", _W.key),
        count=bind("amount", _W.count),
        expires_at=bind("ends", _W.expires_at),
    )
    again = {
        "count": sa.case((_OVER, fresh.excluded.count), else_=_W.count + fresh.excluded.count),
        "expires_at": sa.case((_OVER, fresh.excluded.expires_at), else_=_W.expires_at),
    }
    return Sql(fresh.on_conflict_do_update(index_elements=["key"], set_=again).returning(_W.count))


_COUNT = _counting()
_LOOK = rows_of(Window, _W.key == bind("key", _W.key), _W.expires_at > bind("now", _W.expires_at))
_CLEAR: Sql[None] = Sql(sa.delete(table(Window)).where(_W.key == bind("key", _W.key)))
_FORGET: Sql[None] = Sql(sa.delete(table(Window)).where(_OVER))


class Windows(Storage):
    """The windows of time as rows, inside a transaction that is already open."""

    STORAGE_SCHEME = None

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store = store

    @property
    def base_exceptions(self) -> type[Exception]:
        """What may go wrong below."""
        return ShenbaoError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count; a window starts at its first try and lasts `expiry` seconds."""
        now = self._store.now
        ends = now + timedelta(seconds=expiry)
        return self._store.all(_COUNT, key=key, amount=amount, ends=ends, now=now)[0]

    def get(self, key: str) -> int:
        """How often it was tried in the window that is open now."""
        return row.count if (row := self._row(key)) is not None else 0

    def get_expiry(self, key: str) -> float:
        """When the window ends, in seconds since 1970."""
        row = self._row(key)
        return (self._store.now if row is None else row.expires_at).timestamp()

    def check(self) -> bool:
        """Whether the store answers."""
        return self._row("") is None

    def reset(self) -> int:
        """Forget the windows that ended a while ago; answers how many."""
        return self._store.run(_FORGET, now=self._store.now - KEEP)

    def clear(self, key: str) -> None:
        """Forget one window."""
        self._store.run(_CLEAR, key=key)

    def _row(self, key: str) -> Window | None:
        return self._store.first(_LOOK, key=key, now=self._store.now)


class Try(NamedTuple):
    """One try to sign in: from which address of the network, as whom."""

    address: str
    email: str

    def counters(self) -> list[tuple[RateLimitItem, str]]:
        """What it counts against, in this order: a flood from one place stops at the first.

        The person's counter holds the network address too: strangers cannot lock anybody out.
        """
        place = place_of(self.address)
        return [(ADDRESS, place), (PERSON, _key(f"{self.email}|{place}")), (EVERYBODY, "-")]


def count(attempt: Try) -> None:
    """Count a try before anything costly is done. Raises TooManyError with the seconds to wait."""
    with transaction() as store:
        ends = _count(store, attempt)
        now = store.now
    if ends is not None:
        seconds = max(1, math.ceil((ends - now).total_seconds()))
        raise TooManyError("too_many_tries", seconds=seconds)


def spend(item: RateLimitItem, key: str) -> None:
    """Count something that is rare by its nature, under a key of its own. Raises TooManyError as `count` does."""
    with transaction() as store:
        limiter = FixedWindowRateLimiter(Windows(store))
        if limiter.hit(item, _key(key)):
            return
        left = limiter.get_window_stats(item, _key(key)).reset_time - store.now.timestamp()
    raise TooManyError("too_many_tries", seconds=max(1, math.ceil(left)))


def spare(store: Store, item: RateLimitItem, key: str) -> bool:
    """Count something in a transaction that is open already; whether it was still within its limit."""
    return FixedWindowRateLimiter(Windows(store)).hit(item, _key(key))


def forgive(store: Store, attempt: Try) -> None:
    """A right password clears the person's counter."""
    item, key = attempt.counters()[1]
    FixedWindowRateLimiter(Windows(store)).clear(item, key)


def clear(store: Store, item: RateLimitItem, key: str) -> None:
    """Begin to count anew what `spare` counted."""
    FixedWindowRateLimiter(Windows(store)).clear(item, _key(key))


def tidy(store: Store) -> int:
    """Forget windows that ended a while ago; answers how many."""
    return Windows(store).reset()


def _count(store: Store, attempt: Try) -> datetime | None:
    """When the first full window ends; None when the try was counted in all of them."""
    limiter = FixedWindowRateLimiter(Windows(store))
    for item, key in attempt.counters():
        if not limiter.hit(item, key):
            return datetime.fromtimestamp(limiter.get_window_stats(item, key).reset_time, UTC)
    return None


def _key(person: str) -> str:
    # What somebody typed may be longer than the column, and may be anything.
    return hashlib.sha256(person.encode(errors="replace")).hexdigest()


def place_of(address: str) -> str:
    """What counts as one place: an address, or all those of an IPv6 household."""
    try:
        place = ipaddress.ip_address(address)
    except ValueError:
        return address[:45]
    if place.version == 4:  # noqa: PLR2004 -- the protocol's own number
        return str(place)
    return str(ipaddress.ip_network((place, IPV6_HOUSEHOLD), strict=False))
