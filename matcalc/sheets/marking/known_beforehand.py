"""What is known before the first line of a sheet is judged: definitions that fit, shapes, derivatives that have names.

Values found for unknowns, x_hat = .., are read late, when the shapes are known.
"""

from __future__ import annotations

from contextlib import suppress
import re

from ...language.expr import ONE, SCALAR, InputError
from ...language.traversal import reachable
from ...reading.latex.letters import FUNCTIONS
from ...reading.problems.shapes_of_lines import inferred
from ...reading.latex.names import NAME, Ambiguity
from ...reading.parse import problem
from ...records import Record
from ..parts.definition_parts import DefinitionParts, as_text, ordered
from ..parts.formula import ZERO, formula, put
from ..parts.neat import neat
from ..parts.records import Row, texts
from ..parts.variables import estimated_unknown
from ..statements.sheet import Sheet
from .abstract_functions import with_abstract_functions
from .fitting import fitting, in_denominator_layout, through_names
from .time_and_memory import Clock, Memory
from .named_derivatives import carried_in
from .setting import Setting, number_with
from .shapes import shaped
from .unstated_losses import nothing_unstated, unstated_losses


class Ground(Record):
    """What all lines are judged under, the definitions that misfit with what is wrong with them, and the readings that are certain."""

    setting: Setting
    misfits: dict[str, InputError]
    certain: frozenset[Ambiguity]


def ground(read: Sheet, clock: Clock, explains: bool) -> Ground:
    """What is known of a sheet as a whole."""
    read = with_differentials_written_out(read)
    define = ordered(read.define)
    s = Setting(read, nothing_unstated(read.define, []), clock, Memory(), read.declare, define, DefinitionParts(define, {}),
                explains=explains).supposing([w for w in read.facts.structure if w.everywhere])
    sheet = read if read.layout.name == "denominator" else read.but(rows=[
        r if r.entries else r._replace(left=r.left and in_denominator_layout(s, r.left), right=in_denominator_layout(s, r.right))
        for r in read.rows], define=[(n, in_denominator_layout(s, b), k) for n, b, k in read.define])
    sheet = sheet.but(define=through_names(sheet, sheet.define))
    s, misfits = fitting(s.but(sheet=sheet, given=unstated_losses(sheet)))
    s, certain, late = with_late_definitions(with_zeros(s))
    s = carried_in(with_abstract_functions(s))
    misfits |= late | broken_promises(s)
    said = " ".join([*texts(sheet.rows), *(body for _, body, _ in s.given.derivatives)])
    by = formula(said).by
    varied = {*formula(said).moved, *by} - {name for name, _, _ in s.define}
    s = s.assuming(*squares(s, varied))
    uses = sheet.names.uses
    applied = not uses.parameters.isdisjoint(uses.points.values())         # K(theta) says which names change with theta
    return Ground(s.varying(sought=by, varied=varied, settled=bool(sheet.names.arguments or sheet.facts.wrt or by or applied)),
                  misfits, certain)


def with_zeros(s: Setting) -> Setting:
    """The setting with zeros for a name that a line defines to be 0 and of which definitions are made that fit no number: x of x'*A*x."""
    zero = {n for n, body, _ in s.define if ZERO.fullmatch(body)}
    others = [entry for entry in s.define if entry[0] not in zero]
    if zero.isdisjoint(w for _, body, _ in others for w in formula(body).names):
        return s
    shapes = shaped(s.but(define=others))[0].shapes
    large = {n: shapes[n] for n in zero & shapes.keys() if shapes[n] != SCALAR}
    return s.but(define=[(n, f"zeros({large[n][0]},{large[n][1]})" if n in large else body, k) for n, body, k in s.define])


def with_differentials_written_out(sheet: Sheet) -> Sheet:
    """The sheet with Q'*d(Q) for Omega = Q'*d(Q), which no definition can be."""
    bodies: dict[str, str] = {}
    for name, body, _ in ordered(sheet.define):
        if formula(body).moved and "/d(" not in body:
            bodies[name] = f"({put(body, bodies)})"
    if not bodies:
        return sheet
    rows = [r._replace(left="", right="", shown=neat(f"{r.right} = {sheet.names.bodies[r.right]}"), defines="", role="model")
            if r.defines in bodies and r.right == r.defines else
            r._replace(left=r.left and put(r.left, bodies), right=put(r.right, bodies)) for r in sheet.rows]
    return sheet.but(define=[(n, put(b, bodies), k) for n, b, k in sheet.define if n not in bodies], rows=rows)


def squares(s: Setting, varied: set[str]) -> list[str]:
    """What the squares of labels are that have two values."""
    apart = s.bodies.keys() | varied | {w.name for w in s.sheet.facts.structure}        # what is one-hot says it already
    said = {n: square for n, square in s.sheet.facts.squares.items() if n in s.shapes and n not in apart}
    def ones(n: str) -> str:
        rows, columns = s.shapes[n]
        return "1" if s.shapes[n] == SCALAR else f"ones({rows})" if columns is ONE else f"ones({rows},{columns})"
    return [f"{n}.*{n} = {n if square == n else ones(n)}" for n, square in said.items()]


def with_late_definitions(s: Setting) -> tuple[Setting, frozenset[Ambiguity], dict[str, InputError]]:
    """The setting with shapes found without the definitions that must not decide them; what is certain by these; the definitions that do
    not fit with them."""
    used = {w for text in (*(body for _, body, _ in s.define), *(a.text for a in s.sheet.facts.assumed)) for w in formula(text).names}
    lines = formula(" ".join(texts(s.sheet.rows)))
    said, above = used | lines.names, used | {w for f in lines.numerators for w in formula(f).names}
    late = [entry for entry in s.define if entry[0] not in above and estimated_unknown(entry[0], said)]
    if not late:
        return untransposed(*shaped(s))
    s, certain = shaped(s.but(define=[entry for entry in s.define if entry not in late]), {name for name, _, _ in late})
    bad: dict[str, InputError] = {}
    for entry in late:
        try:
            problem(s.declare, as_text((*s.define, entry)), losses=s.given.losses)
            s = s.but(define=ordered([*s.define, entry]))
        except InputError as e:
            bad[entry[0]] = e
            s = s.but(tainted={**s.tainted, entry[0]: entry[2]})
    return (s, certain, bad) if bad else (*shaped(s), bad)


def broken_promises(s: Setting) -> dict[str, InputError]:
    """The definitions whose shape is not the one that was declared."""
    out: dict[str, InputError] = {}
    for name, shape in s.sheet.promised.items():
        with suppress(InputError):
            p = problem([*s.declare, f"{name}_declared in {shape}"], as_text(s.define), s.assume, prove=f"{name} == {name}_declared")
            out |= {} if p.ill_shaped is None else {name: p.ill_shaped}
    return out


def untransposed(s: Setting, certain: frozenset[Ambiguity]) -> tuple[Setting, frozenset[Ambiguity], dict[str, InputError]]:
    """The setting without the definitions in which a name lacks its transpose: it is a number by them alone, and a column where it is
    transposed there as it is elsewhere on the sheet."""
    turned = formula(" ".join([*texts(s.sheet.rows), *(b for _, b, _ in s.define)])).turned
    bad: dict[str, InputError] = {}
    lines = dict[str, int]()
    for name in [g.name for g in s.inferred if g.shape == SCALAR and g.name in turned]:
        for n, body, number in s.define:
            if n in bad or name not in formula(body).names or name in formula(body).turned:
                continue
            error = _as_column(s, name, n, body)
            if error is not None:
                bad[n], lines[n] = error, number
    if bad:
        s = s.but(define=[entry for entry in s.define if entry[0] not in bad], tainted={**s.tainted, **lines})
    return s, certain, bad


def _as_column(s: Setting, name: str, of: str, body: str) -> InputError | None:
    """What is wrong with a definition where a name is a column; None where it is none once it is transposed there."""
    transposed = re.sub(rf"\b{name}\b", f"{name}'", body, count=1)
    define = [f"{n} = {transposed if n == of else b}" for n, b, _ in s.define]
    numbers = [g.name for g in s.inferred if g.shape == SCALAR and g.name != name and g.name in formula(body).names]
    for one in ("", *numbers):
        declare = [*s.sheet.declare, *([f"{one} in R"] if one else [])]
        with suppress(InputError):
            found = inferred(declare, define, [], [[of]], s.given.losses)
            if any(g.name == name and g.shape != SCALAR for g in found) and number_with(of, define, [*declare, *map(str, found)]):
                break
    else:
        return None
    try:
        problem([*declare, *map(str, found)], as_text(s.define), losses=s.given.losses)
    except InputError as e:
        return e
    return None


def moving(s: Setting, rows: list[Row]) -> set[str]:
    """The names whose differential is meant: those by which a derivative is taken, and those that stand as d(x)."""
    if s.sheet.names.uses.velocities:          # what moves anywhere moves in every line
        whole = formula(" ".join([*texts(s.sheet.rows), *(a.text for a in s.sheet.facts.assumed)]))
        return {*whole.by, *whole.moved} - s.bodies.keys()
    said = formula(" ".join(texts(rows)))
    varied = said.by | said.moved
    laws = {m[1] for a in s.assume if (m := re.match(r"d\((\w+)\) = ", a))}        # d(x) = A*x of dx/dt = A*x
    out = set(said.by | varied - s.bodies.keys() or laws)
    inner = varied & s.bodies.keys()
    first = {n for n in inner if inner.isdisjoint(s.made.below(n))}      # dS of S = Sigma varies Sigma, where nothing else does
    base = {n: s.made.of([n]) & s.shapes.keys() - s.made.bodies.keys() for n in inner}
    if not out and first != inner:          # of dL and dK, where L is made of K and y, nothing says that y varies
        out = out.union(*(base[n] for n in first))
    out = out or {b for n in inner if NAME.fullmatch(b := s.bodies[n].strip("()"))} - s.bodies.keys()     # W = w_1
    if out and not any(below & out for below in base.values()):
        out = out.union(*(base[n] for n in first))
    return (out | set(s.sheet.facts.wrt)) if out else out


def varied_in(s: Setting, rows: list[Row], anywhere: set[str]) -> frozenset[str]:
    """The names that vary in lines: those that move in them, or anywhere; where each d(..) is made of other names, these."""
    live, inner = moving(s, rows), [part for text in texts(rows) for part, x in formula(text).parts if not x]
    if live or not inner or not anywhere or any(ZERO.fullmatch(r.right) for r in rows):
        return frozenset(live or anywhere)
    inside = set(reachable(formula(" ".join(inner)).names, lambda n: formula(s.bodies.get(n, "")).names)) - s.bodies.keys() - FUNCTIONS
    return frozenset(inside if inside and anywhere.isdisjoint(inside) else anywhere)
