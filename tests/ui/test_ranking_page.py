"""The ranking of a list on its page: in its order, and as text that is nobody's older one."""

import pytest
from streamlit.testing.v1 import AppTest

from models.application import Application
from tests import factories
from tests.factories import COUNTY, World
from tests.ui.pages import keyed, opened, press, ran, texts
from ui.components import board, ranking
from ui.components.words import plain
from workflows.desk import reviews
from workflows.listing import slates
from workflows.listing.ranking_texts import ranking_as_text


@pytest.fixture
def there(database: str) -> World:
    return factories.world(3)


def checked(there: World, n: int) -> list[Application]:
    """So many applications that the county has checked."""
    rows = [factories.submitted(there, i) for i in range(n)]
    return [reviews.check(there.county, row.id, seen=row.version) for row in rows]


def test_the_board_has_the_ranked_ones_first_in_their_order(there: World) -> None:
    first, second, third = checked(there, 3)
    slates.rank(there.county, round_id=first.round_id, organization_code=COUNTY, main=[third.id, second.id])

    draft = board.draft_of(there.county, COUNTY, first.round_id)
    shown = board.fresh(there.county, COUNTY, first.round_id, draft)

    assert [(line.id, line.place, line.part) for line in shown.lines] == [
        (third.id, 1, board.MAIN), (second.id, 2, board.MAIN), (first.id, 3, board.OUT),
    ]  # fmt: skip


def test_a_text_that_nobody_changed_is_not_carried_over_a_colleagues_ranking(there: World) -> None:
    first, second = checked(there, 2)
    at = opened("review_slate", there.county)
    older = str(at.text_area[0].value)
    drafted = slates.rank(there.county, round_id=first.round_id, organization_code=COUNTY, main=[second.id])
    ran(at)
    newer = str(at.text_area[0].value)
    slates.seal(there.county, drafted.id, seen=drafted.version)
    ran(at)

    assert f"1 = {second.receipt}" not in older
    assert f"1 = {second.receipt}" in newer
    assert str(second.receipt) not in str(at.text_area[0].value)


def test_a_list_tells_in_words_how_many_of_its_names_are_alike_to_others_and_each_pair_once(there: World) -> None:
    rows = checked(there, 3)
    slates.rank(there.county, round_id=rows[0].round_id, organization_code=COUNTY, main=[row.id for row in rows])

    at = opened("review_slate", there.county)

    # One certificate stands for all of them: three pairs, each told once.
    assert [said for said in texts(at, "caption") if "相似" in said] == [
        "3项申报与其他单位或其他批次的申报相似（文字相近0项，附件相同3项）。仅供核对，不作结论。"
    ]
    assert [len(one.value) for one in at.dataframe if "相同附件" in one.value] == [3]
    assert [one.label for one in at.toggle if one.label.startswith("也列出")] == []


def test_a_text_that_was_refused_stays_when_a_colleague_has_ranked(there: World) -> None:
    first, second = checked(there, 2)
    at = opened("review_slate", there.county)
    typed = f"[正式推荐]\n1 = {first.receipt} [200]"
    at.text_area[0].set_value(typed)
    press(at, "按文字保存")
    slates.rank(there.county, round_id=first.round_id, organization_code=COUNTY, main=[second.id])
    ran(at)

    assert at.text_area[0].value == typed


def order(at: AppTest) -> list[tuple[str, str, int]]:
    """The board as it stands in its table: name, part and place."""
    table = at.dataframe[0].value if at.dataframe else None
    return [] if table is None else list(zip(table["subject"], table["part"], table["place"], strict=True))


def test_a_candidate_is_moved_by_the_buttons_with_what_was_typed_and_saved_so(there: World) -> None:
    first, second, third = checked(there, 3)
    slates.rank(there.county, round_id=first.round_id, organization_code=COUNTY,
                main=[{"application": first.id, "score": "90"}, {"application": second.id}])  # fmt: skip
    at = opened("review_slate", there.county)
    [key] = [k for k in at.session_state if k.startswith("board:")]
    at.session_state[key] = {"edited_rows": {1: {"note": "同意推荐"}}, "added_rows": [], "deleted_rows": []}
    ran(at)
    keyed(at.selectbox, ":moving").set_value(second.id)
    ran(at)

    keyed(at.button, ":moving:-1").click()
    ran(at)

    assert order(at)[:2] == [(second.subject, "正式推荐", 1), (first.subject, "正式推荐", 2)]
    assert keyed(at.button, ":moving:-1").help == plain("已在最前")
    press(at, "保存排序")
    draft = board.draft_of(there.county, COUNTY, first.round_id)
    assert draft is not None
    assert [(p.application_id, p.score, p.note) for p in draft.places] == [
        (second.id, None, "同意推荐"), (first.id, 9000, ""),
    ]  # fmt: skip
    assert third.id not in [p.application_id for p in draft.places]


def test_what_was_moved_and_not_saved_stays_when_a_colleague_changes_the_list(there: World) -> None:
    first, second = checked(there, 2)
    slates.rank(there.county, round_id=first.round_id, organization_code=COUNTY, main=[first.id, second.id])
    at = opened("review_slate", there.county)
    keyed(at.selectbox, ":moving").set_value(first.id)
    keyed(ran(at).button, ":moving:1").click()
    ran(at)

    other = factories.submitted(there, 2)
    reviews.check(there.county, other.id, seen=other.version)
    ran(at)

    assert order(at) == [(second.subject, "正式推荐", 1), (first.subject, "正式推荐", 2)]
    assert "名单已有变化" in at.warning[0].value


def test_a_text_typed_over_one_ranking_is_not_put_over_another_of_the_same_version(there: World) -> None:
    first, second = checked(there, 2)
    before = ranking_as_text(there.county, round_id=first.round_id, organization_code=COUNTY)
    third = factories.submitted(there, 2)
    reviews.check(there.county, third.id, seen=third.version)
    after = ranking_as_text(there.county, round_id=first.round_id, organization_code=COUNTY)

    names = [ranking.about(COUNTY, first.round_id, one.text) for one in (before, before, after)]

    assert (before.seen, str(second.receipt) in after.text) == (after.seen, True)
    assert (names[0] == names[1], names[0] == names[2]) == (True, False)
