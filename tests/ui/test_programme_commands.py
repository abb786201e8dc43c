"""The command line about programme files: what it prints, and the exit code it ends with."""

import json
import tomllib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from models import clock
from models.programme import FOLDER, catalogue
from models.settings import settings
from ui import cli

Said = Callable[..., tuple[str, int]]
STUDIO = FOLDER / "provincial-studio.toml"


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Said:
    """Run a command; answers its output and its exit code."""

    def run(*arguments: str) -> tuple[str, int]:
        monkeypatch.setattr("sys.argv", ["shenbao", *arguments])
        code = 0
        try:
            cli.main(["programme", *arguments])
        except SystemExit as end:
            code = int(end.code or 0)
        shown = capsys.readouterr()
        return shown.out + shown.err, code

    return run


def test_a_file_with_errors_ends_with_2_and_says_each_with_its_line(said: Said, tmp_path: Path) -> None:
    file = tmp_path / "ours.toml"
    file.write_text(STUDIO.read_text(encoding="utf-8").replace("cap = 70", "cap = 0"), encoding="utf-8")
    line = file.read_text(encoding="utf-8").split("cap = 0")[0].count("\n") + 1

    printed, code = said("check", str(file))

    assert (printed, code) == (f"第{line}行 错误 out_of_range：“cap”是0，应> 0。请填写范围内的数。\n", 2)


def test_warnings_alone_end_with_0_and_json_has_the_whole_list(said: Said, tmp_path: Path) -> None:
    file = tmp_path / "ours.toml"
    old = STUDIO.read_text(encoding="utf-8").replace("valid_until = 2026-12-31", "valid_until = 2025-12-31")
    file.write_text(old.replace('criteria = ["results"]', 'criteria = ["team_size"]'), encoding="utf-8")

    with clock.at(datetime(2026, 1, 5, tzinfo=UTC)):
        printed, code = said("check", str(file), "--json")

    told = json.loads(printed)
    assert (code, told["ok"], told["programme"], told["errors"]) == (0, True, "provincial-studio@1", 0)
    assert [(one["severity"], one["code"]) for one in told["findings"]] == [("warning", "approval_over")]


def test_english_is_spoken_where_it_is_set(said: Said, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHENBAO_LANGUAGE", "en")
    settings.cache_clear()
    file = tmp_path / "ours.toml"
    file.write_text("x =", encoding="utf-8")

    assert said("check", str(file)) == (
        (
            "Line 1 error toml_value: What stands after the equals sign is no value. "
            "Texts stand in double quotes, a day is 2026-12-31, yes or no is true or false.\n"
        ),
        2,
    )


def test_a_file_that_is_not_there_is_said_plainly(said: Said) -> None:
    printed, code = said("check", "nowhere.toml")

    assert (printed, code) == ("读不到文件“nowhere.toml”，请检查路径和权限。\n", 2)


def test_five_megabytes_are_refused_unread(said: Said, tmp_path: Path) -> None:
    file = tmp_path / "big.toml"
    file.write_bytes(b"a" * 5_000_000)

    printed, code = said("check", str(file))

    assert (printed.split("：")[0], code) == ("第1行 错误 file_too_big", 2)


def test_a_plan_names_each_tiers_days_and_ends_with_3_when_it_cannot_hold(said: Said) -> None:
    with clock.at(datetime(2026, 1, 5, tzinfo=UTC)):
        printed, code = said("plan", "provincial-studio", "--decision-by", "2026-03-20", "--opens", "2026-03-01")

    lines = printed.splitlines()
    assert (lines[0], lines[-2], code) == ("最迟截止申报 2026年2月2日", "最迟决定 2026年3月20日", 3)
    assert lines[1] == "县（市、区）总工会：2026年2月2日起，2026年2月9日前审完，2026年2月10日前交出"
    assert lines[-1].startswith("✗ 最迟2026年2月2日")


def test_a_plan_as_json_says_whether_it_holds_and_whether_it_is_provisional(said: Said) -> None:
    with clock.at(datetime(2026, 1, 5, tzinfo=UTC)):
        printed, code = said("plan", str(STUDIO), "--decision-by", "2027-06-30", "--json")

    told = json.loads(printed)
    assert (code, told["feasible"], told["provisional"], told["decision_by"]) == (0, True, True, "2027-06-30")
    assert [stop["rung"] for stop in told["stops"]] == ["county", "city-or-industry", "province"]


def test_a_clone_is_a_file_again(said: Said, tmp_path: Path) -> None:
    printed, code = said("clone", "provincial-studio", "--year", "2027")

    content = tomllib.loads(printed)
    assert (code, content["version"], content["valid_from"].year) == (0, 2, 2027)
    file = tmp_path / "next.toml"
    file.write_text(printed, encoding="utf-8")
    assert said("diff", "provincial-studio", str(file)) == (
        "启用日期由2024年1月1日改为2027年1月1日\n批准依据的批准期截止由2026年12月31日改为2029年12月31日\n",
        0,
    )


@pytest.mark.parametrize("code", catalogue())
def test_every_programme_is_drawn(said: Said, code: str) -> None:
    printed, end = said("diagram", code)

    assert (printed.splitlines()[0], end) == ("stateDiagram-v2", 0)


def test_a_programme_nobody_knows_is_named_with_those_there_are(said: Said) -> None:
    printed, code = said("diagram", "nothing")

    assert (printed[:22], code) == ("没有代码为“nothing”的项目，可用的有", 2)
