"""A list that came up: accepted in writing, or given back to the tier below, as a whole or in part."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from models.account import Account
from models.application import Application
from models.base import new_id, table
from models.database import reading, transaction
from models.errors import ConflictError, ForbiddenError, InputError, NotFoundError, RefusedError
from models.journal import Event
from models.round import Round
from models.slate import Entry, Slate
from models.sql import Sql, bind
from models.vocabulary import REVIEWS, Act, Bucket, LetterKind, Outcome, SlateState, State, Thing
from workflows.charts.strict import Facts
from workflows.desk import cut_offs
from workflows.desk.reviews import REVIEW
from workflows.listing import joint, leaving
from workflows.listing.sending import members_of
from workflows.places import quotas
from workflows.post import letters
from workflows.programmes import programme_of
from workflows.record.acting import Actor, refreshed
from workflows.record.claiming import claim, look, visible
from workflows.record.journal import move, move_all
from workflows.record.moves import Change
from workflows.record.verb import query, verb
from workflows.rules import forms, permissions
from workflows.rules.routes import Desk

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from models.database import Store
    from models.programme import Programme

_SL, _EN, _P, _E, _A = (table(m).c for m in (Slate, Entry, Application, Event, Account))
_ON_IT = sa.select(_EN.application_id).where(_EN.slate_id == bind("slate", _EN.slate_id))
# This list and those of the tier above its names stand on: always slates first, in the order of their ids.
_SLATES: Sql[Slate] = Sql(
    sa.select(table(Slate))
    .where((_SL.id == bind("slate", _SL.id)) | _SL.id.in_(sa.select(_P.slate_id).where(_P.id.in_(_ON_IT))))
    .order_by(_SL.id)
    .with_for_update(key_share=True),
    Slate,
)
_LONGEST, _LONGEST_WORDS = 500, 500


class Dealt(NamedTuple):
    """What the tier above did with a list: accepted it, or gave names back."""

    act: Act
    at: datetime
    who: str | None
    body: dict[str, Any]


_DEALT: Sql[Dealt] = Sql(
    sa.select(_E.act, _E.at, _A.name.label("who"), _E.body)
    .outerjoin_from(table(Event), table(Account), _A.id == _E.account_id)
    .where(_E.thing_id == bind("slate", _E.thing_id), _E.thing == Thing.SLATE,
           _E.act.in_([Act.ACCEPT, Act.SEND_DOWN]))
    .order_by(_E.version),
    Dealt,
)  # fmt: skip


@verb("accept")
def accept(actor: Actor, slate_id: str, *, seen: int, words: str = "", key: str | None = None) -> Slate:
    """Tell the tier below in writing that its list was accepted; it must have been opened. Changes no name."""
    if len(words) > _LONGEST_WORDS:
        raise InputError("too_long", field="words", length=len(words), most=_LONGEST_WORDS)
    with transaction() as store:
        slate, who = claim(store, actor, Act.ACCEPT, Slate, slate_id, seen=seen, key=key)
        after = move(store, who, Act.ACCEPT, slate, key=key, body={"words": words.strip()})
        letters.to_desk(store, after.head[:32], slate.organization, "slate_accepted",
                        {"organization": slate.sent_to, "reason": words.strip()}, thing_id=slate.id)  # fmt: skip
        return after


@verb("send-down")
def send_down(
    actor: Actor, slate_id: str, *, seen: int, reason: str, names: list[dict[str, Any]] | None = None,
    key: str | None = None,
) -> Slate:  # fmt: skip
    """Give a list back to the tier that sent it: as a whole, or only `names` with their faults.

    Each of `names` is `{application, faults: [{field, words}]}`. As a whole the list is drafted again as
    it was. In part its names wait at the lower desk, unchecked, for correction and another list; their
    places go back, the ranks close up and no reserve name rises. Raises RefusedError("not_in_hand")
    with the names that are not at this desk, ("on_sealed_slate"), ("past_cut_off");
    NotFoundError("not_on_list"), InputError.
    """
    why = _reason(reason)
    with transaction() as store:
        above = {one.id: one for one in store.all(_SLATES, slate=slate_id)}
        slate, who = claim(store, actor, Act.SEND_DOWN, Slate, slate_id, seen=seen, key=key)
        entries, members = members_of(store, slate)
        rules = programme_of(store, look(store, Round, slate.round_id).programme)
        main = [m for m in members if not entries[m.id].reserve]
        faults = _faults(rules, names, {m.id for m in main})
        down = main if faults is None else [m for m in main if m.id in faults]
        _require_in_hand(who, slate, down, above)
        # What could not be sent up again would only be given up below.
        cut_offs.require(store, rules, slate)
        _take_off_drafts(store, who, down, above)
        going = members if faults is None else down
        _bring_down(store, who, rules, _Told(slate, why, faults or {}), going, down)
        values, body = _whole_or_part(why, faults)
        if faults is not None:
            leaving.close_up(store, slate, [entries[m.id] for m in down])
        after = move(store, who, Act.SEND_DOWN, slate, key=key, facts=Facts(part=faults is not None), body=body,
                     **values)  # fmt: skip
        letters.to_desk(store, after.head[:32], slate.organization, "slate_sent_down",
                        {"organization": slate.sent_to, "count": len(down), "reason": why}, LetterKind.ACTION,
                        slate.id)  # fmt: skip
        taking = [m for m in down if not entries[m.id].outside]
        quotas.shift_all(store, who, slate, (Bucket.USED, Bucket.AVAILABLE), taking, Act.SEND_DOWN)
        return after


@query("slate-dealings")
def slate_dealings(actor: Actor, slate_id: str) -> list[Dealt]:
    """What the tier above did with a list, oldest first: acceptances and what was sent down.

    Raises NotFoundError for whom the list is not for.
    """
    with reading() as store:
        who, slate = refreshed(store, actor), look(store, Slate, slate_id)
        if not (visible(who, Thing.SLATE, slate) or joint.member_sees(store, who, slate)):
            raise NotFoundError("not_found", thing=Thing.SLATE.value, given=slate_id[:60])
        return store.all(_DEALT, slate=slate_id)


def _whole_or_part(why: str, faults: Mapping[str, Any] | None) -> tuple[dict[str, Any], dict[str, Any]]:
    """The list's own columns after it was given back, and what its journal says."""
    if faults is None:
        return dict.fromkeys(("sealed_at", "sent_to", "sent_at", "opened_at")), {"reason": why, "whole": True}
    return {}, {"reason": why, "faults": faults, "applications": sorted(faults)}


class _Told(NamedTuple):
    """Which list goes down, why, and each name's faults."""

    slate: Slate
    why: str
    faults: Mapping[str, list[dict[str, str]]]


def _reason(given: str) -> str:
    if not (said := given.strip()):
        raise InputError("reason_missing", field="reason")
    if len(said) > _LONGEST:
        raise InputError("too_long", field="reason", length=len(said), most=_LONGEST)
    return said


def _faults(
    rules: Programme, names: Sequence[Mapping[str, Any]] | None, main: set[str]
) -> dict[str, list[dict[str, str]]] | None:
    """Each name's faults, as kept; None for the whole list. Raises InputError, NotFoundError."""
    if names is None:
        return None
    if not names:
        raise InputError("slate_empty", field="names")
    known = [part.name for part in forms.parts(rules)]
    found: dict[str, list[dict[str, str]]] = {}
    for name in names:
        of = str(name.get("application") or "")
        if of not in main:
            raise NotFoundError("not_on_list", given=of[:60])
        if of in found:
            raise InputError("listed_twice", field="names", given=of)
        found[of] = [_fault(known, fault) for fault in name.get("faults") or ()]
        if not found[of]:
            raise InputError("faults_missing", field="faults")
    return found


def _fault(known: list[str], given: Mapping[str, Any]) -> dict[str, str]:
    field, words = str(given.get("field")), str(given.get("words") or "").strip()
    if field not in known:
        raise InputError("unknown_field", field=field[:60], known=known)
    if not words:
        raise InputError("words_missing", field=field)
    if len(words) > _LONGEST:
        raise InputError("too_long", field=field, length=len(words), most=_LONGEST)
    return {"field": field, "words": words}


def _require_in_hand(who: Actor, slate: Slate, down: Sequence[Application], above: Mapping[str, Slate]) -> None:
    """Refuse names that are not at this desk any more, or that stand on a list of its own that is sealed."""
    for row in down:
        if permissions.is_own_case(who, row.organization, row.applicant_id, row.desk):
            raise ForbiddenError("own_case", act=Act.SEND_DOWN.value, application=row.id, organization=row.organization)
    if elsewhere := [row for row in down if row.desk != slate.sent_to or row.state not in REVIEWS]:
        raise RefusedError("not_in_hand", names=[f"{row.subject}（{row.receipt}）" for row in elsewhere])
    for row in down:
        own = above.get(row.slate_id or "")
        if row.slate_id is not None and own is None:
            raise ConflictError("moved_meanwhile", thing=Thing.SLATE.value)
        if own is not None and own.state is not SlateState.DRAFTING:
            raise RefusedError("on_sealed_slate", slate=own.id, state=own.state.value)


def _take_off_drafts(store: Store, who: Actor, down: Sequence[Application], above: Mapping[str, Slate]) -> None:
    """Names that the upper tier had already put on its own draft leave it."""
    for slate_id in sorted({row.slate_id for row in down if row.slate_id}):
        own, entries = above[slate_id], leaving.entries_of(store, slate_id)
        gone = [entries[row.id] for row in down if row.slate_id == slate_id and row.id in entries]
        leaving.close_up(store, own, gone)
        body = {"applications": [entry.application_id for entry in gone], "why": Act.SEND_DOWN.value}
        move(store, who, Act.WITHDRAW, own, body=body)


def _bring_down(
    store: Store, who: Actor, rules: Programme, told: _Told, rows: Sequence[Application], going: Sequence[Application]
) -> None:
    """The names back at the lower desk with a due date, each with the upper tier's words."""
    if not rows:  # all of them withdrew since
        return
    slate, whole = told.slate, not told.faults
    limit = cut_offs.review(store, rules, slate.round_id, Desk(slate.rung, slate.organization), rows[0].route)
    down = {row.id for row in going}
    store.run_many(REVIEW, (
        {"id": new_id(), "application_id": row.id, "step": row.step, "desk": slate.sent_to,
         "outcome": Outcome.RETURNED, "opinion": told.why, "faults": told.faults.get(row.id, []),
         "account_id": who.id, "at": store.now} for row in going
    ))  # fmt: skip
    back = {"desk": slate.organization, "checked": whole, "slate_id": slate.id if whole else None}
    move_all(store, who, Act.SEND_DOWN, [
        Change(row, {**back, "step": row.step - 1}, Facts(leads_to=slate.rung),
               {"slate": slate.id, "reason": told.why, "faults": told.faults.get(row.id, []),
                "letter": {"reason": told.why}}, limit)
        for row in going
    ])  # fmt: skip
    # Reserve names never went up; with the whole list they are drafted again.
    waiting = [row for row in rows if row.id not in down and row.state is not State.CONTESTED]
    move_all(store, who, Act.RECALL, [Change(row, back, body={"slate": slate.id}, due=limit) for row in waiting])
