"""What each page asks of the database, counted; `python -m tests.ui.costs` writes the table `page_costs.txt` anew."""

import os
import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import sqlalchemy as sa
from streamlit.testing.v1 import AppTest

from models import clock, database, schema
from models.database import engine
from models.programme import shipped
from models.settings import settings
from models.vocabulary import Role
from tests import factories, living
from tests.clones import multiply
from tests.counting import counted
from tests.factories import CITY, COUNTY, PASSWORD, PROVINCE, person, unit
from tests.living import Living
from ui.views import PAGES, Page
from workflows.desk.reviews import check
from workflows.listing.slates import rank
from workflows.people import sessions
from workflows.programmes import publish
from workflows.record.acting import SYSTEM, Actor
from workflows.rounds import issue, plan_round

ROOT = Path(__file__).parent.parent.parent
TABLE = Path(__file__).parent / "page_costs.txt"
# Copies of each case: the fewer are more than any page shows, or looks through for one that it may show.
FEW, MANY = 210, 420
OVER = 520  # copies more of a case that is over: what a page says of the past it reads from some hundred of them
Cost = tuple[int, int]  # statements, rows
Costs = dict[tuple[str, str], Cost]  # of whom, and of which page by its address


class There(NamedTuple):
    """Who looks, with which session, and the cases that pages of one thing are opened with."""

    people: dict[str, Actor]
    sids: dict[str, str]
    about: dict[str, dict[str, str]]
    origins: list[str]
    over: list[str]


def made() -> There:
    """A round of last year with two titles, and one that is open: a case at each tier, a draft, a list."""
    w = factories.world()
    factories.reported(w._replace(clerks=w.clerks[:2]))
    open_ = _open_round(w)
    waiting, ranked, begun = living.submitted(open_, 2), living.submitted(open_, 3), living.drafted(open_, 0)
    passed = check(w.county, ranked.id, seen=ranked.version)
    rank(w.county, round_id=open_.round_id, organization_code=COUNTY, main=[passed.id])
    titled = [row[0] for row in _rows("SELECT application_id FROM title ORDER BY application_id")]
    people = {
        "clerk": w.clerks[0], "worker": person("worker", "陈工", unit(0), Role.WORKER),
        "county": w.county, "city": w.city, "province": w.province,
        "expert": person("expert", "何评", PROVINCE, Role.EXPERT),
        "administrator": w.administrator, "overseer": person("overseer", "县管", COUNTY, Role.ADMINISTRATOR),
    }  # fmt: skip
    sids = {name: sessions.sid_of(sessions.sign_in(actor.email, PASSWORD, f"10.0.0.{n}"))
            for n, (name, actor) in enumerate(people.items())}  # fmt: skip
    about = {"review-case": {"id": waiting.id}, "compare": {"cases": f"{waiting.id},{passed.id}"},
             "apply": {"id": begun.id}, "my-application": {"id": titled[0]}}  # fmt: skip
    return There(people, sids, about, [waiting.id, passed.id, *titled[1:], *_higher(waiting.id)], titled[1:])


def _open_round(w: factories.World) -> Living:
    now = clock.now()
    with clock.at(now - timedelta(days=10)):
        made_ = plan_round(w.administrator, programme=_second_version(), organization_code=PROVINCE, year=now.year,
                           opens_at=clock.now(), closes_at=now + timedelta(days=30))  # fmt: skip
        for code, places in ((COUNTY, 3), (CITY, 5)):
            issue(w.administrator, round_id=made_.id, organization_code=code, places=places)
    return Living(made_.id, w.clerks, w.county, w.city, w.province, w.administrator)


def _second_version() -> str:
    """The shipped programme again, approved for good: the test runs in any year."""
    rules = shipped("provincial-studio")
    approval = rules.approval.model_copy(update={"valid_until": date(2099, 12, 31)})
    return publish(SYSTEM, rules.model_copy(update={"approval": approval, "version": 2})).id


def _higher(case: str) -> list[str]:
    """Two copies of a case, as they would lie at the tiers above."""
    multiply([case], 2)
    copies = [row[0] for row in _rows("SELECT id FROM application WHERE subject = (SELECT subject FROM application"
                                      " WHERE id = :id) AND id <> :id ORDER BY id", id=case)]  # fmt: skip
    higher = zip(copies, (CITY, PROVINCE), ("city_review", "provincial_review"), strict=True)
    with engine().begin() as connection:
        for step, (one, desk, state) in enumerate(higher, start=1):
            for text in (
                "UPDATE application SET desk = :desk, state = :state, step = :step WHERE id = :id",
                "UPDATE deadline SET desk = :desk WHERE thing_id = :id",
                "DELETE FROM letter WHERE thing_id = :id",  # a copy's copy has none
            ):
                connection.execute(sa.text(text), {"desk": desk, "state": state, "step": step, "id": one})
    return copies


def _rows(text: str, **values: Any) -> list[Any]:
    with engine().connect() as connection:
        return list(connection.execute(sa.text(text), values))


def cost(file: str, sid: str, about: dict[str, str]) -> Cost:
    """Statements and rows of a page that is opened."""
    shown = AppTest.from_file(str(ROOT / file), default_timeout=120)
    shown.user["sid"] = sid
    for name, value in about.items():
        shown.query_params[name] = value
    _just_come(sid)
    with counted() as spent:
        shown.run()
    broken = [error.message for error in shown.exception]
    assert not broken, (file, broken)
    return spent[0], spent[1]


def _just_come(sid: str) -> None:
    """What a page writes down every so many seconds must not depend on how slow the count is."""
    with engine().begin() as connection:
        connection.execute(sa.text("DELETE FROM presence"))
        connection.execute(
            sa.text("UPDATE session SET seen_at = :now WHERE id = :sid"), {"now": clock.now(), "sid": sid}
        )


def few(there: There) -> Costs:
    """What pages cost with a few hundred applications. Whoever opened a page before has left their marks."""
    multiply(there.over, OVER)
    multiply(there.origins, FEW)
    for name, actor in there.people.items():
        for page in (one for one in _pages(actor) if one.path in there.about):
            cost(page.file, there.sids[name], there.about[page.path])
    return costs(there)


def many(there: There) -> Costs:
    """What they cost with twice as many."""
    multiply(there.origins, MANY - FEW)
    return costs(there)


def costs(there: There) -> Costs:
    """What every page costs everybody who has it; the frame around the pages, with the first page, is `app`."""
    found = {}
    for name, actor in there.people.items():
        found[name, "app"] = cost("ui/app.py", there.sids[name], {})
        for page in _pages(actor):
            found[name, page.path] = cost(page.file, there.sids[name], there.about.get(page.path, {}))
    return found


def _pages(actor: Actor) -> list[Page]:
    return [page for page in PAGES if page.path and page.shown(actor)]


def written() -> Costs:
    """The table as it stands."""
    lines = [line.split() for line in TABLE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return {(name, path): (int(statements), int(rows)) for name, path, statements, rows in lines}


def write(found: Costs) -> None:
    """Write the table anew."""
    head = "# who, page, statements, rows: written by `python -m tests.ui.costs`, kept true by test_page_costs.py\n"
    lines = [f"{name} {path} {statements} {rows}\n" for (name, path), (statements, rows) in found.items()]
    TABLE.write_text(head + "".join(lines), encoding="utf-8")


def main() -> None:
    """Count on a database of its own, and write."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"SHENBAO_DATA_DIR": folder, "SHENBAO_DATABASE_URL": f"sqlite:///{folder}/costs.db"}
        settings.cache_clear()
        database.connect()
        schema.upgrade()
        there = made()
        write(few(there))
        database.disconnect()


if __name__ == "__main__":
    main()
