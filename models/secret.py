"""The installation's secrets: what signs papers that leave the house and come back, and what an alarm brings along."""

from __future__ import annotations

import hmac
import os
import secrets
from hashlib import sha256
from typing import TYPE_CHECKING

from models.settings import settings

if TYPE_CHECKING:
    from pathlib import Path

_BYTES = 32


def signature(purpose: str, *parts: str) -> str:
    """HMAC-SHA256 in hex over the parts for one purpose; no two different lists of parts sign alike."""
    told = "".join(f"{len(part)}:{part}" for part in (purpose, *parts))
    return hmac.new(_key(), told.encode(), sha256).hexdigest()


def is_signed(given: str, purpose: str, *parts: str) -> bool:
    """Whether this is the signature of these parts, told in the same time either way."""
    return hmac.compare_digest(given.encode(), signature(purpose, *parts).encode())


def alarm_key() -> str:
    """What an alarm must bring: the setting's token; without one, a key below the data folder, in hex."""
    return settings().alarm_token.get_secret_value() or _kept("alarm.key").hex()


def _key() -> bytes:
    """The secret of the settings; without one, of a file below the data folder that is made once."""
    return settings().secret.get_secret_value().encode() or _kept("secret.key")


def _kept(name: str) -> bytes:
    file = settings().data_dir / name
    if not file.exists():
        _made(file)
    return file.read_bytes()


def _made(file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(f"{file.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(secrets.token_bytes(_BYTES))
    # A link is there whole or not at all, and never takes the place of one that another process made first.
    try:
        os.link(fresh, file)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
