"""Steps beside the slate: first lists, confirmations of joint deciders, extended cut-offs."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from models.base import choice
from models.vocabulary import Rung


class FirstList(SQLModel, table=True):
    """One name on a tier's first list: cleared by the deciding union, refused, or not answered yet."""

    __tablename__ = "first_list"
    __table_args__ = (
        sa.UniqueConstraint("application_id", "desk"),
        sa.CheckConstraint("(cleared IS NULL) = (answered_at IS NULL)", name="answered"),
        sa.Index("ix_first_list_round_id_desk", "round_id", "desk"),
    )

    id: str = Field(primary_key=True, max_length=32)
    round_id: str = Field(foreign_key="round.id", max_length=32)
    desk: str = Field(foreign_key="organization.code", max_length=18, description="the recommending tier")
    application_id: str = Field(foreign_key="application.id", max_length=32)
    proposed_at: datetime
    proposed_by: str = Field(max_length=32)
    cleared: bool | None = Field(default=None)
    reason: str = Field(default="", max_length=500)
    answered_at: datetime | None = Field(default=None)
    answered_by: str | None = Field(default=None, max_length=32)


class Confirmation(SQLModel, table=True):
    """One province's yes to the list of a joint meeting, as the list stood (`slate_head`)."""

    __table_args__ = (sa.UniqueConstraint("slate_id", "organization"),)

    id: str = Field(primary_key=True, max_length=32)
    slate_id: str = Field(foreign_key="slate.id", max_length=32)
    organization: str = Field(foreign_key="organization.code", max_length=18)
    order_hash: str = Field(max_length=64, description="hash of the names confirmed")
    account_id: str = Field(max_length=32)
    at: datetime


class Extension(SQLModel, table=True):
    """A tier's cut-off in a round put off, with the reason; the last one counts."""

    __table_args__ = (sa.Index("ix_extension_round_id_desk", "round_id", "desk"),)

    id: str = Field(primary_key=True, max_length=32)
    round_id: str = Field(foreign_key="round.id", max_length=32)
    desk: str = Field(foreign_key="organization.code", max_length=18)
    rung: Rung = Field(sa_type=choice(Rung))
    until: datetime
    reason: str = Field(max_length=500)
    account_id: str = Field(max_length=32)
    at: datetime
