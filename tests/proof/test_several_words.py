"""Several structure words on one name: points satisfy all of them, or nothing is said."""

from itertools import combinations
from random import Random

import pytest

from matcalc.judges import equation
from matcalc.language.expr import Dim, Name
from matcalc.language.operations import STRUCTURE_WORDS
from matcalc.reading.parse import problem
from matcalc.proof.by_sympy import components
from matcalc.proof.at_points.field import M, Field
from matcalc.proof.at_points.jets import Unsupported, OutsideDomain, Singular
from matcalc.proof.at_points.point import Point
from matcalc.proof.at_points.reals import Reals

TRUE = [
    ("inv(A) == A'", "orthogonal symmetric"), ("A*A == eye(n)", "symmetric orthogonal"), ("A*A == eye(n)", "diagonal orthogonal"),
    ("A == eye(n)", "orthogonal spd"), ("A == 0*A", "symmetric skew"), ("A == diag(diag(A))", "lower upper"),
    ("A == diag(diag(A))", "lower symmetric"), ("A == diag(diag(A))", "upper symmetric"), ("A*A' == eye(n)", "lower orthogonal"),
    ("A*A == eye(n)", "lower orthogonal"), ("A*A == -eye(n)", "skew orthogonal"), ("A == A'", "symmetric simplex"),
    ("A*ones(n) == ones(n)", "symmetric simplex"), ("A == 0*A", "skew lower"), ("A == A'", "spd simplex"),
]
FALSE = [("A == eye(n)", "symmetric orthogonal"), ("A == eye(n)", "diagonal orthogonal"), ("A == A'", "skew orthogonal"),
         ("A == 0*A", "lower symmetric"), ("A == eye(n)", "symmetric simplex"), ("tr(A)^2 == (n - 2)^2", "symmetric orthogonal")]


@pytest.mark.parametrize(("text", "words"), TRUE)
def test_what_several_words_imply_is_proved(text, words):
    p = problem(declare=[f"A in R^(n,n) {words}"], prove=text)
    assert equation(p).kind in ("proved", "checked")
    assert components.judge_equation(p, *p.prove).kind != "refuted"


@pytest.mark.parametrize(("text", "words"), FALSE)
def test_what_several_words_do_not_imply_is_refuted(text, words):
    assert equation(problem(declare=[f"A in R^(n,n) {words}"], prove=text)).kind == "refuted"


@pytest.mark.parametrize("exact", [False, True])
@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_every_pair_and_triple_holds_at_the_points_drawn(exact, n):
    for k in (2, 3):
        for words in combinations(sorted(STRUCTURE_WORDS), k):
            ring = Field(Random(1)) if exact else Reals(Random(1))
            name = Name("A", (Dim.of("n"), Dim.of("n")), frozenset(words))
            try:
                flat = Point(ring, {"n": n}, {}).value(name)
            except (Unsupported, OutsideDomain, Singular):
                continue
            for word in words:
                assert holds(flat, n, word, exact, "positive" in words and len(words) > 1), (words, word, flat)


def holds(flat, n, word, exact, beside):
    rows = [flat[i * n:i * n + n] for i in range(n)]
    at = [(i, j) for i in range(n) for j in range(n)]

    def zero(x):
        return x % M == 0 if exact else abs(x) < 1e-9
    if word in ("symmetric", "spd", "skew"):
        sign = -1 if word == "skew" else 1
        if not all(zero(rows[i][j] - sign * rows[j][i]) for i, j in at):
            return False
        return word != "spd" or exact or all(rows[i][i] > 0 for i in range(n))
    if word == "orthogonal":
        return all(zero(sum(rows[i][k] * rows[j][k] for k in range(n)) - (i == j)) for i, j in at)
    if word in ("diagonal", "lower", "upper"):
        outside = {"diagonal": lambda i, j: i != j, "lower": lambda i, j: i < j, "upper": lambda i, j: i > j}[word]
        return all(zero(rows[i][j]) for i, j in at if outside(i, j))
    if word == "simplex":
        return all(zero(sum(r) - 1) for r in rows)
    return exact or all(x >= 0 for x in flat)
