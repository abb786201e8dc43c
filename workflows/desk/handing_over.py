"""A leaver's whole desk goes to somebody else in one act: cases, delegations, signatures, deputyships."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from models.account import Account
from models.application import Application
from models.base import table
from models.database import transaction
from models.errors import ForbiddenError, InputError, RefusedError
from models.office import Countersign, Deputy, Signer
from models.sql import Sql, bind, rows_of, update_of
from models.vocabulary import Act, CountersignState, LetterKind
from workflows.desk import colleagues, countersigning, deputies
from workflows.people.organizations import governed, organization
from workflows.post import letters
from workflows.record.acting import refreshed
from workflows.record.claiming import hold
from workflows.record.journal import move, move_all
from workflows.record.moves import Change
from workflows.record.verb import not_done_yet, verb
from workflows.rules import office_words, permissions

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from models.database import Store
    from models.journal import Event
    from workflows.record.acting import Actor

_P, _C, _S, _D = (table(m).c for m in (Application, Countersign, Signer, Deputy))
_AT, _WHO = bind("at", _P.desk), bind("who", _P.handler_id)
_open = _C.state == sa.literal_column(f"'{CountersignState.OPEN.value}'", sa.String)
_CASES = rows_of(
    Application, _P.desk == _AT, (_P.handler_id == _WHO) | (_P.delegated_by == _WHO), order=(_P.id,), lock=True
)
# Cases whose countersign waits for the leaver, or is theirs; held before the tasks are.
_SIGNED = rows_of(
    Application,
    _P.desk == _AT,
    _P.id.in_(
        sa.select(_C.application_id)
        .outerjoin_from(table(Countersign), table(Signer), (_S.countersign_id == _C.id) & (_S.account_id == _WHO))
        .where(_open, (_C.opened_by == _WHO) | (_S.vote.is_(None) & _S.dropped_at.is_(None) & _S.id.is_not(None)))
    ),
    order=(_P.id,),
    lock=True,
)
_TASKS = rows_of(
    Signer,
    _S.account_id == bind("who", _S.account_id),
    _S.vote.is_(None),
    _S.dropped_at.is_(None),
    _S.countersign_id.in_(sa.select(_C.id).where(_open, _C.desk == bind("at", _C.desk))),
    order=(_S.id,),
)
_OPENED: Sql[None] = Sql(
    sa.update(table(Countersign))
    .where(_open, _C.application_id == bind("of", _C.application_id), _C.opened_by == bind("who", _C.opened_by))
    .values(opened_by=bind("heir", _C.opened_by))
)
_GIVE_TASK = update_of(Signer, "account_id")
_STANDING_IN = rows_of(
    Deputy,
    _D.organization == bind("at", _D.organization),
    _D.ended_at.is_(None),
    _D.ends_at > bind("now", _D.ends_at),
    (_D.deputy_id == bind("who", _D.deputy_id)) | (_D.principal_id == bind("who", _D.deputy_id)),
    order=(_D.id,),
    lock=True,
)


class HandedOver(NamedTuple):
    """What went from one person's hands: how many cases, signatures and deputyships.

    `fell_back` are the receipts of cases whose heir is related to them: they are anybody's at the desk now.
    """

    cases: int
    signatures: int
    deputyships: int
    fell_back: list[str]


def _told(_: Store, event: Event) -> HandedOver:
    return HandedOver(**event.body["handed_over"])


@verb("hand-over", answer=_told)
def hand_over(
    actor: Actor, *, leaver: str, organization_code: str, reason: str, to: str = "",
    by_round: dict[str, str] | None = None, key: str | None = None,
) -> HandedOver:  # fmt: skip
    """Hand all that somebody has in hand at a desk to others: to one person, or by round id or programme code.

    Cases (inquiries into objections among them), what they delegated, their open signatures and
    countersigns, and whom they stand in for. By themselves or an administrator over the organisation;
    `shenbao ask plan` shows it first. Raises InputError("heir_missing"),
    RefusedError("not_a_colleague", "nothing_to_hand_over").
    """
    kept = office_words.reason(Act.HAND_OVER, reason)
    with transaction() as store:
        not_done_yet(store, actor, key)
        who = refreshed(store, actor)
        gone = _leaver(store, who, leaver, organization_code)
        # The person before their cases: as whoever ends their seat holds them.
        hold(store, Account, gone.id)
        plan = _Plan(store, gone, organization_code, to, by_round or {})
        cases, fell_back = _cases(store, who, plan, kept)
        done = HandedOver(cases, _signatures(store, who, plan, kept), _deputyships(store, who, plan, kept), fell_back)
        if not (done.cases or done.signatures or done.deputyships):
            raise RefusedError("nothing_to_hand_over", name=gone.name, organization=organization_code)
        told = {"organization": organization_code, "reason": kept, "handed_over": done._asdict()}
        after = move(store, who, Act.HAND_OVER, hold(store, Account, gone.id), key=key, body=told)
        for heir, count in plan.counts.items():
            letters.to_people(store, after.head[:32], [heir], "desk_handed_over",
                              {"who": gone.name, "organization": organization_code, "count": count, "reason": kept},
                              LetterKind.ACTION)  # fmt: skip
        return done


class _Plan:
    """Who takes what over: the heir of each round, looked up once."""

    def __init__(self, store: Store, gone: Account, at: str, to: str, by_round: Mapping[str, str]) -> None:
        self.gone, self.at = gone, at
        self.counts: dict[str, int] = {}
        self._of = {name: self._heir(store, one) for name, one in by_round.items()}
        self._usual = self._heir(store, to) if to.strip() else None
        self._acting = {one.id: colleagues.acting(store, one) for one in [*self._of.values(), self._usual] if one}

    def _heir(self, store: Store, given: str) -> Account:
        found = colleagues.person(store, given)
        if found.id == self.gone.id or not colleagues.is_seated(store, found.id, self.at):
            raise RefusedError("not_a_colleague", name=found.name, organization=self.at)
        return found

    def heir(self, row: Application) -> Account | None:
        """Who takes over what belongs to a case."""
        return self._of.get(row.round_id) or self._of.get(row.programme.partition("@")[0]) or self._usual

    @property
    def usual(self) -> Account | None:
        """Who takes over what belongs to no case."""
        heirs = {one.id: one for one in [self._usual, *self._of.values()] if one}
        return self._usual or (next(iter(heirs.values())) if len(heirs) == 1 else None)

    def fits(self, heir: Account, row: Application) -> bool:
        """Whether a heir may deal with a case."""
        return not permissions.is_own_case(self._acting[heir.id], row.organization, row.applicant_id, row.desk)

    def require_heirs(self, rows: Sequence[Application]) -> None:
        """Raise InputError("heir_missing") with the rounds nobody is named for."""
        if lost := [row for row in rows if self.heir(row) is None]:
            rounds = sorted({row.round_id for row in lost})
            raise InputError("heir_missing", field="to", count=len(lost), rounds=rounds)


def _leaver(store: Store, who: Actor, leaver: str, code: str) -> Account:
    """Somebody who leaves or has left, an account shut out already among them."""
    found = colleagues.anybody(store, leaver)
    if who.id not in (found.id, "system") and not governed(store, who, organization(store, code)):
        raise ForbiddenError("not_administrator", organization=code)
    return found


def _cases(store: Store, who: Actor, plan: _Plan, reason: str) -> tuple[int, list[str]]:
    """The cases in hand, and those delegated by the leaver, in a fixed number of batches."""
    rows = store.all(_CASES, at=plan.at, who=plan.gone.id)
    plan.require_heirs(rows)
    heirs = [heir.id if (heir := plan.heir(row)) and plan.fits(heir, row) else None for row in rows]
    changes = [_change(row, heir, plan.gone.id, reason) for row, heir in zip(rows, heirs, strict=True)]
    after = move_all(store, who, Act.HAND_OVER, changes)
    opened = ({"of": row.id, "who": plan.gone.id, "heir": heir} for row, heir in zip(rows, heirs, strict=True) if heir)
    store.run_many(_OPENED, opened)
    plan.counts |= Counter(one for one in heirs if one)
    return len(rows), [row.receipt or row.id for row in after if row.handler_id is None]


def _change(row: Application, heir: str | None, gone: str, reason: str) -> Change:
    """One case: into the heir's hands, or the heir may take back what the leaver had delegated."""
    if row.handler_id == gone:
        giver = row.delegated_by if row.delegated_by != heir and heir else None
        values = {"handler_id": heir or row.delegated_by, "delegated_by": giver}
    else:
        values = {"delegated_by": heir if heir != row.handler_id else None}
    told = {"handler": values.get("handler_id", row.handler_id), "before": gone, "reason": reason}
    return Change(row, values, body=told)


def _signatures(store: Store, who: Actor, plan: _Plan, reason: str) -> int:
    """The signatures asked of the leaver: the heir signs instead; one who is a signer already has one vote, not two."""
    rows = {row.id: row for row in store.all(_SIGNED, at=plan.at, who=plan.gone.id)}
    plan.require_heirs([*rows.values()])
    waiting = store.all(_TASKS, at=plan.at, who=plan.gone.id)
    given, dropped = [], 0
    for task in waiting:
        row, found = _case_of(store, rows, task)
        heir = plan.heir(row)
        signers = store.all(countersigning.SIGNERS, of=found.id)
        taken = heir is None or not plan.fits(heir, row) or heir.id in {one.account_id for one in signers}
        if taken and len(signers) > 1:
            countersigning.let_go(store, who, row, found, signers, task, reason)
            dropped += 1
        elif heir is not None and not taken:
            given.append({"old_id": task.id, "account_id": heir.id})
            plan.counts.setdefault(heir.id, 0)
    store.run_many(_GIVE_TASK, given)
    opened = (
        {"of": row.id, "who": plan.gone.id, "heir": heir.id}
        for row in rows.values() if (heir := plan.heir(row)) and plan.fits(heir, row)
    )  # fmt: skip
    return len(given) + dropped + store.run_many(_OPENED, opened)


def _case_of(store: Store, rows: Mapping[str, Application], task: Signer) -> tuple[Application, Countersign]:
    found = countersigning.by_id(store, task.countersign_id)
    return rows[found.application_id], found


def _deputyships(store: Store, who: Actor, plan: _Plan, reason: str) -> int:
    """Whom the leaver stands in for gets the heir as deputy for the rest of the term, where that may be."""
    rows = store.all(_STANDING_IN, at=plan.at, who=plan.gone.id, now=store.now)
    for row in rows:
        deputies.end(store, who, row, reason)
        heir = plan.usual
        if row.deputy_id == plan.gone.id and heir is not None and heir.id != row.principal_id:
            deputies.follow(store, who, row, heir, reason)
    return len(rows)
