"""The text, the tree as typed and the expression built of it, side by side at random points: they must be worth the same.

`python -m tests.language.differential COUNT` prints the first disagreement and ends with 1, for a copy of the package with a fault in it.
"""

from __future__ import annotations

import random
import sys
import warnings
from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np

from matcalc.language.nodes import Name
from matcalc.reading.parse import Problem, problem
from matcalc.language.shape import InputError
from tests.attack.redundant import DECLARED, text
from tests.proof import book_identities, identities
from tests.published import CASES
from tests.reference import Reference, close
from tests.typed import Typed, Undefined

SIZES = (2, 3, 4, 5)


class Asked:
    """A text with its declarations and definitions."""

    def __init__(self, declare: Any, expr: str, define: Any = ()) -> None:
        self.declare, self.expr, self.define = tuple(d for d in declare if "->" not in d), expr, tuple(define or ())

    def __str__(self) -> str:
        return f"{self.expr} where {', '.join(self.define)} ({', '.join(self.declare)})"


def drawn(n: Name, sizes: dict[str, int], rng: np.random.Generator) -> Any:
    """A value with the structure of a name; of either sign, where it may be."""
    shape = tuple(d.value(sizes) for d in n.shape)
    a = rng.uniform(0.2, 1.1, shape)
    if not n.words & {"positive", "simplex"} and rng.random() < 0.7:
        a = a * (2.0 * rng.integers(0, 2, shape) - 1)           # choice takes ten times as long
    structures = {"spd": lambda: a @ a.T + np.eye(len(a)), "symmetric": lambda: a + a.T, "skew": lambda: a - a.T,
                  "diagonal": lambda: np.diag(np.diag(a)), "lower": lambda: np.tril(a), "upper": lambda: np.triu(a),
                  "orthogonal": lambda: np.linalg.qr(a)[0], "simplex": lambda: a / a.sum(axis=0 if shape[1] == 1 else 1, keepdims=True)}
    for word, make in structures.items():
        if word in n.words:
            return make()
    return a


def values(p: Problem, given: Asked, seed: int) -> tuple[dict[str, Any], dict[Name, Any], dict[str, int]]:
    """A point: values by name and by variable, sizes; the definitions by their texts."""
    names = sorted({s for v in p.variables.values() for d in v.shape for s in d.names} | set(p.scope.origins))
    order = random.Random(seed)
    sizes = {s: order.choice(SIZES) for s in names}
    rng = np.random.default_rng([seed, *sizes.values()])
    at = {v: drawn(v, sizes, rng) for v in p.variables.values()}
    typed = Typed({v.name: a for v, a in at.items()}, sizes)
    for line in given.define:
        name, _, body = line.partition("=")
        typed.values[name.strip()] = typed(body)
    return typed.values, at, sizes


def worth(p: Problem, at: dict[Name, Any], sizes: dict[str, int]) -> Any:
    """What the reference finds for the function of a problem."""
    reference = Reference(at, sizes)
    with np.errstate(all="ignore"):
        for name, body in p.definitions:
            reference.values[name] = reference(body)
        return reference(p.f)


def compared(given: Asked, seed: int) -> str:
    """"same", "undefined", "refused", or what differs."""
    try:
        p = problem(declare=given.declare, define=given.define, expr=given.expr)
    except InputError as error:
        return f"refused: {error}"
    found = "undefined"
    for k in range(2):
        try:
            by_name, at, sizes = values(p, given, 2 * seed + k)
            want = Typed(by_name, sizes)(given.expr)
        except Undefined:
            continue
        for what, q in (("built", p), ("as typed", p.as_typed())):
            try:
                got = worth(q, at, sizes)
            except np.linalg.LinAlgError:
                got = np.full(want.shape, np.nan)
            if not close(got, want, 1e-5):
                return f"{what}: {q.f} is {got.tolist()}, the text is {want.tolist()} at {sizes}"
            try:
                shown = Typed(by_name, sizes)(str(q.f))
            except Undefined:
                continue
            if not close(shown, want, 1e-5):
                return f"{what}, as shown: {q.f} is {shown.tolist()}, the text is {want.tolist()} at {sizes}"
        found = "same"
    return found


def published() -> Iterator[Asked]:
    """The texts of the tables, those with a differential or an abstract function left out."""
    asked = [Asked(c["declare"], e, c["define"]) for c in CASES for e in (c["expr"], c["expected"]) if e and not c.get("where")]
    asked += [Asked(table.DECLARE, side) for table in (identities, book_identities) for row in (*table.TRUE, *table.FALSE)
              for side in row.split("==")]
    for given in asked:
        whole = " ".join((given.expr, *given.define))
        if not any(mark in whole.replace(" ", "") for mark in ("d(", "f(", "g(", "h(", "f'", "grad", "hess", "jac", "->")):
            yield given


def generated(rng: random.Random, rate: float = 0.35) -> Iterator[Asked]:
    """Random texts without end."""
    while True:
        yield Asked(DECLARED, text(rng, rate))


def run(asked: Any, seed: int) -> tuple[Counter[str], list[str]]:
    """How many were what, and what differs."""
    counts: Counter[str] = Counter()
    faults = []
    for k, given in enumerate(asked):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = compared(given, seed + k)
        counts[found if found in ("same", "undefined") else found.partition(":")[0] if found.startswith("refused") else "different"] += 1
        if counts["different"] > len(faults):
            faults.append(f"{given}: {found}")
    return counts, faults


def main() -> int:
    """A short run for a copy with a fault: 1 where the fault is seen."""
    rng = random.Random(5)
    source = generated(rng, 0.8)
    for k in range(int(sys.argv[1])):
        given = next(source)
        found = compared(given, k)
        if not found.startswith(("same", "undefined", "refused")):
            print("different:", given, found)
            return 1
    print("no difference")
    return 0


if __name__ == "__main__":
    sys.exit(main())
