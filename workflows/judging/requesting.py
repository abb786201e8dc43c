"""A unit asks that somebody should not judge its case; the desk settles it with a reason (domain: 7.7)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from models.account import Account
from models.application import Application
from models.base import changed, new_id, table
from models.database import together, transaction
from models.errors import ForbiddenError, InputError, NotFoundError, RefusedError
from models.panel import RecusalRequest
from models.sql import bind, insert_into, row_from, rows_of, update_of
from models.vocabulary import REVIEWS, Act, LetterKind, RequestState, Thing
from workflows.judging import scoring
from workflows.post import letters
from workflows.programmes import programme_of
from workflows.record.acting import refreshed
from workflows.record.claiming import hold, look, visible
from workflows.record.verb import verb
from workflows.rules import permissions
from workflows.rules.characters import within

if TYPE_CHECKING:
    from workflows.record.acting import Actor

_Q = table(RecusalRequest).c
_ASK = insert_into(RecusalRequest)
_OPEN = rows_of(
    RecusalRequest, _Q.application_id == bind("of", _Q.application_id), _Q.state == RequestState.OPEN, order=(_Q.id,)
)
_HELD = rows_of(RecusalRequest, _Q.id == bind("id", _Q.id), lock=True)
_SETTLE = update_of(RecusalRequest, "state", "ruling", "settled_by", "settled_at", "account_id")
_NAME, _LONGEST = 60, 500


@verb("ask-recusal")
def ask_recusal(actor: Actor, application_id: str, *, name: str, reason: str, key: str | None = None) -> RecusalRequest:
    """A unit asks that somebody should not judge its case. Who judges is secret: it gives a name it knows.

    The desk answers with a reason; nothing stops meanwhile. The same name again is the same request. Raises
    ForbiddenError("not_yours"), RefusedError("not_in_review", "not_requested") where the programme does not have it.
    """
    del key  # the same request again changes nothing
    who_for, why = within("name", name, _NAME), within("reason", reason, _LONGEST)
    for field, given in (("name", who_for), ("reason", why)):
        if not given:
            raise InputError("reason_missing", field=field)
    with transaction() as store:
        row = hold(store, Application, application_id)
        who = refreshed(store, actor)
        if not visible(who, Thing.APPLICATION, row):
            raise NotFoundError("not_found", thing=Thing.APPLICATION.value, given=application_id)
        if not permissions.brings(who, row):
            raise ForbiddenError("not_yours", act=Act.RECUSE.value)
        if row.state not in REVIEWS or row.desk is None:
            raise RefusedError("not_in_review", act=Act.RECUSE.value)
        rules = programme_of(store, row.programme)
        if rules.panel is not None and "requested" not in rules.panel.recuse:
            raise RefusedError("not_requested", **rules.panel.cited)
        if same := next((one for one in store.all(_OPEN, of=row.id) if one.name == who_for), None):
            return same
        made: dict[str, Any] = {
            "id": new_id(), "application_id": row.id, "desk": row.desk, "name": who_for, "reason": why,
            "asked_by": who.id, "asked_at": store.now, "state": RequestState.OPEN,
        }  # fmt: skip
        store.run(_ASK, **made)
        letters.to_desk(store, made["id"], row.desk, "recusal_asked", {"receipt": row.receipt},
                        LetterKind.ACTION, row.id)  # fmt: skip
        return row_from(RecusalRequest, made)


@verb("settle-recusal")
def settle_recusal(
    actor: Actor, request_id: str, *, granted: bool, reason: str, account: str = "", key: str | None = None
) -> RecusalRequest:
    """Answer a unit's request, with a reason the unit reads. Granted, `account` stands back as by `recuse`.

    Without an account nobody of that name judges here, and the answer does not say so. Raises
    ForbiddenError("not_your_desk", "own_case"), RefusedError("settled_already").
    """
    words = within("reason", reason, _LONGEST)
    if not words:
        raise InputError("reason_missing", field="reason")
    with together() as store:
        asked = store.first(_HELD, id=request_id)
        who = refreshed(store, actor)
        if asked is None:
            raise NotFoundError("not_found", thing="recusal_request", given=request_id)
        row = look(store, Application, asked.application_id)
        if not visible(who, Thing.APPLICATION, row):
            raise NotFoundError("not_found", thing="recusal_request", given=request_id)
        if (code := permissions.refusal(who, Act.REPLY, Thing.APPLICATION, row)) is not None:
            raise ForbiddenError(code, act=Act.RECUSE.value)
        state = RequestState.GRANTED if granted else RequestState.DECLINED
        said = (state, words, who.id, account or None)
        if (asked.state, asked.ruling, asked.settled_by, asked.account_id) == said:
            return asked  # the same answer again changes nothing
        if asked.state is not RequestState.OPEN:
            raise RefusedError("settled_already", at=asked.settled_at.isoformat() if asked.settled_at else "")
        if granted and account:
            scoring.recuse(actor, row.id, look(store, Account, account).id, reason=words, key=key)
        values = {"state": state, "ruling": words, "settled_by": who.id, "settled_at": store.now,
                  "account_id": account or None}  # fmt: skip
        store.run(_SETTLE, old_id=asked.id, **values)
        told = {"receipt": row.receipt, "reason": words}
        letters.to_people(store, f"{asked.id}-s", [asked.asked_by], "recusal_settled", told, thing_id=row.id)
        return changed(asked, **values)
