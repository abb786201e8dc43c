"""What a desk asks about its own people: whose a case is, who signs it, who stands in for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from models.account import Account, Seat
from models.application import Application
from models.base import table
from models.database import reading
from models.journal import Event
from models.lists import listed, of_list
from models.office import Chase, Countersign, Deputy, Signer
from models.organization import Organization
from models.sql import Sql, bind
from models.vocabulary import Act, CountersignRule, CountersignState, Role, Thing, Vote
from workflows.desk import colleagues, countersigning
from workflows.desk.chasing import CHASES, COPIES, next_chase
from workflows.queries.applications import seen_by
from workflows.record.acting import Actor, refreshed
from workflows.record.claiming import look
from workflows.record.verb import query
from workflows.rules import countersigning as rules_of
from workflows.rules import permissions
from workflows.rules.countersigning import Count
from workflows.rules.office_words import Standing

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from models.database import Store

_A, _S, _D, _P, _E, _C, _G, _O = (
    table(m).c for m in (Account, Seat, Deputy, Application, Event, Countersign, Signer, Organization)
)
_NOW = bind("now", _S.starts_at)


class Signature(NamedTuple):
    """One signer and what they said; `hand` is the deputy who signed for them."""

    account_id: str
    name: str
    vote: Vote | None
    words: str
    signed_at: datetime | None
    hand: str | None


class Signing(NamedTuple):
    """A countersign with its signers, and how it stands."""

    id: str
    rule: CountersignRule
    percent: int
    state: CountersignState
    question: str
    opened_by: str
    due_at: datetime
    stands: Count
    signers: list[Signature]


class Hurried(NamedTuple):
    """A reminder: when, on whose side, its words."""

    at: datetime
    organization: str
    words: str


class Pointed(NamedTuple):
    """A copy: when, to whom, its words."""

    at: datetime
    to: str
    words: str


class Card(NamedTuple):
    """How a case stands among the people of its desk, for these and its signers.

    `for_whom` is the colleague the reader would act for now; `signs` says whether the reader has a vote to give.
    `gate`: acts that a countersign stands in the way of, with the code of the refusal.
    `chase_from`: from when it may be chased again, None for at once.
    """

    standing: Standing
    for_whom: str | None
    hold_reason: str
    left: int | None
    countersigns: list[Signing]
    signs: bool
    gate: dict[Act, str]
    chases: list[Hurried]
    chase_from: datetime | None
    copies: list[Pointed]


class Task(NamedTuple):
    """A signature somebody is asked for, or a colleague they stand in for."""

    application_id: str
    receipt: str | None
    subject: str
    desk: str
    desk_name: str
    due_at: datetime
    account_id: str


_TASKS: Sql[Task] = Sql(
    sa.select(
        *(_P.id.label("application_id"), _P.receipt, _P.subject, _C.desk, _O.name.label("desk_name"), _C.due_at),
        _G.account_id,
    )
    .join_from(table(Signer), table(Countersign), _C.id == _G.countersign_id)
    .join(table(Application), _P.id == _C.application_id)
    .join(table(Organization), _O.code == _C.desk)
    .where(
        _G.account_id == bind("who", _G.account_id),
        _G.vote.is_(None),
        _G.dropped_at.is_(None),
        _C.state == CountersignState.OPEN,
    )
    .order_by(_C.due_at, _P.id),
    Task,
)
_HELD: Sql[dict[str, Any]] = Sql(
    sa.select(_E.body)
    .where(_E.thing == Thing.APPLICATION, _E.thing_id == bind("of", _E.thing_id), _E.act == Act.HOLD)
    .order_by(_E.version.desc())
    .limit(1)
)


class _Line(NamedTuple):
    """What a list shows of a case's standing."""

    id: str
    handler: str | None
    delegator: str | None
    on_hold: bool
    due_at: datetime | None
    rule: CountersignRule | None
    percent: int | None
    signers: int
    agreed: int
    signed: int


_giver = table(Account).alias("giver")
_LINES = of_list(
    lambda ids: Sql(
        sa.select(
            *(_P.id, _A.name.label("handler"), _giver.c.name.label("delegator"), _P.on_hold, _P.due_at, _C.rule),
            *(_C.percent, sa.func.count(_G.id).label("signers")),
            sa.func.coalesce(sa.func.sum(sa.case((_G.vote == Vote.AGREE, 1), else_=0)), 0).label("agreed"),
            sa.func.count(_G.vote).label("signed"),
        )
        .outerjoin_from(table(Application), table(Account), _A.id == _P.handler_id)
        .outerjoin(_giver, _giver.c.id == _P.delegated_by)
        .outerjoin(table(Countersign), (_C.application_id == _P.id) & (_C.state == CountersignState.OPEN))
        .outerjoin(table(Signer), (_G.countersign_id == _C.id) & _G.dropped_at.is_(None))
        .where(_P.id.in_(ids))
        .group_by(_P.id, _A.name, _giver.c.name, _P.on_hold, _P.due_at, _C.rule, _C.percent),
        _Line,
    )
)


def standings(store: Store, ids: Iterable[str]) -> dict[str, Standing]:
    """How each of these cases stands among its desk's people, in one read; for lists their reader may see."""
    return {line.id: _standing(line) for line in store.all(_LINES[store.dialect.name], ids=listed(ids))}


@query("office-card")
def office_card(actor: Actor, application_id: str) -> Card | None:
    """How a case stands among the people of its desk: for these and its signers, None for anybody else.

    Signers from elsewhere read what they were asked, and nothing else of the desk's. Raises NotFoundError.
    """
    with reading() as store:
        row, who = seen_by(store, actor, application_id)
        if permissions.is_own_case(who, row.organization, row.applicant_id, row.desk):
            return None
        found = [(one, store.all(countersigning.SIGNERS, of=one.id)) for one in countersigning.visit(store, row)]
        mine = {who.id, *permissions.signs_for(who, row)}
        inside = who.sits(row.desk, Role.REVIEWER, Role.ADMINISTRATOR)
        if not inside:
            found = [(one, signers) for one, signers in found if any(s.account_id in mine for s in signers)]
        if not (inside or found):
            return None
        card = _card(store, who, row, found, mine)
        return card if inside else card._replace(chases=[], copies=[])


@query("to-sign")
def to_sign(actor: Actor) -> list[Task]:
    """The signatures I am asked for, and those I may give as a deputy, the most pressing first."""
    with reading() as store:
        who = refreshed(store, actor)
        people = dict.fromkeys([who.id, *(one.principal for one in who.lent)])
        tasks = (task for one in people for task in store.all(_TASKS, who=one))
        return sorted((task for task in tasks if _may_sign(store, who, task)), key=lambda task: task.due_at)


def _may_sign(store: Store, who: Actor, task: Task) -> bool:
    """Whether a signature is still one's own or one's principal's to give, in a case one sees."""
    row = look(store, Application, task.application_id)
    return permissions.sees(who, row) and task.account_id in (who.id, *permissions.signs_for(who, row))


def _card(
    store: Store, who: Actor, row: Application, found: list[tuple[Countersign, list[Signer]]], mine: set[str]
) -> Card:
    held = store.first(_HELD, of=row.id) if row.on_hold else None
    chases = store.all(CHASES, of=row.id, since=row.entered_at)
    copies = store.all(COPIES, of=row.id)
    known = colleagues.names(store, *(one.to_id for one in copies), *_people(found))
    free = next_chase(chases[0].at) if chases else None
    principal = permissions.for_whom(who, Act.CHECK, Thing.APPLICATION, row)
    waiting = [s for one, signers in found if one.state is CountersignState.OPEN for s in signers if s.vote is None]
    return Card(
        standings(store, [row.id])[row.id],
        next((one.name for one in who.lent if one.principal == principal), None),
        str(held["reason"]) if held else "", int(held["left"]) if held else None,
        [_signing(one, signers, known) for one, signers in found],
        any(s.account_id in mine for s in waiting), _gate(store, row, found),
        [_hurried(one) for one in chases], free if free and store.now < free else None,
        [Pointed(one.at, known.get(one.to_id, ""), one.words) for one in copies],
    )  # fmt: skip


def _gate(store: Store, row: Application, found: list[tuple[Countersign, list[Signer]]]) -> dict[Act, str]:
    if any(one.state is CountersignState.OPEN for one, _ in found):
        return dict.fromkeys((Act.CHECK, Act.REFUSE, Act.HOLD, Act.COUNTERSIGN), "countersign_open")
    return {Act.CHECK: "countersign_failed"} if countersigning.has_failed(store, row) else {}


def _people(found: list[tuple[Countersign, list[Signer]]]) -> list[str | None]:
    whose = [one for found_one, signers in found for one in (found_one.opened_by, *(s.account_id for s in signers))]
    return [*whose, *(s.signed_by for _, signers in found for s in signers)]


def _hurried(one: Chase) -> Hurried:
    return Hurried(one.at, one.organization, one.words)


def _signing(found: Countersign, signers: list[Signer], known: dict[str, str]) -> Signing:
    shown = [
        Signature(s.account_id, known.get(s.account_id, ""), s.vote, s.words, s.signed_at,
                  known.get(s.signed_by or "") if s.signed_by != s.account_id else None)
        for s in signers
    ]  # fmt: skip
    return Signing(found.id, found.rule, found.percent, found.state, found.question, known.get(found.opened_by, ""),
                   found.due_at, countersigning.counted(found, signers), shown)  # fmt: skip


def _standing(line: _Line) -> Standing:
    until = line.due_at if line.on_hold else None
    if line.rule is None or line.percent is None or not line.signers:
        return Standing(line.handler, line.delegator, until)
    wanted = rules_of.needed(line.rule, line.percent, line.signers)
    return Standing(line.handler, line.delegator, until, int(line.agreed), wanted, line.signers - line.signed)
