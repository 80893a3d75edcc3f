r"""What a page does not show of a file in LaTeX or Markdown: comments, \iffalse, what is struck out."""

from __future__ import annotations

import re

FENCE = r"(?P<fence>^[ \t]*(?P<tick>```+|~~~+)[^\n]*\n.*?^[ \t]*(?P=tick)[ \t]*$)"
UNSEEN = re.compile(rf"{FENCE}|(?<![\\\w])%(?![ \t]*(?:given|where|assume|layout):)[^\n]*?(?=\\\\[ \t]*$|$)|<!--.*?-->|"
                    r"\\iffalse\b.*?\\fi\b|"
                    r"\\begin\{comment\}.*?\\end\{comment\}|\\(?:sout|st)\{(?:[^{}]|\{[^{}]*\})*\}", re.S | re.M)


def visible_text(text: str) -> str:
    r"""The text with blanks for what is not shown, each thing where it was; a fenced block is shown as it is, `5% of` is no comment.
    A line break at the end of a comment is one, though LaTeX leaves it out: whoever wrote it meant one.

    >>> visible_text("a % b\nc <!-- d --> e")
    'a    \nc            e'
    """
    return UNSEEN.sub(lambda m: m[0] if m["fence"] else re.sub(r"[^\n]", " ", m[0]), text)
