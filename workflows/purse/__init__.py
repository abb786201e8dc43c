"""Money for a title, by two hands."""
