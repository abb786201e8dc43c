"""Every code has a sentence in both languages, which asks for no more than is given."""

from __future__ import annotations

import re

import pytest

from models.sentences import PARTS, SENTENCES
from models.sentences_findings import FINDINGS
from models.text import explain, finding
from tests.codes import findings, hidden, sites

SLOT = re.compile(r"\{(\w+)(?::\w+)?\}")
OPTIONAL = re.compile(r"\[[^\[\]]*\]")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def needs(text: str) -> set[str]:
    """The details a sentence cannot do without."""
    return set(SLOT.findall(OPTIONAL.sub("", text)))


def test_every_code_has_a_sentence() -> None:
    missing = sorted({f"{s.code}  ({s.place})" for s in sites() if s.code not in SENTENCES})

    assert not missing, "Codes without a sentence in models/sentences*.py:\n" + "\n".join(missing)


def test_every_sentence_is_said_somewhere() -> None:
    assert sorted(set(SENTENCES) - {site.code for site in sites()}) == []


def test_no_code_is_hidden_from_these_tests() -> None:
    assert sorted(hidden()) == []


def test_a_sentence_asks_for_no_detail_that_a_place_does_not_give() -> None:
    asked = {
        f"{site.place} {site.code}: {sorted(lacking)}"
        for site in sites()
        if site.given is not None
        for text in SENTENCES.get(site.code, ())
        if (lacking := needs(text) - site.given)
    }

    assert sorted(asked) == []


def test_an_optional_detail_is_given_by_some_place() -> None:
    offered: dict[str, set[str]] = {}
    for site in sites():
        offered.setdefault(site.code, set()).update(site.given or ())
    unread = {site.code for site in sites() if site.given is None}
    unseen = {
        f"{code}: {sorted(lacking)}"
        for code in SENTENCES.keys() - unread
        for text in SENTENCES[code]
        if (lacking := set(SLOT.findall(text)) - needs(text) - offered.get(code, set()))
    }

    assert sorted(unseen) == []


def test_both_languages_use_the_same_details() -> None:
    differing = {c for c, (zh, en) in SENTENCES.items() if set(SLOT.findall(zh)) != set(SLOT.findall(en))}
    needed = {code for code, (zh, en) in SENTENCES.items() if needs(zh) != needs(en)}

    assert (differing, needed) == (set(), set())


def test_no_code_has_two_sentences() -> None:
    assert len(SENTENCES) == sum(map(len, PARTS))


@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_a_sentence_without_its_details_still_stands(code: str) -> None:
    zh, en = (explain(code, {}, language) for language in ("zh", "en"))

    assert not set("{}[]") & set(zh + en)
    assert zh.endswith(("。", "：", "）"))
    assert en.endswith((".", ":", ")"))
    assert CHINESE.search(zh)
    assert not CHINESE.search(en)


@pytest.mark.parametrize("code", sorted({s.code for s in sites() if "forms.py" in s.place}))
def test_a_fault_names_its_field_as_the_form_does(code: str) -> None:
    said = explain(code, {"field": "leader_name"}, "zh", {"leader_name": "领衔人姓名"})

    assert said.startswith("“领衔人姓名”")


def test_every_finding_has_a_sentence_and_every_sentence_a_finding() -> None:
    found = {site.code: site.place for site in findings()}
    missing = [f"{code}  ({place})" for code, place in sorted(found.items()) if code not in FINDINGS]

    assert not missing, "Without a sentence in models/sentences_findings.py:\n" + "\n".join(missing)
    assert sorted(FINDINGS.keys() - found.keys()) == []


@pytest.mark.parametrize("name", sorted(FINDINGS))
def test_a_finding_says_what_is_amiss_with_which_row(name: str) -> None:
    zh, en = (finding(name, "slate 0a1b", "1 <> 2", language) for language in ("zh", "en"))

    assert zh.endswith("（1 <> 2）。")
    assert en.endswith(" (1 <> 2).")
    assert not set("{}[]") & set(zh + en)
    assert not CHINESE.search(en)
    assert ("推荐名单 0a1b" in zh) == ("late 0a1b" in en) == ("{subject}" in FINDINGS[name][0])
