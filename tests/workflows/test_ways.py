"""Letters by robots and webhooks, against a real server on this machine that answers as it is told."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast

import pytest
from apprise.plugins.dingtalk import NotifyDingTalk
from apprise.plugins.feishu import NotifyFeishu
from apprise.plugins.wecombot import NotifyWeComBot

from models import clock
from models.database import reading, transaction
from models.errors import InputError, NotFoundError, TooManyError
from models.letter import Carriage, Letter, Way
from models.settings import settings
from models.sql import insert_into, rows_of, update_of
from models.text import sentence
from models.vocabulary import CarrierKind, Habit, LetterKind
from tests.people import an_account, disable
from workflows.post import robots, ways
from workflows.post.mail import StalledError, in_words
from workflows.post.preferences import MOST, Wishes, add_way, drop_way, my_wishes, prefer, try_way
from workflows.post.ways import PAUSES, TRIES, carry
from workflows.record.acting import SYSTEM, Actor
from workflows.rules.way_addresses import is_public, masked, read_address

NOW = datetime(2026, 3, 3, 1, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LIN, WANG = "a" * 32, "b" * 32
ME = Actor(LIN, "lin@xihu.example.cn", "林知远")
HER = Actor(WANG, "wang@xihu.example.cn", "Wang Min", "en")
KEY = "693a91f67f0c4bc497a00ec2sifa5aaa"
_LETTER, _CARRIAGE = insert_into(Letter), insert_into(Carriage)
_CARRIAGES = rows_of(Carriage, order=(cast("Any", Carriage).letter_id, cast("Any", Carriage).way_id))
_WAYS = rows_of(Way, order=(cast("Any", Way).made_at, cast("Any", Way).id))


class Server:
    """A web server that keeps what is posted to it."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, dict[str, Any]]] = []
        self.status = 200
        self.answer: Any = {"errcode": 0, "code": 0}
        self.moved = ""
        self.drips = False
        self.done = threading.Event()
        seen = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                seen.taken.append((self.path, body))
                if seen.drips:
                    self.wfile.write(b"HTTP/1.0 200 OK\r\nX-Slow: ")
                    while not seen.done.wait(0.02):
                        self.wfile.write(b".")
                self.send_response(seen.status)
                if seen.moved:
                    self.send_header("Location", seen.moved)
                self.end_headers()
                self.wfile.write(json.dumps(seen.answer).encode())

            def log_message(self, *_told: Any) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.handle_error = lambda *_told: None  # type: ignore[method-assign]  # who was cut off is no news
        self.host = f"127.0.0.1:{self.http.server_port}"
        threading.Thread(target=self.http.serve_forever, args=(0.01,), daemon=True).start()

    def close(self) -> None:
        """Stop, and let go of whoever waits."""
        self.done.set()
        self.http.shutdown()
        self.http.server_close()


@pytest.fixture
def server(database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    made = Server()
    monkeypatch.setenv("SHENBAO_WEBHOOK_HOSTS", "127.0.0.1")
    settings.cache_clear()
    yield made
    made.close()


@pytest.fixture(autouse=True)
def _people(database: str) -> Iterator[None]:
    with clock.at(NOW):
        an_account(ME.email, name=ME.name, id=LIN)
        an_account(HER.email, name=HER.name, id=WANG, language="en")
        yield


def webhook(server: Server, path: str = "/hook/s3cret", who: Actor = ME, *, name: str = "值班群") -> str:
    """A way to the server's address; its id."""
    before = {way.id for way in my_wishes(who).ways}
    made = add_way(who, kind=CarrierKind.WEBHOOK, name=name, address=f"http://{server.host}{path}")
    return next((way.id for way in made.ways if way.id not in before), made.ways[0].id)


def wait(way: str, *ids: str, to: str = LIN, kind: LetterKind = LetterKind.INFORMATION, **more: Any) -> None:
    """Letters that wait on a way."""
    params = more.pop("params", {"receipt": "2026-000017", "subject": "焊接工作室", "link": "/apply?id=1"})
    with transaction() as store:
        store.run_many(_LETTER, [
            {"id": one, "account_id": to, "template": "checked", "params": params, "kind": kind, "created_at": NOW,
             "not_before": NOW, **more} for one in ids
        ])  # fmt: skip
        store.run_many(_CARRIAGE, [{"letter_id": one, "way_id": way, "not_before": NOW} for one in ids])


def fates() -> dict[str, tuple[str, int, timedelta, str]]:
    """Each letter's state, attempts, wait from NOW and error."""
    with reading() as store:
        rows = store.all(_CARRIAGES)
    return {
        row.letter_id: (
            "sent" if row.sent_at else "dead" if row.dead_at else "waiting",
            row.attempts, row.not_before - NOW, row.error,
        )
        for row in rows
    }  # fmt: skip


def counts(sent: int = 0, retried: int = 0, dead: int = 0) -> dict[str, int]:
    return {"sent": sent, "retried": retried, "dead": dead}


def kept() -> list[str]:
    """The addresses as the database holds them."""
    with reading() as store:
        return [way.address for way in store.all(_WAYS)]


def test_a_letter_goes_by_a_webhook_in_its_readers_language(server: Server) -> None:
    wait(webhook(server, "/hook/s3cret?team=7"), "e1")
    wait(webhook(server, "/en", HER), "e2", to=WANG)

    assert carry() == counts(sent=2)

    (path, first), (english, second) = server.taken
    assert (path, english) == ("/hook/s3cret?team=7", "/en")
    assert (first["title"], second["title"]) == (
        "【通知】申报材料审核通过：焊接工作室", "Application checked: 焊接工作室",
    )  # fmt: skip
    assert "http://127.0.0.1:8600/apply?id=1" in first["message"]
    assert {name: first[name] for name in ("version", "type", "attachments")} == {
        "version": "1.0", "type": "info", "attachments": [],
    }  # fmt: skip
    assert fates() == {"e1": ("sent", 1, timedelta(), ""), "e2": ("sent", 1, timedelta(), "")}
    assert carry() == counts()


@pytest.mark.parametrize(
    ("kind", "plugin", "address", "path", "shape"),
    [
        (CarrierKind.WECOM, NotifyWeComBot, f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={KEY}",
         f"/wecom?key={KEY}", lambda sent: sent["text"]["content"]),
        (CarrierKind.DINGTALK, NotifyDingTalk, f"https://oapi.dingtalk.com/robot/send?access_token={KEY}",
         f"/ding?access_token={KEY}", lambda sent: sent["text"]["content"]),
        (CarrierKind.FEISHU, NotifyFeishu, f"https://open.feishu.cn/open-apis/bot/v2/hook/{KEY}",
         f"/feishu/{KEY}", lambda sent: sent["content"]["text"]),
    ],
)  # fmt: skip
def test_a_robot_is_written_to_as_its_house_wants(
    server: Server, monkeypatch: pytest.MonkeyPatch, kind: CarrierKind, plugin: Any, address: str, path: str, shape: Any
) -> None:
    slot = {"wecom": "key={key}", "dingtalk": "access_token={token}", "feishu": "{token}"}[kind]
    start = path.partition("?")[0].removesuffix(KEY)
    monkeypatch.setattr(plugin, "notify_url", f"http://{server.host}{start}{'?' if '?' in path else ''}{slot}")
    wait(add_way(ME, kind=kind, name="群", address=address).ways[0].id, "e1")

    assert carry() == counts(sent=1)

    ((asked, sent),) = server.taken
    assert asked == path
    assert shape(sent).startswith("【通知】申报材料审核通过：焊接工作室")
    assert "受理编号：2026-000017" in shape(sent)


@pytest.mark.parametrize(
    ("answer", "fate"),
    [
        ({"errcode": 93000, "errmsg": "invalid webhook url"}, "dead"),
        ({"errcode": 45009, "errmsg": "api freq out of limit"}, "waiting"),
        ("not at all", "waiting"),
    ],
)
def test_a_robot_that_answers_200_and_no_has_not_taken_the_letter(
    server: Server, monkeypatch: pytest.MonkeyPatch, answer: Any, fate: str
) -> None:
    monkeypatch.setattr(NotifyWeComBot, "notify_url", f"http://{server.host}/?key={{key}}")
    wait(add_way(ME, kind=CarrierKind.WECOM, name="群", address=f"wecombot://{KEY}").ways[0].id, "e1")
    server.answer = answer

    assert sum(carry().values()) == 1

    assert fates()["e1"][0] == fate
    assert json.dumps(answer)[:20] in fates()["e1"][3]


def test_dingtalk_is_signed_to_where_its_robot_asks_for_it(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(NotifyDingTalk, "notify_url", f"http://{server.host}/?access_token={{token}}")
    given = f"https://oapi.dingtalk.com/robot/send?access_token={KEY}&secret=SEC0123456789abc"
    wait(add_way(ME, kind=CarrierKind.DINGTALK, name="群", address=given).ways[0].id, "e1")

    carry()

    ((path, _),) = server.taken
    assert [part.partition("=")[0] for part in path.partition("?")[2].split("&")] == [
        "access_token",
        "timestamp",
        "sign",
    ]
    assert "SEC0123456789abc" not in path


def test_what_is_refused_for_good_dies_and_what_is_not_yet_taken_waits_longer_every_time(server: Server) -> None:
    way = webhook(server)
    wait(way, "e1")
    server.status, server.answer = 410, "gone"
    assert carry() == counts(dead=1)
    assert fates()["e1"] == ("dead", 1, MINUTE, 'way_refused (410 "gone")')
    assert in_words(fates()["e1"][3], "zh") == '对方拒收（410 "gone"），不再重试。请核对地址、关键词和安全设置。'

    wait(way, "e2")
    server.status = 503
    moment, waits = NOW, []
    for _ in range(TRIES):
        with clock.at(moment):
            assert sum(carry().values()) == 1
        waits.append((NOW + fates()["e2"][2] - moment) // MINUTE)
        moment = NOW + fates()["e2"][2]

    assert waits == [*PAUSES, 720, 720, 720, 720, 720]
    assert fates()["e2"][:2] == ("dead", TRIES)


def test_nobody_is_followed_elsewhere(server: Server) -> None:
    wait(webhook(server), "e1")
    server.status, server.moved = 302, f"http://{server.host}/elsewhere"

    assert carry() == counts(dead=1)
    assert [path for path, _ in server.taken] == ["/hook/s3cret"]


def test_a_way_that_cannot_be_reached_costs_one_try_and_the_others_go_on(server: Server) -> None:
    down = Server()
    away = webhook(down, name="坏的")
    down.close()
    wait(away, "e1", "e2", "e3")
    wait(webhook(server), "e4")

    assert carry() == counts(sent=1, retried=3)

    assert {fates()[one][:3] for one in ("e1", "e2", "e3")} == {("waiting", 1, MINUTE)}
    assert fates()["e1"][3].startswith("way_unreachable (")


def test_silent_ways_hold_up_the_post_for_their_time_together_and_no_longer(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(robots, "SILENCE", 0.2)
    monkeypatch.setattr(ways, "PATIENCE", timedelta(seconds=0.3))
    monkeypatch.setattr(ways, "BATCH", 1)
    server.drips = True
    for n in range(5):
        wait(webhook(server, f"/hook/{n}", name=f"群{n}"), f"e{n}")

    assert carry() == counts(retried=2)
    assert sorted(attempts for _, attempts, _, _ in fates().values()) == [0, 0, 0, 1, 1]


def test_an_address_nobody_can_read_stops_no_other_way(server: Server) -> None:
    bad, good = webhook(server, "/hook/bad", name="坏的"), webhook(server)
    wait(bad, "e1")
    wait(good, "e2")
    with transaction() as store:
        store.run(update_of(Way, "address"), old_id=bad, address="gone://nowhere")

    assert carry() == counts(sent=1, dead=1)


def test_whoever_answers_a_byte_at_a_time_is_cut_off(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(robots, "SILENCE", 0.2)
    way = webhook(server)
    wait(way, "e1")
    server.drips = True

    assert carry() == counts(retried=1)
    assert fates()["e1"][3] == "way_silent"


def test_an_answer_of_any_size_is_read_no_further_than_its_beginning(server: Server) -> None:
    server.answer = "x" * 3_000_000

    assert len(robots.post(f"http://{server.host}/", {}, {"127.0.0.1"}).words) == 4096


def test_a_name_that_leads_into_our_own_network_is_not_followed(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHENBAO_WEBHOOK_HOSTS", "")
    settings.cache_clear()
    monkeypatch.setattr("socket.getaddrinfo", lambda *_a, **_k: [(2, 1, 6, "", ("127.0.0.1", server.http.server_port))])
    made = add_way(ME, kind=CarrierKind.WEBHOOK, name="外面", address="https://hooks.example.com/x")
    wait(made.ways[0].id, "e1")

    assert carry() == counts(dead=1)
    assert fates()["e1"][3] == "way_private"
    assert server.taken == []


@pytest.mark.parametrize(
    "address",
    [
        "https://127.0.0.1/x", "https://127.1/x", "https://0x7f000001/x", "https://2130706433/x", "https://[::1]/x",
        "https://[::ffff:10.0.0.1]/x", "https://10.1.2.3/x", "https://169.254.169.254/latest/meta-data",
        "https://[64:ff9b::7f00:1]/x", "https://localhost/x", "https://printer/x", "https://db.internal/x",
        "https://LOCALHOST./x",
    ],
)  # fmt: skip
def test_no_webhook_leads_into_this_machine_or_network(address: str) -> None:
    with pytest.raises(InputError) as refused:
        add_way(ME, kind=CarrierKind.WEBHOOK, name="x", address=address)

    assert refused.value.code == "way_private"
    assert kept() == []


@pytest.mark.parametrize(
    ("kind", "address", "code"),
    [
        (CarrierKind.WEBHOOK, "http://hooks.example.com/x", "way_insecure"),
        (CarrierKind.WEBHOOK, "https://u:p@hooks.example.com/x", "way_address"),
        (CarrierKind.WEBHOOK, "file:///etc/passwd", "way_address"),
        (CarrierKind.WEBHOOK, "mailto://u:p@example.com", "way_address"),
        (CarrierKind.WEBHOOK, "https://hooks.example.com/a b", "way_address"),
        (CarrierKind.WEBHOOK, "https://hooks.example.com:99999/", "way_address"),
        (CarrierKind.WECOM, f"https://qyapi.weixin.qq.com.evil.cn/cgi-bin/webhook/send?key={KEY}", "way_address"),
        (CarrierKind.WECOM, f"http://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={KEY}", "way_address"),
        (CarrierKind.WECOM, f"https://u@qyapi.weixin.qq.com/cgi-bin/webhook/send?key={KEY}", "way_address"),
        (CarrierKind.FEISHU, f"wecombot://{KEY}", "way_address"),
        (CarrierKind.FEISHU, f"feishu://{KEY}/?token=other", "way_address"),
        (CarrierKind.DINGTALK, f"dingtalk://{KEY}/13800138000", "way_address"),
        (CarrierKind.DINGTALK, "", "way_address"),
    ],
)
def test_only_known_kinds_of_addresses_are_taken_and_no_error_shows_one(
    kind: CarrierKind, address: str, code: str
) -> None:
    with pytest.raises(InputError) as refused:
        add_way(ME, kind=kind, name="x", address=address)

    assert refused.value.code == code
    assert all(KEY not in said for said in (str(refused.value), sentence(refused.value, "zh")))


def test_the_secret_of_an_address_is_shown_to_nobody(server: Server) -> None:
    made = webhook(server, "/hook/s3cretpath?token=abcdef")
    add_way(ME, kind=CarrierKind.FEISHU, name="飞书群", address=f"https://open.feishu.cn/open-apis/bot/v2/hook/{KEY}")

    shown = {way.name: way.shown for way in my_wishes(ME).ways}

    assert shown == {"值班群": f"http://{server.host}/****", "飞书群": "feishu://****"}
    assert sorted(kept()) == [f"feishu://{KEY}/", f"json://{server.host}/hook/s3cretpath?token=abcdef"]
    wait(made, "e1")
    server.status, server.answer = 404, "no /hook/s3cretpath?token=abcdef here, token abcdef"
    carry()
    assert fates()["e1"][3] == 'way_refused (404 "no **** here, token ****")'


def test_what_was_dropped_withdrawn_or_shut_out_meanwhile_is_not_carried(server: Server) -> None:
    gone, here, hers = webhook(server), webhook(server, name="另一个"), webhook(server, who=HER)
    wait(gone, "e1")
    wait(here, "e2", dead_at=NOW, error="superseded")
    wait(here, "e3", dead_at=NOW, error="address_unknown (550 no such user)")
    wait(hers, "e4", to=WANG)
    drop_way(ME, gone)
    disable(WANG)

    assert carry() == counts(sent=1, dead=3)
    assert {one: fate[3] for one, fate in fates().items()} == {
        "e1": "way_dropped", "e2": "letter_withdrawn", "e3": "", "e4": "way_closed",
    }  # fmt: skip


def test_a_letter_that_others_went_with_says_how_many(server: Server) -> None:
    wait(webhook(server), "e1")
    with transaction() as store:
        store.run_many(_LETTER, [
            {"id": one, "account_id": LIN, "template": "checked", "params": {}, "kind": LetterKind.INFORMATION,
             "created_at": NOW, "not_before": NOW, "sent_at": NOW, "carried_with": "e1"} for one in ("e2", "e3")
        ])  # fmt: skip

    carry()

    assert server.taken[0][1]["message"].endswith("\n另有2条通知同时到达，请登录系统查看。")


def test_a_long_letter_is_cut_and_ends_with_the_page_to_read_on(server: Server) -> None:
    wait(webhook(server), "e1", params={"subject": "焊" * 900, "link": "/apply?id=1"})

    carry()

    message = server.taken[0][1]["message"]
    assert len(message) <= ways.LONGEST
    assert message.endswith("…\nhttp://127.0.0.1:8600/apply?id=1")


def test_who_was_too_slow_does_not_undo_what_the_next_did(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    wait(webhook(server), "e1")
    said: list[Exception] = [StalledError("way_silent")]

    def overtaken(*_told: Any) -> None:
        if not said:
            return
        trouble = said.pop()
        with clock.at(NOW + ways.LEASE):
            assert carry() == counts(sent=1)
        raise trouble

    monkeypatch.setattr(robots, "carry", overtaken)

    carry()

    assert fates()["e1"][:2] == ("sent", 2)


def test_two_at_once_send_each_letter_once(server: Server) -> None:
    ids = [f"e{n:02}" for n in range(45)]
    wait(webhook(server), *ids)
    threads = [threading.Thread(target=lambda: clock_at_now(carry)) for _ in range(3)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert len(server.taken) == len(ids)
    assert {fate[:2] for fate in fates().values()} == {("sent", 1)}


def clock_at_now(act: Any) -> None:
    """A new thread has a clock of its own."""
    with clock.at(NOW):
        act()


def test_a_test_goes_at_once_and_answers_what_came(server: Server) -> None:
    way = webhook(server, "/hook/s3cret")

    assert try_way(ME, way)[1:] == ("", "")
    server.status, server.answer = 401, "who are you"
    refused = try_way(ME, way)
    assert (refused.code, refused.said) == (
        "way_refused", '对方拒收（401 "who are you"），不再重试。请核对地址、关键词和安全设置。',
    )  # fmt: skip
    assert server.taken[0][1]["title"] == "申报系统测试消息"

    for _ in range(3):
        try_way(ME, way)
    with pytest.raises(TooManyError):
        try_way(ME, way)
    assert len(server.taken) == 5
    with clock.at(NOW + 2 * MINUTE):
        assert try_way(ME, way).code == "way_refused"


def test_a_way_belongs_to_its_owner_alone(server: Server) -> None:
    way = webhook(server)

    for act in (try_way, drop_way):
        with pytest.raises(NotFoundError):
            act(HER, way)
    assert my_wishes(HER) == Wishes(Habit.AT_ONCE, quiet=True, ways=[])
    assert [one.id for one in my_wishes(ME).ways] == [way]
    assert drop_way(ME, way).ways == []
    with pytest.raises(NotFoundError):
        drop_way(ME, way)


def test_wishes_are_kept_and_changed(database: str) -> None:
    prefer(ME, information=Habit.DAILY, quiet=False)
    assert my_wishes(ME)[:2] == (Habit.DAILY, False)

    prefer(ME, information=Habit.OFF)

    assert my_wishes(ME)[:2] == (Habit.OFF, True)
    assert my_wishes(HER)[:2] == (Habit.AT_ONCE, True)
    with pytest.raises(NotFoundError):
        prefer(SYSTEM, information=Habit.OFF)


def test_the_same_way_again_is_one_and_there_is_an_end_to_them(server: Server) -> None:
    assert webhook(server) == webhook(server)
    for n in range(MOST - 1):
        webhook(server, f"/{n}")

    with pytest.raises(InputError) as refused:
        webhook(server, "/one-more")
    assert refused.value.code == "ways_full"
    with pytest.raises(InputError) as refused:
        webhook(server, name="  ")
    assert refused.value.code == "way_name"


def test_a_way_shows_what_went_lost_on_it(server: Server) -> None:
    way = webhook(server)
    server.status = 404
    wait(way, "e1", "e2")

    carry()

    (shown,) = my_wishes(ME).ways
    assert (shown.dead, shown.tried_at) == (2, NOW)
    assert shown.error.startswith("way_refused (404 ")


def test_the_operators_hosts_may_be_inside_and_without_tls() -> None:
    assert read_address(CarrierKind.WEBHOOK, "http://hooks.lan:8080/x", {"hooks.lan"}) == "json://hooks.lan:8080/x"
    assert masked("json://hooks.lan:8080/x") == "http://hooks.lan:8080/****"
    assert [is_public(one) for one in ("8.8.8.8", "2400:3200::1")] == [True, True]
    assert [is_public(one) for one in ("100.64.0.1", "192.168.1.1", "fe80::1%eth0", "?")] == [False] * 4
    assert [is_public(one) for one in ("::127.0.0.1", "::10.0.0.1", "fec0::1", "::1")] == [False] * 4
