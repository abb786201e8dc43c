"""Checking a file and loading it: all rows accounted for, in batches that a killed run goes on with."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import sqlalchemy as sa

from models.account import Account, Seat
from models.base import new_id, table
from models.database import reading, transaction
from models.errors import ForbiddenError, InputError
from models.fact import Fact, ImportRun
from models.organization import Organization
from models.sql import Sql, bind, insert_into, rows_of
from models.title import Title
from models.vocabulary import AccountState, Act, ImportKind, ImportState
from workflows.clocks import progress
from workflows.importing.checking import Fate, fates
from workflows.importing.known import known
from workflows.importing.reading import rows_in
from workflows.named import terms
from workflows.people.organizations import NATION
from workflows.post import letters
from workflows.record.acting import refreshed
from workflows.record.journal import found_all, move_all
from workflows.record.moves import Change
from workflows.record.verb import query, verb
from workflows.rules import permissions
from workflows.rules.calendar import local_date

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.database import Store
    from workflows.record.acting import Actor

BATCH = 1000
_TOLD = 50  # bad rows said in a refusal; the check lists all
_R = table(ImportRun).c
_RUN = rows_of(
    ImportRun, _R.kind == bind("kind", _R.kind), _R.sha256 == bind("sha256", _R.sha256),
    _R.organization == bind("organization", _R.organization),
)  # fmt: skip
_HOLD = rows_of(ImportRun, _R.id == bind("id", _R.id), lock=True)
_BEGIN = insert_into(ImportRun, ignore=True)
_GO_ON: Sql[None] = Sql(
    sa.update(table(ImportRun))
    .where(_R.id == bind("of", _R.id))
    .values(done_rows=bind("done", _R.done_rows), state=bind("state", _R.state), counts=bind("counts", _R.counts),
            finished_at=bind("finished", _R.finished_at))
)  # fmt: skip
_ORGANIZATION, _SEAT, _FACT = insert_into(Organization), insert_into(Seat), insert_into(Fact)


class Checked(NamedTuple):
    """Every row's fate, and how many of each there are."""

    kind: ImportKind
    rows: list[Fate]
    counts: dict[str, int]


@query("check-import")
def check_import(actor: Actor, *, kind: ImportKind, organization_code: str, filename: str, content: bytes) -> Checked:
    """What loading a file would do, row by row; nothing is written.

    Raises ForbiddenError unless the actor administers the union; InputError for a file that cannot be read.
    """
    with reading() as store:
        _require_administrator(store, actor, organization_code)
    rows = rows_in(kind, filename, content)
    with reading() as store:
        found = fates(kind, rows, known(store, kind, organization_code))
    return Checked(kind, found, _counts(found))


@verb("load-import")
def load_import(
    actor: Actor, *, kind: ImportKind, organization_code: str, filename: str, content: bytes,
    skip_bad: bool = False, key: str | None = None,
) -> ImportRun:  # fmt: skip
    """Bring a file in: with one bad row none of it, unless `skip_bad` leaves the bad ones out.

    Loads in batches of 1,000 rows; the same file again goes on where a killed run stopped, and
    changes nothing once it is in. Raises InputError("import_bad_rows") naming the rows.
    """
    del key  # the file's own hash makes a second click no second load
    checked = check_import(actor, kind=kind, organization_code=organization_code, filename=filename, content=content)
    which = {"kind": kind, "sha256": hashlib.sha256(content).hexdigest(), "organization": organization_code}
    run = _run(which)
    if run is not None and run.state is ImportState.DONE:
        return run
    if checked.counts["bad"] and not skip_bad:
        bad = [fate.row for fate in checked.rows if fate.fate == "bad"]
        raise InputError("import_bad_rows", field="file", count=len(bad), rows=bad[:_TOLD])
    run = run or _begin(actor, checked, which, filename)
    for start in range(0, len(checked.rows), BATCH):
        progress.at("import", start, len(checked.rows))
        run = _load(actor, run, checked.rows[start : start + BATCH], start + BATCH, checked)
    return run


def _require_administrator(store: Store, actor: Actor, code: str) -> None:
    who = refreshed(store, actor)
    if who.id != "system" and not permissions.governs(who, code, NATION):
        raise ForbiddenError("not_administrator", organization=code)


def _counts(found: Sequence[Fate]) -> dict[str, int]:
    counts = dict.fromkeys(("new", "known", "bad"), 0)
    for fate in found:
        counts[fate.fate] += 1
    return counts


def _run(which: dict[str, Any]) -> ImportRun | None:
    """The run of this file, if it ever began."""
    with reading() as store:
        return store.first(_RUN, **which)


def _begin(actor: Actor, checked: Checked, which: dict[str, Any], filename: str) -> ImportRun:
    with transaction() as store:
        # Two clicks at once: the second finds the run of the first.
        store.run(_BEGIN, **which, id=new_id(), filename=filename[:120], state=ImportState.RUNNING,
                  all_rows=len(checked.rows), counts=checked.counts, account_id=actor.id,
                  started_at=store.now)  # fmt: skip
        return cast("ImportRun", store.first(_RUN, **which))


def _load(actor: Actor, run: ImportRun, batch: Sequence[Fate], done: int, checked: Checked) -> ImportRun:
    new = [fate for fate in batch if fate.fate == "new"]
    done = min(done, len(checked.rows))
    with transaction() as store:
        held = cast("ImportRun", store.first(_HOLD, id=run.id))
        if held.done_rows >= done:
            return held  # another click, or the run before, has loaded this batch
        _WRITERS[run.kind](store, refreshed(store, actor), run, new)
        all_done = done >= len(checked.rows)
        state = ImportState.DONE if all_done else ImportState.RUNNING
        store.run(_GO_ON, of=run.id, done=done, state=state, counts=checked.counts,
                  finished=store.now if all_done else None)  # fmt: skip
        which = {"kind": run.kind, "sha256": run.sha256, "organization": run.organization}
        return cast("ImportRun", store.first(_RUN, **which))


def _organizations(store: Store, _who: Actor, _run: ImportRun, new: Sequence[Fate]) -> None:
    store.run_many(_ORGANIZATION, (fate.columns for fate in new))


def _persons(store: Store, who: Actor, _run: ImportRun, new: Sequence[Fate]) -> None:
    made = found_all(store, who, Act.ENROL, Account, [
        ({"email": f.columns["email"], "name": f.columns["name"], "language": "zh", "state": AccountState.ACTIVE,
          "created_at": store.now},
         {"organization": f.columns["organization"], "role": f.columns["role"].value}, None) for f in new
    ])  # fmt: skip
    store.run_many(_SEAT, (
        {"id": new_id(), "account_id": account.id, "organization": f.columns["organization"],
         "role": f.columns["role"], "starts_at": store.now} for account, f in zip(made, new, strict=True)
    ))  # fmt: skip
    for account in made:
        letters.to_people(store, account.id, [account.id], "account_opened", {"email": account.email})


def _titles(store: Store, who: Actor, run: ImportRun, new: Sequence[Fate]) -> None:
    made = found_all(store, who, Act.NAME, Title, [
        (f.columns, {"import": run.id}, terms.until(f.columns["valid_until"], f.columns["decider"])) for f in new
    ])  # fmt: skip
    today = local_date(store.now)
    move_all(store, who, Act.END, [
        Change(title, {"ended_at": store.now, "end_reason": "有效期满"}, body={"import": run.id})
        for title in made if title.valid_until is not None and title.valid_until < today
    ])  # fmt: skip


def _facts(store: Store, who: Actor, run: ImportRun, new: Sequence[Fate]) -> None:
    store.run_many(_FACT, (
        {**f.columns, "id": new_id(), "import_id": run.id, "account_id": who.id, "at": store.now} for f in new
    ))  # fmt: skip


_WRITERS: dict[ImportKind, Any] = {
    ImportKind.ORGANIZATIONS: _organizations,
    ImportKind.PERSONS: _persons,
    ImportKind.TITLES: _titles,
    ImportKind.FACTS: _facts,
}
