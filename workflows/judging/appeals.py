"""Appeals against announced scores: in writing, within the hours, and ruled on once (domain: 5.11)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from models.application import Application
from models.base import changed, new_id, table
from models.database import transaction
from models.errors import InputError, NotFoundError, RefusedError
from models.merit import Announcement, Appeal, Sheet
from models.sql import Sql, bind, insert_into, row_from, rows_of, update_of
from models.vocabulary import Act, AppealState
from workflows.judging import panels
from workflows.judging.contests import ANNOUNCED, APPEALS
from workflows.programmes import programme_of
from workflows.record.claiming import take
from workflows.record.journal import move
from workflows.record.verb import not_done_yet, verb
from workflows.rules import routes
from workflows.rules.characters import beginning

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.database import Store
    from workflows.record.acting import Actor

_A, _S = table(Appeal).c, table(Sheet).c
_APPEAL = rows_of(Appeal, _A.id == bind("id", _A.id), lock=True)
_SHEETS = rows_of(Sheet, _S.application_id == bind("of", _S.application_id), _S.voided_at.is_(None))
_FILE = insert_into(Appeal)
_LONGEST = 500
_RULE: Sql[None] = update_of(Appeal, "state", "ruling", "ruled_at", "account_id")


@verb("appeal", answer=lambda store, event: store.first(_APPEAL, id=event.body["appeal"]))
def appeal(actor: Actor, application_id: str, *, words: str, key: str | None = None) -> Appeal:
    """Appeal in writing against one's announced score, before the appeal hours are over.

    Raises RefusedError("not_announced", "appeal_over", "appeal_open", "appeal_ruled").
    """
    if not words.strip():
        raise InputError("words_missing", field="words")
    with transaction() as store:
        row, who = take(store, actor, Act.APPEAL, Application, application_id)
        not_done_yet(store, who, key)
        rules = programme_of(store, row.programme)
        told = _own_announcement(store, row)
        if store.now >= told.ends_at:
            raise RefusedError("appeal_over", ends_at=told.ends_at.isoformat(),
                               **(rules.contest.cited if rules.contest else {}))  # fmt: skip
        _require_first(store, told, row)
        made = {
            "id": new_id(), "announcement_id": told.id, "announced": told.version, "application_id": row.id,
            "words": words.strip(), "state": AppealState.OPEN, "filed_at": store.now, "account_id": who.id,
        }  # fmt: skip
        store.run(_FILE, **made)
        move(store, who, Act.APPEAL, row, key=key, body={"appeal": made["id"]})
        return row_from(Appeal, made)


@verb("rule-on-appeal", answer=lambda store, event: store.first(_APPEAL, id=event.body["appeal"]))
def rule_on_appeal(
    actor: Actor, appeal_id: str, *, outcome: Literal["accepted", "rejected"], words: str,
    void: list[str] | None = None, key: str | None = None,
) -> Appeal:  # fmt: skip
    """Rule on an appeal; the ruling is final, and its words go to the competitor.

    Of one that is right, `void` names the judges whose sheets were wrong: they may write them anew, and
    the scores must be announced again. Raises RefusedError("appeal_ruled"), NotFoundError.
    """
    if not words.strip():
        raise InputError("words_missing", field="words")
    with transaction() as store:
        not_done_yet(store, actor, key)
        row, who = take(store, actor, Act.RULE, Application, _look(store, appeal_id).application_id)
        case = _look(store, appeal_id)
        if case.state is not AppealState.OPEN:
            raise RefusedError("appeal_ruled", receipt=row.receipt)
        ruled = {"state": AppealState(outcome), "ruling": words.strip(), "ruled_at": store.now, "account_id": who.id}
        store.run(_RULE, old_id=case.id, **ruled)
        if outcome == "accepted":
            _void(store, who, row, void or [], words.strip())
        move(store, who, Act.RULE, row, key=key, body={
            "appeal": case.id, "outcome": outcome, "void": void or [],
            "letter": {"outcome": outcome, "reason": words.strip()},
        })  # fmt: skip
        return changed(case, **ruled)


def _own_announcement(store: Store, row: Application) -> Announcement:
    desk = routes.stop(row, row.step).desk
    told = store.first(ANNOUNCED, round=row.round_id, desk=desk)
    if told is None or all(line["application"] != row.id for line in told.results):
        raise RefusedError("not_announced")
    return told


def _require_first(store: Store, told: Announcement, row: Application) -> None:
    """One appeal against one announcement: the ruling on it is final [W62]."""
    own = [c for c in store.all(APPEALS, of=told.id) if c.application_id == row.id and c.announced == told.version]
    if own:
        is_open = own[-1].state is AppealState.OPEN
        raise RefusedError("appeal_open" if is_open else "appeal_ruled", receipt=row.receipt)


def _look(store: Store, appeal_id: str) -> Appeal:
    found = store.first(_APPEAL, id=appeal_id)
    if found is None:
        raise NotFoundError("not_found", thing="appeal", given=appeal_id)
    return found


def _void(store: Store, who: Actor, row: Application, judges: Sequence[str], reason: str) -> None:
    """The sheets an appeal found wrong are void; their judges have not stood back and may write anew."""
    standing = {sheet.account_id: sheet for sheet in store.all(_SHEETS, of=row.id)}
    for judge in judges:
        if judge not in standing:
            raise NotFoundError("not_found", thing="sheet", given=judge)
    store.run_many(panels.VOID, (
        {"old_id": standing[judge].id, "voided_at": store.now, "void_reason": beginning(reason, _LONGEST),
         "voided_by": who.id,
         "recused": False}
        for judge in dict.fromkeys(judges)
    ))  # fmt: skip
