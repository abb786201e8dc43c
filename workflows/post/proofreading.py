"""What is wrong with a union's own words for a letter, before they are kept. No store, no clock."""

from __future__ import annotations

import difflib
import re
import unicodedata
from typing import TYPE_CHECKING, Any

from models.errors import FaultsError, InputError
from models.vocabulary import LetterKind
from workflows.post.filling import faults_of, filled, places_of
from workflows.post.occasions import NOT_WORDED
from workflows.post.wording import FACTS, TEMPLATES, fields

if TYPE_CHECKING:
    from collections.abc import Iterator

LANGUAGES = ("zh", "en")
LONGEST = {"letter_subject": 200, "letter_body": 4000}
# What its reader must learn from a letter whatever the words: by when, why, by which decision, with what result.
_NEEDED = frozenset({"reason", "faults", "outcome", "grade", "result", "decision"})
_MOMENTS = ("_at", "_on")
_BRACED = re.compile(r"(?<!\{)\{\s*(\w+)\s*\}(?!\})")
# A name in its braces, a word, or one sign.
_WORDS = re.compile(r"\{[{%].*?[%}]\}|[A-Za-z0-9]+|.", re.DOTALL)
_ALIKE = 3
_TAG = re.compile(r"</?[A-Za-z][^<>\n]*>")
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def known(template: str) -> set[str]:
    """The names that the words of a letter may use. Raises KeyError for an unknown template."""
    due = {"due_at"} if TEMPLATES[template].kind is LetterKind.ACTION else set()
    return fields(template) | set(FACTS) | due


def needed(template: str) -> set[str]:
    """The names that the body must show, in every case: those of ours that tell a moment, a reason or a result."""
    return {name for name in fields(template) if name in _NEEDED or name.endswith(_MOMENTS)}


def proofread(template: str, language: str, subject: str, body: str) -> tuple[str, str]:
    """A subject and a body as they are kept: without blanks around them, lines ended alike.

    Raises InputError("letter_template") and ("wording_language"); FaultsError with all that is wrong, each with its
    line: syntax, unknown names with the nearest known one, what is missing, line breaks in a subject, length,
    markup, characters nobody sees.
    """
    if template not in TEMPLATES or template in NOT_WORDED:
        raise InputError("letter_template", template=template)
    if language not in LANGUAGES:
        raise InputError("wording_language", field="language", given=language)
    texts = {"letter_subject": _tidy(subject), "letter_body": _tidy(body)}
    faults = [fault for field, text in texts.items() for fault in _faults(template, field, text)]
    if faults:
        raise FaultsError(faults)
    return texts["letter_subject"], texts["letter_body"]


def parted(before: str, after: str) -> list[tuple[str, str]]:
    """What two texts have in common ("="), what only the first has ("-") and only the second ("+"), in order."""
    first, second = _WORDS.findall(before), _WORDS.findall(after)
    parts: list[tuple[str, str]] = []
    old = new = ""
    for act, *at in difflib.SequenceMatcher(None, first, second, autojunk=False).get_opcodes():
        left, right = "".join(first[at[0] : at[1]]), "".join(second[at[2] : at[3]])
        # A sign or two in common amid changes would only break the words apart.
        if act != "equal" or ((old or new) and len(left) < _ALIKE):
            old, new = old + left, new + right
            continue
        parts += _changed(old, new)
        parts.append(("=", left))
        old = new = ""
    return parts + _changed(old, new)


def _changed(old: str, new: str) -> list[tuple[str, str]]:
    return [(sign, one) for sign, one in (("-", old), ("+", new)) if one]


def _tidy(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def _faults(template: str, field: str, text: str) -> Iterator[dict[str, Any]]:
    if not text:
        yield {"field": field, "code": "required"}
        return
    if len(text) > LONGEST[field]:
        yield {"field": field, "code": "too_long", "length": len(text), "most": LONGEST[field]}
        return
    if field == "letter_subject" and "\n" in text:
        yield {"field": field, "code": "wording_lines"}
    yield from _signs(template, field, text)
    if broken := faults_of(text, field):
        yield from broken
        return
    yield from _names(template, field, text)
    if field == "letter_body":
        shown = _always_shown(text, needed(template))
        yield from ({"field": field, "code": "wording_lacks", "given": n} for n in sorted(needed(template) - shown))


def _signs(template: str, field: str, text: str) -> Iterator[dict[str, Any]]:
    """Markup, unseen characters, and names in single braces."""
    for n, line in enumerate(text.split("\n"), start=1):
        if tag := _TAG.search(line):
            yield {"field": field, "code": "wording_markup", "line": n, "given": tag[0]}
        unseen = next((c for c in line if c != "\t" and unicodedata.category(c) in _UNSEEN), None)
        if unseen is not None:
            yield {"field": field, "code": "wording_character", "line": n, "given": f"U+{ord(unseen):04X}"}
        for braced in _BRACED.finditer(line):
            if braced[1] in known(template):
                yield {"field": field, "code": "wording_brace", "line": n, "given": braced[1]}


def _names(template: str, field: str, text: str) -> Iterator[dict[str, Any]]:
    names = sorted(known(template))
    for name, line in places_of(text).items():
        if name not in names:
            near = difflib.get_close_matches(name[:60], names, n=1)
            yield {"field": field, "code": "wording_name", "line": line, "given": name,
                   "near": near[0] if near else None, "known": names}  # fmt: skip


def _always_shown(text: str, names: set[str]) -> set[str]:
    """Those of the names that a reader sees both when all else is known and when nothing else is."""
    marks: dict[str, Any] = {name: f"\u2983{name}\u2984" for name in names}
    rest = dict.fromkeys(places_of(text).keys() - names, 1)
    said = [filled(text, params, 0) for params in (marks, {**rest, **marks})]
    return {name for name, mark in marks.items() if all(mark in one for one in said)}
