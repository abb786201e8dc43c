"""A two-character word among many texts, for who sees all of them and who sees 0.1 %, beside bare SQL.

`python -m tests.benchmarks.bench_search 200000`: how many texts (20,000 when not said).
"""

from __future__ import annotations

import random
import sys
from typing import TYPE_CHECKING, Any

from models.base import as_dict, new_id
from models.database import engine, transaction
from models.search import spelt, staff_mark
from models.vocabulary import Role
from tests.benchmarks.bench_queue import _COUNTIES, _INSERT
from tests.benchmarks.ground import begin, both, in_bulk, interleaved, marks, raw, tell, timed
from workflows.people.accounts import open_account
from workflows.queries.search import search
from workflows.record import indexing
from workflows.record.acting import SYSTEM, actor_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from models.application import Application
    from workflows.record.acting import Actor

SIZE, ASKED, GOAL, BATCH = 20_000, 100, 4.0, 5_000
COUNTIES, LENGTH = 1000, 60
RARE, COMMON = "焊接", "技术"
_VOCABULARY = (
    "创新 团队 工艺 设备 改造 攻关 成果 培训 安全 质量 效率 节能 数控 机床 自动 装配 检测 维修 电气 管理"
    " 生产 流程 标准 专利 推广 应用 研发 材料 结构 优化 劳模 工匠 师傅 徒弟 课题 项目 企业 车间 班组 技能"
)
WORDS = _VOCABULARY.split()
_SELECT = (
    "SELECT a.id, a.receipt, a.subject, a.leader_name, o.name, r.name, a.state, a.checked, a.slate_id, a.entered_at,"
    " a.due_at, a.version, a.desk FROM {start} JOIN application a ON a.id = d.application_id"
    " JOIN organization o ON o.code = a.organization JOIN round r ON r.id = a.round_id WHERE {match}"
    " ORDER BY {number} DESC LIMIT 51"
)
_BARE = {
    "sqlite": _SELECT.format(
        start="search_fts f JOIN search_document d ON d.number = f.rowid", match="search_fts MATCH ?", number="f.rowid"
    ),
    "postgresql": _SELECT.format(start="search_document d", match="d.words @@ CAST(? AS tsquery)", number="d.number"),
}


def text(dice: random.Random) -> str:
    """Some hundred characters, in which one in a hundred texts has the rare word, and every other the common one."""
    words = dice.choices(WORDS, k=LENGTH)
    words += [RARE] * (dice.random() < 0.01) + [COMMON] * (dice.random() < 0.5)
    dice.shuffle(words)
    return "，".join(words)


def fill(row: Application, counties: list[str], size: int) -> None:
    """Bring the database to `size` applications, each at one of a thousand counties' desks."""
    dice = random.Random(size)  # noqa: S311 -- repeatable on purpose
    base = as_dict(row)
    for _ in range(size // BATCH):
        with transaction() as store:
            store.run_many(_INSERT, (_clone(base, dice.choice(counties), text(dice)) for _ in range(BATCH)))


def _clone(base: dict[str, Any], county: str, topics: str) -> dict[str, Any]:
    fresh = new_id()
    route = [["county", county], *base["route"][1:]]
    return {**base, "id": fresh, "receipt": fresh[-16:], "leader_key": fresh, "desk": county, "route": route,
            "answers": {**base["answers"], "topics": topics}}  # fmt: skip


def seated(name: str, code: str, role: Role) -> Actor:
    """Somebody with one seat."""
    open_account(SYSTEM, email=f"{name}@example.cn", name=name, organization_code=code, role=role)
    return actor_of(f"{name}@example.cn")


def bare(kind: str, url: str, word: str, mark: str | None) -> Callable[[int], None]:
    """The same page, asked by the driver alone; `mark` narrows it as the asker's seat does."""
    connection = raw(url)
    sql = marks(url, _BARE[kind])
    both_of = " AND " if kind == "sqlite" else " & "
    asked = both_of.join(filter(None, (mark, spelt(word, kind))))

    def ask(_: int) -> None:
        cursor = connection.cursor()
        cursor.execute("BEGIN")
        cursor.execute(sql, (asked,))
        cursor.fetchall()
        connection.rollback()

    return ask


def main() -> None:
    """Print the time of making the index, then one line for each database, person and word."""
    size = int(sys.argv[1]) if len(sys.argv) > 1 else SIZE
    with both() as databases:
        for kind, url in databases:
            _, row = begin(url)
            with transaction() as store:
                counties = [unit.code for unit in store.all(_COUNTIES)][:COUNTIES]
            with in_bulk(url, "application"):
                fill(row, counties, size)
            spent = timed(_rebuilt)
            print(f"index of {size:,} texts made in {spent / 1000:.1f} s ({kind})", flush=True)
            with engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("ANALYZE")
            governor = seated("governor", row.route[-1][1], Role.ADMINISTRATOR)
            county = seated("benchcounty", counties[0], Role.REVIEWER)
            measure(kind, url, size, (("all", governor, None), ("0.1 %", county, staff_mark(counties[0]))))


def _rebuilt(_: int) -> None:
    indexing.rebuild()


def measure(kind: str, url: str, size: int, people: tuple[tuple[str, Actor, str | None], ...]) -> None:
    """A rare and a common word for each of the people: our page, its counts and the seats, and the bare page."""
    for seen, actor, mark in people:
        for word in (RARE, COMMON):

            def ours(_: int, actor: Actor = actor, word: str = word) -> None:
                search(actor, words=word)

            name = f"search of {word} in {size:,} texts, seeing {seen} ({kind})"
            tell(name, *interleaved(ours, bare(kind, url, word, mark), ASKED), GOAL, ASKED)


if __name__ == "__main__":
    main()
