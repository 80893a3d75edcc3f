"""Matrices that a derivative is multiplied by: the cotangent of a pull-back, the direction of a differential."""

from __future__ import annotations

import re

from ...language.arithmetic import T, add, mul
from ...language.nodes import Apply, Expr, Name
from ...language.operations import STRUCTURE_WORDS
from ...language.inspection import is_selection
from ...language.shape import show_shape
from .problem import Problem, paired
from ..declarations.declare import Declarations
from ..grammar.tokens import Line, is_name
from ...patterns import pattern


ENTRY = pattern(r"\s*([A-Za-z]\w*?)_\{?([ijkl])\s*,?\s*([ijkl]?)\}?\s*")
TIED = frozenset(STRUCTURE_WORDS) - {"positive"}


def entry(wrt: Line, expr: Line | None, scope: Declarations) -> Line:
    """A[i,j] of an A that is declared or stands in the formula, for A_ij, where that is not a name of its own."""
    found = ENTRY.fullmatch(wrt.shown) if "_" in wrt.text else None
    used = () if expr is None else expr.tokens
    label = "" if found is None else "_".join([found[1], found[2] + found[3]])
    if found is None or label in scope.names or label in used or found[1] not in scope.names and found[1] not in used:
        return wrt
    return Line(f"{found[1]}[{','.join(filter(None, found.groups()[1:]))}]", wrt.number)


def by_entries(p: Problem, line: Line, entries: Expr) -> Problem:
    """The problem asking for the derivative by some entries of a variable: A = A_0 + e*a*e' moves with them alone."""
    whole = p.wrt
    assert whole is not None
    chain = entries.args if type(entries) is Apply and entries.head == "*" else (entries,)
    at = next((k for k, a in enumerate(chain) if a is whole), None)
    if at is None or not all(is_selection(a) for k, a in enumerate(chain) if k != at):
        raise line.error(f"{line.span(0, len(line.tokens) - 2)}: only {whole}, its entries, rows or columns can be differentiated "
                         "with respect to", 0)
    if whole.words & TIED:
        raise line.error(f"{whole} is {' '.join(sorted(whole.words & TIED))}: its entries are not independent", 0,
                         "differentiate with respect to all of it: structured")
    if any(n is whole for n, _ in p.definitions):
        raise line.error(f"{whole} is defined: its entries are not independent", 0)
    label = "_".join(re.findall(r"\w+", line.span(0, len(line.tokens) - 2)))
    while label in p.scope.names or label in p.scope.origins:
        label += "_"
    still = f"{whole}_0"
    while still in p.scope.names or still == label:
        still += "_"
    part, base = Name(label, entries.shape), Name(still, whole.shape, whole.words)
    for name in (part, base):
        p.scope.enter(name, f"the shape of {name}")
    typed = p.as_typed()
    body = add(base, mul(*map(T, reversed(chain[:at])), part, *map(T, reversed(chain[at + 1:]))))
    return p.replace(
        wrt=part, definitions=[(whole, body), *p.definitions], typed=typed.replace(definitions=[(whole, body), *typed.definitions]),
        variables={n: v for n, v in p.variables.items() if v is not whole} | {label: part, still: base},
        inferred_from=tuple(i._replace(name=still) if i.name == whole.name else i for i in p.inferred_from))


def moving(p: Problem) -> set[Name]:
    """The variables asked for, and the names that are defined by them."""
    out = {*p.several, *([] if p.wrt is None else [p.wrt])}
    for n, body in p.definitions:
        if not out.isdisjoint(body.names):
            out.add(n)
    return out


def direction(p: Problem, text: str, of: Expr | None, what: str) -> tuple[Problem, Name]:
    """A name with the shape of an expression, and the problem where it is declared."""
    line = Line(text)
    name = line.tokens[0]
    if of is None or not is_name(name) or line.tokens[1]:
        raise line.error(f"{what} must be a single name, such as {'G' if 'co' in what else 'V'}", 0)
    if name in p.scope.origins and name not in p.scope.names:
        raise line.error(f"{name} is a size", 0)
    found = p.scope.names.get(name) or Name(name, of.shape)
    if found.shape != of.shape or found.kind != "variable":
        raise line.error(f"{what} {name} is {show_shape(found.shape)}; it must be {show_shape(of.shape)}", 0,
                         "a name that is not declared takes the shape it needs")
    if found in moving(p):
        raise line.error(f"{what} cannot be the variable itself" if found in (p.wrt, *p.several) else
                         f"{what} is held fixed, and {name} changes with the variable", 0, "use a new name and substitute afterwards")
    if name not in p.scope.names:
        p.scope.enter(found, f"the shape of {name}")
        p = p.replace(variables={**p.variables, name: found})
    return p, found


def pull_back(p: Problem, g: Name) -> Problem:
    """The problem asking for the derivative of tr(g'*f) in the place of that of f."""
    f = paired(g, p.function)
    return p.replace(cotangent_pair=(g, p.f), f=f, typed=p.typed and p.typed.replace(f=paired(g, p.typed.function, True)),
                 text={**p.text, "expr": str(f), "value": p.text.get("expr")})
