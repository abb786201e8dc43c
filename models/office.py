"""Among the people of a desk: deputies for a term, countersigned cases, reminders and copies."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from models.base import choice
from models.vocabulary import CountersignRule, CountersignState, Role, Vote

_OPEN = sa.text("state = 'open'")
_PRESENT = sa.text("past = false")
_STANDING = sa.text("dropped_at IS NULL")


class Deputy(SQLModel, table=True):
    """Somebody who acts for a colleague in one seat, from `starts_at` until `ends_at` or until relieved (`ended_at`).

    Only the principal's own seats are lent, and only while both sit there; nothing is passed on.
    """

    __table_args__ = (
        sa.CheckConstraint("ends_at > starts_at", name="term"),
        sa.CheckConstraint("principal_id <> deputy_id", name="another"),
        sa.Index("ix_deputy_deputy_id", "deputy_id"),
        sa.Index("ix_deputy_principal_id", "principal_id"),
        sa.Index("ix_deputy_organization", "organization"),
    )

    id: str = Field(primary_key=True, max_length=32)
    principal_id: str = Field(foreign_key="account.id", max_length=32)
    deputy_id: str = Field(foreign_key="account.id", max_length=32)
    organization: str = Field(foreign_key="organization.code", max_length=18)
    role: Role = Field(sa_type=choice(Role))
    starts_at: datetime
    ends_at: datetime
    reason: str = Field(max_length=500)
    named_by: str = Field(max_length=32, description="account that named the deputy")
    named_at: datetime
    ended_at: datetime | None = Field(default=None, description="when the deputy was relieved before the term's end")


class Countersign(SQLModel, table=True):
    """A case put before several signers. `percent` is how many of them must agree under the rule `ratio`.

    It is settled by votes alone, or called off; a time limit that passes settles nothing.
    """

    __table_args__ = (
        sa.CheckConstraint("percent BETWEEN 1 AND 100", name="percent"),
        sa.CheckConstraint("(state = 'open') = (settled_at IS NULL)", name="settled"),
        sa.CheckConstraint("NOT past OR state <> 'open'", name="past"),
        sa.Index(
            "uq_countersign_application_id",
            "application_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        sa.Index(
            "ix_countersign_application_id_version",
            "application_id",
            "version",
            sqlite_where=_PRESENT,
            postgresql_where=_PRESENT,
        ),
    )

    id: str = Field(primary_key=True, max_length=32)
    application_id: str = Field(foreign_key="application.id", max_length=32)
    version: int = Field(description="version of the application that opened it")
    desk: str = Field(foreign_key="organization.code", max_length=18)
    rule: CountersignRule = Field(sa_type=choice(CountersignRule))
    percent: int = Field(default=100)
    question: str = Field(default="", max_length=500, description="what the signers are asked")
    state: CountersignState = Field(default=CountersignState.OPEN, sa_type=choice(CountersignState))
    opened_by: str = Field(max_length=32, description="account whose countersign it is")
    opened_at: datetime
    due_at: datetime
    settled_at: datetime | None = Field(default=None)
    past: bool = Field(default=False, description="the case has left the desk since")


class Signer(SQLModel, table=True):
    """One signer's task, and the vote when it is given: `signed_by` is the hand, a deputy's perhaps."""

    __table_args__ = (
        sa.CheckConstraint("(vote IS NULL) = (signed_at IS NULL)", name="signed"),
        sa.CheckConstraint("vote IS NULL OR dropped_at IS NULL", name="one_fate"),
        sa.Index(
            "uq_signer_countersign_id_account_id",
            "countersign_id",
            "account_id",
            unique=True,
            sqlite_where=_STANDING,
            postgresql_where=_STANDING,
        ),
        sa.Index("ix_signer_account_id", "account_id"),
    )

    id: str = Field(primary_key=True, max_length=32)
    countersign_id: str = Field(foreign_key="countersign.id", max_length=32)
    account_id: str = Field(foreign_key="account.id", max_length=32)
    place: int = Field(description="in the order they were named")
    added_at: datetime
    added_by: str = Field(max_length=32)
    vote: Vote | None = Field(default=None, sa_type=choice(Vote))
    words: str = Field(default="", max_length=500)
    signed_at: datetime | None = Field(default=None)
    signed_by: str | None = Field(default=None, max_length=32)
    dropped_at: datetime | None = Field(default=None)
    dropped_why: str = Field(default="", max_length=500)


class Chase(SQLModel, table=True):
    """A desk was asked to hurry: by whom, for which organisation. It changes nothing about the case."""

    __table_args__ = (sa.Index("ix_chase_application_id_at", "application_id", "at"),)

    id: str = Field(primary_key=True, max_length=32)
    application_id: str = Field(foreign_key="application.id", max_length=32)
    desk: str = Field(max_length=18, description="who was asked to hurry")
    organization: str = Field(max_length=18, description="on whose side it was asked")
    account_id: str = Field(max_length=32)
    on_behalf: str | None = Field(default=None, max_length=32)
    words: str = Field(default="", max_length=500)
    at: datetime
    key: str | None = Field(default=None, max_length=64)


class CaseCopy(SQLModel, table=True):
    """A case was pointed out to somebody who may see it anyway."""

    __table_args__ = (sa.Index("ix_case_copy_application_id_at", "application_id", "at"),)

    __tablename__ = "case_copy"

    id: str = Field(primary_key=True, max_length=32)
    application_id: str = Field(foreign_key="application.id", max_length=32)
    desk: str = Field(max_length=18)
    account_id: str = Field(max_length=32, description="who sent it")
    on_behalf: str | None = Field(default=None, max_length=32)
    to_id: str = Field(foreign_key="account.id", max_length=32)
    words: str = Field(default="", max_length=500)
    at: datetime
    key: str | None = Field(default=None, max_length=64)
