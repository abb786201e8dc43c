"""Signing in through a provider (OpenID Connect): away to it, back from it, and then a session like any other.

State, nonce and PKCE (S256) are Authlib's; what it has to remember meanwhile stands in a signed cookie of ten
minutes and not in Streamlit's session. Whom the provider names is judged in workflows/people/identities.py.
"""

from __future__ import annotations

import warnings
from datetime import UTC, datetime
from functools import lru_cache, partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import httpx
import structlog
from anyio import to_thread
from joserfc.errors import JoseError
from limits import RateLimitItemPerMinute
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from models import clock
from models.errors import ForbiddenError, ShenbaoError
from models.settings import settings
from models.text import sentence
from ui import health, joining, tickets
from ui.cookies import csrf_cookie, drop, put, session_cookie
from ui.gate import SID
from ui.signin import HASHING, came_from_our_form, fields, language, local, message, said, shown
from workflows.people import identities, own_sessions, rate
from workflows.people.identities import LONGEST_SUBJECT, SLUG, Known

with warnings.catch_warnings():
    # Authlib 1.9 warns of the two libraries that 2.0 will use in place of httpx and its own jose, and asks that
    # its warnings be always shown: so the filters come after that.
    import authlib.deprecate  # noqa: F401 -- sets the filter that the next lines undo

    warnings.filterwarnings("ignore", message="The httpx module is deprecated")
    warnings.filterwarnings("ignore", message="authlib.jose module is deprecated")
    from authlib.integrations.starlette_client import OAuth, OAuthError

if TYPE_CHECKING:
    from starlette.requests import Request

PATH = f"/login/with/{SLUG}"
# A journey costs the provider a question: so many from one place.
JOURNEYS = RateLimitItemPerMinute(30, 1, "journey")
TIMEOUT = 10.0  # seconds until a silent provider is given up
_log = structlog.get_logger(__name__)


def routes() -> list[BaseRoute]:
    """The way to the provider, and the way back."""
    return [
        Route("/login/with/{provider}", away),
        Route("/login/with/{provider}/callback", back),
        Route("/login/with/{provider}/link", linking),
        Route("/login/with/{provider}/link", onward, methods=["POST"]),
    ]


def name() -> str:
    """What people call the provider; empty where there is none."""
    return settings().oidc_name or "OIDC" if settings().oidc_issuer else ""


async def away(request: Request) -> Response:
    """GET /login/with/{provider}?next=: to the provider; with `prove` who is signed in is asked anew there."""
    if not _is_ours(request):
        return _told(request, said(request, "no_provider"), 404)
    sid = request.headers.get(SID, "") if "prove" in request.query_params else ""
    return await _departed(request, "prove" if sid else "enter", sid)


async def linking(request: Request) -> Response:
    """GET /login/with/{provider}/link: asks who is signed in whether another identity shall open their account."""
    if not _is_ours(request):
        return _told(request, said(request, "no_provider"), 404)
    return await joining.asked(request, name())


async def onward(request: Request) -> Response:
    """POST /login/with/{provider}/link: who has proved to be there goes to the provider, which asks anew."""
    given, sid = await fields(request), request.headers.get(SID, "")
    if not _is_ours(request) or not sid:
        return RedirectResponse(f"{PATH}/link", 303)
    if not came_from_our_form(request, given):
        return await joining.asked(request, name(), said(request, "form_expired"), 403)
    if not await to_thread.run_sync(own_sessions.is_proven, sid):
        try:
            await to_thread.run_sync(own_sessions.prove, sid, given.get("password", ""), limiter=HASHING)
        except ShenbaoError as error:
            return await joining.asked(request, name(), sentence(error, language(request)), error.http_status)
    response = await _departed(request, "link", sid)
    return joining.sent(request, response, name()) if response.status_code == HTTPStatus.FOUND else response


async def _departed(request: Request, purpose: str, sid: str) -> Response:
    """On the way to the provider, with a ticket that says when and what for this journey began."""
    asked = {"prompt": "login", "max_age": 0} if sid else {}
    began = clock.now().timestamp()
    request.scope["session"] = {}
    try:
        await to_thread.run_sync(rate.spend, JOURNEYS, rate.place_of(_host(request)))
        response: Response = await _app().authorize_redirect(request, _callback(request), **asked)
    except ShenbaoError as error:
        return _told(request, sentence(error, language(request)), error.http_status)
    except (httpx.HTTPError, OAuthError, ValueError, RuntimeError) as error:
        _log.warning("provider_away", error=str(error))
        return _told(request, said(request, "provider_away"), 503)
    kept = {"session": request.session, "next": local(request.query_params.get("next")), "sid": sid,
            "purpose": purpose, "began": began}  # fmt: skip
    tickets.give(response, tickets.JOURNEY, kept)
    response.headers["Cache-Control"] = "no-store"
    return response


async def back(request: Request) -> Response:
    """GET /login/with/{provider}/callback: who the provider says it is; refused unless we asked this browser."""
    kept = tickets.shown(request, tickets.JOURNEY)
    if not _is_ours(request) or kept is None:
        return _refused(request, "no journey")
    request.scope["session"] = kept["session"]
    try:
        known = await _known(request)
    except httpx.HTTPError as error:
        _log.warning("provider_away", error=str(error))
        return _told(request, said(request, "provider_away"), 503)
    except (OAuthError, JoseError, ValueError, KeyError, TypeError, RuntimeError) as error:
        return _refused(request, str(error))
    arrived = {"prove": _proved, "link": _linked}.get(kept["purpose"], _entered)
    response = await arrived(request, known, kept)
    tickets.take(response, tickets.JOURNEY)
    return response


async def _entered(request: Request, known: Known, kept: dict[str, Any]) -> Response:
    agent = request.headers.get("user-agent", "")
    try:
        token = await to_thread.run_sync(identities.enter, known, _host(request), agent)
    except ForbiddenError as error:
        health.REFUSED.labels(error.code).inc()
        if error.code != "identity_unknown":
            return _told(request, sentence(error, language(request)), error.http_status)
        return _to_be_linked(known, kept["next"])
    except ShenbaoError as error:
        return _told(request, sentence(error, language(request)), error.http_status)
    response = RedirectResponse(kept["next"], 303)
    put(response, session_cookie(), token)
    drop(response, csrf_cookie())
    tickets.take(response, tickets.PENDING)
    return response


def _to_be_linked(known: Known, target: str) -> Response:
    """Nobody is known by this identity: the password of the account that it belongs to links them."""
    response = RedirectResponse(f"/login?{httpx.QueryParams({'link': '1', 'next': target})}", 303)
    kept = {"provider": known.provider, "subject": known.subject, "called": known.email or known.subject}
    tickets.give(response, tickets.PENDING, kept)
    return response


async def _proved(request: Request, known: Known, kept: dict[str, Any]) -> Response:
    """The provider's answer about who is signed in; the browser must still be in the session that asked."""
    try:
        prove = partial(identities.prove, _asker(request, kept), known, began_at=_began(kept))
        await to_thread.run_sync(prove)
    except ShenbaoError as error:
        return _told(request, sentence(error, language(request)), error.http_status)
    note = message(said(request, "proved"), "status")
    return shown(request, "welcome.html", "/", title=said(request, "proof"), message=note, body="")


async def _linked(request: Request, known: Known, kept: dict[str, Any]) -> Response:
    """One more identity of who is signed in, in the session that asked for it."""
    try:
        add = partial(identities.add, _asker(request, kept), known, began_at=_began(kept))
        is_new = await to_thread.run_sync(add)
    except ShenbaoError as error:
        return _told(request, sentence(error, language(request)), error.http_status)
    return joining.done(request, is_new=is_new)


def _asker(request: Request, kept: dict[str, Any]) -> str:
    """The session that a journey was begun in. Raises ForbiddenError in another one, or in none."""
    if request.headers.get(SID) != kept["sid"]:
        raise ForbiddenError("identity_other")
    return str(kept["sid"])


def _began(kept: dict[str, Any]) -> datetime:
    return datetime.fromtimestamp(kept["began"], UTC)


async def _known(request: Request) -> Known:
    """What the provider tells, its signature, issuer, audience, nonce and time checked. Raises what Authlib raises."""
    app, issuer = _app(), settings().oidc_issuer
    metadata = await app.load_server_metadata()
    told_by = str(metadata.get("issuer", ""))
    if told_by.rstrip("/") != issuer.rstrip("/"):
        message_of = f"the provider calls itself {told_by}"
        raise ValueError(message_of)
    token = await app.authorize_access_token(request, claims_options={
        "iss": {"essential": True, "values": [told_by]},
        "aud": {"essential": True, "value": settings().oidc_client_id},
    })  # fmt: skip
    claims = dict(token["userinfo"])
    if "email" not in claims and "userinfo_endpoint" in metadata:
        more = await app.userinfo(token=token)
        if more["sub"] != claims["sub"]:
            message_of = "two subjects"
            raise ValueError(message_of)
        claims = {**more, **claims}
    return _judged(claims)


def _judged(claims: dict[str, Any]) -> Known:
    subject, email = claims["sub"], claims.get("email")
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
        message_of = "no subject"
        raise ValueError(message_of)
    # What a provider did not verify is what somebody typed there.
    verified = email if claims.get("email_verified") is True and isinstance(email, str) else ""
    at = claims.get("auth_time")
    asked_at = datetime.fromtimestamp(at, UTC) if isinstance(at, int | float) and 0 < at < 2**32 else None
    return Known(identities.provider() or "", subject, verified, asked_at)


def _app() -> Any:
    chosen = settings()
    return _registered(chosen.oidc_issuer, chosen.oidc_client_id, chosen.oidc_client_secret.get_secret_value())


@lru_cache(maxsize=1)
def _registered(issuer: str, client_id: str, secret: str) -> Any:
    """Authlib's client of the provider; what the provider publishes of itself is fetched once."""
    return OAuth().register(
        SLUG, client_id=client_id, client_secret=secret,
        server_metadata_url=f"{issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid email profile", "code_challenge_method": "S256", "timeout": TIMEOUT},
    )  # fmt: skip


def _is_ours(request: Request) -> bool:
    return bool(settings().oidc_issuer) and request.path_params["provider"] == SLUG


def _callback(request: Request) -> str:
    """Our address as the provider knows it; without a public one, as this browser does."""
    return f"{(settings().public_url or str(request.base_url)).rstrip('/')}{PATH}/callback"


def _host(request: Request) -> str:
    return request.client.host if request.client else ""


def _refused(request: Request, why: str) -> Response:
    _log.warning("provider_refused", why=why[:200], address=_host(request))
    return _told(request, said(request, "provider_refused"), 400)


def _told(request: Request, words: str, status: int) -> Response:
    body = f'<p><a class="quiet" href="/login">{said(request, "back")}</a></p>'
    note = message(words, "alert")
    return shown(request, "welcome.html", "/", status, title=said(request, "sign_in"), message=note, body=body)
