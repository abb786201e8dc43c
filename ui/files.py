"""Attachments: handed out to those who may read their application, and never as a page of ours."""

from __future__ import annotations

import unicodedata
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse, JSONResponse, Response

from models.errors import BrokenError, NotFoundError
from ui.gate import SID
from workflows.hearing import docketing, proofs
from workflows.intake import attachments
from workflows.listing import minutes
from workflows.people import sessions

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.requests import Request

    from models.attachment import Attachment
    from models.docket import NoticePaper, ObjectionPaper
    from models.slate import SlatePaper
    from workflows.record.acting import Actor

    Kept = Attachment | SlatePaper | NoticePaper | ObjectionPaper

PICTURES = frozenset({"image/jpeg", "image/png", "image/webp"})
SHOWN = PICTURES | {"application/pdf"}
LONGEST_NAME = 120  # bytes of UTF-8
# Whatever a file holds, opened in a tab it can run nothing and load nothing.
POLICY = "sandbox; default-src 'none'"
# Beside a case it is shown as what its bytes were found to be: a picture, or a document in the browser's own viewer
# (which a sandbox would switch off). It can load nothing, and only our own pages frame it.
BESIDE = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'"


async def file(request: Request) -> Response:
    """GET /files/<id>: missing and foreign are answered in the same words. `?beside` shows it within a page."""
    is_beside = "beside" in request.query_params
    return await run_in_threadpool(_file, request.headers.get(SID, ""), request.path_params["id"], is_beside)


def _file(sid: str, attachment_id: str, is_beside: bool) -> Response:  # noqa: FBT001 -- a query's word
    actor = sessions.actor_of(sid)
    if actor is None:
        return JSONResponse({"code": "signed_out"}, 401)
    try:
        row, path = _found(actor, attachment_id)
    except NotFoundError:
        return JSONResponse({"code": "not_found"}, 404)
    if not path.is_file():
        raise BrokenError("attachment_missing", id=attachment_id)
    return FileResponse(path, media_type=row.media_type, headers=_headers(row, is_beside=is_beside))


def _headers(row: Kept, *, is_beside: bool) -> dict[str, str]:
    """How a file is handed out: to be saved, or shown within a page when it is of a kind that shows."""
    saved = disposition(row.filename)
    if not is_beside or row.media_type not in SHOWN:
        return {"Content-Disposition": saved, "Content-Security-Policy": POLICY, "Cache-Control": "private, no-store"}
    return {
        "Content-Disposition": "inline" + saved.removeprefix("attachment"),
        "Content-Security-Policy": BESIDE,
        "X-Frame-Options": "SAMEORIGIN",
        "Cache-Control": "private, no-store",
    }


def _found(actor: Actor, file_id: str) -> tuple[Kept, Path]:
    """An application's file, minutes beside a list, proof of a notice, or evidence. Raises NotFoundError."""
    for read in (attachments.read, minutes.read, proofs.read):
        with suppress(NotFoundError):
            return read(actor, file_id)
    return docketing.read(actor, file_id)


def disposition(name: str) -> str:
    """Save it, never show it, under a name that cannot smuggle in anything (RFC 6266)."""
    return f"attachment; filename*=UTF-8''{quote(plain(name), safe='')}"


def plain(name: str) -> str:
    """A file name without folders, control and bidirectional characters, at most 120 bytes long."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(c for c in last if unicodedata.category(c)[0] != "C").strip(". ")
    stem, dot, ending = shown.rpartition(".")
    ending = dot + ending if len(ending) <= 10 else ""  # noqa: PLR2004 -- longer is no ending
    stem = stem if ending else shown
    room = LONGEST_NAME - len(ending.encode())
    return (stem.encode()[:room].decode(errors="ignore") + ending) or "file"
