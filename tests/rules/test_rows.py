"""Every row of the rule tables: true at unequal sizes, smaller where it tidies, and its mutants false."""

from __future__ import annotations

import numpy as np
import pytest
from reference import Reference, close

from matcalc.derive.tidy import lift
from matcalc.language.expr import SCALAR, Apply, Dim, Expr, Name, Number, T, add, build, mul
from matcalc.rules import algebra, differentials, traces
from matcalc.rules.measure import measure
from matcalc.rules.rule import Rule

D_ROWS = differentials.DIFFERENTIALS + tuple(differentials.ENTRYWISE.values())
MOVES = traces.TRACE + traces.LINEAR
TIDY = algebra.TIDY + algebra.STRUCTURE + algebra.SCALAR + algebra.NAMED
ROWS = D_ROWS + MOVES + TIDY
SIZES = ({"m": 2, "n": 3, "k": 4, "p": 5, "q": 2, "r": 3, "s": 4}, {"m": 3, "n": 2, "k": 2, "p": 2, "q": 4, "r": 2, "s": 3})


def draw(name: Name, sizes: dict[str, int], rng: np.random.Generator, low: float = 0.3) -> np.ndarray:
    m, n = (d.value(sizes) for d in name.shape)
    a = rng.uniform(low, 0.9, (m, n)) if "positive" in name.words or low > 0.3 else rng.normal(size=(m, n)) * 0.7
    if name.shape == SCALAR:
        a = rng.uniform(0.25, 0.85, (1, 1))
    if m == n and m > 1 and not name.words:
        a = a + 1.5 * np.eye(m)
    if "symmetric" in name.words:
        a = a + a.T
    if "skew" in name.words:
        a = a - a.T
    if "orthogonal" in name.words:
        a = np.linalg.qr(a)[0]
    if "simplex" in name.words:
        a = np.exp(a)
        a = a / a.sum(axis=0 if n == 1 else 1, keepdims=True)
    return a


def functions(sizes: dict[str, int]) -> dict[str, object]:
    rng = np.random.default_rng(5)
    w = rng.normal(size=(sizes["n"], sizes["m"]))
    v = rng.normal(size=(sizes["m"], 1))
    return {"f": lambda x: np.sin(1.3 * x) + x**3, "g": lambda x: (v.T @ np.sin(x)) * (v.T @ x), "h": lambda x: np.tanh(w @ x) + w @ x}


def names_of(*sides: Expr) -> set[Name]:
    return set().union(*(s.names for s in sides))


def holds(lhs: Expr, rhs: Expr, seed: int = 0, still: str = "") -> bool:
    """Equal at random points of every size tried."""
    for sizes in SIZES:
        rng = np.random.default_rng([seed, sizes["m"]])
        letters = sorted(names_of(lhs, rhs), key=lambda n: n.name)
        values = {n: draw(n, sizes, rng) for n in letters}
        direction = {n: rng.normal(size=v.shape) * (n.name not in still) for n, v in values.items()}
        ref = Reference(values, sizes, direction, functions(sizes))
        with np.errstate(all="ignore"):
            try:
                a, b = ref(lhs), ref(rhs)
            except (ValueError, np.linalg.LinAlgError):
                return False
        if not (np.all(np.isfinite(a)) and close(a, b, 2e-4)):
            return False
    return True


def sides(rule: Rule) -> tuple[Expr, Expr]:
    return rule.lhs, rule.rhs


@pytest.mark.parametrize("rule", ROWS, ids=lambda r: r.name)
def test_true(rule: Rule) -> None:
    lhs, rhs = sides(rule)
    assert lhs.shape == rhs.shape
    assert holds(lhs, rhs, still=rule.still), f"{rule.name}: {rule.equation}"
    assert rule.see, "every row has a source"


@pytest.mark.parametrize("rule", TIDY, ids=lambda r: r.name)
def test_smaller(rule: Rule) -> None:
    lhs, rhs = sides(rule)
    assert measure(rhs) < measure(lhs)


@pytest.mark.parametrize("rule", algebra.SCALAR, ids=lambda r: r.name)
def test_scalar_rows_hold_entry_by_entry(rule: Rule) -> None:
    t, big = Name("t", SCALAR, next(iter(rule.lhs.names)).words), Name("t", (Dim.of("m"), Dim.of("n")), frozenset({"positive"}))
    assert holds(lift(rule.lhs, t, big), lift(rule.rhs, t, big)) or "positive" in t.words


def mutants(e: Expr) -> list[Expr]:
    """One edit each: a factor 2, a sign, a dropped term, a transpose."""
    out = [mul(Number(2), e)]
    if isinstance(e, Apply):
        if e.head == "+":
            out += [add(*(a for a in e.args if a is not b)) for b in e.args]
            out.append(add(mul(Number(-1), e.args[0]), *e.args[1:]))
        for i, a in enumerate(e.args):
            if isinstance(a, Name) and a.kind == "variable" and a.shape[0] is a.shape[1] and a.shape != SCALAR \
                    and not a.words:
                out.append(build(e.head, [*e.args[:i], T(a), *e.args[i + 1:]]))
            if isinstance(a, Number) and e.head in ("*", "^", ".^"):
                out.append(build(e.head, [*e.args[:i], Number(a.value + 1), *e.args[i + 1:]]))
    return [m for m in out if m is not e]


@pytest.mark.parametrize("rule", ROWS, ids=lambda r: r.name)
def test_mutants_are_false(rule: Rule) -> None:
    lhs, rhs = sides(rule)
    for bad in mutants(rhs):
        if bad.shape != rhs.shape:
            continue
        try:
            zero = holds(mul(Number(2), lhs), lhs)
        except Exception:
            zero = False
        assert zero or not holds(lhs, bad) or symmetric_by_itself(rhs, bad), f"{rule.name}: {bad} is not told from {rhs}"


def symmetric_by_itself(good: Expr, bad: Expr) -> bool:
    """A mutant that is the same thing said differently (a transpose under a trace, say)."""
    return holds(good, bad, seed=1)


def test_names_are_unique() -> None:
    names = [r.name for r in ROWS]
    assert len(set(names)) == len(names)
