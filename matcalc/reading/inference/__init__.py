"""The shapes of undeclared names."""
