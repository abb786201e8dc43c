"""A message of ours is byte for byte what the library makes of the same words."""

from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage

import pytest

from models import clock
from models.settings import settings
from workflows.post.mail import compose, message_id

NOW = datetime(2026, 3, 3, 1, 0, tzinfo=UTC)
BODIES = (
    "您好：\n\n杭州市总工会已推荐该申报。\n",
    "no end of a line",
    "of\r\nthree\rkinds\n",
    "\n\n",
    "字" * 500 + "\n" + "a line\n" * 50,
)


def by_the_book(name: str, email: str, subject: str, body: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = settings().mail_from
    message["To"] = Address(name, addr_spec=email)
    message["Subject"] = subject
    message["Date"] = NOW
    message["Message-ID"] = message_id("e-1")
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(body, cte="base64")
    return message


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("sender", ["shenbao@zj.example.cn", "浙江省总工会 <shenbao@zj.example.cn>"])
def test_what_every_letter_has_is_made_once_and_stays_what_it_was(
    monkeypatch: pytest.MonkeyPatch, sender: str, body: str
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setenv("SHENBAO_MAIL_FROM", sender)
    settings.cache_clear()

    for name in ("林知远", "", 'A, "B"'):
        told = (name, "lin@xihu.example.cn", "【通知】申报已获推荐：" + "工作室" * 20, body)
        made = compose("e-1", *told)
        assert made.as_bytes() == by_the_book(*told).as_bytes()
        assert (made["From"].addresses[0].addr_spec, made["To"].addresses[0].addr_spec) == (
            "shenbao@zj.example.cn", "lin@xihu.example.cn",
        )  # fmt: skip


def test_a_sender_that_was_changed_is_said_in_the_next_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    found = []
    for sender in ("a@zj.example.cn", "b@zj.example.cn", "a@zj.example.cn"):
        monkeypatch.setenv("SHENBAO_MAIL_FROM", sender)
        settings.cache_clear()
        found.append(str(compose("e-1", "林", "lin@xihu.example.cn", "好", "好\n")["From"]))

    assert found == ["a@zj.example.cn", "b@zj.example.cn", "a@zj.example.cn"]
