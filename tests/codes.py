"""Which codes the product can give to people, read from its source, with their details."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple, get_args

from models.programme import FieldRule, Words
from workflows.rules import forms

ROOT = Path(__file__).parents[1]
# What the doctor and the proof of the journal find: the place of the code among the arguments.
FINDERS = {"Fault": 0, "_fault": 0, "Violation": 1}
# What else puts a code into words, and the details that it adds by itself.
TELLERS = {
    "self._fault": {"file", "step", "line", "what", "expected", "came", "why"},
    "words.code": set(),
    "explain": set(),
}
CODE = re.compile(r"[a-z][a-z0-9_]*")
Function = ast.FunctionDef | ast.AsyncFunctionDef


class Site(NamedTuple):
    """A place that gives a code to people; `given` None where the details cannot be read there."""

    code: str
    place: str
    given: frozenset[str] | None


@cache
def trees() -> dict[str, ast.Module]:
    """The product's files by their path."""
    files = (file for part in ("models", "workflows", "ui") for file in (ROOT / part).rglob("*.py"))
    return {
        file.relative_to(ROOT).as_posix(): ast.parse(file.read_text(encoding="utf-8"), file.name)
        for file in sorted(files)
        if "migrations" not in file.parts
    }


@cache
def errors() -> frozenset[str]:
    """Our own errors, by name."""
    bases = {
        node.name: {ast.unparse(base).split(".")[-1] for base in node.bases}
        for tree in trees().values()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }
    known = {"ShenbaoError"}
    while more := {name for name, parents in bases.items() if parents & known} - known:
        known |= more
    return frozenset(known)


@cache
def known() -> dict[str, list[tuple[str, Function]]]:
    """Every function by its name, with its file."""
    index: dict[str, list[tuple[str, Function]]] = {}
    for path, tree in trees().items():
        for node in ast.walk(tree):
            if isinstance(node, Function):
                index.setdefault(node.name, []).append((path, node))
    return index


def functions(file: str | None, name: str) -> Iterator[tuple[str, Function]]:
    """The functions of a name in one file, or in any."""
    yield from (one for one in known().get(name, ()) if file in (None, one[0]))


class Reader:
    """Which codes an expression can be, read from the source of the function around it."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.seen: set[tuple[str, str]] = set()

    def codes(self, node: ast.expr | None, around: ast.AST) -> Iterator[tuple[str, frozenset[str] | None]]:
        match node:
            case ast.Constant(value=str(code)) if CODE.fullmatch(code):
                yield code, None
            case ast.IfExp():
                yield from self.codes(node.body, around)
                yield from self.codes(node.orelse, around)
            case ast.Tuple(elts=[first, ast.Dict(keys=keys)]):
                given = frozenset(str(key.value) for key in keys if isinstance(key, ast.Constant))
                yield from ((code, given) for code, _ in self.codes(first, around))
            case ast.Name(id=name):
                for value in assigned(self.file, around, name):
                    yield from self.codes(value, around)
            case ast.Subscript(value=ast.Name() as whole):
                yield from self.codes(whole, around)
            case ast.Call():
                yield from self.answered(node)

    def answered(self, call: ast.Call) -> Iterator[tuple[str, frozenset[str] | None]]:
        """What a function called by name can answer."""
        *module, name = ast.unparse(call.func).split(".")
        files = [f for f in trees() if module and f.endswith(f"/{module[-1].removesuffix('_of')}.py")]
        candidates = [(p, f) for p, f in functions(None, name) if not module or not files or p in files]
        local = [(p, f) for p, f in candidates if p == self.file]
        for path, function in local if not module and local else candidates:
            if (path, name) not in self.seen:
                self.seen.add((path, name))
                inner = Reader(path)
                inner.seen = self.seen
                for node in ast.walk(function):
                    if isinstance(node, ast.Return):
                        yield from inner.codes(node.value, function)


def assigned(file: str, around: ast.AST, name: str) -> Iterator[ast.expr]:
    """What a function puts into a name, by `=`, `:=` or a loop, alone or as one of several."""
    for node in ast.walk(around):
        match node:
            case ast.Assign(targets=[ast.Name(id=found)], value=value) if found == name:
                yield value
            case ast.NamedExpr(target=ast.Name(id=found), value=value) if found == name:
                yield value
            case (
                ast.For(target=ast.Tuple(elts=targets), iter=source)
                | ast.Assign(targets=[ast.Tuple(elts=targets)], value=source)
            ):
                for place, target in enumerate(targets):
                    if isinstance(target, ast.Name) and target.id == name:
                        yield from (t.elts[place] for t in tuples(file, around, source))


def tuples(file: str, around: ast.AST, source: ast.expr) -> Iterator[ast.Tuple]:
    """The tuples that are taken apart: of a list in a name, or answered by a function."""
    lists = assigned(file, around, source.id) if isinstance(source, ast.Name) else ()
    found = [one for whole in lists if isinstance(whole, ast.Tuple | ast.List) for one in whole.elts]
    if isinstance(source, ast.Call):
        for _, function in functions(file, ast.unparse(source.func)):
            answers = [n.value for n in ast.walk(function) if isinstance(n, ast.Yield | ast.Return)]
            found += [answer for answer in answers if answer is not None]
    yield from (one for one in found if isinstance(one, ast.Tuple))


def calls() -> Iterator[tuple[str, ast.AST, ast.Call]]:
    """Every call, with its file and the outermost function around it."""
    for file, tree in trees().items():
        for outer in tree.body:
            inner = [n for n in outer.body if isinstance(n, Function)] if isinstance(outer, ast.ClassDef) else [outer]
            for around in inner:
                for node in ast.walk(around):
                    if isinstance(node, ast.Call):
                        yield file, around, node


@cache
def sites() -> tuple[Site, ...]:
    """Every place that gives a code to people."""
    return (*raised(), *found(), *told(), *ruled(), *worded(), *kept(), *misread())


def raised() -> Iterator[Site]:
    """Codes of our own errors, and codes given as the reason of one."""
    for file, around, call in calls():
        name = ast.unparse(call.func).split(".")[-1]
        base = ast.unparse(call.func) == "super().__init__"
        if name not in errors() and not base:
            continue
        details = frozenset(k.arg for k in call.keywords if k.arg)
        seen_whole = None not in {k.arg for k in call.keywords} and not base
        for code, returned in Reader(file).codes(call.args[0] if call.args else None, around):
            seen = returned if returned is not None else details if seen_whole else None
            yield Site(code, f"{file}:{call.lineno}", seen)
        for keyword in call.keywords:
            if keyword.arg == "reason" and isinstance(keyword.value, ast.Constant):
                yield Site(str(keyword.value.value), f"{file}:{call.lineno}", frozenset())


def found() -> Iterator[Site]:
    """Codes in `{"code": ...}`: faults of a form, and answers of the web face."""
    for file, tree in trees().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Dict):
                keys = [k.value if isinstance(k, ast.Constant) else None for k in node.keys]
                if "code" in keys:
                    value = node.values[keys.index("code")]
                    given = frozenset(str(key) for key in keys)
                    for code, _ in Reader(file).codes(value, tree if file.startswith("ui/") else node):
                        yield Site(code, f"{file}:{node.lineno}", given)


def told() -> Iterator[Site]:
    """Faults whose code is made of the field's kind: whatever cannot be read as that kind."""
    kinds = get_args(FieldRule.model_fields["kind"].annotation)
    for kind in kinds:
        rule = FieldRule(name="some_field", label=Words(zh="某栏", en="Some field"), kind=kind)
        _, fault = forms.value_of(rule, "?")
        if fault is not None:
            yield Site(fault["code"], f"workflows/rules/forms.py {kind}", frozenset(fault))


def ruled() -> Iterator[Site]:
    """Codes that a rule answers with instead of raising: why not, as `str | None`."""
    for file, tree in trees().items():
        for rule in ast.walk(tree):
            if isinstance(rule, Function) and file.startswith("workflows/") and _says_why(rule):
                for node in ast.walk(rule):
                    if isinstance(node, ast.Return) and not isinstance(node.value, ast.Call):
                        for code, _ in Reader(file).codes(node.value, rule):
                            yield Site(code, f"{file}:{node.lineno}", None)


def kept() -> Iterator[Site]:
    """Codes kept on a row and said later: why an objection is a lead."""
    file = "workflows/rules/objections.py"
    for node in trees()[file].body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in ("LEADS", "WITHDRAWN", "CORRECTION"):
            for part in ast.walk(node.value):
                if isinstance(part, ast.Constant):
                    yield Site(str(part.value), f"{file}:{node.lineno}", None)


def misread() -> Iterator[Site]:
    """Codes of mistakes in a ranking as text, each with its details."""
    file = "workflows/rules/ranking_text.py"
    for node in ast.walk(trees()[file]):
        match node:
            case ast.Call(func=ast.Name(id="Mistake"), args=[_, ast.Constant(value=str(code)), ast.Dict(keys=keys)]):
                yield Site(
                    code, f"{file}:{node.lineno}", frozenset({"line", *(ast.literal_eval(k) for k in keys if k)})
                )
            case ast.Call(func=ast.Attribute(attr="_wrong"), args=[_, ast.Constant(value=str(code))], keywords=told):
                yield Site(code, f"{file}:{node.lineno}", frozenset({"line", *(k.arg for k in told if k.arg)}))


def _says_why(rule: Function) -> bool:
    return rule.returns is not None and ast.unparse(rule.returns) == "str | None"


def worded() -> Iterator[Site]:
    """Codes put into words where they stand."""
    for file, around, call in calls():
        added = TELLERS.get(ast.unparse(call.func))
        if added is not None and call.args:
            whole = len(call.args) == 1 or added
            given = frozenset(added | {k.arg or "" for k in call.keywords}) if whole else None
            for code, _ in Reader(file).codes(call.args[0], around):
                yield Site(code, f"{file}:{call.lineno}", given)


@cache
def findings() -> tuple[Site, ...]:
    """Every place that finds something amiss in the rows, the files or the journal, not one that reads it back."""
    return tuple(
        Site(code, f"{file}:{call.lineno}", None)
        for file, around, call in calls()
        if (place := FINDERS.get(ast.unparse(call.func))) is not None and len(call.args) > place
        for code, _ in Reader(file).codes(call.args[place], around)
    )


def hidden() -> set[str]:
    """The places that give a code which cannot be read from the source."""
    places = dict.fromkeys(errors() - {"FaultsError"}, 0) | {"Violation": 1}
    return {
        f"{file}:{call.lineno} {ast.unparse(call.args[place])}"
        for file, around, call in calls()
        if (place := places.get(ast.unparse(call.func).split(".")[-1])) is not None
        if len(call.args) > place and not isinstance(call.args[place], ast.Attribute)
        if not [*Reader(file).codes(call.args[place], around)]
    }
