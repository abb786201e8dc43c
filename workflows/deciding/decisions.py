"""Decisions: a numbered document names its whole list at once, or revokes titles."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from models.application import Application
from models.base import new_id, table
from models.database import DuplicateError, transaction
from models.errors import InputError, RefusedError
from models.notice import Correction, Notice
from models.round import Round
from models.slate import Entry, Slate
from models.sql import Sql, bind, insert_into, row_from, rows_of
from models.title import Decision, Title
from models.vocabulary import ENDED, Act, Bucket, DecisionKind, NoticeState, State, TitleState
from workflows.charts.strict import Facts
from workflows.clocks import deadlines
from workflows.deciding import gates
from workflows.hearing import proofs
from workflows.hearing.notices import line_of, snapshot_hash
from workflows.intake import records
from workflows.listing import composing, leaving, sending
from workflows.listing.slates import ENTRIES, refuse_own_case
from workflows.named import terms
from workflows.people.organizations import queue_at
from workflows.places import quotas
from workflows.programmes import programme_of
from workflows.record.claiming import claim, look
from workflows.record.journal import found_all, move, move_all
from workflows.record.moves import Change
from workflows.record.verb import verb
from workflows.rules import eligibility, listing
from workflows.rules.calendar import local_date

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from models.database import Store
    from models.programme import Programme
    from workflows.record.acting import Actor
    from workflows.rules.eligibility import Failure

_N, _T, _K = (table(m).c for m in (Notice, Title, Correction))
_NOTICES = rows_of(Notice, _N.slate_id == bind("slate", _N.slate_id), order=(_N.ends_at,))
_DECISION = insert_into(Decision)
_BY_ID = rows_of(Decision, table(Decision).c.id == bind("id", table(Decision).c.id))
# The units' names as corrected in public: the list decided reads as the list published.
_MENDED = rows_of(
    Correction,
    _K.field == "organization_name",
    _K.notice_id.in_(sa.select(_N.id).where(_N.slate_id == bind("slate", _N.slate_id))),
    order=(_K.id,),
)
_ZEROS, _YEAR = re.compile(r"(?<=〕)0+(?=[0-9])"), re.compile(r"〔([0-9]{4})〕")
LONGEST_NUMBER = 60  # characters, as the column holds
_NUMBERS: Sql[str] = Sql(sa.select(_T.number).where(_T.number.like(bind("like", _T.number), escape="\\")))


@verb("decide", answer=lambda store, event: decision_of(store, event.body["decision"]))
def decide(
    actor: Actor, slate_id: str, *, number: str, meeting_on: date, seen: int, body: str | None = None,
    key: str | None = None,
) -> Decision:  # fmt: skip
    """Name, by one numbered document, every candidate whose notice is over without an open objection.

    All of the list or none of it; a contested one is left for a later document. Raises
    RefusedError("not_deciding_tier", "notice_running", "nothing_to_decide"), InputError for a wrong or used number.
    """
    with transaction() as store:
        lists = leaving.hold_lists(store, slate_id)
        slate, who = claim(store, actor, Act.DECIDE, Slate, slate_id, seen=seen, key=key)
        refuse_own_case(store, who, slate)
        window = look(store, Round, slate.round_id)
        rules = programme_of(store, window.programme)
        if rules.ladder[-1].desk != slate.rung:
            raise RefusedError("not_deciding_tier", rung=slate.rung.value)
        number = require_number(rules, number, meeting_on, local_date(store.now))
        entries, members = sending.members_of(store, slate)
        notices = {n.id: n for n in store.all(_NOTICES, slate=slate.id)}
        queue_at(store, window.organization)
        over = _ready(members, notices)
        if not over:
            _say_why_not(members, notices)
        _require_after_notice(store, rules, [notices[str(m.notice_id)] for m in over], meeting_on)
        failed = _unfit(store, rules, window, slate, over)
        ready = [row for row in over if row.id not in failed]
        gates.before_decision(store, rules, window, slate, ready)
        slate = _pass_over(store, who, slate, entries, [row for row in over if row.id in failed], failed, lists)
        made = _document(store, who, window, slate, number, body or rules.decision.body, meeting_on, ready)
        titles = _name(store, who, rules, window, made, ready)
        gates.after_naming(store, who, rules, made, titles, ready)
        left = _left(store, slate, over)
        move(store, who, Act.DECIDE, slate, key=key, facts=Facts(passed=not left),
             body={"decision": made.id, "number": number, "named": len(titles)})  # fmt: skip
        for notice_id in notices.keys() - {m.notice_id for m in left}:
            deadlines.close(store, notice_id)
        taking = [m for m in ready if not entries[m.id].outside]
        quotas.shift_all(store, who, slate, (Bucket.RESERVED, Bucket.USED), taking, Act.DECIDE)
        return made


def decision_of(store: Store, decision_id: str) -> Decision | None:
    return store.first(_BY_ID, id=decision_id)


def require_number(rules: Programme, number: str, meeting_on: date, today: date) -> str:
    """A document's number as it is kept: half-width digits, and no zeros before the serial.

    Raises InputError for a number that is none of the programme's ("decision_number"), of another year than
    the meeting's or the next one's ("decision_year"), and for a meeting that is yet to come ("meeting_ahead").
    """
    told = unicodedata.normalize("NFKC", number).strip()
    plain = _ZEROS.sub("", told)
    told = plain if re.fullmatch(rules.decision.number, plain) else told
    if len(told) > LONGEST_NUMBER or not re.fullmatch(rules.decision.number, told):
        raise InputError("decision_number", field="number", given=number[:60], pattern=rules.decision.example)
    if meeting_on > today:
        raise InputError("meeting_ahead", field="meeting_on", given=meeting_on.isoformat())
    year = _YEAR.search(told)
    if year is not None and int(year[1]) not in (meeting_on.year, meeting_on.year + 1):
        raise InputError("decision_year", field="number", year=year[1], meeting_on=meeting_on.isoformat())
    return told


def _ready(members: Sequence[Application], notices: dict[str, Notice]) -> list[Application]:
    """Those whose own notice is closed and who are not contested."""
    return [
        m for m in members
        if m.state is State.PUBLIC_NOTICE and notices[str(m.notice_id)].state is NoticeState.CLOSED
    ]  # fmt: skip


def _say_why_not(members: Sequence[Application], notices: dict[str, Notice]) -> None:
    running = [n for n in notices.values() if n.state is NoticeState.OPEN]
    if running:
        raise RefusedError("notice_running", notice=running[0].id, ends_at=running[0].ends_at.isoformat())
    contested = [m.receipt for m in members if m.state is State.CONTESTED]
    raise RefusedError("nothing_to_decide", contested=contested)


def _require_after_notice(store: Store, rules: Programme, over: Sequence[Notice], meeting_on: date) -> None:
    """The meeting is held after the last day, and with the proofs on file that the programme asks for."""
    last = max(notice.last_day for notice in over)
    if meeting_on <= last:
        raise RefusedError("meeting_before_notice_end", meeting_on=meeting_on.isoformat(), last_day=last.isoformat())
    proofs.require(store, rules, list({notice.id: notice for notice in over}.values()))


def _unfit(
    store: Store, rules: Programme, window: Round, slate: Slate, over: Sequence[Application]
) -> dict[str, Sequence[Failure]]:
    """Who does not meet the programme's clauses any more on the day of the decision, and which (domain: 7.1).

    However long the list is, what is on record of it is read at once. Raises
    RefusedError("nothing_to_decide") where nobody is left: no document names nobody.
    """
    known, today = records.known_on(store, slate.id, over), local_date(store.now)
    failed: dict[str, Sequence[Failure]] = {}
    for row in over:
        record = records.record_of(rules, row, known[row.id], window.year)
        filed = local_date(row.submitted_at) if row.submitted_at else None
        found = eligibility.verdict(rules, row.answers, record, today, filed=filed, final=True,
                                    rungs={rung for rung, _ in row.route})  # fmt: skip
        if not found.eligible:
            failed[row.id] = found.failed
    if len(failed) == len(over):
        raise RefusedError("nothing_to_decide", unfit=[row.receipt for row in over])
    return failed


def _pass_over(
    store: Store, who: Actor, slate: Slate, entries: Mapping[str, Entry], rows: Sequence[Application],
    failed: Mapping[str, Sequence[Failure]], lists: Mapping[str, Slate],
) -> Slate:  # fmt: skip
    """Who is unfit is told why and leaves every list it is on, its places with it; the slate as it is then."""
    move_all(store, who, Act.PASS_OVER, [
        Change(row, {"notice_id": row.notice_id}, body=_why(failed[row.id])) for row in rows
    ])  # fmt: skip
    return leaving.pass_over(store, who, slate, entries, rows, lists)


def _left(store: Store, slate: Slate, over: Sequence[Application]) -> list[Application]:
    """The main names that wait for a later document: who is contested, or has risen since."""
    entries, members = sending.members_of(store, slate)
    done = {row.id for row in over}
    return [m for m in members if m.id not in done and not entries[m.id].reserve and m.state not in ENDED]


def _why(failed: Sequence[Failure]) -> dict[str, Any]:
    """What the journal and the letter say of a name passed over: the clauses, in their own words."""
    words = {"zh": "；".join(f["zh"] for f in failed), "en": "; ".join(f["en"] for f in failed)}
    return {"why": "not_eligible", "failed": [f["clause"] for f in failed], "letter": {"reason": words}}


def _document(
    store: Store, who: Actor, window: Round, slate: Slate, number: str, body: str, meeting_on: date,
    ready: Sequence[Application],
) -> Decision:  # fmt: skip
    units = sending.units_of(store, slate)
    mended = {c.application_id: c.after for c in store.all(_MENDED, slate=slate.id)}
    rules = programme_of(store, window.programme)
    named = (line_of(row, units[row.organization], rules) for row in ready)
    lines = composing.with_awards(store, rules, slate.id, named)
    for line in lines:
        line["organization_name"] = mended.get(line["application"], line["organization_name"])
    annex = listing.annexed(rules, lines, _scores(store, rules, slate))
    return write_document(store, who, organization=window.organization, round_id=window.id,
                          kind=DecisionKind.NAMING, number=number, body=body, meeting_on=meeting_on,
                          annex=annex)  # fmt: skip


def _scores(store: Store, rules: Programme, slate: Slate) -> dict[str, int | None]:
    if rules.decision.layout != "result":
        return {}
    return {entry.application_id: entry.score for entry in store.all(ENTRIES, slate=slate.id)}


def write_document(store: Store, who: Actor, *, number: str, annex: list[Any], **columns: Any) -> Decision:
    """Write a numbered decision. Raises InputError("number_used") when the number is taken."""
    row = {"id": new_id(), "number": number.strip(), "annex": annex, "annex_hash": snapshot_hash(annex),
           "account_id": who.id, "decided_at": store.now, "reason": "", "round_id": None, **columns}  # fmt: skip
    try:
        store.run(_DECISION, **row)
    except DuplicateError as error:
        raise InputError("number_used", field="number", given=number) from error
    return row_from(Decision, row)


def _name(
    store: Store, who: Actor, rules: Programme, window: Round, made: Decision, ready: Sequence[Application]
) -> list[Title]:
    prefix = rules.title.number.format(year=window.year, serial=0)[: -len(f"{0:04d}")]
    # Certificates are numbered as the document lists them, never by who began first.
    listed = [line["application"] for group in made.annex for line in group["names"]]
    place = {one: i for i, one in enumerate(listed)}
    ready = sorted(ready, key=lambda row: place[row.id])
    term = terms.term(rules, made.meeting_on, window.organization)
    serial = _last_serial(store, prefix)
    numbers = [rules.title.number.format(year=window.year, serial=serial + i) for i in range(1, len(ready) + 1)]
    titles = found_all(store, who, Act.NAME, Title, [
        (_title(rules, window, made, row, number) | {"valid_until": term.until}, {"decision": made.id}, term.due)
        for row, number in zip(ready, numbers, strict=True)
    ])  # fmt: skip
    move_all(store, who, Act.NAME, [
        Change(row, {"slate_id": row.slate_id, "notice_id": row.notice_id},
               body={"decision": made.id, "title": title.id,
                     "letter": {"number": title.number, "decision": made.number}})
        for row, title in zip(ready, titles, strict=True)
    ])  # fmt: skip
    return titles


def _last_serial(store: Store, prefix: str) -> int:
    """The highest serial given so far: numbers that came in from files have gaps, and other tails."""
    like = re.sub(r"([\\%_])", r"\\\1", prefix) + "%"
    tails = (number.removeprefix(prefix) for number in store.all(_NUMBERS, like=like))
    return max((int(tail) for tail in tails if re.fullmatch(r"[0-9]{1,9}", tail)), default=0)


def _title(rules: Programme, window: Round, made: Decision, row: Application, number: str) -> dict[str, Any]:
    return {
        "number": number, "application_id": row.id, "decision_id": made.id, "programme": row.programme,
        "programme_code": rules.code, "name": row.subject, "organization": row.organization,
        "decider": window.organization, "leader_name": row.leader_name, "leader_key": row.leader_key,
        "named_on": made.meeting_on, "state": TitleState.VALID,
    }  # fmt: skip
