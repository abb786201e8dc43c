"""How alike two applications' texts are: a small sketch to find candidates by, an edit distance to say how much.

Evidence for somebody's eyes and never a verdict: the percentage says what two texts share, not why.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from rapidfuzz.distance import Indel

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Pair(Protocol):
    """Two applications of which something is alike; None is what the asker may not know of the other."""

    @property
    def application_id(self) -> str:
        """The one."""

    @property
    def other_id(self) -> str | None:
        """The other."""

    @property
    def percent(self) -> int:
        """How much their texts share, 0 where they do not."""

    @property
    def files(self) -> int:
        """How many of their files are equal."""

    @property
    def same_unit(self) -> bool | None:
        """Whether both are of one unit."""

    @property
    def same_round(self) -> bool | None:
        """Whether both are of one round."""


A = TypeVar("A", bound=Pair)
# Measured in the tests: texts of one trade on different matters share under 40 %, one with sixty edits over 70 %.
ALIKE = 65
STRONG = 80  # four fifths of both texts are the same
BANDS = 32
_ROWS = 2
_BINS = BANDS * _ROWS
_LEAST, _LEAST_FIELD, _MOST = 40, 20, 4000
_EMPTY = (1 << 64) - 1
_MASK = (1 << 64) - 1
_SPACE = re.compile(r"[\W_]+")


def text_of(answers: Mapping[str, Any]) -> str:
    """What an application tells in its own words, without spaces and marks: its longer answers, by field.

    Answers under 20 characters (names, numbers, choices) say nothing of likeness. At most 4,000
    characters; "" where fewer than 40 are left.
    """
    told = (_plain(answers[name]) for name in sorted(answers) if isinstance(answers[name], str))
    joined = "".join(one for one in told if len(one) >= _LEAST_FIELD)[:_MOST]
    return joined if len(joined) >= _LEAST else ""


def sketch(text: str) -> list[int]:
    """The text in 32 numbers (63 bits): texts that share most pairs of characters share some of them.

    Two texts that have half of their pairs in common share none with a chance of 1 in 10,000, and with
    a tenth in common some with 1 in 4: those are candidates only, and `percent` decides. [] for no text.
    """
    if not text:
        return []
    least = [_EMPTY] * _BINS
    for first, second in pairwise(text):
        mixed = _mixed(ord(first) << 21 | ord(second))
        place = mixed % _BINS
        least[place] = min(least[place], mixed)
    full = _filled(least)
    # The band's number goes into the value: the same pair in another band is another value.
    return [
        _mixed(_mixed(full[_ROWS * band] + band) ^ full[_ROWS * band + 1]) >> 1 for band in range(BANDS)
    ]  # fmt: skip


def percent(one: str, other: str) -> int:
    """How much two texts have in common, in whole percent: what stays of both when one is edited into the other."""
    if not one or not other:
        return 0
    return int(Indel.normalized_similarity(one, other, score_cutoff=ALIKE / 100) * 100)


def telling(found: Iterable[A]) -> list[A]:
    """Of likenesses those that tell something, in their order, each pair once.

    What one unit hands in twice in one round is no news: it may say of itself what it said. Where the asker
    may not know whose the other is, it is told.
    """
    met: set[frozenset[str]] = set()
    kept = []
    for one in found:
        pair = frozenset((one.application_id, one.other_id or f"? {len(met)}"))
        if pair in met or (one.same_unit and one.same_round):
            continue
        met.add(pair)
        kept.append(one)
    return kept


def is_strong(one: Pair) -> bool:
    """Whether a likeness is one to look at first: an equal file, or texts that share 80 % and more."""
    return one.files > 0 or one.percent >= STRONG


def _plain(text: str) -> str:
    return _SPACE.sub("", unicodedata.normalize("NFKC", text)).casefold()


def _filled(least: list[int]) -> list[int]:
    """Bins that nothing fell into take the next one's number, mixed anew for the way it came."""
    full = list(least)
    for place in range(_BINS):
        step = 0
        while least[(place + step) % _BINS] == _EMPTY:
            step += 1
        full[place] = _mixed(least[(place + step) % _BINS] + step) if step else least[place]
    return full


def _mixed(value: int) -> int:
    """A number spread over 64 bits, the same on every machine (splitmix64)."""
    value = (value + 0x9E3779B97F4A7C15) & _MASK
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & _MASK
    return value ^ (value >> 31)
