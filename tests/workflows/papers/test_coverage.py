"""What a font can show is read from its map of characters, and is what fontTools says of it."""

from collections.abc import Iterable
from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import Glyph
from fontTools.ttLib.tables.DefaultTable import DefaultTable

from workflows.papers import fonts
from workflows.papers.coverage import Coverage, coverage

# A run, a hole, characters whose glyphs go backwards, and one of the plane of rare names.
PLAIN = [*range(0x41, 0x5B), 0x4E00, 0x4E02, 0x4E03, 0x5DE5]
RARE = 0x20BB7


def a_font(file: Path, points: Iterable[int]) -> Path:
    """Write a font whose glyphs are empty, one for each character, the last character first."""
    names = {point: f"u{point:X}" for point in sorted(points, reverse=True)}
    builder = FontBuilder(1000)
    builder.setupGlyphOrder([".notdef", *names.values()])
    builder.setupCharacterMap(names)
    builder.setupGlyf({name: Glyph() for name in [".notdef", *names.values()]})
    builder.setupHorizontalMetrics(dict.fromkeys([".notdef", *names.values()], (500, 0)))
    builder.setupHorizontalHeader()
    builder.setupPost()
    builder.save(file)
    return file


@pytest.mark.parametrize("points", [PLAIN, [*PLAIN, RARE]], ids=["plain", "rare"])
def test_every_character_of_a_font_is_found_and_no_other(tmp_path: Path, points: list[int]) -> None:
    shown = coverage(str(a_font(tmp_path / "own.ttf", points)), 0)

    assert list(shown) == points
    assert [point for point in (0x40, 0x5B, 0x4E01, 0x5DE6, RARE) if point in shown] == points[len(PLAIN) :]


def test_the_fonts_of_this_installation_show_what_fonttools_says() -> None:
    path, index = fonts.found().faces[0]

    with TTFont(path, fontNumber=index, lazy=True) as font:
        assert set(coverage(path, index)) == set(font.getBestCmap())


def test_a_map_that_is_cut_off_shows_nothing(tmp_path: Path) -> None:
    whole, cut = a_font(tmp_path / "whole.ttf", [*PLAIN, RARE]), DefaultTable("cmap")
    with TTFont(whole, lazy=True) as font:
        cut.data = font.reader["cmap"][:-20]
        font["cmap"] = cut
        font.save(tmp_path / "cut.ttf")

    assert list(coverage(str(tmp_path / "cut.ttf"), 0)) == []


def test_runs_that_touch_or_overlap_are_one() -> None:
    shown = Coverage([(5, 9), (1, 3), (4, 4), (8, 12), (20, 20)])

    assert list(shown) == [*range(1, 13), 20]
    assert [point for point in (0, 1, 12, 13, 19, 20, 21) if point in shown] == [1, 12, 20]
    assert 0 not in Coverage()
