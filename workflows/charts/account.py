"""The life of an account: seats come and go, and one day it is shut out."""

from __future__ import annotations

from statemachine import Event, State

from models.vocabulary import AccountState
from workflows.charts.strict import Strict, stay


class AccountLife(Strict):
    """Opened with a first seat; a disabled account holds no power and opens no page."""

    active = State("使用中", value=AccountState.ACTIVE.value, initial=True)
    disabled = State("已停用", value=AccountState.DISABLED.value)

    seat = Event(stay(active), name="任职")
    vacate = Event(stay(active), name="离任")
    depute = Event(stay(active), name="指定代理")
    grant_token = Event(stay(active), id="grant-token", name="发放接口令牌")
    end_token = Event(stay(active), id="end-token", name="收回接口令牌")
    link_identity = Event(stay(active), id="link-identity", name="关联统一认证身份")
    unlink_identity = Event(stay(active, disabled), id="unlink-identity", name="解除统一认证身份")
    word_letter = Event(stay(active), id="word-letter", name="改写信件文本")
    unword_letter = Event(stay(active), id="unword-letter", name="恢复信件文本")
    relieve = Event(stay(active), name="解除代理")
    correct = Event(stay(active), name="更正")
    # Also of somebody shut out already, whose work must not lie there.
    hand_over = Event(stay(active, disabled), id="hand-over", name="移交")
    disable = Event(active.to(disabled), name="停用账号")
