"""How somebody wants to be written to: when what asks nothing arrives, quiet hours, and further ways beside mail."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa
from limits import RateLimitItemPerMinute
from limits.strategies import FixedWindowRateLimiter
from sqlalchemy.dialects.postgresql import insert

from models.base import new_id, table
from models.database import reading, transaction
from models.errors import InputError, NotFoundError, TooManyError
from models.letter import Carriage, Letter, Preference, Way
from models.settings import settings
from models.sql import Sql, bind, insert_into, rows_of, update_of
from models.vocabulary import CarrierKind, Habit
from workflows.people.rate import Windows
from workflows.post.mail import CarrierError, in_words
from workflows.record.acting import PUBLIC, SYSTEM, refreshed
from workflows.record.verb import query, verb
from workflows.rules.way_addresses import masked, read_address

if TYPE_CHECKING:
    from datetime import datetime

    from models.database import Store
    from workflows.record.acting import Actor

MOST, LONGEST = 5, 40
TRIES = RateLimitItemPerMinute(5, 1, "way")
_P, _W, _C, _L = (table(m).c for m in (Preference, Way, Carriage, Letter))


class Kept(NamedTuple):
    """One further way as its owner sees it: the address masked; `dead` letters went lost on it, `error` was the last.

    `tried_at` is when that was.
    """

    id: str
    kind: CarrierKind
    name: str
    shown: str
    only_action: bool
    made_at: datetime
    dead: int
    error: str
    tried_at: datetime | None


class Wishes(NamedTuple):
    """How somebody is written to."""

    information: Habit
    quiet: bool
    ways: list[Kept]


class Tried(NamedTuple):
    """What came of a test: `code` is empty when it was taken, and `said` why it was not, in words."""

    way_id: str
    code: str
    said: str


class _Lost(NamedTuple):
    way_id: str
    error: str
    dead_at: datetime


def _keeping() -> Sql[None]:
    names = ("account_id", "information", "quiet", "at")
    # SQLite's compiler reads PostgreSQL's clause: the two spell it the same way.
    fresh = insert(table(Preference)).values({name: bind(name, _P[name]) for name in names})
    again = {name: fresh.excluded[name] for name in names[1:]}
    return Sql(fresh.on_conflict_do_update(index_elements=["account_id"], set_=again))


_KEEP = _keeping()
_WISH = rows_of(Preference, _P.account_id == bind("who", _P.account_id))
_WAYS = rows_of(Way, _W.account_id == bind("who", _W.account_id), _W.ended_at.is_(None), order=(_W.made_at, _W.id))
_WAY = rows_of(Way, _W.id == bind("id", _W.id), _W.account_id == bind("who", _W.account_id), _W.ended_at.is_(None))
_ADD = insert_into(Way)
_END = update_of(Way, "ended_at")
_LOST: Sql[_Lost] = Sql(
    sa.select(_C.way_id, _C.error, _C.dead_at)
    .join_from(table(Letter), table(Carriage), _C.letter_id == _L.id)
    .where(
        _L.account_id == bind("who", _L.account_id), _C.dead_at >= bind("since", _C.dead_at),
        _C.error.not_in(["letter_withdrawn", "way_dropped"]),
    )
    .order_by(_C.dead_at),
    _Lost,
)  # fmt: skip


@verb("prefer")
def prefer(actor: Actor, *, information: Habit, quiet: bool = True) -> Wishes:
    """Choose when one hears of what asks nothing, and whether the quiet hours hold back what can wait.

    What asks for something is always carried. Raises NotFoundError for who is nobody.
    """
    with transaction() as store:
        who = _somebody(store, actor)
        store.run(_KEEP, account_id=who, information=information, quiet=quiet, at=store.now)
        return _wishes(store, who)


@verb("add-way")
def add_way(actor: Actor, *, kind: CarrierKind, name: str, address: str, only_action: bool = False) -> Wishes:
    """Have one's letters carried by one more way beside mail, from the next letter on.

    `address` is the robot's https address as its house shows it, or Apprise's. Raises InputError: `way_name`,
    `ways_full`, and as `read_address` for the address, which no error shows.
    """
    kept = " ".join(name.split())
    if not 0 < len(kept) <= LONGEST:
        raise InputError("way_name", field="name", most=LONGEST)
    read = read_address(kind, address, settings().hosts_inside)
    with transaction() as store:
        who = _somebody(store, actor)
        held = store.all(_WAYS, who=who)
        # The same again, as from a second click, is the way there is.
        if not any((way.address, way.name, way.only_action) == (read, kept, only_action) for way in held):
            if len(held) >= MOST:
                raise InputError("ways_full", field="name", most=MOST)
            store.run(_ADD, id=new_id(), account_id=who, kind=kind, name=kept, address=read, only_action=only_action,
                      made_at=store.now)  # fmt: skip
        return _wishes(store, who)


@verb("drop-way")
def drop_way(actor: Actor, way_id: str) -> Wishes:
    """End a way of one's own; what waits on it is not carried any more. Raises NotFoundError."""
    with transaction() as store:
        who = _somebody(store, actor)
        row = _held(store, who, way_id)
        store.run(_END, old_id=row.id, ended_at=store.now)
        return _wishes(store, who)


@verb("try-way")
def try_way(actor: Actor, way_id: str) -> Tried:
    """Send a test line by a way of one's own now, and answer what the other side said; five a minute.

    Raises NotFoundError, TooManyError with the seconds to wait.
    """
    with transaction() as store:
        who = _somebody(store, actor)
        row = _held(store, who, way_id)
        limiter = FixedWindowRateLimiter(Windows(store))
        allowed = limiter.hit(TRIES, who)
        left = limiter.get_window_stats(TRIES, who).reset_time - store.now.timestamp()
    if not allowed:
        raise TooManyError("too_many_tries", seconds=max(1, round(left)))
    from workflows.post import robots  # noqa: PLC0415 -- slow import

    language = "en" if actor.language == "en" else "zh"
    title, body = TEST[language]
    try:
        robots.carry(row.address, title, body)
    except CarrierError as trouble:
        return Tried(row.id, trouble.code, in_words(trouble.words, language))
    return Tried(row.id, "", "")


@query("my-wishes")
def my_wishes(actor: Actor) -> Wishes:
    """How one is written to: when, whether by night, and by which further ways, their addresses masked."""
    with reading() as store:
        return _wishes(store, _somebody(store, actor))


TEST = {
    "zh": ("申报系统测试消息", "这是一条测试消息，收到即表示通知方式可用。"),
    "en": ("Test of the application system", "This is a test. If you can read it, this way works."),
}
"""Title and text of a test."""


def _somebody(store: Store, actor: Actor) -> str:
    """The account of who asks. Raises NotFoundError for the clocks and the public, who are not written to."""
    if actor.id in (SYSTEM.id, PUBLIC.id):
        raise NotFoundError("not_found", thing="account", given=actor.id)
    return refreshed(store, actor).id


def _held(store: Store, who: str, way_id: str) -> Way:
    row = store.first(_WAY, id=way_id, who=who)
    if row is None:
        raise NotFoundError("not_found", thing="way", given=way_id)
    return row


def _wishes(store: Store, who: str) -> Wishes:
    wish = store.first(_WISH, who=who)
    ways = store.all(_WAYS, who=who)
    since = min((way.made_at for way in ways), default=store.now)
    lost: dict[str, list[_Lost]] = {}
    for one in store.all(_LOST, who=who, since=since) if ways else ():
        lost.setdefault(one.way_id, []).append(one)
    return Wishes(
        wish.information if wish else Habit.AT_ONCE, wish.quiet if wish else True,
        [_kept(way, lost.get(way.id, [])) for way in ways],
    )  # fmt: skip


def _kept(way: Way, lost: list[_Lost]) -> Kept:
    last = lost[-1] if lost else None
    return Kept(way.id, way.kind, way.name, masked(way.address), way.only_action, way.made_at, len(lost),
                last.error if last else "", last.dead_at if last else None)  # fmt: skip
