"""The boring path in one word: filing, recommending and naming, made of nothing but verbs."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any

from pydantic import Field, ValidationError
from pypdf import PdfWriter
from stdnum.cn import ric

from models.errors import InputError
from models.vocabulary import Line, Role, SlateState
from workflows.rehearsing.script import Strict, explained
from workflows.rules.calendar import local_date

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from models.application import Application
    from models.notice import Notice
    from models.programme import FieldRule, Programme
    from models.slate import Slate
    from models.title import Title
    from workflows.acting import Actor
    from workflows.queries.applications import Line as Waiting
    from workflows.rehearsing.stage import Stage

_USUAL_NUMBER = 8
_FOUNDED = "2015-05-01"
_MOST = 1000


class Filing(Strict):
    """How to file: answers over the plausible ones, the line to climb, and whether to hand it in."""

    answers: dict[str, Any] = Field(default_factory=dict)
    line: Line = Line.REGION
    submit: bool = True


class Bringing(Strict):
    """How many to bring to which desk; the clerks begin at number `first`."""

    count: int = Field(gt=0, le=_MOST)
    to: str
    first: int = Field(default=1, gt=0, le=_MOST)
    answers: dict[str, Any] = Field(default_factory=dict)


class Listing(Strict):
    """A tier's list: as `rank` and `seal` take it; without `main`, all that waits there."""

    main: list[Any] = Field(default_factory=list)
    reserve: list[Any] = Field(default_factory=list)
    minutes: str = "经集体研究，同意推荐。"
    reason: str = ""
    tie: str = ""


class Naming(Listing):
    """A list that is decided; the meeting is on the day after its notice unless another is said."""

    number: str
    meeting_on: date | None = None


def play(stage: Stage, name: str, who: str, given: Mapping[str, Any]) -> Any:
    """Play a macro by its name. Raises InputError for arguments it cannot read."""
    macro, form = _MACROS[name]
    try:
        return macro(stage, who, form.model_validate(given))
    except ValidationError as error:
        fault = error.errors()[0]
        raise explained(fault, ["with", *fault["loc"]], sorted(form.model_fields), {}) from error


def _apply(stage: Stage, who: str, given: Filing) -> Application:
    """Draft, attach what the form asks for, submit; answers with the application as submitted."""
    actor = stage.person(who)
    stage.filed += 1
    answers = {**plausible(stage.rules, stage.filed), **given.answers}
    made: Application = stage.do("draft", actor, {"answers": answers, "line": given.line})
    for slot in stage.rules.slots:
        if slot.required:
            file = {"slot": slot.name, "filename": f"{slot.label.zh}.pdf", "content": page()}
            stage.do("attach", actor, {"application_id": made.id, **file})
    if not given.submit:
        return made
    return stage.do("submit", actor, {"application_id": made.id})  # type: ignore[no-any-return]


def _bring(stage: Stage, _who: str, given: Bringing) -> list[Application]:
    """Let clerks file one application each, and every tier below `to` recommend all of them."""
    clerks = [f"clerk{number}" for number in range(given.first, given.first + given.count)]
    made = [_apply(stage, clerk, Filing(answers=given.answers)) for clerk in clerks]
    to = str(stage.saved.get(given.to, given.to))
    while below := _by_desk([stage.thing(row) for row in made], to):
        for desk, ids in below.items():
            _recommend(stage, _reviewer(stage, desk), Listing(main=ids))
    return [stage.thing(row) for row in made]


def _recommend(stage: Stage, who: str, given: Listing) -> Slate:
    """One tier's list: open what came, check all, rank, seal, hold its notice if any, send up."""
    slate = _sealed(stage, who, given)
    if next(step for step in stage.rules.ladder if step.desk == slate.rung).notice:
        _notice(stage, who, slate)
    return stage.do("send-up", stage.person(who), {"slate_id": slate.id})  # type: ignore[no-any-return]


def _name(stage: Stage, who: str, given: Naming) -> list[Title]:
    """The deciding tier: list, notice, and when that is over the decision; the titles it named."""
    actor, slate = stage.person(who), _sealed(stage, who, given)
    notice = _notice(stage, who, slate)
    words = {"number": given.number, "meeting_on": given.meeting_on or local_date(notice.ends_at)}
    made = stage.do("decide", actor, {"slate_id": slate.id, **words})
    titles = stage.ask("titles", actor, {})
    return sorted((t for t in titles if t.decision_id == made.id), key=lambda title: title.number)


_MACROS: dict[str, tuple[Callable[[Stage, str, Any], Any], type[Strict]]] = {
    "apply": (_apply, Filing),
    "bring": (_bring, Bringing),
    "recommend": (_recommend, Listing),
    "name": (_name, Naming),
}


def _sealed(stage: Stage, who: str, given: Listing) -> Slate:
    actor = stage.person(who)
    for slate in stage.ask("slates", actor, {})[1]:
        if slate.state is SlateState.SENT_UP:
            stage.do("open", actor, {"slate_id": slate.id})
    reserve = given.reserve
    main = given.main or _unlisted(stage, actor, {_id(item) for item in reserve})
    for line in _waiting(stage, actor):
        if not line.checked and line.id in {_id(item) for item in [*main, *reserve]}:
            stage.do("check", actor, {"application_id": line.id})
    listed = stage.do("rank", actor, {"main": main, "reserve": reserve})
    words = {"minutes": given.minutes, "reason": given.reason, "tie": given.tie}
    return stage.do("seal", actor, {"slate_id": listed.id, **words})  # type: ignore[no-any-return]


def _notice(stage: Stage, who: str, slate: Slate) -> Notice:
    """Hold a notice to its end: the clock goes on to the moment it is over."""
    actor = stage.person(who)
    made = stage.do("publish", actor, {"slate_id": slate.id})
    stage.now = max(stage.now, made.ends_at)
    return stage.do("close", actor, {"notice_id": made.id})  # type: ignore[no-any-return]


def _unlisted(stage: Stage, actor: Actor, but: set[str]) -> list[str]:
    """What waits at a desk and is on no list yet, in the order it was filed."""
    return sorted(line.id for line in _waiting(stage, actor) if line.slate_id is None and line.id not in but)


def _waiting(stage: Stage, actor: Actor) -> list[Waiting]:
    found: list[Waiting] = []
    after: dict[str, Any] | None = {}
    while after is not None:
        page_of = stage.ask("queue", actor, after)
        found += page_of.lines
        after = {"due_at": page_of.after[0], "after": page_of.after[1]} if page_of.after else None
    return found


def _by_desk(rows: Sequence[Application], to: str) -> dict[str, list[str]]:
    desks: dict[str, list[str]] = {}
    for row in rows:
        if row.desk is None:
            raise InputError("rehearsal_stranded", state=row.state.value, to=to)
        if row.desk != to:
            desks.setdefault(row.desk, []).append(row.id)
    return desks


def _reviewer(stage: Stage, desk: str) -> str:
    """Who of the script's people reviews at a desk."""
    found = (name for name, actor in stage.people.items() if actor.sits(desk, Role.REVIEWER))
    name = next(found, None)
    if name is None:
        raise InputError("rehearsal_person", given=desk, known=sorted(stage.people))
    return name


def _id(item: Any) -> str:
    return str(item["application"]) if isinstance(item, dict) else str(item)


def plausible(rules: Programme, number: int) -> dict[str, Any]:
    """Answers that any programme's form accepts, another leader and subject for every number."""
    own = {
        rules.subject_name: f"第{number}号创新工作室",
        rules.leader_name: f"职工{number}",
        rules.leader_id: identity(number),
    }
    return {field.name: own.get(field.name) or _usual(rules, field) for field in rules.fields if field.required}


def _usual(rules: Programme, field: FieldRule) -> Any:
    clauses = [clause for clause in rules.eligibility if clause.field == field.name]
    match field.kind:
        case "choice":
            return next((c.values[0] for c in clauses if c.values), next(iter(field.choices)))
        case "number" | "year":
            least = [c.minimum for c in clauses if c.minimum] + [field.minimum or 0]
            return max(*least, _USUAL_NUMBER if field.kind == "number" else 0)
        case "date":
            return _FOUNDED
        case "yes_no":
            return "yes"
        case _:
            return field.label.zh[: field.max_length]


def identity(number: int) -> str:
    """A citizen's identity number (GB 11643) that passes its check; nobody has it."""
    base = f"110101{1960 + number // 999 % 40}0101{number % 999 + 1:03d}"
    return base + str(ric.calc_check_digit(base + "0"))


@lru_cache(maxsize=1)
def page() -> bytes:
    """A real PDF of one blank page."""
    writer, file = PdfWriter(), BytesIO()
    writer.add_blank_page(595, 842)
    writer.write(file)
    return file.getvalue()
