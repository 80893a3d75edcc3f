"""One reader of LaTeX: a formula is read by derive and by check to the same expression, or refused by both for the same reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from matcalc import derive
from matcalc.language.nodes import Expr
from matcalc.language.shape import InputError, ShapeError
from matcalc.reading.declarations.declare import declarations
from matcalc.reading.parse import problem
from matcalc.render.lines import same_text
from matcalc.sheets.statements import display
from test_spellings import DECLARED

HERE = Path(__file__).parent
GIVEN = "".join(f"% given: {text}\n" for text in DECLARED)
READ = [line.split("\t") for line in (HERE / "latex.tsv").read_text("utf-8").splitlines()]
REFUSED = [line.split("\t") for line in (HERE / "latex_refused.tsv").read_text("utf-8").splitlines()]


def by_derive(text: str) -> tuple[Expr, Expr]:
    """An equation, or a formula and itself, on a line of a problem."""
    found = problem(DECLARED, prove=text if " = " in text else f"{text} = {text}").prove
    assert found is not None
    return found


def by_check(text: str) -> tuple[Expr, Expr]:
    """The same as a line of a sheet."""
    found = display.sheet(f"{GIVEN}$$ {text} $$" if " = " in text else f"{GIVEN}$$ q = {text} $$")
    wrong = [row.why for row in found.rows if row.why is not None]
    if wrong:
        raise wrong[0]
    row = found.rows[-1]
    body = next((body for name, body, _ in found.define if name == "q"), row.right)
    out = problem(found.declare, prove=f"{row.left if ' = ' in text else body} == {body}").prove
    assert out is not None
    return out


def meant(text: str) -> tuple[Expr, Expr]:
    """The reading, in the language."""
    found = problem(DECLARED, prove=text if " == " in text else f"{text} == {text}").prove
    assert found is not None
    return found


@pytest.mark.parametrize(("text", "reading"), READ)
def test_both_read_it_so(text: str, reading: str) -> None:
    wanted = meant(reading)
    for found in (by_derive(text), by_check(text)):
        assert all(map(same_text, found, wanted)), f"{found[0]} == {found[1]}"


@pytest.mark.parametrize(("text", "why"), REFUSED)
def test_both_refuse_it_by_name(text: str, why: str) -> None:
    for read in (by_derive, by_check):
        with pytest.raises(InputError) as caught:
            read(text)
        assert caught.value.message == why, read.__name__


@pytest.mark.parametrize(("text", "meant"), [
    (r"X \in \mathbb{R}^{m\times n}, w \in \mathbb{R}^n", ["X in R^(m,n)", "w in R^n"]), (r"x, y \in \R^n", ["x, y in R^n"]),
    (r"A \in \mathbb{R}^{n\times n} symmetric, c \in \mathbb{R}", ["A in R^(n,n) symmetric", "c in R"]),
    (r"$\Sigma \in \mathbb{R}^{n\times n} \text{ spd}$", ["Sigma in R^(n,n) spd"]),
    (r"\hat x_1 \in \mathbb{R}^{n+1}", ["x_hat_1 in R^(n+1)"]),
    (r"f : \mathbb{R}^n \to \mathbb{R}", ["f: R^n -> R"])])
def test_declarations_in_latex_are_read(text: str, meant: list[str]) -> None:
    found, wanted = declarations([text]), declarations(meant)
    assert found.names == wanted.names


@pytest.mark.parametrize("text", [r"x \in \mathbb{C}^n", r"x \in \mathbb{R}^n \text{ sorted}", r"x \in \mathbb{R}^n, y", r"\alpha"])
def test_what_declares_nothing(text: str) -> None:
    with pytest.raises(InputError):
        declarations([text])


@pytest.mark.parametrize("text", [r"\frac{" * 300 + "x" + "}{2}" * 300, "(" * 3000 + r"\alpha" + ")" * 3000, r"\log" * 300 + " c",
                                  r"\left(" * 200 + "c" + r"\right)" * 200])
def test_what_is_nested_too_deeply_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        problem(DECLARED, expr=text)


@pytest.mark.parametrize("name", ["sigma", "norm", "phi", "trace", "mean", "l", "K"])
def test_a_declared_function_is_that_function(name: str) -> None:
    typed = f"\\{name}" if name in ("sigma", "phi") else f"\\mathrm{{{name}}}"
    declared = [f"{name}: R -> R", "W in R^(k,n)", "x in R^n"]
    found = problem(declared, expr=f"{typed}(Wx)\\odot {typed}'(W x)")
    assert found.f is problem(declared, expr=f"{name}(W*x).*{name}'(W*x)").f


@pytest.mark.parametrize(("text", "there"), [
    (r"\frac12\|A^\top x-b\|^2 + c \|X x - b\|", "X x"),
    (r"x^\top b + \langle A, B x\rangle", "A,"),
    (r"x^\top x + \frac{(X x)^\top b}{c}", "X x"),
    (r"\sum_i x_i + \operatorname{tr}(A X)", "A X)"),
    (r"\sum_{i,j} x_j X_{ij} y_i + y^\top x", r"y^\top"),
])
def test_a_shape_error_points_at_what_was_typed(text: str, there: str) -> None:
    with pytest.raises(ShapeError) as caught:
        derive(text, "x", declare=DECLARED)
    line, caret = str(caught.value).splitlines()[1:3]
    assert line[caret.index("^"):].startswith(there)
