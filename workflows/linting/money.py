"""Money: each stage has what its trigger needs, amounts that can be paid, and bands that exist."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflows.linting.finding import Raw, error, nearest, warning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.programme import Programme, Subsidy
    from workflows.linting.finding import Path

_NEEDS = {
    "naming": ("yuan",),
    "band": ("bands",),
    "anniversary": ("after_months", "yuan"),
    "reconfirmation": ("yuan",),
}


def findings(programme: Programme) -> Iterator[Raw]:
    """What is wrong with the stages of the subsidy."""
    for n, stage in enumerate(programme.subsidies):
        path: Path = ("subsidies", n)
        yield from _trigger(programme, path, stage)
        yield from _amounts(programme, path, stage)
        if stage.needs_grade and not (programme.assessment or programme.acceptance or programme.reconfirmation):
            yield error((*path, "needs_grade"), "grade_never", stage=stage.stage)


def _trigger(programme: Programme, path: Path, stage: Subsidy) -> Iterator[Raw]:
    needs = _NEEDS[stage.trigger]
    for key in needs:
        if not getattr(stage, key):
            yield error(path, "stage_incomplete", stage=stage.stage, trigger=stage.trigger, key=key)
    if stage.trigger == "band" and programme.acceptance is None:
        yield error((*path, "trigger"), "chapter_missing", stage=stage.stage, chapter="acceptance")
    if stage.trigger == "reconfirmation" and programme.reconfirmation is None:
        yield error((*path, "trigger"), "chapter_missing", stage=stage.stage, chapter="reconfirmation")
    for key in ("after_months", "yuan", "bands"):
        if getattr(stage, key) and key not in needs:
            yield warning((*path, key), "key_unused", stage=stage.stage, trigger=stage.trigger, key=key)


def _amounts(programme: Programme, path: Path, stage: Subsidy) -> Iterator[Raw]:
    bands = [band.name for band in programme.acceptance.bands if band.name] if programme.acceptance else []
    for name, yuan in stage.bands.items():
        if name not in bands and programme.acceptance is not None:
            yield error((*path, "bands", name), "band_unknown", given=name, near=nearest(name, bands), known=bands)
        if yuan <= 0:
            yield error((*path, "bands", name), "amount_wrong", given=yuan)
