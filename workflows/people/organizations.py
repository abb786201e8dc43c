"""Organisations: the tree seeded from the division codes, and the units that join it."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from stdnum.cn import uscc

import models
from models.base import table
from models.database import DuplicateError, transaction
from models.errors import ForbiddenError, InputError, NotFoundError
from models.organization import Organization
from models.sql import bind, insert_into, rows_of
from models.vocabulary import Tier
from workflows.record.acting import refreshed
from workflows.record.verb import verb
from workflows.rules import permissions

if TYPE_CHECKING:
    from models.database import Store
    from models.programme import Joint
    from workflows.record.acting import Actor

REGIONS = Path(models.__file__).parent / "regions.csv"
NATION = "000000"
# What joins the seeded tree, and below what: nothing named is anything.
_ENROLLED: dict[Tier, tuple[Tier, ...]] = {
    Tier.ENTERPRISE: (),
    Tier.TOWNSHIP: (Tier.COUNTY,),
    Tier.INDUSTRY: (Tier.PROVINCE,),
}
_UNION_CODE = re.compile(r"[0-9A-Z]{3,12}")
_O = table(Organization).c
_BY_CODE = rows_of(Organization, _O.code == bind("code", _O.code))
_HOLD = rows_of(Organization, _O.code == bind("code", _O.code), lock=True)
_INSERT = insert_into(Organization)
_SEED = insert_into(Organization, ignore=True)


def under(name: str) -> sa.ColumnElement[bool]:
    """As `governing`, of the organisation of a row: whether the union of that parameter's name administers it."""
    over = bind(name, _O.code)
    return sa.or_(_O.code == over, _O.county == over, _O.city == over, _O.industry == over, _O.province == over,
                  over == sa.literal(NATION, _O.code.type))  # fmt: skip


GOVERNED = under("root")


def organization(store: Store, code: str) -> Organization:
    """An organisation by its code. Raises NotFoundError."""
    row = store.first(_BY_CODE, code=code)
    if row is None:
        raise NotFoundError("not_found", thing="organization", given=code)
    return row


def queue_at(store: Store, code: str) -> None:
    """Let one at a time count and number within an organisation: its row is the turnstile."""
    store.first(_HOLD, code=code)


def seed() -> int:
    """Put every province, city and county union into the tree; answers how many were new."""
    with REGIONS.open(encoding="utf-8", newline="") as file:
        rows = [_region(line) for line in csv.DictReader(file)]
    with transaction() as store:
        return store.run_many(_SEED, rows)


def _region(line: dict[str, str]) -> dict[str, Any]:
    code, tier = line["code"], Tier(line["tier"])
    province = None if tier is Tier.NATION else f"{code[:2]}0000"
    # Counties of municipalities and those a province governs directly have no city over them.
    parent_is_city = tier is Tier.COUNTY and line["parent"] != province
    city = code if tier is Tier.CITY else line["parent"] if parent_is_city else None
    return {
        "code": code,
        "name": "中华全国总工会" if tier is Tier.NATION else f"{line['name']}总工会",
        "tier": tier,
        "parent": line["parent"] or None,
        "province": province,
        "city": city,
        "county": code if tier is Tier.COUNTY else None,
    }


def above(store: Store, unit: Organization) -> dict[Tier, str]:
    """The unions over a unit, by tier: also the township's, or the group's that reports directly, right over it."""
    found = {Tier.COUNTY: unit.county, Tier.CITY: unit.city, Tier.PROVINCE: unit.province, Tier.NATION: NATION}
    parent = organization(store, unit.parent) if unit.parent else None
    if parent is not None and _collects(parent):
        found[parent.tier] = parent.code
    return {tier: code for tier, code in found.items() if code}


@verb("enrol")
def enrol(
    actor: Actor, *, code: str, name: str, parent: str, tier: Tier = Tier.ENTERPRISE,
    industry: str | None = None, non_public: bool = False, direct: bool = False, key: str | None = None,
) -> Organization:  # fmt: skip
    """Enter an organisation below `parent`: an enterprise by its unified social credit code.

    A township's union stands below a county, an industry's below a province; an enterprise right
    below an industry union climbs the industry line only. `direct`: a large group whose union may
    report straight to a higher tier, for itself and the enterprises right below it. Raises
    InputError for another tier or parent, a wrong credit code (GB 32100) or union's code, an empty
    name; ForbiddenError unless the actor administers a union over it.
    """
    if tier not in _ENROLLED:
        raise InputError("tier_not_enrolled", field="tier", given=tier, known=list(_ENROLLED))
    if direct and tier is not Tier.ENTERPRISE:
        raise InputError("not_a_group", field="direct", given=tier)
    clean = credit_code(code) if tier is Tier.ENTERPRISE else _union_code(code)
    if not name.strip():
        raise InputError("argument_missing", field="name", expected="str")
    with transaction() as store:
        over = organization(store, parent)
        require_governing(store, actor, over)
        _require_parent(over, tier)
        line = _line(store, over, industry)
        row = _below(over, clean, name.strip(), tier, line)
        row |= {"non_public": non_public, "direct": direct}
        known = store.first(_BY_CODE, code=clean) if key else None
        if known is not None and known.active and all(getattr(known, name) == value for name, value in row.items()):
            return known  # the same click again
        try:
            store.run(_INSERT, **row)
        except DuplicateError as error:
            raise InputError("organization_known", field="code", given=clean) from error
        return organization(store, clean)


def ensure_joint(store: Store, joint: Joint) -> Organization:
    """The joint meeting of a programme, entered into the tree when it is not there yet.

    Raises InputError("joint_member") for a member that is no province, and
    InputError("joint_code") when its code belongs to another organisation.
    """
    for member in joint.members:
        found = store.first(_BY_CODE, code=member)
        if found is None or found.tier is not Tier.PROVINCE:
            raise InputError("joint_member", field="joint.members", given=member)
    if strangers := sorted(set(joint.shares) - set(joint.members)):
        raise InputError("joint_member", field="joint.shares", given=strangers[0])
    store.run(_SEED, code=joint.organization, name=joint.name.zh, tier=Tier.JOINT, parent=NATION)
    made = organization(store, joint.organization)
    if made.tier is not Tier.JOINT:
        raise InputError("joint_code", field="joint.organization", given=made.code, name=made.name)
    return made


def _require_parent(over: Organization, tier: Tier) -> None:
    """An enterprise may stand below any organisation, a union only below one of its tier's own."""
    parents = _ENROLLED[tier]
    if parents and over.tier not in parents:
        raise InputError("wrong_parent", field="parent", given=over.code, tier=tier, known=list(parents))


def _line(store: Store, over: Organization, industry: str | None) -> Organization | None:
    """The industry union an enterprise may file through: the one right over it, or the one named."""
    line = organization(store, industry) if industry else None
    if line is not None and line.tier is not Tier.INDUSTRY:
        raise InputError("not_an_industry", field="industry", given=line.code)
    if over.tier is not Tier.INDUSTRY:
        return line
    if line is not None and line.code != over.code:
        raise InputError("other_industry", field="industry", given=line.code, parent=over.code)
    return over


def _union_code(code: str) -> str:
    """A union's own code, in capitals. Raises InputError."""
    clean = code.strip().upper()
    if not _UNION_CODE.fullmatch(clean):
        raise InputError("union_code", field="code", given=code[:40])
    return clean


def credit_code(code: str) -> str:
    """A unified social credit code, checked and in capitals. Raises InputError."""
    if not uscc.is_valid(code):
        raise InputError("credit_code", field="code", given=code[:40])
    return str(uscc.compact(code)).upper()


def require_governing(store: Store, actor: Actor, over: Organization) -> None:
    """Raise ForbiddenError unless the actor administers this organisation or one over it."""
    if actor.id != "system" and not governed(store, actor, over):
        raise ForbiddenError("not_administrator", organization=over.code)


def require_entering(store: Store, actor: Actor, over: Organization) -> None:
    """Raise ForbiddenError unless the actor governs this organisation, or administers who collects right over it.

    Who collects for a county (a township's union, a park's, a group that reports directly) enters the units there,
    so it opens and closes their accounts as well (domain: 1.1, 4); their cases stay the county's to watch.
    """
    if actor.id != "system" and not entering(store, actor, over):
        raise ForbiddenError("not_administrator", organization=over.code)


def entering(store: Store, actor: Actor, over: Organization) -> list[str]:
    """The unions through which the actor enters what is below this organisation, and opens accounts in it."""
    found = governed(store, actor, over)
    if found or over.parent is None or not permissions.governs(refreshed(store, actor), over.parent):
        return found
    parent = organization(store, over.parent)
    return [parent.code] if _collects(parent) else []


def _collects(union: Organization) -> bool:
    """Whether it gathers what the units right below it hand in."""
    return union.tier is Tier.TOWNSHIP or union.direct


def governed(store: Store, actor: Actor, over: Organization) -> list[str]:
    """The unions through which the actor administers this organisation: itself, and those over it."""
    who = refreshed(store, actor)
    return [code for code in governing(over) if permissions.governs(who, code)]


def governing(over: Organization) -> list[str]:
    """The organisations whose administrators administer this one: itself first, then those over it, the nearest first.

    A township's union or a group right over a unit is none of them: it passes cases on.
    """
    line = (over.county, over.city, over.industry, over.province, NATION)
    nearest = [over.parent] if over.parent in line else []
    return [code for code in dict.fromkeys((over.code, *nearest, *line)) if code]


def _below(over: Organization, code: str, name: str, tier: Tier, line: Organization | None) -> dict[str, Any]:
    return {
        "code": code,
        "name": name,
        "tier": tier,
        "parent": over.code,
        "province": over.province,
        "city": over.city,
        "county": over.county,
        "industry": line.code if line else None,
    }
