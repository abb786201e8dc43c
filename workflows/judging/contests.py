"""Contests: scores announced, provisional while they can be appealed against, then final (domain: 5.11)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from models.application import Application
from models.base import changed, new_id, table
from models.database import transaction
from models.errors import ConflictError, ForbiddenError, RefusedError
from models.merit import Announcement, Appeal
from models.programme_file.common import text_of
from models.round import Round
from models.slate import Entry
from models.sql import Sql, bind, insert_into, row_from, rows_of, update_of
from models.vocabulary import ENDED, REVIEWS, Act, AppealState, DeadlineKind, Role, State, Thing
from workflows.judging import panels
from workflows.programmes import programme_of
from workflows.record.acting import refreshed
from workflows.record.claiming import look
from workflows.record.journal import move_all
from workflows.record.moves import Change, Due
from workflows.record.verb import not_done_yet, verb
from workflows.rules import contests as rule_of
from workflows.rules import permissions, ranking, routes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from models.database import Store
    from models.journal import Event
    from models.programme import Contest, Programme
    from models.slate import Slate
    from workflows.judging.panels import Judged
    from workflows.record.acting import Actor

_P, _N, _A, _EN = (table(m).c for m in (Application, Announcement, Appeal, Entry))
_AT_DESK = rows_of(
    Application,
    _P.desk == bind("desk", _P.desk),
    _P.round_id == bind("round", _P.round_id),
    _P.state.in_(sorted(REVIEWS)),
    order=(_P.id,),
    lock=True,
)
ANNOUNCED = rows_of(
    Announcement, _N.round_id == bind("round", _N.round_id), _N.desk == bind("desk", _N.desk), lock=True
)
_BY_ID = rows_of(Announcement, _N.id == bind("id", _N.id))
# Whoever left holds nobody up: an appeal counts while its application is alive, or was named.
APPEALS = rows_of(
    Appeal,
    _A.announcement_id == bind("of", _A.announcement_id),
    _A.application_id.in_(sa.select(_P.id).where(_P.state.not_in(sorted(ENDED - {State.NAMED})))),
    order=(_A.id,),
)
_ENTRIES = rows_of(Entry, _EN.slate_id == bind("slate", _EN.slate_id))
_ANNOUNCE = insert_into(Announcement)
_ANNEW: Sql[None] = update_of(
    Announcement, "results", "teams", "announced_at", "ends_at", "account_id", "version", where=("id", "version")
)
_FEN = 100


def _announced(store: Store, event: Event) -> Announcement | None:
    return store.first(_BY_ID, id=event.body["announcement"])


@verb("announce", answer=_announced)
def announce(
    actor: Actor, *, round_id: str, organization_code: str, seen: int = 0, key: str | None = None
) -> Announcement:
    """Announce a contest's ranks, prizes and team points; they are provisional for the appeal hours.

    Whoever has sheets has competed. Equal keys have equal ranks, never the time of filing. `seen` 0
    announces for the first time, otherwise it is the version announced, after an appeal that was right.
    Raises RefusedError("no_contest", "other_rung", "too_few", "panel_incomplete", "announced_already",
    "appeal_pending"), ConflictError("announced_meanwhile").
    """
    with transaction() as store:
        not_done_yet(store, actor, key)
        who = refreshed(store, actor)
        if not who.sits(organization_code, Role.REVIEWER):
            raise ForbiddenError("not_your_desk", act=Act.ANNOUNCE.value, thing=Thing.APPLICATION.value)
        rules = programme_of(store, look(store, Round, round_id).programme)
        rows = store.all(_AT_DESK, desk=organization_code, round=round_id)
        rule = _contest(rules, rows)
        known = store.first(ANNOUNCED, round=round_id, desk=organization_code)
        _require_time(store, known, seen)
        judged = panels.judged_at(store, rules, organization_code, round_id)
        field = [row for row in rows if row.id in judged and judged[row.id].tally.score is not None]
        _require_field(who, rules, rule, field, judged)
        results = _results(rules, rule, field, judged)
        values = {
            "results": results, "teams": _teams(rule, results), "announced_at": store.now,
            "ends_at": store.now + timedelta(hours=rule.appeal_hours), "account_id": who.id,
        }  # fmt: skip
        made = _kept(store, known, round_id, organization_code, values)
        _tell(store, who, rule, made, field, key)
        return made


def require(store: Store, rules: Programme, window: Round, slate: Slate) -> None:
    """Refuse to publish or decide a contest whose scores are not announced, or not final yet.

    Raises RefusedError("not_announced", "appeals_running", "appeal_pending", "announce_again",
    "announced_otherwise").
    """
    if rules.contest is None or (rules.scoring is not None and rules.scoring.step is not slate.rung):
        return
    cited = rules.contest.cited
    told = store.first(ANNOUNCED, round=window.id, desk=slate.organization)
    if told is None:
        raise RefusedError("not_announced", **cited)
    appeals = store.all(APPEALS, of=told.id)
    if any(case.state is AppealState.OPEN for case in appeals):
        raise RefusedError("appeal_pending", **cited)
    if is_reopened(told, appeals):
        raise RefusedError("announce_again", **cited)
    if store.now < told.ends_at:
        raise RefusedError("appeals_running", ends_at=told.ends_at.isoformat(), **cited)
    scores = {line["application"]: line["score"] for line in told.results}
    if any(scores.get(entry.application_id) != entry.score for entry in store.all(_ENTRIES, slate=slate.id)):
        raise RefusedError("announced_otherwise", slate=slate.id)


def require_unannounced(store: Store, rules: Programme, row: Application) -> None:
    """Refuse to touch an application's sheets once a contest's scores are out, unless its own appeal was right."""
    if rules.contest is None:
        return
    told = store.first(ANNOUNCED, round=row.round_id, desk=routes.stop(row, row.step).desk)
    if told is None:
        return
    if not is_reopened(told, [case for case in store.all(APPEALS, of=told.id) if case.application_id == row.id]):
        raise RefusedError("announced_already", ends_at=told.ends_at.isoformat())


def is_reopened(told: Announcement, appeals: Sequence[Appeal]) -> bool:
    """Whether an appeal was right since the scores were announced, so that they must be announced anew."""
    return any(case.state is AppealState.ACCEPTED and case.announced == told.version for case in appeals)


def is_final(told: Announcement, appeals: Sequence[Appeal], now: Any) -> bool:
    """Whether announced scores stand for good: their hours are over and no appeal is open or was right."""
    is_open = any(case.state is AppealState.OPEN for case in appeals)
    return bool(now >= told.ends_at) and not is_open and not is_reopened(told, appeals)


def _contest(rules: Programme, rows: Sequence[Application]) -> Contest:
    if rules.contest is None or rules.scoring is None:
        raise RefusedError("no_contest")
    if rows and not panels.is_scored_at(rules, rows[0]):
        here = routes.stop(rows[0], rows[0].step).rung
        raise RefusedError("other_rung", act=Act.ANNOUNCE.value, rung=rules.scoring.step.value, here=here.value,
                           **rules.contest.cited)  # fmt: skip
    return rules.contest


def _require_time(store: Store, known: Announcement | None, seen: int) -> None:
    if known is None:
        if seen:
            raise ConflictError("announced_meanwhile", version=0)
        return
    appeals = store.all(APPEALS, of=known.id)
    if any(case.state is AppealState.OPEN for case in appeals):
        raise RefusedError("appeal_pending")
    if not is_reopened(known, appeals):
        raise RefusedError("announced_already", ends_at=known.ends_at.isoformat())
    if seen != known.version:
        raise ConflictError("announced_meanwhile", version=known.version)


def _require_field(
    who: Actor, rules: Programme, rule: Contest, field: Sequence[Application], judged: Mapping[str, Judged]
) -> None:
    if len(field) < max(1, rule.minimum_field):
        raise RefusedError("too_few", count=len(field), minimum=max(1, rule.minimum_field), **rule.cited)
    for row in field:
        if permissions.is_own_case(who, row.organization, row.applicant_id, row.desk):
            raise ForbiddenError("own_case", act=Act.ANNOUNCE.value, application=row.id,
                                 organization=row.organization)  # fmt: skip
    panels.require_whole(rules, field, judged)


def _results(
    rules: Programme, rule: Contest, field: Sequence[Application], judged: Mapping[str, Judged]
) -> list[dict[str, Any]]:
    """The competitors in order: rank, score in hundredths, prize with its money in fen, points for the team."""
    steps = ranking.comparable(rules, panels.criteria_of(rules))
    keys = [
        (judged[row.id].tally.score, ranking.key_of(steps, panels.told_of(row, judged[row.id]))) for row in field
    ]  # fmt: skip
    lines = [_line(rule, row, rank, judged[row.id]) for row, rank in zip(field, ranking.ranks(keys), strict=True)]
    return sorted(lines, key=lambda line: (line["rank"], line["subject"], line["application"]))


def _line(rule: Contest, row: Application, rank: int, judged: Judged) -> dict[str, Any]:
    prize = rule_of.prize_of(rule, rank)
    team = row.answers.get(rule.team_field) if rule.team_field else None
    result = judged.tally.result
    return {
        "application": row.id, "receipt": row.receipt, "subject": row.subject, "leader_name": row.leader_name,
        "organization": row.organization, "applicant": row.applicant_id, "rank": rank, "score": judged.tally.score,
        "result": result.name if result else None,
        "prize": prize.name if prize else None, "fen": prize.yuan * _FEN if prize else 0,
        "outside": prize.outside if prize else False,
        "team": None if team is None else text_of(team), "points": rule_of.team_points(rule, rank),
    }  # fmt: skip


def _teams(rule: Contest, results: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    placed = [(line["team"], line["rank"]) for line in results if line["team"]]
    return [{**team._asdict(), "ranks": list(team.ranks)} for team in rule_of.teams(rule, placed)]


def _kept(store: Store, known: Announcement | None, round_id: str, desk: str, values: dict[str, Any]) -> Announcement:
    if known is None:
        made = {"id": new_id(), "round_id": round_id, "desk": desk, "version": 1, **values}
        store.run(_ANNOUNCE, **made)
        return row_from(Announcement, made)
    values = {**values, "version": known.version + 1}
    store.run(_ANNEW, old_id=known.id, old_version=known.version, **values)
    return changed(known, **values)


def _tell(
    store: Store, who: Actor, rule: Contest, made: Announcement, field: Sequence[Application], key: str | None
) -> None:
    """Every competitor's own record says rank and score, and until when they can be appealed against."""
    lines = {line["application"]: line for line in made.results}
    words = f"公布后{rule.appeal_hours}小时"
    move_all(store, who, Act.ANNOUNCE, [
        Change(
            row, due=Due(DeadlineKind.APPEAL_END, made.ends_at, words, account_id=row.applicant_id),
            body={"announcement": made.id, "rank": lines[row.id]["rank"], "score": lines[row.id]["score"],
                  "letter": {"score": f"{lines[row.id]['score'] / 100:.2f}", "rank": lines[row.id]["rank"]}},
        )
        for row in field
    ], key=key)  # fmt: skip
