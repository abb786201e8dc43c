"""Subsidies: stages of money for a title, each paid once or never (domain: 7.9)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from models.subsidy import Subsidy
from models.vocabulary import Act, DeadlineKind, LetterKind, Role, SubsidyState, TitleState
from workflows.clocks import due
from workflows.purse import money
from workflows.record.journal import found_all, move_all
from workflows.record.moves import Change
from workflows.rules.calendar import local_date
from workflows.rules.characters import beginning

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from models import programme
    from models.database import Store
    from models.programme import Programme
    from models.title import Title
    from workflows.record.acting import Actor
    from workflows.record.moves import Due

# Working days, our own defaults: the sources name none.
DAYS_TO_REQUEST = 30
DAYS_TO_LOOK = 20
_ASKED = (SubsidyState.ELIGIBLE, SubsidyState.REQUESTED, SubsidyState.APPROVED)
_WORDS = 200


class Opening(NamedTuple):
    """A stage that a title has come to, with its amount in fen."""

    title: Title
    rule: programme.Subsidy
    fen: int


def named(store: Store, who: Actor, rules: Programme, titles: Sequence[Title]) -> None:
    """Make the stages due that a naming triggers; later ones are opened by the sweep or their trigger."""
    open_stages(store, who, _fixed(rules, "naming", titles))


def reconfirmed(store: Store, who: Actor, rules: Programme, titles: Sequence[Title]) -> None:
    """Open the stage that a re-confirmation triggers; a title that had it gets no second one."""
    open_stages(store, who, _fixed(rules, "reconfirmation", titles))


def graded(store: Store, who: Actor, rules: Programme, banded: Iterable[tuple[Title, str]]) -> None:
    """Open the stages that a band of an acceptance triggers: `(title, band's name)` each."""
    open_stages(store, who, [
        Opening(title, rule, rule.bands[band] * 100)
        for title, band in banded
        for rule in rules.subsidies
        if rule.trigger == "band" and band in rule.bands
    ])  # fmt: skip


def open_stages(store: Store, who: Actor, wanted: Sequence[Opening]) -> int:
    """Open stages, and tell the units to ask for the money; answers how many.

    A title comes to each stage once; where a person is paid once a year, that is for the programme's
    first title of the year.
    """
    new = _unpaid(store, wanted)
    if not new:
        return 0
    titles = {opening.title.id: opening.title for opening in new}
    rows = found_all(store, who, Act.START, Subsidy, [
        (_columns(store, opening), {"fen": opening.fen, "stage": opening.rule.stage}, to_request(store, opening.title))
        for opening in new
    ])  # fmt: skip
    at = to_request(store, new[0].title).at.isoformat()
    money.tell(store, rows, titles, "subsidy_open", LetterKind.ACTION, due_at=at)
    return len(rows)


def to_request(store: Store, holder: Title | Subsidy) -> Due:
    """By when the unit is to ask for the money: overdue is reminded of, nothing lapses."""
    return due.within(DeadlineKind.SUBSIDY_STAGE, DAYS_TO_REQUEST, store.now, holder.organization)


def ended(store: Store, who: Actor, rules: Programme, titles: Sequence[Title], reason: str) -> None:
    """Cancel what was not paid for titles that were revoked or ended, and have the rest looked at.

    Money of a revoked title may come back, so its decider is told; a title that ended without
    blame still owes the report on what it has not spent. `rules` is the programme of all of them.
    """
    if not rules.subsidies or not titles:
        return
    known = {title.id: title for title in titles}
    rows = money.of_titles(store, titles)
    unpaid = [row for row in rows if row.state in _ASKED]
    cancel(store, who, unpaid, known, reason)
    revoked = [row for row in rows if row.paid_at and known[row.title_id].state is TitleState.REVOKED]
    _flag(store, who, [row for row in revoked if row.state is not SubsidyState.RECOVERED], known, reason)
    _have_reported(store, who, [
        row for row in rows if row.state is SubsidyState.PAID and known[row.title_id].state is TitleState.ENDED
    ], known, reason)  # fmt: skip


def cancel(
    store: Store, who: Actor, rows: Sequence[Subsidy], titles: dict[str, Title], reason: str, key: str | None = None
) -> list[Subsidy]:
    """Cancel what is not paid yet, and tell the units why."""
    # A person may then be paid for another title of the year.
    gone = move_all(store, who, Act.CANCEL, [
        Change(row, {"person_key": None}, body={"reason": reason}) for row in rows
    ], key=key)  # fmt: skip
    money.tell(store, gone, titles, "subsidy_cancelled", reason=reason)
    return gone


def _fixed(rules: Programme, trigger: str, titles: Sequence[Title]) -> list[Opening]:
    return [
        Opening(title, rule, rule.yuan * 100)
        for rule in rules.subsidies
        if rule.trigger == trigger and rule.yuan
        for title in titles
    ]


def _unpaid(store: Store, wanted: Sequence[Opening]) -> list[Opening]:
    """Those that have no row for the stage yet, and whose person has none of the programme's this year."""
    if not wanted:
        return []
    year = local_date(store.now).year
    keys = {key for opening in wanted for key in (opening.title.id, _person(opening)) if key}
    known = money.stages_of(store, keys)
    taken: set[tuple[str, ...]] = {(row.title_id, row.stage) for row in known}
    taken |= {
        (row.person_key, row.programme_code, row.stage) for row in known if row.person_key and row.year == year
    }  # fmt: skip
    new = []
    for opening in wanted:
        mine: set[tuple[str, ...]] = {(opening.title.id, opening.rule.stage)}
        if person := _person(opening):
            mine.add((person, opening.title.programme_code, opening.rule.stage))
        if not mine & taken:
            new.append(opening)
            taken |= mine
    return new


def _person(opening: Opening) -> str | None:
    """Whose the payment of the year is; None where each title has its own."""
    return opening.title.leader_key if opening.rule.per == "person_year" else None


def _columns(store: Store, opening: Opening) -> dict[str, Any]:
    title = opening.title
    return {
        "title_id": title.id, "stage": opening.rule.stage, "organization": title.organization,
        "decider": title.decider, "programme_code": title.programme_code, "year": local_date(store.now).year,
        "person_key": _person(opening), "state": SubsidyState.ELIGIBLE, "fen": opening.fen,
        "eligible_at": store.now,
    }  # fmt: skip


def _flag(store: Store, who: Actor, rows: Sequence[Subsidy], titles: dict[str, Title], reason: str) -> None:
    changes = [
        Change(row, {"flag": beginning(reason, _WORDS)}, body={"reason": reason},
               due=_look(store, row) if money.rule_of(store, titles[row.title_id], row.stage).recover else None)
        for row in rows
    ]  # fmt: skip
    flagged = move_all(store, who, Act.FLAG, changes)
    money.tell(store, flagged, titles, "subsidy_flagged", LetterKind.ACTION, to=Role.REVIEWER, reason=reason)


def _have_reported(store: Store, who: Actor, rows: Sequence[Subsidy], titles: dict[str, Title], reason: str) -> None:
    flagged = move_all(store, who, Act.FLAG, [
        Change(row, {"flag": beginning(reason, _WORDS)}, body={"reason": reason}, due=_account(store, row))
        for row in rows
    ])  # fmt: skip
    if flagged:
        at = _account(store, flagged[0]).at.isoformat()
        money.tell(store, flagged, titles, "subsidy_account", LetterKind.ACTION, due_at=at)


def _account(store: Store, row: Subsidy) -> Due:
    return due.within(DeadlineKind.SUBSIDY_REPORT, DAYS_TO_LOOK, store.now, row.organization)


def _look(store: Store, row: Subsidy) -> Due:
    return due.within(DeadlineKind.SUBSIDY_STEP, DAYS_TO_LOOK, store.now, row.decider)
