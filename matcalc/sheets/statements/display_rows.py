"""The rows of displays in LaTeX: what each declares, assumes, defines or equates."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from itertools import accumulate
import re

from ...language.shape import InputError
from ...reading.latex.declarations import declaration
from ...reading.latex.formula import read
from ...reading.latex.index_letters import relation
from ...reading.latex.index_scope import Rows
from ...reading.latex.names import NAME, Ambiguity
from ...reading.latex.tensor_networks import bare
from ...reading.latex.tokens import misread
from ...reading.grammar.tokens import LONGEST
from ..parts.definiteness import AGAINST_ZERO, SEMIDEFINITE
from ..parts.formula import inverted
from ..parts.records import Row, Word
from ..words.structure_words import structure_from_equation, structure
from .deferred import applied_names
from .equalities import add_sides
from .tex_sides import in_language, excerpt, single_name, spelled_tokens
from .in_entries import each_entry, listed, of_its_entries
from .rows import by_lines, CONDITION, OTHER, Statement, statements
from .sheet import Sheet
from .statement_forms import LIMITING, bound, compared, of_chance, remarks, without_point, as_equation, covariance, unspecified
from .name_structure import assume_bound, perhaps

BOUNDS = OTHER - {r"\sim", r"\in", r"\notin", r"\to", r"\mapsto", r"\leftarrow", r"\propto", r"\subset", r"\subseteq"}
MEANT = {r"\succ": "spd", r"\succeq": "symmetric", ">": "positive"}


def add_display(sheet: Sheet, start: int, end: int) -> None:
    """The rows of a display; one that cannot be read keeps no other from being read."""
    try:
        source = spelled_tokens(sheet, start, end)
    except InputError as e:
        rows = re.split(r"(\\\\)", sheet.text[start:end])
        if len(rows) < 2:
            refuse(sheet, start, end, e)
            return
        for row, at in zip(rows, accumulate(map(len, rows), initial=start), strict=False):
            if row.strip() and row != "\\\\":
                try:
                    for s in statements(spelled_tokens(sheet, at, at + len(row)), sheet.names, sheet.text):
                        add_statement(sheet, s)
                except InputError as wrong:
                    refuse(sheet, at, at + len(row), wrong)
        return
    for name, word, limited in remarks(source, sheet.names, sheet.text):
        sheet.facts.say(Word(name, word, len(sheet.rows) if limited else 0))
    found = list(statements(source, sheet.names, sheet.text))
    for s, behind in zip(found, [*found[1:], None], strict=False):
        if relation(s.sides, s.sign, sheet.names) is None:
            kept = sheet.indexed.relation
            sheet.of_indices(relation=(behind and relation(behind.sides, behind.sign, sheet.names)) or kept)
            for part in by_lines(s, sheet.text):
                add_statement(sheet, part)
            sheet.of_indices(relation=kept)


def refuse(sheet: Sheet, start: int, end: int, why: InputError) -> None:
    """Enter a row that could not be parsed, with the error."""
    raw = sheet.text[start:end]
    at = start + len(raw) - len(raw.lstrip())
    number = sheet.line_of(at)
    sheet.add(Row(number, None if sheet.rows else "", "", excerpt(sheet.text, start, end), why))
    sheet.left(broken=True)


def add_statement(sheet: Sheet, s: Statement, role: str = "") -> None:
    """One statement of a display or of a sentence."""
    number = sheet.line_of(s.at)
    shown = excerpt(sheet.text, s.at, s.last)
    each = each_entry(sheet, in_a_space(sheet, reparametrised(sheet, mapped(sheet.declare, s)))) if not of_chance(s) else None
    if each is None:
        sheet.add(Row(number, "", "", shown, role="model"))
        return
    if (of_entries := without_list(sheet, each)) is None:
        return
    s = of_entries
    given = declaration(s.sides[0], sheet.names, sheet.text, structure) if len(s.sides) == 1 else None
    if given:
        sheet.declared(given)
        return
    row = Row(number, "", "", shown, None, "", (), "remark" if s.word in CONDITION else role)
    if len(s.sides) == 1 and not s.goes_on and not s.sign and not s.must and sheet.rows:
        row = row._replace(role="lone")
    if add_condition(sheet, s):
        sheet.add(row._replace(right="", role="model"))         # all of it is known, and no line waits for more
        return
    k = next((k for k, (t, _) in enumerate(s.sides[-1]) if t == s.sign), 0) if s.sign in BOUNDS and len(s.sides) + s.goes_on > 1 else 0
    if k:                               # f = a = b < c: what is equal is a line, and only the rest is not read
        add_statement(sheet, s._replace(sides=(*s.sides[:-1], s.sides[-1][:k]), sign=""), role)
        s = s._replace(sides=(s.sides[-1][k:],), goes_on=True)
        row = row._replace(shown=excerpt(sheet.text, s.sides[0][0][1], s.last))
    if s.sign in (AGAINST_ZERO if s.goes_on else SEMIDEFINITE) and [t for t, _ in s.sides[0][-2:]] == [s.sign, "0"] and len(s.sides) == 1:
        with suppress(InputError):
            of = read(s.sides[0][:-2], sheet.names, sheet.text) if s.sides[0][2:] else ""
            if of or s.goes_on and sheet.rows:
                sheet.add(row._replace(left=None, right=of, role=s.sign))
                return
    if len(shown) > LONGEST:
        why = f"{len(shown)} characters in one row; at most {LONGEST} are allowed"
        row = row._replace(why=InputError(why, number, LONGEST + 1, shown,
                                          "name parts of it: z = W^\\top x + b"))
    elif s.sign and not (s.sign == r"\in" and len(s.sides) > 1):
        bound_above(sheet, s, number)
        row = row._replace(why=misread(sheet.text, next(at for side in s.sides for t, at in side if t == s.sign),
                                       f"{s.sign} is not an equality"))
    elif s.goes_on and not sheet.rows:
        row = row._replace(why=misread(sheet.text, s.at, "nothing above this row could equal it"))
    elif any(not side for side in s.sides):
        row = row._replace(why=misread(sheet.text, max(s.last - 1, s.at), "a side of this equality is missing"))
    if row.why is not None:
        sheet.add(row._replace(left=None if sheet.rows else ""))
        sheet.left(broken=True)
        return
    start, row = len(sheet.rows), row._replace(shown="")
    applied = frozenset(applied_names(sheet, s))
    add_sides(sheet, s, row)
    if s.word in ("where", "with"):
        assume_bound(sheet, start)
    applied -= sheet.names.arguments.keys()
    if applied or any(r.why is not None for r in sheet.rows[start:]):
        sheet.later.append((start, len(sheet.rows) - start, s, row, applied))


def bound_above(sheet: Sheet, s: Statement, number: int) -> None:
    """Mark the line before a condition that cannot be read as not judged."""
    last = sheet.rows[-1] if sheet.rows else None
    if s.word in LIMITING and last is not None and last.number == number and not last.defines and last.why is None:
        said = f"{last.left} = {last.right}" if last.left else f"= {last.right}"
        sheet.rows[-1] = last._replace(shown=said, why=misread(sheet.text, s.at, "the condition after this cannot be read"))


def without_list(sheet: Sheet, s: Statement) -> Statement | None:
    """The statement with x for (x_1, ..., x_n)^T, of which it declares x; None where it says no more."""
    for k, side in enumerate(s.sides[1:], 1):
        side = side[:next((j for j, (t, _) in enumerate(side) if t == r"\in"), len(side))]
        if len(s.sides) == 2 and of_its_entries(s.sides[0], side):        # A = (a_ij)
            return None
        if (found := listed(side)) is None:
            continue
        name, size = single_name(sheet, found.base), found.upper
        whole = single_name(sheet, s.sides[0]) if len(s.sides) == 2 and found.start == 0 and found.end == len(side) else ""
        shape = sheet.names.shape(whole) if sheet.names.known(whole) else None
        if not name:
            return s
        if whole and whole != name and (whole[0].isupper() or shape is not None and "1" not in shape):
            sheet.of_indices(families={**sheet.indexed.families, name: Rows(whole, not found.transposed, True)})
            return None
        if sheet.new(name):
            sheet.declared(f"{name} in R^{size}")
        if whole == name:
            return None
        side = (*side[:found.start], ("(", side[found.start][1]), *found.base, (")", side[found.start][1]), *side[found.end:])
        s = s._replace(sides=(*s.sides[:k], side, *s.sides[k + 1:]))
    return s


def mapped(declare: list[str], s: Statement) -> Statement:
    r"""f(x) = .. for x \mapsto .. behind f: \R^n \to \R, and for f: x \mapsto .."""
    side = s.sides[0]
    found = [t for t, _ in side]
    if len(s.sides) != 1 or r"\mapsto" not in found:
        return s
    k = found.index(r"\mapsto")
    at = side[k][1]
    if k > 2 and found[1] == ":":
        name, x = side[:1], side[2:k]
    elif declare and ":" in declare[-1] and k and s.word not in CONDITION:
        name, x = ((declare[-1].partition(":")[0].strip(), at),), side[:k]
    else:
        return s
    if len(name[0][0].lstrip("\\")) > 1 and not name[0][0].startswith("\\"):
        name = (("\\" + name[0][0], at),)
    x = x[1:-1] if x[0][0] == "(" and x[-1][0] == ")" else x
    return s._replace(sides=((*name, ("(", at), *x, (")", at)), side[k + 1:]), sign="")


def reparametrised(sheet: Sheet, s: Statement) -> Statement:
    """l = .. for l(P) = .. of an l(S) where P = S^{-1}: it is the same l, and P is what it is made of from here on."""
    side = s.sides[0]
    shaped = len(s.sides) > 1 and len(side) > 3 and (side[1][0], side[-1][0]) == ("(", ")")
    name, arg = (single_name(sheet, side[:1]), single_name(sheet, side[2:-1])) if shaped else ("", "")
    found = inverted(sheet.names.bodies.get(arg, ""))
    if not found or sheet.names.arguments.get(name) != (found,):
        return s
    sheet.forget(arg)
    sheet.defined(found, f"inv({arg})", 0)
    return s._replace(sides=(side[:1], *s.sides[1:]))


def in_a_space(sheet: Sheet, s: Statement) -> Statement:
    """A = A^\\top \\in \\R^{n \\times n} without its end, which declares a new A; a derivative that is zero without the point."""
    s = named_behind(sheet, without_point(as_equation(unspecified(s)), sheet.stands))
    last = s.sides[-1]
    k = next((k for k, (t, _) in enumerate(last) if t == r"\in"), 0)
    if len(s.sides) < 2 - s.goes_on or not k or s.sign != r"\in" or not {t for t, _ in last[k:]} & {"R", r"\R", r"\Re"}:
        return s
    if not s.goes_on and sheet.new(single_name(sheet, s.sides[0])):
        given = declaration((*s.sides[0], *last[k:]), sheet.names, sheet.text, structure)
        if given is None:
            return s
        name, _, space = given.partition(" in ")
        if sheet.new(name) and all(t.lstrip("\\") != name for side in s.sides[1:] for t, _ in side):
            sheet.promised[name] = space
        else:
            sheet.declared(given)
    return s._replace(sides=(*s.sides[:-1], last[:k]), sign="")


def named_behind(sheet: Sheet, s: Statement) -> Statement:
    """The statement without `=: A` at its end, which defines A."""
    last = s.sides[-1]
    if len(s.sides) < 2 - s.goes_on or not last or last[0][0] != ":" and not s.names:
        return s
    if last[0][0] == ":" and len(s.sides) > 1 and any(t == "_" for t, _ in last):           # .. =: p_i
        add_statement(sheet, s._replace(sides=(last[1:], s.sides[-2]), goes_on=False))
        return s._replace(sides=s.sides[:-1])
    name = single_name(sheet, last[last[0][0] == ":":])
    if name in sheet.names.arguments and not s.names and sheet.unused(name) and not any(r.defines == name for r in sheet.rows):
        sheet.forget(name)           # p of p(x) = .., which is said to be another one from here on
    if sheet.new(name):
        if s.sides[1:]:
            sheet.defined(name, read(s.sides[-2], sheet.names, sheet.text), sheet.line_of(s.at))
            return s._replace(sides=s.sides[:-1])
    return s if s.names else s._replace(sides=(*s.sides[:-1], last[1:]))


def add_condition(sheet: Sheet, s: Statement) -> bool:
    """A \\succ 0 says that A is positive definite."""
    beside = bool(sheet.rows) and sheet.rows[-1].number == sheet.line_of(s.at)      # f = x^T S x, S = S^T
    said = beside or s.word in (*CONDITION, "where", "with", "let")
    found = None
    if s.word != "unless":
        found = structure_meant(sheet, s) or spread_of(sheet, s) or (same_as_its_transpose(sheet, s) if said else None)
    if found in sheet.facts.denied:
        perhaps(sheet, [found[0]], found[1])
    elif found is not None:
        sheet.facts.say(Word(*found, len(sheet.rows) - beside if s.word in LIMITING else 0))
    elif (said := compared(s, sheet.names, sheet.text)) and all(t.isdigit() or sheet.names.size(t) for t in said):        # m >= n
        return True
    elif bound(s, beside, sheet.names.bodies.__contains__, sheet.names, sheet.text):
        if beside and s.sign != r"\ne":          # x != 0 leaves hardly anything out
            said = Ambiguity(excerpt(sheet.text, s.at, s.last), "a bound that is not used")
            sheet.rows[-1] = sheet.rows[-1]._replace(doubts=(*sheet.rows[-1].doubts, said))
        return True
    return found is not None


def spread_of(sheet: Sheet, s: Statement) -> tuple[str, str] | None:
    """Omega and spd of \\operatorname{Var}(y) = \\Omega."""
    name = single_name(sheet, side) if (side := covariance(s)) else ""
    if not name[:1].isupper():      # of q = Var(x) nobody says whether that is a number
        return None
    shape = sheet.names.shape(name) if name else None
    matrix = sheet.names.known(name) or name[:1].isupper()
    return (name, "spd") if matrix and name not in sheet.names.bodies and (shape is None or shape[0] == shape[1] != "1") else None


def same_as_its_transpose(sheet: Sheet, s: Statement) -> tuple[str, str] | None:
    """A and symmetric of A = A^\\top, of a name that is known."""
    if s.sign or s.goes_on or len(s.sides) != 2:
        return None
    found = structure_from_equation(*map(partial(in_language, sheet), s.sides))
    return found if found is not None and sheet.names.known(found[0]) and found[0] not in sheet.names.bodies else None


def structure_meant(sheet: Sheet, s: Statement) -> tuple[str, str] | None:
    """A and spd of A \\succ 0."""
    last = s.sides[-1]
    k = next((k for k, (t, _) in enumerate(last) if t == s.sign), 0)
    if s.sign not in MEANT or len(s.sides) > 2 or not k or [t for t, _ in last[k + 1:]] != ["0"]:
        return None
    name = in_language(sheet, last[:k])
    if len(s.sides) > 1 and (in_language(sheet, s.sides[0]), name) != (name[:-1], f"{name[:-1]}'"):     # P = P' > 0
        return None
    name, claimed = name.removesuffix("'"), s.sign == ">" and name in sheet.names.bodies          # f = x^T x, f > 0
    return (name, MEANT[s.sign]) if NAME.fullmatch(name) and not claimed else None


def last_of_chain(rows: Sequence[Row], text: str) -> str | None:
    """The last line of the chain that began with this derivative."""
    if text.startswith("vec(") and text.endswith(")"):
        inner = last_of_chain(rows, bare(text[4:-1]))
        return inner and f"vec({inner})"
    text = bare(text)
    out: str | None = None
    for r in rows:
        if r.left is not None:
            out = r.right if bare(r.left) == text else out and out + "\n"
        elif out is not None and not out.endswith("\n") and r.why is None:
            out = r.right
    return out.strip() if out else None
