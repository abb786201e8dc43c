"""Letters put into words: the phrases of a template, ours or a union's own, filled with what the letter knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from models.errors import InputError
from models.settings import settings
from models.vocabulary import LetterKind
from workflows.post.filling import filled, names_in
from workflows.post.phrases import TEMPLATES as USUAL
from workflows.post.phrases import Template
from workflows.post.phrases_access import ACCESS_LETTERS
from workflows.post.phrases_bulk import BULK_LETTERS
from workflows.post.phrases_deadlines import DEADLINE_LETTERS
from workflows.post.phrases_digest import DIGEST_LETTERS
from workflows.post.phrases_money import MONEY_LETTERS
from workflows.post.phrases_office import OFFICE_LETTERS
from workflows.post.phrases_panels import PANEL_LETTERS
from workflows.post.phrases_path import PATH_LETTERS
from workflows.post.phrases_slate import SLATE_LETTERS
from workflows.post.phrases_titles import TITLE_LETTERS
from workflows.post.phrases_ways import WAY_LETTERS
from workflows.post.saying import NOTHING, said

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["TEMPLATES", "UNWRITABLE", "Template", "fields", "linked", "ours", "render"]

UNWRITABLE = (InputError, ValueError, TypeError, LookupError, AttributeError)
"""What `render` raises for a letter that cannot be said; the last four where its row holds no values of ours."""

TEMPLATES: dict[str, Template] = {
    **USUAL, **PATH_LETTERS, **MONEY_LETTERS, **TITLE_LETTERS, **SLATE_LETTERS, **BULK_LETTERS,
    **OFFICE_LETTERS, **PANEL_LETTERS, **DEADLINE_LETTERS, **DIGEST_LETTERS, **ACCESS_LETTERS, **WAY_LETTERS,
}  # fmt: skip

# What a letter knows beside its template's own facts: said below the body of every letter that has it.
FACTS = {
    "subject": ("申报项目", "Studio"),
    "receipt": ("受理编号", "Receipt number"),
    "round": ("批次", "Round"),
    "link": ("办理页面", "Page"),
}
_DUE = ("办理期限", "Due")
_GREETING = ("您好：", "Dear colleague,")
_END = (
    "本邮件由申报系统自动发送，请勿直接回复。",
    "Sent by the application system; replies are not read.",
)
_MARK = {LetterKind.ACTION: ("【请办理】", "[Action] "), LetterKind.INFORMATION: ("【通知】", "")}


def render(
    template: str, params: Mapping[str, Any], language: str, *,
    strict: bool = False, words: tuple[str, str] | None = None,
) -> tuple[str, str]:  # fmt: skip
    """Subject and body of a letter in `en`, or else in Chinese; times are Beijing time.

    `words`: a union's own subject and body instead of ours; mark, greeting, facts and end stay.
    What is missing is shown as a dash, so that no letter stays behind for it; `strict` raises
    InputError `letter_field` instead. Raises InputError `letter_template` for an unknown one,
    FaultsError for own words that are no template.
    """
    tongue = int(language.startswith("en"))
    found = _template(template)
    texts = words or (found.zh, found.en)[tongue]
    if strict:
        _require_all(template, set().union(*(names_in(text) for text in texts)) if words else fields(template), params)
    subject, body = (filled(text, params, tongue) for text in texts)
    title = " ".join(f"{_MARK[found.kind][tongue]}{subject}{_about(params, tongue)}".split())
    facts = _facts(params, tongue, due=found.kind is LetterKind.ACTION and "due_at" not in names_in(texts[1]))
    return title, "\n\n".join(filter(None, (_GREETING[tongue], body.strip(), facts, _END[tongue]))) + "\n"


def fields(template: str, *languages: str) -> set[str]:
    """The params that a template uses in these languages (none: any), the optional ones aside."""
    found = TEMPLATES[template]._asdict()
    return {name for language in languages or ("zh", "en") for text in found[language] for name in names_in(text)}


def ours(template: str, language: str) -> tuple[str, str]:
    """Our own subject and body in `en`, or else in Chinese. Raises InputError `letter_template`."""
    found = _template(template)
    return found.en if language.startswith("en") else found.zh


def linked(params: Mapping[str, Any]) -> Mapping[str, Any]:
    """The params with a whole address where the letter holds the path of a page."""
    path = str(params.get("link") or "")
    if not path.startswith("/"):
        return params
    chosen = settings()
    address = chosen.public_url or f"http://{chosen.web_host}:{chosen.web_port}"
    return {**params, "link": f"{address.rstrip('/')}{path}"}


def _template(template: str) -> Template:
    if (found := TEMPLATES.get(template)) is None:
        raise InputError("letter_template", template=template)
    return found


def _require_all(template: str, names: set[str], params: Mapping[str, Any]) -> None:
    lacking = sorted(name for name in names if params.get(name) in NOTHING)
    if lacking:
        raise InputError("letter_field", template=template, field=lacking[0])


def _facts(params: Mapping[str, Any], tongue: int, *, due: bool) -> str:
    shown = {**FACTS, "due_at": _DUE} if due else FACTS
    known = ((label[tongue], name) for name, label in shown.items() if params.get(name))
    colon = ("：", ": ")[tongue]
    return "\n".join(f"{label}{colon}{said(name, params[name], tongue)}" for label, name in known)


def _about(params: Mapping[str, Any], tongue: int) -> str:
    return f"{('：', ': ')[tongue]}{params['subject']}" if params.get("subject") else ""
