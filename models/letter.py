"""The outbox: letters written with the change they tell of, and carried later, by mail and by other ways."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from models.base import Json, choice
from models.vocabulary import CarrierKind, Habit, LetterKind

_WAITING = sa.text("sent_at IS NULL AND dead_at IS NULL")
# Partial: whoever asks for these repeats the very words, or the index is not found.
UNSETTLED = sa.text("settled_at IS NULL AND (dead_at IS NOT NULL OR bounced_at IS NOT NULL)")

# The same letters as `_WAITING` in other words: whoever looks for one reader's must not be led through everybody's,
# as PostgreSQL is by an index whose words fit while it takes them for few (right after ten thousand were written).
UNCARRIED = sa.text("coalesce(sent_at, dead_at) IS NULL")
_IN_FORCE = sa.text("ended_at IS NULL")


class Letter(SQLModel, table=True):
    """One letter to one person about one event; at most one of each."""

    __table_args__ = (
        sa.CheckConstraint("sent_at IS NULL OR dead_at IS NULL", name="fate"),
        sa.Index("ix_letter_not_before", "not_before", "id", sqlite_where=_WAITING, postgresql_where=_WAITING),
        sa.Index("ix_letter_account_id", "account_id", "id"),
        # What waits for one person: digests, storms, equal letters.
        sa.Index(
            "ix_letter_waiting",
            "account_id",
            "template",
            "thing_id",
            sqlite_where=UNCARRIED,
            postgresql_where=UNCARRIED,
        ),
        sa.Index("ix_letter_unsettled", "account_id", "id", sqlite_where=UNSETTLED, postgresql_where=UNSETTLED),
    )

    id: str = Field(primary_key=True, max_length=80, description="event or deadline rung, and person")
    account_id: str = Field(foreign_key="account.id", max_length=32)
    template: str = Field(max_length=40)
    kind: LetterKind = Field(sa_type=choice(LetterKind))
    params: dict = Field(default_factory=dict, sa_type=Json)  # type: ignore[type-arg]  # for the words
    thing_id: str | None = Field(default=None, index=True, max_length=32)
    created_at: datetime
    not_before: datetime = Field(description="hold, morning, digest, lease or back-off: nobody carries it earlier")
    attempts: int = Field(default=0)
    sent_at: datetime | None = Field(default=None)
    dead_at: datetime | None = Field(default=None)
    error: str = Field(default="", max_length=500)
    carried_with: str | None = Field(default=None, max_length=80, description="the letter in whose digest it went")
    asked_by: str | None = Field(default=None, max_length=32, description="who had it sent again")
    bounced_at: datetime | None = Field(default=None, description="a mail server sent it back after taking it")
    settled_at: datetime | None = Field(default=None, description="the desk dealt with its not arriving")
    settled_by: str | None = Field(default=None, max_length=32)
    settled_words: str | None = Field(default=None, max_length=200, description="how: told by phone, sent again")
    text_id: str | None = Field(default=None, max_length=32, description="the union's own words it left in, if any")


class Preference(SQLModel, table=True):
    """How somebody wants to be written to; without a row, as the product's defaults say."""

    __tablename__ = "preference"

    account_id: str = Field(primary_key=True, foreign_key="account.id", max_length=32)
    information: Habit = Field(sa_type=choice(Habit))
    quiet: bool = Field(default=True, description="nothing that can wait is carried in the quiet hours")
    at: datetime


class Way(SQLModel, table=True):
    """One more carrier of a person's letters beside mail, by an Apprise address."""

    __tablename__ = "way"
    __table_args__ = (sa.Index("ix_way_account_id", "account_id"),)

    id: str = Field(primary_key=True, max_length=32)
    account_id: str = Field(foreign_key="account.id", max_length=32)
    kind: CarrierKind = Field(sa_type=choice(CarrierKind, grows=True))
    name: str = Field(max_length=40)
    address: str = Field(sa_type=sa.Text, description="Apprise's address; a secret, never shown whole")
    only_action: bool = Field(default=False)
    made_at: datetime
    ended_at: datetime | None = Field(default=None)


class Carriage(SQLModel, table=True):
    """One letter on one way beside mail; at most one of each."""

    __tablename__ = "carriage"
    __table_args__ = (
        sa.CheckConstraint("sent_at IS NULL OR dead_at IS NULL", name="fate"),
        sa.Index("ix_carriage_not_before", "not_before", "letter_id", sqlite_where=_WAITING, postgresql_where=_WAITING),
    )

    letter_id: str = Field(primary_key=True, foreign_key="letter.id", max_length=80)
    way_id: str = Field(primary_key=True, foreign_key="way.id", max_length=32)
    not_before: datetime
    attempts: int = Field(default=0)
    sent_at: datetime | None = Field(default=None)
    dead_at: datetime | None = Field(default=None)
    error: str = Field(default="", max_length=500)


class LetterText(SQLModel, table=True):
    """A union's own words for a letter; the newest version that did not end is in force."""

    __tablename__ = "letter_text"
    __table_args__ = (
        sa.UniqueConstraint("organization", "template", "language", "version"),
        sa.Index("ix_letter_text_template", "template", sqlite_where=_IN_FORCE, postgresql_where=_IN_FORCE),
    )

    id: str = Field(primary_key=True, max_length=32)
    organization: str = Field(foreign_key="organization.code", max_length=18)
    template: str = Field(max_length=40)
    language: str = Field(max_length=2, description="zh or en")
    version: int
    subject: str = Field(max_length=200)
    body: str = Field(max_length=4000)
    account_id: str = Field(foreign_key="account.id", max_length=32)
    at: datetime
    ended_at: datetime | None = Field(default=None)
    ended_by: str | None = Field(default=None, max_length=32)
