"""Saved searches: one's own, and those a desk's reviewers share."""

import pytest

from models.database import reading
from models.errors import ForbiddenError, InputError, NotFoundError
from models.vocabulary import Role
from tests.worlds import CITY, COUNTY, World, also, person, refused, submitted
from workflows.desk.saved_views import LONGEST, MOST, drop_view, save_view, views
from workflows.queries.search import ids_for
from workflows.record.acting import refreshed


def kept(actor: object) -> list[tuple[str, str]]:
    """The names and words somebody has saved, or shares."""
    return [(view.name, view.words) for view in views(actor)]  # type: ignore[arg-type]  # an actor


def test_a_saved_search_is_ones_own_until_it_is_shared_with_a_desk(world: World) -> None:
    colleague = person("colleague", COUNTY, Role.REVIEWER)
    save_view(world.county, name=" 临期 ", words="is:临期")
    save_view(world.county, name="退回", words="is:退回", desk=COUNTY)

    assert kept(world.county) == [("临期", "is:临期"), ("退回", "is:退回")]
    assert kept(colleague) == [("退回", "is:退回")]
    assert kept(world.city) == []


def test_the_same_name_again_takes_the_new_words(world: World) -> None:
    first = save_view(world.county, name="我的", words="desk:me")
    again = save_view(world.county, name="我的", words="desk:me sort:due")

    assert (again.id, kept(world.county)) == (first.id, [("我的", "desk:me sort:due")])


def test_a_saved_search_means_what_its_reader_may_see(world: World) -> None:
    row = submitted(world)
    view = save_view(also(world.county, CITY, Role.REVIEWER), name="全部", words="工作室0", desk=CITY)

    with reading() as store:
        found = [ids_for(store, refreshed(store, actor), view.words) for actor in (world.county, world.city)]

    assert found == [[row.id], []]


def test_a_shared_search_is_dropped_by_any_reviewer_of_the_desk_and_nobody_else(world: World) -> None:
    colleague = person("colleague", COUNTY, Role.REVIEWER)
    clerk = person("clerk", COUNTY, Role.CLERK)
    own, shared = (
        save_view(world.county, name="自用", words="is:临期"),
        save_view(world.county, name="共用", words="is:逾期", desk=COUNTY),
    )
    for actor, view in ((world.city, shared), (clerk, shared), (colleague, own)):
        with refused("not_found", NotFoundError, thing="view", given=view.id):
            drop_view(actor, view.id)

    assert drop_view(colleague, shared.id) == []
    assert [view.id for view in drop_view(world.county, own.id)] == []


def test_only_a_desks_reviewers_share_with_it(world: World) -> None:
    for actor in (world.city, world.clerks[0], person("expert", COUNTY, Role.EXPERT)):
        with refused("not_your_desk", ForbiddenError):
            save_view(actor, name="临期", words="is:临期", desk=COUNTY)


@pytest.mark.parametrize("name", ["", "  ", "长" * (LONGEST + 1)])
def test_a_saved_search_has_a_name(world: World, name: str) -> None:
    with refused("view_name", InputError, most=LONGEST):
        save_view(world.county, name=name, words="is:临期")


def test_words_that_cannot_be_read_are_not_kept(world: World) -> None:
    with refused("search_word", InputError, given="late", position=4):
        save_view(world.county, name="晚的", words="is:late")


def test_there_is_an_end_to_what_is_kept(world: World) -> None:
    for n in range(MOST):
        save_view(world.county, name=f"{n}", words="is:临期")

    with refused("views_full", InputError, most=MOST):
        save_view(world.county, name="多余", words="is:临期")
    assert len(save_view(world.county, name="0", words="is:逾期").words) == 5
