"""The laws of the all-sizes judge caught in the act: what each was given, what it made of it, and whether the two are the same number."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from itertools import product
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from matcalc.proof.all_sizes import definite, determinants, laws, logarithms, matrices, matrix_words, powers
from matcalc.proof.all_sizes.atoms import dims_of
from matcalc.proof.all_sizes.normalform import DELTA, Algebra
from tests.proof.summation import Summation

EACH, LONGEST = 4, 3000
NUMBER: list[tuple[ModuleType, str, Callable[..., float]]] = [
    (powers, "_power", lambda x, p: x ** (int(p) if p % 1 == 0 else float(p))), (powers, "_exp", math.exp),
    (powers, "_sign", lambda x: math.copysign(1, x)), (logarithms, "_log", math.log),
    (logarithms, "_log_abs", lambda x: math.log(abs(x)))]
MATRIX: list[tuple[ModuleType, str, Callable[[Any], Any]]] = [
    (matrices, "_inverse", np.linalg.inv), (determinants, "_det", np.linalg.det),
    (determinants, "log_det", lambda a: np.log(abs(np.linalg.det(a))))]
INNER = ("_partial", "_trailing", "_triangular", "_variable")


class Watch:
    """Every use of every law while a text is judged, at most a few of each, and then each by plain summation."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.uses: list[tuple[str, Algebra, Callable[[Summation], bool | None]]] = []
        self.count: Counter[str] = Counter()
        self.random = random.Random(1)
        for kind, rule in list(laws.RULES.items()):
            patch.setitem(laws.RULES, kind, self.rule(rule))
        for name in INNER:
            patch.setattr(laws, name, self.inner(name, getattr(laws, name)))
        for module, name, f in NUMBER:
            patch.setattr(module, name, self.pointwise(name, getattr(module, name), f))
        for module, name, g in MATRIX:
            patch.setattr(module, name, self.matrix(name, getattr(module, name), g))
        for module, name in ((definite, "component_nonnegative"), (definite, "sum_nonnegative"), (definite, "definite"),
                             (matrix_words, "generic")):
            patch.setattr(module, name, self.claim(name, getattr(module, name)))
        for module in (matrices, determinants):
            patch.setattr(module, "generic", matrix_words.generic)

    def note(self, name: str, alg: Algebra, check: Callable[[Summation], bool | None]) -> None:
        self.count[name] += 1
        if self.count[name] <= EACH:
            self.uses.append((name, alg, check))

    def clear(self) -> None:
        self.uses.clear()
        self.count.clear()

    # ------------------------------------------------------------------------------------------------ rules
    def rule(self, law: Any) -> Any:
        def watched(alg: Algebra, present: Any, bound: Any, head: Any, args: Any, e: Any) -> Any:
            terms = law(alg, present, bound, head, args, e)
            if terms is not None:
                name = law.__name__.strip("_")
                words_ = head.extra if head.kind == "variable" else ()
                self.note(f"{name}: {' '.join(words_)}" if words_ else name, alg, self.same(dict(present), dict(bound), terms))
            return terms
        return watched

    def inner(self, name: str, law: Any) -> Any:
        def watched(alg: Algebra, present: Any, bound: Any, *rest: Any) -> Any:
            terms = law(alg, present, bound, *rest)
            if terms is not None:
                self.note(name.strip("_"), alg, self.same(dict(present), dict(bound), terms))
            return terms
        return watched

    def same(self, present: Any, bound: Any, terms: Any) -> Callable[[Summation], bool | None]:
        left = [(1, [(h, args, e) for (h, args), e in present.items()], bound)]

        def check(by: Summation) -> bool | None:
            free: dict[int, int] = {}
            a, b = (self.products(by, t, free) for t in (left, terms))
            return None if a is None or b is None else near(a, b)
        return check

    def products(self, by: Summation, terms: Any, free: dict[int, int]) -> float | None:
        total = 0.0
        for c, factors, bound in terms:
            factors = list(factors)
            ranges = {v: by.size(d) for v, d in bound.items()}
            if math.prod(ranges.values()) > LONGEST:
                return None
            for h, args, _ in factors:
                for slot, a in enumerate(args):
                    if a < 0 and h != DELTA:
                        free.setdefault(a, self.random.randrange(by.size(by.alg.heads[h].dims[slot])))
            for h, args, _ in factors:
                if h == DELTA:
                    for a, b in (args, args[::-1]):
                        if a < 0 and a not in free:
                            free[a] = free.get(b, 0)
            for places in product(*[range(k) for k in ranges.values()]):
                at = free | dict(zip(ranges, places, strict=True))
                term = float(c)
                for h, args, e in factors:
                    term *= by.factor(h, tuple([at[a] for a in args]), e)
                total += term
        return total

    # ----------------------------------------------------------------------------------------------- sums
    def value(self, by: Summation, s: Any, free: dict[int, int]) -> float:
        for a, d in dims_of(by.alg, s).items():
            free.setdefault(a, self.random.randrange(by.size(d)))
        for m in s:
            for a, b in (f[1] for f in m[0] if f[0] == DELTA):
                free.setdefault(a, free.get(b, 0)), free.setdefault(b, free[a])
        return by.at(s, tuple([free.get(-k - 1, 0) for k in range(100)]))

    def pointwise(self, name: str, law: Any, f: Any) -> Any:
        def watched(alg: Algebra, s: Any, *rest: Any) -> Any:
            out = law(alg, s, *rest)
            given = rest if all(isinstance(r, int | Fraction) for r in rest) else None
            if given is not None:
                def check(by: Summation) -> bool | None:
                    free: dict[int, int] = {}
                    x = self.value(by, s, free)
                    return near(f(x, *given), self.value(by, out, free))
                self.note(f"{name.strip('_')} of a sum", alg, check)
            return out
        return watched

    def matrix(self, name: str, law: Any, f: Any) -> Any:
        def watched(alg: Algebra, s: Any, dims: Any) -> Any:
            out = law(alg, s, dims)
            if out is not None:
                rows = dims if isinstance(dims, tuple) else (dims,)

                def check(by: Summation) -> bool | None:
                    a = np.array(by.matrix(rows, rows, s))
                    if len(a) > 12 or np.linalg.cond(a) > 1e6:
                        return None
                    wanted = f(a)
                    found = np.array(by.matrix(rows, rows, out)) if wanted.ndim else by.at(out, ())
                    return bool(np.allclose(wanted, found, rtol=1e-5, atol=1e-7))
                self.note(f"{name.strip('_')} of a matrix", alg, check)
            return out
        return watched

    def claim(self, name: str, law: Any) -> Any:
        """What is said to be nonnegative, definite or invertible."""
        def watched(alg: Algebra, s: Any) -> bool:
            said: bool = law(alg, s)
            if said:
                def check(by: Summation) -> bool | None:
                    if name in ("definite", "generic"):
                        dims = dims_of(alg, s)
                        if -1 not in dims or not set(dims) <= {-1, -2}:
                            return None
                        a = np.array(by.matrix((dims[-1],), (dims[-1],), s))
                        if name == "generic":
                            return bool(abs(np.linalg.det(a)) > 1e-12)
                        return bool(np.allclose(a, a.T) and np.linalg.eigvalsh(a).min() > -1e-9)
                    whole = s if isinstance(s, dict) else {((), (s,)): 1}
                    return all(self.value(by, whole, {}) > -1e-9 for _ in range(4))
                self.note(name, alg, check)
            return said
        return watched


def near(a: float, b: float) -> bool | None:
    """Equal to rounding; None where a value is none, or too large to tell."""
    if isinstance(a, complex) or isinstance(b, complex) or not (abs(a) < 1e6 and abs(b) < 1e6):
        return None
    return abs(a - b) <= 1e-6 * (1 + abs(a) + abs(b))
