"""The import page and its command line: a file checked, corrected and loaded by an administrator."""

import json
from pathlib import Path

import pytest

from models.vocabulary import ImportKind
from tests import living
from tests.factories import COUNTY, PROVINCE, unit
from tests.living import Living
from tests.ui.pages import keyed, opened, press, ran, texts
from tests.worlds import rows
from ui.cli import main
from workflows.importing.columns import COLUMNS

HEADER = ",".join(column.zh for column in COLUMNS[ImportKind.ORGANIZATIONS])
BAD = f"12345,坏代码企业,{COUNTY},,是,"


def lines(*numbers: int) -> list[str]:
    return [f"{unit(n)},第{n}企业,{COUNTY},,是," for n in numbers]


def csv(*given: str) -> bytes:
    return "\n".join([HEADER, *given]).encode()


@pytest.fixture
def there(database: str) -> Living:
    """Answer a province with an administrator."""
    return living.living()


def test_a_file_is_checked_row_by_row_and_loaded_without_its_bad_rows(there: Living) -> None:
    shown = opened("admin_imports", there.administrator)
    shown.file_uploader[0].set_value(("单位.csv", csv(*lines(501, 502), BAD), "text/csv"))
    ran(shown)

    assert [(m.label, m.value) for m in shown.metric] == [("新增", "2"), ("已有", "0"), ("有问题", "1")]
    told = shown.dataframe[0].value.to_dict("list")
    assert (told["行"], told["结果"]) == ([4, 2, 3], ["有问题", "新增", "新增"])
    assert told["原因"][0] == "“12345”不是有效的统一社会信用代码，应为18位，请核对。"
    assert keyed(shown.button, "imports:load").disabled

    keyed(shown.checkbox, "imports:skip").check()
    ran(shown)
    press(shown, "导入")

    assert rows("SELECT count(*) FROM organization WHERE name IN ('第501企业', '第502企业')") == [(2,)]
    assert [(m.label, m.value) for m in shown.metric] == [("新增", "0"), ("已有", "2"), ("有问题", "1")]


def test_a_file_that_is_none_of_ours_is_refused_in_words(there: Living) -> None:
    shown = opened("admin_imports", there.administrator)
    shown.file_uploader[0].set_value(("a.csv", "代码,名字\n1,2".encode(), "text/csv"))
    ran(shown)

    assert "没有“代码”这一列" in texts(shown, "error")[0]


def test_the_command_line_checks_and_loads_the_same_file(
    there: Living, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "单位.csv"
    file.write_bytes(csv(*lines(501), BAD))
    given = ["organizations", str(file), "--as", there.administrator.email, "--union", PROVINCE, "--json"]

    exits = []
    for words in (["check", *given], ["load", *given], ["load", *given, "--skip-bad"], ["load", *given, "--skip-bad"]):
        with pytest.raises(SystemExit) as ended:
            main(["import", *words])
        exits.append(ended.value.code or 0)

    printed = capsys.readouterr()
    said = [json.loads(line) for line in printed.out.splitlines()]
    done = {"state": "done", "rows": 2, "new": 1, "known": 0, "bad": 1}
    assert exits == [3, 2, 0, 0]
    assert (said[0]["counts"], said[1:]) == ({"new": 1, "known": 0, "bad": 1}, [done, done])
    assert printed.err.startswith("有1行不能导入（第3行），整个文件都没有导入。")
    assert [row["fate"] for row in said[0]["rows"]] == ["new", "bad"]
    assert rows("SELECT count(*) FROM organization WHERE name = '第501企业'") == [(1,)]


def test_the_template_is_written_where_one_asks(tmp_path: Path) -> None:
    with pytest.raises(SystemExit):
        main(["import", "template", "facts", str(tmp_path / "事实.xlsx")])

    assert (tmp_path / "事实.xlsx").read_bytes().startswith(b"PK")
