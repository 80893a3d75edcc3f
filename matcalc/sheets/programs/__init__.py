"""Python files with a gradient or a backward pass, marked as sheets."""
