"""Names with indices, sums over an index, Kronecker's delta and cases in a formula: how they are written."""

from __future__ import annotations

from itertools import chain
import re

from .bold_numbers import COMPARED
from .blocks import CELL, NEXT_ROW
from .cursor import STYLES
from .index_scope import below, Indexed, Summed
from .letters import OPEN
from .macros import group, parts
from .products import Products
from .sums_over_sets import spoken_of
from .tokens import Token
from ..grammar.brackets import BRACES, depths
from .tensor_networks import DELTA
from ...patterns import pattern

FROM_ONE = pattern(r"\\sum\s*(?:\\limits\s*)?(?:\^\s*(?:\{[^{}]*\}|\w)\s*)?_\s*\{\s*\w\s*=\s*1\b|"
                      r"(?<=[\w}])_\s*(?:0|\{0\})(?!\w|\s*,)")         # or something at the place 0
DIVIDED = pattern(r"\\frac(?:\d|\{\d*\})\{?([nmNMT])\}?$|1\/([nmNMT])$")     # a sum divided by how many terms it has
BRACKETS = frozenset(("(", ")", "[", "]", "{", "}", r"\{", r"\}"))


class Indices(Products):
    """Reads what has indices as marks in a text of the language, where letters are said to be indices."""

    # ------------------------------------------------------------ indices behind names
    def scripted(self, head: str, at: int) -> str:
        """A name with the indices behind it."""
        if self.marks is None or self.picking(head):
            return super().scripted(head, at)
        if self.indices_here() is None and self.sample_here() is None:
            below = group(self.tokens, self.i + 1)[0] if self.now == "_" else []
            if any(t in self.marks.letters for t, _ in below):
                raise self.error("this index cannot be read")
            name = super().scripted(head, at)
        else:
            name = self.names.resolve(head)
        indices = () if name.startswith("\\") else self.subscripts()
        if not indices:
            return name
        if self.function(name):
            raise self.error(f"{name} with an index cannot be read", at=at)
        if name == "delta" and len(indices) == 2 and ":" not in indices and not self.names.known("delta"):
            name = DELTA
        return self.marks.new(head, Indexed(name, indices, self.tokens[at][1], self.since(at)))

    def subscript(self, head: str) -> str:
        """A name with an index that is part of it; one behind the number of a layer is an index as any other."""
        return head if self.indices_here() is not None and not self.picking(head) else super().subscript(head)

    def picking(self, head: str) -> bool:
        """Whether e_c comes now, behind its e: the vector that says which entry c is."""
        return head == "e" and self.now == "_" and self.names.uses.picks >= {*self.script("_")}

    def indices_here(self) -> tuple[tuple[str, ...], int] | None:
        """The indices below that begin here, and what stands behind; a colon is a whole row or column."""
        if self.now != "_" or self.marks is None:
            return None
        part, behind = group(self.tokens, self.i + 1)
        found = [":" if t in (":", r"\cdot", "*") else t for t, _ in part if t != ","]
        real = {t for t in found if t != ":"}
        return (tuple(found), behind) if real and len(found) <= 2 and real <= self.marks.letters else None

    def sample_here(self) -> tuple[tuple[str, ...], int] | None:
        """i of x^{(i)}."""
        part, behind = group(self.tokens, self.i + 1) if self.now == "^" and self.marks is not None else ([], 0)
        said = [t for t, _ in part]
        sample = len(said) == 3 and said[0] == "(" and said[2] == ")" and self.marks is not None and said[1] in self.marks.letters
        return (("(", said[1]), behind) if sample else None

    def subscripts(self) -> tuple[str, ...]:
        """The indices that come now, behind us; that of a sample first."""
        sample: tuple[str, ...] = ()
        below: tuple[str, ...] = ()
        while True:
            lower, upper = None if below else self.indices_here(), None if sample else self.sample_here()
            if lower is not None:
                below, self.i = lower
            elif upper is not None:
                sample, self.i = upper
            else:
                return (*sample, *below)

    def raised(self, base: str) -> str:
        """Exponents and transposes; [..]_i and (..)_{ij} are entries."""
        out = super().raised(base)
        while self.marks is not None and self.now == "_":
            found, place = self.indices_here(), self.tokens[self.i][1]
            if found is None:
                raise self.error("this index cannot be read")
            self.i = found[1]
            out = super().raised(f"({self.marks.new('entry', Indexed('', found[0], place, 'entry'))}*({out}))")
        return out

    # ------------------------------------------------------------ sums over an index
    def over_indices(self) -> str:
        """\\sum_i, \\sum_{i=1}^n, \\sum_{i,j} over the product behind it."""
        assert self.marks is not None
        at = self.i
        self.i += 1
        if self.now != "_":
            raise self.error("a sum over an index is read with its index", at=at)
        self.i += 1
        part = [t for t, _ in self.group()]
        zero = part[-2:] == ["=", "0"] and not self.names.asks and FROM_ONE.search(self.text) is None       # counted from 0 throughout
        found = below([*part[:-1], "1"] if zero else part)
        upper = [found.upper] if found is not None and found.upper else []
        if found is not None and found.upper in self.marks.letters:
            raise self.error("this sum over an index cannot be read", "write it as a matrix product", at)
        if self.now == "^":
            self.i += 1
            upper = [t for t, _ in self.group() if t not in STYLES and t not in "{}"]
            if zero:
                upper = upper[:1] if upper[1:] == ["-", "1"] and upper[0] != "I" else upper if len(upper) > 1 else []
            if {"+", "-", "/", "*"} & set(upper) or self.names.asks and (len(upper) != 1 or not upper[0].isalnum()):
                raise self.error("the range of this sum cannot be read", "write all of its terms, or a product of matrices", at)
        if not zero and found is None and "=" in part and part[part.index("=") + 1:] != ["1"]:
            raise self.error("a sum that does not begin at 1 cannot be read", at=at)
        around = self.marks.bound | self.marks.free
        letters = tuple(t for t in found.letters if t not in found.pair or t not in around) if found is not None else ()
        if found is not None and found.of and (
                letters != found.letters or not set(found.pair) <= self.marks.letters or spoken_of(found.of, self.text)):
            letters = ()
        if found is None or not letters or not set(found.letters) <= self.marks.letters or \
                self.names.asks and found.sign in ("<", ">", "in"):
            raise self.error("this sum over an index cannot be read", "write it as a matrix product", at)
        before = self.marks.bound
        self.marks.bound |= set(letters)
        body = self.reached([t for t in letters if t not in around])
        self.marks.bound = before
        if not upper and not self.names.asks and (mean := DIVIDED.search("".join(t for t, _ in self.tokens[:at][-8:]))) is not None:
            upper = [n for n in mean.groups() if n and not self.names.known(n) and not self.names.size(n)]
        what = Summed(letters, upper[0] if len(upper) == 1 and upper[0].isalnum() else "", found.pair if found.sign else (), found.sign,
                      self.tokens[at][1], self.since(at), found.of)
        return f"({self.marks.new('sum', what)}*({body}))"

    def reached(self, letters: list[str]) -> str:
        """The product that a sum goes over, with the terms behind it that have its letters too: those can only be summed."""
        out = ("-" if self.take() == "-" else "") + self.circle() if self.now in ("+", "-") else self.circle()
        while self.now in ("+", "-") and (name := self.speaks_of(letters)):
            if self.names.asks:
                raise self.error(f"{name} is outside the sum over {name[-1]}", "put what is summed in brackets")
            out += f" {self.take()} {self.circle()}"
        return out

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

    # ------------------------------------------------------------ 1 where two indices are equal
    def atom(self) -> str:
        """A factor without what is raised behind it; 1[i=j], and cases of two indices."""
        at = self.i
        if self.marks is not None and self.now == "1":
            self.i += 1
            if found := self.equal(at):
                return found
            self.i = at
        if self.now == r"\begin" and (self.marks is not None or [t for t, _ in group(self.tokens, at + 1)[0]] == list("cases")):
            return self.cases()
        return super().atom()

    def ones(self, which: str, at: int) -> str:
        """A bold number, 1_{i=j} among them."""
        return which == "1" and self.equal(at) or super().ones(which, at)

    def equal(self, at: int) -> str:
        """The _{i=j} or [i=j] that comes now, behind us: Kronecker's delta."""
        if self.marks is None or self.i >= len(self.tokens):
            return ""
        part, behind = group(self.tokens, self.i + 1) if self.now == "_" else (self.tokens[self.i:self.i + 5], self.i + 5)
        said = [t for t, _ in part if t not in BRACKETS]
        if len(part) - len(said) not in (0, 2) or len(said) != 3 or said[1] != "=" or not {said[0], said[2]} <= self.marks.letters:
            return ""
        self.i = behind
        return self.marks.new("delta", Indexed(DELTA, (said[0], said[2]), self.tokens[at][1], self.since(at)))

    def cases(self) -> str:
        """What an entry is for i = j, and what it is elsewhere; what something is where one number is greater, and where it is less."""
        at = self.i
        end = next((k for k in range(at, len(self.tokens)) if self.tokens[k][0] == r"\end"), 0)
        part, first = group(self.tokens, at + 1)
        kind = "".join(t for t, _ in part)
        first = group(self.tokens, first)[1] if kind == "array" else first
        rows = [row for row in parts(self.tokens[first:end], ("\\\\", NEXT_ROW), {}) if row]
        if kind == "cases" and len(rows) == 2 and (steps := self.steps(*rows)):
            self.i = group(self.tokens, end + 1)[1]
            return steps
        if self.marks is None:
            raise self.error(f"{kind} cannot be read inside a formula", at=at)
        found = [_condition([t for t in row if t[0] != CELL]) for row in rows]
        pairs = {c[1] for c in found if c is not None and c[1]}
        if kind not in ("cases", "array") or len(found) != 2 or None in found or len(pairs) != 1 or \
                not next(iter(pairs)) <= self.marks.letters:
            raise self.error("these cases cannot be read", at=at)
        self.i = group(self.tokens, end + 1)[1]
        (body, pair, equal), (other, _, unequal) = (f for f in found if f is not None)
        if equal == unequal and other is not None and len({f[1] for f in found if f}) == 1:
            raise self.error("these cases cannot be read", at=at)
        if not equal:
            body, other = other, body
        delta = self.marks.new("delta", Indexed(DELTA, tuple(sorted(next(iter(pairs)))), self.tokens[at][1], self.since(at)))
        outside = self.inside(other)
        return f"(({self.inside(body)})*{delta} + ({outside}) - ({outside})*{delta})"

    def steps(self, one: list[Token], two: list[Token]) -> str:
        """Of rows for x > y and elsewhere what both are, with the steps of x - y and y - x; nothing where the conditions are others."""
        first, second = _cut(one), _cut(two)
        one_way, other_way = (_said(sides[0 if sign == ">" else -1]) for _, sides, sign in (first, second))
        elsewhere = re.match(r"\W*text(?:otherwise|else|elsewhere)", _said(second[1][0])) is not None
        if len(first[1]) != 2 or not elsewhere and ({*map(_said, first[1])} != {*map(_said, second[1])} or one_way == other_way):
            return ""
        more, less = (self.inside(part) for part in (first[1] if first[2] == ">" else first[1][::-1]))
        halves = [(self.inside(part), up, down) for part, up, down in ((first[0], more, less), (second[0], less, more))]
        texts = [f"({value}).*relu(sign({f'{up} - ({down})' if down != '0' else up}))" for value, up, down in halves if value != "0"]
        return f"({' + '.join(texts) or '0'})"


def _said(part: list[Token]) -> str:
    """What some tokens say."""
    return "".join(t for t, _ in part if t not in BRACKETS)


def _cut(row: list[Token]) -> tuple[list[Token], list[list[Token]], str]:
    """A row of cases: the value, the sides of its condition and the sign between them; the words of one without a sign."""
    value, *rest = parts(row, (CELL,), {})
    condition = [t for t in chain(*rest) if t[0] not in (r"\quad", ".", ",")]
    if condition[:1] and condition[0][0] == r"\text":          # \text{if } x > 0
        behind = group(condition, 1)[1]
        condition = list(condition[behind:]) or condition
    sign = next((COMPARED[t] for t, _ in condition if t in COMPARED), "")
    return [t for t in value if t[0] != ","], parts(condition, COMPARED, {}), sign


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
