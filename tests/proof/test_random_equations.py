"""Random equations: true ones, made by rules applied forwards and backwards, are never refuted; edited ones are never proved
unless they are true, and what refutes them does so by other arithmetic too."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from matcalc.language.expr import ONE, Apply, Dim, Expr, InputError, Name, as_dim
from matcalc.reading.parse import Problem, problem
from matcalc.proof.at_points import points
from matcalc.proof.all_sizes.indices import prove_equation
from matcalc.proof.verdict import Verdict, Cause, undecided
from matcalc.rulebook import algebra
from matcalc.rulebook.matching import Binding, fill, match
from matcalc.rulebook.rule import Rule
from tests.deriving.random_problems import DECLARE, PROBLEMS, draw
from tests.mutations import mutant, nodes, put
from tests.parts import seed, share
from tests.random_expressions import Random
from tests.reference import Reference

SEED = seed(20261123)
PARTS = 16
ROWS = algebra.TIDY + algebra.STRUCTURE + algebra.SCALAR + algebra.LATE + algebra.NAMED
UNEQUAL = ({"m": 2, "n": 3}, {"m": 4, "n": 2}, {"m": 3, "n": 5})
UNREADABLE = (InputError, ValueError, ArithmeticError, AssertionError, IndexError, StopIteration, KeyError, RecursionError)


def sized(e: Expr) -> set[str]:
    """The size names in an expression."""
    out = {n for d in e.shape for n in d.names}
    if isinstance(e, Name) and e.kind == "size":
        out.add(e.name)
    for a in e.args if isinstance(e, Apply) else ():
        out |= {n for d in [as_dim(a)] for n in d.names} if e.head in ("eye", "ones", "zeros", "comm") else sized(a)
    return out


def table() -> dict[str, list[tuple[Rule, Expr, Expr]]]:
    """Every row in both directions, by the head it can be laid on."""
    out: dict[str, list[tuple[Rule, Expr, Expr]]] = {}
    for row in ROWS:
        for pattern, other in ((row.lhs, row.rhs), (row.rhs, row.lhs)):
            if other.names <= pattern.names and sized(other) <= sized(pattern):
                out.setdefault(pattern.head if isinstance(pattern, Apply) else "", []).append((row, pattern, other))
    return out


def has_words(e: Expr, words: frozenset[str]) -> bool:
    return isinstance(e, Name) and words <= e.words


def rewritten(e: Expr, rows: dict[str, list[tuple[Rule, Expr, Expr]]], rng: random.Random) -> Expr:
    """One row applied somewhere, forwards or backwards."""
    places = list(nodes(e))
    rng.shuffle(places)
    for path, part in places:
        head = part.head if isinstance(part, Apply) else ""
        fitting = rows.get(head, []) + (rows.get("", []) if rng.random() < 0.2 else [])
        for _, pattern, other in rng.sample(fitting, len(fitting)):
            b: Binding = {"words": has_words}
            try:
                if pattern.shape != part.shape and isinstance(pattern, Name) or not match(pattern, part, b):
                    continue
                if any("simplex" in n.words and (n.shape[1] is ONE) != (v.shape[1] is ONE) for n, v in b.items() if isinstance(n, Name)):
                    continue  # a simplex vector is one column, a simplex matrix is made of rows
                new = fill(other, b)
                if new is not part and new.shape == part.shape and all(Dim.of(n) in b for n in sized(other)):
                    return put(e, path, new)
            except UNREADABLE:
                continue
    return e


def equations(rng: random.Random) -> Iterator[tuple[Problem, Expr, Expr]]:
    """Random expressions beside what one to three rows make of them."""
    rows = table()
    while True:
        shape = rng.choice(["11", "n1", "m1", "mn", "nn"])
        p = problem(declare=DECLARE, expr=Random(PROBLEMS, rng).text(shape, rng.choice([1, 2, 2, 3])), wrt="x")
        e = other = p.f
        assert e is not None
        for _ in range(rng.randint(1, 3)):
            other = rewritten(other, rows, rng)
        if other is not e:
            yield p, e, other



def compared(p: Problem, e: Expr, other: Expr) -> Verdict:
    """What points say of values where both sides have one: a rule applied backwards may narrow the domain."""
    found = points.judge_equation(p, e, other)
    if found.why is Cause.UNDEFINED:
        found = points.judge_equation(p, other, e)
    return undecided(Cause.NOWHERE, "defined in different places") if found.why is Cause.UNDEFINED else found


def values_at(p: Problem, sizes: dict[str, int], seed: int) -> dict[Name, Any]:
    rng = np.random.default_rng([seed, *sizes.values()])
    return {n: draw(n, sizes, rng) for n in p.variables.values() if n.kind == "variable"}


def differ(e: Expr, bad: Expr, values: dict[Name, Any], sizes: dict[str, int], rtol: float = 1e-7) -> bool | None:
    """Whether the two differ by the reference's arithmetic, by more than each moves where the values hardly do; None without a value."""
    nearly = {n: v * (1 + 1e-12) for n, v in values.items()}
    with np.errstate(all="ignore"):
        try:
            a, b, near_a, near_b = (Reference(at, sizes)(side) for at in (values, nearly) for side in (e, bad))
        except (np.linalg.LinAlgError, ArithmeticError, ValueError):
            return None
    if not all(np.all(np.isfinite(v)) for v in (a, b, near_a, near_b)):
        return None
    noise = max(np.abs(a - near_a).max(), np.abs(b - near_b).max())
    return bool(np.abs(a - b).max() > rtol * (np.abs(a).max() + np.abs(b).max()) + 1e-12 + 10 * noise)


def agree(p: Problem, e: Expr, other: Expr, seed: int) -> bool:
    """Whether the two agree at unequal sizes wherever both have a value, as far as rounding lets one see."""
    return not any(differ(e, other, values_at(p, sizes, seed), sizes, 1e-4) for sizes in UNEQUAL)


def witnessed(p: Problem, e: Expr, bad: Expr, witness: dict[str, Any]) -> bool | None:
    """Whether the point that refutes does so here."""
    values: dict[Name, Any] = {}
    sizes = {k: int(v) for k, v in witness["sizes"].items()}
    for n in e.names | bad.names:
        if n.kind == "variable":
            given = np.array(witness["values"][n.name] if "values" in witness else witness[n.name], dtype=float)
            values[n] = given.reshape(tuple(d.value(sizes) for d in n.shape))
    return differ(e, bad, values, sizes)


@pytest.mark.thin(PARTS)
@pytest.mark.parametrize("part", range(PARTS))
def test_random_true_equations_are_not_refuted(part: int, tally: Any) -> None:
    source = equations(random.Random(f"{SEED} true {part}"))
    for k in range(share("MATCALC_EQUATIONS", 225, PARTS, part)):
        p, e, other = next(source)
        proof, quick = prove_equation(p, e, other).kind, compared(p, e, other)
        told = (f"seed {SEED}, part {part}, number {k}", str(e), str(other), quick)
        assert quick.kind != "refuted" and proof in ("proved", "undecided"), told
        assert proof != "proved" or quick.kind == "checked" or agree(p, e, other, k), told
        tally["true equations"][proof] += 1
    tally["true equations"]["refuted"] += 0


@pytest.mark.thin(PARTS)
@pytest.mark.parametrize("part", range(PARTS))
def test_random_edits_are_proved_only_where_they_are_true(part: int, tally: Any) -> None:
    rng = random.Random(f"{SEED} edited {part}")
    source = equations(rng)
    done = again = 0
    while done < share("MATCALC_EQUATIONS", 225, PARTS, part):
        p, e, other = next(source)
        bad = mutant(other, rng)
        if bad is None:
            continue
        done += 1
        proof, quick = prove_equation(p, e, bad).kind, compared(p, e, bad)
        where = (f"seed {SEED}, part {part}, number {done}", str(e), str(bad), quick)
        if quick.kind == "refuted":
            assert proof != "proved", where
            assert quick.witness is not None, where
            seen = witnessed(p, e, bad, quick.witness)
            assert seen is not False, where
            again += seen is True
        if proof == "proved":
            assert agree(p, e, bad, done), where
        tally["edited equations"]["refuted" if quick.kind == "refuted" else "true, and proved" if proof == "proved" else "undecided"] += 1
    tally["edited equations"]["refutations confirmed by other arithmetic"] += again
