"""What is learned of an application besides its form: departments' replies, judges' sheets, visits, contests."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from models.base import Json, choice
from models.vocabulary import AppealState, InspectionKind, ReplyKind


class Consultation(SQLModel, table=True):
    """A department asked about an application, and its answer. The reason of a veto stays internal."""

    __table_args__ = (
        sa.UniqueConstraint("application_id", "department"),
        sa.CheckConstraint("(reply IS NULL) = (replied_at IS NULL)", name="replied"),
    )

    id: str = Field(primary_key=True, max_length=32)
    application_id: str = Field(foreign_key="application.id", max_length=32)
    department: str = Field(max_length=60)
    desk: str = Field(foreign_key="organization.code", max_length=18, description="the tier that asked")
    asked_at: datetime
    due_at: datetime
    reply: ReplyKind | None = Field(default=None, sa_type=choice(ReplyKind))
    words: str = Field(default="", max_length=2000)
    document: str = Field(default="", max_length=200)
    replied_at: datetime | None = Field(default=None)
    replied_by: str | None = Field(default=None, max_length=32, description="who entered the reply")
    account_id: str = Field(max_length=32)


_IN_FORCE = sa.text("voided_at IS NULL")
_OPEN = sa.text("state = 'open'")


class Sheet(SQLModel, table=True):
    """One judge's scores of one application; a void one stays on record and counts for nothing.

    A judge who stood back without scoring has a void sheet with no scores. Who is `recused` writes
    no other; one found wrong by a ruling on an appeal is void and may be written anew.
    """

    __table_args__ = (
        sa.CheckConstraint("(voided_at IS NULL) = (void_reason = '')", name="voided"),
        sa.CheckConstraint("(voided_at IS NULL) = (voided_by IS NULL)", name="voided_by"),
        # One sheet per judge and case counts.
        sa.Index(
            "uq_sheet_application_id_account_id",
            "application_id",
            "account_id",
            unique=True,
            sqlite_where=_IN_FORCE,
            postgresql_where=_IN_FORCE,
        ),
        sa.Index("ix_sheet_application_id", "application_id"),
        sa.Index("ix_sheet_account_id", "account_id"),
    )

    id: str = Field(primary_key=True, max_length=32)
    application_id: str = Field(foreign_key="application.id", max_length=32)
    desk: str = Field(foreign_key="organization.code", max_length=18)
    account_id: str = Field(foreign_key="account.id", max_length=32)
    scores: dict = Field(sa_type=Json)  # type: ignore[type-arg]  # criterion -> points as text, or {"vote": true}
    total: int = Field(description="hundredths of a point; 10000 or 0 for a vote")
    words: str = Field(default="", max_length=2000)
    at: datetime
    voided_at: datetime | None = Field(default=None)
    void_reason: str = Field(default="", max_length=500)
    voided_by: str | None = Field(default=None, max_length=32)
    recused: bool = Field(default=False, description="the judge stood back for good")
    key: str | None = Field(default=None, max_length=64, description="the click it was written by")


class Inspection(SQLModel, table=True):
    """A site visit or a pitch that was held."""

    id: str = Field(primary_key=True, max_length=32)
    application_id: str = Field(foreign_key="application.id", index=True, max_length=32)
    kind: InspectionKind = Field(sa_type=choice(InspectionKind))
    held_on: date
    words: str = Field(max_length=2000)
    account_id: str = Field(max_length=32)
    at: datetime


class Announcement(SQLModel, table=True):
    """A contest's scores as announced: provisional until `ends_at`, then final.

    `version` counts the announcements: after an appeal that was right the scores are announced anew.
    """

    __table_args__ = (sa.UniqueConstraint("round_id", "desk"),)

    id: str = Field(primary_key=True, max_length=32)
    round_id: str = Field(foreign_key="round.id", max_length=32)
    desk: str = Field(foreign_key="organization.code", max_length=18)
    results: list = Field(sa_type=Json)  # type: ignore[type-arg]  # ranked: application, rank, total, prize
    teams: list = Field(default_factory=list, sa_type=Json)  # type: ignore[type-arg]
    announced_at: datetime
    ends_at: datetime
    version: int = Field(default=1)
    account_id: str = Field(max_length=32)


class Appeal(SQLModel, table=True):
    """A competitor's written appeal against announced scores; the ruling is final (domain: 5.11)."""

    __table_args__ = (
        sa.CheckConstraint("(state = 'open') = (ruled_at IS NULL)", name="ruled"),
        sa.Index("uq_appeal_open", "application_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    id: str = Field(primary_key=True, max_length=32)
    announcement_id: str = Field(foreign_key="announcement.id", index=True, max_length=32)
    announced: int = Field(description="version of the announcement appealed against")
    application_id: str = Field(foreign_key="application.id", max_length=32)
    words: str = Field(max_length=2000)
    state: AppealState = Field(sa_type=choice(AppealState))
    ruling: str = Field(default="", max_length=2000)
    filed_at: datetime
    ruled_at: datetime | None = Field(default=None)
    account_id: str = Field(max_length=32)
