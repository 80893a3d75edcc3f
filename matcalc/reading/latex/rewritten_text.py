"""What a text writes as if it were a function, rewritten as a name before its first formula is read."""

from __future__ import annotations

import re

from ...patterns import pattern


def rewritten_text(text: str) -> str:
    """A text with names and columns for what it writes otherwise, line by line where it was."""
    return columns(features(along_a_manifold(centred(text))))


ONE = r"\\(?:mathbf|boldsymbol|bm|mathbb|mathbbm|vec)\s*(?:\{\s*1\s*\}|1)(?!\s*_)"
MEAN = pattern(rf"(?P<by>\\[td]?frac\s*(?:\{{\s*1\s*\}}|1)\s*(?:\{{\s*(?P<n>[A-Za-z])\s*\}}|(?P<m>[A-Za-z]))\s*)"
               rf"(?P<one>{ONE})\s*(?P<two>{ONE})(?=\s*\^)")


def centred(text: str) -> str:
    r"""The text with the sizes of the ones in \frac1n\mathbf 1\mathbf 1^\top.

    >>> centred(r"$H = I - \frac{1}{n}\mathbf{1}\mathbf{1}^\top$")
    '$H = I - \\frac{1}{n}\\mathbf{1}_{n}\\mathbf{1}_{n}^\\top$'
    """
    return MEAN.sub(lambda m: "{}{}_{{{n}}}{}_{{{n}}}".format(m["by"], m["one"], m["two"], n=m["n"] or m["m"]), text)


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
TURNED = r"\^\s*\{?\s*(?:\\top|\\intercal|\\mathsf\s*\{?T|T)\b\s*\}*"
COLUMN = pattern(rf"{FEATURE.pattern}\s*{TURNED}|{TURNED}\s*(?:\\[,!]\s*)?(?:\\[a-z]+\s*\{{?\s*)?{FEATURE.pattern}")


def features(text: str) -> str:
    r"""The text with \phi_n for \phi(x_n), a column: it stands beside a transpose, or is one.

    >>> features(r"$\sum_n(w^T\boldsymbol\phi(\mathbf{x}_n) - t_n)^2$"), features(r"$\sum_n\phi(x_n)$")
    ('$\\sum_n(w^T\\boldsymbol\\phi_{n} - t_n)^2$', '$\\sum_n\\phi(x_n)$')
    """
    return FEATURE.sub(r"\1_{\2}", text) if COLUMN.search(text) else text


LIST = pattern(r"(?P<open>\(|\[)(?P<first>[^$=&\n]{3,80}?),(?:[^$=&\n]{3,80}?,)?\s*\\[lc]?dots\s*,(?P<last>[^$=&\n]{3,80}?)[)\]]"
               r"\s*(?:\^\s*\{?\s*(?:\\top|\\intercal|T)\b\s*\}?|')")
FIRST = pattern(r"_\s*(?:1|\{\s*1\s*\})(?!\d)")
BARE = pattern(r"[\s\\A-Za-z{}]*_\s*\{?1\}?\s*\}*\s*")


def columns(text: str) -> str:
    r"""The text with a column over several lines for one in a line whose entries are more than names.

    >>> columns(r"$z = (e^{x_1}, \dots, e^{x_n})^T$"), columns(r"$z = (x_1, \dots, x_n)^T$")
    ('$z = \\begin{pmatrix}e^{x_1}\\\\\\vdots\\\\ e^{x_n}\\end{pmatrix}$', '$z = (x_1, \\dots, x_n)^T$')
    """
    def column(m: re.Match[str]) -> str:
        last = re.search(r"_\s*\{?\s*([A-Za-z])", m["last"])
        same = last is not None and FIRST.sub(f"_{last[1]}", m["first"]).strip() == re.sub(
            rf"_\s*(?:{last[1]}|\{{\s*{last[1]}\s*\}})(?![A-Za-z])", f"_{last[1]}", m["last"]).strip()
        plain = BARE.fullmatch(m["first"]) is not None or m["first"].count("(") != m["first"].count(")")
        return m[0] if plain or not same else rf"\begin{{pmatrix}}{m['first'].strip()}\\\vdots\\ {m['last'].strip()}\end{{pmatrix}}"
    return LIST.sub(column, text)
