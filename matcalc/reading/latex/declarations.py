r"""Declarations: x \in \mathbb{R}^{m \times n}, f : \mathbb{R}^m \to \mathbb{R}, read from their tokens."""

from __future__ import annotations

import re
from collections.abc import Callable

from ...language.operations import STRUCTURE_WORDS
from ...language.shape import InputError
from ..grammar.tokens import Line
from .cursor import SKIPPED, STYLES
from .tensor_networks import bare
from .products import Products, whole
from .macros import group, parts
from .names import Names
from .spelling import plain
from .tokens import GREEK, PAIRS, Token, Tokens, tokens
from ..grammar.brackets import CLOSES
from ...patterns import pattern

Words = Callable[[list[str]], list[str]]
SPACE = pattern(rf" (?:(?:{'|'.join(map(re.escape, STYLES))})(?: \{{)? (?:R|(?P<S>S))(?: \}})?|R|ℝ|\\(?:R|reals|RR|Re|Reals)|"
                   r"\\\{(?: \d+| [-+,])+ \\\}|(?P<D>\\Delta))(?= |$)")        # \{0, 1\}^n


def in_the_language(line: Line) -> Line:
    r"""A line that declares, with words of structure behind a space: x, y \in \mathbb{R}^n, A \in \mathbb{R}^{n\times n} symmetric."""
    text = line.text[:line.end].replace(" in ", " ∈  ").replace("->", "→ ")
    source = plain([t for t in tokens(text, line.start) if t[0] != "$"], {}, line.error_at)
    out: list[str] = []
    part: list[Token] = []
    for clause in parts(source, (",",), PAIRS):
        part += [(",", clause[0][1]), *clause] if part and clause else clause
        if not {r"\in", ":"} & {t for t, _ in part}:
            continue
        said = text[:part[-1][1] + len(part[-1][0])]
        words = re.search(rf"(?: +(?:{'|'.join(STRUCTURE_WORDS)}))*$", said)
        behind = words.start() if words else len(said)
        found = declaration([t for t in part if t[1] < behind], Names(), text, _structure)
        if found is None:
            raise line.error_at("this declaration cannot be read", part[0][1])
        out.append(found + said[behind:])
        part = []
    if part:
        raise line.error_at("this declares nothing", part[0][1])
    return line.reading([(token, line.start, line.end) for token in Line(", ".join(out)).tokens[:-1]])


def _structure(said: list[str]) -> list[str]:
    """Words of structure in a text behind a space."""
    found = [word for word in said if word != "text"]
    if not STRUCTURE_WORDS.issuperset(found):
        raise InputError(f"{' '.join(found)} does not name a structure")
    return found


def declaration(part: Tokens, names: Names, text: str, words: Words = lambda said: [], domains: dict[str, str] | None = None) -> str | None:
    """What is declared, in the language; None where this is no declaration. `words` says which structure words mean; `domains` gets those
    of the argument of a function, S^n of f: S^n -> R."""
    level = [r"\to" if t == r"\mapsto" and ":" in (s for s, _ in part) else t for t, _ in part]
    try:
        if ":" in level and r"\to" in level and level.index(":") < level.index(r"\to"):
            k, j = level.index(":"), level.index(r"\to")
            source, target = _space(part[k + 1:j], text, words), _space(part[j + 1:], text, words)
            head = _names(part[:k], Names(), text)       # it may be declared ahead
            if source and source[1] and head and domains is not None:
                domains[head] = source[1]
            return f"{head}: R{source[0]} -> R{target[0]}" if source and target and head else None
        if r"\in" in level:
            k = level.index(r"\in")
            space = _space(part[k + 1:], text, words)
            head = _names(part[:k], names, text)
            return f"{head} in R{space[0]} {space[1]}".strip() if space and head else None
    except InputError:
        return None
    return None


TWO = pattern(r"(\\?[^\W\d_]\w*)(?: _ (?:\{ )?\w(?: \w)?(?: \})?)? \\in \\\{ ([-+]?) ?(\d) , ([-+]?) ?(\d) \\\}(?: \^ .*)?")


def two_values(*sides: Tokens) -> tuple[str, str] | None:
    r"""The name of labels, and what their square is by the two values that they have: 1 or the name itself.

    >>> from .tokens import tokens
    >>> two_values(tokens(r"y_i\in\{-1,+1\}")), two_values(tokens(r"t \in \{0, 1\}^n")), two_values(tokens("t"), tokens(r"\pm 1"))
    (('y', '1'), ('t', 't'), ('t', '1'))
    """
    said, *values = (" ".join(t for t, _ in side if t not in SKIPPED and t.strip()) for side in sides)
    found = TWO.fullmatch(rf"{said} \in \{{ -1 , 1 \}}" if values == [r"\pm 1"] else said) if values in ([], [r"\pm 1"]) else None
    name = GREEK.get(found[1].lstrip("\\"), found[1]) if found else ""
    two = {int(f"{sign}{digit}") for sign, digit in (found.groups()[1:3], found.groups()[3:])} if found else set()
    return (name, "1") if two == {-1, 1} else (name, name) if two == {0, 1} else None


def _names(part: Tokens, names: Names, text: str) -> str | None:
    kept = [t for t in part if t[0] not in SKIPPED]
    found = [bare(whole(Products(now, names, text))) for now in parts(kept, (",", r"\text"), CLOSES) if now]
    return ", ".join(found) if found and all(re.fullmatch(r"[A-Za-z_]\w*", name) for name in found) else None


def _space(part: Tokens, text: str, structure: Words) -> tuple[str, str] | None:
    """The size behind \\mathbb{R}, and words of structure."""
    kept = [t for t in part if t[0] not in SKIPPED]
    if kept[:1] and kept[0][0] == "{":
        inner, i = group(kept, 0)
        kept = [*inner, *kept[i:]]
    if (space := SPACE.match("".join(f" {t}" for t, _ in kept))) is None:
        return None
    i, size = len(space[0].split()), ""
    words = "symmetric" if space["S"] else "simplex" if space["D"] else ""
    while i < len(kept) and kept[i][0] in ("^", "_"):
        sign = kept[i][0]
        inner, i = group(kept, i + 1)
        said = "".join(t for t, _ in inner)
        if said in ("++", "+", "*"):
            words = ("spd" if words == "symmetric" and said == "++" else words) or ("positive" if said == "++" else "")
        elif sign == "^" or words == "simplex":
            size = sizes(inner, words == "simplex")
            if words in ("symmetric", "spd") and "," not in size:
                size = f"^({size[2:-1]},{size[2:-1]})"
    rest = kept[i:]
    if rest and rest[0][0] not in (r"\text", ",", r"\setminus"):
        return None
    if rest and rest[0][0] != r"\setminus":
        said = text[rest[0][1]:rest[-1][1] + 1].lower()
        words = " ".join([*words.split(), *(w for w in structure(re.findall(r"[a-z-]+", said)) if w not in ("constant", "scalar"))])
    return size, words


def sizes(part: Tokens, simplex: bool = False) -> str:
    """Read the sizes of a space: ^(m,n), ^(n+1), ^(m*n)."""
    out: list[str] = []
    i = 0
    while i < len(part):
        token = part[i][0]
        i += 1
        if token in (r"\times", ",", "×", "+"):
            out.append("+" if token == "+" else ",")
        elif token == "-" and simplex:
            break
        elif token == "_" and out:
            inner, i = group(part, i)
            out[-1] += "_" + "_".join(re.findall(r"\w+", "".join(t for t, _ in inner if t not in STYLES)))
        elif token not in (r"\cdot", "*", "{", "}", "(", ")"):
            inner, i = group(part, i) if token in STYLES else ([(token, 0)], i)
            word = "".join(t.lstrip("\\") for t, _ in inner if t.lstrip("\\").isalnum())
            if not word:
                raise InputError(f"{token} is not a size")
            out += ["*"] * (bool(out) and out[-1] not in ",+") + [word]
    return "^(" + "".join(out) + ")" if out else ""
