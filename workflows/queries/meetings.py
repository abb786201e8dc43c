"""What is asked of meetings: which there are, whose turn it is, and when one's own is."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from models.account import Account
from models.application import Application
from models.base import table
from models.database import reading
from models.errors import NotFoundError
from models.organization import Organization
from models.panel import Meeting, Slot
from models.sql import Sql, bind, rows_of
from models.vocabulary import InspectionKind, MeetingState, Role, Thing
from workflows.desk import duties
from workflows.queries.applications import seen_by
from workflows.record.acting import Actor, refreshed
from workflows.record.verb import query
from workflows.rules import permissions

if TYPE_CHECKING:
    from datetime import datetime

    from models.database import Store

_P, _O, _A, _K, _L = (table(m).c for m in (Application, Organization, Account, Meeting, Slot))
_HEAR = (Role.REVIEWER, Role.EXPERT, Role.ADMINISTRATOR)


class Turn(NamedTuple):
    """A case's place in a meeting and its planned time; `now`: it is being heard, `over`: it was."""

    place: int
    application_id: str
    receipt: str | None
    subject: str
    unit: str
    starts_at: datetime
    ends_at: datetime
    now: bool = False
    over: bool = False
    own: bool = False


class Hearing(NamedTuple):
    """A meeting as those who sit in it see it; `is_chair`: the reader calls the cases."""

    meeting: Meeting
    chair: str
    turns: list[Turn]
    is_chair: bool


class OwnTurn(NamedTuple):
    """When one's own case is to be heard."""

    kind: InspectionKind
    desk: str
    starts_at: datetime
    ends_at: datetime
    place: int
    state: MeetingState


_MEETING = rows_of(Meeting, _K.id == bind("id", _K.id))
_MEETINGS = rows_of(Meeting, _K.desk == bind("desk", _K.desk), order=(_K.starts_at.desc(), _K.id))
_CHAIR: Sql[str] = Sql(sa.select(_A.name).where(_A.id == bind("id", _A.id)))


class _Turn(NamedTuple):
    place: int
    application_id: str
    receipt: str | None
    subject: str
    unit: str
    starts_at: datetime
    ends_at: datetime
    organization: str
    applicant_id: str
    desk: str | None


_TURNS: Sql[_Turn] = Sql(
    sa.select(
        _L.place, _L.application_id, _P.receipt, _P.subject, _O.name.label("unit"), _L.starts_at, _L.ends_at,
        _P.organization, _P.applicant_id, _P.desk,
    )
    .join_from(table(Slot), table(Application), _P.id == _L.application_id)
    .join(table(Organization), _O.code == _P.organization)
    .where(_L.meeting_id == bind("meeting", _L.meeting_id))
    .order_by(_L.place),
    _Turn,
)  # fmt: skip
_OWN: Sql[OwnTurn] = Sql(
    sa.select(_K.kind, _K.desk, _L.starts_at, _L.ends_at, _L.place, _K.state)
    .join_from(table(Slot), table(Meeting), _K.id == _L.meeting_id)
    .where(_L.application_id == bind("of", _L.application_id))
    .order_by(_L.starts_at, _K.id),
    OwnTurn,
)


@query("meetings")
def meetings(actor: Actor, *, desk: str) -> list[Meeting]:
    """The meetings of a desk, the latest first; for those who sit at it, and no one else's seed is a secret."""
    with reading() as store:
        return store.all(_MEETINGS, desk=desk) if refreshed(store, actor).sits(desk, *_HEAR) else []


@query("meeting")
def meeting(actor: Actor, meeting_id: str) -> Hearing:
    """A meeting with all its turns, and whose it is now; members of a drawn panel see it, and the desk's office.

    Whoever a case is their own sees only that it has its place. Raises NotFoundError.
    """
    with reading() as store:
        who = refreshed(store, actor)
        row = store.first(_MEETING, id=meeting_id)
        if row is None or not _hears(store, who, row):
            raise NotFoundError("not_found", thing=Thing.MEETING.value, given=meeting_id)
        turns = [_turn(who, row, one) for one in store.all(_TURNS, meeting=row.id)]
        return Hearing(row, store.first(_CHAIR, id=row.chair) or "", turns, is_chair=row.chair == who.id)


@query("my-turns")
def my_turns(actor: Actor, application_id: str) -> list[OwnTurn]:
    """When a case is to be visited or heard, for whoever may see the case. Raises NotFoundError."""
    with reading() as store:
        row, _ = seen_by(store, actor, application_id)
        return store.all(_OWN, of=row.id)


def _hears(store: Store, who: Actor, row: Meeting) -> bool:
    """The desk's office; of its experts those on the panel, and where none was drawn all, while the round runs."""
    if who.sits(row.desk, Role.REVIEWER, Role.ADMINISTRATOR):
        return True
    panel = duties.panel_of(store, row.round_id, row.desk)
    if panel is None:
        return (row.round_id, row.desk) in who.hears
    return any(one.left_at is None for one in store.all(duties.SEAT, panel=panel.id, who=who.id))


def _turn(who: Actor, row: Meeting, one: _Turn) -> Turn:
    running = row.state is MeetingState.RUNNING
    closed = row.state is MeetingState.CLOSED
    return Turn(
        one.place, one.application_id, one.receipt, one.subject, one.unit, one.starts_at, one.ends_at,
        now=running and one.place == row.current,
        over=one.place < row.current or (closed and one.place == row.current and row.current > 0),
        own=permissions.is_own_case(who, one.organization, one.applicant_id, one.desk),
    )  # fmt: skip
