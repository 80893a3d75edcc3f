"""Undefined losses: d(L)/d(W) of an L that is not defined, read before shapes are inferred.

Such an L is an abstract scalar function of what was defined last. To first order it is known by its gradients there, so it
enters the problem as L = tr(G'*Y), where G is a letter called d(L)/d(Y): what holds for every G holds for every L. Where L is
differentiated twice it enters as L = L(Y), of one name. Where there is no such reading, nothing is said of what it is about.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from ...language.arithmetic import T, add, mul
from ..declarations.declare import Declarations
from ...language.functions import tr
from ..inference.statements import Statement, differentiated
from ...language.nodes import Expr, Name
from ..grammar.functions import Code, fold
from ...language.shape import SCALAR
from ...language.inspection import ZERO
from ...language.signatures import call
from ...records import Record
from ...language.traversal import reachable

Known = Mapping[str, Sequence[str]]


class Loss(Record):
    """A name that is differentiated and defined nowhere, what it is taken as a function of (nothing: it cannot be judged),
    whether it is differentiated twice, and whether it stands as a value too."""

    name: str
    of: tuple[str, ...]
    twice: bool
    value: bool


class Abstract(Record):
    """A loss as the problem has it: L, what it is a function of, and the letters for its gradients there."""

    name: Name
    of: tuple[Name, ...]
    gradients: tuple[Name, ...]


class Quotient(Record):
    """d(..)/d(by): the names in what is differentiated."""

    of: frozenset[str]
    by: str


class Use(Record):
    """A name in a raw tree: under how many d it stands, the derivatives it is in, by what it is differentiated if it is all
    of what is differentiated, and whether it stands below."""

    name: str
    under: int
    quotients: tuple[Quotient, ...]
    by: str | None
    below: bool


def uses(code: Code) -> Sequence[Use]:
    """Every name of a raw tree, and where it stands; a name by itself is a tuple."""
    def found(op: str, at: int, data: Any, parts: list[Sequence[Use]]) -> Sequence[Use]:
        if op == "name":
            return (Use(data, 0, (), None, False),)
        inside = [u for part in parts for u in part] if op != "derivative" else parts[0]
        if op not in ("d", "derivative"):
            return inside
        x = parts[1][0].name if op == "derivative" and isinstance(parts[1], tuple) else None
        quotients = () if x is None else (Quotient(frozenset(u.name for u in inside), x),)
        alone = isinstance(inside, tuple)
        return [*(u._replace(under=u.under + 1, quotients=(*quotients, *u.quotients), by=x if alone else u.by) for u in inside),
                *(u._replace(below=u.below or isinstance(part, tuple)) for part in parts[1:] for u in part)]
    return fold(code, found) if code else ()


def names(code: Code) -> set[str]:
    return {data for op, _, data in code if op == "name"}


def _zero(code: Code) -> bool:
    """0, zeros(m,n), matrix(0)."""
    first = code[0]
    return (first[0] == "number" and first[2] is ZERO and all(op == "free" for op, _, _ in code[1:])) or \
        (len(code) == 1 and first[0] == "sized" and first[2][0] == "zeros")


def spoken(statements: Sequence[Statement]) -> list[Use]:
    """Every name outside definitions, and where it stands."""
    return [use for s in statements if not s.defines for use in uses(s.code)]


def losses(statements: Sequence[Statement], scope: Declarations, equation: int | None = None, known: Known | None = None,
           heard: Sequence[Use] = ()) -> list[Loss]:
    """The names that are differentiated and defined nowhere; `equation` is the number of the left side of what is to be judged.

    `known` says of some what they are functions of; `heard` is what is spoken of, where that was looked for already.
    """
    if not differentiated(statements):
        return []
    bodies = {s.defines: names(s.code) for s in statements if s.defines}
    found = heard or spoken(statements)
    plain = {u.name for u in found if not u.under} | set().union(*bodies.values())
    own = {n for n in plain | {u.name for u in found} if n in scope.names or n in scope.origins or n in bodies or n == "pi"}
    asked: dict[str, set[str]] = {}
    bare: set[str] = set()
    for u in found:
        if u.name not in own:
            if u.by is not None and u.by != u.name:
                bare.add(u.name)
            elif u.name in plain or all(q.by in made_of(q.of, bodies) for q in u.quotients):
                continue
            asked.setdefault(u.name, set()).update(q.by for q in u.quotients)
    sides = [] if equation is None else [s.code for s in statements[equation:equation + 2]]
    for side, other in zip(sides, reversed(sides), strict=True):
        if [op for op, _, _ in side] == ["name", "d"] and side[0][2] not in own | plain | names(other):
            asked.setdefault(side[0][2], set())
            bare.add(side[0][2])
    out = []
    for name, by in asked.items():
        twice = any(u.name == name and u.under > 1 for u in found)
        of = tuple(known[name]) if known is not None and name in known else last(statements)
        wrong = name in plain or name not in bare or not by <= made_of(of, bodies) or (twice and len(of) > 1)
        tied = _tied(name, statements, equation, bodies)
        wrong = wrong or any(tied.isdisjoint(names(side)) and not _zero(side) for side in sides)
        out.append(Loss(name, () if wrong else of, twice, name in plain))
    return out


def _tied(name: str, statements: Sequence[Statement], equation: int | None, bodies: Mapping[str, set[str]]) -> set[str]:
    """The loss, the names assumed to depend on it, and the names made of those."""
    out = {name}
    for k, (one, two) in enumerate(pairwise(statements)):
        if two.equals and k != equation and name in names(one.code) | names(two.code):
            out |= {u.name for s in (one, two) for u in uses(s.code) if not u.under and not u.below}
    for defined in bodies:
        if not out.isdisjoint(made_of([defined], bodies)):
            out.add(defined)
    return out


def last(statements: Sequence[Statement]) -> tuple[str, ...]:
    """The defined names that no definition uses; those that only abbreviate something in what is judged are passed over."""
    bodies = {s.defines: names(s.code) for s in statements if s.defines}
    found = spoken(statements)
    short = {u.name for u in found if not u.below} - {u.name for u in found if u.below}
    first = ends = _ends(bodies)
    while any(n in short for n in ends):
        bodies = {n: body for n, body in bodies.items() if n not in short or n not in ends}
        ends = _ends(bodies)
    return tuple(ends or first)


def _ends(bodies: Mapping[str, set[str]]) -> list[str]:
    used: set[str] = set().union(*bodies.values())
    return [n for n in bodies if n not in used]


def made_of(of: Iterable[str], bodies: Mapping[str, set[str]]) -> set[str]:
    """These names and all they are made of."""
    return set(reachable(of, lambda name: bodies.get(name, ())))


def taken(loss: Loss, scope: Declarations) -> tuple[Abstract, Expr]:
    """A loss as an abstract function, and what it is defined as."""
    name = Name(loss.name)
    of = tuple(scope.names[n] for n in loss.of)
    if loss.twice:
        y = of[0]
        source = None if y.shape == SCALAR else y.shape
        return Abstract(name, of, ()), call(Name(loss.name, kind="function", signature=(source, None)), y)
    gradients = tuple(Name(f"d({loss.name})/d({y})", y.shape) for y in of)
    return Abstract(name, of, gradients), add(*(tr(mul(T(g), y)) for g, y in zip(gradients, of, strict=True)))

