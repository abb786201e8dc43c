"""What is done at night: how each desk stands, a backup where a folder for it is set, the doctor's round.

`python -m workflows.clocks.nightly` does it once and answers in JSON.
"""

from __future__ import annotations

import json
import sys

from models import clock, logs
from models.errors import ShenbaoError
from models.mutex import alone
from models.settings import settings
from workflows.clocks import examining, tallying
from workflows.clocks.runs import note_run
from workflows.record.backups import backup
from workflows.rules.calendar import local_date

BACKUP = "backup"


def main() -> None:
    """The night's work, alone over all machines; prints what came of it, `null` when another is at it."""
    logs.configure("clocks", sys.stderr)
    with alone("nightly") as free:
        print(json.dumps(night() if free else None))  # noqa: T201 -- its answer


def night() -> dict[str, int]:
    """How each desk stood, the backup of the day, then the doctor's round; once a night.

    What fails keeps nothing else from being done, and is raised at the end: as `backups.backup`, OSError.
    """
    counts: dict[str, int] = {}
    troubles: list[Exception] = []
    for work in (tallying.note_day, keep_backup, examining.examine):
        try:
            counts |= work()
        except (ShenbaoError, OSError) as trouble:
            troubles.append(trouble)
    if troubles:
        raise troubles[0]
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


if __name__ == "__main__":
    main()
