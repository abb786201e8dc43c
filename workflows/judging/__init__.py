"""Experts and what they give: pools, draws, panels, sheets, contests."""
