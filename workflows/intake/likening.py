"""What is alike is found when an application is handed in, in a fixed number of reads, and kept for its reviewers."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from models.application import Application
from models.attachment import Attachment
from models.base import table
from models.likeness import Likeness, Sketch
from models.sql import Sql, bind, insert_into
from workflows.rules import similarity

if TYPE_CHECKING:
    from models.database import Store

_S, _K, _P, _F = (table(m).c for m in (Sketch, Likeness, Application, Attachment))
# However many share a value, so many of the newest are looked at.
_PER_BAND, _MOST, _MOST_FILES = 20, 16, 50
_KEEP, _SKETCH = insert_into(Likeness), insert_into(Sketch, ignore=True)
_FORGET: tuple[Sql[None], ...] = (
    Sql(sa.delete(table(Likeness)).where(_K.application_id == bind("of", _K.application_id))),
    Sql(sa.delete(table(Sketch)).where(_S.application_id == bind("of", _S.application_id))),
)


class _Other(NamedTuple):
    id: str
    answers: dict[str, Any]


class _Shared(NamedTuple):
    id: str
    files: int


def _band(n: int) -> Any:
    found = (
        sa.select(_S.application_id)
        .where(_S.value == bind(f"v{n}", _S.value), _S.application_id != bind("of", _S.application_id))
        .order_by(_S.application_id.desc())
        .limit(sa.literal_column(str(_PER_BAND)))
        .subquery(f"b{n}")
    )
    return sa.select(found.c.application_id)


_CANDIDATES: Sql[str] = Sql(sa.union_all(*(_band(n) for n in range(similarity.BANDS))))
_TEXTS: Sql[_Other] = Sql(
    sa.select(_P.id, _P.answers).where(sa.or_(*(_P.id == bind(f"id{n}", _P.id) for n in range(_MOST)))), _Other
)
_own, _theirs = table(Attachment).alias("own"), table(Attachment).alias("theirs")
_pairs = (
    sa.select(_theirs.c.application_id.label("id"), _own.c.sha256)
    .join_from(_own, _theirs, _theirs.c.sha256 == _own.c.sha256)
    .join(table(Application), _P.id == _theirs.c.application_id)
    .where(
        _own.c.application_id == bind("of", _F.application_id), _own.c.removed_at.is_(None),
        _theirs.c.application_id != bind("of", _F.application_id), _theirs.c.removed_at.is_(None),
        _P.submitted_at.is_not(None),
    )
    .limit(sa.literal_column(str(_MOST_FILES)))
    .subquery("pairs")
)  # fmt: skip
_FILES: Sql[_Shared] = Sql(
    sa.select(_pairs.c.id, sa.func.count(_pairs.c.sha256.distinct()).label("files")).group_by(_pairs.c.id), _Shared
)


def keep(store: Store, row: Application) -> None:
    """Keep the sketch of what was handed in, and what it is alike to; what was found before is forgotten.

    At most 16 applications by text and 50 equal files are looked at, whatever number there is.
    """
    for sql in _FORGET:
        store.run(sql, of=row.id)
    files = {one.id: one.files for one in store.all(_FILES, of=row.id)}
    text = similarity.text_of(row.answers)
    alike = _alike(store, row.id, text) if text else {}
    store.run_many(_KEEP, (
        {"application_id": row.id, "other_id": other, "percent": alike.get(other, 0), "files": files.get(other, 0),
         "at": store.now}
        for other in sorted({*alike, *files})
    ))  # fmt: skip


def _alike(store: Store, application_id: str, text: str) -> dict[str, int]:
    """Who is alike by text, in percent; the text's own sketch is kept meanwhile."""
    values = similarity.sketch(text)
    bands = {f"v{n}": value for n, value in enumerate(values)}
    shared = Counter(store.all(_CANDIDATES, of=application_id, **bands))
    nearest = [other for other, _ in sorted(shared.items(), key=lambda one: (-one[1], one[0]))[:_MOST]]
    store.run_many(_SKETCH, ({"value": value, "application_id": application_id} for value in values))
    if not nearest:
        return {}
    ids = {f"id{n}": nearest[n] if n < len(nearest) else "" for n in range(_MOST)}
    found = {one.id: similarity.percent(text, similarity.text_of(one.answers)) for one in store.all(_TEXTS, **ids)}
    return {other: n for other, n in found.items() if n >= similarity.ALIKE}
