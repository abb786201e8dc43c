"""Public notices: a frozen list with its working-day clock; nothing shortens it."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from models.application import Application
from models.base import new_id, table
from models.database import DuplicateError, transaction
from models.errors import InputError, NotFoundError, RefusedError
from models.journal import Event
from models.lists import listed, of_list
from models.notice import Correction, Notice
from models.round import Round
from models.slate import Slate
from models.sql import Sql, bind, insert_into
from models.vocabulary import (
    REVIEWS,
    Act,
    DeadlineKind,
    LetterKind,
    NoticeState,
    RoundState,
    SlateState,
    State,
    Thing,
    Tier,
)
from workflows.clocks import aside, due
from workflows.deciding import gates
from workflows.hearing import correcting
from workflows.listing import composing, joint, sending
from workflows.listing.slates import ENTRIES, refuse_own_case
from workflows.people.organizations import organization
from workflows.post import letters
from workflows.programmes import programme_of
from workflows.record.acting import SYSTEM, refreshed
from workflows.record.claiming import claim, hold, look, require_permitted
from workflows.record.journal import canonical, found, move, move_all
from workflows.record.moves import Change
from workflows.record.verb import verb
from workflows.rules import forms, listing, privacy
from workflows.rules.calendar import local_date

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from models.database import Store
    from models.organization import Organization
    from models.programme import Counting, Programme
    from workflows.record.acting import Actor

_P, _N, _E = table(Application).c, table(Notice).c, table(Event).c
_CORRECTION = insert_into(Correction)
_STANDING: Sql[str] = Sql(
    sa.select(_P.id)
    .where(_P.notice_id == bind("notice", _P.notice_id), _P.state.in_([State.PUBLIC_NOTICE, State.CONTESTED]))
    .limit(1)
)
_BY_CLOCK: Sql[str] = Sql(
    sa.select(_E.id).where(
        _E.thing_id == bind("of", _E.thing_id),
        _E.version == bind("version", _E.version),
        _E.act == Act.CLOSE,
        _E.account_id == SYSTEM.id,
    )
)
_STANDING_IN = of_list(
    lambda ids: Sql(
        sa.select(_P.notice_id)
        .where(_P.notice_id.in_(ids), _P.state.in_([State.PUBLIC_NOTICE, State.CONTESTED]))
        .distinct()
    )
)
_OVER = aside.line(
    "notices_ended",
    Notice,
    sa.select(table(Notice))
    .where(_N.state == NoticeState.OPEN, _N.ends_at <= bind("now", _N.ends_at))
    .order_by(_N.id)
    .with_for_update(key_share=True, skip_locked=True),
    Thing.NOTICE,
)
_TYPING = ("subject", "leader_name", "organization_name")
_PLACES = ("person", "unit")
_DAYS_TO_DECIDE = 20
_FURTHEST = timedelta(days=60)


@verb("publish", answer=lambda store, event: look(store, Notice, event.body["notice"]))
def publish(actor: Actor, slate_id: str, *, seen: int, first_day: date | None = None, key: str | None = None) -> Notice:
    """Publish the sealed list's main names, or those that rose since, for the programme's days.

    The snapshot is frozen under its hash and holds no private data. `first_day` defaults to today
    and may not lie before it.
    """
    with transaction() as store:
        slate, who = claim(store, actor, Act.PUBLISH, Slate, slate_id, seen=seen, key=key)
        refuse_own_case(store, who, slate)
        window = hold(store, Round, slate.round_id)
        if window.state is RoundState.FINISHED:
            raise RefusedError("round_finished", name=window.name)
        rules = programme_of(store, window.programme)
        _require_notice_here(rules, slate)
        entries, members = sending.members_of(store, slate)
        at_desk = [m for m in members if m.desk == slate.organization and m.state in REVIEWS]
        main = [m for m in at_desk if not entries[m.id].reserve]
        if not main:
            raise RefusedError("nothing_to_publish", slate=slate.id)
        gates.before_notice(store, rules, window, slate)
        if slate.state is SlateState.IN_NOTICE:  # a name that rose since: the joint meeting's members say yes anew
            joint.require(store, rules, slate, main)
        notice = _open(store, who, rules, slate, main, first_day or local_date(store.now))
        move_all(store, who, Act.PUBLISH, [_noticed(m, notice) for m in main])
        sending.set_aside(store, who, slate, [m for m in at_desk if entries[m.id].reserve])
        move(store, who, Act.PUBLISH, slate, key=key, body={"notice": notice.id, "count": len(main)})
        return notice


def _corrected(store: Store, event: Event) -> Notice:
    """The notice in which the corrected name stands now."""
    return look(store, Notice, str(look(store, Application, event.body["application"]).notice_id))


@verb("correct", answer=_corrected)
def correct(
    actor: Actor, notice_id: str, *, application_id: str, field: str, value: str, reason: str, seen: int,
    leader_id: str = "", request: str = "", key: str | None = None,
) -> Notice:  # fmt: skip
    """Put a typing error right beside the frozen list: `subject`, `leader_name`, `organization_name`.

    The clock runs on. A change of `person` (with the new leader's `leader_id`) or of `unit` (`value`
    is the new unit's credit code) is no typing error: it opens a new notice for that name, and the
    answer is then the new notice. `request`: the request for it (`ask-correction`), answered with it.
    """
    if field not in (*_TYPING, *_PLACES):
        raise InputError("unknown_field", field=field, known=[*_TYPING, *_PLACES])
    if not value.strip() or not reason.strip():
        raise InputError("reason_missing", field="value" if reason.strip() else "reason")
    with transaction() as store:
        notice, who = claim(store, actor, Act.CORRECT, Notice, notice_id, seen=seen, key=key)
        row = hold(store, Application, application_id)
        if row.notice_id != notice.id:
            raise NotFoundError("not_found", thing=Thing.APPLICATION.value, given=application_id)
        shown = "leader_name" if field == "person" else "organization_name" if field == "unit" else field
        before = line_of(row, organization(store, row.organization), programme_of(store, row.programme))[shown]
        told, columns = _replaced(store, field, value.strip(), leader_id)
        store.run(_CORRECTION, id=new_id(), notice_id=notice.id, application_id=row.id, field=shown,
                  before=before, after=privacy.public(told), reason=privacy.public(reason.strip()),
                  account_id=who.id, at=store.now)  # fmt: skip
        if request:
            correcting.grant(store, who, notice, row, request, reason.strip())
        body = {"application": row.id, "field": shown, "before": before, "after": told, "reason": reason}
        after = move(store, who, Act.CORRECT, notice, key=key, body=body)
        try:
            row = move(store, who, Act.CORRECT, row, body=body, **columns)
        except DuplicateError as error:
            raise RefusedError("leader_twice", leader=value.strip()) from error
        return _restarted(store, who, row, after) if field in _PLACES else after


def _replaced(store: Store, field: str, value: str, leader_id: str) -> tuple[str, dict[str, Any]]:
    """What the public reads from now on, and the columns of the application that change with it."""
    if field == "unit":
        unit = organization(store, value)
        if unit.tier is not Tier.ENTERPRISE:
            raise InputError("credit_code", field="value", given=value[:40])
        return unit.name, {"organization": unit.code}
    if field == "person":
        try:
            return value, {"leader_name": value, "leader_key": forms.leader_key(forms.person_id(leader_id))}
        except ValueError as error:
            raise InputError("argument", field="leader_id", given=leader_id[:18], expected="18") from error
    return value, {} if field == "organization_name" else {field: value}


def end_notices() -> int:
    """Close every notice whose last day is over; a clock's step.

    It judges nothing (decision 0008): names that nobody contested are free to be decided on or sent up, contested
    ones stay contested, and for whatever stands in it a decision is due, of which the desk is told.
    """
    return aside.in_batches(_OVER, _end)


def _end(store: Store, rows: list[Notice]) -> int:
    standing = set(store.all(_STANDING_IN[store.dialect.name], ids=listed(row.id for row in rows)))
    after = move_all(store, SYSTEM, Act.CLOSE, [_ended(store, row, waits=row.id in standing) for row in rows])
    waiting = [(row.head[:32], row.organization, {"notice": row.id}, row.id) for row in after if row.id in standing]
    letters.to_desks(store, waiting, "notice_ended", LetterKind.ACTION)
    return len(after)


def _ended(store: Store, notice: Notice, *, waits: bool) -> Change:
    limit = due.within(DeadlineKind.DECISION, _DAYS_TO_DECIDE, store.now, notice.organization)
    return Change(notice, {"closed_at": store.now}, due=limit if waits else None)


@verb("close")
def close(actor: Actor, notice_id: str, *, seen: int, key: str | None = None) -> Notice:
    """Close a notice whose last day is over. Raises RefusedError("notice_running") before.

    Where a clock was faster, nothing changes and the notice is answered as it was closed.
    """
    with transaction() as store:
        if (ended := _ended_by_clock(store, actor, notice_id, seen)) is not None:
            return ended
        notice, who = claim(store, actor, Act.CLOSE, Notice, notice_id, seen=seen, key=key)
        if store.now < notice.ends_at:
            raise RefusedError("notice_running", notice=notice.id, ends_at=notice.ends_at.isoformat())
        waits = store.first(_STANDING, notice=notice.id) is not None
        limit = due.within(DeadlineKind.DECISION, _DAYS_TO_DECIDE, store.now, notice.organization)
        return move(store, who, Act.CLOSE, notice, key=key, closed_at=store.now, due=limit if waits else None)


def _ended_by_clock(store: Store, actor: Actor, notice_id: str, seen: int) -> Notice | None:
    """The notice, if a clock closed it right after (or before) the version that somebody saw, and they might have."""
    row = hold(store, Notice, notice_id)
    if seen not in (row.version, row.version - 1) or not store.first(_BY_CLOCK, of=row.id, version=row.version):
        return None
    require_permitted(store, refreshed(store, actor), Act.CLOSE, Thing.NOTICE, row)
    return row


def snapshot_hash(snapshot: Any) -> str:
    """The hash a published list is known by (SHA-256 of its canonical JSON, hex)."""
    return hashlib.sha256(canonical(snapshot).encode()).hexdigest()


def _require_notice_here(rules: Programme, slate: Slate) -> None:
    step = next(step for step in rules.ladder if step.desk == slate.rung)
    if not step.notice and rules.ladder[-1].desk != slate.rung:
        raise RefusedError("no_notice_here", rung=slate.rung.value)


def _open(
    store: Store, who: Actor, rules: Programme, slate: Slate, main: Sequence[Application], first_day: date
) -> Notice:
    today = local_date(store.now)
    if first_day < today:
        raise InputError("first_day_past", field="first_day", given=first_day.isoformat())
    if first_day > today + _FURTHEST:
        raise InputError("first_day_far", field="first_day", given=first_day.isoformat(), most=_FURTHEST.days)
    span = due.counted(first_day, _counting(rules, slate))
    end = due.on(DeadlineKind.NOTICE_END, span, desk=slate.organization)
    units = sending.units_of(store, slate)
    lines = composing.with_awards(store, rules, slate.id, (line_of(m, units[m.organization], rules) for m in main))
    snapshot = listing.in_order(rules.notice, lines, _ranks(store, rules, slate))
    return found(
        store, who, Act.PUBLISH, Notice, due=end, body={"hash": snapshot_hash(snapshot), "count": len(snapshot)},
        round_id=slate.round_id, slate_id=slate.id, organization=slate.organization, state=NoticeState.OPEN,
        opened_at=store.now, first_day=first_day, last_day=span.last_day, ends_at=end.at,
        provisional=span.provisional, derivation=span.derivation, snapshot=snapshot,
        snapshot_hash=snapshot_hash(snapshot),
    )  # fmt: skip


def _counting(rules: Programme, slate: Slate) -> Counting:
    """How a tier's notice is counted: as the programme says, for the tier's own days if it has them."""
    step = next(step for step in rules.ladder if step.desk == slate.rung)
    return rules.notice.model_copy(update={"days": step.notice_days or rules.notice.days})


def _ranks(store: Store, rules: Programme, slate: Slate) -> dict[str, int]:
    if rules.notice.order != "rank":
        return {}
    return {entry.application_id: entry.rank for entry in store.all(ENTRIES, slate=slate.id)}


def line_of(row: Application, unit: Organization, rules: Programme) -> dict[str, Any]:
    """What the public sees of a candidate: no number, no telephone, no address; what the programme shows besides.

    A number that somebody wrote into a name is masked before the list is frozen (`privacy.public`).
    """
    more = {"shows": shows} if (shows := listing.shown(rules, row.answers)) else {}
    return {"application": row.id, "subject": privacy.public(row.subject),
            "leader_name": privacy.public(row.leader_name), "organization_name": privacy.public(unit.name),
            "area": unit.city or unit.county or unit.province or "",
            "recommended_by": row.route[max(row.step - 1, 0)][1], **more}  # fmt: skip


def _noticed(row: Application, notice: Notice) -> Change:
    letter = {"first_on": notice.first_day.isoformat(), "last_on": notice.last_day.isoformat()}
    values = {"notice_id": notice.id, "slate_id": notice.slate_id}
    return Change(row, values, body={"notice": notice.id, "letter": letter})


def _restarted(store: Store, who: Actor, row: Application, notice: Notice) -> Notice:
    """A changed person or unit stands in a notice of its own, from today on (domain: scenario 9)."""
    rules = programme_of(store, row.programme)
    slate = look(store, Slate, notice.slate_id)
    again = _open(store, who, rules, slate, [row], local_date(store.now))
    move(store, who, Act.CORRECT, row, notice_id=again.id, body={"notice": again.id, "restarted": True})
    return again
