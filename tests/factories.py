"""A round with people who can sign in, made through the verbs: what the pages' tests walk in."""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from io import BytesIO
from typing import NamedTuple

from PIL import Image
from stdnum.cn import ric, uscc

from models import clock
from models.application import Application
from models.notice import Notice
from models.slate import Slate
from models.title import Title
from models.vocabulary import Role
from workflows.clocks.sweep import sweep
from workflows.deciding.decisions import decide
from workflows.desk.reviews import check
from workflows.hearing.notices import close, publish
from workflows.intake.applications import draft, submit
from workflows.intake.attachments import attach
from workflows.listing.sending import send_up
from workflows.listing.slates import open_slate, rank, seal
from workflows.named.assessments import report
from workflows.people import passwords
from workflows.people.accounts import open_with_hash
from workflows.people.organizations import enrol, seed
from workflows.programmes import publish_programme
from workflows.queries import applications, lists
from workflows.record.acting import SYSTEM, Actor, actor_of
from workflows.rounds import issue, plan_round

PROVINCE, CITY, COUNTY = "330000", "330100", "330106"
PASSWORD = "Gong-Hui-2026!"  # noqa: S105 -- of people who exist in tests only
OPENS = datetime(2025, 3, 3, 1, tzinfo=UTC)
FILED = OPENS + timedelta(days=1, hours=3)
NOTICED = OPENS + timedelta(days=30)
CLOSED = OPENS + timedelta(days=45)
NEXT_YEAR = datetime(2026, 1, 5, 1, tzinfo=UTC)
NAMES = ("焊接机器人", "智能纺织", "精密铸造", "数字电网")
LEADERS = ("张建国", "李秀英", "王志强", "陈晓明")


class World(NamedTuple):
    """The round, the clerks of its units, and a reviewer at each tier."""

    round_id: str
    clerks: tuple[Actor, ...]
    county: Actor
    city: Actor
    province: Actor
    administrator: Actor


def world(units: int = 4) -> World:
    """A round that was open, with places for county and city."""
    with clock.at(OPENS):
        seed()
        programme = publish_programme(SYSTEM, code="provincial-studio").id
        for n in range(units):
            enrol(SYSTEM, code=unit(n), name=f"杭州{NAMES[n]}有限公司", parent=COUNTY)
        clerks = tuple(person(f"clerk{n}", LEADERS[n], unit(n), Role.CLERK) for n in range(units))
        county = person("county", "周丽", COUNTY, Role.REVIEWER)
        city = person("city", "吴刚", CITY, Role.REVIEWER)
        province = person("province", "郑洁", PROVINCE, Role.REVIEWER)
        admin = person("admin", "孙伟", PROVINCE, Role.ADMINISTRATOR)
        made = plan_round(admin, programme=programme, organization_code=PROVINCE, year=2025,
                          opens_at=OPENS, closes_at=OPENS + timedelta(days=60))  # fmt: skip
        for code, places in ((COUNTY, 3), (CITY, 5)):
            issue(admin, round_id=made.id, organization_code=code, places=places)
        return World(made.id, clerks, county, city, province, admin)


def person(name: str, called: str, code: str, role: Role, language: str = "zh") -> Actor:
    """Somebody with one seat who can sign in."""
    email = f"{name}@example.cn"
    open_with_hash(SYSTEM, _hashed(), email=email, name=called, organization_code=code, role=role, language=language)
    return actor_of(email)


@cache
def _hashed() -> str:
    """The one password, hashed once: that is slow on purpose."""
    return passwords.hashed(PASSWORD)


def unit(n: int) -> str:
    """The unified credit code of the n-th enterprise."""
    base = f"91330106{n:09d}"
    return base + str(uscc.calc_check_digit(base))


def identity(n: int) -> str:
    """The identity number of the n-th leader."""
    base = f"33010619800101{n:03d}"
    return base + str(ric.calc_check_digit(base + "0"))


def certificate() -> bytes:
    """A small real PNG."""
    file = BytesIO()
    Image.new("RGB", (8, 8), "red").save(file, "PNG")
    return file.getvalue()


def answers(n: int, subject: str = "") -> dict[str, object]:
    """What the n-th unit fills in."""
    return {
        "studio_name": subject or f"{NAMES[n]}创新工作室", "leader_name": LEADERS[n],
        "leader_id": identity(n), "leader_honour": "city_model", "founded_on": "2018-05-01",
        "team_size": 8 + n, "topics": "关键工序的自动化改造",
        "results": "三年来获得专利五项，年增效益三百万元。",
    }  # fmt: skip


def submitted(there: World, n: int = 0, *, subject: str = "") -> Application:
    """The n-th unit's application, at the county's desk."""
    clerk = there.clerks[n]
    with clock.at(FILED + timedelta(minutes=n)):
        row = draft(clerk, round_id=there.round_id, organization_code=unit(n), answers=answers(n, subject))
        attach(clerk, row.id, slot="honour_proof", filename="荣誉证书.png", content=certificate(),
               seen=row.version)  # fmt: skip
        return submit(clerk, row.id, seen=row.version + 1)


def sent_up(there: World) -> Slate:
    """Two applications on the county's list, sent up to the city."""
    ids = [submitted(there, n).id for n in range(2)]
    with clock.at(FILED + timedelta(days=1)):
        slate = _sealed(there, there.county, COUNTY, ids)
        return send_up(there.county, slate.id, seen=slate.version)


def on_province_list(there: World) -> Slate:
    """Two applications that climbed to the province, on its sealed list."""
    ids = [submitted(there, n).id for n in range(2)]
    with clock.at(FILED + timedelta(days=1)):
        for desk, actor, above in (
            (COUNTY, there.county, there.city),
            (CITY, there.city, there.province),
        ):
            slate = _sealed(there, actor, desk, ids)
            slate = send_up(actor, slate.id, seen=slate.version)
            open_slate(above, slate.id, seen=slate.version)
        return _sealed(there, there.province, PROVINCE, ids)


def in_notice(there: World) -> Notice:
    """The province's list in public notice; its last day is over by `CLOSED`."""
    slate = on_province_list(there)
    with clock.at(NOTICED):
        return publish(there.province, slate.id, seen=slate.version)


def named(there: World) -> list[Title]:
    """Two titles by a numbered decision, with the assessments of their first year begun."""
    notice = in_notice(there)
    with clock.at(CLOSED):
        close(there.province, notice.id, seen=notice.version)
        slate = lists.slate(there.province, notice.slate_id).slate
        decide(there.province, slate.id, number="浙总工〔2025〕15号", meeting_on=date(2025, 4, 16),
               seen=slate.version)  # fmt: skip
    with clock.at(NEXT_YEAR):
        sweep()
        return lists.titles(there.province, organization_code=PROVINCE)


def reported(there: World) -> None:
    """Two titles whose units have handed in the first year's report."""
    named(there)
    with clock.at(NEXT_YEAR):
        for n, clerk in enumerate(there.clerks):
            [row] = lists.assessments(clerk, organization_code=unit(n))
            report(clerk, row.id, text="一年来开展技术攻关五项。", seen=row.version)


def _sealed(there: World, actor: Actor, desk: str, ids: list[str]) -> Slate:
    for one in ids:
        check(actor, one, seen=applications.application(actor, one).application.version)
    slate = rank(actor, round_id=there.round_id, organization_code=desk, main=ids)
    return seal(actor, slate.id, seen=slate.version, minutes="集体研究")
