"""What a sheet holds besides its names and rows: what sentences say, what of it is unclear, how it is written, its layout, its indices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from math import inf

from ...reading.latex.index_scope import Relation, Rows
from ...reading.latex.macros import Macros
from ...records import Record
from ..words.function_sentences import Spoken
from ..parts.formula import formula
from ..parts.records import Assumption, Word


class Facts:
    """What sentences and lines say of names."""

    def __init__(self) -> None:
        self.structure: list[Word] = []
        self.assumed: list[Assumption] = []
        self.cases: list[Assumption] = []       # what is said to be positive, `for d < m`, from a row on
        self.denied: set[tuple[str, str]] = set()       # names and words that sentences deny of them
        self.constant: set[str] = set()
        self.varying: set[str] = set()      # what a sentence says to vary
        self.wrt: list[str] = []
        self.unknown: set[str] = set()      # what lines that set something to zero are solved for
        self.optima: set[str] = set()       # names that sentences give to what they call a minimiser or a solution
        self.labels: list[str] = []         # matrices of one-hot labels, of which no sentence says where they stand
        self.squares: dict[str, str] = {}   # what the square of labels is that have two values: 1, or the name itself
        self.spoken: list[Spoken] = []      # what sentences say that names are made of, in words that are not read
        self.floor = 0                      # the first row of the lemma that is being read: what it says holds nowhere above

    def say(self, *words: Word) -> None:
        """Enter words of structure."""
        self.structure += [w._replace(begins=max(w.begins, self.floor)) for w in words]

    def assume(self, text: str, begins: int = 0, given: str = "") -> None:
        """Enter an assumption from a row on."""
        self.assumed.append(Assumption(text, max(begins, self.floor), given=given))

    def values(self, names: Sequence[str], but: str = "") -> list[int]:
        """Where it is assumed, and not ended, that one of these names has a value, other than in this equation."""
        return [j for j, a in enumerate(self.assumed) if a.ends == inf and formula(a.text).sides[0] in names and a.text != but]

    def free(self, name: str, row: int) -> None:
        """End what is said of the structure of a name: it is arbitrary from a row on."""
        self.structure = [w._replace(ends=min(w.ends, row)) if w.name == name and w.ends >= 0 else w for w in self.structure]

    def end(self, words: list[int], assumptions: list[int], row: int, sentence: bool = False) -> None:
        """End words of structure and assumptions before a row, and the case that a `sentence` speaks of."""
        self.cases = [a._replace(ends=min(a.ends, row)) for a in self.cases] if sentence else self.cases
        for k in words:
            self.structure[k] = self.structure[k]._replace(ends=row)
        for k in assumptions:
            self.assumed[k] = self.assumed[k]._replace(ends=row)


class Unclear:
    """What was said and not understood, or may be meant: nothing rests on it, and what would is not judged."""

    def __init__(self) -> None:
        self.passed: list[tuple[int, str]] = []
        self.open = False                   # whether something that was passed over may claim something
        self.maybe: list[Word] = []
        self.hoped: list[str] = []          # equations that may be meant
        self.strange: list[tuple[str, str]] = []        # names of which a sentence says something in words that are not known
        self.unread: dict[str, int] = {}    # names that a line which is not read says something of

    def pass_over(self, number: int, text: str, claims: bool = False) -> None:
        """Say that a line or a formula was not understood."""
        self.passed += [(number, text)] if (number, text) not in self.passed else []
        self.open |= claims


class Form(Record):
    """How a sheet is written."""

    markup: bool = False
    code: bool = False
    numpy: bool = False
    program: bool = False                   # lines of a program of arrays, of which none is SymPy's
    mixed: bool = False                     # whether lines of NumPy stand beside declarations
    apart: bool = False                     # whether d stands apart from what it is of: d f
    below_d: Set[str] = frozenset()         # the names of several letters that something is differentiated by: Wh of dL/dWh
    words: Set[str] = frozenset()
    macros: Macros = {}


class Layout(Record):
    """The layout of derivatives; one that is not said may be another."""

    name: str = "denominator"
    said: bool = False


class Gap(Record):
    """What a line that could not be read leaves to the next one: the name that it defines, and whether a chain is broken."""

    pending: str = ""
    broken: bool = False


class Indexed(Record):
    """What lines with indices say: which matrices have the x_i for rows, the free indices of the line above, how two indices are related,
    of which matrix with dots entries are written; sides with indices, and the matrices that are named in them besides their rows."""

    families: Mapping[str, Rows] = {}
    order: tuple[str, ...] = ()
    relation: Relation | None = None
    entries_of: tuple[str, ...] = ()
    in_full: Mapping[str, Set[str]] = {}
