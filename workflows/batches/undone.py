"""Which of the tiers' opinions still stand: the record keeps those of an undone batch, and no rule asks for them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from models.base import table
from models.bulk import Batch, BatchRow

_B, _R = (table(m).c for m in (Batch, BatchRow))


def stands(review: Any) -> sa.ColumnElement[bool]:
    """The clause that leaves out opinions whose batch was undone; `review` are the columns of reviews."""
    undone = (
        sa.select(_R.place)
        .join(table(Batch), _B.id == _R.batch_id)
        .where(_R.thing_id == review.application_id, _B.at == review.at, _B.undone_at.is_not(None))
    )
    return ~undone.exists()
