"""Lists as files: what the asker sees on the pages and nothing more, in both languages, never as a formula."""

import csv
from pathlib import Path
from typing import Any

import pytest

from models import clock
from models.errors import ForbiddenError, InputError, NotFoundError, RefusedError, ShenbaoError
from models.vocabulary import Role
from tests.counting import statements
from tests.papers import rows
from tests.worlds import (
    CITY,
    COUNTY,
    NOW,
    PROVINCE,
    World,
    also,
    application,
    at_county,
    in_notice,
    named,
    objected,
    person,
    submitted,
    unit,
)
from workflows.batches import exporting
from workflows.batches.exporting import export
from workflows.queries import exports
from workflows.record import streaming
from workflows.record.acting import PUBLIC, Actor

CASES = ["受理编号", "名称", "领衔人", "申报单位", "轮次", "状态", "形式审核", "进入时间", "办理期限"]


def read(file: Path) -> list[list[str]]:
    """The rows of a csv file, which says that it is UTF-8."""
    content = file.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(content.decode("utf-8-sig").splitlines()))


def exported(folder: Path, actor: Actor, name: str, *, language: str = "zh", **given: str) -> list[list[str]]:
    """A list, taken home as csv."""
    file = folder / "list.csv"
    n = export(actor, name, file, given, language=language)
    found = read(file)
    assert n == len(found) - 1
    return found


def test_a_desks_queue_is_exported_as_it_stands(world: World, tmp_path: Path) -> None:
    one, two = submitted(world, 0), submitted(world, 1)
    at_county(world, 0)

    found = exported(tmp_path, world.county, "queue", desk=COUNTY)

    assert found[0] == CASES
    assert sorted(found[1:]) == sorted(
        [str(row.receipt), f"工作室{n}", f"领衔人{n}", f"企业{n}", "2026年省级劳模工匠创新工作室",
         "县（市、区）总工会审核", "否", "2026年3月3日 09:00", "2026年3月11日 00:00"]
        for n, row in enumerate((one, two))
    )  # fmt: skip


def test_headings_and_words_are_english_for_who_reads_english(world: World, tmp_path: Path) -> None:
    row = submitted(world)

    found = exported(tmp_path, world.county, "queue", language="en", desk=COUNTY)

    assert found == [
        ["Receipt", "Name", "Leader", "Unit", "Round", "Status", "Form check", "Since", "Due"],
        [str(row.receipt), "工作室0", "领衔人0", "企业0", "2026年省级劳模工匠创新工作室",
         "county review", "no", "3 Mar 2026 09:00", "11 Mar 2026 00:00"],
    ]  # fmt: skip


def test_the_workbook_holds_the_same_cells_all_as_texts(world: World, tmp_path: Path) -> None:
    submitted(world)
    file = tmp_path / "list.xlsx"

    assert export(world.county, "queue", file, {"desk": COUNTY}) == 1

    assert rows(file.read_bytes()) == exported(tmp_path, world.county, "queue", desk=COUNTY)


@pytest.mark.parametrize("typed", ["=1+1", "+1", "-1", "@SUM(A1)", "＝1"])
def test_what_an_applicant_typed_is_no_formula_in_either_file(world: World, tmp_path: Path, typed: str) -> None:
    submitted(world, studio_name=typed)
    file = tmp_path / "list.xlsx"

    export(world.county, "queue", file, {"desk": COUNTY})

    assert exported(tmp_path, world.county, "queue", desk=COUNTY)[1][1] == f"'{typed}"
    assert rows(file.read_bytes())[1][1] == typed


def test_a_search_is_exported_in_its_order_and_only_what_the_asker_sees(world: World, tmp_path: Path) -> None:
    at_county(world, 3)

    county = exported(tmp_path, world.county, "applications", words="")
    clerk = exported(tmp_path, world.clerks[1], "applications", words="")
    nobody = [exported(tmp_path, actor, "applications", words="") for actor in (world.stranger, world.city, PUBLIC)]

    assert sorted(line[1] for line in county[1:]) == ["工作室0", "工作室1", "工作室2"]
    assert [line[1] for line in clerk[1:]] == ["工作室1"]
    assert nobody == [[CASES]] * 3


def test_a_search_is_fetched_in_batches(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = [row.id for row in (submitted(world, n) for n in range(5))]
    monkeypatch.setattr(exports, "ids_for", lambda *_args, **_more: ids * 81)

    with statements(monkeypatch) as run:
        found = exported(tmp_path, world.county, "applications", words="")

    assert [line[0] for line in found[1:]] == [str(application(one).receipt) for one in ids] * 81
    assert len([text for text in run if "FROM application" in text]) == 3  # 405 in batches of 200


def test_a_list_is_read_a_thousand_rows_at_a_time(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(5):
        submitted(world, n)
    monkeypatch.setattr(streaming, "_AT_ONCE", 2)
    fetched: list[int] = []
    real = streaming._fetched  # noqa: SLF001 -- the one place that fetches

    def counted(store: Any, sql: Any, values: Any) -> Any:
        for compiled, some in real(store, sql, values):
            fetched.append(len(some))
            yield compiled, some

    monkeypatch.setattr(streaming, "_fetched", counted)

    exported(tmp_path, world.county, "queue", desk=COUNTY)

    assert fetched == [2, 2, 1]


def test_titles_are_for_the_union_that_gave_them_and_their_holder(world: World, tmp_path: Path) -> None:
    named(world, 2)
    own = ["浙劳创2026-0001", "工作室0", "领衔人0", "企业0", "2026年3月10日", "", "有效", "", "", ""]

    assert len(exported(tmp_path, world.province, "titles", desk=PROVINCE)) == 3
    assert exported(tmp_path, world.clerks[0], "titles", desk=unit(0))[1:] == [own]


def test_the_docket_tells_neither_who_objected_nor_in_which_words(world: World, tmp_path: Path) -> None:
    ids, notice = in_notice(world, 1)
    objected(world, notice, ids[0], words="举报内容", objector="赵六", contact="13800000000")

    for actor, desk in ((world.province, PROVINCE), (world.city, CITY)):
        head, line = exported(tmp_path, actor, "objections", desk=desk)
        assert dict(zip(head, line, strict=True))["名称"] == "工作室0"
        assert [word for word in ("举报内容", "赵六", "13800000000") if word in str(line)] == []


def test_nobody_takes_home_what_is_said_against_their_own_unit(world: World, tmp_path: Path) -> None:
    ids, notice = in_notice(world, 2)
    for one in ids:
        objected(world, notice, one)
    of_unit = also(person("second", CITY, Role.REVIEWER), unit(0), Role.CLERK)

    own, other = (str(application(one).receipt) for one in ids)
    for actor, desk, told in ((world.city, CITY, {own, other}), (of_unit, CITY, {other})):
        assert {line[0] for line in exported(tmp_path, actor, "objections", desk=desk)[1:]} == told


def test_quotas_are_all_for_the_administrator_and_ones_own_for_a_desk(world: World, tmp_path: Path) -> None:
    head = ["单位代码", "单位", "类别", "名额性质", "最少", "名额", "占用", "已用", "剩余"]

    admin = exported(tmp_path, world.admin, "quotas", round=world.round_id)
    county = exported(tmp_path, world.county, "quotas", round=world.round_id)

    assert admin[0] == county[0] == head
    assert [(line[0], line[5], line[8]) for line in admin[1:]] == [
        (PROVINCE, "70", "70"), (CITY, "10", "10"), (COUNTY, "3", "3"),
    ]  # fmt: skip
    assert [line[1] for line in county[1:]] == ["西湖区总工会"]


def test_what_is_overdue_is_for_administrators(world: World, tmp_path: Path) -> None:
    submitted(world)
    with clock.at(NOW.replace(month=4)):
        found = exported(tmp_path, world.admin, "overdue", root=PROVINCE)

    assert [line[4:6] for line in found[1:]] == [[COUNTY, "西湖区总工会"]]


def test_assessments_and_subsidies_are_lists_too(world: World, tmp_path: Path) -> None:
    named(world, 1)

    assert exported(tmp_path, world.province, "assessments", desk=PROVINCE, year="2026")[0][0] == "证书编号"
    assert exported(tmp_path, world.province, "subsidies", desk=PROVINCE)[0][7] == "金额（元）"


@pytest.mark.parametrize(
    ("name", "given"),
    [("queue", {"desk": COUNTY}), ("titles", {"desk": PROVINCE}), ("assessments", {"desk": PROVINCE, "year": "2026"}),
     ("subsidies", {"desk": PROVINCE}), ("objections", {"desk": PROVINCE}), ("overdue", {"root": PROVINCE})],
)  # fmt: skip
def test_a_list_of_another_desk_is_nobodys(world: World, tmp_path: Path, name: str, given: dict[str, str]) -> None:
    expert = also(world.clerks[2], PROVINCE, Role.EXPERT)

    for actor in (world.stranger, world.clerks[0], expert, PUBLIC):
        with pytest.raises(ForbiddenError):
            export(actor, name, tmp_path / "list.csv", given)
    assert list(tmp_path.glob("*.csv")) == []


@pytest.mark.parametrize(
    ("name", "file", "given", "code"),
    [("nothing", "a.csv", {}, "export_list"), ("queue", "a.pdf", {"desk": COUNTY}, "export_form"),
     ("queue", "a", {"desk": COUNTY}, "export_form"), ("queue", "a.csv", {}, "export_argument"),
     ("queue", "a.csv", {"desk": COUNTY, "actor": "x"}, "export_argument"),
     ("assessments", "a.csv", {"desk": PROVINCE, "year": "20x6"}, "export_argument"),
     ("queue", "no/such/folder/a.csv", {"desk": COUNTY}, "file_unwritable"),
     ("queue", "no/such/folder/a.xlsx", {"desk": COUNTY}, "file_unwritable")],
)  # fmt: skip
def test_a_wrong_question_is_refused_by_its_code(
    world: World, tmp_path: Path, name: str, file: str, given: dict[str, str], code: str
) -> None:
    with pytest.raises(InputError, match=code):
        export(world.county, name, tmp_path / file, given)


def test_a_sheet_that_is_full_is_refused_not_cut(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(3):
        submitted(world, n)
    monkeypatch.setattr(exporting, "_SHEET_ROWS", 3)

    with pytest.raises(RefusedError, match="too_many_rows"):
        export(world.county, "queue", tmp_path / "a.xlsx", {"desk": COUNTY})
    assert list(tmp_path.glob("*.xlsx*")) == []


def test_the_places_of_no_round_are_not_found(world: World, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        export(world.admin, "quotas", tmp_path / "a.csv", {"round": "nowhere"})


def test_a_signed_out_person_exports_nothing(world: World, tmp_path: Path) -> None:
    ghost = Actor("nobody", "nobody@example.cn", "无")

    with pytest.raises(ShenbaoError):
        export(ghost, "queue", tmp_path / "a.csv", {"desk": COUNTY})
