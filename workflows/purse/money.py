"""Subsidies by the list: the rows of many ids in one read, and how their titles stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from models.application import Application
from models.base import table
from models.lists import listed, of_list
from models.notice import Objection
from models.sql import Sql, rows_of
from models.subsidy import Subsidy, Succession
from models.title import Assessment, Title
from models.vocabulary import AssessmentState, Grade, LetterKind, ObjectionState, Role
from workflows.post import letters
from workflows.programmes import programme_of
from workflows.rules.money import Standing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from models import programme
    from models.database import Store

_S, _T, _A, _P, _J, _Z = (table(m).c for m in (Subsidy, Title, Assessment, Application, Objection, Succession))


class Stage(NamedTuple):
    """A stage that a title or person has a row for already."""

    title_id: str
    person_key: str | None
    programme_code: str
    stage: str
    year: int


class _Facts(NamedTuple):
    title_id: str
    state: Any
    objection: bool
    rectifying: bool
    leaderless: bool
    grade: Grade | None


_heard = (
    sa.exists()
    .where(
        _J.application_id == _P.id,
        _J.state.in_([ObjectionState.INVESTIGATING, ObjectionState.REPORTED]),
        (_P.id == _T.application_id) | (_P.leader_key == _T.leader_key),
    )
    .correlate(table(Title))
)
_rectifying = sa.exists().where(_A.title_id == _T.id, _A.state == AssessmentState.RECTIFYING)
_leaderless = sa.exists().where(_Z.title_id == _T.id, _Z.settled_at.is_(None))
_last = (
    sa.select(_A.grade)
    .where(_A.title_id == _T.id, _A.graded_at.is_not(None))
    .order_by(_A.graded_at.desc(), _A.year.desc())
    .limit(1)
    .scalar_subquery()
)
_STANDINGS = of_list(
    lambda ids: Sql(
        sa.select(_T.id.label("title_id"), _T.state, _heard, _rectifying, _leaderless, _last).where(_T.id.in_(ids)),
        _Facts,
    )
)
_TITLES = of_list(lambda ids: rows_of(Title, _T.id.in_(ids), order=(_T.id,)))
_HOLD_TITLES = of_list(
    lambda ids: rows_of(Title, _T.id.in_(sa.select(_S.title_id).where(_S.id.in_(ids))), order=(_T.id,), lock=True)
)
_HOLD = of_list(lambda ids: rows_of(Subsidy, _S.id.in_(ids), order=(_S.id,), lock=True))
_OF_TITLES = of_list(lambda ids: rows_of(Subsidy, _S.title_id.in_(ids), order=(_S.id,), lock=True))
_STAGES = of_list(
    lambda ids: Sql(
        sa.select(_S.title_id, _S.person_key, _S.programme_code, _S.stage, _S.year).where(
            _S.title_id.in_(ids) | _S.person_key.in_(ids)
        ),
        Stage,
    )
)


def held_with_titles(store: Store, ids: Iterable[str]) -> tuple[dict[str, Subsidy], dict[str, Title]]:
    """Subsidies and their titles by id, held until the transaction ends: titles first, as everywhere."""
    given, kind = listed(ids), store.dialect.name
    titles = {row.id: row for row in store.all(_HOLD_TITLES[kind], ids=given)}
    return {row.id: row for row in store.all(_HOLD[kind], ids=given)}, titles


def titles_of(store: Store, rows: Iterable[Subsidy]) -> dict[str, Title]:
    """The titles of some subsidies by id, in one read."""
    found = store.all(_TITLES[store.dialect.name], ids=listed(row.title_id for row in rows))
    return {row.id: row for row in found}


def of_titles(store: Store, titles: Sequence[Title]) -> list[Subsidy]:
    """Every subsidy of some titles, held until the transaction ends."""
    return store.all(_OF_TITLES[store.dialect.name], ids=listed(row.id for row in titles))


def stages_of(store: Store, keys: Iterable[str]) -> list[Stage]:
    """The stages that titles, or persons by their key, have rows for."""
    return store.all(_STAGES[store.dialect.name], ids=listed(keys))


def standings(store: Store, title_ids: Iterable[str]) -> dict[str, Standing]:
    """How titles stand for money: what is open about them, and their last grade (one statement)."""
    rows = store.all(_STANDINGS[store.dialect.name], ids=listed(title_ids))
    return {row.title_id: _standing(row) for row in rows}


def _standing(row: _Facts) -> Standing:
    passed = None if row.grade is None else row.grade in (Grade.EXCELLENT, Grade.QUALIFIED)
    return Standing(row.title_id, row.state, bool(row.objection), bool(row.rectifying), bool(row.leaderless), passed)


def rule_of(store: Store, title: Title, stage: str) -> programme.Subsidy:
    """What the programme of a title says of a stage of its money."""
    rules = programme_of(store, title.programme).subsidies
    return next(rule for rule in rules if rule.stage == stage)


def tell(
    store: Store, rows: Sequence[Subsidy], titles: Mapping[str, Title], template: str,
    kind: LetterKind = LetterKind.INFORMATION, *, to: Role = Role.CLERK, **params: Any,
) -> None:  # fmt: skip
    """A letter about each subsidy's last event: to the unit's clerks, or to the decider's reviewers."""
    addressed = (
        (row.head[:32], row.organization if to is Role.CLERK else row.decider,
         _words(store, row, titles[row.title_id]) | params, row.id)
        for row in rows
    )  # fmt: skip
    letters.to_desks(store, addressed, template, kind, to)


def _words(store: Store, row: Subsidy, title: Title) -> dict[str, Any]:
    label = rule_of(store, title, row.stage).label
    return {"number": title.number, "subject": title.name, "fen": row.fen, "stage": label.model_dump(),
            "voucher": row.voucher}  # fmt: skip
