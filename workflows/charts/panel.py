"""The lives of an expert in a pool, of a panel drawn from it, and of a meeting that hears one case after another."""

from __future__ import annotations

from statemachine import Event, State

from models.vocabulary import ExpertState as X
from models.vocabulary import MeetingState as M
from models.vocabulary import PanelState as P
from workflows.charts.strict import Strict, stay


class ExpertLife(Strict):
    """In the pool for a term; who left it is drawn no more."""

    active = State("在库", value=X.ACTIVE.value, initial=True)
    retired = State("已出库", value=X.RETIRED.value, final=True)

    revise = Event(stay(active), name="修改")
    end = Event(active.to(retired), name="出库")


class PanelLife(Strict):
    """Drawn once; members come and go by the same draw; dissolved for a reason, it stays on record."""

    drawn = State("已抽取", value=P.DRAWN.value, initial=True)
    dissolved = State("已解散", value=P.DISSOLVED.value, final=True)

    accept = Event(stay(drawn), name="签署承诺书")
    replace = Event(stay(drawn), name="递补专家")
    assign = Event(stay(drawn), name="分派评审")
    call_off = Event(drawn.to(dissolved), id="call-off", name="解散")
    postpone = Event(stay(drawn), name="顺延办理期限")
    recount = Event(stay(drawn), name="重算期限")


class MeetingLife(Strict):
    """Its order is drawn, the chair calls one case after another, and closes it."""

    planned = State("待召开", value=M.PLANNED.value, initial=True)
    running = State("进行中", value=M.RUNNING.value)
    closed = State("已结束", value=M.CLOSED.value, final=True)

    move_on = Event(planned.to(running) | stay(running), id="move-on", name="进入下一项")
    close = Event(closed.from_(planned, running), name="结束会议")
