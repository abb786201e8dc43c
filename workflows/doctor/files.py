"""I18 and I19: attachments have an owner, and their bytes are there and unchanged."""

from __future__ import annotations

import hashlib
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from models.application import Application
from models.attachment import Attachment
from models.base import table
from models.docket import NoticePaper, ObjectionPaper
from models.settings import settings
from models.slate import SlatePaper
from models.sql import Sql, bind
from workflows.doctor.violation import Found, Violation
from workflows.intake.attachments import path_of
from workflows.record.streaming import stream

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from models.database import Store

_F, _P = table(Attachment).c, table(Application).c
_OWNERLESS: Sql[Found] = Sql(
    sa.select(_F.id, _F.application_id)
    .outerjoin_from(table(Attachment), table(Application), _P.id == _F.application_id)
    .where(_P.id.is_(None)),
    Found,
)


class _Kept(NamedTuple):
    sha256: str
    size: int
    example: str


_KEPT: Sql[_Kept] = Sql(
    sa.select(_F.sha256, _F.size, sa.func.min(_F.id)).where(_F.removed_at.is_(None)).group_by(_F.sha256, _F.size),
    _Kept,
)
_OTHERS = tuple(table(m).c for m in (SlatePaper, NoticePaper, ObjectionPaper))
_PAPERS: tuple[Sql[_Kept], ...] = tuple(
    Sql(sa.select(c.sha256, c.size, sa.func.min(c.id)).group_by(c.sha256, c.size), _Kept) for c in _OTHERS
)
_KNOWN: Sql[str] = Sql(
    sa.union_all(*(sa.select(c.id).where(c.sha256 == bind("sha256", _F.sha256)) for c in (_F, *_OTHERS)))
)


def attachments_have_an_owner(store: Store) -> Iterator[Violation]:
    """Whether one may read a file is asked of its application, so it has one."""
    for row in stream(store, _OWNERLESS):
        yield Violation("I18", "attachment_ownerless", row.detail, f"attachment {row.subject}")


def files_are_there(store: Store) -> Iterator[Violation]:
    """The bytes of every attachment in force, and of all minutes, proofs and evidence, are there and unchanged."""
    for kept in chain(stream(store, _KEPT), *(stream(store, sql) for sql in _PAPERS)):
        path = path_of(kept.sha256)
        if not path.is_file():
            yield Violation("I19", "file_missing", kept.sha256, f"attachment {kept.example}")
        elif path.stat().st_size != kept.size or _sha256(path) != kept.sha256:
            yield Violation("I19", "file_changed", kept.sha256, f"attachment {kept.example}")


def orphans(store: Store) -> Iterator[Violation]:
    """Stored files that no row, not even a removed one, speaks of."""
    for path in settings().attachments_dir.glob("*/*"):
        if path.is_file() and store.first(_KNOWN, sha256=path.name) is None:
            yield Violation("I19", "file_orphaned", str(path.stat().st_size), f"file {path.name}")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
