"""The figures' page as a script sees it: each chart with its table, its words in both languages, and its file."""

import csv
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from models import clock
from models.vocabulary import Role
from tests import living
from tests.factories import COUNTY, PROVINCE, person
from tests.living import Living
from tests.ui.pages import keyed, opened, ran, texts
from tests.worlds import application, rows
from workflows.batches.exporting import export
from workflows.clocks.sweep import sweep
from workflows.clocks.tallying import note_day
from workflows.desk.reviews import send_back
from workflows.record.acting import Actor


@pytest.fixture
def there(database: str) -> Living:
    """Answer a round with two cases of the county."""
    made = living.living()
    living.submitted(made, 0, days_ago=9)
    living.submitted(made, 1, days_ago=8)
    return made


def part(shown: Any, name: str) -> Any:
    """The page with another figure shown."""
    keyed(shown.segmented_control, "figures:part").set_value(name)
    return ran(shown)


def tabled(shown: Any) -> list[list[Any]]:
    """The rows of the table under the chart."""
    return shown.dataframe[-1].value.to_numpy().tolist()  # type: ignore[no-any-return]


def filed(who: Actor, name: str, folder: Path, language: str = "zh", **arguments: str) -> list[list[str]]:
    """The same as a file, without its head."""
    file = folder / f"{name}-{language}.csv"
    export(who, name, file, arguments, language=language)
    return list(csv.reader(file.read_text(encoding="utf-8-sig").splitlines()))[1:]


def test_the_funnel_is_a_chart_a_table_and_a_file(there: Living, tmp_path: Path) -> None:
    shown = opened("admin_figures", there.administrator)

    stages = ["已申报", "到达县级", "到达市级（产业）", "到达省级", "列入推荐名单", "进入公示", "已命名"]
    numbers = [2, 2, 0, 0, 0, 0, 0]
    assert [(row[0], row[1]) for row in tabled(shown)] == list(zip(stages, numbers, strict=True))
    [chart] = shown.get("vega_lite_chart")
    assert chart.proto.alt == "各环节申报件数：" + "，".join(f"{a} {n}" for a, n in zip(stages, numbers, strict=True))
    told = filed(there.administrator, "funnel", tmp_path, root=PROVINCE, round=there.round_id)
    assert [row[:2] for row in told] == [[stage, str(n)] for stage, n in zip(stages, numbers, strict=True)]


def test_every_figure_is_drawn_in_both_languages(there: Living, tmp_path: Path) -> None:
    case = application(rows("SELECT id FROM application ORDER BY id")[0][0])
    with clock.at(clock.now() - timedelta(days=3)):
        send_back(there.county, case.id, faults=[{"field": "topics", "words": "请补充"}], seen=case.version)
    sweep()
    note_day()
    shown = opened("admin_figures", there.administrator)
    told = {"ageing": "现在各级已等待的工作日", "throughput": "近12周每周办结", "quota": "各单位名额使用",
            "where": "地区与环节"}  # fmt: skip
    for name, zh in told.items():
        assert zh in texts(part(shown, name), "subheader"), name
        assert len(shown.get("vega_lite_chart")) == len(shown.dataframe) == 1, name

    reader = there.administrator._replace(language="en")
    assert filed(reader, "quota-use", tmp_path, "en", root=PROVINCE, round=there.round_id)[-1] == [
        COUNTY, "西湖区总工会", "county federation", "3", "0", "0", "3",
    ]  # fmt: skip
    waits = filed(reader, "ageing", tmp_path, "en", root=PROVINCE)
    assert sum(int(row[2]) for row in waits) == 1
    assert waits[-1][1] == "41 or more"


def test_an_office_without_a_round_is_told_what_to_do(there: Living) -> None:
    below = person("below", "陈红", COUNTY, Role.ADMINISTRATOR)

    shown = opened("admin_figures", below)

    assert texts(shown, "info") == ["还没有本单位组织的批次。请先在“申报批次”中建立。"]
    assert [row[0] for row in tabled(part(shown, "quota"))] == ["西湖区总工会"]
    with clock.at(clock.now() + timedelta(days=1)):
        assert texts(part(shown, "throughput"), "info") != []
