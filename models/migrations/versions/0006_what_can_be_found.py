"""What can be found: the text index of applications, and the marks of those who may find them.

Revision 0006, after 0005, written by hand: SQLite keeps the words in an FTS5 table without content, PostgreSQL in
a column with a GIN index. Applications that are there already are read in, a thousand at a time.
"""

import json
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from models.search import SHADOWS, WORDS_INDEX, indexed, marks_of, marks_on_the_way, public_fields, text_of

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

AT_ONCE = 1000
ROWS = sa.text(
    "SELECT a.id, a.state, a.route, a.step, a.organization, a.applicant_id, a.subject, a.leader_name, a.receipt,"
    " a.answers, a.programme, o.name AS unit FROM application a JOIN organization o ON o.code = a.organization"
    " WHERE a.id > :after ORDER BY a.id LIMIT :most"
)
NUMBERS = sa.text("SELECT number, application_id FROM search_document WHERE number > :after ORDER BY number")


def upgrade() -> None:
    words = sa.Text().with_variant(postgresql.TSVECTOR(), "postgresql")
    op.create_table(
        "search_document",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.String(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("words", words, nullable=True),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name="fk_search_document_application_id"),
        sa.PrimaryKeyConstraint("number", name="pk_search_document"),
        sa.UniqueConstraint("application_id", name="uq_search_document_application_id"),
    )
    op.create_table(
        "search_reach",
        sa.Column("mark", sa.String(length=60), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["number"], ["search_document.number"], name="fk_search_reach_number"),
        sa.PrimaryKeyConstraint("mark", "number", name="pk_search_reach"),
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE search_fts USING fts5(words, content='', columnsize=0, detail=none, tokenize='ascii')"
        )
        op.execute("CREATE VIRTUAL TABLE search_vocab USING fts5vocab(search_fts, 'row')")
    else:
        op.execute(f"CREATE INDEX {WORDS_INDEX} ON search_document USING gin (words) WITH (gin_pending_list_limit = 512)")
    _read_in()


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in reversed(SHADOWS):
            op.execute(f"DROP TABLE {table}")
    op.drop_table("search_reach")
    op.drop_table("search_document")


def _read_in() -> None:
    connection, after = op.get_bind(), ""
    programmes = connection.execute(sa.text("SELECT id, content FROM programme_version"))
    public = {i: public_fields(_json(c)["fields"]) for i, c in programmes}
    while rows := connection.execute(ROWS, {"after": after, "most": AT_ONCE}).all():
        _keep(connection, [_document(connection.dialect.name, row, public[row.programme]) for row in rows])
        after = rows[-1].id


def _document(dialect: str, row: sa.Row[Any], public: frozenset[str]) -> dict[str, Any]:
    read = SimpleNamespace(**{**row._mapping, "route": _json(row.route), "answers": _json(row.answers)})
    text = text_of(read, row.unit, public)
    spelt = indexed(marks_on_the_way(read), text, dialect)
    return {"id": row.id, "text": text, "words": None if dialect == "sqlite" else spelt, "spelt": spelt,
            "marks": sorted(marks_of(read))}


def _keep(connection: sa.Connection, documents: list[dict[str, Any]]) -> None:
    first = connection.execute(sa.text("SELECT coalesce(max(number), 0) FROM search_document")).scalar_one()
    cast = "" if connection.dialect.name == "sqlite" else "\\:\\:tsvector"
    insert = sa.text(f"INSERT INTO search_document (application_id, text, words) VALUES (:id, :text, :words{cast})")
    connection.execute(insert, [{name: d[name] for name in ("id", "text", "words")} for d in documents])
    numbers = {d.application_id: d.number for d in connection.execute(NUMBERS, {"after": first})}
    reach = [{"mark": m, "number": numbers[d["id"]], "id": d["id"]} for d in documents for m in d["marks"]]
    connection.execute(sa.text("INSERT INTO search_reach (mark, number, application_id) VALUES (:mark, :number, :id)"), reach)
    if connection.dialect.name == "sqlite":
        words = [{"number": numbers[d["id"]], "words": d["spelt"]} for d in documents]
        connection.execute(sa.text("INSERT INTO search_fts (rowid, words) VALUES (:number, :words)"), words)


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value
