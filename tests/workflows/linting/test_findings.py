"""One deliberately broken variant of the shipped file for each finding: its line and its code exactly."""

from datetime import date
from typing import NamedTuple

import pytest

from models.programme import FOLDER, catalogue
from models.sentences_programme import PROGRAMME
from models.sentences_programme_merit import PLAN
from workflows.desk import examining
from workflows.linting import Known, Report, lint
from workflows.linting.paper import is_slow
from workflows.linting.reading import LARGEST

# The shipped file, whose tie is settled by a text, which only a meeting can weigh.
SHIPPED = (
    (FOLDER / "provincial-studio.toml")
    .read_text(encoding="utf-8")
    .replace('criteria = ["results"]', 'criteria = ["team_size"]')
)
TODAY = date(2026, 3, 3)
KNOWN = Known(frozenset({"provincial-studio", "national-studio"}), frozenset({"city_craftsman"}))
# Chapters that the shipped file does not have, to be broken.
SCORING = """
[scoring]
step = "province"
criteria = [
  { name = "benefit", label = { zh = "效益", en = "Benefit" }, most = 60 },
  { name = "people", label = { zh = "团队", en = "Team" }, most = 40 },
]
"""
SUBSIDY = """
[[subsidies]]
stage = "award"
label = { zh = "命名补助", en = "On naming" }
trigger = "naming"
yuan = 20000
"""
ACCEPTANCE = """
[acceptance]
after_months = 12
bands = [
  { grade = "qualified", name = "A", at_least = 85 },
  { grade = "rectify", at_least = 0 },
]
"""
FLOOR = """
[[composition]]
name = "front_line"
label = { zh = "一线职工", en = "Front line" }
field = "leader_honour"
values = ["craftsman"]
floor = 35
"""
CEILING = FLOOR.replace("front_line", "models").replace('["craftsman"]', '["city_model"]').replace("floor", "ceiling")
POOLS = """
[quota]
pool_field = "leader_honour"

[[quota.pools]]
name = "models"
label = { zh = "劳模", en = "Model workers" }
values = ["national_model", "provincial_model", "may_day", "city_model"]
places = 40

[[quota.pools]]
name = "craft"
label = { zh = "工匠", en = "Craftsmen" }
values = ["craftsman", "none"]
places = 30
"""
JOINT = """
[joint]
organization = "YRD"
name = { zh = "联席会议", en = "Joint meeting" }
members = ["330000", "310000"]
shares = { 330000 = 30, 310000 = 40 }

[[ladder]]
desk = "joint"
days = 10
"""
CONTEST = """
[contest]
team_field = "studio_name"
team_points = [10, 9]
prizes = [
  { name = "first", label = { zh = "一等奖", en = "First" }, from_rank = 1, to_rank = 2 },
  { name = "second", label = { zh = "二等奖", en = "Second" }, from_rank = 3, to_rank = 5 },
]
"""
# An approval of half a year.
SHORT = (("valid_from = 2024-01-01", "valid_from = 2026-01-01"), ("2026-12-31", "2026-06-30"))
# The file without its yearly assessment, and without the defaults that speak of it.
DEFAULTS = next(line for line in SHIPPED.splitlines() if line.startswith("defaults = "))
NO_YEARLY = (
    (SHIPPED[SHIPPED.index("[assessment]") : SHIPPED.index("[[fields]]")], ""),
    (DEFAULTS, 'defaults = ["ladder.days"]'),
)
FEED = """
[[feeds]]
fact = "studio_points"
field = "leader_honour"
amounts = { craftsman = 3 }
"""
COUNTY_CUT_OFF = ('desk = "county"\n', 'desk = "county"\ncut_off = "09-10"\n')
CITY_CUT_OFF = ('desk = "city-or-industry"\n', 'desk = "city-or-industry"\ncut_off = "10-20"\n')
EMPTY_CHOICE = """[[fields]] # honour
name = "seal"
label = { zh = "印", en = "Seal" }
kind = "choice"

[[fields]]
name = "training"
"""[:-1]
FACTORS = """
[quota]
factors = [
  { name = "workers", label = { zh = "职工", en = "Workers" }, percent = 60 },
]
"""
SAME_START = """most = 60, marks = [
{ words = { zh = "好", en = "Good" }, at_least = 0 },
{ words = { zh = "很好", en = "Very good" }, at_least = 0 }, # name = "good", # again
] }"""
UNORDERED = """most = 60, marks = [
{ words = { zh = "好", en = "Good" }, at_least = 30 },
{ words = { zh = "差", en = "Bad" }, at_least = 0 },
{ words = { zh = "晚", en = "Late" }, at_least = 50 },
] }"""


class Broken(NamedTuple):
    """A finding, the text on its line, what is changed in the file and what is added at its end."""

    code: str
    line: str
    changes: tuple[tuple[str, str], ...] = ()
    added: str = ""


def text_of(broken: Broken) -> str:
    """The broken file."""
    text = SHIPPED + broken.added
    for old, new in broken.changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def examined(text: str | bytes) -> Report:
    """The linter's report of a file on a fixed day."""
    return lint(text, today=TODAY, known=KNOWN)


def told(text: str) -> list[tuple[int, str]]:
    """Line and code of each finding."""
    return [(finding.line, finding.code) for finding in examined(text).findings]


def one(code: str, line: str, *changes: tuple[str, str], added: str = "") -> Broken:
    """A broken file."""
    return Broken(code, line, changes, added)


BROKEN = [
    # Its form.
    one("unknown_key", "dayz = 7", ("days = 7", "dayz = 7\ndays = 7")),
    one(
        "missing_key",
        "[[ladder]] # city",
        ('[[ladder]]\ndesk = "city-or-industry"\ndays = 7', '[[ladder]] # city\ndesk = "city-or-industry"'),
    ),
    one("wrong_type", 'cap = "seventy"', ("cap = 70", 'cap = "seventy"')),
    one("wrong_type", 'working = "perhaps"', ("working = true", 'working = "perhaps"')),
    one("not_one_of", 'subject = "studios"', ('subject = "studio"', 'subject = "studios"')),
    one("not_one_of", 'desk = "town"', ('desk = "county"', 'desk = "town"')),
    one("out_of_range", "percent = 120", ("percent = 20", "percent = 120")),
    one("wrong_form", 'code = "Provincial Studio"', ('code = "provincial-studio"', 'code = "Provincial Studio"')),
    one("too_few", "values = []", ('values = ["craftsman", "none"]', "values = []"), added=POOLS),
    one(
        "bands_from_zero",
        "bands = [ # from 10",
        ("bands = [\n", "bands = [ # from 10\n"),
        ("at_least = 0 }", "at_least = 10 }"),
    ),
    one("character_bad", 'body = "主席', ('body = "主席会议"', 'body = "主席\\u0000"')),
    one("number_too_big", "maximum = 9", ("maximum = 500", "maximum = 9999999999999999")),
    # Its text.
    one("toml_equals", "days 5", ("days = 5", "days 5")),
    one("toml_value", "days = five", ("days = 5", "days = five")),
    one("toml_unclosed", 'body = "主席会议', ('body = "主席会议"', 'body = "主席会议')),
    one("toml_date", "valid_from = 2024-02-30", ("valid_from = 2024-01-01", "valid_from = 2024-02-30")),
    one("toml_one_a_line", "cap = 70 cap", ("cap = 70", "cap = 70 cap = 71")),
    one("toml_statement", "= 70", ("cap = 70", "= 70")),
    one("duplicate_key", "cap = 71", ("cap = 70", "cap = 70\ncap = 71")),
    one("too_deep", "a.b.c", ("cap = 70", "cap = 70\na.b.c.d.e.f.g.h.i.j.k.l.m.n = 1")),
    # The ladder.
    one(
        "step_twice",
        'desk = "county" # again',
        ('desk = "city-or-industry"', 'desk = "county" # again\ndays = 1\n\n[[ladder]]\ndesk = "city-or-industry"'),
    ),
    one("step_unreached", "skip_on =", ('skip_on = ["industry"]', 'skip_on = ["region", "industry"]')),
    one("step_unreached", 'channels = ["self"]', ('skip_on = ["industry"]', 'channels = ["self"]')),
    one("joint_without_table", 'desk = "joint"', ('desk = "province"', 'desk = "joint"')),
    one("joint_not_in_ladder", "[joint]", added=JOINT.split("[[", maxsplit=1)[0]),
    one("reserved_code", 'organization = "3300"', ('"YRD"', '"3300"'), added=JOINT),
    one("shares_sum", "shares = {", ("330000 = 30", "330000 = 25"), added=JOINT),
    one("share_of_nobody", "shares = {", ("310000 = 40", "320000 = 40, 310000 = 0"), added=JOINT),
    one("share_missing", "shares = {", ("330000 = 30, 310000 = 40", "330000 = 70"), added=JOINT),
    one(
        "industry_without_step",
        "lines =",
        ('desk = "city-or-industry"\n', 'desk = "city-or-industry"\nskip_on = ["industry"]\n'),
    ),
    one(
        "decider_skipped",
        "[[ladder]] # last",
        ('[[ladder]]\ndesk = "province"\n', '[[ladder]] # last\ndesk = "province"\nskip_on = ["industry"]\n'),
    ),
    one(
        "no_way_out",
        'desk = "nation"',
        ('desk = "city-or-industry"', 'desk = "nation"'),
        ('lines = ["region", "industry"]', 'lines = ["region"]'),
    ),
    one("step_unknown", 'step = "nation"', ('step = "province"', 'step = "nation"'), added=SCORING),
    one("step_unknown", 'by = "township"', ('name = "topics"', 'name = "topics"\nby = "township"')),
    # Its days.
    one("no_such_day", 'report_due = "02-30"', ('"01-31"', '"02-30"')),
    one("window_backwards", "valid_until = 2023-12-31", ("2026-12-31", "2023-12-31")),
    one("approval_over", "valid_until = 2025-12-31", ("2026-12-31", "2025-12-31")),
    one("cycle_never", "first_year = 2030", ("cap = 70", "cap = 70\nfirst_year = 2030")),
    one(
        "cut_off_backwards",
        'cut_off = "09-01"',
        COUNTY_CUT_OFF,
        (CITY_CUT_OFF[0], CITY_CUT_OFF[1].replace("10-20", "09-01")),
    ),
    one(
        "first_list_late",
        'first_list_due = "11-01"',
        COUNTY_CUT_OFF,
        CITY_CUT_OFF,
        ("[reserve]", '[entry]\nfirst_list_due = "11-01"\n\n[reserve]'),
    ),
    one("cut_off_outside", 'cut_off = "09-10"', COUNTY_CUT_OFF, *SHORT),
    one(
        "notice_too_long",
        "notice_days = 40",
        COUNTY_CUT_OFF,
        CITY_CUT_OFF,
        ("days = 7\n", "days = 7\nnotice = true\nnotice_days = 40\n"),
    ),
    one("notice_past_approval", "days = 200", ("days = 5\nworking", "days = 200\nworking"), *SHORT),
    one("step_too_short", "days = 60", COUNTY_CUT_OFF, CITY_CUT_OFF, ("days = 7\n", "days = 60\n")),
    one(
        "title_endless",
        "ends_when = []",
        *NO_YEARLY,
        ('subject = "studio"', 'subject = "result"'),
        ('number = "浙', 'ends_when = []\nnumber = "浙'),
    ),
    one("assessment_never", "[assessment]", ('report_due = "01-31"\n', "")),
    one("assessment_never", "[acceptance]", ("after_months = 12\n", ""), added=ACCEPTANCE),
    one("succession_missing", "[title]", ('number = "浙', 'ends_when = ["closed"]\nnumber = "浙')),
    # Its names.
    one("field_unknown", 'leader_name = "leader"', ('leader_name = "leader_name"', 'leader_name = "leader"')),
    one("field_unknown", 'shows = ["teem"]', ('order = "area"', 'order = "area"\nshows = ["teem"]')),
    one(
        "field_unknown",
        'when = { field = "none"',
        ('name = "topics"', 'name = "topics"\nwhen = { field = "none", values = ["a"] }'),
    ),
    one("field_unknown", 'team_field = "team"', ('team_field = "studio_name"', 'team_field = "team"'), added=CONTEST),
    one(
        "field_unknown",
        'field = "honour"',
        ('field = "leader_honour"\namounts', 'field = "honour"\namounts'),
        added=FEED,
    ),
    one("kind_wrong", 'subject_name = "team_size"', ('subject_name = "studio_name"', 'subject_name = "team_size"')),
    one("kind_wrong", 'field = "team_size" # no date', ('field = "founded_on"', 'field = "team_size" # no date')),
    one("slot_unknown", 'minutes_slot = "minutes"', added='\n[workplace]\nminutes_slot = "minutes"\n'),
    one(
        "unit_fact_unknown",
        'field = "unit.size"',
        (
            'field = "leader_honour"\nvalues = ["craftsman"]\nfloor',
            'field = "unit.size"\nvalues = ["craftsman"]\nfloor',
        ),
        added=FLOOR,
    ),
    one("criterion_unknown", 'criteria = ["worth"]', ('criteria = ["team_size"]', 'criteria = ["worth"]')),
    one("tie_without_order", 'criteria = ["topics"]', ('criteria = ["team_size"]', 'criteria = ["topics"]')),
    one(
        "clause_unknown",
        'clauses = ["level"]',
        ("[assessment]", '[title.succession]\nclauses = ["level"]\n\n[assessment]'),
    ),
    one("leader_half", "leader_name =", ('leader_id = "leader_id"\n', "")),
    one("leader_missing", "subject =", ('leader_id = "leader_id"\n', ""), ('leader_name = "leader_name"\n', "")),
    one("not_always_asked", "subject_name =", ("max_length = 40", "max_length = 40\nrequired = false")),
    one("identity_not_private", "leader_id =", ("private = true\n", "")),
    one("private_shown", 'shows = ["leader_id"]', ('order = "area"', 'order = "area"\nshows = ["leader_id"]')),
    one("default_unknown", "defaults = [", (DEFAULTS, 'defaults = ["ladder.dayz"]')),
    one(
        "when_circle",
        'when = { field = "topics"',
        ('name = "topics"\n', 'name = "topics"\nwhen = { field = "topics", values = ["a"] }\n'),
    ),
    one("twice", 'name = "results" # again', ('name = "training"', 'name = "results" # again')),
    one("twice", 'clause = "team" # again', ('clause = "running"', 'clause = "team" # again')),
    # Its form's answers.
    one(
        "choices_missing",
        "[[fields]] # honour",
        (
            '[[fields]]\nname = "training"',
            EMPTY_CHOICE,
        ),
    ),
    one(
        "choices_unused",
        'choices = ["a"]',
        ("max_length = 40", 'max_length = 40\nchoices = ["a"]\nchoice_labels = [{ zh = "甲", en = "A" }]'),
    ),
    one("labels_count", "choice_labels = [", ('  { zh = "无", en = "None" },\n', "")),
    one("limits_backwards", "minimum = 600", ("minimum = 1\nmaximum", "minimum = 600\nmaximum")),
    one("limit_unused", "minimum = 3 # chars", ("max_length = 40", "max_length = 40\nminimum = 3 # chars")),
    one("value_unknown", "values = [", ('values = ["national_model"', 'values = ["nation_model"')),
    one(
        "clause_incomplete",
        "[[eligibility]] # team",
        ('[[eligibility]]\nclause = "team"', '[[eligibility]] # team\nclause = "team"'),
        ("minimum = 3\n", ""),
    ),
    one(
        "never_met",
        "[[eligibility]] # team",
        ('[[eligibility]]\nclause = "team"', '[[eligibility]] # team\nclause = "team"'),
        ("minimum = 3\n", "minimum = 501\n"),
    ),
    one("area_unknown", 'values = ["浙江"]', ('rule = "no_title"', 'rule = "area"\nvalues = ["浙江"]')),
    # Its places.
    one("pool_field_missing", "[[quota.pools]]", ('pool_field = "leader_honour"\n', ""), added=POOLS),
    one("pools_missing", "pool_field =", added=POOLS.split("[[", maxsplit=1)[0]),
    one("pools_over_cap", "[[quota.pools]]", ("places = 30", "places = 31"), added=POOLS),
    one(
        "value_in_two_pools",
        'values = ["craftsman", "city_model"',
        ('values = ["craftsman", "none"]', 'values = ["craftsman", "city_model", "none"]'),
        added=POOLS,
    ),
    one(
        "value_in_no_pool", "[[quota.pools]]", ('values = ["craftsman", "none"]', 'values = ["craftsman"]'), added=POOLS
    ),
    one(
        "factors_sum",
        "factors = [",
        added=FACTORS,
    ),
    one("composition_empty", "[[composition]]", ("floor = 35\n", ""), added=FLOOR),
    one("floor_over_ceiling", "floor = 35", ("floor = 35", "floor = 35\nceiling = 20"), added=FLOOR),
    one("floors_over_whole", "floor = 70", ("ceiling = 35", "floor = 70"), added=FLOOR + CEILING),
    one(
        "ceilings_under_whole",
        "ceiling = 35",
        ('["city_model"]', '["national_model", "provincial_model", "may_day", "city_model", "craftsman", "none"]'),
        added=CEILING,
    ),
    one(
        "cap_too_small",
        "[[composition]]",
        ("cap = 70", "cap = 2"),
        ("floor = 35", "floor = 35\nceiling = 40"),
        added=FLOOR,
    ),
    # Its points.
    one("criteria_missing", "[scoring]", added='\n[scoring]\nstep = "province"\n'),
    one("weight_missing", 'name = "people"', ("most = 60", "weight = 100"), added=SCORING),
    one(
        "weights_sum",
        "criteria = [ # weighed",
        ("criteria = [\n", "criteria = [ # weighed\n"),
        ("most = 60", "weight = 60"),
        ("most = 40", "weight = 30"),
        added=SCORING,
    ),
    one("over_most", "pass_mark = 101", ('step = "province"', 'step = "province"\npass_mark = 101'), added=SCORING),
    one(
        "scale_twice",
        'name = "good", # again',
        (
            "most = 60 }",
            SAME_START,
        ),
        added=SCORING,
    ),
    one(
        "scale_order",
        'en = "Late"',
        (
            "most = 60 }",
            UNORDERED,
        ),
        added=SCORING,
    ),
    one(
        "scale_gap",
        'name = "benefit"',
        ("most = 60 }", 'most = 60, marks = [{ words = { zh = "好", en = "Good" }, at_least = 30 }] }'),
        added=SCORING,
    ),
    one(
        "bands_order",
        'grade = "excellent", at_least = 60',
        ('grade = "qualified"', 'grade = "excellent"'),
        ('grade = "excellent"', 'grade = "qualified"'),
    ),
    one("cap_without_band", "excellent_cap = 30", ('  { grade = "excellent", at_least = 90 },\n', "")),
    one(
        "never_passed",
        "bands = [",
        ('grade = "excellent"', 'grade = "rectify"'),
        ('grade = "qualified"', 'grade = "rectify"'),
        ("excellent_cap = 30\n", ""),
    ),
    one("panel_even", "size = 6", added=SCORING + "\n[panel]\nsize = 6\n"),
    one("panel_without_scoring", "[panel]", added="\n[panel]\nsize = 5\n"),
    one(
        "marks_of_a_question",
        "marks = [",
        ('step = "province"', 'step = "province"\nmethod = "ratio"'),
        ("most = 60 }", 'marks = [{ words = { zh = "好", en = "Good" }, at_least = 0 }] }'),
        added=SCORING,
    ),
    one(
        "trim_never",
        "trim_from = 7",
        ('step = "province"', 'step = "province"\nmethod = "trimmed"\ntrim_from = 7'),
        added=SCORING + "\n[panel]\nsize = 5\n",
    ),
    one(
        "ranks_backwards",
        "from_rank = 3, to_rank = 2",
        ("from_rank = 3, to_rank = 5", "from_rank = 3, to_rank = 2"),
        added=CONTEST,
    ),
    one("ranks_overlap", "from_rank = 2,", ("from_rank = 3", "from_rank = 2"), added=CONTEST),
    one("ranks_gap", "from_rank = 4", ("from_rank = 3", "from_rank = 4"), added=CONTEST),
    one("team_field_missing", "team_points = [10, 9]", ('team_field = "studio_name"\n', ""), added=CONTEST),
    one("points_rise", "team_points = [9, 10]", ("[10, 9]", "[9, 10]"), added=CONTEST),
    # Its records.
    one("title_of_nobody", 'of = ["city-studio"]', ('rule = "no_title"', 'rule = "holds_title"\nof = ["city-studio"]')),
    one("fact_of_nobody", 'of = ["accidant"]', ('rule = "no_title"', 'rule = "no_fact"\nof = ["accidant"]')),
    one("amounts_without_field", "amounts = {", ('field = "leader_honour"\namounts', "amounts"), added=FEED),
    one(
        "field_without_amounts",
        'field = "leader_honour" # points',
        ('field = "leader_honour"\namounts = { craftsman = 3 }', 'field = "leader_honour" # points'),
        added=FEED,
    ),
    one("amount_twice", "amount = 5", ("amounts = {", "amount = 5\namounts = {"), added=FEED),
    # Its papers.
    one("pattern_long", "number = '^a", ("[decision]", f"[decision]\nnumber = '^{'a' * 201}$'")),
    one("pattern_invalid", "number = '^(a'", ("[decision]", "[decision]\nnumber = '^(a'")),
    one("pattern_slow", "number = '^(a+)+$'", ("[decision]", "[decision]\nnumber = '^(a+)+$'")),
    one("example_differs", 'example = "15"', ("[decision]", '[decision]\nexample = "15"')),
    one("number_form", 'number = "{name}', ('number = "浙劳创', 'number = "{name}')),
    one("reserved_code", 'code = "system"', ('code = "provincial-studio"', 'code = "system"')),
    one("words_empty", 'label = { zh = "团队人数", en = " " }', ('en = "Team members" }', 'en = " " }')),
    one("words_untranslated", 'en = "团队"', ('en = "Team members" }', 'en = "团队" }')),
    # Its money.
    one("stage_incomplete", "[[subsidies]]", ("yuan = 20000\n", ""), added=SUBSIDY),
    one(
        "chapter_missing",
        'trigger = "reconfirmation"',
        ('trigger = "naming"', 'trigger = "reconfirmation"'),
        added=SUBSIDY,
    ),
    one("key_unused", "after_months = 24", ("yuan = 20000", "yuan = 20000\nafter_months = 24"), added=SUBSIDY),
    one(
        "band_unknown",
        "bands = { B",
        ('trigger = "naming"\nyuan = 20000', 'trigger = "band"\nbands = { B = 200000 }'),
        added=ACCEPTANCE + SUBSIDY,
    ),
    one(
        "amount_wrong",
        "bands = { A = 0",
        ('trigger = "naming"\nyuan = 20000', 'trigger = "band"\nbands = { A = 0 }'),
        added=ACCEPTANCE + SUBSIDY,
    ),
    one(
        "grade_never",
        "needs_grade = true",
        ("yuan = 20000", "yuan = 20000\nneeds_grade = true"),
        *NO_YEARLY,
        added=SUBSIDY,
    ),
]


def line_of(text: str, part: str) -> int:
    """The line on which a part of the text stands for the first time."""
    assert part in text, part
    return text[: text.index(part)].count("\n") + 1


def test_the_file_as_it_is_has_no_finding() -> None:
    assert told(SHIPPED) == []


@pytest.mark.parametrize("broken", BROKEN, ids=[f"{b.code}-{n}" for n, b in enumerate(BROKEN)])
def test_a_broken_file_is_told_its_line_and_code(broken: Broken) -> None:
    text = text_of(broken)

    assert told(text) == [(line_of(text, broken.line), broken.code)]


def test_every_finding_there_is_has_a_broken_file() -> None:
    elsewhere = {"file_too_big", "not_utf8", "too_many", "toml_syntax"}

    assert set(PROGRAMME) - set(PLAN) == {broken.code for broken in BROKEN} | elsewhere


def test_a_file_of_five_megabytes_is_refused_in_a_sentence() -> None:
    (found,) = examined(b"#" * 5_000_000).findings

    assert (found.line, found.code) == (1, "file_too_big")
    assert found.reason() == f"文件有5000000字节，超过上限{LARGEST}字节。"
    assert found.reason("en") == f"The file has 5000000 bytes; the limit is {LARGEST}."


def test_another_encoding_is_told_with_the_line_where_it_shows() -> None:
    (found,) = examined('code = "a"\nname = "工作室"\n'.encode("gb18030")).findings

    assert (found.line, found.code, found.advice()) == (2, "not_utf8", "请用“另存为”选 UTF-8 编码保存后再试。")


def test_a_mark_that_no_toml_has_is_told_with_its_line() -> None:
    assert told('a = 1\nb = "\x01"\n') == [(2, "toml_syntax")]


def test_all_faults_of_form_are_told_at_once_and_names_nobody_knows_with_the_nearest() -> None:
    text = SHIPPED.replace("first_day_counts", "first_day_count").replace("percent = 20", "percent = 101")

    assert [(f.code, f.where, f.details.get("near")) for f in examined(text).findings] == [
        ("out_of_range", "reserve.percent", None),
        ("unknown_key", "notice.first_day_count", "first_day_counts"),
    ]


def test_a_key_nobody_knows_does_not_hide_what_else_is_wrong() -> None:
    text = SHIPPED.replace("cap = 70", "cap = 70\ncaps = 71").replace('"01-31"', '"02-29"')

    assert [code for _, code in told(text)] == ["unknown_key", "no_such_day"]


def test_beyond_two_hundred_findings_only_their_number_is_told() -> None:
    found = examined("".join(f"key{n} = {n}\n" for n in range(300))).findings

    assert (len(found), found[-1].code, found[-1].details["most"]) == (201, "too_many", 200)


def test_a_finding_says_where_why_and_what_to_do_in_both_languages() -> None:
    (found,) = examined(SHIPPED.replace('code = "provincial-studio"', 'code = "system"')).findings

    assert found.told() == {
        "line": 3,
        "severity": "error",
        "code": "reserved_code",
        "where": "code",
        "reason": {"zh": "“system”是系统保留的代码。", "en": "“system” is a code of the system itself."},
        "todo": {
            "zh": "请换一个代码；联席单位的代码须含字母。",
            "en": "Choose another; the code of a joint meeting has letters in it.",
        },
    }


@pytest.mark.parametrize("code", catalogue())
def test_every_programme_of_the_catalogue_is_without_errors(code: str) -> None:
    report = examining.examine((FOLDER / f"{code}.toml").read_bytes())

    assert [(finding.line, finding.code) for finding in report.errors] == []


@pytest.mark.parametrize(
    "pattern",
    [
        r"(?:(?:(?:\d?){19}){19})x", r"(?:(?:\d{0,19}){0,19}){0,19}x", r"\d?" * 60, r"(?:\d\d?){3}x",
        r"(?:\d{1,19}){8}", r"\d{1,19}" * 8, "(?:a|aa)" * 20, r"(?:\d{3})*\d*\d*\d*", r"(?:(?:\d{3}){2}){0,2}",
    ],
)  # fmt: skip
def test_a_pattern_that_repeats_what_varies_is_slow_however_small_its_bounds(pattern: str) -> None:
    assert is_slow(pattern)


@pytest.mark.parametrize(
    "pattern",
    [r"^\S{2,20}〔\d{4}〕\d{1,4}号$", r"\d+-\d+-\d+", r"(?:第)?\d{1,4}号?", r"(?:\d{4}){2}", "(?:甲字|乙字)\\d+"],
)
def test_a_pattern_of_a_few_repeats_side_by_side_is_not_slow(pattern: str) -> None:
    assert not is_slow(pattern)


def test_an_example_longer_than_any_number_differs_from_every_pattern() -> None:
    for n, codes in ((60, []), (61, ["example_differs"])):
        text = SHIPPED.replace("[decision]", f"[decision]\nnumber = '^1+$'\nexample = '{'1' * n}'")
        assert [code for _, code in told(text)] == codes
