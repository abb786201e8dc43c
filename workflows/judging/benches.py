"""What stands between a judge and the cases at a desk: read at once, however many cases there are."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from models.application import Application
from models.base import table
from models.errors import ForbiddenError, RefusedError
from models.merit import Sheet
from models.organization import Organization
from models.panel import Assignment
from models.slate import Slate
from models.sql import Sql, bind, rows_of
from models.vocabulary import Act, Role, SlateState, Tier
from workflows.desk import duties
from workflows.judging import contests, panels
from workflows.people.organizations import organization
from workflows.rules import routes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from models.database import Store
    from models.merit import Announcement, Appeal
    from models.programme import Programme, Scoring
    from workflows.record.acting import Actor

_P, _S, _SL, _O, _AS = (table(m).c for m in (Application, Sheet, Slate, Organization, Assignment))
_OVER = table(Organization).alias("over")


class _Unit(NamedTuple):
    """Whose a case is: the unit, and what stands right over it."""

    id: str
    code: str
    tier: Tier
    over: str | None
    over_tier: Tier | None


class Listed(NamedTuple):
    """A case that stands on a list."""

    id: str
    slate: str
    state: SlateState


class _Chosen(NamedTuple):
    """A case that was given to judges, and how many of them are the one who asks (0 or 1)."""

    id: str
    mine: int


class _Found(NamedTuple):
    """What the store says: whose score is open, one's own sheets, units, lists, and who was chosen."""

    judged: Mapping[str, panels.Judged]
    sheets: list[Sheet]
    units: list[_Unit]
    listed: list[Listed]
    chosen: list[_Chosen]


_ONE = _P.id == bind("of", _P.id)
_ALL = (_P.desk == bind("desk", _P.desk)) & (_P.round_id == bind("round", _P.round_id))


def _of(where: Any) -> Any:
    return sa.select(_P.id).where(where)


def _sheets(where: Any) -> Sql[Sheet]:
    return rows_of(
        Sheet, _S.account_id == bind("who", _S.account_id), _S.application_id.in_(_of(where)),
        order=(_S.application_id, _S.id),
    )  # fmt: skip


def _units(where: Any) -> Sql[_Unit]:
    return Sql(
        sa.select(_P.id, _O.code, _O.tier, _OVER.c.code.label("over"), _OVER.c.tier.label("over_tier"))
        .join_from(table(Application), table(Organization), _O.code == _P.organization)
        .outerjoin(_OVER, _OVER.c.code == _O.parent)
        .where(where),
        _Unit,
    )


def _listed(where: Any) -> Sql[Listed]:
    return Sql(
        sa.select(_P.id, _SL.id.label("slate"), _SL.state)
        .join_from(table(Application), table(Slate), _SL.id == _P.slate_id)
        .where(where, _SL.state != SlateState.DRAFTING),
        Listed,
    )


def _chosen(where: Any) -> Sql[_Chosen]:
    is_mine = sa.case((_AS.account_id == bind("who", _AS.account_id), 1), else_=0)
    return Sql(
        sa.select(_AS.application_id.label("id"), sa.func.max(is_mine).label("mine"))
        .where(_AS.application_id.in_(_of(where)), _AS.ended_at.is_(None))
        .group_by(_AS.application_id),
        _Chosen,
    )


_SHEETS_OF, _SHEETS_AT = _sheets(_ONE), _sheets(_ALL)
_UNITS_OF, _UNITS_AT = _units(_ONE), _units(_ALL)
_LISTED_OF, _LISTED_AT = _listed(_ONE), _listed(_ALL)
_CHOSEN_OF, _CHOSEN_AT = _chosen(_ONE), _chosen(_ALL)
_WRITTEN: Sql[int] = Sql(
    sa.select(sa.func.count())
    .select_from(table(Sheet))
    .join(table(Application), _P.id == _S.application_id)
    .where(
        _S.account_id == bind("who", _S.account_id),
        _P.round_id == bind("round", _P.round_id),
        _S.voided_at.is_(None),
    )
)


class Bench(NamedTuple):
    """A judge at a desk: own sheets by case, how many count, and what is in the way of which case.

    `related`: cases to stand back from; `listed`: those on a list that is sealed; `chosen`: of cases given
    to judges, whether one is among them; `open`: cases whose score this person can read already.
    `duty`: how one stands to a panel that was drawn (`duties.standing`), None without one.
    """

    who: Actor
    rules: Programme
    mine: Mapping[str, list[Sheet]]
    written: int
    related: frozenset[str]
    listed: Mapping[str, Listed]
    chosen: Mapping[str, bool]
    open: frozenset[str]
    announced: Announcement | None
    appeals: list[Appeal]
    duty: str | None = None

    def require(self, row: Application) -> Scoring:
        """The scoring of the tier the case is at, while its list is open.

        Raises RefusedError("no_scoring", "other_rung", "on_sealed_slate", "announced_already").
        """
        rule = self.rules.scoring
        if rule is None:
            raise RefusedError("no_scoring")
        if (rung := routes.stop(row, row.step).rung) is not rule.step:
            raise RefusedError("other_rung", act=Act.SCORE.value, rung=rule.step.value, here=rung.value, **rule.cited)
        if (at := self.listed.get(row.id)) is not None:
            raise RefusedError("on_sealed_slate", slate=at.slate, state=at.state.value)
        heard = [case for case in self.appeals if case.application_id == row.id]
        if self.announced is not None and not contests.is_reopened(self.announced, heard):
            raise RefusedError("announced_already", ends_at=self.announced.ends_at.isoformat())
        return rule

    def why_not(self, row: Application) -> str | None:
        """Why this judge has nothing to write of the case, as a code; None when they may."""
        try:
            self.require(row)
            self.require_free(row)
        except (ForbiddenError, RefusedError) as error:
            return error.code
        return None

    def require_free(self, row: Application, more: int = 0) -> None:
        """Whether this judge may write a sheet of the case now; `more`: written in the same act before.

        Raises ForbiddenError("recused", "not_on_panel", "not_assigned"), RefusedError("sheet_exists",
        "undertaking_missing", "scores_open", "judge_full").
        """
        mine = self.mine.get(row.id, [])
        if row.id in self.related or any(sheet.recused for sheet in mine):
            raise ForbiddenError("recused", act=Act.SCORE.value, receipt=row.receipt)
        if any(sheet.voided_at is None for sheet in mine):
            raise RefusedError("sheet_exists", receipt=row.receipt)
        duties.require_standing(self.duty)
        if not self.chosen.get(row.id, self.duty is None):
            raise ForbiddenError("not_assigned", act=Act.SCORE.value, receipt=row.receipt)
        if row.id in self.open:
            raise RefusedError("scores_open", receipt=row.receipt)
        panel = self.rules.panel
        if panel is not None and panel.most_cases is not None and self.written + more >= panel.most_cases:
            raise RefusedError("judge_full", most=panel.most_cases, **panel.cited)


def bench_of(store: Store, who: Actor, rules: Programme, row: Application) -> Bench:
    """What stands between a judge and one case."""
    judged = panels.judged_of(store, rules, row.id) if who.sits(row.desk, Role.REVIEWER) else {}
    found = _Found(
        judged, store.all(_SHEETS_OF, of=row.id, who=who.id), store.all(_UNITS_OF, of=row.id),
        store.all(_LISTED_OF, of=row.id), store.all(_CHOSEN_OF, of=row.id, who=who.id),
    )  # fmt: skip
    return _bench(store, who, rules, str(row.desk), row.round_id, found)


def bench_at(store: Store, who: Actor, rules: Programme, desk: str, round_id: str) -> Bench:
    """What stands between a judge and all cases of a round at a desk."""
    judged = panels.judged_at(store, rules, desk, round_id) if who.sits(desk, Role.REVIEWER) else {}
    at = {"desk": desk, "round": round_id}
    found = _Found(
        judged, store.all(_SHEETS_AT, who=who.id, **at), store.all(_UNITS_AT, **at),
        store.all(_LISTED_AT, **at), store.all(_CHOSEN_AT, who=who.id, **at),
    )  # fmt: skip
    return _bench(store, who, rules, desk, round_id, found)


def _bench(store: Store, who: Actor, rules: Programme, desk: str, round_id: str, found: _Found) -> Bench:
    mine: dict[str, list[Sheet]] = defaultdict(list)
    for sheet in found.sheets:
        mine[sheet.application_id].append(sheet)
    told = store.first(contests.ANNOUNCED, round=round_id, desk=desk) if rules.contest is not None else None
    return Bench(
        who, rules, mine, store.first(_WRITTEN, who=who.id, round=round_id) or 0,
        _related(store, who, rules, desk, found.units), {one.id: one for one in found.listed},
        {one.id: bool(one.mine) for one in found.chosen},
        frozenset(name for name, told in found.judged.items() if panels.is_open(told)),
        told, store.all(contests.APPEALS, of=told.id) if told is not None else [],
        duties.standing(store, who, round_id, desk),
    )  # fmt: skip


def _related(store: Store, who: Actor, rules: Programme, desk: str, units: list[_Unit]) -> frozenset[str]:
    """The cases of units the judge works for, or of others of their group (domain: scenario 16)."""
    if rules.panel is not None and "same_unit" not in rules.panel.recuse:
        return frozenset()
    own = {code for place in who.places() if place != desk for code in _group(store, place)}
    return frozenset(unit.id for unit in units if own & _family(unit))


def _family(unit: _Unit) -> set[str]:
    """A unit and the enterprise over it, if there is one: a union is nobody's group."""
    pairs = ((unit.code, unit.tier), (unit.over, unit.over_tier))
    return {code for code, tier in pairs if code is not None and tier is Tier.ENTERPRISE}


def _group(store: Store, code: str) -> set[str]:
    unit = organization(store, code)
    over = organization(store, unit.parent) if unit.parent else None
    return _family(_Unit("", unit.code, unit.tier, over.code if over else None, over.tier if over else None))
