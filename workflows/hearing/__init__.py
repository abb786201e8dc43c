"""Public notice and objection."""
