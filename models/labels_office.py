"""What the words of countersigning are called, in Chinese and in English."""

from collections.abc import Mapping
from enum import StrEnum

from models import vocabulary as v

OFFICE: dict[type[StrEnum], Mapping[str, tuple[str, str]]] = {
    v.CountersignRule: {
        v.CountersignRule.ALL: ("会签（全部同意）", "all must agree"),
        v.CountersignRule.ANY: ("或签（一人同意）", "one is enough"),
        v.CountersignRule.RATIO: ("票签（按比例）", "by ratio"),
    },
    v.CountersignState: {
        v.CountersignState.OPEN: ("会签中", "being signed"),
        v.CountersignState.PASSED: ("会签通过", "passed"),
        v.CountersignState.FAILED: ("会签未通过", "failed"),
        v.CountersignState.CALLED_OFF: ("会签已终止", "called off"),
    },
    v.Vote: {
        v.Vote.AGREE: ("同意", "agree"),
        v.Vote.DISAGREE: ("不同意", "disagree"),
    },
}
