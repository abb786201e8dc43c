"""The words of the trade: one English word per Chinese term. Labels: models/text.py."""

from __future__ import annotations

from enum import StrEnum

from models.acts import Act
from models.states import (
    ENDED,
    LIVE,
    REVIEW_OF,
    REVIEWS,
    AccountState,
    AppealState,
    AssessmentState,
    CountersignRule,
    CountersignState,
    EndCause,
    ExpertState,
    Grade,
    Hold,
    ImportState,
    MeetingState,
    NoticeState,
    ObjectionState,
    Outcome,
    PanelState,
    Recusal,
    ReplyKind,
    RequestState,
    RoundState,
    Rung,
    SlateState,
    State,
    SubsidyState,
    TitleState,
    Vote,
)

__all__ = [
    "ENDED",
    "LIVE",
    "REVIEWS",
    "REVIEW_OF",
    "AccountState",
    "Act",
    "AppealState",
    "AssessmentKind",
    "AssessmentState",
    "Bucket",
    "CarrierKind",
    "Channel",
    "CountersignRule",
    "CountersignState",
    "DeadlineKind",
    "DecisionKind",
    "EndCause",
    "ExpertState",
    "Grade",
    "Ground",
    "Habit",
    "Hold",
    "ImportKind",
    "ImportState",
    "InspectionKind",
    "LetterKind",
    "Line",
    "LinkKind",
    "MeetingState",
    "NoticeState",
    "ObjectionState",
    "Outcome",
    "PanelState",
    "ProofKind",
    "QuotaKind",
    "Recusal",
    "ReplyKind",
    "RequestState",
    "Role",
    "RoundState",
    "Rung",
    "SlateState",
    "State",
    "SubsidyState",
    "Thing",
    "Tier",
    "TitleState",
    "Vote",
]  # fmt: skip


class Tier(StrEnum):
    """What an organisation is in the union tree."""

    NATION = "nation"
    JOINT = "joint"
    PROVINCE = "province"
    INDUSTRY = "industry"
    CITY = "city"
    COUNTY = "county"
    TOWNSHIP = "township"
    ENTERPRISE = "enterprise"


class Line(StrEnum):
    """Which of the parallel lines an application climbs; a large group's union may report directly."""

    REGION = "region"
    INDUSTRY = "industry"
    DIRECT = "direct"


class Channel(StrEnum):
    """Who brings an application in: the unit's union, or a worker whose union then seals it."""

    UNION = "union"
    SELF = "self"


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
    SUBSIDY = "subsidy"
    EXPERT = "expert"
    PANEL = "panel"
    MEETING = "meeting"


class Ground(StrEnum):
    """What an objection is about."""

    ELIGIBILITY = "eligibility"
    AUTHORSHIP = "authorship"
    CONDUCT = "conduct"
    DEEDS = "deeds"
    GRADE = "grade"
    OTHER = "other"


class ProofKind(StrEnum):
    """What proves that a public notice hung (domain: 7.5)."""

    ORIGINAL = "original"
    PHOTO = "photo"
    STATEMENT = "statement"


class AssessmentKind(StrEnum):
    """Which of a programme's assessments it is."""

    YEARLY = "yearly"
    ACCEPTANCE = "acceptance"
    RECONFIRMATION = "reconfirmation"


class ImportKind(StrEnum):
    """What a file brings in."""

    ORGANIZATIONS = "organizations"
    PERSONS = "persons"
    TITLES = "titles"
    FACTS = "facts"


class InspectionKind(StrEnum):
    """What was held: a visit to the workplace, or a pitch before the panel."""

    SITE_VISIT = "site_visit"
    PITCH = "pitch"


class Role(StrEnum):
    """As what somebody sits in an organisation."""

    WORKER = "worker"
    CLERK = "clerk"
    EXPERT = "expert"
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
    ACCEPTANCE = "acceptance"
    RECONFIRMATION = "reconfirmation"
    TITLE_END = "title_end"
    SCREENING = "screening"
    APPEAL_END = "appeal_end"
    SUCCESSION = "succession"
    SUBSIDY_STAGE = "subsidy_stage"
    SUBSIDY_STEP = "subsidy_step"
    SUBSIDY_REPORT = "subsidy_report"
    FIRST_LIST = "first_list"
    HOLD_END = "hold_end"
    COUNTERSIGN = "countersign"
    PANEL = "panel"
    MEETING = "meeting"
    RECHECK = "recheck"
    SEAT_END = "seat_end"
    BAR_END = "bar_end"


class CarrierKind(StrEnum):
    """What carries letters to a person beside mail."""

    WECOM = "wecom"
    DINGTALK = "dingtalk"
    FEISHU = "feishu"
    WEBHOOK = "webhook"


class Habit(StrEnum):
    """When somebody wants to hear of what asks nothing of them."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    OFF = "off"


class LinkKind(StrEnum):
    """What a one-use link in a letter is for."""

    INVITATION = "invitation"
    RESET = "reset"


class DecisionKind(StrEnum):
    """What a numbered decision does."""

    NAMING = "naming"
    REVOCATION = "revocation"


class LetterKind(StrEnum):
    """Whether a letter asks for something."""

    ACTION = "action"
    INFORMATION = "information"
