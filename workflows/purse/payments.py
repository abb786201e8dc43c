"""Asking for a subsidy, approving it and paying it: two hands, once, and never while something is open."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from models.base import new_token, table
from models.database import transaction
from models.errors import ForbiddenError, InputError, NotFoundError, RefusedError
from models.journal import Event
from models.sql import Sql, bind
from models.subsidy import Subsidy
from models.vocabulary import Act, DeadlineKind, Hold, LetterKind, Role, SubsidyState, Thing
from workflows.clocks import due
from workflows.desk import deputies
from workflows.purse import money
from workflows.purse.subsidies import to_request
from workflows.record.acting import refreshed
from workflows.record.claiming import claim, look, require_fresh, seen_of, visible
from workflows.record.journal import move, move_all
from workflows.record.moves import Change
from workflows.record.verb import not_done_yet, verb
from workflows.rules import permissions
from workflows.rules.calendar import local_date
from workflows.rules.characters import within
from workflows.rules.money import account_number as digits_of
from workflows.rules.money import digest, hold, payment_refusal
from workflows.rules.privacy import mask

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from models.database import Store
    from models.title import Title
    from workflows.record.acting import Actor
    from workflows.record.moves import Due

# Working days, our own defaults: the sources name none.
_LONGEST = 500
DAYS_TO_APPROVE, DAYS_TO_PAY, DAYS_TO_MEND = 10, 15, 10
_ITEM = {"subsidy", "seen"}
_E = table(Event).c
_EVER = datetime(1, 1, 2, tzinfo=UTC)
_APPROVED: Sql[datetime] = Sql(
    sa.select(_E.at)
    .where(_E.thing == Thing.SUBSIDY, _E.thing_id == bind("of", _E.thing_id), _E.act == Act.APPROVE)
    .order_by(_E.version.desc())
    .limit(1)
)


@verb("request-subsidy")
def request_subsidy(
    actor: Actor, subsidy_id: str, *, payee: str, bank: str, account_number: str, receipt: str, seen: int,
    key: str | None = None,
) -> Subsidy:  # fmt: skip
    """Ask for the money: to whom, to which account (8 to 32 digits), against which receipt's number.

    May be mended until it is approved; the decider has 10 working days. The journal keeps a digest
    of the payee and the account's ends. Raises InputError for an empty or wrong one.
    """
    given = {"payee": payee, "bank": bank, "receipt": receipt}
    if empty := next((name for name, value in given.items() if not value.strip()), None):
        raise InputError("words_missing", field=empty)
    digits = digits_of(account_number)
    with transaction() as store:
        row, who = claim(store, actor, Act.REQUEST, Subsidy, subsidy_id, seen=seen, key=key)
        values = {name: value.strip() for name, value in given.items()} | {"account_number": digits}
        salt = new_token()
        told = {"payee": payee_digest(salt, values), "account": mask(digits), "receipt": values["receipt"]}
        limit = due.within(DeadlineKind.SUBSIDY_STEP, DAYS_TO_APPROVE, store.now, row.decider)
        columns: dict[str, Any] = {**values, "salt": salt}
        after = move(store, who, Act.REQUEST, row, key=key, due=limit, body=told, **columns)
        _tell(store, after, "subsidy_requested", to=Role.REVIEWER, due_at=limit.at.isoformat())
        return after


@verb("approve-subsidy")
def approve_subsidy(
    actor: Actor, subsidy_id: str, *, seen: int, with_finance: str = "", key: str | None = None
) -> Subsidy:
    """Approve what was asked for; somebody else then pays it, within 15 working days.

    `with_finance`: the words of the consent given together with the finance department, required
    where the programme says so. Raises RefusedError("finance_missing").
    """
    with transaction() as store:
        row, who = claim(store, actor, Act.APPROVE, Subsidy, subsidy_id, seen=seen, key=key)
        titles = money.titles_of(store, [row])
        rule = money.rule_of(store, titles[row.title_id], row.stage)
        if rule.with_finance and not with_finance.strip():
            raise RefusedError("finance_missing", **rule.cited)
        limit = due.within(DeadlineKind.SUBSIDY_STEP, DAYS_TO_PAY, store.now, row.decider)
        after = move(store, who, Act.APPROVE, row, key=key, due=limit, approved_by=who.id,
                     body={"fen": row.fen, "with_finance": within("with_finance", with_finance, _LONGEST)})  # fmt: skip
        _tell(store, after, "subsidy_approved", to=Role.REVIEWER, due_at=limit.at.isoformat())
        return after


@verb("return-subsidy")
def return_subsidy(actor: Actor, subsidy_id: str, *, reason: str, seen: int, key: str | None = None) -> Subsidy:
    """Send a request, or an account of the spending, back to the unit to be mended."""
    if not reason.strip():
        raise InputError("reason_missing", field="reason")
    with transaction() as store:
        row, who = claim(store, actor, Act.SEND_BACK, Subsidy, subsidy_id, seen=seen, key=key)
        is_account = row.state is SubsidyState.REPORTED
        again = due.within(DeadlineKind.SUBSIDY_REPORT, DAYS_TO_MEND, store.now, row.organization)
        limit = again if is_account else to_request(store, row)
        after = move(store, who, Act.SEND_BACK, row, key=key, due=limit, approved_by="", body={"reason": reason})
        _tell(store, after, "subsidy_returned", due_at=limit.at.isoformat(), reason=reason.strip())
        return after


@verb("pay")
def pay(actor: Actor, subsidy_id: str, *, voucher: str, seen: int, key: str | None = None) -> Subsidy:
    """Write down that an approved subsidy was paid, by the number of the payment's voucher.

    Raises RefusedError("payment_held") while an objection, a rectification, a suspension or a
    dispute is open about the title, ForbiddenError("same_hand") for whoever approved it.
    """
    with transaction() as store:
        # The title first: nothing may come to be open about it meanwhile.
        held, titles = money.held_with_titles(store, [look(store, Subsidy, subsidy_id).id])
        who = refreshed(store, actor)
        _require(store, who, held[subsidy_id], seen, key)
        return _pay(store, who, list(held.values()), titles, voucher, key)[0]


def _paid(store: Store, event: Event) -> list[Subsidy]:
    return [look(store, Subsidy, one) for one in event.body["together"]]


@verb("pay-many", answer=_paid)
def pay_many(actor: Actor, *, items: list[dict[str, Any]], voucher: str, key: str | None = None) -> list[Subsidy]:
    """Write down that one voucher paid many approved subsidies, all or none; each item `{subsidy, seen}`.

    Raises as `pay`, naming the first that may not be paid.
    """
    seen = _seen(items)
    with transaction() as store:
        not_done_yet(store, actor, key)
        held, titles = money.held_with_titles(store, seen)
        who = refreshed(store, actor)
        if lost := sorted(seen.keys() - held.keys()):
            raise NotFoundError("not_found", thing=Thing.SUBSIDY.value, given=lost[0])
        for one, row in held.items():
            _require(store, who, row, seen[one], key)
        return _pay(store, who, list(held.values()), titles, voucher, key)


def payee_digest(salt: str, values: Mapping[str, str]) -> str:
    """What the journal keeps of who is paid where."""
    return digest(salt, *(values[name] for name in ("payee", "bank", "account_number")))


def _seen(items: Sequence[dict[str, Any]]) -> dict[str, int]:
    """The version that was looked at, by subsidy. Raises InputError for an empty or doubled list."""
    if not items:
        raise InputError("slate_empty", field="items")
    found: dict[str, int] = {}
    for item in items:
        if set(item) != _ITEM:
            raise InputError("unknown_field", field="items", known=sorted(_ITEM))
        one = str(item["subsidy"])
        if one in found:
            raise InputError("listed_twice", field="items", given=one)
        found[one] = seen_of(item["seen"])
    return found


def _require(store: Store, who: Actor, row: Subsidy, seen: int, key: str | None) -> None:
    """What `claim` asks, of a row that is held already."""
    if not visible(who, Thing.SUBSIDY, row):
        raise NotFoundError("not_found", thing=Thing.SUBSIDY.value, given=row.id)
    require_fresh(store, who, Thing.SUBSIDY, row, seen=seen, key=key)
    if (code := permissions.refusal(who, Act.PAY, Thing.SUBSIDY, row)) is not None:
        raise ForbiddenError(code, act=Act.PAY.value, thing=Thing.SUBSIDY.value)


def _pay(
    store: Store, who: Actor, rows: Sequence[Subsidy], titles: dict[str, Title], voucher: str, key: str | None
) -> list[Subsidy]:
    if not voucher.strip():
        raise InputError("words_missing", field="voucher")
    _require_payable(store, who, rows, titles)
    together = {"together": [row.id for row in rows]} if len(rows) > 1 else {}
    paid = move_all(store, who, Act.PAY, [
        Change(row, {"paid_at": store.now, "voucher": voucher.strip()}, due=_report(store, row, titles[row.title_id]),
               body={"fen": row.fen, "voucher": voucher.strip(), **(together if i == 0 else {})})
        for i, row in enumerate(rows)
    ], key=key)  # fmt: skip
    money.tell(store, paid, titles, "subsidy_paid")
    return paid


def _require_payable(store: Store, who: Actor, rows: Sequence[Subsidy], titles: Mapping[str, Title]) -> None:
    """Raise unless nothing is open about any of the titles, and other hands approved (domain: 7.9)."""
    standing = money.standings(store, titles)
    hands = _hands(store, who, rows)
    for row in rows:
        title = titles[row.title_id]
        reason = Hold.FLAG if row.flag else hold(standing[title.id])
        code = payment_refusal(reason, row.approved_by, hands[row.id]) if row.state is SubsidyState.APPROVED else None
        if code == "same_hand":
            raise ForbiddenError("same_hand", subsidy=row.id, number=title.number)
        if code is not None:
            rule = money.rule_of(store, title, row.stage)
            raise RefusedError("payment_held", subsidy=row.id, number=title.number, hold=reason, **rule.cited)


def _hands(store: Store, who: Actor, rows: Sequence[Subsidy]) -> dict[str, set[str]]:
    """Who counts as one person with the payer, by subsidy: whoever stood in for the other since it was approved."""
    ever = {code: deputies.one_hand(store, who.id, code, _EVER) for code in {row.decider for row in rows}}
    met = {row.id: row.decider for row in rows if row.approved_by in ever[row.decider] - {who.id}}
    since = {one: deputies.one_hand(store, who.id, code, store.first(_APPROVED, of=one) or _EVER)
             for one, code in met.items()}  # fmt: skip
    return {row.id: since.get(row.id, {who.id}) for row in rows}


def _report(store: Store, row: Subsidy, title: Title) -> Due | None:
    """By when the unit says what it spent: whole months from the payment (Civil Code arts. 202, 203)."""
    months = money.rule_of(store, title, row.stage).report_months
    if months is None:
        return None
    return due.on(DeadlineKind.SUBSIDY_REPORT, due.months(local_date(store.now), months), desk=row.organization)


def _tell(store: Store, row: Subsidy, template: str, *, to: Role = Role.CLERK, **params: Any) -> None:
    money.tell(store, [row], money.titles_of(store, [row]), template, LetterKind.ACTION, to=to, **params)
