"""The tour and the README show what is there: its people, the words on its buttons, pictures of its pages."""

import re
from pathlib import Path

import pytest
from PIL import Image

from tests.pictures import HEIGHTS, IMAGES, MOST_BYTES, PICTURES
from ui.views import PAGES
from workflows.demo.people import PASSWORD, people

ROOT = Path(__file__).parents[1]
README, TOUR, PROMISES = (
    (ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "docs/tour.md", "docs/promises.md")
)
CHINESE, ENGLISH = TOUR.split("\n# In English\n")
SHOWN = "\n".join(
    file.read_text(encoding="utf-8") for file in [*(ROOT / "ui").rglob("*.py"), *(ROOT / "models").glob("labels*.py")]
)
PROOF = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")


def test_the_tour_is_of_the_demos_people_in_both_languages() -> None:
    there = people()

    assert re.findall(r"(\w+) `(\w+@[\w.]+)`", CHINESE) == [(person.name, person.email) for person in there]
    assert re.findall(r"`(\w+@[\w.]+)`", ENGLISH) == [person.email for person in there]
    assert [part for part in (README, CHINESE, ENGLISH) if f"`{PASSWORD}`" not in part] == []


@pytest.mark.parametrize("part", [CHINESE, ENGLISH], ids=["zh", "en"])
def test_every_word_the_tour_quotes_stands_on_a_page(part: str) -> None:
    quoted = re.findall(r"“([^”]+)”", part)

    assert [word for word in quoted if f'"{word}' not in SHOWN and f'{word}"' not in SHOWN] == []
    assert len(quoted) > 15


def test_every_picture_is_of_a_page_and_small_and_shown() -> None:
    files = {file.stem: file for file in IMAGES.iterdir()}
    sizes = {}
    for name, file in files.items():
        with Image.open(file) as image:
            sizes[name] = (image.format, *image.size)

    assert sizes == {one.name: ("PNG", one.width, HEIGHTS[one.width]) for one in PICTURES}
    assert {one.page for one in PICTURES} <= {page.path for page in PAGES}
    assert [name for name, file in files.items() if file.stat().st_size > MOST_BYTES] == []
    assert [name for name in files if f"images/{name}.png" not in TOUR] == []
    assert {one.language for one in PICTURES} == {"zh", "en"}
    assert len(files) <= 8


def test_the_readme_is_short_and_leads_to_the_tour() -> None:
    assert len(README.splitlines()) < 120
    assert README.count("](docs/tour.md") >= 2


def test_every_promise_names_the_test_that_proves_it() -> None:
    proofs = PROOF.findall(PROMISES)
    missing = [
        f"{file}::{name}"
        for file, name in proofs
        if not (ROOT / file).is_file() or (f"def {name}(" not in (ROOT / file).read_text(encoding="utf-8") and name)
    ]

    assert len(proofs) >= 40
    assert missing == []
