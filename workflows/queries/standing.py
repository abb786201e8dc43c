"""What stands after a naming: changes of leader, points and the talent pool, and draws for spot checks."""

from __future__ import annotations

import hashlib
from datetime import MAXYEAR, MINYEAR, date
from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from models.base import table
from models.database import reading
from models.errors import InputError, NotFoundError, RefusedError
from models.fact import Fact
from models.organization import Organization
from models.sql import Sql, bind
from models.subsidy import Succession
from models.title import Assessment, Title
from models.vocabulary import AssessmentKind, Role
from workflows.programmes import programme_of
from workflows.record.acting import Actor, refreshed
from workflows.record.claiming import look
from workflows.record.verb import query
from workflows.rules import permissions
from workflows.rules.grading import draw, rules_of

if TYPE_CHECKING:
    from datetime import datetime

_S, _F, _T, _A, _O = (table(m).c for m in (Succession, Fact, Title, Assessment, Organization))
MOST = 1000
_FIRST, _LAST = date(2000, 1, 1), date(2100, 12, 31)


class Change(NamedTuple):
    """A leader who left a title and who came after; `approved` is None while it is open."""

    id: str
    left_on: date
    late: bool
    reason: str
    reported_at: datetime
    old_leader: str
    old_name: str
    new_leader: str
    new_name: str
    unspent_fen: int | None
    approved: bool | None
    words: str
    settled_at: datetime | None


_CHANGES: Sql[Change] = Sql(
    sa.select(*(_S[name] for name in Change._fields))
    .where(_S.title_id == bind("title", _S.title_id))
    .order_by(_S.id.desc()),
    Change,
)


class Score(NamedTuple):
    """The points of one person (`person_name`) or unit, and of how many results."""

    person_name: str | None
    organization: str | None
    points: int
    results: int


# A result is known by its owner and its name: named at several levels, it counts once, at the highest.
_owner = sa.func.coalesce(_F.person_key, _F.organization)
_result = sa.case((_F.words == sa.literal_column("''"), _F.id), else_=_F.words)
_within = (
    (_T.organization == bind("unit", _T.organization))
    | (_T.decider == bind("unit", _T.organization))
    | (_F.organization == bind("unit", _T.organization))
)
_highest = (
    sa.select(
        _owner.label("owner"),
        sa.func.max(_F.person_name).label("person_name"),
        sa.func.max(_F.organization).label("organization"),
        sa.func.max(sa.case((_F.person_key.is_not(None), _T.organization), else_=None)).label("works_at"),
        sa.func.max(_F.amount).label("amount"),
    )
    .outerjoin_from(table(Fact), table(Title), _T.id == _F.title_id)
    .where(
        _F.voided_at.is_(None),
        _F.amount.is_not(None),
        _F.happened_on >= bind("since", _F.happened_on),
        _F.happened_on <= bind("until", _F.happened_on),
        _within,
    )
    .group_by(_owner, _result)
    .subquery()
)
_sum = sa.cast(sa.func.sum(_highest.c.amount), sa.Integer)
_POINTS: Sql[Score] = Sql(
    sa.select(
        sa.func.nullif(sa.func.max(_highest.c.person_name), sa.literal_column("''")).label("person_name"),
        sa.func.max(sa.func.coalesce(_highest.c.organization, _highest.c.works_at)).label("organization"),
        _sum.label("points"),
        sa.func.count().label("results"),
    )
    .group_by(_highest.c.owner)
    .order_by(_sum.desc(), _highest.c.owner)
    .limit(MOST),
    Score,
)


class Entered(NamedTuple):
    """Somebody in the talent pool, and how they entered it."""

    person_name: str
    fact: str
    happened_on: date
    document: str
    title_number: str | None
    title_name: str | None
    organization: str | None
    organization_name: str | None


_POOL: Sql[Entered] = Sql(
    sa.select(
        _F.person_name, _F.kind.label("fact"), _F.happened_on, _F.document, _T.number.label("title_number"),
        _T.name.label("title_name"), _T.organization, _O.name.label("organization_name"),
    )
    .outerjoin_from(table(Fact), table(Title), _T.id == _F.title_id)
    .outerjoin(table(Organization), _O.code == _T.organization)
    .where(_F.pool, _F.voided_at.is_(None), _F.person_key.is_not(None), _within)
    .order_by(_F.happened_on.desc(), _F.person_name, _F.id)
    .limit(MOST),
    Entered,
)  # fmt: skip


class Drawn(NamedTuple):
    """One title drawn to be looked at on the spot."""

    assessment_id: str
    number: str
    name: str
    organization: str


class Draw(NamedTuple):
    """A draw: from how many, the hash of the list drawn from, and who was drawn."""

    seed: str
    listed: int
    snapshot: str
    drawn: list[Drawn]


_LISTED: Sql[Drawn] = Sql(
    sa.select(_A.id.label("assessment_id"), _T.number, _T.name, _A.organization)
    .join_from(table(Assessment), table(Title), _T.id == _A.title_id)
    .where(
        _A.decider == bind("desk", _A.decider),
        _A.year == bind("year", _A.year),
        _A.kind == bind("of_kind", _A.kind),
        _T.programme == bind("programme", _T.programme),
    )
    .order_by(_T.number),
    Drawn,
)


@query("successions")
def successions(actor: Actor, title_id: str) -> list[Change]:
    """The changes of leader of a title, newest first, with its earlier names; for its unit and its decider."""
    with reading() as store:
        title, who = look(store, Title, title_id), refreshed(store, actor)
        if not (permissions.serves(who, title.organization) or permissions.serves(who, title.decider)):
            raise NotFoundError("not_found", thing="title", given=title_id)
        return store.all(_CHANGES, title=title_id)


@query("points")
def points(actor: Actor, *, organization_code: str, year: int | None = None) -> list[Score]:
    """Points of the persons and units of a unit, or of all that a union has named; most points first.

    They come from the facts that namings left (`[[feeds]] amount`). One result of one owner, known by
    its name, counts once: named at several levels, at the highest. `year`: of that calendar year only; raises
    InputError("no_year") for one that no calendar has.
    """
    if year is not None and not MINYEAR <= year <= MAXYEAR:
        raise InputError("no_year", field="year", year=year)
    since, until = (_FIRST, _LAST) if year is None else (date(year, 1, 1), date(year, 12, 31))
    with reading() as store:
        if not permissions.serves(refreshed(store, actor), organization_code):
            return []
        return store.all(_POINTS, unit=organization_code, since=since, until=until)


@query("pool")
def pool(actor: Actor, *, organization_code: str) -> list[Entered]:
    """The talent pool of a unit, or of all that a union has named: who, by what, since when; newest first."""
    with reading() as store:
        if not permissions.serves(refreshed(store, actor), organization_code):
            return []
        return store.all(_POOL, unit=organization_code)


@query("spot-check")
def spot_check(
    actor: Actor, *, desk: str, programme: str, year: int, seed: str,
    kind: AssessmentKind = AssessmentKind.YEARLY, snapshot: str = "",
) -> Draw:  # fmt: skip
    """Draw by lot the titles to be looked at on the spot: `spot_check_percent` of a year's, rounded up.

    The seed over the same list draws the same titles; `snapshot`, from an earlier answer, makes sure the
    list is the same. `programme` is the version, such as `provincial-studio@1`. Raises
    RefusedError("no_spot_check", "snapshot_changed"), InputError for an empty seed.
    """
    if not seed.strip():
        raise InputError("argument_missing", field="seed", expected="str")
    with reading() as store:
        rule = rules_of(programme_of(store, programme)).get(kind)
        if not refreshed(store, actor).sits(desk, Role.REVIEWER):
            return Draw(seed, 0, "", [])
        if rule is None or rule.spot_check_percent == 0:
            raise RefusedError("no_spot_check", programme=programme, kind=kind)
        listed = {row.assessment_id: row for row in store.all(_LISTED, desk=desk, year=year, of_kind=kind,
                                                               programme=programme)}  # fmt: skip
        found = hashlib.sha256("\n".join(sorted(listed)).encode()).hexdigest()
        if snapshot and snapshot != found:
            raise RefusedError("snapshot_changed", given=snapshot[:8], snapshot=found[:8], **rule.cited)
        lots = set(draw(listed, rule.spot_check_percent, seed))
        return Draw(seed, len(listed), found, [row for one, row in listed.items() if one in lots])
