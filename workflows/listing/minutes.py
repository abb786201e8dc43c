"""The meeting's minutes as a file beside a list: checked like an attachment, kept by its hash, shown upstairs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.base import new_id, table
from models.database import reading, transaction
from models.errors import BrokenError, InputError, NotFoundError
from models.settings import settings
from models.slate import Slate, SlatePaper
from models.sql import bind, insert_into, row_from, rows_of
from models.vocabulary import Act, Thing
from workflows.intake.attachments import keep, path_of
from workflows.intake.uploads import accepted, safe_name
from workflows.listing import joint
from workflows.record.acting import refreshed
from workflows.record.claiming import claim, look, visible
from workflows.record.journal import move
from workflows.record.verb import query, verb

if TYPE_CHECKING:
    from pathlib import Path

    from models.database import Store
    from models.journal import Event
    from workflows.record.acting import Actor

_F = table(SlatePaper).c
_INSERT = insert_into(SlatePaper)
_BY_ID = rows_of(SlatePaper, _F.id == bind("id", _F.id))
_OF = rows_of(SlatePaper, _F.slate_id == bind("slate", _F.slate_id), order=(_F.id,))
KINDS, MOST = ("pdf", "jpg", "png"), 10
_MB = 1 << 20


def _answer(store: Store, event: Event) -> SlatePaper | None:
    return store.first(_BY_ID, id=event.body["paper"])


@verb("attach-minutes", answer=_answer)
def attach_minutes(
    actor: Actor, slate_id: str, *, filename: str, content: bytes, seen: int, key: str | None = None
) -> SlatePaper:
    """Put the signed minutes beside one's own list, as PDF, JPG or PNG, until it is opened above; at most 10 files.

    It stays on the record: a better scan is put beside it. Raises InputError("slot_full") and all of
    `uploads.accepted`; IllegalMoveError once the list was opened.
    """
    with reading() as store:
        slate, _ = claim(store, actor, Act.ATTACH, Slate, slate_id, seen=seen, key=key)
        _refuse_full(store, slate)
    # Reading a file may take a second: nobody else's transaction waits for it.
    try:
        upload = accepted(content, KINDS, most=settings().max_upload_mb * _MB)
    except InputError as error:
        error.details |= {"field": "minutes", "filename": filename[:120]}
        raise
    keep(upload)
    with transaction() as store:
        slate, who = claim(store, actor, Act.ATTACH, Slate, slate_id, seen=seen, key=key)
        _refuse_full(store, slate)
        values = {"id": new_id(), "slate_id": slate.id, "filename": safe_name(filename, upload.kind),
                  "media_type": upload.media_type, "size": len(upload.content), "sha256": upload.sha256,
                  "account_id": who.id, "at": store.now}  # fmt: skip
        body = {"paper": values["id"], "filename": values["filename"], "sha256": upload.sha256}
        move(store, who, Act.ATTACH, slate, key=key, body=body)
        store.run(_INSERT, **values)
        return row_from(SlatePaper, values)


@query("slate-papers")
def slate_papers(actor: Actor, slate_id: str) -> list[SlatePaper]:
    """The files beside a list, oldest first, for whoever may see the list. Raises NotFoundError for others."""
    with reading() as store:
        _require_seen(store, actor, slate_id, slate_id)
        return store.all(_OF, slate=slate_id)


def read(actor: Actor, paper_id: str) -> tuple[SlatePaper, Path]:
    """A list's file and where its bytes lie, for whoever may see the list.

    Raises NotFoundError in the same words for a missing and a foreign one; BrokenError when the
    bytes are gone.
    """
    with reading() as store:
        paper = store.first(_BY_ID, id=paper_id)
        if paper is None:
            raise NotFoundError("not_found", thing="attachment", given=paper_id[:60])
        _require_seen(store, actor, paper.slate_id, paper_id)
    path = path_of(paper.sha256)
    if not path.is_file():
        raise BrokenError("file_missing", sha256=paper.sha256)
    return paper, path


def _require_seen(store: Store, actor: Actor, slate_id: str, given: str) -> None:
    who, slate = refreshed(store, actor), look(store, Slate, slate_id)
    if not (visible(who, Thing.SLATE, slate) or joint.member_sees(store, who, slate)):
        raise NotFoundError("not_found", thing=Thing.SLATE.value, given=given[:60])


def _refuse_full(store: Store, slate: Slate) -> None:
    if len(store.all(_OF, slate=slate.id)) >= MOST:
        raise InputError("slot_full", field="minutes", most=MOST)
