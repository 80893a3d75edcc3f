"""A line whose sizes do not fit, put right by a transpose, an exchange of factors or a missing one, as the judges confirm."""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Iterator, Mapping
from itertools import islice

from .slip import Kind, Slip
from ..language.expr import SCALAR, Name, T
from ..patterns import pattern
from ..reading.grammar.brackets import ROUND, depths, opening

MOST = 260     # changes, most of which do not fit either
NAME = pattern(r"(?<![\w.])[A-Za-z_]\w*(?!\w)(?!\()('?)")
BELOW = pattern(r"\bd\(\w+\)(?=/d\()|(?<=/)d\(\w+\)")
MOVED = pattern(r"(?<!/)\bd\(\w+\)(?!/d\()")
SIGN = pattern(r"(?<!\*)(\.?)\*(?!\*)")
COLUMNS = pattern(r"(?<![\w.'])([A-Za-z_]\w*)\.\*([A-Za-z_]\w*)(?![\w.'(])")          # a*b of columns is read as a.*b
WORD = string.ascii_letters + string.digits + "_"
OF_NUMBERS = frozenset(("tr", "det", "logdet", "sum", "norm1", "norm2", "normF"))


def refitted(text: str, names: Mapping[str, Name], holds: Callable[[str], bool]) -> Slip | None:
    """The change of a side that makes it right; None where no single one does."""
    for new, slip in islice(_changes(text, names), MOST):
        if holds(new):
            return slip
    return None


def _changes(text: str, names: Mapping[str, Name]) -> Iterator[tuple[str, Slip]]:
    inside = [range(m.start(), m.end()) for m in BELOW.finditer(text)]
    moved = dict.fromkeys(m[0].rstrip("'") for m in NAME.finditer(text) if m[0][0] == "d" and m[0][1:].rstrip("'") in names)
    for m in NAME.finditer(text):
        name = names.get(m[0].rstrip("'"))
        if (name is None and m[0].rstrip("'") not in moved) or any(m.start() in r for r in inside):
            continue
        yield _turned(text, m.start(), m.end() - len(m[1]), name)
    for start, end in _brackets(text):
        if text[start:end].partition("(")[0] not in OF_NUMBERS:
            yield _turned(text, start, end)
    sign = " @ " if "@" in text else "*"
    products = [(start, end, factors) for start, end in _products(text) if (factors := _factors(text[start:end], sign.strip()))]
    for m in SIGN.finditer(text) if sign == "*" else ():
        new = f"{text[:m.start()]}{'*' if m[1] else '.*'}{text[m.end():]}"
        whole = min((p for p in _products(text) if m.start() in range(*p)), key=lambda p: p[1] - p[0], default=(0, len(text)))
        yield new, Slip(Kind.EDIT, ("product", text[slice(*whole)].strip(), new[whole[0]:whole[1] + len(new) - len(text)].strip()))
    for m in COLUMNS.finditer(text):
        for new in (f"{m[1]}*{m[2]}'", f"{m[1]}'*{m[2]}"):
            yield f"{text[:m.start()]}{new}{text[m.end():]}", Slip(Kind.EDIT, ("turn", m[2], f"{m[2]}'"))
    for start, end, factors in products:
        for new, slip in _ordered(factors, names, sign):
            yield f"{text[:start]}{new}{text[end:]}", slip
    moves = dict.fromkeys([*moved, *(m[0] for m in MOVED.finditer(text))])
    others = [f"d({n.name})" for n in names.values() if n.kind == "variable" and moves and f"d{n.name}" not in moves]
    factors_of = [str(t) for n in names.values() if n.shape != SCALAR and n.kind == "variable" for t in (n, T(n))]
    letters = [*moves, *others, *factors_of]
    for missing in letters if sign == "*" else ():
        for start, end, factors in products:
            for k in range(len(factors) + 1):
                new = "*".join([*factors[:k], missing, *factors[k:]])
                yield f"{text[:start]}{new}{text[end:]}", Slip(Kind.NO_FACTOR, (missing, "*".join(factors), new))


def _turned(text: str, start: int, end: int, name: Name | None = None) -> tuple[str, Slip]:
    """The text with a part of it transposed, or without its transpose."""
    part, turned = text[start:end], text[end:end + 1] == "'"
    one, two = (name, T(name)) if name is not None else (part, f"{part}'")
    return f"{text[:start]}{part if turned else f'{part}{chr(39)}'}{text[end + turned:]}", \
        Slip(Kind.EDIT, ("turn", *((two, one) if turned else (one, two))))


def _ordered(factors: list[str], names: Mapping[str, Name], sign: str) -> Iterator[tuple[str, Slip]]:
    """A product with two factors exchanged, all of them, or all of them transposed."""
    for k in range(len(factors) - 1):
        swapped = [*factors[:k], factors[k + 1], factors[k], *factors[k + 2:]]
        yield sign.join(swapped), Slip(Kind.EDIT, ("order", sign.join(factors[k:k + 2]), sign.join(swapped[k:k + 2])))
    plain = [f for f in factors if NAME.fullmatch(f) and names.get(f.rstrip("'")) is not None and names[f.rstrip("'")].shape != SCALAR]
    if len(plain) > 1:
        turned_all = sign.join((f[:-1] if f.endswith("'") else f"{f}'") if f in plain else f for f in factors)
        yield turned_all, Slip(Kind.TWO_TRANSPOSES, (turned_all,))
    if len(factors) > 2:
        yield sign.join(factors[::-1]), Slip(Kind.EDIT, ("order", sign.join(factors), sign.join(factors[::-1])))


def _products(text: str) -> Iterator[tuple[int, int]]:
    """Where the terms of sums begin and end, outside of brackets, then inside of them."""
    inner = [(start + text[start:].index("(") + 1, end - 1) for start, end in _brackets(text) if "/d(" not in text[start:end]]
    for first, last in [(0, len(text)), *inner]:
        yield from _parts(text, first, last, "+-,")


def _parts(text: str, first: int, last: int, signs: str) -> Iterator[tuple[int, int]]:
    """Where the parts of a stretch begin and end that stand between signs outside of brackets."""
    deep = [*depths(text[first:last], ROUND)]
    for i, depth in enumerate([*deep, *(deep[-1:] or [0])], first):
        if not depth and (i == last or text[i] in signs):
            yield first, i
            first = i + 1


def _brackets(text: str) -> Iterator[tuple[int, int]]:
    """Where brackets, what a function is of, and derivatives begin and end."""
    opened: list[int] = []
    for i, c in enumerate(text):
        if c == "(":
            opened.append(i)
        elif c == ")" and opened:
            start = opened.pop()
            if text[:start].endswith(")"):      # jac(f)(x)
                start = len(re.sub(r"\w*\(\w*\)$", "", text[:start]))
            start = len(text[:start].rstrip(WORD))
            if text.startswith("d(", start) and text[:start].endswith(")/"):          # d(L)/d(S)
                start -= len(text[:start - 1]) - opening(text[:start - 1], start - 2, ROUND) + 2
            elif text.startswith("d(", start) and text.startswith("/d(", i + 1):
                continue
            yield start, i + 1


def _factors(text: str, sign: str) -> list[str]:
    """The factors of a product; none where it has other signs."""
    found = [text[a:b] for a, b in _parts(text, 0, len(text), sign)]
    return [part.strip() for part in found] if text.strip() and not any(part.endswith(".") for part in found[:-1]) else []
