"""A letter in square brackets that nothing is called so says which entry is meant, under a sum as elsewhere."""

import pytest

import matcalc

NAMES = ["A in R^(n,n)", "B in R^(n,n)", "X in R^(m,n)", "x in R^n", "y in R^n", "s: R -> R", "h: R^n -> R^m", "g: R^n -> R"]


@pytest.mark.parametrize(("left", "right"), [
    ("sum(j, A[i,j]*x[j])", "(A*x)[i]"),
    ("sum(j, A[j,i]*x[j])", "(A'*x)[i]"),
    ("sum(j, inv(A)[i,j]*x[j])", "(inv(A)*x)[i]"),
    ("sum(j, (A*B)[j,i]*x[j])", "((A*B)'*x)[i]"),
    ("sum(k, l, A[i,k]*B[k,l]*x[l])", "(A*B*x)[i]"),
    ("sum(j, A[j,k]*B[i,j]*x[j])", "(B*diag(x)*A)[i,k]"),
    ("sum(j, exp(sum(k, A[j,k]*x[k]))*A[j,i])", "(A'*exp(A*x))[i]"),
    ("sum(i, (A*x)[i]^2)", "x'*A'*A*x"),
    ("sum(i, s'(x[i])*x[i])", "s'(x)'*x"),
    ("sum(i, grad(g)(x)[i]*x[i])", "grad(g)(x)'*x"),
    ("jac(h)(x)[j,i]", "(jac(h)(x))[j,i]"),
    ("∂(x'*A*x)/∂x[i]", "sum(j, A[i,j]*x[j]) + sum(j, A[j,i]*x[j])"),
    ("∂((X*x)[k])/∂x[i]", "X[k,i]"),
    ("(d(x'*x)/d(x))[i]", "2*x[i]"),
    ("(d(x'*x)/d(x))(1)", "2*x(1)"),
    ("(d(X*x)/d(x))[i,j]", "X[j,i]"),
])
def test_a_derivative_by_an_entry_is_proved(left: str, right: str) -> None:
    assert matcalc.prove(f"{left} == {right}", declare=NAMES).kind == "proved"


@pytest.mark.parametrize(("left", "right"), [
    ("sum(j, A[i,j]*x[j])", "(A'*x)[i]"),
    ("sum(j, (A*B)[j,i]*x[j])", "(A*B*x)[i]"),
    ("∂(x'*A*x)/∂x[i]", "2*sum(j, A[i,j]*x[j])"),
    ("(d(x'*x)/d(x))[i]", "2*x[j]"),
])
def test_it_is_not_what_it_is_not(left: str, right: str) -> None:
    assert matcalc.prove(f"{left} == {right}", declare=NAMES).kind == "refuted"


def test_numbers_in_square_brackets_are_asked_back() -> None:
    with pytest.raises(matcalc.InputError, match="counted from 0"):
        matcalc.prove("(d(X*x)/d(x))[i,j] == X[1,1]", declare=NAMES)


@pytest.mark.parametrize(("left", "right", "wrong"), [
    (r"\frac{\partial (Xx)_i}{\partial x_j}", "X_{ij}", "X_{ji}"),
    (r"\frac{\partial (x^\top Ax)}{\partial A_{ij}}", "x_ix_j", "x_i x_i"),
    (r"\frac{\partial (x^\top Ax)}{\partial x_i}", r"\sum_j A_{ij}x_j + \sum_j A_{ji}x_j", r"2\sum_j A_{ij}x_j"),
    (r"\partial (y^\top x)/\partial x_k", "y_k", "x_k"),
    (r"\frac{\partial}{\partial x_k} \sum_i y_i x_i^2", "2 y_k x_k", "y_k x_k"),
])
def test_subscripts_of_latex_are_judged(left: str, right: str, wrong: str) -> None:
    declared = [n for n in NAMES if n != "X in R^(m,n)"] + ["X in R^(n,n)"]
    assert matcalc.prove(f"{left} == {right}", declare=declared).kind == "proved"
    assert matcalc.prove(f"{left} == {wrong}", declare=declared).kind == "refuted"


def test_a_name_that_is_transposed_is_no_entry() -> None:
    assert matcalc.prove(r"x_k^\top A x_k == x_k^\top A^\top x_k", declare=NAMES).kind == "proved"
    assert matcalc.prove(r"\frac{1}{2}(x_1 + x_1) == x_1", declare=NAMES).kind == "proved"
