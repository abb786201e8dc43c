"""Which waiting letters leave now: looked at one by one, put off or given up, the others leased for a while."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from models.account import Account
from models.base import table
from models.database import transaction
from models.letter import Carriage, Letter, Preference, Way
from models.lists import listed, of_list
from models.organization import Organization
from models.settings import settings
from models.sql import Sql, bind, update_of
from models.vocabulary import Habit, LetterKind
from workflows.post import digests, texts, timing
from workflows.post.linking import SECRET
from workflows.post.mail import RefusedLetterError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.database import Store

PATIENCE = timedelta(minutes=2)  # for one batch; what is left of it then is handed back
# One letter may wait for a silent server this often: greeting, EHLO, TLS, sign-in, MAIL, DATA ...
SILENCES = 15
MATES = 2000  # letters that may go in the same messages as a batch, looked at in one transaction


class Waiting(NamedTuple):
    """A claimed letter with whom it goes to; `attempts` counts this one."""

    id: str
    template: str
    params: dict[str, Any]
    attempts: int
    email: str
    name: str
    language: str
    disabled_at: datetime | None
    error: str
    account_id: str
    kind: LetterKind
    created_at: datetime
    thing_id: str | None
    carried_with: str | None
    information: Habit | None
    quiet: bool | None
    is_repeated: bool
    is_echoed: bool
    words: tuple[str, str] | None

    @property
    def facts(self) -> timing.Facts:
        """What decides when it leaves."""
        return timing.Facts(self.template, self.kind, self.params, self.created_at)

    @property
    def wish(self) -> timing.Wish:
        """How its reader wants to be written to."""
        return timing.Wish(self.information or Habit.AT_ONCE, quiet=self.quiet is not False)


Parcel = tuple[Waiting, ...]
"""The letters of one message; the first gives it its name."""

_L, _A, _O, _P, _W, _C = (table(m).c for m in (Letter, Account, Organization, Preference, Way, Carriage))
_OTHER = table(Letter).alias("other")
_MINE = table(Letter).alias("mine")


def _waits(letter: Any) -> Any:
    """Whether one letter of a reader or about a thing waits: in the words of the index that finds those."""
    return sa.func.coalesce(letter.sent_at, letter.dead_at).is_(None)


def _follows(late: Any, early: Any) -> Any:
    """Whether a letter says again what an earlier one says, about the same thing to the same person."""
    return (
        (late.account_id == early.account_id) & (late.template == early.template) & (late.params == early.params)
        & ((late.created_at > early.created_at) | ((late.created_at == early.created_at) & (late.id > early.id)))
    )  # fmt: skip


def _there_is(*clauses: Any) -> Any:
    """Whether another letter about the same thing waits of which this holds; either half is in reach of an index."""
    found = sa.select(_OTHER.c.id).where(_waits(_OTHER.c), *clauses).correlate(table(Letter))
    return found.where(_OTHER.c.thing_id == _L.thing_id).exists() | (
        _L.thing_id.is_(None) & found.where(_OTHER.c.thing_id.is_(None)).exists()
    )


_REPEATED = _there_is(_follows(_L, _OTHER.c))
_ECHOED = _there_is(_follows(_OTHER.c, _L), _OTHER.c.attempts == sa.literal_column("0"))
_IS_TIME = _L.not_before <= bind("now", _L.not_before)
# SQLite has no row locks and its compiler drops these; there the write lock does the same.
_FOUND = (
    sa.select(
        *(_L.id, _L.template, _L.params, _L.attempts, _A.email, _A.name, _A.language, _A.disabled_at, _L.error),
        *(_L.account_id, _L.kind, _L.created_at, _L.thing_id, _L.carried_with, _P.information, _P.quiet),
        *(_REPEATED.label("is_repeated"), _ECHOED.label("is_echoed")),
        sa.null().label("words"),  # a union's own, put in when the letter is leased
    )
    .join_from(table(Letter), table(Account), _A.id == _L.account_id)
    .outerjoin(table(Preference), _P.account_id == _L.account_id)
    .where(_IS_TIME)
    .with_for_update(key_share=True, skip_locked=True, of=table(Letter))
)
_DUE: Sql[Waiting] = Sql(
    _FOUND.where(_L.sent_at.is_(None), _L.dead_at.is_(None))
    .order_by(_L.not_before, _L.id)
    .limit(bind("most", _L.attempts)),
    Waiting,
)
_MATES: dict[str, Sql[Waiting]] = of_list(lambda readers: Sql(
    _FOUND.where(
        _waits(_L),
        _L.account_id.in_(readers),
        _L.template.in_(digests.REMINDERS) | ((_P.information == Habit.DAILY) & (_L.kind == LetterKind.INFORMATION)),
    )
    .order_by(_L.account_id, _L.id)
    .limit(bind("mates", _L.attempts)),
    Waiting,
))  # fmt: skip
_NAME: Sql[str] = Sql(sa.select(_O.name).where(_O.code == bind("code", _O.code)))
_LEASE = update_of(Letter, "not_before", "attempts", "carried_with")
_PUT_OFF = update_of(Letter, "not_before")
_GIVE_UP = update_of(Letter, "dead_at", "error")
_leased = (_MINE.c.not_before == bind("until", _L.not_before)) & _MINE.c.sent_at.is_(None) & _MINE.c.dead_at.is_(None)
_SAME_THING = (_OTHER.c.thing_id == _MINE.c.thing_id) | (_OTHER.c.thing_id.is_(None) & _MINE.c.thing_id.is_(None))
_GIVE_UP_LATER: Sql[None] = Sql(
    sa.update(table(Letter))
    .where(_L.id.in_(
        sa.select(_OTHER.c.id)
        .join_from(_MINE, _OTHER, _follows(_OTHER.c, _MINE.c) & _SAME_THING)
        .where(_leased, _waits(_OTHER.c), _OTHER.c.attempts == sa.literal_column("0"))
        .with_for_update(key_share=True, skip_locked=True, of=_OTHER)
    ))
    .values(dead_at=bind("now", _L.dead_at), error=sa.literal_column("'superseded'"))
)  # fmt: skip
_ON_OTHER_WAYS: Sql[None] = Sql(
    postgresql.insert(table(Carriage))
    .from_select(
        ["letter_id", "way_id", "not_before", "attempts", "error"],
        sa.select(_MINE.c.id, _W.id, bind("now", _L.not_before), sa.literal_column("0"), sa.literal_column("''"))
        .join_from(_MINE, table(Way), _W.account_id == _MINE.c.account_id)
        .where(
            _leased,
            _MINE.c.attempts == sa.literal_column("1"),
            _MINE.c.carried_with.is_(None),
            _MINE.c.template.not_in(sorted(SECRET)),
            _W.ended_at.is_(None),
            _W.only_action.is_(False) | (_MINE.c.kind == LetterKind.ACTION),
        ),
    )
    .on_conflict_do_nothing()
)


def claim(most: int) -> list[Parcel] | None:
    """Lease up to `most` waiting letters, and what goes in the same messages; None when none is due.

    Nobody else takes them until the lease has run out. In the same transaction what may not leave now is put off,
    what nobody wants or a waiting letter says already is given up, and their readers' other ways are told of it.
    """
    lease = PATIENCE + timedelta(seconds=SILENCES * settings().smtp_timeout)
    with transaction() as store:
        due = store.all(_DUE, now=store.now, most=most)
        if not due:
            return None
        going = _sorted_out(store, _with_mates(store, due))
        return _lease(store, digests.parcels(going), store.now + lease)


def _with_mates(store: Store, due: Sequence[Waiting]) -> list[Waiting]:
    """With all that may go in the same messages; whose letters could not all be looked at waits for the next batch."""
    if not any(map(digests.may_travel_with_others, due)):
        return list(due)
    readers = listed(letter.account_id for letter in due)
    mates = store.all(_MATES[store.dialect.name], now=store.now, ids=readers, mates=MATES)
    known = {letter.account_id for letter in mates}
    if len(mates) == MATES and len(known) > 1:
        known.discard(mates[-1].account_id)
    whole = [letter for letter in due if letter.account_id in known or not digests.may_travel_with_others(letter)]
    return list({letter.id: letter for letter in (*whole, *(m for m in mates if m.account_id in known))}.values())


def _sorted_out(store: Store, letters: Sequence[Waiting]) -> list[Waiting]:
    """Those that leave now. The others are put off or given up."""
    later: list[dict[str, Any]] = []
    never: list[dict[str, Any]] = []
    going: list[Waiting] = []
    for letter in letters:
        if (why := _refusal(letter)) is not None:
            never.append({"old_id": letter.id, "dead_at": store.now, "error": why.words})
        elif (until := timing.put_off(letter.facts, letter.wish, store.now)) is not None:
            later.append({"old_id": letter.id, "not_before": until})
        else:
            going.append(letter)
    store.run_many(_GIVE_UP, never)
    store.run_many(_PUT_OFF, later)
    return going


def _refusal(letter: Waiting) -> RefusedLetterError | None:
    """Why a letter never leaves."""
    if letter.is_repeated and not letter.attempts:
        return RefusedLetterError("superseded")
    return RefusedLetterError("not_wanted") if timing.is_unwanted(letter.facts, letter.wish) else None


def _lease(store: Store, parcels: Sequence[Parcel], until: datetime) -> list[Parcel]:
    names: dict[str, str | None] = {}
    taken = []
    for parcel in parcels:
        head = parcel[0].id
        taken.append(tuple(
            letter._replace(attempts=letter.attempts + 1, carried_with=None if letter.id == head else head,
                            params=_named(store, letter.params, names))
            for letter in parcel
        ))  # fmt: skip
    rows = [
        {"old_id": t.id, "not_before": until, "attempts": t.attempts, "carried_with": t.carried_with}
        for parcel in taken for t in parcel
    ]  # fmt: skip
    if rows:
        store.run_many(_LEASE, rows)
        own = texts.own_words(store, chain.from_iterable(taken))
        taken = [tuple(t._replace(words=own.get(t.id)) for t in parcel) for parcel in taken]
        if any(t.is_echoed for parcel in taken for t in parcel):
            store.run(_GIVE_UP_LATER, until=until, now=store.now)
        store.run(_ON_OTHER_WAYS, until=until, now=store.now)
    return taken


def _named(store: Store, params: dict[str, Any], names: dict[str, str | None]) -> dict[str, Any]:
    """The params with names for the codes of organisations, which no reader knows; `names` keeps what was asked."""
    told = dict(params)
    for key in ("organization", "next"):
        if code := params.get(key):
            if code not in names:
                names[code] = store.first(_NAME, code=str(code))
            told[key] = names[code] or code
    return told
