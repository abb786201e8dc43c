"""How much one person may upload: kept in the database for each hour, and a body longer than it may be is cut off.

Streamlit keeps what is uploaded in memory until a page has persisted it, and limits one file but not their number.
Counting is in the database, so that several web faces count as one: one short transaction a file. What a program
sends (`ui/api`) counts with what its owner uploads.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from limits import RateLimitItemPerHour
from limits.strategies import FixedWindowRateLimiter

from models.database import transaction
from models.errors import InputError, TooManyError
from models.settings import settings
from workflows.people.rate import Windows

if TYPE_CHECKING:
    from starlette.datastructures import Headers
    from starlette.types import Message, Receive, Scope

PREFIX = "/_stcore/upload_file"
# What a form's wrapping of the file may add to it.
OVERHEAD = 1 << 20
_MB = 1 << 20


class LongUploadError(InputError):
    """More was sent than one file may be."""

    http_status = 413


def applies(scope: Scope) -> bool:
    """Whether a request brings a file."""
    return scope["type"] == "http" and scope["method"] in ("PUT", "POST") and scope["path"].startswith(PREFIX)


def charge(account_id: str, headers: Headers) -> None:
    """Count a file against its sender's hour before a byte of it is read; of unknown length, as the longest one.

    Raises LongUploadError when it says that it is too long, TooManyError with the seconds until the hour is over.
    """
    size = _announced(headers)
    _spend(account_id, longest() if size is None else size)


def charge_base64(account_id: str, headers: Headers) -> None:
    """As `charge`, for a file that comes in base64, a third longer than it is, in a JSON object. Raises as it does."""
    size = _announced(headers)
    _spend(account_id, longest() if size is None else size * 3 // 4)


def _spend(account_id: str, size: int) -> None:
    if size > longest():
        raise _too_long()
    files = RateLimitItemPerHour(settings().uploads_an_hour, 1, "uploads")
    # In KB: a column of the count holds no more bytes than two thousand million.
    volume = RateLimitItemPerHour(settings().upload_mb_an_hour * 1024, 1, "upload-kb")
    costs = ((files, 1), (volume, size // 1024 + 1))
    with transaction() as store:
        limiter = FixedWindowRateLimiter(Windows(store))
        spent = next((item for item, cost in costs if not limiter.test(item, account_id, cost=cost)), None)
        if spent is None:
            for item, cost in costs:
                limiter.hit(item, account_id, cost=cost)
            return
        left = limiter.get_window_stats(spent, account_id).reset_time - store.now.timestamp()
    raise TooManyError("uploads_spent", seconds=max(1, math.ceil(left)))


def bounded(receive: Receive) -> Receive:
    """A `receive` that stops at the longest body a file may come in, whatever its length was said to be.

    Raises LongUploadError there; what came before is not kept.
    """
    taken = 0

    async def limited() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > longest():
            raise _too_long()
        return message

    return limited


def longest() -> int:
    """The longest body in which a file may come, in bytes."""
    return settings().max_upload_mb * _MB + OVERHEAD


def _announced(headers: Headers) -> int | None:
    """How long the body says it is; None for one that does not say so.

    A body in chunks is as long as it likes, whatever its length is said to be (RFC 9112, 6.3).
    """
    given = headers.get("content-length", "") if "transfer-encoding" not in headers else ""
    return int(given) if given.isdecimal() and len(given) < 20 else None  # noqa: PLR2004 -- digits of 2**64


def _too_long() -> LongUploadError:
    return LongUploadError("upload_too_long", most=settings().max_upload_mb)
