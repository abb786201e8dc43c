"""The linter of programme files: every fault at once, each with its line, its reason and what to do.

Pure: bytes in, findings out, whatever the bytes. One module a chapter of the file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from workflows.linting import dates, ladder, money, names, paper, quotas, records, scales, values
from workflows.linting.finding import Finding, Known, error
from workflows.linting.lines import line_at, lines_of
from workflows.linting.reading import content_of, text_of, unkeepable
from workflows.linting.schema import checked
from workflows.rules.working_days import OFFICIAL, Calendar

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from models.programme import Programme
    from workflows.linting.finding import Raw

__all__ = ["Finding", "Known", "Report", "lint"]

MOST = 200
NOTHING = Known()


class Report(NamedTuple):
    """What the linter came to: the programme if its form is right, and every finding by its line."""

    programme: Programme | None
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that stand in the way of publishing."""
        return tuple(finding for finding in self.findings if finding.severity == "error")


def lint(data: bytes | str, *, today: date, known: Known = NOTHING, calendar: Calendar = OFFICIAL) -> Report:
    """Judge a programme file. Never raises, whatever the bytes.

    `today`: the day in Beijing, for approvals that are over. `known`: what other files issue.
    """
    text, line, stop = text_of(data.encode("utf-8", "replace") if isinstance(data, str) else data)
    if stop is not None:
        return _stopped(line, stop)
    content, line, stop = content_of(text)
    if stop is not None:
        return _stopped(line, stop)
    raws = list(unkeepable(content))
    programme = None
    if not raws:
        programme, raws = checked(content)
    if programme is not None:
        raws += _judged(programme, today, known, calendar)
    return Report(programme, _listed(text, raws))


def _stopped(line: int, raw: Raw) -> Report:
    return Report(None, (Finding(line, raw.severity, raw.code, "", raw.details),))


def _judged(programme: Programme, today: date, known: Known, calendar: Calendar) -> Iterator[Raw]:
    yield from ladder.findings(programme)
    yield from dates.findings(programme, today, calendar)
    yield from dates.titles(programme)
    yield from names.findings(programme)
    yield from values.findings(programme)
    yield from quotas.findings(programme)
    yield from scales.findings(programme)
    yield from records.findings(programme, known)
    yield from paper.findings(programme)
    yield from money.findings(programme)


def _listed(text: str, raws: Sequence[Raw]) -> tuple[Finding, ...]:
    """The findings by their line; beyond so many, only that there are more."""
    if not raws:
        return ()
    at = lines_of(text)
    found = sorted(
        (Finding(line_at(at, raw.path), raw.severity, raw.code, _dotted(raw.path), raw.details) for raw in raws),
        key=lambda finding: (finding.line, finding.severity, finding.code, finding.where),
    )
    if len(found) <= MOST:
        return tuple(found)
    more = error((), "too_many", count=len(found), most=MOST)
    return (*found[:MOST], Finding(found[MOST].line, more.severity, more.code, "", more.details))


def _dotted(path: Sequence[str | int]) -> str:
    return ".".join(part for part in path if isinstance(part, str))
