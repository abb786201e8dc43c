"""I10a and I13: whatever waits has a due date and somebody who owes it; letters have one fate."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from models.account import Account, Seat
from models.application import Application
from models.base import table
from models.deadline import Deadline
from models.journal import Event
from models.letter import Letter
from models.notice import Notice, Objection
from models.office import Countersign
from models.panel import Meeting
from models.sql import Sql, bind
from models.subsidy import Subsidy
from models.title import Assessment, Title
from models.vocabulary import (
    REVIEWS,
    Act,
    AssessmentState,
    CountersignState,
    DeadlineKind,
    MeetingState,
    NoticeState,
    ObjectionState,
    State,
    SubsidyState,
    Thing,
    TitleState,
)
from workflows.desk import duties
from workflows.doctor.violation import Found, Violation, is_, words
from workflows.record.streaming import stream
from workflows.rules import objections

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.database import Store

_P, _D, _L, _A = (table(m).c for m in (Application, Deadline, Letter, Account))
_N, _B, _Y, _T = (table(m).c for m in (Notice, Objection, Assessment, Title))
_U, _S, _M, _K = (table(m).c for m in (Subsidy, Seat, Meeting, Countersign))
_deadline = sa.select(_D.id).where(_D.thing_id == _P.id, _D.closed_at.is_(None))
_is_reserve = is_(_P.state, *REVIEWS) & _P.desk.is_(None)
_owed = is_(_P.state, *REVIEWS, State.CONTESTED) & _P.desk.is_not(None)
SOON = timedelta(minutes=1)  # a seat that ends as it begins
_E = table(Event).c
_NOW = bind("now", _S.starts_at)


def _due(thing_id: Any, *kinds: DeadlineKind) -> sa.ColumnElement[bool]:
    """Whether something of these kinds (none named: any) is due for a thing."""
    of_kind = (is_(_D.kind, *kinds),) if kinds else ()
    return sa.exists().where(_D.thing_id == thing_id, _D.closed_at.is_(None), *of_kind)


def _of(model: type[Any], detail: Any, *clauses: Any) -> sa.Select[Any]:
    return sa.select(table(model).c.id, detail).where(*clauses)


# Ended by hand in that very moment, which lies ahead only for a clock that was put back.
_vacated = sa.exists().where(
    _E.thing == Thing.ACCOUNT, _E.thing_id == _S.account_id, _E.act == Act.VACATE, _E.at == _S.ends_at
)
_standing = sa.exists().where(_P.notice_id == _N.id, is_(_P.state, State.PUBLIC_NOTICE, State.CONTESTED))
# Whatever waits, and nothing says until when: by what it is, its id and what is known of it.
WITHOUT_DATE: dict[Thing, tuple[sa.Select[Any], ...]] = {
    Thing.APPLICATION: (
        _of(
            Application, words(_P.state, _P.desk, _P.due_at),
            is_(_P.state, *REVIEWS, State.CONTESTED, State.RETURNED, State.DRAFT),
            ~_deadline.exists()
            | (_owed & _P.due_at.is_(None))
            | (_is_reserve & ~_deadline.where(is_(_D.kind, DeadlineKind.RESERVE_END)).exists())
            | (is_(_P.state, State.CONTESTED) & _P.desk.is_(None)),
        ),
        sa.select(_K.application_id, words(_K.state, _K.due_at)).where(
            is_(_K.state, CountersignState.OPEN), ~_due(_K.application_id, DeadlineKind.COUNTERSIGN),
        ),
    ),
    Thing.NOTICE: (
        _of(Notice, words(_N.state, _N.ends_at), is_(_N.state, NoticeState.OPEN), _standing,
            ~_due(_N.id, DeadlineKind.NOTICE_END)),
    ),
    Thing.OBJECTION: (
        _of(Objection, words(_B.state, _B.investigator),
            ((is_(_B.state, ObjectionState.INVESTIGATING)
              | (is_(_B.state, ObjectionState.LEAD) & (_B.inadmissible == objections.CORRECTION)))
             & ~_due(_B.id, DeadlineKind.OBJECTION_ANSWER))
            | (is_(_B.state, ObjectionState.REPORTED) & ~_due(_B.id, DeadlineKind.SETTLEMENT))),
    ),
    Thing.TITLE: (
        _of(Title, words(_T.state, _T.valid_until), ~is_(_T.state, TitleState.REVOKED, TitleState.ENDED),
            _T.valid_until.is_not(None), ~_due(_T.id, DeadlineKind.TITLE_END)),
    ),
    Thing.ASSESSMENT: (
        sa.select(_Y.id, words(_Y.state, _Y.year))
        .join_from(table(Assessment), table(Title), _T.id == _Y.title_id)
        .where(
            ~is_(_T.state, TitleState.REVOKED, TitleState.ENDED),
            is_(_Y.state, AssessmentState.DUE, AssessmentState.REPORTED, AssessmentState.RECTIFYING),
            ~_due(_Y.id),
        ),
    ),
    Thing.SUBSIDY: (
        _of(Subsidy, words(_U.state, _U.decider),
            is_(_U.state, SubsidyState.ELIGIBLE, SubsidyState.REQUESTED, SubsidyState.APPROVED,
                SubsidyState.REPORTED),
            ~_due(_U.id)),
    ),
    Thing.PANEL: (sa.select(duties.UNDATED.c.panel_id, duties.UNDATED.c.account_id).select_from(duties.UNDATED),),
    Thing.MEETING: (
        _of(Meeting, words(_M.state, _M.starts_at), is_(_M.state, MeetingState.PLANNED, MeetingState.RUNNING),
            ~_due(_M.id, DeadlineKind.MEETING)),
    ),
    Thing.ACCOUNT: (
        sa.select(_S.account_id, words(_S.organization, _S.ends_at))
        .join_from(table(Seat), table(Account), _A.id == _S.account_id)
        .where(
            _S.ends_at > _NOW, _A.disabled_at.is_(None), ~_vacated,
            ~sa.exists().where(
                _D.id == _S.id, _D.due_at == _S.ends_at, _D.closed_at.is_(None) | (_D.closed_at >= _D.due_at)
            ),
        ),
    ),
}  # fmt: skip
_WAITING: dict[Thing, tuple[Sql[Found], ...]] = {
    thing: tuple(Sql(one, Found) for one in asked) for thing, asked in WITHOUT_DATE.items()
}
# A date that is shown beside the thing it is due for is the same date.
_MIRRORED: dict[Thing, Sql[Found]] = {
    Thing.APPLICATION: Sql(
        _of(Application, words(_P.state, _P.due_at), _owed, ~_deadline.where(_D.due_at == _P.due_at).exists()), Found
    ),
    Thing.NOTICE: Sql(
        sa.select(_N.id, words(_N.ends_at, _D.due_at))
        .join_from(table(Notice), table(Deadline), _D.thing_id == _N.id)
        .where(is_(_D.kind, DeadlineKind.NOTICE_END), _D.closed_at.is_(None), _D.due_at != _N.ends_at),
        Found,
    ),
}
_FATES: Sql[Found] = Sql(
    sa.select(_L.id, words(_L.sent_at, _L.dead_at)).where(_L.sent_at.is_not(None), _L.dead_at.is_not(None)),
    Found,
)
_NOBODY: Sql[Found] = Sql(
    sa.select(_L.id, _L.account_id)
    .outerjoin_from(table(Letter), table(Account), _A.id == _L.account_id)
    .where(_A.id.is_(None)),
    Found,
)


def nothing_waits_without_due_date(store: Store) -> Iterator[Violation]:
    """Whatever waits has an open deadline: cases, notices, objections, titles with a term, seats with an end."""
    for thing, asked in _WAITING.items():
        more = {"now": store.now + SOON} if thing is Thing.ACCOUNT else {}
        for sql in asked:
            for row in stream(store, sql, **more):
                yield Violation("I10a", "waits_without_due_date", row.detail, f"{thing.value} {row.subject}")


def dates_agree(store: Store) -> Iterator[Violation]:
    """The date an application or a notice shows is the date that its deadline has."""
    for thing, sql in _MIRRORED.items():
        for row in stream(store, sql):
            yield Violation("I10a", "dates_differ", row.detail, f"{thing.value} {row.subject}")


def letters_have_one_fate(store: Store) -> Iterator[Violation]:
    """One letter for one event and person: sent or given up, never both, to somebody there is."""
    kinds = (("letter_two_fates", _FATES), ("letter_to_nobody", _NOBODY))
    for name, sql in kinds:
        for row in stream(store, sql):
            yield Violation("I13", name, row.detail, f"letter {row.subject}")
