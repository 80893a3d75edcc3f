"""Numbers that a sheet differentiates and never defines, beside what they are added to or multiplied by: f of g = f + x'*x. Each is an
abstract function of what it is differentiated by."""

from __future__ import annotations

from collections.abc import Iterable

from ...language.expr import SCALAR
from ...language.traversal import reachable
from ..parts.definition_parts import Definition
from ..parts.formula import formula, put, undeclared
from ..parts.records import texts
from .setting import Setting
from .so_far import Claim
from ...patterns import pattern

SLOPE = pattern(r"\(*(?:(?:d\()+(\w+)\((\w+)\)\)+(?:/d\(\2\)\)*)+|(?:grad|hess)\((\w+)\)\((\w+)\)\)*)'?")


def with_abstract_functions(s: Setting) -> Setting:
    """The setting in which f(x) stands for such an f everywhere; one that is differentiated by several names, or by what is made of
    others, is left undeclared, so that nothing is judged of it."""
    by = dict[str, set[str]]()
    for f, x in formula(" ".join([*texts(s.sheet.rows), *(body for _, body, _ in (*s.define, *s.given.derivatives))])).quotients:
        by.setdefault(f, set()).add(x)
    values = {w for text in _apart(s) for w in formula(text).names} | s.sheet.names.arguments.keys()
    made = {n for n, _, _ in (*s.sheet.define, *s.given.define, *s.given.derivatives)} | s.given.gradients | s.given.constants
    known = s.bodies.keys() | s.declared | s.sheet.names.functions.keys() | made
    open_ones = {f: x for f, x in by.items() if f in values and f not in known and f not in x and s.shapes.get(f, SCALAR) == SCALAR}
    if not open_ones:
        return s
    spaces = {f: _space(s, min(x)) for f, x in open_ones.items() if len(x) == 1 and min(x) in s.shapes and min(x) not in s.bodies}
    called = {f: f"{f}({min(open_ones[f])})" for f in spaces}
    told = [f"{f} is an abstract function of {min(open_ones[f])}" for f in spaces]
    sheet = s.sheet.but(rows=[r._replace(left=r.left and put(r.left, called), right=put(r.right, called)) for r in s.sheet.rows],
                        understood=[*s.sheet.understood, *told])
    def of_them(define: Iterable[Definition]) -> list[Definition]:
        return [(n, put(body, called), k) for n, body, k in define]
    given = s.given._replace(losses={f: of for f, of in s.given.losses.items() if f not in open_ones},
                             define=of_them(s.given.define), derivatives=of_them(s.given.derivatives),
                             assume=[put(text, called) for text in s.given.assume])
    declare = [*undeclared(s.declare, open_ones), *(f"{f}: {space} -> R" for f, space in spaces.items())]
    return s.but(sheet=sheet, declare=declare, define=of_them(s.define), assume=[put(text, called) for text in s.assume], given=given,
                 inferred=[g for g in s.inferred if g.name not in open_ones],
                 shapes={n: shape for n, shape in s.shapes.items() if n not in open_ones})


def stated_slope(c: Claim) -> tuple[str, ...] | None:
    """A line speaks of such a function, and it or one above says what its derivative is: that follows from nothing, and may be given."""
    rows = c.s.sheet.rows[:c.i + 1]
    stated = {(m[1] or m[3], m[2] or m[4]) for r in rows if r.left and r.why is None and (m := SLOPE.fullmatch(r.left)) is not None}
    abstract = {d.partition(":")[0] for d in c.s.declare if d.endswith("-> R")}
    made = set(reachable(formula(c.text).names, lambda n: formula(c.s.bodies.get(n, "")).names))
    return next(((f, x) for f, x in sorted(stated) if f in abstract & made), None)


def _apart(s: Setting) -> Iterable[str]:
    """What stands in definitions, and in lines beside derivatives."""
    yield from (body for _, body, _ in s.define)
    for r in s.sheet.rows:
        for side in (r.left or "", r.right):
            yield from (of for of in formula(side).numerators if of not in formula(side).names)
            if not formula(side).differential:
                yield side


def _space(s: Setting, x: str) -> str:
    rows, columns = map(str, s.shapes[x])
    return "R" if (rows, columns) == ("1", "1") else f"R^{rows}" if columns == "1" else f"R^({rows},{columns})"
