"""What is done at night: the doctor's round, and a backup where a folder for it is set."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from models import clock
from models.account import Account, Seat
from models.base import new_id, table
from models.database import transaction
from models.organization import Organization
from models.settings import settings
from models.sql import Sql, bind
from models.vocabulary import LetterKind, Role, Tier
from workflows import doctor
from workflows.clocks.runs import note_run
from workflows.post import letters
from workflows.record.backups import backup
from workflows.rules.calendar import local_date

if TYPE_CHECKING:
    from models.database import Store
    from workflows.doctor import Violation

DOCTOR, BACKUP = "doctor", "backup"
_S, _O, _A = table(Seat).c, table(Organization).c, table(Account).c
# A broken invariant is nobody's case: the administrators of the highest unions are told.
_KEEPERS: Sql[str] = Sql(
    sa.select(_S.account_id)
    .distinct()
    .join(table(Organization), _O.code == _S.organization)
    .join(table(Account), _A.id == _S.account_id)
    .where(
        _S.role == Role.ADMINISTRATOR,
        _O.tier.in_([Tier.NATION, Tier.PROVINCE]),
        _A.disabled_at.is_(None),
        _S.starts_at <= bind("now", _S.starts_at),
        _S.ends_at.is_(None) | (_S.ends_at > bind("now", _S.starts_at)),
    )
    .order_by(_S.account_id)
)


def examine() -> dict[str, int]:
    """Ask every invariant of every row; the administrators of the highest unions hear of broken ones."""
    started_at = clock.now()
    found = doctor.check(files=True)
    if found:
        with transaction() as store:
            _tell(store, found)
    counts = {"examined": 1, "violations": len(found)}
    note_run(DOCTOR, started_at, counts)
    return counts


def keep_backup() -> dict[str, int]:
    """Take a backup into `SHENBAO_BACKUP_DIR`, one a day, and drop all but the newest `SHENBAO_BACKUPS_KEPT`.

    Raises as `backups.backup`.
    """
    folder = settings().backup_dir
    if folder is None:
        return {}
    started_at = clock.now()
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"shenbao-{local_date(started_at)}.tar"
    if file.exists():
        return {}
    backup(file)
    kept = sorted(folder.glob("shenbao-????-??-??.tar"), reverse=True)
    old = kept[settings().backups_kept :]
    for one in old:
        one.unlink()
    counts = {"taken": 1, "dropped": len(old)}
    note_run(BACKUP, started_at, counts)
    return counts


def _tell(store: Store, found: list[Violation]) -> None:
    params = {"count": len(found), "names": "、".join(sorted({f"{v.invariant} {v.name}" for v in found}))[:400]}
    letters.to_people(store, new_id(), store.all(_KEEPERS, now=store.now), "doctor_found", params, LetterKind.ACTION)
