"""What a text writes as if it were a function, rewritten as a name before its first formula is read."""

from __future__ import annotations

import re

from ...patterns import pattern

ALONG = pattern(r"\b(?:riemannian|manifolds?|tangent spaces?)\b", re.I)
IN_WORDS = pattern(r"(?:\\(?:operatorname|mathrm|text)\*?\s*\{\s*grad\s*\}|\\grad\b)\s*(?:\\[,;!]\s*)?"
                   r"(?P<f>[A-Za-z]|\\[A-Za-z]+)\s*(?:\([A-Za-z]\))?")


def along_a_manifold(text: str) -> str:
    r"""The text with \operatorname{grad} f(x) as a name of its own, where sentences speak of manifolds: it is no \nabla f then.

    >>> along_a_manifold(r"the Riemannian gradient $\operatorname{grad} f(x) = Px$"), along_a_manifold(r"$\operatorname{grad} f(x) = x$")
    ('the Riemannian gradient $\\mathrm{Rgrad}_{f} = Px$', '$\\operatorname{grad} f(x) = x$')
    """
    return IN_WORDS.sub(r"\\mathrm{Rgrad}_{\g<f>}", text) if ALONG.search(text) else text


X_N = r"(?:\\[a-z]+\s*\{?\s*)?[a-z]\s*\}?\s*_\s*\{?\s*([a-z])\s*\}?"
FEATURE = pattern(rf"(\\(?:phi|psi|varphi)\s*\}}?)\s*(?:\\left\s*)?\(\s*{X_N}\s*(?:\\right\s*)?\)")
DESIGN = pattern(r"\\(?:Phi|Psi)\b")


def features(text: str) -> str:
    r"""The text with \phi_n for \phi(x_n), beside the design matrix of which they are the rows.

    >>> features(r"$\sum_n(w^T\boldsymbol\phi(\mathbf{x}_n) - t_n)^2 = \|\Phi w - t\|^2$")
    '$\\sum_n(w^T\\boldsymbol\\phi_{n} - t_n)^2 = \\|\\Phi w - t\\|^2$'
    """
    applied = re.search(r"\\(?:Phi|Psi)\s*(?:\\left\s*)?(?:\(|')", text)          # a distribution function
    return FEATURE.sub(r"\1_{\2}", text) if DESIGN.search(text) and applied is None else text
