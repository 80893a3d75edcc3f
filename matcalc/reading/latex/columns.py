"""Which letters of a text are columns: those that are transposed, bold, or inside a norm or an inner product."""

from __future__ import annotations

from functools import lru_cache

from .brackets import NORM
from .calls import FENCES
from .cursor import ACCENTS, STYLES
from .letters import BOLD, TIMES, TURNED
from .macros import group, parts
from .scripts import with_transposes
from .spelling import SAME
from .tokens import GREEK, Tokens, tokens

CLOSES = {"(": ")", "[": "]", r"\langle": r"\rangle"} | {norm: FENCES[norm] for norm in NORM}
Name = tuple[str, bool, bool, int]      # a letter, whether it is bold, whether it has an index, what stands behind


@lru_cache(64)
def columns(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """The names that a text transposes, or writes behind what it transposes, or sets in bold: w is a column, and of an x_i each is one.

    >>> [sorted(names) for names in columns(r"w^T x_i + (u - v)^T z + c")]
    [['u', 'v', 'w', 'z'], ['x']]
    >>> [sorted(names) for names in columns("(yᵢ − wᵀxᵢ)²")]
    [['w'], ['x']]
    """
    source = with_transposes([(SAME.get(t, t), at) for t, at in tokens(text) if t not in (r"\left", r"\right")])
    if "\\" not in text:        # in LaTeX a prime may be part of a name
        source = [(r"\trans", at) if t == "'" else (t, at) for t, at in source]
    found: set[tuple[str, bool]] = set()
    behind_turn, i = False, 0
    while i < len(source):
        name = _name(source, i)
        if name is not None:
            letter, bold, indexed, i = name
            transposed = _turned(source, i)
            if transposed or bold or behind_turn:
                found.add((letter, indexed))
            behind_turn, i = transposed > 0, transposed or i
            i += behind_turn and i < len(source) and source[i][0] in TIMES
            continue
        token = source[i][0]
        found |= _alone(source, i)
        transposed = _turned(source, i)
        behind_turn, i = bool(transposed) or behind_turn and (token == "}" or token in STYLES), transposed or i + 1
    return frozenset(n for n, indexed in found if not indexed), frozenset(n for n, indexed in found if indexed)


def _name(source: Tokens, i: int) -> Name | None:
    """The small letter that stands there."""
    token, bold, accent = source[i][0], source[i][0] in BOLD or source[i][0] == r"\vec", ""
    part, behind = group(source, i + 1) if token in STYLES or token in ACCENTS else ([source[i]], i + 1)
    if token in ACCENTS:
        inner = _name(part, 0) if part else None
        if inner is None or inner[2] or inner[3] != len(part):
            return None
        letter, bold, accent = inner[0], inner[1], f"_{ACCENTS[token]}"
    else:
        letter = part[0][0].lstrip("\\") if len(part) == 1 else ""
        if not letter[:1].islower() or len(letter) > 1 and letter not in GREEK:
            return None
    below = source[behind][0] if behind < len(source) else ""
    above = [t for t, _ in group(source, behind + 1)[0]] if below == "^" else []
    indexed = below == "_" or len(above) == 3 and above[0] == "("
    return letter + accent, bold, indexed, group(source, behind + 1)[1] if indexed else behind


def _turned(source: Tokens, i: int) -> int:
    """What stands behind the transpose that begins there; 0 where there is none."""
    i += i < len(source) and source[i][0] == "}"
    if i < len(source) and source[i][0] == r"\trans":
        return i + 1
    if i >= len(source) or source[i][0] != "^":
        return 0
    part, behind = group(source, i + 1)
    return behind if "".join(t for t, _ in part if t not in STYLES) in TURNED - {"t", "tr", "H"} else 0


def _alone(source: Tokens, i: int) -> set[tuple[str, bool]]:
    """The letters that are terms by themselves of the norm, the inner product or the transposed bracket that begins there."""
    token = source[i][0]
    close = CLOSES.get(token, "")
    end = next((k for k in range(i + 1, len(source)) if source[k][0] in (close, "(", "[")), len(source)) if close else len(source)
    inner = group(source, i + 1)[0] if token == r"\norm" else source[i + 1:end] if end < len(source) and source[end][0] == close else []
    if token in ("(", "[") and not _turned(source, end + 1):
        return set()
    terms = parts(inner, ("+", "-", ",") if token == r"\langle" else ("+", "-"), {})
    names = [(_name(term, 0), len(term)) for term in terms if term]
    return {(name[0], name[2]) for name, length in names if name is not None and name[3] == length}
