"""Who judges: a union's pool of experts, panels drawn from it, who judges what, and the meetings where they hear it."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from models.base import Json, choice
from models.vocabulary import ExpertState, InspectionKind, MeetingState, PanelState, RequestState

_DRAWN = sa.text("state = 'drawn'")
_ACTIVE = sa.text("state = 'active'")
_STANDS = sa.text("ended_at IS NULL")
_OPEN = sa.text("state = 'open'")


class Expert(SQLModel, table=True):
    """Somebody in a union's pool, for a term. `kin` and `person_key` are hashes (`leader_key`) and never shown.

    `unit` is where they work, `alliances` the codes of units allied with it. `ends_on` is the term's last day.
    """

    __table_args__ = (
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="term"),
        sa.CheckConstraint("most_cases IS NULL OR most_cases > 0", name="load"),
        sa.Index(
            "uq_expert_organization_account_id",
            "organization",
            "account_id",
            unique=True,
            sqlite_where=_ACTIVE,
            postgresql_where=_ACTIVE,
        ),
        sa.Index("ix_expert_organization", "organization", "id"),
    )

    id: str = Field(primary_key=True, max_length=32)
    organization: str = Field(foreign_key="organization.code", max_length=18, description="whose pool")
    account_id: str = Field(foreign_key="account.id", index=True, max_length=32)
    fields: list = Field(default_factory=list, sa_type=Json)  # type: ignore[type-arg]  # of expertise, words
    unit: str = Field(default="", max_length=18, description="code of the unit they work for")
    alliances: list = Field(default_factory=list, sa_type=Json)  # type: ignore[type-arg]  # codes of units
    kin: list = Field(default_factory=list, sa_type=Json)  # type: ignore[type-arg]  # hashed identity numbers
    person_key: str | None = Field(default=None, max_length=64, description="the expert's own, hashed")
    starts_on: date
    ends_on: date | None = Field(default=None)
    most_cases: int | None = Field(default=None, description="cases a round at most")
    state: ExpertState = Field(sa_type=choice(ExpertState))
    version: int = Field(default=1)
    head: str = Field(default="", max_length=64)


class Panel(SQLModel, table=True):
    """A panel drawn by lot: seed, the pool as it was then, its hash, and the order, so that anybody may draw it again.

    `snapshot` lists `{"id", "fields"}` of every expert of the pool that could be drawn; `order` their ids as drawn;
    `strata` how many of which field were asked for, `[[field, n], ...]`. Members: `Member`.
    """

    __table_args__ = (
        sa.CheckConstraint("size > 0", name="size"),
        sa.Index(
            "uq_panel_round_id_desk", "round_id", "desk", unique=True, sqlite_where=_DRAWN, postgresql_where=_DRAWN
        ),
    )

    id: str = Field(primary_key=True, max_length=32)
    round_id: str = Field(foreign_key="round.id", max_length=32)
    desk: str = Field(foreign_key="organization.code", max_length=18)
    size: int
    strata: list = Field(default_factory=list, sa_type=Json)  # type: ignore[type-arg]
    seed: str = Field(max_length=200)
    seed_source: str = Field(default="", max_length=200, description="where a public seed came from; empty: made here")
    snapshot: list = Field(sa_type=Json)  # type: ignore[type-arg]
    snapshot_hash: str = Field(max_length=64)
    order: list = Field(sa_type=Json)  # type: ignore[type-arg]
    drawn_at: datetime
    days: int | None = Field(default=None, description="working days a member has for the sheets, from being assigned")
    account_id: str = Field(max_length=32)
    state: PanelState = Field(sa_type=choice(PanelState))
    version: int = Field(default=1)
    head: str = Field(default="", max_length=64)


class Member(SQLModel, table=True):
    """An expert on a panel, from the draw on or as a replacement; one who left stays on record.

    `place` is the expert's place in the draw's order, from 0; `stratum` the field the seat was drawn for.
    A replacement says whom it came for (`replaces`) and who before it in the order could not (`passed_over`).
    """

    __tablename__ = "panel_member"
    __table_args__ = (
        sa.UniqueConstraint("panel_id", "expert_id"),
        sa.CheckConstraint("(left_at IS NULL) = (left_reason = '')", name="left"),
        sa.Index("ix_panel_member_account_id", "account_id"),
    )

    id: str = Field(primary_key=True, max_length=32)
    panel_id: str = Field(foreign_key="panel.id", max_length=32)
    expert_id: str = Field(foreign_key="expert.id", max_length=32)
    account_id: str = Field(foreign_key="account.id", max_length=32)
    place: int
    stratum: str = Field(default="", max_length=60)
    replaces: str | None = Field(default=None, max_length=32, description="id of the member it came for")
    passed_over: list = Field(default_factory=list, sa_type=Json)  # type: ignore[type-arg]  # [expert, code]
    joined_at: datetime
    undertaken_at: datetime | None = Field(default=None, description="when the undertaking was accepted")
    left_at: datetime | None = Field(default=None)
    left_reason: str = Field(default="", max_length=500)


class Assignment(SQLModel, table=True):
    """A member is to judge a case; of one that ended, when and why. `anchor`: a case that every member judges.

    `reason`: `{"field": the field that matched or "", "load": cases of this expert, "cost": as counted, "way": how}`.
    In force: `ended_at` empty; one for a case and account.
    """

    __table_args__ = (
        sa.CheckConstraint("(ended_at IS NULL) = (end_reason = '')", name="ended"),
        sa.Index(
            "uq_assignment_application_id_account_id",
            "application_id",
            "account_id",
            unique=True,
            sqlite_where=_STANDS,
            postgresql_where=_STANDS,
        ),
        sa.Index("ix_assignment_panel_id", "panel_id", "application_id"),
        sa.Index("ix_assignment_account_id", "account_id", "panel_id"),
    )

    id: str = Field(primary_key=True, max_length=32)
    panel_id: str = Field(foreign_key="panel.id", max_length=32)
    application_id: str = Field(foreign_key="application.id", max_length=32)
    account_id: str = Field(foreign_key="account.id", max_length=32)
    reason: dict = Field(default_factory=dict, sa_type=Json)  # type: ignore[type-arg]
    anchor: bool = Field(default=False)
    assigned_at: datetime
    ended_at: datetime | None = Field(default=None)
    end_reason: str = Field(default="", max_length=500)


class RecusalRequest(SQLModel, table=True):
    """A unit asks that somebody should not judge its case. It does not know who does: it gives a name and a reason."""

    __tablename__ = "recusal_request"
    __table_args__ = (
        sa.CheckConstraint("(state = 'open') = (settled_at IS NULL)", name="settled"),
        sa.Index("ix_recusal_request_application_id", "application_id", "id"),
        sa.Index("ix_recusal_request_desk", "desk", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    id: str = Field(primary_key=True, max_length=32)
    application_id: str = Field(foreign_key="application.id", max_length=32)
    desk: str = Field(foreign_key="organization.code", max_length=18)
    name: str = Field(max_length=60, description="whom it is about, as the unit knows them")
    reason: str = Field(max_length=500)
    asked_by: str = Field(max_length=32)
    asked_at: datetime
    state: RequestState = Field(sa_type=choice(RequestState))
    ruling: str = Field(default="", max_length=500)
    settled_by: str | None = Field(default=None, max_length=32)
    settled_at: datetime | None = Field(default=None)
    account_id: str | None = Field(default=None, max_length=32, description="who stands back, where it was granted")


class Meeting(SQLModel, table=True):
    """Visits or pitches one after another, in an order drawn by lot. `current` is the place now heard, 0 before."""

    __table_args__ = (
        sa.CheckConstraint("minutes > 0 AND current >= 0", name="numbers"),
        sa.Index("ix_meeting_desk", "desk", "id"),
    )

    id: str = Field(primary_key=True, max_length=32)
    round_id: str = Field(foreign_key="round.id", max_length=32)
    desk: str = Field(foreign_key="organization.code", max_length=18)
    kind: InspectionKind = Field(sa_type=choice(InspectionKind))
    minutes: int = Field(description="of one slot")
    starts_at: datetime
    seed: str = Field(max_length=200)
    seed_source: str = Field(default="", max_length=200)
    current: int = Field(default=0)
    moved_at: datetime | None = Field(default=None, description="when the current case was called")
    chair: str = Field(foreign_key="account.id", max_length=32)
    state: MeetingState = Field(sa_type=choice(MeetingState))
    version: int = Field(default=1)
    head: str = Field(default="", max_length=64)


class Slot(SQLModel, table=True):
    """A case's place in a meeting, from 1, and when its turn is planned."""

    __tablename__ = "meeting_slot"
    __table_args__ = (
        sa.UniqueConstraint("meeting_id", "place"),
        sa.UniqueConstraint("meeting_id", "application_id"),
        sa.Index("ix_meeting_slot_application_id", "application_id"),
    )

    id: str = Field(primary_key=True, max_length=32)
    meeting_id: str = Field(foreign_key="meeting.id", max_length=32)
    application_id: str = Field(foreign_key="application.id", max_length=32)
    place: int
    starts_at: datetime
    ends_at: datetime
