"""Visits and pitches one after another: the order by lot, a time for each, and a chair who calls them."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from models.base import new_id, table
from models.database import transaction
from models.errors import ForbiddenError, InputError, RefusedError
from models.panel import Meeting, Slot
from models.round import Round
from models.sql import Sql, bind, insert_into, rows_of
from models.vocabulary import Act, DeadlineKind, InspectionKind, LetterKind, MeetingState, Role, Thing
from workflows.clocks import due
from workflows.desk import duties, substitutes
from workflows.judging import conflicts
from workflows.people.organizations import queue_at
from workflows.post import letters
from workflows.programmes import programme_of
from workflows.record.acting import refreshed
from workflows.record.claiming import claim, look
from workflows.record.journal import found, move
from workflows.record.moves import Due
from workflows.record.verb import not_done_yet, verb
from workflows.rules import draw

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from models.database import Store
    from models.programme import Programme
    from workflows.judging.conflicts import Case
    from workflows.record.acting import Actor

_SHANGHAI = ZoneInfo("Asia/Shanghai")
_K, _L = table(Meeting).c, table(Slot).c
_SLOT = insert_into(Slot)
SLOTS = rows_of(Slot, _L.meeting_id == bind("meeting", _L.meeting_id), order=(_L.place,))
# Cases that another meeting of this kind still has before it.
_CALLED: Sql[str] = Sql(
    sa.select(_L.application_id)
    .join(table(Meeting), _K.id == _L.meeting_id)
    .where(
        _K.desk == bind("desk", _K.desk), _K.round_id == bind("round", _K.round_id), _K.kind == bind("kind", _K.kind),
        _K.state != MeetingState.CLOSED,
    )
)  # fmt: skip
_OPENS, _NOON, _BACK, _ENDS = time(9), time(12), time(13, 30), time(17, 30)
_MINUTES, _LONGEST = 15, 240  # the longest turn is an afternoon


@verb("plan-meeting")
def plan_meeting(
    actor: Actor, *, round_id: str, organization_code: str, kind: InspectionKind, starts_at: datetime,
    minutes: int | None = None, applications: list[str] | None = None, seed: str = "", seed_source: str = "",
    key: str | None = None,
) -> Meeting:  # fmt: skip
    """Plan visits or pitches of the cases at a desk, in an order drawn by lot; who plans it has the chair.

    Each has `minutes` (the programme's), from `starts_at`, within 9:00-12:00 and 13:30-17:30 of working days; the rest
    goes on to the next. `seed` as in `draw-panel`. Raises ForbiddenError("own_case"), RefusedError("no_visit",
    "nobody_to_hear", "slot_too_long"), InputError("case_not_here", "called_already", "starts_in_past").
    """
    with transaction() as store:
        queue_at(store, organization_code)
        not_done_yet(store, actor, key)
        who = refreshed(store, actor)
        if not who.sits(organization_code, Role.REVIEWER):
            raise ForbiddenError("not_your_desk", act=Act.ORDER.value, thing=Thing.MEETING.value)
        if bool(seed.strip()) != bool(seed_source.strip()):
            raise InputError("seed_source_missing", field="seed_source")
        _require_ahead(store, starts_at)
        rules = programme_of(store, look(store, Round, round_id).programme)
        length = _length(rules, kind, minutes)
        given = seed.strip() or new_id()
        cases = _heard(store, organization_code, round_id, kind, applications)
        conflicts.refuse_own_case(who, Act.ORDER, organization_code, cases)
        order = draw.in_order(given, f"{round_id}|{kind.value}", (case.id for case in cases))
        times = slots_from(starts_at, length, len(order))
        body = {"seed": given, "seed_source": seed_source.strip(), "order": order, "minutes": length}
        row = found(store, who, Act.ORDER, Meeting, body=body, key=key, round_id=round_id, desk=organization_code,
                    kind=kind, minutes=length, starts_at=times[0], seed=given, seed_source=seed_source.strip(),
                    chair=who.id, state=MeetingState.PLANNED,
                    due=_due(organization_code, times[0], "会议开始"))  # fmt: skip
        slots = [
            {"id": new_id(), "meeting_id": row.id, "application_id": one, "place": place, "starts_at": at,
             "ends_at": at + timedelta(minutes=length)}
            for place, (one, at) in enumerate(zip(order, times, strict=True), start=1)
        ]  # fmt: skip
        store.run_many(_SLOT, slots)
        _invite(store, row, {case.id: case for case in cases}, slots)
        return row


def _require_ahead(store: Store, starts_at: datetime) -> None:
    if starts_at <= store.now:
        raise InputError("starts_in_past", field="starts_at", given=starts_at.isoformat())


@verb("move-on")
def move_on(actor: Actor, meeting_id: str, *, seen: int | None = None, key: str | None = None) -> Meeting:
    """The chair calls the next case; everybody's page follows. The first call begins the meeting.

    Raises ForbiddenError("not_the_chair"), RefusedError("nobody_left") after the last.
    """
    with transaction() as store:
        row, who = claim(store, actor, Act.MOVE_ON, Meeting, meeting_id, seen=seen, key=key)
        _require_chair(row, who)
        slots = store.all(SLOTS, meeting=row.id)
        if row.current >= len(slots):
            raise RefusedError("nobody_left", count=len(slots))
        called = slots[row.current]
        body = {"place": called.place, "application": called.application_id}
        ends = _due(row.desk, slots[-1].ends_at, "最后一项结束") if row.state is MeetingState.PLANNED else None
        return move(store, who, Act.MOVE_ON, row, body=body, key=key, due=ends, current=called.place,
                    moved_at=store.now)  # fmt: skip


@verb("close-meeting")
def close_meeting(actor: Actor, meeting_id: str, *, seen: int | None = None, key: str | None = None) -> Meeting:
    """Close a meeting; who was not called can be heard in another one. Raises ForbiddenError("not_the_chair")."""
    with transaction() as store:
        row, who = claim(store, actor, Act.CLOSE, Meeting, meeting_id, seen=seen, key=key)
        _require_chair(row, who)
        return move(store, who, Act.CLOSE, row, body={"heard": row.current}, key=key)


def _due(desk: str, at: datetime, words: str) -> Due:
    """When a meeting begins, and once it runs, by when it is to be over and closed."""
    return Due(DeadlineKind.MEETING, at, words, desk=desk)


def slots_from(starts_at: datetime, minutes: int, count: int) -> list[datetime]:
    """When each of `count` turns of so many minutes begins (UTC), within the hours of working days."""
    step, made = timedelta(minutes=minutes), []
    at = starts_at.astimezone(_SHANGHAI).replace(tzinfo=None)
    if not _is_working(at.date()):
        at = datetime.combine(_after(at.date()), _OPENS)
    for _ in range(count):
        at = _fitting(at, step)
        made.append(at.replace(tzinfo=_SHANGHAI).astimezone(UTC))
        at += step
    return made


def _fitting(at: datetime, step: timedelta) -> datetime:
    """The first moment from here on at which a whole turn fits into the hours of work."""
    while True:
        day = at.date()
        for opens, ends in ((_OPENS, _NOON), (_BACK, _ENDS)):
            begins = max(at, datetime.combine(day, opens))
            if begins + step <= datetime.combine(day, ends):
                return begins
        at = datetime.combine(_after(day), _OPENS)


def _is_working(day: date) -> bool:
    return due.span(day - timedelta(days=1), 1).last_day == day


def _after(day: date) -> date:
    """The next working day."""
    return due.span(day, 1).last_day


def _length(rules: Programme, kind: InspectionKind, minutes: int | None) -> int:
    rule = rules.site_visit if kind is InspectionKind.SITE_VISIT else rules.pitch
    if rule is None:
        raise RefusedError("no_visit", kind=kind.value)
    length = minutes or rule.minutes or _MINUTES
    if not 0 < length <= _LONGEST:
        raise RefusedError("slot_too_long", given=length, most=_LONGEST)
    return length


def _heard(store: Store, desk: str, round_id: str, kind: InspectionKind, ids: Sequence[str] | None) -> list[Case]:
    """The cases to hear: those named, or all at the desk that no other meeting has before it."""
    here = {case.id: case for case in conflicts.cases_at(store, desk, round_id)}
    called = set(store.all(_CALLED, desk=desk, round=round_id, kind=kind))
    wanted = ids if ids is not None else [one for one in here if one not in called]
    for one in wanted:
        if one not in here:
            raise InputError("case_not_here", field="applications", given=one)
        if one in called:
            raise InputError("called_already", field="applications", given=here[one].receipt)
    if not wanted:
        raise RefusedError("nobody_to_hear")
    return [here[one] for one in dict.fromkeys(wanted)]


def _invite(store: Store, row: Meeting, cases: Mapping[str, Case], slots: Sequence[Mapping[str, Any]]) -> None:
    """Each applicant is told the own time, and the members of the panel when it begins."""
    for slot in slots:
        case = cases[slot["application_id"]]
        told = {"receipt": case.receipt, "starts_at": slot["starts_at"].isoformat(), "minutes": row.minutes,
                "organization": row.desk}  # fmt: skip
        letters.to_people(store, slot["id"], [case.applicant_id], "slot_planned", told, LetterKind.ACTION, case.id)
    panel = duties.panel_of(store, row.round_id, row.desk)
    if panel is not None:
        members = [seat.account_id for seat in store.all(substitutes.MEMBERS, panel=panel.id) if seat.left_at is None]
        told = {"starts_at": row.starts_at.isoformat(), "count": len(slots), "organization": row.desk}
        letters.to_people(store, row.id, members, "meeting_planned", told, thing_id=row.id)


def _require_chair(row: Meeting, who: Actor) -> None:
    if who.id != row.chair:
        raise ForbiddenError("not_the_chair", act=Act.MOVE_ON.value)
