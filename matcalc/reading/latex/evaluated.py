"""A text of the language with marks for what has indices, as a tensor network: \\sum_j A_{ij} x_j has the factors A and x, and is A*x."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from ...language.operations import ELEMENTWISE_NAMES
from ...records import Record
from ..grammar.brackets import ROUND, closing, opening
from ..grammar.functions import WRAPPERS, fold
from .tensor_networks import DELTA, Factor, Network, closed
from ..grammar.reader import Reader
from ..grammar.tokens import Line, written
from .calls import slope_of
from .entries import Entries
from .index_scope import SIGN, Indexed, Summed

NORMS = frozenset(("norm1", "norm2", "normF"))


class Node(Record):
    """An operation of the language, where its sign stands, and what it is applied to."""

    op: str
    at: int
    data: Any
    parts: tuple[Node, ...]


class Evaluated(Entries):
    """Turns texts with marks into networks."""

    tokens: Sequence[str] = ()

    def value(self, text: str) -> Network:
        """The network of a text."""
        line = Line(text)
        self.tokens = line.tokens
        code = Reader(line, {*self.names.functions, *ELEMENTWISE_NAMES}).whole()
        return self.of(fold(code, lambda op, at, data, parts: Node(op, at, data, tuple(parts))))

    def of(self, node: Node) -> Network:
        """The network of a part."""
        found = getattr(self, f"of_{OPERATIONS[node.op]}", None) if node.op in OPERATIONS else None
        return found(node) if found is not None else self.piece(node)

    # ------------------------------------------------------------ names and calls
    def of_name(self, node: Node) -> Network:
        """A name, perhaps with indices."""
        what = self.mark(node)
        if what is None:
            return self.piece(node) if node.data in ("eye", "I") else self.entry(Indexed(str(node.data), (), self.place, str(node.data)))
        assert isinstance(what, Indexed)
        self.place = what.place
        if what.name == DELTA:
            pair = tuple(map(self.scope.index, what.indices))
            self.scope.ranges.same(*pair)
            return Network((Factor(DELTA, pair),))
        return self.entry(what._replace(indices=tuple(t if t in ":(" else self.scope.index(t) for t in what.indices)))

    def mark(self, node: Node) -> Indexed | Summed | None:
        """What a name stands for, where it is a mark."""
        assert self.reader.marks is not None
        return self.reader.marks.found.get(str(node.data)) if node.op == "name" else None

    def of_number(self, node: Node) -> Network:
        """A number."""
        return Network((Factor(self.tokens[node.at]),))

    def text(self, first: int, last: int) -> str:
        """The tokens from one to another as a text."""
        return written(self.tokens[first:last + 1])

    def end(self, node: Node) -> int:
        """The last token of a name, a call or a derivative."""
        last = node.at
        while node.op != "name" and self.tokens[last + 1] == "'":
            last += 1
        for _ in range((node.op != "name") + (self.tokens[node.at] in WRAPPERS)):
            last = closing(self.tokens, last + 1, ROUND)
        return last

    def piece(self, node: Node) -> Network:
        """A part without indices, by its shape."""
        text = self.text(node.at, self.end(node))
        if SIGN in text:
            raise self.error(f"{self.tokens[node.at]} with an index cannot be read")
        if (found := self.known(text)) is None and text.startswith(("diag(", "inv(", "kron(")):
            raise self.error(f"the shape of {text} is not known")
        return found or Network((Factor(text),))

    def of_call(self, node: Node) -> Network:
        """A function of a part with indices, or of one without."""
        if SIGN in self.text(node.at, self.end(node)):
            if node.data in NORMS:
                return self.norm(node)
            if node.data == "tr":
                return self.trace(self.of(node.parts[0]))
            if node.data == "step":
                return self.entrywise("step({})", self.of(node.parts[0]))
            inner = self.of(node.parts[0]) if node.data == "softmax" else None
            if inner is not None and not (inner.row or inner.col) and len((m := self.material(inner)).axes) == 1:
                return Network((Factor(f"softmax({m.text})", m.axes),))         # of z_i: an entry of softmax(z) is meant
        return self.piece(node)

    def of_function(self, node: Node) -> Network:
        """\\exp(x_i), \\sigma'(z_i): a function of numbers, entry by entry."""
        name, primes, kind = node.data
        if kind or name not in ELEMENTWISE_NAMES and name not in self.names.curves:
            return self.piece(node)
        inner = self.of(node.parts[0])
        if not primes:
            return self.entrywise(f"{name}({{}})", inner)
        m = self.material(inner)
        slope = f"{name}{chr(39) * primes}({m.text})" if name in self.names.curves else slope_of(name, m.text, not m.axes)
        return Network((Factor(slope, m.axes),), inner.row, inner.col)

    def norm(self, node: Node, squared: bool = False) -> Network:
        """The norm of a row."""
        inner = self.of(node.parts[0])
        if not inner.row and not inner.col:
            raise self.error("the norm of a number cannot be read")
        if inner.row and inner.col and node.data != "normF":
            raise self.error("this norm cannot be read")
        if inner.terms and squared:
            return self.totalled(self.times(inner, inner, True), {inner.row, inner.col} - {""})
        form = "abs({})" if node.data == "norm1" else "({}).^2"
        total = self.totalled(self.entrywise(form, inner), {inner.row, inner.col} - {""})
        return total if squared or node.data == "norm1" else self.entrywise("sqrt({})", total)

    def trace(self, inner: Network) -> Network:
        """The trace of a product with indices in it."""
        if not inner.row and not inner.col:
            return inner
        if not inner.row or not inner.col:
            raise self.error("the trace of this cannot be read")
        if inner.row != inner.col:
            self.scope.ranges.same(inner.row, inner.col)
        m = self.material(inner)
        axes = tuple(inner.row if a == inner.col else a for a in m.axes)
        return self.totalled(Network((Factor(m.text, axes),)), {inner.row})

    def of_differential(self, node: Node) -> Network:
        """d p_i, an entry of d(p)."""
        inner = self.of(node.parts[0])
        m = self.material(inner)
        if self.names.asks and not self.names.differentials:
            said = self.reader.said(f"d({m.text})")
            raise self.error(f"{said} has two readings: the differential, and a product with d", "write the one that is meant")
        turned = len(m.axes) == 2 and m.text.endswith("'")       # d(P') is d(P) the other way
        return Network((Factor(f"d({m.text[:-1]})", m.axes[::-1]) if turned else Factor(f"d({m.text})", m.axes),), inner.row, inner.col)

    def of_derivative(self, node: Node) -> Network:
        """\\partial f/\\partial x_i, an entry of a derivative."""
        f, by, last = node.parts[0], [node.parts[1]], node.at
        first = opening(self.tokens, last - 1, ROUND) - 1
        if SIGN not in self.text(first, closing(self.tokens, last + 2, ROUND)) and (f.op == "derivative" or by[0].op != "name"):
            return self.known(text := self.text(first, closing(self.tokens, last + 2, ROUND))) or Network((Factor(text),))
        if f.op == "derivative":
            f, by, last = f.parts[0], [f.parts[1], *by], f.at
            first = opening(self.tokens, last - 1, ROUND) - 1
        text = self.text(first + 2, last - 2)
        net = self.of(f) if SIGN in text else self.known(text) or Network((Factor(text),))
        names: list[tuple[str, tuple[str, ...]]] = []
        for x in by:
            what = self.mark(x)
            if x.op != "name" or isinstance(what, Summed) or x.data in self.scope.letters:
                raise self.error("this derivative by an entry cannot be read")
            names.append((str(x.data), ()) if what is None else
                         (what.name, tuple(t if t in ":(" else self.scope.index(t) for t in what.indices)))
        return self.differentiated(net, names)

    # ------------------------------------------------------------ sums and products
    def of_sum(self, node: Node) -> Network:
        """A sum of signed terms."""
        minus = [True] if node.op == "neg" else node.data
        return self.added([("-" if m else "+", self.of(part)) for m, part in zip(minus, node.parts, strict=True)])

    def of_product(self, node: Node) -> Network:
        """Factors side by side, or divided; a mark in front says what the others are."""
        what = self.mark(node.parts[0])
        if isinstance(what, Summed):
            return self.total(what, node.parts[1])
        if what is not None and what.name in ("", "dot"):
            return self.entry_of_bracket(self.of(node.parts[1]), what) if not what.name else self.dot(what, *map(self.of, node.parts[1:]))
        out = self.of(node.parts[0])
        for at, part in zip(node.data, node.parts[1:], strict=True):
            right = self.of(part)
            out = self.times(out, self.reciprocal(right) if self.tokens[at] == "/" else right)
        return out

    def dot(self, what: Indexed, one: Network, two: Network) -> Network:
        """x \\cdot x_i: the inner product of two columns, or of two rows."""
        if self.names.asks and one.row and not one.col and not two.row and self.material(two).axes:
            raise self.error(f"{what.written} has two readings: a product with the entry, a number, and an inner product with a vector",
                             "write the one that is meant")
        sides = [(bool(net.row), bool(net.col)) for net in (one, two)]
        inner = sides[0] == sides[1] and sides[0] in ((True, False), (False, True))
        out = self.times(one, two, inner)
        return self.totalled(out, {out.row or out.col}) if inner else out

    def of_hadamard(self, node: Node) -> Network:
        """A product of entries."""
        out = self.of(node.parts[0])
        for at, part in zip(node.data, node.parts[1:], strict=True):
            if self.tokens[at] != ".*":
                raise self.error("this product of entries cannot be read")
            out = self.times(out, self.of(part), True)
        return out

    def of_transpose(self, node: Node) -> Network:
        """Rows for columns."""
        return self.transposed(self.of(node.parts[0]))

    def of_power(self, node: Node) -> Network:
        """Numbers raised entry by entry; the inverse of a matrix."""
        base, exponent = node.parts
        if base.op == "call" and base.data in NORMS - {"norm1"} and exponent.op == "number" and self.tokens[exponent.at] == "2" and \
                SIGN in self.text(base.at, self.end(base)):
            return self.norm(base, True)
        out, by = self.of(base), exponent.parts[0] if exponent.op == "neg" else exponent
        m = self.material(out)
        if out.row and out.col and by is not exponent and by.op == "number" and self.tokens[by.at] == "1":
            return Network((Factor(f"inv({m.text})", m.axes),), out.row, out.col)
        if out.row or out.col:
            raise self.error("a power of a vector cannot be read")
        e = self.material(self.of(exponent))
        if e.axes not in ((), m.axes):
            raise self.error("a power with an index cannot be read")
        return Network((Factor(f"{closed(m.text)}{'.^' if m.axes else '^'}({e.text})", m.axes),))

    # ------------------------------------------------------------ sums over an index
    def total(self, what: Summed, body: Node) -> Network:
        """What a sum over an index is."""
        before, self.place = dict(self.scope.bound), what.place
        indices = {self.scope.bind(letter, what.upper) for letter in what.letters}
        out = self.scope.tied(self.of(body), indices)
        if what.of:
            return self.weighted(out, indices, what, before)
        pair = tuple(self.scope.index(t) for t in what.pair)
        self.scope.bound, self.place = before, what.place
        if not indices <= out.axes | set(pair):
            raise self.error("nothing under this sum depends on its index")
        return self.apart(out, indices, pair, what) if pair else self.totalled(out, indices)

    def weighted(self, out: Network, indices: set[str], what: Summed, before: dict[str, str]) -> Network:
        """A sum over some indices, those of a set: over all, with weights, any numbers, in the place of 1 for what is in it."""
        pair = tuple(self.scope.index(t) for t in what.pair)
        self.scope.bound = before
        name = self.names.weights(what.of, len(pair), self.reader.text)
        if not self.names.known(name):
            self.scope.new.setdefault(name, pair)
        for index, size in zip(pair, self.names.shape(name) or (), strict=False):
            self.scope.fits(index, size)
        return self.totalled(self.times(out, Network((Factor(name, pair),))), indices)

    def apart(self, out: Network, indices: set[str], pair: tuple[str, ...], what: Summed) -> Network:
        """A sum without its diagonal; over i < j half of it, where the other half is the same."""
        one, two = pair
        self.scope.ranges.same(one, two)
        if what.sign != "!=":
            sides = [self.scope.ranges.text(net, pair) for net in (out, out.renamed(one, "#").renamed(two, one).renamed("#", two))] \
                if indices >= set(pair) == out.axes and not out.row else ["", "-"]
            if not self.names.same(*(re.sub(r"\?[#\w]+\?", "n", t) for t in sides)):
                return self.triangle(out, indices, pair if what.sign == "<" else pair[::-1], what)
        diagonal = self.times(out, Network((Factor(DELTA, (one, two)),)))
        whole = self.added([("+", self.totalled(out, indices)), ("-", self.totalled(diagonal, indices))])
        return whole if what.sign == "!=" else self.times(Network((Factor("0.5"),)), whole)

    def triangle(self, out: Network, indices: set[str], pair: tuple[str, ...], what: Summed) -> Network:
        """A sum over i < j, or over the j that are greater: with a matrix whose entries are any numbers, in the place of 1 for i < j and 0
        elsewhere. What holds for all of these holds for that; what does not hold is not judged."""
        name = self.names.one_for_less(self.reader.text)
        if not self.names.known(name):
            self.scope.new[name] = pair
        for index, size in zip(pair, self.names.shape(name) or (), strict=False):
            self.scope.fits(index, size)
        self.doubt(what.written, f"with entries of any matrix {name} for 1 where one index is less than the other")
        return self.totalled(self.times(out, Network((Factor(name, pair),))), indices)


OPERATIONS = {"name": "name", "number": "number", "call": "call", "apply": "function", "d": "differential", "derivative": "derivative",
              "+": "sum", "neg": "sum", "*": "product", ".*": "hadamard", "kron": "hadamard", "'": "transpose", "^": "power",
              ".^": "power"}
