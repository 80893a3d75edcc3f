"""The macros a text of LaTeX defines, and what they stand for."""

from __future__ import annotations

import re
from collections.abc import Callable

from ...language.shape import InputError
from .tokens import Token, Tokens, tokens
from ..brackets import BRACES, closing

Macros = dict[str, tuple[int, list[Token], "list[Token] | None"]]
Fail = Callable[[str, int], InputError]
MOST = 20_000
DEFINES = re.compile(r"\\(?:def\s*(?P<old>\\[A-Za-z]+)\s*(?P<slots>(?:#\d)*)\s*(?=\{)"
                     r"|(?P<how>(?:re)?newcommand|providecommand|DeclareMathOperator)\*?\s*\{?\s*(?P<new>\\[A-Za-z]+)\s*\}?\s*"
                     r"(?:\[(?P<count>\d)\])?\s*(?:\[(?P<default>[^\]]*)\])?\s*(?=\{))")


def macros(text: str) -> tuple[Macros, str]:
    r"""What \def and \newcommand say, and the text with blanks in their places."""
    found: Macros = {}
    while (m := DEFINES.search(text)) is not None:
        end = min(closing(text, m.end(), BRACES) + 1, len(text))
        body = tokens(text, m.end() + 1, end - 1)
        if m["how"] == "DeclareMathOperator":
            body = [(r"\operatorname", m.start()), ("{", m.start()), *body, ("}", m.start())]
        default = None if m["default"] is None else tokens(text, m.start("default"), m.end("default"))
        count = len(m["slots"]) // 2 if m["old"] else int(m["count"] or 0)
        found[m["old"] or m["new"]] = (count, body, default)
        blank = "".join("\n" if c == "\n" else " " for c in text[m.start():end])
        text = text[:m.start()] + blank + text[end:]
    return found, text


def group(source: Tokens, i: int) -> tuple[list[Token], int]:
    """The tokens of the group or the one token at i, without its braces, and what stands behind."""
    if i >= len(source):
        return [], i
    if source[i][0] != "{":
        return [source[i]], i + 1
    end = i + closing((t for t, _ in source[i:]), 0, BRACES)
    return list(source[i + 1:end]), min(end + 1, len(source))


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
        if default is not None and count:
            given.append(default)
            if waiting and waiting[-1][0] == "[":
                waiting.pop()
                given[0] = []
                while waiting and waiting[-1][0] != "]":
                    given[0].append(waiting.pop())
                if waiting:
                    waiting.pop()
        while len(given) < count:
            ahead = list(reversed(waiting))
            part, behind = group(ahead, 0)
            given.append(part)
            waiting = list(reversed(ahead[behind:]))
        put: list[Token] = []
        k = 0
        while k < len(body):
            if body[k][0] == "#" and k + 1 < len(body) and body[k + 1][0].isdigit() and 0 < int(body[k + 1][0]) <= count:
                put += given[int(body[k + 1][0]) - 1]
                k += 2
                continue
            put.append((body[k][0], at))
            k += 1
        budget -= len(put) + 1
        if budget < 0:
            raise fail(f"the macro {token} expands without end", at)
        waiting += reversed(put)
    return out
