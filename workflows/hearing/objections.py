"""Objections: heard or kept as a lead, investigated by the recommending union, settled by the deciding one."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal

import sqlalchemy as sa

from models.application import Application
from models.base import changed, new_id, table
from models.database import transaction
from models.deadline import Deadline
from models.errors import ForbiddenError, InputError, NotFoundError, RefusedError
from models.notice import Mark, Notice, Objection
from models.sql import Sql, bind, insert_into
from models.vocabulary import (
    Act,
    DeadlineKind,
    Ground,
    LetterKind,
    ObjectionState,
    Role,
    State,
    Thing,
)
from workflows.charts.strict import Facts
from workflows.clocks import due
from workflows.hearing import docketing
from workflows.listing import leaving
from workflows.post import letters
from workflows.programmes import programme_of
from workflows.record.acting import PUBLIC, SYSTEM, refreshed
from workflows.record.claiming import claim, hold, look
from workflows.record.journal import found, move
from workflows.record.verb import not_done_yet, verb
from workflows.rules import objections as rules_of
from workflows.rules import permissions
from workflows.rules.calendar import local_date

if TYPE_CHECKING:
    from datetime import date, datetime

    from models.database import Store
    from workflows.record.acting import Actor
    from workflows.record.moves import Due

_D = table(Deadline).c
# When the first term ends: what was taken up later than it came in has its own.
_LIMIT: Sql[datetime] = Sql(
    sa.select(_D.due_at).where(
        _D.thing_id == bind("of", _D.thing_id),
        _D.kind == DeadlineKind.OBJECTION_ANSWER,
        _D.closed_at.is_(None),
    )
)
_MARK = insert_into(Mark)
_MOMENT = timedelta(seconds=1)  # a term ends at midnight after its last day
_DAYS_TO_SETTLE = 5
_LONGEST = 4000


@verb("object")
def object_to(
    actor: Actor | None, notice_id: str, *, application_id: str, ground: Ground, words: str, objector: str = "",
    contact: str = "", signed: bool = False, postmarked_on: date | None = None, key: str | None = None,
) -> Objection:  # fmt: skip
    """Enter an objection against a name in a notice; anybody may, an officer enters letters.

    What is not heard (anonymous, about the grade, late) is kept as a lead and stops nothing.
    A heard one holds back only the application it is about, and joins one that is open about it already.
    """
    if not words.strip() or len(words) > _LONGEST:
        raise InputError("words_missing" if not words.strip() else "too_long", field="words", length=len(words),
                         most=_LONGEST)  # fmt: skip
    with transaction() as store:
        who = refreshed(store, actor or PUBLIC)
        not_done_yet(store, who, key)
        notice = look(store, Notice, notice_id)
        row = hold(store, Application, application_id)
        if row.notice_id != notice.id:
            raise NotFoundError("not_found", thing=Thing.APPLICATION.value, given=application_id)
        code = _inadmissible(store, notice, row, ground, signed=signed, objector=objector,
                             postmarked_on=_postmark(who, notice, postmarked_on))  # fmt: skip
        if code == "anonymous":
            _refuse_anonymous(store, row)
        made = found(
            store, who, Act.OBJECT, Objection, key=key, body={"inadmissible": code},
            notice_id=notice.id, application_id=row.id, organization=notice.organization, ground=ground,
            state=ObjectionState.LEAD, words=words.strip(), objector=objector.strip(), contact=contact.strip(),
            signed=signed, received_at=store.now, postmarked_on=postmarked_on, inadmissible=code,
        )  # fmt: skip
        return _judged(store, row, made, code)


def _judged(store: Store, row: Application, made: Objection, code: str | None) -> Objection:
    """Admit it by rule, or keep it as a lead, on the record; either way it gets its receipt."""
    body = {"by_rule": True, "code": code}
    if code is not None:
        docketing.enter(store, made)
        return move(store, SYSTEM, Act.ADMIT, made, body=body)
    earlier = docketing.first_open(store, row.id)
    docketing.enter(store, made, joins=earlier.id if earlier else None)
    return investigate(store, SYSTEM, row, made, Act.ADMIT, body)


def investigate(
    store: Store, who: Actor, row: Application, case: Objection, act: Act, body: dict[str, Any], *,
    key: str | None = None,
) -> Objection:  # fmt: skip
    """Ask the investigating union to look into a lead by the programme's day, and hold its name back."""
    investigator = _investigator(store, row, case.organization)
    answer = _answer(store, row, investigator)
    after = move(store, who, act, case, key=key, facts=Facts(passed=True), body=body, due=answer,
                 investigator=investigator, inadmissible=None if act is Act.ADMIT else case.inadmissible)  # fmt: skip
    _contest(store, row, after, answer)
    return after


@verb("take-up")
def take_up(actor: Actor, objection_id: str, *, seen: int, reason: str, key: str | None = None) -> Objection:
    """Investigate a lead of one's own accord, while its application still stands in notice."""
    if not reason.strip():
        raise InputError("reason_missing", field="reason")
    with transaction() as store:
        row = hold(store, Application, look(store, Objection, objection_id).application_id)
        lead, who = claim(store, actor, Act.TAKE_UP, Objection, objection_id, seen=seen, key=key)
        refuse_own_case(who, row, lead, Act.TAKE_UP)
        if row.state not in (State.PUBLIC_NOTICE, State.CONTESTED):
            raise RefusedError("too_late", receipt=row.receipt, state=row.state.value)
        return investigate(store, who, row, lead, Act.TAKE_UP, {"reason": reason}, key=key)


@verb("extend-answer", answer=lambda store, event: look(store, Objection, event.thing_id))
def extend_answer(actor: Actor, objection_id: str, *, reason: str, seen: int, key: str | None = None) -> Objection:
    """Give the investigating union more time, once, by the programme's `objections.extension_days` (working days).

    Counted from the end of the first term. Raises RefusedError("no_extension", "extended_already").
    """
    if not reason.strip():
        raise InputError("reason_missing", field="reason")
    with transaction() as store:
        row = hold(store, Application, look(store, Objection, objection_id).application_id)
        case, who = claim(store, actor, Act.EXTEND, Objection, objection_id, seen=seen, key=key)
        refuse_own_case(who, row, case, Act.EXTEND)
        rule = programme_of(store, row.programme).objections
        if rule.extension_days == 0 or case.extended_at is not None:
            code = "no_extension" if rule.extension_days == 0 else "extended_already"
            raise RefusedError(code, **rule.cited)
        ends_at = store.first(_LIMIT, of=case.id)
        first = due.counted(local_date(case.received_at), rule.answer).last_day
        more = due.span(local_date(ends_at - _MOMENT) if ends_at else first, rule.extension_days)
        limit = due.on(DeadlineKind.OBJECTION_ANSWER, more, desk=case.investigator)
        if row.state is State.CONTESTED:
            move(store, who, Act.EXTEND, row, body={"objection": case.id}, desk=case.investigator, due=limit)
        return move(store, who, Act.EXTEND, case, key=key, body={"reason": reason.strip()}, due=limit,
                    extended_at=store.now)  # fmt: skip


@verb("report-back", answer=lambda store, event: protected(look(store, Objection, event.thing_id)))
def report_back(actor: Actor, objection_id: str, *, finding: str, seen: int, key: str | None = None) -> Objection:
    """The investigating union reports what it found to the deciding one."""
    if not finding.strip():
        raise InputError("words_missing", field="finding")
    with transaction() as store:
        row = hold(store, Application, look(store, Objection, objection_id).application_id)
        case, who = claim(store, actor, Act.REPORT_BACK, Objection, objection_id, seen=seen, key=key)
        refuse_own_case(who, row, case, Act.REPORT_BACK)
        limit = due.within(DeadlineKind.SETTLEMENT, _DAYS_TO_SETTLE, store.now, case.organization)
        if row.state is State.CONTESTED:
            move(store, who, Act.REPORT_BACK, row, body={"objection": case.id}, desk=case.organization, due=limit)
        return protected(move(store, who, Act.REPORT_BACK, case, key=key, finding=finding.strip(), due=limit))


@verb("settle")
def settle(
    actor: Actor, objection_id: str, *, outcome: Literal["dismissed", "partly", "upheld"], reason: str, seen: int,
    key: str | None = None,
) -> Objection:  # fmt: skip
    """Settle an investigated objection.

    Dismissed: the application goes on in its notice; so it does when the objection is right in `partly`
    what strikes nobody, and the reason then says what. Upheld: it is struck, its places at every tier go
    back, the reserve rises if the programme says so, and its recommender gets a mark that binds nobody.
    """
    if not reason.strip():
        raise InputError("reason_missing", field="reason")
    with transaction() as store:
        peek = look(store, Objection, objection_id)
        slates = leaving.hold_slates(store, peek.application_id)
        row = hold(store, Application, peek.application_id)
        act = Act.UPHOLD if outcome == "upheld" else Act.DISMISS
        case, who = claim(store, actor, act, Objection, objection_id, seen=seen, key=key)
        refuse_own_case(who, row, case, act)
        if case.state is not ObjectionState.REPORTED:
            raise RefusedError("not_reported", investigator=case.investigator)
        said = rules_of.PARTLY + reason.strip() if outcome == "partly" else reason.strip()
        after = move(store, who, act, case, key=key, body={"outcome": outcome}, outcome=said, settled_at=store.now)
        if act is Act.DISMISS:
            docketing.rest(store, who, slates, row, case, outcome)
            return after
        if row.state is State.CONTESTED:
            row = move(store, who, act, row, body={"objection": case.id, "letter": {"outcome": outcome}})
        store.run(_MARK, id=new_id(), organization=case.investigator, objection_id=case.id,
                  proposal="unit_loses_next_round", at=store.now)  # fmt: skip
        leaving.release(store, who, row, slates, Act.UPHOLD)
        leaving.end_if_done(store, who, look(store, Notice, case.notice_id))
        return after


def _postmark(who: Actor, notice: Notice, postmarked_on: date | None) -> date | None:
    """A postmark counts when an officer of the receiving union has seen it on the letter."""
    return postmarked_on if who.sits(notice.organization, Role.REVIEWER) else None


def protected(case: Objection) -> Objection:
    """An objection as the investigating union reads it: neither the objector's name nor address."""
    return changed(case, objector="", contact="")


def _investigator(store: Store, row: Application, decider: str) -> str:
    """Who looks into it: the recommending union, or the deciding one where the programme says so.

    A unit's own union does not look into its own candidate; the one it recommended it to does.
    """
    recommender: str = row.route[max(row.step - 1, 0)][1]
    chosen = programme_of(store, row.programme).objections.investigator
    return decider if chosen == "decider" or recommender == row.organization else recommender


def refuse_own_case(who: Actor, row: Application, case: Objection, act: Act) -> None:
    """Nobody looks into or settles an objection against their own unit (domain: 7.7), but in its own round."""
    lent = permissions.is_principals_case(who, row.organization, row.applicant_id, case.investigator)
    if lent or permissions.is_own_case(who, row.organization, row.applicant_id, case.organization):
        raise ForbiddenError("own_case", act=act.value, thing=Thing.OBJECTION.value)
    if act is Act.REPORT_BACK and row.handler_id and not permissions.is_or_stands_for(who, row.handler_id, row.desk):
        raise ForbiddenError("in_other_hands", act=act.value, thing=Thing.OBJECTION.value)


def _inadmissible(
    store: Store, notice: Notice, row: Application, ground: Ground, *, signed: bool, objector: str,
    postmarked_on: date | None,
) -> str | None:  # fmt: skip
    if row.state not in (State.PUBLIC_NOTICE, State.CONTESTED):
        return "too_late"
    rule = programme_of(store, row.programme).objections
    return rules_of.inadmissible(
        ground=ground, signed=signed, objector=objector, received_at=store.now, postmarked_on=postmarked_on,
        ends_at=notice.ends_at, last_day=notice.last_day, by_postmark=rule.postmark,
    )  # fmt: skip


def _refuse_anonymous(store: Store, row: Application) -> None:
    """Anonymous words are kept as a lead, unless the programme does not take them at all."""
    rules = programme_of(store, row.programme)
    if rules.objections.anonymous == "refuse":
        raise RefusedError("anonymous_refused", **rules.objections.cited)


def _answer(store: Store, row: Application, investigator: str) -> Due:
    rule = programme_of(store, row.programme).objections.answer
    return due.on(DeadlineKind.OBJECTION_ANSWER, due.counted(local_date(store.now), rule), desk=investigator)


def _contest(store: Store, row: Application, case: Objection, answer: Due) -> None:
    """Hold back the application, and ask the recommending union to look into it."""
    letters.to_desk(
        store, case.head[:32], case.investigator, "objection_received",
        {"receipt": row.receipt, "subject": row.subject, "answer_due_at": answer.at.isoformat()},
        LetterKind.ACTION, case.id,
    )  # fmt: skip
    if row.state is State.PUBLIC_NOTICE:
        # The application's history is read by many: it never tells who objected.
        move(store, PUBLIC, Act.OBJECT, row, body={"objection": case.id}, desk=case.investigator, due=answer)
