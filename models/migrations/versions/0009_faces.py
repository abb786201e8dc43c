"""Who comes by themselves, who is at which field, who saw what last, questions to the office, and what is drawn.

Revision 0009, after 0008.
"""

import sqlalchemy as sa
from alembic import op

from models.base import Json

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_UNANSWERED = sa.text("answered_at IS NULL")
_SETTLED = sa.text("closed_at IS NOT NULL")
_OPEN = sa.text("settled_at IS NULL AND proven_at IS NOT NULL")
_UNSENT = sa.text("letter_at IS NOT NULL")
_UNPROVEN = sa.text("proven_at IS NULL")


_WAITING = sa.text("desk IS NOT NULL")
_UNCARRIED = sa.text("coalesce(sent_at, dead_at) IS NULL")
_UNCARRIED_BEFORE = sa.text("sent_at IS NULL AND dead_at IS NULL")
# How far each case has come, as it would have been kept from the first: the rung of its place on its route.
_RUNGS = {
    "sqlite": "UPDATE application SET rung = json_extract(route, '$[' || step || '][0]') WHERE submitted_at IS NOT NULL",
    "postgresql": "UPDATE application SET rung = route -> step ->> 0 WHERE submitted_at IS NOT NULL",
}


def upgrade() -> None:
    _people()
    _attention()
    _figures()
    _examinations()
    _letters(_UNCARRIED)


def _letters(where: sa.TextClause) -> None:
    op.drop_index("ix_letter_waiting", table_name="letter")
    op.create_index("ix_letter_waiting", "letter", ["account_id", "template", "thing_id"],
                    sqlite_where=where, postgresql_where=where)  # fmt: skip


def _figures() -> None:
    op.add_column("application", sa.Column("rung", sa.String(length=32), nullable=True))
    op.execute(_RUNGS[op.get_bind().dialect.name])
    op.create_index("ix_application_round_id_rung", "application", ["round_id", "rung", "state"])
    op.create_index("ix_application_leader_key", "application", ["leader_key"])
    op.drop_index("ix_application_desk", table_name="application")
    op.create_index("ix_application_desk", "application",
                    ["desk", "due_at", "id", "entered_at", "programme", "handler_id"],
                    sqlite_where=_WAITING, postgresql_where=_WAITING)  # fmt: skip
    op.create_index("ix_application_due_at", "application", ["due_at", "desk", "programme"],
                    sqlite_where=_WAITING, postgresql_where=_WAITING)  # fmt: skip
    op.create_index("ix_overdue_day_desk", "overdue_day",
                    ["desk", "below", "day", "settled", "waiting", "overdue"])  # fmt: skip
    op.create_index("ix_deadline_settled", "deadline", ["desk", "kind", "programme", "closed_at"],
                    sqlite_where=_SETTLED, postgresql_where=_SETTLED)  # fmt: skip


def _people() -> None:
    op.create_table(
        "registration",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("organization", sa.String(length=18), nullable=False),
        sa.Column("role", sa.Enum("worker", "clerk", "expert", "reviewer", "administrator", name="role",
                                  native_enum=False, create_constraint=True, length=32), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proven_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("letter_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.String(length=32), nullable=True),
        sa.Column("is_granted", sa.Boolean(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.CheckConstraint("(settled_at IS NULL) = (is_granted IS NULL)", name="settled"),
        sa.ForeignKeyConstraint(["organization"], ["organization.code"], name="fk_registration_organization"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_registration_account_id"),
        sa.ForeignKeyConstraint(["settled_by"], ["account.id"], name="fk_registration_settled_by"),
        sa.PrimaryKeyConstraint("id", name="pk_registration"),
    )
    op.create_index("ix_registration_open", "registration", ["organization"],
                    sqlite_where=_OPEN, postgresql_where=_OPEN)  # fmt: skip
    op.create_index("ix_registration_letter_at", "registration", ["letter_at"],
                    sqlite_where=_UNSENT, postgresql_where=_UNSENT)  # fmt: skip
    op.create_index("ix_registration_email", "registration", ["email"],
                    sqlite_where=_UNPROVEN, postgresql_where=_UNPROVEN)  # fmt: skip
    op.create_index("ix_registration_account_id", "registration", ["account_id"])
    op.create_table(
        "identity",
        sa.Column("provider", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_identity_account_id"),
        sa.PrimaryKeyConstraint("provider", "subject", name="pk_identity"),
    )
    op.create_index("ix_identity_account_id", "identity", ["account_id"])
    op.add_column("session", sa.Column("opened_by", sa.String(length=40), nullable=True))


def _attention() -> None:
    op.create_table(
        "presence",
        sa.Column("application_id", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("field", sa.String(length=64), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name="fk_presence_application_id"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_presence_account_id"),
        sa.PrimaryKeyConstraint("application_id", "account_id", name="pk_presence"),
    )
    op.create_table(
        "look",
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("application_id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("since_version", sa.Integer(), nullable=True),
        sa.Column("since_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_look_account_id"),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name="fk_look_application_id"),
        sa.PrimaryKeyConstraint("account_id", "application_id", name="pk_look"),
    )
    op.create_table(
        "question",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("application_id", sa.String(length=32), nullable=False),
        sa.Column("desk", sa.String(length=18), nullable=False),
        sa.Column("asked_by", sa.String(length=32), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("answered_by", sa.String(length=32), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.String(length=1000), nullable=False),
        sa.CheckConstraint("(answered_at IS NULL) = (answer = '')", name="answered"),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name="fk_question_application_id"),
        sa.ForeignKeyConstraint(["desk"], ["organization.code"], name="fk_question_desk"),
        sa.ForeignKeyConstraint(["asked_by"], ["account.id"], name="fk_question_asked_by"),
        sa.ForeignKeyConstraint(["answered_by"], ["account.id"], name="fk_question_answered_by"),
        sa.PrimaryKeyConstraint("id", name="pk_question"),
    )
    op.create_index("ix_question_application_id", "question", ["application_id"])
    op.create_index("ix_question_open", "question", ["desk", "asked_at"],
                    sqlite_where=_UNANSWERED, postgresql_where=_UNANSWERED)  # fmt: skip


def _examinations() -> None:
    op.create_table(
        "examination",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=True),
        sa.Column("asked_by", sa.String(length=32), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("steps", sa.Integer(), nullable=False),
        sa.Column("is_whole", sa.Boolean(), nullable=True),
        sa.Column("counts", Json, nullable=False),
        sa.Column("found", Json, nullable=False),
        sa.ForeignKeyConstraint(["asked_by"], ["account.id"], name="fk_examination_asked_by"),
        sa.PrimaryKeyConstraint("id", name="pk_examination"),
    )
    op.create_index("ix_examination_is_open", "examination", ["is_open"], unique=True)
    op.create_index("ix_examination_finished_at", "examination", ["finished_at"])


def downgrade() -> None:
    _letters(_UNCARRIED_BEFORE)
    with op.batch_alter_table("session", recreate="never") as batch:
        batch.drop_column("opened_by")
    op.drop_index("ix_deadline_settled", table_name="deadline")
    op.drop_index("ix_overdue_day_desk", table_name="overdue_day")
    op.drop_index("ix_application_due_at", table_name="application")
    op.drop_index("ix_application_desk", table_name="application")
    op.create_index("ix_application_desk", "application", ["desk", "due_at", "id"],
                    sqlite_where=_WAITING, postgresql_where=_WAITING)  # fmt: skip
    op.drop_index("ix_application_leader_key", table_name="application")
    op.drop_index("ix_application_round_id_rung", table_name="application")
    op.drop_column("application", "rung")
    for table in ("examination", "question", "look", "presence", "identity", "registration"):
        op.drop_table(table)
