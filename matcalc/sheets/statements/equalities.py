"""The equalities of a display as rows: sides read, names introduced, chains continued."""

from __future__ import annotations

import re

from ...language.shape import InputError
from ...reading.latex.formula import Formula, read
from ...reading.latex.macros import group
from ...reading.latex.names import NAME, Ambiguity
from ...reading.latex.texts import minimal
from ...reading.latex.spelt_names import pointwise
from ...reading.latex.tokens import Tokens, misread
from ..parts.records import Row
from .adjoints import slope_of_nothing
from .objectives import add_objective
from .first_order import add_first_order, without_remainder
from .index_sides import with_indices
from .plain_lines import add_equality, add_question, ASKED
from .rows import Statement
from .sheet import Sheet
from .tex_sides import excerpt, single_name, in_language, side_read
from .statement_forms import at_point, composition, of_kernel, point, subject
from ...patterns import pattern

LOSS = pattern(r"\b(?:scalar|loss|cost|objective|error|energy|likelihood)\b", re.I)


def new_heading(sheet: Sheet, side: Tokens) -> tuple[str, tuple[str, ...]] | None:
    """f and the x of a new f(x)."""
    if len(side) > 1 and side[0][0] in (r"\log", r"\ln"):
        inner = new_heading(sheet, side[1:]) or new_letter(sheet, side[1:])
        return (f"log_{inner[0]}", inner[1]) if inner is not None else None
    try:
        reader = Formula(side, sheet.names, sheet.text, [])
        name = reader.name()
        declared = name in sheet.names.functions and name not in sheet.names.bodies
        fits = declared or sheet.new(name or "") or name in sheet.given_names
        if name is None or name.startswith("\\") or not fits or not reader.opens() or \
                name in ("d", "" if sheet.names.uses.called_e else "e"):
            return None
        if reader.named_derivative(name, 0) is not None:
            return None
        given = reader.arguments_here()
        if reader.now or given is None or not all(NAME.fullmatch(g) for g in given):
            return None
        if declared:
            written_out(sheet, name, given)
        return name, tuple(given)
    except InputError:
        return None


def heading_of(sheet: Sheet, s: Statement) -> tuple[str, tuple[str, ...]] | None:
    """The same of a statement; h(x) = 0 of a function h that is declared says where it is zero, not what it is."""
    zero = [t for t, _ in s.sides[-1]] == ["0"]
    return None if zero and sheet.names.functions else new_heading(sheet, s.sides[0])


def with_function_first(sheet: Sheet, s: Statement) -> list[Statement]:
    """y = f(x) = x^T x as f(x) = x^T x, and y = f(x)."""
    if len(s.sides) < 3 or s.goes_on or new_heading(sheet, s.sides[0]) or not new_heading(sheet, s.sides[1]):
        return [s]
    return [s._replace(sides=s.sides[1:]), s._replace(sides=s.sides[:2], sign="")]


def new_letter(sheet: Sheet, side: Tokens) -> tuple[str, tuple[str, ...]] | None:
    """p of \\log p, of which nothing is known."""
    name = single_name(sheet, side)
    return (name, ()) if sheet.new(name) and sheet.unused(name) else None


def written_out(sheet: Sheet, name: str, given: list[str]) -> None:
    """A function that was declared, and is now defined, is no longer an abstract one."""
    for k, text in enumerate(sheet.declare):
        found = re.fullmatch(r"\s*([\w, ]+?)\s*:\s*R(\S*)\s*->.*", text)
        names = [n.strip() for n in found[1].split(",")] if found else []
        if found and name in names:
            rest = [n for n in names if n != name]
            sheet.declare[k:k + 1] = [f"{', '.join(rest)}{text[text.index(':'):]}"] if rest else []
            sheet.names.plain.discard(name)
            del sheet.names.functions[name]
            if len(given) == 1 and given[0] not in sheet.names.plain:
                sheet.declared(f"{given[0]} in R{found[2]} {sheet.domains.get(name, '')}".rstrip())
            return


def add_sides(sheet: Sheet, s: Statement, row: Row) -> None:
    """The sides of a statement, each read for itself."""
    try:
        if without_sides(sheet, s, row):
            return
    except InputError as e:
        sheet.add(row._replace(left=None if sheet.rows else "", shown=excerpt(sheet.text, s.at, s.last), why=e))
        return
    last = "".join(t for t, _ in s.sides[-1])
    if last in ASKED and (s.goes_on or len(s.sides) > 1) and all(before := [in_language(sheet, side) for side in s.sides[:-1]]):
        add_question(sheet, row._replace(shown=excerpt(sheet.text, s.at, s.last), role=ASKED[last]), before, s.goes_on)
        return
    s = s._replace(sides=pointwise(s.sides, sheet.names))
    if (parts := with_function_first(sheet, s))[1:]:
        add_sides(sheet, parts[0], row)
        name = single_name(sheet, s.sides[0])
        if sheet.new(name):
            sheet.defined(name, read(s.sides[1], sheet.names, sheet.text), row.number)
        else:
            add_sides(sheet, parts[1], row)
        return
    sides = list(s.sides)
    heading = heading_of(sheet, s) if len(sides) > 1 and not s.goes_on else None
    if heading:
        sheet.names.arguments[heading[0]] = heading[1]
    doubts: list[Ambiguity] = []
    before = set(sheet.names.entries)
    texts: list[str | InputError] = [heading[0]] if heading else []
    texts += [side_read(sheet, sides, side, doubts) for side in sides[len(texts):]]
    if any(t == ":" for side in sides for t, _ in side) and all(isinstance(t, str) for t in texts) and \
            len({"".join(minimal(str(t))).strip("()") for t in texts}) == 1 < len(texts):          # A : B = tr(A^T B) says what A : B means
        sheet.add(row._replace(left="", right="", shown=excerpt(sheet.text, s.at, s.last), role="model"))
        return
    row, texts = with_indices(sheet, s, row._replace(doubts=tuple(dict.fromkeys(doubts))), texts, heading[0] if heading else "", before)
    asked = texts.pop() if s.must else ""
    if s.word in ("where", "with", "let") and len(texts) == 2 and isinstance(texts[0], str) and isinstance(texts[1], str) \
            and sheet.new(texts[1]) and not sheet.new(texts[0]):
        texts.reverse()
        if any(r.why is None and texts[1] in r.right for r in sheet.rows[-1:]):
            row = row._replace(role="abbreviation")
    if s.must and len(texts) == 1 and isinstance(texts[0], str) and not s.goes_on:
        sheet.add(row._replace(left="", right=texts[0], role="start"))
    else:
        add_chain(sheet, row, texts, s)
    if s.must:
        right = "0" if asked == "0" else ""
        sheet.add(row._replace(left=None, right=right, role="condition", shown=excerpt(sheet.text, s.sides[-1][0][1], s.last)))


def without_sides(sheet: Sheet, s: Statement, row: Row) -> bool:
    """Take a statement whose sides are not read one by one: one up to a remainder, h = f \\circ g, L = \\ell(Z), a task, what is said of a
    model; whether it is one."""
    if (found := without_remainder(sheet, s)) is not None:
        add_sides(sheet, s._replace(sides=s.sides[:-1]), row) if s.sides[2 - s.goes_on:] else None
        add_first_order(sheet, s, row, *found)
        return True
    if composed(sheet, s):
        name = sheet.define[-1][0]
        sheet.add(row._replace(left="", right=name, defines=name))
        return True
    if unwritten(sheet, s):
        return True
    if add_objective(sheet, s, row):
        return True
    if subject(s.word) and len(s.sides) == 2 and any(r.role == "model" for r in sheet.rows[-2:]):
        sheet.unclear.hoped.append(" = ".join(read(side, sheet.names, sheet.text) for side in s.sides))
        sheet.add(row._replace(left="", right="", shown=excerpt(sheet.text, s.at, s.last), role="model"))
        return True
    return False


def unwritten(sheet: Sheet, s: Statement) -> bool:
    """Whether L = \\ell(Z) says no more than that a loss depends on Z: the row is given, and L is a loss that nobody wrote down."""
    if len(s.sides) != 2 or s.goes_on or s.sign:
        return False
    name = heading_of(sheet, s) or (single_name(sheet, s.sides[0]), ())
    if of_kernel(sheet.names, s) or sheet.new(name[0]) and slope_of_nothing(sheet, s.sides[1]):
        sheet.add(Row(sheet.line_of(s.at), "", "", excerpt(sheet.text, s.at, s.last), role="model"))
        return True
    same = sheet.names.uses.densities and [t for t, _ in s.sides[0]] == [t for t, _ in s.sides[1]]         # \Phi' = \phi
    if same:
        return True
    reader = Formula(s.sides[1], sheet.names, sheet.text, [])
    try:
        of = reader.name()
        if of is None or of.startswith("\\") or sheet.names.known(of) or reader.function(of) or of in sheet.names.arguments or \
                not reader.opens() or sheet.names.function(of) or of in ("sigma", "d", "e", "I"):
            return False
        given = reader.arguments_here() or []
    except InputError:
        return False
    known = [g for g in given if sheet.names.known(g)]
    if reader.now or not sheet.new(name[0]) or not known or not all(map(NAME.fullmatch, given)) or \
            all(sheet.names.shape(g) == ("1", "1") for g in known):
        return False
    if not LOSS.search(sheet.text):
        raise misread(sheet.text, s.sides[1][0][1], f"{of}({', '.join(given)}) is a function that is not defined anywhere")
    sheet.add(Row(sheet.line_of(s.at), "", known[-1], excerpt(sheet.text, s.at, s.last)))
    return True


def composed(sheet: Sheet, s: Statement) -> bool:
    """Take h = f \\circ g as a definition; whether it is one."""
    if len(s.sides) != 2 or s.goes_on or s.sign:
        return False
    name, functions = single_name(sheet, s.sides[0]), composition(s.sides[1], sheet.names)
    if not functions or not sheet.new(name):
        return False
    x = point(name, sheet.text)
    sheet.names.arguments[name] = (x,)
    sheet.defined(name, at_point(functions, x, sheet.names), sheet.line_of(s.at))
    return True


def unread_vector(sheet: Sheet, side: Tokens, number: int) -> None:
    """A line for the entries of a vector says what the vector is: where it is not read, nothing that rests on it is judged."""
    behind = next((k for k, (t, _) in enumerate(side) if t == "_"), 0)
    if behind and group(side, behind + 1)[1] == len(side) and (whole := in_language(sheet, side[:behind])):
        sheet.unclear.unread.setdefault(whole, number)


def unread_name(sheet: Sheet, side: Tokens, number: int) -> None:
    """A name that an equation which is not read says something of: nothing that rests on it is judged."""
    name = single_name(sheet, side)
    if sheet.new(name):
        sheet.unclear.unread.setdefault(name, number)


def add_chain(sheet: Sheet, row: Row, texts: list[str | InputError], s: Statement) -> None:
    """The readable sides of a row against each other; the others are marked as not read."""
    shown = [excerpt(sheet.text, side[0][1], side[-1][1] + len(side[-1][0])) for side in s.sides]
    good = [t for t in texts if isinstance(t, str)]
    bad = [(k, t) for k, t in enumerate(texts) if not isinstance(t, str)]
    first = texts[0]
    pending, broken = "", bool(bad) and not good
    if not isinstance(first, str) and len(texts) > 1 and not s.goes_on:
        unread_vector(sheet, s.sides[0], row.number)
    if bad and isinstance(first, str) and len(good) == 1 and not s.goes_on:
        if sheet.new(first):
            sheet.unclear.unread.setdefault(first, row.number)
            pending = first
        else:
            sheet.add(row._replace(left="", right=first, role="start"))
    if not bad or (good and (s.goes_on or isinstance(first, str) and len(good) > 1)):
        add_equality(sheet, row, good, s.goes_on)
    for k, why in bad:
        assert isinstance(why, InputError)
        whole = " = ".join(shown[:2]) if k <= 1 and not s.goes_on else f"= {shown[k]}"
        sheet.add(row._replace(left=None if sheet.rows else "", right="", shown=whole, why=why))
    if good and not isinstance(first, str) and not s.goes_on:
        sheet.add(row._replace(left="", right=good[0], shown="", role="start"))
        sheet.add(*(row._replace(left=None, right=g) for g in good[1:]))
    if bad:
        sheet.left(pending, broken or bool(pending))
