"""The shapes of names that is not declared."""
