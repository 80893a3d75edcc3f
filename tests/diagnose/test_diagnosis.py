"""Wrong claims are told what they are; nothing is said that a judge did not confirm."""

from __future__ import annotations

import json
import sys
from collections import Counter
from fractions import Fraction
from pathlib import Path

import pytest

from matcalc import api, diagnosed
from matcalc.batches.lines import answer
from matcalc.diagnose.slip import Kind, Slip
from matcalc.reading.parse import problem
from matcalc.render.slips import FOLLOWS, WORDS, diagnosis_of

sys.path.insert(0, str(Path(__file__).parent))
from mutants import cases, false, mutants  # noqa: E402

WRONG = Path(__file__).parent.parent / "acceptance" / "wrong_claims.jsonl"
STEP = 13


@pytest.mark.thin(8)
@pytest.mark.parametrize("part", range(8))
def test_mutated_answers_get_the_diagnosis_of_their_mutation(part: int, tally: dict[str, Counter[str]]) -> None:
    total: Counter[str] = Counter()
    good: Counter[str] = Counter()
    missed = []
    for name, p, d in cases(STEP * part, 8 * STEP):
        for kind, words, claimed in mutants(d):
            if not false(p, d, claimed):
                continue
            said = diagnosed.diagnosis(p, d, claimed)
            total[kind] += 1
            good[kind] += any(w in said for w in words)
            if not any(w in said for w in words):
                missed.append((name, kind, str(claimed), said))
    tally["mutated claims"].update({"told what they are": sum(good.values()), "wrong": sum(total.values())})
    assert sum(total.values()) > 25, total
    for kind in total:
        assert good[kind] >= 0.95 * total[kind] or total[kind] - good[kind] <= 1, missed


KINDS = {"missing transpose": ("transpose",), "missing factor": ("factor",), "wrong sign": ("sign",), "wrong layout": ("transpose",),
         "assumed symmetry": ("symmetric",), "dropped term or factor": ("missing",),
         "constrained derivative given for the plain one": ("entries",), "swapped order": ("order", "transpose", "layout"),
         "forgotten diag": ("diag", "derivative is"), "published": ("transpose", "missing", "right is"),
         "matrix function rule on an element-wise function": ("diag",)}


@pytest.mark.slow
def test_published_wrong_claims() -> None:
    silent = []
    for line in WRONG.read_text("utf-8").splitlines():
        case = json.loads(line)
        asked = {k: v for k, v in case.items() if k in ("declare", "assume", "expr", "wrt", "order", "claim")}
        asked["define"] = case["define"] + case.get("where", [])
        found = json.loads(answer(json.dumps(asked)))
        if found["claim_verdict"] != "refuted":
            continue
        if not any(w in found["diagnosis"] for w in KINDS.get(case["mistake"], ("",))):
            silent.append((case["id"], case["mistake"], found["diagnosis"]))
    assert len(silent) <= 3, silent


@pytest.mark.parametrize(("expr", "wrt", "declare", "claim", "words"), [
    ("x'*A*x", "x", [], "2*A*x", "a missing symmetrisation: A where 0.5*(A + A') belongs; right if A is symmetric"),
    ("tr(A*X)", "X", ["X in R^(n,m)"], "A", "the transpose of the right answer"),
    ("A*x", "x", [], "A", "the transpose of the right answer: it is in numerator layout"),
    ("norm2(A*x)^2/n", "x", ["A in R^(n,n)"], "2*A'*A*x", "n times the right answer: the factor 1/n is missing"),
    ("x'*x + a'*x", "x", ["a in R^n"], "2*x", "the term a is missing"),
    ("x'*x + a'*x", "x", ["a in R^n"], "2*x - a", "a wrong sign: -a where a belongs"),
    ("x'*x + a'*x", "x", ["a in R^n"], "x + a", "a wrong factor: x where 2*x belongs"),
    ("x'*x", "x", ["x in R^n", "c in R"], "2*c*x", "a factor too many"),
    ("a'*inv(X)*b", "X", ["a in R^n", "b in R^n"], "-inv(X)*a*b'*inv(X)", "a missing transpose: inv(X) where inv(X)' belongs"),
    ("det(X)", "X", [], "inv(X)'", "the factor det(X) is missing"),
    ("-y'*log(softmax(z))", "z", ["y in R^n"], "softmax(z) - y", "right if sum(y) = 1"),
    ("exp(x)", "x", ["x in R^n"], "exp(x)", "the diag is missing"),
    ("tr(S*A)", "S", ["S in R^(n,n) symmetric"], "A + A' - diag(diag(A))", "the derivative with respect to the independent entries"),
    ("norm2(x)", "x", ["x in R^n"], "x/norm2(x)^2", "a wrong exponent"),
    ("A*X", "X", ["A in R^(n,n)", "X in R^(n,n)"], "kron(A', eye(n))", "factors in the wrong order"),
    ("tr(A*X*B*X)", "X", ["A in R^(n,m)", "X in R^(m,n)", "B in R^(n,m)"], "B'*X'*A' + A*X*B", "missing transposes, in A*X*B"),
    ("tr(A*X)", "X", ["A in R^(n,m)", "X in R^(m,n)", "C in R^(m,n)"], "A + 0*C", "a missing transpose, of A"),
    ("sin(x)'*x", "x", ["x in R^n"], "cos(x).*x", "the term sin(x) is missing"),
    ("x'*A*x + sum(log(x))", "x", ["x in R^n"], "(A + A')*x + exp(x)",
     "right is terms A*x and A'*x; exp(x) stands where 1./x belongs"),
])
def test_the_words(expr: str, wrt: str, declare: list[str], claim: str, words: str) -> None:
    assert words in api.derive(expr, wrt, declare, claim=claim).diagnosis


@pytest.mark.parametrize(("expr", "word", "claim", "right"), [
    ("logdet(S)", "spd", "-kron(inv(S), inv(S))", True), ("logdet(S)", "symmetric", "-kron(inv(S), inv(S))", True),
    ("x'*inv(S)*x", "spd", "2*kron(inv(S), inv(S)*x*x'*inv(S))", True), ("tr(A*S*B*S)", "symmetric", "kron(A, B') + kron(B, A')", True),
    ("x'*inv(S)*x", "spd", "kron(inv(S), inv(S)*x*x'*inv(S))", False), ("logdet(S)", "spd", "-kron(inv(S), S)", False)])
def test_a_hessian_that_is_right_on_symmetric_directions_is_told_so(expr: str, word: str, claim: str, right: bool) -> None:
    declare = [f"S in R^(n,n) {word}", "x in R^n", "A, B in R^(n,n)"]
    d = api.derive(expr, "S", declare, order=2, claim=claim)
    assert d.claim_verdict.kind == "refuted" and ("on symmetric directions" in d.diagnosis) is right, d.diagnosis


def test_a_definition_taken_for_a_constant() -> None:
    d = api.derive("sum(P.*(P*V))", "Q", ["Q in R^(m,n)", "V in R^(k,k)", "K in R^(n,k)"], ["P = tanh(Q*K)"],
                   claim="((P*V').*(ones(m,k) - P.^2))*K'")
    assert "missing" in d.diagnosis or "constant" in d.diagnosis, d.diagnosis


def test_right_claims_and_hopeless_ones_get_none() -> None:
    assert api.derive("x'*A*x", "x", claim="A*x + A'*x").diagnosis == ""
    assert api.derive("x'*A*x", "x", ["x in R^n", "A in R^(n,n)"], claim="sin(x) + exp(A*x)").diagnosis == ""


@pytest.mark.parametrize(("claim", "words"), [
    ("A*B == B*A", "order"), ("inv(A*B) == inv(A)*inv(B)", "order"), ("(A*B)' == A'*B'", "order"),
    ("d(tr(A*B))/d(A) == B", "the transpose of the right answer"), ("sum(x)*y == y", "sum(x) = 1"),
    ("A'*A == A^2", "A is symmetric"), ("inv(A) == A'", "A is orthogonal"), ("abs(c) == c", "c is positive")])
def test_equations_are_diagnosed(claim: str, words: str) -> None:
    p = problem(declare=["A in R^(n,n)", "B in R^(n,n)", "x in R^n", "y in R^n", "c in R"], prove=claim)
    verdict, said = api.judge(p)
    assert verdict.kind == "refuted"
    assert words in said


def test_a_claim_may_be_transposed_and_wrong_besides() -> None:
    d = api.derive("x'*A*x", "x", ["x in R^n", "A in R^(n,n)"], claim="2*x'*A")
    assert d.diagnosis.startswith("transposed, and besides a missing symmetrisation")
    d = api.derive("x'*A*x", "x", ["x in R^n", "A in R^(n,n)", "B in R^(k,n)"], claim="B")
    assert d.diagnosis == "the derivative is n x 1, the claim is k x n"


@pytest.mark.parametrize(("declare", "text", "words"), [
    (["x in R^n", "y in R^n"], "log(x.*y) == log(x) + log(y)", "every entry of x is positive"),
    (["A in R^(n,n)", "B in R^(n,n)"], "log(det(A*B)) == log(det(A)) + log(det(B))", ""),
    (["x in R", "y in R"], "log(x*y) == log(x) + log(y)", "x is positive")])
def test_an_undefined_side_needs_positive_names_only(declare, text, words):
    said = diagnosed.slip(problem(declare=declare, prove=text))
    assert "orthogonal" not in said and "sum(" not in said
    assert words in said


def test_every_slip_has_words() -> None:
    assert set(WORDS) == set(Kind)
    slip = Slip(Kind.MULTIPLE, (Fraction(1, 2),))
    assert diagnosis_of((slip,)) == "half the right answer: a factor 2 is missing" and diagnosis_of((slip,)).noun
    assert diagnosis_of((slip,), FOLLOWS) == "half what follows: a factor 2 is missing" and diagnosis_of((slip,)).slips == (slip,)


# ------------------------------------------------------------ shapes that do not fit
@pytest.mark.parametrize(("expr", "wrt", "claim", "said"), [
    ("norm2(A*x - b)^2", "x", "2*A*(A*x - b)", "a missing transpose: A where A' belongs"),
    ("norm2(A*X*B - C)^2", "X", "2*A'*(A*X*B - C)*B", "a missing transpose: B where B' belongs"),
    ("norm2(A*X*B - C)^2", "X", "2*(A*X*B - C)*A'*B'", "factors in the wrong order"),
    ("a'*X*b", "X", "a*b", "a missing transpose: b where b' belongs")])
def test_a_claim_whose_sizes_do_not_fit_is_told_the_change_that_makes_it_right(expr: str, wrt: str, claim: str, said: str) -> None:
    declare = ["A in R^(m,n)", "B in R^(p,q)", "X in R^(n,p)", "C in R^(m,q)", "b in R^m", "x in R^n"]
    if expr.startswith("a'"):
        declare = ["X in R^(n,p)", "a in R^n", "b in R^p"]
    found = api.derive(expr, wrt, declare, claim=claim)
    assert found.claim_verdict is not None and found.claim_verdict.kind == "refuted" and found.diagnosis.startswith(said)
    p = problem(declare, prove=f"d({expr})/d({wrt}) == {claim}")
    verdict, diagnosis = api.judge(p)
    assert verdict.kind == "refuted" and diagnosis.startswith(said)


def test_what_no_single_change_makes_right_is_only_said_not_to_fit() -> None:
    p = problem(["A in R^(m,n)", "x in R^n"], prove="d(x'*x)/d(x) == A*A*x")
    assert str(api.judge(p)[1]) == "the shapes do not fit"


@pytest.mark.parametrize(("text", "said"), [
    ("softmax(x + c) == softmax(x)", "right if c is a number"), ("d(tanh(x))/d(x) == 1 - tanh(x)^2", "right if x is a number"),
    ("d(exp(x))/d(x) == exp(x)", "diag(exp(x)) belongs there: the diag is missing; right if x is a number"),
    ("softmax(x + c) == 2*softmax(x)", ""), ("log(softmax(x)) == zeros(n)", ""), ("d(x'*x)/d(x) == x'", "")])
def test_an_equation_that_holds_of_a_number_nobody_declared_is_told_so(text: str, said: str) -> None:
    verdict, diagnosis = api.judge(problem(prove=text))
    assert verdict.kind == "refuted" and (diagnosis == said if said else "number" not in diagnosis)
    if said:
        declared = api.judge(problem([f"{said.split()[-4]} in R^n"], prove=text))
        assert declared[0].kind == "refuted" and "number" not in declared[1]


@pytest.mark.parametrize("text", ["d(x'*A*x)/d(x) == x'*(A + A')", "A*x == x'*A'"])
def test_an_equation_whose_other_side_is_turned_is_told_so(text: str) -> None:
    verdict, diagnosis = api.judge(problem(prove=text))
    assert verdict.kind == "refuted" and diagnosis.startswith("the transpose of")


@pytest.mark.parametrize(("claim", "kind"), [
    ("df = (A*x - b)'*A*dx", Kind.MULTIPLE), ("df = -2*(A*x - b)'*A*dx", Kind.NEGATIVE), ("df = 2*(A*x + b)'*A*dx", None)])
def test_a_wrong_differential_is_diagnosed_as_its_gradient(claim: str, kind: Kind | None) -> None:
    found = api.derive("norm2(A*x - b)^2", "x", ["A in R^(m,n)"], claim=claim)
    assert found.claim_verdict is not None and found.claim_verdict.kind == "refuted" and found.diagnosis.slips
    assert kind is None or found.diagnosis.slips[0].what is kind
    right = api.derive("norm2(A*x - b)^2", "x", ["A in R^(m,n)"], claim="df = 2*(A*x - b)'*A*dx")
    assert right.claim_verdict is not None and right.claim_verdict.kind == "proved" and not right.diagnosis.slips


@pytest.mark.parametrize(("claim", "said"), [
    ("exp(A)*exp(B) == exp(A + B)", "the wrong kind of product: exp(A)*exp(B) where exp(A).*exp(B) belongs"),
    ("tr(A*B*C) == tr(A*C*B)", "factors in the wrong order: A*C*B where A*B*C belongs")])
def test_of_an_equation_what_can_be_seen_is_what_is_wrong(claim: str, said: str) -> None:
    assert said in diagnosed.slip(problem(declare=["A, B, C in R^(n,n)"], prove=claim))
