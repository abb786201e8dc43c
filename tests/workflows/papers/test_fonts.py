"""Characters are checked before a paper is set: a rare name is printed whole, or refused by name."""

from pathlib import Path

import pytest

from models.errors import InputError, RefusedError
from models.settings import settings
from models.text import sentence
from tests.papers import said
from tests.worlds import World, drafted
from workflows.papers import can_print, fonts, paper
from workflows.papers.sheet import clean


def test_rare_characters_of_names_are_printed(world: World) -> None:
    row = drafted(world, leader_name="𠮷龑䶮", studio_name="㛃工作室")

    text = said(paper(world.clerks[0], "form", row.id).content)

    assert "𠮷龑䶮" in text
    assert "㛃工作室" in text


def test_a_character_that_no_font_shows_is_refused_with_its_field(world: World) -> None:
    row = drafted(world, leader_name="张𪚥", topics="课题😀")

    with pytest.raises(RefusedError) as refused:
        paper(world.clerks[0], "form", row.id)

    assert refused.value.code == "glyphs_missing"
    assert refused.value.details == {
        "characters": "𪚥 😀",
        "codes": "U+2A6A5 U+1F600",
        "places": ["领衔人姓名：𪚥", "本年度课题：😀"],
    }
    assert "领衔人姓名：𪚥" in sentence(refused.value)
    assert "U+2A6A5" in sentence(refused.value, "en")


def test_without_a_chinese_font_nothing_is_printed(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    row = drafted(world)
    monkeypatch.setattr(fonts, "SYSTEM", ())
    monkeypatch.setattr(fonts, "EXTRA", "no_such_package")
    monkeypatch.setenv("SHENBAO_FONTS_DIR", str(tmp_path))
    settings.cache_clear()

    with pytest.raises(RefusedError, match="no_chinese_font"):
        paper(world.clerks[0], "form", row.id)

    assert not can_print()
    assert "fonts-noto-cjk" in fonts.state()


def test_the_settings_folder_is_asked_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SHENBAO_FONTS_DIR", str(tmp_path))
    settings.cache_clear()

    assert fonts.folders()[0] == tmp_path


def test_a_file_that_is_no_font_shows_nothing(tmp_path: Path) -> None:
    file = tmp_path / "broken.ttf"
    file.write_bytes(b"no font at all")

    assert list(fonts.covered(str(file), 0)) == []
    assert list(fonts.covered(str(tmp_path / "absent.ttf"), 0)) == []


def test_each_missing_character_is_told_once_and_marks_without_a_shape_never() -> None:
    assert fonts.missing("张😀三😀\n　\u200d𪚥︀") == "😀𪚥"


def test_what_nobody_can_see_is_left_out_of_a_paper() -> None:
    assert clean({"a": ["张\u202e三\x07\r\n李\t四", 3]}) == {"a": ["张三\n李 四", 3]}


def test_an_unknown_paper_is_refused_and_the_known_ones_are_named(world: World) -> None:
    with pytest.raises(InputError) as unknown:
        paper(world.county, "poster", "1")
    with pytest.raises(InputError) as form:
        paper(world.county, "form", "1", "xlsx")

    assert unknown.value.details["known"] == ["form", "summary", "report", "notice", "decision", "certificate"]
    assert form.value.details["known"] == ["pdf"]
