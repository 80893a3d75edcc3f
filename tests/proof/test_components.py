"""The slow judge agrees with the quick one, refuses what is too large, and says what it cannot write out."""

import json

import pytest
from judged import FALSE, TRUE, derivative, equation, judge

from matcalc.language.expr import InputError
from matcalc.proof.by_sympy import components
from matcalc.proof.verdict import Place, Cause
from tests.work import Work


def ids(rows):
    return [name for name, _ in rows]


@pytest.mark.thin(11)
@pytest.mark.parametrize("p", [p for _, p in TRUE], ids=ids(TRUE))
def test_true_equations_are_checked(p):
    verdict = judge(components, p)
    assert verdict.kind == "checked", verdict


@pytest.mark.thin(11)
@pytest.mark.parametrize(("name", "p"), FALSE, ids=ids(FALSE))
def test_false_equations_are_refuted(name, p):
    verdict = judge(components, p)
    assert verdict.kind == "refuted", verdict
    json.dumps(verdict.witness)


@pytest.mark.thin(11)
@pytest.mark.parametrize(("name", "p"), [row for row in TRUE if row[0] in {
    "softmax", "quadratic", "linear, mixed", "Hessian in a matrix", "log of softmax", "orthogonal", "commutation",
    "assumed", "abstract chain", "root of a square"}], ids=lambda v: v if isinstance(v, str) else "")
def test_algebra_alone_decides_what_it_can(name, p):
    verdict = judge(components, p)
    assert verdict.looks and all(k.place is Place.ALGEBRA and k.done == k.total for k in verdict.looks), verdict


def test_the_smallest_unequal_sizes_are_named():
    _, p = derivative("", "A*x", "x", "A'", "A in R^(m,n)", "x in R^n")
    ((sizes,),) = [k.sizes for k in judge(components, p).looks]
    assert sizes in ({"m": 3, "n": 2}, {"m": 2, "n": 3})


def test_absurd_sizes_are_refused_at_once():
    _, p = equation("", "x == x + x", "x in R^1000000000")
    with Work() as work, pytest.raises(InputError, match="1000000000"):
        judge(components, p)
    assert work.calls < 1000


def test_expm_is_undecided():
    _, p = derivative("", "tr(expm(X))", "X", "expm(X)'", "X in R^(n,n)")
    verdict = judge(components, p)
    assert verdict.why is Cause.UNDONE and "expm" in verdict.reason.about[0]


def test_the_time_limit_holds():
    _, p = derivative("", "softmax(A*tanh(B*x))", "x", "zeros(n,m)", "A in R^(m,k)", "B in R^(k,n)", "x in R^n")
    with Work() as work:
        assert judge(components, p, seconds=0.0).kind == "undecided"
    assert work.calls < 10_000


@pytest.mark.parametrize(("claim", "refuted"), [("d(sum(H8))/d(Z8) == step(Z8)", False), ("d(sum(H8))/d(Z8) == 2*step(Z8)", True)])
def test_a_point_at_a_kink_refutes_no_derivative(claim, refuted):
    chain = [line for k in range(1, 9) for line in (f"Z{k} = H{k - 1}*W{k}", f"H{k} = relu(Z{k})")]
    declare = [*(f"W{k} in R^(n,n)" for k in range(1, 9)), "H0 in R^(m,n)"]
    _, p = equation(claim, claim, *declare, define=chain)
    assert (judge(components, p).kind == "refuted") == refuted
