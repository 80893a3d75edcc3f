"""Undeclared names: found, given inferred shapes, and entered into the scope."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ..declarations.declare import Declarations
from ..grammar.kinds import kind, usual
from ..grammar.joined_names import compound
from .hints import operands
from .statements import Inferred, Statement
from ...language.nodes import Name
from ...language.operations import COMMUTES_WITH_TRANSPOSE
from ..grammar.reader import Reader
from ..grammar.functions import FUNCTIONS
from ...language.shape import InputError, Shape
from ..grammar.tokens import ANNOUNCING, SPELT_NAMES, Line

LONGEST_COMPOUND = 12


def unknown(line: Line, at: int, name: str, scope: Declarations) -> InputError:
    """A name that stands for nothing."""
    if name in FUNCTIONS:
        return line.error(f"{name} is a function: write {name}(...)", at)
    known = f"the declared names are {', '.join(scope.names)}" if scope.names else "declare it: x in R^n"
    return line.error(f"unknown name {name}", at, known)


def undeclared(readers: Iterable[Reader], scope: Declarations, defined: Iterable[str] = ()) -> tuple[list[str], bool]:
    """The undeclared names, in order, and whether a size is to be found (of them, or of eye, vector, matrix)."""
    missing: dict[str, None] = {}
    free, defined = False, frozenset(defined)
    for r in readers:
        for n in r.used:
            if n not in scope.names and n not in missing and n not in defined:
                if n == "eye":
                    free = True
                elif n != "pi" and n not in scope.origins:
                    missing[n] = None
        free = free or r.free
    return list(missing), free or bool(missing)


def place(name: str, readers: Iterable[Reader]) -> tuple[Line, int]:
    """Where a name is used."""
    return next((r.line, k) for r in readers for k, t in enumerate(r.tokens) if t == name and name in r.used)


def register(readers: Iterable[Reader], scope: Declarations) -> None:
    """Enter the sizes that are written where a size is meant."""
    for r in readers:
        for n in r.sizes:
            if n in scope.shapes and n not in scope.origins:
                raise r.line.error(f"{n} is a variable; a size is expected here", next(i for i, t in enumerate(r.tokens) if t == n))
            scope.origins.setdefault(n, "here")


def register_exponents(statements: Iterable[Statement], scope: Declarations, wrt: str = "") -> None:
    """The k of X^k or X^(k+1), which is not declared, is an integer where X is a matrix: a size, wherever it stands."""
    statements = list(statements)
    taken = {"pi", "T", wrt, *scope.names, *(s.defines for s in statements)}
    for line, code, _, _ in statements:
        if not [k for k, (op, _, _) in enumerate(code) if op == "^" and code[k - 1][0] != "number"] \
                or not any(op == "name" and data not in taken for op, _, data in code):
            continue
        kinds: list[str] = []       # of what each instruction ends
        for k, ((op, at, data), (_, ends)) in enumerate(zip(code, operands(code), strict=True)):
            if op == "^" and kinds[ends[0]] == "matrix":
                if [step[::2] for step in code[ends[0] + 1:k]] == [("name", "t")] and "t" not in taken | scope.origins.keys():
                    base = line.tokens[at - 1]
                    raise line.error(f"{base}^t has two readings: the transpose, {base}', and a power, {base}^k", at,
                                     "write the one that is meant")
                for name in (d for o, _, d in code[ends[0] + 1:k] if o == "name" and d not in taken):
                    scope.origins.setdefault(name, "here")
            kinds.append(kind_of(op, data, [kinds[end] for end in ends], scope))


def kind_of(op: str, data: Any, some: list[str], scope: Declarations) -> str:
    """Whether an operation on operands of these kinds gives a matrix, names that is not declared being what their letters say."""
    first = some[0] if some else "scalar"
    if op == "name":
        shape = scope.shapes.get(data)
        first = "scalar" if data in scope.origins else usual(data) if shape is None else kind(shape)
        return {"vector": "column"}.get(first, first)
    if op in ("*", "kron"):
        for k in some[1:]:
            first = k if first == "scalar" else first if k == "scalar" else JOINED.get((first, k), "matrix")
        return first
    if op in ("+", ".*", "stack"):
        return "matrix" if op == "stack" else next((k for k in some if k != "scalar"), "scalar")
    if op == "'":
        return {"column": "row", "row": "column"}.get(first, first)
    if op == "call" and data not in COMMUTES_WITH_TRANSPOSE:
        return "matrix" if data == "diag" and first == "column" else "column" if data == "diag" else "scalar"
    return first if op not in ("sized", "apply", "derivative") else "matrix" if op == "sized" else "scalar"


JOINED = {("row", "column"): "scalar", ("row", "matrix"): "row", ("matrix", "column"): "column"}


def checked(missing: Sequence[str], readers: Iterable[Reader], scope: Declarations) -> None:
    """Refuse a function without brackets, and a product written as one word (InputError)."""
    known = {*scope.names, *scope.origins, *missing} - {"T"}
    spelled: dict[str, list[str]] = {}
    for n in missing:
        if 1 < len(n) < LONGEST_COMPOUND:
            spelled.setdefault("".join(sorted(n)), []).append(n)
    for r in readers:
        for n in r.used:
            if n in FUNCTIONS and n != "d" and n in missing:
                raise unknown(r.line, r.tokens.index(n), n, scope)
            if n in ANNOUNCING and n in missing:
                raise r.line.error(f"{n} is not a name: a declaration or a definition follows it", r.tokens.index(n))
    for alike in spelled.values():
        for n in alike:
            parts = [] if n in SPELT_NAMES else compound(n, known if len(alike) == 1 or not n.isalpha() else {*known, *n})
            if parts:
                line, at = place(n, readers)
                raise line.error(f"{n} is not declared", at, f"write {'*'.join(parts)} for the product, or declare {n}")


def to_be_found(readers: Sequence[Reader], statements: Sequence[Statement], scope: Declarations, wrt: str = "") -> list[str] | None:
    """The undeclared names, once the sizes are entered; None where there are none, and no size is to be found."""
    register(readers, scope)
    register_exponents(statements, scope, wrt)
    missing, needed = undeclared(readers, scope, [s.defines for s in statements])
    checked(missing, readers, scope)
    return missing if needed else None


def complete(statements: Sequence[Statement], readers: Sequence[Reader], scope: Declarations) -> tuple[list[Inferred],
                                                                                                       dict[tuple[int, int], Shape]]:
    """Enter what is not declared into the scope, with inferred shapes: what was found, and the sizes of constants."""
    missing = to_be_found(readers, statements, scope)
    if missing is None:
        return [], {}
    from . import infer
    table = infer.Table(scope, statements, missing)
    table.settle(range(len(statements)))
    inferred, constants = table.finish()
    enter(inferred, scope)
    return inferred, constants


def enter(inferred: Iterable[Inferred], scope: Declarations) -> None:
    """Take up what was inferred."""
    for i in inferred:
        scope.enter(Name(i.name, i.shape), f"the shape of {i.name}")
