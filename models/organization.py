"""Organisations: the union tree from the nation to the enterprise."""

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from models.base import choice
from models.vocabulary import Tier


class Organization(SQLModel, table=True):
    """A union or an enterprise.

    `code` is the division code (GB/T 2260), an industry union's own code, or an enterprise's
    unified social credit code (GB 32100).
    """

    __table_args__ = (
        sa.CheckConstraint("(tier = 'enterprise') = (length(code) = 18)", name="credit_code"),
        sa.CheckConstraint("(tier = 'nation') = (parent IS NULL)", name="parent"),
    )

    code: str = Field(primary_key=True, max_length=18)
    name: str = Field(max_length=120)
    tier: Tier = Field(sa_type=choice(Tier))
    parent: str | None = Field(default=None, foreign_key="organization.code", index=True, max_length=18)
    province: str | None = Field(default=None, max_length=6, index=True)
    city: str | None = Field(default=None, max_length=6)
    county: str | None = Field(default=None, max_length=6)
    # An enterprise may also file through one provincial industry union.
    industry: str | None = Field(default=None, foreign_key="organization.code", max_length=18)
    # A large group's union that may report straight to a higher tier.
    direct: bool = Field(default=False)
    non_public: bool = Field(default=False)
    active: bool = Field(default=True)
