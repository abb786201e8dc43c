"""Asking the office about one's application: who may, who is told, who answers; and nothing about the case changes."""

from datetime import UTC, datetime, timedelta

import pytest

from models import clock
from models.errors import ForbiddenError, InputError, NotFoundError, RefusedError
from models.vocabulary import Act, Role
from tests.counting import statements
from tests.desk import deputed, desk, now
from tests.worlds import (
    CITY,
    COUNTY,
    NOW,
    PROVINCE,
    World,
    also,
    application,
    at_county,
    drafted,
    letters,
    person,
    refused,
    rows,
    sent,
    submitted,
    unit,
)
from workflows.desk.handling import transfer
from workflows.desk.reviews import send_back
from workflows.intake.applications import resubmit, revise, submit, withdraw
from workflows.intake.questions import (
    Waiting,
    answer_question,
    ask_office,
    open_questions,
    questions,
    questions_waiting,
)
from workflows.queries.applications import application as whole_of


def told(template: str) -> list[tuple[str, str]]:
    """Whom letters of a template went to, and of which kind they are."""
    return [
        (str(kind), str(name)) for kind, name in
        rows("SELECT l.kind, a.name FROM letter l JOIN account a ON a.id = l.account_id WHERE l.template = :t"
             " ORDER BY a.name", t=template)
    ]  # fmt: skip


def test_a_question_goes_to_the_desk_where_the_case_lies_and_changes_nothing_about_it(world: World) -> None:
    row = submitted(world)
    person("chair", COUNTY, Role.ADMINISTRATOR)

    made = ask_office(world.clerks[0], row.id, text="  还要补什么材料？ ")

    assert (made.desk, made.text, made.asked_at, made.answer) == (COUNTY, "还要补什么材料？", NOW, "")
    assert now(row) == row
    assert told("question_asked") == [("action", "chair"), ("action", "county")]


def test_a_case_in_somebodys_hands_is_asked_about_there_and_with_their_deputy(world: World) -> None:
    d = desk(world)
    transfer(world.county, d.case.id, to=d.second.email, reason="分工", seen=d.case.version)
    deputed(d.second, d.third)

    ask_office(world.clerks[0], d.case.id, text="何时审核？")

    assert [name for _, name in told("question_asked")] == ["second", "third"]


def test_what_was_asked_about_a_case_that_is_taken_back_waits_for_nobody(world: World) -> None:
    row, other = submitted(world), submitted(world, 1)
    answered = ask_office(world.clerks[0], row.id, text="先问")
    answer_question(world.county, answered.id, text="已答")
    made = ask_office(world.clerks[0], row.id, text="还要补什么材料？")
    kept = ask_office(world.clerks[1], other.id, text="何时审核？")

    withdraw(world.clerks[0], row.id, seen=row.version, reason="不报了")

    assert [one.id for one in open_questions(world.county, desk=COUNTY)] == [kept.id]
    told_of = {one.text: (one.closed, one.answer, one.mine) for one in questions(world.clerks[0], row.id)}
    assert told_of == {"还要补什么材料？": (True, "申报已撤回，提问不再答复。", False), "先问": (False, "已答", False)}
    in_english = also(world.county, COUNTY, Role.REVIEWER)._replace(language="en")
    assert "The application was withdrawn, so this is not answered any more." in {
        one.answer for one in questions(in_english, row.id)
    }
    with refused("question_answered", RefusedError):
        answer_question(world.county, made.id, text="晚了")


def test_the_answer_goes_back_to_the_asker_who_is_told_the_office_and_not_the_person(world: World) -> None:
    row = submitted(world)
    made = ask_office(world.clerks[0], row.id, text="还要补什么材料？")

    answer_question(world.county, made.id, text="请补荣誉证书原件照片。")

    assert told("question_answered") == [("information", "clerk0")]
    (theirs,), (ours,) = questions(world.clerks[0], row.id), questions(world.county, row.id)
    assert (theirs.desk_name, theirs.answer, theirs.answered_by) == ("西湖区总工会", "请补荣誉证书原件照片。", None)
    assert (ours.who, ours.answered_by, ours.mine, ours.due_at) == ("clerk0", "county", False, None)
    assert open_questions(world.county, desk=COUNTY) == []


def test_what_was_returned_is_asked_of_who_returned_it_and_a_draft_of_the_rounds_office(world: World) -> None:
    row = submitted(world)
    send_back(world.county, row.id, faults=[{"field": "topics", "words": "写明时间"}], seen=row.version)
    draft = drafted(world, 1, proof=False)

    assert ask_office(world.clerks[0], row.id, text="怎么改？").desk == COUNTY
    assert ask_office(world.clerks[1], draft.id, text="能申报吗？").desk == PROVINCE


def test_of_a_draft_the_office_is_told_the_question_and_its_unit_alone(world: World) -> None:
    draft = drafted(world, 1, proof=False)
    made = ask_office(world.clerks[1], draft.id, text="能申报吗？")

    (found,) = open_questions(world.admin, desk=PROVINCE)

    assert (found.text, found.unit_name, found.subject, found.receipt) == ("能申报吗？", "企业1", "", None)
    assert "工作室1" not in str(rows("SELECT params FROM letter WHERE template = 'question_asked'"))
    assert answer_question(world.admin, made.id, text="可以。").answer == "可以。"


def test_of_what_was_never_handed_in_the_office_learns_no_more_once_it_is_given_up(world: World) -> None:
    draft = drafted(world, 1, proof=False)
    ask_office(world.clerks[1], draft.id, text="能申报吗？")
    withdraw(world.clerks[1], draft.id, seen=draft.version)
    ask_office(world.clerks[1], draft.id, text="还能再报吗？")

    found = open_questions(world.admin, desk=PROVINCE)

    assert [(one.text, one.subject, one.receipt) for one in found] == [("还能再报吗？", "", None)]
    assert "工作室1" not in str(rows("SELECT params FROM letter WHERE template = 'question_asked'"))


def test_a_question_asked_again_by_the_same_click_does_not_tell_who_answered(world: World) -> None:
    row = submitted(world)
    made = ask_office(world.clerks[0], row.id, text="问题", key="一次")
    answer_question(world.county, made.id, text="答复")

    again = ask_office(world.clerks[0], row.id, text="问题", key="一次")

    assert (again.id, again.answer, again.answered_by) == (made.id, "答复", None)


def test_three_questions_may_wait_and_a_fourth_only_after_an_answer(world: World) -> None:
    row = submitted(world)
    first, *_ = [ask_office(world.clerks[0], row.id, text=f"问题{n}") for n in range(3)]

    with refused("questions_open", RefusedError, most=3):
        ask_office(world.clerks[0], row.id, text="问题4")
    answer_question(world.county, first.id, text="答复")
    assert ask_office(world.clerks[0], row.id, text="问题4").text == "问题4"


def test_only_its_own_people_ask_and_only_the_desk_answers(world: World) -> None:
    row = submitted(world)
    made = ask_office(world.clerks[0], row.id, text="问题")

    with refused("not_yours", ForbiddenError):
        ask_office(world.county, row.id, text="问题")
    for stranger in (world.stranger, world.clerks[1]):
        with refused("not_found", NotFoundError):
            ask_office(stranger, row.id, text="问题")
        with refused("not_found", NotFoundError):
            questions(stranger, row.id)
        with refused("not_found", NotFoundError):
            answer_question(stranger, made.id, text="答复")
        assert open_questions(stranger, desk=COUNTY) == []
    with refused("not_found", NotFoundError):
        answer_question(world.clerks[0], made.id, text="答复")


def test_nobody_answers_about_their_own_unit(world: World) -> None:
    row = submitted(world)
    made = ask_office(world.clerks[0], row.id, text="问题")
    both = also(person("both", COUNTY, Role.REVIEWER), unit(0), Role.CLERK)

    with refused("own_case", ForbiddenError):
        answer_question(both, made.id, text="答复")


def test_a_second_answer_is_told_of_the_first(world: World) -> None:
    d = desk(world)
    made = ask_office(world.clerks[0], d.case.id, text="问题")
    answer_question(world.county, made.id, text="先答")

    with refused("question_answered", RefusedError, answer="先答"):
        answer_question(d.second, made.id, text="后答")


def test_one_click_is_one_question_and_one_answer(world: World) -> None:
    row = submitted(world)

    made = ask_office(world.clerks[0], row.id, text="问题", key="一次")
    assert ask_office(world.clerks[0], row.id, text="问题", key="一次") == made
    first = answer_question(world.county, made.id, text="答复", key="二次")
    assert answer_question(world.county, made.id, text="答复", key="二次") == first

    assert rows("SELECT count(*) FROM question") == [(1,)]
    assert [template for template, _ in letters(row.id) if template.startswith("question")] == [
        "question_answered", "question_asked",
    ]  # fmt: skip


@pytest.mark.parametrize(("text", "code"), [(" \n ", "words_missing"), ("长" * 501, "too_long")])
def test_a_question_is_some_words_and_not_too_many(world: World, text: str, code: str) -> None:
    row = submitted(world)

    with refused(code, InputError, field="question"):
        ask_office(world.clerks[0], row.id, text=text)


def test_a_question_goes_with_its_case_to_the_next_desk_which_is_told_and_owes_the_answer(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    (one, other) = at_county(world, 2)
    made = ask_office(world.clerks[0], one, text="何时上报？")
    answered = ask_office(world.clerks[0], one, text="收到了吗？")
    answer_question(world.county, answered.id, text="收到了。")

    with statements(monkeypatch) as run:
        sent(world, COUNTY, [one, other])

    assert open_questions(world.county, desk=COUNTY) == []
    (found,) = open_questions(world.city, desk=CITY)
    assert (found.id, found.text, found.mine) == (made.id, "何时上报？", True)
    assert [name for _, name in told("question_asked")] == ["city", "county", "county"]
    assert gone_along(world, one) == [(Act.RECOMMEND, [made.id])]
    assert gone_along(world, other) == []
    assert len([words for words in run if "question" in words.partition("WHERE")[0]]) == 2
    with refused("not_found", NotFoundError):
        answer_question(world.county, made.id, text="已上报。")
    assert answer_question(world.city, made.id, text="已上报。").answered_by == world.city.id


def gone_along(w: World, application_id: str) -> list[tuple[Act, list[str]]]:
    """Which acts on a case took which questions along, by its journal."""
    history = whole_of(w.city, application_id).history
    return [(one.act, one.body["questions"]) for one in history if "questions" in one.body]


def test_what_was_asked_about_a_draft_is_answered_where_it_is_handed_in(world: World) -> None:
    draft = drafted(world)
    made = ask_office(world.clerks[0], draft.id, text="能申报吗？")

    submit(world.clerks[0], draft.id, seen=draft.version)

    assert open_questions(world.admin, desk=PROVINCE) == []
    assert [one.id for one in open_questions(world.county, desk=COUNTY)] == [made.id]


def test_a_question_stays_with_the_desk_that_sent_its_case_back_and_is_not_told_twice(world: World) -> None:
    row = submitted(world)
    made = ask_office(world.clerks[0], row.id, text="怎么改？")
    row = send_back(world.county, row.id, faults=[{"field": "topics", "words": "写明时间"}], seen=row.version)
    row = revise(world.clerks[0], row.id, answers={"topics": "新的课题"}, seen=row.version)

    resubmit(world.clerks[0], row.id, seen=row.version)

    assert [one.id for one in open_questions(world.county, desk=COUNTY)] == [made.id]
    assert told("question_asked") == [("action", "county")]


def test_an_answer_is_late_after_five_working_days_and_nothing_else_happens(world: World) -> None:
    row = submitted(world)
    ask_office(world.clerks[0], row.id, text="问题")
    # Tuesday, 3 March: five working days later is Tuesday the 10th.
    end = datetime(2026, 3, 10, 16, tzinfo=UTC)

    (found,) = open_questions(world.county, desk=COUNTY)

    assert found.due_at == end
    for at, waiting in ((end - timedelta(minutes=1), Waiting(1, 0)), (end, Waiting(1, 1))):
        with clock.at(at):
            assert questions_waiting(world.county, desk=COUNTY) == waiting
    assert questions_waiting(world.city, desk=COUNTY) == Waiting(0, 0)
    assert application(row.id) == row
