r"""LaTeX: an expression as a formula, a story as an `aligned` block or a whole document.

>>> from matcalc.reading.parse import parse
>>> latex(parse("diag(s) - s*s'", ["s in R^n"]))
'\\operatorname{diag}(s) - s\\,s^{\\top}'
"""

from __future__ import annotations


from ..language.expr import SCALAR, Expr, Name
from ..language.operations import LATEX
from . import escaping
from .naming import ACCENTS, LETTERS, on_a_page, page_of, spelled
from .alphabet import Written, letter_and_index
from .notation import PRIMARY, PRODUCT, Notation
from .style import style
from ..patterns import pattern

LETTER = pattern(r"[^\W\d_]\d*")      # a_60, which may itself be an index
WORDS = frozenset(LETTERS.values()) | {"ell", "varepsilon", "varphi"}


def latex(e: Expr) -> str:
    """An expression in LaTeX, without dollar signs.

    >>> from matcalc.reading.parse import parse
    >>> latex(parse('inv(A)*x', ['A in R^(n,n)', 'x in R^n']))
    'A^{-1}\\\\,x'
    """
    if on_a_page():
        return Latex().show(e)
    with page_of(*e.names):
        return Latex().show(e)


def inline(e: Expr) -> str:
    """The same in a sentence: its fractions on the line."""
    return Latex(inside=1).show(e)


def letter(text: str) -> str:
    """A name in LaTeX: Greek words become letters; what follows an underscore, and a number at the end, become subscripts.

    >>> letter('theta1'), letter('x_hat')
    ('\\\\theta_{1}', '\\\\hat{x}')
    """
    return spelled(text, _set, _typed)


def bold(text: str) -> str:
    """A vector's or a matrix's name in bold; its subscripts are not."""
    return spelled(text, _set_bold, _typed_bold)


def _typed(text: str) -> str:
    return rf"\mathit{{{escaping.tex(text)}}}"


def _typed_bold(text: str) -> str:
    return rf"\mathbf{{{escaping.tex(text)}}}"


def _set_bold(text: str) -> str:
    return _set(text, True)


def _set(text: str, heavy: bool = False) -> str:
    head, tail = letter_and_index(text)
    if head in LETTERS:
        head = LETTERS[head]
    if head in WORDS:
        shown = "o" if head == "omicron" else "\\" + head
        shown = rf"\boldsymbol{{{shown}}}" if heavy else shown
    elif heavy:
        shown = rf"\mathbf{{{head}}}"
    elif len(head) > 1:
        shown = rf"\mathit{{{head}}}"
    else:
        shown = head
    if tail in ACCENTS and (len(head) == 1 or head in WORDS):
        return rf"\{tail}{{{shown}}}"
    return f"{shown}_{{{_index(tail)}}}" if tail else shown


def _index(text: str) -> str:
    return ",".join(_set(part) if LETTER.fullmatch(part) or part in WORDS else
                    part if part.isdigit() else rf"\mathrm{{{part}}}" for part in text.split("_") if part)


class Latex(Notation):
    """The LaTeX alphabet."""

    times, dot, circle, ring, over, kronecker = r"\,", r" \cdot ", r"\odot", r"\circ ", r"\oslash", r"\otimes"
    real, by, element, maps, into, beside = r"\mathbb{R}", r" \times ", r" \in ", " : ", r" \to ", r"\,"
    minus, one, unit, wide, apart = "-", r"\mathbf{1}", r"\mathbf{e}", "yes", ""

    @property
    def transposed(self) -> str:    # type: ignore[override]
        return style().transpose

    def name(self, text: str) -> str:
        return letter(text)

    def _plain(self, e: Expr) -> Written:
        if isinstance(e, Name) and e.kind == "variable" and e.shape != SCALAR and style().bold:
            return bold(e.name), PRIMARY
        return super()._plain(e)

    def identity(self) -> str:
        return r"\mathbf{I}" if style().bold else "I"

    def function(self, head: str) -> str:
        return LATEX.get(head) or rf"\operatorname{{{head}}}".replace("_", r"\_")

    def bracket(self, text: str) -> str:
        return rf"\left({text}\right)" if r"\frac" in text or r"\begin" in text else f"({text})"

    def up(self, base: str, exponent: str) -> str:
        return f"{base}^{{{exponent}}}"

    def down(self, base: str, index: str) -> str:
        return f"{base}_{{{index}}}"

    def grid(self, rows: list[list[str]]) -> str:
        return r"\begin{bmatrix}" + r" \\ ".join(" & ".join(row) for row in rows) + r"\end{bmatrix}"

    def columns(self, which: str) -> str:
        return self.down(self.name("I"), ":," + which)

    def fraction(self, above: str, below: str, flat: bool) -> Written:
        if self.inside and above.isdigit() and below.isdigit():
            return self.coefficient(above, below)
        if self.inside:
            return f"{above}/{self.bracket(below) if flat else below}", PRODUCT
        return rf"\frac{{{above}}}{{{below}}}", PRODUCT

    def coefficient(self, above: str, below: str) -> Written:
        return rf"\tfrac{{{above}}}{{{below}}}", PRODUCT

    def norm(self, text: str, index: str) -> str:
        shown = rf"\left\lVert {text} \right\rVert" if r"\frac" in text else rf"\lVert {text} \rVert"
        return shown + (f"_{{{index}}}" if index else "")

    def bars(self, text: str) -> str:
        return rf"\left\lvert {text} \right\rvert" if r"\frac" in text else rf"\lvert {text} \rvert"

    def root(self, text: str) -> Written:
        return rf"\sqrt{{{text}}}", PRIMARY

    def tight(self, text: str) -> str:
        return " " + text

    def tight_call(self, text: str) -> str:
        return " " + text if text.isalpha() else self.bracket(text)

    def differential(self, text: str, compound: bool) -> str:
        return r"\mathrm{d}" + (self.bracket(text) if compound else text)

    def derivative(self, above: str, below: str) -> Written:
        return rf"\frac{{\partial {above}}}{{\partial {below}}}", PRODUCT

    def nabla(self, head: str) -> str:
        return r"\nabla^{2} " if head == "hess" else r"\nabla "
