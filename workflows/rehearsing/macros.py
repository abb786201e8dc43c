"""The boring path in one word: filing, recommending and naming, made of nothing but verbs."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from pydantic import Field, ValidationError

from models.application import Application
from models.errors import InputError
from models.vocabulary import Channel, Line, Role, Rung, SlateState
from workflows.rehearsing import judging
from workflows.rehearsing.answers import paper, plausible
from workflows.rehearsing.script import explained
from workflows.rehearsing.setting import Strict
from workflows.rules.calendar import local_date
from workflows.rules.forms import is_asked

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from models.notice import Notice
    from models.slate import Slate
    from models.title import Title
    from workflows.queries.applications import Line as Waiting
    from workflows.record.acting import Actor
    from workflows.rehearsing.stage import Stage

_MOST = 1000
_EQUAL = "得分相同，经会议研究确定排序。"


class Filing(Strict):
    """How to file: answers over the plausible ones, line and channel, and whether to hand it in.

    A worker files for themselves, everybody else for the union.
    """

    answers: dict[str, Any] = Field(default_factory=dict)
    line: Line = Line.REGION
    channel: Channel | None = None
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
    usual = Channel.SELF if any(seat.role is Role.WORKER for seat in actor.seats) else Channel.UNION
    channel = given.channel or usual
    answers = {**plausible(stage.rules, stage.filed, local_date(stage.now)), **given.answers}
    made: Application = stage.do("draft", actor, {"answers": answers, "line": given.line, "channel": channel})
    for slot in stage.rules.slots:
        if slot.required and is_asked(slot, made.answers, formal=not stage.rules.entry.first_list_due):
            filename, content = paper(slot)
            file = {"slot": slot.name, "filename": filename, "content": content}
            stage.do("attach", actor, {"application_id": made.id, **file})
    if not given.submit:
        return made
    return stage.do("submit", actor, {"application_id": made.id})  # type: ignore[no-any-return]


def _bring(stage: Stage, _who: str, given: Bringing) -> list[Application]:
    """Let clerks (or workers, where only they may) file one each, and every tier below `to` recommend them."""
    name = "clerk" if Channel.UNION in stage.rules.entry.channels else "worker"
    clerks = [f"{name}{number}" for number in range(given.first, given.first + given.count)]
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
    judging.announced(stage, actor, slate.organization)
    notice = _notice(stage, who, slate)
    _confirm(stage, slate)
    words = {"number": given.number, "meeting_on": given.meeting_on or local_date(notice.ends_at)}
    made = stage.do("decide", actor, {"slate_id": slate.id, **words})
    titles = stage.ask("titles", actor, {})
    return sorted((t for t in titles if t.decision_id == made.id), key=lambda title: title.number)


def _confirm(stage: Stage, slate: Slate) -> None:
    """Let every member of a joint meeting confirm its list."""
    if stage.rules.joint is None or slate.rung is not Rung.JOINT:
        return
    for member in stage.rules.joint.members:
        stage.do("confirm", stage.person(_reviewer(stage, member)), {"slate_id": slate.id})


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
    listed_ids = [_id(item) for item in [*main, *reserve]]
    desk, rung = _place(stage, listed_ids[0])
    for number, line in enumerate(_waiting(stage, actor), start=1):
        if not line.checked and line.id in listed_ids:
            filled = judging.checked_with(stage, rung, number)
            stage.do("check", actor, {"application_id": line.id, **({"answers": filled} if filled else {})})
    scored = judging.judge(stage, actor, desk, rung, listed_ids)
    listed = stage.do("rank", actor, {"main": main, "reserve": reserve})
    words = {"minutes": given.minutes, "reason": given.reason, "tie": given.tie or (_EQUAL if scored else "")}
    return stage.do("seal", actor, {"slate_id": listed.id, **words})  # type: ignore[no-any-return]


def _place(stage: Stage, application_id: str) -> tuple[str, Rung]:
    """At which desk an application lies, and of which rung."""
    row = stage.row(Application, application_id)
    return str(row.desk), Rung(row.route[row.step][0])


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
