"""Rules, verbs and clocks: what may happen, what happens, and when it happens by itself."""
