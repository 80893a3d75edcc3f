"""Indices: the marks that stand in a text of the language for what has some, until it is known what it is; the conditions below a sum, i=1,
i,j, i \\ne j, j < k; and what a formula with indices knows: the shapes of names, and which letters are indices of what range."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping, Sequence, Set

from ...language.shape import InputError
from .tensor_networks import Factor, Network, Ranges
from .names import Names, Ambiguity
from ...records import Record
from .macros import parts, sums
from .sums_over_sets import among
from .tokens import Tokens
from ...patterns import pattern

SIGN = "__"
MARKED = pattern(rf"\w+{SIGN}\d+")


class Rows(Record):
    """The matrix that x_i are the rows of, or the columns; a sure one was said to be so, or no other fits."""

    matrix: str
    columns: bool
    sure: bool


class Entrywise(Record):
    """The sides as matrices, the free indices in their order and how far they go, declarations, what x_i are the rows of, and how it
    was read."""

    texts: list[str]
    order: tuple[str, ...]
    sizes: tuple[str, ...]
    declared: list[str]
    rows: Mapping[str, Rows]
    doubts: list[Ambiguity]


class Relation(Record):
    """i = j, or i \\ne j."""

    pair: frozenset[str]
    equal: bool

    def of(self, found: Entrywise, known: Container[str]) -> list[str]:
        """The sides where this holds: their diagonals, or without these; the two indices have one range, unless two sizes are known."""
        sizes = set(found.sizes)
        if self.pair != set(found.order) or len(sizes) != 1 and all(n in known for n in sizes):
            return found.texts
        return [t if t == "0" else f"diag({t})" if self.equal else f"({t}).*(1 - eye)" for t in found.texts]


RELATIONS = {r"\ne": "!=", "<": "<", ">": ">"}


class Below(Record):
    """The letters of a sum, and what relates two of them; or the indices of which a set `of` this name has some."""

    letters: tuple[str, ...]
    sign: str = ""
    pair: tuple[str, ...] = ("", "")
    upper: str = ""
    of: str = ""


RANGES = {r"\{": r"\}", "[": "]"}


def below(part: Sequence[str]) -> Below | None:
    """What a sum goes over; None where this cannot be told."""
    if (found := among(part)) is not None:
        return Below(found[0], "in", found[1], "", found[2])
    letters: list[str] = []
    sign, pair, upper = "", ("", ""), ""
    part = part[2:-1] if part[:1] == [r"\substack"] else part[1:-1] if (*part[:1], *part[-1:]) == ("(", ")") else part
    for cut in parts([(t, 0) for t in part], (",", ";", ":", "\\\\"), RANGES):
        piece = [t for t, _ in cut]
        listed = len(piece) > 4 and RANGES.get(piece[2]) == piece[-1] and piece[3:-2] in ([], ["1", ",", r"\dots", ","])
        if listed and piece[1] == r"\in":          # i \in \{1, .., n\}
            piece = [piece[0], r"\le", piece[-2]]
        kept = piece[2:] if piece[:2] == ["1", r"\le"] else piece[:-2] if piece[-2:] == ["=", "1"] else piece
        if len(kept) > 2 and kept[-2] == r"\le":
            kept, upper = kept[:-2], kept[-1]
        if len(kept) == 3 and kept[1] in RELATIONS and not sign:
            sign, pair = RELATIONS[kept[1]], (kept[0], kept[2])
            letters += [t for t in pair if t not in letters]
        elif kept and all(len(t) == 1 and t.isalpha() for t in kept):
            letters += [t for t in dict.fromkeys(kept) if t not in letters]
        else:
            return None
    return Below(tuple(letters), sign, pair, upper)


def summed_letters(part: Sequence[str]) -> list[str]:
    """The letters below a sum; whatever stands there where it is not read."""
    found = below(part)
    return list(found.letters) if found is not None else list(part[:part.index("=")] if "=" in part else part)


def free_letters(side: Tokens, indices: set[str]) -> set[str]:
    """The indices of a side that no sum in it goes over."""
    bound = {t for part, _ in sums(side) if (found := below(part)) is not None for t in found.letters}
    return {t for t, _ in side if t in indices} - bound


class Indexed(Record):
    """A name with its indices, where it stands and as it is written; "(" stands before the index of a sample, ":" for a whole row."""

    name: str
    indices: tuple[str, ...]
    place: int
    written: str


class Summed(Record):
    """A sum: its letters, how far they go, what relates two of them, or the set that has them."""

    letters: tuple[str, ...]
    upper: str
    pair: tuple[str, ...]
    sign: str
    place: int
    written: str
    of: str = ""


class Marks:
    """The letters that are indices while a formula is read, and what its marks stand for."""

    def __init__(self, letters: Set[str], free: Set[str] = frozenset()) -> None:
        self.letters, self.free = letters, free
        self.bound: frozenset[str] = frozenset()
        self.found: dict[str, Indexed | Summed] = {}

    def new(self, head: str, what: Indexed | Summed) -> str:
        """A mark for this, in a text of the language."""
        name = f"{head}{SIGN}{len(self.found)}"
        self.found[name] = what
        return name

    def shown(self, text: str) -> str:
        """A text with what was written in the place of its marks."""
        return MARKED.sub(lambda m: self.found[m[0]].written if m[0] in self.found else m[0], text)


Shape = tuple[str, str]


def capital_of(name: str) -> str:
    """The matrix of which x_i may be the rows: a capital, so that it is none but a matrix where nothing is declared.

    >>> capital_of("x"), capital_of("phi")
    ('X', 'Phi')
    """
    return name[0].upper() + name[1:]


class Scope:
    """What the sides of one statement share: its indices, and the names that are not declared."""

    def __init__(self, letters: set[str], names: Names, rows: Mapping[str, Rows], text: str, columns: tuple[Set[str], Set[str]],
                 sizes: set[str], transposed: bool = False, lenient: bool = False) -> None:
        self.letters, self.names, self.rows, self.text = letters, names, dict(rows), text
        self.vectors, self.families = columns[0], set(columns[1])      # names that are columns, and those of which the x_i are
        self.sizes, self.transposed = sizes, transposed
        self.ranges = Ranges(lenient)
        self.capitals: dict[str, None] = {}     # the capitals of which nothing is known that are taken for matrices
        self.plain: Set[str] = frozenset()      # those that are not
        self.samples: set[str] = set()          # names whose index is that of a sample, though they are columns by themselves
        self.new: dict[str, tuple[str, ...]] = {}
        self.lettered: dict[str, int] = {}      # names with an index whose letters say that they are numbers, and where they stand
        self.numbers: set[str] = set()          # names without an index among entries
        self.upper: dict[str, str] = {}
        self.bound: dict[str, str] = {}
        self.third: tuple[str, str] | None = None
        self.written: dict[str, str] = {}

    def bind(self, letter: str, upper: str) -> str:
        """A letter that a sum goes over, perhaps up to a size; returns its internal name."""
        index = self.bound[letter] = self.ranges.fresh()
        self.written[index] = letter
        if not self.names.asks or not self.ranges.samples:
            self.ranges.samples.add(index)
        if self.names.asks and self.names.known(upper):
            raise InputError(f"the sum goes up to {upper}, which is declared and is not a size")
        if upper.isdigit() or upper in self.sizes or upper and not self.names.known(upper):
            self.upper[index] = upper
        return index

    def tied(self, net: Network, indices: set[str]) -> Network:
        """What a sum goes over, with as many ones as the sum says where nothing else says how many terms there are."""
        for index in sorted(indices & self.upper.keys()):
            if self.ranges.size.get(self.ranges.root(index)) is None:
                self.ranges.sized(index, self.upper[index])
                ones = Factor(f"ones({self.upper[index]})", (index,))
                net = net._replace(factors=(ones, *net.factors)) if not net.terms else net._replace(
                    terms=tuple((sign, t._replace(factors=(ones, *t.factors))) for sign, t in net.terms))
        return net

    def limited(self, sizes: set[str]) -> None:
        """Whether each sum goes as far as what is under it has entries."""
        for index, upper in self.upper.items():
            size = self.ranges.size.get(self.ranges.root(index))
            said = {t for t in (size, upper) if t and re.search(rf"(?<![A-Za-z\\]){t}(?![A-Za-z])", self.text) and self.names.size(t)}
            if size is not None and size != upper and (self.names.asks or upper.isdigit() or {size, upper} <= sizes | said):
                raise InputError(f"the sum goes up to {upper}, and what is under it has {size} entries")

    def elsewhere(self, letter: str, names: Iterable[str]) -> str:
        r"""How far the sums of the text go over a letter below one of these names, where this says no size yet and all say the same: n of
        r_i, beside \sum_{i=1}^n \rho(r_i)."""
        if self.names.asks:
            return ""
        below = "|".join(re.escape(name) for name in names if name)
        sums = rf"\\sum(?:\\limits)?\s*_\s*\{{?\s*{letter}\s*=\s*1\s*\}}?\s*\^\s*\{{?\s*([A-Za-z])"
        uppers = set(re.findall(rf"{sums}(?=[^\n$]{{0,200}}?(?:{below})\}}?\s*_\s*\{{?{letter})", self.text))
        upper = max(uppers) if len(uppers) == 1 else ""
        return "" if upper in self.ranges.size.values() or self.names.known(upper) else upper

    def index(self, letter: str) -> str:
        """The internal name of an index letter."""
        return self.bound.get(letter, letter)

    def fits(self, index: str, size: str) -> None:
        """What an index goes over, by the shape of what has it."""
        if size != "?":
            self.ranges.sized(index, size)

    def shown(self, name: str) -> bool:
        """Whether the text shows that an undeclared name is a column, whatever its letter says."""
        return self.names.asks and name in self.vectors and not self.names.known(name)

    def beside(self, name: str) -> bool:
        """Whether an undeclared name is one of columns that are counted besides: k_+ beside k_j."""
        base, _, label = name.partition("_")
        return not self.names.asks and label in ("p", "m", "plus", "minus") and base in self.families

    def sampled(self, name: str, index: str) -> bool:
        """Whether x_i is a column, of an undeclared x: it is declared, or the text shows it."""
        whole = self.names.resolve(f"{name}_{self.written.get(index, index)}")
        return self.names.asks and not self.names.known(name) and (name in self.families or self.names.known(whole))

    def of_matrix(self, name: str, index: str) -> bool:
        """Whether X_i is a row or a column of a matrix X, as a sum over i says by how far it goes."""
        shape = self.names.shape(name) if index in self.upper and not self.names.asks else None
        apart = shape is not None and "1" not in shape and shape[0] != shape[1] and self.upper[index] in shape
        return apart and not self.names.known(self.names.resolve(f"{name}_{self.written.get(index, index)}"))

    def family(self, name: str, index: str) -> Rows | None:
        """The matrix of which x_i are the rows; None where x_i is an entry."""
        if name in self.rows:
            return self.rows[name]
        if self.of_matrix(name, index):
            shape = self.names.shape(name)
            return Rows(name, shape is not None and self.upper[index] == shape[1], True)
        whole = f"{name}_{self.written.get(index, index)}"
        single = self.names.shape(self.names.resolve(whole)) if self.names.resolved(whole) else None
        if single is None and (self.names.known(name) or name not in self.families):
            return None
        if single is not None and single[1] != "1":
            return None
        if single == ("1", "1"):
            return None
        capital = capital_of(name)
        shape = self.names.shape(capital) if self.names.known(capital) else None
        others = [self.names.shape(f"{name}_{k}") for k in "1nNmi" if self.names.known(f"{name}_{k}")]
        length = single[0] if single else next((s[0] for s in others if s is not None and s[1] == "1" != s[0]), None)
        if shape is not None and "1" not in shape and (length is None or length in shape):
            said = self.said(name, capital)
            guessed = said == "columns" if said else (length is None or shape[0] == shape[1]) and self.transposed
            columns = length == shape[0] != shape[1] or guessed
            found = Rows(capital, columns, bool(said) or length is not None and shape[0] != shape[1])
        else:
            fresh = capital if not self.names.known(capital) else f"{capital}_rows"
            said = self.said(name, capital) if fresh == capital else ""
            found = Rows(fresh, said == "columns", capital not in self.names.uses.letters or said != "")
            sizes = index, self.ranges.fresh(length or "")
            self.new[fresh] = sizes[::-1] if found.columns else sizes
        self.rows[name] = found
        return found

    def always_indexed(self, name: str) -> bool:
        """Whether x stands nowhere without an index, and X does, which is not asked of a single line: x_ij are the entries of X."""
        small, capital = (rf"(?<![A-Za-z\\]){letter}(?![A-Za-z_]|\}}_)" for letter in (name, capital_of(name)))
        alone = re.search(small, self.text) is None and not self.names.by(name)
        return alone and (self.names.asks or re.search(capital, self.text) is not None)

    def said(self, name: str, matrix: str) -> str:
        """Whether a sentence says that x_i are the rows or the columns of X."""
        for sentence in re.split(r"\.\s|\n\s*\n", self.text):
            words = re.findall(r"\b(rows|columns)\b", re.sub(r"\b(row|column)\b(?! vector)", r"\1s", sentence))
            if len(set(words)) == 1 and re.search(rf"(?<![A-Za-z]){name}\}}?(?:_|\^\{{?\()", sentence) and \
                    re.search(rf"(?<![A-Za-z]){matrix}(?![A-Za-z])", sentence):
                return str(words[0])
        return ""
