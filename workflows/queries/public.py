"""What the public asks: notices with the names of unions and areas, and no private data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from models.base import table
from models.database import reading
from models.notice import Correction, Notice
from models.organization import Organization
from models.round import Round
from models.sql import Sql, bind, rows_of
from models.vocabulary import NoticeState
from workflows.hearing.notices import snapshot_hash
from workflows.programmes import programme_of
from workflows.queries.applications import look_unit
from workflows.record.acting import Actor
from workflows.record.claiming import look
from workflows.record.journal import canonical
from workflows.record.verb import query

if TYPE_CHECKING:
    from datetime import date

    from models.database import Store
    from models.programme import Words

_N, _R, _O, _K = (table(m).c for m in (Notice, Round, Organization, Correction))
MOST = 200


class Listed(NamedTuple):
    """A public notice in the list."""

    id: str
    round_name: str
    office: str
    state: NoticeState
    first_day: date
    last_day: date


class Candidate(NamedTuple):
    """One line of a notice, as it was frozen; `corrected` are typing errors put right since."""

    number: int
    application_id: str
    subject: str
    leader_name: str
    organization_name: str
    area: str
    recommended_by: str
    shows: list[dict[str, dict[str, str]]]
    corrected: list[Correction]


class Published(NamedTuple):
    """A public notice as anybody may read it."""

    notice: Notice
    round_name: str
    office: str
    candidates: list[Candidate]
    places: tuple[Words, ...] = ()


_LISTED: Sql[Listed] = Sql(
    sa.select(
        *(_N.id, _R.name.label("round_name"), _O.name.label("office")),
        *(_N.state, _N.first_day, _N.last_day),
    )
    .join_from(table(Notice), table(Round), _R.id == _N.round_id)
    .join(table(Organization), _O.code == _N.organization)
    .order_by(_N.opened_at.desc(), _N.id)
    .limit(MOST),
    Listed,
)
_CORRECTIONS = rows_of(Correction, _K.notice_id == bind("notice", _K.notice_id), order=(_K.at, _K.id))


@query("public-notices")
def published(_actor: Actor | None) -> list[Listed]:
    """Public notices, newest first, up to 200; anybody may ask."""
    with reading() as store:
        return store.all(_LISTED)


@query("public-notice")
def published_notice(_actor: Actor | None, notice_id: str) -> Published:
    """One public notice, line by line; anybody may ask. Raises NotFoundError."""
    with reading() as store:
        row = look(store, Notice, notice_id)
        corrections = store.all(_CORRECTIONS, notice=row.id)
        return Published(
            row,
            look(store, Round, row.round_id).name,
            look_unit(store, row.organization).name,
            [_candidate(store, number, line, corrections) for number, line in enumerate(row.snapshot, 1)],
            programme_of(store, look(store, Round, row.round_id).programme).notice.places,
        )


def _candidate(store: Store, number: int, line: dict[str, Any], corrections: list[Correction]) -> Candidate:
    return Candidate(
        *(number, line["application"], line["subject"], line["leader_name"]),
        line["organization_name"],
        look_unit(store, line["area"]).name if line["area"] else "",
        look_unit(store, line["recommended_by"]).name,
        line.get("shows", []),
        [each for each in corrections if each.application_id == line["application"]],
    )


class Verified(NamedTuple):
    """A published list as it was hashed, and whether it still is what its hash was taken of.

    `text`: the list's canonical JSON (keys sorted, no blanks, UTF-8); the SHA-256 of its bytes is the hash.
    """

    notice_id: str
    snapshot_hash: str
    computed: str
    matches: bool
    text: str


@query("notice-verify")
def notice_verify(_actor: Actor | None, notice_id: str) -> Verified:
    """Hash a published list anew; anybody may ask. Raises NotFoundError."""
    with reading() as store:
        row = look(store, Notice, notice_id)
    computed = snapshot_hash(row.snapshot)
    return Verified(row.id, row.snapshot_hash, computed, computed == row.snapshot_hash, canonical(row.snapshot))
