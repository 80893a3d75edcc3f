r"""Declarations of a text: x \in \mathbb{R}^{m \times n}, f : \mathbb{R}^m \to \mathbb{R}, \Sigma \succ 0, read from their tokens."""

from __future__ import annotations

import re


from ..language.shape import InputError
from .macros import group
from .formula_cursor import STYLES
from .tex import read
from .words import Names, Token, Tokens

REALS = frozenset((r"\R", r"\reals", r"\RR", r"\Re", r"\Reals", "ℝ"))
WORDS = {"symmetric": "symmetric", "spd": "spd", "skew": "skew", "antisymmetric": "skew", "diagonal": "diagonal", "positive": "positive",
         "orthogonal": "orthogonal", "orthonormal": "orthogonal", "simplex": "simplex"}
PARTS = frozenset(("definite", "semidefinite", "semi-definite", "semi", "one-hot", "lower", "upper", "triangular", "skew-symmetric",
                   "probability", "covariance", "precision", "scatter", "gram", "laplacian", "pd", "psd", "strictly",
                   "positive-definite", "positive-semidefinite", "entrywise", "one", "hot"))
FIXED = frozenset(("fixed", "constant", "constants"))
NOT = frozenset(("not", "non", "non-symmetric", "nonsymmetric", "asymmetric", "necessarily", "never", "neither", "isn't", "aren't",
                 "unless", "without"))


def declaration(part: Tokens, names: Names, text: str) -> str | None:
    """What is declared, in the language; None where this is no declaration."""
    level = [r"\to" if t == r"\mapsto" and ":" in (s for s, _ in part) else t for t, _ in part]
    try:
        if ":" in level and r"\to" in level and level.index(":") < level.index(r"\to"):
            k, j = level.index(":"), level.index(r"\to")
            source, target = _space(part[k + 1:j], text), _space(part[j + 1:], text)
            head = _names(part[:k], names, text)
            return f"{head}: R{source[0]} -> R{target[0]}" if source and target and head else None
        if r"\in" in level:
            k = level.index(r"\in")
            space = _space(part[k + 1:], text)
            head = _names(part[:k], names, text)
            return f"{head} in R{space[0]} {space[1]}".strip() if space and head else None
    except InputError:
        return None
    return None


def _names(part: Tokens, names: Names, text: str) -> str | None:
    out: list[str] = []
    now: list[Token] = []
    depth = 0
    for token, at in [*part, (",", 0)]:
        depth += (token in "({[") - (token in ")}]")
        if token in (",", r"\text") and not depth:
            if now:
                name = read(now, names, text)
                if not re.fullmatch(r"[A-Za-z_]\w*", name):
                    return None
                out.append(name)
            now = []
        elif token not in ("&", r"\quad"):
            now.append((token, at))
    return ", ".join(out) or None


def _space(part: Tokens, text: str) -> tuple[str, str] | None:
    """The size behind \\mathbb{R}, and words of structure."""
    kept = [t for t in part if t[0] not in ("&", r"\quad")]
    if not kept:
        return None
    if kept[0][0] == "{":
        inner, i = group(kept, 0)
        kept = [*inner, *kept[i:]]
    token, i, words = kept[0][0], 1, ""
    if token in STYLES:
        inner, i = group(kept, 1)
        letter = "".join(t for t, _ in inner)
        if letter not in ("R", "S"):
            return None
        words = "symmetric" if letter == "S" else ""
    elif token == "R":
        pass
    elif token == r"\{" and _end(kept) > 1 and all(t.isdigit() or t in ("-", "+", ",", r"\}") for t, _ in kept[1:_end(kept)]):
        i = _end(kept)              # \{0, 1\}^n
    elif token == r"\Delta":
        words = "simplex"
    elif token not in REALS:
        return None
    size = ""
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
    rest = [t for t, _ in kept[i:]]
    if rest and rest[0] == r"\setminus":
        return size, words
    if rest and rest[0] not in (r"\text", ","):
        return None
    if rest:
        raw = text[kept[i][1]:kept[-1][1] + 1]
        words = " ".join([*words.split(), *(w for w in structure(re.findall(r"[a-z-]+", raw.lower())) if w not in ("constant", "scalar"))])
    return size, words


def _end(kept: Tokens) -> int:
    return next((k + 1 for k, (t, _) in enumerate(kept) if t == r"\}"), 1)


def sizes(part: Tokens, simplex: bool = False) -> str:
    """^(m,n), ^(n+1), ^(m*n)."""
    out: list[str] = []
    factors: list[str] = []
    i = 0

    def close() -> None:
        if factors:
            out.append("*".join(factors))
            factors.clear()
    while i < len(part):
        token = part[i][0]
        i += 1
        if token in (r"\times", ",", "×"):
            close()
            out.append(",")
        elif token == "+":
            close()
            out.append("+")
        elif token == "-" and simplex:
            break
        elif token == "_" and factors:
            inner, i = group(part, i)
            factors[-1] += "_" + "_".join(re.findall(r"\w+", "".join(t for t, _ in inner if t not in STYLES)))
        elif token in STYLES:
            inner, i = group(part, i)
            factors.append("".join(t for t, _ in inner if t.isalnum()))
        elif token in (r"\cdot", "*", "{", "}", "(", ")"):
            continue
        elif re.fullmatch(r"\w+", token):
            factors.append(token)
        elif token[1:].isalpha():
            factors.append(token[1:])
        else:
            raise InputError(f"{token} is not a size")
    close()
    return "^(" + "".join(out) + ")" if out else ""


def structure(said: list[str]) -> list[str]:
    """The words of structure of the language among these."""
    if set(said) & NOT:
        return []
    text = " ".join(said).replace("-", " ")
    out: list[str] = []
    if re.search(r"\bpositive (?:semi ?definite)|\bpsd\b", text):
        out.append("symmetric")
    elif re.search(r"\bpositive definite|\bspd\b|\bpd\b", text):
        out.append("spd")
    elif re.search(r"\bpositive\b", text):
        out.append("positive")
    if re.search(r"\bskew|\bantisymmetric", text):
        out.append("skew")
    elif re.search(r"\bsymmetric\b", text) and not out:
        out.append("symmetric")
    if re.search(r"\b(?:covariance|precision|scatter|gram|laplacian)\b", text) and not out:
        out.append("symmetric")
    if re.search(r"\bone hot\b|\bprobability\b|\bsimplex\b", text):
        out.append("simplex")
    out += [w for w in ("lower", "upper") if re.search(rf"\b{w} triangular", text)]
    out += [WORDS[w] for w in ("diagonal", "orthogonal", "orthonormal") if re.search(rf"\b{w}\b", text)]
    if re.search(r"\bscalars?\b(?! (?:function|loss|field|valued|objective|cost|product))", text):
        out.append("scalar")
    if set(said) & FIXED:
        out.append("constant")
    return out


def said_by(left: str, right: str) -> tuple[str, str] | None:
    """A = A', A' = -A, Q'*Q = I."""
    for one, two in ((left, right), (right, left)):
        if re.fullmatch(r"\w+", one):
            if two == f"{one}'":
                return one, "symmetric"
            if two == f"-{one}'":
                return one, "skew"
        found = re.fullmatch(r"(\w+)'", one)
        if found and two == f"-{found[1]}":
            return found[1], "skew"
        found = re.fullmatch(r"(\w+)'\*(\w+)|(\w+)\*(\w+)'", one)
        if found and re.fullmatch(r"eye(\(\w+\))?", two) and (found[1] or found[3]) == (found[2] or found[4]):
            return found[1] or found[3], "orthogonal"
    return None
