"""Which addresses a person's further ways may have: robots of three houses, and webhooks; and how they are masked."""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import SplitResult, parse_qs, parse_qsl, urlsplit

from models.errors import InputError
from models.vocabulary import CarrierKind

if TYPE_CHECKING:
    from collections.abc import Container

HIDDEN = "****"
LONGEST = 1000
_TOKEN = re.compile(r"[A-Za-z0-9_-]{8,128}")
_SECRET = re.compile(r"[A-Za-z0-9]{8,128}")
_NAME = re.compile(r"(?=.*[a-z])[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")
_PRINTABLE = re.compile(r"[!-~]+")
# 64:ff9b::/96 and its kin carry an IPv4 address inside, which may be one of ours; fec0::/10 were houses' own.
_TRANSLATED = tuple(map(
    ipaddress.ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96", "fec0::/10")
))  # fmt: skip


class Robot(NamedTuple):
    """A house's robot: Apprise's word for it, its host, and where in its address the token stands."""

    scheme: str
    host: str
    path: re.Pattern[str]
    query: str = ""


ROBOTS: dict[CarrierKind, Robot] = {
    CarrierKind.WECOM: Robot("wecombot", "qyapi.weixin.qq.com", re.compile(r"/cgi-bin/webhook/send/?"), "key"),
    CarrierKind.DINGTALK: Robot("dingtalk", "oapi.dingtalk.com", re.compile(r"/robot/send/?"), "access_token"),
    CarrierKind.FEISHU: Robot(
        "feishu", "open.feishu.cn", re.compile(r"/open-apis/bot/v2/hook/(?P<token>[^/]+)/?")
    ),
}  # fmt: skip


def read_address(kind: CarrierKind, given: str, inside: Container[str] = ()) -> str:
    """The Apprise address of a way, from the robot's https address as its house shows it, or from Apprise's own.

    `inside` are hosts of our own network that the operator lets webhooks reach, by plain http too
    (`SHENBAO_WEBHOOK_HOSTS`). Raises InputError: `way_address` for what is none of this kind, `way_insecure`
    for a webhook without https, `way_private` for one that points into this machine or network. The address
    itself stands in no error: it is a secret.
    """
    text = given.strip()
    if len(text) > LONGEST or not _PRINTABLE.fullmatch(text):
        raise _wrong(kind)
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError as error:
        raise _wrong(kind) from error
    return _webhook(parts, inside) if kind is CarrierKind.WEBHOOK else _robot(kind, parts)


def masked(address: str) -> str:
    """An address for people to read: which house or host, and nothing by which anybody could write there."""
    scheme, _, rest = address.partition("://")
    if scheme not in ("json", "jsons"):
        return f"{scheme}://{HIDDEN}"
    host = rest.partition("/")[0]
    return f"{'https' if scheme == 'jsons' else 'http'}://{host}/{HIDDEN}"


def secrets_of(address: str) -> list[str]:
    """The parts of an address that no error and no log may hold, the longest first."""
    scheme, _, rest = address.partition("://")
    if scheme not in ("json", "jsons"):
        return sorted(filter(None, re.split(r"[@/]", rest)), key=len, reverse=True)
    whole = "/" + rest.partition("/")[2]
    path, _, query = whole.partition("?")
    found = [whole, path, query, *path.split("/"), *(value for _, value in parse_qsl(query))]
    return sorted((part for part in found if len(part) > 3), key=len, reverse=True)  # noqa: PLR2004 -- short words are none


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open net: not of this machine, this network, or hidden in another kind."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            return is_public(str(ip.ipv4_mapped))
        if any(ip in net for net in _TRANSLATED):
            return False
    return ip.is_global and not ip.is_multicast


def _robot(kind: CarrierKind, parts: SplitResult) -> str:
    robot, token, secret = ROBOTS[kind], "", ""
    if parts.scheme == robot.scheme and not parts.query:
        secret, _, token = parts.netloc.rpartition("@")
        if parts.path.strip("/"):
            raise _wrong(kind)
    elif parts.scheme == "https" and parts.netloc.lower() == robot.host and (found := robot.path.fullmatch(parts.path)):
        asked = parse_qs(parts.query)
        token = (asked.get(robot.query) or [""])[0] if robot.query else found["token"]
        secret = (asked.get("secret") or [""])[0]
    signs = kind is CarrierKind.DINGTALK
    known = _SECRET if signs else _TOKEN
    if not known.fullmatch(token) or (secret and not (signs and _SECRET.fullmatch(secret))):
        raise _wrong(kind)
    return f"{robot.scheme}://{secret}@{token}/" if secret else f"{robot.scheme}://{token}/"


def _webhook(parts: SplitResult, inside: Container[str]) -> str:
    scheme = {"jsons": "https", "json": "http"}.get(parts.scheme, parts.scheme)
    host = (parts.hostname or "").rstrip(".")
    if scheme not in ("http", "https") or not host or "@" in parts.netloc or parts.fragment:
        raise _wrong(CarrierKind.WEBHOOK)
    if host not in inside:
        if scheme != "https":
            raise InputError("way_insecure", field="address")
        _require_open(host)
    shown = f"[{host}]" if ":" in host else host
    port = f":{parts.port}" if parts.port else ""
    query = f"?{parts.query}" if parts.query else ""
    return f"{'jsons' if scheme == 'https' else 'json'}://{shown}{port}{parts.path or '/'}{query}"


def _require_open(host: str) -> None:
    """Names are asked for when a letter leaves; what is no name of the open net is refused right here."""
    literal = ":" in host or _is_literal(host)
    if literal and not is_public(host):
        raise InputError("way_private", field="address", host=host)
    local = "." not in host or host.endswith((".localhost", ".local", ".internal", ".lan", ".home.arpa"))
    if not literal and (local or not _NAME.fullmatch(host)):
        raise InputError("way_private", field="address", host=host)


def _is_literal(host: str) -> bool:
    """Whether a host is an IPv4 address in any of the spellings that a resolver takes: 127.1, 0x7f000001."""
    return all(re.fullmatch(r"0x[0-9a-f]*|[0-9]+", part) for part in host.split("."))


def _wrong(kind: CarrierKind) -> InputError:
    host = ROBOTS[kind].host if kind in ROBOTS else None
    return InputError("way_address", field="address", way=kind, host=host)
