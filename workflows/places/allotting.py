"""Places shared out by the programme's formula: all unions at once, each with its derivation."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, NamedTuple

from models.base import table
from models.database import reading, transaction
from models.errors import ForbiddenError, InputError, NotFoundError, RefusedError
from models.organization import Organization
from models.round import Round
from models.sql import rows_of
from models.vocabulary import Act, QuotaKind, Thing, Tier
from workflows.places import quotas
from workflows.programmes import programme_of
from workflows.record.acting import refreshed
from workflows.record.claiming import claim, look
from workflows.record.journal import move
from workflows.record.verb import query, verb
from workflows.rules import allotment, permissions, quota_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from models.database import Store
    from models.journal import Event
    from models.programme import Programme
    from workflows.record.acting import Actor

_O = table(Organization).c
_UNIONS = rows_of(Organization, _O.tier != Tier.ENTERPRISE, order=(_O.code,))
# What is shared out is exact: nobody owes a reason for less, and nobody has more.
_EXACT = (QuotaKind.FIXED, QuotaKind.MAXIMUM)
_MOST_DIGITS = 18


class Allotted(NamedTuple):
    """A union's places by the formula, in the order of the codes, and why in both languages."""

    organization: str
    name: str
    places: int
    exact: str
    zh: str
    en: str


def _again(store: Store, event: Event) -> list[Allotted]:
    """What the same click was answered before."""
    rules = programme_of(store, look(store, Round, event.thing_id).programme)
    return _derived(store, rules, event.body["places"], event.body["factors"])


@verb("allot", answer=_again)
def allot(
    actor: Actor, *, round_id: str, places: int, factors: dict[str, dict[str, Any]], seen: int, pool: str = "",
    key: str | None = None,
) -> list[Allotted]:  # fmt: skip
    """Issue places to many unions by the programme's formula, all of them or none.

    `factors` holds each union's numbers, by its code and the factor's name; the remainder goes by the
    largest remainders (domain: 7.2). Raises RefusedError("no_formula", "over_cap"), InputError for a
    number that is missing or none, QuotaError below what a union has reserved and used.
    """
    with transaction() as store:
        row, who = claim(store, actor, Act.ISSUE, Round, round_id, seen=seen, key=key)
        rules = programme_of(store, row.programme)
        made = _derived(store, rules, places, factors)
        kind = rules.quota.kind if rules.quota.kind in _EXACT else QuotaKind.FIXED
        given = {one.organization: one.places for one in made}
        quotas.require_issuable(rules, row, given, kind, 0, pool)
        quotas.issue_all(store, who, row.id, given, kind, pool)
        move(store, who, Act.ISSUE, row, key=key, body={
            "places": places, "pool": pool, "shares": given,
            "factors": {code: {name: str(n) for name, n in numbers.items()} for code, numbers in factors.items()},
        })  # fmt: skip
        return made


@query("allotment")
def allotment_of(actor: Actor, *, round_id: str, places: int, factors: dict[str, dict[str, Any]]) -> list[Allotted]:
    """What `allot` would issue, with each union's derivation in words; nothing is written. Raises as `allot`."""
    with reading() as store:
        row = look(store, Round, round_id)
        if (code := permissions.refusal(refreshed(store, actor), Act.ISSUE, Thing.ROUND, row)) is not None:
            raise ForbiddenError(code, act=Act.ISSUE.value)
        return _derived(store, programme_of(store, row.programme), places, factors)


def _derived(store: Store, rules: Programme, places: int, factors: Mapping[str, Mapping[str, Any]]) -> list[Allotted]:
    if not rules.quota.factors:
        raise RefusedError("no_formula", **rules.quota.cited)
    if places < 0:
        raise InputError("too_small", field="places", given=places, least=0)
    numbers = _numbers(rules, factors)
    names = {union.code: union.name for union in store.all(_UNIONS)}
    if unknown := sorted(set(numbers) - set(names)):
        raise NotFoundError("not_found", thing="organization", given=unknown[0][:60])
    found = []
    for share in allotment.derived(places, rules.quota.factors, numbers):
        zh, en = quota_words.derivation(share, places)
        found.append(Allotted(share.organization, names[share.organization], share.places, share.exact, zh, en))
    return found


def _numbers(rules: Programme, factors: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Decimal]]:
    """Every union's number of every factor. Raises InputError for one too few, too many or unreadable."""
    if not factors:
        raise InputError("factors_empty", field="factors")
    known = {factor.name: factor.label.model_dump() for factor in rules.quota.factors}
    for code, given in factors.items():
        if unknown := sorted(set(given) - set(known)):
            raise InputError("factor_unknown", field="factors", given=unknown[0][:60], known=sorted(known))
        if missing := [name for name in known if name not in given]:
            raise InputError("factor_missing", field="factors", organization=code[:60], factor=known[missing[0]])
    numbers = {
        code: {name: _number(code, called, given[name]) for name, called in known.items()}
        for code, given in factors.items()
    }
    for name, called in known.items():
        if not any(given[name] for given in numbers.values()):
            raise InputError("factor_zero", field="factors", factor=called)
    return numbers


def _number(code: str, factor: Mapping[str, str], given: Any) -> Decimal:
    try:
        number = Decimal(str(given))
    except InvalidOperation:
        number = Decimal(-1)
    if not number.is_finite() or number < 0 or number.adjusted() > _MOST_DIGITS or abs(_scale(number)) > _MOST_DIGITS:
        raise InputError("factor_number", field="factors", organization=code[:60], factor=factor, given=str(given)[:60])
    return number


def _scale(number: Decimal) -> int:
    """The exponent of a finite number: how many digits stand behind its point, negated."""
    exponent = number.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0
