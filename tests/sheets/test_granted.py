"""What a sheet does not grant: a structure of another case, a value at a point, a name that a sentence changes, a claim below a brace."""

from __future__ import annotations

import pytest

from matcalc.sheets.marking.mark import Marker
from matcalc.sheets.parts.marks import Marked
from matcalc.sheets.statements.display import sheet

SPACES = r"Let $A, B\in\mathbb{R}^{n\times n}$ and $x, y\in\mathbb{R}^n$. "
TWICE = "\n$$\\nabla_x (x^\\top A x) = 2Ax$$\n"
F = SPACES + r"Let $f(x) = x^\top A x$. "


def marked(text: str) -> Marked:
    return Marker(sheet(text)).run()


@pytest.mark.parametrize("said", [
    "Unlike for symmetric $A$, we get", "Just as for symmetric $A$, we get", "As for symmetric $A$, we get",
    "The formula for symmetric $A$ is true for all $A$:", "What is true for symmetric $A$ is true in general:",
    "By analogy with the formula for symmetric $A$,",
    "Let $S$ be the set of all $A$ with $A = A^\\top$. We have",
    "$A$ is symmetric with respect to its antidiagonal. We get", "$A$ is symmetric with probability zero. We get",
    "$A$ is symmetric so long as $n = 1$. We get", "$A$ is symmetric, if $n=1$. We get", "$A$ is symmetric (for $n=1$). We get",
    "$A$ is symmetric, in one dimension. We get", "$A$ is symmetric, assuming $n=1$. We get",
    "$A$ is symmetric, whereas in general we have", "$A$ is symmetric, as long as $n = 1$. We get",
    "Suppose $A$ is symmetric. Then all is clear. Otherwise we get", "Suppose $A$ is symmetric. Then all is clear. For general $A$ we get",
    "Suppose $A$ is symmetric. Then all is clear. If $A$ is not symmetric, then",
    "Suppose $A$ is symmetric. Then all is clear. Without symmetry,",
    "Suppose $A$ is symmetric. Contradiction. We get", "$A = A^\\top$ in the other problem. We get",
    "\n\n**Problem 1.** Let $A$ be symmetric.\n\n**Problem 2.** We get",
    "Suppose $A$ is symmetric. Then all is clear. Dropping this assumption, we get"])
def test_another_case_grants_nothing(said: str) -> None:
    assert [m.mark for m in marked(SPACES + said + TWICE).marks] == ["not judged"]


@pytest.mark.parametrize("said", [
    "We compute the gradient for symmetric $A$.", "Completing the square for a symmetric matrix $A$ gives",
    "Suppose $A$ is symmetric. Under this assumption we get", "Let $A$ be symmetric, and note that",
    "For all $A$ with $A = A^\\top$ we have"])
def test_this_case_does(said: str) -> None:
    assert [m.mark for m in marked(SPACES + said + TWICE).marks] == ["follows"]


@pytest.mark.parametrize("again", [
    "\\section{General case}\nLet $A\\in\\mathbb{R}^{n\\times n}$.", "Now let $A$ be any square matrix.",
    "Let $A\\in\\mathbb{R}^{n\\times n}$ and $b\\in\\mathbb{R}^n$."])
def test_a_name_introduced_anew_is_not_what_it_was(again: str) -> None:
    text = SPACES + "Let $A$ be symmetric." + TWICE + again + TWICE
    assert [m.mark for m in marked(text).marks] == ["follows", "not judged"]


@pytest.mark.parametrize("said", [
    "Note that for $x = 0$ the value is $0$.", "Take $x = 0$ as the starting point.", "Suppose $x = 0$. Now let $x$ be arbitrary."])
def test_a_derivative_is_not_known_from_one_point(said: str) -> None:
    assert marked(F + said + TWICE).marks[-1].mark == "not judged"


@pytest.mark.parametrize("said", ["Here $y = Bx$.", "where $y = x$.", "with $y = Bx$."])
def test_a_derivative_takes_into_account_what_sentences_say(said: str) -> None:
    found = marked(SPACES + r"Let $g = x^\top y$, " + said + "\n$$\\nabla_x g = y$$\n").marks
    assert found[-1].mark == "not judged"
    assert marked(SPACES + "Let $g = x^\\top y$.\n$$\\nabla_x g = y$$\n").marks[-1].mark == "follows"


@pytest.mark.parametrize("line", [
    r"\nabla f = \underbrace{(A + A^\top) x}_{= 2Ax}", r"\underbrace{\nabla f}_{= 2Ax} = (A + A^\top)x",
    r"\nabla f = (A + A^\top)x \Rightarrow 2Ax", r"\nabla f = (A + A^\top)x \xrightarrow{} 2Ax", r"\tfrac12\nabla f - Ax = 0",
    r"0 = 2Ax - \nabla f"])
def test_a_claim_in_another_form_is_not_lost(line: str) -> None:
    assert {m.mark for m in marked(f"{F}\n$${line}$$\n").marks} & {"does not follow", "not judged"}
    right = line.replace("2Ax", "(A + A^\\top)x").replace("Ax", "\\tfrac12(A + A^\\top)x")
    assert not {m.mark for m in marked(f"{F}\n$${right}$$\n").marks} & {"does not follow", "not judged"}


@pytest.mark.parametrize("said", ["i.e. $2Ax$", "namely $2Ax$"])
def test_a_formula_that_a_claim_goes_on_with_is_passed_over_aloud(said: str) -> None:
    found = marked(F + f"The gradient of $f$ is $(A+A^\\top)x$, {said}.")
    assert found.worst == "not judged" and found.passed
    assert marked(F + "The gradient of $f$ is $(A+A^\\top)x$, its Hessian $2A$.").worst == "does not follow"


@pytest.mark.parametrize(("text", "line", "mark"), [
    (r"Let $f(L) = \operatorname{tr}(KHLH)$ with $H$ symmetric. $$\frac{\partial f}{\partial L} = HK^\top H$$", "KH^\\top H", "follows if"),
    (r"With $h = \tanh(Ux + Vs)$, $o = Wh$, $\ell = \frac12\|o-y\|^2$, $\delta_o = o - y$, $\delta_h = (W^\top\delta_o)\odot(1-h^2)$ "
     r"we get $$\frac{\partial \ell}{\partial U} = \delta_h x^\top$$", "\\delta_h x", "does not follow")])
def test_a_capital_letter_is_no_number_for_a_line_to_follow(text: str, line: str, mark: str) -> None:
    assert marked(text).marks[-1].mark == "follows"
    before, _, _ = text.rpartition(" = ")
    assert marked(f"{before} = {line}$$").marks[-1].mark == mark


@pytest.mark.parametrize(("space", "said", "line"), [
    (r"Let $z, y\in\mathbb{R}^n$, $p = \mathrm{softmax}(z)$, $L = -y^\top\log p$. ", said, r"\nabla_z L = p - y") for said in [
        r"The case $\sum_i y_i = 1$ is easier. In general,", r"Suppose $\sum_i y_i = 1$. Then it is easy. Otherwise",
        r"Is $y\in\Delta_n$?"]] + [
    (SPACES, said, r"\frac{x^\top A x}{x^\top x} = x^\top A x") for said in [
        r"If $x^\top x = 1$ were true,", r"Suppose $\|x\| = 1$ for a moment. In general,"]] + [
    (SPACES, "As with diagonal $A$ and $B$,", "AB = BA"), (SPACES, "Suppose $AB = BA$; in general this is false.", "AB = BA"),
    (SPACES, "The eigenvalues of $A$ are positive.", r"\|A\|_F^2 = \|{-A}\|_F\,|{\operatorname{tr}A}|"),
    (SPACES, "The columns of $A$ are orthogonal.", r"\|Ax\|^2 = \|x\|^2"), (SPACES, "$A$ and $x$ are orthogonal.", r"\|Ax\|^2 = \|x\|^2")])
def test_an_equation_or_a_part_of_a_name_grants_no_more_than_it_says(space: str, said: str, line: str) -> None:
    assert marked(f"{space}{said}\n$${line}$$\n").marks[-1].mark in ("not judged", "does not follow")


@pytest.mark.parametrize(("said", "line"), [
    ("The columns of $A$ are orthonormal.", r"\|Ax\|^2 = \|x\|^2"), (r"Suppose $\|x\| = 1$. Then", r"x^\top x\,Ax = Ax"),
    ("The entries of $x$ are positive.", r"\log(x\odot x) = 2\log(x)")])
def test_what_a_part_says_of_the_whole_counts(said: str, line: str) -> None:
    assert marked(f"{SPACES}{said}\n$${line}$$\n").marks[-1].mark == "follows"


PLAIN = "Let A be an n x n matrix and x a vector of size n.\n{}\nf = x^T A x\ngrad f = 2 A x\n"


@pytest.mark.parametrize("said", [
    "A is symmetric with respect to its antidiagonal.", "A is symmetric, for n = 1.", "A is symmetric, as long as n = 1.",
    "A is symmetric, in one dimension.", "A is symmetric, which is not true in general.", "A is symmetric as far as its support goes.",
    "A is symmetric, whereas in general", "A is symmetric, if n = 1.", "A is symmetric at x = 0.",
    "Suppose A is symmetric. Then all is clear. Otherwise we get", "Suppose A is symmetric. Then all is clear. Without symmetry,",
    "Suppose A is symmetric. Then all is clear. If A is not symmetric, then", "A = A' ?"])
def test_plain_lines_grant_nothing_of_another_case_either(said: str) -> None:
    assert marked(PLAIN.format(said)).marks[-1].mark in ("not judged", "does not follow")


@pytest.mark.parametrize("said", ["A is symmetric, so we get", "Suppose A is symmetric.", "A is symmetric and x is any vector."])
def test_plain_lines_grant_what_they_say(said: str) -> None:
    assert marked(PLAIN.format(said)).marks[-1].mark == "follows"


def test_with_at_the_head_of_a_sentence_says_nothing_of_the_lines_above() -> None:
    assert [m.mark for m in marked(f"{SPACES}{TWICE}Finally, with $A$ symmetric,{TWICE}").marks] == ["does not follow", "follows"]
    assert [m.mark for m in marked(f"{SPACES}{TWICE.rstrip()}\nwith $A$ symmetric.").marks] == ["follows"]


@pytest.mark.parametrize(("claim", "mark"), [
    (r"dQ\,Q = 0", "does not follow"), (r"dQ\,Q + Q\,dQ = dQ", "follows"), (r"Q\,dQ\,Q = 0", "follows")])
def test_the_differential_of_an_equation_holds_where_the_equation_does(claim: str, mark: str) -> None:
    """At almost every Q no dQ but 0 makes d(Q*Q) = dQ; where Q*Q = Q there are others."""
    found = marked(rf"Let $Q\in\mathbb{{R}}^{{n\times n}}$ be idempotent. Then ${claim}$.").marks[-1]
    assert found.mark == mark
