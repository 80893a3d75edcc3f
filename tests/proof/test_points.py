"""The quick judge: right claims are checked, wrong ones refuted by a point that anybody can evaluate."""

import json
from random import Random

import pytest
from judged import FALSE, TRUE, derivative, equation, judge

from matcalc.deriving.engine import derive
from matcalc.language.expr import Dim, Name, T, add, apply, hadamard, mul, num, power, sub
from matcalc.reading.parse import problem
from matcalc.proof.at_points import points
from matcalc.proof.at_points.field import H, M, P, Q, Field
from matcalc.proof.at_points.jets import Jet
from matcalc.proof.at_points.reals import Reals
from matcalc.proof.verdict import Reason, Cause, checked, refuted
from tests.work import Work, calls


def ids(rows):
    return [name for name, _ in rows]


@pytest.mark.parametrize("p", [p for _, p in TRUE], ids=ids(TRUE))
def test_true_equations_are_checked(p):
    verdict = judge(points, p)
    assert verdict.kind == "checked", verdict


@pytest.mark.parametrize("p", [p for _, p in FALSE], ids=ids(FALSE))
def test_false_equations_are_refuted(p):
    verdict = judge(points, p)
    assert verdict.kind == "refuted", verdict
    witness = json.loads(json.dumps(verdict.witness))
    assert witness["left"] != witness["right"]
    assert "sizes" in witness or "shape" in witness


def test_witness_names_the_point():
    _, p = equation("", "x.*y == x", "x in R^n", "y in R^n")
    w = judge(points, p).witness
    i = w["entry"][0] - 1
    assert len(w["x"]) == len(w["y"]) == w["sizes"]["n"]
    assert w["left"] == pytest.approx(w["x"][i] * w["y"][i])
    assert w["right"] == pytest.approx(w["x"][i])


def test_witness_of_a_derivative():
    _, p = derivative("", "x'*A*x", "x", "2*A*x", "x in R^n", "A in R^(n,n)")
    w = judge(points, p).witness
    n, x, a, i = w["sizes"]["n"], w["x"], w["A"], w["entry"][0] - 1
    assert w["left"] == pytest.approx(sum((a[i][j] + a[j][i]) * x[j] for j in range(n)))
    assert w["right"] == pytest.approx(sum(2 * a[i][j] * x[j] for j in range(n)))


@pytest.mark.parametrize("k", [3, 4, 5, 6])
def test_elementary_symmetric_functions_are_not_zero(k):
    """e_k of an n x n matrix is zero for n < k: a judge that samples small n only is fooled."""
    a = Name("A", (Dim.of("n"), Dim.of("n")))
    e = [num(1)]
    for i in range(1, k + 1):
        terms = [mul(num((-1) ** (j - 1)), e[i - j], apply("tr", power(a, num(j)))) for j in range(1, i + 1)]
        e.append(mul(power(num(i), num(-1)), add(*terms)))
    verdict = points.judge_equation(problem(declare=["A in R^(n,n)"], expr="tr(A)", wrt="A"), e[k], num(0))
    assert verdict.kind == "refuted" and verdict.witness["sizes"]["n"] >= k


def test_wrong_shape_is_refuted():
    _, p = derivative("", "a'*x", "x", "a'", "a in R^n", "x in R^n")
    verdict = judge(points, p)
    assert verdict.kind == "refuted" and verdict.reason == Reason(Cause.SHAPE, ("derivative", "n x 1", "claim", "1 x n"))


def test_definitions_are_taken_into_account():
    p = problem(declare=["x in R^n", "A in R^(n,n)"], define=["q = A*x"], expr="x'*A*x", wrt="x", claim="q + A'*x")
    assert judge(points, p.replace(definitions=[]), p.definitions).kind == "checked"


def test_expm_is_compared_in_floats():
    _, p = derivative("", "tr(expm(X)*A)", "X", "expm_frechet(X', A')", "X in R^(n,n)", "A in R^(n,n)")
    assert judge(points, p).kind == "checked"
    _, p = derivative("", "tr(expm(X)*A)", "X", "expm(X)'*A'", "X in R^(n,n)", "A in R^(n,n)")
    assert judge(points, p).kind == "refuted"


def test_a_nonlinear_assumption_is_met_at_real_points():
    _, p = equation("", "(eye(n) - x*x')*x == zeros(n)", "x in R^n", assume=["x'*x = 1"])
    assert judge(points, p).kind == "checked"
    _, p = equation("", "Q*Q' == eye(n)", "Q in R^(n,n)", assume=["Q'*Q = eye(n)"])
    assert judge(points, p).kind == "checked"
    _, p = equation("", "x'*x == 1", "x in R^n", assume=["sum(x) = 1"])
    assert judge(points, p).kind == "refuted"


def test_an_impossible_assumption_is_said():
    _, p = equation("", "x == x + ones(n)", "x in R^n", assume=["x'*x = -1"])
    verdict = judge(points, p)
    assert verdict.kind == "undecided" and verdict.reason == Reason(Cause.UNMET, ("x'*x = -1",))


def test_absurd_sizes_are_undecided_at_once():
    _, p = equation("", "x + x == 2*x", "x in R^1000000000")
    x = p.variables["x"]
    with Work() as work:
        verdict = points.judge_equation(p, apply("exp", x), hadamard(x, x))
    assert verdict.kind == "undecided" and verdict.reason == Reason(Cause.TOO_LARGE, (1000000000, 1)) and work.calls < 1000


@pytest.mark.slow
def test_long_chains_of_definitions():
    lines = ["z0 = x"] + [f"z{i} = tanh(z{i - 1})" for i in range(1, 1200)]
    p = problem(declare=["x in R^2"], define=lines, expr="sum(z1199)", wrt="x", claim="zeros(2)")
    assert judge(points, p).kind == "refuted"


def test_deep_expressions_are_computed():
    x = Name("x", (Dim.of("n"), Dim.of(1)))
    e = x
    for _ in range(1000):
        e = apply("sin", add(e, x))
    p = problem(declare=["x in R^n"], expr="sum(x)", wrt="x")
    assert points.judge_equation(p, sub(e, e) if False else e, T(T(e))).kind == "checked"


def test_second_derivatives_inside_an_equation():
    _, p = equation("", "d(d(x'*A*x)/d(x))/d(x) == A + A'", "x in R^n", "A in R^(n,n)")
    assert judge(points, p).kind == "checked"


def test_tiny_differences_are_not_called_equal():
    _, p = equation("", "1.000000001*x == x", "x in R^n")
    assert judge(points, p).kind != "checked"


def test_the_same_question_has_the_same_verdict():
    _, p = FALSE[0]
    assert judge(points, p) == judge(points, p)


def test_a_verdict_is_not_a_truth_value():
    with pytest.raises(TypeError):
        bool(checked())
    assert refuted(Cause.ENTRY, {"x": [1]}).witness == {"x": [1]}


# ------------------------------------------------------------------------------------------------ the numbers
def test_exp_is_a_homomorphism_modulo_P():
    field = Field(Random(1))
    assert pow(H, Q, P) == 1 and M == P * Q and P == 2 * Q + 1
    a, b = field.draw(0), field.draw(0)
    assert field.exp(a + b) % P == field.exp(a) * field.exp(b) % P
    assert field.log(field.exp(a)) == a
    assert field.exp(-a) * field.exp(a) % M == 1


def test_signs_and_roots_are_multiplicative():
    field = Field(Random(2))
    a, b = field.draw(0), field.draw(0)
    assert field.sign(a * b % M) % P == field.sign(a) * field.sign(b) % P
    assert field.sign(M - a) == M - field.sign(a)
    root = field.function(points_half(), [a * a % M])[0]
    assert root % P == field.sign(a) * a % P


def points_half():
    from fractions import Fraction
    return Fraction(1, 2)


@pytest.mark.parametrize("f", ["exp", "log", "sin", "cos", "arctan", "arcsin", "erf"])
def test_slopes_agree_with_differences(f):
    ring = Reals(Random(3))
    t, step = 0.37, 1e-5
    u = Jet(1, 1, {0: [t], 1: [1.0], 2: [1.0]})
    jet = ring.map(f, u)
    at = lambda s: ring.map(f, Jet(1, 1, {0: [s]})).parts[0][0]
    assert jet.parts[1][0] == pytest.approx((at(t + step) - at(t - step)) / (2 * step), rel=1e-6)
    assert jet.parts[3][0] == pytest.approx((at(t + step) - 2 * at(t) + at(t - step)) / step ** 2, rel=1e-3)


def test_little_work_for_a_claim():
    """The softmax Jacobian, and half of all claims."""
    made = sorted(calls(lambda p=p: judge(points, p)) for _, p in TRUE)
    softmax = calls(lambda: judge(points, TRUE[0][1]))
    assert softmax < 3_000 and made[len(made) // 2] < 4_000


def test_rounding_refutes_nothing():
    """The determinant of an exponential with entries of very different size is lost to rounding."""
    for text in ("tr(B*S) == logdet(expm(B*S))", "tr(adj(S)) == logdet(expm(adj(S))')"):
        _, p = equation("", text, "B in R^(n,n)", "S in R^(n,n) spd")
        assert judge(points, p).kind in ("checked", "undecided")


@pytest.mark.parametrize(("declare", "expr", "order", "kind"), [
    ("X in R^(n*m,n+1)", "sum(hinge(X))", 1, "checked"), ("X in R^(n*m,n+1)", "hinge(X)'", 1, "checked"),
    ("X in R^(n+1,2)", "norm2(hinge(X))", 2, "checked"), ("X in R^(n,n) upper", "sum(relu(X))", 1, "undecided"),
    ("X in R^(n,n) upper", "sum(abs(X))", 1, "checked")])
def test_a_kink_refutes_nothing(declare: str, expr: str, order: int, kind: str) -> None:
    """Of many short decimals one is a kink; there a derivative is whatever one says it is."""
    p = problem([declare], expr=expr, wrt="X", order=order)
    d = derive(p)
    assert points.judge_derivative(p, d.result, d.where, order).kind == kind
    if kind == "checked":
        assert points.judge_derivative(p, mul(num(2), d.result), d.where, order).kind == "refuted"
