"""What is asked of subsidies: a title's stages, what a unit or a desk is to do, the year's totals."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from models.base import table
from models.database import reading
from models.deadline import Deadline
from models.errors import NotFoundError
from models.organization import Organization
from models.sql import Sql, bind, rows_of
from models.subsidy import Subsidy
from models.title import Title
from models.vocabulary import DeadlineKind, Hold, Role, SubsidyState
from workflows.programmes import programme_of
from workflows.purse import money
from workflows.queries.review import sits
from workflows.record.acting import Actor, refreshed
from workflows.record.claiming import look
from workflows.record.verb import query
from workflows.rules import permissions
from workflows.rules.calendar import months_after
from workflows.rules.money import hold
from workflows.rules.privacy import mask

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from models.database import Store

_S, _T, _O, _D = (table(m).c for m in (Subsidy, Title, Organization, Deadline))
MOST = 1000
_OVER = (SubsidyState.CLOSED, SubsidyState.RECOVERED, SubsidyState.CANCELLED)
UNPAID = (SubsidyState.ELIGIBLE, SubsidyState.REQUESTED, SubsidyState.APPROVED)
_PRIVATE = ("payee", "bank", "account_number")


class Row(NamedTuple):
    """A subsidy as the store has it, with its title, its unit's name and what is due."""

    id: str
    title_id: str
    number: str
    name: str
    programme: str
    organization: str
    organization_name: str
    decider: str
    programme_code: str
    year: int
    stage: str
    state: SubsidyState
    fen: int
    payee: str
    bank: str
    account_number: str
    receipt: str
    approved_by: str
    eligible_at: datetime
    paid_at: datetime | None
    voucher: str
    spent: list[dict[str, Any]]
    recovered_fen: int
    flag: str
    version: int
    due_at: datetime | None
    due_kind: DeadlineKind | None


class Money(NamedTuple):
    """One stage of money for a title: how far it is, and why it is held, if it is. Sums in fen.

    `label` and `uses` are the programme's words, each `{zh, en}`; who may not see bank details
    reads them masked.
    """

    row: Row
    label: dict[str, str]
    uses: list[dict[str, str]]
    hold: Hold | None


class Coming(NamedTuple):
    """A stage that a title will come to by its age; `hold` is what would keep it back today."""

    title_id: str
    stage: str
    label: dict[str, str]
    fen: int
    opens_on: date
    hold: Hold | None


class Total(NamedTuple):
    """How many subsidies of a programme and year are in a state, and their sums in fen."""

    programme_code: str
    year: int
    state: SubsidyState
    n: int
    fen: int
    recovered_fen: int


_ROW = (
    sa.select(
        *(_S.id, _S.title_id, _T.number, _T.name, _T.programme, _S.organization),
        *(_O.name.label("organization_name"), _S.decider, _S.programme_code, _S.year, _S.stage, _S.state, _S.fen),
        *(_S.payee, _S.bank, _S.account_number, _S.receipt, _S.approved_by, _S.eligible_at, _S.paid_at),
        *(_S.voucher, _S.spent, _S.recovered_fen, _S.flag, _S.version, _D.due_at, _D.kind.label("due_kind")),
    )
    .join_from(table(Subsidy), table(Title), _T.id == _S.title_id)
    .join(table(Organization), _O.code == _S.organization)
    .outerjoin(table(Deadline), (_D.thing_id == _S.id) & _D.closed_at.is_(None))
    .order_by(_D.due_at.is_(None), _D.due_at, _S.id)
    .limit(MOST)
)
_OF_TITLE: Sql[Row] = Sql(_ROW.where(_S.title_id == bind("title", _S.title_id)), Row)
_OF_UNIT: Sql[Row] = Sql(_ROW.where(_S.organization == bind("unit", _S.organization)), Row)
_at = _ROW.where(_S.decider == bind("desk", _S.decider))
_OPEN_AT: Sql[Row] = Sql(_at.where(_S.state.not_in(_OVER) | ((_S.flag != "") & _D.due_at.is_not(None))), Row)
_IN_STATE: Sql[Row] = Sql(_at.where(_S.state == bind("state", _S.state)), Row)
_TITLES_OF = rows_of(Title, _T.organization == bind("unit", _T.organization), _T.ended_at.is_(None), order=(_T.id,))
_TOTALS: Sql[Total] = Sql(
    sa.select(
        *(_S.programme_code, _S.year, _S.state, sa.func.count().label("n")),
        sa.cast(sa.func.sum(_S.fen), sa.BigInteger).label("fen"),
        sa.cast(sa.func.sum(_S.recovered_fen), sa.BigInteger).label("recovered_fen"),
    )
    .where(_S.decider == bind("desk", _S.decider))
    .group_by(_S.programme_code, _S.year, _S.state)
    .order_by(_S.year.desc(), _S.programme_code, _S.state),
    Total,
)


@query("subsidies")
def subsidies(actor: Actor, *, title_id: str) -> list[Money]:
    """The stages of money that a title has come to. Raises NotFoundError for those it is not for."""
    with reading() as store:
        who = _insider(store, actor, look(store, Title, title_id))
        return _told(store, who, store.all(_OF_TITLE, title=title_id))


@query("my-subsidies")
def my_subsidies(actor: Actor) -> list[Money]:
    """The money of the titles my units hold, soonest due first."""
    with reading() as store:
        who = refreshed(store, actor)
        rows = [row for unit in who.places(Role.CLERK) for row in store.all(_OF_UNIT, unit=unit)]
        return _told(store, who, rows)


@query("subsidies-at")
def subsidies_at(actor: Actor, *, desk: str, state: SubsidyState | None = None) -> list[Money]:
    """The subsidies a deciding union has to do with, soonest due first, at most 1,000: in a state, or all not over."""
    with reading() as store:
        if not sits(store, actor, desk):
            return []
        rows = store.all(_OPEN_AT, desk=desk) if state is None else store.all(_IN_STATE, desk=desk, state=state)
        return _told(store, refreshed(store, actor), rows)


@query("subsidy-totals")
def subsidy_totals(actor: Actor, *, desk: str) -> list[Total]:
    """A deciding union's money by programme, year and state, in fen; the year is the one it could be asked for."""
    with reading() as store:
        return store.all(_TOTALS, desk=desk) if sits(store, actor, desk) else []


@query("coming-subsidies")
def coming_subsidies(actor: Actor, *, title_id: str | None = None) -> list[Coming]:
    """The stages a title, or every title my units hold, will come to by its age, and what holds them."""
    with reading() as store:
        if title_id is None:
            units = refreshed(store, actor).places(Role.CLERK)
            titles = [title for unit in units for title in store.all(_TITLES_OF, unit=unit)]
        else:
            titles = [look(store, Title, title_id)]
            _insider(store, actor, titles[0])
        return _coming(store, titles)


def _coming(store: Store, titles: Sequence[Title]) -> list[Coming]:
    if not titles:
        return []
    there = {(row.title_id, row.stage) for row in money.stages_of(store, (title.id for title in titles))}
    about = money.standings(store, (title.id for title in titles))
    return [
        Coming(title.id, rule.stage, rule.label.model_dump(), rule.yuan * 100,
               months_after(title.named_on, rule.after_months).last_day + timedelta(days=1),
               hold(about[title.id], needs_grade=rule.needs_grade))
        for title in titles
        for rule in programme_of(store, title.programme).subsidies
        if rule.trigger == "anniversary" and rule.after_months and rule.yuan
        if (title.id, rule.stage) not in there
    ]  # fmt: skip


def _insider(store: Store, actor: Actor, title: Title) -> Actor:
    """Whoever works for the unit or the deciding union. Raises NotFoundError for anybody else."""
    who = refreshed(store, actor)
    if not any(permissions.serves(who, code) for code in (title.organization, title.decider)):
        raise NotFoundError("not_found", thing="title", given=title.id)
    return who


def _told(store: Store, who: Actor, rows: Sequence[Row]) -> list[Money]:
    if not rows:
        return []
    standing = money.standings(store, (row.title_id for row in rows))
    found = []
    for row in rows:
        rule = next(rule for rule in programme_of(store, row.programme).subsidies if rule.stage == row.stage)
        held = Hold.FLAG if row.flag else hold(standing[row.title_id])
        found.append(Money(_shown(who, row), rule.label.model_dump(), [use.model_dump() for use in rule.uses],
                           held if row.state in UNPAID else None))  # fmt: skip
    return found


def _shown(who: Actor, row: Row) -> Row:
    if permissions.sees_account(who, row):
        return row
    return row._replace(**{name: mask(getattr(row, name)) for name in _PRIVATE})
