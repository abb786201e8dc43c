"""The linter never falls over, whatever the bytes, and always says something about a file that is wrong."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workflows.linting.test_findings import (
    ACCEPTANCE,
    CONTEST,
    FEED,
    FLOOR,
    JOINT,
    POOLS,
    SCORING,
    SHIPPED,
    SUBSIDY,
)
from workflows.linting import lint
from workflows.linting.lines import line_at, lines_of
from workflows.linting.reading import DEEPEST

WHOLE = SHIPPED + SCORING + SUBSIDY + ACCEPTANCE + FLOOR + POOLS + JOINT + CONTEST + FEED
LINES = WHOLE.split("\n")
# What stands after an equals sign, in every kind and out of every range.
VALUES = st.one_of(
    st.sampled_from([
        "true", "[]", "{}", "[[]]", '""', '"\\u0000"', "nan", "inf", "-inf", "1e400", "0xffffffffffffffffffffffffff",
        "9" * 5000, "-1", "0", "1", "9999-12-31", "0001-01-01", "2024-02-29", "00:00:00", "1979-05-27T07:32:00Z",
        '"02-29"', '"13-01"', "'(a+)+$'", "'(((((((((a'", "'[[a]]'", "'a{99999999999999999999}'", '"{0}"', '"{year!r}"',
        '"' + "长" * 3000 + '"', '["a", 1, [2], {a = 3}]', '"""多\n行"""', "{ zh = 1 }", '["county", "county"]',
    ]),
    st.integers().map(str),
    st.floats().map(str),
    st.dates().map(str),
    st.text(alphabet="ab长\\{}[]^$*+?()|.0", max_size=12).map(lambda text: f"'{text}'"),
)  # fmt: skip


def examined(data: bytes | str) -> None:
    """Judge a file; each finding has a line of the file and words in both languages."""
    report = lint(data, today=date(2026, 3, 3))
    count = data.count(b"\n" if isinstance(data, bytes) else "\n") + 1  # type: ignore[arg-type]
    for finding in report.findings:
        assert 1 <= finding.line <= count
        told = finding.told()
        assert all([*told["reason"].values(), *told["todo"].values()])
    assert report.programme is not None or report.errors


@given(st.binary(max_size=3000))
def test_any_bytes(data: bytes) -> None:
    examined(data)


@given(st.text(max_size=600))
def test_any_text(text: str) -> None:
    examined(text)


@settings(max_examples=300)
@given(st.integers(0, len(LINES) - 1), VALUES)
def test_any_value_at_any_key(n: int, value: str) -> None:
    key, sign, _ = LINES[n].partition("=")
    examined("\n".join([*LINES[:n], f"{key}={value}" if sign else value, *LINES[n + 1 :]]))


@settings(max_examples=200)
@given(st.lists(st.tuples(st.integers(0, len(LINES) - 1), st.integers(0, len(LINES) - 1)), max_size=6))
def test_any_lines_swapped_doubled_and_lost(moves: list[tuple[int, int]]) -> None:
    lines = list(LINES)
    for source, target in moves:
        if source % 3:
            lines.insert(target, lines[source])
        else:
            lines[source], lines[target] = lines[target], ""
    examined("\n".join(lines))


@settings(max_examples=200)
@given(st.data())
def test_any_bytes_put_in_cut_out_and_changed(data: st.DataObject) -> None:
    raw = bytearray(WHOLE.encode())
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(raw) - 1))
        end = min(len(raw), place + data.draw(st.integers(0, 40)))
        raw[place:end] = data.draw(st.binary(max_size=8))
    examined(bytes(raw))


@pytest.mark.parametrize("text", [
    "a = " + "[" * 20000,
    "a = " + "[" * 200 + "]" * 200,
    "a = " + "{ a = " * 3000,
    ".".join("a" * 20000) + " = 1",
    "[" + ".".join("a" * 20000) + "]",
    "[[" + "a" * 100000 + "]]\n" * 3,
    "a" * 290000,
    '"' * 290000,
    "'''" + "x" * 200000,
    "[[fields]]\n" * 20000,
    "x = [" + "1," * 100000 + "]",
    "\n" * 299000,
    "#" * 299999,
    "a = 0x" + "f" * 200000,
    "ladder = [" + "{ desk = 'county', days = 1 }," * 5000 + "]",
    SHIPPED + FLOOR * 500,
    SHIPPED.replace("criteria = [", "criteria = [" + '"topics",' * 5000),
    SHIPPED.replace('body = "', f"number = '{'(' * 150}a{')' * 150}'\nbody = \""),
    WHOLE.encode("utf-16").decode("latin-1"),
])  # fmt: skip
def test_what_was_made_to_keep_it_busy(text: str) -> None:
    examined(text)


def test_the_line_of_every_key_is_the_line_it_stands_on() -> None:
    text = (
        'a = 1 # [x]\nb = """\n[c]\nd = 2\n"""\n[e]\nf = [\n  { g = 1 },\n  { g = "]" },\n]\n\'h i\'.j = 3\n'
        "[[k.l]]\nm = 1\n\n[[k.l]] # =\nm.n = { o = [1,\n2] }\n[k.l.p]\nq = 1\n"
    )

    at = lines_of(text)

    wanted = {
        ("a",): 1, ("b",): 2, ("e",): 6, ("e", "f"): 7, ("e", "f", 0): 8, ("e", "f", 0, "g"): 8, ("e", "f", 1): 9,
        ("e", "h i", "j"): 11, ("k", "l", 0): 12, ("k", "l", 0, "m"): 13, ("k", "l", 1): 15,
        ("k", "l", 1, "m", "n"): 16,
        ("k", "l", 1, "m", "n", "o", 1): 17, ("k", "l", 1, "p"): 18, ("k", "l", 1, "p", "q"): 19,
    }  # fmt: skip
    assert {path: at.get(path) for path in wanted} == wanted
    assert line_at(at, ("k", "l", 0, "missing")) == 12


def test_a_table_may_stand_as_deep_as_the_limit_and_no_deeper() -> None:
    deep = ".".join("a" * DEEPEST)

    assert [f.code for f in lint(f"{deep} = 1", today=date(2026, 3, 3)).findings][-1] != "too_deep"
    assert [f.code for f in lint(f"{deep}.a = 1", today=date(2026, 3, 3)).findings] == ["too_deep"]
