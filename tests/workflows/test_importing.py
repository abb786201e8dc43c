"""Files that are brought in: every row accounted for, all or nothing, once however often it is tried."""

import zipfile
from collections.abc import Sequence
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from models.errors import ForbiddenError, InputError
from models.fact import ImportRun
from models.programme import shipped
from models.vocabulary import ImportKind, ImportState, Role
from tests.rounds_of import published
from tests.worlds import COUNTY, PROVINCE, World, identity, named, person, refused, rows, unit
from workflows.importing import check_import, load_import, loading, template
from workflows.importing.columns import COLUMNS
from workflows.importing.loading import BATCH
from workflows.importing.reading import rows_in
from workflows.programmes import publish_programme
from workflows.record.acting import SYSTEM

HEADERS = {kind: [column.zh for column in COLUMNS[kind]] for kind in ImportKind}
FACT = ["safety_accident", unit(0), "", "", "2024-05-12", "安全生产责任事故", "浙应急〔2024〕8号", "", ""]


def workbook(kind: ImportKind, lines: Sequence[Sequence[str]], header: Sequence[str] | None = None) -> bytes:
    """A workbook as an office would send it."""
    file = BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        for i, line in enumerate([header or HEADERS[kind], *lines]):
            for j, cell in enumerate(line):
                sheet.write_string(i, j, cell)
    return file.getvalue()


def csv_text(kind: ImportKind, *lines: Sequence[str]) -> str:
    return "\r\n".join(",".join(line) for line in [HEADERS[kind], *lines])


def units(numbers: Sequence[int], parent: str = COUNTY) -> list[list[str]]:
    return [[unit(n), f"第{n}企业", parent, "", "是", "否"] for n in numbers]


def load(world: World, kind: ImportKind, content: bytes, *, skip_bad: bool = False) -> ImportRun:
    return load_import(
        world.admin,
        kind=kind,
        organization_code=PROVINCE,
        filename="单位.xlsx",
        content=content,
        skip_bad=skip_bad,
    )


def told(world: World, kind: ImportKind, content: bytes) -> list[tuple[int, str, list[str]]]:
    """Each row's number, fate, and the codes of its faults."""
    checked = check_import(world.admin, kind=kind, organization_code=PROVINCE, filename="a.csv", content=content)
    return [(fate.row, fate.fate, [fault["code"] for fault in fate.faults]) for fate in checked.rows]


def test_units_come_in_with_their_line_and_a_second_load_changes_nothing(world: World) -> None:
    content = workbook(ImportKind.ORGANIZATIONS, units([501, 502]))

    first = load(world, ImportKind.ORGANIZATIONS, content)
    again = load(world, ImportKind.ORGANIZATIONS, content)

    assert (first.state, first.all_rows, first.done_rows) == (ImportState.DONE, 2, 2)
    assert first.counts == {"new": 2, "known": 0, "bad": 0}
    assert again == first
    told_of = rows("SELECT code, name, parent, province, city, county, non_public FROM organization"
                   " WHERE name IN ('第501企业', '第502企业') ORDER BY name")  # fmt: skip
    assert [(c, n, p, q, r, s, bool(t)) for c, n, p, q, r, s, t in told_of] == [
        (unit(n), f"第{n}企业", COUNTY, "330000", "330100", "330106", True) for n in (501, 502)
    ]


def test_a_check_tells_every_rows_fate_and_writes_nothing(world: World) -> None:
    wrong = unit(503)[:-1] + ("0" if unit(503)[-1] != "0" else "1")
    content = csv_text(
        ImportKind.ORGANIZATIONS,
        *units([500]),
        *units([0]),
        [wrong, "某企业", "999999", "", "也许", ""],
        *units([500]),
        ["", "无代码", COUNTY, "", "", ""],
    )

    assert told(world, ImportKind.ORGANIZATIONS, content.encode("gb18030")) == [
        (2, "new", []),
        (3, "known", []),
        (4, "bad", ["credit_code", "import_not_yours", "not_a_yes_no"]),
        (5, "bad", ["import_twice"]),
        (6, "bad", ["required"]),
    ]
    assert rows("SELECT count(*) FROM import_run") == [(0,)]


def test_one_bad_row_keeps_the_whole_file_out_unless_told_to_skip_it(world: World) -> None:
    content = workbook(ImportKind.ORGANIZATIONS, [*units(range(600, 640)), ["12345", "坏", COUNTY, "", "", ""]])

    with refused("import_bad_rows", InputError, count=1, rows=[42]):
        load(world, ImportKind.ORGANIZATIONS, content)
    assert rows("SELECT count(*) FROM organization WHERE name LIKE '第6%企业'") == [(0,)]

    run = load(world, ImportKind.ORGANIZATIONS, content, skip_bad=True)

    assert (run.state, run.counts) == (ImportState.DONE, {"new": 40, "known": 0, "bad": 1})
    assert rows("SELECT count(*) FROM organization WHERE name LIKE '第6%企业'") == [(40,)]


def test_a_load_that_was_cut_off_goes_on_where_it_stopped(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    content = workbook(ImportKind.ORGANIZATIONS, units(range(1000, 1000 + BATCH + 5)))
    loaded: list[ImportRun] = []
    one_batch = loading._load  # noqa: SLF001 -- what is cut off between two batches

    def cut(*given: Any) -> ImportRun:
        if loaded:
            raise KeyboardInterrupt
        loaded.append(one_batch(*given))
        return loaded[0]

    with monkeypatch.context() as broken:
        broken.setattr(loading, "_load", cut)
        with pytest.raises(KeyboardInterrupt):
            load(world, ImportKind.ORGANIZATIONS, content)
    assert (loaded[0].state, loaded[0].done_rows) == (ImportState.RUNNING, BATCH)

    run = load(world, ImportKind.ORGANIZATIONS, content)

    assert (run.id, run.state, run.done_rows) == (loaded[0].id, ImportState.DONE, BATCH + 5)
    assert rows("SELECT count(*) FROM organization WHERE name LIKE '第1___企业' OR name LIKE '第2___企业'") == [
        (BATCH + 5,)
    ]


def test_a_unit_may_stand_below_one_of_the_same_file(world: World) -> None:
    content = workbook(ImportKind.ORGANIZATIONS, [*units([701]), *units([702], parent=unit(701))])

    load(world, ImportKind.ORGANIZATIONS, content)

    assert rows("SELECT parent, county FROM organization WHERE code = :c", c=unit(702)) == [(unit(701), COUNTY)]


def test_persons_get_an_account_a_seat_and_a_letter(world: World) -> None:
    people = [["wang@example.cn", "王芳", COUNTY, "审核员"], ["li@example.cn", "李明", unit(0), "clerk"]]
    content = workbook(ImportKind.PERSONS, people)

    run = load(world, ImportKind.PERSONS, content)

    assert run.counts == {"new": 2, "known": 0, "bad": 0}
    assert rows(
        "SELECT a.email, a.name, s.organization, s.role FROM account a JOIN seat s ON s.account_id = a.id"
        " WHERE a.email IN ('wang@example.cn', 'li@example.cn') ORDER BY a.email"
    ) == [("li@example.cn", "李明", unit(0), "clerk"), ("wang@example.cn", "王芳", COUNTY, "reviewer")]
    assert rows("SELECT count(*) FROM letter WHERE template = 'account_opened'")[0][0] >= 2
    assert told(world, ImportKind.PERSONS, content)[0] == (2, "known", [])
    other = workbook(ImportKind.PERSONS, [["wang@example.cn", "王芳", unit(0), "申报员"], ["x", "某", COUNTY, "经理"]])
    assert told(world, ImportKind.PERSONS, other) == [
        (2, "bad", ["import_email_known"]),
        (3, "bad", ["email_invalid"]),
    ]


def test_earlier_titles_count_as_held(world: World) -> None:
    named(world)
    line = ["provincial-studio", "浙劳创2020-0007", "老工作室", unit(3), "王芳", identity(900), "2020-10-15",
            "浙总工〔2020〕9号", ""]  # fmt: skip
    ended = [*line[:1], "浙劳创2018-0001", "旧工作室", *line[3:6], "2018-10-15", "浙总工〔2018〕3号", "2021-10-15"]
    unknown = ["no-such", "X-1", "某", unit(3), "", "", "2030-01-01", "无", ""]

    assert told(world, ImportKind.TITLES, workbook(ImportKind.TITLES, [unknown])) == [
        (2, "bad", ["import_programme", "import_ahead"])
    ]
    assert told(world, ImportKind.TITLES, workbook(ImportKind.TITLES, [[*line[:3], "320100", *line[4:]]])) == [
        (2, "bad", ["import_not_yours"])
    ]
    load(world, ImportKind.TITLES, workbook(ImportKind.TITLES, [line, ended]))

    assert rows("SELECT number, name, organization, state, document, application_id FROM title"
                " WHERE document <> '' ORDER BY number") == [
        ("浙劳创2018-0001", "旧工作室", unit(3), "ended", "浙总工〔2018〕3号", None),
        ("浙劳创2020-0007", "老工作室", unit(3), "valid", "浙总工〔2020〕9号", None),
    ]  # fmt: skip


def test_a_title_is_brought_in_by_a_union_that_decides_its_programme(world: World) -> None:
    publish_programme(SYSTEM, code="delta-studio")
    joint = shipped("delta-studio").joint
    assert joint is not None
    line = ["创新2020-1", "老工作室", unit(3), "王芳", identity(900), "2020-10-15", "文〔2020〕9号", ""]

    def codes(by: str, programme: str, of: str = unit(3)) -> list[str]:
        content = workbook(ImportKind.TITLES, [[programme, *line[:2], of, *line[3:]]])
        checked = check_import(SYSTEM, kind=ImportKind.TITLES, organization_code=by, filename="a.xlsx", content=content)
        return [fault["code"] for fault in checked.rows[0].faults]

    assert codes(PROVINCE, "provincial-studio") == []
    assert codes(COUNTY, "provincial-studio") == ["import_not_decider"]
    assert codes(PROVINCE, "delta-studio") == ["import_not_decider"]
    assert codes(joint.organization, "delta-studio") == []
    assert codes(joint.organization, "delta-studio", "440100") == ["import_not_yours"]


def known_facts() -> None:
    """Have a programme ask for the kinds of facts that the files of these tests bring in."""
    clause = {"clause": "told", "rule": "no_fact", "of": ["contest_prize", "safety_accident"], "years": 3,
              "message": {"zh": "无", "en": "none"}}  # fmt: skip
    published(eligibility=[clause])


def test_facts_come_in_once_and_a_persons_are_the_persons_alone(world: World) -> None:
    known_facts()
    persons = ["contest_prize", unit(0), identity(77), "赵强", "2025-06-01", "省赛一等奖", "", "3", ""]
    unit_missing = [*persons[:1], "", *persons[2:]]
    elsewhere = [*persons[:1], "320100", *persons[2:]]
    wrong = ["safety_acident", unit(0), "", "", "2024-13-01", "x", "", "many", ""]
    content = workbook(ImportKind.FACTS, [FACT, persons])

    assert told(world, ImportKind.FACTS, workbook(ImportKind.FACTS, [unit_missing, elsewhere, wrong])) == [
        (2, "bad", ["required"]),
        (3, "bad", ["import_not_yours"]),
        (4, "bad", ["unknown_fact", "not_a_date", "not_a_number"]),
    ]
    load(world, ImportKind.FACTS, content)

    assert rows("SELECT kind, organization, person_name, amount, desk FROM fact ORDER BY kind") == [
        ("contest_prize", None, "赵强", 3, PROVINCE),
        ("safety_accident", unit(0), "", None, PROVINCE),
    ]
    assert told(world, ImportKind.FACTS, content) == [(2, "known", []), (3, "known", [])]


def test_a_kind_of_fact_that_is_misspelt_is_told_the_nearest_one(world: World) -> None:
    known_facts()
    content = workbook(ImportKind.FACTS, [["safety_acident", *FACT[1:]]])

    checked = check_import(
        world.admin, kind=ImportKind.FACTS, organization_code=PROVINCE, filename="a.xlsx", content=content
    )

    assert checked.rows[0].faults[0]["near"] == "safety_accident"


def test_two_clicks_at_once_load_every_fact_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    known_facts()
    content = workbook(ImportKind.FACTS, [FACT])
    begin = loading._begin  # noqa: SLF001 -- where the other click comes in between

    def begun(*given: Any) -> ImportRun:
        monkeypatch.setattr(loading, "_begin", begin)
        load(world, ImportKind.FACTS, content)
        return begin(*given)

    monkeypatch.setattr(loading, "_begin", begun)
    run = load(world, ImportKind.FACTS, content)

    assert (run.state, run.done_rows) == (ImportState.DONE, 1)
    assert rows("SELECT count(*) FROM fact") == [(1,)]


def test_only_the_unions_administrator_brings_a_file_in(world: World) -> None:
    content = workbook(ImportKind.ORGANIZATIONS, units([800]))
    county = person("xihu-admin", COUNTY, Role.ADMINISTRATOR)

    for actor, code in ((world.county, COUNTY), (county, PROVINCE)):
        with refused("not_administrator", ForbiddenError):
            load_import(actor, kind=ImportKind.ORGANIZATIONS, organization_code=code, filename="a", content=content)
    elsewhere = workbook(ImportKind.ORGANIZATIONS, units([801], parent="330105"))
    checked = check_import(
        county, kind=ImportKind.ORGANIZATIONS, organization_code=COUNTY, filename="a", content=elsewhere
    )
    assert [fault["code"] for fault in checked.rows[0].faults] == ["import_not_yours"]


def test_who_may_bring_nothing_in_has_no_file_opened(world: World) -> None:
    with refused("not_administrator", ForbiddenError):
        check_import(
            world.county, kind=ImportKind.FACTS, organization_code=COUNTY, filename="a", content=b"PK\x03\x04 broken"
        )


def packed(sheet: str, **other: bytes) -> bytes:
    """A workbook of one sheet, written by hand."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/worksheets/sheet1.xml", f"<x:worksheet xmlns:x='urn:x'>{sheet}</x:worksheet>")
        for name, data in other.items():
            parts.writestr(name, data)
    return file.getvalue()


@pytest.mark.parametrize(("sheet", "code", "details"), [
    ("<sheetData><row><c r='A1'/><c r='XFD1048576'/></row></sheetData>", "import_too_many", {"count": 1_048_575}),
    ("<sheetData><row><c x='&gt;' r = 'gs1'/></row></sheetData>", "import_too_wide", {"count": 201, "most": 200}),
    ("<x:sheetData><x:row r='200002'/></x:sheetData>", "import_too_many", {"count": 200_001, "most": 200_000}),
    ("<dimension ref='A1:XFD1'/><sheetData/>", "import_too_wide", {"count": 16_384}),
    ("<sheetData><row></sheetData>", "import_file", {"given": "a.xlsx"}),
])  # fmt: skip
def test_a_sheet_that_reaches_too_far_is_refused_before_it_is_opened(
    world: World, sheet: str, code: str, details: dict[str, object]
) -> None:
    with refused(code, InputError, field="file", **details):
        rows_in(ImportKind.FACTS, "a.xlsx", packed(sheet))


def test_a_workbook_that_inflates_too_far_is_refused_whatever_size_it_tells(world: World) -> None:
    content = packed("<sheetData/>", bomb=bytes(200_000_001))
    lying = content.replace((200_000_001).to_bytes(4, "little"), (10).to_bytes(4, "little"))

    assert lying != content
    for given_ in (content, lying):
        with refused("import_too_big", InputError, field="file", most=200_000_000):
            rows_in(ImportKind.FACTS, "a.xlsx", given_)


@pytest.mark.parametrize(("content", "code", "details"), [
    (b"%PDF-1.7 nothing", "import_column", {"near": None}),
    (b"PK\x03\x04 broken", "import_file", {"given": "a.xlsx"}),
    (b"\xff\xfe\x00\x00", "import_file", {}),
    (b"", "import_empty", {}),
    (csv_text(ImportKind.FACTS).encode(), "import_empty", {}),
    ("统一社会信用代玛,单位名称\r\n1,2".encode(), "import_column", {"near": "统一社会信用代码"}),
    ("单位名称,单位名称\r\n1,2".encode(), "import_column_twice", {"given": "单位名称"}),
    ("单位名称\r\n某".encode(), "import_column_missing", {"given": "统一社会信用代码"}),
])  # fmt: skip
def test_a_file_that_cannot_be_read_says_why(
    world: World, content: bytes, code: str, details: dict[str, object]
) -> None:
    kind = ImportKind.FACTS if content.startswith("事实类别".encode()) else ImportKind.ORGANIZATIONS
    with refused(code, InputError, field="file", **details):
        rows_in(kind, "a.xlsx", content)


@given(st.binary(max_size=400), st.sampled_from(ImportKind), st.sampled_from([True, False]))
def test_no_bytes_break_the_reader(content: bytes, kind: ImportKind, headed: bool) -> None:  # noqa: FBT001
    with suppress(InputError):
        assert rows_in(kind, "a", (csv_text(kind).encode() + b"\r\n" if headed else b"") + content)


@pytest.mark.parametrize("kind", ImportKind)
def test_the_template_is_accepted_once_it_is_filled(kind: ImportKind) -> None:
    book = CalamineWorkbook.from_filelike(BytesIO(template(kind)))

    header = book.get_sheet_by_index(0).to_python()[0]

    assert header == HEADERS[kind]
    assert len(book.get_sheet_by_index(1).to_python()) == len(header) + 1
    line = [column.example for column in COLUMNS[kind]]
    assert list(rows_in(kind, "a.xlsx", workbook(kind, [line]))[0].given.values()) == line


def test_the_guide_names_every_column() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "importing.md").read_text(encoding="utf-8")

    for kind in ImportKind:
        part = guide.split(f"(`{kind.value}`)")[1].split("###")[0]
        for c in COLUMNS[kind]:
            need = "必填 required" if c.required else "可不填 optional"
            assert f"| {c.zh} / {c.en} | `{c.key}` | {need} |" in part


def test_certificates_are_numbered_after_the_highest_that_came_in_from_a_file(world: World) -> None:
    line = ["provincial-studio", "浙劳创2026-0007", "老工作室", unit(3), "", "", "2026-01-15", "浙总工〔2026〕1号", ""]
    other = [line[0], "浙劳创2026-附0900", "附属工作室", *line[3:]]
    load(world, ImportKind.TITLES, workbook(ImportKind.TITLES, [line, other]))

    assert [title.number for title in named(world, 2)] == ["浙劳创2026-0008", "浙劳创2026-0009"]
