"""The web face as one ASGI application: Streamlit, our routes beside it, one gate before both."""

from __future__ import annotations

import asyncio
import gc
from contextlib import asynccontextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st
import structlog
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from models import logs
from models.base import new_id
from models.errors import BusyError
from ui import (
    alarms,
    appearance,
    bulletin,
    entering,
    files,
    frame,
    gazette,
    health,
    lost,
    papers,
    printing,
    providers,
    receipts,
    registering,
    signin,
    stale,
    tracing,
    verifying,
)
from ui.api import routes as api
from ui.gate import Gate
from ui.session import language
from ui.views import PAGES
from workflows.papers import fonts
from workflows.people import sessions

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

HERE = Path(__file__).parent
# Imported by Streamlit or the pages at first use: the first visitor would wait 2 to 5 seconds.
WARM = ("pandas", "pyarrow", "streamlit.dataframe_util", "streamlit.elements.arrow", "ui.session")
TROUBLE = {
    "zh": "页面出了问题，已经记录。请稍后再试；如需帮助，请告知编号 {reference}。",
    "en": "Something went wrong on this page; it has been written down. "
    "Please try again later, or quote {reference} when you ask for help.",
}
_log = structlog.get_logger(__name__)


def routes() -> list[BaseRoute]:
    """Everything beside Streamlit; Streamlit answers what is left."""
    return [
        Route("/login", signin.page),
        Route("/login", signin.submit, methods=["POST"]),
        Route("/logout", signin.leave),
        Route("/logout", signin.left, methods=["POST"]),
        Route("/language", signin.switch),
        Route("/files/{id}", files.file),
        Route("/print/{id}", printing.page),
        Route("/papers/{kind}/{id}", papers.paper),
        Route("/verify/{id}", verifying.page),
        Route("/export/{list}", papers.exported),
        Route("/healthz", health.healthz),
        Route("/readyz", health.readyz),
        Route("/metrics", health.metrics),
        Route(alarms.PATH, alarms.alarm, methods=["POST"]),
        *appearance.routes(),
        *bulletin.routes(),
        *receipts.routes(),
        *gazette.routes(),
        *api.routes(),
        *entering.routes(),
        *registering.routes(),
        *providers.routes(),
        Mount("/assets", StaticFiles(directory=HERE / "static")),
        *(Route(f"/{page.path}", frame.frame) for page in PAGES),
    ]


def middleware() -> list[Middleware]:
    """The trace of every request, then the gate; its policy's digests are computed from the installed Streamlit."""
    words = tracing.words_of([str(getattr(route, "path", "")) for route in routes()])
    return [Middleware(tracing.Trace, words=words), Middleware(Gate, policy=frame.policy())]


def make() -> st.App:
    """The application; one to a process, because Streamlit's settings are the process's."""
    stale.mend()
    return st.App(
        HERE / "app.py",
        routes=[*routes(), lost.Elsewhere()],
        middleware=middleware(),
        lifespan=lifespan,
        on_script_error=apologise,
    )


def apologise(error: Exception) -> bool:
    """Tell the visitor a reference number and the log the rest; True: Streamlit shows nothing."""
    reference = new_id()[-8:]
    _log.error("page_failed", reference=reference, exc_info=error)
    st.error(TROUBLE[language()].format(reference=reference))
    return True


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Import what pages need, then take it all out of the garbage collector's sight; watch the clocks while it runs.

    Without it a collection walks some hundred thousand lasting objects under the lock: 100 ms.
    """
    for name in WARM:
        import_module(name)
    try:
        await run_in_threadpool(sessions.tidy)
    except BusyError as error:
        _log.warning("not_tidied", code=error.code)
    logs.gather()
    gc.collect()
    gc.freeze()
    # Reading the fonts takes a second, which else the first to open a case would wait.
    tasks = [asyncio.create_task(alarms.watch()), asyncio.create_task(run_in_threadpool(fonts.found))]
    yield
    for task in tasks:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
