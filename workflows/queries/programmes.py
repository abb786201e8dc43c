"""What anybody asks of programmes: a version's text, its findings, its changes in words, its calendar."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from models import clock
from models.base import table
from models.database import reading
from models.errors import ForbiddenError, InputError
from models.programme import Programme, catalogue, shipped
from models.round import ProgrammeVersion
from models.sql import Sql, bind
from models.vocabulary import Role
from workflows import programmes
from workflows.clocks import due
from workflows.desk import examining
from workflows.linting import differing
from workflows.linting import next_version as following
from workflows.linting.drawing import drawn
from workflows.record.verb import query
from workflows.rules import reverse_calendar
from workflows.rules.calendar import local_date
from workflows.rules.reverse_calendar import Plan

if TYPE_CHECKING:
    from models.labels import Pair
    from workflows.linting import Report
    from workflows.record.acting import Actor

_V = table(ProgrammeVersion).c
_NEWEST: Sql[str] = Sql(sa.select(_V.id).where(_V.code == bind("code", _V.code)).order_by(_V.version.desc()).limit(1))


class Version(NamedTuple):
    """A version as published, or (`published_at` none) a programme of the catalogue that is not yet."""

    id: str
    code: str
    version: int
    name_zh: str
    name_en: str
    published_at: datetime | None
    text: str
    content: dict[str, Any]


@query("programme")
def programme(actor: Actor, *, code: str) -> Version:  # noqa: ARG001 -- every question has its asker
    """A programme with its text: `code@version`, or a bare code for the newest published one.

    A code that was never published is looked for in the catalogue. Raises NotFoundError, InputError.
    """
    with reading() as store:
        programme_id = code if "@" in code else store.first(_NEWEST, code=code)
        if programme_id is not None:
            row = programmes.version(store, programme_id)
            rules = programmes.programme_of(store, programme_id)
            return _version(rules, row.text, row.published_at)
    return _version(shipped(code), programmes.shipped_text(code), None)


def _version(rules: Programme, text: str, published_at: datetime | None) -> Version:
    content = rules.model_dump(mode="json", exclude_unset=True)
    return Version(rules.id, rules.code, rules.version, rules.name.zh, rules.name.en, published_at, text, content)


def rules_of(code: str) -> Programme:
    """The rules of `code@version`, of the newest published version of a code, or of the catalogue's.

    Raises NotFoundError, InputError.
    """
    with reading() as store:
        programme_id = code if "@" in code else store.first(_NEWEST, code=code)
        if programme_id is not None:
            return programmes.programme_of(store, programme_id)
    if code not in catalogue():
        raise InputError("unknown_programme", given=code, known=catalogue())
    return shipped(code)


@query("programme-check")
def check(actor: Actor, *, text: str) -> list[dict[str, Any]]:
    """Every finding about a file's text: line, severity, code, where, reason and advice in both languages."""
    return [finding.told() for finding in examined(actor, text).findings]


def examined(actor: Actor, text: str) -> Report:
    """The linter's report of a text, as publishing it would see it. Raises ForbiddenError."""
    if not actor.places(Role.ADMINISTRATOR):
        raise ForbiddenError("not_administrator", organization="")
    return examining.examine(text, others=programmes.published())


@query("programme-clone")
def clone(actor: Actor, *, code: str, year: int) -> str:
    """The text of a programme's next version, its days moved so that it is valid from `year` on."""
    return following.next_version(programme(actor, code=code).text, year)


@query("programme-diff")
def difference(actor: Actor, *, before: str, after: str) -> list[dict[str, str]]:  # noqa: ARG001 -- every question has its asker
    """What changes from one version to another, in words of both languages, in the order of the file."""
    return [{"zh": zh, "en": en} for zh, en in differing.changes(rules_of(before), rules_of(after))]


@query("programme-plan")
def plan(actor: Actor, *, code: str, decision_by: date, opens: date | None = None) -> Plan:  # noqa: ARG001 -- every question has its asker
    """The reverse calendar: each tier's latest days, counted back from the day of the decision."""
    return planned(rules_of(code), decision_by, opens)


@query("programme-diagram")
def diagram(actor: Actor, *, code: str) -> str:  # noqa: ARG001 -- every question has its asker
    """An application's life under a programme, as Mermaid text."""
    return drawn(rules_of(code))


def planned(rules: Programme, decision_by: date, opens: date | None) -> Plan:
    """A programme's reverse calendar today, on the calendar in force."""
    return reverse_calendar.plan(rules, decision_by, opens=opens, today=local_date(clock.now()), known=due.current())


def changes(before: Programme, after: Programme) -> list[Pair]:
    """What changes between two programmes, in words."""
    return differing.changes(before, after)
