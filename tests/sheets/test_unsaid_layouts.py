"""Derivatives without markup: f'(x) of a function, and the layout that nobody declared."""

import pytest

import matcalc
from matcalc.sheets.marking.layouts import Compared
from matcalc.sheets.parts.marks import Mark, Marked


def marks(*lines: str) -> list[str]:
    return [m.mark for m in matcalc.check("\n".join(lines)).marks if m.mark != "given"]


@pytest.mark.parametrize(("defined", "right", "wrong"), [
    ("f(x) = x^3", "f'(x) = 3x^2", "f'(x) = 2x^2"),
    ("f(x) = x^T A x", "f'(x) = (A + A^T) x", "f'(x) = (A - A^T) x"),
    ("f(x) = x^T A x", "f''(x) = A + A^T", "f''(x) = A"),
])
def test_a_prime_on_a_function_is_its_derivative(defined: str, right: str, wrong: str) -> None:
    assert marks(defined, right) == ["follows"]
    assert marks(defined, wrong) == ["does not follow"]


def test_a_derivative_at_another_point_is_not_read_as_a_transpose() -> None:
    assert marks("f(x) = x^3", "f'(2) = 12") == ["not read"]


ROWS = [
    (("f(x) = x^T A x",), "f'(x) = x^T (A + A^T)", "f'(x) = x^T (A - A^T)"),
    (("f(x) = x^T A x",), "df/dx = x^T (A + A^T)", "df/dx = 2 x^T A"),
    (("X in R^(m,n)", "r = X w - y", "L = r' r"), "dL/dw = 2 r' X", "dL/dw = r' X"),
]


@pytest.mark.parametrize(("above", "right", "wrong"), ROWS)
def test_a_row_gradient_follows_in_the_numerator_layout(above: tuple[str, ...], right: str, wrong: str) -> None:
    assert marks(*above, right) == ["follows if"]
    assert marks(*above, wrong) == ["does not follow"]


@pytest.mark.parametrize("said", ["layout numerator", "We use the numerator layout.", "Gradients are row vectors.", "row gradients"])
@pytest.mark.parametrize(("above", "right", "wrong"), ROWS)
def test_a_declared_layout_is_held_to(above: tuple[str, ...], right: str, wrong: str, said: str) -> None:
    assert marks("layout denominator", *above, right) == ["does not follow"]
    assert marks(said, *above, right) == ["follows"] and marks(said, *above, wrong) == ["does not follow"]


@pytest.mark.parametrize("below", ["df/dx'", "df/dx^T", "d(f)/d(x')", "d(f)/d(x^T)", "d(f)/d(x)'"])
def test_a_derivative_by_a_row_is_transposed(below: str) -> None:
    assert marks("f = x'*A*x", f"{below} = x'*(A + A')") == ["follows"]
    assert marks("f = x'*A*x", f"{below} = (A + A')*x") == ["does not follow"]


@pytest.mark.parametrize(("word", "form", "said"), [
    ("symmetric", "B'", "follows"), ("symmetric", "(B + B')/2", "part"), ("spd", "B + B' - diag(diag(B))", "independent"),
    ("symmetric", "B + B'", "does not follow"), ("diagonal", "diag(diag(B))", "diagonal"), ("diagonal", "(B + B')/2", "does not follow"),
    ("", "(B + B')/2", "does not follow"), ("", "B + B' - diag(diag(B))", "does not follow")])
def test_each_form_of_a_derivative_by_a_symmetric_matrix_is_named(word: str, form: str, said: str) -> None:
    m = matcalc.check(f"S in R^(n,n) {word}\nf = tr(S*B)\ndf/dS = {form}").marks[-1]
    assert (m.reason.kind if m.reason is not None else m.mark) == said and (m.mark == "follows if") is (m.reason is not None)


def test_a_sheet_is_in_one_layout() -> None:
    assert marks("X in R^(m,n)", "r = X w - y", "L = r' r", "dL/dw = 2 r' X", "dL/dy = -2 r") == ["does not follow", "follows"]


def test_a_text_that_says_its_layout_is_held_to_it() -> None:
    said = "We use denominator layout. Let $f(x) = x^T A x$.\n"
    assert marks(said + "$$f'(x) = (A+A^T)x$$") == ["follows"]
    assert marks(said + "$$f'(x) = x^T(A+A^T)$$") == ["does not follow"]


def test_derivatives_in_the_language_have_its_layout() -> None:
    assert marks("x in R^n, A in R^(n,n)", "d(x'*A*x)/d(x) = x'*(A + A')") == ["does not follow"]
    assert marks("x in R^n, A in R^(n,n)", "d(A*x)/d(x) = A") == ["does not follow"]


@pytest.mark.thin(1)
@pytest.mark.parametrize(("before", "after", "better"), [
    ("rw", "rr", True), ("ro", "rr", True), ("rr", "rr", False), ("rw", "wr", False), ("rw", "ro", False), ("ow", "rw", False),
    ("www", "rww", False), ("www", "rrw", True)])
def test_a_reading_is_better_where_nothing_is_lost_and_no_line_fits_by_chance(before: str, after: str, better: bool) -> None:
    said = {"r": "follows", "w": "does not follow", "o": "not judged"}
    one, two = (Marked((), (), tuple(Mark(k, "x = y", said[mark]) for k, mark in enumerate(marks))) for marks in (after, before))
    assert Compared(one, two).better(2) is better
