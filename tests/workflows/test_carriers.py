"""The outbox against a real mail server that refuses, delays, stalls and drops."""

import asyncio
import mailbox
import os
import signal
import socket
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextvars import copy_context
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, cast

import pytest
from aiosmtpd.controller import Controller

from models import clock
from models.account import Account
from models.database import connect, reading, transaction
from models.deadline import Sweep
from models.errors import BrokenError
from models.letter import Letter
from models.organization import Organization
from models.settings import settings
from models.sql import insert_into, rows_of, update_of
from models.vocabulary import LetterKind, Tier
from tests.people import an_account, disable
from workflows.post import carriers
from workflows.post.carriers import PAUSES, TRIES, deliver, inbox, mail_folder
from workflows.post.mail import CarrierError, DownError, message_id

NOW = datetime(2026, 3, 3, 1, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
UNIONS: list[dict[str, Any]] = [
    {"code": "0", "name": "中华全国总工会", "tier": Tier.NATION, "parent": None},
    {"code": "330100", "name": "杭州市总工会", "tier": Tier.CITY, "parent": "0"},
]
LIN, WANG = "a" * 32, "b" * 32
ROOT = Path(__file__).parents[2]

_LETTERS = rows_of(Letter, order=(cast("Any", Letter).id,))
_RUNS = rows_of(Sweep, order=(cast("Any", Sweep).started_at,))
_LETTER = insert_into(Letter)
_EMAIL = update_of(Account, "email")


class Server:
    """A mail server that keeps what it takes, and answers as it is told.

    aiosmtpd calls its methods by their names, and hands over by place.
    """

    def __init__(self) -> None:
        self.taken: list[tuple[str, EmailMessage]] = []
        self.sessions: set[int] = set()
        self.to: dict[str, str] = {}  # answer to RCPT, by address
        self.sender = ""  # answer to MAIL, if not yes
        self.data = "250 taken"
        self.drops = False
        self.stalls = False

    async def handle_MAIL(self, *told: Any) -> str:  # noqa: N802
        _, _, envelope, address, _ = told
        if self.sender:
            return self.sender
        envelope.mail_from = address
        return "250 ok"

    async def handle_RCPT(self, *told: Any) -> str:  # noqa: N802
        _, session, envelope, address, _ = told
        self.sessions.add(id(session))
        answer = self.to.get(address, "250 ok")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, *told: Any) -> str:  # noqa: N802
        server, _, envelope = told
        if self.stalls:
            await asyncio.Event().wait()
        if self.data.startswith("250"):
            read = message_from_bytes(envelope.content, policy=policy.default)
            self.taken.append((envelope.rcpt_tos[0], read))
        if self.drops:
            server.transport.abort()
        return self.data


class Bag:
    """A carrier that only keeps what it is given, or raises what it is told to."""

    def __init__(self, trouble: BaseException | None = None) -> None:
        self.trouble = trouble
        self.taken: list[str] = []
        self.before: Callable[[], None] = lambda: None

    def carry(self, message: EmailMessage) -> None:
        self.before()
        if self.trouble is not None:
            raise self.trouble
        self.taken.append(message["Message-ID"])

    def rest(self) -> None:
        pass


@pytest.fixture
def server(database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    handler = Server()
    controller = Controller(handler, hostname="127.0.0.1", port=_free_port())
    controller.start()
    _point_at(monkeypatch, controller.port)
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


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _point_at(monkeypatch: pytest.MonkeyPatch, port: int) -> None:
    monkeypatch.setenv("SHENBAO_SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("SHENBAO_SMTP_PORT", str(port))
    monkeypatch.setenv("SHENBAO_MAIL_FROM", "shenbao@zj.example.cn")
    settings.cache_clear()


def write(*ids: str, to: str = LIN, template: str = "checked", **params: Any) -> None:
    """Put letters into the outbox, due now."""
    with transaction() as store:
        store.run_many(
            _LETTER,
            [
                {
                    "id": id_,
                    "account_id": to,
                    "template": template,
                    "params": params,
                    "kind": LetterKind.INFORMATION,
                    "created_at": NOW,
                    "not_before": NOW,
                }
                for id_ in ids
            ],
        )


def fates() -> dict[str, tuple[str, int, timedelta, str]]:
    """Each letter's state, attempts, wait from NOW and error."""
    with reading() as store:
        rows = store.all(_LETTERS)
    return {
        row.id: (
            "sent" if row.sent_at else "dead" if row.dead_at else "waiting",
            row.attempts,
            row.not_before - NOW,
            row.error,
        )
        for row in rows
    }


def lease() -> timedelta:
    return carriers.PATIENCE + timedelta(seconds=carriers.SILENCES * settings().smtp_timeout)


def counts(sent: int = 0, retried: int = 0, dead: int = 0) -> dict[str, int]:
    return {"sent": sent, "retried": retried, "dead": dead}


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
        "Message-ID": "<e1-lin@shenbao.zj.example.cn>",
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
    assert fates()["e1"] == ("dead", 1, MINUTE, "550 5.1.1 no such user")
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
    assert fates()["e1"][3] == "451 4.7.1 greylisted"
    assert moment - NOW > timedelta(days=3)


def test_a_letter_put_off_is_sent_when_the_server_relents(server: Server, people: None) -> None:
    server.data = "452 4.2.2 mailbox full"
    write("e1")

    assert deliver() == counts(retried=1)
    assert fates() == {"e1": ("waiting", 1, MINUTE, "452 4.2.2 mailbox full")}
    server.data = "250 taken"
    with clock.at(NOW + MINUTE):
        assert deliver() == counts(sent=1)
    assert fates() == {"e1": ("sent", 2, MINUTE + lease(), "")}


def test_a_letter_whose_text_is_refused_dies(server: Server, people: None) -> None:
    server.data = "554 5.7.1 looks like spam"
    write("e1")

    assert deliver() == counts(dead=1)
    assert fates()["e1"] == ("dead", 1, MINUTE, "554 5.7.1 looks like spam")


def test_a_server_that_falls_silent_costs_one_letter_a_try_and_the_others_nothing(
    server: Server, people: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHENBAO_SMTP_TIMEOUT", "0.2")
    settings.cache_clear()
    server.stalls = True
    write("e1", "e2")

    assert deliver() == counts(retried=1)
    assert fates() == {
        "e1": ("waiting", 1, MINUTE, "Connection unexpectedly closed: timed out"),
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
        "<e1@shenbao.zj.example.cn>": 2,
        "<e2@shenbao.zj.example.cn>": 2,
    }


def test_no_letter_dies_of_a_server_that_is_down(people: None, monkeypatch: pytest.MonkeyPatch) -> None:
    _point_at(monkeypatch, _free_port())
    write(*(f"e{n:02}" for n in range(30)))

    assert deliver() == counts(retried=20)
    assert {fate[:3] for fate in list(fates().values())[:20]} == {("waiting", 1, MINUTE)}
    assert {fate[:3] for fate in list(fates().values())[20:]} == {("waiting", 0, timedelta())}
    assert "refused" in fates()["e00"][3]


def test_no_letter_dies_of_a_sender_the_server_does_not_like(server: Server, people: None) -> None:
    server.sender = "550 5.7.1 not from you"
    write("e1", "e2")

    assert deliver() == counts(retried=2)
    assert list(fates().values()) == [("waiting", 1, MINUTE, "550 5.7.1 not from you")] * 2


def test_no_letter_dies_of_a_server_that_speaks_no_tls(
    server: Server, people: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHENBAO_SMTP_STARTTLS", "true")
    settings.cache_clear()
    write("e1")

    assert deliver() == counts(retried=1)
    assert fates()["e1"][3] == "STARTTLS extension not supported by server."
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
    assert fates()["e1"][3] != ""


def test_a_letter_nobody_has_words_for_dies_and_the_others_go_on(server: Server, people: None) -> None:
    write("e1", template="greeting")
    write("e2")

    assert deliver() == counts(sent=1, dead=1)
    assert fates()["e1"][3] == "letter_template {'template': 'greeting'}"


def test_without_a_mail_server_letters_go_into_the_local_folder(people: None) -> None:
    write("e1", subject="工作室")

    assert deliver() == counts(sent=1)
    folder = mail_folder()
    assert folder == settings().data_dir / "mail"
    (kept,) = mailbox.Maildir(folder, create=False)
    assert kept["Message-ID"] == "<e1@shenbao.localhost.localdomain>"
    assert {(folder / part).stat().st_mode & 0o077 for part in ("tmp", "new", "cur")} == {0}


def test_a_folder_that_cannot_be_written_puts_letters_off(people: None) -> None:
    settings().data_dir.mkdir(parents=True, exist_ok=True)
    settings().maildir.write_text("in the way", encoding="utf-8")
    write("e1")

    assert deliver() == counts(retried=1)
    assert fates()["e1"][:3] == ("waiting", 1, MINUTE)


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


@pytest.mark.parametrize(
    ("quick", "fate"),
    [
        (None, ("sent", 2, 2, timedelta(), "")),
        (CarrierError("letter_delayed", reason="busy"), ("waiting", 2, 1, 5 * MINUTE, "busy")),
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
    deliver(1, Bag(DownError("carrier_down", reason="down")))

    seen = [(post.id, post.state, post.email, post.subject, post.error) for post in inbox()]

    assert seen == [
        (
            "e3",
            "dead",
            "lin@xihu.example.cn",
            "greeting",
            "letter_template {'template': 'greeting'}",
        ),
        ("e2", "sent", "wang@xihu.example.cn", "Application checked", ""),
        ("e1", "sent", "lin@xihu.example.cn", "【通知】申报材料审核通过：甲工作室", ""),
    ]
    assert [post.id for post in inbox(1)] == ["e3"]


@pytest.mark.parametrize(
    ("letter", "expected"),
    [
        ("e1-a", "<e1-a@shenbao.localhost.localdomain>"),
        ("d7:e1.a/b", "<d7=3Ae1=2Ea=2Fb@shenbao.localhost.localdomain>"),
        ("a" * 80, f"<{'a' * 80}@shenbao.localhost.localdomain>"),
    ],
)
def test_a_message_id_is_made_of_the_letters_id(letter: str, expected: str) -> None:
    assert message_id(letter) == expected


def test_a_database_that_is_gone_is_told_and_nothing_is_carried(tmp_path: Path, people: None) -> None:
    bag = Bag()
    connect(f"sqlite:///{tmp_path / 'nowhere'}")

    with pytest.raises(BrokenError):
        deliver(carrier=bag)

    assert bag.taken == []
