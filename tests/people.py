"""People for tests, entered in the journal like any others."""

from typing import Any

from models.account import Account
from models.database import transaction
from models.vocabulary import AccountState, Act
from workflows.record.acting import SYSTEM
from workflows.record.claiming import hold
from workflows.record.journal import found, move


def an_account(email: str, *, name: str = "李敏", disabled: bool = False, **columns: Any) -> str:
    """An account without a seat; its id, a new one unless it stands among the columns."""
    with transaction() as store:
        made = found(
            store, SYSTEM, Act.ENROL, Account, email=email, name=name, state=AccountState.ACTIVE,
            **{"created_at": store.now, **columns},
        )  # fmt: skip
    if disabled:
        disable(made.id)
    return made.id


def disable(account_id: str) -> None:
    """Shut an account out, and leave its sessions as they are."""
    with transaction() as store:
        account = hold(store, Account, account_id)
        move(store, SYSTEM, Act.DISABLE, account, disabled_at=store.now)
