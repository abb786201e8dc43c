"""Who takes the place of a judge who stands back or leaves: the next of the same draw, and who was passed over."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from models.account import Account
from models.base import new_id, table
from models.panel import Assignment, Expert, Member
from models.sql import Sql, bind, insert_into, rows_of
from models.vocabulary import Act, ExpertState, LetterKind, Recusal
from workflows.judging import conflicts
from workflows.post import letters
from workflows.record.journal import move
from workflows.rules import draw
from workflows.rules.calendar import local_date

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import date

    from models.database import Store
    from models.panel import Panel
    from models.programme import Programme
    from workflows.record.acting import Actor
    from workflows.rules.draw import Place

_M, _N, _A, _X = (table(m).c for m in (Member, Assignment, Account, Expert))
MEMBERS = rows_of(Member, _M.panel_id == bind("panel", _M.panel_id), order=(_M.joined_at, _M.place))
ASSIGNED = rows_of(Assignment, _N.panel_id == bind("panel", _N.panel_id), order=(_N.application_id, _N.id))
SHUT: Sql[str] = Sql(
    sa.select(_X.id)
    .join_from(table(Expert), table(Account), _A.id == _X.account_id)
    .where(_X.organization == bind("desk", _X.organization), _A.disabled_at.is_not(None))
)
JOIN = insert_into(Member)
ASSIGN = insert_into(Assignment)
_PASSED = 50  # who was passed over is kept with the member, up to so many


class Ground(NamedTuple):
    """All that a choice among the pool needs to know, read once: experts by id, conflicts, members, assignments."""

    experts: Mapping[str, Expert]
    conflicts: Mapping[tuple[str, str], Recusal]
    members: list[Member]
    assigned: list[Assignment]
    shut: frozenset[str]
    today: date
    most: int | None
    loads: Mapping[str, int]

    def load(self, account_id: str) -> int:
        """How many cases an account has to judge now."""
        return self.loads.get(account_id, 0)

    def room(self, expert: Expert) -> int | None:
        """How many cases an expert may take at most; None: any number."""
        return min((most for most in (expert.most_cases, self.most) if most is not None), default=None)

    def active(self) -> list[Member]:
        """The members who have not left, in the order drawn."""
        return sorted((one for one in self.members if one.left_at is None), key=lambda one: one.place)


def ground(store: Store, panel: Panel, rules: Programme, cases: Iterable[conflicts.Case] | None = None) -> Ground:
    """What there is to know of a panel's pool now."""
    assigned = store.all(ASSIGNED, panel=panel.id)
    return Ground(
        {one.id: one for one in store.all(conflicts.POOL, desk=panel.desk)},
        conflicts.found(store, panel.desk, panel.round_id, cases), store.all(MEMBERS, panel=panel.id),
        assigned, frozenset(store.all(SHUT, desk=panel.desk)), local_date(store.now),
        rules.panel.most_cases if rules.panel else None,
        Counter(one.account_id for one in assigned if one.ended_at is None),
    )  # fmt: skip


def is_in_term(expert: Expert, today: date) -> bool:
    """Whether an expert of the pool may be drawn on a day."""
    return expert.state is ExpertState.ACTIVE and expert.starts_on <= today and (expert.ends_on or today) >= today


def next_of(
    panel: Panel, known: Ground, gone: Collection[str], cases: Sequence[str], stratum: str = ""
) -> tuple[Place | None, list[list[str]]]:
    """The next of the draw who can take these cases, and who before them cannot, with the rule."""
    passed: list[list[str]] = []
    for place in draw.following(panel.order, panel.snapshot, gone, stratum):
        code = _obstacle(known, place.expert, cases)
        if code is None:
            return place, passed[:_PASSED]
        passed.append([place.expert, code.value])
    return None, passed[:_PASSED]


def _obstacle(known: Ground, expert_id: str, cases: Sequence[str]) -> Recusal | None:
    expert = known.experts.get(expert_id)
    if expert is None or expert_id in known.shut or not is_in_term(expert, known.today):
        return Recusal.OUT_OF_TERM
    room = known.room(expert)
    if room is not None and known.load(expert.account_id) + len(cases) > room:
        return Recusal.FULL
    return next((known.conflicts[expert_id, case] for case in cases if (expert_id, case) in known.conflicts), None)


def join(
    store: Store, who: Actor, panel: Panel, known: Ground, place: Place, gone: Member, passed: list[list[str]],
    reason: str, *, key: str | None = None, **told: Any,
) -> Panel:  # fmt: skip
    """Take the next of the draw onto the panel, in the place of a member; the journal says why."""
    expert = known.experts[place.expert]
    made: dict[str, Any] = {
        "id": new_id(), "panel_id": panel.id, "expert_id": expert.id, "account_id": expert.account_id,
        "place": place.place, "stratum": place.stratum, "replaces": gone.id, "passed_over": passed,
        "joined_at": store.now,
    }  # fmt: skip
    store.run(JOIN, **made)
    body = {"gone": gone.expert_id, "came": expert.id, "passed_over": passed, "reason": reason, **told}
    after = move(store, who, Act.REPLACE, panel, body=body, key=key)
    letters.to_people(store, made["id"], [expert.account_id], "panel_called", {"organization": panel.desk},
                      LetterKind.ACTION, panel.id)  # fmt: skip
    return after
