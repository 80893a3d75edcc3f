"""Enclosed parts of a formula: norms, inner products, sums over an index, cases, fractions."""

from __future__ import annotations

from collections.abc import Callable
import re

from .blocks import CELL, NEXT_ROW
from .brackets import NORM
from .calls import FENCES
from .entries import Entries
from ..networks import DELTA, Factor, Network
from .index_conditions import below
from .macros import group, parts
from .letters import OPEN
from .cursor import STYLES
from .tokens import Token, Tokens
from ..brackets import BRACES, depths

FROM_ONE = re.compile(r"\\sum\s*(?:\\limits\s*)?(?:\^\s*(?:\{[^{}]*\}|\w)\s*)?_\s*\{\s*\w\s*=\s*1\b|"
                      r"(?<=[\w}])_\s*(?:0|\{0\})(?!\w|\s*,)")         # or something at the place 0
BRACKETS = frozenset(("(", ")", "[", "]", "{", "}", r"\{", r"\}"))


class Enclosed(Entries):
    """Reads delimited parts of a formula with indices into tensor networks; a subclass reads their contents."""

    def subscript(self, head: str) -> str:
        """A name with an index that is part of it; one behind the number of a layer is an index as any other."""
        return head if self.indices_at(self.i) is not None else super().subscript(head)

    terms: Callable[[], Network]        # terms with signs
    factors: Callable[..., Network]     # factors side by side, divided, or multiplied entry by entry
    whole: Callable[[Tokens], Network]  # all of a group

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
            raise self.error("a maximum cannot be read", at=at)
        self.i += 1
        return self.entrywise("relu({})", inner)

    def norm(self, token: str) -> Network:
        """The norm of a row, or the absolute value of a number."""
        opened = self.i
        self.i += 1
        inner = self.enclosed(self.terms, FENCES[token], opened, *self.closing, FENCES[token])
        if token not in NORM:
            if inner.row or inner.col:
                raise self.error("bars around this cannot be read", at=opened)
            return self.entrywise("abs({})", inner)
        kind = ""
        if self.now == "_":
            self.i += 1
            kind = "".join(t for t, _ in self.group() if t not in STYLES and t not in "{}")
        if kind not in ("", "1", "2", "F") or (inner.row and inner.col and kind in ("", "1", "2")):
            raise self.error("this norm cannot be read", at=opened)
        if not inner.row and not inner.col:
            raise self.error("the norm of a number cannot be read", at=opened)
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
        first = self.enclosed(self.terms, ",", opened)
        out = self.times(first, self.enclosed(self.terms, r"\rangle", opened), True)
        return self.totalled(out, {out.row, out.col} - {""})

    def summed_here(self) -> Network:
        """\\sum_i, \\sum_{i=1}^n, \\sum_{i,j} over the product behind it."""
        at = self.i
        self.i += 1
        if self.now != "_":
            raise self.error("a sum over an index is read with its index", at=at)
        self.i += 1
        part = [t for t, _ in self.group()]
        zero = part[-2:] == ["=", "0"] and not self.names.asks and FROM_ONE.search(self.text) is None       # counted from 0 throughout
        found = below([*part[:-1], "1"] if zero else part)
        upper: list[str] = []
        if self.now == "^":
            self.i += 1
            upper = [t for t, _ in self.group() if t not in STYLES and t not in "{}"]
            if zero:
                upper = upper[:1] if upper[1:] == ["-", "1"] and upper[0] != "I" else upper if len(upper) > 1 else []
            if {"+", "-", "/", "*"} & set(upper) or self.names.asks and (len(upper) != 1 or not upper[0].isalnum()):
                raise self.error("the range of this sum cannot be read", "write all of its terms, or a product of matrices", at)
        if not zero and found is None and "=" in part and part[part.index("=") + 1:] != ["1"]:
            raise self.error("a sum that does not begin at 1 cannot be read", at=at)
        if found is None or not found.letters or not set(found.letters) <= self.scope.letters or \
                self.names.asks and found.sign in ("<", ">"):
            raise self.error("this sum over an index cannot be read", "write it as a matrix product", at)
        fixed = [t for t in found.pair if t in self.scope.bound or t in self.scope.free]
        letters = [t for t in found.letters if t not in fixed]
        if not letters:
            raise self.error("this sum over an index cannot be read", "write it as a matrix product", at)
        before = dict(self.scope.bound)
        indices = {self.scope.bind(letter, upper[0] if len(upper) == 1 and upper[0].isalnum() else "") for letter in letters}
        out = self.reached([t for t in letters if t not in before and t not in self.scope.free])
        out = self.scope.tied(out, indices)
        pair = tuple(self.scope.index(t) for t in found.pair) if found.sign else ()
        self.scope.bound = before
        if not indices <= out.axes | set(pair):
            raise self.error("nothing under this sum depends on its index", at=at)
        return self.apart(out, indices, pair, found.sign, at) if pair else self.totalled(out, indices)

    def reached(self, letters: list[str]) -> Network:
        """The product that a sum goes over, with the terms behind it that have its letters too: those can only be summed."""
        terms = [(self.take() if self.now in ("+", "-") else "+", self.factors())]
        while self.now in ("+", "-") and (name := self.speaks_of(letters)):
            if self.names.asks:
                raise self.error(f"{name} is outside the sum over {name[-1]}", "put what is summed in brackets")
            terms.append((self.take(), self.factors()))
        return terms[0][1] if len(terms) == 1 and terms[0][0] == "+" else self.added(terms)

    def speaks_of(self, letters: list[str]) -> str:
        """What has one of these letters as its index in the term that begins with the sign here."""
        own = -1        # how deep a sum in the term stands that has these letters itself
        texts = [t for t, _ in self.tokens]
        for k, depth in enumerate(depths(texts[self.i + 1:], OPEN | BRACES), self.i + 1):
            token = texts[k]
            own = -1 if depth < own else depth if token == r"\sum" and own < 0 else own
            if depth < 0 or not depth and (token in ("+", "-", "=") or token == r"\sum"):
                return ""
            if token == "_" and own < 0 and (found := set(letters) & {t for t, _ in group(self.tokens, k + 1)[0]}):
                return f"{self.tokens[k - 1][0]}_{min(found)}"
        return ""

    def apart(self, out: Network, indices: set[str], pair: tuple[str, ...], sign: str, at: int) -> Network:
        """A sum without its diagonal; over i < j half of it, where the other half is the same."""
        one, two = pair
        self.scope.ranges.same(one, two)
        if sign != "!=" and not indices >= set(pair):
            return self.triangle(out, indices, pair if sign == "<" else pair[::-1], at)
        if sign != "!=":
            sides = [self.scope.ranges.text(net, pair) for net in (out, out.renamed(one, "#").renamed(two, one).renamed("#", two))] \
                if out.axes == set(pair) and not out.row else ["", "-"]
            if not self.names.same(*(re.sub(r"\?[#\w]+\?", "n", t) for t in sides)):
                return self.triangle(out, indices, pair if sign == "<" else pair[::-1], at)
        diagonal = self.times(out, Network((Factor(DELTA, (one, two)),)))
        whole = self.added([("+", self.totalled(out, indices)), ("-", self.totalled(diagonal, indices))])
        return whole if sign == "!=" else self.times(Network((Factor("0.5"),)), whole)

    def triangle(self, out: Network, indices: set[str], pair: tuple[str, ...], at: int) -> Network:
        """A sum over i < j, or over the j that are greater: with a matrix whose entries are any numbers, in the place of 1 for i < j and 0
        elsewhere. What holds for all of these holds for that; what does not hold is not judged."""
        name = self.names.triangle = self.names.triangle or next(
            n for n in ("T", "U", "M", "T_0") if not self.names.known(n) and not re.search(rf"(?<![A-Za-z]){n}(?![A-Za-z])", self.text))
        if not self.names.known(name):
            self.scope.new[name] = pair
        for index, size in zip(pair, self.names.shape(name) or (), strict=False):
            self.scope.fits(index, size)
        self.doubt(at, f"with entries of any matrix {name} for 1 where one index is less than the other")
        return self.totalled(self.times(out, Network((Factor(name, pair),))), indices)

    def delta(self) -> Network | None:
        """\\delta_{ij}, 1_{i=j}, \\mathbb{1}[i=j]."""
        if self.now == r"\delta" and self.ahead() == "_" and not self.names.known("delta"):
            found = self.indices_at(self.i + 1)
            if found is None or len(found[0]) != 2 or ":" in found[0]:
                return None
            pair, self.i = found
        else:
            part, k = group(self.tokens, self.i + (self.now in STYLES))
            if [t for t, _ in part] not in (["1"], [r"\mathbb1"]) or k >= len(self.tokens):
                return None
            below, behind = group(self.tokens, k + 1) if self.tokens[k][0] == "_" else (self.tokens[k:k + 5], k + 5)
            said = [t for t, _ in below if t not in BRACKETS]
            if len(below) - len(said) not in (0, 2) or len(said) != 3 or said[1] != "=" or not {said[0], said[2]} <= self.scope.letters:
                return None
            pair, self.i = (self.scope.index(said[0]), self.scope.index(said[2])), behind
        self.scope.ranges.same(*pair)
        return Network((Factor(DELTA, pair),))

    def cases(self, at: int) -> Network:
        """What an entry is for i = j, and what it is elsewhere."""
        end = next((k for k in range(at, len(self.tokens)) if self.tokens[k][0] == r"\end"), 0)
        part, first = group(self.tokens, at + 1)
        kind = "".join(t for t, _ in part)
        first = group(self.tokens, first)[1] if kind == "array" else first
        kept = [t for t in self.tokens[first:end] if t[0] != CELL]
        found = [_condition(row) for row in parts(kept, ("\\\\", NEXT_ROW), {}) if row]
        pairs = {c[1] for c in found if c is not None and c[1]}
        if kind not in ("cases", "array") or len(found) != 2 or None in found or len(pairs) != 1 or \
                not next(iter(pairs)) <= self.scope.letters:
            raise self.error("these cases cannot be read", at=at)
        self.i = group(self.tokens, end + 1)[1]
        (body, pair, equal), (other, _, unequal) = (f for f in found if f is not None)
        if equal == unequal and other is not None and len({f[1] for f in found if f}) == 1:
            raise self.error("these cases cannot be read", at=at)
        if not equal:
            body, other = other, body
        one, two = sorted(self.scope.index(t) for t in next(iter(pairs)))
        delta = Network((Factor(DELTA, (one, two)),))
        inside, outside = self.whole(body), self.whole(other)
        self.scope.ranges.same(one, two)
        return self.added([("+", self.times(inside, delta)), ("+", outside), ("-", self.times(outside, delta))])

    def fraction_here(self) -> Network:
        """\\frac, also of a derivative by entries."""
        at = self.i
        self.i += 1
        above, below = self.group(), self.group()
        found = self.under(below)
        by = [(name, indices) for name, transposed, indices in found or () if not transposed and name.isidentifier()]
        second, rest = self.over(above) if by else (False, None)
        if found is None or len(by) < len(found) or rest is None:
            kept, self.divides = self.divides, self.names.divided_by_d or self.names.size("d")
            under = self.whole(below)
            self.divides = kept
            return self.times(self.whole(above), self.reciprocal(under))
        if second != (len(by) == 2) or len(by) > 2:
            raise self.error("the order of the derivative does not match its denominator", at=at)
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


def _condition(row: list[Token]) -> tuple[list[Token], frozenset[str], bool] | None:
    """A row of cases: the value, the two indices of its condition (none: elsewhere), whether they are equal."""
    said = [t for t, _ in row]
    j = next((k for k, t in enumerate(said) if t in ("=", r"\ne")), 0)
    cut = next((k for k, t in enumerate(said) if t in (r"\text", r"\mathrm")), j - 1)
    word = "".join(said[cut + 1:])
    if cut < 0 or not j and "otherwise" not in word and "else" not in word:
        return None
    pair = frozenset((said[j - 1], said[j + 1])) if 0 < j < len(said) - 1 else frozenset()
    return [t for t in row[:cut] if t[0] != ","], pair, j > 0 and said[j] == "="
