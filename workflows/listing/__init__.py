"""A tier's list from its first ranking to the tier above, and back."""
