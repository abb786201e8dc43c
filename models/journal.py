"""The journal: what happened, by whom, for whom, chained per thing and sealed by triggers."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from models.base import Json, choice
from models.vocabulary import Act, Thing


class Event(SQLModel, table=True):
    """One act on one thing. `hash` covers every column and the hash before it."""

    __tablename__ = "journal_event"
    __table_args__ = (
        sa.UniqueConstraint("thing", "thing_id", "version"),
        # One click, one effect: the same person's same key never acts twice.
        sa.UniqueConstraint("account_id", "key"),
        sa.CheckConstraint("version > 0", name="version"),
        sa.Index("ix_journal_event_at", "at"),
    )

    id: str = Field(primary_key=True, max_length=32)
    thing: Thing = Field(sa_type=choice(Thing, grows=True))
    thing_id: str = Field(max_length=32)
    version: int
    act: Act = Field(sa_type=choice(Act, grows=True))
    source: str | None = Field(default=None, max_length=32, description="state before")
    target: str = Field(max_length=32, description="state after")
    account_id: str = Field(max_length=32, description="who acted; 'system' for the clocks")
    on_behalf: str | None = Field(default=None, max_length=32)
    desk: str | None = Field(default=None, max_length=18, description="organisation acted for")
    at: datetime
    body: dict = Field(default_factory=dict, sa_type=Json)  # type: ignore[type-arg]  # act's details
    key: str | None = Field(default=None, max_length=64)
    prev: str = Field(default="", max_length=64)
    hash: str = Field(max_length=64)
