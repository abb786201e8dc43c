"""What goes by a person's further ways: leased, carried outside any transaction, and marked, as letters are."""

from __future__ import annotations

import time
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from models.account import Account
from models.base import table
from models.database import transaction
from models.letter import Carriage, Letter, Way
from models.settings import settings
from models.sql import Sql, bind
from workflows.post.fates import TAKEN_BACK
from workflows.post.mail import CarrierError, DownError, RefusedLetterError, StalledError
from workflows.queries.reading import read_letter

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from models.database import Store
    from models.vocabulary import LetterKind

BATCH = 20
# For all at once: mail waits meanwhile, and every way may be silent. What is left of a batch then is handed back.
PATIENCE = timedelta(minutes=2)
LEASE = PATIENCE + timedelta(seconds=30)
# Minutes until the next try, as for letters by mail; the last step repeats.
PAUSES = (1, 5, 15, 60, 180, 360, 720)
TRIES = 12
MORE = {
    "zh": "\n另有{n}条通知同时到达，请登录系统查看。",
    "en": "\n{n} more came with it; please sign in to read them.",
}
LONGEST = 600
"""Characters of a message: within every house's limit, the smallest being 2,048 bytes."""

_C, _L, _A, _W = (table(m).c for m in (Carriage, Letter, Account, Way))
_M = table(Letter).alias("mate").c  # what went with it in one message


class Waiting(NamedTuple):
    """A claimed letter on one way; `attempts` counts this one."""

    letter_id: str
    way_id: str
    attempts: int
    address: str
    ended_at: datetime | None
    disabled_at: datetime | None
    withdrawn: str
    language: str
    template: str
    params: dict[str, Any]
    kind: LetterKind
    created_at: datetime
    text_id: str | None
    others: int


class Message(NamedTuple):
    """A letter as it goes by a way: claimed, and in words."""

    of: Waiting
    title: str
    body: str


# What was taken back goes by no way either; what a mail server refused still does.
_WAITS = _C.sent_at.is_(None) & _C.dead_at.is_(None)
_DUE: Sql[Waiting] = Sql(
    sa.select(
        *(_C.letter_id, _C.way_id, _C.attempts, _W.address, _W.ended_at, _A.disabled_at),
        sa.case((_L.error.in_(TAKEN_BACK), _L.error), else_="").label("withdrawn"),
        *(_A.language, _L.template, _L.params, _L.kind, _L.created_at, _L.text_id),
        sa.select(sa.func.count())
        .where(_M.carried_with == _L.id, _M.account_id == _L.account_id)
        .correlate(table(Letter))
        .scalar_subquery()
        .label("others"),
    )
    .join_from(table(Carriage), table(Letter), _L.id == _C.letter_id)
    .join(table(Way), _W.id == _C.way_id)
    .join(table(Account), _A.id == _L.account_id)
    .where(_WAITS, _C.not_before <= bind("now", _C.not_before))
    .order_by(_C.not_before, _C.letter_id, _C.way_id)
    .limit(bind("most", _C.attempts))
    .with_for_update(key_share=True, skip_locked=True, of=table(Carriage)),
    Waiting,
)
_THIS = (_C.letter_id == bind("of", _C.letter_id), _C.way_id == bind("by", _C.way_id))
_LEASE: Sql[None] = Sql(
    sa.update(table(Carriage)).where(*_THIS).values({n: bind(n, _C[n]) for n in ("not_before", "attempts")})
)
# A lease that ran out belongs to somebody else, who may know better: `attempts` tells.
_MARK: Sql[None] = Sql(
    sa.update(table(Carriage))
    .where(_WAITS, *_THIS, _C.attempts == bind("claimed", _C.attempts))
    .values({n: bind(n, _C[n]) for n in ("not_before", "attempts", "sent_at", "dead_at", "error")})
)


def carry(limit: int = 200) -> dict[str, int]:
    """Take up to `limit` waiting letters by their further ways, the longest due first; answers what came of them.

    `sent`, `retried` and `dead`, as `carriers.deliver`, and **at least once** as there. A way that is silent or
    unreachable costs one try a batch; its other letters are put off with that one. After two minutes what is left
    waits for the next time. Raises BusyError.
    """
    counts, end = Counter(sent=0, retried=0, dead=0), time.monotonic() + PATIENCE.total_seconds()
    while limit > 0 and (batch := _claim(min(BATCH, limit))):
        limit -= len(batch)
        if not _carry_all(batch, counts, end):
            break
    return dict(counts)


def shortened(body: str, link: str = "") -> str:
    """A letter's body for a robot: whole when it is short, else its beginning and the page to read on."""
    text = body.strip()
    if len(text) <= LONGEST:
        return text
    return "\n".join(filter(None, (text[: LONGEST - len(link) - 2].rstrip() + "…", link)))


def _claim(most: int) -> list[Message]:
    """Lease letters, and put them into words: nobody else takes them until the lease has run out."""
    with transaction() as store:
        due = [one._replace(attempts=one.attempts + 1) for one in store.all(_DUE, now=store.now, most=most)]
        until = store.now + LEASE
        store.run_many(_LEASE, (
            {"of": one.letter_id, "by": one.way_id, "not_before": until, "attempts": one.attempts} for one in due
        ))  # fmt: skip
        return [_worded(store, one) for one in due]


def _worded(store: Store, one: Waiting) -> Message:
    path = str(one.params.get("link") or "")
    ours = settings()
    base = ours.public_url or f"http://{ours.web_host}:{ours.web_port}"
    link = f"{base.rstrip('/')}{path}" if path.startswith("/") else path
    read = read_letter(store, one._replace(params={**one.params, **({"link": link} if link else {})}), one.language)
    more = MORE["en" if one.language == "en" else "zh"].format(n=one.others) if one.others else ""
    return Message(one, read.subject, shortened(read.body, link) + more)


def _carry_all(batch: Sequence[Message], counts: Counter[str], end: float) -> bool:
    """Carry a batch; False when the time is over."""
    down: dict[str, CarrierError] = {}
    for position, message in enumerate(batch):
        if time.monotonic() > end:
            _hand_back(batch[position:])
            return False
        trouble = down.get(message.of.way_id) or _carried(message)
        if isinstance(trouble, DownError | StalledError):
            down[message.of.way_id] = trouble
        counts[_mark(message.of, trouble)] += 1
    return True


def _carried(message: Message) -> CarrierError | None:
    """Carry one message; answers why it was not taken."""
    if (trouble := _no_longer(message.of)) is not None:
        return trouble
    if not message.body:
        return RefusedLetterError("letter_refused", reason=message.of.template)
    from workflows.post import robots  # noqa: PLC0415 -- slow import

    try:
        robots.carry(message.of.address, message.title, message.body)
    except CarrierError as other:
        return other
    except (ValueError, TypeError, LookupError) as broken:  # an address that is none of ours
        return RefusedLetterError("way_refused", reason=type(broken).__name__)
    return None


def _no_longer(one: Waiting) -> CarrierError | None:
    if one.ended_at is not None:
        return RefusedLetterError("way_dropped")
    if one.disabled_at is not None:
        return RefusedLetterError("way_closed")
    return RefusedLetterError("letter_withdrawn") if one.withdrawn else None


def _mark(one: Waiting, trouble: CarrierError | None) -> str:
    """Write down what became of it; answers it in a word."""
    dead = isinstance(trouble, RefusedLetterError) or one.attempts >= TRIES
    with transaction() as store:
        pause = timedelta(minutes=PAUSES[min(one.attempts, len(PAUSES)) - 1])
        store.run(
            _MARK, of=one.letter_id, by=one.way_id, claimed=one.attempts, attempts=one.attempts,
            not_before=store.now + (pause if trouble else timedelta()),
            sent_at=None if trouble else store.now,
            dead_at=store.now if trouble and dead else None,
            error=trouble.words[:500] if trouble else "",
        )  # fmt: skip
    return "sent" if trouble is None else "dead" if dead else "retried"


def _hand_back(messages: Sequence[Message]) -> None:
    """Give up the lease of what was not tried, as if it had not been claimed."""
    with transaction() as store:
        store.run_many(_MARK, (
            {"of": m.of.letter_id, "by": m.of.way_id, "claimed": m.of.attempts, "attempts": m.of.attempts - 1,
             "not_before": store.now, "sent_at": None, "dead_at": None, "error": ""} for m in messages
        ))  # fmt: skip
