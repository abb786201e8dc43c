"""What the conditions of a search can be given at a desk: its rounds and programmes, and the unions under it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from models.base import table
from models.database import reading
from models.organization import Organization
from models.round import Quota, Round
from models.sql import Sql, bind
from models.vocabulary import Tier
from workflows.programmes import programme_of
from workflows.queries.review import sits
from workflows.record.acting import Actor
from workflows.record.verb import query
from workflows.rules.search_terms import WIDE

if TYPE_CHECKING:
    from models.database import Store

MOST_ROUNDS, MOST_UNIONS = 30, 150
_O, _R, _Q = (table(m).c for m in (Organization, Round, Quota))
_ROUNDS = Sql(
    sa.select(table(Round))
    .where(
        (_R.organization == bind("desk", _R.organization))
        | sa.exists().where(_Q.round_id == _R.id, _Q.organization == bind("desk", _R.organization))
    )
    .order_by(_R.year.desc(), _R.id.desc())
    .limit(MOST_ROUNDS),
    Round,
)
_below = table(Organization).alias("below")
_UNIONS = Sql(
    sa.select(table(Organization))
    .where(
        _O.tier != Tier.ENTERPRISE,
        _O.active,
        (_O.code == bind("desk", _O.code))
        | (_O.parent == bind("desk", _O.code))
        | _O.parent.in_(
            sa.select(_below.c.code).where(_below.c.parent == bind("desk", _O.code), _below.c.tier != Tier.ENTERPRISE)
        ),
    )
    .order_by(sa.func.length(_O.code), _O.code)
    .limit(MOST_UNIONS),
    Organization,
)


@query("search-values")
def search_values(actor: Actor, *, desk: str, language: str = "zh") -> dict[str, list[tuple[str, str]]]:
    """By field of the search, values with what each is called: of a desk one reviews at, nothing of others.

    Rounds are the newest, unions the desk itself and two tiers under it; both have a limit.
    """
    with reading() as store:
        if not sits(store, actor, desk):
            return {}
        rounds, unions = store.all(_ROUNDS, desk=desk), store.all(_UNIONS, desk=desk)
        places = [(one.code, one.name) for one in unions]
        return {
            "round": [_round(one) for one in rounds],
            "programme": _programmes(store, rounds, language),
            "region": [(_region(code), name) for code, name in places if code.isdigit()],
            "desk": [("me", {"zh": "我的工作台", "en": "my desk"}.get(language, "")), *places],
        }


def _round(one: Round) -> tuple[str, str]:
    """A round by its name; by its id where the language would read the name's brackets or quotes as its own."""
    is_plain = one.name == one.name.translate(WIDE).replace('"', "")
    return (one.name, str(one.year)) if is_plain else (one.id, one.name)


def _programmes(store: Store, rounds: list[Round], language: str) -> list[tuple[str, str]]:
    """Each programme once, by the name that its newest round gives it."""
    found: dict[str, str] = {}
    for one in rounds:
        rules = programme_of(store, one.programme)
        found.setdefault(rules.code, rules.name.in_(language))
    return list(found.items())


def _region(code: str) -> str:
    """A region's code without the noughts that say nothing: 330100 is 3301."""
    short = code
    while len(short) > 2 and short.endswith("00"):  # noqa: PLR2004 -- a province keeps its two digits
        short = short[:-2]
    return short
