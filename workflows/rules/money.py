"""Money for titles: sums typed in yuan, what holds a payment back, what an account must say (domain: 7.9)."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from calendar import monthrange
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from models.errors import InputError, RefusedError
from models.vocabulary import Hold, TitleState

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from models.programme import Words

_YUAN = re.compile(r"([0-9]{1,9})(?:\.([0-9]{1,2}))?")
_ACCOUNT = re.compile(r"[0-9]{8,32}")
_FIELDS = {"use", "yuan", "words"}
_LONGEST_USE, _LONGEST_WORDS = 60, 500


class Standing(NamedTuple):
    """A title as far as money asks: is anything open about it, and was its last assessment passed."""

    title_id: str
    state: TitleState
    objection: bool = False
    rectifying: bool = False
    leaderless: bool = False
    passed: bool | None = None


def fen_of(given: Any, field: str = "yuan") -> int:
    """A sum typed in yuan, with at most two decimals, in fen. Raises InputError("money")."""
    found = _YUAN.fullmatch(re.sub(r"[\s,]", "", _narrow(str(given))).removesuffix("元").removeprefix("¥"))
    fen = int(found[1]) * 100 + int((found[2] or "").ljust(2, "0")) if found else 0
    if fen <= 0:
        raise InputError("money", field=field, given=str(given)[:20])
    return fen


def account_number(given: str) -> str:
    """A bank account's digits, without the gaps people type: 8 to 32 of them. Raises InputError."""
    digits = re.sub(r"[\s-]", "", _narrow(given))
    if not _ACCOUNT.fullmatch(digits):
        raise InputError("account_number", field="account_number")
    return digits


def _narrow(given: str) -> str:
    """What was typed with a Chinese keyboard's wide digits and signs, as narrow ones."""
    return unicodedata.normalize("NFKC", given)


def digest(salt: str, *parts: str) -> str:
    """What the journal keeps of who is paid where: proof against a change, and no bank details (SHA-256)."""
    return hashlib.sha256("\x1f".join((salt, *parts)).encode()).hexdigest()


def hold(about: Standing, *, needs_grade: bool = False) -> Hold | None:
    """Why no money moves for a title now; None when it may (domain: 7.9).

    An objection, a rectification or a dispute that is open holds it; `needs_grade`: the last
    assessment that was graded must have been passed.
    """
    reasons = {
        Hold.OVER: about.state in (TitleState.REVOKED, TitleState.ENDED),
        Hold.SUSPENSION: about.state is TitleState.SUSPENDED,
        Hold.RECTIFICATION: about.rectifying or about.state is TitleState.RECTIFYING,
        Hold.OBJECTION: about.objection,
        Hold.SUCCESSION: about.leaderless,
        Hold.GRADE: needs_grade and not about.passed,
    }
    return next((reason for reason, holds in reasons.items() if holds), None)


def payment_refusal(held: Hold | None, approved_by: str, payers: Collection[str]) -> str | None:
    """Why this person may not pay an approved subsidy now, as a code; None when they may.

    Nothing is paid while something is open (domain: 7.9), and never by the hand that approved it
    (reliability: I16): `payers` are all who count as one person with the payer, deputies among them.
    """
    if held is not None:
        return "payment_held"
    return "same_hand" if approved_by in payers else None


def named_by(day: date, months: int) -> date:
    """The latest naming whose period of whole months has ended on `day`, or before.

    The inverse of `calendar.months_after`: two years that end on 28 Feb 2026 began on 29 Feb 2024
    or before, for a period ends on the last day of a month that has no such day (Civil Code art. 202).
    """
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    last = monthrange(year, month + 1)[1]
    ends_month = day.day == monthrange(day.year, day.month)[1]
    return date(year, month + 1, last if ends_month else min(day.day, last))


def accounted(items: Sequence[dict[str, Any]], uses: Sequence[Words], fen: int) -> list[dict[str, Any]]:
    """An account of the money, each line `{use, fen, words}`, by the uses a programme allows.

    Raises InputError("account_empty", "unknown_field", "unknown_use", "words_missing", "money") and
    RefusedError("overspent") for more than was paid (domain: 7.9, earmarked).
    """
    if not items:
        raise InputError("account_empty", field="spent")
    lines = [_line(item, uses) for item in items]
    if (total := sum(line["fen"] for line in lines)) > fen:
        raise RefusedError("overspent", fen=fen, asked=total)
    return lines


def _line(item: dict[str, Any], uses: Sequence[Words]) -> dict[str, Any]:
    if unknown := sorted(set(item) - _FIELDS):
        raise InputError("unknown_field", field=unknown[0], known=sorted(_FIELDS))
    said, words = (str(item.get(name, "")).strip() for name in ("use", "words"))
    use = next((known.zh for known in uses if said in (known.zh, known.en)), None)
    if (uses and use is None) or not said or len(said) > _LONGEST_USE:
        raise InputError("unknown_use", field="use", given=said[:60], known=[known.zh for known in uses])
    if not words or len(words) > _LONGEST_WORDS:
        raise InputError("too_long" if words else "words_missing", field="spent", length=len(words),
                         most=_LONGEST_WORDS)  # fmt: skip
    return {"use": use or said, "fen": fen_of(item.get("yuan", "")), "words": words}


def recoverable(fen: int, spent: Sequence[dict[str, Any]], *, revoked: bool) -> int:
    """How many fen may be asked back: what is unspent; all of it when the title was revoked."""
    return fen if revoked else fen - sum(line["fen"] for line in spent)
