"""People who come by themselves: who asked for an account and a seat, and who is known elsewhere."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from models.base import choice
from models.vocabulary import Role

# Partial: whoever asks for these repeats the very words, or the index is not found.
_OPEN = sa.text("settled_at IS NULL AND proven_at IS NOT NULL")
_UNSENT = sa.text("letter_at IS NOT NULL")
_UNPROVEN = sa.text("proven_at IS NULL")


class Registration(SQLModel, table=True):
    """Somebody's wish for an account and a seat: by its letter's link an address is proven, by an office the seat.

    What proves the link is no part of the row: the secret signs its id.
    """

    __table_args__ = (
        sa.CheckConstraint("(settled_at IS NULL) = (is_granted IS NULL)", name="settled"),
        sa.Index("ix_registration_open", "organization", sqlite_where=_OPEN, postgresql_where=_OPEN),
        sa.Index("ix_registration_letter_at", "letter_at", sqlite_where=_UNSENT, postgresql_where=_UNSENT),
        sa.Index("ix_registration_email", "email", sqlite_where=_UNPROVEN, postgresql_where=_UNPROVEN),
    )

    id: str = Field(primary_key=True, max_length=32)
    email: str = Field(max_length=254)
    name: str = Field(max_length=60)
    language: str = Field(default="zh", max_length=5)
    organization: str = Field(foreign_key="organization.code", max_length=18, description="where they wish to sit")
    role: Role = Field(sa_type=choice(Role))
    note: str = Field(default="", max_length=500)
    made_at: datetime
    ends_at: datetime
    proven_at: datetime | None = Field(default=None, description="when the link was used")
    letter_at: datetime | None = Field(default=None, description="when its letter is due, or due again; empty: it left")
    attempts: int = Field(default=0, description="tries to carry that letter")
    account_id: str | None = Field(default=None, foreign_key="account.id", index=True, max_length=32)
    settled_at: datetime | None = Field(default=None)
    settled_by: str | None = Field(default=None, foreign_key="account.id", max_length=32)
    is_granted: bool | None = Field(default=None)
    reason: str = Field(default="", max_length=500)


class Identity(SQLModel, table=True):
    """An account as a provider of sign-in (OIDC) knows it: `subject` is the provider's own lasting name for them."""

    provider: str = Field(primary_key=True, max_length=40)
    subject: str = Field(primary_key=True, max_length=255)
    account_id: str = Field(foreign_key="account.id", index=True, max_length=32)
    made_at: datetime
    used_at: datetime | None = Field(default=None)
