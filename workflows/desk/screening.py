"""Screening: outside departments are asked in one set, and one veto ends a case (domain: 5.9, 7.12)."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from models.application import Application
from models.base import changed, new_id, table
from models.database import transaction
from models.deadline import Deadline
from models.errors import ForbiddenError, InputError, NotFoundError, RefusedError
from models.journal import Event
from models.merit import Consultation
from models.round import Round
from models.slate import Entry
from models.sql import Sql, bind, insert_into, row_from, rows_of, update_of
from models.vocabulary import REVIEWS, Act, DeadlineKind, ReplyKind, Role, Thing
from workflows.clocks import deadlines, due
from workflows.desk import reviews
from workflows.listing import leaving
from workflows.programmes import programme_of
from workflows.record.acting import refreshed
from workflows.record.claiming import claim, look
from workflows.record.journal import canonical, move, move_all
from workflows.record.moves import Change
from workflows.record.verb import not_done_yet, verb
from workflows.rules import routes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from models.database import Store
    from models.programme import Department, Programme, Screening
    from models.slate import Slate
    from workflows.record.acting import Actor

_P, _C, _EN, _D, _E = (table(m).c for m in (Application, Consultation, Entry, Deadline, Event))
_AT_DESK = rows_of(
    Application,
    _P.desk == bind("desk", _P.desk),
    _P.round_id == bind("round", _P.round_id),
    _P.state.in_(sorted(REVIEWS)),
    order=(_P.id,),
    lock=True,
)
_ASKED = rows_of(
    Consultation,
    _C.application_id.in_(
        sa.select(_P.id).where(_P.desk == bind("desk", _P.desk), _P.round_id == bind("round", _P.round_id))
    ),
)
# Whose departments' term runs still: a return closes it with everything else that was due.
_RUNNING: Sql[str] = Sql(
    sa.select(_D.thing_id)
    .join(table(Application), _P.id == _D.thing_id)
    .where(
        _P.desk == bind("desk", _P.desk),
        _P.round_id == bind("round", _P.round_id),
        _D.kind == DeadlineKind.SCREENING,
        _D.closed_at.is_(None),
    )
)
_OF = rows_of(Consultation, _C.application_id == bind("of", _C.application_id), order=(_C.department,), lock=True)
_ON_SLATE = rows_of(
    Consultation,
    _C.application_id.in_(sa.select(_EN.application_id).where(_EN.slate_id == bind("slate", _EN.slate_id))),
)
_BY_CLICK = rows_of(
    Consultation,
    _C.application_id.in_(
        sa.select(_E.thing_id).where(
            _E.act == Act.CONSULT, _E.account_id == bind("who", _E.account_id), _E.at == bind("at", _E.at)
        )
    ),
    (_C.asked_at == bind("at", _C.asked_at))
    | (_C.asked_at < bind("at", _C.asked_at))
    & (_C.replied_at.is_(None) | (_C.replied_at > bind("at", _C.replied_at))),
    order=(_C.application_id, _C.department),
)  # fmt: skip
_BY_ID = rows_of(Consultation, _C.id == bind("id", _C.id))
_ASK = insert_into(Consultation)
_ANSWER: Sql[None] = update_of(Consultation, "reply", "words", "document", "replied_at", "replied_by")
_CATEGORY = "征求意见未通过"
_SHOWN = 10


def _asked_by_click(store: Store, event: Event) -> list[Consultation]:
    return store.all(_BY_CLICK, who=event.account_id, at=event.at)


@verb("consult", answer=_asked_by_click)
def consult(
    actor: Actor, *, round_id: str, organization_code: str, applications: list[str] | None = None,
    key: str | None = None,
) -> list[Consultation]:  # fmt: skip
    """Ask every department that applies about the applications at a desk, all in one set.

    Without `applications` it is all of them at the desk; a department that was asked is not asked
    again, but after a return, who still owes an answer owes it by a new day. Each has the programme's
    working days to answer, and the tier's own term runs on. Raises
    RefusedError("no_screening", "other_rung", "nothing_to_consult"), NotFoundError("not_at_desk").
    """
    with transaction() as store:
        not_done_yet(store, actor, key)
        who = refreshed(store, actor)
        if not who.sits(organization_code, Role.REVIEWER):
            raise ForbiddenError("not_your_desk", act=Act.CONSULT.value, thing=Thing.APPLICATION.value)
        rules = programme_of(store, look(store, Round, round_id).programme)
        rows = _chosen(store.all(_AT_DESK, desk=organization_code, round=round_id), applications)
        rule = _required(rules, rows)
        place = {"desk": organization_code, "round": round_id}
        known, running = store.all(_ASKED, **place), set(store.all(_RUNNING, **place))
        asked = {(c.application_id, c.department) for c in known}
        until = due.within(DeadlineKind.SCREENING, rule.days, store.now, organization_code)
        new = [(row, [d.name for d in applicable(rule, row) if (row.id, d.name) not in asked]) for row in rows]
        told = {"desk": organization_code, "asked_at": store.now, "due_at": until.at, "account_id": who.id}
        made = [{**told, "id": new_id(), "application_id": row.id, "department": name}
                for row, names in new for name in names]  # fmt: skip
        owed = _owed(rule, rows, known)
        touched = [(row, names) for row, names in new if names or (row.id in owed and row.id not in running)]
        if not touched:
            raise RefusedError("nothing_to_consult", **rule.cited)
        store.run_many(_ASK, made)
        changes = [
            Change(row, body={"departments": names, "again": [c.department for c in owed.get(row.id, ())]}, due=until)
            for row, names in touched
        ]
        move_all(store, who, Act.CONSULT, changes, key=key)
        again = [one for row, _ in touched for one in owed.get(row.id, ())]
        return [*(row_from(Consultation, one) for one in made), *again]


@verb("reply", answer=lambda store, event: store.first(_BY_ID, id=event.body["consultation"]))
def record_reply(
    actor: Actor, application_id: str, department: str, *, reply: ReplyKind, seen: int, words: str = "",
    document: str = "", key: str | None = None,
) -> Consultation:  # fmt: skip
    """Enter what a department said: `clear`, `advice` or `veto`, the last two in its own words.

    The veto of a department that has one refuses the application at once: its people are told the
    category only, the words stay with the desk. A veto of any other department is kept as advice.
    Raises RefusedError("not_consulted", "replied_already").
    """
    if reply is not ReplyKind.CLEAR and not words.strip():
        raise InputError("words_missing", field="words")
    with transaction() as store:
        slates = leaving.hold_slates(store, application_id)
        row, who = claim(store, actor, Act.REPLY, Application, application_id, seen=seen, key=key)
        rule, office = _department(programme_of(store, row.programme), department)
        others = store.all(_OF, of=row.id)
        asked = _open(row, office, others, rule)
        kind = _kept(office, reply)
        answer = {"reply": kind, "words": words.strip(), "document": document.strip(), "replied_at": store.now,
                  "replied_by": who.id}  # fmt: skip
        store.run(_ANSWER, old_id=asked.id, **answer)
        # The case's history is read by its people and by every tier: there, what was said is a hash only.
        told = {"consultation": asked.id, "reply": kind.value, "said": _said_hash(answer)}
        after = move(store, who, Act.REPLY, row, key=key, body=told)
        if (why := ends_by(kind)) is not None:
            reviews.turn_away(store, who, after, slates, why, opinion=_CATEGORY)
        elif all(c.reply is not None or c.id == asked.id for c in others):
            deadlines.close(store, row.id, DeadlineKind.SCREENING)
        return changed(asked, **answer)


def ends_by(reply: ReplyKind) -> str | None:
    """What the people of a case that a reply ends are told, as a code; None when it goes on."""
    return "vetoed" if reply is ReplyKind.VETO else None


def applicable(rule: Screening, row: Application) -> Iterator[Department]:
    """The departments that must be asked about an application, by its answers."""
    return (d for d in rule.departments if d.when is None or d.when.holds(row.answers))


def require(store: Store, rules: Programme, slate: Slate, members: Sequence[Application]) -> None:
    """Refuse names some department has not answered about: silence is never consent.

    Raises RefusedError("not_screened", "vetoed_name") naming receipts and departments.
    """
    rule = rules.screening
    if rule is None or rule.step is not slate.rung:
        return
    said = {(c.application_id, c.department): c.reply for c in store.all(_ON_SLATE, slate=slate.id)}
    silent = {m.receipt: [d for d in applicable(rule, m) if said.get((m.id, d.name)) is None] for m in members}
    silent = {receipt: offices for receipt, offices in silent.items() if offices}
    if silent:
        offices = {d.name: d.label.model_dump() for found in silent.values() for d in found}
        raise RefusedError(
            "not_screened", receipts=list(silent)[:_SHOWN], count=len(silent), departments=list(offices.values()),
            waiting={receipt: [d.name for d in found] for receipt, found in silent.items()}, **rule.cited,
        )  # fmt: skip


def _chosen(rows: Sequence[Application], wanted: list[str] | None) -> list[Application]:
    known = {row.id: row for row in rows}
    for one in wanted or ():
        if one not in known:
            raise NotFoundError("not_at_desk", thing=Thing.APPLICATION.value, given=one)
    return [known[one] for one in dict.fromkeys(wanted)] if wanted else list(rows)


def _required(rules: Programme, rows: Sequence[Application]) -> Screening:
    if rules.screening is None:
        raise RefusedError("no_screening")
    if not rows:
        raise RefusedError("nothing_to_consult", **rules.screening.cited)
    if (rung := routes.stop(rows[0], rows[0].step).rung) is not rules.screening.step:
        raise RefusedError("other_rung", act=Act.CONSULT.value, rung=rules.screening.step.value, here=rung.value,
                           **rules.screening.cited)  # fmt: skip
    return rules.screening


def _owed(
    rule: Screening, rows: Sequence[Application], asked: Sequence[Consultation]
) -> dict[str, list[Consultation]]:  # fmt: skip
    """The questions that apply still and were not answered, by application."""
    names = {row.id: {d.name for d in applicable(rule, row)} for row in rows}
    found: dict[str, list[Consultation]] = {}
    for one in asked:
        if one.reply is None and one.department in names.get(one.application_id, ()):
            found.setdefault(one.application_id, []).append(one)
    return found


def _said_hash(answer: Mapping[str, Any]) -> str:
    """What a reply's words and document are known by in the journal (SHA-256, hex)."""
    return hashlib.sha256(canonical([answer["words"], answer["document"]]).encode()).hexdigest()


def _department(rules: Programme, name: str) -> tuple[Screening, Department]:
    if rules.screening is None:
        raise RefusedError("no_screening")
    known = {d.name: d for d in rules.screening.departments}
    if name not in known:
        raise InputError("unknown_department", field="department", given=name[:60], known=list(known))
    return rules.screening, known[name]


def _open(row: Application, office: Department, asked: Sequence[Consultation], rule: Screening) -> Consultation:
    found = next((c for c in asked if c.department == office.name and c.desk == row.desk), None)
    if found is None:
        raise RefusedError("not_consulted", receipt=row.receipt, department=office.label.model_dump(), **rule.cited)
    if found.replied_at is not None:
        raise RefusedError("replied_already", receipt=row.receipt, department=office.label.model_dump(),
                           at=found.replied_at.isoformat())  # fmt: skip
    return found


def _kept(office: Department, reply: ReplyKind) -> ReplyKind:
    return ReplyKind.ADVICE if reply is ReplyKind.VETO and not office.veto else reply
