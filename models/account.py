"""People: accounts, the seats they hold, their sessions and their tries to sign in."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from models.base import choice
from models.vocabulary import AccountState, Role


class Account(SQLModel, table=True):
    """Somebody who can sign in. `email` is the ASCII, case-folded address and unique."""

    __table_args__ = (sa.CheckConstraint("(state = 'disabled') = (disabled_at IS NOT NULL)", name="disabled"),)

    id: str = Field(primary_key=True, max_length=32)
    email: str = Field(max_length=254, unique=True)
    name: str = Field(max_length=60)
    language: str = Field(default="zh", max_length=5)
    password_hash: str | None = Field(default=None, max_length=200)
    state: AccountState = Field(default=AccountState.ACTIVE, sa_type=choice(AccountState))
    created_at: datetime
    disabled_at: datetime | None = Field(default=None)
    version: int = Field(default=0)
    head: str = Field(default="", max_length=64)


class Seat(SQLModel, table=True):
    """Who sits where, as what, from when to when (`ends_at` empty: until further notice)."""

    __table_args__ = (
        sa.CheckConstraint("ends_at IS NULL OR ends_at > starts_at", name="term"),
        sa.Index("ix_seat_organization_role", "organization", "role"),
    )

    id: str = Field(primary_key=True, max_length=32)
    account_id: str = Field(foreign_key="account.id", index=True, max_length=32)
    organization: str = Field(foreign_key="organization.code", max_length=18)
    role: Role = Field(sa_type=choice(Role))
    starts_at: datetime
    ends_at: datetime | None = Field(default=None)


class Session(SQLModel, table=True):
    """A signed-in browser. `id` is the SHA-256 of the cookie's token, never the token."""

    id: str = Field(primary_key=True, max_length=64)
    account_id: str = Field(foreign_key="account.id", index=True, max_length=32)
    created_at: datetime
    seen_at: datetime
    ends_at: datetime
    revoked_at: datetime | None = Field(default=None)
    address: str | None = Field(default=None, max_length=45, description="network address it was opened from")
    agent: str | None = Field(default=None, max_length=200, description="what the browser calls itself")
    proven_at: datetime | None = Field(default=None, description="when its holder proved anew who they are")
    opened_by: str | None = Field(default=None, max_length=40, description="a provider of sign-in; empty: the password")


class Window(SQLModel, table=True):
    """How often something was tried in one window of time; the store of the rate limiter."""

    __tablename__ = "rate_window"

    key: str = Field(primary_key=True, max_length=200)
    count: int = Field(default=0)
    expires_at: datetime
