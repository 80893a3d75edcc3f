"""The shapes of the names that a sheet does not declare, for all lines at once."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence
from contextlib import suppress
from itertools import chain as joined

from ...language.expr import SCALAR, InputError
from ...language.operations import SQUARE_WORDS
from ...language.shape import ONE, Dim
from ...patterns import pattern
from ...reading.problems.shapes_of_lines import inferred, inferred_with
from ...reading.inference.statements import Inferred
from ...reading.latex.letters import FUNCTIONS
from ...reading.latex.names import Ambiguity
from ...records import Record
from ..parts.definition_parts import as_text, equation
from ..parts.formula import formula, quotient
from ..parts.records import chains
from ..parts.variables import COUNTS, LOSSES
from ..statements.definitions import square
from .fitting import assumed
from .setting import Setting

ALIKE = pattern(r"(\w+?)_(?:hat|star|d?dot|minus|plus|new|at_\d)")
TERM = r"(?<![\d*/)] )[-+] {0}(?= [-+](?! \d)|\))|(?<=\(){0} [-+](?! \d)|\b{0} [-+] [\w.*^()]*\beye\b"      # X*W - T, K + c*I
BETWEEN = r"'\)*\*\(*{0}\)*\*\(*[A-Za-z]"         # x'*M*x: nobody writes a number there
MEAN = pattern(r"\b1/(?P<n>[nNmMT])\)* ?\*? ?\(*sum\((?P<x>\w+)\)|\bsum\((?P<of>\w+)\)\)* ?/ ?\(*(?P<count>[nNmMT])\b|"
               r"\b1/(?P<size>[nNmMT])\)* ?\*? ?(?:sum|[Σ∑])_?[({]?(?P<i>[ijk])\b[^ ]* ?\(*(?P<term>[A-Za-z]+)_(?P=i)\b")
AVERAGE = pattern(r"\bmean\((?P<of>[^()]*(?:\([^()]*\)[^()]*)*)\)")
RAISED = pattern(r"\b[A-Z]\w*\)*\^\(*-?[a-z]")
TIMES = ("s", "t")                             # of g'(t): no columns
NUMBER = "sum([1, 2])"                         # no matrix, and not spread over one


class Evidence(Record):
    """What says how large undeclared names are: definitions, assumptions, and the sides of the lines, chain by chain."""

    define: list[str]
    assume: list[str]
    chains: list[list[str]]

    @property
    def lines(self) -> str:
        """The sides of the lines."""
        return " ".join(side for chain in self.chains for side in chain)

    @property
    def text(self) -> str:
        """The definitions and lines."""
        return " ".join([*self.define, self.lines])


def shaped(s: Setting, but: Container[str] = ()) -> tuple[Setting, frozenset[Ambiguity]]:
    """The setting with the shapes of undeclared names, by all lines at once but those that speak of some; and what was read in a way
    that these make certain. What cannot be read is said where its line is judged."""
    said = [[side for side in chain if not any(w in but for w in formula(side).names)] for chain in chains(s.sheet.rows)]
    evidence = Evidence(as_text(s.define), [*s.assume, *assumed(s)], said)
    promised = {n: shape for n, shape in s.sheet.promised.items() if n in s.bodies}
    declare = [*s.declare, *(f"{n}_declared in {shape}" for n, shape in promised.items())]
    equal = [*evidence.assume, *(f"{n} = {n}_declared" for n in promised)]
    names = s.sheet.names
    alike = [f"{w} = {m[1]}" for words in (formula(evidence.text).names,) for w in sorted(words)      # w_hat and q_dot have the shape of w
             if (m := ALIKE.fullmatch(w)) and m[1] in words and w not in names.plain]
    times = [f"{t} = {NUMBER}" for t in sorted(names.by_numbers - names.plain) if t.partition("_")[0] in TIMES]
    try:
        found = inferred_with(declare, evidence.define, equal, said, s.given.losses, names.by_numbers, [square(s.sheet), alike, times])
    except InputError:
        readable = evidence._replace(chains=_readable(s, said))
        try:
            found = inferred(s.declare, *readable, s.given.losses, names.by_numbers)
        except InputError:
            return s, frozenset()
    certain = frozenset(d for r in s.sheet.rows for d in r.doubts if not d.sure and _is_determinant(s, evidence, d))
    found = with_numbers(s, evidence, found)
    s = s.but(inferred=found, declare=[*s.declare, *map(str, found)]).supposing([w for w in s.sheet.facts.structure if w.everywhere])
    with suppress(InputError):
        p = s.whole()
        s = s.but(shapes={n.name: n.shape for n in (*p.variables.values(), *(n for n, _ in p.definitions)) if n.kind == "variable"})
    return s, certain


def with_numbers(s: Setting, evidence: Evidence, found: list[Inferred]) -> list[Inferred]:
    """The shapes with a name of which nothing is known for a number where what is differentiated is a scalar then, and only then; and with
    the number that the sum of a vector is divided by for the size of the vector."""
    moving = formula(evidence.lines).by | formula(evidence.lines).moved
    asked = list(dict.fromkeys(n for n in re.findall(r"\bd\((\w+)\)/d\((?!\w+\)\)*')", evidence.lines) if n in s.bodies))    # no row
    named = moving | {w.name for w in s.sheet.facts.structure}
    for guess in [g for g in found if g.name in COUNTS and g.shape != SCALAR and not g.source and g.name not in named
                  and not re.search(f"{TERM}|{BETWEEN}".format(g.name), f"{evidence.lines} {evidence.define}")]:
        some = _with(s, evidence, _numbers([guess.name]))
        transposed = any(g.shape == SCALAR and g.name in formula(evidence.text).turned for g in some)
        if some and not transposed and all(s.scalar(f, some) for f in asked if s.scalar(f, found)):
            found = some
    for f in [f for f in asked if not (s.scalar(f, found) or _jacobian(s, evidence, f, found))]:
        found = one_column(s, evidence, f, found)
        if not s.scalar(f, found):
            letters = [g.name for g in found if g.shape != SCALAR and g.name not in moving and g.name in s.made.of([f])]
            fitting = (some for n in letters if (some := _with(s, evidence, _numbers([n]))) and s.scalar(f, some))
            found = next(fitting, []) or all_numbers(s, evidence, f, found) or found
    free = {g.name: g for g in found}
    counts = [n for n in sorted(COUNTS) if n in free and free[n].shape == SCALAR and re.search(rf"/{n}\b", evidence.lines)]
    for m in AVERAGE.finditer(" ".join(evidence.define)) if len(counts) == 1 and not MEAN.search(evidence.text) else ():
        for x in [x for x in re.findall(r"[A-Za-z]\w*", m["of"]) if x in free and free[x].shape[1] is ONE is not free[x].shape[0]][:1]:
            if str(free[x].shape[0]) not in formula(evidence.text).names:
                found = _with(s, evidence, [Inferred(x, (Dim.of(counts[0]), ONE), m[0], False)]) or found
                free = {g.name: g for g in found}
    for m in MEAN.finditer(evidence.text):
        n, x = m["n"] or m["count"] or m["size"], m["x"] or m["of"] or m["term"]
        rows, columns = free[x].shape if n in free and free[n].shape == SCALAR and x in free else SCALAR
        if columns is ONE is not rows and str(rows) not in formula(evidence.text).names:
            found = _with(s, evidence, [Inferred(x, (Dim.of(n), ONE), m[0], False)]) or found
            free = {g.name: g for g in found}
    return found


def one_column(s: Setting, evidence: Evidence, f: str, found: list[Inferred]) -> list[Inferred]:
    """The shapes with a matrix for a column where what is differentiated is a scalar then, Y of Y = X*beta; or, of a loss, for a row: the
    weights of one output. Of several the one with which most names are no numbers; the lines have no say, since 1 - a^2 fits a number."""
    best: list[Inferred] = []
    define, assume, _ = evidence
    for guess in [g for g in found if "1" not in map(str, g.shape)]:
        for shape in [(guess.shape[0], ONE), *([(ONE, guess.shape[1])] if f in LOSSES else [])]:
            some = _with(s, Evidence(define, [*assume, f"{f} = {NUMBER}"], []), [Inferred(guess.name, shape, "", False)])
            if s.scalar(f, some) and sum(g.shape != SCALAR for g in some) > sum(g.shape != SCALAR for g in best):
                best = some
    return best and _with(s, evidence, best) or found


def all_numbers(s: Setting, evidence: Evidence, f: str, found: list[Inferred]) -> list[Inferred]:
    """The shapes with all small letters of which a loss is made for numbers, where no sum or transpose stands on the sheet and every
    line fits then: a network of one neuron. So are capitals, where one has a letter as its exponent: A*K^a*L^(1 - a)."""
    raised = RAISED.search(evidence.text) is not None
    if not (f in LOSSES or raised) or re.search(r"'|\b(?:sum|norm\w+|tr|ones|eye|inv|\w*det)\(", evidence.text):
        return []
    below = s.made.of([f]) & formula(evidence.text).names - s.bodies.keys() - FUNCTIONS - s.sheet.names.plain
    small = dict.fromkeys(n for n in (*sorted(below), *(g.name for g in found)) if raised or n[0].islower())
    some = _with(s, evidence, _numbers(small))
    return some if below <= small.keys() and s.scalar(f, some) else []


def _with(s: Setting, evidence: Evidence, known: list[Inferred]) -> list[Inferred]:
    """The shapes of undeclared names where those of some are known; none where the sheet cannot be read so."""
    with suppress(InputError):
        return [*known, *inferred([*s.declare, *map(str, known)], *evidence, s.given.losses)]
    return []


def _numbers(names: Iterable[str]) -> list[Inferred]:
    """Names as numbers."""
    return [Inferred(n, SCALAR, "", False) for n in names]


def _is_determinant(s: Setting, evidence: Evidence, doubt: Ambiguity) -> bool:
    """Whether bars that were read as a determinant can be nothing else: the rest of the sheet makes a matrix of the name in them."""
    found = re.fullmatch(r"det\(\(?(\w+)(?:\)\^\(-1\))?\)", doubt.reading)
    if found is None:
        return False
    names = s.sheet.names
    known = (names.guessed if found[1] in names.bodies else names.shape)(found[1]) or ("", "1")
    if known[0] == known[1] != "1" or any(w.name == found[1] and w.word in SQUARE_WORDS for w in s.sheet.facts.structure):
        return True
    bars = re.compile(rf"\b(?:log)?det\(\(?{found[1]}(?:\)\^\(-1\))?\)")
    define, assume, said = evidence
    rest = _with(s, Evidence([bars.sub("bars_", d) for d in define], assume,
                              [[bars.sub("bars_", side) for side in chain] for chain in said]), _numbers(["bars_"]))
    return any(g.name == found[1] and g.shape[0] == g.shape[1] and g.shape != SCALAR for g in rest)


def _jacobian(s: Setting, evidence: Evidence, f: str, found: list[Inferred]) -> bool:
    """Whether a derivative of a column is said to be a matrix that fits, in one layout or the other."""
    whole = equation([*s.declare, *map(str, found)], s.made_of(f), f, f, (), s.given.losses)
    column = whole is not None and whole.sides[0].shape[1] is ONE
    for left, right in (chain[:2] for chain in evidence.chains if column and len(chain) > 1):
        of = quotient(left.replace("'", ""))
        for side in (left, f"({left})'") if of is not None and of[0] == f else ():
            p = equation([*s.declare, *map(str, found)], s.made_of(side, right), side, right, (), s.given.losses)
            if p is not None and ONE not in p.sides[0].shape:
                return True
    return False


def _readable(s: Setting, chains: Sequence[list[str]]) -> list[list[str]]:
    """The chains that can be read and say a shape: all together, or of each half those that do."""
    try:
        found = inferred(s.declare, s.made_of(*joined.from_iterable(chains), *s.assume), list(s.assume), chains, s.given.losses)
        return list(chains) if found else []
    except InputError:
        half = len(chains) // 2
        return [*_readable(s, chains[:half]), *_readable(s, chains[half:])] if half else []
