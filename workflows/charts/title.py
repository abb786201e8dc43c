"""The life of a title, and of each assessment of it."""

from __future__ import annotations

from statemachine import Event, State

from models.vocabulary import AssessmentState as A
from models.vocabulary import TitleState as S
from workflows.charts.strict import Life, Strict, stay


def _passed(model: Life) -> bool:
    return model.facts.passed


def _has_a_chance(model: Life) -> bool:
    return model.facts.owing


def _owes_a_grade(model: Life) -> bool:
    return model.facts.owing and model.facts.passed


def _owes_amends(model: Life) -> bool:
    return model.facts.owing and not model.facts.passed


class TitleLife(Strict):
    """From naming to its end; a title is reviewable, never for life."""

    valid = State("有效", value=S.VALID.value, initial=True)
    assessment_due = State("待考核", value=S.ASSESSMENT_DUE.value)
    rectifying = State("限期整改", value=S.RECTIFYING.value)
    suspended = State("暂停", value=S.SUSPENDED.value)
    revoked = State("已撤销", value=S.REVOKED.value, final=True)
    ended = State("自然终止", value=S.ENDED.value, final=True)

    start = Event(valid.to(assessment_due), name="开始考核")
    assess = Event(assessment_due.to(valid, cond=_passed) | assessment_due.to(rectifying), name="考核定级")
    rectify = Event(rectifying.from_(valid, assessment_due), name="责令整改")
    # A failed re-check revokes nothing by itself: that takes a numbered decision.
    recheck = Event(rectifying.to(valid, cond=_passed) | stay(rectifying), name="复查")
    suspend = Event(suspended.from_(valid, assessment_due, rectifying), name="暂停")
    # A suspension settles nothing that was owed before it.
    resume = Event(
        suspended.to(assessment_due, cond=_owes_a_grade)
        | suspended.to(rectifying, cond=_owes_amends)
        | suspended.to(valid),
        name="恢复",
    )
    revoke = Event(revoked.from_(valid, assessment_due, rectifying, suspended), name="撤销")
    end = Event(ended.from_(valid, assessment_due, rectifying, suspended), name="终止")
    # Two reminders and this notice make a decision due; they decide nothing.
    warn = Event(stay(assessment_due), name="书面告知")
    correct = Event(stay(valid, assessment_due, rectifying, suspended), name="更正")
    # A leader who leaves changes nothing of what the title owes.
    depart = Event(stay(valid, assessment_due, rectifying, suspended), name="报告领衔人离任")
    nominate = Event(stay(valid, assessment_due, rectifying, suspended), name="提出接任人选")
    succeed = Event(stay(valid, assessment_due, rectifying, suspended), name="更换领衔人")
    decline = Event(stay(valid, assessment_due, rectifying, suspended), name="不同意接任人选")
    lapse = Event(stay(valid, assessment_due, rectifying, suspended), name="逾期未提出接任人选")
    postpone = Event(stay(valid, assessment_due, rectifying, suspended), name="顺延办理期限")
    recount = Event(stay(valid, assessment_due, rectifying, suspended), name="重算期限")


class AssessmentLife(Strict):
    """A report, a grade, and if need be a rectification with as many re-checks as the programme gives."""

    due = State("待报送", value=A.DUE.value, initial=True)
    reported = State("已报送", value=A.REPORTED.value)
    graded = State("已定级", value=A.GRADED.value, final=True)
    rectifying = State("整改中", value=A.RECTIFYING.value)
    passed = State("复查通过", value=A.PASSED.value, final=True)
    failed = State("复查未通过", value=A.FAILED.value, final=True)

    report = Event(due.to(reported), name="报送年度报告")
    assess = Event(
        reported.to(graded, cond=_passed) | reported.to(rectifying, cond=_has_a_chance) | reported.to(failed),
        name="考核定级",
    )
    rectify = Event(rectifying.from_(due, reported), name="责令整改")
    recheck = Event(
        rectifying.to(passed, cond=_passed) | stay(rectifying, cond=_has_a_chance) | rectifying.to(failed),
        name="复查",
    )
    revoke = Event(failed.from_(due, reported, rectifying), name="撤销")
    postpone = Event(stay(due, reported, rectifying), name="顺延办理期限")
    recount = Event(stay(due, reported, rectifying), name="重算期限")
