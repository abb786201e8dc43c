"""The life of one stage of money for a title: asked for, approved, paid once, accounted for."""

from __future__ import annotations

from statemachine import Event, State

from models.vocabulary import SubsidyState as S
from workflows.charts.strict import Strict, stay


class SubsidyLife(Strict):
    """Two hands approve and pay; what was paid is reported, and comes back when the title falls."""

    eligible = State("可申请", value=S.ELIGIBLE.value, initial=True)
    requested = State("已申请", value=S.REQUESTED.value)
    approved = State("已核准", value=S.APPROVED.value)
    paid = State("已拨付", value=S.PAID.value)
    reported = State("已报告使用", value=S.REPORTED.value)
    closed = State("已办结", value=S.CLOSED.value)
    recovered = State("已收回", value=S.RECOVERED.value, final=True)
    cancelled = State("已取消", value=S.CANCELLED.value, final=True)

    request = Event(eligible.to(requested) | stay(requested), name="申请拨付")
    approve = Event(requested.to(approved), name="核准")
    send_back = Event(
        eligible.from_(requested, approved) | reported.to(paid),
        id="return",
        name="退回",
    )
    pay = Event(approved.to(paid), name="拨付")
    account_for = Event(paid.to(reported), id="account-for", name="报告使用情况")
    end = Event(closed.from_(paid, reported), name="办结")
    # What is closed may still come back: a title can be revoked years later.
    flag = Event(stay(paid, reported, closed), name="标记待核查")
    recover = Event(recovered.from_(paid, reported, closed), name="收回")
    postpone = Event(stay(eligible, requested, approved, paid, reported, closed), name="顺延办理期限")
    recount = Event(stay(eligible, requested, approved, paid, reported, closed), name="重算期限")
    cancel = Event(cancelled.from_(eligible, requested, approved), name="取消")
