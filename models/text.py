"""Every code and word as people read it, in Chinese (the source) or in English."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from models.labels import LABELS, WORDS, Pair
from models.sentences import SENTENCES
from models.sentences_findings import FINDINGS
from models.sentences_programme import PROGRAMME
from models.vocabulary import Thing
from models.words import FIELDS, KINDS
from models.writing import day, moment, money, tongue, until, yuan

if TYPE_CHECKING:
    from models.errors import ShenbaoError

__all__ = ["day", "explain", "finding", "label", "moment", "money", "programme_words", "sentence", "until", "yuan"]

MISSING = "—"
LONGEST = 60  # characters of what somebody typed that are said back
_SLOT = re.compile(r"\{(\w+)(?::(\w+))?\}")
_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")
_NOTHING: tuple[Any, ...] = (None, "", [], (), {})
_ENDS = ("ends_at", "closes_at", "due_at")
_DAYS = ("_on", "_day", "until", "earliest")
_BY_ROWS = ("plan_impossible", "batch_moved_on", "pack_faults", "pack_edited")
_STATES: dict[str, str] = {
    Thing.APPLICATION: "State",
    Thing.SLATE: "SlateState",
    Thing.NOTICE: "NoticeState",
    Thing.OBJECTION: "ObjectionState",
    Thing.TITLE: "TitleState",
    Thing.ASSESSMENT: "AssessmentState",
    Thing.ROUND: "RoundState",
    Thing.SUBSIDY: "SubsidyState",
    Thing.EXPERT: "ExpertState",
    Thing.PANEL: "PanelState",
    Thing.MEETING: "MeetingState",
}
_KINDS = {kind.__name__: kind for kind in LABELS}
_UNKNOWN: Pair = ("操作没有完成（代码：{code}）。", "This could not be done (code: {code}).")
_EARLIEST: Pair = ("最早可于{earliest}申报。", "The earliest day to apply is {earliest}.")
_NO_DAY: Pair = (
    "这些条件不会全部随时间自行满足，请对照改正后再提交。",
    "Not all of this clears with time. Please correct what you can and submit again.",
)
_SOURCE: Pair = ("（依据：{source:whole}）", " (Source: {source:whole}.)")
_ROW: Pair = ("第{line}行[ {receipt}][ {subject}]：{why:whole}", "Line {line}[ {receipt}][ {subject}]: {why:whole}")
_CLAUSE: Pair = (
    "{message:whole}[（依据：{source:whole}）][（{why:reason}）][（{clears_on}起符合）]",
    "{message:whole}[ (source: {source:whole})][ ({why:reason})][ (met from {clears_on})]",
)


class _Voice(NamedTuple):
    """In which tongue to speak (0 Chinese, 1 English), and what a form calls its fields."""

    tongue: int
    labels: Mapping[str, str]

    @property
    def language(self) -> str:
        return ("zh", "en")[self.tongue]


def sentence(error: ShenbaoError, language: str = "zh", labels: Mapping[str, str] | None = None) -> str:
    """What an error means and what to do next; `labels` name the fields of a programme's form."""
    return explain(error.code, error.details, language, labels)


def explain(
    code: str,
    details: Mapping[str, Any] | None = None,
    language: str = "zh",
    labels: Mapping[str, str] | None = None,
) -> str:
    """What a code means. A missing detail is a dash, an unknown code is named; nothing is raised.

    "faults", "composition", "programme_faults", "not_eligible" and whatever lists `rows` of a plan go on,
    one line for each of theirs.
    """
    voice, given = _Voice(tongue(language), labels or {}), details or {}
    if code not in SENTENCES:
        return _fill(_UNKNOWN[voice.tongue], {"code": code}, voice)
    lines = [_fill(SENTENCES[code][voice.tongue], given, voice) + _cited(given, voice)]
    if code == "faults":
        lines += [_one_fault(fault, voice) for fault in _listed(given.get("faults"))]
    elif code == "composition":
        lines += [_one_fault(fault, voice) for fault in _listed(given.get("broken"))]
    elif code == "programme_faults":
        lines += [_one_finding(found, voice) for found in _listed(given.get("findings"))]
    elif code in _BY_ROWS:
        lines += [_one_row(row, voice) for row in _listed(given.get("rows"))]
    elif code == "not_eligible":
        lines += [_clause(clause, voice) for clause in _listed(given.get("failed"))]
        lines.append(_fill((_EARLIEST if given.get("earliest") else _NO_DAY)[voice.tongue], given, voice))
    return "\n".join(lines)


def finding(name: str, subject: str, detail: str = "", language: str = "zh") -> str:
    """What the doctor or the proof of the journal found; `subject` is a thing's word and its id."""
    spoken = tongue(language)
    thing, space, rest = subject.partition(" ")
    told = {"subject": f"{label(thing, language)}{space}{rest}".strip(), "detail": detail}
    pair = FINDINGS.get(name, ("{subject}[（{detail:whole}）]。", "{subject}[ ({detail:whole})]."))
    said = _fill(pair[spoken], told, _Voice(spoken, {}))
    return said[:1].upper() + said[1:]


def programme_words(code: str, details: Mapping[str, Any], language: str = "zh") -> tuple[str, str]:
    """What the linter of programme files found, and what to do about it."""
    voice, told = _Voice(tongue(language), {}), PROGRAMME[code]
    reason, advice = (_fill(told[n + voice.tongue], details, voice) for n in (0, 2))
    return _bracketed(reason), _bracketed(advice)


def _bracketed(text: str) -> str:
    """A sentence with the brackets that its template could not hold, being those of its own marks."""
    return text.translate({0x27E6: "[", 0x27E7: "]", 0x2983: "{", 0x2984: "}"})


def label(word: StrEnum | str, language: str = "zh") -> str:
    """What a word of the trade is called; a text that is none is answered as it is.

    Where one word stands in several enumerations ("open", "revoked") the member tells which; a
    bare text gets the first that fits.
    """
    kinds: Iterable[type[StrEnum]] = [type(word)] if isinstance(word, StrEnum) else LABELS
    found = next((LABELS[kind][word] for kind in kinds if word in LABELS.get(kind, ())), None)
    return (found or WORDS.get(word) or (str(word),) * 2)[tongue(language)]


def _one_fault(fault: Any, voice: _Voice) -> str:
    given = fault if isinstance(fault, Mapping) else {}
    return f"· {explain(str(given.get('code')), given, voice.language, voice.labels)}"


def _one_row(row: Any, voice: _Voice) -> str:
    """A row of a plan that cannot be done: its line, its case and the sentence of its own refusal."""
    given = row if isinstance(row, Mapping) else {}
    why = explain(str(given.get("code")), given.get("details") or {}, voice.language, voice.labels)
    return f"· {_fill(_ROW[voice.tongue], {**given, 'why': why}, voice)}"


def _one_finding(found: Any, voice: _Voice) -> str:
    """A finding of the linter, as `workflows.linting` tells it."""
    given = found if isinstance(found, Mapping) else {}
    said, todo = (given.get(key, {}).get(voice.language, MISSING) for key in ("reason", "todo"))
    return f"· {('第{n}行：', 'Line {n}: ')[voice.tongue].format(n=given.get('line'))}{said}{' ' * voice.tongue}{todo}"


def _cited(given: Mapping[str, Any], voice: _Voice) -> str:
    """Where the rule that refused is written, if the programme's file says so."""
    written = _written(given.get("source"), voice)
    return _fill(_SOURCE[voice.tongue], {"source": written}, voice) if written else ""


def _written(source: Any, voice: _Voice) -> str:
    if not isinstance(source, Mapping):
        return ""
    return ("，", ", ")[voice.tongue].join(filter(None, map(source.get, ("document", "clause"))))


def _clause(failed: Any, voice: _Voice) -> str:
    given = failed if isinstance(failed, Mapping) else {}
    told = {**given, "source": _written(given.get("source"), voice), "message": given.get(voice.language)}
    return f"· {_fill(_CLAUSE[voice.tongue], told, voice)}"


def _fill(template: str, details: Mapping[str, Any], voice: _Voice) -> str:
    """A template with its details put in; what is put in is not looked at again."""

    def slot(found: re.Match[str]) -> str:
        return _said(found[1], found[2], details, voice)

    def optional(found: re.Match[str]) -> str:
        names = [name for name, _ in _SLOT.findall(found[1])]
        return "" if any(details.get(name) in _NOTHING for name in names) else found[1]

    return _SLOT.sub(slot, _OPTIONAL.sub(optional, template))


def _said(name: str, way: str | None, details: Mapping[str, Any], voice: _Voice) -> str:
    value = details.get(name)
    if value in _NOTHING:
        return MISSING
    try:
        way = way or _way(name, details)
        return _WAYS[way](value, voice) if way in _WAYS else _word(way, value, voice)
    except (ValueError, TypeError, AttributeError, OverflowError):
        return _cut(value, voice)


def _way(name: str, details: Mapping[str, Any]) -> str:
    """How a detail is said, by its name."""
    if name == "state":
        return _STATES.get(details.get("thing", ""), "State")
    if name.capitalize() in _KINDS:
        return name.capitalize()
    if name in _ENDS:
        return "end"
    if name == "at" or name.endswith("_at"):
        return "moment"
    return "day" if name.endswith(_DAYS) else name


def _word(kind: str, value: Any, voice: _Voice) -> str:
    """A value as the word of an enumeration that it stands for, or as whatever it is."""
    if kind in _KINDS:
        known = {**WORDS, **LABELS[_KINDS[kind]]}
        return known[value][voice.tongue] if value in known else _any(value, voice)
    return _any(value, voice)


def _any(value: Any, voice: _Voice) -> str:
    match value:
        case bool():
            return WORDS[str(value)][voice.tongue]
        case {"zh": zh, "en": en}:
            return _cut((zh, en)[voice.tongue], voice)
        case StrEnum():
            return label(value, voice.language)
        case datetime():
            return moment(value, voice.language)
        case date():
            return day(value, voice.language)
        case list() | tuple() | set() | frozenset():
            return _joined((_any(item, voice) for item in value), voice)
    return _cut(value, voice)


def _joined(parts: Iterable[str], voice: _Voice) -> str:
    return ("、", ", ")[voice.tongue].join(parts)


def _listed(value: Any) -> Iterable[Any]:
    return value if isinstance(value, list | tuple) else ()


def _cut(value: Any, _: _Voice) -> str:
    """A text on one line and not longer than is good; what nobody can see is left out."""
    text = " ".join("".join(c if c.isprintable() else " " for c in str(value)).split())
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _field(value: Any, voice: _Voice) -> str:
    name = str(value)
    ours = FIELDS[name][voice.tongue] if name in FIELDS else name
    return _cut(voice.labels.get(name, ours), voice)


def _kind(value: Any, voice: _Voice) -> str:
    """What a value must be, from the name of its type."""
    name = str(value).removesuffix(" | None")
    if name in _KINDS:
        return ("以下之一：", "one of: ")[voice.tongue] + _joined(_KINDS[name], voice)
    outer = name.partition("[")[0]
    return KINDS[outer][voice.tongue] if outer in KINDS else _cut(name, voice)


def _who(value: Any, voice: _Voice) -> str:
    return WORDS[value][voice.tongue] if value in WORDS else _cut(value, voice)


def _reason(value: Any, voice: _Voice) -> str:
    """A reason, which may itself be a code."""
    known = value in SENTENCES
    return explain(value, {}, voice.language).rstrip("。.") if known else _cut(value, voice)


_WAYS: dict[str, Callable[[Any, _Voice], str]] = {
    "day": lambda value, voice: day(value, voice.language),
    "end": lambda value, voice: until(value, voice.language),
    "moment": lambda value, voice: moment(value, voice.language),
    "megabytes": lambda value, _: f"{value / 1_000_000:.1f} MB",
    "money": lambda value, voice: money(value, voice.language),
    "whole": lambda value, _: str(value),
    "name": _cut,
    "field": _field,
    "fields": lambda value, voice: _joined((_field(item, voice) for item in value), voice),
    "kind": _kind,
    "reason": _reason,
    "who": _who,
}
