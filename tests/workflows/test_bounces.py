"""Mail that came back: real delivery reports in a real Maildir, and all the mail that is none."""

import mailbox
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any, cast

import pytest

from models import clock
from models.database import reading, transaction
from models.letter import Letter
from models.settings import settings
from models.sql import insert_into, rows_of
from models.vocabulary import LetterKind
from tests.people import an_account
from tests.worlds import rows
from workflows.post import bounces
from workflows.post.mail import in_words, message_id

NOW = datetime(2026, 3, 3, 1, 0, tzinfo=UTC)
SENT = NOW - timedelta(hours=1)
LIN = "a" * 32
_LETTERS = rows_of(Letter, order=(cast("Any", Letter).id,))
_LETTER = insert_into(Letter)

# As Postfix writes one.
REPORT = """\
From: MAILER-DAEMON@mx.zj.example.cn (Mail Delivery System)
To: shenbao@localhost.localdomain
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B/1"
Message-Id: <20260303005900.4B1C2@mx.zj.example.cn>

This is a MIME-encapsulated message.

--B/1
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--B/1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.zj.example.cn
X-Postfix-Queue-ID: 4B1C2
Arrival-Date: Tue,  3 Mar 2026 08:59:00 +0800 (CST)

Final-Recipient: rfc822; lin@xihu.example.cn
Original-Recipient: rfc822;lin@xihu.example.cn
Action: {action}
Status: {status}
Remote-MTA: dns; mail.xihu.example.cn
Diagnostic-Code: smtp; 550 5.1.1 <lin@xihu.example.cn>: Recipient
    address rejected: User unknown

--B/1
{brought}

From: shenbao@localhost.localdomain
To: lin@xihu.example.cn
Subject: hello
Message-ID: {id}
{rest}
--B/1--
"""
HEADERS = ("Content-Type: text/rfc822-headers", "")
WHOLE = ("Content-Type: message/rfc822", "\nthe letter\n")
WORDS = "letter_returned (550 5.1.1 <lin@xihu.example.cn>: Recipient address rejected: User unknown)"


@pytest.fixture(autouse=True)
def folder(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    made = tmp_path / "returned"
    mailbox.Maildir(made)
    monkeypatch.setenv("SHENBAO_BOUNCES_DIR", str(made))
    settings.cache_clear()
    with clock.at(NOW):
        an_account("lin@xihu.example.cn", name="林知远", id=LIN)
        yield made


def sent(*ids: str, **more: Any) -> None:
    """Letters that mail took an hour ago."""
    with transaction() as store:
        store.run_many(_LETTER, [
            {"id": one, "account_id": LIN, "template": "checked", "params": {}, "kind": LetterKind.INFORMATION,
             "created_at": SENT, "not_before": SENT, "attempts": 1, "sent_at": SENT, **more} for one in ids
        ])  # fmt: skip


def report(letter: str, *, action: str = "failed", status: str = "5.1.1", brought: tuple[str, str] = HEADERS) -> bytes:
    """A delivery report about a letter."""
    kind, rest = brought
    return REPORT.format(action=action, status=status, brought=kind, id=message_id(letter), rest=rest).encode()


def arrive(folder: Path, *messages: bytes) -> None:
    """Put messages into the Maildir as a mail server does."""
    box = mailbox.Maildir(folder)
    for message in messages:
        box.add(message)


def fates() -> dict[str, tuple[datetime | None, str]]:
    with reading() as store:
        return {row.id: (row.bounced_at, row.error) for row in store.all(_LETTERS)}


def counts(**told: int) -> dict[str, int]:
    return {**dict.fromkeys(("returned", "delayed", "known", "other", "unreadable"), 0), **told}


@pytest.mark.parametrize("brought", [HEADERS, WHOLE])
def test_a_report_of_failure_marks_its_letter_and_is_put_away(folder: Path, brought: tuple[str, str]) -> None:
    sent("e1-a", "e2-a")
    arrive(folder, report("e1-a", brought=brought))

    assert bounces.read() == counts(returned=1)

    assert fates() == {"e1-a": (NOW, WORDS), "e2-a": (None, "")}
    assert in_words(WORDS, "zh").startswith("邮件服务器收下后又退回（550 5.1.1 <lin@xihu.example.cn>")
    assert list((folder / "new").iterdir()) == []
    assert [one.name.endswith(":2,S") for one in (folder / "cur").iterdir()] == [True]
    assert bounces.read() == counts()


def test_the_same_report_again_changes_nothing(folder: Path) -> None:
    sent("e1-a")
    arrive(folder, report("e1-a"))
    bounces.read()
    arrive(folder, report("e1-a"), report("e1-a", status="5.7.1"))

    with clock.at(NOW + timedelta(days=1)):
        assert bounces.read() == counts(known=2)
    assert fates() == {"e1-a": (NOW, WORDS)}


def test_a_digest_that_comes_back_is_every_letter_that_went_with_it(folder: Path) -> None:
    sent("e1-a")
    sent("e2-a", "e3-a", carried_with="e1-a")
    arrive(folder, report("e1-a"))

    assert bounces.read() == counts(returned=1)
    assert {bounced for bounced, _ in fates().values()} == {NOW}


@pytest.mark.parametrize(
    ("action", "status", "counted"),
    [
        ("delayed", "4.4.1", "delayed"),
        ("relayed", "2.0.0", "delayed"),
        ("delivered", "2.0.0", "delayed"),
        ("", "4.2.2", "delayed"),
        ("failed", "4.4.7", "returned"),  # a server that gave up after days
        ("", "5.2.1", "returned"),
        ("Failed", "5.2.1", "returned"),
    ],
)
def test_only_what_failed_for_good_has_come_back(folder: Path, action: str, status: str, counted: str) -> None:
    sent("e1-a")
    arrive(folder, report("e1-a", action=action, status=status))

    assert bounces.read() == counts(**{counted: 1})
    assert (fates()["e1-a"][0] is not None) is (counted == "returned")


def test_a_report_names_its_letter_by_what_it_answers_to_as_well(folder: Path) -> None:
    sent("d7:e1.a")
    text = report("nobody").decode().replace(message_id("nobody"), "<x@elsewhere>")
    arrive(folder, text.replace("Subject: Und", f"In-Reply-To: {message_id('d7:e1.a')}\nSubject: Und").encode())

    assert bounces.read() == counts(returned=1)
    assert fates()["d7:e1.a"][0] == NOW


def plain(subject: str, **headers: str) -> bytes:
    """Mail that is no report."""
    message = EmailMessage()
    message["Subject"] = subject
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content("我正在休假。")
    return bytes(message)


def test_who_knows_a_letters_id_from_their_own_copy_cannot_send_it_back(folder: Path) -> None:
    sent("e1-a")
    theirs = message_id("e1-b")
    arrive(
        folder,
        report("e1-a").replace(message_id("e1-a").encode(), theirs.replace("e1-b", "e1-a").encode()),
        report("e1-a").replace(message_id("e1-a").encode(), f"<e1-a@{theirs.partition('@')[2]}".encode()),
    )

    assert bounces.read()["other"] == 2
    assert rows("SELECT bounced_at FROM letter") == [(None,)]


def test_what_is_no_report_of_ours_is_left_counted_and_put_away(folder: Path) -> None:
    sent("e1-a")
    forged = report("e1-a").replace(b"@shenbao.localhost", b"@shenbao.evil")
    arrive(
        folder,
        plain("自动回复", In_Reply_To=message_id("e1-a"), Auto_Submitted="auto-replied"),
        plain("550 user unknown", References=message_id("e1-a")),
        forged,
        report("e1-a").replace(b"Action: failed\n", b"").replace(b"Status: 5.1.1\n", b""),
        b"",
        b"\xff\xfe\x00 not mail at all",
        b"Content-Type: multipart/report; boundary=\n\n--\n",
        b"Content-Type: multipart/report; boundary=x\n\n" + b"--x\nContent-Type: message/rfc822\n\n" * 300,
        report("e1-a") + b"x" * bounces.LARGEST,
    )

    assert bounces.read() == counts(other=9)
    assert fates() == {"e1-a": (None, "")}
    assert len(list((folder / "cur").iterdir())) == 9


def test_letters_that_never_left_or_never_were_have_not_come_back(folder: Path) -> None:
    sent("e1-a", sent_at=None)
    arrive(folder, report("e1-a"), report("e9-a"))

    assert bounces.read() == counts(known=2)
    assert fates() == {"e1-a": (None, "")}


def test_only_so_many_are_read_at_once_and_the_others_later(folder: Path) -> None:
    arrive(folder, *(plain(str(n)) for n in range(7)))

    assert bounces.read(5) == counts(other=5)
    assert bounces.read(5) == counts(other=2)


def test_a_folder_that_is_not_there_is_counted_and_none_set_asks_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHENBAO_BOUNCES_DIR", str(tmp_path / "nowhere"))
    settings.cache_clear()
    assert bounces.read() == counts(unreadable=1)

    monkeypatch.delenv("SHENBAO_BOUNCES_DIR")
    settings.cache_clear()
    assert bounces.read() == {}


def test_a_link_to_somewhere_else_is_not_followed(folder: Path, tmp_path: Path) -> None:
    sent("e1-a")
    (tmp_path / "outside").write_bytes(report("e1-a"))
    (folder / "new" / "1.link").symlink_to(tmp_path / "outside")

    assert bounces.read() == counts()
    assert fates() == {"e1-a": (None, "")}
