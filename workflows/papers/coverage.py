"""Which characters a font's file can show, read from its map of characters and nothing else.

fontTools can answer that as well, but names every glyph on the way: 140 MB for the fonts of one installation.
"""

from __future__ import annotations

import struct
from array import array
from bisect import bisect_right
from pathlib import Path
from typing import TYPE_CHECKING

from fontTools.ttLib import TTFont, TTLibError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# The maps of Unicode by platform and encoding, the fullest first: the order in which fontTools looks for the best.
_BEST = ((3, 10), (3, 1), (0, 6), (0, 4), (0, 3), (0, 2), (0, 1), (0, 0))
_SEGMENTS, _GROUPS = 4, 12  # formats of a map; others are of systems that are gone
_16_BITS = 0xFFFF
_LAST = 0x10FFFF  # no character comes after it


class Coverage:
    """A set of code points as runs that do not touch: some kilobytes where a set takes megabytes."""

    def __init__(self, runs: Iterable[tuple[int, int]] = ()) -> None:
        self._firsts, self._lasts = array("I"), array("I")
        for first, last in sorted(runs):
            if self._lasts and first <= self._lasts[-1] + 1:
                self._lasts[-1] = max(self._lasts[-1], last)
            else:
                self._firsts.append(first)
                self._lasts.append(last)

    def __contains__(self, point: int) -> bool:
        """Whether a code point can be shown."""
        at = bisect_right(self._firsts, point) - 1
        return at >= 0 and point <= self._lasts[at]

    def __iter__(self) -> Iterator[int]:
        """Every code point, from the first to the last."""
        for first, last in zip(self._firsts, self._lasts, strict=True):
            yield from range(first, last + 1)


def coverage(path: str, index: int) -> Coverage:
    """What a face of a font's file can show; nothing for a file that is no font, or whose map is damaged."""
    try:
        with Path(path).open("rb") as file, TTFont(file, fontNumber=index, lazy=True) as font:
            return Coverage(runs(font.reader["cmap"]))
    except (OSError, TTLibError, KeyError, struct.error):
        return Coverage()


def runs(cmap: bytes) -> list[tuple[int, int]]:
    """The runs of code points, first and last, to which a `cmap` table gives a glyph (OpenType, chapter cmap).

    Raises struct.error for a table that is cut off.
    """
    (count,) = struct.unpack_from(">H", cmap, 2)
    tables = (struct.unpack_from(">HHL", cmap, 4 + 8 * number) for number in range(count))
    there = {(platform, encoding): cmap[offset:] for platform, encoding, offset in tables}
    for one in filter(there.__contains__, _BEST):
        (kind,) = struct.unpack_from(">H", there[one])
        if (read := _READ.get(kind)) is not None:
            return list(read(there[one]))
    return []


def _groups(table: bytes) -> Iterator[tuple[int, int]]:
    """Format 12: runs of characters, which have runs of glyphs."""
    (count,) = struct.unpack_from(">L", table, 12)
    for number in range(count):
        first, last, glyph = struct.unpack_from(">LLL", table, 16 + 12 * number)
        if (first := first + (glyph == 0)) <= last <= _LAST:
            yield first, last


def _segments(table: bytes) -> Iterator[tuple[int, int]]:
    """Format 4: segments of the first 65,536 characters, with glyphs in a row or in a list."""
    (twice,) = struct.unpack_from(">H", table, 6)
    for at in range(14, 14 + twice, 2):
        # The four lists lie one after the other, with two bytes between the first and the second.
        last, first, delta, offset = (
            struct.unpack_from(">H", table, place)[0] for place in (at, *(at + 2 + n * twice for n in (1, 2, 3)))
        )
        listed = at + 2 + 3 * twice + offset
        for point in range(first, min(last, _16_BITS - 1) + 1):
            glyph = point if offset == 0 else struct.unpack_from(">H", table, listed + 2 * (point - first))[0]
            if (glyph or offset == 0) and (glyph + delta) & _16_BITS:
                yield point, point


_READ = {_SEGMENTS: _segments, _GROUPS: _groups}
