"""The docket: an objection's receipt, its evidence, and what its name waits for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.application import Application
from models.base import new_id, new_number, table
from models.database import reading, transaction
from models.docket import DocketEntry, ObjectionPaper
from models.errors import BrokenError, InputError, NotFoundError
from models.notice import Objection
from models.settings import settings
from models.sql import bind, insert_into, row_from, rows_of
from models.vocabulary import Act, ObjectionState, Role, State
from workflows.intake import uploads
from workflows.intake.attachments import keep, path_of
from workflows.listing import leaving
from workflows.record.acting import PUBLIC, refreshed
from workflows.record.claiming import hold, look, visible
from workflows.record.journal import move, thing_of
from workflows.record.verb import not_done_yet, verb
from workflows.rules import permissions, receipts

if TYPE_CHECKING:
    from pathlib import Path

    from models.database import Store
    from models.slate import Slate
    from workflows.record.acting import Actor

_O, _E, _F = (table(m).c for m in (Objection, DocketEntry, ObjectionPaper))
_BY_RECEIPT = rows_of(DocketEntry, _E.receipt == bind("receipt", _E.receipt))
_ENTRY = rows_of(DocketEntry, _E.objection_id == bind("of", _E.objection_id))
_OPEN = rows_of(
    Objection,
    _O.application_id == bind("of", _O.application_id),
    _O.state.in_([ObjectionState.INVESTIGATING, ObjectionState.REPORTED]),
    _O.id != bind("but", _O.id),
    order=(_O.id,),
)
_PAPERS = rows_of(ObjectionPaper, _F.objection_id == bind("of", _F.objection_id), order=(_F.id,))
_PAPER = rows_of(ObjectionPaper, _F.id == bind("id", _F.id))
_ENTER, _ATTACH = insert_into(DocketEntry), insert_into(ObjectionPaper)
KINDS = ("pdf", "jpg", "png", "docx")
MOST_FILES, MOST_MB = 5, 10


@verb("add-evidence", answer=lambda store, event: store.first(_PAPER, id=event.body["paper"]))
def add_evidence(
    actor: Actor | None, *, receipt: str, filename: str, content: bytes, key: str | None = None
) -> ObjectionPaper:
    """Add a file to an objection by its receipt, until it is settled: at most five, of ten megabytes each.

    Only the receiving and the investigating union read it, the latter without its name. Raises
    NotFoundError("receipt_unknown"), InputError("evidence_full") and all of `uploads.accepted`.
    """
    with reading() as store:
        _require_room(store, of_receipt(store, receipt))
    # Reading a file may take a second: nobody else's transaction waits for it.
    upload = accepted(filename, content)
    keep(upload)
    with transaction() as store:
        who = refreshed(store, actor or PUBLIC)
        not_done_yet(store, who, key)
        case = hold(store, Objection, of_receipt(store, receipt).id)
        _require_room(store, case)
        made = {"id": new_id(), "objection_id": case.id, "filename": uploads.safe_name(filename, upload.kind),
                "media_type": upload.media_type, "size": len(upload.content), "sha256": upload.sha256,
                "account_id": who.id, "at": store.now}  # fmt: skip
        store.run(_ATTACH, **made)
        move(store, who, Act.ATTACH, case, key=key, body={"paper": made["id"], "sha256": upload.sha256})
        return row_from(ObjectionPaper, made)


def accepted(filename: str, content: bytes) -> uploads.Upload:
    """A file that may stand as evidence. Raises InputError as `uploads.accepted`."""
    try:
        return uploads.accepted(content, KINDS, most=min(MOST_MB, settings().max_upload_mb) << 20)
    except InputError as error:
        error.details |= {"field": "evidence", "filename": filename[:120]}
        raise


def read(actor: Actor, paper_id: str) -> tuple[ObjectionPaper, Path]:
    """A piece of evidence and where its bytes lie, for the receiving and the investigating union's reviewers.

    Raises NotFoundError in the same words for a missing and a foreign one, and for one's own case.
    """
    with reading() as store:
        who, file = refreshed(store, actor), store.first(_PAPER, id=paper_id)
        case = None if file is None else look(store, Objection, file.objection_id)
        if file is None or case is None or not _reads(store, who, case):
            raise NotFoundError("not_found", thing="attachment", given=paper_id)
        n = [paper.id for paper in store.all(_PAPERS, of=case.id)].index(file.id) + 1
    path = path_of(file.sha256)
    if not path.is_file():
        raise BrokenError("file_missing", sha256=file.sha256)
    return (file if who.sits(case.organization, Role.REVIEWER) else unnamed(file, n)), path


def unnamed(file: ObjectionPaper, n: int) -> ObjectionPaper:
    """A piece of evidence as its investigator reads it: a file's own name may be the objector's."""
    ending = file.filename.rpartition(".")[2]
    return file._replace(filename=f"证据{n}.{ending}", account_id="")  # type: ignore[attr-defined,no-any-return]


def _reads(store: Store, who: Actor, case: Objection) -> bool:
    row = look(store, Application, case.application_id)
    own = permissions.is_own_case(who, row.organization, row.applicant_id, case.organization)
    return visible(who, thing_of(case), case) and not own


def enter(store: Store, case: Objection, *, joins: str | None = None, field: str = "", value: str = "") -> str:
    """Give an objection its receipt, by which alone its objector is known; answers with it."""
    receipt = receipts.spoken(new_number(10**receipts.DIGITS))
    store.run(_ENTER, objection_id=case.id, receipt=receipt, joins=joins, field=field, value=value)
    return receipt


def of_receipt(store: Store, receipt: str) -> Objection:
    """The objection behind a receipt. Raises NotFoundError("receipt_unknown"), for a misheard one too."""
    known = receipts.normal(receipt)
    entry = None if known is None else store.first(_BY_RECEIPT, receipt=known)
    if entry is None:
        raise NotFoundError("receipt_unknown", field="receipt", given=receipt[:40])
    return look(store, Objection, entry.objection_id)


def entry_of(store: Store, objection_id: str) -> DocketEntry | None:
    """How an objection came in; None for one older than the docket."""
    return store.first(_ENTRY, of=objection_id)


def first_open(store: Store, application_id: str) -> Objection | None:
    """The oldest objection to a name that is not settled, which a further one joins."""
    return store.first(_OPEN, of=application_id, but="")


def rest(store: Store, who: Actor, slates: list[Slate], row: Application, case: Objection, outcome: str) -> None:
    """Let a name go on when no other objection to it is open: back into its notice, or after its list."""
    if row.state is State.CONTESTED and store.first(_OPEN, of=row.id, but=case.id) is None:
        body = {"objection": case.id, "letter": {"outcome": outcome}}
        leaving.catch_up(store, who, slates, move(store, who, Act.DISMISS, row, body=body))


def _require_room(store: Store, case: Objection) -> None:
    if len(store.all(_PAPERS, of=case.id)) >= MOST_FILES:
        raise InputError("evidence_full", field="evidence", most=MOST_FILES)
