"""What people type, and what is read: a spelling and its reading a line in spellings.tsv; in unread.tsv what is refused, and why."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest

from matcalc import api
from matcalc.reading.problems.assembly import Assembly
from matcalc.reading.dialects.context import Context
from matcalc.language.composites import COMPOSITES
from matcalc.reading.declarations.declare import declarations
from matcalc.reading.dialects.lines import reader
from matcalc.reading.grammar.spellings import EVERYDAY, LIBRARY, MATLAB, RESPELLED, table
from matcalc.reading.parse import parse, problem
from matcalc.language.shape import InputError
from matcalc.reading.grammar.tokens import Line
from reference import Reference

HERE = Path(__file__).parent
DECLARED = ["A in R^(n,n)", "B in R^(n,n)", "X in R^(m,n)", "W in R^(k,n)", "S in R^(n,n) spd", "x in R^n", "y in R^m", "b in R^n",
            "w in R^n", "v in R^n positive", "lambda in R", "c in R", "W1 in R^(n,k)", "f: R -> R", "g: R^n -> R", "h: R^n -> R^k",
            "mu in R^n"]
SPELLINGS = [line.split("\t") for line in (HERE / "spellings.tsv").read_text("utf-8").splitlines()]
UNDECLARED = [line.split("\t") for line in (HERE / "undeclared.tsv").read_text("utf-8").splitlines()]
UNREAD = [line.split("\t") for line in (HERE / "unread.tsv").read_text("utf-8").splitlines()]


def read(text: str, declared: list[str] | None = None) -> str:
    """What a line is read as; the line itself where it is in the language."""
    made = Assembly(declarations(DECLARED if declared is None else declared).copy())
    if " = " in text or "==" in text:
        made.equation(Line(text), "prove")
    else:
        made.expression(Line(text))
    return made.readings[0] if made.readings else text


def test_every_spelling_is_read() -> None:
    assert len(SPELLINGS) >= 280
    assert [[text, read(text)] for text, _ in SPELLINGS] == SPELLINGS


def test_spellings_of_what_nobody_declared() -> None:
    assert [[text, read(text, [])] for text, _ in UNDECLARED] == UNDECLARED


def test_a_meaning_has_the_letters_of_each_of_its_spellings() -> None:
    for row in (r for text in (EVERYDAY, LIBRARY, MATLAB, RESPELLED) for r in table(text) if r.meaning[0] != "!"):
        letters = {"M" if "M)" in a else a for a in (*row.arguments, *(value for _, value in row.keywords))}
        assert {t for t in re.findall(r"(?<![\w.])[A-Zcxy](?!\w)", row.meaning) if t != "T" or "T" in letters} <= letters, row


def test_readings_are_the_language() -> None:
    """A reading is read as it stands."""
    for _, reading in SPELLINGS:
        assert read(reading) == reading


def test_what_is_not_read_and_why() -> None:
    for text, why in UNREAD:
        with pytest.raises(InputError) as caught:
            read(text)
        assert why == caught.value.message and caught.value.column is not None, text


def test_the_dialects_read_the_language_as_it_is() -> None:
    """A line of the language that is read as a dialect is the same line."""
    cases = [json.loads(line) for line in (HERE.parent / "acceptance" / "cases.jsonl").read_text("utf-8").splitlines()]
    plain = reader()
    for case in cases[::3]:
        p = problem(declare=case["declare"], define=case["define"], expr=case["expr"], wrt=case["wrt"])
        line = Line(case["expr"])
        assert parse(line.reading(plain(line, Context(p.scope, {}))).read or "", p.scope) is p.f, case["expr"]


@pytest.mark.parametrize(("declared", "text", "said"), [
    ([], "x.T @ A @ x", "x'*A*x"), ([], "‖A x − b‖²", "norm2(A*x - b)^2"), ([], "y @ x", "y'*x"), ([], "2 A x", "2*A*x"),
    (["A in R^(n,n)", "A_1 in R^(n,n)"], "A₁ A", "A_1*A"), (["x_1 in R^n"], "‖x₁‖", "norm2(x_1)"), ([], "β x", "beta*x")])
def test_spellings_are_read_with_nothing_declared(declared: list[str], text: str, said: str) -> None:
    assert read(text, declared) == said


@pytest.mark.parametrize(("text", "said", "by"), [
    ("L = (1/N) Σᵢ (yᵢ − ŷᵢ)²", "1/N*sum((y - y_hat).^2)", "y"), (r"loss = \frac{1}{2}\|Ax - b\|^2", "1/2*norm2(A*x - b)^2", "x"),
    (r"**Loss:** $L = \|Xw - y\|_2^2$", "norm2(X*w - y)^2", "w"), ("**f(x)** = xᵀAx", "x'*A*x", None),
    (r"\begin{aligned} f(x) &= x^\top A x \\ &\quad + b^\top x \end{aligned}", "x'*A*x + b'*x", None),
    (r"\mathcal{L}(w) = \|Xw - y\|^2", "norm2(X*w - y)^2", None), (r"f: x \mapsto x^\top x", "x'*x", None),
    (r"J(\theta) = \|X\theta - y\|^2", "norm2(X*theta - y)^2", None), ("f(x) = xᵀAx  (A symmetric)", "x'*A*x", None),
    ("x^T A x where A ∈ R^{n×n} is symmetric", "x'*A*x", "x"), ("x^T A x (A ∈ R^{n×n}, x ∈ R^n)", "x'*A*x", "x")])
def test_the_head_of_a_formula_and_what_stands_behind_it(text: str, said: str, by: str | None) -> None:
    p = problem(expr=text, wrt=by)
    assert p.read == (said,) and p.wrt is not None and (by or "w") in (p.wrt.name, "w")


@pytest.mark.parametrize(("text", "said"), [
    (r"Ax = \frac{1}{2}\|Ax - b\|^2", "= cannot stand here"), ("tr(A^t*B)", "A.t has two readings: the transpose, A', and a power"),
    (r"\operatorname{tr}(A^t B)", "A.t has two readings: the transpose A', and a power"),
    ("A_{1,2} x'x", "two readings: an entry, A.1,2., and a name"),
    ("-[x log(b) + (1-x) log(1-b)]", "has two readings: with products, .* and with blocks side by side")])
def test_what_may_be_something_else_is_no_head_no_name_and_no_product(text: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        problem(DECLARED, expr=text, wrt="x")


@pytest.mark.parametrize(("wrt", "part"), [("A_ij", "unit(i)'*A*unit(j)"), ("A_{ij}", "unit(i)'*A*unit(j)"), ("x_i", "unit(i)'*x")])
def test_an_entry_by_which_is_differentiated(wrt: str, part: str) -> None:
    assert problem(expr="x'*A*x", wrt=wrt).read == (part,)
    assert problem(["x_i in R^n"], expr="x_i'*x_i", wrt="x_i").read == ()


@pytest.mark.parametrize("text", ["xᵀAx", "x'Ax"])
def test_a_word_is_no_product_of_letters_nobody_declared(text: str) -> None:
    with pytest.raises(InputError, match="Ax is not declared"):
        read(text, [])


def test_declared_names_are_names() -> None:
    assert read("AB", ["A in R^(n,n)", "B in R^(n,n)", "AB in R^(n,n)"]) == "AB"
    assert read("F.T @ F", ["F in R^(n,n)"]) == "F'*F"
    assert read("x^T", ["x in R", "T in R"]) == "x^T"
    with pytest.raises(InputError, match="two readings"):
        read("σ(x) x", ["sigma in R", "x in R^n"])


def test_carets_point_into_what_was_typed() -> None:
    with pytest.raises(InputError) as caught:
        problem(DECLARED, expr="np.sum(X @ y)")
    error = caught.value
    assert error.message == "X*y: inner sizes differ: X is m x n, y is m x 1 (m from line 3, n from line 1)"
    assert error.source is not None and error.column is not None and error.source[error.column - 1:] == "X @ y)"
    assert problem(DECLARED, expr="x.T @ A @ x").read == ("x'*A*x",)
    assert problem(DECLARED, ["r = X @ w - y"], expr="r @ r").read == ("r = X*w - y", "r'*r")
    assert problem([], ["f(x) = x' A x"], prove="∂f/∂x = (A + Aᵀ) x").read == ("f = x'*A*x", "d(f)/d(x) == (A + A')*x")


def test_readings_are_on_the_pages_and_in_the_data() -> None:
    d = api.derive("x.T @ A @ x", "x")
    assert d.read == ["x'*A*x"] == d.json()["read"]
    assert "Read as   x'*A*x" in d.text() and "**Read as** x'\\*A\\*x" in d.markdown()
    assert "% read as: x'*A*x" in d.latex() and "Read as" in d.html()
    assert api.derive("x'*A*x", "x").read == [] and "Read as" not in api.derive("x'*A*x", "x").text()


@pytest.mark.parametrize("row", COMPOSITES, ids=lambda row: row.name)
def test_a_composite_is_what_its_law_says(row: object) -> None:
    """A call with the law's own letters is the law."""
    declared = row.given.split("; ")
    sizes = {letter for pair in row.shapes for letter in pair if letter != "1"}
    p = problem(declared, expr=f"{row.name}({', '.join(row.parameters)})")
    assert p.f is problem(declared, expr=row.body).f and sizes
    undeclared = problem(expr=f"{row.name}({', '.join(row.parameters)})")
    assert undeclared.f is not None


def test_numpy_lines_are_worth_what_numpy_makes_of_them() -> None:
    """Vectors in one dimension, evaluated by NumPy itself, and the reading, evaluated by the reference."""
    sizes = {"n": 3, "m": 4, "k": 2}
    rng = np.random.default_rng(5)
    seen = 0
    for text, reading in SPELLINGS:
        other = ("torch", "F.", "jnp", "jax", "dim", "cp.", "==")
        if not any(w in text for w in ("@", "np.", ".T", ".sum(")) or any(w in text for w in other):
            continue
        p = problem(DECLARED, expr=reading)
        at = {v: rng.uniform(0.2, 0.9, tuple(d.value(sizes) for d in v.shape)) for v in p.variables.values() if v.kind == "variable"}
        given = {v.name: a.item() if a.shape == (1, 1) else a[:, 0] if a.shape[1] == 1 else a for v, a in at.items()}
        given["lam"] = given.pop("lambda")
        own = (".t()", ".abs()", ".exp()", ".square()", ".pow(", ".unsqueeze(", ".inverse(", ".inv(", ".sigmoid(", "abs(x).", "x.T.",
               ".float()")
        if any(a in text for a in own):
            continue        # PyTorch's methods, which NumPy does not have
        if any(c in text for c in "^|½"):
            continue        # mixtures with other dialects
        scope = {**sizes, **given, "np": np, "numpy": np, "norm": np.linalg.norm}
        found = eval(text.replace("lambda", "lam"), scope)
        want = Reference(at, sizes)(p.f)
        assert np.allclose(np.squeeze(found), np.squeeze(want)), text
        seen += 1
    assert seen >= 100


@pytest.mark.parametrize(("text", "message", "under"), [
    ("A x +", "unexpected end of the expression", "+"), ("(A x", "this bracket is not closed", "(A"),
    ("2 x)", ") cannot stand here", ")"),
    ("x @", "unexpected end of the expression", "@"), (r"2 \foo{x} \top", r"\foo cannot be read here", r"\foo"),
    ("np.foo(x)", "unknown function np.foo", "np.foo")])
def test_what_stops_a_dialect(text: str, message: str, under: str) -> None:
    with pytest.raises(InputError) as caught:
        problem(DECLARED, expr=text)
    error = caught.value
    assert error.message == message and error.source is not None and error.column is not None
    assert error.source[error.column - 1:].startswith(under)


def test_a_definition_with_its_arguments() -> None:
    assert problem(DECLARED, ["f_1(x) = x.T @ A @ x"], expr="2 f_1(x)").read == ("f_1 = x'*A*x", "2*f_1")
    with pytest.raises(InputError, match="two readings"):
        problem(DECLARED, ["r = x' x"], expr="r(b)")


@pytest.mark.parametrize("text", ["|A|", "‖A‖"])
def test_a_capital_that_nobody_declared_is_a_matrix_between_bars_too(text: str) -> None:
    with pytest.raises(InputError, match="two readings"):
        read(text, [])
    assert read("log|A|", []) == "logdet(A)"


@pytest.mark.parametrize(("text", "hint"), [
    ("np.expp(x)", "did you mean np.exp?"), ("tranpose(A)", "did you mean transpose?"), ("F.rleu(x)", "did you mean F.relu?"),
    ("np.foo(x)", "write what it computes with the operations of the language")])
def test_a_name_that_is_mistyped_is_guessed_in_its_dialect(text: str, hint: str) -> None:
    with pytest.raises(InputError) as caught:
        read(text)
    assert caught.value.hint == hint
