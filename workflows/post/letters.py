"""Which act writes which letter to whom; letters are rows of the same transaction."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from models.account import Account, Seat
from models.base import table
from models.letter import Letter
from models.office import Deputy
from models.sql import Sql, bind, empty, insert_into
from models.vocabulary import Act, LetterKind, Role, Thing
from workflows.post.timing import held_until

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from models.database import Store
    from workflows.record.moves import Moved

_L, _S, _A, _D = (table(m).c for m in (Letter, Seat, Account, Deputy))
_TO_PERSON = insert_into(Letter, ignore=True)


class To(StrEnum):
    """The two audiences an act knows by itself."""

    APPLICANT = "applicant"
    DESK = "desk"


class Rule(NamedTuple):
    """One letter an act writes."""

    to: To
    template: str
    kind: LetterKind = LetterKind.INFORMATION


_ACTION = LetterKind.ACTION
RULES: dict[tuple[Thing, Act], tuple[Rule, ...]] = {
    (Thing.APPLICATION, Act.SUBMIT): (Rule(To.APPLICANT, "submitted"), Rule(To.DESK, "arrived", _ACTION)),
    (Thing.APPLICATION, Act.CHECK): (Rule(To.APPLICANT, "checked"),),
    (Thing.APPLICATION, Act.SEND_BACK): (Rule(To.APPLICANT, "returned", _ACTION),),
    (Thing.APPLICATION, Act.RESUBMIT): (Rule(To.DESK, "resubmitted", _ACTION),),
    (Thing.APPLICATION, Act.REFUSE): (Rule(To.APPLICANT, "refused"),),
    (Thing.APPLICATION, Act.ANNOUNCE): (Rule(To.APPLICANT, "announced"),),
    (Thing.APPLICATION, Act.APPEAL): (Rule(To.DESK, "appeal_filed", _ACTION),),
    (Thing.APPLICATION, Act.RULE): (Rule(To.APPLICANT, "appeal_ruled"),),
    (Thing.APPLICATION, Act.LAPSE): (Rule(To.APPLICANT, "lapsed"),),
    (Thing.APPLICATION, Act.RECOMMEND): (Rule(To.APPLICANT, "recommended"),),
    (Thing.APPLICATION, Act.SEND_DOWN): (Rule(To.APPLICANT, "sent_down"),),
    (Thing.APPLICATION, Act.PUBLISH): (Rule(To.APPLICANT, "noticed"),),
    (Thing.APPLICATION, Act.OBJECT): (Rule(To.APPLICANT, "contested"),),
    (Thing.APPLICATION, Act.DISMISS): (Rule(To.APPLICANT, "objection_settled"),),
    (Thing.APPLICATION, Act.UPHOLD): (Rule(To.APPLICANT, "struck"),),
    (Thing.APPLICATION, Act.NAME): (Rule(To.APPLICANT, "named"),),
    (Thing.APPLICATION, Act.PASS_OVER): (Rule(To.APPLICANT, "not_selected"),),
}

_NOW = bind("now", _L.created_at)
# Whoever holds the role there, and whoever acts for them now: a letter to somebody absent is read.
_seated = sa.select(_S.account_id).where(
    _S.organization == bind("desk", _S.organization),
    _S.role == bind("role", _S.role),
    _S.starts_at <= _NOW,
    _S.ends_at.is_(None) | (_S.ends_at > _NOW),
)
_standing_in = sa.select(_D.deputy_id).where(
    _D.organization == bind("desk", _S.organization),
    _D.role == bind("role", _S.role),
    _D.starts_at <= _NOW,
    _D.ends_at > _NOW,
    _D.ended_at.is_(None),
    _D.principal_id.in_(_seated),
)
_desk = sa.union(_seated, _standing_in).subquery("desk")
_TO_DESK: Sql[None] = Sql(
    sa.insert(table(Letter)).from_select(
        ["id", "account_id", "template", "kind", "params", "thing_id", "created_at", "not_before", "attempts", "error"],
        sa.select(
            (bind("event", _L.id) + sa.literal_column("'-'", _L.id.type) + _desk.c.account_id),
            _desk.c.account_id,
            bind("template", _L.template),
            bind("kind", _L.kind),
            bind("params", _L.params),
            bind("thing_id", _L.thing_id),
            bind("now", _L.created_at),
            bind("not_before", _L.not_before),
            sa.literal_column("0"),
            sa.literal_column("''"),
        ).select_from(_desk),
    )
)

# What says yes and what says no to an applicant: whoever is told one is not told the other as well.
YES = ("checked", "recommended", "noticed", "named")
NO = ("returned", "refused", "lapsed", "struck", "not_selected")


def _withdrawing(*clauses: sa.ColumnElement[bool]) -> Sql[None]:
    """Letters about a thing that were not carried yet are given up, for the reason `superseded`."""
    return Sql(
        sa.update(table(Letter))
        .where(_L.thing_id == bind("about", _L.thing_id), empty(_L.sent_at), empty(_L.dead_at), *clauses)
        .values(dead_at=bind("now", _L.dead_at), error=sa.literal_column("'superseded'"))
    )


_TO_ONE = _L.account_id == bind("who", _L.account_id)
_CONTRADICTED = {
    **dict.fromkeys(YES, _withdrawing(_TO_ONE, _L.template.in_(NO))),
    **dict.fromkeys(NO, _withdrawing(_TO_ONE, _L.template.in_(YES))),
}
# Never tried: nobody can have read it.
_UNTRIED = _L.attempts == sa.literal_column("0")
_OF_THAT_ACT = _L.created_at == bind("at", _L.created_at)
_WITHDRAW = _withdrawing(_L.template == bind("named", _L.template), _OF_THAT_ACT, _UNTRIED)
_TAKE_BACK = _withdrawing(_OF_THAT_ACT, _UNTRIED)
# Nobody need look at what its applicant took back.
_CALL_OFF = _withdrawing(_L.account_id != bind("who", _L.account_id), _UNTRIED)


def withdraw(store: Store, thing_id: str, template: str, at: datetime) -> bool:
    """Withdraw the letter of a template written about a thing at a moment; whether nobody can have read it."""
    return store.run(_WITHDRAW, about=thing_id, named=template, at=at, now=store.now) > 0


def take_back(store: Store, things: Iterable[str], at: datetime) -> int:
    """Withdraw what was written about these things at a moment, by an act that is undone; answers how many letters.

    Only what was never tried: nobody can have read it.
    """
    return store.run_many(_TAKE_BACK, ({"about": thing, "at": at, "now": store.now} for thing in things))


def write(store: Store, thing: Thing, moved: Sequence[Moved]) -> None:
    """The letters of one act on many rows: one batch to applicants, one to each desk."""
    if (thing, moved[0].event["act"]) == (Thing.APPLICATION, Act.WITHDRAW):
        store.run_many(_CALL_OFF, (
            {"about": m.after.id, "who": m.after.applicant_id, "now": store.now} for m in moved
        ))  # fmt: skip
    rules = RULES.get((thing, moved[0].event["act"]), ())
    for rule in rules:
        if rule.to is To.APPLICANT:
            if (contradicted := _CONTRADICTED.get(rule.template)) is not None:
                store.run_many(contradicted, (
                    {"about": m.after.id, "who": m.after.applicant_id, "now": store.now} for m in moved
                ))  # fmt: skip
            leaves = held_until(rule.template, store.now)
            store.run_many(_TO_PERSON, (_letter(store, rule, m, leaves) for m in moved))
        else:
            for m in moved:
                to_desk(store, m.event["id"], m.after.desk, rule.template, _params(m), rule.kind, m.after.id)


def to_desk(
    store: Store, event: str, desk: str | None, template: str, params: dict[str, Any],
    kind: LetterKind = LetterKind.INFORMATION, thing_id: str | None = None, role: Role = Role.REVIEWER,
) -> None:  # fmt: skip
    """A letter to everybody who holds `role` at a desk now; at most one each for one event."""
    if desk is not None:
        store.run(_TO_DESK, event=event, desk=desk, role=role, template=template, kind=kind,
                  params=params, thing_id=thing_id, now=store.now,
                  not_before=held_until(template, store.now))  # fmt: skip


def to_desks(
    store: Store, addressed: Iterable[tuple[str, str, dict[str, Any], str | None]], template: str,
    kind: LetterKind = LetterKind.INFORMATION, role: Role = Role.REVIEWER,
) -> None:  # fmt: skip
    """One letter of a template to many desks in one batch; each `(event, desk, params, thing_id)`."""
    base = {"role": role, "template": template, "kind": kind, "now": store.now,
            "not_before": held_until(template, store.now)}  # fmt: skip
    rows = ({**base, "event": event, "desk": desk, "params": p, "thing_id": of} for event, desk, p, of in addressed)
    store.run_many(_TO_DESK, rows)


def to_people(
    store: Store, event: str, people: Iterable[str], template: str, params: dict[str, Any],
    kind: LetterKind = LetterKind.INFORMATION, thing_id: str | None = None,
) -> None:  # fmt: skip
    """A letter to each of these accounts; at most one each for one event."""
    base = {"template": template, "kind": kind, "params": params, "thing_id": thing_id,
            "created_at": store.now, "not_before": held_until(template, store.now)}  # fmt: skip
    store.run_many(_TO_PERSON, ({**base, "id": f"{event}-{p}", "account_id": p} for p in people))


def to_each(
    store: Store, addressed: Iterable[tuple[str, str, dict[str, Any], str | None]], template: str,
    kind: LetterKind = LetterKind.INFORMATION,
) -> None:  # fmt: skip
    """One letter of a template to many people in one batch; each `(event, account, params, thing_id)`."""
    base = {"template": template, "kind": kind, "created_at": store.now,
            "not_before": held_until(template, store.now)}  # fmt: skip
    rows = ({**base, "id": f"{e}-{p}", "account_id": p, "params": params, "thing_id": of}
            for e, p, params, of in addressed)  # fmt: skip
    store.run_many(_TO_PERSON, rows)


def _letter(store: Store, rule: Rule, m: Moved, not_before: datetime) -> dict[str, Any]:
    return {
        "id": f"{m.event['id']}-{m.after.applicant_id}",
        "account_id": m.after.applicant_id,
        "template": rule.template,
        "kind": rule.kind,
        "params": _params(m),
        "thing_id": m.after.id,
        "created_at": store.now,
        "not_before": not_before,
    }


def _params(m: Moved) -> dict[str, Any]:
    """What the words of a letter about an application may use."""
    after = m.after
    params = {"receipt": after.receipt, "subject": after.subject, "organization": m.event["desk"]}
    if m.due is not None:
        params["due_at"] = m.due.at.isoformat()
    return {**params, **m.event["body"].get("letter", {})}
