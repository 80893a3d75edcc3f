"""Shapes of undeclared arrays of a sheet in NumPy, by what its lines do with them.

How many axes a name has is guessed by its letter (W has two, w and b one, n none) and by what is done with it (x.T, axis=0); of these
guesses those count under which most lines fit. Sizes are what the lines then make equal; a line that does not fit has no say.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice, permutations

from .array_lines import KEEPS, Assigned, Uses, assignment, by_samples, gradient_of, is_product, one_number, uses
from .array_table import COLUMN, COUNTS, NO_SHAPES, ROW, Given, SizeMismatch, Table

NUMBERS = COUNTS | {"lr", "eps", "epsilon", "reg", "lam", "lambda_", "lmbda", "alpha", "eta", "gamma", "c", "d", "k", "tau", "T", "C", "D"}
MOST = 24       # so many names are tried with another number of axes
PAIRS = 64      # so many pairs of names are


def shapes(lines: Sequence[str], known: set[str], given: Given = NO_SHAPES) -> tuple[list[str], set[str], set[str]]:
    """Declarations of the arrays that lines use and nothing defines; which of them are columns, and rows, of two axes. Some shapes are
    `given`.

    >>> sorted(shapes(["out = x @ w + b"], set(), {"x": ("N", "D"), "b": ("M",)})[0])
    ['b in R^(M)', 'w in R^(D,M)', 'x in R^(N,D)']
    """
    parsed = [p for p in map(assignment, lines) if p is not None]
    alike = {name: of for name, of in given.items() if isinstance(of, str)}
    given = {name: of for name, of in given.items() if not isinstance(of, str)}
    for name, other in alike.items():
        at = next((k for k, (_, value) in enumerate(parsed) if any(isinstance(n, ast.Name) and n.id == name for n in ast.walk(value))), 0)
        parsed.insert(at, (name, ast.Name(other, ast.Load())))
    found = uses(parsed)
    names = [n for n in _free(parsed, found, known) if not any(n in shape for shape in given.values())]
    if not names or known & set(names):
        return [], set(), set()
    table = Table(_Guesses(names, parsed, given, found).best(), given)
    declared = table.declared(parsed, {*names, *(target for target, _ in parsed)}, alike)
    columns, rows = ({n for n, axes in table.guess.items() if axes == kind} for kind in (COLUMN, ROW))
    return declared, columns, rows


def _free(parsed: Sequence[Assigned], found: Uses, known: set[str]) -> list[str]:
    """The names that lines use before one gives them a value; what comes from above is a gradient of what is made."""
    assigned: set[str] = set()
    free: dict[str, None] = {}
    for target, value in parsed:
        for node in ast.walk(value):
            if isinstance(node, ast.Name) and node.id not in assigned | known | found.modules and id(node) not in found.called and \
                    (node.id in free or gradient_of(node.id) not in assigned):
                free.setdefault(node.id)
        assigned.add(target)
    return list(free)


class _Guesses:
    """How many axes names have."""

    def __init__(self, names: Sequence[str], parsed: Sequence[Assigned], given: Given, found: Uses) -> None:
        self.names, self.parsed, self.given, self.uses = names, parsed, given, found
        self.added = {name for _, name, _ in found.added}
        self.kept = {gradient_of(target) for target, value in parsed if isinstance(value, ast.Call) and any(
            k.arg in KEEPS for k in value.keywords)}           # whose gradient is a sum that keeps its axis

    def best(self) -> dict[str, int]:
        """The guess under which most lines fit, of one that is near to what the letters say."""
        parsed, given = self.parsed, self.given
        guess = {n: self.by_letter(n) for n in self.names}
        sure = {n: axes for n, axes in self.biases(guess).items() if n not in given}
        guess |= sure | {n: ROW if s[0] == "1" else COLUMN for n, s in given.items() if n in guess and len(s) == 2 and "1" in s}
        best, fits = guess, self.fitting(guess)
        forward = [(target, value) for target, value in parsed if not gradient_of(target)]
        assigned = {target for target, _ in parsed}
        above = {value.id for target, value in parsed if gradient_of(target) in assigned and isinstance(value, ast.Name)}       # dy = G
        # W.T of a vector would be W
        free = sorted([n for n in self.names if n not in given and not (n[0].isupper() and n in self.uses.turned)][:MOST],
                      key=self.added.__contains__)
        for name in free:
            for axes in (1, 0) if name[0].isupper() else (1, 0, COLUMN, ROW, 2) if name in self.added | self.kept else (1, 0, 2):
                if fits == len(parsed):
                    break
                other = best | self.alike_named(name, axes)
                found = self.fitting(other) if axes != best[name] else -1
                kept = found == len(parsed) if name in self.uses.multiplied else axes != 2 and name not in sure
                kept |= axes == 2 and (found > fits + 1 or not best[name] and found == len(parsed)) or name in above
                if found > fits and (kept or sum(Table(best, given).fit(forward)) < sum(Table(other, given).fit(forward))):
                    best, fits = other, found
        columns = {n for n in free if n[0].islower() and n in self.uses.turned}         # x.T @ A @ x - b.T @ x
        for group, axes in ((columns, 1), *((group, 2) for group in self.beside(free))) if fits < len(parsed) else ():
            other = best | dict.fromkeys(group, axes)
            if (found := self.fitting(other)) > fits:
                best, fits = other, found
        if fits < len(parsed):          # a matrix and a number, where the letters say two vectors
            best = next((guess for guess in islice(self.both(best, free), PAIRS) if all(Table(guess, given).fit(parsed))), best)
        vector = Table(best, given)
        fits = sum(vector.fit(parsed))
        for name in (n for n in free if best[n] == 1 and n not in self.uses.multiplied):      # a vector would make sizes one that differ
            others = [n for n in self.names if n != name]
            number = Table(best | {name: 0}, given)
            found = sum(number.fit(parsed))
            if found >= fits and number.different(others) > vector.different(others):
                best, vector, fits = number.guess, number, found
        return best

    def beside(self, free: Sequence[str]) -> list[set[str]]:
        """The names that are added to or taken from one another: a, p and n of a - p, a - n."""
        groups = list[set[str]]()
        for node in (n for _, value in self.parsed for n in ast.walk(value)):
            if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub)):
                pair = {side.id for side in (node.left, node.right) if isinstance(side, ast.Name) and side.id in free}
                if len(pair) > 1:
                    pair = pair.union(*(g for g in groups if g & pair))
                    groups = [*(g for g in groups if not g & pair), pair]
        return groups

    def fitting(self, guess: dict[str, int]) -> int:
        """How many lines fit under a guess."""
        return sum(Table(guess, self.given).fit(self.parsed))

    def both(self, best: Mapping[str, int], free: Sequence[str]) -> Iterator[dict[str, int]]:
        """The guesses in which of two names one has two axes and the other one another number of them."""
        for one, other in permutations(free, 2):
            for axes in (0, 1):
                if best[one] == 1 and axes != best[other]:
                    yield {**best, **self.alike_named(one, 2), **self.alike_named(other, axes)}

    def alike_named(self, name: str, axes: int) -> dict[str, int]:
        """As many axes for b1 as for b2."""
        return {n: axes for n in self.names if n.rstrip("0123456789") == name.rstrip("0123456789")}

    def by_letter(self, name: str) -> int:
        """How many axes a name has by its letter, and by what is done with it."""
        if name in self.uses.turned or name in self.uses.summed:
            return 2
        varied = name in COUNTS and any(gradient_of(target) == name for target, _ in self.parsed)
        asked = varied or name in self.uses.asked | self.uses.multiplied        # a number has no shape, size or sum, a count no gradient
        number = name in NUMBERS and not asked
        if number or name in self.uses.bounds:
            return 0
        if name not in self.added and any(gradient_of(target) == name and one_number(value, name) for target, value in self.parsed):
            return 0
        return 2 if name[0].isupper() else 1

    def biases(self, guess: dict[str, int]) -> dict[str, int]:
        """The names that are only added to products of which it is plain what is added to them: one number to w @ x and to each entry of
        X @ w, where the rows of X are samples, a vector to W @ x."""
        out: dict[str, int] = {}
        table, samples = Table(guess, self.given), set[str]()
        for target, value in self.parsed if not self.uses.keeps else ():
            samples |= {target} if by_samples(value, samples) else set()
            for of, name, other in self.uses.added:
                if of != target or guess.get(name) != 1 or name[0] != "b" or not is_product(other):
                    continue
                with suppress(SizeMismatch):
                    shape = table.of(other)
                    if shape is not None and (len(shape) < 2 or by_samples(other, samples)):
                        left = other.left if isinstance(other, ast.BinOp) else None
                        one = left is not None and len(table.of(left) or ()) == 1        # x @ W of one sample: one for each column
                        out[name] = int(len(shape) == 2 or bool(shape) and (one or not by_samples(other, samples)))
            with suppress(SizeMismatch):
                table.shapes[target] = table.of(value)
        return out
