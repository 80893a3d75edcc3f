"""What a whole text implies before its first line is read: a name squared, a Jacobian, a covariance."""

from __future__ import annotations

import re

from ...patterns import pattern

STYLE = r"(?:\\(?:mathbf|boldsymbol|bm|mathrm|bar|hat|tilde)\s*\{?\s*)?"
BEGINS = r"(?:\$|\\\[|\\\\|[,;]|\n(?![ \t]*\n)|\*?\})\s*+(?:\\(?:mathbf|boldsymbol|bm)\s*\{?)?"
SQUARE = r"\^\s*(?:2|\{2\})\s*"
SQUARED = pattern(rf"\\sigma\s*(?:_\s*(?:\w|\{{\w+\}}))?\s*{SQUARE}(?:&\s*)?(?::?=|\\triangleq)|"
                     rf"\\partial\s*\{{?\s*\(?\s*\\sigma\s*{SQUARE}|"
                     rf"\([^()=]*,\s*\\sigma\s*{SQUARE}\)\s*(?:&\s*)?(?::?=)")
BY_SIGMA = pattern(r"\}\s*\{\s*(?:\\partial|d)\s*\\sigma\s*\}")
SECOND = pattern(r"\\partial\s*\^\s*(?:2|\{2\})[^{}]*\}\s*\{\s*\\partial\s*\\sigma\s*\^\s*(?:2|\{2\})")
JACOBIAN = pattern(r"\bJacobian(?: matrix)?,? \$\s*(?:\\(?:mathbf|bm)\s*\{?)?([A-Z])\}?\s*(?:\([^()$]*\)\s*)?\$")
NORMAL = pattern(r"\\mathcal\s*\{?\s*N\s*\}?\s*(?:_\w\s*|_\{\w+\}\s*)?(?:\\left\s*)?\((?:[^(),;|]|\([^()]*\))*?(?:\\mid|\||;|,)?"
                    rf"(?:[^(),;|]|\([^()]*\))*,\s*({STYLE}\\?(?:Sigma|Lambda|Omega|Psi|[A-Z])\}}?(?:_\w|_\{{\w+\}})?)\s*(?:\\right\s*)?\)")


def called_e(text: str) -> bool:
    """Whether the text says somewhere what e is, so that it is no 2.718.. above that place either.

    >>> called_e(r"$L = e^t e$ where $e = y - Xw$"), called_e(r"$f(t) = e^{-t}$")
    (True, False)
    """
    name = r"(?:\\(?:mathbf|boldsymbol|bm|vec)\s*)?\{?\s*+e\s*+\}?"
    return re.search(BEGINS + name + r"\s*+(?:\([^()=$]*\)\s*+)?(?:&\s*+)?(?::?=(?!=)|\\in(?![a-z]))", text) is not None


def divided_by_d(text: str) -> bool:
    """Whether the text divides by a d that stands alone: it is a number there, and no differential below another bar either.

    >>> divided_by_d(r"$\\mu = \\frac1d \\sum_i x_i$"), divided_by_d(r"$\\frac{df}{dx}$")
    (True, False)
    """
    return re.search(r"\\[dt]?frac\s*(?:\{[^{}]*\}|\w)\s*(?:\{\s*d\s*\}|d(?![A-Za-z]))|/\s*d(?![\\\w({])", text) is not None


def squared(text: str) -> bool:
    """Whether sigma^2 is a name of its own: the text defines it, or differentiates by it; not in \\partial^2 f/\\partial\\sigma^2, and
    not where it is differentiated by sigma and never by that."""
    text = SECOND.sub("", text)
    by_sigma = BY_SIGMA.search(text) is not None and re.search(rf"\\partial\s*\{{?\s*\(?\s*\\sigma\s*{SQUARE}", text) is None
    return not by_sigma and SQUARED.search(text) is not None and re.search(r"\\sigma\s*(?:'|\\left\s*)?\(", text) is None


def jacobians(text: str) -> dict[str, str]:
    """J and r of `r: R^n -> R^m with Jacobian J(x)`."""
    out: dict[str, str] = {}
    for m in JACOBIAN.finditer(text):
        before = re.findall(r"\$\s*\\?([A-Za-z]+)\s*(?::|\\colon)", text[:m.start()])
        if before:
            out[m[1]] = before[-1]
    return out


def covariances(text: str) -> list[str]:
    """The last arguments of normal distributions, as they are written."""
    return list(dict.fromkeys(m[1] for m in NORMAL.finditer(text)))
