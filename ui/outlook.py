"""A dry run of many acts in words, for the command line and the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.text import explain
from models.vocabulary import Thing
from workflows.post.wording import TEMPLATES

if TYPE_CHECKING:
    from models.bulk import Batch
    from workflows.batches.applying import Outlook
    from workflows.record.foreseeing import Step


def lines(told: Outlook, language: str = "zh") -> list[str]:
    """Every consequence of a plan: how many, each case by name, places, letters, and what is impossible and why."""
    said = [summary(told, language)]
    said += [_step(step, language) for step in told.foreseen.steps]
    said += [explain("plan_places", used._asdict(), language) for used in told.places if used.uses]
    said += [_letters(name, n, language) for name, n in told.letters.items()]
    if told.lasting:
        said.append(explain("plan_lasting", {"acts": told.lasting}, language))
    if told.impossible:
        said.append(impossible(told, language))
    if told.known is not None:
        said.append(known(told.known, language))
    return said


def summary(told: Outlook, language: str = "zh") -> str:
    """How many are done and cannot be, and how many letters are written, in one sentence."""
    counts = {"impossible": len(told.impossible) or None, "letters": len(told.foreseen.letters) or None}
    return explain("plan_outlook", {"moves": told.moves, **counts}, language)


def impossible(told: Outlook, language: str = "zh") -> str:
    """Every row that cannot be done, with its line and the sentence of its refusal."""
    rows = [one._asdict() for one in told.impossible]
    return explain("plan_impossible", {"count": len(rows), "of": len(rows) + told.moves, "rows": rows}, language)


def known(batch: Batch, language: str = "zh") -> str:
    """That a plan was applied before, and as which batch."""
    return explain("plan_known", {"at": batch.at, "batch": batch.id}, language)


def applied(batch: Batch, language: str = "zh") -> str:
    """What a batch did."""
    told = {"cases": batch.counts["cases"], "skipped": batch.counts["skipped"] or None}
    return explain("plan_applied", {"batch": batch.id, **told}, language)


def _step(step: Step, language: str) -> str:
    state = step.target if step.target != step.source and step.thing in (Thing.APPLICATION, Thing.SLATE) else None
    return explain("plan_step", {"receipt": step.receipt, "subject": step.subject, "thing": step.thing,
                                 "act": step.act, "state": state}, language)  # fmt: skip


def _letters(name: str, n: int, language: str) -> str:
    pair = TEMPLATES[name].en if language == "en" else TEMPLATES[name].zh
    return explain("plan_letters", {"template": pair[0], "count": n}, language)
