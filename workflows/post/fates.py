"""What has become of a letter, in one word and for every face alike; and whose letters an office looks after."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from models.account import Account, Seat
from models.base import table
from models.letter import UNSETTLED, Letter
from models.organization import Organization
from models.sql import bind
from workflows.queries.watch import UNDER

if TYPE_CHECKING:
    from datetime import datetime

_L, _A, _S, _O = (table(m).c for m in (Letter, Account, Seat, Organization))
WAITING, HELD, SENT, BACK, DEAD, WITHDRAWN = FATES = ("waiting", "held", "sent", "back", "dead", "withdrawn")
"""Waiting for a try; held or put off before the first; taken by the mail server; sent back; given up; taken back."""
# Given up on purpose: nobody need do anything about these.
TAKEN_BACK = ("superseded", "not_wanted")
ON_PURPOSE = (*TAKEN_BACK, "account_disabled")

FATE = sa.case(
    (_L.bounced_at.is_not(None), BACK),
    (_L.sent_at.is_not(None), SENT),
    (_L.dead_at.is_not(None) & _L.error.in_(TAKEN_BACK), WITHDRAWN),
    (_L.dead_at.is_not(None), DEAD),
    ((_L.attempts == 0) & (_L.not_before > bind("now", _L.not_before)), HELD),
    else_=WAITING,
)
# Somebody who was never reached, and nobody has dealt with it; in the words of the index `ix_letter_unsettled`.
UNREACHED = UNSETTLED & _L.error.not_in(ON_PURPOSE)

_SEAT = sa.exists().where(_S.account_id == _L.account_id, _O.code == _S.organization)
# Somebody who sits elsewhere as well gets letters that are none of this union's business.
BELOW = _SEAT.where(UNDER).correlate(table(Letter)) & ~_SEAT.where(
    sa.not_(sa.func.coalesce(UNDER, sa.false()))
).correlate(table(Letter))


_TEXT = sa.column("text", sa.String)  # as long as it is given


def _unless(name: str, clause: Any) -> Any:
    """A condition that an empty text leaves out."""
    return (sa.cast(bind(name, _TEXT), sa.String) == sa.literal("")) | clause


# Which letters are meant: by state, template, person (address or id) and the moment they were written.
MEANT = sa.and_(
    _unless("state", sa.cast(bind("state", _TEXT), sa.String) == FATE),
    _unless("template", _L.template == bind("template", _TEXT)),
    _unless("person", _L.account_id.in_(
        sa.select(_A.id).where((_A.email == bind("person", _TEXT)) | (_A.id == bind("person", _TEXT)))
    )),
    _L.created_at >= bind("since", _L.created_at),
)  # fmt: skip


def fate(letter: Any, now: datetime) -> str:
    """As `FATE`, of a row that is here already."""
    if letter.bounced_at is not None:
        return BACK
    if letter.sent_at is not None:
        return SENT
    if letter.dead_at is not None:
        return WITHDRAWN if letter.error in TAKEN_BACK else DEAD
    return HELD if letter.attempts == 0 and letter.not_before > now else WAITING
