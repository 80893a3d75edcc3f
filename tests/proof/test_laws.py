"""The laws of the all-sizes judge one by one: each by summation at random values and sizes wherever it is used, and each with
its preconditions broken, where nothing false may be proved."""

from __future__ import annotations

import math
import os
import random
from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from matcalc.language.expr import ONE, Apply, Expr, InputError, Name, Number, T, mul
from matcalc.language.parse import Problem, problem
from matcalc.proof import points
from matcalc.proof.indices import prove_equation
from matcalc.proof.normalform import Stuck
from matcalc.proof.summation import Summation
from tests.proof.law_table import LAWS
from tests.proof.test_indices import differentiates, direct, drawn, summed
from tests.proof.test_soundness import nodes, put
from tests.proof.watched import Watch
from tests.reference import close

SEED = int(os.environ.get("MATCALC_SEED", "20261127"))
VARIANTS = int(os.environ.get("MATCALC_VARIANTS", "2500"))
SIZES = ({"n": 3, "m": 2, "k": 4}, {"n": 2, "m": 3, "k": 3}, {"n": 1, "m": 1, "k": 1}, {"n": 4, "m": 2, "k": 1}, {"n": 2, "m": 2, "k": 2})
WEAKER = {"symmetric": ("", "skew"), "skew": ("", "symmetric"), "spd": ("symmetric", ""), "positive": ("",), "orthogonal": ("", "symmetric"),
          "simplex": ("positive", ""), "lower": ("", "upper"), "upper": ("", "lower"), "diagonal": ("symmetric", "lower", "")}
TEXTS = [(law, declared, text) for law, rows in LAWS.items() for declared, texts in rows for text in texts]


def values_at(p: Problem, sizes: dict[str, int], rng: np.random.Generator) -> dict[Name, Any]:
    return {x: drawn(x, sizes, rng) for x in p.variables.values() if x.kind == "variable"}


@pytest.mark.parametrize("law", LAWS)
def test_each_law_by_summation(law: str, monkeypatch: pytest.MonkeyPatch, tally: Any) -> None:
    """What is proved with it is so; both sides mean what was typed; each use of a law, of any, equals what it replaces."""
    watch = Watch(monkeypatch)
    right: Counter[str] = Counter()
    for _, declared, text in (t for t in TEXTS if t[0] == law):
        p = problem(declare=declared, prove=text)
        assert p.prove is not None
        watch.clear()
        assert prove_equation(p, *p.prove).kind == "proved", text
        uses = list(watch.uses)
        for number, sizes in enumerate(SIZES):
            values = values_at(p, sizes, np.random.default_rng([SEED, number]))
            known = {n.name: x.tolist() for n, x in values.items()}
            for name, alg, check in uses:
                try:
                    same = check(Summation(alg, sizes, known))
                except (ValueError, ArithmeticError, TypeError, np.linalg.LinAlgError, KeyError):
                    continue        # no value there
                assert same is not False, (text, name, sizes)
                right[name] += same is True
            if any(map(differentiates, p.prove)):
                continue
            wanted = direct(p, list(p.prove), sizes, values)
            near = direct(p, list(p.prove), sizes, {n: v * (1 + 1e-9) for n, v in values.items()})
            for e, value, other in zip(p.prove, wanted, near, strict=False):
                if np.all(np.isfinite(value)) and close(value, other):
                    try:
                        assert close(summed(p, e, sizes, values), value, 1e-4), (text, str(e), sizes)
                    except Stuck:
                        continue
                    right["both sides"] += 1
    for name, count in right.items():
        tally["laws of the all-sizes judge, by summation"][name] += count
    assert sum(right.values()) > 10


# ------------------------------------------------------------------------------------------ preconditions broken
def variants(declared: list[str], text: str) -> Iterator[tuple[str, Problem, Expr, Expr]]:
    """The same equation with one precondition gone: a structure word weakened, a name in another's place, a transpose, a sign,
    another exponent."""
    for k, line in enumerate(declared):
        *front, word = line.split()
        for other in WEAKER.get(word, ()):
            changed = [*declared[:k], " ".join([*front, other]).strip(), *declared[k + 1:]]
            p = problem(declare=changed, prove=text)
            if p.prove is not None and any(n.name == line.split()[0] for e in p.prove for n in e.names):
                yield f"{line.split()[0]} {other or 'any'} for {word}", p, *p.prove
    p = problem(declare=declared, prove=text)
    assert p.prove is not None
    for side in (0, 1):
        e = p.prove[side]
        for path, part in nodes(e):
            new: list[Expr] = []
            if isinstance(part, Name) and part.kind == "variable":
                new = [n for n in p.variables.values() if n is not part and n.shape == part.shape and n.kind == "variable"]
                new += [mul(Number(-1), part)] + ([T(part)] if part.shape[0] is part.shape[1] and part.shape[0] is not ONE else [])
            elif isinstance(part, Number):
                new = [Number(part.value + 1), Number(-part.value)]
            elif isinstance(part, Apply) and part.head == "'":
                new = [part.args[0]]
            for x in new:
                if x.shape != part.shape or (path and differentiates(e)):
                    continue
                try:
                    changed_side = put(e, path, x)
                except (InputError, ValueError, ArithmeticError, AssertionError, IndexError):
                    continue
                if changed_side.shape == e.shape and changed_side is not e:
                    yield f"{x} for {part}", p, *((changed_side, p.prove[1]) if side == 0 else (p.prove[0], changed_side))


def false_at(p: Problem, left: Expr, right: Expr, seed: int) -> bool:
    """Whether the sides differ somewhere, by plain arithmetic at points where a small change changes little."""
    for number, sizes in enumerate(SIZES):
        for again in range(2):
            values = values_at(p, sizes, np.random.default_rng([SEED, seed, number, again]))
            turned = {n: v * (-1 if again and "positive" not in n.words and "simplex" not in n.words and "spd" not in n.words else 1) for n, v in values.items()}
            with np.errstate(all="ignore"):
                here, near = direct(p, [left, right], sizes, turned), direct(p, [left, right], sizes, {n: v * (1 + 1e-8) for n, v in turned.items()})
            if not here or not near or not all(np.all(np.isfinite(x)) and np.abs(x).max() < 1e6 for x in here):
                continue
            if all(close(a, b, 1e-5) for a, b in zip(here, near, strict=True)) and not np.allclose(here[0], here[1], rtol=1e-3, atol=1e-4):
                return True
    return False


def test_laws_without_their_preconditions(tally: Any) -> None:
    """A few thousand variants, law by law; those that plain arithmetic shows to be false are neither proved nor called checked."""
    rng = random.Random(SEED)
    by_law: dict[str, list[tuple[str, Any]]] = {}
    for law, declared, text in TEXTS:
        by_law.setdefault(law, []).extend((text, v) for v in variants(declared, text))
    share = math.ceil(VARIANTS / len(by_law))
    for law, found in by_law.items():
        for number, (text, (change, p, left, right)) in enumerate(rng.sample(found, min(share, len(found)))):
            if any(map(differentiates, (left, right))):
                wrong = points.judge_equation(p, left, right).kind == "refuted"
            else:
                wrong = false_at(p, left, right, number)
            proof = prove_equation(p, left, right)
            kind = "false" if wrong else "true or nowhere defined"
            assert not wrong or proof.kind != "proved", (law, text, change)
            tally[f"laws without their preconditions, seed {SEED}"][f"{kind}, {proof.kind}"] += 1
            if wrong:
                quick = points.judge_equation(p, left, right)
                assert quick.kind != "checked", (law, text, change, quick.detail)
