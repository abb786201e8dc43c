"""What becomes of each row: new, known already, or wrong, with every fault of it."""

from __future__ import annotations

import difflib
import re
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from stdnum.cn import uscc

from models.errors import InputError
from models.labels import LABELS
from models.vocabulary import ImportKind, Role, Tier, TitleState
from workflows.importing.columns import COLUMNS
from workflows.importing.known import Unit
from workflows.rules import forms
from workflows.rules.address import normal

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from workflows.importing.known import Known
    from workflows.importing.reading import Row

Fault = dict[str, Any]
_TELLS = {
    ImportKind.ORGANIZATIONS: ("code", "name"),
    ImportKind.PERSONS: ("email",),
    ImportKind.TITLES: ("number", "name"),
    ImportKind.FACTS: ("kind", "organization", "person_name"),
}
_IDENTIFIES = {
    ImportKind.ORGANIZATIONS: ("code",),
    ImportKind.PERSONS: ("email",),
    ImportKind.TITLES: ("number",),
    ImportKind.FACTS: ("kind", "organization", "person_key", "happened_on", "words"),
}
_YES = dict.fromkeys(("是", "yes", "true", "1"), True) | dict.fromkeys(("否", "no", "false", "0", ""), False)
_LENGTHS = {"name": 60, "words": 500, "document": 60, "person_name": 60, "leader_name": 60, "number": 60}
_LONGER = {(ImportKind.ORGANIZATIONS, "name"): 120, (ImportKind.TITLES, "name"): 120}


class Fate(NamedTuple):
    """One row's fate: "new", "known" (nothing to do) or "bad" with its faults; `what` names it."""

    row: int
    fate: str
    what: str
    faults: tuple[Fault, ...] = ()
    columns: dict[str, Any] = {}  # noqa: RUF012 -- never written to


def fates(kind: ImportKind, rows: Sequence[Row], known: Known) -> list[Fate]:
    """The fate of every row; the same thing twice in one file is a fault of the second."""
    found: list[Fate] = []
    seen: dict[Any, int] = {}
    for row in rows:
        fate = _fate(kind, row, known)
        if fate.fate != "bad":
            first = seen.setdefault(_same(kind, fate.columns), row.number)
            if first != row.number:
                fate = _bad(row, fate.what, [{"field": COLUMNS[kind][0].zh, "code": "import_twice", "first": first}])
        if fate.fate == "new" and kind is ImportKind.ORGANIZATIONS:
            # A later row may stand below this one.
            known.units[fate.columns["code"]] = Unit(*(fate.columns[name] for name in Unit._fields))
        found.append(fate)
    return found


def _fate(kind: ImportKind, row: Row, known: Known) -> Fate:
    faults = [
        {"field": c.zh, "code": "required"} for c in COLUMNS[kind] if c.required and not row.given.get(c.key)
    ] + _too_long(kind, row)  # fmt: skip
    what = _what(kind, row)
    if faults:
        return _bad(row, what, faults)
    columns, faults = _READERS[kind](row.given, known)
    if faults:
        return _bad(row, what, faults)
    if known.has(kind, columns):
        return Fate(row.number, "known", what, columns=columns)
    return Fate(row.number, "new", what, columns=columns)


def _bad(row: Row, what: str, faults: Sequence[Fault]) -> Fate:
    return Fate(row.number, "bad", what, tuple(faults))


def _what(kind: ImportKind, row: Row) -> str:
    """A word that tells the reader which row this is; never an identity number."""
    return " ".join(row.given.get(key, "") for key in _TELLS[kind]).strip()[:80]


def _same(kind: ImportKind, columns: dict[str, Any]) -> Any:
    return tuple(columns[key] for key in _IDENTIFIES[kind])


def _too_long(kind: ImportKind, row: Row) -> list[Fault]:
    found = []
    for column in COLUMNS[kind]:
        most = _LONGER.get((kind, column.key), _LENGTHS.get(column.key))
        if most is not None and len(row.given.get(column.key, "")) > most:
            length = len(row.given[column.key])
            found.append({"field": column.zh, "code": "too_long", "length": length, "most": most})
    return found


def _organization(given: dict[str, str], known: Known) -> tuple[dict[str, Any], list[Fault]]:
    faults: list[Fault] = []
    code = given["code"].replace(" ", "").upper()
    if not uscc.is_valid(code):
        faults.append({"field": "code", "code": "credit_code", "given": given["code"][:40]})
    over = known.unit(given["parent"])
    if over is None or not known.within(over):
        faults.append({"field": "parent", "code": "import_not_yours", "given": given["parent"][:18]})
    line = known.unit(given.get("industry", "")) if given.get("industry") else None
    if given.get("industry") and (line is None or line.tier is not Tier.INDUSTRY):
        faults.append({"field": "industry", "code": "not_an_industry", "given": given["industry"][:18]})
    flags = {key: _yes_no(given, key, faults) for key in ("non_public", "direct")}
    if faults or over is None:
        return {}, faults
    if over.tier is Tier.INDUSTRY:
        line = over
    return {"code": code, "name": given["name"], "tier": Tier.ENTERPRISE, "parent": over.code,
            "province": over.province, "city": over.city, "county": over.county,
            "industry": line.code if line else None, **flags}, []  # fmt: skip


def _person(given: dict[str, str], known: Known) -> tuple[dict[str, Any], list[Fault]]:
    faults: list[Fault] = []
    try:
        email = normal(given["email"])
    except InputError as error:
        return {}, [{"field": "email", "code": error.code, **error.details}]
    role = _ROLES.get(given["role"].lower())
    if role is None:
        faults.append({"field": "role", "code": "unknown_role", "given": given["role"][:40], "known": sorted(Role)})
    unit = known.unit(given["organization"])
    if unit is None or not known.within(unit):
        faults.append({"field": "organization_code", "code": "import_not_yours", "given": given["organization"][:18]})
    if email in known.emails and unit is not None and (email, unit.code, role) not in known.seats:
        faults.append({"field": "email", "code": "import_email_known", "given": email})
    columns = {"email": email, "name": given["name"], "organization": unit.code if unit else "", "role": role}
    return columns, faults


def _title(given: dict[str, str], known: Known) -> tuple[dict[str, Any], list[Fault]]:
    faults: list[Fault] = []
    programme = known.programmes.get(given["programme"])
    if programme is None:
        faults.append({"field": "programme", "code": "import_programme", "given": given["programme"][:60]})
    elif not known.decides(programme):
        faults.append({"field": "programme", "code": "import_not_decider", "given": given["programme"][:60]})
    unit = known.unit(given["organization"])
    if unit is None or (programme is not None and not known.names(programme, unit)):
        why = "import_unknown_unit" if unit is None else "import_not_yours"
        faults.append({"field": "organization_code", "code": why, "given": given["organization"][:18]})
    on, until = _date(given, "named_on", faults), _date(given, "valid_until", faults)
    if on is not None and on > known.today:
        faults.append({"field": "named_on", "code": "import_ahead", "given": on.isoformat()})
    key = _person_key(given, "leader_id", faults)
    if faults or unit is None or programme is None:
        return {}, faults
    return {"number": given["number"], "programme": programme.id, "programme_code": given["programme"],
            "name": given["name"], "organization": unit.code, "decider": known.root,
            "leader_name": given.get("leader_name", ""), "leader_key": key, "named_on": on,
            "valid_until": until, "document": given["document"],
            "state": TitleState.VALID}, []  # fmt: skip


def _fact(given: dict[str, str], known: Known) -> tuple[dict[str, Any], list[Fault]]:
    faults: list[Fault] = []
    if given["kind"] not in known.kinds:
        near = difflib.get_close_matches(given["kind"], known.kinds, n=1)
        faults.append({"field": "kind", "code": "unknown_fact", "given": given["kind"][:60],
                       "near": near[0] if near else None, "known": list(known.kinds)})  # fmt: skip
    unit = known.unit(given["organization"])
    if unit is None or not known.within(unit):
        code = given["organization"][:18]
        faults.append({"field": "organization_code", "code": "import_not_yours", "given": code})
    key = _person_key(given, "person_id", faults)
    on, until = _date(given, "happened_on", faults), _date(given, "until", faults)
    if on is not None and on > known.today:
        faults.append({"field": "happened_on", "code": "import_ahead", "given": on.isoformat()})
    amount = given.get("amount", "")
    if amount and not re.fullmatch(r"-?\d{1,9}", amount):
        faults.append({"field": "amount", "code": "not_a_number", "given": amount[:20]})
        amount = ""
    # A person's fact is the person's alone, as one that is recorded by hand; the unit shows whose they are.
    return {"kind": given["kind"], "organization": unit.code if unit and key is None else None, "person_key": key,
            "person_name": given.get("person_name", ""), "happened_on": on, "until": until, "desk": known.root,
            "amount": int(amount) if amount else None, "words": given["words"],
            "document": given.get("document", "")}, faults  # fmt: skip


def _date(given: dict[str, str], key: str, faults: list[Fault]) -> date | None:
    text = given.get(key, "").replace("/", "-").replace(".", "-")
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        faults.append({"field": key, "code": "not_a_date", "given": given[key][:20]})
        return None


def _person_key(given: dict[str, str], key: str, faults: list[Fault]) -> str | None:
    if not given.get(key):
        return None
    try:
        return forms.leader_key(forms.person_id(given[key]))
    except ValueError:
        faults.append({"field": key, "code": "not_a_person_id"})
        return None


def _yes_no(given: dict[str, str], key: str, faults: list[Fault]) -> bool:
    text = given.get(key, "").lower()
    if text not in _YES:
        faults.append({"field": key, "code": "not_a_yes_no", "given": text[:20]})
    return _YES.get(text, False)


_ROLES = {name.lower(): role for role in Role for name in (role.value, *LABELS[Role][role])}
_READERS: dict[ImportKind, Callable[[dict[str, str], Known], tuple[dict[str, Any], list[Fault]]]] = {
    ImportKind.ORGANIZATIONS: _organization,
    ImportKind.PERSONS: _person,
    ImportKind.TITLES: _title,
    ImportKind.FACTS: _fact,
}
