"""What a member of a drawn panel owes: an undertaking, the sheets of the cases assigned, and to stand back in time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from models.application import Application
from models.base import new_id, table
from models.database import transaction
from models.deadline import Deadline
from models.errors import ForbiddenError, RefusedError
from models.merit import Sheet
from models.panel import Assignment, Member, Panel
from models.round import Round
from models.slate import Slate
from models.sql import Sql, bind, insert_into, rows_of
from models.text import label
from models.vocabulary import REVIEWS, Act, DeadlineKind, PanelState, Recusal, SlateState, Thing
from workflows.clocks import aside, due
from workflows.desk import substitutes
from workflows.judging import conflicts
from workflows.judging.panels import VOID
from workflows.programmes import programme_of
from workflows.record.claiming import look
from workflows.record.journal import move

if TYPE_CHECKING:
    from models.database import Store
    from models.panel import Expert
    from workflows.record.acting import Actor

_L, _M, _N, _D, _S, _P = (table(m).c for m in (Panel, Member, Assignment, Deadline, Sheet, Application))
DRAWN = rows_of(
    Panel, _L.round_id == bind("round", _L.round_id), _L.desk == bind("desk", _L.desk), _L.state == PanelState.DRAWN
)
_HOLD = rows_of(Panel, _L.id == bind("id", _L.id), lock=True)
_HOLD_DRAWN = rows_of(
    Panel, _L.round_id == bind("round", _L.round_id), _L.desk == bind("desk", _L.desk), _L.state == PanelState.DRAWN,
    lock=True,
)  # fmt: skip
_OF_POOL = rows_of(Panel, _L.desk == bind("desk", _L.desk), _L.state == PanelState.DRAWN, order=(_L.id,), lock=True)
SEAT = rows_of(
    Member, _M.panel_id == bind("panel", _M.panel_id), _M.account_id == bind("who", _M.account_id), order=(_M.id,)
)
ASSIGNED = rows_of(
    Assignment, _N.application_id == bind("of", _N.application_id), _N.account_id == bind("who", _N.account_id),
    _N.ended_at.is_(None),
)  # fmt: skip
_OPEN_OF = rows_of(
    Assignment, _N.panel_id == bind("panel", _N.panel_id), _N.account_id == bind("who", _N.account_id),
    _N.ended_at.is_(None), order=(_N.application_id,),
)  # fmt: skip
END: Sql[None] = Sql(
    sa.update(table(Assignment))
    .where(_N.id == bind("of", _N.id))
    .values(ended_at=bind("ended_at", _N.ended_at), end_reason=bind("end_reason", _N.end_reason))
)
_written = sa.exists().where(
    _S.application_id == _N.application_id, _S.account_id == _N.account_id, _S.voided_at.is_(None)
)
# What still has to be written: of cases at the panel's own desk, wherever else they may have gone.
_owed = (_N.ended_at.is_(None), _P.id == _N.application_id, _P.state.in_(sorted(REVIEWS)),
         _L.id == _N.panel_id, _P.desk == _L.desk, ~_written)  # fmt: skip
_OWED: Sql[int] = Sql(
    sa.select(sa.func.count()).where(
        _N.panel_id == bind("panel", _N.panel_id), _N.account_id == bind("who", _N.account_id), *_owed
    )
)
_OWING: Sql[str] = Sql(
    sa.select(_N.account_id).where(_N.panel_id == bind("panel", _N.panel_id), *_owed).distinct().order_by(_N.account_id)
)
_open_due = sa.exists().where(
    _D.thing_id == _N.panel_id, _D.account_id == _N.account_id, _D.kind == DeadlineKind.PANEL, _D.closed_at.is_(None)
)
# Who owes sheets with no day to write them by.
UNDATED = (
    sa.select(_N.panel_id, _N.account_id)
    .where(*_owed, _L.state == PanelState.DRAWN, _L.days.is_not(None), ~_open_due)
    .distinct()
    .subquery("undated")
)
# Cases leave a desk and come back to it by many ways: panels of which somebody owes with nothing due, or the reverse.
_ADRIFT: Sql[str] = Sql(
    sa.union(
        sa.select(UNDATED.c.panel_id),
        sa.select(_D.thing_id).where(
            _D.kind == DeadlineKind.PANEL, _D.closed_at.is_(None),
            ~sa.exists()
            .where(_N.panel_id == _D.thing_id, _N.account_id == _D.account_id, *_owed)
            .correlate(table(Deadline)),
        ),
    )
)  # fmt: skip
_DUE_OF_PANEL: Sql[str] = Sql(
    sa.select(_D.account_id).where(
        _D.thing_id == bind("panel", _D.thing_id), _D.kind == DeadlineKind.PANEL, _D.closed_at.is_(None)
    )
)
_due_of = (
    (_D.thing_id == bind("panel", _D.thing_id))
    & (_D.account_id == bind("who", _D.account_id))
    & (_D.kind == DeadlineKind.PANEL)
    & _D.closed_at.is_(None)
)
_DUE = rows_of(Deadline, _due_of)
_CLOSE: Sql[None] = Sql(sa.update(table(Deadline)).where(_due_of).values(closed_at=bind("closed_at", _D.closed_at)))
_SET = insert_into(Deadline)
_SHEETS = rows_of(
    Sheet, _S.application_id == bind("of", _S.application_id), _S.account_id == bind("who", _S.account_id)
)
_WRITE = insert_into(Sheet)
_LONGEST = 500


def panel_of(store: Store, round_id: str, desk: str | None) -> Panel | None:
    """The panel that was drawn for a round at a desk, if one was."""
    return None if desk is None else store.first(DRAWN, round=round_id, desk=desk)


def hold_panel(store: Store, round_id: str, desk: str | None) -> Panel | None:
    """The panel drawn for a round at a desk, held: after the case, and before anything is asked about its judges.

    Who writes a sheet or stands back waits for whoever gives the case to another judge, and the other way round.
    """
    return None if desk is None else store.first(_HOLD_DRAWN, round=round_id, desk=desk)


def standing(store: Store, who: Actor, round_id: str, desk: str) -> str | None:
    """How somebody stands to the panel drawn for a round at a desk: "" for a member, None without a panel.

    `not_on_panel` for who is no member, `undertaking_missing` for one who has not accepted it yet.
    """
    panel = panel_of(store, round_id, desk)
    if panel is None:
        return None
    seat = next((one for one in store.all(SEAT, panel=panel.id, who=who.id) if one.left_at is None), None)
    if seat is None:
        return "not_on_panel"
    return "undertaking_missing" if seat.undertaken_at is None else ""


def require_standing(duty: str | None) -> None:
    """Raise ForbiddenError("not_on_panel") or RefusedError("undertaking_missing") for who may write no sheet yet."""
    if duty == "not_on_panel":
        raise ForbiddenError("not_on_panel", act=Act.SCORE.value)
    if duty == "undertaking_missing":
        raise RefusedError("undertaking_missing")


def scored(store: Store, round_id: str, desk: str | None, account_id: str) -> None:
    """Sheets were written: whoever owes none any more has nothing due."""
    panel = panel_of(store, round_id, desk)
    if panel is not None:
        settle(store, panel, account_id)


def settle(store: Store, panel: Panel, account_id: str) -> None:
    """Set what is due from a member with sheets to write, and close it for one without."""
    values = {"panel": panel.id, "who": account_id}
    if not store.first(_OWED, **values):
        store.run(_CLOSE, **values, closed_at=store.now)
    elif panel.days is not None and store.first(_DUE, **values) is None:
        store.run(_SET, **_term(store, panel, account_id))


def settle_all(store: Store, panel: Panel) -> None:
    """As `settle`, for all members at once."""
    owing, armed = (set(store.all(sql, panel=panel.id)) for sql in (_OWING, _DUE_OF_PANEL))
    store.run_many(_SET, [_term(store, panel, one) for one in sorted(owing - armed)])
    store.run_many(_CLOSE, [{"panel": panel.id, "who": one, "closed_at": store.now} for one in sorted(armed - owing)])


def follow_cases() -> int:
    """Bring what is due from judges to what they owe, after cases left a desk or came back; a clock's step."""
    with transaction() as store:
        adrift = store.all(_ADRIFT)
    return aside.each("sheets_followed", adrift, _follow, Thing.PANEL)


def _follow(panel_id: str) -> int:
    with transaction() as store:
        settle_all(store, store.all(_HOLD, id=panel_id)[0])
    return 1


def _term(store: Store, panel: Panel, account_id: str) -> dict[str, Any]:
    """Until when a member is to write the sheets, in working days from now."""
    found = due.within(DeadlineKind.PANEL, panel.days or 1, store.now, panel.desk)
    return {"id": new_id(), "thing": Thing.PANEL, "thing_id": panel.id, "kind": DeadlineKind.PANEL, "desk": None,
            "account_id": account_id, "set_at": store.now, "due_at": found.at, "derivation": found.derivation[:500],
            "provisional": found.provisional, "basis": found.basis}  # fmt: skip


def stood_back(store: Store, who: Actor, row: Application, account_id: str, reason: str, *, wrote: bool) -> None:
    """A judge stood back from a case: their assignment ends, and who had not scored yet is replaced.

    Who had is not (domain: scenario 16): the others' sheets are counted anew. Where nobody of the draw can
    take the case, the desk sees that it is short of a judge.
    """
    panel = hold_panel(store, row.round_id, row.desk)
    given = store.first(ASSIGNED, of=row.id, who=account_id) if panel else None
    if panel is None or given is None:
        return
    store.run(END, of=given.id, ended_at=store.now, end_reason=reason[:_LONGEST])
    if not wrote:
        panel = pass_on(store, who, panel, [given], reason)
    settle(store, panel, account_id)


def pass_on(store: Store, who: Actor, panel: Panel, given: list[Assignment], reason: str) -> Panel:
    """Give cases whose assignment ended to the next of the draw, each to whoever can take it; answers the panel."""
    rules = programme_of(store, look(store, Round, panel.round_id).programme)
    for one in given:
        known = substitutes.ground(store, panel, rules)
        gone = next(seat for seat in known.members if seat.account_id == one.account_id)
        had = {a.account_id for a in known.assigned if a.application_id == one.application_id}
        out = {m.expert_id for m in known.members if m.account_id in had or m.left_at is not None}
        place, passed = substitutes.next_of(panel, known, out, [one.application_id])
        if place is None:
            continue
        told = {"application": one.application_id}
        if any(place.expert == seat.expert_id for seat in known.members):
            body = {**told, "gone": gone.expert_id, "came": place.expert, "passed_over": passed, "reason": reason}
            panel = move(store, who, Act.REPLACE, panel, body=body)
        else:
            panel = substitutes.join(store, who, panel, known, place, gone, passed, reason, **told)
        give(store, panel, known.experts[place.expert], one.application_id, known, way="replaced", anchor=one.anchor)
    return panel


def give(
    store: Store, panel: Panel, expert: Expert, application_id: str, known: substitutes.Ground, *, way: str,
    anchor: bool = False,
) -> None:  # fmt: skip
    """Assign one case by hand or by replacement; `way` says how it came about."""
    reason = {"field": "", "load": known.load(expert.account_id) + 1, "cost": None, "way": way}
    store.run(substitutes.ASSIGN, id=new_id(), panel_id=panel.id, application_id=application_id,
              account_id=expert.account_id, reason=reason, anchor=anchor, assigned_at=store.now)  # fmt: skip
    settle(store, panel, expert.account_id)


def recuse_by_rule(store: Store, who: Actor, expert: Expert) -> list[str]:
    """What is known now forbids an expert some of the cases they have: they stand back; answers the cases.

    A sheet written before is void. A case whose list is sealed stays as it is: its scores are settled.
    """
    done = []
    for panel in store.all(_OF_POOL, desk=expert.organization):
        cases = {case.id: case for case in conflicts.cases_at(store, panel.desk, panel.round_id)}
        told = conflicts.found(store, panel.desk, panel.round_id, cases.values())
        for given in store.all(_OPEN_OF, panel=panel.id, who=expert.account_id):
            rule = told.get((expert.id, given.application_id))
            if rule in (None, Recusal.DECLARED) or not _is_open(store, cases[given.application_id]):
                continue
            row, words = look(store, Application, given.application_id), label(rule)
            wrote = void(store, who, row, expert.account_id, words)
            stood_back(store, who, row, expert.account_id, words, wrote=wrote)
            done.append(row.id)
    return done


def void(store: Store, who: Actor, row: Application, account_id: str, reason: str) -> bool:
    """Make a judge's sheet of a case void, for good; answers whether there was one that counted."""
    over: dict[str, Any] = {"voided_at": store.now, "void_reason": reason[:_LONGEST], "voided_by": who.id,
                            "recused": True}  # fmt: skip
    mine = store.all(_SHEETS, of=row.id, who=account_id)
    if (standing := next((one for one in mine if one.voided_at is None), None)) is not None:
        store.run(VOID, old_id=standing.id, **over)
        return True
    if not any(one.recused for one in mine):
        store.run(_WRITE, id=new_id(), application_id=row.id, desk=row.desk, account_id=account_id, scores={}, total=0,
                  at=store.now, **over)  # fmt: skip
    return False


def require_unwritten(store: Store, application_id: str, account_id: str) -> None:
    """Refuse to take a case from a judge who has scored it. Raises RefusedError("sheet_exists")."""
    if any(one.voided_at is None for one in store.all(_SHEETS, of=application_id, who=account_id)):
        raise RefusedError("sheet_exists", receipt=look(store, Application, application_id).receipt)


def _is_open(store: Store, case: conflicts.Case) -> bool:
    return case.slate_id is None or look(store, Slate, case.slate_id).state is SlateState.DRAFTING
