"""A decision put right: by a new numbered document that points at the earlier one, which is never edited (7.10)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from models.base import table
from models.database import transaction
from models.docket import DecisionLink
from models.errors import InputError, NotFoundError, RefusedError
from models.sql import bind, insert_into, rows_of
from models.title import Decision, Title
from models.vocabulary import Act, DecisionKind
from workflows.deciding.decisions import decision_of, require_number, write_document
from workflows.named.holders import tell_holders
from workflows.programmes import programme_of
from workflows.record.claiming import claim, seen_of
from workflows.record.journal import move_all
from workflows.record.moves import Change
from workflows.record.verb import not_done_yet, verb
from workflows.rules import privacy
from workflows.rules.calendar import local_date

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from models.database import Store
    from workflows.record.acting import Actor

_L = table(DecisionLink).c
CORRECTIONS_OF = rows_of(DecisionLink, _L.corrects == bind("of", _L.corrects), order=(_L.decision_id,))
_LINK = insert_into(DecisionLink)
FIELDS = ("name", "leader_name")


class _Mended(NamedTuple):
    title: Title
    field: str
    before: str
    after: str


@verb("correct-decision", answer=lambda store, event: decision_of(store, event.body["decision"]))
def correct_decision(
    actor: Actor, decision_id: str, *, titles: list[dict[str, object]], number: str, meeting_on: date, reason: str,
    body: str = "主席会议", key: str | None = None,
) -> Decision:  # fmt: skip
    """Put words of a naming decision right by a new numbered one, all or none.

    Each item is `{title, field, value, seen}`, `field` being `name` or `leader_name`: how the title reads from
    then on. Who was named, and the earlier document, stay as they are. Raises NotFoundError, InputError for
    a number or item that will not do, RefusedError("not_a_naming", "not_in_decision", "corrects_nothing").
    """
    if not reason.strip() or not titles:
        raise InputError("reason_missing", field="titles" if reason.strip() else "reason")
    with transaction() as store:
        not_done_yet(store, actor, key)
        named = _naming(store, decision_id)
        in_order = sorted(titles, key=lambda item: str(item.get("title")))
        held = [_held(store, actor, named, item, key) for item in in_order]
        if twice := [one.title.id for i, (one, _) in enumerate(held) if one.title in [h.title for h, _ in held[:i]]]:
            raise InputError("listed_twice", field="titles", given=twice[0])
        mended, who = [one for one, _ in held], held[0][1]
        rules = programme_of(store, mended[0].title.programme)
        number = require_number(rules, number, meeting_on, local_date(store.now))
        made = write_document(store, who, organization=named.organization, round_id=named.round_id,
                              kind=DecisionKind.NAMING, number=number, body=body, meeting_on=meeting_on,
                              annex=_annex(mended), reason=reason.strip())  # fmt: skip
        store.run(_LINK, decision_id=made.id, corrects=named.id)
        after = move_all(store, who, Act.CORRECT, [
            Change(one.title, {"name": one.title.name, "leader_name": one.title.leader_name, one.field: one.after},
                   body={"decision": made.id, "field": one.field, "before": one.before, "after": one.after})
            for one in mended
        ], key=key)  # fmt: skip
        words = {one.title.id: {"decision": made.number, "before": one.before, "after": one.after} for one in mended}
        tell_holders(store, after, "title_corrected", told=lambda title: words[title.id])
        return made


def _naming(store: Store, decision_id: str) -> Decision:
    """The decision to put right. What puts another right is put right through that one."""
    named = decision_of(store, decision_id)
    if named is None:
        raise NotFoundError("not_found", thing="decision", given=decision_id)
    if named.kind is not DecisionKind.NAMING or not any(group.get("names") for group in named.annex):
        raise RefusedError("not_a_naming", number=named.number)
    return named


def _held(
    store: Store, actor: Actor, named: Decision, item: Mapping[str, object], key: str | None
) -> tuple[_Mended, Actor]:
    field, value = str(item.get("field", "")), str(item.get("value", "")).strip()
    if field not in FIELDS:
        raise InputError("unknown_field", field=field[:60], known=list(FIELDS))
    if not value:
        raise InputError("reason_missing", field="value")
    title, who = claim(store, actor, Act.CORRECT, Title, str(item.get("title")), seen=seen_of(item.get("seen")),
                       key=key)  # fmt: skip
    if title.decision_id != named.id:
        raise RefusedError("not_in_decision", title=title.number, number=named.number)
    before = str(getattr(title, field))
    if before == value:
        raise RefusedError("corrects_nothing", number=named.number)
    return _Mended(title, field, before, value), who


def _annex(mended: Sequence[_Mended]) -> list[dict[str, Any]]:
    """What the public reads: it names nobody anew."""
    lines = [
        {"title": one.title.id, "number": one.title.number, "field": one.field,
         "before": privacy.public(one.before), "after": privacy.public(one.after)}
        for one in sorted(mended, key=lambda one: one.title.number)
    ]  # fmt: skip
    return [{"area": "", "names": [], "corrections": lines}]
