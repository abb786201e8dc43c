"""Tables of words: as Arrow already, which Streamlit sends as it is instead of by way of pandas."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def arrow(rows: Sequence[Mapping[str, str]]) -> pa.Table:
    """Rows of the same columns, all text; a table without rows has no columns."""
    return pa.table({name: pa.array([row[name] for row in rows], pa.string()) for name in (rows[0] if rows else ())})
