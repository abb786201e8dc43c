"""What every verb stands on: who acts, what is held, how a move is written down and proved."""
