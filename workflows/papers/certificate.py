"""The certificate (证书) of a title: number, holder, document, and a code that leads to the check of it."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import segno

from models import text
from models.errors import NotFoundError, RefusedError
from models.vocabulary import Thing
from workflows.papers.notice import address
from workflows.papers.sheet import Sheet, noon
from workflows.queries import papers

if TYPE_CHECKING:
    from workflows.queries.papers import Certified
    from workflows.record.acting import Actor


def written(actor: Actor | None, title_id: str) -> Sheet:
    """The certificate of a title in force, for its holder and the union that gave it.

    Raises NotFoundError, RefusedError("certificate_over") for a title revoked or ended.
    """
    if actor is None:
        raise NotFoundError("not_found", thing=Thing.TITLE.value, given=title_id)
    found = papers.certified(actor, title_id)
    row = found.row
    if row.ended_at is not None:
        raise RefusedError("certificate_over", number=row.number, state=row.state.value, thing=Thing.TITLE.value)
    words = {
        "title": "证书", "called": found.rules.title.name.zh, "number": row.number, "subject": row.name,
        "leader": row.leader_name, "unit": found.unit, "office": found.office, "document": found.document,
        "day": text.day(row.named_on), "until": text.day(row.valid_until) if row.valid_until else "",
        "code": code(checked_at(found)), "address": address(f"/verify/{row.id}"),
    }  # fmt: skip
    return Sheet("certificate", f"证书 {row.number} {row.name}", noon(row.named_on), words)


def checked_at(found: Certified) -> str:
    """What the code on the certificate holds: the address of its check; its facts where there is no public address.

    Nothing private stands in it.
    """
    row = found.row
    return address(f"/verify/{row.id}") or f"{row.number} {row.name} {found.office} {row.named_on.isoformat()}"


def code(words: str) -> str:
    """A QR code as SVG, the same for the same words."""
    file = BytesIO()
    segno.make(words, error="m", micro=False).save(file, kind="svg", border=0, xmldecl=False)
    return file.getvalue().decode()
