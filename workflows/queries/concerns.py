"""What speaks against a list before it is sealed: missing evidence, and people who must stand back."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from models.account import Account, Seat
from models.application import Application
from models.base import table
from models.database import reading
from models.errors import ForbiddenError
from models.organization import Organization
from models.round import Round
from models.slate import Entry, Slate
from models.sql import Sql, bind, rows_of
from models.vocabulary import Act, Role, Rung, Thing
from workflows.intake import records
from workflows.programmes import programme_of
from workflows.record.acting import Actor, refreshed
from workflows.record.claiming import look
from workflows.record.verb import query
from workflows.rules import forms
from workflows.rules.forms import Fault

if TYPE_CHECKING:
    from collections.abc import Mapping

    from models.database import Store
    from models.programme import Programme

_P, _EN, _A, _S, _O = (table(m).c for m in (Application, Entry, Account, Seat, Organization))
_ON_IT = sa.select(_EN.application_id).where(_EN.slate_id == bind("slate", _EN.slate_id))
_MEMBERS = rows_of(Application, _P.id.in_(_ON_IT), order=(_P.receipt,))


class Lacking(NamedTuple):
    """A name whose form or files are not what the programme asks by now, with each fault by its field."""

    application_id: str
    receipt: str | None
    subject: str
    faults: list[Fault]


class Recused(NamedTuple):
    """Somebody who reviews at this desk and may not seal the list for this name; `you`: the asker."""

    account_id: str
    who: str
    receipt: str | None
    subject: str
    unit: str
    you: bool


class Concerns(NamedTuple):
    """What is listed before sealing."""

    lacking: list[Lacking]
    recused: list[Recused]


class _Own(NamedTuple):
    account_id: str
    who: str
    receipt: str | None
    subject: str
    unit: str


_desk, _home = table(Seat).alias("at_desk"), table(Seat).alias("at_home")


def _in_office(seat: sa.FromClause) -> sa.ColumnElement[bool]:
    now = bind("now", _S.starts_at)
    return (seat.c.starts_at <= now) & (seat.c.ends_at.is_(None) | (seat.c.ends_at > now))


# As `slates.refuse_own_case`: one's own name, or a name of another unit one sits in.
_OWN: Sql[_Own] = Sql(
    sa.select(_A.id.label("account_id"), _A.name.label("who"), _P.receipt, _P.subject, _O.name.label("unit"))
    .distinct()
    .join_from(table(Application), table(Organization), _O.code == _P.organization)
    .join(_desk, (_desk.c.organization == bind("desk", _S.organization)) & _in_office(_desk))
    .join(table(Account), (_A.id == _desk.c.account_id) & _A.disabled_at.is_(None))
    .outerjoin(
        _home, (_home.c.account_id == _A.id) & (_home.c.organization == _P.organization) & _in_office(_home)
    )
    .where(
        _P.id.in_(_ON_IT), _desk.c.role == Role.REVIEWER,
        (_P.applicant_id == _A.id)
        | (_home.c.account_id.is_not(None) & (_P.organization != bind("desk", _S.organization))),
    )
    .order_by(_P.receipt, _A.name),
    _Own,
)  # fmt: skip


@query("seal-concerns")
def seal_concerns(actor: Actor, slate_id: str) -> Concerns:
    """What is to be known before a list is sealed: names with missing evidence, and who must stand back.

    Asked of the applicant's parts by stage, and of the parts of the tiers up to this one. A fixed number
    of reads however long the list is. For the list's own reviewers; raises ForbiddenError for others.
    """
    with reading() as store:
        who, slate = refreshed(store, actor), look(store, Slate, slate_id)
        if not who.sits(slate.organization, Role.REVIEWER):
            raise ForbiddenError("not_your_desk", act=Act.SEAL.value, thing=Thing.SLATE.value)
        rules = programme_of(store, look(store, Round, slate.round_id).programme)
        own = store.all(_OWN, slate=slate.id, desk=slate.organization, now=store.now)
        return Concerns(
            _lacking(store, rules, slate), [Recused(*one, you=one.account_id == who.id) for one in own]
        )  # fmt: skip


def _lacking(store: Store, rules: Programme, slate: Slate) -> list[Lacking]:
    cleared, files = records.cleared_on(store, slate.id), records.files_on(store, slate.id)
    found = []
    for row in store.all(_MEMBERS, slate=slate.id):
        formal = not rules.entry.first_list_due or row.id in cleared
        if faults := _faults(rules, row, files.get(row.id, {}), formal=formal):
            found.append(Lacking(row.id, row.receipt, row.subject, faults))
    return found


def _faults(rules: Programme, row: Application, files: Mapping[str, int], *, formal: bool) -> list[Fault]:
    """What the applicant and each tier so far still owe; a tier's part is asked once it has the case."""
    tiers: list[Rung | str] = [forms.APPLICANT, *(Rung(rung) for rung, _ in row.route[: row.step + 1])]
    return [fault for by in tiers for fault in forms.faults(rules, row.answers, files, by=by, formal=formal)]
