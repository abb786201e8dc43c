"""What a rehearsal is made of: its script, its world, its stage and the boring path in one word."""
