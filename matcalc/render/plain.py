"""Formulas on one line: Unicode mathematics for the terminal and for the words around a formula."""

from __future__ import annotations

from ..language.expr import ONE, SCALAR, Expr, Name, Shape, show_shape
from ..reading.grammar.tokens import closes
from .layer_names import in_layers
from .naming import ACCENTS, LETTERS, spelled
from .alphabet import Written, letter_and_index
from .notation import POSTFIX, PRODUCT, Notation
from .words import say
from ..reading.grammar.brackets import depths

UP = str.maketrans("0123456789+-=()nT", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿᵀ")
DOWN = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
SIGNS = {word: sign for sign, word in reversed(LETTERS.items()) if sign != "ℓ"}
BETWEEN = frozenset("+−·⊙⊘⊗/=,;<>")
OPEN, CLOSE = "\x01", "\x02"


def plain(e: Expr, marks: frozenset[Expr] = frozenset()) -> str:
    """The expression in Unicode; what is marked stands between OPEN and CLOSE."""
    return Unicode(marks).show(e)


def _set(text: str) -> str:
    """A name with signs for Greek words and small numbers as subscripts."""
    head, tail = letter_and_index(text)
    head = SIGNS.get(head, head)
    if tail in ACCENTS and len(head) == 1:
        return head + ACCENTS[tail]
    if not tail:
        return head
    return head + tail.translate(DOWN) if tail.isdigit() else f"{head}_{_set(tail)}"


def _dotted(cell: str) -> str:
    """A cell with a dot for the blank between factors: A·x + b."""
    out = ""
    for k, (c, depth) in enumerate(zip(cell, depths(cell), strict=True)):
        around = cell[k - 1:k] + cell[k + 1:k + 2]
        out += "·" if c == " " and depth == 0 and not set(around) & BETWEEN else c
    return out


class Unicode(Notation):
    """The Unicode alphabet."""

    times, dot, circle, ring, over, kronecker = " ", " · ", "⊙", "∘", "⊘", "⊗"
    transposed, minus, one, unit, wide, lone_sign = "T", "−", "𝟏", "𝐞", "", "−"

    real, by, element, maps, into, beside = "ℝ", "×", " ∈ ", ": ", " → ", "·"

    def name(self, text: str) -> str:
        return spelled(text, _set, str)

    def of_reals(self, size: str) -> str:
        return self.real + _raised(size)

    def function(self, head: str) -> str:
        return {"sigmoid": "σ", "expm_frechet": "L_expm"}.get(head, head)

    def bracket(self, text: str) -> str:
        return f"({text})"

    def grid(self, rows: list[list[str]]) -> str:
        """Blocks; between factors stands a dot, for a blank separates columns there."""
        return super().grid([[_dotted(cell) for cell in row] for row in rows])

    def up(self, base: str, exponent: str) -> str:
        if exponent.startswith("∘"):
            return self.up(base + "∘", exponent[1:])
        small = exponent.replace("−", "-")
        if all(ord(c) in UP for c in small):
            return base + small.translate(UP)
        return f"{base}^{exponent}" if exponent.isalnum() else f"{base}^({small.replace('-', self.minus)})"

    def down(self, base: str, index: str) -> str:
        return base + index.translate(DOWN) if index.isdigit() else f"{base}_{index}" if index.isalnum() else f"{base}_({index})"

    def fraction(self, above: str, below: str, flat: bool) -> Written:
        return f"{above}/{self.bracket(below) if flat else below}", PRODUCT

    def norm(self, text: str, index: str) -> str:
        return f"‖{text}‖" + {"1": "₁", "": ""}.get(index, f"_{index}")

    def bars(self, text: str) -> str:
        return f"|{text}|"

    def root(self, text: str) -> Written:
        return (f"√{text}" if len(text) == 1 or text.isdigit() else f"√({text})"), POSTFIX

    def tight_call(self, text: str) -> str:
        return " " + text if text.isalpha() else self.bracket(text)

    def differential(self, text: str, compound: bool) -> str:
        if compound and text.startswith("(") and closes(text):
            return "d" + text
        return f"d({text})" if compound else "d" + text

    def derivative(self, above: str, below: str) -> Written:
        return f"∂{above}/∂{below}", PRODUCT

    def nabla(self, head: str) -> str:
        return "∇²" if head == "hess" else "∇"

    def marked(self, text: str) -> str:
        return OPEN + text + CLOSE


def domain(v: Name, ascii_only: bool = False) -> str:
    """A declaration: x ∈ ℝⁿ."""
    words = " ".join(sorted(v.words) if ascii_only else map(say, sorted(v.words)))
    if not ascii_only:
        shown = Unicode().declared(v)
    elif v.kind == "function":
        source, target = v.signature or (None, None)
        shown = f"{v.name}: {_typed(source)} -> {_typed(target)}"
    else:
        shown = in_layers(f"{v.name} in {_typed(v.shape)}", True)
    return f"{shown} {words}" if words else shown


def _typed(shape: Shape | None) -> str:
    m, n = shape or SCALAR
    return f"R^({m},{n})" if n is not ONE else "R" if m is ONE else f"R^{m}"


def size(shape: Shape, ascii_only: bool = False) -> str:
    """Rows and columns, `m × n`, or `scalar`.

    >>> from ..language.shape import SCALAR, Dim
    >>> size((Dim.of('m'), Dim.of('n'))), size(SCALAR)
    ('m × n', 'scalar')
    """
    if ascii_only:
        return in_layers(show_shape(shape), True)
    return say("scalar") if shape == SCALAR else " × ".join(map(Unicode().size, shape))


RAISED = str.maketrans("0123456789+-abcdefghijklmnoprstuvwxyz×", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻˣ")


def _raised(text: str) -> str:
    """A size as an exponent; a product of two sizes keeps its cross, which has no raised sign."""
    if "×" in text or any(ord(c) not in RAISED for c in text):
        return f"^({text})" if len(text) > 1 else "^" + text
    return text.translate(RAISED)
