"""What stands for somebody elsewhere: tokens of programs, and one-use links in letters."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from models.base import Json, choice
from models.vocabulary import LinkKind


class Token(SQLModel, table=True):
    """A program's leave to act for an account. `id` is the SHA-256 of the token, never the token."""

    id: str = Field(primary_key=True, max_length=64)
    account_id: str = Field(foreign_key="account.id", index=True, max_length=32)
    name: str = Field(max_length=60)
    scopes: list = Field(sa_type=Json, description="ask, do, ask:NAME, do:NAME")  # type: ignore[type-arg]
    made_at: datetime
    ends_at: datetime
    used_at: datetime | None = Field(default=None, description="to the hour")
    ended_at: datetime | None = Field(default=None)


class Link(SQLModel, table=True):
    """A letter's one-use way to a new password. What proves it is no part of the row: the secret signs its id."""

    id: str = Field(primary_key=True, max_length=32)
    kind: LinkKind = Field(sa_type=choice(LinkKind, grows=True))
    account_id: str = Field(foreign_key="account.id", index=True, max_length=32)
    made_at: datetime
    ends_at: datetime
    used_at: datetime | None = Field(default=None, description="used, or made worthless by another one")
