"""What the form of an application holds and must hold: read, open, complete, eligible, alone."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from models.application import Revision
from models.base import new_id
from models.errors import FaultsError, InputError, NotEligibleError, RefusedError, ShenbaoError
from models.sql import insert_into
from models.vocabulary import REVIEWS, Rung
from workflows.clocks import due
from workflows.intake import records
from workflows.people.organizations import queue_at
from workflows.record.journal import canonical
from workflows.rules import eligibility, forms, workplace
from workflows.rules.calendar import local_date

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from models.application import Application
    from models.attachment import Attachment
    from models.database import DuplicateError, Store
    from models.programme import FieldRule, Programme, Slot
    from models.slate import Slate
    from workflows.record.acting import Actor
    from workflows.rules.eligibility import Verdict

_REVISION = insert_into(Revision)
_LEADER_RULE = "uq_application_round_id_leader_key"


def content_hash(answers: Mapping[str, Any], files: Sequence[Attachment]) -> str:
    """The hash of what was handed in: answers and files (SHA-256, hex)."""
    content = {"answers": answers, "files": sorted([f.slot, f.sha256] for f in files)}
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def read_form(rules: Programme, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Typed answers as values. Raises InputError for an unknown field, FaultsError with all that cannot be read."""
    faults, values = [], {}
    for name, raw in answers.items():
        if (field := rules.field(name)) is None:
            known = [f.name for f in rules.fields]
            raise InputError("unknown_field", field=name, known=known)
        value, fault = forms.value_of(field, raw)
        values[name] = value
        if fault is not None:
            faults.append(fault)
    if faults:
        raise FaultsError(faults)
    return values


def columns(rules: Programme, values: Mapping[str, Any]) -> dict[str, Any]:
    """An application's columns that follow from its answers."""
    leader_id = values.get(rules.leader_id or "")
    return {
        "answers": dict(values),
        "subject": values.get(rules.subject_name or "") or "",
        "leader_name": values.get(rules.leader_name or "") or "",
        "leader_key": forms.leader_key(leader_id) if leader_id else None,
    }


def record_revisions(
    store: Store, who: Actor, after: Application, old: Mapping[str, Any], new: Mapping[str, Any]
) -> None:
    """Write each changed field before and after, in one batch; a field that left the form is told as emptied."""
    names = [*new, *(name for name in old if name not in new)]
    store.run_many(_REVISION, (
        {"id": new_id(), "application_id": after.id, "version": after.version, "field": name,
         "before": {"value": old.get(name)}, "after": {"value": new.get(name)}, "account_id": who.id, "at": store.now}
        for name in names if old.get(name) != new.get(name)
    ))  # fmt: skip


def is_formal(store: Store, rules: Programme, row: Application) -> bool:
    """Whether the formal stage is open: the first list was cleared, or the programme has none."""
    return not rules.entry.first_list_due or records.is_cleared(store, row.id)


def require_open(store: Store, rules: Programme, row: Application | None, names: Sequence[str]) -> bool:
    """Refuse fields that are not the applicant's to fill now; answers whether a part is filled under review.

    Raises RefusedError: "field_not_open" outside a correction's faults, "tier_fills" for a tier's own
    field, "after_first_list" for the formal stage before the first list was cleared.
    """
    parts = [part for name in names if (part := rules.field(name) or rules.slot(name)) is not None]
    for part in parts:
        if part.by != forms.APPLICANT:
            raise RefusedError("tier_fills", field=part.name, tier=part.by)
    later = [part.name for part in parts if part.stage == "formal"]
    under_review = row is not None and row.state in REVIEWS and bool(rules.entry.first_list_due)
    formal = bool(later or under_review) and _formal(store, rules, row)
    if later and not formal:
        raise RefusedError("after_first_list", field=later[0])
    opened = {fault["field"] for fault in row.faults} if row is not None else set()
    if under_review and formal:
        opened = {part.name for part in forms.parts(rules) if part.stage == "formal"}
    if opened and (closed := sorted(set(names) - opened)):
        raise RefusedError("field_not_open", field=closed[0], open=sorted(opened))
    return under_review and formal


def hashed(store: Store, row: Application, answers: Mapping[str, Any]) -> dict[str, str]:
    """The new hash of a content that changes under review, as column and as told in the event."""
    return {"content_hash": content_hash(answers, records.files_of(store, row.id))}


def require_complete(store: Store, rules: Programme, row: Application, files: Sequence[Attachment]) -> dict[str, Any]:
    """The answers that are handed in: those that count. Raises FaultsError with all that is wrong at once.

    The workplace's own steps are among it, each with the clause that asks for it.
    """
    answers, counts = forms.counting(rules, row.answers), counts_of(files)
    found = forms.faults(rules, answers, counts, formal=is_formal(store, rules, row))
    owed = workplace.faults(rules, answers, counts, local_date(store.now), due.current())
    if found or owed:
        raise FaultsError(_merged(found, owed))
    return answers


def counts_of(files: Sequence[Attachment]) -> dict[str, int]:
    """How many files lie in each slot."""
    counts: dict[str, int] = {}
    for file in files:
        counts[file.slot] = counts.get(file.slot, 0) + 1
    return counts


def require_formal(store: Store, rules: Programme, slate: Slate, members: Sequence[Application]) -> None:
    """Refuse a list with cleared names whose formal part is not filled in yet, in a fixed number of reads."""
    if not rules.entry.first_list_due or not any(p.stage == "formal" for p in forms.parts(rules)):
        return
    cleared, files = records.cleared_on(store, slate.id), records.files_on(store, slate.id)
    lacking = [
        row.receipt for row in members
        if row.id in cleared and forms.faults(rules, row.answers, files.get(row.id, {}), formal=True)
    ]  # fmt: skip
    if lacking:
        raise RefusedError("formal_missing", receipts=lacking)


def tier_answers(
    store: Store, rules: Programme, row: Application, given: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The answers with this tier's own put in, and what the tier typed.

    Raises RefusedError("not_this_tiers") for another's field, FaultsError when one of its own that is
    required is empty (`tier_field`) or lacks its file.
    """
    rung = Rung(row.route[row.step][0])
    for name in given:
        field = rules.field(name)
        if field is not None and field.by != rung:
            raise RefusedError("not_this_tiers", field=name, open=[f.name for f in own_fields(rules, row)])
    typed = read_form(rules, given)
    answers = {**row.answers, **typed}
    if any(part.by == rung for part in forms.parts(rules)):
        files = counts_of(records.files_of(store, row.id))
        if found := forms.faults(rules, answers, files, by=rung, formal=is_formal(store, rules, row)):
            raise FaultsError(found)
    return answers, typed


def returnable(store: Store, rules: Programme, row: Application) -> list[str]:
    """The fields and slots an application may be returned for: those its own people can change."""
    formal = is_formal(store, rules, row)
    return [p.name for p in forms.parts(rules) if p.by == forms.APPLICANT and (formal or p.stage == "first")]


def own_fields(rules: Programme, row: Application) -> list[FieldRule]:
    """The fields that the tier with the case in hand fills in, by the answers as they are."""
    return [f for f in rules.fields if _is_own(rules, row, f)]


def own_slots(rules: Programme, row: Application) -> list[Slot]:
    """The places for files that the tier with the case in hand fills."""
    return [s for s in rules.slots if _is_own(rules, row, s)]


def verdict_of(store: Store, rules: Programme, row: Application, year: int, *, partial: bool = False) -> Verdict:
    """What the programme's clauses say of an application today; `year` is the round's."""
    record = records.record_of(rules, row, records.known_of(store, row), year)
    filed = local_date(row.submitted_at) if row.submitted_at else None
    return eligibility.verdict(rules, row.answers, record, local_date(store.now), filed=filed, partial=partial)


def require_eligible(store: Store, rules: Programme, row: Application, year: int) -> None:
    """Raise NotEligibleError with the failed clauses and the earliest day on which all of them clear."""
    found = verdict_of(store, rules, row, year)
    if not found.eligible:
        earliest = found.earliest.isoformat() if found.earliest else None
        raise NotEligibleError("not_eligible", failed=list(found.failed), earliest=earliest)


def require_alone(store: Store, rules: Programme, row: Application) -> None:
    """One leader and one subject, one application in a round, through whichever line (domain: scenarios 19, 20).

    Persons of one name are two subjects; they are told apart by their identity numbers.
    """
    queue_at(store, row.organization)  # no rule of the schema keeps two of one subject from coming in at once
    other = records.other_of_leader(store, row)
    if other is not None:
        code = "other_line" if other.organization == row.organization else "leader_twice"
        raise RefusedError(code, leader=row.leader_name, other=other.receipt, line=other.line.value,
                           organization=other.organization)  # fmt: skip
    if rules.subject in ("person", "pair") and row.leader_key is not None:
        return
    if (same := records.other_of_subject(store, row)) is not None:
        raise RefusedError("subject_twice", subject=row.subject, other=same.receipt, line=same.line.value,
                           organization=same.organization)  # fmt: skip


def leader_twice(error: DuplicateError, leader: str) -> ShenbaoError:
    """What the schema's rule of one leader, one application means to people."""
    return RefusedError("leader_twice", leader=leader) if error.details["unique"] == _LEADER_RULE else error


def _formal(store: Store, rules: Programme, row: Application | None) -> bool:
    return not rules.entry.first_list_due or (row is not None and records.is_cleared(store, row.id))


def _is_own(rules: Programme, row: Application, part: FieldRule | Slot) -> bool:
    if not row.route or row.state not in REVIEWS:
        return False
    rung = Rung(row.route[row.step][0])
    return forms.is_asked(part, forms.counting(rules, row.answers), by=rung, formal=True)


def _merged(found: Sequence[forms.Fault], owed: Sequence[forms.Fault]) -> list[forms.Fault]:
    """Both, each field's once; the one that says where it is written stands for both."""
    cited = {(f["field"], f["code"]): f for f in owed}
    return [cited.pop((f["field"], f["code"]), f) for f in found] + list(cited.values())
