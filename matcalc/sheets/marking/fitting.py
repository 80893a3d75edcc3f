"""Which definitions of a sheet fit, and what is in force in a row: words of structure and assumptions."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from math import inf

from ...language.expr import SCALAR, InputError
from ...patterns import pattern
from ...reading.grammar.brackets import terms
from ...reading.latex.texts import transposed
from ...reading.parse import problem
from ...reading.grammar.tokens import GREEK, closes
from ..parts.definition_parts import Definition, DefinitionParts, as_text, ordered
from ..parts.formula import formula, undeclared
from ..parts.records import Word, texts
from ..statements.by_entries import with_powers
from ..statements.definitions import misfits
from ..statements.sheet import Sheet
from .repairs import Repair, bodies_by_entries, letters_declared, sized_by_lines
from .setting import Setting

PLACE = pattern(r"_(?:at_(\d)|taken_at_(\w+))$")       # x of f'(0), of f'(b) where f is made of b


def fitting(s: Setting) -> tuple[Setting, dict[str, InputError]]:
    """The setting without the definitions that cannot be read with the others; what is wrong with them, by name. They may fit with
    other declarations or bodies, which are then entered."""
    sheet = s.sheet
    everywhere = [w for w in sheet.facts.structure if w.everywhere]
    s = s.but(declare=sheet.declare).supposing(everywhere)
    asked = ordered(s.given.define)
    good, bad, assume = misfits(sheet, asked, s.given.assume)
    for repaired in (letters_declared, bodies_by_entries, sized_by_lines):
        repair = repaired(s, good, [entry for entry, _ in bad]) if bad else Repair()
        sheet.understood.extend(repair.told)
        if repair.declare or repair.bodies:
            for text in repair.declare:
                sheet.declared(text)
            s = s.but(declare=sheet.declare).supposing(everywhere)
            asked = [(n, repair.bodies.get(n, b), k) for n, b, k in asked]
            good, bad, assume = misfits(sheet, asked, s.given.assume)
    entrywise = [(n, with_powers(b) if ".*" in b else b, k) for n, b, k in asked] if sheet.form.markup else asked
    if not bad and entrywise != asked and not (again := misfits(sheet, entrywise, s.given.assume))[1]:       # d.*(1 - h^2)
        good, _, assume = again
    tainted = dict(sheet.unclear.unread)
    tainted.update({name: entry[2] for entry, _ in bad if not sheet.names.size(entry[0])
                    for name in {entry[0], "".join(GREEK.get(c, c) for c in entry[0])}})     # δ, and delta
    tainted |= possible_entries(sheet)
    names = {n for n, _, _ in good}
    for n, _, number in asked:
        if n not in names and not sheet.names.size(n):
            tainted.setdefault(n, number)
    return s.but(define=good, assume=assume, tainted=tainted), {entry[0]: e for entry, e in bad}


def possible_entries(sheet: Sheet) -> dict[str, int]:
    """Names with a line about one entry beside a sum over them, and undefined names like p_y beside p or y: possible entries."""
    said = [(r.number, r.text) for r in sheet.rows if r.why is None]
    said += [(number, f"{name} {body}") for name, body, number in sheet.define]
    words = {w: number for number, text in reversed(said) for w in formula(text).names}
    out = {entry.rpartition("_")[0]: words[entry] for entry in sheet.names.entries if entry in words}
    for word, number in words.items():
        base, _, index = word.rpartition("_")
        bound = not sheet.form.markup and re.search(rf"(?:sum|[Σ∑])_?\W?{index}\b", sheet.text) is not None
        defined = sheet.form.markup or base in sheet.names.bodies and not sheet.form.numpy and not bound
        single = defined and len(index) == 1 and index.isalpha() and not sheet.names.known(word)
        body = sheet.names.bodies.get(base, "")
        if single and base in words and word not in formula(body).names and (body or sheet.names.known(base) and index in words):
            out[word] = number
    return out


def through_names(sheet: Sheet, define: list[Definition]) -> list[Definition]:
    """The definitions with z in place of its body where z is a variable of the sheet: softmax(U'*v) with z = U'*v is softmax(z)."""
    said = formula(" ".join(texts(sheet.rows)))
    for name in [n for n in said.by if n in sheet.names.bodies]:
        made = DefinitionParts(define, {})
        of = {f for f, x in said.quotients if x == name and f in made.bodies}
        if any(name not in made.below(f) for f in of) if of else not any(name in formula(b).names for _, b, _ in define):
            for n in [n for n, _, _ in define if n in made.of([name])]:
                define = _with_name(define, n)
    return define


def _with_name(define: list[Definition], name: str) -> list[Definition]:
    """The definitions with a name in place of its body, where something that this is made of stands nowhere else in them."""
    body = next(b for n, b, _ in define if n == name)
    inner = re.sub(r"^\((.*)\)$", r"\1", body)
    own, below = formula(inner).names, DefinitionParts(define, {}).of([name])
    call = re.match(r"\w+(?=\()", inner)
    if len(own) < 2 and not call:
        return define
    whole = r"\({0}\)" if len(terms(inner)) > 1 else r"\({0}\)|(?<=[-+(,])\s*{0}(?=\s*[-+,)])"
    whole = r"(?<!\w){0}" if call and closes(inner[call.end():]) else whole
    out = [(n, b if n == name or n in below else re.sub(whole.format(re.escape(inner)), f"({name})", b), k) for n, b, k in define]
    left = {w for (n, b, _), (_, old, _) in zip(out, define, strict=True) if n != name and n not in below and b != old
            for w in own & formula(b).names}
    return out if own - left else define


def in_denominator_layout(s: Setting, text: str) -> str:
    """d(f)/d(x) of another layout, written in the denominator layout."""
    return transposed(text, lambda f: s.sheet.layout.name == "numerator" or not s.perhaps_scalar(f))


def in_row(s: Setting, i: int, supposed: Iterable[Word]) -> Setting:
    """The setting of a row: what is said and assumed there and not everywhere, and names that were taken for symmetric above."""
    words = [w for w in s.sheet.facts.structure if not w.everywhere and w.begins <= i < w.ends]
    s = s.supposing([*words, *supposed])
    return substituted(s.assuming(*assumed(s, i)), i)


def substituted(s: Setting, i: int) -> Setting:
    """The setting with the names defined that have been given another value above a row."""
    for a in s.sheet.facts.assumed:
        if a.given and a.begins <= i < a.ends and a.text in s.assume and a.given not in s.bodies:
            body, declare = formula(a.text).sides[1], undeclared(s.declare, {a.given})
            with suppress(InputError):
                define = ordered([*s.define, (a.given, body, 0)])
                problem(declare, as_text(define), losses=s.given.losses)
                s = s.but(declare=declare, define=define, assume=[text for text in s.assume if text != a.text],
                          inferred=[g for g in s.inferred if g.name != a.given])
    return s


def assumed(s: Setting, i: int | None = None) -> list[str]:
    """The assumptions that count in a row (None: in any) and not in all rows, those that can be read."""
    out = [of_its_shape(s, f"{name} = {found[1] or found[2]}") for name in s.shapes if (found := PLACE.search(name))]
    for a in s.sheet.facts.assumed:
        if (a.begins or a.ends != inf or a.text not in s.assume) and (i is None or a.begins <= i < a.ends):
            with suppress(InputError):
                problem(s.declare, as_text(s.define), [*s.assume, *out, text := of_its_shape(s, a.text)])
                out.append(text)
    return out


def of_its_shape(s: Setting, text: str) -> str:
    """x = zeros(n) for x = 0, of a column x."""
    name, value = formula(text).sides
    rows, columns = map(str, s.shapes.get(name, SCALAR))
    return text if value != "0" or (rows, columns) == ("1", "1") else f"{name} = zeros({rows}{'' if columns == '1' else f', {columns}'})"
