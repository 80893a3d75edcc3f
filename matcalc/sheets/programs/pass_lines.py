"""The lines of a forward and a backward pass, what they say of shapes, and the sheet that they are."""

from __future__ import annotations

import ast
from collections.abc import Callable, Container, Iterable, Sequence

from ...language.shape import InputError
from ...records import Record
from ..marking.gradients import D
from ..marking.mark import Marker
from ..marking.time_and_memory import Clock
from ..parts.marks import Marked
from ..python.array_lines import assignment, gradient_of
from ..python.scope import DEFINED, last, plain
from ..statements.name_structure import say
from ..statements.numpy_lines import commented
from ..statements.plain_text import plain_text
from ..statements.sheet import Sheet
from .backward_pass import USED, Line, Reader
from .drawn import about
from .passes import Pass

Axes = tuple[str, ...] | str            # the sizes, or the array that has the same
ACCUMULATED = frozenset(("zeros_like", "zeros"))      # what updates add up begins so
HIDDEN = frozenset(("exec", "eval", "globals", "locals", "vars", "setattr"))        # may give any name another value


class Lines(Record):
    """What a pass is called, its lines, the shapes it says, the names that have the shape of another, the matrices of one-hot rows, the
    names that lie between what goes in and what comes out, what is differentiated, the arguments of which no gradient is given, the names
    within functions that are called, what comments say of structure, and the lines of what the backward pass computes besides."""

    name: str
    lines: list[Line]
    shapes: dict[str, Axes]
    alike: dict[str, str]
    one_hot: tuple[str, ...]
    between: frozenset[str]
    value: str
    without: tuple[str, ...]
    inner: frozenset[str]
    said: list[tuple[str, str]]
    helpers: dict[str, int]


def lines(found: Pass, tree: ast.Module, source: Sequence[str], apart: Iterable[str] = ()) -> Lines:
    """The lines of a pass: what is computed forward, and what is said to be a gradient; of the names in `apart` nothing is said."""
    reader = Reader(found, tree, source, frozenset(apart))
    at, f, g = reader.at, found.forward, found.backward
    for each in (f, g):
        if each is not None and not plain(each, {n.name for n in tree.body if isinstance(n, DEFINED)}):
            raise InputError(f"{each.name} is changed by a function of the file", each.lineno, 1, at.shown(each))
        for n in ast.walk(each) if each is not None else ():
            if isinstance(n, ast.Name) and n.id in HIDDEN:
                raise InputError(f"what {n.id} does cannot be read", n.lineno, n.col_offset + 1, source[n.lineno - 1])
    alike = reader.whole() if g is None else reader.both(g)
    begun = {p[0]: line for line in reader.made if (p := assignment(line.text)) is not None and isinstance(p[1], ast.Call)
             and last(p[1].func) in ACCUMULATED}
    used = {n for line in reader.made for n in USED.findall(line.text.partition("=")[2])} | {reader.value}
    made = [line for line in reader.made if not any(line is each and not {n, f"d{n}"} & used for n, each in begun.items())]
    between = frozenset(at.defined).difference(at.arguments, at.free.values(), at.drawn.shapes)
    between = frozenset() if found.script else between - reader.returned
    given = {line.of for line in made if line.of}
    stored = {last(n) for n in ast.walk(g or f) if isinstance(n, ast.Attribute) and isinstance(n.ctx, ast.Store)}
    held = [a for a in at.free.values() if any(gradient_of(name) not in given for name in stored)]      # what is stored may be theirs
    without = tuple(a for a in (*at.arguments, *held) if a not in given)
    shapes = same_sizes(made, reader.shapes(), {size for axes in at.drawn.said.values() for size in axes})
    return Lines(found.name or f.name, made, shapes, alike, tuple(reader.one_hot), between, reader.value, without,
                 frozenset(at.inner), commented(about(f, source), about(f, source))[1], reader.helpers)


def _is_row(shape: tuple[str, str] | None) -> bool:
    return shape is not None and shape[0] == "1" != shape[1]


def _summed(line: str) -> bool:
    """Whether the value of a line is a sum without the axis that it is taken along: it goes beside rows as one does."""
    made = assignment(line)
    call = made[1].operand if made is not None and isinstance(made[1], ast.UnaryOp) else made[1] if made is not None else None
    return isinstance(call, ast.Call) and last(call.func) in ("sum", "mean") and not any(
        k.arg in ("keepdim", "keepdims") for k in call.keywords)


def same_sizes(made: Iterable[Line], shapes: dict[str, Axes], free: Container[str]) -> dict[str, Axes]:
    """The shapes, where a size that is only called so, as in n, d = X.shape, is the one that it meets in a product of arrays.

    >>> same_sizes([Line(1, "", "Z = X.dot(W) + b")], {"X": ("N", "D"), "W": ("rows", "cols")}, {"N", "D"})
    {'X': ('N', 'rows'), 'W': ('rows', 'cols')}
    """
    for node in (n for line in made if (p := assignment(line.text)) is not None for n in ast.walk(p[1])):
        dot = isinstance(node, ast.Call) and last(node.func) in ("dot", "matmul", "mm") and len(node.args) == 1
        pair = [node.left, node.right] if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult) else \
            [node.func.value, *node.args] if dot and isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) else []
        axes = [a for each in pair if isinstance(each, ast.Name) and isinstance(a := shapes.get(each.id), tuple) and len(a) == 2]
        if len(axes) == 2 and (one := axes[0][1]) != (other := axes[1][0]) and (one in free or other in free):
            old, new = (one, other) if one in free else (other, one)
            shapes = {n: s if isinstance(s, str) else tuple(new if size == old else size for size in s) for n, s in shapes.items()}
    return shapes


def with_labels(made: Lines, sheet_of: Callable[[Lines], Sheet]) -> Lines:
    """The lines, where a matrix with a row for each label has as many rows as there are labels."""
    said = {name: made.shapes.get(name.partition("_")[2]) for name in made.one_hot}
    rows = {name: axes[0] for name, axes in said.items() if isinstance(axes, tuple) and len(axes) == 1}
    names = sheet_of(made).names if rows else None
    found = {name: (size, shape[1]) for name, size in rows.items() if names is not None and (shape := names.shape(name)) is not None}
    return made._replace(shapes={**made.shapes, **found})


def not_said(declare: Sequence[str], made: Lines) -> list[list[str]]:
    """The names whose sizes the program does not say, each with those that fit."""
    return [line.split(" in R") for line in declare if " in R" in line and line.split(" in ")[0] not in made.shapes]


def marked_rows(sheet: Sheet, clock: Clock, explains: bool = False, until: Iterable[int] = ()) -> Marked:
    """The marks of such a sheet, in which no name stands above its line."""
    return Marker(sheet, clock, explains=explains, until=frozenset(until), concludes=False).run()


def sheet_of(made: Lines, found: Pass) -> Sheet:
    """The lines as a sheet, without rows for what the program does not say itself."""
    out = Sheet()
    out.laid_out("denominator")         # a gradient has the shape of its array
    say(out.facts, made.said, 0)
    out.written("\n".join(line.text for line in made.lines), program=True)
    plain_text(out, out.text, places=[(line.number, line.shown) for line in made.lines], given={**made.shapes, **made.alike})
    shape = out.names.shape(made.value)
    if found.backward is None and shape not in (None, ("1", "1")):
        raise InputError(f"no loss is computed here: {made.value} is an array", found.forward.lineno, 1, None,
                         "compute the loss before its gradients, or give --task FILE with a line such as `expect d(f)/d(w) = 2*w`")
    shapes = [f"{name}: {size.removeprefix('^') or '()'}" for name, size in not_said(out.declare, made)]
    above = [f"{name} arrives from above at {of}" for name, of in made.alike.items()]
    without = [f"no gradient is given at {', '.join(made.without)}"] if made.without and found.backward is not None else []
    if above or shapes or without:
        out.understood.append(f"in {made.name} " + ", ".join([*above, *shapes, *without]))
    for name in made.one_hot:
        shape = out.names.shape(name)
        if shape is not None and len(shape) == 2:
            out.facts.assume(f"rowsum({name}) = ones({shape[0]})", 0)
    def said(text: str) -> str:
        return D.sub(lambda m: f"(d({made.value})/d({m[1]}))", text)
    rows = {line.number for line in made.lines if line.of and _is_row(out.names.shape(line.of)) and _summed(line.text)}
    out.rows[:] = [r._replace(right=f"({r.right})[None, :]") if r.number in rows and r.left and r.why is None else r for r in out.rows]
    out.rows[:] = [r if r.why is not None else r._replace(left=r.left and said(r.left), right=said(r.right)) for r in out.rows
                   if r.why is not None or r.number and r.defines not in made.inner]
    return out
