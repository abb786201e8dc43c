"""I1: what was handed in is what is there."""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from models.application import Application
from models.attachment import Attachment
from models.base import table
from models.journal import Event
from models.sql import Sql, rows_of
from models.vocabulary import Act, State, Thing
from workflows.doctor.violation import Violation, is_
from workflows.intake.filing import content_hash
from workflows.record.streaming import stream

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from models.database import Store

_P, _E, _F = (table(m).c for m in (Application, Event, Attachment))
# Whoever gave up while mending had changed what was handed in.
_MENDING = (State.RETURNED, State.LAPSED, State.WITHDRAWN)


class _Accepted(NamedTuple):
    id: str
    answers: dict[str, Any]
    content_hash: str | None
    is_mending: bool
    body: dict[str, Any] | None


# A tier's own part, or the formal one, comes in under review: its event tells the new hash.
_parts = is_(_E.act, Act.CHECK, Act.REVISE, Act.ATTACH, Act.DETACH) & (_E.body["content_hash"].as_string().is_not(None))
_last = (
    sa.select(_E.thing_id, sa.func.max(_E.version).label("version"))
    .where(is_(_E.thing, Thing.APPLICATION), is_(_E.act, Act.SUBMIT, Act.RESUBMIT) | _parts)
    .group_by(_E.thing_id)
    .subquery()
)
_told = is_(_E.thing, Thing.APPLICATION) & (_E.thing_id == _P.id) & (_E.version == _last.c.version)
_ACCEPTED: Sql[_Accepted] = Sql(
    sa.select(_P.id, _P.answers, _P.content_hash, is_(_P.state, *_MENDING), _E.body)
    .outerjoin_from(table(Application), _last, _last.c.thing_id == _P.id)
    .outerjoin(table(Event), _told)
    .where(_P.receipt.is_not(None))
    .order_by(_P.id),
    _Accepted,
)
_FILES = rows_of(Attachment, _F.removed_at.is_(None), order=(_F.application_id,))


def receipts_keep_their_content(store: Store) -> Iterator[Violation]:
    """Every receipt's application still has the content that was last hashed: at its submission, or a part later."""
    files = _by_application(stream(store, _FILES))
    group = next(files, None)
    for row in stream(store, _ACCEPTED):
        # Both streams are in the order of the application's id.
        while group is not None and group[0] < row.id:
            group = next(files, None)
        mine = group[1] if group is not None and group[0] == row.id else []
        real = row.content_hash if row.is_mending else content_hash(row.answers, mine)
        told = (row.body or {}).get("content_hash")
        if not row.content_hash == told == real:
            detail = f"{row.content_hash} {told} {real}"
            yield Violation("I1", "content_lost", detail, f"application {row.id}")


def _by_application(files: Iterable[Attachment]) -> Iterator[tuple[str, list[Attachment]]]:
    for application_id, group in groupby(files, attrgetter("application_id")):
        yield application_id, list(group)
