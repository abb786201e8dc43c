"""Attachments: bytes named by their hash, in the slots a programme gives."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel


class Attachment(SQLModel, table=True):
    """One file in one slot of an application; removed ones stay on the record."""

    __table_args__ = (
        sa.CheckConstraint("size > 0", name="size"),
        sa.Index("ix_attachment_application_id", "application_id", "slot"),
    )

    id: str = Field(primary_key=True, max_length=32)
    application_id: str = Field(foreign_key="application.id", max_length=32)
    slot: str = Field(max_length=40)
    filename: str = Field(max_length=120)
    media_type: str = Field(max_length=80)
    size: int
    sha256: str = Field(max_length=64, index=True)
    account_id: str = Field(max_length=32)
    at: datetime
    removed_at: datetime | None = Field(default=None)
