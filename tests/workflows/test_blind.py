"""Blind until sealed: two worlds that differ in nothing but sheets answer everybody alike who may not know them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import EnumMeta
from itertools import product
from typing import Any, NamedTuple

import pytest

from models import clock, vocabulary
from models.base import seeded
from models.errors import ShenbaoError
from models.vocabulary import Role
from tests.counting import statements
from tests.judging import SCORING, at_desk, experts, judged_round, listed, scored
from tests.provinces import Worlds
from tests.worlds import NOW, PROVINCE, World, application, person, unit
from workflows import table
from workflows.judging.scoring import recuse
from workflows.queries.judging import sheets, standings
from workflows.queries.lists import slate
from workflows.record.acting import PUBLIC, Actor
from workflows.record.verb import QUERIES, VERBS

# What people search for who would like to know a score.
WORDS = ["", "score>85", "score:0..100", "-score>85", "sort:score", "sort:-score", "is:overdue"]
# Asked for every verb below.
APART = {"plan"}


class Sheets(NamedTuple):
    """What the judges give in a world: of a case that is complete, of one that is not, and how many of it."""

    whole: tuple[int, ...] = (90, 80, 70)
    part: tuple[int, ...] = (90, 80)


class Blind(NamedTuple):
    """A world in which a panel is at work, with its list begun, and who asks."""

    w: World
    ids: list[str]
    slate_id: str
    judges: list[Actor]
    askers: dict[str, Actor]


PLAIN = Sheets()
# The case that is complete, in other points; the one that is not; and one sheet fewer of it.
OTHERS = {
    "points": Sheets((90, 60, 50), (90, 10)),
    "half": Sheets((90, 80, 70), (90, 10)),
    "presence": Sheets((90, 60, 50), (90,)),
}
# The first judge wrote the first sheet of each, so it is theirs to know; reviewers are told which cases are complete.
KNOW_NOTHING = ("judge", "idle", "administrator", "city", "applicant", "stranger", "public")


def at_work(there: World, told: Sheets) -> Blind:
    """Three cases at the province: one complete and on a draft list, one half scored, one untouched."""
    w = judged_round(there, version=900, scoring=SCORING, panel={"size": 3}, reserve={"percent": 100})
    ids, judges = at_desk(w, 3), experts(4)
    reviewer = person("reviewer", PROVINCE, Role.REVIEWER)
    recuse(w.province, ids[2], judges[3].id, reason="亲属")
    row = listed(w, [], [ids[2]])
    scored(ids[0], judges[:3], *told.whole)
    row = listed(w, [ids[0]], [ids[2]], seen=row.version)
    # Last, so that a sheet fewer changes the id of nothing else.
    scored(ids[1], judges[: len(told.part)], *told.part)
    askers = {
        "judge": judges[0], "idle": judges[3], "administrator": w.admin, "city": w.city, "applicant": w.clerks[0],
        "stranger": w.stranger, "public": PUBLIC, "reviewer": reviewer,
    }  # fmt: skip
    return Blind(w, ids, row.id, judges, askers)


@contextmanager
def twin(worlds: Worlds, enter: Callable[[str], None], told: Sheets) -> Iterator[Blind]:
    """The same world with these sheets: same people, same ids, same moment."""
    make, there = worlds
    enter(make())
    with clock.at(NOW), seeded(7):
        yield at_work(there, told)


def values_of(blind: Blind, name: str, kind: str) -> list[Any]:
    """What is tried for an argument of this name."""
    known: dict[str, list[Any]] = {
        "application_id": blind.ids[:2], "round_id": [blind.w.round_id], "slate_id": [blind.slate_id],
        "desk": [PROVINCE], "organization_code": [PROVINCE, unit(0)], "root": [PROVINCE], "codes": [[PROVINCE]],
        "words": WORDS, "applications": [blind.ids], "main": [blind.ids[1::-1]], "account": [blind.judges[1].id],
        "seen": [application(blind.ids[0]).version, 3], "receipt": [application(blind.ids[0]).receipt],
        "scores": [{"total": 5}], "code": ["provincial-studio"], "line": [1], "year": [2026], "id": blind.ids[:1],
        "thing_id": blind.ids[:1], "at": ["2026-03-20T12:00:00+08:00"],
    }  # fmt: skip
    plain = {"int": 1, "bool": True, "bytes": b"x", "date": "2026-03-03", "dict": {}, "list": []}
    if isinstance(words := getattr(vocabulary, kind, None), EnumMeta):
        return [next(iter(words))]
    if kind.startswith("Literal["):
        return [kind.removeprefix("Literal[").rstrip("]").split(", ")[0].strip("'")]
    return known.get(name) or [next((value for start, value in plain.items() if kind.startswith(start)), "x")]


def calls(blind: Blind, names: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every one of these with every argument it needs, and with those that narrow it to our cases."""
    ours = {"application_id", "round_id", "slate_id", "desk", "words", "seen", "scores", "line", "main"}
    for name in sorted(names):
        wanted = {n: t.rstrip("*") for n, t in table.arguments_of(name).items() if t.endswith("*") or n in ours}
        for chosen in product(*(values_of(blind, n, kind) for n, kind in wanted.items())):
            yield name, dict(zip(wanted, chosen, strict=True))


def answer(ask: Callable[[], Any]) -> str:
    """What comes of it, an error as well, in full."""
    try:
        return repr(ask())
    except ShenbaoError as error:
        return f"{type(error).__name__} {error.code} {error.details!r}"


def heard(blind: Blind, who: str, patch: pytest.MonkeyPatch) -> dict[str, tuple[str, list[str]]]:
    """All that somebody is told by every question and by every verb that is tried, with what was read for it."""
    actor = blind.askers[who]
    found: dict[str, tuple[str, list[str]]] = {}
    asked: list[tuple[str, Callable[[], Any]]] = [
        (f"{name} {given}", lambda name=name, given=given: table.ask(name, actor, given))  # type: ignore[misc]
        for name, given in calls(blind, set(QUERIES) - APART)
    ]
    asked += [
        (f"plan {name} {given}",
         lambda name=name, given=given: table.ask("plan", actor, {"verb": name, "arguments": given}))  # type: ignore[misc]
        for name, given in calls(blind, VERBS)
    ]  # fmt: skip
    for said, ask in asked:
        # Each with dice of its own: an id that is made in passing tells nothing of what was made before.
        with seeded(9), statements(patch) as run:
            told = answer(ask)
        found[said] = (told, list(run))
    return found


@pytest.fixture(autouse=True)
def _loaded() -> None:
    table.load()


def test_the_worlds_differ_in_what_may_be_known_and_in_nothing_else(
    worlds: Worlds, enter: Callable[[str], None]
) -> None:
    """The suite below would be silent if the twins were the same, or if the desk were told nothing."""
    found = {}
    for kind, told in (("plain", PLAIN), *OTHERS.items()):
        with twin(worlds, enter, told) as blind:
            lines = standings(blind.askers["reviewer"], round_id=blind.w.round_id, desk=PROVINCE)
            by_case = {line.application_id: (line.n, line.score) for line in lines}
            found[kind] = [by_case[one] for one in blind.ids]
            assert [sheet.total for sheet in sheets(blind.judges[0], blind.ids[0])] == [9000]
            assert slate(blind.w.province, blind.slate_id).places[0].score == found[kind][0][1]

    assert found == {
        "plain": [(3, 8000), (2, None), (0, None)], "points": [(3, 6667), (2, None), (0, None)],
        "half": [(3, 8000), (2, None), (0, None)], "presence": [(3, 6667), (1, None), (0, None)],
    }  # fmt: skip


def test_every_question_and_verb_is_asked_in_words_it_understands(
    worlds: Worlds, enter: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    with twin(worlds, enter, PLAIN) as blind:
        told = heard(blind, "reviewer", monkeypatch)

    asked = {said.partition(" {")[0] for said in told}
    unread = {said for said, (answered, _) in told.items() if answered.startswith("InputError argument ")}
    assert asked == set(QUERIES) - APART | {f"plan {name}" for name in VERBS}
    assert unread == set()


@pytest.mark.parametrize("kind", ["points", "presence"])
def test_whoever_may_not_know_is_told_the_same_whatever_the_sheets_say(
    worlds: Worlds, enter: Callable[[str], None], monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """No answer, count, order, search, error, and nothing that is read for it tells one world from the other."""
    told: list[dict[str, dict[str, tuple[str, list[str]]]]] = []
    for given in (PLAIN, OTHERS[kind]):
        with twin(worlds, enter, given) as blind:
            told.append({who: heard(blind, who, monkeypatch) for who in KNOW_NOTHING})

    for who in KNOW_NOTHING:
        assert differences(told[0][who], told[1][who]) == [], who


def test_a_reviewer_is_told_nothing_of_a_case_whose_sheets_are_not_all_in(
    worlds: Worlds, enter: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    told = []
    for given in (PLAIN, OTHERS["half"]):
        with twin(worlds, enter, given) as blind:
            told.append(heard(blind, "reviewer", monkeypatch))

    assert differences(*told) == []


def differences(one: dict[str, tuple[str, list[str]]], other: dict[str, tuple[str, list[str]]]) -> list[str]:
    """What was asked where the two were answered differently, or read differently for it."""
    assert list(one) == list(other)
    return [said for said in one if one[said] != other[said]]
