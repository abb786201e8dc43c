"""The papers of the docket: receipts and evidence of objections, proofs of a notice, what a decision corrects."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from models.base import choice
from models.vocabulary import ProofKind


class DocketEntry(SQLModel, table=True):
    """How an objection came in. `receipt` is known to its objector and the receiving union alone.

    `joins`: the open objection about the same name that it came beside. `field` and `value`: the
    typing error it points at, and what should stand there; such a one is no dispute.
    """

    __tablename__ = "docket_entry"
    __table_args__ = (sa.UniqueConstraint("receipt"),)

    objection_id: str = Field(primary_key=True, foreign_key="objection.id", max_length=32)
    receipt: str = Field(max_length=20, description="sixteen digits in groups, the last one checks them")
    joins: str | None = Field(default=None, foreign_key="objection.id", max_length=32)
    field: str = Field(default="", max_length=60)
    value: str = Field(default="", max_length=120)


class ObjectionPaper(SQLModel, table=True):
    """A file handed in with an objection, for its receiver and its investigator alone."""

    __tablename__ = "objection_paper"
    __table_args__ = (sa.CheckConstraint("size > 0", name="size"),)

    id: str = Field(primary_key=True, max_length=32)
    objection_id: str = Field(foreign_key="objection.id", index=True, max_length=32)
    filename: str = Field(max_length=120)
    media_type: str = Field(max_length=80)
    size: int
    sha256: str = Field(max_length=64, index=True)
    account_id: str = Field(max_length=32)
    at: datetime


class NoticePaper(SQLModel, table=True):
    """Proof that a notice hung: its original sheet, a photo of it, the sealed statement after it."""

    __tablename__ = "notice_paper"
    __table_args__ = (sa.CheckConstraint("size > 0", name="size"),)

    id: str = Field(primary_key=True, max_length=32)
    notice_id: str = Field(foreign_key="notice.id", index=True, max_length=32)
    kind: ProofKind = Field(sa_type=choice(ProofKind))
    place: str = Field(default="", max_length=60, description="where it hung")
    filename: str = Field(max_length=120)
    media_type: str = Field(max_length=80)
    size: int
    sha256: str = Field(max_length=64, index=True)
    account_id: str = Field(max_length=32)
    at: datetime


class DecisionLink(SQLModel, table=True):
    """A decision that puts an earlier one right; the earlier one is never edited."""

    __tablename__ = "decision_link"

    decision_id: str = Field(primary_key=True, foreign_key="decision.id", max_length=32)
    corrects: str = Field(foreign_key="decision.id", index=True, max_length=32)
