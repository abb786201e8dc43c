"""The applicant's verbs: draft, revise field by field, submit, resubmit, withdraw."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from models.application import Application, Revision
from models.attachment import Attachment
from models.base import new_id, table
from models.database import DuplicateError, transaction
from models.errors import (
    FaultsError,
    ForbiddenError,
    InputError,
    NotEligibleError,
    RefusedError,
    ShenbaoError,
)
from models.sql import bind, insert_into, rows_of
from models.vocabulary import Act, DeadlineKind, Line, Role, State
from workflows import due, leaving, records
from workflows.acting import refreshed
from workflows.charts.strict import Facts
from workflows.claiming import claim
from workflows.journal import canonical, found, move
from workflows.moves import Due
from workflows.organizations import above, organization
from workflows.programmes import programme_of
from workflows.rounds import opened
from workflows.rules import eligibility, forms, routes
from workflows.rules.calendar import local_date
from workflows.verb import not_done_yet, verb

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from models.database import Store
    from models.programme import Programme
    from models.round import Round
    from workflows.acting import Actor
    from workflows.rules.routes import Desk

_F = table(Attachment).c
_FILES = rows_of(
    Attachment, _F.application_id == bind("of", _F.application_id), _F.removed_at.is_(None),
    order=(_F.slot, _F.id),
)  # fmt: skip
_REVISION = insert_into(Revision)
_LEADER_RULE = "uq_application_round_id_leader_key"
_RECEIPT_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


@verb("draft")
def draft(
    actor: Actor, *, round_id: str, organization_code: str, line: Line = Line.REGION,
    answers: dict[str, Any] | None = None, key: str | None = None,
) -> Application:  # fmt: skip
    """Begin an application in an open round for one's own unit; nobody upstream sees it yet."""
    with transaction() as store:
        not_done_yet(store, actor, key)
        who = refreshed(store, actor)
        if not who.sits(organization_code, Role.CLERK):
            raise ForbiddenError("not_yours", organization=organization_code)
        row = opened(store, round_id)
        rules = programme_of(store, row.programme)
        values = _read_form(rules, answers or {})
        made = found(
            store, who, Act.DRAFT, Application, key=key, body={"fields": sorted(answers or {})},
            due=Due(DeadlineKind.SUBMISSION, row.closes_at, account_id=who.id),
            round_id=round_id, programme=row.programme, organization=organization_code,
            applicant_id=who.id, line=line, state=State.DRAFT, created_at=store.now,
            entered_at=store.now, **_form_columns(rules, values),
        )  # fmt: skip
        _record_revisions(store, who, made, {}, values)
        return made


@verb("revise")
def revise(
    actor: Actor, application_id: str, *, answers: dict[str, Any], seen: int, key: str | None = None
) -> Application:
    """Save some fields. A returned application opens only the fields that were found at fault.

    Raises FaultsError with every field that cannot be read; nothing is saved then.
    """
    with transaction() as store:
        row, who = claim(store, actor, Act.REVISE, Application, application_id, seen=seen, key=key)
        rules = programme_of(store, row.programme)
        open_fields = {fault["field"] for fault in row.faults}
        if open_fields and (closed := sorted(set(answers) - open_fields)):
            raise RefusedError("field_not_open", field=closed[0], open=sorted(open_fields))
        values = {**row.answers, **_read_form(rules, answers)}
        columns = _form_columns(rules, values)
        try:
            after = move(store, who, Act.REVISE, row, key=key, body={"fields": sorted(answers)}, **columns)
        except DuplicateError as error:
            raise _leader_twice(error, columns["leader_name"]) from error
        _record_revisions(store, who, after, row.answers, values)
        return after


@verb("submit")
def submit(actor: Actor, application_id: str, *, seen: int, key: str | None = None) -> Application:
    """Hand an application in: all faults at once, then eligibility, then one leader, one application.

    Answers with its receipt. Raises FaultsError, NotEligibleError (clauses and the earliest date),
    RefusedError("round_closed", "other_line", "leader_twice").
    """
    with transaction() as store:
        row, who = claim(store, actor, Act.SUBMIT, Application, application_id, seen=seen, key=key)
        window = opened(store, row.round_id)
        rules = programme_of(store, row.programme)
        files = store.all(_FILES, of=row.id)
        _require_complete(rules, row, files)
        _require_eligible(store, rules, row)
        _require_alone(store, row)
        route = _route(store, rules, row, window)
        digest = content_hash(row.answers, files)
        try:
            return _arrive(
                store, who, Act.SUBMIT, rules, row, route, 0, key=key, digest=digest,
                receipt=_receipt(row.id, window.year), route_column=[[stop.rung.value, stop.desk] for stop in route],
                submitted_at=store.now,
            )  # fmt: skip
        except DuplicateError as error:
            raise _leader_twice(error, row.leader_name) from error


@verb("resubmit")
def resubmit(actor: Actor, application_id: str, *, seen: int, key: str | None = None) -> Application:
    """Send a returned application back to the tier that returned it."""
    with transaction() as store:
        row, who = claim(store, actor, Act.RESUBMIT, Application, application_id, seen=seen, key=key)
        if row.due_at is not None and store.now >= row.due_at:
            raise RefusedError("correction_over", due_at=row.due_at.isoformat())
        rules = programme_of(store, row.programme)
        files = store.all(_FILES, of=row.id)
        _require_complete(rules, row, files)
        _require_eligible(store, rules, row)
        _require_alone(store, row)
        route = [routes.stop(row, step) for step in range(len(row.route))]
        changed = records.changed_since_return(store, row.id)
        return _arrive(store, who, Act.RESUBMIT, rules, row, route, row.step, key=key, faults=[],
                       digest=content_hash(row.answers, files), more={"changed": changed})  # fmt: skip


@verb("withdraw")
def withdraw(actor: Actor, application_id: str, *, seen: int, reason: str = "", key: str | None = None) -> Application:
    """Take an application back, any time before its notice opens.

    Its place goes back to each union's quota, and the reserve rises where the programme says so.
    """
    with transaction() as store:
        slates = leaving.hold_slates(store, application_id)
        row, who = claim(store, actor, Act.WITHDRAW, Application, application_id, seen=seen, key=key)
        after = move(store, who, Act.WITHDRAW, row, key=key, body={"reason": reason})
        leaving.release(store, who, row, slates, Act.WITHDRAW)
        return after


def content_hash(answers: Mapping[str, Any], files: Sequence[Attachment]) -> str:
    """The hash of what was handed in: answers and files (SHA-256, hex)."""
    content = {"answers": answers, "files": sorted([f.slot, f.sha256] for f in files)}
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def _leader_twice(error: DuplicateError, leader: str) -> ShenbaoError:
    """What the schema's rule of one leader, one application means to people."""
    return RefusedError("leader_twice", leader=leader) if error.details["unique"] == _LEADER_RULE else error


def _read_form(rules: Programme, answers: Mapping[str, Any]) -> dict[str, Any]:
    faults, values = [], {}
    for name, raw in answers.items():
        if (field := rules.field(name)) is None:
            known = [f.name for f in rules.fields]
            raise InputError("unknown_field", field=name, known=known)
        value, fault = forms.value_of(field, raw)
        values[name] = value
        if fault is not None:
            faults.append(fault)
    if faults:
        raise FaultsError(faults)
    return values


def _form_columns(rules: Programme, values: Mapping[str, Any]) -> dict[str, Any]:
    leader_id = values.get(rules.leader_id)
    return {
        "answers": dict(values),
        "subject": values.get(rules.subject_name) or "",
        "leader_name": values.get(rules.leader_name) or "",
        "leader_key": forms.leader_key(leader_id) if leader_id else None,
    }


def _record_revisions(
    store: Store, who: Actor, after: Application, old: Mapping[str, Any], new: Mapping[str, Any]
) -> None:
    store.run_many(_REVISION, (
        {"id": new_id(), "application_id": after.id, "version": after.version, "field": name,
         "before": {"value": old.get(name)}, "after": {"value": value}, "account_id": who.id, "at": store.now}
        for name, value in new.items() if old.get(name) != value
    ))  # fmt: skip


def _require_complete(rules: Programme, row: Application, files: Sequence[Attachment]) -> None:
    counts: dict[str, int] = {}
    for file in files:
        counts[file.slot] = counts.get(file.slot, 0) + 1
    if faults := forms.faults(rules, row.answers, counts):
        raise FaultsError(faults)


def _require_eligible(store: Store, rules: Programme, row: Application) -> None:
    record = records.record_of(store, rules.code, row)
    found = eligibility.verdict(rules, row.answers, record, local_date(store.now))
    if not found.eligible:
        earliest = found.earliest.isoformat() if found.earliest else None
        raise NotEligibleError("not_eligible", failed=list(found.failed), earliest=earliest)


def _require_alone(store: Store, row: Application) -> None:
    """One leader, one application in a round, through whichever line (domain: scenarios 19, 20)."""
    other = records.other_of_leader(store, row)
    if other is None:
        return
    code = "other_line" if other.organization == row.organization else "leader_twice"
    raise RefusedError(code, leader=row.leader_name, other=other.receipt, line=other.line.value,
                       organization=other.organization)  # fmt: skip


def _route(store: Store, rules: Programme, row: Application, window: Round) -> tuple[Desk, ...]:
    """The desks to climb, the last of which is that of the union whose round this is."""
    unit = organization(store, row.organization)
    # Right below an industry union there is no region to climb.
    region = unit.parent != unit.industry
    if row.line not in rules.lines or not (unit.industry if row.line is Line.INDUSTRY else region):
        raise RefusedError("no_line", line=row.line.value, organization=unit.code)
    route = routes.route(rules, row.line, unit, above(store, unit))
    if any(stop.desk == unit.code for stop in route):
        raise RefusedError("own_desk", organization=unit.code)
    if not route or route[-1].desk != window.organization:
        raise RefusedError("no_route", organization=unit.code)
    return route


def _arrive(
    store: Store, who: Actor, act: Act, rules: Programme, row: Application, route: Sequence[Desk],
    step: int, *, key: str | None, digest: str, more: dict[str, Any] | None = None,
    route_column: list[list[str]] | None = None, **values: Any,
) -> Application:  # fmt: skip
    """Bring an application to a desk of its route, with that tier's due date."""
    stop = route[step]
    if route_column is not None:
        values["route"] = route_column
    return move(
        store, who, act, row, key=key, facts=Facts(leads_to=stop.rung), due=due.review(rules, stop, store.now),
        body={"content_hash": digest, "to": stop.desk, **(more or {})}, desk=stop.desk, step=step,
        content_hash=digest, **values,
    )  # fmt: skip


def _receipt(application_id: str, year: int) -> str:
    """A receipt number from the id: short, readable aloud, and not a count of applications."""
    number = int(hashlib.sha256(application_id.encode()).hexdigest(), 16)
    letters = []
    for _ in range(8):
        number, index = divmod(number, len(_RECEIPT_LETTERS))
        letters.append(_RECEIPT_LETTERS[index])
    return f"{year}-{''.join(letters)}"
