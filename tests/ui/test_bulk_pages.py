"""Many cases at once, on the page and the command line; and no typed word lost to a colleague's click."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import structlog
from streamlit.testing.v1 import AppTest

from models import clock
from models.application import Application
from models.vocabulary import Role, State
from tests import factories
from tests.factories import COUNTY, World
from tests.tampering import by_hand
from tests.ui.pages import keyed, opened, press, ran, texts
from ui.cli import main
from workflows.desk import reviews
from workflows.people import own_sessions
from workflows.queries import applications


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    with structlog.testing.capture_logs():
        yield


@pytest.fixture
def there(database: str) -> World:
    return factories.world(2)


def now(there: World, row: Application) -> Application:
    """The application as it is now."""
    return applications.application(there.county, row.id).application


def plan(*cases: Application, act: str = "check", arguments: str = "opinion=材料齐全") -> bytes:
    """A plan file of one row."""
    return f"cases,act,arguments\n{' '.join(str(c.receipt) for c in cases)},{act},{arguments}\n".encode()


def chosen(shown: AppTest, row: int) -> AppTest:
    """Select a row of the list of batches."""
    [key] = [str(d.key) for d in shown.dataframe if "bulk:batches" in str(d.key)]
    shown.session_state[key] = {"selection": {"rows": [row], "columns": [], "cells": []}}
    return ran(shown)


def test_a_plan_is_tried_by_name_applied_and_undone(there: World) -> None:
    first, second = factories.submitted(there, 0), factories.submitted(there, 1)
    shown = opened("bulk", there.county)
    # A name as long as files may have them, longer than a batch is called.
    shown.file_uploader[0].set_value((f"周三{'w' * 240}.csv", plan(first, second), "text/csv"))
    ran(shown)

    assert "将办理2项，发出2封信。" in texts(shown, "text")
    told = next(iter(shown.dataframe[0].value.to_dict("list").values()))
    assert told[0] == f"办理{first.receipt} {first.subject} 申报：审核通过。"
    press(shown, "办理2项")
    assert [now(there, row).checked for row in (first, second)] == [True, True]
    assert any("没有重复办理" in said for said in texts(shown, "warning"))

    shown = chosen(shown, 0)
    next(area for area in shown.text_area if str(area.key).startswith("reason:")).set_value("选错了")
    press(shown, "整批撤销")
    assert [now(there, row).checked for row in (first, second)] == [False, False]


def test_a_plan_with_a_grave_act_asks_for_the_password(there: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_sessions, "GRAVE", frozenset({"check"}))
    row = factories.submitted(there, 0)
    shown = opened("bulk", there.county)
    by_hand("UPDATE session SET created_at = :then", then=clock.now() - timedelta(hours=1))
    shown.text_area[0].set_value(plan(row).decode())
    ran(shown)

    press(shown, "办理1项")

    assert texts(shown, "error")[0].startswith("这一步比较重要，请先在页面上方确认身份")
    assert not now(there, row).checked


def test_an_impossible_row_is_named_and_left_out_only_when_asked(there: World) -> None:
    first, second = factories.submitted(there, 0), factories.submitted(there, 1)
    reviews.check(there.county, second.id, seen=second.version)
    shown = opened("bulk", there.county)
    shown.text_area[0].set_value(plan(first, second).decode())
    ran(shown)

    assert f"申报{second.receipt}已经审核通过".replace("-", "\\-") in texts(shown, "error")[0]
    assert keyed(shown.button, "bulk:file:apply").disabled
    keyed(shown.checkbox, "bulk:file:skip").check()
    ran(shown)
    press(shown, "办理1项")
    assert now(there, first).checked


def test_a_plan_that_cannot_be_read_is_refused_in_words(there: World) -> None:
    shown = opened("bulk", there.county)
    shown.text_area[0].set_value("cases,act\n,check")
    ran(shown)

    assert "空白不代表全部" in texts(shown, "error")[0]


def test_the_command_line_tries_applies_and_does_it_once(
    there: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    row = factories.submitted(there, 0)
    file = tmp_path / "周三.csv"
    file.write_bytes(plan(row))
    given = ["apply", str(file), "--as", there.county.email]

    exits = []
    for words in ([*given, "--dry-run"], [*given, "--json"], [*given, "--json"], [*given, "--again"], given):
        with pytest.raises(SystemExit) as ended:
            main(words)
        exits.append(ended.value.code or 0)

    out, err = capsys.readouterr()
    lines = out.splitlines()
    assert exits == [0, 0, 0, 3, 0]
    assert lines[0] == "将办理1项，发出1封信。"
    first, second = (json.loads(line) for line in lines if line.startswith("{"))
    assert ((first["is_new"], second["is_new"]), first["batch"]) == ((True, False), second["batch"])
    assert "1项中有1项不能办理，整份计划不予执行" in err
    assert "没有重复办理" in lines[-1]


def test_of_two_officers_the_late_one_is_told_who_when_and_what_and_keeps_their_words(there: World) -> None:
    row = factories.submitted(there, 0)
    colleague = factories.person("colleague", "钱进", COUNTY, Role.REVIEWER)
    kept = AppTest.from_function(_late_form, default_timeout=60)
    kept.session_state["about"] = (there.county, row.id, row.version)
    ran(kept)
    kept.text_area[0].set_value("材料不实，经核实无此设备")
    reviews.check(colleague, row.id, seen=row.version)

    kept.button[0].click()
    ran(kept)

    [told] = texts(kept, "error")
    assert all(word in told for word in ("钱进", "审核通过", "于"))
    assert now(there, row).state is State.COUNTY_REVIEW
    # The form about the case as it is now holds the words still.
    kept.session_state["about"] = (there.county, row.id, row.version + 1)
    ran(kept)
    assert kept.text_area[0].value == "材料不实，经核实无此设备"
    kept.button[0].click()
    ran(kept)
    assert now(there, row).state is State.REFUSED
    # And what was sent is not offered again.
    kept.session_state["about"] = (there.county, row.id, row.version + 2)
    ran(kept)
    assert kept.text_area[0].value == ""


def _late_form() -> None:
    import streamlit as st  # noqa: PLC0415 -- slow import

    from ui.attempt import attempt  # noqa: PLC0415 -- slow import
    from ui.components import keys  # noqa: PLC0415 -- slow import
    from workflows.desk import reviews as acts  # noqa: PLC0415 -- slow import

    actor, case, version = st.session_state["about"]
    key = keys.token("refuse", case, version)
    with st.form(f"form:{key}"):
        reason = st.text_area("理由", key=f"reason:{key}")
        sent = st.form_submit_button("不予受理")
    if sent:
        attempt(acts.refuse, actor, case, reason=reason, seen=version, key=key, done="好")
