"""The judges' verbs: score a case on a sheet of one's own, and stand back from one (domain: 7.7)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from models.account import Account
from models.application import Application
from models.base import changed, new_id, table
from models.database import DuplicateError, transaction
from models.errors import FaultsError, ForbiddenError, InputError, RefusedError
from models.merit import Sheet
from models.sql import bind, insert_into, row_from, rows_of
from models.vocabulary import Act, Thing
from workflows.desk import duties
from workflows.judging import benches
from workflows.judging.panels import VOID
from workflows.programmes import programme_of
from workflows.record.claiming import look, take
from workflows.record.verb import verb
from workflows.rules import permissions, scoring
from workflows.rules.characters import within

if TYPE_CHECKING:
    from models.database import Store
    from models.programme import Programme, Scoring
    from workflows.record.acting import Actor

_S = table(Sheet).c
_MINE = rows_of(
    Sheet, _S.application_id == bind("of", _S.application_id), _S.account_id == bind("who", _S.account_id),
    order=(_S.id,),
)  # fmt: skip
WRITE = insert_into(Sheet)
YES = "vote"
_LONGEST_REASON = 500


@verb("score")
def score(
    actor: Actor, application_id: str, *, scores: dict[str, Any] | None = None, vote: bool | None = None,
    words: str = "", key: str | None = None,
) -> Sheet:  # fmt: skip
    """Write one's own sheet of a case at the desk: points of every criterion, or a yes or no.

    A sheet is never changed. Raises FaultsError with all that is wrong on it; ForbiddenError("recused")
    for a judge of the same unit or group, ForbiddenError("not_assigned") where others were chosen;
    RefusedError("sheet_exists", "judge_full", "no_scoring", "other_rung", "on_sealed_slate",
    "announced_already", "scores_open").
    """
    with transaction() as store:
        row, who = take(store, actor, Act.SCORE, Application, application_id)
        duties.hold_panel(store, row.round_id, row.desk)
        bench = benches.bench_of(store, who, programme_of(store, row.programme), row)
        rule = bench.require(row)
        if again := next((sheet for sheet in bench.mine.get(row.id, ()) if key and sheet.key == key), None):
            return again
        bench.require_free(row)
        kept, total = read(rule, scores, vote)
        sheet = _written(store, row, who.id, scores=kept, total=total, words=words.strip(), key=key)
        duties.scored(store, row.round_id, row.desk, who.id)
        return sheet


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
        duties.hold_panel(store, row.round_id, row.desk)
        bench = benches.bench_of(store, who, programme_of(store, row.programme), row)
        bench.require(row)
        _require_say(bench.rules, who, row, account)
        judge = look(store, Account, account)
        mine = store.all(_MINE, of=row.id, who=judge.id)
        if gone := next((sheet for sheet in mine if sheet.recused), None):
            return gone
        over = {"voided_at": store.now, "void_reason": within("reason", reason, _LONGEST_REASON), "voided_by": who.id,
                "recused": True}  # fmt: skip
        standing = next((sheet for sheet in mine if sheet.voided_at is None), None)
        if standing is None:
            sheet = _written(store, row, judge.id, scores={}, total=0, key=key, **over)
        else:
            store.run(VOID, old_id=standing.id, **over)
            sheet = changed(standing, **over)
        duties.stood_back(store, who, row, judge.id, reason.strip(), wrote=standing is not None)
        return sheet


def _require_say(rules: Programme, who: Actor, row: Application, account: str) -> None:
    if account == who.id:
        if rules.panel is not None and "declared" not in rules.panel.recuse:
            raise RefusedError("not_declared", **rules.panel.cited)
    elif (code := permissions.refusal(who, Act.REPLY, Thing.APPLICATION, row)) is not None:
        raise ForbiddenError(code, act=Act.SCORE.value)


def read(rule: Scoring, scores: dict[str, Any] | None, vote: bool | None) -> tuple[dict[str, Any], int]:  # noqa: FBT001 -- the judge's yes
    """A sheet as it is kept, and its total in hundredths. Raises FaultsError."""
    if rule.method == "vote":
        if vote is None:
            raise InputError("argument_missing", field="vote", expected="bool")
        return {YES: vote}, scoring.FULL if vote else 0
    kept, faults = scoring.read(rule, scores or {})
    if faults:
        raise FaultsError(faults)
    return dict(kept), scoring.total(rule, kept)


def sheet_of(store: Store, row: Application, judge: str, **values: Any) -> dict[str, Any]:
    """A sheet's columns, as it is to be written."""
    return {"id": new_id(), "application_id": row.id, "desk": row.desk, "account_id": judge, "at": store.now, **values}


def _written(store: Store, row: Application, judge: str, **values: Any) -> Sheet:
    sheet = sheet_of(store, row, judge, **values)
    try:
        store.run(WRITE, **sheet)
    except DuplicateError as error:
        raise RefusedError("sheet_exists", receipt=row.receipt) from error
    return row_from(Sheet, sheet)
