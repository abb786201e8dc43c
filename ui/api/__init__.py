"""JSON under /api/v1: every question and verb by name, from the same two tables as the command line."""
