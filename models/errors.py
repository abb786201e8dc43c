"""Everything that can be refused: a code and details for the machine, never prose."""

from __future__ import annotations

from typing import Any, ClassVar


class ShenbaoError(Exception):
    """Base of all: `code` names the reason, `details` fill the sentence of models/text.py."""

    exit_code: ClassVar[int] = 1
    http_status: ClassVar[int] = 500

    def __init__(self, code: str, **details: Any) -> None:
        super().__init__(code, details)
        self.code = code
        self.details = details

    def __str__(self) -> str:
        """Code and details, for a log line; faces use `models.text.sentence`."""
        return f"{self.code} {self.details}" if self.details else self.code


class InputError(ShenbaoError):
    """What was typed cannot be read: unknown name, wrong type, bad date, bad file."""

    exit_code = 2
    http_status = 422


class FaultsError(InputError):
    """Several fields are wrong at once; `details["faults"]` lists `{field, code, ...}` for each."""

    def __init__(self, faults: list[dict[str, Any]], **details: Any) -> None:
        super().__init__("faults", faults=faults, count=len(faults), **details)


class RefusedError(ShenbaoError):
    """A rule of the programme or of the trade says no, with its numbers."""

    exit_code = 3
    http_status = 409


class NotEligibleError(RefusedError):
    """Clauses of the programme fail; `details` hold them and the earliest date they clear."""


class QuotaError(RefusedError):
    """More is asked than the places a union holds."""


class ForbiddenError(ShenbaoError):
    """The person may not do this here and now."""

    exit_code = 4
    http_status = 403


class SignedOutError(ForbiddenError):
    """Nobody is signed in, or the session has ended."""

    http_status = 401


class NotFoundError(ForbiddenError):
    """It does not exist, or the asker may not see it: the two are told in the same words."""

    http_status = 404


class ConflictError(ShenbaoError):
    """The state of things does not allow it: another act came first, or the thing is past it."""

    exit_code = 5
    http_status = 409


class StaleError(ConflictError):
    """Somebody changed it after it was looked at; `details` say who, when and what."""


class IllegalMoveError(ConflictError):
    """The statechart has no such move from this state."""


class BusyError(ShenbaoError):
    """The database or a file is held by somebody else; trying again may help."""

    http_status = 503


class TooManyError(ShenbaoError):
    """Tried too often in too short a time; `details["seconds"]` says when to come back."""

    exit_code = 4
    http_status = 429


class BrokenError(ShenbaoError):
    """The installation cannot work as it is: unknown schema, missing file, tampered journal."""
