"""What a sheet leaves to its reader: numbers, entries, functions without a backslash, primes, conditions among the lines."""

from __future__ import annotations

import pytest

from matcalc.sheets.statements.display import sheet
from matcalc.sheets.marking.mark import Marker
from matcalc.sheets.parts.marks import Marked

LOGISTIC = r"$$L(w) = -y\log\sigma(w^Tx) - (1-y)\log(1-\sigma(w^Tx))$$ "
ENTROPY = r"Let $z, y\in R^n$. $$L = -y^\top \log s, \quad s = \mathrm{softmax}(z)$$ "


def marked(text: str) -> Marked:
    return Marker(sheet(text)).run()


def marks(text: str) -> list[str]:
    return [m.mark for m in marked(text).marks]


@pytest.mark.thin(3)
@pytest.mark.parametrize(("text", "mark"), [
    (LOGISTIC + r"$$\frac{\partial L}{\partial w} = (\sigma(w^T x)-y)x$$", "follows"),
    (LOGISTIC + r"$$\frac{\partial L}{\partial w} = (\sigma(w^T x)+y)x$$", "does not follow"),
    (r"$$s = \mathrm{softmax}(z)$$ $$\frac{\partial s}{\partial z} = s \odot (1 - s)$$", "does not follow"),
    (r"$$L = -y^\top \log\hat y$$ $$\frac{\partial L}{\partial\hat y} = -\frac{y}{\hat y}$$", "follows"),
    (r"$$L = -y^\top \log\hat y$$ $$\frac{\partial L}{\partial\hat y} = \frac{y}{\hat y}$$", "does not follow"),
    (r"$$z^{[1]} = Wx$$ $$a = \tanh(z^{[1]})$$"
     r"$$\frac{\partial L}{\partial z^{[1]}} = \frac{\partial L}{\partial a}\odot(1-\tanh^2(z^{[1]}))$$", "follows"),
    (r"$$f = \frac12\log\det S$$ $$\frac{\partial f}{\partial V} = V^{-1} \text{ where } V=S^{-1}$$", "not judged"),
    ("x in R^n\nA is symmetric\nf = x'*A*x\nd(f)/d(x) = 2*A*x", "follows"),
    ("A, B in R^(n,n)\nA, B symmetric\nA*B = (B*A)'", "follows"),
    ("A in R^(n,n)\nq = inv(A)'\nq = A⁻ᵀ", "follows"),
    ("A in R^(n,n)\nb in R^n\nq = inv(A)*b\nq = np.linalg.solve(A, b)", "follows"),
    ("A in R^(n,n)\nb, x in R^n\nq = norm2(A*x - b)^2/2\nq = \\frac{1}{2}\\|Ax-b\\|^2", "follows"),
    ("A in R^(n,n)\nx in R^n\nq = (x'*A*x)/(x'*x)\nq = {x' A x}/{x' x}", "follows"),
    ("x in R^n\nd(x'*x)/d(x) = 2*x\na{0} = x", "not read"),
    ("x in R^n\nA in R^(n,n)\nf = x'*A*x\nd(f)/d(x)' = x'*(A + A')", "follows"),
    ("x in R^n\nA in R^(n,n)\nf = x'*A*x\n(x'*(A + A'))' = (d(f)/d(x)')'", "follows"),
    ("x in R^n\nf = x'x\nd f = 2 x' d x", "follows"), ("A in R^(n,n)\nd log det A = tr(A^-1 dA)", "follows"),
    ("A, B in R^(n,n)\nd A B = d A B + A d B", "not read"), ("A in R^(n,n)\nx in R^n\n∂/∂x x^T A x = (A + A^T) x", "follows"),
    ("x, b in R^n\nf = (b'x)^2\ngrad f = 2 (b'x) b", "follows"), ("a: n x 1\nx in R^n\nf = a'x\n∇f = a", "follows"),
    ("X in R^(n,d), y in R^n\nf(w) = sum_i log(1 + exp(-y_i w^T x_i))\ndf/dw = -sum_i y_i x_i / (1 + exp(y_i w^T x_i))", "follows")])
def test_a_line_that_has_one_reading_is_judged_in_it(text: str, mark: str) -> None:
    assert marks(text)[-1 if "where" not in text else 1] == mark


@pytest.mark.thin(3)
@pytest.mark.parametrize(("text", "mark"), [
    (r"$$f = tr(A X)$$ $$\nabla_X f = A^T$$", "follows"), (r"$$f = Tr[X^T A X]$$ $$\nabla_X f = (A + A^T) X$$", "follows"),
    (r"$$f = log(det(X))$$ $$\nabla_X f = X^{-T}$$", "follows"), (r"$$f = exp(a^T x)$$ $$\nabla_x f = a$$", "does not follow"),
    (r"Let $x\in R^n$. $$f = \sum_i tanh^2(x_i)$$ $$\nabla_x f = 2 tanh(x) \odot (1 - tanh^2(x))$$", "follows"),
    (r"$t \in R$, $r\in R$, $x \in R^n$. $$\nabla_x tr(x^T x) = 2trx$$", "follows"),
    (r"$$f = x^3$$ $$f' = 3x^2$$", "follows"), (r"Let $x\in R$. $$f = x^3$$ $$f' = 2x^2$$", "does not follow"),
    (r"$$z = Wx+b$$ $$z' = x'W'+b'$$", "not judged"), (r"$$f = a'x + x'x$$ $$f' = x'a + x'x$$", "follows")])
def test_letters_that_spell_a_function_are_one_and_a_prime_is_a_derivative(text: str, mark: str) -> None:
    assert marks(text)[-1] == mark


@pytest.mark.thin(3)
@pytest.mark.parametrize(("text", "mark"), [
    (r"Let $z, y\in R^n$ with $\mathbf 1^\top y = 1$. $$L = -y^\top \log\mathrm{softmax}(z)$$"
     r" $$\frac{\partial L}{\partial z} = \mathrm{softmax}(z) - y$$", "follows"),
    (ENTROPY + r"Since $\mathbf 1^\top y = 2$, $$\frac{\partial L}{\partial z} = s - y$$", "does not follow"),
    (ENTROPY + r"Using $\sum_i y_i = 1$ we get $$\frac{\partial L}{\partial z} = s - y$$", "follows"),
    (ENTROPY + r"$$\mathbf 1^\top y = 1$$ $$\frac{\partial L}{\partial z} = s - y$$", "not judged"),
    (ENTROPY + r"$$\mathbf 1^\top y = 1$$ $$\frac{\partial L}{\partial z} = s + y$$", "does not follow"),
    (ENTROPY + r"$$\frac{\partial L}{\partial z} = s - y$$", "does not follow")])
def test_an_equation_that_binds_data_is_a_condition(text: str, mark: str) -> None:
    assert marks(text)[-1] == mark


def test_what_rests_on_entries_is_judged_where_these_are_read() -> None:
    text = r"Let $p, y\in\mathbb{R}^n$, and $x_i^T$ the rows of $X$. " \
        r"$$L = -\sum_i y_i \log p_i, \quad p_i = \sigma(w^T x_i)$$ $$\nabla_w L = X^T(p - y)$$"
    assert marks(text) == ["given", "given", "does not follow"]
    assert marks(text.replace("(p - y)", r"(y \odot (p - 1))")) == ["given", "given", "follows"]
    assert marks(text.replace("p_i = ", "p_i = x_{ijk} ")) == ["given", "not read", "not judged"]


def test_a_gradient_that_the_loss_is_made_of_says_nothing_of_it() -> None:
    found = marked("x in R^n\na in R^n\nf(x) = a'*x\nd(f)/d(x) = 2*a\nd(g)/d(x) = a\n")
    assert [m.mark for m in found.marks] == ["given", "does not follow", "not judged"] and found.marks[1].would == "a"


GAUSS = r"$$\ell=-\frac N2\log|\Sigma|-\frac N2\operatorname{tr}(\Sigma^{-1}S)$$ $$\frac{\partial\ell}{\partial\Sigma} = "


@pytest.mark.thin(3)
@pytest.mark.parametrize(("text", "found"), [
    (GAUSS + r"-\frac N2\Sigma^{-1} + \frac N2 \Sigma^{-1}S\Sigma^{-1}$$", ("follows if", "structure")),
    (GAUSS + r"-\frac N2\Sigma^{-1} - \frac N2 \Sigma^{-1}S\Sigma^{-1}$$", ("does not follow", None)),
    (r"Let $S$ and $\Sigma$ be symmetric. " + GAUSS + r"-\frac N2\Sigma^{-1} + \frac N2 \Sigma^{-1}S\Sigma^{-1}$$", ("follows", None)),
    (r"$$f = |A|^2$$ $$\nabla_A f = 2A$$", ("not judged", "doubt")), (r"$$f = \log |A x|$$ $$\nabla_x f = x$$", ("not judged", "tainted"))])
def test_bars_are_a_determinant_where_the_rest_of_the_sheet_makes_a_square_matrix(text: str, found: tuple[str, str | None]) -> None:
    last = marked(text).marks[-1]
    assert (last.mark, last.reason and last.reason.kind) == found


@pytest.mark.thin(3)
@pytest.mark.parametrize(("text", "mark"), [
    (r"$L = -\sum_i y_i \log s_i$ $$\frac{\partial L}{\partial s} = -y \oslash s$$", "follows"),
    (r"$$f = \sum_i a_i x_i^2$$ $$\nabla_x f = a \odot x$$", "does not follow"),
    (r"$$f = \sum_i a_i x_i$$ $$\nabla_x f = 2a$$", "not judged"),
    (r"$$f(x) = \sum_i \log(x_i)$$ $$\nabla f(x) = \frac{1}{x}$$", "follows"),
    (r"$$L = -\sum_i y_i \log p_i$$ $$p_i = \sigma(w^T x_i)$$ $$\nabla_w L = X^T(p - y)$$", "does not follow"),
    (r"$$L = -\sum_i y_i \log p_i, \quad p = \mathrm{softmax}(z)$$ $$\nabla_z L = p - y$$", "not judged"),
    (r"$$L = -\sum_i y_i \log p_i, \quad p = \mathrm{softmax}(z)$$ $$\nabla_z L = p + y$$", "does not follow")])
def test_a_sum_over_entries_of_what_nobody_declared(text: str, mark: str) -> None:
    assert marks(text)[-1] == mark


@pytest.mark.thin(3)
@pytest.mark.parametrize(("text", "mark"), [
    (r"For $x\in\mathbb{R}^n$ and $s = e^x / \mathbf 1^\top e^x$, "
     r"$$\frac{\partial s}{\partial x} = \mathrm{diag}(s) - ss^\top$$", "follows"),
    (r"$$R(x) = x^\top A x / x^\top x$$ $$\nabla R = (A+A^\top)x/x^\top x - 2 (x^\top A x) x/(x^\top x)^2$$", "follows"),
    (r"$$m = \frac1d \mathbf 1^\top x, \quad v = x - m\mathbf 1$$ $$\nabla_x (v^\top v) = 2v$$", "not judged"),
    (r"$$m = \frac1d \mathbf 1^\top x, \quad v = x - m\mathbf 1$$ $$\nabla_x (v^\top v) = 3v$$", "does not follow"),
    (r"$$f(w) = \frac1n \|Xw-y\|^2$$ $$\nabla f(w) = 2 X^\top(Xw-y)$$", "does not follow")])
def test_a_slash_divides_by_a_whole_product_and_a_number_may_be_a_size(text: str, mark: str) -> None:
    assert marks(text)[-1] == mark


@pytest.mark.parametrize(("text", "wanted"), [
    (r"$x, \mu \in \mathbb{R}^d$ \[ \log p = -\frac12 \|x - \mu\|^2 \] \[ \frac{\partial \log p}{\partial \mu} = x - \mu = \mu - x \]",
     ["given", "follows", "does not follow"]),
    (r"$A, P \in \mathbb{R}^{n\times n}$ \[ P^+ = A P A^\top \] "
     r"\[ \operatorname{tr} P^+ = \operatorname{tr}(A^\top A P) \]", ["given", "follows"]),
    (r"$A, X, B \in \mathbb{R}^{n\times n}$ \[ d\operatorname{vec}(AXB) = (B^\top \otimes A)\, d\operatorname{vec} X \]", ["follows"]),
    (r"$p \in \mathbb{R}^n$, $H = -p^\top\log p$ "
     r"\[ \frac{\partial^2 H}{\partial p\,\partial p^\top} = -\operatorname{diag}(1/p) \]", ["follows"])])
def test_names_with_marks_and_quotients_of_vectors(text: str, wanted: list[str]) -> None:
    assert [m.mark for m in marked(text).marks] == wanted


def test_an_undeclared_n_is_a_number() -> None:
    text = r"$S, \Sigma \in \mathbb{R}^{d\times d}$ \[ \ell = -\frac n2 \log\det\Sigma \] " \
           r"\[ d\ell = -\frac n2 \operatorname{tr}(\Sigma^{-1} d\Sigma) \]"
    found = marked(text)
    assert [str(g) for g in found.inferred] == ["n in R"] and [m.mark for m in found.marks] == ["given", "follows"]


def test_the_sine_of_a_multiple_has_one_reading() -> None:
    text = r"$\theta \in \mathbb{R}$ \[ f(\theta) = \sin^2\theta \] \[ f'(\theta) = 2 \sin\theta\cos\theta = \sin 2\theta = \sin 3\theta \]"
    assert [m.mark for m in marked(text).marks] == ["given", "follows", "follows", "does not follow"]


@pytest.mark.parametrize(("text", "wanted"), [
    (r"Let $w \in \mathbb{R}^n$. $$f = w^T W1 w$$ $$\nabla_w f = (W1 + W1^T)w$$", ["given", "follows"]),
    (r"Let $w \in \mathbb{R}^n$. $$f = w^T W1 w$$ $$\nabla_w f = 2 W1 w$$", ["given", "does not follow"]),
    (r"Let $A \in \mathbb{R}^{m\times n}$. $$g = w^T A^T 1$$ $$\nabla_w g = A^T 1$$", ["given", "follows"]),
    (r"Let $A \in \mathbb{R}^{m\times n}$. $$g = w^T A^T 1$$ $$\nabla_w g = A1$$", ["given", "does not follow"]),
    (r"Let $x \in \mathbb{R}^n$. $$g = x^T 11^T x$$ $$\nabla_x g = 2\cdot 11^T x$$", ["given", "follows"]),
    (r"Let $X \in \mathbb{R}^{m\times n}$. $$f = 1_m^T X 1_n$$ $$\nabla_X f = 1_m 1_n^T$$", ["given", "follows"]),
    (r"Let $X \in \mathbb{R}^{m\times n}$. $$f = 1_m^T X 1_n$$ $$\nabla_X f = 2\cdot 1_m 1_n^T$$", ["given", "does not follow"]),
    (r"Let $x \in \mathbb{R}$. $$f = x 1[x > 0] + x^2$$ $$\frac{df}{dx} = 1[x > 0] + 2x$$", ["given", "follows"]),
    (r"Let $x \in \mathbb{R}^n$. $$f = x^T x 1_{x > 0}$$", ["not read"]),
    (r"Let $X \in \mathbb{R}^{n\times p}$. $$\operatorname{vec}(dX^T) = K_{np}\operatorname{vec}(dX)$$", ["follows"]),
    (r"Let $X \in \mathbb{R}^{n\times p}$. $$\operatorname{vec}(dX^T) = K_{pn}\operatorname{vec}(dX)$$", ["does not follow"])])
def test_a_number_behind_a_letter_is_part_of_a_name_and_one_behind_a_factor_the_vector_of_ones(text: str, wanted: list[str]) -> None:
    assert [m.mark for m in marked(text).marks] == wanted


def test_a_letter_is_another_function_in_a_later_item_also_where_the_first_is_said_above_them() -> None:
    text = r"""Let $f(x) = \frac12 x^\top A x + b^\top x$, where $A$ is symmetric.

(a) $\nabla f(x) = Ax + b$.

(b) $\nabla^2 f(x) = A$.

(c) Let $f(x) = g(a^\top x)$, where $g:\mathbb{R}\to\mathbb{R}$.
Then $\nabla f(x) = g'(a^\top x)a$ and $\nabla^2 f(x) = g''(a^\top x)aa^\top$.
"""
    assert [m.mark for m in marked(text).marks] == ["follows"]*4
    assert [m.mark for m in marked(text.replace("aa^", "A^")).marks][3] == "does not follow"
    assert [m.mark for m in marked(text.replace("(c) Let", "(c) We have")).marks][2:] == ["not judged", "follows", "follows"]


def test_a_jacobian_in_numerator_layout_does_not_make_numbers_of_matrices() -> None:
    text = r"$h = \tanh(Wg + b)$, $L = \frac12\|h - y\|^2$. $$\frac{\partial L}{\partial h} = h - y$$ " \
        r"$$\frac{\partial h}{\partial g} = \operatorname{diag}(1-h^2)W$$"
    found = marked(text)
    assert {str(g).split()[0]: "x".join(map(str, g.shape)) for g in found.inferred}["W"] == "nxm"
    assert [m.mark for m in found.marks][-1] == "follows" and found.layout == "mixed"
    assert [m.mark for m in marked(text.replace("1-h^2", "1-h")).marks][-1] == "does not follow"
