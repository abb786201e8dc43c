"""The cookies of the web face: what they are called, and how they are set and taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.settings import settings

if TYPE_CHECKING:
    from starlette.responses import Response

LANGUAGES = ("zh", "en")
LANGUAGE_COOKIE = "shenbao_lang"
YEAR = 365 * 24 * 3600  # seconds


def is_secure() -> bool:
    """Whether people reach us by https: on http a browser would drop Secure cookies."""
    return settings().public_url.casefold().startswith("https://")


def session_cookie() -> str:
    """The name of the cookie with the session's token."""
    return "__Host-shenbao" if is_secure() else "shenbao"


def csrf_cookie() -> str:
    """The name of the cookie that a form's hidden field must repeat."""
    return "__Host-shenbao_form" if is_secure() else "shenbao_form"


def put(response: Response, name: str, value: str, *, max_age: int | None = None) -> None:
    """Set a cookie that no script can read and no other site can send along with a POST."""
    response.set_cookie(name, value, max_age=max_age, path="/", secure=is_secure(), httponly=True, samesite="lax")


def drop(response: Response, name: str) -> None:
    """Take a cookie back."""
    response.delete_cookie(name, path="/", secure=is_secure(), httponly=True, samesite="lax")


def language_of(value: str | None) -> str | None:
    """A language we have, or None."""
    return value if value in LANGUAGES else None
