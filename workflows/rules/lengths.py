"""How many characters a text handed to a verb may have, whichever face it comes by."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Any

from models.errors import InputError
from models.programme_file.form import LONGEST

# A code, an address, an answer of a form: what is wrong with one the verb says itself, in plainer words.
CEILING = LONGEST
# An argument that nobody has put into these tables yet: a test fails until it is there.
SHORTEST = 500

_LOOKED_FOR = frozenset({
    "account", "account_id", "account_number", "address", "aside_id", "assessment_id", "attachment_id", "bank",
    "batch_id", "body", "by_round", "cause", "code", "contact", "deadline_id", "decision_id", "department", "deputy",
    "deputy_id", "desk", "email", "expert_id", "field", "fields", "filename", "fingerprint", "identity_id", "industry",
    "key", "language", "leader_id", "leaver", "loan_id", "meeting_id", "notice_id", "objection_id",
    "objector", "of", "panel_id", "parent", "password", "payee", "person", "person_id", "pool", "principal",
    "programme", "question_id", "receipt", "registration_id", "request", "request_id", "root", "round_id",
    "session_id", "signer", "slate_id", "state", "subsidy_id", "template", "title_id", "to", "token_id", "unit",
    "application_id", "appeal_id", "organization_code", "view_id", "voucher", "way_id", "yuan", "score", "scores",
    "fact_id", "seat_id", "unspent_yuan", "number", "outcome", "subject", "value", "kind", "name", "leader_name",
    "person_name", "place", "slot", "alliances", "kin", "anchors", "applications", "signers", "scopes", "void",
    "main", "reserve", "shares", "factors", "titles", "items", "rows", "answers", "signatories",
})  # fmt: skip
_WRITTEN: Mapping[str, int] = {
    "document": 200, "seed": 200, "seed_source": 200,
    "note": 500, "reason": 500, "with_finance": 500, "tie": 500, "faults": 500, "names": 500, "spent": 500,
    "remark": 1000, "results": 1000,
    "minutes": 2000, "opinion": 2000, "words": 2000,
    "finding": 4000,
    "text": 8000,
}  # fmt: skip
# Where a verb takes another number of them than the name alone says.
_OF: Mapping[tuple[str, str], int] = {
    ("correct-decision", "reason"): 2000, ("refuse", "reason"): 2000, ("revoke", "reason"): 2000,
    ("settle", "reason"): 2000, ("withdraw-decision", "reason"): 2000, ("rectify", "reason"): 1000,
    ("object", "words"): 4000, ("ask-correction", "words"): 4000,
    **dict.fromkeys(product(("accept", "chase", "close-subsidy", "copy", "record-fact", "settle-succession", "sign"),
                            ("words",)), 500),
    **dict.fromkeys(product(("give-back", "lend", "reclaim", "split"), ("reason",)), 200),
    ("settle-undelivered", "reason"): 150,
    # What these call their text is not what the argument is called.
    ("ask-office", "text"): CEILING, ("answer-question", "text"): CEILING, ("save-view", "words"): CEILING,
    # Whole files, which are read line by line and say of a line what is wrong with it.
    ("publish-programme", "text"): 1_000_000, ("rank-text", "text"): 1_000_000,
}  # fmt: skip


def is_known(verb: str, argument: str) -> bool:
    """Whether somebody has said how long this argument may be."""
    return (verb, argument) in _OF or argument in _WRITTEN or argument in _LOOKED_FOR


def most(verb: str, argument: str) -> int:
    """How many characters a text of this argument may have, blanks around it not counted."""
    known = _OF.get((verb, argument)) or _WRITTEN.get(argument)
    return known or (CEILING if argument in _LOOKED_FOR else SHORTEST)


def require_length(verb: str, argument: str, given: Any) -> None:
    """Measure every text of a value, however deeply it nests.

    Raises InputError("too_long") with the innermost name as `field`: what somebody wrote is never cut short.
    """
    if given is None or isinstance(given, bool | int | bytes):
        return
    limit = most(verb, argument)
    left = [(argument, given)]
    while left:
        match left.pop():
            case (field, str(text)) if len(text) > limit and (length := len(text.strip())) > limit:
                raise InputError("too_long", field=field, length=length, most=limit)
            case (field, Mapping() as inner):
                left += ((_called(field, name), one) for name, one in inner.items())
                left += ((field, name) for name in inner)
            case (field, list() | tuple() | set() | frozenset() as inner):
                left += ((field, one) for one in inner)


def _called(field: str, name: Any) -> str:
    """What an inner value is called in words; a name that is too long itself is measured beside it."""
    return name if isinstance(name, str) and len(name) <= SHORTEST else field
