"""Bringing files in: organisations, persons, earlier titles and facts, row by row accounted for."""

from workflows.importing.columns import template
from workflows.importing.loading import check_import, load_import

__all__ = ["check_import", "load_import", "template"]
