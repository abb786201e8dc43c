"""What a countersign comes to, case by case: the test asks the rule, docs/office.md shows the table."""

from typing import NamedTuple

from models.vocabulary import CountersignRule as Rule
from models.vocabulary import CountersignState as State


class Case(NamedTuple):
    """Votes as letters, in order: `+` agrees, `-` disagrees, `.` has not signed."""

    zh: str
    en: str
    rule: Rule
    percent: int
    votes: str
    state: State


ALL, ANY, RATIO = Rule
OPEN, PASSED, FAILED, _ = State
# Each line one situation; where it says "then", the line before it is what it comes from.
CASES = (
    Case("会签：都未签", "all: nobody has signed", ALL, 100, "...", OPEN),
    Case("会签：只差一人", "all: one is missing", ALL, 100, "++.", OPEN),
    Case("会签：全部同意", "all: everybody agrees", ALL, 100, "+++", PASSED),
    Case("会签：一人不同意，已不可能通过", "all: one refusal, it can no longer pass", ALL, 100, "-..", FAILED),
    Case("会签：运行中加签，须再等一人", "all: then a signer is added and awaited", ALL, 100, "++.", OPEN),
    Case(
        "会签：减去最后一名未签的，即通过",
        "all: the one who had not signed is dropped",
        ALL,
        100,
        "++",
        PASSED,
    ),
    Case("或签：一人同意即通过", "any: one agrees", ANY, 100, ".+.", PASSED),
    Case("或签：一人不同意，仍等其他人", "any: one refusal, the others may still agree", ANY, 100, "-..", OPEN),
    Case("或签：全部不同意", "any: everybody refuses", ANY, 100, "---", FAILED),
    Case(
        "或签：减去唯一未签的，即未通过",
        "any: the only one who had not signed is dropped",
        ANY,
        100,
        "--",
        FAILED,
    ),
    Case("票签三分之二以上：提前达到", "67 %: reached early", RATIO, 67, "+++.", PASSED),
    Case("票签50%：四人须两人", "50 % of four: two are enough", RATIO, 50, "++..", PASSED),
    Case("票签50%：五人须三人（向上取整）", "50 % of five: three, rounded up", RATIO, 50, "++...", OPEN),
    Case("票签50%：五人中三人不同意", "50 % of five: three refuse", RATIO, 50, "---..", FAILED),
    Case(
        "票签50%：加签后所需人数增加",
        "50 %: then one is added, and one more is needed",
        RATIO,
        50,
        "+-+..",
        OPEN,
    ),
    Case("票签50%：减签后达到比例", "50 %: then one is dropped, and it is reached", RATIO, 50, "+-+.", PASSED),
    Case(
        "票签75%：减签后已不可能达到",
        "75 %: one is dropped, and it cannot be reached",
        RATIO,
        75,
        "+-.",
        FAILED,
    ),
    Case("票签1%：至少一人同意", "1 %: one at least must agree", RATIO, 1, "...", OPEN),
)
