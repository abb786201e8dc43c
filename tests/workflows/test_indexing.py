"""The index follows its rows, is read in by its migration, agrees with the doctor, and can be made anew."""

from types import SimpleNamespace

import pytest

from models import schema
from models.database import reading
from models.search import Document, folded, pairs, text_of
from models.sql import rows_of
from tests.tampering import by_hand
from tests.worlds import COUNTY, World, at_city, at_county, drafted, identity, rows, sent, submitted
from workflows import doctor
from workflows.desk.reviews import check
from workflows.queries.search import search
from workflows.record import indexing

_DOCUMENTS = rows_of(Document)


def held() -> list[Document]:
    """What the index holds, but for the numbers."""
    with reading() as store:
        return sorted((d._replace(number=0) for d in store.all(_DOCUMENTS)), key=lambda d: d.application_id)  # type: ignore[attr-defined]


def reach() -> set[tuple[str, ...]]:
    """Who may find what."""
    return set(rows("SELECT mark, application_id FROM search_reach"))


def _no_words() -> list[str]:
    """What empties the index of its words on the database in hand."""
    if rows("SELECT words FROM search_document")[0][0] is None:
        return ["INSERT INTO search_fts (search_fts) VALUES ('delete-all')"]
    return ["UPDATE search_document SET words = ''"]


def a_few(w: World) -> None:
    """Cases at two tiers, and a draft."""
    at_city(w, 2)
    submitted(w, 2)
    drafted(w, 3)


def test_a_check_leaves_the_index_alone(world: World) -> None:
    row = submitted(world)
    before = rows("SELECT * FROM search_document")

    check(world.county, row.id, seen=row.version)

    assert rows("SELECT * FROM search_document") == before


def test_an_index_made_anew_is_the_one_that_was_kept(world: World) -> None:
    a_few(world)
    before = (held(), reach())

    assert indexing.rebuild() == 4

    assert (held(), reach()) == before
    assert search(world.county, words="工作室").total == 3


def test_a_database_from_before_the_index_is_read_in(world: World) -> None:
    a_few(world)
    before = (held(), reach())

    schema.downgrade("0004")
    schema.upgrade()

    assert (held(), reach()) == before
    assert search(world.county, words="工作室").total == 3


@pytest.mark.tampers
@pytest.mark.parametrize(("change", "name"), [
    ("UPDATE application SET subject = '别的'", "index_differs"),
    ("UPDATE search_document SET text = '别的'", "index_differs"),
    ("DELETE FROM search_reach WHERE mark LIKE 's%'", "reach_differs"),
    ("UPDATE search_reach SET mark = 's320000' WHERE mark = 's330106'", "reach_differs"),
    ("DELETE FROM search_reach; DELETE FROM search_document", "index_differs"),
])  # fmt: skip
def test_an_index_that_does_not_agree_is_called_by_its_name(world: World, change: str, name: str) -> None:
    at_county(world, 1)
    by_hand(*change.split("; "))

    assert name in {v.name for v in doctor.check() if v.invariant == "I25"}

    by_hand("UPDATE application SET subject = '工作室0'")
    indexing.rebuild()
    assert [v for v in doctor.check() if v.invariant == "I25"] == []


@pytest.mark.tampers
def test_words_lost_from_the_index_are_found_out(world: World) -> None:
    row = submitted(world)
    by_hand(*_no_words())

    found = [v for v in doctor.check() if v.name == "words_differ"]

    assert len(found) == 20
    assert {v.detail for v in found} == {"0 <> 1"}
    assert search(world.county, words="工作室0").total == 0
    indexing.rebuild()
    assert [line.id for line in search(world.county, words="工作室0").lines] == [row.id]


def test_a_case_that_fell_out_of_the_index_moves_on_and_is_found_again(world: World) -> None:
    ids = at_county(world, 2)
    by_hand(*_no_words(), "DELETE FROM search_reach", "DELETE FROM search_document")

    sent(world, COUNTY, ids)

    assert {line.id for line in search(world.city, words="desk:me").lines} == set(ids)
    assert [v for v in doctor.check() if v.invariant == "I25"] == []


def test_a_long_text_is_held_up_to_its_limit_and_without_what_is_private() -> None:
    told = {"a": "课题" * 5000, "b": identity(0)}
    row = SimpleNamespace(subject="数控", leader_name="王工", receipt=None, answers=told)

    text = text_of(row, "一厂", {"a"})

    assert (text[:8], len(text), identity(0) in text) == ("数控 王工 一厂", 6000, False)


@pytest.mark.parametrize(("given", "found"), [
    ("焊接，ＰＬＣ　５Ｇ！", "焊接 plc 5g"), ("", ""), ("—…", ""), ("𬱖师傅", "𬱖师傅"), ("A-b_c", "a b c"),
])  # fmt: skip
def test_a_text_is_folded_before_it_is_compared(given: str, found: str) -> None:
    assert folded(given) == found


def test_pairs_do_not_reach_over_a_gap() -> None:
    assert pairs("数控机 床a") == {"数控", "控机", "床a"}
