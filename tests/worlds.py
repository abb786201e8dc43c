"""A small province made through the verbs, and what its tables say: for the tests of the heart."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta, timezone
from io import BytesIO
from typing import Any, NamedTuple

import pytest
import sqlalchemy as sa
from PIL import Image
from stdnum.cn import ric, uscc

from models import clock
from models.application import Application
from models.base import metadata
from models.database import engine, reading
from models.errors import ShenbaoError
from models.notice import Notice, Objection
from models.round import Round
from models.slate import Slate
from models.title import Assessment, Title
from models.vocabulary import Ground, Role, Tier
from workflows.clocks.sweep import sweep
from workflows.deciding.decisions import decide
from workflows.desk.reviews import check
from workflows.hearing.notices import close, publish
from workflows.hearing.objections import object_to
from workflows.intake.applications import draft, submit
from workflows.intake.attachments import attach
from workflows.listing.sending import send_up
from workflows.listing.slates import open_slate, rank, seal
from workflows.people.accounts import open_account, seat
from workflows.people.organizations import enrol, seed
from workflows.programmes import publish_programme
from workflows.record.acting import SYSTEM, Actor, actor_of
from workflows.record.claiming import look
from workflows.rounds import issue, plan_round

PROVINCE, CITY, COUNTY, INDUSTRY = "330000", "330100", "330106", "ZJIND1"
BEIJING = timezone(timedelta(hours=8))
# A Tuesday; notices of five working days from here end on Monday, 9 March.
NOW = datetime(2026, 3, 3, 9, tzinfo=BEIJING)
CLOSES = NOW + timedelta(days=20)
ENDS = NOW + timedelta(days=90)
NOTICE_OVER = datetime(2026, 3, 10, 9, tzinfo=BEIJING)
NUMBER = "浙总工〔2026〕15号"
UNITS = 6
PLACES = {COUNTY: 3, CITY: 10}


class World(NamedTuple):
    """The round, the clerks of its units, and who sits at each tier."""

    round_id: str
    clerks: tuple[Actor, ...]
    county: Actor
    city: Actor
    province: Actor
    industry: Actor
    admin: Actor
    stranger: Actor

    def desk(self, code: str) -> Actor:
        """The reviewer of a tier."""
        return {COUNTY: self.county, CITY: self.city, PROVINCE: self.province}[code]


def build() -> World:
    """A round that is open since yesterday, with three places for the county and ten for the city."""
    with clock.at(NOW - timedelta(days=1)):
        seed()
        publish_programme(SYSTEM, code="provincial-studio")
        enrol(SYSTEM, code=INDUSTRY, name="浙江省机械工会", parent=PROVINCE, tier=Tier.INDUSTRY)
        clerks = tuple(_unit(n) for n in range(UNITS))
        county, city, province, industry = (
            person(name, code, Role.REVIEWER)
            for name, code in (("county", COUNTY), ("city", CITY), ("province", PROVINCE), ("industry", INDUSTRY))
        )
        admin = person("admin", PROVINCE, Role.ADMINISTRATOR)
        stranger = person("stranger", "330200", Role.REVIEWER)
        made = plan_round(admin, programme="provincial-studio@1", organization_code=PROVINCE, year=2026,
                          opens_at=NOW - timedelta(days=1), closes_at=CLOSES, ends_at=ENDS)  # fmt: skip
        for code, places in PLACES.items():
            issue(admin, round_id=made.id, organization_code=code, places=places)
        return World(made.id, clerks, county, city, province, industry, admin, stranger)


def _unit(n: int) -> Actor:
    # The last one belongs to an industry union as well.
    industry = INDUSTRY if n == UNITS - 1 else None
    enrol(SYSTEM, code=unit(n), name=f"企业{n}", parent=COUNTY, industry=industry)
    return person(f"clerk{n}", unit(n), Role.CLERK)


def person(name: str, code: str, role: Role) -> Actor:
    """Somebody with one seat."""
    email = f"{name}@example.cn"
    open_account(SYSTEM, email=email, name=name, organization_code=code, role=role)
    return actor_of(email)


def also(actor: Actor, code: str, role: Role) -> Actor:
    """Somebody with one seat more."""
    seat(SYSTEM, email=actor.email, organization_code=code, role=role)
    return actor_of(actor.email)


def unit(n: int) -> str:
    """The credit code of the n-th enterprise."""
    base = f"91330106{n:09d}"
    return base + str(uscc.calc_check_digit(base))


def identity(n: int) -> str:
    """The identity number of the n-th leader."""
    base = f"33010619800101{n:03d}"
    return base + str(ric.calc_check_digit(base + "0"))


def photo() -> bytes:
    """A small real PNG."""
    file = BytesIO()
    Image.new("RGB", (8, 8), "red").save(file, "PNG")
    return file.getvalue()


def answers(n: int = 0, **other: Any) -> dict[str, Any]:
    """The n-th unit's form, complete but for its file."""
    return {"studio_name": f"工作室{n}", "leader_name": f"领衔人{n}", "leader_id": identity(n),
            "leader_honour": "craftsman", "founded_on": "2020-01-01", "team_size": 5, "topics": "课题",
            "results": "成果", **other}  # fmt: skip


def drafted(w: World, n: int = 0, *, proof: bool = True, **other: Any) -> Application:
    """A draft with its form filled in and its proof attached."""
    row = draft(w.clerks[n], round_id=w.round_id, organization_code=unit(n), answers=answers(n, **other))
    if proof:
        attach(w.clerks[n], row.id, slot="honour_proof", filename="证书.png", content=photo(), seen=row.version)
    return application(row.id)


def submitted(w: World, n: int = 0, **other: Any) -> Application:
    """An application at the county's desk."""
    row = drafted(w, n, **other)
    return submit(w.clerks[n], row.id, seen=row.version)


def checked(w: World, code: str, *ids: str) -> list[str]:
    """Pass a tier's check for each application; answers their ids."""
    for one in ids:
        check(w.desk(code), one, seen=application(one).version)
    return list(ids)


def sealed(w: World, code: str, main: list[Any], reserve: list[Any] | None = None, **more: Any) -> Slate:
    """A tier's list of checked applications, sealed."""
    row = rank(w.desk(code), round_id=w.round_id, organization_code=code, main=main, reserve=reserve)
    return seal(w.desk(code), row.id, seen=row.version, minutes="会议纪要", **more)


def sent(w: World, code: str, main: list[Any], reserve: list[Any] | None = None) -> Slate:
    """A tier's list of checked applications, sealed and sent up."""
    row = sealed(w, code, main, reserve)
    return send_up(w.desk(code), row.id, seen=row.version)


def at_county(w: World, n: int) -> list[str]:
    """The ids of `n` applications the county has checked."""
    return checked(w, COUNTY, *(submitted(w, i).id for i in range(n)))


def at_city(w: World, n: int) -> tuple[list[str], Slate]:
    """The ids of `n` applications the county has sent and the city taken in hand and checked."""
    ids = at_county(w, n)
    row = sent(w, COUNTY, ids)
    row = open_slate(w.city, row.id, seen=row.version)
    return checked(w, CITY, *ids), row


def at_province(w: World, n: int) -> tuple[list[str], Slate]:
    """The ids of `n` applications the province has checked, with the city's list."""
    ids, _ = at_city(w, n)
    row = sent(w, CITY, ids)
    row = open_slate(w.province, row.id, seen=row.version)
    return checked(w, PROVINCE, *ids), row


def in_notice(w: World, n: int, reserve: int = 0) -> tuple[list[str], Notice]:
    """`n` applications in the province's public notice, and `reserve` names behind them."""
    ids, _ = at_province(w, n + reserve)
    row = sealed(w, PROVINCE, ids[:n], ids[n:])
    return ids, publish(w.province, row.id, seen=row.version)


def closed(w: World, n: int) -> tuple[list[str], Notice]:
    """`n` applications whose notice is over; the clock stands at `NOTICE_OVER` meanwhile."""
    ids, notice = in_notice(w, n)
    with clock.at(NOTICE_OVER):
        return ids, close(w.province, notice.id, seen=notice.version)


def named(w: World, n: int = 1) -> list[Title]:
    """`n` titles."""
    ids, notice = closed(w, n)
    with clock.at(NOTICE_OVER):
        row = slate(notice.slate_id)
        decide(w.province, row.id, number=NUMBER, meeting_on=date(2026, 3, 10), seen=row.version)
    return [title(application_id=one) for one in ids]


NEW_YEAR = datetime(2027, 1, 4, 9, tzinfo=BEIJING)


def to_assess(w: World, n: int = 1) -> list[Assessment]:
    """The assessments of `n` titles as the new year's sweep begins them."""
    named_ = named(w, n)
    with clock.at(NEW_YEAR):
        sweep()
    return [assessment(title_id=t.id) for t in named_]


def objected(w: World, notice: Notice, application_id: str, **other: Any) -> Objection:
    """An objection that is heard."""
    given: dict[str, Any] = {"ground": Ground.DEEDS, "words": "材料不实", "objector": "李四", "signed": True}
    return object_to(None, notice.id, application_id=application_id, **{**given, **other})


def application(application_id: str) -> Application:
    """An application as it is now."""
    with reading() as store:
        return look(store, Application, application_id)


def slate(slate_id: str) -> Slate:
    """A slate as it is now."""
    with reading() as store:
        return look(store, Slate, slate_id)


def notice_of(notice_id: str) -> Notice:
    """A notice as it is now."""
    with reading() as store:
        return look(store, Notice, notice_id)


def objection(objection_id: str) -> Objection:
    """An objection as it is now."""
    with reading() as store:
        return look(store, Objection, objection_id)


def round_of(w: World) -> Round:
    """The round as it is now."""
    with reading() as store:
        return look(store, Round, w.round_id)


def title(title_id: str | None = None, *, application_id: str = "") -> Title:
    """A title as it is now, by its own id or its application's."""
    found = title_id or rows("SELECT id FROM title WHERE application_id = :a", a=application_id)[0][0]
    with reading() as store:
        return look(store, Title, found)


def assessment(assessment_id: str | None = None, *, title_id: str = "") -> Assessment:
    """An assessment as it is now, by its own id or as its title's newest."""
    newest = "SELECT id FROM assessment WHERE title_id = :t ORDER BY year DESC"
    found = assessment_id or rows(newest, t=title_id)[0][0]
    with reading() as store:
        return look(store, Assessment, found)


def rows(statement: str, **values: Any) -> list[tuple[Any, ...]]:
    """What a statement answers, as the database has it."""
    with engine().connect() as connection:
        return [tuple(row) for row in connection.execute(sa.text(statement), values)]


def events(thing_id: str, since: int = 0) -> list[tuple[str, str | None, str, str]]:
    """A thing's history after a version: act, source, target, who."""
    return rows(
        "SELECT e.act, e.source, e.target, coalesce(a.name, e.account_id) FROM journal_event e"
        " LEFT JOIN account a ON a.id = e.account_id WHERE e.thing_id = :id AND e.version > :since"
        " ORDER BY e.version",
        id=thing_id, since=since,
    )  # fmt: skip


def quota(w: World, code: str) -> tuple[int, int, int]:
    """Places, reserved and used of a union."""
    return rows("SELECT places, reserved, used FROM quota WHERE round_id = :r AND organization = :o",
                r=w.round_id, o=code)[0]  # fmt: skip


def places_on(slate_id: str) -> list[tuple[str, int, bool]]:
    """A list's places in order: application, rank, whether reserve."""
    found = rows("SELECT application_id, rank, reserve FROM slate_entry WHERE slate_id = :s ORDER BY rank", s=slate_id)
    return [(a, r, bool(b)) for a, r, b in found]


def letters(thing_id: str) -> list[tuple[str, str]]:
    """The letters about a thing: template and addressee, in the order of the alphabet."""
    return sorted(rows(
        "SELECT l.template, a.name FROM letter l JOIN account a ON a.id = l.account_id WHERE l.thing_id = :id",
        id=thing_id,
    ))  # fmt: skip


def due(thing_id: str) -> list[str]:
    """The kinds of a thing's open deadlines."""
    found = "SELECT kind FROM deadline WHERE thing_id = :id AND closed_at IS NULL ORDER BY kind"
    return [row[0] for row in rows(found, id=thing_id)]


def everything() -> dict[str, list[str]]:
    """Every row of every table, but for the tree of unions, which no refusal could reach."""
    names = [t.name for t in metadata.sorted_tables if t.name != "organization"]
    with engine().connect() as connection:
        return {n: sorted(map(str, connection.execute(sa.text(f"SELECT * FROM {n}")))) for n in names}  # noqa: S608 -- our own tables


@contextmanager
def refused(code: str, kind: type[ShenbaoError] = ShenbaoError, **details: Any) -> Iterator[ShenbaoError]:
    """Expect exactly this refusal with (at least) these details, and not one row changed by it.

    Yields an error that holds the refusal's details afterwards.
    """
    before, told = everything(), ShenbaoError(code)
    with pytest.raises(kind) as caught:
        yield told
    told.details |= caught.value.details
    found = {name: caught.value.details.get(name) for name in details}
    assert (type(caught.value), caught.value.code, found) == (kind, code, details)
    assert everything() == before
