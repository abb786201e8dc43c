"""Rounds of a programme, and the places each union holds in them."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from models.base import Json, choice
from models.vocabulary import Act, Bucket, QuotaKind, RoundState


class ProgrammeVersion(SQLModel, table=True):
    """A programme file as published: rounds are pinned to it and it never changes."""

    __tablename__ = "programme_version"
    __table_args__ = (sa.UniqueConstraint("code", "version"),)

    id: str = Field(primary_key=True, max_length=80, description="code@version")
    code: str = Field(max_length=60)
    version: int
    content: dict = Field(sa_type=Json)  # type: ignore[type-arg]  # pydantic checks it on reading
    text: str = Field(sa_type=sa.Text, description="the TOML as published, remarks included")
    sha256: str = Field(max_length=64)
    published_at: datetime


class Round(SQLModel, table=True):
    """One year's round of a programme, run by the union that decides it."""

    __table_args__ = (
        sa.CheckConstraint("closes_at > opens_at AND ends_at >= closes_at", name="window"),
        sa.UniqueConstraint("programme", "organization", "year"),
    )

    id: str = Field(primary_key=True, max_length=32)
    programme: str = Field(foreign_key="programme_version.id", max_length=80)
    organization: str = Field(foreign_key="organization.code", max_length=18)
    year: int = Field(ge=2000, le=2100)
    name: str = Field(max_length=120)
    state: RoundState = Field(sa_type=choice(RoundState))
    opens_at: datetime
    closes_at: datetime
    ends_at: datetime = Field(description="planned end: reserve names lapse then")
    version: int = Field(default=1)
    head: str = Field(default="", max_length=64)


class Quota(SQLModel, table=True):
    """What a union may recommend upward in a round. Never more reserved and used than places."""

    __table_args__ = (
        sa.UniqueConstraint("round_id", "organization", "pool"),
        sa.CheckConstraint("reserved >= 0 AND used >= 0 AND minimum >= 0", name="positive"),
        sa.CheckConstraint("kind = 'free' OR reserved + used <= places", name="never_over"),
    )

    id: str = Field(primary_key=True, max_length=32)
    round_id: str = Field(foreign_key="round.id", max_length=32)
    organization: str = Field(foreign_key="organization.code", max_length=18)
    pool: str = Field(default="", max_length=60, description="a pool kept apart; empty: the whole")
    kind: QuotaKind = Field(sa_type=choice(QuotaKind))
    minimum: int = Field(default=0)
    places: int
    reserved: int = Field(default=0)
    used: int = Field(default=0)
    allotted: int = Field(
        default=0, sa_column_kwargs={"server_default": "0"}, description="split further among the unions below"
    )


class QuotaEntry(SQLModel, table=True):
    """Double entry: `n` places went from one bucket to another, by which act."""

    __tablename__ = "quota_entry"
    __table_args__ = (
        sa.CheckConstraint("n > 0", name="positive"),
        sa.CheckConstraint("source <> target", name="moves"),
    )

    id: str = Field(primary_key=True, max_length=32)
    quota_id: str = Field(foreign_key="quota.id", index=True, max_length=32)
    source: Bucket = Field(sa_type=choice(Bucket, "source"))
    target: Bucket = Field(sa_type=choice(Bucket, "target"))
    n: int
    act: Act = Field(sa_type=choice(Act, grows=True))
    slate_id: str | None = Field(default=None, max_length=32)
    application_id: str | None = Field(default=None, max_length=32)
    peer: str | None = Field(default=None, max_length=32, description="the other quota, of places lent or split")
    why: str | None = Field(default=None, max_length=200, description="the reason given, of places split or lent")
    account_id: str = Field(max_length=32)
    at: datetime
