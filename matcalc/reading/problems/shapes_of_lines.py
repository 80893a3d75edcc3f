"""One table of shapes for several lines: an undeclared name has the same shape in all of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from itertools import chain as joined

from ..declarations.declare import declarations
from ..inference.hints import differentiated
from ..inference.statements import Inferred
from ..inference.infer import Table
from .losses import Known, losses, spoken
from ..inference.undeclared import to_be_found
from ...language.nodes import Name
from .assembly import given
from ...language.shape import SCALAR, InputError
from ..grammar.functions import Code
from ..grammar.kinds import usual
from ..grammar.tokens import Line

Chains = Sequence[Sequence[str]]


def inferred(declare: Sequence[str], define: Sequence[str], assume: Sequence[str], chains: Chains,
             functions_of: Known | None = None, primed: Collection[str] = ()) -> list[Inferred]:
    """The shapes of undeclared names, from what is defined, assumed and differentiated first, then from the lines in their order.

    A line that does not fit has no say, but of the arguments of what is primed: f'(x) is said of numbers. InputError where the sheet
    cannot be read.
    """
    made = given(declarations(declare), [*map(Line, define)], [*map(Line, assume)])
    first = len(made.statements)
    lines: list[list[int]] = []
    for chain in chains:
        numbers = [made.expression(Line(text), len(chain) > 1) for text in chain]
        for number in numbers[1:]:
            made.statements[number] = made.statements[number]._replace(equals=True)
        lines.append(numbers)
    numbers = dict.fromkeys((n for n, shape in made.scope.shapes.items() if shape == SCALAR), "number")
    heard = spoken(made.statements)
    unwritten = losses(made.statements, made.scope, None, functions_of, heard)
    for chain in lines or [[]]:
        sides = made.statements[chain[0]:chain[0] + 2] if chain else []
        if not unwritten and not any([op for op, _, _ in side.code] == ["name", "d"] for side in sides):
            continue        # no loss without its definition is spoken of here
        if any([op for op, _, _ in side.code] == ["number"] for side in sides):
            continue        # d(x) = 0 holds x fixed
        for loss in losses(made.statements, made.scope, chain[0] if len(chain) > 1 else None, functions_of, heard):
            made.scope.enter(Name(loss.name), f"the shape of {loss.name}")      # each line that is judged takes it as it is used there
    missing = to_be_found(made.readers, made.statements, made.scope)
    if not missing:
        return []
    tables: list[tuple[int, Table]] = []
    if "I" in missing:
        with suppress(InputError):              # where no identity fits, or fewer lines with it, I is a name like any other
            table = Table(made.scope, made.statements, [n for n in missing if n != "I"], True, numbers)
            tables.append((_settled(table, first, lines, primed), table))
    if not tables or tables[0][0]:
        table = Table(made.scope, made.statements, missing, False, numbers)
        tables.append((_settled(table, first, lines, primed), table))
    return min(tables, key=lambda found: found[0])[1].finish(loose=True)[0]


def inferred_with(declare: Sequence[str], define: Sequence[str], assume: Sequence[str], chains: Chains, functions_of: Known | None,
                  primed: Collection[str], perhaps: Sequence[Sequence[str]]) -> list[Inferred]:
    """The same with as many of these equations between shapes as fit, the first before the others."""
    for k in range(len(perhaps), 0, -1):
        with suppress(InputError):
            return inferred(declare, define, [*assume, *joined.from_iterable(perhaps[:k])], chains, functions_of, primed)
    return inferred(declare, define, assume, chains, functions_of, primed)


def _settled(table: Table, given: int, lines: list[list[int]], primed: Collection[str]) -> int:
    """Take in what is given and differentiated, then all lines at once, or chain by chain, or side by side; how many chains do not fit."""
    numbers = [n for chain in lines for n in chain]
    parts = {n: found for n in numbers if (found := [c for c in differentiated(table.statements[n].code)
                                                     if c[0][2] not in table.losses])}
    if _together(table, given, numbers, parts):
        return 0
    mark = len(table.sizes.trail)
    table.settle(range(given), parts)
    table.fix(numbers)
    if _fits(table, numbers) or set(table.missing) <= set(primed) and table.of_a_number([*range(given), *numbers], mark):
        return 0
    table.sizes.back(mark)
    stated = {data for s in table.statements[:given] for op, _, data in s.code if op == "name"}
    if stated.issuperset(table.missing) and _together(table, given, numbers, parts, True):
        return 0
    if _with_inverses(table, [*range(given), *numbers]) or given and _with_divisors(table, given, numbers, parts):
        return 0
    table.settle(range(given), parts)
    table.fix(numbers)
    misfits = 0
    for chain in lines:
        if not _fits(table, chain) and not _as_matrices(table, chain):
            misfits += 1
            for number in chain:
                _fits(table, [number])
    return misfits


def _as_matrices(table: Table, chain: list[int]) -> bool:
    """Whether a chain fits where a small letter may be a matrix: w'*delta of a weight matrix w."""
    mark = len(table.sizes.trail)
    table.columns = False
    if not _fits(table, chain):
        table.sizes.back(mark)
    table.columns = True
    return len(table.sizes.trail) > mark


def _together(table: Table, given: int, numbers: list[int], parts: dict[int, list[Code]], met: bool = False) -> bool:
    """Take in what is given and all lines at once, where some name is more than a number only then, none is less, and no two sizes that
    are two by what is given are one; or else, with `met`, where none are one that are two in a statement of what is given: v'*v = 1
    and A = A' say nothing of A*v."""
    mark = len(table.sizes.trail)
    try:
        table.settle(range(given), parts)
    except InputError:
        return False
    alone, apart, each = table.extents(), _apart(table), _apart_in_each(table, given)
    table.sizes.back(mark)
    if not met and all(any(more) for more in alone.values()):
        return False
    for table.columns in (True, False):         # w' of a weight matrix w
        if _fits(table, [*range(given), *numbers]):
            found = table.extents()
            grown = any(any(found[n]) and not any(alone[n]) for n in alone)
            kept = _apart_in_each(table, given) == each if met else grown and _apart(table, alone) >= apart
            if kept and all(found[n] >= alone[n] for n in alone):
                return True
        table.sizes.back(mark)
    table.columns = True
    return False


def _with_inverses(table: Table, numbers: list[int]) -> bool:
    """Take in what is given and all lines at once, where what has a negative power in one of them is a square matrix: A of A^-1*x, beside
    A*x = b."""
    mark, square = len(table.sizes.trail), dict(table.square)
    inverted = {n: (s.line, at) for h, s in zip(table.hints, table.statements, strict=True) for n, at in h.inverted.items()
                if usual(n) == "matrix" and n in table.missing and n not in square}
    if not inverted:
        return False
    table.square |= inverted
    if _fits(table, numbers):
        return True
    table.sizes.back(mark)
    table.square = square
    return False


def _with_divisors(table: Table, given: int, numbers: list[int], parts: dict[int, list[Code]]) -> bool:
    """Take in what is given and all lines at once, where small letters are numbers only then and all else is as before: t of n*log(t),
    beside n/t. Not where one is transposed or goes entry by entry."""
    mark = len(table.sizes.trail)
    try:
        table.settle(range(given), parts)
    except InputError:
        return False
    alone = table.extents()
    table.sizes.back(mark)
    if _fits(table, [*range(given), *numbers]):
        found = table.extents()
        less = {n for n in alone if found[n] != alone[n]}
        by_entries = {data for s in table.statements if any(op in (".*", "./", ".^") for op, _, _ in s.code)
                      for op, _, data in s.code if op == "name"}
        turned = {n for h in table.hints for n in h.transposed}
        if less and all(usual(n) == "vector" and not any(found[n]) for n in less) and less.isdisjoint(by_entries | turned):
            return True
        table.sizes.back(mark)
    return False


def _apart(table: Table, names: Iterable[str] | None = None) -> int:
    """How many sizes there are of names."""
    sizes = table.sizes
    return len({str(d) for n in (table.missing if names is None else names) if n in table.shapes for d in map(sizes.settle, table.shapes[n])
                if str(d) != "1"})


def _apart_in_each(table: Table, given: int) -> list[int]:
    """How many sizes there are of the names in each statement of what is given."""
    return [_apart(table, {data for op, _, data in s.code if op == "name" and data in table.missing}) for s in table.statements[:given]]


def _fits(table: Table, numbers: list[int]) -> bool:
    try:
        table.settle(numbers)
    except InputError:
        return False
    return True
