"""What a reviewer does with a case, and who at a desk does it for whom."""
