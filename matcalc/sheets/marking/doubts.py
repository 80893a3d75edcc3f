"""What of a line is in doubt: readings that were a choice, names that may be entries or parts, definitions that could not be read."""

from __future__ import annotations

import re

from ... import judges
from ...language.expr import SCALAR
from ...language.traversal import reachable
from ...reading.inference.statements import said
from ...reading.latex.names import NAME, Ambiguity
from ...render.verdict_words import WordedVerdict
from ..parts.definition_parts import DefinitionParts, as_text, equation, ordered
from ..parts.formula import constant, formula, put
from ..parts.marks import Mark, Reason
from ..statements.first_order import STEP
from ..words.function_sentences import DEPENDS
from .fitting import PLACE, of_its_shape, possible_entries
from .setting import SECONDS, Setting
from .so_far import Claim, not_judged
from ...patterns import pattern

HOT = pattern(r"\bone[- ]?hot\b")
WORD = pattern(r"[A-Za-z_\u0370-\u03ff]\w*")
SMALL = pattern(r"\b(?:small|infinitesimal|negligible|neglect\w*|ignor\w+|drop\w*|(?:first|higher|lowest|linear)[- ]order)\b", re.I)
MOST_SMALL = 4          # so many names are tried
TWICE = pattern(r"\\partial\s*\\?[A-Za-z]+_(?:\w|\{\w\})\s*\^\s*(?:2|\{2\})")
ROWS_OF = ("a row of ", "a column of ")
SUM_OF = "a sum over entries of "
LOST = pattern(r"lost\d+")         # what a statement of a program that is not read gives a value


def of_line(c: Claim) -> list[Ambiguity]:
    """The readings that were a choice of a line, of the first of its chain, and of the definitions of their names."""
    of_names = {r.defines: r.doubts for r in c.s.sheet.rows if r.defines}
    doubts = [d for r in (c.row, c.above) if r is not None for d in r.doubts]
    return doubts + [d for name in formula(f"{c.start} {c.row.right}").names for d in of_names.get(name, ())]


def settled(c: Claim) -> set[Ambiguity]:
    """The readings that a line which follows shows to be right: of which matrix x_i are the rows only where that is named itself."""
    sides = (c.line, c.row.right)
    named = {m for side in sides for m in c.s.sheet.indexed.in_full.get(side, formula(side).names)}
    return {d for d in of_line(c) if not d.reading.startswith(ROWS_OF) or d.reading.rpartition(" ")[2] in named}


def unsure(c: Claim) -> list[Ambiguity]:
    """The readings of a line, of the first of its chain, and of the definitions of their names, that were a choice."""
    s, doubts = c.s, of_line(c)
    made = s.below(c.text) | formula(c.text).names
    doubts += [Ambiguity(name, "a name of its own") for name in sorted(made) if name in s.sheet.parts or perhaps_entry(s, name)]
    doubts += [Ambiguity(one.name, f"a name of its own, not {one.said} {', '.join(one.of)}") for one in s.sheet.facts.spoken
               if one.name in made
               and made & set(one.of) and one.name not in s.variables.sought]
    own = formula(c.text).names if c.row.entries else ()          # a line by p_i speaks of the entries of p
    shown = [d for d in doubts if d.reading.startswith(SUM_OF) and {*d.reading.removeprefix(SUM_OF).split(", ")} <= {*own}]
    return [d for d in doubts if not d.sure and d not in c.so_far.certain and d not in shown]


def doubted(c: Claim) -> tuple[str, ...] | None:
    """A reading that may be meant otherwise, where the line is not wrong so too."""
    found = unsure(c)
    if not found or wrong_in_order(c.s, c.line, c.row.right, found) is not None or wrong_either_way(c, found) or wrong_otherwise(c, found):
        return None
    return tuple(found[0][:2])


def perhaps_entry(s: Setting, name: str) -> bool:
    """Whether a name that nothing defines may be an entry of another one, of which nobody said what it is: x_1 beside x."""
    base, _, number = name.rpartition("_")
    apart = any({base, name} <= {*given} for given in s.sheet.names.arguments.values())         # Q(beta, beta_0)
    return number.isdigit() and not apart and name not in s.sheet.names.bodies and s.sheet.names.shape(base) is None and \
        s.shapes.get(base, SCALAR) != SCALAR == s.shapes.get(name)


def wrong_otherwise(c: Claim, unsure: list[Ambiguity]) -> bool:
    """Whether all that could be meant otherwise is of which matrices, two at most, x_i are the rows, and a line does not follow where they
    are the columns of some either: so X' is read for X but where X itself was written."""
    s = c.s
    found = sorted({d.reading.rpartition(" ")[2] for d in unsure if d.reading.startswith(ROWS_OF)})
    if not 0 < len(found) < 3 or any(not d.reading.endswith(tuple(f" of {m}" for m in found)) for d in unsure):
        return False
    def refuted(some: list[str]) -> bool:
        def turned(text: str) -> str:
            return put(text, {m: f"({m}')" for m in some if m not in s.sheet.indexed.in_full.get(text, {m})})
        sizes = rf"^({'|'.join(some)}) in R\^\((\w+),(\w+)\)"
        declare = [re.sub(sizes, r"\1 in R^(\3,\2)", d) if d.split()[0] in s.sheet.implied else d for d in s.declare]
        other = s.but(declare=declare, define=[(n, turned(b), k) for n, b, k in s.define])
        return other.kind(turned(c.line), turned(c.row.right)) in ("refuted", "")
    return all(refuted(some) for some in ([found[:1], found[1:]] if found[1:] else []) + [found])


def wrong_either_way(c: Claim, unsure: list[Ambiguity]) -> bool:
    """Whether powers of vectors, or norms of matrices, are all that could be meant otherwise, and a line does not follow with squared
    norms, or with spectral norms, either."""
    bases = [re.fullmatch(r"(.+)\.\^2", d.reading) for d in unsure if not d.reading.startswith("normF(")]
    squares = [f"{form}.^(2)" for base in bases if base is not None for form in (f"({base[1]})", base[1])]
    if not all(bases) or bases and not formula(c.text).differential:
        return False
    def otherwise(text: str) -> str:
        for old in squares:
            text = text.replace(old, f"({old[:-5]}'*{old[:-5]})")
        return text if bases else text.replace("normF(", "spectral(")
    other = c.s.but(define=[(n, b if bases else otherwise(b), k) for n, b, k in c.s.define])
    return other.kind(otherwise(c.line), otherwise(c.row.right)) in ("refuted", "")


def wrong_in_order(s: Setting, line: str, right: str, unsure: list[Ambiguity]) -> WordedVerdict | None:
    """That a line with sums over i < j does not hold for three of them, with the matrix of ones above the diagonal as it is."""
    name = s.sheet.names.triangle
    shape = s.sheet.names.shape(name) if name and unsure else None
    if shape is None or shape[0] != shape[1] or not all(name in d.reading.split() for d in unsure):
        return None
    verdict = of_three(s, shape[0], name, "[0, 1, 1; 0, 0, 1; 0, 0, 0]", line, right)
    return verdict if verdict is not None and verdict.kind == "refuted" else None


def of_labels(c: Claim) -> tuple[str, ...] | None:
    """It holds where a vector that is said to be one-hot is a unit vector, of three entries."""
    s = c.s
    names = [w.name for w in s.sheet.facts.structure if w.word == "simplex" and w.name in s.shapes] if HOT.search(s.sheet.text) else []
    for name in names if c.found.error is None else ():
        verdict = of_three(s, str(s.shapes[name][0]), name, "[0; 1; 0]", c.line, c.row.right)
        if verdict is not None and verdict.kind in judges.HOLDS:
            return (name,)
    return None


def of_three(s: Setting, size: str, name: str, value: str, line: str, right: str) -> WordedVerdict | None:
    """What the judges say of a line where a size is three and a name has a value."""
    def sized(text: str) -> str:
        return put(text, {size: "3"})
    if not size.isidentifier():
        return None
    declare = [sized(d) for d in s.declare if d.split()[0] != name]
    define = ordered([*((n, sized(b), k) for n, b, k in s.define), (name, value, 0)])
    p = equation(declare, as_text(define), sized(line), sized(right), [sized(a) for a in s.assume], s.given.losses)
    return judges.equation(p.within(s.clock.within(SECONDS))) if p is not None else None


def taint(s: Setting, text: str) -> Reason | None:
    """The name in a text, or in what it is defined as or assumed to be, whose definition could not be read."""
    if not s.tainted:
        return None
    given = (formula(a).sides for a in s.assume)
    bodies = {name: body for name, body in given if NAME.fullmatch(name)} | s.bodies
    made = reachable(formula(text).names, lambda n: formula(bodies.get(n, "")).names)
    name = min(s.tainted.keys() & set(made), key=lambda n: (n not in formula(text).names, s.tainted[n], n), default="")
    return Reason("entry" if name in possible_entries(s.sheet) else "tainted", (name, str(s.tainted[name]))) if name else None


def said_besides(c: Claim) -> Mark | None:
    """The mark of a derivative that follows only as long as a sentence is left out of account, which gives another value to a name in
    it, or only at a value that a variable has somewhere."""
    s, text = c.s, c.text
    if not formula(text).differential:
        return None
    if (alone := of_nothing(s, text)) is not None:
        return not_judged(c.row, c.found.text, "depends", *alone)
    odd = {m.number for m in c.so_far.marks if m.reason is not None and m.reason.kind == "remark"}
    if not (odd or s.assume or s.sheet.facts.spoken):
        return None
    made = {*reachable(formula(text).names, lambda n: formula(s.bodies.get(n, "")).names)}
    besides = [r for r in s.sheet.rows[:c.i] if r.number in odd and r.role == "remark" and r.left in made and NAME.fullmatch(r.left or "")]
    if besides:
        return not_judged(c.row, c.found.text, "besides", besides[-1].written, str(besides[-1].number))
    by = formula(text).by
    free = made - by - s.bodies.keys() - s.given.losses.keys()
    if loose := [one.name for one in s.sheet.facts.spoken if DEPENDS.fullmatch(one.said) and one.name in free and by & {*one.of}]:
        return not_judged(c.row, c.found.text, "perhaps", f"{loose[0]} is held fixed")
    given = [(a, *formula(a).sides) for a in s.assume]
    bound = [y for a, y, body in given if y in made - by - s.bodies.keys() and formula(body).names & by and not formula(a).differential]
    if bound:               # f = x'*y with y = B*x, by x
        return not_judged(c.row, c.found.text, "perhaps", f"{bound[0]} is held fixed")
    fixed = [a for a, x, value in given if NAME.fullmatch(x) and x in by and constant(value) and not said_here(c, a)]
    if fixed and not s.but(assume=[a for a in s.assume if a not in fixed]).proved(c.line, c.row.right):
        return not_judged(c.row, c.found.text, "perhaps", ", ".join(fixed))
    return None


def said_here(c: Claim, value: str) -> bool:
    """Whether the sentence of a line, or the one that leads to its display, says that it is about this value: At x = 0 we have .."""
    rows = c.s.sheet.rows
    near = [a.text for a in c.s.sheet.facts.assumed
            if a.begins <= c.i < min(a.ends, a.near) and c.row.number <= rows[a.begins].number + 1]
    return PLACE.search(formula(value).sides[0]) is not None or value in (*near, *(of_its_shape(c.s, text) for text in near))


def of_nothing(s: Setting, text: str) -> tuple[str, str] | None:
    """What is differentiated in a text by a name that nothing declares and nothing is made of: d(x)/d(t), where no t stands elsewhere."""
    new = formula(text).by - s.declared - s.bodies.keys()
    every = [*(b for _, b, _ in s.define), *s.assume, *(r.text for r in s.sheet.rows if r.why is None)] if new else []
    x = next((x for x in new if not any(x in formula(said).values for said in every)), None)
    return None if x is None else (text[:text.index(f"/d({x})")].rpartition("d(")[2].strip("()"), x)


def by_another_value(c: Claim) -> tuple[str, ...] | None:
    """It holds with the value that a sentence above gives to a name that is defined as something else: z = E*h/T below z = E*h."""
    made = c.s.made.of(formula(c.text).names)
    said = (r for r in c.s.sheet.rows[:c.i][::-1] if r.role == "remark" and r.why is None)
    other = next(((r.left, r.right) for r in said if r.left in made), ("", ""))
    if other[0] not in c.s.bodies or other[0] in formula(other[1]).names:
        return None
    define = [(n, other[1] if n == other[0] else b, k) for n, b, k in c.s.define]
    return (" = ".join(other),) if c.s.but(define=define).proved(c.line, c.row.right) else None


def held_fixed(c: Claim) -> tuple[str, ...] | None:
    """A derivative that is right where a name is held fixed which a sentence gives another value: f = x'*y with y = B*x, by x."""
    s, by = c.s, formula(c.text).by
    made = {*reachable(formula(c.text).names, lambda n: formula(s.bodies.get(n, "")).names)} - by
    said_so = {a.given for a in s.sheet.facts.assumed} | s.sheet.facts.constant
    names = {n for n in made & s.shapes.keys() & said_so if formula(s.bodies.get(n, "")).names & by}
    free = s.but(define=[entry for entry in s.define if entry[0] not in names],
                 declare=[*s.declare, *(said(n, s.shapes[n]) for n in sorted(names))])
    return (f"{min(names)} is held fixed",) if names and free.proved(c.line, c.row.right) else None


def to_first_order(c: Claim) -> tuple[str, ...] | None:
    """It holds up to terms of higher order in a name, where the text beside it speaks of what is small or neglected."""
    near = "\n".join(c.s.sheet.text.split("\n")[max(c.row.number - 3, 0):c.row.number + 1])
    if c.found.error is not None or not c.s.sheet.form.markup or formula(c.text).differential or not SMALL.search(near):
        return None
    s = c.s if STEP in c.s.shapes else c.s.but(declare=[*c.s.declare, f"{STEP} in R"])
    def equal(h: str, put_in: str, around: str) -> bool:
        sides = (around.format(put(side, {h: put_in})) for side in (c.line, c.row.right))
        return s.kind(*sides, f"{STEP} = 0") in ("proved", "checked")
    names = sorted(n for n in formula(c.text).names & s.shapes.keys() if n[0].islower() and n not in s.bodies)
    found = next((h for h in names[:MOST_SMALL] if equal(h, f"(0*{h})", "{}") and equal(h, f"({STEP}*{h})", f"(d({{}})/d({STEP}))")), None)
    return (f"terms of higher order in {found} are left out",) if found else None


def off_the_diagonal(c: Claim) -> tuple[str, ...] | None:
    r"""Second derivatives by two entries that hold where these differ, on a sheet that has \partial w_j^2 besides."""
    second = c.row.entries and c.found.error is None and c.line.count("d(d(") == 1 and TWICE.search(c.s.sheet.text) is not None
    apart = [f"({side}).*(1 - eye)" for side in (c.line, c.row.right)]
    return ("the two indices differ",) if second and c.s.kind(*apart) in ("proved", "checked") else None


def differentiates(s: Setting, text: str) -> bool:
    """Whether a derivative or a differential is taken in a text, or in what a name in it is assumed to be."""
    given = {formula(a).sides[0]: a for a in s.assume}
    return any(formula(t).differential for t in (text, *(given[w] for w in formula(text).names if w in given)))


def untouched(s: Setting, why: Reason, text: str) -> bool:
    """Whether a line that could not be read does not speak of what is differentiated by, nor of what is made of it; of a statement of a
    program that is not known."""
    said = " ".join(r.shown for r in s.sheet.rows if str(r.number) == why.about[1] and r.why is not None)
    by = (formula(text).by | formula(text).moved) - s.bodies.keys()
    made = {*reachable(set(WORD.findall(said)) - {why.about[0]}, lambda n: formula(s.bodies.get(n, "")).names)}
    return bool(said and by) and not LOST.fullmatch(why.about[0]) and made.isdisjoint(by | s.tainted.keys() - {why.about[0]}) and not any(
        re.search(rf"(?<![A-Za-z]){x.partition('_')[0]}(?![A-Za-z])", said) for x in by)


def through(s: Setting, text: str) -> Reason | None:
    """A derivative by a name that the function is not made of, and that is made of the same names as the function."""
    asked = formula(text).quotients
    if not asked:
        return None
    said = {r.left: (r.left, r.right, r.number) for r in s.sheet.rows[::-1] if r.why is None and r.left and NAME.fullmatch(r.left)}
    more = [entry for n, entry in said.items() if n not in s.bodies]
    made = DefinitionParts([*more, *s.define], {}) if more or s.given.losses else s.made
    for f, x in asked:
        if f in made.bodies and x in made.bodies and f not in made.of([x]) and x not in made.below(f) and \
                made.below(f) & made.below(x) - made.bodies.keys():
            return Reason("through", (f, x))
    return None
