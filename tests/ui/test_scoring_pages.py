"""Scoring on the pages: packs are taken along and brought back, questions are answered, a desk looks at its line."""

from collections.abc import Iterator
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest
import structlog

from models import clock
from models.vocabulary import Role
from tests.factories import person
from tests.judging import SCORING, at_desk, experts, judged_round, scored
from tests.ui.test_judging_pages import SCORE, Everywhere, labels_of, shown, table, tick
from tests.ui.test_review_pages import SLATE, opened, press
from tests.workflows.test_score_packs import filled
from tests.worlds import NOW, PROVINCE, World, application, rows
from ui.cli import main
from workflows.judging.score_packs import score_pack
from workflows.queries import judging
from workflows.record.acting import Actor

# A page test picks a round by its name.
OWN = {"zh": "评分的一批", "en": "the one scored"}
QUESTIONS = [
    {"name": "safe", "label": {"zh": "安全达标", "en": "safe"}},
    {"name": "new", "label": {"zh": "有创新", "en": "new"}},
]  # fmt: skip


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    with structlog.testing.capture_logs():
        yield


@pytest.fixture
def judge(world: World) -> Iterator[Actor]:
    """A judge of the province who can sign in; all threads stand at the world's moment."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "_pretended", Everywhere(NOW.astimezone(UTC)))
        yield person("judge1", "评委甲", PROVINCE, Role.EXPERT)


def upload(at: Any, content: bytes) -> Any:
    """The page with a pack put into it."""
    at.file_uploader[0].set_value(("评分.xlsx", content, "application/octet-stream"))
    return at.run()


def test_a_judge_takes_a_pack_along_and_brings_it_back(world: World, judge: Actor) -> None:
    w = judged_round(world, scoring=SCORING)
    ids = sorted(at_desk(w, 2))
    at = opened(judge, SCORE)
    press(at, "准备评分表")
    assert "下载（2件）" in str(at.get("download_button"))
    pack = score_pack(judge, round_id=w.round_id, desk=PROVINCE).content

    upload(at, filled(pack, ["101"], ["80"]))
    assert (table(at, "行"), table(at, "结果")) == ([5, 6], ["有问题", "可提交"])
    assert "应在0至100之间" in table(at, "原因")[0]
    upload(at, filled(pack, ["90"], ["80"]))
    press(at, "提交2份评分")

    assert [judging.sheets(judge, one)[0].total for one in ids] == [9000, 8000]
    assert table(at, "我的评分") == ["已评分", "已评分"]


def test_a_pack_of_another_judge_is_refused_in_words(world: World, judge: Actor) -> None:
    w = judged_round(world, scoring=SCORING)
    at_desk(w, 1)
    other = score_pack(experts(1)[0], round_id=w.round_id, desk=PROVINCE).content

    at = upload(opened(judge, SCORE), filled(other, ["90"]))

    assert "这份评分表是另一位评委的" in shown(at, "error")
    assert rows("SELECT count(*) FROM sheet") == [(0,)]


def test_questions_are_answered_by_yes_and_no(world: World, judge: Actor) -> None:
    w = judged_round(world, scoring={**SCORING, "method": "ratio", "criteria": QUESTIONS})
    [one] = at_desk(w, 1)
    at = opened(judge, SCORE, id=one)

    tick(at, "安全达标", value=True)
    tick(at, "有创新", value=False)
    at.run()
    assert "合计　50" in shown(at).replace("*", "")
    press(at, "提交评分")

    assert [(s.scores, s.total) for s in judging.sheets(judge, one)] == [({"safe": "1", "new": "0"}, 5000)]
    assert "安全达标　是" in shown(at)


def test_a_desk_looks_at_its_line(world: World, judge: Actor) -> None:
    w = judged_round(world, scoring=SCORING, panel={"size": 3}, approval={"cap": 1}, name=OWN)
    ids, judges = at_desk(w, 3), experts(3)
    for one, worth in zip(ids, (90, 80, 70), strict=True):
        scored(one, judges, worth + 2, worth, worth - 2)
    reviewer = person("pages", "郑洁", PROVINCE, Role.REVIEWER)

    at = press(opened(reviewer, SLATE), "分数线分析")

    assert "这条线的稳定度　100%" in shown(at).replace("*", "")
    assert table(at, "位置") == ["线上", "线下", "线下"]
    assert table(at, "标准差") == ["1.63", "1.63", "1.63"]
    moved = dict(zip(table(at, "换一种算法"), table(at, "会有变动的名称"), strict=True))
    assert moved == {
        "去掉最高最低后平均": "没有", "用中位数": "没有", "校正评委宽严": "没有",
        "多一个名额": f"↑{application(ids[1]).subject}",
    }  # fmt: skip
    assert table(at, "宽严") == ["+2.00", "+0.00", "-2.00"]
    assert judge.name not in shown(at)


def test_the_line_is_not_shown_while_sheets_are_missing(world: World, judge: Actor) -> None:
    w = judged_round(world, scoring=SCORING, panel={"size": 3}, name=OWN)
    [one] = at_desk(w, 1)
    scored(one, [judge], 90)
    reviewer = person("pages", "郑洁", PROVINCE, Role.REVIEWER)

    at = press(opened(reviewer, SLATE), "分数线分析")

    assert "评分表未齐" in shown(at, "error")
    assert table(at, "评分表") == ["1 · 应有3份，缺2份"]
    assert "位置" not in labels_of(at)


def test_a_pack_is_written_by_the_command_line(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    w = judged_round(world, scoring=SCORING)
    [one], [expert] = at_desk(w, 1), experts(1)
    out = tmp_path / "out.xlsx"

    main_of("score-pack", str(out), "--round", w.round_id, "--desk", PROVINCE, "--as", expert.email)

    assert capsys.readouterr().out == f"{out}  1\n"
    back = tmp_path / "back.xlsx"
    back.write_bytes(filled(out.read_bytes(), ["90"]))
    given = [f"round_id={w.round_id}", f"desk={PROVINCE}", "filename=back.xlsx", f"content=@{back}"]
    main_of("do", "take-score-pack", *given, "--as", expert.email)
    assert [s.total for s in judging.sheets(expert, one)] == [9000]


def main_of(*words: str) -> None:
    """Run a command; it ends well."""
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code in (0, None)
