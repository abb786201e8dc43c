"""Typing errors pointed at through the public form: for the corrections, never a dispute [W73]."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from models.application import Application
from models.database import transaction
from models.errors import InputError, NotFoundError, RefusedError
from models.notice import Notice, Objection
from models.vocabulary import Act, DeadlineKind, Ground, LetterKind, NoticeState, ObjectionState, Thing
from workflows.charts.strict import Facts
from workflows.clocks import due
from workflows.hearing import docketing
from workflows.post import letters
from workflows.programmes import programme_of
from workflows.record.acting import PUBLIC, SYSTEM, refreshed
from workflows.record.claiming import claim, hold, look
from workflows.record.journal import found, move
from workflows.record.verb import not_done_yet, verb
from workflows.rules import objections as rules_of
from workflows.rules.calendar import local_date

if TYPE_CHECKING:
    from models.database import Store
    from workflows.record.acting import Actor

FIELDS = ("subject", "leader_name", "organization_name")
_LONGEST = 4000


@verb("ask-correction")
def ask_correction(
    actor: Actor | None, notice_id: str, *, application_id: str, field: str, value: str, words: str = "",
    objector: str = "", contact: str = "", key: str | None = None,
) -> Objection:  # fmt: skip
    """Point at a typing error in a notice: `field` (`subject`, `leader_name`, `organization_name`) should read `value`.

    Anybody may; it stops nothing, gets a receipt, and is answered by the notice's union. Raises
    RefusedError("notice_over") once the notice is closed, for nothing is corrected there any more.
    """
    if field not in FIELDS:
        raise InputError("unknown_field", field=field[:60], known=list(FIELDS))
    if not value.strip():
        raise InputError("reason_missing", field="value")
    if len(words) > _LONGEST:
        raise InputError("too_long", field="words", length=len(words), most=_LONGEST)
    with transaction() as store:
        who = refreshed(store, actor or PUBLIC)
        not_done_yet(store, who, key)
        notice, row = look(store, Notice, notice_id), hold(store, Application, application_id)
        if row.notice_id != notice.id:
            raise NotFoundError("not_found", thing=Thing.APPLICATION.value, given=application_id)
        if notice.state is not NoticeState.OPEN:
            raise RefusedError("notice_over", last_day=notice.last_day.isoformat())
        made = found(
            store, who, Act.OBJECT, Objection, key=key, body={"inadmissible": rules_of.CORRECTION},
            notice_id=notice.id, application_id=row.id, organization=notice.organization, ground=Ground.OTHER,
            state=ObjectionState.LEAD, words=words.strip(), objector=objector.strip(), contact=contact.strip(),
            signed=False, received_at=store.now, inadmissible=rules_of.CORRECTION,
        )  # fmt: skip
        docketing.enter(store, made, field=field, value=value.strip())
        # Whoever asks waits for an answer, as an objector does.
        rule = programme_of(store, row.programme).objections.answer
        answer = due.on(DeadlineKind.OBJECTION_ANSWER, due.counted(local_date(store.now), rule),
                        desk=notice.organization)  # fmt: skip
        made = move(store, SYSTEM, Act.ADMIT, made, body={"by_rule": True, "code": rules_of.CORRECTION}, due=answer)
        letters.to_desk(store, made.head[:32], notice.organization, "correction_asked", _told(row), LetterKind.ACTION,
                        made.id)  # fmt: skip
        return made


@verb("answer-correction")
def answer_correction(actor: Actor, objection_id: str, *, reason: str, seen: int, key: str | None = None) -> Objection:
    """Leave a name as it stands, though somebody asked for a correction; who asked reads that by the receipt.

    A right one is answered by `correct` itself, with its `request`. Raises RefusedError("no_correction").
    """
    if not reason.strip():
        raise InputError("reason_missing", field="reason")
    with transaction() as store:
        case, who = claim(store, actor, Act.ANSWER, Objection, objection_id, seen=seen, key=key)
        require_request(case)
        return move(store, who, Act.ANSWER, case, key=key, outcome=reason.strip(), settled_at=store.now,
                    body={"corrected": False})  # fmt: skip


def grant(store: Store, who: Actor, notice: Notice, row: Application, request: str, reason: str) -> None:
    """Answer a request whose typing error is put right just now. Raises NotFoundError, RefusedError."""
    case = hold(store, Objection, request)
    if case.notice_id != notice.id or case.application_id != row.id:
        raise NotFoundError("not_found", thing=Thing.OBJECTION.value, given=request)
    require_request(case)
    move(store, who, Act.ANSWER, case, facts=Facts(passed=True), outcome=reason, settled_at=store.now,
         body={"corrected": True})  # fmt: skip


def require_request(case: Objection) -> None:
    """Refuse what is no request for a correction, or answered already."""
    if case.inadmissible != rules_of.CORRECTION or case.state is not ObjectionState.LEAD:
        raise RefusedError("no_correction", state=case.state.value)


def _told(row: Application) -> dict[str, Any]:
    return {"receipt": row.receipt, "subject": row.subject}
