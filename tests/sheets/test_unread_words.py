"""Symmetry that a line says which cannot be read: what rests on it is not marked wrong, and not marked right."""

from __future__ import annotations

import pytest

import matcalc
from matcalc.sheets.statements.display import sheet
from matcalc.sheets.marking.mark import Marker

UNREAD = "x is a vector of n, u is a vector of m, A n×n, B n×m, Q and P symmetric n×n, R symmetric m×m as was shown\n"
COST = "J(u) = x'*Q*x + u'*R*u + (A*x + B*u)'*P*(A*x + B*u)\n"


def marks(text: str) -> list[str]:
    """The marks of a text."""
    return [m.mark for m in Marker(sheet(text)).run().marks]


@pytest.mark.slow
def test_what_follows_by_it_is_not_judged() -> None:
    found = marks(UNREAD + COST + "grad J = 2*R*u + 2*B'*P*(A*x + B*u)\nSetting it to zero:\n"
                  "(R + B'*P*B)*u = -B'*P*A*x\nu = -inv(R + B'*P*B)*B'*P*A*x")
    assert found == ["not read", "given", "not judged", "given", "not judged", "not judged"]


def test_the_same_sizes_without_other_words_are_read() -> None:
    found = marks(UNREAD.replace(" as was shown", "") + COST + "grad J = 2*R*u + 2*B'*P*(A*x + B*u)\nSetting it to zero:\n"
                  "(R + B'*P*B)*u = -B'*P*A*x\nu = -inv(R + B'*P*B)*B'*P*A*x")
    assert found == ["given", "follows", "given", "follows", "follows"]


@pytest.mark.parametrize("line", [
    "grad J = 2*R*u + B'*P*(A*x + B*u)",
    "grad J = 2*R*u - 2*B'*P*(A*x + B*u)",
    "grad J = 2*R*u + 2*B*P*(A*x + B*u)"])
def test_what_does_not_follow_by_it_either_is_wrong(line: str) -> None:
    assert marks(UNREAD + COST + line)[-1] == "does not follow"


def test_only_what_is_said_of_these_matrices_counts() -> None:
    right = "grad J = 2*R*u + 2*B'*P*(A*x + B*u)"
    assert marks(UNREAD.replace(", R symmetric", ", R") + COST + right)[-1] == "does not follow"
    assert marks(COST + right)[-1] == "does not follow"


# ------------------------------------------------------------ declarations in lists and in words, and lines that are none
@pytest.mark.parametrize(("said", "rest", "marked"), [
    ("Q, K, V are n×d; G is n×n", "f = tr(G*Q*K')\nd(f)/d(Q) = G'*K", ["given", "follows"]),
    ("A is n×n, x is a vector of n", "f = x'*A*x\nd(f)/d(x) = (A+A')*x", ["given", "follows"]),
    ("w, mu are vectors of length n; Σ is n×n symmetric", "f = (w-mu)'*Σ*(w-mu)\nd(f)/d(w) = 2*Σ*(w-mu)", ["given", "follows"]),
    ("w, mu are vectors of length n; Σ is n×n", "f = (w-mu)'*Σ*(w-mu)\nd(f)/d(w) = 2*Σ*(w-mu)", ["given", "does not follow"]),
    ("X is an invertible n×n matrix", "f = log(det(X))\nd(f)/d(X) = inv(X)'", ["given", "follows"]),
    ("Let S be a symmetric n x n matrix", "f = x'*S*x\nd(f)/d(x) = 2*S*x", ["given", "follows"]),
    ("X and Y are n×n and vary", "F = X*Y\ndF = dX*Y + X*dY", ["given", "follows"])])
def test_a_list_of_declarations_is_read_and_none_ends_a_sheet(said: str, rest: str, marked: list[str]) -> None:
    assert [m.mark for m in Marker(sheet(f"{said}\n{rest}\n")).run().marks] == marked


def test_words_left_over_behind_a_declaration_are_told() -> None:
    assert sheet("X and Y are n×n and vary\nF = X*Y\ndF = dX*Y + X*dY\n").unclear.passed == [(1, "X and Y are n×n and vary")]
    assert not sheet("X is n x d of full rank\nF = X*Y\ndF = dX*Y + X*dY\n").unclear.passed


@pytest.mark.parametrize("said", ["A = A' for some n", "A is symmetric where x is zero.", "In the symmetric case A = A'.",
                                  "Let A be symmetric. Now let A be arbitrary."])
def test_what_limits_what_is_said_of_a_matrix_is_heard(said: str) -> None:
    found = Marker(sheet(f"A in R^(n,n), x in R^n\nf = x'*A*x\n{said}\ngrad f = 2*A*x\n")).run().marks
    assert found[-1].mark == "not judged"


@pytest.mark.parametrize(("said", "mark"), [("grad f = 2*x with t = 0", "not read"), ("mistake: grad f = 2*x", "not judged"),
                                            ("grad f = s, with s = 2*x + t*ones(n)", "follows"),
                                            ("grad f = s, with s = 2*x", "does not follow")])
def test_no_name_is_given_a_value_for_one_line(said: str, mark: str) -> None:
    found = Marker(sheet(f"x in R^n, t in R\nf = x'*x + t*sum(x)\n{said}\n")).run().marks
    assert found[-1].mark == mark


def test_what_holds_by_a_sentence_is_no_assumption() -> None:
    text = r"For $A\in\mathbb{R}^{m\times n}$ we have $" \
        r"\operatorname{vec}(AXC) = (%s\otimes A)\operatorname{vec}(X)$ and $$A(I+BA)^{-1} = (I+AB)^{-1}A.$$"
    for kron, mark in (("C", "not judged"), (r"C^\top", "follows")):
        assert [m.mark for m in Marker(sheet(text % kron)).run().marks] == [mark, "follows"]


@pytest.mark.parametrize(("line", "mark"), [
    (r"\frac{\partial f}{\partial S} = \frac12 S^{-1/2}", "follows"), (r"\frac{\partial f}{\partial S} = S^{-1/2}", "does not follow")])
def test_a_root_of_what_is_said_to_be_positive_definite_is_defined(line: str, mark: str) -> None:
    text = r"Let $S \in \mathbb{R}^{n\times n}$ be symmetric positive definite and $f = \operatorname{tr}(S^{1/2})$." + f"\n$${line}$$\n"
    assert [m.mark for m in Marker(sheet(text)).run().marks][-1] == mark
    unsaid = text.replace(" be symmetric positive definite", "")
    assert [m.mark for m in Marker(sheet(unsaid)).run().marks][-1] == "not judged"


@pytest.mark.parametrize("line", ["So the Hessian of f = x'*A*x.", "the norm of f = x'*A*x", "minus the gradient f = x'*A*x"])
def test_a_line_about_something_else_than_f_is_not_read_as_one_about_f(line: str) -> None:
    text = f"x in R^n\nA in R^(n,n) symmetric\nf = x'*A*x\n{line}\nso f = x'*A'*x\n"
    assert [m.mark for m in Marker(sheet(text)).run().marks] == ["given", "not read", "follows"]


@pytest.mark.parametrize(("line", "mark"), [
    ("Hess f = A", "does not follow"), ("Hess f = 2*A", "follows"), ("grad_x f = 2*A*x", "follows"), ("grad_x f = A*x", "does not follow"),
    ("∂²f/∂x² = 2*A", "follows"), ("∂²f/∂x∂xᵀ = 2*A", "follows"), ("∂²f/∂x² = A", "does not follow")])
def test_first_and_second_derivatives_of_f_in_short(line: str, mark: str) -> None:
    text = f"x in R^n, A in R^(n,n) symmetric\nf = x'*A*x\n{line}\n"
    assert [m.mark for m in Marker(sheet(text)).run().marks] == ["given", mark]


def test_what_rests_on_a_definition_that_is_not_read_is_not_judged() -> None:
    text = "a = σ(z)\nL = ½‖a − y‖²\nδ = (a − y) ⊙ σ'(z)\ndL/dz = δ\n"
    assert "does not follow" not in [m.mark for m in Marker(sheet(text)).run().marks]


@pytest.mark.parametrize(("said", "follows"), [
    ("We assume that S is a symmetric matrix", True), ("S is the sample covariance (symmetric).", True),
    ("Let S be a real symmetric matrix.", True),
    ("S is the kernel matrix, which is symmetric.", True), ("P, S symmetric positive definite", True),
    ("w is a vector. S is a symmetric n x n matrix.", True), ("S is not symmetric", False), ("S is a matrix", False),
    ("Is S symmetric?", False)])
def test_symmetry_in_a_sentence_without_dollars(said: str, follows: bool) -> None:
    right, wrong = (Marker(sheet(f"{said}\nf = w'*S*w\nd(f)/d(w) = {slope}\n")).run().marks[-1].mark for slope in ("2*S*w", "3*S*w"))
    assert (right == "follows") == follows and wrong == "does not follow"


@pytest.mark.parametrize(("said", "mark"), [
    ("y is one-hot of length k", "follows"), ("y is a one-hot label vector (k classes)", "follows"),
    ("y is a vector of length k", "does not follow")])
def test_one_hot_in_a_sentence_without_dollars(said: str, mark: str) -> None:
    assert Marker(sheet(f"{said}\np = softmax(z)\nL = -y' log p\ndL/dz = p - y\n")).run().marks[-1].mark == mark


PLAIN = "f = x'*S*x\n"
TWICE = "d(f)/d(x) = 2*S*x"


@pytest.mark.parametrize(("text", "wanted"), [
    (f"It would be nice if S is symmetric\n{PLAIN}{TWICE}", ["given", "not judged"]),
    (f"{PLAIN}We drop the assumption that S is symmetric\n{TWICE}", ["given", "not judged"]),
    (f"When is S symmetric\n{PLAIN}{TWICE}", ["given", "not judged"]),
    (f"If S is symmetric, things are easy.\n{PLAIN}{TWICE}", ["given", "not judged"]),
    (f"{PLAIN}If S is symmetric, {TWICE}\nIn general {TWICE}", ["given", "follows", "not judged"]),
    (f"{PLAIN}If S is symmetric:\n{TWICE}\nFor general S:\n{TWICE}", ["given", "follows", "not judged"]),
    (f"{PLAIN}if S is symmetric, d(f)/d(x) = (S+S')*x\n= 2*S*x\n{TWICE}", ["given", "follows", "follows", "not judged"]),
    (f"{PLAIN}S is symmetric by construction\n{TWICE}", ["given", "follows"]),
    (f"{PLAIN}Assume S is self-adjoint.\n{TWICE}", ["given", "follows"]),
    (f"{PLAIN}{TWICE} (since S is symmetric)\n{TWICE}", ["given", "follows", "follows"]),
    (f"{PLAIN}{TWICE} if S is symmetric\n{TWICE}", ["given", "follows", "not judged"]),
    (f"{PLAIN}{TWICE} (if S = S')\n{TWICE}", ["given", "follows", "not judged"]),
    (f"{PLAIN}{TWICE} if n = 1", ["given", "not read"]), (f"{PLAIN}{TWICE} (for n = 1)", ["given", "not read"]),
    ("c in R\nf = abs(c)\nf = c (if c > 0)\nf = c", ["given", "follows", "not judged"]),
    ("c in R\nf = abs(c)\nf = -c (if c < 0)", ["given", "not read"]),
    (f"{PLAIN}{TWICE} (even if S is not symmetric)", ["not judged"]),
    *((f"{said}\n{PLAIN}{TWICE}", ["given", "not judged"]) for said in (
        "S is symmetric modulo noise.", "S is symmetric outside the first row.", "S is symmetric for small n.",
        "Nobody said S is symmetric.", "In problem 2, S is symmetric.")),
    *((f"{said}\n{PLAIN}{TWICE}", ["given", "does not follow"]) for said in (
        "False: S is symmetric.", "S is taken to be symmetric by some, but is not.")),
    (f"S' = S\n{PLAIN}{TWICE}", ["not judged", "given", "not judged"])])
def test_what_plain_sentences_say_counts_as_far_as_they_say_it(text: str, wanted: list[str]) -> None:
    assert [m.mark for m in Marker(sheet(f"{text}\n")).run().marks] == wanted


@pytest.mark.parametrize(("text", "wanted"), [
    ("S is symmetric\nf = x'*S*y\nd(f)/d(y) = S*x", "follows"), ("f = x'*S*y\nd(f)/d(y) = S*x", "does not follow"),
    ("Let $S$ be symmetric. $$f = x^\\top S y$$ $$\\nabla_y f = Sx$$", "follows"),
    ("Let Q be orthogonal\nf = x'*Q'*Q*x\nd(f)/d(x) = 2*x", "follows"),
    ("Let $Q$ be orthogonal. $$\\nabla_x(x^\\top Q^\\top Qx) = 2x$$", "follows"),
    ("D is diagonal\nf = x'*D*y\nd(f)/d(x) = D*y\nd(f)/d(y) = D*x", "follows"),
    ("S is symmetric\nf = x'*S*y\nx in R^3\ny in R^2\nd(f)/d(y) = S'*x", "follows")])
def test_what_is_symmetric_is_square(text: str, wanted: str) -> None:
    assert Marker(sheet(text)).run().marks[-1].mark == wanted


@pytest.mark.parametrize(("said", "wanted"), [("y sums to 1", "not judged"), ("the entries of y sum to one", "not judged"),
                                              ("w sums to 1", "does not follow"), ("", "does not follow")])
def test_what_rests_on_a_label_of_which_a_sentence_speaks_is_not_judged(said: str, wanted: str) -> None:
    assert Marker(sheet(f"{said}\np = softmax(z)\nL = -y'*log(p)\nd(L)/d(z) = p - y\n")).run().marks[-1].mark == wanted


@pytest.mark.parametrize("said", ["Let X be n by d, y in R^n, w in R^d, lambda > 0.", "X is n by d, lambda > 0", "lambda > 0",
                                  "Let lambda > 0 and X in R^(n,d)"])
def test_sizes_and_signs_in_one_list(said: str) -> None:
    text = f"{said}\nf = norm2(X*w - y)^2 + sqrt(lambda)^2*norm2(w)^2\nd(f)/d(w) = 2*X'*(X*w - y) + 2*lambda*w"
    found = Marker(sheet(text)).run()
    assert [m.mark for m in found.marks] == ["given", "follows"] and not found.marks[1].verdict.conditions  # type: ignore[union-attr]
    without = Marker(sheet(text.replace("lambda > 0", "lambda in R"))).run().marks[1]
    assert without.verdict is not None and without.verdict.conditions


def test_a_matrix_above_zero_may_be_definite_and_is_not_taken_for_positive_entries() -> None:
    assert not Marker(sheet("A > 0\nf = x'*A*x\nd(f)/d(x) = (A + A')*x")).run().said


@pytest.mark.parametrize("text", [
    "X in R^(n,d), w in R^d, z in R^n\na = X w\nz = cumsum(a)\nL = z' X w\ndL/dw = X' z",
    "import numpy as np\ndef f(X, w):\n    z = X @ w\n    if X[0, 0] > 0:\n        z = np.roll(z, 1)\n    loss = np.sum((X @ w) * z)\n"
    "    dw = X.T @ z\n    return loss, dw"])
def test_what_could_not_be_read_may_depend_on_a_variable_through_others(text: str) -> None:
    assert matcalc.check(text).marks[-1].mark == "not judged"
