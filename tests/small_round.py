"""A small real round, made through the verbs: what the tests of record and doctor stand on."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any, NamedTuple

from PIL import Image

from models import clock
from models.application import Application
from models.base import table
from models.database import reading
from models.slate import Slate
from models.sql import bind, rows_of
from models.vocabulary import Ground, Role
from workflows.deciding.decisions import decide
from workflows.desk.reviews import check
from workflows.hearing.notices import close, publish
from workflows.hearing.objections import object_to, report_back, settle
from workflows.intake.applications import draft, submit
from workflows.intake.attachments import attach
from workflows.listing.sending import send_up
from workflows.listing.slates import open_slate, rank, seal
from workflows.people.accounts import open_account
from workflows.people.organizations import enrol, seed
from workflows.programmes import publish_programme
from workflows.record.acting import SYSTEM, Actor, actor_of
from workflows.rounds import issue, plan_round

PROVINCE, CITY, COUNTY = "330000", "330100", "330106"
UNITS = ("91330106MA27XB123J", "91330106MA28000017")
LEADERS = ("110101198001011232", "110101198003071298")
OPENS = datetime(2025, 3, 3, 1, tzinfo=UTC)
NOON = datetime(2025, 3, 4, 4, tzinfo=UTC)
_P, _S = table(Application).c, table(Slate).c
_APPLICATION = rows_of(Application, _P.id == bind("id", _P.id))
_SLATE = rows_of(Slate, _S.id == bind("id", _S.id))


class SmallRound(NamedTuple):
    """The round, and the people of its two units and three tiers."""

    round_id: str
    clerks: tuple[Actor, ...]
    county: Actor
    city: Actor
    province: Actor


def small_round() -> SmallRound:
    """A round that is open, with places for county and city."""
    with clock.at(OPENS):
        seed()
        programme = publish_programme(SYSTEM, code="provincial-studio").id
        for unit, name in zip(UNITS, ("杭州第一机械厂", "杭州第二机械厂"), strict=True):
            enrol(SYSTEM, code=unit, name=name, parent=COUNTY)
        clerks = tuple(person(f"clerk{i}", u, Role.CLERK) for i, u in enumerate(UNITS))
        seats = [person(f"union{code}", code, Role.REVIEWER) for code in (COUNTY, CITY, PROVINCE)]
        admin = person("admin", PROVINCE, Role.ADMINISTRATOR)
        made = plan_round(admin, programme=programme, organization_code=PROVINCE, year=2025,
                          opens_at=OPENS, closes_at=OPENS + timedelta(days=60))  # fmt: skip
        for code, places in ((COUNTY, 2), (CITY, 5)):
            issue(admin, round_id=made.id, organization_code=code, places=places)
        return SmallRound(made.id, clerks, *seats)


def person(name: str, code: str, role: Role) -> Actor:
    """Somebody with one seat."""
    email = f"{name}@example.cn"
    open_account(SYSTEM, email=email, name=name, organization_code=code, role=role)
    return actor_of(email)


def answers(number: int = 0) -> dict[str, Any]:
    """A form that lacks nothing but its files."""
    return {
        "studio_name": f"张师傅第{number}创新工作室",
        "leader_name": "张三",
        "leader_id": LEADERS[number],
        "leader_honour": "city_model",
        "founded_on": "2015-05-01",
        "team_size": 8,
        "topics": "焊接机器人",
        "results": "年增效益三百万元",
    }


def photo(colour: str = "red") -> bytes:
    """A small real PNG."""
    file = BytesIO()
    Image.new("RGB", (8, 8), colour).save(file, "PNG")
    return file.getvalue()


def drafted(world: SmallRound, number: int = 0) -> Application:
    """A draft with its form filled in."""
    with clock.at(NOON):
        return draft(world.clerks[number], round_id=world.round_id, organization_code=UNITS[number],
                     answers=answers(number))  # fmt: skip


def submitted(world: SmallRound, number: int = 0) -> Application:
    """An application at the county's desk."""
    row, clerk = drafted(world, number), world.clerks[number]
    with clock.at(NOON):
        attach(
            clerk,
            row.id,
            slot="honour_proof",
            filename="证书.png",
            content=photo(),
            seen=row.version,
        )
        return submit(clerk, row.id, seen=row.version + 1)


def sent_up(world: SmallRound) -> tuple[Application, Slate]:
    """An application recommended by the county, with the slate it went up on."""
    row = submitted(world)
    with clock.at(NOON):
        row = check(world.county, row.id, seen=row.version)
        slate = ranked(world.county, world, COUNTY, row)
        slate = send_up(world.county, slate.id, seen=slate.version)
    return application(row.id), slate


def at_province(world: SmallRound) -> tuple[Application, Slate]:
    """An application on the province's sealed list."""
    row, slate = sent_up(world)
    with clock.at(NOON):
        open_slate(world.city, slate.id, seen=slate.version)
        row = check(world.city, row.id, seen=row.version)
        slate = ranked(world.city, world, CITY, row)
        slate = send_up(world.city, slate.id, seen=slate.version)
        open_slate(world.province, slate.id, seen=slate.version)
        row = check(world.province, row.id, seen=application(row.id).version)
        return row, ranked(world.province, world, PROVINCE, row)


def ranked(actor: Actor, world: SmallRound, code: str, row: Application) -> Slate:
    """A sealed list of one name."""
    slate = rank(actor, round_id=world.round_id, organization_code=code, main=[row.id])
    return seal(actor, slate.id, seen=slate.version, minutes="会议")


def named(world: SmallRound) -> Application:
    """A title's application, after five working days of notice and one dismissed objection."""
    row, slate = at_province(world)
    with clock.at(NOON):
        notice = publish(world.province, slate.id, seen=slate.version)
        case = object_to(None, notice.id, application_id=row.id, ground=Ground.DEEDS, words="不实",
                         objector="李四", contact="13800000000", signed=True)  # fmt: skip
        case = report_back(world.city, case.id, finding="查无实据", seen=case.version)
        settle(world.province, case.id, outcome="dismissed", reason="不成立", seen=case.version)
    with clock.at(notice.ends_at + timedelta(hours=10)):
        close(world.province, notice.id, seen=notice.version)
        slate = lookup(slate.id)
        decide(world.province, slate.id, number="浙总工〔2025〕15号", seen=slate.version,
               meeting_on=notice.last_day + timedelta(days=1))  # fmt: skip
    return application(row.id)


def lookup(slate_id: str) -> Slate:
    """A slate as it is now."""
    with reading() as store:
        row = store.first(_SLATE, id=slate_id)
    assert row is not None
    return row


def application(application_id: str) -> Application:
    """An application as it is now."""
    with reading() as store:
        row = store.first(_APPLICATION, id=application_id)
    assert row is not None
    return row
