"""Texts without markup, line by line."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import accumulate, pairwise
import re
import unicodedata

from ...language.shape import InputError
from ...reading.grammar.lexer import subscripted
from ...reading.latex.commands import is_tex
from ..parts.formula import EQUALS
from ..parts.records import Row
from ..parts.variables import BY_TIME, OF_TIME
from ..python.array_shapes import shapes
from ..python.array_table import NO_SHAPES, Given
from ..python.array_lines import with_one_axis
from ..python.reassigned import each_once, one_by_one
from ..words.hedges import hedges
from ..words.declaration_lists import DECLARED, in_symbols
from ..words.function_sentences import sloped
from ..words.objectives import with_objectives
from ..words.parts_of_sheets import with_own_names
from ..words.plain_items import plain_items
from ..words.structure_words import equated
from .deferred import constant_along
from .display_rows import add_display
from .hypotheses import Regions
from .maxima import with_maxima
from .numpy_lines import commented, in_numpy
from .plain_clauses import in_equations
from .plain_sides import inner, opened_name
from .sheet import Sheet
from .name_structure import assume_bound, say, take_back
from .plain_sentences import PlainSentences
from ...patterns import pattern

PARTIAL = pattern(r"\bpartial (?=\w+ ?/ ?partial\b)|(?<=/)( ?)partial (?=\w)")
EACH_OF = pattern(r"\b(row|column|element|entry|component) by \1\b")
DENSITY = pattern(r"(?m)^[ \t]*(?:[A-Z]\w*: )?(?:log|ln) ([A-Za-z])\b(?:\([^()]*\))? ?(?==)")
APART = pattern(r"^[ \t]*d [A-Za-z(]", re.M)
BELOW_D = pattern(r"/ ?[d∂] ?([A-Za-z][A-Za-z]\w*)\b")
WORDS = pattern(r"[A-Za-z\u0370-\u03ff]\w*")
STAR = pattern(r"(?<=[^\W\d_])(?:\^?\*(?=\s*[=),\]']|\s*$)|[⋆★](?!\w))")        # x* =, f(x⋆)
NORMAL = pattern(r"(?m)^([ \t]*)([A-Za-z])\(([A-Za-z]\w*)(?: ?[|;,][^()=]*)?\) ?(?:=|~) ?"         # p(x) = N(x | m, S)
                 r"(?:N|Normal)\(\3 ?[|;,] ?([^()]*)\)")
UPDATED = pattern(r"(?m)(?:^|[.;,:(] ?|\()[ \t]*([A-Za-z]\w*[+-])\)? ?(?::?=(?![=>])|<-)|\(([A-Za-z]\w*[+-])\)")      # P+ = .., tr(P+)
SHORT = pattern(r"\b(?:symm?\.(?=[\s,;)]|$)|(?P<pos>pos\.[ -]?(?P<semi>semi-?)?def(?:\.|inite)?(?!\w)))")          # A sym., pos. def.
RANGE = pattern(r"(?:,| \(| for| with)? ?\b[ijk] ?= ?1 ?"         # , i = 1..n
                r"(?:\.{2,3}|…|, ?(?:2, ?)?(?:\.{2,3}|…),?) ?[A-Za-z]\w*\)?(?=[.,;]?\s*$)")
COMMENT = pattern(r"^\s*%+\s?|(?<=[\s;])%[^%]*$")       # of MATLAB
CALLED = pattern(r"\s*([A-Z]{1,3}[a-z]?(?<=..))\s*=([^=]+)")         # Ky = K + s*I, of a letter that stands there too
DOT = pattern(r"\b([A-Za-z]\w*) \. ([A-Za-z]\w*)\b")              # x . y


SUM = pattern(r"\bsum_\{(\w) ?= ?1\}\^(?=\{?(\w+)\}?)(?:\{\w+\}|\w)")
DECLARED_SIZES = pattern(r"R\^[({]?(\w+)(?:[,x×](\w+))?")
BULLET = pattern(r"(?m)^[ \t]*[-*•] (?=(?:[A-Za-z∇∂][\w/()' -]*(?:=|:))|.*:|(?:[A-Z][a-z]+|[a-z]{2,}|[A-Z] (?:is|in)) )")
REMARKS = pattern(r"\s*(?:#|//)+ ?")
PRIMED = pattern(r"(?m)^[ \t]*([A-Za-z]\w*)' ?=([^=\n]*)$")
FACTOR = pattern(r"\b([A-Za-z]\w*)' ?[\w(*]|(?<![.*])\* ?([A-Za-z]\w*)'")
TURNED = pattern(r"\b([A-Za-z]\w*)'")
CELLS = pattern(r"\s*\|\s*([A-Za-z]\w*)\s*\|\s*\(?\s*(\w+)(?:\s*[x×*,]\s*(\w+)?)?\s*\)?\s*\|.*")
SIGNS = pattern(r"(?<=\w)(?: ?= ?| is (?:either )?)(?:(?:±|\+/-|\+-) ?1|\+?1 or [-−]1|[-−]1 or \+?1)\b")           # y = ±1
RATE = pattern(r"(?<![\w.])([A-Za-z](?:[A-Za-z0-9]|_\d)*?)_?dot(?![\w(])")                # x_dot, Vdot
OF_RATE = pattern(r"\b(?:d|d\(|grad_)[A-Za-z]\w*?dot\b|dot(?: in |(?:, ?\w+)+ in |:)")           # d(L)/d(q_dot), x_dot in R^n
BELOW = pattern(r"\s*(?:where|with|here),? ([A-Za-z]\w*)\([a-z]\w*\) ?:?=")
GATE = pattern(r"(?m)^[ \t]*([a-z]) = (.*)")           # f = sigmoid(Wf x + Uf h)


def without_marks(raws: list[str]) -> list[str]:
    """Lines without what marks them as comments or as items of a list; of the rows of a table those that say shapes, as declarations.

    >>> without_marks(["| A | m x n |", "|---|---|"]), without_marks(["# f = x'x", "# df/dx = 2x"]), without_marks(["- f = x'x"])
    (['A in R^(m,n)', ''], ["f = x'x", 'df/dx = 2x'], ["- f = x'x"])
    """
    if any(raws) and all(REMARKS.match(raw) for raw in raws if raw.strip()):
        raws = [REMARKS.sub("", raw, count=1) for raw in raws]
    if len(BULLET.findall("\n".join(raws))) > 1:
        raws = [BULLET.sub("", raw) for raw in raws]
    def cell(raw: str) -> str:
        m = CELLS.fullmatch(raw)
        return raw if raw[-1:] != "|" else "" if m is None else f"{m[1]} in R^({m[2]},{m[3]})" if m[3] else f"{m[1]} in R^{m[2]}"
    return [cell(raw.strip()) if raw.lstrip().startswith("|") else raw for raw in raws]


def with_primes(text: str) -> str:
    """A text with names for letters with a prime, where no transpose is meant: c' of c' = f.*c + i.*g, and h' of h' = o.*tanh(c').

    >>> with_primes("c' = f.*c; h' = o.*tanh(c')".replace("; ", chr(10))).splitlines(), with_primes("A' = A"), with_primes("y' = x'*A'")
    (['c_prime = f.*c', 'h_prime = o.*tanh(c_prime)'], "A' = A", "y' = x'*A'")
    """
    found, factors = set[str](), {m[1] or m[2] for m in FACTOR.finditer(text)}
    for name, right in (m.groups() for m in PRIMED.finditer(text)):
        turned, bare = {*TURNED.findall(right)}, [re.search(rf"(?<!\w)d?{name}(?![\w'])", said) for said in (text, right)]
        if name not in factors and (turned <= found and (turned or not bare[0]) or bare[1] and equated(f"{name}' = {right}") is None):
            found.add(name)
    return re.sub(rf"\b(d?(?:{'|'.join(sorted(found))}))'", r"\1_prime", text) if found else text


def with_rates(text: str) -> str:
    """A text with dx/dt for x_dot, xdot and ẋ of letters that stand there too, unless a rate of change is a variable itself.

    >>> with_rates("V = x'*x; x_dot = A*x; V_dot = 2*x'*x_dot"), with_rates("x_dot = A*x"), with_rates("L = m*qdot^2/2 - q; dL/dqdot")
    ("V = x'*x; (dx/dt) = A*x; (dV/dt) = 2*x'*(dx/dt)", 'x_dot = A*x', 'L = m*qdot^2/2 - q; dL/dqdot')
    """
    apart = unicodedata.normalize("NFD", text)
    text = re.sub("([A-Za-z])\u0307", r" \1_dot", apart) if "\u0307" in apart else text
    found = {m[1] for m in RATE.finditer(text)}
    if len(found) < 2 or not found <= {*WORDS.findall(text)} or OF_RATE.search(text):
        return text
    other = RATE.sub(r"(d\1/dt)", text)
    return other if BY_TIME.match(other) else text


def read_order(lines: Sequence[str]) -> list[int]:
    """The places of lines in the order in which they are read: one that says what a function is comes before the line above it that applies
    the function.

    >>> read_order(["f(w) = sum(s(X w))", "where s(t) = log(1 + exp(t))", "grad f = X' sigmoid(X w)"])
    [1, 0, 2]
    """
    out, above = list(range(len(lines))), 0         # and the last line that is not blank
    for k, line in enumerate(lines):
        said = BELOW.match(line)
        if said is not None and re.search(rf"(?<![\w.]){said[1]}\(", lines[above]) and above < k:
            out[above:k + 1] = [k, *range(above, k)]
        above = k if line.strip() else above
    return out


def weights_of_gates(text: str, words: Collection[str]) -> set[str]:
    """Words of two letters that are a matrix and the gate whose weights it has: Wf of f = sigmoid(Wf x + Uf h)."""
    gates = {w for m in GATE.finditer(text) for w in re.findall(rf"\b[A-Z]{m[1]}\b", m[2])}
    own = {w[0] for w in gates if w[0] not in words and sum(w[0] == other[0] for other in gates) > 1}
    return {w for w in words if len(w) == 2 and w[0] in own and w[1].islower()} | families(text, words)


def families(text: str, words: Collection[str]) -> set[str]:
    """Words of two letters, a capital that stands alone nowhere and several letters below it, of which one at least stands alone nowhere:
    Wq, Wk and Wv; Sb and Sw beside a w that follows each of them.

    >>> families("Q = X Wq, K = X Wk", ["Q", "X", "Wq", "K", "Wk"]) == {"Wq", "Wk"}, families("Ax + Ay, dx", ["Ax", "Ay", "x", "y"])
    (True, set())
    """
    alone = {w.removeprefix("d") for w in words} | {w[0] for w in words if w[1:2] == "_"}
    alike: dict[str, set[str]] = {}
    for w in words:
        if len(w) == 2 and w.isascii() and w[0].isupper() and w[1].islower() and w[0] not in alone:
            alike.setdefault(w[0], set()).add(w)
    out: set[str] = set()
    for found in alike.values():
        met = [w for w in found if w[1] in alone]
        if 1 < len(found) > len(met) and (not met or all(re.search(rf"\b{w} [A-Za-z]\b", text) for w in found)):
            out |= found
    return out


def with_words_as_signs(raws: list[str], text: str, markup: bool) -> list[str]:
    """Lines with signs for `partial` and `nabla`, names for log p of a density and for x*, and without the comments of MATLAB."""
    text, raws = NORMAL.sub(r"\1\3 ~ N(\4)", text), [NORMAL.sub(r"\1\3 ~ N(\4)", raw) for raw in raws]
    density = DENSITY.search(text)
    alone = density and re.search(rf"(?<!log )(?<!ln )\b{density[1]}\b", text) is None          # p stands nowhere else
    named = [re.sub(rf"\b(?:log|ln) ({density[1]})\b(?:\([^()]*\))?", r"log_\1", raw) for raw in raws] if density and alone else raws
    sizes = {w for m in DECLARED_SIZES.finditer(text) for w in m.groups() if w}
    named = [re.sub(r"\bnabla(?=_\w| )", "grad", SUM.sub(lambda m: f"sum_{m[1]}" if not sizes or m[2] in sizes else m[0],
                                                         PARTIAL.sub("∂", raw))) for raw in named]
    named = [EACH_OF.sub(r"\1-wise", re.sub(r"(?<=\s)s\.t\.(?=\s)", "subject to", raw)) for raw in named]
    named = [SHORT.sub(lambda m: f"positive {m['semi'] or ''}definite" if m["pos"] else "symmetric", raw) for raw in named]
    named = [re.sub(r"(?<=[,;] )i\.e\.,? ", "that is ", re.sub(r"^\s*i\.e\.,? ", "", raw)) for raw in named]
    if markup or "\\" in text:
        return named
    named = [RANGE.sub("", raw) if "{" not in raw else raw for raw in named]
    named = with_objectives([STAR.sub("_star", COMMENT.sub("", raw)) for raw in named])
    updated = "|".join({re.escape(m[1] or m[2]) for m in UPDATED.finditer(text)})           # P+ is a name where something is P+ = ..
    if not updated:
        return named
    after = {"+": "_plus", "-": "_minus"}
    return [re.sub(rf"(?<![\w.])(?:{updated})(?![\w+=-])", lambda m: m[0][:-1] + after[m[0][-1]], raw) for raw in named]


def add_displays(sheet: Sheet, raw: str, begun: int) -> None:
    """Read the formulas in LaTeX of a line that begins at a place of the text."""
    found = plain_items(raw, sheet.names.known)
    for i, item in enumerate(found):
        before = len(sheet.rows)
        if item.kind == "display":
            add_display(sheet, begun + item.start, begun + item.end)
            if i and found[i - 1].text in ("where", "with"):
                assume_bound(sheet, before)


def declare_arrays(sheet: Sheet, lines: Sequence[str], text: str, given: Given) -> tuple[set[str], set[str]]:
    """Take up what lines of NumPy and their comments say of arrays, and their shapes where no line declares any; the columns and rows among
    those of one axis."""
    told, words = commented(text.splitlines(), lines)
    say(sheet.facts, words, 0)
    sheet.written(sheet.text, mixed=any(DECLARED.match(line) for line in lines))
    if sheet.form.mixed:
        return set(), set()
    found, columns, rows = shapes(lines, sheet.names.plain, given or told)
    for declared in found:
        sheet.declared(declared)
    return columns, rows


ARROW = pattern("[⇒⇔]|<?=+>")


def not_read(sheet: Sheet, number: int, line: str, why: InputError, statement: str) -> None:
    """Enter a line that could not be read, perhaps a `statement` of which it is a part; what was said of the names in it may no longer
    hold, `A = A' no longer holds`."""
    denied = set(WORDS.findall(line)) if hedges(line.lower().split()) else set()
    take_back(sheet, [j for j, w in enumerate(sheet.facts.structure) if w.name in denied])
    why.line = why.line or number
    sheet.add(Row(number, None if sheet.rows else "", "", statement or line, why))
    sheet.left("" if statement else opened_name(sheet, line), True)


def plain_text(sheet: Sheet, text: str, first: int = 1, places: Sequence[tuple[int, str]] = (), given: Given = NO_SHAPES) -> None:
    """Read lines without markup; `places` has their numbers and what is shown for them, and some shapes are `given`."""
    text = text if places or sheet.form.markup else with_primes(text if in_numpy(text.splitlines()) else with_rates(text))
    below_d, words = sheet.form.below_d | {*BELOW_D.findall(text)}, sheet.form.words | {*WORDS.findall(text.replace("ᵀ", "'"))}
    below_d |= weights_of_gates(text, words)
    sheet.names.used_as(singles={**sheet.names.uses.singles, **{w: f"{w[0]}_{w[1]}" for w in below_d
                                                                if len(w) == 2 and w[0].isupper() and w[1].islower()}})
    raws = text.splitlines() if places or sheet.form.markup else without_marks(text.splitlines())
    timeless = OF_TIME.sub(r"\1\2", text)
    if not (places or sheet.form.markup or "\n    " in text) and timeless != text and BY_TIME.match(timeless):
        raws, text = [OF_TIME.sub(r"\1\2", raw) for raw in raws], timeless
    if not sheet.form.markup:
        sheet.unknown_functions(sloped(text))
    text = PARTIAL.sub("∂", text)
    if not sheet.form.markup and BY_TIME.match(text):
        sheet.names.used_as(parameters=frozenset("t"))
    raws = raws if places or sheet.form.markup else [SIGNS.sub(" in {-1,1}", raw) for raw in raws]
    named = with_words_as_signs(raws, text, sheet.form.markup)
    lines = [subscripted(DOT.sub(r"dot(\1, \2)", raw.split("#", 1)[0].strip()), text) for raw in named]
    below_d |= {m[1] for m in map(CALLED.match, lines) if m is not None and re.search(rf"\b{m[1][0]}\b", m[2])}
    sheet.written(sheet.text, below_d=below_d, words=words, apart=APART.search(text) is not None, numpy=in_numpy(lines))
    lines = lines if sheet.form.numpy else [in_equations(inner(line)) for line in (lines if places else with_own_names(lines))]
    numbers = list(range(first, first + len(raws)))
    if sheet.form.numpy and not places:
        each = [(k, part) for k, raw in enumerate(raws, first) for part in one_by_one(raw)]
        numbers, raws = [k for k, _ in each], [part for _, part in each]
    (columns, rows), (lines, unread) = (set[str](), set[str]()), each_once(raws) if sheet.form.numpy else (lines, {})
    if sheet.form.numpy:
        lines = [in_symbols(re.sub(r"\)\s*&\s*\(", ") * (", line)) for line in lines]        # (z > 0) & (z < 1)
        columns, rows = declare_arrays(sheet, lines, text, given)
    at, reader = [0, *accumulate(len(raw) + 1 for raw in raws)], PlainSentences(sheet)
    regions = Regions(sheet, "" if places or sheet.form.markup else "\n".join(raws))
    for k in read_order(lines):
        number, raw, begun = numbers[k], raws[k], at[k]
        number, typed = places[k] if places else (number, raw.split("#", 1)[0].strip().replace("ℓ", "ell"))
        start = len(sheet.rows)
        regions.at(begun)
        line = with_one_axis(lines[k].replace("ℓ", "ell"), columns, rows)
        line = with_maxima(sheet, number, line) if sheet.form.numpy else line
        if line:
            try:
                if k in unread:
                    sheet.unclear.unread.update(dict.fromkeys(unread[k], number))
                    raise InputError("what this changes cannot be followed", number, 1, typed)
                if not sheet.form.markup and is_tex(line) and EQUALS.search(line):
                    add_displays(sheet, raw, begun)
                else:
                    reader.read(number, line)
            except InputError as e:
                not_read(sheet, number, line, e, typed if k in unread else "")
            said = [*dict.fromkeys(r.shown for r in sheet.rows[start:] if lines[k] != typed and r.shown)]
            parts = [part.strip() for part in ARROW.split(typed)]             # each part of a => b => c by itself
            shown = {line: typed, **dict(zip(said, parts if len(said) == len(parts) else [typed] * len(said), strict=True))}
            sheet.rows[start:] = [r._replace(shown=shown.get(r.shown, r.shown)) if r.shown else r for r in sheet.rows[start:]]
    reader.ended()
    if not sheet.form.markup:
        constant_along(sheet)
    renamed = sheet.names.uses.singles
    sheet.facts.structure[:] = [w._replace(name=renamed.get(w.name, w.name)) for w in sheet.facts.structure]
    inside = sorted(sheet.rows, key=lambda r: r.number)
    if {(a, b) for a, b in pairwise(sheet.rows) if b.left is None} <= {*pairwise(inside)}:
        sheet.rows[:] = inside
