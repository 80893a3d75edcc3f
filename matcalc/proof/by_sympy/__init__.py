"""The judge that writes every entry out in SymPy."""
