"""Places lent between unions that stand beside each other."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel


class Loan(SQLModel, table=True):
    """Places one union's quota lent to another's; open until all of them were given back."""

    __tablename__ = "quota_loan"
    __table_args__ = (
        sa.CheckConstraint("n > 0 AND returned >= 0 AND returned <= n", name="numbers"),
        sa.CheckConstraint("lender <> borrower", name="two"),
        sa.CheckConstraint("(closed_at IS NOT NULL) = (returned = n)", name="closed"),
    )

    id: str = Field(primary_key=True, max_length=32)
    lender: str = Field(foreign_key="quota.id", max_length=32, index=True, description="whose places they are")
    borrower: str = Field(foreign_key="quota.id", max_length=32, index=True, description="who has the use of them")
    n: int = Field(description="places lent")
    returned: int = Field(default=0, description="places given back so far")
    why: str = Field(max_length=200)
    account_id: str = Field(max_length=32)
    at: datetime
    closed_at: datetime | None = Field(default=None)
