"""A desk's list as csv and xlsx, beside the driver's own rows written as plainly; and what memory more rows take."""

from __future__ import annotations

import csv
import json
import tempfile
import tracemalloc
from functools import partial
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import xlsxwriter

from tests.benchmarks.ground import begin, both, clones, marks, raw, tell, timed
from tests.small_round import COUNTY
from workflows.batches.exporting import export

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from tests.small_round import SmallRound

N, LESS, TIMES = 10_000, 1_000, 3
GOALS = {"csv": 6.0, "xlsx": 3.0}
_ROWS = (
    "SELECT application.receipt, application.subject, application.leader_name, organization.name, round.name,"
    " application.state, application.checked, application.entered_at, application.due_at FROM application"
    " JOIN organization ON organization.code = application.organization JOIN round ON round.id = application.round_id"
    " WHERE application.desk = ? ORDER BY application.due_at, application.id"
)


def bare(url: str, form: str, file: Path) -> Callable[[int], None]:
    """The same rows as the driver gives them, in a file of the same kind."""
    connection, sql = raw(url), marks(url, _ROWS)

    def write(_i: int) -> None:
        cursor = connection.cursor()
        cursor.execute("BEGIN")
        cursor.execute(sql, (COUNTY,))
        _WRITERS[form](file, cursor)
        connection.rollback()

    return write


def _csv(file: Path, rows: Any) -> None:
    with file.open("w", encoding="utf-8-sig", newline="") as opened:
        csv.writer(opened).writerows(rows)


def _xlsx(file: Path, rows: Any) -> None:
    with xlsxwriter.Workbook(str(file), {"constant_memory": True}) as book:
        page = book.add_worksheet()
        for n, row in enumerate(rows):
            for column, cell in enumerate(row):
                page.write_string(n, column, str(cell))


_WRITERS = {"csv": _csv, "xlsx": _xlsx}


def ours(made: SmallRound, file: Path, _i: int = 0) -> None:
    """The list as the county's reviewer takes it home."""
    export(made.county, "queue", file, {"desk": COUNTY})


def peak(made: SmallRound, file: Path) -> float:
    """The most memory of Python's that an export takes at once, in MB."""
    tracemalloc.start()
    ours(made, file)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most / 1_000_000


def main() -> None:
    """Print one line for each database and kind of file, and one for the memory."""
    with both() as databases, tempfile.TemporaryDirectory() as folder:
        for kind, url in databases:
            made, row = begin(url)
            clones(row, LESS)
            files = {form: Path(folder) / f"{kind}.{form}" for form in GOALS}
            first = {form: peak(made, file) for form, file in files.items()}
            clones(row, N - LESS)
            for form, file in files.items():
                mine = median(timed(partial(ours, made, file)) for _ in range(TIMES))
                theirs = median(timed(bare(url, form, file)) for _ in range(TIMES))
                tell(f"export of {N:,} rows as {form} ({kind})", mine, theirs, GOALS[form], N)
                memory = {"name": f"memory of an export as {form} ({kind})", f"mb_at_{LESS}": round(first[form], 2),
                          f"mb_at_{N}": round(peak(made, file), 2)}  # fmt: skip
                print(json.dumps(memory), flush=True)


if __name__ == "__main__":
    main()
