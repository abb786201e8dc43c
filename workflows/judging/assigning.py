"""Who of a drawn panel judges which case: dealt out at the least cost, each pair with its reason, or by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from models.base import new_ids
from models.database import transaction
from models.errors import InputError, RefusedError
from models.panel import Panel
from models.round import Round
from models.vocabulary import Act, LetterKind
from workflows.desk import duties, substitutes
from workflows.judging import conflicts
from workflows.post import letters
from workflows.programmes import programme_of
from workflows.record.claiming import claim, look
from workflows.record.journal import move
from workflows.record.verb import verb
from workflows.rules.characters import within

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from models.database import Store
    from models.panel import Expert
    from models.programme import Programme
    from workflows.desk.substitutes import Ground
    from workflows.judging.conflicts import Case
    from workflows.record.acting import Actor
    from workflows.rules.assignment import Problem

_DAYS = 10
_SPARE = 4  # without a limit of its own, an even share and a quarter more
_SHOWN = 10
_LONGEST = 500


class Dealing(NamedTuple):
    """What a panel's cases are dealt out by, as the desk asked for it and the journal keeps it."""

    judges: int
    most: int | None
    field: str
    one_per_unit: bool
    seed: str
    days: int


@verb("assign")
def assign(
    actor: Actor, panel_id: str, *, judges: int | None = None, most: int | None = None,
    anchors: list[str] | None = None, field: str = "", one_per_unit: bool = False, seed: str = "", days: int = _DAYS,
    seen: int | None = None, key: str | None = None,
) -> Panel:  # fmt: skip
    """Deal the cases at the desk that have no judges yet out to a panel, at the least cost there is.

    Each gets `judges` (the programme's panel), nobody more than `most` cases; `anchors` are judged by all members.
    `field`: the form's field that says what a case is about; who knows it comes first. `days`: working days for the
    sheets. Raises ForbiddenError("own_case"), RefusedError("nothing_to_assign", "assignment_short" with the cases,
    "anchor_conflict"), InputError("unknown_form_field"). The question `plan` tries it without effect.
    """
    with transaction() as store:
        row, who = claim(store, actor, Act.ASSIGN, Panel, panel_id, seen=seen, key=key)
        rules = programme_of(store, look(store, Round, row.round_id).programme)
        asked = _asked(rules, row, Dealing(judges or 0, most, field, one_per_unit, seed, days))
        cases = conflicts.cases_at(store, row.desk, row.round_id)
        known = substitutes.ground(store, row, rules, cases)
        given = {one.application_id for one in known.assigned if one.ended_at is None}
        new = [case for case in cases if case.id not in given]
        if not new:
            raise RefusedError("nothing_to_assign")
        conflicts.refuse_own_case(who, Act.ASSIGN, row.desk, new)
        fixed = _anchored(known, new, anchors or [])
        dealt = [case for case in new if case.id not in fixed]
        made = [*_fixed(known, fixed), *_dealt(rules, row, known, dealt, asked, len(fixed))]
        return _written(store, who, row, known, made, asked, key)


@verb("reassign")
def reassign(
    actor: Actor, panel_id: str, application_id: str, account: str, *, reason: str, to: str = "",
    seen: int | None = None, key: str | None = None,
) -> Panel:  # fmt: skip
    """Take a case from a judge who has not scored it; `to` gets it, or else the next of the draw who can.

    Raises InputError("reason_missing"), RefusedError("not_judging", "sheet_exists", "not_panel_member",
    "judge_conflict" with the rule, "judge_full").
    """
    if not reason.strip():
        raise InputError("reason_missing", field="reason")
    with transaction() as store:
        row, who = claim(store, actor, Act.ASSIGN, Panel, panel_id, seen=seen, key=key)
        rules = programme_of(store, look(store, Round, row.round_id).programme)
        given = store.first(duties.ASSIGNED, of=application_id, who=account)
        if given is None or given.panel_id != row.id:
            raise RefusedError("not_judging")
        cases = [case for case in conflicts.cases_at(store, row.desk, row.round_id) if case.id == application_id]
        conflicts.refuse_own_case(who, Act.ASSIGN, row.desk, cases)
        duties.require_unwritten(store, application_id, account)
        known = substitutes.ground(store, row, rules)
        target = _target(known, application_id, to) if to else None
        words = within("reason", reason, _LONGEST)
        store.run(duties.END, of=given.id, ended_at=store.now, end_reason=words)
        body = {"application": application_id, "from": account, "to": to or None, "reason": words}
        after = move(store, who, Act.ASSIGN, row, body=body, key=key)
        if target is None:
            after = duties.pass_on(store, who, after, [given], words)
        else:
            duties.give(store, after, target, application_id, known, way="by_hand", anchor=given.anchor)
        duties.settle(store, after, account)
        return after


def _asked(rules: Programme, panel: Panel, given: Dealing) -> Dealing:
    """What was asked for with what was left open filled in. Raises InputError."""
    least = rules.panel.size if rules.panel else 1
    for name, value in (("judges", given.judges), ("most", given.most or 1), ("days", given.days - 1)):
        if value < 0:
            raise InputError("argument", field=name, given=str(value), expected="1-")
    names = [one.name for one in rules.fields]
    if given.field and given.field not in names:
        raise InputError("unknown_form_field", field="field", given=given.field, known=names)
    wanted = given.judges or least
    if wanted < least:
        raise RefusedError("panel_small", given=wanted, size=least, **(rules.panel.cited if rules.panel else {}))
    return given._replace(judges=wanted, seed=given.seed or panel.seed)


def _anchored(known: Ground, cases: Sequence[Case], ids: Collection[str]) -> set[str]:
    """The cases that every member judges. One that somebody must not judge is no measure for all."""
    here = {case.id: case for case in cases}
    if strange := [one for one in ids if one not in here]:
        raise InputError("case_not_here", field="anchors", given=strange[0])
    members = {one.expert_id for one in known.active()}
    if struck := [one for one in ids if any((expert, one) in known.conflicts for expert in members)]:
        raise RefusedError("anchor_conflict", receipts=[here[one].receipt for one in struck], count=len(struck))
    return set(ids)


def _problem(
    rules: Programme, panel: Panel, known: Ground, cases: Sequence[Case], asked: Dealing, anchors: int, *, wide: bool
) -> Problem:
    """The cases and the members as the solver wants them; `wide`: loads as uneven as the limits allow."""
    from workflows.rules.assignment import Problem  # noqa: PLC0415 -- slow import

    members = known.active()
    experts = [known.experts[one.expert_id] for one in members]
    places = {case.id: i for i, case in enumerate(cases)}
    columns = {one.id: i for i, one in enumerate(experts)}
    return Problem(
        cases=[case.id for case in cases],
        topics=[_topics(rules, case, asked.field) for case in cases],
        experts=[one.id for one in experts],
        fields=[frozenset(one.fields) for one in experts],
        room=_rooms(known, experts, asked, len(cases), anchors)[int(wide)],
        need=[asked.judges] * len(cases),
        forbidden=[(places[c], columns[e]) for e, c in known.conflicts if e in columns and c in places],
        units=[one.unit or one.id for one in experts] if asked.one_per_unit else (),
        seed=f"{asked.seed}|{panel.id}",
    )


def _topics(rules: Programme, case: Case, field: str) -> frozenset[str]:
    """The words that say what a case is about: the answer, and what the form calls it in both languages."""
    value = case.answers.get(field) if field else None
    if value is None:
        return frozenset()
    values = value if isinstance(value, list) else [value]
    rule = next(one for one in rules.fields if one.name == field)
    known = dict(zip(rule.choices, rule.choice_labels, strict=False))
    words = {str(one) for one in values}
    for one in values:
        if (label := known.get(str(one))) is not None:
            words |= {label.zh, label.en}
    return frozenset(words)


def _rooms(known: Ground, experts: Sequence[Expert], asked: Dealing, cases: int, anchors: int) -> list[list[int]]:
    """How many cases each may still take: at first no more than an even share, then whatever the limits allow."""
    share = -(-cases * asked.judges // max(len(experts), 1))
    even = share + -(-share // _SPARE) + anchors
    made = []
    for usual in (asked.most or even, asked.most or cases + anchors):
        limits = [min(usual, known.room(one) or usual) for one in experts]
        made.append([max(limit - known.load(one.account_id) - anchors, 0)
                     for limit, one in zip(limits, experts, strict=True)])  # fmt: skip
    return made


class _Pair(NamedTuple):
    """A case and its judge, with what is kept of why."""

    case_id: str
    account_id: str
    reason: dict[str, Any]
    anchor: bool


def _fixed(known: Ground, anchors: Collection[str]) -> list[_Pair]:
    reason = {"field": "", "load": 0, "cost": None, "way": "anchor"}
    return [_Pair(one, seat.account_id, reason, anchor=True) for one in sorted(anchors) for seat in known.active()]


def _dealt(
    rules: Programme, row: Panel, known: Ground, cases: Sequence[Case], asked: Dealing, anchors: int
) -> list[_Pair]:
    """The cheapest pairs there are, at even loads if that can be. Raises RefusedError("assignment_short")."""
    from workflows.rules.assignment import costs, field_of, solve  # noqa: PLC0415 -- slow import

    problem = _problem(rules, row, known, cases, asked, anchors, wide=False)
    found = solve(problem)
    if found.short:
        problem = _problem(rules, row, known, cases, asked, anchors, wide=True)
        found = solve(problem)
    if found.short:
        receipts = [cases[i].receipt for i in sorted(found.short)]
        raise RefusedError("assignment_short", receipts=receipts[:_SHOWN], count=len(found.short),
                           judges=sum(found.short.values()))  # fmt: skip
    cost, members = costs(problem), known.active()
    return [
        _Pair(cases[c].id, members[e].account_id, {
            "field": field_of(problem.topics[c], problem.fields[e]), "load": 0, "cost": int(cost[c, e]),
            "way": "optimal",
        }, anchor=False)
        for c, e in found.pairs
    ]  # fmt: skip


def _written(
    store: Store, who: Actor, row: Panel, known: Ground, made: Sequence[_Pair], asked: Dealing, key: str | None
) -> Panel:
    loads: dict[str, int] = {}
    for pair in made:
        loads[pair.account_id] = loads.get(pair.account_id, known.load(pair.account_id)) + 1
    store.run_many(substitutes.ASSIGN, (
        {"id": one, "panel_id": row.id, "application_id": pair.case_id, "account_id": pair.account_id,
         "reason": {**pair.reason, "load": loads[pair.account_id]}, "anchor": pair.anchor, "assigned_at": store.now}
        for one, pair in zip(new_ids(len(made)), made, strict=True)
    ))  # fmt: skip
    cases = len({pair.case_id for pair in made})
    after = move(store, who, Act.ASSIGN, row, key=key, days=asked.days,
                 body={**asked._asdict(), "cases": cases, "pairs": len(made)})  # fmt: skip
    duties.settle_all(store, after)
    letters.to_people(store, f"{row.id}-{after.version}"[:40], sorted(loads), "cases_assigned",
                      {"organization": row.desk}, LetterKind.ACTION, row.id)  # fmt: skip
    return after


def _target(known: Ground, application_id: str, account: str) -> Expert:
    """The member who is to take a case by hand, who must be able to."""
    seat = next((one for one in known.active() if one.account_id == account), None)
    if seat is None:
        raise RefusedError("not_panel_member")
    expert = known.experts[seat.expert_id]
    if (code := known.conflicts.get((expert.id, application_id))) is not None:
        raise RefusedError("judge_conflict", rule=code.value)
    room = known.room(expert)
    if room is not None and known.load(account) >= room:
        raise RefusedError("judge_full", most=room)
    return expert
