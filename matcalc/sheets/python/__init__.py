"""Lines in Python: what their names mean, and the shapes of their arrays."""
