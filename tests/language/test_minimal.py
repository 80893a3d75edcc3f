"""Brackets that are taken away change nothing: the tokens are read to the same raw tree."""

from __future__ import annotations

import random
from typing import Any

from matcalc.reading.latex.minimal import minimal
from matcalc.reading.reader import Reader
from matcalc.reading.tokens import Line, written


def tree(text: str) -> Any:
    """The raw tree of a text, without places."""
    line = Line(text)
    stack: list[Any] = []
    for op, _, data in Reader(line).whole():
        if op in ("name", "number"):
            stack.append(str(data))
        elif op == "+":
            stack[-len(data):] = [("+", tuple(data), *stack[-len(data):])]
        elif op in ("*", ".*", "kron"):
            out, *parts = stack[-len(data) - 1:]
            for at, part in zip(data, parts, strict=True):
                out = (line.tokens[at], out, part)
            stack[-len(data) - 1:] = [out]
        elif op in ("^", ".^", "derivative"):
            stack[-2:] = [(op, *stack[-2:])]
        else:
            stack[-1:] = [(op, data if op == "call" else "", stack[-1])]
    return stack[0]


def made(rng: random.Random, depth: int) -> str:
    """A text with more brackets than it needs, and with as many as it needs."""
    def inner() -> str:
        return made(rng, depth - 1)

    def perhaps() -> str:
        return f"({inner()})" if rng.random() < 0.6 else inner()
    if depth == 0 or rng.random() < 0.15:
        return rng.choice(["a", "x", "A", "2", "1"])
    forms = (lambda: perhaps() + rng.choice([" + ", " - "]) + perhaps(), lambda: perhaps() + rng.choice(["*", "/", ".*", "./"]) + perhaps(),
             lambda: f"({inner()})^({inner()})", lambda: f"({inner()}).^({inner()})", lambda: f"({inner()})'", lambda: f"-{perhaps()}",
             lambda: f"exp({inner()})", lambda: f"((({inner()})/({inner()})))", lambda: f"(d({inner()})/d(x))",
             lambda: f"({inner()})⊗({inner()})")
    return str(rng.choice(forms)())


def test_fewer_brackets_are_the_same_tree() -> None:
    rng, shorter = random.Random(5), 0
    for _ in range(4_000):
        text = made(rng, 4)
        found = written(minimal(text))
        assert tree(found) == tree(text), (text, found)
        shorter += len(found) < len(text)
    assert shorter > 1_500
