"""Forms: what was typed becomes the field's value, or a fault that says what is expected."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from models.programme import FieldRule, Words, shipped
from workflows.rules.forms import faults, person_id, value_of

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


@given(st.text(), st.sampled_from(["text", "long", "number", "date", "year", "person_id", "yes_no"]))
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
