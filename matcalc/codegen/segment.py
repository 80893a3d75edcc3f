"""Some statements of a longer function, where names may be entries of lists and sizes are read from what exists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ..language.expr import ONE, Dim, Expr, Name
from ..language.shape import InputError
from ..reading.problems.layer_counts import FAR, Depth
from ..reading.problems.problem import Problem
from .backend import Backend
from .emit import Emitter, broken
from .nodes import Node
from .pieces import SUM


class Segment(Emitter):
    """Writes statements; each of the names they assign may be used by the later ones."""

    def __init__(self, problem: Problem, backend: Backend, words: Mapping[str, str], sizes: Mapping[str, str],
                 where: Sequence[tuple[Name, Expr]] = ()) -> None:
        super().__init__(problem.replace(definitions=()), backend, list(where))
        self.lone = False
        self.spelled.known.update(words)
        self.spelled.taken.update(w.split("[")[0] for w in words.values())
        self.size_names.update(sizes)

    def held(self, results: Sequence[Expr]) -> str:
        return ""

    def assigned(self, names: Iterable[Name]) -> list[str]:
        """The lines that assign defined names."""
        names = list(names)
        roots, order = self.looked(names)
        for n, root in zip(names, roots, strict=True):
            if self.text[root][0] != self.spelled(n.name):
                self.lines += broken(f"{self.spelled(n.name)} = ", self.text[root][0])
        return self.lines

    def puts(self, jobs: Sequence[tuple[str, Expr, Name | None]]) -> list[str]:
        """The lines that put values of expressions into targets, a gradient as its variable is handed over; a target may end in `+`."""
        roots, _ = self.looked([e for _, e, _ in jobs])
        for (target, e, like), root in zip(jobs, roots, strict=True):
            text = self.at(root, SUM) if like is None else self.returned(e, root, like)
            self.lines += broken(target, text)
        return self.lines

    def looked(self, results: Sequence[Expr]) -> tuple[list[Node], list[Node]]:
        """The nodes, without functions that nobody can hand over, and without sizes that nothing shows."""
        roots, order = self.lowered(results)
        if any(n.op == "call" for n in order):
            raise InputError("code for a symbolic number of layers cannot call an abstract function", hint="write its formula instead")
        for s in sorted(self.sizes):
            if not self.size_names[s].endswith("]"):
                raise InputError(f"no argument has the size {s}", hint="give the number of layers as a number")
        self.lone = any(n.lone for n in order)
        return roots, order


class Places:
    """How the names of layers are written in code: W[k], a[k - 1], a[L]."""

    def __init__(self, depth: Depth, counter: str, letter: str) -> None:
        self.depth, self.counter, self.letter = depth, counter, letter

    def of(self, number: int) -> str:
        """The number of a layer."""
        d = self.depth
        if abs(number - d.middle) <= FAR:
            return shifted(self.counter, number - d.middle)
        return self.end(number)

    def end(self, number: int) -> str:
        """The number of a layer at one of the ends."""
        return shifted(self.letter, number - self.depth.last) if number > self.depth.middle else str(number)


def shifted(letter: str, by: int) -> str:
    """An index moved by a number: k, k + 1, k - 1.

    >>> shifted('k', 0), shifted('k', -1)
    ('k', 'k - 1')
    """
    return letter if not by else f"{letter} {'+' if by > 0 else '-'} {abs(by)}"


def shown(arrays: Iterable[tuple[str, Name]]) -> dict[str, str]:
    """Every size that a shape shows, as code that reads it; the first array wins."""
    out: dict[str, str] = {}
    for text, v in arrays:
        for axis, d in enumerate(d for d in v.shape if d is not ONE):
            if d.number is None and len(d.names) == 1 and d is Dim.of(next(iter(d.names))):
                out.setdefault(next(iter(d.names)), f"{text}.shape[{axis}]")
    return out
