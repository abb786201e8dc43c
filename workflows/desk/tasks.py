"""What was asked of colleagues about a case: it ends when the case leaves the desk, whichever way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from models.base import table
from models.office import Countersign
from models.sql import Sql, bind, update_of
from models.vocabulary import CountersignState, Thing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.database import Store
    from workflows.record.moves import Moved

_C = table(Countersign).c
_OPEN = _C.state == sa.literal_column(f"'{CountersignState.OPEN.value}'", sa.String)
# Written out, so that the partial index matches.
PRESENT = _C.past == sa.literal_column("false", sa.Boolean)
# Nearly always there is none, and then a list of any length asks once.
_ANY: Sql[str] = Sql(sa.select(_C.id).where(PRESENT).limit(1))
_CALL_OFF: Sql[None] = Sql(
    sa.update(table(Countersign))
    .where(_C.application_id == bind("of", _C.application_id), _OPEN)
    .values(state=bind("state", _C.state), settled_at=bind("now", _C.settled_at))
)
_PASS: Sql[None] = Sql(
    sa.update(table(Countersign))
    .where(_C.application_id == bind("of", _C.application_id), PRESENT)
    .values(past=sa.true())
)
SETTLE = update_of(Countersign, "state", "settled_at")


def close(store: Store, thing: Thing, moved: Sequence[Moved]) -> None:
    """Call off the open countersigns of applications that left their desk; none counts for a later visit."""
    if thing is not Thing.APPLICATION or store.first(_ANY) is None:
        return
    left = [m for m in moved if m.before is not None and _place(m.before) != _place(m.after)]
    told = {"state": CountersignState.CALLED_OFF, "now": store.now}
    store.run_many(_CALL_OFF, ({**told, "of": m.after.id} for m in left))
    store.run_many(_PASS, ({"of": m.after.id} for m in left))


def _place(row: Any) -> tuple[Any, ...]:
    return row.state, row.desk, row.step
