"""Near-duplicates across routes, rounds and years: what is alike, as far as the asker may know the other."""

from __future__ import annotations

from typing import Any, NamedTuple

import sqlalchemy as sa

from models.application import Application
from models.base import table
from models.database import reading
from models.errors import ForbiddenError, InputError, NotFoundError
from models.likeness import Likeness
from models.organization import Organization
from models.round import Round
from models.slate import Entry, Slate
from models.sql import Sql, bind
from models.vocabulary import Act, Role, State, Thing
from workflows.record.acting import Actor, refreshed
from workflows.record.claiming import look, visible
from workflows.record.verb import query
from workflows.rules import permissions

_K, _P, _O, _R, _EN = (table(m).c for m in (Likeness, Application, Organization, Round, Entry))


class Alike(NamedTuple):
    """Two applications that share text or files. Of the other one None is told that the asker may not see.

    `percent`: how much the texts share, 0 where they do not; `files`: equal files. `same_unit`,
    `same_round`: whether both are of one unit, and of one round; None likewise.
    """

    application_id: str
    receipt: str | None
    subject: str
    percent: int
    files: int
    same_unit: bool | None
    same_round: bool | None
    other_id: str | None
    other_receipt: str | None
    other_subject: str | None
    other_unit: str | None
    other_round: str | None


class _Pair(NamedTuple):
    percent: int
    files: int
    application_id: str
    receipt: str | None
    subject: str
    organization: str
    round_id: str
    other_id: str
    other_receipt: str | None
    other_subject: str
    other_organization: str
    other_applicant: str
    other_unit: str
    other_round: str
    other_round_name: str
    other_state: State
    other_route: list[list[str]]
    other_step: int


class _Seen(NamedTuple):
    """The other application, as far as the rules ask it."""

    id: str
    round_id: str
    organization: str
    applicant_id: str
    state: State
    route: list[list[str]]
    step: int

    @property
    def desk(self) -> str | None:
        """Where it lies, under review."""
        return self.route[self.step][1] if self.route else None


_other, _unit, _window = (
    table(model).alias(name) for model, name in ((Application, "other"), (Organization, "unit"), (Round, "other_round"))
)


def _pairs(own: Any, theirs: Any, chosen: Any) -> Any:
    """Likenesses with what is on both sides, read from one side of the pair."""
    o = _other.c
    return (
        sa.select(
            _K.percent, _K.files, _P.id.label("application_id"), _P.receipt, _P.subject, _P.organization, _P.round_id,
            o.id.label("other_id"), o.receipt.label("other_receipt"), o.subject.label("other_subject"),
            o.organization.label("other_organization"), o.applicant_id.label("other_applicant"),
            _unit.c.name.label("other_unit"), o.round_id.label("other_round"),
            _window.c.name.label("other_round_name"), o.state.label("other_state"), o.route.label("other_route"),
            o.step.label("other_step"),
        )
        .join_from(table(Likeness), table(Application), _P.id == own)
        .join(_other, o.id == theirs)
        .join(_unit, _unit.c.code == o.organization)
        .join(_window, _window.c.id == o.round_id)
        .where(chosen)
    )  # fmt: skip


_ON_IT = sa.select(_EN.application_id).where(_EN.slate_id == bind("of", _EN.slate_id))


def _both(chosen: Any) -> Sql[_Pair]:
    """The pair is kept by the later of the two; either may ask."""
    return Sql(
        sa.union_all(
            _pairs(_K.application_id, _K.other_id, chosen(_K.application_id)),
            _pairs(_K.other_id, _K.application_id, chosen(_K.other_id)),
        ),
        _Pair,
    )


_OF_ONE = _both(lambda column: column == bind("of", _P.id))
_OF_LIST = _both(lambda column: column.in_(_ON_IT))


@query("likenesses")
def likenesses(actor: Actor, *, slate_id: str | None = None, application_id: str | None = None) -> list[Alike]:
    """What an application, or each name of a list, is alike to: evidence, not a verdict; the strongest first.

    For reviewers of a desk that the application has reached, or that may see the list. The other one is
    named only as far as the asker may see it. Raises NotFoundError, ForbiddenError for its own people,
    InputError unless one of the two is asked for.
    """
    if (slate_id is None) == (application_id is None):
        raise InputError("argument_missing", field="slate_id", expected="slate_id / application_id")
    with reading() as store:
        who = refreshed(store, actor)
        if slate_id is not None:
            if not visible(who, Thing.SLATE, look(store, Slate, slate_id)):
                raise NotFoundError("not_found", thing=Thing.SLATE.value, given=slate_id[:60])
            found = store.all(_OF_LIST, of=slate_id)
        else:
            _require_reviewer(who, look(store, Application, str(application_id)))
            found = store.all(_OF_ONE, of=application_id)
        mine = [pair for pair in found if not who.sits(pair.organization)]
        return [_told(who, pair) for pair in sorted(mine, key=_strength)]


def _strength(pair: _Pair) -> tuple[Any, ...]:
    return (-pair.percent, -pair.files, pair.receipt or "", pair.other_receipt or "")


def _require_reviewer(who: Actor, row: Application) -> None:
    if not permissions.sees(who, row):
        raise NotFoundError("not_found", thing=Thing.APPLICATION.value, given=row.id)
    reached = [desk for _, desk in row.route[: row.step + 1]]
    if permissions.is_own_case(who, row.organization, row.applicant_id, row.desk) or not any(
        who.sits(desk, Role.REVIEWER) for desk in reached
    ):
        raise ForbiddenError("not_your_desk", act=Act.CHECK.value, thing=Thing.APPLICATION.value)


def _told(who: Actor, pair: _Pair) -> Alike:
    seen = _Seen(pair.other_id, pair.other_round, pair.other_organization, pair.other_applicant, pair.other_state,
                 pair.other_route, pair.other_step)  # fmt: skip
    row: Any = seen
    known = permissions.sees(who, row)
    told = (
        pair.organization == pair.other_organization, pair.round_id == pair.other_round, pair.other_id,
        pair.other_receipt, pair.other_subject, pair.other_unit, pair.other_round_name,
    )  # fmt: skip
    same_unit, same_round, *other = told if known else (None,) * len(told)
    return Alike(
        pair.application_id, pair.receipt, pair.subject, pair.percent, pair.files, same_unit, same_round, *other
    )
