"""Sealing and sending up a slate of 1,000, beside the same rows, as full as ours, written by bare set-based SQL."""

from __future__ import annotations

import hashlib
from functools import partial
from statistics import median
from typing import TYPE_CHECKING, Any

from models import clock
from models.base import new_id
from models.search import staff_mark
from models.vocabulary import QuotaKind
from tests.benchmarks.ground import begin, both, clones, marks, raw, tell, timed
from tests.small_round import CITY, COUNTY
from workflows.listing.sending import send_up
from workflows.listing.slates import rank, seal
from workflows.record.acting import actor_of
from workflows.rounds import issue

if TYPE_CHECKING:
    from collections.abc import Callable

    from models.application import Application
    from tests.small_round import SmallRound

N, TIMES, GOAL = 1000, 5, 2.5
_IN = "id IN (SELECT application_id FROM slate_entry WHERE slate_id = ?)"
_FROM = " FROM application a WHERE a.id IN (SELECT application_id FROM slate_entry WHERE slate_id = ?)"
_COUNTED = "自2026年11月22日起7个工作日（首日不计入）：计11月23日至11月27日、11月30日至12月1日，末日2026年12月1日"
_DIGEST = {
    "sqlite": "sha256hex(a.head || a.id || a.version)",
    "postgresql": "encode(sha256(convert_to(a.head || a.id || a.version, 'UTF8')), 'hex')",
}


def statements(kind: str) -> list[tuple[str, int]]:
    """The set-based statements, and how many of each one's marks are moments before the slate's id."""
    digest, lite = _DIGEST[kind], kind == "sqlite"
    made = "json_object" if lite else "jsonb_build_object"
    whole = "{}" if lite else "{}::jsonb"
    text, due = ("?", "?") if lite else ("?::text", "?::timestamptz")
    body = f"{made}('slate', a.slate_id, 'to', '{CITY}', 'rank', 1, 'letter', {made}('next', '{CITY}'))"
    params = (f"{made}('receipt', a.receipt, 'subject', a.subject, 'organization', a.desk, 'next', '{CITY}',"
              f" 'due_at', {text})")  # fmt: skip
    basis = whole.format("""'{"start": "2026-11-22", "days": 7, "working": true, "first": false, "hour": "24:00"}'""")
    empty = whole.format("'[]'")
    return [
        ("INSERT INTO journal_event (id, thing, thing_id, version, act, source, target, account_id, desk, at, body,"
         f" prev, hash) SELECT substr({digest}, 1, 32), 'application', a.id, a.version + 1, 'recommend', a.state,"
         f" 'city_review', a.applicant_id, a.desk, {due}, {body}, a.head, {digest}" + _FROM, 1),
        (f"UPDATE deadline SET closed_at = {due} WHERE closed_at IS NULL AND thing_id IN"
         " (SELECT application_id FROM slate_entry WHERE slate_id = ?)", 1),
        ("INSERT INTO deadline (id, thing, thing_id, kind, desk, programme, set_at, due_at, derivation, basis,"
         f" provisional, rung) SELECT substr({digest}, 1, 32), 'application', a.id, 'review', '{CITY}', a.programme,"
         f" {due}, {due}, '{_COUNTED}', {basis}, false, 0" + _FROM, 2),
        ("INSERT INTO letter (id, account_id, template, kind, params, thing_id, created_at, not_before, attempts, error)"
         f" SELECT substr({digest}, 1, 32) || '-' || a.applicant_id, a.applicant_id, 'recommended', 'information', {params}, a.id, {due}, {due},"
         " 0, ''" + _FROM, 3),
        ("INSERT INTO review (id, application_id, step, desk, outcome, opinion, faults, account_id, at)"
         f" SELECT substr({digest}, 1, 32), a.id, a.step, a.desk, 'recommended', '会议纪要', {empty}, a.applicant_id, {due}"
         + _FROM, 1),
        (f"UPDATE application SET state = 'city_review', step = step + 1, rung = 'city', desk = '{CITY}',"
         f" entered_at = {due}, due_at = {due}, checked = false, slate_id = NULL, version = version + 1,"
         f" head = {digest.replace('a.', '')} WHERE {_IN}", 2),
        (f"INSERT INTO search_reach (mark, number, application_id) SELECT '{staff_mark(CITY)}', d.number, a.id"
         + _FROM.replace("application a", "application a JOIN search_document d ON d.application_id = a.id"), 0),
        (f"UPDATE slate SET state = 'sent_up', sealed_at = {due}, sent_at = {due}, sent_to = '{CITY}', version = version + 2"
         " WHERE id = ?", 2),
    ]  # fmt: skip


def bare(url: str, kind: str, slate_id: str) -> Callable[[int], None]:
    """The statements in one transaction on the driver."""
    connection = raw(url)
    if kind == "sqlite":
        connection.create_function("sha256hex", 1, _sha256hex, deterministic=True)
    texts = [(marks(url, sql), moments) for sql, moments in statements(kind)]

    def run(_i: int) -> None:
        cursor, now = connection.cursor(), clock.now()
        at: Any = now.strftime("%Y-%m-%d %H:%M:%S.%f") if kind == "sqlite" else now
        if kind == "sqlite":
            cursor.execute("BEGIN IMMEDIATE")
        for sql, moments in texts:
            cursor.execute(sql, (*[at] * moments, slate_id))
        connection.commit()

    return run


def _sha256hex(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def ready(made: SmallRound, row: Application) -> Any:
    """A draft slate of 1,000 checked applications."""
    ids = clones(row, N, checked=True)
    return rank(made.county, round_id=made.round_id, organization_code=COUNTY, main=ids)


def main() -> None:
    """Print one line for each database."""
    with both() as databases:
        for kind, url in databases:
            made, row = begin(url)
            issue(actor_of("admin@example.cn"), round_id=made.round_id, organization_code=COUNTY,
                  places=3 * N * TIMES, kind=QuotaKind.FIXED)  # fmt: skip
            ours, theirs = [], []
            for _ in range(TIMES):
                slate = ready(made, row)
                ours.append(timed(partial(_seal_and_send, made, slate)))
                slate = ready(made, row)
                theirs.append(timed(bare(url, kind, slate.id)))
            tell(f"seal and send a slate of 1,000 ({kind})", median(ours), median(theirs), GOAL, N)


def _seal_and_send(made: SmallRound, slate: Any, _i: int = 0) -> None:
    sealed = seal(made.county, slate.id, seen=slate.version, minutes="会议纪要", key=new_id())
    send_up(made.county, sealed.id, seen=sealed.version, key=new_id())


if __name__ == "__main__":
    main()
