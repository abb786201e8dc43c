"""What is asked of pools and panels: who is in them, how they were drawn, who judges what, who is late."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from models.account import Account
from models.application import Application
from models.base import table
from models.database import reading
from models.deadline import Deadline
from models.errors import ForbiddenError, NotFoundError
from models.merit import Sheet
from models.panel import Assignment, Expert, Member, Panel, RecusalRequest
from models.round import Round
from models.sql import Sql, bind, rows_of
from models.vocabulary import PanelState, Role, RoundState, Thing
from workflows.desk import duties
from workflows.judging import conflicts
from workflows.judging.experts import Enrolled, shown
from workflows.record.acting import Actor, refreshed
from workflows.record.claiming import look
from workflows.record.verb import query
from workflows.rules import draw

if TYPE_CHECKING:
    from datetime import datetime

    from models.database import Store

_A, _P, _S, _D, _X, _L, _M, _N, _Q = (
    table(m).c for m in (Account, Application, Sheet, Deadline, Expert, Panel, Member, Assignment, RecusalRequest)
)
OFFICE = (Role.REVIEWER, Role.ADMINISTRATOR)


class _Name(NamedTuple):
    """What an account is called."""

    id: str
    name: str


class Sitting(NamedTuple):
    """Somebody on a panel: since when, for which field, and how much they have to judge and have judged.

    Never what they gave.
    """

    member_id: str
    expert_id: str
    account_id: str
    name: str
    unit: str
    place: int
    stratum: str
    replaces: str | None
    passed_over: list[list[str]]
    undertaken_at: datetime | None
    left_at: datetime | None
    left_reason: str
    assigned: int
    written: int


class Drawn(NamedTuple):
    """A panel with its record: enough to draw it again, and to print."""

    panel: Panel
    members: list[Sitting]


class Verdict(NamedTuple):
    """What drawing a panel again came to: `ok`, or what `differs` (`hash`, `order`, `members`)."""

    panel_id: str
    ok: bool
    differs: list[str]
    seed: str
    seed_source: str
    snapshot_hash: str
    pool: int
    members: list[str]


_NAMES: Sql[_Name] = Sql(
    sa.select(_A.id, _A.name)
    .join_from(table(Expert), table(Account), _A.id == _X.account_id)
    .where(_X.organization == bind("desk", _X.organization)),
    _Name,
)
wrote = sa.exists().where(
    _S.application_id == _N.application_id, _S.account_id == _N.account_id, _S.voided_at.is_(None)
)
_mine = (_N.panel_id == _M.panel_id) & (_N.account_id == _M.account_id) & _N.ended_at.is_(None)
given = sa.select(sa.func.count()).select_from(table(Assignment)).where(_mine)
MEMBERS: Sql[Sitting] = Sql(
    sa.select(
        _M.id.label("member_id"), _M.expert_id, _M.account_id, _A.name, _X.unit, _M.place, _M.stratum, _M.replaces,
        _M.passed_over, _M.undertaken_at, _M.left_at, _M.left_reason, given.scalar_subquery().label("assigned"),
        given.where(wrote).scalar_subquery().label("written"),
    )
    .join_from(table(Member), table(Expert), _X.id == _M.expert_id)
    .join(table(Account), _A.id == _M.account_id)
    .where(_M.panel_id == bind("panel", _M.panel_id))
    .order_by(_M.joined_at, _M.place),
    Sitting,
)  # fmt: skip
PANEL = rows_of(Panel, _L.id == bind("id", _L.id))
_PANELS = rows_of(
    Panel, _L.round_id == bind("round", _L.round_id), _L.desk == bind("desk", _L.desk), order=(_L.drawn_at, _L.id)
)


@query("experts")
def experts(actor: Actor, *, organization_code: str) -> list[Enrolled]:
    """The pool of a union, for its reviewers and administrators; of kin only how many are known.

    Raises ForbiddenError("not_your_desk").
    """
    with reading() as store:
        if not refreshed(store, actor).sits(organization_code, *OFFICE):
            raise ForbiddenError("not_your_desk", thing=Thing.EXPERT.value)
        names = {one.id: one.name for one in store.all(_NAMES, desk=organization_code)}
        found = store.all(conflicts.POOL, desk=organization_code)
        return [shown(one, names[one.account_id]) for one in found]


@query("drawn-panels")
def drawn_panels(actor: Actor, *, round_id: str, desk: str) -> list[Drawn]:
    """The panels drawn for a round at a desk, with their record, dissolved ones too; the newest last.

    For the desk's reviewers and administrators. Once the round has ended, everybody who is signed in reads who sat
    on it, without what they were assigned. Raises ForbiddenError("panel_secret").
    """
    with reading() as store:
        who = refreshed(store, actor)
        office = who.sits(desk, *OFFICE)
        if not office and look(store, Round, round_id).state is not RoundState.FINISHED:
            raise ForbiddenError("panel_secret")
        found = [_drawn(store, one) for one in store.all(_PANELS, round=round_id, desk=desk)]
        return found if office else [_outward(one) for one in found if one.panel.state is PanelState.DRAWN]


@query("panel-verify")
def panel_verify(actor: Actor, panel_id: str) -> Verdict:
    """Draw a panel again from what was recorded, and say whether it is the one that sits.

    For who may see the panel; anybody can do the same with the printed record (docs/panels.md). Raises NotFoundError.
    """
    with reading() as store:
        row = _visible(store, refreshed(store, actor), panel_id)
        return verdict(row, store.all(MEMBERS, panel=row.id))


def verdict(row: Panel, members: list[Sitting]) -> Verdict:
    """What drawing a panel again comes to: its hash, its order, who was drawn, and each replacement in turn."""
    differs = []
    if draw.fingerprint(row.snapshot) != row.snapshot_hash:
        differs.append("hash")
    order = draw.order(row.seed, row.snapshot)
    if order != row.order:
        differs.append("order")
    first = [one.expert_id for one in sorted(members, key=lambda one: one.place) if one.replaces is None]
    if first != [one.expert for one in draw.seats(order, row.snapshot, row.size, row.strata)]:
        differs.append("members")
    if any(not _follows(order, row, members, i) for i, one in enumerate(members) if one.replaces is not None):
        differs.append("replacements")
    return Verdict(row.id, not differs, differs, row.seed, row.seed_source, row.snapshot_hash, len(row.snapshot), first)


def _follows(order: list[str], row: Panel, members: list[Sitting], place: int) -> bool:
    """Whether a replacement was the next of the draw, but for those passed over with a reason."""
    came = members[place]
    gone = next((one for one in members if one.member_id == came.replaces), None)
    out = {one.expert_id for one in members[:place]} | {expert for expert, _ in came.passed_over}
    ways = ["", gone.stratum] if gone is not None else [""]
    nexts = [draw.following(order, row.snapshot, out, stratum)[:1] for stratum in ways]
    return any(found and found[0].expert == came.expert_id for found in nexts)


def _drawn(store: Store, row: Panel) -> Drawn:
    return Drawn(row, store.all(MEMBERS, panel=row.id))


def _outward(drawn: Drawn) -> Drawn:
    """As the public may know it after the round: names and the draw, no loads and no reasons."""
    return drawn._replace(members=[
        one._replace(assigned=0, written=0, left_reason="", undertaken_at=None, unit="",
                     passed_over=[[expert, ""] for expert, _ in one.passed_over])
        for one in drawn.members
    ])  # fmt: skip


def _visible(store: Store, who: Actor, panel_id: str) -> Panel:
    """A panel as its office, its members, and after the round everybody, may see it. Raises NotFoundError."""
    row = store.first(PANEL, id=panel_id)
    if row is not None:
        sits = any(one.left_at is None for one in store.all(duties.SEAT, panel=row.id, who=who.id))
        over = look(store, Round, row.round_id).state is RoundState.FINISHED
        if sits or over or who.id == "system" or who.sits(row.desk, *OFFICE):
            return row
    raise NotFoundError("not_found", thing=Thing.PANEL.value, given=panel_id)


def office_of(store: Store, who: Actor, panel_id: str) -> Panel:
    """A panel as the desk's reviewers and administrators see it. Raises NotFoundError."""
    row = store.first(PANEL, id=panel_id)
    if row is None or not who.sits(row.desk, *OFFICE):
        raise NotFoundError("not_found", thing=Thing.PANEL.value, given=panel_id)
    return row
