"""What the judges' sheets of a desk come to: one read, however many names (domain: 7.3, 7.7)."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from models.application import Application
from models.base import table
from models.errors import RefusedError
from models.merit import Sheet
from models.slate import Entry
from models.sql import Sql, bind, rows_of, update_of
from workflows.rules import ranking, routes, scoring

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from fractions import Fraction

    from models.database import Store
    from models.programme import Programme, Scoring
    from models.slate import Slate
    from workflows.rules.ranking import Key
    from workflows.rules.scoring import Tally

_P, _S, _EN = (table(m).c for m in (Application, Sheet, Entry))
_AT_DESK = rows_of(
    Sheet,
    _S.desk == bind("desk", _S.desk),
    _S.application_id.in_(
        sa.select(_P.id).where(_P.desk == bind("desk", _P.desk), _P.round_id == bind("round", _P.round_id))
    ),
    order=(_S.application_id, _S.id),
)
_ON_SLATE = rows_of(
    Sheet,
    _S.desk == bind("desk", _S.desk),
    _S.application_id.in_(sa.select(_EN.application_id).where(_EN.slate_id == bind("slate", _EN.slate_id))),
    order=(_S.application_id, _S.id),
)
_OF_CASE = rows_of(Sheet, _S.application_id == bind("of", _S.application_id), order=(_S.id,))
_MEMBERS = rows_of(
    Application, _P.id.in_(sa.select(_EN.application_id).where(_EN.slate_id == bind("slate", _EN.slate_id)))
)
# The only change a sheet ever sees.
VOID: Sql[None] = update_of(Sheet, "voided_at", "void_reason", "voided_by", "recused")
_SHOWN = 10


class Judged(NamedTuple):
    """What an application's sheets say: the tally, how many judges wrote, each criterion's exact mean.

    `totals`: of the sheets that count, in hundredths by judge; never for who may not know them.
    """

    tally: Tally
    judges: int
    means: Mapping[str, Fraction]
    totals: Mapping[str, int]


def judged_at(store: Store, rules: Programme, desk: str, round_id: str) -> dict[str, Judged]:
    """The sheets of all applications at a desk, by application."""
    return _judged(rules, store.all(_AT_DESK, desk=desk, round=round_id))


def judged_on(store: Store, rules: Programme, slate: Slate) -> dict[str, Judged]:
    """The sheets of all names on a list, by application."""
    return _judged(rules, store.all(_ON_SLATE, desk=slate.organization, slate=slate.id))


def judged_of(store: Store, rules: Programme, application_id: str) -> dict[str, Judged]:
    """The sheets of one application where it is judged, by application."""
    return _judged(rules, store.all(_OF_CASE, of=application_id))


def judged_in(rules: Programme, sheets: Iterable[Sheet]) -> dict[str, Judged]:
    """What sheets that were fetched already come to, by application."""
    return _judged(rules, sheets)


def is_open(judged: Judged) -> bool:
    """Whether a case's score may be read by its desk's reviewers: no sheet of the panel is missing.

    From then on none of them writes one: a judge never knows the others' scores.
    """
    return judged.tally.score is not None and not judged.tally.missing


def is_scored_at(rules: Programme, row: Application) -> bool:
    """Whether the programme has judges score this application where it is now."""
    return rules.scoring is not None and routes.stop(row, row.step).rung is rules.scoring.step


def _judged(rules: Programme, sheets: Iterable[Sheet]) -> dict[str, Judged]:
    """By application; of judges who stood back, those who had scored still count as having sat (scenario 16).

    A sheet that a ruling voided is to be written anew; and most of the panel must have scored in any case.
    """
    if rules.scoring is None:
        return {}
    by_name: dict[str, list[Sheet]] = defaultdict(list)
    for sheet in sheets:
        by_name[sheet.application_id].append(sheet)
    found = {}
    for name, own in by_name.items():
        standing = [sheet for sheet in own if sheet.voided_at is None]
        sat = {sheet.account_id for sheet in standing if sheet.scores}
        gone = {sheet.account_id for sheet in own if sheet.recused and sheet.scores} - sat
        size = rules.panel.size if rules.panel else 1
        needed = max(size // 2 + 1, size - len(gone))
        tally = scoring.tally(rules.scoring, [sheet.total for sheet in standing], needed)
        totals = {sheet.account_id: sheet.total for sheet in standing}
        found[name] = Judged(tally, len(sat | gone), _means(rules, standing), totals)
    return found


def _means(rules: Programme, sheets: Sequence[Sheet]) -> dict[str, Fraction]:
    if rules.scoring is None or rules.scoring.method == "vote" or not sheets:
        return {}
    names = [c.name for c in scoring.criteria_of(rules.scoring)]
    return {name: scoring.mean_of([sheet.scores[name] for sheet in sheets]) for name in names}


def scored(store: Store, rules: Programme, rows: Mapping[str, Application], items: list[dict[str, Any]]) -> Any:
    """The items of a list with the scores their sheets come to, where this tier's judges score.

    While sheets of the panel are missing there is no score: the mean of some says nothing. A score that
    was typed must agree. Raises RefusedError("sheets_differ") with both.
    """
    first = rows[items[0]["application_id"]]
    if not is_scored_at(rules, first):
        return items
    judged = judged_at(store, rules, str(first.desk), first.round_id)
    done = []
    for item in items:
        name = item["application_id"]
        score = judged[name].tally.score if name in judged and not judged[name].tally.missing else None
        if item["score"] not in (None, score):
            raise RefusedError("sheets_differ", receipt=rows[name].receipt, given=_shown(item["score"]),
                               score=_shown(score))  # fmt: skip
        done.append({**item, "score": score})
    return done


def keys_on(
    store: Store, rules: Programme, slate: Slate, entries: Sequence[Entry], members: Sequence[Application]
) -> dict[str, Key]:
    """What the tie rule's steps say of each name of a list; nothing where no step can be counted."""
    steps = ranking.comparable(rules, criteria_of(rules))
    if not steps:
        return {}
    judged = judged_on(store, rules, slate) if rules.scoring and rules.scoring.step is slate.rung else {}
    rows = {m.id: m for m in members}
    names = [e.application_id for e in entries]
    return {name: ranking.key_of(steps, told_of(rows[name], judged.get(name))) for name in names}


def keys_of_list(store: Store, rules: Programme, slate: Slate, places: Sequence[Any]) -> dict[str, Key]:
    """As `keys_on`, for a reader who has not the applications at hand."""
    members = store.all(_MEMBERS, slate=slate.id) if breaks_ties(rules) else []
    return keys_on(store, rules, slate, places, members)


def told_of(row: Application, judged: Judged | None) -> dict[str, Any]:
    """What the steps of a tie rule may ask of an application: its answers, and its criteria's means."""
    return {**row.answers, **(judged.means if judged else {})}


def criteria_of(rules: Programme) -> list[str]:
    return [c.name for c in rules.scoring.criteria] if rules.scoring else []


def breaks_ties(rules: Programme) -> bool:
    """Whether any step of the tie rule is one that numbers answer."""
    return bool(ranking.comparable(rules, criteria_of(rules)))


def require(
    store: Store, rules: Programme, slate: Slate, entries: Mapping[str, Entry], members: Sequence[Application]
) -> None:
    """Refuse names that are unscored, not scored by a whole panel, below the mark, or scored anew since.

    Raises RefusedError("unscored", "panel_incomplete", "panel_even", "below_pass_mark", "score_moved").
    """
    if rules.scoring is None or rules.scoring.step is not slate.rung:
        return
    judged = judged_on(store, rules, slate)
    cited = rules.scoring.cited
    # An award beyond the quota needs no score; one that has sheets is looked at like any other.
    members = [m for m in members if m.id in judged or not entries[m.id].outside]
    if late := [m for m in members if _score(judged, m) is None]:
        raise RefusedError("unscored", **whom(late), **cited)
    require_whole(rules, members, judged)
    if failed := [m for m in members if not judged[m.id].tally.passed]:
        raise RefusedError("below_pass_mark", **whom(failed), mark=_mark(rules.scoring), **cited)
    if moved := [m for m in members if entries[m.id].score != _score(judged, m)]:
        raise RefusedError("score_moved", **whom(moved))


def require_whole(rules: Programme, rows: Sequence[Application], judged: Mapping[str, Judged]) -> None:
    """Refuse applications that fewer judges scored than the panel has, or an even number of them.

    A judge who stood back after scoring is not replaced: the others' sheets stand (scenario 16).
    """
    if rules.panel is None:
        return
    size, cited = rules.panel.size, rules.panel.cited
    if lacking := [row for row in rows if judged[row.id].tally.missing]:
        raise RefusedError("panel_incomplete", **whom(lacking), size=size, **cited)
    if rules.panel.odd and (even := [row for row in rows if judged[row.id].judges % 2 == 0]):
        raise RefusedError("panel_even", **whom(even), size=size, **cited)


def whom(rows: Sequence[Application]) -> dict[str, Any]:
    """Whom a refusal is about: how many, and the first receipts."""
    return {"receipts": [row.receipt for row in rows[:_SHOWN]], "count": len(rows)}


def _score(judged: Mapping[str, Judged], row: Application) -> int | None:
    return judged[row.id].tally.score if row.id in judged else None


def _mark(rule: Scoring) -> str:
    return f"{rule.vote_percent}%" if rule.method == "vote" else str(rule.pass_mark)


def _shown(score: int | None) -> str | None:
    return None if score is None else f"{scoring.points_of(score):.2f}"
