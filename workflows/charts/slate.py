"""The life of a slate: drafted, sealed, in notice or sent up, opened, decided."""

from __future__ import annotations

from statemachine import Event, State

from models.vocabulary import SlateState as S
from workflows.charts.strict import Life, Strict, stay


def _all_settled(model: Life) -> bool:
    return model.facts.passed


def _as_a_whole(model: Life) -> bool:
    return not model.facts.part


def _in_part(model: Life) -> bool:
    return model.facts.part


class SlateLife(Strict):
    """A lower tier sends its slate up; the deciding tier puts it in notice and decides."""

    drafting = State("拟定中", value=S.DRAFTING.value, initial=True)
    sealed = State("已确认", value=S.SEALED.value)
    in_notice = State("公示中", value=S.IN_NOTICE.value)
    sent_up = State("已上报", value=S.SENT_UP.value)
    opened = State("上级已受理", value=S.OPENED.value)
    decided = State("已审定", value=S.DECIDED.value, final=True)

    rank = Event(stay(drafting), name="排序")
    seal = Event(drafting.to(sealed), name="确认批次")
    recall = Event(drafting.from_(sealed, sent_up), name="撤回批次")
    send_up = Event(sent_up.from_(sealed, in_notice), id="send-up", name="上报")
    open_it = Event(sent_up.to(opened), id="open", name="受理批次")
    # The tier above gives a list back: as a whole it is drafted again, of a part the rest stays where it is.
    send_down = Event(
        drafting.from_(sent_up, opened, cond=_as_a_whole) | stay(sent_up, opened, cond=_in_part),
        id="send-down", name="退回名单",
    )  # fmt: skip
    accept = Event(stay(opened), name="接收名单")
    attach = Event(stay(drafting, sealed, in_notice, sent_up), name="附会议纪要")
    publish = Event(sealed.to(in_notice) | stay(in_notice), name="公示")
    decide = Event(in_notice.to(decided, cond=_all_settled) | stay(in_notice), name="审定")
    end = Event(decided.from_(drafting, sealed, sent_up, opened, in_notice), name="随本轮结束")
    promote = Event(stay(sealed, sent_up, opened, in_notice), name="备选递补")
    # A member province of a joint meeting says yes to the list as it stands.
    confirm = Event(stay(sealed, in_notice), name="会签确认")
    # A member leaves: by its applicant's withdrawal, a return, a refusal or an upheld objection.
    withdraw = Event(stay(drafting, sealed, sent_up, opened, in_notice), name="成员退出")
    # A member comes back to its place: a batch of returns or refusals was undone.
    undo = Event(stay(drafting, sealed, sent_up, opened, in_notice), name="撤销操作")
