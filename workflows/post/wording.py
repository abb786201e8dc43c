"""Letters put into words: the phrases of a template, filled with what the letter knows."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from babel.dates import format_datetime

from models.errors import InputError
from models.vocabulary import (
    AppealState,
    AssessmentKind,
    CountersignState,
    DeadlineKind,
    Grade,
    LetterKind,
    ObjectionState,
)
from models.writing import money
from workflows.post.phrases import TEMPLATES as USUAL
from workflows.post.phrases import Template
from workflows.post.phrases_bulk import BULK_LETTERS
from workflows.post.phrases_money import MONEY_LETTERS
from workflows.post.phrases_office import OFFICE_LETTERS
from workflows.post.phrases_panels import PANEL_LETTERS
from workflows.post.phrases_path import PATH_LETTERS
from workflows.post.phrases_slate import SLATE_LETTERS
from workflows.post.phrases_titles import TITLE_LETTERS

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["TEMPLATES", "Template", "fields", "render"]

UNKNOWN = "—"
TEMPLATES: dict[str, Template] = {
    **USUAL, **PATH_LETTERS, **MONEY_LETTERS, **TITLE_LETTERS, **SLATE_LETTERS, **BULK_LETTERS,
    **OFFICE_LETTERS, **PANEL_LETTERS,
}  # fmt: skip

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
_FACTS = {
    "subject": ("申报项目", "Studio"),
    "receipt": ("受理编号", "Receipt number"),
    "round": ("批次", "Round"),
    "link": ("办理页面", "Page"),
}
_DUE = ("办理期限", "Due")
_GREETING = ("您好：", "Dear colleague,")
_END = (
    "本邮件由申报系统自动发送，请勿直接回复。",
    "Sent by the application system; replies are not read.",
)
_MARK = {LetterKind.ACTION: ("【请办理】", "[Action] "), LetterKind.INFORMATION: ("【通知】", "")}
_FIELD = re.compile(r"\{(\w+)\}")
_NOTHING: tuple[Any, ...] = (None, "", [])
_DAY_LENGTH = len("2026-03-03")
_BEIJING = ZoneInfo("Asia/Shanghai")


def render(template: str, params: Mapping[str, Any], language: str, *, strict: bool = False) -> tuple[str, str]:
    """Subject and body of a letter in `en`, or else in Chinese; times are Beijing time.

    What is missing is shown as a dash, so that no letter stays behind for it; `strict` raises
    InputError `letter_field` instead. Raises InputError `letter_template` for an unknown one.
    """
    if (found := TEMPLATES.get(template)) is None:
        raise InputError("letter_template", template=template)
    lacking = sorted(name for name in fields(template) if params.get(name) in _NOTHING)
    if strict and lacking:
        raise InputError("letter_field", template=template, field=lacking[0])
    tongue = int(language.startswith("en"))
    subject, body = (_filled(text, params, tongue) for text in found[1 + tongue])
    facts = _facts(found, params, tongue)
    title = " ".join(f"{_MARK[found.kind][tongue]}{subject}{_about(params, tongue)}".split())
    return title, "\n\n".join(filter(None, (_GREETING[tongue], body, facts, _END[tongue]))) + "\n"


def fields(template: str, *languages: str) -> set[str]:
    """The params that a template uses in these languages (none: any), the optional ones aside."""
    found = TEMPLATES[template]._asdict()
    texts = [text for language in languages or ("zh", "en") for text in found[language]]
    return set(_FIELD.findall(" ".join(texts)))


def _filled(text: str, params: Mapping[str, Any], tongue: int) -> str:
    # Names only: neither attributes nor indexes, and what is put in is not looked at again.
    return _FIELD.sub(lambda name: _said(name[1], params.get(name[1]), tongue), text)


def _facts(template: Template, params: Mapping[str, Any], tongue: int) -> str:
    shown = dict(_FACTS)
    if template.kind is LetterKind.ACTION and "{due_at}" not in template.zh[1]:
        shown["due_at"] = _DUE
    known = ((label[tongue], name) for name, label in shown.items() if params.get(name))
    colon = ("：", ": ")[tongue]
    return "\n".join(f"{label}{colon}{_said(name, params[name], tongue)}" for label, name in known)


def _about(params: Mapping[str, Any], tongue: int) -> str:
    return f"{('：', ': ')[tongue]}{params['subject']}" if params.get("subject") else ""


def _said(name: str, value: Any, tongue: int) -> str:
    if value in _NOTHING:
        return UNKNOWN
    if name.endswith("fen"):
        return money(int(value), ("zh", "en")[tongue])
    if isinstance(value, dict):
        return str(value.get(("zh", "en")[tongue], UNKNOWN))
    if isinstance(value, list):
        return "".join(f"\n· {_item(item)}" for item in value)
    if name.endswith(("_at", "_on")):
        return _moment(str(value), tongue, whole_day=name.endswith("_on"))
    return _SAID[name].get(str(value), (str(value),) * 2)[tongue] if name in _SAID else str(value)


def _item(item: Any) -> str:
    return "：".join(str(part) for part in item.values()) if isinstance(item, dict) else str(item)


def _moment(text: str, tongue: int, *, whole_day: bool) -> str:
    """A moment as Chinese offices write it; what is no ISO date is left as it stands."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    if len(text) == _DAY_LENGTH:
        return _day(moment, tongue)
    local = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(_BEIJING)
    hour = "" if whole_day else f" {local:%H:%M}" + ("", " (Beijing time)")[tongue]
    return f"{_day(local, tongue)}{hour}"


def _day(day: date, tongue: int) -> str:
    if tongue:
        return format_datetime(day, "d MMMM yyyy", locale="en")
    return f"{day.year}年{day.month}月{day.day}日"
