"""The shapes of a raw tree: what each operation requires of its operands, and the message where it is not so.

Walked when names are undeclared: what two readings allow waits until more is known. Also walked to explain a refusal, with all
shapes known; never when all is well.
"""

from __future__ import annotations

from typing import Any

from .calls import Calls
from .clash import Clash, Operand, derivative_hint, quotient_hint
from ..declarations.composite_laws import law, resized
from ..grammar.functions import Code, fold
from ...language.shape import ONE, SCALAR, Dim, Shape
from ..grammar.tokens import is_name
from .unify import maybe_one


class Walk(Calls):
    """One statement's walk.

    `kinds` says of what a scalar is made: "number" (numbers, sizes, declared scalars), which is spread over ones where a shape
    asks for it, "scalar" (an operation such as sum made it one), spread where there is no other way, or nothing: an undeclared
    name, which takes the shape that fits. Without `kinds` every scalar may be spread.
    """

    def run(self, code: Code) -> Operand:
        """The shape of the whole; Clash where sizes cannot agree."""
        return fold(code, self.part)

    def part(self, op: str, at: int, data: Any, parts: list[Operand]) -> Operand:
        """The shape of a part, by those of its operands."""
        if op == "name":
            shape = self.shapes.get(data)
            if shape is None:
                return Operand(self.free(at, data), at, at, "" if data in ("eye", "I") else "number")
            return Operand(shape, at, at, self.kinds.get(data, "") if self.kinds is not None else "")
        if op == "number":
            return Operand(SCALAR, at, at, "number")
        if op == "sized":
            dims = data[1:] if len(data) == 3 else (data[1], data[1])
            if data[0] == "comm":
                dims = (data[1] * data[2],) * 2
            elif data[0] == "select":
                dims = (data[3], data[2])
            return Operand(dims, at, self.closing[at + 1])
        if op == "unit":
            return Operand((self.free(at, "unit")[0], data[1]), at, self.closing[at + 1])
        if op == "derivative":
            f, x = parts
            return Operand(self.derivative(at, f, x), f.first - 2, x.last + 1)
        if op in ("d", "call", "apply", "free", "unvec"):
            return self.called(op, at, data, parts)
        parts = [self.bracketed(o) for o in parts]
        first, last = parts[0], parts[-1]
        if op == "stack":
            return self.stacked(at, parts, 0 if data[0] == "vstack" else 1)
        if op == "neg":
            return Operand(first.shape, at, first.last, first.kind)
        if op == "'":
            return Operand(first.shape[::-1], first.first, first.last + 1, first.kind, first.blocks and first.blocks[::-1])
        self.lined_up(op, parts)
        shape = self.sum(parts) if op == "+" else self.power(op, at, first, last) if op in ("^", ".^") else self.product(op, parts, data)
        return Operand(shape, at if op == "+" else first.first, last.last, self.kind(op, shape, parts))

    def stacked(self, at: int, parts: list[Operand], along: int) -> Operand:
        """Blocks one below another have the same columns, side by side the same rows."""
        self.sizes.source = (self.line, at, self.closing[at + 1])
        whole = parts[0].shape[along]
        for o in parts[1:]:
            self.paired(parts[0].sizes(1 - along), o.sizes(1 - along))
            if not self.sizes.same(parts[0].shape[1 - along], o.shape[1 - along]):
                raise self.clash(at, [parts[0], o], lambda a=parts[0], b=o: (  # type: ignore[misc]
                    f"{self.text(a)} is {self.shown(a.shape)} and {self.text(b)} {self.shown(b.shape)}: blocks "
                    + ("side by side have the same rows" if along else "one below another have the same columns")
                    + self.whence(*a.shape, *b.shape)), lambda: None)
            whole = whole + o.shape[along]
        shape = (whole, parts[0].shape[1]) if along == 0 else (parts[0].shape[0], whole)
        sizes = tuple(d for o in parts for d in o.sizes(along))
        return Operand(shape, at, self.closing[at + 1], "", (sizes, parts[0].sizes(1)) if along == 0 else (parts[0].sizes(0), sizes))

    def lined_up(self, op: str, parts: list[Operand]) -> None:
        """The blocks of factors meet, and those of terms stand in one place."""
        for a, b in zip(parts, parts[1:], strict=False):
            if a.blocks is not None and b.blocks is not None:
                for one, two in ((1, 0),) if op == "*" else ((0, 0), (1, 1)) if op == "+" else ():
                    self.paired(a.sizes(one), b.sizes(two))

    def composite(self, name: str, at: int, arguments: list[Operand]) -> Operand:
        """What a definition of the language gives: its law is walked, with the shapes of the arguments."""
        found = law(name)
        bound = self.bind(name, at, arguments, found.shapes, {})
        shapes = {**dict.fromkeys(bound, SCALAR), **{p: o.shape for p, o in zip(found.parameters, arguments, strict=True)}}
        kinds = {**dict.fromkeys(bound, "number"), **{p: o.kind for p, o in zip(found.parameters, arguments, strict=True)}}
        inner = type(self)(found.line, shapes, {}, {}, self.sizes, self.free, kinds)
        o = inner.run([resized(step, bound) for step in found.code])
        return Operand(o.shape, at, self.closing[at + 1], "number" if o.shape == SCALAR and bound else o.kind)

    def kind(self, op: str, shape: Shape, parts: list[Operand]) -> str:
        """"number" of what is made of numbers and declared scalars, "scalar" of what an operation made one, such as x'*x."""
        kinds = [o.kind for o in parts]
        if kinds.count("number") == len(kinds):
            return "number"
        if op == "+":
            return "scalar" if "" not in kinds else ""
        if "scalar" in kinds:
            return "scalar"
        return "scalar" if op == "*" and any(self.sizes.scalar(o.shape) is False for o in parts) else ""

    def bracketed(self, o: Operand) -> Operand:
        """The operand with the brackets around it, a call's own left out."""
        first, last, tokens = o.first, o.last, self.tokens
        while first > 0 and tokens[first - 1] == "(" and self.closing.get(first - 1) == last + 1:
            if first > 1 and (is_name(tokens[first - 2]) or tokens[first - 2] in ("'", ")")):
                break
            first, last = first - 1, last + 1
        return o if first == o.first else Operand(o.shape, first, last, o.kind, o.blocks)

    def sum(self, parts: list[Operand]) -> Shape:
        """Equal shapes, which an undeclared name takes; numbers and declared scalars go with anything, and what an operation made
        a scalar where there is no other way."""
        self.sizes.source = (self.line, parts[0].first, parts[-1].last)
        rest = [o for o in parts if o.kind != "number"]
        wide = [o for o in rest if self.sizes.scalar(o.shape) is False]
        first = next(iter(wide or [o for o in rest if self.sizes.scalar(o.shape)] or rest), None)
        for o in rest:
            if o is first or (wide and self.sizes.scalar(o.shape) and (o.kind or self.kinds is None)):
                continue
            assert first is not None
            if not self.agree(first.shape, o.shape):
                left, right = (first, o) if first.first < o.first else (o, first)
                raise self.terms(parts[:parts.index(right)] if parts[0] is left else [left], left.shape, right)
        return SCALAR if first is None else first.shape

    def terms(self, left: list[Operand], shape: Shape, right: Operand) -> Clash:
        """Terms of different shape."""
        self.shape_so_far = shape
        transposed = self.settled(shape) == self.settled((right.shape[1], right.shape[0]))
        return self.two(self.before(right), left, right, "shapes differ",
                        lambda: f"did you mean {self.text(right)}'?" if transposed else None)

    def before(self, o: Operand) -> int:
        """The token of the sign before a term."""
        at = o.first
        while at > 0 and self.tokens[at - 1] in ("+", "-"):
            at -= 1
        return at

    def product(self, op: str, parts: list[Operand], operators: list[int]) -> Shape:
        """A run of * and /, of .* and ./, or of Kronecker products."""
        shape = parts[0].shape
        for k, at in enumerate(operators, 1):
            o = parts[k]
            self.shape_so_far = shape
            self.sizes.source = (self.line, parts[0].first, o.last)
            if op == "kron":
                shape = (shape[0] * o.shape[0], shape[1] * o.shape[1])
            elif op == ".*":
                one, two = self.sizes.scalar(shape), self.sizes.scalar(o.shape)
                if not one and not two and not self.agree(shape, o.shape):
                    raise self.two(at, parts[:k], o, "shapes differ", lambda: None)
                shape = o.shape if one else shape
            elif self.tokens[at] == "/":
                if not self.agree(o.shape, SCALAR):
                    raise self.two(at, parts[:k], o, "/ divides by a scalar", derivative_hint if
                                   self.tokens[o.first:o.first + 2] == ["d", "("] else quotient_hint)
            else:
                shape = self.times(at, parts[:k], shape, o)
                if all(self.tokens[i] == "/" for i in operators[k:]):
                    self.sizes.ends.append((self.shape_so_far, o.shape, self.sizes.source))
        return shape

    def times(self, at: int, left: list[Operand], a: Shape, right: Operand) -> Shape:
        """A matrix product, or a scalar times anything."""
        sizes, b = self.sizes, right.shape
        one, two = sizes.scalar(a), sizes.scalar(b)
        if one or two:
            return b if one else a
        if one is False and two is False:
            if not self.inner(a[1], b[0]):
                raise self.misfit(at, left, a, right)
            return (a[0], b[1])
        out = sizes.open()

        def act() -> bool | None:
            one, two, whole = sizes.scalar(a), sizes.scalar(b), sizes.scalar(out)
            if one or two:
                return self.agree(out, b if one else a)
            if one is False and two is None and (whole or self.differ(out, a)):
                return sizes.no_scalar(b) and sizes.scalar(b) is False and act()
            if two is False and one is None and (whole or self.differ(out, b)):
                return sizes.no_scalar(a) and sizes.scalar(a) is False and act()
            if one is False and two is False:
                return self.inner(a[1], b[0], not whole) and self.agree(out, (a[0], b[1]))
            return None

        self.later(act, (*a, *b, *out), lambda: self.misfit(at, left, a, right, out), left[0].first, right.last)
        return out

    def inner(self, a: Dim, b: Dim, column: bool = False) -> bool:
        """Whether the inner sizes of a product are one; x*A does not make a row of A, and A*x' may make a `column` of A."""
        a, b = self.settle(a), self.settle(b)
        return a is b or (a is not ONE and (b is not ONE or column and maybe_one(a)) and self.sizes.same(a, b))

    def misfit(self, at: int, left: list[Operand], a: Shape, right: Operand, out: Shape | None = None) -> Clash:
        """A product that does not fit, in itself or in its place."""
        if out is not None and self.settle(a[1]) is self.settle(right.shape[0]):
            return self.unfit(left[0].first, right.last, (a[0], right.shape[1]), out)
        self.shape_so_far = a
        return self.two(at, left, right, "inner sizes differ", self.product_hint(a, right.shape))

    def differ(self, a: Shape, b: Shape) -> bool:
        """Whether two shapes can certainly not be one, since one is a column or a row and the other is not."""
        pairs = zip(map(self.settle, a), map(self.settle, b), strict=True)
        return any(p is not q and (p is ONE and not maybe_one(q) or q is ONE and not maybe_one(p)) for p, q in pairs)

    def power(self, op: str, at: int, base: Operand, exponent: Operand) -> Shape:
        """A scalar to a scalar, a square matrix to an integer; entry by entry with .^."""
        sizes = self.sizes
        self.shape_so_far = base.shape
        sizes.source = (self.line, base.first, exponent.last)
        if op == ".^":
            return self.entrywise_power(at, base, exponent)
        if not self.agree(exponent.shape, SCALAR):
            transpose = self.text(exponent) == "T"
            raise self.two(at, [base], exponent, "the exponent must be a scalar",
                           lambda: "write A' for the transpose" if transpose else "write .^ for the entry-wise power")
        lean = ONE in self.settled(base.shape)         # a column is not a scalar for the sake of a power
        if not sizes.scalar(base.shape) and (lean or not sizes.same(base.shape[0], base.shape[1])):
            raise self.clash(at, [base], lambda: f"{self.text(base, exponent)}: only a square matrix has powers: {self.text(base)} is "
                             f"{self.shown(base.shape)}" + self.whence(*base.shape),
                             lambda: "write .^ for the entry-wise power", base.first)
        return base.shape

    def entrywise_power(self, at: int, base: Operand, exponent: Operand) -> Shape:
        """Each entry to a scalar, or to the entry in its place."""
        sizes, a, b = self.sizes, base.shape, exponent.shape
        if exponent.kind == "number" or sizes.scalar(b):
            return a
        out = a if sizes.scalar(a) is False else b if sizes.scalar(a) else sizes.open()

        def act() -> bool | None:
            one, two = sizes.scalar(a), sizes.scalar(b)
            if two is None and one is not True:
                return None
            if two:
                return self.agree(out, a)
            return self.agree(out, b) and (one is True or (one is False and self.agree(a, b)) or (None if one is None else False))

        def misfit() -> Clash:
            self.shape_so_far = a
            apart = not (sizes.scalar(a) or sizes.scalar(b)) and self.settled(a) != self.settled(b)
            if apart:
                return self.two(at, [base], exponent, "shapes differ", lambda: None)
            return self.unfit(base.first, exponent.last, a, out)
        self.later(act, (*a, *b, *out), misfit, base.first, exponent.last)
        return out

    def derivative(self, at: int, f: Operand, x: Operand) -> Shape:
        """d(f)/d(x), denominator layout."""
        sizes, (m, n), (p, q) = self.sizes, x.shape, f.shape
        sizes.functions.append(f.shape)
        scalar = sizes.scalar(f.shape)
        if scalar is not None:
            return x.shape if scalar else (m * n, p * q)
        out = sizes.open()

        def act() -> bool | None:
            scalar = sizes.scalar(f.shape)
            return None if scalar is None else self.agree(out, x.shape if scalar else (m * n, p * q))
        self.later(act, (*f.shape, *out), lambda: self.unfit(f.first - 2, x.last + 1, x.shape, out), f.first - 2, x.last + 1)
        return out

    def by_number(self, code: Code, slope: Shape, claim: Shape) -> bool:
        """Whether a statement is the derivative of a column or a matrix by a number, which may be said to be of its shape too."""
        rows, entries = map(self.settle, slope)
        found, ones = code[-1][0] == "derivative" and rows is ONE, [self.settle(d) is ONE for d in claim]
        if found and entries is not ONE and ones == [False, True]:
            return self.sizes.same(claim[0], entries)
        found = found and not entries.letter and not any(ones)
        for name in entries.names if found and len(entries.names) == 1 else ():
            self.sizes.same(claim[0], Dim.of(name))
        return found
