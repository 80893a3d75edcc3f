"""Lines that a sheet asks for, lines that it leaves out, and hints."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from matcalc.commands.cli import cli
from matcalc.sheets.statements.display import sheet
from matcalc.sheets.interface import check
from matcalc.sheets.marking.mark import Marker

LEAST = "X in R^(n,d)\nw in R^d\ny in R^n\nf = norm2(X*w - y)^2\n"


def last(text: str) -> tuple[str, tuple[str, ...]]:
    m = Marker(sheet(text)).run().marks[-1]
    return m.mark, m.reason.about if m.reason is not None else ()


@pytest.mark.parametrize(("text", "line", "rule"), [
    ("d(f)/d(w) = 2*X'*(X*w - y)\ndf = 2*(X*w - y)'*d(X*w - y)\n= ?", "= 2*(X*w - y)'*d(X*w)", "sum rule"),
    ("df = 2*(X*w - y)'*X*dw\nd(f)/d(w) = ?", "= 2*X'*(X*w - y)", "read off"),
    ("df = 2*(X*w - y)'*d(X*w - y)\ndf = ?", "= 2*(X*w - y)'*d(X*w)", "sum rule"),
    ("d(f)/d(w) = 0\nw = ?", "= inv(X'*X)*X'*y", "the solution of line 5"),
    ("F = X*X'\ndF = d(X*X')\n= ?", "= X*d(X') + d(X)*X'", "product rule"),
    ("d(f)/d(w) = ?", "d(f) = d(norm2(X*w - y)^2)", "definition")])
def test_the_next_line_is_given_with_its_rule(text: str, line: str, rule: str) -> None:
    assert last(LEAST + text) == ("not judged", (line, rule))


def test_lines_that_are_left_out() -> None:
    text = LEAST + "df = d(norm2(X*w - y)^2)\n= ...\n= 2*(X*w - y)'*X*dw"
    found = Marker(sheet(text)).run().marks
    assert [m.mark for m in found] == ["given", "follows", "given", "follows"]
    assert found[2].reason is not None and found[2].reason.about[::2] == ("= 2*(X*w - y)'*d(X*w - y)", "= 2*(X*w - y)'*d(X*w)")
    assert [m.mark for m in Marker(sheet(text.replace("*X*dw", "*X'*dw"))).run().marks][-1] == "does not follow"


def test_the_same_in_latex() -> None:
    text = r"Let $X\in\mathbb{R}^{n\times d}$. " \
        r"\begin{align} f &= \|Xw-y\|^2 \\ df &= \dots \\ &= 2(Xw-y)^T X dw \\ \nabla f &= ? \end{align}"
    found = Marker(sheet(text)).run().marks
    assert [m.mark for m in found] == ["given", "given", "follows", "not judged"] and found[-1].would == "2*X'*(X*w - y)"


def test_a_hint_says_no_more_than_was_asked() -> None:
    found = check(LEAST + "d(f)/d(w) = X'*(X*w - y)")
    assert found.hint(1) == "Line 5 does not follow."
    assert found.hint(2) == "Line 5 does not follow.\nWhat is wrong: wrong factor."
    assert found.hint(3) == "Line 5 does not follow.\nWhat is wrong: wrong factor.\nWhat follows is 2*X'*(X*w - y)."
    assert check(LEAST + "d(f)/d(w) = 2*X'*(X*w - y)").hint(3) == "Every line follows."


def test_hints_on_the_command_line() -> None:
    out = CliRunner().invoke(cli, ["check", "-", "--hint", "2"], input=LEAST + "df = 2*(X*w - y)'*X*dw\nd(f)/d(w) = ?")
    assert (out.exit_code, out.output) == (3, "Line 6 asks for the next line.\nThe rule: read off.\n")
    assert CliRunner().invoke(cli, ["check", "-", "--hint", "1", "--format", "json"], input=LEAST).exit_code == 2


def test_a_step_of_many_rules_is_big_on_request():
    head = "A in R^(m,n), x in R^n, b in R^m\nf = norm2(A*x - b)^2\n"
    steps = ["= 2*(A*x - b)'*d(A*x - b)", "= 2*(A*x - b)'*d(A*x)", "= 2*(A*x - b)'*A*dx"]
    last = "d(f)/d(x) = 2*A'*(A*x - b)"
    for text, wanted in ((head + last, [0, 4]), (head + "\n".join(["df " + steps[0], *steps[1:], last]), [0, 1, 0, 0, 0]),
                         (head + "\n".join(["df " + steps[2], last]), [0, 3, 0])):
        assert [len(m.leapt) for m in check(text, 5, big=1).marks] == wanted
        assert not any(m.leapt for m in check(text, 5).marks)
    assert "a big step, 5 rules" in check(head + last, 5, big=4).text() and "big" not in check(head + last, 5, big=5).text()
