"""Feeds: the facts a naming leaves for other programmes, which fall with a title that is revoked (domain: 7.12).

A title that ends without blame keeps what it gave: the honour was earned. Nothing here is edited; a
fact is voided, with the reason its title fell for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from models.base import new_id, table
from models.fact import Fact
from models.programme_file.common import text_of
from models.sql import Sql, bind, insert_into
from models.vocabulary import TitleState
from workflows.rules.characters import beginning

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from models.application import Application
    from models.database import Store
    from models.programme import Feed, Programme
    from models.title import Decision, Title
    from workflows.record.acting import Actor

_F = table(Fact).c
_INSERT = insert_into(Fact)
_LONGEST = 500
_VOID: Sql[None] = Sql(
    sa.update(table(Fact))
    .where(_F.title_id == bind("title", _F.title_id), _F.voided_at.is_(None))
    .values(voided_at=bind("now", _F.voided_at), void_reason=bind("reason", _F.void_reason))
)


def named(
    store: Store, who: Actor, rules: Programme, made: Decision, titles: Sequence[Title], rows: Sequence[Application]
) -> None:
    """Write the facts of a naming in one batch: of the leader or the unit, with the points of the answers."""
    answers = {row.id: row.answers for row in rows}
    store.run_many(_INSERT, [
        {**fact, "id": new_id(), "title_id": title.id, "happened_on": title.named_on, "words": title.name,
         "document": made.number, "account_id": who.id, "at": store.now}
        for title in titles
        for fact in _facts(rules, title, answers.get(str(title.application_id), {}))
    ])  # fmt: skip


def ended(store: Store, titles: Sequence[Title], reason: str) -> None:
    """Void the facts that came with titles which were revoked; those of a natural end stay."""
    fallen = [title for title in titles if title.state is TitleState.REVOKED]
    told = beginning(reason, _LONGEST)
    store.run_many(_VOID, ({"title": title.id, "now": store.now, "reason": told} for title in fallen))


def _facts(rules: Programme, title: Title, answers: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The facts of one title. A feed of the leader says nothing where no leader is known by a number."""
    for feed in rules.feeds:
        owner = title.leader_key if feed.who == "leader" else title.organization
        amount = _amount(feed, answers)
        if owner is not None and (feed.field is None or amount is not None):
            about = {"person_key": owner, "person_name": title.leader_name} if feed.who == "leader" else {
                "organization": owner}  # fmt: skip
            yield {"kind": feed.fact, "amount": amount, "pool": feed.pool, **about}


def _amount(feed: Feed, answers: dict[str, Any]) -> int | None:
    """The feed's points, or the number beside the answer of its field; an answer without one gives no fact."""
    if feed.field is None:
        return feed.amount
    given = answers.get(feed.field)
    return None if given is None else feed.amounts.get(text_of(given), feed.amount)
