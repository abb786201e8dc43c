"""Numbered decisions, their corrections and withdrawals, and what every gate asks."""
