"""What a browser keeps for us while somebody is away at their provider of sign-in: signed, and good for ten minutes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from itsdangerous import BadData, URLSafeTimedSerializer

from models.secret import signature
from ui.cookies import drop, is_secure, put

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

LIFE = 600  # seconds
# Two at most: the journey to the provider and back, and an identity that waits for the password of its account.
JOURNEY, PENDING = "journey", "pending"


def give(response: Response, kind: str, content: dict[str, Any]) -> None:
    """Let the browser keep this; it can read it and not change it, so it holds nothing secret of ours."""
    put(response, _name(kind), str(_serializer(kind).dumps(content)), max_age=LIFE)


def shown(request: Request, kind: str) -> dict[str, Any] | None:
    """What the browser kept; None for nothing, for what is not ours, and for what is too old."""
    try:
        found = _serializer(kind).loads(request.cookies.get(_name(kind), ""), max_age=LIFE)
    except BadData:
        return None
    return cast("dict[str, Any]", found) if isinstance(found, dict) else None


def take(response: Response, kind: str) -> None:
    """Let the browser forget it."""
    drop(response, _name(kind))


def _name(kind: str) -> str:
    return f"__Host-shenbao_{kind}" if is_secure() else f"shenbao_{kind}"


def _serializer(kind: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(signature("ticket", kind), salt=f"shenbao-{kind}")
