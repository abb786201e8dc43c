"""What the states of pools, panels and meetings and the rules of recusal are called, in Chinese and in English."""

from collections.abc import Mapping
from enum import StrEnum

from models import vocabulary as v

PANELS: dict[type[StrEnum], Mapping[str, tuple[str, str]]] = {
    v.ExpertState: {
        v.ExpertState.ACTIVE: ("在库", "in the pool"),
        v.ExpertState.RETIRED: ("已出库", "left the pool"),
    },
    v.PanelState: {
        v.PanelState.DRAWN: ("已抽取", "drawn"),
        v.PanelState.DISSOLVED: ("已解散", "dissolved"),
    },
    v.Recusal: {
        v.Recusal.OWN_FILING: ("本人申报或领衔", "own filing"),
        v.Recusal.SAME_UNIT: ("同一单位或同一集团", "same unit or group"),
        v.Recusal.SAME_ALLIANCE: ("同一联盟", "same alliance"),
        v.Recusal.KIN: ("亲属", "kin"),
        v.Recusal.CO_APPLICANT: ("三年内共同申报", "filed together within three years"),
        v.Recusal.DECLARED: ("已回避", "has stood back"),
        v.Recusal.OUT_OF_TERM: ("不在聘期", "not in the pool now"),
        v.Recusal.FULL: ("评审数量已满", "has as many cases as allowed"),
    },
    v.RequestState: {
        v.RequestState.OPEN: ("待答复", "open"),
        v.RequestState.GRANTED: ("同意回避", "granted"),
        v.RequestState.DECLINED: ("不予回避", "declined"),
    },
    v.MeetingState: {
        v.MeetingState.PLANNED: ("待召开", "planned"),
        v.MeetingState.RUNNING: ("进行中", "running"),
        v.MeetingState.CLOSED: ("已结束", "closed"),
    },
}
