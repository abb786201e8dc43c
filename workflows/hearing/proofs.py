"""Proof that a notice hung: the original sheet, photos, the sealed statement that nobody objected (domain: 7.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from models.application import Application
from models.base import new_id, table
from models.database import reading, transaction
from models.docket import NoticePaper
from models.errors import BrokenError, InputError, NotFoundError, RefusedError
from models.journal import Event
from models.notice import Notice, Objection
from models.organization import Organization
from models.settings import settings
from models.sql import Sql, bind, insert_into, row_from, rows_of
from models.vocabulary import Act, NoticeState, ObjectionState, ProofKind, Role, Thing
from workflows.intake import uploads
from workflows.intake.attachments import keep, path_of
from workflows.record.acting import Actor, refreshed
from workflows.record.claiming import look, take, visible
from workflows.record.journal import move
from workflows.record.verb import not_done_yet, query, verb

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from models.database import Store
    from models.programme import Programme

_N, _F, _J, _E, _O = (table(m).c for m in (Notice, NoticePaper, Objection, Event, Organization))
_PAPERS = rows_of(NoticePaper, _F.notice_id == bind("of", _F.notice_id), order=(_F.id,))
_PAPER = rows_of(NoticePaper, _F.id == bind("id", _F.id))
_OPEN_IN = rows_of(
    Objection,
    _J.notice_id == bind("of", _J.notice_id),
    _J.state.in_([ObjectionState.INVESTIGATING, ObjectionState.REPORTED]),
)
# In which notices a name has stood, told by its own history.
_STOOD: Sql[dict[str, str]] = Sql(
    sa.select(_E.body)
    .where(
        _E.thing == Thing.APPLICATION,
        _E.thing_id == bind("of", _E.thing_id),
        _E.act.in_([Act.PUBLISH, Act.CORRECT]),
    )
    .order_by(_E.version)
)
_ADD = insert_into(NoticePaper)
KINDS = ("pdf", "jpg", "png")
MOST_FILES, MOST_MB = 20, 10


class Held(NamedTuple):
    """A notice on a name's path with its proofs: which union held it, from when to when."""

    notice_id: str
    organization: str
    office: str
    first_day: date
    last_day: date
    state: NoticeState
    snapshot_hash: str
    papers: list[NoticePaper]


@verb("attach-proof", answer=lambda store, event: store.first(_PAPER, id=event.body["paper"]))
def attach_proof(
    actor: Actor, notice_id: str, *, kind: ProofKind, filename: str, content: bytes, place: str = "",
    key: str | None = None,
) -> NoticePaper:  # fmt: skip
    """Put proof of a notice on file, by its union's reviewers: PDF, JPG or PNG of ten megabytes at most, twenty files.

    The `statement` that nobody objected is taken once the last day is over and no objection is open.
    Raises RefusedError("notice_running", "statement_untrue"), InputError("proof_full") and all of `uploads.accepted`.
    """
    with reading() as store:
        notice, _ = take(store, actor, Act.ATTACH, Notice, notice_id)
        _require(store, notice, kind)
    # Reading a file may take a second: nobody else's transaction waits for it.
    upload = _accepted(filename, content)
    keep(upload)
    with transaction() as store:
        notice, who = take(store, actor, Act.ATTACH, Notice, notice_id)
        not_done_yet(store, who, key)
        _require(store, notice, kind)
        made = {"id": new_id(), "notice_id": notice.id, "kind": kind, "place": place.strip(),
                "filename": uploads.safe_name(filename, upload.kind), "media_type": upload.media_type,
                "size": len(upload.content), "sha256": upload.sha256, "account_id": who.id,
                "at": store.now}  # fmt: skip
        store.run(_ADD, **made)
        told = {"paper": made["id"], "kind": kind.value, "sha256": upload.sha256}
        move(store, who, Act.ATTACH, notice, key=key, body=told)
        return row_from(NoticePaper, made)


@query("notice-papers")
def notice_papers(actor: Actor, notice_id: str) -> list[NoticePaper]:
    """The proofs of a notice, for its union and the unions its names climb to. Others see nothing."""
    with reading() as store:
        notice = look(store, Notice, notice_id)
        return store.all(_PAPERS, of=notice.id) if _reads(store, refreshed(store, actor), notice) else []


@query("notices-of")
def notices_of(actor: Actor, application_id: str) -> list[Held]:
    """Every notice an application has stood in on its path, oldest first, with the proofs its asker may see.

    Raises NotFoundError for applications that are not theirs to see.
    """
    with reading() as store:
        row, who = look(store, Application, application_id), refreshed(store, actor)
        if not visible(who, Thing.APPLICATION, row):
            raise NotFoundError("not_found", thing=Thing.APPLICATION.value, given=application_id)
        stood = dict.fromkeys(body["notice"] for body in store.all(_STOOD, of=row.id) if body.get("notice"))
        return [_held(store, who, look(store, Notice, one)) for one in stood]


def read(actor: Actor, paper_id: str) -> tuple[NoticePaper, Path]:
    """A proof and where its bytes lie. Raises NotFoundError in the same words for a missing and a foreign one."""
    with reading() as store:
        file = store.first(_PAPER, id=paper_id)
        if file is None or not _reads(store, refreshed(store, actor), look(store, Notice, file.notice_id)):
            raise NotFoundError("not_found", thing="attachment", given=paper_id)
    path = path_of(file.sha256)
    if not path.is_file():
        raise BrokenError("file_missing", sha256=file.sha256)
    return file, path


def require(store: Store, rules: Programme, notices: Sequence[Notice]) -> None:
    """Refuse to send a list up, or to decide on it, whose notices lack a proof that the programme asks for.

    Raises RefusedError("proof_missing") with the kinds that are missing.
    """
    for notice in notices if rules.notice.proof else ():
        have = {paper.kind for paper in store.all(_PAPERS, of=notice.id)}
        if missing := [kind for kind in rules.notice.proof if kind not in have]:
            raise RefusedError("proof_missing", notice=notice.id, missing=missing)


def _held(store: Store, who: Actor, notice: Notice) -> Held:
    union = store.first(_UNION, code=notice.organization)
    papers = store.all(_PAPERS, of=notice.id) if _reads(store, who, notice) else []
    return Held(notice.id, notice.organization, union.name if union else notice.organization, notice.first_day,
                notice.last_day, notice.state, notice.snapshot_hash, papers)  # fmt: skip


_UNION = rows_of(Organization, _O.code == bind("code", _O.code))


def _reads(store: Store, who: Actor, notice: Notice) -> bool:
    """The notice's own union, and those its names climb to from there: reviewers and administrators."""
    staff = (Role.REVIEWER, Role.ADMINISTRATOR)
    if who.sits(notice.organization, *staff):
        return True
    route = [desk for _, desk in look(store, Application, notice.snapshot[0]["application"]).route]
    above = route[route.index(notice.organization) :] if notice.organization in route else []
    return any(who.sits(desk, *staff) for desk in above)


def _require(store: Store, notice: Notice, kind: ProofKind) -> None:
    if len(store.all(_PAPERS, of=notice.id)) >= MOST_FILES:
        raise InputError("proof_full", field="content", most=MOST_FILES)
    if kind is not ProofKind.STATEMENT:
        return
    if store.now < notice.ends_at:
        raise RefusedError("notice_running", notice=notice.id, ends_at=notice.ends_at.isoformat())
    if open_ := store.all(_OPEN_IN, of=notice.id):
        raise RefusedError("statement_untrue", count=len(open_))


def _accepted(filename: str, content: bytes) -> uploads.Upload:
    try:
        return uploads.accepted(content, KINDS, most=min(MOST_MB, settings().max_upload_mb) << 20)
    except InputError as error:
        error.details |= {"field": "content", "filename": filename[:120]}
        raise
