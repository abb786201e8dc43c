"""Templates are text files: an office puts its own into a folder, and a faulty one is told by name."""

from pathlib import Path

import pytest

from models.errors import InputError
from models.settings import settings
from tests.papers import said
from tests.worlds import World, drafted
from workflows.papers import KINDS, numerals, paper, setting


@pytest.fixture
def own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Answer the folder of an office's own templates."""
    monkeypatch.setenv("SHENBAO_PAPERS_DIR", str(tmp_path))
    settings.cache_clear()
    return tmp_path


def test_an_own_template_takes_the_place_of_ours(world: World, own: Path) -> None:
    row = drafted(world)
    (own / "form.typ").write_text("本会专用：#words.title，#words.fields.at(0).value", "utf-8")

    assert said(paper(world.clerks[0], "form", row.id).content) == "本会专用：省级劳模工匠创新工作室申报表，工作室0"


def test_the_style_alone_can_be_changed(world: World, own: Path) -> None:
    row = drafted(world)
    (own / "style.typ").write_text(setting.source("style").replace("第 #counter", "页码 #counter"), "utf-8")

    assert "页码1页" in said(paper(world.clerks[0], "form", row.id).content)


def test_a_faulty_template_is_told_by_name(world: World, own: Path) -> None:
    row = drafted(world)
    (own / "form.typ").write_text("#words.nothing_of_the_kind", "utf-8")

    with pytest.raises(InputError) as faulty:
        paper(world.clerks[0], "form", row.id)

    assert (faulty.value.code, faulty.value.details["field"]) == ("template", "form.typ")
    assert "nothing_of_the_kind" in faulty.value.details["reason"]


def test_what_people_typed_is_never_read_as_a_template(world: World) -> None:
    row = drafted(world, studio_name='#read("x") *a* $1$ \\ <b>', topics="= 标题\n- 项\n/*注*/")

    text = said(paper(world.clerks[0], "form", row.id).content)

    assert '#read("x")*a*$1$\\<b>' in text
    assert "=标题-项/*注*/" in text


def test_every_paper_has_a_template_and_says_what_it_is() -> None:
    for kind in KINDS:
        assert (setting.TEMPLATES / f"{kind}.typ").read_text("utf-8").startswith("// ")


@pytest.mark.parametrize(
    ("n", "told"),
    [(1, "一"), (10, "十"), (12, "十二"), (20, "二十"), (99, "九十九"), (105, "一百零五"), (110, "一百一十"),
     (1010, "一千零一十"), (2006, "二千零六")],
)  # fmt: skip
def test_numbers_of_headings_are_chinese(n: int, told: str) -> None:
    assert numerals.numeral(n) == told
    assert numerals.heading(n, "组织情况") == f"{told}、组织情况"
    assert numerals.subheading(n, "杭州市") == f"（{told}）杭州市"
