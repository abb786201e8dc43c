"""The life of a programme's version: published when it is right, cloned, compared, kept by its rounds."""

import difflib
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from models.errors import ForbiddenError, InputError, NotFoundError, RefusedError
from models.programme import FOLDER, catalogue, parse, parse_text, shipped
from models.text import sentence
from models.vocabulary import Role
from tests.worlds import NOW, PROVINCE, World, everything, in_notice, named, person, refused, rows
from workflows.desk import examining
from workflows.linting.differing import changes
from workflows.linting.drawing import drawn
from workflows.linting.next_version import next_version
from workflows.linting.writing import as_toml
from workflows.programmes import publish, publish_programme
from workflows.queries import programmes
from workflows.record.acting import PUBLIC
from workflows.rounds import plan_round

TEXT = (FOLDER / "provincial-studio.toml").read_text(encoding="utf-8")
NEXT = TEXT.replace("version = 1\n", "version = 2\n")
MORE = NEXT.replace("cap = 70", "cap = 80").replace("days = 5\nworking", "days = 7\nworking")


def test_a_text_is_published_with_its_remarks(world: World) -> None:
    made = publish_programme(world.admin, text=MORE)

    assert (made.id, made.text, made.content["approval"]["cap"]) == ("provincial-studio@2", MORE, 80)
    assert programmes.programme(PUBLIC, code="provincial-studio").text == MORE
    assert programmes.programme(PUBLIC, code="provincial-studio@1").text == TEXT


def test_a_text_published_twice_is_one_version(world: World) -> None:
    publish_programme(world.admin, text=MORE)
    before = everything()

    assert publish_programme(world.admin, text=f"{MORE}# a remark\n").text == MORE
    assert everything() == before


def test_another_content_needs_another_version(world: World) -> None:
    with refused("version_taken", RefusedError, programme="provincial-studio@1"):
        publish_programme(world.admin, text=TEXT.replace("cap = 70", "cap = 71"))


def test_a_broken_text_is_refused_with_every_finding_and_touches_nothing_that_runs(world: World) -> None:
    _, notice = in_notice(world, 2)
    before = everything()
    broken = MORE.replace("cap = 80", "cap = 0").replace('desk = "county"', 'desk = "town"')

    with pytest.raises(InputError) as caught:
        publish_programme(world.admin, text=broken)

    assert (caught.value.code, caught.value.details["count"]) == ("programme_faults", 2)
    assert [(f["code"], f["where"]) for f in caught.value.details["findings"]] == [
        ("out_of_range", "approval.cap"), ("not_one_of", "ladder.desk"),
    ]  # fmt: skip
    assert everything() == before
    assert rows("SELECT state FROM notice WHERE id = :n", n=notice.id) == [("open",)]


def test_the_findings_of_a_refusal_are_told_line_by_line(world: World) -> None:
    with pytest.raises(InputError) as caught:
        publish_programme(world.admin, text=MORE.replace("cap = 80", "cap = 0"))

    line = MORE[: MORE.index("cap = 80")].count("\n") + 1
    assert sentence(caught.value) == (
        f"项目文件有1处错误，没有发布：\n· 第{line}行：“cap”是0，应> 0。请填写范围内的数。"
    )
    assert sentence(caught.value, "en").endswith(
        f"· Line {line}: “cap” is 0; it must be > 0. Give a number within the limits."
    )


@pytest.mark.parametrize("given", [{}, {"code": "provincial-studio", "text": TEXT}])
def test_a_programme_is_published_by_its_code_or_by_its_text_and_not_both(world: World, given: dict[str, Any]) -> None:
    with refused("programme_source", InputError, field="text"):
        publish_programme(world.admin, **given)


def test_only_an_administrator_publishes(world: World) -> None:
    for actor in (world.province, world.clerks[0], PUBLIC):
        with refused("not_administrator", ForbiddenError):
            publish_programme(actor, text=MORE)
        with refused("not_administrator", ForbiddenError):
            programmes.check(actor, text=MORE)


def test_a_code_stays_with_the_tier_that_decides_it(world: World) -> None:
    nation = person("nation-admin", "000000", Role.ADMINISTRATOR)
    rules = parse_text(MORE)
    lower = rules.model_copy(update={"ladder": rules.ladder[:-1]})
    unpublished = lower.model_copy(update={"code": "provincial-craftsman"})
    before = everything()

    for actor in (nation, person("city-admin", "330100", Role.ADMINISTRATOR)):
        for taken in (lower, unpublished):
            with refused("programme_code_taken", RefusedError, given=taken.code):
                publish(actor, taken)
    assert rows("SELECT count(*) FROM programme_version") == [(len(before["programme_version"]),)]
    assert publish(nation, lower.model_copy(update={"code": "city-studio-of-hangzhou"})).version == 2


def test_a_round_keeps_the_version_it_was_planned_with(world: World) -> None:
    (made,) = named(world, 1)
    publish_programme(world.admin, text=MORE)
    later = plan_round(world.admin, programme="provincial-studio@2", organization_code=PROVINCE, year=2026,
                       opens_at=NOW, closes_at=NOW.replace(month=5))  # fmt: skip

    places = dict(rows("SELECT round_id, places FROM quota WHERE organization = :o", o=PROVINCE))
    assert (places[world.round_id], places[later.id]) == (70, 80)
    assert made.programme == "provincial-studio@1"


def test_the_editors_findings_are_those_that_publishing_would_refuse(world: World) -> None:
    found = programmes.check(world.admin, text=MORE.replace("cap = 80", "cap = 0"))

    assert [one["code"] for one in found if one["severity"] == "error"] == ["out_of_range"]


def test_a_prerequisite_may_be_a_title_that_another_office_published(world: World) -> None:
    other = NEXT.replace('code = "provincial-studio"', 'code = "our-own-studio"')
    asking = MORE.replace('rule = "no_title"', 'rule = "holds_title"\nof = ["our-own-studio"]')
    with refused("programme_faults", InputError, count=1):
        publish_programme(world.admin, text=asking)

    publish_programme(world.admin, text=other)

    assert publish_programme(world.admin, text=asking).version == 2


def test_a_programme_nobody_published_is_answered_from_the_catalogue(world: World) -> None:
    found = programmes.programme(PUBLIC, code="golden-idea")

    assert (found.published_at, found.text) == (None, (FOLDER / "golden-idea.toml").read_text(encoding="utf-8"))
    with refused("unknown_programme", InputError):
        programmes.programme(PUBLIC, code="golden-ideas")
    with refused("not_found", NotFoundError):
        programmes.programme(PUBLIC, code="golden-idea@7")


def test_the_reverse_calendar_of_a_published_version_is_answered_to_anybody(world: World) -> None:
    made = programmes.plan(PUBLIC, code="provincial-studio", decision_by=date(2026, 6, 30), opens=date(2026, 3, 1))

    assert (made.decision_by, made.opens, made.feasible) == (date(2026, 6, 30), date(2026, 3, 1), True)
    assert [stop.rung for stop in made.stops] == [step.desk for step in shipped("provincial-studio").ladder]


def test_a_clone_is_the_same_file_with_its_days_moved_and_its_remarks_kept() -> None:
    text = next_version(TEXT, 2027)

    lines = list(difflib.unified_diff(TEXT.split("\n"), text.split("\n"), n=0, lineterm=""))[2:]
    assert [line for line in lines if not line.startswith("@")] == [
        "-version = 1", "-valid_from = 2024-01-01", "+version = 2", "+valid_from = 2027-01-01",
        "-valid_until = 2026-12-31", "+valid_until = 2029-12-31",
    ]  # fmt: skip


def test_a_clone_keeps_the_years_of_a_cycle_and_makes_29_february_28() -> None:
    text = TEXT.replace("cap = 70", "cap = 70\ncycle_years = 2").replace("2026-12-31", "2028-02-29")

    approval = tomllib.loads(next_version(text, 2025))["approval"]

    assert (approval["cycle_years"], approval["first_year"], approval["valid_until"]) == (2, 2024, date(2029, 2, 28))


def test_a_clone_of_an_inline_approval_is_still_a_file() -> None:
    inline = "version = 3\nvalid_from = 2024-01-01\napproval = { cycle_years = 2, valid_until = 2025-12-31 }\n"

    assert tomllib.loads(next_version(inline, 2026)) == {
        "version": 4, "valid_from": date(2026, 1, 1),
        "approval": {"cycle_years": 2, "first_year": 2024, "valid_until": date(2027, 12, 31)},
    }  # fmt: skip


@pytest.mark.parametrize(("text", "year", "code"), [
    ("x = ", 2027, "programme_file"), ("a = 1", 2027, "programme_file"), (TEXT, 1999, "moment_out_of_range"),
    (TEXT, 2099, "moment_out_of_range"),
])  # fmt: skip
def test_what_cannot_be_cloned_is_refused(text: str, year: int, code: str) -> None:
    with pytest.raises(InputError) as caught:
        next_version(text, year)

    assert caught.value.code == code


@pytest.mark.parametrize("code", catalogue())
def test_every_programme_can_be_cloned_written_anew_and_drawn(code: str) -> None:
    rules = shipped(code)
    cloned = parse_text(next_version((FOLDER / f"{code}.toml").read_text(encoding="utf-8"), rules.valid_from.year + 1))

    assert (cloned.version, cloned.valid_from.year) == (rules.version + 1, rules.valid_from.year + 1)
    assert {pair[0].split("由")[0] for pair in changes(rules, cloned)} <= {
        "启用日期", "批准依据的批准期截止", "批准依据的首批年度",
    }  # fmt: skip
    assert parse_text(as_toml(rules)) == rules
    assert parse(rules.model_dump(mode="json")) == parse_text(as_toml(parse(rules.model_dump(mode="json"))))
    states = {line.split('" as ')[1].strip() for line in drawn(rules).splitlines() if '" as ' in line}
    ways = [line.split(" : ")[0].split(" --> ") for line in drawn(rules).splitlines() if " --> " in line]
    assert {source.strip() for source, _ in ways} == states | {"[*]"}
    assert {target.strip() for _, target in ways} == states | {"[*]"}


def test_a_diagram_has_only_the_ways_that_the_ladder_has() -> None:
    lines = drawn(shipped("provincial-studio")).splitlines()

    tiers = ("county_review", "city_review", "provincial_review")
    ways = [line.strip().split(" : ")[0] for line in lines if "推荐上报" in line or ("公示" in line and "-->" in line)]
    assert ways == [
        "county_review --> city_review", "city_review --> provincial_review", "provincial_review --> public_notice",
    ]  # fmt: skip
    assert [line for line in lines if any(f"as {tier}" in line for tier in tiers)] == lines[3:6]


def test_differences_are_said_as_an_office_says_them() -> None:
    after = MORE
    for old, new in (
        ("days = 7\n\n[[ladder]]", "days = 6\n\n[[ladder]]"),
        ("percent = 20", "percent = 0"),
        ('rounding = "floor"', 'rounding = "ceiling"'),
        ("hour = 00:00:00", "hour = 17:30:00"),
        ("at_least = 90 }", "at_least = 92.5 }"),
        ("maximum = 500", "maximum = 50"),
        ('zh = "团队须有3人以上"', 'zh = "团队须有五人以上"'),
        ('clause = "running"', 'clause = "ran"'),
        ("rectify_months = 3", "rectify_months = 6"),
        ("valid_until = 2026-12-31", "valid_until = 2027-12-31"),
        ('criteria = ["results"]', 'criteria = ["team_size"]'),
        ("private = true\n", ""),
    ):
        assert old in after, old
        after = after.replace(old, new, 1)

    said = changes(parse_text(TEXT), parse_text(after))

    assert [zh for zh, _ in said] == [
        "批准依据的批准期截止由2026年12月31日改为2027年12月31日",
        "批准依据的每批总名额由70个改为80个",
        "推荐阶梯“市总工会（省产业工会）”的办理期限由7个工作日改为6个工作日",
        "备选的备选比例由20%改为0%",
        "备选的取整由舍去改为进一",
        "公示由5个工作日改为7个工作日",
        "补正的截止时刻由24:00改为17:30",
        "申报表栏目“领衔人身份证号”的是否私人信息由是改为否",
        "申报表栏目“团队人数”的上限由500改为50",
        "申报条件“团队须有3人以上”的提示由“团队须有3人以上”改为“团队须有五人以上”",
        "删去申报条件“工作室须运行满1年”",
        "新增申报条件“工作室须运行满1年”",
        "同分处理的依次比较由“results”改为“team_size”",
        "年度考核“优秀”的起分由90分改为92.5分",
        "年度考核的整改期由3个月改为6个月",
    ]  # fmt: skip
    english = dict(said)
    assert english["公示由5个工作日改为7个工作日"] == "The public notice changes from 5 working days to 7 working days"
    assert english["批准依据的每批总名额由70个改为80个"] == "Places of a round of approval changes from 70 to 80"


def test_nothing_changed_is_nothing_said() -> None:
    assert changes(parse_text(TEXT), parse_text(NEXT)) == []


def test_a_folder_beside_the_file_issues_what_its_programmes_issue(tmp_path: Path) -> None:
    asking = TEXT.replace('rule = "no_title"', 'rule = "holds_title"\nof = ["town-studio"]')
    file = tmp_path / "ours.toml"
    file.write_text(asking, encoding="utf-8")
    (tmp_path / "broken.toml").write_bytes(b"\xff\xfe[[[")
    assert [f.code for f in examining.examine(asking, folder=tmp_path).errors] == ["title_of_nobody"]

    (tmp_path / "town.toml").write_text('code = "town-studio"\nfeeds = [1, {}]\n', encoding="utf-8")

    assert examining.examine(asking, folder=tmp_path).errors == ()
