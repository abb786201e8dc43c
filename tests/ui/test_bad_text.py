"""What people type is kept as typed or refused in words, is shown and never obeyed, and begins no formula."""

import csv
import unicodedata
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from email import message_from_bytes, policy
from html import escape
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import ZipFile

import pytest

from models import clock
from models.account import Account
from models.database import transaction
from models.errors import InputError, RefusedError
from models.sql import update_of
from models.text import sentence
from models.title import Title
from models.vocabulary import Role
from tests.outbox import Bag
from tests.papers import rows as cells_of
from tests.ui.web import Web, hidden_fields, serving
from tests.worlds import (
    COUNTY,
    NOW,
    World,
    checked,
    drafted,
    everything,
    in_notice,
    named,
    notice_of,
    objected,
    objection,
    rows,
    submitted,
    unit,
)
from ui.files import disposition
from workflows import table
from workflows.batches.exporting import export
from workflows.desk import chasing, holding, reviews, saved_views
from workflows.intake.applications import revise, withdraw
from workflows.intake.uploads import safe_name
from workflows.listing.slates import rank
from workflows.papers import paper
from workflows.people.accounts import open_account
from workflows.people.organizations import enrol
from workflows.people.tokens import make_token
from workflows.post import carriers
from workflows.queries import applications
from workflows.record.verb import QUERIES, VERBS

MARKS = "<b>𠮷㛃\U0003106c</b>![x](//evil.cn/x)\u202e\u200b👩‍🔧"
NAME = f"=@{MARKS}"
LONG_ENOUGH = (
    f'=HYPERLINK("//evil.cn","x")<script>alert(1)</script><img src=x onerror=alert(1)>{MARKS}\n+1\t:red[甲] $a$'
)
HUGE = "长" * 10_000
NUL = "甲\x00乙"
SAID = ["“内容”中含有无法保存的字符，请删去后重试。", "“内容”最多4000个字，现有10000个字，请精简。"]
HEADERS = {
    *("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted"),
    *("MIME-Version", "Content-Type", "Content-Transfer-Encoding"),
}
Typing = Callable[[str], Any]


class Place(NamedTuple):
    """Somewhere to type: what is typed there, how many characters it takes, and how to type and read it.

    `ready` answers, for the n-th unit of the province, a function that types a text and answers what was kept.
    """

    typed: str
    most: int | None
    ready: Callable[[World, int], Typing]


def answer(field: str) -> Callable[[World, int], Typing]:
    """A field of the form."""

    def ready(w: World, n: int) -> Typing:
        row = drafted(w, n, proof=False)
        return lambda text: revise(w.clerks[n], row.id, answers={field: text}, seen=row.version).answers[field]

    return ready


def opinion(w: World, n: int) -> Typing:
    row = submitted(w, n)

    def kept(text: str) -> Any:
        reviews.check(w.county, row.id, opinion=text, seen=row.version)
        return applications.application(w.county, row.id).reviews[0].opinion

    return kept


def fault(w: World, n: int) -> Typing:
    row = submitted(w, n)

    def kept(text: str) -> Any:
        told = [{"field": "topics", "words": text}]
        return reviews.send_back(w.county, row.id, faults=told, seen=row.version).faults[0]["words"]

    return kept


def refusal(w: World, n: int) -> Typing:
    row = submitted(w, n)

    def kept(text: str) -> Any:
        reviews.refuse(w.county, row.id, reason=text, seen=row.version)
        return applications.application(w.county, row.id).reviews[0].opinion

    return kept


def withdrawal(w: World, n: int) -> Typing:
    row = submitted(w, n)

    def kept(text: str) -> Any:
        withdraw(w.clerks[n], row.id, reason=text, seen=row.version)
        return applications.application(w.clerks[n], row.id).history[-1].body["reason"]

    return kept


def reminder(w: World, n: int) -> Typing:
    row = submitted(w, n)
    return lambda text: chasing.chase(w.clerks[n], row.id, words=text).words


def pause(w: World, n: int) -> Typing:
    row = submitted(w, n)

    def kept(text: str) -> Any:
        holding.hold_case(w.county, row.id, until=date(2026, 3, 5), reason=text, seen=row.version)
        return applications.application(w.county, row.id).history[-1].body["reason"]

    return kept


def note(w: World, n: int) -> Typing:
    (one,) = checked(w, COUNTY, submitted(w, n).id)

    def kept(text: str) -> Any:
        row = rank(w.county, round_id=w.round_id, organization_code=COUNTY, main=[{"application": one, "note": text}])
        return rows("SELECT note FROM slate_entry WHERE slate_id = :s", s=row.id)[0][0]

    return kept


def dispute(column: str) -> Callable[[World, int], Typing]:
    """A part of an objection to the one name in notice."""

    def ready(w: World, n: int) -> Typing:
        notice, case = notice_of(rows("SELECT id FROM notice")[0][0]), rows("SELECT id FROM application")[0][0]
        return lambda text: getattr(objection(objected(w, notice, case, **{column: text, "key": f"{n}"}).id), column)

    return ready


def organization(w: World, n: int) -> Typing:
    return lambda text: enrol(w.admin, code=unit(90 + n), name=text, parent=COUNTY).name


def person(w: World, n: int) -> Typing:
    given: dict[str, Any] = {"email": f"new{n}@example.cn", "organization_code": COUNTY, "role": Role.REVIEWER}
    return lambda text: open_account(w.admin, name=text, **given).name


def view(w: World, n: int) -> Typing:
    return lambda text: saved_views.save_view(w.county, name=text, words="").name


def token(w: World, n: int) -> Typing:
    return lambda text: make_token(w.county, name=text, scopes=["ask"], days=n + 1).name


APPLICANT = {
    "a short field": Place(NAME, 40, answer("studio_name")),
    "a long field": Place(LONG_ENOUGH, 500, answer("topics")),
    "a withdrawal": Place(LONG_ENOUGH, None, withdrawal),
    "a reminder": Place(LONG_ENOUGH, 500, reminder),
}
DESK = {
    "an opinion": Place(LONG_ENOUGH, None, opinion),
    "a fault": Place(LONG_ENOUGH, None, fault),
    "a refusal": Place(LONG_ENOUGH, 2000, refusal),
    "a hold": Place(LONG_ENOUGH, 500, pause),
    "a note on a list": Place(LONG_ENOUGH, 500, note),
}
PUBLIC = {
    "an objection": Place(LONG_ENOUGH, 4000, dispute("words")),
    "an objector": Place(NAME, 60, dispute("objector")),
    "a contact": Place(NAME, 120, dispute("contact")),
}
OFFICE = {
    "an organisation": Place(NAME, 120, organization),
    "a person": Place(NAME, 60, person),
    "a saved search": Place(NAME, 40, view),
    "a token": Place(NAME, 60, token),
}


@pytest.mark.parametrize("places", [APPLICANT, DESK, PUBLIC, OFFICE], ids=["applicant", "desk", "public", "office"])
def test_what_is_typed_is_kept_as_typed_or_refused_with_nothing_changed(world: World, places: dict[str, Place]) -> None:
    if places is PUBLIC:
        in_notice(world, 1)
    found = {}
    for n, (name, place) in enumerate(places.items()):
        type_in = place.ready(world, n)
        before = everything()
        told = _refused_of(type_in, NUL), (place.most and _refused_of(type_in, HUGE))
        assert everything() == before
        found[name] = (*told, type_in(f"  {place.typed} ").strip())

    assert found == {
        name: ("character", place.most and f"at most {place.most}", place.typed) for name, place in places.items()
    }


def _refused_of(type_in: Typing, text: str) -> str:
    """What a text is refused for: its code, or how long it may be at most."""
    with pytest.raises(InputError) as caught:
        type_in(text)
    first = (caught.value.details.get("faults") or [caught.value.details])[0]
    return f"at most {first['most']}" if "most" in first else str(caught.value.code)


def test_every_verb_and_question_refuses_what_no_database_keeps_whichever_face_calls_it(world: World) -> None:
    table.load()
    before, told = everything(), set()
    for function in (*VERBS.values(), *QUERIES.values()):
        for bad in (NUL, "\ud800"):
            with pytest.raises(InputError) as caught:
                function(world.county, anything={"deep": [bad]})
            told.add((caught.value.code, caught.value.details["field"]))

    assert told == {("character", "anything")}
    assert everything() == before


def test_a_list_taken_home_begins_no_formula(world: World, tmp_path: Path) -> None:
    bad = ('=HYPERLINK("//evil.cn","x")', "+1", "@SUM(A1)", "-2+3", "\uff1d1", "𠮷")
    for n, text in enumerate(bad):
        submitted(world, n, studio_name=text, leader_name=text)

    export(world.county, "queue", tmp_path / "list.csv", {"desk": COUNTY})
    export(world.county, "queue", tmp_path / "list.xlsx", {"desk": COUNTY})

    flat = list(csv.reader((tmp_path / "list.csv").read_text("utf-8-sig").splitlines()))[1:]
    book = (tmp_path / "list.xlsx").read_bytes()
    told = [cells[1:3] for cells in sorted(flat)]
    assert {cell for cells in told for cell in cells} == {f"'{text}" for text in bad[:-1]} | {"𠮷"}
    assert {cell for cells in cells_of(book)[1:] for cell in cells[1:3]} == set(bad)
    with ZipFile(BytesIO(book)) as parts:
        assert [name for name in parts.namelist() if b"<f>" in parts.read(name)] == []
        assert [name for name in parts.namelist() if "hyperlink" in name.casefold()] == []


def test_no_name_breaks_out_of_a_letters_header(world: World) -> None:
    row = submitted(world, studio_name='=cmd|" /C"!A0\u202e<b>')
    name = 'Li"\r\nBcc: all@evil.cn <b>\u2028𠮷'
    with transaction() as store:
        store.run(update_of(Account, "name"), old_id=world.clerks[0].id, name=name)
    reviews.refuse(world.county, row.id, reason="理由\r\n.\r\nBcc: all@evil.cn", seen=row.version)

    bag = Bag()
    with clock.at(NOW + timedelta(days=1)):
        carriers.deliver(carrier=bag)

    read = [message_from_bytes(bytes(one), policy=policy.default) for one in bag.messages]
    assert {str(header) for one in read for header in one} == HEADERS
    assert {one["To"].addresses[0].addr_spec for one in read} >= {world.clerks[0].email}
    assert [one for one in read if "evil" in str(one["To"].addresses[0].addr_spec)] == []


@pytest.mark.parametrize("name", [
    "../../etc/passwd", "C:\\a\\证书\u202egnp.exe", '证书"; filename="x.exe', "证书\r\nSet-Cookie: a=b.png", "𠮷" * 200,
    " . ", "=1+1.png", "\x07\u200b",
])  # fmt: skip
def test_a_files_name_is_shown_and_cannot_smuggle(name: str) -> None:
    kept = safe_name(name, "png")
    header = disposition(kept)

    assert kept.endswith(".png")
    assert 0 < len(kept.encode()) <= 120
    assert [c for c in kept if c in "/\\" or unicodedata.category(c)[0] == "C"] == []
    assert header.isascii()
    assert [c for c in header if c in '\r\n"\\'] == []
    assert header.count(";") == 1


@pytest.fixture
def web() -> Iterator[Web]:
    """Yield the site, without a browser."""
    with serving() as site:
        yield site


def test_the_public_forms_keep_what_they_refuse_and_say_why(world: World, web: Web) -> None:
    in_notice(world, 1)
    notice = rows("SELECT id FROM notice")[0][0]
    path = f"/notices/{notice}/objection?line=1"
    before = everything()

    told = {}
    for name, words in {"nul": NUL, "huge": HUGE}.items():
        form = hidden_fields(web.http.get(path).text)
        given = {**form, "ground": "deeds", "words": words, "objector": NAME[:40], "signed": "1"}
        files = {name: (None, value) for name, value in given.items()}
        answer = web.http.post(path, files=files)
        told[name] = (
            answer.status_code,
            [said for said in SAID if said in answer.text],
            escape(NAME[:40]) in answer.text,
        )

    assert told == {"nul": (422, SAID[:1], True), "huge": (422, SAID[1:], True)}
    assert {name for name, kept in everything().items() if kept != before[name]} <= {"rate_window"}


def test_an_address_with_a_nul_in_it_is_nowhere(world: World, web: Web) -> None:
    paths = ("/notices/%00", "/notices/%00/objection?line=1", "/verify/%00", "/decisions/%00", "/files/%00", "/a%00")

    assert {path: web.http.get(path).status_code for path in paths} == dict.fromkeys(paths, 400)


def test_a_certificate_whose_name_no_font_can_show_says_which_character(world: World) -> None:
    title = named(world)[0]
    with transaction() as store:
        store.run(update_of(Title, "leader_name"), old_id=title.id, leader_name="张𪚥𠮷")

    with pytest.raises(RefusedError) as refused:
        paper(world.clerks[0], "certificate", title.id)

    assert "现有字体没有这些字，印出来会是空框，因此没有打印：𪚥（U+2A6A5）" in sentence(refused.value)
    assert "U+20BB7" not in sentence(refused.value)
