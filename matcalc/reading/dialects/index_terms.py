"""Terms, products, powers and brackets under a sum over an index."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .index_entries import ENDS, OPEN, TIMES, IndexEntries
from ..networks import Factor, Network, closed
from .signs import Sign, is_letter

if TYPE_CHECKING:
    pass

class IndexTerms(IndexEntries):
    """Reads from left to right; every method gives a network."""

    def total(self, sign: Sign) -> Network:
        """A sum, behind its sign."""
        raise NotImplementedError

    def begins_here(self) -> bool:
        """Whether the name here begins a sum over an index."""
        raise NotImplementedError

    def signed(self) -> str:
        """The sign here."""
        return self.spoken.take().text if self.now in ("+", "-") else "+"

    def terms(self) -> Network:
        """Terms with their signs."""
        found = [(self.signed(), self.factors())]
        while self.now in ("+", "-"):
            found.append((self.signed(), self.factors()))
        return found[0][1] if len(found) == 1 and found[0][0] == "+" else self.added(found)

    def factors(self) -> Network:
        """Factors side by side, with signs between them or none."""
        out = self.factor()
        while True:
            sign = self.now
            if sign in TIMES:
                self.spoken.i += 1
                two = self.negated()
                inner = bool(out.row and two.row and not out.col and not two.col)
                if sign in ("@", "·") and inner:
                    out = self.times(out, two, True)
                    out = self.totalled(out, {out.row})
                else:
                    out = self.times(out, two, sign == ".*" or sign == "*" and self.spoken.numpy)
            elif sign in ("/", "./"):
                self.spoken.i += 1
                out = self.times(out, self.reciprocal(self.negated()))
            elif sign in ENDS or sign == "for" or (sign in ("|", "‖") and sign in self.spoken.bars[-1:]):
                return out
            else:
                out = self.times(out, self.factor())

    def negated(self) -> Network:
        """A factor, perhaps with its sign."""
        if self.signed() == "-":
            return self.added([("-", self.factor())])
        return self.factor()

    def factor(self) -> Network:
        """An atom with what is raised behind it."""
        s = self.spoken
        self.split()
        out = self.atom()
        while True:
            self.split()
            if self.now in ("'", "^^T") or (self.now == "." and self.ahead(1) == "T"):
                s.i += 2 if self.now == "." else 1
                out = self.transposed(out)
            elif self.now == "^" and (self.ahead(1) in ("T", "⊤", "^^T") or [self.ahead(1), self.ahead(3)] == ["{", "}"]
                                      and self.ahead(2) in ("T", "⊤", "^^T")) and not self.around.knows("T"):
                s.i += 2 if self.ahead(1) != "{" else 4
                out = self.transposed(out)
            elif self.now[:1] in ("_", "[") and (out.row or out.col):
                out = self.of_bracket(out)
            elif self.now[:2] == "^^" or self.now in ("^", ".^", "**"):
                out = self.power(out)
            else:
                return out

    def power(self, base: Network) -> Network:
        """Numbers raised entry by entry."""
        s, sign = self.spoken, self.spoken.take()
        if base.row or base.col:
            raise self.misfit("a power of a vector cannot be read under a sum")
        m = self.material(base)
        if sign.text[:2] == "^^":
            exponent = sign.text[2:]
        else:
            e = self.material(self.negated() if self.now != "{" else self.group())
            if e.axes and m.text == "e" and not self.around.knows("e"):
                return Network((Factor(f"exp({e.text})", e.axes),))
            if e.axes:
                raise self.misfit("a power with an index cannot be read")
            exponent = f"({e.text})"
        if m.text == "e" and not self.around.knows("e"):
            raise s.two_readings("e^", f"exp({exponent.strip('()')})", "a power of a number e", sign.start)
        return Network((Factor(f"{closed(m.text)}{'.^' if m.axes else '^'}{exponent}", m.axes),))

    def group(self) -> Network:
        """What stands in the bracket here."""
        s = self.spoken
        end = self.until(s.i)
        s.i += 1
        bars, s.bars = s.bars, []
        out = self.terms()
        s.bars = bars
        if s.i != end:
            raise self.misfit(f"{self.now or 'a missing bracket'} cannot stand here")
        s.i += 1
        return out

    def atom(self) -> Network:
        """Whatever stands by itself."""
        s, text = self.spoken, self.now
        if is_letter(text) and self.begins_here():
            sign = s.take()
            return self.total(sign)
        if text in OPEN and self.mentions(s.i, self.until(s.i)):
            if text in ("‖", "|"):
                return self.between()
            return self.inner() if text == "⟨" else self.group()
        if text == "√" and self.ahead(1) in OPEN and self.mentions(s.i, self.until(s.i + 1)):
            s.i += 1
            return self.entrywise("sqrt({})", self.group())
        if text in self.bound:
            raise self.misfit(f"the index {text} as a number cannot be read")
        found = self.named() if is_letter(text) else None
        return found if found is not None else self.leaf()

    def split(self) -> None:
        """Tx_i behind a ^, which is a transpose."""
        s = self.spoken
        text, sign = self.now, s.sign()
        if s.ahead(-1) == "^" and len(text) > 1 and text[0] == "T" and text[1].isalpha() and not self.around.knows(text):
            at = sign.start + 1
            s.signs[s.i:s.i + 1] = [sign._replace(text="T", end=at), Sign(text[1:], at, sign.end)]
