"""A problem: what is declared, defined, assumed and asked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import copy
from typing import TYPE_CHECKING, Any

from ..language.arithmetic import T, mul
from ..language.constants import ones
from ..language.conditions import plain as built
from ..language.heads import apply
from .dialects.around import Around, variable
from .assembly import Assembly
from ..language.deadline import NEVER, Deadline
from .declare import Declarations, declarations
from .families import written_out
from ..language.operations import ELEMENTWISE_NAMES, MIRRORED, ROOTED
from .inference.statements import Asked, Inferred, differentiated, said
from .lower import lower
from ..language.nodes import Apply, Expr, Name
from .functions import Code
from ..language.inspection import ZERO
from ..language.sure import Sure
from ..language.shape import SCALAR, InputError, Shape, ShapeError, show_shape
from .tokens import Line, is_name
from .typed import Trees
from ..later import later

if TYPE_CHECKING:
    from .dialects import lines as dialects
    from . import directions, losses as unwritten_losses
else:
    dialects, directions, unwritten_losses = later(__package__, ".dialects.lines", ".directions", ".losses")

LAYOUTS = ("denominator", "numerator", "mixed")


class Problem:
    """One question, read and shaped.

    `variables` holds every declared or inferred name, the abstract functions among them. Where the shapes of a claim or
    an equation do not fit, that is `ill_shaped`: a verdict on the claim, no fault of the question. A loss that is defined
    nowhere is in `abstract`, with what it is taken as a function of, or in `nowhere`, where it cannot be judged.
    `parse(text, p.scope)` reads an expression in the problem's names.
    """

    def __init__(self, scope: Declarations | None = None) -> None:
        self.scope = scope or Declarations()
        self.variables: dict[str, Name] = {}
        self.inferred: list[str] = []
        self.inferred_from: tuple[Inferred, ...] = ()
        self.definitions: list[tuple[Name, Expr]] = []
        self.assumptions: list[tuple[Expr, Expr]] = []
        self.f: Expr | None = None
        self.wrt: Name | None = None
        self.order = 1
        self.layout = "denominator"
        self.structured = self.expand = False
        self.claim: Expr | None = None
        self.expect: Expr | None = None
        self.prove: tuple[Expr, Expr] | None = None
        self.ill_shaped: InputError | None = None
        self.read: tuple[str, ...] = ()
        self.unequal: tuple[Expr, Expr] | None = None      # sides of different shapes
        self.still: tuple[str, ...] = ()
        self.abstract: tuple[unwritten_losses.Abstract, ...] = ()
        self.nowhere: tuple[str, ...] = ()
        self.trees: Trees | None = None
        self.plain: frozenset[int] = frozenset()    # the statements made of numbers and declared scalars
        self.places: dict[str, tuple[int, Any]] = {}
        self.several: tuple[Name, ...] = ()     # all variables, where more than one is asked for
        self.adjoint = ""                       # how the gradients with respect to defined names are called: "d{}"
        self.tangent: Name | None = None        # the direction of df, and of the second derivative
        self.hvp: Name | None = None
        self.pulled: tuple[Name, Expr] | None = None    # the cotangent, and what it is paired with
        self.taken: set[str] = set()            # names that stand elsewhere on the page
        self.typed: Problem | None = None       # of a problem made out of another one
        self.title = self.source = self.notes = ""
        self.text: dict[str, Any] = {}
        self.deadline: Deadline = NEVER

    def but(self, **changes: Any) -> Problem:
        """The same problem with other values of some of its fields."""
        out = copy(self)
        for name, value in changes.items():
            if name not in self.__dict__:
                raise TypeError(f"a problem has no {name}")
            setattr(out, name, value)
        return out

    def claimed_of(self, shape: Shape) -> None:
        """A claim that is a number or made of declared scalars is meant of every entry, as it is in an equation."""
        e, (number, _) = self.claim, self.places.get("claim", (0, None))
        if e is not None and e.shape == SCALAR != shape and number in self.plain:
            self.claim = mul(e, ones(*shape))
            self.places["claim"] = number, self.claim

    def within(self, deadline: Deadline) -> Problem:
        """The same problem, to be answered by another moment."""
        out = copy(self)
        out.deadline = deadline
        return out

    def as_typed(self) -> Problem:
        """The same problem with the trees as typed in the places of the expressions made of them: what is judged."""
        out = copy(self)
        out.places = {}
        if self.typed is not None:
            t, out.typed = self.typed, None
            out.f, out.definitions, out.assumptions, out.claim = t.f, t.definitions, t.assumptions, t.claim if self.claim else None
            return out
        trees = self.trees
        if trees is None:
            return out

        def raw(key: str, now: Any) -> Any:
            number, made = self.places.get(key, (0, None))
            if made is None or made is not now:
                return now
            return trees.sides(number) if isinstance(now, tuple) else trees.spread(number, now.shape)
        out.f, out.claim, out.expect, out.prove = (raw(key, getattr(self, key)) for key in ("f", "claim", "expect", "prove"))
        out.definitions = [(name, raw(f"define {k}", body)) for k, (name, body) in enumerate(self.definitions)]
        out.assumptions = [raw(f"assume {k}", pair) for k, pair in enumerate(self.assumptions)]
        return out


def problem(declare: Sequence[str] = (), define: Sequence[str] = (), assume: Sequence[str] = (), expr: str | None = None,
            wrt: str | None = None, order: int = 1, layout: str = "denominator", structured: bool = False,
            claim: str | None = None, prove: str | None = None, expand: bool = False, expect: str | None = None,
            losses: unwritten_losses.Known | None = None, several: Sequence[str] = (), adjoint: str = "", cotangent: str = "",
            tangent: str = "", hvp: str = "", kernel: bool = False) -> Problem:
    """Read a problem; InputError names the culprit. `losses` says what undefined losses are functions of, where that is known;
    `several` names the variables where there are more than one, `adjoint` says what the gradients between are called,
    `cotangent` names the matrix G of the vector-Jacobian product: tr(G'*f) is differentiated. `tangent` and `hvp` name a direction V:
    the differential of f at dx = V, and the Hessian times V. With `kernel` there is a cotangent, G where nobody named one.

    >>> problem(expr="x'*A*x", wrt="x").inferred
    ['A in R^(n,n)', 'x in R^n']
    """
    named = cotangent or tangent or hvp
    if named and claim is not None:         # what the direction's shape is, the claim does not say
        asked = problem(declare, define, assume, expr, wrt, order, losses=losses, cotangent=cotangent, tangent=tangent, hvp=hvp)
        own = [] if named in declarations(declare).names else [said(named, asked.variables[named].shape)]
        declare = [*declare, *asked.inferred, *own]
    lists = {"declare": declare, "define": define, "assume": assume}
    text: dict[str, Any] = {key: [value] if isinstance(value, str) else value for key, value in lists.items()}
    for key, value in text.items():
        if not isinstance(value, (list, tuple)) or not all(isinstance(v, str) for v in value):
            raise InputError(f"{key} is a list of texts")
        text[key] = list(value) if key == "assume" else written_out(value)
    text |= {"expr": expr, "wrt": wrt, "claim": claim, "prove": prove, "expect": expect}
    for key in ("expr", "wrt", "claim", "prove", "expect"):
        if text[key] is not None and not isinstance(text[key], str):
            raise InputError(f"{key} is a text, not {type(text[key]).__name__}")
    if layout not in LAYOUTS:
        raise InputError(f"unknown layout {layout}", hint="layouts are " + ", ".join(LAYOUTS))
    if order not in (1, 2):
        raise InputError(f"the order is 1 or 2, not {str(order)[:40]}")
    lines: dict[str, Any] = {key: None if value is None else Line(value) if isinstance(value, str) else [Line(v) for v in value]
                             for key, value in text.items() if key != "declare"}
    out = assemble(declarations(text["declare"]).copy(), functions_of=losses, order=order, layout=layout, **lines)
    out.order, out.layout, out.structured, out.expand, out.text = order, layout, structured, expand, text
    out.adjoint = adjoint
    if named and claim is not None:
        out.inferred, out.inferred_from = asked.inferred, asked.inferred_from
    if kernel and not cotangent:
        cotangent = "G"
        while cotangent in out.scope.origins or cotangent in out.scope.names:
            cotangent += "_"
    directed(out, several, cotangent, tangent, hvp)
    if several:
        out.several = variables(out, several)
        if order != 1 or claim is not None:
            raise InputError(f"{'the second order' if order != 1 else 'a claim'} is for one variable, not for {len(out.several)}")
    return out


def directed(p: Problem, several: Sequence[str] = (), cotangent: str = "", tangent: str = "", hvp: str = "") -> None:
    """Ask for a product with a matrix instead of the whole derivative."""
    if sum(map(bool, (cotangent, tangent, hvp, p.order == 2))) > 1 or (several and (tangent or hvp)):
        raise InputError("use only one of cotangent, tangent, hvp and order 2; all but cotangent need a single variable")
    if cotangent:
        directions.pull_back(p, directions.direction(p, cotangent, p.f, "the cotangent"))
    if tangent:
        p.tangent = directions.direction(p, tangent, p.wrt, "the direction")
    if hvp:
        p.hvp = directions.direction(p, hvp, p.wrt, "the direction")
        if p.f is not None and p.f.shape != SCALAR:
            raise InputError(f"hvp is for a scalar function; this one is {show_shape(p.f.shape)}", hint="add a cotangent: tr(G'*f)")


def variables(p: Problem, names: Sequence[str]) -> tuple[Name, ...]:
    """The variables several names ask for, each once; `all` is every variable that is not defined."""
    if list(names) == ["all"] and "all" not in p.scope.names:
        found = [v for v in p.variables.values() if v.kind == "variable"]
        if not found:
            raise InputError("there is no variable to differentiate with respect to", hint="declare one: x in R^n")
        return tuple(found)
    return tuple(dict.fromkeys(_variable(Line(name.strip()), p.scope, p) for name in names))


def assemble(scope: Declarations, define: Iterable[Line] = (), assume: Iterable[Line] = (), expr: Line | None = None,
             wrt: Line | None = None, claim: Line | None = None, prove: Line | None = None, expect: Line | None = None,
             functions_of: unwritten_losses.Known | None = None, order: int = 1, layout: str = "denominator") -> Problem:
    """A problem from lines; the scope takes up what is inferred and defined."""
    out = Problem(scope)
    part = wrt if wrt is not None and wrt.tokens[1:2] in (["("], ["["]) else None
    if wrt is not None and part is not None:
        wrt = Line(wrt.text, wrt.number, wrt.start, wrt.place(1))
    if wrt is not None:
        wrt = variable(wrt, Around(scope, {}))
    made = Assembly(scope, wrt.tokens[0] if wrt is not None else "")
    zero = [name for name in scope.names.values() if name.shape == SCALAR and "skew" in name.words]
    for name in zero:
        scope.names[name.name] = Name(name.name, SCALAR, name.words - {"skew"})
    bodies = [made.definition(line) for line in define]
    assumptions = [made.equation(line, "assume", ("=", "==")) for line in assume]
    f = None if expr is None else made.expression(expr)
    claims = {key: made.expression(line) for key, line in (("claim", claim), ("expect", expect)) if line is not None}
    entries = None
    if part is not None and wrt is not None:
        name = wrt.tokens[0]
        if name not in scope.names and not any(name in s.line.tokens for s in made.statements):
            raise part.error(f"{name} is neither declared nor used: nothing to differentiate with respect to", 0)
        entries = made.expression(part)
    equation = None if prove is None else made.equation(prove, "prove")
    for number in bodies if f is None else [*bodies, f]:
        made.no_differential(number)
    out.read = tuple(made.readings)
    numbers = {n for n, shape in scope.shapes.items() if shape == SCALAR}
    unwritten = unwritten_losses.losses(made.statements, scope, equation, functions_of) if differentiated(made.statements) else []
    for loss in unwritten:
        if not loss.value:
            scope.enter(Name(loss.name), f"the shape of {loss.name}")
    out.nowhere = tuple(loss.name for loss in unwritten if not loss.of)
    known = {*scope.names, *scope.origins, *(s.defines for s in made.statements), "pi", "eye"}
    given = len(bodies) + 2 * len(assumptions) + (f is not None)
    try:
        asked = None if f is None or wrt is None or layout == "mixed" else Asked(f, wrt.tokens[0], order, layout == "numerator")
        later = [*claims.values(), *([] if entries is None else [entries])]
        found, constants, out.ill_shaped = made.infer(given, later, equation, wrt.tokens[0] if wrt else "", numbers, asked)
    except ShapeError as error:
        if not out.nowhere:
            raise
        out.ill_shaped = error
        return out
    out.inferred_from = tuple(sorted(found))
    out.inferred = [str(i) for i in out.inferred_from]
    own: list[dict[int, Shape]] = [{} for _ in made.statements]
    for (number, at), shape in constants.items():
        own[number][at] = shape

    def lowered(number: int) -> Expr:
        line, code, _, _ = made.statements[number]
        return lower(line, code, scope, own[number])

    def plain(code: Code) -> bool:
        return all(data in numbers or data not in scope.names if op == "name" else data in ELEMENTWISE_NAMES if op == "call"
                   else op in ("number", "+", "*", ".*", "^", ".^", "neg", "'") for op, _, data in code)

    def sides(number: int) -> tuple[Expr, Expr]:
        left, right = lowered(number), lowered(number + 1)
        if left.shape != right.shape:
            out.unequal = left, right
            if not any(e.shape == SCALAR and plain(made.statements[k].code) for k, e in ((number, left), (number + 1, right))):
                line, code, _, _ = made.statements[number + 1]
                turned = left.shape == (right.shape[1], right.shape[0])
                raise line.error(f"the two sides have different shapes: {show_shape(left.shape)} and {show_shape(right.shape)}",
                                 code[0][1], "transpose one side" if turned else None, shape=True)
            left, right = (e if e.shape != SCALAR else mul(e, ones(*(right if e is left else left).shape)) for e in (left, right))
        return left, right

    out.plain = frozenset(k for k, s in enumerate(made.statements) if plain(s.code))
    out.trees = Trees(made.statements, own, scope)
    for k, number in enumerate(bodies):
        body = lowered(number)
        name = Name(made.statements[number].defines, body.shape)
        out.definitions.append((name, body))
        out.places[f"define {k}"] = (number, body)
        scope.enter(name, f"the shape of {name.name}")
        if plain(made.statements[number].code):
            numbers.add(name.name)
    for loss in unwritten:
        if loss.of:
            abstract, body = unwritten_losses.taken(loss, scope)
            out.abstract += (abstract,)
            out.definitions.append((abstract.name, body))
            out.still += tuple(g.name for g in abstract.gradients)
    out.assumptions = [sides(number) for number in assumptions]
    out.places |= {f"assume {k}": (number, pair) for k, (number, pair) in enumerate(zip(assumptions, out.assumptions, strict=True))}
    out.assumptions += [(scope.names[name.name], ZERO) for name in zero]      # a skew matrix of one entry is zero
    if f is not None:
        out.f = lowered(f)
        out.places["f"] = (f, out.f)
    try:
        for key, number in claims.items() if out.ill_shaped is None else ():
            setattr(out, key, lowered(number))
            out.places[key] = (number, getattr(out, key))
        if equation is not None and out.ill_shaped is None:
            out.prove = sides(equation)
            out.places["prove"] = (equation, out.prove)
    except ShapeError as error:
        out.ill_shaped = error
    mirrored(out)
    defined = {name for name, _ in out.definitions}
    out.variables = {key: name for key, name in scope.names.items() if name not in defined}
    if wrt is not None:
        out.wrt = _variable(wrt, scope, out)
        if f is not None and type(out.f) is Name and out.f is not out.wrt and out.f.name not in known:
            line, code, _, _ = made.statements[f]
            raise line.error(f"{out.f} is nowhere defined: nothing to differentiate", code[0][1], f"define it: {out.f} = ...")
    if entries is not None and part is not None:
        directions.by_entries(out, part, lowered(entries))
    return out


def mirrored(p: Problem) -> None:
    """What is asked of symmetric matrices stands of no other, also where it falls away in what is built."""
    if p.trees is None or not any(op == "call" and data in MIRRORED | ROOTED for s in p.trees.statements for op, _, data in s.code):
        return
    sure, seen, raw = Sure(dict(p.definitions)), set[Expr](), p.as_typed()
    sides = [*(raw.prove or ()), *(b for _, b in raw.definitions), *(e for pair in raw.assumptions for e in pair)]
    todo = [e for e in (raw.f, raw.claim, raw.expect, *sides) if e is not None]
    while todo:
        e = todo.pop()
        if type(e) is not Apply or e in seen:
            continue
        seen.add(e)
        todo += e.args
        if e.head not in MIRRORED | ROOTED:
            continue
        x = built(e.args[0])
        if e.head in MIRRORED and not sure.symmetric(x) and T(x) is not x:
            raise InputError(f"{apply(e.head, x)}: {x} is not seen to be symmetric", hint="declare it symmetric, or write (A + A')/2")
        if e.head in ROOTED and not sure.definite(x, True):
            raise InputError(f"{apply(e.head, x)}: {x} is not seen to be positive definite", hint="declare it spd, or write A'*A; sqrt(A) "
                             "is the square root entry by entry")


def _variable(line: Line, scope: Declarations, out: Problem) -> Name:
    """The variable to differentiate with respect to."""
    names = [n for n, v in out.variables.items() if v.kind == "variable"]
    hint = f"the variables are {', '.join(names)}" if names else "declare it: x in R^n"
    line = variable(line, Around(scope, {}))
    name = line.tokens[0]
    if not name:
        raise line.error("no variable is named to differentiate with respect to", 0, hint)
    if not is_name(name) or line.tokens[1]:
        raise line.error("one variable is named to differentiate with respect to", 0 if not is_name(name) else 1, hint)
    found = scope.names.get(name)
    if found is None:
        what = "a size" if name in scope.origins else "neither declared nor used"
        raise line.error(f"{name} is {what}: nothing to differentiate with respect to", 0, hint)
    if found.kind == "function":
        raise line.error(f"{name} is a function: nothing to differentiate with respect to", 0, hint)
    return found


__all__ = ["LAYOUTS", "Assembly", "Problem", "ShapeError", "assemble", "problem"]
