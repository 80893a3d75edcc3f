"""The laws of the all-sizes judge one by one: each by summation at random values and sizes wherever it is used, and each with
its preconditions broken, where nothing false may be proved."""

from __future__ import annotations

import math
import os
import random
from collections import Counter
from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np
import pytest

from matcalc.language.expr import ONE, Apply, Expr, InputError, Name, Number, T, build, mul
from matcalc.reading.parse import Problem, problem
from matcalc.proof.at_points import points
from matcalc.proof.all_sizes.indices import prove_equation
from matcalc.language.shape import Dim
from matcalc.proof.all_sizes.definite import _term, definite, definite_head, sum_nonnegative
from matcalc.proof.all_sizes.indexed import Entries
from matcalc.proof.all_sizes.laws import RULES
from matcalc.proof.all_sizes.normalform import DELTA, Algebra
from matcalc.proof.all_sizes.heads import Inconclusive
from matcalc.proof.all_sizes.normalform import number as constant
from matcalc.proof.all_sizes.atoms import product_of
from tests.parts import cases
from tests.proof.law_table import LAWS
from tests.proof.test_indices import differentiates, direct, drawn, summed
from tests.mutations import nodes, put
from tests.proof.watched import Watch, near
from tests.reference import close
from tests.proof.summation import Summation

SEED = int(os.environ.get("MATCALC_SEED", "20261127"))
VARIANTS = cases("MATCALC_VARIANTS", 400)
PRODUCTS = cases("MATCALC_PRODUCTS", 225)
SIZES = ({"n": 3, "m": 2, "k": 4}, {"n": 2, "m": 3, "k": 3}, {"n": 1, "m": 1, "k": 1}, {"n": 4, "m": 2, "k": 1}, {"n": 2, "m": 2, "k": 2})
WEAKER = {"symmetric": ("", "skew"), "skew": ("", "symmetric"), "spd": ("symmetric", ""), "positive": ("",), "orthogonal": ("",
                                                                                                                            "symmetric"),
          "simplex": ("positive", ""), "lower": ("", "upper"), "upper": ("", "lower"), "diagonal": ("symmetric", "lower", "")}
TEXTS = [(law, declared, text) for law, rows in LAWS.items() for declared, texts in rows for text in texts]


def values_at(p: Problem, sizes: dict[str, int], rng: np.random.Generator) -> dict[Name, Any]:
    return {x: drawn(x, sizes, rng) for x in p.variables.values() if x.kind == "variable"}


@pytest.mark.thin(6)
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
            if law == "frechet" and sizes["n"] > 2:
                continue        # slow by summation
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
            moved = direct(p, list(p.prove), sizes, {n: v * (1 + 1e-9) for n, v in values.items()})
            for e, value, other in zip(p.prove, wanted, moved, strict=False):
                if np.all(np.isfinite(value)) and close(value, other):
                    try:
                        assert close(summed(p, e, sizes, values), value, 1e-4), (text, str(e), sizes)
                    except Inconclusive:
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
            elif isinstance(part, Apply):
                new = regrouped(part)
            for x in new:
                if x.shape != part.shape or (path and differentiates(e)):
                    continue
                try:
                    changed_side = put(e, path, x)
                except (InputError, ValueError, ArithmeticError, AssertionError, IndexError):
                    continue
                if changed_side.shape == e.shape and changed_side is not e:
                    yield f"{x} for {part}", p, *((changed_side, p.prove[1]) if side == 0 else (p.prove[0], changed_side))


def regrouped(e: Apply) -> list[Expr]:
    """What a transpose is of; X.*(Y*Z) for (X.*Y)*Z and back: the same pieces at other places."""
    out: list[Expr] = []
    if e.head == "'":
        out.append(e.args[0])
    for one, two in ((".*", "*"), ("*", ".*")):
        for k, a in enumerate(e.args if e.head == one else ()):
            if not isinstance(a, Apply) or a.head != two:
                continue
            rest = e.args[:k] + e.args[k + 1:]
            for i, b in enumerate(a.args):
                try:
                    inner = build(one, [*rest, b]) if one == ".*" or k else build(one, [b, *rest])
                    out.append(build(two, [*a.args[:i], inner, *a.args[i + 1:]]))
                except (InputError, ValueError, AssertionError, IndexError):
                    continue
    return out


def false_at(p: Problem, left: Expr, right: Expr, seed: int) -> bool:
    """Whether the sides differ somewhere, by plain arithmetic at points where a small change changes little."""
    for number, sizes in enumerate(SIZES):
        for again in range(2):
            values = values_at(p, sizes, np.random.default_rng([SEED, seed, number, again]))
            fixed = {"positive", "simplex", "spd"}
            transposed = {n: v * (-1 if again and not n.words & fixed else 1) for n, v in values.items()}
            with np.errstate(all="ignore"):
                here = direct(p, [left, right], sizes, transposed)
                moved = direct(p, [left, right], sizes, {n: v * (1 + 1e-8) for n, v in transposed.items()})
            if not here or not moved or not all(np.all(np.isfinite(x)) and np.abs(x).max() < 1e6 for x in here):
                continue
            if all(close(a, b, 1e-5) for a, b in zip(here, moved, strict=True)) and not np.allclose(here[0], here[1], rtol=1e-3, atol=1e-4):
                return True
    return False


@pytest.mark.slow
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


# ------------------------------------------------------------------------------------------ pieces at random places
POOL = {
    "definite": (["A in R^(n,n)", "B in R^(n,n)", "S in R^(n,n) spd", "H in R^(n,n) symmetric", "x in R^n", "u in R^n positive",
                  "K in R^(n,n) skew"],
                 ["A", "B", "S", "H", "x", "u", "K", "inv(S)", "expm(H)", "exp(x)", "inv(eye(n)+A*A')"]),
    "inverse": (["A in R^(n,n)", "B in R^(n,n)", "H in R^(n,n) symmetric", "Q in R^(n,n) orthogonal", "c in R", "u in R^n positive"],
                ["A", "B", "H", "Q", "inv(A)", "inv(A+B)", "inv(H)", "inv(A+c*B)", "inv(H+u*u')", "u", "expm(A)", "expm(H)", "expm(-A)"]),
    "structured": (["Q in R^(n,n) orthogonal", "L in R^(n,n) lower", "M in R^(n,n) upper", "Y in R^(n,n) simplex", "y in R^n simplex",
                    "K in R^(n,n) skew",
                    "J in R^(n,n) skew", "H in R^(n,n) symmetric"], ["Q", "L", "M", "Y", "y", "K", "J", "H", "inv(L)", "inv(M)"]),
    "entry by entry": (["x in R^n", "y in R^n", "u in R^n positive", "A in R^(n,n)", "c in R"],
                       ["x", "y", "u", "1./(x+y)", "1./(x+y+2*ones(n))", "1./x", "exp(x)", "exp(-x)", "1./(ones(n)+exp(x))", "sign(x)",
                        "sign(x+y)", "sqrt(u)", "sqrt(u+exp(x))",
                        "sin(x)", "cos(x)", "1./(exp(A)*ones(n))", "exp(A)", "1./(A.*A+ones(n,n))", "log(u)"]),
}


def atoms(entries: Entries, declared: list[str], texts: list[str]) -> list[tuple[int, int]]:
    """The atoms these texts are, and the number of their indices."""
    out = []
    for text in texts:
        p = problem(declare=declared, prove=f"{text} == {text}")
        assert p.prove is not None
        for m in entries.of(p.prove[0]).entries:
            out += [(h, len(args)) for part in (m[0], *m[1]) for h, args, _ in part if h != DELTA]
    return list(dict.fromkeys(out))


@pytest.mark.slow
@pytest.mark.parametrize("pool", POOL)
def test_pieces_at_random_places(pool: str, tally: Any) -> None:
    """Products of atoms over random indices: what the laws make of them is the same number; what is called definite is."""
    declared, texts = POOL[pool]
    rng = random.Random(SEED)
    alg = Algebra(RULES, 10 ** 9)
    found = atoms(Entries(alg, {}), declared, texts)
    n = Dim.of("n")
    p = problem(declare=declared, prove=f"{texts[0]} == {texts[0]}")
    told = f"products of atoms at random places, {pool}"
    drawn_at = [values_at(p, {"n": k}, np.random.default_rng([SEED, k])) for k in (1, 2, 3)]
    points_ = [Summation(alg, {"n": k + 1}, {x.name: v.tolist() for x, v in at.items()}) for k, at in enumerate(drawn_at)]
    for number in range(PRODUCTS):
        if pool == "definite" and number % 2:
            factors = mirrored(rng, found, alg)
        else:
            factors = placed(rng, found, (-1, -2, 0, 0, 1, 1, 2), rng.randint(2, 5))
        bound = {a: n for f in factors for a in f[1] if a >= 0}
        out: Any = {}
        alg.collect(out, 1, factors, bound)
        definite_ = definite(alg, out)
        never = sum_nonnegative(alg, out)
        tally[told]["in all"] += 1
        tally[told]["semidefinite"] += any(_term(alg, m) > 0 and c > 0 for m, c in out.items())
        tally[told]["never negative"] += never
        for by in points_:
            size = by.sizes["n"]
            for i, j in {(0, size - 1), (size - 1, 0), (0, 0)}:
                try:
                    a, b = summed_raw(by, factors, bound, (i, j)), by.at(out, (i, j))
                except (ValueError, ArithmeticError, TypeError):
                    continue
                assert near(a, b) is not False, (number, size, [(alg.heads[h].kind, args, e) for h, args, e in factors])
                assert not never or not a < -1e-9, (number, factors)
            for m in out:
                if _term(alg, m) or definite_:
                    try:
                        a = np.array(by.matrix((n,), (n,), {m: 1}))
                    except (ValueError, ArithmeticError, TypeError):
                        continue
                    if np.all(np.isfinite(a)):
                        size_of = 1e-7 * (1 + np.abs(a).max())
                        assert np.allclose(a, a.T, atol=size_of) and np.linalg.eigvalsh(a).min() > -size_of, (number, m)


def placed(rng: random.Random, found: list[tuple[int, int]], places: tuple[int, ...], count: int) -> list[Any]:
    """Atoms at random indices."""
    out = []
    for _ in range(count):
        h, k = rng.choice(found)
        e = rng.choice((1, 1, 1, 1, 2, -1, -2, 3)) if k < 2 else rng.choice((1, 1, 1, 1, 1, 2))
        out.append((h, tuple([rng.choice(places) for _ in range(k)]), e))
    return out


def mirrored(rng: random.Random, found: list[tuple[int, int]], alg: Algebra) -> list[Any]:
    """Pieces at the row and the same at the column, seldom at exactly the same places: marks exchanged, a piece more, a transpose."""
    near_ = placed(rng, found, (-1, 0, 0, 1), rng.randint(1, 3))
    middle = [h for h, k in found if k == 2 and definite_head(alg, alg.heads[h])]
    names = {-1: -2, 0: 2, 1: 3} if rng.random() < 0.5 else {-1: -2, 0: 3, 1: 2}
    joints = [(rng.choice(middle), (0, 2), 1)] + [(rng.choice(middle), (1, 3), 1)] * (rng.random() < 0.5)
    if rng.random() < 0.4:
        names, joints = {-1: -2, 0: rng.choice((0, 1)), 1: rng.choice((0, 1))}, []
    far = [(h, tuple([names[a] for a in (args if rng.random() < 0.85 else args[::-1])]), e) for h, args, e in near_]
    return near_ + joints + far


def summed_raw(by: Summation, factors: list[Any], bound: dict[int, Any], free: tuple[int, int]) -> float:
    """A product of atoms by summation, no law applied."""
    total = 0.0
    for places in product(*[range(by.size(d)) for d in bound.values()]):
        at = {-1: free[0], -2: free[1], **dict(zip(bound, places, strict=True))}
        term = 1.0
        for h, args, e in factors:
            term *= by.factor(h, tuple([at[a] for a in args]), e)
        total += term
    return total


def test_polynomials_in_sizes_that_are_never_negative(tally: Any) -> None:
    rng, alg = random.Random(SEED), Algebra(RULES)
    m, n = Dim.of("m"), Dim.of("n")
    found = 0
    for _ in range(600):
        terms = [(rng.randint(-3, 4), m if rng.random() < 0.6 else None, n if rng.random() < 0.6 else None, rng.random() < 0.3)
                 for _ in range(rng.randint(2, 4))]
        poly = alg.add(*(product_of(alg, constant(c), *[alg.size(d) for d in (a, b, a if again else None) if d is not None])
                         for c, a, b, again in terms))
        if sum_nonnegative(alg, poly):
            found += 1
            for i in range(1, 6):
                for j in range(1, 6):
                    value = sum(c * (i if a else 1) * (j if b else 1) * (i if a and again else 1) for c, a, b, again in terms)
                    assert value >= 0, (terms, i, j)
    tally["polynomials in sizes"]["never negative"] += found
    assert found > 100
