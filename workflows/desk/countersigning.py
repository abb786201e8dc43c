"""A case put before several signers: asked, signed, settled by votes alone; signers come and go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from models.application import Application
from models.base import changed, new_id, table
from models.database import transaction
from models.errors import InputError, NotFoundError, RefusedError
from models.office import Countersign, Signer
from models.sql import bind, insert_into, row_from, rows_of, update_of
from models.vocabulary import Act, CountersignRule, CountersignState, DeadlineKind, LetterKind, Role, Vote
from workflows.clocks import deadlines, due
from workflows.desk import colleagues
from workflows.desk.tasks import PRESENT, SETTLE
from workflows.post import letters
from workflows.record.claiming import claim, take
from workflows.record.journal import move
from workflows.record.moves import Due
from workflows.record.verb import verb
from workflows.rules import countersigning as rules_of
from workflows.rules import office_words, permissions
from workflows.rules.countersigning import Cast, Count

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from models.database import Store
    from models.journal import Event
    from workflows.record.acting import Actor

_C, _S = table(Countersign).c, table(Signer).c
_BY_ID = rows_of(Countersign, _C.id == bind("id", _C.id))
# The last one of a visit first; whoever changes one holds its case.
_VISIT = rows_of(
    Countersign,
    _C.application_id == bind("of", _C.application_id),
    PRESENT,
    order=(_C.version.desc(),),
)
SIGNERS = rows_of(
    Signer, _S.countersign_id == bind("of", _S.countersign_id), _S.dropped_at.is_(None), order=(_S.place, _S.id)
)
_OPEN = insert_into(Countersign)
_ASK = insert_into(Signer)
_SIGN = update_of(Signer, "vote", "words", "signed_at", "signed_by")
_DROP = update_of(Signer, "dropped_at", "dropped_why")
_MOST_DAYS, _MOST_SIGNERS = 30, 50


def by_event(store: Store, event: Event) -> Countersign | None:
    """The countersign an event tells of."""
    return store.first(_BY_ID, id=event.body["countersign"])


@verb("countersign", answer=by_event)
def countersign(
    actor: Actor, application_id: str, *, rule: CountersignRule, signers: list[str], seen: int, days: int = 3,
    percent: int | None = None, reason: str = "", key: str | None = None,
) -> Countersign:  # fmt: skip
    """Put a case before signers (addresses or ids): all must agree, any one, or `percent` of them, within working days.

    Reviewers of the desk sign, and others who may see the case anyway. Until it is settled the desk
    neither checks nor refuses; time that runs out is nobody's yes. After one that failed another needs
    a reason. Raises InputError("signers_missing", "signer_twice", "percent", "countersign_days"),
    RefusedError("countersign_open", "checked_already", "may_not_see").
    """
    share = rules_of.require_ratio(rule, percent)
    if not 1 <= days <= _MOST_DAYS or len(signers) > _MOST_SIGNERS:
        raise InputError("countersign_days", field="days", most=_MOST_DAYS, signers=_MOST_SIGNERS)
    with transaction() as store:
        row, who = claim(store, actor, Act.COUNTERSIGN, Application, application_id, seen=seen, key=key)
        if row.checked:
            raise RefusedError("checked_already", receipt=row.receipt)
        require_none_open(store, row)
        kept = office_words.reason(Act.COUNTERSIGN, reason, failed_before=has_failed(store, row))
        asked = [colleagues.signer(store, row, one) for one in signers]
        ids = rules_of.require_distinct(one.id for one in asked)
        limit = _limit(store, row, days)
        made = {"id": (one_id := new_id()), "application_id": row.id, "version": row.version + 1, "desk": row.desk,
                "rule": rule, "percent": share, "question": kept, "state": CountersignState.OPEN,
                "opened_by": row.handler_id or _self(who, row), "opened_at": store.now, "due_at": limit.at}  # fmt: skip
        store.run(_OPEN, **made)
        store.run_many(_ASK, (_task(store, one_id, n, one, who.id) for n, one in enumerate(ids)))
        after = move(store, who, Act.COUNTERSIGN, row, key=key, due=limit,
                     body={"countersign": one_id, "rule": rule.value, "percent": share, "signers": ids,
                           "reason": kept})  # fmt: skip
        _ask(store, after, ids, kept, limit)
        return row_from(Countersign, made)


@verb("sign", answer=by_event)
def sign(actor: Actor, application_id: str, *, vote: Vote, words: str = "", key: str | None = None) -> Countersign:
    """Agree or disagree as a signer, or as the deputy of one; against needs words.

    The case is settled as soon as enough agree or enough no longer can. Raises
    RefusedError("no_countersign", "not_a_signer", "signed_already").
    """
    kept = office_words.reason(Act.SIGN, words, vote=vote)
    with transaction() as store:
        row, who = take(store, actor, Act.SIGN, Application, application_id)
        found = _standing(store, row)
        signers = store.all(SIGNERS, of=found.id)
        mine = rules_of.turn(casts(signers), who.id, permissions.signs_for(who, row))
        task = next(one for one in signers if one.account_id == mine.signer)
        told = {"vote": vote, "words": kept, "signed_at": store.now, "signed_by": who.id}
        store.run(_SIGN, old_id=task.id, **told)
        now = [changed(one, **told) if one.id == task.id else one for one in signers]
        outcome = rules_of.count(found.rule, found.percent, casts(now)).state
        after = move(store, who, Act.SIGN, row, key=key, for_whom=mine.signer if mine.signer != who.id else None,
                     body={"countersign": found.id, "vote": vote.value, "reason": kept,
                           "outcome": outcome.value})  # fmt: skip
        return _settled(store, after, found, now, outcome)


@verb("add-signer", answer=by_event)
def add_signer(
    actor: Actor, application_id: str, *, signer: str, seen: int, reason: str = "", key: str | None = None
) -> Countersign:
    """Ask one more signer, by who opened the countersign. Raises as `countersign`, RefusedError("not_the_opener")."""
    kept = office_words.reason(Act.ADD_SIGNER, reason)
    with transaction() as store:
        row, who = claim(store, actor, Act.ADD_SIGNER, Application, application_id, seen=seen, key=key)
        found = _own(store, who, row)
        signers = store.all(SIGNERS, of=found.id)
        one = colleagues.signer(store, row, signer)
        rules_of.require_distinct([*(s.account_id for s in signers), one.id])
        store.run(_ASK, **_task(store, found.id, 1 + max(s.place for s in signers), one.id, who.id))
        after = move(store, who, Act.ADD_SIGNER, row, key=key,
                     body={"countersign": found.id, "signer": one.id, "reason": kept})  # fmt: skip
        _ask(store, after, [one.id], found.question, Due(DeadlineKind.COUNTERSIGN, found.due_at))
        return found


@verb("drop-signer", answer=by_event)
def drop_signer(
    actor: Actor, application_id: str, *, signer: str, reason: str, seen: int, key: str | None = None
) -> Countersign:
    """Take a signer who has not signed out of it, by who opened it; that may settle it.

    Raises RefusedError("not_a_signer", "signed_already", "not_the_opener"), InputError("signers_missing")
    for the last one.
    """
    kept = office_words.reason(Act.DROP_SIGNER, reason)
    with transaction() as store:
        row, who = claim(store, actor, Act.DROP_SIGNER, Application, application_id, seen=seen, key=key)
        found = _own(store, who, row)
        signers = store.all(SIGNERS, of=found.id)
        return let_go(store, who, row, found, signers, _undecided(store, signers, signer), kept, key=key)


@verb("call-off", answer=by_event)
def call_off(actor: Actor, application_id: str, *, reason: str, seen: int, key: str | None = None) -> Countersign:
    """End an open countersign without an outcome; what stood before it stands again."""
    kept = office_words.reason(Act.CALL_OFF, reason)
    with transaction() as store:
        row, who = claim(store, actor, Act.CALL_OFF, Application, application_id, seen=seen, key=key)
        found = _standing(store, row)
        after = move(store, who, Act.CALL_OFF, row, key=key, body={"countersign": found.id, "reason": kept})
        return _settled(store, after, found, store.all(SIGNERS, of=found.id), CountersignState.CALLED_OFF)


def let_go(
    store: Store, who: Actor, row: Application, found: Countersign, signers: Sequence[Signer], gone: Signer,
    reason: str, *, key: str | None = None,
) -> Countersign:  # fmt: skip
    """Take a signer out of a countersign of a case that is held; what is left may be settled by it."""
    left = [one for one in signers if one.id != gone.id]
    outcome = rules_of.count(found.rule, found.percent, casts(left)).state
    store.run(_DROP, old_id=gone.id, dropped_at=store.now, dropped_why=reason)
    after = move(store, who, Act.DROP_SIGNER, row, key=key,
                 body={"countersign": found.id, "signer": gone.account_id, "reason": reason,
                       "outcome": outcome.value})  # fmt: skip
    _tell(store, after, [gone.account_id], "countersign_closed", LetterKind.INFORMATION, reason=reason)
    return _settled(store, after, found, left, outcome)


def by_id(store: Store, countersign_id: str) -> Countersign:
    """A countersign that is known to exist. Raises NotFoundError."""
    found = store.first(_BY_ID, id=countersign_id)
    if found is None:
        raise NotFoundError("not_found", thing=Act.COUNTERSIGN.value, given=countersign_id)
    return found


def require_none_open(store: Store, row: Application) -> None:
    """Raise RefusedError("countersign_open") while signers are asked about a case."""
    if (found := _open(store, row)) is not None:
        raise RefusedError("countersign_open", receipt=row.receipt, due_at=found.due_at.isoformat())


def require_passed(store: Store, row: Application) -> None:
    """Whatever countersigns a case had at this visit, the last one that votes settled has not failed.

    Raises RefusedError("countersign_open", "countersign_failed"); docs/decisions/0013.
    """
    require_none_open(store, row)
    if has_failed(store, row):
        raise RefusedError("countersign_failed", receipt=row.receipt)


def has_failed(store: Store, row: Application) -> bool:
    """Whether the last countersign of this visit that votes settled has failed; one called off counts for nothing."""
    voted = (CountersignState.PASSED, CountersignState.FAILED)
    last = next((one for one in visit(store, row) if one.state in voted), None)
    return last is not None and last.state is CountersignState.FAILED


def visit(store: Store, row: Application) -> list[Countersign]:
    """The countersigns of a case since it came where it is, the last one first."""
    return store.all(_VISIT, of=row.id)


def casts(signers: Iterable[Signer]) -> list[Cast]:
    """The signers as the rule counts them."""
    return [Cast(one.account_id, one.vote, one.signed_by) for one in signers]


def counted(found: Countersign, signers: Sequence[Signer]) -> Count:
    """How a countersign stands."""
    return rules_of.count(found.rule, found.percent, casts(signers))


def _open(store: Store, row: Application) -> Countersign | None:
    return next((one for one in visit(store, row) if one.state is CountersignState.OPEN), None)


def _standing(store: Store, row: Application) -> Countersign:
    if (found := _open(store, row)) is None:
        raise RefusedError("no_countersign", receipt=row.receipt)
    return found


def _own(store: Store, who: Actor, row: Application) -> Countersign:
    """The open countersign, for who opened it, their deputy, or anybody of the desk once they are gone."""
    found = _standing(store, row)
    theirs = permissions.is_or_stands_for(who, found.opened_by, row.desk)
    if not theirs and colleagues.is_seated(store, found.opened_by, row.desk, Role.REVIEWER):
        raise RefusedError("not_the_opener", name=colleagues.names(store, found.opened_by)[found.opened_by])
    return found


def _self(who: Actor, row: Application) -> str:
    """Whose act it is: one's own, or the colleague's one stands in for."""
    return permissions.lender(who, row) or who.id


def _undecided(store: Store, signers: Sequence[Signer], given: str) -> Signer:
    account = colleagues.person(store, given)
    found = next((one for one in signers if one.account_id == account.id), None)
    if found is None:
        raise RefusedError("not_a_signer")
    if found.vote is not None:
        raise RefusedError("signed_already")
    return found


def _limit(store: Store, row: Application, days: int) -> Due:
    """By when the signers are to sign: working days from today, within the desk's own term."""
    limit = due.within(DeadlineKind.COUNTERSIGN, days, store.now, row.desk or "")
    if row.due_at is not None and store.now < row.due_at < limit.at:
        return due.no_later(limit, row.due_at, "本级审核期限")
    return limit


def _task(store: Store, countersign_id: str, place: int, account: str, by: str) -> dict[str, Any]:
    return {"id": new_id(), "countersign_id": countersign_id, "place": place, "account_id": account,
            "added_at": store.now, "added_by": by}  # fmt: skip


def _settled(
    store: Store, row: Application, found: Countersign, signers: Sequence[Signer], outcome: CountersignState
) -> Countersign:
    """The countersign with its outcome; whoever has not signed need not any more."""
    if outcome is CountersignState.OPEN:
        return found
    store.run(SETTLE, old_id=found.id, state=outcome, settled_at=store.now)
    deadlines.close(store, row.id, DeadlineKind.COUNTERSIGN)
    _tell(store, row, [one.account_id for one in signers if one.vote is None], "countersign_closed",
          LetterKind.INFORMATION, reason="countersign_settled")  # fmt: skip
    _tell(store, row, [found.opened_by], "countersign_settled", LetterKind.ACTION, result=outcome.value)
    return changed(found, state=outcome, settled_at=store.now)


def _ask(store: Store, row: Application, people: list[str], question: str, limit: Due) -> None:
    _tell(store, row, people, "sign_asked", LetterKind.ACTION, question=question or "—", due_at=limit.at.isoformat())


def _tell(store: Store, row: Application, people: list[str], template: str, kind: LetterKind, **params: Any) -> None:
    letters.to_people(store, f"{row.head[:32]}-{template[-7:]}", colleagues.reached(store, people, row.desk), template,
                      {"receipt": row.receipt, "subject": row.subject, "organization": row.desk, **params}, kind,
                      row.id)  # fmt: skip
