"""The parts of a programme file, one module a chapter; `models/programme.py` is the whole."""
