"""A union's pool of experts: who is in it, for which fields and how long, and what stands between them and a case."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from models.account import Account
from models.base import as_dict, table
from models.database import DuplicateError, together
from models.errors import InputError
from models.panel import Expert
from models.sql import bind, rows_of
from models.vocabulary import Act, ExpertState, Role
from workflows.desk import duties
from workflows.people import accounts
from workflows.people.organizations import organization, require_governing
from workflows.record.claiming import claim, look
from workflows.record.journal import found, move
from workflows.record.verb import not_done_yet, verb
from workflows.rules import calendar, forms
from workflows.rules.address import normal
from workflows.rules.calendar import local_date

if TYPE_CHECKING:
    from collections.abc import Iterable

    from models.database import Store
    from models.journal import Event
    from workflows.record.acting import Actor

_A, _X = table(Account).c, table(Expert).c
_ACCOUNT = rows_of(Account, _A.email == bind("email", _A.email))
_UNIT = re.compile(r"[0-9A-Z]{2,18}")
_MOST = 60


class Enrolled(NamedTuple):
    """Somebody of the pool as its keepers see them: of kin only how many are known, never who."""

    id: str
    organization: str
    account_id: str
    name: str
    fields: list[str]
    unit: str
    alliances: list[str]
    kin: int
    starts_on: date
    ends_on: date | None
    most_cases: int | None
    state: ExpertState
    version: int


def shown(row: Expert, name: str) -> Enrolled:
    """An expert without the private keys."""
    told = {k: v for k, v in as_dict(row).items() if k in Enrolled._fields}
    return Enrolled(**{**told, "name": name, "kin": len(row.kin)})


def _answered(store: Store, event: Event) -> Enrolled:
    row = look(store, Expert, event.thing_id)
    return shown(row, look(store, Account, row.account_id).name)


@verb("enrol-expert", answer=_answered)
def enrol_expert(
    actor: Actor, *, organization_code: str, email: str, fields: list[str], name: str = "", unit: str = "",
    alliances: list[str] | None = None, kin: list[str] | None = None, person_id: str = "",
    starts_on: date | None = None, ends_on: date | None = None, most_cases: int | None = None, key: str | None = None,
) -> Enrolled:  # fmt: skip
    """Take somebody into a union's pool of experts, for a term; they get a seat as expert for as long.

    An unknown address is invited: an account is opened with `name`. `unit`, `alliances`: codes of units. `kin` and
    `person_id` are identity numbers, of which only hashes are kept. Raises ForbiddenError("not_administrator"),
    InputError for what cannot be read, ("expert_known") for who is in the pool.
    """
    with together() as store:
        require_governing(store, actor, organization(store, organization_code))
        not_done_yet(store, actor, key)
        begins = starts_on or local_date(store.now)
        values = {**_read(fields, unit, alliances, kin, person_id), "starts_on": begins, "ends_on": ends_on,
                  "most_cases": _load(most_cases)}  # fmt: skip
        _require_term(begins, ends_on, local_date(store.now))
        account = _seated(store, actor, email, name, organization_code, ends_on)
        told = {"fields": values["fields"], "unit": values["unit"]}
        try:
            row = found(store, actor, Act.ENROL, Expert, body=told, key=key, organization=organization_code,
                        account_id=account.id, state=ExpertState.ACTIVE, **values)  # fmt: skip
        except DuplicateError as error:
            raise InputError("expert_known", field="email", given=account.email) from error
        return shown(row, account.name)


@verb("revise-expert", answer=_answered)
def revise_expert(
    actor: Actor, expert_id: str, *, fields: list[str] | None = None, unit: str | None = None,
    alliances: list[str] | None = None, kin: list[str] | None = None, person_id: str | None = None,
    ends_on: date | None = None, most_cases: int | None = None, seen: int | None = None, key: str | None = None,
) -> Enrolled:  # fmt: skip
    """Change what is known of an expert; what is left out stays. Kin that are given replace those known.

    Where that shows that they must not judge a case they have, they stand back from it at once: a sheet is void,
    the next of the draw takes the case. Raises InputError for what cannot be read.
    """
    with together() as store:
        row, who = claim(store, actor, Act.REVISE, Expert, expert_id, seen=seen, key=key)
        read = _read(fields if fields is not None else row.fields, unit if unit is not None else row.unit,
                     alliances if alliances is not None else row.alliances, kin, person_id)  # fmt: skip
        left_out = {"kin": kin, "person_key": person_id}
        values = {k: v for k, v in read.items() if left_out.get(k, "given") is not None}
        values |= {"ends_on": ends_on} if ends_on else {}
        values |= {"most_cases": _load(most_cases)} if most_cases is not None else {}
        _require_term(row.starts_on, values.get("ends_on"), local_date(store.now))
        told = {"fields": read["fields"], "unit": read["unit"]}
        after = move(store, who, Act.REVISE, row, body=told, key=key, **values)
        account = look(store, Account, row.account_id)
        if ends_on is not None:
            _seat(actor, account.email, row.organization, ends_on)
        duties.recuse_by_rule(store, who, after)
        return shown(after, account.name)


@verb("retire-expert", answer=_answered)
def retire_expert(
    actor: Actor, expert_id: str, *, reason: str, seen: int | None = None, key: str | None = None
) -> Enrolled:
    """Take an expert out of the pool: drawn no more. Panels they sit on replace them by `replace-member`.

    Raises InputError("reason_missing").
    """
    if not reason.strip():
        raise InputError("reason_missing", field="reason")
    with together() as store:
        row, who = claim(store, actor, Act.END, Expert, expert_id, seen=seen, key=key)
        after = move(store, who, Act.END, row, body={"reason": reason.strip()}, key=key)
        return shown(after, look(store, Account, row.account_id).name)


def _seated(store: Store, actor: Actor, email: str, name: str, code: str, ends_on: date | None) -> Account:
    """The account of the address with a seat as expert for the term, opened where there is none."""
    address = normal(email)
    if store.first(_ACCOUNT, email=address) is not None:
        return _seat(actor, address, code, ends_on)
    return accounts.open_account(actor, email=address, name=name, organization_code=code, role=Role.EXPERT,
                                 ends_at=calendar.ends_at(ends_on) if ends_on else None)  # fmt: skip


def _seat(actor: Actor, email: str, code: str, ends_on: date | None) -> Account:
    ends_at = calendar.ends_at(ends_on) if ends_on else None
    return accounts.seat(actor, email=email, organization_code=code, role=Role.EXPERT, ends_at=ends_at)


def _read(
    fields: Iterable[str], unit: str, alliances: Iterable[str] | None, kin: Iterable[str] | None, person_id: str | None
) -> dict[str, Any]:
    """What is kept of what was typed. Raises InputError."""
    words = list(dict.fromkeys(word.strip() for word in fields if word.strip()))
    if not words:
        raise InputError("fields_missing", field="fields")
    if long := next((word for word in words if len(word) > _MOST), None):
        raise InputError("too_long", field="fields", length=len(long), most=_MOST)
    return {
        "fields": words,
        "unit": _code("unit", unit) if unit.strip() else "",
        "alliances": sorted({_code("alliances", code) for code in alliances or ()}),
        "kin": sorted({_key("kin", number) for number in kin or ()}),
        "person_key": _key("person_id", person_id) if person_id else None,
    }


def _code(field: str, given: str) -> str:
    code = given.strip().upper()
    if not _UNIT.fullmatch(code):
        raise InputError("unit_code", field=field, given=given[:40])
    return code


def _key(field: str, given: str) -> str:
    """The hash of an identity number. Raises InputError, without the number."""
    try:
        return forms.leader_key(forms.person_id(given))
    except ValueError as error:
        raise InputError("person_number", field=field) from error


def _load(most: int | None) -> int | None:
    if most is not None and most < 1:
        raise InputError("argument", field="most_cases", given=str(most), expected="1-")
    return most


def _require_term(begins: date, ends: date | None, today: date) -> None:
    if ends is not None and (ends < begins or ends < today):
        raise InputError("term_over", field="ends_on", given=ends.isoformat())
