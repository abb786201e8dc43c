"""A plan of acts on many cases: tried by name, applied as a unit, and kept so that it can be undone."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from models.base import new_id, table
from models.bulk import Batch, BatchRow
from models.database import reading, together
from models.errors import ConflictError, InputError, RefusedError
from models.letter import Letter
from models.organization import Organization
from models.round import Quota
from models.sql import Sql, bind, insert_into, rows_of
from models.vocabulary import Bucket
from workflows.batches.carrying_out import UNDOABLE, Case, Impossible, carry_out
from workflows.importing.reading import lines_in
from workflows.record.acting import refreshed
from workflows.record.foreseeing import Foreseen, Post, told
from workflows.record.verb import query, verb
from workflows.rules import plans
from workflows.rules.characters import within

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from models.database import Store
    from workflows.batches.carrying_out import Done
    from workflows.record.acting import Actor
    from workflows.rules.plans import Row

_B, _Q, _O, _L = (table(m).c for m in (Batch, Quota, Organization, Letter))
_LONGEST_CELL, LONGEST_WORDS = 4000, 200
_TOLD = 200  # impossible rows said in a refusal; the dry run has all
# A "no" of a batch waits this long before it is carried, so that an undone one is never read.
HELD = timedelta(minutes=10)
_MINE = rows_of(
    Batch, _B.account_id == bind("who", _B.account_id), _B.sha256 == bind("sha256", _B.sha256),
    order=(_B.take.desc(),),
)  # fmt: skip
_NEW, _ROW = insert_into(Batch), insert_into(BatchRow)
_HOLD_LETTER: Sql[None] = Sql(
    sa.update(table(Letter))
    .where(_L.thing_id == bind("about", _L.thing_id), _L.created_at == bind("now", _L.created_at),
           _L.template == bind("named", _L.template), _L.attempts == sa.literal_column("0"))
    .values(not_before=bind("until", _L.not_before))
)  # fmt: skip
HELD_BACK = {"refuse": "refused"}


class Used(NamedTuple):
    """What a plan takes of a union's places: `uses` of `places`, of which `taken` are taken then (all sums)."""

    organization: str
    name: str
    pool: str
    uses: int
    taken: int
    places: int


class _Standing(NamedTuple):
    organization: str
    name: str
    pool: str
    places: int
    taken: int


_PLACES: Sql[_Standing] = Sql(
    sa.select(_Q.organization, _O.name, _Q.pool, _Q.places, (_Q.reserved + _Q.used).label("taken"))
    .join_from(table(Quota), table(Organization), _O.code == _Q.organization)
    .where(_Q.id == bind("id", _Q.id)),
    _Standing,
)


class Outlook(NamedTuple):
    """What a plan would do, by name.

    `rows` is the plan as it was looked at: its searches are the cases they found, each with its version.
    `moves` counts what would be done, `letters` by their template; `lasting` are the acts in it that cannot
    be undone; `known` is the batch it was applied as before.
    """

    fingerprint: str
    moves: int
    rows: list[dict[str, Any]]
    cases: list[Case]
    impossible: list[Impossible]
    foreseen: Foreseen
    places: list[Used]
    letters: dict[str, int]
    lasting: list[str]
    known: Batch | None


class Applied(NamedTuple):
    """A batch, and whether this very call made it: the same plan again changes nothing."""

    batch: Batch
    is_new: bool


def rows_of_file(filename: str, content: bytes) -> list[dict[str, Any]]:
    """The rows of a plan from a csv or xlsx file, with their lines; empty rows are left out.

    Raises InputError as `importing.reading.lines_in`, "plan_column" for a header of other columns, and
    "cell_too_long" from 4,000 characters in a cell.
    """
    header, *lines = lines_in(filename, content)
    names = [name.strip().lower() for name in header]
    _require_columns(names)
    found = []
    for line, cells in enumerate(lines, start=2):
        given = {name: cell for name, cell in zip(names, cells, strict=False) if name and cell}
        if any(len(cell) >= _LONGEST_CELL for cell in given.values()):
            # The reader cuts it there: less than was written must never be done.
            raise InputError("cell_too_long", field="file", line=line, most=_LONGEST_CELL)
        if given:
            found.append({"line": line, **given})
    return found


def _require_columns(names: Sequence[str]) -> None:
    known = list(plans.COLUMNS)
    if strange := [name for name in names if name and name not in known]:
        raise InputError("plan_column", field="file", line=1, given=strange[0][:40], known=known)
    if missing := [name for name in ("cases", "act") if names.count(name) != 1]:
        raise InputError("plan_column", field="file", line=1, given=missing[0], known=known)


@query("batch-plan")
def batch_plan(actor: Actor, *, rows: list[dict[str, Any]]) -> Outlook:
    """What a plan of `{cases, act, arguments}` rows would do, by name; nothing is changed.

    Raises InputError for a plan that cannot be read and for a search that finds nobody
    ("empty_selection"), RefusedError("plan_too_long") beyond 2,000 cases.
    """
    read = plans.read(rows)
    sha256 = plans.digest(read)
    with together(keep=False) as store:
        who = refreshed(store, actor)
        done = carry_out(store, who, read)
        frozen, foreseen = _frozen(read, done.cases), told(store, who)
        # It may have been applied as it was written, or as a dry run told it.
        forms = [sha256, *([plans.digest(plans.read(frozen))] if frozen else ())]
        known = next(filter(None, (_standing(store.all(_MINE, who=actor.id, sha256=one)) for one in forms)), None)
        return Outlook(
            plans.fingerprint(sha256, _versions(done.cases)), len(done.acts), frozen, done.cases, done.impossible,
            foreseen, _used(store) if foreseen.places else [], _counted(foreseen.letters),
            sorted({row.act for row in read} - UNDOABLE), known,
        )  # fmt: skip


@verb("apply")
def apply(
    actor: Actor, *, rows: list[dict[str, Any]], words: str = "", fingerprint: str = "", skip: bool = False,
    again: bool = False, key: str | None = None,
) -> Applied:  # fmt: skip
    """Do all that a plan of `{cases, act, arguments}` rows says, or nothing of it.

    With one impossible row nothing is done and every such row is named, unless `skip` leaves them out.
    `fingerprint` of a dry run: refused when a case changed since. The same person's same plan is done
    once: then again only when it was undone, or with `again`. Raises RefusedError("plan_impossible",
    "plan_too_long"), ConflictError("plan_stale", "plan_selects_otherwise"), and as `batch_plan`.
    """
    del key  # the plan's own hash makes a second click no second batch
    read, words = plans.read(rows), within("words", words, LONGEST_WORDS)
    try:
        return _applied(actor, read, words=words, fingerprint=fingerprint, skip=skip, again=again)
    except (ConflictError, RefusedError):
        # What stood in the way may be the same plan, which was being applied at the same moment.
        with reading() as store:
            known = _standing(store.all(_MINE, who=actor.id, sha256=plans.digest(read)))
        if known is None or again:
            raise
        return Applied(known, is_new=False)


def _applied(
    actor: Actor, read: Sequence[Row], *, words: str, fingerprint: str, skip: bool, again: bool
) -> Applied:  # fmt: skip
    sha256 = plans.digest(read)
    with together() as store:
        before = store.all(_MINE, who=actor.id, sha256=sha256)
        if (known := _standing(before)) is not None and not again:
            return Applied(known, is_new=False)
        who = refreshed(store, actor)
        done = carry_out(store, who, read, lambda cases: _require_seen(fingerprint, sha256, cases))
        if done.impossible and not (skip and done.acts):
            raise RefusedError("plan_impossible", count=len(done.impossible), of=len(done.impossible) + len(done.acts),
                               rows=[one._asdict() for one in done.impossible[:_TOLD]])  # fmt: skip
        batch = _kept(store, who, done, sha256=sha256, words=words, take=before[0].take + 1 if before else 1)
        store.run_many(_HOLD_LETTER, (
            {"about": act.case.id, "now": store.now, "named": HELD_BACK[act.row.act], "until": store.now + HELD}
            for act in done.acts if act.row.act in HELD_BACK
        ))  # fmt: skip
        return Applied(batch, is_new=True)


def _standing(batches: Sequence[Batch]) -> Batch | None:
    """The newest of somebody's batches of one plan, unless it was undone."""
    return batches[0] if batches and batches[0].undone_at is None else None


def _versions(cases: Sequence[Case]) -> list[tuple[str, int]]:
    return [(case.id, case.seen) for case in cases]


def _require_seen(fingerprint: str, sha256: str, cases: Sequence[Case]) -> None:
    """Refuse a plan whose cases are not as its dry run saw them, naming those that changed."""
    if not fingerprint:
        return
    other = plans.changed(fingerprint, sha256, _versions(cases))
    if other is None:
        raise ConflictError("plan_selects_otherwise", count=len(cases))
    if other:
        called = [case.receipt or case.id for case in cases if case.id in other]
        raise ConflictError("plan_stale", count=len(called), receipts=called[:_TOLD])


def _frozen(read: Sequence[Row], cases: Sequence[Case]) -> list[dict[str, Any]]:
    """The rows as they were looked at, with the versions, to be applied as they are."""
    found: dict[int, dict[str, int]] = {}
    for case in cases:
        found.setdefault(case.line, {})[case.id] = case.seen
    return [
        {"line": row.line, "cases": list(found[row.line]), "act": row.act, "arguments": row.arguments,
         "seen": found[row.line]}
        for row in read if row.line in found
    ]  # fmt: skip


def _counted(posts: Sequence[Post]) -> dict[str, int]:
    """How many letters of which template."""
    return dict(sorted(Counter(post.template for post in posts).items()))


def _used(store: Store) -> list[Used]:
    """What a dry run has taken of each union's places so far."""
    net: Counter[str] = Counter()
    for name, line in store.written or []:
        if name == "quota_entry":
            net[line["quota_id"]] += _taken(line)
    return [
        Used(now.organization, now.name, now.pool, uses, now.taken, now.places)
        for quota, uses in net.items() if (now := store.first(_PLACES, id=quota)) is not None
    ]  # fmt: skip


def _taken(line: Mapping[str, Any]) -> int:
    held = (Bucket.RESERVED, Bucket.USED)
    return int(line["n"]) * ((line["target"] in held) - (line["source"] in held))


def _kept(store: Store, who: Actor, done: Done, **told_: Any) -> Batch:
    """The batch as a row, with one for each act on each case."""
    desks = {act.case.desk for act in done.acts}
    batch = Batch(
        id=new_id(), account_id=who.id, desk=desks.pop() if len(desks) == 1 else None, at=store.now,
        counts={"cases": len({act.case.id for act in done.acts}), "skipped": len(done.impossible),
                "acts": dict(Counter(act.row.act for act in done.acts))},
        **told_,
    )  # fmt: skip
    store.run(_NEW, **batch.model_dump())
    store.run_many(_ROW, (
        {"batch_id": batch.id, "place": place, "line": act.row.line, "thing": act.case.thing, "thing_id": act.case.id,
         "act": act.row.act, "seen": act.seen, "after": done.after[act.case.id], "before": act.before}
        for place, act in enumerate(done.acts, start=1)
    ))  # fmt: skip
    return next(b for b in store.all(_MINE, who=who.id, sha256=batch.sha256) if b.id == batch.id)
