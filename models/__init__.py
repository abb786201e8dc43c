"""Nouns: what is stored, and what a programme is."""
