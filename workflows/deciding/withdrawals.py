"""A whole batch withdrawn: one new decision ends every title that an earlier one named (domain: scenario 24)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from models.base import table
from models.database import transaction
from models.errors import ForbiddenError, InputError, NotFoundError, RefusedError
from models.sql import Sql, bind, rows_of
from models.title import Assessment, Decision, Title
from models.vocabulary import Act, DecisionKind, Grade, Thing, TitleState
from workflows.clocks import due
from workflows.deciding import gates
from workflows.deciding.decisions import decision_of, require_number, write_document
from workflows.named.holders import tell_holders
from workflows.named.titles import OWED, bar_end, barred
from workflows.programmes import programme_of
from workflows.record.acting import refreshed
from workflows.record.journal import move_all
from workflows.record.moves import Change
from workflows.record.verb import not_done_yet, verb
from workflows.rules import permissions
from workflows.rules.calendar import local_date
from workflows.rules.characters import beginning

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.database import Store
    from workflows.record.acting import Actor

_T, _A = table(Title).c, table(Assessment).c
_MOST_YEARS = 50
_LONGEST = 500
_LEFT = (_T.decision_id == bind("decision", _T.decision_id)) & _T.state.not_in((TitleState.REVOKED, TitleState.ENDED))
_TITLES = rows_of(Title, _LEFT, order=(_T.id,), lock=True)
_OPEN: Sql[Assessment] = Sql(
    sa.select(table(Assessment))
    .join(table(Title), _T.id == _A.title_id)
    .where(_LEFT, _A.state.in_(OWED))
    .order_by(_A.id)
    .with_for_update(key_share=True, of=table(Assessment)),
    Assessment,
)


@verb("withdraw-decision", answer=lambda store, event: decision_of(store, event.body["decision"]))
def withdraw_decision(
    actor: Actor, decision_id: str, *, number: str, meeting_on: date, reason: str, return_by: int | date,
    bar_years: int = 0, body: str = "主席会议", key: str | None = None,
) -> Decision:  # fmt: skip
    """Revoke by one new decision every title left of an earlier one, with one reason and one return date.

    `return_by`: the day by which plates and certificates come back, or calendar days from the meeting
    (its day not counted; a day off moves to the next working day, Civil Code arts. 201, 203). No ban
    follows unless `bar_years` says so. Raises NotFoundError, ForbiddenError("not_your_desk", "own_case"),
    RefusedError("not_a_naming", "nothing_to_withdraw"), InputError for a number, reason or day that will not do.
    """
    if not reason.strip():
        raise InputError("reason_missing", field="reason")
    if not 0 <= bar_years <= _MOST_YEARS:
        raise InputError("bar_years", field="bar_years", given=bar_years, most=_MOST_YEARS)
    with transaction() as store:
        not_done_yet(store, actor, key)
        named, rows, who = _claimed(store, actor, decision_id)
        rules = programme_of(store, rows[0].programme)
        number = require_number(rules, number, meeting_on, local_date(store.now))
        until = _return_day(meeting_on, return_by)
        annex = [{"title": row.id, "number": row.number, "name": row.name} for row in rows]
        made = write_document(store, who, organization=named.organization, round_id=named.round_id,
                              kind=DecisionKind.REVOCATION, number=number, body=body, meeting_on=meeting_on,
                              annex=annex, reason=reason.strip(), withdraws=named.id, return_by=until)  # fmt: skip
        _close(store, who, named.id)
        told = {"decision": made.id, "reason": reason.strip(), "return_by": until.isoformat()}
        bar = barred(meeting_on, bar_years)
        values = {"ended_at": store.now, "end_reason": beginning(reason, _LONGEST), "revoked_by": made.id,
                  "barred_until": bar}  # fmt: skip
        changes = [Change(row, values, body=told, due=bar_end(row, bar)) for row in rows]
        ended = move_all(store, who, Act.REVOKE, changes, key=key)
        gates.after_end(store, who, rules, ended, reason.strip())
        words = {"reason": reason.strip(), "decision": made.number, "return_on": until.isoformat()}
        tell_holders(store, ended, "batch_withdrawn", told=lambda _: words)
        return made


def _claimed(store: Store, actor: Actor, decision_id: str) -> tuple[Decision, Sequence[Title], Actor]:
    """The naming decision, what is left of its titles, held, and the actor with today's seats."""
    named = decision_of(store, decision_id)
    if named is None:
        raise NotFoundError("not_found", thing="decision", given=decision_id)
    if named.kind is not DecisionKind.NAMING:
        raise RefusedError("not_a_naming", number=named.number)
    who = refreshed(store, actor)
    rows = store.all(_TITLES, decision=decision_id)
    for row in rows:
        if (code := permissions.refusal(who, Act.REVOKE, Thing.TITLE, row)) is not None:
            raise ForbiddenError(code, act=Act.REVOKE.value, thing=Thing.TITLE.value)
    if not rows:
        raise RefusedError("nothing_to_withdraw", number=named.number)
    return named, rows, who


def _close(store: Store, who: Actor, decision_id: str) -> None:
    """End the assessments under way of all these titles."""
    values: dict[str, Any] = {"grade": Grade.REVOKED, "graded_at": store.now}
    left = store.all(_OPEN, decision=decision_id)
    move_all(store, who, Act.REVOKE, [Change(row, values) for row in left])


def _return_day(meeting_on: date, given: int | date) -> date:
    if isinstance(given, date):
        if given < meeting_on:
            raise InputError("return_before_meeting", field="return_by", given=given, meeting_on=meeting_on)
        return given
    return due.span(meeting_on, given, working=False).last_day
