"""A word of structure in a sentence counts where the clause as a whole is a plain declaration or assumption, and nowhere else."""

from __future__ import annotations

import pytest

from matcalc.sheets.statements.display import sheet
from matcalc.sheets.marking.mark import Marker
from matcalc.sheets.parts.marks import Marked

TWICE = "\n$$\\nabla_x (x^\\top A x) = 2Ax$$\n"


def marked(text: str) -> Marked:
    return Marker(sheet(text)).run()


@pytest.mark.parametrize("said", [
    "Let $A$ be symmetric (not necessarily positive definite).", "Let $A$ be symmetric but not diagonal.",
    "Let $A$ be symmetric, i.e. $A = A^\\top$.", "With $A$ symmetric (that is, $A^\\top = A$),",
    "Let $A$ be symmetric.", "Let $A$ be a symmetric matrix and $x\\in\\mathbb{R}^n$.", "With $A$ symmetric,", "Suppose $A = A^\\top$.",
    "Assume $A \\succ 0$.", "Since $A$ is symmetric, we get", "For symmetric $A$,", "If $A$ is symmetric, then",
    "Assuming that $A$ is symmetric,",
    "We minimise $f(x)=x^\\top A x$, where the matrix $A$ is assumed to be symmetric.", "Here $A$ is real and symmetric."])
def test_a_plain_clause_counts(said: str) -> None:
    found = marked(said + TWICE)
    assert found.marks[-1].mark == "follows" and found.said, found.marks


@pytest.mark.parametrize("said", [
    "We do not assume that $A$ is symmetric.", "We don\N{RIGHT SINGLE QUOTATION MARK}t require $A$ to be symmetric.",
    "Without assuming $A$ symmetric,", "Unless $A$ is symmetric, the gradient is", "It is wrong to think $A$ is symmetric.",
    "Let $A$ be a matrix that is not symmetric, i.e. $A \\ne A^\\top$.",
    "Is $A$ symmetric?", "It is not true that $A$ is symmetric but not diagonal.",
    "Let $A$ be positive definite, not necessarily symmetric.",
    "Let $A$ be symmetric or skew.", "$A$ is not, in general, symmetric.", "We do not assume $A \\succ 0$."])
def test_a_clause_that_denies_or_doubts_says_nothing(said: str) -> None:
    found = marked(said + TWICE)
    assert [m.mark for m in found.marks] == ["does not follow"] and not found.said and found.passed


@pytest.mark.parametrize("said", [
    "Later we treat the case where $A$ is symmetric. Here:", "Let $A$ be a matrix with symmetric sparsity pattern.",
    "For $A$ not symmetric see below; the case $A$ symmetric is easy.", "Some authors think of symmetric $A$.", "Hence $A$ is symmetric.",
    "$A$ is not just square, it is symmetric.", "$A$ is not diagonal, but symmetric.", "Contrary to the above, $A$ is symmetric.",
    "$A$ is symmetric, i.e. $A = A^\\top$, in expectation."])
def test_what_rests_on_a_clause_that_is_not_read_is_not_judged(said: str) -> None:
    found = marked(said + TWICE)
    assert [m.mark for m in found.marks] == ["not judged"] and not found.said and found.passed
    assert found.marks[0].reason is not None and found.marks[0].reason.kind == "perhaps"


@pytest.mark.parametrize(("text", "marks"), [
    (f"If $A$ is symmetric then{TWICE}For general $A$,{TWICE}", ["follows", "not judged"]),
    (f"Let $A$ be symmetric. Here, however, $A$ is not symmetric.{TWICE}", ["not judged"]),
    (f"Let $A$ be symmetric. We now drop the symmetry assumption.{TWICE}", ["not judged"]),
    (f"Let $A = A^\\top$. In this section, $A \\ne A^\\top$.{TWICE}", ["not judged"]),
    (f"Let $A, B\\in\\mathbb{{R}}^{{n\\times n}}$, $B$ symmetric.{TWICE}", ["does not follow"]),
    ("A in R^(n,n) symmetric\nA is not symmetric\nd(x'*A*x)/d(x) = 2*A*x", ["not judged"]),
    ("$W$ is constant, $X$ a variable, $F = WX$. \\[ dF = dW\\,X \\]", ["follows if"]),
    ("Let $F = AX$, where both $A$ and $X$ vary. \\[ dF = A\\,dX \\]", ["follows if"]),
    ("Let $f(x) = 1/(1+e^{-w^\\top x})$. \\[ \\nabla_w f = f(1-f)x \\]", ["follows"]),
    (f"If $A$ is symmetric then{TWICE}and{TWICE}", ["follows", "follows"]),
    (f"If $A$ is symmetric, the gradient is simpler. In general,{TWICE}", ["not judged"]),
    ("Let $A = BC$, where $A$ is symmetric. \\[ \\nabla_x (x^\\top A x) = 2BCx \\]", ["not judged"]),
    ("Suppose $A = B$ does not hold. \\[ \\nabla_x (x^\\top A x) = Bx + A^\\top x \\]", ["not judged"]),
    (f"If $A$ is symmetric,{TWICE}Let $B\\in\\mathbb{{R}}^{{n\\times n}}$. \\[ \\nabla_x (x^\\top B x) = 2Bx \\]",
     ["follows", "does not follow"])])
def test_a_condition_counts_for_its_own_sentence(text: str, marks: list[str]) -> None:
    assert [m.mark for m in marked(text).marks] == marks


@pytest.mark.parametrize(("text", "said"), [
    ("Let $y\\in\\mathbb{R}^n$ and $p\\in\\mathbb{R}^n$ be a probability vector. $$\\mathbf{1}^\\top y = 1$$", [("p", "simplex")]),
    ("Let $\\mu\\in\\mathbb{R}^d$ and $\\Sigma\\in\\mathbb{R}^{d\\times d}$ be positive definite. $$\\Sigma = \\Sigma^\\top$$",
     [("Sigma", "spd")]),
    ("Let $b\\in\\mathbb{R}^n$, $X\\in\\mathbb{R}^{m\\times n}$ and $S\\in\\mathbb{R}^{n\\times n}$ be orthogonal. $$S^\\top S b = b$$",
     [("S", "orthogonal")]),
    ("Let $A\\in\\mathbb{R}^{n\\times n}$ and $B\\in\\mathbb{R}^{n\\times n}$ be symmetric matrices. $$A = A^\\top$$",
     [("A", "symmetric"), ("B", "symmetric")]),
    ("Let $x\\in\\mathbb{R}^n$ and $B\\in\\mathbb{R}^{n\\times n}$ both be symmetric. $$B = B^\\top$$", []),
    ("Let $A\\in\\mathbb{R}^{n\\times n}$ be orthogonal to $B$. $$A A^\\top A = A$$", [])])
def test_what_is_said_of_several_names_fits_each(text: str, said: list[tuple[str, str]]) -> None:
    assert list(marked(text).said) == said


def test_an_assumption_counts_from_its_line_on() -> None:
    text = "A in R^(n,n)\nf = logdet(A)\nd(f)/d(A) = inv(A)\nassume A = A'\nd(f)/d(A) = inv(A)\n"
    for later in ("assume A = A'", "A in R^(n,n) symmetric"):
        assert [m.mark for m in marked(text.replace("assume A = A'", later)).marks] == ["given", "does not follow", "follows"]


def test_a_name_that_an_assumption_speaks_of_is_not_defined_by_a_line() -> None:
    found = marked("c in R\nd in R\nassume (c-1)*(c+3) = 0\nassume (c-1)*(d+3) = 0\nc = 5\nc = 1\nc^2 + 2*c = 3\n").marks
    assert [m.mark for m in found] == ["does not follow", "does not follow", "follows"]
    assert [m.mark for m in marked("c in R\nassume (c-1)*(c+3) = 0\nc = 5\n").marks] == ["does not follow"]


def test_what_would_follow_is_never_the_wrong_line_itself() -> None:
    assert marked("c in R\nd in R\nassume (c-1)*(d+3) = 0\nc = 1\n").marks[0].would != "1"


def test_an_adjective_behind_a_list_of_declarations_is_said_of_the_last_one() -> None:
    text = r"Let $A \in \mathbb{R}^{n\times n}$, $P \in \mathbb{R}^{n\times n}$ symmetric, $x \in \mathbb{R}^n$. " \
           r"$$\nabla_x(x^\top P x) = 2Px$$ $$\nabla_x(x^\top A x) = 2Ax$$"
    assert [m.mark for m in marked(text).marks] == ["follows", "not judged"]
    assert [m.mark for m in marked(text.replace("symmetric", "be symmetric")).marks] == ["follows", "follows"]


def test_what_holds_without_an_assumption_holds_with_it() -> None:
    text = r"Let $x:\mathbb{R}\to\mathbb{R}^n$, $A, P\in\mathbb{R}^{n\times n}$, $V(t) = x(t)^\top Px(t)$ and assume $x'(t) = Ax(t)$. " \
           r"$$ V'(t) = x'(t)^\top Px(t) + x(t)^\top Px'(t) $$"
    assert [m.mark for m in marked(text).marks] == ["follows"]


def test_an_equation_that_binds_what_nothing_defines_may_be_a_condition() -> None:
    text = "p = softmax(z)\nL = -y'*log(p)\nsum(y) = 1\nd(L)/d(z) = p - y\n"
    found = marked(text)
    assert [m.mark for m in found.marks] == ["given", "given", "not judged", "not judged"] and found.worst == "not judged"
    assert [m.mark for m in marked(text.replace("sum(y) = 1", "sum(p) = 2")).marks][2] == "does not follow"
    assert [m.mark for m in marked(text.replace("p - y", "y - p")).marks][3] == "does not follow"
