"""What the papers list and the code knows better: `python -m tests.documents` writes it anew."""

import inspect
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

from typer.main import get_command

from models import errors, vocabulary
from models.labels import LABELS
from models.programme import shipped
from models.vocabulary import Act, CountersignState, Role, Rung, State, Thing
from tests import letters_told
from tests.countersigned import CASES
from ui.cli import app
from workflows import table
from workflows.charts.advance import diagram
from workflows.record.acting import Actor, Sitting
from workflows.record.verb import QUERIES, VERBS
from workflows.rules import permissions
from workflows.rules.office_words import REASONS, Need

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
REGION = "<!-- made by tests/documents.py: {name} -->\n\n{body}\n\n<!-- end -->"
_COUNTY, _CITY, _PROVINCE, _UNIT = "county", "city", "province", "unit"

# Which thing each verb claims, and as which act: these ask workflows/rules/permissions.py.
CLAIMS: dict[str, tuple[Thing, Act]] = {
    "revise": (Thing.APPLICATION, Act.REVISE),
    "attach": (Thing.APPLICATION, Act.ATTACH),
    "detach": (Thing.APPLICATION, Act.DETACH),
    "submit": (Thing.APPLICATION, Act.SUBMIT),
    "resubmit": (Thing.APPLICATION, Act.RESUBMIT),
    "withdraw": (Thing.APPLICATION, Act.WITHDRAW),
    "check": (Thing.APPLICATION, Act.CHECK),
    "return": (Thing.APPLICATION, Act.SEND_BACK),
    "refuse": (Thing.APPLICATION, Act.REFUSE),
    "reply": (Thing.APPLICATION, Act.REPLY),
    "score": (Thing.APPLICATION, Act.SCORE),
    "inspect": (Thing.APPLICATION, Act.INSPECT),
    "appeal": (Thing.APPLICATION, Act.APPEAL),
    "transfer": (Thing.APPLICATION, Act.TRANSFER),
    "delegate": (Thing.APPLICATION, Act.DELEGATE),
    "take-back": (Thing.APPLICATION, Act.TAKE_BACK),
    "hold": (Thing.APPLICATION, Act.HOLD),
    "release": (Thing.APPLICATION, Act.RELEASE),
    "countersign": (Thing.APPLICATION, Act.COUNTERSIGN),
    "add-signer": (Thing.APPLICATION, Act.ADD_SIGNER),
    "drop-signer": (Thing.APPLICATION, Act.DROP_SIGNER),
    "call-off": (Thing.APPLICATION, Act.CALL_OFF),
    "rule-on-appeal": (Thing.APPLICATION, Act.RULE),
    "rank": (Thing.SLATE, Act.RANK),
    "seal": (Thing.SLATE, Act.SEAL),
    "send-up": (Thing.SLATE, Act.SEND_UP),
    "recall": (Thing.SLATE, Act.RECALL),
    "open": (Thing.SLATE, Act.OPEN),
    "accept": (Thing.SLATE, Act.ACCEPT),
    "send-down": (Thing.SLATE, Act.SEND_DOWN),
    "attach-minutes": (Thing.SLATE, Act.ATTACH),
    "rank-text": (Thing.SLATE, Act.RANK),
    "publish": (Thing.SLATE, Act.PUBLISH),
    "decide": (Thing.SLATE, Act.DECIDE),
    "correct": (Thing.NOTICE, Act.CORRECT),
    "close": (Thing.NOTICE, Act.CLOSE),
    "attach-proof": (Thing.NOTICE, Act.ATTACH),
    "admit": (Thing.OBJECTION, Act.ADMIT),
    "answer-correction": (Thing.OBJECTION, Act.ANSWER),
    "take-up": (Thing.OBJECTION, Act.TAKE_UP),
    "extend-answer": (Thing.OBJECTION, Act.EXTEND),
    "report-back": (Thing.OBJECTION, Act.REPORT_BACK),
    "settle": (Thing.OBJECTION, Act.DISMISS),
    "suspend": (Thing.TITLE, Act.SUSPEND),
    "resume": (Thing.TITLE, Act.RESUME),
    "revoke": (Thing.TITLE, Act.REVOKE),
    "end-title": (Thing.TITLE, Act.END),
    "report-departure": (Thing.TITLE, Act.DEPART),
    "propose-successor": (Thing.TITLE, Act.NOMINATE),
    "settle-succession": (Thing.TITLE, Act.SUCCEED),
    "withdraw-decision": (Thing.TITLE, Act.REVOKE),
    "correct-decision": (Thing.TITLE, Act.CORRECT),
    "report": (Thing.ASSESSMENT, Act.REPORT),
    "assess": (Thing.ASSESSMENT, Act.ASSESS),
    "rectify": (Thing.ASSESSMENT, Act.RECTIFY),
    "recheck": (Thing.ASSESSMENT, Act.RECHECK),
    "request-subsidy": (Thing.SUBSIDY, Act.REQUEST),
    "approve-subsidy": (Thing.SUBSIDY, Act.APPROVE),
    "return-subsidy": (Thing.SUBSIDY, Act.SEND_BACK),
    "pay": (Thing.SUBSIDY, Act.PAY),
    "pay-many": (Thing.SUBSIDY, Act.PAY),
    "account-for": (Thing.SUBSIDY, Act.ACCOUNT_FOR),
    "close-subsidy": (Thing.SUBSIDY, Act.END),
    "recover": (Thing.SUBSIDY, Act.RECOVER),
    "cancel-subsidy": (Thing.SUBSIDY, Act.CANCEL),
    "revise-expert": (Thing.EXPERT, Act.REVISE),
    "retire-expert": (Thing.EXPERT, Act.END),
    "replace-member": (Thing.PANEL, Act.REPLACE),
    "assign": (Thing.PANEL, Act.ASSIGN),
    "reassign": (Thing.PANEL, Act.ASSIGN),
    "dissolve-panel": (Thing.PANEL, Act.CALL_OFF),
    "move-on": (Thing.MEETING, Act.MOVE_ON),
    "close-meeting": (Thing.MEETING, Act.CLOSE),
    "issue": (Thing.ROUND, Act.ISSUE),
    "allot": (Thing.ROUND, Act.ISSUE),
    "finish": (Thing.ROUND, Act.END),
    "extend": (Thing.ROUND, Act.EXTEND),
}


class Position(NamedTuple):
    """Somebody as the matrix sees them."""

    zh: str
    en: str
    who: Actor


def _sitting(zh: str, en: str, *seats: Sitting) -> Position:
    return Position(zh, en, Actor("somebody", "", "", seats=seats))


POSITIONS = (
    Position("申报人", "the applicant", Actor("applicant", "", "")),
    _sitting("本单位申报员", "clerk of the unit", Sitting(_UNIT, Role.CLERK)),
    _sitting("经办工会审核员", "reviewer at the desk", Sitting(_COUNTY, Role.REVIEWER)),
    _sitting("上一级审核员", "reviewer of the tier above", Sitting(_CITY, Role.REVIEWER)),
    _sitting("命名工会审核员", "reviewer of the deciding union", Sitting(_PROVINCE, Role.REVIEWER)),
    _sitting("命名工会管理员", "its administrator", Sitting(_PROVINCE, Role.ADMINISTRATOR)),
    _sitting("无关人员", "anybody else", Sitting("elsewhere", Role.REVIEWER)),
)
# An application in county review; the county's slate, sent up to the city; an objection that the
# city investigates and the province settles; a title that the province gave.
ROWS: dict[Thing, Any] = {
    Thing.APPLICATION: SimpleNamespace(
        applicant_id="applicant",
        organization=_UNIT,
        state=State.COUNTY_REVIEW,
        desk=_COUNTY,
        handler_id=None,
        delegated_by=None,
        on_hold=False,
    ),
    Thing.SLATE: SimpleNamespace(organization=_COUNTY, sent_to=_CITY),
    Thing.NOTICE: SimpleNamespace(organization=_PROVINCE),
    Thing.OBJECTION: SimpleNamespace(organization=_PROVINCE, investigator=_CITY),
    Thing.TITLE: SimpleNamespace(organization=_UNIT, decider=_PROVINCE),
    Thing.ASSESSMENT: SimpleNamespace(organization=_UNIT, decider=_PROVINCE),
    Thing.SUBSIDY: SimpleNamespace(organization=_UNIT, decider=_PROVINCE),
    Thing.EXPERT: SimpleNamespace(organization=_PROVINCE),
    Thing.PANEL: SimpleNamespace(desk=_PROVINCE),
    Thing.MEETING: SimpleNamespace(desk=_PROVINCE),
    Thing.ROUND: SimpleNamespace(organization=_PROVINCE),
}


def permission_matrix() -> str:
    """Who may do what, asked of the rule itself; a dash stands for `not_your_desk`."""
    heads = [f"{position.zh} {position.en}" for position in POSITIONS]
    rows = [
        [f"{LABELS[Thing][thing][0]} {thing.value}", f"`{name}`", *_answers(thing, act)]
        for name, (thing, act) in CLAIMS.items()
    ]
    return _table(["对象 thing", "动作 verb", *heads], rows)


def _answers(thing: Thing, act: Act) -> Iterator[str]:
    for position in POSITIONS:
        code = permissions.refusal(position.who, act, thing, ROWS[thing])
        yield {None: "✓", "not_your_desk": "—"}.get(code, f"`{code}`")


def commands() -> str:
    """Every command of the command line with its arguments, options and purpose."""
    rows = [
        [f"`shenbao {path}`", "<br>".join(_parameters(command)) or "-", _cell(command.help or "")]
        for path, command in command_line()
    ]
    return _table(["command", "arguments and options", "what it does"], rows)


def command_line() -> list[tuple[str, Any]]:
    """Every command by its path: `up`, `audit verify`. Typer's own types of them are private."""
    return list(_leaves("", get_command(app)))


def _leaves(path: str, command: Any) -> Iterator[tuple[str, Any]]:
    if hasattr(command, "commands"):
        for name, below in command.commands.items():
            yield from _leaves(f"{path} {name}".strip(), below)
    else:
        yield path, command


def _parameters(command: Any) -> Iterator[str]:
    for parameter in command.params:
        name = parameter.opts[-1] if parameter.param_type_name == "option" else parameter.opts[0].upper()
        shown = name if parameter.required or name.startswith("-") else f"[{name}]"
        yield f"`{shown}` {_cell(getattr(parameter, 'help', None) or '')}".strip()


def verbs() -> str:
    """Every verb with its arguments; `*` marks those that must be given."""
    return _callables("do", VERBS)


def questions() -> str:
    """Every question with its arguments."""
    return _callables("ask", QUERIES)


def _callables(kind: str, known: dict[str, Callable[..., Any]]) -> str:
    listed = table.catalogue()[kind]
    rows = [[f"`{name}`", _arguments(arguments), _cell(_purpose(known[name]))] for name, arguments in listed.items()]
    return _table(["name", "arguments", "meaning"], rows)


def _arguments(arguments: dict[str, str]) -> str:
    told = [f"`{name}`{'*' if kind.endswith('*') else ''} {_kind(kind)}" for name, kind in arguments.items()]
    return ", ".join(told) or "-"


def _kind(kind: str) -> str:
    """A type in words: what can be chosen is listed, the rest named plainly."""
    bare = kind.rstrip("*").replace(" | None", "").replace("datetime.", "")
    if bare.startswith("Literal"):
        return " or ".join(re.findall(r"'([^']+)'", bare))
    words = getattr(vocabulary, bare, None)
    if words is not None:
        return " or ".join(word.value for word in words)
    if bare.startswith("list["):
        return "list of objects" if "dict" in bare else "list"
    return "object" if bare.startswith("dict[") else {"str": "text", "int": "number"}.get(bare, bare)


def _purpose(function: Callable[..., Any]) -> str:
    """The docstring up to its first empty line."""
    return (inspect.getdoc(inspect.unwrap(function)) or "").split("\n\n")[0]


def exit_codes() -> str:
    """Every kind of error with its exit code and HTTP status."""
    kinds = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, errors.ShenbaoError)]
    kinds.sort(key=lambda kind: (kind.exit_code, kind.__name__))
    rows = [
        [
            str(kind.exit_code),
            f"`{kind.__name__}`",
            str(kind.http_status),
            _cell(inspect.getdoc(kind) or ""),
        ]
        for kind in kinds
    ]
    return _table(["exit code", "kind of error", "HTTP", "meaning"], rows)


def charts() -> str:
    """The charts as Mermaid; the application's only with the tiers of the shipped programme."""
    ladder = {step.desk for step in shipped("provincial-studio").ladder}
    gone = [rung for rung in Rung if rung not in ladder]
    drawn = [(Thing.APPLICATION, diagram(Thing.APPLICATION, without=gone))]
    drawn += [(thing, diagram(thing)) for thing in (Thing.SLATE, Thing.TITLE, Thing.ASSESSMENT, Thing.SUBSIDY)]
    return "\n\n".join(
        f"### {LABELS[Thing][thing][0]} {thing.value}\n\n```mermaid\n{text}\n```" for thing, text in drawn
    )


def countersigning() -> str:
    """What a countersign comes to, from the table that its test asks the rule."""
    rows = [
        [case.zh, case.en, f"`{case.votes}`", f"{LABELS[CountersignState][case.state][0]} {case.state.value}"]
        for case in CASES
    ]
    return _table(["情形", "situation", "votes", "结果 outcome"], rows)


_NEEDS = {
    Need.ALWAYS: "须写 required",
    Need.AGAINST: "不同意时须写 required to disagree",
    Need.AGAIN: "未通过后再次会签时须写 required after one that failed",
    Need.NEVER: "可不写 optional",
}


def reasons() -> str:
    """Which acts among colleagues need words, from the table that the verbs ask."""
    rows = [[f"{LABELS[Act][act][0]} {LABELS[Act][act][1]}", f"`{act.value}`", _NEEDS[n]] for act, n in REASONS.items()]
    return _table(["动作 act", "verb", "理由 words"], rows)


MADE: dict[str, dict[str, Callable[[], str]]] = {
    "architecture.md": {"charts": charts},
    "commands.md": {
        "commands": commands,
        "verbs": verbs,
        "questions": questions,
        "exit codes": exit_codes,
    },
    "letters.md": {"names": letters_told.names, "letters": letters_told.letters},
    "office.md": {"countersigning": countersigning, "reasons": reasons},
    "security.md": {"permissions": permission_matrix},
}


def renewed(page: str, text: str) -> str:
    """A page's text with all that is made in it made anew. Raises ValueError for a lost place."""
    for name, make in MADE[page].items():
        begin, end = REGION.format(name=name, body="\0").split("\0")
        before, found, rest = text.partition(begin)
        if not found or end not in rest:
            message = f"{page} has no place for {name}"
            raise ValueError(message)
        text = before + begin + make() + end + rest.split(end, 1)[1]
    return text


def main() -> None:
    """Write every page's made parts anew."""
    for page in MADE:
        file = DOCS / page
        file.write_text(renewed(page, file.read_text(encoding="utf-8")), encoding="utf-8")


def _table(heads: list[str], rows: list[list[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


if __name__ == "__main__":
    main()
