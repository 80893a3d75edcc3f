"""The error for a derivation that cannot be finished."""

from __future__ import annotations

from typing import Any


class Unfinished(Exception):
    """No rule gives a closed form: `message` says where, `steps` are those taken so far. The engine never returns a wrong zero."""

    kind = "Unfinished"

    def __init__(self, why: str, hint: str | None = None) -> None:
        super().__init__(why)
        self.why = self.message = why
        self.hint = hint
        self.line: int | None = None
        self.column: int | None = None
        self.steps: list[Any] = []

    def __str__(self) -> str:
        return self.why + (f"\n  hint: {self.hint}" if self.hint else "")
