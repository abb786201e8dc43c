"""Statecharts: which act is possible when, and where it leads."""
