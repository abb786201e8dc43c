"""Letters to the units that hold titles, one at a time or many in one batch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from models.vocabulary import LetterKind, Role
from workflows.post import letters

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from models.database import Store
    from models.title import Title


def tell_holder(
    store: Store, title: Title, template: str, kind: LetterKind = LetterKind.INFORMATION, **params: object
) -> None:
    """A letter to the clerks of the unit that holds a title, about its last event."""
    words = {"number": title.number, "subject": title.name, **params}
    letters.to_desk(store, title.head[:32], title.organization, template, words, kind, title.id, Role.CLERK)


def tell_holders(
    store: Store, titles: Sequence[Title], template: str, kind: LetterKind = LetterKind.INFORMATION, *,
    told: Callable[[Title], dict[str, Any]],
) -> None:  # fmt: skip
    """A letter to the clerks of every unit, about each title's last event, in one batch; `told` fills it."""
    addressed = (
        (t.head[:32], t.organization, {"number": t.number, "subject": t.name, **told(t)}, t.id) for t in titles
    )
    letters.to_desks(store, addressed, template, kind, Role.CLERK)


def tell_decider(
    store: Store, title: Title, template: str, kind: LetterKind = LetterKind.INFORMATION, **params: object
) -> None:
    """A letter to the reviewers of the union that gave a title, about its last event."""
    words = {"number": title.number, "subject": title.name, **params}
    letters.to_desk(store, title.head[32:], title.decider, template, words, kind, title.id)
