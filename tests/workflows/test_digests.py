"""Many letters, one message: the daily digest, and a storm of reminders."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from models import clock
from models.account import Account
from models.database import reading, transaction
from models.letter import Carriage, Letter, Way
from models.settings import settings
from models.sql import insert_into, rows_of, update_of
from models.vocabulary import CarrierKind, Habit, LetterKind
from tests.outbox import LIN, MINUTE, NOW, WANG, Bag, carried, counts, fates, prefer, write
from tests.people import an_account, disable
from workflows.post import carriers, digests, leases, timing, ways
from workflows.post.carriers import deliver
from workflows.post.mail import CarrierError, DownError, RefusedLetterError, message_id

ACTION = LetterKind.ACTION
TOMORROW = datetime(2026, 3, 4, 0, 30, tzinfo=UTC)  # 8:30 in Beijing, the Wednesday after NOW
DUE = "2026-03-03T16:00:00+00:00"
_WAY, _EMAIL = insert_into(Way), update_of(Account, "email")


@pytest.fixture(autouse=True)
def people(database: str) -> Iterator[None]:
    an_account("lin@xihu.example.cn", name="林知远", id=LIN)
    an_account("wang@xihu.example.cn", name="Wang Min", id=WANG, language="en")
    with clock.at(NOW):
        yield


def remind(*ids: str, to: str = LIN) -> None:
    write(*ids, to=to, template="deadline_overdue", kind=ACTION, what="review", due_at=DUE, days=2)


def beijing(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00").astimezone(UTC)


# The daily digest.


@pytest.mark.parametrize(("moment", "digest"), [
    ("2026-03-03T08:29", "2026-03-03T08:30"),
    ("2026-03-03T08:30", "2026-03-04T08:30"),
    ("2026-03-06T17:00", "2026-03-09T08:30"),  # Friday
    ("2026-09-30T17:00", "2026-10-08T08:30"),  # the National Day's week
    ("2026-09-19T17:00", "2026-09-20T08:30"),  # a Sunday that is worked
    ("2026-12-31T17:00", "2027-01-04T08:30"),
])  # fmt: skip
def test_the_digest_leaves_in_the_morning_of_a_working_day(moment: str, digest: str) -> None:
    assert timing.digest_after(beijing(moment)) == beijing(digest)


def test_whoever_wants_a_digest_gets_one_message_a_day_and_at_once_what_asks_something() -> None:
    prefer(LIN, Habit.DAILY)
    bag = Bag()
    write("e1", subject="甲工作室", receipt="2026-1")
    write("asked", template="arrived", kind=ACTION)
    write("opened", template="account_opened", email="lin@xihu.example.cn")
    with clock.at(NOW + timedelta(hours=5)):
        write("e2", template="recommended", organization="杭州市总工会", next="浙江省总工会")
        write("other", to=WANG)
        assert deliver(carrier=bag) == counts(sent=3)
    with clock.at(TOMORROW - MINUTE):
        assert deliver(carrier=bag) == counts()

    with clock.at(TOMORROW):
        write("too-late")
        assert deliver(carrier=bag) == counts(sent=2)

    assert bag.taken == [*map(message_id, ("asked", "opened", "other")), message_id("e1")]
    assert carried() == {"asked": None, "opened": None, "other": None, "e1": None, "e2": "e1"}
    assert fates()["too-late"][:3] == ("waiting", 0, TOMORROW + timedelta(days=1) - NOW)
    message = bag.messages[-1]
    assert (message["To"], message["Subject"]) == ("林知远 <lin@xihu.example.cn>", "【通知】每日汇总：共2项")
    assert message.get_content() == (
        "您好：\n\n以下2项供您知悉，无需办理：\n"
        "· 【通知】申报材料审核通过：甲工作室\n"
        "  申报材料已审核通过，等待推荐排序。 申报项目：甲工作室 受理编号：2026-1\n"
        "· 【通知】申报已获推荐\n  杭州市总工会已推荐该申报，下一步由浙江省总工会审核。\n\n"
        "本邮件由申报系统自动发送，请勿直接回复。\n"
    )


def test_who_wants_a_digest_and_is_asked_something_alone_hears_of_it_at_once() -> None:
    prefer(LIN, Habit.DAILY)
    bag = Bag()
    write("asked", template="arrived", kind=ACTION)
    assert [len(parcel) for parcel in leases.claim(1) or []] == [1]
    write("asked-too", template="arrived", kind=ACTION)
    write("opened", template="account_opened", email="lin@xihu.example.cn")

    assert deliver(carrier=bag) == counts(sent=2)

    assert bag.taken == [*map(message_id, ("asked-too", "opened"))]


def test_a_digest_of_one_is_the_letter_itself() -> None:
    prefer(WANG, Habit.DAILY)
    bag = Bag()
    write("e1", to=WANG)
    with clock.at(TOMORROW):
        deliver(carrier=bag)

    assert [message["Subject"] for message in bag.messages] == ["Application checked"]
    assert carried() == {"e1": None}


def test_whoever_wants_no_information_gets_none_and_may_read_it_in_the_system() -> None:
    prefer(LIN, Habit.OFF)
    write("told")
    write("asked", template="arrived", kind=ACTION)
    write("opened", template="account_opened", email="lin@xihu.example.cn")

    assert deliver(carrier=Bag()) == counts(sent=2)

    assert fates()["told"] == ("dead", 0, timedelta(), "not_wanted")
    assert set(carried()) == {"asked", "opened"}


# A storm.


def test_more_than_five_reminders_to_one_person_are_one_message() -> None:
    bag = Bag()
    remind(*(f"l{n}" for n in range(6)))
    remind(*(f"w{n}" for n in range(5)), to=WANG)

    assert deliver(carrier=bag) == counts(sent=11)

    assert bag.taken == [message_id("l0"), *(message_id(f"w{n}") for n in range(5))]
    assert carried() == {"l0": None, **{f"l{n}": "l0" for n in range(1, 6)}, **{f"w{n}": None for n in range(5)}}
    assert bag.messages[0]["Subject"] == "【请办理】共6项办理提醒"
    assert bag.messages[0].get_content().count("“审核”的办理期限为2026年3月3日 24:00，现已逾期2天，请立即办理。") == 6


def test_a_storm_is_one_message_however_small_the_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carriers, "BATCH", 3)
    monkeypatch.setattr(leases, "MATES", 50)
    people = [an_account(f"p{n}@xihu.example.cn", name=f"Person {n}") for n in range(5)]
    # One letter of each in turn: no batch would hold all of anybody's.
    for n in range(20):
        for p, one in enumerate(people):
            remind(f"{n:02}-{p}", to=one)
    bag = Bag()

    assert deliver(carrier=bag) == counts(sent=100)

    assert sorted(message["Subject"] for message in bag.messages) == ["【请办理】共20项办理提醒"] * 5


def test_a_message_holds_two_hundred_letters_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digests, "MOST", 4)
    remind(*(f"l{n}" for n in range(9)))
    bag = Bag()

    assert deliver(carrier=bag) == counts(sent=9)

    assert bag.taken == [message_id("l0"), message_id("l4"), message_id("l8")]
    assert {x: with_ for x, with_ in carried().items() if with_} == {
        **dict.fromkeys(("l1", "l2", "l3"), "l0"),
        **dict.fromkeys(("l5", "l6", "l7"), "l4"),
    }


# When it goes wrong.


def test_what_was_tried_together_is_tried_again_together_and_nothing_with_it() -> None:
    remind(*(f"l{n}" for n in range(6)))
    assert deliver(carrier=Bag(CarrierError("letter_delayed", reason="451 busy"))) == counts(retried=6)
    remind(*(f"m{n}" for n in range(6)))
    bag = Bag()

    with clock.at(NOW + MINUTE):
        assert deliver(carrier=bag) == counts(sent=12)

    assert bag.taken == [message_id("m0"), message_id("l0")]
    assert [m["Subject"] for m in bag.messages] == ["【请办理】共6项办理提醒"] * 2


def test_what_was_tried_alone_is_tried_again_alone_and_nothing_follows_under_its_name() -> None:
    remind("l0")
    assert deliver(carrier=Bag(CarrierError("line_dropped"))) == counts(retried=1)
    bag = Bag()

    with clock.at(NOW + MINUTE):
        remind(*(f"l{n}" for n in range(1, 7)))
        assert deliver(carrier=bag) == counts(sent=7)

    assert bag.taken == [message_id("l0"), message_id("l1")]
    assert carried() == {"l0": None, "l1": None, **{f"l{n}": "l1" for n in range(2, 7)}}


def test_a_letter_withdrawn_meanwhile_is_in_no_message_and_leaves_the_others_together() -> None:
    remind(*(f"l{n}" for n in range(6)))
    deliver(carrier=Bag(DownError("server_unreachable")))
    with transaction() as store:
        store.run(update_of(Letter, "dead_at", "error"), old_id="l0", dead_at=NOW, error="superseded")
    bag = Bag()

    with clock.at(NOW + MINUTE):
        assert deliver(carrier=bag) == counts(sent=5)

    assert bag.taken == [message_id("l1")]
    assert carried() == {"l1": None, **{f"l{n}": "l1" for n in range(2, 6)}}


def test_a_message_refused_for_good_takes_all_its_letters_with_it() -> None:
    remind(*(f"l{n}" for n in range(6)))

    assert deliver(carrier=Bag(RefusedLetterError("address_unknown", reason="550 no"))) == counts(dead=6)

    assert {fate[::3] for fate in fates().values()} == {("dead", "address_unknown (550 no)")}


def test_a_letter_nobody_can_say_is_given_up_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    prefer(LIN, Habit.DAILY)
    write("e1", "e2")
    write("e3", template="greeting")
    bag = Bag()

    with clock.at(TOMORROW):
        assert deliver(carrier=bag) == counts(sent=2, dead=1)

    assert bag.messages[0]["Subject"] == "【通知】每日汇总：共2项"
    assert fates()["e3"][3] == "letter_unwritable (letter_template {'template': 'greeting'})"


def test_a_message_bears_the_name_of_the_first_letter_that_is_in_it() -> None:
    prefer(LIN, Habit.DAILY)
    write("e1", template="greeting")
    write("e2", "e3")
    bag = Bag()

    with clock.at(TOMORROW):
        assert deliver(carrier=bag) == counts(sent=2, dead=1)

    assert (bag.taken, carried()) == ([message_id("e2")], {"e2": None, "e3": "e2"})


def test_a_storm_at_a_closed_account_or_a_broken_address_reaches_no_server() -> None:
    remind(*(f"l{n}" for n in range(6)))
    remind(*(f"w{n}" for n in range(6)), to=WANG)
    disable(LIN)
    with transaction() as store:
        store.run(_EMAIL, old_id=WANG, email="wang")
    bag = Bag()

    assert deliver(carrier=bag) == counts(dead=12)

    assert bag.taken == []
    assert {fates()[x][3].split(" (")[0] for x in ("l0", "l5", "w0", "w5")} == {"account_disabled", "address_broken"}


# Other ways.


def _a_way(id_: str, *, only_action: bool = False, ended: bool = False, to: str = LIN) -> None:
    with transaction() as store:
        store.run(_WAY, id=id_, account_id=to, kind=CarrierKind.WEBHOOK, name=id_, address="json://127.0.0.1",
                  only_action=only_action, made_at=store.now, ended_at=store.now if ended else None)  # fmt: skip


def _by_ways() -> list[tuple[str, str]]:
    with reading() as store:
        return sorted((row.letter_id, row.way_id) for row in store.all(rows_of(Carriage)))


def test_a_letter_is_told_by_each_open_way_once_when_it_first_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def carry(limit: int) -> dict[str, int]:
        asked.append(limit)
        return {}

    monkeypatch.setattr(ways, "carry", carry)
    _a_way("all")
    _a_way("actions", only_action=True)
    _a_way("gone", ended=True)
    _a_way("hers", to=WANG)
    write("told")
    write("asked", template="arrived", kind=ACTION)

    deliver(7, Bag(DownError("server_unreachable")))
    _a_way("new")
    with clock.at(NOW + MINUTE):
        deliver(7, Bag())

    assert _by_ways() == [("asked", "actions"), ("asked", "all"), ("told", "all")]
    assert asked == [7, 7]


def test_what_is_put_off_or_not_wanted_goes_by_no_way_and_a_storm_only_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ways, "carry", lambda _limit: {})
    _a_way("all")
    _a_way("hers", to=WANG)
    prefer(LIN, Habit.DAILY)
    prefer(WANG, Habit.OFF)
    write("later")
    write("never", to=WANG)
    remind(*(f"l{n}" for n in range(6)))

    deliver(carrier=Bag())

    assert _by_ways() == [("l0", "all")]


def test_letters_in_the_folder_bear_the_digest_as_well() -> None:
    remind(*(f"l{n}" for n in range(6)))

    assert deliver() == counts(sent=6)

    assert len(list(Path(settings().maildir / "new").iterdir())) == 1
