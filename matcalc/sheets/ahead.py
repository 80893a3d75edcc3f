"""What a whole text says before its first line is read: by which number things change, what is a name squared, what a covariance."""

from __future__ import annotations

import re

STYLE = r"(?:\\(?:mathbf|boldsymbol|bm|mathrm|bar|hat|tilde)\s*\{?\s*)?"
LETTER = r"(?:\\[A-Za-z]+|[A-Za-z])"
D = r"(?:\\partial|d|\\mathrm\s*\{?d\}?|\\dd|\\text\{d\})\s*"
QUOTIENT = re.compile(rf"\\[dt]?frac\s*\{{\s*{D}({STYLE}{LETTER}(?:_\w)?)\s*\}}?\s*(?:\(\s*{LETTER}\s*\))?\s*\}}"
                      rf"\s*\{{\s*{D}({LETTER})\s*\}}")
OPERATOR = rf"\\[dt]?frac\s*\{{\s*{D}[^{{}}]*(?:\{{[^{{}}]*\}}[^{{}}]*)*\}}\s*\{{\s*{D}%s\s*\}}"
APPLIED = (r"(?:(?<![A-Za-z\\])[A-Z]|\\[A-Z][a-z]+)\}?\s*\(\s*%(t)s\s*\)|\$\s*%(t)s\s*\$|\$\s*%(t)s\s*\\in[^$]*\$|"
           r"%(t)s\s*\\in\s*\\mathbb\s*\{?R\}?|"
           rf"\\[dt]?frac\s*\{{\s*{D}\}}\s*\{{\s*{D}%%(t)s\s*\}}").replace("%%", "%")
FORMULA = re.compile(r"\$\$.*?\$\$|\$[^$]*\$|\\\[.*?\\\]|\\begin\{.*?\\end\{[^}]*\}", re.S)
WORDS = re.compile(r"\\(?:begin|end|text|mathrm|operatorname)\s*\{[^{}]*\}|\\label\{[^}]*\}")
BEGINS = r"(?:\$|\\\[|\\\\|[,;\n]|\*?\})\s*(?:\\(?:mathbf|boldsymbol|bm)\s*\{?)?"
SCALARS = re.compile(r"\\[a-z]+$|[a-z]$")
SQUARE = r"\^\s*(?:2|\{2\})\s*"
SQUARED = re.compile(rf"\\sigma\s*(?:_\s*(?:\w|\{{\w+\}}))?\s*{SQUARE}(?:&\s*)?(?::?=|\\triangleq)|"
                     rf"\\partial\s*\{{?\s*\(?\s*\\sigma\s*{SQUARE}|"
                     rf"\([^()=]*,\s*\\sigma\s*{SQUARE}\)\s*(?:&\s*)?(?::?=)")
JACOBIAN = re.compile(r"\bJacobian(?: matrix)?,? \$\s*(?:\\(?:mathbf|bm)\s*\{?)?([A-Z])\}?\s*(?:\([^()$]*\)\s*)?\$")
NORMAL = re.compile(r"\\mathcal\s*\{?\s*N\s*\}?\s*(?:_\w\s*|_\{\w+\}\s*)?(?:\\left\s*)?\((?:[^(),;|]|\([^()]*\))*?(?:\\mid|\||;|,)?"
                    rf"(?:[^(),;|]|\([^()]*\))*,\s*({STYLE}\\?(?:Sigma|Lambda|Omega|Psi|[A-Z])\}}?(?:_\w|_\{{\w+\}})?)\s*(?:\\right\s*)?\)")


def parameter(text: str) -> str:
    """The number t of dA/dt, where A is a name that the text does not define by t and t stands nowhere else: what is differentiated by it
    are differentials. Empty where there is none."""
    found = {m[2]: m[1] for m in QUOTIENT.finditer(text) if SCALARS.match(m[2])}
    for t, name in found.items():
        bare, letter = re.escape(re.sub(STYLE, "", name).rstrip("}")), re.escape(t)
        if not re.match(r"(?:\\\\)?[A-Z]", bare) or re.search(r"\\(?:to|mapsto)(?![A-Za-z])", text):
            continue
        rest = re.sub(OPERATOR % letter, " ", text)
        rest = re.sub(APPLIED % {"t": letter}, " ", rest)
        formulas = " ".join(re.sub(WORDS, " ", f) for f in FORMULA.findall(rest))
        behind = rf"{bare}\s*\}}?\s*(?:\^|\(\s*{letter}\s*\))"
        if re.search(rf"{behind}|(?:\\det|\{{tr\}}|\\tr|\||vert)\s*[({{|]?\s*{bare}", text) is None:
            continue                    # nothing that a matrix has is done with it: it is a loss
        if "\\in" in formulas:         # A \in .., x, t \in \mathbb{R}
            formulas = re.sub(rf",?\s*{letter}\s*(?=,|\\in)", " ", formulas)
        alone = re.search(("" if t[0] == "\\" else r"(?<![A-Za-z\\])") + letter + "(?![A-Za-z])", formulas)
        head = rf"(?:{bare}|{LETTER}\s*\(\s*{letter}\s*\))\s*\}}?\s*(?:\(\s*{letter}\s*\))?"
        defined = re.search(BEGINS + head + r"\s*(?:&\s*)?:?=(?!=)", text)
        if alone is None and defined is None:
            return t.lstrip("\\")
    return ""


def called_e(text: str) -> bool:
    """Whether the text says somewhere what e is, so that it is no 2.718.. above that place either.

    >>> called_e(r"$L = e^t e$ where $e = y - Xw$"), called_e(r"$f(t) = e^{-t}$")
    (True, False)
    """
    name = r"(?:\\(?:mathbf|boldsymbol|bm|vec)\s*)?\{?\s*e\s*\}?"
    return re.search(BEGINS + name + r"\s*(?:&\s*)?(?::?=(?!=)|\\in(?![a-z]))", text) is not None


def squared(text: str) -> bool:
    """Whether sigma^2 is a name of its own: the text defines it, or differentiates by it."""
    return SQUARED.search(text) is not None and re.search(r"\\sigma\s*(?:'|\\left\s*)?\(", text) is None


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
