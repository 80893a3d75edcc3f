"""What fresh sheets have shown: names that a text spells out, NumPy without shapes, covariances, what a guess may not deny."""

from __future__ import annotations

import pytest

from matcalc.reading.latex.tokens import tokens
from matcalc.sheets.python.array_shapes import shapes
from matcalc.sheets.statements.display import sheet
from matcalc.sheets.marking.mark import Marker
from matcalc.reading.latex.spelt_names import primed, words


def marks(text: str) -> list[str]:
    return [m.mark for m in Marker(sheet(text)).run().marks]


@pytest.mark.parametrize(("formulas", "found"), [
    (["net = w^T x", "o = f(net)"], {"net"}),
    (["RSS(b) = b", "RSS(b) = 2b"], {"RSS"}),
    ([r"\partial MSE", "MSE"], {"MSE"}),
    (["AXB = C", "X", "A", "AXB"], set()),
    (["Ax = b", "Ax"], set()),
    (["xyz = 1", "x", "y", "z", "xyz"], set()),
    (["x^TAx = 1", "x^TAx"], set())])
def test_several_letters_are_one_name_where_a_text_uses_them_so(formulas: list[str], found: set[str]) -> None:
    assert words([tokens(f) for f in formulas]) == found


@pytest.mark.parametrize(("formulas", "found"), [
    (["h' = zh"], {"h"}),
    (["f' = 2x", "f = x^2"], set()),
    (["h' = x'Ax"], set())])
def test_a_prime_is_part_of_a_name_that_nothing_else_defines(formulas: list[str], found: set[str]) -> None:
    assert primed([tokens(f) for f in formulas]) == found


@pytest.mark.parametrize(("lines", "declared"), [
    (["z = X @ w + b", "loss = np.mean((z - y)**2)", "dz = 2 * (z - y) / n", "dw = X.T @ dz", "db = np.sum(dz)"],
     {"X in R^(n,d)", "w in R^(d)", "b in R", "y in R^(n)"}),
    (["h = X @ W + b", "L = np.sum(h * G)", "db = np.sum(G, axis=0)"], {"X in R^(n,d)", "W in R^(d,h)", "b in R^(h)", "G in R^(n,h)"}),
    (["z = W @ x + b", "L = np.sum(z * t)", "dW = np.outer(t, x)"], {"W in R^(n,d)", "x in R^(d)", "b in R^(n)", "t in R^(n)"})])
def test_lines_of_numpy_say_how_many_axes_their_arrays_have(lines: list[str], declared: set[str]) -> None:
    found = {d.split()[0]: d.partition("(")[2].count(",") + ("(" in d) for d in shapes(lines, set())[0]}
    assert found == {d.split()[0]: d.partition("(")[2].count(",") + ("(" in d) for d in declared}


@pytest.mark.parametrize(("text", "last"), [
    (r"Let $\operatorname{Var}(e) = \Omega$. $$S = x^\top\Omega x$$ $$\nabla_x S = 2\Omega x$$", "follows"),
    (r"$$S = x^\top\Omega x$$ $$\nabla_x S = 2\Omega x$$", "follows if"),
    (r"With covariance $K$ of the prior, $$f = x^\top K^{-1}x$$ $$\nabla_x f = 2K^{-1}x$$", "follows"),
    (r"$$f(x) = x^\top Ax$$ $$\nabla\nabla f = A + A^\top$$", "follows"),
    (r"$$f(x) = x^\top Ax$$ $$\nabla\nabla f = 2A$$", "does not follow"),
    (r"$$g(\theta) = \log(1+e^{\theta})$$ $$g'(\theta) = \sigma(\theta)$$", "follows"),
    (r"Suppose $x$ is defined by $A(\theta)x = b$ with $\theta\in\mathbb{R}$ and $b$ constant. "
     r"$$dA\,x + A\,dx = 0$$ $$dx = -A^{-1}dA\,x$$", "follows"),
    (r"Suppose $x$ is defined by $A(\theta)x = b$ with $\theta\in\mathbb{R}$ and $b$ constant. "
     r"$$dA\,x + A\,dx = 0$$ $$dx = A^{-1}dA\,x$$", "does not follow"),
    (r"$$\ell = \log\det\Sigma + \operatorname{tr}(\Sigma^{-1}S)$$ $$\frac{\partial\ell}{\partial\Sigma^{-1}} = S^\top - \Sigma^\top$$",
     "follows"),
    (r"$$\ell = \log\det\Sigma + \operatorname{tr}(\Sigma^{-1}S)$$ $$\frac{\partial\ell}{\partial\Sigma^{-1}} = S^\top + \Sigma^\top$$",
     "does not follow"),
    (r"$$C = \sum_{u,i}(r_{ui} - x_u^\top y_i)^2$$ $$\frac{\partial C}{\partial x_u} = -2\sum_i(r_{ui} - x_u^\top y_i)y_i$$", "follows"),
    (r"$$\ell(w) = (1 - y\,w x)^2$$ $$\nabla\ell(w) = -2(1 - y\,w^\top x)yx$$", "not judged"),
    ("Let v = x/||x||, x in R^n.\ndv = dx/||x|| - x (x' dx)/||x||^3", "follows"),
    ("F(X) = ||AX - B||_F^2\n(a) grad F = 2 A^T (AX - B)\n(b) set grad F = 0: A^T A X = A^T B", "follows")])
def test_what_fresh_sheets_have_shown(text: str, last: str) -> None:
    assert marks(text)[-1] == last


def test_a_definition_that_lacks_a_transpose_does_not_fit() -> None:
    assert marks(r"$$\ell(w) = (1 - y\,w x)^2$$ $$\nabla\ell(w) = -2(1 - y\,w^\top x)yx$$")[0] == "does not follow"


def test_an_index_that_a_side_does_not_have_goes_as_far_as_on_the_first_side() -> None:
    text = r"""Let $p_i = \frac{\exp(o_i)}{\sum_j \exp(o_j)}$.
If $i = k$,
\begin{align} \frac{\partial p_i}{\partial o_k} &= \frac{\exp(o_k)\sum_j\exp(o_j) - \exp(o_k)\exp(o_k)}{(\sum_j\exp(o_j))^2} \\
&= \frac{\exp(o_k)}{\sum_j\exp(o_j)}\frac{\sum_j\exp(o_j) - \exp(o_k)}{\sum_j\exp(o_j)} \\ &= p_k(1 - p_k) \end{align}"""
    assert "does not follow" not in marks(text)
    assert marks(r"Let $p = \mathrm{softmax}(z)$. $$\frac{\partial\log p_a}{\partial z_b} = \delta_{ab} - p_b$$ If $a = b$, "
                 r"$$\frac{\partial\log p_a}{\partial z_b} = 1 - p_b$$")[-1] != "does not follow"


@pytest.mark.parametrize(("text", "last"), [
    (r"Let $X\in\mathbb{R}^{n\times n}$ and $F = \operatorname{tr}(X)X$. $$dF = \operatorname{tr}(dX)X+\operatorname{tr}(X)dX$$",
     "follows"),
    (r"Let $X\in\mathbb{R}^{n\times n}$ and $F = \operatorname{tr}(X)X$. $$dF = \operatorname{tr}(X)dX$$", "not judged"),
    (r"Let $A\in\mathbb{R}^{m\times n}$, $X\in\mathbb{R}^{n\times m}$ and $f = \operatorname{tr}(AX)$. $$df = \operatorname{tr}(A)\,dX$$",
     "follows"),
    (r"Let $A\in\mathbb{R}^{m\times n}$, $X\in\mathbb{R}^{n\times m}$ and $f = \operatorname{tr}(AX)$. $$df = \operatorname{tr}(2A)\,dX$$",
     "does not follow")])
def test_the_bracket_behind_a_trace_is_its_first_factor_where_it_is_not_square(text: str, last: str) -> None:
    assert marks(text)[-1] == last
