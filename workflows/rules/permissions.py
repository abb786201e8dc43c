"""Who may do what, and why not: one answer for the verb, the button and the matrix in the docs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from models.vocabulary import REVIEWS, Act, Role, State, Thing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.application import Application

APPLICANTS_ACTS = frozenset({Act.REVISE, Act.ATTACH, Act.DETACH, Act.SUBMIT, Act.RESUBMIT, Act.WITHDRAW})
DESK_ACTS = frozenset({Act.CHECK, Act.SEND_BACK, Act.REFUSE})
SLATE_ACTS = frozenset({Act.RANK, Act.SEAL, Act.SEND_UP, Act.RECALL, Act.PUBLISH, Act.DECIDE})
TITLE_ACTS = frozenset({Act.ASSESS, Act.RECTIFY, Act.RECHECK, Act.SUSPEND, Act.RESUME, Act.REVOKE, Act.END})


class Who(Protocol):
    """An actor as the rules see one."""

    @property
    def id(self) -> str:
        """The account."""

    @property
    def seats(self) -> Sequence[Any]:
        """The seats held now."""

    def sits(self, organization: str | None, *roles: Role) -> bool:
        """Whether a seat with one of the roles is held there."""


def refusal(who: Who, act: Act, thing: Thing, row: Any) -> str | None:
    """Why this person may not do this to this thing now, as a code; None when they may."""
    match thing:
        case Thing.APPLICATION:
            return _application(who, act, row)
        case Thing.SLATE:
            holder = row.sent_to if act is Act.OPEN else row.organization
            return _needs(who, holder, Role.REVIEWER)
        case Thing.NOTICE:
            return _needs(who, row.organization, Role.REVIEWER)
        case Thing.OBJECTION:
            holder = row.investigator if act is Act.REPORT_BACK else row.organization
            return _needs(who, holder, Role.REVIEWER)
        case Thing.ASSESSMENT if act is Act.REPORT:
            return _needs(who, row.organization, Role.CLERK)
        case Thing.TITLE | Thing.ASSESSMENT:
            return "own_case" if who.sits(row.organization) else _needs(who, row.decider, Role.REVIEWER)
        case Thing.ROUND | Thing.QUOTA | Thing.ACCOUNT:
            return _needs(who, row.organization, Role.ADMINISTRATOR)


def _application(who: Who, act: Act, row: Application) -> str | None:
    if act in APPLICANTS_ACTS:
        # The seat, not the person: who left the unit has no more say in its application.
        return None if who.sits(row.organization, Role.CLERK) else "not_yours"
    if act in DESK_ACTS:
        return _desk(who, row)
    return "not_by_hand"


def _desk(who: Who, row: Application) -> str | None:
    if row.state not in REVIEWS or row.desk is None:
        return "not_in_review"
    if is_own_case(who, row.organization, row.applicant_id):
        return "own_case"
    return _needs(who, row.desk, Role.REVIEWER)


def _needs(who: Who, organization: str | None, role: Role) -> str | None:
    return None if who.sits(organization, role) else "not_your_desk"


def is_own_case(who: Who, organization: str, applicant_id: str) -> bool:
    """Nobody decides on their own case or their unit's (domain: 7.7; reliability: I4)."""
    return who.id == applicant_id or who.sits(organization)


def sees(who: Who, row: Application) -> bool:
    """Whether this person may know of the application at all.

    Its own people always; a tier once the application has reached it; the deciding union's
    administrators once it was submitted. A draft is invisible upstream.
    """
    if who.sits(row.organization):
        return True
    if row.state is State.DRAFT or not row.route:
        return False
    reached = [desk for _, desk in row.route[: row.step + 1]]
    return any(who.sits(desk) for desk in reached) or who.sits(row.route[-1][1], Role.ADMINISTRATOR)


def governs(who: Who, *organizations: str | None) -> bool:
    """Whether this person administers one of these organisations (a thing's own line of unions)."""
    return any(who.sits(code, Role.ADMINISTRATOR) for code in organizations if code)
