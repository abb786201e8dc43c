"""Score packs: cases go out as a workbook and come back once, whole, and only as they went."""

import zipfile
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook

from models.errors import ForbiddenError, InputError, RefusedError
from models.settings import settings
from models.vocabulary import InspectionKind, Role
from tests.counting import statements
from tests.judging import CRITERIA, SCORING, at_desk, experts, judged_round, scored, sealed
from tests.worlds import PROVINCE, World, application, everything, person, refused, rows
from workflows.desk.inspecting import inspect
from workflows.judging.score_packs import Taken, check_score_pack, score_pack, take_score_pack
from workflows.judging.scoring import recuse, score
from workflows.queries.judging import sheets
from workflows.record.acting import Actor

HALVES = {**SCORING, "half_points": True}
BANDS = [{"name": "benefit", "label": {"zh": "效益", "en": "Benefit"}, "most": 30, "marks": [
    {"words": {"zh": "好", "en": "good"}, "at_least": 20}, {"words": {"zh": "一般", "en": "fair"}, "at_least": 0},
]}]  # fmt: skip


def cells(content: bytes) -> list[list[str]]:
    """The cells of a pack's sheet, as texts."""
    sheet = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0)
    return [[str(cell) for cell in line] for line in sheet.to_python(skip_empty_area=False)]


def book(lines: list[list[str]]) -> bytes:
    """A workbook of these cells, as another program would save it."""
    out = BytesIO()
    with Workbook(out, {"in_memory": True}) as made:
        sheet = made.add_worksheet()
        for n, line in enumerate(lines):
            for column, cell in enumerate(line):
                if cell:
                    sheet.write_string(n, column, cell)
    return out.getvalue()


def filled(content: bytes, *lines: list[str]) -> bytes:
    """A pack with what a judge typed in its lines: points, then words."""
    found = cells(content)
    for n, typed in enumerate(lines, 4):
        found[n][6 : 6 + len(typed)] = typed
    return book(found)


def down(w: World, judge: Actor) -> bytes:
    """A judge's pack."""
    return score_pack(judge, round_id=w.round_id, desk=PROVINCE).content


def up(w: World, judge: Actor, content: bytes, **more: Any) -> Taken:
    """A judge's pack, taken back."""
    return take_score_pack(judge, round_id=w.round_id, desk=PROVINCE, filename="评分.xlsx", content=content, **more)


def test_a_pack_holds_ones_cases_with_columns_limits_and_bands(world: World) -> None:
    w = judged_round(world, scoring={**SCORING, "criteria": BANDS})
    ids, [judge] = sorted(at_desk(w, 2)), experts(1)
    scored(ids[0], [judge], {"benefit": "25"})

    pack = score_pack(judge, round_id=w.round_id, desk=PROVINCE)
    lines = cells(pack.content)

    assert pack.cases == 2
    assert lines[1][:5] == ["shenbao-score-pack/1", w.round_id, PROVINCE, judge.id, application(ids[0]).programme]
    assert lines[2][3:] == ["受理编号", "名称", "申报单位", "效益", "评语（可不填）"]
    assert lines[3][6] == "0–30（1）\n[20, 30] 好\n[0, 20) 一般"
    assert [(line[0], line[3], line[6]) for line in lines[4:]] == [
        (ids[0], application(ids[0]).receipt, "25"), (ids[1], application(ids[1]).receipt, ""),
    ]  # fmt: skip


def test_a_pack_has_no_formula_and_no_link_whatever_people_are_called(world: World) -> None:
    w = judged_round(world, scoring=SCORING)
    at_desk(w, 1, studio_name='=HYPERLINK("http://x.example","y")')
    [judge] = experts(1)

    content = down(w, judge)

    with zipfile.ZipFile(BytesIO(content)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    assert ("<f>" in sheet, "<hyperlink" in sheet, "sheetProtection" in sheet) == (False, False, True)
    assert '=HYPERLINK("http://x.example","y")' in cells(content)[4]


def test_a_filled_in_pack_writes_every_sheet_and_the_same_file_again_changes_nothing(world: World) -> None:
    w = judged_round(world, scoring=HALVES)
    ids, [judge] = sorted(at_desk(w, 3)), experts(1)
    content = filled(down(w, judge), ["88.5", "扎实"], ["90"], [])

    assert up(w, judge, content) == Taken(2, 0, 1, [], same=False)

    assert [(s.total, s.words) for one in ids for s in sheets(judge, one)] == [(8850, "扎实"), (9000, "")]
    before = everything()
    assert up(w, judge, content) == Taken(0, 2, 1, [], same=True)
    assert up(w, judge, down(w, judge)) == Taken(0, 2, 1, [], same=True)
    assert everything() == before


def test_the_same_file_changes_nothing_even_once_the_list_is_sealed(world: World) -> None:
    w = judged_round(world, scoring=SCORING)
    [one], [judge] = at_desk(w, 1), experts(1)
    content = filled(down(w, judge), ["90"])
    up(w, judge, content)
    sealed(w, [one])

    assert up(w, judge, content) == Taken(0, 1, 0, [], same=True)


def test_all_that_is_wrong_is_told_line_by_line_and_nothing_is_written(world: World) -> None:
    w = judged_round(world, scoring={**SCORING, "criteria": CRITERIA})
    ids, [judge] = sorted(at_desk(w, 3)), experts(1)
    content = filled(down(w, judge), ["101", "80.5", "41.5"], ["85", "90", "41.5"], ["x", "", "1"])
    before = everything()

    with refused("pack_faults", RefusedError, count=2) as told:
        up(w, judge, content)

    found = told.details["rows"]
    assert [(row["line"], row["code"], [f["code"] for f in row["details"]["faults"]]) for row in found] == [
        (5, "faults", ["points_over", "points_step"]), (7, "faults", ["points_unreadable", "points_missing"]),
    ]  # fmt: skip
    assert everything() == before
    checked = check_score_pack(judge, round_id=w.round_id, desk=PROVINCE, filename="评分.xlsx", content=content)
    assert [fate.fate for fate in checked] == ["bad", "new", "bad"]
    assert everything() == before
    taken = up(w, judge, content, partial=True)
    assert (taken.written, [fate.line for fate in taken.refused], taken.same) == (1, [5, 7], False)
    assert [len(sheets(judge, one)) for one in ids] == [0, 1, 0]


def test_a_sheet_that_says_something_else_is_refused_by_its_line(world: World) -> None:
    w = judged_round(world, scoring=SCORING)
    ids, [judge] = sorted(at_desk(w, 2)), experts(1)
    pack = down(w, judge)
    score(judge, ids[0], scores={"total": "90.0"})

    with refused("pack_faults", RefusedError, count=1) as told:
        up(w, judge, filled(pack, ["91"], ["80"]))

    receipt = application(ids[0]).receipt
    assert told.details["rows"] == [{
        "line": 5, "receipt": receipt, "subject": application(ids[0]).subject, "code": "sheet_differs",
        "details": {"receipt": receipt},
    }]  # fmt: skip
    assert up(w, judge, filled(pack, ["90"], ["80"])) == Taken(1, 1, 0, [], same=False)


def test_a_pack_edited_where_it_is_locked_is_refused_with_its_lines(world: World) -> None:
    w = judged_round(world, scoring=SCORING)
    ids, [judge] = sorted(at_desk(w, 2)), experts(1)
    found = cells(filled(down(w, judge), ["90"], ["80"]))
    for place, typed in ((0, ids[0]), (1, "99"), (3, "other"), (4, "another name")):
        lines = [list(line) for line in found]
        lines[5][place] = typed
        with refused("pack_edited", RefusedError, count=1) as told:
            up(w, judge, book(lines), partial=True)
        assert [(row["line"], row["code"]) for row in told.details["rows"]] == [(6, "pack_line_edited")]
    with refused("pack_cases_differ", RefusedError, count=1):
        up(w, judge, book(found[:5]))
    with refused("pack_cases_differ", RefusedError, count=3):
        up(w, judge, book([*found, found[5]]))
    moved = [*found[:2], [*found[2][:6], found[2][7], found[2][6]], *found[3:]]
    with refused("pack_columns", InputError):
        up(w, judge, book(moved))
    assert rows("SELECT count(*) FROM sheet") == [(0,)]
    # Sorting the lines is no edit.
    assert up(w, judge, book([*found[:4], found[5], found[4]])).written == 2


def test_a_pack_for_somebody_or_something_else_is_refused_with_which(world: World) -> None:
    w = judged_round(world, scoring=SCORING)
    at_desk(w, 1)
    judges = experts(2)
    content = filled(down(w, judges[0]), ["90"])
    other = judged_round(world, scoring=SCORING)

    with refused("pack_other_judge", RefusedError):
        up(w, judges[1], content)
    with refused("pack_other_round", RefusedError):
        up(other, judges[0], content)
    with refused("not_your_desk", ForbiddenError):
        take_score_pack(judges[0], round_id=w.round_id, desk="330100", filename="a.xlsx", content=content)
    lines = cells(content)
    for place, code in ((2, "pack_other_desk"), (4, "pack_other_programme"), (5, "pack_cases_differ")):
        changed = [list(line) for line in lines]
        changed[1][place] = "x"
        with refused(code, RefusedError):
            up(w, judges[0], book(changed))
    assert rows("SELECT count(*) FROM sheet") == [(0,)]


def test_a_forged_pack_is_not_signed_by_this_house(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    w = judged_round(world, scoring=SCORING)
    at_desk(w, 1)
    [judge] = experts(1)
    content = filled(down(w, judge), ["90"])
    assert len((settings().data_dir / "secret.key").read_bytes()) == 32
    monkeypatch.setenv("SHENBAO_SECRET", "another house")
    settings.cache_clear()

    with refused("pack_edited", RefusedError, count=1):
        up(w, judge, content)


def test_what_changed_since_is_refused_and_what_nobody_may_score_is_not_in_a_pack(world: World) -> None:
    w = judged_round(world, scoring=SCORING, site_visit={"step": "province"})
    ids, judges = sorted(at_desk(w, 2)), experts(2)
    content = filled(down(w, judges[0]), ["90"], ["80"])
    inspect(w.province, ids[1], kind=InspectionKind.SITE_VISIT, held_on=date(2026, 3, 2), words="属实")
    recuse(judges[0], ids[0], judges[0].id, reason="亲属")

    with refused("pack_faults", RefusedError, count=2) as told:
        up(w, judges[0], content)
    assert [row["code"] for row in told.details["rows"]] == ["recused", "pack_case_changed"]
    assert [line[0] for line in cells(down(w, judges[0]))[4:]] == [ids[1]]
    recuse(judges[0], ids[1], judges[0].id, reason="亲属")
    with refused("nothing_to_score", RefusedError):
        down(w, judges[0])


def test_a_pack_never_takes_more_cases_than_a_judge_may_have(world: World) -> None:
    w = judged_round(world, scoring=SCORING, panel={"size": 1, "most_cases": 2})
    at_desk(w, 3)
    [judge] = experts(1)

    with refused("pack_faults", RefusedError, count=1) as told:
        up(w, judge, filled(down(w, judge), ["90"], ["80"], ["70"]))

    assert [(row["line"], row["code"]) for row in told.details["rows"]] == [(7, "judge_full")]


@pytest.mark.parametrize(("method", "typed", "total"), [("vote", "是", 10_000), ("vote", "no", 0), ("ratio", "否", 0)])
def test_votes_and_ratios_are_answered_by_yes_and_no(world: World, method: str, typed: str, total: int) -> None:
    w = judged_round(world, scoring={**SCORING, "method": method})
    [one], [judge] = at_desk(w, 1), experts(1)

    assert up(w, judge, filled(down(w, judge), [typed])).written == 1

    assert [s.total for s in sheets(judge, one)] == [total]
    assert up(w, judge, down(w, judge)).same


def test_what_is_no_pack_or_too_large_is_refused_before_it_is_opened(world: World) -> None:
    w = judged_round(world, scoring=SCORING)
    at_desk(w, 1)
    [judge] = experts(1)

    for content in (b"a,b\n1,2\n", book([["x"]] * 9)):
        with refused("pack_file", InputError):
            up(w, judge, content)
    with refused("import_file", InputError):
        up(w, judge, b"PK\x03\x04 no zip")
    bomb = BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/worksheets/sheet1.xml", b"<sheetData>" + b" " * 201_000_000)
    with refused("import_too_big", InputError):
        up(w, judge, bomb.getvalue())


def test_a_pack_is_read_and_written_at_once_however_many_cases(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    w = judged_round(world, scoring=SCORING)
    at_desk(w, 4)
    judges = experts(2)
    packs = [down(w, judge) for judge in judges]
    with statements(monkeypatch) as one:
        up(w, judges[0], filled(packs[0], ["90"]))
    with statements(monkeypatch) as four:
        up(w, judges[1], filled(packs[1], ["90"], ["80"], ["70"], ["60"]))

    assert len(one) == len(four)


def test_a_reviewer_outside_the_desk_gets_no_pack(world: World) -> None:
    w = judged_round(world, scoring=SCORING)
    at_desk(w, 1)

    for who in (w.city, w.admin, w.clerks[0], person("e", "330100", Role.EXPERT)):
        with refused("not_your_desk", ForbiddenError):
            down(w, who)
