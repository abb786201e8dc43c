"""Money for titles, stage by stage, and the leaders a title has had."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from models.base import Json, choice
from models.vocabulary import SubsidyState


class Subsidy(SQLModel, table=True):
    """One stage of money for one title; it is paid once or never. Amounts in fen."""

    __table_args__ = (
        sa.UniqueConstraint("title_id", "stage"),
        # NULLs differ: only programmes that pay a person once a year fill `person_key`.
        sa.UniqueConstraint("person_key", "programme_code", "stage", "year"),
        sa.CheckConstraint("fen > 0 AND recovered_fen >= 0 AND recovered_fen <= fen", name="amount"),
        sa.CheckConstraint(
            "(paid_at IS NULL) = (state IN ('eligible', 'requested', 'approved', 'cancelled'))", name="paid"
        ),
        sa.CheckConstraint("paid_at IS NULL OR voucher <> ''", name="voucher"),
        sa.Index("ix_subsidy_decider_state", "decider", "state"),
    )  # fmt: skip

    id: str = Field(primary_key=True, max_length=32)
    title_id: str = Field(foreign_key="title.id", max_length=32)
    stage: str = Field(max_length=60)
    organization: str = Field(foreign_key="organization.code", index=True, max_length=18)
    decider: str = Field(foreign_key="organization.code", max_length=18)
    programme_code: str = Field(max_length=60)
    year: int = Field(description="calendar year in Shanghai in which it could first be requested")
    person_key: str | None = Field(default=None, max_length=64, description="who is paid once a year")
    state: SubsidyState = Field(sa_type=choice(SubsidyState))
    fen: int
    payee: str = Field(default="", max_length=120)
    account_number: str = Field(default="", max_length=40)
    bank: str = Field(default="", max_length=120)
    receipt: str = Field(default="", max_length=120, description="number of the receipt the unit hands in")
    salt: str = Field(default="", max_length=64, description="of the journal's digest of the payee")
    eligible_at: datetime
    approved_by: str = Field(default="", max_length=32, description="whose hand may not pay it too")
    paid_at: datetime | None = Field(default=None)
    voucher: str = Field(default="", max_length=120, description="the payment's document")
    spent: list = Field(default_factory=list, sa_type=Json)  # type: ignore[type-arg]  # use, fen, words
    recovered_fen: int = Field(default=0)
    flag: str = Field(default="", max_length=200, description="why it must be looked at: the title fell")
    version: int = Field(default=0)
    head: str = Field(default="", max_length=64)


class Succession(SQLModel, table=True):
    """A leader who left a title, and who came after; the title keeps its number."""

    __table_args__ = (
        sa.CheckConstraint("(settled_at IS NULL) = (approved IS NULL)", name="settled"),
        sa.Index("ix_succession_title_id", "title_id", "id"),
    )

    id: str = Field(primary_key=True, max_length=32)
    title_id: str = Field(foreign_key="title.id", max_length=32)
    left_on: date
    late: bool = Field(default=False, description="reported after the days the programme gives")
    reason: str = Field(max_length=500)
    reported_at: datetime
    old_name: str = Field(max_length=120, description="the title's name until then")
    old_leader: str = Field(max_length=60)
    new_leader: str = Field(default="", max_length=60)
    new_key: str | None = Field(default=None, max_length=64)
    new_name: str = Field(default="", max_length=120)
    answers: dict = Field(default_factory=dict, sa_type=Json)  # type: ignore[type-arg]
    unspent_fen: int | None = Field(default=None)
    approved: bool | None = Field(default=None)
    words: str = Field(default="", max_length=500)
    settled_at: datetime | None = Field(default=None)
    account_id: str = Field(max_length=32)
