"""Cut-offs of a round's tiers: what is due by them, what comes after them, and who may put them off."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from models.application import Application
from models.base import new_id, table
from models.database import reading, transaction
from models.deadline import Deadline
from models.errors import ForbiddenError, InputError, NotFoundError, RefusedError
from models.round import Round
from models.slate import Entry
from models.sql import Sql, bind, insert_into, row_from, rows_of
from models.stages import Extension
from models.vocabulary import Act, DeadlineKind, Thing
from workflows.clocks import due
from workflows.listing import owing
from workflows.people.organizations import organization
from workflows.post import letters
from workflows.programmes import programme_of
from workflows.record.acting import refreshed
from workflows.record.claiming import hold, look
from workflows.record.journal import move
from workflows.record.verb import not_done_yet, query, verb
from workflows.rules import cut_offs, permissions, routes
from workflows.rules.calendar import local_date
from workflows.rules.characters import beginning, within
from workflows.rules.cut_offs import CutOff

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from models.database import Store
    from models.programme import Programme, Step
    from models.slate import Slate
    from models.vocabulary import Rung
    from workflows.record.acting import Actor
    from workflows.record.moves import Due
    from workflows.rules.routes import Desk

_X, _P, _D = (table(m).c for m in (Extension, Application, Deadline))
_EXTENDED = rows_of(
    Extension, _X.round_id == bind("round", _X.round_id), _X.desk == bind("desk", _X.desk), order=(_X.id.desc(),)
)
_BY_ID = rows_of(Extension, _X.id == bind("id", _X.id))
_EXTEND = insert_into(Extension)
_HERE = (
    _P.round_id == bind("round", _P.round_id),
    _P.desk == bind("desk", _P.desk),
    _P.due_at == bind("before", _P.due_at),
    ~_P.on_hold,
)
# Held first, in the order of every verb: an application before what is due for it.
_HELD: Sql[str] = Sql(sa.select(_P.id).where(*_HERE).order_by(_P.id).with_for_update(key_share=True))
# Whose promise was the cut-off, its promise is the new one: three statements for however many.
_DEADLINES: Sql[None] = Sql(
    sa.update(table(Deadline))
    .where(
        _D.thing == Thing.APPLICATION,
        _D.kind == DeadlineKind.REVIEW,
        _D.closed_at.is_(None),
        _D.thing_id.in_(sa.select(_P.id).where(*_HERE)),
    )
    .values(
        # A moment set by hand: nothing is counted any more.
        due_at=bind("until", _D.due_at),
        derivation=bind("derivation", _D.derivation),
        fired_at=None,
        rung=0,
        provisional=sa.false(),
        basis=None,
        first_due_at=sa.func.coalesce(_D.first_due_at, _D.due_at),
    )
)
_PROMISES: Sql[None] = Sql(sa.update(table(Application)).where(*_HERE).values(due_at=bind("until", _P.due_at)))
# On a list, who was at the tier before a moment.
_EARLY: Sql[str] = Sql(
    sa.select(_P.id)
    .join(table(Entry), table(Entry).c.application_id == _P.id)
    .where(table(Entry).c.slate_id == bind("slate", table(Entry).c.slate_id), _P.entered_at < bind("at", _P.entered_at))
    .limit(1)
)
_LONGEST = 500


def of(store: Store, rules: Programme, round_id: str, rung: Rung, desk: str) -> CutOff | None:
    """By when a tier's list must be sent up in a round, extensions counted; None where nothing is said."""
    step = routes.step_of(rules, rung)
    if step is None or step.cut_off is None or rules.entry.rolling:
        return None
    window = look(store, Round, round_id)
    found = cut_offs.cut_offs(rules, local_date(window.opens_at), due.current())[rung]
    last = store.first(_EXTENDED, round=round_id, desk=desk)
    return found if last is None else CutOff(last.until, provisional=False, derivation=_words(last))


def review(store: Store, rules: Programme, round_id: str, stop: Desk, route: Sequence[Sequence[str]] = ()) -> Due:
    """By when a tier is to deal with a case that reaches it now: never later than its cut-off.

    A case that comes after the cut-off, where lists are still taken, has the tier's usual days. `route`: the
    case's way up; where the tier owes a first list for it, that comes to be due beside.
    """
    usual = due.review(rules, stop, store.now)
    limit = of(store, rules, round_id, stop.rung, stop.desk)
    if limit is not None and store.now < limit.at:
        usual = due.capped(usual, limit, "本级截止")
    listed = owing.owed(store, rules, round_id, stop, route)
    return usual if listed is None else usual._replace(beside=(listed,))


def require(store: Store, rules: Programme, slate: Slate) -> bool:
    """Whether a list goes up in time. Raises RefusedError("past_cut_off") where lateness is not taken.

    Names that an objection kept below until the cut-off had passed could not be in time: they go up late.
    """
    limit = of(store, rules, slate.round_id, slate.rung, slate.organization)
    if limit is None or store.now < limit.at:
        return True
    step = routes.step_of(rules, slate.rung)
    if step is None or step.late == "accept":
        return False
    if step.late == "lapse" and not step.notice and store.first(_EARLY, slate=slate.id, at=limit.at) is None:
        return False
    raise _past(store, slate.round_id, step, limit)


def require_open(store: Store, rules: Programme, round_id: str, stop: Desk) -> None:
    """Refuse to bring a case to a tier that can send nothing up any more, where that means giving up.

    Raises RefusedError("past_cut_off"): better told now than lapsed by the next sweep.
    """
    if (closed := _closed(store, rules, round_id, stop)) is not None:
        raise _past(store, round_id, *closed)


def is_open(store: Store, rules: Programme, round_id: str, stop: Desk) -> bool:
    """Whether a case may be brought to a tier: as `require_open`, without a refusal."""
    return _closed(store, rules, round_id, stop) is None


def _closed(store: Store, rules: Programme, round_id: str, stop: Desk) -> tuple[Step, CutOff] | None:
    step = routes.step_of(rules, stop.rung)
    if step is None or step.late != "lapse" or stop.rung is rules.ladder[-1].desk:
        return None
    limit = of(store, rules, round_id, stop.rung, stop.desk)
    return (step, limit) if limit is not None and store.now >= limit.at else None


def _past(store: Store, round_id: str, step: Step, limit: CutOff) -> RefusedError:
    asked = look(store, Round, round_id).organization if step.late == "extend" else None
    return RefusedError("past_cut_off", rung=step.desk.value, due_at=limit.at.isoformat(), late=step.late, ask=asked,
                        derivation=limit.derivation, **step.cited)  # fmt: skip


@verb("extend", answer=lambda store, event: _extension(store, event.body["extension"]))
def extend(
    actor: Actor, *, round_id: str, organization_code: str, until: datetime, reason: str, key: str | None = None
) -> Extension:
    """Put off one tier's cut-off in a round to `until` (UTC), with the reason; the tier is told.

    The deciding union's reviewers and administrators may, where the ladder says `late = "extend"`.
    Raises RefusedError("no_cut_off", "not_extendable"), InputError("extension_backwards").
    """
    if not reason.strip():
        raise InputError("reason_missing", field="reason")
    with transaction() as store:
        not_done_yet(store, actor, key)
        window, who = hold(store, Round, round_id), refreshed(store, actor)
        if (code := permissions.refusal(who, Act.EXTEND, Thing.ROUND, window)) is not None:
            raise ForbiddenError(code, act=Act.EXTEND.value)
        rules = programme_of(store, window.programme)
        rung = routes.rung_of(organization(store, organization_code).tier)
        before = _extendable(store, rules, window, rung, organization_code, until)
        made = {"id": new_id(), "round_id": window.id, "desk": organization_code, "rung": rung, "until": until,
                "reason": within("reason", reason, _LONGEST), "account_id": who.id, "at": store.now}  # fmt: skip
        store.run(_EXTEND, **made)
        place = {"round": window.id, "desk": organization_code, "before": before.at, "until": until}
        store.all(_HELD, **{name: place[name] for name in ("round", "desk", "before")})
        store.run(_DEADLINES, **place, derivation=_words(row_from(Extension, made)))
        store.run(_PROMISES, **place)
        body = {"extension": made["id"], "organization": organization_code, "until": until.isoformat()}
        after = move(store, who, Act.EXTEND, window, key=key, body={**body, "reason": made["reason"]})
        letters.to_desk(store, after.head[:32], organization_code, "cut_off_extended",
                        {"round": window.name, "due_at": until.isoformat(), "reason": made["reason"]},
                        thing_id=window.id)  # fmt: skip
        return row_from(Extension, made)


@query("cut-off")
def cut_off(actor: Actor, *, round_id: str, organization_code: str) -> CutOff | None:
    """By when a tier's list must be sent up in a round, extensions counted; None where nothing is said.

    For the tier's own people and the deciding union's. Raises NotFoundError for others.
    """
    with reading() as store:
        window, who = look(store, Round, round_id), refreshed(store, actor)
        if not any(permissions.serves(who, code) for code in (organization_code, window.organization)):
            raise NotFoundError("not_found", thing="organization", given=organization_code)
        rung = routes.rung_of(organization(store, organization_code).tier)
        return of(store, programme_of(store, window.programme), window.id, rung, organization_code)


def _extendable(
    store: Store, rules: Programme, window: Round, rung: Rung, desk: str, until: datetime
) -> CutOff:  # fmt: skip
    """The cut-off as it stands, if it may be put off to this moment."""
    limit, step = of(store, rules, window.id, rung, desk), routes.step_of(rules, rung)
    if limit is None or step is None:
        raise RefusedError("no_cut_off", rung=rung.value, organization=desk)
    if step.late != "extend":
        raise RefusedError("not_extendable", rung=rung.value, late=step.late, **step.cited)
    if until <= max(limit.at, store.now):
        raise InputError("extension_backwards", field="until", given=until.isoformat(), due_at=limit.at.isoformat())
    return limit


def _extension(store: Store, extension_id: str) -> Extension:
    row = store.first(_BY_ID, id=extension_id)
    if row is None:
        raise NotFoundError("not_found", thing="extension", given=extension_id)
    return row


def _words(row: Extension) -> str:
    return beginning(f"经批准延长：{row.reason}", _LONGEST)
