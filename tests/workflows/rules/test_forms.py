"""Forms: what was typed becomes the field's value, or a fault that says what is expected."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from models.programme import FieldRule, Words, parse, shipped
from models.vocabulary import Rung
from workflows.rules.forms import counting, fault_of, faults, person_id, value_of, yuan

PROGRAMME = shipped("provincial-studio")
LABEL = Words(zh="字段", en="Field")


def field(kind: Any = "text", **more: Any) -> FieldRule:
    """A field of a form."""
    return FieldRule(name="it", label=LABEL, kind=kind, **more)


CHOICE = field("choice", choices=("a",), choice_labels=(LABEL,))


@pytest.mark.parametrize(("rule", "typed", "value"), [
    (field(), "  张三 ", "张三"),
    (field(), "   ", None),
    (field(), None, None),
    (field("number"), "12", 12),
    (field("number"), "１２", 12),
    (field("number"), 12, 12),
    (field("number"), "-3", -3),
    (field("year"), "2026", 2026),
    (field("date"), "2024-02-29", "2024-02-29"),
    (field("yes_no"), "是", True),
    (field("yes_no"), False, False),
    (field("choice", choices=("a", "b"), choice_labels=(LABEL, LABEL)), "b", "b"),
    (field("person_id"), "11010519491231002x", "11010519491231002X"),
    (field(max_length=3), "三个字", "三个字"),
    (field("number", minimum=1, maximum=5), "5", 5),
])  # fmt: skip
def test_what_was_typed_becomes_the_fields_value(rule: FieldRule, typed: object, value: object) -> None:
    assert value_of(rule, typed) == (value, None)


@pytest.mark.parametrize(("rule", "typed", "fault"), [
    (field("number"), "十二", {"code": "not_a_number", "given": "十二"}),
    (field("number"), "1.5", {"code": "not_a_number", "given": "1.5"}),
    (field("date"), "2025-02-29", {"code": "not_a_date", "given": "2025-02-29"}),
    (field("date"), "2025/02/28", {"code": "not_a_date", "given": "2025/02/28"}),
    (field("yes_no"), "maybe", {"code": "not_a_yes_no", "given": "maybe"}),
    (field("person_id"), "110105194912310021", {"code": "not_a_person_id", "given": "110105194912310021"}),
    (field("number", minimum=1), "0", {"code": "too_small", "given": 0, "least": 1}),
    (field("number", maximum=5), "6", {"code": "too_big", "given": 6, "most": 5}),
    (field(max_length=3), "四个字了", {"code": "too_long", "length": 4, "most": 3}),
    (CHOICE, "c", {"code": "not_a_choice", "given": "c", "known": ["a"]}),
])  # fmt: skip
def test_what_does_not_fit_is_a_fault_that_says_why(rule: FieldRule, typed: str, fault: dict[str, object]) -> None:
    assert value_of(rule, typed)[1] == {"field": "it", **fault}


@given(st.text(), st.sampled_from(["text", "long", "number", "date", "year", "person_id", "yes_no", "email", "phone"]))
def test_whatever_is_typed_is_a_value_or_a_fault_and_never_an_accident(typed: str, kind: Any) -> None:
    value, fault = value_of(field(kind), typed)

    assert value is None or fault is None or fault["code"].startswith("too_")
    if value is not None and fault is None:
        assert value_of(field(kind), value) == (value, None)


@given(st.dates(), st.integers(0, 999))
def test_an_identity_number_is_known_by_its_check_digit(born: Any, serial: int) -> None:
    body = f"330106{born:%Y%m%d}{serial:03d}" if born.year >= 1000 else "33010619800101001"
    good = body + str(ric.calc_check_digit(body + "0"))
    wrong = body + ("1" if good[-1] != "1" else "2")

    assert person_id(good) == good
    with pytest.raises(ValueError, match=wrong):
        person_id(wrong)


def test_all_that_keeps_a_form_from_being_handed_in_is_named_in_the_forms_order() -> None:
    answers = {"studio_name": "工作室", "leader_name": "长" * 31, "team_size": 0, "founded_on": "gestern"}

    found = faults(PROGRAMME, answers, {"results_proof": 2})

    assert [(f["field"], f["code"]) for f in found] == [
        ("leader_name", "too_long"), ("leader_id", "required"), ("leader_honour", "required"),
        ("founded_on", "not_a_date"), ("team_size", "too_small"), ("topics", "required"), ("results", "required"),
        ("honour_proof", "file_required"),
    ]  # fmt: skip


@pytest.mark.parametrize(("typed", "fen"), [
    ("12000", 1_200_000), (12000, 1_200_000), ("12,000.50元", 1_200_050), ("￥0.01", 1), ("１２．５", 1250),
    ("-3", -300), (0.29, 29),
])  # fmt: skip
def test_money_is_typed_in_yuan_and_kept_in_fen(typed: object, fen: int) -> None:
    assert value_of(field("money"), typed) == (fen, None)
    assert fault_of(field("money"), fen) is None
    assert value_of(field("money"), yuan(fen)) == (fen, None)


@pytest.mark.parametrize("typed", ["一万", "1.005", "1e5", "NaN", "1 000 000 000 000 000", "--1", "1.", "万"])
def test_what_is_no_amount_is_said(typed: str) -> None:
    assert value_of(field("money"), typed)[1] == {"field": "it", "code": "not_a_money", "given": typed}


def test_the_bounds_of_money_are_yuan() -> None:
    rule = field("money", minimum=100, maximum=200)

    assert value_of(rule, "99.99")[1] == {"field": "it", "code": "too_small", "given": "99.99", "least": 100}
    assert fault_of(rule, 20_001) == {"field": "it", "code": "too_big", "given": "200.01", "most": 200}
    assert value_of(rule, "200") == (20_000, None)


@pytest.mark.parametrize(("kind", "typed", "value"), [
    ("phone", " 138 0000 0000", "13800000000"), ("phone", "0571-88880000", "0571-88880000"),
    ("phone", "（0571）88880000", "0571-88880000"), ("phone", "+8613800000000", "+8613800000000"),
    ("phone", "400-820-8820", "400-820-8820"), ("email", "Li.Min@Example.CN", "li.min@example.cn"),
])  # fmt: skip
def test_a_number_and_an_address_are_kept_in_one_spelling(kind: str, typed: str, value: str) -> None:
    assert value_of(field(kind), typed) == (value, None)
    assert value_of(field(kind), value) == (value, None)


@pytest.mark.parametrize(("kind", "typed"), [
    ("phone", "12345"), ("phone", "1380000000a"), ("phone", "23800000000"), ("email", "li.min"),
    ("email", "李敏@example.cn"), ("email", "a@例子.cn"),
])  # fmt: skip
def test_what_is_no_number_or_address_is_said(kind: str, typed: str) -> None:
    assert value_of(field(kind), typed)[1] == {"field": "it", "code": f"not_a_{kind}", "given": typed}


def test_a_text_that_is_too_short_is_saved_while_it_grows_and_told_when_it_is_handed_in() -> None:
    rule = field("long", min_length=5, max_length=10)

    assert value_of(rule, "四个字了") == ("四个字了", None)
    assert fault_of(rule, "四个字了") == {"field": "it", "code": "too_short", "length": 4, "least": 5}
    assert fault_of(rule, "这是五个字") is None


def form(*fields: dict[str, Any], **more: Any) -> Any:
    """A programme whose form has these fields."""
    content = {**PROGRAMME.model_dump(mode="json"), "slots": [], "eligibility": [], **more}
    words = {"zh": "栏", "en": "Field"}
    return parse({**content, "fields": [{"label": words, **one} for one in fields]})


KIND = {"name": "kind", "kind": "choice", "choices": ["a", "b"]}
OF_A = {"name": "of_a", "when": {"field": "kind", "values": ["a"]}}
DEEPER = {"name": "deeper", "when": {"field": "of_a", "values": ["x"]}}


def test_a_field_whose_condition_does_not_hold_is_neither_required_nor_a_fault_nor_counted() -> None:
    rules = form(KIND, OF_A, {**DEEPER, "kind": "number"})

    assert codes(rules, {"kind": "a"}) == [("of_a", "required")]
    assert codes(rules, {"kind": "b"}) == []
    assert codes(rules, {"kind": "a", "of_a": "x", "deeper": "many"}) == [("deeper", "not_a_number")]
    assert codes(rules, {"kind": "b", "of_a": "x", "deeper": "many"}) == []
    assert counting(rules, {"kind": "b", "of_a": "x", "deeper": 1}) == {"kind": "b"}


def test_a_slot_can_be_asked_on_a_condition() -> None:
    slot = {"name": "proof", "label": {"zh": "证明", "en": "Proof"}, "when": {"field": "kind", "values": ["a"]}}
    rules = form(KIND, slots=[slot])

    assert codes(rules, {"kind": "a"}) == [("proof", "file_required")]
    assert codes(rules, {"kind": "b"}) == []


def test_a_tiers_field_is_asked_of_that_tier_only() -> None:
    rules = form({"name": "own"}, {"name": "opinion", "by": "county"})

    assert codes(rules, {}) == [("own", "required")]
    assert codes(rules, {}, by=Rung.COUNTY) == [("opinion", "tier_field")]
    assert codes(rules, {"opinion": "同意"}, by=Rung.COUNTY) == []
    assert codes(rules, {}, by=Rung.PROVINCE) == []


def test_the_formal_stage_is_asked_after_the_first_list() -> None:
    rules = form({"name": "first"}, {"name": "deeds", "stage": "formal"})

    assert codes(rules, {}) == [("first", "required")]
    assert codes(rules, {}, formal=True) == [("first", "required"), ("deeds", "required")]


def codes(rules: Any, answers: dict[str, Any], **how: Any) -> list[tuple[str, str]]:
    """What keeps a form from going on, by field."""
    return [(f["field"], f["code"]) for f in faults(rules, answers, {}, **how)]


@given(st.dictionaries(st.sampled_from(["kind", "of_a", "deeper"]), st.sampled_from(["a", "b", "x", None])))
def test_what_counts_counts_once_and_for_all(answers: dict[str, Any]) -> None:
    rules = form(KIND, OF_A, DEEPER)

    once = counting(rules, answers)

    assert counting(rules, once) == once
    assert once.items() <= answers.items()
