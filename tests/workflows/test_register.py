"""The register of the titles a union gave: by pages, by words, and what is left of one decision."""

from models.vocabulary import Role
from tests.tampering import by_hand
from tests.worlds import PROVINCE, World, named, person, rows, unit
from workflows.queries.register import GIVEN, titles_given, titles_left

_COPY = (
    "INSERT INTO title (id, number, document, programme, programme_code, name, organization, decider, leader_name,"
    " named_on, state, end_reason, version, head)"
    " SELECT :id, :number, '旧', programme, programme_code, :name, organization, decider, leader_name, named_on,"
    " state, end_reason, version, head FROM title WHERE id = :of"
)


def test_the_register_is_read_by_pages_and_by_words_and_misses_none(world: World) -> None:
    first, second = named(world, 2)
    for n in range(GIVEN):
        by_hand(_COPY, id=f"copy{n}", number=f"旧{n:03}", name=f"工作室{n:03}", of=first.id)

    page = titles_given(world.province, desk=PROVINCE)
    rest = titles_given(world.province, desk=PROVINCE, after=page[-1].id)

    assert (len(page), len(rest)) == (GIVEN, 2)
    assert [one.number for one in (*page, *rest)] == sorted([first.number, second.number, *_OLD])
    assert titles_given(world.province, desk=PROVINCE, after=rest[-1].id) == []
    assert [one.id for one in titles_given(world.province, desk=PROVINCE, words=" 工作室041 ")] == ["copy41"]
    assert titles_given(world.province, desk=PROVINCE, words="没有的%") == []
    assert titles_given(world.city, desk=PROVINCE) == []
    by_hand("DELETE FROM title WHERE id LIKE 'copy%'")


def test_what_is_left_of_a_decision_is_told_also_to_a_union_that_holds_a_title_itself(world: World) -> None:
    first, second = named(world, 2)
    by_hand("UPDATE title SET organization = :province WHERE id = :of", province=PROVINCE, of=first.id)

    left = titles_left(world.province, desk=PROVINCE, decision_id=str(first.decision_id))

    assert [one.id for one in left] == [one.id for one in sorted((first, second), key=lambda one: one.number)]
    assert titles_left(world.province, desk=PROVINCE, decision_id="x") == []
    assert titles_left(person("zhu", unit(0), Role.CLERK), desk=PROVINCE, decision_id=str(first.decision_id)) == []
    by_hand("UPDATE title SET organization = :unit WHERE id = :of", unit=first.organization, of=first.id)
    assert rows("SELECT count(*) FROM title") == [(2,)]


_OLD = [f"旧{n:03}" for n in range(GIVEN)]
