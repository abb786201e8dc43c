"""Which act writes which letter to whom; letters are rows of the same transaction."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from models.account import Account, Seat
from models.base import table
from models.letter import Letter
from models.sql import Sql, bind, insert_into
from models.vocabulary import Act, LetterKind, Role, Thing

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from models.database import Store
    from workflows.moves import Moved

_L, _S, _A = table(Letter).c, table(Seat).c, table(Account).c
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
    (Thing.APPLICATION, Act.PUBLISH): (Rule(To.APPLICANT, "noticed"),),
    (Thing.APPLICATION, Act.OBJECT): (Rule(To.APPLICANT, "contested"),),
    (Thing.APPLICATION, Act.DISMISS): (Rule(To.APPLICANT, "objection_settled"),),
    (Thing.APPLICATION, Act.UPHOLD): (Rule(To.APPLICANT, "struck"),),
    (Thing.APPLICATION, Act.NAME): (Rule(To.APPLICANT, "named"),),
    (Thing.APPLICATION, Act.PASS_OVER): (Rule(To.APPLICANT, "not_selected"),),
}

_TO_DESK: Sql[None] = Sql(
    sa.insert(table(Letter)).from_select(
        ["id", "account_id", "template", "kind", "params", "thing_id", "created_at", "not_before", "attempts", "error"],
        sa.select(
            (bind("event", _L.id) + sa.literal_column("'-'", _L.id.type) + _S.account_id),
            _S.account_id,
            bind("template", _L.template),
            bind("kind", _L.kind),
            bind("params", _L.params),
            bind("thing_id", _L.thing_id),
            bind("now", _L.created_at),
            bind("now", _L.created_at),
            sa.literal_column("0"),
            sa.literal_column("''"),
        )
        .where(
            _S.organization == bind("desk", _S.organization),
            _S.role == bind("role", _S.role),
            _S.starts_at <= bind("now", _L.created_at),
            _S.ends_at.is_(None) | (_S.ends_at > bind("now", _L.created_at)),
        )
        .distinct(),
    )
)


def write(store: Store, thing: Thing, moved: Sequence[Moved]) -> None:
    """The letters of one act on many rows: one batch to applicants, one to each desk."""
    rules = RULES.get((thing, moved[0].event["act"]), ())
    for rule in rules:
        if rule.to is To.APPLICANT:
            store.run_many(_TO_PERSON, (_letter(store, rule, m) for m in moved))
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
                  params=params, thing_id=thing_id, now=store.now)  # fmt: skip


def to_desks(
    store: Store, addressed: Iterable[tuple[str, str, dict[str, Any], str]], template: str,
    kind: LetterKind = LetterKind.INFORMATION, role: Role = Role.REVIEWER,
) -> None:  # fmt: skip
    """One letter of a template to many desks in one batch; each `(event, desk, params, thing_id)`."""
    base = {"role": role, "template": template, "kind": kind, "now": store.now}
    rows = ({**base, "event": event, "desk": desk, "params": p, "thing_id": of} for event, desk, p, of in addressed)
    store.run_many(_TO_DESK, rows)


def to_people(
    store: Store, event: str, people: Iterable[str], template: str, params: dict[str, Any],
    kind: LetterKind = LetterKind.INFORMATION, thing_id: str | None = None,
) -> None:  # fmt: skip
    """A letter to each of these accounts; at most one each for one event."""
    base = {"template": template, "kind": kind, "params": params, "thing_id": thing_id,
            "created_at": store.now, "not_before": store.now}  # fmt: skip
    store.run_many(_TO_PERSON, ({**base, "id": f"{event}-{p}", "account_id": p} for p in people))


def _letter(store: Store, rule: Rule, m: Moved) -> dict[str, Any]:
    return {
        "id": f"{m.event['id']}-{m.after.applicant_id}",
        "account_id": m.after.applicant_id,
        "template": rule.template,
        "kind": rule.kind,
        "params": _params(m),
        "thing_id": m.after.id,
        "created_at": store.now,
        "not_before": store.now,
    }


def _params(m: Moved) -> dict[str, Any]:
    """What the words of a letter about an application may use."""
    after = m.after
    params = {"receipt": after.receipt, "subject": after.subject, "organization": m.event["desk"]}
    if m.due is not None:
        params["due_at"] = m.due.at.isoformat()
    return {**params, **m.event["body"].get("letter", {})}
