"""Entries, rows and functions of entries under a sum over an index, as networks of factors with named axes."""

from __future__ import annotations

from ...language.operations import ELEMENTWISE_NAMES
from ...language.shape import Shape
from .index_places import BELOW, IndexPlaces
from ..networks import Factor, Network, closed, turned
from .phrases import unwrapped
from .signs import is_letter, is_number
from .spellings import MODULES, rows

OPEN = {"(": ")", "{": "}", "[": "]", "‖": "‖", "|": "|", "⟨": "⟩"}
TIMES = frozenset(("*", "·", "@", ".*"))
ENDS = frozenset(("", ")", "]", "}", ",", "+", "-", "=", "==", ";", "⟩", "/", "./", "^", "^^T", ".^", "**", "'")) | TIMES


class IndexEntries(IndexPlaces):
    """What stands by itself under a sum."""

    def group(self) -> Network:
        """What stands in the bracket here."""
        raise NotImplementedError

    def negated(self) -> Network:
        """A factor, perhaps with its sign."""
        raise NotImplementedError

    def leaf(self) -> Network:
        """A factor without an index, read as elsewhere."""
        s = self.spoken
        begun = s.i
        p = s.atom()
        if not is_number(p.tokens[0][0]) and p.head != "e" and not (self.now == "[" and self.mentions(s.i, self.until(s.i))):
            p = s.behind(p)
        if self.mentions(begun, s.i):
            s.i = begun
            raise self.misfit(f"{self.now} with an index cannot be read")
        if p.shape is None:
            s.i = begun
            raise self.misfit(f"the shape of {s.text(p)} is not known here")
        return self.shaped(s.text(unwrapped(p)), p.shape)

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
            if not all(map(self.index, found[2])):
                raise self.misfit(f"no sum goes over {min(set(found[2]) - set(self.bound))}")
            s.i += 1
            return self.entry(found[1], [self.bound.get(c, c) for c in found[2]])
        if text[-1] == "_" and self.ahead(1) == "{" and self.mentions(s.i + 2, self.until(s.i + 1)):
            s.i += 1
            return self.entry(text[:-1], self.places(), True)
        if text == "max" and self.ahead(1) == "(" and self.mentions(s.i + 2, self.until(s.i + 1)):
            return self.positive_part()
        if text in self.around.scope.functions and self.ahead(1) == "'":
            behind = next(k for k in range(s.i + 1, len(s.signs) + 1) if k == len(s.signs) or s.signs[k].text != "'")
            if behind < len(s.signs) and s.signs[behind].text == "(" and self.mentions(behind, self.until(behind)):
                return self.applied(text)
        if self.ahead(1) in ("[", "(") and not self.function(text)[0] and self.mentions(s.i + 2, self.until(s.i + 1)):
            if text in self.around.scope.functions:
                return self.applied(text)
            inside = [x.text for x in s.signs[s.i + 2:self.until(s.i + 1)]]
            if all(t in (",", ":") or self.index(t) for t in inside):
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
            if row.renamed in ELEMENTWISE_NAMES:
                return row.renamed, length
        return "", 0

    def applied(self, name: str) -> Network:
        """exp(x_i), \\log s_i, f(x_i)."""
        s = self.spoken
        at = s.take()
        while self.now == "'" and name.rstrip("'") in self.around.scope.functions:
            s.i += 1
            name += "'"
        if self.now in ("^", "^^2", "'"):
            raise self.misfit(f"{name} with something above cannot be read under a sum")
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
            raise self.misfit("a maximum with an index cannot be read")
        s.i += 4 if first else 2
        out = self.terms()
        if s.i != (end if first else end - 2):
            raise self.misfit("a maximum with an index cannot be read")
        s.i = end + 1
        return self.entrywise("relu({})", out)

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
                raise self.misfit("bars around this cannot be read")
            return self.entrywise("abs({})", inner)
        kind = s.subscript()
        if kind not in ("", "1", "2") or not (inner.row or inner.col) or inner.row and inner.col and kind:
            raise self.misfit("this norm cannot be read under a sum")
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
