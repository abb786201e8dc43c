"""The slate's verbs on every tier: rank, seal, open."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from models.application import Application
from models.base import table
from models.database import transaction
from models.errors import ConflictError, ForbiddenError, InputError, NotFoundError, RefusedError
from models.organization import Organization
from models.round import Round
from models.slate import Entry, Slate
from models.sql import Sql, bind, insert_into, rows_of
from models.vocabulary import Act, Role, Rung, SlateState, Thing
from workflows.deciding import gates
from workflows.judging import panels
from workflows.listing import ordering
from workflows.people.organizations import queue_at
from workflows.places import quotas
from workflows.programmes import programme_of
from workflows.record.acting import refreshed
from workflows.record.claiming import claim, look
from workflows.record.journal import found, move
from workflows.record.verb import not_done_yet, verb
from workflows.rules import permissions, places, ranking
from workflows.rules.characters import within

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.database import Store
    from models.programme import Programme
    from workflows.record.acting import Actor
    from workflows.rules.places import Listed

_P, _SL, _EN = (table(m).c for m in (Application, Slate, Entry))
ENTRIES = rows_of(Entry, _EN.slate_id == bind("slate", _EN.slate_id), order=(_EN.rank,))
_DRAFTING = rows_of(
    Slate,
    _SL.round_id == bind("round", _SL.round_id),
    _SL.organization == bind("organization", _SL.organization),
    _SL.state == SlateState.DRAFTING,
    lock=True,
)
# All who may stand on a slate, in one read however long the list is.
_CANDIDATES = rows_of(
    Application,
    _P.desk == bind("desk", _P.desk),
    _P.round_id == bind("round", _P.round_id),
    order=(_P.id,),
    lock=True,
)
_HOW_MANY: Sql[int] = Sql(
    sa.select(sa.func.count()).select_from(table(Application)).where(
        _P.desk == bind("desk", _P.desk), _P.round_id == bind("round", _P.round_id), _P.checked,
        _P.slate_id.is_(None) | (_P.slate_id == bind("slate", _P.slate_id)),
    )
)  # fmt: skip
_OWN: Sql[str] = Sql(
    sa.select(_P.id)
    .join(table(Entry), _EN.application_id == _P.id)
    .where(
        _EN.slate_id == bind("slate", _EN.slate_id),
        (_P.organization == bind("unit", _P.organization)) | (_P.applicant_id == bind("who", _P.applicant_id)),
    )
)
_ON_IT = sa.select(_EN.application_id).where(_EN.slate_id == bind("slate", _EN.slate_id))
_MEMBERS = rows_of(Application, _P.id.in_(_ON_IT), order=(_P.id,))
_UNITS = rows_of(
    Organization,
    table(Organization).c.code.in_(sa.select(_P.organization).where(_P.id.in_(_ON_IT))),
)
_ENTER = insert_into(Entry)
_CLEAR: Sql[None] = Sql(sa.delete(table(Entry)).where(_EN.slate_id == bind("slate", _EN.slate_id)))
_PLACE: Sql[None] = Sql(
    sa.update(table(Application)).where(_P.id == bind("of", _P.id)).values(slate_id=bind("on", _P.slate_id))
)
_UNPLACE: Sql[None] = Sql(
    sa.update(table(Application)).where(_P.slate_id == bind("on", _P.slate_id)).values(slate_id=None)
)
_LONGEST_NOTE = 500
_MOST_NAMES, _LONGEST_NAME = 50, 60
_ITEM = ("application", "score", "note", "outside")


@verb("rank")
def rank(
    actor: Actor, *, round_id: str, organization_code: str, main: list[Any], reserve: list[Any] | None = None,
    seen: int = 0, key: str | None = None,
) -> Slate:  # fmt: skip
    """Write this tier's list for a round: main places in order, then the reserve.

    Each item is an application's id, or `{application, score, note, outside}`; `seen` 0 begins the
    list, otherwise it is the draft list's version. Only checked applications at this desk may stand on
    it. `outside` names one of the programme's awards beyond the quota: such a name takes no place.
    """
    with transaction() as store:
        not_done_yet(store, actor, key)
        who = refreshed(store, actor)
        if not who.sits(organization_code, Role.REVIEWER):
            raise ForbiddenError("not_your_desk", act=Act.RANK.value, thing=Thing.SLATE.value)
        return ranked(store, who, round_id, organization_code, _items(main, reserve or []), seen, key)


def ranked(
    store: Store, who: Actor, round_id: str, desk: str, items: list[dict[str, Any]], seen: int, key: str | None
) -> Slate:
    """Write a tier's list, for who sits there; the items are entries but for their slate. Raises as `rank`."""
    # The slate before its members: as every verb that holds both.
    known = store.first(_DRAFTING, round=round_id, organization=desk)
    if known is None:
        # Who begins the list waits for whoever else begins it at this moment: a tier has one.
        queue_at(store, desk)
        known = store.first(_DRAFTING, round=round_id, organization=desk)
    rows = {r.id: r for r in store.all(_CANDIDATES, desk=desk, round=round_id)}
    _require_candidates(who, rows, items, known.id if known else None)
    _require_outside(store, round_id, items)
    first = rows[items[0]["application_id"]]
    rules = programme_of(store, first.programme)
    items = panels.scored(store, rules, rows, items)
    slate = _draft(store, who, known, first, seen, key)
    store.run(_UNPLACE, on=slate.id)
    store.run(_CLEAR, slate=slate.id)
    store.run_many(_ENTER, ({**item, "slate_id": slate.id} for item in items))
    store.run_many(_PLACE, ({"of": item["application_id"], "on": slate.id} for item in items))
    # While judges are blind the journal, which more people read, says no score of theirs; sealing does.
    told = [None if panels.is_scored_at(rules, first) else i["score"] for i in items]
    order = [
        [i["application_id"], i["reserve"], score, *filter(None, [i["outside"]])]
        for i, score in zip(items, told, strict=True)
    ]
    return move(store, who, Act.RANK, slate, key=key, body={"order": order})


@verb("seal")
def seal(
    actor: Actor, slate_id: str, *, seen: int, minutes: str = "", reason: str = "", tie: str = "",
    signatories: list[str] | None = None, key: str | None = None,
) -> Slate:  # fmt: skip
    """Seal the list under the tier's quota: places are held for its main names.

    `minutes` is the collective meeting's record and `signatories` who signed it (at most 50 names);
    `reason` explains fewer names than the minimum, `tie` how the meeting settled equal scores at the
    line. A list of all who could stand on it (等额) is kept as one without a contest. Raises QuotaError
    with the numbers, RefusedError("slate_empty", "order_against_scores", "tie_at_line"), InputError.
    """
    signed = signatures(signatories or [])
    with transaction() as store:
        slate, who = claim(store, actor, Act.SEAL, Slate, slate_id, seen=seen, key=key)
        refuse_own_case(store, who, slate)
        entries = store.all(ENTRIES, slate=slate.id)
        rules = programme_of(store, look(store, Round, slate.round_id).programme)
        members = store.all(_MEMBERS, slate=slate.id) if gates.asks_members(rules) else []
        pools = {m.id: m.pool for m in members}
        ordering.require(store, rules, slate, entries, members, tie)
        body = {"minutes": minutes, "reason": reason, "tie": tie, **_counted(entries),
                **({"signatories": signed} if signed else {}), **contest(store, slate, entries),
                **_scores(rules, slate, entries)}  # fmt: skip
        if members:
            units = {u.code: u for u in store.all(_UNITS, slate=slate.id)}
            by_name = {e.application_id: e for e in entries}
            if warned := gates.before_seal(store, rules, slate, by_name, members, units):
                body["warnings"] = warned
        standing = quotas.standing(store, slate.round_id, slate.organization)
        asked = places.asked_by_pool(entries, pools, standing)
        after = move(store, who, Act.SEAL, slate, key=key, sealed_at=store.now, minutes=minutes,
                     signatories=signed, body=body)  # fmt: skip
        quotas.reserve(store, who, rules, slate, asked, reason)
        gates.after_seal(store, rules, after)
        return after


def _scores(rules: Programme, slate: Slate, entries: Sequence[Entry]) -> dict[str, Any]:
    """What the judges' sheets came to, for the journal: from the seal on they are open."""
    if rules.scoring is None or rules.scoring.step is not slate.rung:
        return {}
    return {"scores": [[entry.application_id, entry.score] for entry in entries]}


@verb("open")
def open_slate(actor: Actor, slate_id: str, *, seen: int, key: str | None = None) -> Slate:
    """The upper tier takes the list in hand; from now on it cannot be recalled."""
    with transaction() as store:
        slate, who = claim(store, actor, Act.OPEN, Slate, slate_id, seen=seen, key=key)
        return move(store, who, Act.OPEN, slate, key=key, opened_at=store.now)


def refuse_own_case(store: Store, who: Actor, slate: Slate) -> None:
    """Nobody decides on a list with themselves or their own unit on it (domain: 7.7).

    A unit's own union lists its own workers: there only one's own name counts.
    """
    # What is the case of a colleague one stands in for is one's own as well.
    lent = who.lenders(slate.organization, Role.REVIEWER)
    for person, units in [(who.id, who.places()), *((one.principal, one.units) for one in lent)]:
        for unit in units:
            other = "" if unit == slate.organization else unit
            if own := store.first(_OWN, slate=slate.id, unit=other, who=person):
                raise ForbiddenError("own_case", act=Act.SEAL.value, application=own, organization=unit)


def signatures(given: Sequence[str]) -> list[str]:
    """Who signed the minutes, each once. Raises InputError for an empty, long or repeated name, or too many."""
    names = [str(name).strip() for name in given]
    if len(names) > _MOST_NAMES:
        raise InputError("too_big", field="signatories", given=len(names), most=_MOST_NAMES)
    for n, name in enumerate(names):
        if not name:
            raise InputError("words_missing", field="signatories")
        if len(name) > _LONGEST_NAME:
            raise InputError("too_long", field="signatories", length=len(name), most=_LONGEST_NAME)
        if name in names[:n]:
            raise InputError("signed_twice", field="signatories", given=name)
    return names


def contest(store: Store, slate: Slate, entries: Sequence[Listed]) -> dict[str, Any]:
    """How many could stand on the list, and that nobody was left out where it names all of them (等额)."""
    candidates = store.first(_HOW_MANY, desk=slate.organization, round=slate.round_id, slate=slate.id) or 0
    main = sum(not entry.reserve for entry in entries)
    return {"candidates": candidates, **({"no_contest": True} if main >= candidates else {})}


def _draft(store: Store, who: Actor, known: Slate | None, first: Application, seen: int, key: str | None) -> Slate:
    """The tier's draft list for the round, begun when there is none yet."""
    if known is not None:
        return claim(store, who, Act.RANK, Slate, known.id, seen=seen, key=key)[0]
    if seen != 0:
        raise ConflictError("no_draft_slate", organization=first.desk)
    return found(store, who, Act.START, Slate, round_id=first.round_id, organization=first.desk,
                 rung=Rung(first.route[first.step][0]), state=SlateState.DRAFTING, created_at=store.now)  # fmt: skip


def _items(main: Sequence[Any], reserve: Sequence[Any]) -> list[dict[str, Any]]:
    """The list as entries: places from 1, reserve after main. Raises InputError."""
    if not main and not reserve:
        raise InputError("slate_empty", field="main")
    listed = [(item, False) for item in main] + [(item, True) for item in reserve]
    items = [_item(item, place, is_reserve) for place, (item, is_reserve) in enumerate(listed, start=1)]
    ids = [item["application_id"] for item in items]
    if twice := [i for i, times in Counter(ids).items() if times > 1]:
        raise InputError("listed_twice", field="main", given=twice[0])
    return items


def _item(item: Any, place: int, is_reserve: bool) -> dict[str, Any]:  # noqa: FBT001 -- one of a pair
    given = item if isinstance(item, dict) else {"application": item}
    if unknown := sorted(set(given) - set(_ITEM)):
        raise InputError("unknown_field", field=unknown[0], known=list(_ITEM))
    if not given.get("application"):
        raise InputError("argument", field="main.application", given=str(item)[:60], expected="str")
    try:
        score = ranking.hundredths(given.get("score"))
    except ValueError as error:
        raise InputError("score", field="score", given=str(given["score"])[:20]) from error
    note = within("note", str(given.get("note") or ""), _LONGEST_NOTE)
    outside = str(given.get("outside") or "")
    if outside and is_reserve:
        raise InputError("outside_reserve", field="reserve", given=outside[:60])
    return {"application_id": str(given["application"]), "rank": place, "reserve": is_reserve, "score": score,
            "note": note, "outside": outside}  # fmt: skip


def _require_candidates(
    who: Actor, rows: dict[str, Application], items: Sequence[dict[str, Any]], slate_id: str | None
) -> None:
    for item in items:
        row = rows.get(item["application_id"])
        if row is None:
            raise NotFoundError("not_at_desk", thing=Thing.APPLICATION.value, given=item["application_id"])
        if permissions.is_own_case(who, row.organization, row.applicant_id, row.desk):
            raise ForbiddenError("own_case", act=Act.RANK.value, application=row.id, organization=row.organization)
        if row.on_hold:
            raise ForbiddenError("on_hold", act=Act.RANK.value, application=row.id)
        if not row.checked:
            raise RefusedError("not_checked", receipt=row.receipt, subject=row.subject)
        if row.slate_id not in (None, slate_id):
            raise RefusedError("on_other_slate", receipt=row.receipt, slate=row.slate_id)


def _require_outside(store: Store, round_id: str, items: Sequence[dict[str, Any]]) -> None:
    """Refuse an award outside the quota that the programme does not have."""
    if not (asked := [item["outside"] for item in items if item["outside"]]):
        return
    known = [award.name for award in programme_of(store, look(store, Round, round_id).programme).quota.outside]
    if unknown := sorted(set(asked) - set(known)):
        raise InputError("outside_unknown", field="outside", given=unknown[0][:60], known=known)


def _counted(entries: Sequence[Entry]) -> dict[str, int]:
    """How many of a list are main names and reserve, and awards outside the quota where there are any."""
    outside = sum(bool(e.outside) for e in entries)
    main = sum(not e.reserve for e in entries) - outside
    counted = {"main": main, "reserve": len(entries) - main - outside}
    return {**counted, "outside": outside} if outside else counted
