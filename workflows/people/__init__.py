"""Accounts, seats, sessions and the tree of organisations."""
