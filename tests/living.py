"""A round that is open today, for the pages that a real clock looks at."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any, NamedTuple

from pypdf import PdfWriter

from models import clock
from models.application import Application
from models.notice import Notice
from models.programme import shipped
from models.vocabulary import Line, Role
from tests.factories import (
    CITY,
    COUNTY,
    LEADERS,
    NAMES,
    PROVINCE,
    certificate,
    identity,
    person,
    unit,
)
from workflows.desk.reviews import check, send_back
from workflows.hearing.notices import publish as publish_notice
from workflows.intake.applications import draft, submit
from workflows.intake.attachments import attach
from workflows.listing.sending import send_up
from workflows.listing.slates import open_slate, rank, seal
from workflows.people.organizations import enrol, seed
from workflows.programmes import publish
from workflows.queries import applications, lists
from workflows.record.acting import SYSTEM, Actor
from workflows.rounds import issue, plan_round


class Living(NamedTuple):
    """The round, the clerks of its two units, its reviewers and its administrator."""

    round_id: str
    clerks: tuple[Actor, ...]
    county: Actor
    city: Actor
    province: Actor
    administrator: Actor


def living(*, days: int = 10) -> Living:
    """A round of a programme whose approval never ends, open since ten days (or `days`) for thirty more."""
    now = clock.now()
    with clock.at(now - timedelta(days=days)):
        seed()
        clerks = []
        for n in range(2):
            enrol(SYSTEM, code=unit(n), name=f"杭州{NAMES[n]}有限公司", parent=COUNTY)
            clerks.append(person(f"clerk{n}", LEADERS[n], unit(n), Role.CLERK))
        county = person("county", "周丽", COUNTY, Role.REVIEWER)
        city = person("city", "吴刚", CITY, Role.REVIEWER)
        province = person("province", "郑洁", PROVINCE, Role.REVIEWER)
        admin = person("admin", "孙伟", PROVINCE, Role.ADMINISTRATOR)
        made = plan_round(
            admin,
            programme=lasting(),
            organization_code=PROVINCE,
            year=now.year,
            opens_at=clock.now(),
            closes_at=now + timedelta(days=30),
        )
        for code, places in ((COUNTY, 3), (CITY, 5)):
            issue(admin, round_id=made.id, organization_code=code, places=places)
        return Living(made.id, tuple(clerks), county, city, province, admin)


def lasting() -> str:
    """The shipped programme, approved for good: tests run in any year."""
    rules = shipped("provincial-studio")
    approval = rules.approval.model_copy(update={"valid_until": date(2099, 12, 31)})
    return publish(SYSTEM, rules.model_copy(update={"approval": approval})).id


def answers(n: int = 0) -> dict[str, Any]:
    """A form that lacks nothing but its files."""
    return {
        "studio_name": f"{NAMES[n]}创新工作室",
        "leader_name": LEADERS[n],
        "leader_id": identity(n),
        "leader_honour": "city_model",
        "founded_on": "2018-05-01",
        "team_size": 8,
        "topics": "关键工序的自动化改造",
        "results": "三年来获得专利五项，年增效益三百万元。",
    }


def drafted(there: Living, n: int = 0, **given: Any) -> Application:
    """A draft of the n-th unit; `given` in the place of a full form."""
    return draft(
        there.clerks[n],
        round_id=there.round_id,
        organization_code=unit(n),
        line=Line.REGION,
        answers=given or answers(n),
    )


def submitted(there: Living, n: int = 0, *, days_ago: int = 3, **given: Any) -> Application:
    """The n-th unit's application at the county's desk, since some days; `given` over the usual answers."""
    with clock.at(clock.now() - timedelta(days=days_ago)):
        row = drafted(there, n, **answers(n) | given)
        attach(
            there.clerks[n],
            row.id,
            slot="honour_proof",
            filename="荣誉证书.png",
            content=certificate(),
            seen=row.version,
        )
        return submit(there.clerks[n], row.id, seen=row.version + 1)


def returned(there: Living, n: int = 0) -> Application:
    """An application that the county returned a moment ago, for its topics."""
    row = submitted(there, n)
    return send_back(
        there.county,
        row.id,
        faults=[{"field": "topics", "words": "请写明每项课题的起止时间"}],
        seen=row.version,
    )


def in_notice(there: Living) -> Notice:
    """One application that climbed to the province and stands in its public notice since today."""
    row = submitted(there)
    with clock.at(clock.now() - timedelta(hours=2)):
        for desk, actor, above in (
            (COUNTY, there.county, there.city),
            (CITY, there.city, there.province),
            (PROVINCE, there.province, None),
        ):
            now = applications.application(actor, row.id).application
            check(actor, row.id, seen=now.version)
            slate = rank(actor, round_id=there.round_id, organization_code=desk, main=[row.id])
            slate = seal(actor, slate.id, seen=slate.version, minutes="集体研究")
            if above is not None:
                sent = send_up(actor, slate.id, seen=slate.version)
                open_slate(above, sent.id, seen=sent.version)
    (last,), _ = lists.slates(there.province, desk=PROVINCE)
    return publish_notice(there.province, last.id, seen=last.version)


def pdf() -> bytes:
    """A small real PDF of one page."""
    writer, file = PdfWriter(), BytesIO()
    writer.add_blank_page(200, 200)
    writer.write(file)
    return file.getvalue()
