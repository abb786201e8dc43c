"""The lists that can be taken home: what each asks for, its columns in both languages, and its rows one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from models.application import Application
from models.base import table
from models.errors import ForbiddenError
from models.notice import Objection
from models.organization import Organization
from models.round import Quota, Round
from models.sql import Sql, bind
from models.subsidy import Subsidy
from models.text import label
from models.title import Assessment, Title
from models.vocabulary import Role, Thing
from workflows.queries.applications import LINE, Line
from workflows.queries.figure_lists import FIGURES
from workflows.queries.search import ids_for
from workflows.queries.watch_late import OVERDUE, Overdue
from workflows.queries.watch_scope import scope_of
from workflows.record.claiming import look
from workflows.record.streaming import stream
from workflows.rules import permissions
from workflows.rules.cells import Column, Listing, fen, points, text, when, word

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date, datetime

    from models.database import Store
    from workflows.record.acting import Actor

_P, _O, _T, _A, _S, _J, _Q = (
    table(m).c for m in (Application, Organization, Title, Assessment, Subsidy, Objection, Quota)
)
_AT_ONCE = 200
MOST = 200_000  # cases that one search may export


class Owed(NamedTuple):
    """A subsidy in a list, without bank details."""

    number: str
    name: str
    organization_name: str
    programme_code: str
    year: int
    stage: str
    state: Any
    fen: int
    eligible_at: datetime
    paid_at: datetime | None
    voucher: str
    recovered_fen: int


class Given(NamedTuple):
    """A title in a list."""

    number: str
    name: str
    leader_name: str
    organization_name: str
    named_on: date
    valid_until: date | None
    state: Any
    end_cause: Any
    end_reason: str
    barred_until: date | None


class Assessed(NamedTuple):
    """An assessment in a list."""

    number: str
    name: str
    organization_name: str
    year: int
    kind: Any
    state: Any
    reported_at: datetime | None
    score: int | None
    grade: Any
    band: str
    remark: str


class Heard(NamedTuple):
    """An objection in a list: whom it is about and how far it is, never who made it or in which words."""

    receipt: str | None
    subject: str
    leader_name: str
    organization_name: str
    ground: Any
    state: Any
    signed: bool
    received_at: datetime
    postmarked_on: date | None
    settled_at: datetime | None
    organization: str
    applicant_id: str
    receiver: str


class Placed(NamedTuple):
    """The places of a union in a round."""

    organization: str
    organization_name: str
    pool: str
    kind: Any
    minimum: int
    places: int
    reserved: int
    used: int


_BATCH = Sql(LINE.where(_P.id.in_([bind(f"id{n}", _P.id) for n in range(_AT_ONCE)])), Line)
_AT_DESK = Sql(LINE.where(_P.desk == bind("desk", _P.desk)).order_by(_P.due_at, _P.id), Line)
_GIVEN: Sql[Given] = Sql(
    sa.select(_T.number, _T.name, _T.leader_name, _O.name.label("organization_name"),
              *(_T[name] for name in Given._fields[4:]))
    .join_from(table(Title), table(Organization), _O.code == _T.organization)
    .where((_T.decider == bind("desk", _T.decider)) | (_T.organization == bind("desk", _T.decider)))
    .order_by(_T.named_on.desc(), _T.number, _T.id),
    Given,
)  # fmt: skip
_ASSESSED: Sql[Assessed] = Sql(
    sa.select(_T.number, _T.name, _O.name.label("organization_name"), *(_A[name] for name in Assessed._fields[3:]))
    .join_from(table(Assessment), table(Title), _T.id == _A.title_id)
    .join(table(Organization), _O.code == _A.organization)
    .where(_A.decider == bind("desk", _A.decider), _A.year == bind("year", _A.year))
    .order_by(_T.number, _A.id),
    Assessed,
)
_OWED: Sql[Owed] = Sql(
    sa.select(
        _T.number, _T.name, _O.name.label("organization_name"), _S.programme_code, _S.year, _S.stage, _S.state, _S.fen,
        _S.eligible_at, _S.paid_at, _S.voucher, _S.recovered_fen,
    )
    .join_from(table(Subsidy), table(Title), _T.id == _S.title_id)
    .join(table(Organization), _O.code == _S.organization)
    .where((_S.decider == bind("desk", _S.decider)) | (_S.organization == bind("desk", _S.decider)))
    .order_by(_S.year.desc(), _T.number, _S.stage),
    Owed,
)  # fmt: skip
_HEARD: Sql[Heard] = Sql(
    sa.select(
        _P.receipt, _P.subject, _P.leader_name, _O.name.label("organization_name"), _J.ground, _J.state, _J.signed,
        _J.received_at, _J.postmarked_on, _J.settled_at, _P.organization, _P.applicant_id,
        _J.organization.label("receiver"),
    )
    .join_from(table(Objection), table(Application), _P.id == _J.application_id)
    .join(table(Organization), _O.code == _P.organization)
    .where((_J.organization == bind("desk", _J.organization)) | (_J.investigator == bind("desk", _J.organization)))
    .order_by(_J.id.desc()),
    Heard,
)  # fmt: skip
_PLACED: Sql[Placed] = Sql(
    sa.select(_Q.organization, _O.name.label("organization_name"), _Q.pool, _Q.kind, _Q.minimum, _Q.places,
              _Q.reserved, _Q.used)
    .join_from(table(Quota), table(Organization), _O.code == _Q.organization)
    .where(_Q.round_id == bind("round", _Q.round_id))
    .order_by(_Q.organization, _Q.pool),
    Placed,
)  # fmt: skip


def _found(store: Store, who: Actor, *, words: str) -> Iterator[Line]:
    """What a search finds, in its order, fetched a few hundred at a time."""
    ids = ids_for(store, who, words, most=MOST)
    for start in range(0, len(ids), _AT_ONCE):
        some = ids[start : start + _AT_ONCE]
        padded = some + [some[-1]] * (_AT_ONCE - len(some))
        rows = {row.id: row for row in store.all(_BATCH, **{f"id{n}": one for n, one in enumerate(padded)})}
        yield from (rows[one] for one in some)


def _waiting(store: Store, who: Actor, *, desk: str) -> Iterator[Line]:
    _require(who, desk, "queue", Role.REVIEWER)
    return stream(store, _AT_DESK, desk=desk)


def _titles(store: Store, who: Actor, *, desk: str) -> Iterator[Given]:
    _require(who, desk, Thing.TITLE.value, Role.REVIEWER, Role.ADMINISTRATOR, Role.CLERK)
    return stream(store, _GIVEN, desk=desk)


def _assessed(store: Store, who: Actor, *, desk: str, year: int) -> Iterator[Assessed]:
    _require(who, desk, Thing.ASSESSMENT.value, Role.REVIEWER)
    return stream(store, _ASSESSED, desk=desk, year=year)


def _owed(store: Store, who: Actor, *, desk: str) -> Iterator[Owed]:
    _require(who, desk, Thing.SUBSIDY.value, Role.REVIEWER, Role.CLERK)
    return stream(store, _OWED, desk=desk)


def _heard(store: Store, who: Actor, *, desk: str) -> Iterator[Heard]:
    """The docket, without what is said against one's own case or unit (domain: 7.7)."""
    _require(who, desk, Thing.OBJECTION.value, Role.REVIEWER)
    rows = stream(store, _HEARD, desk=desk)
    return (row for row in rows if not permissions.is_own_case(who, row.organization, row.applicant_id, row.receiver))


def _late(store: Store, who: Actor, *, root: str, **filters: str) -> Iterator[Overdue]:
    return stream(store, OVERDUE, **scope_of(store, who, root, **filters).values, now=store.now)


def _places(store: Store, who: Actor, *, round: str) -> Iterator[Placed]:  # noqa: A002 -- the argument people type
    """A round's places: all of them for its administrators, one's own desks' for others."""
    window = look(store, Round, round)
    rows = stream(store, _PLACED, round=round)
    if who.sits(window.organization, Role.ADMINISTRATOR):
        return rows
    own = set(who.places(Role.REVIEWER))
    return (row for row in rows if row.organization in own)


def _require(who: Actor, desk: str, thing: str, *roles: Role) -> None:
    if not who.sits(desk, *roles):
        raise ForbiddenError("not_your_desk", thing=thing)


_YES = Column("实名", "Signed", lambda row, language: label(str(row.signed), language))
_CASES: Sequence[Column] = (
    text("受理编号", "Receipt", "receipt"), text("名称", "Name", "subject"), text("领衔人", "Leader", "leader_name"),
    text("申报单位", "Unit", "organization_name"), text("轮次", "Round", "round_name"), word("状态", "Status", "state"),
    Column("形式审核", "Form check", lambda row, language: label(str(row.checked), language)),
    when("进入时间", "Since", "entered_at"), when("办理期限", "Due", "due_at"),
)  # fmt: skip
LISTINGS: dict[str, Listing] = {
    "applications": Listing(("words",), tuple(_CASES), _found),
    "queue": Listing(("desk",), tuple(_CASES), _waiting),
    "titles": Listing(("desk",), (
        text("证书编号", "Number", "number"), text("名称", "Name", "name"), text("领衔人", "Leader", "leader_name"),
        text("单位", "Unit", "organization_name"), when("命名日期", "Named on", "named_on"),
        when("有效期至", "Valid until", "valid_until"), word("状态", "Status", "state"),
        word("终止原因", "Cause", "end_cause"), text("说明", "Why", "end_reason"),
        when("禁止申报至", "Barred until", "barred_until"),
    ), _titles),
    "assessments": Listing(("desk", "year"), (
        text("证书编号", "Number", "number"), text("名称", "Name", "name"), text("单位", "Unit", "organization_name"),
        text("年度", "Year", "year"), word("类别", "Kind", "kind"), word("状态", "Status", "state"),
        when("报送时间", "Reported", "reported_at"), points("得分", "Score", "score"), word("等次", "Grade", "grade"),
        text("档次", "Class", "band"), text("评语", "Remark", "remark"),
    ), _assessed),
    "subsidies": Listing(("desk",), (
        text("证书编号", "Number", "number"), text("名称", "Name", "name"), text("单位", "Unit", "organization_name"),
        text("项目", "Programme", "programme_code"), text("年度", "Year", "year"), text("阶段", "Stage", "stage"),
        word("状态", "Status", "state"), fen("金额（元）", "Sum (yuan)", "fen"),
        when("可申请时间", "Eligible", "eligible_at"), when("拨付时间", "Paid", "paid_at"),
        text("凭证号", "Voucher", "voucher"), fen("收回（元）", "Recovered (yuan)", "recovered_fen"),
    ), _owed),
    "objections": Listing(("desk",), (
        *_CASES[:4], word("事由", "Ground", "ground"), word("状态", "Status", "state"),
        _YES, when("收到时间", "Received", "received_at"), when("邮戳日期", "Postmark", "postmarked_on"),
        when("处理时间", "Settled", "settled_at"),
    ), _heard),
    "overdue": Listing(("root",), (
        word("事项", "Thing", "thing"), text("受理编号", "Receipt", "receipt"), text("名称", "Name", "subject"),
        word("期限类别", "Kind", "kind"), text("单位代码", "Desk", "desk"), text("单位", "Desk name", "desk_name"),
        when("期限", "Due", "due_at"), text("期限计算", "How counted", "derivation"), text("编号", "Id", "thing_id"),
        text("承办人", "Handler", "handler"),
    ), _late, ("organization_code", "tier", "programme", "person", "kind")),
    "quotas": Listing(("round",), (
        text("单位代码", "Union", "organization"), text("单位", "Union name", "organization_name"),
        text("类别", "Pool", "pool"), word("名额性质", "Kind", "kind"), text("最少", "Minimum", "minimum"),
        text("名额", "Places", "places"), text("占用", "Held", "reserved"), text("已用", "Used", "used"),
        Column("剩余", "Left", lambda row, _: str(row.places - row.reserved - row.used)),
    ), _places),
    **FIGURES,
}  # fmt: skip
