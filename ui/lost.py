"""An address where nothing is: told in the reader's language, with the ways on, before Streamlit tells in English."""

from __future__ import annotations

from html import escape
from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Match, Route

from models.writing import tongue
from ui import appearance
from ui.gate import SID
from ui.printing import framed

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import Scope

# What Streamlit answers: its own files and calls, also those that its page asks for below an address of ours.
_THEIRS = ("/_stcore/", "/media/", "/component/", "/static/")
_FILES = ("/favicon.png", "/manifest.json")
TEXT = {
    "title": ("没有找到这个页面", "There is no such page"),
    "note": (
        "网址可能写错了，或者这个页面已经不在了。您的申报和办理内容都没有变。",
        "The address may be misspelt, or the page is gone. Nothing of yours has changed.",
    ),
    "home": ("回到首页", "To the home page"),
    "sign_in": ("登录", "Sign in"),
    "notices": ("查看公示", "Public notices"),
}


class Elsewhere(Route):
    """Every address that is neither ours nor Streamlit's; it stands behind all other routes of ours."""

    def __init__(self) -> None:
        """Of GET alone: what else is sent to nowhere, Streamlit refuses by itself."""
        super().__init__("/{address:path}", lost, methods=["GET"])

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Leave to Streamlit what is its own, and the redirect from an address that ends in a stroke."""
        if scope["type"] != "http" or _is_theirs(scope["path"]):
            return Match.NONE, {}
        found, more = super().matches(scope)
        return (found, more) if found is Match.FULL else (Match.NONE, {})


async def lost(request: Request) -> Response:
    """GET of an address that nobody has: 404, and the ways on."""
    if "text/html" not in request.headers.get("accept", ""):
        return JSONResponse({"code": "not_found"}, HTTPStatus.NOT_FOUND)
    spoken = await appearance.language(request)
    column = tongue(spoken)
    ways = {"/": "home"} if SID in request.headers else {"/login": "sign_in", f"/notices?lang={spoken}": "notices"}
    body = f'<p class="note">{TEXT["note"][column]}</p>' + "".join(
        f'<p><a href="{escape(to)}">{TEXT[word][column]}</a></p>' for to, word in ways.items()
    )
    page = framed(TEXT["title"][column], body, spoken)
    return HTMLResponse(page, HTTPStatus.NOT_FOUND, headers={"Cache-Control": "no-store"})


def _is_theirs(path: str) -> bool:
    return path.endswith("/") or path in _FILES or any(one in f"{path}/" for one in _THEIRS)
