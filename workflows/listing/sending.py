"""Sending a slate up and taking it back: its members move with it, as a unit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from models.application import Application, Review
from models.base import new_ids, table
from models.database import transaction
from models.errors import ConflictError, InputError, RefusedError
from models.notice import Notice
from models.organization import Organization
from models.round import Round
from models.slate import Entry, Slate
from models.sql import Sql, bind, rows_of
from models.vocabulary import (
    Act,
    Bucket,
    DeadlineKind,
    LetterKind,
    NoticeState,
    Outcome,
    SlateState,
    State,
)
from workflows.charts.strict import Facts
from workflows.clocks import deadlines
from workflows.deciding import gates
from workflows.desk import cut_offs
from workflows.desk.reviews import REVIEW
from workflows.hearing import proofs
from workflows.listing.slates import ENTRIES
from workflows.places import quotas
from workflows.post import letters
from workflows.programmes import programme_of
from workflows.record.claiming import claim, look
from workflows.record.journal import move, move_all
from workflows.record.moves import Change, Due
from workflows.record.verb import verb
from workflows.rules import routes
from workflows.rules.routes import Desk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.database import Store
    from models.programme import Programme
    from workflows.record.acting import Actor

_P, _EN, _N, _V = (table(m).c for m in (Application, Entry, Notice, Review))
_MEMBERS = rows_of(
    Application,
    _P.id.in_(sa.select(_EN.application_id).where(_EN.slate_id == bind("slate", _EN.slate_id))),
    order=(_P.id,),
    lock=True,
)
# Whoever the tier above has said something of since the list came up, even if it came back to it since.
_REVIEWED: Sql[str] = Sql(
    sa.select(_V.application_id)
    .join(table(Entry), _EN.application_id == _V.application_id)
    .where(_EN.slate_id == bind("slate", _EN.slate_id), _V.desk == bind("desk", _V.desk), _V.at >= bind("since", _V.at))
)
_UNITS = rows_of(
    Organization,
    table(Organization).c.code.in_(
        sa.select(_P.organization)
        .join(table(Entry), _EN.application_id == _P.id)
        .where(_EN.slate_id == bind("slate", _EN.slate_id))
    ),
)
_NOTICES = rows_of(Notice, _N.slate_id == bind("slate", _N.slate_id))


@verb("send-up")
def send_up(actor: Actor, slate_id: str, *, seen: int, key: str | None = None) -> Slate:
    """Send the sealed list to the next tier: main names move up, reserve names wait here.

    A tier with a notice of its own sends after it; a name under objection stays behind and follows
    when the objection is dismissed. Raises RefusedError("notice_required", "notice_running",
    "nothing_to_send", "deciding_tier", "two_ways_up", "past_cut_off").
    """
    with transaction() as store:
        slate, who = claim(store, actor, Act.SEND_UP, Slate, slate_id, seen=seen, key=key)
        entries, members = members_of(store, slate)
        window = look(store, Round, slate.round_id)
        rules = programme_of(store, window.programme)
        stop = _next_stop(slate, members)
        gates.before_notice(store, rules, window, slate)
        in_time = cut_offs.require(store, rules, slate)
        cut_offs.require_open(store, rules, slate.round_id, stop)
        upward = cut_offs.review(store, rules, slate.round_id, stop, members[0].route)
        main = [m for m in members if not entries[m.id].reserve]
        waiting = [m for m in members if entries[m.id].reserve]
        ready = _past_notice(store, rules, slate, main)
        body = {"slate": slate.id, "to": stop.desk, "letter": {"next": stop.desk}}
        move_all(store, who, Act.RECOMMEND, [
            Change(m, {"step": m.step + 1, "desk": stop.desk}, Facts(leads_to=stop.rung),
                   {**body, "rank": entries[m.id].rank}, upward) for m in ready
        ])  # fmt: skip
        # Where a notice was held, they wait already.
        set_aside(store, who, slate, [m for m in waiting if m.desk == slate.organization])
        after = move(store, who, Act.SEND_UP, slate, key=key, sent_to=stop.desk, sent_at=store.now,
                     body={"to": stop.desk, "main": len(ready), "reserve": len(waiting),
                           **({} if in_time else {"late": True})})  # fmt: skip
        store.run_many(REVIEW, (
            {"id": one, **_opinion(store, who, slate, entries[m.id], m)}
            for one, m in zip(new_ids(len(members)), members, strict=True)
        ))  # fmt: skip
        letters.to_desk(store, after.head[:32], stop.desk, "slate_arrived",
                        {"organization": slate.organization, "count": len(ready), "due_at": upward.at.isoformat()},
                        LetterKind.ACTION, slate.id)  # fmt: skip
        taking = [m for m in main if not entries[m.id].outside]
        quotas.shift_all(store, who, slate, (Bucket.RESERVED, Bucket.USED), taking, Act.SEND_UP)
        return after


@verb("recall")
def recall(actor: Actor, slate_id: str, *, seen: int, reason: str, key: str | None = None) -> Slate:
    """Take a sealed or sent list back as a unit, until the upper tier opens it or acts on a member."""
    if not reason.strip():
        raise InputError("reason_missing", field="reason")
    with transaction() as store:
        slate, who = claim(store, actor, Act.RECALL, Slate, slate_id, seen=seen, key=key)
        entries, members = members_of(store, slate)
        main = [m for m in members if not entries[m.id].reserve]
        if slate.state is SlateState.SENT_UP:
            # What is late already could not be sent again.
            cut_offs.require(store, programme_of(store, look(store, Round, slate.round_id).programme), slate)
            _bring_back(store, who, slate, members, main)
            letters.take_back(store, [slate.id, *(m.id for m in members)], slate.sent_at or store.now)
        after = move(store, who, Act.RECALL, slate, key=key, sealed_at=None, sent_to=None, sent_at=None,
                     body={"reason": reason})  # fmt: skip
        letters.to_desk(store, after.head[:32], slate.sent_to, "slate_recalled",
                        {"organization": slate.organization, "reason": reason}, thing_id=slate.id)  # fmt: skip
        taking = [m for m in main if not entries[m.id].outside]
        bucket = Bucket.USED if slate.state is SlateState.SENT_UP else Bucket.RESERVED
        quotas.shift_all(store, who, slate, (bucket, Bucket.AVAILABLE), taking, Act.RECALL)
        return after


def set_aside(store: Store, who: Actor, slate: Slate, waiting: Sequence[Application]) -> None:
    """Reserve names wait for a free place until the round's planned end."""
    end = look(store, Round, slate.round_id).ends_at
    move_all(store, who, Act.RESERVE, [
        Change(m, {"desk": None}, body={"slate": slate.id},
               due=Due(DeadlineKind.RESERVE_END, end, desk=slate.organization)) for m in waiting
    ])  # fmt: skip


def members_of(store: Store, slate: Slate) -> tuple[dict[str, Entry], list[Application]]:
    """The places on a slate by application, and the applications, held."""
    entries = {entry.application_id: entry for entry in store.all(ENTRIES, slate=slate.id)}
    return entries, store.all(_MEMBERS, slate=slate.id)


def units_of(store: Store, slate: Slate) -> dict[str, Organization]:
    """The units of a slate's members by code, in one read."""
    return {unit.code: unit for unit in store.all(_UNITS, slate=slate.id)}


def _next_stop(slate: Slate, members: Sequence[Application]) -> Desk:
    """Where a tier's list goes: one desk for all of it. The deciding tier has none."""
    first = members[0] if members else None
    if first is None:
        raise RefusedError("slate_empty")
    if first.step + 1 >= len(first.route):
        raise RefusedError("deciding_tier", slate=slate.id)
    stop = routes.stop(first, first.step + 1)
    strays = [m for m in members if m.route[m.step + 1] != first.route[first.step + 1]]
    if strays:
        raise RefusedError("two_ways_up", receipt=strays[0].receipt, to=stop.desk)
    return stop


def _past_notice(store: Store, rules: Programme, slate: Slate, main: list[Application]) -> list[Application]:
    """Who goes up now: where the tier holds a notice, those whose notice is over without objection."""
    if not next(step for step in rules.ladder if step.desk == slate.rung).notice:
        return main
    notices = store.all(_NOTICES, slate=slate.id)
    if running := [n for n in notices if n.state is NoticeState.OPEN]:
        raise RefusedError("notice_running", notice=running[0].id, ends_at=running[0].ends_at.isoformat())
    ready = [m for m in main if m.state is State.PUBLIC_NOTICE]
    contested = [m for m in main if m.state is State.CONTESTED]
    if len(ready) + len(contested) < len(main):
        raise RefusedError("notice_required", slate=slate.id)
    if not ready:
        raise RefusedError("nothing_to_send", contested=[m.receipt for m in contested])
    proofs.require(store, rules, notices)
    for notice in notices:
        deadlines.close(store, notice.id)
    return ready


def _bring_back(
    store: Store, who: Actor, slate: Slate, members: Sequence[Application], main: Sequence[Application]
) -> None:
    """Members return to this tier's desk, checked as they were; none may have been acted on."""
    if not members:  # all of them withdrew since
        return
    reviewed = set(store.all(_REVIEWED, slate=slate.id, desk=slate.sent_to, since=slate.sent_at))
    if touched := [m for m in main if m.checked or m.desk != slate.sent_to or m.id in reviewed]:
        raise ConflictError("acted_above", receipt=touched[0].receipt, state=touched[0].state.value)
    rules = programme_of(store, look(store, Round, slate.round_id).programme)
    here = Desk(slate.rung, slate.organization)
    limit = cut_offs.review(store, rules, slate.round_id, here, members[0].route)
    back = {"desk": slate.organization, "checked": True, "slate_id": slate.id}
    body = {"slate": slate.id}
    above = {m.id for m in main}
    move_all(store, who, Act.RECALL, [
        Change(m, {**back, "step": m.step - 1}, Facts(leads_to=slate.rung), body, limit) for m in main
    ])  # fmt: skip
    move_all(store, who, Act.RECALL, [Change(m, back, body=body, due=limit) for m in members if m.id not in above])


def _opinion(store: Store, who: Actor, slate: Slate, entry: Entry, row: Application) -> dict[str, Any]:
    """The tier's words for the opinion box of the printed form."""
    outcome = Outcome.RESERVE if entry.reserve else Outcome.RECOMMENDED
    return {"application_id": row.id, "step": row.step, "desk": slate.organization, "outcome": outcome,
            "opinion": entry.note or slate.minutes, "account_id": who.id, "at": store.now}  # fmt: skip
