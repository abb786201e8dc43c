"""Passwords: argon2id at a cost that a flood of sign-ins cannot turn against the machine."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from models.base import new_token
from models.errors import InputError

LEAST, MOST = 8, 128  # characters; NIST SP 800-63B-3, 5.1.1
# OWASP's second choice: 19 MiB, two passes, one lane. About 50 ms a try on a small machine.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def hashed(password: str) -> str:
    """What is stored of a password."""
    return _HASHER.hash(password)


def verified(stored: str | None, password: str) -> bool:
    """Whether this is the password; as slow for an account that is unknown or has none."""
    try:
        right = _HASHER.verify(stored or _decoy(), password)
    except (VerificationError, InvalidHashError):
        return False
    return right and stored is not None


def outdated(stored: str) -> bool:
    """Whether a hash was made with other costs than today's."""
    return _HASHER.check_needs_rehash(stored)


def check(password: str, email: str) -> None:
    """Raise InputError for a password that is too short, too long or the address itself."""
    if len(password) < LEAST:
        raise InputError("password_short", field="password", least=LEAST)
    if len(password) > MOST:
        raise InputError("password_long", field="password", most=MOST)
    if password.casefold() in (email.casefold(), email.casefold().split("@")[0]):
        raise InputError("password_is_address", field="password")


@cache
def _decoy() -> str:
    return hashed(new_token())
