"""The application form (申报表): the answers, the files, and an opinion box for each tier, filled from its reviews."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models import text
from models.errors import NotFoundError
from models.vocabulary import Outcome, Rung, State, Thing
from workflows.papers.sheet import Said, Sheet, field
from workflows.queries import applications, lists, review
from workflows.rules import forms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.application import Review
    from models.programme import FieldRule, Programme
    from workflows.queries.applications import Whole
    from workflows.record.acting import Actor

_WIDE = 16  # characters; a longer answer takes the whole width
_SHORT_HASH = 16
_DRAFT = "草稿　未提交"


def written(actor: Actor | None, application_id: str) -> Sheet:
    """The form of an application, in its programme's order and words.

    Private answers are masked for others than its own people, and its own people read no tier's opinion: their copy
    has empty boxes for the seals. Raises NotFoundError.
    """
    if actor is None:
        raise NotFoundError("not_found", thing=Thing.APPLICATION.value, given=application_id)
    whole = applications.application(actor, application_id)
    rules = lists.rules_of(whole.round.id)
    row = whole.application
    words = {
        "title": f"{rules.name.zh}申报表", "round": whole.round.name, "unit": whole.unit.name,
        "mark": _DRAFT if row.state is State.DRAFT else "",
        "receipt": row.receipt or text.MISSING, "version": str(row.version),
        "hash": (row.content_hash or "")[:_SHORT_HASH] or text.MISSING,
        "submitted": text.day(row.submitted_at) if row.submitted_at else "",
        "fields": _fields(whole, rules), "files": _files(whole, rules), "boxes": boxes(actor, whole),
    }  # fmt: skip
    at = whole.history[-1].at if whole.history else row.created_at
    return Sheet("form", f"{rules.name.zh}申报表 {row.receipt or '草稿'} {row.subject}".strip(), at, words)


def _fields(whole: Whole, rules: Programme) -> list[Said]:
    """The fields that are asked of it, and those that have an answer all the same."""
    known = forms.counting(rules, whole.application.answers)
    asked = [f for f in rules.fields if f.name in known or f.when is None or f.when.holds(known)]
    return [_field(f, known.get(f.name)) for f in asked]


def _field(rule: FieldRule, value: object) -> Said:
    told = said(rule, value)
    return field(rule.label.zh, told, wide=rule.kind == "long" or len(told) > _WIDE or "\n" in told)


def said(rule: FieldRule, value: object) -> str:
    """An answer as a paper writes it; nothing for none."""
    if value in (None, ""):
        return ""
    if isinstance(value, bool):
        return text.label(str(value))
    if rule.kind == "money" and isinstance(value, int):
        return text.money(value)
    if rule.kind == "date":
        return text.day(str(value))
    if value in rule.choices and rule.choice_labels:
        return rule.choice_labels[rule.choices.index(str(value))].zh
    return str(value)


def _files(whole: Whole, rules: Programme) -> list[Said]:
    called = {slot.name: slot.label.zh for slot in rules.slots}
    return [field(called.get(one.slot, one.slot), f"{one.filename}（{one.sha256[:12]}）") for one in whole.files]


def boxes(actor: Actor, whole: Whole) -> list[Said]:
    """The unit's box, and one for each desk of the way with what it said last; empty ones wait for the seal."""
    route = [(Rung(rung), desk) for rung, desk in whole.application.route]
    names = review.names(actor, codes=[desk for _, desk in route]) if route else {}
    last = last_words(whole.reviews)
    people = {event.account_id: event.who or "" for event in whole.history}
    told: list[Said] = [_box("申报单位意见", None, {})]
    return told + [_box(f"{names[desk]}意见", last.get(desk), people) for _, desk in route]


def last_words(reviews: Sequence[Review]) -> dict[str, Review]:
    """What each desk said last, returns aside; at one moment a recommendation comes after its check."""
    told = sorted(reviews, key=lambda r: (r.at, r.outcome is not Outcome.CHECKED, r.id))
    return {r.desk: r for r in told if r.outcome is not Outcome.RETURNED}


def _box(label: str, found: Review | None, people: dict[str, str]) -> Said:
    if found is None:
        return {"label": label, "outcome": "", "opinion": "", "who": "", "day": ""}
    return {"label": label, "outcome": text.label(found.outcome), "opinion": found.opinion,
            "who": people.get(found.account_id, ""), "day": text.day(found.at)}  # fmt: skip
