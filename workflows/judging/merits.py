"""Merits: screening by departments, judges' sheets, visits and pitches, asked before a list is sealed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflows.desk import inspecting, screening
from workflows.judging import panels

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from models.application import Application
    from models.database import Store
    from models.programme import Programme
    from models.slate import Entry, Slate


def require(
    store: Store, rules: Programme, slate: Slate, entries: Mapping[str, Entry], members: Sequence[Application]
) -> None:
    """Refuse names that are not screened, scored or visited as the programme says at this rung."""
    screening.require(store, rules, slate, members)
    inspecting.require(store, rules, slate, members)
    panels.require(store, rules, slate, entries, members)
