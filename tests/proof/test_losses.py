"""Nothing is proved because something that is defined nowhere was differentiated; with respect to a defined name that name varies."""

from __future__ import annotations

import pytest

from matcalc.batches import lines as batch
from matcalc import api, judges
from matcalc.deriving.engine import derive
from matcalc.reading.parse import problem
from matcalc.language.shape import InputError
from matcalc.proof.by_sympy import components
from matcalc.proof.all_sizes import indices
from matcalc.proof.at_points import points
from matcalc.proof.verdict import Cause

LAYER = (["W in R^(m,k)", "X in R^(k,n)"], ["Y = W*X"])
AFFINE = (["W in R^(m,k)", "x in R^k", "b in R^m"], ["z = W*x + b"])
TWO = (["V in R^(p,m)", *AFFINE[0]], [*AFFINE[1], "h = tanh(z)", "O = V*h"])
HEADS = (["X in R^(n,p)", "A in R^(p,k)", "B in R^(p,k)", "C in R^(p,q)", "d in R positive"],
         ["Q = X*A", "K = X*B", "V = X*C", "S = Q*K'/sqrt(d)", "P = softmax(S)", "O = P*V"])
INNER = "P.*(d(L)/d(O)*V' - rowsum(P.*(d(L)/d(O)*V'))*ones(n)')"


def said(given, claim, verify=False):
    verdict, _ = api.judge(problem(*given, prove=claim), verify)
    return verdict


@pytest.mark.thin(3)
@pytest.mark.parametrize(("given", "claim"), [
    (LAYER, "d(L)/d(W) == d(L)/d(Y)*X'"), (LAYER, "d(L)/d(X) == W'*d(L)/d(Y)"), (LAYER, "d(L)/d(W) - d(L)/d(Y)*X' == zeros(m,k)"),
    (AFFINE, "d(L)/d(b) == d(L)/d(z)"), (AFFINE, "d(L)/d(W) == d(L)/d(z)*x'"), (AFFINE, "d(L)/d(x) == d(z)/d(x)*(d(L)/d(z))"),
    (TWO, "d(L)/d(z) == (V'*d(L)/d(O)).*(1 - h.^2)"), (TWO, "d(L)/d(b) == d(L)/d(h).*(1 - h.^2)"),
    (TWO, "d(L)/d(W) == ((V'*d(L)/d(O)).*(1 - h.^2))*x'"), (TWO, "d(L) == (d(L)/d(O))'*d(O)"),
    (AFFINE, "d(d(L)/d(x))/d(x) == W'*(d(d(L)/d(z))/d(z))*W"), (LAYER, "d(L + sum(W))/d(W) == d(L)/d(W) + ones(m,k)"),
    (HEADS, "d(L)/d(V) == P'*d(L)/d(O)"), (HEADS, f"d(L)/d(S) == {INNER}"), (HEADS, f"d(L)/d(Q) == ({INNER})*K/sqrt(d)"),
    (HEADS, f"d(L)/d(A) == X'*(({INNER})*K/sqrt(d))"), (HEADS, f"d(L)/d(B) == X'*(({INNER})'*Q/sqrt(d))"),
    (HEADS, f"d(L)/d(X) == ({INNER})*K*A'/sqrt(d) + ({INNER})'*Q*B'/sqrt(d) + P'*d(L)/d(O)*C'"),
    ((["x in R^n"], ["s = softmax(x)"]), "d(L)/d(x) == (diag(s) - s*s')*(d(L)/d(s))"),
    ((["W in R^(m,k)", "x in R^k", "V in R^(p,k)"], ["u = W*x", "v = V*x"]), "d(L)/d(x) == W'*d(L)/d(u) + V'*d(L)/d(v)")])
def test_the_chain_rule_is_proved(given, claim):
    assert said(given, claim).kind == "proved"


@pytest.mark.thin(3)
@pytest.mark.parametrize(("given", "claim"), [
    (LAYER, "d(L)/d(W) == 2*d(L)/d(Y)*X'"), (LAYER, "d(L)/d(W) == 17*d(L)/d(Y)*X'"), (LAYER, "d(L)/d(W) == d(L)/d(Y)*X"),
    (LAYER, "d(L)/d(W) == X'*d(L)/d(Y)"), (LAYER, "d(L)/d(W) == zeros(m,k)"), (AFFINE, "d(L)/d(b) == -d(L)/d(z)"),
    (TWO, "d(L)/d(z) == V'*d(L)/d(O)"), (TWO, "d(L) == 2*(d(L)/d(O))'*d(O)"), (TWO, "d(L)/d(z) == (V'*d(L)/d(O)).*(1 + h.^2)"),
    (AFFINE, "d(d(L)/d(x))/d(x) == W'*(d(d(L)/d(z))/d(z))'*(2*W)"), (HEADS, "d(L)/d(V) == 17*P'*d(L)/d(O)"),
    (HEADS, f"d(L)/d(Q) == 9*sqrt(d)*({INNER})*K"), (HEADS, "d(L)/d(S) == P.*(d(L)/d(O)*V')"),
    ((["W in R^(m,k)", "x in R^k", "V in R^(p,k)"], ["u = W*x", "v = V*x"]), "d(L)/d(x) == W'*d(L)/d(u)")])
def test_any_factor_is_refuted_with_numbers(given, claim):
    verdict = said(given, claim)
    assert verdict.kind == "refuted"
    assert "shapes" in verdict.witness or any(key.startswith(("d(L)/d(", "L")) for key in verdict.witness)


@pytest.mark.parametrize(("given", "claim", "name"), [
    ((), "d(L)/d(W) == 2*d(L)/d(Y)*X'", "L"), ((), "d(f)/d(x) == (A + A')*x", "f"), ((["x in R^n"],), "d(f)/d(x) == zeros(n)", "f"),
    (AFFINE, "d(L)/d(q) == 2*d(L)/d(q)", "L"), (AFFINE, "d(L)/d(z) == tanh(z) - y", "L"), (AFFINE, "d(f) == 2*x'*d(x)", "f"),
    ((), "d(y)/d(x) == d(u)/d(x)*d(y)/d(u)", "y"), ((["L in R", *LAYER[0]], LAYER[1]), "d(L)/d(W) == 2*d(L)/d(Y)*X'", "L"),
    ((["L in R", *LAYER[0]], LAYER[1]), "d(L)/d(W) - d(L)/d(W) == 3*d(L)/d(W)", "L"), (LAYER, "d(f)/d(W) == f*W", "f"),
    ((["x in R^n"], ["z = 2*x"]), "d(2*f)/d(x) == 34*d(3*f)/d(z)", "f"), ((["c in R", "x in R^n"],), "d(2*c)/d(x) == 34*d(3*c)/d(x)", "c"),
    ((["x in R^n"],), "d(exp(f))/d(x) == 2*d(exp(f))/d(x)", "f"),
    ((["u in R^k", "v in R^p"], ["a = tanh(u)", "b = exp(v)"]), "d(d(L)/d(u))/d(u) == d(d(L)/d(u))/d(u)", "L")])
def test_what_is_defined_nowhere_is_not_judged(given, claim, name):
    verdict = said(given, claim)
    assert verdict.kind == "undecided" and verdict.why is Cause.NAMELESS and name in verdict.reason.about
    assert verdict.detail.startswith("not judged") and verdict.detail.endswith("not defined anywhere")


@pytest.mark.parametrize("claim", ["d(c)/d(x) == zeros(n)", "d(c*x)/d(x) == c*eye(n) + d(c)/d(x)*x'", "d(y'*y)/d(x) == zeros(n)",
                                   "d(a'*x)/d(x) == d(x'*a)/d(x)"])
def test_a_declared_constant_is_one(claim):
    assert said((["c in R", "x in R^n", "y in R^m"],), claim).kind == "proved"


@pytest.mark.parametrize(("factor", "kind"), [("", "checked"), ("2*", "refuted")])
def test_each_judge_by_itself(factor, kind):
    p = problem(*TWO, prove=f"d(L)/d(z) == {factor}(V'*d(L)/d(O)).*(1 - h.^2)")
    assert points.judge_equation(p, *p.prove).kind == components.judge_equation(p, *p.prove).kind == kind
    assert indices.prove_equation(p, *p.prove).kind == ("undecided" if factor else "proved")


def test_what_a_loss_is_taken_for_is_said():
    p = problem(*TWO, prove="d(L)/d(z) == d(L)/d(h).*(1 - h.^2)")
    assert [(str(a.name), [str(n) for n in a.of]) for a in p.abstract] == [("L", ["O"])]
    line = batch.answer('{"prove": "d(L)/d(W) == d(L)/d(Y)*X\'", "define": ["Y = W*X"]}')
    assert '"read": ["L is taken as an abstract scalar function of Y"]' in line


def test_an_abbreviation_in_the_claim_is_not_what_a_loss_is_made_of():
    p = problem(["x in R^n"], ["h = tanh(x)", "g = 1 - h.^2"], prove="d(L)/d(x) == g.*(d(L)/d(h))")
    assert [str(n) for n in p.abstract[0].of] == ["h"] and judges.equation(p).kind == "proved"
    q = problem(["x in R^n"], ["h = tanh(x)", "k = sigmoid(x)", "g = k.*(1 - k)"], prove="d(L)/d(x) == (1 - h.^2).*(d(L)/d(h))")
    assert judges.equation(q).kind == "refuted"


# ------------------------------------------------------------------------------------- with respect to a defined name
@pytest.mark.parametrize(("define", "f", "x", "result"), [
    (["s = softmax(x)"], "sum(s)", "s", "ones(n)"), (["s = softmax(x)"], "c'*s*sum(s)", "s", "c'*s*ones(n) + c"),
    (["z = c.*x", "h = tanh(z)"], "sum(h)", "z", "ones(n) - h.^2"), (["z = c.*x", "h = tanh(z)"], "sum(h.*x)", "h", "x"),
    (["z = x", "q = x'*z"], "q", "z", "x")])
def test_a_defined_name_is_varied_as_if_it_were_free(define, f, x, result):
    p = problem(["x in R^n", "c in R^n"], define, expr=f, wrt=x, claim=result)
    d = derive(p)
    for part in (d.result, p.claim):
        assert points.judge_derivative(p, part).kind == "checked"
        assert indices.prove_derivative(p, part).kind == "proved"
        assert components.judge_derivative(p, part).kind == "checked"
    assert judges.replay(d).kind == "checked"


@pytest.mark.parametrize("wrong", ["zeros(n)", "2*ones(n)"])
def test_its_definition_is_no_law_while_it_varies(wrong):
    for size in ("n", "3"):
        p = problem([f"x in R^{size}"], ["s = softmax(x)"], expr="sum(s)", wrt="s", claim=wrong.replace("n)", f"{size})"))
        assert points.judge_derivative(p, p.claim).kind == components.judge_derivative(p, p.claim).kind == "refuted"
        assert indices.prove_derivative(p, p.claim).kind == "undecided"
        claim = f"d(sum(s))/d(s) == {wrong.replace('n)', size + ')')}"
        assert said(([f"x in R^{size}"], ["s = softmax(x)"]), claim).kind == "refuted"


def test_second_derivatives_do_not_use_it_either():
    p = problem(["x in R^n", "c in R^n"], ["s = softmax(x)"], expr="c'*s*sum(s)", wrt="s", order=2)
    d = derive(p)
    assert str(d.result) == "c*ones(n)' + ones(n)*c'"
    assert judges.derivative(p, d).kind == "proved" and components.judge_derivative(p, d.result, order=2).kind == "checked"


def test_a_long_chain_by_one_of_its_names():
    define = ["z1 = W1*x", *(line for k in range(2, 8) for line in (f"a{k} = tanh(z{k - 1})", f"z{k} = W{k}*a{k}"))]
    p = problem(["x in R^n", *(f"W{k} in R^(n,n)" for k in range(1, 8))], define, expr="sum(z7)", wrt="z3")
    assert judges.derivative(p, derive(p)).kind == "proved"


@pytest.mark.parametrize(("expr", "define"), [("f", []), ("L", ["Y = W*x"])])
def test_an_undeclared_name_is_nothing_to_differentiate(expr, define):
    with pytest.raises(InputError, match=f"{expr} is not defined anywhere"):
        problem(["x in R^n", "W in R^(m,n)"], define, expr=expr, wrt="x")


# ------------------------------------------------------------------------------------- L: R^(m,n) -> R
MATRIX = ["L: R^(m,n) -> R", "W in R^(m,k)", "X in R^(k,n)", "Y in R^(m,n)"]


@pytest.mark.parametrize("claim", [
    "d(L(W*X))/d(W) == grad(L)(W*X)*X'", "d(L(Y)) == tr(grad(L)(Y)'*d(Y))", "d(d(L(Y))/d(Y))/d(Y) == hess(L)(Y)",
    "d(grad(L)(Y)) == unvec(hess(L)(Y)*vec(d(Y)), m, n)", "hess(L)(Y) == hess(L)(Y)'"])
def test_functions_of_a_matrix(claim):
    p = problem(MATRIX, prove=claim)
    assert judges.equation(p).kind == "proved"
    assert components.judge_equation(p, *p.prove).kind == "checked"


@pytest.mark.parametrize(("declare", "claim"), [
    (MATRIX, "d(L(W*X))/d(W) == 2*grad(L)(W*X)*X'"), (MATRIX, "d(d(L(Y))/d(Y))/d(Y) == 2*hess(L)(Y)"), (MATRIX, "grad(L)(Y) == Y"),
    (["L: R^(2,2) -> R", "Y in R^(2,2)"], "hess(L)(Y) == comm(2,2)*hess(L)(Y)*comm(2,2)"),
    (["L: R^(2,3) -> R", "Y in R^(2,3)"], "d(L(Y))/d(Y) == -grad(L)(Y)")])
def test_false_of_functions_of_a_matrix(declare, claim):
    assert said((declare,), claim).kind == "refuted"


@pytest.mark.slow
@pytest.mark.parametrize("order", [1, 2])
def test_derivatives_of_functions_of_a_matrix(order):
    p = problem(MATRIX, expr="L(tanh(W*X))", wrt="W", order=order)
    d = derive(p)
    assert judges.derivative(p, d, True).kind == "proved"
    assert judges.replay(d).kind == "checked"


@pytest.mark.parametrize(("declare", "expr", "message"), [
    ("L: R^(m,n) -> R", "L(x)", "takes a matrix of m x n"), ("L: R^(m,n) -> R", "L'(Y)", "L takes a matrix"),
    ("L: R^(m,n) -> R", "jac(L)(Y)", "not a vector-valued function"), ("L: R^(m,n) -> R^3", "Y", "must have scalar values"),
    ("L: R^(m,n) -> R^(m,n)", "Y", "must have scalar values")])
def test_what_is_no_function_of_a_matrix(declare, expr, message):
    with pytest.raises(InputError, match=message):
        problem([declare, "Y in R^(m,n)", "x in R^m"], expr=expr, wrt="Y")


@pytest.mark.parametrize(("define", "claim", "kind"), [
    ("Y = W*X", "d(L)/d(X) == d(L)/d(Y)*W", "ill-shaped"), ("Y = X*W", "d(L)/d(X) == W*d(L)/d(Y)", "ill-shaped"),
    ("Y = X'", "d(L)/d(X) == d(L)/d(Y)", "ill-shaped"), ("Y = W*X", "W*d(L)/d(W) == W*d(L)/d(Y)*X'", "ill-shaped"),
    ("Y = W*X", "d(L)/d(X) == W'*d(L)/d(Y)", "proved"), ("Y = s*X", "d(L)/d(X) == s*d(L)/d(Y)", "proved")])
def test_a_claim_about_a_loss_makes_no_sizes_equal_that_the_definitions_keep_apart(define: str, claim: str, kind: str) -> None:
    p = problem(define=[define], prove=claim)
    assert ("ill-shaped" if p.ill_shaped is not None else judges.equation(p).kind) == kind
