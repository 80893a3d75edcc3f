"""Entries and rows: what a name with an index stands for, and the products and sums of such."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Self

from ...language.shape import InputError
from .names import QUOTIENT
from .combining import Combining
from ..networks import Factor, Network, closed
from .index_conditions import Rows
from .macros import group
from .products import Products
from .tokens import Tokens
from .index_scope import Shape


class Entries(Combining):
    """Turns names with indices into tensor networks."""

    def part(self, source: Tokens) -> Self:
        """A reader of tokens inside these."""
        out = super().part(source)
        out.scope = self.scope
        return out

    # ------------------------------------------------------------ indices behind names
    def scripted(self, head: str, at: int) -> str:
        """A name without the indices behind it."""
        if self.now == "_" and self.indices_at(self.i) is not None or self.now == "^" and self.sample_at(self.i) is not None:
            return self.names.resolve(head)
        below = group(self.tokens, self.i + 1)[0] if self.now == "_" else []
        if any(t in self.scope.letters for t, _ in below):
            raise self.error("this index cannot be read")
        return super().scripted(head, at)

    def indices_at(self, k: int) -> tuple[tuple[str, ...], int] | None:
        """The indices below that begin there, and what stands behind; a colon is a whole row or column."""
        part, behind = group(self.tokens, k + 1)
        found = [":" if t in (":", r"\cdot", "*") else t for t, _ in part if t != ","]
        real = [t for t in found if t != ":"]
        if not real or len(found) > 2 or not set(real) <= self.scope.letters:
            return None
        return tuple(t if t == ":" else self.scope.index(t) for t in found), behind

    def sample_at(self, k: int) -> tuple[str, int] | None:
        """i of x^{(i)}."""
        part, behind = group(self.tokens, k + 1)
        said = [t for t, _ in part]
        if len(said) != 3 or said[0] != "(" or said[2] != ")" or said[1] not in self.scope.letters:
            return None
        return self.scope.index(said[1]), behind

    def subscripts(self) -> tuple[str, ...]:
        """The indices that come now, behind us; that of a sample first."""
        sample: tuple[str, ...] = ()
        below: tuple[str, ...] = ()
        while True:
            lower = self.indices_at(self.i) if self.now == "_" and not below else None
            upper = self.sample_at(self.i) if self.now == "^" and not sample else None
            if lower is not None:
                below, self.i = lower
            elif upper is not None:
                sample, self.i = ("(", upper[0]), upper[1]
            else:
                return (*sample, *below)

    def entry(self, name: str, at: int) -> Network:
        """The network of a name with its indices."""
        indices = self.subscripts()
        if name in self.scope.put and not indices:
            return self.scope.put[name]
        if not indices and name in self.scope.letters and not self.names.known(name):
            raise self.error(f"an index used as a number cannot be read: {name}", at=at)
        shape = self.extent(name) if name not in self.scope.samples and (indices[:1] != ("(",) or self.names.known(name)) else None
        if name in self.scope.sizes:
            return Network((Factor(name),))
        if shape == ("1", "1") and len(indices) == 1 and self.names.asks and not self.names.known(name):
            shape, self.scope.lettered[name] = None, at
        unknown = len(indices) == 1 and (shape is None or self.scope.sampled(name, indices[0])) and name not in self.scope.new
        if indices[:1] == ("(",) or unknown or name in self.scope.rows and indices:
            sample = indices[1] if indices[0] == "(" else indices[0]
            rest = indices[2:] if indices[0] == "(" else indices[1:]
            if indices[0] == "(" and shape is None and (rest or name in self.scope.vectors) and name not in self.scope.rows:
                self.scope.families.add(name)
            found = self.scope.family(name, sample)
            if found is not None:
                return self.row(found, sample, rest, at)
            if rest:
                raise self.error(f"an entry of {name} cannot be read", at=at)
            indices = (sample,)
        if not indices:
            return self.plain_name(name, shape)
        capital = name.upper() if len(name) == 1 and len(indices) == 2 and not self.names.known(name) else name
        if capital != name and self.names.known(capital) and "1" not in (self.names.shape(capital) or "1"):
            name, shape = capital, self.names.shape(capital)
        if len(indices) == 2 and ":" in indices:
            return self.line_of(name, indices, at)
        if shape is None:
            axes = self.scope.new.setdefault(name, indices)
            if len(axes) != len(indices):
                raise self.error(f"{name} has one index here and two there", at=at)
            for one, two in zip(axes, indices, strict=True):
                self.scope.ranges.same(one, two)
            return Network((Factor(name, indices),))
        if len(sizes := [s for s in shape if s != "1"]) != len(indices) or shape[0] == "1":
            why = (f"{name} is a scalar here", f"an entry of {name} cannot be read", f"{name} has two indices")[len(sizes)]
            raise self.error(why, at=at)
        for index, size in zip(indices, sizes, strict=True):
            self.scope.fits(index, size)
        return Network((Factor(name, indices),))

    def extent(self, text: str) -> Shape | None:
        """The shape of a name; a size that only the inference has named is "?"."""
        sure = self.names.shape(text)
        if sure is not None:
            return None if sure == ("1", "1") and self.scope.shown(text) else sure
        known = self.names.known(text) or QUOTIENT.fullmatch(text)
        if (found := self.names.guessed(text) if known else self.names.used(text)) is None:
            return None
        one, two = (s if s == "1" or set(re.findall(r"[A-Za-z_]\w*", s)) <= self.scope.sizes else "?" for s in found)
        return one, two

    def plain_name(self, name: str, shape: Shape | None) -> Network:
        """The network of a name without an index."""
        if shape is not None:
            return self.sized(name, shape)
        if name in self.scope.new:
            axes = self.scope.new[name]
        elif name in self.scope.vectors and not self.names.known(name):
            axes = self.scope.new[name] = (self.scope.ranges.fresh(),)
        elif name[0].isupper() and name not in self.scope.plain and not self.names.known(name) and name not in self.scope.upper.values():
            self.scope.capitals[name] = None
            axes = self.scope.new[name] = (self.scope.ranges.fresh(), self.scope.ranges.fresh())
        else:
            self.scope.numbers.add(name)
            return Network((Factor(name),))
        own = tuple(self.scope.ranges.fresh() for _ in axes)
        for one, two in zip(axes, own, strict=True):
            self.scope.ranges.same(one, two)
        return Network((Factor(name, own),), own[0], own[1] if len(own) == 2 else "")

    def row(self, found: Rows, index: str, rest: tuple[str, ...], at: int) -> Network:
        """x_i, a row of a matrix as a column, or an entry of it."""
        matrix, columns, sure = found
        if not sure or matrix not in self.scope.new:
            self.doubt(at, f"{'a column' if columns else 'a row'} of {matrix}", sure)
        shape = self.names.shape(matrix) if matrix not in self.scope.new else None
        if len(rest) > 1:
            raise self.error("an entry with three indices cannot be read", at=at)
        along = rest[0] if rest else self.scope.ranges.fresh()
        axes = (along, index) if columns else (index, along)
        if shape is not None:
            for axis, size in zip(axes, shape, strict=True):
                self.scope.fits(axis, size)
        else:
            for axis, other in zip(axes, self.scope.new.get(matrix, axes), strict=True):
                self.scope.ranges.same(axis, other)
        return Network((Factor(matrix, axes),), "" if rest else along)

    def line_of(self, name: str, indices: tuple[str, ...], at: int) -> Network:
        """A_{i:} is a row of A, A_{:j} a column."""
        shape = self.names.shape(name)
        if shape is None or "1" in shape:
            raise self.error(f"a row of {name} cannot be read", at=at)
        axes = tuple(self.scope.ranges.fresh() if i == ":" else i for i in indices)
        for axis, size in zip(axes, shape, strict=True):
            self.scope.fits(axis, size)
        return Network((Factor(name, axes),), axes[0] if indices[0] == ":" else "", axes[1] if indices[1] == ":" else "")

    def sized(self, text: str, shape: Shape) -> Network:
        """A text of a known shape."""
        axes = self.fresh_axes(shape)
        transposed = not axes[0] and axes[1]
        return Network((Factor(f"{closed(text)}'" if transposed else text, tuple(a for a in axes if a)),), axes[0], axes[1])

    def fresh_axes(self, sizes: Iterable[str]) -> tuple[str, ...]:
        """New indices of these sizes, none for 1; a size that is not known is "?"."""
        return tuple("" if s == "1" else self.scope.ranges.fresh("" if s == "?" else s) for s in sizes)

    def known(self, text: str) -> Network | None:
        """A text whose shape is known."""
        shape = self.names.shape(text) or (self.extent(text) if QUOTIENT.fullmatch(text) else None)
        return None if shape is None else self.sized(text, shape)

    def by_itself(self, at: int) -> Network | None:
        """Read a part without indices by the reader of ordinary formulas."""
        self.i = at
        mark = self.mark()
        try:
            reader = Products(self.tokens[at:], self.names, self.text, self.doubts)
            reader.closing, reader.end = self.closing, self.end
            text = reader.atom()
        except InputError:
            text = ""
        used = self.tokens[at:at + reader.i]
        marks = [(t, at + k) for k, (t, _) in enumerate(used)]
        indexed = any(t == "_" and self.indices_at(k) or t == "^" and self.sample_at(k) for t, k in marks)
        indexed |= len(reader.tokens) != len(self.tokens) - at
        if not text or indexed or (used[-1:] and used[0][0] in self.scope.letters):
            self.back(mark)
            return None
        self.i = at + reader.i
        if (found := self.known(text)) is None and text.startswith(("diag(", "inv(", "kron(")):
            raise self.error(f"the shape of {text} is not known", at=at)
        return found or Network((Factor(text),))

    def entry_of_bracket(self, net: Network) -> Network:
        """[..]_i, (..)_{ij}."""
        found = self.indices_at(self.i)
        if found is None:
            raise self.error("this index cannot be read")
        indices, behind = found
        axes = [a for a in (net.row, net.col) if a]
        if len(axes) != len(indices) or not net.row or ":" in indices:
            raise self.error("an entry of this cannot be read")
        m = self.material(net)
        out = Network((m,), net.row, net.col)
        for axis, index in zip(axes, indices, strict=True):
            if index in m.axes:
                raise self.error("an index that is used in its own bracket cannot be read")
            self.scope.ranges.same(index, axis)
            out = out.renamed(axis, index)
        self.i = behind
        return out._replace(row="", col="")

    def differentiated(self, f: Network, by: list[tuple[str, tuple[str, ...]]], at: int) -> Network:
        """The entries of a derivative."""
        name, indices = by[0]
        if self.scope.third is not None and self.scope.third[0] in f.axes and max(len(f.axes), len(by), len(indices)) > 1 and not f.spent:
            spent = self.spent(f)._replace(spent=False)
            return self.differentiated(spent, by, at)._replace(spent=True)
        m = self.material(f)
        if len(by) == len(indices) == 1 and not m.axes and not f.row and not f.col and not self.names.known(name) and \
                (name in self.scope.rows or name in self.scope.families) and (found := self.scope.family(name, indices[0])) is not None:
            whole = self.row(found, indices[0], (), at)         # by a row of a matrix: a row of the derivative by it
            [factor] = whole.factors
            return Network((Factor(f"(d({m.text})/d({found.matrix}))", factor.axes),), whole.row)
        shape = self.extent(name)
        if shape is None and name in self.scope.new:
            sizes = len(self.scope.new[name])
        elif shape is None:
            sizes = len(indices)
            if indices:
                self.scope.new[name] = indices
        else:
            sizes = sum(s != "1" for s in shape)
        if f.row or f.col or len(m.axes) > 1 or (indices and len(indices) != sizes) or "(" in indices or ":" in indices:
            raise self.error("this derivative by an entry cannot be read", at=at)
        if shape is not None:
            for index, size in zip(indices, [s for s in shape if s != "1"], strict=False):
                self.scope.fits(index, size)
        row = col = ""
        if len(by) == 2:
            other, second = by[1]
            if other != name or m.axes or len(indices) != 1 or len(second) != 1:
                raise self.error("this second derivative cannot be read", at=at)
            return Network((Factor(f"(d(d({m.text})/d({name}))/d({name}))", (*second, *indices)),))
        if m.axes and sizes != 1:
            raise self.error("the derivative of an entry by those of a matrix cannot be read", at=at)
        if not indices and sizes:
            indices = self.fresh_axes([s for s in shape or ["?"] * sizes if s != "1"])
            for one, two in zip(self.scope.new.get(name, ()) if shape is None else (), indices, strict=False):
                self.scope.ranges.same(one, two)
            row, col = (*indices, "")[:2]
        return Network((Factor(f"(d({m.text})/d({name}))", (*indices, *m.axes)),), row, col)
