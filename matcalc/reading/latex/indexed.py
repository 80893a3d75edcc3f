"""Formulas with indices: entries x_i, rows of a matrix, sums over an index, Kronecker's delta, entries of derivatives.

A formula is read into networks of factors with named axes: \\sum_j A_{ij} x_j has the factors A and x, and as a matrix it is A*x.
"""

from __future__ import annotations


from ...language.operations import ELEMENTWISE_NAMES
from .calls import FENCES
from ..networks import Factor, Network, closed
from .macros import group
from .letters import CIRCLES, OPEN, TIMES
from .ambiguities import WHOLE
from .cursor import ACCENTS, STYLES
from .tokens import Tokens
from .enclosed import Enclosed

TRANSPOSED = frozenset(("T", r"\top", r"\trans", "t"))
INVERSES = frozenset(("-1",))


class Indexed(Enclosed):
    """A recursive-descent reader of formulas with indices; every method returns a tensor network."""

    # ------------------------------------------------------------ sums and products
    def terms(self) -> Network:
        """Read a sum of signed terms."""
        self.deeper()
        found = [(self.take() if self.now in ("+", "-") else "+", self.factors())]
        while self.now in ("+", "-"):
            found.append((self.take(), self.factors()))
        self.depth -= 1
        return found[0][1] if len(found) == 1 and found[0][0] == "+" else self.added(found)

    def factors(self, argument: str = "") -> Network:
        """Factors side by side, divided, or multiplied entry by entry."""
        out = self.factor_here()
        while True:
            now = self.now
            if argument and (now in TIMES or now in CIRCLES or now == "/" or now == r"\sum" and argument not in WHOLE or self.functional()):
                return out
            if now in TIMES:
                self.i += 1
                at, two = self.i, self.signed_here()
                if now == r"\cdot" and self.names.asks and out.row and not out.col and not two.row and self.material(two).axes:
                    self.refuse(f"· {self.since(at)}", "a product with the entry, a number", "an inner product with a vector", at)
                sides = [(bool(net.row), bool(net.col)) for net in (out, two)]
                inner = now == r"\cdot" and sides[0] == sides[1] and sides[0] in ((True, False), (False, True))
                out = self.times(out, two, inner)
                out = self.totalled(out, {out.row or out.col}) if inner else out
            elif now in CIRCLES:
                sign = CIRCLES[self.take()]
                if sign != ".*":
                    raise self.error("this product of entries cannot be read")
                out = self.times(out, self.factor_here(), True)
            elif now == "/":
                self.i += 1
                out = self.times(out, self.reciprocal(self.signed_here()))
            elif self.begins(now):
                out = self.times(out, self.factor_here())
            else:
                return out

    def signed_here(self) -> Network:
        """A factor, perhaps with its sign."""
        if self.now != "-":
            return self.factor_here()
        self.i += 1
        return self.added([("-", self.factor_here())])

    def whole(self, part: Tokens) -> Network:
        """Read all tokens of a group."""
        reader = self.part(part)
        if not reader.now:
            raise self.error("a formula is missing here")
        out = reader.terms()
        if reader.now:
            raise reader.error(f"{reader.now} cannot stand here")
        return out

    # ------------------------------------------------------------ factors
    def factor_here(self) -> Network:
        """An atom with what is raised or written as an index behind it."""
        out = self.atom_here()
        while self.now in ("^", "'", r"\trans", "_"):
            if self.now == "_":
                positive = [t for t, _ in group(self.tokens, self.i + 1)[0]] == ["+"]       # (..)_+
                self.i = group(self.tokens, self.i + 1)[1] if positive else self.i
                out = self.entrywise("relu({})", out) if positive else self.entry_of_bracket(out)
                continue
            if self.take() != "^":
                out = self.transposed(out)
                continue
            part = self.group()
            part = [*part, *self.group()] if [t for t, _ in part] == ["-"] else part        # S^-1
            said = "".join(t for t, _ in part if t not in STYLES and t not in "{}")
            if said in TRANSPOSED:
                out = self.transposed(out)
            elif said in INVERSES and out.row and out.col:
                m = self.material(out)
                out = Network((Factor(f"inv({m.text})", m.axes),), out.row, out.col)
            elif out.row or out.col:
                raise self.error("a power of a vector cannot be read")
            else:
                out = self.power(out, self.whole(part))
        return out

    def power(self, base: Network, exponent: Network) -> Network:
        """Numbers raised entry by entry."""
        m, e = self.material(base), self.material(exponent)
        if e.axes and not m.axes and m.text == "e":
            return Network((Factor(f"exp({e.text})", e.axes),))
        if e.axes:
            raise self.error("a power with an index cannot be read")
        return Network((Factor(f"{closed(m.text)}{'.^' if m.axes else '^'}({e.text})", m.axes),))

    def atom_here(self) -> Network:
        """Read a factor without what is raised behind it."""
        token, at = self.now, self.i
        if not token:
            raise self.error("the formula ends too early")
        if token == "{":
            return self.whole(self.group())
        if token in OPEN:
            self.i += 1
            return self.enclosed(self.terms, OPEN[token], at)
        if token in FENCES or token == r"\langle":
            return self.by_itself(at) or (self.norm(token) if token in FENCES else self.inner_here())
        if token == r"\frac":
            return self.fraction_here()
        if token == r"\sqrt":
            self.i += 1
            return self.entrywise("sqrt({})", self.whole(self.group()))
        if token == r"\sum":
            return self.summed_here()
        if token in (r"\partial", r"\nabla") or token[0].isdigit():
            found = self.by_itself(at)
            if found is None and token == r"\partial" and self.moved(at + 1):
                return self.differential_here(at, 1)
            if found is None and token == r"\nabla" and self.ahead() == "_":
                return self.gradient_here(at)
            if found is None:
                raise self.error("a derivative with an index is read as a fraction", at=at)
            return found
        number = token == r"\partial" or token == "d" and self.divides
        if not number and (first := self.sign(self.tokens[at:])) and self.moved(at + first):
            return self.differential_here(at, first)
        if token == r"\begin":
            return self.cases(at)
        if token == r"\max" and self.ahead() in OPEN:
            return self.positive_part(at)
        delta = self.delta()
        return delta if delta is not None else self.named_here(at)

    def gradient_here(self, at: int) -> Network:
        """\\nabla_X of a product with indices in it, as \\nabla_\\Sigma \\sum_i .. is."""
        self.i = at + 2
        reader = self.part(self.group())
        name = reader.name()
        indices = reader.subscripts()
        if name is None or reader.now or name.startswith("\\"):
            raise self.error("a nabla with this index cannot be read", at=at)
        return self.differentiated(self.factors(), [(name, indices)], at)

    def moved(self, at: int) -> bool:
        """Whether something stands at a place that a d before it can be the differential of."""
        token = self.tokens[at][0] if at < len(self.tokens) else ""
        return token in OPEN or token in STYLES or token in ACCENTS or token == "{" or token.lstrip("\\").isalpha() and token != r"\sum"

    def differential_here(self, at: int, first: int) -> Network:
        """d p_i, an entry of d(p)."""
        self.i = at + first
        inner = self.atom_here()
        if self.now == "^" and not self.transpose_follows():
            raise self.error("a power behind a differential cannot be read", "write it in brackets", at)
        m = self.material(inner)
        if self.names.asks and not self.names.differentials:
            self.refuse(self.since(at), f"the differential {self.said(f'd({m.text})')}", "a product with d", at)
        turned = len(m.axes) == 2 and m.text.endswith("'")       # d(P') is d(P) the other way
        return Network((Factor(f"d({m.text[:-1]})", m.axes[::-1]) if turned else Factor(f"d({m.text})", m.axes),), inner.row, inner.col)

    def named_here(self, at: int) -> Network:
        """A function of entries, an entry, a row, or a name by itself."""
        name = self.name()
        if name is None:
            if self.now == "{" and self.i > at:
                return self.whole(self.group())
            raise self.error(f"{self.now or 'this'} cannot be read here", at=at)
        if self.names.euler(name) and self.now == "^":
            self.i += 1
            return self.entrywise("exp({})", self.whole(self.group()))
        behind = self.tokens[group(self.tokens, self.i + 1)[1]:][:1] if self.now == "^" else []
        logistic = name == "sigma" and not self.names.known("sigma") and not self.names.by_sigma and (
            self.opens() or self.raised_by_primes() or bool(behind) and behind[0][0] in OPEN)
        if logistic or (self.function(name) and name in ELEMENTWISE_NAMES):
            return self.applied_here("sigmoid" if logistic else name)
        if name in self.names.curves and not self.names.vector(name) and (self.opens() or self.now == "'"):
            return self.applied_here(name)
        own = self.names.known(name) or name == self.names.wrt
        if self.names.asks and self.opens() and not own and not name.startswith("\\") and not self.function(name):
            raise self.error(f"{name} is not declared; a function is {name}: R -> R", at=at)
        called = self.of_the_sheet(name) if name in self.names.arguments and self.opens() else None
        if called is not None:
            return called
        if name.startswith("\\") or self.function(name) or self.names.function(name) or name in self.names.arguments or name == "I":
            behind = self.i
            found = self.by_itself(at)
            if found is None and name == "tr" and self.function(name):
                self.i = behind
                return self.trace_here()
            if found is None:
                raise self.error(f"{name.lstrip(chr(92))} with an index cannot be read", at=at)
            return found
        if self.opens() and not self.names.known(name) and self.one_inside():
            raise self.error(f"{name}({self.spelt(self.inside_here())}) is a function that is not defined anywhere", at=at)
        return self.entry(name, at)

    def one_inside(self) -> bool:
        """Whether one name with an index is all that stands in the bracket that comes now."""
        inside = self.inside_here()
        k = group(inside, 1)[1] if inside and inside[0][0] in (*STYLES, *ACCENTS) else 1
        return len(inside) > k and inside[k][0] in ("_", "^") and group(inside, k + 1)[1] == len(inside)

    def trace_here(self) -> Network:
        """The trace of a product with indices in it."""
        inner = self.atom_here() if self.opens() else self.factors("tr")
        if not inner.row and not inner.col:
            return inner
        if not inner.row or not inner.col:
            raise self.error("the trace of this cannot be read")
        if inner.row != inner.col:
            self.scope.ranges.same(inner.row, inner.col)
        m = self.material(inner)
        axes = tuple(inner.row if a == inner.col else a for a in m.axes)
        return self.totalled(Network((Factor(m.text, axes),)), {inner.row})

    def of_the_sheet(self, name: str) -> Network | None:
        """h(x_i), where the sheet says what h(x) is."""
        body, given, at = self.names.written.get(name), self.names.arguments[name], self.i
        part = self.inside_here()
        k = self.i + 1 + len(part)
        if body is None or len(given) != 1 or not any(t in self.scope.letters for t, _ in part):
            return None
        self.names.opened.add(name)
        argument = self.whole(part)
        before = dict(self.scope.put)
        self.scope.put = {**before, given[0]: argument}
        try:
            out = self.whole(body)
        finally:
            self.scope.put = before
            self.i = at
        self.i = k + 1
        return out

    def applied_here(self, name: str) -> Network:
        """\\exp(x_i), \\log s_i, \\sigma'(z_i), \\tanh^2 z_i."""
        primes, power = self.primes(), ""
        if self.now == "^":
            self.i += 1
            power = "".join(t for t, _ in self.group())
            if not power.isdigit():
                raise self.error(f"{name} raised to {power} cannot be read")
        if primes > 1 and name not in self.names.curves:
            raise self.error(f"{name} with primes cannot be read")
        if self.opens():
            at = self.i
            inner = self.enclosed(self.terms, OPEN[self.take()], at)
        else:
            inner = self.signed_here() if self.names.asks or self.now == "-" else self.factors(name)
            if self.names.asks and (self.begins(self.now) or self.now in TIMES or self.now in CIRCLES or self.now == "/"):
                at = self.i
                self.factor_here() if self.begins(self.now) else self.take()
                self.refuse(f"{name} .. {self.since(at)}", f"{name} of what stands next, times what follows", f"{name} of all of it", at)
        if primes:
            m = self.material(inner)
            slope = f"{name}{chr(39) * primes}({m.text})" if name in self.names.curves else self.slope_of(name, m.text, not m.axes)
            out = Network((Factor(slope, m.axes),), inner.row, inner.col)
        else:
            out = self.entrywise(f"{name}({{}})", inner)
        return self.entrywise(f"({{}}).^{power}", out) if power else out

    # ------------------------------------------------------------ fractions
