"""A common factor of a sum taken out: a number, a scalar, a matrix on the left or right, an entry-wise factor, a denominator. And a run of
factors that repeats, as a power.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import lru_cache

from ..language.blocks import blocks
from ..language.expr import (ONE, SCALAR, Apply, Expr, Number, Rational, T, add, build, coefficient, eye, hadamard, hadamard_power,
                             is_constant, is_identity, is_selection, mul, neg, on_diagonal, ones, sub)
from ..language.inspection import heads_in
from ..language.recognition import under_bar
from ..rulebook.measure import measure
from ..rulebook.matching import parts
from ..records import Record
from .record import Rewrite, use

MANY, LIKELY = 24, 4  # of so many possible factors only the likeliest are tried, in as many terms only one
LATELY = 512     # sums
ENTRIES = ("entry", "diagonal", "diagonal behind")      # what is taken out of entries, several together where the same terms have them
RAISED = frozenset(("^", ".^"))
IDENTITY = 30  # what an identity left behind by a common factor costs a reader, in tenths of a node


class Factored(Record):
    """A sum with a common factor taken out: what is left of each term that had it, and the other terms."""

    whole: Expr
    factor: Expr
    inner: tuple[Expr, ...]
    others: tuple[Expr, ...] = ()


Parts = tuple[Rational, list[Expr], list[Expr]]        # of a term: its number, its scalars, its matrices


def _grouped(e: Apply) -> tuple[dict[tuple[str, Expr], list[int]], list[Parts]]:
    """What might be taken out of a sum: how, and what, with the terms that have it; and the terms, each taken apart."""
    groups: dict[tuple[str, Expr], list[int]] = {}
    rows: list[Parts] = [(c, *parts(rest)) for c, rest in map(coefficient, e.args)]
    sums = {s for _, *both in rows for part in both for s in part if type(s) is Apply and s.head == "+"}
    turned: dict[Expr, Expr] = {s: neg(s) for s in sums if len(sums) > 1 and neg(s) in sums and str(s) > str(neg(s))}
    for i, (c, scalars, chain) in enumerate(rows):
        if turned:      # (1 - t)*y + (t - 1)*x is (1 - t)*(y - x)
            c *= (-1)**sum(s in turned for s in (*scalars, *chain))
            scalars, chain = ([turned.get(s, s) for s in part] for part in (scalars, chain))
            rows[i] = c, scalars, chain
        found: list[tuple[str, Expr]] = [("number", Number(abs(Fraction(c))))] if abs(c) != 1 else []
        found += [("scalar", s) for s in scalars if not isinstance(s, Number)]
        if chain:
            first, last = chain[0], chain[-1]
            found += [("left", first), ("right", last)]
            found += [("diagonal", a) for a in (_on_diagonal(first, len(chain) > 1) if first.shape[0] is not ONE else ())]
            found += [("diagonal behind", a) for a in (_on_diagonal(last) if last.shape[1] is not ONE else ())]
        if len(chain) == 1:
            found += [("entry", a) for a in entry_factors(first)]
        for way in found:
            groups.setdefault(way, []).append(i)
    joint: dict[tuple[str, tuple[int, ...]], list[Expr]] = {}
    for (kind, f), where in groups.items():
        if kind in ENTRIES and len(where) > 1:
            joint.setdefault((kind, tuple(where)), []).append(f)
    groups.update(((kind, hadamard(*fs)), list(places)) for (kind, places), fs in joint.items() if len(fs) > 1)
    return groups, rows


def _without_factor(kind: str, f: Expr, c: Rational, scalars: list[Expr], chain: list[Expr]) -> Expr:
    """What is left of a term without a factor."""
    if kind == "number":
        assert isinstance(f, Number)
        return mul(Number(Fraction(c) / f.value), *scalars, *chain)
    if kind == "scalar":
        left = list(scalars)
        left.remove(f)
        return mul(Number(c), *left, *chain)
    if kind == "left":
        chain = chain[1:] or [eye(f.shape[1])]
    elif kind == "right":
        chain = chain[:-1] or [eye(f.shape[0])]
    elif kind == "diagonal":
        chain = [_off_diagonal(chain[0], f), *chain[1:]]
    elif kind == "diagonal behind":
        chain = [*chain[:-1], _off_diagonal(chain[-1], f)]
    else:
        rest = [a for a in entry_factors(chain[0]) if a not in entry_factors(f)]
        chain = [hadamard(*rest) if rest else ones(*f.shape)]
    return mul(Number(c), *scalars, *chain)


@lru_cache(LATELY)
def factored(e: Apply) -> Factored | None:
    """Take a common factor out of a sum where that is smaller."""
    return factored_beside(e, None)


def factored_beside(e: Apply, transpose: Callable[[Expr], Expr] | None) -> Factored | None:
    """The same; with a transpose, a term that stands beside its own keeps its ends, so that what is symmetric looks it:
    A*w*w' + w*w'*A - 2*c*w*w'."""
    if len(e.args) > 400:
        return None
    groups, rows = _grouped(e)
    paired = _beside_transposes(e, transpose) if transpose is not None else set()
    inside = heads_in(e)
    least, grid = measure(e), "select" in inside and blocks(e) is not None
    best: Factored | None = None
    for (kind, f), where in _with_smaller(groups, rows):
        if len(where) < 2 or len(set(where)) < len(where) or (kind in ("left", "right", "entry") and is_constant(f)):
            continue
        if grid and (len(where) < len(rows) or is_selection(f)):
            continue
        if kind in ("left", "right") and (not paired.isdisjoint(where) or all(map(is_selection, (a for i in where for a in rows[i][2])))):
            continue
        if len(where) < len(rows) and under_bar(f) and any(s is not f and under_bar(s) for i in where for s in rows[i][1]):
            continue        # eye(n) - A/n - B/(n*t) is not eye(n) - (A + B/t)/n
        if isinstance(f, Number) and all(rows[i][0] < 0 for i in where):
            f = Number(-f.value)
        if kind in ("left", "right") and (run := _common_run([rows[i][2] for i in where], kind)):
            f = mul(*run)
            gone = slice(len(run), None) if kind == "left" else slice(None, -len(run))
            inner = [mul(Number(c), *scalars, *chain[gone]) for c, scalars, chain in (rows[i] for i in where)]
        else:
            inner = [_without_factor(kind, f, *rows[i]) for i in where]
        chains = [parts(a)[1] for a in inner] if kind in ENTRIES[1:] else []
        if any(c[:2] == [ones(*f.shape), T(f)] or c[-2:] == [f, T(ones(*f.shape))] for c in chains):
            continue        # diag(s) - s*s' is not diag(s)*(eye(n) - ones(n)*s')
        if chains and all(len(c) == 1 and (is_identity(c[0]) or on_diagonal(c[0]) is not None) for c in chains):
            continue        # diag(a) + diag(b) is one diagonal matrix
        total = add(*inner)
        if kind in ("diagonal", "diagonal behind"):
            f = build("diag", (f,))
        whole = hadamard(f, total) if kind == "entry" else mul(total, f) if kind in ("right", "diagonal behind") else mul(f, total)
        others = tuple(t for i, t in enumerate(e.args) if i not in where)
        new = add(whole, *others)
        bare = kind in ("left", "right") and any(len(rows[i][2]) == 1 for i in where)
        if new is not e and measure(new) + (IDENTITY if bare else 0) < least:
            least, best = measure(new), Factored(new, f, tuple(inner), others)
    for (kind, f), where in groups.items():
        for minus, own in _standing(f, e) if kind in ("left", "right") and not grid else ():
            inner = [_without_factor(kind, f, *rows[i]) for i in where]
            inner = [*(map(neg, inner) if minus else inner), eye(f.shape[kind == "left"])]
            others = tuple(t for i, t in enumerate(e.args) if i not in where and t not in own.args)
            new = add(mul(own, add(*inner)) if kind == "left" else mul(add(*inner), own), *others)
            if measure(new) < least:
                least, best = measure(new), Factored(new, own, tuple(inner), others)
    for base, k in () if RAISED.isdisjoint(inside) else (*_bases(rows), *_entry_bases(rows), *_powers(rows)):
        inner = [hadamard(t, hadamard_power(base, neg(k))) for t in e.args]
        f = hadamard_power(base, k)
        new = hadamard(f, add(*inner))
        if measure(new) < least:
            least, best = measure(new), Factored(new, f, tuple(inner))
    return best


def _common_run(chains: list[list[Expr]], kind: str) -> list[Expr]:
    """The longest run of factors that chains begin with, or end with, less one where it would be all of a chain; nothing if it is one."""
    lines = chains if kind == "left" else [c[::-1] for c in chains]
    least = min(map(len, lines)) - 1
    k = next((k for k, fs in enumerate(zip(*lines, strict=False)) if len(set(fs)) > 1), least)
    run = lines[0][:min(k, least)]
    return [] if len(run) < 2 else run if kind == "left" else run[::-1]


def _standing(f: Expr, e: Apply) -> Iterator[tuple[bool, Apply]]:
    """A sum, or its opposite, where its terms are terms of another one: X - A*X of X - A*X - A'*(X - A*X)."""
    for own in (f, neg(f)) if isinstance(f, Apply) and f.head == "+" else ():
        if isinstance(own, Apply) and set(own.args) <= set(e.args):
            yield own is not f, own


def _beside_transposes(e: Apply, transpose: Callable[[Expr], Expr]) -> set[int]:
    """The places of the terms whose transposes are other terms."""
    if e.shape[0] is not e.shape[1] or e.shape == SCALAR:
        return set()
    places = {t: i for i, t in enumerate(e.args)}
    return {i for i, t in enumerate(e.args) if places.get(transpose(t), i) != i}


def _with_smaller(groups: dict[tuple[str, Expr], list[int]], rows: list[Parts]) -> Iterator[tuple[tuple[str, Expr], list[int]]]:
    """The groups, and of those that would leave an identity behind also the part that would not."""
    if len(groups) > MANY:
        likely = sorted(groups, key=lambda key: -(len(groups[key]) - 1) * measure(key[1]))[:LIKELY if len(rows) <= MANY else 1]
        groups = {key: groups[key] for key in likely}
    for key, where in groups.items():
        yield key, where
        if key[0] in ("left", "right"):
            longer = [i for i in where if len(rows[i][2]) > 1]
            if 1 < len(longer) < len(where):
                yield key, longer


def _bases(rows: list[Parts]) -> Iterator[tuple[Expr, Expr]]:
    """Scalar bases under a bar in every term, with the exponent that is common and the lowest one; a sum under a bar in some terms."""
    found: dict[Expr, list[int]] = {}
    for _, scalars, _ in rows:
        for s in scalars:
            b, k = exponent(s, "^")
            if k < 0:
                found.setdefault(b, []).append(k)
    for b, ks in found.items():
        if len(ks) == len(rows):
            yield from ((b, Number(k)) for k in {min(ks), max(ks)})
        elif isinstance(b, Apply) and b.head == "+" and len(ks) > 1:
            yield b, Number(min(ks))


def _powers(rows: list[Parts]) -> Iterator[tuple[Expr, Expr]]:
    """Bases with a letter in their exponent in every term, and the least of these: c^k of c^k*d + c^(k + 1), also entry by entry."""
    found: dict[Expr, list[Expr]] = {}
    for _, scalars, chain in rows:
        for s in (*scalars, *(entry_factors(chain[0]) if len(chain) == 1 else ())):
            if isinstance(s, Apply) and s.head in ("^", ".^") and s.args[1].names:
                found.setdefault(s.args[0], []).append(s.args[1])
    for b, ks in found.items():
        least = next((k for k in ks if all(isinstance(more := sub(m, k), Number) and more.value >= 0 for m in ks)), None)
        if least is not None and len(ks) == len(rows):
            yield b, least


def _entry_bases(rows: list[Parts]) -> Iterator[tuple[Expr, Expr]]:
    found: dict[Expr, list[int]] = {}
    for _, _, chain in rows:
        if len(chain) != 1:
            return
        for f in entry_factors(chain[0]):
            b, k = exponent(f, ".^")
            if k < 0:
                found.setdefault(b, []).append(k)
    yield from ((b, Number(min(ks))) for b, ks in found.items() if len(ks) > 1)


def entry_factors(f: Expr) -> tuple[Expr, ...]:
    """The factors entry by entry."""
    return f.args if isinstance(f, Apply) and f.head == ".*" else (f,)


def _on_diagonal(f: Expr, lone: bool = False) -> tuple[Expr, ...]:
    """The factors entry by entry of what stands on a diagonal; (x.*y)' is x'*diag(y), x.*y is diag(y)*x, a lone x diag(x)*ones(n)."""
    inner = on_diagonal(f)
    if inner is not None:
        return entry_factors(inner)
    x = f.args[0] if isinstance(f, Apply) and f.head == "'" else f
    return entry_factors(x) if x.shape[1] is ONE and (lone and f is x or isinstance(x, Apply) and x.head == ".*") else ()


def _off_diagonal(f: Expr, a: Expr) -> Expr:
    """What is left of a diagonal matrix, or of a vector, without these factors."""
    rest = [x for x in _on_diagonal(f, True) if x not in entry_factors(a)]
    if on_diagonal(f) is not None:
        return build("diag", (hadamard(*rest),)) if rest else eye(f.shape[0])
    return ones(*f.shape) if not rest else hadamard(*rest) if f.shape[1] is ONE else T(hadamard(*rest))


def exponent(f: Expr, head: str) -> tuple[Expr, int]:
    if isinstance(f, Apply) and f.head == head and isinstance(f.args[1], Number) and isinstance(f.args[1].value, int):
        return f.args[0], f.args[1].value
    return f, 1


def repeated(e: Apply) -> tuple[Rewrite, ...]:
    """A*B*A*B as a power."""
    if len(e.args) < 4 and "^" not in heads_in(e):
        return ()
    scalars, chain = parts(e)
    if len(chain) < 4 and "^" not in heads_in(e):
        return ()
    flat: list[Expr] = []
    for f in chain:
        if isinstance(f, Apply) and f.head == "^" and isinstance(f.args[0], Apply) and f.args[0].head == "*" \
                and isinstance(f.args[1], Number) and 0 < f.args[1].value < 9:
            flat.extend(f.args[0].args * int(f.args[1].value))
        else:
            flat.append(f)
    for width in range(2, len(flat) // 2 + 1):
        for i in range(len(flat) - 2 * width + 1):
            k = 1
            while flat[i + k * width:i + (k + 1) * width] == flat[i:i + width]:
                k += 1
            unit = mul(*flat[i:i + width])
            if k > 1 and unit.shape[0] is unit.shape[1] and unit.shape != SCALAR:
                rest = flat[i + k * width:]
                new = Apply("*", (*scalars, *flat[:i], build("^", (unit, Number(k))), *rest), e.shape) \
                    if scalars or i or rest else build("^", (unit, Number(k)))
                if new is not e and measure(new) < measure(e):
                    return (use("tidy.repeat", {"A": unit, "k": Number(k)}, e, new),)
    return ()
