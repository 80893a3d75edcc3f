"""A verdict is data: who judged, where, why not; a judge that is missing or fails is named, and nothing is certified in its place."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from decimal import Decimal, localcontext
from pathlib import Path
from typing import Any

import mpmath
import pytest

from matcalc import api, judges
from matcalc.deriving.engine import derive
from matcalc.reading.parse import problem
from matcalc.proof.at_points import decimals, points
from matcalc.proof.verdict import Judge, Place, Reason, Cause
from matcalc.render.verdict_words import WORDS, WordedVerdict

sys.path.insert(0, str(Path(__file__).parent))
import identities  # noqa: E402

PACKAGE = Path(__file__).parent.parent.parent / "matcalc"


@pytest.fixture
def without_sympy(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where SymPy is not installed."""
    for name in [m for m in sys.modules if m.split(".")[0] in ("sympy", "mpmath")]:
        monkeypatch.delitem(sys.modules, name)
    for name in ("symbols", "zero", "entries", "structures"):
        monkeypatch.delitem(sys.modules, f"matcalc.proof.by_sympy.{name}", raising=False)
    monkeypatch.setitem(sys.modules, "sympy", None)
    monkeypatch.setitem(sys.modules, "mpmath", None)


# ------------------------------------------------------------------ what is recorded
def test_who_judged_where_and_at_which_sizes() -> None:
    v = api.derive("x'*A*x", "x", ["x in R^n", "A in R^(n,n)"]).verdict
    assert v.kind == "proved" and [(f.judge, f.kind) for f in v.found] == [
        (Judge.POINTS, "checked"), (Judge.INDICES, "proved"), (Judge.REPLAY, "checked")]
    assert [k.place for k in v.looks] == [Place.SYMBOLIC, Place.PRIMES, Place.STEPS]
    assert {"n": 3} in v.looks[1].sizes and {"n": 1} in v.looks[1].sizes and v.looks[2].done == 6


@pytest.mark.parametrize("count", [64, 80])
def test_points_have_as_many_sizes_as_names(count: int) -> None:
    declare = ["x in R^n0", *(f"A{k} in R^(n{k + 1},n{k})" for k in range(count))]
    define = ["y0 = A0*x", *(f"y{k} = A{k}*y{k - 1}" for k in range(1, count))]
    p = problem(declare, define, prove=f"sum(y{count - 1}) == y{count - 1}'*ones(n{count})")
    assert p.prove is not None
    ends = points.judge_equation(p, *p.prove)
    assert ends.kind == "checked" and len(set(ends.looks[0].sizes[0].values())) == count + 1
    assert ends.looks[0].sizes[0].keys() == {f"n{k}" for k in range(count + 1)}


def test_what_an_undecided_judge_said_is_kept() -> None:
    v = api.prove("sum(X.*(A*X)) == sum(X.*(A*X)) + 0*sum(expm(X))", ["X in R^(n,n)", "A in R^(n,n)"])
    assert all(f.kind != "undecided" or f.reason is not None for f in v.found)
    v = api.prove("sin(2*x)^3 == 2*sin(x)*cos(x)*sin(2*x)^2 + abs(tanh(x)-1)*0", ["x in R^n"][:0])
    assert v.kind in ("proved", "checked", "undecided") and len(v.found) >= 2


def test_inferred_shapes_are_part_of_it() -> None:
    assert api.prove("tr(A*B) == tr(B*A)").inferred and not api.prove("x == x + 0", ["x in R"]).inferred
    assert api.derive("x'*A*x", "x").verdict.inferred


def test_it_is_immutable_and_no_truth_value() -> None:
    v = api.prove("x + x == 2*x", ["x in R"])
    with pytest.raises(AttributeError):
        v.kind = "refuted"          # type: ignore[misc]
    with pytest.raises(TypeError):
        bool(v)
    assert str(v).startswith("Proved for all values.") and "two primes" in v.detail and isinstance(v, WordedVerdict)


def test_reasons_are_codes_with_parameters() -> None:
    assert api.prove("log(-x^2 - 1) == log(-x^2 - 1) + 0*x", ["x in R"]).why is Cause.NOWHERE
    misfit = problem(declare=["x in R^n", "A in R^(n,n)"], prove="x == A")
    assert misfit.ill_shaped is not None
    shape = judges.ill_shaped(misfit.ill_shaped, misfit)
    assert shape.why is Cause.ILL_SHAPED and "n x n" in shape.detail
    assert api.prove("x == 2*x", ["x in R^n"]).why is Cause.ENTRY


def test_every_reason_has_words() -> None:
    assert set(WORDS) == set(Cause)


def test_json_says_the_same() -> None:
    d = api.derive("det(X*X')", "X", ["X in R^(m,n)"])
    found = json.loads(json.dumps(d.json()))["verdict"]
    assert found["conditions"] == list(d.verdict.conditions) and found["kind"] == "proved" and found["reason"] is None
    assert {j["judge"] for j in found["judges"]} == {"points", "indices", "replay"}
    assert found["judges"][0]["looked"][0] == {"place": "primes", "sizes": [{"m": 2, "n": 3}, {"m": 1, "n": 1}, {"m": 2, "n": 3}]} or \
        found["judges"][0]["looked"][0]["place"] == "primes"


# ------------------------------------------------------------------ judges that are missing or fail
def test_a_missing_judge_is_named(without_sympy: None) -> None:
    said = api.derive("sin(x)", "x", ["x in R^n"], verify=True).verdict
    assert said.kind == "proved" and [(f.judge, f.reason) for f in said.unasked] == [
        (Judge.COMPONENTS, Reason(Cause.MISSING, ("sympy",)))] or said.unasked[0].reason.about == ("mpmath",)   # type: ignore[union-attr]
    assert "the entry-by-entry judge could not be asked: SymPy is not installed" in said.detail


def crash(*_: Any, **__: Any) -> Any:
    raise ZeroDivisionError("an inner fault")


@pytest.mark.parametrize(("judge", "module", "what"), [
    ("the judge at points", "at_points.points", "judge_equation"), ("the judge for every size", "all_sizes.indices", "prove_equation")])
def test_a_judge_that_crashes_is_named(monkeypatch: pytest.MonkeyPatch, judge: str, module: str, what: str) -> None:
    import importlib
    monkeypatch.setattr(importlib.import_module(f"matcalc.proof.{module}"), what, crash)
    asked = problem(declare=["x in R^n"], prove="x + x == 2*x")
    with pytest.raises(ZeroDivisionError):
        judges.equation(asked)                  # the tests see it
    monkeypatch.setattr(judges, "RERAISE", False)
    said = judges.equation(asked)
    assert said.kind in ("proved", "checked") and said.unasked[0].reason == Reason(Cause.CRASHED, ("ZeroDivisionError", "an inner fault"))
    assert f"{judge} could not be asked: a fault of matcalc, please report it: ZeroDivisionError: an inner fault" in said.detail


def test_a_replay_that_crashes_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    from matcalc.proof import replay
    monkeypatch.setattr(replay, "replay", crash)
    p = problem(declare=["x in R^n"], expr="x'*x", wrt="x")
    with pytest.raises(ZeroDivisionError):
        judges.derivative(p, derive(p), shown=True)
    monkeypatch.setattr(judges, "RERAISE", False)
    said = judges.derivative(p, derive(p), shown=True)
    assert said.kind == "proved" and "the replay of the steps could not be asked" in said.detail


# ------------------------------------------------------------------ many digits
CLOSE = [
    ("exp(x) == exp(x) + 1e-30", ["x in R"]), ("expm(A) == expm(A) + 1e-30*A", ["A in R^(n,n)"]), ("x + 1e-20 == x", ["x in R"]),
    ("arctan(x) + 1e-32*ones(n) == arctan(x)", ["x in R^n"]), ("norm2(x) == norm2(x) + 1e-33*sum(x)", ["x in R^n"]),
    ("log(x - 1000) == log(x - 1000) + 1e-30", ["x in R"]), ("sin(x)^2 + cos(x)^2 == 1 + 1e-25", ["x in R"]),
    ("erf(x)*(1 + 1e-20) == erf(x)", ["x in R"]), ("softplus(x) == softplus(x) + 1e-28*sigmoid(x)", ["x in R"]),
    ("logdet(P) == logdet(P) + 1e-30", ["P in R^(n,n) spd"]), ("x.^p == x.^p + 1e-30*x", ["x in R^n positive", "p in R"]),
    ("arcsin(x) == arcsin(x) + 1e-31", ["x in R"]), ("d(exp(x))/d(x) == exp(x)*(1 + 1e-30)", ["x in R"]),
    ("f(x) == f(x) + 1e-30*exp(x)", ["f: R -> R", "x in R"])]


@pytest.mark.parametrize(("text", "declare"), CLOSE, ids=[t for t, _ in CLOSE])
def test_what_is_off_in_the_thirtieth_digit_is_refuted_without_sympy(without_sympy: None, text: str, declare: list[str]) -> None:
    v = api.prove(text, declare)
    assert v.kind == "refuted" and 0 < abs(v.witness["difference"]) < 1e-15 and "apart" in v.detail, v      # type: ignore[index]
    json.dumps(v.witness)


@pytest.mark.parametrize(("text", "declare", "assume"), [
    ("expm(A)*expm(A) == expm(2*A)", ["A in R^(n,n)"], []), ("expm(A)' == expm(A')", ["A in R^(n,n)"], []),
    ("tanh(200*x)*(exp(400*x) + 1) == exp(400*x) - 1", ["x in R"], []),
    ("exp(200)*softplus(-200 - x) == exp(200)*log(1 + exp(-200 - x))", ["x in R"], []),
    ("exp(norm2(x)) == exp(1)", ["x in R^n"], ["x'*x = 1"]), ("det(expm(A)) == exp(tr(A))", ["A in R^(n,n)"], [])])
def test_what_is_true_is_not_refuted_by_rounding(without_sympy: None, text: str, declare: list[str], assume: list[str]) -> None:
    assert api.prove(text, declare, assume=assume).kind in ("proved", "checked")


def test_digits_are_told() -> None:
    v = points.finer("equation", False, *_asked("expm(A)*expm(A) == expm(2*A)", "A in R^(n,n)"))
    assert v.kind == "checked" and v.looks[0].place is Place.FINE and v.looks[0].digits == decimals.SHOWN


@pytest.mark.slow
def test_no_true_equation_is_refuted_by_rounding(tally: Any) -> None:
    """Many digits find nothing where there is nothing: every fourth of the identities the prover is measured by."""
    texts = [t for rows in vars(identities).values() if isinstance(rows, (list, tuple)) for t in rows if isinstance(t, str) and "==" in t]
    for text in texts[::4]:
        p = problem(declare=identities.DECLARE, prove=text).as_typed()
        if p.prove is None or judges.equation(p).kind != "proved":
            continue
        found = points.finer("equation", False, p, *p.prove)
        tally["equations to many digits"][found.kind] += 1
        assert found.kind == "checked", (text, found)


def test_a_matrix_too_large_for_many_digits_is_not_checked() -> None:
    v = points.finer("equation", False, *_asked("expm(A)*expm(A) == expm(2*A)", "A in R^(60,60)"))
    assert v.why is Cause.COARSE


def _asked(text: str, *declare: str) -> tuple[Any, ...]:
    p = problem(declare=declare, prove=text).as_typed()
    assert p.prove is not None
    return p, *p.prove


@pytest.mark.parametrize("name", sorted(decimals.FUNCTIONS))
@pytest.mark.parametrize("x", ["-17.25", "-1", "-0.31", "0", "0.007", "0.5", "0.999", "1", "2.5", "40"])
def test_functions_to_sixty_digits(name: str, x: str) -> None:
    theirs = {"arctan": "atan", "arcsin": "asin"}.get(name, name)
    if (name == "log" and float(x) <= 0) or (name == "arcsin" and abs(float(x)) > 1):
        return
    with localcontext(decimals.context(decimals.DIGITS)), mpmath.workdps(90):
        ours = decimals.FUNCTIONS[name](Decimal(x))
        right = mpmath.pi if name == "pi" else getattr(mpmath, theirs)(mpmath.mpf(x))
        assert abs(mpmath.mpf(str(ours)) - right) < mpmath.mpf(10) ** -60 * (1 + abs(right))


# ------------------------------------------------------------------ nobody reads sentences
SENTENCES = {"detail", "message", "diagnosis"}
READERS = {"startswith", "endswith", "replace", "split", "partition", "find", "index", "removeprefix", "removesuffix", "lower",
           "count", "strip"}


def sentence(e: ast.AST) -> bool:
    """x.detail, x.message, str(verdict) of something called a verdict, words(...) and said(...)."""
    if isinstance(e, ast.Attribute):
        return e.attr in SENTENCES
    return isinstance(e, ast.Call) and isinstance(e.func, ast.Name) and e.func.id in ("said", "reason", "diagnosis", "unasked")


def reads(tree: ast.AST) -> list[int]:
    """Lines where a text of the judges is searched, compared or cut."""
    out = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in READERS and sentence(node.func.value):
            out.append(node.lineno)
        if isinstance(node, ast.Compare) and any(map(sentence, (node.left, *node.comparators))):
            out.append(node.lineno)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name) \
                and node.func.value.id == "re" and any(map(sentence, node.args)):
            out.append(node.lineno)
        if isinstance(node, ast.Subscript) and sentence(node.value):
            out.append(node.lineno)
    return out


@pytest.mark.slow
def test_no_decision_reads_a_sentence() -> None:
    """No method that searches or cuts a text, no comparison, no pattern and no slice on what a judge or a diagnosis says.

    Covers attributes called detail, message or diagnosis and calls of what makes words; not a sentence that was put into a variable first.
    In proof/ there is no sentence to read: a verdict there has no `detail`, which the type checker watches.
    """
    for path in sorted(PACKAGE.rglob("*.py")):
        assert not reads(ast.parse(path.read_text("utf-8"))), path.relative_to(PACKAGE)


def test_the_reader_of_sentences_is_found() -> None:
    for text in ("v.detail.startswith('x')", "'x' in v.detail", "d.message.replace('a', 'b')", "v.detail == ''", "v.message[3:]",
                 "diagnosis(p).replace('a', 'b')", "re.match('a', v.detail)"):
        assert reads(ast.parse(text)), text


def test_a_verdict_of_a_judge_has_no_words() -> None:
    assert not hasattr(points.judge_equation(*_asked("x == x + 0", "x in R")), "detail")
    done = subprocess.run([sys.executable, "-c", "import matcalc.proof.at_points.points, matcalc.proof.all_sizes.indices, sys; "
                           "print([m for m in sys.modules if m.startswith('matcalc.render')])"], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
