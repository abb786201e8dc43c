"""Panels drawn by lot from a union's pool: the draw, its members' undertaking, who replaces them (domain: 7.7)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from models.application import Application
from models.base import new_id, table
from models.database import DuplicateError, transaction
from models.errors import ForbiddenError, InputError, NotFoundError, RefusedError
from models.merit import Sheet
from models.organization import Organization
from models.panel import Assignment, Expert, Member, Panel
from models.round import Round
from models.sql import Sql, bind, rows_of
from models.vocabulary import Act, LetterKind, PanelState, Role, RoundState, Thing
from workflows.desk import duties, substitutes
from workflows.judging import conflicts
from workflows.people.organizations import organization, queue_at
from workflows.post import letters
from workflows.programmes import programme_of
from workflows.record.acting import refreshed
from workflows.record.claiming import claim, hold, look
from workflows.record.journal import found, move
from workflows.record.verb import not_done_yet, verb
from workflows.rules import draw, routes
from workflows.rules.calendar import local_date
from workflows.rules.characters import within

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from models.database import Store
    from models.programme import Programme
    from workflows.desk.substitutes import Ground
    from workflows.record.acting import Actor
    from workflows.rules.draw import Place

_M, _N, _S, _P = (table(m).c for m in (Member, Assignment, Sheet, Application))
_UNDERTAKE: Sql[None] = Sql(
    sa.update(table(Member))
    .where(_M.id == bind("of", _M.id))
    .values(undertaken_at=bind("undertaken_at", _M.undertaken_at))
)
_LEAVE: Sql[None] = Sql(
    sa.update(table(Member))
    .where(_M.id == bind("of", _M.id))
    .values(left_at=bind("left_at", _M.left_at), left_reason=bind("left_reason", _M.left_reason))
)
_END_ALL: Sql[None] = Sql(
    sa.update(table(Assignment))
    .where(_N.panel_id == bind("panel", _N.panel_id), _N.ended_at.is_(None))
    .values(ended_at=bind("ended_at", _N.ended_at), end_reason=bind("end_reason", _N.end_reason))
)
# What a member was to judge and has no sheet of that counts; what has one stays as it is.
_unwritten = ~sa.exists().where(
    _S.application_id == _N.application_id, _S.account_id == _N.account_id, _S.voided_at.is_(None)
)
_LEFT_OVER = rows_of(
    Assignment, _N.panel_id == bind("panel", _N.panel_id), _N.account_id == bind("who", _N.account_id),
    _N.ended_at.is_(None), _unwritten, order=(_N.application_id,),
)  # fmt: skip
_SCORED: Sql[int] = Sql(
    sa.select(sa.func.count())
    .select_from(table(Sheet))
    .join(table(Assignment), (_N.application_id == _S.application_id) & (_N.account_id == _S.account_id))
    .where(_N.panel_id == bind("panel", _N.panel_id), _S.voided_at.is_(None))
)
_LONGEST = 500


@verb("draw-panel")
def draw_panel(
    actor: Actor, *, round_id: str, organization_code: str, size: int | None = None,
    fields: dict[str, int] | None = None, seed: str = "", seed_source: str = "", key: str | None = None,
) -> Panel:  # fmt: skip
    """Draw a panel by lot from the union's pool as it is now; its members are asked for their undertaking.

    `fields`: how many of which field. `seed`, with where it was published (`seed_source`), or else one made here
    before the pool is read. One panel stands for a round and desk. Raises InputError("seed_source_missing"),
    RefusedError("no_scoring", "panel_wrong_tier", "panel_round_over", "panel_small", "panel_even_size", "strata_over",
    "pool_too_small", "pool_short_of_field", "panel_drawn_already").
    """
    with transaction() as store:
        queue_at(store, organization_code)
        not_done_yet(store, actor, key)
        who = refreshed(store, actor)
        if not who.sits(organization_code, Role.REVIEWER):
            raise ForbiddenError("not_your_desk", act=Act.DRAW.value, thing=Thing.PANEL.value)
        rules = _rules(store, look(store, Round, round_id), organization(store, organization_code))
        conflicts.refuse_own_case(
            who, Act.DRAW, organization_code, conflicts.cases_at(store, organization_code, round_id)
        )
        strata = sorted((name.strip(), n) for name, n in (fields or {}).items() if n > 0)
        seats = _require_size(rules, size, strata)
        # The seed stands before the pool is read: nobody can suit one to the other in here.
        given = _seed(seed, seed_source) or new_id()
        pool = _pool(store, organization_code)
        snapshot = draw.listed((one.id, one.fields) for one in pool)
        order = draw.order(given, snapshot)
        _require_pool(order, snapshot, seats, strata)
        drawn = draw.seats(order, snapshot, seats, strata)
        values = {
            "round_id": round_id, "desk": organization_code, "size": seats, "strata": [list(one) for one in strata],
            "seed": given, "seed_source": seed_source.strip(), "snapshot": snapshot,
            "snapshot_hash": draw.fingerprint(snapshot), "order": order, "drawn_at": store.now, "account_id": who.id,
            "state": PanelState.DRAWN,
        }  # fmt: skip
        return _founded(store, who, values, drawn, {one.id: one for one in pool}, key)


@verb("accept-undertaking")
def accept_undertaking(actor: Actor, panel_id: str, *, key: str | None = None) -> Panel:
    """Accept the undertaking of a judge: to judge fairly, to keep silent, and to stand back where it is needed.

    Only a member accepts it, once; before that they score nothing. Raises NotFoundError for anybody else.
    """
    with transaction() as store:
        row = hold(store, Panel, panel_id)
        who = refreshed(store, actor)
        seat = next((one for one in store.all(duties.SEAT, panel=row.id, who=who.id) if one.left_at is None), None)
        if seat is None:
            raise NotFoundError("not_found", thing=Thing.PANEL.value, given=panel_id)
        if seat.undertaken_at is not None:
            return row
        store.run(_UNDERTAKE, of=seat.id, undertaken_at=store.now)
        return move(store, who, Act.ACCEPT, row, body={"expert": seat.expert_id}, key=key)


@verb("replace-member")
def replace_member(
    actor: Actor, panel_id: str, account: str, *, reason: str, seen: int | None = None, key: str | None = None
) -> Panel:
    """Take a member off a panel; the next of the same draw takes the seat and the cases not scored yet.

    Who could not take them is passed over, on record. Raises InputError("reason_missing"),
    RefusedError("not_panel_member", "draw_used_up").
    """
    if not reason.strip():
        raise InputError("reason_missing", field="reason")
    with transaction() as store:
        row, who = claim(store, actor, Act.REPLACE, Panel, panel_id, seen=seen, key=key)
        rules = programme_of(store, look(store, Round, row.round_id).programme)
        known = substitutes.ground(store, row, rules)
        gone = next((one for one in known.active() if one.account_id == account), None)
        if gone is None:
            raise RefusedError("not_panel_member")
        left = store.all(_LEFT_OVER, panel=row.id, who=account)
        theirs = {one.application_id for one in left}
        cases = conflicts.cases_at(store, row.desk, row.round_id)
        conflicts.refuse_own_case(who, Act.REPLACE, row.desk, [case for case in cases if case.id in theirs])
        out = {one.expert_id for one in known.members}
        place, passed = substitutes.next_of(row, known, out, _concern(known, gone, left), gone.stratum)
        if place is None:
            raise RefusedError("draw_used_up", count=len(row.order))
        words = within("reason", reason, _LONGEST)
        store.run(_LEAVE, of=gone.id, left_at=store.now, left_reason=words)
        for one in left:
            store.run(duties.END, of=one.id, ended_at=store.now, end_reason=words)
        after = substitutes.join(store, who, row, known, place, gone, passed, words, key=key)
        for one in left:
            duties.give(store, after, known.experts[place.expert], one.application_id, known, way="replaced",
                        anchor=one.anchor)  # fmt: skip
        duties.settle(store, after, account)
        return after


@verb("dissolve-panel")
def dissolve_panel(
    actor: Actor, panel_id: str, *, reason: str, seen: int | None = None, key: str | None = None
) -> Panel:
    """Dissolve a panel nobody of which has scored; it stays on record, and another may be drawn.

    Raises InputError("reason_missing"), RefusedError("panel_has_scored").
    """
    if not reason.strip():
        raise InputError("reason_missing", field="reason")
    with transaction() as store:
        row, who = claim(store, actor, Act.CALL_OFF, Panel, panel_id, seen=seen, key=key)
        if n := store.first(_SCORED, panel=row.id):
            raise RefusedError("panel_has_scored", count=n)
        store.run(_END_ALL, panel=row.id, ended_at=store.now, end_reason=within("reason", reason, _LONGEST))
        return move(store, who, Act.CALL_OFF, row, body={"reason": reason.strip()}, key=key)


def _rules(store: Store, window: Round, desk: Organization) -> Programme:
    """The programme of the round, which must have judges score at this desk's tier."""
    rules = programme_of(store, window.programme)
    if window.state is RoundState.FINISHED:
        raise RefusedError("panel_round_over", name=window.name)
    if rules.scoring is None:
        raise RefusedError("no_scoring")
    if routes.rung_of(desk.tier) is not rules.scoring.step:
        raise RefusedError("panel_wrong_tier", rung=rules.scoring.step.value, **rules.scoring.cited)
    return rules


def _require_size(rules: Programme, size: int | None, strata: Sequence[tuple[str, int]]) -> int:
    """How many are drawn: the programme's panel at least, and an odd number where it wants one."""
    least = rules.panel.size if rules.panel else 1
    wanted = least if size is None else size
    cited = rules.panel.cited if rules.panel else {}
    if wanted < least:
        raise RefusedError("panel_small", given=wanted, size=least, **cited)
    if (rules.panel is None or rules.panel.odd) and wanted % 2 == 0:
        raise RefusedError("panel_even_size", given=wanted, **cited)
    if (asked := sum(n for _, n in strata)) > wanted:
        raise RefusedError("strata_over", asked=asked, size=wanted)
    return wanted


def _seed(seed: str, source: str) -> str:
    if bool(seed.strip()) != bool(source.strip()):
        raise InputError("seed_source_missing", field="seed_source")
    return seed.strip()


def _pool(store: Store, desk: str) -> list[Expert]:
    """Who can be drawn now: in the pool, in their term, with an account in force."""
    shut, today = set(store.all(substitutes.SHUT, desk=desk)), local_date(store.now)
    pool = store.all(conflicts.POOL, desk=desk)
    return [one for one in pool if one.id not in shut and substitutes.is_in_term(one, today)]


def _require_pool(
    order: Sequence[str], snapshot: Sequence[Mapping[str, Any]], size: int, strata: Iterable[tuple[str, int]]
) -> None:
    if len(order) < size:
        raise RefusedError("pool_too_small", count=len(order), size=size)
    if short := draw.short_of(order, snapshot, [list(one) for one in strata]):
        raise RefusedError("pool_short_of_field", field=short[0][0], count=short[0][1])


def _founded(
    store: Store, who: Actor, values: dict[str, Any], drawn: Sequence[Place], experts: Mapping[str, Expert],
    key: str | None,
) -> Panel:  # fmt: skip
    body = {name: values[name] for name in ("seed", "seed_source", "snapshot_hash", "size", "strata")}
    try:
        row = found(store, who, Act.DRAW, Panel, key=key, body={**body, "members": [one.expert for one in drawn]},
                    **values)  # fmt: skip
    except DuplicateError as error:
        raise RefusedError("panel_drawn_already") from error
    accounts = [experts[place.expert].account_id for place in drawn]
    store.run_many(substitutes.JOIN, (
        {"id": new_id(), "panel_id": row.id, "expert_id": place.expert, "account_id": account, "place": place.place,
         "stratum": place.stratum, "joined_at": store.now}
        for place, account in zip(drawn, accounts, strict=True)
    ))  # fmt: skip
    letters.to_people(store, row.id, accounts, "panel_called", {"organization": row.desk}, LetterKind.ACTION, row.id)
    return row


def _concern(known: Ground, gone: Member, left: Sequence[Assignment]) -> list[str]:
    """The cases a replacement must be able to judge: the member's; before any are assigned, those they could not."""
    if left:
        return [one.application_id for one in left]
    return sorted(case for expert, case in known.conflicts if expert == gone.expert_id)
