"""Every row of the rule tables: true entry by entry, smaller where it tidies, false when edited, right about its domain.

SymPy judges at unequal sizes. It cannot write out a matrix exponential, so those rows are judged by numbers instead.
"""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from reference import Reference, close


from matcalc.language.expr import SCALAR, Dim, Expr, Name, Number, build
from matcalc.language.columns import Elementwise
from matcalc.language.operations import ELEMENTWISE
from matcalc.reading.parse import Problem, declarations, parse
from matcalc.proof.by_sympy.components import judge_equation
from matcalc.proof.verdict import Verdict
from matcalc.render.latex import latex
from matcalc.rulebook import algebra, differentials, traces
from matcalc.rulebook.differentials import lift
from matcalc.rulebook.measure import measure, spared
from matcalc.rulebook.rule import Rule
from tests.mutations import mutants
from tests.parts import one_in

D_ROWS = differentials.DIFFERENTIALS + tuple(differentials.ENTRYWISE.values())
MOVES = traces.TRACE + traces.LINEAR
TIDY = algebra.TIDY + algebra.STRUCTURE + algebra.SCALAR + algebra.LATE + algebra.NAMED
ROWS = D_ROWS + MOVES + TIDY + algebra.VECTORS + algebra.EXPANSIONS
BY_NUMBERS = tuple(r for r in ROWS if any(w in r.equation.replace("expm1", "") for w in ("expm", "eig", "sqrtm", "svd")))
BY_SYMPY = tuple(r for r in ROWS if r not in BY_NUMBERS)
SMALL = ({"m": 2, "n": 1}, {"m": 1, "n": 2})
WORDS = frozenset(("symmetric", "skew", "orthogonal", "simplex"))
T_LETTER = Name("t")
STRUCTURED = tuple(r for r in BY_SYMPY if any(w in r.given for w in WORDS))
SIZES = ({"m": 2, "n": 3, "k": 4, "p": 3, "q": 2, "r": 3, "s": 2}, {"m": 3, "n": 2, "k": 2, "p": 2, "q": 3, "r": 2, "s": 3})


def sympy_says(lhs: Expr, rhs: Expr) -> Verdict:
    """The judge that writes out every entry, at both lots of sizes."""
    problem = Problem(declarations(()))
    huge = "kron(" in str(lhs) and any(h in str(lhs) for h in ("inv(", "det("))
    for sizes in SMALL if huge else SIZES:
        verdict = judge_equation(problem, lhs, rhs, sizes=sizes)
        if verdict.kind != "checked":
            break
    return verdict


def draw(name: Name, sizes: dict[str, int], rng: np.random.Generator, low: float = 0.3) -> np.ndarray:
    m, n = (d.value(sizes) for d in name.shape)
    a = rng.uniform(low, 0.9, (m, n)) if "positive" in name.words or low > 0.3 else rng.normal(size=(m, n)) * 0.7
    if name.shape == SCALAR:
        a = rng.uniform(0.25, 0.85, (1, 1))
    if m == n and m > 1 and not name.words:
        a = a + 1.5 * np.eye(m)
    if "symmetric" in name.words:
        a = a + a.T
    if "spd" in name.words:
        a = a @ a.T + np.eye(m)
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


def holds(lhs: Expr, rhs: Expr, seed: int = 0) -> bool:
    """Equal at random points of every size tried; where a side has no value there, at points between 0 and 1."""
    letters = sorted(lhs.names | rhs.names, key=lambda n: n.name)
    for sizes in SIZES:
        rng = np.random.default_rng([seed, sizes["m"]])
        drawn = {n: draw(n, sizes, rng) for n in letters}
        direction = {n: rng.normal(size=v.shape) for n, v in drawn.items()}
        for values in (drawn, {n: abs(v)/(1 + abs(v)) for n, v in drawn.items()}):
            ref = Reference(values, sizes, direction, functions(sizes))
            with np.errstate(all="ignore"):
                try:
                    a, b = ref(lhs), ref(rhs)
                except (ValueError, np.linalg.LinAlgError):
                    return False
            if np.all(np.isfinite(a)):
                break
        if not (np.all(np.isfinite(a)) and close(a, b, 2e-4)):
            return False
    return True


def edited(e: Expr) -> list[Expr]:
    """The mutants of its shape, at most twelve, from all over the expression."""
    found = mutants(e)
    return found[::max(1, -(-len(found) // 12))]


@pytest.mark.thin(12)
@pytest.mark.parametrize("rule", BY_SYMPY, ids=lambda r: r.name)
def test_every_row_is_true_by_entries(rule: Rule) -> None:
    assert rule.lhs.shape == rule.rhs.shape
    verdict = sympy_says(rule.lhs, rule.rhs)
    assert verdict.kind == "checked", f"{rule.name}: {verdict}"
    assert rule.see, "every row has a source"


@pytest.mark.parametrize("rule", BY_NUMBERS, ids=lambda r: r.name)
def test_every_other_row_is_true_by_numbers(rule: Rule) -> None:
    assert holds(rule.lhs, rule.rhs)
    assert rule.see, "every row has a source"


@pytest.mark.thin(12)
@pytest.mark.parametrize("rule", BY_SYMPY, ids=lambda r: r.name)
def test_mutants_are_refuted(rule: Rule) -> None:
    """Refuted with a witness; what is not refuted must be the right side said differently, and numbers must agree to that."""
    refuted = 0
    for bad in list(edited(rule.rhs))[::one_in(2)]:
        verdict = sympy_says(rule.lhs, bad)
        refuted += verdict.kind == "refuted"
        assert verdict.kind == "refuted" or holds(rule.rhs, bad), f"{rule.name}: {bad} passes for {rule.rhs}"
    assert refuted or rule.rhs is Number(0), f"{rule.name}: no mutant told anything"


@pytest.mark.parametrize("rule", BY_NUMBERS, ids=lambda r: r.name)
def test_mutants_are_false_in_numbers(rule: Rule) -> None:
    assert all(not holds(rule.lhs, bad) or holds(rule.rhs, bad, seed=1) for bad in edited(rule.rhs))


@pytest.mark.thin(12)
@pytest.mark.parametrize("rule", STRUCTURED, ids=lambda r: r.name)
def test_structure_is_needed(rule: Rule) -> None:
    """A row that asks for a structure is false without it."""
    loose = [" ".join(w for w in d.split() if w not in WORDS) for d in rule.declarations]
    left, right = (parse(side, loose) for side in rule.equation.split(" = "))
    assert sympy_says(left, right).kind == "refuted"


def quotient(row: Elementwise, t: float, h: float) -> float:
    at = {T_LETTER: np.array([[t + h]])}, {T_LETTER: np.array([[t]])}
    there, here = (float(Reference(v, {})(build(row.name, [T_LETTER])).item()) for v in at)
    return (there - here) / h


@pytest.mark.parametrize("row", ELEMENTWISE, ids=lambda r: r.name)
def test_a_derivative_exists_exactly_where_its_row_says(row: Elementwise) -> None:
    """Where the row says so the function has its derivative, the same from both sides; elsewhere it has not."""
    for t in (-2.5, -math.pi / 2, -1.0, -0.4, 0.0, 0.7, 1.0, math.pi / 2, 3.0):
        known = {name: lambda v, f=f: round(f(v), 12) for name, f in (("cos", math.cos), ("sin", math.sin))}
        inside = all(eval(str(limit), known, {"t": t}) for limit in row.edges or row.domain)
        with np.errstate(all="ignore"):
            slope = float(Reference({T_LETTER: np.array([[t]])}, {})(parse(row.prime, ["t in R"])).item())
            left, right = quotient(row, t, -1e-6), quotient(row, t, 1e-6)
        has = abs(left - slope) + abs(right - slope) < 1e-3 * (1 + abs(slope))
        assert has == inside, f"{row.name} at {t}: {left} from below, {right} from above, the row says {slope}"


@pytest.mark.parametrize("rule", ROWS, ids=lambda r: r.name)
def test_every_row_prints_as_latex(rule: Rule) -> None:
    for side in (rule.lhs, rule.rhs):
        text = latex(side)
        depth = list(itertools.accumulate((c == "{") - (c == "}") for c in text))
        assert text and depth[-1] == 0 and min(depth) >= 0
        assert "None" not in text and "Apply" not in text


@pytest.mark.parametrize("rule", TIDY, ids=lambda r: r.name)
def test_a_tidying_row_makes_its_side_smaller(rule: Rule) -> None:
    assert measure(rule.rhs) - spared(rule) < measure(rule.lhs)


@pytest.mark.parametrize("rule", algebra.SCALAR, ids=lambda r: r.name)
def test_scalar_rows_hold_entry_by_entry(rule: Rule) -> None:
    t = next(n for n in rule.lhs.names if n.name == "t")
    big = Name("t", (Dim.of("m"), Dim.of("n")), frozenset({"positive"}))
    assert holds(lift(rule.lhs, t, big), lift(rule.rhs, t, big)) or "positive" in t.words


def test_names_are_unique() -> None:
    names = [r.name for r in ROWS]
    assert len(set(names)) == len(names)
