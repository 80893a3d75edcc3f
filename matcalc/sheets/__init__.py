"""Derivations by hand, marked line by line."""
