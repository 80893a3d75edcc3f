"""Entries, rows, columns and blocks: derivatives against central differences and the judges, code, claims, pages typed back."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from random_problems import PLACED, _value, draw, judge, one

from matcalc import api, judges
from matcalc.codegen.numpy import source
from matcalc.deriving.engine import derive
from matcalc.language.expr import InputError
from matcalc.reading.parse import parse, parse_file, problem
from matcalc.render.latex import latex
from matcalc.render.mathml import formula, MathML
from matcalc.render.plain import plain
from tests.parts import seed

SEEDS = 36
DECLARE = ["A in R^(m,n)", "B in R^(k,n)", "C in R^(m,p)", "S in R^(n,n)", "x in R^n", "y in R^m", "z in R^5", "c in R", "w in R^(n+1)"]


@pytest.mark.parametrize("k", range(SEEDS))
def test_random_derivatives_of_entries_and_blocks_are_right(k: int, tally: Any) -> None:
    start = seed(0) + k
    answer = judge(start, PLACED)
    assert not answer.startswith("wrong"), answer
    p, what, sizes, _ = one(start, PLACED)
    d = derive(p)
    assert judges.replay(d).kind == "checked", what
    found = judges.derivative(p, d).kind
    assert found in ("proved", "checked"), what
    values = {n: draw(n, sizes[0], np.random.default_rng(k)) for n in p.variables.values()}
    space: dict[str, Any] = {}
    exec(source(p, d.result, d.where), space)
    names = space["grad"].__code__.co_varnames[:space["grad"].__code__.co_argcount]
    flat = {n.name: v.reshape(-1) if 1 in v.shape and n.shape[1].number == 1 else v for n, v in values.items()} | sizes[0]
    given = {n: v.item() if getattr(v, "size", 0) == 1 and n in "ct" else v for n, v in flat.items()}
    got, want = np.asarray(space["grad"](*(given[n] for n in names))), _value(d, values, sizes[0])
    assert np.allclose(got.reshape(-1), want.reshape(-1), rtol=1e-6, atol=1e-7, equal_nan=True), (what, source(p, d.result, d.where))
    tally["entries and blocks"] |= {found: tally["entries and blocks"][found] + 1}


@pytest.mark.parametrize(("text", "wrt", "result"), [
    ("x(2)", "x", "unit(2, n)"), ("A[i,j]", "A", "unit(i, m)*unit(j, n)'"), ("log(softmax(x)[i])", "x", "unit(i, n) - softmax(x)"),
    ("sum(A(:,j))", "A", "ones(m)*unit(j, n)'"), ("A(2,:)*x", "x", "A'*unit(2, m)"),
    ("norm2(z(2:4))^2", "z", "2*select(2, 3, 5)*select(2, 3, 5)'*z"),
    ("norm2([x; c])^2", "x", "2*x"), ("w'*[x; 1]", "x", "select(1, n, n + 1)'*w"), ("norm2([A; B]*x)^2", "B", "2*B*x*x'"),
    ("tr([A; B]'*[A; B])", "A", "2*A"), ("exp(x(1))*x(3)", "x", "exp(unit(1, n)'*x)*((unit(3, n)'*x)*unit(1, n) + unit(3, n))")])
def test_derivatives_of_entries_and_blocks_are_the_known_ones(text: str, wrt: str, result: str) -> None:
    p = problem(DECLARE, expr=text, wrt=wrt)
    d = derive(p)
    assert d.result is parse(result, p.scope), str(d.result)
    assert judges.derivative(p, d).kind == "proved" and judges.replay(d).kind == "checked"


@pytest.mark.parametrize(("text", "kind"), [
    ("unit(i,n)'*unit(i,n) == 1", "proved"), ("unit(i,n)'*unit(j,n) == 0", "refuted"), ("unit(2,n)'*unit(3,n) == 0", "proved"),
    ("unit(i,n)'*unit(3,n) == 0", "refuted"), ("unit(i,n)'*unit(n,n) == 0", "refuted"), ("A(2,:)' == A'*unit(2)", "proved"),
    ("A[i,j] == A[j,i]", "refuted"), ("S[i,j] == S'(j,i)", "proved"), ("sum(A(:,2)) == colsum(A)'*unit(2)", "proved"),
    ("[A, C]' == [A'; C']", "proved"), ("[A; B]*x == [A*x; B*x]", "proved"), ("[A, C]*[x; zeros(p)] == A*x", "proved"),
    ("[A, C]*[x; ones(p)] == A*x", "refuted"), ("norm2([A; B]*x)^2 == norm2(A*x)^2 + norm2(B*x)^2", "proved"),
    ("d(x'*S*x)/d(x) == [S, S']*[x; x]", "proved"), ("select(1,m,m+k)*select(1,m,m+k)' == eye(m+k)", "refuted"),
    ("select(1,m,m+k)'*select(1,m,m+k) == eye(m)", "proved"), ("det([S, zeros(n,2); zeros(2,n), eye(2)]) == det(S)", "proved"),
    ("det([S, zeros(n,2); zeros(2,n), eye(2)]) == 2*det(S)", "refuted"), ("x(3) == x(2)", "refuted"), ("z(2:3)'*z(4:5) == 0", "refuted"),
    ("exp([x; y])(1:2) == exp(x(1:2))", "checked")])
def test_claims_about_entries_and_blocks_are_judged(text: str, kind: str) -> None:
    try:
        found = judges.equation(problem(DECLARE, prove=text)).kind
    except InputError:
        found = "unread"
    assert found == kind


def test_sizes_that_depend_are_conditions() -> None:
    p = problem(DECLARE, expr="x(3)*A(i,2)", wrt="x")
    assert sorted(map(str, judges.derivative(p, derive(p)).conditions)) == ["i <= m", "n >= 3"]
    assert not judges.equation(problem(DECLARE, prove="z(3) == unit(3)'*z")).conditions


@pytest.mark.parametrize("text", ["[A; B]'*[A; B]", "x(2)*unit(i, n)'*x", "[A, y; x', c]*unit(n+1)", "z(2:4)", "[x; x; 1]", "A[:,j]",
                                  "2*[A; B] - [B; A]"])
def test_pages_are_typed_back(text: str) -> None:
    declare = [d if d[0] != "B" else "B in R^(m,n)" for d in DECLARE]
    e = problem(declare, expr=text).f
    assert e is not None and problem(declare, expr=plain(e)).f is e, plain(e)
    assert problem(declare, expr=latex(e)).f is e, latex(e)
    assert "mtable" in formula(MathML().show(e)) or "[" not in plain(e)


@pytest.mark.parametrize(("text", "said"), [
    ("z(6)", "there are only 5 entries"), ("unit(6)'*z", "there are only 5 entries"), ("[A; C]", "one below another have the same columns"),
    ("[x, y]", "side by side have the same rows"), ("A(3)", "a matrix has rows and columns"),
    ("x(i:j)", "the number of these entries is not known"),
    ("x[2]", "two readings"), ("Q[2,1]", "an undeclared name"), ("x(1:2:3)", "a slice with a step cannot be read")])
def test_entries_that_do_not_exist_are_refused(text: str, said: str) -> None:
    with pytest.raises(InputError) as raised:
        problem(DECLARE, expr=text)
    assert said in str(raised.value)


def test_code_in_three_libraries() -> None:
    d = api.derive("logdet([A, x; x', c])", "x", declare=["A in R^(n,n)", "x in R^n", "c in R"])
    assert "np.vstack([np.hstack([A, x[:, None]])" in d.source("numpy") and "torch.vstack" in d.source("torch")
    assert "jnp.hstack" in d.source("jax") and "Identity(n + 1)[:, n:n + 1]" in d.source("sympy")


@pytest.mark.parametrize(("text", "wrt", "result"), [
    ("x'*S*x", "S(1,2)", "(unit(1, n)'*x)*(unit(2, n)'*x)"), ("logdet(S)", "S[i,j]", "unit(j, n)'*inv(S)*unit(i, n)"),
    ("norm2(A*x - y)^2", "A(:,j)", "2*(unit(j, n)'*x)*(A*x - y)"),
    ("exp(x(1)*x(3))", "x(1)", "(unit(3, n)'*x)*exp((unit(1, n)'*x)*(unit(3, n)'*x))"),
    ("z'*z", "z(2:4)", "2*select(2, 3, 5)'*z"), ("A*x", "A(2,:)", "x*unit(2, m)'")])
def test_with_respect_to_entries(text: str, wrt: str, result: str) -> None:
    p = problem(DECLARE, expr=text, wrt=wrt)
    d = derive(p)
    assert d.result is parse(result, p.scope), str(d.result)
    assert judges.derivative(p, d).kind == "proved" and judges.replay(d).kind == "checked"
    assert api.derive(text, wrt, DECLARE).verdict.kind == "proved"
    asked = parse_file("\n".join([*DECLARE, f"derive {text} wrt {wrt} layout numerator"]))[0]
    assert asked.layout == "numerator" and asked.wrt is p.wrt


@pytest.mark.parametrize(("wrt", "said"), [
    ("A(1", "this bracket is not closed"),
    ("A(1,2)*x", "can be differentiated with respect to"), ("P(1,2)", "its entries are not independent"),
    ("z(7)", "there are only 5 entries"), ("u(2)", "neither declared nor used")])
def test_what_cannot_be_differentiated_by(wrt: str, said: str) -> None:
    with pytest.raises(InputError) as raised:
        problem([*DECLARE, "P in R^(n,n) symmetric"], expr="x'*S*x + z'*z + norm2(A*x)^2 + tr(P)", wrt=wrt)
    assert said in str(raised.value)
