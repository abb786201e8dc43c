"""Prefect's flows: the only folder that imports Prefect."""
