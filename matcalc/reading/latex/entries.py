"""Entries and rows: what a name with an index stands for, and the products, sums and functions of such."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .names import SLOPES, Ambiguity
from .tensor_networks import Factor, Network, closed
from .index_scope import Shape, Scope, Rows, Indexed
from ...language.shape import InputError
from .products import Products


class Entries:
    """Turns names with indices into tensor networks, and puts them together. A third free index is summed with any vector: what holds
    for each vector holds for each index."""

    def __init__(self, reader: Products, scope: Scope, place: int) -> None:
        self.reader, self.scope, self.names, self.place = reader, scope, reader.names, place

    def error(self, message: str, hint: str | None = None) -> InputError:
        """An error at what was looked at last."""
        return self.names.misread(self.reader.text, self.place, self.reader.told(message), hint)

    def doubt(self, written: str, reading: str, sure: bool = False) -> None:
        """Note how what was written was read."""
        self.reader.doubts.append(Ambiguity(written, self.reader.told(reading), sure))

    def spent(self, net: Network) -> Network:
        """A network summed with the vector of the third index."""
        return net if net.spent or self.scope.third is None else self.along(net, *self.scope.third)._replace(spent=True)

    def along(self, net: Network, index: str, name: str) -> Network:
        """A network summed with a vector."""
        return self.totalled(self.times(net, Network((Factor(name, (index,)),))), {index})

    def material(self, net: Network) -> Factor:
        """A network as one factor."""
        if net.spent:
            raise self.error("three free indices at once cannot be read here")
        order = (*sorted(net.axes - {net.row, net.col}), *(a for a in (net.row, net.col) if a))
        return Factor(self.scope.ranges.text(net, order), order)

    def entrywise(self, form: str, net: Network) -> Network:
        """A function of every entry."""
        m = self.material(net)
        return Network((Factor(form.format(m.text), m.axes),), net.row, net.col)

    def reciprocal(self, net: Network) -> Network:
        """One over a number."""
        if net.row or net.col:
            raise self.error("a division by a vector cannot be read")
        m = self.material(net)
        return Network((Factor(f"({'1./' if m.axes else '1/'}{closed(m.text)})", m.axes),))

    def times(self, one: Network, two: Network, entrywise: bool = False) -> Network:
        """The product of matrices, or that of entries."""
        if one.terms or two.terms:
            sums = [net.terms or (("+", net),) for net in (one, two)]
            return self.added([("+" if s == t else "-", self.times(a, b, entrywise)) for s, a in sums[0] for t, b in sums[1]])
        summed = set(one.summed | two.summed)
        row, col = one.row or two.row, one.col or two.col
        alone = not (one.row or one.col) or not (two.row or two.col)
        if entrywise and not alone:
            if bool(one.row) != bool(two.row) or bool(one.col) != bool(two.col):
                raise self.error("the shapes in this product do not fit")
            for a, b in ((one.row, two.row), (one.col, two.col)):
                if a:
                    self.scope.ranges.same(a, b)
                    two = two.renamed(b, a)
        elif not alone:
            if bool(one.col) != bool(two.row):
                raise self.error("the shapes in this product do not fit")
            row, col = one.row, two.col
            if one.col:
                self.scope.ranges.same(one.col, two.row)
                two = two.renamed(two.row, one.col)
                summed = set(one.summed | two.summed) | {one.col}
        third = self.scope.third
        if third is not None and (one.spent and third[0] in two.axes or two.spent and (one.spent or third[0] in one.axes)):
            raise self.error("three free indices at once cannot be read here")
        return Network((*one.factors, *two.factors), row, col, frozenset(summed), one.spent or two.spent)

    def transposed(self, net: Network) -> Network:
        """Rows for columns."""
        if not net.row and not net.col:
            raise self.error("a transposed number cannot be read")
        return net._replace(row=net.col, col=net.row, terms=tuple((sign, self.transposed(t)) for sign, t in net.terms))

    def totalled(self, net: Network, indices: set[str]) -> Network:
        """Summed over indices."""
        if net.terms:
            return self.added([(sign, self.totalled(t, indices)) for sign, t in net.terms])
        row, col = ("" if a in indices else a for a in (net.row, net.col))
        return net._replace(row=row, col=col, summed=net.summed | indices)

    def added(self, terms: list[tuple[str, Network]]) -> Network:
        """Terms with signs, each with all the indices that one of them has."""
        first = terms[0][1]
        nets: list[Network] = []
        for _, net in terms:
            if bool(net.row) != bool(first.row) or bool(net.col) != bool(first.col):
                raise self.error("the shapes in this sum do not fit")
            for a, b in ((first.row, net.row), (first.col, net.col)):
                if a and a != b:
                    self.scope.ranges.same(a, b)
                    net = net.renamed(b, a)
            nets.append(net)
        dims = [a for a in (first.row, first.col) if a]
        axes = {a for n in nets for a in n.axes} - set(dims)
        spent = any(n.spent for n in nets) or self.scope.third is not None and self.scope.third[0] in axes and len(axes) + len(dims) > 2
        if spent:
            nets = [self.spent(n) for n in nets]
            axes -= {self.scope.third[0]} if self.scope.third is not None else set()
        order = (*sorted(axes), *dims)
        if len(order) > 2 and self.scope.third is None:
            flat = [(sign, net) for (sign, _), net in zip(terms, nets, strict=True)]
            several = [("+" if s == t else "-", part) for s, net in flat for t, part in net.terms or (("+", net),)]
            return Network((), first.row, first.col, terms=tuple(several))
        out = ""
        for (sign, _), net in zip(terms, nets, strict=True):
            out += f" {sign} {self.scope.ranges.text(net, order)}"
        out = out.removeprefix(" + ").removeprefix(" ").replace("- ", "-", 1) if out.startswith(" - ") else out.removeprefix(" + ")
        return Network((Factor(f"({out})", order),), first.row, first.col, spent=spent)

    # ------------------------------------------------------------ names with indices
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
        of_matrix = "1" not in (self.names.shape(capital) or "1") if self.names.known(capital) else self.scope.always_indexed(name)
        if capital != name and of_matrix:
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
            raise self.error(why, None if self.names.known(name) else f"declare {name} in R^{'n' if len(indices) == 1 else '(m,n)'}")
        for index, size in zip(indices, sizes, strict=True):
            self.scope.fits(index, size)
        return Network((Factor(name, indices),))

    def extent(self, text: str) -> Shape | None:
        """The shape of a name; a size that only the inference has named is "?"."""
        sure = self.names.shape(text)
        if sure is not None:
            return None if sure == ("1", "1") and self.scope.shown(text) else sure
        known = self.names.known(text) or SLOPES.fullmatch(text)
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
        elif (name in self.scope.vectors or self.scope.beside(name)) and not self.names.known(name):
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
        shape = self.names.shape(text) or (self.extent(text) if SLOPES.fullmatch(text) else None)
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
