"""How one letter leaves by a robot or a webhook: what Apprise makes of the address, and what the other side answers.

Apprise calls a robot's `200` a success, even when the robot says in it that the key is none. So its plugins
keep the addresses, the titles and the shape of what is sent, and `send` is ours: it reads the answer, and is
bound in time, in size and to the address that was looked at.
"""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from apprise.plugins.custom_json import NotifyJSON
from apprise.plugins.dingtalk import NotifyDingTalk
from apprise.plugins.feishu import NotifyFeishu
from apprise.plugins.wecombot import NotifyWeComBot

from models.settings import settings
from workflows.post.mail import CarrierError, DownError, RefusedLetterError, StalledError
from workflows.rules.way_addresses import HIDDEN, is_public, secrets_of

if TYPE_CHECKING:
    from collections.abc import Container, Mapping
    from urllib.parse import SplitResult

SILENCE = 15.0
"""Seconds from looking up a name to the end of the answer; whoever takes longer is silent."""
_READ = 4096  # bytes of an answer
_SAID = 200  # characters of an answer that are kept
_OK = range(200, 300)
_LATER = frozenset({408, 409, 425, 429, *range(500, 600)})
# What robots answer that no later try mends: a key that is none, words or places its owner shut out.
_FOR_GOOD = frozenset({93000, 300001, 310000, 19001, 19021, 19022, 19024})


class Answer(NamedTuple):
    """What the other side said: its HTTP status and its words."""

    status: int
    words: bytes


class _Asked:
    """An Apprise plugin that keeps the answer, so that a refusal is told from a success."""

    def __init__(self, **read: Any) -> None:
        super().__init__(**read)
        self.answer = Answer(0, b"")

    def send(
        self, body: str, title: str = "",
        notify_type: Any = None, attach: Any = None, **_more: Any,  # noqa: ARG002 -- Apprise's names, called by them
    ) -> bool:  # fmt: skip
        """Hand one message over. Raises CarrierError."""
        self.answer = post(self.where(), self.what(body, title), self.inside())
        return self.answer.status in _OK

    def where(self) -> str:
        """The address on the net."""
        raise NotImplementedError

    def what(self, body: str, title: str) -> dict[str, Any]:
        """What is sent there."""
        raise NotImplementedError

    def inside(self) -> Container[str] | None:
        """Hosts that may lie in our own network; None where the host is a house's own and nobody's choice."""
        return None


class _WeCom(_Asked, NotifyWeComBot):  # type: ignore[no-untyped-call]  # Apprise's
    def where(self) -> str:
        return self.notify_url.format(key=self.key)

    def what(self, body: str, _title: str) -> dict[str, Any]:
        return {"msgtype": "text", "text": {"content": body}}


class _DingTalk(_Asked, NotifyDingTalk):  # type: ignore[no-untyped-call]  # Apprise's
    def where(self) -> str:
        address = self.notify_url.format(token=self.token)
        if not self.secret:
            return address
        timestamp, sign = self.get_signature()  # type: ignore[no-untyped-call]  # Apprise's
        return f"{address}&timestamp={timestamp}&sign={sign}"

    def what(self, body: str, _title: str) -> dict[str, Any]:
        return {"msgtype": "text", "text": {"content": body}}


class _Feishu(_Asked, NotifyFeishu):  # type: ignore[no-untyped-call]  # Apprise's
    def where(self) -> str:
        return self.notify_url.format(token=self.token).rstrip("/")

    def what(self, body: str, _title: str) -> dict[str, Any]:
        return {"msg_type": "text", "content": {"text": body}}


class _Webhook(_Asked, NotifyJSON):  # type: ignore[no-untyped-call]  # Apprise's
    address = ""

    def where(self) -> str:
        scheme, _, rest = self.address.partition("://")
        return f"{'https' if scheme == 'jsons' else 'http'}://{rest}"

    def what(self, body: str, title: str) -> dict[str, Any]:
        return {"version": "1.0", "title": title, "message": body, "attachments": [], "type": "info"}

    def inside(self) -> Container[str]:
        return settings().hosts_inside


_PLUGINS: dict[str, type[Any]] = {"wecombot": _WeCom, "dingtalk": _DingTalk, "feishu": _Feishu, "json": _Webhook,
                                  "jsons": _Webhook}  # fmt: skip


def carry(address: str, title: str, body: str) -> None:
    """Hand a message to a way. Raises CarrierError in one of its kinds, with nothing of the address in it.

    RefusedLetterError: it never will be taken there; DownError and StalledError: nothing can be, for now.
    """
    plugin = _PLUGINS[address.partition("://")[0]]
    robot = plugin(**(plugin.parse_url(address) or {}))
    robot.address = address
    try:
        robot.notify(body=body, title=title)
    except CarrierError as trouble:
        trouble.details["reason"] = _veiled(str(trouble.details.get("reason") or ""), address)
        raise
    _judge(robot.answer, address)


def post(address: str, body: Mapping[str, Any], inside: Container[str] | None) -> Answer:
    """Post JSON to the very machine that was looked at, following nobody further, in `SILENCE` seconds at most.

    Raises DownError (`way_unreachable`), StalledError (`way_silent`), RefusedLetterError (`way_private`).
    """
    parts = urlsplit(address)
    late = threading.Event()
    try:
        line = _line(parts, inside)
        ender = threading.Timer(SILENCE, _cut, (line, late))
        ender.start()
        try:
            answer = _spoken(line, parts, json.dumps(body, ensure_ascii=False).encode())
        finally:
            ender.cancel()
            line.close()
        if late.is_set():  # what was cut off in the middle reads like an end
            raise TimeoutError
    except (OSError, http.client.HTTPException, UnicodeError) as error:
        if late.is_set() or isinstance(error, TimeoutError):
            raise StalledError("way_silent") from error
        raise DownError("way_unreachable", reason=str(error) or type(error).__name__) from error
    return answer


def _line(parts: SplitResult, inside: Container[str] | None) -> socket.socket:
    """A connection to one of the host's addresses, none of which may lie where the sender has no business."""
    host = parts.hostname or ""
    found = socket.getaddrinfo(host, parts.port or (443 if parts.scheme == "https" else 80), type=socket.SOCK_STREAM)
    open_net = inside is None or host in inside or all(is_public(str(one[4][0])) for one in found)
    if not open_net:
        raise RefusedLetterError("way_private", host=host)
    # By its address: a name that is asked twice may lead somewhere else the second time.
    line = socket.create_connection((str(found[0][4][0]), int(found[0][4][1])), timeout=SILENCE)
    if parts.scheme != "https":
        return line
    # Greeted later, under the watch of the timer.
    return ssl.create_default_context().wrap_socket(line, server_hostname=host, do_handshake_on_connect=False)


def _spoken(line: socket.socket, parts: SplitResult, body: bytes) -> Answer:
    if isinstance(line, ssl.SSLSocket):
        line.do_handshake()
    talk = http.client.HTTPConnection(parts.hostname or "", parts.port)
    talk.sock = line
    path = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
    headers = {"Content-Type": "application/json", "User-Agent": "shenbao", "Host": parts.netloc}
    talk.request("POST", path, body, headers)
    answer = talk.getresponse()
    return Answer(answer.status, answer.read(_READ))


def _cut(line: socket.socket, late: threading.Event) -> None:
    late.set()
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)


def _judge(answer: Answer, address: str) -> None:
    """What the answer means. Raises CarrierError for every one that is no plain yes."""
    words = _veiled(f"{answer.status} {answer.words.decode('utf-8', 'replace')}", address)
    if answer.status in _LATER:
        raise CarrierError("way_delayed", reason=words)
    if answer.status not in _OK:
        raise RefusedLetterError("way_refused", reason=words)
    code = 0 if address.startswith("json") else _code(answer.words)
    if code in _FOR_GOOD:
        raise RefusedLetterError("way_refused", reason=words)
    if code != 0:
        raise CarrierError("way_delayed", reason=words)


def _code(words: bytes) -> int:
    """The number by which a robot says yes (0) or why not; what is no such answer is no yes."""
    try:
        told = json.loads(words)
        return int(next(told[name] for name in ("errcode", "code", "StatusCode") if name in told))
    except (ValueError, TypeError, StopIteration):
        return -1


def _veiled(said: str, address: str) -> str:
    """Somebody else's words on one line, short, without a secret of the address."""
    for secret in secrets_of(address):
        said = said.replace(secret, HIDDEN)
    return " ".join("".join(c if c.isprintable() else " " for c in said).split())[:_SAID]
