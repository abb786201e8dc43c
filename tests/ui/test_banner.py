"""For whom a deputy acts stands on every page, and whoever wants to may act as themselves alone."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from models import clock
from models.errors import ForbiddenError
from models.vocabulary import Role
from tests import living
from tests.factories import COUNTY, PASSWORD, person
from tests.living import Living
from tests.ui.pages import press, ran, texts
from workflows.desk.deputies import depute, relieve
from workflows.desk.reviews import check
from workflows.people import sessions
from workflows.queries import colleagues
from workflows.record.acting import Actor, actor_of

WEEK = timedelta(days=7)
APP = Path(__file__).parent.parent.parent / "ui" / "app.py"


@pytest.fixture
def there(database: str) -> Living:
    """Answer a round that is open today."""
    return living.living()


@pytest.fixture
def vice(there: Living) -> Actor:
    """Somebody who runs the county's office, and reviews only for a colleague who is away."""
    made = person("vice", "何敏", COUNTY, Role.ADMINISTRATOR)
    depute(
        there.county,
        deputy=made.email,
        organization_code=COUNTY,
        ends_at=clock.now() + timedelta(days=7),
        reason="休假",
    )
    return actor_of(made.email)


def app(who: Actor) -> AppTest:
    """The whole page with its menu, as this person has it."""
    shown = AppTest.from_file(str(APP), default_timeout=60)
    shown.user["sid"] = sessions.sid_of(sessions.sign_in(who.email, PASSWORD, "127.0.0.1"))
    return ran(shown)


def banners(shown: Any) -> list[str]:
    """What the page says of whose seat is used."""
    return [said for said in texts(shown, "warning", "info") if "办理" in said and ("您正" in said)]


def test_the_page_names_whose_seat_it_is_where_and_until_when(there: Living, vice: Actor) -> None:
    [one] = colleagues.standing_in(vice)
    [said] = banners(app(vice))

    assert (one.principal, one.organization_name, one.role) == ("周丽", "西湖区总工会", Role.REVIEWER)
    assert said.startswith("**您正代 周丽 办理（西湖区总工会 · 审核员")
    assert f"{one.ends_at.astimezone():%Y}" in said
    assert banners(app(there.county)) == []


def test_who_acts_alone_has_nothing_lent_until_they_want_it_again(there: Living, vice: Actor) -> None:
    shown = press(app(vice), "只以本人身份办理")
    assert [said[:5] for said in banners(shown)] == ["您正只以本"]
    assert len(banners(press(shown, "恢复代理身份"))) == 1


def test_no_verb_gives_back_what_somebody_works_without(there: Living, vice: Actor) -> None:
    row = living.submitted(there)
    alone = vice._replace(lent=(), is_alone=True)

    with pytest.raises(ForbiddenError):
        check(alone, row.id, seen=row.version)
    assert colleagues.standing_in(alone) == []
    assert check(vice, row.id, seen=row.version).checked


def test_a_term_that_was_ended_is_named_no_more(there: Living, vice: Actor) -> None:
    [held] = colleagues.deputies_of(there.county, desk=COUNTY)

    relieve(there.county, held.id)

    assert banners(app(actor_of(vice.email))) == []
    assert colleagues.standing_in(vice) == []
