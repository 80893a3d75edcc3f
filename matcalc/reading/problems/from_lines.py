"""Questions read: a problem from lines, every name shaped, every expression built."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, ParamSpec

from ...language.inspection import ZERO
from ...language.nodes import Expr, Name
from ...language.operations import MIRRORED, ROOTED, TALL
from ...language.shape import SCALAR, Dim, InputError, ShapeError, show_shape
from .assembly import Assembly, Wanted, given
from ..expressions.building import Build
from ..declarations.declare import Declarations, declarations
from .entry_powers import retrying
from .held_constants import held
from .numbered_lines import written_out
from ..inference.statements import Asked, differentiated, said
from .problem import LAYOUTS, Problem
from .asked_variables import name_line, variable, variables
from .question import Lines, Question
from ...records import Record
from ..grammar.tokens import LONGEST, Line
from . import where_clauses, claims as claimed, layer_counts, directions, losses as unwritten_losses

OF_SYMMETRIC = MIRRORED | ROOTED | TALL
P = ParamSpec("P")


def read(asked: Question) -> Problem:
    """Read a problem, also one whose formula says more: `norm2(r)^2 where r = A*x - b`, `d/dx (x'*A*x)`. InputError names the culprit."""
    asked = where_clauses.by_argument(asked)
    named, error = where_clauses.by_name(asked), None
    try:
        out = _read(named)
        if asked.wrt or asked.several or not isinstance(asked.expr, str) or not where_clauses.is_derivative(asked.expr):
            return out
    except InputError as unread:
        error = unread
        if isinstance(text := asked.expr or asked.prove, str) and len(text) > LONGEST:
            raise
    split = where_clauses.with_where_clauses(asked)
    found = where_clauses.in_words(split)
    said, question = where_clauses.derivative(found, asked.assume, _read) or ((), found)
    if error is not None and question is named:
        raise error
    out = _read(question)
    if found is not split and not said and out.wrt is not None:
        said = (f"derive {out.f} wrt {out.wrt}" + " order 2" * (out.order == 2),)
    return out.replace(read=(*said, *(line for line in out.read if not said or line not in said[0])))


def _asking(question: Callable[P, Question]) -> Callable[P, Problem]:
    """What reads a problem, given what makes a question."""
    def problem(*asked: P.args, **named: P.kwargs) -> Problem:
        """The problem that a Question with these fields asks. InputError names the culprit.

        >>> problem(expr="x'*A*x", wrt="x").inferred
        ['A in R^(n,n)', 'x in R^n']
        """
        return read(question(*asked, **named))
    return problem


problem = _asking(Question)


def _read(q: Question) -> Problem:
    """Read a problem whose formula is only that."""
    for key in ("adjoint", "cotangent", "tangent", "hvp", "expr", "wrt", "claim", "prove", "expect"):
        value = getattr(q, key)
        if not isinstance(value, str) and (value is not None or Question._field_defaults[key] is not None):
            raise InputError(f"{key} must be a string, not {type(value).__name__}")
    named = q.cotangent or q.tangent or q.hvp
    first = isinstance(q.claim, str) and "=" in q.claim and q.order == 1 and not named
    if first and q.claim and q.wrt and (of := claimed.differential(q.claim, q.wrt)):
        base = _read(q._replace(claim=None, prove=None, kernel=False))
        if base.wrt is not None and (of[0] == q.expr or of[0] not in base.scope.names):
            along = _read(Question([*base.text["declare"], *base.inferred], q.define, q.assume, q.expr, q.wrt, losses=q.losses, claim=of[1],
                                   tangent=f"d{base.wrt}"))
            return base.replace(along=along, text={**base.text, "claim": q.claim}, read=(*base.read, *along.read[len(base.read):]))
    if named and q.claim is not None:         # what the direction's shape is, the claim does not say
        direction = read(Question(q.declare, q.define, q.assume, q.expr, q.wrt, q.order, losses=q.losses, cotangent=q.cotangent,
                                  tangent=q.tangent, hvp=q.hvp))
        own = [] if named in declarations(q.declare).names else [said(named, direction.variables[named].shape)]
        q = q._replace(declare=[*q.declare, *direction.inferred, *own])
    lists = {"declare": q.declare, "define": q.define, "assume": q.assume}
    text: dict[str, Any] = {key: [value] if isinstance(value, str) else value for key, value in lists.items()}
    for key, value in text.items():
        if not isinstance(value, (list, tuple)) or not all(isinstance(v, str) for v in value):
            raise InputError(f"{key} must be a list of strings")
    stated = [*text["declare"], *text["define"]]
    layers = layer_counts.depth(stated) if any(".." in v for v in stated) else None
    if layers is not None:
        return of_any_depth(layers, q._replace(**text))
    for key, value in text.items():
        text[key] = list(value) if key == "assume" else written_out(value)
    text |= {"expr": q.expr, "wrt": q.wrt, "claim": q.claim, "prove": q.prove, "expect": q.expect}
    if q.layout not in LAYOUTS:
        raise InputError(f"unknown layout {q.layout}", hint="the layouts are " + ", ".join(LAYOUTS))
    if q.order not in (1, 2):
        raise InputError(f"the order must be 1 or 2, not {str(q.order)[:40]}")
    lines: dict[str, Any] = {key: None if value is None else Line(value) if isinstance(value, str) else [Line(v) for v in value]
                             for key, value in text.items() if key != "declare"}
    out = assemble(declarations(text["declare"]), Lines(functions_of=q.losses, order=q.order, layout=q.layout, **lines))
    out = held(out.replace(structured=q.structured, expand=q.expand, text=text, adjoint=q.adjoint))
    if named and q.claim is not None:
        out = out.replace(inferred_from=direction.inferred_from)
    cotangent = q.cotangent
    if q.kernel and not cotangent:
        cotangent = "G"
        while cotangent in out.scope.origins or cotangent in out.scope.names:
            cotangent += "_"
    out = directed(out, q.several, cotangent, q.tangent, q.hvp)
    if q.several and (q.order != 1 or q.claim is not None):
        count = f", not {len(out.several)}" if len(out.several) > 1 else " by its name, and no kernel"
        raise InputError(f"{'order 2' if q.order != 1 else 'a claim'} takes one variable{count}")
    return out


def of_any_depth(layers: layer_counts.Depth, q: Question) -> Problem:
    """The gradients through as many layers as a letter says, asked of so many of them that one stands for all."""
    other = q.claim or q.prove or q.expect or q.cotangent or q.tangent or q.hvp or q.kernel
    if q.expr is None or other or q.order != 1 or q.layout != "denominator" or not (q.wrt or q.several):
        raise InputError(f"for {layers.letter} layers only gradients can be derived, in denominator layout",
                         hint=f"give {layers.letter} a number: for {layers.counter} = {layers.first}..{layers.first + 2}")
    if not (q.adjoint or "{}").endswith("{}"):
        raise InputError("for families of layers the pattern for the names of gradients must end in {}", hint="for example d{}")
    layers = layers.read([*q.declare, *q.define, *q.assume, q.expr])
    return with_layers(layers._replace(asked_of=q._replace(wrt=None, several=[q.wrt] if q.wrt else list(q.several))))


def with_layers(layers: layer_counts.Depth) -> Problem:
    """What is asked of every number of layers, asked of one number of them."""
    asked = layers.asked_of
    declare, define, assume = ([layers.instance(v) for v in lines] for lines in (asked.declare, asked.define, asked.assume))
    instance = Question(declare, define, assume, layers.instance(asked.expr or ""))
    first = read(instance)
    sizes = layer_counts.own_sizes(first, layers, written_out(declare))
    if sizes:
        def own(size: Dim) -> Dim:
            return size.where(lambda n: Dim.of(sizes.get(n, n)))
        declare += [str(i._replace(shape=(own(i.shape[0]), own(i.shape[1])))) for i in first.inferred_from]
        layers = layers._replace(bases=layers.bases | {re.sub(r"\d+$", "", n) for n in sizes.values()})
    names = layers.asked(asked.several, first.scope.names)
    out = read(instance._replace(several=names, structured=asked.structured, expand=asked.expand, adjoint=asked.adjoint))
    return out.replace(depth=layers)


def directed(p: Problem, several: Sequence[str] = (), cotangent: str = "", tangent: str = "", hvp: str = "") -> Problem:
    """The problem asking for several variables, and for a product with a matrix instead of the whole derivative."""
    if sum(map(bool, (cotangent, tangent, hvp, p.order == 2))) > 1 or (several and (tangent or hvp)):
        raise InputError("use only one of cotangent, tangent, hvp and order 2; all but cotangent need a single variable")
    if several:
        asked = variables(p, several)
        p = p.replace(several=asked if list(several) != ["all"] else tuple(n for n in asked if n.name != cotangent))
    if cotangent:
        p = directions.pull_back(*directions.direction(p, cotangent, p.f, "the cotangent"))
    if tangent:
        p, v = directions.direction(p, tangent, p.wrt, "the direction")
        p = p.replace(tangent=v)
    if hvp:
        p, v = directions.direction(p, hvp, p.wrt, "the direction")
        if p.f is not None and p.f.shape != SCALAR:
            raise InputError(f"hvp is for a scalar function; f is {show_shape(p.f.shape)}", hint="add a cotangent: tr(G'*f)")
        p = p.replace(hvp=v)
    return p


class Numbers(Record):
    """The numbers of the statements that the lines of a problem are."""

    bodies: list[int]
    assumptions: list[int]
    f: int | None
    claims: dict[str, int]
    entries: int | None
    equation: int | None


@retrying
def assemble(scope: Declarations, lines: Lines) -> Problem:
    """A problem from lines; its scope takes up what is inferred and defined."""
    wrt = lines.wrt and directions.entry(lines.wrt, lines.expr, scope)
    part = wrt if wrt is not None and wrt.tokens[1:2] in (["("], ["["]) else None
    if wrt is not None:
        wrt = name_line(wrt if part is None else Line(wrt.text, wrt.number, wrt.start, wrt.place(1)), scope)
    x = wrt.tokens[0] if wrt is not None else ""
    zero = [name for name in scope.names.values() if name.shape == SCALAR and "skew" in name.words]
    made = given(scope, lines.define, lines.assume, x, "" if lines.prove is None else lines.prove.text)
    scope = made.scope
    at = _statements(made, lines, part, x)
    read, numbers = tuple(made.readings), {n for n, shape in scope.shapes.items() if shape == SCALAR}
    unwritten = unwritten_losses.losses(made.statements, scope, at.equation, lines.functions_of) if differentiated(made.statements) else []
    for loss in unwritten:
        if not loss.value:
            scope.enter(Name(loss.name), f"the shape of {loss.name}")
    nowhere = tuple(loss.name for loss in unwritten if not loss.of)
    known = {*scope.names, *scope.origins, *(s.defines for s in made.statements), "pi", "eye"}
    first = len(at.bodies) + 2 * len(at.assumptions) + (at.f is not None)
    try:
        asked = None if at.f is None or wrt is None or lines.layout == "mixed" else Asked(at.f, x, lines.order, lines.layout == "numerator")
        later = [*at.claims.values(), *([] if at.entries is None else [at.entries])]
        found, constants, ill_shaped = made.infer(Wanted(first, later, at.equation, x, asked), numbers)
    except ShapeError as error:
        if not nowhere:
            raise
        return Problem(scope, order=lines.order, layout=lines.layout, read=read, nowhere=nowhere, ill_shaped=error)
    build = Build(made.statements, scope, constants, numbers)
    out = _built(build, at, unwritten, zero, ill_shaped)
    if out.ill_shaped is not None and any("**" in line.text for line in (lines.prove, lines.claim, lines.expect) if line is not None):
        out.ill_shaped.hint = "** is NumPy's, where * and / go entry by entry: write .* and ./ for that, or np.multiply(x, x)"
        raise out.ill_shaped
    out = out.replace(inferred_from=tuple(sorted(found)), order=lines.order, layout=lines.layout, read=read, nowhere=nowhere)
    if not OF_SYMMETRIC.isdisjoint([data for s in made.statements for op, _, data in s.code if op == "call"]):
        from .symmetric_arguments import mirrored
        mirrored(out)
    if wrt is not None:
        out = out.replace(wrt=variable(wrt, scope, out.variables))
        if at.f is not None and type(out.f) is Name and out.f is not out.wrt and out.f.name not in known:
            line, code, _, _ = made.statements[at.f]
            raise line.error(f"{out.f} is not defined anywhere: nothing to differentiate", code[0][1], f"define it: {out.f} = ...")
    return out if at.entries is None or part is None else directions.by_entries(out, part, build(at.entries))


def _statements(made: Assembly, lines: Lines, part: Line | None, x: str) -> Numbers:
    """The lines of a problem read below what is given, each in its turn; `part` are the entries of x that are differentiated by."""
    bodies = list(range(len(lines.define)))
    assumptions = list(range(len(bodies), len(made.statements), 2))
    f = None if lines.expr is None else made.expression(lines.expr)
    derived = lines.expr.tokens[0] if lines.expr is not None and len(lines.expr.tokens) == 2 else ""
    claims = {key: claimed.claim(made, line, derived) if {"=", "=="} & set(line.tokens) else made.expression(line)
              for key, line in (("claim", lines.claim), ("expect", lines.expect)) if line is not None}
    if part is not None and x not in made.scope.names and not any(x in s.line.tokens for s in made.statements):
        raise part.error(f"{x} is neither declared nor used: nothing to differentiate with respect to", 0)
    entries = None if part is None else made.expression(part)
    equation = None if lines.prove is None else made.equation(lines.prove, "prove")
    for number in bodies if f is None else [*bodies, f]:
        made.no_differential(number)
    return Numbers(bodies, assumptions, f, claims, entries, equation)


def _built(build: Build, at: Numbers, unwritten: Iterable[unwritten_losses.Loss], zero: Iterable[Name], ill_shaped: InputError | None) -> \
        Problem:
    """The expressions of a problem, each with its place; a claim or an equation that does not fit is ill-shaped."""
    scope = build.scope
    abstract: list[unwritten_losses.Abstract] = []
    definitions: list[tuple[Name, Expr]] = []
    places: dict[str, tuple[int, Any]] = {}
    for k, number in enumerate(at.bodies):
        name, body = build.defined(number)
        definitions.append((name, body))
        places[f"define {k}"] = (number, body)
    for loss in unwritten:
        if loss.of:
            taken, body = unwritten_losses.taken(loss, scope)
            abstract.append(taken)
            definitions.append((taken.name, body))
    equations = [build.sides(number) for number in at.assumptions]
    places |= {f"assume {k}": (number, pair) for k, (number, pair) in enumerate(zip(at.assumptions, equations, strict=True))}
    equations += [(scope.names[name.name], ZERO) for name in zero]      # a skew matrix of one entry is zero
    if at.f is not None:
        places["f"] = (at.f, build(at.f))
    if ill_shaped is None:
        try:
            for key, number in at.claims.items():
                places[key] = (number, build(number))
            if at.equation is not None:
                places["prove"] = (at.equation, build.sides(at.equation))
        except ShapeError as error:
            ill_shaped = error
    defined = {name for name, _ in definitions}
    return Problem(scope, {key: name for key, name in scope.names.items() if name not in defined}, (), definitions, equations,
                   ill_shaped=ill_shaped, unequal=build.unequal, constants=tuple(g.name for a in abstract for g in a.gradients),
                   abstract=tuple(abstract), places=places, trees=build.trees,
                   plain=frozenset(k for k, s in enumerate(build.statements) if build.plain(s.code)),
                   **{key: places[key][1] for key in ("f", "claim", "expect", "prove") if key in places})
