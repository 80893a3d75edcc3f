"""Entries, rows and functions of entries under a sum over an index, as networks of factors with named axes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .around import UNKNOWN
from ...language.operations import ELEMENTWISE_NAMES
from ...language.shape import ONE, InputError, Shape
from ..networks import DELTA, Combining, Factor, Network, Ranges, closed, turned
from .phrases import unwrapped
from .signs import is_letter, is_number
from .spellings import MODULES, rows

if TYPE_CHECKING:
    from .powers import Powers

OPEN = {"(": ")", "{": "}", "[": "]", "‖": "‖", "|": "|", "⟨": "⟩"}
TIMES = frozenset(("*", "·", "@", ".*"))
ENDS = frozenset(("", ")", "]", "}", ",", "+", "-", "=", "==", ";", "⟩", "/", "./", "^", "^^T", ".^", "**", "'")) | TIMES
BELOW = re.compile(r"(.+)_([a-z]+)")


def below(text: str) -> set[str]:
    """The letters that stand below a name."""
    found = BELOW.fullmatch(text)
    return set(found[2]) if found else set()


class IndexEntries(Combining):
    """What stands by itself under a sum; it reads with the places of another reader."""

    def __init__(self, spoken: Powers, family: str, samples: tuple[str, ...] = ()) -> None:
        self.spoken, self.around, self.family, self.samples = spoken, spoken.around, family, samples
        self.capitals: set[str] = set()     # declared names x where there is an X too
        self.letters_seen: set[str] = set()
        self.bound: dict[str, str] = {}
        self.upper: dict[str, str] = {}
        self._ranges = Ranges()

    def group(self) -> Network:
        """What stands in the bracket here."""
        raise NotImplementedError

    def terms(self) -> Network:
        """Terms with their signs."""
        raise NotImplementedError

    def negated(self) -> Network:
        """A factor, perhaps with its sign."""
        raise NotImplementedError

    @property
    def ranges(self) -> Ranges:
        """How far the indices go."""
        return self._ranges

    @property
    def now(self) -> str:
        """The present sign."""
        return self.spoken.now

    def ahead(self, k: int) -> str:
        """A later sign."""
        return self.spoken.ahead(k)

    def misfit(self, message: str) -> InputError:
        """An error at the present place."""
        sign = self.spoken.sign()
        last = self.spoken.signs[-1]
        return self.spoken.refuse(message, min(sign.start, last.start))

    def until(self, k: int) -> int:
        """Where the bracket or the bar at a place is closed."""
        s = self.spoken
        if s.signs[k].text in ("‖", "|"):
            return next((j for j in range(k + 1, len(s.signs)) if s.signs[j].text == s.signs[k].text), len(s.signs))
        return s.closing_of(k) if s.signs[k].text != "⟨" else next(
            (j for j in range(k, len(s.signs)) if s.signs[j].text == "⟩"), len(s.signs))

    def mentions(self, first: int, last: int) -> bool:
        """Whether an index stands between two places."""
        return any(s.text in self.bound or below(s.text) & set(self.bound) or s.text == "∑" for s in self.spoken.signs[first:last])

    def leaf(self) -> Network:
        """A factor without an index, read as elsewhere."""
        s = self.spoken
        begun = s.i
        p = s.atom() if is_number(self.now) or self.now == "e" else s.factor()
        if self.mentions(begun, s.i):
            s.i = begun
            raise self.misfit(f"{self.now} with an index is not read")
        if p.shape is None:
            s.i = begun
            raise self.misfit(f"the shape of {s.text(p)} is not known here")
        return self.shaped(s.text(unwrapped(p)), p.shape)

    def size(self, shape: Shape) -> tuple[str, ...]:
        """An axis for each size that is not 1."""
        out = []
        for d in shape:
            known = not any(n[0] == UNKNOWN for n in d.names)
            out.append("" if d is ONE else self.ranges.fresh(d.text if known else ""))
        return tuple(out)

    def shaped(self, text: str, shape: Shape) -> Network:
        """A text of a known shape."""
        row, col = self.size(shape)
        if not row and col:
            text = turned(text)
        return Network((Factor(text, tuple(a for a in (row, col) if a)),), row, col)

    def named(self) -> Network | None:
        """An entry, a row, a function of entries; None where no index has to do with it."""
        s, sign = self.spoken, self.spoken.sign()
        text = sign.text
        found = BELOW.fullmatch(text)
        if found and set(found[2]) & set(self.bound) and not self.around.has(text):
            if not set(found[2]) <= set(self.bound):
                raise self.misfit(f"no sum goes over {min(set(found[2]) - set(self.bound))}")
            s.i += 1
            return self.entry(found[1], [self.bound[c] for c in found[2]])
        if text[-1] == "_" and self.ahead(1) == "{" and self.mentions(s.i + 2, self.until(s.i + 1)):
            s.i += 1
            return self.entry(text[:-1], self.places(), True)
        if text == "max" and self.ahead(1) == "(" and self.mentions(s.i + 2, self.until(s.i + 1)):
            return self.positive_part()
        if self.ahead(1) in ("[", "(") and not self.function(text)[0] and self.mentions(s.i + 2, self.until(s.i + 1)):
            if text in self.around.scope.functions:
                return self.applied(text)
            inside = [x.text for x in s.signs[s.i + 2:self.until(s.i + 1)]]
            if all(t in (",", ":") or t in self.bound for t in inside):
                s.i += 1
                turned = self.now == "(" and ":" in inside
                indices = self.places()
                while self.now == "[" and self.mentions(s.i + 1, self.until(s.i)):
                    indices += self.places()
                return self.entry(text, indices, turned)
            if not self.around.has(text) and not s.signs[s.i + 1].gap:
                raise self.misfit(f"{text} is not declared; a function is f: R -> R")
            return None
        name, length = self.function(text)
        if name:
            behind = s.i + length
            opened = s.signs[behind].text if behind < len(s.signs) else ""
            if opened in OPEN and opened not in ("‖", "|"):
                if not self.mentions(behind, self.until(behind)):
                    return None
            s.i = behind - 1
            return self.applied(name)
        return None

    def function(self, text: str) -> tuple[str, int]:
        """A function that goes entry by entry, as the language calls it, and how many signs its name has; nothing where none is here."""
        length = 1
        if text in MODULES and not self.around.knows(text):
            while self.ahead(length) == "." and is_letter(self.ahead(length + 1)):
                length += 2
            text = self.ahead(length - 1)
        if self.around.has(text):
            return "", 0
        if text in ELEMENTWISE_NAMES:
            return text, length
        for row in rows(text, length > 1):
            found = re.fullmatch(r"(\w+)\(A\)", row.meaning)
            if found and row.arguments == ("A",) and not row.keywords and found[1] in ELEMENTWISE_NAMES:
                return found[1], length
        return "", 0

    def applied(self, name: str) -> Network:
        """exp(x_i), \\log s_i, f(x_i)."""
        s = self.spoken
        at = s.take()
        if self.now in ("^", "^^2", "'"):
            raise self.misfit(f"{name} with something above is not read under a sum")
        if self.now in ("(", "{", "["):
            return self.entrywise(f"{name}({{}})", self.group())
        inner = self.negated()
        if self.now not in ENDS and self.now not in ("|", "‖", "for"):
            raise s.two_readings(f"{name} .. {self.now}", f"{name} of what stands next, times what follows",
                                f"{name} of all of it", at.start)
        return self.entrywise(f"{name}({{}})", inner)

    def positive_part(self) -> Network:
        """max(0, z_i)."""
        s = self.spoken
        end = self.until(s.i + 1)
        inside = s.signs[s.i + 2:end]
        first, last = [x.text for x in inside[:2]] == ["0", ","], [x.text for x in inside[-2:]] == [",", "0"]
        if not first and not last:
            raise self.misfit("a maximum with an index is not read")
        s.i += 4 if first else 2
        out = self.terms()
        if s.i != (end if first else end - 2):
            raise self.misfit("a maximum with an index is not read")
        s.i = end + 1
        return self.entrywise("relu({})", out)

    def places(self) -> list[str]:
        """The indices in the bracket here; a colon is a whole row or column."""
        s = self.spoken
        end = self.until(s.i)
        inside = [x.text for x in s.signs[s.i + 1:end]]
        letters = [c for t in inside if t != "," for c in t]
        if not all(c == ":" or c in self.bound for c in letters):
            raise self.misfit("this index is not read")
        s.i = end + 1
        return [c if c == ":" else self.bound[c] for c in letters]

    def entry(self, name: str, indices: list[str], turned: bool = False) -> Network:
        """What a name with its indices stands for."""
        s = self.spoken
        name = self.around.resolve(name)
        known = self.around.has(name) or name == self.around.wrt
        capital = name.upper() if len(name) == 1 else ""
        if name == "delta" and len(indices) == 2 and not known:
            self.ranges.same(*indices)
            return Network((Factor(DELTA, (indices[0], indices[1])),))
        if capital != name and self.around.has(capital) and ONE not in self.around.shape(capital):
            if known:
                self.capitals.add(name)
            if not known or name in self.samples:
                return self.member(name, capital, indices)
        shape = self.around.shape(name)
        sizes = [d for d in shape if d is not ONE]
        if not sizes and not known:
            raise s.refuse(f"{name} has an index, and nobody declared it: its letter says scalar", s.signs[s.i - 1].start,
                           f"declare it: {name} in R^n")
        axes = list(self.size(shape))
        if len(sizes) == 2 and len(indices) == 1 and s.ahead(-1) == "]":
            indices = [*indices, ":"]
        if len(indices) != len(sizes):
            raise self.misfit(f"{name} is a scalar here" if not sizes else
                              f"{name} has one index" if len(sizes) == 1 else f"{name} has two indices")
        real = [a for a in axes if a]
        kept = []
        for axis, index in zip(real, indices, strict=True):
            if index == ":":
                kept.append(axis)
                continue
            self.joined(index, axis, name)
            real[real.index(axis)] = index
        net = Network((Factor(f"({name})'" if shape[0] is ONE and real else name, tuple(real)),), kept[0] if kept else "")
        if len(kept) > 1 or not turned:
            return net if len(kept) < 2 else net._replace(col=kept[1])
        down = indices[0] == ":"
        return net if down else self.transposed(net)

    def member(self, name: str, matrix: str, indices: list[str]) -> Network:
        """x_i where X is declared: a row of it; x_ij is an entry."""
        shape = self.around.shape(matrix)
        row, col = self.size(shape)
        if len(indices) == 2:
            self.joined(indices[0], row, matrix)
            self.joined(indices[1], col, matrix)
            return Network((Factor(matrix, (indices[0], indices[1])),))
        if not self.family:
            raise self.misfit(f"{name} with an index may be a row or a column of {matrix}, or an entry of a vector that nobody declared")
        sample, along = (row, col) if self.family == "rows" else (col, row)
        self.joined(indices[0], sample, matrix)
        axes = tuple(indices[0] if a == sample else a for a in (row, col))
        return Network((Factor(matrix, axes),), along)

    def joined(self, index: str, axis: str, name: str) -> None:
        """An index goes over an axis."""
        try:
            self.ranges.same(index, axis)
        except InputError as e:
            raise self.misfit(f"{name}: {e.message}") from None

    def of_bracket(self, net: Network) -> Network:
        """(A x)_i, [A B]_{ij}."""
        s = self.spoken
        if len(self.now) > 1:
            letters = [self.bound.get(c, c) for c in s.take().text[1:]]
        else:
            s.i += 1
            letters = self.places()
        axes = [a for a in (net.row, net.col) if a]
        if len(axes) != len(letters) or not net.row or not set(letters) <= set(self.bound.values()) or set(letters) & net.axes:
            raise self.misfit("an entry of this is not read")
        out = Network((self.material(net),), net.row, net.col)
        for axis, index in zip(axes, letters, strict=True):
            self.ranges.same(index, axis)
            out = out.renamed(axis, index)
        return out._replace(row="", col="")

    def between(self) -> Network:
        """The norm of a row, the absolute value of a number."""
        s = self.spoken
        opened = s.take()
        s.bars.append(opened.text)
        inner = self.terms()
        s.bars.pop()
        s.expect(opened.text)
        if opened.text == "|":
            if inner.row or inner.col:
                raise self.misfit("bars around this are not read")
            return self.entrywise("abs({})", inner)
        kind = s.subscript()
        if kind not in ("", "1", "2") or not (inner.row or inner.col) or inner.row and inner.col and kind:
            raise self.misfit("this norm is not read under a sum")
        m = self.material(inner)
        entries = Factor(f"abs({m.text})" if kind == "1" else f"{closed(m.text)}.^2", m.axes)
        total = self.totalled(Network((entries,), inner.row, inner.col), {inner.row, inner.col} - {""})
        if kind == "1":
            return total
        squared = self.now == "^^2" or self.now == "^" and (self.ahead(1) == "2" or [self.ahead(k) for k in (1, 2, 3)] == ["{", "2", "}"])
        if squared:
            s.i += 1 if self.now == "^^2" else 2 if self.ahead(1) == "2" else 4
            return total
        return self.entrywise("sqrt({})", total)

    def inner(self) -> Network:
        """⟨w, x_i⟩."""
        s = self.spoken
        s.i += 1
        one = self.terms()
        s.expect(",")
        two = self.terms()
        s.expect("⟩")
        return self.totalled(self.times(one, two, True), {a for n in (one, two) for a in (n.row, n.col)} - {""})
