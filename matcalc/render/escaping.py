"""Text from outside, made safe where it is shown: one function for each medium.

Titles, sources and notes of problem files, names and texts in errors come from outside. Control characters, which move a terminal's
cursor, and marks that turn the direction of writing, which make a text look like another, are shown as replacement characters.
"""

from __future__ import annotations

import re

LOST = "\N{REPLACEMENT CHARACTER}"
TEX = {"\\": r"\textbackslash{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_", "{": r"\{", "}": r"\}",
       "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "<": r"$<$", ">": r"$>$", "|": r"\textbar{}"}
HTML = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;"})
MARKS = frozenset("\\`*_{}[]<>#|$&~")


def visible(text: str) -> str:
    """One line of what can be seen: other blanks are spaces.

    >>> visible('a\\tb\\x1b[31m')
    'a b�[31m'
    """
    return text if text.isprintable() else "".join(c if c.isprintable() else " " if c.isspace() else LOST for c in text)


def terminal(text: str) -> str:
    """Several lines of what can be seen."""
    return "\n".join(map(visible, text.split("\n")))


def markdown(text: str) -> str:
    """Words that Markdown, and HTML in it, leave alone."""
    out = "".join("\\" + c if c in MARKS else c for c in visible(text))
    return re.sub(r"^(\s*)(\d*)(?=[-+=]|(?<=\d)[.)])", r"\1\2\\", out)


def html(text: str) -> str:
    """Words that are safe in HTML, between tags or in an attribute.

    >>> html('a < b & c')
    'a &lt; b &amp; c'
    """
    return visible(text).translate(HTML)


def tex(text: str) -> str:
    """Words that are safe in LaTeX's text mode.

    >>> print(tex('50% of A_1'))
    50\\% of A\\_1
    """
    return "".join(TEX.get(c, c) for c in visible(text))


def json(data: object, indent: int | None = None) -> str:
    """Data as JSON; what cannot be seen stands as its number."""
    from json import dumps
    return numbered(dumps(data, ensure_ascii=False, indent=indent))


def numbered(text: str) -> str:
    """JSON in which what cannot be seen stands as its number."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c == "\n" else _escaped(c) for c in text)


def _escaped(c: str) -> str:
    n = ord(c)
    if n < 0x10000:
        return f"\\u{n:04x}"
    n -= 0x10000
    return f"\\u{0xD800 + (n >> 10):04x}\\u{0xDC00 + (n & 0x3FF):04x}"
