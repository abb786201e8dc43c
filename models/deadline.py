"""Deadlines: whatever waits has an owner and a due moment; clocks only fire them."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from models.base import Json, choice
from models.vocabulary import DeadlineKind, Thing

_OPEN = sa.text("closed_at IS NULL")
_LATE, _AHEAD = (sa.text(f"closed_at IS NULL AND fired_at {mark}") for mark in ("IS NOT NULL", "IS NULL"))
_STANDS = sa.text("cleared_at IS NULL")
_SETTLED = sa.text("closed_at IS NOT NULL")


class Deadline(SQLModel, table=True):
    """Something due. Open until the thing moves on; `fired_at` once its moment has passed."""

    __table_args__ = (
        sa.Index("ix_deadline_due_at", "due_at", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
        sa.Index("ix_deadline_thing_id", "thing_id", "thing"),
        sa.Index("ix_deadline_desk", "desk", "due_at", sqlite_where=_OPEN, postgresql_where=_OPEN),
        # What is overdue, counted and listed by desk, kind, programme and person without a look at the rows.
        sa.Index(
            "ix_deadline_late",
            "desk",
            "kind",
            "programme",
            "handler_id",
            "due_at",
            "id",
            # SQLite reads the index alone only where these stand in it.
            "closed_at",
            "fired_at",
            sqlite_where=_LATE,
            postgresql_where=_LATE,
        ),
        # Who has reached the next rung of a kind's ladder: what is far up costs a sweep nothing.
        sa.Index("ix_deadline_rung", "kind", "rung", "due_at", sqlite_where=_OPEN, postgresql_where=_OPEN),
        # What no sweep has marked yet: what the next one looks for.
        sa.Index("ix_deadline_ahead", "due_at", sqlite_where=_AHEAD, postgresql_where=_AHEAD),
        # What a desk dealt with last of one programme: how long such cases take there.
        sa.Index(
            "ix_deadline_settled",
            "desk",
            "kind",
            "programme",
            "closed_at",
            sqlite_where=_SETTLED,
            postgresql_where=_SETTLED,
        ),
    )

    id: str = Field(primary_key=True, max_length=32, description="id of the event that set it")
    thing: Thing = Field(sa_type=choice(Thing, grows=True))
    thing_id: str = Field(max_length=32)
    kind: DeadlineKind = Field(sa_type=choice(DeadlineKind, grows=True))
    desk: str | None = Field(default=None, max_length=18, description="organisation that owes it")
    account_id: str | None = Field(default=None, max_length=32, description="person who owes it")
    programme: str | None = Field(default=None, max_length=80, description="programme version of its thing")
    handler_id: str | None = Field(default=None, max_length=32, description="in whose hands its case is")
    set_at: datetime
    due_at: datetime
    derivation: str = Field(default="", max_length=500)
    provisional: bool = Field(default=False)
    rung: int = Field(default=0, description="how many of its reminders have gone out")
    fired_at: datetime | None = Field(default=None)
    closed_at: datetime | None = Field(default=None)
    basis: dict | None = Field(  # type: ignore[type-arg]
        default=None, sa_type=Json, description="what it was counted from, to count it anew"
    )
    first_due_at: datetime | None = Field(default=None, description="before it was postponed or counted anew")


class SetAside(SQLModel, table=True):
    """Something a clock could not do: it is told of and tried again, and the line goes on without it."""

    __tablename__ = "set_aside"
    __table_args__ = (
        sa.Index("ix_set_aside_step", "step", "thing_id", unique=True, sqlite_where=_STANDS, postgresql_where=_STANDS),
    )

    id: str = Field(primary_key=True, max_length=32)
    step: str = Field(max_length=40, description="the clock's step that failed")
    thing: Thing | None = Field(default=None, sa_type=choice(Thing, grows=True))
    thing_id: str = Field(default="", max_length=80, description="empty: the step as a whole")
    code: str = Field(max_length=60)
    details: dict = Field(default_factory=dict, sa_type=Json)  # type: ignore[type-arg]
    tries: int = Field(default=1)
    first_at: datetime
    last_at: datetime
    try_at: datetime = Field(description="not tried again before")
    cleared_at: datetime | None = Field(default=None)


class OverdueDay(SQLModel, table=True):
    """How a desk stood at the end of a day: the trend an administrator watches.

    `below`: the desk with all that lies under it, summed, so that a whole province is one row a day.
    """

    __tablename__ = "overdue_day"
    # A desk's last weeks, without a look at every other's, nor at the rows.
    __table_args__ = (sa.Index("ix_overdue_day_desk", "desk", "below", "day", "settled", "waiting", "overdue"),)

    day: date = Field(primary_key=True)
    desk: str = Field(primary_key=True, max_length=18)
    below: bool = Field(default=False, primary_key=True)
    waiting: int
    overdue: int
    settled: int = Field(description="cases the desk dealt with on that day")
    pace: int = Field(description="cases it dealt with in the 20 working days up to that day")


class Sweep(SQLModel, table=True):
    """One run of a clock, so that its age shows even when Prefect is down."""

    __tablename__ = "sweep_run"
    __table_args__ = (sa.Index("ix_sweep_run_kind_started_at", "kind", "started_at"),)

    id: str = Field(primary_key=True, max_length=32)
    kind: str = Field(max_length=20)
    started_at: datetime
    finished_at: datetime
    counts: str = Field(default="{}", max_length=1000, description="JSON: what it did")


class Examination(SQLModel, table=True):
    """The doctor's round over the whole database: asked for on a page or made at night, carried out by the clocks.

    At most one is open: whoever asks while it is, waits for that one.
    """

    __table_args__ = (
        sa.Index("ix_examination_is_open", "is_open", unique=True),
        sa.Index("ix_examination_finished_at", "finished_at"),
    )

    id: str = Field(primary_key=True, max_length=32)
    is_open: bool | None = Field(default=True, description="empty once it is over: the index lets one be open")
    asked_by: str | None = Field(default=None, foreign_key="account.id", max_length=32, description="empty: the night")
    asked_at: datetime
    started_at: datetime | None = Field(default=None)
    finished_at: datetime | None = Field(default=None)
    tries: int = Field(default=0)
    done: int = Field(default=0, description="how many of its steps are done")
    steps: int = Field(default=0)
    is_whole: bool | None = Field(default=None, description="false: it was given up, and found nothing out")
    counts: dict = Field(default_factory=dict, sa_type=Json)  # type: ignore[type-arg]
    found: list = Field(default_factory=list, sa_type=Json)  # type: ignore[type-arg]
