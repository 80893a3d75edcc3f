"""The variables that a problem asks for by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ...language.nodes import Name
from ...language.shape import InputError
from ..declarations.declare import Declarations
from ..dialects import lines as dialects
from ..dialects.context import Context, is_plain_name
from ..grammar.tokens import Line, is_name
from .problem import Problem


def variables(p: Problem, names: Sequence[str]) -> tuple[Name, ...]:
    """The variables several names ask for, each once; `all` is every variable that is not defined."""
    if list(names) == ["all"] and "all" not in p.scope.names:
        found = [v for v in p.variables.values() if v.kind == "variable"]
        if not found:
            raise InputError("there is no variable to differentiate with respect to", hint="declare one: x in R^n")
        return tuple(found)
    return tuple(dict.fromkeys(variable(name_line(Line(name.strip()), p.scope), p.scope, p.variables) for name in names))


def name_line(line: Line, scope: Declarations) -> Line:
    """A line that is a name, in the language."""
    around = Context(scope, {})
    return line if is_plain_name(line, around) else dialects.variable(line, around)


def variable(line: Line, scope: Declarations, known: Mapping[str, Name]) -> Name:
    """The variable to differentiate with respect to."""
    name = line.tokens[0]
    found = scope.names.get(name)
    if found is not None and found.kind != "function" and not line.tokens[1]:
        return found
    names = [n for n, v in known.items() if v.kind == "variable"]
    hint = f"the variables are {', '.join(names)}" if names else "declare it: x in R^n"
    if not name:
        raise line.error("no variable is given to differentiate with respect to", 0, hint)
    if not is_name(name) or line.tokens[1]:
        raise line.error("a single variable is needed to differentiate with respect to", 0 if not is_name(name) else 1, hint)
    if found is None:
        what = "a size" if name in scope.origins else "neither declared nor used"
        raise line.error(f"{name} is {what}: nothing to differentiate with respect to", 0, hint)
    raise line.error(f"{name} is a function: nothing to differentiate with respect to", 0, hint)
