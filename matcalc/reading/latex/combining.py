"""Products, sums and functions of products of entries: how networks are put together."""

from __future__ import annotations

from ...language.shape import InputError
from ..networks import Factor, Network, closed
from .index_scope import Scope
from .names import Ambiguity
from .products import Products


class Combining:
    """Puts networks together. A third free index is summed with any vector: what holds for each vector holds for each index."""

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
        if net.spent or self.scope.third is None:
            return net
        index, name = self.scope.third
        return self.totalled(self.times(net, Network((Factor(name, (index,)),))), {index})._replace(spent=True)

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
