"""Templates of letters: sandboxed Jinja2, of which only names, `if` and our filters are understood."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from models.errors import FaultsError
from workflows.post import saying

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from collections.abc import Set as AbstractSet

    from jinja2 import Template as Compiled

FILTERS = {
    "date": saying.as_date,
    "moment": saying.as_moment,
    "money": saying.as_money,
    "list": saying.as_list,
}
# Whatever repeats, computes, calls or looks into things is not there: a letter costs what its length says.
_UNDERSTOOD = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Filter, nodes.If, nodes.Not, nodes.And,
    nodes.Or,
)  # fmt: skip
_DEEPEST = 12  # one within another
_KEPT = 4096


def _environment() -> ImmutableSandboxedEnvironment:
    made = ImmutableSandboxedEnvironment(
        # Letters are plain text: nothing in them is markup.
        autoescape=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    for table in (made.globals, made.filters, made.tests):
        table.clear()
    made.filters.update(FILTERS)
    return made


_ENVIRONMENT = _environment()


def filled(source: str, params: Mapping[str, Any], tongue: int) -> str:
    """A template with the params put in, which are not looked at again. Raises FaultsError as `names_in`."""
    compiled, names = _compiled(source)
    return compiled.render({name: saying.said(name, params.get(name), tongue) for name in names})


def names_in(source: str) -> AbstractSet[str]:
    """The names a template shows or asks for.

    Raises FaultsError with what is no template of ours: `wording_syntax`, `wording_filter`, `wording_word`, each
    with its line.
    """
    return _compiled(source)[1].keys()


def places_of(source: str) -> dict[str, int]:
    """The names a template shows or asks for, each with the line (from 1) where it is first. Raises as `names_in`."""
    return _compiled(source)[1]


def faults_of(source: str, field: str = "letter_body") -> list[dict[str, Any]]:
    """What makes the text of a field no template, in the order of its lines: code, line (from 1), what was given."""
    try:
        tree = _ENVIRONMENT.parse(source)
    except TemplateSyntaxError as error:
        return [{"field": field, "code": "wording_syntax", "line": error.lineno, "words": error.message or ""}]
    except RecursionError:
        return [{"field": field, "code": "wording_deep", "line": 1, "most": _DEEPEST}]
    return list(_strange(tree, field))


@lru_cache(maxsize=_KEPT)
def _compiled(source: str) -> tuple[Compiled, dict[str, int]]:
    if faults := faults_of(source):
        raise FaultsError(faults)
    tree = _ENVIRONMENT.parse(source)
    names: dict[str, int] = {}
    for name in tree.find_all(nodes.Name):
        names.setdefault(name.name, name.lineno)
    return _ENVIRONMENT.from_string(tree), names


def _strange(tree: nodes.Node, field: str, depth: int = 0) -> Iterator[dict[str, Any]]:
    """What the text uses beyond names, `if` and our filters, or too deep for a letter."""
    for node in tree.iter_child_nodes():
        if isinstance(node, nodes.Filter) and node.name not in FILTERS:
            yield {"field": field, "code": "wording_filter", "line": node.lineno, "given": node.name,
                   "known": sorted(FILTERS)}  # fmt: skip
        elif not isinstance(node, _UNDERSTOOD) or _with_arguments(node):
            yield {"field": field, "code": "wording_word", "line": node.lineno, "given": type(node).__name__.lower()}
        elif depth > _DEEPEST:
            yield {"field": field, "code": "wording_deep", "line": node.lineno, "most": _DEEPEST}
        else:
            yield from _strange(node, field, depth + 1)


def _with_arguments(node: nodes.Node) -> bool:
    """Whether a filter is given more than the name it stands behind."""
    if not isinstance(node, nodes.Filter):
        return False
    return not isinstance(node.node, nodes.Name) or bool(node.args or node.kwargs or node.dyn_args or node.dyn_kwargs)
