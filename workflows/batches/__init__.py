"""Many at once: plans from a file, their undoing, lists as files."""
