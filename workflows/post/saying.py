"""How what a letter knows is said in it: codes in words, moments in Beijing time, sums, lists."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from models.vocabulary import (
    AppealState,
    AssessmentKind,
    CountersignState,
    DeadlineKind,
    Grade,
    ObjectionState,
)
from models.writing import money as sum_of

UNKNOWN = "—"
NOTHING: tuple[Any, ...] = (None, "", [])
# Params that hold a code, or in `reason` may hold one, said in words: (zh, en).
_SAID: dict[str, dict[str, tuple[str, str]]] = {
    "what": {
        DeadlineKind.SUBMISSION: ("提交申报", "submission"),
        DeadlineKind.REVIEW: ("审核", "review"),
        DeadlineKind.CORRECTION: ("补正", "correction"),
        DeadlineKind.NOTICE_END: ("公示期满", "end of the public notice"),
        DeadlineKind.OBJECTION_ANSWER: ("异议核查报告", "report on an objection"),
        DeadlineKind.SETTLEMENT: ("异议处理", "settlement of an objection"),
        DeadlineKind.RESERVE_END: ("备选递补", "moving up from the reserve"),
        DeadlineKind.NOTICE_DUE: ("发布公示", "public notice"),
        DeadlineKind.DECISION: ("命名决定", "decision"),
        DeadlineKind.ASSESSMENT_REPORT: ("报送年度考核材料", "assessment report"),
        DeadlineKind.ASSESSMENT_GRADE: ("年度考核评定", "grading of the assessment"),
        DeadlineKind.RECTIFICATION: ("整改", "rectification"),
        DeadlineKind.FIRST_LIST: ("报送初审名单", "first list"),
        DeadlineKind.SCREENING: ("部门回复意见", "departments' replies"),
        DeadlineKind.APPEAL_END: ("申诉期满", "end of the appeal period"),
        DeadlineKind.ACCEPTANCE: ("报送验收材料", "acceptance report"),
        DeadlineKind.RECONFIRMATION: ("报送重新确认材料", "re-confirmation report"),
        DeadlineKind.TITLE_END: ("称号到期办理", "end of a title's term"),
        DeadlineKind.SUCCESSION: ("更换领衔人", "change of leader"),
        DeadlineKind.HOLD_END: ("挂起", "hold"),
        DeadlineKind.COUNTERSIGN: ("会签", "countersign"),
        DeadlineKind.PANEL: ("评分", "scoring"),
        DeadlineKind.MEETING: ("评审会议", "meeting"),
        DeadlineKind.RECHECK: ("整改复核", "re-check"),
        DeadlineKind.SEAT_END: ("任职到期", "end of a seat"),
        DeadlineKind.BAR_END: ("限制期满", "end of a bar"),
        DeadlineKind.SUBSIDY_STAGE: ("申请补助", "request for a subsidy"),
        DeadlineKind.SUBSIDY_STEP: ("补助核拨", "next step of a subsidy"),
        DeadlineKind.SUBSIDY_REPORT: ("补助使用报告", "report on the subsidy"),
    },
    "task": {
        AssessmentKind.YEARLY: ("年度考核", "yearly assessment"),
        AssessmentKind.ACCEPTANCE: ("验收", "acceptance"),
        AssessmentKind.RECONFIRMATION: ("重新确认", "re-confirmation"),
    },
    "grade": {
        Grade.EXCELLENT: ("优秀", "excellent"),
        Grade.QUALIFIED: ("合格", "qualified"),
        Grade.RECTIFY: ("限期整改", "to be rectified"),
        Grade.REVOKED: ("撤销", "revoked"),
    },
    "outcome": {
        ObjectionState.DISMISSED: ("反映的情况不成立", "not upheld"),
        ObjectionState.UPHELD: ("反映的情况成立", "upheld"),
        "partly": ("反映的情况部分成立，不影响资格", "upheld in part, without effect on the application"),
        "withdrawn": ("反映不再核实", "no longer pursued"),
        AppealState.ACCEPTED: ("申诉成立", "accepted"),
        AppealState.REJECTED: ("申诉不成立", "not accepted"),
    },
    "result": {
        CountersignState.PASSED: ("通过", "passed"),
        CountersignState.FAILED: ("未通过", "failed"),
        CountersignState.CALLED_OFF: ("已终止", "called off"),
    },
    "reason": {
        "countersign_settled": ("会签已有结论或已终止", "the countersign is settled or was called off"),
        "seat_ended": ("任职已结束", "the seat has ended"),
        "round_finished": ("名额有限，本批次已结束", "the places were limited and the round is finished"),
        "holds_title_already": ("已持有本称号，或在限制期内", "the title is held already, or a bar is in force"),
        "vetoed": ("征求意见未通过", "the opinions asked of other departments did not allow it"),
        "round_closed": ("批次截止时尚未提交", "the round closed before it was submitted"),
        "correction_over": ("逾期未补正", "it was not corrected in time"),
        "past_cut_off": ("截止前未上报，视为自动放弃", "it was not sent up by the cut-off and counts as given up"),
    },
}
_ENDS = ("due_at", "ends_at")
_DAY_LENGTH = len("2026-03-03")
_BEIJING = ZoneInfo("Asia/Shanghai")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


class Said(str):
    """A param in words, which keeps what the letter was given: the filters of a union's own words ask for that."""

    __slots__ = ("given", "name", "tongue")

    given: Any
    name: str
    tongue: int


class Lacking(Said):
    """What the letter does not know: shown as a dash, and not there for an `if`."""

    __slots__ = ()

    def __bool__(self) -> bool:
        """Never there."""
        return False


def said(name: str, value: Any, tongue: int) -> Said:
    """A param in words; `tongue` is 0 for Chinese, 1 for English. Times are Beijing time."""
    lacks = value in NOTHING
    made = Lacking(UNKNOWN) if lacks else Said(_in_words(name, value, tongue))
    made.name, made.given, made.tongue = name, value, tongue
    return made


def as_date(word: Said) -> str:
    """The day of a moment, of an end at midnight the day that is over then; what is no moment as it is said."""
    if not word:
        return str(word)
    return _moment(str(word.given), word.tongue, whole_day=True, until=word.name.endswith(_ENDS))


def as_moment(word: Said) -> str:
    """Day and hour of a moment, an end at midnight as 24:00; what is no moment as it is said."""
    if not word:
        return str(word)
    return _moment(str(word.given), word.tongue, whole_day=False, until=word.name.endswith(_ENDS))


def as_money(word: Said) -> str:
    """A sum in fen as offices write it; what is no number as it is said."""
    try:
        return sum_of(int(word.given), ("zh", "en")[word.tongue]) if word else str(word)
    except (TypeError, ValueError):
        return str(word)


def as_list(word: Said) -> str:
    """One line for each of several; what is no list is its only line."""
    if not word:
        return str(word)
    return _lines(word.given) if isinstance(word.given, list) else _lines([str(word)])


def _in_words(name: str, value: Any, tongue: int) -> str:
    if isinstance(value, dict):
        return str(value.get(("zh", "en")[tongue], UNKNOWN))
    if isinstance(value, list):
        return _lines(value)
    if name.endswith("fen"):
        return sum_of(int(value), ("zh", "en")[tongue])
    if name.endswith(("_at", "_on")):
        return _moment(str(value), tongue, whole_day=name.endswith("_on"), until=name.endswith(_ENDS))
    return _SAID[name].get(str(value), (str(value),) * 2)[tongue] if name in _SAID else str(value)


def _lines(items: list[Any]) -> str:
    return "".join(f"\n· {_item(item)}" for item in items)


def _item(item: Any) -> str:
    return "：".join(str(part) for part in item.values()) if isinstance(item, dict) else str(item)


def _moment(text: str, tongue: int, *, whole_day: bool, until: bool = False) -> str:
    """A moment as Chinese offices write it; what is no ISO date is left as it stands."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    if len(text) == _DAY_LENGTH:
        return _day(moment, tongue)
    local = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(_BEIJING)
    midnight = until and local.time() == time.min
    if midnight:
        local -= timedelta(days=1)
    at = "24:00" if midnight else f"{local:%H:%M}"
    hour = "" if whole_day else f" {at}" + ("", " (Beijing time)")[tongue]
    return f"{_day(local, tongue)}{hour}"


def _day(day: date, tongue: int) -> str:
    if tongue:
        return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
    return f"{day.year}年{day.month}月{day.day}日"
