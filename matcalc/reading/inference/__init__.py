"""The shapes of names that nobody declared."""
