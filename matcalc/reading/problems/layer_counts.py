"""As many layers as a letter says: `z{k} = W{k}*a{k-1} for k = 1..L` is read with a number for L, and said again of every L.

With so many layers that one in the middle has others around it, what holds of that one holds of each, where they are alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ...language.expr import Expr, Name, size
from ...language.shape import ONE, Dim, InputError
from ...records import Record
from .numbered_lines import FAMILY, no_bare_counter
from .question import Question
from ..grammar.tokens import Line
from ...patterns import pattern

ENDS = 2                    # layers at each end that may be unlike the others
LAYERS, MIDDLE = 14, 7      # how many more than the first there are, and which one stands for all
FAR = 3                     # layers from one in the middle, or from the last, that are written in its letter
NUMBERED = pattern(r"(.*?[^\d])(\d+)")
BRACED = pattern(r"([A-Za-z]\w*)\{\s*([A-Za-z]\w*)\s*([+-]\s*\d+)?\s*\}")


class Depth(Record):
    """The letter of the last layer, that of the layers, the first number, the names before a number in braces; names of layers that are
    written by number, and names counted back from the last one, with how many; what was asked, and how many more than the first there
    are taken to be."""

    letter: str
    counter: str
    first: int
    bases: frozenset[str]
    written: frozenset[tuple[str, int]] = frozenset()
    back: frozenset[tuple[str, int]] = frozenset()
    asked_of: Question = Question()
    more: int = LAYERS

    @property
    def last(self) -> int:
        """The number that is taken for the letter."""
        return self.first + self.more

    @property
    def middle(self) -> int:
        """The layer that stands for all."""
        return self.first + MIDDLE

    def read(self, lines: Sequence[str]) -> Depth:
        """The same, with what the lines say of layers by number; InputError where that could not be said of every number of them."""
        written, back = set[tuple[str, int]](), set[tuple[str, int]]()
        names = re.compile(rf"\b({'|'.join(sorted(self.bases))})(?:\{{\s*(\d+)\s*\}}|(\d+)\b)")
        for text in lines:
            line, bare = Line(text), re.sub(r"\{[^{}]*\}|\.\.\s*\w+\s*$", lambda m: " " * len(m[0]), text)
            if found := re.search(rf"\b{self.letter}\b", bare):
                raise line.error_at(f"{self.letter} is the number of layers and needs braces here", found.start(),
                                 "use different letters for the two")
            for found in re.finditer(r"\{\s*([A-Za-z]\w*)\s*([+-]\s*\d+)?\s*\}", text):
                far = int((found[2] or "0").replace(" ", ""))
                if found[1] in (self.letter, self.counter) and not (found.start() and re.match(r"\w", text[found.start() - 1])):
                    raise line.error_at(f"{found[0]} must follow a name, as in a{found[0]}", found.start(),
                                     f"give {self.letter} a number")
                if abs(far) > FAR:
                    raise line.error_at(f"{found[0]} is more than {FAR} layers away", found.start(), f"give {self.letter} a number")
            if found := re.search(rf"\b({'|'.join(sorted(self.bases))})_?{self.letter}\b", text):
                raise line.error_at(f"{found[0]} would be a name of its own, which no layer leads to", found.start(),
                                 f"the last layer is {found[1]}{{{self.letter}}}")
            for found in names.finditer(text):
                number = int(found[2] or found[3])
                written.add((found[1], number))
                if number > self.first + ENDS:
                    raise line.error_at(f"{found[0]} names one of {self.letter} layers by a fixed number", found.start(),
                                     f"count from the last layer, {found[1]}{{{self.letter}-1}}, or give {self.letter} a number")
            back |= {(m[1], -int((m[3] or "0").replace(" ", ""))) for m in BRACED.finditer(text) if m[2] == self.letter}
        return self._replace(written=frozenset(written), back=frozenset(back))

    def instance(self, text: str) -> str:
        """A line with a number for the letter."""
        text = re.sub(rf"\.\.\s*{self.letter}\s*$", f"..{self.last}", text)
        text = re.sub(rf"\{{\s*{self.letter}\s*([+-]\s*\d+)?\s*\}}",
                      lambda m: str(self.last + int((m[1] or "0").replace(" ", ""))), text)
        return re.sub(rf"\b({'|'.join(sorted(self.bases))})\{{\s*(\d+)\s*\}}", r"\1\2", text)

    def asked(self, names: Sequence[str], known: Mapping[str, Name]) -> list[str]:
        """The names asked for: W{k} are those of all layers."""
        layers: dict[str, list[str]] = {}
        for n, name in known.items():
            if name.kind == "variable":
                at = self.number(n)
                layers.setdefault(n if at is None else f"{at[0]}{{{self.counter}}}", []).append(n)
        out: list[str] = []
        for asked in names:
            name = self.instance(asked).strip()
            braced = BRACED.fullmatch(name)
            found = None if braced is None else layers.get(f"{braced[1]}{{{self.counter}}}")
            if found is None and name != "all" and Line(name).tokens[0] not in known:
                raise InputError(f"{asked} is no variable: nothing to differentiate with respect to", hint=f"there are {', '.join(layers)}")
            out += found or [name]
        return out

    def number(self, name: str) -> tuple[str, int] | None:
        """The name of a layer, and which one: z, 3 of z3."""
        found = NUMBERED.fullmatch(name)
        return (found[1], int(found[2])) if found and found[1] in self.bases else None

    def labels(self, names: Iterable[str]) -> dict[str, tuple[str, str]]:
        """How the layers that stand for all are written: z and k-1 for z4."""
        places = {at + d: letter + (f"{d:+d}" if d else "") for at, letter in ((self.middle, self.counter), (self.last, self.letter))
                  for d in range(-FAR, FAR + 1)}
        found = ((name, self.number(name)) for name in names)
        return {name: (at[0], places[at[1]]) for name, at in found if at is not None and at[1] in places}

    def strays(self, names: Iterable[Name], general: bool) -> bool:
        """Whether a name of another layer stands among those of an end, or among those of the layer that stands for all."""
        numbers = {at[1] for n in names if (at := self.number(n.name)) is not None}
        middle = {k for k in numbers if abs(k - self.middle) <= FAR}
        known = {k for k in numbers if k <= self.first + ENDS + FAR - 2 or k >= self.last - FAR}
        return not numbers <= middle | known or bool(middle) and not general

    def shifted(self, names: Iterable[Name], by: int = 1) -> dict[Expr, Expr]:
        """The names of each layer, and those of the next one."""
        known = {n.name: n for n in names}
        out: dict[Expr, Expr] = {}
        for name, n in known.items():
            at = self.number(name)
            if at is not None and (other := known.get(f"{at[0]}{at[1] + by}")) is not None:
                out[n] = other
        sizes = {d for n in known.values() for dim in n.dims for d in dim.names}
        for d in sizes:
            at = self.number(d)
            if at is not None and f"{at[0]}{at[1] + by}" in sizes:
                out[size(Dim.of(d))] = size(Dim.of(f"{at[0]}{at[1] + by}"))
        return out


def depth(lines: Iterable[str]) -> Depth | None:
    """The symbolic number of layers that families run to; None where there is none.

    >>> found = depth(['a{k} = tanh(W*a{k-1}) for k = 1..L'])
    >>> found.letter, found.counter, found.first
    ('L', 'k', 1)
    >>> depth(['z = W*x']) is None
    True
    """
    found: Depth | None = None
    texts = list(lines)
    for text in texts:
        family = re.fullmatch(FAMILY, text, re.DOTALL) if ".." in text else None
        if family is None or not family[3].isdigit() or not re.fullmatch(r"[A-Za-z]\w*", family[4]):
            continue
        no_bare_counter(Line(text), family)
        here = Depth(family[4], family[2], int(family[3]), frozenset())
        if found is not None and (found.letter, found.first) != (here.letter, here.first):
            raise Line(text).error(f"a family runs from {found.first} to {found.letter}, this one from {here.first} to {here.letter}", 0,
                                   "all families that end at a letter must have the same range")
        found = found or here
    if found is None:
        return None
    return found._replace(bases=frozenset(m[1] for text in texts for m in BRACED.finditer(text)))


def own_sizes(p: Any, depth: Depth, declared: Iterable[str]) -> dict[str, str]:
    """Letters of undeclared sizes and that belong to one layer, and n3 for that of layer 3."""
    layers: dict[str, set[int]] = {}
    before: dict[str, set[int]] = {}
    defined = {n for n, _ in p.definitions}
    for n in (*p.variables.values(), *defined):
        at = depth.number(n.name)
        for d in {name for dim in n.shape if dim is not ONE for name in dim.names}:
            if at is not None:
                (layers if n in defined else before).setdefault(d, set()).add(at[1])
            else:
                before.setdefault(d, set())
    said = " ".join(declared)
    taken = {*re.findall(r"[A-Za-z]\w*", said), *p.variables, *(n.name for n in defined)}
    root = next(r for r in ("n", "m", "d", "h", "size") if not any(re.fullmatch(rf"{r}\d+", name) for name in taken))
    out: dict[str, str] = {}
    for d in layers.keys() | before.keys():
        numbers = layers.get(d) or before.get(d, set())
        at = min(numbers, default=-1)
        if at >= 0 and (len(numbers) == 1 or d not in layers) and not re.search(rf"\b{d}\b", said) and f"{root}{at}" not in out.values():
            out[d] = f"{root}{at}"
    return out if len(out) > LAYERS // 2 else {}
