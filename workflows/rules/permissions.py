"""Who may do what, and why not: one answer for the verb, the button and the matrix in the docs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from models.vocabulary import REVIEWS, Act, Role, State, Thing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.application import Application

APPLICANTS_ACTS = frozenset({Act.REVISE, Act.ATTACH, Act.DETACH, Act.SUBMIT, Act.RESUBMIT, Act.WITHDRAW, Act.APPEAL})
DESK_ACTS = frozenset({Act.CHECK, Act.SEND_BACK, Act.REFUSE, Act.REPLY, Act.INSPECT, Act.RULE})
SLATE_ACTS = frozenset({Act.RANK, Act.SEAL, Act.SEND_UP, Act.RECALL, Act.PUBLISH, Act.DECIDE})
_STAFF = tuple(role for role in Role if role is not Role.WORKER)
HOLDERS_ACTS = frozenset({Act.DEPART, Act.NOMINATE})
PAYEES_ACTS = frozenset({Act.REQUEST, Act.ACCOUNT_FOR})
_HOLDERS = {Thing.TITLE: HOLDERS_ACTS, Thing.ASSESSMENT: frozenset({Act.REPORT}), Thing.SUBSIDY: PAYEES_ACTS}
TITLE_ACTS = frozenset({
    Act.ASSESS, Act.RECTIFY, Act.RECHECK, Act.SUSPEND, Act.RESUME, Act.REVOKE, Act.END, Act.SUCCEED, Act.DECLINE,
})  # fmt: skip


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
        case Thing.TITLE | Thing.ASSESSMENT | Thing.SUBSIDY:
            return _named(who, act, thing, row)
        case Thing.ROUND | Thing.QUOTA | Thing.ACCOUNT:
            reviewers = (Role.REVIEWER,) if act is Act.EXTEND else ()
            return _needs(who, row.organization, Role.ADMINISTRATOR, *reviewers)


def _named(who: Who, act: Act, thing: Thing, row: Any) -> str | None:
    """What follows a naming: the holder reports and asks, the deciding union judges."""
    if act in _HOLDERS[thing]:
        return _needs(who, row.organization, Role.CLERK)
    # A union that names its own workers judges them as well: nobody stands above its title.
    own = row.organization != row.decider and who.sits(row.organization)
    return "own_case" if own else _needs(who, row.decider, Role.REVIEWER)


def _application(who: Who, act: Act, row: Application) -> str | None:
    if act in (Act.ATTACH, Act.DETACH) and row.state in REVIEWS and not brings(who, row):
        return _desk(who, row)  # a tier puts its own papers in while the case is on its desk
    if act in APPLICANTS_ACTS:
        return None if brings(who, row) else "not_yours"
    if act in DESK_ACTS:
        return _desk(who, row)
    if act is Act.SCORE:
        return _judge(who, row)
    return "not_by_hand"


def brings(who: Who, row: Application) -> bool:
    """The unit's clerk, or the worker who drafted it: who left the unit has no more say in it."""
    unit = row.organization
    return who.sits(unit, Role.CLERK) or (who.id == row.applicant_id and who.sits(unit, Role.WORKER))


def _desk(who: Who, row: Application) -> str | None:
    if row.state not in REVIEWS or row.desk is None:
        return "not_in_review"
    if is_own_case(who, row.organization, row.applicant_id, row.desk):
        return "own_case"
    return _needs(who, row.desk, Role.REVIEWER)


def _judge(who: Who, row: Application) -> str | None:
    """Experts and reviewers of the desk judge, but for those of the case's own unit (domain: 7.7)."""
    if row.state not in REVIEWS or row.desk is None:
        return "not_in_review"
    if is_own_case(who, row.organization, row.applicant_id, row.desk):
        return "recused"
    return _needs(who, row.desk, Role.EXPERT, Role.REVIEWER)


def _needs(who: Who, organization: str | None, *roles: Role) -> str | None:
    return None if who.sits(organization, *roles) else "not_your_desk"


def is_own_case(who: Who, organization: str, applicant_id: str, desk: str | None = None) -> bool:
    """Nobody decides on their own case or their unit's (domain: 7.7; reliability: I4).

    At the unit's own desk, where its union seals what its workers bring, only one's own case counts.
    """
    return who.id == applicant_id or (organization != desk and who.sits(organization))


def serves(who: Who, organization: str | None) -> bool:
    """Whether this person works for the union or unit; a worker's seat shows only their own."""
    return who.sits(organization, *_STAFF)


def sees(who: Who, row: Application) -> bool:
    """Whether this person may know of the application at all.

    Its own people always (of its workers, the one who drafted it); a tier once the application has
    reached it; the deciding union's administrators once it was submitted. A draft is invisible
    upstream.
    """
    if serves(who, row.organization) or (who.id == row.applicant_id and who.sits(row.organization)):
        return True
    if row.state is State.DRAFT or not row.route:
        return False
    reached = [desk for _, desk in row.route[: row.step + 1]]
    return any(serves(who, desk) for desk in reached) or who.sits(row.route[-1][1], Role.ADMINISTRATOR)


def sees_account(who: Who, row: Any) -> bool:
    """Whether this person reads where a subsidy is paid: the unit's clerks and the decider's reviewers."""
    return who.sits(row.organization, Role.CLERK) or who.sits(row.decider, Role.REVIEWER)


def governs(who: Who, *organizations: str | None) -> bool:
    """Whether this person administers one of these organisations (a thing's own line of unions)."""
    return any(who.sits(code, Role.ADMINISTRATOR) for code in organizations if code)
