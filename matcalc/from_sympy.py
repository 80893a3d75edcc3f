"""SymPy's expressions in the language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .language.operations import ELEMENTWISE, OPERATIONS
from .language.shape import InputError
from .reading.tokens import is_name

if TYPE_CHECKING:
    from sympy import Basic

# SymPy's class -> what is written around its arguments.
CALLS = {"Inverse": "inv", "KroneckerProduct": "kron", "DiagonalMatrix": "diag", "DiagonalOf": "diag",
         **{row.sympy: row.name for row in ELEMENTWISE if row.sympy}, **{row.sympy: row.spelling for row in OPERATIONS if row.sympy}}
SIZED = {"Identity": "eye", "OneMatrix": "ones", "ZeroMatrix": "zeros"}
SUM, PRODUCT, ATOM = range(3)


class Reading:
    """Writes one expression, and notes what its names are."""

    def __init__(self) -> None:
        self.spaces: dict[str, str] = {}

    def name(self, text: str) -> str:
        """A symbol's name, if the language can have it."""
        if not is_name(text):
            raise InputError(f"{text} is not a valid name", hint="rename the symbol")
        return text

    def size(self, d: Basic) -> str:
        """A number of rows or columns; its names are sizes, not scalars."""
        for s in d.free_symbols:
            self.spaces[self.name(str(s))] = ""
        return str(d).replace("**", "^").replace(" ", "")

    def at(self, e: Basic, strength: int) -> str:
        """Text of at least this strength."""
        text, own = self.write(e)
        return text if own >= strength else f"({text})"

    def write(self, e: Basic) -> tuple[str, int]:
        """An expression."""
        kind = type(e).__name__
        if kind == "MatrixSymbol":
            m, n = map(self.size, e.shape)
            self.spaces[self.name(e.name)] = f"R^{m}" if n == "1" and m.isalnum() else "R" if m == n == "1" else f"R^({m},{n})"
            return e.name, ATOM
        if kind in ("Symbol", "Dummy"):
            self.spaces.setdefault(self.name(e.name), "R")
            return e.name, ATOM
        if e.is_Number or kind in ("Half", "NegativeOne", "One", "Zero"):
            return str(e), ATOM if str(e).isalnum() else PRODUCT if "/" in str(e) and e > 0 else SUM
        if kind == "Pi":
            return "pi", ATOM
        if kind == "Exp1":
            return "exp(1)", ATOM
        if kind in ("Add", "MatAdd"):
            return " + ".join(self.at(a, PRODUCT) for a in e.args), SUM
        if kind in ("Mul", "MatMul"):
            return "*".join(self.at(a, ATOM) for a in e.args), PRODUCT
        if kind == "HadamardProduct":
            return ".*".join(self.at(a, ATOM) for a in e.args), PRODUCT
        if kind in ("Pow", "MatPow", "HadamardPower"):
            return f"{self.at(e.args[0], ATOM)}{'.^' if kind[0] == 'H' else '^'}{self.at(e.args[1], ATOM)}", PRODUCT
        if kind == "Transpose":
            return self.at(e.args[0], ATOM) + "'", ATOM
        if kind in SIZED:
            return f"{SIZED[kind]}({', '.join(self.size(d) for d in (e.shape[:1] if kind == 'Identity' else e.shape))})", ATOM
        if kind == "ElementwiseApplyFunction":
            return self.entrywise(e), ATOM
        if kind == "MatrixElement" and all(k.is_zero for k in e.indices):
            return self.write(e.parent)              # the one entry of x.T*A*x
        if kind in CALLS:
            inside = e.args[:1] if kind == "Inverse" else e.args        # the other is the exponent
            return f"{CALLS[kind]}({', '.join(self.at(a, SUM) for a in inside)})", ATOM
        raise InputError(f"SymPy's {kind} cannot be read", hint="write the expression as text")

    def entrywise(self, e: Basic) -> str:
        """A function applied to every entry: its body, with the argument in the place of its variable."""
        (t,), body = e.function.variables, e.function.expr
        if type(body).__name__ in CALLS and body.args == (t,):
            return f"{CALLS[type(body).__name__]}({self.at(e.expr, SUM)})"
        raise InputError(f"the entry-wise function {e.function} cannot be read",
                         hint="apply SymPy's own functions, such as X.applyfunc(exp)")


def read(e: Basic) -> tuple[str, list[str]]:
    """The text of an expression of SymPy's, and the declarations of its symbols.

    >>> from sympy import MatrixSymbol, Trace, symbols
    >>> n = symbols("n")
    >>> read(Trace(MatrixSymbol("A", n, n)**2))
    ('tr(A^2)', ['A in R^(n,n)'])
    """
    reading = Reading()
    text, _ = reading.write(e)
    return text, [f"{name} in {space}" for name, space in reading.spaces.items() if space]
