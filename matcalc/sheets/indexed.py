"""Formulas with indices: entries x_i, rows of a matrix, sums over an index, Kronecker's delta, entries of derivatives.

A formula is read into networks of factors with named axes: \\sum_j A_{ij} x_j has the factors A and x, and as a matrix it is A*x.
"""

from __future__ import annotations


from ..language.operations import ELEMENTWISE_NAMES
from .brackets import FENCES, NORM
from .totals import Totals
from ..reading.networks import Factor, Network, closed
from .spelling import group
from .formula_tokens import CIRCLES, OPEN, STYLES, TIMES
from .words import Token, Tokens

TRANSPOSED = frozenset(("T", r"\top", r"\trans", "t"))
INVERSES = frozenset(("-1",))


class Indexed(Totals):
    """Reads from left to right; every method gives a network."""

    # ------------------------------------------------------------ sums and products
    def terms(self) -> Network:
        """Terms with signs."""
        self.deeper()
        found: list[tuple[str, Network]] = []
        sign = "+"
        if self.now in ("+", "-"):
            sign = self.take()
        found.append((sign, self.factors()))
        while self.now in ("+", "-"):
            sign = self.take()
            found.append((sign, self.factors()))
        self.depth -= 1
        return found[0][1] if len(found) == 1 and found[0][0] == "+" else self.added(found)

    def factors(self, argument: bool = False) -> Network:
        """Factors side by side, divided, or multiplied entry by entry."""
        out = self.factor_here()
        while True:
            now = self.now
            if argument and (now in TIMES or now in CIRCLES or now == "/" or self.functional()):
                return out
            if now in TIMES:
                self.i += 1
                out = self.times(out, self.signed_here())
            elif now in CIRCLES:
                sign = CIRCLES[self.take()]
                if sign != ".*":
                    raise self.error("this product of entries is not read")
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
        """All of a group."""
        reader = self.part(part)
        assert isinstance(reader, Indexed)
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
                out = self.entry_of_bracket(out)
                continue
            if self.take() != "^":
                out = self.transposed(out)
                continue
            part = self.group()
            said = "".join(t for t, _ in part if t not in STYLES and t not in "{}")
            if said in TRANSPOSED:
                out = self.transposed(out)
            elif said in INVERSES and out.row and out.col:
                m = self.material(out)
                out = Network((Factor(f"inv({m.text})", m.axes),), out.row, out.col)
            elif out.row or out.col:
                raise self.error("a power of a vector is not read")
            else:
                out = self.power(out, self.whole(part))
        return out

    def power(self, base: Network, exponent: Network) -> Network:
        """Numbers raised entry by entry."""
        m, e = self.material(base), self.material(exponent)
        if e.axes and not m.axes and m.text == "e":
            return Network((Factor(f"exp({e.text})", e.axes),))
        if e.axes:
            raise self.error("a power with an index is not read")
        return Network((Factor(f"{closed(m.text)}{'.^' if m.axes else '^'}({e.text})", m.axes),))

    def atom_here(self) -> Network:
        """Whatever stands by itself."""
        token, at = self.now, self.i
        if not token:
            raise self.error("the formula ends too early")
        if token == "{":
            return self.whole(self.group())
        if token in OPEN:
            self.i += 1
            before, self.closing = self.closing, ()
            out = self.terms()
            self.closing = before
            self.expect(OPEN[token], at)
            return out
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
            if found is None:
                raise self.error("a derivative with an index is read as a fraction", at=at)
            return found
        if token == r"\begin":
            return self.cases(at)
        if token == r"\max" and self.ahead() in OPEN:
            return self.positive_part(at)
        delta = self.delta()
        return delta if delta is not None else self.named_here(at)

    def named_here(self, at: int) -> Network:
        """A function of entries, an entry, a row, or a name by itself."""
        name = self.name()
        if name is None:
            if self.now == "{" and self.i > at:
                return self.whole(self.group())
            raise self.error(f"{self.now or 'this'} is not read here", at=at)
        if name == "e" and not self.names.known("e") and self.now == "^":
            self.i += 1
            return self.entrywise("exp({})", self.whole(self.group()))
        logistic = name == "sigma" and not self.names.known("sigma") and (self.opens() or self.now in ("'", "^"))
        if logistic or (self.function(name) and name in ELEMENTWISE_NAMES):
            return self.applied_here("sigmoid" if logistic else name)
        called = self.of_the_sheet(name) if name in self.names.arguments and self.opens() else None
        if called is not None:
            return called
        if name.startswith("\\") or self.function(name) or self.names.function(name) or name in self.names.arguments or name == "I":
            self.i = at
            found = self.by_itself(at)
            if found is None:
                raise self.error(f"{name.lstrip(chr(92))} with an index is not read", at=at)
            return found
        return self.entry(name, at)

    def of_the_sheet(self, name: str) -> Network | None:
        """h(x_i), where the sheet says what h(x) is."""
        body, given, at = self.names.written.get(name), self.names.arguments[name], self.i
        part, end, depth = list[Token](), OPEN[self.now], 0
        k = self.i + 1
        while k < len(self.tokens) and (self.tokens[k][0] != end or depth):
            depth += (self.tokens[k][0] in OPEN) - (self.tokens[k][0] in OPEN.values())
            part.append(self.tokens[k])
            k += 1
        if body is None or len(given) != 1 or not any(t in self.scope.letters for t, _ in part):
            return None
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
                raise self.error(f"{name} raised to {power} is not read")
        if primes > 1:
            raise self.error(f"{name} with primes is not read")
        if self.opens():
            at = self.i
            end = OPEN[self.take()]
            before, self.closing = self.closing, ()
            inner = self.terms()
            self.closing = before
            self.expect(end, at)
        elif self.now == "-":
            inner = self.signed_here()
        else:
            inner = self.factors(argument=True)
        if primes:
            m = self.material(inner)
            out = Network((Factor(self.slope_of(name, m.text, not m.axes), m.axes),), inner.row, inner.col)
        else:
            out = self.entrywise(f"{name}({{}})", inner)
        return self.entrywise(f"({{}}).^{power}", out) if power else out

    def positive_part(self, at: int) -> Network:
        """\\max(0, z_i)."""
        self.i += 2
        zero = self.now == "0" and self.ahead() == ","
        self.i += 2 if zero else 0
        inner = self.terms()
        if not zero:
            self.expect(",", at)
            zero = self.take() == "0"
        if not zero or self.now not in OPEN.values():
            raise self.error("a maximum is not read", at=at)
        self.i += 1
        return self.entrywise("relu({})", inner)

    def norm(self, token: str) -> Network:
        """The norm of a row, or the absolute value of a number."""
        opened = self.i
        self.i += 1
        before, self.closing = self.closing, (*self.closing, FENCES[token])
        inner = self.terms()
        self.closing = before
        self.expect(FENCES[token], opened)
        if token not in NORM:
            if inner.row or inner.col:
                raise self.error("bars around this are not read", at=opened)
            return self.entrywise("abs({})", inner)
        kind = ""
        if self.now == "_":
            self.i += 1
            kind = "".join(t for t, _ in self.group() if t not in STYLES and t not in "{}")
        if kind not in ("", "1", "2", "F") or (inner.row and inner.col and kind in ("", "1", "2")):
            raise self.error("this norm is not read", at=opened)
        if not inner.row and not inner.col:
            raise self.error("the norm of a number is not read", at=opened)
        form = "abs({})" if kind == "1" else "({}).^2"
        total = self.totalled(self.entrywise(form, inner), {inner.row, inner.col} - {""})
        squared = self.now == "^" and [t for t, _ in group(self.tokens, self.i + 1)[0]] == ["2"]
        if squared and kind != "1":
            self.i = group(self.tokens, self.i + 1)[1]
            return total
        return total if kind == "1" else self.entrywise("sqrt({})", total)

    def inner_here(self) -> Network:
        """\\langle w, x_i \\rangle."""
        opened = self.i
        self.i += 1
        before, self.closing = self.closing, ()
        first = self.terms()
        self.expect(",", opened)
        second = self.terms()
        self.closing = before
        self.expect(r"\rangle", opened)
        return self.totalled(self.times(first, second, True), {a for n in (first, second) for a in (n.row, n.col)} - {""})

    # ------------------------------------------------------------ fractions
    def fraction_here(self) -> Network:
        """\\frac, also of a derivative by entries."""
        at = self.i
        self.i += 1
        above, below = self.group(), self.group()
        by = self.denominator(below)
        second, rest = self.over(above) if by else (False, None)
        if by is None or rest is None:
            return self.times(self.whole(above), self.reciprocal(self.whole(below)))
        if second != (len(by) == 2) or len(by) > 2:
            raise self.error("the order above and the variables below do not agree", at=at)
        if rest:
            has_index = any(t in self.scope.letters for t, _ in rest)
            if has_index:
                f = self.whole(rest)
            else:
                text = self.function_name(rest)
                f = self.known(text) or Network((Factor(text),))
        else:
            f = self.factors()
        return self.differentiated(f, by, at)

    def denominator(self, below: Tokens) -> list[tuple[str, tuple[str, ...]]] | None:
        """The names that are differentiated by, each with its indices."""
        out: list[tuple[str, tuple[str, ...]]] = []
        rest = list(below)
        while rest:
            first = self.sign(rest)
            if not first or first == len(rest):
                return None
            reader = self.part(rest[first:])
            assert isinstance(reader, Indexed)
            name = reader.name()
            if name is None or name.startswith("\\"):
                return None
            out.append((name, reader.subscripts()))
            rest = reader.tokens[reader.i:]
            if rest and rest[0][0] == "^" and [t for t, _ in group(rest, 1)[0]] == ["2"]:
                out.append(out[-1])
                rest = rest[group(rest, 1)[1]:]
        return out
