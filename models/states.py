"""The states of things and what is found of them; models/vocabulary.py has all words of the trade."""

from __future__ import annotations

from enum import StrEnum


class Rung(StrEnum):
    """A step of a programme's ladder, resolved to one desk when an application is submitted."""

    ENTERPRISE = "enterprise"
    TOWNSHIP = "township"
    COUNTY = "county"
    CITY = "city-or-industry"
    PROVINCE = "province"
    JOINT = "joint"
    NATION = "nation"


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


class EndCause(StrEnum):
    """Why a title ended without blame; `expired` is its own term running out."""

    CLOSED = "closed"
    MOVED = "moved"
    LEADER_LEFT = "leader_left"
    MERGED = "merged"
    GIVEN_UP = "given_up"
    EXPIRED = "expired"


class AssessmentState(StrEnum):
    """Life of one year's assessment of one title."""

    DUE = "due"
    REPORTED = "reported"
    GRADED = "graded"
    RECTIFYING = "rectifying"
    PASSED = "passed"
    FAILED = "failed"


class SubsidyState(StrEnum):
    """Life of one stage of money for a title (domain: 7.9)."""

    ELIGIBLE = "eligible"
    REQUESTED = "requested"
    APPROVED = "approved"
    PAID = "paid"
    REPORTED = "reported"
    CLOSED = "closed"
    RECOVERED = "recovered"
    CANCELLED = "cancelled"


class Hold(StrEnum):
    """What keeps money back, or a stage of it from opening (domain: 7.9)."""

    OBJECTION = "objection"
    RECTIFICATION = "rectification"
    SUSPENSION = "suspension"
    SUCCESSION = "succession"
    OVER = "over"
    FLAG = "flag"
    GRADE = "grade"


class ImportState(StrEnum):
    """How far a file has come in."""

    RUNNING = "running"
    DONE = "done"


class AppealState(StrEnum):
    """Life of an appeal against announced scores."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


class AccountState(StrEnum):
    """Life of an account."""

    ACTIVE = "active"
    DISABLED = "disabled"


class Grade(StrEnum):
    """Result of a yearly assessment."""

    EXCELLENT = "excellent"
    QUALIFIED = "qualified"
    RECTIFY = "rectify"
    REVOKED = "revoked"


class Outcome(StrEnum):
    """What a tier's review of an application came to."""

    CHECKED = "checked"
    RETURNED = "returned"
    REFUSED = "refused"
    RECOMMENDED = "recommended"
    RESERVE = "reserve"


class CountersignRule(StrEnum):
    """How many of the signers must agree."""

    ALL = "all"
    ANY = "any"
    RATIO = "ratio"


class CountersignState(StrEnum):
    """Whether a countersign waits for votes, and what came of it."""

    OPEN = "open"
    PASSED = "passed"
    FAILED = "failed"
    CALLED_OFF = "called_off"


class Vote(StrEnum):
    """What a signer says."""

    AGREE = "agree"
    DISAGREE = "disagree"


class ReplyKind(StrEnum):
    """What a consulted department said."""

    CLEAR = "clear"
    ADVICE = "advice"
    VETO = "veto"


class ExpertState(StrEnum):
    """Whether somebody is in a union's pool of experts."""

    ACTIVE = "active"
    RETIRED = "retired"


class PanelState(StrEnum):
    """The life of a panel drawn by lot."""

    DRAWN = "drawn"
    DISSOLVED = "dissolved"


class RequestState(StrEnum):
    """What became of a request that somebody should stand back."""

    OPEN = "open"
    GRANTED = "granted"
    DECLINED = "declined"


class MeetingState(StrEnum):
    """The life of a meeting that hears one case after another."""

    PLANNED = "planned"
    RUNNING = "running"
    CLOSED = "closed"


class Recusal(StrEnum):
    """What stands between an expert and a case, or keeps the next of a draw from taking it."""

    OWN_FILING = "own_filing"
    SAME_UNIT = "same_unit"
    SAME_ALLIANCE = "same_alliance"
    KIN = "kin"
    CO_APPLICANT = "co_applicant"
    DECLARED = "declared"
    OUT_OF_TERM = "out_of_term"
    FULL = "full"
