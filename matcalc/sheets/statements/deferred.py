"""What is read before and after its turn: functions that are declared further down, and what could not be read before.

A law of layer l holds of the layer before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
import re

from ...language.shape import InputError
from ...reading.grammar.brackets import BRACES, opening
from ...reading.latex.cursor import ACCENTS
from ...reading.latex.declarations import declaration
from ...reading.latex.spelt_names import with_functions
from ...reading.latex.letters import FUNCTIONS
from ...reading.latex.names import NUMBER
from ...reading.latex.spelling import plain
from ...reading.latex.tokens import misread, tokens
from ...reading.latex.tensor_networks import bare
from ..parts.formula import formula, quotient
from ..parts.records import texts, Word
from ..words.structure_words import structure
from .equalities import add_sides
from .tex_sides import single_name, spelled_tokens
from .plain_sides import inside_d
from .rows import Statement, statements
from .sheet import Sheet
from ...patterns import pattern

SAMPLE = pattern(r"^\s*(?:\\(?:mathbf|boldsymbol|bm|vec)\s*\{?)?[a-z]\}?_\{?[ijnt]\}?\s*\\in\s*\\(?:mathbb|R)")       # x_i in R^d


def sample_means(sheet: Sheet) -> None:
    """Take x_bar, of which nothing else is said, for the mean of the x_i that the sheet sums."""
    said = [*texts(sheet.rows), *(body for _, body, _ in sheet.define)]
    for name in dict.fromkeys(re.findall(r"\b[a-z]\w*_bar\b", " ".join(said))):
        x = name.removesuffix("_bar")
        summed = any(x in formula(text).names and re.search(r"\bones\(\w+\)'|\bsum\(", text) for text in said)
        if summed and sheet.new(name) and not sheet.differentiated_by(name) and (sheet.names.guessed(x) or NUMBER)[0] != "1":
            sheet.defined(name, f"mean({x})", 0)
            sheet.understood.append(f"{name} = mean({x})")


def differentiated_only(sheet: Sheet) -> None:
    """Take L of dL/dx = d(..)/dx, which nothing else defines and which is differentiated by nothing else, for what stands there."""
    said = formula(" ".join(texts(sheet.rows)))
    for r in sheet.rows:
        f, x = quotient(r.left or "") or ("", "")
        body = bare(r.right).removesuffix(f"/d({x})")
        if f and f not in sheet.names.plain and body != bare(r.right) and (inner := inside_d(body)) is not None and \
                {y for g, y in said.quotients if g == f} == {x} and (f, "") not in said.parts:
            sheet.defined(f, inner, r.number)
            sheet.understood.append(f"{f} = {inner}")


def declare_ahead(sheet: Sheet, pieces: Iterable[re.Match[str]]) -> None:
    """The functions that a file declares anywhere, declared before its first line is read."""
    for m in pieces:
        which = next((k for k in ("inline", "round", "dollars", "square") if m[k] is not None), "")
        maps, samples = r"\to" in (m[which] if which else ""), which and SAMPLE.search(m[which])
        if which and (maps and ":" in m[which] or samples):
            with suppress(InputError):
                for s in statements(spelled_tokens(sheet, m.start(which), m.end(which)), sheet.names, sheet.text):
                    given = declaration(s.sides[0], sheet.names, sheet.text, structure, sheet.domains) if len(s.sides) == 1 else None
                    name = (given or "").partition(":")[0].strip()
                    if given is not None and (":" in given and name not in sheet.names.functions or samples and ":" not in given):
                        sheet.declared(given)


def constant_along(sheet: Sheet) -> None:
    """Where everything changes with a number, what is nowhere differentiated by it does not."""
    said = [*texts(sheet.rows), *(a.text for a in sheet.facts.assumed)]
    moving = {n for text in said for n in formula(text).by | formula(text).moved}
    if sheet.names.uses.parameters:
        sheet.facts.constant.update({d.split()[0].strip(",") for d in sheet.declare if " in " in d} - moving)
    if sheet.names.uses.velocities:
        said += [body for _, body, _ in sheet.define]
        names = {n for text in said for n in formula(text).names} - {"d", *sheet.names.bodies}
        for v in sorted(n for n in moving if n.endswith("_dot") and n[:-4] in names - moving):         # beside its own rate of change
            sheet.assume(f"d({v[:-4]}) = {v}")
            moving.add(v[:-4])
        if "t" in names:                        # the time itself
            sheet.assume("d(t) = 1")
            moving.add("t")
        sheet.facts.constant.update(names - moving - FUNCTIONS)


def normal_covariances(sheet: Sheet, names: Iterable[str]) -> None:
    """What a text calls the covariance of a normal distribution is positive definite."""
    for spelled in names:
        with suppress(InputError):
            source = plain(tokens(spelled), sheet.form.macros, lambda message, at: misread(sheet.text, at, message))
            name = single_name(sheet, with_functions(source, sheet.names)) if sheet.form.markup else spelled
            shape = (sheet.names.guessed(name) if sheet.names.known(name) else sheet.names.used(name)) if name else None
            if name and name not in sheet.names.bodies and (shape is None or shape[0] == shape[1] != "1"):
                sheet.facts.say(Word(name, "spd", 0))


def label_rows(sheet: Sheet) -> None:
    """One-hot labels beside a softmax of their shape stand as it does, which is taken row by row."""
    for name in sheet.facts.labels:
        shape = sheet.names.shape(name)
        if shape is not None and any("softmax(" in body and sheet.names.shape(n) == shape for n, body, _ in sheet.define):
            sheet.assume(f"rowsum({name}) = ones({shape[0]})")


def applied_names(sheet: Sheet, s: Statement) -> Iterator[str]:
    """The names of which nothing is known that stand before a bracket: f, \\bar g, E_D."""
    for side in s.sides:
        texts = [t for t, _ in side]
        for k, behind in enumerate(texts):
            if behind == "(" and k:
                name = single_name(sheet, side[_beginning(texts, k):k])
                if name and not sheet.names.known(name):
                    yield name


def _beginning(texts: list[str], end: int) -> int:
    """Where the letter begins that ends at a place, with what stands below it and above it.

    >>> _beginning([*"2E_{D}"], 6), _beginning(["\\\\bar", "{", "g", "}"], 4)
    (1, 0)
    """
    start = opening(texts, end - 1, BRACES) if texts[end - 1] == "}" else end - 1
    if start > 1 and texts[start - 1] == "_":
        return _beginning(texts, start - 1)
    return start - (start > 0 and texts[start - 1] in ACCENTS)


def read_again(sheet: Sheet) -> None:
    """At the end of a file, the statements that could not be read, or that apply what is defined as a function further down."""
    shift = 0
    waiting = list(sheet.later)
    sheet.later.clear()
    for start, count, s, row, applied in waiting:
        k = start + shift
        made = sheet.rows[k:k + count]
        if not applied & sheet.names.arguments.keys() and all(r.why is None for r in made):
            sheet.later.append((k, count, s, row, applied))
            continue
        kept = sheet.kept()
        behind = sheet.without_rows(k)[count:]
        for name in {r.defines for r in made} - {""}:       # by what was read as a product
            sheet.forget(name)
        try:
            add_sides(sheet, s, row)
        except InputError:
            sheet.add(row._replace(why=misread(sheet.text, s.at, "")))
        found = sheet.rows[k:]
        if found and all(r.why is None for r in found):
            shift += len(found) - count
            sheet.add(*behind)
        else:
            sheet.back_to(kept)
            sheet.later.append((k, count, s, row, applied))
