"""A union's own words for its people's letters: kept in versions, and chosen when a letter leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import sqlalchemy as sa
from jinja2 import TemplateError

from models.account import Account, Seat
from models.base import new_id, table
from models.database import transaction
from models.errors import (
    ConflictError,
    FaultsError,
    ForbiddenError,
    InputError,
    NotFoundError,
    RefusedError,
    ShenbaoError,
)
from models.letter import Letter, LetterText
from models.lists import listed, of_list
from models.organization import Organization
from models.sql import Sql, bind, insert_into, rows_of, update_of
from models.text import sentence
from models.vocabulary import Act, Tier
from workflows.people.organizations import NATION, governed, organization, queue_at
from workflows.post.filling import faults_of
from workflows.post.letters import to_people
from workflows.post.proofreading import LANGUAGES, proofread
from workflows.post.wording import ours, render
from workflows.record.acting import Actor, refreshed
from workflows.record.claiming import hold
from workflows.record.journal import move
from workflows.record.verb import not_done_yet, verb

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from models.database import Store

# Who words letters, and whose words come first when several stand over a reader: the nearest.
TIERS = (Tier.CITY, Tier.PROVINCE, Tier.NATION)
_L, _T, _A, _S, _O = (table(m).c for m in (Letter, LetterText, Account, Seat, Organization))
_NOW = bind("now", _S.starts_at)
_ONE = (
    _T.organization == bind("organization", _T.organization),
    _T.template == bind("template", _T.template),
    _T.language == bind("language", _T.language),
)
VERSIONS = rows_of(LetterText, *_ONE, order=(_T.version.desc(),))
_BY_ID = rows_of(LetterText, _T.id == bind("id", _T.id))
_NAME: Sql[str] = Sql(sa.select(_A.name).where(_A.id == bind("id", _A.id)))
_INSERT = insert_into(LetterText)
_END = update_of(LetterText, "ended_at", "ended_by")


class Leaving(Protocol):
    """A letter about to leave, with names for the codes of organisations in its params."""

    @property
    def id(self) -> str:
        """Which one."""

    @property
    def template(self) -> str:
        """Which phrases."""

    @property
    def params(self) -> Mapping[str, Any]:
        """What they are filled with."""

    @property
    def language(self) -> str:
        """Its reader's."""

    @property
    def account_id(self) -> str:
        """Its reader."""

    @property
    def attempts(self) -> int:
        """Counting this one."""


class _Seat(NamedTuple):
    """Where somebody sits now, and the city and province over it."""

    account_id: str
    city: str | None
    province: str | None


class _Offer(NamedTuple):
    """Words that some union has for a letter, without the words."""

    id: str
    organization: str
    template: str
    language: str


# Small questions one after another, not one great one: no planner of a database goes astray in them.
_OFFERS = of_list(
    lambda ids: Sql(
        sa.select(_T.id, _T.organization, _T.template, _T.language).where(_T.template.in_(ids), _T.ended_at.is_(None)),
        _Offer,
    )
)
_SEATS = of_list(
    lambda ids: Sql(
        sa.select(_S.account_id, _O.city, _O.province)
        .join_from(table(Seat), table(Organization), _O.code == _S.organization)
        .where(_S.account_id.in_(ids), _S.starts_at <= _NOW, _S.ends_at.is_(None) | (_S.ends_at > _NOW)),
        _Seat,
    )
)
_BY_IDS = of_list(lambda ids: rows_of(LetterText, _T.id.in_(ids)))
_USED = of_list(
    lambda ids: Sql(sa.update(table(Letter)).where(_L.id.in_(ids)).values(text_id=bind("text_id", _L.text_id)))
)
# What was chosen at an earlier try may be taken back by now.
_UNUSED = of_list(
    lambda ids: Sql(sa.update(table(Letter)).where(_L.id.in_(ids), _L.text_id.is_not(None)).values(text_id=sa.null()))
)


@verb("word-letter", answer=lambda store, event: text(store, event.body["text"]))
def word_letter(
    actor: Actor, *, organization_code: str, template: str, language: str, subject: str, body: str,
    seen: int, key: str | None = None,
) -> LetterText:  # fmt: skip
    """Give a letter a union's own words, as a new version; the one before ends and stays to be read.

    They hold for letters to people who sit below the union and nowhere else. `seen`: the version in force
    that was looked at, 0 for ours. The same words again change nothing. Raises ForbiddenError unless the
    actor administers the union or one over it, RefusedError("wording_tier"), ConflictError("wording_changed"),
    InputError and FaultsError as `proofread`.
    """
    kept = proofread(template, language, subject, body)
    with transaction() as store:
        who = require_wording(store, actor, organization_code)
        queue_at(store, organization_code)
        not_done_yet(store, who, key)
        versions = store.all(VERSIONS, organization=organization_code, template=template, language=language)
        now = in_force(versions)
        if now is not None and (now.subject, now.body) == kept:
            return now
        _require_seen(store, versions, seen)
        if now is not None:
            store.run(_END, old_id=now.id, ended_at=store.now, ended_by=who.id)
        made = new_id()
        store.run(_INSERT, id=made, organization=organization_code, template=template, language=language,
                  version=versions[0].version + 1 if versions else 1, subject=kept[0], body=kept[1],
                  account_id=who.id, at=store.now)  # fmt: skip
        kept_as = text(store, made)
        _journal(store, who, Act.WORD_LETTER, kept_as, key)
        return kept_as


@verb("unword-letter", answer=lambda _store, _event: True)
def unword_letter(
    actor: Actor, *, organization_code: str, template: str, language: str, seen: int, key: str | None = None,
) -> bool:  # fmt: skip
    """Take a union's own words back: ours hold again, or those of a union above. Answers whether there were any.

    Raises ForbiddenError, RefusedError and ConflictError as `word_letter`.
    """
    with transaction() as store:
        who = require_wording(store, actor, organization_code)
        queue_at(store, organization_code)
        not_done_yet(store, who, key)
        versions = store.all(VERSIONS, organization=organization_code, template=template, language=language)
        now = in_force(versions)
        if now is None:
            return False
        _require_seen(store, versions, seen)
        store.run(_END, old_id=now.id, ended_at=store.now, ended_by=who.id)
        _journal(store, who, Act.UNWORD_LETTER, now, key)
        return True


def _journal(store: Store, who: Actor, act: Act, of: LetterText, key: str | None) -> None:
    """Write down who changed a union's words: on their account, for a text is no thing with a life of its own."""
    body = {"organization": of.organization, "template": of.template, "language": of.language,
            "version": of.version, "text": of.id}  # fmt: skip
    move(store, who, act, hold(store, Account, who.id), body=body, key=key)


def in_force(versions: Sequence[LetterText]) -> LetterText | None:
    """Which of a text's versions, newest first, holds now; None: ours do."""
    return versions[0] if versions and versions[0].ended_at is None else None


def text(store: Store, text_id: str) -> LetterText:
    """One version of a union's words. Raises NotFoundError."""
    found = store.first(_BY_ID, id=text_id)
    if found is None:
        raise NotFoundError("not_found", thing="letter_text", given=text_id)
    return found


def own_words(store: Store, letters: Iterable[Leaving]) -> dict[str, tuple[str, str]]:
    """Subject and body, by letter, where a union has its own words; written down on the letter's row.

    The nearest union that stands over every seat its reader holds now: its administrators are those who may
    read the letter too. Words that cannot be filled in are left aside for ours, and whoever wrote them is told,
    once for a version.
    """
    leaving = {letter.id: letter for letter in letters}
    if again := [letter.id for letter in leaving.values() if letter.attempts > 1]:
        store.run(_UNUSED[store.dialect.name], ids=listed(again))
    chosen = _chosen(store, list(leaving.values()))
    texts = (
        {row.id: row for row in store.all(_BY_IDS[store.dialect.name], ids=listed(chosen.values()))} if chosen else {}
    )
    used = {one: texts[text_id] for one, text_id in chosen.items() if _holds(store, leaving[one], texts[text_id])}
    for text_id in {row.id for row in used.values()}:
        ids = listed(one for one, row in used.items() if row.id == text_id)
        store.run(_USED[store.dialect.name], ids=ids, text_id=text_id)
    return {one: (row.subject, row.body) for one, row in used.items()}


def unions_over(store: Store, accounts: Iterable[str]) -> dict[str, list[str]]:
    """For each account with a seat now: the unions that stand over every one of its seats, the nearest first."""
    lines: dict[str, list[str]] = {}
    for seat in store.all(_SEATS[store.dialect.name], ids=listed(accounts), now=store.now):
        line = [code for code in (seat.city, seat.province, NATION) if code]
        held = lines.get(seat.account_id, line)
        lines[seat.account_id] = [code for code in held if code in line]
    return lines


def _chosen(store: Store, letters: Sequence[Leaving]) -> dict[str, str]:
    """The version in whose words each letter leaves, where there is one."""
    templates = {letter.template for letter in letters}
    offers = store.all(_OFFERS[store.dialect.name], ids=listed(templates)) if templates else []
    offered = {(one.template, one.language, one.organization): one.id for one in offers}
    spoken = {one[:2] for one in offered}
    worded = [letter for letter in letters if (letter.template, _language(letter)) in spoken]
    over = unions_over(store, {letter.account_id for letter in worded}) if worded else {}
    found: dict[str, str] = {}
    for letter in worded:
        keys = ((letter.template, _language(letter), union) for union in over.get(letter.account_id, ()))
        if (text_id := next((offered[key] for key in keys if key in offered), None)) is not None:
            found[letter.id] = text_id
    return found


def _language(letter: Leaving) -> str:
    return LANGUAGES[letter.language.startswith("en")]


def _holds(store: Store, letter: Leaving, offer: LetterText) -> bool:
    """Whether words can be filled in for a letter; whoever wrote them is told when they cannot."""
    words = {"letter_subject": offer.subject, "letter_body": offer.body}
    try:
        render(letter.template, letter.params, letter.language, words=(offer.subject, offer.body))
    except FaultsError:
        faults = [fault for field, one in words.items() for fault in faults_of(one, field)]
        _tell_writer(store, offer, FaultsError(faults))
    except (ShenbaoError, TemplateError, ValueError, TypeError) as error:
        _tell_writer(store, offer, RefusedError("wording_unreadable", given=str(error)))
    else:
        return True
    return False


def _tell_writer(store: Store, offer: LetterText, why: ShenbaoError) -> None:
    to_people(store, f"wording-{offer.id}", [offer.account_id], "wording_failed", {
        "letter": {language: ours(offer.template, language)[0] for language in LANGUAGES},
        "version": offer.version,
        "reason": {language: sentence(why, language) for language in LANGUAGES},
    })  # fmt: skip


def require_wording(store: Store, actor: Actor, code: str) -> Actor:
    """The actor, who words a union's letters. Raises ForbiddenError, RefusedError("wording_tier")."""
    who, union = refreshed(store, actor), organization(store, code)
    # Words are signed: the machine has none of its own.
    if not governed(store, who, union):
        raise ForbiddenError("not_administrator", organization=code)
    if union.tier not in TIERS:
        raise RefusedError("wording_tier", name=union.name)
    return who


def _require_seen(store: Store, versions: Sequence[LetterText], seen: int) -> None:
    now = in_force(versions)
    if seen == (now.version if now else 0):
        return
    if not versions:
        raise InputError("seen_missing", field="seen", version=0)
    last = versions[0]
    who = last.ended_by or last.account_id
    raise ConflictError("wording_changed", who=store.first(_NAME, id=who) or who, at=last.ended_at or last.at,
                        version=now.version if now else None)  # fmt: skip
