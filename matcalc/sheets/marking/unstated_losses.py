"""What a sheet says of a loss that it never writes down: its gradients or its differential, which are then what is given.

`dL = tr(G'*dY)` and `d(L)/d(Y) = G`, with L and G defined nowhere, only name G. To first order L is then tr(G'*Y), and so it is
defined for the lines that follow. A gradient at what comes earlier than Y is assumed to be what it is called; so is every other
name that is said to be a derivative.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from math import inf

from ...reading.declarations.declare import Declarations, declarations
from ...reading.inference.statements import Statement
from ...reading.dialects.context import Context
from ...reading.dialects.lines import read
from ...reading.problems.losses import last, made_of, names, uses
from ...reading.grammar.reader import Reader
from ...reading.grammar.functions import Code
from ...language.shape import InputError
from ...reading.grammar.tokens import Line
from ..parts.definition_parts import Definition
from ..parts.formula import formula
from ..parts.records import Row
from ..statements.sheet import Sheet
from ...records import Record


class UnstatedLosses(Record):
    """The sheet's definitions and assumptions with what is given, the rows that say so, the rows that ask for a gradient at
    what nothing says the loss is made of, the names of gradients that are not varied, what other losses are made of, the names that
    are said to be gradients of losses, and those that are defined as derivatives of what is defined."""

    define: list[Definition]
    assume: list[str]
    rows: set[int]
    apart: dict[int, str]
    constants: set[str]
    losses: dict[str, tuple[str, ...]]
    gradients: set[str]
    derivatives: list[Definition]


def nothing_unstated(define: list[Definition], assume: list[str]) -> UnstatedLosses:
    """Definitions and assumptions that leave no loss open."""
    return UnstatedLosses(define, assume, set(), {}, set(), {}, set(), [])


class _Named(Record):
    """d(L)/d(of) = name, in a row (-1: in a definition)."""

    row: int
    of: str
    name: str
    number: int


def unstated_losses(sheet: Sheet) -> UnstatedLosses:
    """What a sheet states of losses that it never defines: their gradients and differentials."""
    out = nothing_unstated(list(sheet.define), [a.text for a in sheet.facts.assumed if not a.begins and a.ends == inf])
    try:
        scope = declarations(sheet.declare).copy()
    except InputError:
        return out
    scope.shapes.pop("d", None)         # d before a bracket is a differential here, whatever else is called so
    losses = _Losses(sheet, scope, out)
    losses.begin()
    losses.take_definitions()
    for row in losses.rows:
        losses.take_row(*row)
    losses.settle()
    return out


class _Losses:
    """The losses of a sheet while it is read: `known` are the names of which something is said, `bodies` what definitions are made of,
    `said` the definitions as derivatives, `totals` the differentials and `named` the gradients that are given."""

    def __init__(self, sheet: Sheet, scope: Declarations, out: UnstatedLosses) -> None:
        self.sheet, self.scope, self.out = sheet, scope, out
        defined = {entry[0] for entry in sheet.define}
        codes: list[tuple[Definition, Code]] = [(entry, _code(entry[1], scope) or [     # of what is not read, its names
            ("name", 0, w) for w in formula(entry[1]).names if w in defined]) for entry in sheet.define]
        self.said = [(entry, code) for entry, code in codes if any(op == "derivative" for op, _, _ in code)]
        self.standing = {entry[0] for entry, _ in self.said}
        out.define[:] = [entry for entry in sheet.define if all(entry is not s for s, _ in self.said)]
        self.bodies = {entry[0]: names(code) for entry, code in codes if entry in out.define}
        self.known = {*scope.names, *scope.origins, *self.bodies, *(n for a in sheet.facts.assumed for n in formula(a.text).names)}
        self.rows = [(i, r, _code(r.left or "", scope), _code(r.right, scope)) for i, r in enumerate(sheet.rows)]
        judged = [(r, left, right) for _, r, left, right in self.rows if r.left != ""]     # the others only say what is defined
        self.statements = [
            *(Statement(Line(entry[1]), code, entry[0]) for entry, code in codes if entry[0] in self.bodies),
            *(Statement(Line(r.right), code, "") for r, left, right in judged for code in (left, right) if code),
            *(Statement(Line(entry[1]), code, "") for entry, code in self.said)]
        # what is made of a gradient comes behind the loss, not before it
        self.before = [s for s in self.statements if not s.defines or self.standing.isdisjoint(made_of([s.defines], self.bodies))]
        self.totals: dict[str, tuple[int, Row, Code]] = {}
        self.named: dict[str, list[_Named]] = {}
        self.derived: set[str] = set()

    def begin(self) -> None:
        """Losses whose gradients are parts of others are known to first order, unless all their gradients are stated."""
        stated = {_gradient(left) for _, _, left, right in self.rows if left and right and [op for op, _, _ in right] == ["name"]}
        stated |= {_gradient(code) for _, code in self.said}
        behind = self.known | self.standing
        for loss in dict.fromkeys(n for _, code in self.said for n in _loose(code, behind, last(self.before))):
            if not stated.issuperset((loss, y) for y in last(self.before)):
                self.known |= _first_order(self.out, loss, self.before, self.bodies, self.scope.names)

    def take_definitions(self) -> None:
        """Definitions as derivatives: of what is known, or else what a gradient is called."""
        for entry, code in self.said:
            if self.gradient(code, entry[0], -1, entry[2]):
                continue
            self.out.assume.append(f"{entry[0]} = {entry[1]}")
            if not any(u.by is not None and u.name not in self.known for u in uses(code)):
                self.out.derivatives.append(entry)
                self.known.add(entry[0])
                self.derived.add(entry[0])

    def gradient(self, left: Code, name: str, row: int, number: int) -> bool:
        """Note that this gradient of a loss that nothing is known of has a name, unless the name is taken."""
        found = _gradient(left)
        taken = name in self.bodies or name in self.derived or row >= 0 and name in self.standing
        if found is None or found[0] in self.known or taken or name in made_of([found[1]], self.bodies) or \
                any(n.name == name for entries in self.named.values() for n in entries):
            return False
        self.named.setdefault(found[0], []).append(_Named(row, found[1], name, number))
        return True

    def take_row(self, i: int, r: Row, left: Code | None, right: Code | None) -> None:
        """dL = tr(G'*dY), d(L)/d(Y) = G, or a law of motion."""
        if not left or not right:
            return
        total = _differential(left)
        along = self.sheet.names.uses.parameters | self.sheet.names.uses.velocities         # dx/dt = A*x says how x moves
        moved = total and not along and (total in names(right) or any(
            total in formula(r.text).names for r in self.sheet.rows[:i] if r.why is None))
        said = [*(r.text for r in self.sheet.rows[:i] if r.why is None), *(a.text for a in self.sheet.facts.assumed)]
        moved = moved or any(f"d({total})" in text for text in said)       # it is no loss then
        if total and total not in self.known and total not in self.totals and not moved and _linear(right, self.bodies):
            self.totals[total] = (i, r, right)
        elif len(right) == 1 and right[0][0] == "name":
            self.gradient(left, right[0][2], i, r.number)
        elif self.sheet.names.uses.parameters and total and not moved and total not in self.bodies and all(op != "d" for op, _, _ in right):
            self.out.assume.append(f"{r.left} = {r.right}")        # dx/dt = A*x
            self.out.rows.add(i)

    def settle(self) -> None:
        """Enter what is known of each loss, and note the rows that ask for gradients at what nothing says it is made of."""
        asked = [u.name for s in self.statements if not s.defines for u in uses(s.code) if u.by not in (None, u.name)]
        for loss in dict.fromkeys((*self.totals, *(n for n in asked if n not in self.known))):
            named = self.named.get(loss, [])
            by = {u.by for s in self.statements for u in uses(s.code) if u.name == loss} | {n.of for n in named}
            ends = tuple(e for e in last(self.before) if e in by) or last(self.before)     # a W of which nothing is made is not an end
            _settle(self.out, loss, self.totals.get(loss), named, ends, self.bodies)
            if loss not in self.out.losses:
                self.set_apart(loss)

    def set_apart(self, loss: str) -> None:
        """The rows with its gradients at what it is not made of."""
        entered = {n: names(_code(body, self.scope) or []) for n, body, _ in self.out.define if n == loss}
        made = made_of([loss], self.bodies | entered)
        for i, _, left, right in self.rows:
            if any(u.name == loss and u.by is not None and u.by not in made for code in (left, right) for u in uses(code or [])):
                self.out.apart[i] = loss


def _loose(code: Code, known: set[str], ends: tuple[str, ...]) -> list[str]:
    """The losses that nobody wrote down of which a gradient is a part of this, L of d(L)/d(y).*g, or is taken before what comes last."""
    alone = _gradient(code)
    if alone is not None and alone[1] in ends:
        return []
    return [u.name for u in uses(code) if u.by is not None and u.name not in known]


def _first_order(out: UnstatedLosses, loss: str, statements: list[Statement], bodies: dict[str, set[str]],
                 taken: Iterable[str]) -> set[str]:
    """Enter a loss of what is defined last as tr(grad_y'*y), with a letter for its gradient there; the names that are known by that."""
    of = last(statements)
    twice = any(u.name == loss and len(u.quotients) > 1 for s in statements for u in uses(s.code))
    letters = [f"{'G' if y[0].isupper() else 'g'}rad_{y}" for y in of]
    if twice or not of or not bodies.keys() >= set(of) or not {*letters, loss}.isdisjoint({*taken, *bodies}):
        return set()
    out.define.append((loss, " + ".join(f"tr({g}'*{y})" for g, y in zip(letters, of, strict=True)), 0))
    out.constants.update(letters)
    return {loss, *letters}


def _settle(out: UnstatedLosses, loss: str, total: tuple[int, Row, Code] | None, named: list[_Named], of: tuple[str, ...],
            bodies: dict[str, set[str]]) -> None:
    """Enter what is known of one loss."""
    rest = named
    if total is not None:
        i, r, code = total
        out.define.append((loss, _undifferentiated(r.right), r.number))
        out.rows.add(i)
        out.constants.update(u.name for u in uses(code) if not u.under)
        rest = [n for n in named if n.name not in names(code)]
    elif named:
        earlier = {e for n in named for e in made_of([n.of], bodies) - {n.of}}
        tops = {n.of: n for n in named if n.of not in earlier}
        if set(of) <= set(tops):
            out.define.append((loss, " + ".join(f"tr({n.name}'*{n.of})" for n in tops.values()), named[0].number))
            out.rows.update(n.row for n in tops.values())
            out.constants.update(n.name for n in tops.values())
            rest = [n for n in named if n.of in earlier]
        else:
            out.losses[loss] = of
    else:
        out.losses[loss] = of
    for n in rest:
        if n.name in made_of(of, bodies):       # what the loss is made of is there before it
            continue
        out.assume.append(f"{n.name} = d({loss})/d({n.of})")
        out.gradients.add(n.name)
        out.rows.add(n.row)


def _code(text: str, scope: Declarations) -> Code | None:
    """The raw tree of a text, also of one in NumPy; None where it cannot be read."""
    if not text:
        return None
    line = Line(text)
    try:
        return Reader(line, scope.functions).whole()
    except InputError:
        pass
    try:
        return Reader(read(line, Context(scope, {}), None), scope.functions).whole()
    except InputError:
        return None


def _differential(code: Code) -> str | None:
    """L of d(L)."""
    return str(code[0][2]) if [op for op, _, _ in code] == ["name", "d"] else None


def _gradient(code: Code) -> tuple[str, str] | None:
    """L and Y of d(L)/d(Y)."""
    return (str(code[0][2]), str(code[1][2])) if [op for op, _, _ in code] == ["name", "name", "derivative"] else None


def _linear(code: Code, bodies: dict[str, set[str]]) -> bool:
    """Whether this is made of d(Y) and of names of which nothing was said."""
    found = uses(code)
    moving = {u.name for u in found if u.under}
    still = {u.name for u in found if not u.under}
    bare = all(code[i - 1][0] == "name" for i, (op, _, _) in enumerate(code) if op == "d")
    made = made_of(moving, bodies)
    return bare and bool(moving and still) and not any(n in made or n in bodies for n in still) and \
        not any(op == "derivative" for op, _, _ in code)


def _undifferentiated(text: str) -> str:
    """The text with Y for d(Y).

    >>> _undifferentiated("tr(G'*d( Y ))")
    "tr(G'*Y)"
    """
    return re.sub(r"\bd\s*\(\s*(\w+)\s*\)", r"\1", text)
