"""A leader who left: reported by the unit, a successor proposed, and settled by the union that gave the title."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from models.application import Application
from models.base import new_id, table
from models.database import transaction
from models.errors import FaultsError, InputError, NotEligibleError, RefusedError
from models.sql import bind, insert_into, row_from, rows_of, update_of
from models.subsidy import Succession
from models.title import Title
from models.vocabulary import Act, DeadlineKind, LetterKind
from workflows.clocks import deadlines, due
from workflows.intake import records
from workflows.named.holders import tell_decider, tell_holder
from workflows.programmes import programme_of
from workflows.record.claiming import claim, look
from workflows.record.journal import move
from workflows.record.verb import not_done_yet, verb
from workflows.rules import forms
from workflows.rules.calendar import local_date
from workflows.rules.characters import within
from workflows.rules.eligibility import verdict

if TYPE_CHECKING:
    from datetime import date

    from models import programme
    from models.database import Store
    from models.journal import Event
    from models.programme import Programme
    from workflows.record.acting import Actor

_S = table(Succession).c
_LAST = rows_of(Succession, _S.title_id == bind("title", _S.title_id), order=(_S.id.desc(),))
_BY_ID = rows_of(Succession, _S.id == bind("id", _S.id))
_INSERT = insert_into(Succession)
_PROPOSE = update_of(Succession, "new_leader", "new_key", "new_name", "answers", "unspent_fen")
_SETTLE = update_of(Succession, "approved", "words", "settled_at")
_DAYS_TO_DECIDE = 20
_LONGEST = 500


class Candidate(NamedTuple):
    """Who is to follow, as records know applicants."""

    organization: str
    leader_key: str | None
    subject: str


def _told(store: Store, event: Event) -> Succession | None:
    return store.first(_BY_ID, id=event.body["succession"])


@verb("report-departure", answer=_told)
def report_departure(
    actor: Actor, title_id: str, *, left_on: date, reason: str, seen: int, key: str | None = None
) -> Succession:
    """Report that a title's leader retired, moved on or died, as the unit that holds it.

    It is due `report_days` calendar days after that day; a late report is taken and said to be late. The
    unit then has as many days to propose a successor. Raises InputError("reason_missing", "left_ahead"),
    RefusedError("no_succession", "departure_reported", "succession_declined").
    """
    if not reason.strip():
        raise InputError("reason_missing", field="reason")
    with transaction() as store:
        not_done_yet(store, actor, key)
        title, who = claim(store, actor, Act.DEPART, Title, title_id, seen=seen, key=key)
        rule, today = _rule(programme_of(store, title.programme), title), local_date(store.now)
        if left_on > today:
            raise InputError("left_ahead", field="left_on", given=left_on)
        _require_none(store, title)
        until = due.span(left_on, rule.report_days, working=False).last_day
        limit = due.on(DeadlineKind.SUCCESSION, due.span(today, rule.report_days, working=False),
                       desk=title.organization)  # fmt: skip
        row = {"id": new_id(), "title_id": title.id, "left_on": left_on, "late": today > until,
               "reason": within("reason", reason, _LONGEST), "reported_at": store.now, "old_name": title.name,
               "old_leader": title.leader_name, "account_id": who.id}  # fmt: skip
        store.run(_INSERT, **row)
        moved = move(store, who, Act.DEPART, title, key=key, due=limit, body={
            "succession": row["id"], "left_on": left_on.isoformat(), "late": row["late"], "reason": reason.strip(),
        })  # fmt: skip
        told = {"leader": title.leader_name, "report_until_on": until.isoformat(), "due_at": limit.at.isoformat()}
        tell_holder(store, moved, "departure_late" if row["late"] else "departure_reported", LetterKind.ACTION, **told)
        tell_decider(store, moved, "leader_left", leader=title.leader_name, left_on=left_on.isoformat())
        return row_from(Succession, row)


@verb("propose-successor", answer=_told)
def propose_successor(
    actor: Actor, title_id: str, *, leader_name: str, leader_id: str, seen: int,
    answers: dict[str, Any] | None = None, unspent_yuan: str = "0", key: str | None = None,
) -> Succession:  # fmt: skip
    """Propose who is to lead after a departure, and say what of the subsidy (yuan) is not yet spent.

    `answers` stand over those the title was named with; the programme's `succession.clauses` are asked
    of them. Raises InputError, FaultsError, NotEligibleError (clauses), RefusedError("no_departure").
    """
    key_of = _leader_key(leader_name, leader_id)
    unspent = _fen(unspent_yuan)
    with transaction() as store:
        not_done_yet(store, actor, key)
        title, who = claim(store, actor, Act.NOMINATE, Title, title_id, seen=seen, key=key)
        rules = programme_of(store, title.programme)
        rule, open_ = _rule(rules, title), _open(store, title)
        filed = look(store, Application, title.application_id).answers if title.application_id else {}
        said = _answers(rules, answers or {})
        known = {**filed, **said, rules.leader_name: leader_name.strip()}
        _require_eligible(store, rules, rule, title, Candidate(title.organization, key_of, title.name), known)
        new = {"new_leader": leader_name.strip(), "new_key": key_of, "answers": said, "unspent_fen": unspent,
               "new_name": _renamed(rules, rule, title, leader_name.strip(), said)}  # fmt: skip
        store.run(_PROPOSE, old_id=open_.id, **new)
        limit = due.within(DeadlineKind.SUCCESSION, _DAYS_TO_DECIDE, store.now, title.decider)
        moved = move(store, who, Act.NOMINATE, title, key=key, due=limit, body={
            "succession": open_.id, "leader": leader_name.strip(), "unspent_fen": unspent,
        })  # fmt: skip
        tell_decider(store, moved, "successor_proposed", LetterKind.ACTION, leader=leader_name.strip(),
                     due_at=limit.at.isoformat())  # fmt: skip
        return row_from(Succession, {**open_._asdict(), **new})  # type: ignore[attr-defined]  # rows are tuples


@verb("settle-succession", answer=_told)
def settle_succession(
    actor: Actor, title_id: str, *, approved: bool, seen: int, words: str = "", key: str | None = None
) -> Succession:
    """Approve a proposed successor, or decline with words; a title declined is then to be ended.

    Approved, the title keeps its number, has a new leader and, where its name carries the leader, a new
    name. Raises InputError("reason_missing") for a no without words, RefusedError("no_departure", "no_successor").
    """
    if not approved and not words.strip():
        raise InputError("reason_missing", field="words")
    with transaction() as store:
        not_done_yet(store, actor, key)
        act = Act.SUCCEED if approved else Act.DECLINE
        title, who = claim(store, actor, act, Title, title_id, seen=seen, key=key)
        open_ = _open(store, title)
        if not open_.new_leader:
            raise RefusedError("no_successor", number=title.number)
        settled = {"approved": approved, "words": within("words", words, _LONGEST), "settled_at": store.now}
        store.run(_SETTLE, old_id=open_.id, **settled)
        body = {"succession": open_.id, "leader": open_.new_leader, "words": words.strip()}
        if approved:
            _succeed(store, who, title, open_, body, key)
        else:
            limit = due.within(DeadlineKind.SUCCESSION, _DAYS_TO_DECIDE, store.now, title.decider)
            moved = move(store, who, Act.DECLINE, title, key=key, due=limit, body=body)
            tell_holder(store, moved, "successor_declined", leader=open_.new_leader, reason=words.strip())
        return row_from(Succession, {**open_._asdict(), **settled})  # type: ignore[attr-defined]  # rows are tuples


def _succeed(store: Store, who: Actor, title: Title, open_: Succession, body: dict[str, Any], key: str | None) -> None:
    told = {**body, "former_leader": open_.old_leader, "former_name": title.name, "name": open_.new_name}
    moved = move(store, who, Act.SUCCEED, title, key=key, body=told, leader_name=open_.new_leader,
                 leader_key=open_.new_key, name=open_.new_name)  # fmt: skip
    deadlines.close(store, title.id, DeadlineKind.SUCCESSION)
    tell_holder(store, moved, "leader_changed", leader=open_.new_leader)


def _rule(rules: Programme, title: Title) -> programme.Succession:
    if rules.title.succession is None:
        raise RefusedError("no_succession", number=title.number, **rules.title.cited)
    return rules.title.succession


def _require_none(store: Store, title: Title) -> None:
    """One departure at a time; after a no the title is the decider's to end."""
    last = store.first(_LAST, title=title.id)
    if last is not None and last.approved is None:
        raise RefusedError("departure_reported", number=title.number, left_on=last.left_on)
    if last is not None and not last.approved:
        raise RefusedError("succession_declined", number=title.number)


def _open(store: Store, title: Title) -> Succession:
    last = store.first(_LAST, title=title.id)
    if last is None or last.approved is not None:
        raise RefusedError("no_departure", number=title.number)
    return last


def _leader_key(name: str, identity: str) -> str:
    """What the new leader is known by. Raises InputError."""
    if not name.strip():
        raise InputError("argument_missing", field="leader_name", expected="str")
    try:
        return forms.leader_key(forms.person_id(identity))
    except ValueError as error:
        raise InputError("not_a_person_id", field="leader_id", given=identity[:4]) from error


def _fen(given: str) -> int:
    try:
        amount = forms.fen(given)
    except ValueError as error:
        raise InputError("unspent", field="unspent_yuan", given=given[:20]) from error
    if amount < 0:
        raise InputError("unspent", field="unspent_yuan", given=given[:20])
    return amount


def _answers(rules: Programme, given: dict[str, Any]) -> dict[str, Any]:
    """The new answers as values of the programme's fields. Raises InputError, FaultsError."""
    if unknown := sorted(set(given) - {rule.name for rule in rules.fields}):
        raise InputError("unknown_field", field=unknown[0], known=sorted(rule.name for rule in rules.fields))
    read = {rule.name: forms.value_of(rule, given[rule.name]) for rule in rules.fields if rule.name in given}
    if faults := [fault for _, fault in read.values() if fault is not None]:
        raise FaultsError(faults)
    # The number stays out of sight: what one is known by is kept instead.
    return {name: value for name, (value, _) in read.items() if name != rules.leader_id}


def _require_eligible(
    store: Store, rules: Programme, rule: programme.Succession, title: Title, new: Candidate, answers: dict[str, Any]
) -> None:
    """The clauses named in the programme, asked of the new leader; the title itself is no title of another."""
    clauses = tuple(clause for clause in rules.eligibility if clause.clause in rule.clauses)
    known = records.known_of(store, new)
    others = known._replace(titles=[one for one in known.titles if one.id != title.id])
    asked = rules.model_copy(update={"eligibility": clauses})
    record = records.record_of(asked, new, others, None)
    found = verdict(asked, answers, record, local_date(store.now))
    if not found.eligible:
        raise NotEligibleError("not_eligible", failed=list(found.failed), earliest=found.earliest)


def _renamed(rules: Programme, rule: programme.Succession, title: Title, leader: str, answers: dict[str, Any]) -> str:
    """The title's name under its new leader, where it carries the leader's; else the name it has."""
    if not rule.rename:
        return title.name
    given = answers.get(rules.subject_name)
    return str(given) if given else title.name.replace(title.leader_name, leader) if title.leader_name else title.name
