"""What the words of letters and their carriers are called, in Chinese and in English."""

from collections.abc import Mapping
from enum import StrEnum

from models import vocabulary as v

POST: dict[type[StrEnum], Mapping[str, tuple[str, str]]] = {
    v.CarrierKind: {
        v.CarrierKind.WECOM: ("企业微信", "WeCom"),
        v.CarrierKind.DINGTALK: ("钉钉", "DingTalk"),
        v.CarrierKind.FEISHU: ("飞书", "Feishu"),
        v.CarrierKind.WEBHOOK: ("网络回调", "webhook"),
    },
    v.LinkKind: {
        v.LinkKind.INVITATION: ("开通邀请", "invitation"),
        v.LinkKind.RESET: ("重设密码", "password reset"),
    },
    v.Habit: {
        v.Habit.AT_ONCE: ("即时", "at once"),
        v.Habit.DAILY: ("每日汇总", "daily digest"),
        v.Habit.OFF: ("不接收", "not at all"),
    },
}
