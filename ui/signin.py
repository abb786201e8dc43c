"""Signing in and out, and the language switch: our own pages, without any script."""

from __future__ import annotations

import json
import secrets
from functools import cache
from html import escape
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import structlog
from anyio import CapacityLimiter, to_thread
from starlette.responses import HTMLResponse, RedirectResponse, Response

from models.base import new_token
from models.errors import ShenbaoError, SignedOutError, TooManyError
from models.settings import settings
from ui import health, tickets
from ui.cookies import LANGUAGE_COOKIE, YEAR, csrf_cookie, drop, language_of, put, session_cookie
from ui.entrance import TEXT
from ui.gate import SID, token_of
from workflows.people import identities, sessions

if TYPE_CHECKING:
    from starlette.requests import Request

STATIC = Path(__file__).parent / "static"
LONGEST_FORM = 8192  # bytes
LONGEST_NEXT = 2000  # characters
HASHING = CapacityLimiter(2)  # a flood of sign-ins must leave threads to those who are in


_NOTICES = (("out", "signed_out"), ("set", "password_set"), ("link", "link_note"))
_log = structlog.get_logger(__name__)


class Person(NamedTuple):
    """Somebody of the demo province one can sign in as."""

    email: str
    name: str
    role: str


class Demo(NamedTuple):
    """What the demo command left behind for this page; empty outside a demo."""

    password: str = ""
    people: tuple[Person, ...] = ()


async def page(request: Request) -> Response:
    """GET /login: the form, filled in when a person of the demo was chosen."""
    target = local(request.query_params.get("next"))
    if SID in request.headers:
        return RedirectResponse(target, 303)
    asked = request.query_params
    notice = next((word for name, word in _NOTICES if name in asked), "")
    return _form(request, target, email=asked.get("as", ""), notice=notice)


async def submit(request: Request) -> Response:
    """POST /login: one try."""
    typed = await fields(request)
    target, email = local(typed.get("next")), typed.get("email", "")
    if not came_from_our_form(request, typed):
        return _form(request, target, email=email, error=said(request, "form_expired"), status=403)
    host, agent = request.client.host if request.client else "", request.headers.get("user-agent", "")
    given = (email, typed.get("password", ""), host, agent)
    try:
        token = await to_thread.run_sync(sessions.sign_in, *given, limiter=HASHING)
    except ShenbaoError as error:
        return _refused(request, target, email, error)
    response = RedirectResponse(target, 303)
    put(response, session_cookie(), token)
    drop(response, csrf_cookie())
    if (pending := tickets.shown(request, tickets.PENDING)) is not None:
        tickets.take(response, tickets.PENDING)
        if "link" in typed:
            known = identities.Known(pending["provider"], pending["subject"])
            await to_thread.run_sync(_link, sessions.sid_of(token), known)
    return response


def _link(sid: str, known: identities.Known) -> None:
    """Link the identity somebody came with; who is in already is not turned away for it."""
    try:
        identities.link(sid, known)
    except ShenbaoError as error:
        _log.warning("identity_not_linked", code=error.code, provider=known.provider)


async def leave(request: Request) -> Response:
    """GET /logout: asks, so that no link can sign anybody out."""
    return shown(request, "signout.html", local(request.query_params.get("next")))


async def left(request: Request) -> Response:
    """POST /logout: ends the session on the server, not only the cookie."""
    if not came_from_our_form(request, await fields(request)):
        return RedirectResponse("/logout", 303)
    if (token := token_of(request.headers)) is not None:
        await to_thread.run_sync(sessions.sign_out, token)
    response = RedirectResponse("/login?out=1", 303)
    drop(response, session_cookie())
    return response


async def switch(request: Request) -> Response:
    """GET /language?to=en: remembers a language in this browser."""
    response = RedirectResponse(local(request.query_params.get("next")), 303)
    if (chosen := language_of(request.query_params.get("to"))) is not None:
        put(response, LANGUAGE_COOKIE, chosen, max_age=YEAR)
    return response


def local(target: str | None) -> str:
    """A place on this site to go on to; the first page for anything else."""
    if not target or len(target) > LONGEST_NEXT or not target.isprintable() or "\\" in target:
        return "/"
    try:
        parts = urlsplit(target)
    except ValueError:
        return "/"
    is_here = not parts.scheme and not parts.netloc and target.startswith("/")
    if not is_here or target.startswith("//") or parts.path in ("/logout", "/language"):
        return "/"
    return quote(target, safe="/?&=%#:;,+~!*'()@$[]")


def language(request: Request) -> str:
    """The language chosen in this browser, else Chinese."""
    return language_of(request.cookies.get(LANGUAGE_COOKIE)) or "zh"


def demo() -> Demo:
    """The people of the demo province, if this installation is one."""
    try:
        found = json.loads((settings().data_dir / "demo.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Demo()
    people = (Person(p["email"], p["name"], p["role"]) for p in found["people"])
    return Demo(found["password"], tuple(people))


async def fields(request: Request) -> dict[str, str]:
    """What a short form sent; nothing of a longer one."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LONGEST_FORM:
            return {}
    given = parse_qs(body.decode(errors="replace"), keep_blank_values=True, max_num_fields=None)
    return {name: values[0] for name, values in given.items()}


def came_from_our_form(request: Request, given: dict[str, str]) -> bool:
    """Double submit: only a page of this site can repeat what the cookie says."""
    kept = request.cookies.get(csrf_cookie(), "")
    return bool(kept) and secrets.compare_digest(kept.encode(), given.get("csrf", "").encode())


def _refused(request: Request, target: str, email: str, error: ShenbaoError) -> Response:
    health.REFUSED.labels(error.code).inc()
    match error:
        case TooManyError():
            told = said(request, "too_many_tries", **error.details)
        case SignedOutError():
            told = said(request, "wrong_credentials")
        case _:
            told = said(request, "busy")
    response = _form(request, target, email=email, error=told, status=error.http_status)
    if isinstance(error, TooManyError):
        response.headers["Retry-After"] = str(error.details["seconds"])
    return response


def _form(
    request: Request,
    target: str,
    *,
    email: str,
    error: str = "",
    notice: str = "",
    status: int = 200,
) -> Response:
    there = demo()
    is_chosen = any(person.email == email for person in there.people)
    return shown(
        request,
        "signin.html",
        target,
        status,
        email_value=escape(email[:254]),
        password_value=escape(there.password) if is_chosen and not error else "",
        message=message(error, "alert") or message(notice and said(request, notice), "status"),
        demo=_people(request, there, target, email),
        aside="with-demo" if there.people else "",
        link=_linking(request),
        ways=_ways(request, target),
        focus_email="" if email else "autofocus",
        focus_password="autofocus" if email and not is_chosen else "",
        focus_button="autofocus" if is_chosen else "",
    )


def _linking(request: Request) -> str:
    """The question whether an identity that nobody is known by shall belong to who signs in now.

    It tells whose it is and has to be answered: whoever sat here before may have come with it.
    """
    if (pending := tickets.shown(request, tickets.PENDING)) is None:
        return ""
    words = said(request, "link_too", who=pending["called"])
    return f'<label><input type="checkbox" name="link" value="1"> {escape(words)}</label>'


def _ways(request: Request, target: str) -> str:
    """The other ways in that this installation has: a provider's, and asking for an account."""
    chosen = settings()
    links = []
    if chosen.oidc_issuer:
        words = said(request, "with_provider", name=chosen.oidc_name or said(request, "provider"))
        links.append((f"/login/with/{identities.SLUG}?{urlencode({'next': target})}", words))
    if chosen.registration == "open":
        links.append(("/register", said(request, "register")))
    return "".join(f'<p><a class="quiet" href="{escape(to)}">{escape(words)}</a></p>' for to, words in links)


def message(text: str, role: str) -> str:
    """A line that a screen reader tells at once; nothing for no text."""
    return f'<p class="message {role}" role="{role}">{escape(text)}</p>' if text else ""


def _people(request: Request, there: Demo, target: str, chosen: str) -> str:
    if not there.people:
        return ""
    rows = "".join(
        f'<li><a href="{escape(_login(target, person.email))}"'
        f"{' aria-current=true' if person.email == chosen else ''}>"
        f"<b>{escape(person.name)}</b><span>{escape(person.role)}</span></a></li>"
        for person in there.people
    )
    title, note = said(request, "demo_title"), said(request, "demo_note")
    return f'<aside class="demo"><h2>{title}</h2><p>{note}</p><ul>{rows}</ul></aside>'


def _login(target: str, email: str) -> str:
    return "/login?" + urlencode({"as": email, "next": target})


def shown(request: Request, name: str, target: str, status: int = 200, **values: Any) -> Response:
    """A page of ours: words and everything else are put in escaped; never kept by a cache."""
    spoken = language(request)
    column = ("zh", "en").index(spoken)
    csrf = request.cookies.get(csrf_cookie()) or new_token()
    hidden = f'<input type="hidden" name="csrf" value="{escape(csrf)}">'
    values = {n: value.replace("{csrf}", hidden) if n == "body" else value for n, value in values.items()}
    other = "en" if spoken == "zh" else "zh"
    back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    words = {key: escape(pair[column]) for key, pair in TEXT.items()}
    body = _template(name).substitute(
        words,
        lang={"zh": "zh-CN", "en": "en"}[spoken],
        csrf=escape(csrf),
        next=escape(target),
        switch=escape("/language?" + urlencode({"to": other, "next": back})),
        look=escape("/appearance?" + urlencode({"next": back})),
        **values,
    )
    response = HTMLResponse(body, status, headers={"Cache-Control": "no-store"})
    put(response, csrf_cookie(), csrf)
    return response


@cache
def _template(name: str) -> Template:
    return Template((STATIC / name).read_text(encoding="utf-8"))


def said(request: Request, key: str, **details: Any) -> str:
    """Words of these pages in the language of the browser."""
    return TEXT[key][("zh", "en").index(language(request))].format(**details)
