"""The pages about letters, run without a browser: the office's, one's own, and what a case's page says of them."""

from typing import Any

import pytest

from models import clock
from models.database import transaction
from models.letter import Letter
from models.sql import update_of
from models.vocabulary import CarrierKind, Habit
from tests import living
from tests.factories import PROVINCE
from tests.living import Living
from tests.ui.pages import opened, press, ran, texts
from workflows.post import preferences, robots
from workflows.post.mail import RefusedLetterError
from workflows.post.preferences import add_way, my_wishes
from workflows.post.returned import undelivered
from workflows.queries import own_letters, post
from workflows.record.acting import Actor, actor_of

_DEAD = update_of(Letter, "dead_at", "error", "attempts")


@pytest.fixture
def there(database: str) -> Living:
    """Answer a round that is open today."""
    return living.living()


def die(who: Actor) -> int:
    """Let every letter to somebody be given up; how many."""
    ids = [one.id for one in own_letters.my_letters(who)]
    with transaction() as store:
        store.run_many(_DEAD, (
            {"old_id": one, "dead_at": clock.now(), "error": "address_unknown (550 no such user)", "attempts": 1}
            for one in ids
        ))  # fmt: skip
    return len(ids)


def labelled(elements: Any, label: str) -> Any:
    """The first element with this label."""
    return next(element for element in elements if element.label == label)


def said(shown: Any) -> str:
    return "\n".join(texts(shown, "text", "caption", "markdown", "info", "warning", "error", "success")).replace(
        "\\", ""
    )


def test_the_office_deals_with_whom_nobody_reached(there: Living) -> None:
    living.submitted(there)
    n = die(there.clerks[0])

    shown = opened("admin_letters", there.administrator)

    assert [(m.label, m.value) for m in shown.metric][1:] == [("未送达", str(n)), ("未送达人数", "1")]
    assert "邮件服务器说没有这个收件地址（550 no such user）。请核对收件人的邮箱。" in said(shown)
    labelled(shown.text_input, "新邮箱（也用于登录）").set_value("zhang@new.example.cn")
    press(shown, "更正邮箱并重寄")
    assert undelivered(there.administrator, root=PROVINCE) == []
    assert actor_of("zhang@new.example.cn").id == there.clerks[0].id
    assert "未送达，请处理" not in said(shown)


def test_a_wrong_new_address_is_refused_in_words_and_stays_to_be_mended(there: Living) -> None:
    living.submitted(there)
    die(there.clerks[0])
    shown = opened("admin_letters", there.administrator)
    labelled(shown.text_input, "新邮箱（也用于登录）").set_value("zhang")

    press(shown, "更正邮箱并重寄")

    assert len(texts(shown, "error")) == 1
    assert labelled(shown.text_input, "新邮箱（也用于登录）").value == "zhang"


def test_who_was_told_by_phone_is_put_down_as_such(there: Living) -> None:
    living.submitted(there)
    die(there.clerks[0])
    shown = opened("admin_letters", there.administrator)
    labelled(shown.text_input, "处理情况，如“已电话告知”").set_value("已电话告知")

    press(shown, "记为已处理")

    assert undelivered(there.administrator, root=PROVINCE) == []
    assert "已电话告知" in shown.dataframe[0].value["情况"].tolist()


def test_letters_are_sent_again_only_with_the_right_number(there: Living) -> None:
    living.submitted(there)
    n = die(there.clerks[0])
    shown = opened("admin_letters", there.administrator)
    assert "重发" not in [button.label for button in shown.button]
    shown.button_group[0].set_value("dead")
    ran(shown)

    press(shown, "试算")
    assert f"会发出{n}封。确定要重发的，请在“封数”中填入{n}。" in said(shown)
    press(shown, "重发")
    assert f"会发出{n}封，不是0封。请核对条件和数量后再试。" in said(shown)
    labelled(shown.number_input, "封数").set_value(n)
    press(shown, "试算")
    assert f"会发出{n}封，共1人。" in said(shown)
    labelled(shown.number_input, "封数").set_value(n)
    press(shown, "重发")

    assert post.stuck(there.administrator, root=PROVINCE)[1:] == (0, 0)
    assert [one.state for one in own_letters.my_letters(there.clerks[0])].count("waiting") == n


def test_the_letters_of_one_person_are_found_by_their_address(there: Living) -> None:
    living.submitted(there)
    shown = opened("admin_letters", there.administrator)
    labelled(shown.text_input, "收件人邮箱").set_value("clerk0@example.cn")
    ran(shown)

    assert set(shown.dataframe[0].value["收件人"]) == {"张建国 <clerk0@example.cn>"}
    labelled(shown.text_input, "收件人邮箱").set_value("nobody@example.cn")
    ran(shown)
    assert "没有符合条件的信件" in said(shown)


def test_a_case_says_what_became_of_its_letters_to_each_as_they_may_know(there: Living) -> None:
    row = living.submitted(there)
    die(there.clerks[0])

    desk = opened("review_case", there.county, id=row.id)
    own = opened("application_status", there.clerks[0], id=row.id)

    assert "通知送达情况（2封，1封未送达）" in [e.label.replace("\\", "") for e in desk.expander]
    assert "张建国（申报人） · 无法送达" in said(desk)
    assert "周丽（本单位） · 待寄 · 下次尝试" in said(desk)
    assert "通知送达情况（1封，1封未送达）" in [e.label.replace("\\", "") for e in own.expander]
    assert "周丽" not in said(own)


def test_ones_own_page_shows_ones_letters_and_keeps_ones_wishes(there: Living) -> None:
    living.submitted(there)
    shown = opened("my_letters", there.clerks[0])
    assert [e.label.replace("\\", "").partition("　")[2] for e in shown.expander][:1] == [
        "【通知】申报已提交：焊接机器人创新工作室"
    ]

    labelled(shown.radio, "仅供知悉的通知").set_value(Habit.DAILY)
    shown.checkbox[0].uncheck()
    press(shown, "保存")

    assert my_wishes(there.clerks[0])[:2] == (Habit.DAILY, False)


def test_a_way_is_added_tried_and_dropped_and_its_secret_never_shown(
    there: Living, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = opened("my_letters", there.county)
    labelled(shown.selectbox, "种类").set_value(CarrierKind.FEISHU)
    labelled(shown.text_input, "名称").set_value("值班群")
    labelled(shown.text_input, "地址").set_value("https://open.feishu.cn/open-apis/bot/v2/hook/0123456789abcdef")
    press(shown, "增加")
    assert [(way.name, way.kind) for way in my_wishes(there.county).ways] == [("值班群", CarrierKind.FEISHU)]
    assert "feishu://**** · 所有信件" in said(shown)
    assert "0123456789abcdef" not in said(shown) + "".join(box.value or "" for box in shown.text_input)

    def refuse(*_told: Any) -> None:
        raise RefusedLetterError("way_refused", reason="404")

    monkeypatch.setattr(robots, "carry", refuse)
    press(shown, "发一条测试")
    assert "对方拒收（404），不再重试。请核对地址、关键词和安全设置。" in said(shown)
    monkeypatch.setattr(robots, "carry", lambda *_told: None)
    press(shown, "发一条测试")
    assert "对方已收下测试消息。" in said(shown)

    press(shown, "停用")
    assert my_wishes(there.county).ways == []


def test_a_wrong_address_of_a_way_is_refused_in_words(there: Living) -> None:
    shown = opened("my_letters", there.county)
    labelled(shown.text_input, "名称").set_value("值班群")
    labelled(shown.text_input, "地址").set_value("https://evil.example.com/")

    press(shown, "增加")

    assert said(shown).count("这不是“企业微信”的有效地址。请粘贴机器人设置页上的完整 https 地址") == 1
    assert labelled(shown.text_input, "名称").value == "值班群"


def test_nobody_has_more_ways_than_there_is_room_for(there: Living) -> None:
    for n in range(preferences.MOST):
        add_way(there.county, kind=CarrierKind.FEISHU, name=f"群{n}", address=f"feishu://0123456789abcde{n}")

    shown = opened("my_letters", there.county)

    assert "增加一种方式" not in [one.label for one in shown.expander]
