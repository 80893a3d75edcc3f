"""How a line of LaTeX is told from one of MATLAB: `A\\b` is not a command."""

from __future__ import annotations

import re

from ...language.operations import LATEX
from .cursor import ACCENTS, STYLES
from .letters import CIRCLES, OPEN, REFUSED, TIMES
from .macros import DEFINES
from .spelling import DROPPED, FONTS, SAME, SHOWN, SPACES, WIDE
from .tokens import GREEK
from ...patterns import pattern

SIGNS = frozenset((
    r"\top", r"\|", r"\lVert", r"\rVert", r"\lvert", r"\rvert", r"\partial", r"\nabla", r"\langle", r"\rangle", r"\frac", r"\sqrt",
    r"\prime", r"\sum", r"\in", r"\to", r"\left", r"\right", r"\over", r"\begin", r"\end", r"\dv", r"\pdv", r"\norm", r"\abs", r"\inner",
    r"\overset", r"\stackrel", r"\underset", r"\underbrace", r"\overbrace", r"\tr", r"\Tr", r"\ln", r"\max", r"\prod", r"\int",
    r"\dots", r"\ne", r"\le", r"\ge", r"\ell", r"\trans", r"\star", r"\dagger", r"\succ", r"\approx", r"\forall"))
COMMANDS = (SIGNS | STYLES | ACCENTS.keys() | CIRCLES.keys() | TIMES | OPEN.keys() | DROPPED.keys() | FONTS.keys() | SAME.keys()
            | SHOWN.keys() | SPACES | WIDE.keys() | {"\\" + word for word in (*GREEK, *(w for w in REFUSED if w.islower()))}
            | {"\\" + name for name, word in LATEX.items() if word == "\\" + name})
COMMAND = pattern(r"\\[A-Za-z]+\*?|\\[|{},;:!]")
BEFORE = pattern(r"(^|\S)\s*\\[A-Za-z]+")         # where a command begins a factor it divides nothing
DISPLAYED = {r"\(": r"\)", r"\[": r"\]"}


def is_tex(text: str) -> bool:
    r"""Whether commands of LaTeX stand here.

    >>> is_tex(r"A\b"), is_tex(r"\frac12 x"), is_tex("$x$")
    (False, True, True)
    """
    if "\\" not in text or "$" in text:
        return "$" in text
    inner = text.strip()
    if any(not m[1] or m[1] in "+-*/=,([{^_|" for m in BEFORE.finditer(inner)):
        return True
    if DISPLAYED.get(inner[:2]) == inner[-2:] or re.search(r"\\[A-Za-z]+\s*\{", text) or DEFINES.search(text):
        return True
    return any(m[0] in COMMANDS or re.match(r"\\[bB]igg?[lrm]?$", m[0]) for m in COMMAND.finditer(text))
