"""What tiers and the public ask of rounds, slates, notices, decisions and titles."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from models.application import Application
from models.base import changed, table
from models.database import reading
from models.errors import NotFoundError
from models.notice import Correction, Notice, Objection
from models.organization import Organization
from models.round import Quota, Round
from models.slate import Entry, Slate
from models.sql import Sql, bind, rows_of
from models.title import Assessment, Decision, Title
from models.vocabulary import Role, RoundState, SlateState, Thing
from workflows.listing import joint
from workflows.programmes import programme_of
from workflows.record.acting import Actor, refreshed
from workflows.record.claiming import look, visible
from workflows.record.verb import query
from workflows.rules import permissions

if TYPE_CHECKING:
    from models.programme import Programme

_P, _R, _SL, _EN, _Q, _N, _K, _J, _T, _A, _D, _O = (
    table(m).c
    for m in (Application, Round, Slate, Entry, Quota, Notice, Correction, Objection, Title, Assessment, Decision,
              Organization)
)  # fmt: skip
MOST = 200
_ROUNDS = rows_of(Round, order=(_R.year.desc(), _R.id))
_OPEN_ROUNDS = rows_of(Round, _R.state == RoundState.OPEN, order=(_R.closes_at,))
_ROUND_QUOTAS = rows_of(Quota, _Q.round_id == bind("round", _Q.round_id), order=(_Q.organization, _Q.pool))
_QUOTAS = rows_of(
    Quota, _Q.round_id == bind("round", _Q.round_id), _Q.organization == bind("organization", _Q.organization),
    order=(_Q.pool,),
)  # fmt: skip
_SLATES_OF = Sql(
    sa.select(table(Slate))
    .where(_SL.organization == bind("desk", _SL.organization))
    .order_by(_SL.id.desc())
    .limit(MOST),
    Slate,
)
_SLATES_TO = Sql(
    sa.select(table(Slate)).where(_SL.sent_to == bind("desk", _SL.sent_to)).order_by(_SL.id.desc()).limit(MOST), Slate
)


class Placed(NamedTuple):
    """One place on a slate, with what a ranking needs to see of the application."""

    application_id: str
    rank: int
    reserve: bool
    score: int | None
    note: str
    receipt: str | None
    subject: str
    leader_name: str
    organization: str
    organization_name: str
    state: str
    version: int
    outside: str
    pool: str


_PLACES: Sql[Placed] = Sql(
    sa.select(
        _EN.application_id, _EN.rank, _EN.reserve, _EN.score, _EN.note, _P.receipt, _P.subject, _P.leader_name,
        _P.organization, _O.name.label("organization_name"), _P.state, _P.version, _EN.outside,
        _P.pool,
    )
    .join_from(table(Entry), table(Application), _P.id == _EN.application_id)
    .join(table(Organization), _O.code == _P.organization)
    .where(_EN.slate_id == bind("slate", _EN.slate_id))
    .order_by(_EN.rank),
    Placed,
)  # fmt: skip
_NOTICES = Sql(sa.select(table(Notice)).order_by(_N.opened_at.desc()).limit(MOST), Notice)
_OF_SLATE = rows_of(Notice, _N.slate_id == bind("slate", _N.slate_id), order=(_N.opened_at,))
_CORRECTIONS = rows_of(Correction, _K.notice_id == bind("notice", _K.notice_id), order=(_K.id,))
_OBJECTIONS_AT = Sql(
    sa.select(table(Objection))
    .where((_J.organization == bind("desk", _J.organization)) | (_J.investigator == bind("desk", _J.organization)))
    .order_by(_J.id.desc()).limit(MOST),
    Objection,
)  # fmt: skip


class _Whose(NamedTuple):
    """Whose the application is that an objection is about."""

    application_id: str
    organization: str
    applicant_id: str


_WHOSE: Sql[_Whose] = Sql(
    sa.select(_P.id, _P.organization, _P.applicant_id).where(
        _P.id.in_(
            sa.select(_J.application_id).where(
                (_J.organization == bind("desk", _J.organization)) | (_J.investigator == bind("desk", _J.organization))
            )
        )
    ),
    _Whose,
)
_TITLES_OF = Sql(
    sa.select(table(Title)).where(_T.organization == bind("unit", _T.organization)).order_by(_T.id.desc()).limit(MOST),
    Title,
)
_TITLES_BY = Sql(
    sa.select(table(Title)).where(_T.decider == bind("unit", _T.decider)).order_by(_T.id.desc()).limit(1000), Title
)
_ASSESSMENTS_OF = rows_of(Assessment, _A.organization == bind("unit", _A.organization), order=(_A.year.desc(), _A.id))
_ASSESSMENTS_BY = rows_of(
    Assessment, _A.decider == bind("unit", _A.decider), _A.year == bind("year", _A.year), order=(_A.state, _A.id)
)
_DECISIONS = Sql(sa.select(table(Decision)).order_by(_D.decided_at.desc()).limit(MOST), Decision)


@query("rounds")
def rounds(_actor: Actor, *, only_open: bool = False) -> list[Round]:
    """The rounds, newest year first, or those that take applications now."""
    with reading() as store:
        return store.all(_OPEN_ROUNDS if only_open else _ROUNDS)


@query("round")
def one_round(actor: Actor, round_id: str) -> tuple[Round, list[Quota]]:
    """A round with the places of every union in it; others than its administrators see their own."""
    with reading() as store:
        row, who = look(store, Round, round_id), refreshed(store, actor)
        if who.sits(row.organization, Role.ADMINISTRATOR):
            return row, store.all(_ROUND_QUOTAS, round=round_id)
        own = [store.all(_QUOTAS, round=round_id, organization=code) for code in who.places(Role.REVIEWER)]
        return row, [quota for quotas in own for quota in quotas]


def rules_of(round_id: str) -> Programme:
    """The programme a round is pinned to."""
    with reading() as store:
        return programme_of(store, look(store, Round, round_id).programme)


@query("slates")
def slates(actor: Actor, *, desk: str) -> tuple[list[Slate], list[Slate]]:
    """A desk's own slates, and those sent up to it, newest first."""
    with reading() as store:
        if not refreshed(store, actor).sits(desk, Role.REVIEWER):
            return [], []
        return store.all(_SLATES_OF, desk=desk), store.all(_SLATES_TO, desk=desk)


class WholeSlate(NamedTuple):
    """A slate with its places, its union's quota and its notices.

    `quotas`: one a pool; `quota` is the first of them, that of all names where there are no pools.
    """

    slate: Slate
    places: list[Placed]
    quota: Quota | None
    notices: list[Notice]
    quotas: list[Quota]


@query("slate")
def slate(actor: Actor, slate_id: str) -> WholeSlate:
    """One slate in full. Raises NotFoundError for those it is not for."""
    with reading() as store:
        row, who = look(store, Slate, slate_id), refreshed(store, actor)
        if not (visible(who, Thing.SLATE, row) or joint.member_sees(store, who, row)):
            raise NotFoundError("not_found", thing="slate", given=slate_id)
        held = store.all(_QUOTAS, round=row.round_id, organization=row.organization)
        notices_of = store.all(_OF_SLATE, slate=row.id)
        found = store.all(_PLACES, slate=row.id)
        if row.state is SlateState.DRAFTING and not who.sits(row.organization, Role.REVIEWER):
            # Judges of the desk see the list, and are blind until it is sealed.
            found = [place._replace(score=None) for place in found]
        return WholeSlate(row, found, next(iter(held), None), notices_of, held)


@query("notices")
def notices(_actor: Actor | None) -> list[Notice]:
    """Public notices, newest first; anybody may read them."""
    with reading() as store:
        return store.all(_NOTICES)


@query("notice")
def notice(_actor: Actor | None, notice_id: str) -> tuple[Notice, list[Correction]]:
    """One public notice with its corrections."""
    with reading() as store:
        return look(store, Notice, notice_id), store.all(_CORRECTIONS, notice=notice_id)


@query("objections")
def objections(actor: Actor, *, desk: str) -> list[Objection]:
    """The docket of a desk: what it must investigate or settle. Others see nothing.

    The investigating union reads neither the objector's name nor address, and nobody at all what is said
    against their own unit (domain: 7.6, 7.7).
    """
    with reading() as store:
        who = refreshed(store, actor)
        if not who.sits(desk, Role.REVIEWER):
            return []
        whose = {one.application_id: one for one in store.all(_WHOSE, desk=desk)}
        return [_protected(row, desk) for row in store.all(_OBJECTIONS_AT, desk=desk)
                if not _is_own(who, whose[row.application_id], row)]  # fmt: skip


def _is_own(who: Actor, whose: _Whose, row: Objection) -> bool:
    return permissions.is_own_case(who, whose.organization, whose.applicant_id, row.organization)


def _protected(row: Objection, desk: str) -> Objection:
    return row if row.organization == desk else changed(row, objector="", contact="")


@query("titles")
def titles(actor: Actor, *, organization_code: str) -> list[Title]:
    """Titles a unit holds, or a deciding union has given."""
    with reading() as store:
        if not refreshed(store, actor).sits(organization_code):
            return []
        held = store.all(_TITLES_OF, unit=organization_code)
        return held or store.all(_TITLES_BY, unit=organization_code)


@query("assessments")
def assessments(actor: Actor, *, organization_code: str, year: int | None = None) -> list[Assessment]:
    """A holder's assessments of all years, or a deciding union's of one year; for those who work there."""
    with reading() as store:
        if not permissions.serves(refreshed(store, actor), organization_code):
            return []
        if year is None:
            return store.all(_ASSESSMENTS_OF, unit=organization_code)
        return store.all(_ASSESSMENTS_BY, unit=organization_code, year=year)


@query("decisions")
def decisions(_actor: Actor | None) -> list[Decision]:
    """Numbered decisions, newest first."""
    with reading() as store:
        return store.all(_DECISIONS)
