"""What several pages draw alike: words, tokens, an application's form and history."""
