"""Titles: revoked as a batch by a numbered document, suspended, resumed, ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.base import table
from models.database import transaction
from models.errors import InputError
from models.sql import bind, rows_of
from models.title import Assessment, Title
from models.vocabulary import Act, AssessmentState, DeadlineKind, DecisionKind, LetterKind, Role
from workflows import deadlines, due, letters
from workflows.charts.strict import Facts
from workflows.claiming import claim, seen_of
from workflows.decisions import decision_of, require_number, write_document
from workflows.journal import move, move_all
from workflows.moves import Change
from workflows.programmes import programme_of
from workflows.rules.calendar import local_date, months_after
from workflows.verb import not_done_yet, verb

if TYPE_CHECKING:
    from datetime import date

    from models.database import Store
    from models.title import Decision
    from workflows.acting import Actor

_A = table(Assessment).c
_OWED = (AssessmentState.DUE, AssessmentState.REPORTED, AssessmentState.RECTIFYING)
_OPEN = rows_of(
    Assessment,
    _A.title_id == bind("title", _A.title_id),
    _A.state.in_(_OWED),
    lock=True,
)
_DAYS_TO_DECIDE = 20
_LAST = rows_of(Assessment, _A.title_id == bind("title", _A.title_id), order=(_A.year.desc(),))


@verb("revoke", answer=lambda store, event: decision_of(store, event.body["decision"]))
def revoke(
    actor: Actor, *, titles: list[dict[str, object]], number: str, meeting_on: date, reason: str,
    body: str = "主席会议", key: str | None = None,
) -> Decision:  # fmt: skip
    """Revoke titles by one numbered document, all or none; each item is `{title, seen}`.

    The reason is shown to the holders; the bar is the programme's (`assessment.bar_years`).
    """
    if not reason.strip() or not titles:
        raise InputError("reason_missing", field="titles" if reason.strip() else "reason")
    with transaction() as store:
        not_done_yet(store, actor, key)
        in_order = sorted(titles, key=lambda item: str(item.get("title")))
        held = [_claimed(store, actor, Act.REVOKE, item, key) for item in in_order]
        rows = [row for row, _ in held]
        if len({(row.decider, row.programme_code) for row in rows}) > 1:
            raise InputError("one_decider", field="titles")
        if twice := [row.id for i, row in enumerate(rows) if row in rows[:i]]:
            raise InputError("listed_twice", field="titles", given=twice[0])
        require_number(programme_of(store, rows[0].programme), number, meeting_on, local_date(store.now))
        who = held[0][1]
        annex = [{"title": row.id, "number": row.number, "name": row.name} for row in rows]
        made = write_document(store, who, organization=rows[0].decider, kind=DecisionKind.REVOCATION,
                              number=number, body=body, meeting_on=meeting_on, annex=annex,
                              reason=reason.strip())  # fmt: skip
        for row in rows:
            for assessment in store.all(_OPEN, title=row.id):
                move(store, who, Act.REVOKE, assessment, grade="revoked", graded_at=store.now)
        ended = move_all(store, who, Act.REVOKE, [
            Change(row, {"ended_at": store.now, "end_reason": reason.strip()[:500], "revoked_by": made.id,
                         "barred_until": _barred(store, row, meeting_on)},
                   body={"decision": made.id, "reason": reason})
            for row in rows
        ], key=key)  # fmt: skip
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
        owing = last is not None and last.state in (*_OWED, AssessmentState.FAILED)
        failed = last is not None and last.state is AssessmentState.FAILED
        limit = due.within(DeadlineKind.DECISION, _DAYS_TO_DECIDE, store.now, row.decider) if failed else None
        return move(store, who, Act.RESUME, row, key=key, facts=Facts(passed=waits, owing=owing),
                    body={"reason": reason}, due=limit)  # fmt: skip


@verb("end-title")
def end_title(actor: Actor, title_id: str, *, reason: str, seen: int, key: str | None = None) -> Title:
    """End a title whose conditions are gone: a closed unit, a leader who left. No ban follows."""
    if not reason.strip():
        raise InputError("reason_missing", field="reason")
    with transaction() as store:
        row, who = claim(store, actor, Act.END, Title, title_id, seen=seen, key=key)
        after = move(store, who, Act.END, row, key=key, ended_at=store.now, end_reason=reason[:500],
                     body={"reason": reason})  # fmt: skip
        for assessment in store.all(_OPEN, title=row.id):
            deadlines.close(store, assessment.id)
        tell_holder(store, after, "title_ended", reason=reason)
        return after


def tell_holder(
    store: Store, title: Title, template: str, kind: LetterKind = LetterKind.INFORMATION, **params: object
) -> None:
    """A letter to the clerks of the unit that holds a title, about its last event."""
    words = {"number": title.number, "subject": title.name, **params}
    letters.to_desk(store, title.head[:32], title.organization, template, words, kind, title.id, Role.CLERK)


def _claimed(store: Store, actor: Actor, act: Act, item: dict[str, object], key: str | None) -> tuple[Title, Actor]:
    if set(item) != {"title", "seen"}:
        raise InputError("unknown_field", field="titles", known=["title", "seen"])
    return claim(store, actor, act, Title, str(item["title"]), seen=seen_of(item["seen"]), key=key)


def _barred(store: Store, row: Title, meeting_on: date) -> date | None:
    """The last day of the bar, the decision's day being the first that is not counted."""
    rule = programme_of(store, row.programme).assessment
    years = rule.bar_years if rule else 0
    return months_after(meeting_on, 12 * years).last_day if years else None
