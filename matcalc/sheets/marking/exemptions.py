"""Why a line that does not follow as it was read is not judged: one list of reasons, in the order in which they are looked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
import re

from ...diagnose.slip import Kind
from ...language.expr import SCALAR, ShapeError
from ...language.operations import STRUCTURE_WORDS
from ...reading.grammar.brackets import terms
from ...reading.latex.names import NAME
from ..parts.formula import ZERO, formula, quotient
from ..parts.marks import Mark, Reason
from ..parts.records import Row, Word
from ..parts.variables import says_derivative
from ..statements.by_entries import by_entries, with_differentials, with_products
from ..words.declaration_lists import STRUCTURED
from ..words.hedges import is_hedged
from ..words.structure_words import structure_from_equation
from .conditions import gradient_zero_with
from .equations import binds, is_equation, of_itself, states
from .doubts import (
    by_another_value, differentiates, doubted, held_fixed, of_labels, off_the_diagonal, taint, to_first_order, untouched)
from .line import firm, mistake
from .other_sizes import apart_by_entries, fits_by_itself, guessed_in, others_below
from .setting import Setting
from .abstract_functions import stated_slope
from .so_far import About, Claim, not_judged
from .unknown_names import below_unread, solves_for_new, unknown_dependence, unknown_name

CONSTANTS = frozenset(("const", "constant", "cst"))
MOST = 6        # so many equations between numbers and sizes are tried
Exemptions = tuple[tuple[str, Callable[[Claim], About]], ...]


def exempted(c: Claim, reasons: Exemptions) -> Mark | None:
    """The mark for the first of some reasons that there is not to judge a line."""
    for kind, applies in reasons:
        if (about := applies(c)) is not None:
            if kind == "tainted" and sure_in_any_case(c, about):
                return exempted(c, PRIMES)
            return not_judged(c.row, c.found.text, kind, *about)
    return None


# ------------------------------------------------------------ the line may be no claim
def is_remark(c: Claim) -> About:
    """A sentence says it beside another line; what goes on behind w - eta*g, which w becomes, is equal to that."""
    becomes = c.row.left is None and c.above is not None and c.above.left in formula(c.above.right).names
    return () if c.row.role == "remark" and not becomes else None


def solves(c: Claim) -> About:
    """It gives a value to an unknown, of which nothing says what it is."""
    left = c.row.left or ""
    misfit = c.found.error is not None and not c.s.fits(f"({c.row.right})'", left)
    becomes = of_itself(c) and left in (term for _, term in terms(c.row.right))           # w = w - eta*g
    return (left,) if left and (left in c.s.variables.all and not of_itself(c) or becomes) and not misfit else None


def stationary(c: Claim) -> About:
    """It gives a value to an unknown at which a derivative is zero, below one by another unknown that is set to zero."""
    known = {o.by for o in c.so_far.known.all}
    step = not known or c.row.left is None or c.row.left in known | formula(c.row.right).names or c.found.error is not None
    zero = gradient_zero_with(c.s, f"{c.row.left} - ({c.row.right})") if not step and solves(c) is not None else ""
    return (f"{zero} = 0",) if zero else None


def below_condition(c: Claim) -> About:
    """It may hold where something is zero that is set to zero above, unless it says what a derivative is, or goes on from d(f)/d(x) = 0 and
    the mistake in it was found."""
    number = c.so_far.conditional
    says = (c.row.left is not None or bool(formula(c.line).by)) and says_derivative(c.line, c.row.right)
    goes_on = c.row.left is None and c.line == c.start and (quotient(c.start) or ("",))[0] in c.s.bodies
    claims = says or goes_on and firm(mistake(c.found))
    return (str(number),) if number is not None and c.found.error is None and not claims and not states(c) else None


# ------------------------------------------------------------ it may hold with other sizes
def of_numbers(c: Claim) -> About:
    """It fits, and would hold if names that nothing declares, and that have no index there, were numbers."""
    may_be = c.found.error is None and c.s.sheet.form.markup and not c.row.entries
    names = guessed_in(c.s, c.line + " == " + c.row.right, True) if may_be else ()
    return names if names and all(n[0].islower() for n in names) and fits_by_itself(c.s, c.line, c.row.right, names, False) else None


def with_products_by_entries(c: Claim) -> About:
    """It does not fit, and holds if its products go entry by entry."""
    powers = [re.sub(r"(?<!\.)\^(?=\d)", ".^", side) for side in (c.line, c.row.right)]          # 1 - h^2 of a column
    raised = re.findall(r"([A-Za-z]\w*)\^\d", f"{c.line} {c.row.right}")
    free = bool(raised) and all(n[0].islower() and c.s.sheet.declaration(n) is None for n in raised)
    if (free or isinstance(c.found.error, ShapeError)) and powers != [c.line, c.row.right] and c.s.proved(*powers):
        return ("its powers go entry by entry",)
    apart = apart_by_entries(c.s, c.text) if isinstance(c.found.error, ShapeError) else set()
    if not isinstance(c.found.error, ShapeError) or not (c.s.sheet.form.markup or apart):
        return None
    def shape(text: str) -> tuple[str, str] | None:
        p = c.s.equation(text, text)
        return None if p is None else (str(p.sides[0].shape[0]), str(p.sides[0].shape[1]))
    every = with_products(c.line, apart), with_products(c.row.right, apart)
    columns = by_entries(c.line, shape)[0], by_entries(c.row.right, shape)[0]
    holds = any(sides != (c.line, c.row.right) and c.s.proved(*sides) for sides in (every, columns))
    return ("its products go entry by entry",) if holds else None


def of_other_sizes(c: Claim) -> About:
    """It does not fit as other lines use its names, and is not false with other sizes for those that nothing declares."""
    if not isinstance(c.found.error, ShapeError):
        return None
    slips, text = c.found.diagnosis.slips, f"{c.line} == {c.row.right}"
    known = bool(slips) and slips[0].what not in (Kind.ILL_SHAPED, Kind.SHAPES)
    names = guessed_in(c.s, text, not known or re.search(r"\bones\(\w+\)'\*", text) is not None)   # a sum says how many there are
    below = others_below(c.s, c.row, text)
    names, known = (*names, *sorted(below)), known and not below
    if not names or known and slips[0].what is Kind.TRANSPOSE:
        return None
    return names if fits_by_itself(c.s, c.line, c.row.right, names, not known, remarks(c)) else None


# ------------------------------------------------------------ it may hold by what was not understood
def by_words(c: Claim) -> About:
    """It holds if names have a structure that is said elsewhere, or in words that were not understood, or that such names have."""
    s, rows = c.s, c.s.sheet.rows
    for words in ([w for w in s.sheet.facts.structure if w.ends <= c.i], s.sheet.unclear.maybe, [*unread_words(c)], [*labels(s)],
                  equated(rows, c.row), passed_words(s)):
        other = s.supposing(words)
        if other.declare != s.declare and c.holds(other):
            return (", ".join(dict.fromkeys(f"{w.name} is {w.word}" for w in words)),)
    return None


def by_equations(c: Claim) -> About:
    """It holds if a number is a size, or by an equation in a sentence."""
    left_out = [f"{n} = 0" for n in sorted(c.s.below(c.text)) if n in CONSTANTS]          # a constant that is not written again
    every = (*sizes(c.s, c.text), *remarks(c), *c.s.sheet.unclear.hoped, *label_sums(c.s), *left_out)
    return next(((text,) for text in every if c.holds(c.s, text)), None)


def passed_words(s: Setting) -> list[Word]:
    """The structure of names that a line speaks of which was passed over, and denies or asks nothing: B: symmetric."""
    lines = [re.findall(r"[a-z']+|\?", line.lower().replace("\u2019", "'")) for line in s.sheet.text.split("\n")]
    return [Word(name, word, 0) for number, text in s.sheet.unclear.passed for name, _, word in (text.partition(": "),)
            if NAME.fullmatch(name) and word in STRUCTURE_WORDS and (name, word) not in s.sheet.facts.denied
            and not is_hedged(words := lines[number - 1], "?" * ("?" in words))]


def unread_words(c: Claim) -> Iterator[Word]:
    """That P is symmetric, of `x is a vector of n, P symmetric n×n`, where that line is not read and P is square."""
    for found in (f for m in c.so_far.marks if m.mark == "not read" for f in STRUCTURED.finditer(m.text)):
        yield from (Word(n, word, 0) for n in formula(found[1]).names if c.s.is_square(n) for word in found[2].split())


def equated(rows: Iterable[Row], row: Row) -> list[Word]:
    """The structure that the other rows give to names by equations such as S' = S."""
    found = [structure_from_equation(r.left, r.right) for r in rows if r is not row and r.left and r.why is None]
    return [Word(*said, 0) for said in found if said is not None]


def labels(s: Setting) -> Iterator[Word]:
    """That what is not declared and nothing varies is a probability vector, on a sheet with a softmax: so labels are. Of plain
    lines only what a sentence speaks of that was passed over."""
    texts = (*(b for _, b, _ in s.define), *(r.right for r in s.sheet.rows))
    if any(re.search(r"\bsoftmax\(|\bsum\(\(*exp\(|exp\((\w+)\)\)*\.?/.*exp\(\1\)", text) for text in texts):
        columns = [g.name for g in s.inferred if str(g.shape[1]) == "1" and g.shape != SCALAR]
        columns += [name for name, text in s.sheet.implied.items() if "," not in text]
        passed = {w for _, text in s.sheet.unclear.passed for w in formula(text).names}
        yield from (Word(n, "simplex", 0) for n in columns if n not in s.variables.all and (s.sheet.form.markup or n in passed))


def label_sums(s: Setting) -> list[str]:
    """That the rows of a matrix, in NumPy also a column, which nothing defines or varies sum to 1, where something of that shape is
    defined whose sums are 1: so labels' do."""
    def total(n: str) -> tuple[str, str]:
        return (f"rowsum({n})", f"ones({s.shapes[n][0]})") if "1" not in map(str, s.shapes[n]) else (f"sum({n})", "1")
    names = [n for n, shape in s.shapes.items() if str(shape[0]) != "1" and (s.sheet.form.numpy or str(shape[1]) != "1")]
    soft = {s.shapes[n] for n, b, _ in s.define if n in names and ("softmax(" in b or "/" in b) and s.proved(*total(n))}
    return [" = ".join(total(n)) for n in names if s.shapes[n] in soft and n not in s.variables.all | s.sheet.names.bodies.keys()]


def sizes(s: Setting, text: str) -> list[str]:
    """That an undeclared number is a size of what is not declared: 1/d before a sum of d entries."""
    below = s.below(text)
    numbers = [g.name for g in s.inferred if g.shape == SCALAR and g.name in below and len(g.name) == 1] if s.sheet.form.markup else []
    every = sorted({str(d) for g in s.inferred for d in g.shape if str(d).isalpha()})
    return [f"{name} = {size}" for name in numbers for size in every][:MOST]


def remarks(c: Claim) -> list[str]:
    """The equations besides this row that may be conditions: those in sentences, and those that say a name is so that .. = 1. What a
    derivative is does not depend on where it is zero."""
    s, general = c.s, says_derivative(c.line, c.row.right)
    return [f"{r.left} = {r.right}" for r in s.sheet.rows if r is not c.row and r.left and r.why is None
            and not (general and ZERO.fullmatch(r.right)) and r.left not in s.variables.all and not formula(r.text).differential
            and (r.role == "remark" or binds(s, r))]


# ------------------------------------------------------------ nothing says what its names are
def rests_on(kind: str) -> Callable[[Claim], About]:
    """A name whose definition could not be read (tainted), or that may be an entry of another one (entry)."""
    return lambda c: why.about if (why := taint(c.s, c.text)) is not None and why.kind == kind else None


def sure_in_any_case(c: Claim, about: tuple[str, ...]) -> bool:
    """Whether a line is one sign or factor away from what is right, whatever a name in it stands for."""
    slips = c.found.diagnosis.slips
    return c.s.sheet.form.markup and bool(slips) and firm(slips[0]) and (
        not differentiates(c.s, c.text) or untouched(c.s, Reason("tainted", about), c.text))


def unproved_above(c: Claim) -> About:
    """What a line above it needs to hold is not known, and something is zero."""
    rests = next((m.reason for m in c.so_far.marks[::-1] if m.reason is not None and m.reason.kind == "perhaps"), None)
    return rests.about if rests is not None and c.so_far.known else None


def with_primes(c: Claim) -> About:
    """It is written with primes, which are read as transposes, and holds where they are differentials: all, or those of numbers."""
    written = c.s.sheet.text.split("\n")[c.row.number - 1:c.row.number + 1]
    if not c.s.sheet.form.markup or "'" not in c.text or not any("'" in w or r"\prime" in w for w in written):
        return None
    of = quotient(c.line)
    line = f"d({of[0]})" if of is not None else c.line
    ways = (with_differentials, lambda text: with_differentials(text, c.s.scalar))
    holds = any(c.s.kind(way(line), way(c.row.right)) in ("proved", "checked") for way in ways)
    return ("' is a derivative",) if holds else None


NO_CLAIM: Exemptions = (("doubt", doubted), ("remark", is_remark), ("perhaps", stationary), ("solved", solves),
                        ("conditional", below_condition), ("equation", is_equation))
PRIMES: Exemptions = (("perhaps", with_primes),)
UNSAID: Exemptions = (
    ("sizes", of_numbers), ("perhaps", with_products_by_entries), ("sizes", of_other_sizes),
    ("perhaps", by_words), ("perhaps", by_equations), ("perhaps", to_first_order), ("perhaps", off_the_diagonal),
    ("perhaps", by_another_value), ("labels", of_labels),
    ("entry", rests_on("entry")), ("tainted", rests_on("tainted")), ("perhaps", unproved_above), ("depends", unknown_dependence),
    ("depends", stated_slope), ("perhaps", held_fixed),
    ("solved", solves_for_new), ("unknown", unknown_name), ("unread above", below_unread), *PRIMES)
