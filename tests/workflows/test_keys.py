"""One click, one effect, also where nothing in the journal is moved: the same key again changes nothing."""

from collections.abc import Callable
from datetime import date
from typing import Any

from models.vocabulary import Role, Tier
from tests.worlds import COUNTY, PROVINCE, World, everything, quota, rows, unit
from workflows import table
from workflows.desk.saved_views import drop_view, save_view, views
from workflows.intake.facts import record_fact, void_fact
from workflows.people.accounts import disable_account, open_account, vacate
from workflows.people.organizations import enrol
from workflows.post.texts import word_letter
from workflows.programmes import publish_programme
from workflows.record.verb import VERBS
from workflows.rounds import issue

KEY = "一次点击"
FACT: dict[str, Any] = {"kind": "provincial_studio", "happened_on": date(2025, 5, 12), "organization_code": unit(0)}
# What names its own thing, ends what is ended or says how things shall be: twice is once without a key.
WITHOUT = {
    "add-way", "ask-seat", "drop-way", "end-session", "end-token", "make-token", "prefer", "settle-undelivered",
    "try-way", "unlink-identity",
}  # fmt: skip


def seat_of(email: str) -> str:
    """The id of somebody's seat."""
    found = "SELECT s.id FROM seat s JOIN account a ON a.id = s.account_id WHERE a.email = :m"
    return str(rows(found, m=email)[0][0])


def clicks(w: World) -> dict[str, Callable[[], Any]]:
    """A click of each verb that had no key, in an order in which all of them can be done."""
    opened: dict[str, Any] = {
        "email": "zhao@example.cn",
        "name": "赵",
        "organization_code": unit(0),
        "role": Role.CLERK,
    }
    return {
        "issue": lambda: issue(w.admin, round_id=w.round_id, organization_code=COUNTY, places=7, key=KEY),
        "enrol": lambda: enrol(w.admin, code="330106T", name="街道", parent=COUNTY, tier=Tier.TOWNSHIP, key=KEY),
        "open-account": lambda: open_account(w.admin, **opened, key=KEY),
        "vacate": lambda: vacate(w.admin, seat_id=seat_of("zhao@example.cn"), key=KEY),
        "disable-account": lambda: disable_account(
            w.admin, email="zhao@example.cn", organization_code=unit(0), key=KEY
        ),
        "record-fact": lambda: record_fact(w.admin, **FACT, words="事故", key=KEY),
        "void-fact": lambda: void_fact(
            w.admin, fact_id=str(rows("SELECT id FROM fact")[0][0]), reason="记错了", key=KEY
        ),
        "publish-programme": lambda: publish_programme(w.admin, code="provincial-studio", key=KEY),
        "save-view": lambda: save_view(w.county, name="逾期", words="is:overdue", desk=COUNTY, key=KEY),
        "word-letter": lambda: word_letter(
            w.admin, organization_code=PROVINCE, template="checked", language="zh", subject="通过",
            body="申报已通过。", seen=0, key=KEY,
        ),
    }  # fmt: skip


def test_the_same_click_again_answers_the_same_and_does_nothing(world: World) -> None:
    for name, click in clicks(world).items():
        first = click()
        after = everything()
        assert click() == first, name
        assert everything() == after, name


def test_a_click_that_comes_again_undoes_nothing_that_others_did_since(world: World) -> None:
    w = world
    issue(w.admin, round_id=w.round_id, organization_code=COUNTY, places=7, key=KEY)
    issue(w.admin, round_id=w.round_id, organization_code=COUNTY, places=9)
    fact = record_fact(w.admin, **FACT, key=KEY)
    void_fact(w.admin, fact_id=fact.id, reason="记错了")
    view = save_view(w.county, name="逾期", words="is:overdue", desk=COUNTY, key=KEY)
    save_view(w.county, name="逾期", words="is:held", desk=COUNTY)
    kept = everything()

    issue(w.admin, round_id=w.round_id, organization_code=COUNTY, places=7, key=KEY)
    assert record_fact(w.admin, **FACT, key=KEY).void_reason == "记错了"
    assert save_view(w.county, name="逾期", words="is:overdue", desk=COUNTY, key=KEY).words == "is:held"

    assert everything() == kept
    assert quota(w, COUNTY)[0] == 9
    assert [drop_view(w.county, view.id, key="弃") for _ in range(2)] == [[], []]
    assert views(w.county) == []


def test_another_key_is_another_click(world: World) -> None:
    first = record_fact(world.admin, **FACT, key=KEY)
    void_fact(world.admin, fact_id=first.id, reason="记错了", key=KEY)

    assert record_fact(world.admin, **FACT, key="又一次").id != first.id


def test_no_password_is_part_of_what_the_journal_keeps_of_a_click(world: World) -> None:
    opened: dict[str, Any] = {
        "email": "zhao@example.cn",
        "name": "赵",
        "organization_code": unit(0),
        "role": Role.CLERK,
    }
    first, again = (
        open_account(world.admin, **opened, password=said, key=KEY)
        for said in ("一句不容易猜到的话", "另一句不容易猜的话")
    )

    assert again == first


def test_every_verb_takes_a_key_or_needs_none() -> None:
    table.load()

    assert {name for name, verb in VERBS.items() if "key" not in table.form_of(verb).model_fields} == WITHOUT
