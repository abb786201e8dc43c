"""The tables of `docs/letters.md`: every letter with its occasion and words, and every name with an example."""

from models.labels import LABELS
from models.vocabulary import LetterKind
from workflows.post.occasions import OCCASIONS
from workflows.post.proofreading import needed
from workflows.post.samples import SAMPLES
from workflows.post.saying import said
from workflows.post.wording import FACTS, TEMPLATES, fields


def letters() -> str:
    """Every letter: when it is written and to whom, what its words must say, and ours in both languages."""
    heads = ["代码 code", "何时 when", "寄给 to whom", "性质 kind", "必须写明 must say", "文本", "text"]
    rows = []
    for name, told in OCCASIONS.items():
        found = TEMPLATES[name]
        kind = " ".join(LABELS[LetterKind][found.kind])
        must = " ".join(f"`{one}`" for one in sorted(needed(name))) or "-"
        texts = ["<br>".join((f"**{subject}**", body)) for subject, body in (found.zh, found.en)]
        rows.append([
            f"`{name}`", f"{told.when_zh} {told.when_en}", f"{told.whom_zh} {told.whom_en}", kind, must, *texts
        ])  # fmt: skip
    return _table(heads, rows)


def names() -> str:
    """Every name that some letter knows, with what an example of it becomes in both languages."""
    known = sorted({name for template in TEMPLATES for name in fields(template)} | set(FACTS))
    rows = [
        [f"`{name}`", *(" ".join(said(name, SAMPLES.get(name), tongue).split()) for tongue in (0, 1))] for name in known
    ]
    return _table(["名称 name", "例如", "for instance"], rows)


def _table(heads: list[str], rows: list[list[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)
