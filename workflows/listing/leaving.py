"""When an application leaves for good: its places go back, ranks close up, the reserve rises."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

import sqlalchemy as sa

from models.application import Application
from models.base import table
from models.errors import ConflictError
from models.round import Round
from models.slate import Entry, Slate
from models.sql import Sql, bind, rows_of
from models.vocabulary import ENDED, Act, Bucket, DeadlineKind, LetterKind, SlateState
from workflows.charts.strict import Facts
from workflows.clocks import deadlines, due
from workflows.desk import cut_offs
from workflows.listing import joint, rising
from workflows.places import quotas
from workflows.post import letters
from workflows.programmes import programme_of
from workflows.record.claiming import hold, look
from workflows.record.journal import move
from workflows.rules import places, routes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from models.database import Store
    from models.notice import Notice
    from workflows.record.acting import Actor

_SL, _EN, _P = (table(m).c for m in (Slate, Entry, Application))
_SLATES: Sql[Slate] = Sql(
    sa.select(table(Slate))
    .join(table(Entry), _EN.slate_id == _SL.id)
    .where(_EN.application_id == bind("of", _EN.application_id))
    .order_by(_SL.id)
    .with_for_update(key_share=True, of=table(Slate)),
    Slate,
)
_ENTRY = rows_of(
    Entry, _EN.slate_id == bind("slate", _EN.slate_id), _EN.application_id == bind("of", _EN.application_id)
)
_other = table(Entry).alias("other")
_OF_SLATE = rows_of(Entry, _EN.slate_id == bind("slate", _EN.slate_id), order=(_EN.rank,))
_ENTRIES_OF = rows_of(Entry, _EN.application_id == bind("of", _EN.application_id))
# Every list that carries a name of this one, held in the order in which all lists are held.
_ALL_WITH: Sql[Slate] = Sql(
    sa.select(table(Slate))
    .where(
        _SL.id.in_(
            sa.select(_other.c.slate_id)
            .select_from(_other.join(table(Entry), _EN.application_id == _other.c.application_id))
            .where(_EN.slate_id == bind("slate", _EN.slate_id))
        )
    )
    .order_by(_SL.id)
    .with_for_update(key_share=True),
    Slate,
)
_BELOW: Sql[Entry] = Sql(
    sa.select(_other)
    .select_from(_other.join(table(Entry), _EN.application_id == _other.c.application_id))
    .where(_EN.slate_id == bind("slate", _EN.slate_id), _other.c.slate_id != bind("slate", _EN.slate_id))
    .order_by(_other.c.slate_id, _other.c.rank),
    Entry,
)
_SLATE_OF = attrgetter("slate_id")
_DROP: Sql[None] = Sql(
    sa.delete(table(Entry)).where(
        _EN.slate_id == bind("slate", _EN.slate_id), _EN.application_id == bind("of", _EN.application_id)
    )
)
_CLOSE_UP: Sql[None] = Sql(
    sa.update(table(Entry))
    .where(_EN.slate_id == bind("slate", _EN.slate_id), _EN.rank > bind("after", _EN.rank))
    .values(rank=_EN.rank - 1)
)
_RISE: Sql[None] = Sql(
    sa.update(table(Entry))
    .where(_EN.slate_id == bind("slate", _EN.slate_id), _EN.reserve, _EN.rank <= bind("up_to", _EN.rank))
    .values(
        reserve=_EN.application_id != bind("of", _EN.application_id),
        rank=sa.case(
            (_EN.application_id == bind("of", _EN.application_id), bind("first", _EN.rank)), else_=_EN.rank + 1
        ),
    )
)
_FIRST_RESERVE: Sql[int] = Sql(
    sa.select(sa.func.min(_EN.rank)).where(_EN.slate_id == bind("slate", _EN.slate_id), _EN.reserve)
)
_STANDING: Sql[str] = Sql(
    sa.select(_P.id)
    .join(table(Entry), _EN.application_id == _P.id)
    .where(_EN.slate_id == bind("slate", _EN.slate_id), ~_EN.reserve, _P.state.not_in(sorted(ENDED)))
    .limit(1)
)
_HELD_IN = {
    SlateState.SEALED: Bucket.RESERVED,
    SlateState.IN_NOTICE: Bucket.RESERVED,
    SlateState.DECIDED: Bucket.RESERVED,
    SlateState.SENT_UP: Bucket.USED,
    SlateState.OPENED: Bucket.USED,
}
_SENT = (SlateState.SENT_UP, SlateState.OPENED)
_DAYS_TO_NOTICE = 5


def hold_slates(store: Store, application_id: str) -> list[Slate]:
    """The slates an application stands on, held before it: always slates first, then members."""
    return store.all(_SLATES, of=application_id)


def release(
    store: Store, actor: Actor, row: Application, slates: list[Slate], act: Act, *, rise: bool = True
) -> None:  # fmt: skip
    """Give back the places of an application that left, and (`rise`) let the reserve rise where it stood last."""
    held = {slate.id: slate for slate in slates}
    entries = store.all(_ENTRIES_OF, of=row.id)
    if any(entry.slate_id not in held for entry in entries):
        raise ConflictError("moved_meanwhile", thing="slate")
    # Their quotas in the order every verb holds them in: by union.
    entries.sort(key=lambda entry: held[entry.slate_id].organization)
    left = [_leave(store, actor, row, held[e.slate_id], e, act) for e in entries]
    # A list still being drafted holds no place yet: whoever is on it stood last on the one below.
    sealed = [slate for slate in left if slate.state in _HELD_IN]
    here = [slate for slate in sealed if slate.organization == row.route[row.step][1]] if row.route else []
    below = [s for s in sealed if row.step > 0 and s.organization == row.route[row.step - 1][1]]
    # Only where it stood last: a reserve name of a lower tier would come too late for the rest.
    # A reserve name that leaves frees no place for the next one, nor does one beyond the quota.
    freed = {entry.slate_id for entry in entries if not entry.reserve and not entry.outside}
    for slate in here or below:
        if rise and slate.id in freed:
            promote(store, actor, slate, row.pool)


def leave(store: Store, actor: Actor, row: Application, slate: Slate, act: Act) -> Slate:
    """Take an application off one slate; the slate as it is then."""
    entry = store.first(_ENTRY, slate=slate.id, of=row.id)
    return slate if entry is None else _leave(store, actor, row, slate, entry, act)


def hold_lists(store: Store, slate_id: str) -> dict[str, Slate]:
    """A list and all the lists of lower tiers that its names climbed on, held before any of the names."""
    return {slate.id: slate for slate in store.all(_ALL_WITH, slate=slate_id)}


def take_again(store: Store, actor: Actor, slate: Slate, row: Application) -> None:
    """Take the place that an application had given back on a list it returns to. Raises QuotaError."""
    if (bucket := _HELD_IN.get(slate.state)) is not None:
        held = quotas.quota(store, slate.round_id, slate.organization, row.pool)
        quotas.shift(store, actor, held, (Bucket.AVAILABLE, bucket), 1, Act.UNDO,
                     slate_id=slate.id, application_id=row.id)  # fmt: skip


def pass_over(
    store: Store, actor: Actor, slate: Slate, entries: Mapping[str, Entry], rows: Sequence[Application],
    held: Mapping[str, Slate],
) -> Slate:  # fmt: skip
    """Take names off the list that were passed over as it was decided; the slate as it is then.

    Their places go back at every tier that gave one (`held`: its lists, by `hold_lists`), a statement a
    pool and list; then the deciding tier's reserve rises, once for each place that it can fill.
    """
    if not rows:
        return slate
    gone = {row.id: row for row in rows}
    left = [e for e in store.all(_BELOW, slate=slate.id) if e.application_id in gone]
    if any(entry.slate_id not in held for entry in left):
        raise ConflictError("moved_meanwhile", thing="slate")
    lists = {**held, slate.id: slate}
    left += [entries[one] for one in gone]
    # Their quotas in the order every verb holds them in: by union.
    left.sort(key=lambda entry: (lists[entry.slate_id].organization, entry.slate_id, -entry.rank))
    taken = {one: _take_off(store, actor, lists[one], list(of), gone) for one, of in groupby(left, _SLATE_OF)}
    after = taken[slate.id]
    freed = Counter(row.pool for row in rows if not entries[row.id].outside)
    for pool, n in sorted(freed.items()):
        after = _fill(store, actor, after, pool, n)
    return after


def _take_off(
    store: Store, actor: Actor, slate: Slate, left: Sequence[Entry], gone: Mapping[str, Application]
) -> Slate:
    """Take names off one list, the last first, so that no rank is moved past one that is still to close up."""
    store.run_many(_DROP, ({"slate": slate.id, "of": entry.application_id} for entry in left))
    store.run_many(_CLOSE_UP, ({"slate": slate.id, "after": entry.rank} for entry in left))
    bucket = _HELD_IN.get(slate.state)
    freed = [gone[entry.application_id] for entry in left if not entry.reserve and not entry.outside]
    if bucket is not None:
        quotas.shift_all(store, actor, slate, (bucket, Bucket.AVAILABLE), freed, Act.PASS_OVER)
    body = {"applications": [entry.application_id for entry in reversed(left)], "why": Act.PASS_OVER.value}
    return move(store, actor, Act.WITHDRAW, slate, body=body)


def close_up(store: Store, slate: Slate, gone: Sequence[Entry]) -> None:
    """Take names off a list and let the ranks behind them close up, in two batches; places are not touched."""
    last_first = sorted(gone, key=lambda entry: -entry.rank)
    store.run_many(_DROP, ({"slate": slate.id, "of": entry.application_id} for entry in last_first))
    # From the back, so that no rank is moved past one that is still to close up.
    store.run_many(_CLOSE_UP, ({"slate": slate.id, "after": entry.rank} for entry in last_first))


def entries_of(store: Store, slate_id: str) -> dict[str, Entry]:
    """The places on a list by application."""
    return {entry.application_id: entry for entry in store.all(_OF_SLATE, slate=slate_id)}


def _fill(store: Store, actor: Actor, slate: Slate, pool: str, n: int) -> Slate:
    """Let up to `n` names of a pool's reserve rise, until nobody can."""
    for _ in range(n):
        risen = promote(store, actor, slate, pool)
        if risen.version == slate.version:
            break
        slate = risen
    return slate


def _leave(store: Store, actor: Actor, row: Application, slate: Slate, entry: Entry, act: Act) -> Slate:
    store.run(_DROP, slate=slate.id, of=row.id)
    store.run(_CLOSE_UP, slate=slate.id, after=entry.rank)
    bucket = _HELD_IN.get(slate.state)
    if bucket is not None and not entry.reserve and not entry.outside:
        held = quotas.quota(store, slate.round_id, slate.organization, row.pool)
        quotas.shift(store, actor, held, (bucket, Bucket.AVAILABLE), 1, act,
                     slate_id=slate.id, application_id=row.id)  # fmt: skip
    body = {"application": row.id, "rank": entry.rank, "reserve": entry.reserve, "why": act.value}
    return move(store, actor, Act.WITHDRAW, slate, body=body)


def promote(store: Store, actor: Actor, slate: Slate, pool: str) -> Slate:
    """The pool's first reserve name that may (`rising`) takes the free place, where the programme says so.

    Answers with the slate as it is then.
    """
    rules = programme_of(store, look(store, Round, slate.round_id).programme)
    bucket = _HELD_IN.get(slate.state)
    entry = None if bucket is None else rising.next_up(store, rules, slate, pool)
    if entry is None or bucket is None:
        return slate
    row = hold(store, Application, entry.application_id)
    held = quotas.quota(store, slate.round_id, slate.organization, pool)
    if rules.reserve.promotion != "automatic" or places.left(held) < 1:
        return slate
    if slate.state in _SENT and next(s for s in rules.ladder if s.desk == slate.rung).notice:
        # The list went up after this tier's notice, in which a reserve name never stood.
        return slate
    if slate.state in _SENT and not cut_offs.is_open(store, rules, row.round_id, routes.stop(row, row.step + 1)):
        # The tier it would rise to can send nothing up any more: rising would be giving up.
        return slate
    # It comes right behind the main names, and those of the reserve it went past move down by one.
    first = store.first(_FIRST_RESERVE, slate=slate.id)
    store.run(_RISE, slate=slate.id, of=row.id, up_to=entry.rank, first=first)
    quotas.shift(store, actor, held, (Bucket.AVAILABLE, bucket), 1, Act.PROMOTE,
                 slate_id=slate.id, application_id=row.id)  # fmt: skip
    risen = move(store, actor, Act.PROMOTE, slate, body={"application": row.id, "rank": first})
    _rise(store, actor, risen, row)
    joint.ask(store, rules, risen)  # the list is another now: its members' yes is asked anew
    return risen


def _rise(store: Store, actor: Actor, slate: Slate, row: Application) -> None:
    """What a risen name does next: up to the next tier, or into a notice of its own."""
    letters.to_people(store, slate.head[:32], [row.applicant_id], "promoted",
                      {"receipt": row.receipt, "subject": row.subject}, LetterKind.INFORMATION, row.id)  # fmt: skip
    if slate.state in _SENT:
        _follow(store, actor, slate, row, promoted=True)
    elif slate.state in (SlateState.IN_NOTICE, SlateState.DECIDED):
        move(store, actor, Act.RESERVE, row, desk=slate.organization, body={"slate": slate.id, "promoted": True},
             due=due.within(DeadlineKind.NOTICE_DUE, _DAYS_TO_NOTICE, store.now, slate.organization))  # fmt: skip


def end_if_done(store: Store, actor: Actor, notice: Notice) -> None:
    """When nobody is left to decide on, the list ends and nothing more is due for its notice."""
    slate = hold(store, Slate, notice.slate_id)
    if slate.state is SlateState.IN_NOTICE and store.first(_STANDING, slate=slate.id) is None:
        move(store, actor, Act.END, slate)
        deadlines.close(store, notice.id)


def catch_up(store: Store, actor: Actor, slates: list[Slate], row: Application) -> None:
    """Send a name on that an objection kept back while its list went up, past the next cut-off if need be."""
    for slate in slates:
        if slate.id == row.slate_id and slate.state in _SENT:
            _follow(store, actor, slate, row, promoted=False)


def _follow(store: Store, actor: Actor, slate: Slate, row: Application, *, promoted: bool) -> None:
    """One name goes up to where its list went."""
    stop = routes.stop(row, row.step + 1)
    move(store, actor, Act.RECOMMEND, row, facts=Facts(leads_to=stop.rung), step=row.step + 1, desk=stop.desk,
         due=cut_offs.review(store, programme_of(store, row.programme), row.round_id, stop, row.route),
         body={"slate": slate.id, "to": stop.desk, "promoted": promoted})  # fmt: skip
