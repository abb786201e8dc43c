"""Lists in public: the order of a notice, what it shows besides the names, how a decision's annex is laid out."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from models.writing import money
from workflows.rules import privacy

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from models.programme import FieldRule, Notice, Programme

Line = dict[str, Any]


def in_order(rule: Notice, lines: Iterable[Line], ranks: Mapping[str, int]) -> list[Line]:
    """A notice's lines by area (the usual: never by rank, domain 7.5), by name, or by rank where a rule says so."""
    match rule.order:
        case "rank":
            return sorted(lines, key=lambda line: ranks[line["application"]])
        case "name":
            return sorted(lines, key=lambda line: (line["subject"], line["application"]))
        case _:
            return sorted(lines, key=lambda line: (line["area"], line["subject"]))


def shown(rules: Programme, answers: Mapping[str, Any]) -> list[dict[str, dict[str, str]]]:
    """The further fields a notice publishes: `{label, value}` in both languages; private ones never."""
    fields = [field for name in rules.notice.shows if (field := rules.field(name)) is not None and not field.private]
    return [_shown(field, answers[field.name]) for field in fields if answers.get(field.name) is not None]


def _shown(field: FieldRule, value: Any) -> dict[str, dict[str, str]]:
    return {"label": field.label.model_dump(), "value": {lang: said(field, value, lang) for lang in ("zh", "en")}}


def said(field: FieldRule, value: Any, language: str) -> str:
    """An answer as a reader sees it: a choice by its label, a yes or no as a word, money in yuan, no private number."""
    if field.kind == "choice" and value in field.choices and field.choice_labels:
        return field.choice_labels[field.choices.index(value)].in_(language)
    if isinstance(value, bool):
        return {"zh": ("否", "是"), "en": ("no", "yes")}[language][value]
    return money(value, language) if field.kind == "money" else privacy.public(str(value))


def annexed(rules: Programme, lines: Sequence[Line], scores: Mapping[str, int | None]) -> list[dict[str, Any]]:
    """A decision's annexed list: grouped by area, in one piece, or by the word its score came to (best first)."""
    match rules.decision.layout:
        case "flat":
            return [{"area": "", "names": sorted(lines, key=lambda line: line["subject"])}]
        case "result":
            return _by_result(rules, lines, scores)
        case _:
            ordered = sorted(lines, key=lambda line: (line["area"], line["subject"]))
            return [{"area": area, "names": list(group)} for area, group in groupby(ordered, key=lambda x: x["area"])]


def _by_result(rules: Programme, lines: Sequence[Line], scores: Mapping[str, int | None]) -> list[dict[str, Any]]:
    """One group for each word of the scoring, in the order of its scores; names alike in subject order."""
    bands = sorted(rules.scoring.results if rules.scoring else (), key=lambda band: -band.at_least)

    def place(line: Line) -> int:
        score = scores.get(line["application"])
        fits = (i for i, band in enumerate(bands) if score is not None and score >= band.at_least * 100)
        return next(fits, len(bands))

    ordered = sorted(lines, key=lambda line: (place(line), line["subject"]))
    return [
        {"area": "", "result": bands[i].label.model_dump() if i < len(bands) else None, "names": list(group)}
        for i, group in groupby(ordered, key=place)
    ]
