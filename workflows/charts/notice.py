"""The lives of a notice, of an objection heard in it, and of the round they belong to."""

from __future__ import annotations

from statemachine import Event, State

from models.vocabulary import NoticeState as N
from models.vocabulary import ObjectionState as O
from models.vocabulary import RoundState as R
from workflows.charts.strict import Life, Strict, stay


class NoticeLife(Strict):
    """Opened once, corrected in place, closed when its last day is over; its proofs may come in later."""

    open_ = State("公示中", value=N.OPEN.value, initial=True)
    closed = State("公示结束", value=N.CLOSED.value)

    correct = Event(stay(open_), name="更正")
    attach = Event(stay(open_, closed), name="上传公示证明")
    close = Event(open_.to(closed), name="结束公示")
    # What is put off is the decision after it; how long it hangs only days off can move.
    postpone = Event(stay(closed), name="顺延办理期限")
    recount = Event(stay(open_, closed), name="重算期限")


def _heard(model: Life) -> bool:
    return model.facts.passed


def _unheard(model: Life) -> bool:
    return not model.facts.passed


class ObjectionLife(Strict):
    """Admitted ones are investigated by the recommending union and settled by the deciding one.

    Whatever comes in is a lead until it is admitted: by rule at its entry, or by a reviewer.
    """

    lead = State("线索", value=O.LEAD.value, initial=True)
    investigating = State("调查中", value=O.INVESTIGATING.value)
    reported = State("已报告", value=O.REPORTED.value)
    dismissed = State("不成立", value=O.DISMISSED.value, final=True)
    upheld = State("成立", value=O.UPHELD.value, final=True)

    admit = Event(
        lead.to(investigating, cond=_heard) | stay(lead, cond=_unheard) | investigating.to(lead, cond=_unheard),
        name="受理审查",
    )
    attach = Event(stay(lead, investigating, reported), name="上传证据")
    withdraw = Event(investigating.to(lead), name="撤回异议")
    # A typing error pointed at is no dispute: it is put right or not, and its asker told.
    answer = Event(lead.to(upheld, cond=_heard) | lead.to(dismissed, cond=_unheard), name="答复更正申请")
    extend = Event(stay(investigating), name="延长核查")
    take_up = Event(lead.to(investigating), id="take-up", name="立案调查")
    report_back = Event(investigating.to(reported), id="report-back", name="报告调查结果")
    postpone = Event(stay(reported), name="顺延办理期限")
    recount = Event(stay(lead, investigating, reported), name="重算期限")
    dismiss = Event(dismissed.from_(investigating, reported), name="异议不成立")
    uphold = Event(upheld.from_(investigating, reported), name="异议成立")


class RoundLife(Strict):
    """Planned, open for filing, reviewing, finished."""

    planned = State("计划中", value=R.PLANNED.value, initial=True)
    open_ = State("申报中", value=R.OPEN.value)
    reviewing = State("评审中", value=R.REVIEWING.value)
    finished = State("已结束", value=R.FINISHED.value, final=True)

    open_it = Event(planned.to(open_), id="open", name="开始申报")
    close = Event(open_.to(reviewing), name="截止申报")
    extend = Event(stay(planned, open_, reviewing), name="延长截止")
    issue = Event(stay(planned, open_, reviewing), name="按公式下达名额")
    # Places go on from union to union: below, back, beside.
    split = Event(stay(planned, open_, reviewing), name="分配名额")
    reclaim = Event(stay(planned, open_, reviewing), name="收回名额")
    lend = Event(stay(planned, open_, reviewing), name="借出名额")
    give_back = Event(stay(planned, open_, reviewing), id="give-back", name="归还名额")
    end = Event(reviewing.to(finished), name="结束本轮")
