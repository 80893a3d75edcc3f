"""Matching binds the letters of a rule to parts of an expression, and filling writes a side with them: the only pattern code of the
project.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import repeat
from typing import Any

from ..language.expr import ONE, SCALAR, Apply, Dim, Expr, Name, Number, T, as_dim, build, is_negative, mul, neg, size
from ..language.inspection import MINUS, NO_HEADS, is_integral, is_zero, lowest, untransposed
from ..language.operations import ELEMENTWISE_NAMES, SIZED
from ..language.traversal import operands, subexpressions

Binding = dict[Any, Any]
_FREE = frozenset({"positive"})
LATELY = 4_096      # lists of patterns


def bind_dim(pattern: Dim, actual: Dim, b: Binding) -> bool:
    """Sizes are bound by name; a sum or product of sizes must already be bound."""
    if pattern is actual:
        return pattern.number is not None or b.setdefault(pattern, actual) is actual
    if pattern.number is not None:
        return False
    if pattern.letter:
        return b.setdefault(pattern, actual) is actual
    return fill_dim(pattern, b) is actual


def fill_dim(pattern: Dim, b: Binding) -> Dim:
    """The size a pattern's size stands for."""
    found: Dim | None = b.get(pattern)
    if found is not None:
        return found
    if pattern.number is not None:
        return pattern
    return pattern.where(lambda n: b.get(Dim.of(n), Dim.of(n)))


def bind(p: Name, s: Expr, b: Binding) -> bool:
    """Let a letter stand for an expression of its shape and structure."""
    found = b.get(p)
    if found is not None:
        return found is s
    shape = p.shape
    if shape[1] is ONE and shape[0] is not ONE and s.shape[0] is ONE:
        return False
    if not bind_dim(shape[0], s.shape[0], b) or not bind_dim(shape[1], s.shape[1], b):
        return False
    if p.words:
        if s.shape[1] is ONE is not shape[1] and p.words != _FREE:      # a column's words are a vector's: simplex is not by rows
            return False
        check = b.get("words")
        if check is None and p.words != _FREE or check is not None and not check(s, p.words):
            return False
    b[p] = s
    return True


def _signature(p: Name, s: Name, b: Binding) -> bool:
    """Whether two abstract functions take and give the same kind of value."""
    assert p.signature is not None and s.signature is not None
    for mine, other in zip(p.signature, s.signature, strict=True):
        if (mine is None) != (other is None):
            return False
        if mine is not None and other is not None and not (
                (mine[1] is not ONE or other[1] is ONE) and all(bind_dim(x, y, b) for x, y in zip(mine, other, strict=True))):
            return False
    return True


def match(p: Expr, s: Expr, b: Binding) -> bool:
    """Whether s is an instance of p; extends b. Sums and entry-wise products are tried in both orders."""
    if type(p) is Name:
        if p.kind == "variable":
            return bind(p, s, b)
        if p.kind == "function":
            return type(s) is Name and s.kind == "function" and _signature(p, s, b) and b.setdefault(p, s) is s
        if p.kind == "size":
            d = b.get(Dim.of(p.name))
            return d is not None and size(d) is s
        return p is s
    if type(p) is Number:
        return p is s
    assert type(p) is Apply
    head = p.head
    if head == "*":
        if p.args[0] is MINUS and len(p.args) == 2 and type(p.args[1]) is Name and p.args[1] not in b:
            return is_minus(s) and bind(p.args[1], neg(s), b)
        if type(s) is not Apply or s.head != "*" and s.head != "+":
            return False
        if p.names <= b.keys():
            return fill(p, b) is s
        if s.head == "+":
            return False
        for left in products(p, s, b):
            if left.complete:
                b.update(left.binding)
                return True
        return False
    if type(s) is not Apply or head != s.head:
        return False
    if head in ("+", ".*"):
        for trial, rest in bags(p.args, list(s.args), dict(b), head):
            if not rest:
                b.update(trial)
                return True
        return False
    if head in SIZED:
        inner = operands(p)
        return all(match(x, y, b) if x in inner else bind_dim(as_dim(x), as_dim(y), b) for x, y in zip(p.args, s.args, strict=True))
    if head == "^" and type(p.args[1]) is Name and p.args[1].kind == "size":
        k = s.args[1]       # a number over a matrix is taken apart by the product rule
        if type(k) is Number and s.shape != SCALAR or not is_integral(k) or (lowest(k) or 0) <= 0:
            return False
        return bind_dim(Dim.of(p.args[1].name), as_dim(k), b) and match(p.args[0], s.args[0], b)
    return len(p.args) == len(s.args) and False not in map(match, p.args, s.args, repeat(b))


def required_heads(p: Expr, inside: bool = False) -> frozenset[str]:
    """Heads that stand in everything a pattern fits. Of a product inside it that is not said, since what its letters stand for may cancel,
    but of the term of a sum that is looked for first; of -t neither, which fits what is written with a minus, as -f(t) fits -f(..) only."""
    if type(p) is Apply and p.head == "*" and p.args[0] is MINUS and type(p.args[1]) is Apply and p.args[1].head in ELEMENTWISE_NAMES:
        return required_heads(p.args[1], True)
    if type(p) is not Apply or not _head_of(p) or p.head == "*" and (inside or p.args[0] is MINUS and len(p.args) == 2):
        return NO_HEADS
    own = frozenset((p.head,))
    first = next((a for a in p.args if type(a) is Apply), None) if p.head == "+" else None
    return own if p.head in SIZED else own.union(*(required_heads(a, a is not first) for a in p.args))


def is_minus(e: Expr) -> bool:
    """Whether e is written with a minus in front: a negative multiple, or a sum of such."""
    return is_negative(e.args[0] if type(e) is Apply and e.head == "+" else e)


def bags(patterns: tuple[Expr, ...], terms: list[Expr], b: Binding,
         head: str = "") -> Iterator[tuple[Binding, list[Expr]]]:
    """Ways to lay unordered patterns on unordered terms; yields the binding and the terms left over."""
    if not patterns:
        yield b, terms
        return
    if len(patterns) > 1:
        patterns = _letters_last(patterns)
    p = patterns[0]
    if head and len(patterns) == 1 and len(terms) > 1 and type(p) is Name and p not in b:
        trial = dict(b)
        if bind(p, build(head, terms), trial):
            yield trial, []
    for i, t in enumerate(terms):
        trial = dict(b)
        if match(p, t, trial):
            yield from bags(patterns[1:], terms[:i] + terms[i + 1:], trial, head)


@lru_cache(LATELY)
def _letters_last(patterns: tuple[Expr, ...]) -> tuple[Expr, ...]:
    """Patterns in the order in which they are laid: what stands in another one too, other forms, letters, which anything fits."""
    shared = [p for p in patterns if type(p) is Name and any(p in q.names for q in patterns if q is not p)]
    return tuple(sorted(patterns, key=lambda p: 0 if p in shared else 2 if type(p) is Name else 1))


class Laid:
    """A product pattern laid on part of a product: what is left in front, behind, and of the scalars."""

    __slots__ = ("after", "before", "binding", "scalars")

    def __init__(self, binding: Binding, scalars: list[Expr], before: list[Expr], after: list[Expr]) -> None:
        self.binding, self.scalars, self.before, self.after = binding, scalars, before, after

    @property
    def complete(self) -> bool:
        """Whether nothing is left over."""
        return not (self.scalars or self.before or self.after)


def parts(e: Expr) -> tuple[list[Expr], list[Expr]]:
    """The scalar factors of a product and the chain of its other factors; anything else is a chain of one.

    >>> from matcalc.reading.parse import parse
    >>> parts(parse('c*A*x', ['c in R', 'A in R^(m,n)', 'x in R^n']))
    ([<c>], [<A>, <x>])
    """
    if type(e) is Apply and e.head == "*":
        args, split = e.args, e.split
        if split is None:
            split = e.split = len(args) if args[0].shape == SCALAR == args[-1].shape else \
                next(i for i, a in enumerate(args) if a.shape != SCALAR)
        return (list(args[:split]), list(args[split:])) if split else ([], list(args))
    return ([e], []) if e.shape == SCALAR else ([], [e])


def products(p: Expr, s: Expr, b: Binding) -> Iterator[Laid]:
    """Ways to lay the product p on factors of s."""
    wanted, chain = parts(p)
    have, line = parts(s)
    for trial, rest in scalar_bags(wanted, have, dict(b)):
        if not chain:
            yield Laid(trial, rest, [], line)
            continue
        first = _head_of(chain[0])
        for start in range(len(line) - len(chain) + 1):
            if first and _head_of(line[start]) != first:
                continue
            for found, end in chains(chain, line, start, trial):
                yield Laid(found, rest, line[:start], line[end:])


def scalar_bags(wanted: list[Expr], have: list[Expr], b: Binding) -> Iterator[tuple[Binding, list[Expr]]]:
    """Lay scalar factors; a power may be used in part."""
    if not wanted:
        yield b, have
        return
    p = wanted[0]
    if len(wanted) == 1 and len(have) > 1 and type(p) is Name and p not in b:
        trial = dict(b)
        if bind(p, mul(*have), trial):
            yield trial, []
    for i, s in enumerate(have):
        trial = dict(b)
        rest = have[:i] + have[i + 1:]
        if match(p, s, trial):
            yield from scalar_bags(wanted[1:], rest, trial)
        elif type(s) is Apply and s.head == "^" and type(s.args[1]) is Number and type(s.args[1].value) is int:
            k = s.args[1].value
            q = p.args[1] if type(p) is Apply and p.head == "^" else None
            step = q.value if type(q) is Number and type(q.value) is int else 1 if q is None else 0
            if step and abs(k) > abs(step) and (k > 0) == (step > 0):
                piece = build("^", (s.args[0], Number(step)))
                trial = dict(b)
                if match(p, piece, trial):
                    left = build("^", (s.args[0], Number(k - step)))
                    yield from scalar_bags(wanted[1:], [*rest, left], trial)


def chains(pattern: list[Expr], line: list[Expr], start: int, b: Binding) -> Iterator[tuple[Binding, int]]:
    """Lay a chain on consecutive factors from `start`; a letter may stand for several factors."""
    if not pattern:
        yield b, start
        return
    p = pattern[0]
    if start >= len(line):
        return
    letter = untransposed(p)
    if type(letter) is Name and letter.kind == "variable":
        follows = _head_of(pattern[1]) if len(pattern) > 1 else ""
        for end in range(start + 1, len(line) + 1):
            if follows and (end == len(line) or _head_of(line[end]) != follows):
                continue
            trial = dict(b)
            piece = line[start] if end == start + 1 else mul(*line[start:end])
            if piece.shape == SCALAR and end > start + 1:
                continue
            if bind(letter, piece if letter is p else T(piece), trial):
                yield from chains(pattern[1:], line, end, trial)
    else:
        trial = dict(b)
        if match(p, line[start], trial):
            yield from chains(pattern[1:], line, start + 1, trial)


def _head_of(p: Expr) -> str:
    """The head a factor must have to match p; empty for a letter or its transpose."""
    if type(p) is not Apply or p.head == "'" and type(p.args[0]) is Name:
        return ""
    return p.head


Differential = Callable[[Expr], Expr]


def fill(p: Expr, b: Binding, d: Differential | None = None) -> Expr:
    """The pattern with its letters replaced; `d` says what the differential of an expression is written as."""
    if type(p) is Name:
        if p.kind == "size":
            found = b.get(Dim.of(p.name))
            return p if found is None else size(found)
        found = b.get(p)
        return p if found is None else found
    if type(p) is Number:
        return p
    assert type(p) is Apply
    head = p.head
    args: Sequence[Expr] = p.args
    if d is not None and p.has_d:
        if head == "d":
            return d(fill(args[0], b, d))
        if head == "+":     # a term, linear in its differentials, adds nothing where these are zero
            args = [a for a in args if not a.has_d or not all(is_zero(d(fill(of, b))) for of in _moving(a))] or args[:1]
    return build(head, [fill(a, b, d) for a in args])


@cache
def _moving(p: Expr) -> tuple[Expr, ...]:
    """What a pattern has the differentials of."""
    return tuple(e.args[0] for e in subexpressions([p]) if type(e) is Apply and e.head == "d")
