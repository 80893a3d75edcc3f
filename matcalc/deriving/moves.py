"""One move that takes a differential out of an operation: the row of rulebook/traces.py for it, with its letters filled in.

A line pairs a coefficient with what holds the differential, tr(C*inner) or K*vec(inner). A row says what stands there
instead: its d(Z) takes the part that holds the differential, its first letter takes the coefficient.
"""

from __future__ import annotations

from functools import cache, lru_cache

from ..language.expr import ONE, Apply, Expr, InputError, Name, T, as_dim, eye, hadamard, is_identity, mul, on_diagonal
from ..language.inspection import untransposed
from ..reading.parse import parse
from ..rulebook import traces
from ..rulebook.rule import Rule, may_stand
from ..rulebook.traces import Isolating
from ..rulebook.matching import Binding, bind, bind_dim, fill, parts
from .record import HOLE, Context
from .unfinished import Unfinished
from ..records import Record

LATELY = 256        # moves that are kept: problems are asked again, and have terms in common
ROWS = {r.name: r for r in traces.TRACE + traces.LINEAR}


class Template(Record):
    """A row taken apart: what stands in front (None: nothing, or vec), what holds d(Z), the coefficient of d(Z) afterwards
    (None: nothing comes to it), and the letter in front, which may be transposed there."""

    rule: Isolating
    front: Expr | None
    inner: Apply
    after: Expr | None
    coefficient: Name | None
    transposed: bool


class Released(Record):
    """What a move gives: the row, its letters, what stands in front of it, the new coefficient, and what still holds the
    differential."""

    rule: Rule
    binding: Binding
    row_context: Context
    coefficient: Expr
    rest: Expr


@cache
def template(rule: Isolating) -> Template:
    """The parts of a row."""
    front, inner, after = (parse(text, rule.declarations) if text and text != "vec" else None
                           for text in (rule.front, rule.holding, rule.after))
    assert isinstance(inner, Apply)
    letter = None if front is None else untransposed(front)
    return Template(rule, front, inner, after, letter if isinstance(letter, Name) else None, letter is not front)


@cache
def _rows(head: str, linear: bool) -> tuple[Template, ...]:
    rules = (rule for rule in (traces.LINEAR if linear else traces.TRACE) if may_stand(head, rule.holding))
    found = (row for row in map(template, rules) if row.inner.head == head)
    return tuple(row for row in found if not any(isinstance(a, Apply) and a.head in ("*", "diag") for a in row.inner.args))


@cache
def _by_name(rule: Rule) -> tuple[Name, ...]:
    """The letters of a row in order."""
    return tuple(sorted(rule.lhs.names, key=str))


@lru_cache(LATELY)
def release(c: Expr, t: Apply, linear: bool) -> Released:
    """One move on c paired with t."""
    if t.head == "*":
        return _out_of_product(c, t, linear)
    if linear and t.head == "diagonal" and (found := _on_the_diagonal(c, t.args[0])) is not None:
        return found
    for row in _rows(t.head, linear):
        if t.head != ".*" and any(p.has_d != a.has_d for p, a in zip(row.inner.args, t.args, strict=True)):
            continue
        found = _beside(row, c, t) if isinstance(row.front, Apply) and row.coefficient is None else _by(row, c, t)
        if found is not None:
            return found
    if linear:
        raise Unfinished(f"no closed form for the Jacobian of {t}",
                         hint="expm has a Frechet derivative, not a Kronecker product of known matrices"
                         if t.head == "expm_frechet" else None)
    raise Unfinished(f"no rule isolates the differential in {t}")


def _beside(row: Template, c: Expr, t: Apply) -> Released | None:
    """A row about a coefficient of its form, as a Kronecker product beside one of fitting sizes."""
    assert isinstance(row.front, Apply) and row.after is not None
    scalars, chain = parts(c)
    first = chain[0] if len(chain) == 1 else c
    if not isinstance(first, Apply) or first.head != row.front.head:
        return None
    b: Binding = {}
    values = (mul(*scalars, first.args[0]), *first.args[1:], *t.args)
    if not all(bind(_letter(p), value, b) for p, value in zip((*row.front.args, *row.inner.args), values, strict=True)):
        return None
    return Released(row.rule, b, HOLE, fill(row.after, b), next(a for a in t.args if a.has_d))


def _letter(p: Expr) -> Name:
    """The Z of d(Z), or a letter itself."""
    found = p.args[0] if isinstance(p, Apply) else p
    assert isinstance(found, Name)
    return found


def _by(row: Template, c: Expr, t: Apply) -> Released:
    """The row used on a term of its head."""
    b: Binding = {}
    args: tuple[Expr, ...] = t.args
    if t.head == ".*":
        live = next(a for a in t.args if a.has_d)
        still = hadamard(*(a for a in t.args if a is not live))
        args = tuple(live if p.has_d else still for p in row.inner.args)
    rest: Expr = t
    for p, a in reversed(list(zip(row.inner.args, args, strict=True))):
        if p.has_d:
            bind(_letter(p), a, b)
            rest = a
        elif isinstance(p, Name) and p.kind == "variable":
            bind(p, a, b)
        else:
            bind_dim(as_dim(p), as_dim(a), b)
    if row.coefficient is not None and not bind(row.coefficient, T(c) if row.transposed else c, b):
        raise InputError(f"{row.rule.name} does not fit {t}")
    return Released(row.rule, b, _front(c) if row.coefficient is None else HOLE, _filled(c, row, b), rest)


def _front(c: Expr) -> Context:
    """A coefficient that stays in front."""
    return HOLE if is_identity(c) else Context("*", (c, HOLE))


def _filled(c: Expr, row: Template, b: Binding) -> Expr:
    after = None if row.after is None else fill(row.after, b)
    if row.coefficient is not None:
        assert after is not None
        return after
    return c if after is None else mul(c, after)


def _on_the_diagonal(c: Expr, product: Expr) -> Released | None:
    """The diagonal of a product with a diagonal matrix in it that holds the differential."""
    scalars, chain = parts(product)
    k = next((k for k, f in enumerate(chain) if on_diagonal(f) is not None), None)
    if k is None or any(f.has_d for f in (*scalars, *chain[:k], *chain[k + 1:])):
        return None
    z = on_diagonal(chain[k])
    left, right = (mul(*side) if side else eye(chain[k].shape[0]) for side in (chain[:k], chain[k + 1:]))
    return None if z is None else _letters("vec.diagonal-diag", c, {"A": mul(*scalars, left), "B": right, "z": z}, z)


def _out_of_product(c: Expr, t: Apply, linear: bool) -> Released:
    """The factor that holds the differential, brought to the end."""
    scalars, chain = parts(t)
    spot = next((i for i, s in enumerate(scalars) if s.has_d), None)
    if spot is not None:
        rest = mul(*scalars[:spot], *scalars[spot + 1:], *chain)
        return _letters("vec.scalar" if linear else "trace.scalar", c, {"A": rest, "z": scalars[spot]}, scalars[spot])
    i = next(i for i, f in enumerate(chain) if f.has_d)
    front, f, back = chain[:i], chain[i], chain[i + 1:]
    left, right = mul(*front) if front else eye(f.shape[0]), mul(*back) if back else eye(f.shape[1])
    c = mul(*scalars, c)
    if not linear:
        return _letters("trace.cycle", c, {"A": left, "B": right, "Z": f}, f)
    if back and back[-1].shape[1] is ONE and isinstance(f, Apply):
        if (z := on_diagonal(f)) is not None:
            return _letters("vec.diag-column", c, {"A": left, "y": right, "z": z}, z)
        if f.head == "'" and f.shape[0] is ONE:
            return _letters("vec.inner", mul(c, left), {"y": right, "z": f.args[0]}, f.args[0])
    return _letters("vec.product", c, {"A": left, "B": right, "Z": f}, f)


def _letters(name: str, c: Expr, where: dict[str, Expr], rest: Expr) -> Released:
    """A row with these letters."""
    rule = ROWS[name]
    row = template(rule)
    b: Binding = {}
    if row.coefficient is not None:
        bind(row.coefficient, c, b)
    for letter in _by_name(rule):
        if letter.name in where and not bind(letter, where[letter.name], b):
            raise InputError(f"{name} does not fit {rest}")
    return Released(rule, b, _front(c) if row.coefficient is None else HOLE, _filled(c, row, b), rest)
