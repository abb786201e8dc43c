"""What stays private in a form: an identity number keeps only its ends in strangers' sight."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from models.base import changed

if TYPE_CHECKING:
    from models.application import Application
    from models.programme import Programme

_ENDS = 4


def masked(programme: Programme, row: Application) -> Application:
    """An application as others than its own people read it: private answers masked."""
    private = private_fields(programme)
    return changed(row, answers={k: mask(v) if k in private else v for k, v in row.answers.items()})


def private_fields(programme: Programme) -> frozenset[str]:
    """The fields a programme calls private."""
    return frozenset(field.name for field in programme.fields if field.private)


def mask(value: Any) -> Any:
    """A value with its first and last four characters left; short ones vanish altogether."""
    if value is None:
        return None
    text = str(value)
    if len(text) <= 2 * _ENDS:
        return "*" * len(text)
    return f"{text[:_ENDS]}{'*' * (len(text) - 2 * _ENDS)}{text[-_ENDS:]}"
