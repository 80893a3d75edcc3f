"""Patterns that are compiled when they are first used: most commands use few, and compiling all took a quarter of a start."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from re import compile as pattern
else:
    class pattern:  # noqa: N801
        """What re.compile gives, made at the first question asked of it."""

        def __init__(self, text: str, flags: int = 0) -> None:
            self.pattern, self.asked = text, flags

        def __getattr__(self, name: str) -> Any:
            found = getattr(re.compile(self.pattern, self.asked), name)
            setattr(self, name, found)
            return found

__all__ = ["pattern"]
