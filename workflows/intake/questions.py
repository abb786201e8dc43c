"""What an applicant asks the office: a row and a letter each way; no state changes and no clock stops."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from models.account import Account
from models.application import Application
from models.attention import Question
from models.base import changed, table
from models.database import reading, transaction
from models.errors import ForbiddenError, InputError, NotFoundError, RefusedError
from models.organization import Organization
from models.round import Round
from models.sql import Sql, bind, insert_into, rows_of, update_of
from models.vocabulary import LetterKind, State, Thing
from models.writing import tongue
from workflows.clocks import due
from workflows.intake import asking
from workflows.intake.asking import DAYS, OFFICE, due_at, tell
from workflows.post import letters
from workflows.record.acting import refreshed
from workflows.record.claiming import hold, look
from workflows.record.verb import made_as, query, verb
from workflows.rules import permissions, routes
from workflows.rules.calendar import ends_at, local_date
from workflows.rules.characters import within
from workflows.rules.throughput import working_day

if TYPE_CHECKING:
    from models.database import Store
    from workflows.record.acting import Actor

MOST_OPEN, PAGE = 3, 50  # unanswered questions of a case; questions shown
LONGEST, LONGEST_ANSWER = 500, 1000
_Q, _A, _P, _O = (table(m).c for m in (Question, Account, Application, Organization))
_INSERT = insert_into(Question)
_BY_ID = rows_of(Question, _Q.id == bind("id", _Q.id))
_OPEN_OF = rows_of(Question, _Q.application_id == bind("of", _Q.application_id), _Q.answered_at.is_(None))
_ANSWER: Sql[None] = Sql(
    update_of(Question, "answer", "answered_by", "answered_at").statement.where(_Q.answered_at.is_(None))
)


class Asked(NamedTuple):
    """A question with its answer. The unit's side is told the office that answered, never who there (domain: 7.7).

    `mine`: the reader may answer it now; `due_at` (UTC) while the office owes an answer, for the office alone.
    `closed`: nobody answered, for the application was taken back; `answer` then says so.
    """

    id: str
    application_id: str
    receipt: str | None
    subject: str
    unit_name: str
    desk: str
    desk_name: str
    who: str
    asked_at: datetime
    text: str
    answered_by: str | None
    answered_at: datetime | None
    answer: str
    mine: bool
    due_at: datetime | None
    closed: bool


class Waiting(NamedTuple):
    """How many questions wait for a desk's answer, and how many of them for longer than five working days."""

    waiting: int
    overdue: int


_DESK, _BY = table(Organization).alias("desk_of"), table(Account).alias("answerer")
# Upstream what was never handed in has no name, given up or lapsed as well: they know what its people asked.
_named = sa.case((_P.receipt.is_(None), sa.literal("", _P.subject.type)), else_=_P.subject)
_ASKED = (
    sa.select(
        *(_Q.id, _Q.application_id, _P.receipt, _named.label("subject"), _O.name.label("unit_name"), _Q.desk),
        *(_DESK.c.name.label("desk_name"), _A.name.label("who"), _Q.asked_at, _Q.text),
        *(_BY.c.name.label("answered_by"), _Q.answered_at, _Q.answer),
        *(sa.false().label("mine"), sa.null().label("due_at")),
        (_Q.answered_at.is_not(None) & _Q.answered_by.is_(None)).label("closed"),
    )
    .join_from(table(Question), table(Application), _P.id == _Q.application_id)
    .join(table(Organization), _O.code == _P.organization)
    .join(_DESK, _DESK.c.code == _Q.desk)
    .join(table(Account), _A.id == _Q.asked_by)
    .outerjoin(_BY, _BY.c.id == _Q.answered_by)
)
_OF_CASE: Sql[Asked] = Sql(
    _ASKED.where(_Q.application_id == bind("of", _Q.application_id)).order_by(_Q.asked_at.desc(), _Q.id).limit(PAGE),
    Asked,
)
_OF_DESK: Sql[Asked] = Sql(
    _ASKED.where(_Q.desk == bind("desk", _Q.desk), _Q.answered_at.is_(None)).order_by(_Q.asked_at, _Q.id).limit(PAGE),
    Asked,
)
_late = sa.case((_Q.asked_at < bind("before", _Q.asked_at), 1), else_=0)
_WAITING: Sql[Waiting] = Sql(
    sa.select(
        sa.func.count().label("waiting"), sa.cast(sa.func.coalesce(sa.func.sum(_late), 0), sa.Integer).label("overdue")
    ).where(_Q.desk == bind("desk", _Q.desk), _Q.answered_at.is_(None)),
    Waiting,
)


@verb("ask-office")
def ask_office(actor: Actor, application_id: str, *, text: str, key: str | None = None) -> Question:
    """Ask the office about one's application: the desk where it lies or from which it came back, else the round's.

    By those who bring it in. Whoever has it in hand there gets a letter, else everybody who works there. Raises
    RefusedError("questions_open") while three of a case wait for answers; InputError("words_missing", "too_long").
    """
    words = _words("question", text, LONGEST)
    with transaction() as store:
        row, who = hold(store, Application, application_id), refreshed(store, actor)
        _require_own(who, row)
        # The same click again is the same question.
        made = made_as(who, key)
        if (again := store.first(_BY_ID, id=made)) is not None:
            return changed(again, answered_by=None)  # which person answers is the desk's alone
        if len(store.all(_OPEN_OF, of=row.id)) >= MOST_OPEN:
            raise RefusedError("questions_open", most=MOST_OPEN)
        desk = _desk(store, row)
        store.run(_INSERT, id=made, application_id=row.id, desk=desk, asked_by=who.id, asked_at=store.now,
                  text=words)  # fmt: skip
        tell(store, row, desk, asking.Waiting(made, row.id, desk, store.now, words), made)
        return _question(store, made)


@verb("answer-question")
def answer_question(actor: Actor, question_id: str, *, text: str, key: str | None = None) -> Question:
    """Answer a question to one's desk, once: by its reviewers and administrators, but not about one's own case.

    The asker gets a letter that names the office. Raises RefusedError("question_answered") after a colleague,
    ForbiddenError("own_case"), NotFoundError for whoever does not work there.
    """
    words = _words("answer", text, LONGEST_ANSWER)
    with transaction() as store:
        question, who = _question(store, question_id), refreshed(store, actor)
        row = look(store, Application, question.application_id)
        _require_office(who, question, row)
        told: dict[str, Any] = {"answer": words, "answered_by": who.id, "answered_at": store.now}
        if store.run(_ANSWER, old_id=question.id, **told) == 0:
            stands = _question(store, question.id)
            if key and (stands.answered_by, stands.answer) == (who.id, words):
                return stands  # the same click again
            raise RefusedError("question_answered", at=stands.answered_at, answer=stands.answer)
        letters.to_people(store, f"{question.id}a", [question.asked_by], "question_answered",
                          {**_params(row, question.desk), "question": question.text, "words": words,
                           "link": f"/my-application?id={row.id}"}, LetterKind.INFORMATION, row.id)  # fmt: skip
        return _question(store, question.id)


@query("questions")
def questions(actor: Actor, application_id: str) -> list[Asked]:
    """The questions about an application, the newest first: all for its own people, a desk's own for its office.

    Raises NotFoundError for strangers.
    """
    with reading() as store:
        row, who = look(store, Application, application_id), refreshed(store, actor)
        found = store.all(_OF_CASE, of=row.id)
        if permissions.brings(who, row):
            return [_shown(who, one, mine=False)._replace(answered_by=None) for one in found]
        here = [one for one in found if who.sits(one.desk, *OFFICE)]
        theirs = [_shown(who, one, mine=_may_answer(who, one.desk, row)) for one in here]
        if not theirs and not permissions.sees(who, row):
            raise NotFoundError("not_found", thing=Thing.APPLICATION.value, given=application_id)
        return theirs


@query("open-questions")
def open_questions(actor: Actor, *, desk: str) -> list[Asked]:
    """The questions that wait for a desk's answer, the oldest first, at most 50; for who works there, else none."""
    with reading() as store:
        who = refreshed(store, actor)
        if not who.sits(desk, *OFFICE):
            return []
        return [_shown(who, one, mine=True) for one in store.all(_OF_DESK, desk=desk)]


@query("questions-waiting")
def questions_waiting(actor: Actor, *, desk: str) -> Waiting:
    """How many questions wait for a desk's answer, and how many of them are overdue; for who works there, else none."""
    with reading() as store:
        if not refreshed(store, actor).sits(desk, *OFFICE):
            return Waiting(0, 0)
        # Asked on this day or before: more than five working days have gone by since.
        last = working_day(local_date(store.now), -(DAYS + 1), due.current())
        return store.first(_WAITING, desk=desk, before=ends_at(last)) or Waiting(0, 0)


def _words(field: str, text: str, most: int) -> str:
    kept = within(field, text, most)
    if not kept:
        raise InputError("words_missing", field=field)
    return kept


def _require_own(who: Actor, row: Application) -> None:
    if permissions.brings(who, row):
        return
    if not permissions.sees(who, row):
        raise NotFoundError("not_found", thing=Thing.APPLICATION.value, given=row.id)
    raise ForbiddenError("not_yours")


def _require_office(who: Actor, question: Question, row: Application) -> None:
    if not who.sits(question.desk, *OFFICE):
        raise NotFoundError("not_found", thing="question", given=question.id)
    if not _may_answer(who, question.desk, row):
        raise ForbiddenError("own_case")


def _may_answer(who: Actor, desk: str, row: Application) -> bool:
    own = permissions.is_own_case(who, row.organization, row.applicant_id, desk)
    return who.sits(desk, *OFFICE) and not own


def _desk(store: Store, row: Application) -> str:
    """Whom to ask: where it lies, who returned it, and before and after its way the office of its round."""
    if row.desk is not None:
        return row.desk
    if row.state is State.RETURNED:
        return routes.stop(row, row.step).desk
    return look(store, Round, row.round_id).organization


def _params(row: Application, organization_code: str) -> dict[str, Any]:
    return {"receipt": row.receipt, "subject": row.subject, "organization": organization_code}


def _question(store: Store, question_id: str) -> Question:
    row = store.first(_BY_ID, id=question_id)
    if row is None:
        raise NotFoundError("not_found", thing="question", given=question_id)
    return row


def _shown(who: Actor, one: Asked, *, mine: bool) -> Asked:
    """A question as the office reads it; `mine`: the reader may answer it."""
    open_ = one.answered_at is None
    answer = asking.WITHDRAWN[tongue(who.language)] if one.closed else one.answer
    return one._replace(mine=mine and open_, due_at=due_at(one.asked_at) if open_ else None, answer=answer)
