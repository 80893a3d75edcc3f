"""Entries and rows: what a name with an index stands for, and the products and sums of such."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .names import QUOTIENT
from .combining import Combining
from ..networks import Factor, Network, closed
from .index_conditions import Rows
from .marks import Indexed
from .index_scope import Shape


class Entries(Combining):
    """Turns names with indices into tensor networks."""

    def entry(self, what: Indexed) -> Network:
        """The network of a name with its indices."""
        name, indices = what.name, what.indices
        if not indices and name in self.scope.letters and not self.names.known(name):
            raise self.error(f"an index used as a number cannot be read: {name}")
        shape = self.extent(name) if name not in self.scope.samples and (indices[:1] != ("(",) or self.names.known(name)) else None
        if name in self.scope.sizes:
            return Network((Factor(name),))
        if shape == ("1", "1") and len(indices) == 1 and self.names.asks and not self.names.known(name):
            shape, self.scope.lettered[name] = None, what.place
        unknown = len(indices) == 1 and (shape is None or self.scope.sampled(name, indices[0])) and name not in self.scope.new
        if indices[:1] == ("(",) or unknown or name in self.scope.rows and indices or (
                len(indices) == 1 and self.scope.of_matrix(name, indices[0])):
            sample = indices[1] if indices[0] == "(" else indices[0]
            rest = indices[2:] if indices[0] == "(" else indices[1:]
            if indices[0] == "(" and shape is None and (rest or name in self.scope.vectors) and name not in self.scope.rows:
                self.scope.families.add(name)
            found = self.scope.family(name, sample)
            if found is not None:
                return self.row(found, sample, rest, what.written)
            if rest:
                raise self.error(f"an entry of {name} cannot be read")
            indices = (sample,)
        if not indices:
            return self.plain_name(name, shape)
        capital = name.upper() if len(name) == 1 and len(indices) == 2 and not self.names.known(name) else name
        if capital != name and self.names.known(capital) and "1" not in (self.names.shape(capital) or "1"):
            name, shape = capital, self.names.shape(capital)
        if len(indices) == 2 and ":" in indices:
            return self.line_of(name, indices)
        if shape is None:
            axes = self.scope.new.setdefault(name, indices)
            if len(axes) != len(indices):
                raise self.error(f"{name} has one index here and two there")
            for one, two in zip(axes, indices, strict=True):
                self.scope.ranges.same(one, two)
            return Network((Factor(name, indices),))
        if len(sizes := [s for s in shape if s != "1"]) != len(indices) or shape[0] == "1":
            why = (f"{name} is a scalar here", f"an entry of {name} cannot be read", f"{name} has two indices")[len(sizes)]
            raise self.error(why)
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

    def row(self, found: Rows, index: str, rest: tuple[str, ...], written: str) -> Network:
        """x_i, a row of a matrix as a column, or an entry of it."""
        matrix, columns, sure = found
        if not sure or matrix not in self.scope.new:
            self.doubt(written, f"{'a column' if columns else 'a row'} of {matrix}", sure)
        shape = self.names.shape(matrix) if matrix not in self.scope.new else None
        if len(rest) > 1:
            raise self.error("an entry with three indices cannot be read")
        along = rest[0] if rest else self.scope.ranges.fresh()
        axes = (along, index) if columns else (index, along)
        if shape is not None:
            for axis, size in zip(axes, shape, strict=True):
                self.scope.fits(axis, size)
        else:
            for axis, other in zip(axes, self.scope.new.get(matrix, axes), strict=True):
                self.scope.ranges.same(axis, other)
        return Network((Factor(matrix, axes),), "" if rest else along)

    def line_of(self, name: str, indices: tuple[str, ...]) -> Network:
        """A_{i:} is a row of A, A_{:j} a column."""
        shape = self.names.shape(name)
        if shape is None or "1" in shape:
            raise self.error(f"a row of {name} cannot be read")
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

    def entry_of_bracket(self, net: Network, what: Indexed) -> Network:
        """[..]_i, (..)_{ij}."""
        indices, self.place = tuple(map(self.scope.index, what.indices)), what.place
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
        return out._replace(row="", col="")

    def differentiated(self, f: Network, by: list[tuple[str, tuple[str, ...]]]) -> Network:
        """The entries of a derivative."""
        name, indices = by[0]
        if self.scope.third is not None and self.scope.third[0] in f.axes and max(len(f.axes), len(by), len(indices)) > 1 and not f.spent:
            spent = self.spent(f)._replace(spent=False)
            return self.differentiated(spent, by)._replace(spent=True)
        m = self.material(f)
        if len(by) == len(indices) == 1 and not m.axes and not f.row and not f.col and not self.names.known(name) and \
                (name in self.scope.rows or name in self.scope.families) and (found := self.scope.family(name, indices[0])) is not None:
            whole = self.row(found, indices[0], (), f"{name}_{indices[0]}")         # by a row of a matrix: a row of the derivative by it
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
            raise self.error("this derivative by an entry cannot be read")
        if shape is not None:
            for index, size in zip(indices, [s for s in shape if s != "1"], strict=False):
                self.scope.fits(index, size)
        row = col = ""
        if len(by) == 2:
            other, second = by[1]
            if other != name or m.axes or len(indices) != 1 or len(second) != 1:
                raise self.error("this second derivative cannot be read")
            return Network((Factor(f"(d(d({m.text})/d({name}))/d({name}))", (*second, *indices)),))
        if m.axes and sizes != 1:
            raise self.error("the derivative of an entry by those of a matrix cannot be read")
        if not indices and sizes:
            indices = self.fresh_axes([s for s in shape or ["?"] * sizes if s != "1"])
            for one, two in zip(self.scope.new.get(name, ()) if shape is None else (), indices, strict=False):
                self.scope.ranges.same(one, two)
            row, col = (*indices, "")[:2]
        return Network((Factor(f"(d({m.text})/d({name}))", (*indices, *m.axes)),), row, col)
