"""The answer in index notation: the function, its derivative and the names in it, one line each, which `prove` reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ..deriving.derivation import Derivation
from ..language.expr import ONE, SCALAR, Expr, Name, Shape
from ..language.shape import InputError
from ..reading.parse import Problem
from ..index_form.entries import Entries, lettered
from ..index_form.terms import Index, NoPair, marks
from .naming import names
from ..deriving.naming import letter


def lines(d: Derivation) -> list[str]:
    """The lines of one derivation."""
    p = d.problem
    f = letter(p, p.function)
    taken = used(p, f, [d.result, *(e for pair in d.where for e in pair)])
    out = [] if f is p.function else [defined(f, p.function, taken)]
    out.append(lettered(derivative(d, f), taken))
    return [*out, *(defined(n, body, taken) for n, body in d.where)]


def of_several(p: Problem, parts: Iterable[tuple[Name, Name | None, Expr]], where: Iterable[tuple[Name, Expr]],
               others: Iterable[str] = ()) -> list[str]:
    """The lines of several gradients, each by a variable or a defined name, with what it is called; `others` are letters of no index."""
    assert p.f is not None
    f, parts, where = letter(p, p.f), list(parts), list(where)
    taken = used(p, f, [*(e for part in parts for e in part if e is not None), *(e for pair in where for e in pair)]) | set(others)
    out = [] if f is p.f else [defined(f, p.f, taken)]

    def line(x: Name, name: Name | None, result: Expr) -> str:
        def drawn(writer: Entries) -> str:
            row, col = axes(writer, x.shape)
            left = f"∂{f}/∂{writer.placed(str(x), row, col)}" if name is None else writer.placed(str(name), row, col)
            return f"{left} = {writer.text(writer.of(result, *((row, col) if result.shape == x.shape else (col, row))))}"
        return lettered(tried(drawn), taken)
    return list(dict.fromkeys([*out, *(line(*part) for part in parts), *(defined(n, body, taken) for n, body in where)]))


def used(p: Problem, f: Expr, more: Iterable[Expr]) -> frozenset[str]:
    """The names that stand for something, which are no letters of an index."""
    if p.structured:
        raise InputError("a derivative with respect to independent entries has no index notation", hint="drop --structured")
    found = names([f, p.f, *more, *p.variables.values(), *(e for pair in p.definitions for e in pair)])
    return found | {n for v in p.variables.values() for dim in v.dims for n in dim.names} | {"d", "e"}


def defined(name: Expr, body: Expr, taken: frozenset[str]) -> str:
    """x[i] = .."""
    def line(writer: Entries) -> str:
        row, col = (writer.index(n) for n in body.shape)
        return f"{writer.placed(str(name), row, col)} = {writer.text(writer.of(body, row, col))}"
    return lettered(tried(line), taken)


def tried(line: Callable[[Entries], str]) -> str:
    """A line with pairs for the indices of a Kronecker product; where that is not possible, with one letter."""
    try:
        return line(Entries(True))
    except NoPair:
        return line(Entries(False))


def derivative(d: Derivation, f: Expr) -> str:
    """The line that says what the derivative is."""
    p = d.problem
    x: Name = p.variable
    transposed = d.layout == "numerator" or (d.layout == "mixed" and f.shape != SCALAR)

    def line(writer: Entries) -> str:
        if d.reading == "product" or p.tangent is not None:
            row, col = (writer.index(n) for n in d.result.shape)
            left = f"d{f}" if p.tangent is not None else f"(d(∂{f}/∂{x}))"
            return f"{writer.placed(left, row, col)} = {writer.text(writer.of(d.result, row, col))}"
        if not writer.paired:
            row, col = (writer.index(n) for n in d.result.shape)
            place = (col, row) if transposed else (row, col)
            return f"{writer.placed(f'(∂{f}/∂{x})', *place)} = {writer.text(writer.of(d.result, row, col))}"
        by, of = axes(writer, x.shape), axes(writer, f.shape)
        left = f"∂{writer.placed(str(f), *of)}/∂{writer.placed(str(x), *by)}"
        if d.earlier is not None:
            again = axes(writer, x.shape)
            left, row, col = f"∂({left})/∂{writer.placed(str(x), *again)}", whole(again), whole(by)
        elif f.shape == SCALAR:
            row, col = by
        else:
            row, col = whole(by), whole(of)
        return f"{left} = {writer.text(writer.of(d.result, *((col, row) if transposed else (row, col))))}"
    return tried(line)


def axes(writer: Entries, shape: Shape) -> tuple[Index, Index]:
    """New indices for a shape."""
    row, col = ("" if n is ONE else writer.letter(n) for n in shape)
    return row, col


def whole(index: tuple[Index, Index]) -> Index:
    """The index of a vec: the column, then the row."""
    row, col = index
    return (col, row) if marks(row) and marks(col) else row or col
