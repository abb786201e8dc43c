"""Who may do what, and why not: one answer for the verb, the button and the matrix in the docs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from models.vocabulary import REVIEWS, Act, Role, State, Thing

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from models.application import Application

APPLICANTS_ACTS = frozenset({Act.REVISE, Act.ATTACH, Act.DETACH, Act.SUBMIT, Act.RESUBMIT, Act.WITHDRAW, Act.APPEAL})
DESK_ACTS = frozenset({Act.CHECK, Act.SEND_BACK, Act.REFUSE, Act.REPLY, Act.INSPECT, Act.RULE})
# Among the people of a desk: in whose hands a case is, whether it waits, who signs with them.
OFFICE_ACTS = frozenset({
    Act.TRANSFER, Act.DELEGATE, Act.TAKE_BACK, Act.HOLD, Act.RELEASE, Act.COUNTERSIGN, Act.ADD_SIGNER,
    Act.DROP_SIGNER, Act.CALL_OFF,
})  # fmt: skip
_PASSED_ON = frozenset({Act.TRANSFER, Act.DELEGATE, Act.TAKE_BACK})
_WHILE_HELD = _PASSED_ON | {Act.RELEASE}
UPSTAIRS = frozenset({Act.OPEN, Act.ACCEPT, Act.SEND_DOWN})
SLATE_ACTS = frozenset({Act.RANK, Act.SEAL, Act.SEND_UP, Act.RECALL, Act.PUBLISH, Act.DECIDE})
# The columns of a thing that name who acts on it.
_PLACES = ("desk", "organization", "decider", "investigator", "sent_to")
# An expert works for the desk only with the cases that they judge.
_STAFF = tuple(role for role in Role if role not in (Role.WORKER, Role.EXPERT))
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

    @property
    def lent(self) -> Sequence[Any]:
        """The colleagues' seats this person acts in as their deputy."""

    @property
    def hears(self) -> Collection[tuple[str, str | None]]:
        """Of an expert: the rounds and desks whose cases they judge."""

    @property
    def judged(self) -> Collection[str]:
        """Of an expert: the cases they wrote a sheet of, or stood back from."""

    @property
    def dealt(self) -> Collection[tuple[str, str | None]]:
        """Of an expert: the rounds and desks where their panel's cases were given out."""

    @property
    def given(self) -> Collection[str]:
        """Of an expert: the cases that they were given there."""

    def sits(self, organization: str | None, *roles: Role) -> bool:
        """Whether a seat with one of the roles is held there, one's own or lent."""

    def alone(self) -> Who:
        """The person without what is lent to them."""

    def lenders(self, organization: str | None, *roles: Role) -> Sequence[Any]:
        """The seats there that this person acts in only as a deputy."""


def refusal(who: Who, act: Act, thing: Thing, row: Any) -> str | None:
    """Why this person may not do this to this thing now, as a code; None when they may."""
    match thing:
        case Thing.APPLICATION:
            return _application(who, act, row)
        case Thing.SLATE:
            holder = row.sent_to if act in UPSTAIRS else row.organization
            return _needs(who, holder, Role.REVIEWER)
        case Thing.NOTICE:
            return _needs(who, row.organization, Role.REVIEWER)
        case Thing.OBJECTION:
            holder = row.investigator if act is Act.REPORT_BACK else row.organization
            return _needs(who, holder, Role.REVIEWER)
        case Thing.TITLE | Thing.ASSESSMENT | Thing.SUBSIDY:
            return _named(who, act, thing, row)
        case Thing.EXPERT:
            return _needs(who, row.organization, Role.ADMINISTRATOR)
        case Thing.PANEL | Thing.MEETING:
            return _needs(who, row.desk, Role.REVIEWER)
        case Thing.ROUND | Thing.QUOTA | Thing.ACCOUNT:
            reviewers = (Role.REVIEWER,) if act is Act.EXTEND else ()
            return _needs(who, row.organization, Role.ADMINISTRATOR, *reviewers)


def _named(who: Who, act: Act, thing: Thing, row: Any) -> str | None:
    """What follows a naming: the holder reports and asks, the deciding union judges."""
    if act in _HOLDERS[thing]:
        return _needs(who, row.organization, Role.CLERK)
    # A union that names its own workers judges them as well: nobody stands above its title.
    own = row.organization != row.decider and who.sits(row.organization)
    return (
        "own_case"
        if own or is_principals_case(who, row.organization, "", row.decider)
        else _needs(who, row.decider, Role.REVIEWER)
    )


def _application(who: Who, act: Act, row: Application) -> str | None:
    if act in (Act.ATTACH, Act.DETACH) and row.state in REVIEWS and not brings(who, row):
        return _desk(who, act, row)  # a tier puts its own papers in while the case is on its desk
    if act in APPLICANTS_ACTS:
        return None if brings(who, row) else "not_yours"
    if act in DESK_ACTS or act in OFFICE_ACTS:
        return _desk(who, act, row)
    if act is Act.SIGN:
        return _signs(who, row)
    if act is Act.SCORE:
        return _judge(who, row)
    return "not_by_hand"


def brings(who: Who, row: Application) -> bool:
    """The unit's clerk, or the worker who drafted it: who left the unit has no more say in it."""
    unit = row.organization
    return who.sits(unit, Role.CLERK) or (who.id == row.applicant_id and who.sits(unit, Role.WORKER))


def _desk(who: Who, act: Act, row: Application) -> str | None:
    """The desk's own acts: by its reviewers, for a case in somebody's hands by them, none while it is on hold."""
    investigated = act in _PASSED_ON and row.state is State.CONTESTED
    if not (row.state in REVIEWS or investigated) or row.desk is None:
        return "not_in_review"
    if is_own_case(who, row.organization, row.applicant_id, row.desk):
        return "own_case"
    if act is Act.TRANSFER and who.sits(row.desk, Role.ADMINISTRATOR):
        return None
    if (code := _needs(who, row.desk, Role.REVIEWER)) is not None:
        return code
    if row.on_hold and act not in _WHILE_HELD:
        return "on_hold"
    return _in_hands(who, act, row)


def _in_hands(who: Who, act: Act, row: Application) -> str | None:
    """Whose case it is: a handler's, or their deputy's; what is delegated goes back, and no further."""
    if act is Act.TAKE_BACK:
        lent_out = row.delegated_by is not None and is_or_stands_for(who, row.delegated_by, row.desk)
        return None if lent_out else "not_delegator"
    if row.handler_id is not None and not is_or_stands_for(who, row.handler_id, row.desk):
        return "in_other_hands"
    if any(_is_handlers(one, who, row) and _recused(one, row.organization, row.applicant_id, row.desk)
           for one in who.lent):  # fmt: skip
        return "own_case"
    return "delegated_on" if act in _PASSED_ON and row.delegated_by is not None else None


def _is_handlers(lent: Any, who: Who, row: Application) -> bool:
    """Whether a case is in somebody's hands only by the seat that its handler lends them."""
    return bool(who.id != row.handler_id == lent.principal and lent.organization == row.desk)


def is_or_stands_for(who: Who, account: str, organization: str | None) -> bool:
    """Whether this is the person, or the deputy of that person there."""
    return who.id == account or any(one.principal == account and one.organization == organization for one in who.lent)


def may_not_copy(who: Who, row: Application) -> str | None:
    """Why somebody may not point a case out to others, as a code; None when they may: the desk's reviewers."""
    if is_own_case(who, row.organization, row.applicant_id, row.desk):
        return "own_case"
    return "not_your_desk" if row.desk is None else _needs(who, row.desk, Role.REVIEWER)


def _signs(who: Who, row: Application) -> str | None:
    """Who is asked to sign a case: the verb knows the signers; nobody signs their own case."""
    if row.state not in REVIEWS or row.desk is None:
        return "not_in_review"
    return "own_case" if is_own_case(who, row.organization, row.applicant_id, row.desk) else None


def signs_for(who: Who, row: Application) -> list[str]:
    """The colleagues whose signature on a case their deputy may give: those of its desk there, others at their own.

    Never of one who is recused from it.
    """
    reached = {desk for _, desk in row.route[: row.step + 1]}
    return [
        one.principal for one in who.lent
        if one.role is Role.REVIEWER and not _recused(one, row.organization, row.applicant_id, row.desk)
        if one.organization == row.desk or (one.organization in reached and row.desk not in one.units)
    ]  # fmt: skip


def _judge(who: Who, row: Application) -> str | None:
    """Experts and reviewers of the desk judge, but for those of the case's own unit (domain: 7.7)."""
    if row.state not in REVIEWS or row.desk is None:
        return "not_in_review"
    if is_own_case(who, row.organization, row.applicant_id, row.desk):
        return "recused"
    # A judge's opinion is nobody else's: a deputy scores only where they sit themselves.
    return _needs(who.alone(), row.desk, Role.EXPERT, Role.REVIEWER)


def _needs(who: Who, organization: str | None, *roles: Role) -> str | None:
    return None if who.sits(organization, *roles) else "not_your_desk"


def is_own_case(who: Who, organization: str, applicant_id: str, desk: str | None = None) -> bool:
    """Nobody decides on their own case or their unit's (domain: 7.7; reliability: I4).

    At the unit's own desk, where its union seals what its workers bring, only one's own case counts.
    What is the case of the colleague a deputy acts for at `desk` is the deputy's as well.
    """
    own = who.id == applicant_id or (organization != desk and who.sits(organization))
    return own or is_principals_case(who, organization, applicant_id, desk)


def is_principals_case(who: Who, organization: str, applicant_id: str, desk: str | None) -> bool:
    """Whether somebody could act at `desk` only for colleagues who are recused from this case."""
    lenders = who.lenders(desk, Role.REVIEWER)
    return bool(lenders) and all(_recused(one, organization, applicant_id, desk) for one in lenders)


def _recused(one: Any, organization: str, applicant_id: str, desk: str | None) -> bool:
    return one.principal == applicant_id or (organization != desk and organization in one.units)


def for_whom(who: Who, act: Act, thing: Thing, row: Any) -> str | None:
    """For which colleague somebody acts on a row; None when in their own right.

    Whatever one may do oneself, one does for oneself; else for the handler of the case, else for
    whoever lends the seat and is not recused.
    """
    # Accounts are an administrator's matter, and that seat is never lent.
    if not who.lent or thing is Thing.ACCOUNT or (code := refusal(who.alone(), act, thing, row)) is None:
        return None
    whose = {"in_other_hands": "handler_id", "not_delegator": "delegated_by"}.get(code)
    owner = getattr(row, whose, None) if whose else None
    if owner is not None and is_or_stands_for(who, owner, row.desk):
        return str(owner)
    return lender(who, row)


def lender(who: Who, row: Any) -> str | None:
    """The colleague whose seat gives somebody a right over a row that they have not themselves."""
    places = [getattr(row, name, None) for name in _PLACES]
    lent = [one for place in dict.fromkeys(places) for one in who.lenders(place)]
    unit, applicant, desk = (getattr(row, name, None) for name in ("organization", "applicant_id", "desk"))
    fit = [one for one in lent if applicant is None or not _recused(one, str(unit), applicant, desk)]
    return next((str(one.principal) for one in fit), None)


def serves(who: Who, organization: str | None) -> bool:
    """Whether this person works for the union or unit: a worker's seat shows their own, an expert's what they judge."""
    return who.sits(organization, *_STAFF)


def sees(who: Who, row: Application) -> bool:
    """Whether this person may know of the application at all.

    Its own people always (of its workers, the one who drafted it); a tier once the application has
    reached it; the deciding union's administrators once it was submitted. A draft is invisible
    upstream. Of a desk's experts those who judge it, while it lies there, and whoever wrote a sheet of it;
    once a panel's cases were given out, of its members those who got this one.
    """
    if serves(who, row.organization) or (who.id == row.applicant_id and who.sits(row.organization)):
        return True
    if row.state is State.DRAFT or not row.route:
        return False
    reached = [desk for _, desk in row.route[: row.step + 1]]
    if any(serves(who, desk) for desk in reached) or who.sits(row.route[-1][1], Role.ADMINISTRATOR):
        return True
    return row.id in who.judged or (row.state in REVIEWS and hears(who, row.round_id, row.desk, row.id))


def hears(who: Who, round_id: str, desk: str | None, case: str) -> bool:
    """Whether an expert judges this case at a desk: where cases were given out, only one that they got."""
    return (round_id, desk) in who.hears and ((round_id, desk) not in who.dealt or case in who.given)


def judges_at(who: Who, round_id: str, desk: str | None) -> bool:
    """Whether somebody judges a round's cases at a desk: its reviewers; of its experts the panel, if one was drawn."""
    return who.sits(desk, Role.REVIEWER) or (round_id, desk) in who.hears


def sees_account(who: Who, row: Any) -> bool:
    """Whether this person reads where a subsidy is paid: the unit's clerks and the decider's reviewers."""
    return who.sits(row.organization, Role.CLERK) or who.sits(row.decider, Role.REVIEWER)


def governs(who: Who, *organizations: str | None) -> bool:
    """Whether this person administers one of these organisations (a thing's own line of unions)."""
    return any(who.sits(code, Role.ADMINISTRATOR) for code in organizations if code)
