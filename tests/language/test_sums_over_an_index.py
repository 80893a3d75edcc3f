"""Sums over indices are read entry by entry: the reading has the value that the formula has, term by term."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest

from matcalc.api import prove
from matcalc import judges
from matcalc.deriving import engine
from matcalc.language.shape import InputError
from matcalc.reading.parse import problem
from matcalc.sheets.statements.display import sheet
from matcalc.sheets.marking.mark import Marker
from tests.random_expressions import Grammar, Random
from tests.reference import Reference
from tests.typed import Typed

SIZES = {"n": 4, "m": 3}

DECLARE = ["x, y in R^n", "A, B in R^(n,m)", "z in R^m", "X in R^(n,m)", "w in R^m", "c in R", "S in R^(n,n)"]
READ = [
    (r"\sum_i y_i^2", "sum(y.^2)"), (r"\sum_{i=1}^n (x_i - y_i)^2", "sum((x - y).^2)"), ("sum_i y_i log(x_i)", "sum(y.*log(x))"),
    ("∑ᵢ xᵢ²", "sum(x.^2)"), ("∑_{i=1}^n x_i y_i", "sum(x.*y)"), (r"-\sum_i y_i \log x_i", "-sum(y.*log(x))"),
    (r"\sum_{ij} A_{ij} x_i z_j", "sum(x.*(A*z))"), (r"\sum_{i,j} A_{ij}^2", "sum(A.^2)"),
    (r"\sum_i\sum_j A_{ij} B_{ij}", "sum(rowsum(A.*B))"),
    (r"\sum_i (\sum_j A_{ij} z_j - y_i)^2", "sum((A*z - y).^2)"), (r"\sum_j (\sum_i A_{ij} x_i)^2", "sum((A'*x).^2)"),
    (r"\log \sum_i e^{x_i}", "log(sum(exp(x)))"), (r"\sum_i \frac{x_i}{1 + y_i^2}", "sum(x./(1 + y.^2))"), (r"\sum_i |x_i|", "sum(abs(x))"),
    (r"\sum_i x[i]*y[i]", "sum(x.*y)"), (r"\sum_i S_{ii}", "sum(diag(S))"), (r"\sum_i \max(0, x_i)", "sum(relu(x))"),
    (r"\sum_i \sqrt{x_i}", "sum(sqrt(x))"), (r"\sum_{i,j} (A_{ij} - x_i z_j)^2", "sum((A - x*z').^2)"),
    (r"\sum_i (x_i + c)^2", "sum((x + c).^2)"),
    (r"\sum_i \log\sum_j \exp(A_{ij})", "sum(log(rowsum(exp(A))))"), (r"\sum_i x_i \sum_j z_j", "sum(x*sum(z))"),
    (r"\frac{1}{n}\sum_{i=1}^n x_i", "1/n*sum(x)"), (r"c\sum_i x_i + 1", "c*sum(x) + 1"), (r"\sum_{i,j} S_{ij} S_{ji}", "sum(S.*S')")]
ROWS = [(r"\sum_i (x_i^\top w - y_i)^2", "sum((X*w - y).^2)"), (r"\sum_i y_i w^T x_i", "sum(y.*(X*w))"),
        (r"\sum_i \log(1 + \exp(-y_i w^\top x_i))", "sum(log(1 + exp(-y.*(X*w))))"),
        (r"\sum_i \sigma(w^\top x_i)", "sum(sigmoid(X*w))")]
REFUSED = [(r"\sum_{i=2}^n x_i", "begin at 1"), (r"\sum_{i=1}^m x_i", "up to m"), (r"\sum_i z_j", "nothing under"),
           (r"\sum_i x_i + y_i", "outside the sum"), (r"\sum_i \sum_i x_i", "this sum"),
           (r"\sum_{i<j} x_i x_j", "this sum"), (r"\sum x_i", "with its index"),
           (r"\sum_i f(x_i)", "not declared"), (r"\sum_{ijk} A_{ij} B_{jk} S_{ki}", "up to m here"),
           (r"\sum_i u_i + u_1 - u_2", "u_1 has two readings"), (r"\sum_i A_i", "two indices"), (r"\sum_c x_c", "this sum")]


def same(one: str, two: str, declare: list[str]) -> bool:
    return judges.equation(problem(declare, prove=f"{one} == {two}")).kind in ("proved", "checked")


@pytest.mark.parametrize(("text", "reading"), READ)
def test_a_sum_over_an_index_is_read(text: str, reading: str) -> None:
    assert same(text, reading, DECLARE)


@pytest.mark.parametrize(("text", "reading"), ROWS)
def test_rows_of_a_declared_matrix_are_read(text: str, reading: str) -> None:
    declare = [d for d in DECLARE if not d.startswith("x,")] + ["y in R^n"]
    assert same(text, reading, declare)


# Samples that nobody declared: x_i is a column, since it is transposed or stands behind something transposed; X has them as its rows.
SAMPLES = [(r"\sum_{i=1}^n (y_i - x_i^\top w)^2", "sum((y - X*w).^2)"), ("sum_i (w^T x_i - y_i)^2", "sum((X*w - y).^2)"),
           (r"\frac1n\sum_{i=1}^n \|x_i - w\|^2", "sum((X - ones(n)*w').^2)/n"),
           (r"\frac1n\sum_{i=1}^n \log(1 + e^{-y_i w^\top x_i})", "sum(log(1 + exp(-y.*(X*w))))/n"),
           (r"-\sum_i [y_i \log\sigma(w^\top x_i) + (1 - y_i)\log(1 - \sigma(w^\top x_i))]",
            "-y'*log(sigmoid(X*w)) - (1 - y)'*log(1 - sigmoid(X*w))"),
           (r"\sum_i (x_i - w)^\top \Sigma^{-1} (x_i - w)", "tr((X - ones(n)*w')*inv(Sigma)*(X' - w*ones(n)'))"),
           (r"\sum_{i,j} (x_i^\top w - x_j^\top w)^2", "2*n*norm2(X*w)^2 - 2*sum(X*w)^2"),
           (r"\sum_i w^\top x_i x_i^\top w", "norm2(X*w)^2"), (r"w^\top \sum_i x_i", "sum(X*w)"),
           (r"\sum_{i=1}^n \|x_i - \mu\|^2 + w^\top w", "norm2(X - ones(n)*mu')^2 + w'*w"), (r"\sum_i y_i x_i^\top w", "y'*X*w")]
BOTH = [(r"\sum_{i=1}^n x_i^\top W y_i", "tr(X*W*Y')"), (r"\sum_i y_i^\top W x_i", "tr(Y*W*X')"),
        (r"\sum_{i=1}^n \|y_i - W x_i\|^2", "norm2(Y - X*W')^2"), (r"\sum_i x_i^\top y_i + tr(W)", "tr(X'*Y) + tr(W)")]
TWO = [r"\sum_i x_i y_i^T", r"w^T \sum_i x_i y_i"]


@pytest.mark.parametrize(("text", "reading"), SAMPLES)
def test_samples_that_nobody_declared_are_the_rows_of_a_matrix(text: str, reading: str) -> None:
    p = problem(expr=text, wrt="w")
    assert p.read and "X" in p.variables
    assert same(str(p.f), reading, [*p.inferred])


# How far a sum goes is how many entries there are, whatever else nobody declared.
BOUNDS = [(r"\sum_{i=1}^3 x_i == \sum_{i=1}^5 x_i", "refuted"), (r"\sum_{i=1}^n x_i == \sum_{i=1}^m x_i", "refuted"),
          (r"\sum_{i=1}^3 x_i == \sum_{i=1}^3 x_i", "proved"), (r"\frac1n\sum_{i=1}^n x_i == mean(x)", "proved"),
          (r"\sum_{i=1}^N x_i == N*mean(x)", "proved"), (r"\sum_{i=1}^n x_i y_i == x^T y", "proved"),
          (r"\sum_{i=1}^2 \sum_{j=1}^3 A_{ij} == \sum_{i=1}^3 \sum_{j=1}^2 A_{ij}", "refuted"),
          (r"\frac1n\sum_{i=1}^n (x_i - mean(x))^2 == var(x)", "proved")]


@pytest.mark.parametrize(("text", "kind"), BOUNDS)
def test_a_sum_goes_as_far_as_it_says(text: str, kind: str) -> None:
    p = problem(prove=text)
    assert ("refuted" if p.ill_shaped is not None else judges.equation(p).kind) == kind
    marked = Marker(sheet(f"$${text.replace('==', '=')}$$\n")).run().marks[-1].mark if "mean" not in text and "var" not in text else ""
    assert marked in ("", "follows") if kind == "proved" else marked in ("does not follow", "not read")


@pytest.mark.parametrize(("text", "why"), [(r"\sum_{i=1}^{n_x} x_i", "range"), (r"\sum_{i=1}^{\infty} x_i", "range"),
                                           (r"\sum_{i=1}^c x_i", "which is declared and is not a size")])
def test_a_bound_that_is_no_size_is_refused(text: str, why: str) -> None:
    with pytest.raises(InputError, match=why):
        problem(["c in R"], expr=text)


def test_an_entry_is_no_sample_where_nothing_shows_it() -> None:
    p = problem(expr=r"\sum_i x_i^2 w_i", wrt="w")
    assert "X" not in p.variables and same(str(p.f), "sum(x.^2.*w)", [*p.inferred])


@pytest.mark.parametrize(("text", "reading"), BOTH)
@pytest.mark.parametrize("declare", [[], ["x_i in R^p", "y_i in R^q"]])
def test_two_samples_are_the_rows_of_two_matrices(text: str, reading: str, declare: list[str]) -> None:
    if "x_i^\\top y_i" in text:
        declare = [d.replace("q", "p") for d in declare]
    p = problem(declare, expr=text, wrt="W")
    assert {"X", "Y"} <= p.variables.keys() and same(str(p.f), reading, [*p.inferred])


@pytest.mark.parametrize("text", TWO)
def test_samples_with_two_readings_are_asked_back(text: str) -> None:
    with pytest.raises(InputError, match="two readings"):
        problem(expr=text)


@pytest.mark.parametrize(("text", "why"), REFUSED)
def test_what_is_no_sum_over_an_index_is_refused_by_name(text: str, why: str) -> None:
    with pytest.raises(InputError, match=why):
        problem(DECLARE, expr=text)


def test_sums_are_read_in_equations_and_without_declarations() -> None:
    p = problem(prove=r"\frac{\partial}{\partial x} \sum_i x_i^2 = 2x")
    assert [str(v.shape) for v in p.variables.values()] == [str(problem(["x in R^n"], expr="x").variables["x"].shape)]


# A column is written by its entries at i, a matrix by those at i and j; what it is worth is asked of the first spelling.
INDEXED = Grammar(r"""
n1 | x ~ x_i  y ~ y_i  2*ones(n) ~ 2  c*ones(n) ~ c
nm | x*ones(m)' ~ x_i  y*ones(m)' ~ y_i  2*ones(n,m) ~ 2  c*ones(n,m) ~ c  ones(n)*z' ~ z_j  A ~ A_{ij}  B ~ B_{ij}
""", r"""
ij | ({ij}).*({ij}) ~ ({0}) \cdot ({1})  ({ij}).^2 ~ ({0})^2  tanh({ij}) ~ \tanh({0})  ({ij}) - ({ij}) ~ ({0} - {1})
n1 | rowsum({nm}) ~ \sum_j ({0})
""", early=0.2)


@pytest.mark.slow
def test_random_formulas_have_the_value_of_their_terms(tally: Any) -> None:
    rng = random.Random(20261128)
    for _ in range(400):
        tree = Random(INDEXED, rng).tree("n1", 3)
        text = tree.text(1)
        try:
            p = problem(DECLARE, expr=f"\\sum_i ({text})")
        except InputError:
            tally["index sums"]["refused"] += 1
            continue
        at = {name: np.array([[rng.uniform(0.2, 1) for _ in range(cols)] for _ in range(rows)])
              for name, (rows, cols) in {"x": (4, 1), "y": (4, 1), "z": (3, 1), "A": (4, 3), "B": (4, 3), "c": (1, 1)}.items()}
        want = Typed(at, SIZES)(f"sum({tree.text()})")[0, 0]
        assert p.f is not None
        values = {name: at[name.name] for name in p.f.names if name.kind != "size"}
        got = Reference(values, SIZES)(p.f)[0, 0]
        assert abs(got - want) < 1e-9 * (1 + abs(want)), (text, str(p.f), got, want)
        tally["index sums"]["as their terms"] += 1


@pytest.mark.parametrize("f", [r"\sum_{i=1}^n \sum_{j=1}^i x_i y_j", "sum_{i=1}^n sum_{j=1}^i x_i*y_j",
                               "sum(x[i]*y[j] for i in range(n) for j in range(i))"])
def test_a_sum_up_to_the_index_of_another_is_refused(f: str) -> None:
    with pytest.raises(InputError, match="up to the index i of another"):
        problem(expr=f, wrt="x")


def test_samples_with_a_greek_letter_are_the_rows_of_a_matrix() -> None:
    p = problem(expr=r"\sum_{n=1}^N (t_n - w^\top \phi_n)^2", wrt="w")
    assert str(engine.derive(p).result) == "-2*Phi'*(t - Phi*w)" and "Phi in R^(N,n)" in map(str, p.inferred)


def test_a_sum_over_pairs_of_samples_is_distributed() -> None:
    with pytest.raises(InputError, match="a sum over samples has two readings"):
        problem(["X in R^(n,d)"], expr=r"\sum_{i,j} \|x_i - x_j\|^2", wrt="X")
    p = problem(["X in R^(n,d)"], expr=r"\sum_{i=1}^n\sum_{j=1}^n \|x_i - x_j\|^2", wrt="X")
    assert str(engine.derive(p).result) == "4*(n*X - ones(n, n)*X)"
    with pytest.raises(InputError, match="more than two indices"):
        problem(["X in R^(n,d)"], expr=r"\sum_{i=1}^n\sum_{j=1}^n \exp(\|x_i - x_j\|)", wrt="X")


@pytest.mark.parametrize(("claim", "declare"), [("x_1 + x_2 == sum(x)", "x in R^2"), ("A_{11} + A_{22} == tr(A)", "A in R^(2,2)"),
                                                ("x_1 == x(1)", "x in R^n")])
def test_what_may_be_an_entry_is_asked_back_before_shapes_are_held_against_it(claim: str, declare: str) -> None:
    with pytest.raises(InputError, match="two readings: an entry of"):
        problem([declare], prove=claim)
    assert problem([declare, "x_0, x_1 in R^n"], prove="x_0 + x_1 == x_1 + x_0").ill_shaped is None


@pytest.mark.parametrize(("define", "text", "holds"), [
    (["s = softmax(x)"], "ds_i/dx_j = s_i (δ_ij - s_j)", True), (["s = softmax(x)"], "∂sᵢ/∂xⱼ = sᵢ (1 − sⱼ)", False),
    (["s = softmax(x)"], r"\frac{\partial s_i}{\partial x_j} = s_i (\delta_{ij} - s_j)", True),
    (["p = softmax(z)"], "d log p_i / dz_j = δ_ij - p_j", True),
    (["f = x'x"], "df/dx_i = 2x_i", True), (["f = x'x"], "df/dx_i = x_i", False), (["y = Wx + b"], "∂y_i/∂x_j = W_ij", True),
    (["y = Wx + b"], "∂y_i/∂x_j = W_ji", False), (["y = tanh(x)"], "dy_i/dx_i = 1 - y_i^2", True),
    (["L = g'*W*x"], "dL/dW_ij = x_j g_i", True), (["L = g'*W*x"], "dL/dW_ij = g_j x_i", False)])
def test_entries_of_derivatives_of_what_nobody_declared(define: list[str], text: str, holds: bool) -> None:
    """x_i is an entry where x stands on the line or on one before."""
    assert (prove(text, define=define).kind == "proved") is holds
