"""What the spelling of a name says about its shape, before sizes are examined.

A name under det, inv, tr or the like is a square matrix; one that is transposed is not a scalar; one that sum, softmax or the like is
taken of is none either, nor one that goes into such an argument through sums, products, powers and entry-wise functions.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from ...language.composites import ARITY
from ..declarations.composite_laws import law
from ...language.operations import ELEMENTWISE_NAMES, SQUARE, TOTALS
from ..grammar.functions import Code, count, fold
from ..grammar.kinds import usual
from ..grammar.tokens import Line
from ...records import Record

ENTRYWISE = frozenset(("number", "name", "neg", "+", "-", "*", "/", "^", ".*", "./", ".^", "derivative"))
MOST_IN_FRONT = 8
REDUCING = TOTALS | {"normF"}
Found = tuple[tuple[str, bool], ...]     # names, and whether each is all there is but for entry-wise functions


class Hints(Record):
    """The names that are square, transposed, totalled, each with the place; those under d(.)/d(.), and those elsewhere; those with a
    negative power, square unless they are numbers."""

    square: dict[str, int]
    transposed: dict[str, int]
    totalled: dict[str, int]
    losses: set[str]
    others: set[str]
    inverted: dict[str, int]


def operands(code: Code) -> list[tuple[int, list[int]]]:
    """Of each instruction where the part that it ends begins, and where its operands end."""
    out: list[tuple[int, list[int]]] = []
    stack: list[int] = []
    for k, (op, _, data) in enumerate(code):
        first = len(stack) - count(op, data)
        ends, stack[first:] = stack[first:], [k]
        out.append((out[ends[0]][0] if ends else k, ends))
    return out


@cache
def reducing(name: str) -> bool:
    """Whether a composite takes entries together or counts them, so that nobody means it of a scalar."""
    of = law(name)
    counted = not any(op == "name" and data in of.parameters for op, _, data in of.code)
    return counted or any(op == "'" or op == "call" and (data in REDUCING or (data in ARITY and reducing(data))) for op, _, data in of.code)


def hints(line: Line, code: Code) -> Hints:
    """What a raw tree says."""
    square: dict[str, int] = {}
    transposed: dict[str, int] = {}
    totalled: dict[str, int] = {}
    inverted: dict[str, int] = {}
    losses: set[str] = set()
    others: set[str] = set()

    def read(op: str, at: int, data: Any, parts: list[tuple[str, Found]]) -> tuple[str, Found]:
        """The name a part is, transposed or not, and the names that go into it."""
        if op == "name":
            return data, ((data, True),)
        bare, names = "", tuple([n for _, found in parts for n in found])
        if op == "derivative":
            if parts[0][0]:
                losses.add(parts[0][0])
            names = ()
        elif op == "'":
            bare = parts[0][0]
            if bare:
                transposed.setdefault(bare, at)
        elif op == "call" and data in SQUARE:
            for name, _ in parts:
                if name:
                    square.setdefault(name, at)
            names = ()
        elif op == "call" and (data in REDUCING or (data in ARITY and reducing(data))):
            for name, alone in names:
                if alone or usual(name) != "scalar":
                    totalled.setdefault(name, at)
            names = ()
        elif op in ("*", "+"):
            under = [False, *(line.tokens[k] == "/" for k in data)] if op == "*" else [False] * len(parts)
            kept = [p for p, below in zip(parts, under, strict=True) if not below]
            alone = sum(1 for _, found in kept if found) < 2
            names = tuple([(n, a and alone) for _, found in kept for n, a in found])
        elif op in ("^", ".^"):
            names = parts[0][1]
            if op == "^" and line.tokens[at + 1:at + 3] in (["(", "-"], ["-", "1"]) and parts[0][0]:
                inverted.setdefault(parts[0][0], at)
        elif op not in ("neg", ".*", "d") and not (op == "call" and data in ELEMENTWISE_NAMES):
            names = ()
        others.update([name for name, _ in (parts[1:] if op == "derivative" else parts) if name])
        return bare, names if len(names) < 200 else ()
    others |= {fold(code, read)[0]} - {""}
    return Hints(square, transposed, totalled, losses, others, inverted)


def lettered(line: Line, code: Code, missing: Collection[str], kinds: Mapping[str, str]) -> Iterator[tuple[str, tuple[Line, int]]]:
    """The Greek letter in tr(rho*log(rho)) with the place of tr: by convention a number, of which nobody takes the trace, it is a square
    matrix. Of two such letters either may be."""
    spans = operands(code) if not SQUARE.isdisjoint([data for op, _, data in code if op == "call"]) else []
    for k, ((op, at, data), (start, _)) in enumerate(zip(code, spans, strict=False)):
        if op != "call" or data not in SQUARE:
            continue
        argument = code[start:k]
        names = {name for op, _, name in argument if op == "name"}
        free = sorted(n for n in names if n in missing)
        if not free or any(usual(n) != "scalar" if n in free else kinds.get(n) != "number" for n in names) or any(
                op not in ENTRYWISE and name not in ELEMENTWISE_NAMES for op, _, name in argument):
            continue
        if len(free) > 1:
            raise line.error(f"{data} is taken of a number: {' and '.join(free)} are not declared and are scalars by convention", at,
                             f"declare the matrices: {free[0]} in R^(n,n)")
        yield free[0], (line, at)


def fronts(codes: Iterable[Code]) -> frozenset[str]:
    """The names that stand in front of a product wherever they stand, alone or in a sum: y of y*a + (1 - y)*b."""
    first, elsewhere = set[str](), set[str]()
    for code in codes:
        leading, spans = set[int](), operands(code)
        for (op, _, _), (_, ends) in zip(code, spans, strict=True):
            part = range(spans[ends[0]][0], ends[0] + 1) if op == "*" else ()
            if len(part) < MOST_IN_FRONT and all(code[k][0] in ("name", "number", "neg", "+") for k in part):
                leading.update(part)
        for k, (op, _, name) in enumerate(code):
            if op == "name":
                (first if k in leading else elsewhere).add(name)
    return frozenset(first - elsewhere)


def powers(code: Code) -> Iterator[str]:
    """The names that are raised to a power."""
    for (op, _, name), (number, _, _), (sign, _, _) in zip(code, code[1:], code[2:], strict=False):
        if (op, number, sign) == ("name", "number", "^"):
            yield name


def differentiated(code: Code) -> Iterator[Code]:
    """The outermost d(f)/d(x), and what stands inside the other d(.); a name alone says nothing of its shape."""
    spans: list[tuple[int, int]] = []
    for i, ((op, _, _), (start, _)) in enumerate(zip(code, operands(code), strict=True)):
        if op in ("derivative", "d"):
            while spans and spans[-1][0] >= start:
                spans.pop()
            spans.append((start, i))
    for start, end in spans:
        if code[end][0] == "d" and end - start == 1:
            continue
        yield code[start:end] if code[end][0] == "d" else code[start:end + 1]


def sizes_in(code: Code) -> Iterator[str]:
    """The names of sizes in ones(n), unvec(x, m, n) and the like."""
    for op, _, data in code:
        if op in ("sized", "unvec"):
            for d in data if op == "unvec" else data[2 if data[0] == "select" else 1:]:
                yield from d.names


def moves(code: Code, name: str) -> bool:
    """Whether a name is differentiated, or something by it."""
    return any(op in ("derivative", "d") and any(before == "name" and data == name for before, _, data in
                                                 code[max(0, i - (2 if op == "derivative" else 1)):i])
               for i, (op, _, _) in enumerate(code))
