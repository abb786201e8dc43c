"""Programme files looked at where they lie: judged with what the catalogue, their folder and today know."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models import clock
from models.errors import InputError
from models.programme import FOLDER
from workflows.clocks import due
from workflows.linting import Known, Report, lint
from workflows.linting.reading import LARGEST
from workflows.rules.calendar import local_date

if TYPE_CHECKING:
    from collections.abc import Iterable

    from models.programme import Programme


def examine(data: bytes | str, *, folder: Path | None = None, others: Iterable[Programme] = ()) -> Report:
    """Every finding about a programme file, on today's date and the calendar in force.

    `folder`: where it lies; the programmes beside it count as known, and so do `others`.
    """
    issued = [*_issued(FOLDER), *(_issued(folder) if folder and folder.resolve() != FOLDER.resolve() else ())]
    codes = {code for code, _ in issued} | {rules.code for rules in others}
    facts = {fact for _, kinds in issued for fact in kinds} | {feed.fact for rules in others for feed in rules.feeds}
    known = Known(frozenset(codes), frozenset(facts))
    return lint(data, today=local_date(clock.now()), known=known, calendar=due.current())


def require(report: Report) -> Programme:
    """The programme of a file without errors. Raises InputError("programme_faults") with all findings."""
    errors = report.errors
    if errors or report.programme is None:
        told = [finding.told() for finding in report.findings]
        raise InputError("programme_faults", count=len(errors), findings=told)
    return report.programme


def text_of(path: Path) -> bytes:
    """The bytes of a file, never more than a programme may have and one. Raises InputError."""
    try:
        with path.open("rb") as file:
            return file.read(LARGEST + 1)
    except OSError as error:
        raise InputError("file_unreadable", field="file", given=str(path)[:60]) from error


def _issued(folder: Path) -> list[tuple[str, tuple[str, ...]]]:
    """The code and the facts of each programme in a folder; what cannot be read issues nothing."""
    files = sorted(folder.glob("*.toml")) if folder.is_dir() else []
    return [_of_file(str(file), file.stat().st_mtime_ns) for file in files[:500]]


@lru_cache(maxsize=1024)
def _of_file(name: str, changed: int) -> tuple[str, tuple[str, ...]]:  # noqa: ARG001 -- another moment, another content
    try:
        content: dict[str, Any] = tomllib.loads(text_of(Path(name)).decode("utf-8-sig"))
    except (ValueError, RecursionError, InputError):
        return "", ()
    feeds = content.get("feeds", ())
    listed = feeds if isinstance(feeds, list) else ()
    return str(content.get("code", "")), tuple(
        str(each["fact"]) for each in listed if isinstance(each, dict) and "fact" in each
    )
