"""A county desk with several people: for the tests of what happens among them."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from models.application import Application
from models.office import Deputy
from models.vocabulary import Role
from tests.worlds import COUNTY, NOW, World, application, person, submitted
from workflows.desk.deputies import depute
from workflows.record.acting import Actor, actor_of

WEEK = NOW + timedelta(days=7)


class Desk(NamedTuple):
    """The county's two further reviewers, its administrator, and a case at it."""

    second: Actor
    third: Actor
    chair: Actor
    case: Application


def desk(w: World) -> Desk:
    """Three reviewers and an administrator at the county, and one case."""
    second, third = (person(name, COUNTY, Role.REVIEWER) for name in ("second", "third"))
    return Desk(second, third, person("chair", COUNTY, Role.ADMINISTRATOR), submitted(w))


def now(row: Application) -> Application:
    """The case as it is now."""
    return application(row.id)


def deputed(absent: Actor, other: Actor, *, by: Actor | None = None, until: datetime = WEEK, **more: Any) -> Deputy:
    """A deputyship at the county."""
    return depute(by or absent, principal=absent.email, deputy=other.email, organization_code=COUNTY, ends_at=until,
                  reason="休假", **more)  # fmt: skip


def fresh(actor: Actor) -> Actor:
    """The person with what they hold and are lent now."""
    return actor_of(actor.email)
