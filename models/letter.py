"""The outbox: letters written with the change they tell of, and carried later."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from models.base import Json, choice
from models.vocabulary import LetterKind

_WAITING = sa.text("sent_at IS NULL AND dead_at IS NULL")


class Letter(SQLModel, table=True):
    """One letter to one person about one event; at most one of each."""

    __table_args__ = (
        sa.CheckConstraint("sent_at IS NULL OR dead_at IS NULL", name="fate"),
        sa.Index("ix_letter_not_before", "not_before", "id", sqlite_where=_WAITING, postgresql_where=_WAITING),
        sa.Index("ix_letter_account_id", "account_id", "id"),
    )

    id: str = Field(primary_key=True, max_length=80, description="event or deadline rung, and person")
    account_id: str = Field(foreign_key="account.id", max_length=32)
    template: str = Field(max_length=40)
    kind: LetterKind = Field(sa_type=choice(LetterKind))
    params: dict = Field(default_factory=dict, sa_type=Json)  # type: ignore[type-arg]  # for the words
    thing_id: str | None = Field(default=None, index=True, max_length=32)
    created_at: datetime
    not_before: datetime = Field(description="lease or back-off: nobody carries it earlier")
    attempts: int = Field(default=0)
    sent_at: datetime | None = Field(default=None)
    dead_at: datetime | None = Field(default=None)
    error: str = Field(default="", max_length=500)
