"""The applicant's verbs: draft, revise field by field, submit, resubmit, withdraw."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from models.application import Application
from models.base import changed
from models.database import DuplicateError, transaction
from models.errors import ForbiddenError, RefusedError
from models.round import Round
from models.vocabulary import Act, Channel, DeadlineKind, Line, Rung, State
from workflows.charts.strict import Facts
from workflows.deciding import gates
from workflows.desk import cut_offs
from workflows.intake import asking, entering, filing, likening, profiles, records
from workflows.intake.filing import content_hash
from workflows.listing import leaving
from workflows.people.organizations import above, organization
from workflows.programmes import programme_of
from workflows.record.acting import refreshed
from workflows.record.claiming import claim, look
from workflows.record.journal import found, move
from workflows.record.moves import Due
from workflows.record.verb import not_done_yet, verb
from workflows.rounds import opened
from workflows.rules import places, routes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from models.database import Store
    from models.programme import Programme
    from workflows.record.acting import Actor
    from workflows.rules.routes import Desk

_RECEIPT_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


@verb("draft")
def draft(
    actor: Actor, *, round_id: str, organization_code: str, line: Line = Line.REGION,
    channel: Channel = Channel.UNION, answers: dict[str, Any] | None = None, key: str | None = None,
) -> Application:  # fmt: skip
    """Begin an application in an open round for one's own unit; nobody upstream sees it yet.

    By the channel `union` the unit's clerk drafts, by `self` one of its workers for themselves. What
    is empty is filled from the unit's and the person's profile. Raises RefusedError("no_channel") for
    one that the programme does not have.
    """
    with transaction() as store:
        not_done_yet(store, actor, key)
        who = refreshed(store, actor)
        if not who.sits(organization_code, entering.SEAT[channel]):
            raise ForbiddenError("not_yours", organization=organization_code)
        row = opened(store, round_id)
        rules = programme_of(store, row.programme)
        entering.require_channel(rules, channel)
        filing.require_open(store, rules, None, list(answers or {}))
        typed = filing.read_form(rules, answers or {})
        whose = profiles.owners(rules, organization_code=organization_code, applicant_id=who.id, channel=channel,
                                answers=typed)  # fmt: skip
        offered = profiles.offered(store, rules, whose, typed)
        values = {**typed, **offered}
        made = found(
            store, who, Act.DRAFT, Application, key=key,
            body={"fields": sorted(answers or {}), "profile": sorted(offered)},
            due=Due(DeadlineKind.SUBMISSION, row.closes_at, account_id=who.id),
            round_id=round_id, programme=row.programme, organization=organization_code,
            applicant_id=who.id, line=line, channel=channel, state=State.DRAFT, created_at=store.now,
            entered_at=store.now, **filing.columns(rules, values),
        )  # fmt: skip
        filing.record_revisions(store, who, made, {}, values)
        profiles.keep(store, who, rules, whose, typed)
        return made


@verb("revise")
def revise(
    actor: Actor, application_id: str, *, answers: dict[str, Any], seen: int, key: str | None = None
) -> Application:
    """Save some fields. A returned application opens only the fields that were found at fault.

    Under review only the formal part is open, once the first list was cleared. Raises FaultsError
    with every field that cannot be read (nothing is saved then), and as `filing.require_open`.
    """
    with transaction() as store:
        row, who = claim(store, actor, Act.REVISE, Application, application_id, seen=seen, key=key)
        rules = programme_of(store, row.programme)
        part = filing.require_open(store, rules, row, list(answers))
        typed = filing.read_form(rules, answers)
        whose, offered = _profile_of(store, rules, row, typed)
        values = {**row.answers, **offered, **typed}
        told = filing.hashed(store, row, values) if part else {}
        columns = {**filing.columns(rules, values), **told}
        body = {"fields": sorted(answers), **told, **({"profile": sorted(offered)} if offered else {})}
        try:
            after = move(store, who, Act.REVISE, row, key=key, facts=Facts(part=part), body=body, **columns)
        except DuplicateError as error:
            raise filing.leader_twice(error, columns["leader_name"]) from error
        filing.record_revisions(store, who, after, row.answers, values)
        profiles.keep(store, who, rules, whose, typed)
        return after


@verb("submit")
def submit(actor: Actor, application_id: str, *, seen: int, key: str | None = None) -> Application:
    """Hand an application in: all faults at once, then eligibility, then one leader, one application.

    Answers to fields whose condition does not hold are not handed in. Answers with its receipt.
    Raises FaultsError, NotEligibleError (clauses and the earliest date),
    RefusedError("round_closed", "other_line", "leader_twice", "subject_twice").
    """
    with transaction() as store:
        row, who = claim(store, actor, Act.SUBMIT, Application, application_id, seen=seen, key=key)
        window = opened(store, row.round_id)
        rules = programme_of(store, row.programme)
        files, typed = records.files_of(store, row.id), row.answers
        row = changed(row, answers=filing.require_complete(store, rules, row, files))
        filing.require_eligible(store, rules, row, window.year)
        filing.require_alone(store, rules, row)
        gates.before_submit(store, rules, row, window)
        route = _route(store, rules, row, window)
        entering.begin_at(store, who, rules, window, route)
        digest = content_hash(row.answers, files)
        try:
            after = _arrive(
                store, who, Act.SUBMIT, rules, row, route, 0, key=key, digest=digest, answers=row.answers,
                receipt=_receipt(row.id, window.year), route_column=[[stop.rung.value, stop.desk] for stop in route],
                submitted_at=store.now, pool=places.pool_of(rules.quota, row.answers),
            )  # fmt: skip
        except DuplicateError as error:
            raise filing.leader_twice(error, row.leader_name) from error
        filing.record_revisions(store, who, after, typed, row.answers)
        likening.keep(store, after)
        return after


@verb("resubmit")
def resubmit(actor: Actor, application_id: str, *, seen: int, key: str | None = None) -> Application:
    """Send a returned application back to the tier that returned it."""
    with transaction() as store:
        row, who = claim(store, actor, Act.RESUBMIT, Application, application_id, seen=seen, key=key)
        if row.due_at is not None and store.now >= row.due_at:
            raise RefusedError("correction_over", due_at=row.due_at.isoformat())
        rules = programme_of(store, row.programme)
        files, typed = records.files_of(store, row.id), row.answers
        row = changed(row, answers=filing.require_complete(store, rules, row, files))
        filing.require_eligible(store, rules, row, look(store, Round, row.round_id).year)
        filing.require_alone(store, rules, row)
        route = [routes.stop(row, step) for step in range(len(row.route))]
        mended = records.changed_since_return(store, row.id)
        after = _arrive(store, who, Act.RESUBMIT, rules, row, route, row.step, key=key, faults=[],
                        digest=content_hash(row.answers, files), more={"changed": mended}, answers=row.answers,
                        pool=_pool_again(rules, row))  # fmt: skip
        filing.record_revisions(store, who, after, typed, row.answers)
        likening.keep(store, after)
        return after


@verb("withdraw")
def withdraw(actor: Actor, application_id: str, *, seen: int, reason: str = "", key: str | None = None) -> Application:
    """Take an application back, any time before its notice opens.

    Its place goes back to each union's quota, and the reserve rises where the programme says so. What was asked
    about it and waits for an answer is closed.
    """
    with transaction() as store:
        slates = leaving.hold_slates(store, application_id)
        row, who = claim(store, actor, Act.WITHDRAW, Application, application_id, seen=seen, key=key)
        after = move(store, who, Act.WITHDRAW, row, key=key, body={"reason": reason})
        leaving.release(store, who, row, slates, Act.WITHDRAW)
        asking.close(store, row.id)
        return after


def _pool_again(rules: Programme, row: Application) -> str:
    """The pool after a correction: once a tier has given it a place, it cannot change."""
    pool = places.pool_of(rules.quota, row.answers)
    if row.step and pool != row.pool:
        raise RefusedError("pool_changed", field=rules.quota.pool_field, was=places.label_of(rules.quota, row.pool),
                           pool=places.label_of(rules.quota, pool))  # fmt: skip
    return pool


def _profile_of(
    store: Store, rules: Programme, row: Application, typed: Mapping[str, Any]
) -> tuple[profiles.Owners, dict[str, Any]]:
    """Whose profiles a form keeps, and what a person's offers when a draft first says who leads."""
    answers = {**row.answers, **typed}
    whose = profiles.owners(rules, organization_code=row.organization, applicant_id=row.applicant_id,
                            channel=row.channel, answers=answers)  # fmt: skip
    first = row.state is State.DRAFT and rules.leader_id in typed and "person" in whose
    return whose, profiles.offered(store, rules, whose, answers, only="person") if first else {}


def _route(store: Store, rules: Programme, row: Application, window: Round) -> tuple[Desk, ...]:
    """The desks to climb, the last of which is that of the union whose round this is."""
    unit = organization(store, row.organization)
    over = above(store, unit)
    if row.line not in routes.lines(rules, unit, over):
        raise RefusedError("no_line", line=row.line.value, organization=unit.code)
    route = routes.route(rules, row.line, unit, over, row.channel)
    if any(stop.desk == unit.code and stop.rung is not Rung.ENTERPRISE for stop in route):
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
    cut_offs.require_open(store, rules, row.round_id, stop)
    limit = cut_offs.review(store, rules, row.round_id, stop, route)
    return move(
        store, who, act, row, key=key, facts=Facts(leads_to=stop.rung), due=limit,
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
