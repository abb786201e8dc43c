"""One province with something secret in every corner, somebody of every kind who looks at it, and what pages tell them.

Built once for a module of tests: none of these changes a row of it but for the sessions of those who look.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import Context
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.testing.v1 import AppTest, local_script_runner
from streamlit.testing.v1.element_tree import ElementTree, parse_tree_from_messages

from models import clock
from models.application import Application
from models.database import connect, disconnect
from models.settings import settings
from models.vocabulary import Ground, Role, Tier
from tests import living
from tests.factories import COUNTY, PROVINCE, certificate, identity, person, unit
from tests.rules_of import programme
from tests.ui.pages import session_of
from tests.worlds import rows
from workflows import doctor
from workflows.desk.reviews import check
from workflows.hearing.objections import object_to
from workflows.intake.applications import draft, submit
from workflows.intake.attachments import attach
from workflows.judging.scoring import recuse, score
from workflows.listing.slates import rank
from workflows.people.accounts import disable_account, vacate
from workflows.people.organizations import enrol
from workflows.programmes import publish
from workflows.queries import lists
from workflows.record.acting import SYSTEM, Actor, actor_of
from workflows.rounds import plan_round

_NO_OTHER_PAGE = "st.navigation"
ROOT = Path(__file__).parent.parent.parent
INDUSTRY, NEXT_CITY, NEXT_PROVINCE = "ZJIND1", "330200", "320000"
JUDGING: dict[str, Any] = {
    "ladder": [{"desk": "province", "days": 10}], "tie": {"criteria": []}, "panel": {"size": 3},
    "reserve": {"percent": 100}, "scoring": {"step": "province", "criteria": [
        {"name": "work", "label": {"zh": "成果", "en": "work"}, "weight": 100, "decimals": 2},
    ]},
}  # fmt: skip
OBJECTOR, CONTACT = "匿名举报人钱七", "13911112222"
DRAFTED, TOPICS, OPINION = "尚未提交的秘密草稿", "只给经办人看的课题", "内部掌握的审核意见"
SHEET_WORDS, RECUSAL = "评委私下的评语", "评委与申报人是亲属"
EXPERTS = ("暗专家甲", "暗专家乙", "暗专家丙", "暗专家丁")
TOTALS = ((91.37, 82.53, 73.71), (64.19, 58.83))


class Faces(NamedTuple):
    """The province: things by name, people by what they are."""

    things: dict[str, str]
    people: dict[str, Actor]


def build() -> Faces:
    """Cases at every point of their way, a notice with an objection, a panel half done, and everybody who may look."""
    there = living.living()
    with clock.at(clock.now() - timedelta(days=9)):
        people = _people()
        clerks = [*there.clerks, *(_clerk(n) for n in (2, 3, 4))]
    notice = living.in_notice(there)
    (named,) = lists.slate(there.province, notice.slate_id).places
    things = {"round": there.round_id, "notice": notice.id, "slate": notice.slate_id, "noticed": named.application_id}
    things["objection"] = _objected(things)
    things["draft"] = draft(clerks[2], round_id=there.round_id, organization_code=unit(2),
                            answers={"studio_name": DRAFTED, "leader_id": identity(2)}).id  # fmt: skip
    things["case"] = _at_county(there)
    things |= _judged(there, clerks, [people[f"expert{n}"] for n in range(len(EXPERTS))])
    people |= {f"clerk{n}": one for n, one in enumerate(clerks)}
    people |= {name: getattr(there, name) for name in ("county", "city", "province", "administrator")}
    return Faces(things, people | {"unseated": actor_of(people["unseated"].email)})


def _clerk(n: int) -> Actor:
    enrol(SYSTEM, code=unit(n), name=f"杭州第{n}机械厂", parent=COUNTY)
    return person(f"clerk{n}", f"申报员{n}", unit(n), Role.CLERK)


def _people() -> dict[str, Actor]:
    """Those that `living` lacks; two of them have lost what they had."""
    enrol(SYSTEM, code=INDUSTRY, name="浙江省机械工会", parent=PROVINCE, tier=Tier.INDUSTRY)
    found = {
        name: person(name, called, code, role)
        for name, called, code, role in (
            ("worker", "职工", unit(0), Role.WORKER), ("industry", "产业审核员", INDUSTRY, Role.REVIEWER),
            ("county_administrator", "区管理员", COUNTY, Role.ADMINISTRATOR),
            ("next_city", "邻市审核员", NEXT_CITY, Role.REVIEWER),
            ("next_province", "外省审核员", NEXT_PROVINCE, Role.REVIEWER),
            ("foreign_administrator", "外省管理员", NEXT_PROVINCE, Role.ADMINISTRATOR),
            ("disabled", "停用的人", COUNTY, Role.REVIEWER), ("unseated", "离任的人", COUNTY, Role.REVIEWER),
        )
    }  # fmt: skip
    found |= {f"expert{n}": person(f"expert{n}", called, PROVINCE, Role.EXPERT) for n, called in enumerate(EXPERTS)}
    disable_account(SYSTEM, email=found["disabled"].email, organization_code=COUNTY)
    ((seat_id,),) = rows("SELECT id FROM seat WHERE account_id = :a", a=found["unseated"].id)
    vacate(SYSTEM, seat_id=seat_id)
    return found


def _objected(things: dict[str, str]) -> str:
    """A signed objection to the name in notice."""
    made = object_to(
        None, things["notice"], application_id=things["noticed"], ground=Ground.DEEDS, words="专利归属不实",
        objector=OBJECTOR, contact=CONTACT, signed=True,
    )  # fmt: skip
    return made.id


def _at_county(there: living.Living) -> str:
    """A case that the county has checked, with words of its own about it, and put on its list."""
    row = _submitted(there.clerks[1], 1, there.round_id, topics=TOPICS)
    check(there.county, row.id, opinion=OPINION, seen=row.version)
    return row.id


def _submitted(clerk: Actor, n: int, round_id: str, **other: Any) -> Application:
    with clock.at(clock.now() - timedelta(days=3)):
        own = {"studio_name": f"第{n}创新工作室", "leader_name": f"领衔人{n}", "leader_id": identity(n)}
        row = draft(clerk, round_id=round_id, organization_code=unit(n), answers=living.answers() | own | other)
        attach(clerk, row.id, slot="honour_proof", filename="荣誉证书.png", content=certificate(), seen=row.version)
        return submit(clerk, row.id, seen=row.version + 1)


def _judged(there: living.Living, clerks: list[Actor], experts: list[Actor]) -> dict[str, str]:
    """Two cases before a panel: of one all sheets are in, of the other all but one; their list is begun."""
    published = publish(SYSTEM, programme(version=1002, approval={"valid_until": "2099-12-31"}, **JUDGING))
    with clock.at(clock.now() - timedelta(days=5)):
        made = plan_round(there.administrator, programme=published.id, organization_code=PROVINCE,
                          year=clock.now().year, opens_at=clock.now(), closes_at=clock.now() + timedelta(days=30),
                          name="评审批次")  # fmt: skip
    ids = []
    for n in (3, 4):
        row = _submitted(clerks[n], n, made.id)
        ids.append(check(there.province, row.id, seen=row.version).id)
    recuse(there.province, ids[1], experts[3].id, reason=RECUSAL)
    for one, totals in zip(ids, TOTALS, strict=True):
        for judge, total in zip(experts, totals, strict=False):
            score(judge, one, scores={"work": total}, words=SHEET_WORDS)
    slate = rank(there.province, round_id=made.id, organization_code=PROVINCE, main=[ids[0]])
    return {"judging": made.id, "scored": ids[0], "half": ids[1], "ranking": slate.id}


class Shown(NamedTuple):
    """A page as it was drawn: the page itself, and every byte of it that went to the browser."""

    page: AppTest
    sent: bytes


class Eyes:
    """Opens pages as somebody, and keeps all that is sent to the browser."""

    def __init__(self, there: Faces, patch: pytest.MonkeyPatch) -> None:
        self._there = there
        self._sent: list[ForwardMsg] = []
        self._sids: dict[str, str] = {}
        parse = parse_tree_from_messages

        def listening(messages: list[ForwardMsg]) -> ElementTree:
            self._sent = list(messages)
            return parse(messages)

        patch.setattr(local_script_runner, "parse_tree_from_messages", listening)

    def sid(self, who: str) -> str:
        """The session of somebody by what they are; one for all that they open, opened now whatever day it is here."""
        if who not in self._sids:
            # A page runs in a thread of its own, by the real clock.
            self._sids[who] = Context().run(session_of, self._there.people[who])
        return self._sids[who]

    def open(self, who: str, file: str, thing: str | None = None, **about: str) -> Shown:
        """A page by its file, about one of the things; `about` stands in its address too. One that breaks fails."""
        return self.run(self._page(who, file, thing, about))

    def peek(self, who: str, file: str, thing: str | None = None, **about: str) -> Shown:
        """As `open`, for somebody whom the menu gives no such page: it may break, and sends nothing even so."""
        page = self._page(who, file, thing, about).run()
        return Shown(page, self._seen())

    def run(self, page: AppTest) -> Shown:
        """The page after another run; a page that broke fails the test."""
        page.run()
        assert [error.message for error in page.exception] == []
        return Shown(page, self._seen())

    def _page(self, who: str, file: str, thing: str | None, about: dict[str, str]) -> AppTest:
        page = AppTest.from_file(str(ROOT / file), default_timeout=60)
        page.user["sid"] = self.sid(who)
        given = about if thing is None else {**about, "id": self._there.things[thing]}
        for name, value in given.items():
            page.query_params[name] = value
        return page

    def _seen(self) -> bytes:
        return b"".join(one.SerializeToString() for one in self._sent if one.HasField("delta"))

    def press(self, page: AppTest) -> None:
        """Run a page after a press; one that led to another page, which alone it does not know, is drawn again."""
        page.run()
        if any(_NO_OTHER_PAGE in error.message for error in page.exception):
            page.run()
        assert [error.message for error in page.exception] == []


class Stage(NamedTuple):
    """The province in a database of one kind, and where its files lie."""

    url: str
    data: Path
    there: Faces


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def stage(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Build the province once for a module of tests; the doctor sees it when they are over."""
    data = tmp_path_factory.mktemp("stage")
    with _emptied(request, data) as url, pytest.MonkeyPatch.context() as patch:
        _enter(patch, url, data)
        made = Stage(url, data, build())
        yield made
        _enter(patch, url, data)
        assert list(doctor.check()) == []
        disconnect()


@pytest.fixture
def there(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Faces:
    """Stand in the province."""
    _enter(monkeypatch, stage.url, stage.data)
    return stage.there


@pytest.fixture(scope="module")
def eyes(stage: Stage) -> Iterator[Eyes]:
    """Yield the eyes of everybody in the province."""
    with pytest.MonkeyPatch.context() as patch:
        yield Eyes(stage.there, patch)


@contextmanager
def _emptied(request: pytest.FixtureRequest, data: Path) -> Iterator[str]:
    """A migrated database of the kind that is asked for; yields its address."""
    if request.param == "sqlite":
        shutil.copyfile(request.getfixturevalue("sqlite_template"), file := data / "shenbao.db")
        yield f"sqlite:///{file}"
        return
    administer = request.getfixturevalue("postgresql_template")
    administer("DROP DATABASE IF EXISTS {} WITH (FORCE)", "shenbao_stage")
    administer("CREATE DATABASE {} TEMPLATE template_shenbao STRATEGY FILE_COPY", "shenbao_stage")
    yield request.getfixturevalue("postgresql").format(name="shenbao_stage")
    disconnect()
    administer("DROP DATABASE IF EXISTS {} WITH (FORCE)", "shenbao_stage")


def _enter(patch: pytest.MonkeyPatch, url: str, data: Path) -> None:
    patch.setenv("SHENBAO_DATABASE_URL", url)
    patch.setenv("SHENBAO_DATA_DIR", str(data))
    settings.cache_clear()
    connect(url)
