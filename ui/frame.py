"""The page that carries Streamlit: its own index.html in our language, and what it may load."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, Response

from ui.appearance import USUAL, Look, look_of
from ui.cookies import LANGUAGE_COOKIE, language_of
from ui.gate import SID
from workflows.people import sessions

if TYPE_CHECKING:
    from starlette.requests import Request

_INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_WORDS = {
    "zh": ("zh-CN", "工会申报", "使用本系统需要启用 JavaScript。", "跳到正文"),
    "en": ("en", "Union Applications", "This site needs JavaScript.", "Skip to the page"),
}
_OURS = (
    '<link rel="stylesheet" href="/appearance.css"><link rel="stylesheet" href="/assets/frame.css">'
    '<script src="/assets/words.js" defer></script><script src="/assets/desk.js" defer></script>'
)


def policy() -> str:
    """The Content-Security-Policy: nothing from elsewhere, no script but what is shipped here."""
    digests = " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
        for script in _INLINE.findall(_index())
    )
    return (
        f"default-src 'self'; script-src 'self' {digests}; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; "
        "worker-src 'self' blob:; object-src 'none'; base-uri 'self'; form-action 'self'; "
        "frame-ancestors 'none'"
    )


async def frame(request: Request) -> Response:
    """GET of a page's address: Streamlit's frame, which then opens the WebSocket."""
    spoken = language_of(request.cookies.get(LANGUAGE_COOKIE))
    if spoken is None:
        actor = await run_in_threadpool(sessions.actor_of, request.headers.get(SID, ""))
        spoken = language_of(actor.language if actor else None) or "zh"
    return HTMLResponse(page(spoken, look_of(request)), headers={"Cache-Control": "no-cache"})


@cache
def page(language: str, look: Look = USUAL) -> str:
    """Streamlit's index.html in our language and look, with a way past the menu and the words for its own labels."""
    tag, title, plea, skip = _WORDS[language]
    root = f'<html lang="{tag}" data-theme="{look.theme}" data-size="{look.size}">'
    text = re.sub(r'<html lang="[^"]*">', root, _index())
    text = re.sub(r"<title>.*?</title>", f"<title>{title}</title>", text)
    text = re.sub(r"(?s)<noscript>.*?</noscript>", f"<noscript><p>{plea}</p></noscript>", text)
    text = text.replace('href="./favicon.png"', 'href="/assets/mark.svg" type="image/svg+xml"')
    text = text.replace('<div id="root">', f'<a id="skip" class="skip" href="#root">{skip}</a>\n    <div id="root">')
    # Streamlit reads its shade while it starts, so ours is set by a script that nothing waits behind.
    text = text.replace("<head>", '<head>\n    <script src="/assets/look.js"></script>', 1)
    return text.replace("</head>", f"{_OURS}\n  </head>")


@cache
def _index() -> str:
    file = Path(streamlit.__file__).parent / "static" / "index.html"
    return file.read_text(encoding="utf-8")
