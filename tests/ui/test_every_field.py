"""Every field that people type into: bad text is kept whole or refused in words, and shown as text, never as markup."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import structlog
from streamlit.elements.widgets.text_widgets import TextWidgetsMixin
from streamlit.testing.v1 import AppTest

from tests.typed import BAD, END, HUGE, came_to
from tests.ui import faces
from tests.ui.faces import ROOT, Eyes, Faces, eyes, stage, there
from tests.ui.test_pages_and_permissions import ABOUT, ANYBODY, BY_PATH, HAVE, Tried, click, tried

__all__ = ["eyes", "stage", "there", "tried"]

# What would be a picture, a colour or a tag if it were not escaped.
MARKUP = re.compile(r"(?<!\\)!\[x\]\(|(?<!\\):red\[|(?<!\\)<b>")
FIELDS = ("text_input", "text_area")
PRESSING = ("clerk1", "clerk2", "county", "city", "province", "expert0", "administrator", "county_administrator")
SPOKEN = ("markdown", "caption", "title", "header", "subheader", "info", "warning", "error", "success", "toast")


class Site(NamedTuple):
    """Where a field is drawn: the file, and what it is called there."""

    file: str
    label: str


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    with structlog.testing.capture_logs():
        yield


def sites() -> dict[tuple[str, int], Site]:
    """Every field of the source, by file and line."""
    found: dict[tuple[str, int], Site] = {}
    for path in sorted((ROOT / "ui").rglob("*.py")):
        file = str(path.relative_to(ROOT / "ui"))
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in FIELDS:
                lines = range(node.lineno, (node.end_lineno or node.lineno) + 1)
                found |= {(file, line): Site(file, _called(node.args[0])) for line in lines}
    return found


def _called(label: ast.expr) -> str:
    said = label.args[0] if isinstance(label, ast.Call) and label.args else label
    return str(said.value) if isinstance(said, ast.Constant) else ast.unparse(said)


SITES = sites()


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> set[Site]:
    """Answer the fields that pages have drawn."""
    found: set[Site] = set()
    for name in FIELDS:
        real = getattr(TextWidgetsMixin, f"_{name}")

        def listening(self: Any, *args: Any, _real: Any = real, **kwargs: Any) -> Any:
            found.add(_site())
            return _real(self, *args, **kwargs)

        monkeypatch.setattr(TextWidgetsMixin, f"_{name}", listening)
    return found


def _site() -> Site:
    """The place in our pages that draws what is being drawn."""
    frame: Any = sys._getframe(2)  # noqa: SLF001 -- Streamlit does not say who calls
    while not Path(frame.f_code.co_filename).is_relative_to(ROOT / "ui"):
        frame = frame.f_back
    return SITES[str(Path(frame.f_code.co_filename).relative_to(ROOT / "ui")), frame.f_lineno]


# The fields that no page of the stage draws, for nothing there has come so far. A new field stands here, and is tried
# in `tests/ui/test_more_fields.py`, or its verb in `tests/workflows/test_bad_words.py`, or on the stage.
ELSEWHERE = {
    Site(file, label)
    for file, labels in {
        "components/assigning_desk.py": ("理由（必填）", "表示专业领域的申报表字段（可不填）"),
        "components/bulk.py": ("zh", "撤销的原因（必填）"),
        "components/contest.py": ("申诉理由（必填）", "裁决理由（必填）"),
        "components/countersign.py": ("会签人（邮箱）", "意见（不同意时必填）", "理由（必填）"),
        "components/docket_acts.py": ("更正为", "理由"),
        "components/draw_desk.py": ("理由（必填）",),
        "components/extending.py": ("理由（必填）",),
        "components/grading.py": (
            "优秀名额末位同分时如何确定（有则必填）", "复查得分（0—100）", "理由（必填）", "评语",
        ),
        "components/identities.py": ("密码",),
        "components/judging.py": ("原话（除无异议外必填）", "复函文号", "情况（必填）", "理由（必填）"),
        "components/overdue_acts.py": ("催办的话（可不填）", "理由（必填）"),
        "components/paying.py": ("asked", "凭证号", "收回金额（元）", "理由（必填）"),
        "components/pool_desk.py": ("理由（必填）",),
        "components/proof.py": ("请输入密码确认身份",),
        "components/questions.py": ("答复",),
        "components/received.py": ("f'{name}：说明（必填）'",),
        "components/recusal_desk.py": ("姓名", "理由", "答复（申报单位可见，不要写明评委）"),
        "components/requests.py": ("不同意的理由", "统一社会信用代码（18位）", "说明"),
        "components/sheet.py": ("f'{name}（0–{one.most}{share}）'",),
        "components/slate_acts.py": ("不足最少名额的理由（必填）", "同分如何确定先后（必填）", "撤回理由（必填）"),
        "components/subsidy.py": ("开户银行", "收据号", "收款单位（人）", "银行账号"),
        "components/succeeding.py": ("尚未使用的补助（元）", "接任人姓名", "接任人身份证号码", "离任原因（必填）"),
        "components/title_acts.py": ("意见（不同意时必填）", "文号", "理由（必填）"),
        "views/admin_facts.py": ("理由（必填）",),
        "views/admin_letters.py": ("处理情况，如“已电话告知”", "新邮箱（也用于登录）"),
        "views/my_titles.py": ("年度总结（不超过8000字）",),
        "views/review_case.py": ("f'{called[f]}：请写明问题和要求'", "审核意见（可不填）"),
        "views/score.py": ("评语（可不填）",),
    }.items()
    for label in labels
}  # fmt: skip


def test_whatever_is_typed_into_a_page_is_kept_whole_or_refused_in_words(
    there: Faces, eyes: Eyes, drawn: set[Site], tried: list[Tried]
) -> None:
    wrong: set[tuple[str, str, str]] = set()
    kept: set[str] = set()
    for who in PRESSING:
        for path in sorted(ANYBODY | HAVE.get(who, HAVE["clerk1"])):
            for thing in ABOUT.get(path, (None,)):
                page = eyes.open(who, BY_PATH[path].file, thing).page
                for label in sorted({button.label for button in page.button if not button.disabled}):
                    tried.clear()
                    pressed(page, label, eyes)
                    wrong |= {(path, label, said) for said in spoken(page)}
                    found = {(held.verb.__name__, taken(held, text)) for held in tried for text in (BAD, HUGE)}
                    kept |= {name for name, told in found if told == "kept"}
                    wrong |= {(path, name, told) for name, told in found if told in ("cut", "broke")}

    assert there
    assert wrong == set()
    assert kept >= {"ask_office", "chase", "correct", "hold_case", "object_to", "refuse", "report_back"}
    assert set(SITES.values()) - drawn == ELSEWHERE


def pressed(page: AppTest, label: str, eyes: Eyes) -> None:
    """Fill in and press; when that opens a dialog, fill in what it asks for and press every button of it."""
    known = {button.key for button in page.button}
    _fill(page)
    click(page, label)
    eyes.press(page)
    for inner in [button for button in page.button if button.key not in known and not button.disabled]:
        _fill(page)
        click(page, label)
        click(page, inner.label, last=True)
        eyes.press(page)


def _fill(page: AppTest) -> None:
    for field in [*page.text_area, *page.text_input]:
        field.set_value(BAD)


def spoken(page: AppTest) -> list[str]:
    """What of the page would be read as markup, and was typed."""
    said = [str(element.value) for kind in SPOKEN for element in getattr(page, kind)]
    said += [str(element.label) for element in (*page.button, *page.expander, *page.checkbox)]
    return [text for text in said if END in text and MARKUP.search(text)]


def taken(held: Tried, text: str) -> str:
    """How a verb took a text in the place of the one that was typed; empty when it was given none."""
    return came_to(lambda text: held.verb(*_with(held.args, text), **_with(dict(held.kwargs), text)), text)


def _with(given: Any, text: str) -> Any:
    """What a verb was given, with another text in the place of the one that was typed."""
    match given:
        case Enum():
            return given
        case str():
            return given.replace(BAD, text)
        case dict():
            return {name: _with(one, text) for name, one in given.items()}
        case list():
            return [_with(one, text) for one in given]
        case tuple() if not hasattr(given, "_fields"):
            return tuple(_with(one, text) for one in given)
    return given


@pytest.fixture
def marked(sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Faces:
    """Stand in the province, where everything that people wrote is bad text."""
    for name in ("OBJECTOR", "DRAFTED", "TOPICS", "OPINION", "SHEET_WORDS", "RECUSAL"):
        monkeypatch.setattr(faces, name, BAD)
    (tmp_path / "shenbao.db").write_bytes(sqlite_template.read_bytes())
    faces._enter(monkeypatch, f"sqlite:///{tmp_path / 'shenbao.db'}", tmp_path)  # noqa: SLF001 -- one world more
    return faces.build()


def test_what_was_typed_is_shown_as_text_to_everybody_who_reads_it(
    marked: Faces, monkeypatch: pytest.MonkeyPatch
) -> None:
    watching, wrong, readers = Eyes(marked, monkeypatch), set(), set()
    for who in PRESSING:
        for path in sorted(ANYBODY | HAVE.get(who, HAVE["clerk1"])):
            for thing in ABOUT.get(path, (None,)):
                seen = watching.open(who, BY_PATH[path].file, thing)
                wrong |= {(who, path, said) for said in spoken(seen.page)}
                readers |= {who} if END.encode() in seen.sent else set()

    assert wrong == set()
    assert readers >= {"clerk1", "county", "province"}
