"""First lists: a tier's names cleared by the deciding union before the formal list (domain: scenario 23)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from models.application import Application
from models.base import new_id, table
from models.database import reading, transaction
from models.errors import ForbiddenError, InputError, NotFoundError, RefusedError
from models.organization import Organization
from models.round import Round
from models.sql import Sql, bind, insert_into, rows_of, update_of
from models.stages import FirstList
from models.vocabulary import Act, LetterKind, Role, Thing
from workflows.listing import owing
from workflows.post import letters
from workflows.programmes import programme_of
from workflows.record.acting import refreshed
from workflows.record.claiming import look
from workflows.record.journal import move_all
from workflows.record.moves import Change
from workflows.record.verb import not_done_yet, query, verb
from workflows.rules import permissions
from workflows.rules.characters import within

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from models.database import Store
    from models.programme import Programme
    from models.slate import Slate
    from workflows.record.acting import Actor

_F, _P, _O = (table(m).c for m in (FirstList, Application, Organization))
_OF_TIER = (_F.round_id == bind("round", _F.round_id), _F.desk == bind("desk", _F.desk))
_LISTED = rows_of(FirstList, *_OF_TIER, order=(_F.id,), lock=True)
_AT_DESK = rows_of(
    Application, _P.desk == bind("desk", _P.desk), _P.round_id == bind("round", _P.round_id), order=(_P.id,), lock=True
)
_MEMBERS = rows_of(
    Application, _P.id.in_(sa.select(_F.application_id).where(*_OF_TIER)), order=(_P.id,), lock=True
)  # fmt: skip
_PROPOSE = insert_into(FirstList)
_DROP: Sql[None] = Sql(sa.delete(table(FirstList)).where(_F.id == bind("of", _F.id)))
_ANSWER = update_of(FirstList, "cleared", "reason", "answered_at", "answered_by")
_LONGEST = 500


class Name(NamedTuple):
    """One name on a first list; `cleared` None: the deciding union has not answered."""

    application_id: str
    receipt: str | None
    subject: str
    leader_name: str
    organization: str
    organization_name: str
    cleared: bool | None
    reason: str
    proposed_at: datetime
    answered_at: datetime | None


class Handed(NamedTuple):
    """A tier that has handed in its first list in a round: of how many names, how many of them not answered."""

    desk: str
    desk_name: str
    names: int
    waiting: int


class Nominee(NamedTuple):
    """An application that a tier may put on its first list; `route` and `step` say where it stands."""

    application_id: str
    receipt: str | None
    subject: str
    leader_name: str
    organization_name: str
    route: list[list[str]]
    step: int


_NAMES: Sql[Name] = Sql(
    sa.select(
        _F.application_id, _P.receipt, _P.subject, _P.leader_name, _P.organization,
        _O.name.label("organization_name"), _F.cleared, _F.reason, _F.proposed_at, _F.answered_at,
    )
    .join_from(table(FirstList), table(Application), _P.id == _F.application_id)
    .join(table(Organization), _O.code == _P.organization)
    .where(*_OF_TIER)
    .order_by(_P.receipt),
    Name,
)  # fmt: skip

_HANDED: Sql[Handed] = Sql(
    sa.select(
        _F.desk, _O.name.label("desk_name"), sa.func.count().label("names"),
        sa.func.sum(sa.case((_F.cleared.is_(None), 1), else_=0)).label("waiting"),
    )
    .join_from(table(FirstList), table(Organization), _O.code == _F.desk)
    .where(_F.round_id == bind("round", _F.round_id))
    .group_by(_F.desk, _O.name)
    .order_by(_F.desk),
    Handed,
)  # fmt: skip
_NOMINEES: Sql[Nominee] = Sql(
    sa.select(
        _P.id.label("application_id"), _P.receipt, _P.subject, _P.leader_name,
        _O.name.label("organization_name"), _P.route, _P.step,
    )
    .join_from(table(Application), table(Organization), _O.code == _P.organization)
    .where(_P.desk == bind("desk", _P.desk), _P.round_id == bind("round", _P.round_id))
    .order_by(_P.receipt),
    Nominee,
)  # fmt: skip


@verb("propose", answer=lambda store, event: store.all(_NAMES, round=event.body["round"], desk=event.body["desk"]))
def propose(
    actor: Actor, *, round_id: str, organization_code: str, applications: list[str], key: str | None = None
) -> list[Name]:
    """Hand in a tier's first list: applications at its desk, one step below the deciding union.

    The list as given takes the place of the names not answered yet. Raises
    RefusedError("no_first_list", "first_list_over", "not_before_decider"), NotFoundError("not_at_desk").
    """
    if not applications:
        raise InputError("slate_empty", field="applications")
    with transaction() as store:
        not_done_yet(store, actor, key)
        who, window = refreshed(store, actor), look(store, Round, round_id)
        if not who.sits(organization_code, Role.REVIEWER):
            raise ForbiddenError("not_your_desk", act=Act.PROPOSE.value)
        _require_time(store, window)
        known = {row.application_id: row for row in store.all(_LISTED, round=window.id, desk=organization_code)}
        rows = {row.id: row for row in store.all(_AT_DESK, desk=organization_code, round=window.id)}
        wanted = list(dict.fromkeys(applications))
        _require_candidates(who, rows, [one for one in wanted if one not in known])
        open_ = [row for row in known.values() if row.cleared is None and row.application_id not in wanted]
        new = [rows[one] for one in wanted if one not in known]
        store.run_many(_DROP, ({"of": row.id} for row in open_))
        store.run_many(_PROPOSE, (_row(store, who, window, organization_code, row) for row in new))
        owing.met(store, window.id, organization_code)
        body = {"round": window.id, "desk": organization_code}
        moved = move_all(store, who, Act.PROPOSE, [Change(row, body=body) for row in new], key=key)
        if moved:
            letters.to_desk(store, moved[0].head[:32], window.organization, "first_list_arrived",
                            {"organization": organization_code, "count": len(moved)}, LetterKind.ACTION,
                            window.id)  # fmt: skip
        return store.all(_NAMES, round=window.id, desk=organization_code)


@verb("answer", answer=lambda store, event: store.all(_NAMES, round=event.body["round"], desk=event.body["desk"]))
def answer(
    actor: Actor, *, round_id: str, organization_code: str, answers: list[dict[str, Any]], key: str | None = None
) -> list[Name]:
    """The deciding union clears names of a tier's first list, or does not, with the reason.

    Each answer is `{application, cleared, reason}`; a later one takes the place of an earlier one.
    Raises NotFoundError("not_on_first_list", "not_at_desk") for who was never on it, or went up or left
    since; InputError("reason_missing").
    """
    given = _answers(answers)
    with transaction() as store:
        not_done_yet(store, actor, key)
        who, window = refreshed(store, actor), look(store, Round, round_id)
        if not who.sits(window.organization, Role.REVIEWER):
            raise ForbiddenError("not_your_desk", act=Act.ANSWER.value)
        listed = {row.application_id: row for row in store.all(_LISTED, round=window.id, desk=organization_code)}
        rows = {row.id: row for row in store.all(_MEMBERS, round=window.id, desk=organization_code)}
        if strangers := sorted(set(given) - set(listed)):
            raise NotFoundError("not_on_first_list", names=strangers[:1])
        _refuse_own(who, [rows[one] for one in given], Act.ANSWER)
        if gone := [one for one in given if rows[one].desk != organization_code]:
            raise NotFoundError("not_at_desk", thing=Thing.APPLICATION.value, given=gone[0])
        told = {"answered_at": store.now, "answered_by": who.id}
        store.run_many(_ANSWER, ({"old_id": listed[one].id, **said, **told} for one, said in given.items()))
        body = {"round": window.id, "desk": organization_code}
        changes = [Change(rows[one], body={**body, **said}) for one, said in given.items()]
        moved = move_all(store, who, Act.ANSWER, changes, key=key)
        if moved:
            letters.to_desk(store, moved[0].head[:32], organization_code, "first_list_answered",
                            {"count": sum(bool(said["cleared"]) for said in given.values())},
                            thing_id=window.id)  # fmt: skip
        return store.all(_NAMES, round=window.id, desk=organization_code)


@query("first-list")
def first_list(actor: Actor, *, round_id: str, organization_code: str) -> list[Name]:
    """A tier's first list in a round with its answers, for the tier and the deciding union; others see nothing."""
    with reading() as store:
        who, window = refreshed(store, actor), look(store, Round, round_id)
        if not any(permissions.serves(who, code) for code in (organization_code, window.organization)):
            return []
        return store.all(_NAMES, round=window.id, desk=organization_code)


@query("first-lists")
def first_lists(actor: Actor, *, round_id: str) -> list[Handed]:
    """The tiers that have handed in first lists in a round, for the deciding union's reviewers; others see nothing."""
    with reading() as store:
        window = look(store, Round, round_id)
        sits = refreshed(store, actor).sits(window.organization, Role.REVIEWER)
        return store.all(_HANDED, round=window.id) if sits else []


@query("nominees")
def nominees(actor: Actor, *, round_id: str, organization_code: str) -> list[Nominee]:
    """What a tier may put on its first list: at its desk, one step below the deciding union; for its reviewers."""
    with reading() as store:
        if not refreshed(store, actor).sits(organization_code, Role.REVIEWER):
            return []
        rows = store.all(_NOMINEES, round=round_id, desk=organization_code)
        return [row for row in rows if row.step + 2 == len(row.route)]


def require(store: Store, rules: Programme, slate: Slate, members: Sequence[Application]) -> None:
    """Refuse names that were not cleared on this tier's first list.

    It binds the tier right below the deciding one. Raises RefusedError("not_on_first_list", "not_cleared").
    """
    if rules.entry.first_list_due is None:
        return
    asked = [row for row in members if row.step + 2 == len(row.route)]
    if not asked:
        return
    listed = {row.application_id: row for row in store.all(_LISTED, round=slate.round_id, desk=slate.organization)}
    if missing := [row for row in asked if row.id not in listed]:
        raise RefusedError("not_on_first_list", names=_said(missing), **rules.entry.cited)
    if kept := [row for row in asked if not listed[row.id].cleared]:
        reasons = [listed[row.id].reason for row in kept if listed[row.id].reason]
        raise RefusedError("not_cleared", names=_said(kept), reasons=reasons, **rules.entry.cited)


def _require_time(store: Store, window: Round) -> None:
    rules = programme_of(store, window.programme)
    limit = owing.due_of(rules, window)
    if limit is None:
        raise RefusedError("no_first_list", name=window.name)
    if store.now >= limit.at:
        raise RefusedError("first_list_over", due_at=limit.at.isoformat(), **rules.entry.cited)


def _require_candidates(who: Actor, rows: Mapping[str, Application], ids: Sequence[str]) -> None:
    for one in ids:
        if one not in rows:
            raise NotFoundError("not_at_desk", thing=Thing.APPLICATION.value, given=one)
        if rows[one].step + 2 != len(rows[one].route):
            raise RefusedError("not_before_decider", receipt=rows[one].receipt)
    _refuse_own(who, [rows[one] for one in ids], Act.PROPOSE)


def _refuse_own(who: Actor, rows: Sequence[Application], act: Act) -> None:
    for row in rows:
        if permissions.is_own_case(who, row.organization, row.applicant_id, row.desk):
            raise ForbiddenError("own_case", act=act.value, application=row.id, organization=row.organization)


def _row(store: Store, who: Actor, window: Round, desk: str, row: Application) -> dict[str, Any]:
    return {"id": new_id(), "round_id": window.id, "desk": desk, "application_id": row.id, "proposed_at": store.now,
            "proposed_by": who.id}  # fmt: skip


def _answers(answers: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """The answers by application. Raises InputError."""
    if not answers:
        raise InputError("slate_empty", field="answers")
    given: dict[str, dict[str, Any]] = {}
    for item in answers:
        if unknown := sorted(set(item) - {"application", "cleared", "reason"}):
            raise InputError("unknown_field", field=unknown[0], known=["application", "cleared", "reason"])
        application, cleared, reason = str(item.get("application")), item.get("cleared"), str(item.get("reason") or "")
        if not isinstance(cleared, bool):
            raise InputError("argument", field="answers.cleared", given=str(cleared)[:60], expected="bool")
        if not cleared and not reason.strip():
            raise InputError("reason_missing", field="reason")
        if application in given:
            raise InputError("listed_twice", field="answers", given=application)
        given[application] = {"cleared": cleared, "reason": within("reason", reason, _LONGEST)}
    return given


def _said(rows: Sequence[Application]) -> list[str]:
    return [f"{row.receipt} {row.subject}" for row in rows]
