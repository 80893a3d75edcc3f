"""Which entry, row or column of a name an index stands for: the places of letters under a sum."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from .around import UNKNOWN
from ...language.shape import ONE, InputError, Shape
from ..networks import DELTA, Combining, Factor, Network, Ranges, closed, turned

if TYPE_CHECKING:
    from .powers import Powers

BELOW = re.compile(r"(.+)_([a-z]+)")


def below(text: str) -> set[str]:
    """The letters that stand below a name."""
    found = BELOW.fullmatch(text)
    return set(found[2]) if found else set()


class IndexPlaces(Combining):
    """Reads what stands below a name or behind it in brackets; it reads with the places of another reader."""

    def __init__(self, spoken: Powers, family: str, samples: tuple[str, ...] = ()) -> None:
        self.spoken, self.around, self.family, self.samples = spoken, spoken.around, family, samples
        self.capitals: set[str] = set()     # declared names x where there is an X too
        self.letters_seen: set[str] = set()
        self.bound: dict[str, str] = {}
        self.upper: dict[str, str] = {}
        self._ranges = Ranges()

    def terms(self) -> Network:
        """Terms with their signs."""
        raise NotImplementedError

    @property
    def ranges(self) -> Ranges:
        """How far the indices go."""
        return self._ranges

    @property
    def now(self) -> str:
        """The present sign."""
        return self.spoken.now

    def ahead(self, k: int) -> str:
        """A later sign."""
        return self.spoken.ahead(k)

    def misfit(self, message: str) -> InputError:
        """An error at the present place."""
        sign = self.spoken.sign()
        last = self.spoken.signs[-1]
        return self.spoken.refuse(message, min(sign.start, last.start))

    def until(self, k: int) -> int:
        """Where the bracket or the bar at a place is closed."""
        s = self.spoken
        if s.signs[k].text in ("‖", "|"):
            return next((j for j in range(k + 1, len(s.signs)) if s.signs[j].text == s.signs[k].text), len(s.signs))
        return s.closing_of(k) if s.signs[k].text != "⟨" else next(
            (j for j in range(k, len(s.signs)) if s.signs[j].text == "⟩"), len(s.signs))

    def mentions(self, first: int, last: int) -> bool:
        """Whether an index stands between two places."""
        return any(s.text in self.bound or below(s.text) & set(self.bound) for s in self.spoken.signs[first:last])

    def index(self, letter: str) -> bool:
        """Whether a sum goes over this letter, or it may say which entry is meant."""
        s = self.spoken
        return letter in self.bound or (len(letter) == 1 and letter.isalpha() and letter.islower() and not self.around.knows(letter)
                                        and any(x.text == "[" for x in s.signs))

    def places(self) -> list[str]:
        """The indices in the bracket here; a colon is a whole row or column. A letter that no sum goes over has a place of its own."""
        s = self.spoken
        end = self.until(s.i)
        inside = [x.text for x in s.signs[s.i + 1:end]]
        letters = [c for t in inside if t != "," for c in t]
        if not all(c == ":" or self.index(c) for c in letters):
            raise self.misfit("this index cannot be read")
        s.i = end + 1
        return [c if c == ":" else self.bound.get(c, c) for c in letters]

    def size(self, shape: Shape) -> tuple[str, ...]:
        """An axis for each size that is not 1."""
        out = []
        for d in shape:
            known = not any(n[0] == UNKNOWN for n in d.names)
            out.append("" if d is ONE else self.ranges.fresh(d.text if known else ""))
        return tuple(out)

    def entry(self, name: str, indices: list[str], turned: bool = False) -> Network:
        """What a name with its indices stands for."""
        s = self.spoken
        name = self.around.resolve(name)
        known = self.around.has(name) or name == self.around.wrt
        capital = name.upper() if len(name) == 1 else ""
        if name == "delta" and len(indices) == 2 and not known:
            self.ranges.same(*indices)
            return Network((Factor(DELTA, (indices[0], indices[1])),))
        if capital != name and self.around.has(capital) and ONE not in self.around.shape(capital):
            if known:
                self.capitals.add(name)
            if not known or name in self.samples:
                return self.member(name, capital, indices)
        shape = self.around.shape(name)
        sizes = [d for d in shape if d is not ONE]
        if not sizes and not known:
            raise s.refuse(f"{name} has an index, and it is not declared: its letter says scalar", s.signs[s.i - 1].start,
                           f"declare it: {name} in R^n")
        axes = list(self.size(shape))
        if len(sizes) == 2 and len(indices) == 1 and s.ahead(-1) == "]":
            indices = [*indices, ":"]
        if len(indices) != len(sizes):
            raise self.misfit(f"{name} is a scalar here" if not sizes else
                              f"{name} has one index" if len(sizes) == 1 else f"{name} has two indices")
        real = [a for a in axes if a]
        kept = []
        for axis, index in zip(list(real), indices, strict=True):
            if index == ":" or index[0] != "#":
                kept += [axis] if index == ":" else []
                continue
            self.joined(index, axis, name)
            real[real.index(axis)] = index
        fixed = {axis: index for axis, index in zip(real, indices, strict=True) if index != ":" and index[0] != "#"}
        net = Network((self.placed(Factor(f"({name})'" if shape[0] is ONE and real else name, tuple(real)), fixed),),
                      kept[0] if kept else "")
        if len(kept) > 1 or not turned:
            return net if len(kept) < 2 else net._replace(col=kept[1])
        down = indices[0] == ":"
        return net if down else self.transposed(net)

    def placed(self, factor: Factor, fixed: Mapping[str, str]) -> Factor:
        """A factor at the places that letters give which no sum goes over."""
        for axis, letter in fixed.items():
            size = self.ranges.size.get(self.ranges.root(axis))
            unit = f"unit({letter}, {size})" if size is not None else f"unit({letter})"
            left = factor.axes.index(axis) == 0
            rest = tuple(a for a in factor.axes if a != axis)
            factor = Factor(self.beside(factor.text, unit, left) if rest else f"({unit}'*{closed(factor.text)})", rest)
        return factor

    def beside(self, text: str, unit: str, left: bool) -> str:
        """A row, or a column, of a matrix, upright."""
        return f"({turned(text) if left else closed(text)}*{unit})"

    def member(self, name: str, matrix: str, indices: list[str]) -> Network:
        """x_i where X is declared: a row of it; x_ij is an entry."""
        shape = self.around.shape(matrix)
        row, col = self.size(shape)
        if len(indices) == 2:
            self.joined(indices[0], row, matrix)
            self.joined(indices[1], col, matrix)
            return Network((Factor(matrix, (indices[0], indices[1])),))
        if not self.family:
            raise self.misfit(f"{name} with an index may be a row or a column of {matrix}, or an entry of a vector that is not declared")
        sample, along = (row, col) if self.family == "rows" else (col, row)
        self.joined(indices[0], sample, matrix)
        axes = tuple(indices[0] if a == sample else a for a in (row, col))
        return Network((Factor(matrix, axes),), along)

    def joined(self, index: str, axis: str, name: str) -> None:
        """An index goes over an axis."""
        try:
            self.ranges.same(index, axis)
        except InputError as e:
            raise self.misfit(f"{name}: {e.message}") from None

    def of_bracket(self, net: Network) -> Network:
        """(A x)_i, [A B]_{ij}."""
        s = self.spoken
        if len(self.now) > 1:
            letters = [self.bound.get(c, c) for c in s.take().text[1:]]
        else:
            s.i += self.now == "_"
            letters = self.places()
        axes = [a for a in (net.row, net.col) if a]
        bound = [a for a in letters if a in self.bound.values()]
        if len(axes) != len(letters) or not net.row or ":" in letters or set(bound) & net.axes or net.axes - set(axes) and bound != letters:
            raise self.misfit("an entry of this cannot be read")
        fixed = {axis: letter for axis, letter in zip(axes, letters, strict=True) if letter not in bound}
        out = Network((self.placed(self.material(net), fixed),))
        for axis, index in zip(axes, letters, strict=True):
            if axis not in fixed:
                self.ranges.same(index, axis)
                out = out.renamed(axis, index)
        return out
