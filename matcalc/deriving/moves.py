"""One move that brings a differential out of a head: the row of rules/traces.py for that head, its letters filled in.

A line pairs a coefficient with what holds the differential, tr(C*inner) or K*vec(inner). A row says what stands there
instead: its d(Z) takes the part that holds the differential, its first letter takes the coefficient.
"""

from __future__ import annotations

import re
from functools import cache

from ..language.expr import ONE, UNIT, Apply, Expr, InputError, Name, T, as_dim, eye, had, mul
from ..reading.parse import parse
from ..rules import traces
from ..rules.rule import Rule
from ..rules.matching import Binding, bind, bind_dim, fill, parts
from .record import HOLE, Around
from .unfinished import Unfinished
from ..records import Record

ROWS = {r.name: r for r in traces.TRACE + traces.LINEAR}
SUFFIX = {"'": "transpose", ".*": "entrywise", "diag": "diag", "diagonal": "diagonal", "vec": "vec", "unvec": "unvec", "sum": "sum",
          "tr": "trace", "rowsum": "rowsum", "colsum": "colsum", "expm_frechet": "frechet"}


class Template(Record):
    """A row taken apart: the letter for the coefficient (None: it stays in front) and whether it is transposed, what it
    is paired with, and the coefficient of d(Z) afterwards (None: nothing comes to it)."""

    coefficient: Name | None
    turned: bool
    inner: Expr
    after: Expr | None


class Released(Record):
    """What a move gives: the row, its letters, what stands in front of it, the new coefficient, and what still holds the
    differential."""

    rule: Rule
    binding: Binding
    laid: Around
    coefficient: Expr
    rest: Expr


@cache
def template(rule: Rule) -> Template:
    """The parts of a row, by its text: the two sides read as whole expressions may turn a trace round."""
    left, right = rule.equation.split(" = ")
    after = re.fullmatch(r"(?:tr\((.*)\*d\([Zz]\)\)|(.*)\*(?:vec\()?d\([Zz]\)\)?)", right)
    pair = re.fullmatch(r"tr\(([Cc])(\'?)\*(.*)\)|([Cc])(\'?)\*(.*)", left) if rule.name.startswith("trace.") else None
    letter, turned, inner = next((g for g in (pair.groups()[:3], pair.groups()[3:]) if g[0]), ("", "", "")) if pair else ("", "", left)
    inner = inner[4:-1] if not pair and inner.startswith("vec(") else inner

    def read(text: str) -> Expr:
        return parse(text, rule.declarations)
    c = read(letter) if letter else None
    assert c is None or isinstance(c, Name)
    return Template(c, bool(turned), read(inner), read(after[1] or after[2]) if after else None)


def release(c: Expr, t: Apply, linear: bool) -> Released:
    """One move on c paired with t."""
    kind = "vec." if linear else "trace."
    if t.head == "*":
        return _out_of_product(c, t, linear)
    if t.head == "kron":
        return not linear and _beside_kron(c, t) or _by(kind + ("kron-right" if t.args[1].has_d else "kron-left"), c, t)
    name = kind + SUFFIX.get(t.head, "")
    if name not in ROWS or t.head == "expm_frechet" and t.args[0].has_d:
        if linear:
            raise Unfinished(f"no closed form for the Jacobian of {t}",
                             hint="expm has a Frechet derivative, not a Kronecker product of known matrices"
                             if t.head == "expm_frechet" else None)
        raise Unfinished(f"no rule isolates the differential in {t}")
    return _by(name, c, t)


def _beside_kron(c: Expr, t: Apply) -> Released | None:
    """A Kronecker product whose coefficient is one of fitting sizes: the trace is the product of two."""
    scalars, chain = parts(c)
    first = chain[0] if len(chain) == 1 else c
    if not (isinstance(first, Apply) and first.head == "kron"
            and all(p.shape == a.shape[::-1] for p, a in zip(first.args, t.args, strict=True))):
        return None
    name, letters, z = ("trace.kron-kron-right", "PQAZ", t.args[1]) if t.args[1].has_d else ("trace.kron-kron-left", "PQZB", t.args[0])
    rule, b = ROWS[name], Binding()
    for letter, value in zip(letters, (mul(*scalars, first.args[0]), first.args[1], *t.args), strict=True):
        bind(next(n for n in rule.lhs.names if n.name == letter), value, b)
    after = template(rule).after
    assert after is not None
    return Released(rule, b, HOLE, fill(after, b), z)


def _by(name: str, c: Expr, t: Apply) -> Released:
    """The row used on a term of its head."""
    rule = ROWS[name]
    row = template(rule)
    b: Binding = {}
    assert isinstance(row.inner, Apply)
    args: tuple[Expr, ...] = t.args
    if t.head == ".*":
        live = next(a for a in t.args if a.has_d)
        still = had(*(a for a in t.args if a is not live))
        args = tuple(live if p.has_d else still for p in row.inner.args)
    rest: Expr = t
    for p, a in reversed(list(zip(row.inner.args, args, strict=True))):
        if p.has_d:
            assert isinstance(p, Apply) and isinstance(p.args[0], Name)
            bind(p.args[0], a, b)
            rest = a
        elif isinstance(p, Name) and p.kind == "variable":
            bind(p, a, b)
        else:
            bind_dim(as_dim(p), as_dim(a), b)
    if row.coefficient is not None and not bind(row.coefficient, T(c) if row.turned else c, b):
        raise InputError(f"{name} does not fit {t}")
    return Released(rule, b, _front(c) if row.coefficient is None else HOLE, _filled(c, row, b), rest)


def _front(c: Expr) -> Around:
    """A coefficient that stays in front."""
    return HOLE if c is UNIT or isinstance(c, Apply) and c.head == "eye" else Around("*", (c, HOLE))


def _filled(c: Expr, row: Template, b: Binding) -> Expr:
    after = None if row.after is None else fill(row.after, b)
    if row.coefficient is not None:
        assert after is not None
        return after
    return c if after is None else mul(c, after)


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
        if f.head == "diag":
            return _letters("vec.diag-column", c, {"A": left, "y": right, "z": f.args[0]}, f.args[0])
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
    for letter in rule.lhs.names:
        if letter.name in where and not bind(letter, where[letter.name], b):
            raise InputError(f"{name} does not fit {rest}")
    return Released(rule, b, _front(c) if row.coefficient is None else HOLE, _filled(c, row, b), rest)
