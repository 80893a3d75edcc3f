"""SymPy expressions in the language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .language.operations import ELEMENTWISE, OPERATIONS
from .language.shape import InputError
from .reading.grammar.tokens import is_name

if TYPE_CHECKING:
    from sympy import Basic

# SymPy's class -> what is written around its arguments.
CALLS = {"Inverse": "inv", "KroneckerProduct": "kron", "DiagonalOf": "diag",
         **{row.sympy: row.name for row in ELEMENTWISE if row.sympy}, **{row.sympy: row.spelling for row in OPERATIONS if row.sympy}}
SIZED = {"Identity": "eye", "OneMatrix": "ones", "ZeroMatrix": "zeros"}
ENTRYWISE = {"Add": " + ", "Mul": ".*", "Pow": ".^"}
BLOCKS = frozenset(("BlockMatrix", "ImmutableDenseMatrix", "MutableDenseMatrix"))
SUM, PRODUCT, ATOM = range(3)


class Reading:
    """Writes one expression, and notes what its names are."""

    def __init__(self) -> None:
        self.spaces: dict[str, str] = {}
        self.indices: dict[str, str] = {}       # the letters that sums go over

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
        if kind in ("Symbol", "Dummy") and e.name in self.indices:
            raise InputError(f"an index used as a number cannot be read: {e.name}", hint="write the expression as text")
        if kind in ("Symbol", "Dummy"):
            self.spaces.setdefault(self.name(e.name), "R")
            return e.name, ATOM
        if getattr(e, "is_Number", False) and e.is_finite:
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
        if kind == "MatPow" and not e.args[1].is_number:
            return f"{self.at(e.args[0], ATOM)}^({self.size(e.args[1])})", PRODUCT
        if kind in ("Pow", "MatPow", "HadamardPower"):
            return f"{self.at(e.args[0], ATOM)}{'.^' if kind[0] == 'H' else '^'}{self.at(e.args[1], ATOM)}", PRODUCT
        if kind == "DiagonalMatrix" and e.shape[0] == e.shape[1]:           # the matrix without what is off its diagonal
            return f"diag(diag({self.at(e.args[0], SUM)}))", ATOM
        if kind == "Equality":
            return " == ".join(self.at(side, SUM) for side in e.args), SUM
        if kind in ("Transpose", "Adjoint"):        # of real matrices
            return self.at(e.args[0], ATOM) + "'", ATOM
        if kind in SIZED:
            return f"{SIZED[kind]}({', '.join(self.size(d) for d in (e.shape[:1] if kind == 'Identity' else e.shape))})", ATOM
        if kind == "ElementwiseApplyFunction":
            return self.entrywise(e), ATOM
        if kind == "MatrixElement" and all(d == 1 for d in e.parent.shape):
            return self.write(e.parent)              # the one entry of x.T*A*x
        if kind == "MatrixElement":
            return self.entry(e), ATOM
        if kind == "Sum":
            return self.total(e), ATOM
        if kind in BLOCKS:
            rows = e.blocks if kind == "BlockMatrix" else e
            lines = [", ".join(self.at(rows[i, j], SUM) for j in range(rows.shape[1])) for i in range(rows.shape[0])]
            return f"[{'; '.join(lines)}]", ATOM
        if kind in CALLS:
            inside = e.args[:1] if kind == "Inverse" else e.args        # the other is the exponent
            return f"{CALLS[kind]}({', '.join(self.at(a, SUM) for a in inside)})", ATOM
        raise InputError(f"SymPy's {kind} cannot be read", hint="write the expression as text")

    def entry(self, e: Basic) -> str:
        """An entry: x(1), A(1,2), or with the letters of sums as its places, x[i], A[i,j]."""
        numbers = [k for k, d in zip(e.indices, e.parent.shape, strict=True) if d != 1]
        if all(k.is_Integer and k >= 0 for k in numbers):
            return f"{self.at(e.parent, ATOM)}({','.join(str(k + 1) for k in numbers)})"
        places = [self.indices.get(str(k)) for k, d in zip(e.indices, e.parent.shape, strict=True) if d != 1]
        if type(e.parent).__name__ not in ("MatrixSymbol", "Transpose") or None in places:
            raise InputError(f"the entry {e} cannot be read", hint="write it as text: x(1), A(1,2)")
        if type(e.parent).__name__ == "Transpose":
            return self.entry(e.parent.arg[e.indices[::-1]])
        return f"{self.at(e.parent, ATOM)}[{','.join(p for p in places if p)}]"

    def total(self, e: Basic) -> str:
        """A sum over all of the places of a matrix."""
        before = dict(self.indices)
        for index, first, last in e.limits:
            if first != 0:
                raise InputError(f"the sum {e} cannot be read", hint="only sums over all entries, from index 0, can be read")
            self.size(last + 1)
            self.indices[str(index)] = next(letter for letter in "ijklpqrs" if letter not in self.indices.values())
        letters = [self.indices[str(index)] for index, _, _ in e.limits]
        body = self.at(e.function, SUM)
        self.indices = before
        return f"sum({', '.join([*letters, body])})"

    def entrywise(self, e: Basic) -> str:
        """A function applied to every entry: its body, with the argument in the place of its variable."""
        (t,), inside = e.function.variables, self.at(e.expr, ATOM)

        def body(b: Basic) -> str:
            kind = type(b).__name__
            if b == t:
                return inside
            if not b.has(t):
                return self.at(b, ATOM)
            if kind == "Max" and set(b.args) == {0, t}:
                return f"relu({inside})"
            if kind in ENTRYWISE:
                return f"({ENTRYWISE[kind].join(map(body, b.args))})"
            if kind in CALLS and len(b.args) == 1:
                return f"{CALLS[kind]}({body(b.args[0])})"
            raise InputError(f"the entry-wise function {e.function} cannot be read",
                             hint="apply SymPy's own functions, such as X.applyfunc(exp)")
        return body(e.function.expr)


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
