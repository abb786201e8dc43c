"""Names of the form that other chapters use: they must be there, be of the right kind, and be unique."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import BaseModel

from workflows.linting.finding import Raw, error, nearest, warning

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from models.programme import Condition, FieldRule, Programme
    from workflows.linting.finding import Path

_ORDERED = ("number", "money", "date", "year")
_SORTED_OUT = ("choice", "yes_no")
# The names a case is known by, and the kinds of their fields.
_KNOWN_BY: dict[str, tuple[str, ...]] = {
    "leader_name": ("text",),
    "leader_id": ("person_id",),
    "subject_name": ("text",),
}
# What tells the items of a list from each other.
_NAMED_BY = ("desk", "name", "clause", "stage", "grade", "fact")
_LED = ("person", "team", "studio", "pair")
# What a composition may look at besides the form: facts about the applying unit itself.
UNIT_FACTS = ("unit.non_public",)


class Use(NamedTuple):
    """A place that names a field, and the kinds of field that make sense there."""

    path: Path
    name: str
    kinds: tuple[str, ...] = ()


def findings(programme: Programme) -> Iterator[Raw]:
    """What is wrong with the names the file uses."""
    yield from _twice(programme)
    for use in _uses(programme):
        yield from _used(programme, use)
    yield from _always_there(programme)
    yield from _slots(programme)
    yield from _ties(programme)
    yield from _published(programme)
    yield from _defaults(programme)
    yield from _circles(programme)
    if programme.title.succession is not None:
        clauses = [clause.clause for clause in programme.eligibility]
        for n, name in enumerate(programme.title.succession.clauses):
            if name not in clauses:
                yield error(("title", "succession", "clauses", n), "clause_unknown", given=name,
                            near=nearest(name, clauses))  # fmt: skip


def _twice(programme: Programme) -> Iterator[Raw]:
    lists: list[tuple[Path, Iterable[Any], str]] = [
        (("fields",), programme.fields, "name"), (("slots",), programme.slots, "name"),
        (("eligibility",), programme.eligibility, "clause"), (("composition",), programme.composition, "name"),
        (("quota", "pools"), programme.quota.pools, "name"), (("quota", "factors"), programme.quota.factors, "name"),
        (("quota", "outside"), programme.quota.outside, "name"), (("subsidies",), programme.subsidies, "stage"),
    ]  # fmt: skip
    if programme.scoring:
        lists += [(("scoring", "criteria"), programme.scoring.criteria, "name"),
                  (("scoring", "results"), programme.scoring.results, "name")]  # fmt: skip
    if programme.screening:
        lists.append((("screening", "departments"), programme.screening.departments, "name"))
    if programme.contest:
        lists.append((("contest", "prizes"), programme.contest.prizes, "name"))
    for key in ("assessment", "acceptance", "reconfirmation"):
        if (rule := getattr(programme, key)) is not None:
            lists.append(((key, "rubric"), rule.rubric, "name"))
    for path, items, key in lists:
        seen: set[str] = set()
        for n, item in enumerate(items):
            name = getattr(item, key)
            if name in seen:
                yield error((*path, n, key), "twice", given=name)
            seen.add(name)


def conditions(programme: Programme) -> Iterator[tuple[Path, Condition]]:
    """Every `when` of the file."""
    holders: list[tuple[Path, Iterable[Any]]] = [
        (("fields",), programme.fields), (("slots",), programme.slots), (("eligibility",), programme.eligibility),
        (("screening", "departments"), programme.screening.departments if programme.screening else ()),
    ]  # fmt: skip
    for path, items in holders:
        for n, item in enumerate(items):
            if item.when is not None:
                yield (*path, n, "when"), item.when


def _uses(programme: Programme) -> Iterator[Use]:
    for key, kinds in _KNOWN_BY.items():
        if name := getattr(programme, key):
            yield Use((key,), name, kinds)
    yield from _uses_of_lists(programme)
    yield from (Use(("notice", "shows", n), name) for n, name in enumerate(programme.notice.shows))
    single: tuple[tuple[str, str, tuple[str, ...]], ...] = (
        ("workplace", "notice_from", ("date",)),
        ("workplace", "notice_to", ("date",)),
        ("quota", "pool_field", _SORTED_OUT),
        ("contest", "team_field", ()),
    )
    for table, key, kinds in single:
        if name := getattr(getattr(programme, table), key, None):
            yield Use((table, key), name, kinds)


def _uses_of_lists(programme: Programme) -> Iterator[Use]:
    for path, condition in conditions(programme):
        yield Use((*path, "field"), condition.field)
    for n, rule in enumerate(programme.composition):
        if rule.field.partition(".")[0] != "unit":
            yield Use(("composition", n, "field"), rule.field, _SORTED_OUT)
    for n, feed in enumerate(programme.feeds):
        if feed.field:
            yield Use(("feeds", n, "field"), feed.field, _SORTED_OUT if feed.amounts else ())


def _used(programme: Programme, use: Use) -> Iterator[Raw]:
    field = programme.field(use.name)
    if field is None:
        names = [f.name for f in programme.fields]
        yield error(use.path, "field_unknown", given=use.name, near=nearest(use.name, names))
    elif use.kinds and field.kind not in use.kinds:
        yield error(use.path, "kind_wrong", given=use.name, kind_now=field.kind, known=list(use.kinds))


def _always_there(programme: Programme) -> Iterator[Raw]:
    """The three names a case is known by are asked of every applicant, before the first list."""
    for key in _KNOWN_BY:
        field = programme.field(getattr(programme, key) or "")
        if field is not None and not _is_asked_of_all(field):
            yield error((key,), "not_always_asked", given=field.name)
    if programme.leader_id is None and programme.leader_name is None and programme.subject in _LED:
        yield error(("subject",), "leader_missing", given=programme.subject)
    elif programme.leader_id is None or programme.leader_name is None:
        missing, there = ("leader_id", "leader_name") if programme.leader_name else ("leader_name", "leader_id")
        if getattr(programme, there) is not None:
            yield error((there,), "leader_half", key=missing)
    identity = programme.field(programme.leader_id or "")
    if identity is not None and not identity.private:
        yield warning(("leader_id",), "identity_not_private", given=identity.name)


def _is_asked_of_all(field: FieldRule) -> bool:
    return field.required and field.when is None and field.by == "applicant" and field.stage == "first"


def _slots(programme: Programme) -> Iterator[Raw]:
    names = [slot.name for slot in programme.slots]
    for key in ("minutes_slot", "notice_slot"):
        name = getattr(programme.workplace, key, None)
        if name and name not in names:
            yield error(("workplace", key), "slot_unknown", given=name, near=nearest(name, names))
    for n, rule in enumerate(programme.composition):
        if rule.field.startswith("unit.") and rule.field not in UNIT_FACTS:
            yield error(("composition", n, "field"), "unit_fact_unknown", given=rule.field, known=list(UNIT_FACTS))


def _ties(programme: Programme) -> Iterator[Raw]:
    criteria = [c.name for c in programme.scoring.criteria] if programme.scoring else []
    names = [*criteria, *(f.name for f in programme.fields)]
    for n, step in enumerate(programme.tie.steps):
        field = programme.field(step.by)
        if step.by not in names:
            yield error(("tie", "criteria", n), "criterion_unknown", given=step.by, near=nearest(step.by, names))
        elif step.by not in criteria and field is not None and field.kind not in _ORDERED:
            yield warning(("tie", "criteria", n), "tie_without_order", given=step.by)


def _published(programme: Programme) -> Iterator[Raw]:
    """What a public notice shows holds nothing private."""
    places: list[tuple[Path, str]] = [(("notice", "shows", n), name) for n, name in enumerate(programme.notice.shows)]
    places += [((key,), getattr(programme, key) or "") for key in ("leader_name", "subject_name")]
    for path, name in places:
        field = programme.field(name)
        if field is not None and (field.private or field.kind == "person_id"):
            yield error(path, "private_shown", given=name)


def _defaults(programme: Programme) -> Iterator[Raw]:
    for n, dotted in enumerate(programme.defaults):
        if not _leads_somewhere(programme, dotted.split(".")):
            yield error(("defaults", n), "default_unknown", given=dotted)


def _leads_somewhere(value: Any, parts: list[str]) -> bool:
    """Whether a dotted name is a key of the file; items of a list may be named (`eligibility.team.minimum`)."""
    if not parts:
        return True
    head, *rest = parts
    if isinstance(value, tuple):
        named = [item for item in value if head in (getattr(item, key, None) for key in _NAMED_BY)]
        items = [(item, rest) for item in named] or [(item, parts) for item in value]
        return any(isinstance(item, BaseModel) and _leads_somewhere(item, left) for item, left in items)
    if isinstance(value, BaseModel):
        return head in type(value).model_fields and _leads_somewhere(getattr(value, head), rest)
    return isinstance(value, dict) and not rest and head in value


def _circles(programme: Programme) -> Iterator[Raw]:
    """A field that is asked only if an answer says so which is asked only if ... it is answered itself."""
    after = {field.name: field.when.field for field in programme.fields if field.when}
    for n, field in enumerate(programme.fields):
        seen: set[str] = set()
        name = after.get(field.name)
        while name is not None and name not in seen and name != field.name:
            seen.add(name)
            name = after.get(name)
        if name == field.name:
            yield error(("fields", n, "when"), "when_circle", given=field.name)
