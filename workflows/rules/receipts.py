"""Receipt numbers one can say over a telephone: sixteen digits in groups, the last one checks the rest."""

from __future__ import annotations

import re
import unicodedata

from stdnum import luhn

DIGITS = 15  # by chance; 10**15 numbers are not guessed at ten tries in five minutes
_SHAPE = re.compile(r"[0-9]{16}")
_GROUP = 4


def spoken(number: int) -> str:
    """A number by chance, below 10**15, as a receipt: `1234-5678-9012-3452`, checked by Luhn's sum."""
    digits = f"{number:0{DIGITS}d}"
    return _grouped(digits + luhn.calc_check_digit(digits))


def normal(text: str) -> str | None:
    """What somebody typed as the receipt it is, full-width digits, blanks and dashes forgiven; None if misheard."""
    digits = re.sub(r"[\s\-–—]", "", unicodedata.normalize("NFKC", text))
    return _grouped(digits) if _SHAPE.fullmatch(digits) and luhn.is_valid(digits) else None


def hidden(receipt: str) -> str:
    """A receipt by which one can be spoken of and nothing be done: `****-****-****-3452`."""
    return re.sub("[0-9]", "*", receipt[:-_GROUP]) + receipt[-_GROUP:]


def _grouped(digits: str) -> str:
    return "-".join(digits[i : i + _GROUP] for i in range(0, len(digits), _GROUP))
