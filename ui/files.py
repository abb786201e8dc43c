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

LONGEST_NAME = 120  # bytes of UTF-8
# Whatever a file holds, opened in a tab it can run nothing and load nothing.
POLICY = "sandbox; default-src 'none'"


async def file(request: Request) -> Response:
    """GET /files/<id>: missing and foreign are answered in the same words."""
    return await run_in_threadpool(_file, request.headers.get(SID, ""), request.path_params["id"])


def _file(sid: str, attachment_id: str) -> Response:
    actor = sessions.actor_of(sid)
    if actor is None:
        return JSONResponse({"code": "signed_out"}, 401)
    try:
        row, path = _found(actor, attachment_id)
    except NotFoundError:
        return JSONResponse({"code": "not_found"}, 404)
    if not path.is_file():
        raise BrokenError("attachment_missing", id=attachment_id)
    headers = {
        "Content-Disposition": disposition(row.filename),
        "Content-Security-Policy": POLICY,
        "Cache-Control": "private, no-store",
    }
    return FileResponse(path, media_type=row.media_type, headers=headers)


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
