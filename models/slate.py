"""Slates: a tier's ranked list for a round, the unit of recommendation and of naming."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from models.base import Json, choice
from models.vocabulary import Rung, SlateState


class Slate(SQLModel, table=True):
    """One tier's list in a round: main places 1..n, reserve n+1..m."""

    __table_args__ = (
        sa.CheckConstraint("(state IN ('sent_up', 'opened')) = (sent_to IS NOT NULL)", name="sent"),
        sa.CheckConstraint("(state = 'opened') = (opened_at IS NOT NULL)", name="opened"),
        sa.CheckConstraint("(state = 'drafting') = (sealed_at IS NULL)", name="sealed"),
        sa.Index("ix_slate_round_id_organization", "round_id", "organization"),
        sa.Index("ix_slate_sent_to", "sent_to", "state"),
    )

    id: str = Field(primary_key=True, max_length=32)
    round_id: str = Field(foreign_key="round.id", max_length=32)
    organization: str = Field(foreign_key="organization.code", max_length=18)
    rung: Rung = Field(sa_type=choice(Rung))
    state: SlateState = Field(sa_type=choice(SlateState))
    minutes: str = Field(default="", max_length=2000, description="the collective meeting's record")
    signatories: list = Field(  # type: ignore[type-arg]  # names of who signed the minutes
        default_factory=list, sa_type=Json, sa_column_kwargs={"server_default": "[]"}
    )
    created_at: datetime
    sealed_at: datetime | None = Field(default=None)
    sent_to: str | None = Field(default=None, max_length=18)
    sent_at: datetime | None = Field(default=None)
    opened_at: datetime | None = Field(default=None)
    version: int = Field(default=0)
    head: str = Field(default="", max_length=64)


class Entry(SQLModel, table=True):
    """An application's place on a slate. Main places are ranked from 1; reserve follows."""

    __tablename__ = "slate_entry"
    __table_args__ = (
        sa.CheckConstraint("rank > 0", name="rank"),
        sa.Index("ix_slate_entry_application_id", "application_id"),
    )

    slate_id: str = Field(foreign_key="slate.id", primary_key=True, max_length=32)
    application_id: str = Field(foreign_key="application.id", primary_key=True, max_length=32)
    rank: int
    reserve: bool = Field(default=False)
    score: int | None = Field(default=None, description="hundredths of a point")
    note: str = Field(default="", max_length=500)
    outside: str = Field(default="", max_length=60, description="an award beyond the quota; takes no place")


class SlatePaper(SQLModel, table=True):
    """A file that goes with a list: the meeting's minutes as signed, kept by its hash like an attachment."""

    __tablename__ = "slate_paper"
    __table_args__ = (
        sa.CheckConstraint("size > 0", name="size"),
        sa.Index("ix_slate_paper_slate_id", "slate_id", "id"),
    )

    id: str = Field(primary_key=True, max_length=32)
    slate_id: str = Field(foreign_key="slate.id", max_length=32)
    filename: str = Field(max_length=120)
    media_type: str = Field(max_length=80)
    size: int
    sha256: str = Field(max_length=64, index=True)
    account_id: str = Field(max_length=32)
    at: datetime
