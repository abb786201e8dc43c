"""I16: money goes once, to whom it was asked for, by two hands, and no more is spent than was paid."""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from models.base import table
from models.journal import Event
from models.sql import Sql, rows_of
from models.subsidy import Subsidy
from models.vocabulary import Act, Thing
from workflows.doctor.violation import Found, Violation, is_, words
from workflows.purse.payments import payee_digest
from workflows.record.streaming import stream

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.database import Store

_S, _E = table(Subsidy).c, table(Event).c


class _Told(NamedTuple):
    thing_id: str
    act: Act
    account_id: str
    on_behalf: str | None
    body: dict[str, Any]


_ROWS = rows_of(Subsidy, order=(_S.id,))
_TOLD: Sql[_Told] = Sql(
    sa.select(_E.thing_id, _E.act, _E.account_id, _E.on_behalf, _E.body)
    .where(is_(_E.thing, Thing.SUBSIDY), is_(_E.act, Act.START, Act.REQUEST, Act.APPROVE, Act.PAY))
    .order_by(_E.thing_id, _E.version),
    _Told,
)
_TWICE: Sql[Found] = Sql(
    sa.select(_S.title_id, words(_S.stage, sa.func.count()))
    .group_by(_S.title_id, _S.stage)
    .having(sa.func.count() > sa.literal_column("1")),
    Found,
)


def money_goes_once_by_two_hands(store: Store) -> Iterator[Violation]:
    """Each stage of a title has one row, paid once: the sum opened, the payee asked for, a voucher, two people."""
    for row in stream(store, _TWICE):
        yield Violation("I16", "paid_twice", row.detail, f"title {row.subject}")
    groups = groupby(stream(store, _TOLD), attrgetter("thing_id"))
    told = next(groups, None)
    for one in stream(store, _ROWS):
        # Both streams are in the order of the subsidy's id.
        while told is not None and told[0] < one.id:
            told = next(groups, None)
        acts = {event.act: event for event in told[1]} if told is not None and told[0] == one.id else {}
        for name, detail in _faults(one, acts):
            yield Violation("I16", name, detail, f"subsidy {one.id}")


def _faults(row: Subsidy, acts: dict[Act, _Told]) -> Iterator[tuple[str, str]]:
    body = {act: event.body for act, event in acts.items()}
    if Act.REQUEST in acts and body[Act.REQUEST].get("payee") != payee_digest(row.salt, _payee(row)):
        yield "payee_changed", str(body[Act.REQUEST].get("account"))
    if Act.START in acts and body[Act.START].get("fen") != row.fen:
        yield "paid_otherwise", f"{body[Act.START].get('fen')} {row.fen}"
    if row.paid_at is not None and body.get(Act.PAY, {}).get("voucher") != row.voucher:
        yield "paid_otherwise", f"{body.get(Act.PAY, {}).get('voucher')} {row.voucher}"
    if Act.PAY in acts and _hands(acts.get(Act.PAY)) & _hands(acts.get(Act.APPROVE)):
        yield "one_hand", acts[Act.PAY].account_id
    if (spent := sum(line["fen"] for line in row.spent)) > row.fen:
        yield "spent_too_much", f"{spent} {row.fen}"


def _hands(event: _Told | None) -> set[str]:
    """Whose act it was: a deputy and the principal are one person."""
    return set() if event is None else {one for one in (event.account_id, event.on_behalf) if one}


def _payee(row: Subsidy) -> dict[str, str]:
    return {name: getattr(row, name) for name in ("payee", "bank", "account_number")}
