"""After the payment: what the money went into, what comes back, and the end of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from models.database import transaction
from models.errors import InputError, RefusedError
from models.subsidy import Subsidy
from models.vocabulary import Act, DeadlineKind, LetterKind, Role, SubsidyState, TitleState
from workflows.clocks import due
from workflows.purse import money, subsidies
from workflows.record.claiming import claim
from workflows.record.journal import move
from workflows.record.verb import verb
from workflows.rules.characters import within
from workflows.rules.money import accounted, fen_of, recoverable

if TYPE_CHECKING:
    from models import programme
    from models.database import Store
    from models.title import Title
    from workflows.record.acting import Actor

# Working days, our own default: the sources name none.
DAYS_TO_CLOSE = 15
_LONGEST = 500


@verb("account-for")
def account_for(
    actor: Actor, subsidy_id: str, *, spent: list[dict[str, Any]], seen: int, key: str | None = None
) -> Subsidy:
    """Report what the money went into: each line `{use, yuan, words}`, by the programme's uses.

    What is left of the sum is unspent. Raises InputError for a line that cannot be read or a use
    the programme does not allow, RefusedError("overspent") for more than was paid.
    """
    with transaction() as store:
        row, who = claim(store, actor, Act.ACCOUNT_FOR, Subsidy, subsidy_id, seen=seen, key=key)
        title, rule = _about(store, row)
        lines = accounted(spent, rule.uses, row.fen)
        limit = due.within(DeadlineKind.SUBSIDY_STEP, DAYS_TO_CLOSE, store.now, row.decider)
        total = sum(line["fen"] for line in lines)
        after = move(store, who, Act.ACCOUNT_FOR, row, key=key, due=limit, spent=lines,
                     body={"spent": total, "unspent": row.fen - total})  # fmt: skip
        money.tell(store, [after], {title.id: title}, "subsidy_reported", LetterKind.ACTION, to=Role.REVIEWER,
                   due_at=limit.at.isoformat())  # fmt: skip
        return after


@verb("close-subsidy")
def close_subsidy(actor: Actor, subsidy_id: str, *, seen: int, words: str = "", key: str | None = None) -> Subsidy:
    """Close a subsidy whose account was looked through; one without a report to come may be closed when paid.

    Raises RefusedError("report_first").
    """
    with transaction() as store:
        row, who = claim(store, actor, Act.END, Subsidy, subsidy_id, seen=seen, key=key)
        title, rule = _about(store, row)
        if row.state is SubsidyState.PAID and rule.report_months is not None:
            raise RefusedError("report_first", number=title.number, **rule.cited)
        after = move(store, who, Act.END, row, key=key, flag="", body={"words": within("words", words, _LONGEST)})
        money.tell(store, [after], {title.id: title}, "subsidy_closed")
        return after


@verb("recover")
def recover(actor: Actor, subsidy_id: str, *, yuan: str, reason: str, seen: int, key: str | None = None) -> Subsidy:
    """Write down what came back, in yuan: at most what is unspent, or all when the title was revoked.

    Raises RefusedError("no_recovery") where the programme asks nothing back, and
    RefusedError("too_much_back") with the most there is.
    """
    if not reason.strip():
        raise InputError("reason_missing", field="reason")
    fen = fen_of(yuan)
    with transaction() as store:
        row, who = claim(store, actor, Act.RECOVER, Subsidy, subsidy_id, seen=seen, key=key)
        title, rule = _about(store, row)
        if not rule.recover:
            raise RefusedError("no_recovery", number=title.number, **rule.cited)
        most = recoverable(row.fen, row.spent, revoked=title.state is TitleState.REVOKED)
        if fen > most:
            raise RefusedError("too_much_back", asked=fen, most=most, **rule.cited)
        after = move(store, who, Act.RECOVER, row, key=key, recovered_fen=fen,
                     body={"fen": fen, "reason": within("reason", reason, _LONGEST)})  # fmt: skip
        money.tell(store, [after], {title.id: title}, "subsidy_recovered", fen=fen, reason=reason.strip())
        return after


@verb("cancel-subsidy")
def cancel_subsidy(actor: Actor, subsidy_id: str, *, reason: str, seen: int, key: str | None = None) -> Subsidy:
    """Cancel a stage that is not paid yet, with the reason the unit is told; it does not come again."""
    if not reason.strip():
        raise InputError("reason_missing", field="reason")
    with transaction() as store:
        row, who = claim(store, actor, Act.CANCEL, Subsidy, subsidy_id, seen=seen, key=key)
        title, _ = _about(store, row)
        return subsidies.cancel(store, who, [row], {title.id: title}, reason.strip(), key)[0]


def _about(store: Store, row: Subsidy) -> tuple[Title, programme.Subsidy]:
    """A subsidy's title, and what its programme says of the stage."""
    title = money.titles_of(store, [row])[row.title_id]
    return title, money.rule_of(store, title, row.stage)
