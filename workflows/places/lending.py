"""Places lent between unions that stand beside each other, and given back: two books, one loan."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from models.base import changed, new_id, table
from models.database import transaction
from models.errors import InputError, NotFoundError, QuotaError, RefusedError
from models.quota import Loan
from models.round import Quota
from models.sql import Sql, bind, insert_into, row_from, rows_of
from models.vocabulary import Act, LetterKind, QuotaKind, Role
from workflows.people.organizations import organization
from workflows.places import ledgers
from workflows.places.ledgers import GIVEN, TAKEN, Change, Line
from workflows.post import letters
from workflows.record.acting import refreshed
from workflows.record.journal import move
from workflows.record.verb import verb
from workflows.rules import places as arithmetic

if TYPE_CHECKING:
    from models.database import Store
    from models.journal import Event
    from workflows.record.acting import Actor

_N, _Q = (table(m).c for m in (Loan, Quota))
_LOAN = rows_of(Loan, _N.id == bind("id", _N.id))
_QUOTA = rows_of(Quota, _Q.id == bind("id", _Q.id))
_INSERT = insert_into(Loan)
_RETURN: Sql[None] = Sql(
    sa.update(table(Loan))
    .where(_N.id == bind("of", _N.id), _N.returned == bind("was", _N.returned))
    .values(returned=bind("returned", _N.returned), closed_at=bind("closed_at", _N.closed_at))
)


def _answer(store: Store, event: Event) -> Loan | None:
    return store.first(_LOAN, id=event.body["loan"])


@verb("lend", answer=_answer)
def lend(
    actor: Actor, *, round_id: str, organization_code: str, to: str, places: int, reason: str, pool: str = "",
    key: str | None = None,
) -> Loan:  # fmt: skip
    """Lend unused places to a union beside this one, below the same union, in the same round and pool.

    Raises QuotaError("nothing_to_lend", "split_further"), RefusedError("not_beside", "free_quota",
    "no_quota"), InputError("reason_missing").
    """
    n, why = ledgers.number(places), ledgers.reason_of(reason)
    with transaction() as store:
        row, rules, who = ledgers.begin(store, actor, Act.LEND, round_id, [organization_code], key)
        _require_beside(store, organization_code, to)
        rows = ledgers.pair(store, round_id, organization_code, to, pool)
        lender = ledgers.held_by(rows, rules, organization_code, pool)
        _refuse_free(lender, *([rows[to]] if to in rows else []))
        if (no := ledgers.shortage(rules, lender, n)) is not None:
            raise QuotaError("nothing_to_lend", **no)
        ledgers.require_unsplit(rules, lender, n)
        borrower = rows.get(to) or ledgers.new_rows(store, round_id, [to], pool, rules)[to]
        values = {"id": new_id(), "lender": lender.id, "borrower": borrower.id, "n": n, "returned": 0, "why": why,
                  "account_id": who.id, "at": store.now, "closed_at": None}  # fmt: skip
        body = {"organization": organization_code, "to": to, "pool": pool, "n": n, "loan": values["id"], "reason": why}
        after = move(store, who, Act.LEND, row, key=key, body=body)
        letters.to_desk(store, after.head[:32], to, "places_lent",
                        {"organization": organization_code, "count": n, "reason": why},
                        LetterKind.INFORMATION, row.id)  # fmt: skip
        store.run(_INSERT, **values)
        ledgers.write(store, who, rules, Act.LEND, [Change(lender, by=-n), Change(borrower, by=n)],
                      [Line(lender, TAKEN, n, borrower), Line(borrower, GIVEN, n, lender)], why)  # fmt: skip
        return row_from(Loan, values)


@verb("give-back", answer=_answer)
def give_back(
    actor: Actor, loan_id: str, *, places: int | None = None, reason: str = "", key: str | None = None
) -> Loan:
    """Give lent places back, all that are open or `places` of them; the lender may take them back as well.

    What the borrower has used or holds on a sealed list stays with it. Raises NotFoundError for
    others' loans, QuotaError("loan_used") with what could be given back, RefusedError("loan_closed").
    """
    with transaction() as store:
        sides = _sides(store, actor, loan_id)
        codes = [one.organization for one in sides]
        row, rules, who = ledgers.begin(store, actor, Act.GIVE_BACK, sides[0].round_id, codes, key)
        # Read only now, behind whoever else moves places in this round.
        loan = _known(store, loan_id)
        n = ledgers.number(loan.n - loan.returned if places is None else places) if loan.closed_at is None else 0
        rows = ledgers.pair(store, row.id, codes[0], codes[1], sides[0].pool)
        lender, borrower = (rows[code] for code in codes)
        _require_open(loan, borrower, n)
        if (no := ledgers.shortage(rules, borrower, n)) is not None:
            raise QuotaError("loan_used", **no)
        ledgers.require_unsplit(rules, borrower, n)
        body = {"organization": codes[1], "to": codes[0], "pool": lender.pool, "n": n, "loan": loan.id,
                "reason": reason.strip()}  # fmt: skip
        after = move(store, who, Act.GIVE_BACK, row, key=key, body=body)
        told = {"organization": codes[1], "other": codes[0], "count": n}
        letters.to_desks(store, ((after.head[:32], code, told, row.id) for code in codes), "places_given_back")
        returned = loan.returned + n
        values = {"returned": returned, "closed_at": store.now if returned == loan.n else None}
        store.run(_RETURN, of=loan.id, was=loan.returned, **values)
        ledgers.write(store, who, rules, Act.GIVE_BACK, [Change(borrower, by=-n), Change(lender, by=n)],
                      [Line(borrower, TAKEN, n, lender), Line(lender, GIVEN, n, borrower)],
                      reason.strip())  # fmt: skip
        return changed(loan, **values)


def _known(store: Store, loan_id: str) -> Loan:
    if (loan := store.first(_LOAN, id=loan_id)) is None:
        raise NotFoundError("not_found", thing="quota_loan", given=loan_id[:60])
    return loan


def _sides(store: Store, actor: Actor, loan_id: str) -> tuple[Quota, Quota]:
    """The lender's and the borrower's quota. Raises NotFoundError for people of neither."""
    loan = _known(store, loan_id)
    lender, borrower = (store.first(_QUOTA, id=one) for one in (loan.lender, loan.borrower))
    if lender is None or borrower is None:  # pragma: no cover -- foreign keys keep them
        raise NotFoundError("not_found", thing="quota_loan", given=loan_id[:60])
    who = refreshed(store, actor)
    if not any(who.sits(one.organization, Role.REVIEWER, Role.ADMINISTRATOR) for one in (lender, borrower)):
        raise NotFoundError("not_found", thing="quota_loan", given=loan_id[:60])
    return lender, borrower


def _require_beside(store: Store, one: str, other: str) -> None:
    if one == other:
        raise InputError("same_union", field="to", given=other)
    parents = [organization(store, code).parent for code in (one, other)]
    if parents[0] is None or parents[0] != parents[1]:
        raise RefusedError("not_beside", organization=one, given=other)


def _refuse_free(*rows: Quota) -> None:
    """Whose places have no limit neither lends nor borrows."""
    for row in rows:
        if row.kind is QuotaKind.FREE:
            raise RefusedError("free_quota", organization=row.organization)


def _require_open(loan: Loan, borrower: Quota, n: int) -> None:
    if loan.closed_at is not None:
        raise RefusedError("loan_closed", organization=borrower.organization, n=loan.n)
    if n > (rest := loan.n - loan.returned):
        raise QuotaError("loan_smaller", asked=n, left=rest, free=arithmetic.left(borrower))
