"""Whether a unit and its leader may apply, what stands in the way, since when not, and what else is open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from models.base import table
from models.database import reading
from models.errors import InputError, NotFoundError
from models.round import Round
from models.sql import bind, rows_of
from models.vocabulary import RoundState
from workflows.intake import records
from workflows.intake.filing import read_form
from workflows.people.organizations import governed, organization
from workflows.programmes import programme_of
from workflows.queries.applications import seen_by
from workflows.record.acting import Actor, refreshed
from workflows.record.claiming import look
from workflows.record.verb import query
from workflows.rules import permissions
from workflows.rules.calendar import local_date
from workflows.rules.eligibility import verdict
from workflows.rules.forms import leader_key, person_id

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from models.database import Store
    from models.programme import Programme
    from workflows.intake.records import Known
    from workflows.rules.eligibility import Failure

_R = table(Round).c
_OPEN = rows_of(
    Round,
    _R.state == RoundState.OPEN,
    _R.opens_at <= bind("now", _R.opens_at),
    _R.closes_at > bind("now", _R.opens_at),
    order=(_R.closes_at, _R.id),
)


class Asked(NamedTuple):
    """Whom the question is about, with the answers known so far."""

    organization: str
    leader_key: str | None
    subject: str
    answers: Mapping[str, Any]
    filed: date | None = None


class Other(NamedTuple):
    """Another open round that nothing known keeps them from; `open` clauses wait for its own form."""

    round_id: str
    name: str
    programme: str
    closes_at: datetime
    open: tuple[str, ...]


class Answer(NamedTuple):
    """Eligible when no clause fails; `open` clauses wait for an answer of the form.

    `earliest` is the first day on which all that fails clears by itself, if ever.
    """

    eligible: bool
    failed: tuple[Failure, ...]
    open: tuple[str, ...]
    earliest: date | None
    others: tuple[Other, ...]


@query("eligible")
def eligible(
    actor: Actor, *, application_id: str | None = None, round_id: str | None = None, programme: str | None = None,
    organization_code: str | None = None, leader_id: str | None = None, subject: str = "",
    answers: dict[str, Any] | None = None,
) -> Answer:  # fmt: skip
    """Whether an application meets its programme's clauses today, or a unit (and leader) could apply.

    Name an application, or a unit with a round or a published programme. Nothing is refused here:
    what fails is told with its words, source and day, beside the open rounds that would take the
    same. Raises NotFoundError for strangers, InputError when nothing is named.
    """
    with reading() as store:
        today = local_date(store.now)
        if application_id is not None:
            row, _ = seen_by(store, actor, application_id)
            window: Round | None = look(store, Round, row.round_id)
            rules = programme_of(store, row.programme)
            filed = local_date(row.submitted_at) if row.submitted_at else None
            asked = Asked(row.organization, row.leader_key, row.subject, row.answers, filed)
        else:
            window = look(store, Round, round_id) if round_id else None
            rules = programme_of(store, window.programme if window else _named(programme))
            asked = _asked(store, actor, rules, organization_code, leader_id, subject, answers or {})
        known = records.known_of(store, asked)
        record = records.record_of(rules, asked, known, window.year if window else today.year)
        found = verdict(rules, asked.answers, record, today, filed=asked.filed, partial=True)
        others = tuple(_others(store, asked, known, today, window))
        return Answer(found.eligible, found.failed, found.open, found.earliest, others)


def _named(programme: str | None) -> str:
    if programme is None:
        raise InputError("argument_missing", field="round_id", expected="str")
    return programme


def _asked(
    store: Store, actor: Actor, rules: Programme, code: str | None, leader_id: str | None, subject: str,
    answers: Mapping[str, Any],
) -> Asked:  # fmt: skip
    """Whom a question without an application is about: for the unit's own people, and who governs it."""
    if code is None:
        raise InputError("argument_missing", field="organization_code", expected="str")
    who, unit = refreshed(store, actor), organization(store, code)
    if not permissions.serves(who, code) and not governed(store, who, unit):
        raise NotFoundError("not_found", thing="organization", given=code)
    typed = read_form(rules, answers)
    identity = leader_id or typed.get(rules.leader_id or "")
    return Asked(code, leader_key(_identity(identity)) if identity else None,
                 subject or str(typed.get(rules.subject_name) or ""), typed)  # fmt: skip


def _identity(typed: str) -> str:
    try:
        return person_id(typed)
    except ValueError as error:
        raise InputError("not_a_person_id", field="leader_id") from error


def _others(store: Store, asked: Asked, known: Known, today: date, but: Round | None) -> list[Other]:
    """The other rounds open to the unit in which nothing known fails, those with the fewest open clauses first."""
    areas, found = records.areas_of(known.unit) - {known.unit.code}, []
    for row in store.all(_OPEN, now=store.now):
        if row.organization not in areas or (but is not None and row.id == but.id):
            continue
        rules = programme_of(store, row.programme)
        answers = {name: value for name, value in asked.answers.items() if rules.field(name) is not None}
        judged = verdict(rules, answers, records.record_of(rules, asked, known, row.year), today, partial=True)
        if judged.eligible:
            found.append(Other(row.id, row.name, row.programme, row.closes_at, judged.open))
    return sorted(found, key=lambda other: (len(other.open), other.closes_at))
