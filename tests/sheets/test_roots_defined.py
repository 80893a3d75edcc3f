"""sigma^2 = .. says what sigma is, also where sigma stands alone below; d sigma below a bar is a product where d is a size."""

from __future__ import annotations

import pytest

import matcalc as mc

NORMALISED = r"""Let $x\in\mathbb{R}^d$, $\mu = \frac1d \sum_i x_i$, $\sigma^2 = \frac1d\sum_i (x_i-\mu)^2$
and $\hat x_i = (x_i-\mu)/\sigma$. Then
$$\frac{\partial\sigma}{\partial x_j} = \frac{x_j-\mu}{d\sigma} = \frac{\hat x_j}{d}$$ and therefore
$$\frac{\partial \hat x_i}{\partial x_j} = \frac1\sigma\left(\delta_{ij} - \frac1d - \frac{\hat x_i\hat x_j}{d}\right).$$"""
ALIGNED = r"""Let $x\in\mathbb{R}^d$ and
\begin{align} \mu &= \frac1d \sum_i x_i \\ \sigma^2 &= \frac1d\sum_i (x_i-\mu)^2 \\ \hat x &= (x-\mu 1)/\sigma \\
\frac{\partial \hat x}{\partial x} &= \frac1\sigma (I - \frac1d 1 1^\top - \frac1d \hat x\hat x^\top)\end{align}"""
PLAIN = """m = sum(x)/n
s^2 = sum((x - m).^2)/n
z = (x - m)/s
ds/dx = z/n
dz/dx = (eye(n) - ones(n)*ones(n)'/n - z*z'/n)/s"""


def marks(text: str) -> list[str]:
    return [m.mark for m in mc.check(text).marks if m.mark != "given"]


def test_a_normalisation_follows_as_it_is_published() -> None:
    assert marks(NORMALISED) == ["follows"] * 3 and marks(ALIGNED) == ["follows"] and marks(PLAIN) == ["follows"] * 2


@pytest.mark.slow
def test_its_slips_are_found() -> None:
    for text, right, wrong in ((NORMALISED, r"{d\sigma}", r"{\sigma}"), (NORMALISED, r"- \frac1d - ", r"- \frac2d - "),
                               (ALIGNED, r"- \frac1d \hat x\hat x", r"- \hat x\hat x"), (PLAIN, "ds/dx = z/n", "ds/dx = 2*z/n"),
                               (PLAIN, "- z*z'/n)/s", "- z*z'/n)/s^2")):
        assert "does not follow" in marks(text.replace(right, wrong))


def test_a_square_of_what_is_known_is_no_definition() -> None:
    assert marks("x in R^n\ns = norm2(x)\ns^2 = 2*x'*x") == ["does not follow"]
    assert marks("x in R^n, s in R\ns^2 = x'*x") != ["follows"]
