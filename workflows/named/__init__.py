"""What follows a naming: assessments, terms, successors, ends."""
