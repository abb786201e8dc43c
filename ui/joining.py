"""Linking one more identity with one's own account: the page that asks, and the one that leads to the provider."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from anyio import to_thread
from starlette.responses import RedirectResponse

from ui.gate import SID
from ui.signin import message, said, shown
from workflows.people import identities, own_sessions, sessions

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response


async def asked(request: Request, provider: str, error: str = "", status: int = 200) -> Response:
    """Whose account it is, and their password where it was not typed of late; who is not signed in does that first."""
    sid = request.headers.get(SID, "")
    who = await to_thread.run_sync(sessions.actor_of, sid)
    if who is None:
        return RedirectResponse(f"/login?{urlencode({'next': request.url.path})}", 303)
    is_proven = await to_thread.run_sync(own_sessions.is_proven, sid)
    has_password = is_proven or await to_thread.run_sync(own_sessions.has_password, sid)
    way = _form(request, provider, "" if is_proven else who.email) if has_password else _anew(request, provider)
    note = escape(said(request, "link_own", name=provider))
    body = f"<p>{escape(f'{who.name} <{who.email}>')}</p><p>{note}</p>{way}{_back(request)}"
    told = message(error, "alert")
    return shown(request, "welcome.html", "/", status, title=said(request, "link_title"), message=told, body=body)


def sent(request: Request, departure: Response, provider: str) -> Response:
    """A departure to the provider, from a page: no form of ours may be led to another site (CSP, `form-action`)."""
    there = departure.headers["location"]
    body = f'<p><a href="{escape(there)}">{escape(said(request, "go_to", name=provider))}</a></p>'
    page = shown(request, "welcome.html", "/", title=said(request, "link_title"), message="", body=body)
    page.raw_headers.extend(one for one in departure.raw_headers if one[0] == b"set-cookie")
    page.headers["Refresh"] = f"0; url={there}"
    return page


def done(request: Request, *, is_new: bool) -> Response:
    """It is linked, and was before if it is not new."""
    note = message(said(request, "link_done" if is_new else "link_known"), "status")
    return shown(request, "welcome.html", "/", title=said(request, "link_title"), message=note, body=_back(request))


def _form(request: Request, provider: str, typed_by: str) -> str:
    """The button to the provider, with the password of `typed_by` where there is anybody to type it."""
    typed = (
        f'<input type="hidden" name="username" value="{escape(typed_by)}" autocomplete="username">'
        f'<label for="password">{said(request, "password")}</label><input id="password" name="password"'
        ' type="password" autocomplete="current-password" required autofocus>'
    )
    words = escape(said(request, "go_to", name=provider))
    asked = typed if typed_by else ""
    return f'<form method="post">{{csrf}}{asked}<button type="submit">{words}</button></form>'


def _anew(request: Request, provider: str) -> str:
    """Who has no password proves to be there by the identity they came with, and comes back here."""
    words = escape(said(request, "prove_first", name=provider))
    return f'<p><a href="/login/with/{identities.SLUG}?prove=1">{words}</a></p>'


def _back(request: Request) -> str:
    return f'<p><a class="quiet" href="/account">{said(request, "to_account")}</a></p>'
