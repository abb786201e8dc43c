"""Having what a clock set aside tried again at once, after its cause was mended."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from models.base import table
from models.database import transaction
from models.deadline import SetAside
from models.errors import NotFoundError
from models.sql import Sql, bind
from workflows.queries import asides
from workflows.queries.asides import Aside
from workflows.record.acting import refreshed
from workflows.record.verb import verb

if TYPE_CHECKING:
    from workflows.record.acting import Actor

_X = table(SetAside).c
_NOW: Sql[None] = Sql(
    sa.update(table(SetAside))
    .where(_X.id == bind("id", _X.id), _X.try_at > bind("now", _X.try_at))
    .values(try_at=bind("now", _X.try_at))
)


@verb("try-again")
def try_again(actor: Actor, aside_id: str, *, key: str | None = None) -> Aside:  # noqa: ARG001 -- twice is once
    """Let the next sweep try what was set aside, without waiting for its back-off; answers it with `try_at` now.

    For the administrators of a province or the nation. Raises NotFoundError, also for what is over already.
    """
    with transaction() as store:
        found = asides.standing(store, refreshed(store, actor), aside_id)
        if found is None:
            raise NotFoundError("not_found", thing="set_aside", given=aside_id[:60])
        store.run(_NOW, id=found.id, now=store.now)
        return found._replace(try_at=min(found.try_at, store.now))
