"""Seal what the tiers leave on record: receipts, papers, reminders, draws, votes, loans.

Revision 0005, after 0004.
"""

from alembic import op

from models.sealing import Seals

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

SEALS = Seals(
    appended={
        "docket_entry": (("objection_id",), ("receipt",)),
        "objection_paper": (("id",),),
        "notice_paper": (("id",),),
        "decision_link": (("decision_id",),),
        "slate_paper": (("id",),),
        "chase": (("id",),),
        "case_copy": (("id",),),
        "batch_row": (("batch_id", "place"),),
        "meeting_slot": (("id",),),
    },
    # A draw can be done again by anybody only while its seed and its pool stay as they were; a vote is
    # given once; a loan grows no larger and changes no hands; a batch is undone once.
    frozen={
        "panel": (
            "id", "round_id", "desk", "size", "strata", "seed", "seed_source", "snapshot", "snapshot_hash", "order",
        ),
        "panel_member": (
            "id", "panel_id", "expert_id", "account_id", "place", "stratum", "replaces", "passed_over", "joined_at",
        ),
        "assignment": ("id", "panel_id", "application_id", "account_id", "reason", "anchor"),
        "recusal_request": ("id", "application_id", "desk", "name", "reason", "asked_by"),
        "meeting": ("id", "round_id", "desk", "kind", "minutes", "seed", "seed_source", "chair"),
        "signer": ("id", "countersign_id", "place", "added_at", "added_by"),
        "quota_loan": ("id", "lender", "borrower", "n", "why", "account_id"),
        "batch": ("id", "account_id", "desk", "words", "sha256", "take", "counts", "at"),
    },
    kept={
        name: (("id",),)
        for name in ("panel", "panel_member", "assignment", "recusal_request", "meeting", "signer", "quota_loan", "batch")
    },
    once={
        "signer": "signed_at", "panel_member": "left_at", "assignment": "ended_at", "recusal_request": "settled_at",
        "batch": "undone_at",
    },
)


def upgrade() -> None:
    for statement in SEALS.set(op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    for statement in SEALS.lift(op.get_bind().dialect.name):
        op.execute(statement)
