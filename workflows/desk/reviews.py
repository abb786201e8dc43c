"""The reviewer's verbs on one application: check, return with faults, refuse."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from models.application import Application, Review
from models.base import new_id
from models.database import transaction
from models.errors import ConflictError, InputError, RefusedError
from models.round import Round
from models.slate import Slate
from models.sql import insert_into
from models.vocabulary import Act, DeadlineKind, Outcome, SlateState
from workflows.clocks import due
from workflows.desk import countersigning, cut_offs
from workflows.intake import filing, records
from workflows.listing import leaving
from workflows.programmes import programme_of
from workflows.record.claiming import claim, look
from workflows.record.journal import move
from workflows.record.verb import verb
from workflows.rules import routes
from workflows.rules.calendar import local_date
from workflows.rules.privacy import masked

if TYPE_CHECKING:
    from models.database import Store
    from models.journal import Event
    from models.programme import Programme
    from workflows.record.acting import Actor
    from workflows.record.moves import Due

REVIEW = insert_into(Review)
_LONGEST_REASON = 2000


def _as_read(store: Store, event: Event) -> Application:
    row = look(store, Application, event.thing_id)
    return masked(programme_of(store, row.programme), row)


@verb("check", answer=_as_read)
def check(
    actor: Actor, application_id: str, *, seen: int, opinion: str = "", answers: dict[str, Any] | None = None,
    key: str | None = None,
) -> Application:  # fmt: skip
    """Pass this tier's check of form and facts; the tier's slate may now rank the application.

    `answers` fills in the fields that the programme leaves to this tier. Raises FaultsError for
    those still empty (`tier_field`), RefusedError("not_this_tiers") for anybody else's.
    """
    with transaction() as store:
        row, who = claim(store, actor, Act.CHECK, Application, application_id, seen=seen, key=key)
        if row.checked:
            raise RefusedError("checked_already", receipt=row.receipt)
        countersigning.require_passed(store, row)
        rules = programme_of(store, row.programme)
        filled, typed = filing.tier_answers(store, rules, row, answers or {})
        told: dict[str, Any] = {"answers": filled, **filing.hashed(store, row, filled)} if typed else {}
        _write(store, who, row, Outcome.CHECKED, opinion)
        body = {"opinion": opinion, **({"fields": sorted(typed), "content_hash": told["content_hash"]} if told else {})}
        after = move(store, who, Act.CHECK, row, key=key, body=body, checked=True, **told)
        filing.record_revisions(store, who, after, row.answers, filled)
        return masked(rules, after)


@verb("return", answer=_as_read)
def send_back(
    actor: Actor, application_id: str, *, faults: list[dict[str, str]], seen: int, opinion: str = "",
    key: str | None = None,
) -> Application:  # fmt: skip
    """Return an application with faults, each `{field, words}`; only those fields open again.

    The tier's clock stops; the applicant has the programme's correction days, never past the
    round's close. Returning for the same field again needs `opinion` as the reason.
    """
    with transaction() as store:
        slates = leaving.hold_slates(store, application_id)
        row, who = claim(store, actor, Act.SEND_BACK, Application, application_id, seen=seen, key=key)
        rules = programme_of(store, row.programme)
        listed = _faults(filing.returnable(store, rules, row), faults)
        _refuse_same_again(store, row, listed, opinion)
        if (own := _own_draft(row, slates)) is not None:
            leaving.leave(store, who, row, own, Act.SEND_BACK)
        _write(store, who, row, Outcome.RETURNED, opinion, listed)
        words = [f"{_label(rules, f['field'])}：{f['words']}" for f in listed]
        after = move(
            store, who, Act.SEND_BACK, row, key=key, faults=listed, slate_id=None,
            due=_correction(store, rules, row),
            body={"faults": listed, "opinion": opinion, "letter": {"faults": words}},
        )  # fmt: skip
        return masked(rules, after)


@verb("refuse", answer=_as_read)
def refuse(actor: Actor, application_id: str, *, reason: str, seen: int, key: str | None = None) -> Application:
    """Not accept an application, with the reason its people will read."""
    if not reason.strip():
        raise InputError("reason_missing", field="reason")
    with transaction() as store:
        slates = leaving.hold_slates(store, application_id)
        row, who = claim(store, actor, Act.REFUSE, Application, application_id, seen=seen, key=key)
        countersigning.require_none_open(store, row)
        after = turn_away(store, who, row, slates, reason, key=key)
        return masked(programme_of(store, row.programme), after)


def turn_away(
    store: Store, who: Actor, row: Application, slates: list[Slate], reason: str, *, opinion: str = "",
    key: str | None = None,
) -> Application:  # fmt: skip
    """Refuse an application that is held with its slates: what it took goes back, and its people are told why.

    `reason` may be a code; `opinion` is what the tier's own papers say then.
    """
    _own_draft(row, slates)
    _write(store, who, row, Outcome.REFUSED, opinion or reason)
    after = move(store, who, Act.REFUSE, row, key=key, body={"reason": reason, "letter": {"reason": reason}})
    leaving.release(store, who, row, slates, Act.REFUSE)
    return after


def _write(
    store: Store, who: Actor, row: Application, outcome: Outcome, opinion: str,
    faults: list[dict[str, str]] | None = None,
) -> None:  # fmt: skip
    if len(opinion) > _LONGEST_REASON:
        raise InputError("too_long", field="opinion", length=len(opinion), most=_LONGEST_REASON)
    store.run(REVIEW, id=new_id(), application_id=row.id, step=row.step, desk=row.desk, outcome=outcome,
              opinion=opinion, faults=faults or [], account_id=who.id, at=store.now)  # fmt: skip


def _faults(known: list[str], faults: list[dict[str, str]]) -> list[dict[str, str]]:
    """The faults as kept: known fields, each with words. Raises InputError."""
    if not faults:
        raise InputError("faults_missing", field="faults")
    for fault in faults:
        if fault.get("field") not in known:
            raise InputError("unknown_field", field=str(fault.get("field")), known=known)
        if not fault.get("words", "").strip():
            raise InputError("words_missing", field=fault["field"])
    return [{"field": f["field"], "words": f["words"].strip()} for f in faults]


def _refuse_same_again(store: Store, row: Application, faults: list[dict[str, str]], opinion: str) -> None:
    again = sorted({f["field"] for f in faults} & records.returned_fields(store, row.id, row.step))
    if again and not opinion.strip():
        raise RefusedError("same_fault_again", field=again[0])


def _own_draft(row: Application, slates: list[Slate]) -> Slate | None:
    """This tier's slate the application is on: only a draft lets go of a member without a recall."""
    own = next((s for s in slates if s.id == row.slate_id), None)
    if own is None and row.slate_id is not None:
        # It was put on a list between our look at its lists and our hold of it.
        raise ConflictError("moved_meanwhile", thing="slate")
    if own is not None and own.state is not SlateState.DRAFTING:
        raise RefusedError("on_sealed_slate", slate=own.id, state=own.state.value)
    return own


def _correction(store: Store, rules: Programme, row: Application) -> Due:
    """The correction limit; one set before filing closes or the tier's cut-off never runs past it (scenario 2)."""
    found = due.span(local_date(store.now), rules.correction.days)
    hour = rules.correction.hour
    limit = due.on(DeadlineKind.CORRECTION, found, account=row.applicant_id,
                   hour=hour if hour.hour or hour.minute else None)  # fmt: skip
    stop = routes.stop(row, row.step)
    cut_off = cut_offs.of(store, rules, row.round_id, stop.rung, stop.desk)
    closes_at = look(store, Round, row.round_id).closes_at
    if store.now < closes_at:
        limit = due.no_later(limit, closes_at, "本轮申报截止")
    if cut_off is not None and store.now < cut_off.at:
        limit = due.capped(limit, cut_off, "本级截止", tell=False)
    return limit


def _label(rules: Programme, name: str) -> str:
    found: Any = rules.field(name) or rules.slot(name)
    return str(found.label.zh)
