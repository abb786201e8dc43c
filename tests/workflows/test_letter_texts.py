"""A union's own words for letters: what may be written, who hears them, and what a preview shows."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import clock
from models.base import new_id, table
from models.database import reading, transaction
from models.errors import ConflictError, FaultsError, ForbiddenError, InputError, RefusedError
from models.journal import Event
from models.letter import Letter, LetterText
from models.sql import bind, insert_into, rows_of
from models.text import sentence
from models.vocabulary import Role
from tests.worlds import (
    CITY,
    COUNTY,
    INDUSTRY,
    NOW,
    PROVINCE,
    World,
    also,
    checked,
    events,
    person,
    refused,
    rows,
    submitted,
)
from workflows.desk.reviews import refuse
from workflows.post.carriers import deliver
from workflows.post.mail import CarrierError
from workflows.post.previewing import HIDDEN, letter_events, letter_wording, preview_letter
from workflows.post.proofreading import known, needed, parted, proofread
from workflows.post.samples import SAMPLES
from workflows.post.texts import unword_letter, word_letter
from workflows.post.wording import TEMPLATES, fields, ours, render
from workflows.queries.mine import progress
from workflows.record.acting import Actor

_E = table(Event).c
_EVENTS = rows_of(Event, _E.thing_id == bind("of", _E.thing_id), order=(_E.version,))
NATION, JIANGSU, NINGBO = "000000", "320000", "330200"
SUBJECT = "材料已通过"
BODY = "{% if organization %}{{ organization }}：{% endif %}申报已通过，敬请留意。"


class Bag:
    """A carrier that keeps what it is given: to whom, subject and body."""

    def __init__(self, trouble: CarrierError | None = None) -> None:
        self.trouble = trouble
        self.taken: dict[str, tuple[str, str]] = {}

    def carry(self, message: EmailMessage) -> None:
        if self.trouble:
            raise self.trouble
        to = str(message["To"]).split("<")[1].rstrip(">").split("@")[0]
        self.taken[to] = (str(message["Subject"]), message.get_content())

    def rest(self) -> None:
        pass


def worded(who: Actor, code: str = PROVINCE, template: str = "checked", **other: Any) -> LetterText:
    """A union's own words for a letter."""
    told: dict[str, Any] = {"language": "zh", "subject": SUBJECT, "body": "申报已通过。", "seen": 0, **other}
    return word_letter(who, organization_code=code, template=template, **told)


def delivered(*people: Actor) -> list[tuple[str, str]]:
    """Subject, and what stands between greeting and facts, of the letters that leave now to these people."""
    bag = Bag()
    deliver(carrier=bag)
    found = [bag.taken[who.email.split("@")[0]] for who in people]
    return [(subject, body.split("\n\n")[1]) for subject, body in found]


def letters_to(who: Actor) -> list[Letter]:
    """The letters to somebody."""
    with reading() as store:
        return store.all(rows_of(Letter, table(Letter).c.account_id == who.id))


def told(w: World, n: int = 0) -> str:
    """An application that passed the county's check, of which its applicant is told; earlier letters have left."""
    row = submitted(w, n)
    deliver(carrier=Bag())
    return checked(w, COUNTY, row.id)[0]


@contextmanager
def faults(*expected: tuple[str, str, int | None]) -> Iterator[None]:
    """Expect exactly these faults: field, code, line."""
    with pytest.raises(FaultsError) as caught:
        yield
    assert [(f["field"], f["code"], f.get("line")) for f in caught.value.details["faults"]] == list(expected)


# What may be written.


def test_own_words_know_names_ifs_and_four_ways_to_say_them() -> None:
    words = (
        "{{ subject }}",
        (
            "{{ due_at }}｜{{ due_at | date }}｜{{ due_at | moment }}｜{{ fen | money }}"
            "{% if faults %}改：{{ faults | list }}{% endif %}{% if not reason %}无{% elif days %}有{% endif %}"
        ),
    )
    params = {"due_at": "2026-03-20T16:00:00+00:00", "fen": 1_000_000, "faults": ["甲", "乙"], "subject": "工作室"}

    subject, body = render("returned", params, "zh", words=words)

    assert subject == "【请办理】工作室：工作室"
    assert body.split("\n\n")[1] == "2026年3月20日 24:00｜2026年3月20日｜2026年3月20日 24:00｜1万元改：\n· 甲\n· 乙无"


def test_what_a_letter_does_not_know_is_a_dash_however_it_is_said() -> None:
    words = ("退回", "{{ due_at | date }}{{ due_at | moment }}{{ fen | money }}{{ faults | list }}{{ reason }}")

    assert render("returned", {}, "zh", words=words)[1].split("\n\n")[1] == "—————"


def test_a_way_of_saying_that_does_not_fit_leaves_the_thing_as_it_is() -> None:
    words = ("退回", "{{ reason | date }}，{{ reason | money }}，{{ reason | list }}")

    body = render("refused", {"reason": "材料不实"}, "zh", words=words)[1]

    assert body.split("\n\n")[1] == "材料不实，材料不实，\n· 材料不实"


def test_what_a_letter_knows_is_never_taken_for_a_template() -> None:
    reason = "{{ days }}{% if a %}{% endif %}"

    assert reason in render("refused", {"reason": reason}, "zh", words=("退", "{{ reason }}"))[1]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("{{ ''.__class__.__mro__ }}", "wording_word"),
        ("{{ due_at.given }}", "wording_word"),
        ("{{ due_at['given'] }}", "wording_word"),
        ("{{ due_at() }}", "wording_word"),
        ("{{ 9 ** 9 ** 9 }}", "wording_word"),
        ("{{ 'a' * 999999999 }}", "wording_word"),
        ("{{ due_at ~ due_at }}", "wording_word"),
        ("{{ due_at == due_at }}", "wording_word"),
        ("{{ due_at if due_at }}", "wording_word"),
        ("{{ due_at | date('x') }}", "wording_word"),
        ("{{ 'x' | date }}", "wording_word"),
        ("{% for a in faults %}{% endfor %}", "wording_word"),
        ("{% set a = due_at %}", "wording_word"),
        ("{% macro a() %}{% endmacro %}", "wording_word"),
        ("{% include 'a' %}", "wording_word"),
        ("{% import 'a' as b %}", "wording_word"),
        ("{% extends 'a' %}", "wording_word"),
        ("{% block a %}{% endblock %}", "wording_word"),
        ("{% filter upper %}{% endfilter %}", "wording_word"),
        ("{% with %}{% endwith %}", "wording_word"),
        ("{{ due_at | attr('x') }}", "wording_filter"),
        ("{{ due_at | upper }}", "wording_filter"),
        ("{% if due_at is defined %}{% endif %}", "wording_word"),
        ("{% debug %}", "wording_syntax"),
        ("{{ due_at", "wording_syntax"),
        ("{% if due_at %}", "wording_syntax"),
        ("{% else %}", "wording_syntax"),
        ("{% if due_at %}" * 100 + "{% endif %}" * 100, "wording_deep"),
        ("{{ " + "(" * 1900 + "due_at" + ")" * 1900 + " }}", "wording_deep"),
        ("{{ " + "not " * 900 + "due_at }}", "wording_deep"),
        ("{{ " + "due_at or " * 390 + "due_at }}", "wording_deep"),
    ],
)
def test_nothing_but_names_ifs_and_our_ways_is_understood(body: str, code: str) -> None:
    with pytest.raises(FaultsError) as caught:
        render("returned", {}, "zh", words=("退回", body))

    assert {fault["code"] for fault in caught.value.details["faults"]} == {code}


@given(st.text(alphabet=st.sampled_from("{}%|# \nabdeuti_f_notorslmy甲\"'()+."), max_size=60))
def test_any_text_is_either_refused_or_can_be_filled_in(text: str) -> None:
    try:
        render("returned", SAMPLES, "zh", words=("退回", text))
        render("returned", {}, "en", words=("退回", text))
    except FaultsError as error:
        assert {fault["code"] for fault in error.details["faults"]} <= {  # noqa: PT017 -- it need not be raised
            "wording_syntax", "wording_word", "wording_filter", "wording_deep",
        }  # fmt: skip


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("template", sorted(TEMPLATES))
def test_our_own_words_pass_our_own_proofreading(template: str, language: str) -> None:
    if template.startswith("digest"):
        return

    assert proofread(template, language, *ours(template, language)) == ours(template, language)
    assert needed(template) <= fields(template) <= known(template)


def test_everything_wrong_with_some_words_is_told_at_once_with_its_line() -> None:
    with faults(
        ("letter_subject", "wording_lines", None),
        ("letter_subject", "wording_name", 2),
        ("letter_body", "wording_markup", 2),
        ("letter_body", "wording_brace", 3),
        ("letter_body", "wording_character", 4),
        ("letter_body", "wording_name", 1),
        ("letter_body", "wording_lacks", None),
        ("letter_body", "wording_lacks", None),
    ):
        proofread("returned", "zh", "退回\n{{ dueat }}", "{{ fault }}\r\n<a href='x'>改</a>\n{due_at}\n\u202e")


def test_an_unknown_name_is_answered_with_the_nearest_known_one() -> None:
    with pytest.raises(FaultsError) as caught:
        proofread("refused", "zh", "不予受理", "理由：{{ reson }}{{ reason }}")

    assert sentence(caught.value) == (
        "有1处需要改正：\n"
        "· “正文”第1行的“reson”不是这封信知道的内容，是否应为“reason”。"
        "可用的名称：link、reason、receipt、round、subject。"
    )


@pytest.mark.parametrize(
    ("body", "lacks"),
    [
        ("{{ faults }}", ["due_at"]),
        ("{{ due_at }}", ["faults"]),
        ("{% if receipt %}{{ due_at }}{% endif %}{{ faults }}", ["due_at"]),
        ("{% if not receipt %}{{ due_at }}{% endif %}{{ faults }}", ["due_at"]),
        ("{# {{ due_at }} #}{{ faults }}", ["due_at"]),
        ("{% raw %}{{ due_at }}{% endraw %}{{ faults }}", ["due_at"]),
        ("{% if due_at %}{{ due_at | date }}{% endif %}{{ faults }}", []),
        ("{% if receipt %}{{ due_at }}{% else %}{{ due_at | moment }}{% endif %}{{ faults | list }}", []),
    ],
)
def test_by_when_and_why_must_be_said_whatever_the_case(body: str, lacks: list[str]) -> None:
    try:
        proofread("returned", "zh", "退回", body)
        found = []
    except FaultsError as error:
        found = [fault["given"] for fault in error.details["faults"]]

    assert found == lacks


@pytest.mark.parametrize(
    ("subject", "body", "expected"),
    [
        ("", "", [("letter_subject", "required"), ("letter_body", "required")]),
        ("  ", "\r\n", [("letter_subject", "required"), ("letter_body", "required")]),
        ("长" * 201, "短", [("letter_subject", "too_long")]),
        ("短", "长" * 4001, [("letter_body", "too_long")]),
        ("a\0", "\u200b", [("letter_subject", "wording_character"), ("letter_body", "wording_character")]),
    ],
)
def test_words_have_a_length_and_no_unseen_signs(subject: str, body: str, expected: list[tuple[str, str]]) -> None:
    with pytest.raises(FaultsError) as caught:
        proofread("checked", "zh", subject, body)

    assert [(fault["field"], fault["code"]) for fault in caught.value.details["faults"]] == expected


@pytest.mark.parametrize(
    ("before", "after", "parts"),
    [
        ("申报已通过。", "申报已通过。", [("=", "申报已通过。")]),
        ("请于{{ due_at }}前办理。", "请于{{ due_at | date }}前办理。", [
            ("=", "请于"), ("-", "{{ due_at }}"), ("+", "{{ due_at | date }}"), ("=", "前办理。"),
        ]),
        ("一二三", "", [("-", "一二三")]),
        ("申报已提交", "已收到申报", [("-", "申报已提交"), ("+", "已收到申报")]),
        ("Case passed.", "Your case passed.", [("-", "Case"), ("+", "Your case"), ("=", " passed.")]),
    ],
)  # fmt: skip
def test_what_differs_from_ours_is_told_in_pieces(before: str, after: str, parts: list[tuple[str, str]]) -> None:
    assert parted(before, after) == parts


def test_a_language_and_a_letter_have_to_be_there() -> None:
    for template, language, code in (("greeting", "zh", "letter_template"), ("checked", "de", "wording_language"),
                                     ("digest", "zh", "letter_template")):  # fmt: skip
        with pytest.raises(InputError) as caught:
            proofread(template, language, "题", "文")
        assert caught.value.code == code


# Versions.


def test_each_change_is_a_version_and_none_is_lost(world: World) -> None:
    first = worded(world.admin, body="申报已通过一。")
    later = NOW + timedelta(hours=1)
    with clock.at(later):
        second = worded(world.admin, body="申报已通过二。", seen=1)
        unword_letter(world.admin, organization_code=PROVINCE, template="checked", language="zh", seen=2)

    found = letter_wording(world.admin, organization_code=PROVINCE, template="checked", language="zh")

    assert (first.version, second.version, found.seen, found.own) == (1, 2, 0, None)
    assert found.ours == ours("checked", "zh")
    assert [(v.version, v.body, v.who, v.at, v.ended_at, v.ended_by) for v in found.versions] == [
        (2, "申报已通过二。", "admin", later, later, "admin"),
        (1, "申报已通过一。", "admin", NOW, later, "admin"),
    ]


def test_the_same_words_again_are_no_new_version(world: World) -> None:
    again = [worded(world.admin, seen=seen) for seen in (0, 0, 1)]

    assert [row.id for row in again] == [again[0].id] * 3


def test_whoever_looked_at_an_older_version_changes_nothing(world: World) -> None:
    worded(world.admin)
    other = person("other", PROVINCE, Role.ADMINISTRATOR)

    with refused("wording_changed", ConflictError, who="admin", version=1):
        worded(other, body="申报材料已通过。", seen=0)
    with refused("wording_changed", ConflictError, who="admin", version=1):
        unword_letter(other, organization_code=PROVINCE, template="checked", language="zh", seen=7)


def test_who_changed_a_unions_words_stands_in_the_journal(world: World) -> None:
    made = worded(world.admin)
    before = len(events(world.admin.id))
    assert worded(world.admin, seen=1) == made  # the same words again are no act
    done = [unword_letter(world.admin, organization_code=PROVINCE, template="checked", language="zh", seen=1,
                          key="click") for _ in range(2)]  # fmt: skip

    assert (done, len(events(world.admin.id))) == ([True, True], before + 1)
    assert events(world.admin.id)[-2:] == [
        ("word-letter", "active", "active", "admin"), ("unword-letter", "active", "active", "admin"),
    ]  # fmt: skip
    [told, _] = letter_told(world.admin.id)
    assert told == {"organization": PROVINCE, "template": "checked", "language": "zh", "version": 1, "text": made.id}


def letter_told(account_id: str) -> list[dict[str, Any]]:
    """What the events about letters' words on an account tell."""
    with reading() as store:
        return [one.body for one in store.all(_EVENTS, of=account_id) if "template" in one.body]


def test_taking_back_what_is_not_there_changes_nothing(world: World) -> None:
    done = unword_letter(world.admin, organization_code=PROVINCE, template="checked", language="zh", seen=0)

    assert not done
    assert rows("select count(*) from letter_text") == [(0,)]


def test_words_are_the_affair_of_a_unions_administrators_and_those_above(world: World) -> None:
    city = person("city-admin", CITY, Role.ADMINISTRATOR)
    for actor, code in ((world.city, CITY), (city, PROVINCE), (city, NINGBO), (world.clerks[0], CITY)):
        with refused("not_administrator", ForbiddenError, organization=code):
            worded(actor, code)
        for ask in (letter_events, letter_wording, preview_letter):
            about = {} if ask is letter_events else {"template": "checked", "language": "zh"}
            with refused("not_administrator", ForbiddenError, organization=code):
                ask(actor, organization_code=code, **about)

    assert [worded(actor, CITY, seen=n, body=f"通过{n}").version for n, actor in enumerate((city, world.admin))] == [
        1,
        2,
    ]


@pytest.mark.parametrize("code", [COUNTY, INDUSTRY])
def test_only_the_nation_a_province_or_a_city_words_letters(world: World, code: str) -> None:
    with refused("wording_tier", RefusedError):
        worded(world.admin, code)


def test_words_that_are_wrong_are_refused_and_nothing_is_kept(world: World) -> None:
    with refused("faults", FaultsError, count=1):
        worded(world.admin, template="refused", body="不予受理。")


# Who hears them.


def test_a_letter_leaves_in_the_words_of_the_nearest_union_over_its_reader(world: World) -> None:
    worded(person("nation", NATION, Role.ADMINISTRATOR), NATION, body="全国的话")
    worded(world.admin, PROVINCE, body="省里的话")
    city = person("city-admin", CITY, Role.ADMINISTRATOR)
    worded(city, CITY, body="市里的话")
    told(world)

    assert delivered(world.clerks[0]) == [("【通知】材料已通过：工作室0", "市里的话")]


def test_no_city_speaks_to_somebody_who_sits_in_another_as_well(world: World) -> None:
    both = also(world.clerks[0], NINGBO, Role.REVIEWER)
    worded(person("city-admin", CITY, Role.ADMINISTRATOR), CITY, body="市里的话")
    told(world)

    assert delivered(both) == [("【通知】申报材料审核通过：工作室0", "申报材料已审核通过，等待推荐排序。")]


def test_the_province_over_both_speaks_to_somebody_of_two_cities(world: World) -> None:
    both = also(world.clerks[0], NINGBO, Role.REVIEWER)
    worded(person("city-admin", CITY, Role.ADMINISTRATOR), CITY, body="市里的话")
    worded(world.admin, PROVINCE, body="省里的话")
    for n in (0, 1):
        submitted(world, n)
    deliver(carrier=Bag())
    checked(world, COUNTY, *(one for (one,) in rows("select id from application order by id")))

    assert delivered(both, world.clerks[1]) == [
        ("【通知】材料已通过：工作室0", "省里的话"),
        ("【通知】材料已通过：工作室1", "市里的话"),
    ]


def test_another_provinces_words_and_another_languages_are_for_others(world: World) -> None:
    worded(person("jiangsu", JIANGSU, Role.ADMINISTRATOR), JIANGSU, body="外省的话")
    worded(world.admin, PROVINCE, language="en", subject="Passed", body="Your case passed.")
    told(world)

    assert delivered(world.clerks[0]) == [("【通知】申报材料审核通过：工作室0", "申报材料已审核通过，等待推荐排序。")]


def test_words_taken_back_are_said_no_more(world: World) -> None:
    worded(world.admin)
    unword_letter(world.admin, organization_code=PROVINCE, template="checked", language="zh", seen=1)
    told(world)

    assert delivered(world.clerks[0])[0][1] == "申报材料已审核通过，等待推荐排序。"


def test_a_letter_is_read_later_in_the_words_it_left_in(world: World) -> None:
    worded(world.admin, body="第一种话")
    one = told(world)
    deliver(carrier=Bag())
    worded(world.admin, body="第二种话", seen=1)

    read = {letter.subject: letter.body.split("\n\n")[1] for letter in progress(world.clerks[0], one).letters}

    assert read["【通知】材料已通过：工作室0"] == "第一种话"


def test_words_that_cannot_be_filled_in_give_way_to_ours_and_their_writer_is_told_once(world: World) -> None:
    broken = {"id": new_id(), "organization": PROVINCE, "template": "checked", "language": "zh", "version": 3,
              "subject": "题", "body": "{{ old.name }}", "account_id": world.admin.id, "at": NOW}  # fmt: skip
    with transaction() as store:
        store.run(insert_into(LetterText), **broken)
    told(world, 0)
    told(world, 1)
    bag = Bag()
    deliver(carrier=bag)

    assert bag.taken["clerk1"][0] == "【通知】申报材料审核通过：工作室1"
    assert rows("select count(*) from letter where template = 'wording_failed'") == [(1,)]
    assert rows("select count(*) from letter where text_id is not null") == [(0,)]
    (params,) = (row.params for row in letters_to(world.admin) if row.template == "wording_failed")
    assert render("wording_failed", params, "zh")[1].split("\n\n")[1] == (
        "您为“申报材料审核通过”拟的文本（第3版）无法套用，该信已改用系统文本寄出。问题：有1处需要改正：\n"
        "· “正文”第1行用了信件里没有的写法（getattr）。只能写名称、if，以及date、moment、money、list，请改写。"
        "请修改文本。"
    )


def test_a_letter_tried_again_leaves_in_todays_words(world: World) -> None:
    worded(world.admin, body="第一种话")
    told(world)
    deliver(carrier=Bag(CarrierError("letter_delayed", reason="450")))
    unword_letter(world.admin, organization_code=PROVINCE, template="checked", language="zh", seen=1)

    with clock.at(NOW + timedelta(minutes=5)):
        assert delivered(world.clerks[0])[0][1] == "申报材料已审核通过，等待推荐排序。"
    assert rows("select count(*) from letter where text_id is not null") == [(0,)]


# The preview.


def test_a_preview_is_the_newest_letter_of_its_kind_in_the_words_given(world: World) -> None:
    first, second = submitted(world, 0), submitted(world, 1)
    with clock.at(NOW + timedelta(minutes=1)):
        refuse(world.county, first.id, seen=first.version, reason="建室不满两年")
    with clock.at(NOW + timedelta(minutes=2)):
        refuse(world.county, second.id, seen=second.version, reason="成员不足")

    shown = preview_letter(world.admin, organization_code=PROVINCE, template="refused", language="zh",
                           subject="不予受理", body="{{ round }}不予受理：{{ reason }}")  # fmt: skip

    assert (shown.subject, shown.body.split("\n\n")[1], shown.masked) == (
        "【通知】不予受理：工作室1", "—不予受理：成员不足", False,
    )  # fmt: skip
    assert shown.written_at == NOW + timedelta(minutes=2)


def test_a_preview_of_a_case_one_may_not_see_names_nobody(world: World) -> None:
    city = person("city-admin", CITY, Role.ADMINISTRATOR)
    row = submitted(world)
    with clock.at(NOW):
        refuse(world.county, row.id, seen=row.version, reason="林某年龄不符")

    shown = preview_letter(city, organization_code=CITY, template="refused", language="zh")

    assert shown.masked
    assert (shown.subject, shown.body.split("\n\n")[1:3]) == (
        f"【通知】申报未通过审核：{HIDDEN}",
        [f"申报未通过审核。理由：{HIDDEN}", f"申报项目：{HIDDEN}\n受理编号：{HIDDEN}"],
    )
    assert not {"林某", "工作室0", str(row.receipt)} & set(shown.body.split())


def test_a_preview_without_a_letter_shows_an_example(world: World) -> None:
    shown = preview_letter(world.admin, organization_code=PROVINCE, template="revoked", language="en")

    assert (shown.letter_id, shown.masked) == (None, False)
    assert shown.body.split("\n\n")[1] == (
        "The title was revoked by decision 浙总工发〔2026〕8号. Reason: 建室不满两年"
    )


def test_a_preview_is_of_a_letter_to_ones_own_people_and_of_no_other(world: World) -> None:
    row = submitted(world)
    (letter,) = [one for (one,) in rows("select id from letter where template = 'submitted'")]
    ningbo = person("ningbo", NINGBO, Role.ADMINISTRATOR)
    about: dict[str, Any] = {"template": "submitted", "language": "zh", "letter_id": letter}

    assert preview_letter(world.admin, organization_code=PROVINCE, **about).letter_id == letter
    assert preview_letter(ningbo, organization_code=NINGBO, template="submitted", language="zh").letter_id is None
    with refused("letter_not_yours", InputError, given=letter):
        preview_letter(ningbo, organization_code=NINGBO, **about)
    assert row.receipt


def test_a_preview_says_what_is_wrong_as_keeping_would(world: World) -> None:
    with refused("faults", FaultsError, count=1):
        preview_letter(
            world.admin, organization_code=PROVINCE, template="refused", language="zh", subject="题", body="文"
        )


def test_the_events_are_listed_with_what_the_union_words_itself(world: World) -> None:
    worded(world.admin, template="checked")
    worded(world.admin, template="checked", language="en", subject="Passed", body="Passed.")

    listed = {one.template: one.own for one in letter_events(world.admin, organization_code=PROVINCE)}

    assert {name: own for name, own in listed.items() if own} == {"checked": ("zh", "en")}
    assert set(listed) == set(TEMPLATES) - {"digest", "digest_action"}


def test_an_example_of_every_fact_is_at_hand() -> None:
    assert {name for template in TEMPLATES for name in known(template)} <= set(SAMPLES)
