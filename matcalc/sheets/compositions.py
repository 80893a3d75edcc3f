"""h = f \\circ g: a function made of others, at the point where the sheet takes it."""

from __future__ import annotations

import re

from ..reading.latex.names import Names

from ..reading.latex.tokens import GREEK, Tokens


def composition(side: Tokens, names: Names) -> list[str]:
    """f and g of f \\circ g, f' of f'; empty where this is no composition of functions."""
    said = [t for t, _ in side]
    slope = GREEK.get(said[0].removeprefix("\\"), said[0]) if len(said) == 2 and said[1] == "'" else ""
    if slope in names.curves:
        return [f"{slope}'"]
    functions = [t.removeprefix("\\") for t in said[::2]]
    made = len(said) > 2 and len(said) % 2 and set(said[1::2]) == {r"\circ"}
    known = all(names.function(f) or len(names.arguments.get(f, ())) == 1 for f in functions)
    return functions if made and known else []


def point(name: str, text: str) -> str:
    """The x of h(x), wherever that stands in a file."""
    found = re.search(rf"(?<![A-Za-z]){name}\s*(?:\\left)?\(\s*\\?([A-Za-z]+)\s*(?:\\right)?\)", text)
    return found[1] if found is not None else "x"


def at_point(functions: list[str], x: str, names: Names) -> str:
    """f(g(x)), functions that the sheet defines written out."""
    out = x
    for f in reversed(functions):
        if names.function(f.rstrip("'")):
            out = f"{f}({out})"
        else:
            body, given = names.bodies[f], names.arguments[f][0]
            out = re.sub(rf"\b{given}\b", lambda _, inner=out: f"({inner})", body)     # type: ignore[misc]
    return out
