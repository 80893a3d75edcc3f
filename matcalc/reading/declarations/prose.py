"""Declarations as mathematics and prose write them: x ∈ ℝⁿ, A ∈ ℝ^{m×n}, A is n x n, let Q be a symmetric matrix, y: m, b (n,).

A line is clauses, each names and what is said of them, in any order: a space, sizes, a kind (vector, matrix, scalar), structure words, and
words that say nothing of a shape. It is turned into the language: `A in R^(n,n) symmetric`, or `A symmetric` where no size is said.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..grammar.lexer import Sign, is_number, signs
from ...language.shape import InputError
from ..grammar.sizes import crossed
from .spaces import CLOSE, OPEN, TIMES, sizes_end, space
from ..grammar.tokens import GREEK_NAMES, Line, Token, is_name
from ...patterns import pattern

STRUCTURES = tuple((tuple(words.lower().split()), meaning) for words, meaning in (
    ("symmetric positive definite", "spd"), ("symmetric positive - definite", "spd"), ("positive definite", "spd"),
    ("positive - definite", "spd"), ("pd", "spd"), ("spd", "spd"), ("skew - symmetric", "skew"),
    ("skew symmetric", "skew"), ("antisymmetric", "skew"), ("skew", "skew"), ("sym", "symmetric"), ("symmetric", "symmetric"),
    ("upper - triangular", "upper"), ("upper triangular", "upper"), ("lower - triangular", "lower"), ("lower triangular", "lower"),
    ("diag", "diagonal"), ("diagonal", "diagonal"), ("orthogonal", "orthogonal"), ("positive", "positive"), ("one - hot", "simplex"),
    ("one hot", "simplex"), ("onehot", "simplex"), ("simplex", "simplex"), ("probability vector", "simplex"), ("upper", "upper"),
    ("lower", "lower"), ("covariance", "symmetric"), ("precision", "symmetric"), ("gram", "symmetric"), ("laplacian", "symmetric")))
FIRST = frozenset(words[0] for words, _ in STRUCTURES)
TEX = pattern(r"\\(?:in|to|mathbb|mapsto)(?![A-Za-z])")
PROSE = pattern(r"^\s*(?:let|where|with|given|suppose|assume)\b|,?\s+and\b|[.;]\s*$|\b(?:be|is|are)\b", re.I)    # around LaTeX
LEADS, NOUNS, SAYING_NOTHING, COUNTED, COUNTS = (frozenset(words.split()) for words in (
    "let where with given suppose assume for here consider and",
    "data design weight label feature parameter input output target coefficient",
    "a an the of with to column real constant constants fixed given known unknown arbitrary invertible nonsingular regular dense array "
    "tensor ndarray both all each",
    "size sizes dimension dimensions dim shape length order dimensional", "entries components elements entry dimensional dim"))
KINDS = {"scalar": "scalar", "scalars": "scalar", "number": "scalar", "numbers": "scalar", "vector": "vector", "vectors": "vector",
         "matrix": "matrix", "matrices": "matrix", "square": "square", "row": "row"}
DENYING = frozenset(("not", "or", "no", "nor", "non", "either", "neither"))
RELATIONS = frozenset(("in", "is", "are", "be", "has", "have", ":", "=="))


class Clauses:
    """A place in the signs of a declaration."""

    def __init__(self, line: Line, found: Sequence[Sign]) -> None:
        self.line, self.i = line, 0
        self.signs: list[Sign] = []
        for k, s in enumerate(found):
            after = found[k + 1].text if s.text == "\\" and k + 1 < len(found) else ""
            if s.text == "top" and k and found[k - 1].text == "\\":
                self.signs.append(s._replace(text="T"))
            elif s.text != "$" and after not in GREEK_NAMES and after != "top":
                self.signs.append(s)

    def ahead(self, k: int = 0) -> str:
        """A sign."""
        return self.signs[self.i + k].text if self.i + k < len(self.signs) else ""

    def word(self, k: int = 0) -> str:
        """A sign as a word, in small letters unless it is one letter."""
        text = self.ahead(k)
        return text.lower() if len(text) > 1 else text

    def stuck(self) -> InputError:
        """What is not read."""
        at = self.signs[self.i].start if self.i < len(self.signs) else self.line.end
        return self.line.error_at("this declaration cannot be read", at)

    def whole(self) -> list[Token]:
        """All clauses in the language."""
        out: list[Token] = []
        while True:
            while self.word() in LEADS:
                self.i += 1
            out += self.clause()
            if self.ahead() and self.ahead() not in (",", ";", ".") and self.word() != "and":
                raise self.stuck()
            while self.ahead() in (",", ";", ".") or self.word() == "and":
                self.i += 1
            if not self.ahead():
                return out
            at = self.signs[self.i].start
            out.append((",", at, at))

    def clause(self) -> list[Token]:
        """Names, and what is said of them before and behind."""
        said = Said()
        while self.speaks() and not (self.word() in NOUNS and self.word(1) in RELATIONS):       # target: (n,)
            self.phrase(said)
        names = self.names()
        typed = self.ahead() == ":"
        if self.ahead() == "." and self.ahead(1) == "shape":
            self.i += 2
        skew = self.ahead(1) == "-"
        mark = [self.ahead(skew + k) for k in (2, 3)]
        turned = mark[0] in ("'", "^^T") or mark in (["^", "T"], [".", "T"])
        if self.ahead() == "=" and names[0][0] == self.ahead(1 + skew) and turned:          # A = A'
            said.words.append(("skew" if skew else "symmetric", *self.signs[self.i][1:3]))
            self.i += skew + (4 if mark[0] in ("^", ".") else 3)
            return said.clause(names, self)
        related = self.word() in RELATIONS
        self.i += related
        begun = self.i
        if not related and not said and not self.speaks() and not self.sizes():
            raise self.stuck()
        while self.ahead() and self.ahead() != ";":
            if self.ahead() == "," or self.word() == "and":
                if not self.says_more():
                    break
                self.i += 1
                continue
            if {self.word(), self.word(1)} & DENYING:           # A is symmetric (not)
                raise self.stuck()
            self.i += self.word() in ("is", "are") and self.i > begun and not typed and self.speaks(1)      # A ∈ ℝ^{n×n} is symmetric
            real = (related or self.ahead() == "in") and self.real(said)
            if not real and not self.phrase(said) and not self.size(said, typed and self.i == begun):
                break
        if typed and self.i == begun + 1 and self.signs[begun].text == "R":
            raise self.stuck()
        return said.clause(names, self)

    def names(self) -> list[Token]:
        """A, B and C."""
        out: list[Token] = []
        while is_name(self.ahead()) and self.word() not in RELATIONS and self.word() not in DENYING:
            s = self.signs[self.i]
            out.append((s.text, s.start, s.end))
            self.i += 1
            if self.ahead() != "," and self.word() != "and" or self.speaks(1):
                return out
            out.append((",", self.signs[self.i].start, self.signs[self.i].end))
            self.i += 1
        raise self.stuck()

    # ------------------------------------------------------------ what is said
    def speaks(self, k: int = 0) -> bool:
        """Whether a word that is known as one stands there."""
        word = self.word(k)
        if word == "a":                     # an article stands before another word, and is a name elsewhere
            after = self.word(k + 1)
            return after != "a" and self.speaks(k + 1) and not (after in KINDS and after[-1] == "s")
        return word in SAYING_NOTHING or word in NOUNS or word in KINDS or word in COUNTED or self.structure(k) is not None

    def structure(self, k: int = 0) -> tuple[int, str] | None:
        """How many signs a word of structure has, and what it means."""
        if self.word(k) not in FIRST:
            return None
        texts = tuple(map(self.word, range(k, k + 4)))
        return next(((len(row), said) for row, said in STRUCTURES if texts[:len(row)] == row), None)

    def says_more(self) -> bool:
        """Whether a comma or an `and` goes on with the same names: `A in R^(n,n), symmetric and positive definite`."""
        begins = k = 1 + (self.ahead(1) == "and")
        while self.speaks(k):
            k += 1
        kind = self.word(k - 1) in KINDS and is_name(self.ahead(k)) and self.ahead(k + 1) in ("", ",", ";", "and", *RELATIONS)
        return k > begins and not kind

    def phrase(self, said: Said) -> bool:
        """A word of structure or of kind, or one that says nothing."""
        word, at = self.word(), self.i
        if (structure := self.structure()) is not None:
            length, meaning = structure
            said.words.append((meaning, self.signs[at].start, self.signs[at + length - 1].end))
            self.i += length
        elif word in KINDS:
            said.kinds[KINDS[word]] = self.signs[at]
            self.i += 1
        elif word in COUNTED:
            self.i += 1
            if not self.size(said, True):
                raise self.stuck()
        elif word in SAYING_NOTHING or word in NOUNS:
            self.i += 1
        return self.i > at

    def real(self, said: Said) -> bool:
        """R, ℝ^{m×n}, with an `in` before it."""
        self.i += self.ahead() == "in" and self.ahead(1) == "R"
        if self.ahead() != "R" or said.sizes or said.real:
            return False
        said.real = self.signs[self.i]
        self.i += 1
        if self.ahead()[:2] == "^^":
            raised = self.signs[self.i]
            said.sizes = space([raised._replace(text=raised.text[2:])], self.line)
            self.i += 1
        elif self.ahead() == "^" and self.ahead(1):
            end = sizes_end(self.signs, self.i + 1)
            said.sizes = space(self.signs[self.i + 1:end + 1], self.line)
            self.i = end + 1
        return True

    def sizes(self, k: int = 0, inside: int = 0) -> int:
        """Where sizes end that begin here: n x p, n-by-p, 3x4, (n, p), (n,), (n+1) x m; 0 where none do."""
        while True:
            if self.ahead(k) in OPEN:
                k = self.sizes(k + 1, inside + 1) if inside < 3 else 0
                if not k or self.ahead(k) not in CLOSE:
                    return 0
            elif not is_number(self.ahead(k)) and (not is_name(self.ahead(k)) or self.speaks(k)):
                return 0
            elif is_number(self.ahead(k)) and TIMES.fullmatch(self.ahead(k + 1)):
                k += 1
            k += 1
            between = self.crosses(k) or int(self.ahead(k) == "+" or inside and self.ahead(k) == ",")
            k += between
            if not between or inside and self.ahead(k) in CLOSE:
                return k

    def crosses(self, k: int) -> int:
        """How many signs part two sizes here."""
        if self.ahead(k) == "-" and self.ahead(k + 1) == "by" and self.ahead(k + 2) == "-":
            return 3
        return int(self.ahead(k) in ("x", "by", "*"))

    def size(self, said: Said, single: bool) -> bool:
        """Sizes; one by itself only where one is expected."""
        count = self.sizes()
        part = self.signs[self.i:self.i + count]
        if not count or said.sizes:
            return False
        behind = self.word(count + (self.ahead(count) == "-"))
        crossing = part[0].text in OPEN or count > 1 or crossed(part[0].text) is not None
        lone = len(part[0].text.rstrip("0123456789")) < 2
        if not crossing and not (lone and (single or behind in KINDS or behind in COUNTS)):
            return False
        self.i += count
        if self.ahead() == "-" and behind in (KINDS | dict.fromkeys(COUNTS)):
            self.i += 1
        if self.word() in COUNTS:
            self.i += 1
        inner = [s._replace(text="x" if s.text == "by" else s.text) for s in part if s.text != "-"]
        if len(inner) > 2 and inner[-2].text == ",":           # (n,)
            del inner[-2]
        said.sizes = space(inner, self.line)
        return True


class Said:
    """What a clause says of its names."""

    def __init__(self) -> None:
        self.words: list[Token] = []
        self.kinds: dict[str, Sign] = {}
        self.sizes: list[Token] = []
        self.real: Sign | None = None

    def __bool__(self) -> bool:
        """Whether anything is said."""
        return bool(self.words or self.kinds)

    def clause(self, names: list[Token], place: Clauses) -> list[Token]:
        """The same in the language."""
        texts = [t for t, _, _ in self.sizes]
        at = names[-1][2]
        if texts and "row" in self.kinds and "," not in texts:
            self.sizes = [("(", at, at), ("1", at, at), (",", at, at), *self.sizes, (")", at, at)]
        elif texts and self.real is None and "," not in texts and (
                self.kinds.keys() & {"matrix", "square"} or any(w not in ("positive", "simplex") for w, _, _ in self.words)):
            self.sizes = [("(", at, at), *self.sizes, (",", at, at), *self.sizes, (")", at, at)]       # a square matrix of size n
        if self.sizes or self.real is not None:
            return [*names, ("in", at, at), ("R", at, at), *([("^", at, at)] if self.sizes else []), *self.sizes, *self.words]
        kinds: list[Token] = [(kind, s.start, s.end) for kind, s in self.kinds.items() if kind != "row"]
        if "row" in self.kinds or not (kinds or self.words):
            raise place.stuck()
        return [*names, *kinds, *self.words]


def declaration(line: Line) -> Line:
    """The declaration in the language.

    >>> declaration(Line("Q is a symmetric n x n matrix, b: n")).read
    'Q in R^(n, n) symmetric, b in R^n'
    """
    if TEX.search(line.text) is not None:
        from ..latex import declarations as latex
        return latex.in_the_language(Line(PROSE.sub(lambda m: ("," if "and" in m[0] else "").rjust(len(m[0])), line.text), line.number))
    found = signs(line.text, line.start, line.end)
    found = found[1:] if found and found[0].text.lower() in LEADS else found
    if "->" not in {s.text for s in found}:
        return line.reading(Clauses(line, found).whole())
    out: list[Token] = []
    k = 0
    while k < len(found):                       # f: ℝᵐ -> ℝⁿ
        s = found[k]
        end = sizes_end(found, k + 1) if s.text == "^" and k + 1 < len(found) else k
        raised = [s._replace(text=s.text[2:])] if s.text[:2] == "^^" else found[k + 1:end + 1]
        out += [("^", s.start, s.end), *space(raised, line)] if s.text[:1] == "^" else [(s.text, s.start, s.end)]
        k = end + 1
    return line.reading(out)
