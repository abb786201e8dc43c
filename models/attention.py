"""Who has an eye on a case: fields somebody is at, what somebody saw last, and questions to the office."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel


class Presence(SQLModel, table=True):
    """At which field of a form somebody was last. A hint for who writes the same form, and no lock."""

    application_id: str = Field(primary_key=True, foreign_key="application.id", max_length=32)
    account_id: str = Field(primary_key=True, foreign_key="account.id", max_length=32)
    field: str = Field(default="", max_length=64, description="empty: the form is open, no field was touched")
    seen_at: datetime


class Look(SQLModel, table=True):
    """Which version of a case a reviewer saw last, and when; and which they had seen at the look before."""

    account_id: str = Field(primary_key=True, foreign_key="account.id", max_length=32)
    application_id: str = Field(primary_key=True, foreign_key="application.id", max_length=32)
    version: int
    seen_at: datetime
    since_version: int | None = Field(default=None, description="what this look is compared with; none: the first")
    since_at: datetime | None = Field(default=None)


class Question(SQLModel, table=True):
    """What an applicant asks the office where their case lies; neither changes the case nor stops a clock."""

    __table_args__ = (
        sa.CheckConstraint("(answered_at IS NULL) = (answer = '')", name="answered"),
        sa.Index("ix_question_application_id", "application_id"),
        sa.Index(
            "ix_question_open",
            "desk",
            "asked_at",
            sqlite_where=sa.text("answered_at IS NULL"),
            postgresql_where=sa.text("answered_at IS NULL"),
        ),
    )

    id: str = Field(primary_key=True, max_length=32)
    application_id: str = Field(foreign_key="application.id", max_length=32)
    desk: str = Field(foreign_key="organization.code", max_length=18, description="who is asked")
    asked_by: str = Field(foreign_key="account.id", max_length=32)
    asked_at: datetime
    text: str = Field(max_length=500)
    answered_by: str | None = Field(default=None, foreign_key="account.id", max_length=32)
    answered_at: datetime | None = Field(default=None)
    answer: str = Field(default="", max_length=1000)
