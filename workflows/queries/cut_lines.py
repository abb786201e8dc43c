"""What a desk asks about its line: how firm it is, whom another way of counting would move, how severe judges are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from models.application import Application
from models.base import table
from models.database import reading
from models.errors import ForbiddenError, InputError, NotFoundError, RefusedError
from models.panel import Assignment
from models.round import Round
from models.slate import Entry, Slate
from models.sql import Sql, bind, rows_of
from models.vocabulary import REVIEWS, QuotaKind, Role, SlateState, Thing
from workflows.judging import panels
from workflows.places import quotas
from workflows.programmes import programme_of
from workflows.record.acting import Actor, refreshed
from workflows.record.claiming import look, visible
from workflows.record.verb import query
from workflows.rules import cut_line, permissions, places, ranking, severity
from workflows.rules.cut_line import Name, Variant
from workflows.rules.severity import Cell, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from models.database import Store
    from models.programme import Programme
    from workflows.judging.panels import Judged

_P, _EN, _AS = (table(m).c for m in (Application, Entry, Assignment))
_AT_DESK = rows_of(
    Application, _P.desk == bind("desk", _P.desk), _P.round_id == bind("round", _P.round_id),
    _P.pool == bind("pool", _P.pool), _P.state.in_(sorted(REVIEWS)), order=(_P.id,),
)  # fmt: skip
_ENTRIES = rows_of(Entry, _EN.slate_id == bind("slate", _EN.slate_id), order=(_EN.rank,))
_ON_SLATE = rows_of(
    Application, _P.pool == bind("pool", _P.pool),
    _P.id.in_(sa.select(_EN.application_id).where(_EN.slate_id == bind("slate", _EN.slate_id))), order=(_P.id,),
)  # fmt: skip
_ANCHORS: Sql[str] = Sql(
    sa.select(_AS.application_id)
    .join(table(Application), _P.id == _AS.application_id)
    .where(_AS.anchor, _AS.ended_at.is_(None), _P.round_id == bind("round", _P.round_id))
    .distinct()
)
# So many scores are drawn at most: a thousand times up to 500 names, fewer times beyond (the answer says how often).
_MOST_DRAWN, _FEWEST = 500_000, 100


class Line(NamedTuple):
    """One name at the line: rank, score, how firmly on which side, and the same without the judges' severity.

    `score`, `adjusted`, `spread` and `deviation` in hundredths; `percent` of the resamples in which it stays
    on its side (`in`, `tied` or `out`).
    """

    application_id: str
    receipt: str | None
    subject: str
    rank: int
    score: int
    side: str
    percent: int
    adjusted: int | None
    adjusted_rank: int | None
    n: int
    spread: int
    deviation: int


class Lean(NamedTuple):
    """How lenient a judge is, in hundredths above the panel, over how many cases; whose only once sheets are open."""

    account_id: str | None
    leniency: int
    cases: int


class CutLine(NamedTuple):
    """A line after `line` names and how firm it is: `percent` of `resamples` (by `seed`) draw exactly this one.

    `judges` are the panel's leniencies over `anchors` cases, with the `residual` deviation they leave; where
    they could not be estimated, `why` is the reason's code and numbers.
    """

    method: str
    line: int
    lines: list[Line]
    variants: list[Variant]
    percent: int
    resamples: int
    seed: str
    judges: list[Lean]
    anchors: int
    residual: int | None
    why: dict[str, Any] | None


class _Asked(NamedTuple):
    """Which line is asked about: the desk, round and pool, the list if there is one, and where its line is."""

    desk: str
    round_id: str
    pool: str
    slate: Slate | None
    entries: list[Entry]
    line: int | None

    @property
    def is_sealed(self) -> bool:
        return self.slate is not None and self.slate.state is not SlateState.DRAFTING


@query("cut-line")
def cut_line_of(
    actor: Actor, *, slate_id: str = "", round_id: str = "", desk: str = "", pool: str = "",
    line: int | None = None, seed: str = "",
) -> CutLine:  # fmt: skip
    """How firm the line of a list is, or of a round's cases at a desk: whom another mean, quota or panel would move.

    For the desk's reviewers, in nobody's own case, once no sheet is missing. `line`: after how many names,
    else the list's main places, else the desk's places left. `seed`: of the resampling. Raises NotFoundError,
    ForbiddenError("not_your_desk", "own_case"), RefusedError("no_scoring", "scores_not_open",
    "nothing_scored"), InputError("argument_missing") where no line is known.
    """
    with reading() as store:
        who = refreshed(store, actor)
        asked = _asked(store, who, slate_id, round_id, desk, pool, line)
        rules = programme_of(store, look(store, Round, asked.round_id).programme)
        if rules.scoring is None:
            raise RefusedError("no_scoring")
        rows, judged = _judged(store, who, rules, asked)
        at = asked.line if asked.line is not None else _places(store, asked, {row.id for row in rows})
        found = _severity(store, rules, asked, judged)
        steps = ranking.comparable(rules, panels.criteria_of(rules))
        names = [
            Name(row.id, judged[row.id].totals, ranking.key_of(steps, panels.told_of(row, judged[row.id])))
            for row in rows
        ]  # fmt: skip
    seed = seed or f"{asked.round_id}/{asked.desk}/{asked.pool}"
    seen = cut_line.view(
        rules.scoring, names, at, seed=seed, leniency=None if found.why else found.by_judge,
        resamples=max(_FEWEST, min(cut_line.RESAMPLES, _MOST_DRAWN // len(names))),
    )  # fmt: skip
    about = {row.id: row for row in rows}
    return CutLine(
        rules.scoring.method, at, [_line(one, about[one.id], judged[one.id]) for one in seen.names],
        list(seen.variants), seen.percent, seen.resamples, seen.seed,
        [Lean(one.judge if asked.is_sealed else None, one.shown, one.cases) for one in found.judges],
        found.cases, found.residual, found.why,
    )  # fmt: skip


def _asked(store: Store, who: Actor, slate_id: str, round_id: str, desk: str, pool: str, line: int | None) -> _Asked:
    if not slate_id:
        if not who.sits(desk, Role.REVIEWER):
            raise ForbiddenError("not_your_desk", thing=Thing.APPLICATION.value)
        return _Asked(desk, round_id, pool, None, [], line)
    row = look(store, Slate, slate_id)
    if not visible(who, Thing.SLATE, row):
        raise NotFoundError("not_found", thing=Thing.SLATE.value, given=slate_id)
    if not who.sits(row.organization, Role.REVIEWER):
        raise ForbiddenError("not_your_desk", thing=Thing.SLATE.value)
    return _Asked(row.organization, row.round_id, pool, row, store.all(_ENTRIES, slate=row.id), line)


def _judged(store: Store, who: Actor, rules: Programme, asked: _Asked) -> tuple[list[Application], dict[str, Judged]]:
    """The scored names a line is drawn through: those at the desk; of a sealed list, those on it."""
    if asked.is_sealed and asked.slate is not None:
        rows = store.all(_ON_SLATE, slate=asked.slate.id, pool=asked.pool)
        judged = panels.judged_on(store, rules, asked.slate)
    else:
        rows = store.all(_AT_DESK, desk=asked.desk, round=asked.round_id, pool=asked.pool)
        rows = [row for row in rows if panels.is_scored_at(rules, row)]
        judged = panels.judged_at(store, rules, asked.desk, asked.round_id)
    if any(permissions.is_own_case(who, row.organization, row.applicant_id, asked.desk) for row in rows):
        raise ForbiddenError("own_case")
    outside = {entry.application_id for entry in asked.entries if entry.outside}
    rows = [row for row in rows if row.id not in outside]
    if late := [row for row in rows if row.id not in judged or not panels.is_open(judged[row.id])]:
        raise RefusedError("scores_not_open", **panels.whom(late))
    if not rows:
        raise RefusedError("nothing_scored")
    return rows, judged


def _places(store: Store, asked: _Asked, names: set[str]) -> int:
    """Where the line is: after the list's main names of the pool, else after the places the desk has left."""
    main = sum(not e.reserve and not e.outside and e.application_id in names for e in asked.entries)
    if main:
        return main
    held = quotas.of_union(store, asked.round_id, asked.desk).get(asked.pool)
    if held is None or held.kind is QuotaKind.FREE:
        raise InputError("argument_missing", field="line", expected="int")
    return places.left(held)


def _severity(store: Store, rules: Programme, asked: _Asked, judged: Mapping[str, Judged]) -> Severity:
    if rules.scoring is None or rules.scoring.method in ("vote", "ratio"):
        return Severity((), 0, None, {"code": "severity_of_answers"})
    # A case whose sheets are not all in says nothing yet, not even of its judges.
    cells = _cells({case: found for case, found in judged.items() if panels.is_open(found)})
    anchors = set(store.all(_ANCHORS, round=asked.round_id)).intersection(cell.case for cell in cells)
    return severity.estimate(cells, anchors)


def _cells(judged: Mapping[str, Judged]) -> Sequence[Cell]:
    return [Cell(case, judge, total) for case, found in judged.items() for judge, total in found.totals.items()]


def _line(one: cut_line.Firmness, row: Application, judged: Judged) -> Line:
    tally = judged.tally
    return Line(row.id, row.receipt, row.subject, one.rank, one.score, one.side, one.percent, one.adjusted,
                one.adjusted_rank, tally.n, tally.spread, tally.deviation)  # fmt: skip
