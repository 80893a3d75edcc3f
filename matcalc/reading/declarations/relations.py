"""What a declaration says by a set, a relation or a type: A ∈ S^n_{++}, x ∈ Rn, Σ ≻ 0, Aᵀ = A, X.shape = (m, n); and what none can say."""

from __future__ import annotations

import re
from collections.abc import Callable

from ...language.shape import InputError
from ..grammar.tokens import RAISED, Line
from ...patterns import pattern

PLUS = r"(?:_?\{?(\+\+|₊₊)\}?)?"
ONE = r"([A-Za-z]\d?|\d+)"
PAIR = rf"{ONE}(?:\s*[×x,]\s*{ONE})?"
TURN = r"\s*(?:'|\^\s*\{?(?:T|⊤|\\top)\}?|⊤|\.T)"
IN, ENDS = r"(?:∈|\bin\s)\s*", r"(?![\w^{(+*])"
SETS: tuple[tuple[re.Pattern[str], Callable[[str, str, str], str]], ...] = tuple((re.compile(IN + row + ENDS), said) for row, said in (
    (rf"[Rℝ]{PLUS}\^\{{?{ONE}(?:\}}|(?=_|$|\W)){PLUS}", lambda n, _, plus: f"R^{n} positive" if plus else ""),
    (rf"[Rℝ](){ONE}(?:\s*[×x]\s*{ONE})?", lambda m, n, _: f"R^({m},{n})" if n else f"R^{m}"),
    (rf"(Sym)[\^_(]\{{?{ONE}[}})]?", lambda n, _, plus: f"R^({n},{n}) symmetric"),
    (rf"(?:Sym|S|𝕊){PLUS}[\^_(]\{{?{ONE}[}})]?{PLUS}", lambda n, _, plus: f"R^({n},{n}) spd" if plus else ""),
    (rf"(?:Mat|M|𝕄)()_?[{{(]?{PAIR}[}})]?(?:\(\s*[Rℝ]\s*\))?", lambda m, n, _: f"R^({m},{n or m})")))
RELATIONS = tuple((re.compile(rf"(?<![\w'])(\w+){pattern}\s*(?=$|[,;])"), word) for pattern, word in (
    (rf"(?:{TURN}\s*==?\s*\1|\s*==\s*\1{TURN})", "symmetric"), (rf"(?:{TURN}\s*==?\s*-\s*\1|\s*==\s*-\s*\1{TURN})", "skew"),
    (r"\s*(?:≻|\\succ)\s*0", "spd"), (r"(?<![A-Z])(?<![A-Z]\w)\s*>\s*0", "positive")))
SIZED = r"\b(?:size|dim|shape)\(\s*(\w+)\s*\)\s*(?:==?|:|is)\s*"
SHAPES = tuple((re.compile(row), meaning) for row, meaning in (
    (r"\b(\w+)\.shape\s*(?:==?|:)\s*(?:torch\.Size)?\(?[\[(]([^\])]*)[\])]\)?", r"\1: (\2)"),
    (SIZED + r"[\[(]\s*(\w+)[ ,]+(\w+)\s*[\])]", r"\1: (\2, \3)"), (SIZED + r"(\w+)\s*[x×]\s*(\w+)", r"\1: (\2, \3)"),
    (r"\b(\w+)\s*::\s*\w*?(Matrix|Vector)\b(?:\{[^}]*\})?", r"\1 \2"), (r"\b(\w+)\s*:\s*(?:\w+\.)+\w+\s*(\([^)]*\))", r"\1: \2"),
    (r"\b(\w+)\s*:\s*\w+\[\w+,\s*[\"'](\w+)(?:\s+(\w+))?[\"']\]", r"\1: (\2, \3)"),
    (r"\b(\w+)\s*=\s*(?:\w+\.)*randn?\(\(?\s*(\w+)\s*,\s*(\w+)\s*\)?\)", r"\1: (\2, \3)"),
    (r"\b(\w+)\s+(?:is\s+)?(?:invertible|non-?singular)\s*(?=$|[,;])", r"\1 square")))
SEMI = "a semidefinite matrix may have no inverse: write symmetric, or spd"
REFUSED = tuple((re.compile(pattern), hint) for pattern, hint in (
    (r"(?i)\bPSD\b|\bsemi-?definite\b|⪰|\\succeq", SEMI),
    (r">=|≥|\bnon-?negative\b|[Rℝ]\S?_?\{?\+", "what may be zero has no logarithm: write positive, or nothing"),
    (r"(?i)\bfull(?:\s+\w+)?[ -]rank\b", "the shape is declared; where an inverse must exist is said in the answer"),
    (r"\bcomplex\b|∈\s*[Cℂ]|\bin [Cℂ]\b", "the language has real numbers only"),
    (r"\bintegers?\b|∈\s*[ℕℤ]", "a size needs no declaration: x in R^n"),
    (r"\bconstant\s*$", "say its shape, c in R or b in R^n: all that is not differentiated by is constant"),
    (r"(?:∈|\bin)\s*[S𝕊]\s*[\^ⁿ]", "S^n has symmetric matrices for some and is a sphere for others: write A in R^(n,n) symmetric"),
    (r"\w\s*~", "a random variable is declared by its shape: x in R^n"),
    (r"Δ\s*[\^_ⁿₙ]", "Δⁿ has n entries for some and n + 1 for others: write p in R^n simplex"),
    (r"\b(\w+)(?:'|ᵀ|\^T)\s*\1\s*=", "of a square matrix write Q orthogonal, and of another one assume Q'*Q = eye(n)"),
    (r"\b[A-Z]\w*\s*>\s*0", "A > 0 is a positive definite matrix for some and one of positive entries for others: write spd, or positive")))
MAPS = pattern(r"\s*(\w+)\s+(?:maps|is\s+an?\s+(?:\w+\s+)?(?:function|map)\s+from)\s+(.+?)\s+(?:in)?to\s+(.+)")


def in_words(text: str) -> str:
    """Sets other than R^n and R^(m,n), and relations, as the words of the language.

    >>> in_words("A ∈ S^n_{++}, Σ ≻ 0"), in_words("x ∈ Rn, B in Rm×n"), in_words("A^T = A"), in_words("f maps R^n to R")
    ('A in R^(n,n) spd, Σ spd', 'x in R^n, B in R^(m,n)', 'A symmetric', 'f: R^n -> R')
    """
    if (found := MAPS.fullmatch(text)) is not None:
        return f"{found[1]}: {found[2]} -> {found[3]}"
    level = begun = re.sub(f"[{''.join(RAISED)}]+", lambda m: "^{" + "".join(RAISED[c] for c in m[0]) + "}", text)
    for shape, meaning in SHAPES:
        level = shape.sub(meaning, level)
    for row, word in RELATIONS:
        level = row.sub(rf"\1 {word}", level)
    for row, said in SETS:
        def words(m: re.Match[str], said: Callable[[str, str, str], str] = said) -> str:
            sizes = [g or "" for g in m.groups()[1:]]
            plus = next((g for g in m.groups() if g in ("++", "₊₊")), "")
            found = said(sizes[0], "" if sizes[-1] == plus else sizes[-1], plus)
            return f"in {found}" if found else m[0]
        level = row.sub(words, level)
    return text if level == begun else level


def refused(line: Line) -> InputError | None:
    """Why a declaration says what the language cannot take up."""
    for row, hint in REFUSED:
        if (found := row.search(line.text)) is not None:
            return line.error_at(f"{found[0].strip()} cannot be declared", found.start(), hint)
    return None
