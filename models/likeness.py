"""What is alike between applications: evidence for a reviewer's eyes, and no verdict."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel


class Sketch(SQLModel, table=True):
    """A part of an application's text as a number: those that share one may be alike."""

    value: int = Field(primary_key=True, sa_type=sa.BigInteger)
    application_id: str = Field(foreign_key="application.id", primary_key=True, max_length=32, index=True)


class Likeness(SQLModel, table=True):
    """Two applications that share text or files, found when the later of them was handed in."""

    __table_args__ = (
        sa.CheckConstraint("percent >= 0 AND percent <= 100 AND files >= 0", name="numbers"),
        sa.CheckConstraint("percent > 0 OR files > 0", name="something"),
    )

    application_id: str = Field(foreign_key="application.id", primary_key=True, max_length=32)
    other_id: str = Field(foreign_key="application.id", primary_key=True, max_length=32, index=True)
    percent: int = Field(default=0, description="how alike the texts are, in percent; 0: not alike")
    files: int = Field(default=0, description="files that are the same, byte for byte")
    at: datetime
