"""What can be asked of a search: its fields, their other names, and the words they take."""

from __future__ import annotations

from typing import NamedTuple

from models.labels import LABELS, Pair
from models.vocabulary import REVIEW_OF, REVIEWS, Rung, State


class Field(NamedTuple):
    """A field: its names (the first one is its own), what it takes, and what it asks, zh and en."""

    names: tuple[str, ...]
    takes: str
    meaning: Pair


class Word(NamedTuple):
    """A word that a field takes: its names (the first one is its own) and its meaning, zh and en."""

    names: tuple[str, ...]
    meaning: Pair


FIELDS: dict[str, Field] = {
    f.names[0]: f
    for f in (
        Field(("is", "情况"), "flag", ("处于某种情况", "it is in some condition")),
        Field(("state", "状态"), "state", ("申报的状态", "the state of the application")),
        Field(("tier", "层级"), "tier", ("正在哪一级审核", "which tier reviews it now")),
        Field(("desk", "工作台", "经办"), "desk", ("现由哪个工会经办", "which union must act now")),
        Field(("handler", "承办人"), "text", ("在本单位由谁承办", "whose hand it is in at your desk")),
        Field(("round", "批次"), "text", ("申报批次：名称、年份或编号", "the round: name, year or id")),
        Field(("programme", "项目"), "text", ("申报项目：代码或代码@版本", "the programme: code or code@version")),
        Field(
            ("region", "地区"),
            "text",
            ("单位所在地区：代码前几位或名称", "where the unit is: first digits or name"),
        ),
        Field(("unit", "单位"), "text", ("申报单位：名称或代码", "the unit: name or code")),
        Field(("leader", "领衔人"), "text", ("领衔人姓名", "the leader's name")),
        Field(("receipt", "受理编号", "编号"), "text", ("受理编号的开头", "the beginning of the receipt number")),
        Field(("due", "期限"), "day", ("期限的最后一天", "the last day of its term")),
        Field(("submitted", "提交"), "day", ("提交的日子", "the day it was submitted")),
        Field(("entered", "到达"), "day", ("到达现在这一环节的日子", "the day it came to where it is")),
        Field(("since", "已等"), "days", ("在现在这一环节已等了多久", "how long it has waited where it is")),
        Field(("score", "分数"), "number", ("本级名单确认后的分数", "its score on your desk's sealed list")),
        Field(("sort", "排序"), "order", ("按什么排序；前加-倒排", "what to sort by; - before it turns it round")),
    )
}
FLAGS: dict[str, Word] = {
    w.names[0]: w
    for w in (
        Word(("overdue", "逾期", "已逾期"), ("期限已过", "its term has passed")),
        Word(("at-risk", "临期", "将逾期"), ("三个工作日内到期", "due within three working days, and not late")),
        Word(
            ("unchecked", "待审核", "未审核"),
            ("本级尚未审核通过", "under review, and not checked there yet"),
        ),
        Word(("checked", "已审核"), ("本级已审核通过", "under review, and checked there")),
        Word(("held", "挂起"), ("在您的工作台被挂起", "put on hold at your desk")),
        Word(("listed", "已列名单"), ("在您的工作台已列入名单", "on a list of your desk")),
        Word(("returned", "退回"), ("退回修改中", "returned for correction")),
        Word(("live", "在办"), ("已提交，占着位置", "submitted, and holding its place")),
        Word(("ended", "办结", "已办结"), ("已经办结", "over")),
        Word(("mine", "我的"), ("我或我所在单位申报的", "brought by me or my unit")),
    )
}
TIERS: dict[str, tuple[str, ...]] = {
    Rung.ENTERPRISE.value: ("enterprise", "企业"),
    Rung.TOWNSHIP.value: ("township", "乡镇"),
    Rung.COUNTY.value: ("county", "县", "县级"),
    Rung.CITY.value: ("city", "市", "市级", "industry", "产业", Rung.CITY.value),
    Rung.PROVINCE.value: ("province", "省", "省级"),
    Rung.JOINT.value: ("joint", "联席"),
    Rung.NATION.value: ("nation", "全国"),
}
ORDERS: dict[str, Word] = {
    w.names[0]: w
    for w in (
        Word(("due", "期限"), ("期限近的在前", "the soonest due first")),
        Word(("entered", "到达"), ("等得久的在前", "the longest waiting first")),
        Word(("submitted", "提交"), ("先提交的在前", "the first submitted first")),
        Word(("receipt", "受理编号", "编号"), ("按受理编号", "by receipt number")),
    )
}
SHORT = {
    State.DRAFT: "草稿", State.RETURNED: "退回", State.PUBLIC_NOTICE: "公示", State.CONTESTED: "异议",
    State.NAMED: "命名", State.STRUCK: "取消资格", State.NOT_SELECTED: "未入选", State.REFUSED: "不予受理",
    State.WITHDRAWN: "撤回", State.LAPSED: "放弃",
}  # fmt: skip
_REVIEW = ("review", "审核", "审核中")


def _states() -> dict[str, frozenset[State]]:
    """Every word for states, with those it means."""
    known: dict[str, frozenset[State]] = dict.fromkeys(_REVIEW, REVIEWS)
    for state in State:
        for name in (state.value, *LABELS[State][state], SHORT.get(state, state.value)):
            known[name] = frozenset({state})
    return known


FIELD_OF = {name: field for field in FIELDS.values() for name in field.names}
FLAG_OF = {name: word.names[0] for word in FLAGS.values() for name in word.names}
ORDER_OF = {name: word.names[0] for word in ORDERS.values() for name in word.names}
STATES_OF = _states()
STATES_OF_TIER = {name: frozenset({REVIEW_OF[Rung(rung)]}) for rung, names in TIERS.items() for name in names}
STATES_SHOWN = (_REVIEW, *((state.value, LABELS[State][state][0]) for state in State))
