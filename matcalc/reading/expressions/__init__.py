"""Postfix code as expressions, by shape; and as the trees that were typed, which are judged."""
