"""Sums over an index as calls: sum(i, j, A[i,j]*x[i]*x[j]), sum(x_i^2 for i in range(n)).

What stands under the sum is read into networks of factors with named axes, and becomes sums and products of matrices: sum(x.^2), x'*A*x.
Only an index that a sum goes over is read so.
"""

from __future__ import annotations

import re
from itertools import combinations
from typing import TYPE_CHECKING

from .index_places import below
from ...language.shape import InputError
from .index_terms import IndexTerms
from ..networks import Network, bare
from .phrases import Piece
from .signs import Sign, is_letter, signs
from ..tokens import Line

if TYPE_CHECKING:
    from .powers import Powers



def begins(spoken: Powers, sign: Sign) -> bool:
    """Whether a sum over an index stands here, behind its name."""
    if spoken.around.knows(sign.text):
        return False
    if sign.text in ("sum", "Sum") and spoken.now == "(":
        inside = [s.text for s in spoken.signs[spoken.i + 1:spoken.closing_of(spoken.i)]]
        if "for" in inside:
            return True
        letter = inside[0] if inside[1:2] == [","] else ""
        return is_index(spoken, letter) and any(t == letter or letter in below(t) for t in inside[2:])
    return False


def is_index(spoken: Powers, letter: str) -> bool:
    """Whether a letter can be an index: nothing is called so."""
    named = spoken.around.has(letter) or letter in spoken.around.scope.functions
    return len(letter) == 1 and letter.isalpha() and letter.islower() and not named



def read(spoken: Powers, sign: Sign) -> Piece:
    """The sum that stands here, in the language."""
    begun, tape, first = spoken.i, list(spoken.signs), Summing(spoken, "")
    found = tried(first, sign)
    if isinstance(found, InputError):
        found = as_samples(spoken, sign, (begun, tape), sorted(first.capitals)) or found
    if isinstance(found, InputError):
        raise found
    text, spoken.i, spoken.signs, letters = found
    spoken.summed_over |= letters
    end = spoken.signs[spoken.i - 1].end
    placed = [Sign(s.text, sign.start, end, s.gap) for s in signs(text)]
    inner = type(spoken)(Line(text), placed, spoken.around, False)
    return inner.sum()


Found = tuple[str, int, list[Sign], frozenset[str]]


def as_samples(spoken: Powers, sign: Sign, place: tuple[int, list[Sign]], names: list[str]) -> Found | None:
    """The same sum with as few as possible of these x_i as the rows, or the columns, of X."""
    for few in range(len(names) + 1):
        found: dict[str, Found] = {}
        for some in combinations(names, few):
            for family in ("rows", "columns"):
                spoken.i, spoken.signs = place[0], list(place[1])
                out = tried(Summing(spoken, family, some), sign)
                if isinstance(out, tuple):
                    found[out[0]] = out
        if len(found) > 1:
            one, two, *_ = found
            raise spoken.two_readings("a sum over samples", one, two, sign.start, "write the product of matrices")
        if found:
            return next(iter(found.values()))
    return None


def tried(reader: Summing, sign: Sign) -> Found | InputError:
    """A sum in the language, where the reader then stands, its signs, and the letters that are summed over."""
    spoken, bars = reader.spoken, list(reader.spoken.bars)
    try:
        net = reader.total(sign)
        text = bare(reader.written(net))
        if reader.samples and (net.row or net.col):
            raise InputError(f"{reader.samples[0]} is declared, and its entries are numbers")
        return text, spoken.i, spoken.signs, frozenset(reader.letters_seen)
    except InputError as e:
        return e if e.column is not None else spoken.refuse(e.message, sign.start, e.hint)
    finally:
        spoken.bars = bars


class Summing(IndexTerms):
    """Reads what a sum goes over, and how far."""

    def total(self, sign: Sign) -> Network:
        """A sum, behind its sign."""
        before = dict(self.bound)
        indices, net = self.called()
        self.bound = before
        if not indices <= net.axes:
            raise self.misfit("nothing under this sum depends on its index")
        return self.totalled(net, indices)

    def bind(self, letter: str) -> str:
        """A letter that a sum goes over; what it is known by."""
        index = self.bound[letter] = self.ranges.fresh()
        self.letters_seen.add(letter)
        if not self.ranges.samples:
            self.ranges.samples.add(index)
        return index

    def called(self) -> tuple[set[str], Network]:
        """sum(i, j, ..) and sum(.. for i in range(n))."""
        s = self.spoken
        end = s.closing_of(s.i)
        inside = [x.text for x in s.signs[s.i + 1:end]]
        indices: set[str] = set()
        begun = s.i + 1
        if "for" in inside:
            k = inside.index("for")
            rest = inside[k:]
            while rest:
                if len(rest) < 6 or rest[0] != "for" or rest[2:5] != ["in", "range", "("] or not is_index(s, rest[1]):
                    raise self.misfit("this sum over an index cannot be read")
                index = self.bind(rest[1])
                stop = next((j for j, t in enumerate(rest) if j and t == "for"), len(rest))
                given = rest[5:stop - 1]
                if len(given) == 1:
                    self.upper[index] = given[0]
                indices.add(index)
                rest = rest[stop:]
            behind = begun + k
        else:
            while is_index(s, self.ahead(1)) and self.ahead(2) == ",":
                indices.add(self.bind(self.ahead(1)))
                s.i += 2
            begun, behind = s.i + 1, end
        s.i = begun
        net = self.terms()
        if s.i != behind:
            raise self.misfit(f"{self.now} cannot stand here")
        s.i = end + 1
        return indices, net

    def written(self, net: Network) -> str:
        """The language for a network without free indices."""
        for index, upper in self.upper.items():
            size = self.ranges.size.get(self.ranges.root(index))
            if size is None and (upper in self.around.scope.origins or upper.isdigit()):
                self.ranges.sized(index, upper)
            elif size is not None and size != upper and (upper in self.around.scope.origins or upper.isdigit() or is_letter(upper)):
                raise InputError(f"the sum goes up to {upper}, and what is under it has {size} entries")
        dims = tuple(a for a in (net.row, net.col) if a)
        if net.axes - set(dims):
            raise InputError("an index under this sum is not summed over")
        out = self.ranges.text(net, dims)
        if re.search(r"\?#\d+\?", out):
            raise InputError("the range of an index of this sum is not known", hint="declare what has it: x in R^n")
        return f"({out})'" if net.col and not net.row else out

    def begins_here(self) -> bool:
        """Whether the name here begins a sum over an index."""
        s, sign = self.spoken, self.spoken.sign()
        s.i += 1
        found = begins(s, sign)
        s.i -= 1
        return found
