"""Titles: revoked as a batch by a numbered document, suspended, resumed, ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from models import writing
from models.base import table
from models.database import transaction
from models.errors import InputError, RefusedError
from models.organization import Organization
from models.sql import Sql, bind, rows_of
from models.title import Assessment, Title
from models.vocabulary import Act, AssessmentState, DeadlineKind, DecisionKind, EndCause, Grade
from workflows.charts.strict import Facts
from workflows.clocks import deadlines, due
from workflows.deciding import gates
from workflows.deciding.decisions import decision_of, require_number, write_document
from workflows.named.holders import tell_holder
from workflows.programmes import programme_of
from workflows.record.claiming import claim, seen_of
from workflows.record.journal import move, move_all
from workflows.record.moves import Change, Due
from workflows.record.verb import not_done_yet, verb
from workflows.rules import grading
from workflows.rules.calendar import ends_at, local_date, months_after
from workflows.rules.characters import beginning, within

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from models.database import Store
    from models.programme import Programme
    from models.title import Decision
    from workflows.record.acting import Actor

_A, _O = table(Assessment).c, table(Organization).c
OWED = (AssessmentState.DUE, AssessmentState.REPORTED, AssessmentState.RECTIFYING)
_OPEN = rows_of(
    Assessment,
    _A.title_id == bind("title", _A.title_id),
    _A.state.in_(OWED),
    lock=True,
)
_DAYS_TO_DECIDE = 20
_LONGEST = 500
_LAST = rows_of(Assessment, _A.title_id == bind("title", _A.title_id), order=(_A.id.desc(),))
_CLOSE_UNIT: Sql[None] = Sql(
    sa.update(table(Organization)).where(_O.code == bind("unit", _O.code)).values(active=False)
)


@verb("revoke", answer=lambda store, event: decision_of(store, event.body["decision"]))
def revoke(
    actor: Actor, *, titles: list[dict[str, object]], number: str, meeting_on: date, reason: str,
    body: str = "主席会议", key: str | None = None,
) -> Decision:  # fmt: skip
    """Revoke titles by one numbered document, all or none; each item is `{title, seen}`.

    The reason is shown to the holders; the bar is the programme's (`bar_years` of the assessment
    that failed, or the longest one in the file).
    """
    if not reason.strip() or not titles:
        raise InputError("reason_missing", field="titles" if reason.strip() else "reason")
    with transaction() as store:
        not_done_yet(store, actor, key)
        in_order = sorted(titles, key=lambda item: str(item.get("title")))
        held = [_claimed(store, actor, Act.REVOKE, item, key) for item in in_order]
        rows, who = [row for row, _ in held], held[0][1]
        if len({(row.decider, row.programme_code) for row in rows}) > 1:
            raise InputError("one_decider", field="titles")
        if twice := [row.id for i, row in enumerate(rows) if row in rows[:i]]:
            raise InputError("listed_twice", field="titles", given=twice[0])
        for programme in dict.fromkeys(row.programme for row in rows):
            number = require_number(programme_of(store, programme), number, meeting_on, local_date(store.now))
        annex = [{"title": row.id, "number": row.number, "name": row.name} for row in rows]
        made = write_document(store, who, organization=rows[0].decider, kind=DecisionKind.REVOCATION,
                              number=number, body=body, meeting_on=meeting_on, annex=annex,
                              reason=reason.strip())  # fmt: skip
        bars = {row.id: _barred(store, row, meeting_on) for row in rows}
        _close_assessments(store, who, rows)
        ended = move_all(store, who, Act.REVOKE, [
            Change(row, {"ended_at": store.now, "end_reason": beginning(reason, _LONGEST), "revoked_by": made.id,
                         "barred_until": bars[row.id]},
                   body={"decision": made.id, "reason": reason}, due=bar_end(row, bars[row.id]))
            for row in rows
        ], key=key)  # fmt: skip
        for programme in dict.fromkeys(row.programme for row in ended):
            mine = [row for row in ended if row.programme == programme]
            gates.after_end(store, who, programme_of(store, programme), mine, reason.strip())
        for row in ended:
            tell_holder(store, row, "revoked", reason=reason, decision=number)
        return made


@verb("suspend")
def suspend(actor: Actor, title_id: str, *, reason: str, seen: int, key: str | None = None) -> Title:
    """Suspend a title while something is looked into."""
    if not reason.strip():
        raise InputError("reason_missing", field="reason")
    with transaction() as store:
        row, who = claim(store, actor, Act.SUSPEND, Title, title_id, seen=seen, key=key)
        return move(store, who, Act.SUSPEND, row, key=key, body={"reason": reason})


@verb("resume")
def resume(actor: Actor, title_id: str, *, reason: str, seen: int, key: str | None = None) -> Title:
    """End a suspension: the title is valid again, or owes what it owed before."""
    if not reason.strip():
        raise InputError("reason_missing", field="reason")
    with transaction() as store:
        row, who = claim(store, actor, Act.RESUME, Title, title_id, seen=seen, key=key)
        last = store.first(_LAST, title=row.id)
        waits = last is not None and last.state in (AssessmentState.DUE, AssessmentState.REPORTED)
        owing = last is not None and last.state in (*OWED, AssessmentState.FAILED)
        failed = last is not None and last.state is AssessmentState.FAILED
        limit = due.within(DeadlineKind.DECISION, _DAYS_TO_DECIDE, store.now, row.decider) if failed else None
        return move(store, who, Act.RESUME, row, key=key, facts=Facts(passed=waits, owing=owing),
                    body={"reason": reason}, due=limit)  # fmt: skip


@verb("end-title")
def end_title(
    actor: Actor, title_id: str, *, reason: str, seen: int, cause: EndCause | None = None, key: str | None = None
) -> Title:
    """End a title whose conditions are gone: a closed or moved unit, a leader who left. No ban follows.

    `cause` is one of the programme's `title.ends_when`, or `expired` when its term is over; a unit that
    was closed is inactive from then on. Raises RefusedError("cause_not_in_rules", "term_runs").
    """
    if not (reason := within("reason", reason, _LONGEST)):
        raise InputError("reason_missing", field="reason")
    with transaction() as store:
        row, who = claim(store, actor, Act.END, Title, title_id, seen=seen, key=key)
        rules = programme_of(store, row.programme)
        _require_cause(rules, row, cause, local_date(store.now))
        after = move(store, who, Act.END, row, key=key, ended_at=store.now, end_reason=reason, end_cause=cause,
                     body={"reason": reason, "cause": cause})  # fmt: skip
        for assessment in store.all(_OPEN, title=row.id):
            deadlines.close(store, assessment.id)
        if cause is EndCause.CLOSED:
            store.run(_CLOSE_UNIT, unit=row.organization)
        gates.after_end(store, who, rules, [after], reason.strip())
        tell_holder(store, after, "title_ended", reason=reason)
        return after


def _require_cause(rules: Programme, row: Title, cause: EndCause | None, today: date) -> None:
    if cause is EndCause.EXPIRED:
        if row.valid_until is None or row.valid_until >= today:
            raise RefusedError("term_runs", number=row.number, until=row.valid_until)
    elif cause is not None and cause not in (known := list(map(EndCause, rules.title.ends_when))):
        raise RefusedError("cause_not_in_rules", cause=cause, known=known, **rules.title.cited)


def _close_assessments(store: Store, who: Actor, rows: Sequence[Title]) -> None:
    for row in rows:
        for assessment in store.all(_OPEN, title=row.id):
            move(store, who, Act.REVOKE, assessment, grade=Grade.REVOKED, graded_at=store.now)


def _claimed(store: Store, actor: Actor, act: Act, item: dict[str, object], key: str | None) -> tuple[Title, Actor]:
    if set(item) != {"title", "seen"}:
        raise InputError("unknown_field", field="titles", known=["title", "seen"])
    return claim(store, actor, act, Title, str(item["title"]), seen=seen_of(item["seen"]), key=key)


def _barred(store: Store, row: Title, meeting_on: date) -> date | None:
    """The last day of the bar, the decision's day being the first that is not counted."""
    last = store.first(_LAST, title=row.id)
    failed = last.kind if last is not None and last.state in (*OWED, AssessmentState.FAILED) else None
    return barred(meeting_on, grading.bar_years(programme_of(store, row.programme), failed))


def bar_end(row: Title, until: date | None) -> Due | None:
    """The end of a bar, of which the unit that held the title hears; None without one."""
    if until is None:
        return None
    return Due(DeadlineKind.BAR_END, ends_at(until), f"限制期至{writing.day(until)}", desk=row.organization)


def barred(meeting_on: date, years: int) -> date | None:
    """The last day of a bar of whole years from a meeting (Civil Code arts. 201, 202); None without a bar."""
    return months_after(meeting_on, 12 * years).last_day if years else None
