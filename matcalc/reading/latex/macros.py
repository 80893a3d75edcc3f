"""The macros a text of LaTeX defines, and what they stand for."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping

from ...language.shape import InputError
from .tokens import PAIRS, Token, Tokens, tokens
from ..grammar.brackets import BRACES, closing, depths
from ...patterns import pattern

Macros = dict[str, tuple[int, list[Token], "list[Token] | None"]]
Fail = Callable[[str, int], InputError]
MOST = 20_000
MATRICES = {r"\begin": r"\end"}
DEFINES = pattern(r"\\(?:let\s*(?P<let>\\[A-Za-z]+)\s*=?\s*(?P<same>\\[A-Za-z]+|[^\s\\])"
                     r"|def\s*(?P<old>\\[A-Za-z]+)\s*(?P<slots>(?:#\d)*)\s*(?=\{)"
                     r"|(?:New|Renew|Provide|Declare)DocumentCommand\s*\{?\s*(?P<document>\\[A-Za-z]+)\s*\}?\s*\{(?P<each>[m\s]*)\}\s*(?=\{)"
                     r"|(?P<how>(?:re)?newcommand|providecommand|DeclareMathOperator|DeclarePairedDelimiterX?)\*?\s*\{?\s*(?P<new>\\[A-Za-z]+)\s*\}?\s*"
                     r"(?:\[(?P<count>\d)\])?\s*(?:\[(?P<default>[^\]]*)\])?\s*(?=\{))")


def macros(text: str) -> tuple[Macros, str]:
    r"""What \def, \let and \newcommand say, and the text with blanks in their places."""
    found: Macros = {}
    seen, behind = list[str](), 0
    while (m := DEFINES.search(text, behind)) is not None:
        if m["let"]:
            found[m["let"]] = (0, tokens(text, *m.span("same")), None)
            seen += [text[behind:m.start()], _blank(m[0])]
            behind = m.end()
            continue
        bodies, end = list[list[Token]](), m.end()
        for _ in range({"DeclarePairedDelimiter": 2, "DeclarePairedDelimiterX": 3}.get(m["how"], 1)):
            start = text.find("{", end)
            end = min(closing(text, start, BRACES) + 1, len(text)) if start >= 0 else end
            bodies.append(tokens(text, start + 1, end - 1))
        seen += [text[behind:m.start()], _blank(text[m.start():end])]
        behind = end
        body, *rest = bodies
        if rest:        # \norm[\big]{x}, or \norm*{x}
            inner = rest[1] if rest[1:] else [("#", m.start()), ("1", m.start())]
            shifted = [(str(int(t) + 1) if k and inner[k - 1][0] == "#" else t, at) for k, (t, at) in enumerate(inner)]
            for name in (m["new"], m["new"] + "*"):
                found[name] = (int(m["count"] or 1) + 1, [*body, *shifted, *rest[0]], [])
            continue
        if m["how"] == "DeclareMathOperator":
            body = [(r"\operatorname", m.start()), ("{", m.start()), *body, ("}", m.start())]
        default = None if m["default"] is None else tokens(text, m.start("default"), m.end("default"))
        count = len(m["slots"]) // 2 if m["old"] else m["each"].count("m") if m["document"] else int(m["count"] or 0)
        found[m["old"] or m["document"] or m["new"]] = (count, body, default)
    return found, "".join(seen) + text[behind:]


def _blank(text: str) -> str:
    """Blanks in the place of a text."""
    return re.sub(r"[^\n]", " ", text)


def group(source: Tokens, i: int) -> tuple[list[Token], int]:
    """The tokens of the group or the one token at i, without its braces, and what stands behind."""
    if i >= len(source):
        return [], i
    if source[i][0] != "{":
        return [source[i]], i + 1
    end = i + closing((source[k][0] for k in range(i, len(source))), 0, BRACES)
    return list(source[i + 1:end]), min(end + 1, len(source))


def takes_several(source: Tokens, i: int) -> bool:
    """Whether a bracket with a list stands at a place: nothing but a function stands before it."""
    if [t for t, _ in source[i:i + 1]] != ["("]:
        return False
    end = i + closing(source[k][0] for k in range(i, len(source)))
    return len(parts(source[i + 1:end], (",",), PAIRS)) > 1


def lowered(source: Tokens) -> Iterator[tuple[int, list[str], int]]:
    """Of each name with an index the place of the underscore, the index, and what stands behind it."""
    for k, (token, _) in enumerate(source):
        if token == "_" and k:
            part, behind = group(source, k + 1)
            yield k, [t for t, _ in part], behind


def sums(source: Tokens) -> Iterator[tuple[list[str], range]]:
    """Of each sum over an index what stands below it, and the places of what stands above."""
    for k, part, behind in lowered(source):
        if source[k - 1][0] == r"\sum":
            above = source[behind:behind + 1] and source[behind][0] == "^"
            yield part, range(behind + 1, group(source, behind + 1)[1]) if above else range(0)


def parts(source: Tokens, ends: Container[str], pairs: Mapping[str, str] = BRACES) -> list[list[Token]]:
    """The tokens between those that end a part outside of all brackets."""
    out: list[list[Token]] = [[]]
    for token, depth in zip(source, depths((t for t, _ in source), pairs), strict=True):
        if token[0] in ends and not depth:
            out.append([])
        else:
            out[-1].append(token)
    return out


def grid(source: Tokens, cell: str, row: str, pairs: Mapping[str, str] = MATRICES) -> list[list[list[Token]]]:
    """The cells of each row of a matrix, without an empty last row; a matrix inside is part of a cell."""
    rows = [parts(line, (cell,), pairs) for line in parts(source, (row,), pairs)]
    return rows[:-1] if len(rows) > 1 and rows[-1] == [[]] else rows


def rewritten(source: Tokens, found: Callable[[int], tuple[Iterable[Token], int] | None]) -> list[Token]:
    """The tokens with others for those from a place on: which, and what stands behind, is `found`; None keeps a token."""
    out: list[Token] = []
    i = 0
    while i < len(source):
        new, i = found(i) or ([source[i]], i + 1)
        out += new
    return out


def expanded(source: Tokens, known: Macros, fail: Fail) -> list[Token]:
    """The tokens with every macro in full."""
    out: list[Token] = []
    waiting = list(reversed(source))
    budget = MOST
    while waiting:
        token, at = waiting.pop()
        macro = known.get(token)
        if macro is None:
            out.append((token, at))
            continue
        count, body, default = macro
        given: list[list[Token]] = []
        ahead, k = waiting[::-1] if count else [], 0
        if default is not None and count:
            k = next((j for j, (t, _) in enumerate(ahead) if t == "]"), len(ahead)) + 1 if ahead[:1] and ahead[0][0] == "[" else 0
            given.append(ahead[1:k - 1] if k else default)
        while len(given) < count:
            part, k = group(ahead, k)
            given.append(part)
        waiting = ahead[k:][::-1] if count else waiting

        def slot(k: int, body: Tokens = body, given: list[list[Token]] = given, at: int = at) -> tuple[Iterable[Token], int]:
            number = body[k + 1][0] if body[k][0] == "#" and k + 1 < len(body) else ""
            return (given[int(number) - 1], k + 2) if number.isdigit() and 0 < int(number) <= len(given) else ([(body[k][0], at)], k + 1)
        put = rewritten(body, slot)
        budget -= len(put) + 1
        if budget < 0:
            raise fail(f"the macro {token} expands without end", at)
        waiting += reversed(put)
    return out
