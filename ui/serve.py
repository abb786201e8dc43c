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
from ui.gate import SID
from ui.server import make

FONT = "'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif"
THEME = {
    "base": "light",
    "primaryColor": "#1f5f8b",
    "backgroundColor": "#ffffff",
    "secondaryBackgroundColor": "#f3f6f8",
    "textColor": "#1c2b36",
    "linkColor": "#1f5f8b",
    "borderColor": "#d3dbe1",
    "grayTextColor": "#55646f",
    "font": FONT,
    "headingFont": FONT,
    "baseFontSize": 15,
    "baseRadius": "8px",
    "showWidgetBorder": True,
    "headingFontSizes": ["1.75rem", "1.4rem", "1.2rem", "1.05rem", "1rem", "0.9rem"],
    "sidebar.backgroundColor": "#f3f6f8",
    "sidebar.secondaryBackgroundColor": "#e3eaf0",
}


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
    return chosen | {f"theme.{name}": value for name, value in THEME.items()}


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
