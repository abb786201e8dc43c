"""What is usual: how long a programme's last cases took at each desk of a case's way, and nothing from a handful."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

import pytest

from models import clock
from models.application import Application
from models.base import as_dict, changed, table
from models.database import transaction
from models.deadline import Deadline
from models.errors import NotFoundError
from models.journal import Event
from models.sql import insert_into, rows_of
from models.vocabulary import Act, DeadlineKind
from tests.counting import statements
from tests.provinces import Worlds
from tests.worlds import CITY, COUNTY, NOW, PROVINCE, World, checked, refused, sent, submitted
from workflows.desk.reviews import send_back
from workflows.intake.applications import withdraw
from workflows.queries.history import Expected, expected
from workflows.rules.usual import Usual, usual

_D, _E = table(Deadline).c, table(Event).c
_TERMS = rows_of(Deadline, _D.kind == DeadlineKind.REVIEW, _D.closed_at.is_not(None), order=(_D.id,))
_OF = rows_of(Event, _E.act == Act.RECOMMEND, order=(_E.id,))
_MORE, _TOLD = insert_into(Deadline), insert_into(Event)


@pytest.mark.parametrize(
    ("days", "found"),
    [
        ((), None),
        ((1, 2, 3, 4), None),
        ((3, 3, 3, 3, 3), Usual(3, 3, 5)),
        ((1, 2, 3, 4, 5), Usual(2, 4, 5)),
        # One that lay for a year says nothing about the next.
        ((6, 7, 8, 11, 250, 6, 9), Usual(6, 10, 7)),
    ],
)
def test_half_of_the_cases_lie_between_the_quartiles(days: Sequence[int], found: Usual | None) -> None:
    assert usual(days) == found


@pytest.fixture
def province(worlds: Worlds, enter: Callable[[str], None]) -> Iterator[World]:
    """Stand in a province whose past is made up: the doctor would not believe it."""
    make, there = worlds
    enter(make())
    with clock.at(NOW):
        yield there


def recommended(w: World, n: int) -> None:
    """As many cases more as the county recommended four working days after they came: copies of one."""
    row = submitted(w, 5)
    with clock.at(NOW + timedelta(days=6)):  # Monday, 9 March
        sent(w, COUNTY, checked(w, COUNTY, row.id))
    with transaction() as store:
        (term,), (event,) = store.all(_TERMS), store.all(_OF)
        for i in range(n - 1):
            case = f"copy-{i}"
            at = event.at + timedelta(days=i % 2)
            store.run(_MORE, **as_dict(changed(term, id=case, thing_id=case, closed_at=at)))
            store.run(_TOLD, **as_dict(changed(event, id=case, thing_id=case, version=1, at=at, hash=case, key=None)))


def test_a_case_is_told_what_is_usual_at_each_desk_and_nothing_where_nothing_is_known(province: World) -> None:
    recommended(province, 6)
    row = submitted(province)

    assert expected(province.clerks[0], row.id) == [
        Expected(COUNTY, 5, 4, 5, 6),
        Expected(CITY, 7, None, None, None),
        Expected(PROVINCE, 10, None, None, None),
    ]


def only(found: list[Expected], desk: str) -> int | None:
    """How many cases are told of at a desk."""
    return next(one.cases for one in found if one.desk == desk)


def settled(w: World, row: Application, *, at: datetime, by: str) -> None:
    """The county's or the unit's end of a case."""
    with clock.at(at):
        if by == "unit":
            withdraw(w.clerks[0], row.id, seen=row.version, reason="不报了")
        else:
            send_back(w.county, row.id, faults=[{"field": "topics", "words": "写明时间"}], seen=row.version)


@pytest.mark.parametrize(("by", "cases"), [("unit", None), ("county", 5)])
def test_what_its_unit_took_back_says_nothing_of_the_desk_and_a_return_does(
    province: World, by: str, cases: int | None
) -> None:
    recommended(province, 4)
    settled(province, submitted(province, 0), at=NOW + timedelta(days=2), by=by)
    row = submitted(province, 1)

    assert only(expected(province.clerks[1], row.id), COUNTY) == cases


def test_strangers_are_told_nothing(world: World) -> None:
    row = submitted(world)

    for stranger in (world.stranger, world.clerks[1]):
        with refused("not_found", NotFoundError):
            expected(stranger, row.id)


def test_more_of_them_ask_no_more_statements_and_read_no_more_than_the_newest(
    province: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = submitted(province)
    expected(province.clerks[0], row.id)
    with statements(monkeypatch) as few:
        expected(province.clerks[0], row.id)
    recommended(province, 230)

    with statements(monkeypatch) as many:
        found = expected(province.clerks[0], row.id)

    assert len(few) == len(many)
    assert only(found, COUNTY) == 200
