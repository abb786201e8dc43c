"""One-use links: a letter's row holds the path alone, and what proves the link is added when the letter leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from models.secret import signature

if TYPE_CHECKING:
    from collections.abc import Mapping

PATH = "/welcome/"
PURPOSE = "link"
# What opens an account goes to its own address and nowhere else: no group's robot, no digest.
SECRET = frozenset({"invited", "password_reset", "register_confirm"})


def proved(params: Mapping[str, Any]) -> Mapping[str, Any]:
    """The params of a letter that leaves now. Who reads letters in the office sees the path without the proof."""
    path = str(params.get("link") or "")
    if not path.startswith(PATH):
        return params
    return {**params, "link": f"{path}.{signature(PURPOSE, path.removeprefix(PATH))}"}
