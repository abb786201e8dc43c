"""Applications, their revisions and the tiers' reviews of them."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from models.base import Json, choice
from models.vocabulary import ENDED, LIVE, REVIEWS, Channel, Line, Outcome, Rung, State


def _any_of(states: frozenset[State]) -> str:
    return "state IN (" + ", ".join(f"'{s}'" for s in sorted(states)) + ")"


_LIVE = sa.text("live")


class Application(SQLModel, table=True):
    """A worker's or an enterprise union's application in one round.

    `route` is its list of `[rung, desk]`, fixed at submission; `step` the place on it; `desk` the
    organisation that must act now (NULL: no reviewer must). `due_at` is the promise the queue is
    ordered by. `version` counts its journal events, `head` is the hash of the last one.
    """

    __table_args__ = (
        sa.CheckConstraint(f"live = ({_any_of(LIVE)})", name="live"),
        sa.CheckConstraint(f"{_any_of(REVIEWS | {State.CONTESTED})} OR desk IS NULL", name="desk"),
        sa.CheckConstraint("NOT live OR (submitted_at IS NOT NULL AND receipt IS NOT NULL)", name="submitted"),
        sa.CheckConstraint(f"(ended_at IS NOT NULL) = ({_any_of(ENDED)})", name="ended"),
        sa.CheckConstraint("(desk IS NULL) OR (due_at IS NOT NULL)", name="promise"),
        sa.CheckConstraint("version >= 0 AND step >= 0", name="counters"),
        sa.Index(
            "ix_application_desk",
            "desk",
            "due_at",
            "id",
            # For whoever asks how long cases have waited, of what programme and whose, without a look at the rows.
            "entered_at",
            "programme",
            "handler_id",
            sqlite_where=sa.text("desk IS NOT NULL"),
            postgresql_where=sa.text("desk IS NOT NULL"),
        ),
        # How many are due when at which desk: small, for a moment comes many times, and counted from end to end.
        sa.Index(
            "ix_application_due_at",
            "due_at",
            "desk",
            "programme",
            sqlite_where=sa.text("desk IS NOT NULL"),
            postgresql_where=sa.text("desk IS NOT NULL"),
        ),
        # What is in somebody's hands: handed over as a whole when they leave.
        sa.Index(
            "ix_application_handler_id",
            "handler_id",
            "desk",
            sqlite_where=sa.text("handler_id IS NOT NULL"),
            postgresql_where=sa.text("handler_id IS NOT NULL"),
        ),
        # One leader, one application in a round; domain scenario 20.
        sa.Index(
            "uq_application_round_id_leader_key",
            "round_id",
            "leader_key",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
        sa.Index("ix_application_round_id_state", "round_id", "state", "id"),
        # How many came how far, counted in the index alone.
        sa.Index("ix_application_round_id_rung", "round_id", "rung", "state"),
        sa.Index("ix_application_applicant_id", "applicant_id", "id"),
        sa.Index("ix_application_organization", "organization", "id"),
        # Who has filed with somebody of a pool, in whatever round: asked of hundreds of experts at once.
        sa.Index("ix_application_leader_key", "leader_key"),
    )

    id: str = Field(primary_key=True, max_length=32)
    receipt: str | None = Field(default=None, max_length=20, unique=True)
    round_id: str = Field(foreign_key="round.id", max_length=32)
    programme: str = Field(foreign_key="programme_version.id", max_length=80)
    organization: str = Field(foreign_key="organization.code", max_length=18)
    applicant_id: str = Field(foreign_key="account.id", max_length=32)
    line: Line = Field(sa_type=choice(Line))
    channel: Channel = Field(default=Channel.UNION, sa_type=choice(Channel))
    pool: str = Field(default="", max_length=60, description="the pool of places it stands in")
    subject: str = Field(default="", max_length=120, description="name of studio, team, result ...")
    leader_name: str = Field(default="", max_length=60)
    leader_key: str | None = Field(default=None, max_length=64)
    answers: dict = Field(default_factory=dict, sa_type=Json)  # type: ignore[type-arg]  # by the form
    content_hash: str | None = Field(default=None, max_length=64)
    state: State = Field(sa_type=choice(State))
    route: list = Field(default_factory=list, sa_type=Json)  # type: ignore[type-arg]  # [rung, desk]
    step: int = Field(default=0)
    rung: Rung | None = Field(default=None, sa_type=choice(Rung, grows=True), description="of its place on its route")
    desk: str | None = Field(default=None, max_length=18)
    checked: bool = Field(default=False, description="this tier's form check is passed")
    slate_id: str | None = Field(default=None, max_length=32, description="slate of this tier it is on")
    handler_id: str | None = Field(default=None, max_length=32, description="whose it is at this desk; none: anybody's")
    delegated_by: str | None = Field(default=None, max_length=32, description="who may take it back from its handler")
    on_hold: bool = Field(default=False, sa_column_kwargs={"server_default": sa.text("false")})
    notice_id: str | None = Field(default=None, max_length=32, description="notice it stands in")
    faults: list = Field(default_factory=list, sa_type=Json)  # type: ignore[type-arg]  # open faults
    live: bool = Field(default=False)
    created_at: datetime
    submitted_at: datetime | None = Field(default=None)
    entered_at: datetime = Field(description="when it came to where it is now")
    due_at: datetime | None = Field(default=None)
    ended_at: datetime | None = Field(default=None)
    version: int = Field(default=0)
    head: str = Field(default="", max_length=64)


class Revision(SQLModel, table=True):
    """One field of an application's form, before and after a change."""

    __table_args__ = (sa.Index("ix_revision_application_id_version", "application_id", "version"),)

    id: str = Field(primary_key=True, max_length=32)
    application_id: str = Field(foreign_key="application.id", max_length=32)
    version: int = Field(description="version of the application the change made")
    field: str = Field(max_length=60)
    before: dict | None = Field(default=None, sa_type=Json)  # type: ignore[type-arg]  # {"value": ...}
    after: dict | None = Field(default=None, sa_type=Json)  # type: ignore[type-arg]  # {"value": ...}
    account_id: str = Field(max_length=32)
    at: datetime


class Review(SQLModel, table=True):
    """What one tier said of an application, in the words that go into the printed opinion box."""

    __table_args__ = (sa.Index("ix_review_application_id", "application_id", "id"),)

    id: str = Field(primary_key=True, max_length=32)
    application_id: str = Field(foreign_key="application.id", max_length=32)
    step: int
    desk: str = Field(max_length=18)
    outcome: Outcome = Field(sa_type=choice(Outcome))
    opinion: str = Field(default="", max_length=2000)
    notice_id: str | None = Field(default=None, max_length=32, description="notice it stands in")
    faults: list = Field(default_factory=list, sa_type=Json)  # type: ignore[type-arg]  # field, words
    account_id: str = Field(max_length=32)
    at: datetime
