"""Whether an objection is heard: admitted by a reviewer after all, put among the leads, or taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.application import Application
from models.database import transaction
from models.errors import InputError, RefusedError
from models.notice import Objection
from models.vocabulary import Act, State
from workflows.hearing import docketing, objections
from workflows.listing import leaving
from workflows.record.acting import PUBLIC
from workflows.record.claiming import claim, hold, look
from workflows.record.journal import move
from workflows.record.verb import not_done_yet, verb
from workflows.rules import objections as rules_of

if TYPE_CHECKING:
    from workflows.record.acting import Actor


@verb("admit")
def admit(
    actor: Actor, objection_id: str, *, heard: bool, reason: str, seen: int, code: str = "", key: str | None = None
) -> Objection:
    """Admit a lead after all, or put an objection among the leads with one of `objections.LEADS` as its `code`.

    What came too late is never admitted: it is taken up of one's own accord (`take-up`). Raises
    RefusedError("too_late"), InputError("reason_missing", "not_a_choice"), IllegalMoveError once it is reported.
    """
    if not reason.strip():
        raise InputError("reason_missing", field="reason")
    if not heard and code not in rules_of.LEADS:
        raise InputError("not_a_choice", field="code", given=code[:40], known=sorted(rules_of.LEADS))
    with transaction() as store:
        peek = look(store, Objection, objection_id)
        slates = leaving.hold_slates(store, peek.application_id)
        row = hold(store, Application, peek.application_id)
        case, who = claim(store, actor, Act.ADMIT, Objection, objection_id, seen=seen, key=key)
        objections.refuse_own_case(who, row, case, Act.ADMIT)
        body = {"reason": reason.strip(), "code": code}
        if not heard:
            after = move(store, who, Act.ADMIT, case, key=key, body=body, inadmissible=code)
            docketing.rest(store, who, slates, row, after, "dismissed")
            return after
        if row.state not in (State.PUBLIC_NOTICE, State.CONTESTED) or case.inadmissible in rules_of.TOO_LATE:
            raise RefusedError("too_late", receipt=row.receipt, state=row.state.value)
        return objections.investigate(store, who, row, case, Act.ADMIT, body, key=key)


@verb("withdraw-objection")
def withdraw_objection(actor: Actor | None, *, receipt: str, key: str | None = None) -> Objection:
    """Take back an objection by its receipt while it is being investigated; it becomes a lead.

    The name goes on, unless another objection to it is open; the receiving union may take the lead up.
    Raises NotFoundError("receipt_unknown"), IllegalMoveError once it is reported or settled.
    """
    with transaction() as store:
        not_done_yet(store, actor or PUBLIC, key)
        peek = docketing.of_receipt(store, receipt)
        slates = leaving.hold_slates(store, peek.application_id)
        row = hold(store, Application, peek.application_id)
        case = hold(store, Objection, peek.id)
        after = move(store, PUBLIC, Act.WITHDRAW, case, key=key, inadmissible=rules_of.WITHDRAWN)
        docketing.rest(store, PUBLIC, slates, row, after, "withdrawn")
        return after
