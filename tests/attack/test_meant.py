"""What a sheet says in words or leaves open, and what must not be taken for a fact or held against it."""

from __future__ import annotations

import pytest

from matcalc import InputError, check, prove
from matcalc.sheets.statements.display import sheet

PLAIN = "x in R^n\nS in R^(n,n)\nf = x'*S*x\n"
TWICE = "d(f)/d(x) = 2*S*x"
STANDS = r"Let $f(x)=x^\top A x$ with $x\in\mathbb R^n$, $A\in\mathbb R^{n\times n}$. %s Then $$\nabla f(x) = Bx.$$"


def last(text: str) -> str:
    return check(text).marks[-1].mark


@pytest.mark.parametrize("said", ["Bob says S is symmetric.", "Some S are symmetric.", "every symmetric S is square",
                                  "S is allegedly symmetric.", "Ann believes that S is symmetric."])
def test_what_others_say_and_what_is_said_of_every_matrix_is_no_fact(said: str) -> None:
    assert last(f"{PLAIN}{said}\n{TWICE}") in ("does not follow", "not judged")
    assert last(f"{PLAIN}S is symmetric.\n{TWICE}") == "follows"


@pytest.mark.parametrize("said", ["A symmetric $A$ would make this $2Ax$.", "A symmetric $A$ could be simpler.",
                                  "Were $A$ symmetric, so would $B$.", "In other books $A$ is symmetric.", "Is $A$ symmetric?",
                                  "Only a symmetric $A$ gives $2Ax$."])
def test_what_would_be_is_not(said: str) -> None:
    assert last(STANDS.replace("Bx", "2Ax") % said) != "follows"


@pytest.mark.parametrize("said", ["Sometimes $B$ stands for $A+A^\\top$.", "Elsewhere $B$ denotes $A+A^\\top$.",
                                  "$B$ denotes $A+A^\\top$ if $n>1$.",
                                  "In the book $B$ denotes $A+A^\\top$, but here $B$ denotes $2A$."])
def test_a_letter_that_stands_for_something_elsewhere_does_not_here(said: str) -> None:
    assert last(STANDS % said) != "follows"
    assert last(STANDS % "Here $B$ stands for $A+A^\\top$.") == "follows"


@pytest.mark.parametrize(("said", "line", "mark"), [
    ("If c > 0, then", "abs(c) = c", "follows"), ("if c > 0", "abs(c) = c", "follows"),
    ("If c > 0 and d > 0, then", "abs(c*d) = c*d", "follows"),
    ("If c > 0 or d > 0, then", "abs(c*d) = c*d", "not read"), ("If not c > 0, then", "abs(c) = c", "not read"),
    ("If d > 0, then", "abs(c) = c", "does not follow")])
def test_a_condition_in_front_counts_for_its_line_alone(said: str, line: str, mark: str) -> None:
    for between in ("\n", ", ") if said == "if c > 0" else (" ",):
        found = check(f"c, d in R\n{said}{between}{line}.\n{line}")
        assert found.marks[-2].mark == mark and found.marks[-1].mark != "follows"


@pytest.mark.parametrize("end", [".", ",", ";", " ."])
def test_a_line_may_end_as_a_sentence_does(end: str) -> None:
    text = f"w, d in R^n{end}\nf = w'*d{end}\nd(f)/d(w) = d{end}\n= d{end}"
    assert [m.mark for m in check(text).marks] == ["given", "follows", "follows"]
    assert [r.role for r in sheet("x in R^n\nf = x'*x\nd(f)/d(x) = ...\n= 2*x").rows][-2:] == ["gap", ""]


@pytest.mark.parametrize("line", ["a'*a = c", "sum(a) = s_a", "a'*a + 1 = c"])
def test_a_new_name_behind_an_equal_sign_is_not_denied(line: str) -> None:
    assert last(f"a in R^n\nf = a'*a\n{line}") == "not judged"
    assert last(f"a in R^n\nc in R\nf = a'*a\n{line.split(' = ')[0]} = c") == "does not follow"


def test_a_numbered_name_beside_an_undeclared_vector_may_be_an_entry() -> None:
    assert last("Let $f(x) = x^\\top x + x_1$. $$\\nabla f = 2x + e_1$$") == "not judged"
    assert last("Let $f(x) = x^\\top x + b_1$. $$\\nabla f = 2x + e_1$$") == "does not follow"


def test_a_second_derivative_set_to_zero_is_no_condition() -> None:
    text = "x in R^n\nf = x'*x\nd(f)/d(x) = 2*x\nd(d(f)/d(x))/d(x) = "
    assert last(f"{text}0") == "does not follow" and last(f"{text}2*eye(n)") == "follows"


@pytest.mark.parametrize("said", ["$$\\nabla f = 2Ax \\text{ unless } A = A^T$$ $$\\nabla f = 2Ax$$",
                                  "Let $A$ be the covariance between $x$ and $y$. $$\\nabla f = 2Ax$$",
                                  "Let $A$ be a kernel matrix between train and test points. $$\\nabla f = 2Ax$$"])
def test_what_is_said_of_the_other_case_makes_nothing_symmetric(said: str) -> None:
    begin = "Let $f(x)=x^\\top A x$, $x\\in\\mathbb R^n$, $A\\in\\mathbb R^{n\\times n}$. "
    assert last(begin + said) in ("does not follow", "not judged")
    assert last(begin + said.replace("unless", "if").replace("between", "of")) == "follows"


@pytest.mark.parametrize("unseen", ["% $A$ is symmetric", "\\iffalse $A$ is symmetric. \\fi", "\\sout{$A$ is symmetric.}",
                                    "\\begin{comment}\n$A$ is symmetric.\n\\end{comment}", "<!-- $A$ is symmetric. -->",
                                    "% $$\\nabla f = 3Ax$$"])
def test_what_a_page_does_not_show_says_nothing(unseen: str) -> None:
    begin = f"Let $f(x)=x^\\top A x$, $x\\in\\mathbb R^n$, $A\\in\\mathbb R^{{n\\times n}}$.\n{unseen}\n"
    assert [m.mark for m in check(f"{begin}$$\\nabla f = 2Ax$$ $$\\nabla f = (A+A^T)x$$").marks] == ["does not follow", "follows"]
    assert last("With 5% noise: $$f = x^\\top x$$ $$\\nabla f = 2x$$") == "follows"


@pytest.mark.parametrize("claim", ["x_i y_i = x'y", "x_i A_ij y_j = x'A y", "y_k = sum(y)"])
def test_an_index_of_which_nothing_is_summed_is_asked_back(claim: str) -> None:
    """x_i of a vector x may be its entry, which no other number is."""
    with pytest.raises(InputError, match="two readings"):
        prove(claim, ["A in R^(n,n)", "x, y in R^n"])
    assert prove("sum_i x_i y_i = x'y", ["x, y in R^n"]).kind == "proved"
    assert prove("x_i*x == x*x_i", ["x in R^n", "x_i in R"]).kind == "proved"
