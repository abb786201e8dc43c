"""Score packs: a judge's cases as a workbook to take along, and the filled-in workbook taken back."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from models.application import Application
from models.base import table
from models.database import reading, transaction
from models.errors import FaultsError, ForbiddenError, InputError, RefusedError, ShenbaoError
from models.merit import Sheet
from models.organization import Organization
from models.round import Round
from models.sql import Sql, bind, rows_of
from models.vocabulary import REVIEWS, Act, Role, Thing
from workflows.desk import duties
from workflows.judging import benches, panels, scoring
from workflows.packs import layout, writing
from workflows.packs.reading import Given, Opened, opened, require_ours
from workflows.programmes import programme_of
from workflows.record.acting import Actor, refreshed
from workflows.record.claiming import look
from workflows.record.verb import query, verb
from workflows.rules import permissions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from models.database import Store
    from models.programme import Programme, Scoring
    from workflows.judging.benches import Bench
    from workflows.packs.layout import Line, Plate

_P, _S, _O = (table(m).c for m in (Application, Sheet, Organization))
_AT = (_P.desk == bind("desk", _P.desk), _P.round_id == bind("round", _P.round_id), _P.state.in_(sorted(REVIEWS)))
_CASES, _HOLD = rows_of(Application, *_AT, order=(_P.id,)), rows_of(Application, *_AT, order=(_P.id,), lock=True)
_UNITS: Sql[tuple[str, str]] = Sql(
    sa.select(_O.code, _O.name).where(_O.code.in_(sa.select(_P.organization).where(*_AT))), tuple
)
# By the desk that was judged at: a case may have gone on since.
_MINE = rows_of(
    Sheet, _S.account_id == bind("who", _S.account_id), _S.desk == bind("desk", _S.desk), _S.voided_at.is_(None),
    _S.application_id.in_(sa.select(_P.id).where(_P.round_id == bind("round", _P.round_id))),
)  # fmt: skip
_YES, _NO = "是", "否"
_JUDGES = (Role.EXPERT, Role.REVIEWER)


class Pack(NamedTuple):
    """A workbook of a judge's cases."""

    filename: str
    content: bytes
    cases: int


class Fate(NamedTuple):
    """A line's fate: "new", "known" (its sheet stands already), "empty", or "bad" with why."""

    line: int
    receipt: str
    subject: str
    fate: str
    code: str | None = None
    details: dict[str, Any] = {}  # noqa: RUF012 -- never written to


class Taken(NamedTuple):
    """What became of a pack: sheets written, known already, lines left empty, lines refused.

    `same`: nothing on it was new, so nothing was changed.
    """

    written: int
    known: int
    empty: int
    refused: list[Fate]
    same: bool


class _Read(NamedTuple):
    """A pack's lines with their fates, and the sheets they come to."""

    fates: list[Fate]
    sheets: list[dict[str, Any]]


@query("score-pack")
def score_pack(actor: Actor, *, round_id: str, desk: str) -> Pack:
    """One's own cases at a desk as an xlsx workbook: those one was given or may score, with one's sheets so far.

    Raises ForbiddenError("not_your_desk"), RefusedError("no_scoring", "nothing_to_score").
    """
    with reading() as store:
        who, rules, rule = _judge(store, actor, round_id, desk)
        bench = benches.bench_at(store, who, rules, desk, round_id)
        rows = [row for row in store.all(_CASES, desk=desk, round=round_id) if _is_mine(bench, row)]
        if not rows:
            raise RefusedError("nothing_to_score")
        names = dict(store.all(_UNITS, desk=desk, round=round_id))
        name = look(store, Round, round_id).name
    lines = [_line(rule, row, names[row.organization], bench.mine.get(row.id, [])) for row in rows]
    plate = _plate(round_id, desk, who, rules)
    signed = plate._replace(signature=layout.pack_signature(plate, rule, [(one.id, one.version) for one in lines]))
    title = f"{name} · {who.name}"
    return Pack(f"{title}.xlsx", writing.workbook(signed, rule, title, lines, who.language), len(lines))


@query("check-score-pack")
def check_score_pack(actor: Actor, *, round_id: str, desk: str, filename: str, content: bytes) -> list[Fate]:
    """What taking a pack back would do, line by line; nothing is written. Raises as `take-score-pack`."""
    pack = opened(filename, content)
    with reading() as store:
        return _read(store, actor, round_id, desk, pack, store.all(_CASES, desk=desk, round=round_id)).fates


@verb("take-score-pack")
def take_score_pack(
    actor: Actor, *, round_id: str, desk: str, filename: str, content: bytes, partial: bool = False,
    key: str | None = None,
) -> Taken:  # fmt: skip
    """Write the sheets of a filled-in pack: with one bad line none of them, unless `partial` leaves bad ones out.

    Lines whose sheet stands already with the same scores are known, so the same file again changes nothing.
    Raises RefusedError("pack_faults") with every bad line and why; InputError for what is no pack,
    RefusedError for another's pack, another round's, or one edited where it is locked.
    """
    del key  # the file itself makes a second click no second sheet
    pack = opened(filename, content)
    with transaction() as store:
        rows = store.all(_HOLD, desk=desk, round=round_id)
        duties.hold_panel(store, round_id, desk)
        found = _read(store, actor, round_id, desk, pack, rows)
        bad = [fate for fate in found.fates if fate.fate == "bad"]
        if bad and not partial:
            raise RefusedError("pack_faults", count=len(bad), rows=[_told(fate) for fate in bad])
        store.run_many(scoring.WRITE, found.sheets)
        if found.sheets:
            # Every row is of this round and desk: one of them tells which panel's member owes less now.
            duties.scored(store, round_id, desk, actor.id)
        known, empty = (sum(fate.fate == name for fate in found.fates) for name in ("known", "empty"))
        return Taken(len(found.sheets), known, empty, bad, same=not found.sheets and not bad)


def _judge(store: Store, actor: Actor, round_id: str, desk: str) -> tuple[Actor, Programme, Scoring]:
    who = refreshed(store, actor)
    if not who.sits(desk, *_JUDGES):
        raise ForbiddenError("not_your_desk", thing=Thing.APPLICATION.value, act=Act.SCORE.value)
    rules = programme_of(store, look(store, Round, round_id).programme)
    if rules.scoring is None:
        raise RefusedError("no_scoring")
    return who, rules, rules.scoring


def _is_mine(bench: Bench, row: Application) -> bool:
    """Whether a case belongs in this judge's pack: at the tier that scores, and not to stand back from."""
    if permissions.refusal(bench.who, Act.SCORE, Thing.APPLICATION, row) or not panels.is_scored_at(bench.rules, row):
        return False
    mine = bench.mine.get(row.id, [])
    if any(sheet.voided_at is None for sheet in mine):
        return True
    return bench.why_not(row) is None


def _plate(round_id: str, desk: str, who: Actor, rules: Programme) -> Plate:
    return layout.Plate(round_id, desk, who.id, rules.id, "")


def _line(rule: Scoring, row: Application, unit: str, mine: list[Sheet]) -> Line:
    sheet = next((one for one in mine if one.voided_at is None), None)
    points = _shown(rule, sheet) if sheet is not None else ("",) * len(layout.questions(rule))
    return layout.Line(row.id, row.version, row.receipt or "", row.subject, unit, points,
                       layout.shown(sheet.words) if sheet is not None else "")  # fmt: skip


def _shown(rule: Scoring, sheet: Sheet) -> tuple[str, ...]:
    """A sheet's cells as they are typed."""
    if rule.method == "vote":
        return (_YES if sheet.scores[scoring.YES] else _NO,)
    points = [str(sheet.scores[one.name]) for one in layout.questions(rule)]
    return tuple({"1": _YES, "0": _NO}[one] for one in points) if rule.method == "ratio" else tuple(points)


def _read(store: Store, actor: Actor, round_id: str, desk: str, pack: Opened, held: list[Application]) -> _Read:
    who, rules, rule = _judge(store, actor, round_id, desk)
    require_ours(pack, rule, _plate(round_id, desk, who, rules))
    bench = benches.bench_at(store, who, rules, desk, round_id)
    rows = {row.id: row for row in held}
    standing = {sheet.application_id: sheet for sheet in store.all(_MINE, who=who.id, desk=desk, round=round_id)}
    found = _Read([], [])
    for one in pack.given:
        fate, sheet = _fate(store, bench, rule, one, rows, standing, len(found.sheets))
        found.fates.append(fate)
        found.sheets.extend(sheet)
    return found


def _fate(
    store: Store, bench: Bench, rule: Scoring, one: Given, rows: Mapping[str, Application],
    standing: Mapping[str, Sheet], more: int,
) -> tuple[Fate, list[dict[str, Any]]]:  # fmt: skip
    line = one.line
    told = (one.number, line.receipt, line.subject)
    if one.is_empty:
        return Fate(*told, "empty"), []
    try:
        kept, total = _scores(rule, line)
        if (sheet := standing.get(line.id)) is not None:
            if not _says(sheet, kept, line.words):
                raise RefusedError("sheet_differs", receipt=line.receipt)
            return Fate(*told, "known"), []
        row = _row(bench, line, rows)
        bench.require(row)
        bench.require_free(row, more)
    except ShenbaoError as error:
        return Fate(*told, "bad", error.code, error.details), []
    values = scoring.sheet_of(store, row, bench.who.id, scores=kept, total=total, words=line.words, key=None)
    return Fate(*told, "new"), [values]


def _says(sheet: Sheet, scores: Mapping[str, Any], words: str) -> bool:
    """Whether a sheet holds these scores and words: 88.0 is 88, and a file keeps no control characters."""
    if layout.shown(sheet.words) != layout.shown(words) or set(sheet.scores) != set(scores):
        return False
    return all(Decimal(sheet.scores[name]) == Decimal(points) for name, points in scores.items())


def _row(bench: Bench, line: Line, rows: Mapping[str, Application]) -> Application:
    """The case of a line, as it was when the pack was made. Raises RefusedError, ForbiddenError."""
    row = rows.get(line.id)
    if row is None:
        raise RefusedError("pack_case_gone", receipt=line.receipt)
    if row.version != line.version:
        raise RefusedError("pack_case_changed", receipt=line.receipt)
    if (code := permissions.refusal(bench.who, Act.SCORE, Thing.APPLICATION, row)) is not None:
        raise ForbiddenError(code, act=Act.SCORE.value, receipt=line.receipt)
    return row


def _scores(rule: Scoring, line: Line) -> tuple[dict[str, Any], int]:
    """What a line's cells come to. Raises FaultsError with all that is wrong in it."""
    asked = layout.questions(rule)
    given = {one.name: cell for one, cell in zip(asked, line.points, strict=True)}
    if len(line.words) > writing.MOST_WORDS:
        raise InputError("too_long", field="words", length=len(line.words), most=writing.MOST_WORDS)
    if rule.method != "vote":
        return scoring.read(rule, given, None)
    said = line.points[0].strip().lower()
    if said not in (_YES, _NO, "yes", "no"):
        raise FaultsError([{"field": "vote", "code": "not_yes_or_no", "given": said[:20]}])
    return scoring.read(rule, None, said in (_YES, "yes"))


def _told(fate: Fate) -> dict[str, Any]:
    return {"line": fate.line, "receipt": fate.receipt, "subject": fate.subject, "code": fate.code,
            "details": fate.details}  # fmt: skip
