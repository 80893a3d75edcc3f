"""Brackets that are taken away change nothing: the tokens are read to the same raw tree."""

from __future__ import annotations

import random
from typing import Any

import pytest

from matcalc.reading.latex.texts import minimal
from matcalc.reading.grammar.reader import Reader
from matcalc.reading.grammar.tokens import Line, written
from tests.random_expressions import Grammar, Random


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


# Any operator inside of any other, of no shape: more brackets are put around operands at random, and some forms need theirs.
BRACKETS = Grammar("@e | a  x  A  2  1", """
@e | {@e} + {@e}  {@e} - {@e}  {@e}*{@e}  {@e}/{@e}  {@e}.*{@e}  {@e}./{@e}  ({@e})^({@e})  ({@e}).^({@e})  ({@e})'  -{@e}  exp({@e})
   ((({@e})/({@e})))  (d({@e})/d(x))  ({@e})⊗({@e})
""", early=0.15)


@pytest.mark.slow
def test_fewer_brackets_are_the_same_tree() -> None:
    rng, shorter = random.Random(5), 0
    for _ in range(4_000):
        text = Random(BRACKETS, rng).tree("@e", 4).text(dressed=lambda part: f"({part})" if rng.random() < 0.4 else part)
        found = written(minimal(text))
        assert tree(found) == tree(text), (text, found)
        shorter += len(found) < len(text)
    assert shorter > 1_500
