"""A line whose sizes do not fit, put right by a transpose, an exchange of factors or a missing one, as the judges confirm."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import islice

from .slip import Kind, Slip
from ..language.expr import SCALAR, Name, T
from ..patterns import pattern
from ..reading.grammar.brackets import ROUND, depths

MOST = 120     # changes, most of which do not fit either
NAME = pattern(r"(?<![\w.])[A-Za-z_]\w*(?!\w)(?!\()('?)")
BELOW = pattern(r"\bd\(\w+\)")


def refitted(text: str, names: Mapping[str, Name], holds: Callable[[str], bool]) -> Slip | None:
    """The change of a side that makes it right; None where no single one does."""
    for new, slip in islice(_changes(text, names), MOST):
        if holds(new):
            return slip
    return None


def _changes(text: str, names: Mapping[str, Name]) -> Iterator[tuple[str, Slip]]:
    inside = [range(m.start(), m.end()) for m in BELOW.finditer(text)]
    for m in NAME.finditer(text):
        name = names.get(m[0].rstrip("'"))
        if name is None or any(m.start() in r for r in inside):
            continue
        transposed = (T(name), name) if m[1] else (name, T(name))
        yield f"{text[:m.start()]}{name.name if m[1] else f'{name.name}' + chr(39)}{text[m.end():]}", Slip(Kind.EDIT, ("turn", *transposed))
    for start, end in _brackets(text):
        new = f"{text[:end]}'{text[end:]}" if text[end:end + 1] != "'" else text[:end] + text[end + 1:]
        old = text[start:end]
        yield new, Slip(Kind.EDIT, ("turn", *((f"{old}'", old) if text[end:end + 1] == "'" else (old, f"{old}'"))))
    sign = " @ " if "@" in text else "*"
    products = [(start, end, factors) for start, end in _products(text) if (factors := _factors(text[start:end], sign.strip()))]
    for start, end, factors in products:
        for new, slip in _ordered(factors, names, sign):
            yield f"{text[:start]}{new}{text[end:]}", slip
    for start, end, factors in products if sign == "*" else ():
        for n in names.values():
            for missing in (n, T(n)) if n.shape != SCALAR and n.kind == "variable" else ():
                for k in range(len(factors) + 1):
                    new = "*".join([*factors[:k], str(missing), *factors[k:]])
                    yield f"{text[:start]}{new}{text[end:]}", Slip(Kind.NO_FACTOR, (missing, "*".join(factors), new))


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
    for first, last in [(0, len(text)), *((a + 1, b - 1) for a, b in _brackets(text))]:
        yield from _parts(text, first, last, "+-")


def _parts(text: str, first: int, last: int, signs: str) -> Iterator[tuple[int, int]]:
    """Where the parts of a stretch begin and end that stand between signs outside of brackets."""
    deep = [*depths(text[first:last], ROUND)]
    for i, depth in enumerate([*deep, *(deep[-1:] or [0])], first):
        if not depth and (i == last or text[i] in signs):
            yield first, i
            first = i + 1


def _brackets(text: str) -> Iterator[tuple[int, int]]:
    """Where brackets around a sum or a product open and end; those of functions are none."""
    opened: list[int] = []
    for i, c in enumerate(text):
        if c == "(":
            opened.append(i)
        elif c == ")" and opened:
            start = opened.pop()
            if text[:start].endswith(")"):      # jac(f)(x)
                start = len(re.sub(r"\w*\(\w*\)$", "", text[:start]))
            if not re.search(r"\w$", text[:start]) and not text[:start].endswith("/d"):
                yield start, i + 1


def _factors(text: str, sign: str) -> list[str]:
    """The factors of a product; none where it has other signs."""
    found = [text[a:b] for a, b in _parts(text, 0, len(text), sign)]
    return [part.strip() for part in found] if text.strip() and not any(part.endswith(".") for part in found[:-1]) else []
