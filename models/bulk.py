"""Batches: many acts done as one, by a plan, with what each case was before."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from models.base import Json, choice
from models.vocabulary import Thing


class Batch(SQLModel, table=True):
    """One plan that was applied as a unit. `take` counts how often the same person applied the same plan."""

    __table_args__ = (
        # The same plan twice at once: one of them wins.
        sa.UniqueConstraint("account_id", "sha256", "take"),
        sa.CheckConstraint("(undone_at IS NULL) = (undone_by IS NULL)", name="undone"),
        sa.CheckConstraint("take > 0", name="take"),
        sa.Index("ix_batch_desk", "desk", "id"),
    )

    id: str = Field(primary_key=True, max_length=32)
    account_id: str = Field(foreign_key="account.id", max_length=32)
    desk: str | None = Field(default=None, max_length=18, description="whose cases they were; none: several desks'")
    words: str = Field(default="", max_length=200, description="what the person calls it: a file's name, a note")
    sha256: str = Field(max_length=64, description="of the plan as given")
    take: int = Field(default=1)
    counts: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    at: datetime
    undone_at: datetime | None = Field(default=None)
    undone_by: str | None = Field(default=None, max_length=32)
    undo_reason: str = Field(default="", max_length=500)


class BatchRow(SQLModel, table=True):
    """One act of a batch on one thing: its version before and after, and what undoing it needs to know."""

    __tablename__ = "batch_row"
    __table_args__ = (sa.Index("ix_batch_row_thing_id", "thing_id"),)

    batch_id: str = Field(foreign_key="batch.id", primary_key=True, max_length=32)
    place: int = Field(primary_key=True, description="in the order in which it was done")
    line: int = Field(description="the line of the plan")
    thing: Thing = Field(sa_type=choice(Thing, grows=True))
    thing_id: str = Field(max_length=32)
    act: str = Field(max_length=40, description="the verb's name")
    seen: int
    after: int = Field(description="the thing's version when the whole batch was done")
    before: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
