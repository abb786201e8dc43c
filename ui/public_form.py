"""What the public forms share: reading what was sent within bounds, and knowing that it came from our own page."""

from __future__ import annotations

import secrets as dice
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qs

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from models.base import new_token
from ui.cookies import csrf_cookie, language_of, put
from workflows.hearing import docketing

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

# A page that is the same for everybody, so that a proxy may keep it for a minute.
KEPT = {"Cache-Control": "public, max-age=60"}
FRESH = {"Cache-Control": "no-store"}
LONGEST_FORM = 65536  # bytes; 4,000 Chinese characters take 36,000 of them as a form sends them
LONGEST_WITH_FILES = LONGEST_FORM + docketing.MOST_FILES * ((docketing.MOST_MB + 1) << 20)
MOST_FIELDS = 20


class Sent(NamedTuple):
    """What a form sent: its fields, and its files by name and content."""

    fields: dict[str, str]
    files: list[tuple[str, bytes]] = []  # noqa: RUF012 -- never written to


def language(request: Request) -> str:
    """By the address alone, so that what a proxy keeps is right for everybody."""
    return language_of(request.query_params.get("lang")) or "zh"


def host(request: Request) -> str:
    """From which address of the network it came."""
    return request.client.host if request.client else ""


def csrf(request: Request) -> str:
    """The token that a form's hidden field repeats."""
    return request.cookies.get(csrf_cookie()) or new_token()


def with_csrf(response: Response, token: str) -> Response:
    """The answer with the cookie that the form's next sending must match."""
    put(response, csrf_cookie(), token)
    return response


def came_from_our_form(request: Request, given: dict[str, str]) -> bool:
    """Double submit: only a page of this site can repeat what the cookie says."""
    kept = request.cookies.get(csrf_cookie(), "")
    return bool(kept) and dice.compare_digest(kept.encode(), given.get("csrf", "").encode())


async def sent(request: Request) -> Sent:
    """The form, or nothing of one that is longer than ours can be."""
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        return await _with_files(request)
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LONGEST_FORM:
            return Sent({})
    given = parse_qs(body.decode(errors="replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    return Sent({name: values[0] for name, values in given.items()})


async def _with_files(request: Request) -> Sent:
    length = request.headers.get("content-length", "")
    if not length.isdecimal() or int(length) > LONGEST_WITH_FILES:
        return Sent({})
    try:
        form = await request.form(max_files=docketing.MOST_FILES, max_fields=MOST_FIELDS, max_part_size=LONGEST_FORM)
    except HTTPException:
        return Sent({})
    fields: dict[str, str] = {}
    files: list[tuple[str, bytes]] = []
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            if value.filename:
                files.append((value.filename, await value.read((docketing.MOST_MB << 20) + 1)))
        else:
            fields.setdefault(name, value)
    await form.close()
    return Sent(fields, files)
