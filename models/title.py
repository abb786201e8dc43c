"""Decisions, the titles they name, and each title's yearly assessments."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from models.base import Json, choice
from models.vocabulary import AssessmentKind, AssessmentState, DecisionKind, EndCause, Grade, TitleState


class Decision(SQLModel, table=True):
    """A numbered document of a collective body; its list is frozen and never edited."""

    __table_args__ = (sa.UniqueConstraint("organization", "number"),)

    id: str = Field(primary_key=True, max_length=32)
    organization: str = Field(foreign_key="organization.code", max_length=18)
    round_id: str | None = Field(default=None, foreign_key="round.id", index=True, max_length=32)
    kind: DecisionKind = Field(sa_type=choice(DecisionKind))
    number: str = Field(max_length=60)
    body: str = Field(max_length=120, description="which meeting decided")
    meeting_on: date
    reason: str = Field(default="", max_length=2000)
    withdraws: str | None = Field(default=None, foreign_key="decision.id", max_length=32, description="a whole batch")
    return_by: date | None = Field(default=None, description="last day to return plates and certificates")
    annex: list = Field(sa_type=Json)  # type: ignore[type-arg]  # the list by area
    annex_hash: str = Field(max_length=64)
    account_id: str = Field(max_length=32)
    decided_at: datetime


class Title(SQLModel, table=True):
    """What was named: a fact that other programmes may require."""

    __table_args__ = (
        sa.UniqueConstraint("application_id"),
        sa.CheckConstraint("(application_id IS NULL) = (decision_id IS NULL)", name="origin"),
        sa.CheckConstraint("(state IN ('revoked', 'ended')) = (ended_at IS NOT NULL)", name="ended"),
        sa.Index("ix_title_programme_state", "programme_code", "state"),
        sa.Index("ix_title_leader_key", "leader_key"),
    )

    id: str = Field(primary_key=True, max_length=32)
    number: str = Field(max_length=60, unique=True, description="number on the certificate")
    # A title named before this system came in from a file: it has its document's number instead.
    application_id: str | None = Field(default=None, foreign_key="application.id", max_length=32)
    decision_id: str | None = Field(default=None, foreign_key="decision.id", index=True, max_length=32)
    document: str = Field(default="", max_length=60, description="number of an earlier document")
    programme: str = Field(foreign_key="programme_version.id", max_length=80)
    programme_code: str = Field(max_length=60)
    name: str = Field(max_length=120)
    organization: str = Field(foreign_key="organization.code", index=True, max_length=18)
    decider: str = Field(foreign_key="organization.code", max_length=18)
    leader_name: str = Field(default="", max_length=60)
    leader_key: str | None = Field(default=None, max_length=64)
    named_on: date
    valid_until: date | None = Field(default=None, description="last day, where the programme limits it")
    state: TitleState = Field(sa_type=choice(TitleState))
    ended_at: datetime | None = Field(default=None)
    end_reason: str = Field(default="", max_length=500)
    end_cause: EndCause | None = Field(default=None, sa_type=choice(EndCause))
    revoked_by: str | None = Field(default=None, foreign_key="decision.id", max_length=32)
    barred_until: date | None = Field(default=None)
    version: int = Field(default=0)
    head: str = Field(default="", max_length=64)


class Assessment(SQLModel, table=True):
    """One assessment of one title: of a year, or an acceptance or re-confirmation opened in that year."""

    __table_args__ = (
        sa.UniqueConstraint("title_id", "kind", "year"),
        sa.CheckConstraint("score IS NULL OR (score >= 0 AND score <= 10000)", name="score"),
        sa.CheckConstraint("(state IN ('due', 'reported')) = (grade IS NULL)", name="graded"),
        sa.Index("ix_assessment_decider", "decider", "year", "state"),
    )

    id: str = Field(primary_key=True, max_length=32)
    title_id: str = Field(foreign_key="title.id", max_length=32)
    organization: str = Field(foreign_key="organization.code", index=True, max_length=18)
    decider: str = Field(foreign_key="organization.code", max_length=18)
    kind: AssessmentKind = Field(default=AssessmentKind.YEARLY, sa_type=choice(AssessmentKind))
    year: int
    state: AssessmentState = Field(sa_type=choice(AssessmentState))
    report: str = Field(default="", max_length=8000)
    reported_at: datetime | None = Field(default=None)
    score: int | None = Field(default=None, description="hundredths of a point")
    grade: Grade | None = Field(default=None, sa_type=choice(Grade))
    band: str = Field(default="", max_length=20, description="the class within the grade, such as A")
    rechecked: int = Field(default=0, description="how many re-checks were held")
    met_mark: bool = Field(default=False, description="reached excellent, but beyond the cap")
    remark: str = Field(default="", max_length=1000)
    graded_at: datetime | None = Field(default=None)
    version: int = Field(default=0)
    head: str = Field(default="", max_length=64)
