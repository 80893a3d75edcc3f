"""Sheets as students and authors write them: what each of them was once misread by."""

import pytest

import matcalc
from tests.work import Work


def marks(text: str) -> list[str]:
    return [m.mark for m in matcalc.check(text).marks if m.mark != "given"]


DECLARED = r"Let $A\in\mathbb{R}^{n\times n}$, $X\in\mathbb{R}^{m\times n}$, $x,a,b\in\mathbb{R}^n$, $y\in\mathbb{R}^m$." + "\n"


@pytest.mark.parametrize(("right", "wrong"), [
    (r"\[ \nabla (a^\top x) = a \]", r"\[ \nabla (a^\top x) = x \]"),
    (r"\[ \nabla \|Xx - y\|^2 = 2X^\top(Xx-y) \]", r"\[ \nabla \|Xx - y\|^2 = X^\top(Xx-y) \]"),
    (r"\[ \operatorname{grad}_x (x^\top Ax) = (A+A^\top)x \]", r"\[ \operatorname{grad}_x (x^\top Ax) = 2Ax \]"),
    (r"$h = a\cdot x + x\cdot x$. \[\nabla h = a + 2x\]", r"$h = a\cdot x + x\cdot x$. \[\nabla h = a + x\]"),
    (r"\begin{align} g &\overset{\mathrm{def}}{=} x^\top x \\ g'(x) &= 2x \end{align}",
     r"\begin{align} g &\overset{\mathrm{def}}{=} x^\top x \\ g'(x) &= x \end{align}"),
    (r"The derivative of $x^\top A x$ with respect to $x$ is $(A+A^\top)x$.",
     r"The derivative of $x^\top A x$ with respect to $x$ is $2Ax$."),
    (r"The gradient of $f(x) = a^\top x + \frac12 x^\top x$ is $a + x$.",
     r"The gradient of $f(x) = a^\top x + \frac12 x^\top x$ is $a + 2x$."),
    (r"\[ g = \frac{1}{1+e^{-t}} \] \[ g'(t) = g(1-g) \]", r"\[ g = \frac{1}{1+e^{-t}} \] \[ g'(t) = g(1+g) \]"),
    (r"\[ f = \mathbf{1}^\top\exp(x),\qquad \nabla f = \exp(x) \]", r"\[ f = \mathbf{1}^\top\exp(x),\qquad \nabla f = x \]"),
])
def test_the_right_line_follows_and_the_wrong_one_does_not(right: str, wrong: str) -> None:
    assert set(marks(DECLARED + right)) == {"follows"}
    assert "does not follow" in marks(DECLARED + wrong)


def test_a_star_between_columns_goes_entry_by_entry_and_is_told() -> None:
    text = DECLARED + r"\[ f = \mathbf{1}^\top (x * a) \] \[ \nabla_x f = a \]"
    assert marks(text) == ["follows"] and "x * a as (x.*a)" in matcalc.check(text).text()
    assert marks(text.replace(r"= a \]", r"= x \]")) == ["not judged"]


def test_three_names_are_declared_at_once() -> None:
    found = matcalc.check("Let $x,a,b\\in\\mathbb{R}^n$.\n\\[ \\nabla_x (a^\\top x + b^\\top x) = a + b \\]")
    assert found.worst == "follows" and not found.marked.inferred


def test_a_name_in_a_space_and_equal_to_its_transpose() -> None:
    text = "Let $A=A^\\top \\in \\mathbb{R}^{n\\times n}$ and $f(x) = x^\\top Ax$.\n\\[ \\nabla f(x) = 2Ax \\]"
    assert marks(text) == ["follows"]
    assert marks(text.replace("A=A^\\top ", "A ")) == ["does not follow"]


def test_words_that_are_not_understood_deny_no_line_of_differentials() -> None:
    text = ("Let $D$ be a pleasantly diagonal $n\\times n$ matrix, $r\\in\\mathbb{R}^n$ and $S = r^\\top D r$.\n"
            "\\[ dS = 2r^\\top D\\,dr \\]")
    assert marks(text) == ["not judged"]
    assert marks(text.replace("pleasantly ", "")) == ["follows"]


def test_a_condition_stands_before_what_follows_from_it() -> None:
    head = ("Let $X \\in \\mathbb{R}^{n\\times d}$, $y \\in \\mathbb{R}^n$ and $L(w) = \\|Xw - y\\|^2$.\n"
            "\\[ \\nabla L(w) = 2X^\\top(Xw-y) \\]\n")
    assert marks(head + "Setting this to zero gives the normal equations $X^\\top X w = X^\\top y$.") == ["follows", "follows"]
    assert marks(head + "Setting it to zero: $X^\\top X w = X^\\top y$.") == ["follows", "follows"]
    assert marks(head + "Setting it to zero: $X^\\top X w = 2X^\\top y$.")[1] != "follows"


def test_the_number_of_samples_stands_before_the_sum_that_goes_up_to_it() -> None:
    text = ("Let $x_1,\\dots,x_N \\in \\mathbb{R}^d$ be i.i.d. samples of $\\mathcal{N}(\\mu,\\Sigma)$, "
            "$\\Sigma \\in\\mathbb{R}^{d\\times d}$ "
            "positive definite.\n"
            "\\[ \\ell(\\mu,\\Sigma) = -\\frac{N}{2}\\log|\\Sigma| - \\frac12\\sum_{i=1}^N (x_i-\\mu)^\\top\\Sigma^{-1}(x_i-\\mu) \\]\n"
            "\\[ \\frac{\\partial \\ell}{\\partial \\mu} = \\sum_{i=1}^N \\Sigma^{-1}(x_i-\\mu) \\]")
    assert marks(text) == ["follows"]
    assert marks(text.replace("= \\sum", "= -\\sum")) == ["does not follow"]


def test_a_sum_goes_over_the_terms_that_have_its_index() -> None:
    text = ("Let $X\\in\\mathbb{R}^{n\\times d}$, $y \\in \\mathbb{R}^n$, $w\\in\\mathbb{R}^d$, $x_i$ the rows of $X$.\n"
            "\\[ \\ell(w) = \\sum_{i=1}^n \\log(1+e^{x_i^\\top w}) - y_i x_i^\\top w \\]\n"
            "\\[ \\nabla \\ell(w) = X^\\top (\\sigma(Xw)-y) \\]")
    assert marks(text) == ["follows"]
    assert marks(text.replace("-y)", "+y)")) == ["does not follow"]


def test_sums_over_pairs_in_their_order() -> None:
    text = ("Let $x,y\\in\\mathbb{R}^n$, $A\\in\\mathbb{R}^{n\\times n}$ and $f = \\sum_{i<j} A_{ij}x_iy_j$.\n"
            "\\[ \\frac{\\partial f}{\\partial x_k} = \\sum_{j>k} A_{kj}y_j \\]\n"
            "\\[ \\frac{\\partial f}{\\partial y_k} = \\sum_{i<k} A_{ik}x_i \\]")
    assert marks(text) == ["follows", "follows"]
    assert marks(text.replace("A_{kj}", "A_{jk}")) == ["does not follow", "follows"]
    assert marks(text.replace("j>k", "j<k")) == ["does not follow", "follows"]


def test_masks_in_plain_lines() -> None:
    head = "X in R^(N,D), W in R^(D,H), Y in R^(N,H)\nZ = X*W\nA = relu(Z)\nloss = norm2(A - Y)^2/2\ndA = A - Y\n"
    assert marks(head + "dZ = dA.*(Z > 0)\ndW = X'*dZ") == ["follows"] * 3
    assert marks(head + "dZ = dA.*(Z < 0)\ndW = X'*dZ")[1] == "does not follow"


def test_an_index_is_no_number() -> None:
    text = "Let $x\\in\\mathbb{R}^n$.\n$$ f = \\sum_{i=1}^n i x_i $$\n$$\\frac{\\partial f}{\\partial x_k} = k$$"
    assert "does not follow" not in marks(text) and "not read" in marks(text)


def test_an_equation_of_differentials_is_no_condition() -> None:
    text = ("Let $A\\in\\mathbb{R}^{n\\times n}$ be invertible. Differentiating $AA^{-1} = I$ gives\n"
            "$$dA\\,A^{-1} + A\\,dA^{-1} = 0,$$\nhence\n$$dA^{-1} = -A^{-1}\\,dA\\,A^{-1}.$$")
    assert marks(text) == ["follows"] * 3
    assert marks(text.replace("+ A", "- A"))[1] == "does not follow"


def test_entries_of_derivatives_are_no_evidence_of_a_layout() -> None:
    text = ("We prove $\\nabla_A\\operatorname{tr}(AB) = B^\\top$ for $A\\in\\mathbb{R}^{m\\times n}$, $B\\in\\mathbb{R}^{n\\times m}$.\n"
            "$$\\frac{\\partial}{\\partial A_{ij}}\\operatorname{tr}(AB) = B_{ji}.$$")
    assert marks(text) == ["follows"] * 2
    assert marks(text.replace("B^\\top", "B"))[0] == "follows if"


@pytest.mark.parametrize(("text", "mark"), [
    (r"Consider $y = X\beta + \varepsilon$ and $S = \|y - X\beta\|^2$. $$\frac{\partial S}{\partial\beta} = -2X^\top(y - X\beta)$$",
     "follows"),
    (r"Consider $y = X\beta + \varepsilon$ and $S = \|y - X\beta\|^2$. $$\frac{\partial S}{\partial\beta} = 2X^\top(y - X\beta)$$",
     "does not follow"),
    (r"Let $z\in\mathbb{R}^k$, $x\in\mathbb{R}^d$. We have $z = Wx + b$ and $L = \|z\|^2$. $$\frac{\partial L}{\partial W} = 2zx^\top$$",
     "follows"),
    (r"Let $f(w) = \|Xw-y\|^2$. The solution is $\hat w = (X^\top X)^{-1}X^\top y$.", "follows"),
    (r"Let $f(w) = \|Xw-y\|^2$. The solution is $\hat w = (XX^\top)^{-1}X^\top y$.", "does not follow"),
    (r"Let $f(w) = \|Xw-y\|^2$ and $\nabla f = 2X^\top(Xw-y)$. Some authors write $v = 3Xw$.", "not judged"),
    ("X in R^(n,d), W in R^(d,h), Y in R^(n,h)\nZ = X @ W\nL = np.sum((Z - Y)**2)/2\nd(L)/d(Z) = (Z - Y) * 1", "follows"),
    ("Let X be n × d, w ∈ ℝᵈ, y ∈ ℝⁿ, f = ‖X w − y‖².\n\n```\n∂f/∂w = 2X(X w − y)\n```", "does not follow")])
def test_what_a_text_defines_and_what_it_concludes(text: str, mark: str) -> None:
    assert marks(text)[-1] == mark


def test_e_is_a_number_only_where_nothing_is_called_so() -> None:
    text = "Let $X\\in\\mathbb{R}^{m\\times n}$, $y\\in\\mathbb{R}^m$, $w\\in\\mathbb{R}^n$ and $L = e^t e$, where $%s = y - Xw$.\n"
    assert marks(text % "e" + r"\[ \nabla_w L = -2X^t e \]") == marks(text % r"\mathbf{e}" + r"\[ \nabla_w L = -2X^te \]") == ["follows"]
    assert marks(text % "e" + r"\[ \nabla_w L = 2X^t e \]") == ["does not follow"]
    assert marks(r"Let $t\in\mathbb{R}$, $f(t) = e^t$. \[ f'(t) = e^t \]") == ["follows"]


@pytest.mark.parametrize(("text", "said"), [
    (r"Let $f(x) = \log(1+e^{-x})$. \[ f'(x) = -\frac{1}{1+e^x} \] \[ f'(x) = \frac{1}{1+e^x} \]", ["follows", "does not follow"]),
    (r"Let $x,v\in\mathbb{R}^n$, $r(t) = x + tv$. \[ r'(t) = v \] \[ r''(t) = 0 \] \[ r'(t) = x \]",
     ["follows", "follows", "does not follow"]),
    (r"Let $A,B\in\mathbb{R}^{n\times n}$, $F(t) = tA^2 + t^2B$. \[ F'(t) = A^2 + 2tB \] \[ F''(t) = 2B \] \[ F'(t) = A^2 + tB \]",
     ["follows", "follows", "does not follow"])])
def test_a_prime_is_a_derivative_by_a_number(text: str, said: list[str]) -> None:
    """x is no column where the lines fit only a number, and f' has the shape of f."""
    assert marks(text) == said


def test_an_exponential_of_a_square_matrix() -> None:
    """e to a matrix is that of a matrix, exp of one entry by entry; each is told, and what does not follow so is not
    judged, where no other line has followed so."""
    text = r"Let $A\in\mathbb{R}^{n\times n}$ and $F(t) = %s$. \[ F'(t) = A %s \] \[ F'(t) = 2A %s \]"
    assert marks(text.replace("%s", "e^{tA}")) == ["follows", "does not follow"]
    assert marks(text.replace(r"\[ F'(t) = A %s \]", "").replace("%s", "e^{tA}"))[-1] == "not judged"
    assert marks(text.replace("%s", r"\exp(tA)")) == ["not judged", "not judged"]


def network(layers: int) -> str:
    """A backward pass through so many layers, in which each mask is read off the layer's output."""
    lines, below = ["x, t in R^k"], "x"
    for k in range(1, layers + 1):
        lines += [f"W{k} in R^(k,k)", f"z{k} = W{k}*{below}", f"h{k} = relu(z{k})"]
        below = f"h{k}"
    lines += [f"L = 0.5*norm2({below} - t)^2", f"d{below} = {below} - t"]
    for k in range(layers, 0, -1):
        below = f"h{k - 1}" if k > 1 else "x"
        lines += [f"dz{k} = dh{k}.*(h{k} > 0)", f"dW{k} = dz{k}*{below}'", f"d{below} = W{k}'*dz{k}"]
    return "\n".join(lines)


@pytest.mark.slow
def test_a_mask_of_what_relu_gave_is_the_mask_of_what_it_was_given() -> None:
    assert set(marks(network(3))) == {"follows"}
    assert marks(network(3).replace("(h2 > 0)", "(h2 < 0)")).count("does not follow") == 1


@pytest.mark.slow
def test_a_long_sheet_takes_no_more_for_a_line_than_a_short_one() -> None:
    def work(layers: int) -> float:
        with Work() as counted:
            assert set(marks(network(layers))) == {"follows"}
        return counted.calls/layers
    assert work(40) < 1.5*work(10)
