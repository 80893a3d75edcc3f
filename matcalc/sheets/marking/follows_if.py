"""Lines that follow under something that the sheet leaves unsaid: that a matrix is symmetric, that a name is held fixed."""

from __future__ import annotations

import re

from ...language.expr import SCALAR
from ...language.operations import ELEMENTWISE_NAMES, SYMMETRY_WORDS
from ...patterns import pattern
from ...proof.verdict import Cause
from ...reading.inference.statements import said
from ...reading.latex.names import NAME
from ..parts.definition_parts import ordered
from ..parts.formula import formula, quotient, undeclared
from ..parts.marks import Mark, Reason
from ..parts.records import Row, Word
from ..parts.variables import SYMMETRIC
from ..statements.by_entries import with_powers
from ..words.structure_words import structure
from .exemptions import equated, passed_words
from .line import judged_if_read
from .other_sizes import guessed_in
from .setting import Setting
from .so_far import Claim, SoFar, not_judged
from .stepping import holds
from .under_conditions import at_solution

NAMELESS = pattern(r"\bsymmetric(?:al)? matri(?:x|ces)\b(?!,? (?:\$|\\\()\\?\w+(?:\$|\\\)))")      # the identity for symmetric matrices
FORMS = {"independent": "({0}) + ({0})' - diag(diag({0}))", "part": "(({0}) + ({0})')/2", "diagonal": "diag(diag({0}))"}
CAPITAL = pattern("[A-Z]")
SPOKEN = pattern(r"\b(?:layout|convention)s?\b", re.I)
OF_WHOLE = pattern(r"\(*d\((.+)\)/d\((\w+)\)\)*")


def follows_if(c: Claim) -> Mark | None:
    """The mark of a line that follows so, or of which it cannot be said."""
    return of_any_so(c) or of_numbers_alone(c) or of_any_entry(c) or by_a_number(c) or if_defined(c) or \
        if_symmetric(c.s, c.so_far, c.line, c.row, c.found) or in_another_form(c) or with_names_fixed(c) or with_values_put_in(c) or \
        in_spoken_layout(c)


def of_any_so(c: Claim) -> Mark | None:
    """The mark of a line that follows for any Q that a sentence calls orthogonal, whatever value Q is given elsewhere."""
    s, made = c.s, c.s.made.of(formula(c.text).names)
    words = [w for w in s.sheet.facts.structure if w.begins <= c.i < w.ends and w.name in made & s.bodies.keys() & s.shapes.keys()]
    names = {w.name for w in words}
    free = s.but(define=[entry for entry in s.define if entry[0] not in names],
                 declare=[*s.declare, *(said(n, s.shapes[n]) for n in sorted(names))]).supposing(words)
    found = judged_if_read(free, c.line, c.row) if names else None
    return found if found is not None and found.mark == "follows" else None


def of_numbers_alone(c: Claim) -> Mark | None:
    """The mark of a line that follows if names are numbers of which nothing but this line speaks: d/dt log(cosh(t)) = tanh(t)."""
    rows = [r.text for r in c.s.sheet.rows if r is not c.row and r.why is None and r.text.strip() != c.line]
    elsewhere = {n for text in (*rows, *c.s.bodies.values()) for n in formula(text).names}
    alone = {n for n in guessed_in(c.s, c.text, True) if n[0].islower() and n not in elsewhere} if c.s.sheet.form.markup else set()
    if not alone or re.search(r"'|\.[*/^]", c.text) or not formula(c.text).names & c.s.shapes.keys() <= alone:
        return None
    other = c.s.but(declare=[*undeclared(c.s.declare, alone), *(f"{n} in R" for n in sorted(alone))])
    found = judged_if_read(other, c.line, c.row) if other.proved(c.line, c.row.right) else None
    return found if found is not None and found.mark == "follows" else None


def of_any_entry(c: Claim) -> Mark | None:
    """The mark of a line about a function that goes entry by entry and that speaks of nothing but an m: d/dm exp(-m) = -exp(-m). It follows
    where all other lines have m_i for it, and elsewhere if m is a number."""
    s, lines = c.s, c.s.sheet.text.split("\n")
    by = {x for x in formula(c.line).by if x not in s.declared} if s.sheet.form.markup else set()
    names = formula(c.text).names - by - {"d"}
    if len(by) != 1 or not names or not names <= ELEMENTWISE_NAMES or "'" in c.text:
        return None
    x, (line, right) = min(by), (re.sub(r"\.(?=[*/^])", "", text) for text in (c.line, c.row.right))
    number = s.but(declare=[*undeclared(s.declare, by), f"{x} in R"], define=[entry for entry in s.define if entry[0] != x])
    found = judged_if_read(number, line, c.row._replace(right=right)) if number.proved(line, right) else None
    if found is None or found.mark != "follows":
        return None
    others = "\n".join(lines[:c.row.number - 1] + lines[c.row.number:])
    indexed = re.search(rf"(?<![A-Za-z]){x}(?![A-Za-z_])", others) is None and re.search(rf"(?<![A-Za-z]){x}_", others) is not None
    return found if indexed else Mark(c.row.number, c.row.written, "follows if", reason=Reason("number", (x,)))


def by_a_number(c: Claim) -> Mark | None:
    """The mark of a derivative that follows if what it is taken by is a number, such as a bias that is added to all entries."""
    x = (quotient(c.line.replace("'", "")) or ("", ""))[1]
    if all(g.name != x or g.shape == SCALAR for g in c.s.inferred) or not c.s.scalar(c.row.right):
        return None
    other = c.s.but(declare=[*undeclared(c.s.declare, {x}), f"{x} in R"])
    return Mark(c.row.number, c.row.written, "follows if", reason=Reason("number", (x,))) if other.proved(c.line, c.row.right) else None


def perhaps_symmetric(s: Setting, line: str, row: Row) -> list[str]:
    """The names in a line that are not declared and by convention are no general matrices."""
    if not s.sheet.form.markup:
        return []
    known = s.declared | {s.sheet.names.triangle}
    known |= {w.name for w in (*s.sheet.facts.structure, *s.sheet.unclear.maybe, *equated(s.sheet.rows, row))}
    around = "\n".join(s.sheet.text.split("\n")[max(row.number - 2, 0):row.number])
    spoken = NAMELESS.search(around) is not None and "symmetric" in structure(re.findall(r"[a-z]+(?:-[a-z]+)*", around.lower()))
    return [n for n in sorted(s.below(f"{line} {row.right}") - known) if (spoken or SYMMETRIC.match(n)) and s.is_square(n)]


def symmetric(names: list[str]) -> list[Word]:
    """That names are symmetric."""
    return [Word(n, "symmetric", 0) for n in names]


def if_symmetric(s: Setting, so_far: SoFar, line: str, row: Row, found: Mark) -> Mark | None:
    """The mark of a line that follows if names are symmetric which are not declared and by convention are no general matrices. So they are
    meant in the lines below."""
    def follows(names: list[str]) -> bool:
        other = s.supposing(symmetric(names))
        there = at_solution(other, so_far.known, line, row) if so_far.known else None
        return other.kind(line, row.right) in ("proved", "checked") or there is not None and there.mark != "does not follow"
    kept = perhaps_symmetric(s, line, row)
    if not kept or not follows(kept):
        return None
    for n in tuple(kept):
        some = [other for other in kept if other != n]
        kept = some if follows(some) else kept
    so_far.symmetric += symmetric(kept)
    why = Reason("structure", tuple(f"{n} is symmetric" for n in kept))
    return Mark(row.number, found.text, "follows if", reason=why) if kept else None


def if_defined(c: Claim) -> Mark | None:
    """The mark of a line that is wrong only where its right side is not defined: log(a/b) = log(a) - log(b). It follows if names are
    positive, and matrices positive definite, of which the sheet says nothing."""
    if not c.s.sheet.form.markup or c.found.verdict is None or c.found.verdict.why is not Cause.UNDEFINED:
        return None
    names = sorted(c.s.below(c.text))
    words = [Word(n, "spd" if c.s.is_square(n) else "positive", 0) for n in names]
    if not c.holds(c.s.supposing(words)):
        return None
    for word in tuple(words):
        some = [w for w in words if w != word]
        words = some if c.holds(c.s.supposing(some)) else words
    return Mark(c.row.number, c.found.text, "follows if", reason=Reason("structure", tuple(f"{w.name} is {w.word}" for w in words)))


def in_another_form(c: Claim) -> Mark | None:
    """The mark of a derivative by a symmetric or diagonal name that is meant as one of the forms which go by its structure."""
    by = re.search(r"/d\((\w+)\)\)*'?$", c.row.left or "")
    words = [*(w for w in c.s.sheet.facts.structure if w.begins <= c.i), *c.s.sheet.unclear.maybe]
    s = c.s.supposing([w for w in words if by and w.name == by[1] and w.word in SYMMETRY_WORDS])        # also of a sentence above
    p = s.equation(c.line, c.line) if by else None
    variable = p.variables.get(by[1]) if by and p is not None else None
    if variable is None or not variable.words & SYMMETRY_WORDS:
        return None
    kinds = ("diagonal",) if "diagonal" in variable.words else ("independent", "part")
    kind = next((kind for kind in kinds if holds(s, FORMS[kind].format(c.line), c.row.right)), "")
    return Mark(c.row.number, c.row.written, "follows if", reason=Reason(kind, (variable.name,))) if kind else None


def with_names_fixed(c: Claim) -> Mark | None:
    r"""The mark of a line of \partial that follows where the names which its function is made of, and which depend on what it is
    differentiated by, are held fixed: \partial\hat x/\partial x = 1/\sigma of \hat x = (x - \mu)/\sigma."""
    s = c.s
    whole = OF_WHOLE.fullmatch(c.line)
    of = next(iter(formula(c.line).quotients), (whole[1], whole[2]) if whole is not None else None)
    if of is None or c.found.error is not None or not s.sheet.form.markup or r"\partial" not in s.sheet.text.split("\n")[c.row.number - 1]:
        return None
    made = formula(s.bodies.get(of[0], "" if NAME.fullmatch(of[0]) else of[0])).names
    names = sorted(n for n in made if n in s.shapes and n != of[1] and of[1] in s.closure(n))
    fixed = s.but(declare=[*s.declare, *(said(n, s.shapes[n]) for n in names)],
                  define=[entry for entry in s.define if entry[0] not in names])
    nothing = c.row.right != "0" and fixed.proved(c.row.right, f"0*({c.row.right})")           # all of it depends on them
    why = Reason("constant", tuple(names)) if names and not nothing and c.proved(fixed) else None
    return why and Mark(c.row.number, c.found.text, "follows if", reason=why)


def with_values_put_in(c: Claim) -> Mark | None:
    """The mark of a derivative of what is made of a name that has another value there: of x'*A*y in the case y = x. Where the sentence
    that said so has ended it is not judged."""
    by, s = formula(c.text).by, c.s
    said = [(a, *formula(a.text).sides) for a in s.sheet.facts.assumed if a.begins <= c.i] if by else []
    given = {name: (body, a) for a, name, body in said
             if NAME.fullmatch(name) and name not in by | s.bodies.keys() and formula(body).names & by}
    if not given:
        return None
    put_in = s.but(declare=undeclared(s.declare, given.keys()), inferred=[g for g in s.inferred if g.name not in given],
                   define=ordered([*s.define, *((n, b, 0) for n, (b, _) in given.items())]),
                   assume=[a for a in s.assume if formula(a).sides[0] not in given])
    c = c._replace(s=put_in, found=judged_if_read(put_in, c.line, c.row) or c.found)
    found = c.found if c.found.mark == "follows" else in_spoken_layout(c)
    if found is None or all(a.ends > c.i for _, a in given.values()):
        return found
    return not_judged(c.row, c.found.text, "perhaps", ", ".join(a.text for _, a in given.values()))


def in_spoken_layout(c: Claim) -> Mark | None:
    """The mark of the derivative of a number that is the transpose of what follows, in a text that speaks of conventions, or by a matrix
    in one that says its layout: many give that the shape of the matrix in every layout."""
    s = c.s
    matrix = any("1" not in map(str, s.shapes.get(x, SCALAR)) for x in formula(c.start).by)
    spoken = SPOKEN.search(s.sheet.text) is not None or any(d.written.startswith("D") for d in c.row.doubts)        # Df(x), a column
    if c.found.error is None or not s.sheet.form.markup or not formula(c.start).by or not spoken or s.sheet.layout.said and not matrix:
        return None
    words = [*s.sheet.facts.structure, *s.sheet.unclear.maybe, *passed_words(s)]
    turned = re.sub(r"\(\((d\(.*\)/d\(\w+\))\)'\)", r"\1", c.line)
    turned = turned if turned != c.line else f"({c.line})'"
    if not any(one.kind(turned, c.row.right) in ("proved", "checked") for one in (s, s.supposing(words))):
        return None
    layout = "numerator" if s.sheet.layout.name == "denominator" else "denominator"
    return Mark(c.row.number, c.found.text, "follows if", reason=Reason("layout", (layout,)))


def only_of_numbers(c: Claim) -> Mark | None:
    """The mark of a line that follows, but only where capital letters are numbers of which nothing is said, while what is defined fits
    with matrices too."""
    s = c.s
    whole = " ".join([c.text, *s.bodies.values()])
    names = [g.name for g in s.inferred if g.shape == SCALAR and CAPITAL.fullmatch(g.name) and g.name in s.below(c.text)
             and not re.search(rf"/\(*{g.name}\b", whole)]
    numbers = {f for f, _ in formula(c.text).quotients if f in s.bodies and s.total(f)} if names and s.sheet.form.markup else set()
    if not numbers:
        return None
    declare = [*undeclared(s.declare, {g.name for g in s.inferred}), *(f"{n} matrix" for n in names)]
    made = s.made.of(formula(c.text).names)
    for read in (str, with_powers):             # 1 - h^2 of a column
        other = s.but(declare=declare, define=[(n, read(b), k) for n, b, k in s.define])
        fits = all(other.equation(n, n) is not None and (n not in numbers or other.scalar(n)) for n in made if n in s.bodies)
        if fits and all(other.kind(read(c.line), by(c.row.right)) in ("refuted", "") for by in (str, read)):
            return Mark(c.row.number, c.found.text, "follows if", reason=Reason("number", tuple(names)))
        if fits:
            return None
    return None
