"""The scalar that everything in a text depends on, such as t in dA/dt: derivatives with respect to it are read as differentials."""

from __future__ import annotations

from collections.abc import Sequence

from .cursor import STYLES
from .macros import group
from .tokens import Tokens
from ..brackets import BRACES, opening

D = frozenset((r"\partial", "d", r"\dd"))
BARS = frozenset((r"\mid", "|", ";"))
ENDS = frozenset((")", ",", "]"))
MAPS = frozenset((r"\to", r"\mapsto"))
BEFORE = frozenset((r"\det", r"\tr", "tr", "|", r"\lvert", r"\vert"))
BEGINS = frozenset(("", r"\\", ",", ";", r"\quad", r"\qquad", "}"))


def parameter(pieces: Sequence[Tokens]) -> str:
    """The number t of dA/dt, or of A(t) and dA, where A is a name with which something is done that a matrix has, the text defines nothing
    by t, and t stands nowhere else. Empty where there is none."""
    sources = [_bare(source) for source in pieces]
    if any(t in MAPS for source in sources for t in source):
        return ""
    found = dict[str, list[str]]()
    varied = {_at(source, k + 1) for source in sources for k, t in enumerate(source) if t in D}
    for source in sources:
        for k, t in enumerate(source):
            applied = _applied(source, k)
            name = _differentiated(source, k) or (applied if applied in varied else "")
            if name and _number(t):
                found.setdefault(t, []).append(name)
    for t, names in found.items():
        matrix = any(_as_matrix(s, n, t) for n in dict.fromkeys(names) if _capital(n) for s in sources)
        if matrix and not any(_alone(s, t) or _defined(s, t) for s in sources):
            return t.lstrip("\\")
    return ""


def _bare(source: Tokens) -> list[str]:
    """The tokens without styles, and without the braces of a style."""
    out: list[str] = []
    k = 0
    while k < len(source):
        token = source[k][0]
        if token in (r"\begin", r"\end", r"\label", r"\tag"):
            k = group(source, k + 1)[1]
            continue
        if token in STYLES:
            part, k = group(source, k + 1)
            word = [t for t, _ in part]
            out += ["".join(word)] if token in (r"\mathrm", r"\operatorname") and word[:1] != ["\\"] else [] if token == r"\text" else word
            continue
        below = group(source, k + 1)[0] if token == "_" and k + 1 < len(source) and out[-2:-1] and out[-2] in D else []
        if len(below) == 1 and len(below[0][0]) == 1 and below[0][0] in "ijkmp" and _number(out[-1]):       # \partial\theta_i
            out[-1] += f"_{below[0][0]}"
            k = group(source, k + 1)[1]
            continue
        if token not in (r"\left", r"\right", r"\!", r"\,", "&"):
            out.append(token)
        k += 1
    return out


def _number(token: str) -> bool:
    token = token.partition("_")[0]
    return token.lstrip("\\").isalpha() and token.lstrip("\\").islower() and (len(token) == 1 or token[0] == "\\") and token not in D


def _capital(token: str) -> bool:
    return token.lstrip("\\")[:1].isupper() and (len(token) == 1 or token[0] == "\\")


def _at(source: list[str], k: int) -> str:
    return source[k] if 0 <= k < len(source) else ""


def _by(source: list[str], k: int) -> bool:
    """Whether what stands at k is what something is differentiated by."""
    return _at(source, k - 1) in D and (_at(source, k - 2) == "/" or _at(source, k - 2) == "{" and _at(source, k - 3) == "}")


def _differentiated(source: list[str], k: int) -> str:
    """A of \\frac{dA}{dt} or \\frac{dA(t)}{dt}, by the place of t."""
    if not _by(source, k) or _at(source, k - 2) != "{":
        return ""
    start = opening(source, k - 3, BRACES)
    above = source[start + 1:k - 3]
    whole = len(above) == 2 or above[2:] == ["(", source[k], ")"]
    return above[1] if above[:1] and above[0] in D and len(above) > 1 and whole else ""


def _applied(source: list[str], k: int) -> str:
    """A of A(t), by the place of t."""
    name = _at(source, k - 2)
    return name if _at(source, k - 1) == "(" and _at(source, k + 1) == ")" and _capital(name) else ""


def _as_matrix(source: list[str], name: str, t: str) -> bool:
    """Whether a name is raised, or its determinant or its trace is taken."""
    for k, token in enumerate(source):
        if token == name:
            behind = k + 4 if source[k + 1:k + 4] == ["(", t, ")"] else k + 1
            before = _at(source, k - 1) if _at(source, k - 1) not in ("(", r"\{", "{") else _at(source, k - 2)
            if _at(source, behind) == "^" or behind > k + 1 or before in BEFORE:
                return True
    return False


def _alone(source: list[str], t: str) -> bool:
    """Whether t stands in a formula and says more than of what something depends."""
    return any(token == t and not (_by(source, k) or _applied(source, k) or source == [t] or _at(source, k - 1) in BARS and
                                   _at(source, k + 1) in ENDS or _listed(source, k)) for k, token in enumerate(source))


def _listed(source: list[str], k: int) -> bool:
    """Whether t is one of x, t \\in .., which declares it."""
    if r"\in" not in source:
        return False
    return all(s == "," or _number(s) or _capital(s) for s in source[:source.index(r"\in")]) and k < source.index(r"\in") or \
        _at(source, k + 1) == r"\in"


def _defined(source: list[str], t: str) -> bool:
    """Whether a statement begins with f(t) and says what it is."""
    return any((_at(source, k - 1) in BEGINS if k else True) and source[k + 1:k + 4] == ["(", t, ")"] and _at(source, k + 4) in ("=", ":")
               for k in range(len(source)))
