"""What is no equality as it stands: `w \\leftarrow w - \\eta g` says what w becomes, `\\nabla f(\\hat x) = 0` is an equation in x,
`\\operatorname{Var}(\\varepsilon) = \\Omega` says of Omega that it is a covariance;
\\min_w f(w) is a task, f \\circ g a function made of others, and \\text{ symmetric} says something of the name beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
import re

from ...language.shape import InputError
from ...reading.grammar.brackets import closing
from ...reading.latex.cursor import STYLES
from ...reading.latex.formula import read
from ...reading.latex.letters import FUNCTIONS, OPEN
from ...reading.latex.macros import group
from ...reading.latex.names import Names
from ...reading.latex.tokens import Token, Tokens, GREEK
from ..parts.formula import put
from ..words.structure_words import ANY, structure
from .rows import Statement
from ...patterns import pattern

LIMITING = frozenset(("if", "when", "for", "whenever", "provided", "unless"))      # what is said so counts from there on
BOUNDS = frozenset((r"\ne", r"\ge", r"\le", "<", ">", r"\geqslant", r"\leqslant"))
COPULA = pattern(r"\s*(?:(?:which|that) )?(?:is|are|be|being)?\s*(?:an? )?")


def remarks(source: Tokens, names: Names, text: str) -> Iterator[tuple[str, str, bool]]:
    """What the words in a display say of its names: the name, the structure word, and whether it holds only from there on."""
    limited = False
    for k, (token, _) in enumerate(source):
        if token not in (r"\text", r"\mathrm"):
            continue
        part, behind = group(source, k + 1)
        said = text[part[0][1]:part[-1][1] + len(part[-1][0])] if part else ""
        words = re.findall(r"[a-z]+(?:-[a-z]+)*", said.lower())
        limited = bool(LIMITING & set(words)) or limited and not words
        name = _subject(source, k, behind, said, names)
        for word in structure(words) if name else ():
            if word not in ("constant", "scalar", ANY):
                yield name, word, limited
        limited = bool(words) and words[-1] in LIMITING


def _subject(source: Tokens, k: int, behind: int, said: str, names: Names) -> str:
    """What the words at a place speak of: a name among them, before or behind them; nothing where that is not sure."""
    inside = [w for w in re.findall(r"(?<![A-Za-z])[A-Z](?![A-Za-z])", said) if names.known(w)]
    if inside:
        return inside[0] if len(inside) == 1 and not re.search(r"matri(?:x|ces)", said) else ""
    before = GREEK.get(source[k - 1][0].lstrip("\\"), source[k - 1][0]) if k else ""
    after = GREEK.get(source[behind][0].lstrip("\\"), source[behind][0]) if behind < len(source) else ""
    begins = structure(re.findall(r"[a-z]+", COPULA.sub("", said, count=1).lower())[:1] or [""])
    alone = k < 2 or _worded(source, k - 2) or not (source[k - 2][0].isalnum() or source[k - 2][0] in (")", "}", "^", "_", "]"))
    if begins and alone and names.known(before):
        return before
    return after if names.known(after) and not begins or names.known(after) and not alone else ""


def bound(s: Statement, beside: bool, defined: Callable[[str], bool], names: Names, text: str) -> bool:
    """Whether a statement says where the equality beside it holds: x \\ne 0, 0 < c < 1 and, behind `for`, whatever bounds something."""
    if not compared(s, names, text) or not (beside or s.word in LIMITING) or s.word == "unless":
        return False
    signs = [t for t, _ in s.sides[0] if t in BOUNDS]
    known = [t for t in compared(s, names, text) if not re.fullmatch(r"[\d.]+", t)]
    about = re.findall(r"[A-Za-z_]\w*", " ".join(known))
    return s.word in LIMITING or len(known) == 1 and (set(signs) == {r"\ne"} or known == about) and not any(map(defined, about))


def compared(s: Statement, names: Names, text: str) -> list[str]:
    """What a bound compares: x and 0 of x \\ge 0; empty where there is none, or it cannot be read."""
    signs = [t for t, _ in s.sides[-1] if t in BOUNDS] if len(s.sides) == 1 and not s.goes_on else []
    if not signs or s.sign != signs[0]:
        return []
    parts: list[list[Token]] = [[]]
    for token in s.sides[0]:
        parts = [*parts, []] if token[0] in BOUNDS else [*parts[:-1], [*parts[-1], token]]
    try:
        return [read(part, names, text) for part in parts]
    except InputError:
        return []


def _worded(source: Tokens, k: int) -> bool:
    """Whether the brace here closes words."""
    while k > 0 and source[k][0] != "{":
        k -= 1
    return source[k - 1][0] == r"\text"


def composition(side: Tokens, names: Names) -> list[str]:
    """f and g of f \\circ g, f' of f'; empty where this is no composition of functions."""
    said = [t for t, _ in side]
    slope = GREEK.get(said[0].removeprefix("\\"), said[0]) if len(said) == 2 and said[1] == "'" else ""
    if slope in names.curves:
        return [f"{slope}'"]
    functions = [t.removeprefix("\\") for t in said[::2]]
    made = len(said) > 2 and len(said) % 2 and set(said[1::2]) == {r"\circ"}
    known = all(names.function(f) or len(names.arguments.get(f, ())) == 1 for f in functions)
    return functions if made and known else []


def point(name: str, text: str) -> str:
    """The argument of h in the first h(x) of a file; x where there is none."""
    found = re.search(rf"(?<![A-Za-z]){name}\s*(?:\\left)?\(\s*\\?([A-Za-z]+)\s*(?:\\right)?\)", text)
    return found[1] if found is not None else "x"


def at_point(functions: list[str], x: str, names: Names) -> str:
    """f(g(x)), functions that the sheet defines written out."""
    out = x
    for f in reversed(functions):
        if names.function(f.rstrip("'")):
            out = f"{f}({out})"
        else:
            body, given = names.bodies[f], names.arguments[f][0]
            out = put(body, {given: f"({out})"})
    return out


OPTIMA = frozenset((r"\min", r"\max", r"\argmin", r"\argmax"))
WORDS = frozenset(("minimize", "minimise", "maximize", "maximise", "min", "max", "argmin", "argmax"))
ARG = ([r"\arg"], [r"\mathrm", "{", *"arg", "}"], [r"\operatorname", "{", *"arg", "}"])


def is_task(sides: tuple[Tokens, ...], sign: str) -> bool:
    """Whether a statement says what is to be minimised, and nothing of what it is."""
    if len(sides) != 1 or sign or len(sides[0]) < 2:
        return False
    first = sides[0][0][0]
    return first in OPTIMA or first in STYLES and "".join(t for t, _ in group(sides[0], 1)[0]) in WORDS


def subject(word: str) -> bool:
    """Whether a word is the last one of `subject to` or `s.t.`."""
    return word in ("t", "to")


SPREADS = frozenset(("Var", "Cov", "var", "cov", "V"))


def covariance(s: Statement) -> Tokens:
    """What a variance of something else is equal to; nothing where a statement says no such thing."""
    if len(s.sides) != 2 or s.sign or s.goes_on:
        return ()
    for one, two in (s.sides, s.sides[::-1]):
        if one and one[0][0] in STYLES:
            word, behind = group(one, 1)
            if "".join(t for t, _ in word) in SPREADS and one[behind:behind + 1] and one[behind][0] in OPEN:
                return two
    return ()


ZERO = frozenset(("0", r"\mathbf", r"\boldsymbol", r"\bm", r"\vec", r"\mathbb", "{", "}"))
ACCENTS = {r"\hat": "hat", r"\widehat": "hat", r"\bar": "bar", r"\tilde": "tilde"}
STARS = frozenset(("*", r"\ast", r"\star", r"\dagger"))


def without_point(s: Statement, variable: Callable[[str], bool]) -> Statement:
    """The statement without the point at which its derivative is zero; a name that is one of the sheet's variables marks none."""
    first = [t for t, _ in s.sides[0]]
    if len(s.sides) > 1 and first.count("0") == 1 and ZERO.issuperset(first) and not s.goes_on and _differentiates(s.sides[1]):
        s = s._replace(sides=(*s.sides[1:], s.sides[0]))        # 0 = d f/dx = 2x
    last = [t for t, _ in s.sides[-1]]
    conjugates = any(one == "^" and two == "H" for side in s.sides for (one, _), (two, _) in pairwise(t for t in side if t[0] != "{"))
    if len(s.sides) < 2 or last.count("0") != 1 or not ZERO.issuperset(last) or not _differentiates(s.sides[0]) or conjugates:
        return s                # beside W^H, W^* is the conjugate
    first, points = _bare(s.sides[0], None, variable)
    if not points:              # dL/dx = A \hat x - b = 0
        points = frozenset(n for side in s.sides[1:] for n in _bare(side, None, variable)[1] if variable(n.lstrip("\\")))
    return s._replace(sides=(first, *(_bare(side, points, variable)[0] for side in s.sides[1:])))


def _differentiates(side: Tokens) -> bool:
    """Whether a gradient or a quotient of differentials stands in a side."""
    said = [t for t, _ in side]
    return any(t in (r"\nabla", r"\partial") or t == r"\frac" and "d" in said[k + 1:k + 4] for k, t in enumerate(said))


def _bare(side: Tokens, points: frozenset[str] | None, variable: Callable[[str], bool]) -> tuple[tuple[Token, ...], frozenset[str]]:
    """A side without marks of points, of all names (None) or of these; and the names."""
    out: list[Token] = []
    found: set[str] = set()
    i = 0
    while i < len(side):
        token = side[i][0]
        if points is None and token == r"\at" and i + 1 < len(side) and side[i + 1][0] == "_":
            inner, i = group(side, i + 2)
            found |= {t for t, _ in inner} - ACCENTS.keys()
            continue
        starred, behind = group(side, i + 1) if token == "^" and i + 1 < len(side) else ([], i)
        if starred and {t for t, _ in starred} <= STARS and out and (points is None or out[-1][0] in points):
            found.add(out[-1][0])
            i = behind
            continue
        inner, behind = group(side, i + 1) if token in ACCENTS and i + 1 < len(side) else ([], i)
        name = next((t for t, _ in reversed(inner) if t not in "{}"), "")
        below = "".join(t for t, _ in group(side, behind + 1)[0]) if name and [t for t, _ in side[behind:behind + 1]] == ["_"] else ""
        marked = f"{name.lstrip(chr(92))}_{ACCENTS.get(token, '')}"
        if not name or points is not None and name not in points or variable(marked) or below and variable(f"{marked}_{below}"):
            out.append(side[i])
        else:
            found.add(name)
            out += inner
            i = behind - 1
        i += 1
    return tuple(out), frozenset(found)


ARROW = r"\leftarrow"


def unspecified(s: Statement) -> Statement:
    """The statement with C for C(\\dots) on its left side; with f(x) for \\min_x f(x), of which it says what it is, as a remark where more
    than a name is minimised."""
    side = s.sides[0]
    behind, by = optimised(side)
    if len(s.sides) > 1 and behind:
        said, by = [t for t, _ in side[behind:]], by & {t for t, _ in s.sides[1]}
        called = said[1:2] == ["("] and said[-1] == ")" and "(" not in said[2:]
        named = called or by and (len(said) == 1 or said and said[0] in STYLES and group(side, behind + 1)[1] == len(side))
        if named or by and said:
            sides = (side[behind:], *(other[optimised(other)[0]:] for other in s.sides[1:]))
            return s._replace(sides=sides, word=s.word if named else "for")
    return s._replace(sides=(side[:-3], *s.sides[1:])) if [t for t, _ in side[-3:]] == ["(", r"\dots", ")"] else s


def optimised(side: Tokens) -> tuple[int, set[str]]:
    r"""Where the function of \min_x f(x) begins, and x; 0 where none is minimised."""
    arg = next((len(head) for head in ARG if [t for t, _ in side[:len(head)]] == head), 0)
    if not side or not is_task((side[arg:],), ""):
        return 0, set()
    start = arg + 1 if side[arg][0] in OPTIMA else group(side, arg + 1)[1]
    behind = group(side, start + 1)[1] if [t for t, _ in side[start:start + 1]] == ["_"] else start
    return behind, {t for t, _ in side[start + 1:behind]}


def as_equation(s: Statement) -> Statement:
    """The statement with an equal sign for the arrow, as a remark: it denies nothing."""
    side = s.sides[0]
    found = [k for k, (t, _) in enumerate(side) if t == ARROW]
    if s.sign != ARROW or len(found) != 1 or not 0 < found[0] < len(side) - 1:
        return s
    return s._replace(sides=(side[:found[0]], side[found[0] + 1:], *s.sides[1:]), sign="", word="for")


def of_chance(s: Statement) -> bool:
    r"""Whether an equation says how something is distributed: \mathcal N(m, S) behind it, or P(y = 1 | x) = .., the chance of an event."""
    first = [t for t, _ in s.sides[0] if t not in "{}" and t not in STYLES]
    head = first[:1] if first[1:2] == ["("] and closing(first, 1) == len(first) - 1 and len(s.sides) == 2 else []
    event = head == [r"\Pr"] or head == ["P"] and not {"=", r"\mid", "|"}.isdisjoint(first)
    return len(s.sides) > 1 and (event or distribution(s.sides[-1]))


def distribution(side: Tokens) -> bool:
    r"""Whether a side is \mathcal N(m, S)."""
    said = [t for t, _ in side]
    return said[:5] == [r"\mathcal", "{", "N", "}", "("] or said[:3] == [r"\mathcal", "N", "("]


def of_kernel(names: Names, s: Statement) -> bool:
    """Whether K_{ij} = k(x_i, x_j), or f = f(z), says no more than that something depends on something, by a function that nobody wrote
    down."""
    one, two = ([t for t, _ in side if t not in STYLES and t not in "{}"] for side in s.sides[:2])
    below, of = set(one[2:]) - {","}, two[0].lstrip("\\") if two else ""
    if len(one) == 1 and two[:2] == [*one, "("] and names.function(of):
        return True
    call = two[1:2] == ["("] and closing(two, 1) == len(two) - 1 and "," in two
    return call and one[1:2] == ["_"] and len(below) == 2 and below <= {*two[3:]} and not names.known(of) and of not in FUNCTIONS
