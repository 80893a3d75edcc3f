"""Reading: an expression, a problem, a file of problems."""

from __future__ import annotations

from collections.abc import Iterable

from .dialects.context import Context
from .declarations.declare import Declarations, declarations
from .inference.statements import Statement
from .expressions.lower import lower
from .inference.undeclared import complete, undeclared, unknown
from ..language.nodes import Expr
from .problems.problem import LAYOUTS, Problem
from .problems.question import variables_asked
from .problems.from_lines import problem, with_layers
from .grammar.reader import Reader
from ..language.shape import InputError, Shape
from .grammar.tokens import Line

Scope = declarations


def parse(text: str, given: str | Iterable[str] | Declarations = ()) -> Expr:
    """The expression a text stands for. With declarations every name must be known; without any, shapes are inferred.

    >>> str(parse("2.*x'*A*x - x'*b", ["x in R^n", "A in R^(n,n)", "b in R^n"]))
    "2*x'*A*x - b'*x"
    """
    scope = declarations(given)
    line = Line(text)
    try:
        reader = Reader(line, scope.functions)
        code = reader.whole()
    except InputError as error:
        from .dialects import lines as dialects
        line = dialects.read(line, Context(scope, {}), error)
        reader = Reader(line, scope.functions)
        code = reader.whole()
    names, origins = scope.names, scope.origins
    constants: dict[int, Shape] | None = None
    if reader.free or any(n not in origins for n in reader.sizes) \
            or any(n not in names and n not in origins and n != "pi" for n in reader.used):
        scope = scope.copy()
        if names:
            missing = [n for n in undeclared([reader], scope)[0] if n not in reader.sizes]
            if missing:
                raise unknown(line, reader.tokens.index(missing[0]), missing[0], scope)
        constants = {at: shape for (_, at), shape in complete([Statement(line, code)], [reader], scope)[1].items()}
    return lower(line, code, scope, constants)


def parse_file(text: str, name: str = "") -> list[Problem]:
    """The problems of an .mc file."""
    from .problems import problem_files
    return problem_files.parse_file(text, name)


__all__ = ["LAYOUTS", "Declarations", "Problem", "Scope", "declarations", "parse", "parse_file", "problem", "variables_asked",
           "with_layers"]
