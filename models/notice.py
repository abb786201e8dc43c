"""Public notices, the objections heard in them, and the marks left on a union."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from models.base import Json, choice
from models.vocabulary import Ground, NoticeState, ObjectionState


class Notice(SQLModel, table=True):
    """A published list with its comment window; the snapshot and its hash never change."""

    __table_args__ = (
        sa.CheckConstraint("last_day >= first_day", name="window"),
        sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed"),
        # Nothing shortens a notice: it cannot be closed before its last day is over.
        sa.CheckConstraint("closed_at IS NULL OR closed_at >= ends_at", name="never_short"),
        sa.Index("ix_notice_slate_id", "slate_id"),
    )

    id: str = Field(primary_key=True, max_length=32)
    round_id: str = Field(foreign_key="round.id", index=True, max_length=32)
    slate_id: str = Field(foreign_key="slate.id", max_length=32)
    organization: str = Field(foreign_key="organization.code", max_length=18)
    state: NoticeState = Field(sa_type=choice(NoticeState))
    opened_at: datetime
    first_day: date
    last_day: date
    ends_at: datetime
    provisional: bool
    derivation: str = Field(max_length=500)
    snapshot: list = Field(sa_type=Json)  # type: ignore[type-arg]  # one line a candidate
    snapshot_hash: str = Field(max_length=64)
    closed_at: datetime | None = Field(default=None)
    version: int = Field(default=0)
    head: str = Field(default="", max_length=64)


class Correction(SQLModel, table=True):
    """A typing error put right during a notice, beside the frozen snapshot."""

    __tablename__ = "notice_correction"

    id: str = Field(primary_key=True, max_length=32)
    notice_id: str = Field(foreign_key="notice.id", index=True, max_length=32)
    application_id: str = Field(foreign_key="application.id", max_length=32)
    field: str = Field(max_length=60)
    before: str = Field(max_length=200)
    after: str = Field(max_length=200)
    reason: str = Field(max_length=500)
    account_id: str = Field(max_length=32)
    at: datetime


class Objection(SQLModel, table=True):
    """What somebody said against a candidate. Name and contact are for the receiver's eyes only."""

    __table_args__ = (
        sa.CheckConstraint("(state IN ('dismissed', 'upheld')) = (settled_at IS NOT NULL)", name="settled"),
        sa.Index("ix_objection_notice_id_state", "notice_id", "state"),
        sa.Index("ix_objection_application_id", "application_id"),
    )

    id: str = Field(primary_key=True, max_length=32)
    notice_id: str = Field(foreign_key="notice.id", max_length=32)
    application_id: str = Field(foreign_key="application.id", max_length=32)
    organization: str = Field(foreign_key="organization.code", max_length=18)
    state: ObjectionState = Field(sa_type=choice(ObjectionState))
    ground: Ground = Field(sa_type=choice(Ground))
    words: str = Field(max_length=4000)
    objector: str = Field(default="", max_length=60)
    contact: str = Field(default="", max_length=120)
    signed: bool = Field(default=False)
    received_at: datetime
    postmarked_on: date | None = Field(default=None)
    inadmissible: str | None = Field(default=None, max_length=40, description="code of the reason")
    investigator: str | None = Field(default=None, foreign_key="organization.code", max_length=18)
    extended_at: datetime | None = Field(default=None, description="the one extension of its investigation")
    finding: str = Field(default="", max_length=4000)
    outcome: str = Field(default="", max_length=2000)
    settled_at: datetime | None = Field(default=None)
    version: int = Field(default=0)
    head: str = Field(default="", max_length=64)


class Mark(SQLModel, table=True):
    """A remark on a union that recommended a struck candidate; it binds nobody by itself."""

    id: str = Field(primary_key=True, max_length=32)
    organization: str = Field(foreign_key="organization.code", index=True, max_length=18)
    objection_id: str = Field(foreign_key="objection.id", max_length=32)
    proposal: str = Field(max_length=200)
    at: datetime
