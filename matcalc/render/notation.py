"""How an expression is set as mathematics: one walk that knows fractions, brackets and juxtaposition; subclasses spell the parts."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from ..language.blocks import blocks
from ..language.composites import NORMS
from ..language.expr import ONE, SCALAR, Apply, Expr, Name, Number, Rational, as_dim, is_constant, ones, step_of
from ..language.inspection import is_unit, is_zero
from ..language.operations import ELEMENTWISE_NAMES, FUNCTIONALS, LINES, SPELLING, SUMS
from ..language.recognition import is_inverse, under_bar
from ..language.traversal import arguments
from .ordered import compared, row_of
from .naming import definite, entries, negative, opposite, row_of_ones, terms, transposed, with_entry, written as written_so_far
from .alphabet import Alphabet, Written

SUM, CIRCLE, PRODUCT, POSTFIX, PRIMARY = range(5)


class Notation(Alphabet):
    """The walk; `marks` are the nodes whose text is set off."""

    def __init__(self, marks: frozenset[Expr] = frozenset(), inside: int = 0) -> None:
        self.marks = marks
        self.sized = False
        self.inside = inside        # of how many brackets, or of a sentence: there fractions stand on one line

    def argument(self, e: Expr, show: Callable[[Expr], str] | None = None) -> str:
        """What stands in the brackets of a function."""
        self.inside, before = self.inside + 1, self.inside
        text, self.inside = (show or self.show)(e), before
        return text

    def show(self, e: Expr) -> str:
        """The expression as text."""
        return self.write(e)[0]

    def at(self, e: Expr, strength: int) -> str:
        """The expression, in brackets where it binds less than that."""
        text, own = self.write(e)
        return text if own >= strength else self.bracket(text)

    def write(self, e: Expr) -> Written:
        """Text and strength; on a page what is not marked is written once."""
        known = None if self.marks or type(e) is not Apply else written_so_far()
        found = None if known is None else known.get((type(self), e, self.sized, self.wide and self.inside > 0))
        if found is None:
            text, strength = self._plain(e)
            found = self.marked(text) if e in self.marks else text, strength
            if known is not None:
                known[type(self), e, self.sized, self.wide and self.inside > 0] = found
        return found

    def number(self, value: Rational) -> Written:
        """An exact number."""
        if value < 0:
            text, strength = self.number(-value)
            return self.lone_sign + text, SUM
        if isinstance(value, Fraction):
            return self.fraction(str(value.numerator), str(value.denominator), False)
        return str(value), PRIMARY

    def _plain(self, e: Expr) -> Written:
        if type(e) is Name:
            return self._called(e) if e.of else self.name(e.name), PRIMARY
        if type(e) is Number:
            return self.number(e.value)
        assert type(e) is Apply
        if (special := _SPECIAL.get(e.head)) is not None:
            return special(self, e)
        if e.head in ELEMENTWISE_NAMES:
            return self.call(self.function(e.head), self.argument(e.args[0])), PRIMARY
        shown = [self.argument(a, self.measured if all(map(is_constant, e.args)) else None) for a in e.args]
        return self.call(self.function(SPELLING.get(e.head, e.head)), ", ".join(shown)), PRIMARY

    def _trace(self, e: Apply) -> Written:
        typed = opposite(e)
        text = self.call(self.function("tr"), self.argument(terms(e if not isinstance(typed, Apply) else typed)[0]))
        return (text, PRIMARY) if typed is None else (self.lone_sign + text, SUM)

    def _relu(self, e: Apply) -> Written:
        if (t := step_of(e)) is None:
            return self.call(self.function(e.head), self.argument(e.args[0])), PRIMARY
        left, sign, bound = compared(t)
        return self.indicator(self.show(left), sign, self.show(bound)), PRIMARY

    def _sum(self, e: Apply) -> Written:
        found, out = blocks(e), ""
        if found is not None:
            out = self.grid([[self.show(b) for b in row] for row in found[0].rows])
        for a in terms(e) if found is None else found[1]:
            text = self.at(a, CIRCLE) if not negative(a) else self.write(a)[0]
            if not out:
                out = text
            elif negative(a):
                out += f" {self.minus} {text.replace(self.lone_sign, '', 1)}"
            else:
                out += f" + {text}"
        return out, SUM if found is None or found[1] else PRIMARY

    def _product(self, e: Apply) -> Written:
        number: Rational = 1
        above, below = list[Expr](), list[tuple[Expr, Rational]]()
        for a in terms(e):
            typed = opposite(a)
            number, a = (number, a) if typed is None else (-number, typed)      # (c - 1) y where 1 - c was typed
            if type(a) is Number:
                number *= a.value
            elif (bar := under_bar(a)) is not None:
                below.append(bar)
            else:
                above.append(a)
        above = with_entry(above) if e.shape == SCALAR else above
        sign = self.lone_sign if number < 0 else ""
        text, strength = self._quotient(-number if sign else number, above, below)
        return (sign + (self.bracket(text) if strength == SUM else text), SUM) if sign else (text, strength)

    def _quotient(self, number: Rational, above: list[Expr], below: list[tuple[Expr, Rational]]) -> Written:
        top, under = number.numerator, number.denominator
        if under == 1 and not below:
            return self._chain(top, above, True)
        scalars, chain = ([a for a in above if (a.shape == SCALAR) is scalar] for scalar in (True, False))
        outside, self.inside = self.inside, self.inside + 1
        sized = not outside and all(type(b) is Name and b.kind == "size" for b, _ in below)         # a number, too
        in_front = self.wide and (not below or sized or len(chain) > 2 and not outside)      # of what is not below it
        lower = [str(under)] if under != 1 else []
        lower += [self.up(self.at(b, PRIMARY), self.number(k)[0]) if k != 1 else self.at(b, POSTFIX) for b, k in below]
        flat = len(lower) > 1
        if len(lower) == 1 and below and below[0][1] == 1:
            lower, flat = [self.show(below[0][0])], self.write(below[0][0])[1] < POSTFIX
        over = above if not in_front else [a for a in scalars if below and not (sized and isinstance(a, Apply))]
        inner, strength = self._chain(top, over, not (in_front and chain))
        self.inside = outside
        bottom, broad = self.times.join(lower), self.wide and not outside and (self.broad(inner) or any(
            len(chain) > 1 or any(under_bar(f) for t in a.args for f in arguments(t)) for a in chain if type(a) is Apply and a.head == "+"))
        inner = self.bracket(inner) if strength < PRODUCT and (outside or broad or not self.wide) else inner
        if broad:
            letters = [a for a in scalars if a.height <= 1]
            behind, own = self._chain(1, [a for a in above if a not in letters])
            front = self.stacked(self._chain(top, letters)[0], bottom, flat)[0]
            return front + self.times + (behind if own >= PRODUCT else self.bracket(behind)), PRODUCT
        text, strength = self.stacked(inner, bottom, flat)
        if not (rest := [a for a in above if a not in over]):
            return text, strength
        behind, own = self._chain(1, rest, True)
        return text + self.times + (behind if own >= PRODUCT else self.bracket(behind)), PRODUCT

    def _chain(self, number: int, factors: list[Expr], ends: bool = False) -> Written:
        """Factors side by side; `ends` where no other follows, so that 2 r'dr needs no brackets."""
        if not factors:
            return str(number), PRIMARY
        if number == 1 and len(factors) == 1:
            return self.write(factors[0])
        if not self.sized and len(factors) > 1 and all(is_constant(f) for f in factors):
            self.sized = True
            written = self._chain(number, factors, ends)
            self.sized = False
            return written
        out, tight = str(number) if number != 1 else "", False
        lonely = len(factors) == 1 or all(f.shape != SCALAR for f in factors)
        inner = [f for f in factors if type(f) is Apply and (f.head == "sum" or f.head == "*" and with_entry(list(f.args))[0] in f.args)]
        bare = ends and len(inner) == 1 and inner[0] is factors[-1] and inner[0].shape == SCALAR
        for f in factors:
            nested = f in inner and not (lonely and number == 1) and not bare
            level = POSTFIX if type(f) is Apply and f.head == "*" and not bare else PRODUCT
            text = self.bracket(self.show(f)) if nested else self.at(f, level)
            out += (self.dot if out and text[0] in "0123456789" else self.times if out and not tight else "") + text
            tight = row_of_ones(f)
        return out, PRODUCT

    def _hadamard(self, e: Apply) -> Written:
        above, below = list[str](), list[str]()
        for a in entries(e):
            if type(a) is Apply and a.head == ".^" and type(a.args[1]) is Number and a.args[1].value < 0:
                k = -a.args[1].value
                below.append(self.at(a.args[0], POSTFIX) if k == 1 else self.up(self.at(a.args[0], PRIMARY), self.ring + self.number(k)[0]))
            else:
                above.append(self.at(a, POSTFIX))
        text = f" {self.circle} ".join(above) or self.at(ones(*e.shape), PRODUCT)
        if below:
            text += f" {self.over} " + (below[0] if len(below) == 1 else self.bracket(f" {self.circle} ".join(below)))
        return text, CIRCLE

    def _power(self, e: Apply) -> Written:
        base, k = e.args
        if type(k) is Number and k.value < 0 and e.shape == SCALAR:
            return self._quotient(1, [], [(base, -k.value)])
        return self.up(self.at(base, PRIMARY), self.show(k)), POSTFIX

    def _entry_power(self, e: Apply) -> Written:
        base, k = e.args
        if type(k) is Number and k.value == -1:
            return f"{self.at(ones(*e.shape), PRODUCT)} {self.over} {self.at(base, POSTFIX)}", CIRCLE
        return self.up(self.at(base, PRIMARY), self.ring + self.show(k)), POSTFIX

    def _inverse(self, e: Apply) -> Written:
        inner = e.args[0]
        if type(inner) is Apply and inner.head == "sqrtm" and inner not in self.marks:
            return self.up(self.at(inner.args[0], PRIMARY), "-1/2"), POSTFIX
        return self.up(self._inverted(inner), "-1"), POSTFIX

    def _inverted(self, e: Expr) -> str:
        """What is inverted; in brackets where dA^-1 would be the differential of the inverse."""
        return self.bracket(self.show(e)) if type(e) is Apply and e.head == "d" else self.at(e, PRIMARY)

    def _transpose(self, e: Apply) -> Written:
        inner = e.args[0]
        if type(inner) is Apply and is_inverse(inner):
            return self.up(self._inverted(inner.args[0]), "-" + self.transposed), POSTFIX
        if inner not in self.marks and (row := row_of(inner)) is not None:
            return self.call(self.function("softmax"), self.show(row)), PRIMARY
        if type(inner) is Apply and inner.head in SUMS:
            rows = transposed(inner.args[0]) if LINES[inner.head] else inner.args[0]
            return self.up(self.one, self.transposed) + self.tight(self.at(rows, PRODUCT)), PRODUCT
        return self.up(self.at(inner, PRIMARY), self.transposed), POSTFIX

    def _total(self, e: Apply) -> Written:
        (m, n), inner = e.args[0].shape, e.args[0]
        text = self.measured(inner) if is_constant(inner) else self.at(inner, PRODUCT)
        right = self.times + self.one if n is not ONE else ""
        return self.up(self.one, self.transposed) + self.tight(text) + right if m is not ONE else text + right, PRODUCT

    def measured(self, e: Expr, strength: int = SUM) -> str:
        """The expression, its constants with their sizes, where nothing else tells them."""
        before, self.sized = self.sized, True
        text, self.sized = self.at(e, strength), before
        return text

    def _kron(self, e: Apply) -> Written:
        return f" {self.kronecker} ".join([self.measured(a, POSTFIX) for a in e.args]), CIRCLE

    def _constant(self, e: Apply) -> Written:
        (m, n), letter = e.shape, {"eye": self.identity(), "ones": self.one, "zeros": "0"}[e.head]
        if is_unit(e) and m is ONE and n is not ONE:
            return self.up(self.down(letter, self.size(n)) if self.sized else letter, self.transposed), POSTFIX
        if is_unit(e) and n is not ONE:
            return letter + self.up(letter, self.transposed), PRODUCT
        return self.down(letter, self.size(m)) if self.sized and not is_zero(e) else letter, PRIMARY

    def _selection(self, e: Apply) -> Written:
        if e.shape[1] is ONE:
            return self.down(self.unit, self.show(e.args[0])), PRIMARY
        return self.columns(f"{self.size(first := as_dim(e.args[0]))}:{self.size(first + e.shape[1] - ONE)}"), PRIMARY

    def _entry_of(self, e: Apply) -> Written:
        of, *index = map(self.show, e.args)
        return self.down(of, ("" if all(len(i) == 1 for i in index) else ",").join(index)), PRIMARY

    def _unvec(self, e: Apply) -> Written:
        return self.call(self.down(self.function("unvec"), ",".join(map(self.show, e.args[1:]))), self.argument(e.args[0])), PRIMARY

    def _called(self, e: Name) -> str:
        name, mark = e.name.partition("(")[0], NORMS.get(e.name.partition("(")[0])
        return self.norm(self.show(e.of[0]), mark) if mark else self.call(self.function(name), ", ".join(map(self.argument, e.of)))

    def _norm(self, e: Apply) -> Written:
        of, ones, matrix = e.args[0], e.head == "norm1", ONE not in e.args[0].shape         # ‖X‖₁ is the operator norm for many
        text = self.call(self.function("vec"), self.argument(of)) if ones and matrix else self.show(of)
        return self.norm(text, "1" if ones else "F" * matrix), PRIMARY

    def _functional(self, e: Expr) -> str:
        inner = self._functional(e.args[0]) if type(e) is Apply else self.show(e)
        return inner if type(e) is not Apply else f"{inner}'" if e.head == "prime" else self.nabla(e.head) + inner

    def _d(self, e: Apply) -> Written:
        inner = e.args[0]
        if type(inner) is Apply and inner.head == "d":
            return self.up(self.differential("", False), "2") + self.at(inner.args[0], PRIMARY), PRIMARY
        return self.differential(self.argument(inner), type(inner) is not Name or bool(inner.of)), PRIMARY

    def _derivative(self, e: Apply) -> Written:
        return self.derivative(self.show(e.args[0]) if type(e.args[0]) is Name else self.bracket(self.show(e.args[0])),
                               self.show(e.args[1]))

    def _logdet(self, e: Apply) -> Written:
        inner = self.show(e.args[0])
        text = self.function("det") + self.tight_call(inner)
        if not definite(e.args[0]):
            return self.function("log") + self.bars(text), PRIMARY
        bare = text != self.function("det") + self.bracket(inner)       # log det S/2 would be that of S/2
        return self.function("log") + self.apart + text, PRIMARY if not bare else PRODUCT if self.wide and not self.inside else CIRCLE


_SPECIAL: dict[str, Callable[[Any, Apply], Written]] = {
    "+": Notation._sum, "*": Notation._product, ".*": Notation._hadamard, "^": Notation._power, ".^": Notation._entry_power,
    "'": Notation._transpose, "sum": Notation._total, "tr": Notation._trace, "kron": Notation._kron, "relu": Notation._relu,
    "select": Notation._selection, "entry": Notation._entry_of, "unvec": Notation._unvec, "inv": Notation._inverse, "d": Notation._d,
    "norm1": Notation._norm, "norm2": Notation._norm, "derivative": Notation._derivative, "logdet": Notation._logdet,
    **dict.fromkeys(("eye", "ones", "zeros"), Notation._constant),
    "rowsum": lambda self, e: (self.at(e.args[0], PRODUCT) + self.times + self.one, PRODUCT),
    "colsum": lambda self, e: (self.at(transposed(e.args[0]), POSTFIX) + self.times + self.one, PRODUCT),
    "comm": lambda self, e: (self.down(self.name("K"), ",".join(map(self.show, e.args))), PRIMARY),
    "sqrt": lambda self, e: self.root(self.show(e.args[0])), "abs": lambda self, e: (self.bars(self.show(e.args[0])), PRIMARY),
    "sqrtm": lambda self, e: (self.up(self.at(e.args[0], PRIMARY), "1/2"), POSTFIX), "pi": lambda self, _: (self.name("pi"), PRIMARY),
    "apply": lambda self, e: (self.call(self._functional(e.args[0]), self.argument(e.args[1])), PRIMARY),
    **dict.fromkeys(FUNCTIONALS, lambda self, e: (self._functional(e), PRIMARY)),
}
