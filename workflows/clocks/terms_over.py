"""Terms that are over by themselves: bars, of whose end the barred hear, and seats, which lend no power any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from models.base import table
from models.database import transaction
from models.deadline import Deadline
from models.lists import listed, of_list
from models.sql import Sql, bind
from models.title import Title
from models.vocabulary import DeadlineKind, LetterKind, Role, Thing
from workflows.clocks import aside
from workflows.post import letters

if TYPE_CHECKING:
    from models.database import Store

STEP = "terms_over"
_D, _T = table(Deadline).c, table(Title).c
_OVER = (_D.closed_at.is_(None), _D.due_at <= bind("now", _D.due_at))
_BARS = aside.line(
    STEP,
    Deadline,
    sa.select(table(Deadline))
    .where(*_OVER, _D.kind == DeadlineKind.BAR_END)
    .order_by(_D.id)
    .with_for_update(key_share=True, skip_locked=True),
    Thing.TITLE,
)
_TITLES = of_list(lambda ids: Sql(sa.select(table(Title)).where(_T.id.in_(ids)), Title))
_CLOSE: Sql[None] = Sql(
    sa.update(table(Deadline)).where(_D.id == bind("of", _D.id)).values(closed_at=bind("now", _D.closed_at))
)
_LEFT = (*_OVER, _D.kind == DeadlineKind.SEAT_END)
# As in `reminders.fire`: on a server what somebody is at is closed by the next sweep.
_SEATS: dict[str, Sql[None]] = {
    dialect: Sql(sa.update(table(Deadline)).where(*clauses).values(closed_at=bind("now", _D.due_at)))
    for dialect, clauses in {
        "sqlite": _LEFT,
        "postgresql": (_D.id.in_(sa.select(_D.id).where(*_LEFT).with_for_update(key_share=True, skip_locked=True)),),
    }.items()
}


def end_terms() -> int:
    """Close what was due at the end of bars and seats; the units that were barred hear that they may apply again."""
    with transaction() as store:
        seats = store.run(_SEATS[store.dialect.name], now=store.now)
    return seats + aside.in_batches(_BARS, _end_bars)


def _end_bars(store: Store, found: list[Deadline]) -> int:
    titles = {one.id: one for one in store.all(_TITLES[store.dialect.name], ids=listed(d.thing_id for d in found))}
    letters.to_desks(store, (
        (f"{line.id}-0", str(line.desk), {"number": title.number, "subject": title.name,
                                          "until_on": str(title.barred_until)}, title.id)
        for line in found if (title := titles[line.thing_id])
    ), "bar_ended", LetterKind.INFORMATION, Role.CLERK)  # fmt: skip
    store.run_many(_CLOSE, ({"of": line.id, "now": store.now} for line in found))
    return len(found)
