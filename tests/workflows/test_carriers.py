"""The outbox against a real mail server that refuses, delays, stalls and drops."""

import errno
import mailbox
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from contextvars import copy_context
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import psycopg
import pytest
from aiosmtpd.controller import Controller

from models import clock
from models import database as databases
from models.account import Account
from models.database import connect, reading, transaction
from models.deadline import Sweep
from models.errors import BrokenError, BusyError
from models.letter import Letter
from models.organization import Organization
from models.settings import settings
from models.sql import insert_into, rows_of, update_of
from models.vocabulary import Tier
from tests.outbox import (
    LIN,
    MINUTE,
    NOW,
    WANG,
    Bag,
    Server,
    counts,
    fates,
    free_port,
    lease,
    point_at,
    write,
)
from tests.people import an_account, disable
from workflows.post import carriers
from workflows.post.carriers import PAUSES, TRIES, deliver, inbox, mail_folder
from workflows.post.mail import CarrierError, DownError, in_words, message_id

UNIONS: list[dict[str, Any]] = [
    {"code": "0", "name": "中华全国总工会", "tier": Tier.NATION, "parent": None},
    {"code": "330100", "name": "杭州市总工会", "tier": Tier.CITY, "parent": "0"},
]
ROOT = Path(__file__).parents[2]

_RUNS = rows_of(Sweep, order=(cast("Any", Sweep).started_at,))
_EMAIL = update_of(Account, "email")


@pytest.fixture
def server(database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    handler = Server()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    controller.start()
    point_at(monkeypatch, controller.port)
    yield handler
    controller.stop()


@pytest.fixture
def people(database: str) -> None:
    an_account("lin@xihu.example.cn", name="林知远", id=LIN)
    an_account("wang@xihu.example.cn", name="Wang Min", id=WANG, language="en")


@pytest.fixture(autouse=True)
def _then() -> Iterator[None]:
    with clock.at(NOW):
        yield


def test_a_letter_reaches_its_reader_in_their_language(server: Server, people: None) -> None:
    write("e1-lin", receipt="2026-000017", subject="林知远劳模创新工作室")
    write("e1-wang", to=WANG, subject="Studio", link="/application?id=1")

    assert deliver() == counts(sent=2)

    (to_lin, lin), (to_wang, wang) = server.taken
    assert (to_lin, to_wang) == ("lin@xihu.example.cn", "wang@xihu.example.cn")
    assert {name: lin[name] for name in ("From", "To", "Subject", "Message-ID", "Date")} == {
        "From": "shenbao@zj.example.cn",
        "To": "林知远 <lin@xihu.example.cn>",
        "Subject": "【通知】申报材料审核通过：林知远劳模创新工作室",
        "Message-ID": message_id("e1-lin"),
        "Date": "Tue, 03 Mar 2026 01:00:00 +0000",
    }
    assert "受理编号：2026-000017\n" in lin.get_content()
    assert wang["Subject"] == "Application checked: Studio"
    assert "Page: http://127.0.0.1:8600/application?id=1\n" in wang.get_content()
    assert len(server.sessions) == 1
    assert fates() == {
        "e1-lin": ("sent", 1, lease(), ""),
        "e1-wang": ("sent", 1, lease(), ""),
    }
    assert deliver() == counts()


def test_an_organization_is_called_by_its_name_not_its_code(server: Server, people: None) -> None:
    with transaction() as store:
        store.run_many(insert_into(Organization), UNIONS)
    write("e1", template="recommended", organization="330100", next="浙江省总工会")

    deliver()

    ((_, letter),) = server.taken
    assert "杭州市总工会已推荐该申报，下一步由浙江省总工会审核。\n" in letter.get_content()


def test_a_letter_to_an_address_that_is_none_dies_with_the_servers_words(server: Server, people: None) -> None:
    server.to["lin@xihu.example.cn"] = "550 5.1.1 no such user"
    write("e1")
    write("e2", to=WANG)

    assert deliver() == counts(sent=1, dead=1)
    assert fates()["e1"] == ("dead", 1, MINUTE, "address_unknown (550 5.1.1 no such user)")
    assert fates()["e2"][0] == "sent"
    with clock.at(NOW + timedelta(days=30)):
        assert deliver() == counts()


def test_a_letter_the_server_cannot_take_yet_waits_longer_every_time(server: Server, people: None) -> None:
    server.to["lin@xihu.example.cn"] = "451 4.7.1 greylisted"
    write("e1")
    moment, waits = NOW, []

    for _ in range(TRIES):
        with clock.at(moment):
            assert sum(deliver().values()) == 1
            assert deliver() == counts()
        waits.append((NOW + fates()["e1"][2] - moment) // MINUTE)
        moment = NOW + fates()["e1"][2]

    assert waits == [*PAUSES, 720, 720, 720, 720, 720]
    assert fates()["e1"][:2] == ("dead", TRIES)
    assert fates()["e1"][3] == "letter_delayed (451 4.7.1 greylisted)"
    assert moment - NOW > timedelta(days=3)


def test_a_letter_put_off_is_sent_when_the_server_relents(server: Server, people: None) -> None:
    server.data = "452 4.2.2 mailbox full"
    write("e1")

    assert deliver() == counts(retried=1)
    assert fates() == {"e1": ("waiting", 1, MINUTE, "mailbox_full (452 4.2.2 mailbox full)")}
    server.data = "250 taken"
    with clock.at(NOW + MINUTE):
        assert deliver() == counts(sent=1)
    assert fates() == {"e1": ("sent", 2, MINUTE + lease(), "")}


def test_a_letter_whose_text_is_refused_dies(server: Server, people: None) -> None:
    server.data = "554 5.7.1 looks like spam"
    write("e1")

    assert deliver() == counts(dead=1)
    assert fates()["e1"] == ("dead", 1, MINUTE, "letter_refused (554 5.7.1 looks like spam)")


def test_a_server_that_falls_silent_costs_one_letter_a_try_and_the_others_nothing(
    server: Server, people: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHENBAO_SMTP_TIMEOUT", "0.2")
    settings.cache_clear()
    server.stalls = True
    write("e1", "e2")

    assert deliver() == counts(retried=1)
    assert fates() == {
        "e1": ("waiting", 1, MINUTE, "server_silent (Connection unexpectedly closed: timed out)"),
        "e2": ("waiting", 0, timedelta(), ""),
    }
    server.stalls = False
    assert deliver() == counts(sent=1)
    assert fates()["e2"][:2] == ("sent", 1)


def test_a_server_that_drops_the_line_after_it_took_a_letter_gets_it_twice(server: Server, people: None) -> None:
    server.drops = True
    write("e1", "e2")

    assert deliver() == counts(retried=2)
    assert [fate[:3] for fate in fates().values()] == [("waiting", 1, MINUTE)] * 2
    server.drops = False
    with clock.at(NOW + MINUTE):
        assert deliver() == counts(sent=2)
    assert Counter(message["Message-ID"] for _, message in server.taken) == {
        message_id("e1"): 2,
        message_id("e2"): 2,
    }


def test_no_letter_dies_of_a_server_that_is_down(people: None, monkeypatch: pytest.MonkeyPatch) -> None:
    point_at(monkeypatch, free_port())
    write(*(f"e{n:02}" for n in range(30)))

    assert deliver() == counts(retried=30)
    assert {fate[:3] for fate in fates().values()} == {("waiting", 1, MINUTE)}
    assert fates()["e00"][3].startswith("server_unreachable (")


def test_no_letter_dies_of_a_sender_the_server_does_not_like(server: Server, people: None) -> None:
    server.sender = "550 5.7.1 not from you"
    write("e1", "e2")

    assert deliver() == counts(retried=2)
    assert list(fates().values()) == [("waiting", 1, MINUTE, "sender_refused (550 5.7.1 not from you)")] * 2


def test_no_letter_dies_of_a_server_that_speaks_no_tls(
    server: Server, people: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHENBAO_SMTP_STARTTLS", "true")
    settings.cache_clear()
    write("e1")

    assert deliver() == counts(retried=1)
    assert fates()["e1"][3] == "mail_not_secure (STARTTLS extension not supported by server.)"
    assert server.taken == []


def test_nothing_is_sent_to_somebody_whose_account_is_closed(server: Server, people: None) -> None:
    write("e1")
    disable(LIN)

    assert deliver() == counts(dead=1)
    assert fates()["e1"] == ("dead", 1, MINUTE, "account_disabled")
    assert server.taken == []


@pytest.mark.parametrize("email", ["", "lin", "@xihu.example.cn", "lin@a.cn\r\nBcc: all@a.cn", "林@a.cn", "l n@a.cn"])
def test_a_broken_address_never_reaches_the_server(server: Server, people: None, email: str) -> None:
    with transaction() as store:
        store.run(_EMAIL, old_id=LIN, email=email)
    write("e1")
    write("e2", to=WANG)

    assert deliver() == counts(sent=1, dead=1)
    assert [to for to, _ in server.taken] == ["wang@xihu.example.cn"]
    assert fates()["e1"][0] == "dead"
    assert fates()["e1"][3].startswith("address_broken")


def test_a_letter_nobody_has_words_for_dies_and_the_others_go_on(server: Server, people: None) -> None:
    write("e1", template="greeting")
    write("e2")

    assert deliver() == counts(sent=1, dead=1)
    assert fates()["e1"][3] == "letter_unwritable (letter_template {'template': 'greeting'})"


def test_a_letter_whose_row_holds_nonsense_dies_and_the_others_go_on(server: Server, people: None) -> None:
    write("e1", template="subsidy_open", fen="many")
    write("e2")

    assert deliver() == counts(sent=1, dead=1)
    assert fates()["e1"][3].startswith("letter_unwritable (invalid literal")


def test_without_a_mail_server_letters_go_into_the_local_folder(people: None) -> None:
    write("e1", subject="工作室")

    assert deliver() == counts(sent=1)
    folder = mail_folder()
    assert folder == settings().data_dir / "mail"
    (kept,) = mailbox.Maildir(folder, create=False)
    assert kept["Message-ID"] == message_id("e1")
    assert {(folder / part).stat().st_mode & 0o077 for part in ("tmp", "new", "cur")} == {0}


def test_a_folder_that_cannot_be_written_puts_letters_off(people: None) -> None:
    settings().data_dir.mkdir(parents=True, exist_ok=True)
    settings().maildir.write_text("in the way", encoding="utf-8")
    write("e1")

    assert deliver() == counts(retried=1)
    assert fates()["e1"][:3] == ("waiting", 1, MINUTE)


def test_a_full_disk_puts_letters_off_and_they_follow_when_there_is_room(
    people: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("e1", "e2")

    with monkeypatch.context() as patch:
        patch.setattr(mailbox.Maildir, "add", _no_room)
        assert deliver() == counts(retried=2)
    full = "mail_disk_full ([Errno 28] No space left on device)"
    assert {fate[::3] for fate in fates().values()} == {("waiting", full)}
    with clock.at(NOW + MINUTE):
        assert deliver() == counts(sent=2)


def _no_room(*_: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_mail_server_that_does_not_let_us_sign_in_is_told_as_such(
    server: Server, people: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHENBAO_SMTP_USER", "shenbao")
    settings.cache_clear()
    write("e1")

    assert deliver() == counts(retried=1)
    assert fates()["e1"][3] == "mail_sign_in (SMTP AUTH extension not supported by server.)"


@pytest.mark.parametrize(("error", "zh", "en"), [
    ("", "", ""),
    ("restored", "restored", "restored"),
    ("550 5.1.1 no", "550 5.1.1 no", "550 5.1.1 no"),  # as rows of former versions have it
    (
        "address_unknown (550 5.1.1 no (such) user)",
        "邮件服务器说没有这个收件地址（550 5.1.1 no (such) user）。请核对收件人的邮箱。",
        "The mail server knows no such address (550 5.1.1 no (such) user). Please check the reader's address.",
    ),
    (
        "server_unreachable",
        "连接不上邮件服务器。请检查服务器是否开着，以及设置 SHENBAO_SMTP_HOST 和 SHENBAO_SMTP_PORT。",
        "The mail server cannot be reached. Is it running? Check SHENBAO_SMTP_HOST and SHENBAO_SMTP_PORT.",
    ),
])  # fmt: skip
def test_an_administrator_reads_why_in_words_and_the_servers_own_in_brackets(error: str, zh: str, en: str) -> None:
    assert (in_words(error, "zh"), in_words(error, "en")) == (zh, en)


@pytest.fixture
def impatient(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait a moment only for a database that others hold."""
    monkeypatch.setattr(databases, "_PG_OPTIONS", "-c timezone=UTC -c lock_timeout=200ms")
    connect(f"{database}?timeout=0.2" if database.startswith("sqlite") else database)


@contextmanager
def held(database: str) -> Iterator[None]:
    """Somebody else holds the letters."""
    if database.startswith("sqlite"):
        with closing(sqlite3.connect(database.removeprefix("sqlite:///"), isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
    else:
        with psycopg.connect(database.replace("+psycopg", "")) as connection:
            connection.execute("LOCK TABLE letter IN ACCESS EXCLUSIVE MODE")
            yield
            connection.rollback()


def test_a_locked_database_is_told_and_no_letter_is_touched(database: str, people: None, impatient: None) -> None:
    write("e1")
    bag = Bag()

    with held(database), pytest.raises(BusyError):
        deliver(carrier=bag)

    assert (bag.taken, fates()) == ([], {"e1": ("waiting", 0, timedelta(), "")})
    assert deliver(carrier=bag) == counts(sent=1)


def test_a_database_locked_too_long_after_the_servers_yes_costs_one_letter_more_of_the_same_name(
    database: str, people: None, impatient: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carriers, "PATIENCE", timedelta())
    write("e1")
    bag, locks = Bag(), ExitStack()
    bag.before = lambda: locks.enter_context(held(database))

    with locks, pytest.raises(BusyError):
        deliver(carrier=bag)

    bag.before = lambda: None
    assert deliver(carrier=bag) == counts()
    with clock.at(NOW + lease()):
        assert deliver(carrier=bag) == counts(sent=1)
    assert bag.taken == [message_id("e1")] * 2


def test_deliverers_at_once_send_each_letter_once(people: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carriers, "BATCH", 2)
    ids = [f"e{n:03}" for n in range(120)]
    write(*ids)
    bags = [Bag() for _ in range(4)]
    meeting = threading.Barrier(len(bags), timeout=30)
    for bag in bags:
        bag.before = _once(meeting.wait)

    threads = [threading.Thread(target=copy_context().run, args=(deliver, 500, bag)) for bag in bags]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert all(bag.taken for bag in bags)
    assert Counter(id_ for bag in bags for id_ in bag.taken) == Counter(map(message_id, ids))
    assert {fate[:2] for fate in fates().values()} == {("sent", 1)}


def _once(act: Callable[[], Any]) -> Callable[[], None]:
    """Only the first call acts: both deliverers then hold a batch at the same time."""
    done: list[Any] = []

    def call() -> None:
        if not done:
            done.append(act())

    return call


_KILLED = """
import os, signal
from workflows.post.carriers import deliver
class Deadly:
    def carry(self, message): os.kill(os.getpid(), signal.SIGKILL)
    def rest(self): pass
deliver(carrier=Deadly())
"""


def test_whoever_is_killed_after_a_claim_leaves_the_letters_to_the_next(database: str, people: None) -> None:
    write("e1", "e2")

    killed = subprocess.run(  # its clock is the real one, later than NOW
        [sys.executable, "-c", _KILLED], cwd=ROOT, env=dict(os.environ), check=False
    )

    assert killed.returncode == -signal.SIGKILL
    (until,) = {NOW + fate[2] for fate in fates().values()}
    bag = Bag()
    with clock.at(until - timedelta(seconds=1)):
        assert deliver(carrier=bag) == counts()
    with clock.at(until):
        assert deliver(carrier=bag) == counts(sent=2)
    assert bag.taken == [message_id("e1"), message_id("e2")]
    assert {fate[:2] for fate in fates().values()} == {("sent", 2)}


_KILLED_LATER = """
import os, signal, sys
from workflows.post.carriers import deliver
class Deadly:
    left = 25
    def carry(self, message):
        self.left -= 1
        if not self.left: os.kill(os.getpid(), signal.SIGKILL)
    def rest(self): pass
deliver(carrier=Deadly())
"""


def test_a_deliverer_killed_between_yes_and_mark_doubles_no_more_than_are_marked_together(
    database: str, people: None
) -> None:
    assert carriers.MARKED_TOGETHER == 20
    write(*(f"e{n:02}" for n in range(30)))

    subprocess.run([sys.executable, "-c", _KILLED_LATER], cwd=ROOT, env=dict(os.environ), check=False)

    done = [id_ for id_, fate in fates().items() if fate[0] == "sent"]
    bag = Bag()
    with clock.at(clock.now() + timedelta(days=10_000)):
        deliver(carrier=bag)
    # A slow machine marks earlier, after a second.
    assert len(done) >= 20
    assert bag.taken == [message_id(f"e{n:02}") for n in range(len(done), 30)]


@pytest.mark.parametrize(
    ("quick", "fate"),
    [
        (None, ("sent", 2, 2, timedelta(), "")),
        (CarrierError("letter_delayed", reason="busy"), ("waiting", 2, 1, 5 * MINUTE, "letter_delayed (busy)")),
    ],
)
def test_who_was_too_slow_does_not_undo_what_the_next_did(
    people: None, quick: CarrierError | None, fate: tuple[str, int, int, timedelta, str]
) -> None:
    write("e1")
    slow = Bag(CarrierError("letter_delayed", reason="too late"))

    def overtaken() -> None:
        with clock.at(NOW + lease()):
            deliver(carrier=Bag(quick))

    slow.before = overtaken

    deliver(carrier=slow)

    state, attempts, leases, pause, error = fate
    assert fates() == {"e1": (state, attempts, leases * lease() + pause, error)}


def test_a_batch_that_takes_too_long_is_handed_back_before_its_lease_ends(
    people: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carriers, "PATIENCE", timedelta())
    ids = [f"e{n}" for n in range(5)]
    write(*ids)
    bag = Bag()

    assert deliver(carrier=bag) == counts(sent=5)
    assert bag.taken == [message_id(id_) for id_ in ids]
    assert {fate[:2] for fate in fates().values()} == {("sent", 1)}


def test_a_limit_is_kept(people: None) -> None:
    write(*(f"e{n:02}" for n in range(30)))

    assert deliver(25, Bag()) == counts(sent=25)
    assert deliver(25, Bag()) == counts(sent=5)


def test_a_letter_waits_for_its_moment_and_the_longest_due_goes_first(people: None) -> None:
    write("e2")
    with clock.at(NOW - MINUTE):
        deliver(carrier=Bag())
    bag = Bag()
    assert fates()["e2"][:2] == ("waiting", 0)
    with transaction() as store:
        store.run(update_of(Letter, "not_before"), old_id="e2", not_before=NOW + MINUTE)
    write("e3")

    with clock.at(NOW + MINUTE):
        deliver(carrier=bag)

    assert bag.taken == [message_id("e3"), message_id("e2")]


def test_what_was_done_is_noted_and_idleness_once_a_minute(people: None) -> None:
    write("e1")

    for seconds in (0, 20, 40, 60, 80):
        with clock.at(NOW + timedelta(seconds=seconds)):
            deliver(carrier=Bag())

    with reading() as store:
        noted = [(run.kind, run.started_at - NOW, run.counts) for run in store.all(_RUNS)]
    assert noted == [
        ("letters", timedelta(), '{"sent": 1, "retried": 0, "dead": 0}'),
        ("letters", timedelta(seconds=60), '{"sent": 0, "retried": 0, "dead": 0}'),
    ]


def test_old_runs_are_forgotten(people: None) -> None:
    for day in (0, 1, 91):
        with clock.at(NOW + timedelta(days=day)):
            deliver(carrier=Bag())

    with reading() as store:
        assert [(run.started_at - NOW).days for run in store.all(_RUNS)] == [1, 91]


def test_the_administrator_sees_the_newest_letters_and_their_fate(people: None) -> None:
    write("e1", subject="甲工作室")
    write("e2", to=WANG)
    write("e3", template="greeting")
    deliver(2, Bag())
    deliver(1, Bag(DownError("server_unreachable", reason="down")))

    seen = [(post.id, post.state, post.email, post.subject, post.error) for post in inbox()]

    assert seen == [
        (
            "e3",
            "dead",
            "lin@xihu.example.cn",
            "greeting",
            "letter_unwritable (letter_template {'template': 'greeting'})",
        ),
        ("e2", "sent", "wang@xihu.example.cn", "Application checked", ""),
        ("e1", "sent", "lin@xihu.example.cn", "【通知】申报材料审核通过：甲工作室", ""),
    ]
    assert [post.id for post in inbox(1)] == ["e3"]


@pytest.mark.parametrize(
    ("letter", "expected"),
    [
        ("e1-a", "<e1-a."),
        ("d7:e1.a/b", "<d7=3Ae1=2Ea=2Fb."),
        ("a" * 80, f"<{'a' * 80}."),
    ],
)
def test_a_message_id_is_made_of_the_letters_id(letter: str, expected: str) -> None:
    made = message_id(letter)

    assert made == message_id(letter)
    assert (made[: len(expected)], made[len(expected) + 20 :]) == (expected, "@shenbao.localhost.localdomain>")


def test_a_database_that_is_gone_is_told_and_nothing_is_carried(tmp_path: Path, people: None) -> None:
    bag = Bag()
    connect(f"sqlite:///{tmp_path / 'nowhere'}")

    with pytest.raises(BrokenError):
        deliver(carrier=bag)

    assert bag.taken == []
