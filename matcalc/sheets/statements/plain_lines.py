"""Lines of the language: declarations, definitions, assumptions, equalities."""

from __future__ import annotations

from functools import partial
from itertools import pairwise
import re

from ...language.shape import InputError
from ...reading.declarations.declare import declarations
from ...reading.latex.letters import FUNCTIONS
from ...reading.latex.names import NAME, Ambiguity
from ...reading.problems.problem import LAYOUTS
from ...reading.grammar.tokens import GREEK_NAMES, LONGEST
from ..parts.definition_parts import names_in
from ..parts.formula import NOT_EQUAL, SQUARE, ZERO as NOTHING, formula, moves, outside, quotient, split
from ..parts.records import Row, Word
from ..parts.variables import VALUE, estimated_unknown
from ..words.declaration_lists import DECLARED, STRUCTURED, in_symbols, two_values
from .by_entries import by_entries, spread
from .models import model
from .plain_sides import in_arrays, plain_side, inside_d, of_product
from .sheet import Sheet
from ..words.structure_words import equated
from ...patterns import pattern

SLOPE = pattern(r"\bd\(\w+\)/d\(\w+\)")
MOVES = pattern(r"\(*d\((\w+)\)\)*")
STARRED = pattern(r"^\s*([A-Za-z]\w*)\*(?=\s*:?=)")          # w* = ..
KERNEL = pattern(r"\s*([A-Z]\w*) = ([a-z]\w*)\((\w+), *(\w+)\)\s*")             # K = k(X, X) says no more than what K depends on
ASKED = {"?": "next", "...": "gap", "…": "gap", "\\dots": "gap"}
OF_ALL = pattern(r"d ([A-Za-z]\w*)(?!\w)(?= ?(?:['ᵀ(A-Za-z]|\^T))")
FORMS = "one equality a line, such as: d(x'*A*x)/d(x) = (A + A')*x, then = ... for the next"


def add_equality(sheet: Sheet, row: Row, sides: list[str], goes_on: bool) -> None:
    """A row of one or more sides; the first of a new name defines it."""
    if goes_on:
        sheet.add(*(row._replace(left=None, right=side) for side in behind_gap(sheet, row, sides)))
        return
    sheet.left()
    first, *rest = sides
    bare = len(rest) == 1 and (sheet.new(first) or not sheet.form.markup and NAME.fullmatch(first) and first not in sheet.names.bodies)
    if bare and (found := equated(f"{first} = {rest[0]}")) is not None:       # A = A'
        sheet.facts.say(Word(*found, 0))
        return
    if not rest:
        sheet.add(row._replace(left=None if sheet.rows and row.role != "lone" else "", right=first))
        return
    if is_law(sheet, first, rest[:1] if SLOPE.search(rest[0]) else rest):
        in_force(sheet, row.number, first, rest[0])
        sheet.add(*(row._replace(left=None if k else rest[0], right=side) for k, side in enumerate(rest[1:])))
        return
    said = model(sheet, first, rest[0]) if len(sides) == 2 else None
    if said is not None:
        if said[0]:
            sheet.defined(*said, row.number)
        sheet.add(row._replace(left="", right=said[0], defines=said[0], shown=row.shown or f"{first} = {rest[0]}",
                                      role="abbreviation" if said[0] else "model"))
        return
    for name, body in pairwise(rest):               # m = x_bar = sum(x)/n says what x_bar is
        if sheet.new(name) and sheet.unused(name) and name not in names_in(body):
            sheet.defined(name, body, row.number)
    if rest[1:] and formula(first).by and sheet.unused(rest[-1]) and (
            sheet.new(rest[-1]) or row.entries and sheet.declared_only(rest[-1], rest[-2], True)):    # d(f)/d(x) = exp(x)/sum(exp(x)) = p
        sheet.defined(rest[-1], rest[-2], row.number)
    if sheet.names_derivative(first, rest[0]):
        first, rest = rest[0], [first, *rest[1:]]
    if (root := root_of(sheet, first, rest[0])):
        sheet.defined(root, f"sqrt({rest[0]})", row.number)
        sheet.add(row._replace(left="", right=root, defines=root))
        sheet.add(*(row._replace(left=None, right=side) for side in rest[1:]))
        return
    bodies = [rest[0], *(sheet.names.bodies.get(n, "") for n in formula(rest[0]).names)]      # y = A*x, x = inv(A)*y
    called = not sheet.form.markup and first in sheet.names.arguments           # Q(x) = x'*Q*x
    becomes = first != "d" and any(first in formula(body).names for body in bodies[called:])     # w = w - eta*g, z = tanh(W*z + x)
    if not sheet.is_value(first, rest[0]) and (
            sheet.new(first) and not becomes or sheet.made_later(first, rest[0]) or
            sheet.declared_only(first, rest[0], row.entries, row.role != "remark")):
        sheet.defined(first, rest[0], row.number)
        first = rest[0] if quotient(rest[0].replace("'", "")) and len(rest) > 1 else first         # J = d(g)/d(x) = A
        rest = rest[1:]
        value = sheet.sets_to_zero() and VALUE.search(first)
        if not rest or value:
            sheet.add(row._replace(left="", right=first, defines=first))     # what is said to solve a condition is a line
            sheet.add(*(row._replace(left=None, right=side) for side in rest))
            return
    else:
        differential = re.fullmatch(r"d\((\w+)\)", first)
        inner = inside_d(rest[0])
        if differential and inner and sheet.new(differential[1]) and sheet.unused(differential[1]):
            sheet.defined(differential[1], inner, row.number)
    sheet.add(row._replace(left=first, right=rest[0]))
    sheet.add(*(row._replace(left=None, right=side) for side in rest[1:]))


def behind_gap(sheet: Sheet, row: Row, sides: list[str]) -> list[str]:
    """The sides that a chain goes on with; the first, where the line above could not be read, is what a name means or stands alone."""
    name, broken = sheet.gap.pending, sheet.gap.broken
    if not (name or broken):
        return sides
    if name:
        sheet.defined(name, sides[0], row.number)
    sheet.add(row._replace(left="", right=name, defines=name) if name else row._replace(left="", right=sides[0], role="loose"))
    sheet.left()
    return sides[1:]


def root_of(sheet: Sheet, left: str, right: str) -> str:
    """The new name that the square on the left of an equation is of, sigma of sigma^2: it is the root, which is not negative."""
    square = SQUARE.fullmatch(left)
    new = square and sheet.new(square[1]) and sheet.unused(square[1]) and square[1] not in formula(right).names
    return square[1] if square and new and sheet.names.shape(right) in (("1", "1"), None) else ""


def in_force(sheet: Sheet, number: int, left: str, right: str) -> list[str]:
    """Enter an equation that is given, and holds from there on; a law of motion, d(x) = A*x, holds everywhere. It is about no name."""
    x = MOVES.fullmatch(left)
    text = f"{left} = {right}" if x is None else f"d({x[1]}) = {right}"
    sheet.add(Row(number, "", "", text, role="model"))
    sheet.assume(text, 0 if x is not None else len(sheet.rows))
    return []


def known_above(sheet: Sheet, name: str) -> bool:
    """Whether a name that nothing defines is spoken of above, on a sheet that differentiates, neither by it nor by what it estimates."""
    by = {x for r in sheet.rows for x in formula(r.text).by}
    return bool(by) and not estimated_unknown(name, by) and sheet.new(name) and not sheet.unused(name)


def is_law(sheet: Sheet, first: str, rest: list[str]) -> bool:
    """Whether d(x) = A*x, the first of its kind, says how x moves on a sheet of rates of change."""
    found = MOVES.fullmatch(first)
    by_time = sheet.names.uses.velocities or not sheet.form.markup and sheet.names.uses.parameters          # dx/dt = A*x of plain lines
    if found is None or len(rest) != 1 or not by_time or (x := found[1]) in sheet.names.bodies:
        return False
    made = [rest[0], *(sheet.names.bodies.get(n, "") for n in formula(rest[0]).names)]
    known = any(x in formula(text).moved for text in (*(r.text for r in sheet.rows), *(a.text for a in sheet.facts.assumed)))
    return not known and not any(formula(SLOPE.sub("1", text)).differential for text in made)      # -dH/dx is none by the time


def of_motion(sheet: Sheet, left: str, right: str, stated: bool, posed: bool) -> bool:
    """Whether an equation in a sentence says how things move on a sheet of rates of change: a law, one that binds a name of which nothing
    else is said, M*d(v) + C*v = tau, one that is `stated` and says of something that it is zero, or one that is `posed`, of nothing that
    is defined."""
    both = formula(f"{left} {right}")
    if MOVES.fullmatch(left) or not sheet.names.uses.velocities or not both.moved or sheet.new(left):
        return is_law(sheet, left, [right])
    if posed and sheet.names.bodies.keys().isdisjoint(both.moved):
        return True
    known = {"d", *both.moved, *(w.name for w in sheet.facts.structure), *sheet.facts.constant}
    return stated and NOTHING.fullmatch(right) is not None or any(sheet.new(n) and sheet.unused(n) for n in both.names - FUNCTIONS - known)


def add_question(sheet: Sheet, row: Row, sides: list[str], goes_on: bool) -> None:
    """A row that ends in `= ?` or in dots: the part before is read as usual."""
    if len(sides) > 1 or sides and goes_on:
        add_equality(sheet, row._replace(shown="", role=""), sides, goes_on)
        sides = []
    if not sheet.rows and not sides:
        raise InputError("nothing above this line could equal it", row.number, 1, row.shown, FORMS)
    sheet.add(row._replace(left=sides[0] if sides else None))


def plain_statement(sheet: Sheet, number: int, line: str) -> None:
    """One line: a declaration, a definition, an assumption or an equality."""
    if len(line) > LONGEST:
        raise InputError(f"{len(line)} characters on one line; at most {LONGEST} are allowed", number, LONGEST + 1, line,
                         "name parts of it: z = W'*x + b")
    sheet.facts.squares |= two_values(line)
    line = in_symbols(line)
    word, _, rest = line.partition(" ")
    if word in ("title", "source", "notes", "expand") and not rest.lstrip().startswith("="):
        return
    if word == "layout" and rest.strip() in LAYOUTS:
        sheet.laid_out(rest.strip())
    elif word == "constant" and re.fullmatch(r"[\w, ]+", rest):
        sheet.facts.constant.update(re.findall(r"\w+", rest))
    elif word == "wrt" and NAME.fullmatch(rest.strip()):
        sheet.facts.wrt.append(rest.strip())
    elif word == "assume":
        sheet.facts.assume(rest.strip(), len(sheet.rows))
    elif word == "define":
        sides = split(rest)
        if len(sides) != 2:
            raise InputError("a definition has the form name = expression", number, 1, line)
        sheet.defined(sides[0].strip(), sides[1].strip(), number)
    elif word == "derive" and " wrt " in rest:
        body, _, behind = rest.rpartition(" wrt ")
        sheet.facts.wrt.append(behind.split()[0])
        sheet.add(Row(number, "", f"d({plain_side(sheet, body)})/d({sheet.facts.wrt[-1]})", line))
    elif (words := STRUCTURED.fullmatch(line)) is not None:
        sheet.facts.say(*(Word(name.strip(), w, 0) for name in re.split(r",| and ", words[1]) if name.strip()
                          for w in words[2].split()))
    elif DECLARED.match(line) and "=" not in line:
        declare_line(sheet, number, line)
    else:
        plain_equality(sheet, number, rest.strip() if word in ("prove", "expect") else line, word == "expect")


def plain_equality(sheet: Sheet, number: int, line: str, expected: bool) -> None:
    """An equality in the language."""
    if (kernel := KERNEL.fullmatch(line)) is not None and sheet.new(kernel[1]) and not sheet.names.function(kernel[2]) and \
            kernel[2] not in FUNCTIONS | sheet.names.bodies.keys():
        sheet.facts.say(*(Word(kernel[1], "symmetric", 0) for _ in range(kernel[3] == kernel[4])))
        sheet.add(Row(number, "", "", line, role="model"))
        return
    bad = next((c for c in NOT_EQUAL if c in outside(line)), None)
    if bad:
        raise InputError(f"{bad} is not an equality", number, line.index(bad) + 1, line, FORMS)
    sides = split(STARRED.sub(lambda m: m[1] if sheet.names.known(m[1]) or m[1] in sheet.form.words else m[0], line))
    goes_on = (not sides[0].strip() and len(sides) > 1) or expected
    sides = sides[goes_on and not expected:]
    asked = ASKED.get(sides[-1].strip())
    if asked and (goes_on or len(sides) > 1 or asked == "gap"):
        add_question(sheet, Row(number, None, "", line, role=asked), [plain_side(sheet, s) for s in sides[:-1]], goes_on or len(sides) == 1)
        return
    if len(sides) == 2 and sides[0].strip() == "0" and not goes_on:
        sides = sides[::-1]
    if not all(s.strip() for s in sides):
        raise InputError("a side of this equality is missing", number, max(len(line), 1), line, FORMS)
    if goes_on and not sheet.rows:
        raise InputError("nothing above this line could equal it", number, 1, line, FORMS)
    first = sides[0].strip()
    whole = OF_ALL.match(first) if not goes_on and "d" not in sheet.names.plain | sheet.names.bodies.keys() else None
    if whole is not None and whole[1] not in FUNCTIONS and of_product(sheet.names, first) == first:
        raise InputError(f"{whole[0]} .. has two readings: d({whole[1]}) times what follows, and d of all of it", number, 1, line)
    named = re.fullmatch(r"d[A-Za-z]\w*", first) and first not in GREEK_NAMES and not sheet.form.numpy
    if len(sides) > 1 and named and moves(plain_side(sheet, sides[1])):
        sheet.written(sheet.text, words=sheet.form.words | {first[1:]})
    sides = [in_arrays(sheet, s) if sheet.form.numpy else s for s in map(partial(plain_side, sheet), sides)]
    doubts: list[Ambiguity] = []
    for k, side in enumerate(sides if not sheet.form.numpy else ()):
        sides[k], told = by_entries(side, sheet.names.shape)
        doubts += told
        if " - " in side or " + " in side:
            sides[k], told = spread(sides[k], sheet.names.shape)
            doubts += told
    called = re.fullmatch(r"([A-Za-z]\w*)\*?\((\w+(?:, *\w+)*)\)", sides[0])
    name, given = (called[1], tuple(re.findall(r"\w+", called[2]))) if called and called[1] != "d" else ("", ())
    of_new = name in sheet.names.plain and all(map(sheet.new, given)) and sheet.unused(name)         # x(t) = .. of a declared x
    if not goes_on and len(sides) > 1 and given and (of_new or sheet.new(name) or name in sheet.given_names):
        sheet.names.arguments[name] = given
        sides = [name, *(plain_side(sheet, s) for s in sides[1:])]
    whole = re.fullmatch(r"d\((\w+)\)", sides[0]) if len(sides) > 1 and not moves(sides[1]) else None
    if whole is not None and whole[1] in sheet.names.bodies and sheet.names.guessed(whole[1]) == ("1", "1") and \
            sheet.names.guessed(sides[1]) not in (None, ("1", "1")) and (by := sheet.names.variable(whole[1])):
        sides[0] = f"(d({whole[1]})/d({by}))"            # dJ = X'*e of a number J
        sheet.understood.append(f"d{whole[1]} is the gradient by {by}")
    add_equality(sheet, Row(number, "", "", line, doubts=tuple(doubts)), sides, goes_on)


def declare_line(sheet: Sheet, number: int, text: str) -> None:
    """A declaration, if it can be read."""
    try:
        declarations((" ".join(text.replace("∈", " in ").replace("ℝ", "R").split()),))
    except InputError as e:
        raise InputError(e.message, number, 1, text, e.hint) from None
    sheet.declared(text)
