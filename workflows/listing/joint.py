"""Joint deciders: every member province confirms the list before it is decided (domain: 5.2)."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

from models.base import new_id, table
from models.database import reading, transaction
from models.errors import ForbiddenError, NotFoundError, RefusedError
from models.organization import Organization
from models.round import Round
from models.slate import Entry, Slate
from models.sql import bind, insert_into, rows_of, update_of
from models.stages import Confirmation
from models.vocabulary import Act, LetterKind, Role, Rung, SlateState, Thing
from workflows.listing.slates import refuse_own_case
from workflows.post import letters
from workflows.programmes import programme_of
from workflows.record.acting import refreshed
from workflows.record.claiming import hold, look, require_fresh
from workflows.record.journal import canonical, move
from workflows.record.verb import query, verb
from workflows.rules import permissions

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from models.application import Application
    from models.database import Store
    from models.programme import Joint, Programme
    from workflows.record.acting import Actor

_C, _EN, _O, _SL = (table(m).c for m in (Confirmation, Entry, Organization, Slate))
_GIVEN = rows_of(Confirmation, _C.slate_id == bind("slate", _C.slate_id), order=(_C.organization,))
_ENTRIES = rows_of(Entry, _EN.slate_id == bind("slate", _EN.slate_id), order=(_EN.rank,))
_OPEN = rows_of(
    Slate,
    _SL.rung == Rung.JOINT,
    _SL.state.in_([SlateState.SEALED, SlateState.IN_NOTICE]),
    order=(_SL.id,),
)
_UNION = rows_of(Organization, _O.code == bind("code", _O.code))
_CONFIRM = insert_into(Confirmation)
_AGAIN = update_of(Confirmation, "order_hash", "account_id", "at")


class Vote(NamedTuple):
    """One member's standing: `confirmed_at` None has not confirmed; `stands` is for the list as it is now."""

    organization: str
    name: str
    confirmed_at: datetime | None
    stands: bool


class Votes(NamedTuple):
    """How far the members have confirmed a list, and how many of them must."""

    slate_id: str
    version: int
    needed: int
    votes: list[Vote]


@verb("confirm")
def confirm(actor: Actor, slate_id: str, *, seen: int, key: str | None = None) -> Slate:
    """A member province says yes to the joint meeting's sealed list as it stands.

    It holds for these names in this order only: a list that changes must be confirmed again.
    Raises RefusedError("confirmed_already"), ForbiddenError for who reviews for no member,
    or is on the list, or whose unit is.
    """
    with transaction() as store:
        slate, who = hold(store, Slate, slate_id), refreshed(store, actor)
        joint = _joint_of(store, slate)
        if joint is None or not sees(who, joint, slate):
            raise NotFoundError("not_found", thing=Thing.SLATE.value, given=slate_id)
        require_fresh(store, who, Thing.SLATE, slate, seen=seen, key=key)
        member = next((code for code in joint.members if who.sits(code, Role.REVIEWER)), None)
        if member is None:
            raise ForbiddenError("not_a_member", act=Act.CONFIRM.value, organization=joint.organization)
        refuse_own_case(store, who, slate)
        names = _order_hash(store.all(_ENTRIES, slate=slate.id))
        _write(store, who, slate, member, names)
        return move(store, who, Act.CONFIRM, slate, key=key, body={"organization": member, "names": names})


@query("confirmations")
def confirmations(actor: Actor, slate_id: str) -> Votes:
    """Which members have confirmed a joint meeting's list, for the meeting and its members."""
    with reading() as store:
        slate, who = look(store, Slate, slate_id), refreshed(store, actor)
        joint = _joint_of(store, slate)
        if joint is None or not sees(who, joint, slate):
            raise NotFoundError("not_found", thing=Thing.SLATE.value, given=slate_id)
        return Votes(slate.id, slate.version, _needed(joint), _votes(store, joint, slate))


@query("to-confirm")
def to_confirm(actor: Actor, *, desk: str) -> list[Votes]:
    """The joint meetings' lists that wait for a member's yes; for its reviewers, others see nothing."""
    with reading() as store:
        if not refreshed(store, actor).sits(desk, Role.REVIEWER):
            return []
        lists = [(slate, _joint_of(store, slate)) for slate in store.all(_OPEN)]
        asked = [Votes(slate.id, slate.version, _needed(joint), _votes(store, joint, slate))
                 for slate, joint in lists if joint is not None and desk in joint.members]  # fmt: skip
        return [one for one in asked if not all(vote.stands for vote in one.votes if vote.organization == desk)]


def require(store: Store, rules: Programme, slate: Slate, ready: Sequence[Application]) -> None:
    """Refuse to decide a list that a member has not confirmed as it stands.

    Raises RefusedError("unconfirmed") with the members that are missing; a list of nobody needs no yes.
    """
    joint = rules.joint
    if joint is None or slate.rung is not Rung.JOINT or not ready:
        return
    votes = _votes(store, joint, slate)
    stand = sum(vote.stands for vote in votes)
    if stand < _needed(joint):
        missing = [vote for vote in votes if not vote.stands]
        raise RefusedError("unconfirmed", missing=[vote.organization for vote in missing], confirmed=stand,
                           needed=_needed(joint), names=[vote.name for vote in missing], **joint.cited)  # fmt: skip


def ask(store: Store, rules: Programme, slate: Slate) -> None:
    """Ask every member to confirm a list that the joint meeting has just sealed."""
    if rules.joint is None or slate.rung is not Rung.JOINT:
        return
    for member in rules.joint.members:
        letters.to_desk(store, slate.head[:32], member, "confirmation_asked",
                        {"organization": rules.joint.name.zh}, LetterKind.ACTION, slate.id)  # fmt: skip


def member_sees(store: Store, who: Actor, slate: Slate) -> bool:
    """Whether somebody may read a list because their province confirms it."""
    joint = _joint_of(store, slate)
    return joint is not None and sees(who, joint, slate)


def sees(who: Actor, joint: Joint, slate: Slate) -> bool:
    """The joint meeting's own people, and its members' once the list was sealed."""
    if permissions.serves(who, slate.organization):
        return True
    return slate.sealed_at is not None and any(permissions.serves(who, code) for code in joint.members)


def _joint_of(store: Store, slate: Slate) -> Joint | None:
    if slate.rung is not Rung.JOINT:
        return None
    return programme_of(store, look(store, Round, slate.round_id).programme).joint


def _needed(joint: Joint) -> int:
    """How many members must confirm: all, or more than half."""
    return len(joint.members) if joint.confirm == "all" else len(joint.members) // 2 + 1


def _votes(store: Store, joint: Joint, slate: Slate) -> list[Vote]:
    names = _order_hash(store.all(_ENTRIES, slate=slate.id))
    given = {row.organization: row for row in store.all(_GIVEN, slate=slate.id)}
    return [_vote(store, code, given.get(code), names) for code in joint.members]


def _vote(store: Store, code: str, given: Confirmation | None, names: str) -> Vote:
    union = store.first(_UNION, code=code)
    stands = given is not None and given.order_hash == names
    return Vote(code, union.name if union else code, given.at if given else None, stands)


def _order_hash(entries: Sequence[Entry]) -> str:
    """What a list is known by: its names in their order, the reserve apart (SHA-256, hex)."""
    order = [[entry.rank, entry.application_id, bool(entry.reserve)] for entry in entries]
    return hashlib.sha256(canonical(order).encode()).hexdigest()


def _write(store: Store, who: Actor, slate: Slate, member: str, names: str) -> None:
    known = next((row for row in store.all(_GIVEN, slate=slate.id) if row.organization == member), None)
    if known is not None and known.order_hash == names:
        raise RefusedError("confirmed_already", organization=member)
    if known is not None:
        store.run(_AGAIN, old_id=known.id, order_hash=names, account_id=who.id, at=store.now)
        return
    store.run(_CONFIRM, id=new_id(), slate_id=slate.id, organization=member, order_hash=names,
              account_id=who.id, at=store.now)  # fmt: skip
