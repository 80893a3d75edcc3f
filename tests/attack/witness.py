"""False statements made of true ones, letter by letter, each certified false by numbers under the shapes anybody would read."""

from __future__ import annotations

import random
from typing import Any

import numpy as np

from tests.attack.statements import Statement
from tests.mutations import SLOPE, slip
from tests.typed import Typed, Undefined, tokens

LETTERS = "mnkpqrstuv"
SIZES = (dict(zip(LETTERS, (3, 2, 4, 5, 6, 3, 2, 4, 5, 6), strict=True)), dict(zip(LETTERS, (5, 3, 2, 4, 2, 5, 6, 3, 4, 2), strict=True)),
         dict.fromkeys(LETTERS, 3))

class Witness:
    """Evaluates a statement and its variants, at unequal sizes and at equal ones, which a claim may ask for: inv(X) says X is square."""

    def __init__(self, s: Statement, seed: int = 0) -> None:
        self.s = s
        self.points = []
        for k, sizes in enumerate(SIZES):
            rng = np.random.default_rng([seed, k])
            values = {}
            for name, letters in s.shapes.items():
                rows, cols = (*(sizes[x] for x in letters), 1, 1)[:2]
                a = rng.uniform(0.2, 1.0, (rows, cols))
                values[name] = a + np.eye(rows) if letters == "nn" else a
            loss = SLOPE.findall(s.right)
            want, names = self.left(values, sizes, loss[0] if loss else "")
            self.points.append((names, sizes, want))

    def defined(self, values: dict[str, Any], sizes: dict[str, int]) -> Typed:
        """The evaluator with the definitions in, but for names that have a value."""
        typed = Typed(values, sizes)
        for line in self.s.define:
            name, _, body = line.partition("=")
            if name.strip() not in values:
                typed.values[name.strip()] = typed(body)
        return typed

    def left(self, values: dict[str, Any], sizes: dict[str, int], loss: str) -> tuple[Any, dict[str, Any]]:
        """The left side, and all names; a loss is taken as sum(sin(Y) + Y.^2), whose slope is known."""
        s, here = self.s, self.defined(values, sizes)
        of = s.of
        if loss:
            of = f"sum(sin({loss}) + {loss}.^2)"
            here.values["slope_"] = np.cos(here.values[loss]) + 2 * here.values[loss]
        if not s.by:
            return here(of), here.values
        columns, step = [], 1e-5
        x, moving = here.values[s.by], {s.by}
        for line in s.define:
            name, _, body = line.partition("=")
            if not moving.isdisjoint(tokens(body)):
                moving.add(name.strip())
        still = {name: value for name, value in here.values.items() if name not in moving}
        for j in range(x.shape[1]):
            for i in range(x.shape[0]):
                there = []
                for h in (step, -step):
                    moved = x.copy()
                    moved[i, j] += h
                    there.append(self.defined({**still, s.by: moved}, sizes)(of))
                columns.append(((there[0] - there[1]) / (2 * step)).reshape(-1, order="F"))
        jacobian = np.stack(columns)
        return (jacobian.reshape(x.shape, order="F") if jacobian.shape[1] == 1 else jacobian), here.values

    def verdict(self, right: str) -> str:
        """"false" or "true" where it is so at all sizes, "unclear" where not, or where it cannot be read or has no value."""
        first, *others = self.points
        found = self.at(right, *first)
        return found if all(self.at(right, *point) == found for point in others) else "unclear"

    def at(self, right: str, names: dict[str, Any], sizes: dict[str, int], want: Any) -> str:
        """The same at one point; what has no shape is false."""
        try:
            got = Typed(names, sizes)(SLOPE.sub("slope_", right))
        except (Undefined, AssertionError, IndexError):
            return "unclear"
        except (ValueError, np.linalg.LinAlgError):
            return "false"
        if got.shape != want.shape and got.size > 1:
            return "false"
        gap = np.abs(got - want).max() / (1e-3 + np.abs(want).max())
        return "false" if gap > 1e-3 else "unclear" if gap > 1e-5 or got.shape != want.shape else "true"


def false_claims(source: list[tuple[Statement, Witness]], count: int, rng: random.Random) -> list[tuple[Statement, str]]:
    """Statements with right sides that are false, none twice."""
    out: dict[tuple[str, str], tuple[Statement, str]] = {}
    while len(out) < count:
        s, witness = rng.choice(source)
        right = rng.choice(s.bent) if s.bent and rng.random() < 0.1 else s.right
        for _ in range(rng.choice([1, 1, 1, 2])):
            right = slip(right, rng, [*s.shapes, *(d.partition("=")[0].strip() for d in s.define)])
        if right.strip() and right != s.right and witness.verdict(right) == "false":
            out[";".join(s.define), s.claim(right)] = s, right
    return list(out.values())
