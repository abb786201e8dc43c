"""The words of the trade: one English word per Chinese term. Labels: models/text.py."""

from __future__ import annotations

from enum import StrEnum


class Tier(StrEnum):
    """What an organisation is in the union tree."""

    NATION = "nation"
    PROVINCE = "province"
    INDUSTRY = "industry"
    CITY = "city"
    COUNTY = "county"
    TOWNSHIP = "township"
    ENTERPRISE = "enterprise"


class Rung(StrEnum):
    """A step of a programme's ladder, resolved to one desk when an application is submitted."""

    ENTERPRISE = "enterprise"
    TOWNSHIP = "township"
    COUNTY = "county"
    CITY = "city-or-industry"
    PROVINCE = "province"
    JOINT = "joint"
    NATION = "nation"


class Line(StrEnum):
    """Which of the two parallel lines an application climbs."""

    REGION = "region"
    INDUSTRY = "industry"


class State(StrEnum):
    """Where an application is in its life (domain: section 8)."""

    DRAFT = "draft"
    ENTERPRISE_REVIEW = "enterprise_review"
    TOWNSHIP_REVIEW = "township_review"
    COUNTY_REVIEW = "county_review"
    CITY_REVIEW = "city_review"
    PROVINCIAL_REVIEW = "provincial_review"
    JOINT_REVIEW = "joint_review"
    NATIONAL_REVIEW = "national_review"
    RETURNED = "returned"
    PUBLIC_NOTICE = "public_notice"
    CONTESTED = "contested"
    NAMED = "named"
    STRUCK = "struck"
    NOT_SELECTED = "not_selected"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


REVIEW_OF: dict[Rung, State] = {
    Rung.ENTERPRISE: State.ENTERPRISE_REVIEW,
    Rung.TOWNSHIP: State.TOWNSHIP_REVIEW,
    Rung.COUNTY: State.COUNTY_REVIEW,
    Rung.CITY: State.CITY_REVIEW,
    Rung.PROVINCE: State.PROVINCIAL_REVIEW,
    Rung.JOINT: State.JOINT_REVIEW,
    Rung.NATION: State.NATIONAL_REVIEW,
}
REVIEWS = frozenset(REVIEW_OF.values())
ENDED = frozenset({State.NAMED, State.STRUCK, State.NOT_SELECTED, State.REFUSED, State.WITHDRAWN, State.LAPSED})
# An application in one of these holds its subject's place in the round and its unions' quota.
LIVE = REVIEWS | {State.RETURNED, State.PUBLIC_NOTICE, State.CONTESTED, State.NAMED, State.NOT_SELECTED}


class Act(StrEnum):
    """What can be done to an application, slate, notice, objection, title, assessment or round."""

    DRAFT = "draft"
    REVISE = "revise"
    ATTACH = "attach"
    DETACH = "detach"
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    CHECK = "check"
    SEND_BACK = "return"
    RESUBMIT = "resubmit"
    REFUSE = "refuse"
    LAPSE = "lapse"
    RANK = "rank"
    SEAL = "seal"
    SEND_UP = "send-up"
    OPEN = "open"
    RECALL = "recall"
    PROMOTE = "promote"
    RECOMMEND = "recommend"
    RESERVE = "reserve"
    PUBLISH = "publish"
    CORRECT = "correct"
    OBJECT = "object"
    TAKE_UP = "take-up"
    REPORT_BACK = "report-back"
    DISMISS = "dismiss"
    UPHOLD = "uphold"
    CLOSE = "close"
    DECIDE = "decide"
    NAME = "name"
    PASS_OVER = "pass-over"  # noqa: S105 -- an act
    START = "start"
    REPORT = "report"
    ASSESS = "assess"
    RECTIFY = "rectify"
    RECHECK = "recheck"
    SUSPEND = "suspend"
    RESUME = "resume"
    REVOKE = "revoke"
    END = "end"
    ISSUE = "issue"
    ENROL = "enrol"
    SEAT = "seat"
    VACATE = "vacate"
    DISABLE = "disable"


class Thing(StrEnum):
    """Whatever has a life of its own, a version and a chain of journal events."""

    APPLICATION = "application"
    SLATE = "slate"
    NOTICE = "notice"
    OBJECTION = "objection"
    TITLE = "title"
    ASSESSMENT = "assessment"
    ROUND = "round"
    QUOTA = "quota"
    ACCOUNT = "account"


class SlateState(StrEnum):
    """Life of a slate (推荐批次)."""

    DRAFTING = "drafting"
    SEALED = "sealed"
    IN_NOTICE = "in_notice"
    SENT_UP = "sent_up"
    OPENED = "opened"
    DECIDED = "decided"


class NoticeState(StrEnum):
    """Life of a public notice (公示)."""

    OPEN = "open"
    CLOSED = "closed"


class ObjectionState(StrEnum):
    """Life of an objection (异议): admissible ones are investigated, others go to the leads."""

    LEAD = "lead"
    INVESTIGATING = "investigating"
    REPORTED = "reported"
    DISMISSED = "dismissed"
    UPHELD = "upheld"


class Ground(StrEnum):
    """What an objection is about."""

    ELIGIBILITY = "eligibility"
    AUTHORSHIP = "authorship"
    CONDUCT = "conduct"
    DEEDS = "deeds"
    GRADE = "grade"
    OTHER = "other"


class RoundState(StrEnum):
    """Life of a round (批次年度)."""

    PLANNED = "planned"
    OPEN = "open"
    REVIEWING = "reviewing"
    FINISHED = "finished"


class TitleState(StrEnum):
    """Life of a title (称号)."""

    VALID = "valid"
    ASSESSMENT_DUE = "assessment_due"
    RECTIFYING = "rectifying"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    ENDED = "ended"


class AssessmentState(StrEnum):
    """Life of one year's assessment of one title."""

    DUE = "due"
    REPORTED = "reported"
    GRADED = "graded"
    RECTIFYING = "rectifying"
    PASSED = "passed"
    FAILED = "failed"


class Grade(StrEnum):
    """Result of a yearly assessment."""

    EXCELLENT = "excellent"
    QUALIFIED = "qualified"
    RECTIFY = "rectify"
    REVOKED = "revoked"


class AccountState(StrEnum):
    """Life of an account."""

    ACTIVE = "active"
    DISABLED = "disabled"


class Role(StrEnum):
    """As what somebody sits in an organisation."""

    CLERK = "clerk"
    REVIEWER = "reviewer"
    ADMINISTRATOR = "administrator"


class QuotaKind(StrEnum):
    """How the number of places is meant (domain: 7.2)."""

    FIXED = "fixed"
    RANGE = "range"
    MINIMUM = "minimum"
    MAXIMUM = "maximum"
    FREE = "free"


class Bucket(StrEnum):
    """Where places of a quota are: the two sides of every ledger entry."""

    ISSUER = "issuer"
    AVAILABLE = "available"
    RESERVED = "reserved"
    USED = "used"


class Outcome(StrEnum):
    """What a tier's review of an application came to."""

    CHECKED = "checked"
    RETURNED = "returned"
    REFUSED = "refused"
    RECOMMENDED = "recommended"
    RESERVE = "reserve"


class DeadlineKind(StrEnum):
    """What is due."""

    SUBMISSION = "submission"
    REVIEW = "review"
    CORRECTION = "correction"
    NOTICE_END = "notice_end"
    OBJECTION_ANSWER = "objection_answer"
    SETTLEMENT = "settlement"
    RESERVE_END = "reserve_end"
    NOTICE_DUE = "notice_due"
    DECISION = "decision"
    ASSESSMENT_REPORT = "assessment_report"
    ASSESSMENT_GRADE = "assessment_grade"
    RECTIFICATION = "rectification"


class DecisionKind(StrEnum):
    """What a numbered decision does."""

    NAMING = "naming"
    REVOCATION = "revocation"


class LetterKind(StrEnum):
    """Whether a letter asks for something."""

    ACTION = "action"
    INFORMATION = "information"
