"""What whoever words letters asks: which events have own words, their versions, and how a letter would read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from models.account import Account
from models.base import table
from models.database import reading
from models.errors import InputError
from models.letter import Letter, LetterText
from models.sql import Sql, bind, rows_of
from models.vocabulary import LetterKind, Thing
from workflows.post.occasions import NOT_WORDED, OCCASIONS
from workflows.post.proofreading import LANGUAGES, known, needed, proofread
from workflows.post.samples import SAMPLES
from workflows.post.saying import said
from workflows.post.texts import VERSIONS, in_force, require_wording, unions_over
from workflows.post.wording import TEMPLATES, linked, ours, render
from workflows.queries.reading import named
from workflows.record.acting import Actor
from workflows.record.claiming import row_of, visible
from workflows.record.verb import query

if TYPE_CHECKING:
    from datetime import datetime

    from models.database import Store

_L, _T, _A = (table(m).c for m in (Letter, LetterText, Account))
# Of a case that the asker may not see these are told; whatever else a letter knows may name people.
_OPEN = frozenset({
    "organization", "next", "other", "round", "count", "days", "year", "minutes", "what", "task", "grade", "outcome",
    "result", "stage", "rank", "band", "version", "letter",
})  # fmt: skip
_OPEN_ENDS = ("_at", "_on", "fen")
LOOKED_AT, OF_A_KIND = 5000, 200  # of the newest letters, for one to somebody of the union
HIDDEN = "＊＊＊"
_ABOUT = (
    Thing.APPLICATION, Thing.TITLE, Thing.SLATE, Thing.NOTICE, Thing.OBJECTION, Thing.ASSESSMENT, Thing.SUBSIDY,
    Thing.PANEL, Thing.MEETING, Thing.EXPERT,
)  # fmt: skip


class Event(NamedTuple):
    """An event that writes a letter, and whether the union has its own words for it, by language."""

    template: str
    kind: LetterKind
    when_zh: str
    when_en: str
    whom_zh: str
    whom_en: str
    own: tuple[str, ...]


class Version(NamedTuple):
    """One version of a union's words: who wrote it when, and who ended it when."""

    version: int
    subject: str
    body: str
    who: str
    at: datetime
    ended_at: datetime | None
    ended_by: str | None


class Name(NamedTuple):
    """A name that the words may use, with an example of what it becomes; whether the body must show it."""

    name: str
    example: str
    is_needed: bool


class Wording(NamedTuple):
    """The words of a letter at a union: ours, its own (`seen` 0: none in force), and what they may use."""

    ours: tuple[str, str]
    own: tuple[str, str] | None
    seen: int
    versions: list[Version]
    names: list[Name]


class Preview(NamedTuple):
    """A letter as it would leave; `letter_id` of the one it was filled from, None for an example."""

    subject: str
    body: str
    letter_id: str | None
    written_at: datetime | None
    masked: bool


_OWN: Sql[tuple[str, str]] = Sql(
    sa.select(_T.template, _T.language)
    .where(_T.organization == bind("organization", _T.organization), _T.ended_at.is_(None))
    .order_by(_T.template, _T.language.desc())
)
_PEOPLE: Sql[tuple[str, str]] = Sql(
    sa.select(_A.id, _A.name).where(
        _A.id.in_(
            sa.select(_T.account_id).where(_T.organization == bind("organization", _T.organization)).union(
                sa.select(_T.ended_by).where(_T.organization == bind("organization", _T.organization))
            )
        )
    )
)  # fmt: skip
# Ids begin with the moment, so the newest are found without looking at all there are.
_late = sa.select(_L.id).where(_L.id < "g").order_by(_L.id.desc()).limit(LOOKED_AT).subquery("late")
_NEWEST: Sql[tuple[str, str]] = Sql(
    sa.select(_L.id, _L.account_id)
    .where(_L.id.in_(sa.select(_late.c.id)), _L.template == bind("template", _L.template))
    .order_by(_L.created_at.desc(), _L.id.desc())
    .limit(OF_A_KIND)
)
_BY_ID = rows_of(Letter, _L.id == bind("id", _L.id), _L.template == bind("template", _L.template))


@query("letter-events")
def letter_events(actor: Actor, *, organization_code: str) -> list[Event]:
    """Every event that writes a letter, in the order of the handbook, with what the union words itself.

    Raises ForbiddenError unless the actor administers the union or one over it; RefusedError("wording_tier").
    """
    with reading() as store:
        require_wording(store, actor, organization_code)
        own: dict[str, list[str]] = {}
        for template, language in store.all(_OWN, organization=organization_code):
            own.setdefault(template, []).append(language)
    return [
        Event(name, TEMPLATES[name].kind, *told, tuple(own.get(name, ())))
        for name, told in OCCASIONS.items()
        if name in TEMPLATES and name not in NOT_WORDED
    ]


@query("letter-wording")
def letter_wording(actor: Actor, *, organization_code: str, template: str, language: str) -> Wording:
    """The words of a letter at a union, with every version there was, newest first. Raises as `letter-events`.

    Raises InputError("letter_template") for an unknown one.
    """
    if language not in LANGUAGES:
        raise InputError("wording_language", field="language", given=language)
    standard = ours(template, language)
    with reading() as store:
        require_wording(store, actor, organization_code)
        rows = store.all(VERSIONS, organization=organization_code, template=template, language=language)
        people = dict(store.all(_PEOPLE, organization=organization_code))
    now = in_force(rows)
    versions = [
        Version(row.version, row.subject, row.body, people.get(row.account_id, row.account_id), row.at, row.ended_at,
                people.get(row.ended_by or "", row.ended_by))
        for row in rows
    ]  # fmt: skip
    own = (now.subject, now.body) if now else None
    return Wording(standard, own, now.version if now else 0, versions, _names(template, language))


@query("preview-letter")
def preview_letter(
    actor: Actor, *, organization_code: str, template: str, language: str,
    subject: str | None = None, body: str | None = None, letter_id: str | None = None,
) -> Preview:  # fmt: skip
    """A letter as it would leave: in the words given, else the union's own, else ours.

    Filled from the letter named, or the newest of its kind to somebody of the union; without one, from an example.
    What the asker may not see of its case is masked. Raises as `letter-events`, and as `proofread` for words that
    could not be kept; InputError("letter_template").
    """
    given = (
        ours(template, language) if subject is None or body is None else proofread(template, language, subject, body)
    )
    with reading() as store:
        who = require_wording(store, actor, organization_code)
        if subject is None or body is None:
            now = in_force(store.all(VERSIONS, organization=organization_code, template=template, language=language))
            given = (now.subject, now.body) if now else given
        letter = _letter(store, organization_code, template, letter_id)
        params = named(store, letter.params) if letter else dict(SAMPLES)
        masked = letter is not None and not _sees(store, who, letter)
    title, text = render(template, linked(_masked(params) if masked else params), language, words=given)
    return Preview(title, text, letter.id if letter else None, letter.created_at if letter else None, masked)


def _names(template: str, language: str) -> list[Name]:
    must, tongue = needed(template), LANGUAGES.index(language)
    shown = ((name, " ".join(said(name, SAMPLES.get(name), tongue).split())) for name in known(template))
    return sorted(
        (Name(name, example, name in must) for name, example in shown), key=lambda n: (not n.is_needed, n.name)
    )


def _letter(store: Store, root: str, template: str, letter_id: str | None) -> Letter | None:
    """The letter named, or the newest of its kind: to somebody who sits below the union, and nowhere else."""
    if letter_id is None:
        newest = store.all(_NEWEST, template=template)
        over = unions_over(store, {account for _, account in newest})
        letter_id = next((one for one, account in newest if root in over.get(account, ())), None)
        return store.first(_BY_ID, id=letter_id, template=template) if letter_id else None
    found = store.first(_BY_ID, id=letter_id, template=template)
    if found is None or root not in unions_over(store, [found.account_id]).get(found.account_id, ()):
        raise InputError("letter_not_yours", field="letter_id", given=letter_id)
    return found


def _sees(store: Store, who: Actor, letter: Letter) -> bool:
    """Whether the asker may know what a letter is about: their own, or of a thing that they may see."""
    if letter.account_id == who.id:
        return True
    if letter.thing_id is None:
        return False
    found = ((thing, row_of(store, thing, letter.thing_id)) for thing in _ABOUT)
    return any(row is not None and visible(who, thing, row) for thing, row in found)


def _masked(params: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value if name in _OPEN or name.endswith(_OPEN_ENDS) or not value else HIDDEN
        for name, value in params.items()
    }
