"""Reading and printing back, inference, messages."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from matcalc.language.expr import Dim
from matcalc.reading.parse import parse, parse_file, problem
from matcalc.language.shape import InputError
from tests.work import Work

CASES = [json.loads(line) for line in (Path(__file__).parents[1] / "acceptance" / "cases.jsonl").read_text(encoding="utf-8").splitlines()]
DECLARED = ["A in R^(m,n)", "B in R^(k,n)", "S in R^(n,n) symmetric", "x in R^n", "y in R^m", "c in R", "f: R -> R", "g: R^n -> R",
            "h: R^n -> R^m"]


def test_what_is_printed_reads_back() -> None:
    for case in CASES:
        p = problem(declare=case["declare"], define=case["define"], expr=case["expr"], wrt=case["wrt"])
        assert p.f is not None
        assert parse(str(p.f), p.scope) is p.f, case["expr"]
        if case["expected"] and not case.get("where"):
            e = parse(case["expected"], p.scope)
            assert parse(str(e), p.scope) is e, case["expected"]


INFERRED = {
    "x'*A*x + c*sin(y)'*x": ["A in R^(n,n)", "c in R", "x in R^n", "y in R^n"],
    "log(det(inv(X)))": ["X in R^(n,n)"],
    "norm2(A*x - y)^2": ["A in R^(n,m)", "x in R^m", "y in R^n"],
    "sum(log(exp(-y.*(X*w)) + vector(1)))": ["X in R^(n,m)", "w in R^m", "y in R^n"],
    "a^b": ["a in R", "b in R"],
    "exp(-0.5*x'*x)": ["x in R^n"],
    "tr(eye*X)": ["X in R^(n,n)"],
    "lambda*x": ["lambda in R", "x in R^n"],
    "norm1(A*x - y)": ["A in R^(n,m)", "x in R^m", "y in R^n"],
    "(y.*v)'*x": ["v in R^n", "x in R^n", "y in R^n"],
    "A*exp(x)": ["A in R^(n,m)", "x in R^m"],
    "x'*A*x + b'*x + c": ["A in R^(n,n)", "b in R^n", "c in R", "x in R^n"],
    "b*x": ["b in R", "x in R^n"],
}


@pytest.mark.parametrize("text", INFERRED)
def test_the_shapes_of_undeclared_letters_are_inferred(text: str) -> None:
    """matrixcalculus.org's letters; what was inferred is said."""
    assert problem(expr=text).inferred == INFERRED[text]


MESSAGES = {
    "A*B": "A*B: inner sizes differ: A is m x n, B is k x n (k from line 2, m from line 1, n from line 1)",
    "x 2": "write * for a product",
    "x + y": "shapes differ: x is n x 1, y is m x 1",
    "(x": "this bracket is not closed",
    "x)": "unmatched )",
    "q*x": "unknown name q",
    "foo(x)": "unknown function foo",
    "sin(x, y)": "sin takes 1 argument, 2 given",
    "A^2": "write .^ for the entry-wise power",
    "x/y": "write ./ for the entry-wise quotient",
    "tr(A)": "not square",
    "f + 1": "f is a function",
    "h(y)": "h takes a vector of size n",
    "max(x)": "max has no derivative at a tie",
    "(" * 10_000: "nested brackets",
    "x" + "+x" * 120_000: "at most",
    "x\x00": "not part of the language",
    "": "the expression is empty",
    "x/0": "division by zero",
}


@pytest.mark.parametrize("text", MESSAGES, ids=lambda t: t[:20] or "empty")
def test_messages_say_what_is_wrong_with_a_line(text: str) -> None:
    with Work() as work, pytest.raises(InputError) as caught:
        parse(text, DECLARED)
    assert MESSAGES[text] in str(caught.value) and work.calls < 400_000


def test_a_caret_stands_under_the_culprit() -> None:
    with pytest.raises(InputError) as caught:
        parse("x'*S*x + A*x*B", DECLARED)
    lines = str(caught.value).splitlines()
    assert lines[1][lines[2].index("^"):].startswith("A*x*B")


@pytest.mark.parametrize("bad", ["x in", "x in R^0", "A in R^(m,n) symmetric", "A in R^(n,n) tall", "f: R^(m,n) -> R^n", "x R^n"])
def test_bad_declarations_are_refused(bad: str) -> None:
    with pytest.raises(InputError):
        problem(declare=[bad], expr="x", wrt="x")
    with pytest.raises(InputError):
        problem(declare=["x in R^n", "x in R^m"], expr="x", wrt="x")


def test_overloads_are_settled_by_shape() -> None:
    heads = {"diag(x)": "diag", "diag(S)": "diagonal", "softmax(x)": "softmax", "softmax(A)": "softmax_rows", "S^-1": "inv",
             "normF(A)": "norm2", "logsumexp(A)": "logsumexp_rows"}
    for text, head in heads.items():
        assert parse(text, DECLARED).head == head  # type: ignore[attr-defined]


def test_a_file_is_read_problem_by_problem() -> None:
    problems = parse_file('title "T"\nx in R^n\ns = softmax(x)\nderive s wrt x\nexpect diag(s) - s*s\'\nprove sum(s) == 1\n')
    assert [p.order for p in problems] == [1, 1]
    assert problems[0].expect is not None and problems[1].prove is not None
    for bad in ("", "x in R^n", "derive x", "expect x\nx in R^n\nderive x wrt x"):
        with pytest.raises(InputError):
            parse_file(bad)


def test_sizes_are_added_and_multiplied() -> None:
    n, m = Dim.of("n"), Dim.of("m")
    assert n + m is m + n and (n + Dim.of(1)).value({"n": 4}) == 5 and (m * n).value({"m": 2, "n": 3}) == 6


def test_a_line_is_read_with_little_work() -> None:
    """Of which some 50 microseconds are made here; benchmarks/run.py tells how many."""
    from matcalc.reading.parse import Scope
    scopes = [(c["expr"], Scope(c["declare"])) for c in CASES if not c["define"]]
    for text, scope in scopes:
        parse(text, scope)
    with Work() as work:
        for text, scope in scopes:
            parse(text, scope)
    assert work.calls < 500 * len(scopes)


@pytest.mark.parametrize("line", ["", "  ", "z", "=", "= x", "(", "for k = 1..3"])
def test_a_definition_that_is_none(line: str) -> None:
    with pytest.raises(InputError):
        problem(define=[line], expr="x'*x", wrt="x")


@pytest.mark.parametrize("option", ["hvp", "tangent", "cotangent", "adjoint"])
@pytest.mark.parametrize("value", [None, 5, b"v", ["v"]])
def test_a_direction_is_a_name(option: str, value: Any) -> None:
    with pytest.raises(InputError, match="must be a string"):
        problem(expr="x'*x", wrt="x", **{option: value})


@pytest.mark.parametrize("text", ["∂f/∂x = 2x", "df/dx = 2x", "∇f = 2x", "∇f(x) = 2*x", "d(f)/d(x) == 2*x", r"\nabla f = 2x", "∂L/∂x = 2x",
                                  r"\frac{\partial f(x)}{\partial x} = 2x", "∇_x f = 2x"])
def test_a_claim_may_be_an_equation_with_the_derivative_on_its_left_side(text: str) -> None:
    p = problem(expr="x'*x", wrt="x", claim=text)
    assert p.claim is problem(expr="x'*x", wrt="x", claim="2*x").claim and list(p.variables) == ["x"]


@pytest.mark.parametrize("text", ["df = 2x'dx", "d(f) == 2*x'*d(x)", "dL = 2 dx' x", "df = dx^T x + x^T dx"])
def test_a_claim_may_be_a_differential(text: str) -> None:
    p = problem(expr="x'*x", wrt="x", claim=text)
    assert p.claim is None and p.text["claim"] == text and p.along is not None
    assert str(p.along.tangent) == "dx" and p.along.claim is not None and str(p.along.claim) in ("2*x'*dx", "2*dx'*x", "dx'*x + x'*dx")


@pytest.mark.parametrize("text", ["∂f/∂y = 2x", "dx = 2x'dx", "df == ", "f = 2x", "2x = 2x", "∂f/∂x = 2f", "∂f/∂x = 2x = 3x", "∂x/∂x = 2x"])
def test_an_equation_of_something_else_is_no_claim(text: str) -> None:
    with pytest.raises(InputError):
        problem(expr="x'*x", wrt="x", claim=text)
    with pytest.raises(InputError):
        problem(["f(x) = x'x"], expr="f", wrt="x", claim="∂g/∂x = 2x")


@pytest.mark.parametrize(("text", "same"), [
    ("x: R^n", "x in R^n"), ("let x in R^n", "x in R^n"), ("x in R^n.", "x in R^n"), ("x in R^n;", "x in R^n"), ("x : ℝⁿ", "x in R^n"),
    ("x in R^n and A in R^(n,n)", "x in R^n, A in R^(n,n)"), ("X ∈ ℝ^{n×d}; y ∈ ℝⁿ", "X in R^(n,d), y in R^n"),
    ("A in R^(n,n), symmetric", "A in R^(n,n) symmetric"), ("A ∈ ℝ^{n×n} sym", "A in R^(n,n) symmetric"),
    ("A in R^(n,n) positive definite", "A in R^(n,n) spd"), ("A ∈ ℝⁿˣⁿ, symmetric positive definite", "A in R^(n,n) spd"),
    ("A in R^(n,n) skew-symmetric", "A in R^(n,n) skew"), ("A in R^(n,n) upper triangular", "A in R^(n,n) upper"),
    ("y in R^k one-hot", "y in R^k simplex"), ("let A, B in R^(n,n) lower-triangular", "A, B in R^(n,n) lower")])
def test_a_declaration_as_it_is_said_is_the_same_one(text: str, same: str) -> None:
    assert list(problem(declare=[text], expr="1").scope.names.values()) == list(problem(declare=[same], expr="1").scope.names.values())


@pytest.mark.parametrize(("text", "same"), [
    ("A is n x n", "A in R^(n,n)"), ("x is a vector in R^n", "x in R^n"), ("Q symmetric n x n", "Q in R^(n,n) symmetric"),
    ("A: m by m", "A in R^(m,m)"), ("A: m×n; U: m×k", "A in R^(m,n), U in R^(m,k)"), ("W1: h x d, b1: h", "W1 in R^(h,d), b1 in R^h"),
    ("X is an invertible n×n matrix", "X in R^(n,n)"), ("A.shape == (n, n)", "A in R^(n,n)"), ("b.shape == (n,)", "b in R^n"),
    ("A, B n-by-n", "A, B in R^(n,n)"), ("x is an n-dimensional vector", "x in R^n"), ("x, y vectors of size n", "x, y in R^n"),
    ("let Q be a symmetric n x n matrix and b a vector of size n", "Q in R^(n,n) symmetric, b in R^n"), ("x (n x 1)", "x in R^n"),
    ("c is a scalar", "c in R"), ("A is a symmetric matrix of size n", "A in R^(n,n) symmetric"),
    ("w row vector of size n", "w in R^(1,n)"),
    ("y is a one-hot vector of length k", "y in R^k simplex"), ("alpha is a positive number", "alpha in R positive"),
    ("vector x in R^n, scalar c", "x in R^n, c in R"), ("X: (n, d), y: (n,)", "X in R^(n,d), y in R^n"), ("A is 3x4", "A in R^(3,4)"),
    ("A is a 3 x 4 matrix", "A in R^(3,4)"), ("A: (n+1) x (n+1)", "A in R^(n+1,n+1)"),
    ("A ∈ S^n_{++}", "A in R^(n,n) spd"), ("x ∈ ℝⁿ₊₊", "x in R^n positive"), ("A ∈ Rn×n, x ∈ Rn", "A in R^(n,n), x in R^n"),
    ("A ∈ M_{m,n}(ℝ)", "A in R^(m,n)"), ("size(A) = [m n]", "A in R^(m,n)"), ("X.shape: torch.Size([m, n])", "X in R^(m,n)"),
    ('x: Float[Tensor, "n d"]', "x in R^(n,d)"), ("A = randn(m,n)", "A in R^(m,n)"), ("g is a function from R^n to R^m", "g: R^n -> R^m"),
    ("x, a scalars", "x, a in R"), ("a is a vector in R^n, b: n", "a in R^n, b in R^n")])
def test_sizes_said_in_words_declare(text: str, same: str) -> None:
    assert list(problem(declare=[text], expr="1").scope.names.values()) == list(problem(declare=[same], expr="1").scope.names.values())


@pytest.mark.parametrize(("text", "expr", "shaped"), [
    ("A symmetric", "x'*A*x", "A in R^(n,n) symmetric"), ("Let $A$ be symmetric", "A", "A in R^(n,n) symmetric"),
    ("A square", "A*x", "A in R^(n,n)"),
    (r"$\Sigma$ positive definite", "x'*Sigma*x", "Sigma in R^(n,n) spd"), ("a, b vectors", "a'*b", "a in R^n"),
    ("u is a matrix", "u*x", "u in R^(n,m)"), ("symmetric A, vector a", "A*a", "A in R^(n,n) symmetric"),
    ("y one-hot", "y'*x", "y in R^n simplex"), ("A^T = A", "A", "A in R^(n,n) symmetric"), ("Σ ≻ 0", "x'*Sigma*x", "Sigma in R^(n,n) spd"),
    ("A::Matrix{Float64}", "A*x", "A in R^(n,m)"), ("A is invertible", "A*x", "A in R^(n,n)")])
def test_what_is_said_of_a_name_is_kept_and_its_sizes_are_found(text: str, expr: str, shaped: str) -> None:
    p = problem(declare=[text], expr=expr)
    name, _, _, *words = shaped.split()
    assert shaped in p.inferred and p.scope.names[name].words == set(words)


@pytest.mark.parametrize(("text", "declared", "defined"), [
    ("x'Ax where A is symmetric", {"A": {"symmetric"}}, []), ("s'*y, where y in R^n and s = softmax(x)", {"y": set()}, ["softmax(x)"]),
    ("x'Ax for symmetric A", {"A": {"symmetric"}}, []), ("z'z with z = B*s, s = x + 1", {}, ["ones(n) + x", "B*s"])])
def test_what_stands_behind_a_formula_is_read_with_it(text: str, declared: dict[str, set[str]], defined: list[str]) -> None:
    p = problem(expr=text, wrt="x")
    assert {n: p.scope.names[n].words for n in declared} == declared
    assert [str(body).replace("ones(m)", "ones(n)") for _, body in p.definitions] == defined


@pytest.mark.parametrize("line", ["x'Ax wrt x where A is symmetric", "x'Ax with respect to x where A is symmetric", "x'Ax wrt x, order 2",
                                  "x'Ax wrt x;", "x'*A*x wrt x order 2 where A symmetric"])
def test_a_line_that_asks_as_one_says_it(line: str) -> None:
    (p,) = parse_file(f"derive {line}")
    assert str(p.f) == "x'*A*x" and str(p.wrt) == "x" and p.order == 1 + ("order 2" in line)
    assert p.scope.names["A"].words == ({"symmetric"} if "symmetric" in line else set())


def test_definitions_behind_an_equation_say_what_its_derivative_is_of() -> None:
    p = problem(prove="dL/dW = (p - y)x' where L = -y'log(p), p = softmax(Wx), y one-hot vector")
    assert [str(body) for _, body in p.definitions] == ["softmax(W*x)", "-y'*log(p)"] and p.scope.names["y"].words == {"simplex"}


def test_what_is_said_of_a_name_goes_with_its_declaration() -> None:
    both = ["A in R^(n,n)", "A symmetric"], ["A spd", "A in R^(n,n)"]
    first, second = (problem(declare=lines, expr="A").scope.names["A"] for lines in both)
    assert first.words == {"symmetric"} and second.words == {"spd"}
    for lines in (["A in R^(m,n)", "A symmetric"], ["A symmetric", "A in R^(m,n)"], ["x vector", "x in R^n", "x in R^n"]):
        with pytest.raises(InputError):
            problem(declare=lines, expr="1")


@pytest.mark.parametrize("text", ["A in R^(n,n) semidefinite", "A in R^(n,n) positive semidefinite", "let", "x and y", "f: R",
                                  ". x in R^n", "A in R^(m,n), symmetric", "x in R^n symmetric positive definite", "A in S^n",
                                  "A > 0", "Q'Q = I", "A ∈ C^(n,n)", "x ≥ 0", "p ∈ Δ^n", "A is PSD",
                                  "A is not symmetric", "W has k rows", "x is real", "x is Q", "A is n x n x n", "symmetric"])
def test_what_says_something_else_declares_nothing(text: str) -> None:
    with pytest.raises(InputError):
        problem(declare=[text], expr="1")


@pytest.mark.parametrize("text", ["sum(exp, x", "‖x‖_", "(X'X)⁻¹ᵀy", "X.su((0,1", "np.c_[A=, _[A, x]", "∂_‖x‖/∂x", "|x∇_∇1",
                                  "norm(|[3, 4 4])", "umm(X, (0,1))", "⟨x, y⟩_", "np.umm(X, (0,1))", "np.einsum('...ij,i', x, X)"])
def test_what_ends_too_early_is_an_input_error(text: str) -> None:
    with pytest.raises(InputError):
        problem(expr=text)
    with pytest.raises(InputError):
        problem(prove=f"{text} == 0")


@pytest.mark.parametrize(("text", "f", "wrt", "order", "words"), [
    ("derive d/dx (x'Ax)", "x'*A*x", "x", 1, ""), ("derive ∇(xᵀAx)", "x'*A*x", "x", 1, ""), ("derive D[x.A.x, x]", "x'*A*x", "x", 1, ""),
    ("derive the gradient of x'Ax with respect to x", "x'*A*x", "x", 1, ""), ("derive f(x) = x'Ax", "x'*A*x", "x", 1, ""),
    ("derive the Hessian of x'Ax wrt x", "x'*A*x", "x", 2, ""), ("derive $x^\\top A x$ wrt $x$", "x'*A*x", "x", 1, ""),
    ("% a form\nA = A'\nderive x'*A*x wrt x", "x'*A*x", "x", 1, "symmetric"),
    ("A = A.T\nderive x'*A*x wrt x", "x'*A*x", "x", 1, "symmetric"),
    ("$A = A^\\top$\nderive x'*A*x wrt x", "x'*A*x", "x", 1, "symmetric"), ("A' = -A\nderive x'*A*y wrt x", "x'*A*y", "x", 1, "skew")])
def test_a_file_asks_as_a_line_does(text: str, f: str, wrt: str, order: int, words: str) -> None:
    [p] = parse_file(text)
    assert (str(p.f), str(p.wrt), p.order, " ".join(p.scope.names["A"].words)) == (f, wrt, order, words)


def test_what_a_file_does_not_say_is_told_with_its_line() -> None:
    with pytest.raises(InputError, match="derive needs wrt") as caught:
        parse_file("A in R^(n,n)\nderive x'Ax")
    assert caught.value.line == 2
    with pytest.raises(InputError, match="z is neither declared nor used") as caught:
        parse_file("A in R^(n,n)\n\nderive x'Ax wrt z")
    assert caught.value.line == 3
