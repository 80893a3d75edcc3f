"""Sentences of a sheet, taken apart into what they say of names."""
