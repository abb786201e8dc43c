"""What one may not know is in nothing that one is sent: pages with all they hold, papers, exports, JSON and errors."""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Callable, Iterator
from io import BytesIO
from itertools import product
from typing import Any, NamedTuple
from zipfile import ZipFile

import pytest
import structlog

from models import clock
from models.application import Application
from models.database import reading
from models.errors import ShenbaoError
from models.text import sentence
from tests.factories import CITY, COUNTY, PROVINCE, identity, unit
from tests.papers import said
from tests.provinces import Worlds
from tests.ui import faces
from tests.ui.faces import Eyes, Faces, Stage, eyes, stage, there
from tests.ui.pages import token_of
from tests.ui.web import Web, serving
from tests.workflows.test_blind import OTHERS, PLAIN, Blind, Sheets, twin
from tests.workflows.test_leaks import measured
from tests.worlds import rows
from ui.answers import as_json
from ui.views import PAGES
from workflows import table
from workflows.people.tokens import make_token
from workflows.queries.exports import LISTINGS
from workflows.record.acting import Actor, refreshed
from workflows.record.claiming import look
from workflows.rules import permissions

__all__ = ["eyes", "stage", "there"]

BY_PATH = {page.path: page for page in PAGES}


class Secret(NamedTuple):
    """Something that only some may know: as words, or as a number that a table holds in its own way."""

    said: str
    known_to: frozenset[str]
    number: float | None = None

    def is_in(self, sent: bytes) -> bool:
        """Whether it was sent, in whatever form."""
        told = self.said.encode() in sent or json.dumps(self.said).strip('"').encode() in sent
        return told or (self.number is not None and struct.pack("<d", self.number) in sent)


def secret(said: str, *known_to: str) -> Secret:
    """Something in words, and who may know it."""
    return Secret(said, frozenset(known_to))


def points(said: str, *known_to: str) -> Secret:
    """A score, and who may know it."""
    return Secret(said, frozenset(known_to), float(said))


OFFICE = ("county", "county_administrator", "administrator")
SECRETS = {
    **{f"identity number {n}": secret(identity(n), f"clerk{n}") for n in range(5)},
    "objector": secret(faces.OBJECTOR, "province"), "objector's telephone": secret(faces.CONTACT, "province"),
    "draft": secret(faces.DRAFTED, "clerk2"), "answers of a unit": secret(faces.TOPICS, "clerk1", *OFFICE),
    "opinion of a desk": secret(faces.OPINION, *OFFICE), "recusal": secret(faces.RECUSAL, "province", "expert3"),
    "words of a sheet": secret(faces.SHEET_WORDS, "expert0", "expert1", "expert2"),
    **{f"expert {n}": secret(name, f"expert{n}", "province", "administrator") for n, name in enumerate(faces.EXPERTS)},
    **{
        f"sheet {said:.2f}": points(f"{said:.2f}", f"expert{n}")
        for totals in faces.TOTALS for n, said in enumerate(totals)
    },
    "mean of a case with all its sheets": points("82.54", "province"), "mean of a case without": points("61.51"),
}  # fmt: skip
WATCHERS = (
    "clerk0", "clerk1", "clerk2", "worker", "county_administrator", "next_city",
    "foreign_administrator", "unseated", "expert0", "expert3", "county", "city", "province", "administrator",
)  # fmt: skip
# What the menu never offers them is run all the same: a page must not trust that it was.
UNINVITED = ("worker", "expert3")
# Of them those who are asked for over HTTP, which takes ten times as long as to ask at once.
BY_HTTP = ("clerk0", "worker", "next_city", "foreign_administrator", "expert3", "county", "city", "administrator")
CASES = ("case", "draft", "noticed", "scored", "half")
ABOUT = {"review-case", "my-application", "apply"}


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    with structlog.testing.capture_logs():
        yield


def told_of(who: str, sent: bytes) -> set[str]:
    """The secrets in what somebody was sent that are not theirs to know."""
    return {name for name, one in SECRETS.items() if who not in one.known_to and one.is_in(sent)}


def known_by(who: str, sent: bytes) -> set[str]:
    """The secrets in what somebody was sent that are theirs."""
    return {name for name, one in SECRETS.items() if who in one.known_to and one.is_in(sent)}


def pages(there: Faces, who: str) -> Iterator[tuple[str, str | None, dict[str, str]]]:
    """The pages somebody has, and for some all the others too: path, thing and what else stands in the address."""
    for page in PAGES:
        if not (page.shown(there.people[who]) or who in UNINVITED):
            continue
        if page.path == "compare":
            yield page.path, None, {"cases": ",".join(there.things[name] for name in CASES[:4])}
        else:
            yield from ((page.path, thing, {}) for thing in (CASES if page.path in ABOUT else (None,)))


def test_no_page_sends_what_its_reader_may_not_know(there: Faces, eyes: Eyes) -> None:
    leaks: set[tuple[str, str, str | None, str]] = set()
    known: set[str] = set()
    for who in WATCHERS:
        for path, thing, about in pages(there, who):
            look = eyes.open if BY_PATH[path].shown(there.people[who]) else eyes.peek
            sent = look(who, BY_PATH[path].file, thing, **about).sent
            leaks |= {(who, path, thing, name) for name in told_of(who, sent)}
            known |= known_by(who, sent)

    assert leaks == set()
    # Pages that showed nothing to anybody would leak nothing either.
    assert known >= {"identity number 1", "objector", "draft", "answers of a unit", "opinion of a desk", "expert 0"}


def asked(there: Faces) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every question, for every desk, round and thing of the province that it may be asked about."""
    things = there.things
    given: dict[str, tuple[Any, ...]] = {
        "desk": (COUNTY, CITY, PROVINCE), "root": (COUNTY, PROVINCE), "organization_code": (PROVINCE, unit(1)),
        "round_id": (things["round"], things["judging"]), "application_id": tuple(things[name] for name in CASES),
        "slate_id": (things["slate"], things["ranking"]), "notice_id": (things["notice"],), "year": (clock.now().year,),
        "cases": ([things[name] for name in CASES[:4]],), "codes": ([PROVINCE],),
        "words": ("", "sort:-score", "score>60"),
        "code": ("provincial-studio",), "kind": ("application",), "thing_id": (things["case"], things["scored"]),
        "at": (clock.now(),), "organization": (PROVINCE,),
    }  # fmt: skip
    for name, arguments in table.catalogue()["ask"].items():
        needed = [one for one, kind in arguments.items() if kind.endswith("*")]
        narrowed = [*needed, "words"] if name == "search" else needed
        if set(narrowed) <= given.keys():
            for values in product(*(given[one] for one in narrowed)):
                yield name, dict(zip(narrowed, values, strict=True))


def answered(ask: Callable[[], Any]) -> bytes:
    """What the API would send: the answer as JSON, or the error in words and with its details."""
    try:
        return as_json(ask()).encode()
    except ShenbaoError as error:
        return f"{sentence(error)} {sentence(error, 'en')} {as_json(error.details)}".encode()


def test_no_answer_in_json_holds_what_its_asker_may_not_know(there: Faces) -> None:
    leaks: set[tuple[str, str, str]] = set()
    known: set[str] = set()
    questions = list(asked(there))
    for who in WATCHERS:
        for name, given in questions:
            sent = answered(lambda: table.ask(name, there.people[who], given))  # noqa: B023 -- called at once
            leaks |= {(who, name, one) for one in told_of(who, sent)}
            known |= known_by(who, sent)

    assert leaks == set()
    nobody_asked = {
        "identity number 3",
        "identity number 4",
        "sheet 82.53",
        "sheet 73.71",
        "sheet 58.83",
        "expert 1",
        "expert 2",
    }
    assert known >= set(SECRETS) - nobody_asked - {"mean of a case without"}


def test_no_paper_export_or_error_over_http_holds_what_its_reader_may_not_know(there: Faces, web: Web) -> None:
    things, leaks = there.things, set()
    foreign = [f"/print/{things[name]}" for name in CASES] + [f"/papers/form/{things['draft']}"]
    lists = [f"/export/{name}.csv?{_needed(name, there, desk)}" for name in LISTINGS for desk in (PROVINCE,)]
    for who in BY_HTTP:
        actor = there.people[who]
        cookie = {"cookie": f"shenbao={token_of(actor)}"}
        # Of forms only what is refused: one that may be had takes its time to set, and is tested elsewhere.
        forms = [f"/papers/form/{things['case']}"] if who not in SECRETS["answers of a unit"].known_to else []
        bearer = {"authorization": f"Bearer {make_token(actor, name='程序', scopes=['ask']).token}"}
        wanted = [(path, cookie) for path in (*foreign, *forms, *lists)]
        wanted += [(f"/api/v1/ask/application?application_id={things[name]}", bearer) for name in CASES]
        for path, headers in wanted:
            answer = web.http.get(path, headers=headers)
            said = answer.content + json.dumps(answer.headers.multi_items(), ensure_ascii=False).encode()
            leaks |= {(who, path, name) for name in told_of(who, said)}
            assert answer.status_code < 500, (who, path)

    assert leaks == set()


# Of everything that may be taken home, by those who take home something.
TAKING = ("clerk1", "county", "city", "province", "administrator", "expert0", "expert3", "foreign_administrator")


def test_nothing_taken_home_holds_what_its_reader_may_not_know(there: Faces, web: Web) -> None:
    """Forms as PDF, workbooks, lists and files are opened, and looked into."""
    leaks: set[tuple[str, str, str]] = set()
    had: dict[str, set[str]] = {who: set() for who in TAKING}
    files = rows("SELECT id, application_id FROM attachment")
    wanted = [f"/papers/form/{there.things[name]}" for name in CASES]
    for desk in (COUNTY, PROVINCE):
        wanted += [f"/export/{name}.xlsx?{_needed(name, there, desk)}" for name in LISTINGS]
    wanted += [f"/files/{one}" for one, _ in files]
    for who in TAKING:
        cookie = {"cookie": f"shenbao={token_of(there.people[who])}"}
        for path in wanted:
            answer = web.http.get(path, headers=cookie)
            assert answer.status_code < 500, (who, path)
            leaks |= {(who, path, name) for name in told_of(who, opened(answer.content))}
            had[who] |= {path} if answer.status_code == 200 else set()

    assert leaks == set()
    # Who opens a case's file is who may see the case, and nobody else.
    for who in TAKING:
        seen = {f"/files/{one}" for one, case in files if _may_see(there.people[who], case)}
        assert {path for path in had[who] if path.startswith("/files/")} == seen, who
    assert f"/papers/form/{there.things['case']}" in had["clerk1"] & had["county"]
    assert any(".xlsx" in path for path in had["county"])


def opened(content: bytes) -> bytes:
    """What a download says: the text of a PDF, every part of a workbook, anything else as it is."""
    if content.startswith(b"%PDF"):
        return said(content).encode()
    if content.startswith(b"PK"):
        with ZipFile(BytesIO(content)) as parts:
            return b"".join(parts.read(name) for name in parts.namelist())
    return content


def _may_see(who: Actor, case: str) -> bool:
    with reading() as store:
        return permissions.sees(refreshed(store, who), look(store, Application, case))


@pytest.fixture(scope="module")
def web(stage: Stage) -> Iterator[Web]:
    """Yield the site over the province."""
    assert stage
    with serving() as site:
        yield site


def _needed(name: str, there: Faces, desk: str) -> str:
    """The arguments of a list, as they stand in an address."""
    values = {"words": "", "desk": desk, "root": desk, "year": str(clock.now().year), "round": there.things["judging"]}
    return "&".join(f"{one}={values[one]}" for one in LISTINGS[name].needs)


# The pages on which a score, or the presence of one, could show; asked by those who may not know of any.
SCORED = ("", "review", "review-slate", "score", "panels", "meeting", "bulk", "my-applications", "journal", "overdue")
IDS = re.compile(rb"[0-9a-f]{32,64}")


def test_a_page_is_the_same_whatever_the_sheets_say_to_whoever_may_not_know(
    worlds: Worlds, enter: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither words nor order nor counts, nor how much is asked for the page, tell one world from the other."""
    plain = _looked_at(worlds, enter, monkeypatch, PLAIN)
    others = {kind: _looked_at(worlds, enter, monkeypatch, OTHERS[kind]) for kind in ("points", "presence")}

    assert [(kind, key) for kind, other in others.items() for key in plain if plain[key] != other[key]] == []
    assert len(plain) > 40


def _looked_at(
    worlds: Worlds, enter: Callable[[str], None], patch: pytest.MonkeyPatch, sheets: Sheets
) -> dict[tuple[str, str, int], tuple[bytes, int]]:
    found: dict[tuple[str, str, int], tuple[bytes, int]] = {}
    with twin(worlds, enter, sheets) as blind, patch.context() as inner:
        watching = Eyes(Faces({}, blind.askers), inner)
        for who in ("idle", "administrator", "city", "applicant", "stranger"):
            for path, n, about in _places(blind):
                look = watching.open if BY_PATH[path].shown(blind.askers[who]) else watching.peek
                with measured(inner) as counts:
                    sent = look(who, BY_PATH[path].file, **about).sent
                found[who, path, n] = (IDS.sub(b"", sent), counts[0])
    return found


def _places(blind: Blind) -> Iterator[tuple[str, int, dict[str, str]]]:
    yield from ((path, 0, {}) for path in SCORED)
    for path in ("review-case", "my-application"):
        yield from ((path, n, {"id": one}) for n, one in enumerate(blind.ids))
