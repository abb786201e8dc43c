"""The demo province: complete, plausible on any day, and the same again for the same seed."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from stdnum.cn import uscc

from models import clock, database
from models.application import Application
from models.base import metadata, table
from models.deadline import Deadline
from models.errors import BrokenError
from models.letter import Letter
from models.notice import Notice, Objection
from models.organization import Organization
from models.round import Round
from models.settings import settings
from models.slate import Slate
from models.title import Assessment, Decision, Title
from models.vocabulary import (
    AssessmentState,
    DecisionKind,
    NoticeState,
    ObjectionState,
    SlateState,
    State,
    Tier,
    TitleState,
)
from workflows import demo, doctor
from workflows.demo.people import PASSWORD, PASSWORD_HASH
from workflows.intake.applications import submit
from workflows.people import passwords
from workflows.queries.applications import mine
from workflows.queries.lists import assessments
from workflows.queries.queue import queue_counts
from workflows.queries.watch import overdue_by_desk
from workflows.record.acting import actor_of

NOW = datetime(2026, 7, 15, 7, tzinfo=UTC)
# What no rung of this programme's ladder leads to.
ABSENT = {
    *(State.ENTERPRISE_REVIEW, State.TOWNSHIP_REVIEW, State.JOINT_REVIEW, State.NATIONAL_REVIEW),
}
EDGES = (
    datetime(2026, 12, 31, 4, tzinfo=UTC),
    datetime(2026, 12, 31, 16, 10, tzinfo=UTC),  # ten minutes into the new year, in Shanghai
    datetime(2027, 2, 17, 4, tzinfo=UTC),
    datetime(2028, 2, 29, 4, tzinfo=UTC),
    datetime(2030, 12, 31, 15, 59, tzinfo=UTC),
)
_AGAIN = """
import sys
from datetime import datetime
from models import clock, database
from workflows import demo
database.connect(sys.argv[1])
with clock.at(datetime.fromisoformat(sys.argv[2])):
    demo.make(int(sys.argv[3]))
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    """Make the province once; answers the folder with its database and all else."""
    folder = tmp_path_factory.mktemp("demo")
    shutil.copyfile(sqlite_template, folder / "shenbao.db")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SHENBAO_DATA_DIR", str(folder))
        settings.cache_clear()
        database.connect(f"sqlite:///{folder}/shenbao.db")
        with clock.at(NOW):
            demo.make(7)
        database.disconnect()
    settings.cache_clear()
    return folder


@pytest.fixture
def province(made: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Stand in the province on the day it was made for."""
    monkeypatch.setenv("SHENBAO_DATA_DIR", str(made))
    settings.cache_clear()
    database.connect(f"sqlite:///{made}/shenbao.db")
    with clock.at(NOW):
        yield made


def rows(model: Any) -> list[Any]:
    """All rows of a table."""
    with database.engine().connect() as connection:
        return list(connection.execute(sa.select(table(model))))


def tally(model: Any) -> Counter[Any]:
    """How many rows of a table are in which state."""
    return Counter(row.state for row in rows(model))


def everything(url: str) -> dict[str, list[Any]]:
    """Every row of every table of a database."""
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        found = {t.name: sorted(map(repr, connection.execute(sa.select(t)))) for t in metadata.sorted_tables}
    engine.dispose()
    return found


def person(name: str) -> Any:
    """Somebody of the sign-in page."""
    return actor_of(f"{name}@zj.example.cn")


def test_applications_are_in_every_state_this_ladder_has(province: Path) -> None:
    assert set(tally(Application)) == set(State) - ABSENT
    assert 280 <= len(rows(Application)) <= 340


def test_slates_titles_and_objections_are_in_every_state_too(province: Path) -> None:
    assert set(tally(Slate)) == set(SlateState)
    assert set(tally(Objection)) == set(ObjectionState)
    assert set(tally(Title)) == set(TitleState)
    assert set(tally(Assessment)) == set(AssessmentState)


def test_the_unions_are_the_real_ones_and_the_firms_have_valid_codes(province: Path) -> None:
    units = rows(Organization)
    zhejiang = Counter(u.tier for u in units if u.province == "330000")

    assert zhejiang == {
        Tier.PROVINCE: 1,
        Tier.INDUSTRY: 2,
        Tier.CITY: 11,
        Tier.COUNTY: 90,
        Tier.ENTERPRISE: 120,
    }
    assert all(uscc.is_valid(u.code) for u in units if u.tier == Tier.ENTERPRISE)


def test_three_earlier_years_were_named_by_numbered_documents(province: Path) -> None:
    namings = [d for d in rows(Decision) if d.kind is DecisionKind.NAMING]
    named = Counter(t.decision_id for t in rows(Title))

    assert sorted(d.number for d in namings) == [f"浙总工〔{year}〕18号" for year in (2023, 2024, 2025)]
    assert [10 <= named[d.id] <= 25 for d in namings] == [True, True, True]


def test_a_notice_is_open_today_with_an_open_objection_in_it(province: Path) -> None:
    [notice] = [n for n in rows(Notice) if n.state is NoticeState.OPEN]
    disputed = {o.state for o in rows(Objection) if o.notice_id == notice.id}

    assert notice.first_day <= NOW.date() <= notice.last_day
    assert disputed == {
        *(ObjectionState.INVESTIGATING, ObjectionState.REPORTED, ObjectionState.LEAD),
    }


def test_desks_are_overdue_and_their_officers_were_told(province: Path) -> None:
    late = [d for d in rows(Deadline) if d.closed_at is None and d.due_at <= NOW]
    letters = {letter.template for letter in rows(Letter)}

    assert len(late) >= 20
    assert all(d.fired_at is not None for d in late)
    assert overdue_by_desk(person("admin"), root="330000") != []
    assert {"deadline_before", "deadline_at", "deadline_overdue", "deadline_escalated"} <= letters


def test_some_letters_lie_in_the_mail_folder_and_some_wait(province: Path) -> None:
    waiting = [x for x in rows(Letter) if x.sent_at is None and x.dead_at is None]

    assert waiting != []
    assert {x.error for x in rows(Letter) if x.dead_at is not None} <= {"superseded"}
    assert len(list((province / "mail" / "new").iterdir())) > 50


def test_every_visitor_signs_in_with_the_password_shown(province: Path) -> None:
    note = json.loads((province / "demo.json").read_text(encoding="utf-8"))

    assert (note["password"], note["finished"]) == (PASSWORD, True)
    assert [p["organization"] for p in note["people"]][2:] == [
        *("西湖区总工会", "杭州市总工会", "浙江省教科文卫体产业工会"),
        *["浙江省总工会"] * 2,
    ]
    assert passwords.verified(PASSWORD_HASH, PASSWORD)
    assert not passwords.outdated(PASSWORD_HASH)
    assert [
        (p["role"], [(s.organization[:6], s.role.value) for s in actor_of(p["email"]).seats]) for p in note["people"]
    ] == [
        ("申报单位经办人", [("913301", "clerk")]),
        ("称号单位经办人", [("913302", "clerk")]),
        ("县级审核人", [("330106", "reviewer")]),
        ("市级审核人", [("330100", "reviewer")]),
        ("产业工会审核人", [("33I001", "reviewer")]),
        ("省级审核人", [("330000", "reviewer")]),
        ("省级管理员", [("330000", "administrator")]),
    ]


def test_the_visitors_find_what_the_sign_in_page_promises(province: Path) -> None:
    holder = person("holder")
    due = assessments(holder, organization_code=holder.seats[0].organization)[0]
    county = queue_counts(person("county"), desk="330106")

    assert {State.DRAFT, State.RETURNED} <= {line.state for line in mine(person("applicant"))}
    assert due.state is AssessmentState.DUE
    assert county.waiting >= 40
    assert 0 < county.overdue < county.waiting
    assert county.to_rank > 0
    assert queue_counts(person("industry"), desk="33I001").waiting > 0


def test_the_applicants_draft_is_ready_to_be_submitted(
    province: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "copy.db"
    shutil.copyfile(province / "shenbao.db", copy)
    database.connect(f"sqlite:///{copy}")
    [ready] = [line for line in mine(person("applicant")) if line.state is State.DRAFT]

    assert submit(person("applicant"), ready.id, seen=ready.version).state is State.COUNTY_REVIEW


def test_a_second_time_changes_nothing(province: Path) -> None:
    before = everything(f"sqlite:///{province}/shenbao.db")

    assert demo.ensure() == {"made": False}
    assert everything(f"sqlite:///{province}/shenbao.db") == before


def test_a_try_that_was_cut_short_is_said_to_be(province: Path) -> None:
    note = province / "demo.json"
    whole = note.read_text(encoding="utf-8")
    note.write_text(json.dumps(json.loads(whole) | {"finished": False}), encoding="utf-8")

    with pytest.raises(BrokenError) as refused:
        demo.ensure()
    note.write_text(whole, encoding="utf-8")

    assert refused.value.code == "demo_unfinished"


@pytest.mark.parametrize(("seed", "same"), [(7, True), (8, False)])
def test_the_same_seed_gives_the_same_rows_in_any_process(
    made: Path, tmp_path: Path, sqlite_template: Path, seed: int, *, same: bool
) -> None:
    shutil.copyfile(sqlite_template, tmp_path / "again.db")
    url = f"sqlite:///{tmp_path}/again.db"
    # The province was made before any test's own settings were in force.
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SHENBAO_")}
    environment = {**kept, "PYTHONHASHSEED": "5", "SHENBAO_DATA_DIR": str(tmp_path)}
    subprocess.run(
        [sys.executable, "-c", _AGAIN, url, NOW.isoformat(), str(seed)],
        check=True,
        env=environment,
        cwd=Path(demo.__file__).parents[2],
    )

    assert (everything(url) == everything(f"sqlite:///{made}/shenbao.db")) is same


def test_it_is_made_on_either_database_and_says_how_far_it_is(database: str) -> None:
    said: list[str] = []
    with clock.at(NOW):
        answer = demo.ensure(7, said.append)

    assert answer == {**answer, "made": True, "people": 7}
    assert [re.sub(r"\d[\d.]*", "N", line) for line in said] == [
        "建立组织：全国工会组织树、N 家单位、各级工作人员",
        *["N年：申报 N 件，审核、公示、命名"] * 3,
        "N年：本年度批次，各级办理中",
        "今天：清扫到期事项，投递信件",
        "示范省建成：申报 N 件，用时 N 秒",
    ]


@pytest.mark.parametrize("now", EDGES, ids=lambda now: f"{now:%Y-%m-%d}")
def test_it_is_whole_on_any_day(fresh_sqlite: Any, now: datetime) -> None:
    database.connect(fresh_sqlite())
    with clock.at(now):
        demo.ensure()

    assert doctor.check(files=True) == []
    assert set(tally(Application)) == set(State) - ABSENT
    assert set(tally(Assessment)) == set(AssessmentState)
    assert [n.ends_at > now for n in rows(Notice) if n.state is NoticeState.OPEN] == [True]
    assert [r.closes_at > now for r in rows(Round)] == [False, False, False, True]
