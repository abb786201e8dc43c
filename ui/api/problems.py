"""Refusals as application/problem+json (RFC 9457): the code of ours, and the sentence a person would read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from starlette.responses import Response

from models.errors import BrokenError, ForbiddenError, InputError, ShenbaoError, SignedOutError, TooManyError
from models.text import sentence
from ui.answers import plain

if TYPE_CHECKING:
    from starlette.requests import Request

MEDIA = "application/problem+json"


class NoSuchPageError(ForbiddenError):
    """There is nothing under this address."""

    http_status = 404


class WrongMethodError(InputError):
    """The address is known, the method is not for it."""

    http_status = 405


class LongBodyError(InputError):
    """More was sent than is taken."""

    http_status = 413


def problem(request: Request, error: ShenbaoError) -> Response:
    """An error of ours as a problem; what is broken is told without its details."""
    details = {} if isinstance(error, BrokenError) else plain(error.details)
    told = {
        "type": f"urn:shenbao:problem:{error.code}",
        "title": sentence(error, language(request)),
        "status": error.http_status,
        "code": error.code,
        "details": details,
    }
    return Response(json.dumps(told, ensure_ascii=False), error.http_status, _headers(error), media_type=MEDIA)


def language(request: Request) -> str:
    """English for who asks for it first in Accept-Language, else Chinese."""
    return "en" if request.headers.get("accept-language", "").strip().casefold().startswith("en") else "zh"


def _headers(error: ShenbaoError) -> dict[str, str]:
    headers = {"Cache-Control": "no-store"}
    if isinstance(error, SignedOutError):
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, TooManyError):
        headers["Retry-After"] = str(error.details["seconds"])
    if isinstance(error, WrongMethodError):
        headers["Allow"] = str(error.details["allowed"])
    return headers
