"""The order of a list: it stands for its scores, and its ties are settled before anybody seals it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.errors import RefusedError
from workflows.judging import panels
from workflows.places import quotas
from workflows.rules import places, ranking

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from models.application import Application
    from models.database import Store
    from models.programme import Programme
    from models.slate import Entry, Slate
    from workflows.rules.ranking import Key, Tie


def require(
    store: Store, rules: Programme, slate: Slate, entries: Sequence[Entry], members: Sequence[Application], tie: str
) -> None:
    """Refuse an empty list, an order against its scores, and a tie at the line that nothing settled.

    The programme's steps break ties before the meeting is asked; `tie` is how the meeting settled what
    is left. Each pool has a line of its own; an award outside the quota without a score stands beside
    the order. Raises RefusedError("slate_empty", "order_against_scores", "tie_at_line", "equal_ranks").
    """
    if not entries:
        raise RefusedError("slate_empty")
    pools = {m.id: m.pool for m in members}
    keys = panels.keys_on(store, rules, slate, entries, members)
    for order in places.orders(entries, pools):
        told = [keys[e.application_id] for e in order] if keys else None
        found = _tie_of(rules, order, told)
        if found is not None:
            _require_settled(store, rules, slate, order, pools, found, tie)


def _tie_of(rules: Programme, order: Sequence[Entry], told: Sequence[Key] | None) -> Tie | None:
    if (place := ranking.disorder(order, told)) is not None:
        raise RefusedError("order_against_scores", place=order[place - 1].rank, **(rules.tie.cited if told else {}))
    return ranking.tie_at(order, _main(order), told)


def _main(order: Sequence[Entry]) -> int:
    return sum(not e.reserve for e in order)


def _require_settled(
    store: Store, rules: Programme, slate: Slate, order: Sequence[Entry], pools: Mapping[str, str], found: Tie, tie: str
) -> None:
    """Equal ranks are both named where the places suffice; else the meeting says how it chose (scenario 6)."""
    main = _main(order)
    first, last, line = (order[place - 1].rank for place in (found.first, found.last, main))
    if rules.tie.last == "equal_rank":
        pool = pools.get(order[0].application_id, "")
        held = quotas.of_union(store, slate.round_id, slate.organization).get(pool)
        if held is not None and places.left(held) - sum(not e.reserve and not e.outside for e in order) >= (
            found.last - main
        ):
            raise RefusedError("equal_ranks", first=first, last=last, line=line, left=places.left(held),
                               **rules.tie.cited)  # fmt: skip
    if not tie.strip():
        raise RefusedError("tie_at_line", first=first, last=last, line=line, score=f"{found.score / 100:.2f}",
                           criteria=[step.by for step in rules.tie.steps], **rules.tie.cited)  # fmt: skip
