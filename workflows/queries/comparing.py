"""Two to four cases beside each other: the same fields in one row, each case looked at anew for whoever asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from models.application import Application
from models.attachment import Attachment
from models.base import table
from models.database import reading
from models.errors import InputError
from models.merit import Sheet
from models.organization import Organization
from models.round import Round
from models.sql import Sql, bind, rows_of
from models.vocabulary import Role
from workflows.judging import panels
from workflows.programmes import programme_of
from workflows.queries.applications import as_read
from workflows.record.acting import Actor, refreshed
from workflows.record.verb import query
from workflows.rules import forms, permissions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.database import Store
    from models.programme import Programme
    from workflows.judging.panels import Judged

FEWEST, MOST = 2, 4
_P, _F, _S, _O, _R = (table(m).c for m in (Application, Attachment, Sheet, Organization, Round))


def _any_of(column: Any) -> Any:
    """One of up to four: a list of fixed length, so that the statement is compiled once."""
    return column.in_([bind(f"of{n}", column) for n in range(MOST)])


_ROWS = rows_of(Application, _any_of(_P.id))
_FILES = rows_of(Attachment, _any_of(_F.application_id), _F.removed_at.is_(None), order=(_F.slot, _F.id))
_SHEETS = rows_of(Sheet, _any_of(_S.application_id), order=(_S.application_id, _S.id))


class _Named(NamedTuple):
    """By what names an application's unit and round are known."""

    id: str
    unit: str
    round_name: str


_NAMES: Sql[_Named] = Sql(
    sa.select(_P.id, _O.name.label("unit"), _R.name.label("round_name"))
    .join_from(table(Application), table(Organization), _O.code == _P.organization)
    .join(table(Round), _R.id == _P.round_id)
    .where(_any_of(_P.id)),
    _Named,
)


class Compared(NamedTuple):
    """One case as its reader may see it.

    `shown`: the fields its form shows, in order; `score` in hundredths of a point (of a percent for a vote or
    ratio) and `sheets` that it comes from, None while they are not for the reader's eyes.
    """

    application: Application
    shown: list[str]
    unit: str
    round_name: str
    files: list[Attachment]
    score: int | None
    sheets: int | None


class Comparison(NamedTuple):
    """The cases in the order asked for; `missing` are those that are not there, or not for this reader."""

    cases: list[Compared]
    missing: list[str]


@query("compare")
def compare(actor: Actor, *, cases: list[str]) -> Comparison:
    """Two to four applications beside each other, each as `application` would show it to this person.

    Scores are told as `standings` does: to the reviewers of the desk where a case lies, once no sheet is missing.
    Raises InputError("compare_count") for fewer than two and more than four different ones.
    """
    wanted = list(dict.fromkeys(cases))
    if not FEWEST <= len(wanted) <= MOST:
        raise InputError("compare_count", field="cases", count=len(wanted), least=FEWEST, most=MOST)
    four = {f"of{n}": wanted[min(n, len(wanted) - 1)] for n in range(MOST)}
    with reading() as store:
        who = refreshed(store, actor)
        rows = {row.id: row for row in store.all(_ROWS, **four) if permissions.sees(who, row)}
        names = {one.id: one for one in store.all(_NAMES, **four)}
        files, sheets = store.all(_FILES, **four), store.all(_SHEETS, **four)
        found = [
            _compared(store, who, rows[one], names[one], [f for f in files if f.application_id == one],
                      [s for s in sheets if s.application_id == one])
            for one in wanted if one in rows
        ]  # fmt: skip
        return Comparison(found, [one for one in wanted if one not in rows])


def _compared(
    store: Store, who: Actor, row: Application, named: _Named, files: list[Attachment], sheets: list[Sheet]
) -> Compared:
    rules = programme_of(store, row.programme)
    own = permissions.is_own_case(who, row.organization, row.applicant_id)
    known = forms.counting(rules, row.answers)
    shown = [
        f.name for f in rules.fields if row.answers.get(f.name) is not None or f.when is None or f.when.holds(known)
    ]
    judged = _judged(who, rules, row, sheets)
    return Compared(as_read(rules, row, own=own), shown, named.unit, named.round_name, files,
                    judged.tally.score if judged else None, judged.tally.n if judged else None)  # fmt: skip


def _judged(who: Actor, rules: Programme, row: Application, sheets: Sequence[Sheet]) -> Judged | None:
    """What the judges' sheets come to where the case lies, for whom it is open."""
    is_theirs = who.sits(row.desk, Role.REVIEWER) and not permissions.is_own_case(
        who, row.organization, row.applicant_id, row.desk
    )
    if row.desk is None or not is_theirs or not panels.is_scored_at(rules, row):
        return None
    judged = panels.judged_in(rules, [one for one in sheets if one.desk == row.desk]).get(row.id)
    return judged if judged is not None and panels.is_open(judged) else None
