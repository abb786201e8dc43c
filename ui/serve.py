"""`python -m ui.serve`: the web face alone, with every setting that it depends on."""

from __future__ import annotations

import argparse
import json
import logging
import sys
from typing import Any
from urllib.parse import urlsplit

from models import logs, schema
from models.errors import BrokenError, BusyError
from models.settings import settings
from models.text import sentence
from ui import theme
from ui.gate import SID
from ui.server import make


def config(host: str, port: int) -> dict[str, Any]:
    """Streamlit's settings. Two are hidden ones: trustedUserHeaders and postScriptGC.

    The first carries the session from the gate into `st.user`, so that a reconnect cannot go on
    in somebody else's state; the second, when on, stops every click for 100 ms.
    """
    public = urlsplit(settings().public_url).hostname
    chosen: dict[str, Any] = {
        "server.address": host,
        "server.port": port,
        "server.headless": True,
        "server.fileWatcherType": "none",
        "server.maxUploadSize": settings().max_upload_mb,
        "server.disconnectedSessionTTL": 600,
        "server.trustedUserHeaders": json.dumps({SID: "sid"}),
        "server.enableAgentApi": False,
        # Any name given here keeps Streamlit from asking a foreign host for its own address.
        "browser.serverAddress": public or host,
        "browser.gatherUsageStats": False,
        "client.toolbarMode": "minimal",
        "client.showErrorDetails": "none",
        "client.showErrorLinks": False,
        "runner.magicEnabled": False,
        "runner.postScriptGC": False,
        "logger.hideWelcomeMessage": True,
        "logger.enableRich": False,
    }
    if public is not None:
        chosen["server.allowedHosts"] = [public, "127.0.0.1", "localhost"]
    return chosen | theme.options()


def main(arguments: list[str] | None = None) -> None:
    """Serve until asked to end (SIGTERM, ctrl-C)."""
    parser = argparse.ArgumentParser(prog="python -m ui.serve", description=__doc__)
    parser.add_argument("--host", default=settings().web_host)
    parser.add_argument("--port", type=int, default=settings().web_port)
    given = parser.parse_args(arguments)
    if (unfit := _unfit()) is not None:
        parser.exit(1, f"{unfit}\n")
    logs.configure("web", sys.stdout)
    # uvicorn takes a WebSocket that the gate refuses with a proper answer for an accident.
    logging.getLogger("uvicorn.error").addFilter(lambda line: "completing handshake" not in line.msg)
    make().run(config=config(given.host, given.port))


def _unfit() -> str | None:
    """Why this program must not serve that database, in a sentence; one that is away may come back."""
    try:
        schema.check()
    except BusyError:
        return None
    except BrokenError as error:
        return sentence(error, settings().language)
    return None


if __name__ == "__main__":
    main()
