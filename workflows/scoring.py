"""The judges' verbs: score a case on a sheet of one's own, and stand back from one (domain: 7.7)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from models.account import Account
from models.application import Application
from models.base import changed, new_id, table
from models.database import DuplicateError, transaction
from models.errors import FaultsError, ForbiddenError, InputError, RefusedError
from models.merit import Sheet
from models.slate import Slate
from models.sql import Sql, bind, insert_into, row_from, rows_of
from models.vocabulary import Act, SlateState, Thing, Tier
from workflows import contests
from workflows.claiming import look, take
from workflows.organizations import organization
from workflows.panels import VOID
from workflows.programmes import programme_of
from workflows.rules import permissions, routes, scoring
from workflows.verb import verb

if TYPE_CHECKING:
    from models.database import Store
    from models.programme import Programme, Scoring
    from workflows.acting import Actor

_S, _P = table(Sheet).c, table(Application).c
_MINE = rows_of(
    Sheet, _S.application_id == bind("of", _S.application_id), _S.account_id == bind("who", _S.account_id),
    order=(_S.id,),
)  # fmt: skip
_CASES: Sql[int] = Sql(
    sa.select(sa.func.count())
    .select_from(table(Sheet))
    .join(table(Application), _P.id == _S.application_id)
    .where(
        _S.account_id == bind("who", _S.account_id),
        _P.round_id == bind("round", _P.round_id),
        _S.voided_at.is_(None),
    )
)
_WRITE = insert_into(Sheet)
YES = "vote"
_LONGEST_REASON = 500


@verb("score")
def score(
    actor: Actor, application_id: str, *, scores: dict[str, Any] | None = None, vote: bool | None = None,
    words: str = "", key: str | None = None,
) -> Sheet:  # fmt: skip
    """Write one's own sheet of a case at the desk: points of every criterion, or a yes or no.

    A sheet is never changed. Raises FaultsError with all that is wrong on it; ForbiddenError("recused")
    for a judge of the same unit or group, RefusedError("sheet_exists", "judge_full", "no_scoring",
    "other_rung", "on_sealed_slate", "announced_already").
    """
    with transaction() as store:
        row, who = take(store, actor, Act.SCORE, Application, application_id)
        rules = programme_of(store, row.programme)
        rule = _judged_here(store, rules, row)
        mine = store.all(_MINE, of=row.id, who=who.id)
        if again := next((sheet for sheet in mine if key and sheet.key == key), None):
            return again
        if any(sheet.recused for sheet in mine) or _is_related(store, rules, who, row):
            raise ForbiddenError("recused", act=Act.SCORE.value, receipt=row.receipt)
        if any(sheet.voided_at is None for sheet in mine):
            raise RefusedError("sheet_exists", receipt=row.receipt)
        _require_room(store, rules, who, row)
        kept, total = _read(rule, scores, vote)
        return _written(store, row, who.id, scores=kept, total=total, words=words.strip(), key=key)


@verb("recuse")
def recuse(actor: Actor, application_id: str, account: str, *, reason: str, key: str | None = None) -> Sheet:
    """A judge stands back from a case, or is made to: a sheet written before is void, the rest is counted anew.

    `account` is the judge's. Oneself, where the programme lets judges declare it; anybody, by the desk's
    reviewers. Raises RefusedError("no_scoring", "other_rung", "on_sealed_slate", "announced_already",
    "not_declared").
    """
    if not reason.strip():
        raise InputError("reason_missing", field="reason")
    with transaction() as store:
        row, who = take(store, actor, Act.SCORE, Application, application_id)
        rules = programme_of(store, row.programme)
        _judged_here(store, rules, row)
        _require_say(rules, who, row, account)
        judge = look(store, Account, account)
        mine = store.all(_MINE, of=row.id, who=judge.id)
        if gone := next((sheet for sheet in mine if sheet.recused), None):
            return gone
        over = {"voided_at": store.now, "void_reason": reason.strip()[:_LONGEST_REASON], "voided_by": who.id,
                "recused": True}  # fmt: skip
        standing = next((sheet for sheet in mine if sheet.voided_at is None), None)
        if standing is None:
            return _written(store, row, judge.id, scores={}, total=0, key=key, **over)
        store.run(VOID, old_id=standing.id, **over)
        return changed(standing, **over)


def _judged_here(store: Store, rules: Programme, row: Application) -> Scoring:
    """The scoring of the tier the case is at, while its list is open."""
    rule = rules.scoring
    if rule is None:
        raise RefusedError("no_scoring")
    if (rung := routes.stop(row, row.step).rung) is not rule.step:
        raise RefusedError("other_rung", act=Act.SCORE.value, rung=rule.step.value, here=rung.value, **rule.cited)
    if row.slate_id is not None and (slate := look(store, Slate, row.slate_id)).state is not SlateState.DRAFTING:
        raise RefusedError("on_sealed_slate", slate=slate.id, state=slate.state.value)
    contests.require_unannounced(store, rules, row)
    return rule


def _is_related(store: Store, rules: Programme, who: Actor, row: Application) -> bool:
    """Whether the judge works for the unit, or for another one of its group (domain: scenario 16)."""
    if rules.panel is not None and "same_unit" not in rules.panel.recuse:
        return False
    units = [code for code in who.places() if code != row.desk]
    family = _group(store, row.organization) if units else set()
    return any(family & _group(store, code) for code in units)


def _group(store: Store, code: str) -> set[str]:
    """A unit and the enterprise over it, if there is one: a union is nobody's group."""
    unit = organization(store, code)
    over = organization(store, unit.parent) if unit.parent else None
    return {one.code for one in (unit, over) if one is not None and one.tier is Tier.ENTERPRISE}


def _require_room(store: Store, rules: Programme, who: Actor, row: Application) -> None:
    most = rules.panel.most_cases if rules.panel else None
    if most is None:
        return
    if (store.first(_CASES, who=who.id, round=row.round_id) or 0) >= most:
        raise RefusedError("judge_full", most=most, **(rules.panel.cited if rules.panel else {}))


def _require_say(rules: Programme, who: Actor, row: Application, account: str) -> None:
    if account == who.id:
        if rules.panel is not None and "declared" not in rules.panel.recuse:
            raise RefusedError("not_declared", **rules.panel.cited)
    elif (code := permissions.refusal(who, Act.REPLY, Thing.APPLICATION, row)) is not None:
        raise ForbiddenError(code, act=Act.SCORE.value)


def _read(rule: Scoring, scores: dict[str, Any] | None, vote: bool | None) -> tuple[dict[str, Any], int]:  # noqa: FBT001 -- the judge's yes
    """A sheet as it is kept, and its total in hundredths. Raises FaultsError."""
    if rule.method == "vote":
        if vote is None:
            raise InputError("argument_missing", field="vote", expected="bool")
        return {YES: vote}, scoring.FULL if vote else 0
    kept, faults = scoring.read(rule, scores or {})
    if faults:
        raise FaultsError(faults)
    return dict(kept), scoring.total(rule, kept)


def _written(store: Store, row: Application, judge: str, **values: Any) -> Sheet:
    sheet = {"id": new_id(), "application_id": row.id, "desk": row.desk, "account_id": judge, "at": store.now, **values}
    try:
        store.run(_WRITE, **sheet)
    except DuplicateError as error:
        raise RefusedError("sheet_exists", receipt=row.receipt) from error
    return row_from(Sheet, sheet)
