"""Names nobody declared: found, given inferred shapes, and entered into the scope."""

from __future__ import annotations

from collections.abc import Iterable

from .declare import Declarations
from .infer import Inference, Statement
from .nodes import Name
from .reader import FUNCTIONS, Reader
from .shape import ONE, InputError, Shape
from .tokens import Line


def unknown(line: Line, at: int, name: str, scope: Declarations) -> InputError:
    """A name that stands for nothing."""
    if name in FUNCTIONS:
        return line.error(f"{name} is a function: write {name}(...)", at)
    return line.error(f"unknown name {name}", at, f"declared are {', '.join(scope.names)}" if scope.names else "declare it: x in R^n")


def undeclared(readers: Iterable[Reader], scope: Declarations, defined: Iterable[str] = ()) -> tuple[list[str], bool]:
    """The names nobody declared, in order, and whether a size is to be found (of them, or of eye, vector, matrix)."""
    missing: dict[str, None] = {}
    free = False
    for r in readers:
        for n in r.used:
            if n not in scope.names and n not in missing and n not in defined:
                if n == "eye":
                    free = True
                elif n != "pi" and n not in scope.origins:
                    missing[n] = None
        free = free or r.free
    return list(missing), free or bool(missing)


def said(name: str, shape: Shape) -> str:
    """`A in R^(m,n)`."""
    rows, cols = shape
    if cols is not ONE:
        return f"{name} in R^({rows},{cols})"
    if rows is ONE:
        return f"{name} in R"
    return f"{name} in R^{rows}" if str(rows).isalnum() else f"{name} in R^({rows})"


def complete(statements: list[Statement], readers: list[Reader], scope: Declarations) -> tuple[list[str],
                                                                                              dict[tuple[int, int], Shape]]:
    """Enter what nobody declared into the scope, with inferred shapes: how one would declare it, and the sizes of constants."""
    for r in readers:
        for n in r.sizes:
            if n in scope.shapes and n not in scope.origins:
                at = next(i for i, t in enumerate(r.tokens) if t == n)
                raise r.line.error(f"{n} is a variable; a size is meant here", at)
            scope.origins.setdefault(n, "here")
    missing, needed = undeclared(readers, scope, [s.defines for s in statements])
    if not needed:
        return [], {}
    for r in readers:
        for n in r.used:
            if n in missing and n in FUNCTIONS and n != "d":
                raise unknown(r.line, next(i for i, t in enumerate(r.tokens) if t == n), n, scope)
    inference = Inference(statements, scope.shapes, scope.functions, scope.origins, missing)
    inference.run()
    for name, shape in inference.shapes.items():
        scope.enter(Name(name, shape), f"the shape of {name}")
    return [said(name, shape) for name, shape in sorted(inference.shapes.items())], inference.constants
