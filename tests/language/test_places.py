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
def test_it_is_proved(left: str, right: str) -> None:
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
