"""A line of LaTeX in a problem: an expression, an equation or a definition, as tokens of the language with their places."""

from __future__ import annotations

from bisect import bisect_left
from contextlib import suppress
from itertools import accumulate, pairwise
import re

from .context import Context
from ..grammar.brackets import BRACES, depths
from ..grammar.tokens import GREEK_NAMES, Line, Token as Placed, is_word
from ...language.shape import InputError, Shape
from ..latex.commands import DISPLAYED
from ..latex.cursor import STYLES
from .latex_names import Declared
from ..latex.formula import PLACES, Formula, read as formula
from ..latex.blocks import unwrapped
from ..latex.letters import ALIASES, BOLD, FUNCTIONS, TIMES
from ..latex.macros import group, lowered, macros, rewritten
from ..latex.texts import minimal
from ..latex.operators import varies
from ..latex.spelt_names import numbered, with_functions
from ..latex.spelling import plain
from ..latex.tokens import GREEK, PAIRS, Token, Tokens, tokens
from ...patterns import pattern

EQUALS = ("=", r"\is")
SETS = frozenset((",", r"\in", r"\mathbb", "{", "}", "^", r"\times", ".", "$"))
FOR_ALL = ("forall", "forany", "forevery", "foreach")
GOES_ON = TIMES | {"+", "-", "=", r"\is"}
WORD = pattern(r"[A-Za-z]{2,}\d*")
LONG = pattern(r"(?<![A-Za-z\\_])[A-Za-z]{3,}(?![A-Za-z(\[_])")          # lam beside sum_i x_i


def read(line: Line, around: Context) -> tuple[Placed, ...]:
    """Translate a line of LaTeX into tokens of the language."""
    names = Declared(line, around)
    source = formula_tokens(line, names)
    if around.equation:
        nested = depths((t for t, _ in source), BRACES)
        k = next((k for k, ((t, _), depth) in enumerate(zip(source, nested, strict=True)) if t in EQUALS and not depth), len(source))
        left, right = source[:k], source[k + 1 + (source[k + 1:k + 2] != [] and source[k + 1][0] == "="):]
        if k == len(source):
            raise names.misread(line.text, line.end, "an equation needs two sides")
        at = source[k][1]
        deltas = [(after, j in (0, k + 1) or source[j - 1][0] == "(")
                  for j, ((t, _), (after, _)) in enumerate(pairwise([*source, ("", 0)])) if t == r"\delta"]
        varied = not names.known("delta") and varies(deltas)
        if varied and all(map(_begun_by_delta, (left, right))):
            raise names.misread(line.text, source[0][1], "\\delta has two readings: a variation, and a factor of both sides",
                                "write d for the variation, or declare delta in R")
        names.used_as(variation=varied)
        names.of_line(source, varied or any(map(_differential, source, source[1:])) or
                      all("d" in {t for t, _ in part} for part in (left, right)))
        return (*side(left, names), ("==", at, at + 1), *side(right, names))
    name, at, body, _ = head(source, names)
    value = side(body, names)
    if not around.defines:
        return value
    if not name:
        raise names.misread(line.text, line.start, "a definition has the form name = expression", "for example z = W'*x + b")
    return ((name, source[0][1], source[0][1] + 1), ("=", at, at + 1), *value)


def shape(line: Line, around: Context) -> Shape | None:
    """The shape of what a line defines, as far as that can be told."""
    names = Declared(line, around)
    try:
        body = head(formula_tokens(line, names), names)[2]
        return names.shape_of(text(body, names))
    except InputError:
        return None


def arguments(line: Line, around: Context) -> tuple[str, ...]:
    """The names in the brackets of f(x) = ..."""
    names = Declared(line, around)
    return head(formula_tokens(line, names), names)[3]


def name(line: Line, around: Context) -> str:
    """The name that is all of a line."""
    names = Declared(line, around)
    reader = Formula(formula_tokens(line, names), names, line.text)
    found = reader.name()
    if found is None or reader.now or found.startswith("\\"):
        raise names.misread(line.text, line.start, f"{line.shown.strip()} is not a name")
    return found


def formula_tokens(line: Line, names: Declared) -> list[Token]:
    """The tokens of a line, ornaments taken off."""
    known, text = macros(line.text)
    raw = [t for t in tokens(text, line.start, line.end) if t[0] != "$"]
    raw = raw if "\\" in line.text else _with_pairs(_spelled(raw, line.text), names)
    if raw and DISPLAYED.get(raw[0][0]) == raw[-1][0]:
        raw = raw[1:-1]
    found = plain(raw, known, lambda message, at: names.misread(line.text, at, message))
    for k, (token, _) in enumerate(found):
        letter = [t.lstrip("\\") for t, _ in group(found, k + 1)[0]] if token in BOLD or token == r"\vec" else []
        if len(letter) == 1 and letter[0].islower() and (letter[0] in GREEK or len(letter[0]) == 1):
            names.around.said.setdefault(GREEK.get(letter[0], letter[0]), "vector")
    found = _unquantified(found)
    while found and found[-1][0] in (".", ",", ";", r"\quad"):
        found.pop()
    apart = max((k for k, (t, _) in enumerate(found) if t == r"\quad"), default=-1)
    if found[:1] and found[0][0] == "(" and found[2:4] and [found[2][0], found[3][0]] == [")", r"\quad"] and found[1][0].isdigit():
        found = found[4:]               # (2) \quad
        apart = max((k for k, (t, _) in enumerate(found) if t == r"\quad"), default=-1)
    if apart >= 0 and [found[apart + 1][0], found[-1][0]] == ["(", ")"] and all(t.isalnum() for t, _ in found[apart + 2:-1]):
        found = found[:apart]           # \qquad (2)
    found = _with_sums(found, names)
    around = list(zip([("", 0), *found], found, [*found[1:], ("", 0)], strict=False))
    whole = {t for _, (t, _), (after, _) in around if after != "_"}
    behind: dict[str, set[str]] = {}
    for (t, _), (second, _) in zip(found, found[2:], strict=False):
        behind.setdefault(t, set()).add(second)
    below = [(d, t) for (d, _), (t, _), (after, _) in around if after == "_" and t.isalpha() and (t in whole or len(behind.get(t, ())) > 1)]
    if any(d in ("d", r"\partial") for d, _ in below):       # x' x and d x_i
        names.plain.update(t for _, t in below)
    names.used_as(words=numbered([found]) | (set() if "\\" in line.text else {
        w for w in LONG.findall(line.shown) if w not in FUNCTIONS and w not in ALIASES and w not in GREEK_NAMES and w != "sum"}))
    return names.of_line(with_functions(_with_indices(_in_one_line(unwrapped(found)), names), names))


def _unquantified(found: list[Token]) -> list[Token]:
    r"""Without \text{for all } x, \forall x \in \mathbb{R}^n, where nothing more is said there."""
    for k, (token, _) in enumerate(found):
        part, behind = group(found, k + 1) if token == r"\text" else ((), k + 1)
        if token == r"\forall" or "".join(t for t, _ in part) in FOR_ALL:
            rest = [t for t, _ in found[behind:]]
            named = all(t.isalnum() or t.lstrip("\\") in GREEK or t in SETS for t in rest) and "S" not in rest
            return found[:k] if named else found
    return found


def _in_one_line(source: list[Token]) -> list[Token]:
    r"""Without the & of a layout, and without a \\ beside a sign of the sum or the product that goes on there."""
    deep = list(accumulate((t == r"\begin") - (t == r"\end") for t, _ in source))
    texts = ["" if t in ("&", r"\quad") else t for t, _ in source]
    def drops(k: int) -> bool:
        before, after = next(filter(None, texts[:k][::-1]), ""), next(filter(None, texts[k + 1:]), "")
        return not deep[k] and (source[k][0] == "&" or source[k][0] == "\\\\" and (not after or before in GOES_ON or after in GOES_ON))
    return [t for k, t in enumerate(source) if not drops(k)]


def text(source: Tokens, names: Declared) -> str:
    """A formula in the language."""
    if not source:
        raise names.misread(names.typed.text, names.typed.end, "a formula is missing here")
    return formula(source, names, names.typed.text)


def side(source: Tokens, names: Declared) -> tuple[Placed, ...]:
    """A formula in the language, each token with the place of what it was read from."""
    found = minimal(text(source, names))
    if any(found[k:k + 4] == ["/", "d", "(", "unit"] for k in range(len(found))):
        raise names.misread(names.typed.text, source[0][1], "this derivative by an entry cannot be read")
    return tuple((token, place, place + 1) for token, place in zip(found, places(found, source), strict=True))


def places(found: list[str], source: Tokens) -> list[int]:
    """Where each token of a formula was read, term by term where there are as many: a name or a number where the next one is spelled so, a
    bracket and a function that is not spelled out where what is in it is, a sign where what it stands behind is."""
    cuts = [[k for k, (t, depth) in enumerate(zip(texts, depths(texts, PAIRS), strict=True)) if k and t in ("+", "-") and not depth]
            for texts in (found, [t for t, _ in source])]
    if cuts[0] and len(cuts[0]) == len(cuts[1]):
        terms = zip(pairwise([0, *cuts[0], len(found)]), pairwise([0, *cuts[1], len(source)]), strict=True)
        return [place for (a, b), (c, d) in terms for place in places(found[a:b], source[c:d])]
    words: dict[str, list[int]] = {}
    for k, (t, _) in enumerate(source):
        words.setdefault(GREEK.get(t.lstrip("\\"), t.lstrip("\\")), []).append(k)
    out: list[int] = []
    unsaid: list[int] = []
    behind, last = 0, source[0][1]
    for token in found:
        begun = [at for n in range(1, len(token) + 1) if (at := words.get(token[:n]))] if is_word(token) else []
        if found_at := [(k < behind, k) for at in begun for k in [at[bisect_left(at, behind) % len(at)]]]:
            behind = min(found_at)[1] + 1
            last = source[behind - 1][1]
            while unsaid:
                out[unsaid.pop()] = last
        elif token == "(" or is_word(token):
            unsaid.append(len(out))
        out.append(last)
    return out


def head(source: Tokens, names: Declared) -> tuple[str, int, Tokens, tuple[str, ...]]:
    """The name, the place of the sign, the body and the arguments of z_1 = ..., f(x) := ...; no name where this is not a definition."""
    k = next((k for k, (t, _) in enumerate(source) if t in EQUALS), 0)
    word = names.typed.text[source[0][1]:source[k][1]].strip() if k > 1 else ""
    seen = {t for t, _ in source[k + 1:]}
    if WORD.fullmatch(word) and not names.known(word) and not all(names.known(c) or c in seen for c in word):        # loss = \frac12 ..
        return word, source[k][1], source[k + 1:], ()
    reader = Formula(source[:k], names, names.typed.text)
    with suppress(InputError):
        found = reader.name() if k else None
        given = reader.arguments_here() or [] if found is not None else []
        if found and not reader.now and found[0] != "\\" and (not names.known(found) or found in names.around.defined):
            return found, source[k][1], source[k + 1:], tuple(given)
    return "", 0, source, ()


def _spelled(raw: list[Token], text: str) -> list[Token]:
    """Plain text with Greek names as words, but xi and pi, which may be x_i and p_i; d/dx before a formula as a partial derivative."""
    words = {m.start(): m[0] for m in re.finditer("[A-Za-z]+", text) if m[0] in GREEK_NAMES - {"xi", "pi"}}
    letters = {k for at, word in words.items() for k in range(at + 1, at + len(word))}
    stars = {m.start() for m in re.finditer(r"\*\*", text)}          # (y_i - x_i)**2
    letters |= {at + 1 for at in stars}
    out = [("\\" + words[at] if at in words else "^" if at in stars else t, at) for t, at in raw if at not in letters]
    for k in range(len(out) - 2):
        function = re.match("[A-Za-z]{2}", text[out[k + 1][1]:]) is not None         # d log p_i / dz_j
        below = next((j for j in range(k + 1, len(out)) if out[j][0] in ("/", "=")), 0) if function or out[k + 1][0] == "/" else 0
        if out[k][0] == "d" and [t for t, _ in out[below:below + 2]] == ["/", "d"]:
            out[k], out[below + 1] = ((r"\partial", at) for _, at in (out[k], out[below + 1]))
    return out


def _begun_by_delta(part: Tokens) -> bool:
    r"""Whether each term begins with a \delta."""
    nested = list(depths((t for t, _ in part), PAIRS))
    begins = [0, *(k + 1 for k, (t, _) in enumerate(part) if t in ("+", "-") and not nested[k] and k)]
    return all([t for t, _ in part[k:k + 1]] == [r"\delta"] for k in begins)


def _differential(one: Token, two: Token) -> bool:
    """Whether dX stands here, of one letter, or \\mathrm{d}."""
    return one[0] == "d" and two[0].isalpha() and two[1] == one[1] + 1 or one[0] == r"\dd" or one[0] in STYLES and two[0] in ("{", "d")


def _with_indices(source: list[Token], names: Declared) -> list[Token]:
    """x[i] is x_i of a declared x and a letter i that is not."""
    def index(k: int) -> tuple[list[Token], int] | None:
        head = source[k - 1][0] if k and source[k][0] == "[" else ""
        end = next((j for j in range(k, len(source)) if source[j][0] == "]"), 0) if names.known(GREEK.get(head.lstrip("\\"), head)) else 0
        if end < k + 2 or not all(t in PLACES and not names.known(t) or t == "," for t, _ in source[k + 1:end]):
            return None
        return [("_", source[k][1]), ("{", source[k][1]), *source[k + 1:end], ("}", source[end][1])], end + 1
    return rewritten(source, index)


def _with_pairs(source: list[Token], names: Declared) -> list[Token]:
    """A_ij, typed without braces, has two indices."""
    out = list(source)
    for k in range(len(out) - 3, -1, -1):
        pair = out[k + 1:k + 3]
        if out[k][0] == "_" and all(t in PLACES and not names.known(t) for t, _ in pair) and pair[1][1] == pair[0][1] + 1:
            out[k + 1:k + 3] = [("{", pair[0][1]), *pair, ("}", pair[1][1])]
    return out


def _with_sums(source: list[Token], names: Declared) -> list[Token]:
    """A Sigma with an index that another name has too is a sum."""
    below = [(k, part) for k, part, _ in lowered(source)]
    placed = {t for (before, _), (t, _) in zip(source, source[1:], strict=False) if before in ("[", ",") and t in PLACES}     # x[i]
    for k, letters in below:
        index = {t for t in (letters[:letters.index("=")] if "=" in letters else letters) if t.isalnum()}    # Σ_{i=1}^n, Σ_{i,j}, Σ_{i≠j}
        if source[k - 1][0] == r"\Sigma" and index and index <= PLACES & placed.union(*(found for j, found in below if j != k)) and \
                not names.resolved(f"Sigma_{''.join(letters)}"):
            source[k - 1] = (r"\sum", source[k - 1][1])
    return source
