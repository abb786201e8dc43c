"""Facts that clauses ask for, profiles typed once, and the runs that brought them in from files."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from models.base import Json, choice
from models.vocabulary import ImportKind, ImportState


class Fact(SQLModel, table=True):
    """Something that happened to a unit or a person: an accident, a penalty, a title, a prize, points.

    `kind` is the name the programme files ask for. A fact is never edited: a wrong one is voided, and
    one that came with a title falls with it.
    """

    __table_args__ = (
        sa.CheckConstraint("organization IS NOT NULL OR person_key IS NOT NULL", name="about"),
        sa.CheckConstraint("(voided_at IS NULL) = (void_reason = '')", name="voided"),
        sa.Index("ix_fact_organization_kind", "organization", "kind"),
        sa.Index("ix_fact_person_key_kind", "person_key", "kind"),
    )

    id: str = Field(primary_key=True, max_length=32)
    kind: str = Field(max_length=60)
    organization: str | None = Field(default=None, foreign_key="organization.code", max_length=18)
    person_key: str | None = Field(default=None, max_length=64, description="`rules.forms.leader_key` of the id number")
    person_name: str = Field(default="", max_length=60)
    happened_on: date
    until: date | None = Field(default=None, description="last day it holds, where it is not for good")
    amount: int | None = Field(default=None, description="points or a level")
    words: str = Field(default="", max_length=500)
    pool: bool = Field(default=False, description="the person entered the talent pool by it")
    document: str = Field(default="", max_length=200, description="where it is written")
    title_id: str | None = Field(default=None, foreign_key="title.id", index=True, max_length=32)
    import_id: str | None = Field(default=None, foreign_key="import_run.id", index=True, max_length=32)
    desk: str | None = Field(
        default=None, foreign_key="organization.code", max_length=18, description="the union that recorded it by hand"
    )
    account_id: str = Field(max_length=32)
    at: datetime
    voided_at: datetime | None = Field(default=None)
    voided_by: str | None = Field(default=None, max_length=32)
    void_reason: str = Field(default="", max_length=500)


class Profile(SQLModel, table=True):
    """One answer kept for a unit (its code) or a person (the account), offered in every form."""

    owner: str = Field(primary_key=True, max_length=32)
    name: str = Field(primary_key=True, max_length=60)
    value: dict = Field(sa_type=Json)  # type: ignore[type-arg]  # {"value": ...}
    account_id: str = Field(max_length=32)
    at: datetime


class ImportRun(SQLModel, table=True):
    """One file that was brought in: the same file again, of the same kind, changes nothing."""

    __tablename__ = "import_run"
    __table_args__ = (
        sa.UniqueConstraint("kind", "sha256", "organization"),
        sa.CheckConstraint("done_rows >= 0 AND done_rows <= all_rows", name="progress"),
    )

    id: str = Field(primary_key=True, max_length=32)
    kind: ImportKind = Field(sa_type=choice(ImportKind))
    organization: str = Field(foreign_key="organization.code", max_length=18)
    filename: str = Field(max_length=120)
    sha256: str = Field(max_length=64)
    state: ImportState = Field(sa_type=choice(ImportState))
    all_rows: int
    done_rows: int = Field(default=0)
    counts: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    account_id: str = Field(max_length=32)
    started_at: datetime
    finished_at: datetime | None = Field(default=None)
