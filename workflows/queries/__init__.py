"""Reads, one file a question; each starts from what the asker may see."""
